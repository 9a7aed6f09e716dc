/*
 * Arguments that more than one command takes and that are no plain options.
 */
#ifndef TU_CLI_ARGUMENTS_H
#define TU_CLI_ARGUMENTS_H

#include <stdbool.h>

#include "app/sbom_file.h"

/* Take the document from what is left of the arguments: one, or none where --rootfs is given.
 * False: the complaint has been printed. */
bool tu_sbom_source_take(const char *command, int argc, char **argv, struct tu_sbom_source *source);

#endif
