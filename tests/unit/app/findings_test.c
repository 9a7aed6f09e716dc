#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "app/findings.h"

enum { KB_MAX = 4 * 1024 * 1024 };

static int sign(int order)
{
	return (order > 0) - (order < 0);
}

/* ---- order of ids ---- */

static void ids_are_ordered_as_people_expect(void **state)
{
	/* rising; each line is less than all below it */
	static const char *const rising[] = {"", "2", "10", "18446744073709551616", "CVE-1999-0001",
		"CVE-2021-999", "CVE-2021-1000", "CVE-2021-44228", "CVE-2021-44228-x", "CVE-2022-1",
		"GHSA-abcd", "GHSA-abce", "GO-2023-2"};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(rising); i++)
		for (size_t k = 0; k < TU_COUNT(rising); k++)
			assert_int_equal(sign(tu_report_compare_ids(
						 tu_str_c(rising[i]), tu_str_c(rising[k]))),
				(i > k) - (i < k));
	assert_int_equal(tu_report_compare_ids(TU_STR("A-01"), TU_STR("A-1")), 0);
}

/* ---- order of rows ---- */

struct subject {
	struct tu_finding finding;
	struct tu_report_vulnerability vulnerability;
};

static struct tu_report_row row_of(const struct subject *subject)
{
	return (struct tu_report_row){
		.finding = &subject->finding, .vulnerability = &subject->vulnerability};
}

static struct subject subject(enum tu_match_verdict verdict, bool kev, enum tu_severity severity,
	float epss, uint8_t tenths, const char *id)
{
	return (struct subject){
		.finding = {.verdict = verdict},
		.vulnerability = {.severity = severity,
			.tenths = tenths,
			.facts = {.has_kev = kev, .epss_score = epss, .id = tu_str_c(id)}},
	};
}

/* Each subject matters more than all below it, for the first reason in which they differ. */
static void what_matters_most_comes_first(void **state)
{
	const struct subject falling[] = {
		subject(TU_MATCH_AFFECTED, true, TU_SEVERITY_LOW, 0.0f, 10, "CVE-2000-1"),
		subject(TU_MATCH_AFFECTED, false, TU_SEVERITY_CRITICAL, 0.9f, 90, "CVE-2000-1"),
		subject(TU_MATCH_AFFECTED, false, TU_SEVERITY_CRITICAL, 0.1f, 98, "CVE-2000-1"),
		subject(TU_MATCH_AFFECTED, false, TU_SEVERITY_CRITICAL, 0.1f, 91, "CVE-2000-1"),
		subject(TU_MATCH_AFFECTED, false, TU_SEVERITY_CRITICAL, 0.1f, TU_SCORE_UNSTATED,
			"CVE-2001-10"),
		subject(TU_MATCH_AFFECTED, false, TU_SEVERITY_CRITICAL, 0.1f, TU_SCORE_UNSTATED,
			"CVE-2001-9"),
		subject(TU_MATCH_AFFECTED, false, TU_SEVERITY_CRITICAL, -1.0f, 100, "CVE-2020-1"),
		subject(TU_MATCH_AFFECTED, false, TU_SEVERITY_LOW, 1.0f, 39, "CVE-2020-1"),
		subject(TU_MATCH_AFFECTED, false, TU_SEVERITY_NONE, 1.0f, 0, "CVE-2020-1"),
		subject(TU_MATCH_AFFECTED, false, TU_SEVERITY_UNKNOWN, 1.0f, TU_SCORE_UNSTATED,
			"CVE-2020-1"),
		subject(TU_MATCH_UNDECIDED, true, TU_SEVERITY_CRITICAL, 1.0f, 100, "CVE-2020-1"),
		subject(TU_MATCH_UNDECIDED, false, TU_SEVERITY_CRITICAL, 1.0f, 100, "CVE-2020-1"),
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(falling); i++)
		for (size_t k = 0; k < TU_COUNT(falling); k++) {
			struct tu_report_row a = row_of(&falling[i]);
			struct tu_report_row b = row_of(&falling[k]);

			assert_int_equal(sign(tu_report_compare_rows(&a, &b)), (i > k) - (i < k));
		}
}

/* ---- which score speaks ---- */

static struct tu_kb *build(struct tu_buf *bytes, const struct tu_advisory *advisories, size_t count)
{
	struct tu_kb_builder *builder = tu_kb_builder_new();
	struct tu_kb_build_counts counts;
	struct tu_kb *kb = NULL;
	struct tu_error err = {0};

	assert_non_null(builder);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(tu_kb_builder_add(builder, &advisories[i], &err), TU_OK);
	tu_buf_init(bytes, KB_MAX);
	if (tu_kb_builder_finish(builder, bytes, &counts, &err) ||
		tu_kb_open_memory(bytes->ptr, bytes->len, &kb, &err))
		fail_msg("%s", err.message);
	tu_kb_builder_free(builder);
	return kb;
}

