/* Native range syntaxes: the table, the shared parts, and the plain families. */
#include "version/native.h"

static const struct {
	struct tu_str text;
	enum tu_comparator comparator;
} comparators[] = {
	/* A longer one comes before its prefix. */
	{TU_STR_INIT("==="), TU_CMP_IDENTICAL},
	{TU_STR_INIT("=="), TU_CMP_EQ},
	{TU_STR_INIT("!="), TU_CMP_NE},
	{TU_STR_INIT("<>"), TU_CMP_NE},
	{TU_STR_INIT("<="), TU_CMP_LE},
	{TU_STR_INIT("<<"), TU_CMP_LT},
	{TU_STR_INIT("<"), TU_CMP_LT},
	{TU_STR_INIT(">="), TU_CMP_GE},
	{TU_STR_INIT(">>"), TU_CMP_GT},
	{TU_STR_INIT(">"), TU_CMP_GT},
	{TU_STR_INIT("~>"), TU_CMP_PESSIMISTIC},
	{TU_STR_INIT("~="), TU_CMP_PESSIMISTIC},
	{TU_STR_INIT("~"), TU_CMP_TILDE},
	{TU_STR_INIT("^"), TU_CMP_CARET},
	{TU_STR_INIT("="), TU_CMP_EQ},
};

static void skip_blanks(struct tu_str *s)
{
	while (s->len > 0 && tu_char_is_space(s->ptr[0]))
		*s = tu_str_from(*s, 1);
}

enum tu_comparator tu_native_comparator(struct tu_str *s)
{
	for (size_t i = 0; i < TU_COUNT(comparators); i++) {
		if (tu_str_skip(s, comparators[i].text)) {
			skip_blanks(s);
			return comparators[i].comparator;
		}
	}
	return TU_CMP_NONE;
}

bool tu_native_everything(struct tu_intervals *set)
{
	const struct tu_bound none = {0};

	return tu_intervals_add(set, none, none);
}

bool tu_native_bump(struct tu_arena *arena, struct tu_str numbers, struct tu_str *out_text)
{
	char *text = tu_arena_text(arena, numbers.len + 1);
	size_t first = tu_str_rfind(numbers, '.');

	if (!text)
		return false;
	first = first < numbers.len ? first + 1 : 0;
	memcpy(text, numbers.ptr, numbers.len);
	*out_text = tu_str_of(text, numbers.len);
	for (size_t i = numbers.len; i-- > first;) {
		if (text[i] != '9') {
			text[i]++;
			return true;
		}
		text[i] = '0';
	}
	memmove(text + first + 1, text + first, numbers.len - first);
	text[first] = '1';
	out_text->len++;
	return true;
}

bool tu_native_append(struct tu_intervals *out, const struct tu_intervals *set)
{
	for (size_t i = 0; i < set->list.count; i++)
		if (!tu_intervals_add(out, set->list.at[i].lo, set->list.at[i].hi))
			return false;
	return true;
}

/* The one or two intervals that a comparator stands for. */
static size_t intervals_of(
	enum tu_comparator comparator, const struct tu_bound *bound, struct tu_interval out[2])
{
	out[0] = out[1] = (struct tu_interval){0};
	switch (comparator) {
	case TU_CMP_GT:
	case TU_CMP_GE:
		out[0].lo = *bound;
		return 1;
	case TU_CMP_LT:
	case TU_CMP_LE:
		out[0].hi = *bound;
		return 1;
	case TU_CMP_NE:
		out[0].hi = out[1].lo = *bound;
		return 2;
	case TU_CMP_NONE:
	case TU_CMP_EQ:
	case TU_CMP_CARET:
	case TU_CMP_TILDE:
	case TU_CMP_PESSIMISTIC:
	case TU_CMP_IDENTICAL:
		out[0].lo = out[0].hi = *bound;
		return 1;
	}
	return 0;
}

bool tu_native_compare(
	struct tu_intervals *set, enum tu_comparator comparator, struct tu_str version)
{
	bool exclusive =
		comparator == TU_CMP_GT || comparator == TU_CMP_LT || comparator == TU_CMP_NE;
	struct tu_interval parts[2];
	struct tu_bound bound;

