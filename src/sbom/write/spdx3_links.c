/* SPDX 3.0.1 JSON-LD: licences, relationships, vulnerabilities and statements on them. */
#include "sbom/write/spdx3.h"

#include <stdlib.h>
#include <string.h>

#include "sbom/relations.h"

/* An element that leads from one to several: the caller adds these, and closes. */
static void open_link(struct tu_spdx3_writing *s, const char *type, const char *relation)
{
	tu_sbom__spdx3_open(s, type, "relationship-", s->relationships++);
	tu_json_member_str(&s->to, "relationshipType", tu_str_c(relation));
	tu_json_key(&s->to, "from");
}

static void open_targets(struct tu_spdx3_writing *s)
{
	tu_json_key(&s->to, "to");
	tu_json_open_array(&s->to);
}

static void close_link(struct tu_spdx3_writing *s)
{
	tu_json_close_array(&s->to);
	tu_json_close_object(&s->to);
}

/* ---- licences ---- */

#define NO_LICENCE "https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/NoneLicense"
#define NO_ELEMENT "https://spdx.org/rdf/3.0.1/terms/Core/NoneElement"

static void give_licence(struct tu_spdx3_writing *s, uint32_t index,
	enum tu_acknowledgement acknowledgement, const char *relation)
{
	const struct tu_component *c = &s->w->inventory->components[index];
	struct tu_buf text;

	tu_buf_init(&text, SIZE_MAX / 2);
	if (tu_spdx_licences_say(&s->licences, c, acknowledgement, &text)) {
		open_link(s, "Relationship", relation);
		tu_sbom__spdx3_add_id(s, index);
		open_targets(s);
		if (tu_str_eq(tu_buf_str(&text), TU_STR("NONE")))
			tu_json_add_str(&s->to, TU_STR(NO_LICENCE));
		else
			tu_sbom__spdx3_add_made(s, "license-",
				tu_sbom__spdx3_number(s, s->expressions, tu_buf_str(&text)));
		close_link(s);
	}
	s->w->out->failed = s->w->out->failed || text.failed;
	tu_buf_done(&text);
}

struct numbers {
	TU_VEC(size_t) at;
	bool failed;
};

/* The references that an expression names, by their numbers, in one look at each of its words. */
static void find_references(
	const struct tu_spdx3_writing *s, struct tu_str expression, struct numbers *out)
{
	while (expression.len) {
		size_t len = 0;
		size_t number;

		while (len < expression.len && !strchr(" ()", expression.ptr[len]))
			len++;
		number = tu_spdx_licences_find(&s->licences, tu_str_first(expression, len));
		if (number < s->licences.references.count && !TU_VEC_PUSH(&out->at, number))
			out->failed = true;
		expression = tu_str_from(expression, len < expression.len ? len + 1 : len);
	}
}

static int compare_numbers(const void *a, const void *b)
{
	size_t x = *(const size_t *)a;
	size_t y = *(const size_t *)b;

	return (x > y) - (x < y);
}

/* Which element each LicenseRef-… in an expression is, each once. */
static void put_custom_ids(struct tu_spdx3_writing *s, struct tu_str expression)
{
	struct numbers found = {0};

	find_references(s, expression, &found);
	s->w->out->failed = s->w->out->failed || found.failed;
	if (found.at.count) {
		qsort(found.at.at, found.at.count, sizeof(*found.at.at), compare_numbers);
		tu_json_key(&s->to, "simplelicensing_customIdToUri");
		tu_json_open_array(&s->to);
	}
	for (size_t i = 0; i < found.at.count; i++) {
		size_t number = found.at.at[i];

		if (i && number == found.at.at[i - 1])
			continue;
		tu_json_open_object(&s->to);
		tu_json_member_str(&s->to, "type", TU_STR("DictionaryEntry"));
		tu_json_member_str(&s->to, "key", s->licences.references.at[number].id);
		tu_json_key(&s->to, "value");
		tu_sbom__spdx3_add_made(s, "license-text-", number);
		tu_json_close_object(&s->to);
	}
	if (found.at.count)
		tu_json_close_array(&s->to);
	TU_VEC_DONE(&found.at);
}

