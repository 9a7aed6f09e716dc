#include "list/walk.h"

bool tu_list__walk_begin(const struct tu_list__plan *plan, struct tu_list__walk *out_walk)
{
	size_t count = plan->snapshot->refs_max + (size_t)1;

	*out_walk = (struct tu_list__walk){.plan = plan};
	out_walk->pass = tu_alloc(count, sizeof(uint32_t));
	out_walk->open = tu_alloc(count, sizeof(uint32_t));
	out_walk->recent = tu_alloc(count, sizeof(uint32_t));
	out_walk->places = tu_alloc(count, sizeof(uint32_t));
	out_walk->recent_places = tu_alloc(count, sizeof(uint32_t));
	return out_walk->pass && out_walk->open && out_walk->recent && out_walk->places &&
		out_walk->recent_places;
}

void tu_list__walk_done(struct tu_list__walk *walk)
{
	tu_free(walk->pass);
	tu_free(walk->open);
	tu_free(walk->recent);
	tu_free(walk->places);
	tu_free(walk->recent_places);
	*walk = (struct tu_list__walk){0};
}

bool tu_list__walk_to(struct tu_list__walk *walk, uint32_t component)
{
	walk->component = component;
	walk->mask = walk->plan->components[component];
	walk->block = tu_list__block_at(walk->plan->snapshot, component);
	walk->ready = false;
	return walk->mask && walk->block && walk->block->fact_count && walk->block->ref_count;
}

bool tu_list__walk_next(struct tu_list__walk *walk)
{
	const struct tu_list__plan *plan = walk->plan;
	size_t count = plan->candidates ? plan->candidate_count
					: plan->snapshot->tables[TU_LIST__COMPONENTS]->count;

	while (walk->next < count) {
		size_t at = walk->next++;

		if (tu_list__walk_to(walk, plan->candidates ? plan->candidates[at] : (uint32_t)at))
			return true;
	}
	return false;
}

/* Filters of `mask` for which a time is at least what they want. */
static uint32_t since_mask(const struct tu_list__plan *plan, uint32_t time, uint32_t mask)
{
	uint32_t timed = mask & plan->timed;

	for (uint32_t rest = timed; rest; rest &= rest - 1) {
		uint32_t f = (uint32_t)__builtin_ctz(rest);

		if (time < plan->since[f])
			mask &= ~(1u << f);
	}
	return mask;
}

static uint32_t before_mask(const struct tu_list__plan *plan, uint32_t time, uint32_t mask)
{
	uint32_t timed = mask & plan->timed;

	for (uint32_t rest = timed; rest; rest &= rest - 1) {
		uint32_t f = (uint32_t)__builtin_ctz(rest);

		if (time >= plan->before[f])
			mask &= ~(1u << f);
	}
	return mask;
}

static void count_open(struct tu_list__walk *walk, uint32_t open, uint32_t recent)
{
	for (uint32_t rest = open & ~walk->plan->plain; rest; rest &= rest - 1) {
		uint32_t f = (uint32_t)__builtin_ctz(rest);

		walk->open_count[f]++;
		walk->recent_count[f] += recent >> f & 1;
	}
}

void tu_list__walk_ready(struct tu_list__walk *walk)
{
	const struct tu_list__plan *plan = walk->plan;
	const struct tu_list__ref *refs = tu_list__refs(walk->block);

	if (walk->ready)
		return;
	walk->ready = true;
	walk->place_count = walk->recent_place_count = 0;
	memset(walk->open_count, 0, sizeof(walk->open_count));
	memset(walk->recent_count, 0, sizeof(walk->recent_count));
	for (uint32_t i = 0; i < walk->block->ref_count; i++) {
		uint32_t pass = walk->mask & plan->releases[tu_list__ref_release(&refs[i])];
		uint32_t recent = pass;

		if (pass & plan->timed) {
			pass = before_mask(plan, refs[i].added, pass);
			recent = since_mask(plan, refs[i].added, pass);
		}
		walk->pass[i] = pass;
		walk->recent[i] = recent;
		walk->open[i] = pass & (plan->open & plan->harms[tu_list__ref_harm(&refs[i])]);
		if (!pass)
			continue;
		walk->places[walk->place_count++] = i;
		if (recent & 1)
			walk->recent_places[walk->recent_place_count++] = i;
		count_open(walk, walk->open[i], recent);
	}
}

