/*
 * VERS, the universal notation of version ranges (https://github.com/package-url/vers-spec).
 *
 * Constraints may come in any order: they are sorted by version. Pairs of ">" and "<" become
 * intervals by the specification's containment rules; "!=" cuts a version out of one.
 */
#include <stdlib.h>

#include "version/interval.h"
#include "base/hex.h"

enum op { OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE };

enum { CONSTRAINTS_MAX = 100000 };

struct constraint {
	enum op op;
	struct tu_bound bound;
	size_t order;
};

struct constraints {
	TU_VEC(struct constraint) list;
	struct tu_intervals *intervals;
	const char *start; /* of the text, for offsets */
	bool placed; /* every version has a key */
};

/* A longer comparator comes before its prefix. */
static const struct {
	struct tu_str text;
	enum op op;
} operators[] = {
	{TU_STR_INIT("!="), OP_NE},
	{TU_STR_INIT("<="), OP_LE},
	{TU_STR_INIT(">="), OP_GE},
	{TU_STR_INIT("<"), OP_LT},
	{TU_STR_INIT(">"), OP_GT},
	{TU_STR_INIT("="), OP_EQ},
};

static enum op take_operator(struct tu_str *s)
{
	for (size_t i = 0; i < TU_COUNT(operators); i++)
		if (tu_str_skip(s, operators[i].text))
			return operators[i].op;
	return OP_EQ;
}

/* Percent-decoded in the arena. */
static enum tu_status decode(
	struct constraints *c, struct tu_str text, struct tu_str *out, struct tu_error *err)
{
	char *to = tu_arena_text(c->intervals->arena, text.len);

	if (!to)
		return tu_no_memory(err);
	*out = tu_str_of(to, 0);
	for (size_t i = 0; i < text.len; i++) {
		size_t at = (size_t)(text.ptr - c->start) + i;
		char byte = text.ptr[i];
		if (tu_char_is_space(byte) || tu_str_find(TU_STR("<>=!*"), byte) < 5)
			return tu_fail(err, TU_E_SYNTAX, at,
				"\"%c\" in a version: it must be percent-encoded", byte);
		if (byte == '%') {
			int value = tu_percent_value(tu_str_from(text, i));

			if (value < 0)
				return tu_fail(err, TU_E_SYNTAX, at,
					"\"%%\" must be followed by two hexadecimal digits");
			byte = (char)value;
			i += 2;
		}
		to[out->len++] = byte;
	}
	return TU_OK;
}

static enum tu_status add_constraint(
	struct constraints *c, struct tu_str text, struct tu_error *err)
{
	struct constraint constraint = {.order = c->list.count};
	struct tu_str version;
	size_t at = (size_t)(text.ptr - c->start);

	if (c->list.count == CONSTRAINTS_MAX)
		return tu_fail(err, TU_E_LIMIT, at, "more than %d constraints", CONSTRAINTS_MAX);
	constraint.op = take_operator(&text);
	if (text.len == 0)
		return tu_fail(err, TU_E_SYNTAX, at, "a constraint without a version");
	if (text.len > TU_VERSION_MAX)
		return tu_fail(err, TU_E_LIMIT, at, "version of %zu bytes; at most %d are read",
			text.len, TU_VERSION_MAX);
	enum tu_status status = decode(c, text, &version, err);
	if (status != TU_OK)
		return status;
	bool inclusive = constraint.op == OP_EQ || constraint.op == OP_LE || constraint.op == OP_GE;
	if (!tu_bound_make(c->intervals->arena, c->intervals->scheme, version, inclusive,
		    &constraint.bound) ||
		!TU_VEC_PUSH_IN(c->intervals->arena, &c->list, constraint))
		return tu_fail(err, TU_E_NOMEM, at, "no memory for constraints");
	if (constraint.bound.key.len == 0 && c->intervals->scheme == TU_SCHEME_DATETIME)
		return tu_fail(err, TU_E_SYNTAX, at,
			"not a date and time as RFC 3339 has them, with T and Z in upper case");
	c->placed = c->placed && constraint.bound.key.len > 0;
	return TU_OK;
}

static enum tu_status read_constraints(
	struct constraints *c, struct tu_str text, struct tu_error *err)
{
	struct tu_str part;

	while (tu_str_split(&text, '|', &part)) {
		if (part.len == 0)
			return tu_fail(err, TU_E_SYNTAX, (size_t)(part.ptr - c->start),
				"nothing before, after or between \"|\"");
		enum tu_status status = add_constraint(c, part, err);
		if (status != TU_OK)
			return status;
	}
	return TU_OK;
}

static int cmp_constraints(const void *a, const void *b)
{
	const struct constraint *x = a, *y = b;
	int cmp = tu_str_cmp(x->bound.key, y->bound.key);

	return cmp != 0 ? cmp : (x->order > y->order) - (x->order < y->order);
}

/* By version; as given when one of them has no place in the order. */
static void sort(struct constraints *c)
{
	if (c->placed && c->list.count > 1)
		qsort(c->list.at, c->list.count, sizeof(*c->list.at), cmp_constraints);
}

