/*
 * Help that is made from the rows of commands.
 */
#ifndef TU_CLI_HELP_H
#define TU_CLI_HELP_H

#include <tutela/buf.h>

#include "cli/command.h"
#include "cli/options.h"

/* The list of commands. */
void tu_help_commands(struct tu_buf *out);

/* The help of one command. */
void tu_help_command(const struct tu_command *command, struct tu_buf *out);

/* What an option means, with its closed list and its default: for people, without markup. */
void tu_help_meaning(const struct tu_option *option, struct tu_buf *out);

#endif
