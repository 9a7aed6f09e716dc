/* What a distribution's word makes of a finding, and which evidence decides before which. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "match/reason.h"
#include "match/weigh.h"

static void each_word_of_a_distribution_has_its_reason(void **state)
{
	static const struct {
		const char *word;
		const char *reason; /* by its stable word */
	} rows[] = {
		{"unimportant", "unimportant"},
		{"end-of-life", "end-of-life"},
		{"ignored", "ignored"},
		{"postponed", "postponed"},
		{"no-dsa", "no-dsa"},
		{"", "none"},
		{"Ignored", "none"},
		{"ignored-later", "none"},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		enum tu_reason reason = tu_match__triage_reason(tu_str_c(rows[i].word));

		assert_string_equal(tu_reason_name(reason), rows[i].reason);
		assert_int_equal(tu_reason_is_triage(reason), reason != TU_WHY_NONE);
	}
}

struct row {
	uint32_t vulnerability;
	enum tu_match_by by;
	enum tu_reason reason;
	uint32_t entry;
};

/* In the order in which it decides; rows beside each other differ in one thing. */
static const struct row ordered[] = {
	{1, TU_BY_DISTRO, TU_WHY_IN_RANGE, 9},
	{1, TU_BY_DISTRO, TU_WHY_NO_VERSION, 7},
	{1, TU_BY_DISTRO, TU_WHY_NO_VERSION, 8},
	{1, TU_BY_DISTRO, TU_WHY_OUT_OF_RANGE, 6},
	{1, TU_BY_PACKAGE, TU_WHY_IN_RANGE, 5},
	{1, TU_BY_CPE, TU_WHY_IN_RANGE, 5},
	{1, TU_BY_CPE, TU_WHY_OUT_OF_RANGE, 4},
	{1, TU_BY_NAME, TU_WHY_NAME_ONLY, 3},
	/* about another component: after all that votes, whatever it is by */
	{1, TU_BY_DISTRO, TU_WHY_RELEASE_NO_DATA, 9},
	/* quiet: after what is listed, before what is cleared */
	{1, TU_BY_DISTRO, TU_WHY_NOT_COVERED, 8},
	{1, TU_BY_DISTRO, TU_WHY_OTHER_DISTRO, 1},
	{1, TU_BY_CPE, TU_WHY_RELEASE_NO_DATA, 1},
	{2, TU_BY_DISTRO, TU_WHY_IN_RANGE, 0},
};

static struct tu_evidence evidence_of(const struct row *row)
{
	return (struct tu_evidence){.vulnerability = row->vulnerability,
		.by = row->by,
		.reason = row->reason,
		.verdict = tu_match__reason_kinds[row->reason].verdict,
		.entry = row->entry};
}

static void the_strongest_evidence_comes_first(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(ordered); i++)
		for (size_t k = 0; k < TU_COUNT(ordered); k++) {
			const struct tu_evidence a = evidence_of(&ordered[i]);
			const struct tu_evidence b = evidence_of(&ordered[k]);
			int order = tu_match__compare_evidence(&a, &b);

			if ((order > 0) - (order < 0) != (i > k) - (i < k))
				fail_msg("rows %zu and %zu: %d", i, k, order);
		}
}

/* By CPE and by a curated name is worth the same: the verdict decides. */
static void a_curated_name_is_worth_a_cpe_name(void **state)
{
	const struct tu_evidence cleared =
		evidence_of(&(const struct row){1, TU_BY_CPE, TU_WHY_OUT_OF_RANGE, 1});
	const struct tu_evidence found =
		evidence_of(&(const struct row){1, TU_BY_ALIAS, TU_WHY_IN_RANGE, 2});

	(void)state;
	assert_true(tu_match__compare_evidence(&found, &cleared) < 0);
	assert_true(tu_match__compare_evidence(&cleared, &found) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_word_of_a_distribution_has_its_reason),
		cmocka_unit_test(the_strongest_evidence_comes_first),
		cmocka_unit_test(a_curated_name_is_worth_a_cpe_name),
	};

	return cmocka_run_group_tests_name("match reasons", tests, NULL, NULL);
}
