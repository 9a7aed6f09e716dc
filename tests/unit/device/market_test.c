/* tests/tables/deadline/markets.tsv: which words are markets, and whose rules they have. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/market.h>

#include "table.h"

static void words_are_the_markets_of_the_table(void **state)
{
	struct table table;
	size_t cases = 0;
	(void)state;

	table_open(&table, "deadline/markets.tsv");
	while (table_next(&table)) {
		struct tu_market market = {"", "", ""};
		bool found = tu_market_find(table.fields[0], &market);
		struct tu_str rules = tu_str_c(*market.rules || !found ? market.rules : "-");

		if (found != (table.fields[1].len > 0) ||
			!tu_str_eq(tu_str_c(market.code), table.fields[1]) ||
			!tu_str_eq(rules, table.fields[2]) || (found && !*market.name))
			fail_msg("line %zu: %s, %s", table.line, market.code, market.rules);
		cases++;
	}
	assert_true(cases > 40);
	table_close(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_the_markets_of_the_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
