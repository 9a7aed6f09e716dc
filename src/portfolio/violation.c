#include "portfolio/violation.h"

#include <tutela/device.h>

#define DAY_US (INT64_C(86400) * 1000000)

static const struct {
	const char *name, *sentence;
} rules[TU_VIOLATIONS] = {
	[TU_VIOLATION_UNCONTROLLED] = {"uncontrolled",
		"The risk was decided to be uncontrolled, and it is open"},
	[TU_VIOLATION_NOT_DECIDED] = {"not decided",
		"Nothing that is approved decides it, for longer than the policy allows"},
	[TU_VIOLATION_OVERDUE] = {"overdue", "It is open, and a deadline of it has passed"},
};

const char *tu_violation_name(enum tu_violation rule)
{
	return rules[rule].name;
}

const char *tu_violation_sentence(enum tu_violation rule)
{
	return rules[rule].sentence;
}

uint32_t tu_violations_of(uint32_t undecided_days, const struct tu_list_finding *f, int64_t at)
{
	uint32_t broken = 0;

	if (f->closed)
		return 0;
	if (f->risk == TU_RISK_UNCONTROLLED)
		broken |= TU_VIOLATION_BIT(TU_VIOLATION_UNCONTROLLED);
	if (undecided_days && f->state < TU_LIST_CARRIED &&
		f->first_seen < at - undecided_days * DAY_US)
		broken |= TU_VIOLATION_BIT(TU_VIOLATION_NOT_DECIDED);
	if (f->deadline && f->deadline < at)
		broken |= TU_VIOLATION_BIT(TU_VIOLATION_OVERDUE);
	return broken;
}

bool tu_violation_filter(uint32_t undecided_days, enum tu_violation rule, int64_t at,
	const struct tu_list_filter *base, struct tu_list_filter *out)
{
	*out = *base;
	out->closed = TU_LIST_NO;
	switch (rule) {
	case TU_VIOLATION_UNCONTROLLED:
		out->risks = TU_LIST_BIT(TU_RISK_UNCONTROLLED);
		return true;
	case TU_VIOLATION_NOT_DECIDED:
		out->states = TU_LIST_BIT(TU_LIST_NOT_ASSESSED) | TU_LIST_BIT(TU_LIST_REOPENED) |
			TU_LIST_BIT(TU_LIST_PROPOSED);
		out->seen_before = at - undecided_days * DAY_US;
		return undecided_days > 0;
	case TU_VIOLATION_OVERDUE:
		out->deadline = TU_LIST_YES;
		out->deadline_before = at;
		return true;
	case TU_VIOLATIONS:
		break;
	}
	return false;
}
