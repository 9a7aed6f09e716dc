/* Reading what a person names: folders and archives. One file: input.c. */
#define _GNU_SOURCE /* scandir */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/archive.h"
#include "base/checked.h"
#include "base/input_walker.h"
#include "base/unpack.h"

enum { DEFAULT_DEPTH = 64 };

#define DEFAULT_BYTES ((size_t)2 << 30)

/* ---- folders and archives ---- */

void tu_input__report(struct walker *w, struct tu_str name, const struct tu_error *problem)
{
	if (w->walk->problem)
		w->walk->problem(w->walk->context, name, problem);
}

bool tu_input__is_over(const struct walker *w)
{
	return *w->unpacked > w->total;
}

enum tu_status tu_input__fail_over(const struct walker *w, struct tu_error *err)
{
	return tu_input_fail_total(w->total, err);
}

enum tu_status tu_input__count_document(struct walker *w, struct tu_error *err)
{
	return ++w->entries > w->entries_max ? tu_input_fail_entries(w->entries_max, err) : TU_OK;
}

enum tu_status tu_input__visit(
	struct walker *w, struct tu_str name, struct tu_str text, struct tu_error *err)
{
	enum tu_status status = tu_input__count_document(w, err);

	if (status)
		return status;
	if (tu_input__is_over(w))
		return tu_input__fail_over(w, err);
	return w->walk->visit(w->walk->context, name, text, err);
}

bool tu_input_is_archive(struct tu_str s)
{
	enum { TAR_MAGIC_AT = 257 };

	return tu_str_starts(s, TU_STR("PK\x03\x04")) || tu_str_starts(s, TU_STR("PK\x05\x06")) ||
		tu_str_starts(tu_str_from(s, TAR_MAGIC_AT), TU_STR("ustar"));
}

static enum tu_status read_member(
	struct walker *w, struct tu_archive *archive, struct tu_error *err)
{
	tu_buf_clear(&w->member);
	for (;;) {
		size_t room = tu_input__make_room(&w->member);
		size_t got;

		if (room == 0)
			return tu_no_memory(err);
		if (tu_archive_read(archive, w->member.ptr + w->member.len, room, &got, err))
			return err->status;
		if (got == 0)
			return tu_input__pad(&w->member, err);
		w->member.len += got;
		if (tu_input__check_ceiling(&w->member, err))
			return TU_E_LIMIT;
	}
}

/* Deflate packs 1032 bytes into one at best: an archive that grows more lets its members share
 * their bytes. Another document may use what the limit leaves. */
static size_t allowance_of(const struct walker *w, size_t archive_bytes)
{
	enum { RATIO_MAX = 1032 };
	size_t granted;

	if (!tu_mul(archive_bytes, RATIO_MAX, &granted) || !tu_add(granted, w->bytes, &granted))
		return SIZE_MAX;
	return granted;
}

/* Count what a step made of the archive, whether it went well or not. */
static enum tu_status spend(
	struct walker *w, size_t bytes, enum tu_status status, struct tu_error *err)
{
	*w->unpacked += bytes;
	if (bytes < w->allowance) {
		w->allowance -= bytes;
		return status;
	}
	w->allowance = 0;
	return tu_fail(err, TU_E_LIMIT, 0,
		"the archive contains more than 1032 times its own size: the rest is not read");
}

/* Read the member and unpack it. `*out_text` lies in `member` or, for the outer text is needed
 * while its archive is read, in `raw`, which is free. */
static enum tu_status take_member(
	struct walker *w, struct tu_archive *archive, struct tu_str *out_text, struct tu_error *err)
{
	enum tu_status status = read_member(w, archive, err);

	*out_text = tu_buf_str(&w->member);
	status = spend(w, w->member.len, status, err);
	if (!status && tu_unpack_is_packed(*out_text)) {
		status = tu_input_unpack(*out_text, &w->raw, err);
		*out_text = tu_buf_str(&w->raw);
		status = spend(w, w->raw.len, status, err);
	}
	if (!status && tu_input_is_archive(*out_text))
		return tu_fail(
			err, TU_E_UNSUPPORTED, 0, "an archive inside an archive is not read");
	return status;
}

