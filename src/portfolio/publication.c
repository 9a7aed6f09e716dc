#include "portfolio/publication.h"

#include "portfolio/file.h"
#include "portfolio/media.h"

static const char *const levels[TU_PUBLICATION_LEVELS] = {"public", "customer", "internal"};
static const char *const kinds[TU_PUBLICATION_KINDS] = {"release", "sbom", "file"};
static const char *const types[] = {"attestation", "build-meta", "certification", "formulation",
	"license", "release-notes", "security-txt", "threat-model", "vulnerabilities", "other"};

static bool find(struct tu_str name, const char *const *words, size_t count, unsigned *out)
{
	for (unsigned i = 0; i < count; i++) {
		if (tu_str_eq(name, tu_str_c(words[i]))) {
			*out = i;
			return true;
		}
	}
	return false;
}

const char *tu_publication_level_name(enum tu_publication_level level)
{
	return levels[level];
}

bool tu_publication_level_by_name(struct tu_str name, enum tu_publication_level *out_level)
{
	unsigned at = 0;
	bool found = find(name, levels, TU_COUNT(levels), &at);

	*out_level = found ? (enum tu_publication_level)at : TU_LEVEL_INTERNAL;
	return found;
}

const char *tu_publication_kind_name(enum tu_publication_kind kind)
{
	return kinds[kind];
}

bool tu_publication_kind_by_name(struct tu_str name, enum tu_publication_kind *out_kind)
{
	unsigned at = 0;
	bool found = find(name, kinds, TU_COUNT(kinds), &at);

	*out_kind = (enum tu_publication_kind)at;
	return found;
}

bool tu_publication_is_type(struct tu_str type)
{
	unsigned at;

	return find(type, types, TU_COUNT(types), &at);
}

/* ---- reading ---- */

static bool take(struct tu_work *w, const struct tu_rows *rows, struct tu_publications *out)
{
	struct tu_str digest = tu_rows_text(rows, 12);
	struct tu_publication row = {.id = tu_rows_int(rows, 0),
		.release_id = tu_rows_int(rows, 1),
		.revision = tu_rows_int(rows, 7),
		.document_id = tu_rows_int(rows, 8),
		.since = tu_rows_int(rows, 10),
		.until = tu_rows_int(rows, 11),
		.bytes = tu_rows_int(rows, 13),
		.device_id = tu_rows_int(rows, 14)};

	/* what is not understood is nobody's but the maker's */
	(void)tu_publication_kind_by_name(tu_rows_text(rows, 3), &row.kind);
	(void)tu_publication_level_by_name(tu_rows_text(rows, 6), &row.level);
	if (digest.len == sizeof(row.digest))
		memcpy(row.digest, digest.ptr, sizeof(row.digest));
	return tu_arena_dup(w->arena, tu_rows_text(rows, 2), &row.artifact) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 4), &row.path) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 5), &row.type) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 9), &row.media) &&
		TU_VEC_PUSH_IN(w->arena, &out->list, row);
}

enum tu_status tu_publication_list(
	struct tu_work *w, int64_t device_id, struct tu_publications *out, struct tu_error *err)
{
	struct tu_rows *rows;
	bool ok = true;
	enum tu_status status =
		tu_tx_query(w->tx, TU_SQL_PUBLICATION_ROWS, TU_BIND(tu_int(device_id)), &rows, err);

	*out = (struct tu_publications){0};
	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows))
		ok = take(w, rows, out);
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

/* ---- what there is to publish ---- */

static enum tu_status find_file(struct tu_work *w, const struct tu_publication_about *about,
	int64_t *out_document, struct tu_error *err)
{
	struct tu_device_files files = {0};
	enum tu_status status = tu_device_file_list(w, about->release->device_id, &files, err);

	for (size_t i = 0; status == TU_OK && i < files.count; i++) {
		if (tu_str_eq(files.at[i].path, about->path)) {
			*out_document = files.at[i].document_id;
			return TU_OK;
		}
	}
	return status ? status : tu_fail(err, TU_E_NOTFOUND, 0, "the device has no such file");
}

