/*
 * push and pull. The caller opens the device folder and sends it open, so that the owner of the
 * store needs no right on the caller's paths; what is said names the folder as the caller did.
 */
#define _XOPEN_SOURCE 700
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/json_writer.h"
#include "portfolio/push.h"
#include "service/call_kb.h"
#include "service/calls.h"

#define MEMORY_MAX ((size_t)4 << 30)

/* ---- the folder ---- */

struct folder {
	char at[40]; /* "/proc/self/fd/7" */
	struct tu_str shown; /* as the caller named it */
};

static enum tu_status open_folder(
	const struct tu_call_in *in, struct folder *out, struct tu_error *err)
{
	struct stat info;

	(void)snprintf(out->at, sizeof(out->at), "/proc/self/fd/%d", in->fd);
	out->shown = TU_JSON_STR(in->arguments, "folder");
	while (out->shown.len > 1 && out->shown.ptr[out->shown.len - 1] == '/')
		out->shown.len--;
	if (!out->shown.len || fstat(in->fd, &info) != 0 || !S_ISDIR(info.st_mode))
		return tu_fail(err, TU_E_USAGE, 0, "%.*s needs the folder of a device",
			TU_STR_FMT(tu_str_first(in->name, 80)));
	return TU_OK;
}

/* Append a text with the folder's name in the place of its descriptor's. */
static void add_shown(const struct folder *f, struct tu_str text, struct tu_buf *out)
{
	const struct tu_str at = tu_str_c(f->at);

	while (text.len) {
		size_t found = tu_str_search(text, at);
		struct tu_str after;

		tu_buf_str_add(out, tu_str_first(text, found));
		if (found >= text.len)
			return;
		after = tu_str_from(text, found + at.len);
		/* "/proc/self/fd/7" is the beginning of "/proc/self/fd/71" */
		tu_buf_str_add(out, after.len && tu_char_is_digit(after.ptr[0]) ? at : f->shown);
		text = after;
	}
}

static void show(const struct folder *f, char *text, size_t size)
{
	struct tu_buf shown;

	tu_buf_init(&shown, TU_CALL_ANSWER_MAX);
	add_shown(f, tu_str_c(text), &shown);
	if (!shown.failed)
		(void)snprintf(text, size, "%.*s", TU_STR_FMT(tu_buf_str(&shown)));
	tu_buf_done(&shown);
}

static enum tu_status show_error(
	const struct folder *f, enum tu_status status, struct tu_error *err)
{
	if (status && err) {
		show(f, err->file, sizeof(err->file));
		show(f, err->message, sizeof(err->message));
	}
	return status;
}

/* ---- answers ---- */

static void write_list(
	struct tu_json_writer *json, const char *key, const struct tu_str *lines, size_t count)
{
	tu_json_key(json, key);
	tu_json_open_array(json);
	for (size_t i = 0; i < count; i++)
		tu_json_add_str(json, lines[i]);
	tu_json_close_array(json);
}

/* What the store refuses is an answer: nothing was changed, and here is why. The clashes are not
 * in the error, which is one line. */
static void write_refusal(struct tu_json_writer *json, const struct folder *f, struct tu_error *why)
{
	char text[TU_ERROR_TEXT_MAX];

	(void)show_error(f, why->status, why);
	tu_json_member_str(json, "refused", tu_str_c(tu_error_text(why, text, sizeof(text))));
}

static enum tu_status act_of(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_act *out, struct tu_error *err)
{
	const struct tu_str by = TU_JSON_STR(in->arguments, "by");
	const bool is_named = tu_json_is_string(tu_json_get(in->arguments, TU_STR("by")));

	*out = (struct tu_act){.at = tu_datadir_now(dir),
		.actor = is_named ? by : TU_STR("local"),
		.reason = TU_JSON_STR(in->arguments, "reason")};
	return tu_actor_check(out->actor, err);
}

/* ---- push ---- */

