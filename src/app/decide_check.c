/* What `tutela decide` refuses before it writes, and what it warns of. */
#include "app/decide.h"

#include <stdarg.h>
#include <stdio.h>

#include <tutela/deadline.h>

#include "app/early.h"
#include "base/time.h"

/* ---- warnings ---- */

enum tu_status tu_decide_warn(struct tu_deciding *d, struct tu_error *err, const char *fmt, ...)
{
	char message[TU_ERROR_MESSAGE_MAX];
	struct tu_str copy;
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	len = len < 0 ? 0 : len >= (int)sizeof(message) ? (int)sizeof(message) - 1 : len;
	if (!tu_arena_dup(d->assessing.folder.arena, tu_str_of(message, (size_t)len), &copy) ||
		!TU_VEC_PUSH_IN(d->assessing.folder.arena, &d->warnings, copy))
		return tu_no_memory(err);
	return TU_OK;
}

/* ---- dates ---- */

static bool is_same(const struct tu_decide_dates *dates, const struct tu_decision *decision)
{
	const struct tu_kb *kb = dates->kb;
	const uint32_t index = kb ? tu_kb_find(kb, dates->stated->vulnerability) : TU_KB_NONE;

	return tu_decision_same_vulnerability(decision, dates->stated) ||
		(index != TU_KB_NONE && tu_kb_find(kb, decision->vulnerability) == index);
}

static enum tu_status warn_early(
	struct tu_deciding *d, const struct tu_early_look *look, struct tu_error *err)
{
	struct tu_clock_row row;
	struct tu_buf text;
	size_t at = 0;
	enum tu_status status = TU_OK;

	tu_buf_init(&text, TU_ERROR_MESSAGE_MAX);
	while (status == TU_OK && tu_early_next(look, &at, &row)) {
		text.len = 0;
		tu_early_write(row.clock, &text);
		status = text.failed
			? tu_no_memory(err)
			: tu_decide_warn(d, err, "%.*s", TU_STR_FMT(tu_buf_str(&text)));
	}
	tu_buf_done(&text);
	return status;
}

enum tu_status tu_decide_check_dates(
	struct tu_deciding *d, const struct tu_decide_dates *dates, struct tu_error *err)
{
	struct tu_device_folder about = d->assessing.folder;
	const struct tu_decision **same = tu_arena_array(about.arena, dates->count, sizeof(*same));
	/* `--at` may be when something happened */
	const int64_t now = d->request->now > d->now ? d->request->now : d->now;
	struct tu_deadlines_of of = {.more = d->more_events, .more_count = d->more_event_count};
	const struct tu_early_look look = {.of = &of,
		.kb = dates->kb,
		.vulnerability = dates->stated->vulnerability,
		.event = dates->event,
		.started = dates->event ? 0 : tu_decision_learned(dates->stated)};
	enum tu_status status;

	if (!same)
		return tu_no_memory(err);
	about.decisions = same;
	about.decision_count = 0;
	for (size_t i = 0; i < dates->count; i++)
		if (dates->all[i] == dates->stated || is_same(dates, dates->all[i]))
			same[about.decision_count++] = dates->all[i];
	status = tu_deadlines_of_folder(&of, &about, dates->kb, now, err);
	return status ? status : warn_early(d, &look, err);
}

/* ---- a decision ---- */

/* The rules of `device check` on this decision alone: an error refuses it. */
static enum tu_status lint(
	struct tu_deciding *d, const struct tu_decision *decision, struct tu_error *err)
{
	const struct tu_device_folder *folder = &d->assessing.folder;
	const struct tu_decision **all =
		tu_arena_array(folder->arena, folder->decision_count + 1, sizeof(const void *));
	const struct tu_lint_input input = {.device = folder->device,
		.at = d->now,
		.decisions = all,
		.decision_count = folder->decision_count + 1};
	struct tu_lints lints;
	enum tu_status status;