	if (!tu_bound_make(set->arena, set->scheme, version, !exclusive, &bound))
		return false;
	size_t count = intervals_of(comparator, &bound, parts);
	return tu_intervals_clip(set, parts, count);
}

/* Up to the next space or comma. */
static struct tu_str take_version(struct tu_str *s)
{
	size_t len = 0;

	while (len < s->len && s->ptr[len] != ',' && !tu_char_is_space(s->ptr[len]))
		len++;
	struct tu_str version = tu_str_first(*s, len);
	*s = tu_str_from(*s, len);
	return version;
}

/* "2.A": before it comes no pre-release of 2 whose words are not themselves "A". */
static bool first_prerelease(struct tu_arena *arena, struct tu_str release, struct tu_str *out_text)
{
	char *text = tu_arena_text(arena, release.len + 2);

	if (!text)
		return false;
	memcpy(text, release.ptr, release.len);
	memcpy(text + release.len, ".A", 2);
	*out_text = tu_str_of(text, release.len + 2);
	return true;
}

/* RubyGems' "~> 1.2.3": at least that, and below the next value of the last number but one, whose
 * pre-releases lie outside, too. */
static bool pessimistic(struct tu_intervals *set, struct tu_str version)
{
	struct tu_interval part = {0};
	struct tu_str release = version;
	size_t len = 0;

	while (len < release.len && (tu_char_is_digit(release.ptr[len]) || release.ptr[len] == '.'))
		len++;
	if (len < release.len)
		len = tu_str_rfind(tu_str_first(release, len), '.');
	release = tu_str_first(release, len);
	size_t dot = tu_str_rfind(release, '.');
	if (dot < release.len)
		release = tu_str_first(release, dot);
	struct tu_str bumped, end;
	if (!tu_native_bump(set->arena, release, &bumped) ||
		!first_prerelease(set->arena, bumped, &end) ||
		!tu_bound_make(set->arena, set->scheme, version, true, &part.lo) ||
		!tu_bound_make(set->arena, set->scheme, end, false, &part.hi))
		return false;
	return tu_intervals_clip(set, &part, 1);
}

/* VERS has no other text in a range of times. */
static bool is_datetime(struct tu_str version)
{
	return tu_version_compare(TU_SCHEME_DATETIME, version, TU_STR("1970-01-01T00:00:00Z")) !=
		TU_UNORDERED;
}

/* Comparators between commas or spaces, all of which must hold: RubyGems, deb, rpm, and every
 * scheme that has no syntax of its own. */
static enum tu_status parse_comparators(
	struct tu_str text, struct tu_intervals *out, struct tu_error *err)
{
	struct tu_intervals set = {.arena = out->arena, .scheme = out->scheme};
	struct tu_str rest = text;

	if (!tu_native_everything(&set))
		return tu_no_memory(err);
	while (rest.len > 0) {
		size_t at = (size_t)(rest.ptr - text.ptr);
		if (rest.ptr[0] == ',' || tu_char_is_space(rest.ptr[0])) {
			rest = tu_str_from(rest, 1);
			continue;
		}
		enum tu_comparator comparator = tu_native_comparator(&rest);
		struct tu_str version = take_version(&rest);
		bool gem = comparator == TU_CMP_PESSIMISTIC && out->scheme == TU_SCHEME_GEM;
		if (version.len == 0)
			return tu_fail(err, TU_E_SYNTAX, at, "a comparator without a version");
		if (out->scheme == TU_SCHEME_DATETIME && !is_datetime(version))
			return tu_fail(err, TU_E_SYNTAX, at, "not a date and time (RFC 3339)");
		if (comparator > TU_CMP_GE && !gem)
			return tu_fail(err, TU_E_SYNTAX, at, "a comparator that %.*s does not have",
				TU_STR_FMT(tu_scheme_name(out->scheme)));
		if (gem ? !pessimistic(&set, version)
			: !tu_native_compare(&set, comparator, version))
			return tu_no_memory(err);
	}
	return tu_native_append(out, &set) ? TU_OK : tu_no_memory(err);
}

