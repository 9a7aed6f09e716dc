/*
 * The store that a command works on, and the knowledge base that it names: the one place where a
 * command opens a store.
 */
#ifndef TU_CLI_STORE_OPEN_H
#define TU_CLI_STORE_OPEN_H

#include <tutela/kb.h>

#include "app/kb_file.h"
#include "portfolio/work.h"
#include "store/store.h"

struct tu_command_store {
	struct tu_store *store;
	struct tu_buf place; /* NUL-terminated: a file, or a URL */
	const struct tu_kb *kb; /* the current one of the store; NULL until it is asked for */
	struct tu_kb_file named; /* where it is what the user named */
	struct tu_kb *fetched; /* where it came out of the store */
};

/* Open DATA/tutela.db or a URL "postgresql://…". `writes`: a new database is made, an older one
 * brought to the present schema. TU_E_NOTFOUND when there is no such folder, or nothing in it to
 * read from; others as of tu_store_open() and tu_store_migrate(). Whatever the status, end with
 * tu_command_store_close(). */
TU_NODISCARD enum tu_status tu_command_store_open(
	struct tu_command_store *store, const char *place, bool writes, struct tu_error *err);
void tu_command_store_close(struct tu_command_store *store);

/* Map the current knowledge base. A store that names none yet gets the one that a scan would take
 * (--kb, $TUTELA_KB, …), which is then the current one. One that names another than `kb_option` is
 * refused: TU_E_USAGE. */
TU_NODISCARD enum tu_status tu_command_store_knowledge(struct tu_command_store *store,
	const char *kb_option, const struct tu_act *act, struct tu_error *err);

#endif
