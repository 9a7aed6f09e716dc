/* Changes of concept.yaml: what is written, which lines stay, when a sign-off goes, what is refused
 * and where. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/time.h"
#include "concept/change.h"

#define TODAY "2026-03-01"
#define HEAD "# ours\nschema: tutela-concept/1\n"
#define TALKS \
	"discussions:\n" \
	"  # of the ward\n" \
	"  - {stakeholder: clinician, concern: Fast, raised: 2026-01-01, answer: It is} # good\n" \
	"  - stakeholder: patient\n" \
	"    concern: Mine\n" \
	"    raised: 2026-01-02\n"
#define SIGNED \
	"sign_offs:\n" \
	"  - {stakeholder: clinician, by: Nurse, at: 2026-01-03} # by hand\n" \
	"  - {stakeholder: patient, by: Patient, at: 2026-01-03}\n"
#define FAST \
	{ \
		TU_STAKEHOLDER_CLINICIAN, TU_STR_INIT("Fast"), TU_STR_INIT("It is"), \
			.raised = DAY1 \
	}
#define MINE \
	{ \
		TU_STAKEHOLDER_PATIENT, TU_STR_INIT("Mine"), .raised = DAY1 + 86400 \
	}
#define NURSE \
	{ \
		TU_STAKEHOLDER_CLINICIAN, TU_STR_INIT("Nurse"), .at = DAY1 + 2 * 86400 \
	}
#define PATIENT \
	{ \
		TU_STAKEHOLDER_PATIENT, TU_STR_INIT("Patient"), .at = DAY1 + 2 * 86400 \
	}
enum { DAY1 = 1767225600 /* 2026-01-01 */, NOW = 1772323200 /* TODAY */ };

static const struct {
	const char *name, *before;
	struct {
		enum tu_device_class device_class;
		struct tu_concept_answer answers[2];
		size_t answer_count;
		bool sets_concerns;
		struct tu_concept_concern concerns[3];
		size_t concern_count;
		bool sets_sign_offs;
		struct tu_concept_sign_off sign_offs[2];
		size_t sign_off_count;
	} change;
	const char *after; /* NULL: refused; "": nothing to write */
	const char *pointer;
} rows[] = {
	{"nothing", HEAD TALKS SIGNED, {TU_CLASS_UNSTATED}, "", NULL},
	{"what is there", HEAD TALKS SIGNED,
		{.sets_concerns = true,
			.concerns = {FAST, MINE},
			.concern_count = 2,
			.sets_sign_offs = true,
			.sign_offs = {NURSE, PATIENT},
			.sign_off_count = 2},
		"", NULL},
	{"an answer in force",
		HEAD "answers:\n  - {question: wifi, answer: yes, by: a, at: 2026-01-01}\n",
		{.answers = {{.id = TU_STR_INIT("wifi"),
			 .reply = TU_REPLY_YES,
			 .by = TU_STR_INIT("b"),
			 .at = NOW}},
			.answer_count = 1},
		"", NULL},
	{"another answer",
		HEAD "answers:\n  - {question: wifi, answer: yes, by: a, at: 2026-01-01}\n",
		{.answers = {{.id = TU_STR_INIT("wifi"),
			 .reply = TU_REPLY_NO,
			 .by = TU_STR_INIT("b"),
			 .at = NOW}},
			.answer_count = 1},
		HEAD
		"answers:\n  - {question: wifi, answer: yes, by: a, at: 2026-01-01}\n"
		"  - question: wifi\n    answer: no\n    by: b\n    at: 2026-03-01T00:00:00Z\n",
		NULL},
	{"a class", HEAD "class: bedside  # it hangs\n" TALKS, {TU_CLASS_IMAGING},
		HEAD "class: imaging  # it hangs\n" TALKS, NULL},
	{"a concern goes, and its sign-off", HEAD TALKS SIGNED,
		{.sets_concerns = true, .concerns = {FAST}, .concern_count = 1},
		HEAD
		"discussions:\n"
		"  # of the ward\n"
		"  - {stakeholder: clinician, concern: Fast, raised: 2026-01-01, answer: It is} # "
		"good\n"
		"sign_offs:\n"
		"  - {stakeholder: clinician, by: Nurse, at: 2026-01-03} # by hand\n",
		NULL},
	{"a concern is another, and signed again", HEAD TALKS SIGNED,
		{.sets_concerns = true,
			.concerns = {FAST,
				{TU_STAKEHOLDER_PATIENT, TU_STR_INIT("Ours"), .raised = DAY1}},
			.concern_count = 2,
			.sets_sign_offs = true,
			.sign_offs = {NURSE,
				{TU_STAKEHOLDER_PATIENT, TU_STR_INIT("Patient"), .at = NOW}},
			.sign_off_count = 2},
		HEAD
		"discussions:\n"
		"  # of the ward\n"
		"  - {stakeholder: clinician, concern: Fast, raised: 2026-01-01, answer: It is} # "
		"good\n"
		"  - stakeholder: patient\n    concern: Ours\n    raised: 2026-01-01T00:00:00Z\n"
		"sign_offs:\n"
		"  - {stakeholder: clinician, by: Nurse, at: 2026-01-03} # by hand\n"
		"  - stakeholder: patient\n    by: Patient\n    at: 2026-03-01T00:00:00Z\n",
		NULL},
	{"the order alone keeps sign-offs", HEAD TALKS SIGNED,
		{.sets_concerns = true, .concerns = {MINE, FAST}, .concern_count = 2},
		HEAD
		"discussions:\n"
		"  # of the ward\n"
		"  - stakeholder: patient\n    concern: Mine\n    raised: 2026-01-02\n"
		"  - {stakeholder: clinician, concern: Fast, raised: 2026-01-01, answer: It is} # "
		"good\n" SIGNED,
		NULL},
	{"an unknown question", HEAD,
		{.answers = {{.id = TU_STR_INIT("wify"),
			 .reply = TU_REPLY_NO,
			 .by = TU_STR_INIT("b"),
			 .at = NOW}},
			.answer_count = 1},
		NULL, "/answers/0"},
	{"a question of a pack that is not read",
		HEAD "packs:\n  - {id: emb3d, questions: 59, licence: x}\n",
		{.answers = {{.id = TU_STR_INIT("emb3d/PID-1"),
			 .reply = TU_REPLY_NO,
			 .by = TU_STR_INIT("b"),
			 .at = NOW}},
			.answer_count = 1},
		NULL, "/answers/0/question"},
	{"tomorrow", HEAD TALKS,
		{.sets_concerns = true,
			.concerns = {FAST,
				{TU_STAKEHOLDER_PATIENT, TU_STR_INIT("x"), .raised = NOW + 1}},
			.concern_count = 2},
		NULL, "/discussions/1"},
	{"nobody's sign-off", HEAD TALKS,
		{.sets_sign_offs = true,
			.sign_offs = {NURSE,
				{TU_STAKEHOLDER_SUPPLIER, TU_STR_INIT("x"), .at = NOW}},
			.sign_off_count = 2},
		NULL, "/sign_offs/1"},
	{"a list in brackets", HEAD "discussions: []\n",
		{.sets_concerns = true, .concerns = {FAST}, .concern_count = 1}, NULL,
		"/discussions"},
};

