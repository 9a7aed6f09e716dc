#include "assess/publish_parts.h"

#include <tutela/cpe.h>
#include <tutela/purl.h>

/* Components that are meant, by index. */
struct meant {
	uint32_t *at;
	size_t count;
};

static bool is_selected(const struct tu_decision *decision, const struct tu_inventory *inventory,
	uint32_t component, enum tu_claim_status status)
{
	return tu_claim_clears(status)
		? tu_selector_matches_alone(&decision->component, inventory, component)
		: tu_selector_matches(&decision->component, inventory, component);
}

static bool is_named(const struct tu_inventory *inventory, uint32_t component, struct tu_str name)
{
	return tu_str_eq(inventory->components[component].name, name);
}

/* Those of the name that the decision was made on, if there are any. */
static void keep_premise(
	const struct tu_inventory *inventory, struct tu_str name, struct meant *meant)
{
	size_t kept = 0;

	for (size_t i = 0; i < meant->count; i++)
		kept += is_named(inventory, meant->at[i], name);
	if (!kept)
		return;
	kept = 0;
	for (size_t i = 0; i < meant->count; i++)
		if (is_named(inventory, meant->at[i], name))
			meant->at[kept++] = meant->at[i];
	meant->count = kept;
}

/* The subject is the whole: with others beside it, the others are meant. True: it is meant alone.
 */
static bool take_subject_out(const struct tu_inventory *inventory, struct meant *meant)
{
	size_t kept = 0;

	if (meant->count == 1 && meant->at[0] == inventory->subject)
		return true;
	for (size_t i = 0; i < meant->count; i++)
		if (meant->at[i] != inventory->subject)
			meant->at[kept++] = meant->at[i];
	meant->count = kept;
	return false;
}

static enum tu_status name_components(struct tu_arena *arena, struct tu_naming *naming,
	const struct meant *meant, struct tu_issue_entry *entry)
{
	struct tu_issue_part *parts = tu_arena_array(arena, meant->count, sizeof(*parts));

	entry->parts = parts;
	entry->part_count = meant->count;
	return parts ? tu_naming_parts(naming, meant->at, meant->count, parts) : TU_E_NOMEM;
}

static enum tu_status by_sbom(struct tu_arena *arena, const struct tu_decision *decision,
	struct tu_naming *naming, struct tu_issue_entry *entry)
{
	const struct tu_inventory *inventory = naming->inventory;
	struct meant meant = {
		tu_arena_array(arena, inventory->component_count, sizeof(*meant.at)), 0};
	const struct tu_component *first;

	if (!meant.at)
		return TU_E_NOMEM;
	for (uint32_t i = 0; i < inventory->component_count; i++)
		if (is_selected(decision, inventory, i, entry->status))
			meant.at[meant.count++] = i;
	keep_premise(inventory, decision->premises.component, &meant);
	if (!meant.count)
		return TU_OK;
	first = &inventory->components[meant.at[0]];
	entry->component = first->name;
	entry->component_version = first->version;
	entry->whole = take_subject_out(inventory, &meant);
	return entry->whole ? TU_OK : name_components(arena, naming, &meant, entry);
}

static bool has_wildcard(struct tu_str text)
{
	return tu_str_find(text, '*') < text.len;
}

/* A selector's purl and CPE may have wildcards, which identify nothing. */
static enum tu_status by_selector(
	struct tu_arena *arena, const struct tu_decision *decision, struct tu_issue_entry *entry)
{
	const struct tu_selector *selector = &decision->component;
	struct tu_issue_part *part = tu_arena_alloc(arena, sizeof(*part));
	struct tu_purl purl;
	struct tu_cpe cpe;

	if (!part)
		return TU_E_NOMEM;
	part->name = entry->component;
	part->version = entry->component_version;
	if (!has_wildcard(selector->purl) &&
		tu_purl_parse(arena, selector->purl, &purl, NULL) == TU_OK)
		part->purl = selector->purl;
	if (tu_cpe_parse(arena, selector->cpe, &cpe, NULL) == TU_OK &&
		!has_wildcard(cpe.attr[TU_CPE_VENDOR]) && !has_wildcard(cpe.attr[TU_CPE_PRODUCT]))
		part->cpe = selector->cpe;
	if (part->purl.len || part->cpe.len) {
		entry->parts = part;
		entry->part_count = 1;
	}
	return TU_OK;
}

enum tu_status tu_publish__parts(struct tu_arena *arena, const struct tu_decision *decision,
	struct tu_naming *naming, struct tu_issue_entry *entry)
{
	const struct tu_selector *selector = &decision->component;

	entry->component = decision->premises.component.len ? decision->premises.component
		: selector->name.len			    ? selector->name
		: selector->purl.len			    ? selector->purl
		: selector->cpe.len			    ? selector->cpe
		: selector->ref.len			    ? selector->ref
							    : selector->path;
	entry->component_version = decision->premises.version;
	return naming ? by_sbom(arena, decision, naming, entry)
		      : by_selector(arena, decision, entry);
}