/* Maven's and NuGet's "[1.0,2.0)": one set in brackets; `*rest` is left after it. */
static enum tu_status parse_set(
	struct tu_str text, struct tu_str *rest, struct tu_intervals *out, struct tu_error *err)
{
	size_t at = (size_t)(rest->ptr - text.ptr);
	struct tu_bound lo, hi;
	size_t end = 1;

	while (end < rest->len && rest->ptr[end] != ']' && rest->ptr[end] != ')')
		end++;
	if (end == rest->len)
		return tu_fail(err, TU_E_SYNTAX, at, "a bracket that is not closed");
	struct tu_str inner = tu_str_from(tu_str_first(*rest, end), 1);
	size_t comma = tu_str_find(inner, ',');
	bool lo_inclusive = rest->ptr[0] == '[', hi_inclusive = rest->ptr[end] == ']';
	struct tu_str low = tu_str_trim(tu_str_first(inner, comma));
	struct tu_str high = comma < inner.len ? tu_str_trim(tu_str_from(inner, comma + 1)) : low;
	if (comma == inner.len && (low.len == 0 || !lo_inclusive || !hi_inclusive))
		return tu_fail(err, TU_E_SYNTAX, at, "only one version may be in square brackets");
	if (!tu_bound_make(out->arena, out->scheme, low, lo_inclusive, &lo) ||
		!tu_bound_make(out->arena, out->scheme, high, hi_inclusive, &hi) ||
		!tu_intervals_add(out, lo, hi))
		return tu_no_memory(err);
	*rest = tu_str_trim(tu_str_from(*rest, end + 1));
	return TU_OK;
}

static enum tu_status parse_brackets(
	struct tu_str text, struct tu_intervals *out, struct tu_error *err)
{
	struct tu_str rest = text;

	while (rest.len > 0) {
		if (rest.ptr[0] != '[' && rest.ptr[0] != '(')
			return tu_fail(err, TU_E_SYNTAX, (size_t)(rest.ptr - text.ptr),
				"expected \"[\" or \"(\"");
		enum tu_status status = parse_set(text, &rest, out, err);
		if (status != TU_OK)
			return status;
		tu_str_skip(&rest, TU_STR(","));
		rest = tu_str_trim(rest);
	}
	return TU_OK;
}

static bool is_bracketed(struct tu_str text)
{
	return text.ptr[0] == '[' || text.ptr[0] == '(';
}

/* A bare version: for Maven a wish that names it, for NuGet the lowest one. */
static enum tu_status parse_bare(enum tu_comparator comparator, struct tu_str text,
	struct tu_intervals *out, struct tu_error *err)
{
	struct tu_intervals set = {.arena = out->arena, .scheme = out->scheme};

	if (tu_str_find(text, '*') < text.len || tu_str_find(text, ',') < text.len)
		return tu_fail(err, TU_E_SYNTAX, 0, "expected a version or a range in brackets");
	if (!tu_native_everything(&set) || !tu_native_compare(&set, comparator, text) ||
		!tu_native_append(out, &set))
		return tu_no_memory(err);
	return TU_OK;
}

static enum tu_status parse_maven(
	struct tu_str text, struct tu_intervals *out, struct tu_error *err)
{
	return is_bracketed(text) ? parse_brackets(text, out, err)
				  : parse_bare(TU_CMP_EQ, text, out, err);
}

static enum tu_status parse_nuget(
	struct tu_str text, struct tu_intervals *out, struct tu_error *err)
{
	return is_bracketed(text) ? parse_brackets(text, out, err)
				  : parse_bare(TU_CMP_GE, text, out, err);
}

/* nginx's stable branches have an even second number and end at the next; its mainline goes on. */
static bool nginx_branch_end(struct tu_arena *arena, struct tu_str version, struct tu_str *out_end)
{
	size_t second = tu_str_find(version, '.') + 1;
	size_t len = tu_str_find(tu_str_from(version, second), '.');
	struct tu_str branch = tu_str_first(version, second + len);
	struct tu_str bumped;

	*out_end = TU_STR("");
	if (len == 0 || branch.len == 0 || (branch.ptr[branch.len - 1] - '0') % 2 != 0)
		return true;
	if (!tu_native_bump(arena, branch, &bumped))
		return false;
	char *text = tu_arena_text(arena, bumped.len + 2);
	if (!text)
		return false;
	memcpy(text, bumped.ptr, bumped.len);
	memcpy(text + bumped.len, ".0", 2);
	*out_end = tu_str_of(text, bumped.len + 2);
	return true;
}

