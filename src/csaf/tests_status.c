/* Tests of product status, flags and remediations. */
#include <tutela/claim.h>

#include "csaf/tests.h"

/* Groups of product status that contradict each other: a bit for each status, UNSTATED being CSAF
 * 2.1's "unknown". */
#define GROUP(status) (1U << (status))
enum {
	AFFECTED = GROUP(TU_CLAIM_AFFECTED),
	NOT_AFFECTED = GROUP(TU_CLAIM_NOT_AFFECTED),
	FIXED = GROUP(TU_CLAIM_FIXED),
	INVESTIGATED = GROUP(TU_CLAIM_UNDER_INVESTIGATION)
};

static const char *member_at(size_t index)
{
	return tu_claim_word_at(TU_WORDS_CSAF, index);
}

static uint32_t group_at(size_t index)
{
	return GROUP(tu_claim_status_of(TU_WORDS_CSAF, tu_str_c(member_at(index))));
}

static struct tu_json status_list(struct tu_json vulnerability, const char *member)
{
	return tu_json_get(tu_json_get(vulnerability, TU_STR("product_status")), tu_str_c(member));
}

/* What two products have in common: the number and a small value, once each. */
static void mark_statuses(struct tu_csaf *csaf, struct tu_json vulnerability)
{
	struct tu_json id;
	uint32_t by;

	tu_csaf_marks_clear(csaf);
	for (size_t i = 0; member_at(i); i++)
		TU_CSAF_EACH(id, status_list(vulnerability, member_at(i)))
		{
			uint32_t number = tu_csaf_number(csaf, id);
			if (number != TU_CSAF_NONE && !tu_csaf_mark(csaf, number, group_at(i), &by))
				csaf->marked_by[number] |= group_at(i);
		}
}

TU_CSAF_TEST(6_1_6)
{
	struct tu_json vulnerability, id;
	uint32_t by;

	TU_CSAF_EACH_VULNERABILITY(vulnerability, csaf)
	{
		tu_csaf_marks_clear(csaf);
		for (size_t i = 0; member_at(i); i++)
			TU_CSAF_EACH(id, status_list(vulnerability, member_at(i)))
			{
				uint32_t number = tu_csaf_number(csaf, id);
				if (number != TU_CSAF_NONE &&
					!tu_csaf_mark(csaf, number, (uint32_t)i, &by) &&
					group_at(by) != group_at(i))
					tu_csaf_fail(csaf, id, NULL,
						"product \"%.*s\" is also in %s",
						TU_STR_FMT(tu_str_first(tu_json_str(id), 80)),
						member_at(by));
			}
	}
}

static void want_reference(struct tu_csaf *csaf, struct tu_json item, void *context)
{
	(void)context;
	if (!tu_json_get(item, TU_STR("product_ids")).doc &&
		!tu_json_get(item, TU_STR("group_ids")).doc)
		tu_csaf_fail(csaf, item, NULL, "names neither product_ids nor group_ids");
}

TU_CSAF_TEST(6_1_29)
{
	tu_csaf_each(csaf, csaf->vulnerabilities, "*/remediations/*", want_reference, NULL);
}

TU_CSAF_TEST(6_1_32)
{
	tu_csaf_each(csaf, csaf->vulnerabilities, "*/flags/*", want_reference, NULL);
}

TU_CSAF_TEST(6_1_33)
{
	struct tu_csaf_numbers numbers = {0};
	struct tu_json vulnerability, flag;
	uint32_t by, index;

	TU_CSAF_EACH_VULNERABILITY(vulnerability, csaf)
	{
		tu_csaf_marks_clear(csaf);
		index = 0;
		TU_CSAF_EACH(flag, tu_json_get(vulnerability, TU_STR("flags")))
		{
			tu_csaf_refer(csaf, flag, &numbers);
			for (size_t i = 0; i < numbers.count; i++)
				if (!tu_csaf_mark(csaf, numbers.at[i], index, &by) && by != index)
					tu_csaf_fail(csaf, flag, NULL,
						"product \"%.*s\" has a flag already",
						TU_STR_FMT(tu_str_first(
							tu_csaf_id(csaf, numbers.at[i]), 80)));
			index++;
		}
	}
}

/* ---- remediations (CSAF 2.1, 3.2.4.15) ---- */

enum remedy {
	WORKAROUND = 1,
	MITIGATION = 2,
	VENDOR_FIX = 4,
	OPTIONAL_PATCH = 8,
	NONE_AVAILABLE = 16,
	FIX_PLANNED = 32,
	NO_FIX_PLANNED = 64,
	EVERY_REMEDY = 127
};

static const struct {
	const char *category;
	uint32_t remedy;
	uint32_t against; /* remedies that it contradicts */
	uint32_t prohibits; /* status groups */
} remedies[] = {
	{"workaround", WORKAROUND, OPTIONAL_PATCH | NONE_AVAILABLE, NOT_AFFECTED | FIXED},
	{"mitigation", MITIGATION, OPTIONAL_PATCH | NONE_AVAILABLE, NOT_AFFECTED | FIXED},
	{"vendor_fix", VENDOR_FIX, OPTIONAL_PATCH | NONE_AVAILABLE | FIX_PLANNED | NO_FIX_PLANNED,
		NOT_AFFECTED | FIXED},
	{"optional_patch", OPTIONAL_PATCH, EVERY_REMEDY - OPTIONAL_PATCH, AFFECTED},
	{"none_available", NONE_AVAILABLE, EVERY_REMEDY - NONE_AVAILABLE, NOT_AFFECTED | FIXED},
	{"fix_planned", FIX_PLANNED, VENDOR_FIX | OPTIONAL_PATCH | NONE_AVAILABLE | NO_FIX_PLANNED,
		FIXED},
	{"no_fix_planned", NO_FIX_PLANNED,
		VENDOR_FIX | OPTIONAL_PATCH | NONE_AVAILABLE | FIX_PLANNED, FIXED},
};

