#include "kb/builder.h"

/*
 * Advisories become vulnerabilities by alias: sets of ids, joined by union-find.
 *
 * Two different CVE ids are never joined: whoever assigned them meant two vulnerabilities. A record
 * with several CVE ids, and a distribution's record that fixes several CVEs at once, is linked to
 * each of them and joins none. Advisories are taken in the order of their ids, so that the result
 * does not depend on the order in which they were added.
 */
struct sets {
	uint32_t *parent;
	uint32_t *best; /* of a root: the id that names the set */
	bool *is_cve; /* id -> spelled as a CVE id */
};

static bool spelled_as_cve(struct tu_str id)
{
	return tu_str_istarts(id, TU_STR("CVE-")) && id.len > 9;
}

static uint32_t root_of(struct sets *sets, uint32_t id)
{
	while (sets->parent[id] != id) {
		sets->parent[id] = sets->parent[sets->parent[id]];
		id = sets->parent[id];
	}
	return id;
}

/* Which of two ids names their set: a CVE id, else the first by bytes. */
static uint32_t better(
	const struct tu_kb_builder *b, const struct sets *sets, uint32_t x, uint32_t y)
{
	if (sets->is_cve[x] != sets->is_cve[y])
		return sets->is_cve[x] ? x : y;
	return tu_str_cmp(b_str(b, x), b_str(b, y)) <= 0 ? x : y;
}

static void join(struct tu_kb_builder *b, struct sets *sets, uint32_t x, uint32_t y)
{
	uint32_t a = root_of(sets, x);
	uint32_t c = root_of(sets, y);

	if (a == c)
		return;
	if (sets->is_cve[sets->best[a]] && sets->is_cve[sets->best[c]]) {
		b->counts.alias_conflicts++;
		return;
	}
	sets->best[a] = better(b, sets, sets->best[a], sets->best[c]);
	sets->parent[c] = a;
}

/* The ids in a list of an advisory. */
struct ids {
	const uint32_t *at;
	uint32_t count;
};

/* A list of nothing has no memory, to which not even zero may be added. */
static struct ids ids_between(const uint32_t *all, uint32_t first, uint32_t end)
{
	return (struct ids){first < end ? all + first : NULL, end - first};
}

static struct ids aliases_of(const struct tu_kb_builder *b, uint32_t advisory)
{
	uint32_t first = b->advisories.at[advisory].row.first_alias;
	uint32_t end = advisory + 1 < b->advisories.count
		? b->advisories.at[advisory + 1].row.first_alias
		: (uint32_t)b->aliases.count;

	return ids_between(b->aliases.at, first, end);
}

static struct ids related_of(const struct tu_kb_builder *b, uint32_t advisory)
{
	uint32_t first = b->advisories.at[advisory].row.first_related;
	uint32_t end = advisory + 1 < b->advisories.count
		? b->advisories.at[advisory + 1].row.first_related
		: (uint32_t)b->related.count;

	return ids_between(b->related.at, first, end);
}

static uint32_t count_cves(const struct sets *sets, struct ids ids)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < ids.count; i++)
		count += sets->is_cve[ids.at[i]];
	return count;
}

/* Ids of an ecosystem's vulnerability, which a distribution's record names where no CVE is known to
 * it. */
static bool is_upstream(const struct tu_kb_builder *b, uint32_t id)
{
	static const struct tu_str prefixes[] = {TU_STR_INIT("GHSA-"), TU_STR_INIT("GO-"),
		TU_STR_INIT("PYSEC-"), TU_STR_INIT("RUSTSEC-")};

	for (size_t i = 0; i < TU_COUNT(prefixes); i++) {
		if (tu_str_istarts(b_str(b, id), prefixes[i]))
			return true;
	}
	return false;
}

static uint32_t count_upstream(const struct tu_kb_builder *b, struct ids ids)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < ids.count; i++)
		count += is_upstream(b, ids.at[i]);
	return count;
}

/* The list whose CVEs (or, if none, upstream ids) an advisory is linked to one by one; empty when
 * it stands for itself. */
static struct ids spread_of(
	const struct tu_kb_builder *b, const struct sets *sets, uint32_t advisory)
{
	const struct b_advisory *a = &b->advisories.at[advisory];
	struct ids aliases = aliases_of(b, advisory);
	struct ids related = related_of(b, advisory);

	if (sets->is_cve[a->row.id])
		return (struct ids){NULL, 0};
	if (count_cves(sets, aliases) > 1)
		return aliases;
	if (a->of_distro && count_cves(sets, aliases) == 0 && count_cves(sets, related) > 0)
		return related;
	if (a->of_distro && aliases.count == 0 && count_upstream(b, related) > 0)
		return related;
	return (struct ids){NULL, 0};
}

