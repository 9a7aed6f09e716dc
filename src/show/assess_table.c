/* tutela assess, for people. */
#include "show/assess.h"

#include <stdio.h>

#include "show/deadline_text.h"
#include "show/describe.h"
#include "show/paint.h"

struct table {
	const struct tu_assess_view *view;
	const struct tu_assess_answer *assessing;
	const struct tu_device *device;
	const struct tu_assess_result *result;
	struct tu_sink *out;
	struct tu_paint paint;
};

static void plain(struct table *t, const char *text)
{
	tu_paint_c(&t->paint, TU_HUE_PLAIN, text);
}

static void text(struct table *t, enum tu_hue hue, struct tu_str s)
{
	tu_paint(&t->paint, hue, s);
}

static void line_end(struct table *t)
{
	tu_buf_byte(&t->out->buf, '\n');
	tu_sink_spill(t->out);
}

static void add_counts(struct table *t)
{
	static const enum tu_assess_state order[] = {
		TU_ASSESS_UNDECIDED, TU_ASSESS_DECIDED, TU_ASSESS_CARRIED, TU_ASSESS_REOPENED};
	const struct tu_assess_counts *counts = &t->result->counts;
	struct tu_buf *out = &t->out->buf;

	tu_buf_printf(out, ": %zu findings", t->result->count);
	for (size_t i = 0; i < TU_COUNT(order); i++)
		tu_buf_printf(out, "%s %zu %s", i ? "," : ":", counts->state[order[i]],
			tu_assess_state_label(order[i]));
	if (counts->state[TU_ASSESS_SUPPLIER])
		tu_buf_printf(out, ", %zu closed by a trusted supplier",
			counts->state[TU_ASSESS_SUPPLIER]);
}

static void add_heading(struct table *t)
{
	const struct tu_assess_counts *counts = &t->result->counts;
	size_t unassessed = tu_assess_count_waiting(t->result);
	size_t excluded = tu_assess_count_excluded(t->result);

	text(t, TU_HUE_BOLD, t->device->family);
	plain(t, " ");
	text(t, TU_HUE_BOLD, t->assessing->release->version);
	add_counts(t);
	line_end(t);
	tu_buf_printf(&t->out->buf, "Open: %zu uncontrolled", counts->uncontrolled);
	if (unassessed)
		tu_buf_printf(&t->out->buf, " (%zu without a valid decision)", unassessed);
	tu_buf_printf(
		&t->out->buf, ", %zu controlled. Closed: %zu.", counts->controlled, counts->closed);
	line_end(t);
	if (excluded) {
		tu_buf_printf(&t->out->buf,
			"%zu of these in components that the SBOM excludes from the product.",
			excluded);
		line_end(t);
	}
}

/* ---- the next deadline ---- */

static void add_deadline(struct table *t, const struct tu_clock_row *row)
{
	struct tu_buf *out = &t->out->buf;
	bool missed = row->clock->state == TU_DEADLINE_MISSED;
	int64_t at = t->assessing->input.at;

	tu_paint_c(&t->paint, missed ? TU_HUE_BRIGHT_RED : TU_HUE_YELLOW, row->clock->rule->id);
	plain(t, " for ");
	text(t, TU_HUE_BOLD, row->of->vulnerability);
	plain(t, " in ");
	tu_deadline_write_components(row->of, out);
	plain(t, ", due ");
	tu_deadline_write_time(row->clock->due, &t->device->policy.zone, out);
	plain(t, missed ? ", missed by " : ", in ");
	tu_deadline_write_span(missed ? at - row->clock->due : row->clock->due - at, out);
	line_end(t);
}

