/*
 * SPDX 3.0.1 JSON-LD (https://spdx.github.io/spdx-spec/v3.0.1/), by its JSON schema: the document,
 * packages and who made them.
 *
 * Nesting becomes "contains". Properties are those of the extension for CycloneDX. What is resolved
 * is written as OpenEmbedded writes it, "CVEs fixed: …", which the reader takes up again.
 */
#include "sbom/write/spdx3.h"

/* ---- ids ---- */

/* Is its reference its id here? Not where the document has the same one. */
bool tu_sbom__spdx3_has_own_id(struct tu_spdx3_writing *s, const struct tu_component *c)
{
	return tu_sbom__is_uri(c->ref, true) && !tu_str_eq(c->ref, tu_sbom__serial_of(s->w));
}

static void add_numbered(
	struct tu_spdx3_writing *s, const struct tu_buf *base, const char *kind, size_t number)
{
	struct tu_buf id;

	tu_buf_init(&id, SIZE_MAX / 2);
	tu_buf_str_add(&id, tu_buf_str(base));
	tu_buf_printf(&id, "%s%zu", kind, number);
	tu_json_add_str(&s->to, tu_buf_str(&id));
	s->w->out->failed = s->w->out->failed || id.failed;
	tu_buf_done(&id);
}

void tu_sbom__spdx3_add_id(struct tu_spdx3_writing *s, uint32_t index)
{
	if (index == TU_NO_COMPONENT)
		tu_json_add_str(&s->to, tu_sbom__serial_of(s->w));
	else if (tu_sbom__spdx3_has_own_id(s, &s->w->inventory->components[index]))
		tu_json_add_str(&s->to, s->w->inventory->components[index].ref);
	else
		add_numbered(s, &s->w->made, "", index);
}

void tu_sbom__spdx3_add_made(struct tu_spdx3_writing *s, const char *kind, size_t number)
{
	add_numbered(s, &s->made, kind, number);
}

void tu_sbom__spdx3_open(
	struct tu_spdx3_writing *s, const char *type, const char *kind, size_t number)
{
	tu_json_open_object(&s->to);
	tu_json_member_str(&s->to, "type", tu_str_c(type));
	tu_json_key(&s->to, "spdxId");
	tu_sbom__spdx3_add_made(s, kind, number);
	tu_json_member_str(&s->to, "creationInfo", TU_STR(TU_SPDX3_CREATION));
}

size_t tu_sbom__spdx3_number(
	struct tu_spdx3_writing *s, struct tu_intern *intern, struct tu_str text)
{
	uint32_t id = 0;

	if (!tu_intern_add(intern, text, &id))
		s->w->out->failed = true;
	return id;
}

void tu_sbom__spdx3_identifier(
	struct tu_spdx3_writing *s, const char *type, struct tu_str identifier)
{
	tu_json_open_object(&s->to);
	tu_json_member_str(&s->to, "type", TU_STR("ExternalIdentifier"));
	tu_json_member_str(&s->to, "externalIdentifierType", tu_str_c(type));
	tu_json_member_str(&s->to, "identifier", identifier);
	tu_json_close_object(&s->to);
}

/* ---- the document ---- */

static struct tu_str own_tool(const struct tu_spdx3_writing *s)
{
	return s->w->options->tool.len ? s->w->options->tool : TU_STR("tutela");
}

/* Tool 0 is the one that writes; without authors it is the agent too, since there must be one. */
static void put_creation(struct tu_spdx3_writing *s)
{
	struct tu_json_writer *to = &s->to;

	tu_json_open_object(to);
	tu_json_member_str(to, "type", TU_STR("CreationInfo"));
	tu_json_member_str(to, "@id", TU_STR(TU_SPDX3_CREATION));
	tu_json_member_str(to, "specVersion", TU_STR("3.0.1"));
	tu_json_member_str(to, "created", tu_sbom__created_of(s->w));
	tu_json_key(to, "createdBy");
	tu_json_open_array(to);
	for (size_t i = 0; i < s->w->inventory->author_count; i++)
		tu_sbom__spdx3_add_agent(s, &s->w->inventory->authors[i], NULL);
	if (!s->w->inventory->author_count)
		tu_sbom__spdx3_add_made(s, "writer-", 0);
	tu_json_close_array(to);
	tu_json_key(to, "createdUsing");
	tu_json_open_array(to);
	for (size_t i = 0; i < s->w->inventory->tool_count; i++) {
		if (tu_sbom__is_tool_to_write(s->w, i))
			tu_sbom__spdx3_add_made(s, "tool-", i + 1);
	}
	tu_sbom__spdx3_add_made(s, "tool-", 0);
	tu_json_close_array(to);
	tu_json_close_object(to);
}

