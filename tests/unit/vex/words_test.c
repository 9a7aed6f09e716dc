/* The words of each format for a status, which of them is graver, and how components are named. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/issue.h>

#include "vex/claim/words.h"
#include "vex/issue.h"

static const struct {
	enum tu_claim_words words;
	const char *word;
	enum tu_claim_status status;
	bool written; /* it is the word that is written for the status */
} rows[] = {
	{TU_WORDS_OPENVEX, "under_investigation", TU_CLAIM_UNDER_INVESTIGATION, true},
	{TU_WORDS_OPENVEX, "not_affected", TU_CLAIM_NOT_AFFECTED, true},
	{TU_WORDS_OPENVEX, "affected", TU_CLAIM_AFFECTED, true},
	{TU_WORDS_OPENVEX, "fixed", TU_CLAIM_FIXED, true},
	{TU_WORDS_CYCLONEDX, "in_triage", TU_CLAIM_UNDER_INVESTIGATION, true},
	{TU_WORDS_CYCLONEDX, "not_affected", TU_CLAIM_NOT_AFFECTED, true},
	{TU_WORDS_CYCLONEDX, "false_positive", TU_CLAIM_NOT_AFFECTED, false},
	{TU_WORDS_CYCLONEDX, "exploitable", TU_CLAIM_AFFECTED, true},
	{TU_WORDS_CYCLONEDX, "resolved", TU_CLAIM_FIXED, true},
	{TU_WORDS_CYCLONEDX, "resolved_with_pedigree", TU_CLAIM_FIXED, false},
	{TU_WORDS_CSAF, "known_affected", TU_CLAIM_AFFECTED, true},
	{TU_WORDS_CSAF, "first_affected", TU_CLAIM_AFFECTED, false},
	{TU_WORDS_CSAF, "last_affected", TU_CLAIM_AFFECTED, false},
	{TU_WORDS_CSAF, "known_not_affected", TU_CLAIM_NOT_AFFECTED, true},
	{TU_WORDS_CSAF, "fixed", TU_CLAIM_FIXED, true},
	{TU_WORDS_CSAF, "first_fixed", TU_CLAIM_FIXED, false},
	{TU_WORDS_CSAF, "under_investigation", TU_CLAIM_UNDER_INVESTIGATION, true},
	{TU_WORDS_CSAF, "unknown", TU_CLAIM_UNSTATED, true},
	{TU_WORDS_CSAF, "recommended", TU_CLAIM_UNSTATED, false},
	{TU_WORDS_SPDX3, "security_VexUnderInvestigationVulnAssessmentRelationship",
		TU_CLAIM_UNDER_INVESTIGATION, true},
	{TU_WORDS_SPDX3, "security_VexNotAffectedVulnAssessmentRelationship", TU_CLAIM_NOT_AFFECTED,
		true},
	{TU_WORDS_SPDX3, "security_VexAffectedVulnAssessmentRelationship", TU_CLAIM_AFFECTED, true},
	{TU_WORDS_SPDX3, "security_VexFixedVulnAssessmentRelationship", TU_CLAIM_FIXED, true},
	{TU_WORDS_SPDX3_RELATION, "underInvestigationFor", TU_CLAIM_UNDER_INVESTIGATION, true},
	{TU_WORDS_SPDX3_RELATION, "doesNotAffect", TU_CLAIM_NOT_AFFECTED, true},
	{TU_WORDS_SPDX3_RELATION, "affects", TU_CLAIM_AFFECTED, true},
	{TU_WORDS_SPDX3_RELATION, "fixedIn", TU_CLAIM_FIXED, true},
	{TU_WORDS_YOCTO, "Patched", TU_CLAIM_FIXED, true},
	{TU_WORDS_YOCTO, "Ignored", TU_CLAIM_NOT_AFFECTED, true},
	{TU_WORDS_YOCTO, "Unpatched", TU_CLAIM_UNDER_INVESTIGATION, true},
	{TU_WORDS_YOCTO, "Unknown", TU_CLAIM_UNDER_INVESTIGATION, false},
	{TU_WORDS_YOCTO, "patched", TU_CLAIM_UNSTATED, false},
	/* a word of another format is none */
	{TU_WORDS_OPENVEX, "exploitable", TU_CLAIM_UNSTATED, false},
	{TU_WORDS_CYCLONEDX, "fixed", TU_CLAIM_UNSTATED, false},
};

static void each_word_has_its_status(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		if (tu_claim_status_of(rows[i].words, tu_str_c(rows[i].word)) != rows[i].status)
			fail_msg("%s", rows[i].word);
		if (rows[i].written)
			assert_string_equal(
				tu_claim_word(rows[i].words, rows[i].status), rows[i].word);
	}
}

/* Of several statements the gravest counts. */
static void graver_words_rank_higher(void **state)
{
	static const enum tu_claim_status by_rank[] = {TU_CLAIM_UNSTATED, TU_CLAIM_NOT_AFFECTED,
		TU_CLAIM_FIXED, TU_CLAIM_UNDER_INVESTIGATION, TU_CLAIM_AFFECTED};

	(void)state;
	for (size_t i = 1; i < TU_COUNT(by_rank); i++)
		assert_true(tu_claim_rank(by_rank[i - 1]) < tu_claim_rank(by_rank[i]));
	assert_true(tu_claim_clears(TU_CLAIM_NOT_AFFECTED) && tu_claim_clears(TU_CLAIM_FIXED));
	assert_false(tu_claim_clears(TU_CLAIM_UNSTATED) || tu_claim_clears(TU_CLAIM_AFFECTED) ||
		tu_claim_clears(TU_CLAIM_UNDER_INVESTIGATION));
}

static void components_are_named_up_to_five(void **state)
{
	static const char *const wanted[] = {"pump 1.0", "a 1", "a 1 and b", "a 1, b and c 3",
		"a 1, b, c 3 and d", "a 1, b, c 3, d and e 5", "a 1, b, c 3, d, e 5 and 1 more",
		"a 1, b, c 3, d, e 5 and 2 more"};
	static const struct tu_issue_part parts[] = {
		{.name = TU_STR_INIT("a"), .version = TU_STR_INIT("1")},
		{.name = TU_STR_INIT("b")},
		{.name = TU_STR_INIT("c"), .version = TU_STR_INIT("3")},
		{.name = TU_STR_INIT("d")},
		{.name = TU_STR_INIT("e"), .version = TU_STR_INIT("5")},
		{.name = TU_STR_INIT("f")},
		{.name = TU_STR_INIT("g")},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(wanted); i++) {
		const struct tu_issue_entry entry = {.component = TU_STR("pump"),
			.component_version = TU_STR("1.0"),
			.parts = parts,
			.part_count = i};
		struct tu_buf text;

		tu_buf_init(&text, 4096);
		tu_issue_component(&entry, &text);
		if (!tu_str_eq(tu_buf_str(&text), tu_str_c(wanted[i])))
			fail_msg("%.*s", TU_STR_FMT(tu_buf_str(&text)));
		tu_buf_done(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_word_has_its_status),
		cmocka_unit_test(graver_words_rank_higher),
		cmocka_unit_test(components_are_named_up_to_five),
	};

	return cmocka_run_group_tests_name("vex words", tests, NULL, NULL);
}
