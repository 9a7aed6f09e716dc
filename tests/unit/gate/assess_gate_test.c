#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "gate/assess_gate.h"
#include "table.h"

static void check_message(const struct table *table, const struct tu_error *err)
{
	struct tu_str message = tu_str_c(err->message);

	if (err->offset + 1 != table_number(table, 2) ||
		tu_str_search(message, table->fields[3]) == message.len)
		fail_msg("row %zu: at %zu, \"%s\"", table->line, err->offset + 1, err->message);
}

static void follows_its_grammar(void **state)
{
	struct table table;
	size_t rows = 0;
	(void)state;

	table_open(&table, "assess-policy.tsv");
	while (table_next(&table)) {
		struct tu_assess_policy policy;
		struct tu_error err = {0};
		enum tu_status status = tu_assess_policy_parse(table.fields[0], &policy, &err);
		enum tu_status wanted = tu_str_eq(table.fields[1], TU_STR("ok")) ? TU_OK
			: tu_str_eq(table.fields[1], TU_STR("limit"))		 ? TU_E_LIMIT
										 : TU_E_USAGE;

		if (status != wanted)
			fail_msg("row %zu: %s", table.line, err.message);
		if (status)
			check_message(&table, &err);
		rows++;
	}
	assert_true(rows > 20);
	table_close(&table);
}

/* Three findings: undecided for ten days and exploited; carried and closed; re-opened, age unknown.
 */
static void judges(void **state)
{
	static const struct {
		const char *rule;
		size_t count;
	} cases[] = {
		{"any", 3},
		{"undecided", 2},
		{"undecided>9d", 2},
		{"undecided>10", 1},
		{"kev&!decided", 1},
		{"kev", 1},
		{"decided", 1},
		{"carried", 1},
		{"reopened", 1},
		{"uncontrolled", 1},
		{"controlled", 1},
		{"closed", 1},
		{"!closed", 2},
		{"harm>=critical", 1},
		{"age>5d&!closed", 2},
		{"cvss>=9", 1},
		{"level>=5", 1},
		{"expired", 1},
		{"fixable", 0},
	};
	static const struct tu_finding finding = {.verdict = TU_MATCH_AFFECTED};
	const struct tu_assess_finding exploited = {
		.finding = &finding, .facts.has_kev = true, .tenths = 98};
	const struct tu_assess_finding other = {.finding = &finding, .tenths = TU_SCORE_UNSTATED};
	const struct tu_assessment list[] = {
		{.of = &exploited,
			.since = 86400,
			.risk = TU_RISK_UNCONTROLLED,
			.harm = TU_HARM_CATASTROPHIC,
			.proposal.level = 5},
		{.of = &other,
			.since = 86400 * 10,
			.state = TU_ASSESS_CARRIED,
			.status = TU_DECISION_NOT_AFFECTED,
			.risk = TU_RISK_CONTROLLED},
		{.of = &other,
			.state = TU_ASSESS_REOPENED,
			.reopen = TU_REOPEN_EXPIRED,
			.risk = TU_RISK_CONTROLLED},
	};
	const struct tu_assess_result result = {.assessments = list, .count = 3};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct tu_assess_policy policy;
		const struct tu_assessment *first;

		assert_int_equal(
			tu_assess_policy_parse(tu_str_c(cases[i].rule), &policy, NULL), TU_OK);
		if (tu_assess_rule_judge(&policy.rules[0], &result, 86400 * 11, &first) !=
			cases[i].count)
			fail_msg("%s", cases[i].rule);
		assert_true((first != NULL) == (cases[i].count > 0));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(follows_its_grammar), cmocka_unit_test(judges)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
