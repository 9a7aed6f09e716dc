/*
 * The parts of `tutela vex`, one file each.
 */
#ifndef TU_CLI_VEX_CMD_H
#define TU_CLI_VEX_CMD_H

int tu_vex_show(int argc, char **argv);
int tu_vex_check(int argc, char **argv);
int tu_vex_write(int argc, char **argv);

#endif
