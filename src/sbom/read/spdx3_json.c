/*
 * SPDX 3.0 JSON-LD (ISO/IEC 5962 is 2.2.1; 3.0.1 is https://spdx.github.io/spdx-spec/v3.0.1/).
 *
 * A document is a graph of elements that name each other by IRI, in any order and at any depth. The
 * compact form of the specification's own context is read (annex "Serializing"), which is what all
 * tools write. Packages are the components; files are counted only, unless there is no package.
 */
#include "sbom/read/spdx3.h"

#include "base/alloc.h"
#include "base/hash.h"

static const struct tu_spdx3_type types[] = {
	{TU_STR_INIT("software_Package"), TU_SPDX3_PACKAGE},
	{TU_STR_INIT("Relationship"), TU_SPDX3_RELATIONSHIP},
	{TU_STR_INIT("software_File"), TU_SPDX3_FILE},
	{TU_STR_INIT("LifecycleScopedRelationship"), TU_SPDX3_RELATIONSHIP},
	{TU_STR_INIT("ai_AIPackage"), TU_SPDX3_PACKAGE},
	{TU_STR_INIT("dataset_DatasetPackage"), TU_SPDX3_PACKAGE},
	{TU_STR_INIT("SpdxDocument"), TU_SPDX3_DOCUMENT},
	{TU_STR_INIT("software_Sbom"), TU_SPDX3_COLLECTION},
	{TU_STR_INIT("Bom"), TU_SPDX3_COLLECTION},
	{TU_STR_INIT("Bundle"), TU_SPDX3_COLLECTION},
	{TU_STR_INIT("CreationInfo"), TU_SPDX3_CREATION},
	{TU_STR_INIT("security_VexAffectedVulnAssessmentRelationship"), TU_SPDX3_STATEMENT},
	{TU_STR_INIT("security_VexFixedVulnAssessmentRelationship"), TU_SPDX3_STATEMENT},
	{TU_STR_INIT("security_VexNotAffectedVulnAssessmentRelationship"), TU_SPDX3_STATEMENT},
	{TU_STR_INIT("security_VexUnderInvestigationVulnAssessmentRelationship"),
		TU_SPDX3_STATEMENT},
	{TU_STR_INIT("Agent"), TU_SPDX3_OTHER},
	{TU_STR_INIT("Person"), TU_SPDX3_OTHER},
	{TU_STR_INIT("Organization"), TU_SPDX3_OTHER},
	{TU_STR_INIT("SoftwareAgent"), TU_SPDX3_OTHER},
	{TU_STR_INIT("Tool"), TU_SPDX3_OTHER},
	{TU_STR_INIT("Annotation"), TU_SPDX3_UNKEPT},
	{TU_STR_INIT("ExternalMap"), TU_SPDX3_UNKEPT},
	{TU_STR_INIT("Hash"), TU_SPDX3_OTHER},
	{TU_STR_INIT("IndividualElement"), TU_SPDX3_OTHER},
	{TU_STR_INIT("build_Build"), TU_SPDX3_UNKEPT},
	{TU_STR_INIT("software_Snippet"), TU_SPDX3_UNKEPT},
	{TU_STR_INIT("security_Vulnerability"), TU_SPDX3_OTHER},
	{TU_STR_INIT("security_CvssV2VulnAssessmentRelationship"), TU_SPDX3_UNKEPT},
	{TU_STR_INIT("security_CvssV3VulnAssessmentRelationship"), TU_SPDX3_UNKEPT},
	{TU_STR_INIT("security_CvssV4VulnAssessmentRelationship"), TU_SPDX3_UNKEPT},
	{TU_STR_INIT("security_EpssVulnAssessmentRelationship"), TU_SPDX3_UNKEPT},
	{TU_STR_INIT("security_SsvcVulnAssessmentRelationship"), TU_SPDX3_UNKEPT},
	{TU_STR_INIT("security_ExploitCatalogVulnAssessmentRelationship"), TU_SPDX3_UNKEPT},
	{TU_STR_INIT("simplelicensing_LicenseExpression"), TU_SPDX3_OTHER},
	{TU_STR_INIT("simplelicensing_SimpleLicensingText"), TU_SPDX3_OTHER},
	{TU_STR_INIT("expandedlicensing_ListedLicense"), TU_SPDX3_OTHER},
	{TU_STR_INIT("expandedlicensing_CustomLicense"), TU_SPDX3_OTHER},
	{TU_STR_INIT("expandedlicensing_ListedLicenseException"), TU_SPDX3_OTHER},
	{TU_STR_INIT("expandedlicensing_CustomLicenseAddition"), TU_SPDX3_OTHER},
	{TU_STR_INIT("expandedlicensing_ConjunctiveLicenseSet"), TU_SPDX3_OTHER},
	{TU_STR_INIT("expandedlicensing_DisjunctiveLicenseSet"), TU_SPDX3_OTHER},
	{TU_STR_INIT("expandedlicensing_OrLaterOperator"), TU_SPDX3_OTHER},
	{TU_STR_INIT("expandedlicensing_WithAdditionOperator"), TU_SPDX3_OTHER},
	{TU_STR_INIT("expandedlicensing_IndividualLicensingInfo"), TU_SPDX3_OTHER},
};

