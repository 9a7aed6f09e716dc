/* The index of cases is read, and follows what is written. */
#include <stdlib.h>

#include <tutela/kb.h>

#include "portfolio/case_index_inside.h"
#include "portfolio/case_would.h"

enum {
	AT_MOST = 86400, /* s: the system may get other rules of a time zone */
	TURNS = 48, /* so many times from half a day on, a part of the cases each time */
	TOGETHER = 64 /* parts of which what they need is kept until it is thrown away */
};
#define MEMORY_MAX ((size_t)1 << 30)

/* ---- the state ---- */

enum tu_status tu_case_index__state(struct tu_work *w, const struct tu_case_asking *asking,
	struct tu_case_index_state *out, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_row(w->tx, TU_SQL_CASE_INDEX_STATE, TU_NO_BIND, &rows, err);

	*out = (struct tu_case_index_state){0};
	if (status != TU_OK)
		return status;
	out->head = tu_rows_int(rows, 0);
	out->touched = tu_rows_int(rows, 1);
	if (asking->kb_digest)
		memcpy(out->kb, asking->kb_digest, sizeof(out->kb));
	return tu_rows_close(rows, err);
}

static void free_case(struct tu_indexed_case *one)
{
	tu_free(one->texts);
	tu_free(one->parts);
}

void tu_case_index__clear(struct tu_indexed_cases *index)
{
	for (size_t i = 0; i < index->cases.list.count; i++)
		free_case(&index->cases.list.at[i]);
	for (size_t i = 0; i < index->devices.list.count; i++)
		tu_free(index->devices.list.at[i].text);
	TU_VEC_DONE(&index->cases.list);
	TU_VEC_DONE(&index->devices.list);
	index->state = (struct tu_case_index_state){.touched = -1};
	index->from = index->until = 0;
}

/* ---- finding ---- */

static size_t place_of_case(const struct tu_indexed_case *at, size_t count, int64_t id)
{
	size_t from = 0;

	while (from < count) {
		size_t middle = from + (count - from) / 2;

		if (at[middle].id < id)
			from = middle + 1;
		else
			count = middle;
	}
	return from;
}

struct tu_indexed_case *tu_case_index__find(struct tu_indexed_cases *index, int64_t id)
{
	size_t at = place_of_case(index->cases.list.at, index->cases.list.count, id);

	return at < index->cases.list.count && index->cases.list.at[at].id == id
		? &index->cases.list.at[at]
		: NULL;
}

static size_t place_of_device(const struct tu_indexed_cases *index, int64_t id)
{
	size_t from = 0, count = index->devices.list.count;

	while (from < count) {
		size_t middle = from + (count - from) / 2;

		if (index->devices.list.at[middle].id < id)
			from = middle + 1;
		else
			count = middle;
	}
	return from;
}

const struct tu_indexed_device *tu_case_index__device(
	const struct tu_indexed_cases *index, int64_t id)
{
	size_t at = place_of_device(index, id);

	return at < index->devices.list.count && index->devices.list.at[at].id == id
		? &index->devices.list.at[at]
		: NULL;
}

/* A device has one name for ever. */
static bool know_device(struct tu_indexed_cases *index, int64_t id, struct tu_str name)
{
	struct tu_indexed_device one = {.id = id};
	size_t at = place_of_device(index, id);

	if (at < index->devices.list.count && index->devices.list.at[at].id == id)
		return true;
	one.text = tu_alloc(name.len + 1, 1);
	if (!one.text || !TU_VEC_PUSH(&index->devices.list, one)) {
		tu_free(one.text);
		return false;
	}
	if (name.len)
		memcpy(one.text, name.ptr, name.len);
	one.name = tu_str_of(one.text, name.len);
	memmove(&index->devices.list.at[at + 1], &index->devices.list.at[at],
		(index->devices.list.count - 1 - at) * sizeof(one));
	index->devices.list.at[at] = one;
	return true;
}

/* ---- reading ---- */

