/*
 * What changed from one knowledge base to another.
 *
 * Every vulnerability gets digests of its facts, made of the digests of its records and entries,
 * summed, so that their order does not matter. Facts are taken from the public accessors: what
 * counts is what a reader of the knowledge base sees, not how the file lays it out.
 */
#include <tutela/kb.h>

#include <stdlib.h>

#include "base/hash.h"
#include "base/vec.h"

struct digests {
	uint64_t applies;
	uint64_t weight;
	uint64_t words;
	uint64_t epss;
};

/* Of an entry. */
struct entry_digest {
	uint64_t facts;
	uint32_t vulnerability;
	uint32_t configuration;
};

/* One of the two. */
struct side {
	const struct tu_kb *kb;
	struct tu_kb_info info;
	struct digests *of; /* vulnerability -> digests */
	uint64_t *configurations; /* configuration -> digest of what its entries are about */
	struct entry_digest *entries;
	uint64_t *records; /* advisory -> digest of its name */
	uint8_t *touched; /* vulnerability -> its applicability changed */
};

struct comparison {
	struct tu_arena *arena;
	struct side old_side;
	struct side new_side;
	TU_VEC(struct tu_kb_change) changes;
	TU_VEC(struct tu_kb_key) keys;
	size_t applies;
};

/* ---- digests ---- */

static uint64_t of_text(uint64_t state, struct tu_str text)
{
	return tu_hash_seeded(text, state);
}

static uint64_t of_number(uint64_t state, uint64_t number)
{
	return tu_hash_mix(state ^ number, 0x9e3779b97f4a7c15u) + number;
}

static uint64_t of_owner(uint64_t state, const struct tu_kb_entry *entry)
{
	const struct tu_str parts[] = {entry->type, entry->namespace_, entry->name, entry->distro,
		entry->module, entry->vendor, entry->product, entry->cpe};

	state = of_number(state, entry->is_package);
	for (size_t i = 0; i < TU_COUNT(parts); i++)
		state = of_text(state, parts[i]);
	state = of_number(state, (unsigned char)entry->part);
	state = of_number(state, (uint64_t)entry->vulnerable << 1 | (uint64_t)entry->from_text);
	return of_number(state, entry->node);
}

static uint64_t of_versions(
	uint64_t state, const struct tu_kb *kb, const struct tu_kb_entry *entry, uint32_t index)
{
	state = of_number(state, (uint64_t)entry->scheme << 8 | (uint64_t)entry->otherwise);
	state = of_text(state, entry->fixed);
	for (uint32_t i = 0; i < entry->spans; i++) {
		struct tu_span span = tu_kb_span(kb, index, i);

		state = of_number(state, (uint64_t)span.coverage);
		state = of_text(state, span.interval.lo.text);
		state = of_number(state, span.interval.lo.inclusive);
		state = of_text(state, span.interval.hi.text);
		state = of_number(state, span.interval.hi.inclusive);
	}
	return state;
}

/* One look at each entry; what is in the same configuration is added when all are known. */
static void look_at_entries(struct side *side)
{
	for (uint32_t i = 0; i < side->info.entries; i++) {
		struct tu_kb_entry entry = tu_kb_entry(side->kb, i);
		struct entry_digest *d = &side->entries[i];
		uint64_t owner = of_owner(1, &entry);

		d->vulnerability = entry.vulnerability;
		d->configuration = entry.is_package ? TU_KB_NONE : entry.configuration;
		d->facts = of_versions(owner, side->kb, &entry, i) + side->records[entry.advisory];
		if (d->configuration < side->info.entries)
			side->configurations[d->configuration] += owner;
	}
}

static void sum_entries(struct side *side)
{
	for (uint32_t i = 0; i < side->info.entries; i++) {
		const struct entry_digest *d = &side->entries[i];
		uint64_t others = d->configuration < side->info.entries
			? side->configurations[d->configuration]
			: 0;

		side->of[d->vulnerability].applies += of_number(d->facts, others);
	}
}

static void name_records(struct side *side)
{
	for (uint32_t i = 0; i < side->info.advisories; i++) {
		struct tu_kb_advisory record = tu_kb_advisory(side->kb, i);

		side->records[i] = of_text(of_number(2, (uint64_t)record.source), record.id);
	}
}

