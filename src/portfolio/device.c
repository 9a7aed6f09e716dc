#include "portfolio/device.h"

#include "app/zone_file.h"
#include "base/json.h"
#include "portfolio/case_keep.h"

enum tu_status tu_work_document(
	struct tu_work *w, int64_t id, struct tu_str *out_text, struct tu_error *err)
{
	struct tu_buf text;
	char *copy = NULL;
	enum tu_status status;

	tu_buf_init(&text, TU_DOCUMENT_MAX + TU_JSON_PADDING);
	status = tu_document_get(w->tx, id, &text, NULL, err);
	if (status == TU_OK) {
		copy = tu_arena_alloc(w->arena, text.len + TU_JSON_PADDING);
		if (!copy)
			status = tu_no_memory(err);
		else if (text.len)
			memcpy(copy, text.ptr, text.len);
		*out_text = tu_str_of(copy, text.len);
	}
	tu_buf_done(&text);
	return status;
}

/* ---- finding and reading ---- */

enum tu_status tu_device_find(
	struct tu_work *w, struct tu_str name, struct tu_device_row *out, struct tu_error *err)
{
	struct tu_device_row row = {0};
	struct tu_rows *rows;
	enum tu_status closed;
	enum tu_status status =
		tu_tx_row(w->tx, TU_SQL_DEVICE_BY_NAME, TU_BIND(tu_text(name)), &rows, err);

	if (status == TU_E_NOTFOUND)
		return tu_fail(err, TU_E_NOTFOUND, 0, "no device \"%.*s\"", TU_STR_FMT(name));
	if (status != TU_OK)
		return status;
	row.id = tu_rows_int(rows, 0);
	row.document_id = tu_rows_int(rows, 3);
	row.version = tu_rows_int(rows, 4);
	row.created = tu_rows_int(rows, 5);
	status = tu_work_dup(w, tu_rows_text(rows, 1), &row.public_id, err);
	if (status == TU_OK)
		status = tu_work_dup(w, tu_rows_text(rows, 2), &row.title, err);
	closed = tu_rows_close(rows, status ? NULL : err);
	if (status == TU_OK)
		status = tu_work_dup(w, name, &row.name, err);
	*out = row;
	return status ? status : closed;
}

enum tu_status tu_device_name(
	struct tu_work *w, int64_t id, struct tu_str *out_name, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status closed;
	enum tu_status status =
		tu_tx_row(w->tx, TU_SQL_DEVICE_BY_ID, TU_BIND(tu_int(id)), &rows, err);

	if (status != TU_OK)
		return status;
	status = tu_work_dup(w, tu_rows_text(rows, 0), out_name, err);
	closed = tu_rows_close(rows, status ? NULL : err);
	return status ? status : closed;
}

enum tu_status tu_device_parse(struct tu_work *w, struct tu_str file, struct tu_str text,
	const struct tu_device **out_device, struct tu_error *err)
{
	const struct tu_device_limits limits = {.zones = &tu_zone_files};
	struct tu_str name = file;
	enum tu_status status = tu_work_dup(w, file, &name, err);

	return status ? status : tu_device_read(w->arena, name, text, &limits, out_device, err);
}

enum tu_status tu_device_load(struct tu_work *w, const struct tu_device_row *row,
	const struct tu_device **out_device, struct tu_str *out_text, struct tu_error *err)
{
	struct tu_str text;
	enum tu_status status = tu_work_document(w, row->document_id, &text, err);

	if (status != TU_OK)
		return status;
	if (out_text)
		*out_text = text;
	return tu_device_parse(w, TU_STR("device.yaml"), text, out_device, err);
}

bool tu_device_is_unread(enum tu_status status)
{
	return status == TU_E_SYNTAX || status == TU_E_LIMIT || status == TU_E_UNSUPPORTED ||
		status == TU_E_CORRUPT;
}

enum tu_status tu_device_approvals(struct tu_work *w, const struct tu_device_row *row,
	uint32_t *out_needed, struct tu_error *err)
{
	const struct tu_device *model = NULL;
	struct tu_error own = {0};
	enum tu_status status = tu_device_load(w, row, &model, NULL, &own);

	*out_needed = status == TU_OK ? model->policy.approvals : 0;
	if (status == TU_OK || tu_device_is_unread(status))
		return TU_OK;
	if (err)
		*err = own;
	return status;
}

/* ---- putting ---- */

static enum tu_status create(struct tu_work *w, const struct tu_device *model,
	const struct tu_document *document, struct tu_error *err)
{
	struct tu_str public_id;
	enum tu_status status = tu_work_new_id(w, &public_id, err);

	if (status != TU_OK)
		return status;
	return tu_work_exec(w, TU_SQL_DEVICE_ADD,
		TU_BIND(tu_text(public_id), tu_text(model->id), tu_text(model->family),
			tu_int(document->id), tu_int(w->act->at)),
		err);
}

static enum tu_status warn(
	struct tu_work *w, const struct tu_device_put *put, struct tu_str why, struct tu_error *err)
{
	struct tu_buf text;
	enum tu_status status = TU_OK;

