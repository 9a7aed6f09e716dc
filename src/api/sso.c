/* Single sign-on: the way of a browser to the provider and back. */
#include "access/sso.h"

#include <string.h>

#include "api/inside.h"
#include "api/people.h"
#include "base/ed25519.h"

enum { URL_MAX = 8192, COOKIE_MAX = 1024, RETURN_MAX = 400 };

static bool by_https(const struct tu_api_call *call)
{
	return tu_str_eq(call->http->scheme, TU_STR("https"));
}

static const char *cookie_name(const struct tu_api_call *call)
{
	return by_https(call) ? "__Host-tutela-sso" : "tutela-sso";
}

/* The host is one that the server has judged. */
enum tu_status tu_api_redirect_uri(
	struct tu_api_call *call, struct tu_str *out_uri, struct tu_error *err)
{
	struct tu_buf text;
	bool kept;

	tu_buf_init(&text, URL_MAX);
	tu_buf_printf(&text, "%.*s://%.*s/auth/callback", TU_STR_FMT(call->http->scheme),
		TU_STR_FMT(call->http->host));
	kept = !text.failed && tu_arena_dup(call->arena, tu_buf_str(&text), out_uri);
	tu_buf_done(&text);
	return kept ? TU_OK : tu_no_memory(err);
}

/* ---- the cookie of a flow: 64 digits, and where the browser goes in the end ---- */

/* A path of this service, of letters that need no quotes in a cookie. */
static bool is_path(struct tu_str path)
{
	static const char plain[] = "/?=&%.-_~:+";

	if (!tu_str_starts(path, TU_STR("/")) || path.len > RETURN_MAX ||
		(path.len > 1 && path.ptr[1] == '/'))
		return false;
	for (size_t i = 0; i < path.len; i++)
		if (!tu_char_is_alnum(path.ptr[i]) &&
			!memchr(plain, path.ptr[i], sizeof(plain) - 1))
			return false;
	return true;
}

static enum tu_status set_cookie(struct tu_api_call *call, size_t place, const char *browser,
	struct tu_str path, struct tu_error *err)
{
	struct tu_buf text;
	bool kept;

	tu_buf_init(&text, COOKIE_MAX);
	tu_buf_printf(&text, "%s=%s%.*s; Path=/; HttpOnly; SameSite=Lax%s; Max-Age=%d",
		cookie_name(call), browser, TU_STR_FMT(path), by_https(call) ? "; Secure" : "",
		*browser ? (int)(TU_OIDC_FLOW_US / 1000000) : 0);
	kept = !text.failed &&
		tu_arena_dup(call->arena, tu_buf_str(&text), &call->answer.cookies[place]);
	tu_buf_done(&text);
	return kept ? TU_OK : tu_no_memory(err);
}

/* Empty where there is none. */
static struct tu_str read_cookie(const struct tu_api_call *call)
{
	struct tu_str rest = tu_http_header(call->http, TU_STR("Cookie")), pair;

	while (tu_str_split(&rest, ';', &pair)) {
		pair = tu_str_trim(pair);
		if (tu_str_skip(&pair, tu_str_c(cookie_name(call))) &&
			tu_str_skip(&pair, TU_STR("=")))
			return pair;
	}
	return TU_STR("");
}

/* ---- there ---- */

static enum tu_status no_provider(
	struct tu_api_call *call, enum tu_status status, struct tu_error *err)
{
	if (status == TU_E_IO || status == TU_E_LIMIT || status == TU_E_SYNTAX ||
		status == TU_E_UNSUPPORTED)
		call->problem.type = TU_PROBLEM_SSO_PROVIDER;
	return tu_api_refused(call, status, 0, err);
}

static enum tu_status go(struct tu_api_call *call, struct tu_oidc *oidc,
	const struct tu_access_base *base, const struct tu_access *again, struct tu_error *err)
{
	const struct tu_oidc_start start = {again, call->now};
	struct tu_str path = tu_api_query(call, "return");
	struct tu_oidc_started started;
	enum tu_status status;

	tu_buf_init(&started.url, URL_MAX);
	status = tu_oidc_start(oidc, base, &start, &started, err);
	if (status == TU_OK)
		status = set_cookie(call, 0, started.browser, path.len ? path : TU_STR("/"), err);
	if (status == TU_OK &&
		!tu_arena_dup(call->arena, tu_buf_str(&started.url), &call->answer.location))
		status = tu_no_memory(err);
	call->answer.status = 303;
	tu_buf_done(&started.url);
	return status;
}

