/* What others may have of a release: listed, offered, taken back. */
#include "api/call.h"
#include "portfolio/file.h"
#include "portfolio/publication.h"

struct publication_row {
	struct tu_str artifact, kind, path, type, level, media, sha256;
	int64_t revision, bytes, since;
	bool current;
};

static const struct tu_api_column columns[] = {
	TU_API_COLUMN(struct publication_row, artifact, TU_API_TEXT, 0),
	TU_API_COLUMN(struct publication_row, kind, TU_API_WORD, 0),
	TU_API_COLUMN(struct publication_row, path, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct publication_row, type, TU_API_TEXT, 0),
	TU_API_COLUMN(struct publication_row, level, TU_API_WORD, 0),
	TU_API_COLUMN(struct publication_row, revision, TU_API_INT, 0),
	TU_API_COLUMN(struct publication_row, current, TU_API_BOOL, 0),
	TU_API_COLUMN(struct publication_row, media, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct publication_row, sha256, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct publication_row, bytes, TU_API_INT, TU_API_OPT),
	TU_API_COLUMN(struct publication_row, since, TU_API_TIME, 0),
};
const struct tu_api_table tu_api_table_publication =
	TU_API_TABLE("Publication", struct publication_row, columns);

struct listing {
	struct tu_api_call *call;
	struct tu_str artifact; /* the one that is wanted; empty: all */
	struct publication_row *rows;
	size_t count;
};

/* Is what was published what is stored now? */
static bool is_current(const struct tu_publication *from, const struct tu_release_row *release,
	const struct tu_device_files *files)
{
	if (from->kind == TU_PUBLICATION_SBOM)
		return from->document_id == release->sbom_id;
	for (size_t i = 0; from->kind == TU_PUBLICATION_FILE && i < files->count; i++)
		if (tu_str_eq(files->at[i].path, from->path))
			return files->at[i].document_id == from->document_id;
	return from->kind == TU_PUBLICATION_RELEASE;
}

static bool take_row(
	struct tu_arena *arena, const struct tu_publication *from, struct publication_row *out)
{
	char hex[2 * TU_SHA256_BYTES];
	struct tu_buf text = {.ptr = hex, .cap = sizeof(hex), .ceiling = sizeof(hex)};

	*out = (struct publication_row){.kind = tu_str_c(tu_publication_kind_name(from->kind)),
		.level = tu_str_c(tu_publication_level_name(from->level)),
		.revision = from->revision,
		.bytes = from->document_id ? from->bytes : TU_API_NONE,
		.since = from->since};
	if (from->document_id)
		tu_sha256_write(from->digest, &text);
	return tu_arena_dup(arena, tu_buf_str(&text), &out->sha256) &&
		tu_arena_dup(arena, from->artifact, &out->artifact) &&
		tu_arena_dup(arena, from->path, &out->path) &&
		tu_arena_dup(arena, from->type, &out->type) &&
		tu_arena_dup(arena, from->media, &out->media);
}

static enum tu_status take_rows(struct tu_work *w, struct listing *l,
	const struct tu_release_row *release, struct tu_error *err)
{
	struct tu_publications all;
	struct tu_device_files files = {0};
	bool kept = true;
	enum tu_status status = tu_device_file_list(w, release->device_id, &files, err);

	if (status == TU_OK)
		status = tu_publication_list(w, release->device_id, &all, err);
	if (status != TU_OK)
		return status;
	l->count = 0;
	l->rows = tu_arena_array(l->call->arena, all.list.count, sizeof(*l->rows));
	for (size_t i = 0; l->rows && kept && i < all.list.count; i++) {
		const struct tu_publication *from = &all.list.at[i];

		if (from->release_id != release->id || from->until ||
			(l->artifact.len && !tu_str_eq(l->artifact, from->artifact)))
			continue;
		kept = take_row(l->call->arena, from, &l->rows[l->count]);
		l->rows[l->count++].current = is_current(from, release, &files);
	}
	return l->rows && kept ? TU_OK : tu_no_memory(err);
}

