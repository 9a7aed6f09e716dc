/* CycloneDX: what a component has, but for its place in the document and its reference. */
#include <tutela/cpe.h>

#include "base/text_set.h"
#include "sbom/write/cyclonedx.h"

void tu_sbom__cyclonedx_kind(struct tu_cyclonedx_writing *c, const struct tu_component *component)
{
	struct tu_str word = tu_sbom__say_kind(component->kind, TU_SAY_CYCLONEDX);

	if (!word.len)
		tu_sbom__lose(c->w, TU_LOSS_KIND, component);
	tu_markup_attr(&c->m, "type", word.len ? word : TU_STR("library"));
}

/* Is it a CPE that the schema's pattern takes? */
static bool is_cpe(const struct tu_cyclonedx_writing *c, struct tu_str text)
{
	struct tu_cpe cpe;

	return tu_str_starts(text, TU_STR("cpe:2.3:")) &&
		tu_cpe_parse(c->w->arena, text, &cpe, NULL) == TU_OK;
}

static size_t put_cpe(struct tu_cyclonedx_writing *c, const struct tu_component *component)
{
	for (size_t i = 0; i < component->cpe_count; i++) {
		if (is_cpe(c, component->cpes[i])) {
			tu_markup_text(&c->m, "cpe", component->cpes[i]);
			return i;
		}
	}
	return component->cpe_count;
}

/* In XML a purl is an xs:anyURI. */
static void put_purl(struct tu_cyclonedx_writing *c, const struct tu_component *component)
{
	if (c->m.xml && !tu_sbom__cyclonedx_is_uri(component->purl))
		tu_sbom__lose(c->w, TU_LOSS_PURL, component);
	else
		tu_markup_opt(&c->m, "purl", component->purl);
}

/* CPE names that properties of the source say already. */
static void gather_stated(struct tu_cyclonedx_writing *c, const struct tu_component *component,
	struct tu_text_set *stated)
{
	bool is_new;

	for (size_t i = 0; i < component->property_count; i++) {
		const struct tu_property *property = &component->properties[i];

		if (property->value.len && tu_str_ends(property->name, TU_STR(":cpe23")) &&
			!tu_text_set_add(stated, c->w->arena, property->value, &is_new))
			c->w->out->failed = true;
	}
}

static void put_properties(
	struct tu_cyclonedx_writing *c, const struct tu_component *component, size_t own_cpe)
{
	bool any = component->property_count > 0;
	struct tu_text_set stated = {0};

	gather_stated(c, component, &stated);
	if (any)
		tu_markup_list(&c->m, "properties");
	for (size_t i = 0; i < component->property_count; i++)
		tu_sbom__cyclonedx_put_property(
			c, component->properties[i].name, component->properties[i].value);
	for (size_t i = 0; i < component->cpe_count; i++) {
		if (i == own_cpe || tu_text_set_has(&stated, component->cpes[i]))
			continue;
		if (!any)
			tu_markup_list(&c->m, "properties");
		any = true;
		tu_sbom__cyclonedx_put_property(c, TU_STR("tutela:cpe23"), component->cpes[i]);
	}
	if (any)
		tu_markup_end_list(&c->m, "properties");
}

static bool is_url(struct tu_str text)
{
	return tu_str_starts(text, TU_STR("http://")) || tu_str_starts(text, TU_STR("https://"));
}

static void put_patch(struct tu_cyclonedx_writing *c, const struct tu_component *component,
	const struct tu_resolved *resolved)
{
	struct tu_markup *m = &c->m;

	if (!tu_str_eq(resolved->source, TU_STR("pedigree patch")))
		tu_sbom__lose(c->w, TU_LOSS_RESOLVED_SOURCE, component);
	tu_markup_item(m, "patch");
	tu_markup_attr(m, "type", TU_STR("backport"));
	if (is_url(resolved->detail)) {
		tu_markup_open(m, "diff");
		tu_markup_text(m, "url", resolved->detail);
		tu_markup_close(m, "diff");
	}
	tu_markup_list(m, "resolves");
	tu_markup_item(m, "issue");
	tu_markup_attr(m, "type", TU_STR("security"));
	tu_markup_text(m, "id", resolved->id);
	if (!is_url(resolved->detail))
		tu_markup_opt(m, "description", resolved->detail);
	tu_markup_end_item(m, "issue");
	tu_markup_end_list(m, "resolves");
	tu_markup_end_item(m, "patch");
}

