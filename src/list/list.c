#include "list/list.h"

#include <pthread.h>

#include "list/inside.h"

/* ---- snapshots ---- */

struct tu_list_snapshot *tu_list_hold(struct tu_list_snapshot *snapshot)
{
	atomic_fetch_add(&snapshot->refs, 1);
	return snapshot;
}

void tu_list_drop(struct tu_list_snapshot *snapshot)
{
	if (!snapshot || atomic_fetch_sub(&snapshot->refs, 1) != 1)
		return;
	for (size_t i = 0; i < TU_LIST__TABLES; i++)
		tu_list__table_drop(snapshot->tables[i]);
	tu_list__shelf_drop(&snapshot->blocks);
	tu_list__shelf_drop(&snapshot->postings);
	tu_list__shelf_drop(&snapshot->contents);
	tu_list__item_drop(snapshot->dues);
	tu_free(snapshot->device_changes);
	tu_free(snapshot);
}

int64_t tu_list_change(const struct tu_list_snapshot *snapshot)
{
	return snapshot->change;
}

static bool has(const struct tu_list_snapshot *snapshot, enum tu_list__kind kind, int64_t id)
{
	return tu_list__table_find(snapshot->tables[kind], id) != TU_LIST__NONE;
}

bool tu_list_has_vulnerability(const struct tu_list_snapshot *snapshot, int64_t id)
{
	return has(snapshot, TU_LIST__VULNERABILITIES, id);
}

bool tu_list_has_component(const struct tu_list_snapshot *snapshot, int64_t id)
{
	return has(snapshot, TU_LIST__COMPONENTS, id);
}

bool tu_list_has_release(const struct tu_list_snapshot *snapshot, int64_t id)
{
	return has(snapshot, TU_LIST__RELEASES, id);
}

static size_t shelf_bytes(const struct tu_list__shelf *shelf)
{
	size_t bytes = shelf->page_count * sizeof(*shelf->pages);

	for (size_t i = 0; i < shelf->page_count; i++)
		bytes += shelf->pages[i] ? sizeof(*shelf->pages[i]) : 0;
	return bytes;
}

struct tu_list_size tu_list_size(const struct tu_list_snapshot *snapshot)
{
	struct tu_list_size size = {
		.vulnerabilities = snapshot->tables[TU_LIST__VULNERABILITIES]->count,
		.components = snapshot->tables[TU_LIST__COMPONENTS]->count,
		.devices = snapshot->tables[TU_LIST__DEVICES]->count,
		.releases = snapshot->tables[TU_LIST__RELEASES]->count,
		.facts = snapshot->facts,
		.references = snapshot->references,
		.decisions = snapshot->decisions,
		.findings = snapshot->findings,
		.bytes = sizeof(*snapshot) + snapshot->item_bytes,
	};

	for (size_t i = 0; i < TU_LIST__TABLES; i++)
		size.bytes += tu_list__table_bytes(snapshot->tables[i]);
	size.bytes += size.devices * sizeof(int64_t) + shelf_bytes(&snapshot->blocks) +
		shelf_bytes(&snapshot->postings) + shelf_bytes(&snapshot->contents) +
		snapshot->dues->count * sizeof(struct tu_list__due);
	return size;
}

/* ---- the newest one ---- */

struct tu_list {
	pthread_mutex_t lock; /* for the few instructions of taking or changing the pointer */
	struct tu_list_snapshot *newest;
};

enum tu_status tu_list_new(struct tu_list **out_list, struct tu_error *err)
{
	struct tu_list *list = tu_alloc(1, sizeof(*list));
	struct tu_list_draft *draft = NULL;
	enum tu_status status = list ? tu_list_draft_new(NULL, &draft, err) : tu_no_memory(err);

	if (!status)
		status = tu_list_finish(draft, 0, &list->newest, err);
	tu_list_draft_free(draft);
	if (!status && pthread_mutex_init(&list->lock, NULL)) {
		tu_list_drop(list->newest);
		status = tu_no_memory(err);
	}
	if (status)
		tu_free(list);
	else
		*out_list = list;
	return status;
}

void tu_list_free(struct tu_list *list)
{
	if (!list)
		return;
	tu_list_drop(list->newest);
	(void)pthread_mutex_destroy(&list->lock);
	tu_free(list);
}

struct tu_list_snapshot *tu_list_current(struct tu_list *list)
{
	struct tu_list_snapshot *snapshot;

	(void)pthread_mutex_lock(&list->lock);
	snapshot = tu_list_hold(list->newest);
	(void)pthread_mutex_unlock(&list->lock);
	return snapshot;
}

void tu_list_publish(struct tu_list *list, struct tu_list_snapshot *snapshot)
{
	struct tu_list_snapshot *before;

	(void)pthread_mutex_lock(&list->lock);
	before = list->newest;
	list->newest = snapshot;
	(void)pthread_mutex_unlock(&list->lock);
	tu_list_drop(before);
}

const char *tu_list_state_name(enum tu_list_state state)
{
	static const char *const names[TU_LIST_STATES] = {
		[TU_LIST_NOT_ASSESSED] = "not assessed",
		[TU_LIST_REOPENED] = "re-opened",
		[TU_LIST_PROPOSED] = "proposed",
		[TU_LIST_CARRIED] = "carried",
		[TU_LIST_DECIDED] = "decided",
	};

	return (unsigned)state < TU_LIST_STATES ? names[state] : names[TU_LIST_NOT_ASSESSED];
}
