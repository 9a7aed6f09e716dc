/*
 * Errors: a status, where in the input it happened, and a sentence.
 *
 * The caller owns the struct; nothing is allocated and nothing is thread-local. A function that
 * can fail takes `struct tu_error *err` last, which may be NULL, and returns a status that is also
 * stored in it. Layers above prepend context with tu_error_prefix().
 */
#ifndef TUTELA_ERROR_H
#define TUTELA_ERROR_H

#include <stddef.h>

#include <tutela/attr.h>

TU_BEGIN_C

enum tu_status {
	TU_OK = 0,
	TU_E_NOMEM, /* memory, or an arena's ceiling, is used up */
	TU_E_SYNTAX, /* the input is not of the form that it claims to be */
	TU_E_LIMIT, /* the input is larger, deeper or longer than a ceiling allows */
	TU_E_UNSUPPORTED, /* well-formed, but a form or version that we do not read */
	TU_E_NOTFOUND, /* what was named does not exist */
	TU_E_IO, /* the operating system said no; the message has its words */
	TU_E_CORRUPT, /* a file of our own fails its checksum or its bounds */
	TU_E_USAGE, /* the caller broke the contract of the function */
};

enum { TU_ERROR_MESSAGE_MAX = 320 };

struct tu_error {
	enum tu_status status;
	size_t offset; /* byte offset in the input that was being read */
	char message[TU_ERROR_MESSAGE_MAX];
};

/* Fill `err` (may be NULL) and return `status`, so that callers write one line. A message that is
 * too long ends in "…". */
TU_API enum tu_status tu_fail(struct tu_error *err, enum tu_status status, size_t offset,
	const char *fmt, ...) TU_PRINTF(4, 5);

/* tu_fail() with TU_E_NOMEM, "out of memory". */
TU_API enum tu_status tu_no_memory(struct tu_error *err);

/* Put "<context>: " before the message; status and offset stay. Returns err->status, so that a
 * caller can write `return tu_error_prefix(err, …)`. With err NULL returns TU_E_USAGE. */
TU_API enum tu_status tu_error_prefix(struct tu_error *err, const char *fmt, ...) TU_PRINTF(2, 3);

/* A short word for the status, such as "syntax error". Never NULL; static storage. */
TU_API const char *tu_status_name(enum tu_status status);

TU_END_C

#endif
