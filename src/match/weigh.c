#include "match/weigh.h"

#include <stdlib.h>

#include "match/reason.h"

/* ---- order ---- */

static int rank(const struct tu_evidence *e)
{
	static const unsigned char ranks[] = {
		[TU_MATCH_AFFECTED] = 0, [TU_MATCH_UNDECIDED] = 1, [TU_MATCH_NOT_AFFECTED] = 3};

	return ranks[e->verdict] + tu_match__reason_kinds[e->reason].quiet;
}

/* By vulnerability; within one: votes first, the strongest class, the gravest verdict. */
int tu_match__compare_evidence(const void *left, const void *right)
{
	const struct tu_evidence *a = left;
	const struct tu_evidence *b = right;
	bool votes_a = tu_match__reason_kinds[a->reason].votes;
	bool votes_b = tu_match__reason_kinds[b->reason].votes;

	if (a->vulnerability != b->vulnerability)
		return a->vulnerability < b->vulnerability ? -1 : 1;
	if (votes_a != votes_b)
		return votes_a ? -1 : 1;
	if (tu_match__class(a->by) != tu_match__class(b->by))
		return tu_match__class(a->by) < tu_match__class(b->by) ? -1 : 1;
	if (rank(a) != rank(b))
		return rank(a) - rank(b);
	return (a->entry > b->entry) - (a->entry < b->entry);
}

/* ---- products that only have the name ---- */

static bool says_something(const struct tu_evidence *e)
{
	return tu_match__reason_kinds[e->reason].votes;
}

static void set_reason(struct tu_evidence *e, enum tu_reason reason)
{
	e->reason = reason;
	e->verdict = tu_match__reason_kinds[reason].verdict;
}

/* Does the record judge a product that the SBOM states by its CPE? */
static bool judges_stated(const struct tu_evidence *group, size_t count, uint32_t advisory)
{
	for (size_t i = 0; i < count; i++) {
		const struct tu_evidence *e = &group[i];

		if (e->advisory == advisory && e->by == TU_BY_CPE && !e->by_word &&
			says_something(e))
			return true;
	}
	return false;
}

/* Does the record affect the product of evidence `at` with any of its ranges? */
static bool affects_product(const struct tu_evidence *group, size_t count, size_t at)
{
	for (size_t i = 0; i < count; i++) {
		if (group[i].advisory == group[at].advisory && group[i].by_word &&
			group[i].verdict == TU_MATCH_AFFECTED && group[i].owner == group[at].owner)
			return true;
	}
	return false;
}

/* Does the record clear another product of the same name? */
static bool clears_another(const struct tu_evidence *group, size_t count, size_t at)
{
	for (size_t i = 0; i < count; i++) {
		if (group[i].advisory == group[at].advisory && group[i].by_word &&
			says_something(&group[i]) && group[i].verdict == TU_MATCH_NOT_AFFECTED &&
			group[i].owner != group[at].owner && !affects_product(group, count, i))
			return true;
	}
	return false;
}

/* An affected product of the name is no more than a possibility where the same record clears
 * another one. */
static void doubt_name(struct tu_evidence *group, size_t count, uint32_t advisory)
{
	for (size_t i = 0; i < count; i++) {
		if (group[i].by_word && group[i].advisory == advisory &&
			group[i].verdict == TU_MATCH_AFFECTED)
			set_reason(&group[i], TU_WHY_PRODUCT_UNKNOWN);
	}
}

static void doubt_names(struct tu_evidence *group, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (group[i].by_word && group[i].verdict == TU_MATCH_AFFECTED &&
			clears_another(group, count, i))
			doubt_name(group, count, group[i].advisory);
	}
}

static bool has_words(const struct tu_evidence *group, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (group[i].by_word && group[i].verdict != TU_MATCH_NOT_AFFECTED)
			return true;
	}
	return false;
}

void tu_match__weigh_names(struct tu_evidence *group, size_t count)
{
	if (count < 2 || !has_words(group, count))
		return;
	for (size_t i = 0; i < count; i++) {
		if (group[i].by_word && says_something(&group[i]) &&
			judges_stated(group, count, group[i].advisory))
			set_reason(&group[i], TU_WHY_OTHER_PRODUCT);
	}
	doubt_names(group, count);
	qsort(group, count, sizeof(*group), tu_match__compare_evidence);
}

/* ---- the evidence that decides ---- */

/* Of two ranges of a record about one product, one has no order: to be outside of the other clears
 * nothing. */
static bool is_half_an_answer(
	const struct tu_evidence *before, size_t count, const struct tu_evidence *e)
{
	for (size_t i = 0; i < count && e->reason == TU_WHY_OUT_OF_RANGE; i++) {
		if (before[i].reason == TU_WHY_UNORDERED && before[i].advisory == e->advisory &&
			before[i].owner == e->owner)
			return true;
	}
	return false;
}

/* The evidence that decides, of a sorted group about one vulnerability. Within the strongest
 * class an affected vote wins, then an undecided one that is not merely without data, then one
 * that clears, then what is left. */
struct tu_evidence *tu_match__deciding(struct tu_evidence *group, size_t count)
{
	struct tu_evidence *clears = NULL;

	for (size_t i = 0; i < count; i++) {
		struct tu_evidence *e = &group[i];

		if (tu_match__class(e->by) != tu_match__class(group->by) ||
			!tu_match__reason_kinds[e->reason].votes)
			break;
		if (e->verdict == TU_MATCH_AFFECTED ||
			(e->verdict == TU_MATCH_UNDECIDED &&
				!tu_match__reason_kinds[e->reason].weak))
			return e;
		if (e->verdict == TU_MATCH_NOT_AFFECTED && !clears &&
			!is_half_an_answer(group, i, e))
			clears = e;
	}
	return clears ? clears : group;
}
