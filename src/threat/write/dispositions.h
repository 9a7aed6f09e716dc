/*
 * Writing people's decisions about threats: as threats.yaml, and as the one text by which a
 * decision is known to be the one that somebody approved.
 *
 * The law: reading what was written gives the same decisions. The same decisions give the same
 * bytes.
 */
#ifndef TU_THREAT_WRITE_DISPOSITIONS_H
#define TU_THREAT_WRITE_DISPOSITIONS_H

#include <tutela/buf.h>
#include <tutela/threat.h>

#include "base/sha256.h"

/* Append threats.yaml. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_dispositions_write(
	const struct tu_dispositions *all, struct tu_buf *out, struct tu_error *err);

/* SHA-256 of all that a decision states, whatever its layout in the file. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_disposition_digest(const struct tu_disposition *decision,
	uint8_t out_digest[TU_SHA256_BYTES], struct tu_error *err);

/* What a threat is decided on by: the severity, the pack and the facts of now, in the arena, as
 * `decision` keeps them. What it says else is the caller's. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_disposition_take_facts(struct tu_arena *arena,
	const struct tu_threat_input *input, const struct tu_threat *threat,
	struct tu_disposition *decision, struct tu_error *err);

#endif
