/* Who has an account. */
#include "access/backoff.h"
#include "access/factor.h"
#include "api/people.h"
#include "audit/accounts.h"

enum { DATA_MAX = 8 << 20 };

static const struct tu_api_column columns[] = {
	TU_API_COLUMN_AS("id", struct tu_account, public, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_account, login, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_account, name, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct tu_account, mail, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct tu_account, role, TU_API_WORD, 0),
	TU_API_COLUMN(struct tu_account, state, TU_API_WORD, 0),
	TU_API_COLUMN(struct tu_account, password, TU_API_BOOL, 0),
	TU_API_COLUMN(struct tu_account, second_factor, TU_API_BOOL, 0),
	TU_API_COLUMN(struct tu_account, version, TU_API_INT, 0),
	TU_API_COLUMN(struct tu_account, created, TU_API_TIME, 0),
};
const struct tu_api_table tu_api_table_user = TU_API_TABLE("User", struct tu_account, columns);

/* ---- listing, one ---- */

struct listing {
	struct tu_api_call *call;
	struct tu_accounts accounts;
};

static enum tu_status read_all(struct tu_work *w, void *self, struct tu_error *err)
{
	struct listing *l = self;

	return tu_account_list(w->tx, l->call->arena, &l->accounts, err);
}

static enum tu_status fetch(
	struct tu_api_call *call, void *self, struct tu_api_page *page, struct tu_error *err)
{
	struct listing l = {.call = call};
	enum tu_status status = tu_api_read(call, read_all, &l, err);
	const struct tu_api_rows all = {l.accounts.at, l.accounts.count};

	(void)self;
	return status ? status : tu_api_page_of(call, page, &all, err);
}

enum tu_status tu_api_list_users(struct tu_api_call *call, struct tu_error *err)
{
	return tu_api_answer_page(call, fetch, NULL, err);
}

static enum tu_status answer_one(
	struct tu_api_call *call, struct tu_str public, struct tu_error *err)
{
	struct tu_account account;
	enum tu_status status = tu_api_account(call, public, &account, err);

	if (status != TU_OK)
		return status;
	tu_api_etag_version(call, account.version);
	return tu_api_answer_row(call, &account, err);
}

enum tu_status tu_api_get_user(struct tu_api_call *call, struct tu_error *err)
{
	return answer_one(call, call->path[0], err);
}

/* ---- changing ---- */

enum tu_status tu_api_add_user(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_audit_act act = tu_api_audit_act(call);
	struct tu_person_new person = {.login = tu_api_body_str(call, "login"),
		.name = tu_api_body_str(call, "name"),
		.mail = tu_api_body_str(call, "mail"),
		.password = tu_api_body_str(call, "password")};
	char public[TU_RANDOM_ID + 1];
	enum tu_status status;

	(void)tu_person_role_by_name(tu_api_body_str(call, "role"), &person.role);
	if (!person.name.len)
		person.name = person.login;
	status = tu_person_add(tu_api_store(call), &person, &act, public, err);
	if (status == TU_E_CONSTRAINT)
		(void)tu_fail(err, status, 0, "there is an account of this login already");
	if (status == TU_OK)
		status = answer_one(call, tu_str_c(public), err);
	if (status == TU_OK)
		tu_api_created(call, "/v1/users/%s", public);
	return status;
}

/* Records and rules take logins, too; a path has the public id only. */
static enum tu_status known(struct tu_api_call *call, struct tu_account *out, struct tu_error *err)
{
	return tu_api_account(call, call->path[0], out, err);
}

enum tu_status tu_api_change_user(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_audit_act act = tu_api_audit_act(call);
	struct tu_person_role_change change = {.who = call->path[0], .version = call->if_match};
	struct tu_account account;
	enum tu_status status = known(call, &account, err);

	(void)tu_person_role_by_name(tu_api_body_str(call, "role"), &change.role);
	if (status == TU_OK)
		status = tu_api_refused(
			call, tu_person_set_role(tu_api_store(call), &change, &act, err), 0, err);
	return status ? status : answer_one(call, call->path[0], err);
}

enum tu_status tu_api_disable_user(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_audit_act act = tu_api_audit_act(call);
	struct tu_account account;
	enum tu_status status = known(call, &account, err);

	act.leaves_one = true;
	if (status == TU_OK)
		status = tu_api_refused(call,
			tu_person_remove(tu_api_store(call), call->path[0], &act, err), 0, err);
	return status ? status : answer_one(call, call->path[0], err);
}

enum tu_status tu_api_set_user_password(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_audit_act act = tu_api_audit_act(call);
	struct tu_account account;
	enum tu_status status = known(call, &account, err);

	if (status == TU_OK)
		status = tu_person_set_password(tu_api_store(call), call->path[0],
			tu_api_body_str(call, "password"), &act, err);
	return tu_api_wrong_member(status, "/password", err);
}

enum tu_status tu_api_reset_user_factor(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_audit_act act = tu_api_audit_act(call);
	struct tu_account account;
	struct tu_api_access access;
	enum tu_status status = tu_api_access_open(call, &access, err);

	if (status == TU_OK)
		status = known(call, &account, err);
	if (status == TU_OK)
		status = tu_factor_reset(&access.base, call->path[0], &act, err);
	tu_api_access_close(&access);
	return status ? status : answer_one(call, call->path[0], err);
}

enum tu_status tu_api_unlock_user(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_account account;
	struct tu_api_access access;
	enum tu_status status = tu_api_access_open(call, &access, err);

	if (status == TU_OK)
		status = known(call, &account, err);
	if (status == TU_OK)
		status = tu_backoff_unlock(&access.base, account.login, err);
	tu_api_access_close(&access);
	return status;
}

/* ---- sessions of others ---- */

enum tu_status tu_api_list_user_sessions(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_account account;
	enum tu_status status = known(call, &account, err);

	return status ? status : tu_api_answer_sessions(call, call->path[0], err);
}

static enum tu_status end_sessions(
	struct tu_api_call *call, struct tu_str session, struct tu_error *err)
{
	const struct tu_session_of of = {.person = call->path[0], .session = session};
	const struct tu_audit_act act = tu_api_audit_act(call);
	struct tu_account account;
	enum tu_status status = known(call, &account, err);

	if (status == TU_OK)
		status = tu_session_end(tu_api_store(call), &of, &act, err);
	return status == TU_E_NOTFOUND && session.len ? tu_api_unknown(err, "session") : status;
}

enum tu_status tu_api_end_user_sessions(struct tu_api_call *call, struct tu_error *err)
{
	return end_sessions(call, TU_STR(""), err);
}

enum tu_status tu_api_end_user_session(struct tu_api_call *call, struct tu_error *err)
{
	return end_sessions(call, call->path[1], err);
}

/* ---- personal data ---- */

enum tu_status tu_api_get_user_data(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_account account;
	enum tu_status status = known(call, &account, err);

	return status ? status
		      : tu_person_write(tu_api_store(call), call->path[0], &call->answer.body, err);
}

enum tu_status tu_api_erase_person(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_audit_act act = tu_api_audit_act(call);
	struct tu_json_writer *json = tu_api_json(call);
	const struct tu_str who = tu_api_body_str(call, "person");
	struct tu_erasure erasure = {0};
	enum tu_status status;

	act.leaves_one = true;
	status = tu_api_refused(
		call, tu_person_erase(tu_api_store(call), who, &act, &erasure, err), 0, err);
	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "person");
	tu_json_open_object(json);
	tu_json_member_bool(json, "already", erasure.already);
	tu_json_member_int(json, "values", (int64_t)erasure.values);
	tu_json_close_object(json);
	return status;
}
