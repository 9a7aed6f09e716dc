/*
 * The context of this process's use cases (app/context.h): from the environment and
 * the clock (cli/environment.h).
 *
 * It is read once, at the first question; not thread-safe.
 */
#ifndef TU_CLI_CONTEXT_H
#define TU_CLI_CONTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "app/context.h"

const struct tu_app_context *tu_context(void);

/* The argument of an option such as --at: NULL is now; a date, or a time with its zone. False: the
 * complaint has been printed. */
bool tu_context_time(
	const char *command, const char *option, const char *text, int64_t *out_seconds);

#endif
