#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "table.h"
#include "error_text.h"

static struct tu_json_parser *parser;

static int set_up(void **state)
{
	(void)state;
	parser = tu_json_parser_new();
	return parser ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	tu_json_parser_free(parser);
	return 0;
}

static struct tu_json parse(struct tu_str text)
{
	struct tu_json root = {0};
	struct tu_error err = {0};

	if (tu_json_parse(parser, text, NULL, &root, &err))
		fail_msg("%s", error_text(&err));
	return root;
}

static void check_location(const struct table *table, const struct tu_error *err)
{
	char where[64];

	(void)snprintf(where, sizeof(where), "line %zu, column %zu: ", table_number(table, 2),
		table_number(table, 3));
	if (strncmp(error_text(err), where, strlen(where)) != 0)
		fail_msg("row %zu: expected \"%s…\", got \"%s\"", table->line, where,
			error_text(err));
}

/* Both ways to hand over a text must say the same. */
static void check_case(const struct table *table, bool padded)
{
	static const struct {
		const char *word;
		enum tu_status status;
	} words[] = {{"ok", TU_OK}, {"syntax", TU_E_SYNTAX}, {"limit", TU_E_LIMIT}};
	struct tu_json_limits limits = {.padded = padded};
	struct tu_buf text;
	struct tu_json root;
	struct tu_error err = {0};
	enum tu_status status;
	size_t word = 0;

	while (!tu_str_eq(table->fields[1], tu_str_c(words[word].word)))
		assert_true(++word < TU_COUNT(words));
	tu_buf_init(&text, 1 << 20);
	tu_buf_str_add(&text, table->fields[0]);
	assert_true(tu_buf_reserve(&text, TU_JSON_PADDING));
	/* what happens to stand behind a text must not matter */
	memset(text.ptr + text.len, '1', TU_JSON_PADDING);
	status = tu_json_parse(parser, tu_buf_str(&text), &limits, &root, &err);
	if (status != words[word].status)
		fail_msg("row %zu, padded %d: %s instead of %s: %s", table->line, padded,
			tu_status_name(status), words[word].word, error_text(&err));
	if (status)
		check_location(table, &err);
	tu_buf_done(&text);
}

static void follows_the_grammar(void **state)
{
	struct table table;
	size_t cases = 0;
	(void)state;

	table_open(&table, "json/grammar.tsv");
	for (; table_next(&table); cases++) {
		check_case(&table, false);
		check_case(&table, true);
	}
	assert_true(cases > 150);
	table_close(&table);
}

static void values_are_what_stands_there(void **state)
{
	struct tu_json root = parse(TU_STR("{\"s\":\"a\\u0000b\",\"t\":true,\"f\":false,\"n\":null,"
					   "\"i\":-7,\"u\":18446744073709551615,\"d\":2.5,"
					   "\"a\":[1,[2],{}],\"o\":{\"x\":1},\"s\":\"second\"}"));
	uint64_t whole = 42;
	double number = 0;
	(void)state;

	assert_true(tu_str_eq(TU_JSON_STR(root, "s"), TU_STR("a\0b")));
	assert_true(tu_json_true(tu_json_get(root, TU_STR("t"))));
	assert_false(tu_json_true(tu_json_get(root, TU_STR("f"))));
	assert_int_equal(tu_json_type(tu_json_get(root, TU_STR("n"))), TU_JSON_NULL);
	assert_int_equal(tu_json_type(tu_json_get(root, TU_STR("none"))), TU_JSON_ABSENT);
	assert_false(tu_json_u64(tu_json_get(root, TU_STR("i")), UINT64_MAX, &whole));
	assert_false(tu_json_u64(tu_json_get(root, TU_STR("d")), UINT64_MAX, &whole));
	assert_false(tu_json_u64(tu_json_get(root, TU_STR("u")), 1000, &whole));
	assert_int_equal(whole, 42);
	assert_true(tu_json_u64(tu_json_get(root, TU_STR("u")), UINT64_MAX, &whole));
	assert_true(whole == UINT64_MAX);
	assert_true(tu_json_number(tu_json_get(root, TU_STR("i")), &number) && number < -6.5);
	assert_false(tu_json_number(root, &number));
	assert_int_equal(tu_json_count(root), 10);
	assert_int_equal(tu_json_count(tu_json_get(root, TU_STR("a"))), 3);
	assert_int_equal(tu_json_count(tu_json_get(root, TU_STR("s"))), 0);
}

static void asking_the_absent_value_is_harmless(void **state)
{
	struct tu_json absent = {0};
	struct tu_json_iter iter = tu_json_iter(absent);
	struct tu_json item;
	struct tu_error err = {0};
	(void)state;

	assert_false(tu_json_next_item(&iter, &item));
	assert_int_equal(tu_json_str(absent).len, 0);
	assert_null(tu_json_get(absent, TU_STR("x")).doc);
	assert_int_equal(tu_json_fail(&err, TU_E_SYNTAX, absent, "no value"), TU_E_SYNTAX);
	assert_string_equal(error_text(&err), "no value");
	assert_int_equal(tu_json_fail(NULL, TU_E_SYNTAX, absent, "no value"), TU_E_SYNTAX);
}

