#define _XOPEN_SOURCE 700
#include "portfolio/push.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/output.h"
#include "base/file.h"
#include "base/input_file.h"
#include "portfolio/file.h"

#define FILE_MAX ((size_t)1 << 30)
enum { PATH_BYTES = 4096 };

struct pulling {
	struct tu_pull *pull;
	struct tu_items items; /* in the pull's arena */
	struct tu_device_folder at; /* for paths only */
	enum tu_past past;
};

/* ---- what is in the store ---- */

static enum tu_status add(struct pulling *p, struct tu_work *w, struct tu_item item,
	int64_t document, struct tu_error *err)
{
	struct tu_str text;
	enum tu_status status;

	if (tu_items_find(&p->items, item.path))
		return TU_OK;
	if (!tu_device_file_is_path(item.path))
		return tu_fail(err, TU_E_CORRUPT, 0, "\"%.*s\" is no path in a device's folder",
			TU_STR_FMT(item.path));
	status = tu_work_document(w, document, &text, err);
	if (status != TU_OK)
		return status;
	if (!tu_arena_dup(p->pull->arena, item.path, &item.path) ||
		!tu_arena_dup(p->pull->arena, text, &item.text))
		return tu_no_memory(err);
	return tu_items_add(p->pull->arena, &p->items, &item, err);
}

static enum tu_status add_sboms(struct pulling *p, struct tu_work *w, int64_t device,
	const struct tu_device *model, struct tu_error *err)
{
	struct tu_release_rows rows = {0};
	enum tu_status status = tu_release_list(w, device, &rows, err);

	for (size_t i = 0; i < rows.count && status == TU_OK; i++) {
		size_t at = tu_device_release(model, rows.at[i].version);

		if (rows.at[i].sbom_id && at != TU_NO_RELEASE && model->releases[at].sbom.len)
			status = add(p, w,
				(struct tu_item){
					.kind = TU_ITEM_SBOM, .path = model->releases[at].sbom},
				rows.at[i].sbom_id, err);
	}
	return status;
}

static enum tu_status add_files(
	struct pulling *p, struct tu_work *w, int64_t device, struct tu_error *err)
{
	struct tu_device_files files = {0};
	enum tu_status status = tu_device_file_list(w, device, &files, err);

	/* a store may have one from before the places of other things were refused */
	for (size_t i = 0; i < files.count && status == TU_OK; i++)
		if (!tu_device_file_is_taken(files.at[i].path))
			status = add(p, w,
				(struct tu_item){.kind = TU_ITEM_FILE, .path = files.at[i].path},
				files.at[i].document_id, err);
	return status;
}

static enum tu_status add_decisions(
	struct pulling *p, struct tu_work *w, int64_t device, struct tu_error *err)
{
	struct tu_assessment_rows rows = {0};
	enum tu_status status = tu_assessment_list(w, device, &rows, err);
	struct tu_buf path;

	tu_buf_init(&path, PATH_BYTES);
	for (size_t i = 0; i < rows.count && status == TU_OK; i++) {
		tu_buf_clear(&path);
		tu_buf_printf(&path, "decisions/%.*s", TU_STR_FMT(rows.at[i].name));
		status = path.failed ? tu_no_memory(err)
				     : add(p, w,
					       (struct tu_item){.kind = TU_ITEM_DECISION,
						       .path = tu_buf_str(&path)},
					       rows.at[i].document_id, err);
	}
	tu_buf_done(&path);
	return status;
}

static enum tu_status gather(struct tu_work *w, void *self, struct tu_error *err)
{
	struct pulling *p = self;
	struct tu_device_row device;
	const struct tu_device *model;
	enum tu_status status = p->pull->scope
		? tu_device_in(w, p->pull->scope, p->pull->device, &device, err)
		: tu_device_find(w, p->pull->device, &device, err);

	p->items = (struct tu_items){0};
	if (status == TU_OK)
		status = tu_device_load(w, &device, &model, NULL, err);
	if (status == TU_OK)
		status = add(p, w,
			(struct tu_item){.kind = TU_ITEM_DEVICE, .path = TU_STR("device.yaml")},
			device.document_id, err);
	if (status == TU_OK)
		status = add_sboms(p, w, device.id, model, err);
	/* decisions first: what is there already is not replaced by a file of the same path */
	if (status == TU_OK)
		status = add_decisions(p, w, device.id, err);
	return status ? status : add_files(p, w, device.id, err);
}

/* ---- what is in the folder ---- */

/* What is there and neither the store's nor what both agreed on was changed by a person. */
static enum tu_status check(struct pulling *p, const struct tu_item *item, struct tu_error *err)
{
	const char *path = tu_device_folder_path(&p->at, item->path);
	uint8_t here[TU_SHA256_BYTES];
	char line[1024];
	struct tu_buf text, difference;
	struct tu_str copy;
	enum tu_status status;

