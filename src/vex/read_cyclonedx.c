/*
 * CycloneDX VEX (1.4 to 1.7): vulnerabilities with an analysis, in a document of their own that
 * points into another BOM by BOM-Link, or inside the BOM whose components they name.
 */
#include "vex/reader.h"

static const struct {
	const char *state;
	enum tu_claim_status status;
} states[] = {
	{"resolved", TU_CLAIM_FIXED},
	{"resolved_with_pedigree", TU_CLAIM_FIXED},
	{"exploitable", TU_CLAIM_AFFECTED},
	{"in_triage", TU_CLAIM_UNDER_INVESTIGATION},
	{"false_positive", TU_CLAIM_NOT_AFFECTED},
	{"not_affected", TU_CLAIM_NOT_AFFECTED},
};

/* The components of this very document, by bom-ref. */
struct components {
	struct tu_intern *refs;
	TU_VEC(struct tu_json) at; /* by number of the ref */
};

static void collect(
	struct tu_vex_builder *b, struct components *c, struct tu_json component, int depth)
{
	struct tu_json list = tu_json_get(component, TU_STR("components")), item;
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_str ref = TU_JSON_STR(component, "bom-ref");
	uint32_t id;

	if (ref.len && !b->status) {
		if (!tu_intern_add(c->refs, ref, &id))
			tu_vex_out_of(b, TU_E_NOMEM);
		else if (id == c->at.count && !TU_VEC_PUSH(&c->at, component))
			tu_vex_out_of(b, TU_E_NOMEM);
	}
	while (depth < 256 && tu_json_is_array(list) && !b->status &&
		tu_json_next_item(&iter, &item))
		collect(b, c, item, depth + 1);
}

static void take_hashes(
	struct tu_vex_builder *b, struct tu_json component, struct tu_vex_product *product)
{
	struct tu_json list = tu_json_get(component, TU_STR("hashes")), item;
	struct tu_json_iter iter = tu_json_iter(list);
	TU_VEC(struct tu_hash_value) hashes = {0};

	while (tu_json_is_array(list) && tu_json_next_item(&iter, &item))
		if (!TU_VEC_PUSH_IN(b->arena, &hashes,
			    (struct tu_hash_value){
				    TU_VEX_KEEP(b, item, "alg"), TU_VEX_KEEP(b, item, "content")}))
			tu_vex_out_of(b, TU_E_NOMEM);
	product->hashes = hashes.at;
	product->hash_count = hashes.count;
}

static void take_component(
	struct tu_vex_builder *b, struct tu_json component, struct tu_vex_product *product)
{
	struct tu_vex_texts purls = {0}, cpes = {0};

	product->name = TU_VEX_KEEP(b, component, "name");
	tu_vex_add_text(b, &purls, TU_JSON_STR(component, "purl"));
	tu_vex_add_text(b, &cpes, TU_JSON_STR(component, "cpe"));
	product->purls = purls.at;
	product->purl_count = purls.count;
	product->cpes = cpes.at;
	product->cpe_count = cpes.count;
	take_hashes(b, component, product);
}

/* The versions of `affects` with another status than affected are not what the analysis is about.
 */
static void take_versions(
	struct tu_vex_builder *b, struct tu_json affects, struct tu_vex_product *product)
{
	struct tu_json list = tu_json_get(affects, TU_STR("versions")), item;
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_vex_texts versions = {0};

	while (tu_json_is_array(list) && tu_json_next_item(&iter, &item)) {
		struct tu_str status = TU_JSON_STR(item, "status");
		if (status.len && !tu_str_eq(status, TU_STR("affected")))
			continue;
		tu_vex_add_text(b, &versions, TU_JSON_STR(item, "version"));
		tu_vex_add_text(b, &versions, TU_JSON_STR(item, "range"));
	}
	product->versions = versions.at;
	product->version_count = versions.count;
}

static struct tu_vex_product product_of(
	struct tu_vex_builder *b, const struct components *c, struct tu_json affects)
{
	struct tu_str ref = TU_JSON_STR(affects, "ref");
	struct tu_vex_product product = {.id = tu_vex_keep(b, ref)};
	uint32_t here = tu_intern_find(c->refs, ref);

	if (tu_str_starts(ref, TU_STR("urn:cdx:"))) {
		tu_vex_identify(b, &product, ref);
	} else {
		product.ref = product.id;
		product.serial = tu_vex_serial(b, TU_JSON_STR(b->root, "serialNumber"));
		if (here != TU_INTERN_NONE)
			take_component(b, c->at.at[here], &product);
		else
			tu_vex_identify(b, &product, ref);
	}
	take_versions(b, affects, &product);
	return product;
}

static enum tu_claim_status status_of(struct tu_json analysis)
{
	struct tu_str state = TU_JSON_STR(analysis, "state");

	for (size_t i = 0; i < TU_COUNT(states); i++)
		if (tu_str_eq(state, tu_str_c(states[i].state)))
			return states[i].status;
	return TU_CLAIM_UNSTATED;
}

