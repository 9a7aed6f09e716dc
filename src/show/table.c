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
#include "show/upgrades.h"
#include "app/sbom_file.h"

enum {
	COLUMNS = 6,
	TITLE_GAP = 2, /* spaces before the title */
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
	size_t widths[COLUMNS];
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

static void add_age(const struct table *t, int64_t newest)
{
	bool doubtful = t->style->now < newest || t->style->now - newest > OLD_DAYS * 86400;
	struct tu_buf age;

	if (t->style->now == 0)
		return;
	tu_buf_init(&age, 64);
	tu_describe_age(newest, t->style->now, &age);
	plain(t, " (");
	text(t, doubtful ? TU_HUE_YELLOW : TU_HUE_PLAIN, tu_buf_str(&age));
	plain(t, ")");
	tu_buf_done(&age);
}

/* As old as the oldest source that matters: one fresh feed must not hide the others. */
static void add_reach(const struct table *t)
{
	struct tu_kb_source oldest;
	struct tu_buf date;

	if (!tu_kb_oldest_source(t->report->kb, &oldest))
		return;
	tu_buf_init(&date, 64);
	tu_time_write_date(oldest.newest, &date);
	if (t->report->kb_info.sources > 1) {
		plain(t, ", oldest source ");
		text(t, TU_HUE_PLAIN,
			oldest.database.len ? oldest.database
					    : tu_str_c(tu_source_name(oldest.source)));
		plain(t, ":");
	} else {
		plain(t, ",");
	}
	plain(t, " newest record ");
	text(t, TU_HUE_PLAIN, tu_buf_str(&date));
	add_age(t, oldest.newest);
	tu_buf_done(&date);
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
	struct tu_buf title;

	tu_buf_init(&title, NAME_CEILING);
	tu_sbom_file_title(inventory, &title);
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
	add_reach(t);
	plain(t, "\n");
	add_sources(t);
	tu_buf_done(&title);
}

/* ---- findings ---- */

/* A cell before it is painted. */
struct cell {
	enum tu_hue hue;
	struct tu_str text;
	char room[16]; /* for a text that is made */
};

static bool is_undecided(const struct tu_report_row *row)
{
	return row->finding->verdict == TU_MATCH_UNDECIDED;
}

static void mark_cell(const struct tu_report_row *row, struct cell *cell)
{
	cell->hue = is_undecided(row) ? TU_HUE_YELLOW : TU_HUE_BRIGHT_RED;
	if (is_undecided(row))
		cell->text = TU_STR("?");
	else if (row->vulnerability->facts.has_kev)
		cell->text = TU_STR("KEV");
}

static void severity_cell(const struct tu_report_row *row, struct cell *cell)
{
	enum tu_severity severity = row->vulnerability->severity;

	cell->hue = is_undecided(row) ? TU_HUE_DIM : tu_paint_severity(severity);
	cell->text = tu_str_c(tu_severity_name(severity));
}

static void score_cell(const struct tu_report_row *row, struct cell *cell)
{
	uint8_t tenths = row->vulnerability->tenths;

	cell->text = TU_STR("-");
	if (tenths == TU_SCORE_UNSTATED)
		return;
	(void)snprintf(cell->room, sizeof(cell->room), "%u.%u", tenths / 10u, tenths % 10u);
	cell->text = tu_str_c(cell->room);
}

static void epss_cell(const struct tu_report_row *row, struct cell *cell)
{
	double score = (double)row->vulnerability->facts.epss_score;

	cell->hue = TU_HUE_DIM;
	if (score < 0)
		return;
	(void)snprintf(cell->room, sizeof(cell->room), "%.1f%%", score * 100);
	cell->text = tu_str_c(cell->room);
}

static void id_cell(const struct tu_report_row *row, struct cell *cell)
{
	cell->hue = TU_HUE_BOLD;
	cell->text = row->vulnerability->facts.id;
}

static void fixed_cell(const struct tu_report_row *row, struct cell *cell)
{
	cell->hue = TU_HUE_GREEN;
	cell->text = row->finding->fixed;
}

/* The columns of a finding, before its title. A column is as wide as its widest cell, between `min`
 * and `max`. */
static const struct column {
	const char *name;
	size_t gap; /* spaces before it */
	size_t min, max;
	bool right;
	void (*fill)(const struct tu_report_row *row, struct cell *cell);
} columns[COLUMNS] = {
	{"", 2, 4, 4, false, mark_cell},
	{"severity", 0, 9, 9, false, severity_cell},
	{"cvss", 0, 4, 4, true, score_cell},
	{"epss", 1, 6, 6, true, epss_cell},
	{"id", 2, 13, 28, false, id_cell},
	{"fixed", 2, 5, 18, false, fixed_cell},
};

static void spaces(const struct table *t, size_t count)
{
	for (; count > 0; count--)
		tu_buf_byte(t->paint.out, ' ');
}

static void add_cell(const struct table *t, size_t column, enum tu_hue hue, struct tu_str shown)
{
	size_t width = t->widths[column];
	size_t used = tu_paint_columns(shown);
	size_t left = used < width ? width - used : 0;
	bool right = columns[column].right;

	spaces(t, columns[column].gap + (right ? left : 0));
	tu_paint_cut(&t->paint, hue, shown, width);
	spaces(t, right ? 0 : left);
}

/* Columns of the terminal before the title. */
static size_t columns_before_title(const struct table *t)
{
	size_t width = TITLE_GAP;

	for (size_t i = 0; i < COLUMNS; i++)
		width += columns[i].gap + t->widths[i];
	return width;
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
	else if (tu_reason_is_triage(row->finding->reason))
		tu_buf_printf(&shown, "%s: ", tu_reason_name(row->finding->reason));
	if (row->finding->statement.len)
		tu_buf_printf(&shown, "%.*s%s", TU_STR_FMT(row->finding->statement),
			row->vulnerability->facts.title.len ? "; " : "");
	tu_buf_str_add(&shown, row->vulnerability->facts.title);
	tu_paint_cut(&t->paint,
		row->finding->verdict == TU_MATCH_UNDECIDED ? TU_HUE_DIM : TU_HUE_PLAIN,
		tu_buf_str(&shown), width);
	tu_buf_done(&shown);
}

static void add_row(const struct table *t, const struct tu_report_row *row)
{
	for (size_t i = 0; i < COLUMNS; i++) {
		struct cell cell = {.hue = TU_HUE_PLAIN};

		columns[i].fill(row, &cell);
		add_cell(t, i, cell.hue, cell.text);
	}
	spaces(t, TITLE_GAP);
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
	if (group->distinct->excluded) {
		plain(t, "  ");
		text(t, TU_HUE_YELLOW, TU_STR("excluded: not in the product, as the SBOM says"));
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

static void measure_row(struct table *t, const struct tu_report_row *row)
{
	for (size_t i = 0; i < COLUMNS; i++) {
		const struct column *column = &columns[i];
		struct cell cell = {.hue = TU_HUE_PLAIN};
		size_t width;

		if (column->min == column->max)
			continue;
		column->fill(row, &cell);
		width = tu_paint_columns(cell.text);
		if (width > column->max)
			width = column->max;
		if (width > t->widths[i])
			t->widths[i] = width;
	}
}

static void measure(struct table *t)
{
	for (size_t i = 0; i < COLUMNS; i++)
		t->widths[i] = columns[i].min;
	for (size_t g = 0; g < t->report->group_count; g++) {
		const struct tu_report_group *group = &t->report->groups[g];

		for (size_t i = 0; i < group->affected + group->undecided; i++)
			measure_row(t, &group->rows[i]);
	}
}

static void add_column_names(const struct table *t)
{
	if (t->report->group_count == 0)
		return;
	plain(t, "\n");
	for (size_t i = 0; i < COLUMNS; i++)
		add_cell(t, i, columns[i].name[0] ? TU_HUE_DIM : TU_HUE_PLAIN,
			tu_str_c(columns[i].name));
	plain(t, "\n");
}

static void add_findings(struct table *t)
{
	measure(t);
	add_column_names(t);
	add_groups(t);
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
		counts->undecided ? "undecided: a person must look" : "undecided");
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

/* Names of the distinct components without data, as many as are asked for. */
static void add_unknown_names(const struct table *t)
{
	const struct tu_match_result *result = t->report->result;
	size_t shown = 0;

	for (size_t i = 0; i < result->distinct_count && shown < t->style->limit; i++) {
		const struct tu_distinct *distinct = &result->distinct[i];
		const struct tu_component *c = &t->report->inventory->components[distinct->first];

		if (distinct->known || !distinct->identified)
			continue;
		plain(t, shown++ ? ", " : "  ");
		text(t, TU_HUE_PLAIN, c->name);
		plain(t, c->version.len ? " " : "");
		text(t, TU_HUE_PLAIN, c->version);
	}
	if (shown && result->counts.unknown > shown) {
		plain(t, " and ");
		number(t, TU_HUE_PLAIN, result->counts.unknown - shown,
			"more (--limit N names more)");
	}
	plain(t, shown ? "\n" : "");
}

static void add_uncovered(const struct table *t)
{
	for (size_t i = 0; i < t->report->result->uncovered_count; i++) {
		const struct tu_str *release = &t->report->result->uncovered[i];

		plain(t, "The data do not cover ");
		text(t, TU_HUE_YELLOW, *release);
		plain(t, ": no record is about this release\n");
	}
}

static void add_excluded(const struct table *t)
{
	size_t count = t->report->counts.excluded;

	if (count == 0)
		return;
	number(t, TU_HUE_YELLOW, count,
		"of these in components that the SBOM excludes from the product");
	plain(t, "\n");
}

static void add_unknown(const struct table *t)
{
	const struct tu_match_counts *matched = &t->report->result->counts;

	number(t, matched->unknown ? TU_HUE_YELLOW : TU_HUE_PLAIN, matched->unknown, "of ");
	number(t, TU_HUE_PLAIN, matched->distinct,
		"distinct components have no applicability data in this knowledge base");
	plain(t, "\n");
	add_unknown_names(t);
	add_uncovered(t);
	if (matched->unidentified) {
		number(t, TU_HUE_YELLOW, matched->unidentified,
			"cannot be identified: no purl, no CPE, and not both a name and a version");
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

	add_heading(&t);
	if (style->upgrades)
		tu_upgrades_lines(style->upgrades, &t.paint, style->limit, out);
	else
		add_findings(&t);
	plain(&t, "\n");
	add_verdicts(&t);
	add_excluded(&t);
	add_unknown(&t);
	add_ended(&t);
	add_notes(&t);
	return TU_OK;
}
