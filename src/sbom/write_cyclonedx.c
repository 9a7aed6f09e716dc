/*
 * CycloneDX 1.6 JSON (ECMA-424), by its schema bom-1.6.schema.json.
 *
 * CPEs beside the first one go into properties "tutela:cpe23", which the reader takes up again.
 */
#include "sbom/write.h"

#include <tutela/cpe.h>

#include <stdio.h>
#include <stdlib.h>

/* Components by whom they are nested in; the subject stands apart. */
struct tree {
	uint32_t *first; /* child of a component; [count]: of the document */
	uint32_t *next; /* of the same parent */
};

struct edges {
	const struct tu_relationship **at; /* sorted by from, relation, order */
	size_t count;
};

static bool grow_tree(struct tu_sbom_writing *w, struct tree *tree)
{
	const struct tu_inventory *inventory = w->inventory;
	size_t count = inventory->component_count;

	tree->first = tu_arena_array(w->arena, count + 1, sizeof(*tree->first));
	tree->next = tu_arena_array(w->arena, count + 1, sizeof(*tree->next));
	if (!tree->first || !tree->next)
		return false;
	for (size_t i = 0; i <= count; i++)
		tree->first[i] = TU_NO_COMPONENT;
	for (size_t i = count; i-- > 0;) {
		uint32_t parent = inventory->components[i].parent;
		size_t slot = parent == TU_NO_COMPONENT ? count : parent;

		tree->next[i] = TU_NO_COMPONENT;
		if (i == inventory->subject && parent == TU_NO_COMPONENT)
			continue;
		tree->next[i] = tree->first[slot];
		tree->first[slot] = (uint32_t)i;
	}
	return true;
}

static void put_ref(struct tu_sbom_writing *w, uint32_t index)
{
	char made[32];
	struct tu_str ref = w->inventory->components[index].ref;

	(void)snprintf(made, sizeof(made), "tutela-component-%u", (unsigned)index);
	tu_json_add_str(&w->to, ref.len ? ref : tu_str_c(made));
}

/* ---- parts of a component ---- */

static void put_kind(struct tu_sbom_writing *w, const struct tu_component *c)
{
	bool known = c->kind > TU_KIND_UNKNOWN && c->kind <= TU_KIND_CRYPTOGRAPHIC_ASSET;

	if (!known)
		tu_sbom__lose(w, TU_LOSS_KIND, c);
	tu_json_member_str(&w->to, "type",
		known ? tu_str_c(tu_component_kind_name(c->kind)) : TU_STR("library"));
}

static bool is_hexadecimal(struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = tu_char_lower(text.ptr[i]);

		if (!tu_char_is_digit(c) && (c < 'a' || c > 'f'))
			return false;
	}
	return text.len == 32 || text.len == 40 || text.len == 64 || text.len == 96 ||
		text.len == 128;
}

static bool has_hash(const struct tu_hash_value *hash)
{
	static const struct tu_str algorithms[] = {TU_STR_INIT("MD5"), TU_STR_INIT("SHA-1"),
		TU_STR_INIT("SHA-256"), TU_STR_INIT("SHA-384"), TU_STR_INIT("SHA-512"),
		TU_STR_INIT("SHA3-256"), TU_STR_INIT("SHA3-384"), TU_STR_INIT("SHA3-512"),
		TU_STR_INIT("BLAKE2b-256"), TU_STR_INIT("BLAKE2b-384"), TU_STR_INIT("BLAKE2b-512"),
		TU_STR_INIT("BLAKE3")};

	for (size_t i = 0; i < TU_COUNT(algorithms); i++) {
		if (tu_str_eq(algorithms[i], hash->algorithm))
			return is_hexadecimal(hash->value);
	}
	return false;
}