/* Of what goes wrong with one document only running out of memory ends the walk. */
enum tu_status tu_input__after_problem(
	struct walker *w, struct tu_str name, const struct tu_error *problem, struct tu_error *err)
{
	tu_input__report(w, name, problem);
	if (tu_input__is_over(w))
		return tu_input__fail_over(w, err);
	return problem->status == TU_E_NOMEM ? tu_fail(err, TU_E_NOMEM, 0, "%s", problem->message)
					     : TU_OK;
}

static enum tu_status visit_member(struct walker *w, struct tu_str outer,
	struct tu_archive *archive, const char *member, struct tu_error *err)
{
	struct tu_buf name;
	struct tu_str text;
	struct tu_error problem = {0};
	enum tu_status status;

	tu_buf_init(&name, 128 * 1024);
	tu_buf_printf(&name, "%.*s: %s", TU_STR_FMT(outer), member);
	status = name.failed ? tu_no_memory(&problem) : take_member(w, archive, &text, &problem);
	if (status)
		status = tu_input__after_problem(
			w, name.failed ? outer : tu_buf_str(&name), &problem, err);
	else
		status = tu_input__visit(w, tu_buf_str(&name), text, err);
	tu_buf_done(&name);
	return status;
}

/* `*out_problem` is what ends the archive early, if anything does. */
static enum tu_status visit_members(struct walker *w, struct tu_str name,
	struct tu_archive *archive, struct tu_error *out_problem, struct tu_error *err)
{
	struct tu_archive_member member;
	bool more = true;

	while (w->allowance) {
		enum tu_status status = tu_archive_next(archive, &member, &more, out_problem);

		if (status || !more)
			return TU_OK;
		if (member.is_file)
			status = visit_member(w, name, archive, member.name, err);
		if (status)
			return status;
	}
	return TU_OK;
}

static enum tu_status walk_archive(
	struct walker *w, struct tu_str name, struct tu_str text, struct tu_error *err)
{
	struct tu_archive *archive;
	struct tu_error problem = {0};
	enum tu_status status = tu_archive_open(NULL, text, &archive, &problem);

	if (status)
		return tu_input__after_problem(w, name, &problem, err);
	w->allowance = allowance_of(w, text.len);
	status = visit_members(w, name, archive, &problem, err);
	if (!status && problem.status)
		tu_input__report(w, name, &problem);
	tu_archive_close(archive);
	return status;
}

/* ---- files ---- */

static enum tu_status walk_whole(struct walker *w, const char *path, struct tu_error *err)
{
	struct tu_str name = tu_str_c(path);
	struct tu_error problem = {0};
	struct tu_buf *text = &w->raw;
	enum tu_status status = tu_input__read_named(path, &w->raw, &problem);

	if (!status && tu_unpack_is_packed(tu_buf_str(&w->raw))) {
		text = &w->text;
		status = tu_input_unpack(tu_buf_str(&w->raw), text, &problem);
	} else if (!status) {
		/* `raw` serves members of archives: keep the text apart. */
		struct tu_buf swap = w->raw;

		w->raw = w->text;
		w->text = swap;
		text = &w->text;
		status = tu_input__pad(text, &problem);
	}
	*w->unpacked += text->len;
	if (status)
		return tu_input__after_problem(w, name, &problem, err);
	return tu_input_is_archive(tu_buf_str(text))
		? walk_archive(w, name, tu_buf_str(text), err)
		: tu_input__visit(w, name, tu_buf_str(text), err);
}

/* The memory of a large file is not kept for the next one, which has its own. */
static void release(struct tu_buf *buf)
{
	if (buf->cap > TU_INPUT_PIECE)
		tu_buf_done(buf);
}

