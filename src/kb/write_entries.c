#include "kb/writer.h"

#include "base/alloc.h"

/* rank -> owner, sorted by key. */
static uint32_t *sort_owners(struct writer *w, struct tu_intern *keys)
{
	uint32_t count = tu_intern_count(keys);
	struct b_sortable *items = tu_arena_array(w->passing, count, sizeof(*items));
	uint32_t *order = tu_arena_array(w->arena, count, sizeof(*order));

	if (!items || !order)
		return NULL;
	for (uint32_t i = 0; i < count; i++)
		items[i] = (struct b_sortable){tu_intern_str(keys, i), 0, i};
	if (!tu_kb__sort(items, count))
		return NULL;
	for (uint32_t i = 0; i < count; i++)
		order[i] = items[i].index;
	return order;
}

bool tu_kb__sort_owners(struct writer *w)
{
	w->package_order = sort_owners(w, w->b->package_keys);
	w->product_order = sort_owners(w, w->b->product_keys);
	return w->package_order && w->product_order;
}

struct placing {
	struct kb_entry *at; /* in the order of the file; bodies are the builder's */
	uint32_t *first; /* owner -> its first place; one more at the end */
	uint32_t count;
	TU_VEC(uint32_t) configurations; /* first leaf of each */
	TU_VEC(uint32_t) leaves; /* places in `at` */
};

enum { PRODUCTS, PACKAGES };

/* Call `f` for each run of entries with the same configuration, per advisory and link. `placings`
 * are those of products and of packages; `f` is given the one that the run is of. */
static bool each_run(struct writer *w,
	bool (*f)(struct writer *w, struct placing *p, uint32_t first, uint32_t end,
		const struct b_link *link),
	struct placing placings[2])
{
	const struct b_entry *entries = w->b->entries.at;

	for (uint32_t i = 0; i < w->m.link_count; i++) {
		const struct b_link *link = &w->m.links[i];
		uint32_t last = kb_entries_end(w, link->advisory);
		uint32_t at = w->b->advisories.at[link->advisory].first_entry;

		while (at < last) {
			uint32_t run = at + 1;

			while (run < last &&
				entries[run].configuration == entries[at].configuration &&
				entries[run].package == entries[at].package)
				run++;
			if (!f(w, &placings[entries[at].package ? PACKAGES : PRODUCTS], at, run,
				    link))
				return false;
			at = run;
		}
	}
	return true;
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

static uint16_t node_of(const struct writer *w, uint32_t entry)
{
	return w->b->bodies.at[w->b->entries.at[entry].body].node;
}

/* Does a run of entries have more than one node? Only then must it be judged as a whole. */
static bool has_nodes(const struct writer *w, uint32_t first, uint32_t end)
{
	for (uint32_t i = first + 1; i < end; i++) {
		if (node_of(w, i) != node_of(w, first))
			return true;
	}
	return false;
}

static bool place_run(struct writer *w, struct placing *p, uint32_t first, uint32_t end,
	const struct b_link *link)
{
	const struct b_entry *entries = w->b->entries.at;
	struct kb_entry row = {.vulnerability = link->vulnerability,
		.advisory = w->m.position[link->advisory],
		.configuration = KB_NONE};
	bool withdrawn = w->rejected[link->vulnerability] ||
		kb_is_dead(&w->b->advisories.at[link->advisory]);

	if (!entries[first].package && has_nodes(w, first, end)) {
		row.configuration = (uint32_t)p->configurations.count;
		if (!TU_VEC_PUSH(&p->configurations, (uint32_t)p->leaves.count))
			return false;
	}
	for (uint32_t i = first; i < end; i++) {
		uint32_t place = p->first[entries[i].owner]++;

		row.body = entries[i].body | (withdrawn ? KB_WITHDRAWN : 0);
		p->at[place] = row;
		if (row.configuration != KB_NONE && !TU_VEC_PUSH(&p->leaves, place))
			return false;
	}
	return true;
}

/* first[owner + 1] contains the owner's count: turn counts into places, in order of rank. */
static bool number_places(
	struct writer *w, const uint32_t *order, uint32_t owners, struct placing *p)
{
	uint32_t *places = tu_arena_array(w->passing, owners + 1, sizeof(*places));
	uint32_t at = 0;

