#include "portfolio/list_load.h"

#include <tutela/arena.h>
#include <tutela/assess.h>
#include <tutela/match.h>

#include "base/vec.h"

#define MEMORY_MAX ((size_t)1 << 30)

/* Beyond so many changes the whole is read again: it is one pass over the tables. */
enum { FOLLOWED_MAX = 5000 };

struct loading {
	struct tu_list *list;
	struct tu_list_snapshot *from; /* NULL: the whole is read */
	struct tu_list_draft *draft;
	struct tu_tx *tx;
	struct tu_arena *arena;
	int64_t change;
	TU_VEC(int64_t) components; /* whose facts are to be read */
	TU_VEC(int64_t) vulns;
	bool failed;
};

/* ---- words of the tables ---- */

static uint8_t verdict_of(struct tu_str word)
{
	enum tu_match_verdict verdict = TU_MATCH_UNDECIDED;

	while (verdict < TU_MATCH_NOT_AFFECTED &&
		!tu_str_eq(tu_str_c(tu_match_verdict_name(verdict)), word))
		verdict++;
	return (uint8_t)verdict;
}

static enum tu_list_state state_of(struct tu_str word)
{
	unsigned state = TU_LIST_REOPENED;

	while (state < TU_LIST_DECIDED &&
		!tu_str_eq(tu_str_c(tu_list_state_name((enum tu_list_state)state)), word))
		state++;
	return (enum tu_list_state)state;
}

static enum tu_claim_status status_of(struct tu_str word)
{
	unsigned status = TU_CLAIM_STATUSES;

	while (--status > TU_CLAIM_UNSTATED &&
		!tu_str_eq(tu_str_c(tu_claim_status_name((enum tu_claim_status)status)), word))
		;
	return (enum tu_claim_status)status;
}

static uint8_t risk_of(struct tu_str word)
{
	enum tu_risk risk = TU_RISK_UNCONTROLLED;

	while (risk > TU_RISK_UNDECIDED && !tu_str_eq(tu_str_c(tu_risk_name(risk)), word))
		risk--;
	return (uint8_t)risk;
}

static uint8_t release_state_of(struct tu_str word)
{
	return tu_str_eq(word, TU_STR("draft")) ? 0 : tu_str_eq(word, TU_STR("released")) ? 1 : 2;
}

/* ---- rows ---- */

typedef enum tu_status put_row(struct loading *l, const struct tu_rows *rows, struct tu_error *err);

static enum tu_status put_vuln(struct loading *l, const struct tu_rows *rows, struct tu_error *err)
{
	const struct tu_list_vulnerability row = {.id = tu_rows_int(rows, 0),
		.name = tu_rows_text(rows, 1),
		.severity = (uint8_t)tu_rows_int(rows, 2),
		.score = (uint8_t)tu_rows_int(rows, 3),
		.kev = tu_rows_int(rows, 4) != 0,
		.epss = (uint32_t)tu_rows_int(rows, 5),
		.modified = tu_rows_int(rows, 6),
		.exploited_by = tu_rows_text(rows, 8)};
	const struct tu_list_deadline deadline = {
		.vulnerability_id = row.id, .due = tu_rows_int(rows, 7)};
	enum tu_status status = tu_list_put_vulnerability(l->draft, &row, err);

	return status || tu_rows_is_null(rows, 7) ? status
						  : tu_list_put_deadline(l->draft, &deadline, err);
}

static enum tu_status put_component(
	struct loading *l, const struct tu_rows *rows, struct tu_error *err)
{
	struct tu_list_component row = {.id = tu_rows_int(rows, 0),
		.name = tu_rows_text(rows, 1),
		.package = tu_rows_text(rows, 2),
		.version = tu_rows_text(rows, 3),
		.purl = tu_rows_text(rows, 4)};
	struct tu_str key = tu_rows_text(rows, 5);

	if (l->from && tu_list_has_component(l->from, row.id))
		return TU_OK;
	if (key.len >= sizeof(row.key))
		memcpy(row.key, key.ptr, sizeof(row.key));
	if (l->from)
		l->failed = l->failed || !TU_VEC_PUSH_IN(l->arena, &l->components, row.id);
	return tu_list_put_component(l->draft, &row, err);
}

static enum tu_status put_device(
	struct loading *l, const struct tu_rows *rows, struct tu_error *err)
{
	const struct tu_list_device row = {tu_rows_int(rows, 0), tu_rows_text(rows, 1)};

	return tu_list_put_device(l->draft, &row, err);
}

static enum tu_status put_release(
	struct loading *l, const struct tu_rows *rows, struct tu_error *err)
{
	const struct tu_list_release row = {.id = tu_rows_int(rows, 0),
		.device_id = tu_rows_int(rows, 1),
		.version = tu_rows_text(rows, 2),
		.state = release_state_of(tu_rows_text(rows, 3)),
		.released = tu_rows_int(rows, 4) * 1000000,
		.public_id = tu_rows_text(rows, 5)};

	return tu_list_put_release(l->draft, &row, err);
}

