#include "portfolio/changes.h"

#include <string.h>

#include "base/json.h"
#include "base/vec.h"

enum { FIELDS = 64, BODY_MAX = 64 << 20, DEPTH = 64 };

static const struct {
	const char *name;
	enum tu_sql sql; /* id, device id, device, name of $1 */
} kinds[TU_CHANGE_KINDS] = {
	[TU_CHANGE_DEVICE] = {"device", TU_SQL_CHANGED_DEVICE},
	[TU_CHANGE_RELEASE] = {"release", TU_SQL_CHANGED_RELEASE},
	[TU_CHANGE_VULNERABILITY] = {"vulnerability", TU_SQL_CHANGED_VULNERABILITY},
	[TU_CHANGE_COMPONENT] = {"component", TU_SQL_CHANGED_COMPONENT},
	[TU_CHANGE_CASE] = {"case", TU_SQL_CHANGED_CASE},
	[TU_CHANGE_SIGNAL] = {"signal", TU_SQL_CHANGED_SIGNAL},
	[TU_CHANGE_STATEMENT] = {"statement", TU_SQL_CHANGED_STATEMENT},
	[TU_CHANGE_KNOWLEDGE] = {"knowledge", TU_SQL_CHANGED_COMPONENT},
};

const char *tu_change_kind_name(enum tu_change_kind kind)
{
	return kinds[kind].name;
}

/* Names of devices that a record has as "device" or "devices". */
struct named {
	TU_VEC(struct tu_str) list;
};

struct reading {
	struct tu_arena *arena;
	int64_t after;
	struct tu_change_entries *out;
	struct named named[TU_CHANGES_MAX]; /* by entry */
};

static bool keep(
	struct tu_arena *arena, const struct tu_rows *rows, unsigned column, struct tu_str *out)
{
	return tu_arena_dup(arena, tu_rows_text(rows, column), out);
}

/* ---- which members differ ---- */

static bool same(struct tu_json a, struct tu_json b);

static bool same_items(struct tu_json a, struct tu_json b)
{
	struct tu_json_iter one = tu_json_iter(a), other = tu_json_iter(b);
	struct tu_json x, y;

	if (tu_json_count(a) != tu_json_count(b))
		return false;
	while (tu_json_next_item(&one, &x) && tu_json_next_item(&other, &y))
		if (!same(x, y))
			return false;
	return true;
}

/* Records are canonical: members are in one order. */
static bool same_members(struct tu_json a, struct tu_json b)
{
	struct tu_json_iter one = tu_json_iter(a), other = tu_json_iter(b);
	struct tu_str key, with;
	struct tu_json x, y;

	if (tu_json_count(a) != tu_json_count(b))
		return false;
	while (tu_json_next_member(&one, &key, &x) && tu_json_next_member(&other, &with, &y))
		if (!tu_str_eq(key, with) || !same(x, y))
			return false;
	return true;
}

static bool same(struct tu_json a, struct tu_json b)
{
	double x = 0, y = 0;

	if (tu_json_type(a) != tu_json_type(b))
		return false;
	if (tu_json_is_object(a))
		return same_members(a, b);
	if (tu_json_is_array(a))
		return same_items(a, b);
	if (tu_json_number(a, &x) || tu_json_number(b, &y))
		return tu_json_number(b, &y) && x <= y && x >= y;
	return tu_json_true(a) == tu_json_true(b) && tu_str_eq(tu_json_str(a), tu_json_str(b));
}

/* Members of `from` that `to` has not, or (`values`) has with another value. */
static bool add_fields(struct tu_arena *arena, struct tu_json from, struct tu_json to, bool values,
	struct tu_change_entry *entry)
{
	struct tu_json_iter members = tu_json_iter(from);
	struct tu_str *fields = (struct tu_str *)(uintptr_t)entry->fields, key;
	struct tu_json value;

	while (entry->field_count < FIELDS && tu_json_next_member(&members, &key, &value)) {
		struct tu_json other = tu_json_get(to, key);

		if (other.doc && (!values || same(value, other)))
			continue;
		if (!tu_arena_dup(arena, key, &fields[entry->field_count++]))
			return false;
	}
	return true;
}

/* Records of what has no members have one value, such as the digest of a document. */
static bool add_whole(struct tu_arena *arena, struct tu_json before, struct tu_json after,
	struct tu_change_entry *entry)
{
	struct tu_str *fields = (struct tu_str *)(uintptr_t)entry->fields;