	p->at = tu_arena_array(w->passing, p->count, sizeof(*p->at));
	if (!places || !p->at)
		return false;
	for (uint32_t rank = 0; rank < owners; rank++) {
		places[order[rank]] = at;
		at += p->first[order[rank] + 1];
	}
	p->first = places;
	return true;
}

/* Placing has moved each owner's first place to where the next in rank begins. */
static void rewind_places(const uint32_t *order, uint32_t owners, struct placing *p)
{
	uint32_t first = 0;

	for (uint32_t rank = 0; rank < owners; rank++) {
		uint32_t next = p->first[order[rank]];

		p->first[order[rank]] = first;
		first = next;
	}
}

/* Counting sort of entries by the rank of their owner. On return first[owner] of a placing is where
 * the owner's entries begin. */
static bool place_entries(struct writer *w, struct placing placings[2])
{
	const uint32_t *order[] = {[PRODUCTS] = w->product_order, [PACKAGES] = w->package_order};
	const uint32_t owners[] = {[PRODUCTS] = (uint32_t)w->b->product_owners.count,
		[PACKAGES] = (uint32_t)w->b->package_owners.count};

	for (size_t i = 0; i < 2; i++) {
		placings[i].first = tu_arena_array(
			w->passing, (size_t)owners[i] + 1, sizeof(*placings[i].first));
		if (!placings[i].first)
			return false;
	}
	if (!each_run(w, count_run, placings))
		return false;
	for (size_t i = 0; i < 2; i++) {
		if (!number_places(w, order[i], owners[i], &placings[i]))
			return false;
	}
	if (!each_run(w, place_run, placings))
		return false;
	for (size_t i = 0; i < 2; i++)
		rewind_places(order[i], owners[i], &placings[i]);
	TU_VEC_DONE(&w->b->entries);
	return true;
}

static void write_package_rows(struct writer *w, const struct placing *p, uint32_t owners)
{
	tu_kb__begin(w, KB_PACKAGES, sizeof(struct kb_package));
	for (uint32_t rank = 0; rank < owners; rank++) {
		const struct b_owner *owner = &w->b->package_owners.at[w->package_order[rank]];
		struct kb_package row = {tu_kb__put_string(w, owner->parts[0]),
			tu_kb__put_string(w, owner->parts[1]),
			tu_kb__put_string(w, owner->parts[2]), p->first[w->package_order[rank]]};

		tu_kb__put(w, &row, sizeof(row));
	}
	tu_kb__put(w, &(struct kb_package){.first_entry = p->count}, sizeof(struct kb_package));
	tu_kb__end(w, KB_PACKAGES);
}

static void write_product_rows(struct writer *w, const struct placing *p, uint32_t owners)
{
	tu_kb__begin(w, KB_PRODUCTS, sizeof(struct kb_product));
	for (uint32_t rank = 0; rank < owners; rank++) {
		const struct b_owner *owner = &w->b->product_owners.at[w->product_order[rank]];
		struct kb_product row = {tu_kb__put_string(w, owner->parts[0]),
			tu_kb__put_string(w, owner->parts[1]), p->first[w->product_order[rank]]};

		tu_kb__put(w, &row, sizeof(row));
	}
	tu_kb__put(w, &(struct kb_product){.first_entry = p->count}, sizeof(struct kb_product));
	tu_kb__end(w, KB_PRODUCTS);
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

/*
 * In which order rows that are kept once are written: first those that several packages or products
 * share, then those of one, as other rows first name them. So what is of one is together.
 */
struct order {
	uint32_t *named; /* of the builder -> who names it: OF_NOBODY, OF_SEVERAL or an owner */
	uint32_t *rank; /* of the builder -> place in the file */
	uint32_t *at; /* place -> of the builder */
	uint32_t count;
};

enum { OF_NOBODY, OF_SEVERAL, OF_ONE };

static bool init_order(struct writer *w, struct order *order, size_t rows)
{
	order->named = tu_arena_array(w->passing, rows, sizeof(*order->named));
	order->rank = tu_arena_array(w->passing, rows, sizeof(*order->rank));
	order->at = tu_arena_array(w->passing, rows, sizeof(*order->at));
	return order->named && order->rank && order->at;
}

static void name_row(struct order *order, uint32_t row, uint32_t owner)
{
	uint32_t *named = &order->named[row];

	if (*named == OF_NOBODY)
		order->at[order->count++] = row;
	*named = *named == OF_NOBODY || *named == owner ? owner : OF_SEVERAL;
}

/* `at` is in the order of first mention: what is shared moves to the front. False: no memory. */
static bool place_rows(struct writer *w, struct order *order)
{
	uint32_t *placed = tu_arena_array(w->passing, order->count, sizeof(*placed));
	uint32_t count = 0;

	if (!placed)
		return false;
	for (int shared = 1; shared >= 0; shared--) {
		for (uint32_t i = 0; i < order->count; i++) {
			uint32_t row = order->at[i];

			if ((order->named[row] == OF_SEVERAL) != (shared == 1))
				continue;
			order->rank[row] = count;
			placed[count++] = row;
		}
	}
	order->at = placed;
	return true;
}

/* `owner` is the number of the first of `owners`. */
static void name_bodies(struct order *bodies, const struct placing *p, const uint32_t *owners,
	uint32_t owner_count, uint32_t owner)
{
	for (uint32_t i = 0; i < owner_count; i++) {
		uint32_t first = p->first[owners[i]];
		uint32_t end = i + 1 < owner_count ? p->first[owners[i + 1]] : p->count;

		for (uint32_t k = first; k < end; k++)
			name_row(bodies, p->at[k].body & ~KB_WITHDRAWN, owner + i);
	}
}

static bool order_bodies(struct writer *w, const struct placing placings[2], struct order *bodies)
{
	uint32_t packages = (uint32_t)w->b->package_owners.count;

	name_bodies(bodies, &placings[PACKAGES], w->package_order, packages, OF_ONE);
	name_bodies(bodies, &placings[PRODUCTS], w->product_order,
		(uint32_t)w->b->product_owners.count, OF_ONE + packages);
	return place_rows(w, bodies);
}

/* A span is named by those who name its bodies. */
static bool order_spans(struct writer *w, const struct order *bodies, struct order *spans)
{
	const struct tu_kb_builder *b = w->b;

	for (uint32_t i = 0; i < bodies->count; i++) {
		uint32_t body = bodies->at[i];

		for (uint32_t k = b->bodies.at[body].first_span; k < b_spans_end(b, body); k++)
			name_row(spans, b->span_refs.at[k], bodies->named[body]);
	}
	return place_rows(w, spans);
}

static void write_entry_rows(struct writer *w, struct placing *p, const struct order *bodies)
{
	for (uint32_t i = 0; i < p->count; i++) {
		uint32_t withdrawn = p->at[i].body & KB_WITHDRAWN;
		uint32_t body = p->at[i].body & ~KB_WITHDRAWN;

		p->at[i].body = bodies->rank[body] | withdrawn;
		w->b->counts.spans += b_spans_end(w->b, body) - w->b->bodies.at[body].first_span;
	}
	tu_kb__put_rows(w, p->at, p->count, sizeof(*p->at));
}

/* Keys are looked at for each candidate; which version fixes a finding is shown in each report, the
 * rest in full ones. */
static void name_versions(struct writer *w, const struct order *bodies, const struct order *spans)
{
	for (uint32_t i = 0; i < spans->count; i++) {
		const struct kb_span *row = &w->b->spans.at[spans->at[i]];

		(void)tu_kb__put_string(w, row->lo_key);
		(void)tu_kb__put_string(w, row->hi_key);
	}
	for (uint32_t i = 0; i < bodies->count; i++)
		(void)tu_kb__put_string(w, w->b->bodies.at[bodies->at[i]].fixed);
	for (uint32_t i = 0; i < spans->count; i++) {
		const struct kb_span *row = &w->b->spans.at[spans->at[i]];

		(void)tu_kb__put_string(w, row->lo_text);
		(void)tu_kb__put_string(w, row->hi_text);
	}
}

static void write_bodies(struct writer *w, const struct order *bodies)
{
	uint32_t spans = 0;

	tu_kb__begin(w, KB_BODIES, sizeof(struct kb_body));
	for (uint32_t i = 0; i < bodies->count; i++) {
		struct kb_body row = w->b->bodies.at[bodies->at[i]];
		uint32_t count = b_spans_end(w->b, bodies->at[i]) - row.first_span;

		row.first_span = spans;
		row.fixed = tu_kb__put_string(w, row.fixed);
		row.detail = tu_kb__put_string(w, row.detail);
		row.module = tu_kb__put_string(w, row.module);
		tu_kb__put(w, &row, sizeof(row));
		spans += count;
	}
	tu_kb__put(w, &(struct kb_body){.first_span = spans}, sizeof(struct kb_body));
	tu_kb__end(w, KB_BODIES);
}

static void write_span_refs(struct writer *w, const struct order *bodies, const struct order *spans)
{
	tu_kb__begin(w, KB_SPAN_REFS, sizeof(uint32_t));
	for (uint32_t i = 0; i < bodies->count; i++) {
		uint32_t body = bodies->at[i];

		for (uint32_t k = w->b->bodies.at[body].first_span; k < b_spans_end(w->b, body);
			k++)
			tu_kb__put_u32(w, spans->rank[w->b->span_refs.at[k]]);
	}
	tu_kb__end(w, KB_SPAN_REFS);
	TU_VEC_DONE(&w->b->bodies);
	TU_VEC_DONE(&w->b->span_refs);
}

static void write_spans(struct writer *w, const struct order *spans)
{
	tu_kb__begin(w, KB_SPANS, sizeof(struct kb_span));
	for (uint32_t i = 0; i < spans->count; i++) {
		struct kb_span row = w->b->spans.at[spans->at[i]];

		row.lo_text = tu_kb__put_string(w, row.lo_text);
		row.lo_key = tu_kb__put_string(w, row.lo_key);
		row.hi_text = tu_kb__put_string(w, row.hi_text);
		row.hi_key = tu_kb__put_string(w, row.hi_key);
		tu_kb__put(w, &row, sizeof(row));
	}
	tu_kb__end(w, KB_SPANS);
	TU_VEC_DONE(&w->b->spans);
}

static void write_configurations(
	struct writer *w, const struct placing *products, uint32_t package_entries)
{
	tu_kb__begin(w, KB_CONFIGURATIONS, sizeof(uint32_t));
	for (size_t i = 0; i < products->configurations.count; i++)
		tu_kb__put_u32(w, products->configurations.at[i]);
	tu_kb__put_u32(w, (uint32_t)products->leaves.count);
	tu_kb__end(w, KB_CONFIGURATIONS);
	tu_kb__begin(w, KB_LEAVES, sizeof(uint32_t));
	for (size_t i = 0; i < products->leaves.count; i++)
		tu_kb__put_u32(w, package_entries + products->leaves.at[i]);
	tu_kb__end(w, KB_LEAVES);
}

static bool write_placed(struct writer *w, struct placing placings[2])
{
	struct placing *packages = &placings[PACKAGES];
	struct placing *products = &placings[PRODUCTS];
	struct order bodies = {0};
	struct order spans = {0};

	if (!place_entries(w, placings) || !init_order(w, &bodies, w->b->bodies.count) ||
		!init_order(w, &spans, w->b->spans.count) || !order_bodies(w, placings, &bodies) ||
		!order_spans(w, &bodies, &spans))
		return false;
	write_package_rows(w, packages, (uint32_t)w->b->package_owners.count);
	write_product_rows(w, products, (uint32_t)w->b->product_owners.count);
	tu_kb__begin(w, KB_ENTRIES, sizeof(struct kb_entry));
	write_entry_rows(w, packages, &bodies);
	write_entry_rows(w, products, &bodies);
	tu_kb__end(w, KB_ENTRIES);
	name_versions(w, &bodies, &spans);
	write_bodies(w, &bodies);
	write_span_refs(w, &bodies, &spans);
	write_spans(w, &spans);
	write_configurations(w, products, packages->count);
	w->b->counts.packages = w->b->package_owners.count;
	w->b->counts.products = w->b->product_owners.count;
	w->b->counts.entries = packages->count + products->count;
	return true;
}

bool tu_kb__write_entries(struct writer *w)
{
	struct placing placings[2] = {{0}};
	bool ok;

	ok = write_placed(w, placings) &&
		tu_kb__write_slots(
			w, KB_PACKAGE_SLOTS, (uint32_t)w->b->package_owners.count, package_parts) &&
		tu_kb__write_slots(
			w, KB_PRODUCT_SLOTS, (uint32_t)w->b->product_owners.count, product_parts) &&
		tu_kb__write_slots(
			w, KB_NAME_SLOTS, (uint32_t)w->b->product_owners.count, product_name_parts);
	for (size_t i = 0; i < TU_COUNT(placings); i++) {
		TU_VEC_DONE(&placings[i].configurations);
		TU_VEC_DONE(&placings[i].leaves);
	}
	return ok;
}
