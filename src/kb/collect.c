#include "kb/builder.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/utf8.h"

enum { TITLE_MAX = 240, COMPOSED_MAX = 64 * 1024 };

#define STRINGS_MAX ((size_t)UINT32_MAX)

static enum tu_status no_memory(struct tu_error *err)
{
	return tu_fail(err, TU_E_NOMEM, 0, "out of memory while building the knowledge base");
}

struct tu_kb_builder *tu_kb_builder_new(void)
{
	struct tu_kb_builder *builder = tu_alloc(1, sizeof(*builder));
	uint32_t empty;

	if (!builder)
		return NULL;
	tu_buf_init(&builder->text, COMPOSED_MAX);
	tu_buf_init(&builder->key, COMPOSED_MAX);
	builder->scratch = tu_arena_new(0);
	builder->strings = tu_intern_new(STRINGS_MAX);
	builder->package_keys = tu_intern_new(STRINGS_MAX);
	builder->product_keys = tu_intern_new(STRINGS_MAX);
	builder->span_keys = tu_intern_new(STRINGS_MAX);
	if (!builder->scratch || !builder->strings || !builder->package_keys ||
		!builder->product_keys || !builder->span_keys ||
		!tu_intern_add(builder->strings, TU_STR(""), &empty)) {
		tu_kb_builder_free(builder);
		return NULL;
	}
	return builder;
}

void tu_kb_builder_free(struct tu_kb_builder *builder)
{
	if (!builder)
		return;
	tu_arena_free(builder->scratch);
	tu_buf_done(&builder->text);
	tu_buf_done(&builder->key);
	TU_VEC_DONE(&builder->generic_keys);
	tu_intern_free(builder->strings);
	tu_intern_free(builder->package_keys);
	tu_intern_free(builder->product_keys);
	tu_intern_free(builder->span_keys);
	TU_VEC_DONE(&builder->by_id);
	TU_VEC_DONE(&builder->advisories);
	TU_VEC_DONE(&builder->aliases);
	TU_VEC_DONE(&builder->related);
	TU_VEC_DONE(&builder->cwes);
	TU_VEC_DONE(&builder->scores);
	TU_VEC_DONE(&builder->references);
	TU_VEC_DONE(&builder->entries);
	TU_VEC_DONE(&builder->span_refs);
	TU_VEC_DONE(&builder->spans);
	TU_VEC_DONE(&builder->package_owners);
	TU_VEC_DONE(&builder->product_owners);
	TU_VEC_DONE(&builder->names);
	TU_VEC_DONE(&builder->epss);
	tu_free(builder);
}

/* ---- pieces of one advisory: each false when out of memory ---- */

static bool intern(struct tu_kb_builder *b, struct tu_str s, uint32_t *out_id)
{
	if (s.len == 0) {
		*out_id = 0;
		return true;
	}
	return tu_intern_add(b->strings, s, out_id);
}

static struct tu_str cut_title(struct tu_str title)
{
	size_t end = TITLE_MAX;

	if (title.len <= TITLE_MAX)
		return title;
	while (end > 0 && ((unsigned char)title.ptr[end] & 0xc0) == 0x80)
		end--;
	return tu_str_first(title, end);
}

static uint32_t seconds(int64_t time)
{
	return time < 0 ? 0 : time > UINT32_MAX ? UINT32_MAX : (uint32_t)time;
}

#define ADD_STRINGS(b, list, texts, number) \
	do { \
		for (size_t i = 0; i < (number); i++) { \
			uint32_t id_; \
			if (!intern((b), (texts)[i], &id_) || !TU_VEC_PUSH(&(b)->list, id_)) \
				return false; \
		} \
	} while (0)

static bool add_lists(struct tu_kb_builder *b, const struct tu_advisory *a)
{
	ADD_STRINGS(b, aliases, a->aliases, a->alias_count);
	ADD_STRINGS(b, related, a->related, a->related_count);
	ADD_STRINGS(b, cwes, a->cwes, a->cwe_count);
	for (size_t i = 0; i < a->score_count; i++) {
		const struct tu_score *score = &a->scores[i];
		struct kb_score row = {
			.version = (uint8_t)score->version, .base_tenths = score->base_tenths};

		if (!intern(b, score->vector, &row.vector) ||
			!intern(b, score->severity, &row.severity) ||
			!intern(b, score->scorer, &row.scorer) || !TU_VEC_PUSH(&b->scores, row))
			return false;
	}
	for (size_t i = 0; i < a->reference_count; i++) {
		struct kb_reference row;

		if (!intern(b, a->references[i].url, &row.url) ||
			!intern(b, a->references[i].tags, &row.tags) ||
			!TU_VEC_PUSH(&b->references, row))
			return false;
	}
	return true;
}

