/* SPDX RDF/XML, the graph (see spdx_rdf.c). */
#include "sbom/read/spdx_rdf.h"

#include "base/alloc.h"
#include "base/hash.h"
#include "base/xml.h"

#define RDF "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

enum { NODES_MAX = 1 << 23 };

/* Properties that are needed. */
static const struct tu_str wanted[] = {
	TU_STR_INIT("algorithm"),
	TU_STR_INIT("annotation"),
	TU_STR_INIT("attributionText"),
	TU_STR_INIT("builtDate"),
	TU_STR_INIT("checksum"),
	TU_STR_INIT("checksumValue"),
	TU_STR_INIT("comment"),
	TU_STR_INIT("copyrightText"),
	TU_STR_INIT("created"),
	TU_STR_INIT("creationInfo"),
	TU_STR_INIT("creator"),
	TU_STR_INIT("dataLicense"),
	TU_STR_INIT("describesPackage"),
	TU_STR_INIT("description"),
	TU_STR_INIT("downloadLocation"),
	TU_STR_INIT("externalDocumentRef"),
	TU_STR_INIT("externalRef"),
	TU_STR_INIT("extractedText"),
	TU_STR_INIT("fileName"),
	TU_STR_INIT("filesAnalyzed"),
	TU_STR_INIT("homepage"),
	TU_STR_INIT("licenseComments"),
	TU_STR_INIT("licenseConcluded"),
	TU_STR_INIT("licenseDeclared"),
	TU_STR_INIT("licenseException"),
	TU_STR_INIT("licenseExceptionId"),
	TU_STR_INIT("licenseId"),
	TU_STR_INIT("licenseListVersion"),
	TU_STR_INIT("member"),
	TU_STR_INIT("name"),
	TU_STR_INIT("originator"),
	TU_STR_INIT("packageFileName"),
	TU_STR_INIT("packageVerificationCode"),
	TU_STR_INIT("primaryPackagePurpose"),
	TU_STR_INIT("referenceCategory"),
	TU_STR_INIT("referenceLocator"),
	TU_STR_INIT("referenceType"),
	TU_STR_INIT("relatedSpdxElement"),
	TU_STR_INIT("relationship"),
	TU_STR_INIT("relationshipType"),
	TU_STR_INIT("releaseDate"),
	TU_STR_INIT("seeAlso"),
	TU_STR_INIT("sourceInfo"),
	TU_STR_INIT("specVersion"),
	TU_STR_INIT("summary"),
	TU_STR_INIT("supplier"),
	TU_STR_INIT("validUntilDate"),
	TU_STR_INIT("versionInfo"),
};

/* ---- the graph ---- */

static enum tu_status nomem(const struct tu_rdf_graph *g)
{
	return tu_sbom__rewrite_nomem(g->r);
}

static size_t slot_of(const struct tu_rdf_graph *g, struct tu_str id)
{
	size_t slot = (size_t)tu_hash_seeded(id, (uint64_t)(uintptr_t)g->r->scratch) & g->mask;

	while (g->slots[slot] && !tu_str_eq(g->nodes.at[g->slots[slot] - 1].id, id))
		slot = (slot + 1) & g->mask;
	return slot;
}

static enum tu_status grow_slots(struct tu_rdf_graph *g)
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

static enum tu_status add_node(
	struct tu_rdf_graph *g, struct tu_str id, size_t line, uint32_t *out_node)
{
	struct tu_rdf_node node = {.type = {"", 0},
		.first = TU_RDF_NO_NODE,
		.last = TU_RDF_NO_NODE,
		.line = line,
		.id = {"", 0}};

	*out_node = (uint32_t)g->nodes.count;
	if (!tu_arena_dup(g->r->scratch, id, &node.id) || !TU_VEC_PUSH(&g->nodes, node))
		return nomem(g);
	return TU_OK;
}

/* The node with this id; without an id a new one. */
static enum tu_status find_node(
	struct tu_rdf_graph *g, struct tu_str id, size_t line, uint32_t *out_node)
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

static enum tu_status add_property(struct tu_rdf_graph *g, uint32_t subject, struct tu_str name,
	struct tu_str literal, uint32_t object)
{
	struct tu_rdf_property property = {
		.name = name, .literal = {"", 0}, .node = object, .next = TU_RDF_NO_NODE};
	struct tu_rdf_node *node = &g->nodes.at[subject];
	uint32_t index = (uint32_t)g->properties.count;

