/*
 * SPDX 2.0 to 2.3 RDF/XML, written as SPDX JSON (see rewrite.h).
 *
 * RDF/XML says the same graph in many ways: elements nested where they are first needed or listed
 * at the top, properties as elements or attributes, references by rdf:resource or rdf:nodeID. So
 * the graph is gathered first, with the properties that an inventory needs, and written then.
 * Prefixes do not matter, namespaces do. Terms: https://spdx.github.io/spdx-spec/v2.3/, RDF
 * ontology; syntax: https://www.w3.org/TR/rdf-syntax-grammar/.
 */
#include "sbom/spdx.h"

#include "base/alloc.h"
#include "base/hash.h"
#include "base/xml.h"

#define RDF "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#define SPDX "http://spdx.org/rdf/terms"

#define NO_NODE UINT32_MAX

enum { NODES_MAX = 1 << 23, EXPRESSION_MAX = 64 * 1024 };

struct property {
	struct tu_str name; /* static */
	struct tu_str literal;
	uint32_t node; /* NO_NODE: the literal counts */
	uint32_t next; /* of the same subject; NO_NODE: the last one */
};

struct node {
	struct tu_str id; /* IRI, "_:name", empty: none */
	struct tu_str type; /* local name, static where it matters */
	uint32_t first;
	uint32_t last;
	size_t line;
};

/* Elements take turns: a node's children are properties, a property's are nodes. */
enum turn { TURN_TOP, TURN_NODE, TURN_PROPERTY };

struct frame {
	enum turn turn;
	uint32_t node; /* the subject */
	struct tu_str name; /* of a property; empty: not needed */
	bool answered; /* the property has its value: no literal */
};

struct graph {
	struct tu_sbom_rewrite *r;
	TU_VEC(struct node) nodes;
	TU_VEC(struct property) properties;
	uint32_t *slots; /* nodes by id, index + 1 */
	size_t mask;
	TU_VEC(struct frame) frames;
	size_t skipping;
	struct tu_str space; /* of the document: what stands before '#' */
	struct tu_str document_id;
};

/* Properties that are needed. */
static const struct tu_str wanted[] = {
	TU_STR_INIT("algorithm"),
	TU_STR_INIT("checksum"),
	TU_STR_INIT("checksumValue"),
	TU_STR_INIT("created"),
	TU_STR_INIT("creationInfo"),
	TU_STR_INIT("creator"),
	TU_STR_INIT("describesPackage"),
	TU_STR_INIT("externalRef"),
	TU_STR_INIT("fileName"),
	TU_STR_INIT("licenseConcluded"),
	TU_STR_INIT("licenseDeclared"),
	TU_STR_INIT("licenseException"),
	TU_STR_INIT("licenseExceptionId"),
	TU_STR_INIT("licenseId"),
	TU_STR_INIT("member"),
	TU_STR_INIT("name"),
	TU_STR_INIT("originator"),
	TU_STR_INIT("primaryPackagePurpose"),
	TU_STR_INIT("referenceLocator"),
	TU_STR_INIT("referenceType"),
	TU_STR_INIT("relatedSpdxElement"),
	TU_STR_INIT("relationship"),
	TU_STR_INIT("relationshipType"),
	TU_STR_INIT("sourceInfo"),
	TU_STR_INIT("specVersion"),
	TU_STR_INIT("supplier"),
	TU_STR_INIT("versionInfo"),
};

/* ---- the graph ---- */

static enum tu_status nomem(const struct graph *g)
{
	return tu_sbom__rewrite_nomem(g->r);
}

static size_t slot_of(const struct graph *g, struct tu_str id)
{
	size_t slot = (size_t)tu_hash_seeded(id, (uint64_t)(uintptr_t)g->r->scratch) & g->mask;

	while (g->slots[slot] && !tu_str_eq(g->nodes.at[g->slots[slot] - 1].id, id))
		slot = (slot + 1) & g->mask;
	return slot;
}

static enum tu_status grow_slots(struct graph *g)
{
	size_t count = g->slots ? (g->mask + 1) * 2 : 256;
	uint32_t *slots = tu_alloc(count, sizeof(*slots));

