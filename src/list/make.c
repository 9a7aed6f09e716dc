#include "list/make.h"

static const char *const kind_names[TU_LIST__TABLES] = {
	"a vulnerability", "a component", "a device", "a release"};

/* ---- tables ---- */

/* The id that has no row: for the message. */
static long long missing_id(const struct tu_list_draft *draft, size_t kind)
{
	const struct tu_list__ids *ids = &draft->ids[kind];
	const struct tu_list__puts *puts = &draft->puts[kind];

	for (size_t i = 0; i < ids->slots; i++) {
		size_t j = 0;

		while (j < puts->which.count && puts->which.at[j] != ids->values[i])
			j++;
		if (ids->keys[i] && j == puts->which.count)
			return (long long)ids->keys[i];
	}
	return 0;
}

static enum tu_status make_tables(struct tu_list__making *making, struct tu_error *err)
{
	struct tu_list_draft *draft = making->draft;

	if (draft->text.failed)
		return tu_no_memory(err);
	for (size_t i = 0; i < TU_LIST__TABLES; i++) {
		enum tu_status status = tu_list__table_next((enum tu_list__kind)i,
			making->old->tables[i], &draft->puts[i], tu_buf_str(&draft->text),
			&making->snapshot->tables[i]);

		if (status == TU_E_NOTFOUND)
			return tu_fail(err, status, 0,
				"%s with the id %lld is named, but there is no row of it",
				kind_names[i], missing_id(draft, i));
		if (status == TU_E_LIMIT)
			return tu_fail(err, status, 0, "the texts are longer than 4 GiB");
		if (status)
			return tu_no_memory(err);
	}
	return TU_OK;
}

/* ---- what is touched ---- */

/* Every row that is grouped looks so. */
struct grouped_row {
	uint32_t component, rest[3];
};

static bool group(
	const void *rows, size_t count, uint32_t components, struct tu_list__grouped *out_grouped)
{
	const struct grouped_row *at = rows;
	uint32_t *start = tu_alloc(components + (size_t)2, sizeof(*start));
	uint32_t *order = tu_alloc(count + 1, sizeof(*order));

	*out_grouped = (struct tu_list__grouped){start, order};
	if (!start || !order)
		return false;
	for (size_t i = 0; i < count; i++)
		start[at[i].component + 1]++;
	for (uint32_t i = 0; i < components; i++)
		start[i + 1] += start[i];
	for (size_t i = 0; i < count; i++)
		order[start[at[i].component]++] = (uint32_t)i;
	memmove(start + 1, start, components * sizeof(*start));
	start[0] = 0;
	return true;
}

static bool group_rows(struct tu_list__making *making)
{
	const struct tu_list_draft *draft = making->draft;
	uint32_t count = making->snapshot->tables[TU_LIST__COMPONENTS]->count;

	return group(draft->facts.at, draft->facts.count, count, &making->facts) &&
		group(draft->refs.at, draft->refs.count, count, &making->refs) &&
		group(draft->decisions.at, draft->decisions.count, count, &making->decisions);
}

static void touch_release(struct tu_list__making *making, uint32_t release)
{
	const struct tu_list__posting *content = tu_list__shelf_at(&making->old->contents, release);

	making->replaced[release] = 1;
	for (uint32_t i = 0; content && i < content->count; i++)
		making->touched[content->at[i]] = 1;
}

static bool touch(struct tu_list__making *making)
{
	const struct tu_list_draft *draft = making->draft;
	uint32_t components = making->snapshot->tables[TU_LIST__COMPONENTS]->count;
	uint32_t releases = making->snapshot->tables[TU_LIST__RELEASES]->count;

	making->touched = tu_alloc(components + (size_t)1, 1);
	making->refactored = tu_alloc(components + (size_t)1, 1);
	making->replaced = tu_alloc(releases + (size_t)1, 1);
	if (!making->touched || !making->refactored || !making->replaced)
		return false;
	if (!draft->from) {
		memset(making->touched, 1, components);
		memset(making->refactored, 1, components);
		memset(making->replaced, 1, releases);
		return true;
	}
	for (size_t i = 0; i < draft->components.count; i++)
		making->touched[draft->components.at[i]] =
			making->refactored[draft->components.at[i]] = 1;
	for (size_t i = 0; i < draft->releases.count; i++)
		touch_release(making, draft->releases.at[i]);
	for (uint32_t i = 0; i < components; i++)
		if (making->refs.start[i + 1] > making->refs.start[i] ||
			making->decisions.start[i + 1] > making->decisions.start[i])
			making->touched[i] = 1;
	return true;
}

