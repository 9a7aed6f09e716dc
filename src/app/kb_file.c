#define _XOPEN_SOURCE 700
#include "app/kb_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/input.h"
#include "base/sha256.h"

enum { STAMP_MAX = 512, NAME_LIMIT = 4 * PATH_MAX };

/* ---- stamps ---- */

/* What a stamp says of a file in one state. */
static void describe_state(const struct stat *state, const struct tu_kb *kb, struct tu_buf *out)
{
	struct tu_kb_info info;

	tu_kb_info(kb, &info);
	tu_buf_printf(out, "tutela verified 1\ndevice %llu\ninode %llu\nsize %lld\n",
		(unsigned long long)state->st_dev, (unsigned long long)state->st_ino,
		(long long)state->st_size);
	tu_buf_printf(out, "modified %lld.%09ld\nchanged %lld.%09ld\nsha256 ",
		(long long)state->st_mtim.tv_sec, state->st_mtim.tv_nsec,
		(long long)state->st_ctim.tv_sec, state->st_ctim.tv_nsec);
	tu_sha256_write(info.sha256, out);
	tu_buf_c(out, "\n");
}

/* The name of the stamp of the file at `path`: 128 bits of its whole name. Two files of one stamp
 * would be verified each time; what says that a file was verified is in the stamp. False where
 * there is no place for one. */
static bool stamp_path(const char *folder, const char *path, struct tu_buf *out)
{
	char *real = folder ? realpath(path, NULL) : NULL;

	if (!real)
		return false;
	tu_buf_printf(out, "%s%016" PRIx64 "%016" PRIx64, folder, tu_hash_seeded(tu_str_c(real), 0),
		tu_hash_seeded(tu_str_c(real), 1));
	tu_buf_byte(out, '\0');
	free(real);
	return !out->failed;
}

/* Is there a stamp with these words, that nobody else could have written? */
static bool has_stamp(const char *path, struct tu_str words)
{
	char text[STAMP_MAX];
	struct stat state;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t got;
	bool own;

	if (fd < 0)
		return false;
	own = fstat(fd, &state) == 0 && S_ISREG(state.st_mode) && state.st_uid == geteuid() &&
		(state.st_mode & 022) == 0;
	got = read(fd, text, sizeof(text));
	(void)close(fd);
	return own && got >= 0 && tu_str_eq(tu_str_of(text, (size_t)got), words);
}

void tu_kb_file_make_folders(const char *path)
{
	struct tu_buf name;

	tu_buf_init(&name, NAME_LIMIT);
	for (size_t i = 0; path[i]; i++) {
		if (path[i] == '/' && i > 0) {
			tu_buf_byte(&name, '\0');
			if (name.failed)
				break;
			(void)mkdir(name.ptr, 0700);
			name.len--;
		}
		tu_buf_byte(&name, path[i]);
	}
	tu_buf_done(&name);
}

/* Best effort: without a stamp the next run verifies again. */
static void write_stamp(struct tu_buf *path, struct tu_str words)
{
	struct tu_buf temporary;
	int fd;
	bool ok;

	tu_kb_file_make_folders(path->ptr);
	tu_buf_init(&temporary, NAME_LIMIT);
	tu_buf_printf(&temporary, "%s.%ld", path->ptr, (long)getpid());
	tu_buf_byte(&temporary, '\0');
	if (!temporary.failed) {
		fd = open(temporary.ptr, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd >= 0) {
			ok = write(fd, words.ptr, words.len) == (ssize_t)words.len;
			ok = close(fd) == 0 && ok;
			if (!ok || rename(temporary.ptr, path->ptr) != 0)
				(void)unlink(temporary.ptr);
		}
	}
	tu_buf_done(&temporary);
}

