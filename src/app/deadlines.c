#include "app/deadlines.h"

#include <tutela/exploited.h>

#include <stdlib.h>

#include "app/assess.h"
#include "base/time.h"
#include "base/vec.h"

/* Its place in the case; NULL: there is none left, and what it says is undecided. */
static struct tu_deadline_catalogue *place_of(struct tu_deadline_case *c, struct tu_str name)
{
	for (size_t i = 0; i < c->catalogue_count; i++)
		if (tu_str_ieq(c->catalogues[i].name, name))
			return &c->catalogues[i];
	if (c->catalogue_count == TU_DEADLINE_CATALOGUES_MAX)
		return NULL;
	c->catalogues[c->catalogue_count] = (struct tu_deadline_catalogue){.name = name};
	return &c->catalogues[c->catalogue_count++];
}

static void ask_catalogues(const struct tu_kb *kb, struct tu_deadline_case *c)
{
	struct tu_deadline_catalogue *place;
	struct tu_str name;
	uint32_t at = 0;

	while (kb && tu_kb_catalogue_next(kb, &at, &name))
		if ((place = place_of(c, name)) != NULL)
			place->read = true;
}

static void take_listing(struct tu_deadline_case *c, const struct tu_kb_exploited *one)
{
	struct tu_deadline_catalogue *place = place_of(c, one->catalogue);
	int64_t added = 0;

	if (!place)
		return;
	place->lists = true;
	if (tu_time_parse(one->date_added, &added) && (!place->since || added < place->since))
		place->since = added;
}

/* Whether it is known to be exploited is a fact of today, not of the day it was decided. */
static void ask_kev(const struct tu_kb *kb, struct tu_str id, struct tu_deadline_case *c)
{
	uint32_t index = kb ? tu_kb_find(kb, id) : TU_KB_NONE;
	struct tu_kb_exploited one;
	int64_t added = 0;
	uint32_t at = 0;

	/* the earliest that any catalogue states: one more never makes it later */
	while (index != TU_KB_NONE && tu_kb_exploited_next(kb, index, &at, &one)) {
		if (one.withdrawn)
			continue;
		c->exploited = true;
		take_listing(c, &one);
		if (tu_time_parse(one.date_added, &added) &&
			(!c->exploited_since || added < c->exploited_since))
			c->exploited_since = added;
	}
}

static void take_fact(
	struct tu_str word, struct tu_str yes, struct tu_str no, enum tu_bod_value *value)
{
	enum tu_bod_value said = tu_str_ieq(word, yes) ? TU_BOD_YES
		: tu_str_ieq(word, no)		       ? TU_BOD_NO
						       : TU_BOD_UNDECIDED;

	if (said == TU_BOD_YES || (said == TU_BOD_NO && *value == TU_BOD_UNDECIDED))
		*value = said;
}

/* What CISA says of it: its catalogue, and the SSVC points of its containers. A record that says
 * nothing leaves a fact undecided; one that says yes is enough. */
static void ask_federal(const struct tu_kb *kb, struct tu_str id, struct tu_deadline_case *c)
{
	uint32_t index = kb ? tu_kb_find(kb, id) : TU_KB_NONE;
	enum tu_bod_value *facts = c->federal.of;
	struct tu_kb_exploited one;
	int64_t added = 0;
	uint32_t at = 0;

	if (index == TU_KB_NONE)
		return;
	if (facts[TU_BOD_IN_KEV] == TU_BOD_UNDECIDED && tu_kb_has_catalogue(kb, TU_STR("CISA")))
		facts[TU_BOD_IN_KEV] = TU_BOD_NO;
	while (tu_kb_exploited_next(kb, index, &at, &one)) {
		if (one.withdrawn || !tu_str_eq(one.catalogue, TU_STR("CISA")))
			continue;
		facts[TU_BOD_IN_KEV] = TU_BOD_YES;
		if (tu_time_parse(one.date_added, &added) &&
			(!c->federal_since || added < c->federal_since))
			c->federal_since = added;
	}
	for (uint32_t n = 0; n < tu_kb_vulnerability(kb, index).advisories; n++) {
		struct tu_ssvc ssvc = tu_kb_advisory(kb, tu_kb_record(kb, index, n)).ssvc;

		take_fact(
			ssvc.automatable, TU_STR("yes"), TU_STR("no"), &facts[TU_BOD_AUTOMATABLE]);
		take_fact(ssvc.technical_impact, TU_STR("total"), TU_STR("partial"),
			&facts[TU_BOD_TOTAL]);
	}
}