static struct tu_advisory advisory(
	enum tu_source source, const char *id, const struct tu_score *scores, size_t count)
{
	return (struct tu_advisory){.source = source,
		.id = tu_str_c(id),
		.modified = 5,
		.scores = scores,
		.score_count = count,
		.epss_score = -1.0f,
		.epss_percentile = -1.0f};
}

#define SCORE(version_, tenths_, scorer_) \
	{ \
		.version = (version_), .base_tenths = (tenths_), .scorer = TU_STR_INIT(scorer_) \
	}
#define WORD(word_) \
	{ \
		.base_tenths = TU_SCORE_UNSTATED, .severity = TU_STR_INIT(word_) \
	}

/* All the statements there are, the one that must speak first; taking it away lets the next one
 * speak. */
static void numbers_then_versions_then_sources_decide(void **state)
{
	static const struct {
		enum tu_source source;
		struct tu_score score;
	} order[] = {
		{TU_SOURCE_NVD, SCORE(TU_CVSS_3_1, 11, "nvd@nist.gov")},
		{TU_SOURCE_NVD, SCORE(TU_CVSS_3_1, 12, "cna@example.org")},
		{TU_SOURCE_CVE, SCORE(TU_CVSS_3_1, 13, "cna")},
		{TU_SOURCE_CVE_ADP, SCORE(TU_CVSS_3_1, 14, "adp")},
		{TU_SOURCE_OSV, SCORE(TU_CVSS_3_1, 15, "osv")},
		{TU_SOURCE_NVD, SCORE(TU_CVSS_3_0, 21, "nvd@nist.gov")},
		{TU_SOURCE_CVE, SCORE(TU_CVSS_4_0, 31, "cna")},
		{TU_SOURCE_NVD, SCORE(TU_CVSS_2, 41, "nvd@nist.gov")},
		{TU_SOURCE_CVE, WORD("critical")},
	};
	(void)state;

	for (size_t gone = 0; gone < TU_COUNT(order); gone++) {
		struct tu_advisory advisories[TU_COUNT(order)];
		struct tu_report_vulnerability chosen = {0};
		struct tu_buf bytes;
		struct tu_kb *kb;
		size_t count = 0;

		/* the best last, so that the order of the records does not help; each source has
		 * one record, which holds its scores in the same order */
		for (int source = TU_SOURCE_OSV; source >= TU_SOURCE_CVE; source--) {
			static struct tu_score scores[5][TU_COUNT(order)];
			size_t n = 0;

			for (size_t i = TU_COUNT(order); i-- > gone;)
				if ((int)order[i].source == source)
					scores[source][n++] = order[i].score;
			if (n)
				advisories[count++] = advisory(
					(enum tu_source)source, "CVE-2021-1", scores[source], n);
		}
		kb = build(&bytes, advisories, count);
		chosen.facts = tu_kb_vulnerability(kb, 0);
		tu_report_choose_score(kb, &chosen);
		assert_true(chosen.has_score);
		assert_int_equal(chosen.tenths, order[gone].score.base_tenths);
		tu_kb_close(kb);
		tu_buf_done(&bytes);
	}
}

static void nothing_stated_is_unknown_and_not_low(void **state)
{
	struct tu_advisory bare = advisory(TU_SOURCE_CVE, "CVE-2021-1", NULL, 0);
	struct tu_report_vulnerability chosen = {.tenths = 99, .has_score = true};
	struct tu_buf bytes;
	struct tu_kb *kb = build(&bytes, &bare, 1);
	(void)state;

	chosen.facts = tu_kb_vulnerability(kb, 0);
	tu_report_choose_score(kb, &chosen);
	assert_false(chosen.has_score);
	assert_int_equal(chosen.tenths, TU_SCORE_UNSTATED);
	assert_int_equal(chosen.severity, TU_SEVERITY_UNKNOWN);
	tu_kb_close(kb);
	tu_buf_done(&bytes);
}

/* ---- the whole report ---- */

/* Three vulnerabilities, high, low and unknown; two components: the first has the low and the
 * unknown one, the second the high one, an undecided and a patched one. */
static const struct tu_score high = SCORE(TU_CVSS_3_1, 80, "nvd@nist.gov");
static const struct tu_score low = SCORE(TU_CVSS_3_1, 20, "nvd@nist.gov");

static const struct tu_component components[] = {
	{.name = TU_STR_INIT("first")}, {.name = TU_STR_INIT("second")}};
static const struct tu_distinct distinct[] = {
	{.first = 0, .identified = true, .known = true, .first_finding = 0, .finding_count = 2},
	{.first = 1, .identified = true, .known = true, .first_finding = 2, .finding_count = 3}};

struct scene {
	struct tu_buf bytes;
	struct tu_kb *kb;
	struct tu_arena *arena;
	struct tu_finding findings[5];
	struct tu_inventory inventory;
	struct tu_match_result result;
	struct tu_report report;
};

