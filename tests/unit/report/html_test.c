#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "report/html.h"

static void assert_shown(struct tu_str text, const char *wanted)
{
	struct tu_buf out;

	tu_buf_init(&out, 1 << 16);
	tu_html_text(&out, text);
	tu_buf_byte(&out, '\0');
	assert_false(out.failed);
	assert_string_equal(out.ptr, wanted);
	tu_buf_done(&out);
}

static void text_never_becomes_markup(void **state)
{
	(void)state;
	assert_shown(TU_STR("a<b>&\"'c"), "a&lt;b&gt;&amp;&quot;&#39;c");
	assert_shown(TU_STR("&amp;"), "&amp;amp;");
	assert_shown(TU_STR(""), "");
	assert_shown(tu_str_of(NULL, 0), "");
	assert_shown(TU_STR("two\nlines\tapart"), "two\nlines\tapart");
}

static void what_deceives_is_shown(void **state)
{
	static const struct {
		const char *bytes, *shown;
	} cases[] = {
		{"\x01", "[U+0001]"},
		{"\x0d", "[U+000D]"},
		{"\x1b[31m", "[U+001B][31m"},
		{"\x7f", "[U+007F]"},
		{"\xc2\x85", "[U+0085]"},
		{"a\xe2\x80\xae"
		 "b",
			"a[U+202E]b"},
		{"\xe2\x81\xa6", "[U+2066]"},
		{"\xe2\x80\x8b", "[U+200B]"},
		{"\xef\xbb\xbf", "[U+FEFF]"},
		{"\xf3\xa0\x81\x81", "[U+E0041]"},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++)
		assert_shown(tu_str_c(cases[i].bytes), cases[i].shown);
	assert_shown(tu_str_of("a\0b", 3), "a[U+0000]b");
}

static void other_scripts_stay(void **state)
{
	(void)state;
	assert_shown(TU_STR("Größe \xd7\x9e \xe4\xb8\xad \xf0\x9f\x92\x89"),
		"Größe \xd7\x9e \xe4\xb8\xad \xf0\x9f\x92\x89");
}

static void bytes_that_are_no_text_are_replaced(void **state)
{
	(void)state;
	assert_shown(TU_STR("a\xff\xc0<"), "a\xef\xbf\xbd\xef\xbf\xbd&lt;");
	assert_shown(TU_STR("cut \xe2\x80"), "cut \xef\xbf\xbd\xef\xbf\xbd");
}

static void assert_written(struct tu_buf *out, const char *wanted)
{
	tu_buf_byte(out, '\0');
	assert_false(out->failed);
	assert_string_equal(out->ptr, wanted);
	tu_buf_clear(out);
}

static void counts_and_times(void **state)
{
	struct tu_buf out;
	(void)state;

	tu_buf_init(&out, 1 << 10);
	tu_html_count(&out, 0);
	assert_written(&out, "0");
	tu_html_count(&out, 1001002);
	assert_written(&out, "1,001,002");
	tu_html_counted(&out, 1, "finding", "findings");
	assert_written(&out, "1 finding");
	tu_html_days(&out, 2 * 86400 - 1);
	assert_written(&out, "1 day");
	tu_html_days(&out, -86400 * 3);
	assert_written(&out, "0 days");
	tu_html_time(&out, 1770042600, "never");
	assert_written(&out, "2026-02-02 14:30 UTC");
	tu_html_time(&out, 0, "not <stated>");
	assert_written(&out, "not &lt;stated&gt;");
	tu_html_element(&out, "td class=\"n\"", TU_STR("<1>"));
	assert_written(&out, "<td class=\"n\">&lt;1&gt;</td>");
	tu_buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_never_becomes_markup),
		cmocka_unit_test(what_deceives_is_shown),
		cmocka_unit_test(other_scripts_stay),
		cmocka_unit_test(bytes_that_are_no_text_are_replaced),
		cmocka_unit_test(counts_and_times),
	};

	return cmocka_run_group_tests_name("report/html", tests, NULL, NULL);
}