	if (!all)
		return tu_no_memory(err);
	for (size_t i = 0; i < folder->decision_count; i++)
		all[i] = folder->decisions[i];
	all[folder->decision_count] = decision;
	status = tu_device_lint(folder->arena, &input, &lints, err);

	for (size_t i = 0; i < lints.count && status == TU_OK; i++) {
		const struct tu_lint *found = &lints.at[i];

		if (!tu_str_eq(found->file, decision->file) || found->level == TU_LINT_NOTE)
			continue;
		if (found->level == TU_LINT_ERROR)
			return tu_fail(err, TU_E_USAGE, 0, "the decision %.*s",
				TU_STR_FMT(found->message));
		status = tu_decide_warn(d, err, "the decision %.*s", TU_STR_FMT(found->message));
	}
	return status;
}

static const struct tu_decision *decision_by_id(const struct tu_device_folder *f, struct tu_str id)
{
	for (size_t i = 0; i < f->decision_count; i++)
		if (tu_str_eq(f->decisions[i]->id, id))
			return f->decisions[i];
	return NULL;
}

/* The decision that the new one would contradict, or repeat under the same id. One that another has
 * superseded contradicts nothing any more. */
static const struct tu_decision *obstacle(
	const struct tu_deciding *d, const struct tu_decision *decision)
{
	const struct tu_device_folder *folder = &d->assessing.folder;

	for (size_t i = 0; i < folder->decision_count; i++) {
		const struct tu_decision *other = folder->decisions[i];
		const struct tu_decision *pair[] = {other, decision};
		struct tu_error ignored = {0};

		if (!tu_str_eq(other->id, decision->id) &&
			tu_decision_is_superseded(other, folder->decisions, folder->decision_count))
			continue;
		if (tu_decisions_check(pair, TU_COUNT(pair), &ignored) != TU_OK)
			return other;
	}
	return NULL;
}

static enum tu_status check_others(
	const struct tu_deciding *d, const struct tu_decision *decision, struct tu_error *err)
{
	const struct tu_device_folder *folder = &d->assessing.folder;
	const struct tu_decision *other = obstacle(d, decision);

	if (decision->supersedes.len && !decision_by_id(folder, decision->supersedes))
		return tu_fail(err, TU_E_USAGE, 0, "%ssupersedes: no decision has the id \"%.*s\"",
			tu_decide_dashes(d), TU_STR_FMT(decision->supersedes));
	if (!other)
		return TU_OK;
	if (tu_str_eq(other->id, decision->id) && !tu_decision_same_vulnerability(other, decision))
		return tu_fail(err, TU_E_SYNTAX, 0,
			"%.*s has the same id \"%.*s\" and is about %.*s; name another file with "
			"%sfile",
			TU_STR_FMT(other->file), TU_STR_FMT(other->id),
			TU_STR_FMT(other->vulnerability), tu_decide_dashes(d));
	return tu_fail(err, TU_E_SYNTAX, 0,
		"%.*s decides this already (%s, decision \"%.*s\"). To replace it, let the new "
		"one supersede it: %ssupersedes \"%.*s\" %sfile NAME, with a NAME that is not in "
		"use",
		TU_STR_FMT(other->file), tu_claim_status_name(other->status), TU_STR_FMT(other->id),
		tu_decide_dashes(d), TU_STR_FMT(other->id), tu_decide_dashes(d));
}

/* A release that is still to come is fine; a typing mistake is not. */
static enum tu_status check_fix_release(
	struct tu_deciding *d, const struct tu_decision *decision, struct tu_error *err)
{
	struct tu_str release = decision->action.fix_release;

	if (!release.len || tu_device_release(d->assessing.folder.device, release) != TU_NO_RELEASE)
		return TU_OK;
	return tu_decide_warn(d, err,
		"release %.*s (%sfix-release) is not in %.*s yet: no statement says \"fixed\" "
		"until it is",
		TU_STR_FMT(release), tu_decide_dashes(d),
		TU_STR_FMT(d->assessing.folder.device->file));
}

