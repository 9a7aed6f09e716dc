/* Deadlines of the portfolio, and those of what nobody has decided. */
#include <stdlib.h>

#include "api/cases.h"
#include "portfolio/deadline_cache.h"
#include "portfolio/scope.h"
#include "service/service.h"

enum { US = 1000000 };

/* ---- the list ---- */

struct gap {
	struct tu_str device, decision, word, why;
};

struct off {
	struct tu_str device;
	const struct tu_deadline_off *row;
};

struct listing {
	struct tu_api_call *call;
	struct tu_deadline_filter filter;
	struct tu_api_deadline *rows;
	size_t count;
	struct {
		TU_VEC(struct gap) list;
	} unwatched, unknown, unread;
	struct {
		TU_VEC(struct off) list;
	} off;
	struct {
		TU_VEC(int64_t) list;
	} devices;
	uint64_t findings, exploited; /* without a decision that applies */
};

static struct tu_api_place place_of(const void *row)
{
	return ((const struct tu_api_deadline *)row)->place;
}

/* Rows that are not counted; of a device that cannot be read they are not known either. */
static bool take_off(struct listing *l, const struct tu_device *model, struct tu_str name)
{
	struct off off = {.device = name};

	for (size_t i = 0; model && (off.row = tu_deadline_off_at(model, i)) != NULL; i++)
		if (!TU_VEC_PUSH_IN(l->call->arena, &l->off.list, off))
			return false;
	return true;
}

static bool take_gaps(struct listing *l, const struct tu_deadline_device *device)
{
	struct tu_arena *arena = l->call->arena;
	const struct tu_deadlines_of *of = &device->of;
	struct gap gap = {0};
	bool ok = TU_VEC_PUSH_IN(arena, &l->devices.list, device->row.id) &&
		tu_arena_dup(arena, device->row.name, &gap.device);

	for (size_t i = 0; ok && i < of->unwatched_count; i++) {
		gap.why = tu_str_c(tu_unwatched_sentence(of->unwatched[i].why));
		ok = tu_arena_dup(arena, of->unwatched[i].market, &gap.word) &&
			TU_VEC_PUSH_IN(arena, &l->unwatched.list, gap);
	}
	for (size_t i = 0; ok && i < of->unknown_count; i++)
		ok = tu_arena_dup(arena, of->unknown[i].event->name, &gap.word) &&
			tu_arena_dup(arena, of->unknown[i].decision->id, &gap.decision) &&
			TU_VEC_PUSH_IN(arena, &l->unknown.list, gap);
	gap.why = device->unread;
	return ok && take_off(l, gap.why.len ? NULL : device->model, gap.device) &&
		(!gap.why.len ||
			(tu_arena_dup(arena, gap.why, &gap.why) &&
				TU_VEC_PUSH_IN(arena, &l->unread.list, gap)));
}

/* The list is there; what it was asked for is not. */
static enum tu_status no_device(struct tu_api_call *call, struct tu_error *err)
{
	call->problem.type = TU_PROBLEM_INVALID;
	return tu_api_unknown(err, "device");
}

static enum tu_status take_all(struct tu_work *w, struct listing *l,
	const struct tu_deadline_all *all, struct tu_error *err)
{
	struct tu_deadlines_seen seen;
	bool ok = true;
	const struct tu_deadline_picking from = {
		l->call->kb->kb, tu_deadline_all_seen(all), &l->filter};
	enum tu_status status = tu_deadline_pick(w->arena, &from, &seen, err);

	if (status == TU_E_NOTFOUND)
		return no_device(l->call, err);
	if (status != TU_OK)
		return status;
	memset(&l->unwatched, 0, sizeof(l->unwatched));
	memset(&l->unknown, 0, sizeof(l->unknown));
	memset(&l->unread, 0, sizeof(l->unread));
	memset(&l->off, 0, sizeof(l->off));
	memset(&l->devices, 0, sizeof(l->devices));
	l->count = seen.list.count;
	l->rows = tu_arena_array(l->call->arena, l->count, sizeof(*l->rows));
	for (size_t i = 0; l->rows && ok && i < l->count; i++)
		ok = tu_api_deadline_take(
			l->call->arena, &seen.list.at[i], tu_work_seconds(w), &l->rows[i]);
	for (size_t i = 0; ok && i < seen.devices.count; i++)
		ok = take_gaps(l, seen.devices.at[i]);
	return l->rows && ok ? TU_OK : tu_no_memory(err);
}

