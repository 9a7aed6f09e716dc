/* The questions as data, what is asked, and what answers seed. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "concept/seed.h"

struct fixture {
	struct tu_arena *arena;
	struct tu_concept_catalogue catalogue;
	struct tu_concept_answer answers[400];
	struct tu_concept_record record;
	struct tu_concept_state state;
};

static void begin(struct fixture *f)
{
	const struct tu_concept_texts texts = tu_concept_built_in();
	struct tu_error err = {0};

	memset(f, 0, sizeof(*f));
	f->arena = tu_arena_new(64 << 20);
	assert_non_null(f->arena);
	if (tu_concept_catalogue_read(f->arena, &texts, &f->catalogue, &err) != TU_OK)
		fail_msg("%s:%zu: %s", err.file, err.line, err.message);
	f->record.answers = f->answers;
}

static void answer(struct fixture *f, const char *id, enum tu_reply reply)
{
	struct tu_concept_answer *answer = &f->answers[f->record.answer_count++];

	answer->id = tu_str_c(id);
	answer->question = tu_concept_question_by_id(&f->catalogue, answer->id);
	assert_true(answer->question != TU_MODEL_NOWHERE);
	answer->reply = reply;
}

static void answer_all(struct fixture *f, enum tu_reply reply)
{
	for (size_t i = 0; i < f->catalogue.question_count; i++) {
		f->answers[i].id = f->catalogue.questions[i].id;
		f->answers[i].question = (uint32_t)i;
		f->answers[i].reply = reply;
	}
	f->record.answer_count = f->catalogue.question_count;
}

static void make(struct fixture *f)
{
	assert_int_equal(
		tu_concept_state_make(f->arena, &f->catalogue, &f->record, &f->state, NULL), TU_OK);
}

static const struct tu_concept_standing *standing(const struct fixture *f, const char *id)
{
	uint32_t index = tu_concept_question_by_id(&f->catalogue, tu_str_c(id));

	assert_true(index != TU_MODEL_NOWHERE);
	return &f->state.standings[index];
}

static void a_class_is_asked_less(void **state)
{
	static const size_t most[TU_CLASS_COUNT_] = {66, 50, 60, 66, 60, 45, 52};
	struct fixture f;

	(void)state;
	begin(&f);
	make(&f);
	assert_int_equal(f.state.replies[TU_REPLY_NONE], f.catalogue.question_count);
	for (int c = TU_CLASS_IMPLANT; c < TU_CLASS_COUNT_; c++) {
		f.record.device_class = (enum tu_device_class)c;
		make(&f);
		assert_in_range(f.state.replies[TU_REPLY_NONE], 30, most[c] - 1);
	}
	tu_arena_free(f.arena);
}

static void an_answer_makes_others_pointless(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	answer(&f, "network", TU_REPLY_NO);
	answer(&f, "wifi", TU_REPLY_YES); /* contradicts it */
	answer(&f, "bluetooth", TU_REPLY_NO); /* does not */
	make(&f);
	assert_false(standing(&f, "ethernet")->asked);
	assert_int_equal(standing(&f, "ethernet")->because,
		tu_concept_question_by_id(&f.catalogue, TU_STR("network")));
	assert_false(standing(&f, "portal")->asked); /* the cloud is not asked: it counts as no */
	assert_true(standing(&f, "wifi")->contradicted);
	assert_false(standing(&f, "bluetooth")->contradicted);
	assert_int_equal(f.state.contradicted, 1);
	assert_true(standing(&f, "usb")->asked);
	f.record.device_class = TU_CLASS_CLOUD; /* not asked for it, and still contradicted */
	make(&f);
	assert_true(standing(&f, "wifi")->contradicted);
	tu_arena_free(f.arena);
}

static void unknown_makes_nothing_pointless(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	answer_all(&f, TU_REPLY_UNKNOWN);
	make(&f);
	assert_int_equal(f.state.replies[TU_REPLY_UNKNOWN], f.catalogue.question_count);
	assert_int_equal(f.state.not_asked, 0);
	assert_false(tu_concept_is_settled(&f.state));
	for (size_t k = 0; k < TU_PART_COUNT_; k++)
		assert_int_equal(f.state.parts[k].count, 0);
	tu_arena_free(f.arena);
}

