/* tutela clocks, for people: what is due first comes first. */
#include "show/deadlines.h"

#include "base/time.h"
#include "show/deadline_text.h"
#include "show/paint.h"

enum { STATE_WIDTH = 12, RULE_WIDTH = 20, INDENT = STATE_WIDTH + RULE_WIDTH };

struct table {
	const struct tu_deadlines_view *view;
	struct tu_buf *out;
	struct tu_paint paint;
};

/* Words of the maker's own clocks come from a file. */
static void words(struct table *t, const char *text)
{
	tu_paint_c(&t->paint, TU_HUE_PLAIN, text);
}

static void next_line(struct table *t)
{
	tu_buf_printf(t->out, "\n%*s", INDENT, "");
}

static void add_span(struct table *t, const char *before, int64_t seconds)
{
	tu_buf_c(t->out, before);
	tu_deadline_write_span(seconds, t->out);
}

static void add_when(struct table *t, const struct tu_deadline *clock)
{
	int64_t at = t->view->at;

	if (!clock->due) {
		tu_buf_c(t->out, "waits for ");
		words(t, clock->rule->start);
		return;
	}
	tu_buf_c(t->out, "due ");
	tu_deadline_write_time(clock->due, t->view->zone, t->out);
	if (clock->stopped) {
		tu_buf_c(t->out, ", done ");
		tu_deadline_write_time(clock->stopped, t->view->zone, t->out);
	}
	if (clock->state == TU_DEADLINE_RUNNING)
		add_span(t, ", in ", clock->due - at);
	if (clock->state == TU_DEADLINE_MISSED)
		add_span(t, ", late by ", (clock->stopped ? clock->stopped : at) - clock->due);
}

/* An event that happened without evidence is not missing in the usual sense: say which. */
static bool has_happened(const struct tu_deadline_case *c, struct tu_str event)
{
	for (size_t i = 0; i < c->event_count; i++)
		if (!c->events[i]->corrected && tu_str_eq(c->events[i]->name, event))
			return true;
	return false;
}

static void add_missing(struct table *t, const struct tu_clock_row *row)
{
	const struct tu_deadline *clock = row->clock;

	for (size_t i = 0; i < clock->lacking_count; i++) {
		struct tu_str word = tu_str_c(clock->lacking[i]);
		bool part = tu_str_skip(&word, TU_STR("stop:"));

		tu_buf_c(t->out, i ? ", " : "; missing ");
		if (part)
			tu_buf_printf(t->out, "%s says: ", clock->rule->stop);
		words(t, part ? word.ptr : clock->lacking[i]);
		if (!part && has_happened(row->of, word))
			tu_buf_c(t->out, " (recorded without evidence)");
	}
}

/* The day on which the maker learned of it, as its own calendar has it. */
static void add_learned(struct table *t, int64_t learned)
{
	int64_t local = learned + tu_zone_offset(t->view->zone, learned);

	if (learned && local > 0) {
		tu_buf_c(t->out, ", learned ");
		tu_time_write_date(local, t->out);
	}
	tu_buf_byte(t->out, ')');
}

static void add_row(struct table *t, const struct tu_clock_row *row)
{
	static const enum tu_hue hues[] = {[TU_DEADLINE_WAITING] = TU_HUE_DIM,
		[TU_DEADLINE_RUNNING] = TU_HUE_YELLOW,
		[TU_DEADLINE_MET] = TU_HUE_GREEN,
		[TU_DEADLINE_MISSED] = TU_HUE_BRIGHT_RED,
		[TU_DEADLINE_WAIVED] = TU_HUE_GREEN,
		[TU_DEADLINE_CONDITIONAL] = TU_HUE_YELLOW};
	const struct tu_deadline *clock = row->clock;

	tu_paint_cell(&t->paint, hues[clock->state], tu_str_c(tu_deadline_state_name(clock->state)),
		STATE_WIDTH, false);
	tu_paint_cell(&t->paint, TU_HUE_PLAIN, tu_str_c(clock->rule->id), RULE_WIDTH, false);
	tu_paint(&t->paint, TU_HUE_BOLD, row->of->vulnerability);
	tu_buf_c(t->out, " in ");
	tu_deadline_write_components(row->of, t->out);
	tu_buf_printf(t->out, " (%s", row->of->closed ? "closed" : tu_risk_name(row->of->risk));
	if (row->of->was_uncontrolled && (row->of->closed || row->of->risk != TU_RISK_UNCONTROLLED))
		tu_buf_c(t->out, ", was uncontrolled");
	add_learned(t, row->of->learned);
	next_line(t);
	add_when(t, clock);
	if (clock->state != TU_DEADLINE_WAIVED)
		add_missing(t, row);
	if (clock->note.len) {
		tu_buf_c(t->out, "; ");
		tu_paint(&t->paint, TU_HUE_PLAIN, clock->note);
	}
	next_line(t);
	words(t, clock->rule->title);
	tu_buf_printf(t->out, " (%s)\n", clock->rule->source);
}

