#define _XOPEN_SOURCE 700
#include "portfolio/folder_tar.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/input_file.h"
#include "base/tar.h"
#include "portfolio/file.h"

#define FILE_MAX ((size_t)1 << 30)
enum { PATH_BYTES = 4096, DESCRIPTORS = 16 };

const struct tu_str tu_agreement_name = TU_STR_INIT(".tutela-push.json");

static bool join(const char *folder, struct tu_str name, char out[PATH_BYTES])
{
	int len = snprintf(out, PATH_BYTES, "%s/%.*s", folder, TU_STR_FMT(name));

	return len > 0 && len < PATH_BYTES;
}

/* The bytes of a file as they are. */
static enum tu_status add_file(
	const char *folder, struct tu_str name, struct tu_buf *out, struct tu_error *err)
{
	char path[PATH_BYTES];
	struct tu_buf text;
	enum tu_status status;

	if (!join(folder, name, path))
		return tu_fail(
			err, TU_E_LIMIT, 0, "the path of %.*s is too long", TU_STR_FMT(name));
	tu_buf_init(&text, FILE_MAX);
	status = tu_input__read_raw(path, &text, err);
	if (status == TU_OK)
		status = tu_tar_add(out, name, tu_buf_str(&text), err);
	tu_buf_done(&text);
	return status;
}

enum tu_status tu_folder_tar(const char *path, struct tu_buf *out, struct tu_error *err)
{
	struct tu_device_folder folder;
	struct tu_items items;
	enum tu_status status = tu_device_folder_open(path, &folder, err);

	if (status == TU_OK)
		status = tu_items_read(&folder, &items, err);
	for (size_t i = 0; status == TU_OK && i < items.list.count; i++)
		status = tu_tar_add(out, items.list.at[i].path, items.list.at[i].text, err);
	tu_device_folder_done(&folder);
	if (status != TU_OK)
		return status;
	status = add_file(path, tu_agreement_name, out, err);
	if (status == TU_E_NOTFOUND)
		status = TU_OK; /* it was never pushed or pulled */
	tu_tar_end(out);
	return status;
}

/* ---- a folder of one's own ---- */

enum tu_status tu_folder_make_temporary(char *path, struct tu_error *err)
{
	(void)snprintf(path, TU_FOLDER_TEMPORARY, "/tmp/tutela-folder-XXXXXX");
	if (mkdtemp(path))
		return TU_OK;
	path[0] = '\0';
	return tu_fail(err, TU_E_IO, 0, "a folder in /tmp cannot be made: %s", strerror(errno));
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *at)
{
	(void)info;
	(void)type;
	(void)at;
	(void)remove(path);
	return 0;
}

void tu_folder_remove_temporary(const char *path)
{
	if (path[0])
		(void)nftw(path, remove_one, DESCRIPTORS, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

static enum tu_status write_member(
	const char *folder, const struct tu_tar_file *file, struct tu_error *err)
{
	char path[PATH_BYTES];
	enum tu_status status;

	if (!tu_device_file_is_path(file->name) || !join(folder, file->name, path))
		return tu_fail(err, TU_E_USAGE, 0,
			"\"%.*s\" is no path of a file in a device's folder",
			TU_STR_FMT(tu_str_first(file->name, 200)));
	status = tu_file_make_folders(path, err);
	return status ? status : tu_file_write(path, file->content, err);
}

enum tu_status tu_folder_untar(struct tu_str archive, const char *folder, struct tu_error *err)
{
	struct tu_tar_place place = {.archive = archive};
	struct tu_tar_file file;
	size_t count = 0;
	bool more;
	enum tu_status status = tu_tar_next(&place, &file, &more, err);

	while (status == TU_OK && more) {
		if (++count > TU_FOLDER_FILES)
			return tu_fail(err, TU_E_LIMIT, 0, "there are more than %d files in it",
				TU_FOLDER_FILES);
		status = write_member(folder, &file, err);
		if (status == TU_OK)
			status = tu_tar_next(&place, &file, &more, err);
	}
	return status;
}

/* ---- what is another ---- */

static bool is_in(struct tu_str archive, struct tu_str name, struct tu_str content)
{
	struct tu_tar_place place = {.archive = archive};
	struct tu_tar_file file;
	bool more;

	while (tu_tar_next(&place, &file, &more, NULL) == TU_OK && more)
		if (tu_str_eq(file.name, name))
			return tu_str_eq(file.content, content);
	return false;
}

struct changed {
	size_t folder; /* bytes of the folder's path, with the slash after it */
	struct tu_str archive;
	struct tu_buf *out;
};

static enum tu_status add_changed(const struct changed *c, const char *path, struct tu_error *err)
{
	struct tu_str name = tu_str_from(tu_str_c(path), c->folder);
	struct tu_buf text;
	enum tu_status status;

	tu_buf_init(&text, FILE_MAX);
	status = tu_input__read_raw(path, &text, err);
	if (status == TU_OK && !is_in(c->archive, name, tu_buf_str(&text)))
		status = tu_tar_add(c->out, name, tu_buf_str(&text), err);
	tu_buf_done(&text);
	return status;
}

/* Folders that were made for an archive are not deep. */
static enum tu_status walk(const struct changed *c, const char *folder, struct tu_error *err)
{
	struct dirent **names = NULL;
	int count = scandir(folder, &names, NULL, alphasort);
	enum tu_status status = count < 0 ? tu_input__fail_errno(err, folder) : TU_OK;

	for (int i = 0; i < count; i++) {
		char path[PATH_BYTES];
		struct stat info;

		if (status == TU_OK && strcmp(names[i]->d_name, ".") != 0 &&
			strcmp(names[i]->d_name, "..") != 0 &&
			join(folder, tu_str_c(names[i]->d_name), path) && lstat(path, &info) == 0)
			status = S_ISDIR(info.st_mode)	? walk(c, path, err)
				: S_ISREG(info.st_mode) ? add_changed(c, path, err)
							: TU_OK;
		free(names[i]);
	}
	free(names);
	return status;
}

enum tu_status tu_folder_tar_changed(
	const char *folder, struct tu_str archive, struct tu_buf *out, struct tu_error *err)
{
	const struct changed c = {strlen(folder) + 1, archive, out};
	enum tu_status status = walk(&c, folder, err);

	tu_tar_end(out);
	return status;
}
