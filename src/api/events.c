#define _XOPEN_SOURCE 700
#include "api/events.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "access/still.h"
#include "api/call.h"
#include "api/mark.h"
#include "base/alloc.h"
#include "list/query.h"
#include "portfolio/changes.h"
#include "portfolio/scope.h"
#include "service/service.h"
#include "store/migrate.h"

enum { LOOK_MS = 500, CHECK_S = 30, BEHIND_MAX = 1000, ARENA = 256 << 20, EVENT_MAX = 1 << 20 };
static const int64_t ms = 1000000; /* ns */

/* Those who see the same. */
struct audience {
	struct audience *next;
	struct tu_list_scope scope; /* owned */
	size_t streams;
	struct tu_http_event *event; /* what the record in hand says to them; NULL: nothing */
};

struct listener {
	struct listener *next, *before;
	struct tu_api_events *events;
	struct tu_http_stream *stream;
	struct audience *audience;
	struct tu_access who; /* its scope is the audience's */
	int64_t at; /* it has everything up to this record */
	bool over; /* it is ending */
};

struct tu_api_events {
	struct tu_service *service;
	struct tu_secret_key key; /* of marks */
	pthread_mutex_t lock; /* of all that follows */
	pthread_cond_t look;
	struct listener *listeners;
	struct audience *audiences;
	bool stopping;
	int64_t checked, asked; /* us; the record up to which accounts were looked at */
	pthread_t thread;
};

/* ---- audiences; the lock is held ---- */

static bool same_scope(const struct tu_list_scope *a, const struct tu_list_scope *b)
{
	bool same = a->everything == b->everything && a->device_count == b->device_count;

	for (size_t i = 0; same && i < a->device_count; i++)
		same = a->device_ids[i] == b->device_ids[i];
	return same;
}

static struct audience *audience_of(struct tu_api_events *events, const struct tu_list_scope *scope)
{
	struct audience *audience = events->audiences;
	int64_t *ids;

	while (audience && !same_scope(&audience->scope, scope))
		audience = audience->next;
	if (audience)
		return audience;
	audience = tu_alloc(1, sizeof(*audience));
	ids = tu_alloc(scope->device_count + 1, sizeof(*ids));
	if (!audience || !ids) {
		tu_free(audience);
		tu_free(ids);
		return NULL;
	}
	for (size_t i = 0; i < scope->device_count; i++)
		ids[i] = scope->device_ids[i];
	*audience = (struct audience){
		.next = events->audiences, .scope = {scope->everything, ids, scope->device_count}};
	events->audiences = audience;
	return audience;
}

static void leave(struct tu_api_events *events, struct audience *audience)
{
	struct audience **at = &events->audiences;

	if (--audience->streams)
		return;
	while (*at != audience)
		at = &(*at)->next;
	*at = audience->next;
	tu_http_event_drop(audience->event);
	tu_free((void *)(uintptr_t)audience->scope.device_ids);
	tu_free(audience);
}

/* ---- streams ---- */

static void ended(void *self, struct tu_http_stream *stream)
{
	struct listener *listener = self;
	struct tu_api_events *events = listener->events;

	(void)stream;
	(void)pthread_mutex_lock(&events->lock);
	if (listener->audience) {
		if (listener->before)
			listener->before->next = listener->next;
		else
			events->listeners = listener->next;
		if (listener->next)
			listener->next->before = listener->before;
		leave(events, listener->audience);
	}
	(void)pthread_mutex_unlock(&events->lock);
	tu_free(listener);
}

/* False: no memory; the stream is the caller's, who lets it end. */
static bool join(struct tu_api_events *events, struct listener *listener)
{
	bool joined;

	(void)pthread_mutex_lock(&events->lock);
	listener->audience = audience_of(events, &listener->who.scope);
	joined = listener->audience && !events->stopping;
	if (joined) {
		listener->who.scope = listener->audience->scope;
		listener->audience->streams++;
		listener->next = events->listeners;
		if (listener->next)
			listener->next->before = listener;
		events->listeners = listener;
	} else {
		listener->audience = NULL;
	}
	(void)pthread_cond_signal(&events->look);
	(void)pthread_mutex_unlock(&events->lock);
	return joined;
}

