#include "list/order.h"

/*
 * A page of findings: one walk over the facts, which keeps the best rows in a heap. The references
 * of a fact are looked at only if one of its findings may be among the best, which the bounds
 * below say without looking.
 */
struct window {
	bool first, last, inside;
	uint32_t latest;
	uint32_t *places; /* the references */
	uint32_t count;
};

struct collecting {
	struct tu_list__walk *walk;
	struct tu_list__order order;
	struct tu_list__best best;
	uint64_t *firsts; /* by vulnerability, if the order depends on it alone */
	uint64_t total;
	bool counting;
	struct window window; /* for the order of first_seen */
};

static bool note_firsts(struct collecting *c)
{
	uint32_t count = c->order.snapshot->tables[TU_LIST__VULNERABILITIES]->count;

	c->firsts = tu_alloc(count + (size_t)1, sizeof(*c->firsts));
	for (uint32_t i = 0; c->firsts && i < count; i++)
		c->firsts[i] = tu_list__first_place(&c->order, tu_list__vuln_key(&c->order, i), i);
	return c->firsts;
}

static bool begin(struct collecting *c)
{
	size_t count = c->order.snapshot->refs_max + (size_t)1;

	if (c->order.sort == TU_LIST_BY_FIRST_SEEN)
		c->window.places = tu_alloc(count, sizeof(*c->window.places));
	return tu_list__order_by_vuln(c->order.sort)
		? note_firsts(c)
		: c->order.sort != TU_LIST_BY_FIRST_SEEN || c->window.places;
}

static bool wants_value(const struct collecting *c, uint32_t value, uint32_t vuln)
{
	return tu_list__best_wants(
		&c->best, tu_list__first_place(&c->order, tu_list__key(&c->order, value), vuln));
}

/* ---- bounds ---- */

/* Harms and states are few: each that the block has is tried. */
static bool wants_one_of(const struct collecting *c, uint32_t values, uint32_t vuln)
{
	for (; values; values &= values - 1)
		if (wants_value(c, (uint32_t)__builtin_ctz(values), vuln))
			return true;
	return false;
}

static uint32_t states_of(const struct collecting *c, const struct tu_list__fact *fact)
{
	uint32_t states = TU_LIST_BIT(TU_LIST_NOT_ASSESSED);

	if (fact[0].row < fact[1].row)
		states |= c->walk->block->states;
	return states & c->walk->plan->states_possible;
}

/* Which times of the block's references can still be among the best: the key of the last of them,
 * that of the row before the page, and those between. */
static void find_window(struct collecting *c)
{
	const struct tu_list__block *block = c->walk->block;
	const struct tu_list__ref *refs = tu_list__refs(block);
	uint32_t first = (uint32_t)(c->best.after.first >> 32), last = UINT32_MAX;
	struct window *window = &c->window;

	if (c->best.count == c->best.limit)
		last = (uint32_t)(c->best.at[0].place.first >> 32);
	window->first = window->last = window->inside = false;
	window->latest = window->count = 0;
	for (uint32_t i = 0; i < block->ref_count; i++) {
		uint32_t key = tu_list__key(&c->order, refs[i].added);

		if (key < first || key > last || refs[i].added < c->walk->plan->since[0] ||
			refs[i].added >= c->walk->plan->before[0])
			continue;
		window->first = window->first || key == first;
		window->last = window->last || key == last;
		window->inside = window->inside || (key > first && key < last);
		if (refs[i].added > window->latest)
			window->latest = refs[i].added;
		window->places[window->count++] = i;
	}
}

/* Is a time wanted that a reference brings? */
static bool wants_window(const struct collecting *c, const struct tu_list__fact *fact)
{
	const struct window *window = &c->window;
	uint64_t rank = 2 * c->order.ranks[tu_list__fact_vuln(fact)] + 1;

	if (!window->count || window->latest <= fact->seen)
		return false;
	return window->inside || (window->first && rank >= (c->best.after.first & UINT32_MAX)) ||
		(window->last &&
			(c->best.count < c->best.limit ||
				rank <= (c->best.at[0].place.first & UINT32_MAX)));
}

/* Is the time of the fact wanted? It is a finding's if a reference was there before. */
static bool wants_fact_time(const struct collecting *c, const struct tu_list__fact *fact)
{
	return fact->seen >= c->walk->block->added_min && fact->seen >= c->walk->plan->since[0] &&
		wants_value(c, fact->seen, tu_list__fact_vuln(fact));
}

static bool wants(const struct collecting *c, const struct tu_list__fact *fact)
{
	uint32_t vuln = tu_list__fact_vuln(fact);

	if (c->firsts)
		return tu_list__best_wants(&c->best, c->firsts[vuln]);
	if (c->order.sort == TU_LIST_BY_HARM)
		return wants_one_of(c, c->walk->block->harms & c->walk->plan->harms_possible, vuln);
	if (c->order.sort == TU_LIST_BY_STATE)
		return wants_one_of(c, states_of(c, fact), vuln);
	if (c->order.sort == TU_LIST_BY_FIRST_SEEN)
		return wants_window(c, fact) || wants_fact_time(c, fact);
	return c->order.special[vuln] || wants_value(c, c->order.due[vuln], vuln);
}

/* ---- collecting ---- */