static size_t remedy_of(struct tu_json remediation)
{
	struct tu_str category = TU_JSON_STR(remediation, "category");
	size_t i = 0;

	while (i < TU_COUNT(remedies) && !tu_str_eq(category, tu_str_c(remedies[i].category)))
		i++;
	return i;
}

TU_CSAF_TEST(6_1_35)
{
	struct tu_csaf_numbers numbers = {0};
	struct tu_json vulnerability, remediation;
	uint32_t by;

	TU_CSAF_EACH_VULNERABILITY(vulnerability, csaf)
	{
		tu_csaf_marks_clear(csaf);
		TU_CSAF_EACH(remediation, tu_json_get(vulnerability, TU_STR("remediations")))
		{
			size_t kind = remedy_of(remediation);
			tu_csaf_refer(csaf, remediation, &numbers);
			for (size_t i = 0; kind < TU_COUNT(remedies) && i < numbers.count; i++) {
				uint32_t number = numbers.at[i];
				if (tu_csaf_mark(csaf, number, remedies[kind].remedy, &by))
					continue;
				if (by & remedies[kind].against)
					tu_csaf_fail(csaf, remediation, NULL,
						"%s contradicts another remediation of product "
						"\"%.*s\"",
						remedies[kind].category,
						TU_STR_FMT(tu_str_first(
							tu_csaf_id(csaf, number), 80)));
				csaf->marked_by[number] |= remedies[kind].remedy;
			}
		}
	}
}

TU_CSAF_TEST(6_1_36)
{
	struct tu_csaf_numbers numbers = {0};
	struct tu_json vulnerability, remediation;

	TU_CSAF_EACH_VULNERABILITY(vulnerability, csaf)
	{
		mark_statuses(csaf, vulnerability);
		TU_CSAF_EACH(remediation, tu_json_get(vulnerability, TU_STR("remediations")))
		{
			size_t kind = remedy_of(remediation);
			tu_csaf_refer(csaf, remediation, &numbers);
			for (size_t i = 0; kind < TU_COUNT(remedies) && i < numbers.count; i++) {
				uint32_t number = numbers.at[i];
				if (tu_csaf_marked(csaf, number) &&
					(csaf->marked_by[number] & remedies[kind].prohibits))
					tu_csaf_fail(csaf, remediation, NULL,
						"%s contradicts the status of product \"%.*s\"",
						remedies[kind].category,
						TU_STR_FMT(tu_str_first(
							tu_csaf_id(csaf, number), 80)));
			}
		}
	}
}

/* ---- what is missing ---- */

/* Every product that a status of `groups` names must have been marked. */
static void want_marked(
	struct tu_csaf *csaf, struct tu_json vulnerability, uint32_t groups, const char *what)
{
	struct tu_json id;

	for (size_t i = 0; member_at(i); i++)
		if (group_at(i) & groups)
			TU_CSAF_EACH(id, status_list(vulnerability, member_at(i)))
	if (!tu_csaf_marked(csaf, tu_csaf_number(csaf, id)))
		tu_csaf_fail(csaf, id, NULL, "product \"%.*s\" has no %s",
			TU_STR_FMT(tu_str_first(tu_json_str(id), 80)), what);
}

static void mark_all(struct tu_csaf *csaf, const struct tu_csaf_numbers *numbers)
{
	uint32_t by;

	for (size_t i = 0; i < numbers->count; i++)
		(void)tu_csaf_mark(csaf, numbers->at[i], 0, &by);
}

TU_CSAF_TEST(6_2_2)
{
	struct tu_csaf_numbers numbers = {0};
	struct tu_json vulnerability, remediation;

	TU_CSAF_EACH_VULNERABILITY(vulnerability, csaf)
	{
		tu_csaf_marks_clear(csaf);
		TU_CSAF_EACH(remediation, tu_json_get(vulnerability, TU_STR("remediations")))
		{
			tu_csaf_refer(csaf, remediation, &numbers);
			mark_all(csaf, &numbers);
		}
		want_marked(csaf, vulnerability, AFFECTED | INVESTIGATED, "remediation");
	}
}

TU_CSAF_TEST(6_2_3)
{
	struct tu_str member = csaf->version == TU_CSAF_21 ? TU_STR("metrics") : TU_STR("scores");
	struct tu_csaf_numbers numbers = {0};
	struct tu_json vulnerability, score;

	TU_CSAF_EACH_VULNERABILITY(vulnerability, csaf)
	{
		tu_csaf_marks_clear(csaf);
		TU_CSAF_EACH(score, tu_json_get(vulnerability, member))
		{
			numbers.count = 0;
			tu_csaf_list(csaf, tu_json_get(score, TU_STR("products")), &numbers);
			mark_all(csaf, &numbers);
		}
		want_marked(csaf, vulnerability, AFFECTED, "score");
	}
}
