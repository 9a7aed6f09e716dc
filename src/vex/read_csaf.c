/*
 * CSAF 2.0 and 2.1: one claim for each product of each product status. A product is the leaf of its
 * path, so the versions of the branches above it are part of it. A product that is defined by a
 * relationship (2.0) or a product path (2.1) is its first product as a part of the second.
 */
#include "csaf/csaf.h"
#include "csaf/versions.h"
#include "vex/claim/cyclonedx.h"
#include "vex/reader.h"

/* By number of the product id. */
struct reading {
	struct tu_vex_builder *b;
	struct tu_csaf *csaf;
	struct tu_vex_product *products;
	bool *done; /* combined products that have been put together */
	struct tu_str *justifications, *impacts, *actions; /* of the vulnerability at hand */
	uint32_t *told; /* the vulnerability in which the three were set */
};

static void take_hashes(
	struct tu_vex_builder *b, struct tu_json helper, struct tu_vex_product *product)
{
	TU_VEC(struct tu_hash_value) hashes = {0};
	struct tu_json list = tu_json_get(helper, TU_STR("hashes"));
	struct tu_json file, hash;

	TU_CSAF_EACH(file, list)
	TU_CSAF_EACH(hash, tu_json_get(file, TU_STR("file_hashes")))
	if (!TU_VEC_PUSH_IN(b->arena, &hashes,
		    (struct tu_hash_value){
			    TU_VEX_KEEP(b, hash, "algorithm"), TU_VEX_KEEP(b, hash, "value")}))
		tu_vex_no_memory(b);
	/* Hashes that cannot be read say that it is a certain file, and not which. */
	if (list.doc && !hashes.count &&
		!TU_VEC_PUSH_IN(b->arena, &hashes, (struct tu_hash_value){0}))
		tu_vex_no_memory(b);
	product->hashes = hashes.at;
	product->hash_count = hashes.count;
}

/* An element of an SBOM (CSAF 2.0, 3.1.3.3.8): the first BOM-Link. */
static void take_bom_link(
	struct tu_vex_builder *b, struct tu_json helper, struct tu_vex_product *product)
{
	struct tu_json item;
	struct tu_bom_link link;

	TU_CSAF_EACH(item, tu_json_get(helper, TU_STR("x_generic_uris")))
	{
		struct tu_str uri = TU_JSON_STR(item, "uri");

		if (!product->ref.len && tu_bom_link(uri, &link) && !link.broken && link.ref.len)
			tu_vex_identify(b, product, uri);
	}
}

/* Without versions of its own, what cannot be read is never the component. */
static void never_applies(struct tu_vex_product *product)
{
	product->unreadable = true;
	product->version_count = 0;
}

static void cannot_read(
	struct reading *r, const struct tu_csaf_product *defined, const char *message)
{
	never_applies(&r->products[defined->number]);
	tu_vex_note(r->b, defined->value, message);
}

/* The versions of the branches and of the identifiers. What cannot be read never applies. */
static void take_versions(struct reading *r, const struct tu_csaf_product *defined)
{
	static const char *const messages[] = {
		[TU_CSAF_SCOPE_UNREADABLE] =
			"a product version or range that cannot be read: the statement does not "
			"apply to the product",
		[TU_CSAF_SCOPE_CONTRADICTS] =
			"branches and identifiers of a product state different versions: the "
			"statement does not apply to it",
	};
	struct tu_vex_product *product = &r->products[defined->number];
	struct tu_vex_texts versions = {0};
	struct tu_csaf_scope scope;

	tu_vex_stop(r->b, tu_csaf_scope_of(r->b->arena, &r->csaf->product_tree, defined, &scope));
	if (r->b->status)
		return;
	if (scope.kind > TU_CSAF_SCOPE_ALL)
		tu_vex_add_text(r->b, &versions, scope.text);
	product->versions = versions.at;
	product->version_count = versions.count;
	if (scope.kind < TU_CSAF_SCOPE_ALL)
		cannot_read(r, defined, messages[scope.kind]);
	if (scope.narrowed)
		cannot_read(r, defined,
			"a product of one architecture, platform or other category of branch that "
			"its identifiers do not state: the statement does not apply to it");
}

