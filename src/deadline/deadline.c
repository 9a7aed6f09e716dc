/* The engine: rows, events and a time in; states out. */
#include <tutela/deadline.h>

#include "base/time.h"
#include "base/vec.h"

struct running {
	struct tu_arena *arena;
	const struct tu_device *device;
	const struct tu_deadline_case *c;
	struct tu_calendar calendar;
	int64_t at;
	TU_VEC(struct tu_deadline) clocks;
};

/* ---- events ---- */

/* The first event of a name, among those that had happened at the time asked about. */
static const struct tu_case_event *event_of(const struct running *r, struct tu_str name)
{
	for (size_t i = 0; i < r->c->event_count; i++)
		if (r->c->events[i]->at <= r->at && tu_str_eq(r->c->events[i]->name, name))
			return r->c->events[i];
	return NULL;
}

static int64_t time_of(const struct running *r, struct tu_str name)
{
	const struct tu_case_event *event = event_of(r, name);

	return event ? event->at : 0;
}

/* The maker is aware of an exploitation when it has learned of the vulnerability and the
 * exploitation is known. */
static int64_t known_exploited(const struct tu_deadline_case *c)
{
	if (!c->exploited || !c->learned)
		return 0;
	return c->exploited_since > c->learned ? c->exploited_since : c->learned;
}

static int64_t start_of(const struct running *r, const struct tu_deadline_rule *rule)
{
	struct tu_str start = tu_str_c(rule->start);
	int64_t when = time_of(r, start);

	if (tu_str_eq(start, TU_STR("learned")))
		when = r->c->learned;
	else if (!when && tu_str_eq(start, TU_STR("exploitation-known")))
		when = known_exploited(r->c);
	return when && when <= r->at ? when : 0;
}

static bool says(const struct tu_case_event *event, struct tu_str word)
{
	for (size_t i = 0; i < event->contents.count; i++)
		if (tu_str_eq(event->contents.at[i], word))
			return true;
	return word.len == 0;
}

/* When a piece of evidence was first there: 0 while it is not. An event without proof is none; with
 * "stop:word" the stop event must say that word. */
static int64_t evidence_time(
	const struct running *r, const struct tu_deadline_rule *rule, const char *word)
{
	struct tu_str name = tu_str_c(word), wanted = {0};

	if (tu_str_skip(&name, TU_STR("stop:"))) {
		wanted = name;
		name = tu_str_c(rule->stop);
	}
	for (size_t i = 0; i < r->c->event_count; i++) {
		const struct tu_case_event *event = r->c->events[i];

		if (event->at <= r->at && event->evidence.len && tu_str_eq(event->name, name) &&
			says(event, wanted))
			return event->at;
	}
	return 0;
}

/* ---- the state of one clock ---- */

/* Time at which the last required item arrived; 0 if any is missing. */
static enum tu_status settle(struct running *r, struct tu_deadline *clock)
{
	const struct tu_deadline_rule *rule = clock->rule;
	const char **lacking =
		tu_arena_array(r->arena, TU_DEADLINE_EVIDENCE_MAX + 1, sizeof(*lacking));
	int64_t latest = evidence_time(r, rule, rule->stop);
	size_t count = 0;

	if (!lacking)
		return TU_E_NOMEM;
	if (!latest)
		lacking[count++] = rule->stop;
	for (size_t i = 0; i < TU_DEADLINE_EVIDENCE_MAX && rule->evidence[i]; i++) {
		int64_t when = evidence_time(r, rule, rule->evidence[i]);

		if (!when)
			lacking[count++] = rule->evidence[i];
		latest = when > latest ? when : latest;
	}
	clock->stopped = count ? 0 : latest;
	clock->lacking = lacking;
	clock->lacking_count = count;
	return TU_OK;
}

static enum tu_deadline_state state_of(const struct tu_deadline *clock, int64_t at)
{
	if (!clock->start)
		return TU_DEADLINE_WAITING;
	if (clock->stopped)
		return clock->stopped <= clock->due ? TU_DEADLINE_MET : TU_DEADLINE_MISSED;
	return at > clock->due ? TU_DEADLINE_MISSED : TU_DEADLINE_RUNNING;
}

static enum tu_status run_rule(
	struct running *r, const struct tu_deadline_rule *rule, struct tu_deadline *out_clock)
{
	enum tu_status status;

	*out_clock = (struct tu_deadline){.rule = rule, .start = start_of(r, rule)};
	if (rule->from && out_clock->start < rule->from)
		out_clock->start = 0;
	if (out_clock->start)
		out_clock->due =
			tu_deadline_due(&r->calendar, out_clock->start, rule->amount, rule->unit);
	status = settle(r, out_clock);
	out_clock->state = state_of(out_clock, r->at);
	return status;
}

/* ---- the four conditions (FDA postmarket guidance, VII.B) ---- */

enum answer { NO, YES, OPEN };

static const struct tu_deadline *clock_of(const struct running *r, const char *id)
{
	for (size_t i = 0; i < r->clocks.count; i++)
		if (tu_str_eq(tu_str_c(r->clocks.at[i].rule->id), tu_str_c(id)))
			return &r->clocks.at[i];
	return NULL;
}