static enum tu_status put_fact(struct loading *l, const struct tu_rows *rows, struct tu_error *err)
{
	const struct tu_list_fact row = {.component_id = tu_rows_int(rows, 0),
		.vulnerability_id = tu_rows_int(rows, 1),
		.verdict = verdict_of(tu_rows_text(rows, 2)),
		.fixable = tu_rows_text(rows, 3).len > 0,
		.first_seen = tu_rows_int(rows, 4)};

	if (l->from && !tu_list_has_vulnerability(l->from, row.vulnerability_id))
		l->failed = l->failed || !TU_VEC_PUSH_IN(l->arena, &l->vulns, row.vulnerability_id);
	return tu_list_put_fact(l->draft, &row, err);
}

static enum tu_status put_reference(
	struct loading *l, const struct tu_rows *rows, struct tu_error *err)
{
	const struct tu_list_reference row = {.release_id = tu_rows_int(rows, 0),
		.component_id = tu_rows_int(rows, 1),
		.harm = (uint8_t)tu_rows_int(rows, 2),
		.added = tu_rows_int(rows, 3)};

	return tu_list_put_reference(l->draft, &row, err);
}

static enum tu_status put_decision(
	struct loading *l, const struct tu_rows *rows, struct tu_error *err)
{
	enum tu_claim_status status = status_of(tu_rows_text(rows, 4));
	const struct tu_list_decision row = {.component_id = tu_rows_int(rows, 0),
		.vulnerability_id = tu_rows_int(rows, 1),
		.release_id = tu_rows_int(rows, 2),
		.state = state_of(tu_rows_text(rows, 3)),
		.status = (uint8_t)status,
		.closed = tu_claim_clears(status),
		.risk = risk_of(tu_rows_text(rows, 5)),
		.harm = (uint8_t)tu_rows_int(rows, 6)};

	return tu_list_put_decision(l->draft, &row, err);
}

static enum tu_status put_all(struct loading *l, enum tu_sql sql, struct tu_params params,
	put_row *put, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status closed;
	enum tu_status status = tu_tx_query(l->tx, sql, params, &rows, err);

	if (status != TU_OK)
		return status;
	while (status == TU_OK && tu_rows_next(rows))
		status = put(l, rows, err);
	closed = tu_rows_close(rows, status ? NULL : err);
	if (status == TU_OK)
		status = closed;
	return status == TU_OK && l->failed ? tu_no_memory(err) : status;
}

/* ---- the whole ---- */

static enum tu_status read_all(struct loading *l, struct tu_error *err)
{
	static const struct {
		enum tu_sql sql;
		put_row *put;
	} tables[] = {{TU_SQL_LIST_VULNS, put_vuln}, {TU_SQL_LIST_COMPONENTS, put_component},
		{TU_SQL_LIST_DEVICES, put_device}, {TU_SQL_LIST_RELEASES, put_release},
		{TU_SQL_LIST_FACTS, put_fact}, {TU_SQL_LIST_REFERENCES, put_reference},
		{TU_SQL_LIST_DECISIONS, put_decision}};
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < TU_COUNT(tables) && status == TU_OK; i++)
		status = put_all(l, tables[i].sql, TU_NO_BIND, tables[i].put, err);
	return status;
}

/* ---- what changed ---- */

struct changes {
	TU_VEC(int64_t) releases, components, vulns, devices;
	bool removed; /* a device is gone: rows of it would stay */
};

static enum tu_status read_changes(struct loading *l, struct changes *changes, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_query(
		l->tx, TU_SQL_CHANGE_AFTER, TU_BIND(tu_int(tu_list_change(l->from))), &rows, err);

	if (status != TU_OK)
		return status;
	while (!l->failed && tu_rows_next(rows)) {
		struct tu_str kind = tu_rows_text(rows, 1);
		int64_t key = tu_rows_int(rows, 2);

		l->change = tu_rows_int(rows, 0);
		if (tu_str_eq(kind, TU_STR("release")))
			l->failed = !TU_VEC_PUSH_IN(l->arena, &changes->releases, key);
		else if (tu_str_eq(kind, TU_STR("component")))
			l->failed = !TU_VEC_PUSH_IN(l->arena, &changes->components, key);
		else if (tu_str_eq(kind, TU_STR("vulnerability")))
			l->failed = !TU_VEC_PUSH_IN(l->arena, &changes->vulns, key);
		else if (tu_str_eq(kind, TU_STR("device")))
			l->failed = !TU_VEC_PUSH_IN(l->arena, &changes->devices, key);
		changes->removed |= tu_str_eq(kind, TU_STR("removed"));
	}
	status = tu_rows_close(rows, err);
	return status || !l->failed ? status : tu_no_memory(err);
}

static bool was_earlier(const int64_t *ids, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (ids[i] == ids[at])
			return true;
	return false;
}

static enum tu_status read_release(struct loading *l, int64_t id, struct tu_error *err)
{
	const struct tu_params one = TU_BIND(tu_int(id));
	enum tu_status status = put_all(l, TU_SQL_LIST_RELEASE, one, put_release, err);

