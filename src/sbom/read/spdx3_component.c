/* SPDX 3.0 JSON-LD, the components and their licences (see spdx3.h). */
#include "sbom/read/spdx3.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/search.h"
#include "sbom/references.h"
#include "sbom/read/members.h"

#define TEXT(name) \
	{ \
		TU_STR_INIT(name), TU_SBOM_STRING | TU_SBOM_ARRAY, read_text, 0 \
	}

/* ---- licences ---- */

static bool gives_licence(struct tu_json relationship, enum tu_acknowledgement *out_by)
{
	struct tu_str type = TU_JSON_STR(relationship, "relationshipType");
	bool concluded = tu_str_eq(type, TU_STR("hasConcludedLicense"));

	*out_by = concluded ? TU_ACK_CONCLUDED : TU_ACK_DECLARED;
	return concluded || tu_str_eq(type, TU_STR("hasDeclaredLicense"));
}

static struct tu_str stated(struct tu_str text)
{
	return tu_sbom__spdx3_says_nothing(text) ? (struct tu_str){"", 0} : text;
}

static struct tu_str licence_content(struct tu_json element)
{
	struct tu_str text = TU_JSON_STR(element, "simplelicensing_licenseText");

	return stated(text.len ? text : TU_JSON_STR(element, "expandedlicensing_licenseText"));
}

/* An expression, else the name with its text, else the end of the IRI
 * ("https://spdx.org/licenses/MIT"). */
static struct tu_licence licence_of(const struct tu_spdx3 *s, struct tu_json value)
{
	struct tu_json element = tu_sbom__spdx3_element(s, value);
	struct tu_licence licence = {
		.text = TU_JSON_STR(element, "simplelicensing_licenseExpression"),
		.kind = TU_LICENCE_NAME,
		.content = {"", 0},
		.content_type = {"", 0},
		.encoding = {"", 0},
		.url = {"", 0}};
	struct tu_str id = tu_sbom__spdx3_id_of(value);

	if (tu_str_ends(id, TU_STR("/NoneLicense")))
		licence.text = TU_STR("NONE");
	if (tu_sbom__spdx3_says_nothing(id) && tu_json_is_string(value))
		return licence;
	if (licence.text.len) {
		licence.kind = tu_sbom__spdx_licence_kind(licence.text);
		licence.text = stated(licence.text);
		return licence;
	}
	if (tu_str_starts(id, TU_STR("https://spdx.org/licenses/"))) {
		licence.text = tu_str_from(id, tu_str_rfind(id, '/') + 1);
		licence.kind = TU_LICENCE_ID;
	} else if (element.doc) {
		licence.text = stated(TU_JSON_STR(element, "name"));
		licence.content = licence_content(element);
	}
	if (tu_str_eq(licence.content, licence.text))
		licence.content = TU_STR("");
	return licence;
}

struct giving {
	struct tu_spdx3 *s;
	struct tu_str to;
	enum tu_acknowledgement by;
};

static enum tu_status gather_one(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	const struct giving *giving = into;
	struct tu_spdx3_given given = {giving->to, licence_of(giving->s, at->value)};

	if (!given.licence.text.len)
		return TU_OK;
	given.licence.acknowledgement = giving->by;
	return TU_VEC_PUSH(&giving->s->given, given) ? TU_OK : tu_sbom__nomem(b);
}

/* What a LicenseRef-… of an expression is, once. */
static enum tu_status take_custom_id(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_spdx3 *s = into;
	struct tu_json element = tu_sbom__spdx3_element(s, tu_json_get(at->value, TU_STR("value")));
	struct tu_licence_text text = {.id = TU_JSON_STR(at->value, "key"),
		.name = stated(TU_JSON_STR(element, "name")),
		.text = licence_content(element),
		.comment = TU_JSON_STR(element, "comment")};
	uint32_t before = tu_intern_count(s->custom);
	uint32_t id;

	if (b->for_matching || !text.id.len || !element.doc)
		return TU_OK;
	if (tu_str_eq(text.name, text.id))
		text.name = TU_STR("");
	if (!tu_intern_add(s->custom, text.id, &id))
		return tu_sbom__nomem(b);
	return tu_intern_count(s->custom) > before ? tu_sbom__add_licence_text(b, &text) : TU_OK;
}

