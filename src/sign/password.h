/*
 * Passwords, kept as Argon2id hashes (RFC 9106) by libsodium.
 *
 * Pure but for randomness; any thread. One call takes some 64 MiB and a tenth of a second, on
 * purpose: never within a transaction.
 *
 * What is hashed is the password's NFC (UAX 15), by libutf8proc: the same letters from another
 * keyboard are the same password. A password of ASCII needs no library.
 */
#ifndef TU_SIGN_PASSWORD_H
#define TU_SIGN_PASSWORD_H

#include <stdbool.h>

#include <tutela/attr.h>
#include <tutela/error.h>
#include <tutela/str.h>

enum {
	TU_PASSWORD_HASH_MAX = 128,
	TU_PASSWORD_MAX = 1024, /* bytes */
	/* characters */
	TU_PASSWORD_MIN_ALONE = 15,
	TU_PASSWORD_MIN_FACTOR = 8,
	TU_PASSWORD_MAX_CHARACTERS = 256
};

/* What a password is chosen for. */
struct tu_password_about {
	bool second_factor; /* it is asked for at each sign-in, too */
	const struct tu_str *words; /* of the context: login, name, address */
	size_t word_count;
};

/*
 * May somebody choose it? NIST SP 800-63B-4, 3.1.1.2: 15 characters and more, 8 where a second
 * factor is asked for, too; at most 256; none that many people have (data/passwords.txt), that is a
 * word of the context with nothing but digits and marks, or that repeats or counts. No rule of
 * composition, no end. TU_E_USAGE says which; the message has nothing of the password.
 */
TU_NODISCARD enum tu_status tu_password_check(
	struct tu_str password, const struct tu_password_about *about, struct tu_error *err);

/* Hash a password; the text ends in NUL. TU_E_USAGE: it is empty, longer than TU_PASSWORD_MAX
 * bytes, or no line of UTF-8; TU_E_UNSUPPORTED: libsodium is not installed, or libutf8proc, and it
 * is not ASCII; TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_password_hash(
	struct tu_str password, char out_hash[TU_PASSWORD_HASH_MAX], struct tu_error *err);

/* Is it the password of the hash? An empty hash is that of nobody: no password fits, and it takes
 * as long. TU_E_UNSUPPORTED as above. */
TU_NODISCARD enum tu_status tu_password_verify(const char hash[TU_PASSWORD_HASH_MAX],
	struct tu_str password, bool *out_fits, struct tu_error *err);

#endif
