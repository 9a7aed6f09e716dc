#include "api/problem.h"

#include "base/json_writer.h"

static const struct {
	const char *name;
	unsigned status;
	const char *title;
} problems[TU_PROBLEM_TYPES] = {
	[TU_PROBLEM_NONE] = {"internal", 500, "Something is wrong in the service"},
	[TU_PROBLEM_BAD_REQUEST] = {"bad-request", 400, "What was sent cannot be read"},
	[TU_PROBLEM_UNAUTHENTICATED] = {"unauthenticated", 401, "Nobody is signed in"},
	[TU_PROBLEM_CREDENTIALS] = {"wrong-credentials", 401, "Login, password or code are wrong"},
	[TU_PROBLEM_NEEDS_CODE] = {"needs-code", 401, "A code of the authenticator is needed"},
	[TU_PROBLEM_CSRF] = {"csrf", 403, "The token of the session is missing or another one"},
	[TU_PROBLEM_FORBIDDEN] = {"forbidden", 403, "The role or the key does not allow this"},
	[TU_PROBLEM_PASSWORD_EXPIRED] = {"password-expired", 401,
		"The one-time password has expired"},
	[TU_PROBLEM_NEEDS_PASSWORD] = {"needs-password", 403,
		"Choose a password of your own first"},
	[TU_PROBLEM_NEEDS_PERSON] = {"needs-person", 403, "Only a person may do this"},
	[TU_PROBLEM_NEEDS_PROOF] = {"needs-proof", 403, "Prove again who you are"},
	[TU_PROBLEM_NEEDS_PROVIDER] = {"needs-provider", 403,
		"Prove again who you are, at the provider of single sign-on"},
	[TU_PROBLEM_SSO_FLOW] = {"sso-flow", 400,
		"This is no way back from a sign-in that began here"},
	[TU_PROBLEM_SSO_REFUSED] = {"sso-refused", 403, "The provider did not sign you in"},
	[TU_PROBLEM_SSO_TOKEN] = {"sso-token", 502, "The provider's answer is refused"},
	[TU_PROBLEM_SSO_PERSON] = {"sso-person", 403, "Nobody here has this account"},
	[TU_PROBLEM_SSO_ACCOUNT] = {"sso-account", 403,
		"This is another account than the session's"},
	[TU_PROBLEM_SSO_TIME] = {"sso-time", 403, "The provider did not ask again who you are"},
	[TU_PROBLEM_SSO_PROVIDER] = {"sso-provider", 502,
		"The provider does not answer as it should"},
	[TU_PROBLEM_SET_UP] = {"set-up", 403, "This link of the set-up does not count"},
	[TU_PROBLEM_NOT_FOUND] = {"not-found", 404, "There is no such thing"},
	[TU_PROBLEM_METHOD] = {"method-not-allowed", 405, "Not by this method"},
	[TU_PROBLEM_NOT_OFFERED] = {"not-offered", 501, "This is not offered here"},
	[TU_PROBLEM_NOT_ACCEPTABLE] = {"not-acceptable", 406, "Not in this format"},
	[TU_PROBLEM_CONFLICT] = {"conflict", 409, "Something is in its way"},
	[TU_PROBLEM_LOCKED] = {"locked", 409, "It is locked: say the reason of the correction"},
	[TU_PROBLEM_IN_PROGRESS] = {"in-progress", 409, "The same request is being answered"},
	[TU_PROBLEM_STALE] = {"stale", 412, "It has changed since you read it"},
	[TU_PROBLEM_TOO_LARGE] = {"too-large", 413, "Too large"},
	[TU_PROBLEM_MEDIA_TYPE] = {"media-type", 415, "Not in this media type"},
	[TU_PROBLEM_INVALID] = {"invalid", 422, "What was sent is not as it should be"},
	[TU_PROBLEM_KEY_REUSED] = {"key-reused", 422,
		"This Idempotency-Key was used for another request"},
	[TU_PROBLEM_IF_MATCH] = {"if-match", 428, "If-Match is missing"},
	[TU_PROBLEM_TOO_MANY] = {"too-many", 429, "Too many requests"},
	[TU_PROBLEM_INTERNAL] = {"internal", 500, "Something is wrong in the service"},
	[TU_PROBLEM_BUSY] = {"busy", 503, "Not at the moment"},
};

