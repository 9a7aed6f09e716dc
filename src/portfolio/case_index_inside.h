/*
 * What case_index.c, which answers, and case_index_read.c, which reads, have in common.
 */
#ifndef TU_PORTFOLIO_CASE_INDEX_INSIDE_H
#define TU_PORTFOLIO_CASE_INDEX_INSIDE_H

#include "portfolio/case_index.h"

struct tu_indexed_part {
	int64_t device_id, owner_id; /* owner 0: nobody */
	int64_t learned_at, opened, closed_at, version; /* us */
	int64_t deadline, deadlines; /* as of struct tu_case_seen */
	int64_t affected, undecided, fixed, not_affected;
	int64_t would, would_due;
	int64_t until; /* s: the two above are the same before; of an undecided part */
	bool closed, would_unread;
	bool stale; /* what would be due is to be asked again */
};

struct tu_indexed_case {
	int64_t id, vuln_id, severity, score;
	bool kev, own;
	uint32_t kb_vuln; /* in the knowledge base in use, or TU_KB_NONE */
	char *texts; /* what these three are views of */
	struct tu_str public_id, vuln, title;
	struct tu_indexed_part *parts; /* in the order of tu_case_list() */
	size_t part_count, part_cap;
};

struct tu_indexed_device {
	int64_t id;
	char *text; /* what the name is a view of */
	struct tu_str name;
	int64_t document_id, version; /* of its device.yaml, which was asked last */
};

struct tu_case_index_state {
	int64_t head, touched; /* touched -1: nothing was read */
	uint8_t kb[TU_SHA256_BYTES]; /* zeroed: none */
};

/* Whoever calls has locked it. */
struct tu_indexed_cases {
	struct tu_case_index_state state;
	int64_t from, until; /* s: when it was brought up to date; when a part has to be again */
	struct {
		TU_VEC(struct tu_indexed_case) list; /* by id */
	} cases;
	struct {
		TU_VEC(struct tu_indexed_device) list; /* by id */
	} devices;
};

/* The state as the transaction sees it. */
TU_NODISCARD enum tu_status tu_case_index__state(struct tu_work *w,
	const struct tu_case_asking *asking, struct tu_case_index_state *out, struct tu_error *err);
/* Bring it to a state. On failure it is empty, and is read from nothing the
 * next time. */
TU_NODISCARD enum tu_status tu_case_index__follow(struct tu_work *w, struct tu_indexed_cases *index,
	const struct tu_case_asking *asking, const struct tu_case_index_state *state,
	struct tu_error *err);
void tu_case_index__clear(struct tu_indexed_cases *index);

/* NULL: it is not there. */
struct tu_indexed_case *tu_case_index__find(struct tu_indexed_cases *index, int64_t id);
const struct tu_indexed_device *tu_case_index__device(
	const struct tu_indexed_cases *index, int64_t id);

#endif
