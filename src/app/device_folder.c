#define _XOPEN_SOURCE 700
#include "app/device_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/zone_file.h"
#include "base/hash.h"
#include "base/input.h"
#include "base/vec.h"
#include "device/form.h"

enum { FILE_MAX = 16 << 20, FOLDER_MEMORY_MAX = 512 << 20, NAMES_MAX = 160 };

static const char *const device_files[] = {"device.yaml", "device.yml", "device.json"};

static enum tu_status no_memory(struct tu_error *err)
{
	return tu_no_memory(err);
}

const char *tu_device_folder_path(const struct tu_device_folder *folder, struct tu_str name)
{
	bool absolute = name.len && name.ptr[0] == '/';
	size_t before = absolute ? 0 : folder->path.len + 1;
	char *path = tu_arena_text(folder->arena, before + name.len + 1);

	if (!path)
		return NULL;
	if (!absolute) {
		memcpy(path, folder->path.ptr, folder->path.len);
		path[folder->path.len] = '/';
	}
	if (name.len)
		memcpy(path + before, name.ptr, name.len);
	path[before + name.len] = '\0';
	return path;
}

static bool exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

/* Read a file and hand its text on. */
static enum tu_status read_file(const char *path, struct tu_buf *out, struct tu_error *err)
{
	enum tu_status status = tu_input_check_file(path, err);

	tu_buf_init(out, FILE_MAX);
	return status ? status : tu_input_read(path, out, err);
}

static enum tu_status read_device(struct tu_device_folder *folder, struct tu_error *err)
{
	const struct tu_device_limits limits = {.zones = &tu_zone_files};

	for (size_t i = 0; i < TU_COUNT(device_files); i++) {
		const char *path = tu_device_folder_path(folder, tu_str_c(device_files[i]));
		struct tu_buf text;
		enum tu_status status;

		if (!path)
			return no_memory(err);
		if (!exists(path))
			continue;
		status = read_file(path, &text, err);
		if (status == TU_OK)
			status = tu_device_read(folder->arena, tu_str_c(path), tu_buf_str(&text),
				&limits, &folder->device, err);
		tu_buf_done(&text);
		return status;
	}
	return tu_fail(err, TU_E_NOTFOUND, 0,
		"%.*s: no device.yaml; \"tutela device new\" makes one", TU_STR_FMT(folder->path));
}

/* ---- decisions ---- */

struct names {
	TU_VEC(const char *) list;
};

