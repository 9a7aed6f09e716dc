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

enum { TU_SIGN_WHO_MAX = 256 };

struct tu_signer;

struct tu_signer_options {
	const char *folder; /* of keys and log, for its owner alone */
	bool make_keys; /* make those that are missing, and the folder */
	bool unconfined; /* go on where the network cannot be taken from the process */
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

/* What is known of the process: its number and whether it is confined. TU_E_IO. */
struct tu_signer_state {
	int64_t process;
	int64_t keeper;
	bool confined;
};
TU_NODISCARD enum tu_status tu_signer_state(
	struct tu_signer *signer, struct tu_signer_state *out_state, struct tu_error *err);

#endif
