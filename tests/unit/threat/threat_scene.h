/* A model and a pack of rules from texts, and what the engine finds. */
#ifndef TU_TESTS_THREAT_SCENE_H
#define TU_TESTS_THREAT_SCENE_H

#include <stdio.h>
#include <string.h>

#include <tutela/threat.h>
#include <tutela/threat_rule.h>

#include "error_text.h"

/* 2026-11-30 */
#define SCENE_NOW 1796000000

static struct tu_arena *arena;

static inline int open_arena(void **state)
{
	(void)state;
	arena = tu_arena_new(0);
	return arena ? 0 : -1;
}

static inline int close_arena(void **state)
{
	(void)state;
	tu_arena_free(arena);
	return 0;
}

#define SCENE_DEVICE \
	"family: X\n" \
	"hazards: [{id: dead, severity: catastrophic}, {id: late, severity: minor}]\n" \
	"assets:\n" \
	"  - {id: dose, function: therapy, privacy: none,\n" \
	"     hazards: [{hazard: dead, on_loss_of: [integrity]}, {hazard: late, on_loss_of: " \
	"[availability]}]}\n" \
	"  - {id: name, function: display, privacy: serious, hazards: none, rationale: x}\n" \
	"  - {id: riddle, function: therapy}\n"

static inline const struct tu_model *scene_model(const char *text)
{
	const struct tu_device *device = NULL;
	const struct tu_model *model = NULL;
	struct tu_model_source source = {.file = TU_STR("m"), .text = tu_str_c(text)};
	struct tu_error err;

	if (tu_device_read(arena, TU_STR("d"), TU_STR(SCENE_DEVICE), NULL, &device, &err) != TU_OK)
		fail_msg("%s", error_text(&err));
	source.device = device;
	if (tu_model_read(arena, &source, &model, NULL, &err) != TU_OK)
		fail_msg("%s", error_text(&err));
	return model;
}

static inline const struct tu_threat_pack *scene_pack(const char *text)
{
	const struct tu_threat_pack *pack = NULL;
	struct tu_error err;

	if (tu_threat_pack_read(arena, TU_STR("p"), tu_str_c(text), &pack, &err) != TU_OK)
		fail_msg("%s", error_text(&err));
	return pack;
}

static inline struct tu_threats scene_find(const struct tu_model *model,
	const struct tu_threat_pack *pack, struct tu_dispositions decisions)
{
	struct tu_threat_input input = {.model = model,
		.packs = &pack,
		.pack_count = 1,
		.dispositions = decisions,
		.at = SCENE_NOW};
	struct tu_threats found = {0};
	struct tu_error err;

	if (tu_threat_find(arena, &input, &found, &err) != TU_OK)
		fail_msg("%s", error_text(&err));
	return found;
}

static inline const struct tu_threat *scene_threat(const struct tu_threats *found, const char *key)
{
	for (size_t i = 0; i < found->count; i++)
		if (tu_str_eq(found->at[i].key, tu_str_c(key)))
			return &found->at[i];
	return NULL;
}

#endif
