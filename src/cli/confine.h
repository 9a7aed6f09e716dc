/*
 * What a command may do to the machine: Landlock, where the kernel has it.
 *
 * A command that answers needs to read anything and to write what its options name. Everything else
 * is taken from the process before the first byte of an input is read, so that a fault in a reader
 * cannot become a changed file or a connection.
 */
#ifndef TU_CLI_CONFINE_H
#define TU_CLI_CONFINE_H

#include "app/context.h"
#include "cli/options.h"

/*
 * From here on this process and its children open no file for writing, make, rename or remove none
 * and bind or connect no TCP socket, except: the files that the `written` options of the request
 * name and their folders; the folder of stamps (app/kb_file.h), which is made when it is missing,
 * if the command reads a knowledge base from a file; with --rootfs and for a workbook the folders
 * for temporary files. False: nothing was taken away, for the command is `unconfined` or the kernel
 * has no Landlock.
 */
bool tu_confine(const struct tu_command *command, const void *request,
	const struct tu_app_context *context);

#endif
