/*
 * SPDX 3.0 JSON-LD (ISO/IEC 5962 is 2.2.1; 3.0.1 is https://spdx.github.io/spdx-spec/v3.0.1/).
 *
 * A document is a graph of elements that name each other by IRI, in any order and at any depth. The
 * compact form of the specification's own context is read (annex "Serializing"), which is what all
 * tools write. Packages are the components; files are counted only, unless there is no package.
 */
#include "sbom/inventory.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/hash.h"

#define SLOT(type, member) offsetof(struct type, member)
#define KNOWN(name) \
	{ \
		TU_STR_INIT(name) \
	}

/* What an element is to an inventory. */
enum role {
	ROLE_UNKNOWN,
	ROLE_PACKAGE,
	ROLE_FILE,
	ROLE_DOCUMENT,
	ROLE_COLLECTION, /* its root elements are what it is about */
	ROLE_RELATIONSHIP,
	ROLE_STATEMENT,
	ROLE_CREATION,
	ROLE_OTHER /* is there, and may be named by others */
};

struct type {
	struct tu_str name;
	enum role role;
	enum tu_vex_state state; /* of a statement */
};

static const struct type types[] = {
	{TU_STR_INIT("software_Package"), ROLE_PACKAGE, TU_VEX_UNKNOWN},
	{TU_STR_INIT("Relationship"), ROLE_RELATIONSHIP, TU_VEX_UNKNOWN},
	{TU_STR_INIT("software_File"), ROLE_FILE, TU_VEX_UNKNOWN},
	{TU_STR_INIT("LifecycleScopedRelationship"), ROLE_RELATIONSHIP, TU_VEX_UNKNOWN},
	{TU_STR_INIT("ai_AIPackage"), ROLE_PACKAGE, TU_VEX_UNKNOWN},
	{TU_STR_INIT("dataset_DatasetPackage"), ROLE_PACKAGE, TU_VEX_UNKNOWN},
	{TU_STR_INIT("SpdxDocument"), ROLE_DOCUMENT, TU_VEX_UNKNOWN},
	{TU_STR_INIT("software_Sbom"), ROLE_COLLECTION, TU_VEX_UNKNOWN},
	{TU_STR_INIT("Bom"), ROLE_COLLECTION, TU_VEX_UNKNOWN},
	{TU_STR_INIT("Bundle"), ROLE_COLLECTION, TU_VEX_UNKNOWN},
	{TU_STR_INIT("CreationInfo"), ROLE_CREATION, TU_VEX_UNKNOWN},
	{TU_STR_INIT("security_VexAffectedVulnAssessmentRelationship"), ROLE_STATEMENT,
		TU_VEX_AFFECTED},
	{TU_STR_INIT("security_VexFixedVulnAssessmentRelationship"), ROLE_STATEMENT, TU_VEX_FIXED},
	{TU_STR_INIT("security_VexNotAffectedVulnAssessmentRelationship"), ROLE_STATEMENT,
		TU_VEX_NOT_AFFECTED},
	{TU_STR_INIT("security_VexUnderInvestigationVulnAssessmentRelationship"), ROLE_STATEMENT,
		TU_VEX_IN_TRIAGE},
	{TU_STR_INIT("Agent"), ROLE_OTHER, TU_VEX_UNKNOWN},
	{TU_STR_INIT("Person"), ROLE_OTHER, TU_VEX_UNKNOWN},
	{TU_STR_INIT("Organization"), ROLE_OTHER, TU_VEX_UNKNOWN},
	{TU_STR_INIT("SoftwareAgent"), ROLE_OTHER, TU_VEX_UNKNOWN},
	{TU_STR_INIT("Tool"), ROLE_OTHER, TU_VEX_UNKNOWN},
	{TU_STR_INIT("Annotation"), ROLE_OTHER, TU_VEX_UNKNOWN},
	{TU_STR_INIT("ExternalMap"), ROLE_OTHER, TU_VEX_UNKNOWN},
	{TU_STR_INIT("Hash"), ROLE_OTHER, TU_VEX_UNKNOWN},
	{TU_STR_INIT("IndividualElement"), ROLE_OTHER, TU_VEX_UNKNOWN},
	{TU_STR_INIT("build_Build"), ROLE_OTHER, TU_VEX_UNKNOWN},
	{TU_STR_INIT("software_Snippet"), ROLE_OTHER, TU_VEX_UNKNOWN},
	{TU_STR_INIT("security_Vulnerability"), ROLE_OTHER, TU_VEX_UNKNOWN},
	{TU_STR_INIT("security_CvssV2VulnAssessmentRelationship"), ROLE_OTHER, TU_VEX_UNKNOWN},
	{TU_STR_INIT("security_CvssV3VulnAssessmentRelationship"), ROLE_OTHER, TU_VEX_UNKNOWN},
	{TU_STR_INIT("security_CvssV4VulnAssessmentRelationship"), ROLE_OTHER, TU_VEX_UNKNOWN},
	{TU_STR_INIT("security_EpssVulnAssessmentRelationship"), ROLE_OTHER, TU_VEX_UNKNOWN},
	{TU_STR_INIT("security_SsvcVulnAssessmentRelationship"), ROLE_OTHER, TU_VEX_UNKNOWN},
	{TU_STR_INIT("security_ExploitCatalogVulnAssessmentRelationship"), ROLE_OTHER,
		TU_VEX_UNKNOWN},
	{TU_STR_INIT("simplelicensing_LicenseExpression"), ROLE_OTHER, TU_VEX_UNKNOWN},
	{TU_STR_INIT("simplelicensing_SimpleLicensingText"), ROLE_OTHER, TU_VEX_UNKNOWN},
	{TU_STR_INIT("expandedlicensing_ListedLicense"), ROLE_OTHER, TU_VEX_UNKNOWN},
	{TU_STR_INIT("expandedlicensing_CustomLicense"), ROLE_OTHER, TU_VEX_UNKNOWN},
	{TU_STR_INIT("expandedlicensing_ListedLicenseException"), ROLE_OTHER, TU_VEX_UNKNOWN},
	{TU_STR_INIT("expandedlicensing_CustomLicenseAddition"), ROLE_OTHER, TU_VEX_UNKNOWN},
	{TU_STR_INIT("expandedlicensing_ConjunctiveLicenseSet"), ROLE_OTHER, TU_VEX_UNKNOWN},
	{TU_STR_INIT("expandedlicensing_DisjunctiveLicenseSet"), ROLE_OTHER, TU_VEX_UNKNOWN},
	{TU_STR_INIT("expandedlicensing_OrLaterOperator"), ROLE_OTHER, TU_VEX_UNKNOWN},
	{TU_STR_INIT("expandedlicensing_WithAdditionOperator"), ROLE_OTHER, TU_VEX_UNKNOWN},
	{TU_STR_INIT("expandedlicensing_IndividualLicensingInfo"), ROLE_OTHER, TU_VEX_UNKNOWN},
};

