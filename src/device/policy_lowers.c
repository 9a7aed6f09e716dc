#include "device/policy_lowers.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { SENTENCE_MAX = 300 };

struct guard {
	struct tu_arena *arena;
	const struct tu_risk_policy *before, *after;
	struct tu_policy_lowered *out;
	bool failed;
};

TU_PRINTF(2, 3) static void add(struct guard *g, const char *fmt, ...)
{
	char text[SENTENCE_MAX];
	struct tu_str copy;
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	g->failed |= !tu_arena_dup(g->arena, tu_str_c(text), &copy) ||
		!TU_VEC_PUSH_IN(g->arena, &g->out->list, copy);
}

/* ---- numbers ---- */

static const struct {
	const char *name;
	size_t at; /* uint32_t in the policy */
	bool fewer; /* fewer protect less; else more do */
	bool zero; /* 0 is more than any number: no limit */
} numbers[] = {
	{"approvals", offsetof(struct tu_risk_policy, approvals), true, false},
	{"undecided_days", offsetof(struct tu_risk_policy, undecided_days), false, true},
	{"decision_days", offsetof(struct tu_risk_policy, decision_days), false, true},
	{"epss_high", offsetof(struct tu_risk_policy, epss_high), false, false},
	{"score_raise", offsetof(struct tu_risk_policy, score_raise), false, false},
};

static void compare_numbers(struct guard *g)
{
	for (size_t i = 0; i < TU_COUNT(numbers); i++) {
		uint32_t values[2];
		uint64_t before, after;

		memcpy(&values[0], (const char *)g->before + numbers[i].at, sizeof(values[0]));
		memcpy(&values[1], (const char *)g->after + numbers[i].at, sizeof(values[1]));
		before = numbers[i].zero && !values[0] ? UINT64_MAX : values[0];
		after = numbers[i].zero && !values[1] ? UINT64_MAX : values[1];
		if (numbers[i].fewer ? after < before : after > before)
			add(g, "%s: %u instead of %u", numbers[i].name, values[1], values[0]);
	}
}

/* ---- bands and matrix ---- */

static bool same_bands(const struct tu_risk_policy *a, const struct tu_risk_policy *b)
{
	bool same = a->band_count == b->band_count;

	for (size_t i = 0; same && i < a->band_count; i++)
		same = a->bands[i].from == b->bands[i].from &&
			tu_str_eq(a->bands[i].name, b->bands[i].name);
	return same;
}

/* How much a cell protects: what is uncontrolled has deadlines, and a hole is decided by nobody. */
static int strength(enum tu_risk risk)
{
	if (risk == TU_RISK_UNCONTROLLED)
		return 2;
	return risk == TU_RISK_CONTROLLED ? 0 : 1;
}

static void compare_matrix(struct guard *g)
{
	if (!same_bands(g->before, g->after)) {
		add(g, "bands: other ones, so the matrix is another one");
		return;
	}
	for (size_t band = 0; band < g->before->band_count; band++)
		for (size_t harm = 0; harm < TU_HARM_LEVELS; harm++) {
			enum tu_risk before = g->before->matrix[band][harm];
			enum tu_risk after = g->after->matrix[band][harm];

			if (strength(after) < strength(before))
				add(g, "matrix: %.*s, %s: %s instead of %s",
					TU_STR_FMT(g->before->bands[band].name),
					tu_harm_name((enum tu_harm)(TU_HARM_NEGLIGIBLE + harm)),
					tu_risk_name(after), tu_risk_name(before));
		}
}

/* ---- names ---- */

static bool has(const struct tu_texts *list, struct tu_str name)
{
	for (size_t i = 0; i < list->count; i++)
		if (tu_str_eq(list->at[i], name))
			return true;
	return false;
}

static void compare_names(struct guard *g, const char *what, const struct tu_texts *before,
	const struct tu_texts *after)
{
	for (size_t i = 0; i < after->count; i++)
		if (!has(before, after->at[i]))
			add(g, "%s: %.*s is new", what, TU_STR_FMT(after->at[i]));
}

static void compare_people(struct guard *g)
{
	const struct tu_texts *before = &g->before->deciders, *after = &g->after->deciders;

	compare_names(g, "trusted_suppliers", &g->before->trusted_suppliers,
		&g->after->trusted_suppliers);
	if (before->count && !after->count)
		add(g, "deciders: everybody instead of %zu", before->count);
	else if (before->count)
		compare_names(g, "deciders", before, after);
}