static enum tu_status find_release(struct tu_work *w, const struct tu_api_call *call,
	struct tu_release_row *out, struct tu_error *err)
{
	enum tu_status status = tu_release_in(w, &call->who.scope, call->path[0], out, err);

	return status == TU_E_NOTFOUND ? tu_api_unknown(err, "release") : status;
}

static enum tu_status read_all(struct tu_work *w, void *self, struct tu_error *err)
{
	struct listing *l = self;
	struct tu_release_row release;
	enum tu_status status = find_release(w, l->call, &release, err);

	return status ? status : take_rows(w, l, &release, err);
}

static enum tu_status fetch(
	struct tu_api_call *call, void *self, struct tu_api_page *page, struct tu_error *err)
{
	struct listing *l = self;
	enum tu_status status = tu_api_read(call, read_all, l, err);
	const struct tu_api_rows all = {l->rows, l->count};

	return status ? status : tu_api_page_of(call, page, &all, err);
}

enum tu_status tu_api_list_publications(struct tu_api_call *call, struct tu_error *err)
{
	struct listing l = {.call = call};

	return tu_api_answer_page(call, fetch, &l, err);
}

/* ---- changes ---- */

static enum tu_status fault(struct tu_error *err, const char *pointer, const char *message)
{
	return tu_fail_at(
		err, TU_E_USAGE, &(struct tu_error_place){.pointer = pointer}, "%s", message);
}

/* A path and a type are for files, and files need both. */
static enum tu_status check_body(const struct tu_publication_about *about, struct tu_error *err)
{
	bool is_file = about->kind == TU_PUBLICATION_FILE;

	if (is_file && !about->path.len)
		return fault(err, "/path", "a file is named by its path");
	if (is_file && !about->type.len)
		return fault(err, "/type", "say what the file is");
	if (!is_file && about->path.len)
		return fault(err, "/path", "only a file has a path");
	if (!is_file && about->type.len)
		return fault(err, "/type", "only a file has a type of its own");
	return TU_OK;
}

static enum tu_status publish(struct tu_work *w, void *self, struct tu_error *err)
{
	struct listing *l = self;
	struct tu_release_row release;
	struct tu_publication_about about = {.release = &release,
		.path = tu_api_body_str(l->call, "path"),
		.type = tu_api_body_str(l->call, "type")};
	enum tu_status status = find_release(w, l->call, &release, err);

	(void)tu_publication_kind_by_name(tu_api_body_str(l->call, "kind"), &about.kind);
	(void)tu_publication_level_by_name(tu_api_body_str(l->call, "level"), &about.level);
	if (status == TU_OK)
		status = check_body(&about, err);
	if (status != TU_OK)
		return status;
	status = tu_publish(w, &about, err);
	if (status == TU_E_NOTFOUND)
		return fault(err, "/path", "the device has no such file");
	if (status == TU_OK && !tu_arena_dup(l->call->arena, about.artifact, &l->artifact))
		return tu_no_memory(err);
	return status;
}

enum tu_status tu_api_publish_artifact(struct tu_api_call *call, struct tu_error *err)
{
	struct listing l = {.call = call};
	enum tu_status status = tu_api_write(call, publish, &l, err);

	if (status == TU_OK)
		status = tu_api_read(call, read_all, &l, err);
	if (status == TU_OK && l.count == 0) /* somebody took it back meanwhile */
		return tu_api_unknown(err, "artifact");
	return status ? status : tu_api_answer_row(call, &l.rows[0], err);
}

static enum tu_status unpublish(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct tu_api_call *call = self;
	struct tu_release_row release;
	enum tu_status status = find_release(w, call, &release, err);

	if (status != TU_OK)
		return status;
	status = tu_unpublish(w, &release, call->path[1], err);
	return status == TU_E_NOTFOUND ? tu_api_unknown(err, "artifact") : status;
}

enum tu_status tu_api_unpublish_artifact(struct tu_api_call *call, struct tu_error *err)
{
	return tu_api_write(call, unpublish, call, err);
}
