#include "list/walk.h"

enum { SECOND = 1000000 };

/* ---- what a filter says of each thing ---- */

static bool answers(enum tu_list_ask ask, bool is)
{
	return ask == TU_LIST_ANY || (ask == TU_LIST_YES) == is;
}

static bool in_range(uint32_t value, uint32_t from, uint32_t below)
{
	return value >= from && (!below || value < below);
}

/* What is not stated is below everything. */
static bool stated_in_range(bool stated, uint32_t value, uint32_t from, uint32_t below)
{
	return stated ? in_range(value, from, below) : !from;
}

static bool in_set(uint32_t set, uint32_t value)
{
	return !set || set >> value & 1;
}

static bool is_line_of(struct tu_str lines, struct tu_str wanted)
{
	struct tu_str line;

	while (lines.len && tu_str_split(&lines, '\n', &line))
		if (tu_str_ieq(line, wanted))
			return true;
	return false;
}

static bool catalogues_pass(const struct tu_list_filter *filter, struct tu_str exploited_by)
{
	for (size_t i = 0; i < filter->exploited_by_count; i++)
		if (is_line_of(exploited_by, filter->exploited_by[i].name) ==
			filter->exploited_by[i].no)
			return false;
	return true;
}

static bool vuln_passes(const struct tu_list_filter *filter, const struct tu_list__table *table,
	const struct tu_list__vuln *row)
{
	struct tu_str name = tu_list__said(table, row->name);
	bool scored = row->score != TU_LIST_UNSTATED_SCORE;
	bool has_epss = row->epss != TU_LIST_UNSTATED_EPSS;

	return answers(filter->kev, row->kev) &&
		(!filter->exploited_by_count ||
			catalogues_pass(filter, tu_list__said(table, row->exploited_by))) &&
		answers(filter->unscored, !row->severity) &&
		in_range(row->severity, filter->severity_from, filter->severity_below) &&
		answers(filter->cvss_stated, scored) &&
		stated_in_range(scored, row->score, filter->cvss_from, filter->cvss_below) &&
		answers(filter->epss_stated, has_epss) &&
		stated_in_range(has_epss, row->epss, filter->epss_from, filter->epss_below) &&
		(!filter->vulnerability_id || filter->vulnerability_id == row->id) &&
		(!filter->vulnerability.len || tu_str_istarts(name, filter->vulnerability));
}

static bool component_passes(const struct tu_list_filter *filter,
	const struct tu_list__table *table, const struct tu_list__component *row)
{
	return (!filter->component_id || filter->component_id == row->id) &&
		(!filter->component.len ||
			tu_str_istarts(tu_list__said(table, row->name), filter->component)) &&
		(!filter->package.len ||
			tu_str_eq(tu_list__said(table, row->package), filter->package));
}

/* As tu_str_isearch(), for very many short texts: most end at the first letter. */
static bool contains(struct tu_str text, struct tu_str wanted)
{
	char lower = tu_char_lower(wanted.ptr[0]);
	char upper = tu_char_is_lower(lower) ? (char)(lower - ('a' - 'A')) : lower;

	for (size_t i = 0; i + wanted.len <= text.len; i++)
		if ((text.ptr[i] == lower || text.ptr[i] == upper) &&
			tu_str_ieq(tu_str_of(text.ptr + i, wanted.len), wanted))
			return true;
	return false;
}

static bool component_says(const struct tu_list__table *table, const struct tu_list__component *row,
	struct tu_str text)
{
	return contains(tu_list__said(table, row->name), text) ||
		contains(tu_list__said(table, row->purl), text);
}

/* ---- deadlines ---- */

const struct tu_list__due *tu_list__dues_of(
	const struct tu_list_snapshot *snapshot, uint32_t vuln, size_t *out_count)
{
	const struct tu_list__dues *dues = snapshot->dues;
	size_t low = 0, high = dues->count, end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (dues->at[middle].vuln < vuln)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < dues->count && dues->at[end].vuln == vuln; end++)
		;
	*out_count = end - low;
	return dues->at + low;
}

static void note_dues(struct tu_list__plan *plan)
{
	const struct tu_list__dues *dues = plan->snapshot->dues;

	for (size_t i = 0; i < dues->count; i++) {
		uint32_t *due = &plan->due[dues->at[i].vuln];

		if (dues->at[i].device != TU_LIST__NONE)
			plan->special[dues->at[i].vuln] = 1;
		else if (!*due || dues->at[i].due < *due)
			*due = dues->at[i].due;
	}
}

