/* Erasing what is personal, and giving it out: docs/privacy.md. */
#include <string.h>

#include "audit/person.h"
#include "audit/record.h"
#include "base/hex.h"

enum { FIND_MEMORY = 1024 * 1024 };

struct erasing {
	struct tu_str who;
	const struct tu_audit_act *act;
	struct tu_erasure done;
	struct tu_audit_body body;
};

static void write_digest(struct tu_json_writer *json, struct tu_str digest)
{
	size_t start = tu_json_open_text(json);

	tu_hex_write((const uint8_t *)digest.ptr, digest.len, json->buf);
	tu_json_close_text(json, start);
}

/* The digests of the values that a statement finds, not erased yet: into the record's body. */
static enum tu_status list(struct erasing *e, struct tu_tx *tx, enum tu_sql sql,
	struct tu_params params, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_query(tx, sql, params, &rows, err);

	if (status)
		return status;
	tu_json_key(&e->body.json, "before");
	tu_json_open_object(&e->body.json);
	tu_json_key(&e->body.json, "digests");
	tu_json_open_array(&e->body.json);
	for (e->done.values = 0; tu_rows_next(rows); e->done.values++)
		write_digest(&e->body.json, tu_rows_text(rows, 1));
	tu_json_close_array(&e->body.json);
	tu_json_close_object(&e->body.json);
	return tu_rows_close(rows, err);
}

/* Statements on a person, each with the id and, where it takes one, the time. */
static enum tu_status erase_rows(
	struct tu_tx *tx, const struct tu_person *person, int64_t at, struct tu_error *err)
{
	static const struct {
		enum tu_sql sql;
		bool timed;
	} steps[] = {
		{TU_SQL_PERSONAL_ERASE_PERSON, true},
		{TU_SQL_API_KEY_REVOKE_PERSON, true},
		{TU_SQL_API_KEY_FORGET_PERSON, false},
		{TU_SQL_TEAM_MEMBER_LEAVE, false},
		{TU_SQL_VIEWS_FORGET_PERSON, false},
		{TU_SQL_NOTIFY_FORGET_PERSON, false},
		{TU_SQL_NOTIFY_MUTES_FORGET_PERSON, false},
		{TU_SQL_NOTIFY_CHANNELS_FORGET_PERSON, false},
		{TU_SQL_CALENDAR_REMOVE, false},
		{TU_SQL_FORMS_FORGET_PERSON, false},
		{TU_SQL_SESSIONS_FORGET_PERSON, false},
		{TU_SQL_TOTP_FORGET_PERSON, false},
		{TU_SQL_TOTP_REMOVE, false},
		{TU_SQL_RECOVERY_CODE_FORGET_PERSON, false},
		{TU_SQL_IDENTITY_FORGET_PERSON, false},
		{TU_SQL_PERSON_ERASE, false},
	};
	enum tu_status status = TU_OK;

	for (size_t i = 0; !status && i < TU_COUNT(steps); i++)
		status = tu_tx_exec(tx, steps[i].sql,
			steps[i].timed ? TU_BIND(tu_int(person->id), tu_int(at))
				       : TU_BIND(tu_int(person->id)),
			NULL, err);
	return status;
}

static enum tu_status erase_person(
	struct erasing *e, struct tu_tx *tx, const struct tu_person *person, struct tu_error *err)
{
	char public[TU_RANDOM_ID + 1] = "";
	enum tu_status status;

	e->done.already = person->erased;
	if (person->erased)
		return TU_OK;
	if (e->act->leaves_one && (status = tu_person__check_last(tx, person, err)) != TU_OK)
		return status;
	if (person->public.len <= TU_RANDOM_ID)
		memcpy(public, person->public.ptr, person->public.len);
	tu_audit__open(&e->body);
	status = list(e, tx, TU_SQL_PERSONAL_OF, TU_BIND(tu_int(person->id)), err);
	if (!status)
		status = erase_rows(tx, person, e->act->at, err);
	if (!status)
		return tu_audit__record(tx, e->act,
			(const char *const[]){"person.erase", "person", public}, &e->body, err);
	tu_buf_done(&e->body.text);
	return status;
}

/* Of somebody without an account: every row with this value. */
static enum tu_status erase_value(struct erasing *e, struct tu_tx *tx, struct tu_error *err)
{
	enum tu_status status;

	tu_audit__open(&e->body);
	status = list(e, tx, TU_SQL_PERSONAL_BY_VALUE, TU_BIND(tu_text(e->who)), err);
	if (!status && e->done.values == 0)
		status = tu_fail(err, TU_E_NOTFOUND, 0,
			"nobody has this id, login or address; after an erasure only the id is "
			"known");
	if (!status)
		status = tu_tx_exec(tx, TU_SQL_PERSONAL_ERASE_CREDIT,
			TU_BIND(tu_text(e->who), tu_int(e->act->at)), NULL, err);
	if (!status)
		status = tu_tx_exec(tx, TU_SQL_PERSONAL_ERASE_VALUE,
			TU_BIND(tu_text(e->who), tu_int(e->act->at)), NULL, err);
	if (!status)
		return tu_audit__record(tx, e->act,
			(const char *const[]){"personal.erase", "personal", "value"}, &e->body,
			err);
	tu_buf_done(&e->body.text);
	return status;
}

