/* CycloneDX JSON, the document (see cyclonedx.h). */
#include "sbom/read/cyclonedx.h"
#include "vex/claim/cyclonedx.h"

#include <stddef.h>

#include "base/hex.h"

#define SLOT(type, member) offsetof(struct type, member)
#define KNOWN(name) \
	{ \
		TU_STR_INIT(name) \
	}

/* Tools: [{"vendor", "name", "version"}]; from 1.5 on also {"components": […], "services": […]}. */
static enum tu_status read_tool(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)into;
	return tu_sbom__add_tool(
		b, TU_JSON_STR(at->value, "name"), TU_JSON_STR(at->value, "version"));
}

static enum tu_status read_tool_list(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	return tu_sbom__each(b, at, TU_SBOM_OBJECT, read_tool, into);
}

static const struct tu_sbom_member tools_members[] = {
	{TU_STR_INIT("components"), TU_SBOM_ARRAY, read_tool_list, 0},
	{TU_STR_INIT("services"), TU_SBOM_ARRAY, read_tool_list, 0},
};
static const struct tu_sbom_shape tools_shape = {
	"not understood: member of the tools:", tools_members, TU_COUNT(tools_members)};

static enum tu_status read_tools(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	if (tu_json_is_object(at->value))
		return tu_sbom__object(b, at, &tools_shape, into);
	return read_tool_list(b, at, into);
}

/* The subject is a component too, the first one. */
static enum tu_status read_subject(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_inventory *inventory = b->inventory;
	enum tu_status status = tu_sbom__cyclonedx_component(
		b, at, TU_NO_COMPONENT, TU_NO_COMPONENT, &inventory->subject);

	(void)into;
	if (!status && inventory->subject != TU_NO_COMPONENT)
		inventory->name = b->components.at[inventory->subject].name;
	return status;
}

/* The first one; one of the maker's own has a name. */
static enum tu_status read_phase(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_str phase = TU_JSON_STR(at->value, "phase");

	(void)into;
	if (!phase.len)
		phase = TU_JSON_STR(at->value, "name");
	if (b->inventory->phase.len)
		return TU_OK;
	return tu_sbom__copy(b, phase, &b->inventory->phase);
}

static enum tu_status read_phases(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	return tu_sbom__each(b, at, TU_SBOM_OBJECT, read_phase, into);
}

static enum tu_status read_authors(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	return tu_sbom__each(b, at, TU_SBOM_OBJECT, tu_sbom__cyclonedx_author, into);
}

static enum tu_status read_supplier(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	return tu_sbom__copy(b, TU_JSON_STR(at->value, "name"), into);
}

static const struct tu_sbom_member metadata_members[] = {
	{TU_STR_INIT("timestamp"), TU_SBOM_STRING, tu_sbom__text, SLOT(tu_inventory, created)},
	{TU_STR_INIT("tools"), TU_SBOM_ARRAY | TU_SBOM_OBJECT, read_tools, 0},
	{TU_STR_INIT("component"), TU_SBOM_OBJECT, read_subject, 0},
	{TU_STR_INIT("authors"), TU_SBOM_ARRAY, read_authors, 0},
	KNOWN("licenses"),
	{TU_STR_INIT("lifecycles"), TU_SBOM_ARRAY, read_phases, 0},
	KNOWN("manufacture"),
	{TU_STR_INIT("manufacturer"), TU_SBOM_OBJECT, tu_sbom__cyclonedx_author, 0},
	KNOWN("properties"),
	{TU_STR_INIT("supplier"), TU_SBOM_OBJECT, read_supplier, SLOT(tu_inventory, supplier)},
	KNOWN("distributionConstraints"),
};
static const struct tu_sbom_shape metadata_shape = {
	"not understood: member of the metadata:", metadata_members, TU_COUNT(metadata_members)};

/* Services are no components, but dependencies name them. */
static enum tu_status read_service(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_sbom_at nested = tu_sbom__member(at, TU_STR("services"));

	if (tu_sbom__other_ref(b, TU_JSON_STR(at->value, "bom-ref")))
		return TU_E_NOMEM;
	return tu_sbom__each(b, &nested, TU_SBOM_OBJECT, read_service, into);
}