static void add_next_deadline(struct table *t)
{
	size_t missed;
	const struct tu_clock_row *next = tu_clock_rows_next(&t->view->deadlines, &missed);

	line_end(t);
	tu_deadline_write_unwatched(
		t->view->deadlines.unwatched, t->view->deadlines.unwatched_count, &t->paint);
	if (!next) {
		plain(t, "No deadline runs. A deadline starts with a decision (tutela decide).");
		line_end(t);
		return;
	}
	if (missed)
		tu_buf_printf(&t->out->buf, "%zu deadline%s missed. The oldest: ", missed,
			missed == 1 ? "" : "s");
	else
		plain(t, "Next deadline: ");
	add_deadline(t, next);
}

/* ---- the matrix ---- */

static enum tu_hue cell_hue(enum tu_risk risk, size_t count)
{
	if (!count)
		return TU_HUE_DIM;
	return risk == TU_RISK_CONTROLLED ? TU_HUE_GREEN : TU_HUE_RED;
}

static void add_cell(struct table *t, size_t band, size_t severity)
{
	static const char marks[] = {[TU_RISK_UNDECIDED] = '?',
		[TU_RISK_CONTROLLED] = '.',
		[TU_RISK_UNCONTROLLED] = '!'};
	enum tu_risk risk = t->device->policy.matrix[band][severity];
	size_t count = t->result->counts.matrix[band][severity];
	char cell[32];
	int len = snprintf(cell, sizeof(cell), "%zu%c", count, marks[risk]);

	tu_paint_cell(&t->paint, cell_hue(risk, count), tu_str_of(cell, (size_t)len), 14, true);
}

static void add_matrix(struct table *t)
{
	const struct tu_risk_policy *policy = &t->device->policy;

	line_end(t);
	tu_paint_cell(&t->paint, TU_HUE_DIM, TU_STR("exploitability"), 16, false);
	for (size_t s = 0; s < TU_HARM_LEVELS; s++)
		tu_paint_cell(&t->paint, TU_HUE_DIM,
			tu_str_c(tu_harm_name(TU_HARM_NEGLIGIBLE + (enum tu_harm)s)), 14, true);
	line_end(t);
	for (size_t b = policy->band_count; b-- > 0;) {
		tu_paint_cell(&t->paint, TU_HUE_PLAIN, policy->bands[b].name, 16, false);
		for (size_t s = 0; s < TU_HARM_LEVELS; s++)
			add_cell(t, b, s);
		line_end(t);
	}
	tu_paint_c(&t->paint, TU_HUE_DIM, "Open findings; \"!\" uncontrolled, \".\" controlled");
	line_end(t);
}

/* ---- one finding ---- */

static void add_age(struct table *t, const struct tu_assessment *a)
{
	struct tu_buf age;

	if (!a->since) {
		plain(t, ", age not known");
		return;
	}
	tu_buf_init(&age, 64);
	tu_describe_age(a->since, t->assessing->input.at, &age);
	plain(t, ", ");
	text(t, TU_HUE_PLAIN, tu_buf_str(&age));
	tu_buf_done(&age);
}

static void add_state(struct table *t, const struct tu_assessment *a)
{
	static const enum tu_hue hues[] = {[TU_ASSESS_UNDECIDED] = TU_HUE_YELLOW,
		[TU_ASSESS_DECIDED] = TU_HUE_GREEN,
		[TU_ASSESS_CARRIED] = TU_HUE_GREEN,
		[TU_ASSESS_REOPENED] = TU_HUE_BRIGHT_RED,
		[TU_ASSESS_SUPPLIER] = TU_HUE_YELLOW};

	tu_paint_c(&t->paint, hues[a->state], tu_assess_state_label(a->state));
	add_age(t, a);
	if (a->state == TU_ASSESS_REOPENED) {
		plain(t, ": ");
		text(t, TU_HUE_PLAIN, a->reopen_why);
	}
}

static void add_label(struct table *t, const char *label)
{
	plain(t, "    ");
	tu_paint_cell(&t->paint, TU_HUE_DIM, tu_str_c(label), 16, false);
}

