/* The first screen: what must be done today, the most urgent first. */
#include "report/page_parts.h"

enum { LISTED_MAX = 5, DAY = 86400 }; /* rows of a kind */

enum kind { KIND_OVERDUE, KIND_DUE, KIND_EXPLOITED, KIND_REOPENED, KIND_UNCONTROLLED, KINDS };

static const struct {
	const char *style;
	const char *word;
	const char *section; /* that lists them all */
	const char *singular, *plural; /* of those that are not listed here */
} kinds[KINDS] = {
	[KIND_OVERDUE] = {"bad", "Overdue", "deadlines", "overdue deadline", "overdue deadlines"},
	[KIND_DUE] = {"open", "Due", "deadlines", "running deadline", "running deadlines"},
	[KIND_EXPLOITED] = {"bad", "Known exploited", "uncontrolled",
		"known-exploited finding without a decision",
		"known-exploited findings without a decision"},
	[KIND_REOPENED] = {"bad", "Decide again", "decisions", "re-opened finding",
		"re-opened findings"},
	[KIND_UNCONTROLLED] = {"open", "Assess", "uncontrolled",
		"uncontrolled finding that is not assessed",
		"uncontrolled findings that are not assessed"},
};

/* A deadline belongs here while there is something left to do for it. */
static enum kind kind_of_deadline(const struct tu_deadline *deadline)
{
	if (deadline->stopped || !deadline->due)
		return KINDS;
	if (deadline->state == TU_DEADLINE_MISSED)
		return KIND_OVERDUE;
	return deadline->state == TU_DEADLINE_RUNNING || deadline->state == TU_DEADLINE_CONDITIONAL
		? KIND_DUE
		: KINDS;
}

/* Each finding is of one kind, the most urgent. */
static enum kind kind_of_finding(const struct tu_assessment *a)
{
	if (!tu_page__waits(a))
		return KINDS;
	if (a->of->facts.has_kev)
		return KIND_EXPLOITED;
	if (a->state == TU_ASSESS_REOPENED)
		return KIND_REOPENED;
	return a->risk == TU_RISK_UNCONTROLLED ? KIND_UNCONTROLLED : KINDS;
}

struct counts {
	size_t of[KINDS];
	size_t exploited; /* open, decided or not */
	size_t unassessed; /* uncontrolled, and waiting for a decision */
	size_t late; /* deadlines that were missed and met later */
	const struct tu_page_deadline *next;
};

static void count(const struct tu_page *page, struct counts *out)
{
	*out = (struct counts){0};
	for (size_t i = 0; i < page->deadline_count; i++) {
		enum kind kind = kind_of_deadline(page->deadlines[i].deadline);

		out->late +=
			page->deadlines[i].deadline->state == TU_DEADLINE_MISSED && kind == KINDS;
		if (kind == KINDS)
			continue;
		if (kind == KIND_DUE && !out->next)
			out->next = &page->deadlines[i];
		out->of[kind]++;
	}
	for (size_t i = 0; i < page->in->result->count; i++) {
		const struct tu_assessment *a = &page->in->result->assessments[i];
		enum kind kind = kind_of_finding(a);

		if (kind != KINDS)
			out->of[kind]++;
		out->exploited += a->of->facts.has_kev && !tu_assess_is_closed(a);
		out->unassessed += tu_page__waits(a) && a->risk == TU_RISK_UNCONTROLLED;
	}
}

/* ---- tiles ---- */

static void open_tile(struct tu_page *page, const char *style)
{
	tu_page__raw(page, "<li class=\"");
	tu_page__word(page, style);
	tu_page__raw(page, "\"><b>");
}

static void add_tile(struct tu_page *page, const char *style, size_t number, const char *words)
{
	open_tile(page, number ? style : "none");
	tu_html_count(page->out, number);
	tu_page__raw(page, "</b> ");
	tu_page__word(page, words);
	tu_page__raw(page, "</li>");
}

static void add_overdue(struct tu_page *page, const struct counts *counts)
{
	open_tile(page, counts->of[KIND_OVERDUE] ? "bad" : "none");
	tu_html_count(page->out, counts->of[KIND_OVERDUE]);
	tu_page__raw(page, "</b> overdue deadlines");
	if (counts->late) {
		tu_page__raw(page, "; ");
		tu_html_counted(page->out, counts->late, "other was", "others were");
		tu_page__raw(page, " met too late");
	}
	tu_page__raw(page, "</li>");
}

static void add_next(struct tu_page *page, const struct tu_page_deadline *next)
{
	const struct tu_zone *zone = &page->in->device->policy.zone;

	open_tile(page, next ? "open" : "none");
	if (!next) {
		tu_page__raw(page, "none</b> No deadline is running</li>");
		return;
	}
	tu_page__span(page, next->deadline->due - page->in->at);
	tu_page__raw(page, "</b> to the next deadline, ");
	tu_page__word(page, next->deadline->rule->id);
	tu_page__raw(page, " on ");
	tu_html_date_in(page->out, next->deadline->due, zone, "");
	tu_page__raw(page, "</li>");
}

static void add_tiles(struct tu_page *page, const struct counts *counts)
{
	tu_page__raw(page, "<ul class=\"tiles\">");
	add_overdue(page, counts);
	add_next(page, counts->next);
	add_tile(page, "bad", counts->exploited, "open findings known to be exploited");
	add_tile(page, "bad", counts->unassessed, "uncontrolled findings without a decision");
	add_tile(page, "open", page->in->match->counts.unknown, "components without data");
	tu_page__raw(page, "</ul>\n");
}

/* ---- rows ---- */

