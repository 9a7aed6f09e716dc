/*
 * CSAF's product tree: vendor, family, variants, releases as branches; components; components as
 * parts of releases. Keys are in alphabetical order (6.2.13).
 */
#include "base/alloc.h"
#include "base/percent.h"
#include "base/sha256.h"
#include "csaf/csaf.h"
#include "ident/udi.h"
#include "vex/issue_csaf.h"

/* ---- subjects ---- */

/* "linux@5.10#" and a digest of all identifiers that the part has here: which of them are its own
 * depends on what else is meant, and who has another set is another product. */
static void add_digest_id(const struct tu_issue_part *part, struct tu_buf *out)
{
	enum { DIGEST_DIGITS = 16 };
	struct tu_buf text;

	tu_buf_init(&text, 1 << 20);
	tu_buf_printf(&text, "%.*s\n%.*s\n%.*s %.*s", TU_STR_FMT(part->link), TU_STR_FMT(part->cpe),
		TU_STR_FMT(part->hash.algorithm), TU_STR_FMT(part->hash.value));
	out->failed |= text.failed;
	tu_percent_add(part->name, TU_STR("-._~+"), out);
	tu_buf_byte(out, '@');
	tu_percent_add(part->version, TU_STR("-._~+"), out);
	tu_buf_byte(out, '#');
	tu_sha256_mark(tu_buf_str(&text), DIGEST_DIGITS, out);
	tu_buf_done(&text);
}

static void add_part_id(const struct tu_issue_part *part, struct tu_buf *out)
{
	if (part->purl.len)
		tu_buf_str_add(out, part->purl);
	else
		add_digest_id(part, out);
}

static void add_subject_id(const struct tu_issue_product *product, const struct tu_issue_part *part,
	struct tu_buf *out)
{
	tu_buf_clear(out);
	tu_issue_product_id(product, out);
	if (part) {
		tu_buf_byte(out, '/');
		add_part_id(part, out);
	}
}

static bool add_subject(struct tu_issue_csaf *c, uint32_t entry, uint32_t product,
	const struct tu_issue_part *part, struct tu_buf *id)
{
	uint32_t number;

	add_subject_id(&c->w->issue->products[product], part, id);
	if (id->failed || !tu_intern_add(c->ids, tu_buf_str(id), &number))
		return false;
	if (number == c->subjects.count &&
		!TU_VEC_PUSH(&c->subjects,
			(struct tu_issue_subject){
				.part = part, .product = product, .seen_by = UINT32_MAX}))
		return false;
	if (c->subjects.at[number].seen_by == entry)
		return true;
	c->subjects.at[number].seen_by = entry;
	return TU_VEC_PUSH(&c->numbers, number);
}

static bool add_entry(struct tu_issue_csaf *c, uint32_t index, struct tu_buf *id)
{
	const struct tu_issue_entry *entry = &c->w->issue->entries[index];
	bool whole = !tu_issue_named(c->w->format, entry);
	bool fine = true;

	for (size_t i = 0; i < entry->product_count && fine; i++) {
		if (whole)
			fine = add_subject(c, index, entry->products[i], NULL, id);
		for (size_t k = 0; k < entry->part_count && fine; k++)
			if (tu_issue_names(c->w->format, &entry->parts[k]))
				fine = add_subject(
					c, index, entry->products[i], &entry->parts[k], id);
	}
	return fine;
}

bool tu_issue_csaf_subjects(struct tu_issue_csaf *c)
{
	size_t count = c->w->issue->entry_count;
	struct tu_buf id;
	bool fine;

	c->ids = tu_intern_new((size_t)1 << 30);
	c->order = tu_alloc(count, sizeof(*c->order));
	c->starts = tu_alloc(count + 1, sizeof(*c->starts));
	fine = c->ids && c->order && c->starts;
	tu_buf_init(&id, 1 << 20);
	for (size_t i = 0; i < count && fine; i++) {
		c->starts[i] = c->numbers.count;
		fine = add_entry(c, (uint32_t)i, &id);
	}
	if (fine)
		c->starts[count] = c->numbers.count;
	tu_buf_done(&id);
	return fine;
}

void tu_issue_csaf_done(struct tu_issue_csaf *c)
{
	tu_intern_free(c->ids);
	tu_free(c->order);
	tu_free(c->starts);
	TU_VEC_DONE(&c->subjects);
	TU_VEC_DONE(&c->numbers);
}

/* ---- helpers by which products and components are identified ---- */

/* GS1 Digital Link: a GTIN in 14 digits; a GTIN that is shorter has zeros before it. */
static void add_gtin(struct tu_str gtin, struct tu_buf *uri)
{
	enum { DIGITS = 14 };

	tu_buf_c(uri, "https://id.gs1.org/01/");
	for (size_t i = gtin.len; i < DIGITS; i++)
		tu_buf_byte(uri, '0');
	tu_buf_str_add(uri, gtin);
}

