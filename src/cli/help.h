/*
 * The texts that are made from the rows of commands: help, manual pages, completion.
 */
#ifndef TU_CLI_HELP_H
#define TU_CLI_HELP_H

#include <tutela/buf.h>

#include "cli/command.h"

/* The list of commands. */
void tu_help_commands(struct tu_buf *out);

/* The help of one command. */
void tu_help_command(const struct tu_command *command, struct tu_buf *out);

/* What an option means, with its closed list and its default: for people, without markup. */
void tu_help_meaning(const struct tu_option *option, struct tu_buf *out);

/* A manual page in scdoc's language from its template: lines {{synopsis}} and {{options}} become
 * those of the command and its members, {{commands}} and {{see-also}} lists of all, {{name}} the
 * name and summary. `page` is the command's name ("kb sync"), "" for tutela(1). */
void tu_help_manual(const char *page, struct tu_str template, struct tu_buf *out);

/* Completion scripts. */
void tu_help_bash(struct tu_buf *out);
void tu_help_zsh(struct tu_buf *out);

#endif
