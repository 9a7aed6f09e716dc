/* Which of several stated scores is shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "score/choose.h"

/* From the one that is shown before all others to the last. */
static const struct {
	enum tu_score_origin origin;
	struct tu_score score;
} rows[] = {
	{TU_SCORE_OF_OSV,
		{.version = TU_CVSS_3_1,
			.base_tenths = TU_SCORE_UNSTATED,
			.vector = TU_STR_INIT("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")}},
	{TU_SCORE_OF_NVD, {.version = TU_CVSS_2, .base_tenths = 50}},
	{TU_SCORE_OF_CNA, {.version = TU_CVSS_2, .base_tenths = 50}},
	{TU_SCORE_OF_OSV, {.base_tenths = TU_SCORE_UNSTATED, .severity = TU_STR_INIT("HIGH")}},
	{TU_SCORE_OF_NVD,
		{.version = TU_CVSS_3_1,
			.base_tenths = TU_SCORE_UNSTATED,
			.vector = TU_STR_INIT("CVSS:3.1/AV:N")}},
	{TU_SCORE_OF_OTHERS,
		{.base_tenths = TU_SCORE_UNSTATED, .severity = TU_STR_INIT("no such word")}},
};

static void the_order(void **state)
{
	(void)state;
	for (size_t i = 0; i + 1 < TU_COUNT(rows); i++)
		assert_true(tu_score__rank(rows[i].origin, &rows[i].score) <
			tu_score__rank(rows[i + 1].origin, &rows[i + 1].score));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(the_order)};

	return cmocka_run_group_tests_name("shown score", tests, NULL, NULL);
}
