/*
 * Packages and files of SPDX 2 JSON: clauses 7 and 8, member names by the JSON schema.
 */
#include "sbom/read/spdx_package.h"

#include <stddef.h>

#include "base/hex.h"
#include "sbom/read/spdx_relation.h"
#include "sbom/read/members.h"

#define TEXT(name) \
	{ \
		TU_STR_INIT(name), TU_SBOM_STRING | TU_SBOM_ARRAY, read_text, 0 \
	}

static enum tu_status read_stated(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_str text = tu_json_str(at->value);

	return tu_sbom__spdx_says_nothing(text) ? TU_OK : tu_sbom__copy(b, text, into);
}

/* ---- licences: two statements of two people (7.13, 7.15); NONE is one, too ---- */

static enum tu_status read_licence(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	enum tu_acknowledgement acknowledgement)
{
	struct tu_str text = tu_json_str(at->value);
	const struct tu_licence licence = {.text = text,
		.kind = tu_sbom__spdx_licence_kind(text),
		.acknowledgement = acknowledgement};

	return tu_str_eq(text, TU_STR("NOASSERTION")) ? TU_OK
						      : tu_sbom__take_licence(b, &b->own, &licence);
}

static enum tu_status read_concluded(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)into;
	return read_licence(b, at, TU_ACK_CONCLUDED);
}

static enum tu_status read_declared(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)into;
	return read_licence(b, at, TU_ACK_DECLARED);
}

/* ---- texts ---- */

static enum tu_status add_text(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	enum tu_text_kind kind, struct tu_str text)
{
	(void)at;
	return tu_str_eq(text, TU_STR("NOASSERTION")) ? TU_OK
						      : tu_sbom__add_text(b, &b->own, kind, text);
}

/* By the member's name: the kinds of text are rows of details.c. */
static enum tu_status read_text(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	enum tu_text_kind kind;
	struct tu_json_iter iter = tu_json_iter(at->value);
	struct tu_json item;
	enum tu_status status = TU_OK;

	(void)into;
	if (!tu_sbom__text_kind(at->key, TU_SAY_SPDX2, &kind))
		return TU_OK;
	if (tu_json_is_string(at->value))
		return add_text(b, at, kind, tu_json_str(at->value));
	while (!status && tu_json_next_item(&iter, &item))
		status = add_text(b, at, kind, tu_json_str(item));
	return status;
}

static enum tu_status read_source_info(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	enum tu_status status = tu_sbom__source_info(b, at, into);

	return status ? status : read_text(b, at, into);
}

/* Files are not kept, so neither is that they were all looked at. */
static enum tu_status read_analyzed(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)into;
	return tu_json_true(at->value)
		? tu_sbom__unkept(b, at, "lost: member of a package:", at->key)
		: TU_OK;
}

/* ---- people and organisations ---- */

/* "Organization: ACME Inc. (security@example.com)" → "ACME Inc.", and the address */
struct tu_sbom_made tu_sbom__spdx_actor(struct tu_str text)
{
	struct tu_sbom_made actor = {.contact = {"", 0}};
	struct tu_str mail;
	size_t open;

	if (tu_str_skip(&text, TU_STR("Organization:")))
		actor.kind = TU_PARTY_ORGANIZATION;
	else if (tu_str_skip(&text, TU_STR("Person:")))
		actor.kind = TU_PARTY_PERSON;
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
	struct tu_sbom_made made = tu_sbom__spdx_actor(tu_json_str(at->value));

	if (maker->name.len || tu_sbom__spdx_says_nothing(made.name))
		return TU_OK;
	maker->kind = made.kind;
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

/* Annex F.2.3: "swid:acme%20a-1" is the tag "acme a-1"; a bare tag, as many tools write it, is
 * itself. */
static enum tu_status take_swid(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	struct tu_sbom_draft *draft, struct tu_str locator)
{
	struct tu_str scheme = TU_STR("swid:");
	char *tag;

	(void)at;
	if (draft->component.swid.len)
		return TU_OK;
	if (!tu_str_istarts(locator, scheme))
		return tu_sbom__copy(b, locator, &draft->component.swid);
	tag = tu_arena_array(b->arena, locator.len, 1);
	if (!tag)
		return tu_sbom__nomem(b);
	draft->component.swid = tu_percent_decode(tu_str_from(locator, scheme.len), tag);
	return TU_OK;
}

static const struct tu_sbom_member external_ref_members[] = {
	{TU_STR_INIT("referenceCategory"), TU_SBOM_STRING, tu_sbom__view,
		SLOT(tu_sbom_reference, category)},
	{TU_STR_INIT("referenceType"), TU_SBOM_STRING, tu_sbom__view,
		SLOT(tu_sbom_reference, type)},
	{TU_STR_INIT("referenceLocator"), TU_SBOM_STRING, tu_sbom__view,
		SLOT(tu_sbom_reference, url)},
	{TU_STR_INIT("comment"), TU_SBOM_STRING, tu_sbom__view, SLOT(tu_sbom_reference, comment)},
};
static const struct tu_sbom_shape external_ref_shape = {
	"not understood: member of an external reference:", external_ref_members,
	TU_COUNT(external_ref_members), NULL};

/* An identifier has no place for a comment. */
static enum tu_status drop_comment(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, struct tu_str comment)
{
	return comment.len ? tu_sbom__unkept(b, at,
				     "lost: member of an external reference:", TU_STR("comment"))
			   : TU_OK;
}

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
	struct tu_sbom_reference ref = {.url = {"", 0}};
	enum tu_status status = tu_sbom__object(b, at, &external_ref_shape, &ref);
	/* Also written as http://spdx.org/rdf/references/cpe23Type. */
	struct tu_str base = TU_STR("http://spdx.org/rdf/references/");
	size_t slash = tu_str_rfind(ref.type, '/');
	struct tu_str type = slash < ref.type.len ? tu_str_from(ref.type, slash + 1) : ref.type;