/* A licence that a relationship gives to an element. */
struct given {
	struct tu_str to;
	struct tu_str licence;
};

struct reading {
	struct tu_sbom_builder *b;
	/* Elements by id: open addressing, an absent value is a free slot. */
	struct tu_json *slots;
	size_t mask;
	size_t packages;
	size_t files;
	TU_VEC(struct given) given; /* sorted by whom */
	uint32_t described;
	bool several;
};

static struct tu_str id_of(struct tu_json element)
{
	struct tu_str id = TU_JSON_STR(element, "spdxId");

	return id.len ? id : TU_JSON_STR(element, "@id");
}

static const struct type *type_of(struct tu_json element)
{
	static const struct type unknown = {TU_STR_INIT(""), ROLE_UNKNOWN, TU_VEX_UNKNOWN};
	struct tu_str name = TU_JSON_STR(element, "type");

	if (!name.len)
		name = TU_JSON_STR(element, "@type");
	for (size_t i = 0; i < TU_COUNT(types); i++) {
		if (tu_str_eq(types[i].name, name))
			return &types[i];
	}
	return &unknown;
}

/* ---- elements by id ---- */

static size_t slot_of(const struct reading *s, struct tu_str id)
{
	size_t slot = (size_t)tu_hash_seeded(id, s->b->refs.seed) & s->mask;

	while (s->slots[slot].doc && !tu_str_eq(id_of(s->slots[slot]), id))
		slot = (slot + 1) & s->mask;
	return slot;
}

/* The element that a value names: by id, or the value itself when it is written in place. */
static struct tu_json element_of(const struct reading *s, struct tu_json value)
{
	if (!tu_json_is_string(value))
		return value;
	return s->slots[slot_of(s, tu_json_str(value))];
}

static struct tu_str id_of_value(struct tu_json value)
{
	return tu_json_is_string(value) ? tu_json_str(value) : id_of(value);
}

static enum tu_status index_element(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct reading *s = into;
	struct tu_str id = id_of(at->value);
	enum role role = type_of(at->value)->role;

	(void)b;
	s->packages += role == ROLE_PACKAGE;
	s->files += role == ROLE_FILE;
	if (id.len) {
		struct tu_json *slot = &s->slots[slot_of(s, id)];

		if (!slot->doc)
			*slot = at->value;
	}
	return TU_OK;
}

static enum tu_status make_slots(struct reading *s, size_t count)
{
	size_t slots = 16;

	while (slots < count + count / 2)
		slots *= 2;
	s->slots = tu_alloc(slots, sizeof(*s->slots));
	s->mask = slots - 1;
	return s->slots ? TU_OK : tu_sbom__nomem(s->b);
}

/* ---- the graph ---- */

/* Call for each element: of the graph, or the document itself when it is one element. */
static enum tu_status each_element(struct reading *s, const struct tu_sbom_at *root,
	enum tu_status (*read)(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into))
{
	struct tu_sbom_at graph = tu_sbom__member(root, TU_STR("@graph"));

	if (graph.value.doc)
		return tu_sbom__each(s->b, &graph, TU_SBOM_OBJECT, read, s);
	return read(s->b, root, s);
}

/* Call for the one value or each of an array. */
static enum tu_status each_value(struct reading *s, const struct tu_sbom_at *at, void *into,
	enum tu_status (*read)(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into))
{
	if (!at->value.doc)
		return TU_OK;
	if (tu_json_is_array(at->value))
		return tu_sbom__each(s->b, at, TU_SBOM_STRING | TU_SBOM_OBJECT, read, into);
	return read(s->b, at, into);
}

/* ---- licences ---- */

static bool gives_licence(struct tu_json relationship)
{
	struct tu_str type = TU_JSON_STR(relationship, "relationshipType");

	return tu_str_eq(type, TU_STR("hasConcludedLicense")) ||
		tu_str_eq(type, TU_STR("hasDeclaredLicense"));
}

/* The individuals that say nothing, of any version: ".../terms/Core/NoneElement". */
static bool says_nothing(struct tu_str iri)
{
	static const struct tu_str ends[] = {
		TU_STR_INIT("/NoneElement"),
		TU_STR_INIT("/NoAssertionElement"),
		TU_STR_INIT("/NoneLicense"),
		TU_STR_INIT("/NoAssertionLicense"),
	};

	for (size_t i = 0; i < TU_COUNT(ends); i++) {
		if (tu_str_ends(iri, ends[i]))
			return true;
	}
	return iri.len == 0 || tu_str_eq(iri, TU_STR("NOASSERTION")) ||
		tu_str_eq(iri, TU_STR("NONE"));
}

