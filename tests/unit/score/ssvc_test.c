#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/ssvc.h>

static enum tu_status choose(
	struct tu_ssvc_choice *choice, const char *point, const char *value, struct tu_error *err)
{
	return tu_ssvc_choose(tu_ssvc_table_by_id(TU_STR("cisa-coordinator")), choice,
		tu_str_c(point), tu_str_c(value), err);
}

static void decides_by_name_key_and_synonym(void **state)
{
	static const char *const ways[][8] = {
		{"exploitation", "public poc", "automatable", "yes", "technical impact", "total",
			"mission and well-being impact", "high"},
		{"Exploitation", "PoC", "AUTOMATABLE", "Yes", "technical-impact", "TOTAL",
			"mission_and_well_being_impact", "h"},
		{"E", "P", "A", "Y", "TI", "T", "MWI", "H"},
	};
	const struct tu_ssvc_table *table = tu_ssvc_table_by_id(TU_STR("cisa-coordinator"));
	(void)state;

	for (size_t i = 0; i < TU_COUNT(ways); i++) {
		struct tu_ssvc_choice choice = {{0}};
		const struct tu_ssvc_value *outcome = NULL;
		for (size_t n = 0; n < 8; n += 2)
			assert_int_equal(choose(&choice, ways[i][n], ways[i][n + 1], NULL), TU_OK);
		assert_int_equal(tu_ssvc_decide(table, &choice, &outcome, NULL), TU_OK);
		assert_string_equal(outcome->name, "attend");
	}
}

static void refuses_with_what_there_is(void **state)
{
	struct tu_ssvc_choice choice = {{0}};
	const struct tu_ssvc_value *outcome = NULL;
	struct tu_error err = {0};
	(void)state;

	assert_int_equal(choose(&choice, "exposure", "open", &err), TU_E_NOTFOUND);
	assert_non_null(strstr(err.message, "technical impact"));
	assert_int_equal(choose(&choice, "E", "maybe", &err), TU_E_NOTFOUND);
	assert_non_null(strstr(err.message, "none, public poc, active"));
	assert_int_equal(choose(&choice, "E", "N", &err), TU_OK);
	assert_int_equal(choose(&choice, "E", "none", &err), TU_OK);
	assert_int_equal(choose(&choice, "E", "A", &err), TU_E_SYNTAX);
	assert_int_equal(
		tu_ssvc_decide(tu_ssvc_table_at(0), &choice, &outcome, &err), TU_E_NOTFOUND);
	assert_non_null(strstr(err.message, "automatable"));
	assert_null(tu_ssvc_table_by_id(TU_STR("cisa")));
}

/* The rows are as many as the points' values allow, and name outcomes that exist. */
static void tables_are_whole(void **state)
{
	const struct tu_ssvc_table *table;
	(void)state;

	for (size_t i = 0; (table = tu_ssvc_table_at(i)); i++) {
		size_t rows = 1;
		for (size_t p = 0; p < table->point_count; p++)
			rows *= table->points[p]->value_count;
		assert_int_equal(strlen(table->rows), rows);
		for (size_t r = 0; r < rows; r++)
			assert_in_range(table->rows[r], '0', '0' + table->outcome->value_count - 1);
	}
	assert_true(table == NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decides_by_name_key_and_synonym),
		cmocka_unit_test(refuses_with_what_there_is),
		cmocka_unit_test(tables_are_whole),
	};

	return cmocka_run_group_tests_name("ssvc", tests, NULL, NULL);
}
