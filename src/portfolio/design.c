#include "portfolio/design.h"

#include "app/concept_pack.h"
#include "app/zone_file.h"
#include "portfolio/scope.h"
#include "threat/write/dispositions.h"

enum { MEMORY_MAX = 256 << 20 };

static const struct tu_str model_files[] = {
	TU_STR_INIT("model.yaml"), TU_STR_INIT("model.yml"), TU_STR_INIT("model.json")};

enum tu_design_part tu_design_part_of(struct tu_str path)
{
	struct tu_str name = path;

	for (size_t i = 0; i < TU_COUNT(model_files); i++)
		if (tu_str_eq(path, model_files[i]))
			return TU_DESIGN_MODEL;
	if (tu_str_eq(path, TU_STR("threats.yaml")))
		return TU_DESIGN_DECISIONS;
	if (tu_str_eq(path, TU_STR("positions.json")))
		return TU_DESIGN_POSITIONS;
	if (tu_str_eq(path, TU_STR("concept.yaml")))
		return TU_DESIGN_CONCEPT;
	if (tu_str_skip(&name, TU_STR("rules/")) && tu_threat_is_pack(name) &&
		tu_str_find(name, '/') == name.len)
		return TU_DESIGN_RULES;
	return tu_concept_pack_is_file(path) ? TU_DESIGN_QUESTIONS : TU_DESIGN_NONE;
}

enum tu_status tu_design_unknown(struct tu_error *err, const char *kind)
{
	return tu_fail_at(err, TU_E_NOTFOUND, &(struct tu_error_place){.pointer = kind},
		"there is no such %s", kind);
}

static const struct tu_device_file *find_file(
	const struct tu_device_files *files, struct tu_str path)
{
	for (size_t i = 0; i < files->count; i++)
		if (tu_str_eq(files->at[i].path, path))
			return &files->at[i];
	return NULL;
}

/* The one that counts, as on the command line. */
static const struct tu_device_file *find_model(const struct tu_device_files *files)
{
	const struct tu_device_file *found = NULL;

	for (size_t i = 0; i < TU_COUNT(model_files) && !found; i++)
		found = find_file(files, model_files[i]);
	return found;
}

static enum tu_status read_approvals(struct tu_work *w, struct tu_arena *arena, int64_t device,
	struct tu_threat_approvals *out, struct tu_error *err)
{
	TU_VEC(struct tu_threat_approval) list = {0};
	struct tu_rows *rows;
	bool fine = true;
	enum tu_status status = tu_tx_query(
		w->tx, TU_SQL_THREAT_APPROVAL_LIST, TU_BIND(tu_int(device)), &rows, err);

	if (status != TU_OK)
		return status;
	while (fine && tu_rows_next(rows)) {
		struct tu_threat_approval one = {0};

		if (tu_rows_text(rows, 1).len == TU_SHA256_BYTES)
			memcpy(one.digest, tu_rows_text(rows, 1).ptr, TU_SHA256_BYTES);
		fine = tu_arena_dup(arena, tu_rows_text(rows, 0), &one.threat) &&
			TU_VEC_PUSH_IN(arena, &list, one);
	}
	status = tu_rows_close(rows, err);
	*out = (struct tu_threat_approvals){list.at, list.count};
	return status || fine ? status : tu_no_memory(err);
}

/* ---- the version ---- */

static bool add_piece(struct tu_sha256 *hash, struct tu_str name, const uint8_t *digest)
{
	return tu_sha256_add(hash, name) == TU_OK &&
		tu_sha256_add(hash, tu_str_of((const char *)digest, TU_SHA256_BYTES)) == TU_OK;
}

static enum tu_status find_version(struct tu_work *w, const struct tu_device_row *row,
	const struct tu_device_files *files, int64_t *out, struct tu_error *err)
{
	struct tu_threat_approvals approvals = {0};
	uint8_t digest[TU_SHA256_BYTES];
	struct tu_sha256 hash;
	enum tu_status status = tu_document_digest(w->tx, row->document_id, digest, err);
	bool fine;

	if (status == TU_OK)
		status = read_approvals(w, w->arena, row->id, &approvals, err);
	if (status != TU_OK)
		return status;
	fine = tu_sha256_begin(&hash) == TU_OK && add_piece(&hash, row->name, digest);
	for (size_t i = 0; fine && i < files->count; i++) {
		enum tu_design_part part = tu_design_part_of(files->at[i].path);

		if (part != TU_DESIGN_NONE && part != TU_DESIGN_CONCEPT &&
			part != TU_DESIGN_QUESTIONS)
			fine = add_piece(&hash, files->at[i].path, files->at[i].digest);
	}
	for (size_t i = 0; fine && i < approvals.count; i++)
		fine = add_piece(&hash, approvals.at[i].threat, approvals.at[i].digest);
	if (tu_sha256_end(&hash, digest) != TU_OK || !fine)
		return tu_no_memory(err);
	*out = tu_device_file_version(digest);
	return TU_OK;
}

