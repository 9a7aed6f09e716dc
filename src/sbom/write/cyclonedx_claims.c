/* CycloneDX 1.6: the section of vulnerabilities. */
#include "sbom/write/cyclonedx.h"
#include "vex/claim/cyclonedx.h"

static void put_analysis(struct tu_cyclonedx_writing *c, const struct tu_vex_claim *claim)
{
	struct tu_buf detail;

	if (!tu_claim_state(claim).len && !claim->justification.len && !tu_claim_detail(claim).len)
		return;
	tu_buf_init(&detail, 1 << 28);
	tu_sbom__say_detail(c->w, claim, TU_SAY_CYCLONEDX, &detail);
	tu_markup_open(&c->m, "analysis");
	tu_markup_opt(&c->m, "state", tu_claim_state(claim));
	tu_markup_opt(&c->m, "justification",
		tu_sbom__say_justification(claim->justification, TU_SAY_CYCLONEDX));
	tu_markup_opt(&c->m, "detail", tu_buf_str(&detail));
	tu_markup_close(&c->m, "analysis");
	tu_buf_done(&detail);
}

static void put_version(struct tu_cyclonedx_writing *c, struct tu_str version, const char *status)
{
	bool range = tu_str_istarts(version, TU_STR("vers:"));

	/* What could not be read may be any. */
	if (tu_str_eq(version, TU_STR("vers:")))
		version = TU_STR("vers:generic/*");
	tu_markup_item(&c->m, "version");
	tu_markup_text(&c->m, range ? "range" : "version", version);
	tu_markup_text(&c->m, "status", tu_str_c(status));
	tu_markup_end_item(&c->m, "version");
}

/* An entry with neither version nor range stands for those that could not be read: what is read
 * again applies to no more than before. */
static void put_versions(struct tu_cyclonedx_writing *c, const struct tu_vex_claim *claim,
	const struct tu_vex_product *product)
{
	const char *status = tu_claim_clears(claim->status) ? "unaffected" : "affected";

	if (!product->version_count && !product->narrowed && !product->unreadable)
		return;
	tu_markup_list(&c->m, "versions");
	for (size_t i = 0; i < product->version_count; i++)
		put_version(c, product->versions[i], status);
	for (size_t i = 0; i < product->excluded_count; i++)
		put_version(c, product->excluded[i], "affected");
	if (product->unreadable || !product->version_count)
		put_version(c, TU_STR("vers:generic/*"), "unknown");
	tu_markup_end_list(&c->m, "versions");
}

static void put_target(struct tu_cyclonedx_writing *c, uint32_t component,
	const struct tu_vex_claim *claim, const struct tu_vex_product *product)
{
	tu_markup_item(&c->m, "target");
	tu_sbom__cyclonedx_ref(c, component, TU_REF_AS_TEXT);
	put_versions(c, claim, product);
	tu_markup_end_item(&c->m, "target");
}

/* Does it lead into the document with this serial number and version? */
static bool leads_into(struct tu_str id, struct tu_str serial, uint32_t version)
{
	struct tu_bom_link link;

	(void)tu_str_skip(&serial, TU_STR("urn:uuid:"));
	return tu_bom_link(id, &link) && !link.broken && tu_str_ieq(link.serial, serial) &&
		link.version == version;
}

/* A BOM-Link that names nothing here, and still names nothing here when the document has the serial
 * number and the version that are written. Another word may be anything's. */
static bool stays_apart(const struct tu_cyclonedx_writing *c, struct tu_str id)
{
	const struct tu_inventory *inventory = c->w->inventory;
	uint32_t version = inventory->bom_version ? inventory->bom_version : 1;

	return tu_str_istarts(id, TU_STR("urn:cdx:")) &&
		leads_into(id, inventory->serial, version) ==
		leads_into(id, tu_sbom__serial_of(c->w), tu_sbom__bom_version_of(c->w));
}

static void put_product(struct tu_cyclonedx_writing *c, const struct tu_vex_claim *claim,
	const struct tu_vex_product *product)
{
	const struct tu_inventory *inventory = c->w->inventory;

	for (size_t i = 0; i < product->component_count; i++)
		put_target(c, product->components[i], claim, product);
	if (product->whole && inventory->subject != TU_NO_COMPONENT)
		put_target(c, inventory->subject, claim, product);
	for (uint32_t i = 0; product->whole && inventory->subject == TU_NO_COMPONENT &&
		i < inventory->component_count;
		i++)
		put_target(c, i, claim, product);
	if (product->component_count || product->whole)
		return;
	/* What names nothing here must not come to name something. */
	if (!stays_apart(c, product->id)) {
		tu_sbom__lose(c->w, TU_LOSS_STATEMENT, NULL);
		return;
	}
	tu_markup_item(&c->m, "target");
	tu_markup_text(&c->m, "ref", product->id);
	put_versions(c, claim, product);
	tu_markup_end_item(&c->m, "target");
}

static void put_claim(struct tu_cyclonedx_writing *c, const struct tu_vex_claim *claim)
{
	tu_markup_text(&c->m, "id", claim->vulnerability);
	put_analysis(c, claim);
	if (!claim->product_count)
		return;
	tu_markup_list(&c->m, "affects");
	for (size_t i = 0; i < claim->product_count; i++)
		put_product(c, claim, &claim->products[i]);
	tu_markup_end_list(&c->m, "affects");
}

void tu_sbom__cyclonedx_claims(struct tu_cyclonedx_writing *c)
{
	const struct tu_inventory *inventory = c->w->inventory;

	if (!inventory->claim_count)
		return;
	tu_markup_list(&c->m, "vulnerabilities");
	for (size_t i = 0; i < inventory->claim_count; i++) {
		tu_markup_item(&c->m, "vulnerability");
		put_claim(c, &inventory->claims[i]);
		tu_markup_end_item(&c->m, "vulnerability");
	}
	tu_markup_end_list(&c->m, "vulnerabilities");
}
