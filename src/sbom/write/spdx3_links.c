/* SPDX 3.0.1 JSON-LD: licences, relationships, vulnerabilities and statements on them. */
#include "sbom/write/spdx3.h"

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

static void give_licences(struct tu_spdx3_writing *s, uint32_t index)
{
	const struct tu_component *c = &s->w->inventory->components[index];
	bool any = false;

	for (size_t i = 0; i < c->licence_count; i++) {
		if (tu_sbom__is_no_licence(c->licences[i].text)) {
			tu_sbom__lose(s->w, TU_LOSS_LICENCE, c);
			continue;
		}
		if (!any) {
			open_link(s, "Relationship", "hasDeclaredLicense");
			tu_sbom__spdx3_add_id(s, index);
			open_targets(s);
		}
		any = true;
		tu_sbom__spdx3_add_made(
			s, "license-", tu_sbom__spdx3_number(s, s->licences, c->licences[i].text));
	}
	if (any)
		close_link(s);
}

/* What is no expression is a text by its name. */
static void put_licences(struct tu_spdx3_writing *s)
{
	for (uint32_t i = 0; i < tu_intern_count(s->licences); i++) {
		struct tu_str text = tu_intern_str(s->licences, i);

		if (tu_sbom__is_licence_expression(text)) {
			tu_sbom__spdx3_open(s, "simplelicensing_LicenseExpression", "license-", i);
			tu_json_member_str(&s->to, "simplelicensing_licenseExpression", text);
		} else {
			tu_sbom__spdx3_open(
				s, "simplelicensing_SimpleLicensingText", "license-", i);
			tu_json_member_str(&s->to, "name", text);
			tu_json_member_str(&s->to, "simplelicensing_licenseText", text);
		}
		tu_json_close_object(&s->to);
	}
}

/* ---- relationships ---- */

static const char *const relations[] = {
	[TU_REL_DEPENDS_ON] = "dependsOn",
	[TU_REL_CONTAINS] = "contains",
	[TU_REL_DESCRIBES] = "describes",
	[TU_REL_PROVIDES] = "hasSpecification",
	[TU_REL_GENERATED_FROM] = "generates", /* the other way round */
	[TU_REL_OTHER] = "other",
};

static void put_reversed(struct tu_spdx3_writing *s, const struct tu_relationship *edge)
{
	open_link(s, "Relationship", relations[edge->relation]);
	tu_sbom__spdx3_add_id(s, edge->to);
	open_targets(s);
	tu_sbom__spdx3_add_id(s, edge->from);
	close_link(s);
}

/* The targets of one source by one relation. */
static size_t put_edges(struct tu_spdx3_writing *s, size_t at)
{
	const struct tu_relationship *first = &s->edges.at[at];

	open_link(s, "Relationship", relations[first->relation]);
	tu_sbom__spdx3_add_id(s, first->from);
	open_targets(s);
	for (; at < s->edges.count && s->edges.at[at].from == first->from &&
		s->edges.at[at].relation == first->relation;
		at++)
		tu_sbom__spdx3_add_id(s, s->edges.at[at].to);
	close_link(s);
	return at;
}

/* What the document describes are its root elements. */
static void put_relationships(struct tu_spdx3_writing *s)
{
	size_t at = 0;

	while (at < s->edges.count && s->edges.at[at].from != TU_NO_COMPONENT) {
		if (s->edges.at[at].relation == TU_REL_GENERATED_FROM)
			put_reversed(s, &s->edges.at[at++]);
		else
			at = put_edges(s, at);
	}
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
	for (uint32_t i = 0; i < s->w->inventory->component_count; i++)
		give_licences(s, i);
	put_licences(s);
	put_relationships(s);
	for (size_t i = 0; i < s->w->inventory->claim_count; i++)
		put_claim(s, &s->w->inventory->claims[i]);
	put_vulnerabilities(s);
}
