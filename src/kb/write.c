#include "kb/builder.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/sha256.h"

/*
 * Sections are written one after the other into one buffer; strings are gathered in the order in
 * which rows first name them and come last, so that the same facts give the same bytes.
 */
struct writer {
	struct tu_kb_builder *b;
	struct b_merged m;
	struct tu_arena *arena;
	struct tu_buf *out;
	struct tu_buf strings;
	uint32_t *offsets; /* string id -> offset, 0: not yet written (or the empty string) */
	struct kb_header header;
	uint32_t *package_order; /* rank -> owner */
	uint32_t *product_order;
	bool failed;
};

static void begin(struct writer *w, enum kb_section section, uint32_t row_bytes)
{
	static const char zeros[KB_ALIGN];

	tu_buf_add(w->out, zeros, (KB_ALIGN - w->out->len % KB_ALIGN) % KB_ALIGN);
	w->header.section[section] =
		(struct kb_section_entry){.offset = w->out->len, .row_bytes = row_bytes};
}

static void end(struct writer *w, enum kb_section section)
{
	struct kb_section_entry *entry = &w->header.section[section];

	entry->bytes = w->out->len - entry->offset;
	entry->rows = (uint32_t)(entry->bytes / entry->row_bytes);
}

static uint32_t put_string(struct writer *w, uint32_t id)
{
	struct tu_str s;
	size_t len;

	if (id == 0)
		return 0;
	if (w->offsets[id])
		return w->offsets[id];
	s = b_str(w->b, id);
	w->offsets[id] = (uint32_t)w->strings.len;
	for (len = s.len; len >= 0x80; len >>= 7)
		tu_buf_byte(&w->strings, (char)(0x80 | (len & 0x7f)));
	tu_buf_byte(&w->strings, (char)len);
	tu_buf_str_add(&w->strings, s);
	return w->offsets[id];
}

static void put_u32(struct writer *w, uint32_t value)
{
	tu_buf_add(w->out, &value, sizeof(value));
}

/* ---- vulnerabilities ---- */

/* Whose title names a vulnerability, the best first. */
static const uint8_t title_preference[] = {
	TU_SOURCE_CVE, TU_SOURCE_OSV, TU_SOURCE_NVD, TU_SOURCE_CVE_ADP, TU_SOURCE_KEV};

static size_t title_rank(const struct b_advisory *a)
{
	size_t rank = 0;

	while (rank < TU_COUNT(title_preference) && title_preference[rank] != a->row.source)
		rank++;
	return a->of_distro ? rank + TU_COUNT(title_preference) : rank;
}

static bool judges(const struct b_advisory *a)
{
	return a->row.source != TU_SOURCE_KEV && a->row.source != TU_SOURCE_CVE_ADP;
}

static bool is_dead(const struct b_advisory *a)
{
	return a->row.state == TU_ADVISORY_REJECTED || a->row.state == TU_ADVISORY_WITHDRAWN;
}

/* What the records of one vulnerability add up to. */
struct tally {
	struct kb_vulnerability row;
	size_t title_rank;
	size_t judging, dead;
	bool rejected_by_cve;
};

static void tally_record(struct tally *t, const struct b_advisory *a)
{
	if (a->row.title && title_rank(a) < t->title_rank) {
		t->title_rank = title_rank(a);
		t->row.title = a->row.title;
		t->row.title_source = a->row.source;
	}
	if (judges(a)) {
		t->judging++;
		t->dead += is_dead(a);
	}
	if (a->row.source == TU_SOURCE_CVE && a->row.state == TU_ADVISORY_REJECTED)
		t->rejected_by_cve = true;
	if (a->row.state == TU_ADVISORY_DISPUTED)
		t->row.flags |= KB_DISPUTED;
	if ((a->row.flags & KB_HAS_KEV) &&
		(!(t->row.flags & KB_HAS_KEV) || a->row.source == TU_SOURCE_KEV)) {
		t->row.flags |= a->row.flags;
		t->row.kev = a->row.kev;
	}
}

static uint16_t rejected_flag(const struct tally *t)
{
	return t->rejected_by_cve || (t->judging && t->judging == t->dead) ? KB_REJECTED : 0;
}

