/*
 * Detached OpenPGP signatures by a key that the user pinned.
 *
 * What is armoured is unpacked here, so that gpgv, which judges, is all that is needed of GnuPG. It
 * is started without a shell, with no environment of the user's and in a folder of its own. It
 * takes every key in the keyring for trustworthy: who pins a key decides that, not the key's dates.
 */
#ifndef TU_FEED_OPENPGP_H
#define TU_FEED_OPENPGP_H

#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

enum tu_openpgp_kind { TU_OPENPGP_KEY, TU_OPENPGP_SIGNATURE, TU_OPENPGP_KINDS_ };

/*
 * Append the packets of public keys, or of detached signatures, armoured or binary. Nothing else
 * may be among them: above all no text that a signature brings along and names in place of the
 * document. TU_E_SYNTAX, TU_E_LIMIT, TU_E_NOMEM.
 */
TU_NODISCARD enum tu_status tu_openpgp_read(
	struct tu_str text, enum tu_openpgp_kind kind, struct tu_buf *out, struct tu_error *err);

/* Where gpgv is; NULL when it is not installed. PATH is not asked. Static storage. */
const char *tu_openpgp_gpgv(void);

/* Is `signature` a good one, by a key of `keyring`, of the file `document`? Both as
 * tu_openpgp_read() gives them; `folder` exists and is private. TU_E_CORRUPT: it is not. */
TU_NODISCARD enum tu_status tu_openpgp_verify(const char *gpgv, const char *folder,
	struct tu_str keyring, struct tu_str signature, const char *document, struct tu_error *err);

#endif