static void put_hashes(struct tu_sbom_writing *w, const struct tu_component *c)
{
	if (!c->hash_count)
		return;
	tu_json_key(&w->to, "hashes");
	tu_json_open_array(&w->to);
	for (size_t i = 0; i < c->hash_count; i++) {
		if (!has_hash(&c->hashes[i])) {
			tu_sbom__lose(w, TU_LOSS_HASH, c);
			continue;
		}
		tu_json_open_object(&w->to);
		tu_json_member_str(&w->to, "alg", c->hashes[i].algorithm);
		tu_json_member_str(&w->to, "content", c->hashes[i].value);
		tu_json_close_object(&w->to);
	}
	tu_json_close_array(&w->to);
}

/* One expression alone, or licences by name: the schema allows no mixture. */
static void put_licences(struct tu_sbom_writing *w, const struct tu_component *c)
{
	bool expression = c->licence_count == 1 &&
		(tu_str_search(c->licences[0], TU_STR(" AND ")) < c->licences[0].len ||
			tu_str_search(c->licences[0], TU_STR(" OR ")) < c->licences[0].len ||
			tu_str_search(c->licences[0], TU_STR(" WITH ")) < c->licences[0].len);

	if (!c->licence_count)
		return;
	tu_json_key(&w->to, "licenses");
	tu_json_open_array(&w->to);
	for (size_t i = 0; i < c->licence_count; i++) {
		tu_json_open_object(&w->to);
		if (expression) {
			tu_json_member_str(&w->to, "expression", c->licences[i]);
		} else {
			tu_json_key(&w->to, "license");
			tu_json_open_object(&w->to);
			tu_json_member_str(&w->to, "name", c->licences[i]);
			tu_json_close_object(&w->to);
		}
		tu_json_close_object(&w->to);
	}
	tu_json_close_array(&w->to);
}

/* Is it a CPE that the schema's pattern takes? */
static bool is_cpe(struct tu_sbom_writing *w, struct tu_str text)
{
	struct tu_cpe cpe;

	return tu_str_starts(text, TU_STR("cpe:2.3:")) &&
		tu_cpe_parse(w->arena, text, &cpe, NULL) == TU_OK;
}

static size_t put_cpe(struct tu_sbom_writing *w, const struct tu_component *c)
{
	for (size_t i = 0; i < c->cpe_count; i++) {
		if (is_cpe(w, c->cpes[i])) {
			tu_json_member_str(&w->to, "cpe", c->cpes[i]);
			return i;
		}
	}
	return c->cpe_count;
}

static void put_property(struct tu_sbom_writing *w, struct tu_str name, struct tu_str value)
{
	tu_json_open_object(&w->to);
	tu_json_member_str(&w->to, "name", name);
	tu_json_member_str(&w->to, "value", value);
	tu_json_close_object(&w->to);
}

static void put_properties(struct tu_sbom_writing *w, const struct tu_component *c, size_t own_cpe)
{
	if (!c->property_count && c->cpe_count <= (own_cpe < c->cpe_count))
		return;
	tu_json_key(&w->to, "properties");
	tu_json_open_array(&w->to);
	for (size_t i = 0; i < c->property_count; i++)
		put_property(w, c->properties[i].name, c->properties[i].value);
	for (size_t i = 0; i < c->cpe_count; i++) {
		if (i != own_cpe)
			put_property(w, TU_STR("tutela:cpe23"), c->cpes[i]);
	}
	tu_json_close_array(&w->to);
}

static bool is_url(struct tu_str text)
{
	return tu_str_starts(text, TU_STR("http://")) || tu_str_starts(text, TU_STR("https://"));
}

static void put_patch(
	struct tu_sbom_writing *w, const struct tu_component *c, const struct tu_resolved *resolved)
{
	struct tu_json_writer *to = &w->to;

	if (!tu_str_eq(resolved->source, TU_STR("pedigree patch")))
		tu_sbom__lose(w, TU_LOSS_RESOLVED_SOURCE, c);
	tu_json_open_object(to);
	tu_json_member_str(to, "type", TU_STR("backport"));
	if (is_url(resolved->detail)) {
		tu_json_key(to, "diff");
		tu_json_open_object(to);
		tu_json_member_str(to, "url", resolved->detail);
		tu_json_close_object(to);
	}
	tu_json_key(to, "resolves");
	tu_json_open_array(to);
	tu_json_open_object(to);
	tu_json_member_str(to, "type", TU_STR("security"));
	tu_json_member_str(to, "id", resolved->id);
	if (!is_url(resolved->detail))
		tu_json_member_opt(to, "description", resolved->detail);
	tu_json_close_object(to);
	tu_json_close_array(to);
	tu_json_close_object(to);
}

