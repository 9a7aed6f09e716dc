/* Deadlines: a timeline, and the table of all of them. */
#include "report/page_parts.h"

#include <stdlib.h>

#include "base/time.h"
#include "base/utf8.h"

enum { DRAWN_MAX = 40, LEFT = 236, WIDTH = 560, RIGHT = 96, TOP = 30, ROW = 20, TICKS_MAX = 9 };

struct axis {
	int64_t from, to;
};

static const struct {
	int rank;
	const char *style; /* of its mark */
	const char *drawn; /* of its line */
} looks[] = {
	[TU_DEADLINE_MISSED] = {0, "bad", "bar-bad"},
	[TU_DEADLINE_RUNNING] = {1, "open", "bar-open"},
	[TU_DEADLINE_CONDITIONAL] = {2, "open", "bar-open"},
	[TU_DEADLINE_MET] = {3, "good", "bar-good"},
	[TU_DEADLINE_WAIVED] = {4, "good", "bar-good"},
	[TU_DEADLINE_WAITING] = {5, "plain", "bar-none"},
};

static int compare(const void *a, const void *b)
{
	const struct tu_page_deadline *x = a, *y = b;
	int ranks = looks[x->deadline->state].rank - looks[y->deadline->state].rank;

	if (ranks)
		return ranks;
	if (x->deadline->due != y->deadline->due)
		return x->deadline->due < y->deadline->due ? -1 : 1;
	ranks = tu_str_cmp(x->of->vulnerability, y->of->vulnerability);
	return ranks ? ranks
		     : tu_str_cmp(tu_str_c(x->deadline->rule->id), tu_str_c(y->deadline->rule->id));
}

bool tu_page__index_deadlines(struct tu_page *page)
{
	const struct tu_page_input *in = page->in;
	struct tu_page_deadline *list;
	size_t count = 0, added = 0;

	for (size_t i = 0; i < in->case_count; i++)
		count += in->clocks[i].count;
	list = tu_arena_array(in->arena, count, sizeof(*list));
	if (!list)
		return false;
	for (size_t i = 0; i < in->case_count; i++)
		for (size_t k = 0; k < in->clocks[i].count; k++)
			list[added++] =
				(struct tu_page_deadline){&in->cases[i], &in->clocks[i].at[k]};
	if (count)
		qsort(list, count, sizeof(*list), compare);
	page->deadlines = list;
	page->deadline_count = count;
	return true;
}

/* ---- the timeline ---- */

static int place(const struct axis *axis, int64_t at)
{
	double share = (double)(at - axis->from) / (double)(axis->to - axis->from);

	return LEFT + (int)(share * WIDTH + 0.5);
}

static void widen(struct axis *axis, int64_t at)
{
	if (at && at < axis->from)
		axis->from = at;
	if (at > axis->to)
		axis->to = at;
}

static struct axis axis_of(const struct tu_page_deadline *list, size_t count, int64_t at)
{
	struct axis axis = {at - 86400, at + 86400};

	for (size_t i = 0; i < count; i++) {
		widen(&axis, list[i].deadline->start);
		widen(&axis, list[i].deadline->due);
		widen(&axis, list[i].deadline->stopped);
	}
	return axis;
}

/* The first of a month: a tick. `step` months on, at most TICKS_MAX of them. */
static void draw_ticks(struct tu_svg *svg, const struct axis *axis, int height)
{
	int64_t year, month, day, last_year, last_month, step;

	tu_time_civil(axis->from / 86400, &year, &month, &day);
	tu_time_civil(axis->to / 86400, &last_year, &last_month, &day);
	step = ((last_year - year) * 12 + last_month - month) / TICKS_MAX + 1;
	for (;;) {
		struct tu_buf label;
		int64_t at;

		month += step;
		year += (month - 1) / 12;
		month = (month - 1) % 12 + 1;
		at = tu_time_days(year, month, 1) * 86400;
		if (at >= axis->to)
			return;
		tu_buf_init(&label, 32);
		tu_time_write_date(at, &label);
		tu_svg_line(svg, "grid", place(axis, at), TOP - 6, place(axis, at), height);
		tu_svg_text(svg, "s m", place(axis, at), 14, tu_str_first(tu_buf_str(&label), 7));
		svg->out->failed |= label.failed;
		tu_buf_done(&label);
	}
}

static void draw_name(struct tu_svg *svg, const struct tu_page_deadline *s, int y)
{
	struct tu_buf label;

	tu_buf_init(&label, 120);
	tu_buf_str_add(&label, tu_utf8_first(s->of->vulnerability, 40));
	tu_buf_byte(&label, ' ');
	tu_buf_str_add(&label, tu_utf8_first(tu_str_c(s->deadline->rule->id), 24));
	tu_svg_text(svg, "e", LEFT - 8, y + 4, tu_buf_str(&label));
	svg->out->failed |= label.failed;
	tu_buf_done(&label);
}

