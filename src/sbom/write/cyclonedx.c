/*
 * CycloneDX 1.6 (ECMA-424), JSON by its schema bom-1.6.schema.json, XML by bom-1.6.xsd.
 *
 * CPEs beside the first one go into properties "tutela:cpe23", which the reader takes up again.
 */
#include "sbom/write/cyclonedx.h"

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
	tu_sbom__cyclonedx_parts(c, component);
	tu_sink_spill(c->w->sink);
	put_components(c, c->tree.first[index]);
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

static void put_dependencies(struct tu_cyclonedx_writing *c)
{
	struct tu_buf made;
	size_t at = 0;

	if (!c->edges.count)
		return;
	tu_markup_list(&c->m, "dependencies");
	while (at < c->edges.count) {
		uint32_t from = c->edges.at[at].from;

		tu_buf_init(&made, 1 << 20);
		tu_markup_item(&c->m, "dependency");
		tu_markup_attr(&c->m, "ref", ref_of(c, from, &made));
		while (at < c->edges.count && c->edges.at[at].from == from)
			at = put_targets(c, at);
		tu_markup_end_item(&c->m, "dependency");
		tu_sink_spill(c->w->sink);
		c->w->out->failed = c->w->out->failed || made.failed;
		tu_buf_done(&made);
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

static void put_tool(struct tu_cyclonedx_writing *c, struct tu_str name)
{
	if (!name.len)
		return;
	tu_markup_item(&c->m, "component");
	tu_markup_attr(&c->m, "type", TU_STR("application"));
	tu_markup_text(&c->m, "name", name);
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
static void put_phase(struct tu_cyclonedx_writing *c)
{
	static const struct tu_str phases[] = {TU_STR_INIT("design"), TU_STR_INIT("pre-build"),
		TU_STR_INIT("build"), TU_STR_INIT("post-build"), TU_STR_INIT("operations"),
		TU_STR_INIT("discovery"), TU_STR_INIT("decommission")};
	struct tu_str phase = c->w->inventory->phase;
	const char *word = "name";

	if (!phase.len)
		return;
	for (size_t i = 0; i < TU_COUNT(phases); i++) {
		if (tu_str_eq(phases[i], phase))
			word = "phase";
	}
	tu_markup_list(&c->m, "lifecycles");
	tu_markup_item(&c->m, "lifecycle");
	tu_markup_text(&c->m, word, phase);
	tu_markup_end_item(&c->m, "lifecycle");
	tu_markup_end_list(&c->m, "lifecycles");
}

static void put_author(struct tu_cyclonedx_writing *c, const struct tu_party *author)
{
	tu_markup_item(&c->m, "author");
	tu_markup_opt(&c->m, "name", author->name);
	tu_markup_opt(&c->m, "email", tu_party_contact(author));
	tu_markup_end_item(&c->m, "author");
}

static void put_authors(struct tu_cyclonedx_writing *c)
{
	if (!c->w->inventory->author_count)
		return;
	tu_markup_list(&c->m, "authors");
	for (size_t i = 0; i < c->w->inventory->author_count; i++)
		put_author(c, &c->w->inventory->authors[i]);
	tu_markup_end_list(&c->m, "authors");
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

static void put_metadata(struct tu_cyclonedx_writing *c)
{
	struct tu_str created = tu_sbom__created_of(c->w);

	tu_markup_open(&c->m, "metadata");
	if (tu_sbom__is_utc(created))
		tu_markup_text(&c->m, "timestamp", created);
	else if (created.len)
		tu_sbom__lose(c->w, TU_LOSS_CREATED, NULL);
	put_phase(c);
	put_tools(c);
	put_authors(c);
	put_subject(c);
	tu_markup_close(&c->m, "metadata");
}

static void put_head(struct tu_cyclonedx_writing *c)
{
	struct tu_str serial = tu_sbom__serial_of(c->w);

	if (c->m.xml) {
		tu_markup_attr(&c->m, "xmlns", TU_STR("http://cyclonedx.org/schema/bom/1.6"));
	} else {
		tu_markup_attr(&c->m, "bomFormat", TU_STR("CycloneDX"));
		tu_markup_attr(&c->m, "specVersion", TU_STR("1.6"));
	}
	if (is_uuid(serial))
		tu_markup_attr(&c->m, "serialNumber", serial);
	else if (serial.len)
		tu_sbom__lose(c->w, TU_LOSS_SERIAL, NULL);
	if (c->m.xml)
		tu_markup_attr(&c->m, "version", TU_STR("1"));
	else
		tu_json_member_int(&c->m.json_to, "version", 1);
}

enum tu_status tu_sbom__write_cyclonedx(struct tu_sbom_writing *w, struct tu_error *err)
{
	struct tu_cyclonedx_writing c = {.w = w};

	tu_sbom__make_ids(w, TU_STR("tutela-component-"), &w->made);
	if (!tu_sbom__grow_tree(w, &c.tree) || !tu_sbom__tree_edges(w, &c.tree, &c.edges))
		return tu_no_memory(err);
	c.m = tu_markup(w->out, w->target == TU_SBOM_TO_CYCLONEDX_16_XML);
	tu_markup_item(&c.m, "bom");
	put_head(&c);
	put_metadata(&c);
	put_components(&c, c.tree.first[w->inventory->component_count]);
	put_dependencies(&c);
	tu_sbom__cyclonedx_claims(&c);
	tu_sbom__cyclonedx_changes(&c, NULL);
	tu_markup_end_item(&c.m, "bom");
	tu_buf_byte(w->out, '\n');
	return TU_OK;
}
