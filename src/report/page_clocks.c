/* Clocks: a timeline, and the table that says the same of every one. */
#include "report/page_parts.h"

#include <stdlib.h>

#include "base/time.h"
#include "base/utf8.h"

enum { DRAWN_MAX = 40, LEFT = 236, WIDTH = 560, RIGHT = 96, TOP = 30, ROW = 20, TICKS_MAX = 9 };

struct shown {
	const struct tu_deadline_case *of;
	const struct tu_deadline *clock;
};

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
	const struct shown *x = a, *y = b;
	int ranks = looks[x->clock->state].rank - looks[y->clock->state].rank;

	if (ranks)
		return ranks;
	if (x->clock->due != y->clock->due)
		return x->clock->due < y->clock->due ? -1 : 1;
	ranks = tu_str_cmp(x->of->vulnerability, y->of->vulnerability);
	return ranks ? ranks
		     : tu_str_cmp(tu_str_c(x->clock->rule->id), tu_str_c(y->clock->rule->id));
}

static bool gather(struct tu_page *page, struct shown **out_list, size_t *out_count)
{
	const struct tu_page_input *in = page->in;
	size_t count = 0;

	for (size_t i = 0; i < in->case_count; i++)
		count += in->clocks[i].count;
	*out_list = tu_arena_array(in->arena, count, sizeof(**out_list));
	*out_count = 0;
	if (!*out_list)
		return false;
	for (size_t i = 0; i < in->case_count; i++)
		for (size_t k = 0; k < in->clocks[i].count; k++)
			(*out_list)[(*out_count)++] =
				(struct shown){&in->cases[i], &in->clocks[i].at[k]};
	if (count)
		qsort(*out_list, count, sizeof(**out_list), compare);
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

static struct axis axis_of(const struct shown *list, size_t count, int64_t at)
{
	struct axis axis = {at - 86400, at + 86400};

	for (size_t i = 0; i < count; i++) {
		widen(&axis, list[i].clock->start);
		widen(&axis, list[i].clock->due);
		widen(&axis, list[i].clock->stopped);
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

static void draw_name(struct tu_svg *svg, const struct shown *s, int y)
{
	struct tu_buf label;

	tu_buf_init(&label, 120);
	tu_buf_str_add(&label, tu_utf8_first(s->of->vulnerability, 40));
	tu_buf_byte(&label, ' ');
	tu_buf_str_add(&label, tu_utf8_first(tu_str_c(s->clock->rule->id), 24));
	tu_svg_text(svg, "e", LEFT - 8, y + 4, tu_buf_str(&label));
	svg->out->failed |= label.failed;
	tu_buf_done(&label);
}

static void draw_clock(
	struct tu_svg *svg, const struct axis *axis, const struct shown *s, int64_t at, int y)
{
	const struct tu_deadline *clock = s->clock;
	int64_t end = clock->stopped ? clock->stopped : at;
	int due = place(axis, clock->due), start = place(axis, clock->start);

	draw_name(svg, s, y);
	tu_svg_line(svg, "span", start, y, due, y);
	if (end > clock->due && clock->state != TU_DEADLINE_WAIVED)
		tu_svg_line(svg, "late", due, y, place(axis, end), y);
	tu_svg_line(svg, "due", due, y - 6, due, y + 6);
	if (clock->stopped)
		tu_svg_circle(svg, looks[clock->state].drawn, place(axis, clock->stopped), y, 4);
	else if (clock->state == TU_DEADLINE_MISSED)
		tu_svg_cross(svg, "late", place(axis, at), y, 4);
	tu_svg_text(
		svg, "s", LEFT + WIDTH + 10, y + 4, tu_str_c(tu_deadline_state_name(clock->state)));
}

/* Clocks that wait have no place in time and no line; they sort behind all others. */
static size_t count_started(const struct shown *list, size_t count)
{
	size_t started = 0;

	while (started < count && list[started].clock->due)
		started++;
	return started;
}

static void draw(struct tu_page *page, const struct shown *list, size_t count)
{
	size_t drawn = count < DRAWN_MAX ? count : DRAWN_MAX;
	struct axis axis = axis_of(list, drawn, page->in->at);
	int height = TOP + (int)drawn * ROW + 4;
	struct tu_svg svg;

	tu_page__raw(page, "<figure class=\"wide\">");
	svg = tu_svg_open(page->out, "timeline", "Clocks: from start to due date, and when met",
		"clock-table", LEFT + WIDTH + RIGHT, height + 20);
	draw_ticks(&svg, &axis, height);
	tu_svg_line(&svg, "now", place(&axis, page->in->at), TOP - 8, place(&axis, page->in->at),
		height);
	tu_svg_text(&svg, "s m", place(&axis, page->in->at), height + 14, TU_STR("this report"));
	for (size_t i = 0; i < drawn; i++)
		draw_clock(&svg, &axis, &list[i], page->in->at, TOP + (int)i * ROW + ROW / 2);
	tu_svg_close(&svg);
	tu_page__raw(page,
		"<figcaption>Line: the time given, up to the stroke where it is due. "
		"Heavy dashed line: late. Dot: met or done; cross: not done.");
	if (count > drawn) {
		tu_page__raw(page, " Drawn are the ");
		tu_html_count(page->out, drawn);
		tu_page__raw(page, " that matter most; the table has all.");
	}
	tu_page__raw(page, "</figcaption></figure>\n");
}

/* ---- the table ---- */

static void add_lacking(struct tu_page *page, const struct tu_deadline *clock)
{
	for (size_t i = 0; i < clock->lacking_count; i++) {
		struct tu_str word = tu_str_c(clock->lacking[i]);
		bool part = tu_str_skip(&word, TU_STR("stop:"));

		tu_page__raw(page, i ? ", " : "lacks ");
		if (part) {
			tu_page__word(page, clock->rule->stop);
			tu_page__raw(page, " says: ");
		}
		tu_page__text(page, word);
	}
}

static void add_span(struct tu_page *page, int64_t seconds)
{
	if (seconds < 86400)
		tu_html_counted(page->out, (size_t)(seconds / 3600), "hour", "hours");
	else
		tu_html_days(page->out, seconds);
}

static void add_state(struct tu_page *page, const struct tu_deadline *clock)
{
	int64_t end = clock->stopped ? clock->stopped : page->in->at;

	tu_page__raw(page, "<td>");
	tu_page__mark(page, looks[clock->state].style, tu_deadline_state_name(clock->state));
	if (clock->state == TU_DEADLINE_MISSED) {
		tu_page__raw(page, "<small>late by ");
		add_span(page, end - clock->due);
		tu_page__raw(page, "</small>");
	}
	if (clock->state == TU_DEADLINE_RUNNING) {
		tu_page__raw(page, "<small>");
		add_span(page, clock->due - page->in->at);
		tu_page__raw(page, " left</small>");
	}
	tu_page__raw(page, "</td>");
}

static void add_time_cell(struct tu_page *page, int64_t seconds, const char *otherwise)
{
	tu_page__raw(page, "<td class=\"d\">");
	tu_html_date(page->out, seconds, otherwise);
	if (seconds) {
		tu_page__raw(page, "<small>");
		tu_html_clock(page->out, seconds);
		tu_page__raw(page, "</small>");
	}
	tu_page__raw(page, "</td>");
}

static void add_row(struct tu_page *page, const struct shown *s)
{
	const struct tu_deadline *clock = s->clock;

	tu_page__raw(page, "<tr>");
	tu_page__row_id(page, s->of->vulnerability);
	tu_page__raw(page, "<td><b>");
	tu_page__word(page, clock->rule->id);
	tu_page__raw(page, "</b> ");
	tu_page__word(page, clock->rule->title);
	tu_page__raw(page, "<small>");
	tu_page__word(page, clock->rule->source);
	tu_page__raw(page, "</small></td>");
	add_state(page, clock);
	add_time_cell(page, clock->start, "not started");
	add_time_cell(page, clock->due, "–");
	add_time_cell(page, clock->stopped, "–");
	tu_page__raw(page, "<td>");
	if (clock->state != TU_DEADLINE_WAIVED) {
		add_lacking(page, clock);
		tu_page__raw(page, clock->lacking_count && clock->note.len ? "; " : "");
	}
	tu_page__text(page, clock->note);
	tu_page__raw(page, "</td></tr>\n");
	tu_page__spill(page);
}

enum tu_status tu_page__clocks(struct tu_page *page)
{
	static const char *const heads[] = {"Vulnerability", "Clock", "State", "Started", "Due",
		"Done", "Evidence that is lacking; notes", NULL};
	struct shown *list;
	size_t count, started;

	if (!gather(page, &list, &count))
		return TU_E_NOMEM;
	started = count_started(list, count);
	tu_page__section(page, "clocks", "Clocks");
	tu_page__raw(page,
		"<p>Of the device, over all its releases. A clock runs where a decision "
		"records that the vulnerability was learned of.</p>\n");
	if (started)
		draw(page, list, started);
	if (count) {
		tu_page__raw(page, "<div class=\"clocks\">");
		tu_page__table(page, "clock-table", TU_STR("Clocks: missed, running, met"), heads);
		for (size_t i = 0; i < count; i++)
			add_row(page, &list[i]);
		tu_page__table_end(page);
		tu_page__raw(page, "</div>\n");
	} else {
		tu_page__raw(page,
			"<p>None runs: no decision records that a vulnerability was "
			"learned of.</p>\n");
	}
	tu_page__section_end(page);
	return TU_OK;
}
