/* OpenVEX 0.2.0, and the drafts before it, in which vulnerabilities and products are texts. */
#include "vex/reader.h"

static void take_identifiers(
	struct tu_vex_builder *b, struct tu_json object, struct tu_vex_product *product)
{
	static const char *const cpe_keys[] = {"cpe23", "cpe22"};
	struct tu_vex_texts purls = {0}, cpes = {0};

	for (size_t i = 0; i < product->purl_count; i++)
		tu_vex_add_text(b, &purls, product->purls[i]);
	for (size_t i = 0; i < product->cpe_count; i++)
		tu_vex_add_text(b, &cpes, product->cpes[i]);
	tu_vex_add_text(b, &purls, TU_JSON_STR(object, "purl"));
	for (size_t i = 0; i < TU_COUNT(cpe_keys); i++)
		tu_vex_add_text(b, &cpes, tu_json_str(tu_json_get(object, tu_str_c(cpe_keys[i]))));
	product->purls = purls.at;
	product->purl_count = purls.count;
	product->cpes = cpes.at;
	product->cpe_count = cpes.count;
}

static void take_hashes(
	struct tu_vex_builder *b, struct tu_json object, struct tu_vex_product *product)
{
	struct tu_json_iter iter = tu_json_iter(object);
	TU_VEC(struct tu_hash_value) hashes = {0};
	struct tu_json value;
	struct tu_str key;

	while (tu_json_is_object(object) && tu_json_next_member(&iter, &key, &value))
		if (!TU_VEC_PUSH_IN(b->arena, &hashes,
			    (struct tu_hash_value){
				    tu_vex_keep(b, key), tu_vex_keep(b, tu_json_str(value))}))
			tu_vex_no_memory(b);
	/* Hashes that cannot be read say that it is a certain file, and not which. */
	if (object.doc && !hashes.count &&
		!TU_VEC_PUSH_IN(b->arena, &hashes, (struct tu_hash_value){0}))
		tu_vex_no_memory(b);
	product->hashes = hashes.at;
	product->hash_count = hashes.count;
}

/* A component, or a text that identifies one. `nested`: subcomponents have none of their own. */
static struct tu_vex_product product_of(struct tu_vex_builder *b, struct tu_json value, bool nested)
{
	struct tu_vex_product product = {0};
	struct tu_vex_products parts = {0};
	struct tu_json list = tu_json_get(value, TU_STR("subcomponents")), item;
	struct tu_json_iter iter = tu_json_iter(list);

	if (tu_json_is_string(value)) {
		product.id = tu_vex_keep(b, tu_json_str(value));
		tu_vex_identify(b, &product, tu_json_str(value));
		return product;
	}
	product.id = TU_VEX_KEEP(b, value, "@id");
	tu_vex_identify(b, &product, product.id);
	take_identifiers(b, tu_json_get(value, TU_STR("identifiers")), &product);
	take_hashes(b, tu_json_get(value, TU_STR("hashes")), &product);
	while (!nested && tu_json_is_array(list) && !b->status && tu_json_next_item(&iter, &item))
		tu_vex_add_product(b, &parts, product_of(b, item, true));
	/* Parts that cannot be read are not the whole product. */
	if (!nested && list.doc && !parts.count)
		tu_vex_add_product(b, &parts, (struct tu_vex_product){0});
	product.parts = parts.at;
	product.part_count = parts.count;
	return product;
}

/* The drafts list the parts beside the products: they are parts of each. */
static void share_parts(
	struct tu_vex_builder *b, struct tu_json statement, struct tu_vex_products *products)
{
	struct tu_json list = tu_json_get(statement, TU_STR("subcomponents")), item;
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_vex_products parts = {0};

	while (tu_json_is_array(list) && !b->status && tu_json_next_item(&iter, &item))
		tu_vex_add_product(b, &parts, product_of(b, item, true));
	if (list.doc && !parts.count)
		tu_vex_add_product(b, &parts, (struct tu_vex_product){0});
	for (size_t i = 0; parts.count && i < products->count; i++)
		if (!products->at[i].part_count) {
			products->at[i].parts = parts.at;
			products->at[i].part_count = parts.count;
		}
}

