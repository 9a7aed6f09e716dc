/* Making a snapshot of a draft: what its steps share. */
#ifndef TU_LIST_MAKE_H
#define TU_LIST_MAKE_H

#include "list/draft.h"

/* Rows of the draft by component: those of component c are order[start[c]] to order[start[c + 1]],
 * as they were put. */
struct tu_list__grouped {
	uint32_t *start, *order;
};

/* The three lists of a block while it is made, with the ranks by which they stand. */
struct tu_list__block_fact {
	uint64_t key;
	uint32_t seq; /* of several with one key the last counts */
	uint32_t vuln, seen;
};

struct tu_list__block_ref {
	uint64_t key;
	uint32_t seq;
	uint32_t release, added;
};

struct tu_list__block_decision {
	uint64_t key;
	uint32_t seq;
	uint32_t vuln, release, bits;
};

struct tu_list__parts {
	TU_VEC(struct tu_list__block_fact) facts;
	TU_VEC(struct tu_list__block_ref) refs;
	TU_VEC(struct tu_list__block_decision) decisions;
};

struct tu_list__making {
	struct tu_list_draft *draft;
	const struct tu_list_snapshot *old; /* an empty one, if there was none */
	struct tu_list_snapshot *snapshot;
	struct tu_list__grouped facts, refs, decisions;
	uint8_t *touched; /* by component: its block is made again */
	uint8_t *refactored; /* by component: its facts are replaced */
	uint8_t *replaced; /* by release */
	struct tu_list__parts parts;
	struct tu_list__pairs postings; /* vulnerability, rank of component, 1: has a fact now */
	struct tu_list__pairs contents; /* release, rank of component */
	uint8_t *concerned; /* by device */
};

/* The block of a component out of the three lists, which it puts in order. NULL with TU_OK: there
 * is nothing in it. */
TU_NODISCARD enum tu_status tu_list__block_make(
	struct tu_list__parts *parts, struct tu_list__block **out_block);
size_t tu_list__block_bytes(const struct tu_list__block *block);
/* Make the blocks that are touched, and note the pairs for postings and contents. */
TU_NODISCARD bool tu_list__make_blocks(struct tu_list__making *making);
/* Make the postings and contents that are touched. */
TU_NODISCARD bool tu_list__make_postings(struct tu_list__making *making);
TU_NODISCARD bool tu_list__make_contents(struct tu_list__making *making);
TU_NODISCARD bool tu_list__make_dues(struct tu_list__making *making);
/* Give the devices that the draft concerns the number of the change. */
TU_NODISCARD bool tu_list__note_devices(struct tu_list__making *making);

#endif
