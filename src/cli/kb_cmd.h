/*
 * What `kb build` and `kb sync` have in common: how the building of a knowledge base is shown.
 */
#ifndef TU_CLI_KB_CMD_H
#define TU_CLI_KB_CMD_H

#include <time.h>

#include "kb/build.h"

struct tu_kb_progress {
	bool on_terminal; /* standard error is one: a line that is written over */
	struct timespec shown;
};

/* Hooks that show progress, and documents that cannot be read, on standard error. */
struct tu_kb_build_hooks tu_kb_progress_hooks(struct tu_kb_progress *progress);
void tu_kb_progress_clear(const struct tu_kb_progress *progress);

#endif
