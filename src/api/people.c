#include "api/people.h"

#include <string.h>

#include "audit/accounts.h"
#include "audit/reset.h"
#include "base/ed25519.h"
#include "http/server.h"
#include "service/service.h"

enum { COOKIE_MAX = 500 };

enum tu_status tu_api_access_open(
	const struct tu_api_call *call, struct tu_api_access *out_access, struct tu_error *err)
{
	enum tu_status status =
		tu_datadir_secret_key(tu_service_datadir(call->service), &out_access->key, err);

	out_access->base = (struct tu_access_base){tu_api_store(call), &out_access->key};
	return status;
}

void tu_api_access_close(struct tu_api_access *access)
{
	tu_secret_key_wipe(&access->key);
}

struct tu_access_from tu_api_from(const struct tu_api_call *call)
{
	const struct tu_http_request *http = call->http;

	return (struct tu_access_from){.address = http->peer,
		.host = http->host,
		.agent = tu_http_header(http, TU_STR("User-Agent")),
		.at = call->now};
}

struct tu_audit_act tu_api_audit_act(const struct tu_api_call *call)
{
	return (struct tu_audit_act){
		.at = call->now, .actor = call->act.actor, .reason = call->act.reason};
}

/* ---- refusals ---- */

static const struct {
	const char *pointer; /* as access/ and audit/ name them */
	enum tu_api_problem_type type;
} refusals[] = {
	{"access", TU_PROBLEM_UNAUTHENTICATED},
	{"auth-time", TU_PROBLEM_SSO_TIME},
	{"authentication", TU_PROBLEM_CREDENTIALS},
	{"code", TU_PROBLEM_NEEDS_CODE},
	{"last-administrator", TU_PROBLEM_CONFLICT},
	{"oidc-account", TU_PROBLEM_SSO_ACCOUNT},
	{"oidc-flow", TU_PROBLEM_SSO_FLOW},
	{"oidc-person", TU_PROBLEM_SSO_PERSON},
	{"oidc-refused", TU_PROBLEM_SSO_REFUSED},
	{"oidc-token", TU_PROBLEM_SSO_TOKEN},
	{"password-expired", TU_PROBLEM_PASSWORD_EXPIRED},
	{"person", TU_PROBLEM_CONFLICT},
	{"proof", TU_PROBLEM_NEEDS_PROOF},
	{"provider", TU_PROBLEM_NEEDS_PROVIDER},
	{"setup", TU_PROBLEM_SET_UP},
	{"signin-wait", TU_PROBLEM_TOO_MANY},
	{"team", TU_PROBLEM_CONFLICT},
};

enum tu_status tu_api_refused(
	struct tu_api_call *call, enum tu_status status, uint32_t wait_s, struct tu_error *err)
{
	enum { DAY_S = 86400 };

	if (status != TU_E_CONSTRAINT && status != TU_E_BUSY)
		return status;
	for (size_t i = 0; i < TU_COUNT(refusals); i++)
		if (strcmp(err->pointer, refusals[i].pointer) == 0)
			call->problem.type = refusals[i].type;
	err->pointer[0] = '\0'; /* it is no place in a body */
	/* an account that only an administrator unlocks */
	call->answer.retry_after = wait_s == UINT32_MAX ? DAY_S : wait_s;
	return status;
}

enum tu_status tu_api_wrong_member(enum tu_status status, const char *pointer, struct tu_error *err)
{
	if (status == TU_E_USAGE && !err->pointer[0] && strlen(pointer) < sizeof(err->pointer))
		memcpy(err->pointer, pointer, strlen(pointer) + 1);
	return status;
}

/* ---- sessions ---- */

enum tu_status tu_api_set_session(struct tu_api_call *call, const char *token, struct tu_error *err)
{
	struct tu_buf text;
	bool kept;

	tu_buf_init(&text, COOKIE_MAX);
	tu_session_cookie_write(
		tu_str_c(token), tu_str_eq(call->http->scheme, TU_STR("https")), &text);
	kept = !text.failed &&
		tu_arena_dup(call->arena, tu_buf_str(&text), &call->answer.cookies[0]);
	if (text.ptr)
		tu_wipe(text.ptr, text.cap);
	tu_buf_done(&text);
	return kept ? TU_OK : tu_no_memory(err);
}

