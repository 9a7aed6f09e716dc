/* Rows of answers as JSON, CSV and a workbook; which columns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "api/sheet.h"

struct row {
	struct tu_str name, word, more;
	int64_t count, score, chance, at, day;
	bool yes;
};

static const struct tu_api_column columns[] = {
	TU_API_COLUMN(struct row, name, TU_API_TEXT, 0),
	TU_API_COLUMN(struct row, word, TU_API_WORD, TU_API_OPT),
	TU_API_COLUMN(struct row, count, TU_API_INT, TU_API_OPT),
	TU_API_COLUMN(struct row, score, TU_API_TENTHS, TU_API_OPT),
	TU_API_COLUMN(struct row, chance, TU_API_MILLIONTHS, TU_API_OPT),
	TU_API_COLUMN(struct row, at, TU_API_TIME, TU_API_OPT),
	TU_API_COLUMN(struct row, day, TU_API_DATE, TU_API_OPT),
	TU_API_COLUMN(struct row, yes, TU_API_BOOL, 0),
	TU_API_COLUMN_AS("extra", struct row, more, TU_API_JSON, TU_API_OPT | TU_API_EXTRA),
};
static const struct tu_api_table table = TU_API_TABLE("Row", struct row, columns);

static const struct row full = {
	.name = TU_STR_INIT("a \"b\", c"),
	.word = TU_STR_INIT("serious"),
	.more = TU_STR_INIT("[1,\"x\"]"),
	.count = -3,
	.score = 98,
	.chance = 970000,
	.at = INT64_C(1783684800000001),
	.day = 1783684800,
	.yes = true,
};
static const struct row bare = {
	.name = TU_STR_INIT("=1+1"),
	.count = TU_API_NONE,
	.score = TU_API_NONE,
	.chance = TU_API_NONE,
};

static void json_is(const struct row *row, const char *fields, const char *wanted)
{
	struct tu_json_writer json;
	tu_api_columns chosen;
	struct tu_buf buf;

	tu_buf_init(&buf, 10000);
	json = tu_json_writer(&buf, false);
	assert_int_equal(tu_api_columns_choose(&table, tu_str_c(fields), &chosen, NULL), TU_OK);
	tu_api_row_json(&table, chosen, row, &json);
	tu_buf_byte(&buf, '\0');
	assert_string_equal(buf.ptr, wanted);
	tu_buf_done(&buf);
}

static void as_json(void **state)
{
	(void)state;
	json_is(&full, "",
		"{\"name\":\"a \\\"b\\\", c\",\"word\":\"serious\",\"count\":-3,\"score\":9.8,"
		"\"chance\":0.97,\"at\":\"2026-07-10T12:00:00Z\",\"day\":\"2026-07-10\","
		"\"yes\":true}");
	json_is(&bare, "",
		"{\"name\":\"=1+1\",\"word\":null,\"count\":null,\"score\":null,\"chance\":null,"
		"\"at\":null,\"day\":null,\"yes\":false}");
	json_is(&full, "extra,name", "{\"name\":\"a \\\"b\\\", c\",\"extra\":[1,\"x\"]}");
}

static void numbers(void **state)
{
	static const struct {
		int64_t count, score, chance;
		const char *wanted;
	} rows[] = {
		{0, 0, 0, "{\"count\":0,\"score\":0,\"chance\":0}"},
		{INT64_MAX, 100, 1,
			"{\"count\":9223372036854775807,\"score\":10,\"chance\":0.000001}"},
		{10, -5, 1000000, "{\"count\":10,\"score\":-0.5,\"chance\":1}"},
		{-10, -25, 100100, "{\"count\":-10,\"score\":-2.5,\"chance\":0.1001}"},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		const struct row row = {
			.count = rows[i].count, .score = rows[i].score, .chance = rows[i].chance};

		json_is(&row, "count,score,chance", rows[i].wanted);
	}
}

static void unknown_field(void **state)
{
	tu_api_columns chosen;
	struct tu_error err;

	(void)state;
	assert_int_equal(
		tu_api_columns_choose(&table, TU_STR("name,nmae"), &chosen, &err), TU_E_USAGE);
	assert_non_null(strstr(err.message, "\"nmae\""));
	assert_non_null(strstr(err.message, "name, word, count"));
	assert_int_equal(tu_api_columns_choose(&table, TU_STR("name,"), &chosen, &err), TU_E_USAGE);
}

/* A spreadsheet must not run what a file from outside says. */
static void as_csv(void **state)
{
	tu_api_columns chosen;
	struct tu_buf buf;

	(void)state;
	tu_buf_init(&buf, 10000);
	assert_int_equal(tu_api_columns_choose(&table, TU_STR(""), &chosen, NULL), TU_OK);
	tu_api_csv_head(&table, chosen, &buf);
	tu_api_csv_row(&table, chosen, &full, &buf);
	tu_api_csv_row(&table, chosen, &bare, &buf);
	tu_buf_byte(&buf, '\0');
	assert_string_equal(buf.ptr,
		"name,word,count,score,chance,at,day,yes\r\n"
		"\"a \"\"b\"\", c\",\"serious\",-3,9.8,0.97,\"2026-07-10T12:00:00Z\","
		"\"2026-07-10\",true\r\n"
		"\"'=1+1\",,,,,,,false\r\n");
	tu_buf_done(&buf);
}

static void as_workbook(void **state)
{
	const struct row rows[] = {full, bare};
	const struct tu_api_rows all = {rows, TU_COUNT(rows)};
	struct tu_api_sheet *sheet;
	struct tu_error err = {0};
	struct tu_buf buf;
	enum tu_status status = tu_api_sheet_new(&table, 0xff, &sheet, &err);

	(void)state;
	if (status == TU_E_UNSUPPORTED)
		skip();
	tu_buf_init(&buf, 1 << 20);
	assert_int_equal(status, TU_OK);
	assert_int_equal(tu_api_sheet_rows(sheet, &all, &err), TU_OK);
	assert_int_equal(tu_api_sheet_end(sheet, TU_OK, &buf, &err), TU_OK);
	assert_true(buf.len > 1000);
	assert_memory_equal(buf.ptr, "PK", 2);
	tu_buf_done(&buf);
}

static void times(void **state)
{
	static const struct {
		int64_t seconds;
		const char *wanted;
	} rows[] = {{-1, "1969-12-31T23:59:59Z"}, {0, "1970-01-01T00:00:00Z"},
		{951782399, "2000-02-28T23:59:59Z"}, {-62135596800, "0001-01-01T00:00:00Z"},
		{253402300799, "9999-12-31T23:59:59Z"}};
	char out[TU_API_TIME_TEXT];

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_str text = tu_api_time_text(rows[i].seconds * 1000000, out);

		assert_true(tu_str_eq(text, tu_str_c(rows[i].wanted)));
		text = tu_api_date_text(rows[i].seconds, out);
		assert_true(tu_str_eq(text, tu_str_first(tu_str_c(rows[i].wanted), 10)));
	}
	assert_true(tu_str_eq(tu_api_time_text(-1, out), TU_STR("1969-12-31T23:59:59Z")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_json),
		cmocka_unit_test(numbers),
		cmocka_unit_test(unknown_field),
		cmocka_unit_test(as_csv),
		cmocka_unit_test(as_workbook),
		cmocka_unit_test(times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
