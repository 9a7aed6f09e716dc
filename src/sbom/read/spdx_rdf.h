/*
 * SPDX RDF/XML in two files: the graph that XML says, and what is written of it.
 */
#ifndef TU_SBOM_SPDX_RDF_H
#define TU_SBOM_SPDX_RDF_H

#include "sbom/read/spdx.h"

#include "base/vec.h"

#define TU_RDF_SPDX "http://spdx.org/rdf/terms"

#define TU_RDF_NO_NODE UINT32_MAX

struct tu_rdf_property {
	struct tu_str name; /* static */
	struct tu_str literal;
	uint32_t node; /* TU_RDF_NO_NODE: the literal counts */
	uint32_t next; /* of the same subject; TU_RDF_NO_NODE: the last one */
};

struct tu_rdf_node {
	struct tu_str id; /* IRI, "_:name", empty: none */
	struct tu_str type; /* local name, static where it matters */
	uint32_t first;
	uint32_t last;
	size_t line;
};

/* Elements take turns: a node's children are properties, a property's are nodes. */
enum tu_rdf_turn { TU_RDF_TURN_TOP, TU_RDF_TURN_NODE, TU_RDF_TURN_PROPERTY };

struct tu_rdf_frame {
	enum tu_rdf_turn turn;
	uint32_t node; /* the subject */
	struct tu_str name; /* of a property; empty: not needed */
	bool answered; /* the property has its value: no literal */
};

struct tu_rdf_graph {
	struct tu_sbom_rewrite *r;
	TU_VEC(struct tu_rdf_node) nodes;
	TU_VEC(struct tu_rdf_property) properties;
	uint32_t *slots; /* nodes by id, index + 1 */
	size_t mask;
	TU_VEC(struct tu_rdf_frame) frames;
	size_t skipping;
	struct tu_str space; /* of the document: what comes before '#' */
	struct tu_str document_id;
};

/* Gather the graph. What it contains is given back by tu_sbom__rdf_done(), also after a failure. */
TU_NODISCARD enum tu_status tu_sbom__rdf_read(struct tu_rdf_graph *g, struct tu_str text);
void tu_sbom__rdf_done(struct tu_rdf_graph *g);

/* The next property of that name after `after` (TU_RDF_NO_NODE: the first), or TU_RDF_NO_NODE. */
uint32_t tu_sbom__rdf_next(const struct tu_rdf_graph *g, const struct tu_rdf_node *node,
	const char *name, uint32_t after);
/* A value as text: the literal, or the id of the thing. */
struct tu_str tu_sbom__rdf_value(
	const struct tu_rdf_graph *g, const struct tu_rdf_property *property);
/* That of the first property of the name, or the empty view. */
struct tu_str tu_sbom__rdf_text(
	const struct tu_rdf_graph *g, const struct tu_rdf_node *node, const char *name);
/* The thing that a property names, or NULL. */
const struct tu_rdf_node *tu_sbom__rdf_node(const struct tu_rdf_graph *g, uint32_t property);
bool tu_sbom__rdf_is_type(const struct tu_rdf_node *node, const char *type);
/* The end of an IRI. */
struct tu_str tu_sbom__rdf_local(struct tu_str iri);
/* What comes after the last "_" of a term: "checksumAlgorithm_sha1" → "sha1". */
struct tu_str tu_sbom__rdf_term(struct tu_str iri);

#endif