struct reading {
	struct tu_work *w;
	struct tu_indexed_cases *index;
	const struct tu_case_asking *asking;
	int64_t after; /* the number of the last transaction that was read; -1: none */
	struct {
		TU_VEC(struct tu_indexed_case) list; /* as they are now, by id */
	} fresh;
};

/* Name, title and id in one piece of memory. */
static bool set_texts(struct tu_indexed_case *one, struct tu_str public_id, struct tu_str vuln,
	struct tu_str title)
{
	const struct tu_str from[] = {public_id, vuln, title};
	struct tu_str *const to[] = {&one->public_id, &one->vuln, &one->title};
	char *texts = tu_alloc(public_id.len + vuln.len + title.len + 1, 1), *at = texts;

	if (!texts)
		return false;
	one->texts = texts;
	for (size_t i = 0; i < TU_COUNT(from); at += from[i].len, i++) {
		if (from[i].len)
			memcpy(at, from[i].ptr, from[i].len);
		*to[i] = tu_str_of(at, from[i].len);
	}
	return true;
}

static bool begin_case(struct reading *r, const struct tu_rows *rows)
{
	struct tu_indexed_case one = {.id = tu_rows_int(rows, 0),
		.vuln_id = tu_rows_int(rows, 1),
		.severity = tu_rows_int(rows, 5),
		.score = tu_rows_int(rows, 6),
		.kev = tu_rows_int(rows, 7) != 0,
		.own = tu_rows_int(rows, 16) != 0};

	if (!set_texts(&one, tu_rows_text(rows, 2), tu_rows_text(rows, 3), tu_rows_text(rows, 4)))
		return false;
	one.kb_vuln = r->asking->kb ? tu_kb_find(r->asking->kb, one.vuln) : TU_KB_NONE;
	if (TU_VEC_PUSH(&r->fresh.list, one))
		return true;
	free_case(&one);
	return false;
}

static bool add_part(struct tu_indexed_case *one, const struct tu_rows *rows)
{
	const struct tu_indexed_part part = {.device_id = tu_rows_int(rows, 8),
		.owner_id = tu_rows_int(rows, 10),
		.closed = tu_str_eq(tu_rows_text(rows, 11), TU_STR("closed")),
		.learned_at = tu_rows_int(rows, 12),
		.opened = tu_rows_int(rows, 13),
		.closed_at = tu_rows_int(rows, 14),
		.version = tu_rows_int(rows, 15),
		.stale = true};
	struct {
		TU_VEC(struct tu_indexed_part) list;
	} parts = {{one->parts, one->part_count, one->part_cap}};
	bool ok = TU_VEC_PUSH(&parts.list, part);

	one->parts = parts.list.at;
	one->part_count = parts.list.count;
	one->part_cap = parts.list.cap;
	return ok;
}

typedef bool take_row(struct reading *r, const struct tu_rows *rows);

static bool take_part(struct reading *r, const struct tu_rows *rows)
{
	const size_t count = r->fresh.list.count;

	if ((!count || r->fresh.list.at[count - 1].id != tu_rows_int(rows, 0)) &&
		!begin_case(r, rows))
		return false;
	return know_device(r->index, tu_rows_int(rows, 8), tu_rows_text(rows, 9)) &&
		add_part(&r->fresh.list.at[r->fresh.list.count - 1], rows);
}

/* NULL: of a device that the case has no part of. */
static struct tu_indexed_part *part_of(const struct reading *r, const struct tu_rows *rows)
{
	const int64_t id = tu_rows_int(rows, 0), device_id = tu_rows_int(rows, 1);
	const size_t at = place_of_case(r->fresh.list.at, r->fresh.list.count, id);
	struct tu_indexed_case *one = at < r->fresh.list.count ? &r->fresh.list.at[at] : NULL;

	for (size_t i = 0; one && one->id == id && i < one->part_count; i++)
		if (one->parts[i].device_id == device_id)
			return &one->parts[i];
	return NULL;
}

static bool take_deadlines(struct reading *r, const struct tu_rows *rows)
{
	struct tu_indexed_part *part = part_of(r, rows);

	if (part) {
		part->deadline = tu_rows_int(rows, 2);
		part->deadlines = tu_rows_int(rows, 3);
	}
	return true;
}