static void add_epss_to(struct writer *w, struct tally *tallies)
{
	for (size_t i = 0; i < w->b->epss.count; i++) {
		const struct b_epss *epss = &w->b->epss.at[i];
		uint32_t vulnerability = w->m.vulnerability_of[epss->id];
		struct kb_vulnerability *row;

		if (vulnerability == KB_NONE) {
			w->b->counts.epss_unused++;
			continue;
		}
		row = &tallies[vulnerability].row;
		/* A set has one CVE id, so at most one id with a score; the higher one stands. */
		if ((row->flags & KB_HAS_EPSS) && row->epss_score >= epss->score)
			continue;
		row->flags |= KB_HAS_EPSS;
		row->epss_score = epss->score;
		row->epss_percentile = epss->percentile;
	}
}

static uint32_t entries_end(const struct writer *w, uint32_t advisory)
{
	return advisory + 1 < w->b->advisories.count ? w->b->advisories.at[advisory + 1].first_entry
						     : (uint32_t)w->b->entries.count;
}

static uint32_t ecosystems_of(const struct writer *w, uint32_t advisory)
{
	uint32_t bits = 0;

	for (uint32_t i = w->b->advisories.at[advisory].first_entry; i < entries_end(w, advisory);
		i++) {
		const struct b_entry *entry = &w->b->entries.at[i];

		if (entry->package)
			bits |= kb_ecosystem_bit(
				b_str(w->b, w->b->package_owners.at[entry->owner].parts[0]));
	}
	return bits;
}

static bool write_vulnerabilities(struct writer *w)
{
	uint32_t count = w->m.vulnerabilities;
	struct tally *tallies = tu_arena_array(w->arena, count, sizeof(*tallies));
	uint32_t *next = tu_arena_array(w->arena, count + 1, sizeof(*next));
	uint32_t *records = tu_arena_array(w->arena, w->m.link_count, sizeof(*records));

	if (!tallies || !next || !records)
		return false;
	for (uint32_t i = 0; i < count; i++)
		tallies[i].title_rank = SIZE_MAX;
	for (uint32_t i = 0; i < w->m.link_count; i++) {
		const struct b_link *link = &w->m.links[i];

		tally_record(&tallies[link->vulnerability], &w->b->advisories.at[link->advisory]);
		tallies[link->vulnerability].row.ecosystems |= ecosystems_of(w, link->advisory);
		next[link->vulnerability + 1]++;
	}
	add_epss_to(w, tallies);
	for (uint32_t i = 0; i < count; i++)
		next[i + 1] += next[i];
	begin(w, KB_VULNERABILITIES, sizeof(struct kb_vulnerability));
	for (uint32_t i = 0; i < count; i++) {
		struct kb_vulnerability row = tallies[i].row;

		row.flags |= rejected_flag(&tallies[i]);
		w->b->counts.rejected += (row.flags & KB_REJECTED) != 0;
		row.id = put_string(w, w->m.primary[i]);
		row.title = put_string(w, row.title);
		row.kev.date_added = put_string(w, row.kev.date_added);
		row.kev.due_date = put_string(w, row.kev.due_date);
		row.first_record = next[i];
		tu_buf_add(w->out, &row, sizeof(row));
	}
	tu_buf_add(w->out, &(struct kb_vulnerability){.first_record = w->m.link_count},
		sizeof(struct kb_vulnerability));
	end(w, KB_VULNERABILITIES);
	for (uint32_t i = 0; i < w->m.link_count; i++)
		records[next[w->m.links[i].vulnerability]++] =
			w->m.position[w->m.links[i].advisory];
	begin(w, KB_RECORDS, sizeof(uint32_t));
	tu_buf_add(w->out, records, w->m.link_count * sizeof(*records));
	end(w, KB_RECORDS);
	return true;
}

/* ---- advisories and their lists ---- */

/* Rows of an advisory in one of the builder's lists. */
#define LIST_FIRST(w, i, field) ((w)->b->advisories.at[(w)->m.order[i]].row.field)
#define LIST_END(w, i, field, list) \
	((w)->m.order[i] + 1 < (w)->b->advisories.count \
			? (w)->b->advisories.at[(w)->m.order[i] + 1].row.field \
			: (uint32_t)(w)->b->list.count)
#define LIST_COUNT(w, i, field, list) (LIST_END(w, i, field, list) - LIST_FIRST(w, i, field))