static bool is_pedigree_only(const struct tu_component *component)
{
	for (size_t i = 0; i < component->resolved_count; i++) {
		if (!tu_str_eq(component->resolved[i].source, TU_STR("pedigree patch")))
			return false;
	}
	return true;
}

/* As it is, unless something else than it says that a vulnerability is resolved. */
static void put_pedigree(struct tu_cyclonedx_writing *c, const struct tu_component *component)
{
	if (is_pedigree_only(component) &&
		tu_sbom__cyclonedx_kept(c, component->detail, "pedigree")) {
		tu_sbom__cyclonedx_put_kept(c, component->detail, "pedigree");
		return;
	}
	if (!component->resolved_count)
		return;
	if (tu_sbom__cyclonedx_kept(c, component->detail, "pedigree"))
		tu_sbom__lose_kept(c->w, TU_STR("pedigree"), component);
	tu_markup_open(&c->m, "pedigree");
	tu_markup_list(&c->m, "patches");
	for (size_t i = 0; i < component->resolved_count; i++)
		put_patch(c, component, &component->resolved[i]);
	tu_markup_end_list(&c->m, "patches");
	tu_markup_close(&c->m, "pedigree");
}

static void put_swid(
	struct tu_cyclonedx_writing *c, const struct tu_component *component, struct tu_str name)
{
	if (!component->swid.len)
		return;
	tu_markup_open(&c->m, "swid");
	tu_markup_attr(&c->m, "tagId", component->swid);
	tu_markup_attr(&c->m, "name", name);
	tu_markup_close(&c->m, "swid");
}

/* Texts of one kind, each as it is. */
static void put_texts(struct tu_cyclonedx_writing *c, const struct tu_component *component,
	enum tu_text_kind kind)
{
	const char *member = tu_sbom__text_member(kind, TU_SAY_CYCLONEDX).ptr;
	const struct tu_sbom_detail *detail = component->detail;
	bool any = false;

	for (size_t i = 0; detail && i < detail->text_count; i++) {
		if (detail->texts[i].kind != kind)
			continue;
		if (!any && kind == TU_TEXT_TAG && c->m.xml)
			tu_markup_list(&c->m, member);
		else if (!any)
			tu_markup_refs(&c->m, member);
		any = true;
		tu_markup_item_text(
			&c->m, kind == TU_TEXT_TAG ? "tag" : member, detail->texts[i].text);
	}
	if (any && kind == TU_TEXT_TAG && c->m.xml)
		tu_markup_end_list(&c->m, member);
	else if (any)
		tu_markup_end_refs(&c->m);
}

static void put_text(struct tu_cyclonedx_writing *c, const struct tu_component *component,
	enum tu_text_kind kind)
{
	tu_markup_opt(&c->m, tu_sbom__text_member(kind, TU_SAY_CYCLONEDX).ptr,
		tu_sbom_detail_text(component->detail, kind));
}

/* 1.7: either a version or a range of them, of what is outside the product. */
enum { VERSION_MAX = 1024 };

static void put_version(struct tu_cyclonedx_writing *c, const struct tu_component *component)
{
	struct tu_str range = tu_sbom_detail_text(component->detail, TU_TEXT_VERSION_RANGE);

	/* The schema's limit. */
	if (component->version.len > VERSION_MAX)
		tu_sbom__lose(c->w, TU_LOSS_TEXT, component);
	else
		tu_markup_opt(&c->m, "version", component->version);
	if (range.len && !component->version.len && c->version >= 17)
		tu_markup_text(&c->m, "versionRange", range);
	else if (range.len)
		tu_sbom__lose_text(c->w, TU_TEXT_VERSION_RANGE, component);
}

