/* Bodies and parameters against schemas: what is refused, by which words, and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "api/validate.h"

#define TEXT TU_API_TYPE_BIT(TU_JSON_STRING)
#define NUMBER TU_API_TYPE_BIT(TU_JSON_NUMBER)
#define NOTHING TU_API_TYPE_BIT(TU_JSON_NULL)

static const char *const colours[] = {"red", "ochre", NULL};
static const struct tu_api_schema name = {.types = TEXT, .least = 1, .most = 4};
static const struct tu_api_schema maybe = {.types = TEXT | NOTHING, .most = 4};
static const struct tu_api_schema colour = {.types = TEXT, .words = colours};
static const struct tu_api_schema number = {
	.types = NUMBER, .integer = true, .least = 0, .most = 10};
static const struct tu_api_schema day = {.types = TEXT, .most = 100, .format = TU_API_FORMAT_DATE};
static const struct tu_api_schema instant = {
	.types = TEXT, .most = 100, .format = TU_API_FORMAT_TIME};
static const struct tu_api_schema id = {.types = TEXT, .most = 100, .format = TU_API_FORMAT_ID};
static const struct tu_api_member inner_members[] = {
	{"name", true, &name},
	{NULL, false, NULL},
};
static const struct tu_api_schema inner = {
	.types = TU_API_TYPE_BIT(TU_JSON_OBJECT), .members = inner_members};
static const struct tu_api_schema list = {
	.types = TU_API_TYPE_BIT(TU_JSON_ARRAY), .least = 0, .most = 2, .items = &inner};
static const struct tu_api_schema anything = {
	.types = TU_API_TYPE_BIT(TU_JSON_OBJECT), .open = true};
static const struct tu_api_member members[] = {
	{"name", true, &name},
	{"maybe", false, &maybe},
	{"colour", false, &colour},
	{"count", false, &number},
	{"day", false, &day},
	{"at", false, &instant},
	{"id", false, &id},
	{"list", false, &list},
	{"anything", false, &anything},
	{NULL, false, NULL},
};
static const struct tu_api_schema body = {
	.types = TU_API_TYPE_BIT(TU_JSON_OBJECT), .members = members};

/* "type pointer" of each thing that is wrong, with spaces between. */
static void said(const char *text, char *out, size_t size)
{
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_api_problem problem = {0};
	struct tu_json root;
	size_t len = 0;
	bool fine;

	assert_int_equal(tu_json_parse(parser, tu_str_c(text), NULL, &root, NULL), TU_OK);
	fine = tu_api_validate(root, &body, arena, &problem);
	assert_int_equal(fine, problem.count == 0);
	out[0] = '\0';
	for (unsigned i = 0; i < problem.count && len < size; i++) {
		assert_true(problem.faults[i].detail.len > 0);
		len += (size_t)snprintf(out + len, size - len, "%s%s %.*s", i ? ", " : "",
			problem.faults[i].type, TU_STR_FMT(problem.faults[i].pointer));
	}
	if (problem.more)
		(void)snprintf(out + len, size - len, ", more");
	tu_arena_free(arena);
	tu_json_parser_free(parser);
}

