/*
 * CycloneDX 1.6 (ECMA-424), JSON by its schema bom-1.6.schema.json, XML by bom-1.6.xsd.
 *
 * CPEs beside the first one go into properties "tutela:cpe23", which the reader takes up again.
 */
#include "sbom/write/write.h"

#include <tutela/cpe.h>

#include "sbom/read/markup.h"

struct writing {
	struct tu_sbom_writing *w;
	struct tu_markup m;
	struct tu_sbom_tree tree;
	struct tu_sbom_edges edges;
};

/* The text of a ref; `made` has room for one that the source does not have. */
static struct tu_str ref_of(const struct writing *c, uint32_t index, struct tu_buf *made)
{
	struct tu_str ref = c->w->inventory->components[index].ref;

	if (tu_sbom__is_seen(ref))
		return ref;
	tu_buf_str_add(made, tu_buf_str(&c->w->made));
	tu_buf_printf(made, "%u", (unsigned)index);
	return tu_buf_str(made);
}

enum place { AS_ATTRIBUTE, AS_TEXT, AS_DEPENDENCY, AS_PROVIDED };

static void put_ref(struct writing *c, uint32_t index, enum place place)
{
	struct tu_buf made;
	struct tu_str ref;

	tu_buf_init(&made, 1 << 20);
	ref = ref_of(c, index, &made);
	if (place == AS_ATTRIBUTE)
		tu_markup_attr(&c->m, "bom-ref", ref);
	else if (place == AS_TEXT)
		tu_markup_text(&c->m, "ref", ref);
	else
		tu_markup_ref(&c->m, place == AS_DEPENDENCY ? "dependency" : "provides", ref);
	c->w->out->failed = c->w->out->failed || made.failed;
	tu_buf_done(&made);
}

/* ---- parts of a component ---- */

static void put_kind(struct writing *c, const struct tu_component *component)
{
	struct tu_str word = tu_sbom__say_kind(component->kind, TU_SAY_CYCLONEDX);

	if (!word.len)
		tu_sbom__lose(c->w, TU_LOSS_KIND, component);
	tu_markup_attr(&c->m, "type", word.len ? word : TU_STR("library"));
}

static bool is_hash_value(struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char digit = tu_char_lower(text.ptr[i]);

		if (!tu_char_is_digit(digit) && (digit < 'a' || digit > 'f'))
			return false;
	}
	return text.len == 32 || text.len == 40 || text.len == 64 || text.len == 96 ||
		text.len == 128;
}

static bool has_hash(const struct tu_hash_value *hash)
{
	return tu_sbom__say_algorithm(hash->algorithm, TU_SAY_CYCLONEDX).len &&
		is_hash_value(hash->value);
}

static void put_hashes(struct writing *c, const struct tu_component *component)
{
	bool any = false;

	for (size_t i = 0; i < component->hash_count; i++) {
		const struct tu_hash_value *hash = &component->hashes[i];

		if (!has_hash(hash)) {
			tu_sbom__lose(c->w, TU_LOSS_HASH, component);
			continue;
		}
		if (!any)
			tu_markup_list(&c->m, "hashes");
		any = true;
		tu_markup_item(&c->m, "hash");
		tu_markup_attr(&c->m, "alg", hash->algorithm);
		tu_markup_content(&c->m, "content", hash->value);
		tu_markup_end_item(&c->m, "hash");
	}
	if (any)
		tu_markup_end_list(&c->m, "hashes");
}

static bool joins(struct tu_str text)
{
	static const struct tu_str words[] = {
		TU_STR_INIT(" AND "), TU_STR_INIT(" OR "), TU_STR_INIT(" WITH ")};

	for (size_t i = 0; i < TU_COUNT(words); i++) {
		if (tu_str_search(text, words[i]) < text.len)
			return true;
	}
	return false;
}

/* One expression alone, or licences by name: the schema allows no mixture. */
static void put_licences(struct writing *c, const struct tu_component *component)
{
	struct tu_markup *m = &c->m;

	if (!component->licence_count)
		return;
	tu_markup_list(m, "licenses");
	for (size_t i = 0; i < component->licence_count; i++) {
		tu_markup_item(m, NULL);
		if (component->licence_count == 1 && joins(component->licences[0])) {
			tu_markup_text(m, "expression", component->licences[i]);
		} else {
			tu_markup_open(m, "license");
			tu_markup_text(m, "name", component->licences[i]);
			tu_markup_close(m, "license");
		}
		tu_markup_end_item(m, NULL);
	}
	tu_markup_end_list(m, "licenses");
}