static void write_advisory_rows(struct writer *w)
{
	struct kb_advisory at = {0};

	begin(w, KB_ADVISORIES, sizeof(struct kb_advisory));
	for (uint32_t i = 0; i < w->m.live; i++) {
		struct kb_advisory row = w->b->advisories.at[w->m.order[i]].row;

		row.id = put_string(w, row.id);
		row.database = put_string(w, row.database);
		row.title = put_string(w, row.title);
		row.ssvc_exploitation = put_string(w, row.ssvc_exploitation);
		row.ssvc_automatable = put_string(w, row.ssvc_automatable);
		row.ssvc_technical_impact = put_string(w, row.ssvc_technical_impact);
		row.kev.date_added = put_string(w, row.kev.date_added);
		row.kev.due_date = put_string(w, row.kev.due_date);
		row.first_alias = at.first_alias;
		row.first_related = at.first_related;
		row.first_cwe = at.first_cwe;
		row.first_score = at.first_score;
		row.first_reference = at.first_reference;
		tu_buf_add(w->out, &row, sizeof(row));
		at.first_alias += LIST_COUNT(w, i, first_alias, aliases);
		at.first_related += LIST_COUNT(w, i, first_related, related);
		at.first_cwe += LIST_COUNT(w, i, first_cwe, cwes);
		at.first_score += LIST_COUNT(w, i, first_score, scores);
		at.first_reference += LIST_COUNT(w, i, first_reference, references);
	}
	tu_buf_add(w->out, &at, sizeof(at));
	end(w, KB_ADVISORIES);
}

#define WRITE_STRINGS(w, section, field, list) \
	do { \
		begin((w), (section), sizeof(uint32_t)); \
		for (uint32_t i = 0; i < (w)->m.live; i++) { \
			for (uint32_t k = LIST_FIRST(w, i, field); \
				k < LIST_END(w, i, field, list); k++) \
				put_u32((w), put_string((w), (w)->b->list.at[k])); \
		} \
		end((w), (section)); \
	} while (0)

static void write_scores(struct writer *w)
{
	begin(w, KB_SCORES, sizeof(struct kb_score));
	for (uint32_t i = 0; i < w->m.live; i++) {
		for (uint32_t k = LIST_FIRST(w, i, first_score);
			k < LIST_END(w, i, first_score, scores); k++) {
			struct kb_score row = w->b->scores.at[k];

			row.vector = put_string(w, row.vector);
			row.severity = put_string(w, row.severity);
			row.scorer = put_string(w, row.scorer);
			tu_buf_add(w->out, &row, sizeof(row));
		}
	}
	end(w, KB_SCORES);
}

static void write_references(struct writer *w)
{
	begin(w, KB_REFERENCES, sizeof(struct kb_reference));
	for (uint32_t i = 0; i < w->m.live; i++) {
		for (uint32_t k = LIST_FIRST(w, i, first_reference);
			k < LIST_END(w, i, first_reference, references); k++) {
			struct kb_reference row = w->b->references.at[k];

			row.url = put_string(w, row.url);
			row.tags = put_string(w, row.tags);
			tu_buf_add(w->out, &row, sizeof(row));
		}
	}
	end(w, KB_REFERENCES);
}

static bool write_ids(struct writer *w)
{
	struct b_sortable *items = tu_arena_array(w->arena, w->m.string_count, sizeof(*items));
	uint32_t count = 0;

	if (!items)
		return false;
	for (uint32_t id = 1; id < w->m.string_count; id++) {
		if (w->m.vulnerability_of[id] != KB_NONE)
			items[count++] = (struct b_sortable){b_str(w->b, id), 0, id};
	}
	b_sort_ids(items, count);
	begin(w, KB_IDS, sizeof(struct kb_id));
	for (uint32_t i = 0; i < count; i++) {
		struct kb_id row = {
			put_string(w, items[i].index), w->m.vulnerability_of[items[i].index]};

		tu_buf_add(w->out, &row, sizeof(row));
	}
	end(w, KB_IDS);
	return true;
}

/* ---- packages, products, entries ---- */

