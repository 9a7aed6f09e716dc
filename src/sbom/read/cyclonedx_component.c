/* CycloneDX JSON, the components (see cyclonedx.h). */
#include "sbom/read/cyclonedx.h"
#include "sbom/read/members.h"

#include <stddef.h>

static enum tu_status read_ancestors(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)into;
	if (tu_json_count(at->value) == 0)
		return TU_OK;
	return tu_sbom__note(b, at, "not read as components: pedigree", at->key);
}

static enum tu_status read_kind(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	enum tu_component_kind *kind = into;
	struct tu_str word = tu_json_str(at->value);

	for (int i = TU_KIND_APPLICATION; i <= TU_KIND_CRYPTOGRAPHIC_ASSET; i++) {
		if (tu_str_eq(tu_str_c(tu_component_kind_name((enum tu_component_kind)i)), word)) {
			*kind = (enum tu_component_kind)i;
			return TU_OK;
		}
	}
	return tu_sbom__note(b, at, "not understood: component type", word);
}

static enum tu_status read_scope(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	static const struct {
		struct tu_str word;
		enum tu_scope scope;
	} scopes[] = {
		{TU_STR_INIT("required"), TU_SCOPE_REQUIRED},
		{TU_STR_INIT("optional"), TU_SCOPE_OPTIONAL},
		{TU_STR_INIT("excluded"), TU_SCOPE_EXCLUDED},
	};
	struct tu_sbom_draft *draft = into;

	for (size_t i = 0; i < TU_COUNT(scopes); i++) {
		if (tu_str_eq(scopes[i].word, tu_json_str(at->value))) {
			draft->component.scope = scopes[i].scope;
			draft->scope_stated = true;
			return TU_OK;
		}
	}
	return tu_sbom__note(b, at, "not understood: component scope", tu_json_str(at->value));
}

static enum tu_status read_cpe(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)into;
	return tu_sbom__add_cpe(b, tu_json_str(at->value));
}

static const struct tu_sbom_member swid_members[] = {
	{TU_STR_INIT("tagId"), TU_SBOM_STRING, tu_sbom__text, SLOT(tu_component, swid)},
	KNOWN("name"),
	UNKEPT("version"),
	UNKEPT("tagVersion"),
	UNKEPT("patch"),
	UNKEPT("text"),
	UNKEPT("url"),
};
static const struct tu_sbom_shape swid_shape = {"not understood: member of a swid:", swid_members,
	TU_COUNT(swid_members), "lost: member of a swid:"};

static enum tu_status read_swid(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	const struct tu_component *component = into;
	enum tu_status status = tu_sbom__object(b, at, &swid_shape, into);

	if (status || component->swid.len)
		return status;
	return tu_sbom__note(b, at, "left out: a swid without tagId", TU_STR(""));
}

static enum tu_status read_licences(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)into;
	return tu_sbom__cyclonedx_licences(b, at, &b->own);
}

static enum tu_status read_references(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)into;
	return tu_sbom__cyclonedx_references(b, at, &b->own);
}

static enum tu_status read_properties(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)into;
	return tu_sbom__cyclonedx_properties(b, at, &b->own);
}

static enum tu_status read_text(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)into;
	return tu_sbom__cyclonedx_text(b, at, &b->own);
}

/* What no other family of formats has, and no rule here asks for. */
static enum tu_status keep(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)into;
	return tu_sbom__keep(b, at, &b->own);
}

/* pedigree.patches[].resolves[]: an issue that the patch resolves. */
struct issue {
	struct tu_str type;
	struct tu_str id;
	struct tu_str name;
	struct tu_str description;
	struct tu_str patch; /* the patch's URL */
};