	if (!slots)
		return nomem(g);
	tu_free(g->slots);
	g->slots = slots;
	g->mask = count - 1;
	for (size_t i = 0; i < g->nodes.count; i++) {
		if (g->nodes.at[i].id.len)
			g->slots[slot_of(g, g->nodes.at[i].id)] = (uint32_t)i + 1;
	}
	return TU_OK;
}

static enum tu_status add_node(struct graph *g, struct tu_str id, size_t line, uint32_t *out_node)
{
	struct node node = {
		.type = {"", 0}, .first = NO_NODE, .last = NO_NODE, .line = line, .id = {"", 0}};

	*out_node = (uint32_t)g->nodes.count;
	if (!tu_arena_dup(g->r->scratch, id, &node.id) || !TU_VEC_PUSH(&g->nodes, node))
		return nomem(g);
	return TU_OK;
}

/* The node with this id; without an id a new one. */
static enum tu_status find_node(struct graph *g, struct tu_str id, size_t line, uint32_t *out_node)
{
	enum tu_status status = TU_OK;
	size_t slot;

	if (id.len == 0)
		return add_node(g, id, line, out_node);
	if (!g->slots || g->nodes.count * 2 > g->mask)
		status = grow_slots(g);
	if (status)
		return status;
	slot = slot_of(g, id);
	if (g->slots[slot]) {
		*out_node = g->slots[slot] - 1;
		return TU_OK;
	}
	status = add_node(g, id, line, out_node);
	if (!status)
		g->slots[slot] = *out_node + 1;
	return status;
}

static enum tu_status add_property(struct graph *g, uint32_t subject, struct tu_str name,
	struct tu_str literal, uint32_t object)
{
	struct property property = {
		.name = name, .literal = {"", 0}, .node = object, .next = NO_NODE};
	struct node *node = &g->nodes.at[subject];
	uint32_t index = (uint32_t)g->properties.count;

	if (name.len == 0)
		return TU_OK;
	if (!tu_arena_dup(g->r->scratch, literal, &property.literal) ||
		!TU_VEC_PUSH(&g->properties, property))
		return nomem(g);
	if (node->last == NO_NODE)
		node->first = index;
	else
		g->properties.at[node->last].next = index;
	node->last = index;
	return TU_OK;
}

/* ---- reading XML ---- */

static bool is_spdx(struct tu_str space)
{
	return tu_str_starts(space, TU_STR(SPDX));
}

static bool is_rdf(struct tu_xml_name name, const char *local)
{
	return tu_str_eq(name.space, TU_STR(RDF)) && tu_str_eq(name.local, tu_str_c(local));
}

/* Its own text when it is needed, else empty. */
static struct tu_str wanted_name(struct tu_xml_name name)
{
	for (size_t i = 0; is_spdx(name.space) && i < TU_COUNT(wanted); i++) {
		if (tu_str_eq(wanted[i], name.local))
			return wanted[i];
	}
	return (struct tu_str){"", 0};
}

/* "_:x" for rdf:nodeID, "#x" for rdf:ID. Texts of the arena. */
static enum tu_status prefixed(
	struct graph *g, const char *prefix, struct tu_str name, struct tu_str *out_id)
{
	size_t len = strlen(prefix);
	char *text = tu_arena_text(g->r->scratch, len + name.len);

	if (!text)
		return nomem(g);
	memcpy(text, prefix, len);
	if (name.len)
		memcpy(text + len, name.ptr, name.len);
	*out_id = tu_str_of(text, len + name.len);
	return TU_OK;
}

/* The id that attributes give: rdf:`direct`, rdf:nodeID or, on a node, rdf:ID. */
static enum tu_status id_of_attributes(
	struct graph *g, const struct tu_xml *xml, const char *direct, struct tu_str *out_id)
{
	struct tu_str id = tu_xml_attr(xml, RDF, direct);
	struct tu_str blank = tu_xml_attr(xml, RDF, "nodeID");
	struct tu_str local = tu_xml_attr(xml, RDF, "ID");

	*out_id = id;
	if (id.ptr)
		return TU_OK;
	if (blank.ptr)
		return prefixed(g, "_:", blank, out_id);
	if (local.ptr && strcmp(direct, "about") == 0)
		return prefixed(g, "#", local, out_id);
	return TU_OK;
}

