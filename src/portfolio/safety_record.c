#include "portfolio/safety_record.h"

#include "portfolio/device.h"
#include "portfolio/design.h"
#include "portfolio/scope.h"

static const char *const kind_names[] = {
	[TU_SAFETY_THREAT] = "threat", [TU_SAFETY_CONTROL] = "control"};

const char *tu_safety_kind_name(enum tu_safety_kind kind)
{
	return kind_names[kind];
}

/* ---- what there is ---- */

static bool take_row(
	const struct tu_rows *rows, struct tu_arena *arena, struct tu_safety_record *out)
{
	*out = (struct tu_safety_record){.id = tu_rows_int(rows, 0),
		.owner_id = tu_rows_int(rows, 5),
		.kind = tu_str_eq(tu_rows_text(rows, 2), TU_STR("control")) ? TU_SAFETY_CONTROL
									    : TU_SAFETY_THREAT,
		.closed = tu_str_eq(tu_rows_text(rows, 7), TU_STR("closed")),
		.opened = tu_rows_int(rows, 9),
		.version = tu_rows_int(rows, 10)};
	return tu_arena_dup(arena, tu_rows_text(rows, 1), &out->public_id) &&
		tu_arena_dup(arena, tu_rows_text(rows, 3), &out->subject) &&
		tu_arena_dup(arena, tu_rows_text(rows, 4), &out->text) &&
		tu_arena_dup(arena, tu_rows_text(rows, 6), &out->owner) &&
		tu_arena_dup(arena, tu_rows_text(rows, 8), &out->outcome);
}

static enum tu_status list(
	struct tu_work *w, int64_t device, struct tu_safety_records *out, struct tu_error *err)
{
	TU_VEC(struct tu_safety_record) all = {0};
	struct tu_safety_record one;
	struct tu_rows *rows;
	bool fine = true;
	enum tu_status status =
		tu_tx_query(w->tx, TU_SQL_SAFETY_RECORD_LIST, TU_BIND(tu_int(device)), &rows, err);

	if (status != TU_OK)
		return status;
	while (fine && tu_rows_next(rows))
		fine = take_row(rows, w->arena, &one) && TU_VEC_PUSH_IN(w->arena, &all, one);
	status = tu_rows_close(rows, err);
	*out = (struct tu_safety_records){all.at, all.count};
	return status || fine ? status : tu_no_memory(err);
}

enum tu_status tu_safety_list(struct tu_work *w, const struct tu_safety_asked *asked,
	struct tu_safety_records *out, struct tu_error *err)
{
	struct tu_device_row device;
	enum tu_status status = tu_device_in(w, asked->scope, asked->device, &device, err);

	*out = (struct tu_safety_records){0};
	return status ? status : list(w, device.id, out, err);
}

/* The device, while nobody else changes it, and its records. */
static enum tu_status hold(struct tu_work *w, const struct tu_safety_asked *asked,
	struct tu_device_row *device, struct tu_safety_records *out, struct tu_error *err)
{
	int64_t held;
	enum tu_status status = tu_device_in(w, asked->scope, asked->device, device, err);

	if (status == TU_OK)
		status = tu_tx_int(
			w->tx, TU_SQL_DEVICE_HOLD, TU_BIND(tu_int(device->id)), &held, err);
	return status ? status : list(w, device->id, out, err);
}

/* ---- who has it ---- */

static enum tu_status find_owner(struct tu_work *w, const struct tu_device_row *device,
	struct tu_str who, int64_t *out_id, struct tu_error *err)
{
	struct tu_list_scope scope;
	struct tu_person person;
	enum tu_status status;

	*out_id = 0;
	if (!who.len)
		return TU_OK;
	status = tu_person_find(w->tx, who, w->arena, &person, err);
	if (status == TU_OK)
		status = tu_scope_of_person(w->tx, who, w->arena, &scope, err);
	if (status == TU_E_NOTFOUND || status == TU_E_CONSTRAINT ||
		(status == TU_OK && !tu_scope_has(&scope, device->id)))
		return tu_fail_at(err, TU_E_USAGE, &(struct tu_error_place){.pointer = "/owner"},
			"nobody of this name sees the device");
	*out_id = status ? 0 : person.id;
	return status;
}

static struct tu_value person_or_null(int64_t id)
{
	return id ? tu_int(id) : tu_null();
}

/* ---- writing ---- */

