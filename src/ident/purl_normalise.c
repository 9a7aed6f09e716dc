#include "ident/purl_normalise.h"

#include "base/utf8.h"
#include "ident/purl_types.h"

static struct tu_str *part_of(struct tu_purl *purl, size_t offset)
{
	return (struct tu_str *)(void *)((char *)purl + offset);
}

/* ---- characters ---- */

static char upper(char c)
{
	return tu_char_is_lower(c) ? (char)(c - ('a' - 'A')) : c;
}

static char dash(char c)
{
	return c == '_' ? '-' : c;
}

static char underscore(char c)
{
	return tu_char_is_lower(c) || tu_char_is_digit(c) ? c : '_';
}

/* Map every byte; copies only when one changes. Bytes beyond ASCII stay (but for underscore()):
 * no ecosystem that folds case allows them in a name. */
static bool map(struct tu_arena *arena, struct tu_str *s, char (*change)(char))
{
	size_t first = 0;
	char *copy;

	while (first < s->len && change(s->ptr[first]) == s->ptr[first])
		first++;
	if (first == s->len)
		return true;
	copy = tu_arena_text(arena, s->len);
	if (!copy)
		return false;
	for (size_t i = 0; i < s->len; i++)
		copy[i] = change(s->ptr[i]);
	s->ptr = copy;
	return true;
}

static const struct {
	uint32_t rule;
	size_t part;
	char (*change)(char);
} changes[] = {
	{TU_PURL_LOWER_NAMESPACE, offsetof(struct tu_purl, namespace_), tu_char_lower},
	{TU_PURL_UPPER_NAMESPACE, offsetof(struct tu_purl, namespace_), upper},
	{TU_PURL_LOWER_NAME, offsetof(struct tu_purl, name), tu_char_lower},
	{TU_PURL_LOWER_VERSION, offsetof(struct tu_purl, version), tu_char_lower},
	{TU_PURL_LOWER_SUBPATH, offsetof(struct tu_purl, subpath), tu_char_lower},
	{TU_PURL_NAME_DASHES, offsetof(struct tu_purl, name), dash},
	{TU_PURL_NAME_UNDERSCORES, offsetof(struct tu_purl, name), underscore},
};

/* A model's name ignores case on a Databricks server and minds it on an Azure ML server. */
static uint32_t rules_of(const struct tu_purl_type *type, const struct tu_purl *purl)
{
	struct tu_str server;

	if (!(type->rules & TU_PURL_LOWER_NAME_DATABRICKS))
		return type->rules;
	server = tu_purl_qualifier(purl, TU_STR("repository_url"));
	return tu_str_isearch(server, TU_STR("databricks")) < server.len
		? type->rules | TU_PURL_LOWER_NAME
		: type->rules;
}

static bool change_all(struct tu_arena *arena, struct tu_purl *purl, uint32_t rules)
{
	for (size_t i = 0; i < TU_COUNT(changes); i++) {
		if ((rules & changes[i].rule) &&
			!map(arena, part_of(purl, changes[i].part), changes[i].change))
			return false;
	}
	return true;
}

/* ---- checks of a type ---- */

static bool is_distribution(struct tu_str name)
{
	return tu_str_search(name, TU_STR("::")) == name.len;
}

static bool is_pod(struct tu_str name)
{
	for (size_t i = 0; i < name.len; i++) {
		if (tu_char_is_space(name.ptr[i]) || name.ptr[i] == '+')
			return false;
	}
	return name.ptr[0] != '.';
}

static bool is_chrome_id(struct tu_str name)
{
	for (size_t i = 0; i < name.len; i++) {
		if (name.ptr[i] < 'a' || name.ptr[i] > 'p')
			return false;
	}
	return name.len == 32;
}

static bool is_dotted(struct tu_str version)
{
	struct tu_str number;
	size_t count = 0;

	while (tu_str_split(&version, '.', &number)) {
		struct tu_str digits = tu_str_digits(&number);

		if (digits.len == 0 || number.len > 0 || ++count > 4)
			return false;
	}
	return true;
}