static const struct {
	const char *text, *wrong;
} cases[] = {
	{"{\"name\":\"a\"}", ""},
	{"{}", "required /name"},
	{"[]", "type "},
	{"{\"name\":\"\"}", "length /name"},
	{"{\"name\":\"abcde\"}", "length /name"},
	{"{\"name\":\"\u00e4\u00f6\u00fc\u00df\"}", ""}, /* characters, not bytes */
	{"{\"name\":\"a\\u0000\"}", "text /name"},
	{"{\"name\":null}", "type /name"},
	{"{\"name\":\"a\",\"maybe\":null}", ""},
	{"{\"name\":\"a\",\"other\":1}", "unknown /other"},
	{"{\"name\":\"a\",\"a/b~\":1}", "unknown /a~1b~0"},
	{"{\"name\":\"a\",\"colour\":\"red\"}", ""},
	{"{\"name\":\"a\",\"colour\":\"Red\"}", "enum /colour"},
	{"{\"name\":\"a\",\"count\":10}", ""},
	{"{\"name\":\"a\",\"count\":11}", "range /count"},
	{"{\"name\":\"a\",\"count\":-1}", "range /count"},
	{"{\"name\":\"a\",\"count\":1.5}", "type /count"},
	{"{\"name\":\"a\",\"count\":\"1\"}", "type /count"},
	{"{\"name\":\"a\",\"count\":1e300}", "range /count"},
	{"{\"name\":\"a\",\"day\":\"2026-02-28\"}", ""},
	{"{\"name\":\"a\",\"day\":\"2026-02-30\"}", "format /day"},
	{"{\"name\":\"a\",\"day\":\"2026-02-28T00:00:00Z\"}", "format /day"},
	{"{\"name\":\"a\",\"at\":\"2026-02-28T12:00:00Z\"}", ""},
	{"{\"name\":\"a\",\"at\":\"2026-02-28T12:00:00+01:00\"}", ""},
	{"{\"name\":\"a\",\"at\":\"2026-02-28T12:00:00\"}", "format /at"},
	{"{\"name\":\"a\",\"at\":\"2026-02-28 12:00:00Z\"}", "format /at"},
	{"{\"name\":\"a\",\"id\":\"0123456789abcdef0123456789abcdef\"}", ""},
	{"{\"name\":\"a\",\"id\":\"0123456789ABCDEF0123456789abcdef\"}", "format /id"},
	{"{\"name\":\"a\",\"id\":\"0123456789abcdef0123456789abcde\"}", "format /id"},
	{"{\"name\":\"a\",\"list\":[{\"name\":\"b\"},{\"name\":\"\"}]}", "length /list/1/name"},
	{"{\"name\":\"a\",\"list\":[{},{},{}]}", "items /list"},
	{"{\"name\":\"a\",\"list\":[{},1]}", "required /list/0/name, type /list/1"},
	{"{\"name\":\"a\",\"anything\":{\"x\":[1,{\"y\":null}]}}", ""},
	{"{\"colour\":1,\"count\":true}", "type /colour, type /count, required /name"},
};

static void bodies(void **state)
{
	char out[1000];

	(void)state;
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		said(cases[i].text, out, sizeof(out));
		if (strcmp(out, cases[i].wrong) != 0)
			fail_msg("%s\n\tgives\t%s\n\tnot\t%s", cases[i].text, out, cases[i].wrong);
	}
}

/* However much is wrong, the list is bounded and says that there is more. */
static void many_faults(void **state)
{
	char text[4000] = "{\"name\":\"a\"", out[4000];
	size_t len = strlen(text), count = 0;

	(void)state;
	for (int i = 0; i < 50; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, ",\"x%d\":1", i);
	(void)snprintf(text + len, sizeof(text) - len, "}");
	said(text, out, sizeof(out));
	for (const char *at = out; (at = strstr(at, "unknown")) != NULL; at++)
		count++;
	assert_int_equal(count, TU_API_ERRORS_MAX);
	assert_non_null(strstr(out, ", more"));
}

static void parameters(void **state)
{
	static const struct {
		const struct tu_api_schema *schema;
		const char *text, *wrong;
	} rows[] = {
		{&number, "7", NULL},
		{&number, "11", "range"},
		{&number, "7x", "type"},
		{&number, "", "type"},
		{&number, "-1", "range"},
		{&number, "99999999999999999999", "type"},
		{&name, "abcd", NULL},
		{&name, "abcde", "length"},
		{&colour, "blue", "enum"},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		const struct tu_api_parameter parameter = {"p", false, rows[i].schema};
		struct tu_arena *arena = tu_arena_new(0);
		struct tu_api_problem problem = {0};
		bool fine =
			tu_api_validate_text(tu_str_c(rows[i].text), &parameter, arena, &problem);

		assert_int_equal(fine, rows[i].wrong == NULL);
		if (rows[i].wrong) {
			assert_string_equal(problem.faults[0].type, rows[i].wrong);
			assert_string_equal(problem.faults[0].parameter, "p");
		}
		tu_arena_free(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bodies),
		cmocka_unit_test(many_faults),
		cmocka_unit_test(parameters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
