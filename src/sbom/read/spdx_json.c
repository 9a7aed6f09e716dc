/*
 * SPDX 2.2 and 2.3 JSON (ISO/IEC 5962:2021 is 2.2.1). Member names: the specification's JSON
 * schema; relationship types: https://spdx.github.io/spdx-spec/v2.3/, clause 11.
 *
 * Packages are the components. Files are counted only, unless the document has no package.
 */
#include "sbom/inventory.h"

#include <stddef.h>

#define SLOT(type, member) offsetof(struct type, member)
#define KNOWN(name) \
	{ \
		TU_STR_INIT(name) \
	}

/* SPDX's two ways to say nothing. */
static bool says_nothing(struct tu_str text)
{
	return text.len == 0 || tu_str_eq(text, TU_STR("NOASSERTION")) ||
		tu_str_eq(text, TU_STR("NONE"));
}

static enum tu_status read_stated(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_str text = tu_json_str(at->value);

	return says_nothing(text) ? TU_OK : tu_sbom__copy(b, text, into);
}

static enum tu_status read_licence(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_str text = tu_json_str(at->value);

	(void)into;
	return says_nothing(text) ? TU_OK : tu_sbom__add_licence(b, text);
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

	if (maker->name.len || says_nothing(made.name))
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
	return says_nothing(word)
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

	if (status || says_nothing(ref.second))
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
	{TU_STR_INIT("supplier"), TU_SBOM_STRING, read_actor, IN_DRAFT(makers[TU_SBOM_SUPPLIER])},
	{TU_STR_INIT("originator"), TU_SBOM_STRING, read_actor,
		IN_DRAFT(makers[TU_SBOM_MANUFACTURER])},
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
		IN_DRAFT(makers[TU_SBOM_SUPPLIER])},
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

/* What the document says it describes; several different ones leave it without a subject. */
struct described {
	uint32_t first;
	bool several;
};

static void describe(struct described *described, uint32_t index)
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
	if (out_end->known || found == TU_SBOM_FOUND_OTHER || says_nothing(ref))
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
static enum tu_status relate(struct tu_sbom_builder *b, struct described *described,
	enum tu_relation relation, const struct end *from, const struct end *to)
{
	if (!from->known || !to->known || to->document)
		return TU_OK;
	if (from->document)
		describe(described, to->index);
	return tu_sbom__relate(b, from->index, relation, to->index);
}

static enum tu_status read_relationship(
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

static enum tu_status read_described(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	const struct end document = {.index = TU_NO_COMPONENT, .document = true, .known = true};
	struct end end;
	enum tu_status status = find_end(b, at, tu_json_str(at->value), &end);

	return status ? status : relate(b, into, TU_REL_DESCRIBES, &document, &end);
}

static enum tu_status read_creator(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_str text = tu_json_str(at->value);
	struct tu_sbom_made author = actor(text);

	(void)into;
	if (!tu_str_skip(&text, TU_STR("Tool:")))
		return says_nothing(author.name) && !author.contact.len
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

static enum tu_status choose_subject(
	struct tu_sbom_builder *b, const struct tu_sbom_at *root, const struct described *described)
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
	struct described described = {.first = TU_NO_COMPONENT};
	enum tu_status status = tu_sbom__object(b, root, &root_shape, b->inventory);

	if (!status)
		status = tu_sbom__list_count(b, &sections->packages) ? read_packages(b, sections)
								     : read_files(b, sections);
	if (!status)
		status = tu_sbom__each(b, &sections->snippets, TU_SBOM_OBJECT, remember_ref, NULL);
	if (!status)
		status = tu_sbom__index(b);
	if (!status)
		status = tu_sbom__each(
			b, &sections->described, TU_SBOM_STRING, read_described, &described);
	if (!status)
		status = tu_sbom__list(
			b, &sections->relationships, TU_SBOM_OBJECT, read_relationship, &described);
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
