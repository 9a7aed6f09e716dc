/* One's own sessions and keys. */
#include "api/people.h"
#include "audit/accounts.h"

/* ---- sessions ---- */

enum tu_status tu_api_list_my_sessions(struct tu_api_call *call, struct tu_error *err)
{
	return tu_api_answer_sessions(call, tu_str_c(call->who.person_public), err);
}

enum tu_status tu_api_end_my_other_sessions(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_session_of of = {
		.person = tu_str_c(call->who.person_public), .keep = call->who.session};
	const struct tu_audit_act act = tu_api_audit_act(call);

	return tu_session_end(tu_api_store(call), &of, &act, err);
}

enum tu_status tu_api_end_my_session(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_session_of of = {
		.person = tu_str_c(call->who.person_public), .session = call->path[0]};
	const struct tu_audit_act act = tu_api_audit_act(call);
	enum tu_status status = tu_session_end(tu_api_store(call), &of, &act, err);

	return status == TU_E_NOTFOUND ? tu_api_unknown(err, "session") : status;
}

/* ---- keys ---- */

enum tu_status tu_api_list_my_keys(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_account account;
	enum tu_status status =
		tu_api_account(call, tu_str_c(call->who.person_public), &account, err);

	return status ? status : tu_api_answer_keys(call, account.login, err);
}

enum tu_status tu_api_add_my_key(struct tu_api_call *call, struct tu_error *err)
{
	const uint32_t may = tu_key_rights_of(call->who.role);
	struct tu_key_new key = {
		.rights = tu_api_body_rights(call), .person = tu_str_c(call->who.person_public)};

	if (!key.rights)
		key.rights = may;
	if (!may || key.rights & ~may)
		return tu_fail_at(err, TU_E_USAGE, &(struct tu_error_place){.pointer = "/rights"},
			"keys of this role do not have these rights");
	return tu_api_make_key(call, &key, "/v1/me/keys", err);
}

struct revoking {
	struct tu_api_call *call;
	struct tu_str login;
	bool own;
};

static enum tu_status look(struct tu_work *w, void *self, struct tu_error *err)
{
	struct revoking *r = self;
	struct tu_key_rows keys;
	enum tu_status status = tu_key_rows(w->tx, r->login, w->arena, &keys, err);

	for (size_t i = 0; !status && i < keys.count; i++)
		r->own |= tu_str_eq(keys.at[i].public, r->call->path[0]);
	return status;
}

enum tu_status tu_api_revoke_my_key(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_audit_act act = tu_api_audit_act(call);
	struct tu_account account;
	struct revoking r = {.call = call};
	enum tu_status status =
		tu_api_account(call, tu_str_c(call->who.person_public), &account, err);

	r.login = account.login;
	if (status == TU_OK)
		status = tu_api_read(call, look, &r, err);
	if (status != TU_OK)
		return status;
	return r.own ? tu_key_revoke(tu_api_store(call), call->path[0], &act, err)
		     : tu_api_unknown(err, "key");
}
