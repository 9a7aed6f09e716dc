/* push and pull: a device folder as an archive (portfolio/folder_tar.h). */
#include <stdio.h>
#include <string.h>

#include "api/call.h"
#include "base/input_file.h"
#include "portfolio/folder_tar.h"
#include "portfolio/push.h"
#include "service/service.h"
#include "service/shown.h"

#define MEMORY_MAX ((size_t)4 << 30)
#define ARCHIVE_MAX ((size_t)2 << 30)
enum { AGREEMENT_MAX = 16 << 20, PATH_BYTES = 200 };

/* examples/infusion-pump as tools/pack-example has it. */
extern const char tu_text_example[];
extern const size_t tu_text_example_len;

struct folder {
	char path[TU_FOLDER_TEMPORARY];
	char with_slash[TU_FOLDER_TEMPORARY + 1];
	struct tu_shown shown; /* files are named from the folder on */
};

/* What the folder itself is called is nobody's business either. */
static enum tu_status show_error(
	const struct folder *f, enum tu_status status, struct tu_error *err)
{
	const struct tu_shown whole = {tu_str_c(f->path), TU_STR("the archive")};

	return tu_shown_error(&whole, tu_shown_error(&f->shown, status, err), err);
}

static enum tu_status open_folder(
	const struct tu_api_call *call, struct folder *out, struct tu_error *err)
{
	enum tu_status status = tu_folder_make_temporary(out->path, err);

	if (status != TU_OK)
		return status;
	(void)snprintf(out->with_slash, sizeof(out->with_slash), "%s/", out->path);
	out->shown = (struct tu_shown){tu_str_c(out->with_slash), TU_STR("")};
	return tu_folder_untar(call->bytes, out->path, err);
}

/* ---- push ---- */

struct pushing {
	struct tu_api_call *call;
	struct folder folder;
	struct tu_push push;
	struct tu_error refused;
};

static enum tu_status push_with(struct pushing *p, struct tu_error *err)
{
	struct tu_api_call *call = p->call;
	struct tu_service_kb *kb = NULL;
	enum tu_status status = tu_service_kb_current(call->service, &kb, err);

	if (status == TU_E_NOTFOUND)
		return tu_fail(err, TU_E_BUSY, 0, "there is no knowledge base in use yet");
	if (status != TU_OK)
		return status;
	p->push.kb = kb->kb;
	status = tu_push_folder(tu_api_store(call), &call->act, &p->push, &p->refused);
	tu_service_kb_drop(kb);
	if (status == TU_OK)
		p->refused = (struct tu_error){0}; /* what was got over on the way */
	if (status == TU_OK || status == TU_E_USAGE)
		return TU_OK;
	if (err)
		*err = p->refused;
	if (status == TU_E_CONSTRAINT)
		call->problem.type = TU_PROBLEM_FORBIDDEN;
	if (status == TU_E_NOTFOUND || status == TU_E_CORRUPT)
		call->problem.type = TU_PROBLEM_INVALID; /* in what was sent */
	return status;
}

/* What the folder of whoever pushed agrees on from now on. */
static enum tu_status add_agreement(
	const struct pushing *p, struct tu_json_writer *json, struct tu_error *err)
{
	char path[PATH_BYTES];
	struct tu_buf text;
	enum tu_status status = TU_OK;

	tu_json_key(json, "agreement");
	if (p->refused.status) {
		tu_json_add_null(json);
		return TU_OK;
	}
	(void)snprintf(
		path, sizeof(path), "%s%.*s", p->folder.with_slash, TU_STR_FMT(tu_agreement_name));
	tu_buf_init(&text, AGREEMENT_MAX);
	status = tu_input__read_raw(path, &text, err);
	tu_json_add_str(json, tu_buf_str(&text));
	tu_buf_done(&text);
	return status;
}

static enum tu_status push(struct pushing *p, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(p->call);
	enum tu_status status = open_folder(p->call, &p->folder, err);

	p->push.folder = p->folder.path;
	if (status == TU_OK)
		status = push_with(p, err);
	if (status != TU_OK)
		return show_error(&p->folder, status, err);
	tu_json_open_object(json);
	tu_shown_push_members(&p->folder.shown, &p->push, &p->refused, json);
	status = add_agreement(p, json, err);
	tu_json_close_object(json);
	return status;
}

static enum tu_status push_archive(struct tu_api_call *call, struct tu_error *err)
{
	struct pushing p = {.call = call,
		.push = {.reader = tu_service_reader(call->service),
			.scope = &call->who.scope,
			.renew = tu_api_query_true(call, "renew"),
			.new_device = tu_api_query_true(call, "new_device"),
			.arena = tu_arena_new(MEMORY_MAX)}};
	enum tu_status status;

	status = p.push.arena ? push(&p, err) : tu_no_memory(err);
	tu_folder_remove_temporary(p.folder.path);
	tu_arena_free(p.push.arena);
	return status;
}

enum tu_status tu_api_push_device(struct tu_api_call *call, struct tu_error *err)
{
	call->act.reason = tu_str_trim(tu_api_query(call, "reason"));
	return push_archive(call, err);
}

enum tu_status tu_api_push_example(struct tu_api_call *call, struct tu_error *err)
{
	call->bytes = tu_str_of(tu_text_example, tu_text_example_len);
	return push_archive(call, err);
}

/* ---- pull ---- */

static enum tu_status pull_into(struct tu_api_call *call, const struct folder *folder,
	struct tu_pull *pull, struct tu_error *err)
{
	struct tu_error refused = {0};
	struct tu_buf archive;
	enum tu_status status = tu_pull_folder(tu_api_store(call), &call->act, pull, &refused);

	if (status == TU_E_USAGE) {
		tu_shown_pull(&folder->shown, pull, &refused, &call->answer.body);
		return TU_OK;
	}
	if (status != TU_OK && err)
		*err = refused;
	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "device");
	if (status != TU_OK)
		return status;
	tu_buf_init(&archive, ARCHIVE_MAX);
	status = tu_folder_tar_changed(folder->path, call->bytes, &archive, err);
	if (status == TU_OK)
		tu_api_answer_buf(call, "application/x-tar", &archive, TU_STR("device.tar"));
	tu_buf_done(&archive);
	return status;
}

enum tu_status tu_api_pull_device(struct tu_api_call *call, struct tu_error *err)
{
	struct folder folder = {.path = ""};
	struct tu_pull pull = {.folder = folder.path,
		.device = call->path[0],
		.scope = &call->who.scope,
		.arena = tu_arena_new(MEMORY_MAX)};
	enum tu_status status = pull.arena ? open_folder(call, &folder, err) : tu_no_memory(err);

	if (status == TU_OK)
		status = pull_into(call, &folder, &pull, err);
	status = show_error(&folder, status, err);
	tu_folder_remove_temporary(folder.path);
	tu_arena_free(pull.arena);
	return status;
}