/* ---- clocks and days ---- */

static const struct tu_own_clock *clock_of(const struct tu_risk_policy *policy, struct tu_str id)
{
	for (size_t i = 0; i < policy->clock_count; i++)
		if (tu_str_eq(policy->clocks[i].id, id))
			return &policy->clocks[i];
	return NULL;
}

static void compare_clocks(struct guard *g)
{
	for (size_t i = 0; i < g->before->clock_count; i++) {
		const struct tu_own_clock *before = &g->before->clocks[i];
		const struct tu_own_clock *after = clock_of(g->after, before->id);

		if (!after)
			add(g, "clocks: %.*s is gone", TU_STR_FMT(before->id));
		else if (!tu_str_eq(before->start, after->start) ||
			!tu_str_eq(before->stop, after->stop) ||
			!tu_str_eq(before->when, after->when) ||
			!tu_str_eq(before->unit, after->unit))
			add(g, "clocks: %.*s is another one", TU_STR_FMT(before->id));
		else if (after->amount > before->amount)
			add(g, "clocks: %.*s: %u %.*s instead of %u", TU_STR_FMT(before->id),
				after->amount, TU_STR_FMT(after->unit), before->amount);
	}
}

/* Days that do not count make the others later. */
static void compare_days(struct guard *g)
{
	const struct tu_risk_policy *a = g->before, *b = g->after;
	size_t known = 0;

	for (size_t i = 0; i < b->holiday_count; i++) {
		while (known < a->holiday_count && a->holidays[known] < b->holidays[i])
			known++;
		if (known < a->holiday_count && a->holidays[known] == b->holidays[i])
			continue;
		add(g, "holidays: more than before");
		break;
	}
	if (!tu_str_eq(a->zone.name, b->zone.name) || a->zone.seconds != b->zone.seconds)
		add(g, "time_zone: another one");
	if (!tu_str_eq(a->acceptance, b->acceptance))
		add(g, "acceptance: other criteria");
}

enum tu_status tu_policy_lowers(struct tu_arena *arena, const struct tu_risk_policy *before,
	const struct tu_risk_policy *after, struct tu_policy_lowered *out, struct tu_error *err)
{
	struct guard g = {.arena = arena, .before = before, .after = after, .out = out};

	compare_numbers(&g);
	compare_matrix(&g);
	compare_people(&g);
	compare_clocks(&g);
	compare_days(&g);
	return g.failed ? tu_no_memory(err) : TU_OK;
}

/* ---- which deadlines the law has ---- */

static bool sells_in(const struct tu_device *device, struct tu_str market)
{
	bool sells = has(&device->markets, market);

	for (size_t i = 0; !sells && i < device->variant_count; i++)
		sells = has(&device->variants[i].markets, market);
	return sells;
}

static void compare_markets(
	struct guard *g, const struct tu_texts *before, const struct tu_device *after)
{
	for (size_t i = 0; i < before->count; i++)
		if (!sells_in(after, before->at[i]))
			add(g, "markets: %.*s is gone", TU_STR_FMT(before->at[i]));
}

static void compare_law(
	struct guard *g, const struct tu_device *before, const struct tu_device *after)
{
	compare_markets(g, &before->markets, after);
	for (size_t i = 0; i < before->variant_count; i++)
		compare_markets(g, &before->variants[i].markets, after);
	if (before->medical != after->medical)
		add(g, "medical: %s instead of %s", after->medical ? "true" : "false",
			before->medical ? "true" : "false");
	if (before->us_federal && !after->us_federal)
		add(g, "us_federal_customers: false instead of true");
	if (!before->manufacturer.isao_member && after->manufacturer.isao_member)
		add(g, "manufacturer.isao_member: true instead of false");
}

enum tu_status tu_device_lowers(struct tu_arena *arena, const struct tu_device *before,
	const struct tu_device *after, struct tu_policy_lowered *out, struct tu_error *err)
{
	struct guard g = {arena, &before->policy, &after->policy, out, false};
	enum tu_status status = tu_policy_lowers(arena, g.before, g.after, out, err);

	if (status == TU_OK)
		compare_law(&g, before, after);
	return g.failed ? tu_no_memory(err) : status;
}
