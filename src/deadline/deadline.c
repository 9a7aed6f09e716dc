/* The engine: rows, events and a time in; states out. */
#include "deadline/run.h"

#include "base/time.h"

/* ---- the state of one deadline ---- */

/* When a piece of evidence was first there: 0 while it is not. An event without proof is none; with
 * "stop:word" the stop event must say that word. */
static int64_t evidence_time(
	const struct tu_deadline_run *run, const struct tu_deadline_rule *rule, const char *word)
{
	const struct tu_case_event *proof = NULL;
	struct tu_str wanted = tu_str_c(word);

	if (!tu_str_skip(&wanted, TU_STR("stop:"))) {
		proof = tu_deadline__proof(run, word);
		return proof ? proof->at : 0;
	}
	for (size_t i = 0; i < run->c->event_count && !proof; i++) {
		const struct tu_case_event *event = run->c->events[i];

		for (size_t k = 0; k < event->contents.count && !proof; k++)
			if (event->at <= run->at && event->evidence.len &&
				tu_deadline__is(event, rule->stop) &&
				tu_str_eq(event->contents.at[k], wanted))
				proof = event;
	}
	return proof ? proof->at : 0;
}

/* When all was there: the latest of its parts, 0 while one is missing. `latest` is when it was
 * stopped. False, as in all of this file: no memory. */
static bool settle(struct tu_deadline_run *run, struct tu_deadline *d, int64_t latest)
{
	const struct tu_deadline_rule *rule = d->rule;
	const char **lacking =
		tu_arena_array(run->arena, TU_DEADLINE_EVIDENCE_MAX + 1, sizeof(*lacking));
	size_t count = 0;

	if (!lacking)
		return false;
	if (!latest)
		lacking[count++] = rule->stop;
	for (size_t i = 0; i < TU_DEADLINE_EVIDENCE_MAX && rule->evidence[i]; i++) {
		int64_t when = evidence_time(run, rule, rule->evidence[i]);

		if (!when)
			lacking[count++] = rule->evidence[i];
		latest = when > latest ? when : latest;
	}
	d->stopped = count ? 0 : latest;
	d->lacking = lacking;
	d->lacking_count = count;
	return true;
}

static enum tu_deadline_state state_of(const struct tu_deadline *d, int64_t at)
{
	if (!d->start)
		return TU_DEADLINE_WAITING;
	if (d->stopped)
		return d->stopped <= d->due ? TU_DEADLINE_MET : TU_DEADLINE_MISSED;
	return at > d->due ? TU_DEADLINE_MISSED : TU_DEADLINE_RUNNING;
}

static struct tu_calendar calendar_of(
	const struct tu_deadline_run *run, const struct tu_deadline_rule *rule)
{
	const struct tu_risk_policy *policy = &run->device->policy;
	struct tu_calendar calendar = {.zone = policy->zone};

	calendar.us_federal = rule->days == TU_DAYS_US_FEDERAL;
	if (rule->days == TU_DAYS_OF_MAKER) {
		calendar.holidays = policy->holidays;
		calendar.holiday_count = policy->holiday_count;
	}
	return calendar;
}

/* What waits for something that may never happen is not shown, unless people must know that it
 * will be due. */
static bool is_shown(const struct tu_deadline_run *run, const struct tu_deadline *d)
{
	bool at_learning = tu_str_eq(tu_str_c(d->rule->start), TU_STR("learned"));
	bool exploitation = d->rule->when == TU_WHEN_EXPLOITED && tu_deadline__is_exploited(run);
	bool uncontrolled = run->c->was_uncontrolled || run->c->risk == TU_RISK_UNCONTROLLED;

	return d->state != TU_DEADLINE_WAITING || at_learning || exploitation ||
		(d->rule->announced && uncontrolled);
}

/* Why it is listed although no event starts it any more, or since when; after what else it says. */
static bool name_correction(
	const struct tu_deadline_run *run, struct tu_deadline *d, const struct tu_case_event *lost)
{
	const struct tu_case_event *moved =
		lost ? NULL : tu_deadline__moved_start(run, d->rule, d->start);
	const struct tu_case_event *event = lost ? lost : moved;
	struct tu_buf text;
	bool fine;

	if (!event || !d->start)
		return true;
	tu_buf_init(&text, 1 << 16);
	tu_buf_printf(&text, "%.*s%sit had started at %.*s of ", TU_STR_FMT(d->note),
		d->note.len ? "; " : "", TU_STR_FMT(event->name));
	tu_time_write(event->at, &text);
	tu_buf_c(&text,
		event->corrected->by ? ", which was corrected on " : ", which was taken back on ");
	tu_time_write_date(event->corrected->at, &text);
	tu_buf_printf(&text, ": %.*s", TU_STR_FMT(event->corrected->reason));
	fine = !text.failed && tu_arena_dup(run->arena, tu_buf_str(&text), &d->note);
	tu_buf_done(&text);
	return fine;
}

