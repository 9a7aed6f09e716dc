#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/yaml.h"
#include "error_text.h"

struct parsed {
	struct tu_arena *arena;
	const struct tu_yaml *root;
	struct tu_error err;
	enum tu_status status;
};

static struct parsed parse_with(const char *text, size_t len, const struct tu_yaml_limits *limits)
{
	struct parsed p = {.arena = tu_arena_new(64 << 20)};

	assert_non_null(p.arena);
	p.status = tu_yaml_parse(
		p.arena, TU_STR("f.yaml"), tu_str_of(text, len), limits, &p.root, &p.err);
	return p;
}

static struct parsed parse(const char *text)
{
	return parse_with(text, strlen(text), NULL);
}

static void reads_maps_lists_and_scalars(void **state)
{
	struct parsed p = parse("a: 1\nb:\n  - x: yes\n  - [p, \"q\"]\nc: {d: true, e: ~}\n");
	const struct tu_yaml *b = tu_yaml_get(p.root, TU_STR("b"));
	struct tu_buf path;
	bool value;
	(void)state;

	assert_int_equal(p.status, TU_OK);
	assert_int_equal(p.root->count, 3);
	assert_int_equal(b->count, 2);
	assert_true(tu_str_eq(tu_yaml_get(b->first, TU_STR("x"))->text, TU_STR("yes")));
	assert_true(
		tu_yaml_bool(tu_yaml_get(tu_yaml_get(p.root, TU_STR("c")), TU_STR("d")), &value));
	assert_true(value);
	assert_true(tu_yaml_is_null(tu_yaml_get(tu_yaml_get(p.root, TU_STR("c")), TU_STR("e"))));
	assert_int_equal(b->first->line, 3);
	assert_int_equal(b->first->column, 5);
	tu_buf_init(&path, 100);
	tu_yaml_pointer(b->first->next->first->next, &path);
	assert_true(tu_str_eq(tu_buf_str(&path), TU_STR("/b/1/1")));
	tu_buf_done(&path);
	tu_arena_free(p.arena);
}

static void reads_json(void **state)
{
	struct parsed p = parse("{\n\t\"a\": [1, \"true\", null],\n\t\"b\": {}\n}\n");
	bool value;
	(void)state;

	assert_int_equal(p.status, TU_OK);
	assert_int_equal(tu_yaml_get(p.root, TU_STR("a"))->count, 3);
	assert_false(tu_yaml_bool(tu_yaml_get(p.root, TU_STR("a"))->first->next, &value));
	tu_arena_free(p.arena);
}

static void a_byte_order_mark_takes_no_column(void **state)
{
	struct parsed p = parse("\xef\xbb\xbf"
				"a: 1\nb: 2\n");
	(void)state;

	assert_int_equal(p.status, TU_OK);
	assert_int_equal(p.root->count, 2);
	assert_true(tu_str_eq(p.root->first->key, TU_STR("a")));
	assert_int_equal(p.root->first->key_column, 1);
	assert_int_equal(p.root->first->column, 4);
	tu_arena_free(p.arena);
}

static void nothing_is_an_empty_map(void **state)
{
	static const char *const texts[] = {"", "# remark\n", "---\n", "~\n"};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(texts); i++) {
		struct parsed p = parse(texts[i]);

		assert_int_equal(p.status, TU_OK);
		assert_int_equal(p.root->kind, TU_YAML_MAP);
		assert_int_equal(p.root->count, 0);
		tu_arena_free(p.arena);
	}
}

static void refuses_with_the_place(void **state)
{
	static const struct {
		const char *text;
		const char *where;
		const char *what;
	} cases[] = {
		{"a: 1\n\tb: 2\n", "f.yaml:2:", "a tab"},
		{"a:\n\t- x\n", "f.yaml:2:1", "a tab"},
		{"a: 1\nb: 2\na: 3\n", "f.yaml:3:1", "duplicate key \"a\"; it is first in line 1"},
		{"a: &x [1]\nb: *x\n", "f.yaml:1:4", "anchor"},
		{"b: *x\n", "f.yaml:1:4", "alias"},
		{"a: !!binary aGk=\n", "f.yaml:1:4", "tag"},
		{"a: 1\n---\nb: 2\n", "f.yaml:2:1", "second document"},
		{"a: [1, 2\n", "f.yaml:2:1", "not well-formed"},
		{"? [a]\n: b\n", "f.yaml:1:3", "map keys must be strings"},
		{"a: \"\\q\"\n", "f.yaml:1:", "not well-formed"},
		{"a: 1\nb: \xff\n", "f.yaml:2:4", ""},
		{"\xef\xbb\xbf"
		 "a: 1\n\tb: 2\n",
			"f.yaml:2:", "a tab"},
		{"a: 1\n\xef\xbb\xbf"
		 "b: 2\n",
			"f.yaml:2:", ""},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct parsed p = parse(cases[i].text);

		if (p.status != TU_E_SYNTAX || !strstr(error_text(&p.err), cases[i].where) ||
			!strstr(error_text(&p.err), cases[i].what))
			fail_msg("case %zu: %s", i, error_text(&p.err));
		tu_arena_free(p.arena);
	}
}

