/* XML that is written must be XML that is read, and say the same. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>

#include <string.h>

#include "base/xml.h"
#include "base/xml_writer.h"

static void assert_written(const struct tu_buf *out, const char *want)
{
	static const char declaration[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
	struct tu_str text = tu_buf_str(out);

	assert_false(out->failed);
	assert_true(tu_str_skip(&text, tu_str_c(declaration)));
	if (!tu_str_eq(text, tu_str_c(want)))
		print_error("%.*s\n", TU_STR_FMT(text));
	assert_true(tu_str_eq(text, tu_str_c(want)));
}

static void elements_are_indented(void **state)
{
	struct tu_buf out;
	struct tu_xml_writer xml;

	(void)state;
	tu_buf_init(&out, 1 << 16);
	xml = tu_xml_writer(&out);
	tu_xml_open(&xml, "a");
	tu_xml_add_attr(&xml, "x", TU_STR("1"));
	tu_xml_element(&xml, "b", TU_STR("text"));
	tu_xml_element(&xml, "c", TU_STR(""));
	tu_xml_open(&xml, "d");
	tu_xml_open(&xml, "e");
	tu_xml_close(&xml, "e");
	tu_xml_close(&xml, "d");
	tu_xml_close(&xml, "a");
	assert_written(&out, "<a x=\"1\">\n  <b>text</b>\n  <c/>\n  <d>\n    <e/>\n  </d>\n</a>");
	assert_int_equal(xml.replaced, 0);
	tu_buf_done(&out);
}

static void characters_are_escaped_or_replaced(void **state)
{
	static const struct tu_str text =
		TU_STR_INIT("<&>\"'\t\n\r\x01\x00|\xc3\xbc|\xff|\xef\xbf\xbf|\xed\xa0\x80");
	struct tu_buf out;
	struct tu_xml_writer xml;

	(void)state;
	tu_buf_init(&out, 1 << 16);
	xml = tu_xml_writer(&out);
	tu_xml_open(&xml, "a");
	tu_xml_add_attr(&xml, "x", tu_str_first(text, 8));
	tu_xml_add_text(&xml, text);
	tu_xml_close(&xml, "a");
	assert_written(&out,
		"<a x=\"&lt;&amp;&gt;&quot;'&#9;&#10;&#13;\">&lt;&amp;&gt;\"'\t\n&#13;"
		"\xef\xbf\xbd\xef\xbf\xbd|\xc3\xbc|\xef\xbf\xbd|"
		"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
		"|\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd</a>");
	assert_int_equal(xml.replaced, 9);
	tu_buf_done(&out);
}

struct seen {
	char attr[64];
	char text[64];
};

static enum tu_status on_open(void *context, struct tu_xml *xml, struct tu_xml_name name)
{
	struct seen *seen = context;
	struct tu_str value = tu_xml_attr(xml, "", "x");

	(void)name;
	memcpy(seen->attr, value.ptr, value.len);
	return TU_OK;
}

static enum tu_status on_close(
	void *context, struct tu_xml *xml, struct tu_xml_name name, struct tu_str text)
{
	struct seen *seen = context;

	(void)xml;
	(void)name;
	memcpy(seen->text, text.ptr, text.len);
	return TU_OK;
}

/* Every byte that XML can hold comes back. */
static void what_is_read_is_what_was_written(void **state)
{
	struct seen seen;
	const struct tu_xml_handler handler = {on_open, on_close, &seen};

	(void)state;
	for (int c = 1; c < 0x80; c++) {
		const char text[3] = {'|', (char)c, '|'};
		bool held = c >= 0x20 || c == '\t' || c == '\n' || c == '\r';
		struct tu_error err = {0};
		struct tu_xml_writer xml;
		struct tu_buf out;

		memset(&seen, 0, sizeof(seen));
		tu_buf_init(&out, 1 << 16);
		xml = tu_xml_writer(&out);
		tu_xml_open(&xml, "a");
		tu_xml_add_attr(&xml, "x", tu_str_of(text, 3));
		tu_xml_add_text(&xml, tu_str_of(text, 3));
		tu_xml_close(&xml, "a");
		assert_int_equal(tu_xml_read(tu_buf_str(&out), NULL, &handler, &err), TU_OK);
		assert_int_equal(xml.replaced, held ? 0 : 2);
		if (held) {
			assert_memory_equal(seen.attr, text, 3);
			assert_memory_equal(seen.text, text, 3);
		}
		tu_buf_done(&out);
	}
}

static void a_full_buffer_is_told(void **state)
{
	struct tu_buf out;
	struct tu_xml_writer xml;

	(void)state;
	tu_buf_init(&out, 50);
	xml = tu_xml_writer(&out);
	tu_xml_element(&xml, "element", TU_STR("a text that is too long"));
	assert_true(out.failed);
	tu_buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(elements_are_indented),
		cmocka_unit_test(characters_are_escaped_or_replaced),
		cmocka_unit_test(what_is_read_is_what_was_written),
		cmocka_unit_test(a_full_buffer_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
