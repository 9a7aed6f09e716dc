/*
 * CycloneDX VEX (1.4 to 1.7) as a document of its own: it points into another BOM by BOM-Link, or
 * to components that it lists itself. Its vulnerabilities are read by vex/claim/cyclonedx.c.
 */
#include "vex/claim/cyclonedx.h"
#include "vex/reader.h"

/* The components and services of this very document, by bom-ref. */
struct components {
	struct tu_vex_builder *b;
	struct tu_intern *refs;
	TU_VEC(struct tu_json) at; /* by number of the ref */
	TU_VEC(bool) contested; /* by number: different components have the ref */
};

static bool same_member(struct tu_json one, struct tu_json other, struct tu_str key)
{
	return tu_str_eq(tu_json_str(tu_json_get(one, key)), tu_json_str(tu_json_get(other, key)));
}

/* By what a statement would know it; a BOM may list what it is about a second time. */
static bool same_component(struct tu_json one, struct tu_json other)
{
	static const struct tu_str keys[] = {TU_STR_INIT("name"), TU_STR_INIT("version"),
		TU_STR_INIT("purl"), TU_STR_INIT("cpe")};

	for (size_t i = 0; i < TU_COUNT(keys); i++)
		if (!same_member(one, other, keys[i]))
			return false;
	return true;
}

static void enter(struct components *c, struct tu_str ref, struct tu_json component)
{
	uint32_t id;

	if (!tu_intern_add(c->refs, ref, &id) ||
		(id == c->at.count &&
			(!TU_VEC_PUSH(&c->at, component) || !TU_VEC_PUSH(&c->contested, false))))
		tu_vex_no_memory(c->b);
	else if (!same_component(c->at.at[id], component))
		c->contested.at[id] = true;
}

/* The reader of JSON limits the depth. */
static void collect(struct components *c, struct tu_json component)
{
	static const struct tu_str lists[] = {TU_STR_INIT("components"), TU_STR_INIT("services")};
	struct tu_json item;
	struct tu_str ref = TU_JSON_STR(component, "bom-ref");
	struct tu_vex_builder *b = c->b;

	if (ref.len && !b->status)
		enter(c, ref, component);
	for (size_t i = 0; i < TU_COUNT(lists); i++) {
		struct tu_json list = tu_json_get(component, lists[i]);
		struct tu_json_iter iter = tu_json_iter(list);

		while (tu_json_is_array(list) && !b->status && tu_json_next_item(&iter, &item))
			collect(c, item);
	}
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
			tu_vex_no_memory(b);
	/* Hashes that cannot be read say that it is a certain file, and not which. */
	if (list.doc && !tu_json_is_array(list) &&
		!TU_VEC_PUSH_IN(b->arena, &hashes, (struct tu_hash_value){0}))
		tu_vex_no_memory(b);
	product->hashes = hashes.at;
	product->hash_count = hashes.count;
}

/* A component of its own is known by its identifiers in any SBOM, and only in the version it has.
 */
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

static void refer(void *context, struct tu_json ref, struct tu_vex_product *product)
{
	struct components *c = context;
	struct tu_str text = tu_json_str(ref);
	uint32_t here = tu_intern_find(c->refs, text);

	if (tu_str_istarts(text, TU_STR("urn:cdx:"))) {
		tu_vex_identify(c->b, product, text);
		return;
	}
	product->ref = product->id;
	product->serial = tu_vex_serial(c->b, TU_JSON_STR(c->b->root, "serialNumber"));
	if (here != TU_INTERN_NONE)
		take_component(c->b, c->at.at[here], product);
	else
		tu_vex_identify(c->b, product, text);
	product->dangling = here == TU_INTERN_NONE && !product->purl_count && !product->cpe_count;
	if (here != TU_INTERN_NONE && c->contested.at[here]) {
		product->unreadable = true;
		tu_vex_note(c->b, ref,
			"a reference that several components have: the statement does not apply to "
			"it");
	}
}

static void note(void *context, struct tu_json at, enum tu_claim_note what)
{
	struct components *c = context;

	tu_vex_note(c->b, at, tu_claim_note_text(what));
}

static void read_vulnerabilities(struct components *c, struct tu_json list)
{
	struct tu_vex_builder *b = c->b;
	struct tu_claim_reading reading = {b->arena, refer, note, c, TU_OK};
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json item;

	for (size_t i = 0; !b->status && tu_json_next_item(&iter, &item); i++) {
		struct tu_vex_claim claim;

		tu_claim_read_cyclonedx(&reading, item, &claim);
		claim.pointer = tu_vex_pointer(b, "/vulnerabilities/%zu", i);
		tu_vex_add_claim(b, claim);
		tu_vex_stop(b, reading.status);
	}
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
	struct tu_json list = tu_json_get(b->root, TU_STR("vulnerabilities"));
	struct tu_json metadata = tu_json_get(b->root, TU_STR("metadata"));
	struct components c = {.b = b, .refs = tu_intern_new((size_t)1 << 30)};

	if (!c.refs)
		return tu_no_memory(err);
	b->document.version = TU_VEX_KEEP(b, b->root, "specVersion");
	b->document.id = TU_VEX_KEEP(b, b->root, "serialNumber");
	b->document.author = tu_vex_keep(b, author_of(b->root));
	b->document.timestamp = TU_VEX_KEEP(b, metadata, "timestamp");
	collect(&c, b->root);
	collect(&c, tu_json_get(metadata, TU_STR("component")));
	if (tu_json_is_array(list))
		read_vulnerabilities(&c, list);
	else
		tu_vex_note(b, b->root, "the document has no vulnerabilities: no statement");
	tu_intern_free(c.refs);
	TU_VEC_DONE(&c.at);
	TU_VEC_DONE(&c.contested);
	return TU_OK;
}
