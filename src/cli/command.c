/* Messages and exit codes that all commands share. */
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

int tu_command_misused(const char *command, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	complain_args(command, fmt, args);
	va_end(args);
	fprintf(stderr, "See \"tutela help%s%s\".\n", command ? " " : "", command ? command : "");
	return TU_EXIT_USAGE;
}

const struct tu_command *tu_command_by_name(const char *name)
{
	for (size_t i = 0; i < tu_command_count; i++)
		if (strcmp(tu_commands[i].name, name) == 0)
			return &tu_commands[i];
	return NULL;
}