/* rank -> owner, sorted by key. */
static uint32_t *sort_owners(struct writer *w, struct tu_intern *keys)
{
	uint32_t count = tu_intern_count(keys);
	struct b_sortable *items = tu_arena_array(w->arena, count, sizeof(*items));
	uint32_t *order = tu_arena_array(w->arena, count, sizeof(*order));

	if (!items || !order)
		return NULL;
	for (uint32_t i = 0; i < count; i++)
		items[i] = (struct b_sortable){tu_intern_str(keys, i), 0, i};
	b_sort(items, count);
	for (uint32_t i = 0; i < count; i++)
		order[i] = items[i].index;
	return order;
}

/* An entry of an advisory for one of the vulnerabilities that the advisory is linked to. */
struct placed {
	uint32_t entry;
	uint32_t vulnerability;
	uint32_t configuration;
};

struct placing {
	struct placed *at; /* in the order of the file */
	uint32_t *first; /* owner -> its first place; one more at the end */
	uint32_t count;
	TU_VEC(uint32_t) configurations; /* first leaf of each */
	TU_VEC(uint32_t) leaves; /* places in `at` */
};

/* Call `f` for each run of entries with the same configuration, per advisory and link. */
static bool each_run(struct writer *w,
	bool (*f)(struct writer *w, struct placing *p, uint32_t first, uint32_t end,
		const struct b_link *link),
	struct placing *p)
{
	for (uint32_t i = 0; i < w->m.link_count; i++) {
		const struct b_link *link = &w->m.links[i];
		uint32_t last = entries_end(w, link->advisory);
		uint32_t at = w->b->advisories.at[link->advisory].first_entry;

		while (at < last) {
			uint32_t run = at + 1;

			while (run < last &&
				w->b->entries.at[run].row.configuration ==
					w->b->entries.at[at].row.configuration)
				run++;
			if (!f(w, p, at, run, link))
				return false;
			at = run;
		}
	}
	return true;
}

static bool wanted(const struct b_entry *entry, bool packages)
{
	return entry->package == packages;
}

static bool count_run(struct writer *w, struct placing *p, uint32_t first, uint32_t end,
	const struct b_link *link)
{
	(void)link;
	for (uint32_t i = first; i < end; i++)
		p->first[w->b->entries.at[i].owner + 1]++;
	p->count += end - first;
	return true;
}

/* Does a run of entries have more than one node? Only then must it be judged as a whole. */
static bool has_nodes(const struct writer *w, uint32_t first, uint32_t end)
{
	for (uint32_t i = first + 1; i < end; i++) {
		if (w->b->entries.at[i].row.node != w->b->entries.at[first].row.node)
			return true;
	}
	return false;
}

static bool place_run(struct writer *w, struct placing *p, uint32_t first, uint32_t end,
	const struct b_link *link)
{
	uint32_t configuration = KB_NONE;

	if (!w->b->entries.at[first].package && has_nodes(w, first, end)) {
		configuration = (uint32_t)p->configurations.count;
		if (!TU_VEC_PUSH(&p->configurations, (uint32_t)p->leaves.count))
			return false;
	}
	for (uint32_t i = first; i < end; i++) {
		uint32_t place = p->first[w->b->entries.at[i].owner]++;

		p->at[place] = (struct placed){i, link->vulnerability, configuration};
		if (configuration != KB_NONE && !TU_VEC_PUSH(&p->leaves, place))
			return false;
	}
	return true;
}

/* The two passes see only packages or only products. */
static bool filter_packages(struct writer *w, struct placing *p, uint32_t first, uint32_t end,
	const struct b_link *link)
{
	return !wanted(&w->b->entries.at[first], true) ||
		(p->at ? place_run : count_run)(w, p, first, end, link);
}

static bool filter_products(struct writer *w, struct placing *p, uint32_t first, uint32_t end,
	const struct b_link *link)
{
	return !wanted(&w->b->entries.at[first], false) ||
		(p->at ? place_run : count_run)(w, p, first, end, link);
}

/* Counting sort of entries by the rank of their owner. On return p->first[owner] is where the
 * owner's entries begin. */
static bool place_entries(
	struct writer *w, bool packages, const uint32_t *order, uint32_t owners, struct placing *p)
{
	uint32_t at = 0;

	p->first = tu_arena_array(w->arena, owners + 1, sizeof(*p->first));
	if (!p->first || !each_run(w, packages ? filter_packages : filter_products, p))
		return false;
	p->at = tu_arena_array(w->arena, p->count, sizeof(*p->at));
	if (!p->at)
		return false;
	/* first[owner + 1] holds the owner's count: turn counts into places, in order of rank. */
	uint32_t *places = tu_arena_array(w->arena, owners + 1, sizeof(*places));

