/* JSON lines that come in pieces are read as they are at once. */
#include "unit/advisory/reading.h"

#include "advisory/pieces.h"

#define OSV1 "{\"id\":\"A-1\",\"modified\":\"2024-01-01T00:00:00Z\"}"
#define OSV2 "{\"id\":\"A-2\",\"modified\":\"2024-01-01T00:00:00Z\"}"

/* Read `text` in two pieces and the empty one that may come last. */
static void read_cut(
	struct reading *reading, struct tu_advisory_reader *reader, struct tu_str text, size_t cut)
{
	const struct tu_str pieces[] = {
		tu_str_first(text, cut), tu_str_from(text, cut), tu_str_of("", 0)};
	const struct tu_advisory_sink sink = {.advisory = reading_take,
		.problem = reading_problem,
		.context = reading,
		.lifecycle = reading_lifecycle};
	struct tu_advisory_lines lines = {.sink = &sink};

	tu_buf_init(&reading->text, 1 << 20);
	tu_buf_init(&reading->problems, 1 << 20);
	reading->err = (struct tu_error){0};
	reading->status = TU_OK;
	for (size_t i = 0; !reading->status && i < TU_COUNT(pieces); i++)
		reading->status = tu_advisory__read_piece(
			reader, &lines, pieces[i], i + 1 == TU_COUNT(pieces), &reading->err);
	reading->summary = lines.summary;
	tu_buf_byte(&reading->text, '\0');
	tu_buf_byte(&reading->problems, '\0');
}

static void expect_same(const struct reading *a, const struct reading *b)
{
	assert_int_equal(a->status, b->status);
	assert_string_equal(a->text.ptr, b->text.ptr);
	assert_string_equal(a->problems.ptr, b->problems.ptr);
	assert_string_equal(a->err.message, b->err.message);
	assert_int_equal(a->summary.form, b->summary.form);
	assert_int_equal(a->summary.records, b->summary.records);
	assert_int_equal(a->summary.skipped, b->summary.skipped);
	assert_int_equal(a->summary.problems, b->summary.problems);
}

static void pieces_are_the_whole(void **state)
{
	static const struct {
		char text[256];
		size_t records;
	} cases[] = {
		{OSV1 "\n" OSV2 "\n", 2}, {OSV1 "\n" OSV2, 2},
		{"\xef\xbb\xbf \n" OSV1 "\r\n\r\n{\"id\": \n\n" OSV2 "\n{\"x\":1}\n", 2},
		{"{\"x\":1}\n{\"id\": \n{\"y\":1}\n",
			0}, /* no record: the error of a whole document */
	};
	struct tu_advisory_reader *reader = tu_advisory_reader_new();
	(void)state;

	assert_non_null(reader);
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct tu_str text = tu_str_c(cases[i].text);
		struct reading whole;

		assert_true(tu_advisory__in_lines(text));
		reading_of(&whole, text);
		assert_int_equal(whole.summary.records, cases[i].records);
		assert_int_equal(whole.status, cases[i].records ? TU_OK : TU_E_UNSUPPORTED);
		for (size_t cut = 4; cut <= text.len; cut++) {
			struct reading cut_reading;

			if (text.ptr[cut - 1] != '\n' && cut < text.len)
				continue;
			read_cut(&cut_reading, reader, text, cut);
			expect_same(&cut_reading, &whole);
			reading_done(&cut_reading);
		}
		reading_done(&whole);
	}
	tu_advisory_reader_free(reader);
}

static void says_what_comes_in_lines(void **state)
{
	static const struct {
		const char *text;
		bool lines;
	} cases[] = {
		{OSV1 "\n{", true},
		{OSV1 "\n", false}, /* too short to say */
		{OSV1, false},
		{"{\n\"id\": 1}\n", false},
		{"[" OSV1 ",\n" OSV2 "]", false},
		{"{\"vulnerabilities\": [\n{", false},
		{"cve,epss,percentile\n{", false},
		{"id: A-1\n", false},
		{"", false},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++)
		assert_int_equal(tu_advisory__in_lines(tu_str_c(cases[i].text)), cases[i].lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_the_whole),
		cmocka_unit_test(says_what_comes_in_lines),
	};

	return cmocka_run_group_tests_name("pieces", tests, NULL, NULL);
}
