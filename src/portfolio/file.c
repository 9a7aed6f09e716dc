#include "portfolio/file.h"

#include "app/concept_pack.h"
#include "app/concept_phase.h"
#include "portfolio/assessment.h"
#include "portfolio/design.h"

enum { PATH_LENGTH_MAX = 1024, REASONS_MAX = 2000, REASONS_NAMED = 5 };
#define STATE TU_STR(".tutela") /* what the program keeps in folders begins so */

bool tu_device_file_is_path(struct tu_str path)
{
	struct tu_str rest = path, part;

	if (!path.len || path.len > PATH_LENGTH_MAX || tu_str_find(path, '\0') < path.len)
		return false;
	while (tu_str_split(&rest, '/', &part))
		if (!part.len || tu_str_eq(part, TU_STR(".")) || tu_str_eq(part, TU_STR("..")))
			return false;
	return true;
}

bool tu_device_file_is_taken(struct tu_str path)
{
	struct tu_str first = tu_str_first(path, tu_str_find(path, '/'));

	return tu_str_ieq(first, TU_STR("device.yaml")) || tu_str_ieq(first, TU_STR("decisions")) ||
		tu_str_ieq(tu_str_first(first, STATE.len), STATE);
}

static bool has_control(struct tu_str path)
{
	for (size_t i = 0; i < path.len; i++)
		if ((unsigned char)path.ptr[i] < ' ' || path.ptr[i] == 0x7f)
			return true;
	return false;
}

enum tu_status tu_device_file_list(struct tu_work *w, int64_t device_id,
	struct tu_device_files *out_files, struct tu_error *err)
{
	TU_VEC(struct tu_device_file) list = {0};
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_query(w->tx, TU_SQL_DEVICE_FILE_LIST, TU_BIND(tu_int(device_id)), &rows, err);
	bool ok = true;

	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows)) {
		struct tu_device_file file = {.document_id = tu_rows_int(rows, 1)};

		if (tu_rows_text(rows, 2).len == TU_SHA256_BYTES)
			memcpy(file.digest, tu_rows_text(rows, 2).ptr, TU_SHA256_BYTES);
		ok = tu_arena_dup(w->arena, tu_rows_text(rows, 0), &file.path) &&
			TU_VEC_PUSH_IN(w->arena, &list, file);
	}
	status = tu_rows_close(rows, err);
	*out_files = (struct tu_device_files){list.at, list.count};
	return status || ok ? status : tu_no_memory(err);
}

static const struct tu_device_file *file_at(const struct tu_device_files *files, struct tu_str path)
{
	for (size_t i = 0; i < files->count; i++)
		if (tu_str_eq(files->at[i].path, path))
			return &files->at[i];
	return NULL;
}

int64_t tu_device_file_version(const uint8_t digest[TU_SHA256_BYTES])
{
	uint64_t bits = 0;

	for (size_t i = 0; i < sizeof(bits); i++)
		bits = bits << 8 | digest[i];
	return (int64_t)(bits >> 2) + 1;
}

static enum tu_status check_path(struct tu_str path, struct tu_error *err)
{
	if (!tu_device_file_is_path(path) || has_control(path))
		return tu_fail(err, TU_E_USAGE, 0,
			"\"%.*s\" is no path of a file in the device's folder", TU_STR_FMT(path));
	if (tu_device_file_is_taken(path))
		return tu_fail(err, TU_E_USAGE, 0,
			"\"%.*s\" is the place of something else: device.yaml and decisions are "
			"put as such, and .tutela* is what the program keeps",
			TU_STR_FMT(path));
	return TU_OK;
}

/* What is there, while nobody else changes it. `*out_file` is NULL when there is none. */
static enum tu_status find_held(struct tu_work *w, const struct tu_device_row *device,
	struct tu_str path, const struct tu_device_file **out_file, struct tu_error *err)
{
	struct tu_device_files files = {0};
	int64_t version;
	enum tu_status status =
		tu_tx_int(w->tx, TU_SQL_DEVICE_HOLD, TU_BIND(tu_int(device->id)), &version, err);

	if (status == TU_OK)
		status = tu_device_file_list(w, device->id, &files, err);
	*out_file = status ? NULL : file_at(&files, path);
	return status;
}

static enum tu_status check_version(const struct tu_device_file *file, struct tu_str path,
	int64_t based_on, struct tu_error *err)
{
	if (!based_on || (file && tu_device_file_version(file->digest) == based_on))
		return TU_OK;
	return tu_fail(err, TU_E_CONFLICT, 0, "%.*s: %s since you read it", TU_STR_FMT(path),
		file ? "changed" : "removed");
}