static void write_push(const struct tu_push *push, const struct folder *f, struct tu_error *refused,
	struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, false);

	tu_json_open_object(&json);
	tu_json_member_str(&json, "device", push->device);
	if (refused->status)
		write_refusal(&json, f, refused);
	tu_json_member_str(&json, "device_yaml",
		push->device_new	       ? TU_STR("new")
			: push->device_changed ? TU_STR("changed")
					       : TU_STR("as before"));
	tu_json_member_int(&json, "sboms", (int64_t)push->sboms);
	tu_json_member_int(&json, "files", (int64_t)push->files);
	tu_json_member_int(&json, "decisions", (int64_t)push->decisions);
	tu_json_member_int(&json, "newer", (int64_t)push->newer);
	write_list(&json, "clashes", push->said.clashes.at, push->said.clashes.count);
	write_list(&json, "notes", push->said.notes.at, push->said.notes.count);
	tu_json_close_object(&json);
}

static enum tu_status push_into(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_push *push, struct tu_error *refused, struct tu_error *err)
{
	struct tu_store *store;
	struct tu_call_kb kb = {0};
	struct tu_act act;
	enum tu_status status = act_of(dir, in, &act, err);

	if (status == TU_OK)
		status = tu_datadir_store(dir, &store, err);
	if (status == TU_OK)
		status = tu_call_kb_open(dir, in, &act, &kb, err);
	if (status != TU_OK)
		return status;
	push->kb = kb.kb;
	push->reader = in->host ? tu_service_reader(in->host) : NULL;
	status = tu_push_folder(store, &act, push, refused);
	tu_call_kb_close(&kb);
	if (status == TU_OK)
		*refused = (struct tu_error){0}; /* what was got over on the way */
	if (status == TU_OK || status == TU_E_USAGE)
		return TU_OK;
	if (err)
		*err = *refused;
	return status;
}

static enum tu_status run_push(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	struct folder f;
	struct tu_error refused = {0};
	struct tu_push push = {.folder = f.at};
	enum tu_status status = open_folder(in, &f, err);

	if (status != TU_OK)
		return status;
	push.arena = tu_arena_new(MEMORY_MAX);
	status = push.arena ? push_into(dir, in, &push, &refused, err) : tu_no_memory(err);
	if (status == TU_OK)
		write_push(&push, &f, &refused, out_answer);
	tu_arena_free(push.arena);
	return show_error(&f, status, err);
}

/* ---- pull ---- */

static void write_pull(const struct tu_pull *pull, const struct folder *f, struct tu_error *refused,
	struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, false);

	tu_json_open_object(&json);
	tu_json_member_str(&json, "device", pull->device);
	if (refused->status)
		write_refusal(&json, f, refused);
	tu_json_member_int(&json, "files", (int64_t)pull->files);
	write_list(&json, "clashes", pull->said.clashes.at, pull->said.clashes.count);
	tu_json_close_object(&json);
}

static enum tu_status run_pull(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	struct folder f;
	struct tu_error refused = {0};
	struct tu_pull pull = {.folder = f.at, .device = TU_JSON_STR(in->arguments, "device")};
	struct tu_store *store;
	struct tu_act act;
	enum tu_status status = open_folder(in, &f, err);

	if (status == TU_OK)
		status = act_of(dir, in, &act, err);
	if (status == TU_OK)
		status = tu_datadir_store(dir, &store, err);
	if (status != TU_OK)
		return status;
	pull.arena = tu_arena_new(MEMORY_MAX);
	status = pull.arena ? tu_pull_folder(store, &act, &pull, &refused) : tu_no_memory(&refused);
	if (status == TU_OK)
		refused = (struct tu_error){0};
	if (status == TU_OK || status == TU_E_USAGE) {
		write_pull(&pull, &f, &refused, out_answer);
		status = TU_OK;
	} else if (err) {
		*err = refused;
	}
	tu_arena_free(pull.arena);
	return show_error(&f, status, err);
}

static const struct tu_call calls_device[] = {
	{"push", true, run_push},
	{"pull", true, run_pull},
};

const struct tu_call_table tu_device_calls = {calls_device, TU_COUNT(calls_device)};