static void put_licence_text(
	struct tu_spdx3_writing *s, const struct tu_spdx_reference *reference, size_t number)
{
	if (reference->url_count)
		tu_sbom__lose(s->w, TU_LOSS_LICENCE_TEXT, NULL);
	tu_sbom__spdx3_open(s, "simplelicensing_SimpleLicensingText", "license-text-", number);
	tu_json_member_str(&s->to, "name", reference->name.len ? reference->name : reference->id);
	tu_json_member_opt(&s->to, "comment", reference->comment);
	tu_json_member_str(&s->to, "simplelicensing_licenseText",
		reference->text.len ? reference->text : TU_STR("NOASSERTION"));
	tu_json_close_object(&s->to);
}

static void put_licences(struct tu_spdx3_writing *s)
{
	tu_spdx_licences_close(&s->licences);
	for (uint32_t i = 0; i < tu_intern_count(s->expressions); i++) {
		struct tu_str text = tu_intern_str(s->expressions, i);

		tu_sbom__spdx3_open(s, "simplelicensing_LicenseExpression", "license-", i);
		tu_json_member_str(&s->to, "simplelicensing_licenseExpression", text);
		put_custom_ids(s, text);
		tu_json_close_object(&s->to);
	}
	for (size_t i = 0; i < s->licences.references.count; i++)
		put_licence_text(s, &s->licences.references.at[i], i);
}

/* ---- relationships ---- */

static const struct tu_relation_row *row_of(
	struct tu_spdx3_writing *s, const struct tu_relationship *edge)
{
	const struct tu_relation_row *row = tu_sbom__relation_row(edge->relation, edge->type);

	if (row->spdx3.word.len)
		return row;
	tu_sbom__lose(s->w, TU_LOSS_RELATION_OTHER, &s->w->inventory->components[edge->to]);
	return tu_sbom__relation_row(edge->relation, TU_TYPE_PLAIN);
}

static void open_edge(struct tu_spdx3_writing *s, const struct tu_relation_row *row)
{
	open_link(s, row->scope.len ? "LifecycleScopedRelationship" : "Relationship",
		row->spdx3.word.ptr);
}

static void close_edge(struct tu_spdx3_writing *s, const struct tu_relation_row *row)
{
	tu_json_close_array(&s->to);
	tu_json_member_opt(&s->to, "scope", row->scope);
	tu_json_close_object(&s->to);
}

static void put_reversed(struct tu_spdx3_writing *s, const struct tu_relationship *edge,
	const struct tu_relation_row *row)
{
	open_edge(s, row);
	tu_sbom__spdx3_add_id(s, edge->to);
	open_targets(s);
	tu_sbom__spdx3_add_id(s, edge->from);
	close_edge(s, row);
}

/* The targets of one source by one relation. */
static size_t put_edges(struct tu_spdx3_writing *s, size_t at, const struct tu_relation_row *row)
{
	const struct tu_relationship *first = &s->edges.at[at];

	open_edge(s, row);
	tu_sbom__spdx3_add_id(s, first->from);
	open_targets(s);
	for (; at < s->edges.count && s->edges.at[at].from == first->from &&
		s->edges.at[at].relation == first->relation && s->edges.at[at].type == first->type;
		at++)
		tu_sbom__spdx3_add_id(s, s->edges.at[at].to);
	close_edge(s, row);
	return at;
}

/* Known to depend on nothing. */
static void put_leaves(struct tu_spdx3_writing *s)
{
	for (size_t i = 0; i < s->w->inventory->leaf_count; i++) {
		open_link(s, "Relationship", "dependsOn");
		tu_sbom__spdx3_add_id(s, s->w->inventory->leaves[i]);
		open_targets(s);
		tu_json_add_str(&s->to, TU_STR(NO_ELEMENT));
		close_link(s);
	}
}

/* What the document describes are its root elements. */
static void put_relationships(struct tu_spdx3_writing *s)
{
	size_t at = 0;

	while (at < s->edges.count && s->edges.at[at].from != TU_NO_COMPONENT) {
		const struct tu_relation_row *row = row_of(s, &s->edges.at[at]);

		if (row->spdx3.reversed)
			put_reversed(s, &s->edges.at[at++], row);
		else
			at = put_edges(s, at, row);
	}
	put_leaves(s);
}

/* ---- statements ---- */

/* What a state is here; `detail` is the member that says more, `needed` one that must be there. */
struct assessment {
	const char *detail;
	bool needed;
	bool justified; /* it may have a justification, which does instead */
};

