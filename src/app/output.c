#define _GNU_SOURCE /* O_TMPFILE */
#include "app/output.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/utf8.h"

enum { TRIES = 100, LINKS_MAX = 40, NAME_LIMIT = 2 * PATH_MAX, NAME_SHOWN = 64 };

static const size_t limit = (size_t)4 << 30;

static enum tu_status fail_at(const char *path, const char *doing, int number, struct tu_error *err)
{
	return tu_fail(err, number == ENOMEM ? TU_E_NOMEM : TU_E_IO, 0, "%s: cannot %s: %s", path,
		doing, strerror(number));
}

static enum tu_status fail_at_path(
	const struct tu_output *output, const char *doing, int number, struct tu_error *err)
{
	return fail_at(output->path.len ? output->path.ptr : "standard output", doing, number, err);
}

/* Why a buffer with the limit NAME_LIMIT did not take a path. */
static int too_long_or_no_memory(struct tu_str path)
{
	return path.len + NAME_SHOWN * 2 > NAME_LIMIT ? ENAMETOOLONG : ENOMEM;
}

/* The open descriptor that the path names, also by links ("/dev/stdout"); -1: none. */
static int descriptor_of(const char *path)
{
	static const struct tu_str folders[] = {
		TU_STR_INIT("/proc/self/fd/"), TU_STR_INIT("/dev/fd/")};
	char link[PATH_MAX];
	struct tu_str name = tu_str_c(path);

	for (int i = 0; i < LINKS_MAX; i++) {
		uint64_t number;
		ssize_t len;

		for (size_t k = 0; k < TU_COUNT(folders); k++) {
			if (tu_str_starts(name, folders[k]) &&
				tu_str_to_u64(tu_str_from(name, folders[k].len), INT_MAX, &number))
				return (int)number;
		}
		len = readlink(path, link, sizeof(link) - 1);
		if (len <= 0)
			return -1;
		link[len] = '\0';
		path = link;
		name = tu_str_c(path);
	}
	return -1;
}

/* ---- the file that becomes the new one ---- */

/* Where the name begins in a path. */
static size_t name_at(struct tu_str path)
{
	size_t slash = tu_str_rfind(path, '/');

	return slash < path.len ? slash + 1 : 0;
}

/* ".name.tutela-" in the folder of the path; of a long name only the beginning. */
static void add_stem(const struct tu_output *output, struct tu_buf *out)
{
	struct tu_str path = tu_str_c(output->path.ptr);
	size_t at = name_at(path);

	tu_buf_str_add(out, tu_str_first(path, at));
	tu_buf_printf(
		out, ".%.*s.tutela-", TU_STR_FMT(tu_utf8_first(tu_str_from(path, at), NAME_SHOWN)));
}

/* Remove a file that its writer has left: it has no lock of take_name() any more. */
static void remove_left(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd < 0)
		return;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		(void)unlink(path);
	(void)close(fd);
}

/* Remove what earlier runs that were killed left of the same output. */
static void remove_leftovers(const struct tu_output *output)
{
	struct tu_buf stem, path;
	const struct dirent *entry;
	DIR *folder;
	size_t at;

	tu_buf_init(&stem, NAME_LIMIT);
	tu_buf_init(&path, NAME_LIMIT);
	add_stem(output, &stem);
	at = name_at(tu_buf_str(&stem));
	tu_buf_str_add(&path, tu_str_first(tu_buf_str(&stem), at));
	tu_buf_c(&path, at ? "" : ".");
	tu_buf_byte(&path, '\0');
	folder = stem.failed || path.failed ? NULL : opendir(path.ptr);
	while (folder && (entry = readdir(folder)) != NULL) {
		if (!tu_str_starts(tu_str_c(entry->d_name), tu_str_from(tu_buf_str(&stem), at)))
			continue;
		tu_buf_clear(&path);
		tu_buf_str_add(&path, tu_str_first(tu_buf_str(&stem), at));
		tu_buf_c(&path, entry->d_name);
		tu_buf_byte(&path, '\0');
		if (!path.failed)
			remove_left(path.ptr);
	}
	if (folder)
		(void)closedir(folder);
	tu_buf_done(&path);
	tu_buf_done(&stem);
}

/* Give the new file its temporary name: `unnamed` >= 0 is a file without one, else the file is
 * made. It is locked, so that another run does not take it for a leftover. */