static bool add_listed(struct tu_intervals *out, struct tu_str item)
{
	struct tu_str low = item, high = item;
	bool high_inclusive = true;
	struct tu_bound lo, hi;
	size_t hyphen = tu_str_find(item, '-');
	bool nginx = out->scheme == TU_SCHEME_NGINX;

	if (nginx && tu_str_ends(item, TU_STR("+"))) {
		low = tu_str_first(item, item.len - 1);
		high_inclusive = false;
		if (!nginx_branch_end(out->arena, low, &high))
			return false;
	} else if (nginx && hyphen < item.len) {
		low = tu_str_first(item, hyphen);
		high = tu_str_from(item, hyphen + 1);
	}
	return tu_bound_make(out->arena, out->scheme, low, true, &lo) &&
		tu_bound_make(out->arena, out->scheme, high, high_inclusive, &hi) &&
		tu_intervals_add(out, lo, hi);
}

/* The lists of nginx's and OpenSSL's advisories: "1.5.0+, 1.4.1+", "3.0.0, 1.0.1b". */
static enum tu_status parse_list(struct tu_str text, struct tu_intervals *out, struct tu_error *err)
{
	struct tu_str rest = text, item;

	if (tu_native_comparator(&(struct tu_str){text.ptr, text.len}) != TU_CMP_NONE)
		return parse_comparators(text, out, err);
	while (tu_str_split(&rest, ',', &item)) {
		struct tu_str trimmed = tu_str_trim(item);
		if (trimmed.len == 0)
			return tu_fail(err, TU_E_SYNTAX, (size_t)(item.ptr - text.ptr),
				"nothing between commas");
		bool fine = tu_str_ieq(trimmed, TU_STR("all")) ? tu_native_everything(out)
							       : add_listed(out, trimmed);
		if (!fine)
			return tu_no_memory(err);
	}
	return TU_OK;
}

static const struct {
	enum tu_scheme scheme;
	tu_native_parser *parse;
} parsers[] = {
	{TU_SCHEME_NPM, tu_native_npm},
	{TU_SCHEME_COMPOSER, tu_native_composer},
	{TU_SCHEME_CONAN, tu_native_conan},
	{TU_SCHEME_CARGO, tu_native_cargo},
	{TU_SCHEME_PYPI, tu_native_pep440},
	{TU_SCHEME_MAVEN, parse_maven},
	{TU_SCHEME_NUGET, parse_nuget},
	{TU_SCHEME_NGINX, parse_list},
	{TU_SCHEME_OPENSSL, parse_list},
};

enum { NATIVE_MAX = 64 * 1024 };

enum tu_status tu_range_parse_native(struct tu_arena *arena, enum tu_scheme scheme,
	struct tu_str text, const struct tu_range **out_range, struct tu_error *err)
{
	struct tu_intervals intervals = {.arena = arena, .scheme = scheme};
	struct tu_str trimmed = tu_str_trim(text);
	tu_native_parser *parse = parse_comparators;
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < TU_COUNT(parsers); i++)
		if (parsers[i].scheme == scheme)
			parse = parsers[i].parse;
	if (text.len > NATIVE_MAX)
		return tu_fail(err, TU_E_LIMIT, NATIVE_MAX,
			"range of %zu bytes; at most %d are read", text.len, NATIVE_MAX);
	if (trimmed.len > 0)
		status = parse(trimmed, &intervals, err);
	else if (!tu_native_everything(&intervals)) /* asks for nothing, so everything will do */
		status = tu_no_memory(err);
	if (status != TU_OK)
		return status;
	intervals.apart = scheme == TU_SCHEME_NPM;
	const struct tu_range *range = tu_intervals_range(&intervals);
	if (!range)
		return tu_no_memory(err);
	*out_range = range;
	return TU_OK;
}