static void put_pedigree(struct tu_sbom_writing *w, const struct tu_component *c)
{
	if (!c->resolved_count)
		return;
	tu_json_key(&w->to, "pedigree");
	tu_json_open_object(&w->to);
	tu_json_key(&w->to, "patches");
	tu_json_open_array(&w->to);
	for (size_t i = 0; i < c->resolved_count; i++)
		put_patch(w, c, &c->resolved[i]);
	tu_json_close_array(&w->to);
	tu_json_close_object(&w->to);
}

static void put_object(struct tu_sbom_writing *w, const char *key, const char *member,
	struct tu_str text, struct tu_str name)
{
	if (!text.len)
		return;
	tu_json_key(&w->to, key);
	tu_json_open_object(&w->to);
	tu_json_member_str(&w->to, member, text);
	tu_json_member_opt(&w->to, "name", name);
	tu_json_close_object(&w->to);
}

static void put_components(
	struct tu_sbom_writing *w, const struct tree *tree, uint32_t first, const char *key);

static void put_component(struct tu_sbom_writing *w, const struct tree *tree, uint32_t index)
{
	static const char *const scopes[] = {"required", "optional", "excluded"};
	const struct tu_component *c = &w->inventory->components[index];
	struct tu_str name = c->name.len ? c->name : c->purl.len ? c->purl : TU_STR("unnamed");
	size_t cpe;

	if (!c->name.len)
		tu_sbom__lose(w, TU_LOSS_NAME, c);
	tu_json_open_object(&w->to);
	put_kind(w, c);
	tu_json_key(&w->to, "bom-ref");
	put_ref(w, index);
	put_object(w, "supplier", "name", c->supplier, TU_STR(""));
	tu_json_member_opt(&w->to, "group", c->group);
	tu_json_member_str(&w->to, "name", name);
	tu_json_member_opt(&w->to, "version", c->version);
	if (c->scope != TU_SCOPE_REQUIRED)
		tu_json_member_str(&w->to, "scope", tu_str_c(scopes[c->scope]));
	put_hashes(w, c);
	put_licences(w, c);
	cpe = put_cpe(w, c);
	tu_json_member_opt(&w->to, "purl", c->purl);
	put_object(w, "swid", "tagId", c->swid, name);
	put_pedigree(w, c);
	put_components(w, tree, tree->first[index], "components");
	put_properties(w, c, cpe);
	tu_json_close_object(&w->to);
}

/* Nesting is as deep as the reader allowed. */
static void put_components(
	struct tu_sbom_writing *w, const struct tree *tree, uint32_t first, const char *key)
{
	if (first == TU_NO_COMPONENT)
		return;
	tu_json_key(&w->to, key);
	tu_json_open_array(&w->to);
	for (uint32_t at = first; at != TU_NO_COMPONENT; at = tree->next[at])
		put_component(w, tree, at);
	tu_json_close_array(&w->to);
}

/* ---- relationships ---- */

static int by_from(const void *a, const void *b)
{
	const struct tu_relationship *first = *(const struct tu_relationship *const *)a;
	const struct tu_relationship *second = *(const struct tu_relationship *const *)b;

	if (first->from != second->from)
		return first->from < second->from ? -1 : 1;
	if (first->relation != second->relation)
		return first->relation < second->relation ? -1 : 1;
	return (first->to > second->to) - (first->to < second->to);
}

/* What a document describes is its subject; nesting says what contains what. */
static bool is_told_otherwise(
	const struct tu_inventory *inventory, const struct tu_relationship *relationship)
{
	return (relationship->relation == TU_REL_DESCRIBES &&
		       relationship->to == inventory->subject) ||
		(relationship->relation == TU_REL_CONTAINS &&
			inventory->components[relationship->to].parent == relationship->from);
}