static enum tu_status find_document(struct tu_work *w, const struct tu_publication_about *about,
	int64_t *out_document, struct tu_error *err)
{
	*out_document = 0;
	if (about->kind == TU_PUBLICATION_RELEASE)
		return TU_OK;
	if (about->kind == TU_PUBLICATION_FILE) {
		if (!tu_publication_is_type(about->type))
			return tu_fail(err, TU_E_USAGE, 0, "\"%.*s\" is no type of a file",
				TU_STR_FMT(about->type));
		return find_file(w, about, out_document, err);
	}
	*out_document = about->release->sbom_id;
	return *out_document ? TU_OK
			     : tu_fail(err, TU_E_USAGE, 0, "release %.*s has no SBOM yet",
				       TU_STR_FMT(about->release->version));
}

static struct tu_str type_of(const struct tu_publication_about *about)
{
	if (about->kind == TU_PUBLICATION_FILE)
		return about->type;
	return about->kind == TU_PUBLICATION_SBOM ? TU_STR("bom") : TU_STR("release");
}

/* ---- writing ---- */

struct before {
	const struct tu_publication *stands; /* NULL: it is not offered */
	const struct tu_publication *last; /* of its content; NULL: it never was */
};

static struct before before_of(
	const struct tu_publications *rows, const struct tu_publication_about *about)
{
	struct before before = {0};

	for (size_t i = 0; i < rows->list.count; i++) {
		const struct tu_publication *row = &rows->list.at[i];

		if (row->release_id != about->release->id || row->kind != about->kind ||
			!tu_str_eq(row->path, about->path))
			continue;
		if (!row->until)
			before.stands = row;
		before.last = row;
	}
	return before;
}

static enum tu_status record(struct tu_work *w, const struct tu_release_row *release,
	const struct tu_publication *before, const struct tu_publication *after,
	struct tu_error *err)
{
	const char *action = after ? "release.publish" : "release.unpublish";
	const struct tu_publication *any = after ? after : before;
	struct tu_record record;

	tu_record_begin(&record, action, "release:%.*s", TU_STR_FMT(release->public_id));
	record.change = (struct tu_change){"release", release->id};
	tu_json_member_str(&record.json, "version", release->version);
	tu_json_member_str(&record.json, "artifact", any->artifact);
	tu_json_member_str(&record.json, "kind", tu_str_c(kinds[any->kind]));
	tu_json_member_opt(&record.json, "path", any->path);
	tu_json_member_int(&record.json, "revision", any->revision);
	tu_json_key(&record.json, "before");
	if (before)
		tu_json_add_str(&record.json, tu_str_c(levels[before->level]));
	else
		tu_json_add_null(&record.json);
	tu_json_key(&record.json, "after");
	if (after)
		tu_json_add_str(&record.json, tu_str_c(levels[after->level]));
	else
		tu_json_add_null(&record.json);
	if (any->document_id)
		tu_record_digest(&record.json, "content", any->digest);
	return tu_record_add(&record, w, err);
}

static enum tu_status end(
	struct tu_work *w, const struct tu_publication *row, int64_t at, struct tu_error *err)
{
	return tu_work_update(w, TU_SQL_PUBLICATION_END, TU_BIND(tu_int(row->id), tu_int(at)),
		"publication", err);
}

/* A clock that steps back changes no order. */
static int64_t time_of(const struct tu_work *w, const struct tu_publication *last)
{
	int64_t at = w->act->at;

	if (last && at <= last->since)
		at = last->since + 1;
	return last && at < last->until ? last->until : at;
}

static enum tu_status read_media(
	struct tu_work *w, int64_t document_id, struct tu_publication *row, struct tu_error *err)
{
	struct tu_document document;
	struct tu_buf bytes;
	enum tu_status status;

