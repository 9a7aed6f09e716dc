/*
 * CycloneDX 1.6 (ECMA-424) and 1.7, JSON by the schemas bom-1.6.schema.json and so on, XML by
 * bom-1.6.xsd and so on.
 *
 * CPEs beside the first one go into properties "tutela:cpe23", which the reader takes up again.
 */
#include "sbom/write/cyclonedx.h"
#include "sbom/write/component.h"

#include <stdio.h>

/* The text of a ref; `made` has room for one that the source does not have. */
static struct tu_str ref_of(
	const struct tu_cyclonedx_writing *c, uint32_t index, struct tu_buf *made)
{
	struct tu_str ref = c->w->inventory->components[index].ref;

	if (tu_sbom__is_seen(ref))
		return ref;
	tu_buf_str_add(made, tu_buf_str(&c->w->made));
	tu_buf_printf(made, "%u", (unsigned)index);
	return tu_buf_str(made);
}

void tu_sbom__cyclonedx_ref(struct tu_cyclonedx_writing *c, uint32_t index, enum tu_ref_place place)
{
	struct tu_buf made;
	struct tu_str ref;

	tu_buf_init(&made, 1 << 20);
	ref = ref_of(c, index, &made);
	if (place == TU_REF_AS_ATTRIBUTE)
		tu_markup_attr(&c->m, "bom-ref", ref);
	else if (place == TU_REF_AS_TEXT)
		tu_markup_text(&c->m, "ref", ref);
	else
		tu_markup_ref(
			&c->m, place == TU_REF_AS_DEPENDENCY ? "dependency" : "provides", ref);
	c->w->out->failed = c->w->out->failed || made.failed;
	tu_buf_done(&made);
}

void tu_sbom__cyclonedx_changes(
	struct tu_cyclonedx_writing *c, const struct tu_component *component)
{
	if (c->m.changed)
		tu_sbom__lose(c->w, TU_LOSS_TEXT, component);
	c->m.changed = false;
}

static void put_components(struct tu_cyclonedx_writing *c, uint32_t first);

static void put_component(struct tu_cyclonedx_writing *c, uint32_t index)
{
	const struct tu_component *component = &c->w->inventory->components[index];

	tu_sbom__cyclonedx_kind(c, component);
	tu_sbom__cyclonedx_ref(c, index, TU_REF_AS_ATTRIBUTE);
	tu_sbom__cyclonedx_begin(c, component);
	tu_sink_spill(c->w->sink);
	put_components(c, c->tree.first[index]);
	tu_sbom__cyclonedx_end(c, component);
}

/* Nesting is as deep as the reader allowed, and a bounded number more. */
static void put_components(struct tu_cyclonedx_writing *c, uint32_t first)
{
	if (first == TU_NO_COMPONENT)
		return;
	tu_markup_list(&c->m, "components");
	for (uint32_t at = first; at != TU_NO_COMPONENT; at = c->tree.next[at]) {
		tu_markup_item(&c->m, "component");
		put_component(c, at);
		tu_markup_end_item(&c->m, "component");
	}
	tu_markup_end_list(&c->m, "components");
}

/* ---- relationships ---- */

/* The targets of one source by one relation. */
static size_t put_targets(struct tu_cyclonedx_writing *c, size_t at)
{
	const struct tu_relationship first = c->edges.at[at];
	bool provides = first.relation == TU_REL_PROVIDES;

	tu_markup_refs(&c->m, provides ? "provides" : "dependsOn");
	for (; at < c->edges.count && c->edges.at[at].from == first.from &&
		c->edges.at[at].relation == first.relation;
		at++)
		tu_sbom__cyclonedx_ref(c, c->edges.at[at].to,
			provides ? TU_REF_AS_PROVIDED : TU_REF_AS_DEPENDENCY);
	tu_markup_end_refs(&c->m);
	return at;
}

/* The edges of one component, from `at`; returns where the next one's begin. */
static size_t put_dependency(struct tu_cyclonedx_writing *c, uint32_t from, size_t at)
{
	struct tu_buf made;

	tu_buf_init(&made, 1 << 20);
	tu_markup_item(&c->m, "dependency");
	tu_markup_attr(&c->m, "ref", ref_of(c, from, &made));
	while (at < c->edges.count && c->edges.at[at].from == from)
		at = put_targets(c, at);
	tu_markup_end_item(&c->m, "dependency");
	tu_sink_spill(c->w->sink);
	c->w->out->failed = c->w->out->failed || made.failed;
	tu_buf_done(&made);
	return at;
}

/* A component that is known to depend on nothing has an entry without edges. */
static void put_dependencies(struct tu_cyclonedx_writing *c)
{
	const struct tu_inventory *inventory = c->w->inventory;
	size_t edge = 0;
	size_t leaf = 0;

	if (!c->edges.count && !inventory->leaf_count)
		return;
	tu_markup_list(&c->m, "dependencies");
	while (edge < c->edges.count || leaf < inventory->leaf_count) {
		uint32_t from = edge < c->edges.count ? c->edges.at[edge].from : TU_NO_COMPONENT;

		if (leaf < inventory->leaf_count && inventory->leaves[leaf] <= from)
			from = inventory->leaves[leaf++];
		edge = put_dependency(c, from, edge);
	}
	tu_markup_end_list(&c->m, "dependencies");
}

