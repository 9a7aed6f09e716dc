/*
 * Baselines of a design: all that it is judged by at one time, named and signed by a person who has
 * just proven who they are. None of it changes any more; a later design is compared with it.
 *
 * What is signed is the SHA-256 of a document that has the digest of each file, the packs of rules
 * (the program's own too) by id, version and digest, and which decisions on threats count:
 *
 *	{"format": "tutela-design-baseline", "format_version": 1, "device": "…", "name": "…",
 *	 "release": "…", "at": "2026-11-30T13:00:00Z", "files": [{"path": "model.yaml", "sha256":
 *"…"}], "packs": [{"id": "tutela-medical", "version": "1", "sha256": "…"}], "approved": [{"threat":
 *"M02@signer@", "sha256": "…"}]}
 *
 * A baseline is opened as a design and judged by the present rules of the program: two designs
 * differ by what was changed in them, not by what the program has learned since.
 *
 * Errors as of portfolio/design.h. Any thread.
 */
#ifndef TU_PORTFOLIO_BASELINE_H
#define TU_PORTFOLIO_BASELINE_H

#include "audit/signature.h"
#include "portfolio/design.h"

enum { TU_BASELINE_NAME_MAX = 100 };

struct tu_baseline {
	struct tu_str public_id, name;
	struct tu_str signature, by, zone; /* its signature: public id, printed name */
	int64_t id, at; /* us */
	int64_t document_id;
	uint8_t digest[TU_SHA256_BYTES]; /* of the document, which was signed */
};
struct tu_baselines {
	const struct tu_baseline *at; /* the newest first */
	size_t count;
};

/* Those of a device of the scope, in the arena. */
TU_NODISCARD enum tu_status tu_baseline_list(const struct tu_design_asked *asked,
	struct tu_arena *arena, struct tu_baselines *out, struct tu_error *err);

/* Sign a baseline of the design as it is. TU_E_CONSTRAINT: a rule of audit/signature.h is not kept,
 * which `pointer` names, or there is one of this name; TU_E_USAGE: it is no name; TU_E_CONFLICT:
 * the design is not the version that was shown. */
struct tu_baseline_sign {
	struct tu_design_asked asked;
	int64_t based_on; /* 0: as it is */
	struct tu_str name;
	struct tu_proof proof;
	struct tu_str zone; /* of who signs: "+01:00" */
	char out_public[TU_RANDOM_ID + 1];
};
TU_NODISCARD enum tu_status tu_baseline_sign(
	const struct tu_act *act, struct tu_baseline_sign *sign, struct tu_error *err);

/* A baseline by its public id or name as a design, in the arena, and what was signed. TU_E_NOTFOUND
 * of tu_design_unknown("baseline"): there is none. */
struct tu_baseline_opened {
	struct tu_str wanted; /* public id or name */
	struct tu_design design; /* without a version */
	struct tu_str document;
};
TU_NODISCARD enum tu_status tu_baseline_open(const struct tu_design_asked *asked,
	struct tu_arena *arena, struct tu_baseline_opened *out, struct tu_error *err);

#endif
