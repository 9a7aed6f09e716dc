#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hex.h"
#include "service/kept.h"

enum { NAME = 128, PATH = 4096, WEEK = 7 * 86400 };
#define SECOND 1000000

static bool path_to(struct tu_service *service, const char *name, char out[PATH])
{
	char relative[sizeof("cache/") + NAME_MAX];

	(void)snprintf(relative, sizeof(relative), "cache/%s", name);
	return tu_datadir_path(tu_service_datadir(service), relative, out, PATH);
}

static bool path_of(struct tu_service *service, const struct tu_service_kept *kept, char out[PATH])
{
	char name[NAME];
	struct tu_buf hex = {.ptr = name, .cap = NAME, .ceiling = NAME};

	tu_buf_c(&hex, kept->kind);
	tu_buf_byte(&hex, '-');
	tu_hex_write(kept->digest, TU_SHA256_BYTES, &hex);
	tu_buf_byte(&hex, '\0');
	return !hex.failed && path_to(service, name, out);
}

/* ---- opening ---- */

/* The time of the file says when it was opened last, to the day; one that cannot be set is no
 * harm. */
static void touch(struct tu_service *service, int fd, const struct stat *info)
{
	const time_t now = (time_t)(tu_service_now(service) / SECOND);
	const struct timespec both[2] = {{now, 0}, {now, 0}};

	if (info->st_mtime / 86400 != now / 86400)
		(void)futimens(fd, both);
}

bool tu_service_kept_open(struct tu_service *service, struct tu_service_kept *kept)
{
	char path[PATH];
	struct stat info;
	void *bytes = MAP_FAILED;
	int fd;

	kept->bytes = (struct tu_str){0};
	if (!path_of(service, kept, path))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return false;
	if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0)
		bytes = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes != MAP_FAILED) {
		kept->bytes = tu_str_of(bytes, (size_t)info.st_size);
		touch(service, fd, &info);
	}
	(void)close(fd);
	return kept->bytes.len > 0;
}

void tu_service_kept_close(struct tu_service_kept *kept)
{
	if (kept->bytes.len)
		(void)munmap((void *)(uintptr_t)kept->bytes.ptr, kept->bytes.len);
	kept->bytes = (struct tu_str){0};
}

/* ---- making ---- */

static void forget_old(struct tu_service *service, const char *kind)
{
	const int64_t before = tu_service_now(service) / SECOND - WEEK;
	char folder[PATH], path[PATH];
	struct stat info;
	DIR *files;

	if (!path_to(service, "", folder) || !(files = opendir(folder)))
		return;
	for (const struct dirent *entry; (entry = readdir(files)) != NULL;) {
		const struct tu_str name = tu_str_c(entry->d_name);
		struct tu_str rest = name;

		if (tu_str_skip(&rest, tu_str_c(kind)) && tu_str_starts(rest, TU_STR("-")) &&
			path_to(service, entry->d_name, path) && stat(path, &info) == 0 &&
			info.st_mtime < before)
			(void)unlink(path);
	}
	(void)closedir(files);
}

enum tu_status tu_service_kept_put(struct tu_service *service, const struct tu_service_kept *kept,
	struct tu_str bytes, struct tu_error *err)
{
	static pthread_mutex_t writing = PTHREAD_MUTEX_INITIALIZER;
	char path[PATH];
	enum tu_status status;

	if (!path_of(service, kept, path))
		return tu_fail(err, TU_E_LIMIT, 0, "cache/%.40s…: too long a name", kept->kind);
	status = tu_file_make_folders(path, err);
	if (status != TU_OK)
		return status;
	(void)pthread_mutex_lock(&writing);
	status = tu_file_write(path, bytes, err);
	(void)pthread_mutex_unlock(&writing);
	if (status == TU_OK)
		forget_old(service, kept->kind);
	return status;
}
