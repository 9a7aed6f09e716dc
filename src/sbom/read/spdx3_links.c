/* SPDX 3.0 JSON-LD, relationships and statements (see spdx3.h). */
#include "sbom/read/spdx3.h"

#include "sbom/relations.h"

/* ---- relationships ---- */

/* Types that are understood and say nothing on two components. */
static bool is_ignored(struct tu_str type)
{
	static const struct tu_str ignored[] = {TU_STR_INIT("hasConcludedLicense"),
		TU_STR_INIT("hasDeclaredLicense"), TU_STR_INIT("serializedInArtifact"),
		TU_STR_INIT("availableFrom"), TU_STR_INIT("delegatedTo"),
		TU_STR_INIT("publishedBy"), TU_STR_INIT("reportedBy"), TU_STR_INIT("republishedBy"),
		TU_STR_INIT("foundBy"), TU_STR_INIT("fixedBy"), TU_STR_INIT("coordinatedBy"),
		TU_STR_INIT("exploitCreatedBy"), TU_STR_INIT("hasAssessmentFor"),
		TU_STR_INIT("hasAssociatedVulnerability")};

	for (size_t i = 0; i < TU_COUNT(ignored); i++) {
		if (tu_str_eq(ignored[i], type))
			return true;
	}
	return false;
}

static enum tu_status find_relation(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	const struct tu_relation_row **out_row, bool *out_reversed)
{
	struct tu_str type = TU_JSON_STR(at->value, "relationshipType");

	*out_row = tu_sbom__relation_spdx3(type, TU_JSON_STR(at->value, "scope"), out_reversed);
	if (*out_row)
		return TU_OK;
	*out_row = tu_sbom__relation_row(TU_REL_OTHER, TU_TYPE_PLAIN);
	*out_reversed = false;
	return tu_sbom__note(b, at, "not understood: relationship type", type);
}

/* What is needed only to develop or test it is no dependency of the product. */
static bool is_of_the_workshop(struct tu_json relationship)
{
	struct tu_str scope = TU_JSON_STR(relationship, "scope");

	return tu_str_eq(scope, TU_STR("development")) || tu_str_eq(scope, TU_STR("test"));
}

struct relating {
	struct tu_spdx3 *s;
	uint32_t from;
	enum tu_relation relation;
	enum tu_relation_type type;
	bool reversed;
	bool from_collection; /* a document or SBOM, which is no component but describes */
};

static enum tu_status find_end(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	struct tu_str id, uint32_t *out_index)
{
	if (tu_sbom__find(b, id, out_index) != TU_SBOM_FOUND_NOTHING ||
		tu_sbom__spdx3_says_nothing(id))
		return TU_OK;
	return tu_sbom__note(b, at, "a relationship names what the document does not have:", id);
}

/* Known to depend on nothing. */
static enum tu_status relate_to_nothing(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, const struct relating *relating)
{
	if (relating->relation == TU_REL_DEPENDS_ON && relating->type == TU_TYPE_PLAIN &&
		relating->from != TU_NO_COMPONENT)
		return tu_sbom__add_leaf(b, relating->from);
	return tu_sbom__unkept(b, at, "lost: a relationship with nothing", TU_STR(""));
}

/* What a relationship says beside its type, scope and ends. */
static enum tu_status note_unkept(struct tu_sbom_builder *b, const struct tu_sbom_at *at)
{
	static const char *const members[] = {
		"comment", "description", "completeness", "startTime", "endTime"};
	enum tu_status status = TU_OK;

	for (size_t i = 0; !status && i < TU_COUNT(members); i++) {
		struct tu_sbom_at member = tu_sbom__member(at, tu_str_c(members[i]));

		status = tu_sbom__unkept(
			b, &member, "lost: member of a relationship:", tu_str_c(members[i]));
	}
	return status;
}

