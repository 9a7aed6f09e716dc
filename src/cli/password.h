/*
 * A password from a terminal without echo, a file or standard input; never from an argument, which
 * every process could read.
 */
#ifndef TU_CLI_PASSWORD_H
#define TU_CLI_PASSWORD_H

#include <tutela/buf.h>
#include <tutela/error.h>

enum { TU_PASSWORD_LINE_MAX = 1024 + 2 };

struct tu_password_from {
	const char *file; /* NULL: none */
	bool twice; /* ask again, for a new one */
	bool code; /* a code of an authenticator: the second line, after the password */
};

/* The first line, without its end, into `out` (of TU_PASSWORD_LINE_MAX bytes; wipe it): of the
 * file, else what is typed, else of standard input where that is no terminal. TU_E_USAGE: two
 * answers differ, or the line is empty or too long; TU_E_IO: the file cannot be read, or others
 * than its owner may read it. */
TU_NODISCARD enum tu_status tu_password_read(
	const struct tu_password_from *from, struct tu_buf *out, struct tu_error *err);
void tu_password_wipe(struct tu_buf *password);

#endif
