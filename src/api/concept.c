/* The concept phase of a device: its questions, what is recorded of it, what its answers seed. */
#include "portfolio/concept.h"

#include <stdio.h>
#include <string.h>

#include "api/designs.h"
#include "show/concept.h"
#include "threat/write/write.h"

enum { MEMORY_MAX = 512 << 20 };

struct opened {
	struct tu_arena *arena;
	struct tu_concept_stored stored;
};

/* Whatever the status, the arena is to be freed. */
static enum tu_status open_concept(
	struct tu_api_call *call, struct opened *out, struct tu_error *err)
{
	const struct tu_design_asked asked = tu_api_design_asked(call);
	enum tu_status status;

	*out = (struct opened){.arena = tu_arena_new(MEMORY_MAX)};
	if (!out->arena)
		return tu_no_memory(err);
	status = tu_concept_open(&asked, out->arena, call->now / 1000000, &out->stored, err);
	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "device");
	if (!tu_device_is_unread(status))
		return status;
	call->problem.type = TU_PROBLEM_CONFLICT;
	return tu_error_prefix(err, "what is stored of the concept cannot be read");
}

static void write_version(struct tu_json_writer *json, const char *key, int64_t version)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%lld", (long long)version);
	tu_json_member_str(json, key, tu_str_c(text));
}

enum tu_status tu_api_get_concept(struct tu_api_call *call, struct tu_error *err)
{
	struct opened o;
	enum tu_status status = open_concept(call, &o, err);

	if (status == TU_OK) {
		struct tu_json_writer *json = tu_api_json(call);

		tu_json_open_object(json);
		write_version(json, "version", o.stored.version);
		tu_json_member_bool(json, "recorded", o.stored.text.file.len != 0);
		tu_concept_json_members(&o.stored.phase, json);
		tu_json_close_object(json);
		tu_api_etag_answer(call, o.stored.version);
	}
	tu_arena_free(o.arena);
	return status;
}

/* ---- what is recorded ---- */

static struct tu_str text_of(struct tu_json row, struct tu_str key)
{
	return tu_json_str(tu_json_get(row, key));
}

static int64_t seconds_of(struct tu_json row, struct tu_str key)
{
	struct tu_str text = text_of(row, key);

	return text.len ? tu_api_time_of(text) / 1000000 : 0;
}

/* The schema has the same words. */
static int word_of(struct tu_json row, struct tu_str key, const struct tu_words *words)
{
	int value = 0;

	(void)tu_words_find(words, text_of(row, key), &value);
	return value;
}

/* A list of the body. */
struct list {
	bool is_there;
	size_t count;
	struct tu_json_iter iter;
};

static struct list list_of(const struct tu_api_call *call, struct tu_str key)
{
	struct tu_json json = tu_json_get(call->body, key);
	bool is_there = tu_json_is_array(json);

	return (struct list){is_there, is_there ? tu_json_count(json) : 0, tu_json_iter(json)};
}

static bool take_answers(struct tu_api_call *call, struct tu_concept_change *change)
{
	struct list list = list_of(call, TU_STR("answers"));
	struct tu_json row;
	struct tu_concept_answer *rows = tu_arena_array(call->arena, list.count, sizeof(*rows));

	for (size_t i = 0; rows && i < list.count && tu_json_next_item(&list.iter, &row); i++)
		rows[i] = (struct tu_concept_answer){.id = text_of(row, TU_STR("question")),
			.reply = (enum tu_reply)word_of(row, TU_STR("answer"), &tu_words_reply),
			.note = tu_str_trim(text_of(row, TU_STR("note")))};
	change->answers = rows;
	change->answer_count = list.count;
	return rows != NULL;
}

static bool take_concerns(struct tu_api_call *call, struct tu_concept_change *change)
{
	struct list list = list_of(call, TU_STR("discussions"));
	struct tu_json row;
	struct tu_concept_concern *rows = tu_arena_array(call->arena, list.count, sizeof(*rows));

	for (size_t i = 0; rows && i < list.count && tu_json_next_item(&list.iter, &row); i++)
		rows[i] = (struct tu_concept_concern){
			.stakeholder = (enum tu_stakeholder)word_of(
				row, TU_STR("stakeholder"), &tu_words_stakeholder),
			.concern = text_of(row, TU_STR("concern")),
			.answer = tu_str_trim(text_of(row, TU_STR("answer"))),
			.owner = tu_str_trim(text_of(row, TU_STR("owner"))),
			.raised = seconds_of(row, TU_STR("raised")),
			.due = seconds_of(row, TU_STR("due"))};
	change->concerns = rows;
	change->concern_count = list.count;
	change->sets_concerns = list.is_there;
	return rows != NULL;
}