	if (!places)
		return false;
	for (uint32_t rank = 0; rank < owners; rank++) {
		places[order[rank]] = at;
		at += p->first[order[rank] + 1];
	}
	memcpy(p->first, places, (size_t)owners * sizeof(*places));
	if (!each_run(w, packages ? filter_packages : filter_products, p))
		return false;
	memcpy(p->first, places, (size_t)owners * sizeof(*places));
	return true;
}

static void write_package_rows(struct writer *w, const struct placing *p, uint32_t owners)
{
	begin(w, KB_PACKAGES, sizeof(struct kb_package));
	for (uint32_t rank = 0; rank < owners; rank++) {
		const struct b_owner *owner = &w->b->package_owners.at[w->package_order[rank]];
		struct kb_package row = {put_string(w, owner->parts[0]),
			put_string(w, owner->parts[1]), put_string(w, owner->parts[2]),
			p->first[w->package_order[rank]]};

		tu_buf_add(w->out, &row, sizeof(row));
	}
	tu_buf_add(
		w->out, &(struct kb_package){.first_entry = p->count}, sizeof(struct kb_package));
	end(w, KB_PACKAGES);
}

static void write_product_rows(struct writer *w, const struct placing *p, uint32_t owners)
{
	begin(w, KB_PRODUCTS, sizeof(struct kb_product));
	for (uint32_t rank = 0; rank < owners; rank++) {
		const struct b_owner *owner = &w->b->product_owners.at[w->product_order[rank]];
		struct kb_product row = {put_string(w, owner->parts[0]),
			put_string(w, owner->parts[1]), p->first[w->product_order[rank]]};

		tu_buf_add(w->out, &row, sizeof(row));
	}
	tu_buf_add(
		w->out, &(struct kb_product){.first_entry = p->count}, sizeof(struct kb_product));
	end(w, KB_PRODUCTS);
}

/* A hash table of `rows` keys; `parts` fills the parts of a row and says how many, 0: leave the
 * row out. At most half full, so that a probe for an absent key ends soon. */
static bool write_slots(struct writer *w, enum kb_section section, uint32_t rows,
	size_t (*parts)(const struct writer *w, uint32_t row, struct tu_str out_parts[3]))
{
	uint32_t size = 16;
	uint32_t *slots;

	while (size < rows * 2)
		size *= 2;
	slots = tu_arena_array(w->arena, size, sizeof(*slots));
	if (!slots)
		return false;
	for (uint32_t row = 0; row < rows; row++) {
		struct tu_str key[3];
		size_t count = parts(w, row, key);
		uint32_t slot;

		if (count == 0)
			continue;
		slot = (uint32_t)kb_hash_parts(key, count) & (size - 1);
		while (slots[slot])
			slot = (slot + 1) & (size - 1);
		slots[slot] = row + 1;
	}
	begin(w, section, sizeof(uint32_t));
	tu_buf_add(w->out, slots, (size_t)size * sizeof(*slots));
	end(w, section);
	return true;
}

static size_t package_parts(const struct writer *w, uint32_t row, struct tu_str out_parts[3])
{
	const struct b_owner *owner = &w->b->package_owners.at[w->package_order[row]];

	for (size_t i = 0; i < 3; i++)
		out_parts[i] = b_str(w->b, owner->parts[i]);
	return 3;
}

static size_t product_parts(const struct writer *w, uint32_t row, struct tu_str out_parts[3])
{
	const struct b_owner *owner = &w->b->product_owners.at[w->product_order[row]];

	out_parts[0] = b_str(w->b, owner->parts[0]);
	out_parts[1] = b_str(w->b, owner->parts[1]);
	return 2;
}

static size_t product_name_parts(const struct writer *w, uint32_t row, struct tu_str out_parts[3])
{
	const struct b_owner *owner = &w->b->product_owners.at[w->product_order[row]];

	if (row > 0 &&
		w->b->product_owners.at[w->product_order[row - 1]].parts[1] == owner->parts[1])
		return 0; /* not the first with this product name */
	out_parts[0] = b_str(w->b, owner->parts[1]);
	return 1;
}