static void open_row(struct tu_page *page, enum kind kind, struct tu_str vulnerability)
{
	tu_page__raw(page, "<tr><th scope=\"row\">");
	tu_page__mark(page, kinds[kind].style, kinds[kind].word);
	tu_page__raw(page, "</th><td>");
	tu_page__id(page, vulnerability);
	tu_page__title_of(page, vulnerability);
	tu_page__raw(page, "</td><td>");
}

static void add_deadline(struct tu_page *page, enum kind kind, const struct tu_page_deadline *d)
{
	const struct tu_zone *zone = &page->in->device->policy.zone;
	int64_t left = d->deadline->due - page->in->at;

	open_row(page, kind, d->of->vulnerability);
	if (d->of->decision_count)
		tu_page__selector(page, &d->of->decisions[0]->component);
	tu_page__raw(page, "</td><td>");
	tu_page__word(page, d->deadline->rule->title);
	tu_page__raw(page, "<small>");
	tu_page__word(page, d->deadline->rule->id);
	tu_page__raw(page, "</small></td><td><b>");
	tu_page__span(page, left < 0 ? -left : left);
	tu_page__raw(page, left < 0 ? " late</b><small>due " : " left</b><small>due ");
	tu_html_date_in(page->out, d->deadline->due, zone, "");
	tu_page__raw(page, " ");
	tu_html_clock_in(page->out, d->deadline->due, zone);
	tu_page__raw(page, "</small></td></tr>\n");
}

static void add_reason(struct tu_page *page, enum kind kind, const struct tu_assessment *a)
{
	if (a->state == TU_ASSESS_REOPENED) {
		tu_page__raw(page, "Decide again: ");
		tu_page__text(page, a->reopen_why);
	} else if (kind == KIND_EXPLOITED) {
		tu_page__raw(page, "Decide: known to be exploited ");
		tu_page__catalogues(page, a);
		tu_page__raw(page, a->of->facts.kev.date_added.len ? " since " : "");
		tu_page__text(page, a->of->facts.kev.date_added);
	} else {
		tu_page__raw(page, "Decide: exploitability ");
		tu_page__text(page, page->in->device->policy.bands[a->proposal.band].name);
		tu_page__raw(page, ", harm ");
		tu_page__word(page, tu_harm_name(a->proposal.harm));
		tu_page__raw(page, " (proposed)");
	}
}

static void add_finding(struct tu_page *page, enum kind kind, const struct tu_assessment *a)
{
	open_row(page, kind, a->of->facts.id);
	tu_page__component(page, tu_page__component_of(page, a));
	if (a->of->finding->fixed.len) {
		tu_page__raw(page, "<small>fixed in ");
		tu_page__text(page, a->of->finding->fixed);
		tu_page__raw(page, "</small>");
	}
	tu_page__raw(page, "</td><td>");
	add_reason(page, kind, a);
	tu_page__raw(page, "</td><td>");
	if (a->since) {
		tu_page__raw(page, "waiting for ");
		tu_page__span(page, page->in->at - a->since);
	} else {
		tu_page__raw(page, "waiting, age unknown");
	}
	tu_page__raw(page, "</td></tr>\n");
}

static void add_rows(struct tu_page *page, enum kind kind)
{
	size_t listed = 0;

	for (size_t i = 0; i < page->deadline_count && listed < LISTED_MAX; i++)
		if (kind_of_deadline(page->deadlines[i].deadline) == kind) {
			add_deadline(page, kind, &page->deadlines[i]);
			listed++;
		}
	for (size_t i = 0; i < page->in->result->count && listed < LISTED_MAX; i++)
		if (kind_of_finding(page->buckets.at[i]) == kind) {
			add_finding(page, kind, page->buckets.at[i]);
			listed++;
		}
}

/* "And 66 more uncontrolled findings …": what the table leaves out, with the way to it. */
static void add_rest(struct tu_page *page, const struct counts *counts)
{
	size_t parts = 0;

	for (size_t kind = 0; kind < KINDS; kind++) {
		size_t rest = counts->of[kind] > LISTED_MAX ? counts->of[kind] - LISTED_MAX : 0;

		if (!rest)
			continue;
		tu_page__raw(page, parts++ ? "; <a href=\"#" : "<p>And <a href=\"#");
		tu_page__word(page, kinds[kind].section);
		tu_page__raw(page, "\">");
		tu_html_count(page->out, rest);
		tu_page__raw(page, " more</a> ");
		tu_page__word(page, rest == 1 ? kinds[kind].singular : kinds[kind].plural);
	}
	tu_page__raw(page, parts ? ".</p>\n" : "");
}

enum tu_status tu_page__today(struct tu_page *page)
{
	static const char *const heads[] = {
		"Why", "Vulnerability", "Component", "What to do", "When", NULL};
	struct counts counts;
	size_t all = 0;

	count(page, &counts);
	for (size_t kind = 0; kind < KINDS; kind++)
		all += counts.of[kind];
	add_tiles(page, &counts);
	if (!all) {
		tu_page__raw(page,
			"<p>Nothing is overdue, and no uncontrolled or known-exploited finding "
			"waits for a decision. See <a href=\"#posture\">what is not "
			"known</a>.</p>\n");
		return TU_OK;
	}
	tu_page__raw(page, "<div class=\"todo\">");
	tu_page__table(page, "todo", TU_STR("Most urgent first"), heads);
	for (size_t kind = 0; kind < KINDS; kind++)
		add_rows(page, (enum kind)kind);
	tu_page__table_end(page);
	tu_page__raw(page, "</div>\n");
	add_rest(page, &counts);
	return TU_OK;
}