/* What is missing are events: say how one is recorded. */
static void add_how(struct table *t)
{
	const struct tu_clock_rows *rows = &t->view->answer->rows;
	bool missing = false;

	for (size_t i = 0; i < rows->count; i++) {
		const struct tu_deadline *clock = rows->at[i].clock;

		missing |= clock->lacking_count > 0 && clock->state != TU_DEADLINE_WAIVED;
	}
	if (missing)
		tu_buf_c(t->out,
			"Record what is missing with: tutela decide DIR DECISION --event WORD "
			"--evidence REF [--contents WORD,WORD]\n");
}

static void add_unassessed(struct table *t)
{
	const struct tu_unassessed *u = &t->view->answer->unassessed;

	if (!u->looked) {
		tu_buf_c(t->out, "Findings without a decision were not counted: ");
		tu_paint(&t->paint, TU_HUE_PLAIN, tu_str_c(u->why.message));
		tu_buf_byte(t->out, '\n');
		return;
	}
	tu_buf_printf(t->out, "%zu uncontrolled finding%s of release %.*s %s no valid decision%s\n",
		u->count, u->count == 1 ? "" : "s", TU_STR_FMT(u->release),
		u->count == 1 ? "has" : "have",
		u->count ? ": no deadline is counted for them until one is recorded (tutela decide)"
			 : "");
}

static void add_off(struct table *t)
{
	const struct tu_deadline_off *off;

	for (size_t i = 0; (off = tu_deadline_off_at(t->view->answer->folder.device, i)) != NULL;
		i++)
		tu_buf_printf(t->out, "Off: %s (%s): %s\n", off->id, off->source, off->why);
}

/* Unknown never looks like "no duty". */
static void add_gaps(struct table *t)
{
	const struct tu_deadlines_of *all = &t->view->answer->all;

	add_off(t);
	tu_deadline_write_unwatched(all->unwatched, all->unwatched_count, &t->paint);
	for (size_t i = 0; i < all->unknown_count; i++) {
		tu_paint_c(&t->paint, TU_HUE_YELLOW, "Event ");
		tu_paint(&t->paint, TU_HUE_YELLOW, all->unknown[i].event->name);
		tu_buf_c(t->out, " of decision ");
		tu_paint(&t->paint, TU_HUE_PLAIN, all->unknown[i].decision->id);
		tu_buf_c(t->out, ": no deadline knows it\n");
	}
}

static void add_counts(struct table *t)
{
	const size_t *states = t->view->answer->all.states;

	tu_buf_printf(t->out,
		"%zu missed, %zu running, %zu conditional, %zu met, %zu waived, "
		"%zu waiting; %zu vulnerabilities with a decision\n",
		states[TU_DEADLINE_MISSED], states[TU_DEADLINE_RUNNING],
		states[TU_DEADLINE_CONDITIONAL], states[TU_DEADLINE_MET],
		states[TU_DEADLINE_WAIVED], states[TU_DEADLINE_WAITING],
		t->view->answer->all.case_count);
}

enum tu_status tu_deadlines_table(
	const struct tu_deadlines_view *view, struct tu_sink *out, struct tu_error *err)
{
	struct table t = {.view = view, .out = &out->buf, .paint = {&out->buf, view->colour}};

	for (size_t i = 0; i < view->answer->rows.count; i++) {
		add_row(&t, &view->answer->rows.at[i]);
		tu_sink_spill(out);
	}
	add_how(&t);
	add_counts(&t);
	add_gaps(&t);
	add_unassessed(&t);
	return tu_sink_check(out, err);
}
