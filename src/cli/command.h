/*
 * The commands of the program: one file each, one row in commands.c.
 *
 * A command gets its own arguments (argv[0] is its name), writes its answer to standard output and
 * its complaints to standard error, and returns the exit code.
 */
#ifndef TU_CLI_COMMAND_H
#define TU_CLI_COMMAND_H

#include <tutela/error.h>

/* Documented and stable: tutela(1). */
enum tu_exit {
	TU_EXIT_OK = 0,
	TU_EXIT_POLICY = 1, /* a policy is violated (scan --fail-on) */
	TU_EXIT_USAGE = 2,
	TU_EXIT_INPUT = 3, /* an input cannot be read or an output not written */
	TU_EXIT_INTERNAL = 4
};

struct tu_command {
	const char *name;
	const char *summary; /* one line for the list of commands */
	const char *usage; /* synopsis and options, lines ending in "\n" */
	int (*run)(int argc, char **argv);
};

extern const struct tu_command tu_commands[];
extern const size_t tu_command_count;

/* NULL when there is none of this name. */
const struct tu_command *tu_command_by_name(const char *name);

int tu_cmd_scan(int argc, char **argv);
int tu_cmd_explain(int argc, char **argv);
int tu_cmd_sbom(int argc, char **argv);
int tu_cmd_kb(int argc, char **argv);
int tu_cmd_version(int argc, char **argv);
int tu_cmd_purl(int argc, char **argv);
int tu_cmd_cpe(int argc, char **argv);
int tu_cmd_cvss(int argc, char **argv);
int tu_cmd_ssvc(int argc, char **argv);
int tu_cmd_rubric(int argc, char **argv);
int tu_cmd_csaf(int argc, char **argv);
int tu_cmd_vex(int argc, char **argv);
int tu_cmd_device(int argc, char **argv);
int tu_cmd_assess(int argc, char **argv);
int tu_cmd_decide(int argc, char **argv);
int tu_cmd_clocks(int argc, char **argv);
int tu_cmd_report(int argc, char **argv);

/* Print "tutela <command>: <message>" to standard error and return the exit code that fits the
 * status. */
int tu_command_failed(const char *command, const struct tu_error *err);

/* The same with the byte of the argument at which it failed. */
int tu_command_failed_at(const char *command, const struct tu_error *err);

/* The same for memory that is out. */
int tu_command_no_memory(const char *command);

/* Print "tutela <command>: <message>" to standard error, cut at TU_ERROR_MESSAGE_MAX bytes. */
void tu_command_warn(const char *command, const char *fmt, ...) TU_PRINTF(2, 3);

/* Print the message and where help is found; returns TU_EXIT_USAGE. */
int tu_command_misused(const char *command, const char *fmt, ...) TU_PRINTF(2, 3);

#endif
