/* Licence ids and expressions: the list, its deprecated ids, and what is no expression. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ident/licence.h"

/* What is not listed, in brackets. */
static bool bracket(void *context, struct tu_str word, struct tu_buf *out)
{
	(void)context;
	tu_buf_byte(out, '[');
	tu_buf_str_add(out, word);
	tu_buf_byte(out, ']');
	return true;
}

static void test_expressions(void **state)
{
	static const struct {
		const char *text;
		const char *written; /* "": no expression */
		bool replaced;
	} rows[] = {
		{"MIT", "MIT", false},
		{"mit", "MIT", false},
		{"apache-2.0+", "Apache-2.0+", false},
		{"GPL-2.0", "GPL-2.0-only", true},
		{"lgpl-2.1+ OR MIT", "LGPL-2.1-or-later OR MIT", true},
		{"GPL-3.0-with-GCC-exception", "GPL-3.0-only WITH GCC-exception-3.1", true},
		{"eCos-2.0", "GPL-2.0-or-later WITH eCos-exception-2.0", true},
		{"Net-SNMP", "Net-SNMP", false},
		{"MIT and (isc or Zlib)", "MIT AND (ISC OR Zlib)", false},
		{"GPL-2.0-only WITH classpath-exception-2.0",
			"GPL-2.0-only WITH Classpath-exception-2.0", false},
		{"MIT AND GPL-2.0-only WITH Acme-exception",
			"MIT AND [GPL-2.0-only WITH Acme-exception]", false},
		{"LicenseRef-Acme OR MIT", "[LicenseRef-Acme] OR MIT", false},
		{"DocumentRef-a:LicenseRef-b", "[DocumentRef-a:LicenseRef-b]", false},
		{"Acme-EULA AND MIT", "[Acme-EULA] AND MIT", false},
		{"Acme-EULA", "[Acme-EULA]", false},
		{"Terms and Conditions", "", false},
		{"Acme EULA", "", false},
		{"MIT/X11", "", false},
		{"MIT AND", "", false},
		{"AND", "", false},
		{"(MIT", "", false},
		{"MIT)", "", false},
		{"GPL-2.0-only WITH", "", false},
		{"", "", false},
		{"\xd7\xa8\xd7\x99", "", false},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_licence_writing writing = {.operand = bracket};
		struct tu_str text = tu_str_c(rows[i].text);
		bool fits = rows[i].written[0] != '\0';
		struct tu_buf out;

		tu_buf_init(&out, 1024);
		assert_int_equal(tu_licence_is_expression(text), fits);
		assert_int_equal(tu_licence_write(text, &writing, &out), fits);
		tu_buf_byte(&out, '\0');
		assert_string_equal(out.ptr, rows[i].written);
		assert_int_equal(writing.replaced, rows[i].replaced);
		tu_buf_done(&out);
	}
}

static bool refuse(void *context, struct tu_str word, struct tu_buf *out)
{
	(void)context;
	(void)word;
	(void)out;
	return false;
}

static void test_refused_operands_leave_nothing(void **state)
{
	struct tu_licence_writing writing = {.operand = refuse};
	struct tu_buf out;

	(void)state;
	tu_buf_init(&out, 1024);
	assert_true(tu_licence_write(TU_STR("MIT"), &writing, &out));
	assert_false(tu_licence_write(TU_STR("MIT AND Acme"), &writing, &out));
	assert_int_equal(out.len, 3);
	tu_buf_done(&out);
}

static void test_deep_nesting_ends(void **state)
{
	char text[4000];

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = '(';
	assert_false(tu_licence_is_expression(tu_str_of(text, sizeof(text))));
}

static void test_references(void **state)
{
	(void)state;
	assert_true(tu_licence_is_reference(TU_STR("LicenseRef-a.b-1")));
	assert_true(tu_licence_is_reference(TU_STR("DocumentRef-x:LicenseRef-y")));
	assert_false(tu_licence_is_reference(TU_STR("LicenseRef-")));
	assert_false(tu_licence_is_reference(TU_STR("LicenseRef-a_b")));
	assert_false(tu_licence_is_reference(TU_STR("DocumentRef-:LicenseRef-y")));
	assert_false(tu_licence_is_reference(TU_STR("DocumentRef-x")));
	assert_false(tu_licence_is_reference(TU_STR("MIT")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_expressions),
		cmocka_unit_test(test_refused_operands_leave_nothing),
		cmocka_unit_test(test_deep_nesting_ends),
		cmocka_unit_test(test_references),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
