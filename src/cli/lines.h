/*
 * Batches: one case a line on standard input, one answer a line in the same order.
 */
#ifndef TU_CLI_LINES_H
#define TU_CLI_LINES_H

#include <stdbool.h>

#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

enum { TU_LINE_MAX = 16 * 1024 * 1024 /* bytes; longer ones are answered with an error */ };

/* Read standard input to its end. `line` appends the answer to one line (without its "\n" or
 * "\r\n") to `out`, which is empty; false: out of memory, which ends the batch. Prints the answers.
 * Returns the exit code: TU_EXIT_OK, TU_EXIT_INPUT, TU_EXIT_INTERNAL. */
int tu_lines_each(
	bool (*line)(void *context, struct tu_str line, struct tu_buf *out), void *context);

/* Append "error: <message>". */
void tu_lines_error(struct tu_buf *out, const char *message);

/* Append "error: <message> (byte <offset>)" in the place of whatever of an answer is there. */
void tu_lines_failed(struct tu_buf *out, const struct tu_error *err);

#endif