static uint64_t weight_of(const struct tu_kb *kb, uint32_t index, const struct tu_kb_advisory *a)
{
	uint64_t state = of_number(3, a->has_kev);
	const struct tu_str parts[] = {a->id, a->ssvc.exploitation, a->ssvc.automatable,
		a->ssvc.technical_impact, a->kev.date_added, a->kev.due_date};

	for (size_t i = 0; i < TU_COUNT(parts); i++)
		state = of_text(state, parts[i]);
	state = of_number(state, a->kev.ransomware);
	if (a->has_kev)
		state = of_number(of_number(state, a->state == TU_ADVISORY_WITHDRAWN),
			(uint64_t)a->withdrawn);
	for (uint32_t i = 0; i < a->scores; i++) {
		struct tu_score score = tu_kb_score(kb, index, i);

		state = of_number(state, (uint64_t)score.version << 8 | score.base_tenths);
		state = of_text(of_text(state, score.vector), score.severity);
		state = of_text(state, score.scorer);
	}
	return state;
}

static uint64_t words_of(const struct tu_kb *kb, uint32_t index, const struct tu_kb_advisory *a)
{
	uint64_t state = of_text(of_text(of_text(4, a->id), a->title), a->database);

	state = of_number(of_number(state, (uint64_t)a->published), (uint64_t)a->modified);
	for (uint32_t i = 0; i < a->aliases; i++)
		state = of_text(state, tu_kb_alias(kb, index, i));
	for (uint32_t i = 0; i < a->related; i++)
		state = of_text(state, tu_kb_related(kb, index, i));
	for (uint32_t i = 0; i < a->cwes; i++)
		state = of_text(state, tu_kb_cwe(kb, index, i));
	for (uint32_t i = 0; i < a->references; i++)
		state = of_text(state, tu_kb_reference(kb, index, i).url);
	return state;
}

static void sum_records(struct side *side, uint32_t index)
{
	struct tu_kb_vulnerability v = tu_kb_vulnerability(side->kb, index);
	struct digests *d = &side->of[index];
	uint64_t epss[2] = {0, 0};

	memcpy(&epss[0], &v.epss_score, sizeof(v.epss_score));
	memcpy(&epss[1], &v.epss_percentile, sizeof(v.epss_percentile));
	d->epss = of_number(of_number(5, epss[0]), epss[1]);
	d->applies += of_number(6, v.rejected);
	d->weight += of_number(7, (uint64_t)v.has_kev << 1 | (uint64_t)v.disputed);
	d->words += of_text(8, v.title);
	for (uint32_t i = 0; i < v.advisories; i++) {
		uint32_t record = tu_kb_record(side->kb, index, i);
		struct tu_kb_advisory a = tu_kb_advisory(side->kb, record);

		if (a.state == TU_ADVISORY_WITHDRAWN || a.state == TU_ADVISORY_REJECTED)
			d->applies += of_text(9, a.id);
		d->weight += weight_of(side->kb, record, &a);
		d->words += words_of(side->kb, record, &a);
	}
}

static bool open_side(struct side *side, struct tu_arena *arena, const struct tu_kb *kb)
{
	side->kb = kb;
	tu_kb_info(kb, &side->info);
	side->of = tu_arena_array(arena, side->info.vulnerabilities, sizeof(*side->of));
	side->touched = tu_arena_array(arena, side->info.vulnerabilities, 1);
	side->configurations =
		tu_arena_array(arena, side->info.entries, sizeof(*side->configurations));
	side->entries = tu_arena_array(arena, side->info.entries, sizeof(*side->entries));
	side->records = tu_arena_array(arena, side->info.advisories, sizeof(*side->records));
	if (!side->of || !side->touched || !side->configurations || !side->entries ||
		!side->records)
		return false;
	name_records(side);
	look_at_entries(side);
	sum_entries(side);
	for (uint32_t i = 0; i < side->info.vulnerabilities; i++)
		sum_records(side, i);
	return true;
}

/* ---- changes ---- */

static unsigned differences(const struct digests *a, const struct digests *b)
{
	return (a->applies != b->applies ? TU_KB_APPLIES : 0u) |
		(a->weight != b->weight ? TU_KB_WEIGHT : 0u) |
		(a->words != b->words ? TU_KB_WORDS : 0u) | (a->epss != b->epss ? TU_KB_EPSS : 0u);
}