static enum tu_status set_type(struct graph *g, uint32_t node, struct tu_str type)
{
	if (g->nodes.at[node].type.len)
		return TU_OK;
	return tu_arena_dup(g->r->scratch, type, &g->nodes.at[node].type) ? TU_OK : nomem(g);
}

/* spdx:name="…" on a node. */
static enum tu_status read_attributes(struct graph *g, const struct tu_xml *xml, uint32_t node)
{
	enum tu_status status = TU_OK;
	struct tu_xml_name name;
	struct tu_str value;

	for (size_t i = 0; !status && tu_xml_attr_at(xml, i, &name, &value); i++)
		status = add_property(g, node, wanted_name(name), tu_str_trim(value), NO_NODE);
	return status;
}

static enum tu_status push(struct graph *g, struct frame frame)
{
	return TU_VEC_PUSH(&g->frames, frame) ? TU_OK : nomem(g);
}

static enum tu_status open_node(struct graph *g, struct tu_xml *xml, struct tu_xml_name name)
{
	struct frame *parent = g->frames.count ? &g->frames.at[g->frames.count - 1] : NULL;
	struct frame frame = {.turn = TURN_NODE};
	struct tu_str id;
	enum tu_status status = id_of_attributes(g, xml, "about", &id);

	if (g->nodes.count >= NODES_MAX)
		return tu_xml_fail(xml, TU_E_LIMIT, "more than the limit of %d things", NODES_MAX);
	if (!status)
		status = find_node(g, id, tu_xml_line(xml), &frame.node);
	if (!status && is_spdx(name.space))
		status = set_type(g, frame.node, name.local);
	if (!status && parent && parent->turn == TURN_PROPERTY) {
		parent->answered = true;
		status = add_property(g, parent->node, parent->name, TU_STR(""), frame.node);
	}
	if (!status)
		status = read_attributes(g, xml, frame.node);
	return status ? status : push(g, frame);
}

static struct tu_str local_of(struct tu_str iri)
{
	size_t hash = tu_str_rfind(iri, '#');
	size_t slash = tu_str_rfind(iri, '/');

	if (hash < iri.len)
		return tu_str_from(iri, hash + 1);
	return slash < iri.len ? tu_str_from(iri, slash + 1) : iri;
}

/* A property whose value is in its attributes. */
static enum tu_status answer(struct graph *g, const struct tu_xml *xml, struct tu_xml_name name,
	struct frame *frame, struct tu_str id)
{
	uint32_t object;
	enum tu_status status;

	frame->answered = true;
	if (is_rdf(name, "type"))
		return is_spdx(id) ? set_type(g, frame->node, local_of(id)) : TU_OK;
	if (!frame->name.len)
		return TU_OK;
	status = find_node(g, id, tu_xml_line(xml), &object);
	return status ? status : add_property(g, frame->node, frame->name, TU_STR(""), object);
}

static enum tu_status open_property(struct graph *g, struct tu_xml *xml, struct tu_xml_name name)
{
	struct frame frame = {.turn = TURN_PROPERTY,
		.node = g->frames.at[g->frames.count - 1].node,
		.name = wanted_name(name)};
	struct tu_str parse_type = tu_xml_attr(xml, RDF, "parseType");
	struct tu_str id;
	uint32_t object;
	enum tu_status status = id_of_attributes(g, xml, "resource", &id);

	if (g->nodes.count >= NODES_MAX || g->properties.count >= NODES_MAX)
		return tu_xml_fail(xml, TU_E_LIMIT, "more than the limit of %d things", NODES_MAX);
	if (!status && id.len)
		status = answer(g, xml, name, &frame, id);
	if (status)
		return status;
	if (tu_str_eq(parse_type, TU_STR("Literal"))) {
		g->skipping++;
		return TU_OK;
	}
	if (!tu_str_eq(parse_type, TU_STR("Resource")))
		return push(g, frame);
	status = add_node(g, TU_STR(""), tu_xml_line(xml), &object);
	if (!status)
		status = add_property(g, frame.node, frame.name, TU_STR(""), object);
	return status ? status : push(g, (struct frame){.turn = TURN_NODE, .node = object});
}

