/*
 * Reading what a person names: files, folders, standard input; plain, gzip, zstd, zip, tar.
 *
 * Everything is detected by content, never by name. Limits guard against bombs: bytes after
 * decompression, number of entries, depth of folders.
 */
#ifndef TU_BASE_INPUT_H
#define TU_BASE_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

/* All feeds that there are unpack to some 20 GiB. */
#define TU_INPUT_TOTAL ((size_t)64 << 30)
#define TU_INPUT_ENTRIES ((size_t)4000000)

/* Limits; zero means the default in brackets. */
struct tu_input_limits {
	size_t bytes; /* of one document after decompression [2 GiB] */
	size_t entries; /* documents in all folders and archives [TU_INPUT_ENTRIES] */
	size_t depth; /* nested folders [64] */
	size_t total; /* bytes of all documents after decompression [TU_INPUT_TOTAL] */
};

/*
 * Read the file at `path` ("-": standard input), decompressed, into `out` (its old contents go;
 * its limit is the limit on the bytes). TU_JSON_PADDING zero bytes follow the text, not
 * counted in out->len. Errors name the path.
 */
TU_NODISCARD enum tu_status tu_input_read(
	const char *path, struct tu_buf *out, struct tu_error *err);

/* TU_E_UNSUPPORTED where `path` leads to a pipe, a socket or a device. Who reads what is found in a
 * folder asks this first: reading it would wait, or never end. A pipe that a person names is read.
 */
TU_NODISCARD enum tu_status tu_input_check_file(const char *path, struct tu_error *err);

/* Decompress `packed` (gzip, also several members; zstd, also several frames, some to be skipped;
 * anything else is copied) into `out`, with the padding described above. */
TU_NODISCARD enum tu_status tu_input_unpack(
	struct tu_str packed, struct tu_buf *out, struct tu_error *err);

/* A part of a document that is handed on in pieces: whole lines. */
struct tu_input_piece {
	struct tu_str name, text; /* as for `visit` below */
	bool first, last; /* the last may be empty */
};

struct tu_input_walk {
	/* One document: its name for messages ("feeds/all.zip: PYSEC-1.json") and its text, with
	 * padding, both borrowed for the call. Another status than TU_OK ends the walk and is its
	 * result. */
	enum tu_status (*visit)(
		void *context, struct tu_str name, struct tu_str text, struct tu_error *err);
	/* A file, folder or archive that could not be read, and why. The walk goes on. */
	void (*problem)(void *context, struct tu_str name, const struct tu_error *problem);
	void *context;
	struct tu_input_limits limits;
	/* Bytes unpacked so far, to which the walk adds its own: the limit on all bytes is then one
	 * for several walks. NULL: the walk counts for itself. */
	size_t *unpacked;
	/* May be NULL: every document is read whole. Of a large file, compressed or not but no
	 * archive, the beginning is shown first; where this is true, the file is not read whole but
	 * handed on piece by piece, as it is unpacked. One that cannot be read to its end has no
	 * last piece but a problem. */
	bool (*in_lines)(struct tu_str beginning);
	enum tu_status (*piece)(
		void *context, const struct tu_input_piece *piece, struct tu_error *err);
	/* Where a file is handed on in pieces, unpack the next one in a thread of its own. */
	bool ahead;
	/* May be NULL: a file is read where it is met. Else it is only named; tu_input_file() reads
	 * it, later and in any thread. `bytes`: its size, SIZE_MAX: it is no regular file. */
	enum tu_status (*file)(void *context, const char *path, size_t bytes, struct tu_error *err);
};

/*
 * Visit every document below `path`: a file, "-", a folder (recursively, names in byte order,
 * dot-files and special files left out, links out of it reported and not followed, each folder that
 * other links lead to once, loops cut), a zip or tar archive (gzip or zstd outside or inside; its
 * links are left out, and an archive in it is a problem). An archive that contains more than 1032
 * times its own bytes, and more than one document may have, is read no further. Beyond the limit on
 * all bytes the walk ends with TU_E_LIMIT. TU_E_NOTFOUND when `path` itself does not exist.
 */
TU_NODISCARD enum tu_status tu_input_each(
	const char *path, const struct tu_input_walk *walk, struct tu_error *err);

/* Visit the documents of one file, as tu_input_each() does where it meets it; what cannot be read
 * is a problem. */
TU_NODISCARD enum tu_status tu_input_file(
	const char *path, const struct tu_input_walk *walk, struct tu_error *err);

/* Roughly how much memory reading a file of so many bytes takes, by its beginning: what it unpacks
 * to, where it says so, or little where `in_lines` (may be NULL) is true, as above. A hint: a file
 * may lie, and one that cannot be read weighs nothing. */
size_t tu_input_weight(const char *path, size_t bytes, bool (*in_lines)(struct tu_str beginning));

/* The errors of the limits on the documents of one walk and on all bytes (0: the defaults), for who
 * counts what several walks read. */
enum tu_status tu_input_fail_entries(size_t limit, struct tu_error *err);
enum tu_status tu_input_fail_total(size_t limit, struct tu_error *err);

/* Call for each name in a folder, in byte order, dot-files left out; one that cannot be opened has
 * none. Another status than TU_OK ends it and is the result. */
TU_NODISCARD enum tu_status tu_input_each_name(
	const char *folder, enum tu_status (*each)(void *context, const char *name), void *context);

/* Is the text a zip or tar archive, by its first bytes? */
bool tu_input_is_archive(struct tu_str text);
/* Visit every document of an archive in memory, as tu_input_each() does; `name` begins the names
 * of its entries. Archives in it are handed on as they are. */
TU_NODISCARD enum tu_status tu_input_each_entry(struct tu_str name, struct tu_str text,
	const struct tu_input_walk *walk, struct tu_error *err);

#endif
