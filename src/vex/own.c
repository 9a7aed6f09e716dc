/* What an SBOM itself says, as a document; and the rule of trust for all documents. */
#include <tutela/vex.h>

#include "base/vec.h"

struct own {
	struct tu_arena *arena;
	const struct tu_inventory *inventory;
	struct tu_str author;
	TU_VEC(struct tu_vex_claim) claims;
};

static struct tu_str author_of(const struct tu_inventory *inventory)
{
	if (inventory->supplier.len)
		return inventory->supplier;
	return inventory->author_count ? inventory->authors[0].name : TU_STR("");
}

/* A build's lists of what it has not looked at are no statements of anybody. */
static bool lists_only(const struct tu_inventory *inventory, const struct tu_vex_claim *claim)
{
	switch ((int)inventory->format) {
	case TU_SBOM_YOCTO_SPDX:
	case TU_SBOM_YOCTO_CVE_CHECK:
	case TU_SBOM_BUILDROOT_PKG_STATS:
	case TU_SBOM_BUILDROOT_SHOW_INFO:
		return claim->status == TU_CLAIM_UNDER_INVESTIGATION;
	default:
		return false;
	}
}

static bool add(struct own *o, struct tu_vex_claim claim)
{
	claim.author = o->author;
	if (!claim.timestamp.len)
		claim.timestamp = o->inventory->created;
	return TU_VEC_PUSH_IN(o->arena, &o->claims, claim);
}

static bool add_patches(struct own *o, uint32_t index)
{
	const struct tu_component *component = &o->inventory->components[index];
	struct tu_vex_product *product;
	uint32_t *about;

	if (!component->resolved_count)
		return true;
	product = tu_arena_alloc(o->arena, sizeof(*product));
	about = tu_arena_array(o->arena, 1, sizeof(*about));
	if (!product || !about)
		return false;
	*about = index;
	*product = (struct tu_vex_product){
		.id = component->ref, .components = about, .component_count = 1};
	for (size_t i = 0; i < component->resolved_count; i++) {
		const struct tu_resolved *resolved = &component->resolved[i];

		if (!add(o,
			    (struct tu_vex_claim){.vulnerability = resolved->id,
				    .status = TU_CLAIM_FIXED,
				    .patch = true,
				    .notes = resolved->detail.len ? resolved->detail
								  : resolved->source,
				    .products = product,
				    .product_count = 1}))
			return false;
	}
	return true;
}

static bool add_all(struct own *o)
{
	for (uint32_t i = 0; i < o->inventory->component_count; i++)
		if (!add_patches(o, i))
			return false;
	for (size_t i = 0; i < o->inventory->claim_count; i++)
		if (!lists_only(o->inventory, &o->inventory->claims[i]) &&
			!add(o, o->inventory->claims[i]))
			return false;
	return true;
}

enum tu_status tu_vex_own(struct tu_arena *arena, const struct tu_inventory *inventory,
	const struct tu_vex_document **out_document, struct tu_error *err)
{
	struct own o = {.arena = arena, .inventory = inventory, .author = author_of(inventory)};
	struct tu_vex_document *document = tu_arena_alloc(arena, sizeof(*document));

	if (!document || !add_all(&o))
		return tu_no_memory(err);
	*document = (struct tu_vex_document){.version = inventory->spec_version,
		.id = inventory->serial,
		.author = o.author,
		.timestamp = inventory->created,
		.own = true,
		.claims = o.claims.at,
		.claim_count = o.claims.count};
	*out_document = document;
	return TU_OK;
}

/* ---- trust ---- */

static bool is_named(const struct tu_vex_trust *trust, struct tu_str author)
{
	for (size_t i = 0; i < trust->author_count; i++)
		if (author.len && tu_str_eq(trust->authors[i], author))
			return true;
	return false;
}

bool tu_vex_trusts(const struct tu_vex_trust *trust, const struct tu_vex_document *document,
	const struct tu_vex_claim *claim)
{
	if (document->own ? trust->sbom : trust->files)
		return true;
	return is_named(trust, document->author) && is_named(trust, claim->author);
}