static void take_vulnerability(
	struct tu_vex_builder *b, struct tu_json statement, struct tu_vex_claim *claim)
{
	struct tu_json value = tu_json_get(statement, TU_STR("vulnerability")), item;
	struct tu_json aliases = tu_json_get(value, TU_STR("aliases"));
	struct tu_json_iter iter = tu_json_iter(aliases);
	struct tu_vex_texts texts = {0};

	if (tu_json_is_string(value)) {
		claim->vulnerability = tu_vex_keep(b, tu_json_str(value));
		return;
	}
	claim->vulnerability = TU_VEX_KEEP(b, value, "name");
	if (!claim->vulnerability.len)
		claim->vulnerability = TU_VEX_KEEP(b, value, "@id");
	while (tu_json_is_array(aliases) && tu_json_next_item(&iter, &item))
		tu_vex_add_text(b, &texts, tu_json_str(item));
	claim->aliases = texts.at;
	claim->alias_count = texts.count;
}

static void read_statement(struct tu_vex_builder *b, struct tu_json statement, size_t index)
{
	struct tu_vex_claim claim = {
		.status = tu_claim_status_of(TU_WORDS_OPENVEX, TU_JSON_STR(statement, "status")),
		.justification = TU_VEX_KEEP(b, statement, "justification"),
		.impact = TU_VEX_KEEP(b, statement, "impact_statement"),
		.action = TU_VEX_KEEP(b, statement, "action_statement"),
		.notes = TU_VEX_KEEP(b, statement, "status_notes"),
		.author = TU_VEX_KEEP(b, statement, "supplier"),
		.timestamp = TU_VEX_KEEP(b, statement, "last_updated"),
		.pointer = tu_vex_pointer(b, "/statements/%zu", index)};
	struct tu_json list = tu_json_get(statement, TU_STR("products")), item;
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_vex_products products = {0};

	if (!claim.timestamp.len)
		claim.timestamp = TU_VEX_KEEP(b, statement, "timestamp");
	claim.garbled = claim.status == TU_CLAIM_UNSTATED;
	if (claim.garbled)
		tu_vex_note(b, statement, "a statement without a status that OpenVEX has");
	take_vulnerability(b, statement, &claim);
	if (!claim.vulnerability.len)
		tu_vex_note(b, statement, "a statement without a vulnerability");
	if (claim.status == TU_CLAIM_NOT_AFFECTED && !claim.justification.len && !claim.impact.len)
		tu_vex_note(b, statement,
			"\"not_affected\" without the justification or impact statement that "
			"OpenVEX "
			"requires");
	while (tu_json_is_array(list) && !b->status && tu_json_next_item(&iter, &item))
		tu_vex_add_product(b, &products, product_of(b, item, false));
	share_parts(b, statement, &products);
	claim.products = products.at;
	claim.product_count = products.count;
	tu_vex_add_claim(b, claim);
}

static struct tu_str version_of(struct tu_json root)
{
	struct tu_str context = tu_vex_context(root);
	struct tu_str last = tu_str_from(context, tu_str_rfind(context, '/') + 1);

	return tu_str_skip(&last, TU_STR("v")) ? last : TU_STR("0.0.1");
}

enum tu_status tu_vex_read_openvex(struct tu_vex_builder *b, struct tu_error *err)
{
	struct tu_json list = tu_json_get(b->root, TU_STR("statements")), item;
	struct tu_json_iter iter = tu_json_iter(list);

	if (!tu_json_is_array(list))
		return tu_json_fail(err, TU_E_SYNTAX, list.doc ? list : b->root,
			"OpenVEX needs an array of statements");
	b->document.version = tu_vex_keep(b, version_of(b->root));
	b->document.id = TU_VEX_KEEP(b, b->root, "@id");
	b->document.author = TU_VEX_KEEP(b, b->root, "author");
	b->document.timestamp = TU_VEX_KEEP(b, b->root, "last_updated");
	if (!b->document.timestamp.len)
		b->document.timestamp = TU_VEX_KEEP(b, b->root, "timestamp");
	for (size_t i = 0; !b->status && tu_json_next_item(&iter, &item); i++)
		read_statement(b, item, i);
	return TU_OK;
}
