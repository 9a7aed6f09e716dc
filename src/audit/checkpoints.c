#include "audit/checkpoints.h"

#include <string.h>

#include "base/json_writer.h"

enum { BODY_MAX = 4096 };

/* ---- making one ---- */

struct making {
	const struct tu_audit_act *act;
	struct tu_checkpoint checkpoint;
	bool there; /* the head has one already */
};

static void take(struct tu_str from, uint8_t *out, size_t len)
{
	memset(out, 0, len);
	if (from.len == len)
		memcpy(out, from.ptr, len);
}

static void take_row(const struct tu_rows *rows, struct tu_checkpoint *out)
{
	struct tu_str key = tu_rows_text(rows, 3);

	out->n = tu_rows_int(rows, 0);
	out->at = tu_rows_int(rows, 1);
	take(tu_rows_text(rows, 2), out->hash, sizeof(out->hash));
	memset(out->key_id, 0, sizeof(out->key_id));
	if (key.len == TU_KEY_ID_DIGITS)
		memcpy(out->key_id, key.ptr, key.len);
	take(tu_rows_text(rows, 4), out->signature, sizeof(out->signature));
}

static enum tu_status look(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct making *m = self;
	struct tu_ledger_head head;
	struct tu_rows *rows;
	enum tu_status status = tu_audit_instance(tx, m->checkpoint.instance, err);

	if (!status)
		status = tu_audit_head(tx, &head, err);
	if (!status && head.n < 1)
		status = tu_fail(err, TU_E_NOTFOUND, 0, "the ledger has no record yet");
	if (status)
		return status;
	m->checkpoint.n = head.n;
	memcpy(m->checkpoint.hash, head.hash, sizeof(head.hash));
	status = tu_tx_row(
		tx, TU_SQL_CHECKPOINT_FROM, TU_BIND(tu_int(head.n), tu_int(1)), &rows, err);
	m->there = !status;
	if (status)
		return status == TU_E_NOTFOUND ? TU_OK : status;
	take_row(rows, &m->checkpoint);
	return tu_rows_close(rows, err);
}

static enum tu_status sign(struct making *m, struct tu_signer *signer, struct tu_error *err)
{
	struct tu_sign_request request = {.purpose = TU_SIGN_CHECKPOINT,
		.who = tu_str_first(m->act->actor, TU_SIGN_WHO_MAX),
		.at = m->act->at};
	struct tu_verifying_key key;
	struct tu_buf text;
	enum tu_status status = tu_signer_key(signer, TU_SIGN_CHECKPOINT, &key, err);

	m->checkpoint.at = m->act->at;
	if (!status)
		status = tu_key_id_text(key.public_key, m->checkpoint.key_id, err);
	if (status)
		return status;
	tu_buf_init(&text, TU_CHECKPOINT_TEXT_MAX);
	tu_checkpoint_text(&m->checkpoint, &text);
	request.payload = tu_buf_str(&text);
	status = text.failed ? tu_no_memory(err)
			     : tu_signer_sign(signer, &request, m->checkpoint.signature, err);
	tu_buf_done(&text);
	return status;
}

static enum tu_status keep(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const struct tu_checkpoint *c = &((const struct making *)self)->checkpoint;

	return tu_tx_exec(tx, TU_SQL_CHECKPOINT_ADD,
		TU_BIND(tu_int(c->n), tu_int(c->at),
			tu_blob(tu_str_of((const char *)c->hash, sizeof(c->hash))),
			tu_text(tu_str_c(c->key_id)),
			tu_blob(tu_str_of((const char *)c->signature, sizeof(c->signature)))),
		NULL, err);
}