static bool gather_edges(struct tu_sbom_writing *w, struct edges *edges)
{
	const struct tu_inventory *inventory = w->inventory;

	edges->count = 0;
	edges->at = tu_arena_array(
		w->arena, inventory->relationship_count, sizeof(struct tu_relationship *));
	if (!edges->at)
		return false;
	for (size_t i = 0; i < inventory->relationship_count; i++) {
		const struct tu_relationship *relationship = &inventory->relationships[i];
		bool kept = relationship->from != TU_NO_COMPONENT &&
			(relationship->relation == TU_REL_DEPENDS_ON ||
				relationship->relation == TU_REL_PROVIDES);

		if (kept)
			edges->at[edges->count++] = relationship;
		else if (!is_told_otherwise(inventory, relationship))
			tu_sbom__lose(
				w, TU_LOSS_RELATION, &inventory->components[relationship->to]);
	}
	if (edges->count)
		qsort(edges->at, edges->count, sizeof(struct tu_relationship *), by_from);
	return true;
}

/* The targets of one source by one relation; the schema wants each once. */
static size_t put_targets(
	struct tu_sbom_writing *w, const struct edges *edges, size_t at, const char *key)
{
	const struct tu_relationship *first = edges->at[at];
	uint32_t last = TU_NO_COMPONENT;

	tu_json_key(&w->to, key);
	tu_json_open_array(&w->to);
	for (; at < edges->count && edges->at[at]->from == first->from &&
		edges->at[at]->relation == first->relation;
		at++) {
		if (edges->at[at]->to != last)
			put_ref(w, edges->at[at]->to);
		last = edges->at[at]->to;
	}
	tu_json_close_array(&w->to);
	return at;
}

static void put_dependencies(struct tu_sbom_writing *w, const struct edges *edges)
{
	size_t at = 0;

	if (!edges->count)
		return;
	tu_json_key(&w->to, "dependencies");
	tu_json_open_array(&w->to);
	while (at < edges->count) {
		uint32_t from = edges->at[at]->from;

		tu_json_open_object(&w->to);
		tu_json_key(&w->to, "ref");
		put_ref(w, from);
		while (at < edges->count && edges->at[at]->from == from)
			at = put_targets(w, edges, at,
				edges->at[at]->relation == TU_REL_PROVIDES ? "provides"
									   : "dependsOn");
		tu_json_close_object(&w->to);
	}
	tu_json_close_array(&w->to);
}

/* ---- statements ---- */

static bool is_justification(struct tu_str word)
{
	static const struct tu_str known[] = {TU_STR_INIT("code_not_present"),
		TU_STR_INIT("code_not_reachable"), TU_STR_INIT("requires_configuration"),
		TU_STR_INIT("requires_dependency"), TU_STR_INIT("requires_environment"),
		TU_STR_INIT("protected_by_compiler"), TU_STR_INIT("protected_at_runtime"),
		TU_STR_INIT("protected_at_perimeter"),
		TU_STR_INIT("protected_by_mitigating_control")};

	for (size_t i = 0; i < TU_COUNT(known); i++) {
		if (tu_str_eq(known[i], word))
			return true;
	}
	return false;
}

static void put_analysis(struct tu_sbom_writing *w, const struct tu_vex_statement *statement)
{
	bool known = is_justification(statement->justification);
	struct tu_str detail = statement->detail;

	if (statement->state == TU_VEX_UNKNOWN)
		return;
	tu_json_key(&w->to, "analysis");
	tu_json_open_object(&w->to);
	tu_json_member_str(&w->to, "state", tu_str_c(tu_vex_state_name(statement->state)));
	if (known)
		tu_json_member_str(&w->to, "justification", statement->justification);
	else if (statement->justification.len)
		tu_sbom__lose(w, TU_LOSS_JUSTIFICATION, NULL);
	if (!detail.len && !known)
		detail = statement->justification;
	tu_json_member_opt(&w->to, "detail", detail);
	tu_json_close_object(&w->to);
}

