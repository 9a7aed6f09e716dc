/*
 * Secrets at rest: what the program must be able to read again, such as the password of a mail
 * server, is in the database as a box that is sealed with a key in a file outside of it. A backup
 * has the boxes and no key.
 *
 * A box is bound to its name: put under another name it does not open.
 */
#ifndef TU_DATADIR_SECRET_H
#define TU_DATADIR_SECRET_H

#include "base/aead.h"
#include "store/store.h"

enum { TU_SECRET_KEY_ID = 16 /* hexadecimal digits */ };

struct tu_secret_key {
	uint8_t bytes[TU_AEAD_KEY];
	char id[TU_SECRET_KEY_ID + 1]; /* the beginning of its SHA-256; in every box's row */
};

/* Make a key file, which must not exist, for its owner alone. TU_E_IO. */
TU_NODISCARD enum tu_status tu_secret_key_make(const char *path, struct tu_error *err);
/* TU_E_NOTFOUND, TU_E_SYNTAX; TU_E_IO also when others may read the file. */
TU_NODISCARD enum tu_status tu_secret_key_read(
	const char *path, struct tu_secret_key *out_key, struct tu_error *err);
void tu_secret_key_wipe(struct tu_secret_key *key);

struct tu_secret {
	struct tu_str name, value;
	int64_t at; /* us since 1970, UTC */
};

/* Seal a secret and keep it under its name, in place of what was there. */
TU_NODISCARD enum tu_status tu_secret_put(struct tu_tx *tx, const struct tu_secret_key *key,
	const struct tu_secret *secret, struct tu_error *err);
/* Append it to `out`. TU_E_NOTFOUND; TU_E_CONFLICT when it was sealed with another key, which the
 * message names; TU_E_CORRUPT when the box was changed. */
TU_NODISCARD enum tu_status tu_secret_get(struct tu_tx *tx, const struct tu_secret_key *key,
	struct tu_str name, struct tu_buf *out, struct tu_error *err);

#endif
