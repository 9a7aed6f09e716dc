/*
 * The commands of the program. Each command and subcommand is one row, beside the function that
 * runs it; commands.c lists them. Dispatch, --help, the manual pages and completion read the rows.
 *
 * A command gets its own arguments (argv[0] is its name), writes its answer to standard output and
 * its complaints to standard error, and returns the exit code.
 */
#ifndef TU_CLI_COMMAND_H
#define TU_CLI_COMMAND_H

#include <stdbool.h>

#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

#include "app/warnings.h"

/* Documented and stable: tutela(1). */
enum tu_exit {
	TU_EXIT_OK = 0,
	TU_EXIT_POLICY = 1, /* what was judged did not pass: tu_command_judged() */
	TU_EXIT_USAGE = 2,
	TU_EXIT_INPUT = 3, /* an input cannot be read or an output not written */
	TU_EXIT_INTERNAL = 4
};

struct tu_option;

enum { TU_USAGES_MAX = 6 };

struct tu_command {
	const char *name; /* "scan", "sbom show" */
	const char *also; /* a second name that works equally, or NULL */
	const char *summary; /* one line in the imperative, without a final period */
	const char *usage[TU_USAGES_MAX]; /* what follows the name, one string per form */
	const char *notes; /* more about the use, after the options; lines end in "\n"; or NULL */
	const struct tu_option *options;
	size_t option_count;
	bool variables; /* each option can also be set by a variable of the environment: config.h */
	bool unconfined; /* it writes more than its options name, or uses the network; see confine.h
			  */
	int (*run)(int argc, char **argv); /* NULL: a group of commands, such as "sbom" */
};

#define TU_OPTIONS(rows) .options = (rows), .option_count = TU_COUNT(rows)

/* In the order in which help lists them; a group comes before its members. */
extern const struct tu_command *const tu_commands[];
extern const size_t tu_command_count;

/* By either name; NULL when there is none of this name. */
const struct tu_command *tu_command_by_name(struct tu_str name);

/* Whether `member` is in the group, as "sbom show" is in "sbom". */
bool tu_command_in(const struct tu_command *member, const struct tu_command *group);

/* The command that the words name, and how many of them: the longest name wins. NULL: none. */
const struct tu_command *tu_command_of(int count, char *const *words, int *out_used);

/* Print "tutela <command>: <message>" to standard error and return the exit code that fits the
 * status. */
int tu_command_failed(const char *command, const struct tu_error *err);

/* The same with the byte of the argument at which it failed. */
int tu_command_failed_at(const char *command, const struct tu_error *err);

/* Print the answer as a line, or how it failed as above; `answer` is freed. The exit code. */
int tu_command_answered(const char *command, struct tu_buf *answer, struct tu_error *err);

/* The same for memory that is out. */
int tu_command_no_memory(const char *command);

/* Print "tutela <command>: <message>" to standard error, cut at TU_ERROR_MESSAGE_MAX bytes. */
void tu_command_warn(const char *command, const char *fmt, ...) TU_PRINTF(2, 3);

/* Print each warning of a use case. */
void tu_command_warnings(const char *command, const struct tu_warnings *warnings);

/* Print the message and where help is; returns TU_EXIT_USAGE. */
int tu_command_misused(const char *command, const char *fmt, ...) TU_PRINTF(2, 3);

/* The exit code of a command that judges something: a gate, a check, a comparison. */
int tu_command_judged(bool passed);

#endif
