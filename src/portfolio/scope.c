#include "portfolio/scope.h"

#include "base/vec.h"

/* Who sees everything, by role. */
static const bool everything[TU_PERSON_ROLES] = {
	[TU_PERSON_ADMINISTRATOR] = true,
	[TU_PERSON_AUDITOR] = true,
};

struct reading {
	struct tu_arena *arena;
	struct tu_list_scope *scope;
};

/* The first column of all rows, which are about `of`. */
static enum tu_status read_ids(struct tu_tx *tx, enum tu_sql sql, struct tu_params of,
	struct reading *r, struct tu_error *err)
{
	TU_VEC(int64_t) ids = {0};
	struct tu_rows *rows;
	bool kept = true;
	enum tu_status status = tu_tx_query(tx, sql, of, &rows, err);

	if (status)
		return status;
	while (kept && tu_rows_next(rows))
		kept = TU_VEC_PUSH_IN(r->arena, &ids, tu_rows_int(rows, 0));
	status = tu_rows_close(rows, err);
	if (!status && !kept)
		status = tu_no_memory(err);
	if (!status)
		*r->scope = (struct tu_list_scope){.device_ids = ids.at, .device_count = ids.count};
	return status;
}

enum tu_status tu_scope_of_person(struct tu_tx *tx, struct tu_str public_or_login,
	struct tu_arena *arena, struct tu_list_scope *out_scope, struct tu_error *err)
{
	struct tu_person person;
	enum tu_status status = tu_person_find(tx, public_or_login, arena, &person, err);

	*out_scope = (struct tu_list_scope){0};
	if (status)
		return status;
	if (!person.active)
		return tu_fail_at(err, TU_E_CONSTRAINT,
			&(struct tu_error_place){.pointer = "active"},
			"this person may not act any more");
	if (everything[person.role]) {
		out_scope->everything = true;
		return TU_OK;
	}
	return read_ids(tx, TU_SQL_SCOPE_OF_PERSON, TU_BIND(tu_int(person.id)),
		&(struct reading){arena, out_scope}, err);
}

enum tu_status tu_scope_of_key(struct tu_tx *tx, const struct tu_key *key, struct tu_arena *arena,
	struct tu_list_scope *out_scope, struct tu_error *err)
{
	*out_scope = (struct tu_list_scope){0};
	if (key->person)
		return tu_scope_of_person(tx, tu_str_c(key->person_public), arena, out_scope, err);
	out_scope->everything = key->everything;
	if (key->everything || !key->team)
		return TU_OK;
	return read_ids(tx, TU_SQL_SCOPE_OF_TEAM, TU_BIND(tu_int(key->team)),
		&(struct reading){arena, out_scope}, err);
}

bool tu_scope_has(const struct tu_list_scope *scope, int64_t device_id)
{
	for (size_t i = 0; i < scope->device_count; i++)
		if (scope->device_ids[i] == device_id)
			return true;
	return scope->everything;
}
