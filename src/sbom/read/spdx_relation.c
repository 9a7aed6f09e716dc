#include "sbom/read/spdx_relation.h"

#include <stddef.h>

#define SLOT(type, member) offsetof(struct type, member)
#define KNOWN(name) \
	{ \
		TU_STR_INIT(name) \
	}

/* Relationship types and what they come to; reversed: "A DEPENDENCY_OF B" is "B depends on A". */
struct relation_type {
	struct tu_str name;
	enum tu_relation relation;
	bool reversed;
};

static const struct relation_type relation_types[] = {
	{TU_STR_INIT("CONTAINS"), TU_REL_CONTAINS, false},
	{TU_STR_INIT("CONTAINED_BY"), TU_REL_CONTAINS, true},
	{TU_STR_INIT("DEPENDS_ON"), TU_REL_DEPENDS_ON, false},
	{TU_STR_INIT("DEPENDENCY_OF"), TU_REL_DEPENDS_ON, true},
	{TU_STR_INIT("DESCRIBES"), TU_REL_DESCRIBES, false},
	{TU_STR_INIT("DESCRIBED_BY"), TU_REL_DESCRIBES, true},
	{TU_STR_INIT("DESCRIBE"), TU_REL_DESCRIBES, false}, /* seen in use, not in the clause */
	{TU_STR_INIT("BUILD_DEPENDENCY_OF"), TU_REL_DEPENDS_ON, true},
	{TU_STR_INIT("RUNTIME_DEPENDENCY_OF"), TU_REL_DEPENDS_ON, true},
	{TU_STR_INIT("OPTIONAL_DEPENDENCY_OF"), TU_REL_DEPENDS_ON, true},
	{TU_STR_INIT("PROVIDED_DEPENDENCY_OF"), TU_REL_DEPENDS_ON, true},
	{TU_STR_INIT("DYNAMIC_LINK"), TU_REL_DEPENDS_ON, false},
	{TU_STR_INIT("STATIC_LINK"), TU_REL_DEPENDS_ON, false},
	{TU_STR_INIT("HAS_PREREQUISITE"), TU_REL_DEPENDS_ON, false},
	{TU_STR_INIT("PREREQUISITE_FOR"), TU_REL_DEPENDS_ON, true},
	{TU_STR_INIT("PACKAGE_OF"), TU_REL_CONTAINS, true},
	{TU_STR_INIT("OPTIONAL_COMPONENT_OF"), TU_REL_CONTAINS, true},
	{TU_STR_INIT("GENERATED_FROM"), TU_REL_GENERATED_FROM, false},
	{TU_STR_INIT("GENERATES"), TU_REL_GENERATED_FROM, true},
	{TU_STR_INIT("EXPANDED_FROM_ARCHIVE"), TU_REL_GENERATED_FROM, false},
	{TU_STR_INIT("BUILD_TOOL_OF"), TU_REL_PROVIDES, false},
	{TU_STR_INIT("DEV_TOOL_OF"), TU_REL_PROVIDES, false},
	{TU_STR_INIT("TEST_TOOL_OF"), TU_REL_PROVIDES, false},
	{TU_STR_INIT("TEST_OF"), TU_REL_PROVIDES, false},
	{TU_STR_INIT("TEST_CASE_OF"), TU_REL_PROVIDES, false},
	{TU_STR_INIT("DATA_FILE_OF"), TU_REL_PROVIDES, false},
	{TU_STR_INIT("DOCUMENTATION_OF"), TU_REL_PROVIDES, false},
	{TU_STR_INIT("METAFILE_OF"), TU_REL_PROVIDES, false},
	{TU_STR_INIT("EXAMPLE_OF"), TU_REL_PROVIDES, false},
	{TU_STR_INIT("DEPENDENCY_MANIFEST_OF"), TU_REL_PROVIDES, false},
	{TU_STR_INIT("REQUIREMENT_DESCRIPTION_FOR"), TU_REL_PROVIDES, false},
	{TU_STR_INIT("SPECIFICATION_FOR"), TU_REL_PROVIDES, false},
	/* Needed to make it, not to run it. */
	{TU_STR_INIT("DEV_DEPENDENCY_OF"), TU_REL_OTHER, true},
	{TU_STR_INIT("TEST_DEPENDENCY_OF"), TU_REL_OTHER, true},
	{TU_STR_INIT("ANCESTOR_OF"), TU_REL_OTHER, false},
	{TU_STR_INIT("DESCENDANT_OF"), TU_REL_OTHER, false},
	{TU_STR_INIT("VARIANT_OF"), TU_REL_OTHER, false},
	{TU_STR_INIT("COPY_OF"), TU_REL_OTHER, false},
	{TU_STR_INIT("DISTRIBUTION_ARTIFACT"), TU_REL_OTHER, false},
	{TU_STR_INIT("PATCH_FOR"), TU_REL_OTHER, false},
	{TU_STR_INIT("PATCH_APPLIED"), TU_REL_OTHER, false},
	{TU_STR_INIT("FILE_ADDED"), TU_REL_OTHER, false},
	{TU_STR_INIT("FILE_DELETED"), TU_REL_OTHER, false},
	{TU_STR_INIT("FILE_MODIFIED"), TU_REL_OTHER, false},
	{TU_STR_INIT("AMENDS"), TU_REL_OTHER, false},
	{TU_STR_INIT("OTHER"), TU_REL_OTHER, false},
};