static void define(struct reading *r, const struct tu_csaf_product *defined)
{
	struct tu_vex_builder *b = r->b;
	struct tu_vex_product *product = &r->products[defined->number];
	struct tu_json helper =
		tu_json_get(defined->value, TU_STR("product_identification_helper"));
	struct tu_vex_texts purls = {0}, cpes = {0};
	struct tu_json purl;

	product->id = tu_vex_keep(b, defined->id);
	product->name = TU_VEX_KEEP(b, defined->value, "name");
	tu_vex_add_text(b, &purls, TU_JSON_STR(helper, "purl"));
	TU_CSAF_EACH(purl, tu_json_get(helper, TU_STR("purls")))
	tu_vex_add_text(b, &purls, tu_json_str(purl));
	tu_vex_add_text(b, &cpes, TU_JSON_STR(helper, "cpe"));
	product->purls = purls.at;
	product->purl_count = purls.count;
	product->cpes = cpes.at;
	product->cpe_count = cpes.count;
	take_hashes(b, helper, product);
	take_bom_link(b, helper, product);
	take_versions(r, defined);
	if (defined->contested)
		cannot_read(r, defined,
			"a product whose id or relationship is not clear: the statement does not "
			"apply to it");
}

static bool has_identifier(const struct tu_vex_product *product)
{
	return product->purl_count || product->cpe_count || product->hash_count;
}

/* Identifiers of its own go first, in the versions of the part; without any it is a part of a
 * whole. A BOM-Link of its own is one to the part. */
static void join(struct reading *r, struct tu_vex_product *product,
	const struct tu_vex_product *part, struct tu_vex_product whole)
{
	struct tu_vex_product *parts;

	product->unreadable |= part->unreadable || whole.unreadable;
	if (has_identifier(product)) {
		product->versions = part->versions;
		product->version_count = part->version_count;
		if (product->unreadable)
			never_applies(product);
		return;
	}
	parts = tu_arena_alloc(r->b->arena, sizeof(*parts));
	if (!parts) {
		tu_vex_no_memory(r->b);
		return;
	}
	*parts = *part;
	if (parts->part_count == 1) /* a part of a part: the innermost is meant */
		*parts = parts->parts[0];
	if (product->unreadable)
		never_applies(parts);
	whole.id = product->id;
	whole.name = product->name;
	whole.parts = parts;
	whole.part_count = 1;
	*product = whole;
}

static void combine(struct reading *r, uint32_t number, int depth)
{
	const struct tu_csaf_product *defined =
		tu_csaf_tree_product(&r->csaf->product_tree, number);

	if (!defined || !defined->combined.doc || r->done[number])
		return;
	r->done[number] = true;
	if (depth > 16 || defined->part == number || defined->whole == number ||
		!tu_csaf_tree_product(&r->csaf->product_tree, defined->part) ||
		!tu_csaf_tree_product(&r->csaf->product_tree, defined->whole)) {
		cannot_read(r, defined,
			"a product that is made of ones that the document does not define: the "
			"statement does not apply to it");
		return;
	}
	combine(r, defined->part, depth + 1);
	combine(r, defined->whole, depth + 1);
	join(r, &r->products[number], &r->products[defined->part], r->products[defined->whole]);
}

static bool prepare(struct reading *r)
{
	size_t count = tu_intern_count(r->csaf->product_tree.ids);
	struct tu_arena *arena = r->b->arena;

	r->products = tu_arena_array(arena, count, sizeof(*r->products));
	r->done = tu_arena_array(arena, count, sizeof(*r->done));
	r->justifications = tu_arena_array(arena, count, sizeof(struct tu_str));
	r->impacts = tu_arena_array(arena, count, sizeof(struct tu_str));
	r->actions = tu_arena_array(arena, count, sizeof(struct tu_str));
	r->told = tu_arena_array(arena, count, sizeof(*r->told));
	if (!r->products || !r->done || !r->justifications || !r->impacts || !r->actions ||
		!r->told)
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct tu_csaf_product *defined =
			tu_csaf_tree_product(&r->csaf->product_tree, (uint32_t)i);
		if (defined)
			define(r, defined);
	}
	for (size_t i = 0; i < count; i++)
		combine(r, (uint32_t)i, 0);
	return r->b->status == TU_OK;
}