/* An expression, else the name, else the end of the IRI ("https://spdx.org/licenses/MIT"). */
static struct tu_str licence_text(const struct reading *s, struct tu_json value)
{
	struct tu_json element = element_of(s, value);
	struct tu_str text = TU_JSON_STR(element, "simplelicensing_licenseExpression");
	struct tu_str id = id_of_value(value);

	if (says_nothing(id) && tu_json_is_string(value))
		return (struct tu_str){"", 0};
	if (!text.len && element.doc)
		text = TU_JSON_STR(element, "name");
	if (!text.len && tu_str_starts(id, TU_STR("https://spdx.org/licenses/")))
		text = tu_str_from(id, tu_str_rfind(id, '/') + 1);
	return says_nothing(text) ? (struct tu_str){"", 0} : text;
}

struct giving {
	struct reading *s;
	struct tu_str to;
};

static enum tu_status gather_one(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	const struct giving *giving = into;
	const struct given given = {giving->to, licence_text(giving->s, at->value)};

	if (!given.licence.len)
		return TU_OK;
	return TU_VEC_PUSH(&giving->s->given, given) ? TU_OK : tu_sbom__nomem(b);
}

static enum tu_status gather_licences(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct reading *s = into;
	struct giving giving = {s, id_of_value(tu_json_get(at->value, TU_STR("from")))};
	struct tu_sbom_at to = tu_sbom__member(at, TU_STR("to"));

	(void)b;
	if (type_of(at->value)->role != ROLE_RELATIONSHIP || !gives_licence(at->value))
		return TU_OK;
	return each_value(s, &to, &giving, gather_one);
}

static int by_receiver(const void *a, const void *b)
{
	const struct given *first = a;
	const struct given *second = b;
	int order = tu_str_cmp(first->to, second->to);

	if (order)
		return order;
	return (first->licence.ptr > second->licence.ptr) -
		(first->licence.ptr < second->licence.ptr);
}

