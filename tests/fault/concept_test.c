/*
 * The n-th allocation fails, for n from 1 until none does, while a concept phase is read, weighed
 * and seeds a model: each time "no memory" is said, nothing crashes or leaks.
 */
#include <stdio.h>

#include "base/fault.h"
#include "concept/change.h"
#include "concept/lines.h"
#include "concept/pack.h"
#include "concept/seed.h"

enum { MOST = 10000, NOW = 1800000000 };

static struct scene {
	struct tu_arena *arena;
	struct tu_json_parser *parser;
	struct tu_json root;
	struct tu_concept_record record;
	struct tu_concept_state state;
	struct tu_error err;
} scene;

/* Read once: it takes many more allocations than what is made of it. */
static struct tu_concept_catalogue questions;

static const char concept[] = "schema: tutela-concept/1\n"
			      "class: bedside\n"
			      "discussions:\n"
			      "  - {stakeholder: patient, concern: x, raised: 2026-01-01}\n"
			      "sign_offs:\n"
			      "  - {stakeholder: patient, by: x, at: 2026-01-02}\n"
			      "answers:\n"
			      "  - {question: therapy, answer: yes, by: x, at: 2026-01-01}\n"
			      "  - {question: secure-boot, answer: no, by: x, at: 2026-01-01}\n"
			      "  - {question: wifi, answer: unknown, by: x, at: 2026-01-01}\n";

static const char pack[] =
	"{\"properties\": [{\"id\": \"PID-2\", \"text\": \"A case\", \"threats\": []},"
	"{\"id\": \"PID-21\", \"text\": \"A door\", \"parentProp\": \"PID-2\", "
	"\"threats\": [{\"id\": \"TID-9\", \"text\": \"Opened\"}]}]}";

static enum tu_status job_catalogue(void)
{
	const struct tu_concept_texts texts = tu_concept_built_in();
	struct tu_concept_catalogue read;

	return tu_concept_catalogue_read(scene.arena, &texts, &read, &scene.err);
}

static enum tu_status job_record(void)
{
	const struct tu_concept_source source = {
		{TU_STR("concept.yaml"), tu_str_c(concept)}, &questions, NOW};

	return tu_concept_record_read(scene.arena, &source, &scene.record, &scene.err);
}

static enum tu_status job_state(void)
{
	return tu_concept_state_make(
		scene.arena, &questions, &scene.record, &scene.state, &scene.err);
}

static enum tu_status job_seed(void)
{
	const struct tu_concept_seeding seeding = {.arena = scene.arena,
		.state = &scene.state,
		.model = TU_STR("elements:\n  - {id: main}\n"),
		.model_file = TU_STR("model.yaml")};
	struct tu_concept_seeded seeded;
	struct tu_buf out;
	enum tu_status status;

	tu_buf_init(&out, 1 << 20);
	status = tu_concept_seed_model(&seeding, &out, &seeded, &scene.err);
	if (status == TU_OK)
		status = tu_concept_seed_facts(&seeding, &out, &scene.err);
	tu_concept_seed_device(&seeding, &out);
	if (status == TU_OK && out.failed)
		status = TU_E_NOMEM;
	tu_buf_done(&out);
	return status;
}

static enum tu_status job_pack(void)
{
	struct tu_concept_catalogue catalogue = questions;
	struct tu_concept_pack read;
	enum tu_status status = tu_concept_pack_read(scene.arena, scene.root, &read, &scene.err);

	return status ? status
		      : tu_concept_catalogue_extend(scene.arena, &catalogue, &read, &scene.err);
}

static enum tu_status job_change(void)
{
	static const struct tu_concept_answer answers[] = {{.id = TU_STR_INIT("wifi"),
		.reply = TU_REPLY_NO,
		.by = TU_STR_INIT("x"),
		.at = NOW}};
	static const struct tu_concept_concern concerns[] = {
		{TU_STAKEHOLDER_SERVICE, TU_STR_INIT("y"), .raised = NOW}};
	static const struct tu_concept_change change = {.device_class = TU_CLASS_IMAGING,
		.answers = answers,
		.answer_count = 1,
		.concerns = concerns,
		.concern_count = 1,
		.sets_concerns = true};
	const struct tu_concept_changing changing = {
		scene.arena, &scene.state, {TU_STR("concept.yaml"), tu_str_c(concept)}, NOW};
	struct tu_str text;

	return tu_concept_change(&changing, &change, &text, &scene.err);
}

static void reset(void)
{
	tu_arena_free(scene.arena);
	tu_json_parser_free(scene.parser);
	scene = (struct scene){.arena = NULL};
}

static bool set_scene(void)
{
	reset();
	scene.arena = tu_arena_new(64 << 20);
	scene.parser = tu_json_parser_new();
	return scene.arena && scene.parser &&
		tu_json_parse(scene.parser, tu_str_c(pack), NULL, &scene.root, NULL) == TU_OK &&
		job_record() == TU_OK && job_state() == TU_OK;
}

static const struct {
	const char *name;
	enum tu_status (*run)(void);
} jobs[] = {
	{"questions", job_catalogue},
	{"concept.yaml", job_record},
	{"the state", job_state},
	{"seeds", job_seed},
	{"a pack", job_pack},
	{"a change", job_change},
};

static const char *fail_each(enum tu_status (*run)(void))
{
	for (size_t nth = 1; nth < MOST; nth++) {
		enum tu_status status;
		bool hit;

		if (!set_scene())
			return "the scene cannot be set";
		tu_fault_set(nth);
		status = run();
		hit = tu_fault_count() >= nth;
		tu_fault_set(0);
		if (status != TU_OK && status != TU_E_NOMEM)
			return scene.err.message;
		if (hit && status == TU_OK)
			return "an allocation failed and nobody noticed";
		if (!hit)
			return status == TU_OK ? NULL : "no memory, but nothing failed";
	}
	return "there is no end of allocations";
}

int main(void)
{
	const struct tu_concept_texts texts = tu_concept_built_in();
	struct tu_arena *kept = tu_arena_new(64 << 20);
	unsigned failed = 0;

	if (!kept || tu_concept_catalogue_read(kept, &texts, &questions, NULL) != TU_OK)
		return 1;
	for (size_t i = 0; i < TU_COUNT(jobs); i++) {
		const char *broken = fail_each(jobs[i].run);

		failed += broken != NULL;
		printf("%s %zu - %s\n", broken ? "not ok" : "ok", i + 1, jobs[i].name);
		if (broken)
			printf("# %s\n", broken);
	}
	printf("1..%zu\n", TU_COUNT(jobs));
	reset();
	tu_arena_free(kept);
	return failed > 0;
}
