/*
 * --format table: for people. What matters most stands first, grouped by component; the summary
 * also counts what is not known.
 */
#include <stdio.h>

#include "base/time.h"
#include "show/describe.h"
#include "show/format.h"
#include "app/kb_file.h"
#include "show/paint.h"
#include "app/sbom_file.h"

enum {
	ID_MAX = 28, /* columns of an id before it is cut */
	FIXED_MAX = 18,
	TITLE_MIN = 20, /* a title is not squeezed below this */
	NOTES_SHOWN = 5,
	OLD_DAYS = 30, /* knowledge older than this is told in yellow */
	NAME_CEILING = 64 * 1024
};

struct table {
	const struct tu_report *report;
	const struct tu_scan_style *style;
	struct tu_sink *out;
	struct tu_paint paint;
	size_t id_width;
	size_t fixed_width;
};

static void text(const struct table *t, enum tu_hue hue, struct tu_str s)
{
	tu_paint(&t->paint, hue, s);
}

static void plain(const struct table *t, const char *s)
{
	tu_buf_c(t->paint.out, s);
}

static void number(const struct table *t, enum tu_hue hue, size_t value, const char *word)
{
	char shown[96];

	(void)snprintf(shown, sizeof(shown), "%zu%s%s", value, word[0] ? " " : "", word);
	tu_paint_c(&t->paint, hue, shown);
}

static const char *plural(size_t count, const char *one, const char *many)
{
	return count == 1 ? one : many;
}

/* ---- what was scanned, and against what ---- */

static void add_age(const struct table *t)
{
	int64_t newest = t->report->kb_info.newest;
	bool doubtful = t->style->now < newest || t->style->now - newest > OLD_DAYS * 86400;
	struct tu_buf age;

	if (newest == 0 || t->style->now == 0)
		return;
	tu_buf_init(&age, 64);
	tu_describe_age(newest, t->style->now, &age);
	plain(t, " (");
	text(t, doubtful ? TU_HUE_YELLOW : TU_HUE_PLAIN, tu_buf_str(&age));
	plain(t, ")");
	tu_buf_done(&age);
}

/* Sources that are not fresh: what is not found may be what they did not say. */
static void add_source(const struct table *t, const struct tu_sidecar_source *source)
{
	int64_t now = t->report->origin.now;
	enum tu_freshness freshness = tu_sidecar_judge(source, now);
	struct tu_buf age;

	if (freshness == TU_FRESH)
		return;
	tu_buf_init(&age, 64);
	if (source->last_success)
		tu_describe_age(source->last_success, now, &age);
	plain(t, "source ");
	text(t, TU_HUE_BOLD, source->name);
	plain(t, ": ");
	tu_paint_c(&t->paint, TU_HUE_YELLOW, tu_freshness_name(freshness));
	plain(t, age.len ? ", " : "");
	text(t, TU_HUE_PLAIN, tu_buf_str(&age));
	plain(t, source->last_error.len ? "; " : "");
	text(t, TU_HUE_DIM, source->last_error);
	plain(t, "\n");
	tu_buf_done(&age);
}

static void add_sources(const struct table *t)
{
	const struct tu_report_origin *origin = &t->report->origin;

	if (origin->sidecar_problem.len) {
		text(t, TU_HUE_YELLOW, origin->path);
		tu_paint_c(&t->paint, TU_HUE_YELLOW, TU_KB_SIDECAR);
		plain(t, ": ");
		text(t, TU_HUE_PLAIN, origin->sidecar_problem);
		plain(t, "\n");
	}
	for (size_t i = 0; origin->sidecar && i < origin->sidecar->source_count; i++)
		add_source(t, &origin->sidecar->sources[i]);
}

