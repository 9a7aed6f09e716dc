/* CycloneDX 1.6: what a component has, but for its place in the document and its reference. */
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

static bool is_hash_value(struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char digit = tu_char_lower(text.ptr[i]);

		if (!tu_char_is_digit(digit) && (digit < 'a' || digit > 'f'))
			return false;
	}
	return text.len == 32 || text.len == 40 || text.len == 64 || text.len == 96 ||
		text.len == 128;
}

static bool has_hash(const struct tu_hash_value *hash)
{
	return tu_sbom__say_algorithm(hash->algorithm, TU_SAY_CYCLONEDX).len &&
		is_hash_value(hash->value);
}

static void put_hashes(struct tu_cyclonedx_writing *c, const struct tu_component *component)
{
	bool any = false;

	for (size_t i = 0; i < component->hash_count; i++) {
		const struct tu_hash_value *hash = &component->hashes[i];

		if (!has_hash(hash)) {
			tu_sbom__lose(c->w, TU_LOSS_HASH, component);
			continue;
		}
		if (!any)
			tu_markup_list(&c->m, "hashes");
		any = true;
		tu_markup_item(&c->m, "hash");
		tu_markup_attr(&c->m, "alg", hash->algorithm);
		tu_markup_content(&c->m, "content", hash->value);
		tu_markup_end_item(&c->m, "hash");
	}
	if (any)
		tu_markup_end_list(&c->m, "hashes");
}

static bool joins(struct tu_str text)
{
	static const struct tu_str words[] = {
		TU_STR_INIT(" AND "), TU_STR_INIT(" OR "), TU_STR_INIT(" WITH ")};

	for (size_t i = 0; i < TU_COUNT(words); i++) {
		if (tu_str_search(text, words[i]) < text.len)
			return true;
	}
	return false;
}

/* One expression alone, or licences by name: the schema allows no mixture. */
static void put_licences(struct tu_cyclonedx_writing *c, const struct tu_component *component)
{
	struct tu_markup *m = &c->m;

	if (!component->licence_count)
		return;
	tu_markup_list(m, "licenses");
	for (size_t i = 0; i < component->licence_count; i++) {
		tu_markup_item(m, NULL);
		if (component->licence_count == 1 && joins(component->licences[0].text)) {
			tu_markup_text(m, "expression", component->licences[i].text);
		} else {
			tu_markup_open(m, "license");
			tu_markup_text(m, "name", component->licences[i].text);
			tu_markup_close(m, "license");
		}
		tu_markup_end_item(m, NULL);
	}
	tu_markup_end_list(m, "licenses");
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

static bool is_uri(struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] <= ' ' || memchr("<>\"{}|\\^`", text.ptr[i], 9))
			return false;
	}
	return true;
}

/* In XML a purl is an xs:anyURI. */
static void put_purl(struct tu_cyclonedx_writing *c, const struct tu_component *component)
{
	if (c->m.xml && !is_uri(component->purl))
		tu_sbom__lose(c->w, TU_LOSS_PURL, component);
	else
		tu_markup_opt(&c->m, "purl", component->purl);
}

static void put_property(struct tu_cyclonedx_writing *c, struct tu_str name, struct tu_str value)
{
	tu_markup_item(&c->m, "property");
	tu_markup_attr(&c->m, "name", name);
	tu_markup_content(&c->m, "value", value);
	tu_markup_end_item(&c->m, "property");
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
		put_property(c, component->properties[i].name, component->properties[i].value);
	for (size_t i = 0; i < component->cpe_count; i++) {
		if (i == own_cpe || tu_text_set_has(&stated, component->cpes[i]))
			continue;
		if (!any)
			tu_markup_list(&c->m, "properties");
		any = true;
		put_property(c, TU_STR("tutela:cpe23"), component->cpes[i]);
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

static void put_pedigree(struct tu_cyclonedx_writing *c, const struct tu_component *component)
{
	if (!component->resolved_count)
		return;
	tu_markup_open(&c->m, "pedigree");
	tu_markup_list(&c->m, "patches");
	for (size_t i = 0; i < component->resolved_count; i++)
		put_patch(c, component, &component->resolved[i]);
	tu_markup_end_list(&c->m, "patches");
	tu_markup_close(&c->m, "pedigree");
}

static void put_mail(struct tu_cyclonedx_writing *c, struct tu_str mail)
{
	tu_markup_refs(&c->m, "contact");
	tu_markup_item(&c->m, "contact");
	tu_markup_text(&c->m, "email", mail);
	tu_markup_end_item(&c->m, "contact");
	tu_markup_end_refs(&c->m);
}

static void put_url(struct tu_cyclonedx_writing *c, struct tu_str url)
{
	tu_markup_refs(&c->m, "url");
	tu_markup_item_text(&c->m, "url", url);
	tu_markup_end_refs(&c->m);
}

static void put_supplier(struct tu_cyclonedx_writing *c, const struct tu_component *component)
{
	struct tu_str contact = component->contact;

	if (!component->supplier.len && !contact.len)
		return;
	tu_markup_open(&c->m, "supplier");
	tu_markup_opt(&c->m, "name", component->supplier);
	if (tu_sbom__is_mail(contact))
		put_mail(c, contact);
	else if (!is_uri(contact))
		tu_sbom__lose(c->w, TU_LOSS_CONTACT, component);
	else if (contact.len)
		put_url(c, contact);
	tu_markup_close(&c->m, "supplier");
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

void tu_sbom__cyclonedx_parts(struct tu_cyclonedx_writing *c, const struct tu_component *component)
{
	static const char *const scopes[] = {"required", "optional", "excluded"};
	struct tu_str name = tu_sbom__name_of(c->w, component);
	size_t cpe;

	put_supplier(c, component);
	tu_markup_opt(&c->m, "group", component->group);
	tu_markup_text(&c->m, "name", name);
	tu_markup_opt(&c->m, "version", component->version);
	if (component->scope != TU_SCOPE_REQUIRED)
		tu_markup_text(&c->m, "scope", tu_str_c(scopes[component->scope]));
	put_hashes(c, component);
	put_licences(c, component);
	cpe = put_cpe(c, component);
	put_purl(c, component);
	put_swid(c, component, name);
	put_pedigree(c, component);
	put_properties(c, component, cpe);
	tu_sbom__cyclonedx_changes(c, component);
}
