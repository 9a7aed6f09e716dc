/* The words of each format for a status: one table for all. */
#include "vex/claim/words.h"

#define OPENVEX(word, status) {TU_WORDS_OPENVEX, word, status},

/* Of several words for one status the first is written. */
static const struct {
	enum tu_claim_words words;
	const char *word;
	enum tu_claim_status status;
} rows[] = {
	TU_OPENVEX_STATUSES(OPENVEX){TU_WORDS_CYCLONEDX, "in_triage", TU_CLAIM_UNDER_INVESTIGATION},
	{TU_WORDS_CYCLONEDX, "not_affected", TU_CLAIM_NOT_AFFECTED},
	{TU_WORDS_CYCLONEDX, "false_positive", TU_CLAIM_NOT_AFFECTED},
	{TU_WORDS_CYCLONEDX, "exploitable", TU_CLAIM_AFFECTED},
	{TU_WORDS_CYCLONEDX, "resolved", TU_CLAIM_FIXED},
	{TU_WORDS_CYCLONEDX, "resolved_with_pedigree", TU_CLAIM_FIXED},
	{TU_WORDS_CSAF, "known_affected", TU_CLAIM_AFFECTED},
	{TU_WORDS_CSAF, "first_affected", TU_CLAIM_AFFECTED},
	{TU_WORDS_CSAF, "last_affected", TU_CLAIM_AFFECTED},
	{TU_WORDS_CSAF, "known_not_affected", TU_CLAIM_NOT_AFFECTED},
	{TU_WORDS_CSAF, "fixed", TU_CLAIM_FIXED},
	{TU_WORDS_CSAF, "first_fixed", TU_CLAIM_FIXED},
	{TU_WORDS_CSAF, "under_investigation", TU_CLAIM_UNDER_INVESTIGATION},
	{TU_WORDS_CSAF, "unknown", TU_CLAIM_UNSTATED}, /* since 2.1 */
	{TU_WORDS_SPDX3, "security_VexUnderInvestigationVulnAssessmentRelationship",
		TU_CLAIM_UNDER_INVESTIGATION},
	{TU_WORDS_SPDX3, "security_VexNotAffectedVulnAssessmentRelationship",
		TU_CLAIM_NOT_AFFECTED},
	{TU_WORDS_SPDX3, "security_VexAffectedVulnAssessmentRelationship", TU_CLAIM_AFFECTED},
	{TU_WORDS_SPDX3, "security_VexFixedVulnAssessmentRelationship", TU_CLAIM_FIXED},
	{TU_WORDS_SPDX3_RELATION, "underInvestigationFor", TU_CLAIM_UNDER_INVESTIGATION},
	{TU_WORDS_SPDX3_RELATION, "doesNotAffect", TU_CLAIM_NOT_AFFECTED},
	{TU_WORDS_SPDX3_RELATION, "affects", TU_CLAIM_AFFECTED},
	{TU_WORDS_SPDX3_RELATION, "fixedIn", TU_CLAIM_FIXED},
	{TU_WORDS_YOCTO, "Patched", TU_CLAIM_FIXED},
	{TU_WORDS_YOCTO, "Ignored", TU_CLAIM_NOT_AFFECTED},
	{TU_WORDS_YOCTO, "Unpatched", TU_CLAIM_UNDER_INVESTIGATION},
	{TU_WORDS_YOCTO, "Unknown", TU_CLAIM_UNDER_INVESTIGATION},
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

enum tu_claim_status tu_claim_status_of(enum tu_claim_words words, struct tu_str word)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].words == words && tu_str_eq(tu_str_c(rows[i].word), word))
			return rows[i].status;
	return TU_CLAIM_UNSTATED;
}

const char *tu_claim_word_at(enum tu_claim_words words, size_t index)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].words == words && index-- == 0)
			return rows[i].word;
	return NULL;
}

const char *tu_claim_word(enum tu_claim_words words, enum tu_claim_status status)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].words == words && rows[i].status == status)
			return rows[i].word;
	return "";
}

struct tu_str tu_claim_state(const struct tu_vex_claim *claim)
{
	enum tu_claim_status status = claim->garbled ? TU_CLAIM_UNDER_INVESTIGATION : claim->status;

	return claim->state.len ? claim->state
				: tu_str_c(tu_claim_word(TU_WORDS_CYCLONEDX, status));
}

const char *tu_claim_status_name(enum tu_claim_status status)
{
	const char *word = tu_claim_word(TU_WORDS_OPENVEX, status);

	return *word ? word : "unstated";
}

int tu_claim_rank(enum tu_claim_status status)
{
	static const int ranks[TU_CLAIM_STATUSES] = {[TU_CLAIM_NOT_AFFECTED] = 1,
		[TU_CLAIM_FIXED] = 2,
		[TU_CLAIM_UNDER_INVESTIGATION] = 3,
		[TU_CLAIM_AFFECTED] = 4};

	return ranks[status];
}

bool tu_claim_clears(enum tu_claim_status status)
{
	return status == TU_CLAIM_NOT_AFFECTED || status == TU_CLAIM_FIXED;
}

struct tu_str tu_claim_detail(const struct tu_vex_claim *claim)
{
	return claim->impact.len ? claim->impact : claim->notes;
}
