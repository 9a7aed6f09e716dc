/*
 * The parts of `tutela kb`: one file each, one row in kb_cmd.c. argv[0] is the part's name.
 */
#ifndef TU_CLI_KB_CMD_H
#define TU_CLI_KB_CMD_H

#include <tutela/error.h>

int tu_kb_cmd_build(int argc, char **argv);
int tu_kb_cmd_info(int argc, char **argv);
int tu_kb_cmd_show(int argc, char **argv);
int tu_kb_cmd_search(int argc, char **argv);
int tu_kb_cmd_sync(int argc, char **argv);
int tu_kb_cmd_export(int argc, char **argv);
int tu_kb_cmd_import(int argc, char **argv);
int tu_kb_cmd_keygen(int argc, char **argv);

/* Build `output` from files and folders, without a summary; documents that cannot be read are told
 * to standard error and left out. TU_E_SYNTAX when no record is in any of them. */
TU_NODISCARD enum tu_status tu_kb_build_from(
	const char *output, char **inputs, int count, struct tu_error *err);

#endif
