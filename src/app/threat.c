#include "app/threat.h"

#include "app/threat_inside.h"

#include <tutela/threat_rule.h>

bool tu_threat_is_open(const struct tu_threat *threat)
{
	return threat->outcome == TU_THREAT_OPEN || threat->outcome == TU_THREAT_UNPROVEN;
}

bool tu_threat_shows_hazard(const struct tu_threat *threat)
{
	return tu_threat_is_open(threat) && threat->graded && threat->stride != 'I' &&
		(threat->severity == TU_HARM_NONE || threat->severity == TU_HARM_UNKNOWN);
}

struct tu_str tu_threat_spot_id(const struct tu_model *model, struct tu_spot spot)
{
	if (spot.is_flow)
		return spot.index < model->flows_count ? model->flows[spot.index].id
						       : (struct tu_str){0};
	return spot.index < model->elements_count ? model->elements[spot.index].id
						  : (struct tu_str){0};
}

/* ---- the model ---- */

struct tu_str tu_threat_evidence_path(struct tu_str evidence)
{
	struct tu_str name = tu_str_first(evidence, tu_str_find(evidence, '#'));
	size_t slash = tu_str_rfind(name, '/'), dot = tu_str_rfind(name, '.');
	/* it has a slash and an ending, and is not the number of a document */
	bool is_path = slash && slash < dot && dot + 1 < name.len && name.len - dot <= 6 &&
		tu_char_is_alpha(name.ptr[dot + 1]) && tu_str_find(name, ' ') == name.len &&
		tu_str_find(name, ':') == name.len;

	return is_path ? name : (struct tu_str){"", 0};
}

/* Evidence that names a file of the folder which is not there is none. */
static enum tu_status look_for_evidence(
	struct tu_threat_answer *answer, const struct tu_threat_texts *texts, struct tu_error *err)
{
	size_t count = answer->model->controls_count;
	struct tu_model *model = tu_arena_alloc(answer->arena, sizeof(*model));
	struct tu_model_control *controls = tu_arena_array(answer->arena, count, sizeof(*controls));

	if (!model || !controls)
		return tu_no_memory(err);
	for (size_t i = 0; i < count; i++) {
		struct tu_str path = tu_threat_evidence_path(answer->model->controls[i].evidence);

		controls[i] = answer->model->controls[i];
		controls[i].evidence_gone = path.len && !texts->has_file(texts->self, path);
	}
	*model = *answer->model;
	model->controls = controls;
	answer->model = model;
	return TU_OK;
}

static enum tu_status read_model(
	struct tu_threat_answer *answer, const struct tu_threat_texts *texts, struct tu_error *err)
{
	const struct tu_model_source source = {
		.file = texts->model.file, .text = texts->model.text, .device = texts->device};
	enum tu_status status =
		tu_model_read(answer->arena, &source, &answer->model, &answer->losses, err);

	return status || !texts->has_file ? status : look_for_evidence(answer, texts, err);
}

/* ---- packs of rules ---- */

/* The rule of the pack whose id a rule of the other has, too; NULL: none. */
static const struct tu_threat_rule *shared_rule(
	const struct tu_threat_pack *pack, const struct tu_threat_pack *other)
{
	for (size_t i = 0; i < pack->rule_count; i++)
		for (size_t o = 0; o < other->rule_count; o++)
			if (tu_str_eq(pack->rules[i].id, other->rules[o].id))
				return &pack->rules[i];
	return NULL;
}

/* A key names a threat by the rule and a decision names the pack: both have one meaning. */
static enum tu_status check_pack(
	const struct tu_threat_pack *const *packs, size_t index, struct tu_error *err)
{
	const struct tu_threat_pack *pack = packs[index];

	for (size_t i = 0; i < index; i++) {
		const struct tu_threat_rule *rule = shared_rule(pack, packs[i]);

		if (tu_str_eq(packs[i]->id, pack->id))
			return tu_fail(err, TU_E_SYNTAX, 0,
				"%.*s: /id: there is another pack \"%.*s\": give this one an id of "
				"its own",
				TU_STR_FMT(pack->file), TU_STR_FMT(pack->id));
		if (rule)
			return tu_fail(err, TU_E_SYNTAX, 0,
				"%.*s:%u:%u: the pack \"%.*s\" has a rule \"%.*s\", too: a "
				"decision "
				"about one would be about both",
				TU_STR_FMT(pack->file), rule->place.line, rule->place.column,
				TU_STR_FMT(packs[i]->id), TU_STR_FMT(rule->id));
	}
	return TU_OK;
}