static bool is_decision(const char *name)
{
	struct tu_str s = tu_str_c(name);

	return name[0] != '.' &&
		(tu_str_ends(s, TU_STR(".yaml")) || tu_str_ends(s, TU_STR(".yml")) ||
			tu_str_ends(s, TU_STR(".json")));
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of the files in decisions/, in byte order: the order of a folder is nobody's. */
static enum tu_status list_decisions(
	struct tu_device_folder *folder, struct names *names, struct tu_error *err)
{
	const char *path = tu_device_folder_path(folder, TU_STR("decisions"));
	DIR *dir = path ? opendir(path) : NULL;
	struct dirent *entry;
	bool fine = path != NULL;

	if (path && !dir && errno != ENOENT)
		return tu_fail(err, TU_E_IO, 0, "%s: %s", path, strerror(errno));
	while (fine && dir && (entry = readdir(dir))) {
		struct tu_str copy;

		if (!is_decision(entry->d_name))
			continue;
		fine = tu_arena_dup(folder->arena,
			       tu_str_of(entry->d_name, strlen(entry->d_name) + 1), &copy) &&
			TU_VEC_PUSH_IN(folder->arena, &names->list, copy.ptr);
	}
	if (dir)
		closedir(dir);
	if (!fine)
		return no_memory(err);
	if (names->list.count > TU_DECISIONS_MAX)
		return tu_fail(
			err, TU_E_LIMIT, 0, "%s: more than %d decisions", path, TU_DECISIONS_MAX);
	if (names->list.count)
		qsort(names->list.at, names->list.count, sizeof(*names->list.at), compare_names);
	return TU_OK;
}

static enum tu_status read_decision(struct tu_device_folder *folder, const char *name,
	const struct tu_decision **out_decision, struct tu_error *err)
{
	const char *decisions = tu_device_folder_path(folder, TU_STR("decisions"));
	struct tu_device_folder below = *folder;
	const char *path;
	struct tu_buf text;
	enum tu_status status;

	if (!decisions)
		return no_memory(err);
	below.path = tu_str_c(decisions);
	path = tu_device_folder_path(&below, tu_str_c(name));
	if (!path)
		return no_memory(err);
	status = read_file(path, &text, err);
	if (status == TU_OK)
		status = tu_decision_read(
			folder->arena, tu_str_c(path), tu_buf_str(&text), NULL, out_decision, err);
	tu_buf_done(&text);
	return status;
}

static enum tu_status read_decisions(struct tu_device_folder *folder, struct tu_error *err)
{
	struct names names = {0};
	const struct tu_decision **list;
	enum tu_status status = list_decisions(folder, &names, err);

	if (status != TU_OK)
		return status;
	list = tu_arena_array(folder->arena, names.list.count, sizeof(*list));
	if (!list)
		return no_memory(err);
	for (size_t i = 0; i < names.list.count && !status; i++)
		status = read_decision(folder, names.list.at[i], &list[i], err);
	folder->decisions = list;
	folder->decision_count = names.list.count;
	return status ? status : tu_decisions_check(list, names.list.count, err);
}

enum tu_status tu_device_folder_open(
	const char *path, struct tu_device_folder *folder, struct tu_error *err)
{
	struct tu_str name = tu_str_c(path);
	enum tu_status status;

	while (name.len > 1 && name.ptr[name.len - 1] == '/')
		name.len--;
	*folder = (struct tu_device_folder){.arena = tu_arena_new(FOLDER_MEMORY_MAX), .path = name};
	if (!folder->arena)
		return no_memory(err);
	status = read_device(folder, err);
	return status ? status : read_decisions(folder, err);
}

void tu_device_folder_done(struct tu_device_folder *folder)
{
	tu_arena_free(folder->arena);
	*folder = (struct tu_device_folder){0};
}

/* ---- was it changed? ---- */

static uint64_t stamp_of(int at, const char *name)
{
	struct stat st;
	uint64_t facts[9];

	if (fstatat(at, name, &st, 0) != 0)
		return 0;
	facts[0] = tu_hash(tu_str_c(name));
	facts[1] = (uint64_t)st.st_dev;
	facts[2] = (uint64_t)st.st_ino;
	facts[3] = (uint64_t)st.st_size;
	facts[4] = (uint64_t)st.st_mtim.tv_sec;
	facts[5] = (uint64_t)st.st_mtim.tv_nsec;
	facts[6] = (uint64_t)st.st_ctim.tv_sec;
	facts[7] = (uint64_t)st.st_ctim.tv_nsec;
	facts[8] = (uint64_t)st.st_mode;
	return tu_hash(tu_str_of((const char *)facts, sizeof(facts)));
}

uint64_t tu_device_folder_stamp(const char *path)
{
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int below =
		folder < 0 ? -1 : openat(folder, "decisions", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = below < 0 ? NULL : fdopendir(below);
	struct dirent *entry;
	uint64_t stamp = 0;

	for (size_t i = 0; folder >= 0 && i < TU_COUNT(device_files); i++)
		stamp += stamp_of(folder, device_files[i]);
	while (dir && (entry = readdir(dir)))
		stamp += is_decision(entry->d_name) ? stamp_of(below, entry->d_name) : 0;
	if (dir)
		(void)closedir(dir);
	else if (below >= 0)
		(void)close(below);
	if (folder >= 0)
		(void)close(folder);
	return stamp;
}

enum tu_status tu_device_folder_release(const struct tu_device_folder *folder, const char *version,
	size_t *out_release, struct tu_error *err)
{
	const struct tu_device *device = folder->device;
	struct tu_buf list;

	*out_release =
		version ? tu_device_release(device, tu_str_c(version)) : device->release_count - 1;
	if (device->release_count && *out_release != TU_NO_RELEASE)
		return TU_OK;
	if (device->release_count == 0)
		return tu_fail(
			err, TU_E_NOTFOUND, 0, "%.*s: lists no release", TU_STR_FMT(device->file));
	tu_buf_init(&list, NAMES_MAX);
	for (size_t i = 0; i < device->release_count; i++)
		tu_buf_printf(
			&list, "%s%.*s", i ? ", " : "", TU_STR_FMT(device->releases[i].version));
	(void)tu_fail(err, TU_E_NOTFOUND, 0, "%.*s: no release %s; there are %.*s%s",
		TU_STR_FMT(device->file), version, TU_STR_FMT(tu_buf_str(&list)),
		list.failed ? ", …" : "");
	tu_buf_done(&list);
	return TU_E_NOTFOUND;
}
