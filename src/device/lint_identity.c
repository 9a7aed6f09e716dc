/* Lints of what statements are published under: the maker, the device's id, identifiers of releases
 * and of the subjects of their SBOMs. */
#include <string.h>

#include <tutela/cpe.h>
#include <tutela/purl.h>

#include "device/lint.h"
#include "device/placeholder.h"
#include "vex/name.h"

static const struct tu_place top = {1, 1};

static void look_placeholders(struct linting *l)
{
	struct tu_placeholder left[TU_PLACEHOLDERS_MAX];
	size_t count = tu_device__placeholders(l->device, left);

	for (size_t i = 0; i < count; i++)
		tu_lint__tell(l, l->device->file, top,
			"%s is still the template's \"%.*s\": statements and reports would carry "
			"it",
			left[i].field, TU_STR_FMT(left[i].value));
}

static void look_domains(struct linting *l)
{
	struct tu_str namespace_ = l->device->manufacturer.namespace_;

	if (tu_device__is_reserved(namespace_))
		tu_lint__tell(l, l->device->file, top,
			"manufacturer.namespace \"%.*s\" is a domain for examples: statements "
			"need one of your own",
			TU_STR_FMT(namespace_));
}

/* What statements cannot do without (OpenVEX and CSAF name documents and their publisher by it). */
static void look_namespace(struct linting *l)
{
	struct tu_str namespace_ = l->device->manufacturer.namespace_;

	if (!namespace_.len)
		tu_lint__tell(l, l->device->file, top, "%s",
			"no manufacturer.namespace is stated: OpenVEX and CSAF need a URL that "
			"names you");
}

/* Letters, digits and signs of ASCII that file names and addresses can have. */
static bool is_plain_id(struct tu_str id)
{
	for (size_t i = 0; i < id.len; i++)
		if (!tu_char_is_alnum(id.ptr[i]) && !strchr("-._+", id.ptr[i]))
			return false;
	return true;
}

/* Statements are published under the id: one that nobody stated, and that has lost letters or
 * signs of the family's name, is not what the maker would choose. */
static void look_id(struct linting *l)
{
	if (!is_plain_id(l->device->id))
		tu_lint__tell(l, l->device->file, top,
			"id \"%.*s\" has characters that file names and addresses of statements "
			"cannot have: two such ids may become one",
			TU_STR_FMT(l->device->id));
	if (l->device->id_digest)
		tu_lint__tell(l, l->device->file, top,
			"documents are named by the id \"%.*s\": the family's name has "
			"characters that ids do not have; state an \"id\" of your own",
			TU_STR_FMT(l->device->id));
}

/* A purl and a CPE that name this release and no other. */
static void look_identifiers(struct linting *l)
{
	for (size_t i = 0; i < l->device->release_count; i++) {
		const struct tu_release *release = &l->device->releases[i];
		struct tu_purl purl;
		struct tu_cpe cpe;

		if (release->purl.len &&
			tu_purl_parse(l->arena, release->purl, &purl, NULL) != TU_OK)
			tu_lint__tell(l, l->device->file, release->place,
				"purl \"%.*s\" of release %.*s cannot be read: statements leave "
				"it out",
				TU_STR_FMT(release->purl), TU_STR_FMT(release->version));
		if (!release->cpe.len)
			continue;
		if (tu_cpe_parse(l->arena, release->cpe, &cpe, NULL) != TU_OK)
			tu_lint__tell(l, l->device->file, release->place,
				"CPE \"%.*s\" of release %.*s cannot be read: statements leave it "
				"out",
				TU_STR_FMT(release->cpe), TU_STR_FMT(release->version));
		else if (tu_str_eq(cpe.attr[TU_CPE_VERSION], TU_STR("*")))
			tu_lint__tell(l, l->device->file, release->place,
				"CPE \"%.*s\" of release %.*s has no version: it means every "
				"release, and statements leave it out",
				TU_STR_FMT(release->cpe), TU_STR_FMT(release->version));
	}
}

/* Who has the SBOM matches statements by what it calls its subject. */
static void look_subject(
	struct linting *l, const struct tu_release *release, const struct tu_inventory *inventory)
{
	struct tu_issue_product product = {
		.version = release->version, .purl = release->purl, .cpe = release->cpe};
	struct tu_naming naming = {0};
	bool stated, fine;

	fine = tu_naming_settle(l->arena, &product) == TU_OK &&
		tu_naming_init(&naming, l->arena, inventory) == TU_OK;
	stated = product.purl.len || product.cpe.len;
	fine = fine && tu_naming_subject(&naming, &product) == TU_OK;
	if (fine && !tu_naming_agrees(&naming, &product))
		tu_lint__tell(l, l->device->file, release->place,
			stated ? "release %.*s: the subject of its SBOM does not have the purl or "
				 "CPE that is stated here: who has the SBOM cannot match statements"
			       : "release %.*s: the subject of its SBOM has no purl and no CPE by "
				 "which others could match statements; give it one",
			TU_STR_FMT(release->version));
	l->failed |= !fine || naming.identity.status;
	tu_naming_done(&naming);
}

static void look_subjects(struct linting *l)
{
	for (size_t i = 0; i < l->device->release_count && !l->failed; i++)
		if (l->input->inventories && l->input->inventories[i])
			look_subject(l, &l->device->releases[i], l->input->inventories[i]);
}

const struct tu_lint_rule tu_lint__identity_rules[] = {
	{"placeholder-left", TU_LINT_WARNING, look_placeholders},
	{"namespace-reserved", TU_LINT_NOTE, look_domains},
	{"namespace-missing", TU_LINT_NOTE, look_namespace},
	{"id-made-up", TU_LINT_WARNING, look_id},
	{"release-identifier", TU_LINT_WARNING, look_identifiers},
	{"release-subject", TU_LINT_WARNING, look_subjects},
};
const size_t tu_lint__identity_rule_count = TU_COUNT(tu_lint__identity_rules);
