#include "service/shown.h"

#include <stdio.h>

#include "service/calls.h"

/* Append a text with the folder's name in the place of its name here. */
static void add_shown(const struct tu_shown *shown, struct tu_str text, struct tu_buf *out)
{
	while (text.len && shown->at.len) {
		size_t found = tu_str_search(text, shown->at);
		struct tu_str after;

		tu_buf_str_add(out, tu_str_first(text, found));
		if (found >= text.len)
			return;
		after = tu_str_from(text, found + shown->at.len);
		/* "/proc/self/fd/7" is the beginning of "/proc/self/fd/71" */
		tu_buf_str_add(
			out, after.len && tu_char_is_digit(after.ptr[0]) ? shown->at : shown->as);
		text = after;
	}
	tu_buf_str_add(out, text);
}

static void show(const struct tu_shown *shown, char *text, size_t size)
{
	struct tu_buf out;

	tu_buf_init(&out, TU_CALL_ANSWER_MAX);
	add_shown(shown, tu_str_c(text), &out);
	if (!out.failed)
		(void)snprintf(text, size, "%.*s", TU_STR_FMT(tu_buf_str(&out)));
	tu_buf_done(&out);
}

enum tu_status tu_shown_error(
	const struct tu_shown *shown, enum tu_status status, struct tu_error *err)
{
	if (status && err) {
		show(shown, err->file, sizeof(err->file));
		show(shown, err->message, sizeof(err->message));
	}
	return status;
}

static void write_list(
	struct tu_json_writer *json, const char *key, const struct tu_str *lines, size_t count)
{
	tu_json_key(json, key);
	tu_json_open_array(json);
	for (size_t i = 0; i < count; i++)
		tu_json_add_str(json, lines[i]);
	tu_json_close_array(json);
}

static void write_refusal(
	const struct tu_shown *shown, struct tu_error *why, struct tu_json_writer *json)
{
	char text[TU_ERROR_TEXT_MAX];

	if (!why->status)
		return;
	(void)tu_shown_error(shown, why->status, why);
	tu_json_member_str(json, "refused", tu_str_c(tu_error_text(why, text, sizeof(text))));
}

void tu_shown_push_members(const struct tu_shown *shown, const struct tu_push *push,
	struct tu_error *refused, struct tu_json_writer *json)
{
	tu_json_member_str(json, "device", push->device);
	write_refusal(shown, refused, json);
	tu_json_member_str(json, "device_yaml",
		push->device_new	       ? TU_STR("new")
			: push->device_changed ? TU_STR("changed")
					       : TU_STR("as before"));
	tu_json_member_int(json, "sboms", (int64_t)push->sboms);
	tu_json_member_int(json, "files", (int64_t)push->files);
	tu_json_member_int(json, "decisions", (int64_t)push->decisions);
	tu_json_member_int(json, "newer", (int64_t)push->newer);
	tu_json_member_int(json, "kept", (int64_t)push->kept);
	write_list(json, "clashes", push->said.clashes.at, push->said.clashes.count);
	write_list(json, "notes", push->said.notes.at, push->said.notes.count);
}

void tu_shown_push(const struct tu_shown *shown, const struct tu_push *push,
	struct tu_error *refused, struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, false);

	tu_json_open_object(&json);
	tu_shown_push_members(shown, push, refused, &json);
	tu_json_close_object(&json);
}

void tu_shown_pull(const struct tu_shown *shown, const struct tu_pull *pull,
	struct tu_error *refused, struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, false);

	tu_json_open_object(&json);
	tu_json_member_str(&json, "device", pull->device);
	write_refusal(shown, refused, &json);
	tu_json_member_int(&json, "files", (int64_t)pull->files);
	write_list(&json, "clashes", pull->said.clashes.at, pull->said.clashes.count);
	tu_json_close_object(&json);
}