	if (!put->out_warning)
		return TU_OK;
	tu_buf_init(&text, 2 * TU_ERROR_TEXT_MAX);
	tu_buf_printf(&text,
		"what was stored of the device before cannot be read any more (%.*s): which "
		"deadlines had started by it alone was not compared; those that are stored stay, "
		"all others follow the new device.yaml",
		TU_STR_FMT(why));
	if (text.failed || !tu_arena_dup(w->arena, tu_buf_str(&text), put->out_warning))
		status = tu_no_memory(err);
	tu_buf_done(&text);
	return status;
}

/* What has started is listed for ever: also what the new text has no row for. The text that is
 * replaced, or a decision, may be of another version of the program. */
static enum tu_status keep_deadlines(struct tu_work *w, const struct tu_device_row *row,
	const struct tu_device_put *put, bool *compared, struct tu_error *err)
{
	struct tu_str why = {0};
	const struct tu_case_keeping keeping = {.device = row,
		.kb = put->kb,
		.out_unread = &why,
		.reason = TU_STR("device.yaml is replaced: its deadlines that have started stay")};
	enum tu_status status = tu_case_keep(w, &keeping, err);

	*compared = status == TU_OK && !why.len;
	if (status != TU_OK)
		return status;
	return *compared ? TU_OK : warn(w, put, why, err);
}

static enum tu_status replace(struct tu_work *w, const struct tu_device_row *row,
	const struct tu_device *model, const struct tu_document *document, struct tu_error *err)
{
	return tu_work_update(w, TU_SQL_DEVICE_CHANGE,
		TU_BIND(tu_int(row->id), tu_int(row->version), tu_text(model->family),
			tu_int(document->id)),
		"device", err);
}

struct replacing {
	struct tu_document document; /* the new one */
	const uint8_t *before; /* digest of the one before; NULL: there is none */
	bool compared; /* with the one before */
	struct tu_policy_lowered lowered; /* of the policy of the one before */
};

static enum tu_status record(struct tu_work *w, const struct tu_device_row *row,
	const struct replacing *by, struct tu_error *err)
{
	const uint8_t *before = by->before;
	struct tu_record record;

	tu_record_begin(&record, before ? "device.change" : "device.create", "device:%.*s",
		TU_STR_FMT(row->name));
	record.change = (struct tu_change){"device", row->id};
	tu_record_digest(&record.json, "before", before);
	tu_record_digest(&record.json, "after", by->document.digest);
	if (!by->compared)
		tu_json_member_str(&record.json, "not_compared", TU_STR("deadlines"));
	if (by->lowered.list.count) {
		tu_json_key(&record.json, "policy_lowered");
		tu_json_open_array(&record.json);
		for (size_t i = 0; i < by->lowered.list.count; i++)
			tu_json_add_str(&record.json, by->lowered.list.at[i]);
		tu_json_close_array(&record.json);
	}
	return tu_record_add(&record, w, err);
}

static enum tu_status write(struct tu_work *w, const struct tu_device_put *put,
	const struct tu_device *model, struct tu_device_row *row, struct tu_error *err)
{
	struct replacing by = {.compared = true};
	uint8_t before[TU_SHA256_BYTES];
	bool is_new = row->id == 0;
	enum tu_status status = tu_document_put(w, "device", put->text, &by.document, err);

	by.before = is_new ? NULL : before;
	if (status != TU_OK || (!is_new && by.document.id == row->document_id))
		return status;
	if (!is_new)
		status = tu_document_digest(w->tx, row->document_id, before, err);
	if (status == TU_OK && !is_new)
		status = tu_device__lowers(w, row, model, &by.lowered, err);
	if (status == TU_OK && put->guarded)
		status = tu_device__refuse_lowered(&by.lowered, err);
	if (status == TU_OK && !is_new)
		status = keep_deadlines(w, row, put, &by.compared, err);
	if (status == TU_OK)
		status = is_new ? create(w, model, &by.document, err)
				: replace(w, row, model, &by.document, err);
	if (status == TU_OK)
		status = tu_device_find(w, model->id, row, err);
	if (status == TU_OK)
		status = tu_device__fill_tables(w, row->id, model, err);
	if (status == TU_OK)
		status = tu_device__list_releases(w, row->id, model, err);
	if (status == TU_OK)
		status = record(w, row, &by, err);
	return status;
}

enum tu_status tu_device_put(struct tu_work *w, const struct tu_device_put *put,
	struct tu_device_row *out_row, const struct tu_device **out_device, struct tu_error *err)
{
	struct tu_device_row row = {0};
	const struct tu_device *model;
	enum tu_status status = tu_device_parse(w, put->file, put->text, &model, err);

	if (put->out_warning)
		*put->out_warning = (struct tu_str){0};
	if (status != TU_OK)
		return status;
	status = tu_device_find(w, model->id, &row, err);
	if (status == TU_E_NOTFOUND)
		status = TU_OK;
	if (status == TU_OK && row.version != put->based_on)
		status = tu_fail(err, TU_E_CONFLICT, 0, "device %.*s: changed since you read it",
			TU_STR_FMT(model->id));
	if (status == TU_OK)
		status = write(w, put, model, &row, err);
	*out_row = row;
	if (out_device)
		*out_device = model;
	return status;
}