/* Attributes, which XML has before all elements. */
static void put_attributes(struct tu_cyclonedx_writing *c, const struct tu_component *component)
{
	struct tu_str mime = tu_sbom_detail_text(component->detail, TU_TEXT_MIME_TYPE);
	struct tu_str external = tu_sbom_detail_text(component->detail, TU_TEXT_IS_EXTERNAL);

	if (mime.len)
		tu_markup_attr(&c->m, "mime-type", mime);
	if (!external.len)
		return;
	if (c->version < 17)
		tu_sbom__lose_text(c->w, TU_TEXT_IS_EXTERNAL, component);
	else if (c->m.xml)
		tu_markup_attr(&c->m, "isExternal", external);
	else
		tu_json_member_bool(&c->m.json_to, "isExternal", true);
}

static void put_makers(struct tu_cyclonedx_writing *c, const struct tu_component *component)
{
	const struct tu_contact mail = {
		.name = {"", 0}, .email = component->contact, .phone = {"", 0}};
	const bool by_mail = tu_sbom__is_mail(component->contact);
	/* What a supplement or another reader says has no parties. */
	const struct tu_party chosen = {.role = TU_ROLE_SUPPLIER,
		.name = component->supplier,
		.contacts = &mail,
		.contact_count = by_mail,
		.urls = &component->contact,
		.url_count = !by_mail && component->contact.len};
	const struct tu_sbom_detail *detail = component->detail;
	struct tu_makers makers = {
		&chosen, component->supplier.len || component->contact.len, component};

	if (detail && detail->maker_count) {
		makers.at = detail->makers;
		makers.count = detail->maker_count;
	}
	tu_sbom__cyclonedx_put_supplier(c, &makers);
	tu_sbom__cyclonedx_put_manufacturer(c, &makers);
	tu_sbom__cyclonedx_put_authors(c, &makers);
	tu_sbom__cyclonedx_put_publisher(c, &makers);
}

static void put_end(struct tu_cyclonedx_writing *c, const struct tu_component *component)
{
	static const char *const kept[] = {"evidence", "releaseNotes", "modelCard", "data",
		"cryptoProperties", "patentAssertions"};

	for (size_t i = 0; i < TU_COUNT(kept); i++)
		tu_sbom__cyclonedx_put_kept(c, component->detail, kept[i]);
	put_texts(c, component, TU_TEXT_TAG);
	tu_sbom__cyclonedx_lose_kept(c, component->detail, component);
	tu_sbom__cyclonedx_lose_texts(c, component->detail, component);
}

void tu_sbom__cyclonedx_begin(struct tu_cyclonedx_writing *c, const struct tu_component *component)
{
	static const char *const scopes[] = {"required", "optional", "excluded"};
	struct tu_str name = tu_sbom__name_of(c->w, component);
	size_t cpe;

	put_attributes(c, component);
	put_makers(c, component);
	tu_markup_opt(&c->m, "group", component->group);
	tu_markup_text(&c->m, "name", name);
	put_version(c, component);
	put_text(c, component, TU_TEXT_DESCRIPTION);
	if (component->scope != TU_SCOPE_REQUIRED)
		tu_markup_text(&c->m, "scope", tu_str_c(scopes[component->scope]));
	tu_sbom__cyclonedx_put_hashes(c, component->hashes, component->hash_count, component);
	tu_sbom__cyclonedx_put_licences(
		c, component->licences, component->licence_count, component);
	if (tu_sbom__is_no_licence(tu_sbom_detail_text(component->detail, TU_TEXT_COPYRIGHT)))
		tu_sbom__lose_text(c->w, TU_TEXT_COPYRIGHT, component);
	else
		put_text(c, component, TU_TEXT_COPYRIGHT);
	cpe = put_cpe(c, component);
	put_purl(c, component);
	put_texts(c, component, TU_TEXT_OMNIBOR);
	put_texts(c, component, TU_TEXT_SWHID);
	put_swid(c, component, name);
	put_pedigree(c, component);
	tu_sbom__cyclonedx_put_references(c, component->detail, component);
	put_properties(c, component, cpe);
}

void tu_sbom__cyclonedx_end(struct tu_cyclonedx_writing *c, const struct tu_component *component)
{
	put_end(c, component);
	tu_sbom__cyclonedx_changes(c, component);
}