static void write_entry_rows(struct writer *w, const struct placing *p, uint32_t *spans)
{
	for (uint32_t i = 0; i < p->count; i++) {
		const struct b_entry *entry = &w->b->entries.at[p->at[i].entry];
		uint32_t span_end = p->at[i].entry + 1 < w->b->entries.count
			? entry[1].row.first_span
			: (uint32_t)w->b->spans.count;
		struct kb_entry row = entry->row;

		row.vulnerability = p->at[i].vulnerability;
		row.advisory = w->m.position[row.advisory];
		row.configuration = p->at[i].configuration;
		row.fixed = put_string(w, row.fixed);
		row.detail = put_string(w, row.detail);
		row.module = put_string(w, row.module);
		row.first_span = *spans;
		*spans += span_end - entry->row.first_span;
		tu_buf_add(w->out, &row, sizeof(row));
	}
}

static void write_span_rows(struct writer *w, const struct placing *p)
{
	for (uint32_t i = 0; i < p->count; i++) {
		const struct b_entry *entry = &w->b->entries.at[p->at[i].entry];
		uint32_t span_end = p->at[i].entry + 1 < w->b->entries.count
			? entry[1].row.first_span
			: (uint32_t)w->b->spans.count;

		for (uint32_t k = entry->row.first_span; k < span_end; k++) {
			struct kb_span row = w->b->spans.at[k];

			row.lo_text = put_string(w, row.lo_text);
			row.lo_key = put_string(w, row.lo_key);
			row.hi_text = put_string(w, row.hi_text);
			row.hi_key = put_string(w, row.hi_key);
			tu_buf_add(w->out, &row, sizeof(row));
		}
	}
}

static void write_configurations(
	struct writer *w, const struct placing *products, uint32_t package_entries)
{
	begin(w, KB_CONFIGURATIONS, sizeof(uint32_t));
	for (size_t i = 0; i < products->configurations.count; i++)
		put_u32(w, products->configurations.at[i]);
	put_u32(w, (uint32_t)products->leaves.count);
	end(w, KB_CONFIGURATIONS);
	begin(w, KB_LEAVES, sizeof(uint32_t));
	for (size_t i = 0; i < products->leaves.count; i++)
		put_u32(w, package_entries + products->leaves.at[i]);
	end(w, KB_LEAVES);
}

static bool write_entries(struct writer *w, struct placing *packages, struct placing *products)
{
	uint32_t package_owners = (uint32_t)w->b->package_owners.count;
	uint32_t product_owners = (uint32_t)w->b->product_owners.count;
	uint32_t spans = 0;

	w->package_order = sort_owners(w, w->b->package_keys);
	w->product_order = sort_owners(w, w->b->product_keys);
	if (!w->package_order || !w->product_order ||
		!place_entries(w, true, w->package_order, package_owners, packages) ||
		!place_entries(w, false, w->product_order, product_owners, products))
		return false;
	write_package_rows(w, packages, package_owners);
	write_product_rows(w, products, product_owners);
	begin(w, KB_ENTRIES, sizeof(struct kb_entry));
	write_entry_rows(w, packages, &spans);
	write_entry_rows(w, products, &spans);
	tu_buf_add(w->out, &(struct kb_entry){.first_span = spans}, sizeof(struct kb_entry));
	end(w, KB_ENTRIES);
	begin(w, KB_SPANS, sizeof(struct kb_span));
	write_span_rows(w, packages);
	write_span_rows(w, products);
	end(w, KB_SPANS);
	write_configurations(w, products, packages->count);
	w->b->counts.packages = package_owners;
	w->b->counts.products = product_owners;
	w->b->counts.entries = packages->count + products->count;
	w->b->counts.spans = spans;
	return write_slots(w, KB_PACKAGE_SLOTS, package_owners, package_parts) &&
		write_slots(w, KB_PRODUCT_SLOTS, product_owners, product_parts) &&
		write_slots(w, KB_NAME_SLOTS, product_owners, product_name_parts);
}

/* ---- names and sources ---- */

static int compare_names(const struct writer *w, const struct kb_name *x, const struct kb_name *y)
{
	int order = tu_str_cmp(b_str(w->b, x->name), b_str(w->b, y->name));

	if (!order)
		order = tu_str_cmp(b_str(w->b, x->vendor), b_str(w->b, y->vendor));
	if (!order)
		order = tu_str_cmp(b_str(w->b, x->product), b_str(w->b, y->product));
	return order;
}