static enum tu_status find_type(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	struct tu_str name, const struct relation_type **out_type)
{
	static const struct relation_type other = {TU_STR_INIT(""), TU_REL_OTHER, false};

	for (size_t i = 0; i < TU_COUNT(relation_types); i++) {
		if (tu_str_ieq(relation_types[i].name, name)) {
			*out_type = &relation_types[i];
			return TU_OK;
		}
	}
	*out_type = &other;
	return tu_sbom__note(b, at, "not understood: relationship type", name);
}

static void describe(struct tu_sbom_spdx_described *described, uint32_t index)
{
	if (described->first == TU_NO_COMPONENT)
		described->first = index;
	else if (described->first != index)
		described->several = true;
}

struct end {
	uint32_t index;
	bool document;
	bool known; /* a component or the document */
};

static enum tu_status find_end(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	struct tu_str ref, struct end *out_end)
{
	enum tu_sbom_found found = tu_sbom__find(b, ref, &out_end->index);

	out_end->document = tu_str_eq(ref, TU_STR("SPDXRef-DOCUMENT"));
	out_end->known = out_end->document || found == TU_SBOM_FOUND_COMPONENT;
	if (out_end->known || found == TU_SBOM_FOUND_OTHER || tu_sbom__spdx_says_nothing(ref))
		return TU_OK;
	if (tu_str_starts(ref, TU_STR("DocumentRef-")))
		return tu_sbom__note(b, at,
			"not followed: relationships with elements of other documents", TU_STR(""));
	return tu_sbom__note(b, at, "a relationship names what the document does not have:", ref);
}

struct relationship {
	struct tu_str from;
	struct tu_str type;
	struct tu_str to;
};

static const struct tu_sbom_member relationship_members[] = {
	{TU_STR_INIT("spdxElementId"), TU_SBOM_STRING, tu_sbom__view, SLOT(relationship, from)},
	{TU_STR_INIT("relationshipType"), TU_SBOM_STRING, tu_sbom__view, SLOT(relationship, type)},
	{TU_STR_INIT("relatedSpdxElement"), TU_SBOM_STRING, tu_sbom__view, SLOT(relationship, to)},
	KNOWN("comment"),
};
static const struct tu_sbom_shape relationship_shape = {"not understood: member of a relationship:",
	relationship_members, TU_COUNT(relationship_members)};

/* The document is an end only where it describes something, and nothing describes it. */
static enum tu_status relate(struct tu_sbom_builder *b, struct tu_sbom_spdx_described *described,
	enum tu_relation relation, const struct end *from, const struct end *to)
{
	if (!from->known || !to->known || to->document)
		return TU_OK;
	if (from->document)
		describe(described, to->index);
	return tu_sbom__relate(b, from->index, relation, to->index);
}

enum tu_status tu_sbom__spdx_relationship(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct relationship relationship = {0};
	const struct relation_type *type;
	struct end from;
	struct end to;
	enum tu_status status = tu_sbom__object(b, at, &relationship_shape, &relationship);

	if (!status)
		status = find_type(b, at, relationship.type, &type);
	if (!status)
		status = find_end(b, at, relationship.from, &from);
	if (!status)
		status = find_end(b, at, relationship.to, &to);
	if (status)
		return status;
	if ((from.document || to.document) && type->relation != TU_REL_DESCRIBES)
		return tu_sbom__note(b, at, "not used: relationships of the document itself,",
			type->name.len ? type->name : relationship.type);
	return type->reversed ? relate(b, into, type->relation, &to, &from)
			      : relate(b, into, type->relation, &from, &to);
}

enum tu_status tu_sbom__spdx_described(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	const struct end document = {.index = TU_NO_COMPONENT, .document = true, .known = true};
	struct end end;
	enum tu_status status = find_end(b, at, tu_json_str(at->value), &end);

	return status ? status : relate(b, into, TU_REL_DESCRIBES, &document, &end);
}
