/* The design in a folder that is pushed. */
#include "app/concept_pack.h"
#include "app/concept_phase.h"
#include "app/positions.h"
#include "portfolio/design.h"
#include "portfolio/push_inside.h"

static enum tu_status check_positions(struct tu_str text, struct tu_error *err)
{
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_json views;
	enum tu_status status =
		parser ? tu_positions_read(parser, text, &views, err) : tu_no_memory(err);

	tu_json_parser_free(parser);
	return status ? tu_error_in_file(err, "positions.json") : TU_OK;
}

struct parts {
	struct tu_threat_texts texts;
	struct tu_threat_text *packs;
	struct tu_str positions;
	struct tu_concept_text concept;
	struct tu_concept_text *questions;
	size_t question_count;
};

/* model.yaml is before model.json among the items, as it counts before it. */
static void take(struct parts *parts, const struct tu_item *item)
{
	const struct tu_threat_text text = {item->path, item->text};

	switch (tu_design_part_of(item->path)) {
	case TU_DESIGN_MODEL:
		if (!parts->texts.model.file.len)
			parts->texts.model = text;
		break;
	case TU_DESIGN_DECISIONS:
		parts->texts.decisions = text;
		break;
	case TU_DESIGN_POSITIONS:
		parts->positions = item->text;
		break;
	case TU_DESIGN_RULES:
		parts->packs[parts->texts.pack_count++] = text;
		break;
	case TU_DESIGN_CONCEPT:
		parts->concept
		= (struct tu_concept_text){item->path, item->text};
		break;
	case TU_DESIGN_QUESTIONS:
		parts->questions[parts->question_count++] =
			(struct tu_concept_text){item->path, item->text};
		break;
	case TU_DESIGN_NONE:
		break;
	}
}

static enum tu_status check_concept(
	const struct parts *parts, struct tu_arena *arena, int64_t at, struct tu_error *err)
{
	struct tu_concept_phase phase;
	struct tu_concept_pack pack = {0};
	enum tu_status status =
		tu_concept_pack_of(arena, parts->questions, parts->question_count, &pack, err);

	if (status != TU_OK || !parts->concept.file.len)
		return status;
	status = tu_concept_phase_open(arena, &pack, &phase, err);
	return status ? status : tu_concept_phase_read(arena, &phase, &parts->concept, at, err);
}

/* Without a model there is nothing to judge, but what is there has to be read one day. */
static enum tu_status check_apart(
	const struct tu_threat_texts *texts, struct tu_arena *arena, struct tu_error *err)
{
	const struct tu_threat_pack *pack;
	struct tu_dispositions decisions;
	enum tu_status status = TU_OK;

	for (size_t i = 0; status == TU_OK && i < texts->pack_count; i++)
		status = tu_threat_pack_read(
			arena, texts->packs[i].file, texts->packs[i].text, &pack, err);
	if (status == TU_OK && texts->decisions.file.len)
		status = tu_dispositions_read(
			arena, texts->decisions.file, texts->decisions.text, &decisions, err);
	return status;
}

enum tu_status tu_push__check_design(const struct tu_device_folder *folder,
	const struct tu_items *items, int64_t at, struct tu_error *err)
{
	struct parts parts = {.texts = {.device = folder->device}};
	struct tu_threat_answer answer;
	enum tu_status status = TU_OK;

	parts.packs = tu_arena_array(folder->arena, items->list.count, sizeof(*parts.packs));
	parts.questions =
		tu_arena_array(folder->arena, items->list.count, sizeof(*parts.questions));
	if (!parts.packs || !parts.questions)
		return tu_no_memory(err);
	for (size_t i = 0; i < items->list.count; i++)
		if (items->list.at[i].kind == TU_ITEM_FILE)
			take(&parts, &items->list.at[i]);
	parts.texts.packs = parts.packs;
	if (parts.positions.len)
		status = check_positions(parts.positions, err);
	if (status == TU_OK)
		status = check_concept(&parts, folder->arena, at, err);
	if (status != TU_OK || !parts.texts.model.file.len)
		return status ? status : check_apart(&parts.texts, folder->arena, err);
	status = tu_app_threats_of(&parts.texts, at, &answer, err);
	tu_threat_answer_done(&answer);
	return status;
}

enum tu_status tu_push__note_proposed(struct tu_work *w, int64_t device_id,
	const struct tu_item *item, struct tu_push *push, struct tu_error *err)
{
	size_t count;
	enum tu_status status;

	if (tu_design_part_of(item->path) != TU_DESIGN_DECISIONS)
		return TU_OK;
	status = tu_design_count_proposed(w, device_id, item->text, &count, err);
	if (status != TU_OK || !count)
		return status;
	return tu_push__say(push, false,
		       "%.*s: %zu of its decisions %s proposed, and no threat counts as decided by "
		       "%s: who may approve decides in the store",
		       TU_STR_FMT(item->path), count, count == 1 ? "is" : "are",
		       count == 1 ? "it" : "them")
		? TU_OK
		: tu_no_memory(err);
}
