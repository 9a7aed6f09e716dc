/* CISA BOD 26-04: the sixteen rows of its table, and what is not known. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/bod2604.h>

/* in KEV, exposed, automatable, total: as the directive's Table 1 gives them. */
static const struct {
	const char *facts;
	enum tu_bod_band band;
} rows[] = {
	{"yyyy", TU_BOD_3_FORENSIC},
	{"yyyn", TU_BOD_3},
	{"yyny", TU_BOD_3_FORENSIC},
	{"yynn", TU_BOD_14},
	{"nyyy", TU_BOD_3},
	{"nyyn", TU_BOD_14},
	{"nyny", TU_BOD_14},
	{"nynn", TU_BOD_60},
	{"ynyy", TU_BOD_3_FORENSIC},
	{"ynyn", TU_BOD_14},
	{"ynny", TU_BOD_14},
	{"ynnn", TU_BOD_14},
	{"nnyy", TU_BOD_60},
	{"nnyn", TU_BOD_60},
	{"nnny", TU_BOD_UPGRADE},
	{"nnnn", TU_BOD_UPGRADE},
};

static struct tu_bod_answer decide(const char *text)
{
	struct tu_bod_facts facts;

	for (size_t i = 0; i < TU_BOD_FACTS; i++)
		facts.of[i] = text[i] == 'y' ? TU_BOD_YES
			: text[i] == 'n'     ? TU_BOD_NO
					     : TU_BOD_UNDECIDED;
	return tu_bod_decide(&facts);
}

static void the_table_row_by_row(void **state)
{
	(void)state;
	assert_int_equal(TU_COUNT(rows), 16);
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_bod_answer answer = decide(rows[i].facts);

		assert_true(answer.asked);
		assert_int_equal(answer.band, rows[i].band);
		assert_int_equal(answer.undecided, 0);
		assert_false(answer.rests);
	}
}

/* Every way of not knowing: the earliest of all rows that agree with what is known. */
static void what_is_not_known_takes_the_earliest(void **state)
{
	static const char values[] = {'y', 'n', '?'};
	(void)state;

	for (size_t way = 0; way < 81; way++) {
		char text[TU_BOD_FACTS + 1] = "";
		enum tu_bod_band earliest = TU_BOD_UPGRADE, latest = TU_BOD_3_FORENSIC;
		struct tu_bod_answer answer;
		size_t rest = way;

		for (size_t i = 0; i < TU_BOD_FACTS; i++, rest /= 3)
			text[i] = values[rest % 3];
		for (size_t r = 0; r < TU_COUNT(rows); r++) {
			bool agrees = true;

			for (size_t i = 0; i < TU_BOD_FACTS; i++)
				agrees &= text[i] == '?' || text[i] == rows[r].facts[i];
			if (agrees && rows[r].band > earliest)
				earliest = rows[r].band;
			if (agrees && rows[r].band < latest)
				latest = rows[r].band;
		}
		answer = decide(text);
		assert_int_equal(answer.band, earliest);
		assert_int_equal(answer.rests, latest < earliest);
		for (size_t i = 0; i < TU_BOD_FACTS; i++)
			assert_int_equal(answer.undecided >> i & 1, text[i] == '?');
	}
}

static void the_undecided_are_named(void **state)
{
	struct tu_bod_answer answer = decide("y?n?");
	char text[128];
	struct tu_buf out = {.ptr = text, .cap = sizeof(text), .ceiling = sizeof(text)};
	(void)state;

	tu_bod_undecided(&answer, &out);
	assert_true(tu_str_eq(
		tu_buf_str(&out), TU_STR("exposed to the internet, total technical impact")));
	assert_int_equal(tu_bod_days(answer.band), 3);
	assert_int_equal(tu_bod_days(TU_BOD_UPGRADE), 0);
	assert_int_equal(tu_bod_decide(&(struct tu_bod_facts){{0}}).band, TU_BOD_3_FORENSIC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_row_by_row),
		cmocka_unit_test(what_is_not_known_takes_the_earliest),
		cmocka_unit_test(the_undecided_are_named),
	};

	return cmocka_run_group_tests_name("BOD 26-04", tests, NULL, NULL);
}