	if (status || tu_sbom__spdx_says_nothing(ref.url))
		return status;
	for (size_t i = 0; i < TU_COUNT(types); i++) {
		if (!tu_str_ieq(types[i].type, type))
			continue;
		status = types[i].take(b, at, into, ref.url);
		return status ? status : drop_comment(b, at, ref.comment);
	}
	if (tu_str_starts(ref.type, base))
		ref.type = type;
	return tu_sbom__add_reference(b, &b->own, &ref);
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

	if (tu_str_eq(TU_JSON_STR(at->value, "comment"), TU_STR("isNative"))) {
		draft->component.scope = TU_SCOPE_EXCLUDED;
		return TU_OK;
	}
	return tu_sbom__unkept(b, at, "lost: member of a package:", TU_STR("annotations"));
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
	{TU_STR_INIT("licenseConcluded"), TU_SBOM_STRING, read_concluded, 0},
	{TU_STR_INIT("licenseDeclared"), TU_SBOM_STRING, read_declared, 0},
	{TU_STR_INIT("sourceInfo"), TU_SBOM_STRING, read_source_info, 0},
	{TU_STR_INIT("primaryPackagePurpose"), TU_SBOM_STRING, read_purpose,
		IN_DRAFT(component.kind)},
	{TU_STR_INIT("annotations"), TU_SBOM_ARRAY, read_annotations, 0},
	/* Spelled as in the tag-value form by hand-made documents and by early versions of
	 * OpenEmbedded's class. */
	{TU_STR_INIT("packageName"), TU_SBOM_STRING, read_stated, IN_DRAFT(component.name)},
	{TU_STR_INIT("packageVersion"), TU_SBOM_STRING, read_stated, IN_DRAFT(component.version)},
	{TU_STR_INIT("packageSupplier"), TU_SBOM_STRING, read_actor,
		IN_DRAFT(makers[TU_ROLE_SUPPLIER])},
	{TU_STR_INIT("packageLicenseConcluded"), TU_SBOM_STRING, read_concluded, 0},
	{TU_STR_INIT("packageLicenseDeclared"), TU_SBOM_STRING, read_declared, 0},
	TEXT("downloadLocation"),
	{TU_STR_INIT("filesAnalyzed"), TU_SBOM_BOOL, read_analyzed, 0},
	TEXT("copyrightText"),
	TEXT("packageFileName"),
	UNKEPT("packageVerificationCode"),
	TEXT("homepage"),
	UNKEPT("licenseInfoFromFiles"),
	TEXT("licenseComments"),
	TEXT("summary"),
	TEXT("description"),
	TEXT("comment"),
	TEXT("attributionTexts"),
	KNOWN("hasFiles"),
	TEXT("releaseDate"),
	TEXT("builtDate"),
	TEXT("validUntilDate"),
};
static const struct tu_sbom_shape package_shape = {"not understood: member of a package:",
	package_members, TU_COUNT(package_members), "lost: member of a package:"};

static const struct tu_sbom_member file_members[] = {
	{TU_STR_INIT("SPDXID"), TU_SBOM_STRING, tu_sbom__text, IN_DRAFT(component.ref)},
	{TU_STR_INIT("fileName"), TU_SBOM_STRING, read_stated, IN_DRAFT(component.name)},
	{TU_STR_INIT("checksums"), TU_SBOM_ARRAY, read_checksums, 0},
	{TU_STR_INIT("licenseConcluded"), TU_SBOM_STRING, read_concluded, 0},
	UNKEPT("fileTypes"),
	UNKEPT("licenseInfoInFiles"),
	TEXT("licenseComments"),
	TEXT("copyrightText"),
	TEXT("comment"),
	UNKEPT("noticeText"),
	UNKEPT("fileContributors"),
	UNKEPT("fileDependencies"),
	UNKEPT("artifactOfs"),
	TEXT("attributionTexts"),
	UNKEPT("annotations"),
};
static const struct tu_sbom_shape file_shape = {"not understood: member of a file:", file_members,
	TU_COUNT(file_members), "lost: member of a file:"};

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

enum tu_status tu_sbom__spdx_package(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)into;
	return read_component(b, at, &package_shape, TU_KIND_UNKNOWN);
}

enum tu_status tu_sbom__spdx_file(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)into;
	return read_component(b, at, &file_shape, TU_KIND_FILE);
}