static enum tu_status walk_file(struct walker *w, const char *path, struct tu_error *err)
{
	bool taken;
	enum tu_status status = tu_input__walk_lines(w, path, &taken, err);

	if (!taken)
		status = walk_whole(w, path, err);
	release(&w->raw);
	release(&w->text);
	return status;
}

static enum tu_status meet_file(
	struct walker *w, const char *path, size_t bytes, struct tu_error *err)
{
	return w->walk->file ? w->walk->file(w->walk->context, path, bytes, err)
			     : walk_file(w, path, err);
}

static enum tu_status walk_path(struct walker *w, const char *path, struct tu_error *err);

static bool is_among(const struct id *ids, size_t count, struct id id)
{
	for (size_t i = 0; i < count; i++) {
		if (ids[i].device == id.device && ids[i].inode == id.inode)
			return true;
	}
	return false;
}

/* Each folder that links lead to is followed once: a few links to each other's folders would else
 * make more paths than anyone can walk. */
static enum tu_status follow(struct walker *w, struct id id, bool *out_again, struct tu_error *err)
{
	*out_again = is_among(w->followed.at, w->followed.count, id);
	if (*out_again || TU_VEC_PUSH(&w->followed, id))
		return TU_OK;
	return tu_no_memory(err);
}

static int not_hidden(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static enum tu_status walk_entry(
	struct walker *w, const char *folder, const char *entry, struct tu_error *err)
{
	struct tu_buf path;
	enum tu_status status;

	tu_buf_init(&path, 64 * 1024);
	tu_buf_printf(&path, "%s/%s", folder, entry);
	tu_buf_byte(&path, '\0');
	status = path.failed ? tu_no_memory(err) : walk_path(w, path.ptr, err);
	tu_buf_done(&path);
	return status;
}

static enum tu_status walk_folder(
	struct walker *w, const char *path, struct id id, struct tu_error *err)
{
	struct dirent **entries = NULL;
	struct tu_error problem = {0};
	enum tu_status status = TU_OK;
	bool entered = false;
	int count;

	/* a link that leads back to a folder above: all in it is being visited */
	if (is_among(w->folders.at, w->folders.count, id))
		return TU_OK;
	if (w->folders.count >= w->depth_max) {
		(void)tu_fail(&problem, TU_E_LIMIT, 0, "folders nested too deeply");
		tu_input__report(w, tu_str_c(path), &problem);
		return TU_OK;
	}
	count = scandir(path, &entries, not_hidden, by_bytes);
	if (count < 0) {
		(void)tu_input__fail_errno(&problem, "opening");
		tu_input__report(w, tu_str_c(path), &problem);
		return TU_OK;
	}
	if (!TU_VEC_PUSH(&w->folders, id))
		status = tu_no_memory(err);
	else
		entered = true;
	for (int i = 0; i < count; i++) {
		if (!status)
			status = walk_entry(w, path, entries[i]->d_name, err);
		free(entries[i]);
	}
	free(entries);
	w->folders.count -= entered;
	return status;
}

/* Does a link lead to something below what was named? Where that cannot be found, it does not. */
static bool is_inside(const struct walker *w, const char *path)
{
	char *target = realpath(path, NULL);
	size_t len = w->root ? strlen(w->root) : 0;
	bool inside;

	if (len && w->root[len - 1] == '/')
		len--;
	inside = target && w->root && strncmp(target, w->root, len) == 0 &&
		(target[len] == '/' || target[len] == '\0');
	free(target);
	return inside;
}

/* What was not named is not read: an unpacked feed may contain a link to anything. */
static bool leads_out(struct walker *w, const char *path)
{
	struct tu_error problem = {0};
	struct stat link;

	if (w->folders.count == 0 || lstat(path, &link) != 0 || !S_ISLNK(link.st_mode) ||
		is_inside(w, path))
		return false;
	(void)tu_fail(&problem, TU_E_UNSUPPORTED, 0,
		"a link that leads out of the folder is not followed");
	tu_input__report(w, tu_str_c(path), &problem);
	return true;
}

static enum tu_status walk_path(struct walker *w, const char *path, struct tu_error *err)
{
	struct tu_error problem = {0};
	struct stat info;
	struct stat link;

	if (strcmp(path, "-") == 0)
		return meet_file(w, path, SIZE_MAX, err);
	if (stat(path, &info) != 0) {
		(void)tu_input__fail_errno(&problem, "opening");
		tu_input__report(w, tu_str_c(path), &problem);
		return TU_OK;
	}
	if (leads_out(w, path))
		return TU_OK;
	if (S_ISDIR(info.st_mode)) {
		struct id id = {info.st_dev, info.st_ino};
		enum tu_status status = TU_OK;
		bool again = false;

		if (lstat(path, &link) == 0 && S_ISLNK(link.st_mode) &&
			!is_among(w->folders.at, w->folders.count, id))
			status = follow(w, id, &again, err);
		return status || again ? status : walk_folder(w, path, id, err);
	}
	/* Below a folder, devices and pipes are left out; named outright they are read. */
	if (!S_ISREG(info.st_mode) && w->folders.count)
		return TU_OK;
	return meet_file(w, path, S_ISREG(info.st_mode) ? (size_t)info.st_size : SIZE_MAX, err);
}

static size_t or_default(size_t limit, size_t value)
{
	return limit ? limit : value;
}

static void walker_init(struct walker *w, const struct tu_input_walk *walk)
{
	*w = (struct walker){.walk = walk,
		.bytes = or_default(walk->limits.bytes, DEFAULT_BYTES),
		.entries_max = or_default(walk->limits.entries, TU_INPUT_ENTRIES),
		.depth_max = or_default(walk->limits.depth, DEFAULT_DEPTH),
		.total = or_default(walk->limits.total, TU_INPUT_TOTAL)};

	w->unpacked = walk->unpacked ? walk->unpacked : &w->own_unpacked;
	tu_buf_init(&w->raw, w->bytes);
	tu_buf_init(&w->text, w->bytes);
	tu_buf_init(&w->member, w->bytes);
}

static void walker_done(struct walker *w)
{
	tu_buf_done(&w->raw);
	tu_buf_done(&w->text);
	tu_buf_done(&w->member);
	free(w->root);
	TU_VEC_DONE(&w->folders);
	TU_VEC_DONE(&w->followed);
}

enum tu_status tu_input_each(
	const char *path, const struct tu_input_walk *walk, struct tu_error *err)
{
	struct walker w;
	enum tu_status status;
	struct stat info;

	if (strcmp(path, "-") != 0 && stat(path, &info) != 0) {
		status = tu_input__fail_errno(err, "opening");
		(void)tu_error_in_file(err, "%s", path);
		return status;
	}
	walker_init(&w, walk);
	w.root = realpath(path, NULL);
	status = walk_path(&w, path, err);
	walker_done(&w);
	return status;
}

enum tu_status tu_input_file(
	const char *path, const struct tu_input_walk *walk, struct tu_error *err)
{
	struct walker w;
	enum tu_status status;

	walker_init(&w, walk);
	status = walk_file(&w, path, err);
	walker_done(&w);
	return status;
}

enum tu_status tu_input_each_entry(struct tu_str name, struct tu_str text,
	const struct tu_input_walk *walk, struct tu_error *err)
{
	struct walker w;
	enum tu_status status;

	walker_init(&w, walk);
	status = walk_archive(&w, name, text, err);
	walker_done(&w);
	return status;
}

enum tu_status tu_input_each_name(
	const char *folder, enum tu_status (*each)(void *context, const char *name), void *context)
{
	struct dirent **entries = NULL;
	enum tu_status status = TU_OK;
	int count = scandir(folder, &entries, not_hidden, by_bytes);

	for (int i = 0; i < count; i++) {
		if (!status)
			status = each(context, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return status;
}
