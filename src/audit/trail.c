#include "audit/trail.h"

#include <string.h>

#include "base/json_writer.h"
#include "base/random.h"

enum { CHUNK = 2000, BODY_MAX = 4096 };

#define INSTANCE TU_STR("instance")

/* ---- which database it is ---- */

enum tu_status tu_audit_instance(
	struct tu_tx *tx, char out_id[TU_INSTANCE_DIGITS + 1], struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_row(tx, TU_SQL_SETTING_GET, TU_BIND(tu_text(INSTANCE)), &rows, err);
	struct tu_str id;

	out_id[0] = '\0';
	if (status)
		return status == TU_E_NOTFOUND
			? tu_fail(err, status, 0, "the database has no instance id yet")
			: status;
	id = tu_rows_text(rows, 0);
	if (id.len == TU_INSTANCE_DIGITS) {
		memcpy(out_id, id.ptr, id.len);
		out_id[id.len] = '\0';
	}
	status = tu_rows_close(rows, err);
	return status || *out_id
		? status
		: tu_fail(err, TU_E_CORRUPT, 0, "the database's instance id is not %d digits",
			  TU_INSTANCE_DIGITS);
}

static enum tu_status record_begin(
	struct tu_tx *tx, const struct tu_audit_act *act, const char *id, struct tu_error *err)
{
	struct tu_ledger_entry entry = {
		.at = act->at, .actor = act->actor, .action = TU_STR(TU_LEDGER_BEGIN)};
	struct tu_buf subject, body;
	struct tu_json_writer json;
	enum tu_status status;

	tu_buf_init(&subject, BODY_MAX);
	tu_buf_init(&body, BODY_MAX);
	tu_buf_printf(&subject, TU_LEDGER_INSTANCE "%s", id);
	json = tu_json_writer(&body, false);
	tu_json_open_object(&json);
	tu_json_member_opt(&json, "reason", act->reason);
	tu_json_close_object(&json);
	entry.subject = tu_buf_str(&subject);
	entry.body = tu_buf_str(&body);
	status = subject.failed || body.failed ? tu_no_memory(err) : tu_tx_record(tx, &entry, err);
	tu_buf_done(&subject);
	tu_buf_done(&body);
	return status;
}

static enum tu_status begin(struct tu_tx *tx, void *self, struct tu_error *err)
{
	char id[TU_RANDOM_ID + 1];
	int64_t changed = 0;
	enum tu_status status = tu_random_id(id, err);

	if (!status)
		status = tu_tx_exec(tx, TU_SQL_SETTING_ADD,
			TU_BIND(tu_text(INSTANCE), tu_text(tu_random_id_str(id))), &changed, err);
	return status || !changed ? status : record_begin(tx, self, id, err);
}

enum tu_status tu_audit_begin(
	struct tu_store *store, const struct tu_audit_act *act, struct tu_error *err)
{
	struct tu_audit_act copy = *act;

	return tu_store_run(store, TU_TX_WRITE, begin, &copy, err);
}

/* ---- reading ---- */

static void take_hash(struct tu_str text, uint8_t out_hash[TU_SHA256_BYTES])
{
	memset(out_hash, 0, TU_SHA256_BYTES);
	if (text.len == TU_SHA256_BYTES)
		memcpy(out_hash, text.ptr, TU_SHA256_BYTES);
}

enum tu_status tu_audit_head(
	struct tu_tx *tx, struct tu_ledger_head *out_head, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_row(tx, TU_SQL_LEDGER_HEAD, TU_NO_BIND, &rows, err);

	if (status)
		return status == TU_E_NOTFOUND
			? tu_fail(err, TU_E_CORRUPT, 0, "the ledger has no head row")
			: status;
	out_head->n = tu_rows_int(rows, 0);
	take_hash(tu_rows_text(rows, 1), out_head->hash);
	return tu_rows_close(rows, err);
}

static struct tu_ledger_record record_of(const struct tu_rows *rows)
{
	struct tu_ledger_record record = {.n = tu_rows_int(rows, 0),
		.at = tu_rows_int(rows, 1),
		.texts = {tu_rows_text(rows, 2), tu_rows_text(rows, 3), tu_rows_text(rows, 4),
			tu_rows_text(rows, 5)}};

	take_hash(tu_rows_text(rows, 6), record.hash);
	return record;
}

typedef enum tu_status visit(
	void *self, const struct tu_ledger_record *record, bool *out_more, struct tu_error *err);

