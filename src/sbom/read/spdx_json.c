/*
 * SPDX 2.2 and 2.3 JSON (ISO/IEC 5962:2021 is 2.2.1). Member names: the specification's JSON
 * schema; relationship types: https://spdx.github.io/spdx-spec/v2.3/, clause 11.
 *
 * Packages are the components. Files are counted only, unless the document has no package.
 */
#include "sbom/inventory.h"
#include "sbom/read/spdx_package.h"
#include "sbom/read/spdx_relation.h"
#include "sbom/read/members.h"

#include <stddef.h>

bool tu_sbom__spdx_says_nothing(struct tu_str text)
{
	return text.len == 0 || tu_str_eq(text, TU_STR("NOASSERTION")) ||
		tu_str_eq(text, TU_STR("NONE"));
}

static enum tu_status remember_ref(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)into;
	return tu_sbom__other_ref(b, TU_JSON_STR(at->value, "SPDXID"));
}

static enum tu_status read_creator(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_str text = tu_json_str(at->value);
	struct tu_sbom_made author = tu_sbom__spdx_actor(text);

	(void)into;
	if (!tu_str_skip(&text, TU_STR("Tool:")))
		return tu_sbom__spdx_says_nothing(author.name) && !author.contact.len
			? TU_OK
			: tu_sbom__add_author(b, &author);
	return tu_sbom__add_tool(b, tu_str_trim(text), TU_STR(""));
}

static enum tu_status read_creators(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	return tu_sbom__each(b, at, TU_SBOM_STRING, read_creator, into);
}

static enum tu_status read_document_text(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	enum tu_text_kind kind;

	(void)into;
	return tu_sbom__text_kind(at->key, TU_SAY_SPDX2, &kind)
		? tu_sbom__add_text(b, &b->document, kind, tu_json_str(at->value))
		: TU_OK;
}

/* ---- licences of the document ---- */

static enum tu_status read_data_licence(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_str text = tu_json_str(at->value);
	const struct tu_licence licence = {.text = text, .kind = tu_sbom__spdx_licence_kind(text)};

	(void)into;
	return tu_sbom__spdx_says_nothing(text) ? TU_OK
						: tu_sbom__take_licence(b, &b->document, &licence);
}

static enum tu_status read_cross_references(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_licence_text *licence = into;

	return tu_sbom__strings(b, at, &licence->urls, &licence->url_count);
}

static const struct tu_sbom_member extracted_members[] = {
	{TU_STR_INIT("licenseId"), TU_SBOM_STRING, tu_sbom__view, SLOT(tu_licence_text, id)},
	{TU_STR_INIT("name"), TU_SBOM_STRING, tu_sbom__view, SLOT(tu_licence_text, name)},
	{TU_STR_INIT("extractedText"), TU_SBOM_STRING, tu_sbom__view, SLOT(tu_licence_text, text)},
	{TU_STR_INIT("comment"), TU_SBOM_STRING, tu_sbom__view, SLOT(tu_licence_text, comment)},
	{TU_STR_INIT("seeAlsos"), TU_SBOM_ARRAY, read_cross_references, 0},
	UNKEPT("crossRefs"),
};
static const struct tu_sbom_shape extracted_shape = {
	"not understood: member of an extracted licence:", extracted_members,
	TU_COUNT(extracted_members), "lost: member of an extracted licence:"};

/* Clause 10; NOASSERTION as its text or name is nothing. */
static enum tu_status read_extracted(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_licence_text licence = {.id = {"", 0}};
	enum tu_status status = tu_sbom__object(b, at, &extracted_shape, &licence);

	(void)into;
	if (tu_sbom__spdx_says_nothing(licence.text))
		licence.text = TU_STR("");
	if (tu_sbom__spdx_says_nothing(licence.name))
		licence.name = TU_STR("");
	if (status || licence.id.len)
		return status ? status : tu_sbom__add_licence_text(b, &licence);
	return tu_sbom__note(b, at, "left out: an extracted licence without id", TU_STR(""));
}

