#include "portfolio/knowledge.h"

#include <unistd.h>

#include "app/output.h"
#include "base/hex.h"
#include "kb/kb.h"

static const struct tu_str setting = TU_STR_INIT("knowledge");

static struct tu_str hex_of(const uint8_t digest[TU_SHA256_BYTES], char text[TU_KNOWLEDGE_HEX])
{
	struct tu_buf hex = {.ptr = text, .cap = TU_KNOWLEDGE_HEX, .ceiling = TU_KNOWLEDGE_HEX};

	tu_sha256_write(digest, &hex);
	return tu_buf_str(&hex);
}

/* ---- rows ---- */

static enum tu_status find(struct tu_work *w, enum tu_sql sql, struct tu_params params,
	struct tu_knowledge_row *out_row, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_row(w->tx, sql, params, &rows, err);

	*out_row = (struct tu_knowledge_row){0};
	if (status != TU_OK)
		return status;
	out_row->id = tu_rows_int(rows, 0);
	out_row->bytes = tu_rows_int(rows, 2);
	out_row->chunks = tu_rows_int(rows, 3);
	out_row->newest = tu_rows_int(rows, 4);
	if (tu_rows_text(rows, 1).len == TU_SHA256_BYTES)
		memcpy(out_row->digest, tu_rows_text(rows, 1).ptr, TU_SHA256_BYTES);
	return tu_rows_close(rows, err);
}

enum tu_status tu_knowledge_by_digest(struct tu_work *w, const uint8_t digest[TU_SHA256_BYTES],
	struct tu_knowledge_row *out_row, struct tu_error *err)
{
	return find(w, TU_SQL_KNOWLEDGE_BY_DIGEST,
		TU_BIND(tu_blob(tu_str_of((const char *)digest, TU_SHA256_BYTES))), out_row, err);
}

static enum tu_status read_current(
	struct tu_work *w, enum tu_sql sql, struct tu_knowledge_row *out_row, struct tu_error *err)
{
	uint8_t digest[TU_SHA256_BYTES];
	struct tu_rows *rows;
	bool named;
	enum tu_status status = tu_tx_row(w->tx, sql, TU_BIND(tu_text(setting)), &rows, err);

	*out_row = (struct tu_knowledge_row){0};
	if (status != TU_OK)
		return status == TU_E_NOTFOUND ? TU_OK : status;
	named = tu_hex_read(tu_rows_text(rows, 0), digest, sizeof(digest));
	status = tu_rows_close(rows, err);
	if (status == TU_OK && named)
		status = tu_knowledge_by_digest(w, digest, out_row, err);
	if (status == TU_OK && named)
		return TU_OK;
	return status == TU_OK || status == TU_E_NOTFOUND
		? tu_fail(err, TU_E_CORRUPT, 0,
			  "the setting \"knowledge\" names no knowledge base of the database")
		: status;
}

enum tu_status tu_knowledge_current(
	struct tu_work *w, struct tu_knowledge_row *out_row, struct tu_error *err)
{
	return read_current(w, TU_SQL_SETTING_GET, out_row, err);
}

enum tu_status tu_knowledge_hold(
	struct tu_work *w, struct tu_knowledge_row *out_row, struct tu_error *err)
{
	return read_current(w, TU_SQL_SETTING_HOLD, out_row, err);
}

/* ---- putting ---- */

static enum tu_status put_chunks(
	struct tu_work *w, const struct tu_kb *kb, int64_t id, struct tu_error *err)
{
	struct tu_str rest = tu_str_of((const char *)kb->bytes, kb->len);
	enum tu_status status = TU_OK;

	for (int64_t n = 0; rest.len && status == TU_OK; n++) {
		struct tu_str chunk = tu_str_first(rest, TU_KNOWLEDGE_CHUNK);

		status = tu_work_exec(w, TU_SQL_KNOWLEDGE_CHUNK_ADD,
			TU_BIND(tu_int(id), tu_int(n), tu_blob(chunk)), err);
		rest = tu_str_from(rest, chunk.len);
	}
	return status;
}

enum tu_status tu_knowledge_put(struct tu_work *w, const struct tu_kb *kb,
	struct tu_knowledge_row *out_row, struct tu_error *err)
{
	struct tu_kb_info info;
	int64_t chunks;
	enum tu_status status;

