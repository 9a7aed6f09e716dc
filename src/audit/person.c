#include "audit/person.h"

#include <string.h>

#include "audit/record.h"
#include "audit/reset.h"

enum { LOGIN_MAX = 100, FIND_MEMORY = 64 * 1024 };

static const char *const roles[TU_PERSON_ROLES] = {
	[TU_PERSON_VIEWER] = "viewer",
	[TU_PERSON_ANALYST] = "analyst",
	[TU_PERSON_APPROVER] = "approver",
	[TU_PERSON_ADMINISTRATOR] = "administrator",
	[TU_PERSON_AUDITOR] = "auditor",
	[TU_PERSON_CUSTOMER] = "customer",
};

const char *tu_person_role_name(enum tu_person_role role)
{
	return roles[role];
}

bool tu_person_role_by_name(struct tu_str name, enum tu_person_role *out_role)
{
	for (unsigned i = 0; i < TU_PERSON_ROLES; i++) {
		if (tu_str_eq(name, tu_str_c(roles[i]))) {
			*out_role = (enum tu_person_role)i;
			return true;
		}
	}
	return false;
}

/* ---- adding ---- */

/* A login is no public id, and nothing that could be taken for one; nor is it what a record has
 * where nobody was named. */
static enum tu_status check_login(struct tu_str login, struct tu_error *err)
{
	size_t digits = 0;
	bool fine = login.len > 0 && login.len <= LOGIN_MAX;

	for (size_t i = 0; fine && i < login.len; i++) {
		char c = login.ptr[i];

		fine = tu_char_is_lower(c) || tu_char_is_digit(c) || memchr("._-@", c, 4);
		digits += tu_char_is_digit(c) || (c >= 'a' && c <= 'f');
	}
	if (fine && !(login.len == TU_RANDOM_ID && digits == login.len) &&
		!tu_str_eq(login, TU_STR("local")))
		return TU_OK;
	return tu_fail(err, TU_E_USAGE, 0,
		"a login is 1 to %d lower-case letters, digits, \".\", \"_\", \"-\" and \"@\", and "
		"neither %d hexadecimal digits nor \"local\"",
		LOGIN_MAX, TU_RANDOM_ID);
}

struct adding {
	const struct tu_person_new *person;
	const struct tu_audit_act *act;
	char public[TU_RANDOM_ID + 1];
	char password[TU_PASSWORD_HASH_MAX];
	int64_t id;
};

/* Is it a one-time password? */
static bool is_once(const char *hash, const struct tu_audit_act *act, bool by_person)
{
	return *hash && !by_person && !act->own_password;
}

/* Until when it counts then. */
static struct tu_value once_until(bool once, const struct tu_audit_act *act)
{
	return once ? tu_int(act->at + TU_ONCE_US) : tu_null();
}

static enum tu_status insert(struct adding *a, struct tu_tx *tx, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_row(tx, TU_SQL_PERSON_ADD,
		TU_BIND(tu_text(tu_random_id_str(a->public)), tu_text(a->person->login),
			tu_text(tu_str_c(roles[a->person->role])),
			tu_text_opt(tu_str_c(a->password)), tu_int(a->act->at),
			once_until(is_once(a->password, a->act, false), a->act)),
		&rows, err);

	if (status)
		return status;
	a->id = tu_rows_int(rows, 0);
	return tu_rows_close(rows, err);
}

/* Each value of a person that may be erased; an empty one is not kept. */
static enum tu_status keep(struct adding *a, struct tu_tx *tx, struct tu_audit_body *body,
	int64_t out_ids[3], struct tu_error *err)
{
	const struct {
		const char *kind;
		struct tu_str value;
	} values[] = {
		{"login", a->person->login}, {"name", a->person->name}, {"mail", a->person->mail}};
	struct tu_personal row;
	enum tu_status status = TU_OK;

	for (size_t i = 0; !status && i < TU_COUNT(values); i++) {
		out_ids[i] = 0;
		if (!values[i].value.len)
			continue;
		status = tu_personal_add(tx,
			&(const struct tu_personal_new){
				tu_str_c(values[i].kind), values[i].value, a->id},
			&row, err);
		if (status)
			break;
		out_ids[i] = row.id;
		tu_json_member_str(&body->json, values[i].kind, tu_str_c(row.digest));
	}
	return status;
}

static enum tu_status add_all(
	struct adding *a, struct tu_tx *tx, struct tu_audit_body *body, struct tu_error *err)
{
	int64_t ids[3];
	enum tu_status status = tu_random_id(a->public, err);