static const struct tu_sbom_member issue_members[] = {
	{TU_STR_INIT("type"), TU_SBOM_STRING, tu_sbom__view, SLOT(issue, type)},
	{TU_STR_INIT("id"), TU_SBOM_STRING, tu_sbom__view, SLOT(issue, id)},
	{TU_STR_INIT("name"), TU_SBOM_STRING, tu_sbom__view, SLOT(issue, name)},
	{TU_STR_INIT("description"), TU_SBOM_STRING, tu_sbom__view, SLOT(issue, description)},
	KNOWN("source"),
	KNOWN("references"),
};
static const struct tu_sbom_shape issue_shape = {
	"not understood: member of an issue that a patch resolves:", issue_members,
	TU_COUNT(issue_members)};

/* Defects and enhancements are no vulnerabilities, unless their id says otherwise. */
static struct tu_str vulnerability_of(const struct issue *issue)
{
	if (tu_sbom__is_vulnerability_id(issue->id))
		return issue->id;
	if (tu_sbom__is_vulnerability_id(issue->name))
		return issue->name;
	return tu_str_eq(issue->type, TU_STR("security")) ? issue->id : (struct tu_str){"", 0};
}

static enum tu_status read_issue(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	const struct tu_str *patch = into;
	struct issue issue = {.patch = *patch};
	enum tu_status status = tu_sbom__object(b, at, &issue_shape, &issue);
	struct tu_str id = vulnerability_of(&issue);

	if (status || id.len == 0)
		return status;
	return tu_sbom__add_resolved(
		b, id, TU_STR("pedigree patch"), issue.patch.len ? issue.patch : issue.description);
}

static enum tu_status read_resolves(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	return tu_sbom__each(b, at, TU_SBOM_OBJECT, read_issue, into);
}

static const struct tu_sbom_member patch_members[] = {
	{TU_STR_INIT("resolves"), TU_SBOM_ARRAY, read_resolves, 0},
	KNOWN("type"),
	KNOWN("diff"),
};
static const struct tu_sbom_shape patch_shape = {
	"not understood: member of a patch:", patch_members, TU_COUNT(patch_members)};

static enum tu_status read_patch(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_str url = TU_JSON_STR(tu_json_get(at->value, TU_STR("diff")), "url");

	(void)into;
	return tu_sbom__object(b, at, &patch_shape, &url);
}

static enum tu_status read_patches(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	return tu_sbom__each(b, at, TU_SBOM_OBJECT, read_patch, into);
}

static const struct tu_sbom_member pedigree_members[] = {
	{TU_STR_INIT("patches"), TU_SBOM_ARRAY, read_patches, 0},
	{TU_STR_INIT("ancestors"), TU_SBOM_ARRAY, read_ancestors, 0},
	{TU_STR_INIT("descendants"), TU_SBOM_ARRAY, read_ancestors, 0},
	{TU_STR_INIT("variants"), TU_SBOM_ARRAY, read_ancestors, 0},
	KNOWN("commits"),
	KNOWN("notes"),
};
static const struct tu_sbom_shape pedigree_shape = {
	"not understood: member of a pedigree:", pedigree_members, TU_COUNT(pedigree_members)};

static enum tu_status read_pedigree(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	enum tu_status status = tu_sbom__object(b, at, &pedigree_shape, into);

	return status ? status : tu_sbom__keep(b, at, &b->own);
}

/* evidence.identity: identifiers that a tool concluded. They fill what the component leaves open;
 * a second, different purl is reported, not taken. */
struct identity {
	struct tu_str field;
	struct tu_str value;
};

static const struct tu_sbom_member identity_members[] = {
	{TU_STR_INIT("field"), TU_SBOM_STRING, tu_sbom__view, SLOT(identity, field)},
	{TU_STR_INIT("concludedValue"), TU_SBOM_STRING, tu_sbom__view, SLOT(identity, value)},
	KNOWN("confidence"),
	KNOWN("methods"),
	KNOWN("tools"),
};
static const struct tu_sbom_shape identity_shape = {
	"not understood: member of an identity evidence:", identity_members,
	TU_COUNT(identity_members)};