static bool is_pair(struct tu_str path)
{
	size_t first = tu_str_find(path, '/');
	struct tu_str rest = tu_str_from(path, first + 1);

	return tu_str_find(rest, '/') == rest.len;
}

static const struct {
	uint32_t rule;
	size_t part;
	size_t at; /* in struct tu_purl_at */
	bool (*holds)(struct tu_str);
	const char *message;
} checks[] = {
	{TU_PURL_NAME_NO_COLONS, offsetof(struct tu_purl, name), offsetof(struct tu_purl_at, name),
		is_distribution, "name: \"::\" marks a module, a distribution has \"-\""},
	{TU_PURL_NAME_POD, offsetof(struct tu_purl, name), offsetof(struct tu_purl_at, name),
		is_pod, "name: no space, no \"+\" and no \".\" at the start in this type"},
	{TU_PURL_NAME_CHROME_ID, offsetof(struct tu_purl, name), offsetof(struct tu_purl_at, name),
		is_chrome_id, "name: not 32 letters from a to p"},
	{TU_PURL_VERSION_DOTTED, offsetof(struct tu_purl, version),
		offsetof(struct tu_purl_at, version), is_dotted,
		"version: not one to four numbers with dots"},
	{TU_PURL_NAMESPACE_PAIR, offsetof(struct tu_purl, namespace_),
		offsetof(struct tu_purl_at, namespace_), is_pair,
		"namespace: more than two segments"},
};

static enum tu_status check_all(
	struct tu_purl *purl, uint32_t rules, const struct tu_purl_at *at, struct tu_error *err)
{
	for (size_t i = 0; i < TU_COUNT(checks); i++) {
		struct tu_str part = *part_of(purl, checks[i].part);
		size_t offset;

		if (!(rules & checks[i].rule) || part.len == 0 || checks[i].holds(part))
			continue;
		memcpy(&offset, (const char *)at + checks[i].at, sizeof(offset));
		return tu_fail(err, TU_E_SYNTAX, offset, "%s", checks[i].message);
	}
	return TU_OK;
}

static enum tu_status check_needs(const struct tu_purl *purl, const struct tu_purl_type *type,
	const struct tu_purl_at *at, struct tu_error *err)
{
	if (purl->name.len == 0)
		return tu_fail(err, TU_E_SYNTAX, at->name, "name: missing");
	if (type->namespace_ == TU_PURL_REQUIRED && purl->namespace_.len == 0)
		return tu_fail(err, TU_E_SYNTAX, at->namespace_,
			"namespace: missing, type %.*s needs one", TU_STR_FMT(purl->type));
	if (type->namespace_ == TU_PURL_PROHIBITED && purl->namespace_.len > 0)
		return tu_fail(err, TU_E_SYNTAX, at->namespace_, "namespace: type %.*s has none",
			TU_STR_FMT(purl->type));
	if (type->qualifier.len && tu_purl_qualifier(purl, type->qualifier).len == 0)
		return tu_fail(err, TU_E_SYNTAX, at->qualifiers,
			"qualifiers: type %.*s needs \"%.*s\"", TU_STR_FMT(purl->type),
			TU_STR_FMT(type->qualifier));
	return TU_OK;
}

/* ---- paths ---- */

/* A segment that a path does not keep: an empty one and, in a subpath, "." and "..". */
static bool is_void(struct tu_str segment, bool dots)
{
	return segment.len == 0 ||
		(dots && (tu_str_eq(segment, TU_STR(".")) || tu_str_eq(segment, TU_STR(".."))));
}

static bool clean_path(struct tu_arena *arena, struct tu_str *path, bool dots)
{
	struct tu_str rest = *path;
	struct tu_str segment;
	char *copy;
	size_t len = 0;

	if (path->len == 0 ||
		(tu_str_find(rest, '/') == rest.len && !is_void(rest, dots))) /* one segment */
		return true;
	copy = tu_arena_text(arena, path->len);
	if (!copy)
		return false;
	while (tu_str_split(&rest, '/', &segment)) {
		if (is_void(segment, dots))
			continue;
		if (len > 0)
			copy[len++] = '/';
		memcpy(copy + len, segment.ptr, segment.len);
		len += segment.len;
	}
	*path = tu_str_of(copy, len);
	return true;
}

