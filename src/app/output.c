#define _XOPEN_SOURCE 700
#include "app/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/utf8.h"

enum { TRIES = 100, NAME_LIMIT = 2 * PATH_MAX, NAME_SHOWN = 64 };

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

/* `path`, or what it links to: a link stays a link. */
static bool resolve(struct tu_output *output, const char *path)
{
	char *real = realpath(path, NULL);

	tu_buf_c(&output->path, real ? real : path);
	tu_buf_byte(&output->path, '\0');
	free(real);
	return !output->path.failed;
}

/* A new file in the folder of `path`: ".name.tutela-PID-N", of which a long name may only be the
 * beginning. */
static int open_beside(struct tu_output *output, mode_t mode)
{
	struct tu_str path = tu_str_c(output->path.ptr);
	size_t slash = tu_str_rfind(path, '/');
	size_t name_at = slash < path.len ? slash + 1 : 0;

	for (int i = 0; i < TRIES; i++) {
		int fd;

		tu_buf_clear(&output->temporary);
		tu_buf_str_add(&output->temporary, tu_str_first(path, name_at));
		tu_buf_printf(&output->temporary, ".%.*s.tutela-%ld-%d",
			TU_STR_FMT(tu_utf8_first(tu_str_from(path, name_at), NAME_SHOWN)),
			(long)getpid(), i);
		tu_buf_byte(&output->temporary, '\0');
		if (output->temporary.failed) {
			errno = too_long_or_no_memory(path);
			return -1;
		}
		fd = open(output->temporary.ptr, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
		if (fd >= 0 || errno != EEXIST)
			return fd;
	}
	return -1;
}

static enum tu_status open_file(struct tu_output *output, struct tu_error *err)
{
	struct stat old;
	bool exists = stat(output->path.ptr, &old) == 0;

	if (exists && S_ISDIR(old.st_mode))
		return fail_at_path(output, "write", EISDIR, err);
	if (exists && !S_ISREG(old.st_mode))
		output->fd = open(output->path.ptr, O_WRONLY | O_CLOEXEC);
	else
		output->fd = open_beside(output, 0666);
	if (output->fd < 0) {
		int number = errno;

		tu_buf_clear(&output->temporary);
		return fail_at_path(output, "write", number, err);
	}
	/* the new file is as accessible as the one that it replaces, to its owner too */
	if (exists && output->temporary.len) {
		if (fchown(output->fd, old.st_uid, old.st_gid) != 0)
			errno = 0; /* only root may give a file away */
		(void)fchmod(output->fd, old.st_mode & 0777);
	}
	return TU_OK;
}

/* A pipe that somebody else made non-blocking. */
static void wait_until_writable(int fd)
{
	struct pollfd wanted = {.fd = fd, .events = POLLOUT};

	(void)poll(&wanted, 1, -1);
}

static enum tu_status write_piece(void *context, struct tu_str piece, struct tu_error *err)
{
	const struct tu_output *output = context;

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
	if (!resolve(output, path)) {
		int number = too_long_or_no_memory(tu_str_c(path));

		tu_output_abandon(output);
		return fail_at(path, "write", number, err);
	}
	status = open_file(output, err);
	if (status != TU_OK)
		tu_output_abandon(output);
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

/* The file is complete and safe, but not in its place yet. */
static enum tu_status sync_file(struct tu_output *output, struct tu_error *err)
{
	int fd = output->fd;

	if (fsync(fd) != 0)
		return fail_at_path(output, "write", errno, err);
	output->fd = -1;
	return close(fd) == 0 ? TU_OK : fail_at_path(output, "write", errno, err);
}

static enum tu_status put_in_place(struct tu_output *output, struct tu_error *err)
{
	if (rename(output->temporary.ptr, output->path.ptr) != 0)
		return fail_at_path(output, "put the new file in place", errno, err);
	tu_buf_clear(&output->temporary);
	sync_folder(output->path.ptr);
	return TU_OK;
}

enum tu_status tu_output_finish(struct tu_output *output, struct tu_error *err)
{
	enum tu_status status = tu_sink_flush(&output->sink, err);

	if (status == TU_OK && output->temporary.len && output->fd >= 0)
		status = sync_file(output, err);
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
	if (output->temporary.len)
		(void)unlink(output->temporary.ptr);
	if (output->path.len && output->fd >= 0)
		(void)close(output->fd);
	output->fd = -1;
	tu_sink_done(&output->sink);
	tu_buf_done(&output->path);
	tu_buf_done(&output->temporary);
}
