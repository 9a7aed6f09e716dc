/*
 * SPDX 2.2 and 2.3 JSON (ISO/IEC 5962:2021 is 2.2.1). Member names: the specification's JSON
 * schema; relationship types: https://spdx.github.io/spdx-spec/v2.3/, clause 11.
 *
 * Packages are the components. Files are counted only, unless the document has no package.
 */
#include "sbom/inventory.h"
#include "sbom/read/spdx_relation.h"

#include <stddef.h>

#define SLOT(type, member) offsetof(struct type, member)
#define KNOWN(name) \
	{ \
		TU_STR_INIT(name) \
	}

bool tu_sbom__spdx_says_nothing(struct tu_str text)
{
	return text.len == 0 || tu_str_eq(text, TU_STR("NOASSERTION")) ||
		tu_str_eq(text, TU_STR("NONE"));
}

static enum tu_status read_stated(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_str text = tu_json_str(at->value);

	return tu_sbom__spdx_says_nothing(text) ? TU_OK : tu_sbom__copy(b, text, into);
}

static enum tu_status read_licence(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_str text = tu_json_str(at->value);

	(void)into;
	return tu_sbom__spdx_says_nothing(text) ? TU_OK : tu_sbom__add_licence(b, text);
}

/* "Organization: ACME Inc. (security@example.com)" → "ACME Inc.", and the address */
static struct tu_sbom_made actor(struct tu_str text)
{
	struct tu_sbom_made actor = {.contact = {"", 0}};
	struct tu_str mail;
	size_t open;

	if (!tu_str_skip(&text, TU_STR("Organization:")))
		(void)tu_str_skip(&text, TU_STR("Person:"));
	text = tu_str_trim(text);
	open = tu_str_rfind(text, '(');
	mail = tu_str_from(text, open);
	if (tu_str_ends(mail, TU_STR(")")) &&
		(mail.len == 2 || tu_str_find(mail, '@') < mail.len)) {
		text = tu_str_first(text, open);
		actor.contact = tu_str_of(mail.ptr + 1, mail.len - 2);
	}
	actor.name = tu_str_trim(text);
	return actor;
}

static enum tu_status read_actor(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_sbom_made *maker = into;
	struct tu_sbom_made made = actor(tu_json_str(at->value));

	if (maker->name.len || tu_sbom__spdx_says_nothing(made.name))
		return TU_OK;
	if (tu_sbom__copy(b, made.name, &maker->name))
		return TU_E_NOMEM;
	return tu_sbom__copy(b, made.contact, &maker->contact);
}

static enum tu_status read_purpose(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	static const struct {
		struct tu_str word;
		enum tu_component_kind kind;
	} purposes[] = {
		{TU_STR_INIT("APPLICATION"), TU_KIND_APPLICATION},
		{TU_STR_INIT("FRAMEWORK"), TU_KIND_FRAMEWORK},
		{TU_STR_INIT("LIBRARY"), TU_KIND_LIBRARY},
		{TU_STR_INIT("CONTAINER"), TU_KIND_CONTAINER},
		{TU_STR_INIT("OPERATING-SYSTEM"), TU_KIND_OPERATING_SYSTEM},
		{TU_STR_INIT("OPERATING_SYSTEM"), TU_KIND_OPERATING_SYSTEM},
		{TU_STR_INIT("DEVICE"), TU_KIND_DEVICE},
		{TU_STR_INIT("FIRMWARE"), TU_KIND_FIRMWARE},
		{TU_STR_INIT("SOURCE"), TU_KIND_SOURCE},
		{TU_STR_INIT("ARCHIVE"), TU_KIND_ARCHIVE},
		{TU_STR_INIT("FILE"), TU_KIND_FILE},
		{TU_STR_INIT("INSTALL"), TU_KIND_INSTALL},
		{TU_STR_INIT("OTHER"), TU_KIND_OTHER},
	};
	enum tu_component_kind *kind = into;
	struct tu_str word = tu_json_str(at->value);

	for (size_t i = 0; i < TU_COUNT(purposes); i++) {
		if (tu_str_ieq(purposes[i].word, word)) {
			*kind = purposes[i].kind;
			return TU_OK;
		}
	}
	return tu_sbom__spdx_says_nothing(word)
		? TU_OK
		: tu_sbom__note(b, at, "not understood: primary package purpose", word);
}

struct pair {
	struct tu_str first;
	struct tu_str second;
};

static const struct tu_sbom_member checksum_members[] = {
	{TU_STR_INIT("algorithm"), TU_SBOM_STRING, tu_sbom__view, SLOT(pair, first)},
	{TU_STR_INIT("checksumValue"), TU_SBOM_STRING, tu_sbom__view, SLOT(pair, second)},
};
static const struct tu_sbom_shape checksum_shape = {
	"not understood: member of a checksum:", checksum_members, TU_COUNT(checksum_members)};

static enum tu_status read_checksum(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct pair checksum = {0};
	enum tu_status status = tu_sbom__object(b, at, &checksum_shape, &checksum);

	(void)into;
	return status ? status : tu_sbom__hash(b, at, checksum.first, checksum.second);
}

