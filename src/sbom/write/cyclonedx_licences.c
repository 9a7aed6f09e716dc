/* CycloneDX: licences, of a component or of the document. */
#include "ident/licence.h"
#include "sbom/write/cyclonedx.h"

struct licences {
	const struct tu_licence *at;
	size_t count;
	const struct tu_component *component;
};

/* As an id of the list; false: it is none. */
static bool as_id(const struct tu_licence *licence, struct tu_str *out_id)
{
	struct tu_licence_entry entry;

	if (licence->kind == TU_LICENCE_NAME || !tu_licence_find(licence->text, &entry))
		return false;
	*out_id = entry.id;
	return true;
}

static void put_acknowledgement(struct tu_cyclonedx_writing *c, const struct tu_licence *licence)
{
	static const char *const words[] = {"", "declared", "concluded"};

	if (licence->acknowledgement != TU_ACK_UNSTATED)
		tu_markup_attr(&c->m, "acknowledgement", tu_str_c(words[licence->acknowledgement]));
}

static void put_content(struct tu_cyclonedx_writing *c, const struct tu_licence *licence,
	const struct tu_licence_text *text)
{
	struct tu_markup *m = &c->m;
	struct tu_str content = text && !licence->content.len ? text->text : licence->content;

	if (!content.len)
		return;
	tu_markup_open(m, "text");
	if (licence->content_type.len)
		tu_markup_attr(m, m->xml ? "content-type" : "contentType", licence->content_type);
	if (licence->encoding.len)
		tu_markup_attr(m, "encoding", licence->encoding);
	tu_markup_content(m, "content", content);
	tu_markup_close(m, "text");
}

static void put_licence(struct tu_cyclonedx_writing *c, const struct licences *all,
	const struct tu_licence *licence)
{
	const struct tu_licence_text *text = tu_sbom__licence_text(&c->texts, licence->text);
	struct tu_str url = licence->url;
	struct tu_str id;

	tu_markup_item(&c->m, NULL);
	tu_markup_open(&c->m, "license");
	put_acknowledgement(c, licence);
	if (as_id(licence, &id))
		tu_markup_text(&c->m, "id", id);
	else
		tu_markup_text(&c->m, "name", text && text->name.len ? text->name : licence->text);
	put_content(c, licence, text);
	if (text && !url.len && text->url_count)
		url = text->urls[0];
	if (!tu_sbom__cyclonedx_is_uri(url))
		tu_sbom__lose(c->w, TU_LOSS_LICENCE_TEXT, all->component);
	else
		tu_markup_opt(&c->m, "url", url);
	if (text && (text->comment.len || text->url_count > 1))
		tu_sbom__lose(c->w, TU_LOSS_LICENCE_TEXT, all->component);
	tu_markup_close(&c->m, "license");
	tu_markup_end_item(&c->m, NULL);
}

static bool is_expression(const struct tu_licence *licence)
{
	struct tu_str id;

	return licence->kind != TU_LICENCE_NAME && !as_id(licence, &id) &&
		tu_licence_is_expression(licence->text);
}

static bool names_reference(struct tu_str text)
{
	return tu_str_search(text, TU_STR("LicenseRef-")) < text.len;
}

static void put_expression(struct tu_cyclonedx_writing *c, const struct licences *all,
	const struct tu_licence *licence)
{
	struct tu_markup *m = &c->m;

	if (licence->content.len || licence->url.len ||
		(c->w->inventory->licence_text_count && names_reference(licence->text)))
		tu_sbom__lose(c->w, TU_LOSS_LICENCE_TEXT, all->component);
	tu_markup_item(m, NULL);
	if (!m->xml) {
		tu_markup_text(m, "expression", licence->text);
		put_acknowledgement(c, licence);
	} else {
		tu_xml_open(&m->xml_to, "expression");
		put_acknowledgement(c, licence);
		tu_markup_content(m, "expression", licence->text);
		tu_xml_close(&m->xml_to, "expression");
	}
	tu_markup_end_item(m, NULL);
}

/* A reference to a text that the document has is a named licence, as CycloneDX has them. */
static bool goes_as_expression(
	const struct tu_cyclonedx_writing *c, const struct tu_licence *licence)
{
	return is_expression(licence) && !tu_sbom__licence_text(&c->texts, licence->text);
}

/* What the source calls an id or an expression, and is none. */
static bool is_neither(const struct tu_cyclonedx_writing *c, const struct tu_licence *licence)
{
	struct tu_str id;

	return licence->kind != TU_LICENCE_NAME && !as_id(licence, &id) &&
		!is_expression(licence) && !tu_sbom__licence_text(&c->texts, licence->text);
}

/* Up to 1.6 one expression alone, or licences: the schema allows no mixture. */
static void put_licence_list(struct tu_cyclonedx_writing *c, const struct licences *all)
{
	bool mixed = c->version >= 17 || all->count == 1;

	for (size_t i = 0; i < all->count; i++) {
		if (!goes_as_expression(c, &all->at[i])) {
			if (is_neither(c, &all->at[i]))
				tu_sbom__lose(c->w, TU_LOSS_LICENCE_NOT_SPDX, all->component);
			put_licence(c, all, &all->at[i]);
		} else if (mixed) {
			put_expression(c, all, &all->at[i]);
		} else {
			tu_sbom__lose(c->w, TU_LOSS_LICENCE_AS_NAME, all->component);
			put_licence(c, all, &all->at[i]);
		}
	}
}

