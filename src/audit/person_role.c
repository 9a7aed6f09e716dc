/* Roles that change. */
#include "audit/record.h"

#include "audit/person.h"

enum { FIND_MEMORY = 64 * 1024 };

struct changing {
	const struct tu_person_role_change *change;
	const struct tu_audit_act *act;
};

/* The account, without its texts but the id that records have. */
struct found {
	struct tu_person person;
	char public[TU_RANDOM_ID + 1];
};

static enum tu_status find(
	struct tu_tx *tx, struct tu_str who, struct found *out, struct tu_error *err)
{
	struct tu_arena *arena = tu_arena_new(FIND_MEMORY);
	enum tu_status status;

	*out = (struct found){0};
	status = arena ? tu_person_find(tx, who, arena, &out->person, err) : tu_no_memory(err);
	if (!status && out->person.public.len == TU_RANDOM_ID)
		memcpy(out->public, out->person.public.ptr, TU_RANDOM_ID);
	out->person.public = out->person.login = out->person.name = TU_STR("");
	out->person.mail = out->person.password = TU_STR("");
	tu_arena_free(arena);
	return status;
}

/* Of two administrators who take the role from each other at once, the second waits here until the
 * first is done, and so counts what is left. */
enum tu_status tu_person__check_last(
	struct tu_tx *tx, const struct tu_person *person, struct tu_error *err)
{
	struct tu_rows *rows;
	size_t others = 0;
	enum tu_status status;

	if (person->role != TU_PERSON_ADMINISTRATOR || !person->active)
		return TU_OK;
	status = tu_tx_query(tx, TU_SQL_ADMINISTRATORS_HOLD, TU_NO_BIND, &rows, err);
	if (status)
		return status;
	while (tu_rows_next(rows))
		others += tu_rows_int(rows, 0) != person->id;
	status = tu_rows_close(rows, err);
	if (status || others)
		return status;
	return tu_fail_at(err, TU_E_CONSTRAINT,
		&(struct tu_error_place){.pointer = "last-administrator"},
		"nobody else administrates: give somebody else the role first");
}

static void write_role(struct tu_audit_body *body, const char *side, enum tu_person_role role)
{
	tu_json_key(&body->json, side);
	tu_json_open_object(&body->json);
	tu_json_member_str(&body->json, "role", tu_str_c(tu_person_role_name(role)));
	tu_json_close_object(&body->json);
}

static enum tu_status judge(struct tu_tx *tx, const struct changing *c,
	const struct tu_person *person, struct tu_error *err)
{
	if (!person->active)
		return tu_fail(err, TU_E_USAGE, 0, "a person who is not active has no role");
	if (c->change->version && c->change->version != person->version)
		return tu_fail(err, TU_E_CONFLICT, 0, "the account changed since you read it");
	return person->role == c->change->role ? TU_OK : tu_person__check_last(tx, person, err);
}

static enum tu_status change(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const struct changing *c = self;
	struct tu_audit_body body;
	struct found found;
	int64_t changed = 0;
	enum tu_status status = find(tx, c->change->who, &found, err);

	if (!status)
		status = judge(tx, c, &found.person, err);
	if (status || found.person.role == c->change->role)
		return status;
	status = tu_tx_exec(tx, TU_SQL_PERSON_ROLE,
		TU_BIND(tu_int(found.person.id),
			tu_text(tu_str_c(tu_person_role_name(c->change->role))),
			tu_int(found.person.version)),
		&changed, err);
	if (!status && !changed)
		status = tu_fail(err, TU_E_CONFLICT, 0, "the account changed since you read it");
	if (status)
		return status;
	tu_audit__open(&body);
	write_role(&body, "before", found.person.role);
	write_role(&body, "after", c->change->role);
	return tu_audit__record(tx, c->act,
		(const char *const[]){"person.role", "person", found.public}, &body, err);
}

enum tu_status tu_person_set_role(struct tu_store *store, const struct tu_person_role_change *role,
	const struct tu_audit_act *act, struct tu_error *err)
{
	struct changing c = {role, act};

	return tu_store_run(store, TU_TX_WRITE, change, &c, err);
}
