/*
 * SPDX 3.0 JSON-LD, in three files: the document and its graph, components with their licences,
 * relationships with statements.
 */
#ifndef TU_SBOM_SPDX3_H
#define TU_SBOM_SPDX3_H

#include "base/intern.h"
#include "sbom/inventory.h"

/* What an element is to an inventory. */
enum tu_spdx3_role {
	TU_SPDX3_UNKNOWN,
	TU_SPDX3_PACKAGE,
	TU_SPDX3_FILE,
	TU_SPDX3_DOCUMENT,
	TU_SPDX3_COLLECTION, /* its root elements are what it is about */
	TU_SPDX3_RELATIONSHIP,
	TU_SPDX3_STATEMENT,
	TU_SPDX3_CREATION,
	TU_SPDX3_UNKEPT, /* understood, and no part of an inventory */
	TU_SPDX3_OTHER /* is there, and may be named by others */
};

struct tu_spdx3_type {
	struct tu_str name;
	enum tu_spdx3_role role;
};

/* A licence that a relationship gives to an element. */
struct tu_spdx3_given {
	struct tu_str to;
	struct tu_licence licence;
};

struct tu_spdx3 {
	struct tu_sbom_builder *b;
	/* Elements by id: open addressing, an absent value is a free slot. */
	struct tu_json *slots;
	size_t mask;
	size_t packages;
	size_t files;
	TU_VEC(struct tu_spdx3_given) given; /* sorted by whom */
	struct tu_intern *custom; /* licences that expressions name */
	uint32_t described;
	bool several;
};

/* What an element is; one of an unknown type has the role TU_SPDX3_UNKNOWN. */
const struct tu_spdx3_type *tu_sbom__spdx3_type(struct tu_json element);
/* Its IRI, or the empty view. */
struct tu_str tu_sbom__spdx3_id(struct tu_json element);
/* The element that a value names: by id, or the value itself when it is written in place. */
struct tu_json tu_sbom__spdx3_element(const struct tu_spdx3 *s, struct tu_json value);
struct tu_str tu_sbom__spdx3_id_of(struct tu_json value);
/* Is it one of the individuals for "none" and "no assertion"? */
bool tu_sbom__spdx3_says_nothing(struct tu_str iri);
/* What an agent that a value names is called, and its e-mail address or URL. */
struct tu_sbom_made tu_sbom__spdx3_agent(const struct tu_spdx3 *s, struct tu_json value);
/* Call for the one value or each of an array. */
TU_NODISCARD enum tu_status tu_sbom__spdx3_each(struct tu_spdx3 *s, const struct tu_sbom_at *at,
	void *into,
	enum tu_status (*read)(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into));
/* The document is about this component. */
void tu_sbom__spdx3_describe(struct tu_spdx3 *s, uint32_t index);

/* Gather the licences that relationships give, from an element (`into` is the reading); sort them
 * when all are gathered. */
enum tu_status tu_sbom__spdx3_licences(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into);
void tu_sbom__spdx3_sort_licences(struct tu_spdx3 *s);
/* Add a package or file. */
TU_NODISCARD enum tu_status tu_sbom__spdx3_component(struct tu_sbom_builder *b,
	const struct tu_sbom_at *at, struct tu_spdx3 *s, enum tu_component_kind kind);
/* After tu_sbom__index(). */
TU_NODISCARD enum tu_status tu_sbom__spdx3_relationship(
	struct tu_spdx3 *s, const struct tu_sbom_at *at);
TU_NODISCARD enum tu_status tu_sbom__spdx3_statement(
	struct tu_spdx3 *s, const struct tu_sbom_at *at);

#endif
