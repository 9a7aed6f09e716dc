/* Who asks, and their own access. */
#include "access/factor.h"
#include "api/people.h"
#include "audit/accounts.h"
#include "audit/signature.h"
#include "base/ed25519.h"
#include "service/service.h"

enum { URI_MAX = 4096, TEAMS_MAX = 1 << 20 };

/* ---- who ---- */

static const char *const strengths[] = {
	[TU_STRENGTH_NONE] = "none",
	[TU_STRENGTH_PASSWORD] = "password",
	[TU_STRENGTH_TWO_FACTORS] = "two-factors",
	[TU_STRENGTH_PROVIDER] = "provider",
};

struct seeing {
	struct tu_api_call *call;
	struct tu_account account;
	struct tu_str teams; /* JSON */
};

static enum tu_status see(struct tu_work *w, void *self, struct tu_error *err)
{
	struct seeing *s = self;
	const struct tu_access *who = &s->call->who;
	struct tu_buf teams;
	enum tu_status status = tu_account_find(
		w->tx, tu_str_c(who->person_public), s->call->arena, &s->account, err);

	tu_buf_init(&teams, TEAMS_MAX);
	if (status == TU_OK)
		status = tu_team_names(w->tx, who->person, &teams, err);
	if (status == TU_OK && !tu_arena_dup(s->call->arena, tu_buf_str(&teams), &s->teams))
		status = tu_no_memory(err);
	tu_buf_done(&teams);
	return status;
}

static void write_classes(struct tu_json_writer *json, const struct tu_access *who)
{
	tu_json_key(json, "classes");
	tu_json_open_array(json);
	for (unsigned i = 0; i < TU_CLASSES; i++)
		if (tu_access_may(who, (enum tu_access_class)i))
			tu_json_add_str(
				json, tu_str_c(tu_access_class_name((enum tu_access_class)i)));
	tu_json_close_array(json);
	tu_json_member_bool(json, "everything", who->scope.everything);
}

static void write_session(struct tu_json_writer *json, const struct tu_access *who)
{
	tu_json_member_str(json, "session", tu_str_c(who->session_public));
	tu_json_member_str(json, "csrf", tu_str_c(who->csrf));
	tu_json_member_str(json, "strength", tu_str_c(strengths[who->strength]));
	if (who->proven_at) {
		tu_api_member_time(json, "proven", who->proven_at);
	} else {
		tu_json_key(json, "proven");
		tu_json_add_null(json);
	}
	tu_api_member_time(json, "expires", who->expires);
}

static enum tu_status write_person(
	struct tu_api_call *call, struct tu_json_writer *json, struct tu_error *err)
{
	struct seeing s = {.call = call};
	struct tu_factor_status factor = {0};
	enum tu_status status = tu_api_read(call, see, &s, err);

	if (status == TU_OK)
		status = tu_factor_status(tu_api_store(call), call->who.person, &factor, err);
	if (status != TU_OK)
		return status;
	tu_json_member_str(json, "id", s.account.public);
	tu_json_member_str(json, "login", s.account.login);
	tu_json_member_str(json, "name", s.account.name);
	tu_json_member_str(json, "role", s.account.role);
	tu_json_key(json, "teams");
	tu_json_add_raw(json, s.teams);
	tu_json_member_bool(json, "password", s.account.password);
	tu_json_member_bool(json, "one_time_password", call->who.once);
	tu_json_member_bool(json, "second_factor", factor.enrolled);
	tu_json_member_int(json, "recovery_codes", factor.recovery_codes);
	return tu_api_member_resets(call, json, call->who.person, err);
}

enum tu_status tu_api_get_me(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_access *who = &call->who;
	struct tu_json_writer *json = tu_api_json(call);
	enum tu_status status = TU_OK;

	tu_json_open_object(json);
	tu_json_member_str(
		json, "by", who->by == TU_ACCESS_KEY ? TU_STR("key") : TU_STR("session"));
	if (who->by == TU_ACCESS_KEY)
		tu_json_member_str(json, "key", tu_str_c(who->key.public));
	else
		write_session(json, who);
	if (who->person)
		status = write_person(call, json, err);
	write_classes(json, who);
	tu_json_close_object(json);
	return status;
}

/* ---- proof ---- */

static struct tu_signin again_of(const struct tu_api_call *call)
{
	return (struct tu_signin){.password = tu_api_body_str(call, "password"),
		.code = tu_api_body_str(call, "code"),
		.new_password = tu_api_body_str(call, "new_password"),
		.from = tu_api_from(call)};
}

enum tu_status tu_api_proof(
	struct tu_api_call *call, struct tu_proof *out_proof, struct tu_error *err)
{
	return tu_api_refused(call, tu_prove_fresh(&call->who, call->now, out_proof, err), 0, err);
}