static bool same_state(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
		a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
		a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
		a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* Times of files tick in steps of some milliseconds: a file that was changed within the present
 * step could change once more and keep its times. */
static bool is_settled(const struct stat *state, int64_t now)
{
	return now > (int64_t)state->st_ctim.tv_sec + 1;
}

/* ---- what stands beside it ---- */

static enum tu_status check_sidecar(
	const struct tu_kb *kb, const struct tu_sidecar *sidecar, struct tu_error *err)
{
	struct tu_kb_info info;
	struct tu_buf digest;
	enum tu_status status = TU_OK;

	tu_kb_info(kb, &info);
	tu_buf_init(&digest, STAMP_MAX);
	tu_sha256_write(info.sha256, &digest);
	if (!tu_str_eq(sidecar->kb_sha256, tu_buf_str(&digest)))
		status = tu_fail(err, TU_E_CORRUPT, 0,
			"it speaks of another knowledge base; nothing says how fresh this one is");
	tu_buf_done(&digest);
	return status;
}

static enum tu_status read_sidecar(
	struct tu_kb_file *file, const char *suffix, struct tu_error *err)
{
	const struct tu_sidecar *sidecar = NULL;
	struct tu_buf path;
	enum tu_status status;

	tu_buf_init(&path, NAME_LIMIT);
	tu_buf_printf(&path, "%s%s", file->path.ptr, suffix);
	tu_buf_byte(&path, '\0');
	if (path.failed || !file->arena)
		status = tu_no_memory(err);
	else
		status = tu_input_read(path.ptr, &file->sidecar_text, err);
	if (status == TU_OK)
		status = tu_sidecar_read(
			file->arena, tu_buf_str(&file->sidecar_text), &sidecar, err);
	if (status == TU_OK)
		status = check_sidecar(file->kb, sidecar, err);
	if (status == TU_OK)
		file->sidecar = sidecar;
	tu_buf_done(&path);
	return status;
}

/* A knowledge base without an account of its sources is one whose freshness nobody knows: that is
 * no error here, and told by who shows it. */
static void open_sidecar(struct tu_kb_file *file)
{
	struct tu_error *err = &file->sidecar_problem;
	struct tu_error ignored = {0};
	enum tu_status status;

	file->arena = tu_arena_new((size_t)4 * TU_SIDECAR_BYTES_MAX);
	status = read_sidecar(file, TU_KB_SIDECAR, err);
	if (status != TU_OK && read_sidecar(file, TU_KB_SIDECAR_NEXT, &ignored) == TU_OK)
		status = TU_OK;
	if (status == TU_OK || status == TU_E_NOTFOUND)
		*err = (struct tu_error){0};
	else
		(void)tu_error_flatten(err);
}

/* ---- opening ---- */

static enum tu_status verify(const struct tu_kb *kb, const char *path, struct tu_error *err)
{
	if (tu_kb_verify(kb, err) == TU_OK)
		return TU_OK;
	return tu_error_in_file(err, "%s", path);
}

/* `before` is the file's state before it was opened. */
static enum tu_status verify_once(const struct tu_app_context *context,
	const struct tu_kb_file *file, const struct stat *before, struct tu_error *err)
{
	const char *path = file->path.ptr;
	struct tu_buf stamp, words;
	struct stat after;
	bool can_stamp;
	enum tu_status status = TU_OK;

	tu_buf_init(&stamp, NAME_LIMIT);
	tu_buf_init(&words, STAMP_MAX);
	describe_state(before, file->kb, &words);
	can_stamp = stat(path, &after) == 0 && same_state(before, &after) && !words.failed &&
		stamp_path(context->stamps, path, &stamp);
	if (!can_stamp || !has_stamp(stamp.ptr, tu_buf_str(&words))) {
		status = verify(file->kb, path, err);
		if (status == TU_OK && can_stamp && is_settled(before, context->now) &&
			stat(path, &after) == 0 && same_state(before, &after))
			write_stamp(&stamp, tu_buf_str(&words));
	}
	tu_buf_done(&words);
	tu_buf_done(&stamp);
	return status;
}

static enum tu_status open_file(const struct tu_app_context *context, struct tu_kb_file *file,
	enum tu_kb_verification verification, struct tu_error *err)
{
	const char *path = file->path.ptr;
	struct stat before;
	enum tu_status status;

	if (stat(path, &before) != 0)
		return tu_fail(err, errno == ENOENT ? TU_E_NOTFOUND : TU_E_IO, 0,
			"knowledge base %s (%s): %s", path, file->chosen_by, strerror(errno));
	status = tu_kb_open(path, &file->kb, err);
	if (status != TU_OK)
		return status;
	if (verification == TU_KB_VERIFY_ALWAYS)
		return verify(file->kb, path, err);
	return verify_once(context, file, &before, err);
}

static enum tu_status open_starter(const struct tu_app_context *context, struct tu_kb_file *file,
	enum tu_kb_verification verification, struct tu_error *err)
{
	struct tu_str starter = context->starter;
	enum tu_status status;

	if (!starter.len)
		return tu_fail(
			err, TU_E_NOTFOUND, 0, "no knowledge base is named, and none is built in");
	status = tu_kb_open_memory(starter.ptr, starter.len, &file->kb, err);
	file->starter = true;
	if (status == TU_OK && verification == TU_KB_VERIFY_ALWAYS)
		status = verify(file->kb, "built-in starter", err);
	return status;
}

/* The path into file->path, or nothing for the starter. */
static bool choose(
	const struct tu_app_context *context, const char *option, struct tu_kb_file *file)
{
	const char *named = option ? option : context->kb_environment;

	file->chosen_by = option ? "--kb" : "$TUTELA_KB";
	if (!named && context->kb_default && access(context->kb_default, F_OK) == 0) {
		file->chosen_by = "the user's data folder";
		named = context->kb_default;
	}
	if (!named) {
		file->chosen_by = "built in";
		return true;
	}
	tu_buf_c(&file->path, named);
	tu_buf_byte(&file->path, '\0');
	return !file->path.failed;
}

enum tu_status tu_kb_file_open(const struct tu_app_context *context, const char *option,
	enum tu_kb_verification verification, struct tu_kb_file *out_file, struct tu_error *err)
{
	enum tu_status status;

	*out_file = (struct tu_kb_file){0};
	tu_buf_init(&out_file->path, NAME_LIMIT);
	tu_buf_init(&out_file->sidecar_text, TU_SIDECAR_BYTES_MAX);
	if (!choose(context, option, out_file))
		status = tu_fail(err, TU_E_IO, 0, "name of the knowledge base: too long");
	else if (out_file->path.len)
		status = open_file(context, out_file, verification, err);
	else
		status = open_starter(context, out_file, verification, err);
	if (status == TU_OK && !out_file->starter)
		open_sidecar(out_file);
	if (status != TU_OK)
		tu_kb_file_close(out_file);
	return status;
}

void tu_kb_file_close(struct tu_kb_file *file)
{
	tu_kb_close(file->kb);
	tu_buf_done(&file->path);
	tu_buf_done(&file->sidecar_text);
	tu_arena_free(file->arena);
	file->kb = NULL;
	file->arena = NULL;
	file->sidecar = NULL;
}
