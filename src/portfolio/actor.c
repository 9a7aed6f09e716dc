#include "portfolio/actor.h"

enum { SHOWN = 100 };

enum tu_status tu_actor_person(struct tu_work *w, struct tu_str actor,
	struct tu_actor_person *out_person, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status closed;
	enum tu_status status =
		tu_tx_row(w->tx, TU_SQL_ACTOR_PERSON, TU_BIND(tu_text(actor)), &rows, err);

	*out_person = (struct tu_actor_person){0};
	if (status != TU_OK)
		return status == TU_E_NOTFOUND ? TU_OK : status;
	out_person->active = tu_str_eq(tu_rows_text(rows, 2), TU_STR("active"));
	status = tu_work_dup(w, tu_rows_text(rows, 0), &out_person->public_id, err);
	if (status == TU_OK)
		status = tu_work_dup(w, tu_rows_text(rows, 1), &out_person->login, err);
	if (status == TU_OK)
		status = tu_work_dup(w, tu_rows_text(rows, 3), &out_person->name, err);
	closed = tu_rows_close(rows, status ? NULL : err);
	return status ? status : closed;
}

/* Is it a key, and may it act? */
static enum tu_status look_for_key(struct tu_work *w, struct tu_str named, bool *out_key,
	bool *out_valid, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_row(w->tx, TU_SQL_ACTOR_KEY, TU_BIND(tu_text(named)), &rows, err);

	*out_key = *out_valid = false;
	if (status != TU_OK)
		return status == TU_E_NOTFOUND ? TU_OK : status;
	*out_key = true;
	*out_valid = tu_rows_is_null(rows, 1) &&
		(tu_rows_is_null(rows, 0) || tu_rows_int(rows, 0) > w->act->at);
	return tu_rows_close(rows, err);
}

enum tu_status tu_actor_resolve(
	struct tu_work *w, struct tu_str named, struct tu_str *out_actor, struct tu_error *err)
{
	struct tu_actor_person person;
	bool key = false, valid = false;
	enum tu_status status = tu_actor_check(named, err);

	if (status == TU_OK)
		status = look_for_key(w, named, &key, &valid, err);
	if (status == TU_OK)
		status = tu_actor_person(w, named, &person, err);
	if (status != TU_OK)
		return status;
	if ((key && !valid) || (person.public_id.len && !person.active))
		return tu_fail(err, TU_E_USAGE, 0, "\"%.*s\" may not act any more",
			TU_STR_FMT(tu_str_first(named, SHOWN)));
	return tu_work_dup(
		w, person.public_id.len && !key ? person.public_id : named, out_actor, err);
}

struct finding {
	struct tu_arena *arena;
	struct tu_str text;
};

static enum tu_status find(struct tu_work *w, void *self, struct tu_error *err)
{
	struct finding *f = self;
	struct tu_str actor;
	enum tu_status status = tu_actor_resolve(w, w->act->actor, &actor, err);

	if (status == TU_OK && !tu_arena_dup(f->arena, actor, &f->text))
		status = tu_no_memory(err);
	return status;
}

enum tu_status tu_actor_find(struct tu_store *store, const struct tu_act *act,
	struct tu_arena *arena, struct tu_str *out_actor, struct tu_error *err)
{
	struct finding f = {.arena = arena};
	enum tu_status status = tu_work_read(store, act, find, &f, err);

	*out_actor = f.text;
	return status;
}

static enum tu_status call(struct tu_work *w, void *self, struct tu_error *err)
{
	struct finding *f = self;
	struct tu_actor_person person;
	enum tu_status status = tu_actor_person(w, w->act->actor, &person, err);
	struct tu_str name = person.name.len ? person.name : person.login;

	if (status == TU_OK && !tu_arena_dup(f->arena, name.len ? name : w->act->actor, &f->text))
		status = tu_no_memory(err);
	return status;
}

enum tu_status tu_actor_called(struct tu_store *store, const struct tu_act *act,
	struct tu_arena *arena, struct tu_str *out_name, struct tu_error *err)
{
	struct finding f = {.arena = arena};
	enum tu_status status = tu_work_read(store, act, call, &f, err);

	*out_name = f.text;
	return status;
}
