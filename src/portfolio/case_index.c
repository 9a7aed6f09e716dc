#define _POSIX_C_SOURCE 200809L /* for pthread_rwlock_t */

#include "portfolio/case_index.h"

#include <pthread.h>
#include <stdlib.h>

#include "portfolio/case_index_inside.h"

struct tu_case_index {
	pthread_rwlock_t lock;
	struct tu_indexed_cases all;
};

enum {
	CLOCK_BACK =
		3600 /* s by which a clock may step back without everything being asked again */
};

struct tu_case_index *tu_case_index_new(void)
{
	struct tu_case_index *index = tu_alloc(1, sizeof(*index));

	if (index) {
		*index = (struct tu_case_index){.all.state = {.touched = -1}};
		(void)pthread_rwlock_init(&index->lock, NULL);
	}
	return index;
}

void tu_case_index_free(struct tu_case_index *index)
{
	if (!index)
		return;
	tu_case_index__clear(&index->all);
	(void)pthread_rwlock_destroy(&index->lock);
	tu_free(index);
}

int64_t tu_case_place(const struct tu_case_seen *seen, enum tu_case_order order)
{
	int64_t due = seen->deadline ? seen->deadline : INT64_MAX;

	if (order == TU_CASE_BY_OPENED)
		return -seen->opened;
	return seen->would_due && seen->would_due < due ? seen->would_due : due;
}

/* ---- owners ---- */

struct owner {
	int64_t id;
	struct tu_str public_id, login;
};
struct owners {
	TU_VEC(struct owner) list;
};

static enum tu_status read_owners(struct tu_work *w, struct owners *out, struct tu_error *err)
{
	struct tu_rows *rows;
	bool ok = true;
	enum tu_status status = tu_tx_query(w->tx, TU_SQL_CASE_OWNERS, TU_NO_BIND, &rows, err);

	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows)) {
		struct owner one = {.id = tu_rows_int(rows, 0)};

		ok = tu_arena_dup(w->arena, tu_rows_text(rows, 1), &one.public_id) &&
			tu_arena_dup(w->arena, tu_rows_text(rows, 2), &one.login) &&
			TU_VEC_PUSH_IN(w->arena, &out->list, one);
	}
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

static const struct owner *owner_of(const struct owners *owners, int64_t id)
{
	static const struct owner nobody;

	for (size_t i = 0; id && i < owners->list.count; i++)
		if (owners->list.at[i].id == id)
			return &owners->list.at[i];
	return &nobody;
}

/* ---- one case, as a scope and a filter see it ---- */

struct picking {
	struct tu_work *w;
	const struct tu_indexed_cases *index;
	const struct tu_case_wish *wish;
	const struct tu_case_filter *filter;
	int64_t device_id; /* of the filter; -1: there is none of this name */
	int64_t *devices; /* of the scope, in order; NULL: everything */
	size_t device_count;
	struct owners owners;
	struct picked *heap; /* the first ones, the last of them on top */
	size_t count, total;
};
struct picked {
	int64_t place;
	const struct tu_indexed_case *of;
};

static bool passes(const struct picking *p, const struct tu_indexed_part *part)
{
	const struct tu_case_filter *f = p->filter;
	const struct owner *owner;

	if (f->device.len && part->device_id != p->device_id)
		return false;
	if (f->unowned && part->owner_id)
		return false;
	if (!f->owner.len)
		return true;
	owner = owner_of(&p->owners, part->owner_id);
	return tu_str_eq(f->owner, owner->public_id) || tu_str_eq(f->owner, owner->login);
}

static bool in_time(const struct tu_case_filter *filter, int64_t due)
{
	return !filter->deadline_before || (due && due < filter->deadline_before);
}

static int compare_ids(const void *one, const void *other)
{
	const int64_t *a = one, *b = other;

	return (*a > *b) - (*a < *b);
}

static bool is_seen(const struct picking *p, const struct tu_indexed_part *part)
{
	return !p->devices ||
		bsearch(&part->device_id, p->devices, p->device_count, sizeof(*p->devices),
			compare_ids);
}

static int64_t earliest(int64_t a, int64_t b)
{
	return !a || (b && b < a) ? b : a;
}

