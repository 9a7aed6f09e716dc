/* What waives a deadline: the guidance's four conditions, a report under another part, the maker.
 */
#include "deadline/run.h"

enum answer { NO, YES, OPEN };

/* ---- the four conditions (FDA postmarket guidance, VII.B) ---- */

static const struct tu_deadline *deadline_of(const struct tu_deadline_run *run, const char *id)
{
	for (size_t i = 0; i < run->list.count; i++)
		if (tu_str_eq(tu_str_c(run->list.at[i].rule->id), tu_str_c(id)))
			return &run->list.at[i];
	return NULL;
}

static enum answer met(const struct tu_deadline_run *run, const char *id)
{
	const struct tu_deadline *d = deadline_of(run, id);

	if (!d || d->state == TU_DEADLINE_WAITING || d->state == TU_DEADLINE_RUNNING)
		return OPEN;
	return d->state == TU_DEADLINE_MET ? YES : NO;
}

/*
 * Events that speak of a serious adverse event or a death, whichever jurisdiction's word they are.
 * 21 CFR 803 also makes malfunctions reportable: an event that says it is one is not among them.
 */
static const struct {
	const char *event;
	const char *unless; /* the pattern of those that do not count, or NULL */
	const char *why;
} serious[] = {
	{"death-known", NULL, "a death is known (death-known)"},
	{"serious-event-known", NULL, "a serious adverse event is known (serious-event-known)"},
	{"serious-incident-known", NULL, "a serious incident is known (serious-incident-known)"},
	{"public-health-threat-known", NULL,
		"a serious public health threat is known (public-health-threat-known)"},
	{"reportable-event-known", "reportable-event-known:malfunction",
		"a reportable event is known that is not said to be a malfunction "
		"(reportable-event-known)"},
	{"requested-event-known", "requested-event-known:malfunction",
		"a reportable event is known that is not said to be a malfunction "
		"(requested-event-known)"},
	{"remedial-action-needed", "remedial-action-needed:malfunction",
		"an event that needs remedial action is known (remedial-action-needed)"},
};

static bool is_serious(const struct tu_case_event *event, size_t row)
{
	return tu_deadline__is(event, serious[row].event) &&
		!(serious[row].unless && tu_deadline__is(event, serious[row].unless));
}

static enum answer no_serious_event(const struct tu_deadline_run *run, const char **out_why)
{
	for (size_t row = 0; row < TU_COUNT(serious); row++)
		for (size_t i = 0; i < run->c->event_count; i++) {
			if (run->c->events[i]->at > run->at || !is_serious(run->c->events[i], row))
				continue;
			*out_why = serious[row].why;
			return NO;
		}
	return YES;
}

static enum answer told_in_30_days(const struct tu_deadline_run *run, const char **out_why)
{
	enum answer answer = met(run, "fda-30");

	*out_why = answer == NO ? "the 30 days were missed" : "the 30 days are running";
	return answer;
}

static enum answer fixed_in_60_days(const struct tu_deadline_run *run, const char **out_why)
{
	enum answer answer = met(run, "fda-60");

	*out_why = answer == NO ? "the 60 days were missed" : "the 60 days are running";
	return answer;
}

static enum answer shared_with_isao(const struct tu_deadline_run *run, const char **out_why)
{
	if (!run->device->manufacturer.isao_member) {
		*out_why = "the maker is not an active member of an ISAO";
		return NO;
	}
	*out_why = "the ISAO has not been given the customer communication (isao-told)";
	return tu_deadline__event(run, "isao-told") ? YES : OPEN;
}

/* One that fails decides; else one that is open keeps the question open. */
static enum answer all_four(const struct tu_deadline_run *run, const char **out_why)
{
	static enum answer (*const conditions[])(
		const struct tu_deadline_run *run, const char **out_why) = {
		no_serious_event, told_in_30_days, fixed_in_60_days, shared_with_isao};
	enum answer all = YES;

	*out_why = "all four conditions of the guidance hold; keep the record of 806.20";
	for (size_t i = 0; i < TU_COUNT(conditions); i++) {
		const char *why = "";
		enum answer answer = conditions[i](run, &why);

		if (answer == YES || (answer == OPEN && all == OPEN))
			continue;
		*out_why = why;
		all = answer;
		if (answer == NO)
			break;
	}
	return all;
}