	tu_kb_info(kb, &info);
	status = tu_knowledge_by_digest(w, info.sha256, out_row, err);
	if (status != TU_E_NOTFOUND)
		return status;
	chunks = (int64_t)((kb->len + TU_KNOWLEDGE_CHUNK - 1) / TU_KNOWLEDGE_CHUNK);
	status = tu_work_exec(w, TU_SQL_KNOWLEDGE_ADD,
		TU_BIND(tu_blob(tu_str_of((const char *)info.sha256, TU_SHA256_BYTES)),
			tu_int((int64_t)kb->len), tu_int(chunks), tu_int(info.vulnerabilities),
			tu_int(info.newest), tu_int(w->act->at)),
		err);
	if (status == TU_OK)
		status = tu_knowledge_by_digest(w, info.sha256, out_row, err);
	return status ? status : put_chunks(w, kb, out_row->id, err);
}

enum tu_status tu_knowledge_name(struct tu_work *w, const struct tu_knowledge_row *before,
	const struct tu_knowledge_row *row, struct tu_error *err)
{
	struct tu_knowledge_row now;
	struct tu_record record;
	char hex[TU_KNOWLEDGE_HEX];
	enum tu_status status = tu_knowledge_current(w, &now, err);

	if (status == TU_OK && now.id != before->id)
		status = tu_fail(err, TU_E_CONFLICT, 0,
			"another knowledge base has become the current one meanwhile");
	if (status == TU_OK)
		status = tu_work_exec(w, TU_SQL_SETTING_PUT,
			TU_BIND(tu_text(setting), tu_text(hex_of(row->digest, hex))), err);
	if (status != TU_OK)
		return status;
	tu_record_begin(&record, "knowledge.name", "knowledge");
	tu_record_digest(&record.json, "before", before->id ? before->digest : NULL);
	tu_record_digest(&record.json, "after", row->digest);
	return tu_record_add(&record, w, err);
}

/* ---- fetching ---- */

static enum tu_status write_chunks(struct tu_work *w, const struct tu_knowledge_row *row,
	struct tu_output *output, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	for (int64_t n = 0; n < row->chunks && status == TU_OK; n++) {
		struct tu_rows *rows;

		status = tu_tx_row(w->tx, TU_SQL_KNOWLEDGE_CHUNK_GET,
			TU_BIND(tu_int(row->id), tu_int(n)), &rows, err);
		if (status == TU_E_NOTFOUND)
			return tu_fail(err, TU_E_CORRUPT, 0,
				"a piece of the knowledge base is missing in the database");
		if (status != TU_OK)
			return status;
		tu_buf_str_add(&output->sink.buf, tu_rows_text(rows, 0));
		tu_sink_spill(&output->sink);
		status = tu_rows_close(rows, err);
	}
	return status;
}

static enum tu_status verify(
	const char *path, const struct tu_knowledge_row *row, struct tu_error *err)
{
	struct tu_kb *kb = NULL;
	struct tu_kb_info info;
	enum tu_status status = tu_kb_open(path, &kb, err);

	if (status == TU_OK)
		status = tu_kb_verify(kb, err);
	if (status == TU_OK) {
		tu_kb_info(kb, &info);
		if (memcmp(info.sha256, row->digest, TU_SHA256_BYTES) != 0)
			status = tu_fail(err, TU_E_CORRUPT, 0,
				"the knowledge base in the database is another than its row says");
	}
	tu_kb_close(kb);
	return status;
}

enum tu_status tu_knowledge_fetch(struct tu_work *w, const struct tu_knowledge_row *row,
	const char *path, struct tu_error *err)
{
	struct tu_output output;
	enum tu_status status = tu_output_open(&output, path, err);

	if (status != TU_OK)
		return status;
	status = write_chunks(w, row, &output, err);
	if (status == TU_OK)
		status = tu_output_finish(&output, err);
	if (status == TU_OK)
		status = verify(tu_output_file(&output), row, err);
	if (status == TU_OK)
		return tu_output_close(&output, err);
	tu_output_abandon(&output);
	return status;
}