static void add_part(
	const struct picking *p, const struct tu_indexed_part *part, struct tu_case_seen *seen)
{
	const struct tu_case_filter *f = p->filter;
	bool due = in_time(f, part->deadline) ||
		(part->undecided && (in_time(f, part->would_due) || part->would_unread));

	seen->wanted |= due && passes(p, part);
	seen->closed = seen->closed && part->closed;
	seen->learned_at = earliest(seen->learned_at, part->learned_at);
	seen->opened = earliest(seen->opened, part->opened);
	seen->closed_at = part->closed_at > seen->closed_at ? part->closed_at : seen->closed_at;
	seen->version += part->version;
	seen->deadline = earliest(seen->deadline, part->deadline);
	seen->deadlines += part->deadlines;
	seen->affected += part->affected;
	seen->undecided += part->undecided;
	seen->fixed += part->fixed;
	seen->not_affected += part->not_affected;
	seen->would += part->would;
	seen->would_due = earliest(seen->would_due, part->would_due);
	seen->would_unread |= part->would_unread;
	seen->devices++;
}

/* False: it is not of the list. Texts are the index's; the owner is left out. */
static bool see(const struct picking *p, const struct tu_indexed_case *of, struct tu_case_seen *out)
{
	const struct tu_case_filter *f = p->filter;

	*out = (struct tu_case_seen){.id = of->id,
		.public_id = of->public_id,
		.vuln = of->vuln,
		.title = of->title,
		.severity = of->severity,
		.score = of->score,
		.kev = of->kev,
		.own = of->own,
		.closed = true};
	for (size_t i = 0; i < of->part_count; i++)
		if (is_seen(p, &of->parts[i]))
			add_part(p, &of->parts[i], out);
	if (!out->closed)
		out->closed_at = 0;
	return out->wanted &&
		(f->state == TU_CASE_ANY || out->closed == (f->state == TU_CASE_CLOSED));
}

/* ---- the first ones after a place ---- */

static int compare(const void *one, const void *other)
{
	const struct picked *a = one, *b = other;

	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	return tu_str_cmp(a->of->public_id, b->of->public_id);
}

static void swap(struct picked *a, struct picked *b)
{
	const struct picked was = *a;

	*a = *b;
	*b = was;
}

static void rise(struct picked *heap, size_t at)
{
	for (; at && compare(&heap[at], &heap[(at - 1) / 2]) > 0; at = (at - 1) / 2)
		swap(&heap[at], &heap[(at - 1) / 2]);
}

static void sink(struct picked *heap, size_t count)
{
	size_t at = 0, child;

	while ((child = 2 * at + 1) < count) {
		if (child + 1 < count && compare(&heap[child + 1], &heap[child]) > 0)
			child++;
		if (compare(&heap[child], &heap[at]) <= 0)
			return;
		swap(&heap[child], &heap[at]);
		at = child;
	}
}

static void take(struct picking *p, struct picked one)
{
	const struct tu_case_wish *wish = p->wish;

	if (wish->has_after &&
		(one.place < wish->after ||
			(one.place == wish->after &&
				tu_str_cmp(one.of->public_id, wish->after_public) <= 0)))
		return;
	if (p->count < wish->limit) {
		p->heap[p->count++] = one;
		rise(p->heap, p->count - 1);
	} else if (wish->limit && compare(&one, &p->heap[0]) < 0) {
		p->heap[0] = one;
		sink(p->heap, p->count);
	}
}

static void walk(struct picking *p)
{
	struct tu_case_seen seen;

	for (size_t i = 0; i < p->index->cases.list.count; i++) {
		const struct tu_indexed_case *of = &p->index->cases.list.at[i];

		if (!see(p, of, &seen))
			continue;
		p->total++;
		take(p, (struct picked){tu_case_place(&seen, p->wish->order), of});
	}
	if (p->count)
		qsort(p->heap, p->count, sizeof(*p->heap), compare);
}

/* ---- the answer ---- */

static void name_owner(
	const struct picking *p, const struct tu_indexed_case *of, struct tu_case_seen *seen)
{
	for (size_t i = 0; i < of->part_count && !seen->owner.len; i++) {
		const struct tu_indexed_part *part = &of->parts[i];
		const struct owner *owner = owner_of(&p->owners, part->owner_id);

		if (!is_seen(p, part))
			continue;
		seen->owner = owner->login;
		seen->owner_public = owner->public_id;
	}
}