static enum tu_status take_purl(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	struct tu_sbom_draft *draft, struct tu_str purl)
{
	return tu_sbom__take_purl(b, at, draft, purl, "not used: evidence of another purl:");
}

/* The component's own comes before what is evidence, in any order of the members. */
static enum tu_status read_purl(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_sbom_draft *draft = into;
	struct tu_str evidence = draft->component.purl;
	enum tu_status status = tu_sbom__text(b, at, &draft->component.purl);

	return status || evidence.len == 0 ? status : take_purl(b, at, draft, evidence);
}

static enum tu_status read_identity(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct identity identity = {0};
	enum tu_status status = tu_sbom__object(b, at, &identity_shape, &identity);

	if (status || identity.value.len == 0)
		return status;
	if (tu_str_eq(identity.field, TU_STR("purl")))
		return take_purl(b, at, into, identity.value);
	if (tu_str_eq(identity.field, TU_STR("cpe")))
		return tu_sbom__add_cpe(b, identity.value);
	return TU_OK;
}

/* One object in 1.5, an array from 1.6 on. */
static enum tu_status read_identities(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	if (tu_json_is_object(at->value))
		return read_identity(b, at, into);
	return tu_sbom__each(b, at, TU_SBOM_OBJECT, read_identity, into);
}

static const struct tu_sbom_member evidence_members[] = {
	{TU_STR_INIT("identity"), TU_SBOM_ARRAY | TU_SBOM_OBJECT, read_identities, 0},
	KNOWN("occurrences"),
	KNOWN("callstack"),
	KNOWN("licenses"),
	KNOWN("copyright"),
};
static const struct tu_sbom_shape evidence_shape = {
	"not understood: member of an evidence:", evidence_members, TU_COUNT(evidence_members)};

static enum tu_status read_evidence(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	enum tu_status status = tu_sbom__object(b, at, &evidence_shape, into);

	return status ? status : tu_sbom__keep(b, at, &b->own);
}

/* 1.7: a component outside of the product, of which only a range of versions is known. */
static enum tu_status read_version_range(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	enum tu_status status = read_text(b, at, into);

	return status ? status
		      : tu_sbom__note(b, at, "not used: a component's version range", TU_STR(""));
}

static enum tu_status read_children(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_sbom_draft *draft = into;

	(void)b;
	draft->children = *at;
	return TU_OK;
}

