/*
 * Walks over the findings of a snapshot, block by block, for up to 32 filters at once: in every
 * mask, bit f belongs to filter f.
 */
#ifndef TU_LIST_WALK_H
#define TU_LIST_WALK_H

#include "list/inside.h"
#include "list/query.h"

enum { TU_LIST__FILTERS = 32 };

/* Filters made ready: what each thing passes. */
struct tu_list__plan {
	const struct tu_list_snapshot *snapshot;
	uint32_t all; /* a bit for each filter */
	uint32_t *vulns, *components, *releases; /* by dense number */
	uint32_t *vuln_texts, *component_texts; /* one of the two must pass */
	bool texts; /* a filter looks for a text */
	uint32_t fact_kinds[8], decision_kinds[TU_LIST__DECISION_KINDS], harms[8];
	uint32_t open; /* filters that findings without a decision may pass */
	uint32_t blind; /* ask nothing of decision and harm */
	uint8_t harms_possible, states_possible; /* of what passes the first filter, sets */
	uint32_t plain; /* blind, and every reference passes */
	uint32_t since[TU_LIST__FILTERS], before[TU_LIST__FILTERS]; /* seconds */
	uint32_t timed; /* ask for times */
	uint32_t due_asks; /* ask for deadlines */
	uint32_t due_before[TU_LIST__FILTERS];
	enum tu_list_ask due_wanted[TU_LIST__FILTERS];
	uint32_t *due; /* by vulnerability: of every device; 0: none */
	uint8_t *special; /* by vulnerability: single devices have deadlines of their own */
	/* the blocks that are worth a look; NULL: all */
	uint32_t *candidates;
	size_t candidate_count;
};

TU_NODISCARD enum tu_status tu_list__plan_make(const struct tu_list_snapshot *snapshot,
	const struct tu_list_scope *scope, const struct tu_list_filter *filters, size_t count,
	struct tu_list__plan *out_plan);
void tu_list__plan_done(struct tu_list__plan *plan);

/* Where a walk is: a block and what its references pass. */
struct tu_list__walk {
	const struct tu_list__plan *plan;
	size_t next; /* component or candidate */
	uint32_t component;
	const struct tu_list__block *block;
	uint32_t mask; /* filters that the component passes */
	bool ready; /* what follows is of this block */
	uint32_t *pass; /* by reference */
	uint32_t *open; /* passes without a decision */
	uint32_t *recent; /* added since what the filter wants */
	uint32_t *places; /* the references that pass a filter, rising */
	uint32_t *recent_places; /* those of them that are recent for the first filter */
	uint32_t place_count, recent_place_count;
	uint32_t open_count[TU_LIST__FILTERS], recent_count[TU_LIST__FILTERS];
};

TU_NODISCARD bool tu_list__walk_begin(
	const struct tu_list__plan *plan, struct tu_list__walk *out_walk);
void tu_list__walk_done(struct tu_list__walk *walk);
/* The next block that may have something; false: there is none. */
bool tu_list__walk_next(struct tu_list__walk *walk);
/* Go to the block of one component; false: it passes nothing. */
bool tu_list__walk_to(struct tu_list__walk *walk, uint32_t component);
/* Look at the references of the block, once. */
void tu_list__walk_ready(struct tu_list__walk *walk);

/* Filters that a fact passes, times and single deadlines not considered. */
static inline uint32_t tu_list__fact_mask(
	const struct tu_list__walk *walk, const struct tu_list__fact *fact)
{
	const struct tu_list__plan *plan = walk->plan;
	uint32_t vuln = tu_list__fact_vuln(fact);
	uint32_t mask = walk->mask & plan->vulns[vuln] & plan->fact_kinds[tu_list__fact_kind(fact)];

	if (mask && plan->texts)
		mask &= plan->vuln_texts[vuln] | plan->component_texts[walk->component];
	return mask;
}

/* Add to counts[f], for each filter in `mask`, the findings of a fact that pass it. */
void tu_list__count_fact(struct tu_list__walk *walk, const struct tu_list__fact *fact,
	uint32_t mask, uint64_t counts[TU_LIST__FILTERS]);

/* The findings of a fact that pass the first filter, by rising release. */
struct tu_list__steps {
	const struct tu_list__walk *walk;
	const struct tu_list__fact *fact;
	const uint32_t *places; /* the references to look at */
	uint32_t place_count;
	uint32_t next, row, row_end;
	bool fresh; /* the fact alone is recent enough */
	/* the finding */
	uint32_t place;
	bool decided;
	uint32_t decision;
};

void tu_list__steps_begin(struct tu_list__walk *walk, const struct tu_list__fact *fact,
	struct tu_list__steps *out_steps);
bool tu_list__steps_next(struct tu_list__steps *steps);

/* What a finding is like. */
struct tu_list__traits {
	uint32_t seen;
	uint32_t due; /* 0: none */
	uint8_t state, harm, status, risk;
	bool closed;
};

struct tu_list__traits tu_list__traits_of(const struct tu_list__steps *steps);
/* The soonest deadline of a vulnerability in a release; 0: none. */
uint32_t tu_list__due_of(const struct tu_list__plan *plan, uint32_t vuln, uint32_t release);
/* The rows of deadlines of a vulnerability. */
const struct tu_list__due *tu_list__dues_of(
	const struct tu_list_snapshot *snapshot, uint32_t vuln, size_t *out_count);

#endif
