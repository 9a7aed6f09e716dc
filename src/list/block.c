#include <stdlib.h>

#include "list/make.h"

const struct tu_list__fact *tu_list__block_find(const struct tu_list__block *block, uint32_t vuln,
	const struct tu_list__table *vulnerabilities)
{
	const struct tu_list__fact *facts = tu_list__facts(block);
	uint32_t low = 0, high = block->fact_count, rank = vulnerabilities->rank[vuln];

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (vulnerabilities->rank[tu_list__fact_vuln(&facts[middle])] < rank)
			low = middle + 1;
		else
			high = middle;
	}
	return low < block->fact_count && tu_list__fact_vuln(&facts[low]) == vuln ? &facts[low]
										  : NULL;
}

/* Every list begins with key and seq. */
struct keyed {
	uint64_t key;
	uint32_t seq;
};

static int by_key(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->seq > y->seq) - (x->seq < y->seq);
}

/* Sort, and of rows with one key keep the last. Most lists are in order already. */
static size_t arrange(void *rows, size_t count, size_t size)
{
	char *at = rows;
	size_t kept = 0, i = 1;

	while (i < count && by_key(at + (i - 1) * size, at + i * size) <= 0)
		i++;
	if (i < count)
		qsort(rows, count, size, by_key);
	for (i = 0; i < count; i++) {
		const struct keyed *row = (const void *)(at + i * size);
		const struct keyed *next = (const void *)(at + (i + 1) * size);

		if (i + 1 < count && row->key == next->key)
			continue;
		if (kept != i)
			memcpy(at + kept * size, row, size);
		kept++;
	}
	return kept;
}

static size_t bytes_for(size_t facts, size_t refs, size_t decisions, size_t orphans)
{
	return sizeof(struct tu_list__block) + (facts + 1) * sizeof(struct tu_list__fact) +
		refs * sizeof(struct tu_list__ref) + decisions * sizeof(uint32_t) +
		orphans * sizeof(struct tu_list__orphan);
}

size_t tu_list__block_bytes(const struct tu_list__block *block)
{
	return bytes_for(
		block->fact_count, block->ref_count, block->decision_count, block->orphan_count);
}

static void write_refs(struct tu_list__block *block, const struct tu_list__parts *parts)
{
	struct tu_list__ref *refs = (void *)(uintptr_t)tu_list__refs(block);

	block->added_min = UINT32_MAX;
	for (size_t i = 0; i < parts->refs.count; i++) {
		const struct tu_list__block_ref *ref = &parts->refs.at[i];

		refs[i] = (struct tu_list__ref){ref->release, ref->added};
		block->harms |= (uint8_t)(1u << tu_list__ref_harm(&refs[i]));
		if (ref->added < block->added_min)
			block->added_min = ref->added;
		if (ref->added > block->added_max)
			block->added_max = ref->added;
	}
}

/* Where a decision belongs: the places of its fact and reference, if both are there. */
struct cursor {
	size_t fact, ref;
};

static bool place_decision(const struct tu_list__parts *parts,
	const struct tu_list__block_decision *decision, struct cursor *cursor)
{
	uint64_t vuln = decision->key >> 32, release = decision->key & UINT32_MAX;

	while (cursor->fact < parts->facts.count && parts->facts.at[cursor->fact].key < vuln) {
		cursor->fact++;
		cursor->ref = 0;
	}
	if (cursor->fact == parts->facts.count || parts->facts.at[cursor->fact].key != vuln)
		return false;
	while (cursor->ref < parts->refs.count && parts->refs.at[cursor->ref].key < release)
		cursor->ref++;
	return cursor->ref < parts->refs.count && parts->refs.at[cursor->ref].key == release;
}

static size_t count_placed(const struct tu_list__parts *parts)
{
	struct cursor cursor = {0};
	size_t placed = 0;

	for (size_t i = 0; i < parts->decisions.count; i++)
		placed += place_decision(parts, &parts->decisions.at[i], &cursor);
	return placed;
}

static void write_decisions(struct tu_list__block *block, const struct tu_list__parts *parts)
{
	struct tu_list__fact *facts = (void *)(uintptr_t)tu_list__facts(block);
	uint32_t *decisions = (void *)(uintptr_t)tu_list__decisions(block);
	struct tu_list__orphan *orphans = (void *)(uintptr_t)tu_list__orphans(block);
	struct cursor cursor = {0};
	size_t next = 0, orphan = 0, row = 0;

	for (size_t i = 0; i < parts->decisions.count; i++) {
		const struct tu_list__block_decision *decision = &parts->decisions.at[i];
		uint32_t kind = decision->bits & (TU_LIST__DECISION_KINDS - 1);

		if (!place_decision(parts, decision, &cursor)) {
			orphans[orphan++] = (struct tu_list__orphan){
				decision->vuln, decision->release, decision->bits};
			continue;
		}
		while (row <= cursor.fact)
			facts[row++].row = (uint32_t)next;
		decisions[next++] = (uint32_t)cursor.ref | decision->bits << TU_LIST__PLACE_BITS;
		block->states |= (uint8_t)(1u << tu_list__kind_state(kind));
		if (decision->bits >> TU_LIST__HARM_SHIFT)
			block->harms |=
				(uint8_t)(1u << (decision->bits >> TU_LIST__HARM_SHIFT & 7));
	}
	while (row <= block->fact_count)
		facts[row++].row = (uint32_t)next;
}

enum tu_status tu_list__block_make(struct tu_list__parts *parts, struct tu_list__block **out_block)
{
	struct tu_list__block *block;
	struct tu_list__fact *facts;
	size_t placed;

	parts->facts.count = arrange(parts->facts.at, parts->facts.count, sizeof(*parts->facts.at));
	parts->refs.count = arrange(parts->refs.at, parts->refs.count, sizeof(*parts->refs.at));
	parts->decisions.count =
		arrange(parts->decisions.at, parts->decisions.count, sizeof(*parts->decisions.at));
	*out_block = NULL;
	if (!parts->facts.count && !parts->refs.count && !parts->decisions.count)
		return TU_OK;
	placed = count_placed(parts);
	block = tu_alloc(1,
		bytes_for(parts->facts.count, parts->refs.count, placed,
			parts->decisions.count - placed));
	if (!block)
		return TU_E_NOMEM;
	atomic_init(&block->refs, 1);
	block->fact_count = (uint32_t)parts->facts.count;
	block->ref_count = (uint32_t)parts->refs.count;
	block->decision_count = (uint32_t)placed;
	block->orphan_count = (uint32_t)(parts->decisions.count - placed);
	facts = (void *)(uintptr_t)tu_list__facts(block);
	for (size_t i = 0; i < parts->facts.count; i++)
		facts[i] =
			(struct tu_list__fact){parts->facts.at[i].vuln, parts->facts.at[i].seen, 0};
	write_refs(block, parts);
	write_decisions(block, parts);
	*out_block = block;
	return TU_OK;
}
