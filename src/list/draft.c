#include "list/draft.h"

#include "base/hash.h"

enum { SECOND = 1000000 };

static const char *const kind_names[TU_LIST__TABLES] = {
	"vulnerability", "component", "device", "release"};
static const uint32_t kind_limits[TU_LIST__TABLES] = {TU_LIST_VULNERABILITIES_MAX,
	TU_LIST_COMPONENTS_MAX, TU_LIST_RELEASES_MAX, TU_LIST_RELEASES_MAX};

enum tu_status tu_list_draft_new(
	struct tu_list_snapshot *from, struct tu_list_draft **out_draft, struct tu_error *err)
{
	struct tu_list_draft *draft = tu_alloc(1, sizeof(*draft));

	if (!draft)
		return tu_no_memory(err);
	draft->from = from ? tu_list_hold(from) : NULL;
	for (size_t i = 0; from && i < TU_LIST__TABLES; i++)
		draft->puts[i].count_after = from->tables[i]->count;
	tu_buf_init(&draft->text, UINT32_MAX);
	*out_draft = draft;
	return TU_OK;
}

void tu_list__draft_empty(struct tu_list_draft *draft)
{
	for (size_t i = 0; i < TU_LIST__TABLES; i++) {
		tu_free(draft->ids[i].keys);
		tu_free(draft->ids[i].values);
		draft->ids[i] = (struct tu_list__ids){0};
		TU_VEC_DONE(&draft->puts[i].which);
		tu_free(draft->puts[i].rows);
		draft->puts[i].rows = NULL;
		draft->puts[i].cap = 0;
	}
	tu_buf_done(&draft->text);
	TU_VEC_DONE(&draft->facts);
	TU_VEC_DONE(&draft->refs);
	TU_VEC_DONE(&draft->decisions);
	TU_VEC_DONE(&draft->dues);
	TU_VEC_DONE(&draft->components);
	TU_VEC_DONE(&draft->releases);
}

void tu_list_draft_free(struct tu_list_draft *draft)
{
	if (!draft)
		return;
	tu_list__draft_empty(draft);
	tu_list_drop(draft->from);
	tu_free(draft);
}

/* ---- ids ---- */

static size_t slot_of(const struct tu_list__ids *ids, int64_t id)
{
	size_t at = (size_t)tu_hash_mix((uint64_t)id, 0x9e3779b97f4a7c15u) & (ids->slots - 1);

	while (ids->keys[at] && ids->keys[at] != id)
		at = (at + 1) & (ids->slots - 1);
	return at;
}

static bool grow_ids(struct tu_list__ids *ids)
{
	struct tu_list__ids grown = {.slots = ids->slots ? 2 * ids->slots : 64};

	grown.keys = tu_alloc(grown.slots, sizeof(*grown.keys));
	grown.values = tu_alloc(grown.slots, sizeof(*grown.values));
	if (!grown.keys || !grown.values) {
		tu_free(grown.keys);
		tu_free(grown.values);
		return false;
	}
	grown.count = ids->count;
	for (size_t i = 0; i < ids->slots; i++) {
		size_t at;

		if (!ids->keys[i])
			continue;
		at = slot_of(&grown, ids->keys[i]);
		grown.keys[at] = ids->keys[i];
		grown.values[at] = ids->values[i];
	}
	tu_free(ids->keys);
	tu_free(ids->values);
	*ids = grown;
	return true;
}