static void put_statement(struct tu_sbom_writing *w, const struct tu_vex_statement *statement)
{
	tu_json_open_object(&w->to);
	tu_json_member_str(&w->to, "id", statement->id);
	put_analysis(w, statement);
	if (statement->component_count) {
		tu_json_key(&w->to, "affects");
		tu_json_open_array(&w->to);
		for (size_t i = 0; i < statement->component_count; i++) {
			tu_json_open_object(&w->to);
			tu_json_key(&w->to, "ref");
			put_ref(w, statement->components[i]);
			tu_json_close_object(&w->to);
		}
		tu_json_close_array(&w->to);
	}
	tu_json_close_object(&w->to);
}

static void put_statements(struct tu_sbom_writing *w)
{
	if (!w->inventory->statement_count)
		return;
	tu_json_key(&w->to, "vulnerabilities");
	tu_json_open_array(&w->to);
	for (size_t i = 0; i < w->inventory->statement_count; i++)
		put_statement(w, &w->inventory->statements[i]);
	tu_json_close_array(&w->to);
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

static void put_tool(struct tu_sbom_writing *w, struct tu_str name)
{
	if (!name.len)
		return;
	tu_json_open_object(&w->to);
	tu_json_member_str(&w->to, "type", TU_STR("application"));
	tu_json_member_str(&w->to, "name", name);
	tu_json_close_object(&w->to);
}

/* The schema wants each once. Documents name a few; a hundred thousand must not cost the square. */
static bool is_repeated(const struct tu_inventory *inventory, size_t tool)
{
	enum { LOOK_MAX = 64 };

	for (size_t i = 0; i < tool && i < LOOK_MAX; i++) {
		if (tu_str_eq(inventory->tools[i], inventory->tools[tool]))
			return true;
	}
	return false;
}

static void put_metadata(struct tu_sbom_writing *w, const struct tree *tree)
{
	const struct tu_inventory *inventory = w->inventory;
	struct tu_str created = tu_sbom__created_of(w);

	tu_json_key(&w->to, "metadata");
	tu_json_open_object(&w->to);
	if (tu_sbom__is_utc(created))
		tu_json_member_str(&w->to, "timestamp", created);
	else if (created.len)
		tu_sbom__lose(w, TU_LOSS_CREATED, NULL);
	tu_json_key(&w->to, "tools");
	tu_json_open_object(&w->to);
	tu_json_key(&w->to, "components");
	tu_json_open_array(&w->to);
	for (size_t i = 0; i < inventory->tool_count; i++) {
		if (!is_repeated(inventory, i) && !tu_str_eq(inventory->tools[i], w->options->tool))
			put_tool(w, inventory->tools[i]);
	}
	put_tool(w, w->options->tool);
	tu_json_close_array(&w->to);
	tu_json_close_object(&w->to);
	if (inventory->subject != TU_NO_COMPONENT &&
		inventory->components[inventory->subject].parent == TU_NO_COMPONENT) {
		tu_json_key(&w->to, "component");
		put_component(w, tree, inventory->subject);
	}
	tu_json_close_object(&w->to);
}

enum tu_status tu_sbom__write_cyclonedx(struct tu_sbom_writing *w, struct tu_error *err)
{
	struct tu_str serial = tu_sbom__serial_of(w);
	struct edges edges;
	struct tree tree;

	if (!grow_tree(w, &tree) || !gather_edges(w, &edges))
		return tu_fail(err, TU_E_NOMEM, 0, "out of memory while writing the SBOM");
	tu_json_open_object(&w->to);
	tu_json_member_str(&w->to, "bomFormat", TU_STR("CycloneDX"));
	tu_json_member_str(&w->to, "specVersion", TU_STR("1.6"));
	if (is_uuid(serial))
		tu_json_member_str(&w->to, "serialNumber", serial);
	else if (serial.len)
		tu_sbom__lose(w, TU_LOSS_SERIAL, NULL);
	tu_json_member_int(&w->to, "version", 1);
	put_metadata(w, &tree);
	put_components(w, &tree, tree.first[w->inventory->component_count], "components");
	put_dependencies(w, &edges);
	put_statements(w);
	tu_json_close_object(&w->to);
	return TU_OK;
}