/* ---- counting ---- */

static void add_bits(uint64_t counts[TU_LIST__FILTERS], uint32_t mask, uint64_t value)
{
	for (; mask; mask &= mask - 1)
		counts[__builtin_ctz(mask)] += value;
}

/* Findings with a decision were counted as if they had none. */
static void count_decisions(const struct tu_list__walk *walk, const struct tu_list__fact *fact,
	uint32_t mask, uint32_t fresh, uint64_t counts[TU_LIST__FILTERS])
{
	const struct tu_list__plan *plan = walk->plan;
	const struct tu_list__ref *refs = tu_list__refs(walk->block);
	const uint32_t *decisions = tu_list__decisions(walk->block);

	for (uint32_t i = fact[0].row; i < fact[1].row; i++) {
		uint32_t kinds = mask & plan->decision_kinds[tu_list__decision_kind(decisions[i])];
		uint32_t place, seen, counted, passes;

		if (!(kinds | (mask & plan->open)))
			continue;
		place = tu_list__decision_place(decisions[i]);
		seen = mask & (fresh | walk->recent[place]);
		counted = seen & walk->open[place];
		passes = seen & kinds & walk->pass[place] &
			plan->harms[tu_list__decided_harm(decisions[i], &refs[place])];
		add_bits(counts, passes & ~counted, 1);
		add_bits(counts, counted & ~passes, (uint64_t)-1);
	}
}

static bool due_passes(const struct tu_list__plan *plan, uint32_t f, uint32_t due)
{
	return (plan->due_wanted[f] == TU_LIST_ANY ||
		       (plan->due_wanted[f] == TU_LIST_YES) == (due > 0)) &&
		(!plan->due_before[f] || (due && due < plan->due_before[f]));
}

/* One by one: deadlines are different in different devices. */
static void count_slowly(struct tu_list__walk *walk, const struct tu_list__fact *fact,
	uint32_t mask, uint32_t fresh, uint64_t counts[TU_LIST__FILTERS])
{
	const struct tu_list__plan *plan = walk->plan;
	const struct tu_list__ref *refs = tu_list__refs(walk->block);
	const uint32_t *decisions = tu_list__decisions(walk->block);
	uint32_t row = fact[0].row;

	for (uint32_t i = 0; i < walk->place_count; i++) {
		uint32_t place = walk->places[i];
		uint32_t passes = mask & walk->pass[place] & (fresh | walk->recent[place]);
		uint32_t due = tu_list__due_of(
			plan, tu_list__fact_vuln(fact), tu_list__ref_release(&refs[place]));

		while (row < fact[1].row && tu_list__decision_place(decisions[row]) < place)
			row++;
		if (row < fact[1].row && tu_list__decision_place(decisions[row]) == place)
			passes &= plan->decision_kinds[tu_list__decision_kind(decisions[row])] &
				plan->harms[tu_list__decided_harm(decisions[row], &refs[place])];
		else
			passes &= walk->open[place];
		for (; passes; passes &= passes - 1) {
			uint32_t f = (uint32_t)__builtin_ctz(passes);

			counts[f] += due_passes(plan, f, due);
		}
	}
}

void tu_list__count_fact(struct tu_list__walk *walk, const struct tu_list__fact *fact,
	uint32_t mask, uint64_t counts[TU_LIST__FILTERS])
{
	const struct tu_list__plan *plan = walk->plan;
	uint32_t fresh, slow;

	add_bits(counts, mask & plan->plain, walk->block->ref_count);
	mask &= ~plan->plain;
	if (fact[0].row == fact[1].row)
		mask &= plan->open;
	if (!mask)
		return;
	tu_list__walk_ready(walk);
	mask = before_mask(plan, fact->seen, mask);
	fresh = since_mask(plan, fact->seen, mask);
	slow = plan->special[tu_list__fact_vuln(fact)] ? mask & plan->due_asks : 0;
	if (slow)
		count_slowly(walk, fact, slow, fresh, counts);
	mask &= ~slow;
	for (uint32_t rest = mask; rest; rest &= rest - 1) {
		uint32_t f = (uint32_t)__builtin_ctz(rest);

		counts[f] += fresh >> f & 1 ? walk->open_count[f] : walk->recent_count[f];
	}
	mask &= ~plan->blind;
	if (mask && fact[0].row < fact[1].row)
		count_decisions(walk, fact, mask, fresh, counts);
}

