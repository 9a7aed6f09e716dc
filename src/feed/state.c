#include "feed/state.h"

#include "base/json.h"
#include "base/json_writer.h"
#include "feed/instant.h"

enum { STATE_VERSION = 1, NAME_MAX_BYTES = 240 };

bool tu_feed_state_init(struct tu_arena *arena, struct tu_feed_state *out_state)
{
	*out_state = (struct tu_feed_state){.arena = arena};
	out_state->names = tu_intern_new((size_t)TU_FEED_FILES_MAX * NAME_MAX_BYTES);
	return out_state->names != NULL;
}

void tu_feed_state_done(struct tu_feed_state *state)
{
	TU_VEC_DONE(&state->files);
	tu_intern_free(state->names);
	state->names = NULL;
}

bool tu_feed_file_name_ok(struct tu_str name)
{
	char before = '/';

	if (name.len == 0 || name.len > NAME_MAX_BYTES)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		/* no part begins with a dot: neither "..", nor what a walk leaves out */
		if ((c == '/' || c == '.') && before == '/')
			return false;
		if (!tu_char_is_alnum(c) && !strchr("-_./:+~", c))
			return false;
		before = c;
	}
	return before != '/';
}

struct tu_feed_file *tu_feed_state_find(const struct tu_feed_state *state, struct tu_str name)
{
	uint32_t id = tu_intern_find(state->names, name);

	return id == TU_INTERN_NONE || state->files.at[id].gone ? NULL : &state->files.at[id];
}

struct tu_feed_file *tu_feed_state_file(struct tu_feed_state *state, struct tu_str name)
{
	uint32_t id;

	if (state->files.count >= TU_FEED_FILES_MAX &&
		tu_intern_find(state->names, name) == TU_INTERN_NONE)
		return NULL;
	if (!tu_intern_add(state->names, name, &id))
		return NULL;
	if (id == state->files.count) {
		struct tu_feed_file file = {.name = tu_intern_str(state->names, id)};

		if (!TU_VEC_PUSH(&state->files, file))
			return NULL;
	} else if (state->files.at[id].gone) {
		state->files.at[id] = (struct tu_feed_file){.name = state->files.at[id].name};
	}
	return &state->files.at[id];
}

uint64_t tu_feed_state_records(const struct tu_feed_state *state)
{
	uint64_t records = 0;

	for (size_t i = 0; i < state->files.count; i++)
		records += state->files.at[i].gone ? 0 : state->files.at[i].records;
	return records;
}

uint64_t tu_feed_state_bytes(const struct tu_feed_state *state)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < state->files.count; i++)
		bytes += state->files.at[i].gone ? 0 : state->files.at[i].bytes;
	return bytes;
}

/* ---- reading ---- */

static bool keep(const struct tu_feed_state *state, struct tu_json object, struct tu_str key,
	struct tu_str *out)
{
	return tu_arena_dup(state->arena, tu_json_str(tu_json_get(object, key)), out);
}

/* Absent: 0. */
static bool keep_count(struct tu_json object, const char *key, uint64_t *out)
{
	struct tu_json value = tu_json_get(object, tu_str_c(key));

	return !value.doc || tu_json_u64(value, INT64_MAX, out);
}

static enum tu_status read_file(
	struct tu_feed_state *state, struct tu_json value, struct tu_error *err)
{
	struct tu_str name = TU_JSON_STR(value, "name");
	struct tu_feed_file *file;

	if (!tu_feed_file_name_ok(name))
		return tu_json_fail(err, TU_E_SYNTAX, value, "not the name of a stored file");
	if (tu_feed_state_find(state, name))
		return tu_json_fail(err, TU_E_SYNTAX, value, "a file that is listed twice");
	file = tu_feed_state_file(state, name);
	if (!file || !keep(state, value, TU_STR("etag"), &file->etag) ||
		!keep(state, value, TU_STR("last_modified"), &file->last_modified) ||
		!keep(state, value, TU_STR("cursor"), &file->cursor) ||
		!keep(state, value, TU_STR("sha256"), &file->sha256) ||
		!keep(state, value, TU_STR("signer"), &file->signer))
		return tu_no_memory(err);
	if (!tu_json_u64(tu_json_get(value, TU_STR("bytes")), INT64_MAX, &file->bytes) ||
		!tu_json_u64(tu_json_get(value, TU_STR("records")), INT64_MAX, &file->records) ||
		!keep_count(value, "listed", &file->listed) ||
		!feed_read_instant(tu_json_get(value, TU_STR("released")), &file->released))
		return tu_json_fail(err, TU_E_SYNTAX, value, "no sizes");
	return TU_OK;
}

