/*
 * CycloneDX JSON 1.2 to 1.7 (ECMA-424 is 1.6), in four files: the document, its components,
 * what both have, and statements. Member names: the specification's JSON schemas,
 * github.com/CycloneDX/specification, schema/.
 *
 * The tables list every member of those schemas for the objects that are read: those without a
 * reader say nothing more (KNOWN), or are named as lost when a document is written (UNKEPT).
 */
#ifndef TU_SBOM_CYCLONEDX_H
#define TU_SBOM_CYCLONEDX_H

#include "sbom/inventory.h"

/* Components in a list, nested ones too: their array is allocated once. */
size_t tu_sbom__cyclonedx_count(struct tu_json list);
/* Add one component and what is nested in it. */
TU_NODISCARD enum tu_status tu_sbom__cyclonedx_component(struct tu_sbom_builder *b,
	const struct tu_sbom_at *at, uint32_t parent, uint32_t ordinal, uint32_t *out_index);
/* For tables. Who made the document: a person or an organisation; its supplier (`into`: a text that
 * gets the name); who made a component (`into`: the draft), of one or of several. */
enum tu_status tu_sbom__cyclonedx_author(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into);
enum tu_status tu_sbom__cyclonedx_supplier(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into);
enum tu_status tu_sbom__cyclonedx_maker(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into);
/* For tables: the hashes of the draft. */
enum tu_status tu_sbom__cyclonedx_hashes(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into);
/* Lists of a component or of the document; a member that is a text, or several. */
TU_NODISCARD enum tu_status tu_sbom__cyclonedx_licences(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, struct tu_sbom_lists *lists);
TU_NODISCARD enum tu_status tu_sbom__cyclonedx_references(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, struct tu_sbom_lists *lists);
TU_NODISCARD enum tu_status tu_sbom__cyclonedx_properties(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, struct tu_sbom_lists *lists);
TU_NODISCARD enum tu_status tu_sbom__cyclonedx_text(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, struct tu_sbom_lists *lists);
/* For tu_sbom__list(): a statement, once components can be found. */
enum tu_status tu_sbom__cyclonedx_vulnerability(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into);
/* Add the components of a list; `list` may be absent. */
TU_NODISCARD enum tu_status tu_sbom__cyclonedx_components(
	struct tu_sbom_builder *b, const struct tu_sbom_at *list, uint32_t parent);

#endif
