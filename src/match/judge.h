/*
 * What one entry of the knowledge base says about a version.
 */
#ifndef TU_MATCH_JUDGE_H
#define TU_MATCH_JUDGE_H

#include <tutela/match.h>

#include "match/identity.h"

/* What judging needs: the knowledge base, and memory for keys of the versions. */
struct judge {
	const struct tu_kb *kb;
	struct tu_arena *arena;
};

struct outcome {
	enum tu_reason reason;
	uint32_t span; /* n-th of the entry, or TU_KB_NONE */
	bool platform_assumed;
};

struct outcome tu_match__judge(
	const struct judge *judge, const struct kb_body *body, struct version_keys *version);

/* The same of a CPE product, whose ranges are about the version without its update. */
struct outcome tu_match__judge_product(
	const struct judge *judge, const struct kb_body *body, const struct id_version *version);

/* What the update that a record's CPE name states means for a version that it calls affected:
 * TU_WHY_NONE, TU_WHY_OTHER_EDITION or TU_WHY_UPDATE_UNKNOWN. */
enum tu_reason tu_match__update_reason(const struct tu_kb *kb, const struct kb_body *body,
	struct tu_str stated, const struct id_version *version);

#endif
