#include <stdlib.h>

#include "list/make.h"

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void sort_pairs(struct tu_list__pairs *pairs)
{
	if (pairs->count)
		qsort(pairs->at, pairs->count, sizeof(*pairs->at), by_value);
}

/* A posting of so many components at most is put on the shelf. */
static bool put_posting(struct tu_list_snapshot *snapshot, struct tu_list__shelf *shelf,
	uint32_t at, const struct tu_list__numbers *components)
{
	const struct tu_list__posting *old = tu_list__shelf_at(shelf, at);
	size_t bytes = components->count * sizeof(uint32_t) + sizeof(*old);
	struct tu_list__posting *posting = NULL;

	if (old)
		snapshot->item_bytes -= old->count * sizeof(uint32_t) + sizeof(*old);
	if (components->count) {
		posting = tu_alloc(1, bytes);
		if (!posting)
			return false;
		atomic_init(&posting->refs, 1);
		posting->count = (uint32_t)components->count;
		memcpy(posting->at, components->at, components->count * sizeof(uint32_t));
		snapshot->item_bytes += bytes;
	}
	return tu_list__shelf_put(shelf, at, posting);
}

/* ---- vulnerability to components ---- */

/* Merge what stays of the old posting with what is there now, in the order of ranks. */
static bool merge_posting(const struct tu_list__making *making, const struct tu_list__posting *old,
	const uint64_t *pairs, size_t count, struct tu_list__numbers *out)
{
	const struct tu_list__table *components = making->snapshot->tables[TU_LIST__COMPONENTS];
	size_t next = 0;

	out->count = 0;
	for (uint32_t i = 0; old && i < old->count; i++) {
		if (making->refactored[old->at[i]])
			continue;
		for (; next < count &&
			(pairs[next] & UINT32_MAX) >> 1 < components->rank[old->at[i]];
			next++)
			if (pairs[next] & 1 &&
				!TU_VEC_PUSH(
					out, components->by_id[(pairs[next] & UINT32_MAX) >> 1]))
				return false;
		if (!TU_VEC_PUSH(out, old->at[i]))
			return false;
	}
	for (; next < count; next++)
		if (pairs[next] & 1 &&
			!TU_VEC_PUSH(out, components->by_id[(pairs[next] & UINT32_MAX) >> 1]))
			return false;
	return true;
}

bool tu_list__make_postings(struct tu_list__making *making)
{
	struct tu_list__pairs *pairs = &making->postings;
	struct tu_list__shelf *shelf = &making->snapshot->postings;
	struct tu_list__numbers components = {0};
	bool fine = true;

	sort_pairs(pairs);
	for (size_t i = 0, end; fine && i < pairs->count; i = end) {
		uint32_t vuln = (uint32_t)(pairs->at[i] >> 32);

		for (end = i + 1; end < pairs->count && pairs->at[end] >> 32 == vuln; end++)
			;
		fine = merge_posting(making, tu_list__shelf_at(shelf, vuln), pairs->at + i, end - i,
			       &components) &&
			put_posting(making->snapshot, shelf, vuln, &components);
	}
	TU_VEC_DONE(&components);
	return fine;
}

/* ---- release to components ---- */

static bool put_content(struct tu_list__making *making, uint32_t release, const uint64_t *pairs,
	size_t count, struct tu_list__numbers *components)
{
	const uint32_t *by_id = making->snapshot->tables[TU_LIST__COMPONENTS]->by_id;

	components->count = 0;
	for (size_t i = 0; i < count; i++)
		if ((!i || pairs[i] != pairs[i - 1]) &&
			!TU_VEC_PUSH(components, by_id[pairs[i] & UINT32_MAX]))
			return false;
	return put_posting(making->snapshot, &making->snapshot->contents, release, components);
}

bool tu_list__make_contents(struct tu_list__making *making)
{
	struct tu_list__pairs *pairs = &making->contents;
	uint32_t count = making->snapshot->tables[TU_LIST__RELEASES]->count;
	struct tu_list__numbers components = {0};
	size_t next = 0;
	bool fine = true;

	sort_pairs(pairs);
	for (uint32_t i = 0; fine && i < count; i++) {
		size_t begin = next;

		while (next < pairs->count && pairs->at[next] >> 32 == i)
			next++;
		if (making->replaced[i])
			fine = put_content(making, i, pairs->at + begin, next - begin, &components);
	}
	TU_VEC_DONE(&components);
	return fine;
}

/* ---- deadlines ---- */

struct row {
	struct tu_list__due due;
	size_t seq;
};

static int by_vulnerability(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->due.vuln != y->due.vuln)
		return x->due.vuln < y->due.vuln ? -1 : 1;
	return (x->seq > y->seq) - (x->seq < y->seq);
}

/* A row without a time forgets the rows before it for its vulnerability. */
static size_t write_dues(const struct row *rows, size_t count, struct tu_list__due *out)
{
	size_t kept = 0, first = 0;

	for (size_t i = 0; i < count; i++) {
		if (i && rows[i].due.vuln != rows[i - 1].due.vuln)
			first = kept;
		if (rows[i].due.due)
			out[kept++] = rows[i].due;
		else
			kept = first;
	}
	return kept;
}

bool tu_list__make_dues(struct tu_list__making *making)
{
	const struct tu_list__dues *old = making->old->dues;
	const struct tu_list_draft *draft = making->draft;
	size_t old_count = old ? old->count : 0, count = old_count + draft->dues.count;
	struct row *rows = tu_alloc(count + 1, sizeof(*rows));
	struct tu_list__dues *dues =
		tu_alloc(1, sizeof(*dues) + count * sizeof(struct tu_list__due));

	making->snapshot->dues = dues;
	if (dues)
		atomic_init(&dues->refs, 1);
	if (rows && dues) {
		for (size_t i = 0; i < count; i++)
			rows[i] = (struct row){
				i < old_count ? old->at[i] : draft->dues.at[i - old_count], i};
		qsort(rows, count, sizeof(*rows), by_vulnerability);
		dues->count = write_dues(rows, count, dues->at);
	}
	tu_free(rows);
	return rows && dues;
}