/* Is it a CPE that the schema's pattern takes? */
static bool is_cpe(const struct writing *c, struct tu_str text)
{
	struct tu_cpe cpe;

	return tu_str_starts(text, TU_STR("cpe:2.3:")) &&
		tu_cpe_parse(c->w->arena, text, &cpe, NULL) == TU_OK;
}

static size_t put_cpe(struct writing *c, const struct tu_component *component)
{
	for (size_t i = 0; i < component->cpe_count; i++) {
		if (is_cpe(c, component->cpes[i])) {
			tu_markup_text(&c->m, "cpe", component->cpes[i]);
			return i;
		}
	}
	return component->cpe_count;
}

static bool is_uri(struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] <= ' ' || memchr("<>\"{}|\\^`", text.ptr[i], 9))
			return false;
	}
	return true;
}

/* In XML a purl is an xs:anyURI. */
static void put_purl(struct writing *c, const struct tu_component *component)
{
	if (c->m.xml && !is_uri(component->purl))
		tu_sbom__lose(c->w, TU_LOSS_PURL, component);
	else
		tu_markup_opt(&c->m, "purl", component->purl);
}

static void put_property(struct writing *c, struct tu_str name, struct tu_str value)
{
	tu_markup_item(&c->m, "property");
	tu_markup_attr(&c->m, "name", name);
	tu_markup_content(&c->m, "value", value);
	tu_markup_end_item(&c->m, "property");
}

/* A property of the source may say it already. */
static bool is_property(const struct tu_component *component, struct tu_str cpe)
{
	for (size_t i = 0; i < component->property_count; i++) {
		if (tu_str_ends(component->properties[i].name, TU_STR(":cpe23")) &&
			tu_str_eq(component->properties[i].value, cpe))
			return true;
	}
	return false;
}

static void put_properties(struct writing *c, const struct tu_component *component, size_t own_cpe)
{
	bool any = component->property_count > 0;

	if (any)
		tu_markup_list(&c->m, "properties");
	for (size_t i = 0; i < component->property_count; i++)
		put_property(c, component->properties[i].name, component->properties[i].value);
	for (size_t i = 0; i < component->cpe_count; i++) {
		if (i == own_cpe || is_property(component, component->cpes[i]))
			continue;
		if (!any)
			tu_markup_list(&c->m, "properties");
		any = true;
		put_property(c, TU_STR("tutela:cpe23"), component->cpes[i]);
	}
	if (any)
		tu_markup_end_list(&c->m, "properties");
}

static bool is_url(struct tu_str text)
{
	return tu_str_starts(text, TU_STR("http://")) || tu_str_starts(text, TU_STR("https://"));
}

static void put_patch(
	struct writing *c, const struct tu_component *component, const struct tu_resolved *resolved)
{
	struct tu_markup *m = &c->m;

	if (!tu_str_eq(resolved->source, TU_STR("pedigree patch")))
		tu_sbom__lose(c->w, TU_LOSS_RESOLVED_SOURCE, component);
	tu_markup_item(m, "patch");
	tu_markup_attr(m, "type", TU_STR("backport"));
	if (is_url(resolved->detail)) {
		tu_markup_open(m, "diff");
		tu_markup_text(m, "url", resolved->detail);
		tu_markup_close(m, "diff");
	}
	tu_markup_list(m, "resolves");
	tu_markup_item(m, "issue");
	tu_markup_attr(m, "type", TU_STR("security"));
	tu_markup_text(m, "id", resolved->id);
	if (!is_url(resolved->detail))
		tu_markup_opt(m, "description", resolved->detail);
	tu_markup_end_item(m, "issue");
	tu_markup_end_list(m, "resolves");
	tu_markup_end_item(m, "patch");
}

static void put_pedigree(struct writing *c, const struct tu_component *component)
{
	if (!component->resolved_count)
		return;
	tu_markup_open(&c->m, "pedigree");
	tu_markup_list(&c->m, "patches");
	for (size_t i = 0; i < component->resolved_count; i++)
		put_patch(c, component, &component->resolved[i]);
	tu_markup_end_list(&c->m, "patches");
	tu_markup_close(&c->m, "pedigree");
}