static enum tu_status on_open(void *context, struct tu_xml *xml, struct tu_xml_name name)
{
	struct graph *g = context;

	if (g->skipping) {
		g->skipping++;
		return TU_OK;
	}
	if (g->frames.count == 0 && is_rdf(name, "RDF"))
		return push(g, (struct frame){.turn = TURN_TOP});
	if (g->frames.count && g->frames.at[g->frames.count - 1].turn == TURN_NODE)
		return open_property(g, xml, name);
	return open_node(g, xml, name);
}

static enum tu_status on_close(
	void *context, struct tu_xml *xml, struct tu_xml_name name, struct tu_str text)
{
	struct graph *g = context;
	struct frame frame;

	(void)xml;
	(void)name;
	if (g->skipping) {
		g->skipping--;
		return TU_OK;
	}
	frame = g->frames.at[--g->frames.count];
	if (frame.turn != TURN_PROPERTY || frame.answered)
		return TU_OK;
	return add_property(g, frame.node, frame.name, tu_str_trim(text), NO_NODE);
}

/* ---- asking the graph ---- */

/* The next property of that name after `after` (NO_NODE: the first), or NO_NODE. */
static uint32_t next_property(
	const struct graph *g, const struct node *node, const char *name, uint32_t after)
{
	uint32_t at = after == NO_NODE ? node->first : g->properties.at[after].next;

	while (at != NO_NODE && !tu_str_eq(g->properties.at[at].name, tu_str_c(name)))
		at = g->properties.at[at].next;
	return at;
}

/* A value as text: the literal, or the id of the thing. */
static struct tu_str value_of(const struct graph *g, const struct property *property)
{
	return property->node == NO_NODE ? property->literal : g->nodes.at[property->node].id;
}

static struct tu_str text_of(const struct graph *g, const struct node *node, const char *name)
{
	uint32_t at = next_property(g, node, name, NO_NODE);

	return at == NO_NODE ? (struct tu_str){"", 0} : value_of(g, &g->properties.at[at]);
}

static const struct node *node_of(const struct graph *g, uint32_t property)
{
	uint32_t node = property == NO_NODE ? NO_NODE : g->properties.at[property].node;

	return node == NO_NODE ? NULL : &g->nodes.at[node];
}

/* What stands behind the last "_" of a term: "checksumAlgorithm_sha1" → "sha1". */
static struct tu_str term_of(struct tu_str iri)
{
	struct tu_str local = local_of(iri);

	return tu_str_from(local, tu_str_find(local, '_') + 1);
}

/* ---- licences ---- */

static void add_licence(const struct graph *g, const struct node *node, size_t depth, bool inner,
	struct tu_buf *out);

static void add_set(const struct graph *g, const struct node *node, const char *word, size_t depth,
	bool inner, struct tu_buf *out)
{
	uint32_t at = next_property(g, node, "member", NO_NODE);
	bool first = true;

	if (inner)
		tu_buf_byte(out, '(');
	for (; at != NO_NODE && !out->failed; at = next_property(g, node, "member", at)) {
		if (!first)
			tu_buf_c(out, word);
		first = false;
		if (node_of(g, at))
			add_licence(g, node_of(g, at), depth + 1, true, out);
	}
	if (inner)
		tu_buf_byte(out, ')');
}

static void add_exception(
	const struct graph *g, const struct node *node, size_t depth, struct tu_buf *out)
{
	const struct node *exception =
		node_of(g, next_property(g, node, "licenseException", NO_NODE));

	add_set(g, node, " ", depth, false, out);
	if (!exception)
		return;
	tu_buf_c(out, " WITH ");
	tu_buf_str_add(out, text_of(g, exception, "licenseExceptionId"));
}

static bool is_type(const struct node *node, const char *type)
{
	return tu_str_eq(node->type, tu_str_c(type));
}

/* As SPDX writes it; a licence that has no id of its own by the end of its IRI. */
static void add_simple(const struct graph *g, const struct node *node, struct tu_buf *out)
{
	struct tu_str id = text_of(g, node, "licenseId");

	tu_buf_str_add(out, id.len ? id : local_of(node->id));
}