static const enum tu_api_problem_type by_status[] = {
	[TU_OK] = TU_PROBLEM_INTERNAL,
	[TU_E_NOMEM] = TU_PROBLEM_BUSY,
	[TU_E_SYNTAX] = TU_PROBLEM_INVALID,
	[TU_E_LIMIT] = TU_PROBLEM_TOO_LARGE,
	[TU_E_UNSUPPORTED] = TU_PROBLEM_INVALID,
	[TU_E_NOTFOUND] = TU_PROBLEM_NOT_FOUND,
	[TU_E_IO] = TU_PROBLEM_INTERNAL,
	[TU_E_CORRUPT] = TU_PROBLEM_INTERNAL,
	[TU_E_USAGE] = TU_PROBLEM_INVALID,
	[TU_E_CANCELLED] = TU_PROBLEM_BUSY,
	[TU_E_BUSY] = TU_PROBLEM_BUSY,
	[TU_E_CONFLICT] = TU_PROBLEM_CONFLICT,
	[TU_E_CONSTRAINT] = TU_PROBLEM_CONFLICT,
};

enum tu_api_problem_type tu_api_problem_of(enum tu_status status)
{
	return (size_t)status < TU_COUNT(by_status) ? by_status[status] : TU_PROBLEM_INTERNAL;
}

unsigned tu_api_problem_status(enum tu_api_problem_type type)
{
	return problems[type].status;
}

const char *tu_api_problem_name(enum tu_api_problem_type type)
{
	return problems[type].name;
}

const char *tu_api_problem_title(enum tu_api_problem_type type)
{
	return problems[type].title;
}

enum tu_api_problem_type tu_api_problem_type_of(
	const struct tu_api_problem *problem, const struct tu_error *err)
{
	if (problem->type != TU_PROBLEM_NONE)
		return problem->type;
	return err ? tu_api_problem_of(err->status) : TU_PROBLEM_INTERNAL;
}

const char *tu_api_problem_detail(const struct tu_api_problem *problem, const struct tu_error *err)
{
	unsigned status = problems[tu_api_problem_type_of(problem, err)].status;

	return err && (problem->open || status < 500) ? err->message : "";
}

static void write_fault(struct tu_json_writer *json, const struct tu_api_fault *fault)
{
	tu_json_open_object(json);
	tu_json_member_str(json, "type", tu_str_c(fault->type));
	if (fault->parameter)
		tu_json_member_str(json, "parameter", tu_str_c(fault->parameter));
	else
		tu_json_member_str(json, "pointer", fault->pointer);
	tu_json_member_str(json, "detail", fault->detail);
	tu_json_member_opt(json, "expected", fault->expected);
	tu_json_close_object(json);
}

static void write_faults(struct tu_json_writer *json, const struct tu_api_problem *problem)
{
	if (problem->count == 0)
		return;
	tu_json_key(json, "errors");
	tu_json_open_array(json);
	for (unsigned i = 0; i < problem->count; i++)
		write_fault(json, &problem->faults[i]);
	tu_json_close_array(json);
	if (problem->more)
		tu_json_member_bool(json, "more", true);
}

/* Where in what was sent. */
static void write_place(struct tu_json_writer *json, const struct tu_error *err)
{
	tu_json_member_opt(json, "pointer", tu_str_c(err->pointer));
	if (err->offset)
		tu_json_member_int(json, "offset", (int64_t)err->offset);
	if (err->line)
		tu_json_member_int(json, "line", (int64_t)err->line);
	if (err->column)
		tu_json_member_int(json, "column", (int64_t)err->column);
}

unsigned tu_api_problem_write(const struct tu_api_problem *problem, const struct tu_error *err,
	struct tu_str request_id, struct tu_buf *out)
{
	enum tu_api_problem_type type = tu_api_problem_type_of(problem, err);
	const char *detail = tu_api_problem_detail(problem, err);
	struct tu_json_writer json = tu_json_writer(out, false);
	size_t start;

	tu_json_open_object(&json);
	tu_json_key(&json, "type");
	start = tu_json_open_text(&json);
	tu_buf_c(out, "urn:tutela:problem:");
	tu_buf_c(out, problems[type].name);
	tu_json_close_text(&json, start);
	tu_json_member_str(&json, "title", tu_str_c(problems[type].title));
	tu_json_member_int(&json, "status", problems[type].status);
	if (detail[0]) {
		tu_json_member_str(&json, "detail", tu_str_c(detail));
		write_place(&json, err);
	}
	tu_json_member_str(&json, "request", request_id);
	write_faults(&json, problem);
	tu_json_close_object(&json);
	return problems[type].status;
}
