#include "api/dispatch.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "access/still.h"
#include "api/gaps.h"
#include "api/inside.h"
#include "api/web.h"
#include "service/service.h"
#include "store/migrate.h"

enum {
	PROBLEM_MAX = 256 << 10,
	HEADER_MAX = 300,
	SECONDS = 30,
	TAG_DIGITS = 32,
	SPOOLED = 4 << 20, /* a body that may be larger goes into a file */
	SPOOLED_SECONDS = 600
};

const struct tu_http_rate tu_api_rates[] = {
	{0, 0},
	[TU_API_RATE_READ + 1] = {600, 6000},
	[TU_API_RATE_WRITE + 1] = {120, 1200},
	[TU_API_RATE_HEAVY + 1] = {20, 60},
	/* an office that has one address, at eight o'clock; wrong passwords have their own waits */
	[TU_API_RATE_SIGN_IN + 1] = {30, 60},
	[TU_API_RATE_REPORT + 1] = {10, 6},
};
const size_t tu_api_rate_count = TU_COUNT(tu_api_rates);

/* ---- the limits, when the headers are there ---- */

void tu_api_limits(void *self, struct tu_http_request *request, struct tu_http_limits *out)
{
	const struct tu_api *api = self;
	enum tu_api_method method;
	const struct tu_api_route *route = NULL;

	if (tu_api_method_of(request->method, &method))
		route = tu_api_find(api->doors, method, request->path).route;
	if (!route) {
		out->rate_class = TU_API_RATE_READ + 1;
		return;
	}
	out->body_max = route->body_max;
	out->rate_class = route->rate == TU_API_RATE_NONE ? 0 : (unsigned)route->rate + 1;
	out->body_to_fd = route->flags & TU_API_BODY_FILE && route->body_max > SPOOLED;
	out->seconds = out->body_to_fd ? SPOOLED_SECONDS : SECONDS;
	out->quick = route->flags & TU_API_QUICK;
}

/* ---- headers ---- */

static void add_header(struct tu_http_answer *answer, const char *name, struct tu_str value)
{
	if (value.len)
		(void)tu_http_answer_header(answer, tu_str_c(name), value);
}

static struct tu_str kept(struct tu_api_call *call, const char *format, ...) TU_PRINTF(2, 3);

static struct tu_str kept(struct tu_api_call *call, const char *format, ...)
{
	char *text = tu_arena_text(call->arena, HEADER_MAX);
	va_list args;
	int len;

	if (!text)
		return (struct tu_str){0};
	va_start(args, format);
	len = vsnprintf(text, HEADER_MAX, format, args);
	va_end(args);
	return len > 0 && len < HEADER_MAX ? tu_str_of(text, (size_t)len) : (struct tu_str){0};
}

static struct tu_str allow(struct tu_api_call *call, uint32_t methods)
{
	char text[80] = "";
	size_t len = 0;

	for (unsigned i = 0; i < TU_API_METHODS; i++) {
		const char *name = tu_api_method_name((enum tu_api_method)i);

		if (methods & 1u << i && len < sizeof(text))
			len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s", name,
				i == TU_API_GET ? ", HEAD, " : ", ");
	}
	return kept(call, "%sOPTIONS", text);
}

/* ---- answers ---- */

/* In the words of the door. */
static void write_refusal(
	struct tu_api_call *call, const struct tu_error *err, struct tu_http_answer *answer)
{
	const struct tu_api_problem *problem = &call->problem;
	enum tu_api_problem_type type = tu_api_problem_type_of(problem, err);
	struct tu_api_refusal refusal = {.status = tu_api_problem_status(type),
		.title = tu_api_problem_title(type),
		.detail = tu_api_problem_detail(problem, err)};

	if (refusal.status == 422 && call->door->invalid)
		refusal.status = call->door->invalid;
	answer->status = refusal.status;
	answer->type = call->door->refuse(&refusal, &answer->body);
}

static void send_problem(const struct tu_api *api, struct tu_api_call *call,
	const struct tu_error *err, struct tu_http_answer *answer)
{
	struct tu_str id = tu_random_id_str(call->http->id);

	tu_buf_init(&answer->body, PROBLEM_MAX);
	if (call->door && call->door->refuse) {
		write_refusal(call, err, answer);
	} else {
		answer->status = tu_api_problem_write(&call->problem, err, id, &answer->body);
		answer->type = "application/problem+json";
	}
	if (answer->status == 401)
		add_header(answer, "WWW-Authenticate", TU_STR("Bearer realm=\"tutela\""));
	if (answer->status == 503 && !call->answer.retry_after)
		call->answer.retry_after = 5;
	if (call->answer.retry_after)
		add_header(answer, "Retry-After", kept(call, "%u", call->answer.retry_after));
	if (answer->status >= 500 && call->problem.type != TU_PROBLEM_NOT_OFFERED && api->log)
		api->log(api->log_self, id, err && err->message[0] ? err->message : "unknown");
}

