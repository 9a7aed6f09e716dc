/*
 * The chain of the ledger: each record's hash covers the hash before it.
 *
 *   content = SHA-256(actor NUL action NUL subject NUL body)
 *   hash    = SHA-256(hash before, 32 bytes || number || time || content)
 *
 * Number and time (us since 1970) are 8 bytes, most significant first; the first record is number 1
 * and follows 32 zero bytes. Texts contain no NUL, so content is unambiguous. PostgreSQL computes
 * `hash` by itself (store/statements.sql); the two must agree, which a test sees to.
 *
 * Pure functions.
 */
#ifndef TU_LEDGER_CHAIN_H
#define TU_LEDGER_CHAIN_H

#include <tutela/error.h>
#include <tutela/str.h>

#include "base/sha256.h"

struct tu_ledger_texts {
	struct tu_str actor, action, subject, body;
};

/* TU_E_SYNTAX: a text contains NUL, err->pointer says which; TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_ledger_content(const struct tu_ledger_texts *texts,
	uint8_t out_content[TU_SHA256_BYTES], struct tu_error *err);
/* TU_E_NOMEM. `out_hash` may be `before`. */
TU_NODISCARD enum tu_status tu_ledger_hash(const uint8_t before[TU_SHA256_BYTES], int64_t number,
	int64_t at, const uint8_t content[TU_SHA256_BYTES], uint8_t out_hash[TU_SHA256_BYTES]);

#endif