static enum tu_status read_packs(
	struct tu_threat_answer *answer, const struct tu_threat_texts *texts, struct tu_error *err)
{
	const struct tu_threat_pack **list =
		tu_arena_array(answer->arena, texts->pack_count + 1, sizeof(const void *));
	enum tu_status status =
		list ? tu_threat_pack_builtin(answer->arena, &list[0], err) : tu_no_memory(err);

	for (size_t i = 0; i < texts->pack_count && !status; i++) {
		status = tu_threat_pack_read(answer->arena, texts->packs[i].file,
			texts->packs[i].text, &list[i + 1], err);
		if (status == TU_OK)
			status = check_pack(list, i + 1, err);
	}
	answer->packs = list;
	answer->pack_count = texts->pack_count + 1;
	return status;
}

/* ---- what has been decided ---- */

static enum tu_status read_decisions(
	struct tu_threat_answer *answer, const struct tu_threat_texts *texts, struct tu_error *err)
{
	struct tu_disposition *list;
	struct tu_dispositions read = {0};
	enum tu_status status = TU_OK;

	if (texts->decisions.file.len)
		status = tu_dispositions_read(
			answer->arena, texts->decisions.file, texts->decisions.text, &read, err);
	answer->dispositions = read;
	if (status != TU_OK || !texts->is_approved || !read.count)
		return status;
	list = tu_arena_array(answer->arena, read.count, sizeof(*list));
	if (!list)
		return tu_no_memory(err);
	for (size_t i = 0; i < read.count; i++) {
		list[i] = read.at[i];
		list[i].proposed = !texts->is_approved(texts->self, &read.at[i]);
	}
	answer->dispositions.at = list;
	return TU_OK;
}

/* ---- all of it ---- */

struct tu_threat_input tu_threat_answer_input(const struct tu_threat_answer *answer)
{
	return (struct tu_threat_input){.model = answer->model,
		.device = answer->folder.device,
		.packs = answer->packs,
		.pack_count = answer->pack_count,
		.dispositions = answer->dispositions,
		.at = answer->at};
}

static enum tu_status find(struct tu_threat_answer *answer, struct tu_error *err)
{
	const struct tu_threat_input input = tu_threat_answer_input(answer);
	enum tu_status status =
		tu_model_lint(answer->arena, answer->model, answer->at, &answer->lints, err);

	if (status == TU_OK)
		status = tu_threat_lint_words(answer->arena, &input, &answer->lints, err);
	if (status == TU_OK)
		status = tu_threat_find(answer->arena, &input, &answer->threats, err);
	if (status != TU_OK)
		return status;
	for (size_t i = 0; i < answer->lints.count; i++)
		answer->levels[answer->lints.at[i].level]++;
	for (size_t i = 0; i < answer->threats.count; i++)
		answer->counts[answer->threats.at[i].outcome]++;
	return TU_OK;
}

enum tu_status tu_threat__judge(
	struct tu_threat_answer *answer, const struct tu_threat_texts *texts, struct tu_error *err)
{
	enum tu_status status = read_model(answer, texts, err);

	if (status == TU_OK)
		status = read_packs(answer, texts, err);
	if (status == TU_OK)
		status = read_decisions(answer, texts, err);
	return status ? status : find(answer, err);
}

enum tu_status tu_app_threats_of(const struct tu_threat_texts *texts, int64_t at,
	struct tu_threat_answer *answer, struct tu_error *err)
{
	size_t memory = texts->memory_max ? texts->memory_max : TU_THREAT_MEMORY;
	enum tu_status status;

	*answer = (struct tu_threat_answer){
		.arena = tu_arena_new(memory), .at = at, .folder = {.device = texts->device}};
	if (!answer->arena)
		return tu_no_memory(err);
	status = tu_threat__judge(answer, texts, err);
	if (status == TU_E_NOMEM && texts->memory_max)
		return tu_fail(err, TU_E_LIMIT, 0,
			"the threats and questions of this design take more than %zu MB: \"tutela "
			"threat check\" judges larger ones",
			memory >> 20);
	return status;
}

void tu_threat_answer_done(struct tu_threat_answer *answer)
{
	tu_arena_free(answer->arena);
	tu_device_folder_done(&answer->folder);
	*answer = (struct tu_threat_answer){0};
}