static enum tu_status read_root(
	struct tu_feed_state *state, struct tu_json root, struct tu_error *err)
{
	struct tu_json_iter files = tu_json_iter(tu_json_get(root, TU_STR("files")));
	struct tu_json value;
	enum tu_status status = TU_OK;
	uint64_t version;

	if (!tu_json_u64(tu_json_get(root, TU_STR("state_version")), 1000, &version))
		return tu_json_fail(err, TU_E_SYNTAX, root, "not the state of a source");
	if (version != STATE_VERSION)
		return tu_json_fail(err, TU_E_UNSUPPORTED, root, "a state of another version");
	if (!feed_read_instant(tu_json_get(root, TU_STR("last_success")), &state->last_success) ||
		!feed_read_instant(
			tu_json_get(root, TU_STR("last_attempt")), &state->last_attempt) ||
		!feed_read_instant(tu_json_get(root, TU_STR("last_change")), &state->last_change) ||
		!keep_count(root, "next", &state->next) ||
		!keep_count(root, "total", &state->total) ||
		!keep_count(root, "expected", &state->expected))
		return tu_json_fail(err, TU_E_SYNTAX, root, "a date or number that is none");
	if (!keep(state, root, TU_STR("last_error"), &state->last_error) ||
		!keep(state, root, TU_STR("cursor"), &state->cursor) ||
		!keep(state, root, TU_STR("begun"), &state->begun))
		return tu_no_memory(err);
	while (status == TU_OK && tu_json_next_item(&files, &value))
		status = read_file(state, value, err);
	return status;
}

enum tu_status tu_feed_state_read(
	struct tu_str text, struct tu_feed_state *state, struct tu_error *err)
{
	const struct tu_json_limits limits = {
		.bytes = TU_FEED_STATE_BYTES_MAX, .depth = 8, .unique_keys = true, .padded = true};
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_json root;
	enum tu_status status;

	if (!parser)
		return tu_no_memory(err);
	status = tu_json_parse(parser, text, &limits, &root, err);
	if (status == TU_OK)
		status = read_root(state, root, err);
	tu_json_parser_free(parser);
	return status;
}

/* ---- writing ---- */

static void write_count(struct tu_json_writer *json, const char *key, uint64_t count)
{
	if (count)
		tu_json_member_int(json, key, (int64_t)count);
}

static void write_file(struct tu_json_writer *json, const struct tu_feed_file *file)
{
	tu_json_open_object(json);
	tu_json_member_str(json, "name", file->name);
	tu_json_member_int(json, "bytes", (int64_t)file->bytes);
	tu_json_member_int(json, "records", (int64_t)file->records);
	write_count(json, "listed", file->listed);
	feed_write_instant(json, "released", file->released);
	tu_json_member_opt(json, "sha256", file->sha256);
	tu_json_member_opt(json, "signer", file->signer);
	tu_json_member_opt(json, "etag", file->etag);
	tu_json_member_opt(json, "last_modified", file->last_modified);
	tu_json_member_opt(json, "cursor", file->cursor);
	tu_json_close_object(json);
}

void tu_feed_state_write(const struct tu_feed_state *state, struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, true);

	tu_json_open_object(&json);
	tu_json_member_int(&json, "state_version", STATE_VERSION);
	feed_write_instant(&json, "last_success", state->last_success);
	feed_write_instant(&json, "last_attempt", state->last_attempt);
	feed_write_instant(&json, "last_change", state->last_change);
	tu_json_member_opt(&json, "last_error", state->last_error);
	tu_json_member_opt(&json, "cursor", state->cursor);
	tu_json_member_opt(&json, "begun", state->begun);
	write_count(&json, "next", state->next);
	write_count(&json, "total", state->total);
	write_count(&json, "expected", state->expected);
	tu_json_key(&json, "files");
	tu_json_open_array(&json);
	for (size_t i = 0; i < state->files.count; i++)
		if (!state->files.at[i].gone)
			write_file(&json, &state->files.at[i]);
	tu_json_close_array(&json);
	tu_json_close_object(&json);
	tu_buf_c(out, "\n");
}