/* The ETag; where the operation has given none, of the bytes. */
static struct tu_str etag_of(struct tu_api_call *call)
{
	const struct tu_api_answer *from = &call->answer;
	struct tu_buf mark;
	struct tu_str etag;

	if (from->etag[0] || !(call->route->flags & TU_API_ETAG))
		return from->etag[0] ? kept(call, "\"%s\"", from->etag) : (struct tu_str){0};
	tu_buf_init(&mark, TAG_DIGITS);
	tu_sha256_mark(from->fixed.len ? from->fixed : tu_buf_str(&from->body), TAG_DIGITS, &mark);
	etag = mark.failed ? (struct tu_str){0}
			   : kept(call, "\"%.*s%s\"", TU_STR_FMT(tu_buf_str(&mark)),
				     call->export == TU_API_AS_CSV ? call->gaps.digits : "");
	tu_buf_done(&mark);
	return etag;
}

static void send_answer(struct tu_api_call *call, struct tu_http_answer *answer)
{
	struct tu_api_answer *from = &call->answer;
	bool empty = from->body.len == 0 && from->fixed.len == 0;

	if (from->stream) {
		answer->status = 200;
		answer->stream = from->stream;
		return;
	}
	answer->status = from->status ? from->status : empty ? 204 : 200;
	if (!empty)
		answer->type = from->type ? from->type : "application/json";
	answer->etag = etag_of(call);
	if (from->fixed.len) {
		answer->bytes = from->fixed;
	} else {
		answer->body = from->body;
		from->body = (struct tu_buf){0};
	}
	if (from->file_name[0])
		add_header(answer, "Content-Disposition",
			kept(call, "attachment; filename=\"%s\"", from->file_name));
	add_header(answer, "Location", from->location);
	add_header(answer, "Link", from->link);
	if (!call->gaps.in_body)
		add_header(answer, "Tutela-Gaps", call->gaps.words);
	for (size_t i = 0; i < TU_COUNT(from->cookies); i++)
		add_header(answer, "Set-Cookie", from->cookies[i]);
	for (size_t i = 0; i < TU_COUNT(from->headers) && from->headers[i].name; i++)
		add_header(answer, from->headers[i].name, from->headers[i].value);
}

/* ---- who ---- */

static enum tu_status refuse(struct tu_api_call *call, enum tu_api_problem_type type,
	struct tu_error *err, const char *message)
{
	call->problem.type = type;
	return tu_fail(err, TU_E_CONSTRAINT, 0, "%s", message);
}

static enum tu_status ask_who(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_http_request *http = call->http;
	const struct tu_access_request request = {
		.cookie = tu_http_header(http, TU_STR("Cookie")),
		.authorization = tu_http_header(http, TU_STR("Authorization")),
		.api_key = tu_http_header(http, TU_STR("X-Api-Key")),
		.csrf = tu_http_header(http, TU_STR("X-CSRF-Token")),
		.host = http->host,
		.https = tu_str_eq(http->scheme, TU_STR("https")),
		.unsafe = call->route->method != TU_API_GET,
		.at = call->now,
	};
	enum tu_status status =
		tu_access_ask(tu_api_store(call), &request, call->arena, &call->who, err);

	if (status == TU_E_CONSTRAINT)
		call->problem.type = strcmp(err->pointer, "csrf") == 0 ? TU_PROBLEM_CSRF
								       : TU_PROBLEM_UNAUTHENTICATED;
	if (status == TU_E_CONSTRAINT)
		err->pointer[0] = '\0'; /* it is no place in a body */
	return status;
}

void tu_api_try_who(struct tu_api_call *call)
{
	struct tu_error err = {0};

	if (ask_who(call, &err) != TU_OK) /* nobody, then */
		call->problem.type = TU_PROBLEM_NONE;
}

static enum tu_status refuse_once(struct tu_api_call *call, struct tu_error *err)
{
	return refuse(call, TU_PROBLEM_NEEDS_PASSWORD, err,
		"first choose a password of your own: PUT /v1/me/password");
}