/* ---- the document ---- */

/* "urn:uuid:" and 36 digits and dashes. */
static bool is_uuid(struct tu_str text)
{
	if (!tu_str_skip(&text, TU_STR("urn:uuid:")) || text.len != 36)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? c != '-' : !tu_char_is_digit(c) && (c < 'a' || c > 'f'))
			return false;
	}
	return true;
}

/* "syft 1.2.3", "syft v1.2.3": a name and a version. */
static void put_tool(struct tu_cyclonedx_writing *c, struct tu_str name)
{
	size_t space = tu_str_rfind(name, ' ');
	struct tu_str last = space && space < name.len ? tu_str_from(name, space + 1) : name;
	bool v = last.len > 1 && last.ptr[0] == 'v';
	bool is_version = last.len < name.len && tu_char_is_digit(last.ptr[v]);
	struct tu_str version = is_version ? last : (struct tu_str){NULL, 0};

	if (!name.len)
		return;
	tu_markup_item(&c->m, "component");
	tu_markup_attr(&c->m, "type", TU_STR("application"));
	tu_markup_text(&c->m, "name", tu_str_first(name, version.ptr ? space : name.len));
	tu_markup_opt(&c->m, "version", version);
	tu_markup_end_item(&c->m, "component");
}

static void put_tools(struct tu_cyclonedx_writing *c)
{
	tu_markup_open(&c->m, "tools");
	tu_markup_list(&c->m, "components");
	for (size_t i = 0; i < c->w->inventory->tool_count; i++) {
		if (tu_sbom__is_tool_to_write(c->w, i))
			put_tool(c, c->w->inventory->tools[i]);
	}
	put_tool(c, c->w->options->tool);
	tu_markup_end_list(&c->m, "components");
	tu_markup_close(&c->m, "tools");
}

/* A phase of the specification's list, else a name of the maker's own. */
static void put_phase(struct tu_cyclonedx_writing *c, struct tu_str phase)
{
	static const struct tu_str known[] = {TU_STR_INIT("design"), TU_STR_INIT("pre-build"),
		TU_STR_INIT("build"), TU_STR_INIT("post-build"), TU_STR_INIT("operations"),
		TU_STR_INIT("discovery"), TU_STR_INIT("decommission")};
	const char *word = "name";

	for (size_t i = 0; i < TU_COUNT(known); i++) {
		if (tu_str_eq(known[i], phase))
			word = "phase";
	}
	tu_markup_item(&c->m, "lifecycle");
	tu_markup_text(&c->m, word, phase);
	tu_markup_end_item(&c->m, "lifecycle");
}

static void put_phases(struct tu_cyclonedx_writing *c)
{
	const struct tu_inventory *inventory = c->w->inventory;

	if (!inventory->phase.len)
		return;
	tu_markup_list(&c->m, "lifecycles");
	for (size_t i = 0; i < inventory->phase_count; i++)
		put_phase(c, inventory->phases[i]);
	if (!inventory->phase_count)
		put_phase(c, inventory->phase);
	tu_markup_end_list(&c->m, "lifecycles");
}

static void put_subject(struct tu_cyclonedx_writing *c)
{
	uint32_t subject = c->w->inventory->subject;

	if (subject == TU_NO_COMPONENT)
		return;
	if (c->tree.parent[subject] != TU_NO_COMPONENT) {
		tu_sbom__lose(c->w, TU_LOSS_SUBJECT, &c->w->inventory->components[subject]);
		return;
	}
	tu_markup_open(&c->m, "component");
	put_component(c, subject);
	tu_markup_close(&c->m, "component");
}

/* Who answers for the document's content, and what is said of the document itself. */
static void put_rest(struct tu_cyclonedx_writing *c, const struct tu_makers *authors)
{
	const struct tu_inventory *inventory = c->w->inventory;
	const struct tu_sbom_detail *detail = inventory->detail;
	const struct tu_makers makers = {
		detail ? detail->makers : NULL, detail ? detail->maker_count : 0, NULL};

	tu_sbom__cyclonedx_put_manufacturer(c, authors);
	tu_sbom__cyclonedx_put_supplier(c, &makers);
	tu_sbom__cyclonedx_put_licences(c, inventory->licences, inventory->licence_count, NULL);
	if (inventory->property_count) {
		tu_markup_list(&c->m, "properties");
		for (size_t i = 0; i < inventory->property_count; i++)
			tu_sbom__cyclonedx_put_property(
				c, inventory->properties[i].name, inventory->properties[i].value);
		tu_markup_end_list(&c->m, "properties");
	}
	tu_sbom__cyclonedx_put_kept(c, detail, "distributionConstraints");
}