static size_t first_given(const struct reading *s, struct tu_str id)
{
	size_t low = 0;
	size_t high = s->given.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (tu_str_cmp(s->given.at[middle].to, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static enum tu_status take_licences(struct reading *s, struct tu_str id)
{
	enum tu_status status = TU_OK;

	for (size_t i = first_given(s, id);
		!status && i < s->given.count && tu_str_eq(s->given.at[i].to, id); i++)
		status = tu_sbom__add_licence(s->b, s->given.at[i].licence);
	return status;
}

/* ---- components ---- */

/* A component being read; the draft first, so that the tables' slots fit. */
struct drafting {
	struct tu_sbom_draft draft;
	struct reading *s;
};

struct word {
	struct tu_str word;
	enum tu_component_kind kind;
};

static enum tu_status read_purpose(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	static const struct word purposes[] = {
		{TU_STR_INIT("library"), TU_KIND_LIBRARY},
		{TU_STR_INIT("application"), TU_KIND_APPLICATION},
		{TU_STR_INIT("source"), TU_KIND_SOURCE},
		{TU_STR_INIT("install"), TU_KIND_INSTALL},
		{TU_STR_INIT("archive"), TU_KIND_ARCHIVE},
		{TU_STR_INIT("container"), TU_KIND_CONTAINER},
		{TU_STR_INIT("data"), TU_KIND_DATA},
		{TU_STR_INIT("device"), TU_KIND_DEVICE},
		{TU_STR_INIT("deviceDriver"), TU_KIND_DEVICE_DRIVER},
		{TU_STR_INIT("executable"), TU_KIND_APPLICATION},
		{TU_STR_INIT("file"), TU_KIND_FILE},
		{TU_STR_INIT("firmware"), TU_KIND_FIRMWARE},
		{TU_STR_INIT("framework"), TU_KIND_FRAMEWORK},
		{TU_STR_INIT("model"), TU_KIND_MODEL},
		{TU_STR_INIT("module"), TU_KIND_LIBRARY},
		{TU_STR_INIT("operatingSystem"), TU_KIND_OPERATING_SYSTEM},
		{TU_STR_INIT("platform"), TU_KIND_PLATFORM},
		{TU_STR_INIT("bom"), TU_KIND_OTHER},
		{TU_STR_INIT("configuration"), TU_KIND_OTHER},
		{TU_STR_INIT("diskImage"), TU_KIND_OTHER},
		{TU_STR_INIT("documentation"), TU_KIND_OTHER},
		{TU_STR_INIT("evidence"), TU_KIND_OTHER},
		{TU_STR_INIT("filesystemImage"), TU_KIND_OTHER},
		{TU_STR_INIT("manifest"), TU_KIND_OTHER},
		{TU_STR_INIT("other"), TU_KIND_OTHER},
		{TU_STR_INIT("patch"), TU_KIND_OTHER},
		{TU_STR_INIT("requirement"), TU_KIND_OTHER},
		{TU_STR_INIT("specification"), TU_KIND_OTHER},
		{TU_STR_INIT("test"), TU_KIND_OTHER},
	};
	struct drafting *drafting = into;
	struct tu_str word = tu_json_str(at->value);

	for (size_t i = 0; i < TU_COUNT(purposes); i++) {
		if (tu_str_eq(purposes[i].word, word)) {
			drafting->draft.component.kind = purposes[i].kind;
			return TU_OK;
		}
	}
	return tu_sbom__note(b, at, "not understood: primary purpose", word);
}

/* What an agent is called, and its e-mail address or URL. */
static struct tu_sbom_made agent_of(const struct reading *s, struct tu_json value)
{
	struct tu_json agent = element_of(s, value);
	struct tu_json list = tu_json_get(agent, TU_STR("externalIdentifier"));
	struct tu_sbom_made made = {TU_JSON_STR(agent, "name"), {"", 0}};
	struct tu_json_iter iter;
	struct tu_json item;

	if (!tu_json_is_array(list)) /* as some tools spell it */
		list = tu_json_get(agent, TU_STR("externalIdentifiers"));
	iter = tu_json_iter(list);
	while (!made.contact.len && tu_json_next_item(&iter, &item)) {
		struct tu_str type = TU_JSON_STR(item, "externalIdentifierType");

		if (tu_str_eq(type, TU_STR("email")) || tu_str_eq(type, TU_STR("urlScheme")))
			made.contact = TU_JSON_STR(item, "identifier");
	}
	return made;
}

/* The name of an agent; the first one counts. */
static enum tu_status take_maker(
	struct drafting *drafting, enum tu_sbom_maker maker, struct tu_json value)
{
	struct tu_sbom_made *own = &drafting->draft.makers[maker];
	struct tu_sbom_made made = agent_of(drafting->s, value);
	enum tu_status status;

	if (own->name.len)
		return TU_OK;
	status = tu_sbom__copy(drafting->s->b, made.name, &own->name);
	return status ? status : tu_sbom__copy(drafting->s->b, made.contact, &own->contact);
}

static enum tu_status read_supplier(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)b;
	return take_maker(into, TU_SBOM_SUPPLIER, at->value);
}

static enum tu_status read_originator(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)b;
	return take_maker(into, TU_SBOM_MANUFACTURER, at->value);
}

static enum tu_status read_originators(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct drafting *drafting = into;

	(void)b;
	return each_value(drafting->s, at, into, read_originator);
}

/* Those that are spelt in a way of their own: "sha3_256" → "SHA3-256". */
static struct tu_str algorithm_of(struct tu_str word)
{
	static const struct {
		struct tu_str word;
		struct tu_str algorithm;
	} known[] = {
		{TU_STR_INIT("sha3_224"), TU_STR_INIT("SHA3-224")},
		{TU_STR_INIT("sha3_256"), TU_STR_INIT("SHA3-256")},
		{TU_STR_INIT("sha3_384"), TU_STR_INIT("SHA3-384")},
		{TU_STR_INIT("sha3_512"), TU_STR_INIT("SHA3-512")},
		{TU_STR_INIT("blake2b256"), TU_STR_INIT("BLAKE2b-256")},
		{TU_STR_INIT("blake2b384"), TU_STR_INIT("BLAKE2b-384")},
		{TU_STR_INIT("blake2b512"), TU_STR_INIT("BLAKE2b-512")},
	};

	for (size_t i = 0; i < TU_COUNT(known); i++) {
		if (tu_str_eq(known[i].word, word))
			return known[i].algorithm;
	}
	return word;
}

static enum tu_status read_hash(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	const struct drafting *drafting = into;
	struct tu_json hash = element_of(drafting->s, at->value);

	return tu_sbom__hash(b, at, algorithm_of(TU_JSON_STR(hash, "algorithm")),
		TU_JSON_STR(hash, "hashValue"));
}

static enum tu_status read_hashes(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct drafting *drafting = into;

	(void)b;
	return each_value(drafting->s, at, into, read_hash);
}

static enum tu_status take_purl(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	struct drafting *drafting, struct tu_str purl)
{
	struct tu_str *own = &drafting->draft.component.purl;

	if (own->len == 0)
		return tu_sbom__copy(b, purl, own);
	if (tu_str_eq(*own, purl))
		return TU_OK;
	return tu_sbom__note_each(b, at, "not used: another purl of the package:", purl);
}

static enum tu_status read_purl(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	return take_purl(b, at, into, tu_json_str(at->value));
}

static enum tu_status read_identifier(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct drafting *drafting = into;
	struct tu_json identifier = element_of(drafting->s, at->value);
	struct tu_str type = TU_JSON_STR(identifier, "externalIdentifierType");
	struct tu_str text = TU_JSON_STR(identifier, "identifier");
	struct tu_str *swid = &drafting->draft.component.swid;

	if (tu_str_eq(type, TU_STR("packageUrl")))
		return take_purl(b, at, drafting, text);
	if (tu_str_eq(type, TU_STR("cpe23")) || tu_str_eq(type, TU_STR("cpe22")))
		return tu_sbom__add_cpe(b, text);
	if (tu_str_eq(type, TU_STR("swid")) && !swid->len)
		return tu_sbom__copy(b, text, swid);
	return TU_OK;
}

static enum tu_status read_identifiers(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct drafting *drafting = into;

	(void)b;
	return each_value(drafting->s, at, into, read_identifier);
}

/* OpenEmbedded's class writes "CVEs fixed: CVE-… CVE-…" here too. */
static enum tu_status read_source_info(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_str text = tu_json_str(at->value);

	(void)into;
	if (!tu_str_skip(&text, TU_STR("CVEs fixed:")))
		return TU_OK;
	return tu_sbom__add_resolved_list(b, text, TU_STR("yocto recipe patch"));
}

#define IN_DRAFT(member) SLOT(tu_sbom_draft, member)
static const struct tu_sbom_member component_members[] = {
	{TU_STR_INIT("spdxId"), TU_SBOM_STRING, tu_sbom__text, IN_DRAFT(component.ref)},
	{TU_STR_INIT("@id"), TU_SBOM_STRING, tu_sbom__text, IN_DRAFT(component.ref)},
	{TU_STR_INIT("name"), TU_SBOM_STRING, tu_sbom__text, IN_DRAFT(component.name)},
	{TU_STR_INIT("software_packageVersion"), TU_SBOM_STRING, tu_sbom__text,
		IN_DRAFT(component.version)},
	{TU_STR_INIT("software_packageUrl"), TU_SBOM_STRING, read_purl, 0},
	{TU_STR_INIT("externalIdentifier"), TU_SBOM_ARRAY | TU_SBOM_OBJECT, read_identifiers, 0},
	/* Some tools write the plural. */
	{TU_STR_INIT("externalIdentifiers"), TU_SBOM_ARRAY | TU_SBOM_OBJECT, read_identifiers, 0},
	{TU_STR_INIT("verifiedUsing"), TU_SBOM_ARRAY | TU_SBOM_OBJECT | TU_SBOM_STRING, read_hashes,
		0},
	{TU_STR_INIT("suppliedBy"), TU_SBOM_STRING | TU_SBOM_OBJECT, read_supplier, 0},
	{TU_STR_INIT("originatedBy"), TU_SBOM_ARRAY | TU_SBOM_STRING | TU_SBOM_OBJECT,
		read_originators, 0},
	{TU_STR_INIT("software_primaryPurpose"), TU_SBOM_STRING, read_purpose, 0},
	{TU_STR_INIT("software_sourceInfo"), TU_SBOM_STRING, read_source_info, 0},
	KNOWN("type"),
	KNOWN("@type"),
	KNOWN("creationInfo"),
	KNOWN("builtTime"),
	KNOWN("comment"),
	KNOWN("contentType"),
	KNOWN("description"),
	KNOWN("extension"),
	KNOWN("externalRef"),
	KNOWN("releaseTime"),
	KNOWN("software_additionalPurpose"),
	KNOWN("software_attributionText"),
	KNOWN("software_contentIdentifier"),
	KNOWN("software_copyrightText"),
	KNOWN("software_downloadLocation"),
	KNOWN("software_fileKind"),
	KNOWN("software_homePage"),
	KNOWN("standardName"),
	KNOWN("summary"),
	KNOWN("supportLevel"),
	KNOWN("validUntilTime"),
};

/* Members of the profiles for models and data sets begin alike; they are not needed. */
static enum tu_status note_unknown(struct tu_sbom_builder *b, const struct tu_sbom_at *at)
{
	struct tu_sbom_walk walk = tu_sbom__walk(at);
	enum tu_status status = TU_OK;

	while (!status && tu_sbom__next(&walk)) {
		size_t row = 0;

		while (row < TU_COUNT(component_members) &&
			!tu_str_eq(component_members[row].name, walk.at.key))
			row++;
		if (row == TU_COUNT(component_members) &&
			!tu_str_starts(walk.at.key, TU_STR("ai_")) &&
			!tu_str_starts(walk.at.key, TU_STR("dataset_")))
			status = tu_sbom__note(
				b, &walk.at, "not understood: member of a package:", walk.at.key);
	}
	return status;
}

static enum tu_status read_known(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, struct drafting *drafting)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; !status && i < TU_COUNT(component_members); i++) {
		const struct tu_sbom_member *member = &component_members[i];
		struct tu_sbom_at value = tu_sbom__member(at, member->name);
		bool accepted;