static void put_mail(struct writing *c, struct tu_str mail)
{
	tu_markup_refs(&c->m, "contact");
	tu_markup_item(&c->m, "contact");
	tu_markup_text(&c->m, "email", mail);
	tu_markup_end_item(&c->m, "contact");
	tu_markup_end_refs(&c->m);
}

static void put_url(struct writing *c, struct tu_str url)
{
	tu_markup_refs(&c->m, "url");
	tu_markup_item_text(&c->m, "url", url);
	tu_markup_end_refs(&c->m);
}

static void put_supplier(struct writing *c, const struct tu_component *component)
{
	struct tu_str contact = component->contact;

	if (!component->supplier.len && !contact.len)
		return;
	tu_markup_open(&c->m, "supplier");
	tu_markup_opt(&c->m, "name", component->supplier);
	if (tu_sbom__is_mail(contact))
		put_mail(c, contact);
	else if (!is_uri(contact))
		tu_sbom__lose(c->w, TU_LOSS_CONTACT, component);
	else if (contact.len)
		put_url(c, contact);
	tu_markup_close(&c->m, "supplier");
}

static void put_swid(struct writing *c, const struct tu_component *component, struct tu_str name)
{
	if (!component->swid.len)
		return;
	tu_markup_open(&c->m, "swid");
	tu_markup_attr(&c->m, "tagId", component->swid);
	tu_markup_attr(&c->m, "name", name);
	tu_markup_close(&c->m, "swid");
}

/* A change of a text is noted where it happened. */
static void tell_changes(struct writing *c, const struct tu_component *component)
{
	if (c->m.changed)
		tu_sbom__lose(c->w, TU_LOSS_TEXT, component);
	c->m.changed = false;
}

static void put_parts(struct writing *c, const struct tu_component *component)
{
	static const char *const scopes[] = {"required", "optional", "excluded"};
	struct tu_str name = tu_sbom__name_of(c->w, component);
	size_t cpe;

	put_supplier(c, component);
	tu_markup_opt(&c->m, "group", component->group);
	tu_markup_text(&c->m, "name", name);
	tu_markup_opt(&c->m, "version", component->version);
	if (component->scope != TU_SCOPE_REQUIRED)
		tu_markup_text(&c->m, "scope", tu_str_c(scopes[component->scope]));
	put_hashes(c, component);
	put_licences(c, component);
	cpe = put_cpe(c, component);
	put_purl(c, component);
	put_swid(c, component, name);
	put_pedigree(c, component);
	put_properties(c, component, cpe);
	tell_changes(c, component);
}

static void put_components(struct writing *c, uint32_t first);

static void put_component(struct writing *c, uint32_t index)
{
	const struct tu_component *component = &c->w->inventory->components[index];

	put_kind(c, component);
	put_ref(c, index, AS_ATTRIBUTE);
	put_parts(c, component);
	tu_sink_spill(c->w->sink);
	put_components(c, c->tree.first[index]);
}

/* Nesting is as deep as the reader allowed, and a bounded number more. */
static void put_components(struct writing *c, uint32_t first)
{
	if (first == TU_NO_COMPONENT)
		return;
	tu_markup_list(&c->m, "components");
	for (uint32_t at = first; at != TU_NO_COMPONENT; at = c->tree.next[at]) {
		tu_markup_item(&c->m, "component");
		put_component(c, at);
		tu_markup_end_item(&c->m, "component");
	}
	tu_markup_end_list(&c->m, "components");
}

/* ---- relationships ---- */

/* The targets of one source by one relation. */
static size_t put_targets(struct writing *c, size_t at)
{
	const struct tu_relationship first = c->edges.at[at];
	bool provides = first.relation == TU_REL_PROVIDES;

	tu_markup_refs(&c->m, provides ? "provides" : "dependsOn");
	for (; at < c->edges.count && c->edges.at[at].from == first.from &&
		c->edges.at[at].relation == first.relation;
		at++)
		put_ref(c, c->edges.at[at].to, provides ? AS_PROVIDED : AS_DEPENDENCY);
	tu_markup_end_refs(&c->m);
	return at;
}

