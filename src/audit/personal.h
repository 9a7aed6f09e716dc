/*
 * Personal data that is no signature. The ledger has a salted digest of a value only; value and
 * salt are a row that can be erased, after which nothing leads from the digest to the person.
 * docs/privacy.md.
 *
 * digest = SHA-256(salt, 16 random bytes || kind || 00 || value)
 *
 * Errors are those of store/store.h.
 */
#ifndef TU_AUDIT_PERSONAL_H
#define TU_AUDIT_PERSONAL_H

#include "audit/trail.h"

enum { TU_PERSONAL_SALT = 16, TU_PERSONAL_VALUE_MAX = 1000 };

/* A row. Kinds are words: "login", "name", "mail", "reporter". */
struct tu_personal {
	int64_t id;
	char digest[2 * TU_SHA256_BYTES + 1]; /* hexadecimal: what a record says instead of the
						 value */
};

/* The digest, as above. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_personal_digest(const uint8_t salt[TU_PERSONAL_SALT],
	struct tu_str kind, struct tu_str value, uint8_t out_digest[TU_SHA256_BYTES]);

struct tu_personal_new {
	struct tu_str kind;
	struct tu_str value; /* one line of UTF-8 */
	int64_t person; /* 0: of somebody without an account */
};

/* Keep a value. TU_E_USAGE: it is empty, too long, or no line of UTF-8. */
TU_NODISCARD enum tu_status tu_personal_add(struct tu_tx *tx, const struct tu_personal_new *value,
	struct tu_personal *out_row, struct tu_error *err);

/* The value, copied into the arena; empty when it was erased. TU_E_NOTFOUND: no such row. */
TU_NODISCARD enum tu_status tu_personal_get(struct tu_tx *tx, int64_t id, struct tu_arena *arena,
	struct tu_str *out_value, struct tu_error *err);

#endif
