/* What is put together for the next snapshot, by dense numbers. */
#ifndef TU_LIST_DRAFT_H
#define TU_LIST_DRAFT_H

#include <tutela/buf.h>

#include "list/inside.h"

/* Ids that are new in this draft, and their numbers: an open hash table. */
struct tu_list__ids {
	int64_t *keys; /* 0: free */
	uint32_t *values;
	size_t slots; /* a power of two, or 0 */
	size_t count;
};

/* The three kinds of rows that are grouped by component, which comes first in each. */
struct tu_list__put_fact {
	uint32_t component, vuln, seen, kind;
};

struct tu_list__put_ref {
	uint32_t component, release, added, harm;
};

struct tu_list__put_decision {
	uint32_t component, vuln, release, bits;
};

struct tu_list_draft {
	struct tu_list_snapshot *from; /* or NULL */
	struct tu_list__ids ids[TU_LIST__TABLES];
	struct tu_list__puts puts[TU_LIST__TABLES];
	struct tu_buf text;
	TU_VEC(struct tu_list__put_fact) facts;
	TU_VEC(struct tu_list__put_ref) refs;
	TU_VEC(struct tu_list__put_decision) decisions;
	TU_VEC(struct tu_list__due) dues;
	struct tu_list__numbers components, releases; /* replaced as a whole, maybe several times */
};

/* Give back what was put; a draft without rows. */
void tu_list__draft_empty(struct tu_list_draft *draft);

#endif