static void add_facts(struct table *t, const struct tu_proposal *proposal)
{
	add_label(t, "exploitability");
	text(t, TU_HUE_BOLD, t->device->policy.bands[proposal->band].name);
	for (size_t i = 0; i < proposal->fact_count; i++) {
		plain(t, i ? "; " : ": ");
		text(t, TU_HUE_PLAIN, proposal->facts[i].text);
		tu_buf_printf(&t->out->buf, " [%u]", proposal->facts[i].level);
	}
	line_end(t);
}

static void add_axis(struct table *t, const char *label, const char *value, struct tu_str why)
{
	add_label(t, label);
	tu_paint_c(&t->paint, TU_HUE_BOLD, value);
	plain(t, ": ");
	text(t, TU_HUE_PLAIN, why);
	line_end(t);
}

static void add_response(struct table *t, const struct tu_assessment *a)
{
	size_t count = 0;

	add_label(t, "response");
	tu_paint_c(&t->paint, TU_HUE_BOLD, a->proposal.response);
	for (size_t i = 0; i < t->view->rule_count; i++) {
		if (!tu_assess_starts(t->view->rules[i], a))
			continue;
		plain(t, count++ ? ", " : "; starts ");
		plain(t, t->view->rules[i]->id);
	}
	if (t->device->pma && a->risk == TU_RISK_CONTROLLED)
		plain(t, "; goes into the PMA periodic report");
	line_end(t);
}

static void add_decision(struct table *t, const struct tu_assessment *a)
{
	const struct tu_decision *decision = a->decision;

	if (!decision)
		return;
	add_label(t, a->state == TU_ASSESS_REOPENED ? "was decided" : "decision");
	plain(t, tu_claim_status_name(decision->status));
	if (decision->risk != TU_RISK_UNDECIDED) {
		plain(t, ", ");
		plain(t, tu_risk_name(decision->risk));
	}
	if (decision->decided_by.len) {
		plain(t, ", by ");
		text(t, TU_HUE_PLAIN, decision->decided_by);
	}
	plain(t, " (");
	text(t, TU_HUE_DIM, decision->file);
	plain(t, ")");
	line_end(t);
}

static void add_supplier(struct table *t, const struct tu_assessment *a)
{
	if (!a->of->supplier)
		return;
	add_label(t, "supplier");
	text(t, TU_HUE_PLAIN, a->of->finding->statement);
	line_end(t);
}

static void add_word(struct table *t, const struct tu_assessment *a)
{
	const char *word =
		tu_assess_is_closed(a) ? tu_claim_status_name(a->status) : tu_risk_name(a->risk);
	enum tu_hue hue = tu_assess_is_closed(a)  ? TU_HUE_DIM
		: a->risk == TU_RISK_UNCONTROLLED ? TU_HUE_BRIGHT_RED
						  : TU_HUE_GREEN;

	tu_paint_cell(&t->paint, hue, tu_str_c(word), 13, false);
}

/* Assessed all the same: what the SBOM says of its scope is no decision. */
static void add_excluded(struct table *t, const struct tu_assessment *a)
{
	if (!a->of->distinct->excluded)
		return;
	text(t, TU_HUE_YELLOW, TU_STR("excluded: not in the product, as the SBOM says"));
	plain(t, "  ");
}

static void add_name(struct table *t, const struct tu_assessment *a)
{
	const struct tu_component *component =
		&t->assessing->input.inventory->components[a->of->distinct->first];

	text(t, TU_HUE_BOLD, a->of->facts.id);
	plain(t, " ");
	text(t, TU_HUE_PLAIN, component->name);
	plain(t, " ");
	text(t, TU_HUE_PLAIN, component->version);
	plain(t, "  ");
	add_excluded(t, a);
}

static void add_title(struct table *t, const struct tu_assessment *a)
{
	if (!a->of->facts.title.len)
		return;
	plain(t, "    ");
	text(t, TU_HUE_PLAIN, a->of->facts.title);
	line_end(t);
}