static const char *action_of(enum tu_design_part part, bool removed)
{
	switch (part) {
	case TU_DESIGN_MODEL:
	case TU_DESIGN_POSITIONS:
	case TU_DESIGN_RULES:
	case TU_DESIGN_CONCEPT:
	case TU_DESIGN_QUESTIONS:
		return "design.change";
	case TU_DESIGN_DECISIONS:
		return "design.decide";
	case TU_DESIGN_NONE:
		break;
	}
	return removed ? "device.file.delete" : "device.file";
}

/* `put`: its path, and what was decided. */
static enum tu_status record(struct tu_work *w, const struct tu_device_row *device,
	const struct tu_device_file_put *put, const uint8_t *const digests[2], struct tu_error *err)
{
	enum tu_design_part part = tu_design_part_of(put->path);
	struct tu_record record;

	tu_record_begin(&record, action_of(part, !digests[1]), "device:%.*s/%.*s",
		TU_STR_FMT(device->name), TU_STR_FMT(put->path));
	if (part != TU_DESIGN_NONE)
		record.change = (struct tu_change){"device", device->id};
	tu_record_digest(&record.json, "before", digests[0]);
	tu_record_digest(&record.json, "after", digests[1]);
	tu_json_member_opt(&record.json, "threat", put->threat);
	tu_json_member_opt(&record.json, "outcome", put->outcome);
	return tu_record_add(&record, w, err);
}

/* Is it a part of the design that has ways of its own, whatever the case of its letters? */
static bool has_own_way(struct tu_str path)
{
	static const struct tu_str names[] = {TU_STR_INIT("model.yaml"), TU_STR_INIT("model.yml"),
		TU_STR_INIT("model.json"), TU_STR_INIT("threats.yaml"),
		TU_STR_INIT("positions.json")};

	for (size_t i = 0; i < TU_COUNT(names); i++)
		if (tu_str_ieq(path, names[i]))
			return true;
	return false;
}

/* What nobody can read is not kept; a pack is recorded in the concept before it is answered. */
static enum tu_status check_concept(
	struct tu_work *w, const struct tu_device_file_put *put, struct tu_error *err)
{
	const struct tu_concept_text text = {put->path, put->text};
	struct tu_concept_pack pack = {0};
	struct tu_concept_phase phase;
	enum tu_status status;

	if (tu_design_part_of(put->path) == TU_DESIGN_QUESTIONS)
		return tu_concept_pack_of(w->arena, &text, 1, &pack, err);
	status = tu_concept_phase_open(w->arena, NULL, &phase, err);
	return status ? status
		      : tu_concept_phase_read(w->arena, &phase, &text, w->act->at / 1000000, err);
}

static enum tu_status check_design(struct tu_work *w, const struct tu_device_row *device,
	const struct tu_device_file_put *put, struct tu_error *err)
{
	const struct tu_threat_pack *pack;

	if (!put->design && has_own_way(put->path))
		return tu_fail(err, TU_E_USAGE, 0,
			"\"%.*s\" is a part of the device's design, which is changed as such or "
			"pushed with the folder",
			TU_STR_FMT(put->path));
	if (!put->design && tu_design_part_of(put->path) == TU_DESIGN_RULES)
		return tu_threat_pack_read(w->arena, put->path, put->text, &pack, err);
	if (!put->design &&
		(tu_design_part_of(put->path) == TU_DESIGN_CONCEPT ||
			tu_design_part_of(put->path) == TU_DESIGN_QUESTIONS))
		return check_concept(w, put, err);
	if (tu_design_part_of(put->path) == TU_DESIGN_DECISIONS && !put->threat.len)
		return tu_design_keeps_approved(w, device->id, put->path, put->text, err);
	return TU_OK;
}

enum tu_status tu_device_file_put(struct tu_work *w, const struct tu_device_row *device,
	const struct tu_device_file_put *put, int64_t *out_version, struct tu_error *err)
{
	const struct tu_device_file *old = NULL;
	struct tu_document document;
	enum tu_status status = check_path(put->path, err);

	if (status == TU_OK)
		status = find_held(w, device, put->path, &old, err);
	if (status == TU_OK)
		status = check_version(old, put->path, put->based_on, err);
	if (status == TU_OK)
		status = check_design(w, device, put, err);
	if (status == TU_OK)
		status = tu_document_put(w, "file", put->text, &document, err);
	if (status != TU_OK)
		return status;
	if (out_version)
		*out_version = tu_device_file_version(document.digest);
	/* who decides may approve what the file says already */
	if (old && old->document_id == document.id && !put->threat.len)
		return TU_OK;
	status = tu_work_exec(w, TU_SQL_DEVICE_FILE_PUT,
		TU_BIND(tu_int(device->id), tu_text(put->path), tu_int(document.id)), err);
	if (status != TU_OK)
		return status;
	return record(w, device, put,
		(const uint8_t *const[]){old ? old->digest : NULL, document.digest}, err);
}