/* The number of an id; one that is not known gets the next. */
static enum tu_status number_of(struct tu_list_draft *draft, enum tu_list__kind kind, int64_t id,
	uint32_t *out_number, struct tu_error *err)
{
	struct tu_list__ids *ids = &draft->ids[kind];
	uint32_t *count = &draft->puts[kind].count_after;
	size_t at;

	if (id <= 0)
		return tu_fail(err, TU_E_USAGE, 0, "the id %lld of a %s is not positive",
			(long long)id, kind_names[kind]);
	*out_number =
		draft->from ? tu_list__table_find(draft->from->tables[kind], id) : TU_LIST__NONE;
	if (*out_number != TU_LIST__NONE)
		return TU_OK;
	if (2 * (ids->count + 1) > ids->slots && !grow_ids(ids))
		return tu_no_memory(err);
	at = slot_of(ids, id);
	if (!ids->keys[at]) {
		if (*count >= kind_limits[kind] - 1)
			return tu_fail(err, TU_E_LIMIT, 0, "more than %u of kind %s",
				kind_limits[kind] - 1, kind_names[kind]);
		ids->keys[at] = id;
		ids->values[at] = (*count)++;
		ids->count++;
	}
	*out_number = ids->values[at];
	return TU_OK;
}

/* ---- values ---- */

static enum tu_status seconds_of(
	const char *what, int64_t time, uint32_t *out_seconds, struct tu_error *err)
{
	if (time < 0 || time / SECOND >= UINT32_MAX)
		return tu_fail(err, TU_E_USAGE, 0, "%s is %lld: not a time from 1970 to 2106", what,
			(long long)time);
	*out_seconds = (uint32_t)(time / SECOND);
	return TU_OK;
}

static enum tu_status bounded(
	const char *what, uint32_t value, uint32_t count, struct tu_error *err)
{
	return value < count
		? TU_OK
		: tu_fail(err, TU_E_USAGE, 0, "%s is %u: not below %u", what, value, count);
}

static struct tu_list__text keep_text(struct tu_list_draft *draft, struct tu_str text)
{
	struct tu_list__text kept = {(uint32_t)draft->text.len, (uint32_t)text.len};

	tu_buf_str_add(&draft->text, text);
	return kept;
}

/* Append a row of a table. */
static enum tu_status put_row(struct tu_list_draft *draft, enum tu_list__kind kind, int64_t id,
	const void *row, struct tu_error *err)
{
	struct tu_list__puts *puts = &draft->puts[kind];
	size_t size = tu_list__row_size(kind), count = puts->which.count;
	uint32_t number;
	enum tu_status status = number_of(draft, kind, id, &number, err);

	if (status)
		return status;
	if (draft->text.failed)
		return tu_no_memory(err);
	if (count == puts->cap &&
		!tu_vec_grow((void **)(void *)&puts->rows, &puts->cap, count, size))
		return tu_no_memory(err);
	memcpy(puts->rows + count * size, row, size);
	return TU_VEC_PUSH(&puts->which, number) ? TU_OK : tu_no_memory(err);
}

/* ---- rows of tables ---- */

/* A mark without a time: the deadlines of the newest row that stand before it go. */
static enum tu_status forget_deadlines(struct tu_list_draft *draft, struct tu_error *err)
{
	const struct tu_list__puts *puts = &draft->puts[TU_LIST__VULNERABILITIES];
	struct tu_list__due mark = {.vuln = puts->which.at[puts->which.count - 1]};

	return TU_VEC_PUSH(&draft->dues, mark) ? TU_OK : tu_no_memory(err);
}

enum tu_status tu_list_put_vulnerability(
	struct tu_list_draft *draft, const struct tu_list_vulnerability *row, struct tu_error *err)
{
	struct tu_list__vuln kept = {.id = row->id,
		.modified = row->modified,
		.epss = row->epss,
		.severity = row->severity,
		.score = row->score,
		.kev = row->kev};
	enum tu_status status = bounded("severity", row->severity, TU_LIST_SEVERITIES, err);

	if (!status && row->score != TU_LIST_UNSTATED_SCORE)
		status = bounded("score", row->score, 101, err);
	if (!status && row->epss != TU_LIST_UNSTATED_EPSS)
		status = bounded("epss", row->epss, TU_LIST_EPSS_ONE + 1, err);
	if (status)
		return status;
	kept.name = keep_text(draft, row->name);
	kept.exploited_by = keep_text(draft, row->exploited_by);
	status = put_row(draft, TU_LIST__VULNERABILITIES, row->id, &kept, err);
	return status ? status : forget_deadlines(draft, err);
}