static bool take_releases(struct reading *r, const struct tu_rows *rows)
{
	struct tu_indexed_part *part = part_of(r, rows);

	if (part) {
		part->affected = tu_rows_int(rows, 2);
		part->undecided = tu_rows_int(rows, 3);
		part->fixed = tu_rows_int(rows, 4);
		part->not_affected = tu_rows_int(rows, 5);
	}
	return true;
}

static enum tu_status read_rows(
	struct reading *r, enum tu_sql sql, int64_t after, take_row *take_one, struct tu_error *err)
{
	const bool all = sql == TU_SQL_CASE_INDEX_DEVICES;
	struct tu_rows *rows;
	bool ok = true;
	enum tu_status status = all
		? tu_tx_query(r->w->tx, sql, TU_NO_BIND, &rows, err)
		: tu_tx_query(r->w->tx, sql, TU_BIND(tu_int(after)), &rows, err);

	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows))
		ok = take_one(r, rows);
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

/* In the place of what was there; what is new between the others. */
static bool put_fresh(struct reading *r)
{
	struct {
		TU_VEC(struct tu_indexed_case) list;
	} all = {0};
	struct tu_indexed_cases *index = r->index;
	size_t old = 0, new = 0;
	const size_t most = index->cases.list.count + r->fresh.list.count;

	all.list.at = tu_alloc(most + 1, sizeof(*all.list.at));
	if (!all.list.at)
		return false;
	all.list.cap = most + 1;
	while (old < index->cases.list.count || new < r->fresh.list.count) {
		struct tu_indexed_case *a =
			old < index->cases.list.count ? &index->cases.list.at[old] : NULL;
		struct tu_indexed_case *b =
			new < r->fresh.list.count ? &r->fresh.list.at[new] : NULL;
		const bool takes_new = b && (!a || b->id <= a->id);

		if (takes_new && a && a->id == b->id) {
			free_case(a);
			old++;
		}
		all.list.at[all.list.count++] = takes_new ? *b : *a;
		new += takes_new;
		old += !takes_new;
	}
	tu_free(index->cases.list.at);
	memcpy(&index->cases.list, &all.list, sizeof(all.list));
	r->fresh.list.count = 0; /* they are the index's now */
	return true;
}

static enum tu_status read_cases(struct reading *r, struct tu_error *err)
{
	enum tu_status status = read_rows(r, TU_SQL_CASE_INDEX_PARTS, r->after, take_part, err);

	if (status == TU_OK && r->fresh.list.count)
		status = read_rows(r, TU_SQL_CASE_INDEX_DEADLINES, r->after, take_deadlines, err);
	if (status == TU_OK && r->fresh.list.count)
		status = read_rows(r, TU_SQL_CASE_INDEX_RELEASES, r->after, take_releases, err);
	return status;
}

/* ---- what changed elsewhere ---- */

static void mark_case(struct tu_indexed_case *one)
{
	for (size_t i = 0; i < one->part_count; i++)
		one->parts[i].stale = true;
}

static bool take_vuln(struct reading *r, const struct tu_rows *rows)
{
	struct tu_indexed_case *one = tu_case_index__find(r->index, tu_rows_int(rows, 0));
	struct tu_indexed_case with;

	if (!one)
		return true;
	with = *one;
	if (!set_texts(&with, one->public_id, one->vuln, tu_rows_text(rows, 1)))
		return false;
	one->parts = NULL; /* they stay */
	free_case(one);
	*one = with;
	one->severity = tu_rows_int(rows, 2);
	one->score = tu_rows_int(rows, 3);
	one->kev = tu_rows_int(rows, 4) != 0;
	mark_case(one);
	return true;
}

