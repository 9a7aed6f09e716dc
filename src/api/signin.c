/* Set-up, signing in and out. */
#include "access/setup.h"
#include "api/people.h"
#include "datadir/datadir.h"
#include "http/server.h"
#include "service/service.h"

enum tu_status tu_api_get_setup(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(call);
	bool due = false;
	enum tu_status status = tu_setup_due(tu_api_store(call), &due, err);

	tu_json_open_object(json);
	tu_json_member_bool(json, "open", due);
	tu_json_close_object(json);
	return status;
}

enum tu_status tu_api_set_up(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_person_new person = {.login = tu_api_body_str(call, "login"),
		.name = tu_api_body_str(call, "name"),
		.mail = tu_api_body_str(call, "mail"),
		.password = tu_api_body_str(call, "password")};
	const struct tu_setup setup = {tu_api_body_str(call, "token"), &person, call->now};
	char public[TU_RANDOM_ID + 1];
	struct tu_json_writer *json = tu_api_json(call);
	enum tu_status status = tu_setup_use(tu_api_store(call), &setup, public, err);

	if (status != TU_OK)
		return tu_api_refused(call, status, 0, err);
	tu_json_open_object(json);
	tu_json_member_str(json, "id", tu_str_c(public));
	tu_json_close_object(json);
	call->answer.status = 201;
	return TU_OK;
}

/* Passwords that are known are for who sits at this machine: what a proxy passes on is refused,
 * also one that is not known here. */
static enum tu_status check_demonstration(struct tu_api_call *call, struct tu_error *err)
{
	static const struct tu_str passed_on[] = {TU_STR_INIT("Forwarded"), TU_STR_INIT("Via"),
		TU_STR_INIT("X-Forwarded-For"), TU_STR_INIT("X-Forwarded-Host"),
		TU_STR_INIT("X-Forwarded-Proto"), TU_STR_INIT("X-Real-IP")};
	bool here = tu_str_starts(call->http->peer, TU_STR("127.")) ||
		tu_str_eq(call->http->peer, TU_STR("::1"));

	if (!tu_datadir_settings(tu_service_datadir(call->service))->demonstration)
		return TU_OK;
	for (size_t i = 0; i < call->http->header_count; i++)
		for (size_t k = 0; k < TU_COUNT(passed_on); k++)
			here = here && !tu_str_ieq(call->http->headers[i].name, passed_on[k]);
	if (here)
		return TU_OK;
	call->problem.type = TU_PROBLEM_FORBIDDEN;
	return tu_fail(err, TU_E_CONSTRAINT, 0,
		"the accounts of a demonstration are for this machine alone, not through a proxy");
}

enum tu_status tu_api_begin_session(struct tu_api_call *call, struct tu_signin *signin,
	struct tu_session_made *out_session, struct tu_error *err)
{
	struct tu_signin_done done = {0};
	struct tu_api_access access;
	enum tu_status status = check_demonstration(call, err);

	*out_session = (struct tu_session_made){0};
	if (status != TU_OK)
		return status;
	signin->from = tu_api_from(call);
	status = tu_api_access_open(call, &access, err);
	if (status == TU_OK)
		status = tu_signin(&access.base, signin, &done, err);
	status = tu_api_refused(call, status, done.wait_s, err);
	tu_api_access_close(&access);
	*out_session = done.session;
	tu_wipe(&done, sizeof(done));
	return status;
}

enum tu_status tu_api_sign_in(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_signin signin = {.login = tu_api_body_str(call, "login"),
		.password = tu_api_body_str(call, "password"),
		.code = tu_api_body_str(call, "code")};
	struct tu_session_made session;
	enum tu_status status = tu_api_begin_session(call, &signin, &session, err);

	return status ? status : tu_api_answer_session(call, &session, err);
}

enum tu_status tu_api_end_session(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_session_of of = {.person = tu_str_c(call->who.person_public),
		.session = tu_str_c(call->who.session_public)};
	const struct tu_audit_act act = tu_api_audit_act(call);

	return tu_session_end(tu_api_store(call), &of, &act, err);
}

enum tu_status tu_api_sign_out(struct tu_api_call *call, struct tu_error *err)
{
	enum tu_status status = tu_api_end_session(call, err);

	return status ? status : tu_api_set_session(call, NULL, err);
}