static void put_dependencies(struct writing *c)
{
	struct tu_buf made;
	size_t at = 0;

	if (!c->edges.count)
		return;
	tu_markup_list(&c->m, "dependencies");
	while (at < c->edges.count) {
		uint32_t from = c->edges.at[at].from;

		tu_buf_init(&made, 1 << 20);
		tu_markup_item(&c->m, "dependency");
		tu_markup_attr(&c->m, "ref", ref_of(c, from, &made));
		while (at < c->edges.count && c->edges.at[at].from == from)
			at = put_targets(c, at);
		tu_markup_end_item(&c->m, "dependency");
		tu_sink_spill(c->w->sink);
		c->w->out->failed = c->w->out->failed || made.failed;
		tu_buf_done(&made);
	}
	tu_markup_end_list(&c->m, "dependencies");
}

/* ---- statements ---- */

static void put_analysis(struct writing *c, const struct tu_vex_claim *claim)
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

/* An entry with neither version nor range stands for those that could not be read: what is read
 * again applies to no more than before. */
static void put_versions(
	struct writing *c, const struct tu_vex_claim *claim, const struct tu_vex_product *product)
{
	const char *status = tu_claim_clears(claim->status) ? "unaffected" : "affected";

	if (!product->version_count && !product->narrowed && !product->unreadable)
		return;
	tu_markup_list(&c->m, "versions");
	for (size_t i = 0; i < product->version_count; i++) {
		bool range = tu_str_istarts(product->versions[i], TU_STR("vers:"));

		tu_markup_item(&c->m, "version");
		tu_markup_text(&c->m, range ? "range" : "version", product->versions[i]);
		tu_markup_text(&c->m, "status", tu_str_c(status));
		tu_markup_end_item(&c->m, "version");
	}
	if (product->unreadable || !product->version_count) {
		tu_markup_item(&c->m, "version");
		tu_markup_text(&c->m, "range", TU_STR("vers:generic/*"));
		tu_markup_text(&c->m, "status", TU_STR("unknown"));
		tu_markup_end_item(&c->m, "version");
	}
	tu_markup_end_list(&c->m, "versions");
}

static void put_target(struct writing *c, uint32_t component, const struct tu_vex_claim *claim,
	const struct tu_vex_product *product)
{
	tu_markup_item(&c->m, "target");
	put_ref(c, component, AS_TEXT);
	put_versions(c, claim, product);
	tu_markup_end_item(&c->m, "target");
}

static void put_product(
	struct writing *c, const struct tu_vex_claim *claim, const struct tu_vex_product *product)
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
	if (!tu_str_istarts(product->id, TU_STR("urn:cdx:"))) {
		tu_sbom__lose(c->w, TU_LOSS_STATEMENT, NULL);
		return;
	}
	tu_markup_item(&c->m, "target");
	tu_markup_text(&c->m, "ref", product->id);
	put_versions(c, claim, product);
	tu_markup_end_item(&c->m, "target");
}

static void put_claim(struct writing *c, const struct tu_vex_claim *claim)
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

static void put_claims(struct writing *c)
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

/* ---- the document ---- */

/* "urn:uuid:" and 36 digits and dashes. */
static bool is_uuid(struct tu_str text)
{
	if (!tu_str_skip(&text, TU_STR("urn:uuid:")) || text.len != 36)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? c != '-' : !tu_char_is_digit(c) && (c < 'a' || c > 'f'))
			return false;
	}
	return true;
}

static void put_tool(struct writing *c, struct tu_str name)
{
	if (!name.len)
		return;
	tu_markup_item(&c->m, "component");
	tu_markup_attr(&c->m, "type", TU_STR("application"));
	tu_markup_text(&c->m, "name", name);
	tu_markup_end_item(&c->m, "component");
}

static void put_tools(struct writing *c)
{
	tu_markup_open(&c->m, "tools");
	tu_markup_list(&c->m, "components");
	for (size_t i = 0; i < c->w->inventory->tool_count; i++) {
		if (tu_sbom__is_tool_to_write(c->w, i))
			put_tool(c, c->w->inventory->tools[i]);
	}
	put_tool(c, c->w->options->tool);
	tu_markup_end_list(&c->m, "components");
	tu_markup_close(&c->m, "tools");
}