static void add_uri(struct tu_issue_csaf *c, struct tu_str namespace_, struct tu_str uri)
{
	tu_json_open_object(c->json);
	tu_json_member_str(c->json, "namespace", namespace_);
	tu_json_member_str(c->json, "uri", uri);
	tu_json_close_object(c->json);
}

/* A GTIN as a GS1 Digital Link; any other device identifier by its place in AccessGUDID. */
static void add_udi(struct tu_issue_csaf *c, struct tu_str di)
{
	struct tu_udi udi = tu_udi_judge(di);
	bool gtin = udi.agency == TU_UDI_GS1 && udi.fault != TU_UDI_STRUCTURE;
	struct tu_buf uri;

	tu_buf_init(&uri, 4096);
	if (gtin) {
		add_gtin(udi.di, &uri);
	} else {
		tu_buf_c(&uri, "https://accessgudid.nlm.nih.gov/devices/");
		tu_percent_add(di, TU_STR(""), &uri);
	}
	add_uri(c,
		gtin ? TU_STR("https://id.gs1.org/01") : TU_STR("https://accessgudid.nlm.nih.gov"),
		tu_buf_str(&uri));
	c->w->out->failed |= uri.failed;
	tu_buf_done(&uri);
}

/* CSAF 2.0, 3.1.3.3.8: an element of an SBOM by its BOM-Link. */
static void add_uris(struct tu_issue_csaf *c, struct tu_str link, struct tu_str udi_di)
{
	if (!link.len && !udi_di.len)
		return;
	tu_json_key(c->json, "x_generic_uris");
	tu_json_open_array(c->json);
	if (link.len)
		add_uri(c, TU_STR("https://cyclonedx.org/capabilities/bomlink/"), link);
	if (udi_di.len)
		add_udi(c, udi_di);
	tu_json_close_array(c->json);
}

static void add_model(struct tu_issue_csaf *c, struct tu_str model)
{
	if (!model.len)
		return;
	tu_json_key(c->json, "model_numbers");
	tu_json_open_array(c->json);
	tu_json_add_str(c->json, model);
	tu_json_close_array(c->json);
}

/* In the maker's own namespace, where nothing else names it. */
static void add_own_uri(struct tu_issue_csaf *c, struct tu_str id)
{
	struct tu_buf uri;

	tu_buf_init(&uri, 1 << 20);
	tu_issue_iri(c->w->issue, &uri);
	tu_buf_byte(&uri, '#');
	tu_percent_add(id, TU_STR("-._~:/@"), &uri);
	tu_json_key(c->json, "x_generic_uris");
	tu_json_open_array(c->json);
	add_uri(c, c->w->issue->namespace_, tu_buf_str(&uri));
	tu_json_close_array(c->json);
	c->w->out->failed |= uri.failed;
	tu_buf_done(&uri);
}

static void add_hash(struct tu_issue_csaf *c, const struct tu_issue_part *part)
{
	const struct tu_issue_hash *words = tu_issue_hash_words(&part->hash);

	if (!words)
		return;
	tu_json_key(c->json, "hashes");
	tu_json_open_array(c->json);
	tu_json_open_object(c->json);
	tu_json_key(c->json, "file_hashes");
	tu_json_open_array(c->json);
	tu_json_open_object(c->json);
	tu_json_member_str(c->json, "algorithm", tu_str_c(words->csaf));
	tu_json_member_str(c->json, "value", part->hash.value);
	tu_json_close_object(c->json);
	tu_json_close_array(c->json);
	tu_json_member_str(c->json, "filename", part->name);
	tu_json_close_object(c->json);
	tu_json_close_array(c->json);
}

static void open_helper(struct tu_issue_csaf *c, struct tu_str cpe)
{
	tu_json_key(c->json, "product_identification_helper");
	tu_json_open_object(c->json);
	if (tu_csaf_rule_holds(TU_CSAF_CPE, cpe))
		tu_json_member_str(c->json, "cpe", cpe);
}

static void add_product_helper(struct tu_issue_csaf *c, const struct tu_issue_product *product)
{
	struct tu_buf purl;

	tu_buf_init(&purl, 1 << 16);
	tu_issue_purl(c->w->issue, product, &purl);
	open_helper(c, product->cpe);
	add_model(c, product->model);
	tu_json_member_opt(c->json, "purl", tu_buf_str(&purl));
	add_uris(c, product->link, product->udi_di);
	tu_json_close_object(c->json);
	c->w->out->failed |= purl.failed;
	tu_buf_done(&purl);
}