static void add_heading(const struct table *t)
{
	const struct tu_inventory *inventory = t->report->inventory;
	struct tu_buf title, date;

	tu_buf_init(&title, NAME_CEILING);
	tu_buf_init(&date, 64);
	tu_sbom_file_title(inventory, &title);
	tu_time_write_date(t->report->kb_info.newest, &date);
	text(t, TU_HUE_BOLD, title.len ? tu_buf_str(&title) : t->report->inventory_path);
	plain(t, " (");
	tu_paint_c(&t->paint, TU_HUE_PLAIN, tu_sbom_format_name(inventory->format));
	plain(t, " ");
	text(t, TU_HUE_PLAIN, inventory->spec_version);
	plain(t, ", ");
	number(t, TU_HUE_PLAIN, inventory->component_count,
		plural(inventory->component_count, "component", "components"));
	plain(t, ")\nknowledge: ");
	text(t, TU_HUE_PLAIN,
		t->report->origin.starter ? TU_STR("built-in starter") : t->report->origin.path);
	plain(t, ", ");
	number(t, TU_HUE_PLAIN, t->report->kb_info.vulnerabilities,
		plural(t->report->kb_info.vulnerabilities, "vulnerability", "vulnerabilities"));
	if (t->report->kb_info.newest) {
		plain(t, ", newest record ");
		text(t, TU_HUE_PLAIN, tu_buf_str(&date));
		add_age(t);
	}
	plain(t, "\n");
	add_sources(t);
	tu_buf_done(&date);
	tu_buf_done(&title);
}

/* ---- findings ---- */

static void add_score(const struct table *t, const struct tu_report_vulnerability *v)
{
	char shown[16] = "   -";

	if (v->tenths != TU_SCORE_UNSTATED)
		(void)snprintf(shown, sizeof(shown), "%4.1f", v->tenths / 10.0);
	tu_paint_cell(&t->paint, TU_HUE_PLAIN, tu_str_c(shown), 4, true);
}

static void add_epss(const struct table *t, const struct tu_kb_vulnerability *facts)
{
	char shown[16] = "";

	if (facts->epss_score >= 0)
		(void)snprintf(shown, sizeof(shown), "%.1f%%", (double)facts->epss_score * 100);
	tu_paint_cell(&t->paint, TU_HUE_DIM, tu_str_c(shown), 6, true);
}

static void cell(const struct table *t, enum tu_hue hue, struct tu_str s, size_t width)
{
	size_t columns = tu_paint_columns(s);

	tu_paint_cut(&t->paint, hue, s, width);
	for (; columns < width; columns++)
		tu_buf_byte(t->paint.out, ' ');
}

/* Columns in front of the last cell. */
static size_t columns_before_title(const struct table *t)
{
	return 2 + 4 + 9 + 4 + 1 + 6 + 2 + t->id_width + 2 + t->fixed_width + 2;
}

/* The last cell: the title; for an undecided finding first why it is. */
static void add_title(const struct table *t, const struct tu_report_row *row)
{
	size_t before = columns_before_title(t);
	size_t width = t->style->width > before + TITLE_MIN ? t->style->width - before
		: t->style->width			    ? TITLE_MIN
							    : 0;
	struct tu_buf shown;

	tu_buf_init(&shown, NAME_CEILING);
	if (row->finding->verdict == TU_MATCH_UNDECIDED)
		tu_buf_printf(&shown, "%s: ", tu_reason_sentence(row->finding->reason));
	if (row->finding->statement.len)
		tu_buf_printf(&shown, "%.*s; ", TU_STR_FMT(row->finding->statement));
	tu_buf_str_add(&shown, row->vulnerability->facts.title);
	tu_paint_cut(&t->paint,
		row->finding->verdict == TU_MATCH_UNDECIDED ? TU_HUE_DIM : TU_HUE_PLAIN,
		tu_buf_str(&shown), width);
	tu_buf_done(&shown);
}

static void add_row(const struct table *t, const struct tu_report_row *row)
{
	const struct tu_report_vulnerability *v = row->vulnerability;
	bool undecided = row->finding->verdict == TU_MATCH_UNDECIDED;
	const char *mark = undecided ? "?" : v->facts.has_kev ? "KEV" : "";

	plain(t, "  ");
	tu_paint_cell(
		&t->paint, undecided ? TU_HUE_YELLOW : TU_HUE_BRIGHT_RED, tu_str_c(mark), 4, false);
	tu_paint_cell(&t->paint, undecided ? TU_HUE_DIM : tu_paint_severity(v->severity),
		tu_str_c(tu_severity_name(v->severity)), 9, false);
	add_score(t, v);
	plain(t, " ");
	add_epss(t, &v->facts);
	plain(t, "  ");
	cell(t, TU_HUE_BOLD, v->facts.id, t->id_width);
	plain(t, "  ");
	cell(t, TU_HUE_GREEN, row->finding->fixed, t->fixed_width);
	plain(t, "  ");
	add_title(t, row);
	plain(t, "\n");
	tu_sink_spill(t->out);
}