enum tu_status tu_api_events_open(struct tu_api_events *events,
	const struct tu_api_hearing *hearing, struct tu_http_stream **out_stream,
	struct tu_error *err)
{
	const int64_t after = hearing->after;
	struct listener *listener;
	int64_t newest = 0;
	enum tu_status status = tu_changes_newest(tu_service_store(events->service), &newest, err);

	if (status)
		return status;
	listener = tu_alloc(1, sizeof(*listener));
	if (!listener)
		return tu_no_memory(err);
	*listener = (struct listener){.events = events,
		.who = *hearing->who,
		.at = after > 0 && after < newest ? after : newest};
	listener->stream = tu_http_stream_new(hearing->server, ended, listener);
	if (!listener->stream) {
		tu_free(listener);
		return tu_fail(err, TU_E_BUSY, 0, "there are too many streams of events");
	}
	*out_stream = listener->stream;
	if (!join(events, listener))
		tu_http_stream_end(listener->stream);
	return TU_OK;
}

/* ---- what an audience sees of a record ---- */

struct telling {
	struct tu_api_events *events;
	const struct tu_change_entry *entry;
	struct tu_list_snapshot *before, *now; /* of findings: what went and what came */
	int64_t after; /* what was read are the records after this one */
	bool left_out; /* a stream that came meanwhile needs older records, too: the next round has
			  them */
};

static bool in_list(struct tu_list_snapshot *list, const struct tu_list_scope *scope,
	const struct tu_change_item *item)
{
	const struct tu_list_filter filter = {
		.vulnerability_id = item->kind == TU_CHANGE_VULNERABILITY ? item->key : 0,
		.component_id = item->kind == TU_CHANGE_COMPONENT ? item->key : 0};
	const struct tu_list_filters filters = {
		.kind = TU_LIST_FINDINGS, .scope = scope, .at = &filter, .count = 1};
	uint64_t count = 0;

	return list && tu_list_count(list, &filters, &count, NULL) == TU_OK && count > 0;
}

static bool sees_part(const struct tu_change_entry *entry, const struct tu_list_scope *scope)
{
	for (size_t i = 0; i < entry->device_count; i++)
		if (tu_scope_has(scope, entry->device_ids[i]))
			return true;
	return !entry->of_devices;
}

static bool sees(const struct telling *t, const struct tu_list_scope *scope,
	const struct tu_change_item *item)
{
	if (scope->everything || item->kind == TU_CHANGE_KNOWLEDGE)
		return true;
	if (!sees_part(t->entry, scope))
		return false;
	if (item->kind == TU_CHANGE_CASE)
		return true;
	if (item->kind != TU_CHANGE_VULNERABILITY && item->kind != TU_CHANGE_COMPONENT)
		return item->device_id && tu_scope_has(scope, item->device_id);
	return in_list(t->now, scope, item) || in_list(t->before, scope, item);
}

static void write_item(struct tu_json_writer *json, const struct tu_change_item *item)
{
	tu_json_open_object(json);
	tu_json_member_str(json, "kind", tu_str_c(tu_change_kind_name(item->kind)));
	tu_json_member_opt(json, "id", item->id);
	tu_json_member_opt(json, "device", item->device);
	tu_json_member_opt(json, "name", item->name);
	tu_json_close_object(json);
}

static size_t write_items(
	struct tu_json_writer *json, const struct telling *t, const struct tu_list_scope *scope)
{
	size_t count = 0;