static bool same_bytes(struct tu_str a, struct tu_str b)
{
	return a.ptr == b.ptr && a.len == b.len;
}

static bool intern_bound(
	struct tu_kb_builder *b, const struct tu_bound *bound, struct b_bound *last)
{
	if (same_bytes(bound->text, last->text) && same_bytes(bound->key, last->key))
		return true;
	last->text = bound->text;
	last->key = bound->key;
	return intern(b, bound->text, &last->text_id) && intern(b, bound->key, &last->key_id);
}

/* Refer to a range, new or known. */
static bool push_span(struct tu_kb_builder *b, const struct kb_span *row)
{
	uint32_t index;

	if (!tu_intern_add(b->span_keys, tu_str_of((const char *)row, sizeof(*row)), &index))
		return false;
	if (index == b->spans.count && !TU_VEC_PUSH(&b->spans, *row))
		return false;
	return TU_VEC_PUSH(&b->span_refs, index);
}

static bool add_span(struct tu_kb_builder *b, const struct tu_span *span)
{
	const struct tu_interval *in = &span->interval;
	struct kb_span row = {.coverage = (uint8_t)span->coverage,
		.flags = (uint8_t)((in->lo.inclusive ? KB_LO_INCLUSIVE : 0) |
			(in->hi.inclusive ? KB_HI_INCLUSIVE : 0))};

	if (!intern_bound(b, &in->lo, &b->last_lo) || !intern_bound(b, &in->hi, &b->last_hi))
		return false;
	row.lo_text = b->last_lo.text_id;
	row.lo_key = b->last_lo.key_id;
	row.hi_text = b->last_hi.text_id;
	row.hi_key = b->last_hi.key_id;
	return push_span(b, &row);
}

static bool add_versions(
	struct tu_kb_builder *b, const struct tu_versions *versions, struct kb_entry *row)
{
	row->scheme = (uint8_t)versions->scheme;
	row->otherwise = (uint8_t)versions->otherwise;
	row->first_span = (uint32_t)b->span_refs.count;
	for (size_t i = 0; i < versions->count; i++) {
		if (!add_span(b, &versions->spans[i]))
			return false;
	}
	return intern(b, versions->fixed, &row->fixed);
}

/* The owner with these parts, new or known. The parts joined by NUL are its key. */
static bool find_owner(struct tu_kb_builder *b, struct tu_intern *keys, const struct tu_str *parts,
	size_t count, uint32_t *out_owner, bool *out_new)
{
	uint32_t before = tu_intern_count(keys);

	tu_buf_clear(&b->text);
	for (size_t i = 0; i < count; i++) {
		if (i)
			tu_buf_byte(&b->text, '\0');
		tu_buf_str_add(&b->text, parts[i]);
	}
	if (b->text.failed || !tu_intern_add(keys, tu_buf_str(&b->text), out_owner))
		return false;
	*out_new = tu_intern_count(keys) > before;
	return true;
}

static bool add_package(
	struct tu_kb_builder *b, const struct tu_affected_package *package, uint32_t advisory)
{
	const struct tu_str parts[] = {package->type, package->namespace_, package->name};
	struct b_entry entry = {.package = true,
		.row = {.advisory = advisory,
			.configuration = KB_NONE,
			.flags = KB_VULNERABLE,
			.part = '*'}};
	bool is_new;

	if (!find_owner(b, b->package_keys, parts, 3, &entry.owner, &is_new))
		return false;
	if (is_new) {
		struct b_owner owner;

		for (size_t i = 0; i < 3; i++) {
			if (!intern(b, parts[i], &owner.parts[i]))
				return false;
		}
		if (!TU_VEC_PUSH(&b->package_owners, owner))
			return false;
	}
	if (package->distro.len)
		b->advisories.at[advisory].of_distro = true;
	return add_versions(b, &package->versions, &entry.row) &&
		intern(b, package->distro, &entry.row.detail) &&
		intern(b, package->module, &entry.row.module) && TU_VEC_PUSH(&b->entries, entry);
}

/* The name where it states something besides part, vendor, product and what the entry's version
 * ranges say: then with its version, and the update that belongs to it, left open. */
