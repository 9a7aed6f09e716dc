/* Messages and exit codes that all commands share; finding a command. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "show/paint.h"

static const struct {
	enum tu_status status;
	enum tu_exit code;
} exit_codes[] = {
	{TU_OK, TU_EXIT_OK},
	{TU_E_NOMEM, TU_EXIT_INTERNAL},
	{TU_E_SYNTAX, TU_EXIT_INPUT},
	{TU_E_LIMIT, TU_EXIT_INPUT},
	{TU_E_UNSUPPORTED, TU_EXIT_INPUT},
	{TU_E_NOTFOUND, TU_EXIT_INPUT},
	{TU_E_IO, TU_EXIT_INPUT},
	{TU_E_CORRUPT, TU_EXIT_INPUT},
	{TU_E_USAGE, TU_EXIT_USAGE},
	{TU_E_CANCELLED, TU_EXIT_INPUT},
	{TU_E_BUSY, TU_EXIT_INPUT},
	{TU_E_CONFLICT, TU_EXIT_INPUT},
	{TU_E_CONSTRAINT, TU_EXIT_INPUT},
};

static int exit_code_of(enum tu_status status)
{
	for (size_t i = 0; i < TU_COUNT(exit_codes); i++)
		if (exit_codes[i].status == status)
			return (int)exit_codes[i].code;
	return TU_EXIT_INTERNAL;
}

/* Messages quote input: what could steer a terminal is made harmless. */
static void complain(const char *command, const char *message)
{
	struct tu_buf line;
	struct tu_paint paint = {.out = &line};

	tu_buf_init(&line, 64 * 1024);
	tu_paint_c(&paint, TU_HUE_PLAIN, message);
	fprintf(stderr, "tutela%s%s: %.*s\n", command ? " " : "", command ? command : "",
		TU_STR_FMT(tu_buf_str(&line)));
	tu_buf_done(&line);
}

int tu_command_failed(const char *command, const struct tu_error *err)
{
	char text[TU_ERROR_TEXT_MAX];

	complain(command, tu_error_text(err, text, sizeof(text)));
	return exit_code_of(err->status);
}

int tu_command_failed_at(const char *command, const struct tu_error *err)
{
	struct tu_error placed = {.status = err->status, .offset = err->offset};

	tu_fail(&placed, err->status, err->offset, "%s (byte %zu)", err->message, err->offset);
	return tu_command_failed(command, &placed);
}

int tu_command_answered(const char *command, struct tu_buf *answer, struct tu_error *err)
{
	int code = TU_EXIT_OK;

	if (err->status == TU_OK && answer->failed)
		(void)tu_fail(err, TU_E_NOMEM, 0, "no memory for the answer");
	if (err->status == TU_OK)
		printf("%.*s\n", TU_STR_FMT(tu_buf_str(answer)));
	else
		code = tu_command_failed_at(command, err);
	tu_buf_done(answer);
	return code;
}

int tu_command_no_memory(const char *command)
{
	return tu_command_failed(
		command, &(struct tu_error){.status = TU_E_NOMEM, .message = "out of memory"});
}

static void complain_args(const char *command, const char *fmt, va_list args) TU_PRINTF(2, 0);

static void complain_args(const char *command, const char *fmt, va_list args)
{
	char message[TU_ERROR_MESSAGE_MAX];

	vsnprintf(message, sizeof(message), fmt, args);
	complain(command, message);
}

void tu_command_warn(const char *command, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	complain_args(command, fmt, args);
	va_end(args);
}

void tu_command_warnings(const char *command, const struct tu_warnings *warnings)
{
	for (size_t i = 0; i < warnings->count; i++)
		tu_command_warn(command, "%.*s", TU_STR_FMT(warnings->at[i].text));
}

int tu_command_misused(const char *command, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	complain_args(command, fmt, args);
	va_end(args);
	fprintf(stderr, "See \"tutela%s%s --help\".\n", command ? " " : "", command ? command : "");
	return TU_EXIT_USAGE;
}

int tu_command_judged(bool passed)
{
	return passed ? TU_EXIT_OK : TU_EXIT_POLICY;
}

/* ---- the table ---- */

static bool is_name(const struct tu_command *command, struct tu_str name)
{
	return tu_str_eq(tu_str_c(command->name), name) ||
		(command->also && tu_str_eq(tu_str_c(command->also), name));
}

const struct tu_command *tu_command_by_name(struct tu_str name)
{
	for (size_t i = 0; i < tu_command_count; i++)
		if (is_name(tu_commands[i], name))
			return tu_commands[i];
	return NULL;
}

bool tu_command_in(const struct tu_command *member, const struct tu_command *group)
{
	struct tu_str name = tu_str_c(member->name);
	size_t len = strlen(group->name);

	return member != group && tu_str_starts(name, tu_str_c(group->name)) &&
		name.ptr[len] == ' ';
}

enum { NAME_WORDS = 3 /* "admin user add" */ };

const struct tu_command *tu_command_of(int count, char *const *words, int *out_used)
{
	const struct tu_command *command = NULL;
	struct tu_buf name;
	int used;

	tu_buf_init(&name, 64 * 1024);
	for (used = count < NAME_WORDS ? count : NAME_WORDS; used > 0; used--) {
		tu_buf_clear(&name);
		for (int i = 0; i < used; i++)
			tu_buf_printf(&name, "%s%s", i ? " " : "", words[i]);
		command = name.failed ? NULL : tu_command_by_name(tu_buf_str(&name));
		if (command)
			break;
	}
	tu_buf_done(&name);
	*out_used = used > 0 ? used : 1;
	return command;
}
