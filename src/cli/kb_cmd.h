/*
 * The parts of `tutela kb`: one file each, one row in kb_cmd.c. argv[0] is the part's name.
 */
#ifndef TU_CLI_KB_CMD_H
#define TU_CLI_KB_CMD_H

int tu_kb_cmd_build(int argc, char **argv);
int tu_kb_cmd_info(int argc, char **argv);
int tu_kb_cmd_show(int argc, char **argv);
int tu_kb_cmd_search(int argc, char **argv);

#endif