struct walk {
	visit *call;
	void *self;
	int64_t last; /* number of the last record */
	bool more;
};

static enum tu_status each_of_page(
	struct tu_tx *tx, int64_t from, struct walk *walk, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_query(tx, TU_SQL_LEDGER_FROM,
			       TU_BIND(tu_int(from), tu_int(CHUNK)), &rows, err),
		       ended;
	size_t count = 0;

	if (status)
		return status;
	for (; !status && walk->more && tu_rows_next(rows); count++) {
		struct tu_ledger_record record = record_of(rows);

		walk->last = record.n;
		status = walk->call(walk->self, &record, &walk->more, err);
	}
	walk->more &= count == CHUNK && walk->last < INT64_MAX;
	ended = tu_rows_close(rows, status ? NULL : err);
	return status ? status : ended;
}

/* From the lowest number there is: one below 1 is found, too. */
static enum tu_status each(struct tu_tx *tx, visit *call, void *self, struct tu_error *err)
{
	struct walk walk = {.call = call, .self = self, .more = true};
	enum tu_status status = each_of_page(tx, INT64_MIN, &walk, err);

	while (!status && walk.more)
		status = each_of_page(tx, walk.last + 1, &walk, err);
	return status;
}

/* ---- verifying ---- */

struct verifying {
	const struct tu_ledger_trust *trust;
	struct tu_ledger_verifier verifier;
	char instance[TU_INSTANCE_DIGITS + 1];
};

static enum tu_status verify_record(
	void *self, const struct tu_ledger_record *record, bool *out_more, struct tu_error *err)
{
	struct verifying *v = self;

	return tu_ledger_verify_add(&v->verifier, record, out_more, err);
}

static enum tu_status verify(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct verifying *v = self;
	struct tu_ledger_head head;
	enum tu_status status = tu_audit_instance(tx, v->instance, err);

	if (status && status != TU_E_NOTFOUND)
		return status;
	tu_ledger_verify_begin(&v->verifier, tu_str_c(v->instance), v->trust);
	status = tu_audit_head(tx, &head, err);
	if (status == TU_E_CORRUPT) {
		head = (struct tu_ledger_head){0};
		status = TU_OK;
	}
	if (!status)
		status = each(tx, verify_record, v, err);
	if (!status)
		tu_ledger_verify_end(&v->verifier, &head);
	return status;
}

enum tu_status tu_audit_verify_in(struct tu_tx *tx, const struct tu_ledger_trust *trust,
	struct tu_ledger_verdict *out_verdict, struct tu_error *err)
{
	struct verifying v = {.trust = trust};
	enum tu_status status = verify(tx, &v, err);

	if (!status)
		*out_verdict = v.verifier.verdict;
	return status;
}

enum tu_status tu_audit_verify(struct tu_store *store, const struct tu_ledger_trust *trust,
	struct tu_ledger_verdict *out_verdict, struct tu_error *err)
{
	struct verifying v = {.trust = trust};
	enum tu_status status = tu_store_run(store, TU_TX_READ, verify, &v, err);

	if (!status)
		*out_verdict = v.verifier.verdict;
	return status;
}

/* ---- a file ---- */

struct exporting {
	struct tu_sink *out;
	int64_t records;
};

static enum tu_status export_record(
	void *self, const struct tu_ledger_record *record, bool *out_more, struct tu_error *err)
{
	struct exporting *e = self;

	(void)err;
	tu_ledger_write_record(record, &e->out->buf);
	tu_sink_spill(e->out);
	e->records++;
	*out_more = true;
	return TU_OK;
}

/* Not tu_store_run(): what is written cannot be written again. */
static enum tu_status export_all(struct tu_tx *tx, struct exporting *e, struct tu_error *err)
{
	struct tu_ledger_header header;
	enum tu_status status = tu_audit_instance(tx, header.instance, err);

	if (!status)
		status = tu_audit_head(tx, &header.head, err);
	if (status)
		return status;
	tu_ledger_write_header(&header, &e->out->buf);
	return each(tx, export_record, e, err);
}

enum tu_status tu_audit_export(
	struct tu_store *store, struct tu_sink *out, int64_t *out_records, struct tu_error *err)
{
	struct exporting e = {.out = out};
	struct tu_tx *tx;
	enum tu_status status = tu_store_begin(store, TU_TX_READ, &tx, err);

	if (status)
		return status;
	status = export_all(tx, &e, err);
	tu_tx_rollback(tx);
	*out_records = e.records;
	return status;
}
