/*
 * The JSON report of OpenEmbedded's cve-check and vex classes (meta/classes/cve-check.bbclass,
 * "version": "1"): the recipes of an image, with what the build knows about their vulnerabilities.
 *
 *   Patched    the recipe's patches resolve it, or its version is outside the record's range
 *   Ignored    a person decided that it does not concern the product
 *   Unpatched  the version lies in the range of the record: to be looked at, no more
 *
 * Which of these a person or a patch stands for is said by `detail`. What only compared versions
 * (with other data than ours), and what has no detail, is no statement: we compare ourselves.
 */
#include "sbom/evidence.h"
#include "sbom/read/members.h"

#include <stddef.h>

static enum tu_status read_cpe(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)into;
	return tu_sbom__add_cpe(b, tu_json_str(at->value));
}

static enum tu_status read_cpes(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	return tu_sbom__each(b, at, TU_SBOM_STRING, read_cpe, into);
}

/* "vendor:product" or "product", as the recipe's CVE_PRODUCT has it. */
static enum tu_status read_product(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)into;
	return tu_sbom__add_property(
		b, TU_STR("yocto:cve_product"), TU_JSON_STR(at->value, "product"));
}

static enum tu_status read_products(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	return tu_sbom__each(b, at, TU_SBOM_OBJECT, read_product, into);
}

static enum tu_status read_layer(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)into;
	return tu_sbom__add_property(b, TU_STR("yocto:layer"), tu_json_str(at->value));
}

/* The words of CVE_CHECK_STATUSMAP by which a status is more than a comparison of versions; "not
 * fixed by upstream" is the opposite of "does not concern". */
static const struct {
	struct tu_str detail;
	enum tu_claim_status status;
} details[] = {
	{TU_STR_INIT("backported-patch"), TU_CLAIM_FIXED},
	{TU_STR_INIT("cpe-stable-backport"), TU_CLAIM_FIXED},
	{TU_STR_INIT("fix-file-included"), TU_CLAIM_FIXED},
	{TU_STR_INIT("fixed-version"), TU_CLAIM_FIXED},
	{TU_STR_INIT("cpe-incorrect"), TU_CLAIM_NOT_AFFECTED},
	{TU_STR_INIT("disputed"), TU_CLAIM_NOT_AFFECTED},
	{TU_STR_INIT("ignored"), TU_CLAIM_NOT_AFFECTED},
	{TU_STR_INIT("not-applicable-config"), TU_CLAIM_NOT_AFFECTED},
	{TU_STR_INIT("not-applicable-platform"), TU_CLAIM_NOT_AFFECTED},
};

static enum tu_claim_status status_of(struct tu_json issue)
{
	enum tu_claim_status status =
		tu_claim_status_of(TU_WORDS_YOCTO, TU_JSON_STR(issue, "status"));
	struct tu_str detail = TU_JSON_STR(issue, "detail");

	for (size_t i = 0; i < TU_COUNT(details); i++)
		if (details[i].status == status && tu_str_eq(details[i].detail, detail))
			return status;
	return tu_claim_clears(status) ? TU_CLAIM_UNDER_INVESTIGATION : status;
}

/* Why: "backported-patch: in 0003-fix.patch". */
static struct tu_str reason_of(struct tu_json issue)
{
	struct tu_str description = TU_JSON_STR(issue, "description");

	return description.len ? description : TU_JSON_STR(issue, "detail");
}

/* Before the component is added: what is patched is a fact about it. */
static enum tu_status read_patched(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)into;
	if (status_of(at->value) != TU_CLAIM_FIXED || !TU_JSON_STR(at->value, "id").len)
		return TU_OK;
	return tu_sbom__add_resolved(b, TU_JSON_STR(at->value, "id"),
		TU_STR("yocto cve-check: Patched"), reason_of(at->value));
}

static enum tu_status read_all_patched(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	return tu_sbom__each(b, at, TU_SBOM_OBJECT, read_patched, into);
}

/* After it: the statements name it. */
static enum tu_status read_issue(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	const uint32_t *component = into;
	struct tu_str reason = reason_of(at->value);
	struct tu_sbom_evidence evidence = {.id = TU_JSON_STR(at->value, "id"),
		.status = status_of(at->value),
		.justification = TU_JSON_STR(at->value, "detail"),
		.detail = reason.len ? reason : TU_STR("yocto cve-check"),
		.component = *component};

	if (!evidence.id.len)
		return tu_sbom__note_each(
			b, at, "left out: a vulnerability without id", TU_STR(""));
	if (evidence.status == TU_CLAIM_UNSTATED)
		return tu_sbom__note(b, at,
			"not understood: status of an issue:", TU_JSON_STR(at->value, "status"));
	return tu_sbom__add_evidence(b, &evidence);
}

#define IN_DRAFT(member) SLOT(tu_sbom_draft, member)
static const struct tu_sbom_member package_members[] = {
	{TU_STR_INIT("name"), TU_SBOM_STRING, tu_sbom__text, IN_DRAFT(component.name)},
	{TU_STR_INIT("version"), TU_SBOM_STRING, tu_sbom__text, IN_DRAFT(component.version)},
	{TU_STR_INIT("layer"), TU_SBOM_STRING, read_layer, 0},
	{TU_STR_INIT("products"), TU_SBOM_ARRAY, read_products, 0},
	{TU_STR_INIT("cpes"), TU_SBOM_ARRAY, read_cpes, 0},
	{TU_STR_INIT("issue"), TU_SBOM_ARRAY, read_all_patched, 0},
};
static const struct tu_sbom_shape package_shape = {
	"not understood: member of a package:", package_members, TU_COUNT(package_members)};

static enum tu_status read_package(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_sbom_at issues = tu_sbom__member(at, TU_STR("issue"));
	struct tu_sbom_draft draft;
	enum tu_status status;
	uint32_t index;

	(void)into;
	tu_sbom__draft(b, &draft);
	draft.component.ordinal = (uint32_t)at->index;
	status = tu_sbom__object(b, at, &package_shape, &draft);
	if (!status)
		status = tu_sbom__add(b, at, &draft, &index);
	if (status || !tu_json_is_array(issues.value))
		return status;
	return tu_sbom__each(b, &issues, TU_SBOM_OBJECT, read_issue, &index);
}

enum tu_status tu_sbom__read_cve_check(struct tu_sbom_builder *b, const struct tu_sbom_at *root)
{
	struct tu_sbom_at packages;
	struct tu_sbom_at version = tu_sbom__member(root, TU_STR("version"));
	enum tu_status status =
		tu_sbom__section(b, root, TU_STR("package"), TU_JSON_ARRAY, &packages);

	b->inventory->format = TU_SBOM_YOCTO_CVE_CHECK;
	b->inventory->list = TU_STR("package");
	if (!status && !tu_str_eq(tu_json_str(version.value), TU_STR("1")))
		return tu_json_fail(b->err, TU_E_UNSUPPORTED, version.value,
			"Yocto cve-check JSON, version \"%.*s\"; version 1 is read",
			TU_STR_FMT(tu_str_first(tu_json_str(version.value), 32)));
	if (!status)
		status = tu_sbom__copy(b, TU_STR("1"), &b->inventory->spec_version);
	if (!status)
		status = tu_sbom__reserve(b, &packages, tu_json_count(packages.value));
	if (!status)
		status = tu_sbom__each(b, &packages, TU_SBOM_OBJECT, read_package, NULL);
	return status ? status : tu_sbom__index(b);
}
