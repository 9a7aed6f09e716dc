/*
 * Options of a command: "--name value", "--name=value", "-o value", flags; in any place among the
 * other arguments; "--" ends them; "-" is an argument.
 */
#ifndef TU_CLI_OPTIONS_H
#define TU_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

enum { TU_VALUES_MAX = 1000 };

/* The values of an option that may be repeated, in the order of the command line. */
struct tu_values {
	const char *at[TU_VALUES_MAX];
	size_t count;
};

struct tu_option {
	const char *name; /* without the hyphens */
	char letter; /* short form, '\0': none */
	const char **value; /* where the value goes: the later one wins; NULL for a flag */
	bool *flag;
	struct tu_values *values; /* where each value goes; `value` and `flag` are NULL */
};

/* Take the options out of argv[1…]; what is left moves up and `*argc` shrinks. False: an option that is
 * unknown, has no value or has too many; the complaint has been printed and the command returns TU_EXIT_USAGE. */
bool tu_options_take(int *argc, char **argv, const struct tu_option *options, int count);

/* Whether to use colour on a descriptor: `when` is "auto" (or NULL), "always" or "never"; auto asks
 * for a terminal, honours NO_COLOR (https://no-color.org) and TERM=dumb. False: another word; the
 * complaint has been printed. */
bool tu_options_colour(const char *command, const char *when, int fd, bool *out_colour);

/* Whether a command that writes text or JSON is to write JSON: `format` is "text" (or NULL) or
 * "json". False: another word; the complaint has been printed. */
bool tu_options_json(const char *command, const char *format, bool *out_json);

/* Columns of the terminal on a descriptor; 0 when it is none. */
unsigned tu_terminal_width(int fd);

#endif
