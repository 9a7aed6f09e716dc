#include "api/route.h"

#include <string.h>

#include "api/rows.h"
#include "base/json.h"

/* The rows, which need the headers above. */
#include "api/routes.inc"

static const char *const methods[TU_API_METHODS] = {
	[TU_API_GET] = "GET",
	[TU_API_POST] = "POST",
	[TU_API_PUT] = "PUT",
	[TU_API_PATCH] = "PATCH",
	[TU_API_DELETE] = "DELETE",
};

const char *tu_api_method_name(enum tu_api_method method)
{
	return methods[method];
}

bool tu_api_method_of(struct tu_str name, enum tu_api_method *out_method)
{
	*out_method = TU_API_GET;
	if (tu_str_eq(name, TU_STR("HEAD")))
		return true;
	for (size_t i = 0; i < TU_API_METHODS; i++) {
		if (tu_str_eq(name, tu_str_c(methods[i]))) {
			*out_method = (enum tu_api_method)i;
			return true;
		}
	}
	return false;
}

/* The next step of a path, "/" left out; false: there is none. */
static bool step(struct tu_str *rest, struct tu_str *out_step)
{
	struct tu_str s = *rest;

	if (s.len == 0 || s.ptr[0] != '/')
		return false;
	s = tu_str_from(s, 1);
	*out_step = tu_str_first(s, tu_str_find(s, '/'));
	*rest = tu_str_from(s, out_step->len);
	return true;
}

/* Does a path fit a template? Words before values: the caller takes the best. */
static bool fits(struct tu_str template, struct tu_str path, struct tu_str *values, unsigned *words)
{
	struct tu_str want, got;
	unsigned count = 0;

	*words = 0;
	while (step(&template, &want)) {
		if (!step(&path, &got) || got.len == 0)
			return false;
		if (want.ptr[0] == '{')
			values[count++] = got;
		else if (tu_str_eq(want, got))
			++*words;
		else
			return false;
	}
	return path.len == 0;
}

/* How much of the beginning of a template is fixed. */
static struct tu_str fixed(const char *path)
{
	struct tu_str s = tu_str_c(path);

	return tu_str_first(s, tu_str_find(s, '{'));
}

struct tu_api_match tu_api_find(enum tu_api_method method, struct tu_str path)
{
	struct tu_api_match match = {0};
	unsigned best = 0, words;

	for (size_t i = 0; i < tu_api_route_count; i++) {
		const struct tu_api_route *route = &tu_api_routes[i];
		struct tu_str values[TU_API_PATH_VALUES] = {{0}};

		if (!tu_str_starts(path, fixed(route->path)) ||
			!fits(tu_str_c(route->path), path, values, &words))
			continue;
		if (match.methods == 0 || words > best) { /* "/a/b" goes before "/a/{x}" */
			match = (struct tu_api_match){0};
			best = words;
		}
		if (words < best)
			continue;
		match.methods |= 1u << route->method;
		if (route->method == method) {
			match.route = route;
			memcpy(match.values, values, sizeof(values));
		}
	}
	return match;
}

const struct tu_api_route *tu_api_route_of(struct tu_str operation)
{
	for (size_t i = 0; i < tu_api_route_count; i++)
		if (tu_str_eq(operation, tu_str_c(tu_api_routes[i].operation)))
			return &tu_api_routes[i];
	return NULL;
}