	if (!status)
		status = insert(a, tx, err);
	tu_json_key(&body->json, "after");
	tu_json_open_object(&body->json);
	tu_json_member_str(&body->json, "role", tu_str_c(roles[a->person->role]));
	tu_json_member_bool(&body->json, "password", *a->password != '\0');
	tu_json_member_bool(&body->json, "one_time", is_once(a->password, a->act, false));
	if (!status)
		status = keep(a, tx, body, ids, err);
	tu_json_close_object(&body->json);
	if (!status)
		status = tu_tx_exec(tx, TU_SQL_PERSON_NAMES,
			TU_BIND(tu_int(a->id), tu_int(ids[1]), ids[2] ? tu_int(ids[2]) : tu_null()),
			NULL, err);
	/* of the set-up the person chooses it themselves, and there is nobody else yet */
	if (!status && *a->password && !tu_str_eq(a->act->actor, TU_STR("setup")))
		status = tu_reset_keep(tx,
			&(const struct tu_reset_of){
				a->id, tu_random_id_str(a->public), TU_RESET_PASSWORD},
			a->act, err);
	return status;
}

static enum tu_status add(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct adding *a = self;
	struct tu_audit_body body;
	enum tu_status status;

	tu_audit__open(&body);
	status = add_all(a, tx, &body, err);
	if (!status)
		return tu_audit__record(tx, a->act,
			(const char *const[]){"person.add", "person", a->public}, &body, err);
	tu_buf_done(&body.text);
	return status;
}

enum tu_status tu_person_add(struct tu_store *store, const struct tu_person_new *person,
	const struct tu_audit_act *act, char out_public[TU_RANDOM_ID + 1], struct tu_error *err)
{
	struct adding a = {.person = person, .act = act};
	const struct tu_str words[] = {person->login, person->name, person->mail};
	const struct tu_password_about about = {false, words, TU_COUNT(words)};
	enum tu_status status = check_login(person->login, err);

	if (!status && person->password.len)
		status = tu_password_check(person->password, &about, err);
	if (!status && person->password.len)
		status = tu_password_hash(person->password, a.password, err);
	if (!status)
		status = tu_audit__name_taken(tu_store_run(store, TU_TX_WRITE, add, &a, err),
			"person", person->login, err);
	if (!status)
		memcpy(out_public, a.public, sizeof(a.public));
	return status;
}

/* ---- finding ---- */

static bool copy_texts(const struct tu_rows *rows, struct tu_arena *arena, struct tu_person *out)
{
	return tu_arena_dup(arena, tu_rows_text(rows, 1), &out->public) &&
		tu_arena_dup(arena, tu_rows_text(rows, 2), &out->login) &&
		tu_arena_dup(arena, tu_rows_text(rows, 5), &out->password) &&
		tu_arena_dup(arena, tu_rows_text(rows, 7), &out->name) &&
		tu_arena_dup(arena, tu_rows_text(rows, 8), &out->mail);
}

enum tu_status tu_person_find(struct tu_tx *tx, struct tu_str public_or_login,
	struct tu_arena *arena, struct tu_person *out_person, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_row(tx, TU_SQL_PERSON_FIND, TU_BIND(tu_text(public_or_login)), &rows, err);
	bool copied;

	*out_person = (struct tu_person){0};
	if (status)
		return status == TU_E_NOTFOUND
			? tu_fail(err, status, 0, "nobody has the id or login \"%.*s\"",
				  TU_STR_FMT(tu_str_first(public_or_login, LOGIN_MAX)))
			: status;
	out_person->id = tu_rows_int(rows, 0);
	copied = copy_texts(rows, arena, out_person);
	(void)tu_person_role_by_name(tu_rows_text(rows, 3), &out_person->role);
	out_person->active = tu_str_eq(tu_rows_text(rows, 4), TU_STR("active"));
	out_person->erased = tu_str_eq(tu_rows_text(rows, 4), TU_STR("erased"));
	out_person->version = tu_rows_int(rows, 6);
	out_person->once_until = tu_rows_int(rows, 9);
	status = tu_rows_close(rows, err);
	return status || copied ? status : tu_no_memory(err);
}

/* ---- changing ---- */

struct changing {
	struct tu_str who;
	struct tu_str new_password; /* empty: taken away */
	const struct tu_audit_act *act;
	char password[TU_PASSWORD_HASH_MAX];
	char public[TU_RANDOM_ID + 1];
	bool once;
};

static enum tu_status find_for(
	struct changing *c, struct tu_tx *tx, struct tu_person *out, struct tu_error *err)
{
	struct tu_arena *arena = tu_arena_new(FIND_MEMORY);
	enum tu_status status =
		arena ? tu_person_find(tx, c->who, arena, out, err) : tu_no_memory(err);

	if (!status && out->public.len == TU_RANDOM_ID)
		memcpy(c->public, out->public.ptr, TU_RANDOM_ID);
	out->public = out->login = out->name = out->mail = out->password = TU_STR("");
	tu_arena_free(arena);
	return status;
}

