/*
 * SPDX 2.3, JSON by its schema spdx-schema.json, and tag-value by clauses 6 to 11 of the
 * specification (https://spdx.github.io/spdx-spec/v2.3/).
 *
 * Nesting becomes CONTAINS. What is resolved is written as OpenEmbedded writes it, "CVEs fixed: …",
 * which the reader takes up again.
 */
#include "sbom/write/write.h"

#include "base/json_writer.h"

struct writing {
	struct tu_sbom_writing *w;
	bool tags; /* tag-value */
	struct tu_json_writer to; /* JSON */
	const struct tu_component *at; /* being written, for losses; NULL: the document */
};

/* ---- the two forms ---- */

/* A value of one line, as readers of tag-value give it back: trimmed, and not with the mark of a
 * longer text at its beginning. */
static void put_line(struct writing *s, struct tu_str text)
{
	struct tu_str line = tu_str_trim(text);
	bool changed = line.len != text.len;

	if (tu_str_starts(line, TU_STR("<text>"))) {
		tu_buf_byte(s->w->out, '(');
		line = tu_str_from(line, 1);
		changed = true;
	}
	for (size_t i = 0; i < line.len; i++) {
		bool fine = (unsigned char)line.ptr[i] >= ' ';

		tu_buf_byte(s->w->out, fine ? line.ptr[i] : ' ');
		changed = changed || !fine;
	}
	if (changed)
		tu_sbom__lose(s->w, TU_LOSS_TEXT, s->at);
}

static void put_tag(struct writing *s, const char *tag)
{
	tu_buf_c(s->w->out, tag);
	tu_buf_c(s->w->out, ": ");
}

/* A member of the open object, or a tag; nothing where it has no name. */
static void put(struct writing *s, const char *member, const char *tag, struct tu_str text)
{
	if (!s->tags) {
		if (member)
			tu_json_member_str(&s->to, member, text);
		return;
	}
	if (!tag)
		return;
	put_tag(s, tag);
	put_line(s, text);
	tu_buf_byte(s->w->out, '\n');
}

static void put_opt(struct writing *s, const char *member, const char *tag, struct tu_str text)
{
	if (text.len)
		put(s, member, tag, text);
}

/* Lists and objects: in tag-value only the order of the lines shows them. */
static void open_list(struct writing *s, const char *member)
{
	if (s->tags)
		return;
	tu_json_key(&s->to, member);
	tu_json_open_array(&s->to);
}

static void close_list(struct writing *s)
{
	if (!s->tags)
		tu_json_close_array(&s->to);
}

static void open_item(struct writing *s)
{
	if (!s->tags)
		tu_json_open_object(&s->to);
}

static void close_item(struct writing *s)
{
	if (!s->tags)
		tu_json_close_object(&s->to);
}

/* An object of several words: members, or one line of a tag with what is between them. */
struct word {
	const char *member;
	struct tu_str text;
};

static void put_words(struct writing *s, const char *tag, const char *between,
	const struct word *words, size_t count)
{
	open_item(s);
	if (s->tags)
		put_tag(s, tag);
	for (size_t i = 0; i < count; i++) {
		if (!s->tags) {
			tu_json_member_str(&s->to, words[i].member, words[i].text);
			continue;
		}
		if (i)
			tu_buf_c(s->w->out, between);
		put_line(s, words[i].text);
	}
	if (s->tags)
		tu_buf_byte(s->w->out, '\n');
	close_item(s);
}

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

static void add_id(const struct writing *s, uint32_t index, struct tu_buf *out)
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

static void put_id(struct writing *s, uint32_t index)
{
	struct tu_buf id;

	if (index != TU_NO_COMPONENT && s->at->ref.len && !is_id(s->at->ref))
		tu_sbom__lose(s->w, TU_LOSS_REF, s->at);
	tu_buf_init(&id, SIZE_MAX / 2);
	add_id(s, index, &id);
	put(s, "SPDXID", "SPDXID", tu_buf_str(&id));
	s->w->out->failed = s->w->out->failed || id.failed;
	tu_buf_done(&id);
}

/* ---- parts of a package ---- */

static void put_purpose(struct writing *s, const struct tu_component *c)
{
	struct tu_str word = tu_sbom__say_kind(c->kind, TU_SAY_SPDX2);

	if (c->kind == TU_KIND_UNKNOWN)
		return;
	if (!word.len)
		tu_sbom__lose(s->w, TU_LOSS_KIND, c);
	put(s, "primaryPackagePurpose", "PrimaryPackagePurpose", word.len ? word : TU_STR("OTHER"));
}

static void put_checksums(struct writing *s, const struct tu_component *c)
{
	if (!c->hash_count)
		return;
	open_list(s, "checksums");
	for (size_t i = 0; i < c->hash_count; i++) {
		const struct word words[] = {
			{"algorithm", tu_sbom__say_algorithm(c->hashes[i].algorithm, TU_SAY_SPDX2)},
			{"checksumValue", c->hashes[i].value},
		};

		if (words[0].text.len)
			put_words(s, "PackageChecksum", ": ", words, TU_COUNT(words));
		else
			tu_sbom__lose(s->w, TU_LOSS_HASH, c);
	}
	close_list(s);
}

