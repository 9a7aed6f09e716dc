/*
 * Signing in a process of its own. The private keys are in its memory and in no other; it has no
 * network and opens no file after its start, signs named things only (sign/purpose.h), and writes
 * down what it signs before it answers.
 *
 * A keeper starts it, and starts it again when it dies: the program itself has threads by then and
 * must not fork. Both end with the program.
 *
 * Threads: a signer may be used from any; it does one thing at a time.
 */
#ifndef TU_SIGN_SIGNER_H
#define TU_SIGN_SIGNER_H

#include <stdbool.h>

#include "sign/purpose.h"

enum { TU_SIGN_WHO_MAX = 256, TU_SIGN_FINGERPRINT = 40 };

struct tu_signer;

struct tu_signer_options {
	const char *folder; /* of keys and log, for its owner alone */
	bool make_keys; /* make those that are missing, and the folder */
	bool unconfined; /* go on where the network cannot be taken from the process */
	/* of a key of OpenPGP that is made: when (us since 1970, UTC; 0: none is made) and whose */
	int64_t at;
	const char *user_id; /* NULL: "CSAF provider" */
};

/*
 * Start the two processes. Before the first thread, before the store is opened, and after the
 * sandbox: each later child of this process would have the socket, too. TU_E_BUSY: another signing
 * process has the folder; TU_E_CORRUPT: its log was changed; TU_E_UNSUPPORTED: the system cannot
 * take the network from it; TU_E_IO, TU_E_SYNTAX: of its files.
 */
TU_NODISCARD enum tu_status tu_signer_start(const struct tu_signer_options *options,
	struct tu_signer **out_signer, struct tu_error *err);
/* NULL is fine. */
void tu_signer_stop(struct tu_signer *signer);

struct tu_sign_request {
	enum tu_sign_purpose purpose;
	struct tu_str payload; /* of the purpose's shape */
	struct tu_str who; /* for whom, at most TU_SIGN_WHO_MAX bytes: the log has it */
	int64_t at; /* us since 1970, UTC */
};

/*
 * Sign. TU_E_SYNTAX, TU_E_LIMIT: the payload is none of this purpose; TU_E_NOTFOUND: there is no
 * key for it; TU_E_IO: the log cannot be written, or the process died (the next call finds a new
 * one).
 */
TU_NODISCARD enum tu_status tu_signer_sign(struct tu_signer *signer,
	const struct tu_sign_request *request, uint8_t out_signature[TU_ED25519_SIGNATURE],
	struct tu_error *err);

/* The public key of a purpose. TU_E_NOTFOUND, TU_E_IO as above. */
TU_NODISCARD enum tu_status tu_signer_key(struct tu_signer *signer, enum tu_sign_purpose purpose,
	struct tu_verifying_key *out_key, struct tu_error *err);

/*
 * The key of TU_SIGN_CSAF: its fingerprint, and append it armored. TU_E_UNSUPPORTED: librnp is not
 * installed; TU_E_NOTFOUND: there is no key; TU_E_IO.
 */
TU_NODISCARD enum tu_status tu_signer_openpgp_key(struct tu_signer *signer,
	char out_fingerprint[TU_SIGN_FINGERPRINT + 1], struct tu_buf *out_public,
	struct tu_error *err);

/*
 * Sign a CSAF document: append an armored detached signature by that key, as of request->at, over
 * `document`, of at most TU_SIGN_DOCUMENT_MAX bytes, of which the payload (tu_sign_content_text(),
 * key_id is the fingerprint) has the digest. Errors of both calls above; TU_E_CONSTRAINT: the clock
 * is before the key was made, or the document is not the one that the payload names.
 */
enum { TU_SIGN_DOCUMENT_MAX = 64 << 20 };
TU_NODISCARD enum tu_status tu_signer_sign_document(struct tu_signer *signer,
	const struct tu_sign_request *request, struct tu_str document, struct tu_buf *out_signature,
	struct tu_error *err);

/* What is known of the process: its number and whether it is confined. TU_E_IO. */
struct tu_signer_state {
	int64_t process;
	int64_t keeper;
	bool confined;
};
TU_NODISCARD enum tu_status tu_signer_state(
	struct tu_signer *signer, struct tu_signer_state *out_state, struct tu_error *err);

#endif