static enum tu_status read_target(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	const struct relating *relating = into;
	struct tu_str id = tu_sbom__spdx3_id_of(at->value);
	struct tu_relationship relationship = {
		.from = relating->from, .relation = relating->relation, .type = relating->type};
	uint32_t to;
	enum tu_status status = find_end(b, at, id, &to);

	if (!status && tu_str_ends(id, TU_STR("/NoneElement")))
		return relate_to_nothing(b, at, relating);
	relationship.to = to;
	if (relating->reversed)
		relationship = (struct tu_relationship){
			to, relating->from, relating->relation, relating->type};
	if (status || to == TU_NO_COMPONENT)
		return status;
	if (relating->from_collection && relating->relation == TU_REL_DESCRIBES)
		tu_sbom__spdx3_describe(relating->s, to);
	else if (relating->from == TU_NO_COMPONENT)
		return TU_OK;
	return tu_sbom__relate_as(b, &relationship);
}

enum tu_status tu_sbom__spdx3_relationship(struct tu_spdx3 *s, const struct tu_sbom_at *at)
{
	struct relating relating = {.s = s};
	struct tu_sbom_at from = tu_sbom__member(at, TU_STR("from"));
	struct tu_sbom_at to = tu_sbom__member(at, TU_STR("to"));
	const struct tu_relation_row *row;
	enum tu_spdx3_role role = tu_sbom__spdx3_type(tu_sbom__spdx3_element(s, from.value))->role;
	enum tu_status status;

	if (is_ignored(TU_JSON_STR(at->value, "relationshipType")))
		return TU_OK;
	status = find_relation(s->b, at, &row, &relating.reversed);
	if (status)
		return status;
	if (!from.value.doc || !to.value.doc)
		return tu_sbom__note_each(
			s->b, at, "left out: a relationship without from or to", TU_STR(""));
	relating.relation = row->relation;
	relating.type = row->type;
	if (is_of_the_workshop(at->value) && row->relation != TU_REL_OTHER) {
		relating.relation = TU_REL_OTHER;
		relating.type = TU_TYPE_PLAIN;
	}
	relating.from_collection = role == TU_SPDX3_DOCUMENT || role == TU_SPDX3_COLLECTION;
	status = note_unkept(s->b, at);
	if (status)
		return status;
	status = find_end(s->b, &from, tu_sbom__spdx3_id_of(from.value), &relating.from);
	return status ? status : tu_sbom__spdx3_each(s, &to, &relating, read_target);
}

/* ---- statements on vulnerabilities ---- */

static struct tu_str vulnerability_id(const struct tu_spdx3 *s, struct tu_json value)
{
	struct tu_json vulnerability = tu_sbom__spdx3_element(s, value);
	struct tu_json identifiers = tu_json_get(vulnerability, TU_STR("externalIdentifier"));
	struct tu_json_iter iter = tu_json_iter(identifiers);
	struct tu_str id = tu_sbom__spdx3_id_of(value);
	struct tu_json identifier;

	while (tu_json_is_array(identifiers) && tu_json_next_item(&iter, &identifier)) {
		struct tu_str text = TU_JSON_STR(identifier, "identifier");

		if (tu_sbom__is_vulnerability_id(text))
			return text;
	}
	if (TU_JSON_STR(vulnerability, "name").len)
		return TU_JSON_STR(vulnerability, "name");
	/* One of another document: its IRI may end in the id. */
	id = tu_str_from(id, tu_str_rfind(id, '/') + 1);
	id = tu_str_find(id, '#') < id.len ? tu_str_from(id, tu_str_rfind(id, '#') + 1) : id;
	return tu_sbom__is_vulnerability_id(id) ? id : (struct tu_str){"", 0};
}

struct about {
	struct tu_spdx3 *s;
	bool document;
	size_t others; /* named, and no component */
	size_t dangling; /* named, and not in the document */
};

static enum tu_status read_about(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct about *about = into;
	uint32_t index;
	enum tu_sbom_found found = tu_sbom__find(b, tu_sbom__spdx3_id_of(at->value), &index);
	struct tu_json element = tu_sbom__spdx3_element(about->s, at->value);

	if (tu_sbom__spdx3_type(element)->role == TU_SPDX3_DOCUMENT)
		about->document = true;
	if (found == TU_SBOM_FOUND_COMPONENT)
		return TU_VEC_PUSH(&b->about, index) ? TU_OK : tu_sbom__nomem(b);
	about->others += found == TU_SBOM_FOUND_OTHER;
	if (found == TU_SBOM_FOUND_OTHER)
		return TU_OK;
	about->dangling++;
	return tu_sbom__note(b, at, "a vulnerability names what the document does not have:",
		tu_sbom__spdx3_id_of(at->value));
}