struct tu_str tu_sbom__spdx3_id(struct tu_json element)
{
	struct tu_str id = TU_JSON_STR(element, "spdxId");

	return id.len ? id : TU_JSON_STR(element, "@id");
}

const struct tu_spdx3_type *tu_sbom__spdx3_type(struct tu_json element)
{
	static const struct tu_spdx3_type unknown = {TU_STR_INIT(""), TU_SPDX3_UNKNOWN};
	/* A statement, of what status nobody knows. */
	static const struct tu_spdx3_type statement = {TU_STR_INIT(""), TU_SPDX3_STATEMENT};
	struct tu_str name = TU_JSON_STR(element, "type");

	if (!name.len)
		name = TU_JSON_STR(element, "@type");
	for (size_t i = 0; i < TU_COUNT(types); i++) {
		if (tu_str_eq(types[i].name, name))
			return &types[i];
	}
	return tu_str_starts(name, TU_STR("security_Vex")) ? &statement : &unknown;
}

/* ---- elements by id ---- */

static size_t slot_of(const struct tu_spdx3 *s, struct tu_str id)
{
	size_t slot = (size_t)tu_hash_seeded(id, s->b->refs.seed) & s->mask;

	while (s->slots[slot].doc && !tu_str_eq(tu_sbom__spdx3_id(s->slots[slot]), id))
		slot = (slot + 1) & s->mask;
	return slot;
}

/* The element that a value names: by id, or the value itself when it is written in place. */
struct tu_json tu_sbom__spdx3_element(const struct tu_spdx3 *s, struct tu_json value)
{
	if (!tu_json_is_string(value))
		return value;
	return s->slots[slot_of(s, tu_json_str(value))];
}

struct tu_str tu_sbom__spdx3_id_of(struct tu_json value)
{
	return tu_json_is_string(value) ? tu_json_str(value) : tu_sbom__spdx3_id(value);
}

static enum tu_status index_element(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_spdx3 *s = into;
	struct tu_str id = tu_sbom__spdx3_id(at->value);
	enum tu_spdx3_role role = tu_sbom__spdx3_type(at->value)->role;

	(void)b;
	s->packages += role == TU_SPDX3_PACKAGE;
	s->files += role == TU_SPDX3_FILE;
	if (id.len) {
		struct tu_json *slot = &s->slots[slot_of(s, id)];

		if (!slot->doc)
			*slot = at->value;
	}
	return TU_OK;
}

static enum tu_status make_slots(struct tu_spdx3 *s, size_t count)
{
	size_t slots = 16;

	while (slots < count + count / 2)
		slots *= 2;
	s->slots = tu_alloc(slots, sizeof(*s->slots));
	s->mask = slots - 1;
	return s->slots ? TU_OK : tu_sbom__nomem(s->b);
}

/* The individuals that say nothing, of any version: ".../terms/Core/NoneElement". */
bool tu_sbom__spdx3_says_nothing(struct tu_str iri)
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

static enum tu_party_kind kind_of(struct tu_json agent)
{
	static const struct {
		struct tu_str type;
		enum tu_party_kind kind;
	} kinds[] = {
		{TU_STR_INIT("Person"), TU_PARTY_PERSON},
		{TU_STR_INIT("Organization"), TU_PARTY_ORGANIZATION},
		{TU_STR_INIT("SoftwareAgent"), TU_PARTY_TOOL},
	};

	for (size_t i = 0; i < TU_COUNT(kinds); i++) {
		if (tu_str_eq(kinds[i].type, TU_JSON_STR(agent, "type")))
			return kinds[i].kind;
	}
	return TU_PARTY_UNSTATED;
}