	tu_buf_init(&bytes, TU_DOCUMENT_MAX);
	status = tu_document_get(w->tx, document_id, &bytes, &document, err);
	if (status == TU_OK) {
		row->media = tu_str_c(tu_media_of(tu_buf_str(&bytes)));
		memcpy(row->digest, document.digest, sizeof(row->digest));
	}
	tu_buf_done(&bytes);
	return status;
}

static enum tu_status add(struct tu_work *w, const struct tu_publication *row, struct tu_error *err)
{
	return tu_work_exec(w, TU_SQL_PUBLICATION_ADD,
		TU_BIND(tu_int(row->release_id), tu_text(row->artifact),
			tu_text(tu_str_c(kinds[row->kind])), tu_text(row->path), tu_text(row->type),
			tu_text(tu_str_c(levels[row->level])), tu_int(row->revision),
			row->document_id ? tu_int(row->document_id) : tu_null(),
			tu_text(row->media), tu_int(row->since)),
		err);
}

static bool stands_like_this(const struct tu_publication *stands, const struct tu_publication *row)
{
	return stands && stands->document_id == row->document_id && stands->level == row->level &&
		tu_str_eq(stands->type, row->type);
}

static enum tu_status put(struct tu_work *w, struct tu_publication_about *about,
	const struct before *before, struct tu_publication *row, struct tu_error *err)
{
	const struct tu_publication *last = before->last;
	enum tu_status status = TU_OK;

	row->since = time_of(w, last);
	row->revision = !last				? 1
		: last->document_id == row->document_id ? last->revision
							: last->revision + 1;
	if (last)
		row->artifact = last->artifact;
	else
		status = tu_work_new_id(w, &row->artifact, err);
	about->artifact = row->artifact;
	about->changed = !stands_like_this(before->stands, row);
	if (status != TU_OK || !about->changed)
		return status;
	if (row->document_id)
		status = read_media(w, row->document_id, row, err);
	if (status == TU_OK && before->stands)
		status = end(w, before->stands, row->since, err);
	if (status == TU_OK)
		status = add(w, row, err);
	return status ? status : record(w, about->release, before->stands, row, err);
}

/* Whoever publishes of a device waits for the one who does. */
static enum tu_status read_held(struct tu_work *w, const struct tu_release_row *release,
	struct tu_publications *out, struct tu_error *err)
{
	int64_t version;
	enum tu_status status = tu_tx_int(
		w->tx, TU_SQL_DEVICE_HOLD, TU_BIND(tu_int(release->device_id)), &version, err);

	return status ? status : tu_publication_list(w, release->device_id, out, err);
}

enum tu_status tu_publish(
	struct tu_work *w, struct tu_publication_about *about, struct tu_error *err)
{
	struct tu_publications rows;
	struct tu_publication row = {.release_id = about->release->id,
		.kind = about->kind,
		.level = about->level,
		.path = about->path,
		.type = type_of(about)};
	struct before before;
	enum tu_status status = read_held(w, about->release, &rows, err);

	if (status == TU_OK)
		status = find_document(w, about, &row.document_id, err);
	if (status != TU_OK)
		return status;
	before = before_of(&rows, about);
	return put(w, about, &before, &row, err);
}

enum tu_status tu_unpublish(struct tu_work *w, const struct tu_release_row *release,
	struct tu_str artifact, struct tu_error *err)
{
	struct tu_publications rows;
	enum tu_status status = read_held(w, release, &rows, err);

	for (size_t i = 0; status == TU_OK && i < rows.list.count; i++) {
		const struct tu_publication *row = &rows.list.at[i];

		if (row->release_id != release->id || row->until ||
			!tu_str_eq(row->artifact, artifact))
			continue;
		status = end(w, row, time_of(w, row), err);
		return status ? status : record(w, release, row, NULL, err);
	}
	return status ? status : tu_fail(err, TU_E_NOTFOUND, 0, "there is no such artifact");
}