/* ---- one by one ---- */

void tu_list__steps_begin(struct tu_list__walk *walk, const struct tu_list__fact *fact,
	struct tu_list__steps *out_steps)
{
	const struct tu_list__plan *plan = walk->plan;

	tu_list__walk_ready(walk);
	*out_steps = (struct tu_list__steps){.walk = walk,
		.fact = fact,
		.places = walk->places,
		.place_count = walk->place_count,
		.row = fact[0].row,
		.row_end = fact[1].row,
		.fresh = since_mask(plan, fact->seen, 1) & 1};
	if (!out_steps->fresh) {
		out_steps->places = walk->recent_places;
		out_steps->place_count = walk->recent_place_count;
	}
	if (!before_mask(plan, fact->seen, 1)) {
		out_steps->place_count = 0;
		out_steps->row = out_steps->row_end;
	}
}

/* Does the finding at steps->place pass? */
static bool step_passes(const struct tu_list__steps *steps)
{
	const struct tu_list__walk *walk = steps->walk;
	const struct tu_list__plan *plan = walk->plan;
	const struct tu_list__ref *ref = tu_list__refs(walk->block) + steps->place;
	uint32_t vuln = tu_list__fact_vuln(steps->fact), passes = walk->pass[steps->place];

	if (!steps->fresh)
		passes &= walk->recent[steps->place];
	if (steps->decided)
		passes &= plan->decision_kinds[tu_list__decision_kind(steps->decision)] &
			plan->harms[tu_list__decided_harm(steps->decision, ref)];
	else
		passes &= walk->open[steps->place];
	if (passes & plan->due_asks && plan->special[vuln])
		return due_passes(plan, 0, tu_list__due_of(plan, vuln, tu_list__ref_release(ref)));
	return passes & 1;
}

/* Where only decisions pass, only they are looked at. */
static bool next_decided(struct tu_list__steps *steps)
{
	const struct tu_list__plan *plan = steps->walk->plan;
	const uint32_t *decisions = tu_list__decisions(steps->walk->block);

	steps->decided = true;
	while (steps->row < steps->row_end) {
		steps->decision = decisions[steps->row++];
		if (!(plan->decision_kinds[tu_list__decision_kind(steps->decision)] & 1))
			continue;
		steps->place = tu_list__decision_place(steps->decision);
		if (step_passes(steps))
			return true;
	}
	return false;
}

bool tu_list__steps_next(struct tu_list__steps *steps)
{
	const struct tu_list__walk *walk = steps->walk;
	const uint32_t *decisions = tu_list__decisions(walk->block);

	if (!(walk->plan->open & 1))
		return next_decided(steps);
	while (steps->next < steps->place_count) {
		steps->place = steps->places[steps->next++];
		while (steps->row < steps->row_end &&
			tu_list__decision_place(decisions[steps->row]) < steps->place)
			steps->row++;
		steps->decided = steps->row < steps->row_end &&
			tu_list__decision_place(decisions[steps->row]) == steps->place;
		if (steps->decided)
			steps->decision = decisions[steps->row];
		if (step_passes(steps))
			return true;
	}
	return false;
}

struct tu_list__traits tu_list__traits_of(const struct tu_list__steps *steps)
{
	const struct tu_list__ref *ref = tu_list__refs(steps->walk->block) + steps->place;
	uint32_t kind = tu_list__decision_kind(steps->decision);
	struct tu_list__traits traits = {
		.seen = steps->fact->seen > ref->added ? steps->fact->seen : ref->added,
		.due = tu_list__due_of(steps->walk->plan, tu_list__fact_vuln(steps->fact),
			tu_list__ref_release(ref)),
		.state = TU_LIST_NOT_ASSESSED,
		.harm = tu_list__ref_harm(ref),
		.status = 1,
	};

	if (!steps->decided)
		return traits;
	traits.state = tu_list__kind_state(kind);
	traits.harm = tu_list__decided_harm(steps->decision, ref);
	traits.status = (uint8_t)(kind >> TU_LIST__STATUS_SHIFT & 7);
	traits.risk = (uint8_t)(kind >> TU_LIST__RISK_SHIFT & 3);
	traits.closed = kind >> TU_LIST__CLOSED_SHIFT & 1;
	return traits;
}