static bool intern_cpe(struct tu_kb_builder *b, const struct tu_affected_product *product,
	const struct kb_entry *row, uint32_t *out_id)
{
	struct tu_cpe cpe = product->cpe;
	bool has_ranges = row->first_span < b->span_refs.count;
	bool more = false;

	*out_id = 0;
	if (has_ranges && product->versions.count == 0)
		cpe.attr[TU_CPE_UPDATE] = TU_STR("*");
	if (has_ranges)
		cpe.attr[TU_CPE_VERSION] = TU_STR("*");
	for (size_t i = TU_CPE_UPDATE; i < TU_CPE_ATTRS; i++)
		more |= !tu_str_eq(cpe.attr[i], TU_STR("*"));
	if (!more)
		return true;
	tu_buf_clear(&b->text);
	tu_cpe_write(&cpe, &b->text);
	return !b->text.failed && intern(b, tu_buf_str(&b->text), out_id);
}

/* The key of a text as a generic version: feeds repeat few versions many times. */
static bool generic_key(
	struct tu_kb_builder *b, uint32_t text_id, struct tu_str text, uint32_t *out_key)
{
	uint32_t *known;
	enum tu_status status;

	while (b->generic_keys.count <= text_id) {
		if (!TU_VEC_PUSH(&b->generic_keys, 0))
			return false;
	}
	known = &b->generic_keys.at[text_id];
	*out_key = *known > 1 ? *known - 2 : 0;
	if (*known)
		return true;
	tu_buf_clear(&b->key);
	status = tu_version_key(TU_SCHEME_GENERIC, text, &b->key, NULL);
	if (status == TU_E_NOMEM || (!status && !intern(b, tu_buf_str(&b->key), out_key)))
		return false;
	*known = status ? 1 : *out_key + 2;
	return true;
}

/* What a CPE name's version and update are in plain text: "1.0.2-beta1". Borrows from the name
 * where it can. */
static bool own_version(struct tu_kb_builder *b, const struct tu_cpe *cpe, struct tu_str *out_text)
{
	struct tu_str version = cpe->attr[TU_CPE_VERSION];
	struct tu_str update = cpe->attr[TU_CPE_UPDATE];
	bool plain = tu_str_eq(update, TU_STR("*")) || tu_str_eq(update, TU_STR("-"));

	*out_text = version;
	if (plain && tu_str_find(version, '\\') == version.len)
		return true;
	tu_buf_clear(&b->text);
	tu_cpe_attr_plain(version, &b->text);
	if (!plain) {
		tu_buf_byte(&b->text, '-');
		tu_cpe_attr_plain(update, &b->text);
	}
	*out_text = tu_buf_str(&b->text);
	return !b->text.failed;
}

/* The one version that a CPE name itself states. */
static bool add_own_version(
	struct tu_kb_builder *b, const struct tu_affected_product *product, struct kb_entry *row)
{
	struct kb_span span = {
		.coverage = TU_COVERAGE_AFFECTED, .flags = KB_LO_INCLUSIVE | KB_HI_INCLUSIVE};
	struct tu_interval interval;
	struct tu_str text;

	row->otherwise = TU_COVERAGE_UNAFFECTED;
	if (!own_version(b, &product->cpe, &text))
		return false;
	if (product->versions.scheme != TU_SCHEME_GENERIC)
		return !tu_interval_make(b->scratch, product->versions.scheme, text, true, text,
			       true, &interval) &&
			add_span(b, &(struct tu_span){TU_COVERAGE_AFFECTED, interval});
	if (!intern(b, text, &span.lo_text) || !generic_key(b, span.lo_text, text, &span.lo_key))
		return false;
	span.hi_text = span.lo_text;
	span.hi_key = span.lo_key;
	return push_span(b, &span);
}

static bool add_product_versions(struct tu_kb_builder *b, const struct tu_affected_product *product,
	enum tu_source source, struct kb_entry *row)
{
	struct tu_str version = product->cpe.attr[TU_CPE_VERSION];

	if (!add_versions(b, &product->versions, row))
		return false;
	if (product->versions.count)
		return true;
	if (tu_str_eq(version, TU_STR("*"))) {
		/* NVD: a name without version and without bounds is every version. */
		if (source == TU_SOURCE_NVD)
			row->otherwise = TU_COVERAGE_AFFECTED;
		return true;
	}
	if (tu_str_eq(version, TU_STR("-"))) {
		row->otherwise = TU_COVERAGE_UNKNOWN;
		return true;
	}
	return add_own_version(b, product, row);
}

/* NVD enumerates versions, one name each: names that differ in nothing else are one entry, whose
 * ranges already stand behind each other. */
