/*
 * Blocks: all that a snapshot knows about one component, in one piece of memory.
 */
#ifndef TU_LIST_BLOCK_H
#define TU_LIST_BLOCK_H

#include "list/table.h"

enum {
	TU_LIST__VERDICT_SHIFT = 28,
	TU_LIST__FIXABLE_SHIFT = 30,
	TU_LIST__PLACE_BITS = 20,
	/* bits of a decision above the place of its reference */
	TU_LIST__STATE_SHIFT = 0, /* state - 1, two bits */
	TU_LIST__CLOSED_SHIFT = 2,
	TU_LIST__STATUS_SHIFT = 3,
	TU_LIST__RISK_SHIFT = 6,
	TU_LIST__HARM_SHIFT = 8,
	TU_LIST__DECISION_KINDS = 1 << 8 /* what is below the harm */
};
#define TU_LIST__VULN_MASK ((1u << TU_LIST__VERDICT_SHIFT) - 1)
#define TU_LIST__PLACE_MASK ((1u << TU_LIST__PLACE_BITS) - 1)

struct tu_list__fact {
	uint32_t vuln; /* and verdict, fixable */
	uint32_t seen; /* seconds */
	uint32_t row; /* its first decision; the last is before that of the next fact */
};

struct tu_list__ref {
	uint32_t release; /* and harm */
	uint32_t added; /* seconds */
};

/* A decision about something that is no finding. */
struct tu_list__orphan {
	uint32_t vuln, release, bits;
};

struct tu_list__block {
	atomic_size_t refs;
	uint32_t fact_count, ref_count, decision_count, orphan_count;
	uint32_t added_min, added_max;
	uint8_t harms; /* of references and decisions, a set */
	uint8_t states; /* of decisions, a set */
	uint32_t data[];
};

static inline const struct tu_list__fact *tu_list__facts(const struct tu_list__block *block)
{
	return (const void *)block->data;
}

static inline const struct tu_list__ref *tu_list__refs(const struct tu_list__block *block)
{
	return (const void *)(tu_list__facts(block) + block->fact_count + 1);
}

/* By fact, then by the place of the reference: place, and bits above it. */
static inline const uint32_t *tu_list__decisions(const struct tu_list__block *block)
{
	return (const void *)(tu_list__refs(block) + block->ref_count);
}

static inline const struct tu_list__orphan *tu_list__orphans(const struct tu_list__block *block)
{
	return (const void *)(tu_list__decisions(block) + block->decision_count);
}

static inline uint32_t tu_list__fact_vuln(const struct tu_list__fact *fact)
{
	return fact->vuln & TU_LIST__VULN_MASK;
}

/* Verdict and fixable as one number below 8. */
static inline uint32_t tu_list__fact_kind(const struct tu_list__fact *fact)
{
	return fact->vuln >> TU_LIST__VERDICT_SHIFT;
}

static inline uint32_t tu_list__ref_release(const struct tu_list__ref *ref)
{
	return ref->release & TU_LIST__PLACE_MASK;
}

static inline uint8_t tu_list__ref_harm(const struct tu_list__ref *ref)
{
	return (uint8_t)(ref->release >> TU_LIST__PLACE_BITS);
}

static inline uint32_t tu_list__decision_place(uint32_t decision)
{
	return decision & TU_LIST__PLACE_MASK;
}

static inline uint32_t tu_list__decision_kind(uint32_t decision)
{
	return decision >> TU_LIST__PLACE_BITS & (TU_LIST__DECISION_KINDS - 1);
}

static inline uint8_t tu_list__kind_state(uint32_t kind)
{
	return (uint8_t)((kind >> TU_LIST__STATE_SHIFT & 3) + 1);
}

/* The harm of a finding with a decision. */
static inline uint8_t tu_list__decided_harm(uint32_t decision, const struct tu_list__ref *ref)
{
	uint32_t harm = decision >> (TU_LIST__PLACE_BITS + TU_LIST__HARM_SHIFT) & 7;

	return harm ? (uint8_t)harm : tu_list__ref_harm(ref);
}

/* The fact about a vulnerability, or NULL. */
const struct tu_list__fact *tu_list__block_find(const struct tu_list__block *block, uint32_t vuln,
	const struct tu_list__table *vulnerabilities);

#endif
