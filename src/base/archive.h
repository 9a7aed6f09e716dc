/*
 * Members of zip and tar archives, one after another, through libarchive.
 *
 * libarchive is loaded when the first archive is opened (base/library.h). One thread an archive.
 */
#ifndef TU_BASE_ARCHIVE_H
#define TU_BASE_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>

#include <tutela/attr.h>
#include <tutela/error.h>
#include <tutela/str.h>

struct tu_archive;

struct tu_archive_member {
	const char *name; /* never NULL; valid until the next member */
	bool is_file; /* a file with bytes of its own: no folder, no link */
};

/* Open the archive at `path`, or the one in `bytes` when `path` is NULL; the bytes are borrowed
 * until it is closed. TU_E_UNSUPPORTED: libarchive is not installed. TU_E_SYNTAX: no zip or tar
 * archive. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_archive_open(const char *path, struct tu_str bytes,
	struct tu_archive **out_archive, struct tu_error *err);
/* The next member; `*out_more` is false after the last one. TU_E_SYNTAX: a damaged archive. */
TU_NODISCARD enum tu_status tu_archive_next(struct tu_archive *archive,
	struct tu_archive_member *out_member, bool *out_more, struct tu_error *err);
/* Up to `len` bytes of the member; `*out_got` is 0 at its end. TU_E_SYNTAX. */
TU_NODISCARD enum tu_status tu_archive_read(
	struct tu_archive *archive, char *into, size_t len, size_t *out_got, struct tu_error *err);
void tu_archive_close(struct tu_archive *archive);

/* Load libarchive, and by reading a small archive what it and the C library load when they first
 * meet a name that is not ASCII: afterwards archives are read in a process that can open no file.
 * Without libarchive nothing happens. */
void tu_archive_prepare(void);

#endif