static void add_licence(const struct graph *g, const struct node *node, size_t depth, bool inner,
	struct tu_buf *out)
{
	enum { DEPTH_MAX = 64 };

	if (depth > DEPTH_MAX || out->failed)
		out->failed = true;
	else if (is_type(node, "ConjunctiveLicenseSet"))
		add_set(g, node, " AND ", depth, inner, out);
	else if (is_type(node, "DisjunctiveLicenseSet"))
		add_set(g, node, " OR ", depth, inner, out);
	else if (is_type(node, "WithExceptionOperator"))
		add_exception(g, node, depth, out);
	else if (is_type(node, "OrLaterOperator"))
		add_set(g, node, " ", depth, false, out), tu_buf_byte(out, '+');
	else
		add_simple(g, node, out);
}

static bool says_nothing(struct tu_str id)
{
	return tu_str_eq(id, TU_STR(SPDX "#noassertion")) || tu_str_eq(id, TU_STR(SPDX "#none"));
}

static enum tu_status write_licence(
	struct graph *g, const struct node *node, const char *name, struct tu_json_writer *to)
{
	uint32_t at = next_property(g, node, name, NO_NODE);
	const struct node *licence = node_of(g, at);
	struct tu_buf text;
	enum tu_status status = TU_OK;

	if (at == NO_NODE || (licence && says_nothing(licence->id)))
		return TU_OK;
	tu_buf_init(&text, EXPRESSION_MAX);
	if (licence)
		add_licence(g, licence, 0, false, &text);
	else
		tu_buf_str_add(&text, g->properties.at[at].literal);
	if (text.failed)
		status = tu_sbom__rewrite_note(g->r, node->line, TU_STR(""),
			"left out: a licence that is too long or turns in a circle", TU_STR(""));
	else
		tu_json_member_opt(to, name, tu_buf_str(&text));
	tu_buf_done(&text);
	return status;
}

/* ---- writing ---- */

/* The SPDXID of a thing; one of another document looks like one of an external reference. */
static void write_id(struct graph *g, struct tu_json_writer *to, const char *key, struct tu_str id)
{
	struct tu_buf text;

	if (g->document_id.len && tu_str_eq(id, g->document_id)) {
		tu_json_member_str(to, key, TU_STR("SPDXRef-DOCUMENT"));
		return;
	}
	tu_buf_init(&text, id.len + 32);
	if (!tu_str_starts(id, TU_STR("_:")) && tu_str_find(id, '#') < id.len &&
		!tu_str_eq(tu_str_first(id, tu_str_rfind(id, '#')), g->space))
		tu_buf_c(&text, "DocumentRef-external:");
	tu_buf_str_add(&text, tu_str_starts(id, TU_STR("_:")) ? id : local_of(id));
	tu_json_member_opt(to, key, tu_buf_str(&text));
	tu_buf_done(&text);
}

static void write_checksums(struct graph *g, const struct node *node, struct tu_json_writer *to)
{
	uint32_t at = next_property(g, node, "checksum", NO_NODE);

	if (at == NO_NODE)
		return;
	tu_json_key(to, "checksums");
	tu_json_open_array(to);
	for (; at != NO_NODE; at = next_property(g, node, "checksum", at)) {
		const struct node *sum = node_of(g, at);
		char algorithm[32];
		struct tu_str term;

		if (!sum)
			continue;
		term = tu_str_first(term_of(text_of(g, sum, "algorithm")), sizeof(algorithm));
		for (size_t i = 0; i < term.len; i++)
			algorithm[i] = tu_char_is_lower(term.ptr[i])
				? (char)(term.ptr[i] - 'a' + 'A')
				: term.ptr[i];
		tu_json_open_object(to);
		tu_json_member_str(to, "algorithm", tu_str_of(algorithm, term.len));
		tu_json_member_str(to, "checksumValue", text_of(g, sum, "checksumValue"));
		tu_json_close_object(to);
	}
	tu_json_close_array(to);
}