static enum tu_status read_services(struct tu_sbom_builder *b, const struct tu_sbom_at *at)
{
	enum tu_status status = tu_sbom__each(b, at, TU_SBOM_OBJECT, read_service, NULL);

	return status ? status
		      : tu_sbom__note_count(b, at, "not read as components: services,",
				tu_json_count(at->value));
}

/* dependencies: [{"ref", "dependsOn": [ref…], "provides": [ref…]}] */
struct dependency {
	uint32_t from;
	enum tu_relation relation;
};

static enum tu_status find_end(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	struct tu_str ref, uint32_t *out_index)
{
	if (tu_sbom__find(b, ref, out_index) != TU_SBOM_FOUND_NOTHING)
		return TU_OK;
	return tu_sbom__note(b, at, "a dependency names what the document does not have:", ref);
}

static enum tu_status read_target(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	const struct dependency *dependency = into;
	uint32_t to;
	enum tu_status status = find_end(b, at, tu_json_str(at->value), &to);

	if (status || to == TU_NO_COMPONENT || dependency->from == TU_NO_COMPONENT)
		return status;
	return tu_sbom__relate(b, dependency->from, dependency->relation, to);
}

static enum tu_status read_depends_on(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct dependency *dependency = into;

	dependency->relation = TU_REL_DEPENDS_ON;
	return tu_sbom__each(b, at, TU_SBOM_STRING, read_target, into);
}

static enum tu_status read_provides(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct dependency *dependency = into;

	dependency->relation = TU_REL_PROVIDES;
	return tu_sbom__each(b, at, TU_SBOM_STRING, read_target, into);
}

static const struct tu_sbom_member dependency_members[] = {
	KNOWN("ref"), /* looked up beforehand */
	{TU_STR_INIT("dependsOn"), TU_SBOM_ARRAY, read_depends_on, 0},
	{TU_STR_INIT("provides"), TU_SBOM_ARRAY, read_provides, 0},
};
static const struct tu_sbom_shape dependency_shape = {"not understood: member of a dependency:",
	dependency_members, TU_COUNT(dependency_members)};

static enum tu_status read_dependency(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct dependency dependency;
	struct tu_sbom_at ref = tu_sbom__member(at, TU_STR("ref"));
	enum tu_status status;

	(void)into;
	if (!tu_json_is_string(ref.value))
		return tu_sbom__note_each(b, at, "left out: a dependency without ref", TU_STR(""));
	status = find_end(b, &ref, tu_json_str(ref.value), &dependency.from);
	return status ? status : tu_sbom__object(b, at, &dependency_shape, &dependency);
}

/* ---- vulnerabilities: what a VEX or VDR inside the document says ---- */

static enum tu_status read_state(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_str word = tu_json_str(at->value);

	(void)into;
	if (tu_claim_status_of(TU_WORDS_CYCLONEDX, word) != TU_CLAIM_UNSTATED)
		return TU_OK;
	return tu_sbom__note(b, at, "not understood: analysis state", word);
}

static const struct tu_sbom_member analysis_members[] = {
	{TU_STR_INIT("state"), TU_SBOM_STRING, read_state, 0},
	KNOWN("justification"),
	KNOWN("detail"),
	KNOWN("response"),
	KNOWN("firstIssued"),
	KNOWN("lastUpdated"),
};
static const struct tu_sbom_shape analysis_shape = {
	"not understood: member of an analysis:", analysis_members, TU_COUNT(analysis_members)};

static enum tu_status read_analysis(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	return tu_sbom__object(b, at, &analysis_shape, into);
}

/* A BOM-Link into this very document becomes its bom-ref; one to the whole document sets
 * *out_whole. One that is broken or leads to another document stays as it is. */
static struct tu_str unlinked(
	const struct tu_inventory *inventory, struct tu_str ref, bool *out_whole)
{
	struct tu_str own = inventory->serial;
	struct tu_bom_link link;

	*out_whole = false;
	(void)tu_str_skip(&own, TU_STR("urn:uuid:"));
	if (!tu_bom_link(ref, &link) || link.broken || !tu_str_ieq(own, link.serial))
		return ref;
	*out_whole = link.whole;
	return link.ref;
}

