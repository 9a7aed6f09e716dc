/*
 * Defaults of options from a file that is named: --config FILE or $TUTELA_CONFIG. The format is
 * documented in docs/formats/config.md.
 */
#ifndef TU_CLI_CONFIG_H
#define TU_CLI_CONFIG_H

#include <stdbool.h>

#include <tutela/arena.h>
#include <tutela/error.h>

#include "cli/command.h"

struct tu_config {
	const char *path; /* NULL: none is named */
	struct tu_arena *arena; /* owns what tu_config_apply() adds to the arguments */
};

/* Take "--config FILE" from the front of the arguments, before the command. False: FILE is
 * missing; the complaint has been printed. */
bool tu_config_take(struct tu_config *config, int *argc, char ***argv);

/*
 * Put the file's options for `command` in front of the arguments, so that those of the command line
 * replace them; the values of a `joined` option add up. The arguments become a new array. "--config
 * FILE" after the command is taken too, unless the command has an option of that name. Names the
 * file on standard error. TU_E_USAGE names the line that is wrong; TU_E_IO, TU_E_NOMEM.
 */
TU_NODISCARD enum tu_status tu_config_apply(struct tu_config *config,
	const struct tu_command *command, int *argc, char ***argv, struct tu_error *err);

/*
 * Put what the environment says for a command that takes variables in front of the arguments, so
 * that it replaces what the file says, and is replaced by the command line: "--public-url" is
 * $TUTELA_PUBLIC_URL; a flag takes "true" or "false"; of an option that may be repeated the values
 * stand with commas between them. Part of tu_config_apply().
 */
TU_NODISCARD enum tu_status tu_config__environment(const struct tu_command *command,
	struct tu_arena *arena, int *argc, char ***argv, struct tu_error *err);

/*
 * The same once more, for a command that runs on: what the file, the environment and the command
 * line of the last tu_config_apply() say now. The arguments are in `config`, zeroed before; done
 * with it, call tu_config_done(). TU_E_USAGE where nothing was applied before.
 */
TU_NODISCARD enum tu_status tu_config_again(struct tu_config *config,
	const struct tu_command *command, int *out_argc, char ***out_argv, struct tu_error *err);

void tu_config_done(struct tu_config *config);

#endif
