#define _GNU_SOURCE /* lstat */
#include "app/kernel_evidence.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#include "base/input.h"

enum { PATH_BYTES_MAX = 4096, DEPTH_MAX = 64, FILES_MAX = 4000000 };

#define FILE_BYTES_MAX ((size_t)128 << 20)

/* What is looked for below a folder. */
enum purpose {
	COMMANDS, /* .cmd files */
	NAMES, /* which source files there are */
	SOURCES /* the source files and Makefiles */
};

struct walk {
	struct tu_kernel_build *build;
	enum purpose purpose;
	struct tu_buf path; /* of what is being looked at, terminated where it is used */
	size_t root_len; /* of the folder and its slash */
	size_t files;
	struct tu_buf text;
	struct tu_error *err;
};

static const char *terminated(struct tu_buf *path)
{
	tu_buf_byte(path, '\0');
	if (!path->failed)
		path->len--;
	return path->failed ? "" : path->ptr;
}

static struct tu_str below_root(const struct walk *w)
{
	return tu_str_from(tu_buf_str(&w->path), w->root_len);
}

static enum tu_status add_file(struct walk *w, enum tu_kernel_evidence kind, bool text)
{
	enum tu_status status = TU_OK;

	tu_buf_clear(&w->text);
	if (text)
		status = tu_input_read(terminated(&w->path), &w->text, w->err);
	if (status)
		return status;
	status = tu_kernel_build_add(w->build, kind, below_root(w), tu_buf_str(&w->text), w->err);
	return status ? tu_error_in_file(w->err, "%s", terminated(&w->path)) : TU_OK;
}

static enum tu_status visit_file(struct walk *w)
{
	struct tu_str path = below_root(w);

	if (++w->files > FILES_MAX)
		return tu_fail(w->err, TU_E_LIMIT, 0, "more than the limit of %d files", FILES_MAX);
	if (w->purpose == COMMANDS)
		return tu_str_ends(path, TU_STR(".cmd")) ? add_file(w, TU_KERNEL_COMMAND, true)
							 : TU_OK;
	if (!tu_kernel_source_wanted(path))
		return TU_OK;
	return add_file(
		w, TU_KERNEL_SOURCE, w->purpose == SOURCES || tu_str_eq(path, TU_STR("Makefile")));
}

static enum tu_status visit_folder(struct walk *w, size_t depth);

static enum tu_status visit_entry(struct walk *w, const char *name, size_t depth)
{
	size_t len = w->path.len;
	enum tu_status status = TU_OK;
	struct stat info = {0};

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, ".git") == 0)
		return TU_OK;
	tu_buf_c(&w->path, name);
	if (w->path.failed)
		return tu_fail(
			w->err, TU_E_LIMIT, 0, "a path of more than %d bytes", PATH_BYTES_MAX);
	if (lstat(terminated(&w->path), &info) == 0 && S_ISDIR(info.st_mode)) {
		tu_buf_byte(&w->path, '/');
		status = visit_folder(w, depth + 1);
	} else if (S_ISREG(info.st_mode)) {
		status = visit_file(w);
	}
	w->path.len = len;
	return status;
}

static enum tu_status visit_folder(struct walk *w, size_t depth)
{
	enum tu_status status = TU_OK;
	struct dirent *entry;
	DIR *folder;

	if (depth > DEPTH_MAX)
		return tu_fail(w->err, TU_E_LIMIT, 0, "more than the limit of %d nested folders",
			DEPTH_MAX);
	folder = opendir(terminated(&w->path));
	if (!folder) {
		status = tu_fail(w->err, errno == ENOENT ? TU_E_NOTFOUND : TU_E_IO, 0,
			"opening: %s", strerror(errno));
		(void)tu_error_in_file(w->err, "%s", terminated(&w->path));
		return status;
	}
	while (status == TU_OK && (entry = readdir(folder)))
		status = visit_entry(w, entry->d_name, depth);
	closedir(folder);
	return status;
}

static enum tu_status walk(struct tu_kernel_build *build, const char *folder, enum purpose purpose,
	struct tu_error *err)
{
	struct walk w = {.build = build, .purpose = purpose, .err = err};
	enum tu_status status;