static void add_group_heading(const struct table *t, const struct tu_report_group *group)
{
	const struct tu_component *c = group->component;
	char counts[96];

	plain(t, "\n");
	text(t, TU_HUE_BOLD, c->name);
	plain(t, " ");
	text(t, TU_HUE_BOLD, c->version.len ? c->version : TU_STR("(no version)"));
	if (group->distinct->component_count > 1) {
		plain(t, " (");
		number(t, TU_HUE_PLAIN, group->distinct->component_count, "times)");
	}
	if (c->purl.len || c->cpe_count) {
		plain(t, "  ");
		text(t, TU_HUE_DIM, c->purl.len ? c->purl : c->cpes[0]);
	}
	(void)snprintf(counts, sizeof(counts), "  %zu affected, %zu undecided\n", group->affected,
		group->undecided);
	plain(t, counts);
}

static void add_groups(const struct table *t)
{
	for (size_t g = 0; g < t->report->group_count; g++) {
		const struct tu_report_group *group = &t->report->groups[g];

		add_group_heading(t, group);
		for (size_t i = 0; i < group->affected + group->undecided; i++)
			add_row(t, &group->rows[i]);
	}
}

static size_t wider(size_t width, struct tu_str s, size_t max)
{
	size_t columns = tu_paint_columns(s);

	if (columns > max)
		columns = max;
	return columns > width ? columns : width;
}

static void measure(struct table *t)
{
	t->id_width = 13;
	t->fixed_width = 5;
	for (size_t g = 0; g < t->report->group_count; g++) {
		const struct tu_report_group *group = &t->report->groups[g];

		for (size_t i = 0; i < group->affected + group->undecided; i++) {
			t->id_width =
				wider(t->id_width, group->rows[i].vulnerability->facts.id, ID_MAX);
			t->fixed_width =
				wider(t->fixed_width, group->rows[i].finding->fixed, FIXED_MAX);
		}
	}
}

static void add_column_names(const struct table *t)
{
	if (t->report->group_count == 0)
		return;
	plain(t, "\n      ");
	tu_paint_cell(&t->paint, TU_HUE_DIM, TU_STR("severity"), 9, false);
	tu_paint_cell(&t->paint, TU_HUE_DIM, TU_STR("cvss"), 4, true);
	tu_paint_cell(&t->paint, TU_HUE_DIM, TU_STR("epss"), 7, true);
	plain(t, "  ");
	cell(t, TU_HUE_DIM, TU_STR("id"), t->id_width);
	plain(t, "  ");
	cell(t, TU_HUE_DIM, TU_STR("fixed"), t->fixed_width);
	plain(t, "\n");
}

/* ---- the summary ---- */

static void add_severities(const struct table *t)
{
	const struct tu_report_counts *counts = &t->report->counts;
	const char *joint = " (";

	for (int s = TU_SEVERITY_COUNT_ - 1; s >= 0; s--) {
		enum tu_severity severity = (enum tu_severity)s;

		if (counts->severity[s] == 0)
			continue;
		plain(t, joint);
		number(t, tu_paint_severity(severity), counts->severity[s],
			severity == TU_SEVERITY_UNKNOWN ? "not scored"
							: tu_severity_name(severity));
		joint = ", ";
	}
	if (counts->affected)
		plain(t, ")");
}

