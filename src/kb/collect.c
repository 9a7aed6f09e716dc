#include "kb/builder.h"

#include "base/alloc.h"
#include "base/hash.h"
#include "ident/package.h"

enum { TITLE_MAX = 160 };

/* ---- pieces of one advisory: each false when out of memory ---- */

bool tu_kb__intern(struct tu_kb_builder *b, enum b_kind kind, struct tu_str s, uint32_t *out_id)
{
	*out_id = 0;
	if (s.len == 0)
		return true;
	if (!tu_intern_add(b->strings[kind], s, out_id) || *out_id > B_INDEX)
		return false;
	*out_id |= (uint32_t)kind << B_KIND_SHIFT;
	return true;
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

#define ADD_STRINGS(b, kind, list, texts, number) \
	do { \
		for (size_t i = 0; i < (number); i++) { \
			uint32_t id_; \
			if (!tu_kb__intern((b), (kind), (texts)[i], &id_) || \
				!TU_VEC_PUSH(&(b)->list, id_)) \
				return false; \
		} \
	} while (0)

static bool add_lists(struct tu_kb_builder *b, const struct tu_advisory *a)
{
	ADD_STRINGS(b, B_ID, aliases, a->aliases, a->alias_count);
	ADD_STRINGS(b, B_ID, related, a->related, a->related_count);
	ADD_STRINGS(b, B_WORD, cwes, a->cwes, a->cwe_count);
	for (size_t i = 0; i < a->score_count; i++) {
		const struct tu_score *score = &a->scores[i];
		struct kb_score row = {
			.version = (uint8_t)score->version, .base_tenths = score->base_tenths};

		if (!tu_kb__intern(b, B_WORD, score->vector, &row.vector) ||
			!tu_kb__intern(b, B_WORD, score->severity, &row.severity) ||
			!tu_kb__intern(b, B_WORD, score->scorer, &row.scorer) ||
			!TU_VEC_PUSH(&b->scores, row))
			return false;
	}
	for (size_t i = 0; i < a->reference_count; i++) {
		struct kb_reference row;

		if (!tu_kb__intern(b, B_URL, a->references[i].url, &row.url) ||
			!tu_kb__intern(b, B_WORD, a->references[i].tags, &row.tags) ||
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
	return tu_kb__intern(b, B_VERSION, bound->text, &last->text_id) &&
		tu_kb__intern(b, B_VERSION, bound->key, &last->key_id);
}

static bool add_span(struct tu_kb_builder *b, const struct tu_span *span)
{
	const struct tu_interval *in = &span->interval;
	struct kb_span row = {.coverage = (uint8_t)span->coverage,
		.flags = (uint8_t)((in->lo.inclusive ? KB_LO_INCLUSIVE : 0) |
			(in->hi.inclusive ? KB_HI_INCLUSIVE : 0))};
	uint32_t index;

	if (!intern_bound(b, &in->lo, &b->last_lo) || !intern_bound(b, &in->hi, &b->last_hi))
		return false;
	row.lo_text = b->last_lo.text_id;
	row.lo_key = b->last_lo.key_id;
	row.hi_text = b->last_hi.text_id;
	row.hi_key = b->last_hi.key_id;
	return tu_kb__find_span(b, &row, &index) && TU_VEC_PUSH(&b->next.spans, index);
}

static bool add_versions(struct tu_kb_builder *b, const struct tu_versions *versions)
{
	struct kb_body *body = &b->next.body;

	body->scheme = (uint8_t)versions->scheme;
	body->otherwise = (uint8_t)versions->otherwise;
	for (size_t i = 0; i < versions->count; i++) {
		if (!add_span(b, &versions->spans[i]))
			return false;
	}
	return tu_kb__intern(b, B_VERSION, versions->fixed, &body->fixed);
}

/* ---- entries: the next one is put together while the one before may still grow ---- */

static void begin_entry(struct tu_kb_builder *b)
{
	b->next.entry = (struct b_entry){.configuration = KB_NONE};
	b->next.body = (struct kb_body){.part = '*'};
	b->next.spans.count = 0;
	b->next.open = true;
}

static bool close_draft(struct tu_kb_builder *b)
{
	struct b_draft *draft = &b->draft;

	if (!draft->open)
		return true;
	draft->open = false;
	return tu_kb__add_body(b, draft, &draft->entry.body) &&
		TU_VEC_PUSH(&b->entries, draft->entry);
}

/* NVD enumerates versions, one name each: names that differ in nothing else are one entry, whose
 * ranges follow each other. */
static bool continues_draft(const struct tu_kb_builder *b)
{
	const struct b_draft *draft = &b->draft;
	const struct b_draft *next = &b->next;

	return draft->open && !draft->entry.package && !next->entry.package &&
		draft->entry.owner == next->entry.owner &&
		draft->entry.configuration == next->entry.configuration && draft->spans.count &&
		next->spans.count && memcmp(&draft->body, &next->body, sizeof(next->body)) == 0;
}

static bool end_entry(struct tu_kb_builder *b)
{
	struct b_draft swap;

	if (continues_draft(b)) {
		for (size_t i = 0; i < b->next.spans.count; i++) {
			if (!TU_VEC_PUSH(&b->draft.spans, b->next.spans.at[i]))
				return false;
		}
		return true;
	}
	if (!close_draft(b))
		return false;
	swap = b->draft;
	b->draft = b->next;
	b->next = swap;
	return true;
}

/* Into b->text, with NUL between them. */
static void join_parts(struct tu_kb_builder *b, const struct tu_str *parts, size_t count)
{
	tu_buf_clear(&b->text);
	for (size_t i = 0; i < count; i++) {
		if (i)
			tu_buf_byte(&b->text, '\0');
		tu_buf_str_add(&b->text, parts[i]);
	}
}

/* The owner with these parts, new or known. The parts joined by NUL are its key. */
static bool find_owner(struct tu_kb_builder *b, struct tu_intern *keys, const struct tu_str *parts,
	size_t count, uint32_t *out_owner, bool *out_new)
{
	uint32_t before = tu_intern_count(keys);

	join_parts(b, parts, count);
	if (b->text.failed || !tu_intern_add(keys, tu_buf_str(&b->text), out_owner))
		return false;
	*out_new = tu_intern_count(keys) > before;
	return true;
}

/* Records that spell one package in several ways: the smallest spelling is kept, which has the most
 * capitals, whatever the order of the records. */
static bool settle_spelling(
	struct tu_kb_builder *b, struct b_owner *owner, const struct tu_str parts[3])
{
	int order = 0;

	for (size_t i = 1; order == 0 && i < 3; i++)
		order = tu_str_cmp(parts[i], b_str(b, owner->parts[i]));
	for (size_t i = 1; order < 0 && i < 3; i++) {
		if (!tu_kb__intern(b, B_NAME, parts[i], &owner->parts[i]))
			return false;
	}
	return true;
}

static bool find_package(
	struct tu_kb_builder *b, const struct tu_affected_package *package, uint32_t *out_owner)
{
	struct tu_str parts[] = {package->type, package->namespace_, package->name};
	struct b_owner owner;
	uint32_t before = tu_intern_count(b->package_keys);

	if (tu_str_eq(parts[0], TU_STR("golang")) &&
		tu_package_go_own(parts[1], parts[2], &parts[2], NULL))
		parts[1] = (struct tu_str){"", 0};
	join_parts(b, parts, 3);
	if (!b->text.failed && tu_package_folds(parts[0]))
		tu_package_fold(parts[0], b->text.ptr, b->text.ptr, b->text.len);
	if (b->text.failed || !tu_intern_add(b->package_keys, tu_buf_str(&b->text), out_owner))
		return false;
	if (*out_owner < before)
		return settle_spelling(b, &b->package_owners.at[*out_owner], parts);
	for (size_t i = 0; i < 3; i++) {
		if (!tu_kb__intern(b, B_NAME, parts[i], &owner.parts[i]))
			return false;
	}
	return TU_VEC_PUSH(&b->package_owners, owner);
}

/* Also where the distribution has no releases, as Wolfi. */
static bool is_of_distro(struct tu_str type)
{
	return tu_str_eq(type, TU_STR("deb")) || tu_str_eq(type, TU_STR("rpm")) ||
		tu_str_eq(type, TU_STR("apk")) || tu_str_eq(type, TU_STR("alpm"));
}

static bool add_package(
	struct tu_kb_builder *b, const struct tu_affected_package *package, uint32_t advisory)
{
	begin_entry(b);
	b->next.entry.package = true;
	b->next.body.flags = KB_VULNERABLE;
	if (package->distro.len || is_of_distro(package->type))
		b->advisories.at[advisory].of_distro = true;
	return find_package(b, package, &b->next.entry.owner) &&
		add_versions(b, &package->versions) &&
		tu_kb__intern(b, B_WORD, package->distro, &b->next.body.detail) &&
		tu_kb__intern(b, B_WORD, package->module, &b->next.body.module) && end_entry(b);
}

/* The name where it states something besides part, vendor, product and what the entry's version
 * ranges say: then with its version left open. */
static bool intern_cpe(
	struct tu_kb_builder *b, const struct tu_affected_product *product, uint32_t *out_id)
{
	struct tu_cpe cpe = product->cpe;
	bool has_ranges = b->next.spans.count > 0;
	bool more = false;

	*out_id = 0;
	if (has_ranges)
		cpe.attr[TU_CPE_VERSION] = TU_STR("*");
	for (size_t i = TU_CPE_UPDATE; i < TU_CPE_ATTRS; i++)
		more |= !tu_str_eq(cpe.attr[i], TU_STR("*"));
	if (!more)
		return true;
	tu_buf_clear(&b->text);
	tu_cpe_write(&cpe, &b->text);
	return !b->text.failed && tu_kb__intern(b, B_NAME, tu_buf_str(&b->text), out_id);
}

static bool make_single_span(
	struct tu_kb_builder *b, uint32_t text_id, struct tu_str text, uint32_t *out_index)
{
	struct kb_span span = {.lo_text = text_id,
		.hi_text = text_id,
		.coverage = TU_COVERAGE_AFFECTED,
		.flags = KB_LO_INCLUSIVE | KB_HI_INCLUSIVE};
	enum tu_status status;

	tu_buf_clear(&b->key);
	status = tu_version_key(TU_SCHEME_GENERIC, text, &b->key, NULL);
	if (status == TU_E_NOMEM ||
		(!status && !tu_kb__intern(b, B_VERSION, tu_buf_str(&b->key), &span.lo_key)))
		return false;
	span.hi_key = span.lo_key;
	return tu_kb__find_span(b, &span, out_index);
}

/* The range that is one generic version: feeds repeat few versions many times. */
static bool add_single_span(struct tu_kb_builder *b, struct tu_str text)
{
	uint32_t text_id, at, index;

	if (!tu_kb__intern(b, B_VERSION, text, &text_id))
		return false;
	at = text_id & B_INDEX;
	while (b->single_spans.count <= at) {
		if (!TU_VEC_PUSH(&b->single_spans, 0))
			return false;
	}
	index = b->single_spans.at[at] - 1;
	if (b->single_spans.at[at] == 0 && !make_single_span(b, text_id, text, &index))
		return false;
	b->single_spans.at[at] = index + 1;
	return TU_VEC_PUSH(&b->next.spans, index);
}

/* A CPE name's version in plain text. Borrows from the name where it can. */
static bool own_version(struct tu_kb_builder *b, const struct tu_cpe *cpe, struct tu_str *out_text)
{
	*out_text = cpe->attr[TU_CPE_VERSION];
	if (tu_str_find(*out_text, '\\') == out_text->len)
		return true;
	tu_buf_clear(&b->text);
	tu_cpe_attr_plain(cpe->attr[TU_CPE_VERSION], &b->text);
	*out_text = tu_buf_str(&b->text);
	return !b->text.failed;
}

/* The one version that a CPE name itself states. */
static bool add_own_version(struct tu_kb_builder *b, const struct tu_affected_product *product)
{
	struct tu_interval interval;
	struct tu_str text;

	b->next.body.otherwise = TU_COVERAGE_UNAFFECTED;
	if (!own_version(b, &product->cpe, &text))
		return false;
	if (product->versions.scheme != TU_SCHEME_GENERIC)
		return !tu_interval_make(b->scratch, product->versions.scheme, text, true, text,
			       true, &interval) &&
			add_span(b, &(struct tu_span){TU_COVERAGE_AFFECTED, interval});
	return add_single_span(b, text);
}

static bool add_product_versions(
	struct tu_kb_builder *b, const struct tu_affected_product *product, enum tu_source source)
{
	struct tu_str version = product->cpe.attr[TU_CPE_VERSION];

	if (!add_versions(b, &product->versions))
		return false;
	if (product->versions.count)
		return true;
	if (tu_str_eq(version, TU_STR("*"))) {
		/* NVD: a name without version and without bounds is every version. */
		if (source == TU_SOURCE_NVD)
			b->next.body.otherwise = TU_COVERAGE_AFFECTED;
		return true;
	}
	if (tu_str_eq(version, TU_STR("-"))) {
		b->next.body.otherwise = TU_COVERAGE_UNKNOWN;
		return true;
	}
	return add_own_version(b, product);
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

		if (!tu_kb__intern(b, B_NAME, vendor, &owner.parts[0]) ||
			!tu_kb__intern(b, B_NAME, product, &owner.parts[1]) ||
			!TU_VEC_PUSH(&b->product_owners, owner))
			return false;
	}
	b->last_product = *out_owner + 1;
	return true;
}

static bool add_product(
	struct tu_kb_builder *b, const struct tu_affected_product *product, enum tu_source source)
{
	const struct tu_str *attr = product->cpe.attr;
	struct b_draft *next = &b->next;

	begin_entry(b);
	next->entry.configuration = product->configuration;
	next->body.node = (uint16_t)product->node;
	next->body.flags = (uint8_t)((product->vulnerable ? KB_VULNERABLE : 0) |
		(product->from_text ? KB_FROM_TEXT : 0) | (product->negate ? KB_NEGATE : 0));
	if (attr[TU_CPE_PART].len)
		next->body.part = attr[TU_CPE_PART].ptr[0];
	return find_product(b, attr[TU_CPE_VENDOR], attr[TU_CPE_PRODUCT], &next->entry.owner) &&
		add_product_versions(b, product, source) &&
		tu_kb__intern(b, B_WORD, product->files, &next->body.module) &&
		intern_cpe(b, product, &next->body.detail) && end_entry(b);
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
		if (!add_product(b, &a->products[i], a->source))
			return false;
	}
	return close_draft(b);
}

/* What few advisories state. */
static bool set_extra(struct tu_kb_builder *b, const struct tu_advisory *a, uint32_t *out_extra)
{
	struct kb_extra row = {.withdrawn = seconds(a->withdrawn)};

	return tu_kb__intern(b, B_WORD, a->ssvc.exploitation, &row.ssvc_exploitation) &&
		tu_kb__intern(b, B_WORD, a->ssvc.automatable, &row.ssvc_automatable) &&
		tu_kb__intern(b, B_WORD, a->ssvc.technical_impact, &row.ssvc_technical_impact) &&
		tu_kb__intern(b, B_WORD, a->kev.date_added, &row.kev.date_added) &&
		tu_kb__intern(b, B_WORD, a->kev.due_date, &row.kev.due_date) &&
		tu_kb__add_extra(b, &row, out_extra);
}

static bool set_row(struct tu_kb_builder *b, const struct tu_advisory *a, struct kb_advisory *row)
{
	*row = (struct kb_advisory){.source = (uint8_t)a->source,
		.state = (uint8_t)a->state,
		.flags = (uint16_t)((a->has_kev ? KB_HAS_KEV : 0) |
			(a->has_kev && a->kev.ransomware ? KB_RANSOMWARE : 0)),
		.published = seconds(a->published),
		.modified = seconds(a->modified),
		.first_alias = (uint32_t)b->aliases.count,
		.first_related = (uint32_t)b->related.count,
		.first_cwe = (uint32_t)b->cwes.count,
		.first_score = (uint32_t)b->scores.count,
		.first_reference = (uint32_t)b->references.count};
	return tu_kb__intern(b, B_ID, a->id, &row->id) &&
		tu_kb__intern(b, B_WORD, a->database, &row->database) &&
		tu_kb__intern(b, B_TITLE, cut_title(a->title), &row->title) &&
		set_extra(b, a, &row->extra);
}

/* An entry of a catalogue is as new as the catalogue; its own date says when it was added. */
static bool is_newer(const struct b_advisory *a, const struct b_advisory *b)
{
	return a->released != b->released ? a->released > b->released
					  : a->row.modified > b->row.modified;
}

/* Of two states of one record the newer stays; of two that are equally new, the later given. */
static void supersede(struct tu_kb_builder *b, uint32_t older, uint32_t newer)
{
	if (is_newer(&b->advisories.at[older], &b->advisories.at[newer]))
		b->advisories.at[newer].superseded = true;
	else
		b->advisories.at[older].superseded = true;
	b->counts.superseded++;
}

/* The slot of an advisory's record, which is its id in one database of one source, or the free one
 * where it belongs. */
static uint32_t *record_slot(struct tu_kb_builder *b, const struct kb_advisory *row)
{
	uint64_t key = (uint64_t)row->id << 32 | row->database;
	size_t at = (size_t)tu_hash_mix(key ^ row->source, 0xd1342543de82ef95u) & b->records.mask;

	for (; b->records.slots[at]; at = (at + 1) & b->records.mask) {
		const struct kb_advisory *other = &b->advisories.at[b->records.slots[at] - 1].row;

		if (other->id == row->id && other->source == row->source &&
			other->database == row->database)
			break;
	}
	return &b->records.slots[at];
}

static bool grow_records(struct tu_kb_builder *b)
{
	uint32_t *old = b->records.slots;
	size_t count = old ? b->records.mask + 1 : 0;
	size_t grown = count ? 2 * count : 1024;

	b->records.slots = tu_alloc(grown, sizeof(*b->records.slots));
	if (!b->records.slots) {
		b->records.slots = old;
		return false;
	}
	b->records.mask = grown - 1;
	for (size_t i = 0; i < count; i++) {
		if (old[i])
			*record_slot(b, &b->advisories.at[old[i] - 1].row) = old[i];
	}
	tu_free(old);
	return true;
}

/* Of the states of one record one stays. */
static bool link_same_record(struct tu_kb_builder *b, uint32_t advisory)
{
	const struct b_advisory *added = &b->advisories.at[advisory];
	uint32_t *slot;

	if ((!b->records.slots || b->records.count > b->records.mask / 2) && !grow_records(b))
		return false;
	slot = record_slot(b, &added->row);
	if (*slot)
		supersede(b, *slot - 1, advisory);
	else
		b->records.count++;
	if (!added->superseded)
		*slot = advisory + 1;
	return true;
}

bool tu_kb__find_record(struct tu_kb_builder *b, enum tu_source source,
	const struct tu_kb_advisory *record, uint32_t *out_database, bool *out_there)
{
	struct kb_advisory row = {.source = (uint8_t)source};

	if (!tu_kb__intern(b, B_ID, record->id, &row.id) ||
		!tu_kb__intern(b, B_WORD, record->database, &row.database))
		return false;
	*out_database = row.database;
	*out_there = b->records.slots && *record_slot(b, &row);
	return true;
}

static bool add_epss(struct tu_kb_builder *b, const struct tu_advisory *a)
{
	struct b_epss row = {.date = seconds(a->published),
		.score = a->epss_score,
		.percentile = a->epss_percentile};

	return tu_kb__intern(b, B_ID, a->id, &row.id) && TU_VEC_PUSH(&b->epss, row);
}

enum tu_status tu_kb_builder_add(
	struct tu_kb_builder *builder, const struct tu_advisory *advisory, struct tu_error *err)
{
	struct b_advisory added = {.first_entry = (uint32_t)builder->entries.count,
		.released = seconds(advisory->released)};
	uint32_t index = (uint32_t)builder->advisories.count;

	if (advisory->id.len == 0)
		return tu_fail(err, TU_E_USAGE, 0, "an advisory without id");
	if (advisory->source == TU_SOURCE_EPSS)
		return add_epss(builder, advisory) ? TU_OK : tu_no_memory(err);
	if (builder->span_refs.count > UINT32_MAX / 2 || builder->entries.count > UINT32_MAX / 2)
		return tu_fail(err, TU_E_LIMIT, 0, "more ranges than a knowledge base can hold");
	tu_arena_reset(builder->scratch);
	builder->draft.open = false;
	builder->last_lo = builder->last_hi = (struct b_bound){0};
	if (!set_row(builder, advisory, &added.row) || !TU_VEC_PUSH(&builder->advisories, added) ||
		!add_lists(builder, advisory) || !add_entries(builder, advisory, index) ||
		!link_same_record(builder, index))
		return tu_no_memory(err);
	return TU_OK;
}

enum tu_status tu_kb_builder_alias(struct tu_kb_builder *builder, struct tu_str name,
	struct tu_str vendor, struct tu_str product, enum tu_scheme scheme, struct tu_error *err)
{
	struct kb_name row = {.scheme = (uint32_t)scheme};

	if (name.len == 0 || vendor.len == 0 || product.len == 0)
		return tu_fail(err, TU_E_USAGE, 0, "an alias needs a name, a vendor and a product");
	if (!tu_kb__intern(builder, B_NAME, name, &row.name) ||
		!tu_kb__intern(builder, B_NAME, vendor, &row.vendor) ||
		!tu_kb__intern(builder, B_NAME, product, &row.product) ||
		!TU_VEC_PUSH(&builder->names, row))
		return tu_no_memory(err);
	return TU_OK;
}
