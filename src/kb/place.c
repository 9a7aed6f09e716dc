/*
 * Where vulnerabilities and advisories are in the file.
 *
 * What is asked for together is together: a component's vulnerabilities are those of one
 * package or product, so rows are sorted by the one that a vulnerability is mainly about, then by
 * id; a product's hundred rows are then in a few pages, not in a hundred. An advisory is with the
 * first of its vulnerabilities. All that belongs to rows follows: lists, texts.
 */
#include "kb/writer.h"

/* Which entry says what a vulnerability is mainly about, the best first. NVD begins with the
 * product at fault, but for distributions that contain it, which are operating systems. */
enum main_entry { OF_NVD, OF_APPLICATION, OF_SYSTEM, OF_PACKAGE, OF_TEXT, OF_PLATFORM, OF_NOTHING };

static enum main_entry weigh(
	const struct tu_kb_builder *b, const struct b_advisory *a, const struct b_entry *entry)
{
	const struct kb_body *body = &b->bodies.at[entry->body];

	if (!(body->flags & KB_VULNERABLE))
		return OF_PLATFORM;
	if (entry->package)
		return OF_PACKAGE;
	if (body->flags & KB_FROM_TEXT)
		return OF_TEXT;
	if (body->part != 'a')
		return OF_SYSTEM;
	return a->row.source == TU_SOURCE_NVD ? OF_NVD : OF_APPLICATION;
}

/* Groups are packages in their order, then products in theirs, then what has no entries. */
struct groups {
	uint32_t *package; /* owner -> group */
	uint32_t *product;
	uint32_t count;
	uint32_t *of; /* vulnerability -> group */
	uint8_t *weight; /* vulnerability -> enum main_entry of what decided */
};

static uint32_t *invert(struct tu_arena *arena, const uint32_t *order, size_t count, uint32_t first)
{
	uint32_t *rank = tu_arena_array(arena, count, sizeof(*rank));

	for (size_t i = 0; rank && i < count; i++)
		rank[order[i]] = first + (uint32_t)i;
	return rank;
}

static bool init_groups(struct writer *w, struct groups *g)
{
	uint32_t packages = (uint32_t)w->b->package_owners.count;
	uint32_t products = (uint32_t)w->b->product_owners.count;
	uint32_t count = w->m.vulnerabilities;

	g->package = invert(w->passing, w->package_order, packages, 0);
	g->product = invert(w->passing, w->product_order, products, packages);
	g->count = packages + products + 1;
	g->of = tu_arena_array(w->passing, count, sizeof(*g->of));
	g->weight = tu_arena_array(w->passing, count, sizeof(*g->weight));
	if (!g->package || !g->product || !g->of || !g->weight)
		return false;
	for (uint32_t i = 0; i < count; i++) {
		g->of[i] = g->count - 1;
		g->weight[i] = OF_NOTHING;
	}
	return true;
}

/* The advisory's best entry, unless another advisory had one as good. */
static void take_advisory(const struct writer *w, struct groups *g, const struct b_link *link)
{
	const struct b_advisory *a = &w->b->advisories.at[link->advisory];

	for (uint32_t i = a->first_entry; i < kb_entries_end(w, link->advisory); i++) {
		const struct b_entry *entry = &w->b->entries.at[i];
		enum main_entry weight = weigh(w->b, a, entry);

		if (weight >= g->weight[link->vulnerability])
			continue;
		g->weight[link->vulnerability] = (uint8_t)weight;
		g->of[link->vulnerability] =
			entry->package ? g->package[entry->owner] : g->product[entry->owner];
	}
}

/* A counting sort that keeps the order within a group: `out_at` is place -> item. */
static bool sort_into(struct tu_arena *passing, const uint32_t *group, uint32_t count,
	uint32_t groups, uint32_t *out_at)
{
	uint32_t *next = tu_arena_array(passing, (size_t)groups + 1, sizeof(*next));

	if (!next)
		return false;
	for (uint32_t i = 0; i < count; i++)
		next[group[i] + 1]++;
	for (uint32_t i = 0; i < groups; i++)
		next[i + 1] += next[i];
	for (uint32_t i = 0; i < count; i++)
		out_at[next[group[i]]++] = i;
	return true;
}

static bool place_vulnerabilities(struct writer *w, const struct groups *g)
{
	uint32_t count = w->m.vulnerabilities;

	w->place = tu_arena_array(w->arena, count, sizeof(*w->place));
	w->number = tu_arena_array(w->arena, count, sizeof(*w->number));
	if (!w->place || !w->number || !sort_into(w->passing, g->of, count, g->count, w->number))
		return false;
	for (uint32_t i = 0; i < count; i++)
		w->place[w->number[i]] = i;
	return true;
}

static bool place_advisories(struct writer *w)
{
	struct b_merged *m = &w->m;
	uint32_t *home = tu_arena_array(w->passing, m->live, sizeof(*home));
	uint32_t *at = tu_arena_array(w->passing, m->live, sizeof(*at));

	w->home = tu_arena_array(w->arena, m->live, sizeof(*w->home));
	if (!home || !at || !w->home)
		return false;
	for (uint32_t i = 0; i < m->live; i++)
		home[i] = w->place[m->links[m->first_link[i]].vulnerability];
	if (!sort_into(w->passing, home, m->live, m->vulnerabilities, at))
		return false;
	for (uint32_t i = 0; i < m->live; i++) {
		w->home[i] = home[at[i]];
		at[i] = m->order[at[i]];
	}
	for (uint32_t i = 0; i < m->live; i++) {
		m->order[i] = at[i];
		m->position[at[i]] = i;
	}
	return true;
}

bool tu_kb__place(struct writer *w)
{
	struct groups groups;

	if (!init_groups(w, &groups))
		return false;
	for (uint32_t i = 0; i < w->m.link_count; i++)
		take_advisory(w, &groups, &w->m.links[i]);
	return place_vulnerabilities(w, &groups) && place_advisories(w);
}
