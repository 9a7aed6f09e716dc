/*
 * The signing process and what goes over its socket: one packet asks, one answers. Whoever asks has
 * the other end of the socket; there is no other way in.
 */
#ifndef TU_SIGN_WORKER_H
#define TU_SIGN_WORKER_H

#include "sign/openpgp.h"
#include "sign/signer.h"

/* OPENPGP: the public key. DOCUMENT: the payload, and a descriptor with the document (of which a
 * copy is read, from its beginning). */
enum tu_sign_op {
	TU_SIGN_OP_HELLO,
	TU_SIGN_OP_KEY,
	TU_SIGN_OP_SIGN,
	TU_SIGN_OP_OPENPGP,
	TU_SIGN_OP_DOCUMENT
};

struct tu_sign_ask {
	uint32_t sequence; /* from 1; the answer has it too */
	uint32_t op;
	uint32_t purpose;
	uint32_t who_len;
	uint32_t payload_len;
	int64_t at;
	char who[TU_SIGN_WHO_MAX];
	char payload[TU_SIGN_PAYLOAD_MAX];
};

struct tu_sign_reply {
	uint32_t sequence; /* 0: the process ended, and has been started again */
	uint32_t status; /* enum tu_status */
	uint32_t line; /* of the payload, where it is wrong */
	uint32_t confined;
	int64_t process;
	uint8_t public_key[TU_ED25519_KEY];
	uint8_t signature[TU_ED25519_SIGNATURE];
	char message[TU_ERROR_MESSAGE_MAX];
	char fingerprint[TU_OPENPGP_FINGERPRINT + 1];
	uint32_t text_len;
	char text[TU_OPENPGP_TEXT_MAX]; /* armored: a public key or a signature */
};

/* Be the signing process on this end of the socket. Returns its exit code when nobody is on the
 * other end any more. */
int tu_sign__work(int socket, const struct tu_signer_options *options);

#endif