enum tu_status tu_api_ask_who(struct tu_api_call *call, struct tu_error *err)
{
	enum tu_status status = ask_who(call, err);

	if (status != TU_OK || call->who.by == TU_ACCESS_NOBODY)
		return status;
	if (call->who.once)
		return refuse_once(call, err);
	if (!tu_arena_dup(call->arena, tu_random_id_str(call->who.actor), &call->act.actor))
		return tu_no_memory(err);
	call->http->who = call->act.actor;
	return TU_OK;
}

static enum tu_status check_class(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_api_route *route = call->route;
	const struct tu_access *who = &call->who;

	if (who->by == TU_ACCESS_NOBODY)
		return refuse(call, TU_PROBLEM_UNAUTHENTICATED, err,
			"sign in, or send a key as \"Authorization: Bearer tut_…\"");
	if (who->once && !(route->flags & TU_API_ONCE))
		return refuse_once(call, err);
	if (!tu_access_may(who, route->class))
		return refuse(
			call, TU_PROBLEM_FORBIDDEN, err, "the role or the key does not allow this");
	if (route->flags & TU_API_PERSON && who->by != TU_ACCESS_SESSION)
		return refuse(call, TU_PROBLEM_NEEDS_PERSON, err, "a key may not do this");
	return TU_OK;
}

static enum tu_status check_rate(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_str actor = tu_random_id_str(call->who.actor);
	unsigned rate = (unsigned)call->route->rate + 1;

	if (call->route->rate == TU_API_RATE_NONE || !call->http->server ||
		tu_http_rate_take(call->http->server, rate, actor, &call->answer.retry_after))
		return TU_OK;
	return refuse(call, TU_PROBLEM_TOO_MANY, err, "too many requests: wait a little");
}

/* A proxy on this machine says for whom it asks: that is nobody on this machine. */
static bool is_here(const struct tu_http_request *http)
{
	static const char *const names[] = {"X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"};

	for (size_t i = 0; i < http->header_count; i++)
		for (size_t k = 0; k < TU_COUNT(names); k++)
			if (tu_str_ieq(http->headers[i].name, tu_str_c(names[k])))
				return false;
	return tu_str_starts(http->peer, TU_STR("127.")) || tu_str_eq(http->peer, TU_STR("::1")) ||
		tu_str_eq(http->peer, TU_STR("unix"));
}

/* Whoever comes with a session or a key is asked who they are also then. */
static bool is_anybody_let(const struct tu_api_call *call)
{
	const struct tu_http_request *http = call->http;

	return call->route->flags & TU_API_OPEN ||
		(call->route->flags & TU_API_LOCAL && is_here(http) &&
			!tu_http_header(http, TU_STR("Authorization")).len &&
			!tu_http_header(http, TU_STR("X-Api-Key")).len &&
			!tu_http_header(http, TU_STR("Cookie")).len);
}

/* Between the request and its transaction a person may leave a team, a session may end. */
static enum tu_status ask_again(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct tu_api_call *call = self;
	struct tu_error own = {0};
	enum tu_status status = tu_access_again(tx, &call->who, call->now, call->arena, &own);

	if (status == TU_E_CONSTRAINT)
		return refuse(call, TU_PROBLEM_UNAUTHENTICATED, err,
			"the session or the key is not what it was: ask again");
	if (status && err)
		*err = own;
	return status;
}

static enum tu_status identify(struct tu_api_call *call, struct tu_error *err)
{
	enum tu_status status;

	if (is_anybody_let(call))
		return TU_OK;
	status = ask_who(call, err);
	if (status == TU_OK)
		status = check_class(call, err);
	if (status != TU_OK)
		return status;
	/* the log has it when this call is over */
	if (!tu_arena_dup(call->arena, tu_random_id_str(call->who.actor), &call->act.actor))
		return tu_no_memory(err);
	call->http->who = call->act.actor;
	call->act.check = ask_again;
	call->act.check_self = call;
	return check_rate(call, err);
}

/* ---- the operation ---- */

static enum tu_status run_once(struct tu_api_call *call, struct tu_error *err)
{
	bool done = false;
	enum tu_status status = tu_api__once_begin(call, &done, err);

	if (status != TU_OK || done)
		return status;
	if (call->route->flags & TU_API_GAPS)
		status = tu_api__gaps_read(call, err);
	if (status == TU_OK)
		status = call->route->run(call, err);
	if (status == TU_OK && call->gaps.json.len)
		tu_api__gaps_add(call);
	if (status == TU_OK && call->answer.body.failed)
		status = tu_fail(err, TU_E_LIMIT, 0, "the answer is too large");
	if (status == TU_E_CONFLICT && call->route->flags & TU_API_IF_MATCH &&
		call->problem.type == TU_PROBLEM_NONE)
		call->problem.type = TU_PROBLEM_STALE;
	tu_api__once_end(call, status);
	return status;
}