	if (name.len == 0)
		return TU_OK;
	if (!tu_arena_dup(g->r->scratch, literal, &property.literal) ||
		!TU_VEC_PUSH(&g->properties, property))
		return nomem(g);
	if (node->last == TU_RDF_NO_NODE)
		node->first = index;
	else
		g->properties.at[node->last].next = index;
	node->last = index;
	return TU_OK;
}

/* ---- reading XML ---- */

static bool is_spdx(struct tu_str space)
{
	return tu_str_starts(space, TU_STR(TU_RDF_SPDX));
}

static bool is_rdf(struct tu_xml_name name, const char *local)
{
	return tu_str_eq(name.space, TU_STR(RDF)) && tu_str_eq(name.local, tu_str_c(local));
}

/* SPDX's own properties, and those that it takes from others: home pages, comments. */
static bool has_properties(struct tu_str space)
{
	return is_spdx(space) || tu_str_eq(space, TU_STR("http://usefulinc.com/ns/doap#")) ||
		tu_str_eq(space, TU_STR("http://www.w3.org/2000/01/rdf-schema#"));
}

/* Its own text when it is needed, else empty. */
static struct tu_str wanted_name(struct tu_xml_name name)
{
	for (size_t i = 0; has_properties(name.space) && i < TU_COUNT(wanted); i++) {
		if (tu_str_eq(wanted[i], name.local))
			return wanted[i];
	}
	return (struct tu_str){"", 0};
}

/* "_:x" for rdf:nodeID, "#x" for rdf:ID. Texts of the arena. */
static enum tu_status prefixed(
	struct tu_rdf_graph *g, const char *prefix, struct tu_str name, struct tu_str *out_id)
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
	struct tu_rdf_graph *g, const struct tu_xml *xml, const char *direct, struct tu_str *out_id)
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

static enum tu_status set_type(struct tu_rdf_graph *g, uint32_t node, struct tu_str type)
{
	if (g->nodes.at[node].type.len)
		return TU_OK;
	return tu_arena_dup(g->r->scratch, type, &g->nodes.at[node].type) ? TU_OK : nomem(g);
}

/* spdx:name="…" on a node. */
static enum tu_status read_attributes(
	struct tu_rdf_graph *g, const struct tu_xml *xml, uint32_t node)
{
	enum tu_status status = TU_OK;
	struct tu_xml_name name;
	struct tu_str value;

	for (size_t i = 0; !status && tu_xml_attr_at(xml, i, &name, &value); i++)
		status = add_property(
			g, node, wanted_name(name), tu_str_trim(value), TU_RDF_NO_NODE);
	return status;
}

static enum tu_status push(struct tu_rdf_graph *g, struct tu_rdf_frame frame)
{
	return TU_VEC_PUSH(&g->frames, frame) ? TU_OK : nomem(g);
}

static enum tu_status open_node(struct tu_rdf_graph *g, struct tu_xml *xml, struct tu_xml_name name)
{
	struct tu_rdf_frame *parent = g->frames.count ? &g->frames.at[g->frames.count - 1] : NULL;
	struct tu_rdf_frame frame = {.turn = TU_RDF_TURN_NODE};
	struct tu_str id;
	enum tu_status status = id_of_attributes(g, xml, "about", &id);

	if (g->nodes.count >= NODES_MAX)
		return tu_xml_fail(xml, TU_E_LIMIT, "more than the limit of %d things", NODES_MAX);
	if (!status)
		status = find_node(g, id, tu_xml_line(xml), &frame.node);
	if (!status && is_spdx(name.space))
		status = set_type(g, frame.node, name.local);
	if (!status && parent && parent->turn == TU_RDF_TURN_PROPERTY) {
		parent->answered = true;
		status = add_property(g, parent->node, parent->name, TU_STR(""), frame.node);
	}
	if (!status)
		status = read_attributes(g, xml, frame.node);
	return status ? status : push(g, frame);
}

struct tu_str tu_sbom__rdf_local(struct tu_str iri)
{
	size_t hash = tu_str_rfind(iri, '#');
	size_t slash = tu_str_rfind(iri, '/');

	if (hash < iri.len)
		return tu_str_from(iri, hash + 1);
	return slash < iri.len ? tu_str_from(iri, slash + 1) : iri;
}

/* A property whose value is in its attributes. */
static enum tu_status answer(struct tu_rdf_graph *g, const struct tu_xml *xml,
	struct tu_xml_name name, struct tu_rdf_frame *frame, struct tu_str id)
{
	uint32_t object;
	enum tu_status status;

