#include "kb/writer.h"

#include "base/alloc.h"

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
		uint32_t last = kb_entries_end(w, link->advisory);
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
	kb_begin(w, KB_PACKAGES, sizeof(struct kb_package));
	for (uint32_t rank = 0; rank < owners; rank++) {
		const struct b_owner *owner = &w->b->package_owners.at[w->package_order[rank]];
		struct kb_package row = {kb_put_string(w, owner->parts[0]),
			kb_put_string(w, owner->parts[1]), kb_put_string(w, owner->parts[2]),
			p->first[w->package_order[rank]]};

		tu_buf_add(w->out, &row, sizeof(row));
	}
	tu_buf_add(
		w->out, &(struct kb_package){.first_entry = p->count}, sizeof(struct kb_package));
	kb_end(w, KB_PACKAGES);
}

static void write_product_rows(struct writer *w, const struct placing *p, uint32_t owners)
{
	kb_begin(w, KB_PRODUCTS, sizeof(struct kb_product));
	for (uint32_t rank = 0; rank < owners; rank++) {
		const struct b_owner *owner = &w->b->product_owners.at[w->product_order[rank]];
		struct kb_product row = {kb_put_string(w, owner->parts[0]),
			kb_put_string(w, owner->parts[1]), p->first[w->product_order[rank]]};

		tu_buf_add(w->out, &row, sizeof(row));
	}
	tu_buf_add(
		w->out, &(struct kb_product){.first_entry = p->count}, sizeof(struct kb_product));
	kb_end(w, KB_PRODUCTS);
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

/* One past the last of an entry's ranges. */
static uint32_t span_refs_end(const struct writer *w, uint32_t entry)
{
	return entry + 1 < w->b->entries.count ? w->b->entries.at[entry + 1].row.first_span
					       : (uint32_t)w->b->span_refs.count;
}

static void write_entry_rows(struct writer *w, const struct placing *p, uint32_t *spans)
{
	for (uint32_t i = 0; i < p->count; i++) {
		struct kb_entry row = w->b->entries.at[p->at[i].entry].row;
		uint32_t count = span_refs_end(w, p->at[i].entry) - row.first_span;

		row.vulnerability = p->at[i].vulnerability;
		row.advisory = w->m.position[row.advisory];
		row.configuration = p->at[i].configuration;
		row.fixed = kb_put_string(w, row.fixed);
		row.detail = kb_put_string(w, row.detail);
		row.module = kb_put_string(w, row.module);
		row.first_span = *spans;
		*spans += count;
		tu_buf_add(w->out, &row, sizeof(row));
	}
}

/* In which order ranges are written. */
struct span_order {
	uint32_t *rank; /* of the builder -> place + 1 in the file, 0: not yet */
	uint32_t *at; /* place -> of the builder */
	uint32_t count;
};

static uint32_t span_rank(struct span_order *order, uint32_t span)
{
	if (order->rank[span] == 0) {
		order->at[order->count] = span;
		order->rank[span] = ++order->count;
	}
	return order->rank[span] - 1;
}

/* Ranges repeat: the same release stands in the records of hundreds of vulnerabilities. Each is
 * written once, in the order in which entries first name it. */
static bool write_span_refs(struct writer *w, const struct placing *packages,
	const struct placing *products, struct span_order *order)
{
	const struct placing *both[] = {packages, products};

	order->rank = tu_arena_array(w->arena, w->b->spans.count, sizeof(*order->rank));
	order->at = tu_arena_array(w->arena, w->b->spans.count, sizeof(*order->at));
	if (!order->rank || !order->at)
		return false;
	kb_begin(w, KB_SPAN_REFS, sizeof(uint32_t));
	for (size_t i = 0; i < TU_COUNT(both); i++) {
		for (uint32_t n = 0; n < both[i]->count; n++) {
			uint32_t entry = both[i]->at[n].entry;

			for (uint32_t k = w->b->entries.at[entry].row.first_span;
				k < span_refs_end(w, entry); k++)
				kb_put_u32(w, span_rank(order, w->b->span_refs.at[k]));
		}
	}
	kb_end(w, KB_SPAN_REFS);
	return true;
}

static void write_spans(struct writer *w, const struct span_order *order)
{
	kb_begin(w, KB_SPANS, sizeof(struct kb_span));
	for (uint32_t i = 0; i < order->count; i++) {
		struct kb_span row = w->b->spans.at[order->at[i]];

		row.lo_text = kb_put_string(w, row.lo_text);
		row.lo_key = kb_put_string(w, row.lo_key);
		row.hi_text = kb_put_string(w, row.hi_text);
		row.hi_key = kb_put_string(w, row.hi_key);
		tu_buf_add(w->out, &row, sizeof(row));
	}
	kb_end(w, KB_SPANS);
}

static void write_configurations(
	struct writer *w, const struct placing *products, uint32_t package_entries)
{
	kb_begin(w, KB_CONFIGURATIONS, sizeof(uint32_t));
	for (size_t i = 0; i < products->configurations.count; i++)
		kb_put_u32(w, products->configurations.at[i]);
	kb_put_u32(w, (uint32_t)products->leaves.count);
	kb_end(w, KB_CONFIGURATIONS);
	kb_begin(w, KB_LEAVES, sizeof(uint32_t));
	for (size_t i = 0; i < products->leaves.count; i++)
		kb_put_u32(w, package_entries + products->leaves.at[i]);
	kb_end(w, KB_LEAVES);
}

static bool write_placed(struct writer *w, struct placing *packages, struct placing *products)
{
	uint32_t package_owners = (uint32_t)w->b->package_owners.count;
	uint32_t product_owners = (uint32_t)w->b->product_owners.count;
	struct span_order order = {0};
	uint32_t spans = 0;

	if (!place_entries(w, true, w->package_order, package_owners, packages) ||
		!place_entries(w, false, w->product_order, product_owners, products))
		return false;
	write_package_rows(w, packages, package_owners);
	write_product_rows(w, products, product_owners);
	kb_begin(w, KB_ENTRIES, sizeof(struct kb_entry));
	write_entry_rows(w, packages, &spans);
	write_entry_rows(w, products, &spans);
	tu_buf_add(w->out, &(struct kb_entry){.first_span = spans}, sizeof(struct kb_entry));
	kb_end(w, KB_ENTRIES);
	if (!write_span_refs(w, packages, products, &order))
		return false;
	write_spans(w, &order);
	write_configurations(w, products, packages->count);
	w->b->counts.packages = package_owners;
	w->b->counts.products = product_owners;
	w->b->counts.entries = packages->count + products->count;
	w->b->counts.spans = spans;
	return true;
}

bool kb_write_entries(struct writer *w)
{
	struct placing packages = {0};
	struct placing products = {0};
	bool ok;

	w->package_order = sort_owners(w, w->b->package_keys);
	w->product_order = sort_owners(w, w->b->product_keys);
	ok = w->package_order && w->product_order && write_placed(w, &packages, &products) &&
		kb_write_slots(
			w, KB_PACKAGE_SLOTS, (uint32_t)w->b->package_owners.count, package_parts) &&
		kb_write_slots(
			w, KB_PRODUCT_SLOTS, (uint32_t)w->b->product_owners.count, product_parts) &&
		kb_write_slots(
			w, KB_NAME_SLOTS, (uint32_t)w->b->product_owners.count, product_name_parts);
	TU_VEC_DONE(&products.configurations);
	TU_VEC_DONE(&products.leaves);
	TU_VEC_DONE(&packages.configurations);
	TU_VEC_DONE(&packages.leaves);
	return ok;
}
