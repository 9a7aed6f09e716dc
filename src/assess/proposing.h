/*
 * One proposal in the making: what exploitability, harm and risk share.
 */
#ifndef TU_ASSESS_PROPOSING_H
#define TU_ASSESS_PROPOSING_H

#include "assess/assess.h"

enum { TU_LEVEL_MIN = 1, TU_LEVEL_MAX = TU_EXPLOIT_LEVELS, TU_FACTS_MAX = 64 };

struct tu_proposing {
	struct tu_arena *arena;
	const struct tu_assess_input *input;
	const struct tu_device *device;
	const struct tu_assess_finding *finding;
	struct tu_cvss cvss;
	bool has_cvss;
	uint32_t level;
	bool exploited; /* not only could be: is */
	uint32_t lowers_harm;
	struct tu_fact facts[TU_FACTS_MAX];
	size_t fact_count;
	bool failed;
};

/* Walk over the facts to a level; docs/internals/assess.md has the order and why. */
void tu_proposing_weigh(struct tu_proposing *p);

/* A metric of the finding's vector by its base name; the device's own (modified) one is over
 * it. */
struct tu_str tu_proposing_metric(const struct tu_proposing *p, const char *metric);

/* Which losses a vulnerability can cause, by CVSS; all of them where it does not say. */
uint32_t tu_proposing_losses(const struct tu_proposing *p);

#endif