static enum tu_status read_extracted_list(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	return tu_sbom__each(b, at, TU_SBOM_OBJECT, read_extracted, into);
}

static const struct tu_sbom_member creation_members[] = {
	{TU_STR_INIT("created"), TU_SBOM_STRING, tu_sbom__text, SLOT(tu_inventory, created)},
	{TU_STR_INIT("creators"), TU_SBOM_ARRAY, read_creators, 0},
	UNKEPT("comment"),
	{TU_STR_INIT("licenseListVersion"), TU_SBOM_STRING, read_document_text, 0},
};
static const struct tu_sbom_shape creation_shape = {
	"not understood: member of the creation information:", creation_members,
	TU_COUNT(creation_members), "lost: member of the creation information:"};

static enum tu_status read_creation(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	return tu_sbom__object(b, at, &creation_shape, into);
}

static const struct tu_sbom_member root_members[] = {
	/* Read in the order of read_sections(). */
	KNOWN("packages"),
	KNOWN("files"),
	UNKEPT("snippets"),
	KNOWN("relationships"),
	KNOWN("documentDescribes"),
	KNOWN("spdxVersion"),
	KNOWN("SPDXID"),
	{TU_STR_INIT("name"), TU_SBOM_STRING, tu_sbom__text, SLOT(tu_inventory, name)},
	{TU_STR_INIT("documentNamespace"), TU_SBOM_STRING, tu_sbom__text,
		SLOT(tu_inventory, serial)},
	{TU_STR_INIT("creationInfo"), TU_SBOM_OBJECT, read_creation, 0},
	{TU_STR_INIT("dataLicense"), TU_SBOM_STRING, read_data_licence, 0},
	{TU_STR_INIT("comment"), TU_SBOM_STRING, read_document_text, 0},
	UNKEPT("externalDocumentRefs"),
	{TU_STR_INIT("hasExtractedLicensingInfos"), TU_SBOM_ARRAY, read_extracted_list, 0},
	UNKEPT("annotations"),
	UNKEPT("revieweds"),
	KNOWN("$schema"),
};
static const struct tu_sbom_shape root_shape = {"not understood: member of the document:",
	root_members, TU_COUNT(root_members), "lost: member of the document:"};

struct sections {
	struct tu_sbom_at packages;
	struct tu_sbom_at files;
	struct tu_sbom_at snippets;
	struct tu_sbom_at relationships;
	struct tu_sbom_at described;
};

static enum tu_status find_sections(
	struct tu_sbom_builder *b, const struct tu_sbom_at *root, struct sections *out_sections)
{
	const struct {
		struct tu_str name;
		struct tu_sbom_at *at;
	} wanted[] = {
		{TU_STR("packages"), &out_sections->packages},
		{TU_STR("files"), &out_sections->files},
		{TU_STR("snippets"), &out_sections->snippets},
		{TU_STR("relationships"), &out_sections->relationships},
		{TU_STR("documentDescribes"), &out_sections->described},
	};
	enum tu_status status = TU_OK;

	for (size_t i = 0; !status && i < TU_COUNT(wanted); i++)
		status = tu_sbom__section(b, root, wanted[i].name, TU_JSON_ARRAY, wanted[i].at);
	return status;
}

static enum tu_status read_packages(struct tu_sbom_builder *b, const struct sections *sections)
{
	enum tu_status status = tu_sbom__reserve(
		b, &sections->packages, tu_sbom__list_count(b, &sections->packages));

	b->inventory->list = TU_STR("packages");
	if (!status)
		status = tu_sbom__list(
			b, &sections->packages, TU_SBOM_OBJECT, tu_sbom__spdx_package, NULL);
	if (!status)
		status = tu_sbom__list(b, &sections->files, TU_SBOM_OBJECT, remember_ref, NULL);
	return status ? status
		      : tu_sbom__note_count(b, &sections->files, "not read as components: files,",
				tu_sbom__list_count(b, &sections->files));
}

