#include "portfolio/document.h"

#include "base/json.h"
#include "base/pack.h"

/* Smaller ones are kept as they are: a frame costs more than it saves. */
enum { PACK_FROM = 256 };

static struct tu_str digest_of(const uint8_t *digest)
{
	return tu_str_of((const char *)digest, TU_SHA256_BYTES);
}

/* ---- packing ---- */

/* Into `out`, which is initialised; empty where packing does not make it smaller. */
static enum tu_status pack(struct tu_str text, struct tu_buf *out, struct tu_error *err)
{
	enum tu_status status;

	if (text.len < PACK_FROM)
		return TU_OK;
	status = tu_pack(text, (struct tu_str){0}, out, err);
	if (out->len >= text.len)
		tu_buf_clear(out);
	return status;
}

static void init_packed(struct tu_buf *out)
{
	tu_buf_init(out, TU_DOCUMENT_MAX + (TU_DOCUMENT_MAX >> 7) + 512);
}

struct missing {
	const struct tu_packing *packing;
	struct tu_packed_documents *found; /* of each text; its bytes are not packed */
	struct tu_arena *arena;
};

static enum tu_status find_missing(struct tu_work *w, void *self, struct tu_error *err)
{
	struct missing *m = self;
	enum tu_status status = TU_OK;

	m->found->list.count = 0;
	for (size_t i = 0; status == TU_OK && i < m->packing->text_count; i++) {
		struct tu_packed_document one = {.bytes = m->packing->texts[i]};
		int64_t id;

		if (one.bytes.len < PACK_FROM || one.bytes.len > TU_DOCUMENT_MAX)
			continue;
		if (tu_sha256(one.bytes, one.digest) != TU_OK)
			return tu_no_memory(err);
		status = tu_tx_int(w->tx, TU_SQL_DOCUMENT_ID,
			TU_BIND(tu_blob(digest_of(one.digest))), &id, err);
		if (status == TU_E_NOTFOUND)
			status = TU_VEC_PUSH_IN(m->arena, &m->found->list, one) ? TU_OK
										: tu_no_memory(err);
	}
	return status;
}

enum tu_status tu_documents_pack(const struct tu_packing *packing, struct tu_arena *arena,
	struct tu_packed_documents *out, struct tu_error *err)
{
	struct missing missing = {packing, out, arena};
	struct tu_buf packed;
	enum tu_status status;

	*out = (struct tu_packed_documents){0};
	init_packed(&packed);
	status = tu_work_read(packing->store, packing->act, find_missing, &missing, err);
	for (size_t i = 0; status == TU_OK && i < out->list.count; i++) {
		struct tu_packed_document *one = &out->list.at[i];

		tu_buf_clear(&packed);
		status = pack(one->bytes, &packed, err);
		if (status == TU_OK && !tu_arena_dup(arena, tu_buf_str(&packed), &one->bytes))
			status = tu_no_memory(err);
	}
	tu_buf_done(&packed);
	return status;
}

static const struct tu_packed_document *packed_before(
	const struct tu_packed_documents *packed, const uint8_t *digest)
{
	for (size_t i = 0; packed && i < packed->list.count; i++)
		if (memcmp(packed->list.at[i].digest, digest, TU_SHA256_BYTES) == 0)
			return &packed->list.at[i];
	return NULL;
}

/* ---- keeping ---- */

static enum tu_status add(struct tu_work *w, const char *kind, struct tu_str text,
	const struct tu_document *document, struct tu_error *err)
{
	const struct tu_packed_document *before = packed_before(w->act->packed, document->digest);
	struct tu_buf packed;
	struct tu_str smaller;
	enum tu_status status = TU_OK;

	init_packed(&packed);
	if (!before)
		status = pack(text, &packed, err);
	smaller = before ? before->bytes : tu_buf_str(&packed);
	if (status == TU_OK)
		status = tu_work_exec(w, TU_SQL_DOCUMENT_ADD,
			TU_BIND(tu_blob(digest_of(document->digest)), tu_text(tu_str_c(kind)),
				tu_int((int64_t)text.len),
				tu_text(smaller.len ? TU_STR("zstd") : TU_STR("plain")),
				tu_blob(smaller.len ? smaller : text), tu_int(document->received)),
			err);
	tu_buf_done(&packed);
	return status;
}