static bool take_sign_offs(struct tu_api_call *call, struct tu_concept_change *change)
{
	struct list list = list_of(call, TU_STR("sign_offs"));
	struct tu_json row;
	struct tu_concept_sign_off *rows = tu_arena_array(call->arena, list.count, sizeof(*rows));

	for (size_t i = 0; rows && i < list.count && tu_json_next_item(&list.iter, &row); i++)
		rows[i] = (struct tu_concept_sign_off){
			.stakeholder = (enum tu_stakeholder)word_of(
				row, TU_STR("stakeholder"), &tu_words_stakeholder),
			.by = tu_str_trim(text_of(row, TU_STR("by"))),
			.note = tu_str_trim(text_of(row, TU_STR("note"))),
			.at = seconds_of(row, TU_STR("at"))};
	change->sign_offs = rows;
	change->sign_off_count = list.count;
	change->sets_sign_offs = list.is_there;
	return rows != NULL;
}

/* What is wrong with what was sent is at its place; with what is stored, it is a conflict. */
static enum tu_status refuse(struct tu_api_call *call, enum tu_status status, struct tu_error *err)
{
	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "device");
	if (!tu_device_is_unread(status) || !err)
		return status;
	if (strcmp(err->file, TU_CONCEPT_CHANGE_FILE) == 0)
		return tu_api_design_place(call, "", err);
	call->problem.type = TU_PROBLEM_CONFLICT;
	return status;
}

enum tu_status tu_api_put_concept(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_concept_save save = {.asked = tu_api_design_asked(call),
		.based_on = call->if_match,
		.change.device_class = (enum tu_device_class)word_of(
			call->body, TU_STR("class"), &tu_words_class)};
	struct tu_error own = {0};
	enum tu_status status;

	if (!take_answers(call, &save.change) || !take_concerns(call, &save.change) ||
		!take_sign_offs(call, &save.change))
		return tu_no_memory(err);
	call->act.reason = tu_str_trim(tu_api_body_str(call, "reason"));
	status = tu_concept_save(&call->act, &save, &own);
	if (status == TU_OK)
		return tu_api_get_concept(call, err);
	if (err)
		*err = own;
	return refuse(call, status, err);
}

/* ---- what its answers seed ---- */

static void write_lines(struct tu_json_writer *json, const char *key, struct tu_str text)
{
	struct tu_str line;

	tu_json_key(json, key);
	tu_json_open_array(json);
	while (text.len) {
		(void)tu_str_split(&text, '\n', &line);
		tu_json_add_str(json, line);
	}
	tu_json_close_array(json);
}

static void write_added(struct tu_json_writer *json, const struct tu_concept_proposal *proposal)
{
	static const struct tu_model none = {0};
	const struct tu_model *model = proposal->model ? proposal->model : &none;
	const struct tu_concept_seeded *n = &proposal->seeded;

#define LAST(key, list, count) \
	do { \
		tu_json_key(json, key); \
		tu_json_open_array(json); \
		for (size_t i = model->list##_count - (count); i < model->list##_count; i++) \
			tu_json_add_str(json, model->list[i].id); \
		tu_json_close_array(json); \
	} while (0)
	tu_json_key(json, "added");
	tu_json_open_object(json);
	LAST("zones", zones, n->zones);
	LAST("elements", elements, n->elements);
	LAST("flows", flows, n->flows);
	LAST("views", views, n->views);
	tu_json_close_object(json);
#undef LAST
}

static enum tu_status write_proposal(struct tu_api_call *call, const struct opened *o,
	const struct tu_concept_proposal *proposal, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(call);
	struct tu_model_export export = {.arena = o->arena, .device = o->stored.design.device};
	enum tu_status status = TU_OK;

	tu_json_open_object(json);
	write_version(json, "design_version", o->stored.design.version);
	tu_json_key(json, "model");
	if (proposal->model)
		status = tu_model_write_members(proposal->model, &export, json, err);
	else
		tu_json_add_null(json);
	write_added(json, proposal);
	write_lines(json, "facts", proposal->facts);
	write_lines(json, "unknown", proposal->unknown);
	tu_json_member_str(json, "device", proposal->device);
	tu_json_close_object(json);
	return status;
}

enum tu_status tu_api_get_concept_seed(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_concept_proposal proposal;
	struct opened o;
	enum tu_status status = open_concept(call, &o, err);

	if (status == TU_OK) {
		status = tu_concept_propose(&o.stored, &proposal, err);
		if (tu_device_is_unread(status)) {
			call->problem.type = TU_PROBLEM_CONFLICT;
			status =
				tu_error_prefix(err, "what is stored of the design cannot be read");
		}
	}
	if (status == TU_OK)
		status = write_proposal(call, &o, &proposal, err);
	tu_arena_free(o.arena);
	return status;
}
