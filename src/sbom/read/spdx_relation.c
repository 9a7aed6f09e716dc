#include "sbom/read/spdx_relation.h"

#include "sbom/relations.h"
#include "sbom/read/members.h"

#include <stddef.h>

static enum tu_status find_type(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	struct tu_str name, const struct tu_relation_row **out_row, bool *out_reversed)
{
	*out_row = tu_sbom__relation_spdx2(name, out_reversed);
	if (*out_row)
		return TU_OK;
	*out_reversed = false;
	*out_row = tu_sbom__relation_row(TU_REL_OTHER, TU_TYPE_PLAIN);
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
	UNKEPT("comment"),
};
static const struct tu_sbom_shape relationship_shape = {"not understood: member of a relationship:",
	relationship_members, TU_COUNT(relationship_members), "lost: member of a relationship:"};

/* The document is an end only where it describes something, and nothing describes it. */
static enum tu_status relate(struct tu_sbom_builder *b, struct tu_sbom_spdx_described *described,
	const struct tu_relation_row *row, const struct end *from, const struct end *to)
{
	const struct tu_relationship relationship = {
		from->index, to->index, row->relation, row->type};

	if (!from->known || !to->known || to->document)
		return TU_OK;
	if (from->document)
		describe(described, to->index);
	return tu_sbom__relate_as(b, &relationship);
}

/* "A DEPENDS_ON NONE": A is known to depend on nothing (11.1). */
static enum tu_status relate_to_nothing(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	const struct relationship *relationship, const struct tu_relation_row *row)
{
	uint32_t from;

	(void)tu_sbom__find(b, relationship->from, &from);
	if (tu_str_eq(relationship->to, TU_STR("NONE")) && row->relation == TU_REL_DEPENDS_ON &&
		row->type == TU_TYPE_PLAIN && from != TU_NO_COMPONENT)
		return tu_sbom__add_leaf(b, from);
	return tu_sbom__unkept(
		b, at, "lost: a relationship with NONE or NOASSERTION:", relationship->type);
}

enum tu_status tu_sbom__spdx_relationship(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct relationship relationship = {0};
	const struct tu_relation_row *row;
	bool reversed;
	struct end from;
	struct end to;
	enum tu_status status = tu_sbom__object(b, at, &relationship_shape, &relationship);

	if (!status)
		status = find_type(b, at, relationship.type, &row, &reversed);
	if (!status)
		status = find_end(b, at, relationship.from, &from);
	if (!status)
		status = find_end(b, at, relationship.to, &to);
	if (status)
		return status;
	if (tu_sbom__spdx_says_nothing(relationship.to))
		return relate_to_nothing(b, at, &relationship, row);
	if ((from.document || to.document) && row->relation != TU_REL_DESCRIBES)
		return tu_sbom__note(b, at, "not used: relationships of the document itself,",
			relationship.type);
	return reversed ? relate(b, into, row, &to, &from) : relate(b, into, row, &from, &to);
}

enum tu_status tu_sbom__spdx_described(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	const struct end document = {.index = TU_NO_COMPONENT, .document = true, .known = true};
	struct end end;
	enum tu_status status = find_end(b, at, tu_json_str(at->value), &end);

	return status ? status
		      : relate(b, into, tu_sbom__relation_row(TU_REL_DESCRIBES, TU_TYPE_PLAIN),
				&document, &end);
}