static enum answer clock_answer(const struct running *r, const char *id)
{
	const struct tu_deadline *clock = clock_of(r, id);

	if (!clock || clock->state == TU_DEADLINE_WAITING || clock->state == TU_DEADLINE_RUNNING)
		return OPEN;
	return clock->state == TU_DEADLINE_MET ? YES : NO;
}

static enum answer no_serious_event(const struct running *r)
{
	return time_of(r, TU_STR("serious-event-known")) || time_of(r, TU_STR("death-known")) ? NO
											      : YES;
}

static enum answer told_in_30_days(const struct running *r)
{
	return clock_answer(r, "fda-30");
}

static enum answer fixed_in_60_days(const struct running *r)
{
	return clock_answer(r, "fda-60");
}

static enum answer shared_with_isao(const struct running *r)
{
	if (!r->device->manufacturer.isao_member)
		return NO;
	return time_of(r, TU_STR("isao-told")) ? YES : OPEN;
}

static const struct {
	enum answer (*ask)(const struct running *r);
	const char *fails;
	const char *open;
} conditions[] = {
	{no_serious_event, "a serious adverse event or death is known", ""},
	{told_in_30_days, "the 30 days were missed", "the 30 days are running"},
	{fixed_in_60_days, "the 60 days were missed", "the 60 days are running"},
	{shared_with_isao, "the maker is no active member of an ISAO",
		"the ISAO has not been given the customer communication (isao-told)"},
};

/* One that fails decides; else one that is open keeps the question open. */
static enum answer all_four(const struct running *r, struct tu_str *out_why)
{
	enum answer all = YES;

	*out_why = TU_STR("all four conditions of the guidance hold; keep the record of 806.20");
	for (size_t i = 0; i < TU_COUNT(conditions); i++) {
		enum answer answer = conditions[i].ask(r);

		if (answer == NO) {
			*out_why = tu_str_c(conditions[i].fails);
			return NO;
		}
		if (answer == OPEN && all == YES) {
			*out_why = tu_str_c(conditions[i].open);
			all = OPEN;
		}
	}
	return all;
}

/* An event that is reported under another part needs no second report. */
static bool is_reported(const struct running *r)
{
	return time_of(r, TU_STR("report-803-sent")) || time_of(r, TU_STR("report-1004-sent"));
}

static void waive(const struct running *r, struct tu_deadline *clock)
{
	enum answer answer;

	if (clock->state == TU_DEADLINE_MET || !clock->rule->waivable)
		return;
	if (is_reported(r)) {
		clock->state = TU_DEADLINE_WAIVED;
		clock->note = TU_STR("already reported under 21 CFR 803 or 1004");
		return;
	}
	answer = all_four(r, &clock->note);
	if (answer == YES)
		clock->state = TU_DEADLINE_WAIVED;
	else if (answer == OPEN)
		clock->state = TU_DEADLINE_CONDITIONAL;
}

/* ---- all of them ---- */

bool tu_deadline_concerns(const struct tu_deadline_rule *rule, enum tu_risk risk, bool exploited)
{
	switch (rule->when) {
	case TU_WHEN_ALWAYS:
		return true;
	case TU_WHEN_UNCONTROLLED:
		return risk == TU_RISK_UNCONTROLLED;
	case TU_WHEN_CONTROLLED:
		return risk == TU_RISK_CONTROLLED;
	case TU_WHEN_EXPLOITED:
		return exploited;
	}
	return false;
}

/* What waits for something that may never happen is not shown, unless people must know that it
 * will be due. */
static bool is_shown(const struct running *r, const struct tu_deadline *clock)
{
	bool at_learning = tu_str_eq(tu_str_c(clock->rule->start), TU_STR("learned"));
	bool exploitation = clock->rule->when == TU_WHEN_EXPLOITED && r->c->exploited;

	return clock->state != TU_DEADLINE_WAITING || at_learning || exploitation;
}

enum tu_status tu_deadlines_run(struct tu_arena *arena, const struct tu_device *device,
	const struct tu_deadline_case *c, int64_t at, struct tu_deadlines *out_clocks,
	struct tu_error *err)
{
	struct running r = {.arena = arena,
		.device = device,
		.c = c,
		.at = at,
		.calendar = {device->policy.zone_minutes, device->policy.holidays,
			device->policy.holiday_count}};
	const struct tu_deadline_rule *const *rules;
	size_t count;
	enum tu_status status = tu_deadline_rules(arena, device, &rules, &count, err);

	for (size_t i = 0; i < count && !status; i++) {
		struct tu_deadline clock;

		if (!tu_deadline_concerns(rules[i], c->risk, c->exploited))
			continue;
		status = run_rule(&r, rules[i], &clock);
		waive(&r, &clock);
		if (status == TU_OK && is_shown(&r, &clock) &&
			!TU_VEC_PUSH_IN(arena, &r.clocks, clock))
			status = TU_E_NOMEM;
	}
	*out_clocks = (struct tu_deadlines){r.clocks.at, r.clocks.count};
	return status ? tu_no_memory(err) : TU_OK;
}

const char *tu_deadline_state_name(enum tu_deadline_state state)
{
	static const char *const names[] = {
		"waiting", "running", "met", "missed", "waived", "conditional"};

	return names[state];
}
