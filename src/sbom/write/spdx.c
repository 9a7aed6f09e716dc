/*
 * SPDX 2.3, JSON by its schema spdx-schema.json, and tag-value by clauses 6 to 11 of the
 * specification (https://spdx.github.io/spdx-spec/v2.3/): the document (see spdx2.h).
 *
 * Nesting becomes CONTAINS. What is resolved is written as OpenEmbedded writes it, "CVEs fixed: …",
 * which the reader takes up again.
 */
#include "sbom/write/spdx2.h"

#include "sbom/relations.h"

/* ---- ids ---- */

/* Letters, digits, '.' and '-' after "SPDXRef-". */
static bool is_id(struct tu_str ref)
{
	if (!tu_str_skip(&ref, TU_STR("SPDXRef-")) || tu_str_eq(ref, TU_STR("DOCUMENT")))
		return false;
	for (size_t i = 0; i < ref.len; i++) {
		if (!tu_char_is_alnum(ref.ptr[i]) && ref.ptr[i] != '.' && ref.ptr[i] != '-')
			return false;
	}
	return ref.len > 0;
}

void tu_spdx2_add_id(const struct tu_spdx2_writing *s, uint32_t index, struct tu_buf *out)
{
	if (index == TU_NO_COMPONENT) {
		tu_buf_c(out, "SPDXRef-DOCUMENT");
	} else if (is_id(s->w->inventory->components[index].ref)) {
		tu_buf_str_add(out, s->w->inventory->components[index].ref);
	} else {
		tu_buf_str_add(out, tu_buf_str(&s->w->made));
		tu_buf_printf(out, "%u", (unsigned)index);
	}
}

/* ---- relationships ---- */

static void put_ends(
	struct tu_spdx2_writing *s, struct tu_str from, struct tu_str type, struct tu_str to)
{
	const struct tu_spdx2_word words[] = {
		{"spdxElementId", from},
		{"relationshipType", type},
		{"relatedSpdxElement", to},
	};

	tu_spdx2_open_item(s);
	tu_spdx2_put_words(s, "Relationship", " ", words, TU_COUNT(words));
	tu_spdx2_close_item(s);
}

/* In the document's own type, read from either end. */
static void put_relationship(struct tu_spdx2_writing *s, const struct tu_relationship *r)
{
	const struct tu_relation_row *row = tu_sbom__relation_row(r->relation, r->type);
	struct tu_buf from;
	struct tu_buf to;

	if (!row->spdx2.word.len) {
		row = tu_sbom__relation_row(r->relation, TU_TYPE_PLAIN);
		tu_sbom__lose(s->w, TU_LOSS_RELATION_OTHER,
			r->to == TU_NO_COMPONENT ? NULL : &s->w->inventory->components[r->to]);
	}
	tu_buf_init(&from, SIZE_MAX / 2);
	tu_buf_init(&to, SIZE_MAX / 2);
	tu_spdx2_add_id(s, row->spdx2.reversed ? r->to : r->from, &from);
	tu_spdx2_add_id(s, row->spdx2.reversed ? r->from : r->to, &to);
	put_ends(s, tu_buf_str(&from), row->spdx2.word, tu_buf_str(&to));
	s->w->out->failed = s->w->out->failed || from.failed || to.failed;
	tu_buf_done(&from);
	tu_buf_done(&to);
}

/* Known to depend on nothing: clause 11.1, NONE as the related element. */
static void put_leaves(struct tu_spdx2_writing *s)
{
	const struct tu_inventory *inventory = s->w->inventory;

	for (size_t i = 0; i < inventory->leaf_count; i++) {
		struct tu_buf id;

		tu_buf_init(&id, SIZE_MAX / 2);
		tu_spdx2_add_id(s, inventory->leaves[i], &id);
		put_ends(s, tu_buf_str(&id), TU_STR("DEPENDS_ON"), TU_STR("NONE"));
		s->w->out->failed = s->w->out->failed || id.failed;
		tu_buf_done(&id);
	}
}

/* A document without components describes none, and says so. */
static void put_relationships(struct tu_spdx2_writing *s, const struct tu_sbom_edges *edges)
{
	if (s->tags)
		tu_buf_byte(s->w->out, '\n');
	tu_spdx2_open_list(s, "relationships");
	if (!s->w->inventory->component_count)
		put_ends(s, TU_STR("SPDXRef-DOCUMENT"), TU_STR("DESCRIBES"), TU_STR("NONE"));
	for (size_t i = 0; i < edges->count; i++) {
		put_relationship(s, &edges->at[i]);
		tu_sink_spill(s->w->sink);
	}
	put_leaves(s);
	tu_spdx2_close_list(s);
}

/* ---- licences that are not on the list: clause 10 ---- */

static void put_urls(struct tu_spdx2_writing *s, const struct tu_spdx_reference *reference)
{
	size_t count = 0;

	for (size_t i = 0; i < reference->url_count; i++) {
		if (!tu_sbom__is_uri(reference->urls[i], false)) {
			tu_sbom__lose(s->w, TU_LOSS_URL, NULL);
			continue;
		}
		if (!count++)
			tu_spdx2_open_list(s, "seeAlsos");
		tu_spdx2_add_text(s, "LicenseCrossReference", reference->urls[i]);
	}
	if (count)
		tu_spdx2_close_list(s);
}

static void put_licence(struct tu_spdx2_writing *s, const struct tu_spdx_reference *reference)
{
	if (s->tags)
		tu_buf_byte(s->w->out, '\n');
	tu_spdx2_open_item(s);
	tu_spdx2_put(s, "licenseId", "LicenseID", reference->id);
	tu_spdx2_put_text(s, "extractedText", "ExtractedText",
		reference->text.len ? reference->text : TU_STR("NOASSERTION"));
	if (reference->name.len || s->tags)
		tu_spdx2_put(s, "name", "LicenseName",
			reference->name.len ? reference->name : TU_STR("NOASSERTION"));
	put_urls(s, reference);
	if (reference->comment.len)
		tu_spdx2_put_text(s, "comment", "LicenseComment", reference->comment);
	tu_spdx2_close_item(s);
}