/* ">" opens an interval, "<" closes it; one without the other is open at that end. A second "<"
 * in a row moves the end, a second ">" says nothing new. "=" is an interval of its own. */
static bool pair_up(struct constraints *c)
{
	struct tu_intervals *intervals = c->intervals;
	const struct tu_bound none = {0};
	const struct tu_bound *open = NULL;
	size_t closed = SIZE_MAX; /* the interval that the last "<" closed */
	bool fine = true;

	for (size_t i = 0; i < c->list.count && fine; i++) {
		const struct constraint *one = &c->list.at[i];
		if (one->op == OP_NE)
			continue;
		if (one->op == OP_EQ) {
			fine = tu_intervals_add(intervals, one->bound, one->bound);
		} else if (one->op == OP_GT || one->op == OP_GE) {
			open = open ? open : &one->bound;
		} else if (!open && closed != SIZE_MAX) {
			intervals->list.at[closed].hi = one->bound;
		} else {
			closed = intervals->list.count;
			fine = tu_intervals_add(intervals, open ? *open : none, one->bound);
			open = NULL;
		}
	}
	return fine && (!open || tu_intervals_add(intervals, *open, none));
}

/* Everything, cut at the versions that are not in it. Only "!=": everything else is. */
static bool cut_out(struct constraints *c)
{
	struct tu_intervals *intervals = c->intervals;
	const struct tu_bound none = {0};
	struct tu_intervals holes = {.arena = intervals->arena, .scheme = intervals->scheme};
	struct tu_bound lo = none;
	bool any_other = false, any = false;

	for (size_t i = 0; i < c->list.count; i++) {
		if (c->list.at[i].op != OP_NE) {
			any_other = true;
			continue;
		}
		any = true;
		if (!tu_intervals_add(&holes, lo, c->list.at[i].bound))
			return false;
		lo = c->list.at[i].bound;
	}
	if (!any)
		return true;
	if (!tu_intervals_add(&holes, lo, none))
		return false;
	if (any_other)
		return tu_intervals_clip(intervals, holes.list.at, holes.list.count);
	intervals->list.at = holes.list.at;
	intervals->list.count = holes.list.count;
	intervals->list.cap = holes.list.cap;
	return true;
}

static enum tu_status build(
	struct constraints *c, const struct tu_range **out_range, struct tu_error *err)
{
	const struct tu_range *range = NULL;

	sort(c);
	if (pair_up(c) && cut_out(c))
		range = tu_intervals_range(c->intervals);
	if (!range)
		return tu_no_memory(err);
	*out_range = range;
	return TU_OK;
}

static enum tu_status everything(
	struct tu_intervals *intervals, const struct tu_range **out_range, struct tu_error *err)
{
	const struct tu_bound none = {0};
	const struct tu_range *range = NULL;

	if (tu_intervals_add(intervals, none, none))
		range = tu_intervals_range(intervals);
	if (!range)
		return tu_no_memory(err);
	*out_range = range;
	return TU_OK;
}

/* A vers string cut into its parts. */
struct notation {
	struct tu_str type;
	struct tu_str constraints;
	bool every; /* "*" */
	bool reserved; /* "all" or "none", which have no versions and so no scheme */
};

static enum tu_status cut(
	struct tu_str text, struct notation *out, enum tu_scheme *out_scheme, struct tu_error *err)
{
	struct tu_str rest = text;

	tu_str_skip(&rest, TU_STR("vers:"));
	size_t slash = tu_str_find(rest, '/');
	size_t at = text.len - rest.len;
	if (slash == rest.len)
		return tu_fail(err, TU_E_SYNTAX, at, "no \"/\" after the versioning scheme");
	out->type = tu_str_first(rest, slash);
	out->constraints = tu_str_from(rest, slash + 1);
	out->every = tu_str_eq(out->constraints, TU_STR("*"));
	out->reserved = out->every &&
		(tu_str_eq(out->type, TU_STR("all")) || tu_str_eq(out->type, TU_STR("none")));
	if (!out->reserved && !tu_scheme_by_name(out->type, out_scheme))
		return tu_fail(err, TU_E_UNSUPPORTED, at, "versioning scheme \"%.*s\" is not known",
			TU_STR_FMT(tu_str_first(out->type, 60)));
	if (out->constraints.len == 0)
		return tu_fail(err, TU_E_SYNTAX, text.len, "no constraint after the scheme");
	return TU_OK;
}

enum tu_status tu_range_parse(struct tu_arena *arena, struct tu_str text,
	const struct tu_range **out_range, struct tu_error *err)
{
	struct tu_intervals intervals = {.arena = arena};
	struct constraints constraints = {
		.intervals = &intervals, .start = text.ptr, .placed = true};
	struct notation notation;

	enum tu_status status = cut(text, &notation, &intervals.scheme, err);
	if (status != TU_OK)
		return status;
	if (notation.every && !tu_str_eq(notation.type, TU_STR("none")))
		return everything(&intervals, out_range, err);
	if (!notation.every)
		status = read_constraints(&constraints, notation.constraints, err);
	return status == TU_OK ? build(&constraints, out_range, err) : status;
}

