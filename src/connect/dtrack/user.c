/* Persons who come by the web interface of Dependency-Track: they sign in, and it asks who they are
 * and how it is to show itself. */
#include "api/people.h"
#include "audit/accounts.h"
#include "base/ed25519.h"
#include "connect/dtrack/operations.h"
#include "connect/dtrack/permissions.h"
#include "http/target.h"

/* ---- signing in and out ---- */

/* Of the form; what it does not know is no mistake. */
static enum tu_status take_form(
	struct tu_api_call *call, struct tu_signin *out, struct tu_error *err)
{
	const struct {
		const char *name;
		struct tu_str *value;
	} fields[] = {
		{"username", &out->login}, {"password", &out->password}, {"code", &out->code}};
	struct tu_str rest = call->bytes, name, value;

	while (tu_http_query_next(&rest, &name, &value))
		for (size_t i = 0; i < TU_COUNT(fields); i++)
			if (tu_str_eq(name, tu_str_c(fields[i].name)) &&
				!tu_http_decode(value, true, call->arena, fields[i].value)) {
				call->problem.type = TU_PROBLEM_BAD_REQUEST;
				return tu_fail(
					err, TU_E_USAGE, 0, "the %s is no text", fields[i].name);
			}
	return TU_OK;
}

/* Its page of a new password is not offered: what it would set is not what our page asks for. */
static enum tu_status refuse_once(struct tu_api_call *call, struct tu_error *err)
{
	call->problem.type = TU_PROBLEM_NEEDS_PASSWORD;
	return tu_fail(err, TU_E_CONSTRAINT, 0,
		"first choose a password of your own, on the page of the service");
}

enum tu_status tu_dtrack_validate_credentials(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_signin signin = {0};
	struct tu_session_made session = {0};
	struct tu_buf token;
	enum tu_status status = take_form(call, &signin, err);

	if (status == TU_OK)
		status = tu_api_begin_session(call, &signin, &session, err);
	if (status == TU_OK && session.once)
		status = refuse_once(call, err);
	tu_buf_init(&token, TU_SESSION_DIGITS);
	if (status == TU_OK)
		tu_buf_c(&token, session.token);
	tu_wipe(&session, sizeof(session));
	if (status == TU_OK && token.failed)
		status = tu_no_memory(err);
	if (status == TU_OK)
		tu_api_answer_buf(call, "text/plain", &token, TU_STR(""));
	tu_buf_done(&token);
	return status;
}

enum tu_status tu_dtrack_logout(struct tu_api_call *call, struct tu_error *err)
{
	return call->who.by == TU_ACCESS_SESSION ? tu_api_end_session(call, err) : TU_OK;
}

/* ---- who it is ---- */

struct seeing {
	struct tu_api_call *call;
	struct tu_account account;
};

static enum tu_status see(struct tu_work *w, void *self, struct tu_error *err)
{
	struct seeing *s = self;

	return tu_account_find(
		w->tx, tu_str_c(s->call->who.person_public), s->call->arena, &s->account, err);
}

enum tu_status tu_dtrack_get_self(struct tu_api_call *call, struct tu_error *err)
{
	struct seeing s = {.call = call, .account.login = TU_STR("key")};
	struct tu_json_writer *json = tu_api_json(call);
	enum tu_status status = call->who.person ? tu_api_read(call, see, &s, err) : TU_OK;

	tu_json_open_object(json);
	tu_json_member_str(json, "username", s.account.login);
	tu_json_member_opt(json, "fullname", s.account.name);
	tu_json_member_opt(json, "email", s.account.mail);
	tu_json_key(json, "permissions");
	tu_dtrack__write_permissions(json, &call->who, false);
	tu_json_close_object(json);
	return status;
}

enum tu_status tu_dtrack_get_self_permissions(struct tu_api_call *call, struct tu_error *err)
{
	(void)err;
	tu_dtrack__write_permissions(tu_api_json(call), &call->who, true);
	return TU_OK;
}

/* ---- how it shows itself ---- */

enum tu_status tu_dtrack_is_available(struct tu_api_call *call, struct tu_error *err)
{
	(void)err;
	tu_api_answer_static(call, "text/plain", TU_STR("false"));
	return TU_OK;
}

static const struct {
	const char *group, *name, *value, *type, *description;
} properties[] = {
	{"general", "welcome.message.enabled", "false", "BOOLEAN",
		"Whether a message is shown to who signs in"},
	{"general", "default.locale", "en", "STRING",
		"The language, where a browser asks for none"},
	{"access-management", "acl.enabled", "true", "BOOLEAN",
		"Whether teams see their own projects alone"},
};

enum tu_status tu_dtrack_get_public_config_property(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(call);
	size_t i = 0;

	while (i < TU_COUNT(properties) &&
		(!tu_str_eq(call->path[0], tu_str_c(properties[i].group)) ||
			!tu_str_eq(call->path[1], tu_str_c(properties[i].name))))
		i++;
	if (i == TU_COUNT(properties))
		return tu_api_unknown(err, "setting that everybody may know");
	tu_json_open_object(json);
	tu_json_member_str(json, "groupName", call->path[0]);
	tu_json_member_str(json, "propertyName", call->path[1]);
	tu_json_member_str(json, "propertyValue", tu_str_c(properties[i].value));
	tu_json_member_str(json, "propertyType", tu_str_c(properties[i].type));
	tu_json_member_str(json, "description", tu_str_c(properties[i].description));
	tu_json_close_object(json);
	return TU_OK;
}

enum tu_status tu_dtrack_get_system_capabilities(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(call);

	(void)err;
	tu_json_open_object(json);
	tu_json_key(json, "capabilities");
	tu_json_open_object(json);
	tu_json_key(json, "secret_management");
	tu_json_open_object(json);
	tu_json_member_bool(json, "read_only", true);
	tu_json_close_object(json);
	tu_json_close_object(json);
	tu_json_close_object(json);
	return TU_OK;
}
