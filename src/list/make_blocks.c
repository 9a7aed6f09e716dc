#include "list/make.h"

/* ---- from what to what: the lists of a component's next block ---- */

struct ranks {
	const uint32_t *vuln, *release;
};

static struct ranks ranks_of(const struct tu_list__making *making)
{
	struct tu_list__table *const *tables = making->snapshot->tables;

	return (struct ranks){
		tables[TU_LIST__VULNERABILITIES]->rank, tables[TU_LIST__RELEASES]->rank};
}

static bool add_decision(
	struct tu_list__making *making, uint32_t vuln, uint32_t release, uint32_t bits)
{
	struct ranks ranks = ranks_of(making);

	return TU_VEC_PUSH(&making->parts.decisions,
		(struct tu_list__block_decision){
			.key = (uint64_t)ranks.vuln[vuln] << 32 | ranks.release[release],
			.seq = (uint32_t)making->parts.decisions.count,
			.vuln = vuln,
			.release = release,
			.bits = bits});
}

static bool add_fact(struct tu_list__making *making, uint32_t vuln, uint32_t kind, uint32_t seen)
{
	return TU_VEC_PUSH(&making->parts.facts,
		(struct tu_list__block_fact){.key = ranks_of(making).vuln[vuln],
			.seq = (uint32_t)making->parts.facts.count,
			.vuln = vuln | kind << TU_LIST__VERDICT_SHIFT,
			.seen = seen});
}

static bool add_ref(struct tu_list__making *making, uint32_t release, uint32_t harm, uint32_t added)
{
	return TU_VEC_PUSH(&making->parts.refs,
		(struct tu_list__block_ref){.key = ranks_of(making).release[release],
			.seq = (uint32_t)making->parts.refs.count,
			.release = release | harm << TU_LIST__PLACE_BITS,
			.added = added});
}

static bool keep_facts(struct tu_list__making *making, const struct tu_list__block *old)
{
	const struct tu_list__fact *facts = tu_list__facts(old);

	for (uint32_t i = 0; i < old->fact_count; i++)
		if (!add_fact(making, tu_list__fact_vuln(&facts[i]), tu_list__fact_kind(&facts[i]),
			    facts[i].seen))
			return false;
	return true;
}

static bool keep_refs(struct tu_list__making *making, const struct tu_list__block *old)
{
	const struct tu_list__ref *refs = tu_list__refs(old);

	for (uint32_t i = 0; i < old->ref_count; i++) {
		uint32_t release = tu_list__ref_release(&refs[i]);

		if (!making->replaced[release] &&
			!add_ref(making, release, tu_list__ref_harm(&refs[i]), refs[i].added))
			return false;
	}
	return true;
}

static bool keep_decisions(struct tu_list__making *making, const struct tu_list__block *old)
{
	const struct tu_list__fact *facts = tu_list__facts(old);
	const struct tu_list__ref *refs = tu_list__refs(old);
	const uint32_t *decisions = tu_list__decisions(old);
	const struct tu_list__orphan *orphans = tu_list__orphans(old);

	for (uint32_t i = 0; i < old->fact_count; i++)
		for (uint32_t j = facts[i].row; j < facts[i + 1].row; j++) {
			uint32_t release =
				tu_list__ref_release(&refs[tu_list__decision_place(decisions[j])]);

			if (!making->replaced[release] &&
				!add_decision(making, tu_list__fact_vuln(&facts[i]), release,
					decisions[j] >> TU_LIST__PLACE_BITS))
				return false;
		}
	for (uint32_t i = 0; i < old->orphan_count; i++)
		if (!making->replaced[orphans[i].release] &&
			!add_decision(making, orphans[i].vuln, orphans[i].release, orphans[i].bits))
			return false;
	return true;
}

static bool take_new(struct tu_list__making *making, uint32_t component)
{
	const struct tu_list_draft *draft = making->draft;
	const struct tu_list__grouped *facts = &making->facts, *refs = &making->refs;
	const struct tu_list__grouped *decisions = &making->decisions;

	for (uint32_t i = facts->start[component]; i < facts->start[component + 1]; i++) {
		const struct tu_list__put_fact *fact = &draft->facts.at[facts->order[i]];

		if (!add_fact(making, fact->vuln, fact->kind, fact->seen))
			return false;
	}
	for (uint32_t i = refs->start[component]; i < refs->start[component + 1]; i++) {
		const struct tu_list__put_ref *ref = &draft->refs.at[refs->order[i]];

		if (!add_ref(making, ref->release, ref->harm, ref->added))
			return false;
	}
	for (uint32_t i = decisions->start[component]; i < decisions->start[component + 1]; i++) {
		const struct tu_list__put_decision *decision =
			&draft->decisions.at[decisions->order[i]];

		if (!add_decision(making, decision->vuln, decision->release, decision->bits))
			return false;
	}
	return true;
}