static void put_tool(struct tu_spdx3_writing *s, const char *type, const char *kind, size_t number,
	struct tu_str name)
{
	tu_sbom__spdx3_open(s, type, kind, number);
	tu_json_member_str(&s->to, "name", name);
	tu_json_close_object(&s->to);
}

static void put_tools(struct tu_spdx3_writing *s)
{
	if (!s->w->inventory->author_count)
		put_tool(s, "SoftwareAgent", "writer-", 0, own_tool(s));
	put_tool(s, "Tool", "tool-", 0, own_tool(s));
	for (size_t i = 0; i < s->w->inventory->tool_count; i++) {
		if (tu_sbom__is_tool_to_write(s->w, i))
			put_tool(s, "Tool", "tool-", i + 1, s->w->inventory->tools[i]);
	}
}

static bool has_licences_or_properties(const struct tu_inventory *inventory, bool licences)
{
	for (size_t i = 0; i < inventory->component_count; i++) {
		const struct tu_component *c = &inventory->components[i];

		if (licences ? c->licence_count : c->property_count)
			return true;
	}
	return false;
}

static void put_profiles(struct tu_spdx3_writing *s)
{
	const struct tu_inventory *inventory = s->w->inventory;
	const struct {
		const char *name;
		bool used;
	} profiles[] = {
		{"core", true},
		{"software", true},
		{"simpleLicensing", has_licences_or_properties(inventory, true)},
		{"security", inventory->claim_count > 0},
		{"extension", has_licences_or_properties(inventory, false)},
	};

	tu_json_key(&s->to, "profileConformance");
	tu_json_open_array(&s->to);
	for (size_t i = 0; i < TU_COUNT(profiles); i++) {
		if (profiles[i].used)
			tu_json_add_str(&s->to, tu_str_c(profiles[i].name));
	}
	tu_json_close_array(&s->to);
}

/* Is there something that the document describes? Those edges are the last ones. */
static bool describes(const struct tu_spdx3_writing *s)
{
	return s->edges.count && s->edges.at[s->edges.count - 1].from == TU_NO_COMPONENT;
}

static void put_document(struct tu_spdx3_writing *s)
{
	struct tu_json_writer *to = &s->to;

	tu_json_open_object(to);
	tu_json_member_str(to, "type", TU_STR("SpdxDocument"));
	tu_json_key(to, "spdxId");
	tu_sbom__spdx3_add_id(s, TU_NO_COMPONENT);
	tu_json_member_str(to, "creationInfo", TU_STR(TU_SPDX3_CREATION));
	tu_json_member_opt(to, "name", s->w->inventory->name);
	tu_json_member_opt(
		to, "comment", tu_sbom_detail_text(s->w->inventory->detail, TU_TEXT_COMMENT));
	tu_json_key(to, "dataLicense");
	tu_sbom__spdx3_add_made(s, "data-license-", 0);
	put_profiles(s);
	if (describes(s)) {
		tu_json_key(to, "rootElement");
		tu_json_open_array(to);
		tu_sbom__spdx3_add_made(s, "sbom-", 0);
		tu_json_close_array(to);
	}
	tu_json_close_object(to);
}

/* An element of its own: an IRI of the list is an element that not every reader fetches. */
static void put_data_licence(struct tu_spdx3_writing *s)
{
	tu_sbom__spdx3_open(s, "simplelicensing_LicenseExpression", "data-license-", 0);
	tu_json_member_str(&s->to, "simplelicensing_licenseExpression", TU_STR("CC0-1.0"));
	tu_json_close_object(&s->to);
}

/* SbomType. CycloneDX's other phases are not quite the same as one of these. */
static bool is_phase(struct tu_str phase)
{
	static const struct tu_str phases[] = {TU_STR_INIT("analyzed"), TU_STR_INIT("build"),
		TU_STR_INIT("deployed"), TU_STR_INIT("design"), TU_STR_INIT("runtime"),
		TU_STR_INIT("source")};

	for (size_t i = 0; i < TU_COUNT(phases); i++) {
		if (tu_str_eq(phases[i], phase))
			return true;
	}
	return false;
}