static enum tu_status read_checksums(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	return tu_sbom__each(b, at, TU_SBOM_OBJECT, read_checksum, into);
}

/* External references: the types that identify a package (clause 7.21 and annex F). */
static enum tu_status take_purl(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	struct tu_sbom_draft *draft, struct tu_str locator)
{
	return tu_sbom__take_purl(b, at, draft, locator, "not used: another purl of the package:");
}

static enum tu_status take_cpe(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	struct tu_sbom_draft *draft, struct tu_str locator)
{
	(void)at;
	(void)draft;
	return tu_sbom__add_cpe(b, locator);
}

static enum tu_status take_swid(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	struct tu_sbom_draft *draft, struct tu_str locator)
{
	(void)at;
	return draft->component.swid.len ? TU_OK
					 : tu_sbom__copy(b, locator, &draft->component.swid);
}

static const struct tu_sbom_member external_ref_members[] = {
	{TU_STR_INIT("referenceType"), TU_SBOM_STRING, tu_sbom__view, SLOT(pair, first)},
	{TU_STR_INIT("referenceLocator"), TU_SBOM_STRING, tu_sbom__view, SLOT(pair, second)},
	KNOWN("referenceCategory"),
	KNOWN("comment"),
};
static const struct tu_sbom_shape external_ref_shape = {
	"not understood: member of an external reference:", external_ref_members,
	TU_COUNT(external_ref_members)};

static enum tu_status read_external_ref(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	static const struct {
		struct tu_str type;
		enum tu_status (*take)(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
			struct tu_sbom_draft *draft, struct tu_str locator);
	} types[] = {
		{TU_STR_INIT("purl"), take_purl},
		{TU_STR_INIT("cpe22Type"), take_cpe},
		{TU_STR_INIT("cpe23Type"), take_cpe},
		{TU_STR_INIT("swid"), take_swid},
	};
	struct pair ref = {0};
	enum tu_status status = tu_sbom__object(b, at, &external_ref_shape, &ref);
	/* Also written as http://spdx.org/rdf/references/cpe23Type. */
	size_t slash = tu_str_rfind(ref.first, '/');
	struct tu_str type = slash < ref.first.len ? tu_str_from(ref.first, slash + 1) : ref.first;

	if (status || tu_sbom__spdx_says_nothing(ref.second))
		return status;
	for (size_t i = 0; i < TU_COUNT(types); i++) {
		if (tu_str_ieq(types[i].type, type))
			return types[i].take(b, at, into, ref.second);
	}
	return TU_OK;
}

static enum tu_status read_external_refs(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	return tu_sbom__each(b, at, TU_SBOM_OBJECT, read_external_ref, into);
}

/* OpenEmbedded's create-spdx class marks what runs on the build machine by an annotation
 * "isNative". */
static enum tu_status read_annotation(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_sbom_draft *draft = into;

	(void)b;
	if (tu_str_eq(TU_JSON_STR(at->value, "comment"), TU_STR("isNative")))
		draft->component.scope = TU_SCOPE_EXCLUDED;
	return TU_OK;
}

static enum tu_status read_annotations(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	return tu_sbom__each(b, at, TU_SBOM_OBJECT, read_annotation, into);
}

#define IN_DRAFT(member) SLOT(tu_sbom_draft, member)
static const struct tu_sbom_member package_members[] = {
	{TU_STR_INIT("SPDXID"), TU_SBOM_STRING, tu_sbom__text, IN_DRAFT(component.ref)},
	{TU_STR_INIT("name"), TU_SBOM_STRING, read_stated, IN_DRAFT(component.name)},
	{TU_STR_INIT("versionInfo"), TU_SBOM_STRING, read_stated, IN_DRAFT(component.version)},
	{TU_STR_INIT("supplier"), TU_SBOM_STRING, read_actor, IN_DRAFT(makers[TU_ROLE_SUPPLIER])},
	{TU_STR_INIT("originator"), TU_SBOM_STRING, read_actor,
		IN_DRAFT(makers[TU_ROLE_ORIGINATOR])},
	{TU_STR_INIT("externalRefs"), TU_SBOM_ARRAY, read_external_refs, 0},
	{TU_STR_INIT("checksums"), TU_SBOM_ARRAY, read_checksums, 0},
	{TU_STR_INIT("licenseConcluded"), TU_SBOM_STRING, read_licence, 0},
	{TU_STR_INIT("licenseDeclared"), TU_SBOM_STRING, read_licence, 0},
	{TU_STR_INIT("sourceInfo"), TU_SBOM_STRING, tu_sbom__source_info, 0},
	{TU_STR_INIT("primaryPackagePurpose"), TU_SBOM_STRING, read_purpose,
		IN_DRAFT(component.kind)},
	{TU_STR_INIT("annotations"), TU_SBOM_ARRAY, read_annotations, 0},
	/* Spelled as in the tag-value form by hand-made documents and by early versions of
	 * OpenEmbedded's class. */
	{TU_STR_INIT("packageName"), TU_SBOM_STRING, read_stated, IN_DRAFT(component.name)},
	{TU_STR_INIT("packageVersion"), TU_SBOM_STRING, read_stated, IN_DRAFT(component.version)},
	{TU_STR_INIT("packageSupplier"), TU_SBOM_STRING, read_actor,
		IN_DRAFT(makers[TU_ROLE_SUPPLIER])},
	{TU_STR_INIT("packageLicenseConcluded"), TU_SBOM_STRING, read_licence, 0},
	{TU_STR_INIT("packageLicenseDeclared"), TU_SBOM_STRING, read_licence, 0},
	KNOWN("downloadLocation"),
	KNOWN("filesAnalyzed"),
	KNOWN("copyrightText"),
	KNOWN("packageFileName"),
	KNOWN("packageVerificationCode"),
	KNOWN("homepage"),
	KNOWN("licenseInfoFromFiles"),
	KNOWN("licenseComments"),
	KNOWN("summary"),
	KNOWN("description"),
	KNOWN("comment"),
	KNOWN("attributionTexts"),
	KNOWN("hasFiles"),
	KNOWN("releaseDate"),
	KNOWN("builtDate"),
	KNOWN("validUntilDate"),
};
static const struct tu_sbom_shape package_shape = {
	"not understood: member of a package:", package_members, TU_COUNT(package_members)};

