/* The grammar of --fail-on, by tables. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "gate/gate.h"
#include "table.h"

static void check_message(const struct table *table, size_t field, const struct tu_error *err)
{
	struct tu_str message = tu_str_c(err->message);
	size_t byte = table_number(table, field);
	char where[32];

	(void)snprintf(where, sizeof(where), "byte %zu: ", byte);
	if (err->offset != byte - 1 || !tu_str_starts(message, tu_str_c(where)) ||
		tu_str_search(message, table->fields[field + 1]) == message.len)
		fail_msg("row %zu: at %zu, \"%s\"", table->line, err->offset, err->message);
}

/* The fields of the row from `field` on: expression, status, byte, words. */
static void check_row(const struct table *table, enum tu_gate_door door, size_t field)
{
	static const struct {
		const char *word;
		enum tu_status status;
	} words[] = {{"ok", TU_OK}, {"usage", TU_E_USAGE}, {"limit", TU_E_LIMIT}};
	struct tu_gate gate;
	struct tu_error err = {0};
	enum tu_status status = tu_gate_parse(door, table->fields[field], &gate, &err);
	size_t word = 0;

	while (!tu_str_eq(table->fields[field + 1], tu_str_c(words[word].word)))
		assert_true(++word < TU_COUNT(words));
	if (status != words[word].status)
		fail_msg("row %zu: %s", table->line, err.message);
	if (status)
		check_message(table, field + 2, &err);
}

static size_t check_table(const char *name, enum tu_gate_door door)
{
	struct table table;
	size_t rows = 0;

	table_open(&table, name);
	for (; table_next(&table); rows++)
		check_row(&table, door, 0);
	table_close(&table);
	return rows;
}

static void gates_of_a_scan(void **state)
{
	(void)state;
	assert_true(check_table("policy.tsv", TU_GATE_SCAN) > 60);
}

static void gates_of_an_assessment(void **state)
{
	(void)state;
	assert_true(check_table("assess-policy.tsv", TU_GATE_ASSESS) > 20);
}

static void one_grammar_for_all(void **state)
{
	static const char *const doors[] = {"scan", "assess", "clocks", "threat", "concept"};
	struct table table;
	size_t rows = 0;
	(void)state;

	table_open(&table, "gate.tsv");
	for (; table_next(&table); rows++) {
		size_t door = 0;

		while (!tu_str_eq(table.fields[0], tu_str_c(doors[door])))
			assert_true(++door < TU_COUNT(doors));
		check_row(&table, (enum tu_gate_door)door, 1);
	}
	assert_true(rows > 50);
	table_close(&table);
}

static void terms_keep_their_values(void **state)
{
	struct tu_gate gate;
	(void)state;

	assert_int_equal(tu_gate_parse(TU_GATE_SCAN, TU_STR(" high+ !cvss>=7.25 ,epss>=0.00001"),
				 &gate, NULL),
		TU_OK);
	assert_int_equal(gate.rule_count, 2);
	assert_true(tu_str_eq(gate.rules[0].text, TU_STR("high+ !cvss>=7.25")));
	assert_int_equal(gate.rules[0].term_count, 2);
	assert_int_equal(gate.rules[0].terms[0].value, TU_SEVERITY_HIGH);
	assert_false(gate.rules[0].terms[0].negated);
	assert_int_equal(gate.rules[0].terms[1].value, 7250000);
	assert_true(gate.rules[0].terms[1].negated);
	assert_int_equal(gate.rules[1].terms[0].value, 10);
}

static void the_old_word_is_advised_against(void **state)
{
	struct tu_gate gate;
	(void)state;

	assert_int_equal(
		tu_gate_parse(TU_GATE_ASSESS, TU_STR("kev,undecided>7d"), &gate, NULL), TU_OK);
	assert_non_null(strstr(tu_gate_advice(&gate), "\"not-assessed\""));
	assert_int_equal(
		tu_gate_parse(TU_GATE_ASSESS, TU_STR("not-assessed>7d"), &gate, NULL), TU_OK);
	assert_null(tu_gate_advice(&gate));
	assert_int_equal(tu_gate_parse(TU_GATE_SCAN, TU_STR("undecided"), &gate, NULL), TU_OK);
	assert_null(tu_gate_advice(&gate));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gates_of_a_scan),
		cmocka_unit_test(gates_of_an_assessment),
		cmocka_unit_test(one_grammar_for_all),
		cmocka_unit_test(terms_keep_their_values),
		cmocka_unit_test(the_old_word_is_advised_against),
	};

	return cmocka_run_group_tests_name("gate", tests, NULL, NULL);
}
