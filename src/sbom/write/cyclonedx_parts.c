/* CycloneDX: what components and the document share: people and organisations, hashes,
 * references, texts, parts that are kept as they are. */
#include "sbom/write/cyclonedx.h"

bool tu_sbom__cyclonedx_is_uri(struct tu_str text)
{
	/* A colon before the first slash ends a scheme: "git@host:path" has none. */
	for (size_t i = 0; i < text.len && !memchr("/?#", text.ptr[i], 3); i++) {
		if (text.ptr[i] == ':')
			break;
		if (!tu_char_is_alnum(text.ptr[i]) && !memchr("+-.", text.ptr[i], 3) &&
			tu_str_find(text, ':') < tu_str_find(text, '/'))
			return false;
	}
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] <= ' ' || memchr("<>\"{}|\\^`", text.ptr[i], 9))
			return false;
	}
	return true;
}

/* ---- people and organisations ---- */

static void put_contact(struct tu_cyclonedx_writing *c, const struct tu_contact *contact,
	struct tu_str name, const struct tu_component *component)
{
	bool mail = tu_sbom__is_mail(contact->email);

	tu_markup_opt(&c->m, "name", contact->name.len ? contact->name : name);
	if (mail)
		tu_markup_text(&c->m, "email", contact->email);
	else if (contact->email.len)
		tu_sbom__lose(c->w, TU_LOSS_CONTACT, component);
	tu_markup_opt(&c->m, "phone", contact->phone);
}

static void put_urls(struct tu_cyclonedx_writing *c, const struct tu_party *party,
	const struct tu_component *component)
{
	bool any = false;

	for (size_t i = 0; i < party->url_count; i++) {
		if (!tu_sbom__cyclonedx_is_uri(party->urls[i])) {
			tu_sbom__lose(c->w, TU_LOSS_CONTACT, component);
			continue;
		}
		if (!any)
			tu_markup_refs(&c->m, "url");
		any = true;
		tu_markup_item_text(&c->m, "url", party->urls[i]);
	}
	if (any)
		tu_markup_end_refs(&c->m);
}

static void put_organization(struct tu_cyclonedx_writing *c, const char *member,
	const struct tu_party *party, const struct tu_component *component)
{
	tu_markup_open(&c->m, member);
	tu_markup_opt(&c->m, "name", party->name);
	put_urls(c, party, component);
	if (party->contact_count)
		tu_markup_refs(&c->m, "contact");
	for (size_t i = 0; i < party->contact_count; i++) {
		tu_markup_item(&c->m, "contact");
		put_contact(c, &party->contacts[i], TU_STR(""), component);
		tu_markup_end_item(&c->m, "contact");
	}
	if (party->contact_count)
		tu_markup_end_refs(&c->m);
	tu_markup_close(&c->m, member);
}

static void put_person(struct tu_cyclonedx_writing *c, const struct tu_party *party,
	const struct tu_component *component)
{
	static const struct tu_contact none = {.name = {"", 0}, .email = {"", 0}, .phone = {"", 0}};
	struct tu_contact own = party->contact_count ? party->contacts[0] : none;

	if (party->contact_count > 1 || party->url_count || own.name.len)
		tu_sbom__lose(c->w, TU_LOSS_CONTACT, component);
	own.name = party->name;
	tu_markup_item(&c->m, "author");
	put_contact(c, &own, party->name, component);
	tu_markup_end_item(&c->m, "author");
}

static bool has_contact(const struct tu_party *party)
{
	return party->contact_count || party->url_count;
}

/* The first of a role, or NULL; a further one has no place. */
static const struct tu_party *only(struct tu_cyclonedx_writing *c, const struct tu_makers *makers,
	bool (*is)(const struct tu_party *party))
{
	const struct tu_party *found = NULL;

	for (size_t i = 0; i < makers->count; i++) {
		if (!is(&makers->at[i]))
			continue;
		if (found)
			tu_sbom__lose(c->w, TU_LOSS_MAKER, makers->component);
		else
			found = &makers->at[i];
	}
	return found;
}

static bool is_supplier(const struct tu_party *party)
{
	return party->role == TU_ROLE_SUPPLIER;
}

