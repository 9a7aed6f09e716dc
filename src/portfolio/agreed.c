#define _XOPEN_SOURCE 700
#include <string.h>
#include <unistd.h>

#include "app/output.h"
#include "base/hex.h"
#include "base/input.h"
#include "base/json.h"
#include "portfolio/device.h"
#include "portfolio/folder.h"

enum { FORMAT_VERSION = 3 };

static const struct tu_str agreed_name = TU_STR_INIT(".tutela-push.json");

static char *agreed_path(struct tu_arena *arena, const char *folder)
{
	size_t len = strlen(folder);
	char *path = tu_arena_alloc(arena, len + 1 + agreed_name.len + 1);

	if (!path)
		return NULL;
	memcpy(path, folder, len);
	path[len] = '/';
	memcpy(path + len + 1, agreed_name.ptr, agreed_name.len);
	return path;
}

/* What it is about. A file of an earlier format does not say, and so agrees on nothing. */
static enum tu_status take_store(struct tu_arena *arena, struct tu_json root, const char *path,
	struct tu_agreement *out, struct tu_error *err)
{
	uint64_t version;

	if (!tu_str_eq(TU_JSON_STR(root, "format"), TU_STR("tutela-push")) ||
		!tu_json_u64(tu_json_get(root, TU_STR("format_version")), INT64_MAX, &version))
		return tu_fail(
			err, TU_E_CORRUPT, 0, "%s: it is not of the format tutela-push", path);
	if (version != FORMAT_VERSION)
		return TU_OK;
	if (!tu_hex_read(TU_JSON_STR(root, "ledger"), out->mark, TU_SHA256_BYTES))
		return tu_fail(err, TU_E_CORRUPT, 0,
			"%s: ledger: expected a text of 64 hexadecimal digits", path);
	if (!tu_arena_dup(arena, TU_JSON_STR(root, "instance"), &out->instance) ||
		!tu_arena_dup(arena, TU_JSON_STR(root, "device"), &out->device))
		return tu_no_memory(err);
	out->known = true;
	return TU_OK;
}

static enum tu_status take_agreed(
	struct tu_json root, const char *path, struct tu_items *items, struct tu_error *err)
{
	struct tu_json files = tu_json_get(root, TU_STR("files"));
	struct tu_json_iter iter = tu_json_iter(files);
	struct tu_json value;
	struct tu_str name;

	if (!tu_json_is_object(files))
		return tu_fail(err, TU_E_CORRUPT, 0, "%s: it has no member \"files\"", path);
	while (tu_json_next_member(&iter, &name, &value)) {
		struct tu_item *item = tu_items_find(items, name);

		if (item && !tu_hex_read(tu_json_str(value), item->agreed, TU_SHA256_BYTES))
			return tu_fail(err, TU_E_CORRUPT, 0,
				"%s: %.*s: expected 64 hexadecimal "
				"digits",
				path, TU_STR_FMT(name));
		if (item)
			item->had = true;
	}
	return TU_OK;
}

enum tu_status tu_items_read_agreed(
	struct tu_arena *arena, const char *folder, struct tu_items *items, struct tu_error *err)
{
	const char *path = agreed_path(arena, folder);
	struct tu_json_parser *parser;
	struct tu_json root;
	struct tu_buf text;
	enum tu_status status;

	items->agreement = (struct tu_agreement){0};
	if (!path)
		return tu_no_memory(err);
	if (access(path, F_OK) != 0)
		return TU_OK;
	tu_buf_init(&text, 64 << 20);
	parser = tu_json_parser_new();
	status = parser ? tu_input_read(path, &text, err) : tu_no_memory(err);
	if (status == TU_OK)
		status = tu_json_parse(parser, tu_buf_str(&text), NULL, &root, err);
	if (status == TU_OK)
		status = take_store(arena, root, path, &items->agreement, err);
	if (status == TU_OK && items->agreement.known)
		status = take_agreed(root, path, items, err);
	tu_json_parser_free(parser);
	tu_buf_done(&text);
	return status;
}

static void write_digest(struct tu_json_writer *json, const uint8_t digest[TU_SHA256_BYTES])
{
	size_t start = tu_json_open_text(json);

	tu_sha256_write(digest, json->buf);
	tu_json_close_text(json, start);
}

static void write_store(struct tu_json_writer *json, const struct tu_agreement *agreement)
{
	tu_json_member_str(json, "instance", agreement->instance);
	tu_json_member_str(json, "device", agreement->device);
	tu_json_key(json, "ledger");
	write_digest(json, agreement->mark);
}

static enum tu_status write_agreed(struct tu_arena *arena, const char *folder,
	const struct tu_items *items, struct tu_error *err)
{
	const char *path = agreed_path(arena, folder);
	struct tu_json_writer json;
	struct tu_output output;
	enum tu_status status = path ? tu_output_replace(&output, path, err) : tu_no_memory(err);

	if (status != TU_OK)
		return status;
	json = tu_json_writer(&output.sink.buf, true);
	tu_json_open_object(&json);
	tu_json_member_str(&json, "format", TU_STR("tutela-push"));
	tu_json_member_int(&json, "format_version", FORMAT_VERSION);
	write_store(&json, &items->agreement);
	tu_json_key(&json, "files");
	tu_json_open_object(&json);
	for (size_t i = 0; i < items->list.count; i++) {
		tu_json_key_str(&json, items->list.at[i].path);
		write_digest(&json, items->list.at[i].digest);
	}
	tu_json_close_object(&json);
	tu_json_close_object(&json);
	tu_buf_byte(&output.sink.buf, '\n');
	return tu_output_close(&output, err);
}

