#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <string.h>

#include <tutela/buf.h>
#include <tutela/error.h>

#include "base/alloc.h"
#include "base/archive.h"
#include "base/library.h"

/* ---- libarchive ---- */

#define FUNCTIONS(X) \
	X(archive_entry_filetype) \
	X(archive_entry_hardlink) \
	X(archive_entry_pathname) \
	X(archive_entry_pathname_utf8) \
	X(archive_error_string) \
	X(archive_read_data) \
	X(archive_read_free) \
	X(archive_read_new) \
	X(archive_read_next_header) \
	X(archive_read_open_filename) \
	X(archive_read_open_memory) \
	X(archive_read_support_format_tar) \
	X(archive_read_support_format_zip)

#define SONAME "libarchive.so.13"

struct libarchive {
	FUNCTIONS(TU_LIBRARY_MEMBER)
};

TU_LIBRARY(library, struct libarchive, FUNCTIONS, SONAME);

TU_LIBRARY_NOTE("archive", "zip and tar archives", "required", TU_LIBRARY_QUOTED(SONAME));

/* ---- an archive ---- */

struct tu_archive {
	const struct libarchive *la;
	struct archive *archive;
};

static enum tu_status damaged(const struct tu_archive *archive, struct tu_error *err)
{
	const char *words = archive->la->archive_error_string(archive->archive);

	return tu_fail(
		err, TU_E_SYNTAX, 0, "damaged archive%s%s", words ? ": " : "", words ? words : "");
}

/* A warning is about something that we do not need, such as a name in another encoding. */
static bool is_well(int code)
{
	return code == ARCHIVE_OK || code == ARCHIVE_WARN;
}

static enum tu_status open_one(
	struct tu_archive *a, const char *path, struct tu_str bytes, struct tu_error *err)
{
	enum { AT_A_TIME = 256 * 1024 };
	int code;

	(void)a->la->archive_read_support_format_tar(a->archive);
	(void)a->la->archive_read_support_format_zip(a->archive);
	code = path ? a->la->archive_read_open_filename(a->archive, path, AT_A_TIME)
		    : a->la->archive_read_open_memory(a->archive, bytes.ptr, bytes.len);
	return is_well(code) ? TU_OK : damaged(a, err);
}

enum tu_status tu_archive_open(const char *path, struct tu_str bytes,
	struct tu_archive **out_archive, struct tu_error *err)
{
	const struct libarchive *la = tu_library(&library);
	struct tu_archive *a;
	enum tu_status status;

	*out_archive = NULL;
	if (!la)
		return tu_fail(err, TU_E_UNSUPPORTED, 0,
			"libarchive (" SONAME
			"), which reads zip and tar archives, is not installed");
	a = tu_alloc(1, sizeof(*a));
	if (!a)
		return tu_no_memory(err);
	a->la = la;
	a->archive = la->archive_read_new();
	status = a->archive ? open_one(a, path, bytes, err) : tu_no_memory(err);
	if (status) {
		tu_archive_close(a);
		return status;
	}
	*out_archive = a;
	return TU_OK;
}

enum tu_status tu_archive_next(struct tu_archive *archive, struct tu_archive_member *out_member,
	bool *out_more, struct tu_error *err)
{
	const struct libarchive *la = archive->la;
	struct archive_entry *entry;
	int code = la->archive_read_next_header(archive->archive, &entry);
	const char *name;

	*out_more = is_well(code);
	if (!*out_more)
		return code == ARCHIVE_EOF ? TU_OK : damaged(archive, err);
	name = la->archive_entry_pathname_utf8(entry);
	if (!name)
		name = la->archive_entry_pathname(entry);
	*out_member = (struct tu_archive_member){name ? name : "(unnamed)",
		la->archive_entry_filetype(entry) == AE_IFREG &&
			!la->archive_entry_hardlink(entry)};
	return TU_OK;
}

enum tu_status tu_archive_read(
	struct tu_archive *archive, char *into, size_t len, size_t *out_got, struct tu_error *err)
{
	la_ssize_t got = archive->la->archive_read_data(archive->archive, into, len);

	*out_got = got > 0 ? (size_t)got : 0;
	return got < 0 ? damaged(archive, err) : TU_OK;
}

void tu_archive_close(struct tu_archive *archive)
{
	if (!archive)
		return;
	if (archive->archive)
		(void)archive->la->archive_read_free(archive->archive);
	tu_free(archive);
}

/* ---- all that is loaded ---- */

enum { BLOCK = 512 };

/* POSIX.1-2001, pax: ustar header block. */
static void add_header(struct tu_buf *out, char type, const char *name, unsigned size)
{
	char block[BLOCK + 1] = {0};
	unsigned sum = 0;

	(void)snprintf(block, sizeof(block), "%s", name);
	(void)snprintf(block + 100, 8, "%07o", 0644u);
	(void)snprintf(block + 124, 12, "%011o", size);
	memset(block + 148, ' ', 8); /* the sum itself counts as spaces */
	block[156] = type;
	memcpy(block + 257, "ustar\00000", 8);
	for (int i = 0; i < BLOCK; i++)
		sum += (unsigned char)block[i];
	(void)snprintf(block + 148, 8, "%06o", sum);
	tu_buf_add(out, block, BLOCK);
}

void tu_archive_prepare(void)
{
	static const char name[BLOCK] = "11 path=\xc3\xa9\n";
	struct tu_archive *archive = NULL;
	struct tu_archive_member member;
	struct tu_buf pax;
	bool more;

	tu_buf_init(&pax, (size_t)BLOCK * 16);
	add_header(&pax, 'x', "pax", 11);
	tu_buf_add(&pax, name, sizeof(name));
	add_header(&pax, '0', "plain", 0);
	tu_buf_add(&pax, (const char[BLOCK * 2]){0}, BLOCK * 2);
	if (!pax.failed && !tu_archive_open(NULL, tu_buf_str(&pax), &archive, NULL))
		(void)!tu_archive_next(archive, &member, &more, NULL);
	tu_archive_close(archive);
	tu_buf_done(&pax);
}
