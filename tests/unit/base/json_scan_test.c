#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json_scan.h"
#include "table.h"

/* The scan must see what the parser sees, or an error would have no place. */
static void agrees_with_the_table(void **state)
{
	struct table table;
	(void)state;

	table_open(&table, "json/grammar.tsv");
	while (table_next(&table)) {
		struct tu_json_fault fault = {0};
		struct tu_str text = table.fields[0];
		bool fine = tu_str_eq(table.fields[1], TU_STR("ok"));

		(void)tu_str_skip(&text, TU_STR("\xef\xbb\xbf"));
		if (tu_json_scan_fault(text, 512, &fault) == fine)
			fail_msg("row %zu: %s", table.line, fault.message ? fault.message : "fine");
		if (!fine)
			assert_int_equal(fault.status == TU_E_LIMIT,
				tu_str_eq(table.fields[1], TU_STR("limit")));
	}
	table_close(&table);
}

static void counts_values_and_keys_in_document_order(void **state)
{
	struct tu_str text = TU_STR(" {\"a\": [1, \"x\", {}], \"b\" :null} ");
	static const size_t offsets[] = {1, 2, 7, 8, 11, 16, 21, 26};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(offsets); i++)
		assert_int_equal(tu_json_scan_offset(text, i), offsets[i]);
	assert_int_equal(tu_json_scan_offset(text, TU_COUNT(offsets)), text.len);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_the_table),
		cmocka_unit_test(counts_values_and_keys_in_document_order),
	};

	return cmocka_run_group_tests_name("json_scan", tests, NULL, NULL);
}