enum tu_status tu_design__hold(struct tu_work *w, const struct tu_design_asked *asked,
	struct tu_device_row *out_row, int64_t *out_version, struct tu_error *err)
{
	struct tu_device_files files = {0};
	int64_t held;
	enum tu_status status = tu_device_in(w, asked->scope, asked->device, out_row, err);

	if (status == TU_OK)
		status = tu_tx_int(
			w->tx, TU_SQL_DEVICE_HOLD, TU_BIND(tu_int(out_row->id)), &held, err);
	/* again: it was another one until it was held */
	if (status == TU_OK)
		status = tu_device_in(w, asked->scope, asked->device, out_row, err);
	if (status == TU_OK)
		status = tu_device_file_list(w, out_row->id, &files, err);
	return status ? status : find_version(w, out_row, &files, out_version, err);
}

/* ---- what the store has ---- */

enum tu_status tu_design__read_text(struct tu_work *w, const struct tu_design *design,
	int64_t document, struct tu_str *out, struct tu_error *err)
{
	struct tu_str text;
	enum tu_status status = tu_work_document(w, document, &text, err);
	char *copy;

	if (status != TU_OK)
		return status;
	copy = tu_arena_alloc(design->arena, text.len + TU_JSON_PADDING);
	if (!copy)
		return tu_no_memory(err);
	if (text.len)
		memcpy(copy, text.ptr, text.len);
	*out = tu_str_of(copy, text.len);
	return TU_OK;
}

static enum tu_status keep_files(
	struct tu_design *out, const struct tu_device_files *files, struct tu_error *err)
{
	struct tu_device_file *list = tu_arena_array(out->arena, files->count, sizeof(*list));
	bool fine = list != NULL;

	for (size_t i = 0; fine && i < files->count; i++) {
		list[i] = files->at[i];
		fine = tu_arena_dup(out->arena, files->at[i].path, &list[i].path);
	}
	out->files = (struct tu_device_files){list, files->count};
	return fine ? TU_OK : tu_no_memory(err);
}

static enum tu_status keep_part(struct tu_work *w, const struct tu_design *design,
	const struct tu_device_file *file, struct tu_threat_text *out, struct tu_error *err)
{
	if (!file)
		return TU_OK;
	out->file = file->path;
	return tu_design__read_text(w, design, file->document_id, &out->text, err);
}

static enum tu_status keep_packs(struct tu_work *w, struct tu_design *out, struct tu_error *err)
{
	const struct tu_device_files *files = &out->files;
	struct tu_threat_text *packs = tu_arena_array(out->arena, files->count, sizeof(*packs));
	size_t count = 0;
	enum tu_status status = packs ? TU_OK : tu_no_memory(err);

	for (size_t i = 0; status == TU_OK && i < files->count; i++)
		if (tu_design_part_of(files->at[i].path) == TU_DESIGN_RULES)
			status = keep_part(w, out, &files->at[i], &packs[count++], err);
	out->texts.packs = packs;
	out->texts.pack_count = count;
	return status;
}

static enum tu_status keep_texts(struct tu_work *w, struct tu_design *out, struct tu_error *err)
{
	const struct tu_device_file *model = find_model(&out->files);
	struct tu_threat_text positions = {0};
	enum tu_status status = keep_part(w, out, model, &out->texts.model, err);

	if (status == TU_OK)
		status = keep_part(w, out, find_file(&out->files, TU_STR("threats.yaml")),
			&out->texts.decisions, err);
	if (status == TU_OK)
		status = keep_part(
			w, out, find_file(&out->files, TU_STR("positions.json")), &positions, err);
	out->positions = positions.text;
	return status ? status : keep_packs(w, out, err);
}

enum tu_status tu_design__read_texts(struct tu_work *w, const struct tu_device_files *files,
	struct tu_design *out, struct tu_error *err)
{
	enum tu_status status =
		tu_design__read_text(w, out, out->row.document_id, &out->device_text, err);

	out->texts = (struct tu_threat_texts){.memory_max = MEMORY_MAX};
	if (status == TU_OK)
		status = keep_files(out, files, err);
	if (status == TU_OK)
		status = keep_texts(w, out, err);
	if (status == TU_OK &&
		(!tu_arena_dup(out->arena, out->row.name, &out->row.name) ||
			!tu_arena_dup(out->arena, out->row.title, &out->row.title) ||
			!tu_arena_dup(out->arena, out->row.public_id, &out->row.public_id)))
		return tu_no_memory(err);
	return status;
}

enum tu_status tu_design__read(struct tu_work *w, const struct tu_design_asked *asked,
	struct tu_design *out, struct tu_error *err)
{
	struct tu_device_files files = {0};
	enum tu_status status = tu_device_in(w, asked->scope, asked->device, &out->row, err);

	if (status == TU_OK)
		status = tu_device_file_list(w, out->row.id, &files, err);
	if (status == TU_OK)
		status = find_version(w, &out->row, &files, &out->version, err);
	if (status == TU_OK)
		status = read_approvals(w, out->arena, out->row.id, &out->approvals, err);
	return status ? status : tu_design__read_texts(w, &files, out, err);
}