/* An originator that is an organization made the component; one that is a person wrote it. */
static bool is_manufacturer(const struct tu_party *party)
{
	return party->role == TU_ROLE_MANUFACTURER ||
		(party->role == TU_ROLE_ORIGINATOR && party->kind != TU_PARTY_PERSON) ||
		(party->role == TU_ROLE_AUTHOR && party->kind == TU_PARTY_ORGANIZATION);
}

static bool is_publisher(const struct tu_party *party)
{
	return party->role == TU_ROLE_PUBLISHER;
}

static bool is_author(const struct tu_party *party)
{
	return (party->role == TU_ROLE_AUTHOR && party->kind != TU_PARTY_ORGANIZATION) ||
		(party->role == TU_ROLE_ORIGINATOR && party->kind == TU_PARTY_PERSON);
}

/* The first name without more of whom it is not known what it is: it goes into the member that is
 * a text, which components have. In XML that is after the others, and the first of all authors must
 * stay the first: the supplier may be known by it. */
static const struct tu_party *plain_author(
	const struct tu_cyclonedx_writing *c, const struct tu_makers *makers)
{
	const struct tu_party *plain = NULL;
	size_t before = 0;
	size_t after = 0;

	for (size_t i = 0; makers->component && i < makers->count; i++) {
		const struct tu_party *party = &makers->at[i];

		if (!is_author(party))
			continue;
		if (!plain && party->kind == TU_PARTY_UNSTATED && !has_contact(party))
			plain = party;
		else if (plain)
			after++;
		else
			before++;
	}
	return c->m.xml && !before && after ? NULL : plain;
}

static void note_kinds(struct tu_cyclonedx_writing *c, const struct tu_makers *makers,
	const struct tu_party *plain)
{
	for (size_t i = 0; i < makers->count; i++) {
		const struct tu_party *party = &makers->at[i];
		bool person = is_author(party);

		if (party->kind == TU_PARTY_TOOL || (party->kind == TU_PARTY_PERSON && !person) ||
			(party->kind == TU_PARTY_UNSTATED && person && party != plain))
			tu_sbom__lose(c->w, TU_LOSS_MAKER_KIND, makers->component);
		if (party->role == TU_ROLE_ORIGINATOR || (party->role == TU_ROLE_AUTHOR && !person))
			tu_sbom__lose(c->w, TU_LOSS_MAKER_ROLE, makers->component);
	}
}

void tu_sbom__cyclonedx_put_supplier(struct tu_cyclonedx_writing *c, const struct tu_makers *makers)
{
	const struct tu_party *supplier = only(c, makers, is_supplier);

	if (supplier)
		put_organization(c, "supplier", supplier, makers->component);
}

void tu_sbom__cyclonedx_put_manufacturer(
	struct tu_cyclonedx_writing *c, const struct tu_makers *makers)
{
	const struct tu_party *manufacturer = only(c, makers, is_manufacturer);

	if (manufacturer)
		put_organization(c, "manufacturer", manufacturer, makers->component);
}

static void put_persons(struct tu_cyclonedx_writing *c, const struct tu_makers *makers,
	const struct tu_party *plain)
{
	bool any = false;

	for (size_t i = 0; i < makers->count; i++) {
		if (!is_author(&makers->at[i]) || &makers->at[i] == plain)
			continue;
		if (!any)
			tu_markup_list(&c->m, "authors");
		any = true;
		put_person(c, &makers->at[i], makers->component);
	}
	if (any)
		tu_markup_end_list(&c->m, "authors");
}

/* The members in the order of the first authors in them. */
void tu_sbom__cyclonedx_put_authors(struct tu_cyclonedx_writing *c, const struct tu_makers *makers)
{
	const struct tu_party *plain = plain_author(c, makers);
	bool first = true;

	for (const struct tu_party *at = makers->at; plain && at < plain; at++)
		first = first && !is_author(at);
	note_kinds(c, makers, plain);
	if (plain && first)
		tu_markup_text(&c->m, "author", plain->name);
	put_persons(c, makers, plain);
	if (plain && !first)
		tu_markup_text(&c->m, "author", plain->name);
}

void tu_sbom__cyclonedx_put_publisher(
	struct tu_cyclonedx_writing *c, const struct tu_makers *makers)
{
	const struct tu_party *publisher = only(c, makers, is_publisher);