/* ---- removing ---- */

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		c == '_' || c == '-' || (unsigned char)c >= 0x80;
}

/* Is the path in a text, and not as the end of another: "a.pdf" is not in "data.pdf" or "b/a.pdf"?
 * What merely begins so is taken for it: that refuses too much, never too little. */
static bool names(struct tu_str text, struct tu_str path)
{
	for (size_t at = 0; at + path.len <= text.len; at++) {
		struct tu_str before = tu_str_first(text, at);
		char last = at ? text.ptr[at - 1] : ' ';

		if (memcmp(text.ptr + at, path.ptr, path.len) != 0 || is_word(last))
			continue;
		if (last != '/' || tu_str_ends(before, TU_STR("./")))
			return true;
	}
	return false;
}

struct reasons {
	struct tu_buf text;
	size_t count;
};

static void add_reason(struct reasons *r, const char *what, struct tu_str name)
{
	if (r->count++ < REASONS_NAMED)
		tu_buf_printf(
			&r->text, "%s%s %.*s", r->text.len ? ", " : "", what, TU_STR_FMT(name));
}

static void find_in_model(struct reasons *r, const struct tu_device *model, struct tu_str path)
{
	for (size_t i = 0; i < model->release_count; i++) {
		const struct tu_release *release = &model->releases[i];
		bool named = tu_str_eq(release->sbom, path);

		for (size_t k = 0; k < release->side_files.count && !named; k++)
			named = tu_str_eq(release->side_files.at[k], path);
		if (named)
			add_reason(r, "release", release->version);
	}
	for (size_t i = 0; i < model->control_count; i++)
		if (names(model->controls[i].evidence, path))
			add_reason(r, "control", model->controls[i].id);
}

static enum tu_status find_reasons(struct tu_work *w, const struct tu_device_row *device,
	struct tu_str path, struct reasons *r, struct tu_error *err)
{
	struct tu_assessment_rows assessments = {0};
	const struct tu_device *model;
	enum tu_status status = tu_device_load(w, device, &model, NULL, err);

	if (status == TU_OK)
		status = tu_assessment_list(w, device->id, &assessments, err);
	if (status != TU_OK)
		return status;
	find_in_model(r, model, path);
	for (size_t i = 0; i < assessments.count; i++)
		if (names(assessments.at[i].text, path))
			add_reason(r, assessments.at[i].approved ? "approved decision" : "proposal",
				assessments.at[i].name);
	return TU_OK;
}

static enum tu_status refuse_named(const struct tu_device_row *device, struct tu_str path,
	const struct reasons *r, struct tu_error *err)
{
	if (!r->count)
		return TU_OK;
	if (r->count > REASONS_NAMED)
		return tu_fail(err, TU_E_CONSTRAINT, 0,
			"%.*s of %.*s cannot be deleted: it is named by %.*s and %zu more",
			TU_STR_FMT(path), TU_STR_FMT(device->name),
			TU_STR_FMT(tu_buf_str(&r->text)), r->count - REASONS_NAMED);
	return tu_fail(err, TU_E_CONSTRAINT, 0,
		"%.*s of %.*s cannot be deleted: it is named by %.*s", TU_STR_FMT(path),
		TU_STR_FMT(device->name), TU_STR_FMT(tu_buf_str(&r->text)));
}

enum tu_status tu_device_file_remove(struct tu_work *w, const struct tu_device_row *device,
	struct tu_str path, int64_t based_on, struct tu_error *err)
{
	const struct tu_device_file *old;
	struct reasons reasons = {0};
	enum tu_status status = find_held(w, device, path, &old, err);

	if (status != TU_OK)
		return status;
	if (!old)
		return tu_fail(err, TU_E_NOTFOUND, 0, "no such file");
	status = check_version(old, path, based_on, err);
	if (status == TU_OK && has_own_way(path))
		status = tu_fail(err, TU_E_CONSTRAINT, 0,
			"%.*s of %.*s cannot be deleted: it is a part of the device's design",
			TU_STR_FMT(path), TU_STR_FMT(device->name));
	if (status != TU_OK)
		return status;
	tu_buf_init(&reasons.text, REASONS_MAX);
	status = find_reasons(w, device, path, &reasons, err);
	if (status == TU_OK)
		status = refuse_named(device, path, &reasons, err);
	tu_buf_done(&reasons.text);
	if (status == TU_OK)
		status = tu_work_exec(w, TU_SQL_DEVICE_FILE_REMOVE,
			TU_BIND(tu_int(device->id), tu_text(path)), err);
	if (status != TU_OK)
		return status;
	return record(w, device, &(struct tu_device_file_put){.path = path},
		(const uint8_t *const[]){old->digest, NULL}, err);
}