/* By every name that its decisions give it. */
struct tu_deadline_case tu_deadline_case_with_kev(
	const struct tu_kb *kb, const struct tu_deadline_case *c)
{
	struct tu_deadline_case known = *c;

	ask_catalogues(kb, &known);
	for (size_t i = 0; i < c->decision_count; i++) {
		const struct tu_decision *decision = c->decisions[i];

		ask_kev(kb, decision->vulnerability, &known);
		ask_federal(kb, decision->vulnerability, &known);
		for (size_t k = 0; k < decision->aliases.count; k++) {
			ask_kev(kb, decision->aliases.at[k], &known);
			ask_federal(kb, decision->aliases.at[k], &known);
		}
	}
	return known;
}

static int compare_events(const void *a, const void *b)
{
	const struct tu_case_event *x = *(const struct tu_case_event *const *)a;
	const struct tu_case_event *y = *(const struct tu_case_event *const *)b;

	return (x->at > y->at) - (x->at < y->at);
}

bool tu_deadline_case_is_about(
	const struct tu_kb *kb, const struct tu_deadline_case *c, struct tu_str vulnerability)
{
	const uint32_t index = kb ? tu_kb_find(kb, vulnerability) : TU_KB_NONE;

	for (size_t i = 0; i < c->decision_count; i++) {
		const struct tu_decision *decision = c->decisions[i];

		if (tu_decision_is_about(decision, vulnerability))
			return true;
		if (index == TU_KB_NONE)
			continue;
		if (tu_kb_find(kb, decision->vulnerability) == index)
			return true;
		for (size_t k = 0; k < decision->aliases.count; k++)
			if (tu_kb_find(kb, decision->aliases.at[k]) == index)
				return true;
	}
	return false;
}

/* With the events that no decision states. */
static bool add_more(struct tu_arena *arena, const struct tu_kb *kb,
	const struct tu_deadlines_of *all, struct tu_deadline_case *c)
{
	const struct tu_case_event **events =
		tu_arena_array(arena, c->event_count + all->more_count, sizeof(*events));
	size_t count = c->event_count;

	if (!events)
		return false;
	if (count)
		memcpy(events, c->events, count * sizeof(const void *));
	for (size_t i = 0; i < all->more_count; i++)
		if (tu_deadline_case_is_about(kb, c, all->more[i].vulnerability))
			events[count++] = all->more[i].event;
	if (count)
		qsort(events, count, sizeof(*events), compare_events);
	c->events = events;
	c->event_count = count;
	return true;
}

/* What the deadlines cannot speak of: markets without rules, events of an unknown name. */
static enum tu_status find_gaps(
	struct tu_deadlines_of *all, const struct tu_device_folder *folder, struct tu_error *err)
{
	TU_VEC(struct tu_unknown_event) unknown = {0};
	enum tu_status status = tu_deadline_unwatched(
		folder->arena, folder->device, &all->unwatched, &all->unwatched_count, err);

	for (size_t i = 0; i < folder->decision_count; i++) {
		const struct tu_decision *decision = folder->decisions[i];

		for (size_t k = 0; k < decision->event_count && !status; k++)
			if (!decision->events[k].corrected &&
				!tu_deadline_knows_event(
					folder->device, decision->events[k].name) &&
				!TU_VEC_PUSH_IN(folder->arena, &unknown,
					((struct tu_unknown_event){
						decision, &decision->events[k]})))
				status = tu_no_memory(err);
	}
	all->unknown = unknown.at;
	all->unknown_count = unknown.count;
	return status;
}

enum tu_status tu_deadlines_of_folder(struct tu_deadlines_of *all,
	const struct tu_device_folder *folder, const struct tu_kb *kb, int64_t at,
	struct tu_error *err)
{
	enum tu_status status = tu_deadline_cases(folder->arena, folder->decisions,
		folder->decision_count, &all->cases, &all->case_count, err);

	if (status == TU_OK)
		status = find_gaps(all, folder, err);
	if (status != TU_OK)
		return status;
	all->clocks = tu_arena_array(folder->arena, all->case_count, sizeof(*all->clocks));
	if (!all->clocks)
		return tu_no_memory(err);
	for (size_t i = 0; i < all->case_count && !status; i++) {
		struct tu_deadline_case c = tu_deadline_case_with_kev(kb, &all->cases[i]);

		if (all->more_count && !add_more(folder->arena, kb, all, &c))
			return tu_no_memory(err);
		status = tu_deadlines_run(
			folder->arena, folder->device, &c, at, &all->clocks[i], err);
		for (size_t k = 0; k < all->clocks[i].count && !status; k++)
			all->states[all->clocks[i].at[k].state]++;
	}
	return status;
}