static bool add_change(struct comparison *c, uint32_t old_index, uint32_t new_index)
{
	struct tu_kb_change change = {old_index, new_index, 0};

	change.differences = old_index == TU_KB_NONE || new_index == TU_KB_NONE
		? TU_KB_APPLIES | TU_KB_WEIGHT | TU_KB_WORDS
		: differences(&c->old_side.of[old_index], &c->new_side.of[new_index]);
	if (change.differences == 0)
		return true;
	if (change.differences & TU_KB_APPLIES) {
		c->applies++;
		if (old_index != TU_KB_NONE)
			c->old_side.touched[old_index] = 1;
		if (new_index != TU_KB_NONE)
			c->new_side.touched[new_index] = 1;
	}
	return TU_VEC_PUSH_IN(c->arena, &c->changes, change);
}

/* Ids in the order of the files: ASCII case folded. */
static int compare_ids(struct tu_str a, struct tu_str b)
{
	for (size_t i = 0; i < a.len && i < b.len; i++) {
		unsigned char x = (unsigned char)tu_char_lower(a.ptr[i]);
		unsigned char y = (unsigned char)tu_char_lower(b.ptr[i]);

		if (x != y)
			return x < y ? -1 : 1;
	}
	return (a.len > b.len) - (a.len < b.len);
}

static bool find_changes(struct comparison *c)
{
	uint32_t a = 0, b = 0;
	uint32_t a_end = c->old_side.info.vulnerabilities;
	uint32_t b_end = c->new_side.info.vulnerabilities;

	while (a < a_end || b < b_end) {
		int order = a == a_end ? 1
			: b == b_end   ? -1
				       : compare_ids(tu_kb_vulnerability(c->old_side.kb, a).id,
						 tu_kb_vulnerability(c->new_side.kb, b).id);

		if (!add_change(c, order > 0 ? TU_KB_NONE : a, order < 0 ? TU_KB_NONE : b))
			return false;
		a += order <= 0;
		b += order >= 0;
	}
	return true;
}

/* ---- keys ---- */

static int compare_keys(const struct tu_kb_key *a, const struct tu_kb_key *b)
{
	const struct tu_str x[] = {a->type, a->namespace_, a->name, a->vendor, a->product};
	const struct tu_str y[] = {b->type, b->namespace_, b->name, b->vendor, b->product};
	int order = (int)b->is_package - (int)a->is_package;

	for (size_t i = 0; order == 0 && i < TU_COUNT(x); i++)
		order = tu_str_cmp(x[i], y[i]);
	return order;
}

static int order_keys(const void *a, const void *b)
{
	return compare_keys(a, b);
}

static bool gather_keys(struct comparison *c, const struct side *side)
{
	for (uint32_t i = 0; i < side->info.entries; i++) {
		struct tu_kb_entry entry;
		struct tu_kb_key key;

		if (!side->touched[side->entries[i].vulnerability])
			continue;
		entry = tu_kb_entry(side->kb, i);
		key = (struct tu_kb_key){.is_package = entry.is_package,
			.type = entry.type,
			.namespace_ = entry.namespace_,
			.name = entry.name,
			.vendor = entry.vendor,
			.product = entry.product};
		/* entries of one owner stand together */
		if (c->keys.count && compare_keys(&c->keys.at[c->keys.count - 1], &key) == 0)
			continue;
		if (!TU_VEC_PUSH_IN(c->arena, &c->keys, key))
			return false;
	}
	return true;
}

static void sort_keys(struct comparison *c)
{
	size_t kept = 0;

	if (c->keys.count)
		qsort(c->keys.at, c->keys.count, sizeof(*c->keys.at), order_keys);
	for (size_t i = 0; i < c->keys.count; i++)
		if (kept == 0 || compare_keys(&c->keys.at[kept - 1], &c->keys.at[i]) != 0)
			c->keys.at[kept++] = c->keys.at[i];
	c->keys.count = kept;
}

enum tu_status tu_kb_compare(struct tu_arena *arena, const struct tu_kb *old_kb,
	const struct tu_kb *new_kb, const struct tu_kb_diff **out_diff, struct tu_error *err)
{
	struct comparison c = {.arena = arena};
	struct tu_kb_diff *diff = tu_arena_alloc(arena, sizeof(*diff));

	if (!diff || !open_side(&c.old_side, arena, old_kb) ||
		!open_side(&c.new_side, arena, new_kb) || !find_changes(&c) ||
		!gather_keys(&c, &c.old_side) || !gather_keys(&c, &c.new_side))
		return tu_no_memory(err);
	sort_keys(&c);
	*diff = (struct tu_kb_diff){
		c.changes.at, c.changes.count, c.keys.at, c.keys.count, c.applies};
	*out_diff = diff;
	return TU_OK;
}