static bool continues_last(const struct tu_kb_builder *b, const struct b_entry *entry)
{
	const struct b_entry *last = b->entries.count ? &b->entries.at[b->entries.count - 1] : NULL;
	struct kb_entry row = entry->row;

	if (!last || last->package || last->owner != entry->owner ||
		entry->row.first_span == b->span_refs.count ||
		last->row.first_span == entry->row.first_span)
		return false;
	row.first_span = last->row.first_span;
	return memcmp(&row, &last->row, sizeof(row)) == 0;
}

/* Feeds name one product many times in a row, once for each version. */
static bool is_last_product(
	const struct tu_kb_builder *b, struct tu_str vendor, struct tu_str product)
{
	const struct b_owner *last;

	if (b->last_product == 0)
		return false;
	last = &b->product_owners.at[b->last_product - 1];
	return tu_str_eq(b_str(b, last->parts[1]), product) &&
		tu_str_eq(b_str(b, last->parts[0]), vendor);
}

static bool find_product(
	struct tu_kb_builder *b, struct tu_str vendor, struct tu_str product, uint32_t *out_owner)
{
	const struct tu_str parts[] = {product, vendor};
	bool is_new;

	*out_owner = b->last_product - 1;
	if (is_last_product(b, vendor, product))
		return true;
	if (!find_owner(b, b->product_keys, parts, 2, out_owner, &is_new))
		return false;
	if (is_new) {
		struct b_owner owner = {0};

		if (!intern(b, vendor, &owner.parts[0]) || !intern(b, product, &owner.parts[1]) ||
			!TU_VEC_PUSH(&b->product_owners, owner))
			return false;
	}
	b->last_product = *out_owner + 1;
	return true;
}

static bool add_product(struct tu_kb_builder *b, const struct tu_affected_product *product,
	enum tu_source source, uint32_t advisory)
{
	struct tu_str part = product->cpe.attr[TU_CPE_PART];
	struct b_entry entry = {.row = {.advisory = advisory,
					.configuration = product->configuration,
					.node = (uint16_t)product->node,
					.part = part.len ? part.ptr[0] : '*'}};

	entry.row.flags = (uint8_t)((product->vulnerable ? KB_VULNERABLE : 0) |
		(product->from_text ? KB_FROM_TEXT : 0) | (product->negate ? KB_NEGATE : 0));
	return find_product(b, product->cpe.attr[TU_CPE_VENDOR], product->cpe.attr[TU_CPE_PRODUCT],
		       &entry.owner) &&
		add_product_versions(b, product, source, &entry.row) &&
		intern_cpe(b, product, &entry.row, &entry.row.detail) &&
		(continues_last(b, &entry) || TU_VEC_PUSH(&b->entries, entry));
}

static bool add_entries(struct tu_kb_builder *b, const struct tu_advisory *a, uint32_t advisory)
{
	for (size_t i = 0; i < a->package_count; i++) {
		if (!add_package(b, &a->packages[i], advisory))
			return false;
	}
	for (size_t i = 0; i < a->product_count; i++) {
		/* Neither vendor nor product: it would match everything (DESIGN, 7). */
		if (tu_str_eq(a->products[i].cpe.attr[TU_CPE_PRODUCT], TU_STR("*")))
			continue;
		if (!add_product(b, &a->products[i], a->source, advisory))
			return false;
	}
	return true;
}

static bool set_row(struct tu_kb_builder *b, const struct tu_advisory *a, struct kb_advisory *row)
{
	*row = (struct kb_advisory){.source = (uint8_t)a->source,
		.state = (uint8_t)a->state,
		.flags = (uint16_t)((a->has_kev ? KB_HAS_KEV : 0) |
			(a->has_kev && a->kev.ransomware ? KB_RANSOMWARE : 0)),
		.published = seconds(a->published),
		.modified = seconds(a->modified),
		.withdrawn = seconds(a->withdrawn),
		.first_alias = (uint32_t)b->aliases.count,
		.first_related = (uint32_t)b->related.count,
		.first_cwe = (uint32_t)b->cwes.count,
		.first_score = (uint32_t)b->scores.count,
		.first_reference = (uint32_t)b->references.count};
	return intern(b, a->id, &row->id) && intern(b, a->database, &row->database) &&
		intern(b, cut_title(a->title), &row->title) &&
		intern(b, a->ssvc.exploitation, &row->ssvc_exploitation) &&
		intern(b, a->ssvc.automatable, &row->ssvc_automatable) &&
		intern(b, a->ssvc.technical_impact, &row->ssvc_technical_impact) &&
		intern(b, a->kev.date_added, &row->kev.date_added) &&
		intern(b, a->kev.due_date, &row->kev.due_date);
}