/* A mail address leads to its person. */
static enum tu_status find(struct tu_tx *tx, struct tu_str who, struct tu_arena *arena,
	struct tu_person *out, struct tu_error *err)
{
	struct tu_rows *rows;
	struct tu_str public;
	bool copied;
	enum tu_status status = tu_person_find(tx, who, arena, out, err);

	if (status != TU_E_NOTFOUND)
		return status;
	status = tu_tx_row(tx, TU_SQL_PERSON_OF_VALUE, TU_BIND(tu_text(who)), &rows, err);
	if (status)
		return status;
	copied = tu_arena_dup(arena, tu_rows_text(rows, 0), &public);
	status = tu_rows_close(rows, err);
	if (!status && !copied)
		return tu_no_memory(err);
	return status ? status : tu_person_find(tx, public, arena, out, err);
}

static enum tu_status erase(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct erasing *e = self;
	struct tu_arena *arena = tu_arena_new(FIND_MEMORY);
	struct tu_person person;
	enum tu_status status = arena ? find(tx, e->who, arena, &person, err) : tu_no_memory(err);

	e->done = (struct tu_erasure){0};
	if (!status)
		status = erase_person(e, tx, &person, err);
	else if (status == TU_E_NOTFOUND)
		status = erase_value(e, tx, err);
	tu_arena_free(arena);
	return status;
}

enum tu_status tu_person_erase(struct tu_store *store, struct tu_str who,
	const struct tu_audit_act *act, struct tu_erasure *out_erasure, struct tu_error *err)
{
	struct erasing e = {.who = who, .act = act};
	enum tu_status status = tu_store_run(store, TU_TX_WRITE, erase, &e, err);

	*out_erasure = e.done;
	return status;
}

/* ---- giving it out ---- */

struct writing {
	struct tu_str who;
	struct tu_json_writer json;
	size_t before;
	bool indented;
};

static enum tu_status write_values(
	struct writing *w, struct tu_tx *tx, const struct tu_person *person, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_query(tx, TU_SQL_PERSONAL_OF, TU_BIND(tu_int(person->id)), &rows, err);

	if (status)
		return status;
	tu_json_key(&w->json, "values");
	tu_json_open_array(&w->json);
	while (tu_rows_next(rows)) {
		tu_json_open_object(&w->json);
		tu_json_member_str(&w->json, "kind", tu_rows_text(rows, 2));
		tu_json_member_str(&w->json, "value", tu_rows_text(rows, 3));
		tu_json_close_object(&w->json);
	}
	tu_json_close_array(&w->json);
	return tu_rows_close(rows, err);
}

static enum tu_status write_signatures(
	struct writing *w, struct tu_tx *tx, const struct tu_person *person, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_query(tx, TU_SQL_SIGNATURE_BY, TU_BIND(tu_int(person->id)), &rows, err);

	if (status)
		return status;
	tu_json_key(&w->json, "signatures");
	tu_json_open_array(&w->json);
	while (tu_rows_next(rows)) {
		tu_json_open_object(&w->json);
		tu_json_member_str(&w->json, "id", tu_rows_text(rows, 0));
		tu_json_member_str(&w->json, "printed_name", tu_rows_text(rows, 1));
		tu_json_member_str(&w->json, "meaning", tu_rows_text(rows, 2));
		tu_json_member_str(&w->json, "subject", tu_rows_text(rows, 3));
		tu_json_member_int(&w->json, "signed_at", tu_rows_int(rows, 4));
		tu_json_key(&w->json, "credential_resets");
		tu_json_add_raw(&w->json, tu_rows_text(rows, 5));
		tu_json_close_object(&w->json);
	}
	tu_json_close_array(&w->json);
	return tu_rows_close(rows, err);
}

static enum tu_status write_teams(
	struct writing *w, struct tu_tx *tx, const struct tu_person *person, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_query(tx, TU_SQL_TEAMS_OF_PERSON, TU_BIND(tu_int(person->id)), &rows, err);

	if (status)
		return status;
	tu_json_key(&w->json, "teams");
	tu_json_open_array(&w->json);
	while (tu_rows_next(rows)) {
		tu_json_open_object(&w->json);
		tu_json_member_str(&w->json, "id", tu_rows_text(rows, 0));
		tu_json_member_str(&w->json, "name", tu_rows_text(rows, 1));
		tu_json_close_object(&w->json);
	}
	tu_json_close_array(&w->json);
	return tu_rows_close(rows, err);
}