/* ---- all of it ---- */

/* What is not made again is shared with the snapshot before. */
static bool begin_shelves(struct tu_list__making *making)
{
	const struct tu_list_snapshot *old = making->old;
	struct tu_list_snapshot *snapshot = making->snapshot;

	snapshot->refs_max = old->refs_max;
	snapshot->facts = old->facts;
	snapshot->references = old->references;
	snapshot->decisions = old->decisions;
	snapshot->findings = old->findings;
	snapshot->item_bytes = old->item_bytes;
	return tu_list__shelf_next(&old->blocks, snapshot->tables[TU_LIST__COMPONENTS]->count,
		       &snapshot->blocks) &&
		tu_list__shelf_next(&old->postings,
			snapshot->tables[TU_LIST__VULNERABILITIES]->count, &snapshot->postings) &&
		tu_list__shelf_next(&old->contents, snapshot->tables[TU_LIST__RELEASES]->count,
			&snapshot->contents);
}

static enum tu_status make(struct tu_list__making *making, struct tu_error *err)
{
	enum tu_status status = make_tables(making, err);

	if (status)
		return status;
	if (!group_rows(making) || !touch(making) || !begin_shelves(making) ||
		!tu_list__make_blocks(making) || !tu_list__make_postings(making) ||
		!tu_list__make_contents(making) || !tu_list__make_dues(making) ||
		!tu_list__note_devices(making))
		return tu_no_memory(err);
	if (making->snapshot->refs_max > TU_LIST__PLACE_MASK)
		return tu_fail(err, TU_E_LIMIT, 0, "a component is in too many releases");
	return TU_OK;
}

static void clean_up(struct tu_list__making *making)
{
	struct tu_list__grouped *groups[] = {&making->facts, &making->refs, &making->decisions};

	for (size_t i = 0; i < TU_COUNT(groups); i++) {
		tu_free(groups[i]->start);
		tu_free(groups[i]->order);
	}
	tu_free(making->touched);
	tu_free(making->refactored);
	tu_free(making->replaced);
	tu_free(making->concerned);
	TU_VEC_DONE(&making->parts.facts);
	TU_VEC_DONE(&making->parts.refs);
	TU_VEC_DONE(&making->parts.decisions);
	TU_VEC_DONE(&making->postings);
	TU_VEC_DONE(&making->contents);
	tu_list__draft_empty(making->draft);
}

/* Before the first snapshot there is one without anything, whose tables have no rows. */
static enum tu_status begin(
	struct tu_list__making *making, struct tu_list_snapshot **out_empty, struct tu_error *err)
{
	struct tu_list_snapshot *empty = tu_alloc(1, sizeof(*empty));
	const struct tu_list__puts nothing = {0};
	enum tu_status status = TU_OK;

	*out_empty = empty;
	if (!empty)
		return tu_no_memory(err);
	atomic_init(&empty->refs, 1);
	for (size_t i = 0; i < TU_LIST__TABLES && !status; i++)
		status = tu_list__table_next(
			(enum tu_list__kind)i, NULL, &nothing, TU_STR(""), &empty->tables[i]);
	making->old = empty;
	return status ? tu_no_memory(err) : TU_OK;
}

enum tu_status tu_list_finish(struct tu_list_draft *draft, int64_t change,
	struct tu_list_snapshot **out_snapshot, struct tu_error *err)
{
	struct tu_list__making making = {.draft = draft, .old = draft->from};
	struct tu_list_snapshot *empty = NULL;
	enum tu_status status = TU_OK;

	if (change < (draft->from ? draft->from->change : 0))
		return tu_fail(err, TU_E_USAGE, 0, "change %lld is before the last one",
			(long long)change);
	making.snapshot = tu_alloc(1, sizeof(*making.snapshot));
	if (!making.snapshot)
		return tu_no_memory(err);
	atomic_init(&making.snapshot->refs, 1);
	making.snapshot->change = change;
	if (!draft->from)
		status = begin(&making, &empty, err);
	if (!status)
		status = make(&making, err);
	clean_up(&making);
	tu_list_drop(empty);
	if (status)
		tu_list_drop(making.snapshot);
	else
		*out_snapshot = making.snapshot;
	return status;
}