static void add_verdicts(const struct table *t)
{
	const struct tu_report_counts *counts = &t->report->counts;

	number(t, TU_HUE_BOLD, counts->affected, plural(counts->affected, "finding", "findings"));
	add_severities(t);
	if (counts->kev) {
		plain(t, ", ");
		number(t, TU_HUE_BRIGHT_RED, counts->kev, "known to be exploited");
	}
	if (counts->affected) {
		plain(t, ", ");
		number(t, TU_HUE_GREEN, counts->fixable, "with a fixed version");
	}
	plain(t, "\n");
	number(t, counts->undecided ? TU_HUE_YELLOW : TU_HUE_PLAIN, counts->undecided,
		"undecided: a person must look");
	if (counts->not_affected > counts->by_files) {
		plain(t, "; ");
		number(t, TU_HUE_PLAIN, counts->not_affected - counts->by_files,
			"cleared by what the SBOM itself states");
	}
	if (counts->by_files) {
		plain(t, "; ");
		number(t, TU_HUE_PLAIN, counts->by_files, "cleared by the statements of --vex");
	}
	if (counts->not_built) {
		plain(t, "; ");
		number(t, TU_HUE_PLAIN, counts->not_built, "of kernel source that was not built");
	}
	plain(t, "\n");
}

static void add_unknown(const struct table *t)
{
	const struct tu_match_counts *matched = &t->report->result->counts;

	number(t, matched->unknown ? TU_HUE_YELLOW : TU_HUE_PLAIN, matched->unknown, "of ");
	number(t, TU_HUE_PLAIN, matched->distinct,
		"distinct components have no applicability data here: nothing is known of them");
	plain(t, "\n");
	if (matched->unidentified) {
		number(t, TU_HUE_YELLOW, matched->unidentified,
			"cannot be looked for: neither purl nor CPE nor name and version");
		plain(t, "\n");
	}
	if (t->report->counts.hidden) {
		number(t, TU_HUE_DIM, t->report->counts.hidden,
			"findings are left out by --min-severity or --only");
		plain(t, "\n");
	}
}

static void add_notes(const struct table *t)
{
	const struct tu_inventory *inventory = t->report->inventory;
	size_t shown = inventory->note_count < NOTES_SHOWN ? inventory->note_count : NOTES_SHOWN;

	if (inventory->note_count == 0)
		return;
	plain(t, "Notes on the SBOM:\n");
	for (size_t i = 0; i < shown; i++) {
		const struct tu_sbom_note *note = &inventory->notes[i];

		plain(t, "  ");
		text(t, TU_HUE_PLAIN, note->pointer.len ? note->pointer : TU_STR("document"));
		plain(t, ": ");
		text(t, TU_HUE_PLAIN, note->message);
		if (note->count > 1) {
			plain(t, " (");
			number(t, TU_HUE_PLAIN, note->count, "times)");
		}
		plain(t, "\n");
	}
	if (inventory->note_count + inventory->notes_left_out > shown) {
		plain(t, "  and ");
		number(t, TU_HUE_PLAIN, inventory->note_count + inventory->notes_left_out - shown,
			"more (--format json lists them)");
		plain(t, "\n");
	}
}

/* Support that is over, also security fixes: findings there will not be mended. */
static void add_ended(const struct table *t)
{
	const struct tu_match_result *result = t->report->result;

	for (size_t i = 0; i < result->release_count; i++) {
		struct tu_support_cycle cycle =
			tu_kb_lifecycle(t->report->kb, result->releases[i].lifecycle);

		if (!tu_describe_ended(&cycle, t->style->now))
			continue;
		text(t, TU_HUE_YELLOW, TU_STR("End of life: "));
		text(t, TU_HUE_PLAIN, cycle.product);
		plain(t, " ");
		text(t, TU_HUE_PLAIN, cycle.cycle);
		plain(t,
			result->releases[i].distinct == TU_KB_NONE
				? ", the operating system of this SBOM,"
				: ",");
		plain(t, " has no security fixes any more");
		if (cycle.eol.len) {
			plain(t, " since ");
			text(t, TU_HUE_PLAIN, cycle.eol);
		}
		plain(t, "\n");
	}
}

enum tu_status tu_format_table(const struct tu_report *report, const struct tu_scan_style *style,
	struct tu_sink *out, struct tu_error *err)
{
	struct table t = {.report = report,
		.style = style,
		.out = out,
		.paint = {.out = &out->buf, .colour = style->colour}};
	(void)err;

	measure(&t);
	add_heading(&t);
	add_column_names(&t);
	add_groups(&t);
	plain(&t, "\n");
	add_verdicts(&t);
	add_unknown(&t);
	add_ended(&t);
	add_notes(&t);
	return TU_OK;
}