static struct tu_str strip_slashes(struct tu_str name)
{
	while (name.len > 0 && name.ptr[0] == '/')
		name = tu_str_from(name, 1);
	while (name.len > 0 && name.ptr[name.len - 1] == '/')
		name.len--;
	return name;
}

/* Type git: the host is the namespace and the whole path is the name, wherever the caller, or the
 * last slash, drew the line. */
static bool redraw(struct tu_arena *arena, struct tu_purl *purl)
{
	size_t host = tu_str_find(purl->namespace_, '/');
	struct tu_str rest = tu_str_from(purl->namespace_, host + 1);
	char *joined;

	if (!clean_path(arena, &purl->name, false))
		return false;
	if (rest.len == 0 || purl->name.len == 0)
		return true;
	joined = tu_arena_text(arena, rest.len + 1 + purl->name.len);
	if (!joined)
		return false;
	memcpy(joined, rest.ptr, rest.len);
	joined[rest.len] = '/';
	memcpy(joined + rest.len + 1, purl->name.ptr, purl->name.len);
	purl->name = tu_str_of(joined, rest.len + 1 + purl->name.len);
	purl->namespace_ = tu_str_first(purl->namespace_, host);
	return true;
}

enum tu_status tu_purl__settle(struct tu_arena *arena, struct tu_purl *purl,
	const struct tu_purl_at *at, struct tu_error *err)
{
	size_t bad = tu_purl_type_invalid_at(purl->type);
	const struct tu_purl_type *type;
	uint32_t rules;
	enum tu_status status;

	if (purl->type.len == 0)
		return tu_fail(err, TU_E_SYNTAX, at ? at->type : 0, "type: missing");
	if (bad < purl->type.len)
		return tu_fail(err, TU_E_SYNTAX, (at ? at->type : 0) + bad,
			"type: letters, digits, \".\" and \"-\" only, a letter first");
	purl->name = strip_slashes(purl->name);
	if (!map(arena, &purl->type, tu_char_lower) ||
		!clean_path(arena, &purl->namespace_, false) ||
		!clean_path(arena, &purl->subpath, true))
		return tu_no_memory(err);
	type = tu_purl_type_find(purl->type);
	rules = rules_of(type, purl);
	if ((rules & TU_PURL_NAME_PATH) && !redraw(arena, purl))
		return tu_no_memory(err);
	status = at ? check_needs(purl, type, at, err) : TU_OK;
	if (status)
		return status;
	if (!change_all(arena, purl, rules))
		return tu_no_memory(err);
	return at ? check_all(purl, rules, at, err) : TU_OK;
}

/* ---- qualifiers ---- */

static bool is_key(struct tu_str key)
{
	for (size_t i = 0; i < key.len; i++) {
		char c = key.ptr[i];

		if (!tu_char_is_alpha(c) &&
			(i == 0 || (!tu_char_is_digit(c) && c != '.' && c != '-' && c != '_')))
			return false;
	}
	return key.len > 0;
}

struct tu_purl_qualifier *tu_purl__qualifier_room(struct tu_arena *arena, size_t asked)
{
	return tu_arena_array(arena,
		asked < TU_PURL_QUALIFIERS_MAX ? asked : TU_PURL_QUALIFIERS_MAX,
		sizeof(struct tu_purl_qualifier));
}

