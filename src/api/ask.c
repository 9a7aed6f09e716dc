/* What was asked: path, query, body and the headers that operations care for. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "api/inside.h"
#include "api/validate.h"
#include "http/target.h"

enum { JSON_DEPTH = 32, JSON_NODES = 200000 };

static enum tu_status failed(struct tu_api_call *call, enum tu_api_problem_type type,
	struct tu_error *err, const char *message)
{
	call->problem.type = type;
	return tu_fail(err, TU_E_USAGE, 0, "%s", message);
}

/* ---- path and query ---- */

static enum tu_status take_path(
	struct tu_api_call *call, const struct tu_api_match *match, struct tu_error *err)
{
	for (size_t i = 0; i < TU_API_PATH_VALUES && match->values[i].ptr; i++) {
		if (!tu_http_decode(match->values[i], false, call->arena, &call->path[i]))
			return failed(
				call, TU_PROBLEM_BAD_REQUEST, err, "a part of the path is no text");
		/* nothing has a longer name */
		if (call->path[i].len > TU_API_NAME_MAX)
			return tu_api_unknown(err, "thing");
	}
	return TU_OK;
}

static size_t parameter_of(const struct tu_api_route *route, struct tu_str name)
{
	size_t i = 0;

	while (route->query && route->query[i].name &&
		!tu_str_eq(name, tu_str_c(route->query[i].name)))
		i++;
	return i;
}

static struct tu_str quoted(struct tu_arena *arena, struct tu_str name)
{
	char text[100];
	struct tu_str copy = {0};
	int len = snprintf(text, sizeof(text), "there is no parameter \"%.*s\"",
		TU_STR_FMT(tu_str_first(name, 40)));

	if (!tu_arena_dup(arena, tu_str_of(text, len > 0 ? (size_t)len : 0), &copy))
		return TU_STR("there is no such parameter");
	return copy;
}

/* One "name=value". False: it is listed in the problem. */
static bool take_value(struct tu_api_call *call, struct tu_str name, struct tu_str value)
{
	const struct tu_api_route *route = call->route;
	size_t at = parameter_of(route, name);

	if (!route->query || !route->query[at].name)
		return route->flags & TU_API_ANY_QUERY ||
			tu_api_fault_parameter(
				&call->problem, "unknown", "", quoted(call->arena, name));
	if (call->query[at].ptr)
		return tu_api_fault_parameter(&call->problem, "twice", route->query[at].name,
			TU_STR("it is there twice"));
	call->query[at] = value.ptr ? value : TU_STR("");
	return tu_api_validate_text(value, &route->query[at], call->arena, &call->problem);
}

static bool required_are_there(struct tu_api_call *call)
{
	const struct tu_api_parameter *row = call->route->query;
	bool fine = true;

	for (size_t i = 0; row && row[i].name; i++)
		if (row[i].required && !call->query[i].ptr)
			fine = tu_api_fault_parameter(
				&call->problem, "required", row[i].name, TU_STR("it is missing"));
	return fine;
}

enum tu_status tu_api__take_target(
	struct tu_api_call *call, const struct tu_api_match *match, struct tu_error *err)
{
	struct tu_str query = call->http->query, name, value;
	enum tu_status status = take_path(call, match, err);
	bool fine = true;

	while (status == TU_OK && tu_http_query_next(&query, &name, &value)) {
		if (!tu_http_decode(name, true, call->arena, &name) ||
			!tu_http_decode(value, true, call->arena, &value))
			return failed(call, TU_PROBLEM_BAD_REQUEST, err,
				"a part of the query is no text");
		fine &= take_value(call, name, value);
	}
	if (status != TU_OK)
		return status;
	if (required_are_there(call) && fine)
		return TU_OK;
	return failed(call, TU_PROBLEM_INVALID, err, "a parameter is not as it should be");
}

/* ---- the body ---- */

/* The media type without its parameters. */
static bool is_json(struct tu_str type)
{
	type = tu_str_trim(tu_str_first(type, tu_str_find(type, ';')));
	return tu_str_ieq(type, TU_STR("application/json"));
}

static enum tu_status parse(
	struct tu_api_call *call, struct tu_json_parser *parser, struct tu_error *err)
{
	const struct tu_json_limits limits = {
		.depth = JSON_DEPTH, .nodes = JSON_NODES, .unique_keys = true};
	enum tu_status status = tu_json_parse(parser, call->http->body, &limits, &call->body, err);

	if (status == TU_E_SYNTAX || status == TU_E_LIMIT)
		call->problem.type = TU_PROBLEM_BAD_REQUEST;
	if (status != TU_OK)
		return status;
	if (tu_api_validate(call->body, call->route->body, call->arena, &call->problem))
		return TU_OK;
	return failed(call, TU_PROBLEM_INVALID, err, "the body is not as it should be");
}