		if (!member->read)
			continue;
		status = tu_sbom__accept(b, &value, member->types, &accepted);
		if (!status && accepted)
			status = member->read(b, &value, (char *)drafting + member->slot);
	}
	return status ? status : note_unknown(b, at);
}

static enum tu_status read_component(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	struct reading *s, enum tu_component_kind kind)
{
	struct drafting drafting = {.s = s};
	enum tu_status status;
	uint32_t index;

	tu_sbom__draft(b, &drafting.draft);
	drafting.draft.component.kind = kind;
	drafting.draft.component.ordinal = (uint32_t)at->index;
	status = read_known(b, at, &drafting);
	if (!status)
		status = take_licences(s, id_of(at->value));
	return status ? status : tu_sbom__add(b, at, &drafting.draft, &index);
}

static enum tu_status read_thing(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct reading *s = into;

	switch (type_of(at->value)->role) {
	case ROLE_PACKAGE:
		return read_component(b, at, s, TU_KIND_UNKNOWN);
	case ROLE_FILE:
		if (!s->packages)
			return read_component(b, at, s, TU_KIND_FILE);
		return tu_sbom__other_ref(b, id_of(at->value));
	case ROLE_UNKNOWN:
		if (tu_sbom__note(b, at, "not understood: element of type",
			    TU_JSON_STR(at->value, "type")))
			return TU_E_NOMEM;
		return tu_sbom__other_ref(b, id_of(at->value));
	case ROLE_DOCUMENT:
	case ROLE_COLLECTION:
	case ROLE_RELATIONSHIP:
	case ROLE_STATEMENT:
	case ROLE_CREATION:
	case ROLE_OTHER:
	default:
		return tu_sbom__other_ref(b, id_of(at->value));
	}
}

/* ---- what the document is about ---- */

static void describe(struct reading *s, uint32_t index)
{
	if (s->described == TU_NO_COMPONENT)
		s->described = index;
	else if (s->described != index)
		s->several = true;
}

static enum tu_status read_root_element(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	uint32_t index;

	(void)tu_sbom__find(b, id_of_value(at->value), &index);
	if (index == TU_NO_COMPONENT)
		return TU_OK;
	describe(into, index);
	return tu_sbom__relate(b, TU_NO_COMPONENT, TU_REL_DESCRIBES, index);
}

static enum tu_status read_roots(struct reading *s, const struct tu_sbom_at *collection)
{
	struct tu_sbom_at roots = tu_sbom__member(collection, TU_STR("rootElement"));

	return each_value(s, &roots, s, read_root_element);
}