/* By its purl; else by its place in the SBOM and whatever else is its own. */
static void add_part_helper(struct tu_issue_csaf *c, const struct tu_issue_part *part)
{
	bool purl = part->purl.len > 0;

	open_helper(c, purl ? TU_STR("") : part->cpe);
	if (!purl)
		add_hash(c, part);
	tu_json_member_opt(c->json, "purl", part->purl);
	add_uris(c, purl ? TU_STR("") : part->link, TU_STR(""));
	tu_json_close_object(c->json);
}

/* ---- branches: vendor, family, variants, releases ---- */

static void add_product_name(struct tu_issue_csaf *c, const struct tu_issue_product *product,
	const struct tu_issue_part *part)
{
	struct tu_buf name;

	tu_buf_init(&name, 1 << 20);
	if (part)
		tu_buf_printf(&name, "%.*s%s%.*s as a part of ", TU_STR_FMT(part->name),
			part->version.len ? " " : "", TU_STR_FMT(part->version));
	tu_buf_printf(&name, "%.*s %.*s %.*s", TU_STR_FMT(c->w->issue->publisher),
		TU_STR_FMT(product->variant), TU_STR_FMT(product->version));
	tu_json_member_str(c->json, "name", tu_buf_str(&name));
	c->w->out->failed |= name.failed;
	tu_buf_done(&name);
}

static void member_product_id(
	struct tu_issue_csaf *c, const char *key, const struct tu_issue_product *product)
{
	struct tu_buf id;

	tu_buf_init(&id, 1 << 20);
	tu_issue_product_id(product, &id);
	tu_json_member_str(c->json, key, tu_buf_str(&id));
	c->w->out->failed |= id.failed;
	tu_buf_done(&id);
}

static void add_release(struct tu_issue_csaf *c, const struct tu_issue_product *product)
{
	tu_json_open_object(c->json);
	tu_json_member_str(c->json, "category", TU_STR("product_version"));
	tu_json_member_str(c->json, "name", product->version);
	tu_json_key(c->json, "product");
	tu_json_open_object(c->json);
	add_product_name(c, product, NULL);
	member_product_id(c, "product_id", product);
	add_product_helper(c, product);
	tu_json_close_object(c->json);
	tu_json_close_object(c->json);
}

/* Products in use, those of a variant in a row: `heads` by variant, `next` by product. */
struct shelves {
	struct tu_intern *variants;
	uint32_t *heads, *tails, *next;
};

#define NONE UINT32_MAX

static bool put_away(struct shelves *s, const struct tu_issue_product *products, uint32_t product)
{
	uint32_t variant, count = tu_intern_count(s->variants);

	if (s->next[product] != product) /* it is there */
		return true;
	if (!tu_intern_add(s->variants, products[product].variant, &variant))
		return false;
	s->next[product] = NONE;
	if (variant == count)
		s->heads[variant] = product;
	else
		s->next[s->tails[variant]] = product;
	s->tails[variant] = product;
	return true;
}

static bool fill_shelves(struct tu_issue_csaf *c, struct shelves *s)
{
	size_t count = c->w->issue->product_count;
	bool fine;

	s->variants = tu_intern_new((size_t)1 << 30);
	s->heads = tu_alloc(count + 1, sizeof(*s->heads));
	s->tails = tu_alloc(count + 1, sizeof(*s->tails));
	s->next = tu_alloc(count + 1, sizeof(*s->next));
	fine = s->variants && s->heads && s->tails && s->next;
	for (size_t i = 0; i < count && fine; i++)
		s->next[i] = (uint32_t)i;
	for (size_t i = 0; i < c->subjects.count && fine; i++)
		fine = put_away(s, c->w->issue->products, c->subjects.at[i].product);
	return fine;
}

static void empty_shelves(struct shelves *s)
{
	tu_intern_free(s->variants);
	tu_free(s->heads);
	tu_free(s->tails);
	tu_free(s->next);
}

static void open_branch(struct tu_issue_csaf *c)
{
	tu_json_open_object(c->json);
	tu_json_key(c->json, "branches");
	tu_json_open_array(c->json);
}

static void close_branch(struct tu_issue_csaf *c, const char *category, struct tu_str name)
{
	tu_json_close_array(c->json);
	tu_json_member_str(c->json, "category", tu_str_c(category));
	tu_json_member_str(c->json, "name", name);
	tu_json_close_object(c->json);
}