static void put_version(struct tu_buf *out, struct tu_str text)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (tu_char_is_alnum((char)c) || tu_str_find(TU_STR(".-_~:+"), (char)c) < 6) {
			tu_buf_byte(out, (char)c);
		} else {
			tu_buf_byte(out, '%');
			tu_buf_byte(out, digits[c >> 4]);
			tu_buf_byte(out, digits[c & 15]);
		}
	}
}

struct writer {
	struct tu_buf *out;
	bool any;
};

static void put_constraint(struct writer *w, const char *operator, struct tu_str version)
{
	if (w->any)
		tu_buf_byte(w->out, '|');
	w->any = true;
	tu_buf_c(w->out, operator);
	put_version(w->out, version);
}

/* The two intervals leave out one version and nothing else: written as "!=". */
static bool is_hole(const struct tu_interval *before, const struct tu_interval *behind)
{
	return before->hi.text.len > 0 && tu_str_eq(before->hi.text, behind->lo.text) &&
		tu_str_eq(before->hi.key, behind->lo.key) && !before->hi.inclusive &&
		!behind->lo.inclusive;
}

static bool is_point(const struct tu_interval *one)
{
	return one->lo.text.len > 0 && one->lo.inclusive && one->hi.inclusive &&
		tu_str_eq(one->lo.text, one->hi.text);
}

/* `before` and `behind` may be NULL. */
static void put_interval(struct writer *w, const struct tu_interval *before,
	const struct tu_interval *one, const struct tu_interval *behind)
{
	if (is_point(one)) {
		put_constraint(w, "", one->lo.text);
		return;
	}
	if (before && is_hole(before, one))
		put_constraint(w, "!=", one->lo.text);
	else if (one->lo.text.len > 0)
		put_constraint(w, one->lo.inclusive ? ">=" : ">", one->lo.text);
	if (one->hi.text.len > 0 && !(behind && is_hole(one, behind)))
		put_constraint(w, one->hi.inclusive ? "<=" : "<", one->hi.text);
}

/* An interval that is open at both ends says all; no constraint could be written for it. */
static bool has_everything(const struct tu_range *range)
{
	for (size_t i = 0; i < range->count; i++)
		if (range->intervals[i].lo.text.len == 0 && range->intervals[i].hi.text.len == 0)
			return true;
	return false;
}

void tu_range_write(const struct tu_range *range, struct tu_buf *out)
{
	struct writer w = {.out = out};
	struct tu_interval before, one, behind;
	size_t i = 0, count = has_everything(range) ? 0 : range->count;

	tu_buf_c(out, "vers:");
	tu_buf_str_add(out, range->count == 0 ? TU_STR("none") : tu_scheme_name(range->scheme));
	tu_buf_byte(out, '/');
	while (i < count) {
		bool first = i == 0;
		i += tu_interval_join(&range->intervals[i], count - i, &one);
		bool last = i == count;
		if (!last)
			tu_interval_join(&range->intervals[i], count - i, &behind);
		put_interval(&w, first ? NULL : &before, &one, last ? NULL : &behind);
		before = one;
	}
	if (!w.any)
		tu_buf_byte(out, '*');
}

/* Equality is written as nothing. */
static const char *operator_text(enum op op)
{
	for (size_t i = 0; op != OP_EQ && i < TU_COUNT(operators); i++)
		if (operators[i].op == op)
			return operators[i].text.ptr;
	return "";
}

/* What is said twice is written once. */
static void put_constraints(const struct constraints *c, struct tu_buf *out)
{
	struct writer w = {.out = out};

	for (size_t i = 0; i < c->list.count; i++) {
		const struct constraint *one = &c->list.at[i];
		bool again = i > 0 && one[-1].op == one->op &&
			tu_str_eq(one[-1].bound.text, one->bound.text);
		if (!again)
			put_constraint(&w, operator_text(one->op), one->bound.text);
	}
}

enum tu_status tu_range_canonical(
	struct tu_arena *arena, struct tu_str text, struct tu_buf *out, struct tu_error *err)
{
	struct tu_intervals intervals = {.arena = arena};
	struct constraints constraints = {
		.intervals = &intervals, .start = text.ptr, .placed = true};
	struct notation notation;

	enum tu_status status = cut(text, &notation, &intervals.scheme, err);
	if (status == TU_OK && !notation.every)
		status = read_constraints(&constraints, notation.constraints, err);
	if (status != TU_OK)
		return status;
	sort(&constraints);
	tu_buf_c(out, "vers:");
	for (size_t i = 0; i < notation.type.len; i++)
		tu_buf_byte(out, tu_char_lower(notation.type.ptr[i]));
	tu_buf_byte(out, '/');
	if (notation.every)
		tu_buf_byte(out, '*');
	put_constraints(&constraints, out);
	return out->failed ? tu_no_memory(err) : TU_OK;
}