/* What yes and no lead to is a part of what unknown leads to. */
static void unknown_considers_most(void **state)
{
	size_t counts[TU_REPLY_COUNT_] = {0};
	struct fixture f;

	(void)state;
	begin(&f);
	for (int r = TU_REPLY_YES; r < TU_REPLY_COUNT_; r++) {
		answer_all(&f, (enum tu_reply)r);
		make(&f);
		counts[r] = f.state.threats.count;
	}
	assert_true(counts[TU_REPLY_UNKNOWN] >= counts[TU_REPLY_YES]);
	assert_true(counts[TU_REPLY_UNKNOWN] > counts[TU_REPLY_NO]);
	tu_arena_free(f.arena);
}

static void every_part_is_seeded_by_an_answer(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	answer_all(&f, TU_REPLY_YES);
	make(&f);
	for (size_t k = 0; k < TU_PART_COUNT_; k++)
		for (size_t i = 0; i < f.catalogue.parts[k].count; i++)
			if (i >= f.state.parts[k].count || f.state.parts[k].at[i] != i)
				fail_msg("nothing seeds \"%.*s\"",
					TU_STR_FMT(f.catalogue.parts[k].at[i].id));
	tu_arena_free(f.arena);
}

static void ten_questions_for_a_hospital_always(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	make(&f);
	assert_int_equal(f.state.inquiry_count, TU_INQUIRIES_MAX);
	answer(&f, "wifi", TU_REPLY_YES);
	make(&f);
	assert_int_equal(f.state.inquiry_count, TU_INQUIRIES_MAX);
	assert_true(
		tu_str_eq(f.catalogue.inquiries[f.state.inquiries[0]].id, TU_STR("wifi-method")));
	tu_arena_free(f.arena);
}

/* ---- stakeholders ---- */

static void a_concern_after_the_sign_off_opens_it(void **state)
{
	struct tu_concept_concern concern = {.stakeholder = TU_STAKEHOLDER_PATIENT,
		.concern = TU_STR("x"),
		.answer = TU_STR("y"),
		.raised = 100};
	struct tu_concept_sign_off signed_ = {.stakeholder = TU_STAKEHOLDER_PATIENT, .at = 100};
	const struct tu_concept_hearing *hearing;
	struct fixture f;

	(void)state;
	begin(&f);
	f.record.concerns = &concern;
	f.record.concern_count = 1;
	f.record.sign_offs = &signed_;
	f.record.sign_off_count = 1;
	hearing = &f.state.hearings[TU_STAKEHOLDER_PATIENT];
	make(&f);
	assert_false(tu_concept_hearing_open(hearing));
	assert_int_equal(f.state.stakeholders_open, TU_STAKEHOLDER_COUNT_ - 1);
	concern.raised = 101;
	make(&f);
	assert_true(tu_concept_hearing_open(hearing));
	concern.raised = 100;
	concern.answer = (struct tu_str){"", 0};
	concern.owner = TU_STR("somebody"); /* without a date */
	make(&f);
	assert_int_equal(hearing->open, 1);
	concern.due = 200;
	make(&f);
	assert_false(tu_concept_hearing_open(hearing));
	tu_arena_free(f.arena);
}

/* ---- seeds ---- */

static struct tu_concept_seeded seed(struct fixture *f, struct tu_str model, struct tu_buf *out)
{
	struct tu_concept_seeding seeding = {.arena = f->arena,
		.state = &f->state,
		.model = model,
		.model_file = TU_STR("model.yaml")};
	struct tu_concept_seeded seeded = {0};
	struct tu_error err = {0};

	tu_buf_init(out, 1 << 20);
	if (tu_concept_seed_model(&seeding, out, &seeded, &err) != TU_OK)
		fail_msg("%s", err.message);
	return seeded;
}