static enum tu_status copy_statement(
	struct tu_sbom_builder *b, struct tu_json assessment, struct tu_vex_claim *claim)
{
	static const char *const details[] = {
		"security_impactStatement", "security_actionStatement", "security_statusNotes"};
	static const char *const times[] = {"security_modifiedTime", "security_publishedTime"};
	struct tu_str *detail =
		claim->status == TU_CLAIM_NOT_AFFECTED ? &claim->impact : &claim->notes;
	enum tu_status status = tu_sbom__copy(
		b, TU_JSON_STR(assessment, "security_justificationType"), &claim->justification);

	for (size_t i = 0; !status && !detail->len && i < TU_COUNT(details); i++) {
		struct tu_str text = tu_json_str(tu_json_get(assessment, tu_str_c(details[i])));

		/* What affects must have an action statement; some have none. */
		if (!tu_str_eq(text, TU_STR("NOASSERTION")))
			status = tu_sbom__copy(b, text, detail);
	}
	for (size_t i = 0; !status && !claim->timestamp.len && i < TU_COUNT(times); i++)
		status = tu_sbom__copy(b, tu_json_str(tu_json_get(assessment, tu_str_c(times[i]))),
			&claim->timestamp);
	return status;
}

/* By the assessment's type and the relationship's, which must agree. */
static void take_status(struct tu_json assessment, struct tu_vex_claim *claim)
{
	struct tu_str type = TU_JSON_STR(assessment, "type");
	struct tu_json relation = tu_json_get(assessment, TU_STR("relationshipType"));
	enum tu_claim_status status;

	if (!type.len)
		type = TU_JSON_STR(assessment, "@type");
	status = tu_claim_status_of(TU_WORDS_SPDX3, type);
	claim->garbled = status == TU_CLAIM_UNSTATED ||
		(relation.doc &&
			tu_claim_status_of(TU_WORDS_SPDX3_RELATION, tu_json_str(relation)) !=
				status);
	claim->status = claim->garbled ? TU_CLAIM_UNSTATED : status;
}

/* The whole document, or what it does not have: a product of its own. */
static enum tu_status add_other(
	struct tu_sbom_builder *b, const struct about *about, struct tu_vex_claim *claim)
{
	struct tu_vex_product *product = tu_arena_alloc(b->arena, sizeof(*product));

	if (!product)
		return tu_sbom__nomem(b);
	*product = (struct tu_vex_product){
		.whole = about->document, .dangling = !about->document && about->dangling};
	claim->products = product;
	claim->product_count = 1;
	return tu_sbom__add_claim(b, claim);
}

enum tu_status tu_sbom__spdx3_statement(struct tu_spdx3 *s, const struct tu_sbom_at *at)
{
	struct tu_vex_claim claim = {0};
	struct tu_sbom_at to = tu_sbom__member(at, TU_STR("to"));
	struct tu_str id = vulnerability_id(s, tu_json_get(at->value, TU_STR("from")));
	struct about about = {.s = s};
	enum tu_status status;

	if (!id.len)
		return tu_sbom__note_each(
			s->b, at, "left out: a vulnerability without id", TU_STR(""));
	if (tu_json_get(at->value, TU_STR("security_withdrawnTime")).doc)
		return tu_sbom__note(s->b, at, "left out: a statement that was withdrawn on", id);
	take_status(at->value, &claim);
	s->b->about.count = 0;
	status = tu_sbom__copy(s->b, id, &claim.vulnerability);
	if (!status)
		status = copy_statement(s->b, at->value, &claim);
	if (!status)
		status = tu_sbom__spdx3_each(s, &to, &about, read_about);
	if (!status && claim.garbled)
		status =
			tu_sbom__note(s->b, at, "not understood: the status of a statement on", id);
	if (!status && (s->b->about.count || !(about.document || about.dangling || about.others)))
		status = tu_sbom__add_claim(s->b, &claim);
	s->b->about.count = 0;
	if (!status && (about.document || about.dangling))
		status = add_other(s->b, &about, &claim);
	return status;
}