static void draw_deadline(struct tu_svg *svg, const struct axis *axis,
	const struct tu_page_deadline *s, int64_t at, int y)
{
	const struct tu_deadline *d = s->deadline;
	int64_t end = d->stopped ? d->stopped : at;
	int due = place(axis, d->due), start = place(axis, d->start);

	draw_name(svg, s, y);
	tu_svg_line(svg, "span", start, y, due, y);
	if (end > d->due && d->state != TU_DEADLINE_WAIVED)
		tu_svg_line(svg, "late", due, y, place(axis, end), y);
	tu_svg_line(svg, "due", due, y - 6, due, y + 6);
	if (d->stopped)
		tu_svg_circle(svg, looks[d->state].drawn, place(axis, d->stopped), y, 4);
	else if (d->state == TU_DEADLINE_MISSED)
		tu_svg_cross(svg, "late", place(axis, at), y, 4);
	tu_svg_text(svg, "s", LEFT + WIDTH + 10, y + 4, tu_str_c(tu_deadline_state_name(d->state)));
}

/* Deadlines that have not started have no place in time; they come last. */
static size_t count_started(const struct tu_page_deadline *list, size_t count)
{
	size_t started = 0;

	while (started < count && list[started].deadline->due)
		started++;
	return started;
}

static void draw(struct tu_page *page, const struct tu_page_deadline *list, size_t count)
{
	size_t drawn = count < DRAWN_MAX ? count : DRAWN_MAX;
	struct axis axis = axis_of(list, drawn, page->in->at);
	int height = TOP + (int)drawn * ROW + 4;
	struct tu_svg svg;

	tu_page__raw(page, "<figure class=\"wide\">");
	svg = tu_svg_open(page->out, "timeline", "Deadlines: from start to due date, and when met",
		"deadline-table", LEFT + WIDTH + RIGHT, height + 20);
	draw_ticks(&svg, &axis, height);
	tu_svg_line(&svg, "now", place(&axis, page->in->at), TOP - 8, place(&axis, page->in->at),
		height);
	tu_svg_text(&svg, "s m", place(&axis, page->in->at), height + 14, TU_STR("this report"));
	for (size_t i = 0; i < drawn; i++)
		draw_deadline(&svg, &axis, &list[i], page->in->at, TOP + (int)i * ROW + ROW / 2);
	tu_svg_close(&svg);
	tu_page__raw(page,
		"<figcaption>Line: from the start to the stroke, where the deadline is due. "
		"Dashed line: late. Dot: met or done. Cross: not done.");
	if (count > drawn) {
		tu_page__raw(page, " The drawing has the ");
		tu_html_count(page->out, drawn);
		tu_page__raw(page, " most urgent; the table has all.");
	}
	tu_page__raw(page, "</figcaption></figure>\n");
}

/* ---- the table ---- */

static void add_missing(struct tu_page *page, const struct tu_deadline *d)
{
	for (size_t i = 0; i < d->lacking_count; i++) {
		struct tu_str word = tu_str_c(d->lacking[i]);
		bool part = tu_str_skip(&word, TU_STR("stop:"));

		tu_page__raw(page, i ? ", " : "missing: ");
		if (part) {
			tu_page__word(page, d->rule->stop);
			tu_page__raw(page, " must say ");
		}
		tu_page__text(page, word);
	}
}

static void add_state(struct tu_page *page, const struct tu_deadline *d)
{
	int64_t end = d->stopped ? d->stopped : page->in->at;

	tu_page__raw(page, "<td>");
	tu_page__mark(page, looks[d->state].style, tu_deadline_state_name(d->state));
	if (d->state == TU_DEADLINE_MISSED) {
		tu_page__raw(page, "<small>late by ");
		tu_page__span(page, end - d->due);
		tu_page__raw(page, "</small>");
	}
	if (d->state == TU_DEADLINE_RUNNING) {
		tu_page__raw(page, "<small>");
		tu_page__span(page, d->due - page->in->at);
		tu_page__raw(page, " left</small>");
	}
	tu_page__raw(page, "</td>");
}

/* In the zone of the maker, in which days are counted. */
static void add_time_cell(struct tu_page *page, int64_t seconds, const char *otherwise)
{
	const struct tu_zone *zone = &page->in->device->policy.zone;

	tu_page__raw(page, "<td class=\"d\">");
	tu_html_date_in(page->out, seconds, zone, otherwise);
	if (seconds) {
		tu_page__raw(page, "<small>");
		tu_html_clock_in(page->out, seconds, zone);
		tu_page__raw(page, "</small>");
	}
	tu_page__raw(page, "</td>");
}