static void a_second_seed_adds_nothing(void **state)
{
	static const enum tu_reply replies[] = {TU_REPLY_YES, TU_REPLY_NO};
	struct tu_buf first, second;
	struct tu_concept_seeded n;
	struct fixture f;

	(void)state;
	for (size_t i = 0; i < TU_COUNT(replies); i++) {
		begin(&f);
		answer_all(&f, replies[i]);
		make(&f);
		n = seed(&f, (struct tu_str){"", 0}, &first);
		assert_true(n.elements > 0);
		n = seed(&f, tu_buf_str(&first), &second);
		assert_int_equal(n.zones + n.elements + n.flows, 0);
		assert_int_equal(second.len, 0);
		tu_buf_done(&first);
		tu_buf_done(&second);
		tu_arena_free(f.arena);
	}
}

static void what_is_in_the_model_stays(void **state)
{
	static const struct tu_str model = TU_STR_INIT("schema: tutela-model/1\n"
						       "elements:\n"
						       "  # ours\n"
						       "  - {id: main, kind: hardware}\n"
						       "flows:\n"
						       "  - {id: therapy, from: main, to: main}\n");
	struct tu_buf out;
	struct fixture f;

	(void)state;
	begin(&f);
	answer(&f, "therapy", TU_REPLY_YES);
	make(&f);
	(void)seed(&f, model, &out);
	tu_buf_byte(&out, '\0');
	assert_non_null(strstr(out.ptr, "  # ours\n  - {id: main, kind: hardware}\n"));
	assert_non_null(strstr(out.ptr, "  - id: patient\n"));
	/* "therapy" is a flow there: neither it nor a flow from it is added */
	assert_null(strstr(out.ptr, "  - id: therapy\n"));
	assert_null(strstr(out.ptr, "therapy-patient"));
	tu_buf_done(&out);
	tu_arena_free(f.arena);
}

static void a_product_in_the_cloud_has_no_enclosure(void **state)
{
	struct tu_buf out;
	struct fixture f;

	(void)state;
	begin(&f);
	answer(&f, "audit", TU_REPLY_YES);
	f.record.device_class = TU_CLASS_CLOUD;
	make(&f);
	(void)seed(&f, (struct tu_str){"", 0}, &out);
	tu_buf_byte(&out, '\0');
	assert_non_null(strstr(out.ptr, "    role: cloud\n"));
	assert_null(strstr(out.ptr, "role: device"));
	tu_buf_done(&out);
	tu_arena_free(f.arena);
}

/* No severity is invented: a hazard is a comment for the safety engineer. */
static void no_severity_is_invented(void **state)
{
	struct tu_concept_seeding seeding = {0};
	struct tu_buf out;
	struct fixture f;

	(void)state;
	begin(&f);
	answer_all(&f, TU_REPLY_YES);
	make(&f);
	seeding.state = &f.state;
	tu_buf_init(&out, 1 << 20);
	tu_concept_seed_device(&seeding, &out);
	tu_buf_byte(&out, '\0');
	assert_null(strstr(out.ptr, "severity:"));
	assert_null(strstr(out.ptr, "\nhazards:"));
	assert_non_null(strstr(out.ptr, "# - wrong-therapy (therapy, when it loses integrity): "));
	tu_buf_done(&out);
	tu_arena_free(f.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_class_is_asked_less),
		cmocka_unit_test(an_answer_makes_others_pointless),
		cmocka_unit_test(unknown_makes_nothing_pointless),
		cmocka_unit_test(unknown_considers_most),
		cmocka_unit_test(every_part_is_seeded_by_an_answer),
		cmocka_unit_test(ten_questions_for_a_hospital_always),
		cmocka_unit_test(a_concern_after_the_sign_off_opens_it),
		cmocka_unit_test(a_second_seed_adds_nothing),
		cmocka_unit_test(what_is_in_the_model_stays),
		cmocka_unit_test(a_product_in_the_cloud_has_no_enclosure),
		cmocka_unit_test(no_severity_is_invented),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
