/*
 * The index of findings (list/list.h) filled from the store, and kept current by `change`.
 *
 * Threads: as of a list, one thread at a time loads or follows; readers go on with the snapshot
 * that they hold.
 */
#ifndef TU_PORTFOLIO_LIST_LOAD_H
#define TU_PORTFOLIO_LIST_LOAD_H

#include "list/list.h"
#include "store/store.h"

/* Read the whole portfolio in one transaction and publish it. */
TU_NODISCARD enum tu_status tu_list_load(
	struct tu_store *store, struct tu_list *list, struct tu_error *err);

/* Read what `change` names since the list's snapshot, in one transaction, and publish the next one;
 * nothing where nothing changed. `*out_change`: the number of the snapshot that is current then. */
TU_NODISCARD enum tu_status tu_list_follow(
	struct tu_store *store, struct tu_list *list, int64_t *out_change, struct tu_error *err);

#endif