struct tu_sbom_made tu_sbom__spdx3_agent(const struct tu_spdx3 *s, struct tu_json value)
{
	struct tu_json agent = tu_sbom__spdx3_element(s, value);
	struct tu_json list = tu_json_get(agent, TU_STR("externalIdentifier"));
	struct tu_sbom_made made = {TU_JSON_STR(agent, "name"), {"", 0}, kind_of(agent)};
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

/* ---- the graph ---- */

/* Call for each element: of the graph, or the document itself when it is one element. */
static enum tu_status each_element(struct tu_spdx3 *s, const struct tu_sbom_at *root,
	enum tu_status (*read)(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into))
{
	struct tu_sbom_at graph = tu_sbom__member(root, TU_STR("@graph"));

	if (graph.value.doc)
		return tu_sbom__each(s->b, &graph, TU_SBOM_OBJECT, read, s);
	return read(s->b, root, s);
}

/* Call for the one value or each of an array. */
enum tu_status tu_sbom__spdx3_each(struct tu_spdx3 *s, const struct tu_sbom_at *at, void *into,
	enum tu_status (*read)(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into))
{
	if (!at->value.doc)
		return TU_OK;
	if (tu_json_is_array(at->value))
		return tu_sbom__each(s->b, at, TU_SBOM_STRING | TU_SBOM_OBJECT, read, into);
	return read(s->b, at, into);
}

/* ---- what the document is about ---- */

void tu_sbom__spdx3_describe(struct tu_spdx3 *s, uint32_t index)
{
	if (s->described == TU_NO_COMPONENT)
		s->described = index;
	else if (s->described != index)
		s->several = true;
}

/* How the document came about: "build", "deployed", … */
static enum tu_status read_phase(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)into;
	if (b->inventory->phase.len)
		return TU_OK;
	return tu_sbom__copy(b, tu_json_str(at->value), &b->inventory->phase);
}

static enum tu_status read_root_element(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	uint32_t index;

	(void)tu_sbom__find(b, tu_sbom__spdx3_id_of(at->value), &index);
	if (index == TU_NO_COMPONENT)
		return TU_OK;
	tu_sbom__spdx3_describe(into, index);
	return tu_sbom__relate(b, TU_NO_COMPONENT, TU_REL_DESCRIBES, index);
}

static enum tu_status read_roots(struct tu_spdx3 *s, const struct tu_sbom_at *collection)
{
	struct tu_sbom_at roots = tu_sbom__member(collection, TU_STR("rootElement"));
	struct tu_sbom_at phases = tu_sbom__member(collection, TU_STR("software_sbomType"));
	enum tu_status status;

	status = tu_sbom__spdx3_each(s, &phases, s, read_phase);
	return status ? status : tu_sbom__spdx3_each(s, &roots, s, read_root_element);
}

static enum tu_status read_tool(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_json tool = tu_sbom__spdx3_element(into, at->value);

	return tu_sbom__add_tool(b, TU_JSON_STR(tool, "name"), TU_STR(""));
}

