/*
 * The files of private keys: in the signing process only. Each purpose has its own, "NAME.key" for
 * the owner alone, and "NAME.pub" for everybody, in the form of base/signing_key.h; of OpenPGP
 * (csaf.key, csaf.pub) armored. Who moves the two files of OpenPGP away gets a new key at the next
 * start; the service goes on listing the old one.
 */
#ifndef TU_SIGN_KEYS_H
#define TU_SIGN_KEYS_H

#include "sign/openpgp.h"
#include "sign/signer.h"

struct tu_sign_keys {
	struct tu_sign_key {
		bool there;
		struct tu_signing_key key; /* unless it is one of OpenPGP */
		struct tu_openpgp *openpgp;
		char id[TU_OPENPGP_FINGERPRINT + 1];
	} of[TU_SIGN_PURPOSES];
	struct tu_error no_openpgp; /* why there is none; status TU_OK: the file is missing */
};

/* Read the keys in the folder; with options->make_keys, make those that are missing, and the
 * folder. One that others may read is refused. TU_E_IO, TU_E_SYNTAX, each with the file. Where
 * librnp is missing, or options->at is 0, no key of OpenPGP is made, and one that is there is not
 * read: no failure. */
TU_NODISCARD enum tu_status tu_sign__keys_load(const struct tu_signer_options *options,
	struct tu_sign_keys *out_keys, struct tu_error *err);
void tu_sign__keys_done(struct tu_sign_keys *keys);

#endif
