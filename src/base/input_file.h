/*
 * Parts of reading one file that folders and archives need, too.
 */
#ifndef TU_BASE_INPUT_FILE_H
#define TU_BASE_INPUT_FILE_H

#include "base/input.h"

/* A large document of lines is read in pieces of so many bytes; whether it is one is judged by a
 * beginning of so many. */
enum { TU_INPUT_PIECE = 4 << 20, TU_INPUT_BEGINNING = 256 << 10 };

/* Fail by errno: TU_E_NOTFOUND or TU_E_IO; the message is "WHAT: why". */
enum tu_status tu_input__fail_errno(struct tu_error *err, const char *what);
/* "more than the limit of N bytes" of one document. */
enum tu_status tu_input__fail_bytes(size_t limit, struct tu_error *err);
/* TU_E_LIMIT when the text is longer than its limit. */
TU_NODISCARD enum tu_status tu_input__check_ceiling(const struct tu_buf *out, struct tu_error *err);
/* Room for more of a text and its padding; how many bytes may be written at its end. */
size_t tu_input__make_room(struct tu_buf *out);
/* Put the padding after the text. */
TU_NODISCARD enum tu_status tu_input__pad(struct tu_buf *out, struct tu_error *err);
/* Read a file of a folder as it is, compressed or not; as tu_input_check_file() for what is none.
 */
TU_NODISCARD enum tu_status tu_input__read_raw(
	const char *path, struct tu_buf *out, struct tu_error *err);
/* The same of what a person named, which may be a pipe or a device; "-": standard input. */
TU_NODISCARD enum tu_status tu_input__read_named(
	const char *path, struct tu_buf *out, struct tu_error *err);
/* Open a regular file of more than `more_than` and at most `most` bytes; -1: it is none. */
int tu_input__open_large(const char *path, size_t more_than, size_t most);
/* Read on until `out` has `until` bytes or the file ends. */
TU_NODISCARD enum tu_status tu_input__read_some(
	int fd, struct tu_buf *out, size_t until, bool *out_ended, struct tu_error *err);

#endif