static const struct assessment assessments[] = {
	[TU_CLAIM_UNSTATED] = {NULL, false, false},
	[TU_CLAIM_UNDER_INVESTIGATION] = {"security_statusNotes", false, false},
	[TU_CLAIM_AFFECTED] = {"security_actionStatement", true, false},
	[TU_CLAIM_NOT_AFFECTED] = {"security_impactStatement", true, true},
	[TU_CLAIM_FIXED] = {"security_statusNotes", false, false},
};

static void put_reason(struct tu_spdx3_writing *s, const struct tu_vex_claim *claim,
	const struct assessment *assessment)
{
	struct tu_str word = assessment->justified
		? tu_sbom__say_justification(claim->justification, TU_SAY_SPDX3)
		: TU_STR("");
	struct tu_buf detail;

	tu_buf_init(&detail, SIZE_MAX / 2);
	tu_sbom__say_detail(s->w, claim, TU_SAY_SPDX3, &detail);
	tu_json_member_opt(&s->to, "security_justificationType", word);
	if (detail.len)
		tu_json_member_str(&s->to, assessment->detail, tu_buf_str(&detail));
	else if (assessment->needed && !word.len)
		tu_json_member_str(&s->to, assessment->detail, TU_STR("NOASSERTION"));
	tu_buf_done(&detail);
}

/* SPDX 3 has no versions of what a statement is about: without them it would be about more. */
static bool has_place(const struct tu_vex_product *product)
{
	return (product->component_count || product->whole) && !product->narrowed &&
		!product->unreadable && !product->version_count && !product->excluded_count;
}

static size_t places_of(const struct tu_vex_claim *claim)
{
	size_t count = 0;

	for (size_t i = 0; i < claim->product_count; i++)
		count += has_place(&claim->products[i]);
	return count;
}

static void put_targets(struct tu_spdx3_writing *s, const struct tu_vex_product *product)
{
	for (size_t i = 0; i < product->component_count; i++)
		tu_sbom__spdx3_add_id(s, product->components[i]);
	if (product->whole)
		tu_sbom__spdx3_add_id(s, TU_NO_COMPONENT);
}

static void put_claim(struct tu_spdx3_writing *s, const struct tu_vex_claim *claim)
{
	const struct assessment *assessment = &assessments[claim->status];
	size_t places = places_of(claim);

	if (!assessment->detail || places < claim->product_count || !places)
		tu_sbom__lose(s->w, TU_LOSS_STATEMENT, NULL);
	if (!assessment->detail || !places)
		return;
	if (tu_str_eq(claim->state, TU_STR("false_positive")))
		tu_sbom__lose(s->w, TU_LOSS_STATE, NULL);
	open_link(s, tu_claim_word(TU_WORDS_SPDX3, claim->status),
		tu_claim_word(TU_WORDS_SPDX3_RELATION, claim->status));
	tu_sbom__spdx3_add_made(s, "vulnerability-",
		tu_sbom__spdx3_number(s, s->vulnerabilities, claim->vulnerability));
	put_reason(s, claim, assessment);
	open_targets(s);
	for (size_t i = 0; i < claim->product_count; i++)
		if (has_place(&claim->products[i]))
			put_targets(s, &claim->products[i]);
	close_link(s);
}

static void put_vulnerabilities(struct tu_spdx3_writing *s)
{
	for (uint32_t i = 0; i < tu_intern_count(s->vulnerabilities); i++) {
		struct tu_str id = tu_intern_str(s->vulnerabilities, i);

		tu_sbom__spdx3_open(s, "security_Vulnerability", "vulnerability-", i);
		tu_json_member_str(&s->to, "name", id);
		tu_json_key(&s->to, "externalIdentifier");
		tu_json_open_array(&s->to);
		tu_sbom__spdx3_identifier(
			s, tu_str_starts(id, TU_STR("CVE-")) ? "cve" : "securityOther", id);
		tu_json_close_array(&s->to);
		tu_json_close_object(&s->to);
	}
}

void tu_sbom__spdx3_links(struct tu_spdx3_writing *s)
{
	for (uint32_t i = 0; i < s->w->inventory->component_count; i++) {
		give_licence(s, i, TU_ACK_CONCLUDED, "hasConcludedLicense");
		give_licence(s, i, TU_ACK_DECLARED, "hasDeclaredLicense");
	}
	put_licences(s);
	put_relationships(s);
	for (size_t i = 0; i < s->w->inventory->claim_count; i++)
		put_claim(s, &s->w->inventory->claims[i]);
	put_vulnerabilities(s);
}