static size_t name_parts(const struct writer *w, uint32_t row, struct tu_str out_parts[3])
{
	if (row > 0 && w->b->names.at[row - 1].name == w->b->names.at[row].name)
		return 0;
	out_parts[0] = b_str(w->b, w->b->names.at[row].name);
	return 1;
}

/* Sort by name, vendor, product and drop what is there twice. */
static bool sort_names(struct writer *w)
{
	size_t count = w->b->names.count;
	struct b_sortable *items = tu_arena_array(w->arena, count, sizeof(*items));
	struct kb_name *sorted = tu_arena_array(w->arena, count, sizeof(*sorted));
	size_t kept = 0;

	if (!items || !sorted)
		return false;
	for (uint32_t i = 0; i < count; i++) {
		const struct kb_name *name = &w->b->names.at[i];
		struct tu_buf *text = &w->b->text;
		struct tu_str key;

		tu_buf_clear(text);
		tu_buf_str_add(text, b_str(w->b, name->name));
		tu_buf_byte(text, '\0');
		tu_buf_str_add(text, b_str(w->b, name->vendor));
		tu_buf_byte(text, '\0');
		tu_buf_str_add(text, b_str(w->b, name->product));
		if (text->failed || !tu_arena_dup(w->arena, tu_buf_str(text), &key))
			return false;
		items[i] = (struct b_sortable){key, 0, i};
	}
	b_sort(items, count);
	for (size_t i = 0; i < count; i++) {
		sorted[kept] = w->b->names.at[items[i].index];
		if (kept == 0 || compare_names(w, &sorted[kept - 1], &sorted[kept]) != 0)
			kept++;
	}
	if (kept)
		memcpy(w->b->names.at, sorted, kept * sizeof(*sorted));
	w->b->names.count = kept;
	return true;
}

static bool write_names(struct writer *w)
{
	if (!sort_names(w))
		return false;
	begin(w, KB_NAMES, sizeof(struct kb_name));
	for (size_t i = 0; i < w->b->names.count; i++) {
		struct kb_name row = w->b->names.at[i];

		row.name = put_string(w, row.name);
		row.vendor = put_string(w, row.vendor);
		row.product = put_string(w, row.product);
		tu_buf_add(w->out, &row, sizeof(row));
	}
	end(w, KB_NAMES);
	return write_slots(w, KB_NAME_ALIAS_SLOTS, (uint32_t)w->b->names.count, name_parts);
}

/* Sources whose database is worth telling apart: hundreds of CNAs are one source. */
static uint32_t source_database(const struct kb_advisory *row)
{
	return row->source == TU_SOURCE_OSV || row->source == TU_SOURCE_CVE_ADP ||
			row->source == TU_SOURCE_NVD
		? row->database
		: 0;
}

static uint32_t newest_of(const struct kb_advisory *row)
{
	uint32_t newest = row->published > row->modified ? row->published : row->modified;

	return newest > row->withdrawn ? newest : row->withdrawn;
}

struct sources {
	TU_VEC(struct kb_source) rows;
};

static bool count_source(
	struct sources *sources, uint32_t source, uint32_t database, uint32_t newest)
{
	for (size_t i = 0; i < sources->rows.count; i++) {
		struct kb_source *row = &sources->rows.at[i];

		if (row->source != source || row->database != database)
			continue;
		row->records++;
		row->newest = row->newest > newest ? row->newest : newest;
		return true;
	}
	return TU_VEC_PUSH(&sources->rows, (struct kb_source){source, database, 1, newest});
}

static bool gather_sources(struct writer *w, struct sources *sources)
{
	for (uint32_t i = 0; i < w->m.live; i++) {
		const struct kb_advisory *row = &w->b->advisories.at[w->m.order[i]].row;

		if (!count_source(sources, row->source, source_database(row), newest_of(row)))
			return false;
	}
	for (size_t i = 0; i < w->b->epss.count; i++) {
		if (!count_source(sources, TU_SOURCE_EPSS, 0, w->b->epss.at[i].date))
			return false;
	}
	return true;
}