/* ---- vulnerabilities ---- */

static void forget_others(struct reading *r, uint32_t number, uint32_t vulnerability)
{
	if (r->told[number] == vulnerability)
		return;
	r->told[number] = vulnerability;
	r->justifications[number] = r->impacts[number] = r->actions[number] = (struct tu_str){0};
}

/* Give a text to every product that an item refers to; the first text of a product counts. */
static void spread(struct reading *r, struct tu_json item, struct tu_str text, struct tu_str *slots,
	uint32_t vulnerability)
{
	struct tu_csaf_numbers numbers = {0};
	struct tu_str kept = tu_vex_keep(r->b, text);

	tu_csaf_refer(r->csaf, item, &numbers);
	for (size_t i = 0; i < numbers.count; i++) {
		forget_others(r, numbers.at[i], vulnerability);
		if (!slots[numbers.at[i]].len)
			slots[numbers.at[i]] = kept;
	}
}

static void take_texts(struct reading *r, struct tu_json vulnerability, uint32_t ordinal)
{
	struct tu_json item;

	TU_CSAF_EACH(item, tu_json_get(vulnerability, TU_STR("flags")))
	spread(r, item, TU_JSON_STR(item, "label"), r->justifications, ordinal);
	TU_CSAF_EACH(item, tu_json_get(vulnerability, TU_STR("threats")))
	if (tu_str_eq(TU_JSON_STR(item, "category"), TU_STR("impact")))
		spread(r, item, TU_JSON_STR(item, "details"), r->impacts, ordinal);
	TU_CSAF_EACH(item, tu_json_get(vulnerability, TU_STR("remediations")))
	spread(r, item, TU_JSON_STR(item, "details"), r->actions, ordinal);
}

static void take_ids(struct reading *r, struct tu_json vulnerability, struct tu_vex_claim *claim)
{
	struct tu_vex_texts texts = {0};
	struct tu_json id;

	claim->vulnerability = TU_VEX_KEEP(r->b, vulnerability, "cve");
	TU_CSAF_EACH(id, tu_json_get(vulnerability, TU_STR("ids")))
	tu_vex_add_text(r->b, &texts, TU_JSON_STR(id, "text"));
	claim->aliases = texts.at;
	claim->alias_count = texts.count;
	if (!claim->vulnerability.len && texts.count)
		claim->vulnerability = texts.at[0];
}

/* A product of a status; one whose id cannot be read is none, and the claim is kept all the same:
 * what it says may be the opposite of another. */
static void add_claim(
	struct reading *r, struct tu_json id, struct tu_vex_claim claim, uint32_t ordinal)
{
	uint32_t number = tu_json_str(id).len ? tu_csaf_number(r->csaf, id) : TU_CSAF_NONE;

	if (number == TU_CSAF_NONE || !r->products[number].id.len)
		tu_vex_note(r->b, id, "a product id that the document does not define");
	if (number != TU_CSAF_NONE) {
		forget_others(r, number, ordinal);
		claim.justification = r->justifications[number];
		claim.impact =
			claim.status == TU_CLAIM_NOT_AFFECTED ? r->impacts[number] : TU_STR("");
		claim.action = r->actions[number];
		claim.products = &r->products[number];
		claim.product_count = 1;
	}
	tu_vex_add_claim(r->b, claim);
}

static void read_status(
	struct reading *r, struct tu_json list, struct tu_vex_claim claim, uint32_t ordinal)
{
	struct tu_json id;

	if (!tu_json_is_array(list) || tu_json_count(list) == 0) {
		tu_vex_note(r->b, list, "a product status that is not a list of products");
		tu_vex_add_claim(r->b, claim);
		return;
	}
	TU_CSAF_EACH(id, list)
	add_claim(r, id, claim, ordinal);
}

/* False: a word of CSAF that states nothing. A word that CSAF does not have states nothing either,
 * but no statement clears against it. */
