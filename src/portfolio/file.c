#include "portfolio/file.h"

enum { PATH_LENGTH_MAX = 1024 };
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

enum tu_status tu_device_file_put(struct tu_work *w, const struct tu_device_row *device,
	struct tu_str path, struct tu_str text, struct tu_error *err)
{
	struct tu_device_files files = {0};
	const struct tu_device_file *old;
	struct tu_document document;
	struct tu_record record;
	enum tu_status status;

	if (!tu_device_file_is_path(path) || has_control(path))
		return tu_fail(err, TU_E_USAGE, 0,
			"\"%.*s\" is no path of a file in the device's folder", TU_STR_FMT(path));
	if (tu_device_file_is_taken(path))
		return tu_fail(err, TU_E_USAGE, 0,
			"\"%.*s\" is the place of something else: device.yaml and decisions are "
			"put "
			"as such, and .tutela* is what the program keeps",
			TU_STR_FMT(path));
	status = tu_device_file_list(w, device->id, &files, err);
	if (status == TU_OK)
		status = tu_document_put(w, "file", text, &document, err);
	if (status != TU_OK)
		return status;
	old = file_at(&files, path);
	if (old && old->document_id == document.id)
		return TU_OK;
	status = tu_work_exec(w, TU_SQL_DEVICE_FILE_PUT,
		TU_BIND(tu_int(device->id), tu_text(path), tu_int(document.id)), err);
	if (status != TU_OK)
		return status;
	tu_record_begin(&record, "device.file", "device:%.*s/%.*s", TU_STR_FMT(device->name),
		TU_STR_FMT(path));
	tu_record_digest(&record.json, "before", old ? old->digest : NULL);
	tu_record_digest(&record.json, "after", document.digest);
	return tu_record_add(&record, w, err);
}
