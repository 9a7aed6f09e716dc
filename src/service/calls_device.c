/*
 * push and pull. The caller opens the device folder and sends it open, so that the owner of the
 * store needs no right on the caller's paths; what is said names the folder as the caller did.
 */
#define _XOPEN_SOURCE 700
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "portfolio/push.h"
#include "service/call_kb.h"
#include "service/calls.h"
#include "service/shown.h"

#define MEMORY_MAX ((size_t)4 << 30)

/* ---- the folder ---- */

struct folder {
	char at[40]; /* "/proc/self/fd/7" */
	struct tu_shown shown; /* as the caller named it */
};

static enum tu_status open_folder(
	const struct tu_call_in *in, struct folder *out, struct tu_error *err)
{
	struct stat info;

	(void)snprintf(out->at, sizeof(out->at), "/proc/self/fd/%d", in->fd);
	out->shown.at = tu_str_c(out->at);
	out->shown.as = TU_JSON_STR(in->arguments, "folder");
	while (out->shown.as.len > 1 && out->shown.as.ptr[out->shown.as.len - 1] == '/')
		out->shown.as.len--;
	if (!out->shown.as.len || fstat(in->fd, &info) != 0 || !S_ISDIR(info.st_mode))
		return tu_fail(err, TU_E_USAGE, 0, "%.*s needs the folder of a device",
			TU_STR_FMT(tu_str_first(in->name, 80)));
	return TU_OK;
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
	struct tu_push push = {.folder = f.at,
		.renew = tu_json_true(tu_json_get(in->arguments, TU_STR("renew"))),
		.new_device = tu_json_true(tu_json_get(in->arguments, TU_STR("new_device")))};
	enum tu_status status = open_folder(in, &f, err);

	if (status != TU_OK)
		return status;
	push.arena = tu_arena_new(MEMORY_MAX);
	status = push.arena ? push_into(dir, in, &push, &refused, err) : tu_no_memory(err);
	if (status == TU_OK)
		tu_shown_push(&f.shown, &push, &refused, out_answer);
	tu_arena_free(push.arena);
	return tu_shown_error(&f.shown, status, err);
}

/* ---- pull ---- */

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
		tu_shown_pull(&f.shown, &pull, &refused, out_answer);
		status = TU_OK;
	} else if (err) {
		*err = refused;
	}
	tu_arena_free(pull.arena);
	return tu_shown_error(&f.shown, status, err);
}

static const struct tu_call calls_device[] = {
	{"push", true, run_push},
	{"pull", true, run_pull},
};

const struct tu_call_table tu_device_calls = {calls_device, TU_COUNT(calls_device)};