static bool take_word(struct tu_str word, struct tu_vex_claim *claim)
{
	claim->status = tu_claim_status_of(TU_WORDS_CSAF, word);
	claim->garbled = claim->status == TU_CLAIM_UNSTATED;
	return !tu_str_eq(word, TU_STR("recommended")) && !tu_str_eq(word, TU_STR("unknown"));
}

static void read_statuses(struct reading *r, struct tu_json vulnerability, uint32_t ordinal)
{
	struct tu_json status = tu_json_get(vulnerability, TU_STR("product_status")), list;
	struct tu_json_iter iter = tu_json_iter(status);
	struct tu_vex_claim claim = {0};
	struct tu_str word;

	take_ids(r, vulnerability, &claim);
	take_texts(r, vulnerability, ordinal);
	if (status.doc && !tu_json_is_object(status)) {
		claim.garbled = true;
		claim.pointer =
			tu_vex_pointer(r->b, "/vulnerabilities/%u/product_status", ordinal - 1);
		tu_vex_note(r->b, status, "a product status that cannot be read");
		tu_vex_add_claim(r->b, claim);
		return;
	}
	while (tu_json_next_member(&iter, &word, &list)) {
		if (!take_word(word, &claim))
			continue;
		if (claim.garbled)
			tu_vex_note(r->b, list, "a product status that CSAF does not have");
		claim.pointer = tu_vex_pointer(r->b, "/vulnerabilities/%u/product_status/%.*s",
			ordinal - 1, TU_STR_FMT(tu_str_first(word, 100)));
		read_status(r, list, claim, ordinal);
	}
}

static void read_vulnerabilities(struct reading *r)
{
	struct tu_json vulnerability;
	uint32_t ordinal = 0;

	TU_CSAF_EACH_VULNERABILITY(vulnerability, r->csaf)
	read_statuses(r, vulnerability, ++ordinal);
}

/* CSAF 2.1, 4: a document of one of these categories says that its statements are no longer valid.
 */
static bool is_withdrawn(struct tu_json document)
{
	static const struct tu_str categories[] = {
		TU_STR_INIT("csaf_withdrawn"), TU_STR_INIT("csaf_superseded")};
	struct tu_str category = tu_str_trim(TU_JSON_STR(document, "category"));

	for (size_t i = 0; i < TU_COUNT(categories); i++)
		if (tu_str_ieq(category, categories[i]))
			return true;
	return false;
}

enum tu_status tu_vex_read_csaf(struct tu_vex_builder *b, struct tu_error *err)
{
	struct tu_csaf csaf = {.arena = b->arena, .root = b->root};
	struct reading r = {.b = b, .csaf = &csaf};
	struct tu_json document = tu_json_get(b->root, TU_STR("document"));
	struct tu_json version = tu_json_get(document, TU_STR("csaf_version"));

	csaf.version = tu_str_eq(tu_json_str(version), TU_STR("2.1")) ? TU_CSAF_21 : TU_CSAF_20;
	if (csaf.version == TU_CSAF_20 && !tu_str_eq(tu_json_str(version), TU_STR("2.0")))
		return tu_json_fail(
			err, TU_E_UNSUPPORTED, version, "this CSAF is neither 2.0 nor 2.1");
	tu_csaf_prepare(&csaf);
	b->document.version = tu_vex_keep(b, tu_json_str(version));
	b->document.id = TU_VEX_KEEP(b, csaf.tracking, "id");
	b->document.author = TU_VEX_KEEP(b, tu_json_get(document, TU_STR("publisher")), "name");
	b->document.timestamp = TU_VEX_KEEP(b, csaf.tracking, "current_release_date");
	if (csaf.status == TU_OK && !prepare(&r))
		tu_vex_no_memory(b);
	if (csaf.status == TU_OK && b->status == TU_OK && is_withdrawn(document))
		tu_vex_note(b, tu_json_get(document, TU_STR("category")),
			"a document that is withdrawn or superseded: none of its statements "
			"applies");
	else if (csaf.status == TU_OK && b->status == TU_OK)
		read_vulnerabilities(&r);
	tu_vex_stop(b, csaf.status);
	tu_csaf_release(&csaf);
	return TU_OK;
}