static const struct tu_sbom_member file_members[] = {
	{TU_STR_INIT("SPDXID"), TU_SBOM_STRING, tu_sbom__text, IN_DRAFT(component.ref)},
	{TU_STR_INIT("fileName"), TU_SBOM_STRING, read_stated, IN_DRAFT(component.name)},
	{TU_STR_INIT("checksums"), TU_SBOM_ARRAY, read_checksums, 0},
	{TU_STR_INIT("licenseConcluded"), TU_SBOM_STRING, read_licence, 0},
	KNOWN("fileTypes"),
	KNOWN("licenseInfoInFiles"),
	KNOWN("licenseComments"),
	KNOWN("copyrightText"),
	KNOWN("comment"),
	KNOWN("noticeText"),
	KNOWN("fileContributors"),
	KNOWN("fileDependencies"),
	KNOWN("artifactOfs"),
	KNOWN("attributionTexts"),
	KNOWN("annotations"),
};
static const struct tu_sbom_shape file_shape = {
	"not understood: member of a file:", file_members, TU_COUNT(file_members)};

static enum tu_status read_component(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	const struct tu_sbom_shape *shape, enum tu_component_kind kind)
{
	struct tu_sbom_draft draft;
	enum tu_status status;
	uint32_t index;

	tu_sbom__draft(b, &draft);
	draft.component.ordinal = (uint32_t)at->index;
	draft.component.kind = kind;
	status = tu_sbom__object(b, at, shape, &draft);
	return status ? status : tu_sbom__add(b, at, &draft, &index);
}

static enum tu_status read_package(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)into;
	return read_component(b, at, &package_shape, TU_KIND_UNKNOWN);
}

static enum tu_status read_file(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)into;
	return read_component(b, at, &file_shape, TU_KIND_FILE);
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
	struct tu_sbom_made author = actor(text);

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

static const struct tu_sbom_member creation_members[] = {
	{TU_STR_INIT("created"), TU_SBOM_STRING, tu_sbom__text, SLOT(tu_inventory, created)},
	{TU_STR_INIT("creators"), TU_SBOM_ARRAY, read_creators, 0},
	KNOWN("comment"),
	KNOWN("licenseListVersion"),
};
static const struct tu_sbom_shape creation_shape = {
	"not understood: member of the creation information:", creation_members,
	TU_COUNT(creation_members)};

static enum tu_status read_creation(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	return tu_sbom__object(b, at, &creation_shape, into);
}

static const struct tu_sbom_member root_members[] = {
	/* Read in the order of read_sections(). */
	KNOWN("packages"),
	KNOWN("files"),
	KNOWN("snippets"),
	KNOWN("relationships"),
	KNOWN("documentDescribes"),
	KNOWN("spdxVersion"),
	KNOWN("SPDXID"),
	{TU_STR_INIT("name"), TU_SBOM_STRING, tu_sbom__text, SLOT(tu_inventory, name)},
	{TU_STR_INIT("documentNamespace"), TU_SBOM_STRING, tu_sbom__text,
		SLOT(tu_inventory, serial)},
	{TU_STR_INIT("creationInfo"), TU_SBOM_OBJECT, read_creation, 0},
	KNOWN("dataLicense"),
	KNOWN("comment"),
	KNOWN("externalDocumentRefs"),
	KNOWN("hasExtractedLicensingInfos"),
	KNOWN("annotations"),
	KNOWN("revieweds"),
	KNOWN("$schema"),
};
static const struct tu_sbom_shape root_shape = {
	"not understood: member of the document:", root_members, TU_COUNT(root_members)};

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
		status = tu_sbom__list(b, &sections->packages, TU_SBOM_OBJECT, read_package, NULL);
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
		status = tu_sbom__list(b, &sections->files, TU_SBOM_OBJECT, read_file, NULL);
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