	tu_json_key(json, "changed");
	tu_json_open_array(json);
	for (size_t i = 0; i < t->entry->item_count; i++)
		if (sees(t, scope, &t->entry->items[i])) {
			write_item(json, &t->entry->items[i]);
			count++;
		}
	tu_json_close_array(json);
	return count;
}

enum { ID_MAX = TU_MARK_DIGITS + 1 };

/* The id of an event for who sees a scope; empty, which is none, when it cannot be made. */
static struct tu_str id_of(const struct tu_api_events *events, const struct tu_list_scope *scope,
	int64_t n, char text[static ID_MAX])
{
	if (!scope->everything)
		return tu_mark_write(&events->key, n, text, NULL) == TU_OK
			? tu_str_of(text, TU_MARK_DIGITS)
			: (struct tu_str){0};
	return tu_str_of(text, (size_t)snprintf(text, ID_MAX, "%lld", (long long)n));
}

bool tu_api_events_after(const struct tu_api_events *events, struct tu_str id, int64_t *out_after)
{
	uint64_t number = 0;

	if (tu_mark_read(&events->key, id, out_after))
		return true;
	if (!tu_str_to_u64(id, INT64_MAX, &number))
		return false;
	*out_after = (int64_t)number;
	return true;
}

/* What is too much to be named is read again, by who sees any of it; nobody else hears of it. */
static struct tu_http_event *make_reset(const struct telling *t, const struct tu_list_scope *scope)
{
	const struct tu_change_entry *entry = t->entry;
	char id[ID_MAX];

	for (size_t i = 0; i < entry->item_count; i++)
		if (sees(t, scope, &entry->items[i]))
			return tu_http_event_new(id_of(t->events, scope, entry->n, id),
				TU_STR("reset"), TU_STR("{}"));
	return NULL;
}

static struct tu_http_event *make_event(const struct telling *t, const struct tu_list_scope *scope)
{
	const struct tu_change_entry *entry = t->entry;
	char id[ID_MAX], time[TU_API_TIME_TEXT];
	struct tu_http_event *event = NULL;
	struct tu_json_writer json;
	struct tu_buf data;
	size_t count;

	tu_buf_init(&data, EVENT_MAX);
	json = tu_json_writer(&data, false);
	tu_json_open_object(&json);
	tu_json_member_str(&json, "at", tu_api_time_text(entry->at, time));
	tu_json_member_str(&json, "by", entry->actor);
	tu_json_member_str(&json, "action", entry->action);
	count = write_items(&json, t, scope);
	tu_json_key(&json, "fields");
	tu_json_open_array(&json);
	for (size_t i = 0; i < entry->field_count; i++)
		tu_json_add_str(&json, entry->fields[i]);
	tu_json_close_array(&json);
	tu_json_close_object(&json);
	if (count && !data.failed)
		event = tu_http_event_new(
			id_of(t->events, scope, entry->n, id), TU_STR("change"), tu_buf_str(&data));
	tu_buf_done(&data);
	return event;
}

/* ---- sending; the lock is held ---- */

static void prepare(struct telling *t)
{
	for (struct audience *a = t->events->audiences; a; a = a->next) {
		tu_http_event_drop(a->event);
		a->event = t->entry->item_count > TU_CHANGE_ITEMS ? make_reset(t, &a->scope)
								  : make_event(t, &a->scope);
	}
}

static void tell_all(struct telling *t)
{
	struct listener *next;

	prepare(t);
	for (struct listener *l = t->events->listeners; l; l = next) {
		next = l->next;
		if (l->over || l->at >= t->entry->n)
			continue;
		if (l->at < t->after) {
			t->left_out = true;
			continue;
		}
		l->at = t->entry->n;
		if (l->audience->event)
			(void)tu_http_stream_send(l->stream, l->audience->event);
	}
}