static enum tu_status read_author(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_json agent = tu_sbom__spdx3_element(into, at->value);
	struct tu_sbom_made author = tu_sbom__spdx3_agent(into, at->value);

	/* Stands in for people, as there must be an agent. */
	if (tu_str_eq(TU_JSON_STR(agent, "type"), TU_STR("SoftwareAgent")))
		return TU_OK;
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

static enum tu_status read_creation(struct tu_spdx3 *s, const struct tu_sbom_at *creation)
{
	struct tu_sbom_builder *b = s->b;
	struct tu_sbom_at tools = tu_sbom__member(creation, TU_STR("createdUsing"));
	struct tu_sbom_at authors = tu_sbom__member(creation, TU_STR("createdBy"));
	enum tu_status status = read_spec_version(b, creation);

	if (status || b->inventory->created.len || b->tools.count)
		return status;
	status = tu_sbom__spdx3_each(s, &authors, s, read_author);
	if (status)
		return status;
	status = tu_sbom__copy(b, TU_JSON_STR(creation->value, "created"), &b->inventory->created);
	return status ? status : tu_sbom__spdx3_each(s, &tools, s, read_tool);
}

/* The document's own creation information comes first; without a document, the first one. */
static enum tu_status read_document(struct tu_spdx3 *s, const struct tu_sbom_at *at)
{
	struct tu_inventory *inventory = s->b->inventory;
	struct tu_sbom_at creation = tu_sbom__member(at, TU_STR("creationInfo"));
	enum tu_status status;

	if (inventory->serial.len)
		return tu_sbom__note(s->b, at, "not used: a second SpdxDocument", TU_STR(""));
	status = tu_sbom__copy(s->b, tu_sbom__spdx3_id(at->value), &inventory->serial);
	if (!status)
		status = tu_sbom__copy(s->b, TU_JSON_STR(at->value, "name"), &inventory->name);
	creation.value = tu_sbom__spdx3_element(s, creation.value);
	if (!status)
		status = tu_sbom__add_text(
			s->b, &s->b->document, TU_TEXT_COMMENT, TU_JSON_STR(at->value, "comment"));
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
	struct tu_spdx3 *s = into;
	struct tu_sbom_at imports = tu_sbom__member(at, TU_STR("import"));
	enum tu_status status;

	(void)b;
	if (tu_sbom__spdx3_type(at->value)->role != TU_SPDX3_DOCUMENT)
		return TU_OK;
	status = read_document(s, at);
	return status ? status : tu_sbom__spdx3_each(s, &imports, s, read_import);
}

/* ---- the document ---- */

static enum tu_status read_thing(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_spdx3 *s = into;

	switch (tu_sbom__spdx3_type(at->value)->role) {
	case TU_SPDX3_PACKAGE:
		return tu_sbom__spdx3_component(b, at, s, TU_KIND_UNKNOWN);
	case TU_SPDX3_FILE:
		if (!s->packages)
			return tu_sbom__spdx3_component(b, at, s, TU_KIND_FILE);
		return tu_sbom__other_ref(b, tu_sbom__spdx3_id(at->value));
	case TU_SPDX3_UNKNOWN:
		if (tu_sbom__note(b, at, "not understood: element of type",
			    TU_JSON_STR(at->value, "type")))
			return TU_E_NOMEM;
		return tu_sbom__other_ref(b, tu_sbom__spdx3_id(at->value));
	case TU_SPDX3_DOCUMENT:
	case TU_SPDX3_COLLECTION:
	case TU_SPDX3_RELATIONSHIP:
	case TU_SPDX3_STATEMENT:
	case TU_SPDX3_CREATION:
	case TU_SPDX3_UNKEPT:
	case TU_SPDX3_OTHER:
	default:
		return tu_sbom__other_ref(b, tu_sbom__spdx3_id(at->value));
	}
}

static enum tu_status read_links(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_spdx3 *s = into;

	switch (tu_sbom__spdx3_type(at->value)->role) {
	case TU_SPDX3_DOCUMENT:
	case TU_SPDX3_COLLECTION:
		return read_roots(s, at);
	case TU_SPDX3_RELATIONSHIP:
		return tu_sbom__spdx3_relationship(s, at);
	case TU_SPDX3_STATEMENT:
		return tu_sbom__spdx3_statement(s, at);
	case TU_SPDX3_CREATION:
		return read_creation(s, at);
	case TU_SPDX3_UNKEPT:
		return tu_sbom__unkept(b, at, "lost: an element of the type",
			tu_sbom__spdx3_type(at->value)->name);
	case TU_SPDX3_UNKNOWN:
	case TU_SPDX3_PACKAGE:
	case TU_SPDX3_FILE:
	case TU_SPDX3_OTHER:
	default:
		return TU_OK;
	}
}

static enum tu_status choose_subject(struct tu_spdx3 *s, const struct tu_sbom_at *root)
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

static enum tu_status note_files(struct tu_spdx3 *s, const struct tu_sbom_at *root)
{
	return tu_sbom__note_count(s->b, root,
		s->packages ? "not read as components: files,"
			    : "no packages: the files are read as components,",
		s->files);
}

static enum tu_status read_graph(struct tu_spdx3 *s, const struct tu_sbom_at *root)
{
	struct tu_json graph = tu_json_get(root->value, TU_STR("@graph"));
	enum tu_status status = make_slots(s, graph.doc ? tu_json_count(graph) : 1);

	if (!status)
		status = each_element(s, root, index_element);
	if (!status)
		status = each_element(s, root, tu_sbom__spdx3_licences);
	tu_sbom__spdx3_sort_licences(s);
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
	struct tu_spdx3 s = {.b = b, .described = TU_NO_COMPONENT};
	struct tu_sbom_at graph;
	enum tu_status status = TU_OK;

	b->inventory->format = TU_SBOM_SPDX3_JSON;
	b->inventory->list = TU_STR("@graph");
	if (tu_json_get(root->value, TU_STR("@graph")).doc)
		status = tu_sbom__section(b, root, TU_STR("@graph"), TU_JSON_ARRAY, &graph);
	s.custom = tu_intern_new(SIZE_MAX / 2);
	if (!status && !s.custom)
		status = tu_sbom__nomem(b);
	if (!status)
		status = read_graph(&s, root);
	tu_free(s.slots);
	tu_intern_free(s.custom);
	TU_VEC_DONE(&s.given);
	return status;
}