static enum tu_sbom_found find_affected(
	const struct tu_sbom_builder *b, struct tu_str ref, uint32_t *out_index)
{
	char decoded[1024];
	enum tu_sbom_found found = tu_sbom__find(b, ref, out_index);

	if (found != TU_SBOM_FOUND_NOTHING || ref.len > sizeof(decoded))
		return found;
	return tu_sbom__find(b, tu_percent_decode(ref, decoded), out_index);
}

/* What the vulnerabilities of the document are read with. */
struct claims {
	struct tu_sbom_builder *b;
	const struct tu_sbom_at *at; /* the vulnerability at hand */
	enum tu_status status;
};

static bool name_component(struct tu_arena *arena, uint32_t index, struct tu_vex_product *product)
{
	uint32_t *about = tu_arena_array(arena, 1, sizeof(*about));

	if (!about)
		return false;
	*about = index;
	product->components = about;
	product->component_count = 1;
	return true;
}

static void refer(void *context, struct tu_json value, struct tu_vex_product *product)
{
	struct claims *c = context;
	struct tu_str ref = unlinked(c->b->inventory, tu_json_str(value), &product->whole);
	enum tu_sbom_found found;
	struct tu_bom_link link;
	uint32_t index;

	if (product->whole)
		return;
	found = find_affected(c->b, ref, &index);
	if (found == TU_SBOM_FOUND_OTHER ||
		(found == TU_SBOM_FOUND_NOTHING && tu_bom_link(ref, &link) && !link.broken)) {
		product->ref = product->id; /* a service, or in another document */
		return;
	}
	if (found == TU_SBOM_FOUND_COMPONENT && !name_component(c->b->arena, index, product))
		c->status = tu_sbom__nomem(c->b);
	product->dangling = found == TU_SBOM_FOUND_NOTHING;
}

/* The shapes report the others, each at its place. */
static void note_claim(void *context, struct tu_json at, enum tu_claim_note what)
{
	struct claims *c = context;

	(void)at;
	if (!c->status && (what == TU_CLAIM_ODD_VERSIONS || what == TU_CLAIM_CONTRADICTED))
		c->status = tu_sbom__note(c->b, c->at, tu_claim_note_text(what), TU_STR(""));
}

static enum tu_status read_affected_ref(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	bool whole;
	struct tu_str ref = unlinked(b->inventory, tu_json_str(at->value), &whole);
	uint32_t index;

	(void)into;
	if (whole || find_affected(b, ref, &index) != TU_SBOM_FOUND_NOTHING)
		return TU_OK;
	return tu_sbom__note(b, at, "a vulnerability names what the document does not have:", ref);
}

static const struct tu_sbom_member affects_members[] = {
	{TU_STR_INIT("ref"), TU_SBOM_STRING, read_affected_ref, 0},
	KNOWN("versions"),
};
static const struct tu_sbom_shape affects_shape = {
	"not understood: member of what a vulnerability affects:", affects_members,
	TU_COUNT(affects_members)};

static enum tu_status read_affected(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	return tu_sbom__object(b, at, &affects_shape, into);
}

static enum tu_status read_affects(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	return tu_sbom__each(b, at, TU_SBOM_OBJECT, read_affected, into);
}

static const struct tu_sbom_member vulnerability_members[] = {
	KNOWN("id"),
	{TU_STR_INIT("analysis"), TU_SBOM_OBJECT, read_analysis, 0},
	{TU_STR_INIT("affects"), TU_SBOM_ARRAY, read_affects, 0},
	KNOWN("bom-ref"),
	KNOWN("source"),
	KNOWN("references"),
	KNOWN("ratings"),
	KNOWN("cwes"),
	KNOWN("description"),
	KNOWN("detail"),
	KNOWN("recommendation"),
	KNOWN("workaround"),
	KNOWN("proofOfConcept"),
	KNOWN("advisories"),
	KNOWN("created"),
	KNOWN("published"),
	KNOWN("updated"),
	KNOWN("rejected"),
	KNOWN("credits"),
	KNOWN("tools"),
	KNOWN("properties"),
};
static const struct tu_sbom_shape vulnerability_shape = {
	"not understood: member of a vulnerability:", vulnerability_members,
	TU_COUNT(vulnerability_members)};