static void errors_at_values_name_line_column_and_pointer(void **state)
{
	struct tu_str text = TU_STR("\xef\xbb\xbf{\n \"a/b\": [0, {\"c~d\":\n  true}], \"\": 1}");
	struct tu_json root = parse(text);
	struct tu_json array = tu_json_get(root, TU_STR("a/b"));
	struct tu_json_iter iter = tu_json_iter(array);
	struct tu_json item;
	struct tu_error err;
	(void)state;

	assert_true(tu_json_next_item(&iter, &item) && tu_json_next_item(&iter, &item));
	(void)tu_json_fail(&err, TU_E_SYNTAX, tu_json_get(item, TU_STR("c~d")), "wrong");
	assert_string_equal(error_text(&err), "line 3, column 3, /a~1b/1/c~0d: wrong");
	assert_int_equal(err.offset, tu_str_search(text, TU_STR("true")));
	(void)tu_json_fail(&err, TU_E_SYNTAX, tu_json_get(root, TU_STR("")), "wrong");
	assert_string_equal(error_text(&err), "line 3, column 15, /: wrong");
	(void)tu_json_fail(&err, TU_E_SYNTAX, root, "wrong");
	assert_string_equal(error_text(&err), "line 1, column 1: wrong");
	assert_int_equal(err.offset, 3);
}

static void a_long_pointer_does_not_crowd_out_the_message(void **state)
{
	struct tu_buf text;
	struct tu_error err;
	struct tu_json root;
	struct tu_json_iter iter;
	struct tu_str key;
	struct tu_json value;
	(void)state;

	tu_buf_init(&text, 1 << 20);
	tu_buf_c(&text, "{\"");
	for (int i = 0; i < 10000; i++)
		tu_buf_c(&text, "\xc3\xa9");
	tu_buf_c(&text, "\":1}");
	root = parse(tu_buf_str(&text));
	iter = tu_json_iter(root);
	assert_true(tu_json_next_member(&iter, &key, &value));
	(void)tu_json_fail(&err, TU_E_SYNTAX, value, "what is wrong");
	assert_true(tu_str_ends(
		tu_str_c(error_text(&err)), TU_STR("\xc3\xa9\xe2\x80\xa6: what is wrong")));
	tu_buf_done(&text);
}

static struct tu_buf nested(size_t depth, const char *core)
{
	struct tu_buf text;

	tu_buf_init(&text, 16 << 20);
	for (size_t i = 0; i < depth; i++)
		tu_buf_c(&text, i % 2 ? "{\"a\":" : "[");
	tu_buf_c(&text, core);
	for (size_t i = depth; i-- > 0;)
		tu_buf_c(&text, i % 2 ? "}" : "]");
	assert_false(text.failed);
	return text;
}

static enum tu_status parse_nested(size_t depth, size_t limit, struct tu_error *err)
{
	struct tu_buf text = nested(depth, "1");
	struct tu_json_limits limits = {.depth = limit};
	struct tu_json root;
	enum tu_status status = tu_json_parse(parser, tu_buf_str(&text), &limits, &root, err);

	tu_buf_done(&text);
	return status;
}

static void depth_ends_exactly_at_its_ceiling_and_tells_where(void **state)
{
	static const struct {
		size_t depth, limit;
	} fine[] = {{1, 1}, {2, 2}, {17, 17}, {512, 0}, {4096, 4096}, {4096, SIZE_MAX}};
	struct tu_error err;
	(void)state;

	for (size_t i = 0; i < TU_COUNT(fine); i++)
		assert_int_equal(parse_nested(fine[i].depth, fine[i].limit, &err), TU_OK);
	assert_int_equal(tu_json_parse(parser, TU_STR("[[]]"), &(struct tu_json_limits){.depth = 1},
				 &(struct tu_json){0}, &err),
		TU_OK);
	assert_int_equal(parse_nested(2, 1, &err), TU_E_LIMIT);
	assert_string_equal(error_text(&err), "line 1, column 2: nested too deeply");
	assert_int_equal(err.offset, 1);
	assert_int_equal(parse_nested(513, 0, &err), TU_E_LIMIT);
	assert_int_equal(err.offset, 512 / 2 * 6);
	assert_int_equal(parse_nested(100000, SIZE_MAX, &err), TU_E_LIMIT);
	assert_int_equal(err.offset, 4096 / 2 * 6);
	assert_true(
		tu_str_starts(tu_str_c(error_text(&err)), TU_STR("line 1, column 12289: nested")));
}

static void other_faults_beyond_a_high_depth_keep_their_place(void **state)
{
	struct tu_buf text = nested(4096, "!");
	struct tu_json_limits limits = {.depth = SIZE_MAX};
	struct tu_json root;
	struct tu_error err;
	(void)state;

	assert_int_equal(
		tu_json_parse(parser, tu_buf_str(&text), &limits, &root, &err), TU_E_SYNTAX);
	assert_int_equal(err.offset, 4096 / 2 * 6);
	tu_buf_done(&text);
}