static void begin_record(struct tu_record *record, const char *action,
	const struct tu_device_row *device, const struct tu_safety_record *row)
{
	tu_record_begin(record, action, "safety:%.*s", TU_STR_FMT(row->public_id));
	record->change = (struct tu_change){"device", device->id};
	tu_json_member_str(&record->json, "device", device->name);
	tu_json_member_str(&record->json, "kind", tu_str_c(kind_names[row->kind]));
	tu_json_member_str(&record->json, "subject", row->subject);
}

enum tu_status tu_safety_open(struct tu_work *w, const struct tu_safety_open *open,
	struct tu_str *out_public_id, struct tu_error *err)
{
	struct tu_safety_record row = {.kind = open->kind, .subject = open->subject};
	struct tu_safety_records all;
	struct tu_device_row device;
	struct tu_record record;
	enum tu_status status = hold(w, &open->asked, &device, &all, err);

	for (size_t i = 0; status == TU_OK && i < all.count; i++)
		if (all.at[i].kind == open->kind && tu_str_eq(all.at[i].subject, open->subject))
			status = tu_fail(err, TU_E_CONSTRAINT, 0,
				"there is a record about this %s, %.*s", kind_names[open->kind],
				TU_STR_FMT(all.at[i].public_id));
	if (status == TU_OK)
		status = find_owner(w, &device, open->owner, &row.owner_id, err);
	if (status == TU_OK)
		status = tu_work_new_id(w, &row.public_id, err);
	if (status == TU_OK)
		status = tu_work_exec(w, TU_SQL_SAFETY_RECORD_ADD,
			TU_BIND(tu_text(row.public_id), tu_int(device.id),
				tu_text(tu_str_c(kind_names[open->kind])), tu_text(open->subject),
				tu_text(open->text), person_or_null(row.owner_id),
				tu_int(w->act->at)),
			err);
	*out_public_id = row.public_id;
	if (status != TU_OK)
		return status;
	begin_record(&record, "safety.open", &device, &row);
	tu_json_member_str(&record.json, "text", open->text);
	return tu_record_add(&record, w, err);
}

static enum tu_status find_one(const struct tu_safety_records *all,
	const struct tu_safety_change *change, struct tu_safety_record *out, struct tu_error *err)
{
	for (size_t i = 0; i < all->count; i++)
		if (tu_str_eq(all->at[i].public_id, change->record)) {
			*out = all->at[i];
			if (!change->based_on || change->based_on == out->version)
				return TU_OK;
			return tu_fail(
				err, TU_E_CONFLICT, 0, "the record changed since you read it");
		}
	return tu_design_unknown(err, "record");
}

static enum tu_status apply(struct tu_work *w, const struct tu_safety_change *change,
	const struct tu_device_row *device, struct tu_safety_record *row, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	if (change->text.ptr)
		row->text = change->text;
	if (change->outcome.ptr)
		row->outcome = change->outcome;
	if (change->move != TU_SAFETY_STAYS)
		row->closed = change->move == TU_SAFETY_CLOSE;
	if (change->owner.ptr)
		status = find_owner(w, device, change->owner, &row->owner_id, err);
	if (status == TU_OK && row->closed && !row->outcome.len)
		status =
			tu_fail_at(err, TU_E_USAGE, &(struct tu_error_place){.pointer = "/outcome"},
				"a record is closed with what came of it");
	return status;
}

enum tu_status tu_safety_change(
	struct tu_work *w, const struct tu_safety_change *change, struct tu_error *err)
{
	struct tu_safety_records all;
	struct tu_safety_record row;
	struct tu_device_row device;
	struct tu_record record;
	enum tu_status status = hold(w, &change->asked, &device, &all, err);

	if (status == TU_OK)
		status = find_one(&all, change, &row, err);
	if (status == TU_OK)
		status = apply(w, change, &device, &row, err);
	if (status == TU_OK)
		status = tu_work_update(w, TU_SQL_SAFETY_RECORD_CHANGE,
			TU_BIND(tu_int(row.id), tu_int(row.version), tu_text(row.text),
				person_or_null(row.owner_id),
				tu_text(row.closed ? TU_STR("closed") : TU_STR("open")),
				row.outcome.len ? tu_text(row.outcome) : tu_null()),
			"record", err);
	if (status != TU_OK)
		return status;
	begin_record(&record, "safety.change", &device, &row);
	tu_json_member_str(&record.json, "text", row.text);
	tu_json_member_str(&record.json, "state", row.closed ? TU_STR("closed") : TU_STR("open"));
	tu_json_member_opt(&record.json, "outcome", row.outcome);
	if (row.owner_id)
		tu_json_member_int(&record.json, "owner", row.owner_id);
	return tu_record_add(&record, w, err);
}