/* Why BOD 26-04 gives so many days, and on what that rests. */
static bool name_federal(const struct tu_deadline_run *run, struct tu_deadline *d)
{
	struct tu_buf text;
	bool fine;

	tu_buf_init(&text, 1 << 12);
	tu_buf_c(&text, tu_bod_band_name(run->federal.band));
	if (run->federal.undecided) {
		tu_buf_c(&text, "; undecided: ");
		tu_bod_undecided(&run->federal, &text);
		tu_buf_c(&text,
			run->federal.rests ? ": the earliest that could apply is taken"
					   : ": the same whatever it is");
	}
	fine = !text.failed && tu_arena_dup(run->arena, tu_buf_str(&text), &d->note);
	tu_buf_done(&text);
	return fine;
}

/* Whether it runs is open: it is neither left out nor missed. */
static bool name_unread(const struct tu_deadline_run *run, struct tu_deadline *d)
{
	struct tu_buf text;
	bool fine;

	if (d->state == TU_DEADLINE_RUNNING || d->state == TU_DEADLINE_MISSED)
		d->state = TU_DEADLINE_CONDITIONAL;
	tu_buf_init(&text, 1 << 12);
	tu_buf_printf(&text,
		"undecided: the knowledge base has not the catalogue %s: whether it lists this as "
		"exploited is not known",
		d->rule->catalogue);
	fine = !text.failed && tu_arena_dup(run->arena, tu_buf_str(&text), &d->note);
	tu_buf_done(&text);
	return fine;
}

static bool add(struct tu_deadline_run *run, const struct tu_deadline_rule *rule,
	struct tu_deadline_start start, int64_t stopped)
{
	struct tu_deadline d = {.rule = rule, .start = start.at, .assumed = start.assumed};
	struct tu_calendar calendar = calendar_of(run, rule);

	if (d.start)
		d.due = tu_deadline_due(&calendar, d.start, rule->amount, rule->unit);
	if (!settle(run, &d, stopped))
		return false;
	d.state = state_of(&d, run->at);
	if (d.assumed)
		d.note = TU_STR("since when the exploitation was known is assumed: record "
				"exploitation-known");
	if (rule->when == TU_WHEN_FEDERAL && !name_federal(run, &d))
		return false;
	if (run->unread && !name_unread(run, &d))
		return false;
	return tu_deadline__waive(run, &d) && name_correction(run, &d, start.lost) &&
		(!is_shown(run, &d) || TU_VEC_PUSH_IN(run->arena, &run->list, d));
}

/* ---- the deadlines of one row ---- */

static bool stops(const struct tu_deadline_rule *rule, const struct tu_case_event *event)
{
	return event->evidence.len &&
		(tu_deadline__is(event, rule->stop) ||
			(rule->stop_too && tu_deadline__is(event, rule->stop_too)));
}

/* The first stop event from `*next` on, not before `from`; the next search begins after it. */
static int64_t stop_after(const struct tu_deadline_run *run, const struct tu_deadline_rule *rule,
	int64_t from, size_t *next)
{
	for (size_t i = *next; i < run->c->event_count; i++) {
		const struct tu_case_event *event = run->c->events[i];

		if (event->at > run->at || event->at < from || !stops(rule, event))
			continue;
		*next = i + 1;
		return event->at;
	}
	*next = run->c->event_count;
	return 0;
}

/* One for each start event. A stop event ends one of them, the first that is still open: one report
 * on two incidents leaves the second open until it is recorded for it as well. A report from before
 * the start is about something else (a death that was reported earlier stops the row of serious
 * incidents, too), unless what starts the row is the maker's own action, which may be announced. */
static bool run_each(struct tu_deadline_run *run, const struct tu_deadline_rule *rule,
	struct tu_deadline_start start)
{
	bool ahead = rule->ahead || rule->announced;
	size_t next = 0, lost = 0;
	bool fine = true;

	for (; start.at && fine; ahead = false) {
		fine = add(run, rule, start, stop_after(run, rule, ahead ? 0 : start.at, &next));
		start = tu_deadline__start(run, rule, start.at);
	}
	/* those whose start does not hold any more get the stop events that are left */
	start = tu_deadline__lost_start(run, rule, &lost);
	for (; start.at && fine; start = tu_deadline__lost_start(run, rule, &lost))
		fine = add(run, rule, start, stop_after(run, rule, start.at, &next));
	return fine;
}

static bool run_rule(struct tu_deadline_run *run, const struct tu_deadline_rule *rule)
{
	struct tu_deadline_start start =
		tu_deadline__start(run, rule, rule->each && rule->from ? rule->from - 1 : 0);
	size_t next = 0, lost = 0;

	if (rule->each && (start.at || tu_deadline__lost_start(run, rule, &lost).at))
		return run_each(run, rule, start);
	if (!start.at)
		start = tu_deadline__lost_start(run, rule, &next);
	else if (rule->when == TU_WHEN_EXPLOITED)
		start.lost = tu_deadline__lost_exploitation(run);
	next = 0;
	if (rule->from && start.at < rule->from)
		start = (struct tu_deadline_start){0};
	return add(run, rule, start, stop_after(run, rule, 0, &next));
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
	case TU_WHEN_FEDERAL: /* four facts decide, not these two */
		break;
	}
	return false;
}