enum tu_status tu_design__read_device(struct tu_design *design, struct tu_error *err)
{
	const struct tu_device_limits limits = {.zones = &tu_zone_files};
	enum tu_status status = tu_device_read(design->arena, TU_STR("device.yaml"),
		design->device_text, &limits, &design->device, err);

	design->texts.device = design->device;
	return status;
}

struct opening {
	const struct tu_design_asked *asked;
	struct tu_design *out;
};

static enum tu_status read_all(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct opening *o = self;

	return tu_design__read(w, o->asked, o->out, err);
}

enum tu_status tu_design_open(const struct tu_design_asked *asked, struct tu_arena *arena,
	struct tu_design *out, struct tu_error *err)
{
	const struct tu_act act = {0};
	struct opening o = {asked, out};
	enum tu_status status;

	*out = (struct tu_design){.arena = arena};
	status = tu_work_read(asked->store, &act, read_all, &o, err);
	return status ? status : tu_design__read_device(out, err);
}

/* ---- what counts ---- */

static const struct tu_threat_approval *approval_of(
	const struct tu_threat_approvals *approvals, struct tu_str threat)
{
	for (size_t i = 0; i < approvals->count; i++)
		if (tu_str_eq(approvals->at[i].threat, threat))
			return &approvals->at[i];
	return NULL;
}

static bool is_as_approved(
	const struct tu_threat_approval *approval, const struct tu_disposition *decision)
{
	uint8_t digest[TU_SHA256_BYTES];

	return approval && tu_disposition_digest(decision, digest, NULL) == TU_OK &&
		memcmp(digest, approval->digest, sizeof(digest)) == 0;
}

static bool is_approved(void *self, const struct tu_disposition *decision)
{
	const struct tu_design *design = self;

	return is_as_approved(approval_of(&design->approvals, decision->key), decision);
}

static bool has_file(void *self, struct tu_str path)
{
	const struct tu_design *design = self;

	return find_file(&design->files, path) != NULL;
}

enum tu_status tu_design_judge(const struct tu_design *design, struct tu_str model, int64_t at,
	struct tu_threat_answer *answer, struct tu_error *err)
{
	struct tu_threat_texts texts = design->texts;

	*answer = (struct tu_threat_answer){0};
	texts.has_file = has_file;
	texts.is_approved = is_approved;
	texts.self = (void *)(uintptr_t)design;
	if (model.len)
		texts.model = (struct tu_threat_text){TU_STR("model"), model};
	if (!texts.model.file.len)
		return tu_design_unknown(err, "design");
	return tu_app_threats_of(&texts, at, answer, err);
}

/* ---- decisions that came otherwise ---- */

static enum tu_status read_decisions(struct tu_work *w, struct tu_str file, struct tu_str text,
	struct tu_dispositions *out, struct tu_error *err)
{
	*out = (struct tu_dispositions){0};
	return tu_dispositions_read(w->arena, file, text, out, err);
}

static const struct tu_disposition *decision_on(
	const struct tu_dispositions *all, struct tu_str threat)
{
	for (size_t i = 0; i < all->count; i++)
		if (tu_str_eq(all->at[i].key, threat))
			return &all->at[i];
	return NULL;
}

enum tu_status tu_design_keeps_approved(struct tu_work *w, int64_t device_id, struct tu_str file,
	struct tu_str text, struct tu_error *err)
{
	struct tu_threat_approvals approvals;
	struct tu_dispositions decisions;
	enum tu_status status = read_approvals(w, w->arena, device_id, &approvals, err);

	if (status == TU_OK)
		status = read_decisions(w, file, text, &decisions, err);
	for (size_t i = 0; status == TU_OK && i < approvals.count; i++) {
		const struct tu_threat_approval *approval = &approvals.at[i];
		const struct tu_disposition *there = decision_on(&decisions, approval->threat);

		if (!there || !is_as_approved(approval, there))
			return tu_fail(err, TU_E_USAGE, 0,
				"%.*s: the decision on %.*s was approved in the store, and %s "
				"here: "
				"pull it; who may approve changes it in the store",
				TU_STR_FMT(file), TU_STR_FMT(tu_str_first(approval->threat, 200)),
				there ? "is another one" : "is missing");
	}
	return status;
}

enum tu_status tu_design_count_proposed(struct tu_work *w, int64_t device_id, struct tu_str text,
	size_t *out_count, struct tu_error *err)
{
	struct tu_threat_approvals approvals;
	struct tu_dispositions decisions = {0};
	enum tu_status status = read_approvals(w, w->arena, device_id, &approvals, err);

	*out_count = 0;
	if (status == TU_OK)
		status = read_decisions(w, TU_STR("threats.yaml"), text, &decisions, err);
	for (size_t i = 0; status == TU_OK && i < decisions.count; i++)
		*out_count += !is_as_approved(
			approval_of(&approvals, decisions.at[i].key), &decisions.at[i]);
	return status;
}
