/* The files that a command writes; none of them may be one that it reads. */
#ifndef TU_CLI_OVERWRITE_H
#define TU_CLI_OVERWRITE_H

#include "cli/options.h"

/*
 * After the options were taken: is a file that a `written` option names (also as "NAME=FILE") the
 * same file, by whatever name or link, as an operand argv[1…], as a file that is read where an
 * operand is a device folder, or as the value of an option that names an input? Devices and pipes
 * may be both. The option of the document that is to be replaced
 * (`replaced`) is no input here. Prints the complaint.
 */
bool tu_overwrites_input(
	const struct tu_command *command, int argc, char **argv, const void *request);

/* Zeroed: before the first. */
struct tu_written {
	size_t option;
	size_t value;
};

/* The next file that a `written` option of the request names, or NULL. */
const char *tu_next_written(
	const struct tu_command *command, const void *request, struct tu_written *written);

#endif