static enum tu_status read_all(struct tu_work *w, void *self, struct tu_error *err)
{
	struct listing *l = self;
	const struct tu_deadline_asking asking = {.cache = tu_service_deadlines(l->call->service),
		.kb = l->call->kb->kb,
		.kb_digest = l->call->kb->row.digest};
	struct tu_deadline_all *all;
	enum tu_status status = tu_deadline_hold(w, &asking, &all, err);

	if (status == TU_OK)
		status = take_all(w, l, all, err);
	tu_deadline_drop(all);
	return status;
}

/* Findings have the name of the knowledge base, whichever is asked for. */
static struct tu_str known_name(const struct tu_api_call *call, struct tu_str asked)
{
	const struct tu_kb *kb = call->kb->kb;
	const uint32_t index = asked.len ? tu_kb_find(kb, asked) : TU_KB_NONE;

	return index == TU_KB_NONE ? asked : tu_kb_vulnerability(kb, index).id;
}

/* Findings without a decision that applies, of releases that are not withdrawn. */
static enum tu_status count(struct tu_api_call *call, struct tu_list_filter filter,
	uint64_t *out_findings, uint64_t *out_exploited, struct tu_error *err)
{
	struct tu_list_filter filters[2];
	uint64_t counts[2] = {0};
	const struct tu_list_filters all = {
		.kind = TU_LIST_FINDINGS, .scope = &call->who.scope, .at = filters, .count = 2};
	enum tu_status status;

	filter.states = TU_LIST_BIT(TU_LIST_NOT_ASSESSED) | TU_LIST_BIT(TU_LIST_REOPENED) |
		TU_LIST_BIT(TU_LIST_PROPOSED);
	filter.closed = TU_LIST_NO;
	filters[0] = filters[1] = filter;
	filters[1].kev = TU_LIST_YES;
	status = tu_list_count(call->list, &all, counts, err);
	*out_findings = counts[0];
	*out_exploited = counts[1];
	return status;
}