/* In memory, or in a file that is mapped until the call ends (tu_api__drop). */
static enum tu_status take_bytes(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_http_request *http = call->http;

	call->bytes = http->body;
	if (http->body_fd < 0 || http->body_len == 0)
		return TU_OK;
	call->mapped = mmap(NULL, http->body_len, PROT_READ, MAP_PRIVATE, http->body_fd, 0);
	if (call->mapped == MAP_FAILED) {
		call->mapped = NULL;
		return tu_no_memory(err);
	}
	call->mapped_len = http->body_len;
	call->bytes = tu_str_of(call->mapped, call->mapped_len);
	return TU_OK;
}

enum tu_status tu_api__take_body(
	struct tu_api_call *call, struct tu_json_parser *parser, struct tu_error *err)
{
	const struct tu_api_route *route = call->route;
	struct tu_str type = tu_http_header(call->http, TU_STR("Content-Type"));
	enum tu_status status;

	if (call->http->body_len == 0 && !(route->flags & TU_API_BODY_NEEDED))
		return TU_OK;
	if (call->http->body_len == 0)
		return failed(call, TU_PROBLEM_BAD_REQUEST, err, "the body is missing");
	if (call->http->body_len > route->body_max)
		return failed(call, TU_PROBLEM_TOO_LARGE, err,
			"the body is larger than this operation takes");
	status = take_bytes(call, err);
	if (status != TU_OK)
		return status;
	if (!route->body)
		return TU_OK;
	if (!is_json(type))
		return failed(call, TU_PROBLEM_MEDIA_TYPE, err, "application/json is expected");
	status = parse(call, parser, err);
	if (status == TU_OK)
		call->act.reason = tu_api_body_str(call, "reason");
	return status;
}

/* ---- headers ---- */

/* "7" of "7" and of "7-0a1b2c": tu_api_etag_answer(). */
static struct tu_str version_of(struct tu_str tag)
{
	return tu_str_first(tag, tu_str_find(tag, '-'));
}

enum tu_status tu_api__take_if_match(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_str tag = tu_http_header(call->http, TU_STR("If-Match"));

	if (!(call->route->flags & TU_API_IF_MATCH))
		return TU_OK;
	if (!tag.ptr)
		return failed(call, TU_PROBLEM_IF_MATCH, err,
			"say in If-Match the ETag of what was read before");
	if (tu_str_eq(tag, TU_STR("*")))
		return TU_OK;
	tu_str_skip(&tag, TU_STR("W/")); /* a proxy that compresses makes it weak */
	if (tu_str_skip(&tag, TU_STR("\"v")) && tag.len && tag.ptr[tag.len - 1] == '"' &&
		tu_api_read_int(version_of(tu_str_first(tag, tag.len - 1)), &call->if_match) &&
		call->if_match > 0)
		return TU_OK;
	return failed(call, TU_PROBLEM_STALE, err, "If-Match is not the present ETag");
}

static const struct {
	const char *type;
	enum tu_api_export export;
	unsigned flag;
} exports[] = {
	{"text/csv", TU_API_AS_CSV, TU_API_CSV},
	{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", TU_API_AS_XLSX,
		TU_API_XLSX},
};

/* Does a media range ("text/\*;q=0.5") name a type? A quality of 0 does not. */
static bool names(struct tu_str range, const char *type)
{
	struct tu_str parameters = tu_str_from(range, tu_str_find(range, ';'));
	struct tu_str all = tu_str_c(type);

	range = tu_str_trim(tu_str_first(range, tu_str_find(range, ';')));
	if (tu_str_search(parameters, TU_STR("q=0")) < parameters.len &&
		tu_str_search(parameters, TU_STR("q=0.")) == parameters.len)
		return false;
	if (tu_str_eq(range, TU_STR("*/*")))
		return true;
	if (tu_str_ends(range, TU_STR("/*")))
		return tu_str_istarts(all, tu_str_first(range, range.len - 1));
	return tu_str_ieq(range, all);
}

static bool accepts(struct tu_str accept, const char *type)
{
	struct tu_str range;

	while (tu_str_split(&accept, ',', &range))
		if (names(range, type))
			return true;
	return false;
}

bool tu_api_accepts(const struct tu_api_call *call, const char *type)
{
	struct tu_str accept = tu_http_header(call->http, TU_STR("Accept")), range;

	while (tu_str_split(&accept, ',', &range))
		if (tu_str_istarts(tu_str_trim(range), tu_str_c(type)) && names(range, type))
			return true;
	return false;
}

enum tu_status tu_api__take_format(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_str accept = tu_http_header(call->http, TU_STR("Accept"));

	call->export = TU_API_AS_JSON;
	/* what has one type is answered in that, whatever is asked for (RFC 9110, 12.5.1) */
	if (accept.len == 0 || !(call->route->flags & (TU_API_CSV | TU_API_XLSX)) ||
		accepts(accept, "application/json"))
		return TU_OK;
	for (size_t i = 0; i < TU_COUNT(exports); i++) {
		if (!(call->route->flags & exports[i].flag) || !accepts(accept, exports[i].type))
			continue;
		call->export = exports[i].export;
		return TU_OK;
	}
	return failed(call, TU_PROBLEM_NOT_ACCEPTABLE, err, "it is not to be had in this format");
}
