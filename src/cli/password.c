#define _XOPEN_SOURCE 700
#include "cli/password.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/ed25519.h"
#include "base/file.h"

/* One line of a stream, without its end. */
static enum tu_status take_line(FILE *stream, struct tu_buf *out, struct tu_error *err)
{
	char line[TU_PASSWORD_LINE_MAX + 2];
	char *got = fgets(line, sizeof(line), stream);
	size_t len = got ? strcspn(line, "\r\n") : 0;
	enum tu_status status = TU_OK;

	if (!len)
		status = tu_fail(err, TU_E_USAGE, 0, "the password is empty");
	else if (len + 1 >= sizeof(line))
		status = tu_fail(err, TU_E_USAGE, 0, "the password is too long");
	else
		tu_buf_add(out, line, len);
	tu_wipe(line, sizeof(line));
	return status || !out->failed ? status : tu_no_memory(err);
}

static enum tu_status ask(const char *prompt, struct tu_buf *out, struct tu_error *err)
{
	struct termios before, quiet;
	enum tu_status status;

	if (tcgetattr(STDIN_FILENO, &before))
		return tu_fail(err, TU_E_IO, 0, "cannot ask for a password: %s", strerror(errno));
	quiet = before;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet))
		return tu_fail(err, TU_E_IO, 0, "cannot ask for a password: %s", strerror(errno));
	(void)fputs(prompt, stderr); /* what is typed before is not taken */
	status = take_line(stdin, out, err);
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
	(void)fputc('\n', stderr);
	return status;
}

static enum tu_status ask_twice(struct tu_buf *out, struct tu_error *err)
{
	struct tu_buf again;
	enum tu_status status = ask("New password: ", out, err);

	tu_buf_init(&again, TU_PASSWORD_LINE_MAX);
	if (!status)
		status = ask("The same again: ", &again, err);
	if (!status && !tu_str_eq(tu_buf_str(out), tu_buf_str(&again)))
		status = tu_fail(err, TU_E_USAGE, 0, "the two passwords differ");
	tu_password_wipe(&again);
	return status;
}

static enum tu_status read_file(
	const char *path, bool second, struct tu_buf *out, struct tu_error *err)
{
	FILE *file;
	enum tu_status status = tu_file_check_private(path, "a password", err);

	if (status)
		return status;
	file = fopen(path, "re");
	if (!file)
		return tu_fail(err, TU_E_IO, 0, "%s: cannot read: %s", path, strerror(errno));
	status = take_line(file, out, err);
	if (!status && second) {
		tu_wipe(out->ptr, out->len);
		tu_buf_clear(out);
		status = take_line(file, out, err);
	}
	(void)fclose(file);
	return status;
}

enum tu_status tu_password_read(
	const struct tu_password_from *from, struct tu_buf *out, struct tu_error *err)
{
	enum tu_status status;

	if (from->file)
		status = read_file(from->file, from->code, out, err);
	else if (!isatty(STDIN_FILENO))
		status = take_line(stdin, out, err);
	else if (from->code)
		return ask("Code: ", out, err);
	else
		return from->twice ? ask_twice(out, err) : ask("Password: ", out, err);
	if (status == TU_E_USAGE && from->code)
		return tu_fail(err, TU_E_USAGE, 0,
			"this account has a second factor: a code of the authenticator is expected "
			"in the second line, after the password");
	return status;
}

void tu_password_wipe(struct tu_buf *password)
{
	tu_wipe(password->ptr, password->len);
	tu_buf_done(password);
}