/* Who missed too much reads everything again. */
static void reset_those_behind(struct tu_api_events *events, int64_t newest)
{
	char id[ID_MAX];
	struct tu_http_event *event;

	for (struct listener *l = events->listeners; l; l = l->next) {
		if (l->over || newest - l->at <= BEHIND_MAX)
			continue;
		event = tu_http_event_new(id_of(events, &l->audience->scope, newest, id),
			TU_STR("reset"), TU_STR("{}"));
		l->at = newest;
		if (event)
			(void)tu_http_stream_send(l->stream, event);
		tu_http_event_drop(event);
	}
}

/* The record up to which everybody has everything; INT64_MAX: nobody listens. */
static int64_t least(struct tu_api_events *events)
{
	int64_t at = INT64_MAX;

	(void)pthread_mutex_lock(&events->lock);
	for (const struct listener *l = events->listeners; l; l = l->next)
		if (!l->over && l->at < at)
			at = l->at;
	(void)pthread_mutex_unlock(&events->lock);
	return at;
}

/* What is new, to all. True: there may be more. */
static bool tell_new(struct tu_api_events *events, struct tu_list_snapshot **before)
{
	struct tu_change_entries *entries = tu_alloc(1, sizeof(*entries));
	struct tu_arena *arena = tu_arena_new(ARENA);
	const int64_t after = least(events);
	struct telling t = {.events = events, .before = *before, .after = after};
	bool more = false;

	if (after != INT64_MAX && entries && arena &&
		tu_changes_read(tu_service_store(events->service), after, arena, entries, NULL) ==
			TU_OK &&
		entries->newest > after &&
		tu_service_list(events->service, &t.now, NULL) == TU_OK) {
		(void)pthread_mutex_lock(&events->lock);
		reset_those_behind(events, entries->newest);
		for (size_t i = 0; i < entries->count; i++) {
			t.entry = &entries->at[i];
			tell_all(&t);
		}
		(void)pthread_mutex_unlock(&events->lock);
		more = entries->count == TU_CHANGES_MAX || t.left_out;
		tu_list_drop(*before);
		*before = t.now;
	}
	tu_arena_free(arena);
	tu_free(entries);
	return more;
}

/* ---- who is still who they were ---- */

struct checking {
	struct listener *listener; /* may be gone when it is looked at again */
	struct audience *audience; /* held */
	struct tu_access who;
	bool over;
};

/* All that listen, with their audiences held. NULL: nobody, or no memory. */
static struct checking *collect(struct tu_api_events *events, size_t *out_count)
{
	struct checking *found;
	size_t count = 0;

	(void)pthread_mutex_lock(&events->lock);
	for (const struct listener *l = events->listeners; l; l = l->next)
		count++;
	found = count ? tu_alloc(count, sizeof(*found)) : NULL;
	*out_count = 0;
	for (struct listener *l = found ? events->listeners : NULL; l; l = l->next) {
		found[(*out_count)++] =
			(struct checking){.listener = l, .audience = l->audience, .who = l->who};
		l->audience->streams++;
	}
	(void)pthread_mutex_unlock(&events->lock);
	return found;
}

static bool is_there(const struct tu_api_events *events, const struct checking *c)
{
	const struct listener *l = events->listeners;

	while (l && l != c->listener)
		l = l->next;
	return l && l->who.session == c->who.session && l->who.key.id == c->who.key.id;
}

static void conclude(struct tu_api_events *events, struct checking *found, size_t count)
{
	(void)pthread_mutex_lock(&events->lock);
	for (size_t i = 0; i < count; i++) {
		struct checking *c = &found[i];

		if (c->over && is_there(events, c) && !c->listener->over) {
			c->listener->over = true;
			tu_http_stream_end(c->listener->stream);
		}
		leave(events, c->audience);
	}
	(void)pthread_mutex_unlock(&events->lock);
}

/* A newer program has changed the database: other nodes know what happens. */
static bool is_outdated(const struct tu_api_events *events)
{
	return tu_store_is_outdated(tu_service_store(events->service));
}

/* A database that is away ends nobody's stream. Tabs of one session stand together, most of the
 * time. */