static void bombs_meet_ceilings(void **state)
{
	const struct tu_yaml_limits few = {.nodes = 10}, small = {.bytes = 5};
	char deep[200];
	struct parsed p;
	(void)state;

	memset(deep, '[', sizeof(deep));
	p = parse_with(deep, sizeof(deep), NULL);
	assert_int_equal(p.status, TU_E_LIMIT);
	tu_arena_free(p.arena);
	p = parse_with("[1,1,1,1,1,1,1,1,1,1,1]", 23, &few);
	assert_int_equal(p.status, TU_E_LIMIT);
	tu_arena_free(p.arena);
	p = parse_with("a: bcd", 6, &small);
	assert_int_equal(p.status, TU_E_LIMIT);
	tu_arena_free(p.arena);
	/* a few lines that stand for gigabytes: refused at the first anchor */
	p = parse("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n");
	assert_int_equal(p.status, TU_E_SYNTAX);
	tu_arena_free(p.arena);
}

static void a_map_has_a_ceiling_of_keys(void **state)
{
	struct tu_buf text;
	struct parsed p;
	(void)state;

	tu_buf_init(&text, 1 << 20);
	for (int i = 0; i <= TU_YAML_KEYS_MAX; i++)
		tu_buf_printf(&text, "k%d: 1\n", i);
	p = parse_with(text.ptr, text.len, NULL);
	assert_int_equal(p.status, TU_E_LIMIT);
	tu_arena_free(p.arena);
	tu_buf_done(&text);
}

static void what_is_written_reads_back(void **state)
{
	static const char *const texts[] = {"plain words", "1.10", "true", "", " x", "a: b", "a #b",
		"two\nlines", "two\n\nlines\n  more", "\nx", "x\n", "tab\there", "\xc3\xa4\nb",
		"- a", "2026-01-01", "'", "\"", "a:", "@x", "~", "a\\b", "x\x01y", "a\n b\n\n\nc",
		"no"};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(texts); i++) {
		struct tu_buf out;
		struct parsed p;

		tu_buf_init(&out, 1000);
		tu_buf_c(&out, "m:\n  k: ");
		tu_yaml_write_scalar(tu_str_c(texts[i]), 4, &out);
		tu_buf_c(&out, "\n  l: end\n");
		p = parse_with(out.ptr, out.len, NULL);
		if (p.status ||
			!tu_str_eq(tu_yaml_get(tu_yaml_get(p.root, TU_STR("m")), TU_STR("k"))->text,
				tu_str_c(texts[i])))
			fail_msg("case %zu: %s", i, error_text(&p.err));
		tu_arena_free(p.arena);
		tu_buf_done(&out);
	}
}

static struct parsed parse_aliased(const char *text, size_t nodes)
{
	const struct tu_yaml_limits limits = {.aliases = true, .nodes = nodes};

	return parse_with(text, strlen(text), &limits);
}

/* The document as JSON must be `expected`. */
static void aliases_are_copied(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{"a: &x [1, {k: v}]\nb: *x\n",
			"{\"a\":[\"1\",{\"k\":\"v\"}],\"b\":[\"1\",{\"k\":\"v\"}]}"},
		{"a: &x 1\nb: &x 2\nc: *x\n", "{\"a\":\"1\",\"b\":\"2\",\"c\":\"2\"}"},
		{"a: &x {k: 1, l: 2}\nb:\n  <<: *x\n  l: 3\n  m: 4\n",
			"{\"a\":{\"k\":\"1\",\"l\":\"2\"},\"b\":{\"l\":\"3\",\"m\":\"4\",\"k\":"
			"\"1\"}}"},
		{"a: &x {}\nb: {<<: *x}\n", "{\"a\":{},\"b\":{}}"},
		{"a: {<<: text}\n", "{\"a\":{\"<<\":\"text\"}}"},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct parsed p = parse_aliased(cases[i].text, 0);
		struct tu_buf json;

		tu_buf_init(&json, 1000);
		if (p.status)
			fail_msg("case %zu: %s", i, error_text(&p.err));
		tu_yaml_to_json(p.root, &json);
		if (!tu_str_eq(tu_buf_str(&json), tu_str_c(cases[i].expected)))
			fail_msg("case %zu: %.*s", i, TU_STR_FMT(tu_buf_str(&json)));
		assert_int_equal(tu_yaml_get(p.root, TU_STR("a"))->index, 0);
		tu_buf_done(&json);
		tu_arena_free(p.arena);
	}
}

static void aliases_are_refused_with_the_place(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{"a: *x\n", "f.yaml:1:4: an alias to no anchor before it"},
		{"a: &x [*x]\n", "f.yaml:1:8: an alias to what it is in"},
		{"a: &x 1\n*x : 2\n", "f.yaml:2:1: map keys must be strings"},
		{"a: &a [1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\n"
		 "c: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c]\n",
			"f.yaml:4:5: aliases make more keys and values than the limit"},
		{"a: &a {k: 1, l: 2}\nb: !!str x\n",
			"f.yaml:2:4: an anchor (&) or a tag (!) is "
			"not supported: write the value out"},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct parsed p = parse_aliased(cases[i].text, 800);

		assert_int_not_equal(p.status, TU_OK);
		assert_string_equal(error_text(&p.err), cases[i].expected);
		tu_arena_free(p.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_maps_lists_and_scalars),
		cmocka_unit_test(reads_json),
		cmocka_unit_test(a_byte_order_mark_takes_no_column),
		cmocka_unit_test(nothing_is_an_empty_map),
		cmocka_unit_test(refuses_with_the_place),
		cmocka_unit_test(bombs_meet_ceilings),
		cmocka_unit_test(a_map_has_a_ceiling_of_keys),
		cmocka_unit_test(what_is_written_reads_back),
		cmocka_unit_test(aliases_are_copied),
		cmocka_unit_test(aliases_are_refused_with_the_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