static enum tu_status read_tool(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_json tool = element_of(into, at->value);

	return tu_sbom__add_tool(b, TU_JSON_STR(tool, "name"), TU_STR(""));
}

static enum tu_status read_author(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_sbom_made author = agent_of(into, at->value);

	return tu_sbom__add_author(b, &author);
}

static enum tu_status read_spec_version(
	struct tu_sbom_builder *b, const struct tu_sbom_at *creation)
{
	struct tu_str version = TU_JSON_STR(creation->value, "specVersion");

	if (!version.len || b->inventory->spec_version.len)
		return TU_OK;
	if (!tu_str_starts(version, TU_STR("3.0")))
		return tu_json_fail(b->err, TU_E_UNSUPPORTED, creation->value,
			"SPDX JSON-LD, version \"%.*s\"; 3.0 and 3.0.1 are read",
			TU_STR_FMT(tu_str_first(version, 32)));
	return tu_sbom__copy(b, version, &b->inventory->spec_version);
}

static enum tu_status read_creation(struct reading *s, const struct tu_sbom_at *creation)
{
	struct tu_sbom_builder *b = s->b;
	struct tu_sbom_at tools = tu_sbom__member(creation, TU_STR("createdUsing"));
	struct tu_sbom_at authors = tu_sbom__member(creation, TU_STR("createdBy"));
	enum tu_status status = read_spec_version(b, creation);

	if (status || b->inventory->created.len)
		return status;
	status = each_value(s, &authors, s, read_author);
	if (status)
		return status;
	status = tu_sbom__copy(b, TU_JSON_STR(creation->value, "created"), &b->inventory->created);
	return status ? status : each_value(s, &tools, s, read_tool);
}

/* The document's own creation information comes first; without a document, the first one. */
static enum tu_status read_document(struct reading *s, const struct tu_sbom_at *at)
{
	struct tu_inventory *inventory = s->b->inventory;
	struct tu_sbom_at creation = tu_sbom__member(at, TU_STR("creationInfo"));
	enum tu_status status;

	if (inventory->serial.len)
		return tu_sbom__note(s->b, at, "not used: a second SpdxDocument", TU_STR(""));
	status = tu_sbom__copy(s->b, id_of(at->value), &inventory->serial);
	if (!status)
		status = tu_sbom__copy(s->b, TU_JSON_STR(at->value, "name"), &inventory->name);
	creation.value = element_of(s, creation.value);
	if (!status)
		status = read_creation(s, &creation);
	return status;
}

static enum tu_status read_import(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)into;
	if (tu_sbom__note(b, at, "not followed: elements that are imported from other documents",
		    TU_STR("")))
		return TU_E_NOMEM;
	return tu_sbom__other_ref(b, TU_JSON_STR(at->value, "externalSpdxId"));
}

static enum tu_status read_head(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct reading *s = into;
	struct tu_sbom_at imports = tu_sbom__member(at, TU_STR("import"));
	enum tu_status status;

	(void)b;
	if (type_of(at->value)->role != ROLE_DOCUMENT)
		return TU_OK;
	status = read_document(s, at);
	return status ? status : each_value(s, &imports, s, read_import);
}

/* ---- relationships ---- */

/* Types and what they come to; those without a row's relation are understood and say nothing on
 * components. */
struct relation {
	struct tu_str type;
	enum tu_relation relation;
	bool ignored;
	bool reversed;
};

