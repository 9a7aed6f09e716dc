/*
 * What changed, for whoever shows it: the table `change` with who did it and which members of the
 * record differ. It says what to read again, never how a list looks then.
 *
 * An entry is a record of the ledger that changed something that lists are made of. One about the
 * knowledge of vulnerabilities (a re-match) can have changed any of them: it is named as a whole,
 * so that what it says is the same whatever the portfolio has.
 *
 * A case is seen by who sees a part of it: a record about some of its devices is theirs alone, and
 * so is what it says of the vulnerability.
 *
 * Threads: as of the store. Errors: of the store, TU_E_NOMEM.
 */
#ifndef TU_PORTFOLIO_CHANGES_H
#define TU_PORTFOLIO_CHANGES_H

#include "store/store.h"

enum { TU_CHANGES_MAX = 100, TU_CHANGE_ITEMS = 64 };

enum tu_change_kind {
	TU_CHANGE_DEVICE,
	TU_CHANGE_RELEASE,
	TU_CHANGE_VULNERABILITY,
	TU_CHANGE_COMPONENT,
	TU_CHANGE_CASE,
	TU_CHANGE_SIGNAL,
	TU_CHANGE_STATEMENT,
	TU_CHANGE_KNOWLEDGE, /* findings of any component */
	TU_CHANGE_KINDS
};
const char *tu_change_kind_name(enum tu_change_kind kind);

struct tu_change_item {
	enum tu_change_kind kind;
	int64_t key; /* of the database */
	int64_t device_id; /* of a device, release, statement, of a signal that has one; else 0 */
	struct tu_str id; /* public id, or a vulnerability's name; empty: none */
	struct tu_str device,
		name; /* a release's name is its version, a case's the vulnerability */
};

struct tu_change_entry {
	int64_t n; /* of the ledger */
	int64_t at; /* us */
	struct tu_str actor, action;
	/* members of the record that differ, at most 64; "content" where it has none */
	const struct tu_str *fields;
	size_t field_count;
	/* all of them; where there are more than TU_CHANGE_ITEMS they have no names: kind, key and
	 * device_id alone */
	const struct tu_change_item *items;
	size_t item_count;
	/* Of a record of a case: the devices that it is about. Who sees none of them hears nothing
	 * of it. */
	bool of_devices;
	const int64_t *device_ids;
	size_t device_count;
};

struct tu_change_entries {
	struct tu_change_entry at[TU_CHANGES_MAX];
	size_t count; /* TU_CHANGES_MAX: there may be more */
	int64_t newest; /* the number of the newest change */
	int64_t behind; /* how many records of the ledger there are after `after` */
};

/* Those after `after`, in order. Texts are in the arena. */
TU_NODISCARD enum tu_status tu_changes_read(struct tu_store *store, int64_t after,
	struct tu_arena *arena, struct tu_change_entries *out_entries, struct tu_error *err);
/* The newest record after `after` by which somebody may see less than before (persons, teams, keys,
 * sessions); `after` where there is none. */
TU_NODISCARD enum tu_status tu_changes_of_access(
	struct tu_store *store, int64_t after, int64_t *out_n, struct tu_error *err);
/* The number of the newest one; 0: there is none. */
TU_NODISCARD enum tu_status tu_changes_newest(
	struct tu_store *store, int64_t *out_n, struct tu_error *err);

#endif