/* ---- which store it is about ---- */

static enum tu_status read_instance(
	struct tu_work *w, struct tu_str *out_instance, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_row(
		w->tx, TU_SQL_SETTING_GET, TU_BIND(tu_text(TU_STR("instance"))), &rows, err);
	enum tu_status closed;

	*out_instance = (struct tu_str){0};
	if (status != TU_OK)
		return status == TU_E_NOTFOUND ? TU_OK : status;
	status = tu_work_dup(w, tu_rows_text(rows, 0), out_instance, err);
	closed = tu_rows_close(rows, status ? NULL : err);
	return status ? status : closed;
}

/* ---- how far the device's records go ---- */

/* The records about a device: the mark of the newest, and whether one has a mark that is looked
 * for.
 */
struct records {
	const uint8_t *mark; /* looked for; NULL: none */
	bool has;
	int64_t newest; /* its number; 0: there is none */
	uint8_t newest_mark[TU_SHA256_BYTES];
};

/* The digest of a record's hash: a hash itself would confirm what is between two records. */
static enum tu_status take_record(
	const struct tu_rows *rows, struct records *r, struct tu_error *err)
{
	int64_t number = tu_rows_int(rows, 0);
	uint8_t mark[TU_SHA256_BYTES];
	enum tu_status status;

	if (!r->mark && number <= r->newest)
		return TU_OK;
	status = tu_sha256(tu_rows_text(rows, 1), mark);
	if (status != TU_OK)
		return tu_fail(err, status, 0, "no SHA-256");
	r->has = r->has || (r->mark && memcmp(mark, r->mark, sizeof(mark)) == 0);
	if (number > r->newest) {
		r->newest = number;
		memcpy(r->newest_mark, mark, sizeof(mark));
	}
	return TU_OK;
}

static enum tu_status read_records(
	struct tu_work *w, struct tu_str device, struct records *r, struct tu_error *err)
{
	struct tu_device_row row;
	struct tu_rows *rows;
	enum tu_status status = tu_device_find(w, device, &row, err);
	enum tu_status closed;

	if (status != TU_OK)
		return status == TU_E_NOTFOUND ? TU_OK : status;
	status = tu_tx_query(w->tx, TU_SQL_LEDGER_OF_DEVICE,
		TU_BIND(tu_int(row.id), tu_text(TU_STR("")), tu_text(TU_STR("")),
			tu_text(TU_STR("")), tu_int(INT64_MIN), tu_int(INT64_MAX)),
		&rows, err);
	if (status != TU_OK)
		return status;
	while (status == TU_OK && tu_rows_next(rows))
		status = take_record(rows, r, err);
	closed = tu_rows_close(rows, status ? NULL : err);
	return status ? status : closed;
}

enum tu_status tu_agreement_judge(struct tu_work *w, const struct tu_agreement *agreement,
	struct tu_str device, enum tu_past *out_past, struct tu_error *err)
{
	struct records records = {.mark = agreement->mark};
	struct tu_str instance;
	enum tu_status status = read_instance(w, &instance, err);

	*out_past = TU_PAST_NONE;
	if (status != TU_OK || !agreement->known || !tu_str_eq(agreement->instance, instance))
		return status;
	*out_past = TU_PAST_OTHER_DEVICE;
	if (!tu_str_eq(agreement->device, device))
		return status;
	status = read_records(w, device, &records, err);
	*out_past = records.has ? TU_PAST_HOLDS : TU_PAST_LOST;
	return status;
}

struct noting {
	struct tu_arena *arena;
	struct tu_str device;
	struct tu_agreement *out;
};

static enum tu_status note(struct tu_work *w, void *self, struct tu_error *err)
{
	struct noting *n = self;
	struct records records = {0};
	struct tu_str instance;
	enum tu_status status = read_instance(w, &instance, err);

	if (status == TU_OK && !tu_arena_dup(n->arena, instance, &n->out->instance))
		status = tu_no_memory(err);
	if (status == TU_OK)
		status = read_records(w, n->device, &records, err);
	memcpy(n->out->mark, records.newest_mark, TU_SHA256_BYTES);
	n->out->device = n->device;
	n->out->known = status == TU_OK;
	return status;
}

enum tu_status tu_items_can_agree(struct tu_arena *arena, const char *folder, struct tu_error *err)
{
	const char *path = agreed_path(arena, folder);
	struct tu_output output;
	enum tu_status status = path ? tu_output_replace(&output, path, err) : tu_no_memory(err);

	if (status == TU_OK)
		tu_output_abandon(&output);
	else
		status = tu_error_prefix(err,
			"nothing is pushed, as what was pushed could not be remembered in the "
			"folder");
	return status;
}

enum tu_status tu_items_agree(struct tu_store *store, const struct tu_act *act,
	const struct tu_agree *agree, struct tu_error *err)
{
	struct noting noting = {agree->arena, agree->device, &agree->items->agreement};
	enum tu_status status = tu_work_read(store, act, note, &noting, err);

	return status ? status : write_agreed(agree->arena, agree->folder, agree->items, err);
}