static void add_first_line(struct table *t, const struct tu_assessment *a)
{
	add_word(t, a);
	add_name(t, a);
	add_state(t, a);
	if (a->of->finding->verdict == TU_MATCH_UNDECIDED)
		plain(t, "; whether it is affected is undecided");
	line_end(t);
}

/* Its cell of the matrix, what makes it urgent, and where it stands. */
static void add_short(struct table *t, const struct tu_assessment *a)
{
	struct tu_buf *out = &t->out->buf;

	add_word(t, a);
	add_name(t, a);
	if (a->band < t->device->policy.band_count) {
		text(t, TU_HUE_PLAIN, t->device->policy.bands[a->band].name);
		plain(t, "/");
	}
	plain(t, tu_harm_name(a->harm));
	if (a->of->facts.has_kev)
		tu_paint_c(&t->paint, TU_HUE_BRIGHT_RED, ", known to be exploited");
	if (a->of->tenths != TU_SCORE_UNSTATED)
		tu_buf_printf(out, ", CVSS %.1f", a->of->tenths / 10.0);
	if (!tu_assess_is_closed(a)) {
		plain(t, ", response ");
		plain(t, a->proposal.response);
	}
	plain(t, "; ");
	tu_paint_c(&t->paint, TU_HUE_PLAIN, tu_assess_state_label(a->state));
	line_end(t);
	add_title(t, a);
}

static void add_finding(struct table *t, const struct tu_assessment *a)
{
	if (t->view->summary) {
		add_short(t, a);
		return;
	}
	add_first_line(t, a);
	add_title(t, a);
	add_supplier(t, a);
	if (tu_assess_is_closed(a))
		return;
	add_facts(t, &a->proposal);
	add_axis(t, "harm", tu_harm_name(a->proposal.harm), a->proposal.harm_why);
	add_axis(t, "privacy", tu_privacy_name(a->proposal.privacy), a->proposal.privacy_why);
	add_axis(t, "proposed", tu_risk_name(a->proposal.risk), a->proposal.risk_why);
	add_response(t, a);
	add_decision(t, a);
}

static void add_loose(struct table *t)
{
	for (size_t i = 0; i < t->result->loose_count; i++) {
		const struct tu_loose_decision *loose = &t->result->loose[i];

		if (i == 0) {
			line_end(t);
			plain(t, "Decisions without a finding:");
			line_end(t);
		}
		plain(t, "    ");
		text(t, TU_HUE_PLAIN, loose->decision->file);
		plain(t, ": ");
		plain(t, tu_reopen_name(loose->reopen));
		plain(t, loose->reopen ? ": " : "");
		text(t, TU_HUE_PLAIN, loose->why);
		line_end(t);
	}
}

static void add_findings(struct table *t)
{
	const struct tu_assess_selected *findings = &t->view->findings;

	if (findings->count)
		line_end(t);
	for (size_t i = 0; i < findings->count; i++)
		add_finding(t, findings->at[i]);
	if (!t->view->selected || findings->count == t->result->count)
		return;
	line_end(t);
	if (!findings->count)
		tu_buf_printf(&t->out->buf,
			"None of %zu findings is listed; --limit N lists the most important",
			t->result->count);
	else
		tu_buf_printf(&t->out->buf, "%zu of %zu findings are listed", findings->count,
			t->result->count);
	if (findings->matching != t->result->count)
		tu_buf_printf(&t->out->buf, "; %zu match", findings->matching);
	plain(t, ".");
	line_end(t);
}

enum tu_status tu_assess_table(
	const struct tu_assess_view *view, struct tu_sink *out, struct tu_error *err)
{
	struct table t = {
		.view = view,
		.assessing = view->assessing,
		.device = view->assessing->folder.device,
		.result = view->assessing->result,
		.out = out,
		.paint = {&out->buf, view->colour},
	};

	add_heading(&t);
	add_matrix(&t);
	add_next_deadline(&t);
	add_loose(&t);
	add_findings(&t);
	return tu_sink_check(out, err);
}
