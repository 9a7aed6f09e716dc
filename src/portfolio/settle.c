#include "portfolio/settle.h"

#include "base/input.h"

/* What is read of the device from here on stays so until the end: else the one who settles last
 * could write what was so before another's approval. */
static enum tu_status hold(
	struct tu_work *w, const struct tu_device_row *device, struct tu_error *err)
{
	int64_t version = 0;
	enum tu_status status =
		tu_tx_int(w->tx, TU_SQL_DEVICE_HOLD, TU_BIND(tu_int(device->id)), &version, err);

	if (status == TU_OK && version != device->version)
		return tu_fail(err, TU_E_CONFLICT, 0, "device %.*s: changed since you read it",
			TU_STR_FMT(device->name));
	return status;
}

enum tu_status tu_settling_begin(struct tu_work *w, const struct tu_device_row *device,
	const struct tu_kb *kb, struct tu_settling *out, struct tu_error *err)
{
	struct tu_knowledge_row current;
	struct tu_kb_info info;
	enum tu_status status = tu_knowledge_hold(w, &current, err);

	*out = (struct tu_settling){.device = device, .kb = kb};
	if (status != TU_OK)
		return status;
	tu_kb_info(kb, &info);
	if (!current.id || memcmp(info.sha256, current.digest, TU_SHA256_BYTES) != 0)
		return tu_fail(err, TU_E_CONFLICT, 0,
			"the knowledge base is not the current one of the store (any more)");
	out->knowledge_id = current.id;
	status = hold(w, device, err);
	if (status == TU_OK)
		status = tu_device_load(w, device, &out->model, NULL, err);
	return status ? status : tu_assessment_list(w, device->id, &out->assessments, err);
}

/* ---- one release ---- */

static enum tu_status write_decisions(
	struct tu_work *w, const struct tu_settle *s, struct tu_error *err)
{
	struct tu_batch batch = {.w = w};
	enum tu_status status =
		tu_work_exec(w, TU_SQL_DECISION_CLEAR, TU_BIND(tu_int(s->release->id)), err);

	for (size_t i = 0; i < s->row_count; i++) {
		const struct tu_verdict_row *r = &s->rows[i];

		tu_batch_add(&batch,
			TU_BIND(tu_int(s->prepared->components[r->component].id), tu_text(r->vuln),
				tu_int(s->release->id), tu_int(r->by->id),
				tu_text(tu_str_c(r->state)), tu_text(tu_str_c(r->status)),
				tu_text(tu_str_c(r->risk)), tu_int(r->harm),
				tu_text_opt(tu_str_c(r->reopen)), tu_int(w->act->at)));
	}
	return status ? status : tu_batch_run(&batch, TU_SQL_DECISION_PUT, err);
}

enum tu_status tu_settle_read(struct tu_arena *arena, const struct tu_settling *settling,
	struct tu_str bytes, const struct tu_inventory **out_inventory, struct tu_error *err)
{
	const struct tu_sbom_limits limits = {.for_matching = true};
	const struct tu_sbom_reader *reader = settling->reader;
	struct tu_buf text;
	enum tu_status status;

	if (reader)
		return reader->read(reader->self, arena, bytes, out_inventory, err);
	tu_buf_init(&text, TU_DOCUMENT_MAX);
	status = tu_input_unpack(bytes, &text, err);
	if (status == TU_OK)
		status = tu_sbom_read(arena, tu_buf_str(&text), true, &limits, out_inventory, err);
	tu_buf_done(&text);
	return status;
}

enum tu_status tu_settle_prepare(struct tu_work *w, const struct tu_settling *settling,
	const struct tu_release_row *release, struct tu_prepared *out, struct tu_error *err)
{
	const struct tu_inventory *inventory;
	struct tu_str bytes;
	enum tu_status status = tu_work_document(w, release->sbom_id, &bytes, err);

	if (status == TU_OK)
		status = tu_settle_read(w->arena, settling, bytes, &inventory, err);
	return status ? status : tu_prepare(w->arena, settling->kb, inventory, out, err);
}

enum tu_status tu_settle(struct tu_work *w, struct tu_settle *s, struct tu_error *err)
{
	struct tu_prepared *own = NULL;
	enum tu_status status = TU_OK;

	s->settled = (struct tu_settled){0};
	if (!s->prepared) {
		own = tu_arena_alloc(w->arena, sizeof(*own));
		status =
			own ? tu_settle_prepare(w, s->by, s->release, own, err) : tu_no_memory(err);
		s->prepared = own;
	}
	if (status == TU_OK)
		status = tu_settle__assess(w, s, err);
	if (status == TU_OK)
		status = tu_settle__components(w, s, err);
	if (status == TU_OK)
		status = write_decisions(w, s, err);
	if (status == TU_OK)
		status = tu_work_exec(
			w, TU_SQL_RELEASE_COUNT_UNKNOWN, TU_BIND(tu_int(s->release->id)), err);
	if (status == TU_OK)
		status = tu_work_exec(
			w, TU_SQL_RELEASE_SETTLE, TU_BIND(tu_int(s->release->id)), err);
	if (own)
		s->prepared = NULL;
	return status;
}

void tu_settled_write(struct tu_json_writer *json, const struct tu_settled *settled)
{
	tu_json_key(json, "after");
	tu_json_open_object(json);
	tu_json_member_int(json, "components", (int64_t)settled->components);
	tu_json_member_int(json, "new_components", (int64_t)settled->new_components);
	tu_json_member_int(json, "findings", (int64_t)settled->findings);
	tu_json_member_int(json, "decided", (int64_t)settled->decided);
	tu_json_member_int(json, "carried", (int64_t)settled->carried);
	tu_json_member_int(json, "reopened", (int64_t)settled->reopened);
	tu_json_member_int(json, "proposed", (int64_t)settled->proposed);
	tu_json_member_opt(json, "conflict", settled->conflict);
	tu_json_close_object(json);
}

enum tu_status tu_settle_and_record(struct tu_work *w, struct tu_settle *s, struct tu_error *err)
{
	struct tu_record record;
	enum tu_status status = tu_settle(w, s, err);

	if (status != TU_OK)
		return status;
	tu_record_begin(
		&record, "release.settle", "release:%.*s", TU_STR_FMT(s->release->public_id));
	record.change = (struct tu_change){"release", s->release->id};
	tu_settled_write(&record.json, &s->settled);
	return tu_record_add(&record, w, err);
}

/* ---- all of a device ---- */

enum tu_status tu_settle_device(
	struct tu_work *w, const struct tu_settling *settling, struct tu_error *err)
{
	struct tu_release_rows rows = {0};
	enum tu_status status = tu_release_list(w, settling->device->id, &rows, err);

	for (size_t i = 0; i < rows.count && status == TU_OK; i++) {
		struct tu_settle settle = {.by = settling, .release = &rows.at[i]};

		if (rows.at[i].sbom_id)
			status = tu_settle_and_record(w, &settle, err);
	}
	return status;
}
