#include "access/still.h"

#include "access/record.h"
#include "access/session.h"
#include "portfolio/scope.h"

enum { ARENA = 16 << 20 };

struct looking {
	const struct tu_access *who;
	int64_t at;
	struct tu_arena *arena;
};

static enum tu_status over(struct tu_error *err)
{
	return tu_access__refuse(err, "access", "it is not as it was");
}

static enum tu_status compare(
	const struct tu_list_scope *then, const struct tu_list_scope *now, struct tu_error *err)
{
	bool same = then->everything == now->everything && then->device_count == now->device_count;

	for (size_t i = 0; same && i < now->device_count; i++)
		same = tu_scope_has(then, now->device_ids[i]);
	return same ? TU_OK : over(err);
}

/* The numbers of its one row; none: it is gone. */
static enum tu_status read_row(
	struct tu_tx *tx, enum tu_sql sql, int64_t id, int64_t out_numbers[2], struct tu_error *err)
{
	struct tu_rows *rows;
	bool found;
	enum tu_status status = tu_tx_query(tx, sql, TU_BIND(tu_int(id)), &rows, err);

	if (status)
		return status;
	found = tu_rows_next(rows);
	for (unsigned i = 0; found && i < 2; i++)
		out_numbers[i] = tu_rows_int(rows, i);
	status = tu_rows_close(rows, err);
	return status || found ? status : over(err);
}

static enum tu_status look_session(struct tu_tx *tx, const struct looking *l,
	struct tu_list_scope *scope, struct tu_error *err)
{
	int64_t times[2] = {0}; /* used, expires */
	enum tu_status status = read_row(tx, TU_SQL_SESSION_STILL, l->who->session, times, err);

	if (!status &&
		(times[1] <= l->at ||
			times[0] + tu_access_limit_us(TU_LIMIT_SESSION_IDLE) <= l->at))
		status = over(err);
	return status
		? status
		: tu_scope_of_person(tx, tu_str_c(l->who->person_public), l->arena, scope, err);
}

static enum tu_status look_key(struct tu_tx *tx, const struct looking *l,
	struct tu_list_scope *scope, struct tu_error *err)
{
	int64_t times[2] = {0}; /* expires, revoked */
	enum tu_status status = read_row(tx, TU_SQL_KEY_STILL, l->who->key.id, times, err);

	if (!status && (times[1] || (times[0] && times[0] <= l->at)))
		status = over(err);
	return status ? status : tu_scope_of_key(tx, &l->who->key, l->arena, scope, err);
}

static enum tu_status look_role(struct tu_tx *tx, const struct looking *l, struct tu_error *err)
{
	struct tu_person person;
	enum tu_status status;

	if (!l->who->has_role)
		return TU_OK;
	status = tu_person_find(tx, tu_str_c(l->who->person_public), l->arena, &person, err);
	return status || person.role == l->who->role ? status : over(err);
}

static enum tu_status read_scope(struct tu_tx *tx, const struct looking *l,
	struct tu_list_scope *scope, struct tu_error *err)
{
	enum tu_status status = l->who->by == TU_ACCESS_SESSION ? look_session(tx, l, scope, err)
								: look_key(tx, l, scope, err);

	if (!status)
		status = look_role(tx, l, err);
	return status == TU_E_NOTFOUND || status == TU_E_CONSTRAINT ? over(err) : status;
}

static enum tu_status look(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const struct looking *l = self;
	struct tu_list_scope scope = {0};
	enum tu_status status = read_scope(tx, l, &scope, err);

	return status ? status : compare(&l->who->scope, &scope, err);
}

enum tu_status tu_access_again(struct tu_tx *tx, struct tu_access *who, int64_t at,
	struct tu_arena *arena, struct tu_error *err)
{
	const struct looking l = {who, at, arena};
	struct tu_list_scope scope = {0};
	enum tu_status status = read_scope(tx, &l, &scope, err);

	who->scope = scope;
	return status;
}

enum tu_status tu_access_still(
	struct tu_store *store, const struct tu_access *who, int64_t at, struct tu_error *err)
{
	struct looking l = {who, at, tu_arena_new(ARENA)};
	enum tu_status status;

	if (!l.arena)
		return tu_no_memory(err);
	status = tu_store_run(store, TU_TX_READ, look, &l, err);
	tu_arena_free(l.arena);
	return status;
}