enum tu_status tu_api_prove(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_signin again = again_of(call);
	struct tu_json_writer *json = tu_api_json(call);
	struct tu_proved proved = {0};
	struct tu_api_access access;
	enum tu_status status = tu_api_access_open(call, &access, err);

	if (status == TU_OK)
		status = tu_prove(&access.base, &call->who, &again, &proved, err);
	status = tu_api_refused(call, status, proved.wait_s, err);
	tu_api_access_close(&access);
	tu_json_open_object(json);
	tu_api_member_time(json, "until", call->now + tu_access_limit_us(TU_LIMIT_PROOF));
	tu_json_close_object(json);
	return status;
}

enum tu_status tu_api_change_password(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_signin again = again_of(call);
	struct tu_signin_done done = {0};
	struct tu_api_access access;
	enum tu_status status = tu_api_access_open(call, &access, err);

	if (status == TU_OK)
		status = tu_signin_change(&access.base, &call->who, &again, &done, err);
	status = tu_api_refused(call, status, done.wait_s, err);
	tu_api_access_close(&access);
	return status ? tu_api_wrong_member(status, "/new_password", err)
		      : tu_api_answer_session(call, &done.session, err);
}

/* ---- the second factor ---- */

static enum tu_status start_factor(struct tu_api_call *call, const struct tu_access_base *base,
	struct tu_buf *uri, struct tu_error *err)
{
	struct tu_factor_enrolment enrolment = {.issuer = TU_STR("Tutela"), .at = call->now};
	enum tu_status status = tu_api_proof(call, &enrolment.proof, err);

	return status ? status
		      : tu_api_refused(call, tu_factor_start(base, &enrolment, uri, err), 0, err);
}

enum tu_status tu_api_start_factor(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(call);
	struct tu_api_access access;
	struct tu_buf uri;
	enum tu_status status = tu_api_access_open(call, &access, err);

	tu_buf_init(&uri, URI_MAX);
	if (status == TU_OK)
		status = start_factor(call, &access.base, &uri, err);
	tu_api_access_close(&access);
	tu_json_open_object(json);
	tu_json_member_str(json, "uri", tu_buf_str(&uri));
	tu_json_close_object(json);
	if (uri.ptr)
		tu_wipe(uri.ptr, uri.cap);
	tu_buf_done(&uri);
	return status;
}

static void answer_codes(struct tu_api_call *call, tu_recovery_codes codes)
{
	struct tu_json_writer *json = tu_api_json(call);

	tu_json_open_object(json);
	tu_json_key(json, "codes");
	tu_json_open_array(json);
	for (size_t i = 0; i < TU_RECOVERY_CODES; i++)
		tu_json_add_str(json, tu_str_c(codes[i]));
	tu_json_close_array(json);
	tu_json_close_object(json);
	tu_wipe(codes, sizeof(tu_recovery_codes));
}

enum tu_status tu_api_confirm_factor(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_factor_try first = {
		call->who.person, tu_api_body_str(call, "code"), call->now};
	tu_recovery_codes codes = {{0}};
	struct tu_api_access access;
	enum tu_status status = tu_api_access_open(call, &access, err);

	if (status == TU_OK)
		status = tu_factor_confirm(&access.base, &first, codes, err);
	tu_api_access_close(&access);
	if (status == TU_E_CONSTRAINT) /* a wrong code: nobody is asked for another login */
		return tu_fail_at(err, TU_E_USAGE, &(struct tu_error_place){.pointer = "/code"},
			"this is not the code of the authenticator");
	if (status == TU_OK)
		answer_codes(call, codes);
	return status;
}

enum tu_status tu_api_remove_factor(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_signin again = again_of(call);
	struct tu_proved proved = {0};
	struct tu_api_access access;
	enum tu_status status = tu_api_access_open(call, &access, err);

	if (status == TU_OK)
		status = tu_signin_remove_factor(&access.base, &call->who, &again, &proved, err);
	status = tu_api_refused(call, status, proved.wait_s, err);
	tu_api_access_close(&access);
	return status;
}

enum tu_status tu_api_renew_recovery_codes(struct tu_api_call *call, struct tu_error *err)
{
	tu_recovery_codes codes = {{0}};
	struct tu_proof proof;
	struct tu_api_access access;
	enum tu_status status = tu_api_access_open(call, &access, err);

	if (status == TU_OK)
		status = tu_api_proof(call, &proof, err);
	if (status == TU_OK)
		status = tu_api_refused(
			call, tu_factor_renew(&access.base, &proof, call->now, codes, err), 0, err);
	tu_api_access_close(&access);
	if (status == TU_OK)
		answer_codes(call, codes);
	return status;
}