/* A phase of the specification's list, else a name of the maker's own. */
static void put_phase(struct writing *c)
{
	static const struct tu_str phases[] = {TU_STR_INIT("design"), TU_STR_INIT("pre-build"),
		TU_STR_INIT("build"), TU_STR_INIT("post-build"), TU_STR_INIT("operations"),
		TU_STR_INIT("discovery"), TU_STR_INIT("decommission")};
	struct tu_str phase = c->w->inventory->phase;
	const char *word = "name";

	if (!phase.len)
		return;
	for (size_t i = 0; i < TU_COUNT(phases); i++) {
		if (tu_str_eq(phases[i], phase))
			word = "phase";
	}
	tu_markup_list(&c->m, "lifecycles");
	tu_markup_item(&c->m, "lifecycle");
	tu_markup_text(&c->m, word, phase);
	tu_markup_end_item(&c->m, "lifecycle");
	tu_markup_end_list(&c->m, "lifecycles");
}

static void put_author(struct writing *c, struct tu_str author)
{
	struct tu_str name;
	struct tu_str mail;

	tu_sbom__split_author(author, &name, &mail);
	tu_markup_item(&c->m, "author");
	tu_markup_opt(&c->m, "name", name);
	tu_markup_opt(&c->m, "email", mail);
	tu_markup_end_item(&c->m, "author");
}

static void put_authors(struct writing *c)
{
	if (!c->w->inventory->author_count)
		return;
	tu_markup_list(&c->m, "authors");
	for (size_t i = 0; i < c->w->inventory->author_count; i++)
		put_author(c, c->w->inventory->authors[i]);
	tu_markup_end_list(&c->m, "authors");
}

static void put_subject(struct writing *c)
{
	uint32_t subject = c->w->inventory->subject;

	if (subject == TU_NO_COMPONENT)
		return;
	if (c->tree.parent[subject] != TU_NO_COMPONENT) {
		tu_sbom__lose(c->w, TU_LOSS_SUBJECT, &c->w->inventory->components[subject]);
		return;
	}
	tu_markup_open(&c->m, "component");
	put_component(c, subject);
	tu_markup_close(&c->m, "component");
}

static void put_metadata(struct writing *c)
{
	struct tu_str created = tu_sbom__created_of(c->w);

	tu_markup_open(&c->m, "metadata");
	if (tu_sbom__is_utc(created))
		tu_markup_text(&c->m, "timestamp", created);
	else if (created.len)
		tu_sbom__lose(c->w, TU_LOSS_CREATED, NULL);
	put_phase(c);
	put_tools(c);
	put_authors(c);
	put_subject(c);
	tu_markup_close(&c->m, "metadata");
}

static void put_head(struct writing *c)
{
	struct tu_str serial = tu_sbom__serial_of(c->w);

	if (c->m.xml) {
		tu_markup_attr(&c->m, "xmlns", TU_STR("http://cyclonedx.org/schema/bom/1.6"));
	} else {
		tu_markup_attr(&c->m, "bomFormat", TU_STR("CycloneDX"));
		tu_markup_attr(&c->m, "specVersion", TU_STR("1.6"));
	}
	if (is_uuid(serial))
		tu_markup_attr(&c->m, "serialNumber", serial);
	else if (serial.len)
		tu_sbom__lose(c->w, TU_LOSS_SERIAL, NULL);
	if (c->m.xml)
		tu_markup_attr(&c->m, "version", TU_STR("1"));
	else
		tu_json_member_int(&c->m.json_to, "version", 1);
}

enum tu_status tu_sbom__write_cyclonedx(struct tu_sbom_writing *w, struct tu_error *err)
{
	struct writing c = {.w = w};

	tu_sbom__make_ids(w, TU_STR("tutela-component-"), &w->made);
	if (!tu_sbom__grow_tree(w, &c.tree) || !tu_sbom__tree_edges(w, &c.tree, &c.edges))
		return tu_no_memory(err);
	c.m = tu_markup(w->out, w->target == TU_SBOM_TO_CYCLONEDX_16_XML);
	tu_markup_item(&c.m, "bom");
	put_head(&c);
	put_metadata(&c);
	put_components(&c, c.tree.first[w->inventory->component_count]);
	put_dependencies(&c);
	put_claims(&c);
	tell_changes(&c, NULL);
	tu_markup_end_item(&c.m, "bom");
	tu_buf_byte(w->out, '\n');
	return TU_OK;
}