	if (!after.doc || tu_json_is_object(before) || tu_json_is_object(after) ||
		same(before, after))
		return true;
	return tu_arena_dup(arena, TU_STR("content"), &fields[entry->field_count++]);
}

static bool add_name(struct tu_arena *arena, struct tu_json value, struct named *out)
{
	struct tu_str name;

	if (tu_json_type(value) != TU_JSON_STRING)
		return true;
	return tu_arena_dup(arena, tu_json_str(value), &name) &&
		TU_VEC_PUSH_IN(arena, &out->list, name);
}

static bool find_devices(struct tu_arena *arena, struct tu_json root, struct named *out)
{
	struct tu_json_iter items = tu_json_iter(tu_json_get(root, TU_STR("devices")));
	struct tu_json item;
	bool ok = add_name(arena, tu_json_get(root, TU_STR("device")), out);

	while (ok && tu_json_next_item(&items, &item))
		ok = add_name(arena, item, out);
	return ok;
}

static enum tu_status find_fields(struct tu_arena *arena, struct tu_str body,
	struct tu_change_entry *entry, struct named *named, struct tu_error *err)
{
	const struct tu_json_limits limits = {.bytes = BODY_MAX, .depth = DEPTH};
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_json root, before, after;
	bool ok = false;

	entry->fields = tu_arena_array(arena, FIELDS, sizeof(*entry->fields));
	if (parser && entry->fields) {
		ok = true;
		if (tu_json_parse(parser, body, &limits, &root, NULL) == TU_OK) {
			before = tu_json_get(root, TU_STR("before"));
			after = tu_json_get(root, TU_STR("after"));
			ok = add_whole(arena, before, after, entry) &&
				add_fields(arena, after, before, true, entry) &&
				add_fields(arena, before, after, false, entry) &&
				find_devices(arena, root, named);
		}
	}
	tu_json_parser_free(parser);
	return ok ? TU_OK : tu_no_memory(err);
}

/* ---- what changed ---- */

static enum tu_status name_item(
	struct reading *r, struct tu_tx *tx, struct tu_change_item *item, struct tu_error *err)
{
	struct tu_rows *rows;
	bool kept = true;
	enum tu_status status =
		tu_tx_query(tx, kinds[item->kind].sql, TU_BIND(tu_int(item->key)), &rows, err);

	if (status)
		return status;
	if (tu_rows_next(rows)) {
		item->device_id = tu_rows_int(rows, 1);
		kept = keep(r->arena, rows, 0, &item->id) &&
			keep(r->arena, rows, 2, &item->device) &&
			keep(r->arena, rows, 3, &item->name);
	}
	status = tu_rows_close(rows, err);
	return status || kept ? status : tu_no_memory(err);
}

struct items {
	TU_VEC(struct tu_change_item) list;
};

static enum tu_status read_keys(
	struct reading *r, struct tu_tx *tx, int64_t n, struct items *items, struct tu_error *err)
{
	struct tu_rows *rows;
	bool kept = true;
	enum tu_status status =
		tu_tx_query(tx, TU_SQL_CHANGE_ITEMS, TU_BIND(tu_int(n)), &rows, err);

	if (status)
		return status;
	while (kept && tu_rows_next(rows)) {
		struct tu_change_item item = {
			.key = tu_rows_int(rows, 1), .device_id = tu_rows_int(rows, 2)};

		for (unsigned kind = 0; kind < TU_CHANGE_KINDS; kind++)
			if (tu_str_eq(tu_rows_text(rows, 0), tu_str_c(kinds[kind].name)))
				item.kind = (enum tu_change_kind)kind;
		kept = TU_VEC_PUSH_IN(r->arena, &items->list, item);
	}
	status = tu_rows_close(rows, err);
	return status || kept ? status : tu_no_memory(err);
}

static bool is_named(const struct named *named, struct tu_str name)
{
	for (size_t i = 0; i < named->list.count; i++)
		if (tu_str_eq(named->list.at[i], name))
			return true;
	return !named->list.count; /* it says of no device in particular */
}

static enum tu_status read_devices(struct reading *r, struct tu_tx *tx, int64_t case_id,
	struct tu_change_entry *entry, struct tu_error *err)
{
	const struct named *named = &r->named[entry - r->out->at];
	TU_VEC(int64_t) ids = {0};
	struct tu_rows *rows;
	bool kept = true;
	enum tu_status status =
		tu_tx_query(tx, TU_SQL_CHANGED_CASE_DEVICES, TU_BIND(tu_int(case_id)), &rows, err);