/* The most frequent members first: the table is searched in order. */
#define IN_DRAFT(member) SLOT(tu_sbom_draft, member)
static const struct tu_sbom_member component_members[] = {
	{TU_STR_INIT("type"), TU_SBOM_STRING, read_kind, IN_DRAFT(component.kind)},
	{TU_STR_INIT("bom-ref"), TU_SBOM_STRING, tu_sbom__text, IN_DRAFT(component.ref)},
	{TU_STR_INIT("group"), TU_SBOM_STRING, tu_sbom__text, IN_DRAFT(component.group)},
	{TU_STR_INIT("name"), TU_SBOM_STRING, tu_sbom__text, IN_DRAFT(component.name)},
	{TU_STR_INIT("version"), TU_SBOM_STRING, tu_sbom__text, IN_DRAFT(component.version)},
	{TU_STR_INIT("purl"), TU_SBOM_STRING, read_purl, 0},
	{TU_STR_INIT("cpe"), TU_SBOM_STRING, read_cpe, 0},
	{TU_STR_INIT("licenses"), TU_SBOM_ARRAY, read_licences, 0},
	{TU_STR_INIT("properties"), TU_SBOM_ARRAY, read_properties, 0},
	{TU_STR_INIT("hashes"), TU_SBOM_ARRAY, tu_sbom__cyclonedx_hashes, 0},
	{TU_STR_INIT("scope"), TU_SBOM_STRING, read_scope, 0},
	{TU_STR_INIT("description"), TU_SBOM_STRING, read_text, 0},
	{TU_STR_INIT("externalReferences"), TU_SBOM_ARRAY, read_references, 0},
	{TU_STR_INIT("publisher"), TU_SBOM_STRING, tu_sbom__cyclonedx_maker, 0},
	{TU_STR_INIT("author"), TU_SBOM_STRING, tu_sbom__cyclonedx_maker, 0},
	{TU_STR_INIT("authors"), TU_SBOM_ARRAY, tu_sbom__cyclonedx_maker, 0},
	{TU_STR_INIT("supplier"), TU_SBOM_OBJECT, tu_sbom__cyclonedx_maker, 0},
	{TU_STR_INIT("manufacturer"), TU_SBOM_OBJECT, tu_sbom__cyclonedx_maker, 0},
	{TU_STR_INIT("components"), TU_SBOM_ARRAY, read_children, 0},
	{TU_STR_INIT("evidence"), TU_SBOM_OBJECT, read_evidence, 0},
	{TU_STR_INIT("pedigree"), TU_SBOM_OBJECT, read_pedigree, 0},
	{TU_STR_INIT("swid"), TU_SBOM_OBJECT, read_swid, IN_DRAFT(component)},
	{TU_STR_INIT("copyright"), TU_SBOM_STRING, read_text, 0},
	{TU_STR_INIT("mime-type"), TU_SBOM_STRING, read_text, 0},
	UNKEPT("modified"),
	{TU_STR_INIT("releaseNotes"), 0, keep, 0},
	UNKEPT("signature"),
	{TU_STR_INIT("modelCard"), 0, keep, 0},
	{TU_STR_INIT("data"), 0, keep, 0},
	{TU_STR_INIT("cryptoProperties"), 0, keep, 0},
	{TU_STR_INIT("omniborId"), TU_SBOM_ARRAY, read_text, 0},
	{TU_STR_INIT("swhid"), TU_SBOM_ARRAY, read_text, 0},
	{TU_STR_INIT("tags"), TU_SBOM_ARRAY, read_text, 0},
	{TU_STR_INIT("isExternal"), TU_SBOM_BOOL, read_text, 0},
	{TU_STR_INIT("patentAssertions"), 0, keep, 0},
	{TU_STR_INIT("versionRange"), TU_SBOM_STRING, read_version_range, 0},
};
static const struct tu_sbom_shape component_shape = {"not understood: member of a component:",
	component_members, TU_COUNT(component_members), "lost: member of a component:"};

enum tu_status tu_sbom__cyclonedx_component(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	uint32_t parent, uint32_t ordinal, uint32_t *out_index)
{
	struct tu_sbom_draft draft;
	enum tu_status status;

	tu_sbom__draft(b, &draft);
	draft.component.parent = parent;
	draft.component.ordinal = ordinal;
	status = tu_sbom__object(b, at, &component_shape, &draft);
	if (!status)
		status = tu_sbom__add(b, at, &draft, out_index);
	return status ? status : tu_sbom__cyclonedx_components(b, &draft.children, *out_index);
}

static enum tu_status read_item(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	const uint32_t *parent = into;
	uint32_t index;

	return tu_sbom__cyclonedx_component(b, at, *parent, (uint32_t)at->index, &index);
}

enum tu_status tu_sbom__cyclonedx_components(
	struct tu_sbom_builder *b, const struct tu_sbom_at *list, uint32_t parent)
{
	return tu_sbom__list(b, list, TU_SBOM_OBJECT, read_item, &parent);
}

size_t tu_sbom__cyclonedx_count(struct tu_json list)
{
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json item;
	size_t count = 0;

	if (!tu_json_is_array(list))
		return 0;
	while (tu_json_next_item(&iter, &item))
		count += 1 + tu_sbom__cyclonedx_count(tu_json_get(item, TU_STR("components")));
	return count;
}
