/* Questions to decisions. */
#include <tutela/decision.h>

#include "base/alloc.h"

enum { DAY = 86400 };

int64_t tu_decision_learned(const struct tu_decision *decision)
{
	size_t count = decision->correction_count;

	return count ? decision->corrections[count - 1].now : decision->learned_at;
}

int64_t tu_decision_expires(const struct tu_decision *decision, const struct tu_device *device)
{
	if (decision->expires || !device->policy.decision_days || !decision->decided_at)
		return decision->expires;
	return decision->decided_at + (int64_t)device->policy.decision_days * DAY;
}

bool tu_decision_agrees(const struct tu_decision *a, const struct tu_decision *b)
{
	return a->status == b->status && a->justification == b->justification &&
		a->risk == b->risk && a->harm == b->harm &&
		tu_str_ieq(a->exploitability, b->exploitability);
}

bool tu_decision_is_about(const struct tu_decision *decision, struct tu_str id)
{
	if (tu_str_ieq(decision->vulnerability, id))
		return true;
	for (size_t i = 0; i < decision->aliases.count; i++)
		if (tu_str_ieq(decision->aliases.at[i], id))
			return true;
	return false;
}

bool tu_decision_same_vulnerability(const struct tu_decision *a, const struct tu_decision *b)
{
	if (tu_decision_is_about(a, b->vulnerability))
		return true;
	for (size_t i = 0; i < b->aliases.count; i++)
		if (tu_decision_is_about(a, b->aliases.at[i]))
			return true;
	return false;
}

bool tu_decision_names_release(const struct tu_decision *decision, struct tu_str release)
{
	const struct tu_texts *releases = &decision->validity.releases;

	for (size_t i = 0; i < releases->count; i++)
		if (tu_str_eq(releases->at[i], release))
			return true;
	return false;
}

bool tu_decision_is_superseded(const struct tu_decision *decision,
	const struct tu_decision *const *decisions, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (decisions[i] != decision && decisions[i]->supersedes.len &&
			tu_str_eq(decisions[i]->supersedes, decision->id))
			return true;
	return false;
}

/* ---- conflicts ---- */

static bool share_release(const struct tu_decision *a, const struct tu_decision *b)
{
	for (size_t i = 0; i < b->validity.releases.count; i++)
		if (tu_decision_names_release(a, b->validity.releases.at[i]))
			return true;
	return false;
}

static bool configurations_meet(const struct tu_decision *a, const struct tu_decision *b)
{
	struct tu_str x = a->validity.configuration, y = b->validity.configuration;

	return !x.len || !y.len || tu_str_eq(x, y);
}

static bool conflict(const struct tu_decision *a, const struct tu_decision *b)
{
	return !tu_decision_agrees(a, b) && tu_decision_same_vulnerability(a, b) &&
		tu_selector_eq(&a->component, &b->component) && share_release(a, b) &&
		configurations_meet(a, b);
}

/* What another decision supersedes is history, however long the chain is. */
static bool both_in_force(const struct tu_decision *a, const struct tu_decision *b,
	const struct tu_decision *const *decisions, size_t count)
{
	return !tu_decision_is_superseded(a, decisions, count) &&
		!tu_decision_is_superseded(b, decisions, count);
}

static size_t predecessor(const struct tu_decision *const *decisions, size_t count, size_t index)
{
	for (size_t i = 0; i < count && decisions[index]->supersedes.len; i++)
		if (tu_str_eq(decisions[i]->id, decisions[index]->supersedes))
			return i;
	return count;
}

/* Walk from each decision to those before it, marking the walk; one that meets its own mark goes
 * round in a circle, in which each decision is superseded and none is in force. */
static size_t find_circle(const struct tu_decision *const *decisions, size_t count, size_t *walks)
{
	for (size_t i = 0; i < count; i++) {
		size_t at = i;

		for (; at < count && !walks[at]; at = predecessor(decisions, count, at))
			walks[at] = i + 1;
		if (at < count && walks[at] == i + 1)
			return at;
	}
	return count;
}

static enum tu_status check_circles(
	const struct tu_decision *const *decisions, size_t count, struct tu_error *err)
{
	size_t *walks = tu_alloc(count + 1, sizeof(*walks));
	size_t at;

	if (!walks)
		return tu_no_memory(err);
	at = find_circle(decisions, count, walks);
	tu_free(walks);
	return at == count
		? TU_OK
		: tu_fail(err, TU_E_SYNTAX, 0,
			  "%.*s: supersedes \"%.*s\", which supersedes it in turn",
			  TU_STR_FMT(decisions[at]->file), TU_STR_FMT(decisions[at]->supersedes));
}

enum tu_status tu_decisions_check(
	const struct tu_decision *const *decisions, size_t count, struct tu_error *err)
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < i; k++)
			if (tu_str_eq(decisions[i]->id, decisions[k]->id))
				return tu_fail(err, TU_E_SYNTAX, 0,
					"%.*s and %.*s have the same id \"%.*s\"",
					TU_STR_FMT(decisions[k]->file),
					TU_STR_FMT(decisions[i]->file),
					TU_STR_FMT(decisions[i]->id));
			else if (conflict(decisions[i], decisions[k]) &&
				both_in_force(decisions[i], decisions[k], decisions, count))
				return tu_fail(err, TU_E_SYNTAX, 0,
					"%.*s and %.*s decide %.*s differently for the same "
					"component and release; let one supersede the other",
					TU_STR_FMT(decisions[k]->file),
					TU_STR_FMT(decisions[i]->file),
					TU_STR_FMT(decisions[i]->vulnerability));
	return check_circles(decisions, count, err);
}