static void take_aliases(
	struct tu_vex_builder *b, struct tu_json vulnerability, struct tu_vex_claim *claim)
{
	struct tu_json list = tu_json_get(vulnerability, TU_STR("references")), item;
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_vex_texts texts = {0};

	while (tu_json_is_array(list) && tu_json_next_item(&iter, &item))
		tu_vex_add_text(b, &texts, TU_JSON_STR(item, "id"));
	claim->aliases = texts.at;
	claim->alias_count = texts.count;
}

/* "update", "rollback", …: joined by commas. */
static struct tu_str responses(struct tu_vex_builder *b, struct tu_json analysis)
{
	struct tu_json list = tu_json_get(analysis, TU_STR("response")), item;
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_str kept;
	struct tu_buf text;

	tu_buf_init(&text, 1 << 20);
	while (tu_json_is_array(list) && tu_json_next_item(&iter, &item)) {
		tu_buf_c(&text, text.len ? ", " : "");
		tu_buf_str_add(&text, tu_json_str(item));
	}
	if (text.failed)
		tu_vex_out_of(b, TU_E_NOMEM);
	kept = tu_vex_keep(b, tu_buf_str(&text));
	tu_buf_done(&text);
	return kept;
}

static void read_vulnerability(struct tu_vex_builder *b, const struct components *c,
	struct tu_json vulnerability, size_t index)
{
	struct tu_json analysis = tu_json_get(vulnerability, TU_STR("analysis")), item;
	struct tu_json list = tu_json_get(vulnerability, TU_STR("affects"));
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_vex_products products = {0};
	struct tu_vex_claim claim = {.vulnerability = TU_VEX_KEEP(b, vulnerability, "id"),
		.status = status_of(analysis),
		.justification = TU_VEX_KEEP(b, analysis, "justification"),
		.action = TU_VEX_KEEP(b, vulnerability, "recommendation"),
		.timestamp = TU_VEX_KEEP(b, analysis, "lastUpdated"),
		.pointer = tu_vex_pointer(b, "/vulnerabilities/%zu", index)};

	if (claim.status == TU_CLAIM_NOT_AFFECTED)
		claim.impact = TU_VEX_KEEP(b, analysis, "detail");
	else
		claim.notes = TU_VEX_KEEP(b, analysis, "detail");
	if (!claim.action.len)
		claim.action = responses(b, analysis);
	if (claim.status == TU_CLAIM_UNSTATED)
		tu_vex_note(b, vulnerability, "a vulnerability without an analysis: no statement");
	take_aliases(b, vulnerability, &claim);
	while (tu_json_is_array(list) && !b->status && tu_json_next_item(&iter, &item))
		tu_vex_add_product(b, &products, product_of(b, c, item));
	claim.products = products.at;
	claim.product_count = products.count;
	tu_vex_add_claim(b, claim);
}

static struct tu_str author_of(struct tu_json root)
{
	static const char *const names[] = {"supplier", "manufacturer", "manufacture"};
	struct tu_json metadata = tu_json_get(root, TU_STR("metadata"));
	struct tu_json authors = tu_json_get(metadata, TU_STR("authors")), first;
	struct tu_json_iter iter = tu_json_iter(authors);

	for (size_t i = 0; i < TU_COUNT(names); i++) {
		struct tu_str name = TU_JSON_STR(tu_json_get(metadata, tu_str_c(names[i])), "name");
		if (name.len)
			return name;
	}
	if (tu_json_is_array(authors) && tu_json_next_item(&iter, &first))
		return TU_JSON_STR(first, "name");
	return TU_STR("");
}

enum tu_status tu_vex_read_cyclonedx(struct tu_vex_builder *b, struct tu_error *err)
{
	struct tu_json list = tu_json_get(b->root, TU_STR("vulnerabilities")), item;
	struct tu_json metadata = tu_json_get(b->root, TU_STR("metadata"));
	struct tu_json_iter iter = tu_json_iter(list);
	struct components c = {.refs = tu_intern_new((size_t)1 << 30)};

	if (!c.refs)
		return tu_no_memory(err);
	b->document.version = TU_VEX_KEEP(b, b->root, "specVersion");
	b->document.id = TU_VEX_KEEP(b, b->root, "serialNumber");
	b->document.author = tu_vex_keep(b, author_of(b->root));
	b->document.timestamp = TU_VEX_KEEP(b, metadata, "timestamp");
	collect(b, &c, b->root, 0);
	collect(b, &c, tu_json_get(metadata, TU_STR("component")), 0);
	if (!tu_json_is_array(list))
		tu_vex_note(b, b->root, "the document has no vulnerabilities: no statement");
	for (size_t i = 0; tu_json_is_array(list) && !b->status && tu_json_next_item(&iter, &item);
		i++)
		read_vulnerability(b, &c, item, i);
	tu_intern_free(c.refs);
	TU_VEC_DONE(&c.at);
	return TU_OK;
}
