/*
 * The store that a command works on, and the knowledge base that it names: the one place where a
 * command opens a store.
 */
#ifndef TU_CLI_STORE_OPEN_H
#define TU_CLI_STORE_OPEN_H

#include <tutela/kb.h>

#include "app/kb_file.h"
#include "datadir/datadir.h"
#include "portfolio/work.h"

struct tu_command_store {
	struct tu_datadir *dir; /* which this process owns meanwhile */
	struct tu_store *store; /* of it */
	const struct tu_kb *kb; /* the current one of the store; NULL until it is asked for */
	struct tu_kb_file named; /* where it is what the user named */
	struct tu_kb *fetched; /* where it came out of the store */
};

/* Open the database of a data folder, or a URL "postgresql://…". `command` names itself to whoever
 * finds the folder in use. Errors as of tu_datadir_open() and tu_datadir_store(). Whatever the
 * status, end with tu_command_store_close(). */
TU_NODISCARD enum tu_status tu_command_store_open(struct tu_command_store *store,
	const char *command, const char *place, struct tu_error *err);
void tu_command_store_close(struct tu_command_store *store);

/* Map the current knowledge base. A store that names none yet gets the one that a scan would take
 * (--kb, $TUTELA_KB, …), which is then the current one. One that names another than `kb_option` is
 * refused: TU_E_USAGE. */
TU_NODISCARD enum tu_status tu_command_store_knowledge(struct tu_command_store *store,
	const char *kb_option, const struct tu_act *act, struct tu_error *err);

#endif
