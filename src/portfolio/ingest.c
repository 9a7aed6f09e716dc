#include "portfolio/ingest.h"

static enum tu_status record(struct tu_work *w, const struct tu_ingest *ingest,
	const uint8_t *before, const struct tu_document *document, struct tu_error *err)
{
	const struct tu_release_row *release = ingest->release;
	struct tu_record record;

	tu_record_begin(&record, release->locked ? "release.correct" : "release.ingest",
		"release:%.*s", TU_STR_FMT(release->public_id));
	record.change = (struct tu_change){"release", release->id};
	tu_json_member_str(&record.json, "version", release->version);
	tu_record_digest(&record.json, "before", before);
	tu_settled_write(&record.json, &ingest->settled);
	tu_record_digest(&record.json, "document", document->digest);
	return tu_record_add(&record, w, err);
}

/* What the document says of files, once for each document (portfolio/where.h). */
static enum tu_status put_hashes(struct tu_work *w, const struct tu_inventory *inventory,
	const struct tu_document *document, struct tu_error *err)
{
	struct tu_batch rows = {.w = w};
	int64_t there = 0;
	enum tu_status status = tu_tx_int(
		w->tx, TU_SQL_DOCUMENT_HASH_ANY, TU_BIND(tu_int(document->id)), &there, err);

	if (status != TU_E_NOTFOUND)
		return status;
	for (size_t i = 0; i < inventory->component_count; i++) {
		const struct tu_component *c = &inventory->components[i];

		for (size_t k = 0; k < c->hash_count; k++)
			tu_batch_add(&rows,
				TU_BIND(tu_int(document->id), tu_text(c->hashes[k].value),
					tu_text(c->hashes[k].algorithm), tu_text(c->name),
					tu_text(c->version)));
	}
	return tu_batch_run(&rows, TU_SQL_DOCUMENT_HASH_PUT, err);
}

enum tu_status tu_release_ingest(struct tu_work *w, struct tu_ingest *ingest, struct tu_error *err)
{
	struct tu_release_row *release = ingest->release;
	struct tu_settle settle = {
		.by = ingest->by, .release = release, .prepared = ingest->prepared};
	struct tu_document document;
	uint8_t before[TU_SHA256_BYTES];
	bool had = release->sbom_id != 0;
	enum tu_status status = TU_OK;

	if (had)
		status = tu_document_digest(w->tx, release->sbom_id, before, err);
	if (status == TU_OK)
		status = tu_document_put(w, "sbom", ingest->text, &document, err);
	if (status == TU_OK)
		status = put_hashes(w, ingest->prepared->inventory, &document, err);
	if (status == TU_OK && document.id != release->sbom_id)
		status = tu_release_set_sbom(w, release, &document, err);
	if (status == TU_OK)
		status = tu_settle(w, &settle, err);
	if (status != TU_OK)
		return status;
	ingest->settled = settle.settled;
	return record(w, ingest, had ? before : NULL, &document, err);
}