	tu_buf_init(&w.path, PATH_BYTES_MAX);
	tu_buf_init(&w.text, FILE_BYTES_MAX);
	tu_buf_c(&w.path, folder);
	tu_buf_byte(&w.path, '/');
	w.root_len = w.path.len;
	status = visit_folder(&w, 0);
	tu_buf_done(&w.path);
	tu_buf_done(&w.text);
	return status;
}

/* ---- one file ---- */

static enum tu_status add_one(struct tu_kernel_build *build, enum tu_kernel_evidence kind,
	const char *path, struct tu_error *err)
{
	struct tu_buf text;
	enum tu_status status;

	tu_buf_init(&text, (size_t)1 << 30);
	status = tu_input_read(path, &text, err);
	if (status == TU_OK) {
		status = tu_kernel_build_add(build, kind, tu_str_c(path), tu_buf_str(&text), err);
		if (status)
			(void)tu_error_in_file(err, "%s", path);
	}
	tu_buf_done(&text);
	return status;
}

/* One that was found, not named. */
static enum tu_status add_found(struct tu_kernel_build *build, enum tu_kernel_evidence kind,
	const char *path, struct tu_error *err)
{
	enum tu_status status = tu_input_check_file(path, err);

	return status ? status : add_one(build, kind, path, err);
}

/* ---- the build folder ---- */

static bool exists(const char *folder, const char *name, struct tu_buf *out_path)
{
	struct stat info;

	tu_buf_clear(out_path);
	tu_buf_printf(out_path, "%s/%s", folder, name);
	return stat(terminated(out_path), &info) == 0;
}

/* Beside the .cmd files its .config, and which files the tree has: the sources are in the build
 * folder itself or where its link "source" leads. */
static enum tu_status read_build(
	struct tu_kernel_build *build, const struct tu_kernel_files *files, struct tu_error *err)
{
	struct tu_str none = {"", 0};
	/* A folder without any .cmd file is one without a build, not no folder. */
	enum tu_status status = tu_kernel_build_add(build, TU_KERNEL_COMMAND, none, none, err);
	struct tu_buf path;

	if (status == TU_OK)
		status = walk(build, files->build, COMMANDS, err);

	tu_buf_init(&path, PATH_BYTES_MAX);
	if (status == TU_OK && exists(files->build, "modules.order", &path))
		status = tu_kernel_build_add(
			build, TU_KERNEL_SOURCE, TU_STR("modules.order"), none, err);
	if (status == TU_OK && !files->config && exists(files->build, ".config", &path))
		status = add_found(build, TU_KERNEL_CONFIG, terminated(&path), err);
	if (status == TU_OK && !files->source) {
		if (exists(files->build, "kernel/fork.c", &path))
			status = walk(build, files->build, NAMES, err);
		else if (exists(files->build, "source/kernel/fork.c", &path) &&
			exists(files->build, "source", &path))
			status = walk(build, terminated(&path), NAMES, err);
	}
	tu_buf_done(&path);
	return status;
}

enum tu_status tu_kernel_evidence_read(const struct tu_kernel_files *files,
	struct tu_kernel_build **out_build, struct tu_error *err)
{
	enum tu_status status;

	*out_build = NULL;
	if (!files->build && !files->source && !files->config && !files->compiled)
		return TU_OK;
	status = tu_kernel_build_new(out_build, err);
	if (status == TU_OK && files->config)
		status = add_one(*out_build, TU_KERNEL_CONFIG, files->config, err);
	if (status == TU_OK && files->compiled)
		status = add_one(*out_build, TU_KERNEL_COMPILED, files->compiled, err);
	if (status == TU_OK && files->build)
		status = read_build(*out_build, files, err);
	if (status == TU_OK && files->source)
		status = walk(*out_build, files->source, SOURCES, err);
	if (status != TU_OK)
		return status;
	status = tu_kernel_build_end(*out_build, err);
	return status ? tu_error_prefix(err, "kernel build") : TU_OK;
}