/* ---- reports under another part ---- */

static bool is_report_of_correction(const struct tu_case_event *event)
{
	static const char *const reports[] = {"report-803-sent:correction",
		"report-803-5-sent:correction", "report-1004-sent:correction"};

	for (size_t i = 0; i < TU_COUNT(reports); i++)
		if (tu_deadline__is(event, reports[i]))
			return event->evidence.len > 0;
	return false;
}

/* 21 CFR 806.10(f): a report *of the correction* under part 803 or 1004, which a report from before
 * the correction cannot be. The first one, or NULL. */
static const struct tu_case_event *report_of_correction(
	const struct tu_deadline_run *run, const struct tu_deadline *d)
{
	for (size_t i = 0; i < run->c->event_count; i++) {
		const struct tu_case_event *event = run->c->events[i];

		if (event->at >= d->start && event->at <= run->at && is_report_of_correction(event))
			return event;
	}
	return NULL;
}

/* What ends a deadline in another way than its stop event: in time it waives, later it is late. */
static void end(struct tu_deadline *d, int64_t at, struct tu_str note)
{
	d->note = note;
	if (at <= d->due)
		d->state = TU_DEADLINE_WAIVED;
	else if (!d->stopped)
		d->stopped = at;
}

static void waive_806(const struct tu_deadline_run *run, struct tu_deadline *d)
{
	const struct tu_case_event *report = report_of_correction(run, d);
	const char *why = "";
	enum answer answer = all_four(run, &why);

	d->note = tu_str_c(why);
	if (answer == YES)
		d->state = TU_DEADLINE_WAIVED;
	else if (answer == OPEN)
		d->state = TU_DEADLINE_CONDITIONAL;
	if (report && d->start && (answer == NO || (answer == OPEN && report->at <= d->due))) {
		d->state = TU_DEADLINE_MISSED; /* unless it was in time */
		end(d, report->at,
			TU_STR("the correction was reported under 21 CFR 803 or 1004 (806.10(f))"));
	}
}

/* ---- the maker ---- */

/* The event deadline-waived names the row in its contents and the reason as its evidence. It is
 * about what had happened, not what comes later. */
static const struct tu_case_event *own_waiver(
	const struct tu_deadline_run *run, const struct tu_deadline *d)
{
	for (size_t i = 0; i < run->c->event_count; i++) {
		const struct tu_case_event *event = run->c->events[i];
		struct tu_str id = tu_str_c(d->rule->id);

		if (event->at > run->at || (d->rule->each && event->at < d->start) ||
			!event->evidence.len || !tu_deadline__is(event, "deadline-waived"))
			continue;
		for (size_t k = 0; k < event->contents.count; k++)
			if (tu_str_eq(event->contents.at[k], id))
				return event;
	}
	return NULL;
}

static bool waive_by_maker(const struct tu_deadline_run *run, struct tu_deadline *d,
	const struct tu_case_event *waiver)
{
	struct tu_buf text;
	struct tu_str note = {0};
	bool fine;

	tu_buf_init(&text, waiver->evidence.len + 100);
	tu_buf_printf(&text, "waived by the maker%s: ", waiver->at <= d->due ? "" : " too late");
	tu_buf_str_add(&text, waiver->evidence);
	fine = !text.failed && tu_arena_dup(run->arena, tu_buf_str(&text), &note);
	tu_buf_done(&text);
	if (waiver->at > d->due)
		d->state = TU_DEADLINE_MISSED;
	end(d, waiver->at, note);
	return fine;
}

bool tu_deadline__waive(const struct tu_deadline_run *run, struct tu_deadline *d)
{
	const struct tu_case_event *waiver;

	if (d->state == TU_DEADLINE_MET)
		return true;
	if (d->rule->waivable && !run->alone)
		waive_806(run, d);
	waiver = d->start && d->state != TU_DEADLINE_WAIVED ? own_waiver(run, d) : NULL;
	return !waiver || waive_by_maker(run, d, waiver);
}
