/* Which files of a data folder an output must not replace. */
#define _XOPEN_SOURCE 700
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "datadir/inside.h"

enum { DEEP = 1000 };

static bool same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* By its number: whatever name, link or mount leads to it. */
static bool find(const char *folder, const char *name, struct stat *out)
{
	char path[TU_PATH_MAX];

	return tu_datadir__join(folder, name, path) && stat(path, out) == 0;
}

/* Is `folder`, or one above it, the data folder or its keys? backups/ is allowed. */
static bool is_below(const char *folder, const char *data)
{
	struct stat top, keys, backups, here, above;
	bool has_keys = find(data, "keys", &keys), has_backups = find(data, "backups", &backups);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), up;
	bool found = false;

	if (fd < 0 || stat(data, &top) || fstat(fd, &here)) {
		if (fd >= 0)
			(void)close(fd);
		return false;
	}
	for (int i = 0; i < DEEP && !found; i++) {
		if (has_backups && same(&here, &backups))
			break;
		found = same(&here, &top) || (has_keys && same(&here, &keys));
		up = openat(fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		(void)close(fd);
		fd = up;
		if (fd < 0 || fstat(fd, &above) || same(&above, &here))
			break;
		here = above;
	}
	if (fd >= 0)
		(void)close(fd);
	return found;
}

/* Is a file of this folder, also one that lies elsewhere and is linked to, that file? */
static bool has(const char *folder, const struct stat *file)
{
	DIR *open = opendir(folder);
	struct stat info;
	bool found = false;

	if (!open)
		return false;
	for (const struct dirent *entry = readdir(open); entry && !found; entry = readdir(open))
		found = find(folder, entry->d_name, &info) && same(&info, file);
	(void)closedir(open);
	return found;
}

static bool folder_of(const char *file, char out[TU_PATH_MAX])
{
	const char *slash = strrchr(file, '/');
	int len = slash ? snprintf(out, TU_PATH_MAX, "%.*s/", (int)(slash - file), file)
			: snprintf(out, TU_PATH_MAX, ".");

	return len > 0 && len < TU_PATH_MAX;
}

static bool lies_in(const char *data, const char *file)
{
	char folder[TU_PATH_MAX], target[PATH_MAX], keys[TU_PATH_MAX];
	struct stat info;

	if (folder_of(file, folder) && is_below(folder, data))
		return true;
	if (stat(file, &info) ||
		S_ISDIR(info.st_mode)) /* a folder is no output: ".." is one, too */
		return false;
	if (realpath(file, target) && folder_of(target, folder) && is_below(folder, data))
		return true;
	return has(data, &info) || (tu_datadir__join(data, "keys", keys) && has(keys, &info));
}

enum tu_status tu_datadir_check_outside(const char *data, const char *file, struct tu_error *err)
{
	struct stat info;

	if (!tu_datadir_is(data))
		return TU_OK;
	if (lstat(file, &info) == 0 && S_ISLNK(info.st_mode) && stat(file, &info))
		return tu_fail(err, TU_E_USAGE, 0,
			"%s is a link to what is not there: name the file itself", file);
	if (lies_in(data, file))
		return tu_fail(err, TU_E_USAGE, 0,
			"%s is in the data folder %s, where it would be in the way of what the "
			"service needs: name a file elsewhere, or in %s/backups",
			file, data, data);
	return TU_OK;
}