enum tu_status tu_sbom__spdx3_licences(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_spdx3 *s = into;
	struct giving giving = {
		s, tu_sbom__spdx3_id_of(tu_json_get(at->value, TU_STR("from"))), TU_ACK_UNSTATED};
	struct tu_sbom_at to = tu_sbom__member(at, TU_STR("to"));
	struct tu_sbom_at custom = tu_sbom__member(at, TU_STR("simplelicensing_customIdToUri"));

	(void)b;
	if (custom.value.doc)
		return tu_sbom__spdx3_each(s, &custom, s, take_custom_id);
	if (tu_sbom__spdx3_type(at->value)->role != TU_SPDX3_RELATIONSHIP ||
		!gives_licence(at->value, &giving.by))
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
	return (first->licence.text.ptr > second->licence.text.ptr) -
		(first->licence.text.ptr < second->licence.text.ptr);
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
		status = tu_sbom__take_licence(s->b, &s->b->own, &s->given.at[i].licence);
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

/* Each agent; the first one of a part is what the supplier is chosen from. */
static enum tu_status take_maker(struct drafting *drafting, enum tu_role role, struct tu_json value)
{
	struct tu_sbom_builder *b = drafting->s->b;
	struct tu_sbom_made made = tu_sbom__spdx3_agent(drafting->s, value);
	struct tu_party party;

	if (tu_sbom__copy(b, made.name, &made.name) ||
		tu_sbom__copy(b, made.contact, &made.contact))
		return TU_E_NOMEM;
	if (!drafting->draft.makers[role].name.len)
		drafting->draft.makers[role] = made;
	if (b->for_matching)
		return TU_OK;
	if (tu_sbom__party_of(b, &made, role, &party))
		return TU_E_NOMEM;
	return tu_sbom__add_party(b, &b->own, &party);
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
	return tu_sbom__unkept(b, at, "lost: an external identifier of the type", type);
}

/* ---- texts and references ---- */

/* By the member's name: the kinds of text are rows of details.c. */
static enum tu_status read_text(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_json_iter iter = tu_json_iter(at->value);
	struct tu_json item;
	enum tu_text_kind kind;
	enum tu_status status = TU_OK;

	(void)into;
	if (!tu_sbom__text_kind(at->key, TU_SAY_SPDX3, &kind))
		return TU_OK;
	if (tu_json_is_string(at->value))
		return tu_str_eq(tu_json_str(at->value), TU_STR("NOASSERTION"))
			? TU_OK
			: tu_sbom__add_text(b, &b->own, kind, tu_json_str(at->value));
	while (!status && tu_json_next_item(&iter, &item))
		status = tu_sbom__add_text(b, &b->own, kind, tu_json_str(item));
	return status;
}

static enum tu_status read_source_info(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	enum tu_status status = tu_sbom__source_info(b, at, into);

	return status ? status : read_text(b, at, into);
}

static enum tu_status read_locator(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_sbom_reference *reference = into;

	reference->url = tu_json_str(at->value);
	return reference->url.len ? tu_sbom__add_reference(b, &b->own, reference) : TU_OK;
}

static enum tu_status read_reference(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct drafting *drafting = into;
	struct tu_json value = tu_sbom__spdx3_element(drafting->s, at->value);
	struct tu_sbom_at place = {
		.value = value, .up = at->up, .key = at->key, .index = at->index};
	struct tu_sbom_at locator = tu_sbom__member(&place, TU_STR("locator"));
	struct tu_sbom_at media = tu_sbom__member(&place, TU_STR("contentType"));
	struct tu_sbom_reference reference = {.category = {"", 0},
		.type = tu_sbom__reference_of_spdx3(TU_JSON_STR(value, "externalRefType")),
		.url = {"", 0},
		.comment = TU_JSON_STR(value, "comment")};
	enum tu_status status = tu_sbom__unkept(
		b, &media, "lost: member of an external reference:", TU_STR("contentType"));

	return status ? status
		      : tu_sbom__spdx3_each(drafting->s, &locator, &reference, read_locator);
}

static enum tu_status read_references(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct drafting *drafting = into;

	(void)b;
	return tu_sbom__spdx3_each(drafting->s, at, into, read_reference);
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
	{TU_STR_INIT("software_sourceInfo"), TU_SBOM_STRING, read_source_info, 0},
	{TU_STR_INIT("extension"), TU_SBOM_ARRAY, read_extensions, 0},
	KNOWN("type"),
	KNOWN("@type"),
	KNOWN("creationInfo"),
	TEXT("builtTime"),
	TEXT("comment"),
	UNKEPT("contentType"),
	TEXT("description"),
	{TU_STR_INIT("externalRef"), TU_SBOM_ARRAY | TU_SBOM_OBJECT, read_references, 0},
	TEXT("releaseTime"),
	UNKEPT("software_additionalPurpose"),
	TEXT("software_attributionText"),
	UNKEPT("software_contentIdentifier"),
	TEXT("software_copyrightText"),
	TEXT("software_downloadLocation"),
	UNKEPT("software_fileKind"),
	TEXT("software_homePage"),
	UNKEPT("standardName"),
	TEXT("summary"),
	UNKEPT("supportLevel"),
	TEXT("validUntilTime"),
};

/* Members of the profiles for models and data sets begin alike. */
static bool is_of_a_profile(struct tu_str member)
{
	return tu_str_starts(member, TU_STR("ai_")) || tu_str_starts(member, TU_STR("dataset_"));
}

static enum tu_status note_others(struct tu_sbom_builder *b, const struct tu_sbom_at *at)
{
	struct tu_sbom_walk walk = tu_sbom__walk(at);
	enum tu_status status = TU_OK;

	while (!status && tu_sbom__next(&walk)) {
		size_t row = 0;

		while (row < TU_COUNT(component_members) &&
			!tu_str_eq(component_members[row].name, walk.at.key))
			row++;
		if (row < TU_COUNT(component_members)
				? component_members[row].types & TU_SBOM_UNKEPT
				: is_of_a_profile(walk.at.key))
			status = tu_sbom__unkept(
				b, &walk.at, "lost: member of a package:", walk.at.key);
		else if (row == TU_COUNT(component_members))
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
	return status ? status : note_others(b, at);
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