uint32_t tu_list__due_of(const struct tu_list__plan *plan, uint32_t vuln, uint32_t release)
{
	uint32_t due = plan->due[vuln], device;
	const struct tu_list__due *rows;
	size_t count;

	if (!plan->special[vuln])
		return due;
	device = tu_list__release_at(plan->snapshot, release)->device;
	rows = tu_list__dues_of(plan->snapshot, vuln, &count);
	for (size_t i = 0; i < count; i++)
		if (rows[i].device == device && (!due || rows[i].due < due))
			due = rows[i].due;
	return due;
}

/* ---- masks ---- */

static void mark_vulns(struct tu_list__plan *plan, const struct tu_list_filter *filter, uint32_t f)
{
	const struct tu_list__table *table = plan->snapshot->tables[TU_LIST__VULNERABILITIES];
	uint32_t bit = 1u << f;
	bool due_asked = plan->due_asks & bit;

	for (uint32_t i = 0; i < table->count; i++) {
		const struct tu_list__vuln *row = tu_list__vuln_at(plan->snapshot, i);
		struct tu_str name = tu_list__said(table, row->name);
		bool passes = vuln_passes(filter, table, row);

		if (passes && due_asked && !plan->special[i])
			passes = answers(plan->due_wanted[f], plan->due[i] > 0) &&
				(!plan->due_before[f] ||
					(plan->due[i] && plan->due[i] < plan->due_before[f]));
		if (passes)
			plan->vulns[i] |= bit;
		if (plan->texts && (!filter->text.len || contains(name, filter->text)))
			plan->vuln_texts[i] |= bit;
	}
}

static void mark_components(
	struct tu_list__plan *plan, const struct tu_list_filter *filter, uint32_t f)
{
	const struct tu_list__table *table = plan->snapshot->tables[TU_LIST__COMPONENTS];
	uint32_t bit = 1u << f;

	for (uint32_t i = 0; i < table->count; i++) {
		const struct tu_list__component *row = tu_list__component_at(plan->snapshot, i);

		if (component_passes(filter, table, row))
			plan->components[i] |= bit;
		if (plan->texts && (!filter->text.len || component_says(table, row, filter->text)))
			plan->component_texts[i] |= bit;
	}
}

static void mark_devices(
	const struct tu_list__table *devices, const int64_t *ids, size_t count, uint8_t *marks)
{
	memset(marks, 0, devices->count);
	for (size_t i = 0; i < count; i++) {
		uint32_t device = tu_list__table_find(devices, ids[i]);

		if (device != TU_LIST__NONE)
			marks[device] = 1;
	}
}

static void mark_releases(struct tu_list__plan *plan, const struct tu_list_filter *filter,
	uint32_t bit, const uint8_t *seen, const uint8_t *wanted)
{
	uint32_t count = plan->snapshot->tables[TU_LIST__RELEASES]->count;

	for (uint32_t i = 0; i < count; i++) {
		const struct tu_list__release *row = tu_list__release_at(plan->snapshot, i);

		if (seen[row->device] && (!filter->device_count || wanted[row->device]) &&
			(!filter->release_id || filter->release_id == row->id) &&
			in_set(filter->release_states, row->state))
			plan->releases[i] |= bit;
	}
}

static enum tu_status mark_scope(struct tu_list__plan *plan, const struct tu_list_scope *scope,
	const struct tu_list_filter *filters, size_t count)
{
	const struct tu_list__table *devices = plan->snapshot->tables[TU_LIST__DEVICES];
	uint8_t *seen = tu_alloc(devices->count + (size_t)1, 1);
	uint8_t *wanted = tu_alloc(devices->count + (size_t)1, 1);

	if (seen && wanted && scope && scope->everything)
		memset(seen, 1, devices->count);
	else if (seen && wanted && scope)
		mark_devices(devices, scope->device_ids, scope->device_count, seen);
	for (size_t i = 0; seen && wanted && i < count; i++) {
		mark_devices(devices, filters[i].device_ids, filters[i].device_count, wanted);
		mark_releases(plan, &filters[i], 1u << i, seen, wanted);
	}
	tu_free(seen);
	tu_free(wanted);
	return seen && wanted ? TU_OK : TU_E_NOMEM;
}

