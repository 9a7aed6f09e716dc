/* What a document says of each component's dependencies: some, none, or how complete the list is.
 */
#include "base/intern.h"
#include "base/json.h"
#include "sbom/quality/check.h"

struct knowing {
	const struct tu_inventory *inventory;
	unsigned char *known;
	struct tu_intern *named; /* by compositions, by reference */
	struct tu_json_parser *parser;
	struct tu_error *err;
};

static void listed(struct knowing *k, uint32_t component)
{
	if (component < k->inventory->component_count)
		k->known[component] = TU_KNOWN_LISTED;
}

static void add_lists(struct knowing *k)
{
	const struct tu_inventory *inventory = k->inventory;

	for (size_t i = 0; i < inventory->relationship_count; i++) {
		const struct tu_relationship *r = &inventory->relationships[i];

		if (r->relation == TU_REL_DEPENDS_ON || r->relation == TU_REL_CONTAINS)
			listed(k, r->from);
	}
	for (size_t i = 0; i < inventory->leaf_count; i++)
		listed(k, inventory->leaves[i]);
}

/* ---- compositions: CycloneDX 1.6, compositions[].aggregate ---- */

static enum tu_status name_all(struct knowing *k, struct tu_json list)
{
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json item;
	uint32_t ignored;

	while (tu_json_next_item(&iter, &item))
		if (tu_json_is_string(item) &&
			!tu_intern_add(k->named, tu_json_str(item), &ignored))
			return tu_no_memory(k->err);
	return TU_OK;
}

/* "not_specified" says nothing; each of the other words does, "unknown" among them. */
static enum tu_status take_composition(struct knowing *k, struct tu_json composition)
{
	struct tu_str aggregate = tu_json_str(tu_json_get(composition, TU_STR("aggregate")));
	struct tu_json assemblies = tu_json_get(composition, TU_STR("assemblies"));
	struct tu_json dependencies = tu_json_get(composition, TU_STR("dependencies"));
	enum tu_status status = TU_OK;

	if (!aggregate.len || tu_str_eq(aggregate, TU_STR("not_specified")))
		return TU_OK;
	if (tu_json_is_array(assemblies))
		status = name_all(k, assemblies);
	if (!status && tu_json_is_array(dependencies))
		status = name_all(k, dependencies);
	return status;
}

static enum tu_status take_kept(struct knowing *k, struct tu_str text)
{
	struct tu_json root, item;
	struct tu_json_iter iter;
	enum tu_status status = tu_json_parse(k->parser, text, NULL, &root, k->err);

	if (status || !tu_json_is_array(root))
		return status == TU_E_NOMEM ? status : TU_OK;
	iter = tu_json_iter(root);
	while (!status && tu_json_next_item(&iter, &item))
		if (tu_json_is_object(item))
			status = take_composition(k, item);
	return status;
}

static void add_named(struct knowing *k)
{
	for (size_t i = 0; i < k->inventory->component_count; i++) {
		struct tu_str ref = k->inventory->components[i].ref;

		if (ref.len && tu_intern_find(k->named, ref) != TU_INTERN_NONE)
			k->known[i] = TU_KNOWN_COMPLETENESS;
	}
}

static enum tu_status add_compositions(struct knowing *k)
{
	const struct tu_sbom_detail *detail = k->inventory->detail;
	enum tu_status status = TU_OK;

	for (size_t i = 0; !status && detail && i < detail->kept_count; i++)
		if (tu_str_eq(detail->kept[i].name, TU_STR("compositions")))
			status = take_kept(k, detail->kept[i].json);
	if (!status && tu_intern_count(k->named))
		add_named(k);
	return status;
}

/* SPDX 2.3: a relationship with NOASSERTION; SPDX 3: a relationship's completeness. */
static bool leaves_unknowns_out(const struct tu_inventory *inventory)
{
	for (size_t i = 0; i < inventory->unkept_count; i++) {
		struct tu_str message = inventory->unkept[i].message;

		if (tu_str_search(message, TU_STR("NOASSERTION")) < message.len ||
			tu_str_search(message, TU_STR("completeness")) < message.len)
			return true;
	}
	return inventory->unkept_count > 0 && inventory->notes_left_out > 0;
}

enum tu_status tu_check__know(struct tu_check_facts *facts, struct tu_error *err)
{
	enum { REFS_MAX = 1 << 30 };
	struct knowing k = {.inventory = facts->inventory,
		.known = tu_arena_array(
			facts->arena, facts->inventory->component_count, sizeof(*k.known)),
		.named = tu_intern_new(REFS_MAX),
		.parser = tu_json_parser_new(),
		.err = err};
	enum tu_status status;

	if (k.known && k.named && k.parser) {
		add_lists(&k);
		status = add_compositions(&k);
	} else {
		status = tu_no_memory(err);
	}
	facts->known = k.known;
	facts->unknowns_unkept = leaves_unknowns_out(facts->inventory);
	tu_json_parser_free(k.parser);
	tu_intern_free(k.named);
	return status;
}