/* Another device.yaml than the one that was asked last. */
static bool take_device(struct reading *r, const struct tu_rows *rows)
{
	const int64_t device_id = tu_rows_int(rows, 0), document_id = tu_rows_int(rows, 1),
		      version = tu_rows_int(rows, 2);
	struct tu_indexed_cases *index = r->index;
	const size_t at = place_of_device(index, device_id);
	struct tu_indexed_device *device =
		at < index->devices.list.count ? &index->devices.list.at[at] : NULL;

	if (!device || device->id != device_id ||
		(device->document_id == document_id && device->version == version))
		return true;
	device->document_id = document_id;
	device->version = version;
	for (size_t i = 0; i < index->cases.list.count; i++)
		for (size_t k = 0; k < index->cases.list.at[i].part_count; k++)
			index->cases.list.at[i].parts[k].stale |=
				index->cases.list.at[i].parts[k].device_id == device_id;
	return true;
}

static int compare_numbers(const void *one, const void *other)
{
	const uint32_t *a = one, *b = other;

	return (*a > *b) - (*a < *b);
}

/* An event that is recorded for a case is one of every case that the knowledge base knows as the
 * same vulnerability. */
static enum tu_status mark_the_same(struct reading *r, struct tu_error *err)
{
	const size_t count = r->fresh.list.count;
	uint32_t *known = tu_arena_array(r->w->arena, count, sizeof(*known));

	if (!known)
		return tu_no_memory(err);
	for (size_t i = 0; i < count; i++)
		known[i] = r->fresh.list.at[i].kb_vuln;
	if (count)
		qsort(known, count, sizeof(*known), compare_numbers);
	for (size_t i = 0; count && i < r->index->cases.list.count; i++) {
		struct tu_indexed_case *one = &r->index->cases.list.at[i];

		if (one->kb_vuln != TU_KB_NONE &&
			bsearch(&one->kb_vuln, known, count, sizeof(*known), compare_numbers))
			mark_case(one);
	}
	return TU_OK;
}

static void take_kb(struct reading *r)
{
	const struct tu_kb *kb = r->asking->kb;

	for (size_t i = 0; i < r->index->cases.list.count; i++) {
		struct tu_indexed_case *one = &r->index->cases.list.at[i];

		one->kb_vuln = kb ? tu_kb_find(kb, one->vuln) : TU_KB_NONE;
		mark_case(one);
	}
}

/* ---- what would be due ---- */

struct stale {
	struct tu_indexed_case *of;
	struct tu_indexed_part *part;
};
struct asking {
	struct tu_would would;
	struct tu_indexed_cases *index;
	struct {
		TU_VEC(struct stale) list;
	} stale;
};

static int compare_devices(const void *one, const void *other)
{
	const struct stale *a = one, *b = other;
	const int64_t x = a->part->device_id, y = b->part->device_id;

	return (x > y) - (x < y);
}

static bool gather(struct asking *a, int64_t now)
{
	bool ok = true;

	for (size_t i = 0; ok && i < a->index->cases.list.count; i++) {
		struct tu_indexed_case *one = &a->index->cases.list.at[i];

		for (size_t k = 0; ok && k < one->part_count; k++) {
			struct tu_indexed_part *part = &one->parts[k];

			if (part->stale || (part->undecided && now >= part->until))
				ok = TU_VEC_PUSH_IN(a->would.w->arena, &a->stale.list,
					(struct stale){one, part});
		}
	}
	return ok;
}

static enum tu_status ask_part(struct asking *a, const struct stale *stale, struct tu_error *err)
{
	const int64_t now = tu_work_seconds(a->would.w);
	struct tu_indexed_part *part = stale->part;
	const struct tu_indexed_device *device = tu_case_index__device(a->index, part->device_id);
	const struct tu_would_part of = {.vuln = stale->of->vuln,
		.device = device ? device->name : (struct tu_str){0},
		.learned_at = part->learned_at,
		.kev = stale->of->kev};
	struct tu_would_deadlines all = {0};
	enum tu_status status = part->undecided ? tu_would_of(&a->would, &of, &all, err) : TU_OK;

	if (status != TU_OK)
		return status;
	part->would = (int64_t)all.list.count;
	part->would_due = all.soonest;
	part->would_unread = all.unread.list.count > 0;
	part->until = now + AT_MOST - stale->of->id % TURNS * (AT_MOST / 2 / TURNS);
	if (all.until && all.until < part->until)
		part->until = all.until;
	part->stale = false;
	return TU_OK;
}