/* A newer program has changed the database, or it was moved: this one neither writes nor says what
 * it reads there. */
static enum tu_status outdated(struct tu_api_call *call, struct tu_error *err)
{
	call->problem.type = TU_PROBLEM_BUSY;
	call->problem.open = true;
	if (tu_store_is_moved(tu_api_store(call)))
		return tu_fail(err, TU_E_BUSY, 0, "%s: this node still names the old one",
			tu_service_reason_words(TU_SERVICE_MOVED));
	return tu_fail(err, TU_E_BUSY, 0,
		"%s: another node has been upgraded, and this one was not yet",
		tu_service_reason_words(TU_SERVICE_WRONG_SCHEMA));
}

/* What says how the service itself is: health, readiness, figures. */
static bool is_watched(const struct tu_api_route *route)
{
	return route->rate == TU_API_RATE_NONE || route->flags & (TU_API_QUICK | TU_API_LOCAL);
}

static enum tu_status run(struct tu_api_call *call, const struct tu_api_match *match,
	struct tu_json_parser *parser, struct tu_error *err)
{
	enum tu_status status;

	if (tu_store_is_outdated(tu_api_store(call)) && !is_watched(call->route))
		return outdated(call, err);
	status = identify(call, err);
	if (status == TU_OK)
		status = tu_api__take_target(call, match, err);
	if (status == TU_OK)
		status = tu_api__take_format(call, err);
	if (status == TU_OK)
		status = tu_api__take_body(call, parser, err);
	if (status == TU_OK)
		status = tu_api__take_if_match(call, err);
	return status ? status : run_once(call, err);
}

/* No route: 404, 405, 501, or the answer to OPTIONS. */
static void without_route(const struct tu_api *api, struct tu_api_call *call,
	const struct tu_api_match *match, struct tu_http_answer *answer)
{
	struct tu_error err = {0};

	if (tu_api_web(call->http, answer))
		return;
	if (match->methods)
		add_header(answer, "Allow", allow(call, match->methods));
	if (match->methods && tu_str_eq(call->http->method, TU_STR("OPTIONS"))) {
		answer->status = 204;
		return;
	}
	call->problem.type = match->absent ? TU_PROBLEM_NOT_OFFERED
		: match->methods	   ? TU_PROBLEM_METHOD
					   : TU_PROBLEM_NOT_FOUND;
	call->problem.open = match->absent != NULL;
	(void)tu_fail(&err, TU_E_NOTFOUND, 0, "%s",
		match->absent		 ? match->absent
			: match->methods ? "not by this method"
					 : "there is no such thing");
	send_problem(api, call, &err, answer);
}

static void with_route(const struct tu_api *api, struct tu_api_call *call,
	const struct tu_api_match *match, struct tu_http_answer *answer)
{
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_error err = {0};
	enum tu_status status;

	tu_api__answer_begin(call);
	status = parser ? run(call, match, parser, &err) : tu_no_memory(&err);
	if (status == TU_E_UNSUPPORTED && tu_store_is_outdated(tu_api_store(call)))
		status = outdated(call, &err); /* it became so meanwhile */
	if (status == TU_OK)
		send_answer(call, answer);
	else
		send_problem(api, call, &err, answer);
	tu_api__drop(call);
	tu_buf_done(&call->answer.body);
	tu_json_parser_free(parser);
}

void tu_api_handle(void *self, struct tu_http_request *request, struct tu_http_answer *answer)
{
	const struct tu_api *api = self;
	struct tu_api_match match;
	enum tu_api_method method;
	struct tu_api_call call = {.doors = api->doors,
		.service = api->service,
		.events = api->events,
		.sso = api->sso,
		.http = request,
		.arena = request->arena};

	call.now = tu_service_now(api->service);
	call.act.at = call.now;
	if (!tu_api_method_of(request->method, &method)) {
		match = tu_api_find(api->doors, TU_API_GET, request->path);
		match.route = NULL;
		match.absent = NULL;
	} else {
		match = tu_api_find(api->doors, method, request->path);
	}
	call.door = match.door;
	call.route = match.route;
	if (match.route)
		with_route(api, &call, &match, answer);
	else
		without_route(api, &call, &match, answer);
}
