/*
 * Checkpoints: the head of the ledger at some time, signed with Ed25519 and kept somewhere else.
 * Whoever changes the ledger afterwards cannot change them.
 *
 * What is signed is a text that says of itself what it is, so that a signature on something else
 * can never pass for one on a checkpoint:
 *
 *   tutela ledger checkpoint 1
 *   instance <32 hexadecimal digits>
 *   record <number>
 *   hash <64 hexadecimal digits>
 *   at <us since 1970, UTC>
 *   key <16 hexadecimal digits>
 *
 * each line ended by "\n". A file has one checkpoint a line, as JSON (ledger/line.h).
 *
 * Pure functions.
 */
#ifndef TU_LEDGER_CHECKPOINT_H
#define TU_LEDGER_CHECKPOINT_H

#include <tutela/arena.h>
#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

#include "base/sha256.h"
#include "base/signing_key.h"

enum { TU_INSTANCE_DIGITS = 32, TU_CHECKPOINT_TEXT_MAX = 512, TU_CHECKPOINT_LINE_MAX = 1024 };

struct tu_checkpoint {
	char instance[TU_INSTANCE_DIGITS + 1]; /* of the database; lower-case hexadecimal */
	int64_t n; /* number of the last record, from 1 */
	uint8_t hash[TU_SHA256_BYTES]; /* of that record */
	int64_t at; /* us since 1970, UTC */
	char key_id[TU_KEY_ID_DIGITS + 1];
	uint8_t signature[TU_ED25519_SIGNATURE];
};

/* Append the text that is signed. */
void tu_checkpoint_text(const struct tu_checkpoint *checkpoint, struct tu_buf *out);

/* Append the checkpoint as a line of a file. */
void tu_checkpoint_write(const struct tu_checkpoint *checkpoint, struct tu_buf *out);

/* Does the signature hold, and is the key the one that the checkpoint names? False also when
 * memory is out. */
TU_NODISCARD bool tu_checkpoint_holds(
	const struct tu_checkpoint *checkpoint, const struct tu_verifying_key *key);
/* Is the key the one that the checkpoint names? */
TU_NODISCARD bool tu_checkpoint_names(
	const struct tu_checkpoint *checkpoint, const struct tu_verifying_key *key);

/* Checkpoints in the order of their records. */
struct tu_checkpoints {
	struct tu_checkpoint *at;
	size_t count, cap;
};

/* Add those of a file to the list; each line needs its "\n". They stay until
 * tu_checkpoints_done(). TU_E_SYNTAX with the line, also for a file without any; TU_E_LIMIT,
 * TU_E_NOMEM: nothing was added. */
TU_NODISCARD enum tu_status tu_checkpoints_read(
	struct tu_checkpoints *list, struct tu_str text, struct tu_error *err);
void tu_checkpoints_done(struct tu_checkpoints *list);

#endif
