/* concept.yaml: what is refused, with its place, and what is read. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/time.h"
#include "concept/record.h"

#define HEAD "schema: tutela-concept/1\n"
#define ANSWER(id, answer, at) \
	"  - {question: " id ", answer: " answer ", by: Safety engineer, at: " at "}\n"
#define CONCERN(who) "discussions:\n  - {stakeholder: " who ", concern: x, raised: 2026-01-01}\n"

static const struct {
	const char *text, *says;
	uint32_t line;
} bad[] = {
	{"answers: []\n", "schema: tutela-concept/1", 1},
	{"schema: tutela-concept/2\n", "schema: tutela-concept/1", 1},
	{HEAD "klass: bedside\n", "no such key", 2},
	{HEAD "class: fridge\n", "one of implant, wearable, bedside", 2},
	{HEAD "answers:\n" ANSWER("wifi", "maybe", "2026-01-01"), "one of yes, no, unknown", 3},
	{HEAD "answers:\n" ANSWER("wify", "yes", "2026-01-01"), "no question \"wify\"", 3},
	{HEAD "answers:\n" ANSWER("wifi", "yes", "2026-03-02"), "in the future", 3},
	{HEAD "answers:\n" ANSWER("wifi", "yes", "2026-02-30"), "a date such as", 3},
	{HEAD "answers:\n" ANSWER("wifi", "yes", "2026-02-01") ANSWER("wifi", "no", "2026-01-31"),
		"older than the answer in line 3", 4},
	{HEAD "answers:\n  - {question: wifi, answer: yes, at: 2026-01-01}\n", "by", 3},
	{HEAD "answers:\n  - {question: wifi, answer: yes, by: ' ', at: 2026-01-01}\n",
		"\"by\" is empty", 3},
	{HEAD "answers: yes\n", "a list", 2},
	{HEAD "answers:\n" ANSWER("emb3d/PID-11", "yes", "2026-01-01"), "no question", 3},
	{HEAD CONCERN("neighbour"), "one of clinician, patient", 3},
	{HEAD "discussions:\n  - {stakeholder: patient, concern: ' ', raised: 2026-01-01}\n",
		"\"concern\" is empty", 3},
	{HEAD "discussions:\n  - {stakeholder: patient, concern: x, raised: 2027-01-01}\n",
		"in the future", 3},
	{HEAD "sign_offs:\n  - {stakeholder: patient, by: x, at: 2026-01-01}\n",
		"patient has no discussion", 3},
	{HEAD CONCERN("patient") "sign_offs:\n  - {stakeholder: patient, by: x, at: 2026-01-02}\n"
				 "  - {stakeholder: patient, by: y, at: 2026-01-03}\n",
		"a second sign-off of patient; the first is in line 5", 6},
	{HEAD CONCERN("patient") "sign_offs:\n  - {stakeholder: patient, by: x, at: 2026-12-02}\n",
		"in the future", 5},
	{HEAD CONCERN("patient") "sign_offs:\n  - {stakeholder: patient, by: '', at: 2026-01-02}\n",
		"\"by\" is empty", 5},
	{HEAD "packs:\n  - {id: emb3d, questions: 59}\n", "licence", 3},
	{HEAD "packs:\n  - {id: emb3d, questions: 59, licence: x}\n"
	      "  - {id: emb3d, questions: 59, licence: x}\n",
		"a second pack", 4},
};

static enum tu_status read(struct tu_arena *arena, const char *text,
	struct tu_concept_record *out_record, struct tu_error *err)
{
	const struct tu_concept_texts texts = tu_concept_built_in();
	struct tu_concept_catalogue catalogue;
	struct tu_concept_source source = {{TU_STR("concept.yaml"), tu_str_c(text)}, &catalogue, 0};

	assert_int_equal(tu_concept_catalogue_read(arena, &texts, &catalogue, err), TU_OK);
	assert_true(tu_time_parse(TU_STR("2026-03-01"), &source.now));
	return tu_concept_record_read(arena, &source, out_record, err);
}

static void refuses_with_the_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(bad); i++) {
		struct tu_arena *arena = tu_arena_new(16 << 20);
		struct tu_concept_record record;
		struct tu_error err = {0};

		assert_non_null(arena);
		if (read(arena, bad[i].text, &record, &err) == TU_OK)
			fail_msg("row %zu was accepted: %s", i, bad[i].text);
		if (!strstr(err.message, bad[i].says) && !strstr(err.pointer, bad[i].says))
			fail_msg("row %zu: \"%s\" at %s, wanted \"%s\"", i, err.message,
				err.pointer, bad[i].says);
		assert_int_equal(err.line, bad[i].line);
		tu_arena_free(arena);
	}
}

static void a_later_answer_stays_beside_the_earlier(void **state)
{
	struct tu_arena *arena = tu_arena_new(16 << 20);
	struct tu_concept_record record;
	struct tu_error err = {0};

	(void)state;
	assert_non_null(arena);
	assert_int_equal(read(arena,
				 HEAD "answers:\n" ANSWER("wifi", "unknown", "2026-01-01")
					 ANSWER("wifi", "no", "2026-01-01"),
				 &record, &err),
		TU_OK);
	assert_int_equal(record.answer_count, 2);
	assert_int_equal(record.answers[0].reply, TU_REPLY_UNKNOWN);
	assert_int_equal(record.answers[1].reply, TU_REPLY_NO);
	tu_arena_free(arena);
}

static void answers_to_a_recorded_pack_need_not_have_it(void **state)
{
	struct tu_arena *arena = tu_arena_new(16 << 20);
	struct tu_concept_record record;
	struct tu_error err = {0};

	(void)state;
	assert_non_null(arena);
	assert_int_equal(
		read(arena,
			HEAD "answers:\n" ANSWER("emb3d/PID-11", "yes",
				"2026-01-01") "packs:\n"
					      "  - {id: emb3d, questions: 59, licence: x}\n",
			&record, &err),
		TU_OK);
	assert_int_equal(record.answers[0].question, TU_MODEL_NOWHERE);
	tu_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_with_the_place),
		cmocka_unit_test(a_later_answer_stays_beside_the_earlier),
		cmocka_unit_test(answers_to_a_recorded_pack_need_not_have_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