static void put_phase(struct tu_spdx3_writing *s)
{
	if (!is_phase(s->w->inventory->phase))
		return;
	tu_json_key(&s->to, "software_sbomType");
	tu_json_open_array(&s->to);
	tu_json_add_str(&s->to, s->w->inventory->phase);
	tu_json_close_array(&s->to);
}

/* A collection with elements has a root: without one, there is only the document. */
static void put_sbom(struct tu_spdx3_writing *s)
{
	struct tu_str phase = s->w->inventory->phase;

	if (phase.len && (!describes(s) || !is_phase(phase)))
		tu_sbom__lose(s->w, TU_LOSS_PHASE, NULL);
	if (!describes(s))
		return;
	tu_sbom__spdx3_open(s, "software_Sbom", "sbom-", 0);
	put_phase(s);
	tu_json_key(&s->to, "rootElement");
	tu_json_open_array(&s->to);
	for (size_t i = 0; i < s->edges.count; i++) {
		if (s->edges.at[i].from == TU_NO_COMPONENT)
			tu_sbom__spdx3_add_id(s, s->edges.at[i].to);
	}
	tu_json_close_array(&s->to);
	tu_json_key(&s->to, "element");
	tu_json_open_array(&s->to);
	for (uint32_t i = 0; i < s->w->inventory->component_count; i++)
		tu_sbom__spdx3_add_id(s, i);
	tu_json_close_array(&s->to);
	tu_json_close_object(&s->to);
}

static void put_graph(struct tu_spdx3_writing *s)
{
	tu_json_open_object(&s->to);
	tu_json_member_str(
		&s->to, "@context", TU_STR("https://spdx.org/rdf/3.0.1/spdx-context.jsonld"));
	tu_json_key(&s->to, "@graph");
	tu_json_open_array(&s->to);
	put_creation(s);
	put_document(s);
	put_data_licence(s);
	tu_sbom__lose_of_document(s->w, TU_SAY_SPDX3);
	put_sbom(s);
	put_tools(s);
	for (uint32_t i = 0; i < s->w->inventory->component_count; i++) {
		tu_sbom__spdx3_package(s, i);
		tu_sink_spill(s->w->sink);
	}
	tu_sbom__spdx3_agents(s);
	tu_sbom__spdx3_links(s);
	tu_json_close_array(&s->to);
	tu_json_close_object(&s->to);
	tu_buf_byte(s->w->out, '\n');
}

/* Ids are the document's, with a fragment; of a document that is a fragment itself, with a path. */
static bool prepare(struct tu_spdx3_writing *s)
{
	struct tu_str serial = tu_sbom__serial_of(s->w);
	bool fragment = tu_str_find(serial, '#') < serial.len;
	struct tu_buf base;
	size_t stem;

	tu_buf_init(&base, SIZE_MAX / 2);
	tu_buf_str_add(&base, serial);
	tu_buf_c(&base, fragment ? "/" : "#");
	stem = base.len;
	tu_buf_c(&base, "component-");
	tu_sbom__make_ids(s->w, tu_buf_str(&base), &s->w->made);
	base.len = base.failed ? 0 : stem;
	tu_buf_c(&base, "tutela-");
	tu_sbom__make_ids(s->w, tu_buf_str(&base), &s->made);
	s->w->out->failed = s->w->out->failed || base.failed;
	tu_buf_done(&base);
	s->agents = tu_intern_new(SIZE_MAX / 2);
	s->expressions = tu_intern_new(SIZE_MAX / 2);
	s->vulnerabilities = tu_intern_new(SIZE_MAX / 2);
	return s->agents && s->expressions && s->vulnerabilities &&
		tu_spdx_licences_init(&s->licences, s->w) && tu_sbom__flat_edges(s->w, &s->edges);
}

enum tu_status tu_sbom__write_spdx3(struct tu_sbom_writing *w, struct tu_error *err)
{
	struct tu_spdx3_writing s = {.w = w, .to = tu_json_writer(w->out, true)};
	enum tu_status status = tu_sbom__need_options(w, err);

	if (status)
		return status;
	tu_buf_init(&s.made, SIZE_MAX / 2);
	if (prepare(&s))
		put_graph(&s);
	else
		status = tu_no_memory(err);
	tu_intern_free(s.agents);
	tu_intern_free(s.expressions);
	tu_spdx_licences_done(&s.licences);
	tu_intern_free(s.vulnerabilities);
	tu_buf_done(&s.made);
	return status;
}