enum tu_status tu_list_put_deadline(
	struct tu_list_draft *draft, const struct tu_list_deadline *row, struct tu_error *err)
{
	struct tu_list__due due = {.device = TU_LIST__NONE};
	enum tu_status status = seconds_of("a deadline", row->due, &due.due, err);

	if (!status && !due.due)
		status = tu_fail(err, TU_E_USAGE, 0, "a deadline without a time");
	if (!status)
		status = number_of(
			draft, TU_LIST__VULNERABILITIES, row->vulnerability_id, &due.vuln, err);
	if (!status && row->device_id)
		status = number_of(draft, TU_LIST__DEVICES, row->device_id, &due.device, err);
	if (!status && !TU_VEC_PUSH(&draft->dues, due))
		return tu_no_memory(err);
	return status;
}

enum tu_status tu_list_put_component(
	struct tu_list_draft *draft, const struct tu_list_component *row, struct tu_error *err)
{
	struct tu_list__component kept = {.id = row->id};

	kept.name = keep_text(draft, row->name);
	kept.package =
		tu_str_eq(row->name, row->package) ? kept.name : keep_text(draft, row->package);
	kept.version = keep_text(draft, row->version);
	kept.purl = keep_text(draft, row->purl);
	memcpy(kept.key, row->key, sizeof(kept.key));
	return put_row(draft, TU_LIST__COMPONENTS, row->id, &kept, err);
}

enum tu_status tu_list_put_device(
	struct tu_list_draft *draft, const struct tu_list_device *row, struct tu_error *err)
{
	struct tu_list__device kept = {.id = row->id, .name = keep_text(draft, row->name)};

	return put_row(draft, TU_LIST__DEVICES, row->id, &kept, err);
}

enum tu_status tu_list_put_release(
	struct tu_list_draft *draft, const struct tu_list_release *row, struct tu_error *err)
{
	struct tu_list__release kept = {
		.id = row->id, .released = row->released, .state = row->state};
	enum tu_status status =
		bounded("the state of a release", row->state, TU_LIST_RELEASE_STATES, err);

	if (!status)
		status = number_of(draft, TU_LIST__DEVICES, row->device_id, &kept.device, err);
	if (status)
		return status;
	kept.version = keep_text(draft, row->version);
	kept.public_id = keep_text(draft, row->public_id);
	return put_row(draft, TU_LIST__RELEASES, row->id, &kept, err);
}

/* ---- facts, references, decisions ---- */

/* Note what is replaced, once for a run of rows of the same thing. In an empty snapshot there is
 * nothing to replace. */
static enum tu_status replaced(const struct tu_list_draft *draft, struct tu_list__numbers *numbers,
	uint32_t number, struct tu_error *err)
{
	if (!draft->from)
		return TU_OK;
	if (numbers->count && numbers->at[numbers->count - 1] == number)
		return TU_OK;
	return TU_VEC_PUSH(numbers, number) ? TU_OK : tu_no_memory(err);
}

enum tu_status tu_list_replace_component(
	struct tu_list_draft *draft, int64_t component_id, struct tu_error *err)
{
	uint32_t number;
	enum tu_status status = number_of(draft, TU_LIST__COMPONENTS, component_id, &number, err);

	return status ? status : replaced(draft, &draft->components, number, err);
}

enum tu_status tu_list_replace_release(
	struct tu_list_draft *draft, int64_t release_id, struct tu_error *err)
{
	uint32_t number;
	enum tu_status status = number_of(draft, TU_LIST__RELEASES, release_id, &number, err);

	return status ? status : replaced(draft, &draft->releases, number, err);
}