	if (!publisher)
		return;
	tu_markup_text(&c->m, "publisher", publisher->name);
	if (has_contact(publisher))
		tu_sbom__lose(c->w, TU_LOSS_CONTACT, makers->component);
}

/* ---- hashes ---- */

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

void tu_sbom__cyclonedx_put_hashes(struct tu_cyclonedx_writing *c,
	const struct tu_hash_value *hashes, size_t count, const struct tu_component *component)
{
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		const struct tu_hash_value *hash = &hashes[i];

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

/* ---- external references ---- */

/* The schema's types; from which version. What SPDX calls otherwise has a word in front. */
static const struct {
	const char *word;
	int since;
	const char *spdx;
} reference_types[] = {
	{"vcs", 10, NULL},
	{"issue-tracker", 10, NULL},
	{"website", 10, NULL},
	{"advisories", 10, "advisory"},
	{"bom", 10, NULL},
	{"mailing-list", 10, NULL},
	{"social", 10, NULL},
	{"chat", 10, NULL},
	{"documentation", 10, NULL},
	{"support", 10, NULL},
	{"source-distribution", 16, NULL},
	{"distribution", 10, NULL},
	{"distribution-intake", 15, NULL},
	{"license", 10, NULL},
	{"build-meta", 10, NULL},
	{"build-system", 10, NULL},
	{"release-notes", 14, NULL},
	{"security-contact", 15, NULL},
	{"model-card", 15, NULL},
	{"log", 15, NULL},
	{"configuration", 15, NULL},
	{"evidence", 15, NULL},
	{"formulation", 15, NULL},
	{"attestation", 15, NULL},
	{"threat-model", 15, NULL},
	{"adversary-model", 15, NULL},
	{"risk-assessment", 15, NULL},
	{"vulnerability-assertion", 15, NULL},
	{"exploitability-statement", 15, NULL},
	{"pentest-report", 15, NULL},
	{"static-analysis-report", 15, NULL},
	{"dynamic-analysis-report", 15, NULL},
	{"runtime-analysis-report", 15, NULL},
	{"component-analysis-report", 15, NULL},
	{"maturity-report", 15, NULL},
	{"certification-report", 15, NULL},
	{"codified-infrastructure", 15, NULL},
	{"quality-metrics", 15, NULL},
	{"poam", 15, NULL},
	{"electronic-signature", 16, NULL},
	{"digital-signature", 16, NULL},
	{"rfc-9116", 16, NULL},
	{"patent", 17, NULL},
	{"patent-family", 17, NULL},
	{"patent-assertion", 17, NULL},
	{"citation", 17, NULL},
	{"other", 10, NULL},
};

static const char *reference_type(
	const struct tu_cyclonedx_writing *c, const struct tu_sbom_reference *reference)
{
	for (size_t i = 0; i < TU_COUNT(reference_types); i++) {
		const char *spdx = reference_types[i].spdx;

		if (reference_types[i].since <= c->version &&
			(tu_str_eq(tu_str_c(reference_types[i].word), reference->type) ||
				(spdx && tu_str_eq(tu_str_c(spdx), reference->type))))
			return reference_types[i].word;
	}
	return NULL;
}

static void put_reference(struct tu_cyclonedx_writing *c, const struct tu_sbom_reference *reference,
	const struct tu_component *component)
{
	const char *type = reference_type(c, reference);

	if (!type)
		tu_sbom__lose(c->w, TU_LOSS_REFERENCE_TYPE, component);
	tu_markup_item(&c->m, "reference");
	tu_markup_attr(&c->m, "type", tu_str_c(type ? type : "other"));
	tu_markup_text(&c->m, "url", reference->url);
	tu_markup_opt(&c->m, "comment", reference->comment);
	tu_sbom__cyclonedx_put_hashes(c, reference->hashes, reference->hash_count, component);
	tu_markup_end_item(&c->m, "reference");
}

struct references {
	struct tu_cyclonedx_writing *c;
	const struct tu_component *component;
	bool any;
};

static void add_reference(struct references *r, const struct tu_sbom_reference *reference)
{
	if (!reference->url.len || !tu_sbom__cyclonedx_is_uri(reference->url)) {
		tu_sbom__lose(r->c->w, TU_LOSS_REFERENCE, r->component);
		return;
	}
	if (!r->any)
		tu_markup_list(&r->c->m, "externalReferences");
	r->any = true;
	put_reference(r->c, reference, r->component);
}

/* SPDX's download location and home page are references here. */
static void add_locations(struct references *r, const struct tu_sbom_detail *detail)
{
	static const struct {
		enum tu_text_kind kind;
		const char *type;
	} locations[] = {{TU_TEXT_DOWNLOAD, "distribution"}, {TU_TEXT_HOMEPAGE, "website"}};

	for (size_t i = 0; i < TU_COUNT(locations); i++) {
		const struct tu_sbom_reference reference = {.type = tu_str_c(locations[i].type),
			.url = tu_sbom_detail_text(detail, locations[i].kind),
			.comment = {"", 0}};

		if (tu_str_find(reference.url, ':') < reference.url.len &&
			tu_sbom__cyclonedx_is_uri(reference.url))
			add_reference(r, &reference);
		else if (reference.url.len)
			tu_sbom__lose_text(r->c->w, locations[i].kind, r->component);
	}
}

void tu_sbom__cyclonedx_put_references(struct tu_cyclonedx_writing *c,
	const struct tu_sbom_detail *detail, const struct tu_component *component)
{
	struct references r = {c, component, false};

	for (size_t i = 0; detail && i < detail->reference_count; i++)
		add_reference(&r, &detail->references[i]);
	add_locations(&r, detail);
	if (r.any)
		tu_markup_end_list(&c->m, "externalReferences");
}

/* ---- properties ---- */

void tu_sbom__cyclonedx_put_property(
	struct tu_cyclonedx_writing *c, struct tu_str name, struct tu_str value)
{
	tu_markup_item(&c->m, "property");
	tu_markup_attr(&c->m, "name", name);
	tu_markup_content(&c->m, "value", value);
	tu_markup_end_item(&c->m, "property");
}

/* ---- parts that are kept as they are ---- */

/* A part is of the version of its document: one of a newer version may have what this one does not
 * allow. */
static bool holds(const struct tu_cyclonedx_writing *c)
{
	struct tu_str version = c->w->inventory->spec_version;

	return !c->m.xml && version.len == 3 && version.ptr[0] == '1' &&
		10 + (version.ptr[2] - '0') <= c->version;
}

const struct tu_kept *tu_sbom__cyclonedx_kept(
	const struct tu_cyclonedx_writing *c, const struct tu_sbom_detail *detail, const char *name)
{
	for (size_t i = 0; detail && holds(c) && i < detail->kept_count; i++) {
		if (tu_str_eq(detail->kept[i].name, tu_str_c(name)))
			return &detail->kept[i];
	}
	return NULL;
}

void tu_sbom__cyclonedx_put_kept(
	struct tu_cyclonedx_writing *c, const struct tu_sbom_detail *detail, const char *name)
{
	const struct tu_kept *kept = tu_sbom__cyclonedx_kept(c, detail, name);

	if (!kept)
		return;
	tu_json_key(&c->m.json_to, name);
	tu_json_add_raw(&c->m.json_to, kept->json);
}

void tu_sbom__cyclonedx_lose_kept(struct tu_cyclonedx_writing *c,
	const struct tu_sbom_detail *detail, const struct tu_component *component)
{
	for (size_t i = 0; detail && !holds(c) && i < detail->kept_count; i++) {
		if (!tu_str_eq(detail->kept[i].name, TU_STR("pedigree")) || !component ||
			!component->resolved_count)
			tu_sbom__lose_kept(c->w, detail->kept[i].name, component);
	}
}

/* Download locations and home pages are references. */
void tu_sbom__cyclonedx_lose_texts(struct tu_cyclonedx_writing *c,
	const struct tu_sbom_detail *detail, const struct tu_component *component)
{
	for (size_t i = 0; detail && i < detail->text_count; i++) {
		enum tu_text_kind kind = detail->texts[i].kind;

		if (kind != TU_TEXT_DOWNLOAD && kind != TU_TEXT_HOMEPAGE &&
			!tu_sbom__text_member(kind, TU_SAY_CYCLONEDX).len)
			tu_sbom__lose_text(c->w, kind, component);
	}
}