static enum tu_status warn_of_defaults(
	struct tu_deciding *d, const struct tu_decision *decision, struct tu_error *err)
{
	struct tu_buf now;
	enum tu_status status = TU_OK;

	tu_buf_init(&now, 64);
	tu_time_write(decision->learned_at, &now);
	if (!d->request->learned)
		status = tu_decide_warn(d, err,
			"no %slearned-at: %.*s (%s) is recorded as the time when you learned of "
			"it; deadlines run from then",
			tu_decide_dashes(d), TU_STR_FMT(tu_buf_str(&now)),
			d->request->at && !d->request->members ? "--at"
				: d->request->at	       ? "at"
							       : "now");
	if (status == TU_OK && now.failed)
		status = tu_no_memory(err);
	tu_buf_done(&now);
	return status;
}

/* The folder with the decision in it. */
static enum tu_status check_learned(
	struct tu_deciding *d, const struct tu_decision *decision, struct tu_error *err)
{
	const struct tu_device_folder *folder = &d->assessing.folder;
	const struct tu_decision **all =
		tu_arena_array(folder->arena, folder->decision_count + 1, sizeof(*all));
	struct tu_decide_dates dates = {
		.all = all, .stated = decision, .kb = d->assessing.input.kb};

	if (!all)
		return tu_no_memory(err);
	for (size_t i = 0; i < folder->decision_count; i++)
		all[dates.count++] = folder->decisions[i];
	all[dates.count++] = decision;
	return tu_decide_check_dates(d, &dates, err);
}

enum tu_status tu_decide_check(
	struct tu_deciding *d, const struct tu_decision *decision, struct tu_error *err)
{
	enum tu_status status = check_others(d, decision, err);

	if (status == TU_OK)
		status = lint(d, decision, err);
	if (status == TU_OK)
		status = check_fix_release(d, decision, err);
	if (status == TU_OK)
		status = warn_of_defaults(d, decision, err);
	return status ? status : check_learned(d, decision, err);
}

/* ---- an event ---- */

struct event_words {
	struct tu_buf events; /* all that deadlines of the device know */
	struct tu_buf contents; /* what a notice of this event may say */
	bool known; /* some deadline starts or stops at it, or wants it */
	bool proof; /* it stops one only with evidence */
};

static void add_word(struct tu_buf *list, struct tu_str word)
{
	struct tu_str rest = tu_buf_str(list), item;

	while (rest.len && tu_str_split(&rest, ',', &item))
		if (tu_str_eq(tu_str_trim(item), word))
			return;
	tu_buf_c(list, list->len ? ", " : "");
	tu_buf_str_add(list, word);
}

static void add_event(struct event_words *w, struct tu_str name, struct tu_str event, bool proof)
{
	if (!name.len || tu_str_eq(name, TU_STR("learned")))
		return;
	add_word(&w->events, name);
	if (!tu_str_eq(name, event))
		return;
	w->known = true;
	w->proof |= proof;
}

/* "EVENT", or "EVENT:WORD" that its contents state. */
static void add_pattern(struct event_words *w, const char *pattern, struct tu_str event, bool proof)
{
	struct tu_str text = tu_str_c(pattern ? pattern : "");
	size_t colon = tu_str_find(text, ':');

	add_event(w, tu_str_first(text, colon), event, proof);
	if (colon < text.len && tu_str_eq(tu_str_first(text, colon), event))
		add_word(&w->contents, tu_str_from(text, colon + 1));
}

