#include "list/order.h"

/*
 * A page of vulnerabilities, in two steps: a walk over all facts finds which vulnerabilities have
 * a finding that passes, and by what they stand in the order; then the rows of the page alone are
 * put together, from the components that have a fact about each.
 */
struct grouping {
	struct tu_list__walk *walk;
	struct tu_list__order order;
	struct tu_list__best best;
	uint8_t *found; /* by vulnerability */
	uint32_t *values; /* the value of the order so far; by vulnerability */
	uint64_t total;
	uint32_t *marks; /* by release: the number of the row that has counted it */
	uint32_t mark;
};

/* ---- what the order goes by: the worst, least assessed, earliest, soonest ---- */

static uint32_t value_of(const struct grouping *g, const struct tu_list__traits *traits)
{
	switch (g->order.sort) {
	case TU_LIST_BY_HARM:
		return traits->harm;
	case TU_LIST_BY_STATE:
		return traits->state;
	case TU_LIST_BY_FIRST_SEEN:
		return traits->seen;
	case TU_LIST_BY_DEADLINE:
		return traits->due;
	case TU_LIST_BY_SEVERITY:
	case TU_LIST_BY_KEV:
	case TU_LIST_BY_EPSS:
	case TU_LIST_BY_NAME:
	case TU_LIST_SORTS:
		break;
	}
	return 0;
}

static bool is_better(const struct grouping *g, uint32_t value, uint32_t than)
{
	if (g->order.sort == TU_LIST_BY_HARM)
		return value > than;
	if (g->order.sort == TU_LIST_BY_DEADLINE)
		return value && (!than || value < than);
	return value < than;
}

static uint32_t highest(uint32_t set)
{
	return set ? 31 - (uint32_t)__builtin_clz(set) : 0;
}

static uint32_t latest(uint32_t a, uint32_t b, uint32_t c)
{
	uint32_t of_two = a > b ? a : b;

	return of_two > c ? of_two : c;
}

static uint32_t lowest(uint32_t set)
{
	return set ? (uint32_t)__builtin_ctz(set) : 0;
}

/* The best value that a finding of the fact could have. */
static uint32_t bound_of(const struct grouping *g, const struct tu_list__fact *fact)
{
	const struct tu_list__block *block = g->walk->block;
	const struct tu_list__plan *plan = g->walk->plan;

	if (g->order.sort == TU_LIST_BY_HARM)
		return highest(block->harms & plan->harms_possible);
	if (g->order.sort == TU_LIST_BY_STATE)
		return lowest((block->states | TU_LIST_BIT(TU_LIST_NOT_ASSESSED)) &
			plan->states_possible);
	if (g->order.sort == TU_LIST_BY_FIRST_SEEN)
		return latest(fact->seen, block->added_min, plan->since[0]);
	return g->order.special[tu_list__fact_vuln(fact)] ? 1
							  : g->order.due[tu_list__fact_vuln(fact)];
}

static void improve(struct grouping *g, const struct tu_list__fact *fact)
{
	uint32_t vuln = tu_list__fact_vuln(fact), bound = bound_of(g, fact);
	struct tu_list__steps steps;

	if (g->found[vuln] && !is_better(g, bound, g->values[vuln]))
		return;
	tu_list__steps_begin(g->walk, fact, &steps);
	while (tu_list__steps_next(&steps)) {
		struct tu_list__traits traits = tu_list__traits_of(&steps);
		uint32_t value = value_of(g, &traits);

		if (!g->found[vuln] || is_better(g, value, g->values[vuln]))
			g->values[vuln] = value;
		g->found[vuln] = 1;
		if (!is_better(g, bound, g->values[vuln]))
			return;
	}
}

/* The order goes by the vulnerability: it is enough to know that there is a finding. */
static void find(struct grouping *g, const struct tu_list__fact *fact, uint32_t mask)
{
	uint64_t counts[TU_LIST__FILTERS];

	counts[0] = 0;
	if (g->found[tu_list__fact_vuln(fact)])
		return;
	tu_list__count_fact(g->walk, fact, mask, counts);
	g->found[tu_list__fact_vuln(fact)] = counts[0] > 0;
}

static void walk_all(struct grouping *g)
{
	bool by_vuln = tu_list__order_by_vuln(g->order.sort);

	while (tu_list__walk_next(g->walk)) {
		const struct tu_list__fact *facts = tu_list__facts(g->walk->block);

		for (uint32_t i = 0; i < g->walk->block->fact_count; i++) {
			uint32_t mask = tu_list__fact_mask(g->walk, &facts[i]);

			if (mask && by_vuln)
				find(g, &facts[i], mask);
			else if (mask)
				improve(g, &facts[i]);
		}
	}
}

static void choose(struct grouping *g)
{
	uint32_t count = g->order.snapshot->tables[TU_LIST__VULNERABILITIES]->count;
	bool by_vuln = tu_list__order_by_vuln(g->order.sort);

	for (uint32_t i = 0; i < count; i++) {
		struct tu_list__entry entry = {.row = {.vuln = i}};

		if (!g->found[i])
			continue;
		g->total++;
		entry.row.key = by_vuln ? tu_list__vuln_key(&g->order, i)
					: tu_list__key(&g->order, g->values[i]);
		entry.place.first = tu_list__first_place(&g->order, entry.row.key, i);
		if (tu_list__best_wants(&g->best, entry.place.first))
			(void)tu_list__best_put(&g->best, &entry);
	}
}

/* ---- rows ---- */

/* Uncontrolled, then undecided, then controlled. */
static int risk_rank(uint8_t risk)
{
	static const int ranks[TU_LIST_RISKS] = {1, 0, 2};

	return ranks[risk];
}

