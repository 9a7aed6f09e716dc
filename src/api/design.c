/* The design of a device: its model and where the elements stand. */
#include "api/designs.h"

#include <stdio.h>
#include <string.h>

#include "app/positions.h"
#include "base/json_copy.h"
#include "service/service.h"
#include "threat/write/write.h"

enum { MEMORY_MAX = 512 << 20, MODEL_MAX = 32 << 20 };

struct tu_design_asked tu_api_design_asked(struct tu_api_call *call)
{
	return (struct tu_design_asked){tu_api_store(call), &call->who.scope, call->path[0]};
}

enum tu_status tu_api_design_open(
	struct tu_api_call *call, struct tu_api_design *out, struct tu_error *err)
{
	const struct tu_design_asked asked = tu_api_design_asked(call);
	enum tu_status status;

	*out = (struct tu_api_design){.arena = tu_arena_new(MEMORY_MAX)};
	if (!out->arena)
		return tu_no_memory(err);
	status = tu_design_open(&asked, out->arena, &out->design, err);
	return status == TU_E_NOTFOUND ? tu_api_unknown(err, "device") : status;
}

void tu_api_design_close(struct tu_api_design *design)
{
	tu_threat_answer_done(&design->answer);
	tu_arena_free(design->arena);
}

enum tu_status tu_api_design_failed(const struct tu_error *own, struct tu_error *err)
{
	if (own->status == TU_E_NOTFOUND)
		return tu_api_unknown(err, *own->pointer ? own->pointer : "device");
	if (err)
		*err = *own;
	return own->status;
}

enum tu_status tu_api_design_judge(struct tu_api_call *call, const struct tu_design *design,
	struct tu_threat_answer *out, struct tu_error *err)
{
	enum tu_status status =
		tu_design_judge(design, (struct tu_str){0}, call->now / 1000000, out, err);

	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "design");
	if (tu_device_is_unread(status))
		call->problem.type = TU_PROBLEM_CONFLICT;
	return status;
}

enum tu_status tu_api_design_judged(
	struct tu_api_call *call, struct tu_api_design *out, struct tu_error *err)
{
	enum tu_status status = tu_api_design_open(call, out, err);

	if (status != TU_OK)
		return status;
	status = tu_api_design_judge(call, &out->design, &out->answer, err);
	return tu_device_is_unread(status)
		? tu_error_prefix(err, "what is stored of the design cannot be read")
		: status;
}

/* ---- what is sent ---- */

enum tu_status tu_api_design_body(
	struct tu_api_call *call, struct tu_str *out_model, struct tu_error *err)
{
	struct tu_json model = tu_json_get(call->body, TU_STR("model"));
	struct tu_json_writer json;
	struct tu_buf text;
	bool fine;

	*out_model = (struct tu_str){0};
	if (!tu_json_is_object(model))
		return TU_OK;
	tu_buf_init(&text, MODEL_MAX);
	json = tu_json_writer(&text, false);
	tu_json_open_object(&json);
	if (!tu_json_get(model, TU_STR("schema")).doc)
		tu_json_member_str(&json, "schema", TU_STR("tutela-model/1"));
	tu_json_copy_members(model, &json);
	tu_json_close_object(&json);
	fine = !text.failed && tu_arena_dup(call->arena, tu_buf_str(&text), out_model);
	tu_buf_done(&text);
	return fine ? TU_OK : tu_no_memory(err);
}

enum tu_status tu_api_design_place(
	struct tu_api_call *call, const char *member, struct tu_error *err)
{
	struct tu_api_fault *fault = &call->problem.faults[0];
	char pointer[TU_ERROR_POINTER_MAX];

	if (!err)
		return TU_E_USAGE;
	(void)snprintf(
		pointer, sizeof(pointer), "%s%s%.120s", *member ? "/" : "", member, err->pointer);
	memcpy(err->pointer, pointer, sizeof(pointer));
	err->line = err->column = err->offset = 0;
	err->file[0] = '\0';
	*fault = (struct tu_api_fault){.type = "design"};
	call->problem.count = tu_arena_dup(call->arena, tu_str_c(pointer), &fault->pointer) &&
		tu_arena_dup(call->arena, tu_str_c(err->message), &fault->detail);
	return err->status;
}

/* ---- the answer ---- */

static void write_hazards_of(
	struct tu_json_writer *json, const struct tu_device *device, const struct tu_asset *asset)
{
	tu_json_member_bool(json, "essential", asset->essential);
	tu_json_key(json, "hazards");
	tu_json_open_array(json);
	for (size_t i = 0; i < asset->hazard_count; i++)
		tu_json_add_str(json, device->hazards[asset->hazards[i].hazard].id);
	tu_json_close_array(json);
}