static void gather_rule(
	struct event_words *w, const struct tu_deadline_rule *rule, struct tu_str event)
{
	add_event(w, tu_str_c(rule->start), event, false);
	for (size_t i = 0; i < TU_DEADLINE_START_MAX; i++)
		add_pattern(w, rule->start_too[i], event, false);
	add_event(w, tu_str_c(rule->stop), event, true);
	add_pattern(w, rule->stop_too, event, true);
	if (tu_str_eq(event, TU_STR("deadline-waived")))
		add_word(&w->contents, tu_str_c(rule->id));
	for (size_t i = 0; i < TU_DEADLINE_EVIDENCE_MAX && rule->evidence[i]; i++) {
		struct tu_str word = tu_str_c(rule->evidence[i]);

		if (!tu_str_skip(&word, TU_STR("stop:")))
			add_event(w, word, event, true);
		else if (tu_str_eq(tu_str_c(rule->stop), event))
			add_word(&w->contents, word);
	}
}

static enum tu_status gather_words(
	struct tu_deciding *d, struct tu_str event, struct event_words *out, struct tu_error *err)
{
	const struct tu_deadline_rule *const *rules;
	size_t count;
	enum tu_status status = tu_deadline_rules(
		d->assessing.folder.arena, d->assessing.folder.device, &rules, &count, err);

	for (size_t i = 0; i < count && status == TU_OK; i++)
		gather_rule(out, rules[i], event);
	for (size_t i = 0; i < d->more_rule_count; i++)
		gather_rule(out, d->more_rules[i], event);
	/* FDA's 30 days: customers are informed of interim controls where there are any. */
	if (out->contents.len && tu_str_eq(event, TU_STR("customers-told")))
		add_word(&out->contents, TU_STR("controls"));
	for (size_t i = 0; tu_deadline_more_events[i].pattern; i++)
		add_pattern(out, tu_deadline_more_events[i].pattern, event,
			tu_deadline_more_events[i].proof);
	if (status == TU_OK && (out->events.failed || out->contents.failed))
		status = tu_no_memory(err);
	return status;
}

static bool is_among(struct tu_str list, struct tu_str word)
{
	struct tu_str item;

	while (list.len && tu_str_split(&list, ',', &item))
		if (tu_str_eq(tu_str_trim(item), word))
			return true;
	return false;
}

static enum tu_status judge_event(struct tu_deciding *d, const struct event_words *words,
	const struct tu_case_event *event, struct tu_error *err)
{
	struct tu_str contents = tu_buf_str(&words->contents);
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < event->contents.count && contents.len; i++)
		if (!is_among(contents, event->contents.at[i]))
			return tu_fail(err, TU_E_USAGE, 0,
				"%scontents: \"%.*s\" is none of the words for %.*s: %.*s",
				tu_decide_dashes(d), TU_STR_FMT(event->contents.at[i]),
				TU_STR_FMT(event->name), TU_STR_FMT(contents));
	if (event->contents.count && !contents.len)
		status = tu_decide_warn(d, err, "no deadline asks what %.*s says (%scontents)",
			TU_STR_FMT(event->name), tu_decide_dashes(d));
	if (status == TU_OK && !words->known)
		status = tu_decide_warn(d, err,
			"no deadline of this device knows the event \"%.*s\"; they know: %.*s",
			TU_STR_FMT(event->name), TU_STR_FMT(tu_buf_str(&words->events)));
	if (status == TU_OK && words->proof && !event->evidence.len)
		status = tu_decide_warn(d, err,
			"event %.*s has no evidence and stops no deadline: record it again with "
			"%sevidence",
			TU_STR_FMT(event->name), tu_decide_dashes(d));
	return status;
}

enum tu_status tu_decide_check_event(
	struct tu_deciding *d, const struct tu_case_event *event, struct tu_error *err)
{
	enum { WORDS_MAX = 1 << 16 };
	struct event_words words = {0};
	enum tu_status status;

	tu_buf_init(&words.events, WORDS_MAX);
	tu_buf_init(&words.contents, WORDS_MAX);
	status = gather_words(d, event->name, &words, err);
	if (status == TU_OK)
		status = judge_event(d, &words, event, err);
	tu_buf_done(&words.events);
	tu_buf_done(&words.contents);
	return status;
}
