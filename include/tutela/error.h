/*
 * Errors: a status, the place in the input, and a message.
 *
 * The caller owns the struct; nothing is allocated and nothing is thread-local. A function that
 * can fail takes `struct tu_error *err` last, which may be NULL, and returns a status that is also
 * stored in it. Layers above name the file with tu_error_in_file() and add context with
 * tu_error_prefix(). The place is in members of its own: no message has to be parsed to find it,
 * and tu_error_text() is the one function that puts both together for people.
 */
#ifndef TUTELA_ERROR_H
#define TUTELA_ERROR_H

#include <stddef.h>

#include <tutela/attr.h>

TU_BEGIN_C

enum tu_status {
	TU_OK = 0,
	TU_E_NOMEM, /* out of memory, or an arena's limit is reached */
	TU_E_SYNTAX, /* the input does not follow the format it claims */
	TU_E_LIMIT, /* the input is larger, deeper or longer than a limit allows */
	TU_E_UNSUPPORTED, /* well-formed, but a format or version that is not supported */
	TU_E_NOTFOUND, /* no such item */
	TU_E_IO, /* the operating system reported an error; the message quotes it */
	TU_E_CORRUPT, /* one of our own files fails its checksum or its bounds */
	TU_E_USAGE, /* the caller broke the function's contract */
	TU_E_CANCELLED, /* the caller asked to stop before the answer was complete */
	TU_E_BUSY, /* something else is in the way for now */
	TU_E_CONFLICT, /* what this was based on has changed meanwhile */
	TU_E_CONSTRAINT, /* a rule of the database, named by `pointer`, refuses it */
};

/* Sizes with the final NUL. TU_ERROR_TEXT_MAX is enough for tu_error_text(). */
enum {
	TU_ERROR_MESSAGE_MAX = 512,
	TU_ERROR_POINTER_MAX = 160,
	TU_ERROR_FILE_MAX = 256,
	TU_ERROR_TEXT_MAX = 1000
};

struct tu_error {
	enum tu_status status;
	size_t offset; /* in bytes, in the input that was being read */
	size_t line; /* from 1; 0 when unknown */
	size_t column; /* from 1, in bytes (YAML: characters); 0 when unknown */
	char pointer[TU_ERROR_POINTER_MAX]; /* JSON pointer (XML: path); "" when unknown or root */
	char file[TU_ERROR_FILE_MAX]; /* "" when unknown */
	char message[TU_ERROR_MESSAGE_MAX];
};

/* Where an input is wrong; members are 0 or NULL when unknown. */
struct tu_error_place {
	size_t offset;
	size_t line;
	size_t column;
	const char *pointer;
};

/* Fill `err` (may be NULL) and return `status`, so that callers write one line. Line, column,
 * pointer and file are unknown afterwards. A message that is too long ends in "…". */
TU_API enum tu_status tu_fail(struct tu_error *err, enum tu_status status, size_t offset,
	const char *fmt, ...) TU_PRINTF(4, 5);

/* tu_fail() at a place whose line, column or pointer is known. */
TU_API enum tu_status tu_fail_at(struct tu_error *err, enum tu_status status,
	const struct tu_error_place *place, const char *fmt, ...) TU_PRINTF(4, 5);

/* tu_fail() with TU_E_NOMEM, "out of memory". */
TU_API enum tu_status tu_no_memory(struct tu_error *err);

/* Put "<context>: " before the message; status and place stay. Returns err->status, so that a
 * caller can write `return tu_error_prefix(err, …)`. With err NULL returns TU_E_USAGE. */
TU_API enum tu_status tu_error_prefix(struct tu_error *err, const char *fmt, ...) TU_PRINTF(2, 3);

/* Name the file that the error is about. A file that is named already is one inside this file:
 * "outer.tar: inner.json". Returns as tu_error_prefix() does. */
TU_API enum tu_status tu_error_in_file(struct tu_error *err, const char *fmt, ...) TU_PRINTF(2, 3);

/* Write the error for people to `out`, which has `size` bytes, and return `out`:
 * "<file>:<line>:<column>: <pointer>: <message>", without the parts that are unknown; where the
 * file is unknown "line 3, column 7, <pointer>: <message>". A text that is too long is cut. */
TU_API const char *tu_error_text(const struct tu_error *err, char *out, size_t size);

/* Make the text the message, for a caller who keeps or passes on nothing but a message: file,
 * line, column and pointer are unknown afterwards. `err` may be NULL. Returns err->status. */
TU_API enum tu_status tu_error_flatten(struct tu_error *err);

/* A short word for the status, such as "syntax error". Never NULL; static storage. */
TU_API const char *tu_status_name(enum tu_status status);

TU_END_C

#endif
