/*
 * The environment and the clock: the one place of the program that reads them.
 */
#ifndef TU_CLI_ENVIRONMENT_H
#define TU_CLI_ENVIRONMENT_H

#include <stdbool.h>
#include <stdint.h>

#include <tutela/buf.h>

/* The present time, seconds since 1970: what ages, deadlines and decisions are judged by. */
int64_t tu_clock_now(void);
/* The same in microseconds: what records of the ledger have. */
int64_t tu_clock_now_us(void);

/* The creation time to write into a document, and nothing else: $SOURCE_DATE_EPOCH
 * (reproducible-builds.org) where it is set to a number of seconds, else the present. */
int64_t tu_clock_created(void);

/* "$XDG/rest", else "$HOME/fallback/rest" (XDG Base Directory Specification), NUL-terminated, into
 * `out` (its old contents go). False when neither variable is set, or `out` is full. */
bool tu_user_path(const char *xdg, const char *fallback, const char *rest, struct tu_buf *out);

/* What libcurl would take from the environment by itself: the proxy of HTTPS, and the hosts that it
 * is not for; NULL: none. */
const char *tu_user_proxy(void);
const char *tu_user_no_proxy(void);

/* A variable of the environment that is set and not empty, else NULL. */
const char *tu_user_variable(const char *name);

#endif