enum tu_status tu_document_put(struct tu_work *w, const char *kind, struct tu_str text,
	struct tu_document *out, struct tu_error *err)
{
	struct tu_document document = {.bytes = (int64_t)text.len, .received = w->act->at};
	struct tu_params by_digest;
	enum tu_status status;

	if (text.len > TU_DOCUMENT_MAX)
		return tu_fail(err, TU_E_LIMIT, 0, "a document of %zu bytes: at most %zu", text.len,
			TU_DOCUMENT_MAX);
	if (tu_sha256(text, document.digest) != TU_OK)
		return tu_no_memory(err);
	by_digest = TU_BIND(tu_blob(digest_of(document.digest)));
	status = tu_tx_int(w->tx, TU_SQL_DOCUMENT_ID, by_digest, &document.id, err);
	if (status == TU_E_NOTFOUND) {
		status = add(w, kind, text, &document, err);
		if (status == TU_OK)
			status = tu_tx_int(w->tx, TU_SQL_DOCUMENT_ID, by_digest, &document.id, err);
	}
	if (status == TU_OK)
		*out = document;
	return status;
}

enum tu_status tu_document_unpack(struct tu_str content, bool packed,
	const struct tu_document *document, struct tu_buf *out, struct tu_error *err)
{
	uint8_t digest[TU_SHA256_BYTES];

	if (packed) {
		enum tu_status status = tu_unpack(content, (struct tu_str){0},
			(size_t)document->bytes, TU_JSON_PADDING, out, err);

		if (status != TU_OK)
			return status;
	} else {
		tu_buf_clear(out);
		tu_buf_str_add(out, content);
		if (!tu_buf_reserve(out, TU_JSON_PADDING))
			return tu_no_memory(err);
		memset(out->ptr + out->len, 0, TU_JSON_PADDING);
	}
	if (tu_sha256(tu_buf_str(out), digest) != TU_OK)
		return tu_no_memory(err);
	if (memcmp(digest, document->digest, sizeof(digest)) != 0)
		return tu_fail(err, TU_E_CORRUPT, 0,
			"document %lld is not what its digest says: the database is damaged",
			(long long)document->id);
	return TU_OK;
}

enum tu_status tu_document_get(struct tu_tx *tx, int64_t id, struct tu_buf *out,
	struct tu_document *out_document, struct tu_error *err)
{
	struct tu_document document = {.id = id};
	struct tu_rows *rows;
	struct tu_str digest;
	enum tu_status status = tu_tx_row(tx, TU_SQL_DOCUMENT_GET, TU_BIND(tu_int(id)), &rows, err);
	enum tu_status closed;

	if (status == TU_E_NOTFOUND)
		return tu_fail(err, TU_E_NOTFOUND, 0, "no document %lld", (long long)id);
	if (status != TU_OK)
		return status;
	document.bytes = tu_rows_int(rows, 1);
	document.received = tu_rows_int(rows, 4);
	digest = tu_rows_text(rows, 5);
	if (digest.len != TU_SHA256_BYTES || document.bytes < 0 ||
		(size_t)document.bytes > TU_DOCUMENT_MAX) {
		status = tu_fail(
			err, TU_E_CORRUPT, 0, "document %lld: its row is damaged", (long long)id);
	} else {
		memcpy(document.digest, digest.ptr, TU_SHA256_BYTES);
		status = tu_document_unpack(tu_rows_text(rows, 3),
			tu_str_eq(tu_rows_text(rows, 2), TU_STR("zstd")), &document, out, err);
	}
	closed = tu_rows_close(rows, status ? NULL : err);
	if (status == TU_OK)
		status = closed;
	if (status == TU_OK && out_document)
		*out_document = document;
	return status;
}

enum tu_status tu_document_digest(
	struct tu_tx *tx, int64_t id, uint8_t out_digest[TU_SHA256_BYTES], struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_row(tx, TU_SQL_DOCUMENT_DIGEST, TU_BIND(tu_int(id)), &rows, err);

	if (status != TU_OK)
		return status;
	memset(out_digest, 0, TU_SHA256_BYTES);
	if (tu_rows_text(rows, 0).len == TU_SHA256_BYTES)
		memcpy(out_digest, tu_rows_text(rows, 0).ptr, TU_SHA256_BYTES);
	return tu_rows_close(rows, err);
}
