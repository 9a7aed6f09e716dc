/* Events of a decision's file, and what corrects them. */
#include "device/decision_events.h"

#include "ident/lenient.h"

#define FIELD(type, member) offsetof(struct type, member)

/* One correction as the file has it. */
struct change {
	struct tu_case_event now; /* without a name: it is taken back */
	bool taken_back;
	struct tu_str reason, by;
	int64_t at;
};

/* One item of the list. */
struct stated {
	struct tu_case_event event; /* first: the table of fields is about it */
	struct change *changes;
	size_t change_count;
};

/* ---- corrections ---- */

static const struct tu_field now_fields[] = {
	{"event", TU_FIELD_TEXT, FIELD(tu_case_event, name), .needed = true},
	{"at", TU_FIELD_TIME, FIELD(tu_case_event, at), .needed = true},
	{"evidence", TU_FIELD_TEXT, FIELD(tu_case_event, evidence)},
	{"contents", TU_FIELD_TEXTS, FIELD(tu_case_event, contents)},
};
static const struct tu_fields now_form = {now_fields, TU_COUNT(now_fields)};

static const struct tu_field change_fields[] = {
	{"now", TU_FIELD_FORM, FIELD(change, now), .fields = &now_form},
	{"taken_back", TU_FIELD_BOOL, FIELD(change, taken_back)},
	{"reason", TU_FIELD_TEXT, FIELD(change, reason), .needed = true},
	{"by", TU_FIELD_TEXT, FIELD(change, by), .needed = true},
	{"at", TU_FIELD_TIME, FIELD(change, at), .needed = true},
};
static const struct tu_fields change_form = {change_fields, TU_COUNT(change_fields)};

/* Nothing that can be read is no evidence. */
static void trim(struct tu_case_event *event)
{
	event->evidence = tu_identifier_trim(event->evidence);
}

static enum tu_status check_change(
	struct tu_form *form, const struct tu_yaml *node, const struct change *change)
{
	bool instead = change->now.name.len > 0;
	bool was_taken_back = node->index && change[-1].taken_back;
	const char *wrong = NULL;

	if (instead == change->taken_back)
		wrong = "expected \"now\", what is said instead, or \"taken_back: true\"";
	else if (change->taken_back && was_taken_back)
		wrong = "it was taken back already";
	else if (!tu_identifier_trim(change->reason).len)
		wrong = "a correction needs its reason";
	return wrong ? tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node, "%s", wrong) : TU_OK;
}

static enum tu_status read_changes(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct stated *stated = target;
	void *items;
	enum tu_status status =
		tu_form_list(form, node, sizeof(*stated->changes), &items, &stated->change_count);

	if (status != TU_OK)
		return status;
	stated->changes = items;
	for (const struct tu_yaml *item = node->first; item && !status; item = item->next) {
		struct change *change = &stated->changes[item->index];

		change->now.place = tu_form_place(item);
		status = tu_form_read(form, item, &change_form, change);
		trim(&change->now);
		if (status == TU_OK)
			status = check_change(form, item, change);
	}
	return status;
}

/* ---- events ---- */

static const struct tu_field event_fields[] = {
	{"event", TU_FIELD_TEXT, FIELD(tu_case_event, name), .needed = true},
	{"at", TU_FIELD_TIME, FIELD(tu_case_event, at), .needed = true},
	{"evidence", TU_FIELD_TEXT, FIELD(tu_case_event, evidence)},
	{"contents", TU_FIELD_TEXTS, FIELD(tu_case_event, contents)},
	{"corrections", TU_FIELD_OTHER, .read = read_changes},
};
static const struct tu_fields event_form = {event_fields, TU_COUNT(event_fields)};

/* Where one is taken back and something is said again later, that is said instead of it. */
static const struct tu_case_event *next_of(
	const struct tu_event_change *changes, size_t count, size_t from)
{
	for (size_t i = from; i < count; i++)
		if (changes[i].now)
			return changes[i].now;
	return NULL;
}

/* One item with its corrections, one event after the other. NULL: no memory. */
static struct tu_case_event *lay_out(
	struct tu_arena *arena, const struct stated *stated, struct tu_case_event *events)
{
	const size_t count = stated->change_count;
	struct tu_event_change *changes = tu_arena_array(arena, count, sizeof(*changes));
	struct tu_event_correction *corrections =
		tu_arena_array(arena, count, sizeof(*corrections));
	struct tu_case_event *last = events;

	if (!changes || !corrections)
		return NULL;
	*events = stated->event;
	events->changes = count ? changes : NULL;
	events->change_count = count;
	for (size_t i = 0; i < count; i++) {
		const struct change *from = &stated->changes[i];

		changes[i] = (struct tu_event_change){
			.reason = from->reason, .by = from->by, .at = from->at};
		if (from->taken_back)
			continue;
		*++last = from->now;
		last->instead = true;
		changes[i].now = last;
	}
	last = events;
	for (size_t i = 0; i < count; i++) {
		corrections[i] = (struct tu_event_correction){
			next_of(changes, count, i), changes[i].at, changes[i].reason};
		last->corrected = &corrections[i]; /* the last one that is about it */
		if (changes[i].now)
			last++;
	}
	return last + 1;
}

static size_t count_events(const struct stated *stated, size_t count)
{
	size_t all = count;

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < stated[i].change_count; k++)
			all += !stated[i].changes[k].taken_back;
	return all;
}

enum tu_status tu_decision__read_events(
	struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_decision *decision = target;
	struct tu_case_event *events, *next;
	struct stated *stated;
	size_t count = 0;
	void *items;
	enum tu_status status = tu_form_list(form, node, sizeof(*stated), &items, &count);

	if (status != TU_OK)
		return status;
	stated = items;
	for (const struct tu_yaml *item = node->first; item && !status; item = item->next) {
		stated[item->index].event.place = tu_form_place(item);
		status = tu_form_read(form, item, &event_form, &stated[item->index]);
		trim(&stated[item->index].event);
	}
	if (status != TU_OK)
		return status;
	decision->event_count = count_events(stated, count);
	events = tu_arena_array(form->arena, decision->event_count, sizeof(*events));
	next = events;
	for (size_t i = 0; next && i < count; i++)
		next = lay_out(form->arena, &stated[i], next);
	decision->events = events;
	return next ? TU_OK : tu_form_no_memory(form);
}
