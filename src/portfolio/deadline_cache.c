#include "portfolio/deadline_cache.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/alloc.h"

enum { STATES = 5, AT_MOST = 3600 /* s: the system may get other rules of a time zone */ };
#define MEMORY_MAX ((size_t)1 << 30)

/* All that the list is made of, but the time. */
struct state {
	int64_t rows[STATES];
	uint8_t kb[TU_SHA256_BYTES]; /* zeroed: none */
};

struct tu_deadline_all {
	atomic_uint holders;
	struct tu_arena *arena; /* of all that is seen */
	struct state state;
	int64_t from, until; /* seconds: it is the same from `from` on and before `until` */
	struct tu_deadlines_seen seen;
};

struct tu_deadline_cache {
	pthread_mutex_t lock;
	struct tu_deadline_all *last; /* NULL: none yet; the cache is one of its holders */
};

struct tu_deadline_cache *tu_deadline_cache_new(void)
{
	struct tu_deadline_cache *cache = tu_alloc(1, sizeof(*cache));

	if (cache) {
		*cache = (struct tu_deadline_cache){0};
		(void)pthread_mutex_init(&cache->lock, NULL);
	}
	return cache;
}

void tu_deadline_cache_free(struct tu_deadline_cache *cache)
{
	if (!cache)
		return;
	tu_deadline_drop(cache->last);
	(void)pthread_mutex_destroy(&cache->lock);
	tu_free(cache);
}

const struct tu_deadlines_seen *tu_deadline_all_seen(const struct tu_deadline_all *all)
{
	return &all->seen;
}

void tu_deadline_drop(struct tu_deadline_all *all)
{
	if (!all || atomic_fetch_sub(&all->holders, 1) != 1)
		return;
	tu_arena_free(all->arena);
	tu_free(all);
}

/* ---- the state ---- */

static enum tu_status read_state(struct tu_work *w, const struct tu_deadline_asking *asking,
	struct state *out, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_row(w->tx, TU_SQL_DEADLINES_STATE, TU_NO_BIND, &rows, err);

	*out = (struct state){0};
	if (status != TU_OK)
		return status;
	for (unsigned i = 0; i < STATES; i++)
		out->rows[i] = tu_rows_int(rows, i);
	if (asking->kb_digest)
		memcpy(out->kb, asking->kb_digest, sizeof(out->kb));
	return tu_rows_close(rows, err);
}

static bool is_of(const struct tu_deadline_all *all, const struct state *state, int64_t now)
{
	return now >= all->from && now < all->until &&
		!memcmp(all->state.rows, state->rows, sizeof(state->rows)) &&
		!memcmp(all->state.kb, state->kb, sizeof(state->kb));
}

/* ---- until when ---- */

/* Something is another from `at` on. */
static void end_at(struct tu_deadline_all *all, int64_t at)
{
	if (at > all->from && at < all->until)
		all->until = at;
}

static void find_end(struct tu_deadline_all *all, const struct tu_kb *kb)
{
	all->until = all->from + AT_MOST;
	for (size_t i = 0; i < all->seen.list.count; i++) /* missed after, not at, what is due */
		end_at(all, all->seen.list.at[i].deadline->due + 1);
	for (size_t i = 0; i < all->seen.devices.count; i++) {
		const struct tu_deadlines_of *of = &all->seen.devices.at[i]->of;

		for (size_t k = 0; k < of->case_count; k++)
			end_at(all, tu_deadline_case_next(kb, &of->cases[k], all->from));
		for (size_t k = 0; k < of->more_count; k++)
			end_at(all, of->more[k].event->at);
	}
}

/* ---- computing ---- */

static enum tu_status compute(struct tu_work *w, const struct tu_deadline_asking *asking,
	struct tu_deadline_all *all, struct tu_error *err)
{
	const struct tu_deadline_filter filter = {0};
	struct tu_work inner = {.tx = w->tx, .act = w->act, .arena = all->arena};
	enum tu_status status = tu_deadline_list(&inner, asking->kb, &filter, &all->seen, err);

	all->from = tu_work_seconds(w);
	if (status == TU_OK)
		find_end(all, asking->kb);
	return status;
}

static enum tu_status make(struct tu_work *w, const struct tu_deadline_asking *asking,
	const struct state *state, struct tu_deadline_all **out_all, struct tu_error *err)
{
	struct tu_deadline_all *all = tu_alloc(1, sizeof(*all));
	struct tu_arena *arena = tu_arena_new(MEMORY_MAX);
	enum tu_status status;

	*out_all = NULL;
	if (!all || !arena) {
		tu_free(all);
		tu_arena_free(arena);
		return tu_no_memory(err);
	}
	*all = (struct tu_deadline_all){.arena = arena, .state = *state};
	atomic_init(&all->holders, 1);
	status = compute(w, asking, all, err);
	if (status == TU_OK)
		*out_all = all;
	else
		tu_deadline_drop(all);
	return status;
}

/* ---- holding ---- */

static struct tu_deadline_all *find(
	struct tu_deadline_cache *cache, const struct state *state, int64_t now)
{
	struct tu_deadline_all *all = NULL;

	(void)pthread_mutex_lock(&cache->lock);
	if (cache->last && is_of(cache->last, state, now)) {
		all = cache->last;
		atomic_fetch_add(&all->holders, 1);
	}
	(void)pthread_mutex_unlock(&cache->lock);
	return all;
}

static void keep(struct tu_deadline_cache *cache, struct tu_deadline_all *all)
{
	struct tu_deadline_all *before;

	atomic_fetch_add(&all->holders, 1);
	(void)pthread_mutex_lock(&cache->lock);
	before = cache->last;
	cache->last = all;
	(void)pthread_mutex_unlock(&cache->lock);
	tu_deadline_drop(before);
}

enum tu_status tu_deadline_hold(struct tu_work *w, const struct tu_deadline_asking *asking,
	struct tu_deadline_all **out_all, struct tu_error *err)
{
	struct state state;
	enum tu_status status = read_state(w, asking, &state, err);

	*out_all = NULL;
	if (status != TU_OK)
		return status;
	if (asking->cache)
		*out_all = find(asking->cache, &state, tu_work_seconds(w));
	if (*out_all)
		return TU_OK;
	status = make(w, asking, &state, out_all, err);
	if (status == TU_OK && asking->cache)
		keep(asking->cache, *out_all);
	return status;
}