enum tu_status tu_purl__add_qualifier(struct tu_arena *arena, struct tu_purl_qualifier *sorted,
	size_t *count, struct tu_purl_qualifier added, size_t offset, struct tu_error *err)
{
	size_t place = *count;

	if (!is_key(added.key))
		return tu_fail(err, TU_E_SYNTAX, offset,
			"qualifiers: a key has letters, digits, \".\", \"-\" and \"_\" only, a "
			"letter first");
	if (added.value.len == 0)
		return TU_OK;
	if (*count == TU_PURL_QUALIFIERS_MAX)
		return tu_fail(err, TU_E_LIMIT, offset, "qualifiers: more than %d",
			(int)TU_PURL_QUALIFIERS_MAX);
	if (!map(arena, &added.key, tu_char_lower))
		return tu_no_memory(err);
	while (place > 0 && tu_str_cmp(sorted[place - 1].key, added.key) > 0)
		place--;
	if (place > 0 && tu_str_eq(sorted[place - 1].key, added.key))
		return tu_fail(err, TU_E_SYNTAX, offset, "qualifiers: \"%.*s\" is there twice",
			TU_STR_FMT(added.key));
	memmove(sorted + place + 1, sorted + place, (*count - place) * sizeof(*sorted));
	sorted[place] = added;
	++*count;
	return TU_OK;
}

struct tu_str tu_purl_qualifier(const struct tu_purl *purl, struct tu_str key)
{
	for (size_t i = 0; i < purl->qualifier_count; i++) {
		if (tu_str_eq(purl->qualifiers[i].key, key))
			return purl->qualifiers[i].value;
	}
	return (struct tu_str){"", 0};
}

/* ---- building ---- */

/* Copy into the arena; the caller's text may be anything. `*room` is what TU_PURL_MAX leaves. */
static enum tu_status take(struct tu_arena *arena, struct tu_str *part, const char *name,
	size_t *room, struct tu_error *err)
{
	size_t bad = tu_utf8_invalid_at(*part);

	if (part->len > *room)
		return tu_fail(err, TU_E_LIMIT, *room, "%s: a purl has at most %d bytes", name,
			(int)TU_PURL_MAX);
	if (bad < part->len)
		return tu_fail(err, TU_E_SYNTAX, bad, "%s: not UTF-8", name);
	bad = tu_str_find(*part, '\0');
	if (bad < part->len)
		return tu_fail(err, TU_E_SYNTAX, bad, "%s: a NUL byte", name);
	*room -= part->len;
	return tu_arena_dup(arena, *part, part) ? TU_OK : tu_no_memory(err);
}

static enum tu_status take_qualifiers(
	struct tu_arena *arena, struct tu_purl *purl, size_t *room, struct tu_error *err)
{
	struct tu_purl_qualifier *sorted;
	size_t count = 0;
	enum tu_status status = TU_OK;

	if (purl->qualifier_count == 0)
		return TU_OK;
	sorted = tu_purl__qualifier_room(arena, purl->qualifier_count);
	if (!sorted)
		return tu_no_memory(err);
	for (size_t i = 0; !status && i < purl->qualifier_count; i++) {
		struct tu_purl_qualifier one = purl->qualifiers[i];

		status = take(arena, &one.key, "qualifiers", room, err);
		if (!status)
			status = take(arena, &one.value, "qualifiers", room, err);
		if (!status)
			status = tu_purl__add_qualifier(arena, sorted, &count, one, 0, err);
	}
	purl->qualifiers = sorted;
	purl->qualifier_count = count;
	return status;
}

enum tu_status tu_purl_normalise(struct tu_arena *arena, struct tu_purl *purl, struct tu_error *err)
{
	static const struct {
		size_t part;
		const char *name;
	} parts[] = {
		{offsetof(struct tu_purl, type), "type"},
		{offsetof(struct tu_purl, namespace_), "namespace"},
		{offsetof(struct tu_purl, name), "name"},
		{offsetof(struct tu_purl, version), "version"},
		{offsetof(struct tu_purl, subpath), "subpath"},
	};
	static const struct tu_purl_at nowhere;
	struct tu_purl made = *purl;
	size_t room = TU_PURL_MAX;
	enum tu_status status = TU_OK;

	for (size_t i = 0; !status && i < TU_COUNT(parts); i++)
		status = take(arena, part_of(&made, parts[i].part), parts[i].name, &room, err);
	if (!status)
		status = take_qualifiers(arena, &made, &room, err);
	if (!status)
		status = tu_purl__settle(arena, &made, &nowhere, err);
	if (!status)
		*purl = made;
	return status;
}