static const struct relation relations[] = {
	{TU_STR_INIT("dependsOn"), TU_REL_DEPENDS_ON, false, false},
	{TU_STR_INIT("contains"), TU_REL_CONTAINS, false, false},
	{TU_STR_INIT("hasConcludedLicense"), TU_REL_OTHER, true, false},
	{TU_STR_INIT("hasDeclaredLicense"), TU_REL_OTHER, true, false},
	{TU_STR_INIT("describes"), TU_REL_DESCRIBES, false, false},
	{TU_STR_INIT("hasStaticLink"), TU_REL_DEPENDS_ON, false, false},
	{TU_STR_INIT("hasDynamicLink"), TU_REL_DEPENDS_ON, false, false},
	{TU_STR_INIT("hasOptionalDependency"), TU_REL_DEPENDS_ON, false, false},
	{TU_STR_INIT("hasProvidedDependency"), TU_REL_DEPENDS_ON, false, false},
	{TU_STR_INIT("hasPrerequisite"), TU_REL_DEPENDS_ON, false, false},
	{TU_STR_INIT("hasOptionalComponent"), TU_REL_CONTAINS, false, false},
	{TU_STR_INIT("packagedBy"), TU_REL_CONTAINS, false, true},
	{TU_STR_INIT("generates"), TU_REL_GENERATED_FROM, false, true},
	{TU_STR_INIT("expandsTo"), TU_REL_GENERATED_FROM, false, true},
	{TU_STR_INIT("ancestorOf"), TU_REL_OTHER, false, false},
	{TU_STR_INIT("descendantOf"), TU_REL_OTHER, false, false},
	{TU_STR_INIT("hasVariant"), TU_REL_OTHER, false, false},
	{TU_STR_INIT("copiedTo"), TU_REL_OTHER, false, false},
	{TU_STR_INIT("patchedBy"), TU_REL_OTHER, false, false},
	{TU_STR_INIT("amendedBy"), TU_REL_OTHER, false, false},
	{TU_STR_INIT("modifiedBy"), TU_REL_OTHER, false, false},
	{TU_STR_INIT("hasInput"), TU_REL_OTHER, false, false},
	{TU_STR_INIT("hasOutput"), TU_REL_OTHER, false, false},
	{TU_STR_INIT("hasHost"), TU_REL_OTHER, false, false},
	{TU_STR_INIT("hasDistributionArtifact"), TU_REL_OTHER, false, false},
	{TU_STR_INIT("hasDataFile"), TU_REL_OTHER, false, false},
	{TU_STR_INIT("hasDocumentation"), TU_REL_OTHER, false, false},
	{TU_STR_INIT("hasDependencyManifest"), TU_REL_OTHER, false, false},
	{TU_STR_INIT("hasExample"), TU_REL_OTHER, false, false},
	{TU_STR_INIT("hasMetadata"), TU_REL_OTHER, false, false},
	{TU_STR_INIT("hasEvidence"), TU_REL_OTHER, false, false},
	{TU_STR_INIT("hasRequirement"), TU_REL_OTHER, false, false},
	{TU_STR_INIT("hasSpecification"), TU_REL_OTHER, false, false},
	{TU_STR_INIT("hasTest"), TU_REL_OTHER, false, false},
	{TU_STR_INIT("hasTestCase"), TU_REL_OTHER, false, false},
	{TU_STR_INIT("hasAddedFile"), TU_REL_OTHER, false, false},
	{TU_STR_INIT("hasDeletedFile"), TU_REL_OTHER, false, false},
	{TU_STR_INIT("testedOn"), TU_REL_OTHER, false, false},
	{TU_STR_INIT("trainedOn"), TU_REL_OTHER, false, false},
	{TU_STR_INIT("usesTool"), TU_REL_OTHER, false, false},
	{TU_STR_INIT("invokedBy"), TU_REL_OTHER, false, false},
	{TU_STR_INIT("configures"), TU_REL_OTHER, false, false},
	{TU_STR_INIT("serializedInArtifact"), TU_REL_OTHER, true, false},
	{TU_STR_INIT("availableFrom"), TU_REL_OTHER, true, false},
	{TU_STR_INIT("delegatedTo"), TU_REL_OTHER, true, false},
	{TU_STR_INIT("publishedBy"), TU_REL_OTHER, true, false},
	{TU_STR_INIT("reportedBy"), TU_REL_OTHER, true, false},
	{TU_STR_INIT("republishedBy"), TU_REL_OTHER, true, false},
	{TU_STR_INIT("foundBy"), TU_REL_OTHER, true, false},
	{TU_STR_INIT("fixedBy"), TU_REL_OTHER, true, false},
	{TU_STR_INIT("coordinatedBy"), TU_REL_OTHER, true, false},
	{TU_STR_INIT("exploitCreatedBy"), TU_REL_OTHER, true, false},
	{TU_STR_INIT("hasAssessmentFor"), TU_REL_OTHER, true, false},
	{TU_STR_INIT("hasAssociatedVulnerability"), TU_REL_OTHER, true, false},
	{TU_STR_INIT("other"), TU_REL_OTHER, false, false},
};

static enum tu_status find_relation(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	const struct relation **out_relation)
{
	static const struct relation unknown = {TU_STR_INIT(""), TU_REL_OTHER, false, false};
	struct tu_str type = TU_JSON_STR(at->value, "relationshipType");

	for (size_t i = 0; i < TU_COUNT(relations); i++) {
		if (tu_str_eq(relations[i].type, type)) {
			*out_relation = &relations[i];
			return TU_OK;
		}
	}
	*out_relation = &unknown;
	return tu_sbom__note(b, at, "not understood: relationship type", type);
}

/* What is needed only to develop or test it is no dependency of the product. */
static bool is_of_the_workshop(struct tu_json relationship)
{
	struct tu_str scope = TU_JSON_STR(relationship, "scope");

	return tu_str_eq(scope, TU_STR("development")) || tu_str_eq(scope, TU_STR("test"));
}

struct relating {
	struct reading *s;
	uint32_t from;
	enum tu_relation relation;
	bool reversed;
	bool from_collection; /* a document or SBOM, which is no component but describes */
};

static enum tu_status find_end(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	struct tu_str id, uint32_t *out_index)
{
	if (tu_sbom__find(b, id, out_index) != TU_SBOM_FOUND_NOTHING || says_nothing(id))
		return TU_OK;
	return tu_sbom__note(b, at, "a relationship names what the document does not have:", id);
}

static enum tu_status read_target(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	const struct relating *relating = into;
	uint32_t to;
	enum tu_status status = find_end(b, at, id_of_value(at->value), &to);

	if (status || to == TU_NO_COMPONENT)
		return status;
	if (relating->from_collection && relating->relation == TU_REL_DESCRIBES)
		describe(relating->s, to);
	else if (relating->from == TU_NO_COMPONENT)
		return TU_OK;
	return relating->reversed ? tu_sbom__relate(b, to, relating->relation, relating->from)
				  : tu_sbom__relate(b, relating->from, relating->relation, to);
}

static enum tu_status read_relationship(struct reading *s, const struct tu_sbom_at *at)
{
	struct relating relating = {.s = s};
	struct tu_sbom_at from = tu_sbom__member(at, TU_STR("from"));
	struct tu_sbom_at to = tu_sbom__member(at, TU_STR("to"));
	const struct relation *relation;
	enum role role = type_of(element_of(s, from.value))->role;
	enum tu_status status = find_relation(s->b, at, &relation);

	if (status || relation->ignored)
		return status;
	if (!from.value.doc || !to.value.doc)
		return tu_sbom__note_each(
			s->b, at, "left out: a relationship without from or to", TU_STR(""));
	relating.relation = is_of_the_workshop(at->value) ? TU_REL_OTHER : relation->relation;
	relating.reversed = relation->reversed;
	relating.from_collection = role == ROLE_DOCUMENT || role == ROLE_COLLECTION;
	status = find_end(s->b, &from, id_of_value(from.value), &relating.from);
	return status ? status : each_value(s, &to, &relating, read_target);
}