static void join_all(struct tu_kb_builder *b, struct sets *sets, const struct b_merged *m)
{
	for (uint32_t i = 0; i < m->live; i++) {
		uint32_t advisory = m->order[i];
		struct ids aliases = aliases_of(b, advisory);

		if (spread_of(b, sets, advisory).count)
			continue;
		for (uint32_t k = 0; k < aliases.count; k++)
			join(b, sets, b->advisories.at[advisory].row.id, aliases.at[k]);
	}
}

/* ---- the steps of tu_kb__merge() ---- */

/* Records of one id and source (several OSV databases, several ADP containers) are ordered by their
 * database. */
static bool sort_databases(struct tu_kb_builder *b, struct b_sortable *items, size_t count)
{
	for (size_t i = 0; i < count; i++)
		items[i].key = b_str(b, b->advisories.at[items[i].index].row.database);
	return tu_kb__sort(items, count);
}

/* Two arenas: for what stays in `*m`, and for what is needed while it is made. */
struct room {
	struct tu_arena *kept;
	struct tu_arena *passing;
};

static bool sort_advisories(struct tu_kb_builder *b, const struct room *room, struct b_merged *m)
{
	uint32_t count = (uint32_t)b->advisories.count;
	struct b_sortable *items = tu_arena_array(room->passing, count, sizeof(*items));

	m->order = tu_arena_array(room->kept, count, sizeof(*m->order));
	m->position = tu_arena_array(room->kept, count, sizeof(*m->position));
	if (!items || !m->order || !m->position)
		return false;
	for (uint32_t i = 0; i < count; i++) {
		const struct b_advisory *a = &b->advisories.at[i];

		m->position[i] = KB_NONE;
		if (!a->superseded)
			items[m->live++] =
				(struct b_sortable){b_str(b, a->row.id), a->row.source, i};
	}
	if (!tu_kb__sort_ids(items, m->live))
		return false;
	for (uint32_t i = 0, end; i < m->live; i = end) {
		end = i + 1;
		while (end < m->live && items[end].tie == items[i].tie &&
			tu_str_eq(items[end].key, items[i].key))
			end++;
		if (end > i + 1 && !sort_databases(b, items + i, end - i))
			return false;
	}
	for (uint32_t i = 0; i < m->live; i++) {
		m->order[i] = items[i].index;
		m->position[items[i].index] = i;
	}
	return true;
}

static bool init_sets(struct tu_kb_builder *b, struct tu_arena *arena, struct sets *sets)
{
	uint32_t count = tu_intern_count(b->strings[B_ID]);

	sets->parent = tu_arena_array(arena, count, sizeof(*sets->parent));
	sets->best = tu_arena_array(arena, count, sizeof(*sets->best));
	sets->is_cve = tu_arena_array(arena, count, sizeof(*sets->is_cve));
	if (!sets->parent || !sets->best || !sets->is_cve)
		return false;
	for (uint32_t i = 0; i < count; i++) {
		sets->parent[i] = sets->best[i] = i;
		sets->is_cve[i] = spelled_as_cve(b_str(b, i));
	}
	return true;
}

/* Call `f` with the root of each set that a live advisory mentions. */
static void each_link(struct tu_kb_builder *b, struct sets *sets, const struct b_merged *m,
	void (*f)(void *context, uint32_t place, uint32_t root), void *context)
{
	for (uint32_t i = 0; i < m->live; i++) {
		struct ids spread = spread_of(b, sets, m->order[i]);
		bool cves = count_cves(sets, spread) > 0;

		for (uint32_t k = 0; k < spread.count; k++) {
			if (cves ? sets->is_cve[spread.at[k]] : is_upstream(b, spread.at[k]))
				f(context, i, root_of(sets, spread.at[k]));
		}
		if (spread.count == 0)
			f(context, i, root_of(sets, b->advisories.at[m->order[i]].row.id));
	}
}

struct numbering {
	struct b_merged *merged;
	bool *seen; /* root -> is a vulnerability */
	uint32_t links;
};

static void note_root(void *context, uint32_t place, uint32_t root)
{
	struct numbering *n = context;

	(void)place;
	n->links++;
	n->merged->vulnerabilities += !n->seen[root];
	n->seen[root] = true;
}