static void collect(struct collecting *c, const struct tu_list__fact *fact)
{
	const struct tu_list__ref *refs = tu_list__refs(c->walk->block);
	uint32_t vuln = tu_list__fact_vuln(fact);
	struct tu_list__steps steps;

	tu_list__steps_begin(c->walk, fact, &steps);
	if (c->window.places && steps.place_count && !wants_fact_time(c, fact)) {
		steps.places = c->window.places;
		steps.place_count = c->window.count;
	}
	while (tu_list__steps_next(&steps)) {
		uint32_t release = tu_list__ref_release(&refs[steps.place]);
		struct tu_list__entry entry = {.row = {0, vuln, c->walk->component, release},
			.fact = fact,
			.ref = steps.place,
			.decided = steps.decided,
			.decision = steps.decision};

		if (c->firsts) {
			entry.place.first = c->firsts[vuln];
		} else {
			struct tu_list__traits traits = tu_list__traits_of(&steps);

			entry.place.first = tu_list__first_place(
				&c->order, tu_list__finding_key(&c->order, &traits), vuln);
		}
		if (!tu_list__best_wants(&c->best, entry.place.first))
			continue;
		entry.row.key = (uint32_t)(entry.place.first >> 32);
		entry.place.second = tu_list__second_place(&c->order, c->walk->component, release);
		/* the next releases of this fact come after it */
		if (!tu_list__best_put(&c->best, &entry) && c->firsts)
			return;
	}
}

static void visit(struct collecting *c, const struct tu_list__fact *fact)
{
	uint32_t mask = tu_list__fact_mask(c->walk, fact);
	uint64_t counts[TU_LIST__FILTERS];

	if (!mask)
		return;
	if (c->counting) {
		counts[0] = 0;
		tu_list__count_fact(c->walk, fact, mask, counts);
		c->total += counts[0];
		c->counting = c->total <= TU_LIST_COUNT_MAX;
		if (!counts[0])
			return;
	}
	if (wants(c, fact))
		collect(c, fact);
}

static void walk_all(struct collecting *c)
{
	while (tu_list__walk_next(c->walk)) {
		const struct tu_list__fact *facts = tu_list__facts(c->walk->block);

		if (c->order.sort == TU_LIST_BY_FIRST_SEEN)
			find_window(c);
		for (uint32_t i = 0; i < c->walk->block->fact_count; i++)
			visit(c, &facts[i]);
	}
}

/* ---- the page ---- */

static struct tu_list_finding show(
	const struct tu_list__walk *walk, const struct tu_list__entry *entry)
{
	const struct tu_list_snapshot *snapshot = walk->plan->snapshot;
	struct tu_list__walk there = {
		.plan = walk->plan, .block = tu_list__block_at(snapshot, entry->row.component)};
	struct tu_list__steps steps = {.walk = &there,
		.fact = entry->fact,
		.place = entry->ref,
		.decided = entry->decided,
		.decision = entry->decision};
	struct tu_list__traits traits = tu_list__traits_of(&steps);
	struct tu_list_finding finding = {
		.vulnerability = tu_list__show_vuln(snapshot, entry->row.vuln),
		.component = tu_list__show_component(snapshot, entry->row.component),
		.verdict = tu_list__fact_kind(entry->fact) & 3,
		.fixable = tu_list__fact_kind(entry->fact) >> 2,
		.first_seen = (int64_t)traits.seen * 1000000,
		.state = (enum tu_list_state)traits.state,
		.status = traits.status,
		.risk = traits.risk,
		.harm = traits.harm,
		.closed = traits.closed,
		.deadline = (int64_t)traits.due * 1000000};

	finding.release = tu_list__show_release(snapshot, entry->row.release, &finding.device);
	return finding;
}

static enum tu_status fill_page(struct tu_arena *arena, struct collecting *c,
	const struct tu_list_query *query, struct tu_list_page *page)
{
	size_t count = c->best.count < query->page_size ? c->best.count : query->page_size;
	struct tu_list_finding *rows = tu_arena_array(arena, count, sizeof(*rows));

	if (!rows)
		return TU_E_NOMEM;
	tu_list__best_sort(&c->best);
	for (size_t i = 0; i < count; i++)
		rows[i] = show(c->walk, &c->best.at[i]);
	page->findings = rows;
	page->count = count;
	page->total =
		(struct tu_list_total){c->counting ? c->total : TU_LIST_COUNT_MAX, c->counting};
	if (c->best.count <= count)
		return TU_OK;
	return tu_list__cursor_write(
		arena, &c->order, query, &c->best.at[count - 1].row, &page->next);
}

enum tu_status tu_list__findings(struct tu_arena *arena, struct tu_list__walk *walk,
	const struct tu_list_query *query, struct tu_list_page *out_page, struct tu_error *err)
{
	struct collecting c = {.walk = walk,
		.order = tu_list__order_of(walk->plan, query),
		.best = {.limit = query->page_size + (size_t)1},
		.counting = true};
	enum tu_status status = tu_list__cursor_read(&c.order, query, &c.best.after, err);

	if (status)
		return status;
	c.best.at = tu_arena_array(arena, c.best.limit, sizeof(*c.best.at));
	status = c.best.at && begin(&c) ? TU_OK : TU_E_NOMEM;
	if (!status) {
		walk_all(&c);
		status = fill_page(arena, &c, query, out_page);
	}
	tu_free(c.firsts);
	tu_free(c.window.places);
	return status ? tu_no_memory(err) : TU_OK;
}