enum tu_status tu_list_put_fact(
	struct tu_list_draft *draft, const struct tu_list_fact *row, struct tu_error *err)
{
	struct tu_list__put_fact fact = {.kind = row->verdict | (row->fixable ? 4u : 0)};
	enum tu_status status = bounded("a verdict", row->verdict, TU_LIST_VERDICTS, err);

	if (!status)
		status = seconds_of("first seen", row->first_seen, &fact.seen, err);
	if (!status)
		status = number_of(
			draft, TU_LIST__COMPONENTS, row->component_id, &fact.component, err);
	if (!status)
		status = number_of(
			draft, TU_LIST__VULNERABILITIES, row->vulnerability_id, &fact.vuln, err);
	if (!status)
		status = replaced(draft, &draft->components, fact.component, err);
	if (!status && !TU_VEC_PUSH(&draft->facts, fact))
		return tu_no_memory(err);
	return status;
}

enum tu_status tu_list_put_reference(
	struct tu_list_draft *draft, const struct tu_list_reference *row, struct tu_error *err)
{
	struct tu_list__put_ref ref = {.harm = row->harm};
	enum tu_status status = bounded("a harm", row->harm, TU_LIST_HARMS, err);

	if (!status)
		status = seconds_of("added", row->added, &ref.added, err);
	if (!status)
		status = number_of(
			draft, TU_LIST__COMPONENTS, row->component_id, &ref.component, err);
	if (!status)
		status = number_of(draft, TU_LIST__RELEASES, row->release_id, &ref.release, err);
	if (!status)
		status = replaced(draft, &draft->releases, ref.release, err);
	if (!status && !TU_VEC_PUSH(&draft->refs, ref))
		return tu_no_memory(err);
	return status;
}

static enum tu_status check_decision(const struct tu_list_decision *row, struct tu_error *err)
{
	enum tu_status status = bounded("a state", (uint32_t)row->state, TU_LIST_STATES, err);

	if (!status && row->state == TU_LIST_NOT_ASSESSED)
		status = tu_fail(
			err, TU_E_USAGE, 0, "a decision is not in the state \"not assessed\"");
	if (!status)
		status = bounded("a status", row->status, TU_LIST_STATUSES, err);
	if (!status)
		status = bounded("a risk", row->risk, TU_LIST_RISKS, err);
	return status ? status : bounded("a harm", row->harm, TU_LIST_HARMS, err);
}

/* What does not count yet looks like what is not assessed: under investigation, undecided. */
static uint32_t bits_of(const struct tu_list_decision *row)
{
	uint32_t state = ((uint32_t)row->state - 1) << TU_LIST__STATE_SHIFT;

	if (row->state < TU_LIST_CARRIED)
		return state | 1u << TU_LIST__STATUS_SHIFT;
	return state | (uint32_t)row->closed << TU_LIST__CLOSED_SHIFT |
		(uint32_t)row->status << TU_LIST__STATUS_SHIFT |
		(uint32_t)row->risk << TU_LIST__RISK_SHIFT |
		(uint32_t)row->harm << TU_LIST__HARM_SHIFT;
}

enum tu_status tu_list_put_decision(
	struct tu_list_draft *draft, const struct tu_list_decision *row, struct tu_error *err)
{
	struct tu_list__put_decision decision = {0};
	enum tu_status status = check_decision(row, err);

	if (!status)
		status = number_of(
			draft, TU_LIST__COMPONENTS, row->component_id, &decision.component, err);
	if (!status)
		status = number_of(draft, TU_LIST__VULNERABILITIES, row->vulnerability_id,
			&decision.vuln, err);
	if (!status)
		status = number_of(
			draft, TU_LIST__RELEASES, row->release_id, &decision.release, err);
	if (!status)
		status = replaced(draft, &draft->releases, decision.release, err);
	decision.bits = bits_of(row);
	if (!status && !TU_VEC_PUSH(&draft->decisions, decision))
		return tu_no_memory(err);
	return status;
}
