/*
 * A portfolio for tests: the example's pump in a fresh store, with the starter knowledge base.
 */
#ifndef TESTS_PORTFOLIO_SCENE_H
#define TESTS_PORTFOLIO_SCENE_H

#include "tests/support/store_scene.h"

#include "base/input.h"
#include "portfolio/approve.h"
#include "portfolio/file.h"
#include "portfolio/ingest.h"
#include "portfolio/knowledge.h"

#define NOW INT64_C(1784000000000000) /* us: July 2026 */

static unsigned scene_ids;

/* Ids that a test can foresee. */
static inline enum tu_status scene_id(char out[TU_RANDOM_ID + 1], struct tu_error *err)
{
	(void)err;
	(void)snprintf(out, TU_RANDOM_ID + 1, "%032x", ++scene_ids);
	return TU_OK;
}

static inline struct tu_act scene_act(const char *actor)
{
	return (struct tu_act){.at = NOW, .actor = tu_str_c(actor), .new_id = scene_id};
}

struct scene {
	struct tu_store *store;
	struct tu_kb *kb;
	struct tu_act act;
	struct tu_arena *arena;
	/* of the last call */
	const char *device, *version, *path, *name;
	struct tu_str text;
	struct tu_settled settled;
	struct tu_release_row release;
	struct tu_assessment_rows assessments;
	enum tu_release_state to;
	int64_t row_version;
	struct tu_proposal_outcome outcome;
	size_t count;
};

static inline struct tu_str scene_file(struct scene *s, const char *path)
{
	struct tu_buf text;
	struct tu_str copy;

	tu_buf_init(&text, (size_t)1 << 30);
	assert_ok(tu_input_read(path, &text, error));
	assert_true(tu_arena_dup(s->arena, tu_buf_str(&text), &copy));
	tu_buf_done(&text);
	return copy;
}

static inline struct tu_str scene_example(struct scene *s, const char *name)
{
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/%s", TUTELA_EXAMPLE, name);
	return scene_file(s, path);
}

/* ---- calls for tu_work_run() ---- */

static inline enum tu_status scene_name_kb(struct tu_work *w, void *self, struct tu_error *err)
{
	struct scene *s = self;
	struct tu_knowledge_row before, row;
	enum tu_status status = tu_knowledge_current(w, &before, err);

	if (status == TU_OK)
		status = tu_knowledge_put(w, s->kb, &row, err);
	return status ? status : tu_knowledge_name(w, &before, &row, err);
}

static inline enum tu_status scene_put_device(struct tu_work *w, void *self, struct tu_error *err)
{
	struct scene *s = self;
	struct tu_device_put put = {
		.text = s->text, .file = TU_STR("device.yaml"), .based_on = s->row_version};
	struct tu_device_row row;

	return tu_device_put(w, &put, &row, NULL, err);
}

static inline enum tu_status scene_put_file(struct tu_work *w, void *self, struct tu_error *err)
{
	struct scene *s = self;
	struct tu_device_row device;
	enum tu_status status = tu_device_find(w, tu_str_c(s->device), &device, err);

	if (status != TU_OK)
		return status;
	return tu_device_file_put(w, &device,
		&(struct tu_device_file_put){.path = tu_str_c(s->path), .text = s->text}, NULL,
		err);
}

/* Device and release of the scene, with what settling needs. */
static inline enum tu_status scene_begin(struct tu_work *w, struct scene *s,
	struct tu_device_row *device, struct tu_settling *settling, struct tu_error *err)
{
	enum tu_status status = tu_device_find(w, tu_str_c(s->device), device, err);

	if (status == TU_OK)
		status = tu_settling_begin(w, device, s->kb, settling, err);
	if (status == TU_OK && s->version)
		status = tu_release_find(w, device, tu_str_c(s->version), &s->release, err);
	return status;
}

static inline enum tu_status scene_ingest(struct tu_work *w, void *self, struct tu_error *err)
{
	struct scene *s = self;
	struct tu_device_row device;
	struct tu_settling settling;
	const struct tu_inventory *inventory;
	struct tu_prepared prepared;
	struct tu_ingest ingest = {&settling, &s->release, s->text, &prepared, {0}};
	enum tu_status status = scene_begin(w, s, &device, &settling, err);

	if (status == TU_OK)
		status = tu_sbom_read(s->arena, s->text, false, NULL, &inventory, err);
	if (status == TU_OK)
		status = tu_prepare(s->arena, s->kb, inventory, &prepared, err);
	if (status == TU_OK && s->row_version)
		s->release.row_version = s->row_version;
	if (status == TU_OK)
		status = tu_release_ingest(w, &ingest, err);
	s->settled = ingest.settled;
	return status;
}

static inline enum tu_status scene_move(struct tu_work *w, void *self, struct tu_error *err)
{
	struct scene *s = self;
	struct tu_device_row device;
	struct tu_settling settling;
	enum tu_status status = scene_begin(w, s, &device, &settling, err);

	if (status == TU_OK && s->row_version)
		s->release.row_version = s->row_version;
	return status ? status : tu_release_move(w, &s->release, s->to, err);
}

static inline enum tu_status scene_propose(struct tu_work *w, void *self, struct tu_error *err)
{
	struct scene *s = self;
	struct tu_device_row device;
	struct tu_settling settling;
	struct tu_assessment_text text = {tu_str_c(s->name), s->text};
	struct tu_assessment_texts texts = {&text, 1};
	enum tu_status status = tu_device_find(w, tu_str_c(s->device), &device, err);

	s->count = 0;
	if (status == TU_OK)
		status = tu_assessment_propose(w, &device, &texts, &s->count, err);
	if (status == TU_OK)
		status = tu_settling_begin(w, &device, s->kb, &settling, err);
	return status ? status : tu_settle_device(w, &settling, err);
}

/* ---- the scene ---- */

static inline enum tu_status scene_try(struct scene *s, tu_work_call *call, struct tu_error *err)
{
	return tu_work_run(s->store, &s->act, call, s, err);
}

#define scene_run(s, call) assert_ok(scene_try((s), (call), error))

static inline struct scene scene_portfolio(void)
{
	struct scene s = {
		.store = scene_open(), .act = scene_act("engineer"), .device = "larkspur-ip-200"};

	s.arena = tu_arena_new((size_t)4 << 30);
	assert_ok(tu_kb_open(TUTELA_STARTER, &s.kb, error));
	scene_run(&s, scene_name_kb);
	s.text = scene_example(&s, "device.yaml");
	scene_run(&s, scene_put_device);
	s.path = "supplier-wifi.openvex.json";
	s.text = scene_example(&s, s.path);
	scene_run(&s, scene_put_file);
	return s;
}

static inline void scene_put_sbom(struct scene *s, const char *version, const char *file)
{
	s->version = version;
	s->text = scene_example(s, file);
	scene_run(s, scene_ingest);
}

static inline void scene_done(struct scene *s)
{
	tu_kb_close(s->kb);
	tu_arena_free(s->arena);
	scene_close(s->store);
}

#endif