/* All of them as one expression: they apply together, and each is one. */
static bool join_licences(
	struct tu_cyclonedx_writing *c, const struct licences *all, struct tu_licence *out_joined)
{
	bool any = false;
	struct tu_buf text;
	bool joined;

	for (size_t i = 0; i < all->count; i++) {
		const struct tu_licence *licence = &all->at[i];
		struct tu_str id;

		any = any || goes_as_expression(c, licence);
		if ((!as_id(licence, &id) && !goes_as_expression(c, licence)) ||
			licence->acknowledgement != all->at[0].acknowledgement)
			return false;
	}
	if (!any || all->count < 2)
		return false;
	tu_buf_init(&text, SIZE_MAX / 2);
	for (size_t i = 0; i < all->count; i++) {
		bool single = tu_str_find(all->at[i].text, ' ') == all->at[i].text.len;

		tu_buf_printf(&text, single ? "%s%.*s" : "%s(%.*s)", i ? " AND " : "",
			TU_STR_FMT(all->at[i].text));
		if (all->at[i].content.len || all->at[i].url.len)
			tu_sbom__lose(c->w, TU_LOSS_LICENCE_TEXT, all->component);
	}
	*out_joined = all->at[0];
	out_joined->kind = TU_LICENCE_EXPRESSION;
	out_joined->content = out_joined->url = TU_STR("");
	joined = !text.failed && tu_arena_dup(c->w->arena, tu_buf_str(&text), &out_joined->text);
	c->w->out->failed = c->w->out->failed || !joined;
	tu_buf_done(&text);
	return joined;
}

/* What is declared and concluded alike is one expression. */
static bool is_said_twice(struct tu_cyclonedx_writing *c, const struct licences *all)
{
	return all->count == 2 && goes_as_expression(c, &all->at[0]) &&
		tu_str_eq(all->at[0].text, all->at[1].text);
}

/* ---- what SPDX says in one expression ---- */

/* "A AND LicenseRef-B" is two licences that both apply, and B has a name here. */
static bool is_list(const struct tu_licence *licence)
{
	static const char *const others[] = {"(", " OR ", " WITH "};

	for (size_t i = 0; i < TU_COUNT(others); i++) {
		if (tu_str_search(licence->text, tu_str_c(others[i])) < licence->text.len)
			return false;
	}
	return names_reference(licence->text) && is_expression(licence);
}

static void split(struct licences *all, struct tu_licence *into, const struct tu_licence *licence)
{
	static const struct tu_str between = TU_STR_INIT(" AND ");
	struct tu_str rest = licence->text;

	while (rest.len) {
		size_t at = tu_str_search(rest, between);
		struct tu_licence *part = &into[all->count++];

		*part = *licence;
		part->text = tu_str_first(rest, at);
		part->kind = TU_LICENCE_ID;
		rest = tu_str_from(rest, at + between.len);
	}
}

/* The licences as CycloneDX lists them. That there is none is nothing that it can say. */
static struct licences listed(struct tu_cyclonedx_writing *c, const struct licences *stated)
{
	struct licences all = {NULL, 0, stated->component};
	struct tu_licence *into;
	size_t most = 0;

	for (size_t i = 0; i < stated->count; i++)
		most += 1 + stated->at[i].text.len / 6;
	into = tu_arena_array(c->w->arena, most, sizeof(*into));
	c->w->out->failed = c->w->out->failed || !into;
	for (size_t i = 0; into && i < stated->count; i++) {
		if (tu_sbom__is_no_licence(stated->at[i].text))
			tu_sbom__lose(c->w, TU_LOSS_LICENCE, stated->component);
		else if (is_list(&stated->at[i]))
			split(&all, into, &stated->at[i]);
		else
			into[all.count++] = stated->at[i];
	}
	all.at = into;
	return all;
}

static bool needs_listing(const struct licences *stated)
{
	for (size_t i = 0; i < stated->count; i++) {
		if (tu_sbom__is_no_licence(stated->at[i].text) || is_list(&stated->at[i]))
			return true;
	}
	return false;
}

void tu_sbom__cyclonedx_put_licences(struct tu_cyclonedx_writing *c,
	const struct tu_licence *licences, size_t count, const struct tu_component *component)
{
	struct licences all = {licences, count, component};
	struct tu_licence joined;

	if (needs_listing(&all))
		all = listed(c, &all);
	if (!all.count)
		return;
	tu_markup_list(&c->m, "licenses");
	if (c->version < 17 && join_licences(c, &all, &joined)) {
		put_expression(c, &all, &joined);
	} else if (c->version < 17 && is_said_twice(c, &all)) {
		tu_sbom__lose(c->w, TU_LOSS_ACKNOWLEDGEMENT, component);
		put_expression(c, &all, &all.at[0]);
	} else {
		put_licence_list(c, &all);
	}
	tu_markup_end_list(&c->m, "licenses");
}