static void write_off(const struct listing *l, struct tu_json_writer *json)
{
	tu_json_key(json, "off");
	tu_json_open_array(json);
	for (size_t i = 0; i < l->off.list.count; i++) {
		const struct tu_deadline_off *row = l->off.list.at[i].row;

		tu_json_open_object(json);
		tu_json_member_str(json, "device", l->off.list.at[i].device);
		tu_json_member_str(json, "rule", tu_str_c(row->id));
		tu_json_member_str(json, "title", tu_str_c(row->title));
		tu_json_member_str(json, "source", tu_str_c(row->source));
		tu_json_member_str(json, "why", tu_str_c(row->why));
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
}

static void write_more(struct tu_api_call *call, void *self, struct tu_json_writer *json)
{
	const struct listing *l = self;

	(void)call;
	tu_json_key(json, "not_computed");
	tu_json_open_array(json);
	for (size_t i = 0; i < l->unread.list.count; i++)
		tu_api_add_not_computed(
			json, l->unread.list.at[i].device, l->unread.list.at[i].why);
	tu_json_close_array(json);
	tu_json_key(json, "not_assessed");
	tu_json_open_object(json);
	tu_json_member_int(json, "findings", (int64_t)l->findings);
	tu_json_member_int(json, "exploited", (int64_t)l->exploited);
	tu_json_close_object(json);
	write_off(l, json);
	tu_json_key(json, "unwatched_markets");
	tu_json_open_array(json);
	for (size_t i = 0; i < l->unwatched.list.count; i++) {
		tu_json_open_object(json);
		tu_json_member_str(json, "device", l->unwatched.list.at[i].device);
		tu_json_member_str(json, "market", l->unwatched.list.at[i].word);
		tu_json_member_str(json, "why", l->unwatched.list.at[i].why);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
	tu_json_key(json, "unknown_events");
	tu_json_open_array(json);
	for (size_t i = 0; i < l->unknown.list.count; i++) {
		tu_json_open_object(json);
		tu_json_member_str(json, "device", l->unknown.list.at[i].device);
		tu_json_member_str(json, "decision", l->unknown.list.at[i].decision);
		tu_json_member_str(json, "event", l->unknown.list.at[i].word);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
}

static enum tu_status fetch(
	struct tu_api_call *call, void *self, struct tu_api_page *page, struct tu_error *err)
{
	struct listing *l = self;
	struct tu_list_filter filter = {.vulnerability = known_name(call, l->filter.vuln)};
	enum tu_status status = tu_api_read(call, read_all, l, err);
	const struct tu_api_rows all = {l->rows, l->count};

	if (status != TU_OK)
		return status;
	filter.device_ids = l->devices.list.at;
	filter.device_count = l->devices.list.count;
	if (filter.device_count)
		status = count(call, filter, &l->findings, &l->exploited, err);
	page->more = write_more;
	page->self = l;
	return status ? status : tu_api_page_from(call, page, &all, place_of, err);
}

static bool take_state(struct tu_str word, uint32_t *out)
{
	for (int i = 0; i <= TU_DEADLINE_CONDITIONAL; i++)
		if (tu_str_eq(word, tu_str_c(tu_deadline_state_name((enum tu_deadline_state)i))))
			*out = 1u << i;
	return *out != 0;
}

/* A bound of seconds, rounded up: whole seconds are what deadlines have. */
static int64_t bound(const struct tu_api_call *call, const char *name)
{
	return tu_api_query_given(call, name)
		? (tu_api_time_of(tu_api_query(call, name)) + US - 1) / US
		: 0;
}

static enum tu_status begin(struct tu_api_call *call, struct tu_error *err)
{
	enum tu_status status = tu_api_kb(call, err);

	return status ? status : tu_api_list(call, err);
}

enum tu_status tu_api_list_deadlines(struct tu_api_call *call, struct tu_error *err)
{
	struct listing l = {.call = call,
		.filter = {.scope = &call->who.scope,
			.device = tu_api_query(call, "device"),
			.vuln = tu_api_query(call, "vulnerability"),
			.rule = tu_api_query(call, "rule"),
			.open_only = tu_api_query_true(call, "open"),
			.due_after = bound(call, "due_after"),
			.due_before = bound(call, "due_before")}};
	enum tu_status status = begin(call, err);

	if (tu_api_query_given(call, "state"))
		(void)take_state(tu_api_query(call, "state"), &l.filter.states);
	return status ? status : tu_api_answer_page(call, fetch, &l, err);
}

/* ---- of what nobody has decided ---- */

struct would_row {
	struct tu_str device, rule, title, source, starts_at, zone;
	int64_t findings, first_seen, learned_at, due;
};

static const struct tu_api_column would_columns[] = {
	TU_API_COLUMN(struct would_row, device, TU_API_TEXT, 0),
	TU_API_COLUMN(struct would_row, rule, TU_API_TEXT, 0),
	TU_API_COLUMN(struct would_row, title, TU_API_TEXT, 0),
	TU_API_COLUMN(struct would_row, source, TU_API_TEXT, 0),
	TU_API_COLUMN(struct would_row, starts_at, TU_API_TEXT, 0),
	TU_API_COLUMN(struct would_row, findings, TU_API_INT, 0),
	TU_API_COLUMN(struct would_row, first_seen, TU_API_TIME, TU_API_OPT),
	TU_API_COLUMN(struct would_row, learned_at, TU_API_TIME, TU_API_OPT),
	TU_API_COLUMN(struct would_row, due, TU_API_TIME, TU_API_OPT),
	TU_API_COLUMN(struct would_row, zone, TU_API_TEXT, 0),
};
const struct tu_api_table tu_api_table_would_be_deadline =
	TU_API_TABLE("WouldBeDeadline", struct would_row, would_columns);

struct would {
	struct tu_api_call *call;
	struct {
		TU_VEC(struct would_row) list;
	} rows;
	struct {
		TU_VEC(struct gap) list;
	} unread;
};

/* What is open of one device: all its findings without a decision, and those that are exploited. */
struct waiting {
	const struct tu_device_row *device;
	const struct tu_device *model;
	uint64_t findings, exploited;
	int64_t first_seen, first_exploited; /* us */
	int64_t learned, learned_exploited; /* us; by a case, or the same where none is earlier */
};

static enum tu_status first_of(struct tu_api_call *call, struct tu_list_filter filter,
	enum tu_list_ask kev, int64_t *out_us, struct tu_error *err)
{
	struct tu_list_page page;
	const struct tu_list_query query = {.kind = TU_LIST_FINDINGS,
		.filter = &filter,
		.scope = &call->who.scope,
		.sort = TU_LIST_BY_FIRST_SEEN,
		.page_size = 1};
	enum tu_status status;

	filter.states = TU_LIST_BIT(TU_LIST_NOT_ASSESSED) | TU_LIST_BIT(TU_LIST_REOPENED) |
		TU_LIST_BIT(TU_LIST_PROPOSED);
	filter.closed = TU_LIST_NO;
	filter.kev = kev;
	status = tu_list_page(call->arena, call->list, &query, &page, err);
	*out_us = status == TU_OK && page.count ? page.findings[0].first_seen : 0;
	return status;
}

struct learned {
	struct tu_str vuln;
	int64_t at; /* us */
};
struct all_learned {
	TU_VEC(struct learned) list; /* the earliest first */
};

/* Only cases of the vulnerability that is asked for, whatever its name. */
static bool is_asked(const struct would *s, struct tu_str vuln)
{
	struct tu_str asked = tu_api_query(s->call, "vulnerability");

	return !asked.len || tu_str_eq(known_name(s->call, asked), known_name(s->call, vuln));
}

static enum tu_status read_learned(struct tu_work *w, const struct would *s, int64_t device_id,
	struct all_learned *out, struct tu_error *err)
{
	struct tu_rows *rows;
	bool ok = true;
	enum tu_status status = tu_tx_query(
		w->tx, TU_SQL_CASE_LEARNED_OF_DEVICE, TU_BIND(tu_int(device_id)), &rows, err);

	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows)) {
		struct learned one = {.at = tu_rows_int(rows, 1)};

		ok = tu_arena_dup(w->arena, tu_rows_text(rows, 0), &one.vuln) &&
			(!is_asked(s, one.vuln) || TU_VEC_PUSH_IN(w->arena, &out->list, one));
	}
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

/* A case may say that the maker knew before it was found here: then deadlines run from that. */
static enum tu_status learn(
	struct tu_work *w, struct would *s, struct waiting *waiting, struct tu_error *err)
{
	struct all_learned all = {0};
	enum tu_status status = read_learned(w, s, waiting->device->id, &all, err);

	waiting->learned = waiting->first_seen;
	waiting->learned_exploited = waiting->first_exploited;
	for (size_t i = 0; status == TU_OK && i < all.list.count; i++) {
		const struct learned *one = &all.list.at[i];
		const struct tu_list_filter filter = {.vulnerability = one->vuln,
			.device_ids = &waiting->device->id,
			.device_count = 1};
		uint64_t findings = 0, exploited = 0;

		if (one->at >= waiting->learned && one->at >= waiting->learned_exploited)
			break; /* the others are later */
		status = count(s->call, filter, &findings, &exploited, err);
		if (findings && one->at < waiting->learned)
			waiting->learned = one->at;
		if (exploited && one->at < waiting->learned_exploited)
			waiting->learned_exploited = one->at;
	}
	return status;
}

static enum tu_status look(
	struct tu_work *w, struct would *s, struct waiting *waiting, struct tu_error *err)
{
	const struct tu_list_filter filter = {
		.vulnerability = known_name(s->call, tu_api_query(s->call, "vulnerability")),
		.device_ids = &waiting->device->id,
		.device_count = 1};
	enum tu_status status =
		count(s->call, filter, &waiting->findings, &waiting->exploited, err);

	if (status == TU_OK)
		status = first_of(s->call, filter, TU_LIST_ANY, &waiting->first_seen, err);
	if (status == TU_OK)
		status = first_of(s->call, filter, TU_LIST_YES, &waiting->first_exploited, err);
	return status || !waiting->findings ? status : learn(w, s, waiting, err);
}

static bool add_would(
	struct would *s, const struct waiting *waiting, const struct tu_deadline_rule *rule)
{
	struct tu_arena *arena = s->call->arena;
	/* of a row by catalogue any could start it: which one lists a finding is not counted */
	bool all = rule->catalogue || tu_deadline_concerns(rule, TU_RISK_UNCONTROLLED, false);
	const struct tu_risk_policy *policy = &waiting->model->policy;
	const struct tu_calendar calendar = {.zone = policy->zone,
		.holidays = rule->days == TU_DAYS_OF_MAKER ? policy->holidays : NULL,
		.holiday_count = rule->days == TU_DAYS_OF_MAKER ? policy->holiday_count : 0,
		.us_federal = rule->days == TU_DAYS_US_FEDERAL};
	struct would_row row = {.findings = (int64_t)(all ? waiting->findings : waiting->exploited),
		.first_seen = all ? waiting->first_seen : waiting->first_exploited,
		.learned_at = all ? waiting->learned : waiting->learned_exploited};

	if (row.findings && row.learned_at && tu_str_eq(tu_str_c(rule->start), TU_STR("learned")))
		row.due =
			tu_deadline_due(&calendar, row.learned_at / US, rule->amount, rule->unit) *
			US;
	return tu_arena_dup(arena, waiting->device->name, &row.device) &&
		tu_arena_dup(arena, tu_str_c(rule->id), &row.rule) &&
		tu_arena_dup(arena, tu_str_c(rule->title), &row.title) &&
		tu_arena_dup(arena, tu_str_c(rule->source), &row.source) &&
		tu_arena_dup(arena, tu_str_c(rule->start), &row.starts_at) &&
		tu_arena_dup(arena, tu_api_zone_name(&policy->zone), &row.zone) &&
		TU_VEC_PUSH_IN(arena, &s->rows.list, row);
}

/* What keeps it from being read is said beside the list: its findings would have deadlines. */
static enum tu_status read_model(
	struct tu_work *w, struct would *s, struct waiting *waiting, struct tu_error *err)
{
	struct tu_arena *arena = s->call->arena;
	struct tu_error own = {0};
	char words[TU_ERROR_TEXT_MAX];
	struct gap gap;
	enum tu_status status = tu_device_load(w, waiting->device, &waiting->model, NULL, &own);

	if (!tu_device_is_unread(status)) {
		if (status)
			*err = own;
		return status;
	}
	waiting->model = NULL;
	gap = (struct gap){.why = tu_str_c(tu_error_text(&own, words, sizeof(words)))};
	return tu_arena_dup(arena, waiting->device->name, &gap.device) &&
			tu_arena_dup(arena, gap.why, &gap.why) &&
			TU_VEC_PUSH_IN(arena, &s->unread.list, gap)
		? TU_OK
		: tu_no_memory(err);
}

static enum tu_status add_device(struct tu_work *w, struct would *s,
	const struct tu_device_row *device, struct tu_error *err)
{
	struct waiting waiting = {.device = device};
	const struct tu_deadline_rule *const *rules;
	size_t count_of = 0;
	enum tu_status status = look(w, s, &waiting, err);

	if (status == TU_OK && waiting.findings)
		status = read_model(w, s, &waiting, err);
	if (status == TU_OK && !waiting.model)
		return TU_OK;
	if (status == TU_OK && waiting.findings)
		status = tu_deadline_rules(w->arena, waiting.model, &rules, &count_of, err);
	for (size_t i = 0; status == TU_OK && i < count_of; i++)
		if (tu_deadline_concerns(rules[i], TU_RISK_UNCONTROLLED,
			    waiting.exploited != 0 || rules[i]->catalogue) &&
			!add_would(s, &waiting, rules[i]))
			status = tu_no_memory(err);
	return status;
}

static enum tu_status read_would(struct tu_work *w, void *self, struct tu_error *err)
{
	struct would *s = self;
	struct tu_str name = tu_api_query(s->call, "device");
	struct tu_devices_seen devices;
	enum tu_status status = tu_device_list(w, &s->call->who.scope, &devices, err);
	bool found = !name.len;

	memset(&s->rows, 0, sizeof(s->rows));
	memset(&s->unread, 0, sizeof(s->unread));
	for (size_t i = 0; status == TU_OK && i < devices.count; i++) {
		if (name.len && !tu_str_eq(name, devices.at[i].device.name))
			continue;
		found = true;
		status = add_device(w, s, &devices.at[i].device, err);
	}
	return status == TU_OK && !found ? no_device(s->call, err) : status;
}

static void write_would_more(struct tu_api_call *call, void *self, struct tu_json_writer *json)
{
	const struct would *s = self;

	(void)call;
	tu_json_key(json, "not_computed");
	tu_json_open_array(json);
	for (size_t i = 0; i < s->unread.list.count; i++)
		tu_api_add_not_computed(
			json, s->unread.list.at[i].device, s->unread.list.at[i].why);
	tu_json_close_array(json);
}

static enum tu_status fetch_would(
	struct tu_api_call *call, void *self, struct tu_api_page *page, struct tu_error *err)
{
	struct would *s = self;
	enum tu_status status = tu_api_read(call, read_would, s, err);
	const struct tu_api_rows all = {s->rows.list.at, s->rows.list.count};

	page->more = write_would_more;
	page->self = s;
	return status ? status : tu_api_page_of(call, page, &all, err);
}

enum tu_status tu_api_list_deadlines_not_assessed(struct tu_api_call *call, struct tu_error *err)
{
	struct would s = {.call = call};
	enum tu_status status = begin(call, err);

	return status ? status : tu_api_answer_page(call, fetch_would, &s, err);
}