static void check(struct tu_api_events *events)
{
	const int64_t now = tu_service_now(events->service);
	size_t count;
	struct checking *found = collect(events, &count);

	for (size_t i = 0; i < count; i++) {
		const struct checking *last = i ? &found[i - 1] : NULL;

		if (last && last->audience == found[i].audience &&
			last->who.session == found[i].who.session &&
			last->who.key.id == found[i].who.key.id)
			found[i].over = last->over;
		else
			found[i].over = is_outdated(events) ||
				tu_access_still(tu_service_store(events->service), &found[i].who,
					now, NULL) == TU_E_CONSTRAINT;
	}
	if (found)
		conclude(events, found, count);
	tu_free(found);
}

static bool check_due(struct tu_api_events *events)
{
	const int64_t now = tu_service_now(events->service);
	int64_t record = events->asked;
	bool due;

	if (tu_changes_of_access(tu_service_store(events->service), events->asked, &record, NULL))
		record = events->asked;
	due = is_outdated(events) || record > events->asked || now < events->checked ||
		now - events->checked >= CHECK_S * (int64_t)1000000;
	events->asked = record;
	if (due)
		events->checked = now;
	return due;
}

/* ---- the thread ---- */

static bool rest(struct tu_api_events *events, bool at_once)
{
	struct timespec until;
	bool go_on;

	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += (at_once ? 0 : LOOK_MS) * ms;
	until.tv_sec += until.tv_nsec / (1000 * ms);
	until.tv_nsec %= 1000 * ms;
	(void)pthread_mutex_lock(&events->lock);
	if (!events->stopping && !at_once)
		(void)pthread_cond_timedwait(&events->look, &events->lock, &until);
	go_on = !events->stopping;
	(void)pthread_mutex_unlock(&events->lock);
	return go_on;
}

static void *follow(void *self)
{
	struct tu_api_events *events = self;
	struct tu_list_snapshot *before = NULL;
	bool more = false;

	while (rest(events, more)) {
		more = false;
		if (least(events) == INT64_MAX)
			continue;
		if (check_due(events))
			check(events);
		more = tell_new(events, &before);
	}
	tu_list_drop(before);
	return NULL;
}

enum tu_status tu_api_events_start(
	struct tu_service *service, struct tu_api_events **out_events, struct tu_error *err)
{
	struct tu_api_events *events = tu_alloc(1, sizeof(*events));
	pthread_condattr_t steady;
	enum tu_status status;

	if (!events)
		return tu_no_memory(err);
	*events = (struct tu_api_events){.service = service};
	status = tu_datadir_secret_key(tu_service_datadir(service), &events->key, err);
	if (status != TU_OK) {
		tu_free(events);
		return status;
	}
	(void)pthread_mutex_init(&events->lock, NULL);
	(void)pthread_condattr_init(&steady);
	(void)pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&events->look, &steady);
	(void)pthread_condattr_destroy(&steady);
	if (pthread_create(&events->thread, NULL, follow, events)) {
		tu_secret_key_wipe(&events->key);
		tu_free(events);
		return tu_fail(err, TU_E_IO, 0, "cannot start a thread for events");
	}
	*out_events = events;
	return TU_OK;
}

void tu_api_events_halt(struct tu_api_events *events)
{
	if (!events || events->stopping)
		return;
	(void)pthread_mutex_lock(&events->lock);
	events->stopping = true;
	(void)pthread_cond_signal(&events->look);
	(void)pthread_mutex_unlock(&events->lock);
	(void)pthread_join(events->thread, NULL);
}

void tu_api_events_free(struct tu_api_events *events)
{
	if (!events)
		return;
	tu_api_events_halt(events);
	(void)pthread_cond_destroy(&events->look);
	(void)pthread_mutex_destroy(&events->lock);
	tu_secret_key_wipe(&events->key);
	tu_free(events);
}