	frame->answered = true;
	if (is_rdf(name, "type"))
		return is_spdx(id) ? set_type(g, frame->node, tu_sbom__rdf_local(id)) : TU_OK;
	if (!frame->name.len)
		return TU_OK;
	status = find_node(g, id, tu_xml_line(xml), &object);
	return status ? status : add_property(g, frame->node, frame->name, TU_STR(""), object);
}

static enum tu_status open_property(
	struct tu_rdf_graph *g, struct tu_xml *xml, struct tu_xml_name name)
{
	struct tu_rdf_frame frame = {.turn = TU_RDF_TURN_PROPERTY,
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
	return status ? status
		      : push(g, (struct tu_rdf_frame){.turn = TU_RDF_TURN_NODE, .node = object});
}

static enum tu_status on_open(void *context, struct tu_xml *xml, struct tu_xml_name name)
{
	struct tu_rdf_graph *g = context;

	if (g->skipping) {
		g->skipping++;
		return TU_OK;
	}
	if (g->frames.count == 0 && is_rdf(name, "RDF"))
		return push(g, (struct tu_rdf_frame){.turn = TU_RDF_TURN_TOP});
	if (g->frames.count && g->frames.at[g->frames.count - 1].turn == TU_RDF_TURN_NODE)
		return open_property(g, xml, name);
	return open_node(g, xml, name);
}

static enum tu_status on_close(
	void *context, struct tu_xml *xml, struct tu_xml_name name, struct tu_str text)
{
	struct tu_rdf_graph *g = context;
	struct tu_rdf_frame frame;

	(void)xml;
	(void)name;
	if (g->skipping) {
		g->skipping--;
		return TU_OK;
	}
	frame = g->frames.at[--g->frames.count];
	if (frame.turn != TU_RDF_TURN_PROPERTY || frame.answered)
		return TU_OK;
	return add_property(g, frame.node, frame.name, tu_str_trim(text), TU_RDF_NO_NODE);
}

enum tu_status tu_sbom__rdf_read(struct tu_rdf_graph *g, struct tu_str text)
{
	const struct tu_xml_handler handler = {on_open, on_close, g};
	const struct tu_xml_limits limits = {
		.bytes = g->r->limits->bytes, .depth = g->r->limits->depth};

	return tu_xml_read(text, &limits, &handler, g->r->err);
}

void tu_sbom__rdf_done(struct tu_rdf_graph *g)
{
	tu_free(g->slots);
	TU_VEC_DONE(&g->nodes);
	TU_VEC_DONE(&g->properties);
	TU_VEC_DONE(&g->frames);
}

/* ---- asking the graph ---- */

uint32_t tu_sbom__rdf_next(const struct tu_rdf_graph *g, const struct tu_rdf_node *node,
	const char *name, uint32_t after)
{
	uint32_t at = after == TU_RDF_NO_NODE ? node->first : g->properties.at[after].next;

	while (at != TU_RDF_NO_NODE && !tu_str_eq(g->properties.at[at].name, tu_str_c(name)))
		at = g->properties.at[at].next;
	return at;
}

struct tu_str tu_sbom__rdf_value(
	const struct tu_rdf_graph *g, const struct tu_rdf_property *property)
{
	return property->node == TU_RDF_NO_NODE ? property->literal
						: g->nodes.at[property->node].id;
}

struct tu_str tu_sbom__rdf_text(
	const struct tu_rdf_graph *g, const struct tu_rdf_node *node, const char *name)
{
	uint32_t at = tu_sbom__rdf_next(g, node, name, TU_RDF_NO_NODE);

	return at == TU_RDF_NO_NODE ? (struct tu_str){"", 0}
				    : tu_sbom__rdf_value(g, &g->properties.at[at]);
}

const struct tu_rdf_node *tu_sbom__rdf_node(const struct tu_rdf_graph *g, uint32_t property)
{
	uint32_t node =
		property == TU_RDF_NO_NODE ? TU_RDF_NO_NODE : g->properties.at[property].node;

	return node == TU_RDF_NO_NODE ? NULL : &g->nodes.at[node];
}

struct tu_str tu_sbom__rdf_term(struct tu_str iri)
{
	struct tu_str local = tu_sbom__rdf_local(iri);

	return tu_str_from(local, tu_str_find(local, '_') + 1);
}

bool tu_sbom__rdf_is_type(const struct tu_rdf_node *node, const char *type)
{
	return tu_str_eq(node->type, tu_str_c(type));
}
