#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/fault.h"
#include "base/xml.h"
#include "error_text.h"

/* Writes what happens as a line: "+name" opens, "-name=text" closes. */
struct trace {
	struct tu_buf said;
	size_t fail_at; /* the n-th open fails with TU_E_USAGE */
	size_t opened;
};

static enum tu_status on_open(void *context, struct tu_xml *xml, struct tu_xml_name name)
{
	struct trace *trace = context;
	struct tu_str value = tu_xml_attr(xml, "", "a");

	tu_buf_printf(&trace->said, "+%.*s", TU_STR_FMT(name.local));
	if (value.ptr)
		tu_buf_printf(&trace->said, "[%.*s]", TU_STR_FMT(value));
	if (++trace->opened == trace->fail_at)
		return tu_xml_fail(xml, TU_E_USAGE, "told to");
	return TU_OK;
}

static enum tu_status on_close(
	void *context, struct tu_xml *xml, struct tu_xml_name name, struct tu_str text)
{
	struct trace *trace = context;

	(void)xml;
	tu_buf_printf(&trace->said, "-%.*s=%.*s", TU_STR_FMT(name.local), TU_STR_FMT(text));
	return TU_OK;
}

static enum tu_status read_xml(struct tu_str text, const struct tu_xml_limits *limits,
	struct trace *trace, struct tu_error *err)
{
	const struct tu_xml_handler handler = {on_open, on_close, trace};

	tu_buf_init(&trace->said, (size_t)64 << 20);
	return tu_xml_read(text, limits, &handler, err);
}

static void assert_traced(const char *text, const char *expected)
{
	struct trace trace = {0};
	struct tu_error err = {0};

	assert_int_equal(read_xml(tu_str_c(text), NULL, &trace, &err), TU_OK);
	assert_true(tu_str_eq(tu_buf_str(&trace.said), tu_str_c(expected)));
	tu_buf_done(&trace.said);
}

static void assert_fails(struct tu_str text, const struct tu_xml_limits *limits,
	enum tu_status status, const char *words)
{
	struct trace trace = {0};
	struct tu_error err = {0};

	assert_int_equal(read_xml(text, limits, &trace, &err), status);
	if (!strstr(error_text(&err), words))
		print_message("said: %s\n", error_text(&err));
	assert_non_null(strstr(error_text(&err), words));
	tu_buf_done(&trace.said);
}

static void elements_text_and_attributes(void **state)
{
	(void)state;
	assert_traced("<x a='1'><y>t<!-- no -->u<![CDATA[<v>]]></y></x>", "+x[1]+y-y=tu<v>-x=");
	assert_traced("<p:x xmlns:p='urn:q' p:a='no' a='yes'/>", "+x[yes]-x=");
	assert_traced("<x>&lt;&amp;&#65;</x>", "+x-x=<&A");
}

static void errors_have_a_place(void **state)
{
	(void)state;
	assert_fails(TU_STR("<x>\n <y></x>"), NULL, TU_E_SYNTAX, "line 2, column");
	assert_fails(TU_STR("<x>\n <y></x>"), NULL, TU_E_SYNTAX, "/x/y: XML: mismatched tag");
	assert_fails(TU_STR(""), NULL, TU_E_SYNTAX, "no element found");
	assert_fails(TU_STR("<x/><y/>"), NULL, TU_E_SYNTAX, "junk after");
}

static void entities_are_refused(void **state)
{
	(void)state;
	assert_fails(TU_STR("<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><x>&b;</x>"), NULL,
		TU_E_SYNTAX, "declares the entity \"a\"");
	assert_fails(TU_STR("<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><x>&f;</x>"),
		NULL, TU_E_SYNTAX, "declares the external entity \"f\"");
	assert_fails(TU_STR("<!DOCTYPE x [<!ENTITY % p SYSTEM 'http://127.0.0.1/'> %p;]><x/>"),
		NULL, TU_E_SYNTAX, "entity \"p\"");
	assert_fails(TU_STR("<!DOCTYPE x SYSTEM 'http://127.0.0.1/'><x>&unknown;</x>"), NULL,
		TU_E_SYNTAX, "unknown");
}

