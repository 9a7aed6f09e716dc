/* Set-up, signing in and out. */
#include "access/setup.h"
#include "api/people.h"
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

enum tu_status tu_api_sign_in(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_signin signin = {.login = tu_api_body_str(call, "login"),
		.password = tu_api_body_str(call, "password"),
		.code = tu_api_body_str(call, "code"),
		.from = tu_api_from(call)};
	struct tu_signin_done done = {0};
	struct tu_api_access access;
	enum tu_status status = tu_api_access_open(call, &access, err);

	if (status == TU_OK)
		status = tu_signin(&access.base, &signin, &done, err);
	status = tu_api_refused(call, status, done.wait_s, err);
	tu_api_access_close(&access);
	return status ? status : tu_api_answer_session(call, &done.session, err);
}

enum tu_status tu_api_sign_out(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_session_of of = {.person = tu_str_c(call->who.person_public),
		.session = tu_str_c(call->who.session_public)};
	const struct tu_audit_act act = tu_api_audit_act(call);
	enum tu_status status = tu_session_end(tu_api_store(call), &of, &act, err);

	return status ? status : tu_api_set_session(call, NULL, err);
}