static void add_release(struct grouping *g, struct tu_list_group *row, uint32_t release)
{
	const struct tu_list__release *at = tu_list__release_at(g->order.snapshot, release);

	if (g->marks[release] == g->mark)
		return;
	g->marks[release] = g->mark;
	row->releases++;
	if (!row->release.id || at->id < row->release.id)
		row->release = tu_list__show_release(g->order.snapshot, release, &row->device);
}

static void add_finding(struct tu_list_group *row, const struct tu_list__traits *traits)
{
	int64_t seen = (int64_t)traits->seen * 1000000, due = (int64_t)traits->due * 1000000;

	if (!row->findings++) {
		row->first_seen = seen;
		row->state = (enum tu_list_state)traits->state;
		row->risk = traits->risk;
	}
	row->states |= TU_LIST_BIT(traits->state);
	row->risks |= TU_LIST_BIT(traits->risk);
	if (seen < row->first_seen)
		row->first_seen = seen;
	if (traits->state < row->state)
		row->state = (enum tu_list_state)traits->state;
	if (traits->harm > row->harm)
		row->harm = traits->harm;
	if (risk_rank(traits->risk) > risk_rank(row->risk))
		row->risk = traits->risk;
	if (due && (!row->deadline || due < row->deadline))
		row->deadline = due;
}

/* Components stand in no order of their ids. */
static void add_component(const struct grouping *g, struct tu_list_group *row)
{
	uint32_t at = g->walk->component;
	int64_t id = tu_list__component_at(g->order.snapshot, at)->id;

	if (!row->component.id || id < row->component.id)
		row->component = tu_list__show_component(g->order.snapshot, at);
}

static void add_fact(
	struct grouping *g, struct tu_list_group *row, const struct tu_list__fact *fact)
{
	const struct tu_list__ref *refs = tu_list__refs(g->walk->block);
	uint32_t kind = tu_list__fact_kind(fact);
	uint64_t before = row->findings;
	struct tu_list__steps steps;

	tu_list__steps_begin(g->walk, fact, &steps);
	while (tu_list__steps_next(&steps)) {
		struct tu_list__traits traits = tu_list__traits_of(&steps);

		add_finding(row, &traits);
		add_release(g, row, tu_list__ref_release(&refs[steps.place]));
	}
	if (row->findings == before)
		return;
	row->components++;
	add_component(g, row);
	row->verdicts |= TU_LIST_BIT(kind & 3);
	row->fixable = row->fixable || kind >> 2;
}

static void fill_row(struct grouping *g, uint32_t vuln, struct tu_list_group *out_row)
{
	const struct tu_list_snapshot *snapshot = g->order.snapshot;
	const struct tu_list__posting *posting = tu_list__shelf_at(&snapshot->postings, vuln);

	*out_row = (struct tu_list_group){.vulnerability = tu_list__show_vuln(snapshot, vuln)};
	g->mark++;
	for (uint32_t i = 0; posting && i < posting->count; i++) {
		const struct tu_list__fact *fact;

		if (!tu_list__walk_to(g->walk, posting->at[i]))
			continue;
		fact = tu_list__block_find(
			g->walk->block, vuln, snapshot->tables[TU_LIST__VULNERABILITIES]);
		if (fact && tu_list__fact_mask(g->walk, fact))
			add_fact(g, out_row, fact);
	}
}

static enum tu_status fill_page(struct tu_arena *arena, struct grouping *g,
	const struct tu_list_query *query, struct tu_list_page *page)
{
	size_t count = g->best.count < query->page_size ? g->best.count : query->page_size;
	struct tu_list_group *rows = tu_arena_array(arena, count, sizeof(*rows));

	if (!rows)
		return TU_E_NOMEM;
	tu_list__best_sort(&g->best);
	for (size_t i = 0; i < count; i++)
		fill_row(g, g->best.at[i].row.vuln, &rows[i]);
	page->groups = rows;
	page->count = count;
	page->total.exact = g->total <= TU_LIST_COUNT_MAX;
	page->total.count = page->total.exact ? g->total : TU_LIST_COUNT_MAX;
	if (g->best.count <= count)
		return TU_OK;
	return tu_list__cursor_write(
		arena, &g->order, query, &g->best.at[count - 1].row, &page->next);
}

static bool room_for(struct tu_arena *arena, struct grouping *g)
{
	size_t vulns = g->order.snapshot->tables[TU_LIST__VULNERABILITIES]->count + (size_t)1;
	size_t releases = g->order.snapshot->tables[TU_LIST__RELEASES]->count + (size_t)1;

	g->best.at = tu_arena_array(arena, g->best.limit, sizeof(*g->best.at));
	g->found = tu_alloc(vulns, 1);
	g->values = tu_alloc(vulns, sizeof(*g->values));
	g->marks = tu_alloc(releases, sizeof(*g->marks));
	return g->best.at && g->found && g->values && g->marks;
}

enum tu_status tu_list__groups(struct tu_arena *arena, struct tu_list__walk *walk,
	const struct tu_list_query *query, struct tu_list_page *out_page, struct tu_error *err)
{
	struct grouping g = {.walk = walk,
		.order = tu_list__order_of(walk->plan, query),
		.best = {.limit = query->page_size + (size_t)1}};
	enum tu_status status = tu_list__cursor_read(&g.order, query, &g.best.after, err);

	if (status)
		return status;
	status = TU_E_NOMEM;
	if (room_for(arena, &g)) {
		walk_all(&g);
		choose(&g);
		status = fill_page(arena, &g, query, out_page);
	}
	tu_free(g.found);
	tu_free(g.values);
	tu_free(g.marks);
	return status ? tu_no_memory(err) : TU_OK;
}