static bool gather(
	struct tu_list__making *making, uint32_t component, const struct tu_list__block *old)
{
	making->parts.facts.count = making->parts.refs.count = making->parts.decisions.count = 0;
	if (old && !making->refactored[component] && !keep_facts(making, old))
		return false;
	if (old && (!keep_refs(making, old) || !keep_decisions(making, old)))
		return false;
	return take_new(making, component);
}

/* ---- what follows from it ---- */

/* A vulnerability, the rank of a component, and whether there is a fact. */
static bool note_fact(
	struct tu_list__making *making, uint32_t vuln, uint32_t component, bool is_there)
{
	uint32_t rank = making->snapshot->tables[TU_LIST__COMPONENTS]->rank[component];
	uint64_t pair = (uint64_t)vuln << 32 | (uint64_t)rank << 1 | is_there;

	return TU_VEC_PUSH(&making->postings, pair);
}

static bool note_facts(struct tu_list__making *making, uint32_t component,
	const struct tu_list__block *block, bool is_there)
{
	const struct tu_list__fact *facts = block ? tu_list__facts(block) : NULL;

	for (uint32_t i = 0; facts && i < block->fact_count; i++)
		if (!note_fact(making, tu_list__fact_vuln(&facts[i]), component, is_there))
			return false;
	return true;
}

static bool note_content(struct tu_list__making *making, uint32_t release, uint32_t component)
{
	uint32_t rank = making->snapshot->tables[TU_LIST__COMPONENTS]->rank[component];

	return !making->replaced[release] ||
		TU_VEC_PUSH(&making->contents, (uint64_t)release << 32 | rank);
}

static bool note_contents(
	struct tu_list__making *making, uint32_t component, const struct tu_list__block *block)
{
	const struct tu_list__ref *refs = tu_list__refs(block);
	const struct tu_list__orphan *orphans = tu_list__orphans(block);

	for (uint32_t i = 0; i < block->ref_count; i++)
		if (!note_content(making, tu_list__ref_release(&refs[i]), component))
			return false;
	for (uint32_t i = 0; i < block->orphan_count; i++)
		if (!note_content(making, orphans[i].release, component))
			return false;
	return true;
}

static void count_block(
	struct tu_list_snapshot *snapshot, const struct tu_list__block *block, uint64_t sign)
{
	if (!block)
		return;
	snapshot->facts += sign * block->fact_count;
	snapshot->references += sign * block->ref_count;
	snapshot->decisions += sign * ((uint64_t)block->decision_count + block->orphan_count);
	snapshot->findings += sign * ((uint64_t)block->fact_count * block->ref_count);
	snapshot->item_bytes += (size_t)sign * tu_list__block_bytes(block);
	if (block->ref_count > snapshot->refs_max)
		snapshot->refs_max = block->ref_count;
}

static bool make_block(struct tu_list__making *making, uint32_t component)
{
	const struct tu_list__block *old = tu_list__block_at(making->old, component);
	struct tu_list__block *block;

	if (!gather(making, component, old) || tu_list__block_make(&making->parts, &block))
		return false;
	count_block(making->snapshot, old, (uint64_t)-1);
	count_block(making->snapshot, block, 1);
	if ((block && !note_contents(making, component, block)) ||
		(making->refactored[component] &&
			(!note_facts(making, component, old, false) ||
				!note_facts(making, component, block, true)))) {
		tu_list__item_drop(block);
		return false;
	}
	return tu_list__shelf_put(&making->snapshot->blocks, component, block);
}

bool tu_list__make_blocks(struct tu_list__making *making)
{
	uint32_t count = making->snapshot->tables[TU_LIST__COMPONENTS]->count;

	for (uint32_t i = 0; i < count; i++)
		if (making->touched[i] && !make_block(making, i))
			return false;
	return true;
}