static void put_external(
	struct writing *s, const char *category, const char *type, struct tu_str locator)
{
	const struct word words[] = {
		{"referenceCategory", tu_str_c(category)},
		{"referenceType", tu_str_c(type)},
		{"referenceLocator", locator},
	};

	if (locator.len)
		put_words(s, "ExternalRef", " ", words, TU_COUNT(words));
}

static void put_externals(struct writing *s, const struct tu_component *c)
{
	if (!c->purl.len && !c->cpe_count && !c->swid.len)
		return;
	open_list(s, "externalRefs");
	put_external(s, "PACKAGE-MANAGER", "purl", c->purl);
	for (size_t i = 0; i < c->cpe_count; i++)
		put_external(s, "SECURITY",
			tu_str_starts(c->cpes[i], TU_STR("cpe:/")) ? "cpe22Type" : "cpe23Type",
			c->cpes[i]);
	put_external(s, "SECURITY", "swid", c->swid);
	close_list(s);
}

/* SPDX has two places. */
static void put_licences(struct writing *s, const struct tu_component *c)
{
	static const char *const places[][2] = {
		{"licenseConcluded", "PackageLicenseConcluded"},
		{"licenseDeclared", "PackageLicenseDeclared"},
	};
	size_t used = 0;

	for (size_t i = 0; i < c->licence_count; i++) {
		if (used == TU_COUNT(places) ||
			!tu_sbom__is_licence_expression(c->licences[i].text)) {
			tu_sbom__lose(s->w, TU_LOSS_LICENCE, c);
			continue;
		}
		put(s, places[used][0], places[used][1], c->licences[i].text);
		used++;
	}
}

static void put_resolved(struct writing *s, const struct tu_component *c)
{
	struct tu_buf text;

	if (!c->resolved_count)
		return;
	tu_buf_init(&text, SIZE_MAX / 2);
	tu_sbom__resolved_text(s->w, c, &text);
	put(s, "sourceInfo", "PackageSourceInfo", tu_buf_str(&text));
	tu_buf_done(&text);
}

/* "Organization: ACME (psirt@acme.example)"; whether it is a person is not known. What is in
 * parentheses at the end would be the address. */
static void add_actor(struct tu_buf *text, struct tu_str name, struct tu_str mail)
{
	tu_buf_c(text, "Organization: ");
	tu_buf_str_add(text, name);
	if (!mail.len && !tu_str_ends(name, TU_STR(")")))
		return;
	tu_buf_c(text, name.len ? " (" : "(");
	tu_buf_str_add(text, mail);
	tu_buf_byte(text, ')');
}

static void put_supplier(struct writing *s, const struct tu_component *c)
{
	struct tu_buf text;
	bool placed = c->supplier.len && tu_sbom__is_mail(c->contact);

	if (c->contact.len && !placed)
		tu_sbom__lose(s->w, TU_LOSS_CONTACT, c);
	if (!c->supplier.len)
		return;
	tu_buf_init(&text, SIZE_MAX / 2);
	add_actor(&text, c->supplier, placed ? c->contact : TU_STR(""));
	put(s, "supplier", "PackageSupplier", tu_buf_str(&text));
	s->w->out->failed = s->w->out->failed || text.failed;
	tu_buf_done(&text);
}

static void lose_parts(struct writing *s, const struct tu_component *c)
{
	if (c->group.len)
		tu_sbom__lose(s->w, TU_LOSS_GROUP, c);
	if (c->scope != TU_SCOPE_REQUIRED)
		tu_sbom__lose(s->w, TU_LOSS_SCOPE, c);
	if (c->property_count)
		tu_sbom__lose(s->w, TU_LOSS_PROPERTY, c);
}

static void put_package(struct writing *s, uint32_t index)
{
	const struct tu_component *c = &s->w->inventory->components[index];

	s->at = c;
	lose_parts(s, c);
	if (s->tags)
		tu_buf_byte(s->w->out, '\n');
	open_item(s);
	put(s, "name", "PackageName", tu_sbom__name_of(s->w, c));
	put_id(s, index);
	put_opt(s, "versionInfo", "PackageVersion", c->version);
	put_supplier(s, c);
	put(s, "downloadLocation", "PackageDownloadLocation", TU_STR("NOASSERTION"));
	if (s->tags)
		put(s, NULL, "FilesAnalyzed", TU_STR("false"));
	else
		tu_json_member_bool(&s->to, "filesAnalyzed", false);
	put_checksums(s, c);
	put_resolved(s, c);
	put_licences(s, c);
	put_externals(s, c);
	put_purpose(s, c);
	close_item(s);
	s->at = NULL;
}

/* ---- relationships ---- */

