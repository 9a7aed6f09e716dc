/*
 * Documents as they were received: SBOMs, device.yaml, decisions, side files. Each is kept once, by
 * its SHA-256, byte for byte; what zstd makes smaller is kept so.
 */
#ifndef TU_PORTFOLIO_DOCUMENT_H
#define TU_PORTFOLIO_DOCUMENT_H

#include "portfolio/work.h"

/* Of one document, after unpacking. */
#define TU_DOCUMENT_MAX ((size_t)1 << 30)

struct tu_document {
	int64_t id;
	uint8_t digest[TU_SHA256_BYTES];
	int64_t bytes;
	int64_t received; /* us */
};

/* Documents that were packed before the transaction that keeps them: packing takes tens of
 * milliseconds for each megabyte, and all writers of SQLite would wait for it. */
struct tu_packed_documents {
	TU_VEC(struct tu_packed_document {
		uint8_t digest[TU_SHA256_BYTES];
		struct tu_str bytes;
	})
	list;
};

struct tu_packing {
	struct tu_store *store;
	const struct tu_act *act;
	const struct tu_str *texts;
	size_t text_count;
};

/* Pack those of the texts that the store does not have, in the arena, without a transaction. Where
 * an act has them, tu_document_put() takes them from there; any other text it packs itself. Errors
 * of the store, TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_documents_pack(const struct tu_packing *packing,
	struct tu_arena *arena, struct tu_packed_documents *out_packed, struct tu_error *err);

/* Keep a text; one that is there already is the same document. `kind`: a word of what it was
 * received as, such as "sbom". TU_E_LIMIT. */
TU_NODISCARD enum tu_status tu_document_put(struct tu_work *w, const char *kind, struct tu_str text,
	struct tu_document *out_document, struct tu_error *err);

/* Its text into `out` (initialised; its old contents go), with TU_JSON_PADDING zero bytes after it
 * that do not count. TU_E_NOTFOUND; TU_E_CORRUPT when it is not what its digest says. */
TU_NODISCARD enum tu_status tu_document_get(struct tu_tx *tx, int64_t id, struct tu_buf *out,
	struct tu_document *out_document, struct tu_error *err);

/* What a row of the table has, by a statement of another's; `document` has digest and length. */
TU_NODISCARD enum tu_status tu_document_unpack(struct tu_str content, bool packed,
	const struct tu_document *document, struct tu_buf *out, struct tu_error *err);

/* The digest alone. */
TU_NODISCARD enum tu_status tu_document_digest(
	struct tu_tx *tx, int64_t id, uint8_t out_digest[TU_SHA256_BYTES], struct tu_error *err);

#endif
