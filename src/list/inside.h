/*
 * What a snapshot consists of (docs/internals/list.md). All parts are immutable once a snapshot is
 * made, and counted by reference.
 */
#ifndef TU_LIST_INSIDE_H
#define TU_LIST_INSIDE_H

#include "list/block.h"

/* ---- shelves: counted things by dense number, shared between snapshots in pages ---- */

/* An item of a shelf begins with its count of references, and is one allocation. */
struct tu_list__item {
	atomic_size_t refs;
};

enum { TU_LIST__PAGE = 256 };

struct tu_list__shelf_page {
	atomic_size_t refs;
	void *items[TU_LIST__PAGE];
};

struct tu_list__shelf {
	struct tu_list__shelf_page **pages;
	size_t page_count;
};

/* A shelf for `count` items that has what `old` has. False: no memory. */
TU_NODISCARD bool tu_list__shelf_next(
	const struct tu_list__shelf *old, size_t count, struct tu_list__shelf *out_shelf);
void tu_list__shelf_drop(struct tu_list__shelf *shelf);
/* Takes the item over (NULL: nothing there); on false, too. */
TU_NODISCARD bool tu_list__shelf_put(struct tu_list__shelf *shelf, size_t at, void *item);
void tu_list__item_drop(void *item);

static inline const void *tu_list__shelf_at(const struct tu_list__shelf *shelf, size_t at)
{
	const struct tu_list__shelf_page *page =
		at / TU_LIST__PAGE < shelf->page_count ? shelf->pages[at / TU_LIST__PAGE] : NULL;

	return page ? page->items[at % TU_LIST__PAGE] : NULL;
}

/* Components, by the rank of their ids. */
struct tu_list__posting {
	atomic_size_t refs;
	uint32_t count;
	uint32_t at[];
};

/* ---- deadlines ---- */

struct tu_list__due {
	uint32_t vuln;
	uint32_t device; /* or TU_LIST__NONE: every one */
	uint32_t due; /* seconds */
};

struct tu_list__dues {
	atomic_size_t refs;
	size_t count;
	struct tu_list__due at[]; /* by vulnerability */
};

/* ---- a snapshot ---- */

struct tu_list_snapshot {
	atomic_size_t refs;
	int64_t change;
	struct tu_list__table *tables[TU_LIST__TABLES];
	struct tu_list__shelf blocks; /* struct tu_list__block by component */
	struct tu_list__shelf postings; /* those with a fact, by vulnerability */
	struct tu_list__shelf contents; /* those with a reference or decision, by release */
	struct tu_list__dues *dues;
	int64_t *device_changes; /* the newest change that concerns each device */
	uint32_t refs_max; /* no block has more references */
	uint64_t facts, references, decisions, findings;
	size_t item_bytes;
};

static inline const struct tu_list__vuln *tu_list__vuln_at(
	const struct tu_list_snapshot *snapshot, uint32_t at)
{
	return (const struct tu_list__vuln *)snapshot->tables[TU_LIST__VULNERABILITIES]->rows + at;
}

static inline const struct tu_list__component *tu_list__component_at(
	const struct tu_list_snapshot *snapshot, uint32_t at)
{
	return (const struct tu_list__component *)snapshot->tables[TU_LIST__COMPONENTS]->rows + at;
}

static inline const struct tu_list__release *tu_list__release_at(
	const struct tu_list_snapshot *snapshot, uint32_t at)
{
	return (const struct tu_list__release *)snapshot->tables[TU_LIST__RELEASES]->rows + at;
}

static inline const struct tu_list__device *tu_list__device_at(
	const struct tu_list_snapshot *snapshot, uint32_t at)
{
	return (const struct tu_list__device *)snapshot->tables[TU_LIST__DEVICES]->rows + at;
}

static inline const struct tu_list__block *tu_list__block_at(
	const struct tu_list_snapshot *snapshot, size_t component)
{
	return tu_list__shelf_at(&snapshot->blocks, component);
}

#endif