static enum tu_status keep_pointer(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, struct tu_str *out_pointer)
{
	enum tu_status status;
	struct tu_buf text;

	tu_buf_init(&text, 1 << 16);
	tu_sbom__pointer(at, &text);
	status = text.failed ? tu_sbom__nomem(b) : tu_sbom__copy(b, tu_buf_str(&text), out_pointer);
	tu_buf_done(&text);
	return status;
}

/* The shapes report members that are not understood; the claim is read by the reader that reads
 * documents beside an SBOM, too. */
static enum tu_status read_vulnerability(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct claims claims = {.b = b, .at = at};
	struct tu_claim_reading reading = {b->arena, refer, note_claim, &claims, TU_OK};
	struct tu_vex_claim claim;
	enum tu_status status = tu_sbom__object(b, at, &vulnerability_shape, NULL);

	(void)into;
	if (status)
		return status;
	if (!TU_JSON_STR(at->value, "id").len)
		return tu_sbom__note_each(
			b, at, "left out: a vulnerability without id", TU_STR(""));
	tu_claim_read_cyclonedx(&reading, at->value, &claim);
	if (reading.status)
		return tu_sbom__nomem(b);
	b->about.count = 0;
	if (!claims.status)
		claims.status = keep_pointer(b, at, &claim.pointer);
	return claims.status ? claims.status : tu_sbom__add_claim(b, &claim);
}

/* Parts of the document that are understood but not taken up. */
static enum tu_status read_aside(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)into;
	if (tu_json_count(at->value) == 0)
		return TU_OK;
	return tu_sbom__note(b, at, "not read:", at->key);
}

static const struct tu_sbom_member root_members[] = {
	/* Read in the order of read_sections(). */
	KNOWN("metadata"),
	KNOWN("components"),
	KNOWN("services"),
	KNOWN("dependencies"),
	KNOWN("vulnerabilities"),
	KNOWN("specVersion"),
	KNOWN("bomFormat"),
	{TU_STR_INIT("serialNumber"), TU_SBOM_STRING, tu_sbom__text, SLOT(tu_inventory, serial)},
	KNOWN("$schema"),
	KNOWN("version"),
	KNOWN("externalReferences"),
	KNOWN("properties"),
	KNOWN("signature"),
	KNOWN("citations"),
	{TU_STR_INIT("compositions"), TU_SBOM_ARRAY, read_aside, 0},
	{TU_STR_INIT("annotations"), TU_SBOM_ARRAY, read_aside, 0},
	{TU_STR_INIT("formulation"), TU_SBOM_ARRAY, read_aside, 0},
	{TU_STR_INIT("declarations"), TU_SBOM_OBJECT, read_aside, 0},
	{TU_STR_INIT("definitions"), TU_SBOM_OBJECT, read_aside, 0},
};
static const struct tu_sbom_shape root_shape = {
	"not understood: member of the document:", root_members, TU_COUNT(root_members)};

struct sections {
	struct tu_sbom_at metadata;
	struct tu_sbom_at components;
	struct tu_sbom_at services;
	struct tu_sbom_at dependencies;
	struct tu_sbom_at vulnerabilities;
};

static enum tu_status find_sections(
	struct tu_sbom_builder *b, const struct tu_sbom_at *root, struct sections *out_sections)
{
	const struct {
		struct tu_str name;
		enum tu_json_type type;
		struct tu_sbom_at *at;
	} wanted[] = {
		{TU_STR("metadata"), TU_JSON_OBJECT, &out_sections->metadata},
		{TU_STR("components"), TU_JSON_ARRAY, &out_sections->components},
		{TU_STR("services"), TU_JSON_ARRAY, &out_sections->services},
		{TU_STR("dependencies"), TU_JSON_ARRAY, &out_sections->dependencies},
		{TU_STR("vulnerabilities"), TU_JSON_ARRAY, &out_sections->vulnerabilities},
	};
	enum tu_status status = TU_OK;