/* ---- what a filter says of decisions ---- */

static bool kind_passes(const struct tu_list_filter *filter, uint32_t kind)
{
	return in_set(filter->states, tu_list__kind_state(kind)) &&
		answers(filter->closed, kind >> TU_LIST__CLOSED_SHIFT & 1) &&
		in_set(filter->statuses, kind >> TU_LIST__STATUS_SHIFT & 7) &&
		in_set(filter->risks, kind >> TU_LIST__RISK_SHIFT & 3);
}

static void mark_findings(
	struct tu_list__plan *plan, const struct tu_list_filter *filter, uint32_t f)
{
	uint32_t bit = 1u << f;

	for (uint32_t i = 0; i < 8; i++) {
		if (in_set(filter->verdicts, i & 3) && answers(filter->fixable, i >> 2))
			plan->fact_kinds[i] |= bit;
		if (in_range(i, filter->harm_from, filter->harm_below))
			plan->harms[i] |= bit;
	}
	for (uint32_t i = 0; i < TU_LIST__DECISION_KINDS; i++)
		if (kind_passes(filter, i))
			plan->decision_kinds[i] |= bit;
	if (in_set(filter->states, TU_LIST_NOT_ASSESSED) && answers(filter->closed, false) &&
		in_set(filter->statuses, 1) && in_set(filter->risks, 0))
		plan->open |= bit;
	if (!filter->states && !filter->closed && !filter->statuses && !filter->risks &&
		!filter->harm_from && !filter->harm_below)
		plan->blind |= bit;
}

/* What findings can be like that pass the first filter. */
static void note_possible(struct tu_list__plan *plan)
{
	plan->harms_possible = plan->states_possible = 0;
	for (uint32_t i = 0; i < 8; i++)
		if (plan->harms[i] & 1)
			plan->harms_possible |= (uint8_t)(1u << i);
	for (uint32_t i = 0; i < TU_LIST__DECISION_KINDS; i++)
		if (plan->decision_kinds[i] & 1)
			plan->states_possible |= (uint8_t)(1u << tu_list__kind_state(i));
	if (plan->open & 1)
		plan->states_possible |= TU_LIST_BIT(TU_LIST_NOT_ASSESSED);
}

static uint32_t whole_seconds(int64_t time)
{
	return time <= 0 ? 0 : time / SECOND >= UINT32_MAX ? UINT32_MAX : (uint32_t)(time / SECOND);
}

static void mark_times(struct tu_list__plan *plan, const struct tu_list_filter *filter, uint32_t f)
{
	uint32_t bit = 1u << f;

	plan->since[f] = whole_seconds(filter->seen_since);
	plan->before[f] = filter->seen_before ? whole_seconds(filter->seen_before) : UINT32_MAX;
	if (filter->seen_since || filter->seen_before)
		plan->timed |= bit;
	plan->due_before[f] = whole_seconds(filter->deadline_before);
	plan->due_wanted[f] =
		filter->deadline_before && !filter->deadline ? TU_LIST_YES : filter->deadline;
	if (filter->deadline_before || filter->deadline)
		plan->due_asks |= bit;
}

/* ---- candidates ---- */

/* Where few blocks have something in a release that passes, only they are looked at. */
static bool choose_by_release(struct tu_list__plan *plan)
{
	const struct tu_list_snapshot *snapshot = plan->snapshot;
	uint32_t components = snapshot->tables[TU_LIST__COMPONENTS]->count;
	uint32_t releases = snapshot->tables[TU_LIST__RELEASES]->count;
	size_t total = 0;
	uint8_t *taken;

	for (uint32_t i = 0; i < releases; i++) {
		const struct tu_list__posting *content =
			plan->releases[i] ? tu_list__shelf_at(&snapshot->contents, i) : NULL;

		total += content ? content->count : 0;
	}
	if (total >= components / 4)
		return true;
	taken = tu_alloc(components + (size_t)1, 1);
	plan->candidates = tu_alloc(total + 1, sizeof(*plan->candidates));
	for (uint32_t i = 0; taken && plan->candidates && i < releases; i++) {
		const struct tu_list__posting *content =
			plan->releases[i] ? tu_list__shelf_at(&snapshot->contents, i) : NULL;

		for (uint32_t j = 0; content && j < content->count; j++)
			if (!taken[content->at[j]]++)
				plan->candidates[plan->candidate_count++] = content->at[j];
	}
	tu_free(taken);
	return taken && plan->candidates;
}