static void add_branches(struct tu_issue_csaf *c)
{
	const struct tu_issue *issue = c->w->issue;
	struct shelves s = {0};

	if (!fill_shelves(c, &s))
		c->w->out->failed = true;
	tu_json_key(c->json, "branches");
	tu_json_open_array(c->json);
	open_branch(c);
	open_branch(c);
	for (uint32_t v = 0; !c->w->out->failed && v < tu_intern_count(s.variants); v++) {
		open_branch(c);
		for (uint32_t i = s.heads[v]; i != NONE; i = s.next[i])
			add_release(c, &issue->products[i]);
		close_branch(c, "product_name", tu_intern_str(s.variants, v));
	}
	close_branch(c, "product_family", issue->family);
	close_branch(c, "vendor", issue->publisher);
	tu_json_close_array(c->json);
	empty_shelves(&s);
}

/* ---- components, and components as parts of releases ---- */

static void add_component(
	struct tu_issue_csaf *c, const struct tu_issue_part *part, struct tu_str id)
{
	tu_json_open_object(c->json);
	if (part->version.len)
		tu_issue_member_fmt(c->w, "name", "%.*s %.*s", TU_STR_FMT(part->name),
			TU_STR_FMT(part->version));
	else
		tu_json_member_str(c->json, "name", part->name);
	tu_json_member_str(c->json, "product_id", id);
	add_part_helper(c, part);
	tu_json_close_object(c->json);
}

static void add_components(struct tu_issue_csaf *c)
{
	struct tu_intern *seen = tu_intern_new((size_t)1 << 30);
	struct tu_buf id;
	uint32_t number, before;

	tu_buf_init(&id, 1 << 20);
	for (size_t i = 0; i < c->subjects.count && seen; i++) {
		const struct tu_issue_part *part = c->subjects.at[i].part;

		if (!part)
			continue;
		tu_buf_clear(&id);
		add_part_id(part, &id);
		before = tu_intern_count(seen);
		if (id.failed || !tu_intern_add(seen, tu_buf_str(&id), &number)) {
			c->w->out->failed = true;
			break;
		}
		if (!before) {
			tu_json_key(c->json, "full_product_names");
			tu_json_open_array(c->json);
		}
		if (number == before)
			add_component(c, part, tu_buf_str(&id));
	}
	if (seen && tu_intern_count(seen))
		tu_json_close_array(c->json);
	c->w->out->failed |= !seen;
	tu_buf_done(&id);
	tu_intern_free(seen);
}

/* What names this component in this product, and not the one without the other: a purl here would
 * be that of the component in everybody's products. */
static void add_subject_helper(struct tu_issue_csaf *c, uint32_t number)
{
	const struct tu_issue_subject *subject = &c->subjects.at[number];
	const struct tu_issue_product *product = &c->w->issue->products[subject->product];

	open_helper(c, TU_STR(""));
	add_model(c, product->model);
	if (subject->part->link.len || product->udi_di.len)
		add_uris(c, subject->part->link, product->udi_di);
	else if (!product->model.len)
		add_own_uri(c, tu_intern_str(c->ids, number));
	tu_json_close_object(c->json);
}

static void add_relationship(struct tu_issue_csaf *c, uint32_t number, struct tu_buf *part_id)
{
	const struct tu_issue_subject *subject = &c->subjects.at[number];
	const struct tu_issue_product *product = &c->w->issue->products[subject->product];

	tu_buf_clear(part_id);
	add_part_id(subject->part, part_id);
	c->w->out->failed |= part_id->failed;
	tu_json_open_object(c->json);
	tu_json_member_str(c->json, "category", TU_STR("default_component_of"));
	tu_json_key(c->json, "full_product_name");
	tu_json_open_object(c->json);
	add_product_name(c, product, subject->part);
	tu_json_member_str(c->json, "product_id", tu_intern_str(c->ids, number));
	add_subject_helper(c, number);
	tu_json_close_object(c->json);
	tu_json_member_str(c->json, "product_reference", tu_buf_str(part_id));
	member_product_id(c, "relates_to_product_reference", product);
	tu_json_close_object(c->json);
}

static void add_relationships(struct tu_issue_csaf *c)
{
	struct tu_buf part_id;
	bool open = false;

	tu_buf_init(&part_id, 1 << 20);
	for (size_t i = 0; i < c->subjects.count; i++) {
		if (!c->subjects.at[i].part)
			continue;
		if (!open) {
			tu_json_key(c->json, "relationships");
			tu_json_open_array(c->json);
		}
		open = true;
		add_relationship(c, (uint32_t)i, &part_id);
	}
	if (open)
		tu_json_close_array(c->json);
	tu_buf_done(&part_id);
}

void tu_issue_csaf_tree(struct tu_issue_csaf *c)
{
	tu_json_key(c->json, "product_tree");
	tu_json_open_object(c->json);
	add_branches(c);
	add_components(c);
	add_relationships(c);
	tu_json_close_object(c->json);
}
