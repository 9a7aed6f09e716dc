/* tests/tables/udi.tsv: forms and check characters of device identifiers. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/input.h"
#include "ident/udi.h"

static struct tu_str fault_of(const struct tu_udi *udi)
{
	if (udi->fault == TU_UDI_CHARACTER)
		return tu_str_of(&udi->expected, 1);
	return udi->fault == TU_UDI_STRUCTURE ? TU_STR("structure") : TU_STR("-");
}

static bool check_row(struct tu_str line)
{
	struct tu_str field[3] = {{"", 0}, {"", 0}, {"", 0}};
	struct tu_udi udi;

	for (size_t i = 0; i < TU_COUNT(field); i++)
		(void)tu_str_split(&line, '\t', &field[i]);
	udi = tu_udi_judge(field[0]);
	if (tu_str_eq(field[1], tu_str_c(tu_udi_agency_name(udi.agency))) &&
		tu_str_eq(field[2], fault_of(&udi)))
		return true;
	print_error("%.*s: %s, %.*s; not %.*s, %.*s\n", TU_STR_FMT(field[0]),
		tu_udi_agency_name(udi.agency), TU_STR_FMT(fault_of(&udi)), TU_STR_FMT(field[1]),
		TU_STR_FMT(field[2]));
	return false;
}

static void identifiers_are_judged_as_the_table_says(void **state)
{
	const char *tables = getenv("TU_TABLES");
	struct tu_str rest, line;
	struct tu_error err = {0};
	size_t cases = 0, wrong = 0;
	struct tu_buf table;
	char path[1000];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/udi.tsv", tables ? tables : "tests/tables");
	tu_buf_init(&table, 1 << 20);
	if (tu_input_read(path, &table, &err))
		fail_msg("%s", err.message);
	rest = tu_buf_str(&table);
	while (tu_str_split(&rest, '\n', &line)) {
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		cases++;
		wrong += !check_row(line);
	}
	tu_buf_done(&table);
	assert_true(cases >= 40);
	assert_int_equal(wrong, 0);
}

/* Of 14 digits each other one in a place is found: weights 3 and 1 are coprime to 10. */
static void one_wrong_digit_is_always_found(void **state)
{
	static const char good[] = "00614141123452";

	(void)state;
	for (size_t place = 0; place < 14; place++)
		for (char digit = '0'; digit <= '9'; digit++) {
			char text[15];

			memcpy(text, good, sizeof(good));
			text[place] = digit;
			assert_int_equal(tu_udi_judge(tu_str_of(text, 14)).fault,
				digit == good[place] ? TU_UDI_SOUND : TU_UDI_CHARACTER);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(identifiers_are_judged_as_the_table_says),
		cmocka_unit_test(one_wrong_digit_is_always_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