static void changes_or_refuses(void **state)
{
	const struct tu_concept_texts texts = tu_concept_built_in();

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_arena *arena = tu_arena_new(16 << 20);
		struct tu_concept_catalogue catalogue;
		struct tu_concept_record record;
		struct tu_concept_state now;
		struct tu_concept_source source = {
			{TU_STR("concept.yaml"), tu_str_c(rows[i].before)}, &catalogue, NOW};
		struct tu_concept_changing changing = {arena, &now, source.text, NOW};
		struct tu_concept_change change = {.device_class = rows[i].change.device_class,
			.answers = rows[i].change.answers,
			.answer_count = rows[i].change.answer_count,
			.concerns = rows[i].change.concerns,
			.concern_count = rows[i].change.concern_count,
			.sets_concerns = rows[i].change.sets_concerns,
			.sign_offs = rows[i].change.sign_offs,
			.sign_off_count = rows[i].change.sign_off_count,
			.sets_sign_offs = rows[i].change.sets_sign_offs};
		struct tu_error err = {0};
		struct tu_str text;
		enum tu_status status;

		assert_non_null(arena);
		assert_int_equal(tu_concept_catalogue_read(arena, &texts, &catalogue, &err), TU_OK);
		assert_int_equal(tu_concept_record_read(arena, &source, &record, &err), TU_OK);
		assert_int_equal(
			tu_concept_state_make(arena, &catalogue, &record, &now, &err), TU_OK);
		status = tu_concept_change(&changing, &change, &text, &err);
		if ((status == TU_OK) != (rows[i].after != NULL))
			fail_msg("%s: %s", rows[i].name, status ? err.message : "was not refused");
		if (!rows[i].after) {
			if (!strstr(err.pointer, rows[i].pointer))
				fail_msg("%s: at %s", rows[i].name, err.pointer);
		} else if (!tu_str_eq(text, tu_str_c(rows[i].after))) {
			fail_msg("%s:\n%.*s", rows[i].name, TU_STR_FMT(text));
		}
		tu_arena_free(arena);
	}
}

/* A text of any kind comes back as it was. */
static void a_new_file_has_what_was_said(void **state)
{
	static const struct tu_concept_answer answers[] = {{.id = TU_STR_INIT("wifi"),
		.reply = TU_REPLY_UNKNOWN,
		.by = TU_STR_INIT("- a: \"b\""),
		.note = TU_STR_INIT("# no\n\n  comment: [x\t\x01 \xe2\x80\xae"),
		.at = NOW}};
	static const struct tu_concept_change change = {
		.device_class = TU_CLASS_BEDSIDE, .answers = answers, .answer_count = 1};
	const struct tu_concept_texts texts = tu_concept_built_in();
	struct tu_arena *arena = tu_arena_new(16 << 20);
	struct tu_concept_catalogue catalogue;
	struct tu_concept_record none = {0}, record;
	struct tu_concept_state now;
	struct tu_concept_changing changing = {.arena = arena, .state = &now, .now = NOW};
	struct tu_concept_source source = {{TU_STR("concept.yaml"), {"", 0}}, &catalogue, NOW};

	(void)state;
	assert_non_null(arena);
	assert_int_equal(tu_concept_catalogue_read(arena, &texts, &catalogue, NULL), TU_OK);
	assert_int_equal(tu_concept_state_make(arena, &catalogue, &none, &now, NULL), TU_OK);
	assert_int_equal(tu_concept_change(&changing, &change, &source.text.text, NULL), TU_OK);
	assert_int_equal(tu_concept_record_read(arena, &source, &record, NULL), TU_OK);
	assert_int_equal(record.device_class, TU_CLASS_BEDSIDE);
	assert_int_equal(record.answer_count, 1);
	assert_true(tu_str_eq(record.answers[0].by, answers[0].by));
	assert_true(tu_str_eq(record.answers[0].note, answers[0].note));
	tu_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changes_or_refuses),
		cmocka_unit_test(a_new_file_has_what_was_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
