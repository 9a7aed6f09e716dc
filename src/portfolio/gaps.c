#include "portfolio/gaps.h"

#include <pthread.h>
#include <string.h>

#include "base/alloc.h"
#include "base/vec.h"
#include "portfolio/list_filter.h"
#include "portfolio/scope.h"

/* ---- gaps of each device ---- */

/* What was read, of every device; immutable. */
struct device_gaps {
	int64_t device;
	struct tu_gaps gaps;
};
struct known {
	int64_t head, due; /* of which state: the ledger's last record, releases to be settled */
	struct device_gaps *rows;
	size_t count;
};

struct tu_gap_cache {
	pthread_mutex_t lock;
	struct known known; /* rows NULL: none yet */
};

struct tu_gap_cache *tu_gap_cache_new(void)
{
	struct tu_gap_cache *cache = tu_alloc(1, sizeof(*cache));

	if (cache) {
		*cache = (struct tu_gap_cache){0};
		(void)pthread_mutex_init(&cache->lock, NULL);
	}
	return cache;
}

void tu_gap_cache_free(struct tu_gap_cache *cache)
{
	if (!cache)
		return;
	tu_free(cache->known.rows);
	(void)pthread_mutex_destroy(&cache->lock);
	tu_free(cache);
}

static enum tu_status read_state(struct tu_work *w, struct known *out, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_row(w->tx, TU_SQL_GAP_STATE, TU_NO_BIND, &rows, err);

	if (status != TU_OK)
		return status;
	out->head = tu_rows_int(rows, 0);
	out->due = tu_rows_int(rows, 1);
	return tu_rows_close(rows, err);
}

static struct device_gaps row_of(const struct tu_rows *rows)
{
	return (struct device_gaps){.device = tu_rows_int(rows, 0),
		.gaps = {.devices = 1,
			.releases = tu_rows_int(rows, 1),
			.releases_without_sbom = tu_rows_int(rows, 2),
			.releases_not_settled = tu_rows_int(rows, 3),
			.components_without_data = tu_rows_int(rows, 4),
			.releases_without_components = tu_rows_int(rows, 5),
			.releases_without_data = tu_rows_int(rows, 6),
			.devices_in_intake = tu_rows_int(rows, 7)}};
}

static enum tu_status read_rows(struct tu_work *w, struct known *out, struct tu_error *err)
{
	struct {
		TU_VEC(struct device_gaps) list;
	} all = {0};
	struct tu_rows *rows;
	bool kept = true;
	enum tu_status status = tu_tx_query(w->tx, TU_SQL_GAP_ROWS, TU_NO_BIND, &rows, err);

	if (status != TU_OK)
		return status;
	while (kept && tu_rows_next(rows))
		kept = TU_VEC_PUSH_IN(w->arena, &all.list, row_of(rows));
	status = tu_rows_close(rows, err);
	out->rows = all.list.at;
	out->count = all.list.count;
	return status || kept ? status : tu_no_memory(err);
}

static void add_all(
	const struct known *known, const struct tu_list_scope *scope, struct tu_gaps *out)
{
	for (size_t i = 0; i < known->count; i++) {
		const struct tu_gaps *one = &known->rows[i].gaps;

		if (!tu_scope_has(scope, known->rows[i].device))
			continue;
		out->devices += one->devices;
		out->releases += one->releases;
		out->releases_without_sbom += one->releases_without_sbom;
		out->releases_without_components += one->releases_without_components;
		out->releases_without_data += one->releases_without_data;
		out->devices_in_intake += one->devices_in_intake;
		out->releases_not_settled += one->releases_not_settled;
		out->components_without_data += one->components_without_data;
	}
}

static bool add_known(struct tu_gap_cache *cache, const struct known *state,
	const struct tu_list_scope *scope, struct tu_gaps *out)
{
	bool same;

	(void)pthread_mutex_lock(&cache->lock);
	same = cache->known.rows && cache->known.head == state->head &&
		cache->known.due == state->due;
	if (same)
		add_all(&cache->known, scope, out);
	(void)pthread_mutex_unlock(&cache->lock);
	return same;
}

/* Without memory for it, the next one reads again. */
static void keep(struct tu_gap_cache *cache, const struct known *read)
{
	struct known copy = *read;

	copy.rows = tu_alloc(read->count + 1, sizeof(*copy.rows));
	if (!copy.rows)
		return;
	if (read->count)
		memcpy(copy.rows, read->rows, read->count * sizeof(*copy.rows));
	(void)pthread_mutex_lock(&cache->lock);
	tu_free(cache->known.rows);
	cache->known = copy;
	(void)pthread_mutex_unlock(&cache->lock);
}

enum tu_status tu_gaps_of(struct tu_work *w, struct tu_gap_cache *cache,
	const struct tu_list_scope *scope, struct tu_gaps *out, struct tu_error *err)
{
	struct known known = {0};
	enum tu_status status = cache ? read_state(w, &known, err) : TU_OK;

	*out = (struct tu_gaps){0};
	if (status != TU_OK || (cache && add_known(cache, &known, scope, out)))
		return status;
	status = read_rows(w, &known, err);
	if (status != TU_OK)
		return status;
	if (cache)
		keep(cache, &known);
	add_all(&known, scope, out);
	return TU_OK;
}

/* ---- without each term ---- */

struct terms {
	TU_VEC(struct tu_str) list;
};

static bool write_without(
	struct tu_arena *arena, const struct terms *terms, size_t left_out, struct tu_str *out)
{
	struct tu_buf text;
	bool fine;

	tu_buf_init(&text, 1 << 16);
	for (size_t i = 0; i < terms->list.count; i++) {
		if (i == left_out)
			continue;
		tu_buf_c(&text, text.len ? " " : "");
		tu_buf_str_add(&text, terms->list.at[i]);
	}
	fine = !text.failed && tu_arena_dup(arena, tu_buf_str(&text), out);
	tu_buf_done(&text);
	return fine;
}

enum tu_status tu_filter_without_each(struct tu_arena *arena, struct tu_str filter,
	struct tu_filter_without **out, size_t *out_count, struct tu_error *err)
{
	struct terms terms = {0};
	struct tu_str term;

	while (tu_list_filter_term(&filter, &term))
		if (!TU_VEC_PUSH_IN(arena, &terms.list, term))
			return tu_no_memory(err);
	*out_count = terms.list.count;
	*out = tu_arena_array(arena, terms.list.count, sizeof(**out));
	if (!*out)
		return tu_no_memory(err);
	for (size_t i = 0; i < terms.list.count; i++) {
		(*out)[i].term = terms.list.at[i];
		if (!write_without(arena, &terms, i, &(*out)[i].filter))
			return tu_no_memory(err);
	}
	return TU_OK;
}
