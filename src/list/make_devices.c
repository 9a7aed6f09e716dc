#include "list/make.h"

/*
 * Which devices a draft concerns: those whose lists may look different. The number of the newest
 * change that concerns a device is what ETags are made of, so that they say nothing of devices
 * that a person may not see.
 */

static void concern_release(struct tu_list__making *making, uint32_t release)
{
	const struct tu_list__table *old = making->old->tables[TU_LIST__RELEASES];

	making->concerned[tu_list__release_at(making->snapshot, release)->device] = 1;
	if (release < old->count)
		making->concerned[tu_list__release_at(making->old, release)->device] = 1;
}

static void concern_component(struct tu_list__making *making, uint32_t component)
{
	const struct tu_list__block *block = tu_list__block_at(making->snapshot, component);
	const struct tu_list__ref *refs = block ? tu_list__refs(block) : NULL;

	for (uint32_t i = 0; refs && i < block->ref_count; i++)
		concern_release(making, tu_list__ref_release(&refs[i]));
}

/* A component is looked at once, however many of its vulnerabilities changed. */
static void concern_components(struct tu_list__making *making, uint8_t *concerned)
{
	const struct tu_list_draft *draft = making->draft;
	const struct tu_list__puts *vulns = &draft->puts[TU_LIST__VULNERABILITIES];
	const struct tu_list__puts *components = &draft->puts[TU_LIST__COMPONENTS];

	for (size_t i = 0; i < vulns->which.count + draft->dues.count; i++) {
		uint32_t vuln = i < vulns->which.count
			? vulns->which.at[i]
			: draft->dues.at[i - vulns->which.count].vuln;
		const struct tu_list__posting *posting =
			tu_list__shelf_at(&making->snapshot->postings, vuln);

		for (uint32_t j = 0; posting && j < posting->count; j++)
			concerned[posting->at[j]] = 1;
	}
	for (size_t i = 0; i < components->which.count; i++)
		concerned[components->which.at[i]] = 1;
	for (uint32_t i = 0; i < making->snapshot->tables[TU_LIST__COMPONENTS]->count; i++)
		if (concerned[i] || making->refactored[i])
			concern_component(making, i);
}

static void concern_rest(struct tu_list__making *making)
{
	const struct tu_list__puts *puts = making->draft->puts;

	for (size_t i = 0; i < puts[TU_LIST__DEVICES].which.count; i++)
		making->concerned[puts[TU_LIST__DEVICES].which.at[i]] = 1;
	for (size_t i = 0; i < puts[TU_LIST__RELEASES].which.count; i++)
		concern_release(making, puts[TU_LIST__RELEASES].which.at[i]);
	for (uint32_t i = 0; i < making->snapshot->tables[TU_LIST__RELEASES]->count; i++)
		if (making->replaced[i])
			concern_release(making, i);
}

bool tu_list__note_devices(struct tu_list__making *making)
{
	struct tu_list_snapshot *snapshot = making->snapshot;
	uint32_t count = snapshot->tables[TU_LIST__DEVICES]->count;
	uint32_t old_count = making->old->tables[TU_LIST__DEVICES]->count;
	uint8_t *components = tu_alloc(snapshot->tables[TU_LIST__COMPONENTS]->count + (size_t)1, 1);

	snapshot->device_changes = tu_alloc(count + (size_t)1, sizeof(int64_t));
	making->concerned = tu_alloc(count + (size_t)1, 1);
	if (components && making->concerned && snapshot->device_changes) {
		concern_rest(making);
		concern_components(making, components);
		for (uint32_t i = 0; i < count; i++)
			snapshot->device_changes[i] = making->concerned[i] || i >= old_count
				? snapshot->change
				: making->old->device_changes[i];
	}
	tu_free(components);
	return components && making->concerned && snapshot->device_changes;
}