static enum tu_status ask_all(struct asking *a, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	if (!gather(a, tu_work_seconds(a->would.w)))
		return tu_no_memory(err);
	if (a->stale.list.count) /* device after device: the one before is found at once */
		qsort(a->stale.list.at, a->stale.list.count, sizeof(*a->stale.list.at),
			compare_devices);
	for (size_t i = 0; status == TU_OK && i < a->stale.list.count; i++) {
		status = ask_part(a, &a->stale.list.at[i], err);
		if (i % TOGETHER == TOGETHER - 1)
			tu_arena_reset(a->would.arena);
	}
	return status;
}

static enum tu_status ask_would(struct reading *r, struct tu_error *err)
{
	struct asking a = {
		.would = {.w = r->w, .kb = r->asking->kb, .arena = tu_arena_new(MEMORY_MAX)},
		.index = r->index};
	enum tu_status status = a.would.arena ? ask_all(&a, err) : tu_no_memory(err);

	tu_arena_free(a.would.arena);
	return status;
}

/* ---- following ---- */

static void note_times(struct tu_indexed_cases *index, int64_t now)
{
	index->from = now;
	index->until = now + AT_MOST;
	for (size_t i = 0; i < index->cases.list.count; i++) {
		const struct tu_indexed_case *one = &index->cases.list.at[i];

		for (size_t k = 0; k < one->part_count; k++)
			if (one->parts[k].undecided && one->parts[k].until < index->until)
				index->until = one->parts[k].until;
	}
}

/* Something went, or a kind that is not known here; or this transaction sees less than the last one
 * (then a part that is asked again must not be so by an older device). */
static enum tu_status must_read_all(
	struct reading *r, const struct tu_case_index_state *state, bool *out, struct tu_error *err)
{
	const struct tu_indexed_cases *index = r->index;
	int64_t others = 0;
	enum tu_status status;

	*out = state->touched < index->state.touched || state->head < index->state.head ||
		index->state.touched < 0 || tu_work_seconds(r->w) <= index->from - AT_MOST;
	if (*out)
		return TU_OK;
	status = tu_tx_int(r->w->tx, TU_SQL_CASE_INDEX_OTHERS, TU_BIND(tu_int(index->state.head)),
		&others, err);
	*out = others != 0;
	return status;
}

static enum tu_status read_changes(
	struct reading *r, const struct tu_case_index_state *state, struct tu_error *err)
{
	const int64_t head = r->index->state.head;
	const bool another_kb = memcmp(r->index->state.kb, state->kb, sizeof(state->kb)) != 0;
	enum tu_status status = mark_the_same(r, err);

	if (status == TU_OK && !put_fresh(r))
		status = tu_no_memory(err);
	if (status == TU_OK && r->after >= 0)
		status = read_rows(r, TU_SQL_CASE_INDEX_VULNS, head, take_vuln, err);
	if (status == TU_OK)
		status = read_rows(r, TU_SQL_CASE_INDEX_DEVICES, head, take_device, err);
	if (status == TU_OK && another_kb && r->after >= 0)
		take_kb(r);
	return status;
}

enum tu_status tu_case_index__follow(struct tu_work *w, struct tu_indexed_cases *index,
	const struct tu_case_asking *asking, const struct tu_case_index_state *state,
	struct tu_error *err)
{
	struct reading r = {.w = w, .index = index, .asking = asking};
	bool all = false;
	enum tu_status status = must_read_all(&r, state, &all, err);

	if (all)
		tu_case_index__clear(index);
	r.after = index->state.touched;
	if (status == TU_OK)
		status = read_cases(&r, err);
	if (status == TU_OK)
		status = read_changes(&r, state, err);
	if (status == TU_OK)
		status = ask_would(&r, err);
	for (size_t i = 0; i < r.fresh.list.count; i++)
		free_case(&r.fresh.list.at[i]);
	TU_VEC_DONE(&r.fresh.list);
	if (status != TU_OK) {
		tu_case_index__clear(index);
		return status;
	}
	index->state = *state;
	note_times(index, tu_work_seconds(w));
	return TU_OK;
}