/* One vulnerability or one component says by itself which blocks. */
static bool choose_by_id(struct tu_list__plan *plan, const struct tu_list_filter *filter)
{
	const struct tu_list_snapshot *snapshot = plan->snapshot;
	const struct tu_list__posting *posting = NULL;
	uint32_t one = TU_LIST__NONE;

	if (filter->component_id) {
		one = tu_list__table_find(
			snapshot->tables[TU_LIST__COMPONENTS], filter->component_id);
	} else {
		uint32_t vuln = tu_list__table_find(
			snapshot->tables[TU_LIST__VULNERABILITIES], filter->vulnerability_id);

		posting =
			vuln == TU_LIST__NONE ? NULL : tu_list__shelf_at(&snapshot->postings, vuln);
	}
	plan->candidates =
		tu_alloc((posting ? posting->count : 0) + (size_t)1, sizeof(*plan->candidates));
	if (!plan->candidates)
		return false;
	for (uint32_t i = 0; posting && i < posting->count; i++)
		plan->candidates[plan->candidate_count++] = posting->at[i];
	if (one != TU_LIST__NONE)
		plan->candidates[plan->candidate_count++] = one;
	return true;
}

/* ---- all of it ---- */

static bool room_for(struct tu_list__plan *plan)
{
	struct tu_list__table *const *tables = plan->snapshot->tables;
	size_t vulns = tables[TU_LIST__VULNERABILITIES]->count + (size_t)1;
	size_t components = tables[TU_LIST__COMPONENTS]->count + (size_t)1;

	plan->vulns = tu_alloc(vulns, sizeof(uint32_t));
	plan->components = tu_alloc(components, sizeof(uint32_t));
	plan->releases = tu_alloc(tables[TU_LIST__RELEASES]->count + (size_t)1, sizeof(uint32_t));
	plan->due = tu_alloc(vulns, sizeof(uint32_t));
	plan->special = tu_alloc(vulns, 1);
	if (plan->texts) {
		plan->vuln_texts = tu_alloc(vulns, sizeof(uint32_t));
		plan->component_texts = tu_alloc(components, sizeof(uint32_t));
	}
	return plan->vulns && plan->components && plan->releases && plan->due && plan->special &&
		(!plan->texts || (plan->vuln_texts && plan->component_texts));
}

static void find_plain(struct tu_list__plan *plan)
{
	uint32_t count = plan->snapshot->tables[TU_LIST__RELEASES]->count;

	plan->plain = plan->blind & ~plan->timed & ~plan->due_asks;
	for (uint32_t i = 0; i < count; i++)
		plan->plain &= plan->releases[i];
}

enum tu_status tu_list__plan_make(const struct tu_list_snapshot *snapshot,
	const struct tu_list_scope *scope, const struct tu_list_filter *filters, size_t count,
	struct tu_list__plan *out_plan)
{
	struct tu_list__plan *plan = out_plan;
	enum tu_status status;
	bool fine;

	*plan = (struct tu_list__plan){.snapshot = snapshot,
		.all = count == TU_LIST__FILTERS ? UINT32_MAX : (1u << count) - 1};
	for (size_t i = 0; i < count; i++)
		plan->texts |= filters[i].text.len > 0;
	if (!room_for(plan))
		return TU_E_NOMEM;
	note_dues(plan);
	for (uint32_t i = 0; i < count; i++) {
		mark_findings(plan, &filters[i], i);
		mark_times(plan, &filters[i], i);
		mark_vulns(plan, &filters[i], i);
		mark_components(plan, &filters[i], i);
	}
	note_possible(plan);
	status = mark_scope(plan, scope, filters, count);
	if (status)
		return status;
	find_plain(plan);
	if (count == 1 && (filters->component_id || filters->vulnerability_id))
		fine = choose_by_id(plan, filters);
	else
		fine = choose_by_release(plan);
	return fine ? TU_OK : TU_E_NOMEM;
}

void tu_list__plan_done(struct tu_list__plan *plan)
{
	tu_free(plan->vulns);
	tu_free(plan->components);
	tu_free(plan->releases);
	tu_free(plan->vuln_texts);
	tu_free(plan->component_texts);
	tu_free(plan->due);
	tu_free(plan->special);
	tu_free(plan->candidates);
	*plan = (struct tu_list__plan){0};
}
