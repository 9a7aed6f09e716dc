/*
 * EPSS (https://www.first.org/epss/data_stats): CSV with a heading that names the columns "cve",
 * "epss" and "percentile", in any order and among others; before it perhaps a line
 * "#model_version:v2025.03.14,score_date:2026-08-16T00:00:00+0000". The answers of FIRST's API have
 * the day in a column "date" of each row.
 */
#include "advisory/reader.h"

#include "base/time.h"

static const struct tu_json nowhere;

/* A number from 0 to 1 as "0.00043", "1", "4.3e-05"; the locale has no say. */
static bool read_share(struct tu_str text, float *out_share)
{
	double value = 0.0;
	double scale = 1.0;
	size_t i = 0;
	size_t digits = 0;
	bool fraction = false;
	uint64_t exponent = 0;

	for (; i < text.len; i++) {
		char c = text.ptr[i];

		if (c == '.' && !fraction) {
			fraction = true;
			continue;
		}
		if (!tu_char_is_digit(c))
			break;
		value = value * 10.0 + (c - '0');
		scale *= fraction ? 10.0 : 1.0;
		if (++digits > 32)
			return false;
	}
	if (i < text.len) {
		struct tu_str rest = tu_str_from(text, i);

		if (!tu_str_skip(&rest, TU_STR("e-")) && !tu_str_skip(&rest, TU_STR("E-")))
			return false;
		if (!tu_str_to_u64(rest, 99, &exponent))
			return false;
	}
	value /= scale;
	while (exponent--)
		value /= 10.0;
	*out_share = (float)value;
	return digits > 0 && value <= 1.0;
}

static struct tu_str unquote(struct tu_str field)
{
	field = tu_str_trim(field);
	if (field.len >= 2 && field.ptr[0] == '"' && field.ptr[field.len - 1] == '"')
		return tu_str_of(field.ptr + 1, field.len - 2);
	return field;
}

static void read_comment(struct tu_advisory_reader *r, struct tu_str line, int64_t *out_date)
{
	struct tu_str key = TU_STR("score_date:");
	struct tu_str rest = tu_str_from(line, tu_str_search(line, key));

	if (!tu_str_skip(&rest, key))
		return;
	rest = tu_str_trim(tu_str_first(rest, tu_str_find(rest, ',')));
	if (!tu_time_parse(rest, out_date))
		tu_advisory__problem(
			r, nowhere, "\"%.*s\" is not a date", TU_STR_FMT(tu_str_first(rest, 64)));
}

/* ---- columns ---- */

enum column { COLUMN_CVE, COLUMN_SCORE, COLUMN_PERCENTILE, COLUMN_DATE, COLUMNS };

static const struct tu_str column_names[COLUMNS] = {
	[COLUMN_CVE] = TU_STR_INIT("cve"),
	[COLUMN_SCORE] = TU_STR_INIT("epss"),
	[COLUMN_PERCENTILE] = TU_STR_INIT("percentile"),
	[COLUMN_DATE] = TU_STR_INIT("date"),
};

/* Where the columns of a file are, counted from 1; 0: it has none of this name. */
struct heading {
	size_t at[COLUMNS];
	bool seen;
};

static enum tu_status read_heading(
	struct tu_advisory_reader *r, struct tu_str line, struct heading *heading)
{
	struct tu_str rest = line;
	struct tu_str name;

	*heading = (struct heading){.seen = true};
	for (size_t number = 1; tu_str_split(&rest, ',', &name); number++) {
		for (size_t i = 0; i < COLUMNS; i++) {
			if (tu_str_ieq(unquote(name), column_names[i]) && !heading->at[i])
				heading->at[i] = number;
		}
	}
	if (heading->at[COLUMN_CVE] && heading->at[COLUMN_SCORE])
		return TU_OK;
	return tu_fail(r->err, TU_E_SYNTAX, 0,
		"the heading of an EPSS file names the columns \"cve\" and \"epss\", not \"%.*s\"",
		TU_STR_FMT(tu_str_first(line, 64)));
}

/* ---- rows ---- */

static void read_fields(
	struct tu_str line, const struct heading *heading, struct tu_str fields[COLUMNS])
{
	struct tu_str field;

	for (size_t i = 0; i < COLUMNS; i++)
		fields[i] = (struct tu_str){"", 0};
	for (size_t number = 1; tu_str_split(&line, ',', &field); number++) {
		for (size_t i = 0; i < COLUMNS; i++) {
			if (heading->at[i] == number)
				fields[i] = unquote(field);
		}
	}
}

static enum tu_status read_row(struct tu_advisory_reader *r, struct tu_str line,
	const struct heading *heading, int64_t date)
{
	struct tu_str fields[COLUMNS];
	struct tu_advisory *a = &r->draft.advisory;

	read_fields(line, heading, fields);
	r->id = fields[COLUMN_CVE];
	tu_advisory__begin(r, TU_SOURCE_EPSS);
	if (!tu_advisory__is_cve_id(r->id)) {
		r->id = (struct tu_str){"", 0};
		tu_advisory__skip(r, nowhere, "a row without a CVE id");
		return TU_OK;
	}
	if (!read_share(fields[COLUMN_SCORE], &a->epss_score)) {
		tu_advisory__skip(r, nowhere, "\"%.*s\" is not a score from 0 to 1",
			TU_STR_FMT(tu_str_first(fields[COLUMN_SCORE], 64)));
		return TU_OK;
	}
	if (fields[COLUMN_PERCENTILE].len &&
		!read_share(fields[COLUMN_PERCENTILE], &a->epss_percentile)) {
		tu_advisory__problem(r, nowhere, "\"%.*s\" is not a percentile from 0 to 1",
			TU_STR_FMT(tu_str_first(fields[COLUMN_PERCENTILE], 64)));
		a->epss_percentile = -1.0f;
	}
	if (fields[COLUMN_DATE].len && !tu_time_parse(fields[COLUMN_DATE], &date))
		tu_advisory__problem(r, nowhere, "\"%.*s\" is not a date",
			TU_STR_FMT(tu_str_first(fields[COLUMN_DATE], 64)));
	a->published = date;
	r->summary->records++;
	return tu_advisory__emit(r);
}

static enum tu_status read_line(
	struct tu_advisory_reader *r, struct tu_str line, struct heading *heading, int64_t *date)
{
	if (line.len == 0)
		return TU_OK;
	if (line.ptr[0] == '#') {
		read_comment(r, line, date);
		return TU_OK;
	}
	return heading->seen ? read_row(r, line, heading, *date) : read_heading(r, line, heading);
}

enum tu_status tu_advisory__epss(struct tu_advisory_reader *r, struct tu_str text)
{
	enum tu_status status = TU_OK;
	struct heading heading = {0};
	struct tu_str line;
	int64_t date = 0;

	tu_advisory__begin_record(r, nowhere, (struct tu_str){"", 0}, 0);
	for (size_t number = 1; !status && text.len && tu_str_split(&text, '\n', &line); number++) {
		r->line = number;
		r->id = (struct tu_str){"", 0};
		status = read_line(r, tu_str_trim(line), &heading, &date);
	}
	r->summary->released = date;
	return status;
}