static void add_row(struct tu_page *page, const struct tu_page_deadline *s)
{
	const struct tu_deadline *d = s->deadline;

	tu_page__raw(page, "<tr>");
	tu_page__raw(page, "<th scope=\"row\">");
	tu_page__id(page, s->of->vulnerability);
	tu_page__raw(page, "<small>");
	if (s->of->decision_count)
		tu_page__selector(page, &s->of->decisions[0]->component);
	tu_page__raw(page, "</small></th><td><b>");
	tu_page__word(page, d->rule->id);
	tu_page__raw(page, "</b> ");
	tu_page__word(page, d->rule->title);
	tu_page__raw(page, "<small>");
	tu_page__word(page, d->rule->source);
	tu_page__raw(page, "</small></td>");
	add_state(page, d);
	add_time_cell(page, d->start, "not started");
	add_time_cell(page, d->due, "–");
	add_time_cell(page, d->stopped, "–");
	tu_page__raw(page, "<td>");
	if (d->state != TU_DEADLINE_WAIVED) {
		add_missing(page, d);
		tu_page__raw(page, d->lacking_count && d->note.len ? "; " : "");
	}
	tu_page__text(page, d->note);
	tu_page__raw(page, "</td></tr>\n");
	tu_page__spill(page);
}

/* Uncontrolled findings that no decision records: no deadline runs for them. */
static void add_unrecorded(struct tu_page *page)
{
	size_t count = 0;

	for (size_t i = 0; i < page->in->result->count; i++) {
		const struct tu_assessment *a = &page->in->result->assessments[i];

		count += !a->decision && !tu_assess_is_closed(a) && a->risk == TU_RISK_UNCONTROLLED;
	}
	if (!count)
		return;
	tu_page__raw(page, "<p class=\"note\"><b>");
	tu_html_counted(page->out, count, "uncontrolled finding has", "uncontrolled findings have");
	tu_page__raw(page,
		" no decision:</b> no deadline runs for them, because nothing records when they "
		"became known. Record it as the <code>learned_at</code> of a decision.</p>\n");
}

/* Rows that are not counted, and why. */
static void add_off(struct tu_page *page)
{
	const struct tu_deadline_off *off;

	for (size_t i = 0; (off = tu_deadline_off_at(page->in->device, i)) != NULL; i++) {
		tu_page__raw(page, "<p class=\"note\"><b>Not counted: ");
		tu_page__word(page, off->title);
		tu_page__raw(page, "</b> (");
		tu_page__word(page, off->source);
		tu_page__raw(page, "): ");
		tu_page__word(page, off->why);
		tu_page__raw(page, ".</p>\n");
	}
}

/* Unknown never looks like "no duty". */
static enum tu_status add_unwatched(struct tu_page *page)
{
	const struct tu_unwatched *list;
	struct tu_error err = {0};
	size_t count;
	enum tu_status status =
		tu_deadline_unwatched(page->in->arena, page->in->device, &list, &count, &err);

	for (size_t i = 0; i < count && !status; i++) {
		tu_page__raw(page, "<p class=\"note\"><b>Market ");
		tu_page__text(
			page, list[i].market.len ? list[i].market : TU_STR("(none is stated)"));
		tu_page__raw(page, ":</b> ");
		tu_page__word(page, tu_unwatched_sentence(list[i].why));
		tu_page__raw(page, ".</p>\n");
	}
	return status;
}

enum tu_status tu_page__deadlines(struct tu_page *page)
{
	static const char *const heads[] = {"Vulnerability", "Deadline", "State", "Started", "Due",
		"Done", "Missing evidence; notes", NULL};
	size_t started = count_started(page->deadlines, page->deadline_count);
	enum tu_status status;

	tu_page__raw(page,
		"<p>Of the device, over all its releases. A deadline starts when a decision "
		"records that the vulnerability became known.</p>\n");
	add_unrecorded(page);
	add_off(page);
	status = add_unwatched(page);
	if (status != TU_OK)
		return status;
	if (!page->deadline_count) {
		tu_page__raw(page,
			"<p>None: no decision records that a vulnerability became known.</p>\n");
		return TU_OK;
	}
	if (started)
		draw(page, page->deadlines, started);
	tu_page__raw(page, "<div class=\"deadlines\">");
	tu_page__table(page, "deadline-table", TU_STR("Deadlines, most urgent first"), heads);
	for (size_t i = 0; i < page->deadline_count; i++)
		add_row(page, &page->deadlines[i]);
	tu_page__table_end(page);
	tu_page__raw(page, "</div>\n");
	return TU_OK;
}
