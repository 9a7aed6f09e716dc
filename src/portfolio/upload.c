#include "portfolio/upload.h"

#include "base/json.h"
#include "portfolio/build.h"

enum tu_status tu_sbom_open(const struct tu_sbom_reader *reader, struct tu_arena *arena,
	struct tu_str bytes, const struct tu_inventory **out_inventory, struct tu_error *err)
{
	const struct tu_settling settling = {.reader = reader};

	return tu_settle_read(arena, &settling, bytes, out_inventory, err);
}

/* ---- which vulnerabilities a release has ---- */

struct vulns {
	TU_VEC(int64_t) ids; /* rising */
};

static enum tu_status read_vulns(
	struct tu_work *w, int64_t release, struct vulns *out, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_query(w->tx, TU_SQL_RELEASE_VULNS, TU_BIND(tu_int(release)), &rows, err);
	bool ok = true;

	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows))
		ok = TU_VEC_PUSH_IN(w->arena, &out->ids, tu_rows_int(rows, 0));
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

static void compare(const struct vulns *before, const struct vulns *now, struct tu_sbom_upload *up)
{
	size_t i = 0, same = 0;

	for (size_t k = 0; k < now->ids.count; k++) {
		while (i < before->ids.count && before->ids.at[i] < now->ids.at[k])
			i++;
		same += i < before->ids.count && before->ids.at[i] == now->ids.at[k];
	}
	up->vulnerabilities = now->ids.count;
	up->came = now->ids.count - same;
	up->went = before->ids.count - same;
}

/* ---- the transaction ---- */

struct uploading {
	struct tu_sbom_upload *up;
	struct tu_release_row release;
	struct tu_device_row device;
};

static enum tu_status find(struct tu_work *w, struct uploading *u, struct tu_error *err)
{
	struct tu_sbom_upload *up = u->up;
	struct tu_str name;
	enum tu_status status = tu_release_in(w, up->scope, up->release, &u->release, err);

	if (status == TU_OK && up->based_on && up->based_on != u->release.row_version)
		status =
			tu_fail(err, TU_E_CONFLICT, 0, "the release was changed since it was read");
	if (status == TU_OK)
		status = tu_device_name(w, u->release.device_id, &name, err);
	return status ? status : tu_device_find(w, name, &u->device, err);
}

/* Another document than the present one, for a release that is locked? */
static enum tu_status judge(struct tu_work *w, struct uploading *u, struct tu_error *err)
{
	uint8_t there[TU_SHA256_BYTES] = {0};
	enum tu_status status = TU_OK;

	if (u->release.sbom_id)
		status = tu_document_digest(w->tx, u->release.sbom_id, there, err);
	u->up->corrected = u->release.locked && memcmp(there, u->up->digest, sizeof(there)) != 0;
	u->up->needs_reason = u->up->corrected && !w->act->reason.len;
	return status;
}

static enum tu_status put(struct tu_work *w, void *self, struct tu_error *err)
{
	struct uploading u = {.up = self};
	struct tu_sbom_upload *up = u.up;
	struct tu_settling settling;
	struct tu_ingest ingest = {&settling, &u.release, up->bytes, &up->prepared, {0}};
	struct vulns before = {0}, now = {0};
	struct tu_str build = {0};
	enum tu_status status = find(w, &u, err);

	if (status == TU_OK)
		status = judge(w, &u, err);
	if (status == TU_OK)
		status = tu_settling_begin(w, &u.device, up->kb, &settling, err);
	if (status == TU_OK)
		status = read_vulns(w, u.release.id, &before, err);
	if (status == TU_OK)
		status = tu_release_ingest(w, &ingest, err);
	if (status == TU_OK)
		status = tu_build_add(w, &u.release, &build, err);
	if (status == TU_OK)
		status = tu_release_when_out(w, &u.release, err);
	if (status == TU_OK)
		status = read_vulns(w, u.release.id, &now, err);
	if (status != TU_OK)
		return status;
	compare(&before, &now, up);
	up->version = u.release.row_version;
	up->settled = ingest.settled;
	up->without_data = 0;
	for (size_t i = 0; i < up->prepared.component_count; i++)
		up->without_data += !up->prepared.components[i].facts.known;
	return tu_arena_dup(up->arena, ingest.settled.conflict, &up->settled.conflict) &&
			tu_arena_dup(up->arena, build, &up->build)
		? TU_OK
		: tu_no_memory(err);
}

enum tu_status tu_sbom_upload(struct tu_store *store, const struct tu_act *act,
	struct tu_sbom_upload *up, struct tu_error *err)
{
	struct tu_packed_documents packed;
	struct tu_act by = *act;
	enum tu_status status = tu_prepare(up->arena, up->kb, up->inventory, &up->prepared, err);

	up->needs_reason = false;
	if (status == TU_OK && tu_sha256(up->bytes, up->digest) != TU_OK)
		status = tu_no_memory(err);
	if (status == TU_OK)
		status = tu_documents_pack(
			&(struct tu_packing){store, act, &up->bytes, 1}, up->arena, &packed, err);
	by.packed = &packed;
	return status ? status : tu_work_run(store, &by, put, up, err);
}

/* ---- the stored one ---- */

static enum tu_status find_stored(struct tu_work *w, struct tu_sbom_stored *stored,
	int64_t *out_document, struct tu_error *err)
{
	struct tu_release_row row;
	enum tu_status status = tu_release_in(w, stored->scope, stored->release, &row, err);

	if (status != TU_OK)
		return status;
	*out_document = row.sbom_id;
	stored->missing = !row.sbom_id;
	return stored->missing ? tu_fail(err, TU_E_NOTFOUND, 0, "the release has no SBOM") : TU_OK;
}

static enum tu_status which(struct tu_work *w, void *self, struct tu_error *err)
{
	struct tu_sbom_stored *stored = self;
	int64_t document = 0;
	enum tu_status status = find_stored(w, stored, &document, err);

	return status ? status : tu_document_digest(w->tx, document, stored->document.digest, err);
}

enum tu_status tu_sbom_which(struct tu_store *store, const struct tu_act *act,
	struct tu_sbom_stored *stored, struct tu_error *err)
{
	return tu_work_read(store, act, which, stored, err);
}

static enum tu_status fetch(struct tu_work *w, void *self, struct tu_error *err)
{
	struct tu_sbom_stored *stored = self;
	int64_t document = 0;
	enum tu_status status = find_stored(w, stored, &document, err);

	return status ? status
		      : tu_document_get(w->tx, document, &stored->bytes, &stored->document, err);
}

enum tu_status tu_sbom_fetch(struct tu_store *store, const struct tu_act *act,
	struct tu_sbom_stored *stored, struct tu_error *err)
{
	tu_buf_init(&stored->bytes, TU_DOCUMENT_MAX + TU_JSON_PADDING);
	return tu_work_read(store, act, fetch, stored, err);
}
