/*
 * What violates the stored policy of a device: the rules of device.yaml that a finding breaks, and
 * that need no expression of a gate.
 *
 *   uncontrolled   a decision that is in force says that its risk is not controlled, and it is open
 *   not decided    nothing that is approved decides it, for longer than the policy's undecided_days
 *   overdue        it is open, and a deadline of it has passed
 *
 * `undecided_days` is the policy's; 0: it has no limit. A finding may break several. One that is
 * not assessed and is younger than the policy allows breaks none: it is a finding, not a violation,
 * and lists of findings have it.
 */
#ifndef TU_PORTFOLIO_VIOLATION_H
#define TU_PORTFOLIO_VIOLATION_H

#include "list/query.h"

enum tu_violation {
	TU_VIOLATION_UNCONTROLLED,
	TU_VIOLATION_NOT_DECIDED,
	TU_VIOLATION_OVERDUE,
	TU_VIOLATIONS
};
#define TU_VIOLATION_BIT(rule) (1u << (rule))

/* "uncontrolled", "not decided", "overdue"; and a sentence. Static storage. */
const char *tu_violation_name(enum tu_violation rule);
const char *tu_violation_sentence(enum tu_violation rule);

/* The rules that a finding breaks at a time (us), a set of TU_VIOLATION_BIT(). */
uint32_t tu_violations_of(
	uint32_t undecided_days, const struct tu_list_finding *finding, int64_t at);

/* The same as filters, one for each rule, to count with (list/query.h). What is in `base` has to
 * hold, too; false: nothing can break the rule by this policy. */
bool tu_violation_filter(uint32_t undecided_days, enum tu_violation rule, int64_t at,
	const struct tu_list_filter *base, struct tu_list_filter *out);

#endif