static void put_metadata(struct tu_cyclonedx_writing *c)
{
	const struct tu_inventory *inventory = c->w->inventory;
	const struct tu_makers makers = {inventory->authors, inventory->author_count, NULL};
	struct tu_str created = tu_sbom__created_of(c->w);

	tu_markup_open(&c->m, "metadata");
	if (tu_sbom__is_utc(created))
		tu_markup_text(&c->m, "timestamp", created);
	else if (created.len)
		tu_sbom__lose(c->w, TU_LOSS_CREATED, NULL);
	put_phases(c);
	put_tools(c);
	tu_sbom__cyclonedx_put_authors(c, &makers);
	put_subject(c);
	put_rest(c, &makers);
	tu_markup_close(&c->m, "metadata");
}

static void put_head(struct tu_cyclonedx_writing *c)
{
	struct tu_str serial = tu_sbom__serial_of(c->w);
	char version[16];

	if (c->m.xml) {
		tu_markup_attr(&c->m, "xmlns",
			c->version >= 17 ? TU_STR("http://cyclonedx.org/schema/bom/1.7")
					 : TU_STR("http://cyclonedx.org/schema/bom/1.6"));
	} else {
		tu_markup_attr(&c->m, "bomFormat", TU_STR("CycloneDX"));
		tu_markup_attr(
			&c->m, "specVersion", c->version >= 17 ? TU_STR("1.7") : TU_STR("1.6"));
	}
	if (is_uuid(serial))
		tu_markup_attr(&c->m, "serialNumber", serial);
	else if (serial.len)
		tu_sbom__lose(c->w, TU_LOSS_SERIAL, NULL);
	(void)snprintf(version, sizeof(version), "%u", (unsigned)tu_sbom__bom_version_of(c->w));
	if (c->m.xml)
		tu_markup_attr(&c->m, "version", tu_str_c(version));
	else
		tu_json_member_int(&c->m.json_to, "version", tu_sbom__bom_version_of(c->w));
}

/* What was kept of the document; only JSON may have it, so that its order is free. */
static void put_kept(struct tu_cyclonedx_writing *c)
{
	static const char *const kept[] = {"services", "compositions", "properties", "annotations",
		"formulation", "declarations", "definitions", "citations"};

	for (size_t i = 0; i < TU_COUNT(kept); i++)
		tu_sbom__cyclonedx_put_kept(c, c->w->inventory->detail, kept[i]);
	tu_sbom__cyclonedx_lose_kept(c, c->w->inventory->detail, NULL);
	tu_sbom__cyclonedx_lose_texts(c, c->w->inventory->detail, NULL);
}

enum tu_status tu_sbom__write_cyclonedx(struct tu_sbom_writing *w, struct tu_error *err)
{
	struct tu_cyclonedx_writing c = {.w = w};

	tu_sbom__make_ids(w, TU_STR("tutela-component-"), &w->made);
	if (!tu_sbom__grow_tree(w, &c.tree) || !tu_sbom__tree_edges(w, &c.tree, &c.edges) ||
		!tu_sbom__licence_index(w->arena, w->inventory, &c.texts)) {
		tu_sbom__licence_index_done(&c.texts);
		return tu_no_memory(err);
	}
	c.version = w->target == TU_SBOM_TO_CYCLONEDX_17_JSON ||
			w->target == TU_SBOM_TO_CYCLONEDX_17_XML
		? 17
		: 16;
	c.m = tu_markup(w->out,
		w->target == TU_SBOM_TO_CYCLONEDX_16_XML ||
			w->target == TU_SBOM_TO_CYCLONEDX_17_XML);
	tu_markup_item(&c.m, "bom");
	put_head(&c);
	put_metadata(&c);
	put_components(&c, c.tree.first[w->inventory->component_count]);
	tu_sbom__cyclonedx_put_references(&c, w->inventory->detail, NULL);
	put_dependencies(&c);
	tu_sbom__cyclonedx_claims(&c);
	put_kept(&c);
	tu_sbom__cyclonedx_changes(&c, NULL);
	tu_markup_end_item(&c.m, "bom");
	tu_buf_byte(w->out, '\n');
	tu_sbom__licence_index_done(&c.texts);
	return TU_OK;
}

bool tu_sbom__write_component(struct tu_arena *arena, const struct tu_inventory *inventory,
	uint32_t index, struct tu_str ref, struct tu_json_writer *to)
{
	static const struct tu_sbom_write_options none = {
		.tool = {"", 0}, .created = {"", 0}, .serial = {"", 0}};
	const struct tu_component *component = &inventory->components[index];
	struct tu_sbom_writing w = {.arena = arena,
		.inventory = inventory,
		.options = &none,
		.target = TU_SBOM_TO_CYCLONEDX_16_JSON,
		.out = to->buf};
	struct tu_cyclonedx_writing c = {.w = &w, .m = {.json_to = *to}, .version = 16};

	tu_markup_item(&c.m, "component");
	tu_sbom__cyclonedx_kind(&c, component);
	tu_markup_attr(&c.m, "bom-ref", ref);
	tu_sbom__cyclonedx_begin(&c, component);
	tu_sbom__cyclonedx_end(&c, component);
	tu_markup_end_item(&c.m, "component");
	*to = c.m.json_to;
	return !to->buf->failed;
}