static enum tu_status hold(struct tu_api_call *call, const struct tu_access_base *base,
	struct tu_sso_held **out_held, struct tu_error *err)
{
	struct tu_str uri;
	enum tu_status status = tu_api_redirect_uri(call, &uri, err);

	*out_held = NULL;
	if (status == TU_OK)
		status = tu_sso_hold(call->sso, base, uri, out_held, err);
	return status;
}

static enum tu_status start(
	struct tu_api_call *call, const struct tu_access *again, struct tu_error *err)
{
	struct tu_api_access access;
	struct tu_sso_held *held = NULL;
	enum tu_status status;

	if (tu_api_query_given(call, "return") && !is_path(tu_api_query(call, "return")))
		return tu_fail(err, TU_E_USAGE, 0, "return: a path of this service is expected");
	status = tu_api_access_open(call, &access, err);
	if (status == TU_OK)
		status = hold(call, &access.base, &held, err);
	if (status == TU_OK)
		status = go(call, tu_sso_oidc(held), &access.base, again, err);
	tu_sso_drop(call->sso, held);
	tu_api_access_close(&access);
	return no_provider(call, status, err);
}

enum tu_status tu_api_start_single_sign_on(struct tu_api_call *call, struct tu_error *err)
{
	return start(call, NULL, err);
}

enum tu_status tu_api_start_proof_at_provider(struct tu_api_call *call, struct tu_error *err)
{
	return start(call, &call->who, err);
}

/* ---- and back ---- */

static enum tu_status come_back(struct tu_api_call *call, struct tu_oidc *oidc,
	const struct tu_access_base *base, struct tu_error *err)
{
	const struct tu_str cookie = read_cookie(call);
	const struct tu_str path = tu_str_from(cookie, TU_OIDC_BROWSER_DIGITS);
	const struct tu_oidc_back back = {.code = tu_api_query(call, "code"),
		.state = tu_api_query(call, "state"),
		.iss = tu_api_query(call, "iss"),
		.error = tu_api_query(call, "error"),
		.browser = tu_str_first(cookie, TU_OIDC_BROWSER_DIGITS),
		.who = &call->who,
		.from = tu_api_from(call)};
	struct tu_oidc_done done;
	enum tu_status status = tu_oidc_finish(oidc, base, &back, &done, err);

	if (status == TU_OK && done.session.token[0])
		status = tu_api_set_session(call, done.session.token, err);
	if (status == TU_OK)
		status = set_cookie(call, 1, "", TU_STR(""), err);
	call->answer.status = 303;
	call->answer.location = is_path(path) ? path : TU_STR("/");
	tu_wipe(&done.session, sizeof(done.session));
	return status;
}

/* A person looks at it: the page of signing in says what is wrong. */
static enum tu_status show(struct tu_api_call *call, enum tu_status status, struct tu_error *err)
{
	enum tu_api_problem_type type = call->problem.type;
	struct tu_buf text;

	if (tu_str_isearch(tu_http_header(call->http, TU_STR("Accept")), TU_STR("text/html")) >=
		tu_http_header(call->http, TU_STR("Accept")).len)
		return status;
	if (type == TU_PROBLEM_NONE)
		type = tu_api_problem_of(status);
	tu_buf_init(&text, COOKIE_MAX);
	tu_buf_printf(&text, "/signin#%s", tu_api_problem_name(type));
	tu_api__answer_begin(call);
	call->answer.status = 303;
	if (!tu_arena_dup(call->arena, tu_buf_str(&text), &call->answer.location))
		status = tu_no_memory(err);
	else
		status = set_cookie(call, 1, "", TU_STR(""), err);
	tu_buf_done(&text);
	return status;
}

enum tu_status tu_api_finish_single_sign_on(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_api_access access;
	struct tu_sso_held *held = NULL;
	enum tu_status status = tu_api_access_open(call, &access, err);

	tu_api_try_who(call);
	if (status == TU_OK)
		status = hold(call, &access.base, &held, err);
	if (status == TU_OK)
		status = come_back(call, tu_sso_oidc(held), &access.base, err);
	tu_sso_drop(call->sso, held);
	tu_api_access_close(&access);
	status = no_provider(call, status, err);
	return status ? show(call, status, err) : TU_OK;
}

/* ---- the ways ---- */

enum tu_status tu_api_get_sign_in_ways(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(call);
	struct tu_sso_setting setting;
	enum tu_status status = tu_sso_read(tu_api_store(call), call->arena, &setting, err);

	tu_json_open_object(json);
	tu_json_member_bool(json, "password", true);
	tu_json_member_bool(json, "single_sign_on", setting.on);
	tu_json_close_object(json);
	return status;
}
