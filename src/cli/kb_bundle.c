#include "cli/kb_cmd.h"
int tu_kb_cmd_export(int argc, char **argv) { (void)argc, (void)argv; return 4; }
int tu_kb_cmd_import(int argc, char **argv) { (void)argc, (void)argv; return 4; }
int tu_kb_cmd_keygen(int argc, char **argv) { (void)argc, (void)argv; return 4; }