enum tu_status tu_audit_checkpoint(struct tu_store *store, struct tu_signer *signer,
	const struct tu_audit_act *act, struct tu_checkpoint *out_checkpoint, struct tu_error *err)
{
	struct making m = {.act = act};
	enum tu_status status = tu_store_run(store, TU_TX_READ, look, &m, err);

	if (!status && !m.there)
		status = sign(&m, signer, err);
	if (!status && !m.there)
		status = tu_store_run(store, TU_TX_WRITE, keep, &m, err);
	if (!status)
		*out_checkpoint = m.checkpoint;
	return status;
}

/* ---- carrying them out ---- */

struct carrying {
	const struct tu_audit_act *act;
	struct tu_buf *out;
	size_t before; /* bytes of `out` */
	size_t count;
	int64_t last;
	char instance[TU_INSTANCE_DIGITS + 1];
};

static enum tu_status write_all(struct carrying *c, struct tu_tx *tx, struct tu_error *err)
{
	struct tu_checkpoint checkpoint;
	struct tu_rows *rows;
	enum tu_status status = tu_tx_query(tx, TU_SQL_CHECKPOINT_FROM,
		TU_BIND(tu_int(INT64_MIN), tu_int(INT64_MAX)), &rows, err);

	if (status)
		return status;
	memcpy(checkpoint.instance, c->instance, sizeof(checkpoint.instance));
	while (tu_rows_next(rows)) {
		take_row(rows, &checkpoint);
		tu_checkpoint_write(&checkpoint, c->out);
		c->last = checkpoint.n;
		c->count++;
	}
	status = tu_rows_close(rows, err);
	return status || !c->out->failed ? status : tu_no_memory(err);
}

static enum tu_status record(struct carrying *c, struct tu_tx *tx, struct tu_error *err)
{
	struct tu_ledger_entry entry = {.at = c->act->at,
		.actor = c->act->actor,
		.action = TU_STR("checkpoint.export"),
		.subject = TU_STR("checkpoint")};
	struct tu_json_writer json;
	struct tu_buf body;
	enum tu_status status;

	tu_buf_init(&body, BODY_MAX);
	json = tu_json_writer(&body, false);
	tu_json_open_object(&json);
	tu_json_key(&json, "after");
	tu_json_open_object(&json);
	tu_json_member_int(&json, "exported", (int64_t)c->count);
	tu_json_member_int(&json, "last", c->last);
	tu_json_close_object(&json);
	tu_json_member_opt(&json, "reason", c->act->reason);
	tu_json_close_object(&json);
	entry.body = tu_buf_str(&body);
	status = body.failed ? tu_no_memory(err) : tu_tx_record(tx, &entry, err);
	tu_buf_done(&body);
	return status;
}

static enum tu_status carry(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct carrying *c = self;
	enum tu_status status;

	c->out->len = c->before;
	c->count = 0;
	status = tu_audit_instance(tx, c->instance, err);
	if (!status)
		status = write_all(c, tx, err);
	if (!status && c->count)
		status = tu_tx_exec(tx, TU_SQL_CHECKPOINT_MARK,
			TU_BIND(tu_int(c->act->at), tu_int(c->last)), NULL, err);
	return status || !c->count ? status : record(c, tx, err);
}

enum tu_status tu_audit_checkpoints_export(struct tu_store *store, const struct tu_audit_act *act,
	struct tu_buf *out, size_t *out_count, struct tu_error *err)
{
	struct carrying c = {.act = act, .out = out, .before = out->len};
	enum tu_status status = tu_store_run(store, TU_TX_WRITE, carry, &c, err);

	*out_count = status ? 0 : c.count;
	return status;
}

static enum tu_status last_export(struct tu_tx *tx, void *self, struct tu_error *err)
{
	return tu_tx_int(tx, TU_SQL_CHECKPOINT_EXPORTED, TU_NO_BIND, self, err);
}

enum tu_status tu_audit_checkpoints_exported(
	struct tu_store *store, int64_t *out_at, struct tu_error *err)
{
	*out_at = 0;
	return tu_store_run(store, TU_TX_READ, last_export, out_at, err);
}
