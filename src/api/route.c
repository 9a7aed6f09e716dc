#include "api/route.h"

#include <string.h>

#include "api/operations.h"
#include "api/rows.h"
#include "base/json.h"

/* The rows of /v1, which need the headers above. */
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
		/* a folder ends in "/", which nothing comes after, in both */
		if (!step(&path, &got) || !got.len != !want.len)
			return false;
		if (want.len == 0)
			continue;
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

/* The best of a door's routes so far: "/a/b" goes before "/a/{x}". */
struct search {
	struct tu_api_match match;
	unsigned words;
};

static void try_route(struct search *search, const struct tu_api_door *door,
	const struct tu_api_route *route, enum tu_api_method method, struct tu_str path)
{
	struct tu_str values[TU_API_PATH_VALUES] = {{0}};
	unsigned words;

	if (!tu_str_starts(path, fixed(route->path)) ||
		!fits(tu_str_c(route->path), path, values, &words) ||
		(search->match.methods && words < search->words))
		return;
	if (search->match.methods == 0 || words > search->words)
		*search = (struct search){{.door = door}, words};
	search->match.methods |= 1u << route->method;
	if (route->method == method) {
		search->match.route = route;
		memcpy(search->match.values, values, sizeof(values));
	}
}

static bool is_of(const struct tu_api_door *door, struct tu_str path)
{
	const char *const *prefix = door->prefixes;

	while (*prefix && !tu_str_starts(path, tu_str_c(*prefix)))
		prefix++;
	return *prefix != NULL;
}

/* After all routes: "/a/b" that there is not goes before "/a/{x}". */
static void try_absent(
	struct search *search, const struct tu_api_door *door, uint32_t method, struct tu_str path)
{
	for (const struct tu_api_absent *row = door->absent; row && row->path; row++) {
		struct tu_str values[TU_API_PATH_VALUES] = {{0}};
		unsigned words;

		if (!(row->methods & method) || !tu_str_starts(path, fixed(row->path)) ||
			!fits(tu_str_c(row->path), path, values, &words) ||
			(search->match.methods && words < search->words) ||
			((search->match.route || search->match.absent) && words == search->words) ||
			(search->match.absent && words < search->words))
			continue;
		search->match.absent = row->why;
		search->match.route = NULL;
		search->words = words;
	}
}

struct tu_api_match tu_api_find(
	const struct tu_api_doors *doors, enum tu_api_method method, struct tu_str path)
{
	struct search search = {0};

	for (size_t i = 0; i < doors->count; i++) {
		const struct tu_api_door *door = doors->rows[i];

		if (!is_of(door, path))
			continue;
		if (!search.match.door)
			search.match.door = door;
		for (size_t k = 0; k < door->route_count; k++)
			try_route(&search, door, &door->routes[k], method, path);
		try_absent(&search, door, 1u << method, path);
	}
	return search.match;
}

const struct tu_api_route *tu_api_route_of(const struct tu_api_door *door, struct tu_str operation)
{
	for (size_t i = 0; i < door->route_count; i++)
		if (tu_str_eq(operation, tu_str_c(door->routes[i].operation)))
			return &door->routes[i];
	return NULL;
}