static bool write_sources(struct writer *w)
{
	struct sources sources = {0};
	bool ok = gather_sources(w, &sources);
	struct b_sortable *items =
		ok ? tu_arena_array(w->arena, sources.rows.count, sizeof(*items)) : NULL;

	if (items) {
		for (uint32_t i = 0; i < sources.rows.count; i++)
			items[i] = (struct b_sortable){b_str(w->b, sources.rows.at[i].database),
				sources.rows.at[i].source, i};
		b_sort(items, sources.rows.count);
		begin(w, KB_SOURCES, sizeof(struct kb_source));
		for (size_t i = 0; i < sources.rows.count; i++) {
			struct kb_source row = sources.rows.at[items[i].index];

			row.database = put_string(w, row.database);
			if (row.newest > w->header.newest)
				w->header.newest = row.newest;
			tu_buf_add(w->out, &row, sizeof(row));
		}
		end(w, KB_SOURCES);
	}
	TU_VEC_DONE(&sources.rows);
	return items != NULL;
}

/* ---- the whole file ---- */

static bool write_sections(struct writer *w, struct placing *packages, struct placing *products)
{
	if (!write_vulnerabilities(w))
		return false;
	write_advisory_rows(w);
	WRITE_STRINGS(w, KB_ALIASES, first_alias, aliases);
	WRITE_STRINGS(w, KB_RELATED, first_related, related);
	WRITE_STRINGS(w, KB_CWES, first_cwe, cwes);
	write_scores(w);
	write_references(w);
	if (!write_ids(w) || !write_entries(w, packages, products) || !write_names(w) ||
		!write_sources(w))
		return false;
	begin(w, KB_STRINGS, 1);
	tu_buf_str_add(w->out, tu_buf_str(&w->strings));
	end(w, KB_STRINGS);
	return !w->strings.failed && !w->out->failed;
}

static enum tu_status seal(struct writer *w, struct tu_error *err)
{
	size_t covered = offsetof(struct kb_header, sha256) + TU_SHA256_BYTES;
	enum tu_status status;

	memcpy(w->header.magic, KB_MAGIC, sizeof(w->header.magic));
	w->header.format = KB_FORMAT;
	w->header.sections = KB_SECTION_COUNT;
	w->header.file_bytes = w->out->len;
	memcpy(w->out->ptr, &w->header, sizeof(w->header));
	status = tu_sha256(tu_str_from(tu_buf_str(w->out), covered), w->header.sha256);
	if (status)
		return tu_fail(err, status, 0, "out of memory while hashing");
	memcpy(w->out->ptr, &w->header, sizeof(w->header));
	return TU_OK;
}

static enum tu_status write_file(struct writer *w, struct tu_error *err)
{
	struct placing packages = {0};
	struct placing products = {0};
	enum tu_status status = kb_merge(w->b, w->arena, &w->m, err);

	if (status)
		return status;
	w->offsets = tu_arena_array(w->arena, w->m.string_count, sizeof(*w->offsets));
	tu_buf_byte(&w->strings, '\0'); /* offset 0: the empty string */
	tu_buf_clear(w->out);
	tu_buf_add(w->out, &w->header, sizeof(w->header));
	if (!w->offsets || !write_sections(w, &packages, &products))
		status = tu_fail(err, w->out->failed ? TU_E_LIMIT : TU_E_NOMEM, 0,
			"out of memory or over the limit of %zu bytes while writing the knowledge "
			"base",
			w->out->ceiling);
	TU_VEC_DONE(&products.configurations);
	TU_VEC_DONE(&products.leaves);
	TU_VEC_DONE(&packages.configurations);
	TU_VEC_DONE(&packages.leaves);
	return status ? status : seal(w, err);
}

enum tu_status tu_kb_builder_finish(struct tu_kb_builder *builder, struct tu_buf *out,
	struct tu_kb_build_counts *out_counts, struct tu_error *err)
{
	struct writer w = {.b = builder, .out = out};
	enum tu_status status;

	w.arena = tu_arena_new(SIZE_MAX / 2);
	if (!w.arena)
		return tu_fail(err, TU_E_NOMEM, 0, "out of memory");
	tu_buf_init(&w.strings, UINT32_MAX);
	status = write_file(&w, err);
	builder->counts.advisories = w.m.live;
	builder->counts.vulnerabilities = w.m.vulnerabilities;
	*out_counts = builder->counts;
	tu_buf_done(&w.strings);
	tu_arena_free(w.arena);
	return status;
}