static void set_scene(struct scene *scene)
{
	const struct tu_advisory advisories[] = {advisory(TU_SOURCE_NVD, "CVE-2021-1", &high, 1),
		advisory(TU_SOURCE_NVD, "CVE-2021-2", &low, 1),
		advisory(TU_SOURCE_NVD, "CVE-2021-3", NULL, 0)};
	uint32_t is_high, is_low, is_unknown;

	*scene = (struct scene){0};
	scene->arena = tu_arena_new(0);
	scene->kb = build(&scene->bytes, advisories, TU_COUNT(advisories));
	is_high = tu_kb_find(scene->kb, TU_STR("CVE-2021-1"));
	is_low = tu_kb_find(scene->kb, TU_STR("CVE-2021-2"));
	is_unknown = tu_kb_find(scene->kb, TU_STR("CVE-2021-3"));
	scene->findings[0] =
		(struct tu_finding){.vulnerability = is_low, .verdict = TU_MATCH_AFFECTED};
	scene->findings[1] = (struct tu_finding){
		.vulnerability = is_unknown, .verdict = TU_MATCH_AFFECTED, .fixed = TU_STR("2")};
	scene->findings[2] = (struct tu_finding){
		.distinct = 1, .vulnerability = is_low, .verdict = TU_MATCH_UNDECIDED};
	scene->findings[3] = (struct tu_finding){
		.distinct = 1, .vulnerability = is_high, .verdict = TU_MATCH_AFFECTED};
	scene->findings[4] = (struct tu_finding){
		.distinct = 1, .vulnerability = is_unknown, .verdict = TU_MATCH_NOT_AFFECTED};
	scene->inventory = (struct tu_inventory){.components = components, .component_count = 2};
	scene->result = (struct tu_match_result){.distinct = distinct,
		.distinct_count = 2,
		.findings = scene->findings,
		.finding_count = TU_COUNT(scene->findings)};
	scene->report = (struct tu_report){
		.kb = scene->kb, .inventory = &scene->inventory, .result = &scene->result};
}

static void leave_scene(struct scene *scene)
{
	tu_kb_close(scene->kb);
	tu_buf_done(&scene->bytes);
	tu_arena_free(scene->arena);
}

static void groups_stand_by_their_weightiest_row(void **state)
{
	struct scene scene;
	const struct tu_report *report = &scene.report;
	(void)state;

	set_scene(&scene);
	assert_int_equal(tu_report_build(scene.arena, &scene.report, NULL), TU_OK);
	assert_int_equal(report->group_count, 2);
	assert_true(tu_str_eq(report->groups[0].component->name, TU_STR("second")));
	assert_int_equal(report->groups[0].affected, 1);
	assert_int_equal(report->groups[0].undecided, 1);
	assert_int_equal(report->groups[0].rows[0].finding->verdict, TU_MATCH_AFFECTED);
	assert_int_equal(report->groups[1].affected, 2);
	assert_int_equal(report->groups[1].rows[0].vulnerability->severity, TU_SEVERITY_LOW);
	assert_int_equal(report->groups[1].rows[1].vulnerability->severity, TU_SEVERITY_UNKNOWN);
	assert_int_equal(report->not_affected_count, 1);
	assert_int_equal(report->counts.affected, 3);
	assert_int_equal(report->counts.undecided, 1);
	assert_int_equal(report->counts.not_affected, 1);
	assert_int_equal(report->counts.fixable, 1);
	assert_int_equal(report->counts.hidden, 0);
	assert_int_equal(report->vulnerability_count, 3);
	leave_scene(&scene);
}

static void filters_hide_rows_but_never_the_unknown(void **state)
{
	struct scene scene;
	(void)state;

	set_scene(&scene);
	scene.report.filter.min_severity = TU_SEVERITY_HIGH;
	assert_int_equal(tu_report_build(scene.arena, &scene.report, NULL), TU_OK);
	assert_int_equal(scene.report.row_count, 4);
	assert_int_equal(scene.report.counts.hidden, 2);
	assert_int_equal(scene.report.group_count, 2);
	assert_int_equal(
		scene.report.groups[1].rows[0].vulnerability->severity, TU_SEVERITY_UNKNOWN);
	scene.report.filter.only_kev = true;
	assert_int_equal(tu_report_build(scene.arena, &scene.report, NULL), TU_OK);
	assert_int_equal(scene.report.group_count, 0);
	assert_int_equal(scene.report.counts.hidden, 4);
	leave_scene(&scene);
}

static void nothing_found_is_a_report_too(void **state)
{
	struct scene scene;
	(void)state;

	set_scene(&scene);
	scene.result.finding_count = scene.result.distinct_count = 0;
	assert_int_equal(tu_report_build(scene.arena, &scene.report, NULL), TU_OK);
	assert_int_equal(scene.report.group_count, 0);
	assert_int_equal(scene.report.counts.affected, 0);
	leave_scene(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_are_ordered_as_people_expect),
		cmocka_unit_test(what_matters_most_comes_first),
		cmocka_unit_test(numbers_then_versions_then_sources_decide),
		cmocka_unit_test(nothing_stated_is_unknown_and_not_low),
		cmocka_unit_test(groups_stand_by_their_weightiest_row),
		cmocka_unit_test(filters_hide_rows_but_never_the_unknown),
		cmocka_unit_test(nothing_found_is_a_report_too),
	};

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