static void put_relationship(struct writing *s, const struct tu_relationship *r)
{
	static const char *const types[] = {
		[TU_REL_DEPENDS_ON] = "DEPENDS_ON",
		[TU_REL_CONTAINS] = "CONTAINS",
		[TU_REL_DESCRIBES] = "DESCRIBES",
		[TU_REL_PROVIDES] = "SPECIFICATION_FOR",
		[TU_REL_GENERATED_FROM] = "GENERATED_FROM",
		[TU_REL_OTHER] = "OTHER",
	};
	struct tu_buf from;
	struct tu_buf to;

	tu_buf_init(&from, SIZE_MAX / 2);
	tu_buf_init(&to, SIZE_MAX / 2);
	add_id(s, r->from, &from);
	add_id(s, r->to, &to);
	put_words(s, "Relationship", " ",
		(const struct word[]){
			{"spdxElementId", tu_buf_str(&from)},
			{"relationshipType", tu_str_c(types[r->relation])},
			{"relatedSpdxElement", tu_buf_str(&to)},
		},
		3);
	s->w->out->failed = s->w->out->failed || from.failed || to.failed;
	tu_buf_done(&from);
	tu_buf_done(&to);
}

static void put_relationships(struct writing *s, const struct tu_sbom_edges *edges)
{
	if (s->tags && edges->count)
		tu_buf_byte(s->w->out, '\n');
	open_list(s, "relationships");
	for (size_t i = 0; i < edges->count; i++) {
		put_relationship(s, &edges->at[i]);
		tu_sink_spill(s->w->sink);
	}
	close_list(s);
}

/* ---- the document ---- */

static void put_creator(struct writing *s, const struct tu_buf *text)
{
	if (s->tags)
		put(s, NULL, "Creator", tu_buf_str(text));
	else
		tu_json_add_str(&s->to, tu_buf_str(text));
	s->w->out->failed = s->w->out->failed || text->failed;
}

static void put_tool(struct writing *s, struct tu_str tool)
{
	struct tu_buf text;

	tu_buf_init(&text, SIZE_MAX / 2);
	tu_buf_c(&text, "Tool: ");
	tu_buf_str_add(&text, tool);
	put_creator(s, &text);
	tu_buf_done(&text);
}

static void put_author(struct writing *s, const struct tu_party *author)
{
	struct tu_str contact = tu_party_contact(author);
	struct tu_buf text;

	tu_buf_init(&text, SIZE_MAX / 2);
	add_actor(&text, author->name, tu_sbom__is_mail(contact) ? contact : TU_STR(""));
	put_creator(s, &text);
	tu_buf_done(&text);
}

static void put_creation(struct writing *s)
{
	const struct tu_inventory *inventory = s->w->inventory;
	struct tu_str own = s->w->options->tool;

	if (inventory->phase.len)
		tu_sbom__lose(s->w, TU_LOSS_PHASE, NULL);
	if (!s->tags) {
		tu_json_key(&s->to, "creationInfo");
		tu_json_open_object(&s->to);
	}
	open_list(s, "creators");
	for (size_t i = 0; i < inventory->tool_count; i++) {
		if (tu_sbom__is_tool_to_write(s->w, i))
			put_tool(s, inventory->tools[i]);
	}
	put_tool(s, own.len ? own : TU_STR("tutela"));
	for (size_t i = 0; i < inventory->author_count; i++)
		put_author(s, &inventory->authors[i]);
	close_list(s);
	put(s, "created", "Created", tu_sbom__created_of(s->w));
	close_item(s);
}

static void put_head(struct writing *s)
{
	struct tu_str name = s->w->inventory->name;

	put(s, "spdxVersion", "SPDXVersion", TU_STR("SPDX-2.3"));
	put(s, "dataLicense", "DataLicense", TU_STR("CC0-1.0"));
	put(s, "SPDXID", "SPDXID", TU_STR("SPDXRef-DOCUMENT"));
	put(s, "name", "DocumentName", tu_sbom__is_seen(name) ? name : TU_STR("unnamed"));
	put(s, "documentNamespace", "DocumentNamespace", tu_sbom__serial_of(s->w));
	put_creation(s);
}

enum tu_status tu_sbom__write_spdx(struct tu_sbom_writing *w, struct tu_error *err)
{
	struct writing s = {.w = w,
		.tags = w->target == TU_SBOM_TO_SPDX_23_TAG_VALUE,
		.to = tu_json_writer(w->out, true)};
	struct tu_sbom_edges edges;
	enum tu_status status = tu_sbom__need_options(w, err);

	if (status)
		return status;
	tu_sbom__make_ids(w, TU_STR("SPDXRef-tutela-"), &w->made);
	if (!tu_sbom__flat_edges(w, &edges))
		return tu_no_memory(err);
	open_item(&s);
	put_head(&s);
	open_list(&s, "packages");
	for (size_t i = 0; i < w->inventory->component_count; i++) {
		put_package(&s, (uint32_t)i);
		tu_sink_spill(w->sink);
	}
	close_list(&s);
	put_relationships(&s, &edges);
	for (size_t i = 0; i < w->inventory->claim_count; i++)
		tu_sbom__lose(w, TU_LOSS_STATEMENT, NULL);
	close_item(&s);
	if (!s.tags)
		tu_buf_byte(w->out, '\n');
	return TU_OK;
}