/* ---- statements on vulnerabilities ---- */

static struct tu_str vulnerability_id(const struct reading *s, struct tu_json value)
{
	struct tu_json vulnerability = element_of(s, value);
	struct tu_json identifiers = tu_json_get(vulnerability, TU_STR("externalIdentifier"));
	struct tu_json_iter iter = tu_json_iter(identifiers);
	struct tu_str id = id_of_value(value);
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

static enum tu_status read_about(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	uint32_t index;
	enum tu_sbom_found found = tu_sbom__find(b, id_of_value(at->value), &index);

	(void)into;
	if (found == TU_SBOM_FOUND_COMPONENT)
		return TU_VEC_PUSH(&b->about, index) ? TU_OK : tu_sbom__nomem(b);
	if (found == TU_SBOM_FOUND_OTHER)
		return TU_OK;
	return tu_sbom__note(b, at,
		"a vulnerability names what the document does not have:", id_of_value(at->value));
}

static enum tu_status copy_statement(
	struct tu_sbom_builder *b, struct tu_json assessment, struct tu_vex_statement *statement)
{
	static const char *const details[] = {
		"security_impactStatement", "security_actionStatement", "security_statusNotes"};
	enum tu_status status = tu_sbom__copy(b,
		TU_JSON_STR(assessment, "security_justificationType"), &statement->justification);

	for (size_t i = 0; !status && !statement->detail.len && i < TU_COUNT(details); i++)
		status =
			tu_sbom__copy(b, tu_json_str(tu_json_get(assessment, tu_str_c(details[i]))),
				&statement->detail);
	return status;
}

static enum tu_status read_statement(struct reading *s, const struct tu_sbom_at *at)
{
	static const struct tu_str none = {"", 0};
	struct tu_vex_statement statement = {.id = none, .justification = none, .detail = none};
	struct tu_sbom_at to = tu_sbom__member(at, TU_STR("to"));
	struct tu_str id = vulnerability_id(s, tu_json_get(at->value, TU_STR("from")));
	enum tu_status status;

	if (!id.len)
		return tu_sbom__note_each(s->b, at, "left out: a vulnerability without id", none);
	statement.state = type_of(at->value)->state;
	s->b->about.count = 0;
	status = tu_sbom__copy(s->b, id, &statement.id);
	if (!status)
		status = copy_statement(s->b, at->value, &statement);
	if (!status)
		status = each_value(s, &to, s, read_about);
	if (status)
		return status;
	if (s->b->about.count == 0)
		return tu_sbom__note(s->b, at,
			"left out: statements on vulnerabilities of components that the document "
			"does not have",
			none);
	return tu_sbom__add_statement(s->b, &statement);
}

/* ---- the document ---- */

static enum tu_status read_links(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct reading *s = into;

	(void)b;
	switch (type_of(at->value)->role) {
	case ROLE_DOCUMENT:
	case ROLE_COLLECTION:
		return read_roots(s, at);
	case ROLE_RELATIONSHIP:
		return read_relationship(s, at);
	case ROLE_STATEMENT:
		return read_statement(s, at);
	case ROLE_CREATION:
		return read_creation(s, at);
	case ROLE_UNKNOWN:
	case ROLE_PACKAGE:
	case ROLE_FILE:
	case ROLE_OTHER:
	default:
		return TU_OK;
	}
}

static enum tu_status choose_subject(struct reading *s, const struct tu_sbom_at *root)
{
	struct tu_inventory *inventory = s->b->inventory;

	if (s->several)
		return tu_sbom__note(s->b, root,
			"the document describes several packages: none is taken for its subject",
			TU_STR(""));
	inventory->subject = s->described;
	if (inventory->subject != TU_NO_COMPONENT && inventory->name.len == 0)
		inventory->name = s->b->components.at[inventory->subject].name;
	return TU_OK;
}

static enum tu_status note_files(struct reading *s, const struct tu_sbom_at *root)
{
	return tu_sbom__note_count(s->b, root,
		s->packages ? "not read as components: files,"
			    : "no packages: the files are read as components,",
		s->files);
}

static enum tu_status read_graph(struct reading *s, const struct tu_sbom_at *root)
{
	struct tu_json graph = tu_json_get(root->value, TU_STR("@graph"));
	enum tu_status status = make_slots(s, graph.doc ? tu_json_count(graph) : 1);

	if (!status)
		status = each_element(s, root, index_element);
	if (!status)
		status = each_element(s, root, gather_licences);
	if (s->given.count)
		qsort(s->given.at, s->given.count, sizeof(*s->given.at), by_receiver);
	if (!status)
		status = tu_sbom__reserve(s->b, root, s->packages ? s->packages : s->files);
	if (!status)
		status = each_element(s, root, read_head);
	if (!status)
		status = each_element(s, root, read_thing);
	if (!status)
		status = note_files(s, root);
	if (!status)
		status = tu_sbom__index(s->b);
	if (!status)
		status = each_element(s, root, read_links);
	return status ? status : choose_subject(s, root);
}

enum tu_status tu_sbom__read_spdx3(struct tu_sbom_builder *b, const struct tu_sbom_at *root)
{
	struct reading s = {.b = b, .described = TU_NO_COMPONENT};
	struct tu_sbom_at graph;
	enum tu_status status = TU_OK;

	b->inventory->format = TU_SBOM_SPDX3_JSON;
	b->inventory->list = TU_STR("@graph");
	if (tu_json_get(root->value, TU_STR("@graph")).doc)
		status = tu_sbom__section(b, root, TU_STR("@graph"), TU_JSON_ARRAY, &graph);
	if (!status)
		status = read_graph(&s, root);
	tu_free(s.slots);
	TU_VEC_DONE(&s.given);
	return status;
}