	if (!path)
		return tu_no_memory(err);
	if (access(path, F_OK) != 0)
		return TU_OK;
	tu_buf_init(&text, FILE_MAX);
	status = tu_input__read_raw(path, &text, err);
	if (status == TU_OK && tu_sha256(tu_buf_str(&text), here) != TU_OK)
		status = tu_no_memory(err);
	if (status == TU_OK && memcmp(here, item->digest, sizeof(here)) != 0 &&
		!(item->had && p->past == TU_PAST_HOLDS &&
			memcmp(here, item->agreed, sizeof(here)) == 0)) {
		tu_buf_init(&difference, sizeof(line));
		tu_items_difference(tu_buf_str(&text), item->text, &difference);
		(void)snprintf(line, sizeof(line), "%.*s: %s: %.*s", TU_STR_FMT(item->path),
			item->had && p->past == TU_PAST_HOLDS ? "changed here"
							      : "it is another one in the store",
			TU_STR_FMT(tu_buf_str(&difference)));
		tu_buf_done(&difference);
		if (!tu_arena_dup(p->pull->arena, tu_str_c(line), &copy) ||
			!TU_VEC_PUSH_IN(p->pull->arena, &p->pull->said.clashes, copy))
			status = tu_no_memory(err);
	}
	tu_buf_done(&text);
	return status;
}

static enum tu_status write_item(
	struct pulling *p, const struct tu_item *item, struct tu_error *err)
{
	const char *path = tu_device_folder_path(&p->at, item->path);
	struct tu_output output;
	enum tu_status status = path ? tu_file_make_folders(path, err) : tu_no_memory(err);

	if (status == TU_OK)
		status = tu_output_replace(&output, path, err);
	if (status != TU_OK)
		return status;
	output.sink.buf.ceiling = FILE_MAX;
	tu_buf_str_add(&output.sink.buf, item->text);
	p->pull->files++;
	return tu_output_close(&output, err);
}

static enum tu_status judge(struct tu_work *w, void *self, struct tu_error *err)
{
	struct pulling *p = self;

	return tu_agreement_judge(w, &p->items.agreement, p->pull->device, &p->past, err);
}

/* The folder of another device is not made this one's. What cannot be read as a device folder is
 * judged by its files. */
static enum tu_status check_device(struct pulling *p, struct tu_error *err)
{
	struct tu_str other =
		p->items.agreement.known ? p->items.agreement.device : p->pull->device;
	struct tu_device_folder folder;
	struct tu_error ignored = {0};
	enum tu_status status = TU_OK;

	if (tu_device_folder_open(p->pull->folder, &folder, &ignored) == TU_OK)
		other = folder.device->id;
	if (!tu_str_eq(other, p->pull->device))
		status = tu_fail(err, TU_E_USAGE, 0,
			"%s: it is the folder of the device %.*s: nothing is written. Pull %.*s "
			"into "
			"a folder of its own",
			p->pull->folder, TU_STR_FMT(other), TU_STR_FMT(p->pull->device));
	tu_device_folder_done(&folder);
	return status;
}

static enum tu_status check_all(
	struct pulling *p, struct tu_store *store, const struct tu_act *act, struct tu_error *err)
{
	enum tu_status status =
		tu_items_read_agreed(p->pull->arena, p->pull->folder, &p->items, err);

	if (status == TU_OK)
		status = check_device(p, err);
	if (status == TU_OK)
		status = tu_work_read(store, act, judge, p, err);
	for (size_t i = 0; i < p->items.list.count && status == TU_OK; i++)
		status = check(p, &p->items.list.at[i], err);
	if (status == TU_OK && p->pull->said.clashes.count)
		status = tu_fail(err, TU_E_USAGE, 0,
			"%zu files of %s %s: nothing is written. Pull into another folder, put the "
			"two together there, and push that folder",
			p->pull->said.clashes.count, p->pull->folder,
			p->past == TU_PAST_HOLDS ? "were changed since they were pushed or pulled"
				: p->past == TU_PAST_LOST
				? "differ from the store's, which was restored from a backup made "
				  "before they were pushed or pulled"
				: "differ from the store's, and were not pushed to it or pulled "
				  "from "
				  "it");
	return status;
}

enum tu_status tu_pull_folder(struct tu_store *store, const struct tu_act *act,
	struct tu_pull *pull, struct tu_error *err)
{
	struct pulling p = {
		.pull = pull, .at = {.arena = pull->arena, .path = tu_str_c(pull->folder)}};
	enum tu_status status = tu_work_read(store, act, gather, &p, err);

	pull->files = 0;
	if (status == TU_OK)
		status = check_all(&p, store, act, err);
	if (status == TU_OK && mkdir(pull->folder, 0777) != 0 && errno != EEXIST)
		status = tu_fail(err, TU_E_IO, 0, "%s: %s", pull->folder, strerror(errno));
	for (size_t i = 0; i < p.items.list.count && status == TU_OK; i++)
		status = write_item(&p, &p.items.list.at[i], err);
	return status
		? status
		: tu_items_agree(store, act,
			  &(struct tu_agree){pull->arena, pull->folder, pull->device, &p.items},
			  err);
}
