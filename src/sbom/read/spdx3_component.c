/* SPDX 3.0 JSON-LD, the components and their licences (see spdx3.h). */
#include "sbom/read/spdx3.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/search.h"

#define SLOT(type, member) offsetof(struct type, member)
#define KNOWN(name) \
	{ \
		TU_STR_INIT(name) \
	}

/* ---- licences ---- */

static bool gives_licence(struct tu_json relationship)
{
	struct tu_str type = TU_JSON_STR(relationship, "relationshipType");

	return tu_str_eq(type, TU_STR("hasConcludedLicense")) ||
		tu_str_eq(type, TU_STR("hasDeclaredLicense"));
}

/* An expression, else the name, else the end of the IRI ("https://spdx.org/licenses/MIT"). */
static struct tu_str licence_text(const struct tu_spdx3 *s, struct tu_json value)
{
	struct tu_json element = tu_sbom__spdx3_element(s, value);
	struct tu_str text = TU_JSON_STR(element, "simplelicensing_licenseExpression");
	struct tu_str id = tu_sbom__spdx3_id_of(value);

	if (tu_sbom__spdx3_says_nothing(id) && tu_json_is_string(value))
		return (struct tu_str){"", 0};
	if (!text.len && element.doc)
		text = TU_JSON_STR(element, "name");
	if (!text.len && tu_str_starts(id, TU_STR("https://spdx.org/licenses/")))
		text = tu_str_from(id, tu_str_rfind(id, '/') + 1);
	return tu_sbom__spdx3_says_nothing(text) ? (struct tu_str){"", 0} : text;
}

struct giving {
	struct tu_spdx3 *s;
	struct tu_str to;
};

static enum tu_status gather_one(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	const struct giving *giving = into;
	const struct tu_spdx3_given given = {giving->to, licence_text(giving->s, at->value)};

	if (!given.licence.len)
		return TU_OK;
	return TU_VEC_PUSH(&giving->s->given, given) ? TU_OK : tu_sbom__nomem(b);
}

enum tu_status tu_sbom__spdx3_licences(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_spdx3 *s = into;
	struct giving giving = {s, tu_sbom__spdx3_id_of(tu_json_get(at->value, TU_STR("from")))};
	struct tu_sbom_at to = tu_sbom__member(at, TU_STR("to"));

	(void)b;
	if (tu_sbom__spdx3_type(at->value)->role != TU_SPDX3_RELATIONSHIP ||
		!gives_licence(at->value))
		return TU_OK;
	return tu_sbom__spdx3_each(s, &to, &giving, gather_one);
}

static int by_receiver(const void *a, const void *b)
{
	const struct tu_spdx3_given *first = a;
	const struct tu_spdx3_given *second = b;
	int order = tu_str_cmp(first->to, second->to);

	if (order)
		return order;
	return (first->licence.ptr > second->licence.ptr) -
		(first->licence.ptr < second->licence.ptr);
}

void tu_sbom__spdx3_sort_licences(struct tu_spdx3 *s)
{
	if (s->given.count)
		qsort(s->given.at, s->given.count, sizeof(*s->given.at), by_receiver);
}

static int order_given(const void *item, const void *wanted)
{
	const struct tu_spdx3_given *given = item;

	return tu_str_cmp(given->to, *(const struct tu_str *)wanted);
}

static size_t first_given(const struct tu_spdx3 *s, struct tu_str id)
{
	return tu_lower_bound(s->given.at, s->given.count, sizeof(*s->given.at), &id, order_given);
}

static enum tu_status take_licences(struct tu_spdx3 *s, struct tu_str id)
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
	struct tu_spdx3 *s;
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

/* The name of an agent; the first one counts. */
static enum tu_status take_maker(
	struct drafting *drafting, enum tu_role maker, struct tu_json value)
{
	struct tu_sbom_made *own = &drafting->draft.makers[maker];
	struct tu_sbom_made made = tu_sbom__spdx3_agent(drafting->s, value);
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
	return take_maker(into, TU_ROLE_SUPPLIER, at->value);
}

static enum tu_status read_originator(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)b;
	return take_maker(into, TU_ROLE_ORIGINATOR, at->value);
}

static enum tu_status read_originators(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct drafting *drafting = into;

	(void)b;
	return tu_sbom__spdx3_each(drafting->s, at, into, read_originator);
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
	struct tu_json hash = tu_sbom__spdx3_element(drafting->s, at->value);

	return tu_sbom__hash(b, at, algorithm_of(TU_JSON_STR(hash, "algorithm")),
		TU_JSON_STR(hash, "hashValue"));
}

static enum tu_status read_hashes(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct drafting *drafting = into;

	(void)b;
	return tu_sbom__spdx3_each(drafting->s, at, into, read_hash);
}

static enum tu_status take_purl(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	struct drafting *drafting, struct tu_str purl)
{
	return tu_sbom__take_purl(
		b, at, &drafting->draft, purl, "not used: another purl of the package:");
}

static enum tu_status read_purl(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	return take_purl(b, at, into, tu_json_str(at->value));
}

static enum tu_status read_identifier(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct drafting *drafting = into;
	struct tu_json identifier = tu_sbom__spdx3_element(drafting->s, at->value);
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
	return tu_sbom__spdx3_each(drafting->s, at, into, read_identifier);
}

/* The extension for CycloneDX's properties; others say what they like. */
static const struct tu_sbom_member property_members[] = {
	{TU_STR_INIT("extension_cdxPropName"), TU_SBOM_STRING, tu_sbom__text,
		SLOT(tu_property, name)},
	{TU_STR_INIT("extension_cdxPropValue"), TU_SBOM_STRING, tu_sbom__text,
		SLOT(tu_property, value)},
	KNOWN("type"),
	KNOWN("@type"),
};
static const struct tu_sbom_shape property_shape = {
	"not understood: member of a property:", property_members, TU_COUNT(property_members)};

static enum tu_status read_property(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)into;
	return tu_sbom__property(b, at, &property_shape, &b->own);
}

static enum tu_status read_extension(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_sbom_at entries = tu_sbom__member(at, TU_STR("extension_cdxProperty"));

	(void)into;
	if (!tu_json_is_array(entries.value))
		return TU_OK;
	return tu_sbom__each(b, &entries, TU_SBOM_OBJECT, read_property, NULL);
}

static enum tu_status read_extensions(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	return tu_sbom__each(b, at, TU_SBOM_OBJECT, read_extension, into);
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
	{TU_STR_INIT("software_sourceInfo"), TU_SBOM_STRING, tu_sbom__source_info, 0},
	{TU_STR_INIT("extension"), TU_SBOM_ARRAY, read_extensions, 0},
	KNOWN("type"),
	KNOWN("@type"),
	KNOWN("creationInfo"),
	KNOWN("builtTime"),
	KNOWN("comment"),
	KNOWN("contentType"),
	KNOWN("description"),
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

enum tu_status tu_sbom__spdx3_component(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	struct tu_spdx3 *s, enum tu_component_kind kind)
{
	struct drafting drafting = {.s = s};
	enum tu_status status;
	uint32_t index;

	tu_sbom__draft(b, &drafting.draft);
	drafting.draft.component.kind = kind;
	drafting.draft.component.ordinal = (uint32_t)at->index;
	status = read_known(b, at, &drafting);
	if (!status)
		status = take_licences(s, tu_sbom__spdx3_id(at->value));
	return status ? status : tu_sbom__add(b, at, &drafting.draft, &index);
}