	for (size_t i = 0; !status && i < TU_COUNT(wanted); i++)
		status = tu_sbom__section(b, root, wanted[i].name, wanted[i].type, wanted[i].at);
	return status;
}

static enum tu_status count_item(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	size_t *count = into;

	(void)b;
	*count += 1 + tu_sbom__cyclonedx_count(tu_json_get(at->value, TU_STR("components")));
	return TU_OK;
}

/* A list that was cut is parsed once more to count what is nested in it: an array that had to grow
 * would cost as much memory again. */
static enum tu_status count_list(
	struct tu_sbom_builder *b, const struct tu_sbom_at *list, size_t *count)
{
	if (tu_sbom__list_mentions(b, list, TU_STR("\"components\"")))
		return tu_sbom__list(b, list, 0, count_item, count);
	*count += tu_sbom__list_count(b, list);
	return TU_OK;
}

static enum tu_status reserve(
	struct tu_sbom_builder *b, const struct tu_sbom_at *root, const struct sections *sections)
{
	struct tu_json subject = tu_json_get(sections->metadata.value, TU_STR("component"));
	size_t count = tu_json_is_object(subject) +
		tu_sbom__cyclonedx_count(tu_json_get(subject, TU_STR("components")));
	enum tu_status status = count_list(b, &sections->components, &count);

	return status ? status : tu_sbom__reserve(b, root, count);
}

/* Components first, whatever the order of the members: the rest refers to them. */
static enum tu_status read_sections(
	struct tu_sbom_builder *b, const struct tu_sbom_at *root, const struct sections *sections)
{
	enum tu_status status = tu_sbom__object(b, root, &root_shape, b->inventory);

	if (!status)
		status = reserve(b, root, sections);
	if (!status)
		status = tu_sbom__object(b, &sections->metadata, &metadata_shape, b->inventory);
	if (!status)
		status = tu_sbom__cyclonedx_components(b, &sections->components, TU_NO_COMPONENT);
	if (!status)
		status = read_services(b, &sections->services);
	if (!status)
		status = tu_sbom__index(b);
	if (!status)
		status = tu_sbom__list(
			b, &sections->dependencies, TU_SBOM_OBJECT, read_dependency, NULL);
	if (!status)
		status = tu_sbom__list(
			b, &sections->vulnerabilities, TU_SBOM_OBJECT, read_vulnerability, NULL);
	return status;
}

static enum tu_status read_version(struct tu_sbom_builder *b, const struct tu_sbom_at *root)
{
	static const struct tu_str known[] = {TU_STR_INIT("1.2"), TU_STR_INIT("1.3"),
		TU_STR_INIT("1.4"), TU_STR_INIT("1.5"), TU_STR_INIT("1.6"), TU_STR_INIT("1.7")};
	struct tu_sbom_at at = tu_sbom__member(root, TU_STR("specVersion"));
	struct tu_str version = tu_json_str(at.value);

	if (version.len == 0)
		return tu_sbom__note(b, root,
			"no specVersion: read as the newest one known, CycloneDX 1.7", TU_STR(""));
	for (size_t i = 0; i < TU_COUNT(known); i++) {
		if (tu_str_eq(known[i], version))
			return tu_sbom__copy(b, version, &b->inventory->spec_version);
	}
	return tu_json_fail(b->err, TU_E_UNSUPPORTED, at.value,
		"CycloneDX JSON %.*s; versions 1.2 to 1.7 are read",
		TU_STR_FMT(tu_str_first(version, 32)));
}

enum tu_status tu_sbom__read_cyclonedx(struct tu_sbom_builder *b, const struct tu_sbom_at *root)
{
	struct sections sections;
	enum tu_status status;

	b->inventory->format = TU_SBOM_CYCLONEDX_JSON;
	b->inventory->list = TU_STR("components");
	status = read_version(b, root);
	if (!status && !tu_str_ieq(TU_JSON_STR(root->value, "bomFormat"), TU_STR("CycloneDX")))
		status = tu_sbom__note(b, root,
			"bomFormat does not say \"CycloneDX\": taken for it by its members",
			TU_STR(""));
	if (!status)
		status = find_sections(b, root, &sections);
	return status ? status : read_sections(b, root, &sections);
}
