/* Files of devices beside device.yaml, SBOMs and decisions. */
#include "api/call.h"
#include "portfolio/file.h"
#include "service/service.h"

struct file_row {
	struct tu_str path, sha256;
	int64_t document, version; /* no columns */
};

static const struct tu_api_column columns[] = {
	TU_API_COLUMN(struct file_row, path, TU_API_TEXT, 0),
	TU_API_COLUMN(struct file_row, sha256, TU_API_TEXT, 0),
};
const struct tu_api_table tu_api_table_device_file =
	TU_API_TABLE("DeviceFile", struct file_row, columns);

struct reading {
	struct tu_api_call *call;
	struct file_row *rows;
	size_t count;
	struct tu_buf content; /* of the one that is asked for */
	struct tu_str wanted;
	bool found;
};

static bool take_row(
	struct tu_api_call *call, const struct tu_device_file *file, struct file_row *out)
{
	struct tu_buf digest;
	bool kept;

	tu_buf_init(&digest, 2 * TU_SHA256_BYTES + 1);
	tu_sha256_write(file->digest, &digest);
	kept = tu_arena_dup(call->arena, tu_buf_str(&digest), &out->sha256) &&
		tu_arena_dup(call->arena, file->path, &out->path);
	tu_buf_done(&digest);
	out->document = file->document_id;
	out->version = tu_device_file_version(file->digest);
	return kept;
}

static enum tu_status read_all(struct tu_work *w, void *self, struct tu_error *err)
{
	struct reading *r = self;
	struct tu_device_row device;
	struct tu_device_files files = {0};
	bool kept = true;
	enum tu_status status =
		tu_device_in(w, &r->call->who.scope, r->call->path[0], &device, err);

	if (status == TU_OK)
		status = tu_device_file_list(w, device.id, &files, err);
	if (status != TU_OK)
		return status;
	r->count = files.count;
	r->rows = tu_arena_array(r->call->arena, files.count, sizeof(*r->rows));
	for (size_t i = 0; r->rows && kept && i < files.count; i++)
		kept = take_row(r->call, &files.at[i], &r->rows[i]);
	return r->rows && kept ? TU_OK : tu_no_memory(err);
}

static enum tu_status fetch(
	struct tu_api_call *call, void *self, struct tu_api_page *page, struct tu_error *err)
{
	const struct reading *r = self;
	const struct tu_api_rows all = {r->rows, r->count};

	return tu_api_page_of(call, page, &all, err);
}

enum tu_status tu_api_list_device_files(struct tu_api_call *call, struct tu_error *err)
{
	struct reading r = {.call = call};
	enum tu_status status = tu_api_read(call, read_all, &r, err);

	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "device");
	return status ? status : tu_api_answer_page(call, fetch, &r, err);
}

/* ---- one ---- */

static enum tu_status read_one(struct tu_work *w, void *self, struct tu_error *err)
{
	struct reading *r = self;
	enum tu_status status = read_all(w, self, err);

	for (size_t i = 0; status == TU_OK && i < r->count; i++) {
		if (!tu_str_eq(r->rows[i].path, r->wanted))
			continue;
		r->found = true;
		tu_api_etag_version(r->call, r->rows[i].version);
		return tu_document_get(w->tx, r->rows[i].document, &r->content, NULL, err);
	}
	return status;
}

enum tu_status tu_api_get_device_file(struct tu_api_call *call, struct tu_error *err)
{
	struct reading r = {.call = call, .wanted = tu_api_query(call, "path")};
	enum tu_status status;

	tu_buf_init(&r.content, TU_DOCUMENT_MAX + TU_JSON_PADDING);
	status = tu_api_read(call, read_one, &r, err);
	if (status == TU_E_NOTFOUND)
		status = tu_api_unknown(err, "device");
	else if (status == TU_OK && !r.found)
		status = tu_api_unknown(err, "file");
	else if (status == TU_OK)
		tu_api_answer_buf(call, "application/octet-stream", &r.content, TU_STR("file"));
	tu_buf_done(&r.content);
	return status;
}

struct writing {
	struct tu_api_call *call;
	int64_t version; /* of what was put */
};

static enum tu_status put(struct tu_work *w, void *self, struct tu_error *err)
{
	struct writing *writing = self;
	const struct tu_api_call *call = writing->call;
	const struct tu_device_file_put file = {.path = tu_api_query(call, "path"),
		.text = call->bytes,
		.based_on = call->if_match};
	struct tu_device_row device;
	enum tu_status status = tu_device_in(w, &call->who.scope, call->path[0], &device, err);

	if (status == TU_OK)
		status = tu_device_file_put(w, &device, &file, &writing->version, err);
	/* findings are judged by what suppliers say in it */
	return status ? status : tu_api_device_due(call, w, device.id, err);
}

enum tu_status tu_api_put_device_file(struct tu_api_call *call, struct tu_error *err)
{
	struct writing writing = {.call = call};
	struct tu_packed_documents packed = {0};
	const struct tu_packing packing = {tu_api_store(call), &call->act, &call->bytes, 1};
	enum tu_status status = tu_documents_pack(&packing, call->arena, &packed, err);

	call->act.packed = &packed;
	if (status == TU_OK)
		status = tu_api_write(call, put, &writing, err);
	call->act.packed = NULL;
	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "device");
	if (status != TU_OK)
		return status;
	tu_api_etag_version(call, writing.version);
	tu_service_wake(call->service);
	return TU_OK;
}

static enum tu_status remove_one(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct tu_api_call *call = self;
	struct tu_device_row device;
	enum tu_status status = tu_device_in(w, &call->who.scope, call->path[0], &device, err);

	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "device");
	if (status == TU_OK)
		status = tu_device_file_remove(
			w, &device, tu_api_query(call, "path"), call->if_match, err);
	return status == TU_E_NOTFOUND ? tu_api_unknown(err, "file") : status;
}

enum tu_status tu_api_delete_device_file(struct tu_api_call *call, struct tu_error *err)
{
	return tu_api_write(call, remove_one, call, err);
}
