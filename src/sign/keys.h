/*
 * The files of private keys: in the signing process only. Each purpose has its own, "NAME.key" for
 * the owner alone, and "NAME.pub" for everybody, in the form of base/signing_key.h.
 */
#ifndef TU_SIGN_KEYS_H
#define TU_SIGN_KEYS_H

#include "sign/purpose.h"

struct tu_sign_keys {
	struct {
		bool there;
		struct tu_signing_key key;
		char id[TU_KEY_ID_DIGITS + 1];
	} of[TU_SIGN_PURPOSES];
};

/* Read the keys in the folder; with `make`, make those that are missing. One that others may read
 * is refused. TU_E_IO, TU_E_SYNTAX, each with the file. */
TU_NODISCARD enum tu_status tu_sign__keys_load(
	const char *folder, bool make, struct tu_sign_keys *out_keys, struct tu_error *err);

#endif