static enum tu_status read_files(struct tu_sbom_builder *b, const struct sections *sections)
{
	enum tu_status status =
		tu_sbom__reserve(b, &sections->files, tu_sbom__list_count(b, &sections->files));

	b->inventory->list = TU_STR("files");
	if (!status)
		status = tu_sbom__list(
			b, &sections->files, TU_SBOM_OBJECT, tu_sbom__spdx_file, NULL);
	return status ? status
		      : tu_sbom__note_count(b, &sections->files,
				"no packages: the files are read as components,",
				tu_sbom__list_count(b, &sections->files));
}

static enum tu_status choose_subject(struct tu_sbom_builder *b, const struct tu_sbom_at *root,
	const struct tu_sbom_spdx_described *described)
{
	struct tu_inventory *inventory = b->inventory;

	if (described->several)
		return tu_sbom__note(b, root,
			"the document describes several packages: none is taken for its subject",
			TU_STR(""));
	inventory->subject = described->first;
	if (inventory->subject != TU_NO_COMPONENT && inventory->name.len == 0)
		inventory->name = b->components.at[inventory->subject].name;
	return TU_OK;
}

static enum tu_status read_sections(
	struct tu_sbom_builder *b, const struct tu_sbom_at *root, const struct sections *sections)
{
	struct tu_sbom_spdx_described described = {.first = TU_NO_COMPONENT};
	enum tu_status status = tu_sbom__object(b, root, &root_shape, b->inventory);

	if (!status)
		status = tu_sbom__list_count(b, &sections->packages) ? read_packages(b, sections)
								     : read_files(b, sections);
	if (!status)
		status = tu_sbom__each(b, &sections->snippets, TU_SBOM_OBJECT, remember_ref, NULL);
	if (!status)
		status = tu_sbom__index(b);
	if (!status)
		status = tu_sbom__each(b, &sections->described, TU_SBOM_STRING,
			tu_sbom__spdx_described, &described);
	if (!status)
		status = tu_sbom__list(b, &sections->relationships, TU_SBOM_OBJECT,
			tu_sbom__spdx_relationship, &described);
	return status ? status : choose_subject(b, root, &described);
}

/* 2.2 and 2.3 with their revisions: "SPDX-2.2.1", but not "SPDX-2.20". */
static bool is_known_version(struct tu_str version)
{
	if (!tu_str_skip(&version, TU_STR("SPDX-2.2")) &&
		!tu_str_skip(&version, TU_STR("SPDX-2.3")))
		return false;
	return version.len == 0 || version.ptr[0] == '.';
}

static enum tu_status read_version(struct tu_sbom_builder *b, const struct tu_sbom_at *root)
{
	struct tu_sbom_at at = tu_sbom__member(root, TU_STR("spdxVersion"));
	struct tu_str version = tu_json_str(at.value);

	if (version.len == 0)
		return tu_sbom__note(b, root,
			"no spdxVersion: read as the newest one known, SPDX-2.3", TU_STR(""));
	if (is_known_version(version))
		return tu_sbom__copy(b, version, &b->inventory->spec_version);
	return tu_json_fail(b->err, TU_E_UNSUPPORTED, at.value,
		"SPDX JSON, version \"%.*s\"; SPDX-2.2 and SPDX-2.3 are read",
		TU_STR_FMT(tu_str_first(version, 32)));
}

enum tu_status tu_sbom__read_spdx(struct tu_sbom_builder *b, const struct tu_sbom_at *root)
{
	struct sections sections;
	enum tu_status status = read_version(b, root);

	b->inventory->format = TU_SBOM_SPDX_JSON;
	if (!status)
		status = find_sections(b, root, &sections);
	return status ? status : read_sections(b, root, &sections);
}
