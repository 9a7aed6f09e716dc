/*
 * --format csv: RFC 4180 (CRLF, quotes doubled), one finding a line, all verdicts.
 *
 * Spreadsheets run a cell that begins with one of =+-@ as a formula, and what stands here comes
 * from strangers: such a cell gets an apostrophe in front, which spreadsheets do not show.
 */
#include <stdio.h>

#include <tutela/exploited.h>

#include "base/utf8.h"
#include "show/describe.h"
#include "show/format.h"

struct csv {
	struct tu_sink *out;
	const struct tu_report *report;
	bool first;
};

static bool is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* The signs have a full-width form each, which some spreadsheets read alike. */
static bool looks_like_formula(struct tu_str cell)
{
	static const char *const wide[] = {
		"\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"};

	for (size_t i = 0; i < TU_COUNT(wide); i++)
		if (tu_str_starts(cell, tu_str_c(wide[i])))
			return true;
	return cell.len && is_one_of(cell.ptr[0], "=+-@\t\r\n");
}

/* Terminals obey it, and no reader of CSV needs it. */
static bool is_control(uint32_t point)
{
	return (point < 0x20 && !is_one_of((char)point, "\t\r\n")) ||
		(point >= 0x7f && point < 0xa0);
}

static void quote_character(struct tu_buf *out, struct tu_str *cell)
{
	struct tu_str rest = *cell;
	uint32_t point;

	if (!tu_utf8_next(&rest, &point)) {
		rest = tu_str_from(*cell, 1);
		tu_buf_c(out, "\xef\xbf\xbd");
	} else if (is_control(point)) {
		tu_buf_printf(out, "\\x%02x", (unsigned)point);
	} else {
		if (point == '"')
			tu_buf_byte(out, '"');
		tu_buf_add(out, cell->ptr, (size_t)(rest.ptr - cell->ptr));
	}
	*cell = rest;
}

/* Text in quotes, invalid bytes replaced, control characters shown. */
static void quote(struct tu_buf *out, struct tu_str cell)
{
	tu_buf_byte(out, '"');
	if (looks_like_formula(cell))
		tu_buf_byte(out, '\'');
	while (cell.len)
		quote_character(out, &cell);
	tu_buf_byte(out, '"');
}

static bool is_plain(struct tu_str cell)
{
	for (size_t i = 0; i < cell.len; i++)
		if (!tu_char_is_alnum(cell.ptr[i]) && !is_one_of(cell.ptr[i], " ._-:/()%"))
			return false;
	return !looks_like_formula(cell);
}

static void add(struct csv *csv, struct tu_str cell)
{
	struct tu_buf *out = &csv->out->buf;

	if (!csv->first)
		tu_buf_byte(out, ',');
	csv->first = false;
	if (is_plain(cell))
		tu_buf_str_add(out, cell);
	else
		quote(out, cell);
}

static void add_c(struct csv *csv, const char *text)
{
	add(csv, tu_str_c(text));
}

static void end_line(struct csv *csv)
{
	tu_buf_c(&csv->out->buf, "\r\n");
	csv->first = true;
	tu_sink_spill(csv->out);
}

/* A number with a fixed number of decimals; an empty cell when it is not stated. */
static void add_number(struct csv *csv, bool stated, double value, int decimals)
{
	char text[32] = "";

	if (stated)
		(void)snprintf(text, sizeof(text), "%.*f", decimals, value);
	add_c(csv, text);
}

static void add_weight(struct csv *csv, const struct tu_report_vulnerability *v)
{
	const struct tu_kb_vulnerability *facts = &v->facts;

	add_c(csv, tu_severity_name(v->severity));
	add_number(csv, v->tenths != TU_SCORE_UNSTATED, v->tenths / 10.0, 1);
	add_c(csv, v->has_score ? tu_cvss_version_name(v->score.version) : "");
	add(csv, v->has_score ? v->score.vector : TU_STR(""));
	add(csv, v->has_score ? v->score.scorer : TU_STR(""));
	add_c(csv, facts->has_kev ? "yes" : "no");
	add(csv, facts->has_kev ? facts->kev.due_date : TU_STR(""));
	add_number(csv, facts->epss_score >= 0, (double)facts->epss_score, 5);
}

static void add_deciding(struct csv *csv, const struct tu_finding *finding)
{
	const struct tu_kb *kb = csv->report->kb;
	struct tu_kb_advisory advisory;

	if (finding->evidence_count == 0) {
		add_c(csv, "");
		add_c(csv, "");
		add_c(csv, "");
		return;
	}
	advisory = tu_kb_advisory(kb, finding->evidence[0].advisory);
	add(csv, tu_describe_source(&advisory));
	add(csv, advisory.id);
	add_c(csv, tu_match_by_name(finding->evidence[0].by));
}

/* The catalogues that say so today. */
static void add_exploited(struct csv *csv, uint32_t vulnerability)
{
	char text[512];
	struct tu_buf names = {.ptr = text, .cap = sizeof(text), .ceiling = sizeof(text)};

	tu_kb_exploited_names(csv->report->kb, vulnerability, "; ", &names);
	add(csv, tu_buf_str(&names));
}

static void add_row(struct csv *csv, const struct tu_report_row *row)
{
	char count[32];

	(void)snprintf(count, sizeof(count), "%zu", row->distinct->component_count);
	add(csv, row->vulnerability->facts.id);
	add_c(csv, tu_match_verdict_name(row->finding->verdict));
	add_c(csv, tu_reason_name(row->finding->reason));
	add_weight(csv, row->vulnerability);
	add(csv, row->component->name);
	add(csv, row->component->version);
	add(csv, row->component->purl);
	add(csv, row->component->ref);
	add_c(csv, count);
	add(csv, row->finding->fixed);
	add_deciding(csv, row->finding);
	add(csv, row->finding->statement);
	add(csv, row->vulnerability->facts.title);
	add_c(csv, row->distinct->excluded ? "yes" : "no");
	add_exploited(csv, row->vulnerability->index);
	end_line(csv);
}

static void add_header(struct csv *csv)
{
	static const char *const names[] = {"id", "verdict", "reason", "severity", "score",
		"cvss_version", "vector", "scorer", "kev", "kev_due", "epss", "component",
		"version", "purl", "bom_ref", "occurrences", "fixed", "source", "record",
		"matched_by", "statement", "title", "excluded", "exploited_by"};

	for (size_t i = 0; i < TU_COUNT(names); i++)
		add_c(csv, names[i]);
	end_line(csv);
}

enum tu_status tu_format_csv(const struct tu_report *report, const struct tu_scan_style *style,
	struct tu_sink *out, struct tu_error *err)
{
	struct csv csv = {.out = out, .report = report, .first = true};
	(void)style;
	(void)err;

	add_header(&csv);
	for (size_t g = 0; g < report->group_count; g++)
		for (size_t i = 0; i < report->groups[g].affected + report->groups[g].undecided;
			i++)
			add_row(&csv, &report->groups[g].rows[i]);
	for (size_t i = 0; i < report->not_affected_count; i++)
		add_row(&csv, &report->not_affected[i]);
	return TU_OK;
}