/* ---- findings that nobody has decided ---- */

/* What keeps it from looking is an answer and no failure. */
static enum tu_status count_unassessed(const struct tu_app_context *context,
	const struct tu_deadlines_request *asked, struct tu_deadlines_answer *a,
	struct tu_error *err)
{
	const struct tu_assess_request request = {
		.folder = asked->folder, .kb = asked->kb, .at = asked->at};
	const struct tu_device *device = a->folder.device;
	struct tu_unassessed *out = &a->unassessed;
	struct tu_assess_answer assessing = {0};
	enum tu_status status;

	if (device->release_count == 0)
		return tu_fail(&out->why, TU_OK, 0, "device.yaml lists no release");
	status = tu_app_assess(context, &request, &assessing, &out->why);
	if (status == TU_OK) {
		out->looked = true;
		out->count = tu_assess_count_waiting(assessing.result);
		out->release = device->releases[device->release_count - 1].version;
	}
	tu_assess_done(&assessing);
	return status == TU_E_NOMEM ? tu_no_memory(err) : TU_OK;
}

/* ---- by urgency ---- */

static int compare(const void *one, const void *other)
{
	const struct tu_clock_row *a = one, *b = other;
	int order = tu_deadline_compare(a->clock, b->clock);

	if (!order)
		order = tu_str_cmp(a->of->vulnerability, b->of->vulnerability);
	if (!order)
		order = tu_str_cmp(tu_str_c(a->clock->rule->id), tu_str_c(b->clock->rule->id));
	return order;
}

enum tu_status tu_deadlines_sort(const struct tu_deadlines_of *all, struct tu_arena *arena,
	struct tu_clock_rows *out_rows, struct tu_error *err)
{
	struct tu_clock_row *rows;
	size_t count = 0;

	for (size_t i = 0; i < all->case_count; i++)
		count += all->clocks[i].count;
	rows = tu_arena_array(arena, count, sizeof(*rows));
	if (!rows)
		return tu_no_memory(err);
	*out_rows = (struct tu_clock_rows){rows, count, all->unwatched, all->unwatched_count};
	for (size_t i = 0; i < all->case_count; i++)
		for (size_t k = 0; k < all->clocks[i].count; k++)
			*rows++ = (struct tu_clock_row){&all->cases[i], &all->clocks[i].at[k]};
	if (count)
		qsort(rows - count, count, sizeof(*rows), compare);
	return TU_OK;
}

const struct tu_clock_row *tu_clock_rows_next(const struct tu_clock_rows *rows, size_t *out_missed)
{
	const struct tu_clock_row *first = NULL;

	*out_missed = 0;
	for (size_t i = 0; i < rows->count; i++) {
		const struct tu_deadline *clock = rows->at[i].clock;

		if (!tu_deadline_is_open(clock))
			continue;
		if (!first)
			first = &rows->at[i];
		*out_missed += clock->state == TU_DEADLINE_MISSED;
	}
	return first;
}

/* ---- the whole ---- */

enum tu_status tu_app_deadlines(const struct tu_app_context *context,
	const struct tu_deadlines_request *request, struct tu_deadlines_answer *a,
	struct tu_error *err)
{
	enum tu_status status;

	*a = (struct tu_deadlines_answer){0};
	status = tu_device_folder_open(request->folder, &a->folder, err);
	if (status == TU_OK)
		status = tu_kb_file_open(context, request->kb, TU_KB_VERIFY_ONCE, &a->kb, err);
	if (status != TU_OK)
		return status;
	a->origin = tu_kb_file_origin(&a->kb, request->at);
	status = tu_deadlines_of_folder(&a->all, &a->folder, a->kb.kb, request->at, err);
	if (status == TU_OK)
		status = tu_deadlines_sort(&a->all, a->folder.arena, &a->rows, err);
	return status ? status : count_unassessed(context, request, a, err);
}

void tu_deadlines_done(struct tu_deadlines_answer *a)
{
	tu_kb_file_close(&a->kb);
	tu_device_folder_done(&a->folder);
}