	if (status)
		return status;
	while (kept && tu_rows_next(rows)) {
		int64_t id = tu_rows_int(rows, 0);

		if (is_named(named, tu_rows_text(rows, 1)))
			kept = TU_VEC_PUSH_IN(r->arena, &ids, id);
	}
	status = tu_rows_close(rows, err);
	entry->of_devices = true;
	entry->device_ids = ids.at;
	entry->device_count = ids.count;
	return status || kept ? status : tu_no_memory(err);
}

static enum tu_status read_items(
	struct reading *r, struct tu_tx *tx, struct tu_change_entry *entry, struct tu_error *err)
{
	static const struct tu_change_item knowledge = {.kind = TU_CHANGE_KNOWLEDGE};
	struct items items = {0};
	enum tu_status status;

	if (tu_str_eq(entry->action, TU_STR("rematch"))) {
		entry->items = &knowledge;
		entry->item_count = 1;
		entry->field_count = 0;
		return TU_OK;
	}
	status = read_keys(r, tx, entry->n, &items, err);
	entry->items = items.list.at;
	entry->item_count = items.list.count;
	for (size_t i = 0; !status && i < items.list.count; i++) {
		if (items.list.count <= TU_CHANGE_ITEMS)
			status = name_item(r, tx, &items.list.at[i], err);
		if (!status && items.list.at[i].kind == TU_CHANGE_CASE)
			status = read_devices(r, tx, items.list.at[i].key, entry, err);
	}
	return status;
}

/* ---- the records ---- */

static enum tu_status take_entry(
	struct reading *r, const struct tu_rows *rows, struct tu_error *err)
{
	struct tu_change_entry *entry = &r->out->at[r->out->count++];
	struct named *named = &r->named[entry - r->out->at];

	memset(named, 0, sizeof(*named)); /* it may be read again */
	*entry = (struct tu_change_entry){.n = tu_rows_int(rows, 0), .at = tu_rows_int(rows, 1)};
	if (!keep(r->arena, rows, 2, &entry->actor) || !keep(r->arena, rows, 3, &entry->action))
		return tu_no_memory(err);
	return find_fields(r->arena, tu_rows_text(rows, 4), entry, named, err);
}

static enum tu_status read_entries(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct reading *r = self;
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_int(tx, TU_SQL_CHANGE_NEWEST, TU_NO_BIND, &r->out->newest, err);

	r->out->count = 0;
	r->out->behind = r->out->newest > r->after ? r->out->newest - r->after : 0;
	if (!status)
		status = tu_tx_query(tx, TU_SQL_CHANGE_ENTRIES,
			TU_BIND(tu_int(r->after), tu_int(TU_CHANGES_MAX)), &rows, err);
	if (status)
		return status;
	while (!status && r->out->count < TU_CHANGES_MAX && tu_rows_next(rows))
		status = take_entry(r, rows, err);
	status = tu_rows_close(rows, status ? NULL : err) ? TU_E_IO : status;
	for (size_t i = 0; !status && i < r->out->count; i++)
		status = read_items(r, tx, &r->out->at[i], err);
	return status;
}

enum tu_status tu_changes_read(struct tu_store *store, int64_t after, struct tu_arena *arena,
	struct tu_change_entries *out_entries, struct tu_error *err)
{
	struct reading r = {.arena = arena, .after = after, .out = out_entries};

	return tu_store_run(store, TU_TX_READ, read_entries, &r, err);
}

static enum tu_status read_newest(struct tu_tx *tx, void *self, struct tu_error *err)
{
	return tu_tx_int(tx, TU_SQL_CHANGE_NEWEST, TU_NO_BIND, self, err);
}

enum tu_status tu_changes_newest(struct tu_store *store, int64_t *out_n, struct tu_error *err)
{
	return tu_store_run(store, TU_TX_READ, read_newest, out_n, err);
}

static enum tu_status read_access(struct tu_tx *tx, void *self, struct tu_error *err)
{
	int64_t *n = self, found = 0;
	enum tu_status status =
		tu_tx_int(tx, TU_SQL_CHANGE_OF_ACCESS, TU_BIND(tu_int(*n)), &found, err);

	*n = !status && found > *n ? found : *n;
	return status;
}

enum tu_status tu_changes_of_access(
	struct tu_store *store, int64_t after, int64_t *out_n, struct tu_error *err)
{
	*out_n = after;
	return tu_store_run(store, TU_TX_READ, read_access, out_n, err);
}