void tu_api_member_time(struct tu_json_writer *json, const char *key, int64_t us)
{
	char text[TU_API_TIME_TEXT];

	tu_json_member_str(json, key, tu_api_time_text(us, text));
}

struct reminding {
	int64_t person, at;
	struct tu_resets resets;
};

static enum tu_status find_resets(struct tu_work *w, void *self, struct tu_error *err)
{
	struct reminding *r = self;

	return tu_resets_find(w->tx, r->person, r->at, &r->resets, err);
}

enum tu_status tu_api_member_resets(
	struct tu_api_call *call, struct tu_json_writer *json, int64_t person, struct tu_error *err)
{
	struct reminding r = {.person = person, .at = call->now};
	enum tu_status status = tu_api_read(call, find_resets, &r, err);

	tu_json_key(json, "credential_resets");
	tu_resets_write(&r.resets, json);
	return status;
}

enum tu_status tu_api_answer_session(
	struct tu_api_call *call, struct tu_session_made *made, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(call);
	enum tu_status status = tu_api_set_session(call, made->token, err);

	tu_json_open_object(json);
	tu_json_member_str(json, "session", tu_str_c(made->public));
	tu_json_member_str(json, "csrf", tu_str_c(made->csrf));
	tu_api_member_time(json, "expires", made->expires);
	tu_json_member_bool(json, "one_time_password", made->once);
	if (status == TU_OK)
		status = tu_api_member_resets(call, json, made->person, err);
	tu_json_close_object(json);
	tu_wipe(made, sizeof(*made));
	return status;
}

static const struct tu_api_column session_columns[] = {
	TU_API_COLUMN_AS("id", struct tu_session_row, public, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_session_row, agent, TU_API_TEXT, TU_API_WORDS_OF_OTHERS),
	TU_API_COLUMN(struct tu_session_row, strength, TU_API_WORD, 0),
	TU_API_COLUMN(struct tu_session_row, created, TU_API_TIME, 0),
	TU_API_COLUMN(struct tu_session_row, used, TU_API_TIME, 0),
	TU_API_COLUMN(struct tu_session_row, expires, TU_API_TIME, 0),
	TU_API_COLUMN(struct tu_session_row, current, TU_API_BOOL, 0),
};
const struct tu_api_table tu_api_table_session =
	TU_API_TABLE("Session", struct tu_session_row, session_columns);

struct listing {
	struct tu_api_call *call;
	struct tu_str whose;
	struct tu_session_rows sessions;
};

static enum tu_status read_sessions(struct tu_work *w, void *self, struct tu_error *err)
{
	struct listing *l = self;
	const struct tu_session_whose whose = {l->whose, l->call->who.session, l->call->now};

	return tu_session_rows(w->tx, &whose, l->call->arena, &l->sessions, err);
}

static enum tu_status fetch_sessions(
	struct tu_api_call *call, void *self, struct tu_api_page *page, struct tu_error *err)
{
	struct listing *l = self;
	enum tu_status status = tu_api_read(call, read_sessions, l, err);
	const struct tu_api_rows all = {l->sessions.at, l->sessions.count};

	return status ? status : tu_api_page_of(call, page, &all, err);
}

enum tu_status tu_api_answer_sessions(
	struct tu_api_call *call, struct tu_str person, struct tu_error *err)
{
	struct listing l = {.call = call, .whose = person};

	return tu_api_answer_page(call, fetch_sessions, &l, err);
}

/* ---- accounts ---- */

struct finding {
	struct tu_api_call *call;
	struct tu_str public;
	struct tu_account *account;
};

static enum tu_status find_account(struct tu_work *w, void *self, struct tu_error *err)
{
	struct finding *f = self;

	return tu_account_find(w->tx, f->public, f->call->arena, f->account, err);
}

enum tu_status tu_api_account(struct tu_api_call *call, struct tu_str public,
	struct tu_account *out_account, struct tu_error *err)
{
	struct finding f = {call, public, out_account};
	enum tu_status status = tu_api_read(call, find_account, &f, err);

	return status == TU_E_NOTFOUND ? tu_api_unknown(err, "user") : status;
}