/* May this person choose it? What is known of them, and how they sign in, has a say. */
static enum tu_status check_password(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct changing *c = self;
	struct tu_arena *arena = tu_arena_new(FIND_MEMORY);
	struct tu_person person = {0};
	int64_t confirmed = 0;
	enum tu_status status =
		arena ? tu_person_find(tx, c->who, arena, &person, err) : tu_no_memory(err);
	const struct tu_str words[] = {person.login, person.name, person.mail};
	struct tu_password_about about = {false, words, TU_COUNT(words)};

	if (!status) {
		status =
			tu_tx_int(tx, TU_SQL_TOTP_GET, TU_BIND(tu_int(person.id)), &confirmed, err);
		if (status == TU_E_NOTFOUND)
			status = TU_OK;
	}
	about.second_factor = confirmed != 0;
	if (!status)
		status = tu_password_check(c->new_password, &about, err);
	tu_arena_free(arena);
	return status;
}

/* Who comes with the password may act from now on: it is known who set it. */
static enum tu_status put_password(
	struct changing *c, struct tu_tx *tx, int64_t person, struct tu_error *err)
{
	const struct tu_str public = tu_random_id_str(c->public);

	enum tu_status status;

	c->once = is_once(c->password, c->act, tu_str_eq(c->act->actor, public));
	status = tu_tx_exec(tx, TU_SQL_PERSON_PASSWORD,
		TU_BIND(tu_int(person), tu_text_opt(tu_str_c(c->password)),
			once_until(c->once, c->act)),
		NULL, err);
	if (!status && *c->password)
		status = tu_reset_keep(tx,
			&(const struct tu_reset_of){person, public, TU_RESET_PASSWORD}, c->act,
			err);
	return status;
}

static enum tu_status set_password(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct changing *c = self;
	struct tu_audit_body body;
	struct tu_person person;
	enum tu_status status = find_for(c, tx, &person, err);

	if (!status && !person.active)
		status = tu_fail(err, TU_E_USAGE, 0, "a person who is not active has no password");
	if (!status)
		status = put_password(c, tx, person.id, err);
	if (!status)
		status = tu_tx_exec(tx, TU_SQL_SESSION_END_PERSON,
			TU_BIND(tu_int(person.id), tu_int(0)), NULL, err);
	if (status)
		return status;
	tu_audit__open(&body);
	tu_json_key(&body.json, "after");
	tu_json_open_object(&body.json);
	tu_json_member_bool(&body.json, "password", *c->password != '\0');
	tu_json_member_bool(&body.json, "one_time", c->once);
	tu_json_close_object(&body.json);
	return tu_audit__record(tx, c->act,
		(const char *const[]){"person.password", "person", c->public}, &body, err);
}

enum tu_status tu_person_set_password(struct tu_store *store, struct tu_str who,
	struct tu_str password, const struct tu_audit_act *act, struct tu_error *err)
{
	struct changing c = {.who = who, .new_password = password, .act = act};
	enum tu_status status = TU_OK;

	if (password.len)
		status = tu_store_run(store, TU_TX_READ, check_password, &c, err);
	if (!status && password.len)
		status = tu_password_hash(password, c.password, err);
	return status ? status : tu_store_run(store, TU_TX_WRITE, set_password, &c, err);
}

static enum tu_status remove_person(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct changing *c = self;
	struct tu_audit_body body;
	struct tu_person person;
	enum tu_status status = find_for(c, tx, &person, err);

	if (status || !person.active)
		return status;
	if (c->act->leaves_one)
		status = tu_person__check_last(tx, &person, err);
	if (!status)
		status =
			tu_tx_exec(tx, TU_SQL_PERSON_REMOVE, TU_BIND(tu_int(person.id)), NULL, err);
	if (!status)
		status = tu_tx_exec(tx, TU_SQL_API_KEY_REVOKE_PERSON,
			TU_BIND(tu_int(person.id), tu_int(c->act->at)), NULL, err);
	if (!status)
		status = tu_tx_exec(tx, TU_SQL_SESSION_END_PERSON,
			TU_BIND(tu_int(person.id), tu_int(0)), NULL, err);
	if (status)
		return status;
	tu_audit__open(&body);
	tu_json_key(&body.json, "before");
	tu_json_open_object(&body.json);
	tu_json_member_str(&body.json, "state", TU_STR("active"));
	tu_json_close_object(&body.json);
	tu_json_key(&body.json, "after");
	tu_json_open_object(&body.json);
	tu_json_member_str(&body.json, "state", TU_STR("removed"));
	tu_json_close_object(&body.json);
	return tu_audit__record(tx, c->act,
		(const char *const[]){"person.remove", "person", c->public}, &body, err);
}

enum tu_status tu_person_remove(struct tu_store *store, struct tu_str who,
	const struct tu_audit_act *act, struct tu_error *err)
{
	struct changing c = {.who = who, .act = act};

	return tu_store_run(store, TU_TX_WRITE, remove_person, &c, err);
}
