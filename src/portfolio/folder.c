#define _XOPEN_SOURCE 700
#include "portfolio/folder.h"

#include <string.h>

#include "app/threat.h"
#include "base/input_file.h"
#include "portfolio/file.h"

#define FILE_MAX ((size_t)1 << 30)

/* ---- items ---- */

struct tu_str tu_item_name(const struct tu_item *item)
{
	return tu_str_from(item->path, tu_str_rfind(item->path, '/') + 1);
}

struct tu_item *tu_items_find(const struct tu_items *items, struct tu_str path)
{
	for (size_t i = 0; i < items->list.count; i++)
		if (tu_str_eq(items->list.at[i].path, path))
			return &items->list.at[i];
	return NULL;
}

enum tu_status tu_items_add(struct tu_arena *arena, struct tu_items *items,
	const struct tu_item *item, struct tu_error *err)
{
	struct tu_item added = *item;

	if (tu_sha256(added.text, added.digest) != TU_OK ||
		!TU_VEC_PUSH_IN(arena, &items->list, added))
		return tu_no_memory(err);
	return TU_OK;
}

/* ---- reading the folder ---- */

static enum tu_status read_item(const struct tu_device_folder *folder, struct tu_items *items,
	struct tu_item item, struct tu_error *err)
{
	const char *path = tu_device_folder_path(folder, item.path);
	struct tu_buf text;
	enum tu_status status;

	if (tu_items_find(items, item.path))
		return TU_OK; /* two releases may share a file */
	if (!tu_device_file_is_path(item.path))
		return tu_fail(err, TU_E_USAGE, 0,
			"%.*s: it is outside of the device's folder: only what is in it can be "
			"pushed",
			TU_STR_FMT(item.path));
	tu_buf_init(&text, FILE_MAX);
	status = path ? tu_input__read_raw(path, &text, err) : tu_no_memory(err);
	if (status == TU_OK && !tu_arena_dup(folder->arena, tu_buf_str(&text), &item.text))
		status = tu_no_memory(err);
	if (status == TU_OK)
		status = tu_items_add(folder->arena, items, &item, err);
	tu_buf_done(&text);
	return status && path ? tu_error_in_file(err, "%s", path) : status;
}

/* A path below the folder as the folder's functions gave it. */
static struct tu_str inside(const struct tu_device_folder *folder, struct tu_str path)
{
	struct tu_str rest = path;

	if (tu_str_skip(&rest, folder->path))
		(void)tu_str_skip(&rest, TU_STR("/"));
	return rest;
}

static enum tu_status read_release(const struct tu_device_folder *folder,
	const struct tu_release *release, struct tu_items *items, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	if (release->sbom.len)
		status = read_item(folder, items,
			(struct tu_item){.kind = TU_ITEM_SBOM, .path = release->sbom}, err);
	if (status == TU_E_NOTFOUND)
		status = tu_error_prefix(
			err, "the SBOM of release %.*s", TU_STR_FMT(release->version));
	for (size_t i = 0; i < release->side_files.count && status == TU_OK; i++)
		status = read_item(folder, items,
			(struct tu_item){.kind = TU_ITEM_FILE, .path = release->side_files.at[i]},
			err);
	return status;
}

static enum tu_status read_design(
	const struct tu_device_folder *folder, struct tu_items *items, struct tu_error *err)
{
	struct tu_texts paths;
	enum tu_status status = tu_threat_folder_files(folder, &paths, err);

	for (size_t i = 0; status == TU_OK && i < paths.count; i++)
		status = read_item(folder, items,
			(struct tu_item){.kind = TU_ITEM_FILE, .path = paths.at[i]}, err);
	return status;
}

enum tu_status tu_items_read(
	const struct tu_device_folder *folder, struct tu_items *out, struct tu_error *err)
{
	const struct tu_device *device = folder->device;
	char path[4096];
	enum tu_status status;

	*out = (struct tu_items){0};
	status = read_item(folder, out,
		(struct tu_item){.kind = TU_ITEM_DEVICE, .path = inside(folder, device->file)},
		err);
	for (size_t i = 0; i < device->release_count && status == TU_OK; i++)
		status = read_release(folder, &device->releases[i], out, err);
	for (size_t i = 0; i < folder->decision_count && status == TU_OK; i++)
		status = read_item(folder, out,
			(struct tu_item){.kind = TU_ITEM_DECISION,
				.path = inside(folder, folder->decisions[i]->file)},
			err);
	if (status == TU_OK)
		status = read_design(folder, out, err);
	if (status != TU_OK)
		return status;
	if (folder->path.len >= sizeof(path))
		return tu_fail(err, TU_E_LIMIT, 0, "the folder's name is too long");
	memcpy(path, folder->path.ptr, folder->path.len);
	path[folder->path.len] = '\0';
	return tu_items_read_agreed(folder->arena, path, out, err);
}

/* ---- for people ---- */

void tu_items_difference(struct tu_str here, struct tu_str there, struct tu_buf *out)
{
	enum { SHOWN = 60 };
	struct tu_str a = {0}, b = {0};
	unsigned line = 0;
	bool more = true;

	if (tu_str_find(here, '\0') < here.len || tu_str_find(there, '\0') < there.len) {
		tu_buf_printf(out, "%zu bytes here, %zu in the store", here.len, there.len);
		return;
	}
	while (more && tu_str_eq(a, b)) {
		bool has_a = tu_str_split(&here, '\n', &a), has_b = tu_str_split(&there, '\n', &b);

		if (!has_a)
			a = (struct tu_str){0};
		if (!has_b)
			b = (struct tu_str){0};
		more = has_a && has_b;
		line++;
	}
	tu_buf_printf(out, "line %u: here \"%.*s\", in the store \"%.*s\"", line,
		TU_STR_FMT(tu_str_first(tu_str_trim(a), SHOWN)),
		TU_STR_FMT(tu_str_first(tu_str_trim(b), SHOWN)));
}