static void ceilings_hold(void **state)
{
	const struct tu_xml_limits limits = {
		.bytes = 1000, .depth = 3, .elements = 5, .attributes = 2, .text = 10};

	(void)state;
	assert_fails(TU_STR("<a><b><c><d/></c></b></a>"), &limits, TU_E_LIMIT, "deeper");
	assert_fails(TU_STR("<a><b/><b/><b/><b/><b/></a>"), &limits, TU_E_LIMIT, "5 elements");
	assert_fails(TU_STR("<a b='' c='' d=''/>"), &limits, TU_E_LIMIT, "2 attributes");
	assert_fails(TU_STR("<a b='01234567890'/>"), &limits, TU_E_LIMIT, "attribute longer");
	assert_fails(TU_STR("<a>01234567890</a>"), &limits, TU_E_LIMIT, "text longer");
	assert_fails((struct tu_str){"", 1001}, &limits, TU_E_LIMIT, "1001 bytes");
}

static void a_handler_can_stop(void **state)
{
	struct trace trace = {.fail_at = 2};
	struct tu_error err = {0};

	(void)state;
	assert_int_equal(read_xml(TU_STR("<a><b/><c/></a>"), NULL, &trace, &err), TU_E_USAGE);
	assert_true(tu_str_eq(tu_buf_str(&trace.said), TU_STR("+a+b")));
	assert_non_null(strstr(error_text(&err), "/a/b: told to"));
	tu_buf_done(&trace.said);
}

/* A comment that does not end, longer than a chunk, must not be looked at over and over. */
static void endless_tags_end(void **state)
{
	const struct tu_xml_limits limits = {.bytes = (size_t)64 << 20, .text = 1 << 20};
	struct tu_buf text;

	(void)state;
	tu_buf_init(&text, (size_t)64 << 20);
	tu_buf_c(&text, "<a><!--");
	for (size_t i = 0; i < (size_t)32 << 10; i++)
		tu_buf_printf(&text, "%01023d", 0);
	assert_false(text.failed);
	assert_fails(tu_buf_str(&text), &limits, TU_E_LIMIT, "longer than the limit");
	tu_buf_done(&text);
}

static void memory_may_run_out(void **state)
{
	(void)state;
	for (size_t nth = 1; nth < 1000; nth++) {
		struct trace trace = {0};
		struct tu_error err = {0};
		enum tu_status status;

		tu_fault_set(nth);
		status = read_xml(TU_STR("<x xmlns='u' a='1'><y>text</y></x>"), NULL, &trace, &err);
		tu_fault_set(0);
		tu_buf_done(&trace.said);
		if (status == TU_OK)
			return;
		assert_int_equal(status, TU_E_NOMEM);
	}
	fail();
}

static void root_is_found(void **state)
{
	struct tu_buf space;
	struct tu_buf local;

	(void)state;
	tu_buf_init(&space, 100);
	tu_buf_init(&local, 100);
	assert_int_equal(tu_xml_root(TU_STR("<?xml version='1.0'?><q:bom xmlns:q='urn:b'><"),
				 &space, &local, NULL),
		TU_OK);
	assert_true(tu_str_eq(tu_buf_str(&space), TU_STR("urn:b")));
	assert_true(tu_str_eq(tu_buf_str(&local), TU_STR("bom")));
	assert_int_equal(tu_xml_root(TU_STR("<"), &space, &local, NULL), TU_E_SYNTAX);
	tu_buf_done(&space);
	tu_buf_done(&local);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(elements_text_and_attributes),
		cmocka_unit_test(errors_have_a_place),
		cmocka_unit_test(entities_are_refused),
		cmocka_unit_test(ceilings_hold),
		cmocka_unit_test(a_handler_can_stop),
		cmocka_unit_test(endless_tags_end),
		cmocka_unit_test(memory_may_run_out),
		cmocka_unit_test(root_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