static void write_externals(struct graph *g, const struct node *node, struct tu_json_writer *to)
{
	uint32_t at = next_property(g, node, "externalRef", NO_NODE);

	if (at == NO_NODE)
		return;
	tu_json_key(to, "externalRefs");
	tu_json_open_array(to);
	for (; at != NO_NODE; at = next_property(g, node, "externalRef", at)) {
		const struct node *external = node_of(g, at);

		if (!external)
			continue;
		tu_json_open_object(to);
		tu_json_member_str(to, "referenceType", text_of(g, external, "referenceType"));
		tu_json_member_str(
			to, "referenceLocator", text_of(g, external, "referenceLocator"));
		tu_json_close_object(to);
	}
	tu_json_close_array(to);
}

static enum tu_status write_package(struct graph *g, const struct node *node)
{
	static const char *const members[] = {
		"name", "versionInfo", "supplier", "originator", "sourceInfo"};
	struct tu_json_writer *to = &g->r->to;
	enum tu_status status;

	tu_json_open_object(to);
	write_id(g, to, "SPDXID", node->id);
	for (size_t i = 0; i < TU_COUNT(members); i++)
		tu_json_member_opt(to, members[i], text_of(g, node, members[i]));
	tu_json_member_opt(
		to, "primaryPackagePurpose", term_of(text_of(g, node, "primaryPackagePurpose")));
	write_externals(g, node, to);
	write_checksums(g, node, to);
	status = write_licence(g, node, "licenseConcluded", to);
	if (!status)
		status = write_licence(g, node, "licenseDeclared", to);
	tu_json_close_object(to);
	return status;
}

static enum tu_status write_file(struct graph *g, const struct node *node)
{
	struct tu_json_writer *to = &g->r->to;
	enum tu_status status;

	tu_json_open_object(to);
	write_id(g, to, "SPDXID", node->id);
	tu_json_member_opt(to, "fileName", text_of(g, node, "fileName"));
	write_checksums(g, node, to);
	status = write_licence(g, node, "licenseConcluded", to);
	tu_json_close_object(to);
	return status;
}

static enum tu_status write_snippet(struct graph *g, const struct node *node)
{
	struct tu_json_writer *to = &g->r->to;

	tu_json_open_object(to);
	write_id(g, to, "SPDXID", node->id);
	tu_json_close_object(to);
	return TU_OK;
}

/* "relationshipType_dependsOn" → "DEPENDS_ON" */
static void write_relation(struct tu_json_writer *to, struct tu_str iri)
{
	struct tu_str term = tu_str_first(term_of(iri), 64);
	char words[128];
	size_t len = 0;

	for (size_t i = 0; i < term.len; i++) {
		char c = term.ptr[i];

		if (tu_char_is_upper(c) && i && tu_char_is_lower(term.ptr[i - 1]))
			words[len++] = '_';
		words[len++] = tu_char_is_lower(c) ? (char)(c - 'a' + 'A') : c;
	}
	tu_json_member_str(to, "relationshipType", tu_str_of(words, len));
}

static enum tu_status write_relationships(struct graph *g, const struct node *node)
{
	struct tu_json_writer *to = &g->r->to;
	uint32_t at = next_property(g, node, "relationship", NO_NODE);

	for (; at != NO_NODE; at = next_property(g, node, "relationship", at)) {
		const struct node *relationship = node_of(g, at);

		if (!relationship)
			continue;
		tu_json_open_object(to);
		write_id(g, to, "spdxElementId", node->id);
		write_relation(to, text_of(g, relationship, "relationshipType"));
		write_id(g, to, "relatedSpdxElement",
			text_of(g, relationship, "relatedSpdxElement"));
		tu_json_close_object(to);
	}
	return TU_OK;
}

static enum tu_status write_each(struct graph *g, const char *key, const char *type,
	enum tu_status (*write)(struct graph *g, const struct node *node))
{
	struct tu_json_writer *to = &g->r->to;
	enum tu_status status = TU_OK;

	tu_json_key(to, key);
	tu_json_open_array(to);
	for (size_t i = 0; !status && i < g->nodes.count; i++) {
		if (!type || is_type(&g->nodes.at[i], type))
			status = write(g, &g->nodes.at[i]);
		if (!status)
			status = tu_sbom__rewrite_check(g->r, &g->r->json);
	}
	tu_json_close_array(to);
	return status;
}