	if (status == TU_OK)
		status = put_all(l, TU_SQL_LIST_RELEASE_COMPONENTS, one, put_component, err);
	if (status == TU_OK)
		status = tu_list_replace_release(l->draft, id, err);
	if (status == TU_OK)
		status = put_all(l, TU_SQL_LIST_RELEASE_REFERENCES, one, put_reference, err);
	return status ? status : put_all(l, TU_SQL_LIST_RELEASE_DECISIONS, one, put_decision, err);
}

static enum tu_status read_component(struct loading *l, int64_t id, struct tu_error *err)
{
	const struct tu_params one = TU_BIND(tu_int(id));
	enum tu_status status = tu_list_replace_component(l->draft, id, err);

	return status ? status : put_all(l, TU_SQL_LIST_COMPONENT_FACTS, one, put_fact, err);
}

static enum tu_status read_each(struct loading *l, struct changes *c, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < c->devices.count && status == TU_OK; i++)
		status = put_all(
			l, TU_SQL_LIST_DEVICE, TU_BIND(tu_int(c->devices.at[i])), put_device, err);
	/* a device's releases may have come without a change of their own */
	for (size_t i = 0; i < c->devices.count && status == TU_OK; i++)
		status = put_all(l, TU_SQL_LIST_DEVICE_RELEASES, TU_BIND(tu_int(c->devices.at[i])),
			put_release, err);
	for (size_t i = 0; i < c->releases.count && status == TU_OK; i++)
		if (!was_earlier(c->releases.at, i))
			status = read_release(l, c->releases.at[i], err);
	/* of a component that no release of the list has, nothing is kept */
	for (size_t i = 0; i < c->components.count && status == TU_OK; i++)
		if (tu_list_has_component(l->from, c->components.at[i]))
			status = read_component(l, c->components.at[i], err);
	for (size_t i = 0; i < l->components.count && status == TU_OK; i++)
		if (!was_earlier(l->components.at, i))
			status = read_component(l, l->components.at[i], err);
	if (c->vulns.count && status == TU_OK) /* hundreds, after other data */
		status = put_all(l, TU_SQL_LIST_VULNS_CHANGED,
			TU_BIND(tu_int(tu_list_change(l->from))), put_vuln, err);
	for (size_t i = 0; i < l->vulns.count && status == TU_OK; i++)
		status = put_all(
			l, TU_SQL_LIST_VULN, TU_BIND(tu_int(l->vulns.at[i])), put_vuln, err);
	return status;
}

static enum tu_status read_changed(struct loading *l, struct tu_error *err)
{
	struct changes c = {0};
	enum tu_status status = read_changes(l, &c, err);
	size_t count = c.releases.count + c.components.count + c.vulns.count + c.devices.count;

	if (status != TU_OK)
		return status;
	if (count <= FOLLOWED_MAX && !c.removed)
		return read_each(l, &c, err);
	tu_list_draft_free(l->draft);
	l->draft = NULL;
	tu_list_drop(l->from);
	l->from = NULL;
	status = tu_list_draft_new(NULL, &l->draft, err);
	return status ? status : read_all(l, err);
}

/* ---- one transaction ---- */

static enum tu_status read_and_publish(struct loading *l, struct tu_error *err)
{
	struct tu_list_snapshot *snapshot;
	enum tu_status status = tu_list_draft_new(l->from, &l->draft, err);

	if (status == TU_OK)
		status = l->from ? read_changed(l, err) : read_all(l, err);
	if (status == TU_OK)
		status = tu_list_finish(l->draft, l->change, &snapshot, err);
	if (status == TU_OK)
		tu_list_publish(l->list, snapshot);
	return status;
}

/* It publishes before the transaction ends: one that reads can only end. */
static enum tu_status load(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct loading *l = self;
	int64_t newest = 0;
	enum tu_status status = tu_tx_int(tx, TU_SQL_CHANGE_NEWEST, TU_NO_BIND, &newest, err);

	l->tx = tx;
	l->failed = false;
	l->change = newest;
	l->components.count = l->vulns.count = 0;
	if (status == TU_OK && (!l->from || newest > tu_list_change(l->from)))
		status = read_and_publish(l, err);
	tu_list_draft_free(l->draft);
	l->draft = NULL;
	return status;
}

static enum tu_status run(struct tu_store *store, struct loading *l, struct tu_error *err)
{
	enum tu_status status;

	l->arena = tu_arena_new(MEMORY_MAX);
	status = l->arena ? tu_store_run(store, TU_TX_READ, load, l, err) : tu_no_memory(err);
	tu_arena_free(l->arena);
	tu_list_drop(l->from);
	return status;
}

enum tu_status tu_list_load(struct tu_store *store, struct tu_list *list, struct tu_error *err)
{
	struct loading l = {.list = list};

	return run(store, &l, err);
}

enum tu_status tu_list_follow(
	struct tu_store *store, struct tu_list *list, int64_t *out_change, struct tu_error *err)
{
	struct loading l = {.list = list, .from = tu_list_current(list)};
	enum tu_status status = run(store, &l, err);

	*out_change = l.change;
	return status;
}