static void nodes_are_values_and_keys(void **state)
{
	struct tu_str text = TU_STR("{\"a\": [1, 2.5, \"x\"],\n \"b\": {}}"); /* 8 */
	struct tu_json_limits limits = {.nodes = 8};
	struct tu_json root;
	struct tu_error err;
	(void)state;

	assert_int_equal(tu_json_parse(parser, text, &limits, &root, &err), TU_OK);
	limits.nodes = 7;
	assert_int_equal(tu_json_parse(parser, text, &limits, &root, &err), TU_E_LIMIT);
	assert_string_equal(
		error_text(&err), "line 2, column 7, /b: more than the limit of 7 values and keys");
	limits.nodes = 1;
	assert_int_equal(tu_json_parse(parser, text, &limits, &root, &err), TU_E_LIMIT);
	assert_int_equal(err.offset, 1);
}

static void bytes_have_a_ceiling(void **state)
{
	struct tu_json_limits limits = {.bytes = 4};
	struct tu_json root;
	struct tu_error err;
	(void)state;

	assert_int_equal(tu_json_parse(parser, TU_STR("[12]"), &limits, &root, &err), TU_OK);
	assert_int_equal(tu_json_parse(parser, TU_STR("[123]"), &limits, &root, &err), TU_E_LIMIT);
	assert_int_equal(err.offset, 4);
}

static void check_duplicate(size_t keys, const char *twice)
{
	struct tu_json_limits limits = {.unique_keys = true};
	struct tu_buf text;
	struct tu_json root;
	struct tu_error err;
	struct tu_str message;

	tu_buf_init(&text, 16 << 20);
	tu_buf_printf(&text, "{\"deep\": [{\n\"%s\": 0", twice);
	for (size_t i = 0; i < keys; i++)
		tu_buf_printf(&text, ", \"k%zu\": {\"%s\": 1}", i, twice);
	tu_buf_c(&text, "}]}");
	assert_int_equal(tu_json_parse(parser, tu_buf_str(&text), &limits, &root, &err), TU_OK);
	text.len -= 3;
	tu_buf_printf(&text, ",\n  \"%s\": 2}]}", twice);
	assert_int_equal(tu_json_parse(parser, tu_buf_str(&text), NULL, &root, &err), TU_OK);
	assert_int_equal(
		tu_json_parse(parser, tu_buf_str(&text), &limits, &root, &err), TU_E_SYNTAX);
	message = tu_str_c(error_text(&err));
	assert_true(tu_str_starts(message, TU_STR("line 3, column 3, /deep/0/")));
	assert_true(tu_str_ends(message, TU_STR("first in line 2, column 1")));
	assert_int_equal(err.offset, tu_str_rfind(tu_buf_str(&text), '\n') + 3);
	tu_buf_done(&text);
}

static void duplicate_keys_are_found_where_they_stand(void **state)
{
	(void)state;
	check_duplicate(0, "a");
	check_duplicate(5, "");
	check_duplicate(14, "name");
	check_duplicate(15, "name");
	check_duplicate(1000, "name");
	check_duplicate(1000, "\xc3\xa9");
}

static void keys_are_equal_after_unescaping(void **state)
{
	struct tu_json_limits limits = {.unique_keys = true};
	struct tu_json root;
	struct tu_error err;
	(void)state;

	assert_int_equal(
		tu_json_parse(parser, TU_STR("{\"a\":1,\"\\u0061\":2}"), &limits, &root, &err),
		TU_E_SYNTAX);
	assert_int_equal(tu_json_parse(parser, TU_STR("{\"a\\u0000b\":1,\"a\\u0000c\":2}"), &limits,
				 &root, &err),
		TU_OK);
}

static void a_parser_survives_what_it_refuses(void **state)
{
	struct tu_json root;
	struct tu_error err;
	(void)state;

	assert_int_equal(tu_json_parse(parser, TU_STR("{\"a\":"), NULL, &root, &err), TU_E_SYNTAX);
	assert_int_equal(
		tu_json_parse(parser, (struct tu_str){NULL, 0}, NULL, &root, NULL), TU_E_SYNTAX);
	assert_int_equal(tu_json_count(parse(TU_STR("[1,2,3]"))), 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(follows_the_grammar),
		TEST(values_are_what_stands_there),
		TEST(asking_the_absent_value_is_harmless),
		TEST(errors_at_values_name_line_column_and_pointer),
		TEST(a_long_pointer_does_not_crowd_out_the_message),
		TEST(depth_ends_exactly_at_its_ceiling_and_tells_where),
		TEST(other_faults_beyond_a_high_depth_keep_their_place),
		TEST(nodes_are_values_and_keys),
		TEST(bytes_have_a_ceiling),
		TEST(duplicate_keys_are_found_where_they_stand),
		TEST(keys_are_equal_after_unescaping),
		TEST(a_parser_survives_what_it_refuses),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