static int take_name(struct tu_output *output, int unnamed, mode_t mode)
{
	for (int i = 0; i < TRIES; i++) {
		struct stat info;
		int fd = unnamed;

		tu_buf_clear(&output->temporary);
		add_stem(output, &output->temporary);
		tu_buf_printf(&output->temporary, "%ld-%d", (long)getpid(), i);
		tu_buf_byte(&output->temporary, '\0');
		if (output->temporary.failed) {
			errno = too_long_or_no_memory(tu_buf_str(&output->path));
			return -1;
		}
		if (unnamed < 0)
			fd = open(
				output->temporary.ptr, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
		else if (linkat(AT_FDCWD, output->proc, AT_FDCWD, output->temporary.ptr,
				 AT_SYMLINK_FOLLOW) != 0)
			fd = -1;
		if (fd < 0 && errno != EEXIST)
			return -1;
		if (fd < 0)
			continue;
		(void)flock(fd, LOCK_EX | LOCK_NB);
		/* another run may have been quicker than the lock */
		if (fstat(fd, &info) != 0 || info.st_nlink > 0)
			return fd;
		if (unnamed < 0)
			(void)close(fd);
	}
	errno = EEXIST;
	return -1;
}

/* A new file in the folder of the path: without a name where the file system has such files, so
 * that nothing is left of it whenever the process ends. */
static int open_beside(struct tu_output *output, mode_t mode)
{
	struct tu_str path = tu_str_c(output->path.ptr);
	struct tu_buf folder;
	struct stat info;
	int fd = -1;

	remove_leftovers(output);
	tu_buf_init(&folder, NAME_LIMIT);
	tu_buf_str_add(&folder, name_at(path) ? tu_str_first(path, name_at(path)) : TU_STR("."));
	tu_buf_byte(&folder, '\0');
	if (!folder.failed)
		fd = open(folder.ptr, O_TMPFILE | O_RDWR | O_CLOEXEC, mode);
	tu_buf_done(&folder);
	(void)snprintf(output->proc, sizeof(output->proc), "/proc/self/fd/%d", fd);
	if (fd >= 0 && stat(output->proc, &info) == 0) {
		tu_buf_c(&output->temporary, output->proc);
		tu_buf_byte(&output->temporary, '\0');
		return fd;
	}
	if (fd >= 0)
		(void)close(fd);
	output->proc[0] = '\0';
	return take_name(output, -1, mode);
}

/* The new file is as accessible as the one that it replaces, to its owner too. */
static void take_rights(const struct tu_output *output, const struct stat *old)
{
	if (fchown(output->fd, old->st_uid, old->st_gid) != 0)
		errno = 0; /* only root may give a file away */
	(void)fchmod(output->fd, old->st_mode & 0777);
}

static int open_in_place(struct tu_output *output)
{
	int descriptor = descriptor_of(output->path.ptr);

	if (descriptor < 0)
		return open(output->path.ptr, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	/* opened by its name, a file would be written from its beginning */
	output->emptied = true;
	return fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
}

static enum tu_status open_file(struct tu_output *output, struct tu_error *err)
{
	struct stat old;
	bool exists = lstat(output->path.ptr, &old) == 0;
	bool named = !exists || S_ISREG(old.st_mode);

	if (exists && S_ISDIR(old.st_mode))
		return fail_at_path(output, "write", EISDIR, err);
	output->fd = named ? open_beside(output, 0666) : open_in_place(output);
	if (output->fd < 0) {
		int number = errno;

		tu_buf_clear(&output->temporary);
		return fail_at_path(output, "write", number, err);
	}
	if (exists && named)
		take_rights(output, &old);
	return TU_OK;
}

/* Of a file that is written in place: what was in it. */
static bool empty_file(struct tu_output *output)
{
	struct stat info;

	if (output->emptied || output->temporary.len || !output->path.len)
		return true;
	output->emptied = true;
	return fstat(output->fd, &info) != 0 || !S_ISREG(info.st_mode) ||
		ftruncate(output->fd, 0) == 0;
}

/* A pipe that somebody else made non-blocking. */
static void wait_until_writable(int fd)
{
	struct pollfd wanted = {.fd = fd, .events = POLLOUT};

	(void)poll(&wanted, 1, -1);
}

static enum tu_status write_piece(void *context, struct tu_str piece, struct tu_error *err)
{
	struct tu_output *output = context;

	if (!empty_file(output))
		return fail_at_path(output, "write", errno, err);
	while (piece.len) {
		ssize_t wrote = write(output->fd, piece.ptr, piece.len);

		if (wrote < 0 && errno == EAGAIN)
			wait_until_writable(output->fd);
		else if (wrote < 0 && errno == EPIPE && !output->path.len)
			return TU_OK; /* the reader, such as head(1), wants no more */
		else if (wrote < 0 && errno != EINTR)
			return fail_at_path(output, "write", errno, err);
		if (wrote > 0)
			piece = tu_str_from(piece, (size_t)wrote);
	}
	return TU_OK;
}

enum tu_status tu_output_open(struct tu_output *output, const char *path, struct tu_error *err)
{
	enum tu_status status;

	*output = (struct tu_output){.fd = STDOUT_FILENO};
	tu_sink_init(&output->sink, limit, write_piece, output);
	tu_buf_init(&output->path, NAME_LIMIT);
	tu_buf_init(&output->temporary, NAME_LIMIT);
	if (!path || strcmp(path, "-") == 0)
		return TU_OK;
	output->fd = -1;
	if (!path[0]) {
		tu_output_abandon(output);
		return tu_fail(err, TU_E_IO, 0, "the name of the output file is empty");
	}
	tu_buf_c(&output->path, path);
	tu_buf_byte(&output->path, '\0');
	if (output->path.failed)
		status = fail_at(path, "write", too_long_or_no_memory(tu_str_c(path)), err);
	else
		status = open_file(output, err);
	if (status != TU_OK)
		tu_output_abandon(output);
	return status;
}

enum tu_status tu_output_replace(struct tu_output *output, const char *path, struct tu_error *err)
{
	char *real = path && strcmp(path, "-") != 0 ? realpath(path, NULL) : NULL;
	enum tu_status status = tu_output_open(output, real ? real : path, err);

	free(real);
	return status;
}

/* So that the new name survives a crash of the machine. Some file systems cannot: no matter. */
static void sync_folder(const char *path)
{
	struct tu_str text = tu_str_c(path);
	size_t slash = tu_str_rfind(text, '/');
	char folder[PATH_MAX] = ".";
	int fd;

	if (slash < text.len && slash < sizeof(folder) - 1) {
		memcpy(folder, path, slash + 1);
		folder[slash + 1] = '\0';
	}
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	(void)fsync(fd);
	(void)close(fd);
}

static enum tu_status put_in_place(struct tu_output *output, struct tu_error *err)
{
	if (output->proc[0] && take_name(output, output->fd, 0) < 0)
		return fail_at_path(output, "put the new file in place", errno, err);
	if (rename(output->temporary.ptr, output->path.ptr) != 0)
		return fail_at_path(output, "put the new file in place", errno, err);
	tu_buf_clear(&output->temporary);
	sync_folder(output->path.ptr);
	return TU_OK;
}

bool tu_output_is_rewritable(const struct tu_output *output)
{
	return output->temporary.len > 0;
}

enum tu_status tu_output_read_back(
	const struct tu_output *output, size_t at, void *bytes, size_t len, struct tu_error *err)
{
	for (size_t done = 0; done < len;) {
		ssize_t got =
			pread(output->fd, (char *)bytes + done, len - done, (off_t)(at + done));

		if (got < 0 && errno != EINTR)
			return fail_at_path(output, "read back", errno, err);
		if (got == 0)
			return tu_fail(err, TU_E_IO, 0, "%s: cannot read back: the file has ended",
				output->path.ptr);
		done += got > 0 ? (size_t)got : 0;
	}
	return TU_OK;
}

enum tu_status tu_output_rewrite(
	const struct tu_output *output, struct tu_str first, struct tu_error *err)
{
	for (size_t done = 0; done < first.len;) {
		ssize_t put = pwrite(output->fd, first.ptr + done, first.len - done, (off_t)done);

		if (put < 0 && errno != EINTR)
			return fail_at_path(output, "write", errno, err);
		done += put > 0 ? (size_t)put : 0;
	}
	return TU_OK;
}

enum tu_status tu_output_finish(struct tu_output *output, struct tu_error *err)
{
	enum tu_status status = tu_sink_flush(&output->sink, err);

	/* an answer of no bytes replaces what was there as any other does */
	if (status == TU_OK && !empty_file(output))
		status = fail_at_path(output, "write", errno, err);
	if (status == TU_OK && output->temporary.len && fsync(output->fd) != 0)
		status = fail_at_path(output, "write", errno, err);
	return status;
}

const char *tu_output_file(const struct tu_output *output)
{
	if (output->temporary.len)
		return output->temporary.ptr;
	return output->path.len ? output->path.ptr : "";
}

enum tu_status tu_output_close(struct tu_output *output, struct tu_error *err)
{
	enum tu_status status = tu_output_finish(output, err);

	if (status == TU_OK && output->temporary.len)
		status = put_in_place(output, err);
	tu_output_abandon(output);
	return status;
}

void tu_output_abandon(struct tu_output *output)
{
	/* in /proc there is nothing to remove: the name is the descriptor's */
	if (output->temporary.len)
		(void)unlink(output->temporary.ptr);
	if (output->path.len && output->fd >= 0)
		(void)close(output->fd);
	output->fd = -1;
	tu_sink_done(&output->sink);
	tu_buf_done(&output->path);
	tu_buf_done(&output->temporary);
}