static void put_extracted(struct tu_spdx2_writing *s)
{
	tu_spdx_licences_close(&s->licences);
	if (!s->licences.references.count)
		return;
	tu_spdx2_open_list(s, "hasExtractedLicensingInfos");
	for (size_t i = 0; i < s->licences.references.count; i++)
		put_licence(s, &s->licences.references.at[i]);
	tu_spdx2_close_list(s);
}

/* ---- the document ---- */

static void put_tool(struct tu_spdx2_writing *s, struct tu_str tool)
{
	struct tu_buf text;

	tu_buf_init(&text, SIZE_MAX / 2);
	tu_buf_c(&text, "Tool: ");
	tu_buf_str_add(&text, tool);
	tu_spdx2_add_text(s, "Creator", tu_buf_str(&text));
	s->w->out->failed = s->w->out->failed || text.failed;
	tu_buf_done(&text);
}

static void put_author(struct tu_spdx2_writing *s, const struct tu_party *author)
{
	struct tu_buf text;

	if (author->kind == TU_PARTY_TOOL) {
		put_tool(s, author->name);
		return;
	}
	tu_buf_init(&text, SIZE_MAX / 2);
	tu_spdx2_add_actor(s, author, &text);
	tu_spdx2_add_text(s, "Creator", tu_buf_str(&text));
	s->w->out->failed = s->w->out->failed || text.failed;
	tu_buf_done(&text);
}

static void put_creation(struct tu_spdx2_writing *s)
{
	const struct tu_inventory *inventory = s->w->inventory;
	struct tu_str own = s->w->options->tool;

	if (!s->tags) {
		tu_json_key(&s->to, "creationInfo");
		tu_json_open_object(&s->to);
	}
	tu_spdx2_open_list(s, "creators");
	for (size_t i = 0; i < inventory->tool_count; i++) {
		if (tu_sbom__is_tool_to_write(s->w, i))
			put_tool(s, inventory->tools[i]);
	}
	put_tool(s, own.len ? own : TU_STR("tutela"));
	for (size_t i = 0; i < inventory->author_count; i++)
		put_author(s, &inventory->authors[i]);
	tu_spdx2_close_list(s);
	tu_spdx2_put(s, "created", "Created", tu_sbom__created_of(s->w));
	tu_spdx2_put_opt(s, "licenseListVersion", "LicenseListVersion",
		tu_sbom_detail_text(inventory->detail, TU_TEXT_LICENCE_LIST_VERSION));
	tu_spdx2_close_item(s);
}

/* What of the document has no place here. */
static void lose_document(struct tu_spdx2_writing *s)
{
	const struct tu_inventory *inventory = s->w->inventory;

	if (inventory->phase.len)
		tu_sbom__lose(s->w, TU_LOSS_PHASE, NULL);
	for (size_t i = 0; i < inventory->claim_count; i++)
		tu_sbom__lose(s->w, TU_LOSS_STATEMENT, NULL);
	tu_sbom__lose_of_document(s->w, TU_SAY_SPDX2);
}

static void put_head(struct tu_spdx2_writing *s)
{
	struct tu_str name = s->w->inventory->name;
	struct tu_str comment = tu_sbom_detail_text(s->w->inventory->detail, TU_TEXT_COMMENT);

	tu_spdx2_put(s, "spdxVersion", "SPDXVersion", TU_STR("SPDX-2.3"));
	tu_spdx2_put(s, "dataLicense", "DataLicense", TU_STR("CC0-1.0"));
	tu_spdx2_put(s, "SPDXID", "SPDXID", TU_STR("SPDXRef-DOCUMENT"));
	tu_spdx2_put(s, "name", "DocumentName", tu_sbom__is_seen(name) ? name : TU_STR("unnamed"));
	tu_spdx2_put(s, "documentNamespace", "DocumentNamespace", tu_sbom__serial_of(s->w));
	if (comment.len)
		tu_spdx2_put_text(s, "comment", "DocumentComment", comment);
	put_creation(s);
	lose_document(s);
}

static void put_document(struct tu_spdx2_writing *s, const struct tu_sbom_edges *edges)
{
	tu_spdx2_open_item(s);
	put_head(s);
	tu_spdx2_open_list(s, "packages");
	for (size_t i = 0; i < s->w->inventory->component_count; i++) {
		tu_spdx2_package(s, (uint32_t)i);
		tu_sink_spill(s->w->sink);
	}
	tu_spdx2_close_list(s);
	put_extracted(s);
	put_relationships(s, edges);
	tu_spdx2_close_item(s);
	if (!s->tags)
		tu_buf_byte(s->w->out, '\n');
}

enum tu_status tu_sbom__write_spdx(struct tu_sbom_writing *w, struct tu_error *err)
{
	struct tu_spdx2_writing s = {.w = w,
		.tags = w->target == TU_SBOM_TO_SPDX_23_TAG_VALUE,
		.to = tu_json_writer(w->out, true)};
	struct tu_sbom_edges edges;
	enum tu_status status = tu_sbom__need_options(w, err);

	if (status)
		return status;
	tu_sbom__make_ids(w, TU_STR("SPDXRef-tutela-"), &w->made);
	if (tu_spdx_licences_init(&s.licences, w) && tu_sbom__flat_edges(w, &edges))
		put_document(&s, &edges);
	else
		status = tu_no_memory(err);
	tu_spdx_licences_done(&s.licences);
	return status;
}
