/*
 * What changed between two design models: by the ids of their parts, member by member, and by the
 * keys of their threats. Names and descriptions are words: a change of them alone is one of words.
 *
 * Everything lives in the arena and borrows both sides.
 */
#ifndef TU_APP_THREAT_DIFF_H
#define TU_APP_THREAT_DIFF_H

#include <tutela/threat.h>

enum tu_change_kind { TU_CHANGE_ADDED, TU_CHANGE_REMOVED, TU_CHANGE_CHANGED };

struct tu_model_change {
	enum tu_change_kind kind;
	struct tu_str list; /* "flows", "elements", …; empty: of the model itself */
	struct tu_str id;
	struct tu_str member; /* of a change: "authentication", "facts" */
	struct tu_str before, after; /* as JSON for lists and maps; empty: not stated */
	bool words; /* a name, a title, a description */
};

struct tu_threat_change {
	enum tu_change_kind kind;
	const struct tu_threat *before, *after; /* NULL where it is not */
	bool outcome, severity, reach; /* what of it changed */
};

struct tu_model_diff {
	const struct tu_model_change *changes; /* in the order of lists and of ids in them */
	size_t count;
	const struct tu_threat_change *threats; /* without what was never more than considered */
	size_t threat_count;
	size_t questions_before, questions_after;
	/* Nothing but words changed, and no threat and no question: such a change is unlikely to
	 * affect security. Only then. */
	bool words_only;
};

/* One side: a model and what was found in it. */
struct tu_model_side {
	const struct tu_model *model;
	struct tu_threats threats;
};

/* TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_model_compare(struct tu_arena *arena,
	const struct tu_model_side *before, const struct tu_model_side *after,
	struct tu_model_diff *out_diff, struct tu_error *err);

/* "added", "removed", "changed": static storage. */
const char *tu_change_name(enum tu_change_kind kind);

#endif