static void write_key(struct tu_json_writer *json, const struct tu_rows *rows)
{
	tu_json_open_object(json);
	tu_json_member_str(json, "id", tu_rows_text(rows, 0));
	tu_json_member_str(json, "label", tu_rows_text(rows, 1));
	tu_json_member_str(json, "scope", tu_rows_text(rows, 2));
	tu_json_member_int(json, "created", tu_rows_int(rows, 3));
	if (!tu_rows_is_null(rows, 4))
		tu_json_member_int(json, "expires", tu_rows_int(rows, 4));
	if (!tu_rows_is_null(rows, 5))
		tu_json_member_int(json, "revoked", tu_rows_int(rows, 5));
	tu_json_close_object(json);
}

static enum tu_status write_keys(
	struct writing *w, struct tu_tx *tx, const struct tu_person *person, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_query(tx, TU_SQL_API_KEYS_OF_PERSON, TU_BIND(tu_int(person->id)), &rows, err);

	if (status)
		return status;
	tu_json_key(&w->json, "keys");
	tu_json_open_array(&w->json);
	while (tu_rows_next(rows))
		write_key(&w->json, rows);
	tu_json_close_array(&w->json);
	return tu_rows_close(rows, err);
}

static enum tu_status write_sessions(
	struct writing *w, struct tu_tx *tx, const struct tu_person *person, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_query(tx, TU_SQL_SESSIONS_OF_PERSON, TU_BIND(tu_int(person->id)), &rows, err);

	if (status)
		return status;
	tu_json_key(&w->json, "sessions");
	tu_json_open_array(&w->json);
	while (tu_rows_next(rows)) {
		tu_json_open_object(&w->json);
		tu_json_member_str(&w->json, "id", tu_rows_text(rows, 1));
		tu_json_member_str(&w->json, "agent", tu_rows_text(rows, 2));
		tu_json_member_int(&w->json, "created", tu_rows_int(rows, 4));
		tu_json_member_int(&w->json, "used", tu_rows_int(rows, 5));
		tu_json_close_object(&w->json);
	}
	tu_json_close_array(&w->json);
	return tu_rows_close(rows, err);
}

static enum tu_status write_accounts(
	struct writing *w, struct tu_tx *tx, const struct tu_person *person, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_query(
		tx, TU_SQL_IDENTITIES_OF_PERSON, TU_BIND(tu_int(person->id)), &rows, err);

	if (status)
		return status;
	tu_json_key(&w->json, "accounts");
	tu_json_open_array(&w->json);
	while (tu_rows_next(rows)) {
		tu_json_open_object(&w->json);
		tu_json_member_str(&w->json, "issuer", tu_rows_text(rows, 0));
		tu_json_member_str(&w->json, "subject", tu_rows_text(rows, 1));
		tu_json_member_int(&w->json, "created", tu_rows_int(rows, 2));
		tu_json_close_object(&w->json);
	}
	tu_json_close_array(&w->json);
	return tu_rows_close(rows, err);
}

static enum tu_status write_factor(
	struct writing *w, struct tu_tx *tx, const struct tu_person *person, struct tu_error *err)
{
	int64_t confirmed = 0;
	enum tu_status status =
		tu_tx_int(tx, TU_SQL_TOTP_GET, TU_BIND(tu_int(person->id)), &confirmed, err);

	tu_json_member_bool(&w->json, "second_factor", confirmed != 0);
	return status == TU_E_NOTFOUND ? TU_OK : status;
}

static enum tu_status write_lists(
	struct writing *w, struct tu_tx *tx, const struct tu_person *person, struct tu_error *err)
{
	static enum tu_status (*const parts[])(struct writing *, struct tu_tx *,
		const struct tu_person *, struct tu_error *) = {write_values, write_signatures,
		write_teams, write_keys, write_factor, write_sessions, write_accounts};
	enum tu_status status = TU_OK;

	for (size_t i = 0; !status && i < TU_COUNT(parts); i++)
		status = parts[i](w, tx, person, err);
	return status;
}

static enum tu_status write_person(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct writing *w = self;
	struct tu_buf *out = w->json.buf;
	struct tu_arena *arena = tu_arena_new(FIND_MEMORY);
	struct tu_person person;
	enum tu_status status = arena ? find(tx, w->who, arena, &person, err) : tu_no_memory(err);

	out->len = w->before;
	w->json = tu_json_writer(out, true);
	tu_json_open_object(&w->json);
	if (!status) {
		tu_json_member_str(&w->json, "id", person.public);
		tu_json_member_str(&w->json, "login", person.login);
		tu_json_member_str(&w->json, "role", tu_str_c(tu_person_role_name(person.role)));
		status = write_lists(w, tx, &person, err);
	}
	tu_json_close_object(&w->json);
	tu_buf_byte(out, '\n');
	tu_arena_free(arena);
	return status || !out->failed ? status : tu_no_memory(err);
}

enum tu_status tu_person_write(
	struct tu_store *store, struct tu_str who, struct tu_buf *out, struct tu_error *err)
{
	struct writing w = {.who = who, .json = tu_json_writer(out, true), .before = out->len};
	enum tu_status status = tu_store_run(store, TU_TX_READ, write_person, &w, err);

	if (status)
		out->len = w.before;
	return status;
}
