/*
 * SPDX 3.0.1 JSON-LD (https://spdx.github.io/spdx-spec/v3.0.1/), by its JSON schema: the document,
 * packages and who made them.
 *
 * Nesting becomes "contains". Properties are those of the extension for CycloneDX. What is resolved
 * is written as OpenEmbedded writes it, "CVEs fixed: …", which the reader takes up again.
 */
#include "sbom/write/spdx3.h"

#define CREATION "_:creationinfo"

/* ---- ids ---- */

/* RFC 3987, as far as a reader of JSON-LD must not stumble: a scheme, and no character that would
 * end the IRI. */
static bool is_iri(struct tu_str text)
{
	size_t colon = tu_str_find(text, ':');

	if (colon == 0 || colon + 1 >= text.len || !tu_char_is_alpha(text.ptr[0]))
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if ((unsigned char)c <= ' ' || memchr("<>\"{}|\\^`\x7f", c, 10))
			return false;
		if (i < colon && !tu_char_is_alnum(c) && c != '+' && c != '-' && c != '.')
			return false;
	}
	return true;
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
	else if (is_iri(s->w->inventory->components[index].ref))
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
	tu_json_member_str(&s->to, "creationInfo", TU_STR(CREATION));
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

/* ---- parts of a package ---- */

static void put_purpose(struct tu_spdx3_writing *s, const struct tu_component *c)
{
	struct tu_str word = tu_sbom__say_kind(c->kind, TU_SAY_SPDX3);

	if (c->kind == TU_KIND_UNKNOWN)
		return;
	if (!word.len)
		tu_sbom__lose(s->w, TU_LOSS_KIND, c);
	tu_json_member_str(&s->to, "software_primaryPurpose", word.len ? word : TU_STR("other"));
}

static void put_hashes(struct tu_spdx3_writing *s, const struct tu_component *c)
{
	if (!c->hash_count)
		return;
	tu_json_key(&s->to, "verifiedUsing");
	tu_json_open_array(&s->to);
	for (size_t i = 0; i < c->hash_count; i++) {
		struct tu_str word = tu_sbom__say_algorithm(c->hashes[i].algorithm, TU_SAY_SPDX3);

		if (!word.len) {
			tu_sbom__lose(s->w, TU_LOSS_HASH, c);
			continue;
		}
		tu_json_open_object(&s->to);
		tu_json_member_str(&s->to, "type", TU_STR("Hash"));
		tu_json_member_str(&s->to, "algorithm", word);
		tu_json_member_str(&s->to, "hashValue", c->hashes[i].value);
		tu_json_close_object(&s->to);
	}
	tu_json_close_array(&s->to);
}

static void put_identifiers(struct tu_spdx3_writing *s, const struct tu_component *c)
{
	if (!c->cpe_count && !c->swid.len)
		return;
	tu_json_key(&s->to, "externalIdentifier");
	tu_json_open_array(&s->to);
	for (size_t i = 0; i < c->cpe_count; i++)
		tu_sbom__spdx3_identifier(s,
			tu_str_starts(c->cpes[i], TU_STR("cpe:/")) ? "cpe22" : "cpe23", c->cpes[i]);
	if (c->swid.len)
		tu_sbom__spdx3_identifier(s, "swid", c->swid);
	tu_json_close_array(&s->to);
}

static void put_properties(struct tu_spdx3_writing *s, const struct tu_component *c)
{
	struct tu_json_writer *to = &s->to;

	if (!c->property_count)
		return;
	tu_json_key(to, "extension");
	tu_json_open_array(to);
	tu_json_open_object(to);
	tu_json_member_str(to, "type", TU_STR("extension_CdxPropertiesExtension"));
	tu_json_key(to, "extension_cdxProperty");
	tu_json_open_array(to);
	for (size_t i = 0; i < c->property_count; i++) {
		tu_json_open_object(to);
		tu_json_member_str(to, "type", TU_STR("extension_CdxPropertyEntry"));
		tu_json_member_str(to, "extension_cdxPropName", c->properties[i].name);
		tu_json_member_str(to, "extension_cdxPropValue", c->properties[i].value);
		tu_json_close_object(to);
	}
	tu_json_close_array(to);
	tu_json_close_object(to);
	tu_json_close_array(to);
}

static void put_resolved(struct tu_spdx3_writing *s, const struct tu_component *c)
{
	struct tu_buf text;

	if (!c->resolved_count)
		return;
	tu_buf_init(&text, SIZE_MAX / 2);
	tu_sbom__resolved_text(s->w, c, &text);
	tu_json_member_str(&s->to, "software_sourceInfo", tu_buf_str(&text));
	tu_buf_done(&text);
}

/* Agents are distinguished by contact and name: a contact that is written has no line break. */
static void add_agent(struct tu_spdx3_writing *s, struct tu_str name, struct tu_str contact)
{
	struct tu_buf agent;

	tu_buf_init(&agent, SIZE_MAX / 2);
	tu_buf_str_add(&agent, contact);
	tu_buf_byte(&agent, '\n');
	tu_buf_str_add(&agent, name);
	tu_sbom__spdx3_add_made(
		s, "agent-", tu_sbom__spdx3_number(s, s->agents, tu_buf_str(&agent)));
	s->w->out->failed = s->w->out->failed || agent.failed;
	tu_buf_done(&agent);
}

static void put_supplier(struct tu_spdx3_writing *s, const struct tu_component *c)
{
	bool placed = tu_sbom__is_mail(c->contact) || is_iri(c->contact);

	if (c->contact.len && !placed)
		tu_sbom__lose(s->w, TU_LOSS_CONTACT, c);
	if (!c->supplier.len && !placed)
		return;
	tu_json_key(&s->to, "suppliedBy");
	add_agent(s, c->supplier, placed ? c->contact : TU_STR(""));
}