/* Of two states of one record the newer stays; of two that are equally new, the later given. */
static void supersede(struct tu_kb_builder *b, uint32_t older, uint32_t newer)
{
	if (b->advisories.at[older].row.modified > b->advisories.at[newer].row.modified)
		b->advisories.at[newer].superseded = true;
	else
		b->advisories.at[older].superseded = true;
	b->counts.superseded++;
}

static bool link_same_id(struct tu_kb_builder *b, uint32_t advisory)
{
	struct b_advisory *added = &b->advisories.at[advisory];

	while (b->by_id.count <= added->row.id) {
		if (!TU_VEC_PUSH(&b->by_id, 0))
			return false;
	}
	for (uint32_t next = b->by_id.at[added->row.id]; next && !added->superseded;) {
		const struct b_advisory *other = &b->advisories.at[next - 1];

		if (!other->superseded && other->row.source == added->row.source &&
			other->row.database == added->row.database)
			supersede(b, next - 1, advisory);
		next = other->next_same_id;
	}
	added->next_same_id = b->by_id.at[added->row.id];
	b->by_id.at[added->row.id] = advisory + 1;
	return true;
}

static bool add_epss(struct tu_kb_builder *b, const struct tu_advisory *a)
{
	struct b_epss row = {.date = seconds(a->published),
		.score = a->epss_score,
		.percentile = a->epss_percentile};

	return intern(b, a->id, &row.id) && TU_VEC_PUSH(&b->epss, row);
}

enum tu_status tu_kb_builder_add(
	struct tu_kb_builder *builder, const struct tu_advisory *advisory, struct tu_error *err)
{
	struct b_advisory added = {.first_entry = (uint32_t)builder->entries.count};
	uint32_t index = (uint32_t)builder->advisories.count;

	if (advisory->id.len == 0)
		return tu_fail(err, TU_E_USAGE, 0, "an advisory without id");
	if (advisory->source == TU_SOURCE_EPSS)
		return add_epss(builder, advisory) ? TU_OK : no_memory(err);
	if (builder->span_refs.count > UINT32_MAX / 2 || builder->entries.count > UINT32_MAX / 2)
		return tu_fail(err, TU_E_LIMIT, 0, "more ranges than a knowledge base can hold");
	tu_arena_reset(builder->scratch);
	builder->last_lo = builder->last_hi = (struct b_bound){0};
	if (!set_row(builder, advisory, &added.row) || !TU_VEC_PUSH(&builder->advisories, added) ||
		!add_lists(builder, advisory) || !add_entries(builder, advisory, index) ||
		!link_same_id(builder, index))
		return no_memory(err);
	return TU_OK;
}

enum tu_status tu_kb_builder_alias(struct tu_kb_builder *builder, struct tu_str name,
	struct tu_str vendor, struct tu_str product, enum tu_scheme scheme, struct tu_error *err)
{
	struct kb_name row = {.scheme = (uint32_t)scheme};

	if (name.len == 0 || vendor.len == 0 || product.len == 0)
		return tu_fail(err, TU_E_USAGE, 0, "an alias needs a name, a vendor and a product");
	if (!intern(builder, name, &row.name) || !intern(builder, vendor, &row.vendor) ||
		!intern(builder, product, &row.product) || !TU_VEC_PUSH(&builder->names, row))
		return no_memory(err);
	return TU_OK;
}

/* ---- sorting ---- */

static int compare_ties(const struct b_sortable *a, const struct b_sortable *b)
{
	if (a->tie != b->tie)
		return a->tie < b->tie ? -1 : 1;
	return (a->index > b->index) - (a->index < b->index);
}

static int by_bytes(const void *left, const void *right)
{
	const struct b_sortable *a = left;
	const struct b_sortable *b = right;
	int order = tu_str_cmp(a->key, b->key);

	return order ? order : compare_ties(a, b);
}

static int by_id(const void *left, const void *right)
{
	const struct b_sortable *a = left;
	const struct b_sortable *b = right;
	int order = kb_id_cmp(a->key, b->key);

	return order ? order : by_bytes(left, right);
}

void b_sort(struct b_sortable *items, size_t count)
{
	if (count)
		qsort(items, count, sizeof(*items), by_bytes);
}

void b_sort_ids(struct b_sortable *items, size_t count)
{
	if (count)
		qsort(items, count, sizeof(*items), by_id);
}