static void write_names(struct tu_json_writer *json, const struct tu_device *device)
{
	tu_json_key(json, "assets");
	tu_json_open_array(json);
	for (size_t i = 0; i < device->asset_count; i++) {
		tu_json_open_object(json);
		tu_json_member_str(json, "id", device->assets[i].id);
		tu_json_member_str(json, "name", device->assets[i].title);
		write_hazards_of(json, device, &device->assets[i]);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
	tu_json_key(json, "hazards");
	tu_json_open_array(json);
	for (size_t i = 0; i < device->hazard_count; i++) {
		tu_json_open_object(json);
		tu_json_member_str(json, "id", device->hazards[i].id);
		tu_json_member_str(json, "name", device->hazards[i].title);
		tu_json_member_str(
			json, "harm", tu_str_c(tu_harm_name(device->hazards[i].severity)));
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
}

static enum tu_status write_positions(
	struct tu_json_writer *json, struct tu_str text, struct tu_error *err)
{
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_json views = {0};
	struct tu_error unread = {0};

	if (!parser)
		return tu_no_memory(err);
	/* what cannot be read is no place; the drawing is laid out again */
	if (tu_positions_read(parser, text, &views, &unread) != TU_OK)
		views = (struct tu_json){0};
	tu_json_key(json, "positions");
	tu_json_open_object(json);
	tu_json_copy_members(views, json);
	tu_json_close_object(json);
	tu_json_parser_free(parser);
	return TU_OK;
}

static enum tu_status write_model(struct tu_json_writer *json, const struct tu_api_design *d,
	const struct tu_error *unread, struct tu_error *err)
{
	struct tu_model_export export = {.arena = d->arena, .device = d->design.device};
	char words[TU_ERROR_TEXT_MAX];
	enum tu_status status = TU_OK;

	tu_api_member_or_null(json, "release",
		d->answer.model ? d->answer.model->release : (struct tu_str){"", 0});
	tu_json_key(json, "model");
	if (d->answer.model)
		status = tu_model_write_members(d->answer.model, &export, json, err);
	else
		tu_json_add_null(json);
	tu_api_member_or_null(json, "unread",
		unread->status ? tu_str_c(tu_error_text(unread, words, sizeof(words)))
			       : (struct tu_str){"", 0});
	return status;
}

static void write_packs(struct tu_json_writer *json, const struct tu_threat_answer *answer)
{
	tu_json_key(json, "packs");
	tu_json_open_array(json);
	for (size_t i = 0; i < answer->pack_count; i++) {
		tu_json_open_object(json);
		tu_json_member_str(json, "id", answer->packs[i]->id);
		tu_json_member_str(json, "version", answer->packs[i]->version);
		tu_json_member_str(json, "digest", answer->packs[i]->digest);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
}

static enum tu_status write_design(struct tu_api_call *call, const struct tu_api_design *d,
	const struct tu_error *unread, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(call);
	char version[24];
	enum tu_status status;

	(void)snprintf(version, sizeof(version), "%lld", (long long)d->design.version);
	tu_json_open_object(json);
	tu_json_member_str(json, "version", tu_str_c(version));
	status = write_model(json, d, unread, err);
	if (status == TU_OK)
		status = write_positions(json, d->design.positions, err);
	write_names(json, d->design.device);
	tu_json_member_int(json, "dispositions", (int64_t)d->answer.dispositions.count);
	tu_json_member_int(json, "proposed", tu_api_design_proposed(&d->answer));
	write_packs(json, &d->answer);
	tu_json_close_object(json);
	return status;
}

static enum tu_status answer(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_error unread = {0};
	struct tu_api_design d;
	enum tu_status status = tu_api_design_open(call, &d, err);

	if (status == TU_OK)
		status = tu_design_judge(
			&d.design, (struct tu_str){0}, call->now / 1000000, &d.answer, &unread);
	if (status == TU_E_NOTFOUND && unread.status) { /* there is none yet */
		unread = (struct tu_error){0};
		status = TU_OK;
	}
	if (tu_device_is_unread(unread.status))
		status = TU_OK;
	else if (unread.status && err)
		*err = unread;
	if (status == TU_OK)
		status = write_design(call, &d, &unread, err);
	if (status == TU_OK)
		tu_api_etag_version(call, d.design.version);
	tu_api_design_close(&d);
	return status;
}

enum tu_status tu_api_get_design(struct tu_api_call *call, struct tu_error *err)
{
	return answer(call, err);
}

enum tu_status tu_api_put_design(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_design_save save = {.asked = tu_api_design_asked(call),
		.based_on = call->if_match,
		.positions = tu_json_get(call->body, TU_STR("positions"))};
	struct tu_error own = {0};
	enum tu_status status = tu_api_design_body(call, &save.model, &own);

	call->act.reason = tu_str_trim(tu_api_body_str(call, "reason"));
	if (status == TU_OK)
		status = tu_design_save(&call->act, &save, &own);
	if (status != TU_OK && err)
		*err = own;
	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "device");
	if (tu_device_is_unread(status) && strcmp(own.file, "model") == 0)
		return tu_api_design_place(call, "model", err);
	if (status == TU_E_USAGE)
		return tu_api_design_place(call, "positions", err);
	return status ? status : answer(call, err);
}
