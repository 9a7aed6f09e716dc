#include "list/order.h"

#include <stdlib.h>
#include <string.h>

static uint32_t epss_value(const struct tu_list__vuln *row)
{
	return row->epss == TU_LIST_UNSTATED_EPSS ? 0 : row->epss + 1;
}

uint32_t tu_list__vuln_key(const struct tu_list__order *order, uint32_t vuln)
{
	const struct tu_list__vuln *row = tu_list__vuln_at(order->snapshot, vuln);
	const struct tu_list__table *table = order->snapshot->tables[TU_LIST__VULNERABILITIES];

	if (order->sort == TU_LIST_BY_SEVERITY)
		return tu_list__key(order, row->severity);
	if (order->sort == TU_LIST_BY_NAME)
		return tu_list__key(order, 2 * table->name_rank[vuln] + 1);
	if (order->sort == TU_LIST_BY_KEV)
		return tu_list__key(order, (uint32_t)row->kev << 20 | epss_value(row));
	return tu_list__key(order, epss_value(row));
}

uint32_t tu_list__finding_key(
	const struct tu_list__order *order, const struct tu_list__traits *traits)
{
	if (order->sort == TU_LIST_BY_HARM)
		return tu_list__key(order, traits->harm);
	if (order->sort == TU_LIST_BY_STATE)
		return tu_list__key(order, traits->state);
	return tu_list__key(
		order, order->sort == TU_LIST_BY_FIRST_SEEN ? traits->seen : traits->due);
}

uint64_t tu_list__second_place(
	const struct tu_list__order *order, uint32_t component, uint32_t release)
{
	struct tu_list__table *const *tables = order->snapshot->tables;
	uint32_t component_rank = tables[TU_LIST__COMPONENTS]->rank[component];
	uint32_t release_rank = tables[TU_LIST__RELEASES]->rank[release];

	return (uint64_t)(2 * component_rank + 1) << 32 | (2 * release_rank + 1);
}

/* ---- the best rows ---- */

static void sink(struct tu_list__best *best, size_t at)
{
	struct tu_list__entry entry = best->at[at];

	for (size_t child; (child = 2 * at + 1) < best->count; at = child) {
		if (child + 1 < best->count &&
			tu_list__before(&best->at[child].place, &best->at[child + 1].place))
			child++;
		if (!tu_list__before(&entry.place, &best->at[child].place))
			break;
		best->at[at] = best->at[child];
	}
	best->at[at] = entry;
}

static void rise(struct tu_list__best *best, size_t at)
{
	struct tu_list__entry entry = best->at[at];

	for (size_t parent; at; at = parent) {
		parent = (at - 1) / 2;
		if (!tu_list__before(&best->at[parent].place, &entry.place))
			break;
		best->at[at] = best->at[parent];
	}
	best->at[at] = entry;
}

bool tu_list__best_put(struct tu_list__best *best, const struct tu_list__entry *entry)
{
	if (!tu_list__before(&best->after, &entry->place))
		return true;
	if (best->count < best->limit) {
		best->at[best->count++] = *entry;
		rise(best, best->count - 1);
		return true;
	}
	if (!tu_list__before(&entry->place, &best->at[0].place))
		return false;
	best->at[0] = *entry;
	sink(best, 0);
	return true;
}

static int by_place(const void *a, const void *b)
{
	const struct tu_list__entry *x = a, *y = b;

	return tu_list__before(&x->place, &y->place) ? -1 : tu_list__before(&y->place, &x->place);
}

void tu_list__best_sort(struct tu_list__best *best)
{
	if (best->count)
		qsort(best->at, best->count, sizeof(*best->at), by_place);
}

/* ---- rows as the caller sees them ---- */

struct tu_list_vulnerability tu_list__show_vuln(
	const struct tu_list_snapshot *snapshot, uint32_t vuln)
{
	const struct tu_list__vuln *row = tu_list__vuln_at(snapshot, vuln);

	return (struct tu_list_vulnerability){.id = row->id,
		.name = tu_list__said(snapshot->tables[TU_LIST__VULNERABILITIES], row->name),
		.severity = row->severity,
		.score = row->score,
		.kev = row->kev,
		.epss = row->epss,
		.modified = row->modified,
		.exploited_by = tu_list__said(
			snapshot->tables[TU_LIST__VULNERABILITIES], row->exploited_by)};
}

struct tu_list_component tu_list__show_component(
	const struct tu_list_snapshot *snapshot, uint32_t component)
{
	const struct tu_list__table *components = snapshot->tables[TU_LIST__COMPONENTS];
	const struct tu_list__component *row = tu_list__component_at(snapshot, component);
	struct tu_list_component shown = {.id = row->id,
		.name = tu_list__said(components, row->name),
		.package = tu_list__said(components, row->package),
		.version = tu_list__said(components, row->version),
		.purl = tu_list__said(components, row->purl)};

	memcpy(shown.key, row->key, sizeof(row->key));
	return shown;
}

struct tu_list_release tu_list__show_release(
	const struct tu_list_snapshot *snapshot, uint32_t release, struct tu_str *out_device)
{
	const struct tu_list__release *row = tu_list__release_at(snapshot, release);
	const struct tu_list__device *device = tu_list__device_at(snapshot, row->device);

	*out_device = tu_list__said(snapshot->tables[TU_LIST__DEVICES], device->name);
	return (struct tu_list_release){.id = row->id,
		.device_id = device->id,
		.version = tu_list__said(snapshot->tables[TU_LIST__RELEASES], row->version),
		.public_id = tu_list__said(snapshot->tables[TU_LIST__RELEASES], row->public_id),
		.state = row->state,
		.released = row->released};
}