static bool put(struct picking *p, const struct tu_indexed_case *of, struct tu_cases_seen *out)
{
	struct tu_arena *arena = p->w->arena;
	struct tu_case_seen seen;

	(void)see(p, of, &seen);
	name_owner(p, of, &seen);
	return tu_arena_dup(arena, of->public_id, &seen.public_id) &&
		tu_arena_dup(arena, of->vuln, &seen.vuln) &&
		tu_arena_dup(arena, of->title, &seen.title) &&
		TU_VEC_PUSH_IN(arena, &out->list, seen);
}

/* The devices of the scope, and that of the filter. */
static bool find_devices(struct picking *p)
{
	const struct tu_list_scope *scope = p->filter->scope;

	if (scope && !scope->everything) {
		p->device_count = scope->device_count;
		p->devices = tu_arena_array(p->w->arena, scope->device_count, sizeof(*p->devices));
		if (!p->devices)
			return false;
		if (p->device_count) {
			memcpy(p->devices, scope->device_ids,
				p->device_count * sizeof(*p->devices));
			qsort(p->devices, p->device_count, sizeof(*p->devices), compare_ids);
		}
	}
	p->device_id = -1;
	for (size_t i = 0; i < p->index->devices.list.count; i++)
		if (tu_str_eq(p->index->devices.list.at[i].name, p->filter->device))
			p->device_id = p->index->devices.list.at[i].id;
	return true;
}

static enum tu_status pick(struct picking *p, struct tu_cases_page *out, struct tu_error *err)
{
	bool ok = true;

	p->heap = tu_arena_array(p->w->arena, p->wish->limit, sizeof(*p->heap));
	if (!p->heap || !find_devices(p))
		return tu_no_memory(err);
	walk(p);
	out->total = p->total;
	for (size_t i = 0; i < p->count && ok; i++)
		ok = put(p, p->heap[i].of, &out->seen);
	return ok ? TU_OK : tu_no_memory(err);
}

/* Is it of this state, or of a later one? */
static bool is_new_enough(
	const struct tu_indexed_cases *index, const struct tu_case_index_state *state, int64_t now)
{
	return index->state.touched >= state->touched && index->state.head >= state->head &&
		!memcmp(index->state.kb, state->kb, sizeof(state->kb)) && now < index->until &&
		now > index->from - CLOCK_BACK;
}

/* On TU_OK the index is locked, and of what the transaction sees. */
static enum tu_status lock_new_enough(
	struct tu_work *w, const struct tu_case_asking *asking, struct tu_error *err)
{
	struct tu_case_index *index = asking->index;
	struct tu_case_index_state state;
	enum tu_status status = tu_case_index__state(w, asking, &state, err);

	if (status != TU_OK)
		return status;
	(void)pthread_rwlock_rdlock(&index->lock);
	if (is_new_enough(&index->all, &state, tu_work_seconds(w)))
		return TU_OK;
	(void)pthread_rwlock_unlock(&index->lock);
	(void)pthread_rwlock_wrlock(&index->lock);
	if (!is_new_enough(&index->all, &state, tu_work_seconds(w)))
		status = tu_case_index__follow(w, &index->all, asking, &state, err);
	if (status != TU_OK)
		(void)pthread_rwlock_unlock(&index->lock);
	return status;
}

enum tu_status tu_case_index_follow(
	struct tu_work *w, const struct tu_case_asking *asking, struct tu_error *err)
{
	enum tu_status status = lock_new_enough(w, asking, err);

	if (status == TU_OK)
		(void)pthread_rwlock_unlock(&asking->index->lock);
	return status;
}

enum tu_status tu_case_page(struct tu_work *w, const struct tu_case_asking *asking,
	const struct tu_case_wish *wish, struct tu_cases_page *out, struct tu_error *err)
{
	struct picking p = {
		.w = w, .index = &asking->index->all, .wish = wish, .filter = wish->filter};
	enum tu_status status = TU_OK;

	*out = (struct tu_cases_page){0};
	if (wish->limit || wish->filter->owner.len)
		status = read_owners(w, &p.owners, err);
	if (status == TU_OK)
		status = lock_new_enough(w, asking, err);
	if (status != TU_OK)
		return status;
	status = pick(&p, out, err);
	(void)pthread_rwlock_unlock(&asking->index->lock);
	return status;
}
