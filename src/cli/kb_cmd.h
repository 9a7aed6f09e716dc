/*
 * Building a knowledge base, for `kb build` and `kb sync`.
 */
#ifndef TU_CLI_KB_CMD_H
#define TU_CLI_KB_CMD_H

#include <tutela/error.h>

/* Build `output` from files and folders, without a summary; documents that cannot be read are
 * reported on standard error and left out. TU_E_SYNTAX when no record is in any of them. */
TU_NODISCARD enum tu_status tu_kb_build_from(
	const char *output, char **inputs, int count, struct tu_error *err);

#endif
