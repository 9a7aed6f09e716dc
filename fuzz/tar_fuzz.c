/*
 * Any bytes as an archive of a device folder, as they are and with checksums that hold: reading
 * ends, what it gives lies in the archive and comes back when it is written again; what is unpacked
 * into a folder is the archive's files and nothing else.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/tar.h"
#include "portfolio/folder_tar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARCHIVE_MAX = 1 << 20, UNPACKED_FILES = 40, CHECKSUM = 148, CHECKSUM_SIZE = 8, MAGIC = 257 };

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static void check_place(struct tu_str archive, const struct tu_tar_file *file)
{
	demand(file->name.len < sizeof(file->name_room));
	demand(tu_str_find(file->name, '\0') == file->name.len);
	demand(file->content.ptr >= archive.ptr && file->content.len <= archive.len);
	demand((size_t)(file->content.ptr - archive.ptr) + file->content.len <= archive.len);
}

/* How many files there are; `out` gets those whose names have a place. */
static size_t read_all(struct tu_str archive, struct tu_buf *out)
{
	struct tu_tar_place place = {.archive = archive};
	struct tu_tar_file file;
	struct tu_error err = {0};
	size_t count = 0, before = 0;
	bool more = false;
	enum tu_status status;

	while (!(status = tu_tar_next(&place, &file, &more, &err)) && more) {
		demand(place.at > before);
		before = place.at;
		check_place(archive, &file);
		(void)!tu_tar_add(out, file.name, file.content, NULL);
		count++;
	}
	demand(!status || (!more && err.message[0]));
	tu_tar_end(out);
	return count;
}

static void comes_back(struct tu_str archive)
{
	struct tu_buf once, again;

	tu_buf_init(&once, 4 * ARCHIVE_MAX);
	tu_buf_init(&again, 4 * ARCHIVE_MAX);
	(void)read_all(archive, &once);
	(void)read_all(tu_buf_str(&once), &again);
	demand(once.failed || tu_str_eq(tu_buf_str(&once), tu_buf_str(&again)));
	tu_buf_done(&once);
	tu_buf_done(&again);
}

/* Of two files of one name the last is in the folder, so what is changed may be more than nothing:
 * but never a name that the archive does not have. */
static void names_are_in(struct tu_str changed, struct tu_str archive)
{
	struct tu_tar_place place = {.archive = changed};
	struct tu_tar_file file, other;
	bool more, found = true;

	while (!tu_tar_next(&place, &file, &more, NULL) && more) {
		struct tu_tar_place at = {.archive = archive};

		found = false;
		while (!found && !tu_tar_next(&at, &other, &more, NULL) && more)
			found = tu_str_eq(other.name, file.name);
		demand(found);
	}
}

static void unpack(struct tu_str archive)
{
	char folder[TU_FOLDER_TEMPORARY];
	struct tu_error err = {0};
	struct tu_buf changed;

	if (tu_folder_make_temporary(folder, NULL))
		exit(1);
	if (tu_folder_untar(archive, folder, &err))
		demand(err.message[0] != '\0');
	tu_buf_init(&changed, 4 * ARCHIVE_MAX);
	demand(!tu_folder_tar_changed(folder, archive, &changed, &err));
	names_are_in(tu_buf_str(&changed), archive);
	tu_buf_done(&changed);
	tu_folder_remove_temporary(folder);
}

static void try(struct tu_str archive)
{
	struct tu_buf files;
	size_t count;

	(void)tu_tar_is(archive);
	tu_buf_init(&files, 4 * ARCHIVE_MAX);
	count = read_all(archive, &files);
	tu_buf_done(&files);
	comes_back(archive);
	if (count && count <= UNPACKED_FILES)
		unpack(archive);
}

/* Nobody guesses a checksum: every block that has the magic word gets its own. */
static void repair(char *archive, size_t size)
{
	for (size_t at = 0; size - at >= TU_TAR_BLOCK; at += TU_TAR_BLOCK) {
		char *header = archive + at;
		unsigned sum = 0;

		if (memcmp(header + MAGIC, "ustar", 5) != 0)
			continue;
		memset(header + CHECKSUM, ' ', CHECKSUM_SIZE);
		for (size_t i = 0; i < TU_TAR_BLOCK; i++)
			sum += (unsigned char)header[i];
		(void)snprintf(header + CHECKSUM, CHECKSUM_SIZE, "%06o", sum);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy;

	if (size > ARCHIVE_MAX)
		return 0;
	copy = malloc(size + 1);
	if (!copy)
		return 0;
	memcpy(copy, data, size);
	try(tu_str_of(copy, size));
	repair(copy, size);
	try(tu_str_of(copy, size));
	free(copy);
	return 0;
}
