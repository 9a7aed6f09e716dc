/* What is seeded is a model: it reads, and the rules that answers name are there. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <tutela/model.h>
#include <tutela/threat.h>
#include <tutela/threat_rule.h>

#include "concept/seed.h"

static void catalogue_of(struct tu_arena *arena, struct tu_concept_catalogue *out_catalogue)
{
	const struct tu_concept_texts texts = tu_concept_built_in();

	assert_non_null(arena);
	assert_int_equal(tu_concept_catalogue_read(arena, &texts, out_catalogue, NULL), TU_OK);
}

static const struct tu_device *device_of(struct tu_arena *arena)
{
	const struct tu_device *device = NULL;

	assert_int_equal(tu_device_read(arena, TU_STR("device.yaml"),
				 TU_STR("family: X\n"
					"hazards:\n  - {id: h, severity: serious}\n"
					"assets:\n  - {id: rate, function: therapy, hazards: [h]}\n"
					"  - {id: 'a: b', function: alarm, hazards: [h]}\n"),
				 NULL, &device, NULL),
		TU_OK);
	return device;
}

static void answer_all(struct tu_arena *arena, const struct tu_concept_catalogue *catalogue,
	enum tu_reply reply, struct tu_concept_record *record)
{
	struct tu_concept_answer *answers =
		tu_arena_array(arena, catalogue->question_count, sizeof(*answers));

	assert_non_null(answers);
	for (size_t i = 0; i < catalogue->question_count; i++) {
		answers[i].question = (uint32_t)i;
		answers[i].reply = reply;
	}
	record->answers = answers;
	record->answer_count = catalogue->question_count;
}

/* The model of one answer to every question. */
static const struct tu_model *model_of(
	struct tu_arena *arena, enum tu_device_class device_class, enum tu_reply reply)
{
	struct tu_concept_catalogue catalogue;
	struct tu_concept_record record = {.device_class = device_class};
	struct tu_concept_state now;
	struct tu_concept_seeding seeding = {.arena = arena,
		.state = &now,
		.model = {"", 0},
		.model_file = TU_STR("model.yaml")};
	struct tu_concept_seeded seeded;
	const struct tu_model *model = NULL;
	struct tu_model_source source = {.file = TU_STR("model.yaml")};
	struct tu_error err = {0};
	struct tu_str kept;
	struct tu_buf text;

	catalogue_of(arena, &catalogue);
	answer_all(arena, &catalogue, reply, &record);
	assert_int_equal(tu_concept_state_make(arena, &catalogue, &record, &now, NULL), TU_OK);
	seeding.device = source.device = device_of(arena);
	tu_buf_init(&text, 1 << 20);
	assert_int_equal(tu_concept_seed_model(&seeding, &text, &seeded, NULL), TU_OK);
	assert_true(tu_arena_dup(arena, tu_buf_str(&text), &kept));
	tu_buf_done(&text);
	source.text = kept;
	if (tu_model_read(arena, &source, &model, NULL, &err) != TU_OK)
		fail_msg("line %zu: %s %s", err.line, err.pointer, err.message);
	assert_int_equal(model->elements_count, seeded.elements);
	assert_int_equal(model->flows_count, seeded.flows);
	return model;
}

static void every_seed_reads(void **state)
{
	(void)state;
	for (int c = TU_CLASS_UNSTATED; c < TU_CLASS_COUNT_; c++)
		for (int r = TU_REPLY_YES; r <= TU_REPLY_NO; r++) {
			struct tu_arena *arena = tu_arena_new(256 << 20);

			(void)model_of(arena, (enum tu_device_class)c, (enum tu_reply)r);
			tu_arena_free(arena);
		}
}

static void elements_have_their_assets_and_facts(void **state)
{
	struct tu_arena *arena = tu_arena_new(256 << 20);
	const struct tu_model *model = model_of(arena, TU_CLASS_BEDSIDE, TU_REPLY_YES);
	const struct tu_model_element *alarms =
		&model->elements[tu_model_element_by_id(model, TU_STR("alarms"))];

	(void)state;
	assert_int_equal(alarms->assets.count, 1);
	assert_true(tu_str_eq(model->assets[alarms->assets.at[0]].id, TU_STR("a: b")));
	assert_true(
		tu_str_eq(tu_model_fact_get(&alarms->facts, TU_STR("alarm_local")), TU_STR("yes")));
	tu_arena_free(arena);
}

/* What an answer states opens the threats that follow from it, and nothing else does. */
static void answers_open_threats(void **state)
{
	static const char *const open[] = {
		"H07@network@", "M02@keys@", "P01@debug-port@", "P05@display@"};
	struct tu_arena *arena = tu_arena_new(256 << 20);
	const struct tu_threat_pack *pack = NULL;
	struct tu_threat_input input = {.packs = &pack, .pack_count = 1};
	struct tu_threats threats;
	size_t found = 0, all = 0;

	(void)state;
	input.model = model_of(arena, TU_CLASS_BEDSIDE, TU_REPLY_YES);
	assert_int_equal(tu_threat_pack_builtin(arena, &pack, NULL), TU_OK);
	assert_int_equal(tu_threat_find(arena, &input, &threats, NULL), TU_OK);
	assert_true(threats.question_count > 0);
	for (size_t i = 0; i < threats.count; i++) {
		if (threats.at[i].outcome != TU_THREAT_OPEN)
			continue;
		for (size_t k = 0; k < TU_COUNT(open); k++)
			found += tu_str_eq(threats.at[i].key, tu_str_c(open[k]));
		all++;
	}
	assert_int_equal(found, TU_COUNT(open));
	assert_int_equal(all, TU_COUNT(open));
	tu_arena_free(arena);
}

static bool has_rule(const struct tu_threat_pack *pack, struct tu_str id)
{
	for (size_t i = 0; i < pack->rule_count; i++)
		if (tu_str_eq(pack->rules[i].id, id))
			return true;
	return false;
}

static void check_rules(const struct tu_threat_pack *pack, const struct tu_texts *ids)
{
	for (size_t i = 0; i < ids->count; i++)
		if (!has_rule(pack, ids->at[i]))
			fail_msg("there is no rule %.*s", TU_STR_FMT(ids->at[i]));
}

static void the_rules_to_consider_exist(void **state)
{
	struct tu_arena *arena = tu_arena_new(256 << 20);
	const struct tu_threat_pack *pack = NULL;
	struct tu_concept_catalogue catalogue;

	(void)state;
	catalogue_of(arena, &catalogue);
	assert_int_equal(tu_threat_pack_builtin(arena, &pack, NULL), TU_OK);
	for (size_t i = 0; i < catalogue.question_count; i++) {
		check_rules(pack, &catalogue.questions[i].yes.threats);
		check_rules(pack, &catalogue.questions[i].no.threats);
	}
	tu_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_seed_reads),
		cmocka_unit_test(elements_have_their_assets_and_facts),
		cmocka_unit_test(answers_open_threats),
		cmocka_unit_test(the_rules_to_consider_exist),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