static void write_described(struct graph *g, const struct node *document)
{
	struct tu_json_writer *to = &g->r->to;
	uint32_t at = next_property(g, document, "describesPackage", NO_NODE);

	if (at == NO_NODE)
		return;
	tu_json_key(to, "documentDescribes");
	tu_json_open_array(to);
	for (; at != NO_NODE; at = next_property(g, document, "describesPackage", at))
		tu_json_add_str(to, local_of(value_of(g, &g->properties.at[at])));
	tu_json_close_array(to);
}

static void write_creation(struct graph *g, const struct node *document)
{
	const struct node *creation =
		node_of(g, next_property(g, document, "creationInfo", NO_NODE));
	struct tu_json_writer *to = &g->r->to;
	uint32_t at = creation ? next_property(g, creation, "creator", NO_NODE) : NO_NODE;

	if (!creation)
		return;
	tu_json_key(to, "creationInfo");
	tu_json_open_object(to);
	tu_json_member_opt(to, "created", text_of(g, creation, "created"));
	tu_json_key(to, "creators");
	tu_json_open_array(to);
	for (; at != NO_NODE; at = next_property(g, creation, "creator", at))
		tu_json_add_str(to, value_of(g, &g->properties.at[at]));
	tu_json_close_array(to);
	tu_json_close_object(to);
}

static enum tu_status write_head(struct graph *g, const struct node *document)
{
	struct tu_json_writer *to = &g->r->to;
	struct tu_str own = text_of(g, document, "specVersion");
	struct tu_str version = tu_sbom__spdx_version(g->r, own);

	if (own.len && !version.len)
		return tu_fail(g->r->err, TU_E_UNSUPPORTED, 0,
			"line %zu: SPDX RDF/XML, version \"%.*s\"; SPDX-2.0 to SPDX-2.3 are read",
			document->line, TU_STR_FMT(tu_str_first(own, 32)));
	tu_json_member_opt(to, "spdxVersion", version);
	tu_json_member_str(to, "SPDXID", TU_STR("SPDXRef-DOCUMENT"));
	tu_json_member_opt(to, "name", text_of(g, document, "name"));
	tu_json_member_opt(to, "documentNamespace", g->space);
	write_creation(g, document);
	return TU_OK;
}

static const struct node *find_document(const struct graph *g)
{
	for (size_t i = 0; i < g->nodes.count; i++) {
		if (is_type(&g->nodes.at[i], "SpdxDocument"))
			return &g->nodes.at[i];
	}
	return NULL;
}

static enum tu_status write_graph(struct graph *g)
{
	const struct node *document = find_document(g);
	enum tu_status status;

	if (!document)
		return tu_fail(g->r->err, TU_E_UNSUPPORTED, 0,
			"line 1, column 1: RDF/XML without an SpdxDocument of SPDX 2");
	g->document_id = document->id;
	g->space = tu_str_first(document->id, tu_str_rfind(document->id, '#'));
	tu_json_open_object(&g->r->to);
	status = write_head(g, document);
	if (!status)
		status = write_each(g, "packages", "Package", write_package);
	if (!status)
		status = write_each(g, "files", "File", write_file);
	if (!status)
		status = write_each(g, "snippets", "Snippet", write_snippet);
	if (!status)
		status = write_each(g, "relationships", NULL, write_relationships);
	write_described(g, document);
	tu_json_close_object(&g->r->to);
	return status ? status : tu_sbom__rewrite_check(g->r, &g->r->json);
}

enum tu_status tu_sbom__rewrite_spdx_rdf(struct tu_sbom_rewrite *r, struct tu_str text)
{
	struct graph g = {.r = r, .space = {"", 0}, .document_id = {"", 0}};
	const struct tu_xml_handler handler = {on_open, on_close, &g};
	const struct tu_xml_limits limits = {.bytes = r->limits->bytes, .depth = r->limits->depth};
	enum tu_status status = tu_xml_read(text, &limits, &handler, r->err);

	r->format = TU_SBOM_SPDX_RDF;
	if (!status)
		status = write_graph(&g);
	tu_free(g.slots);
	TU_VEC_DONE(&g.nodes);
	TU_VEC_DONE(&g.properties);
	TU_VEC_DONE(&g.frames);
	return status;
}
