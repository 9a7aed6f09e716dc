#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/json.h"
#include "notify/calendar.h"
#include "notify/render.h"

enum { MANY = 10000 };

typedef void form(const struct tu_rendering *r, struct tu_buf *out);

static const struct tu_notice hostile = {.kind = TU_STR_INIT("finding.new"),
	.device_id = 1,
	.device = TU_STR_INIT("<b>&\"\r\nBcc: eve@example.org"),
	.subject = TU_STR_INIT("CVE-2026-1 [x](https://example.org) <!channel>"),
	.severity = 5,
	.harm = 4};

static char *rendered(form *write, const struct tu_rendering *r)
{
	struct tu_buf out;
	char *text;

	tu_buf_init(&out, 1 << 20);
	write(r, &out);
	assert_false(out.failed);
	text = calloc(out.len + 1, 1);
	assert_non_null(text);
	memcpy(text, out.ptr, out.len);
	tu_buf_done(&out);
	return text;
}

static size_t count(const char *text, const char *part)
{
	size_t n = 0;

	while ((text = strstr(text, part)) != NULL) {
		n++;
		text++;
	}
	return n;
}

static struct tu_notice *many(void)
{
	struct tu_notice *list = calloc(MANY, sizeof(*list));

	assert_non_null(list);
	for (size_t i = 0; i < MANY; i++)
		list[i] = hostile;
	return list;
}

static void a_long_digest_is_bounded(void **state)
{
	static const struct {
		form *form;
		const char *line, *more;
		size_t lines, bytes;
	} cases[] = {
		{tu_render_text, "New finding", "and 9800 more", 200, 60000},
		{tu_render_html, "<li>", "and 9800 more", 200, 80000},
		{tu_render_webhook, "finding.new", "\"more\":9800", 200, 80000},
		{tu_render_slack, "New finding", "and 9980 more", 20, 28000},
		{tu_render_teams, "New finding", "and 9980 more", 20, 28000},
	};
	struct tu_notice *list = many();
	struct tu_notices notices = {.at = list, .count = MANY};
	const struct tu_rendering r = {.notices = &notices, .rule = TU_STR("all")};
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *text = rendered(cases[i].form, &r);

		assert_int_equal(count(text, cases[i].line), cases[i].lines);
		assert_non_null(strstr(text, cases[i].more));
		assert_true(strlen(text) < cases[i].bytes);
		free(text);
	}
	/* how many there are of what somebody may not see is not said */
	notices.hidden = true;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *text = rendered(cases[i].form, &r);

		assert_null(strstr(text, cases[i].more));
		free(text);
	}
	free(list);
}

static void names_are_no_markup(void **state)
{
	const struct tu_notices notices = {.at = &hostile, .count = 1};
	const struct tu_rendering r = {.notices = &notices};
	char *html = rendered(tu_render_html, &r), *slack = rendered(tu_render_slack, &r);
	(void)state;

	assert_null(strstr(html, "<b>"));
	assert_non_null(strstr(html, "&lt;b&gt;&amp;&quot;"));
	assert_non_null(strstr(slack,
		"\"text\":\"New finding: CVE-2026-1 [x](https://example.org) "
		"&lt;!channel&gt;"));
	assert_null(strstr(slack, "mrkdwn"));
	free(html);
	free(slack);
}

static void what_programs_get_is_json(void **state)
{
	static form *const forms[] = {tu_render_webhook, tu_render_slack, tu_render_teams};
	const struct tu_json_limits limits = {.bytes = 1 << 20, .depth = 16, .unique_keys = true};
	const struct tu_notices notices = {.at = &hostile, .count = 1};
	const struct tu_rendering r = {
		.notices = &notices, .rule = TU_STR("\"\\\n"), .id = TU_STR("1")};
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_json root;
	(void)state;

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		char *text = rendered(forms[i], &r);

		assert_int_equal(
			tu_json_parse(parser, tu_str_c(text), &limits, &root, NULL), TU_OK);
		free(text);
	}
	tu_json_parser_free(parser);
}

/* The example of the specification of Standard Webhooks. */
static void signatures_are_those_of_the_standard(void **state)
{
	struct tu_signing signing = {.id = TU_STR("msg_p5jXN8AQM9LWM0D4loKWxJek"),
		.body = TU_STR("{\"test\": 2432232314}"),
		.timestamp = 1614265330,
		.secrets = {TU_STR("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")}};
	struct tu_buf out;
	(void)state;

	tu_buf_init(&out, 1000);
	assert_int_equal(tu_webhook_sign(&signing, &out, NULL), TU_OK);
	assert_true(tu_str_eq(
		tu_buf_str(&out), TU_STR("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")));
	tu_buf_clear(&out);
	signing.secrets[1] = signing.secrets[0];
	assert_int_equal(tu_webhook_sign(&signing, &out, NULL), TU_OK);
	assert_int_equal(out.len, 2 * 47 + 1);
	signing.secrets[0] = TU_STR("whsec_x");
	assert_int_equal(tu_webhook_sign(&signing, &out, NULL), TU_E_USAGE);
	tu_buf_done(&out);
}

static void lines_of_a_calendar_are_folded(void **state)
{
	struct tu_buf out;
	struct tu_str rest, line;
	(void)state;

	tu_buf_init(&out, 4096);
	tu_calendar_line(&out, "SUMMARY",
		TU_STR("a,b;c\\d\nEND:VEVENT\r and a text that is longer than a line of a calendar "
		       "may be, with \xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4 in "
		       "it"));
	rest = tu_buf_str(&out);
	assert_true(tu_str_starts(rest, TU_STR("SUMMARY:a\\,b\\;c\\\\d\\nEND:VEVENT and")));
	while (tu_str_split(&rest, '\n', &line) && line.len) {
		assert_true(line.len <= 76);
		assert_true(line.ptr[line.len - 1] == '\r');
	}
	tu_buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_long_digest_is_bounded),
		cmocka_unit_test(names_are_no_markup),
		cmocka_unit_test(what_programs_get_is_json),
		cmocka_unit_test(signatures_are_those_of_the_standard),
		cmocka_unit_test(lines_of_a_calendar_are_folded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