/* Does it concern the case, or did it ever? */
static bool concerns(const struct tu_deadline_run *run, const struct tu_deadline_rule *rule)
{
	const struct tu_deadline_case *c = run->c;
	bool exploited = tu_deadline__is_exploited(run) || tu_deadline__lost_exploitation(run);

	if (rule->when == TU_WHEN_FEDERAL)
		return tu_bod_days(run->federal.band) == rule->amount &&
			(!c->closed || c->was_uncontrolled || c->was_controlled);
	return tu_deadline_concerns(rule, c->risk, exploited) ||
		(c->was_uncontrolled &&
			tu_deadline_concerns(rule, TU_RISK_UNCONTROLLED, exploited)) ||
		(c->was_controlled && tu_deadline_concerns(rule, TU_RISK_CONTROLLED, exploited));
}

/* The case as a row by catalogue sees it: exploited by that one, or as the maker says. Where the
 * knowledge base has not the catalogue it may be: only what has nothing to do is left out. */
static struct tu_deadline_case by_catalogue(
	struct tu_deadline_run *run, const struct tu_deadline_rule *rule)
{
	struct tu_deadline_case c = *run->c;
	const struct tu_deadline_catalogue *found = NULL;
	const bool said = tu_deadline__event(run, "exploitation-known") != NULL;

	for (size_t i = 0; i < c.catalogue_count && !found; i++)
		if (tu_str_ieq(c.catalogues[i].name, tu_str_c(rule->catalogue)))
			found = &c.catalogues[i];
	if (found && (found->lists || found->read)) {
		c.exploited = found->lists;
		c.exploited_since = found->since;
		return c;
	}
	run->unread = !said && (!c.closed || c.was_uncontrolled || c.was_controlled);
	c.exploited = run->unread;
	return c;
}

static bool run_row(struct tu_deadline_run *run, const struct tu_deadline_rule *rule)
{
	const struct tu_deadline_case *of = run->c;
	struct tu_deadline_case own;
	bool fine;

	if (rule->catalogue) {
		own = by_catalogue(run, rule);
		run->c = &own;
	}
	fine = !concerns(run, rule) || run_rule(run, rule);
	run->unread = false;
	run->c = of;
	return fine;
}

static struct tu_bod_answer decide_federal(
	const struct tu_device *device, const struct tu_deadline_case *c)
{
	static const enum tu_bod_value values[] = {[TU_STATED_NOTHING] = TU_BOD_UNDECIDED,
		[TU_STATED_NO] = TU_BOD_NO,
		[TU_STATED_YES] = TU_BOD_YES};
	struct tu_bod_facts facts = c->federal;

	facts.of[TU_BOD_EXPOSED] = values[tu_device_exposed(device)];
	return tu_bod_decide(&facts);
}

enum tu_status tu_deadlines_run(struct tu_arena *arena, const struct tu_device *device,
	const struct tu_deadline_case *c, int64_t at, struct tu_deadlines *out_clocks,
	struct tu_error *err)
{
	struct tu_deadline_run run = {.arena = arena, .device = device, .c = c, .at = at};
	const struct tu_deadline_rule *const *rules;
	size_t count;
	bool fine = true;
	enum tu_status status = tu_deadline_rules(arena, device, &rules, &count, err);

	*out_clocks = (struct tu_deadlines){0};
	if (status != TU_OK)
		return status;
	run.federal = decide_federal(device, c);
	for (size_t i = 0; fine && i < count; i++)
		fine = run_row(&run, rules[i]);
	*out_clocks = (struct tu_deadlines){run.list.at, run.list.count};
	return fine ? TU_OK : tu_no_memory(err);
}

enum tu_status tu_deadline_look_again(const struct tu_deadline_look *look,
	struct tu_deadline *deadline, size_t *next, struct tu_error *err)
{
	const struct tu_deadline_rule *rule = deadline->rule;
	struct tu_deadline_run run = {.arena = look->arena,
		.device = look->device,
		.c = look->of,
		.at = look->at,
		.alone = true};
	int64_t from = 0;

	if (rule->each)
		from = rule->ahead || rule->announced ? 0 : deadline->start;
	else
		*next = 0;
	if (!settle(&run, deadline, stop_after(&run, rule, from, next)))
		return tu_no_memory(err);
	deadline->state = state_of(deadline, run.at);
	return tu_deadline__waive(&run, deadline) ? TU_OK : tu_no_memory(err);
}

const char *tu_deadline_state_name(enum tu_deadline_state state)
{
	static const char *const names[] = {
		"waiting", "running", "met", "missed", "waived", "conditional"};

	return names[state];
}