static bool number_vulnerabilities(struct tu_kb_builder *b, const struct room *room,
	struct sets *sets, const bool *seen, struct b_merged *m)
{
	struct b_sortable *items =
		tu_arena_array(room->passing, m->vulnerabilities, sizeof(*items));
	uint32_t count = 0;

	m->id_count = tu_intern_count(b->strings[B_ID]);
	m->primary = tu_arena_array(room->kept, m->vulnerabilities, sizeof(*m->primary));
	m->vulnerability_of = tu_arena_array(room->kept, m->id_count, sizeof(*m->vulnerability_of));
	if (!items || !m->primary || !m->vulnerability_of)
		return false;
	for (uint32_t i = 0; i < m->id_count; i++) {
		if (seen[i])
			items[count++] = (struct b_sortable){b_str(b, sets->best[i]), 0, i};
	}
	if (!tu_kb__sort_ids(items, count))
		return false;
	for (uint32_t i = 0; i < m->id_count; i++)
		m->vulnerability_of[i] = KB_NONE;
	for (uint32_t i = 0; i < count; i++) {
		m->primary[i] = sets->best[items[i].index];
		m->vulnerability_of[items[i].index] = i;
	}
	return true;
}

struct linking {
	struct b_merged *merged;
	uint32_t *last; /* vulnerability -> the last place that was linked to it, + 1 */
};

static void add_link(void *context, uint32_t place, uint32_t root)
{
	struct linking *linking = context;
	struct b_merged *m = linking->merged;
	uint32_t vulnerability = m->vulnerability_of[root];

	if (linking->last[vulnerability] == place + 1)
		return; /* two ids of one vulnerability */
	linking->last[vulnerability] = place + 1;
	m->links[m->link_count++] = (struct b_link){m->order[place], vulnerability};
}

static void start_links(void *context, uint32_t place, uint32_t root)
{
	struct b_merged *m = ((struct linking *)context)->merged;

	/* each_link() walks places in order: the first call for a place closes the ones before. */
	if (place > 0 && m->first_link[place] == KB_NONE)
		m->first_link[place] = m->link_count;
	add_link(context, place, root);
}

/* Ids that are no root take the vulnerability of their set; an id that was spread takes the first
 * that it was spread to. */
static void name_all_ids(struct tu_kb_builder *b, struct sets *sets, struct b_merged *m)
{
	for (uint32_t i = 0; i < m->id_count; i++)
		m->vulnerability_of[i] = m->vulnerability_of[root_of(sets, i)];
	for (uint32_t i = 0; i < m->live; i++) {
		uint32_t id = b->advisories.at[m->order[i]].row.id;

		if (m->vulnerability_of[id] == KB_NONE)
			m->vulnerability_of[id] = m->links[m->first_link[i]].vulnerability;
	}
}

static enum tu_status merge(struct tu_kb_builder *builder, const struct room *room,
	struct b_merged *m, struct tu_error *err)
{
	struct sets sets = {0};
	struct numbering numbering = {.merged = m};
	struct linking linking = {.merged = m};

	if (!sort_advisories(builder, room, m) || !init_sets(builder, room->passing, &sets))
		return tu_no_memory(err);
	join_all(builder, &sets, m);
	numbering.seen = tu_arena_array(
		room->passing, tu_intern_count(builder->strings[B_ID]), sizeof(*numbering.seen));
	if (!numbering.seen)
		return tu_no_memory(err);
	each_link(builder, &sets, m, note_root, &numbering);
	m->links = tu_arena_array(room->kept, numbering.links, sizeof(*m->links));
	m->first_link = tu_arena_array(room->kept, m->live + 1, sizeof(*m->first_link));
	linking.last = tu_arena_array(room->passing, m->vulnerabilities, sizeof(*linking.last));
	if (!m->links || !m->first_link || !linking.last ||
		!number_vulnerabilities(builder, room, &sets, numbering.seen, m))
		return tu_no_memory(err);
	for (uint32_t i = 1; i <= m->live; i++)
		m->first_link[i] = KB_NONE;
	each_link(builder, &sets, m, start_links, &linking);
	m->first_link[m->live] = m->link_count;
	name_all_ids(builder, &sets, m);
	return TU_OK;
}

enum tu_status tu_kb__merge(struct tu_kb_builder *builder, struct tu_arena *arena,
	struct b_merged *out_merged, struct tu_error *err)
{
	const struct room room = {arena, tu_arena_new(SIZE_MAX / 2)};
	enum tu_status status;

	*out_merged = (struct b_merged){0};
	status = room.passing ? merge(builder, &room, out_merged, err) : tu_no_memory(err);
	tu_arena_free(room.passing);
	return status;
}