static void lose_parts(struct tu_spdx3_writing *s, const struct tu_component *c)
{
	if (c->ref.len && !is_iri(c->ref))
		tu_sbom__lose(s->w, TU_LOSS_REF, c);
	if (c->group.len)
		tu_sbom__lose(s->w, TU_LOSS_GROUP, c);
	if (c->scope != TU_SCOPE_REQUIRED)
		tu_sbom__lose(s->w, TU_LOSS_SCOPE, c);
}

/* A file is a package too: readers that look for packages would not see it. */
static void put_package(struct tu_spdx3_writing *s, uint32_t index)
{
	const struct tu_component *c = &s->w->inventory->components[index];
	struct tu_json_writer *to = &s->to;

	lose_parts(s, c);
	tu_json_open_object(to);
	tu_json_member_str(to, "type", TU_STR("software_Package"));
	tu_json_key(to, "spdxId");
	tu_sbom__spdx3_add_id(s, index);
	tu_json_member_str(to, "creationInfo", TU_STR(CREATION));
	tu_json_member_str(to, "name", tu_sbom__name_of(s->w, c));
	tu_json_member_opt(to, "software_packageVersion", c->version);
	tu_json_member_opt(to, "software_packageUrl", c->purl);
	put_purpose(s, c);
	put_supplier(s, c);
	put_identifiers(s, c);
	put_hashes(s, c);
	put_resolved(s, c);
	put_properties(s, c);
	tu_json_close_object(to);
}

static void put_agent(struct tu_spdx3_writing *s, size_t number, struct tu_str agent)
{
	size_t end = tu_str_find(agent, '\n');
	struct tu_str contact = tu_str_first(agent, end);

	tu_sbom__spdx3_open(s, "Agent", "agent-", number);
	tu_json_member_opt(&s->to, "name", tu_str_from(agent, end + 1));
	if (contact.len) {
		tu_json_key(&s->to, "externalIdentifier");
		tu_json_open_array(&s->to);
		tu_sbom__spdx3_identifier(
			s, tu_sbom__is_mail(contact) ? "email" : "urlScheme", contact);
		tu_json_close_array(&s->to);
	}
	tu_json_close_object(&s->to);
}

static void put_agents(struct tu_spdx3_writing *s)
{
	for (uint32_t i = 0; i < tu_intern_count(s->agents); i++)
		put_agent(s, i, tu_intern_str(s->agents, i));
}

/* ---- the document ---- */

static struct tu_str own_tool(const struct tu_spdx3_writing *s)
{
	return s->w->options->tool.len ? s->w->options->tool : TU_STR("tutela");
}

static void add_author(struct tu_spdx3_writing *s, const struct tu_party *author)
{
	struct tu_str contact = tu_party_contact(author);

	add_agent(s, author->name, tu_sbom__is_mail(contact) ? contact : TU_STR(""));
}

/* Tool 0 is the one that writes; without authors it is the agent too, since there must be one. */
static void put_creation(struct tu_spdx3_writing *s)
{
	struct tu_json_writer *to = &s->to;

	tu_json_open_object(to);
	tu_json_member_str(to, "type", TU_STR("CreationInfo"));
	tu_json_member_str(to, "@id", TU_STR(CREATION));
	tu_json_member_str(to, "specVersion", TU_STR("3.0.1"));
	tu_json_member_str(to, "created", tu_sbom__created_of(s->w));
	tu_json_key(to, "createdBy");
	tu_json_open_array(to);
	for (size_t i = 0; i < s->w->inventory->author_count; i++)
		add_author(s, &s->w->inventory->authors[i]);
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
	tu_json_member_str(to, "creationInfo", TU_STR(CREATION));
	tu_json_member_opt(to, "name", s->w->inventory->name);
	tu_json_member_str(to, "dataLicense", TU_STR("https://spdx.org/licenses/CC0-1.0"));
	put_profiles(s);
	if (describes(s)) {
		tu_json_key(to, "rootElement");
		tu_json_open_array(to);
		tu_sbom__spdx3_add_made(s, "sbom-", 0);
		tu_json_close_array(to);
	}
	tu_json_close_object(to);
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
	put_sbom(s);
	put_tools(s);
	for (uint32_t i = 0; i < s->w->inventory->component_count; i++) {
		put_package(s, i);
		tu_sink_spill(s->w->sink);
	}
	put_agents(s);
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
	s->licences = tu_intern_new(SIZE_MAX / 2);
	s->vulnerabilities = tu_intern_new(SIZE_MAX / 2);
	return s->agents && s->licences && s->vulnerabilities &&
		tu_sbom__flat_edges(s->w, &s->edges);
}

enum tu_status tu_sbom__write_spdx3(struct tu_sbom_writing *w, struct tu_error *err)
{
	struct tu_spdx3_writing s = {.w = w, .to = tu_json_writer(w->out, true)};
	enum tu_status status = tu_sbom__need_options(w, err);

	if (!status && !is_iri(tu_sbom__serial_of(w)))
		status = tu_fail(err, TU_E_USAGE, 0,
			"SPDX 3 needs an IRI as the document's id: give one as option");
	if (status)
		return status;
	tu_buf_init(&s.made, SIZE_MAX / 2);
	if (prepare(&s))
		put_graph(&s);
	else
		status = tu_no_memory(err);
	tu_intern_free(s.agents);
	tu_intern_free(s.licences);
	tu_intern_free(s.vulnerabilities);
	tu_buf_done(&s.made);
	return status;
}
