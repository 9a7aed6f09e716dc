/*
 * The user's own folders (XDG Base Directory Specification).
 */
#ifndef TU_CLI_PATHS_H
#define TU_CLI_PATHS_H

#include <stdbool.h>

#include <tutela/buf.h>

/* "$XDG/rest", else "$HOME/fallback/rest", NUL-terminated, into `out` (its old contents go). False
 * when neither variable is set, or `out` is full. */
bool tu_user_path(const char *xdg, const char *fallback, const char *rest, struct tu_buf *out);

/* A variable of the environment that is set and not empty, else NULL. */
const char *tu_user_variable(const char *name);

#endif
