/*
 * npm (node-semver's README, "Ranges"), Composer (getcomposer.org, "Writing version constraints"),
 * Conan 2 (docs.conan.io, "Version ranges") and Cargo (the Cargo book, "Specifying dependencies").
 *
 * Alternatives ("||") of comparators that must all hold. A version may be partial, "1.2" or "1.x";
 * what that means, and where "^" and "~" end, is a row of a table.
 */
#include "version/native.h"
#include "version/npm.h"

enum { PARTS = 3, PARTS_MAX = 8 };

enum bare { BARE_EXACT, BARE_RANGE /* "1.2" is 1.2.x */, BARE_CARET };

struct dialect {
	enum bare bare;
	bool complete; /* partial versions are completed with zeros, in texts too */
	bool wide_tilde; /* "~1.2" ends at 2, not at 1.3 */
	struct tu_str low_suffix; /* put on the low end of what stands for several versions */
	struct tu_str high_suffix; /* put on an end that leaves out the pre-releases of it */
	bool single_bar; /* "|" separates alternatives too */
	bool loose_tail; /* "*.1" is "*" */
};

static const struct dialect npm = {.bare = BARE_RANGE, .complete = true, .loose_tail = true};
static const struct dialect composer = {
	.bare = BARE_EXACT,
	.wide_tilde = true,
	.low_suffix = TU_STR_INIT("-dev"),
	.high_suffix = TU_STR_INIT("-dev"),
	.single_bar = true,
};
static const struct dialect conan = {.bare = BARE_EXACT, .high_suffix = TU_STR_INIT("-")};
static const struct dialect cargo = {.bare = BARE_CARET, .complete = true};

struct partial {
	struct tu_str whole; /* without "v" and wildcards' tail */
	struct tu_str numbers; /* "1.2" */
	struct tu_str number[PARTS_MAX];
	size_t count; /* numbers before a wildcard or the end */
	bool suffix; /* a pre-release or build follows */
};

struct parser {
	const struct dialect *dialect;
	struct tu_str text;
	struct tu_intervals set; /* of the comparators read so far */
	struct tu_intervals *out;
	struct tu_error *err;
};

static bool is_wildcard(char c)
{
	return c == 'x' || c == 'X' || c == '*';
}

static bool add_number(struct partial *out, struct tu_str digits)
{
	if (digits.len == 0 || out->count == PARTS_MAX)
		return false;
	out->number[out->count++] = digits;
	out->numbers =
		tu_str_of(out->whole.ptr, (size_t)(digits.ptr + digits.len - out->whole.ptr));
	return true;
}

/* Numbers up to a wildcard; after one only wildcards may follow, or, for npm, what does not count.
 */
static bool read_partial(const struct dialect *dialect, struct tu_str text, struct partial *out)
{
	bool wild = false;

	*out = (struct partial){0};
	while (text.len > 0 && (text.ptr[0] == 'v' || text.ptr[0] == 'V' || text.ptr[0] == '='))
		text = tu_str_from(text, 1);
	out->whole = text;
	for (;;) {
		struct tu_str digits = tu_str_digits(&text);
		if (digits.len == 0 && text.len > 0 && is_wildcard(text.ptr[0])) {
			wild = true;
			text = tu_str_from(text, 1);
		} else if (wild ? digits.len == 0 || !dialect->loose_tail
				: !add_number(out, digits)) {
			return false;
		}
		if (text.len < 2 || text.ptr[0] != '.')
			break;
		if (!tu_char_is_digit(text.ptr[1]) && !is_wildcard(text.ptr[1]))
			break;
		text = tu_str_from(text, 1);
	}
	if (wild)
		out->whole = out->numbers;
	out->suffix = text.len > 0 && !wild;
	return true;
}

/* The first `count` numbers, the last increased if `bump`, completed if the dialect does so. */
static bool write_numbers(struct parser *p, const struct partial *v, size_t count, bool bump,
	struct tu_str suffix, struct tu_str *out)
{
	struct tu_buf text;
	struct tu_str numbers = TU_STR("0");

	if (count > 0)
		numbers = tu_str_of(v->numbers.ptr,
			(size_t)(v->number[count - 1].ptr + v->number[count - 1].len -
				v->numbers.ptr));
	if (bump && !tu_native_bump(p->out->arena, numbers, &numbers))
		return false;
	tu_buf_init(&text, 2 * TU_VERSION_MAX);
	tu_buf_str_add(&text, numbers);
	for (size_t i = count > 0 ? count : 1; p->dialect->complete && i < PARTS; i++)
		tu_buf_c(&text, ".0");
	tu_buf_str_add(&text, suffix);
	bool fine = !text.failed && tu_arena_dup(p->out->arena, tu_buf_str(&text), out);
	tu_buf_done(&text);
	return fine;
}

/* The version itself as a low or high end: whole when it has all its numbers. */
static bool write_version(
	struct parser *p, const struct partial *v, struct tu_str suffix, struct tu_str *out)
{
	if (v->suffix || (v->count >= PARTS && suffix.len == 0)) {
		*out = v->whole;
		return true;
	}
	return write_numbers(p, v, v->count, false, suffix, out);
}

static bool clip(struct parser *p, struct tu_str low, bool low_inclusive, struct tu_str high,
	bool high_inclusive)
{
	struct tu_interval part;

	return tu_interval_make(p->out->arena, p->out->scheme, low, low_inclusive, high,
		       high_inclusive, &part) == TU_OK &&
		tu_intervals_clip(&p->set, &part, 1);
}

static bool clip_nothing(struct parser *p)
{
	p->set.list.count = 0;
	return true;
}

/* From the version up to the next value of the number with this index. */
static bool clip_up_to_next(struct parser *p, const struct partial *v, size_t index)
{
	struct tu_str low, high;

	return write_version(p, v, v->suffix ? TU_STR("") : p->dialect->low_suffix, &low) &&
		write_numbers(p, v, index + 1, true, p->dialect->high_suffix, &high) &&
		clip(p, low, true, high, false);
}

/* "^": up to the next value of the first number that is not zero. */
static bool clip_caret(struct parser *p, const struct partial *v)
{
	size_t index = 0;

	while (index + 1 < v->count && index + 1 < PARTS &&
		tu_str_cmp_digits(v->number[index], TU_STR("0")) == 0)
		index++;
	return clip_up_to_next(p, v, index);
}

static bool clip_tilde(struct parser *p, const struct partial *v)
{
	size_t index = v->count > 1 ? 1 : 0;

	if (p->dialect->wide_tilde)
		index = v->count > 1 ? v->count - 2 : 0;
	return clip_up_to_next(p, v, index);
}

static bool is_partial(const struct parser *p, const struct partial *v)
{
	return p->dialect->bare == BARE_RANGE && v->count < PARTS && !v->suffix;
}

/* Everything that begins with these numbers. */
static bool clip_wildcard(struct parser *p, const struct partial *v)
{
	return clip_up_to_next(p, v, v->count - 1);
}

static bool clip_high(struct parser *p, const struct partial *v, bool inclusive)
{
	struct tu_str high;

	if (inclusive && is_partial(p, v))
		return write_numbers(p, v, v->count, true, p->dialect->high_suffix, &high) &&
			clip(p, TU_STR(""), false, high, false);
	struct tu_str suffix = inclusive || v->suffix ? TU_STR("") : p->dialect->high_suffix;
	if (p->dialect == &conan)
		suffix = TU_STR("");
	return write_version(p, v, suffix, &high) && clip(p, TU_STR(""), false, high, inclusive);
}

static bool clip_low(struct parser *p, const struct partial *v, bool inclusive)
{
	struct tu_str low;

	if (!inclusive && is_partial(p, v))
		return write_numbers(p, v, v->count, true, TU_STR(""), &low) &&
			clip(p, low, true, TU_STR(""), false);
	struct tu_str suffix = !inclusive || v->suffix ? TU_STR("") : p->dialect->low_suffix;
	return write_version(p, v, suffix, &low) && clip(p, low, inclusive, TU_STR(""), false);
}

/* "*": every version; below or above everything: none. */
static bool clip_any(struct parser *p, enum tu_comparator comparator)
{
	if (comparator == TU_CMP_LT || comparator == TU_CMP_GT || comparator == TU_CMP_NE)
		return clip_nothing(p);
	if (p->dialect == &conan)
		return clip(p, TU_STR("0.0.0"), true, TU_STR(""), false);
	return true;
}

static bool clip_exact(struct parser *p, const struct partial *v, bool wild)
{
	if (wild || is_partial(p, v))
		return clip_wildcard(p, v);
	struct tu_str text = v->whole;
	if (p->dialect->complete && !v->suffix && !write_version(p, v, TU_STR(""), &text))
		return false;
	return tu_native_compare(&p->set, TU_CMP_EQ, text);
}

static bool apply(
	struct parser *p, enum tu_comparator comparator, const struct partial *v, bool wild)
{
	if (v->count == 0)
		return clip_any(p, comparator);
	switch (comparator) {
	case TU_CMP_NONE:
		if (p->dialect->bare == BARE_CARET && !wild)
			return clip_caret(p, v);
		return clip_exact(p, v, wild);
	case TU_CMP_EQ:
	case TU_CMP_IDENTICAL:
		return clip_exact(p, v, wild);
	case TU_CMP_NE:
		return tu_native_compare(&p->set, TU_CMP_NE, v->whole);
	case TU_CMP_LT:
	case TU_CMP_LE:
		return clip_high(p, v, comparator == TU_CMP_LE);
	case TU_CMP_GT:
	case TU_CMP_GE:
		return clip_low(p, v, comparator == TU_CMP_GE);
	case TU_CMP_CARET:
		return clip_caret(p, v);
	case TU_CMP_TILDE:
	case TU_CMP_PESSIMISTIC:
		return clip_tilde(p, v);
	}
	return false;
}

/* "- 2.0" takes in all of 2.0.x. */
static bool clip_hyphen_end(struct parser *p, const struct partial *v)
{
	struct tu_str high;

	if (v->count == 0 || v->count >= PARTS || v->suffix || p->dialect == &conan)
		return apply(p, TU_CMP_LE, v, false);
	return write_numbers(p, v, v->count, true, p->dialect->high_suffix, &high) &&
		clip(p, TU_STR(""), false, high, false);
}

static struct tu_str take_token(struct tu_str *s)
{
	size_t len = 0;

	while (len < s->len && !tu_char_is_space(s->ptr[len]) && s->ptr[len] != ',')
		len++;
	struct tu_str token = tu_str_first(*s, len);
	*s = tu_str_trim(tu_str_from(*s, len));
	return token;
}

/* "1.0 - 2.0": `*s` is at the hyphen. */
static bool take_hyphen(struct tu_str *s)
{
	if (s->len < 2 || s->ptr[0] != '-' || !tu_char_is_space(s->ptr[1]))
		return false;
	*s = tu_str_trim(tu_str_from(*s, 1));
	return true;
}

static enum tu_status parse_comparator(struct parser *p, struct tu_str *rest)
{
	size_t at = (size_t)(rest->ptr - p->text.ptr);
	struct partial v, to;

	enum tu_comparator comparator = tu_native_comparator(rest);
	struct tu_str token = take_token(rest);
	if (p->dialect == &conan && tu_str_ends(token, TU_STR("-")))
		token = tu_str_first(token, token.len - 1); /* only says: pre-releases too */
	if (p->dialect == &composer)
		token = tu_str_first(token, tu_str_find(token, '@'));
	if (!read_partial(p->dialect, token, &v))
		return tu_fail(p->err, TU_E_SYNTAX, at, "expected a version, not \"%.*s\"",
			TU_STR_FMT(tu_str_first(token, 60)));
	bool fine;
	if (comparator == TU_CMP_NONE && take_hyphen(rest)) {
		at = (size_t)(rest->ptr - p->text.ptr);
		token = take_token(rest);
		if (!read_partial(p->dialect, token, &to))
			return tu_fail(p->err, TU_E_SYNTAX, at, "expected a version after \"-\"");
		fine = apply(p, TU_CMP_GE, &v, false) && clip_hyphen_end(p, &to);
	} else {
		fine = apply(p, comparator, &v,
			tu_str_find(token, '*') < token.len ||
				tu_str_isearch(token, TU_STR(".x")) < token.len);
	}
	return fine ? TU_OK : tu_no_memory(p->err);
}

static enum tu_status parse_alternative(struct parser *p, struct tu_str rest)
{
	p->set = (struct tu_intervals){.arena = p->out->arena, .scheme = p->out->scheme};
	if (!tu_native_everything(&p->set))
		return tu_no_memory(p->err);
	rest = tu_str_trim(rest);
	while (rest.len > 0) {
		if (rest.ptr[0] == ',' || tu_char_is_space(rest.ptr[0])) {
			rest = tu_str_from(rest, 1);
			continue;
		}
		/* Conan's options: "include_prerelease=True". */
		if (p->dialect == &conan && tu_str_starts(rest, TU_STR("include_prerelease")))
			break;
		enum tu_status status = parse_comparator(p, &rest);
		if (status != TU_OK)
			return status;
	}
	return tu_native_append(p->out, &p->set) ? TU_OK : tu_no_memory(p->err);
}

static enum tu_status parse(const struct dialect *dialect, struct tu_str text,
	struct tu_intervals *out, struct tu_error *err)
{
	struct parser p = {.dialect = dialect, .text = text, .out = out, .err = err};
	struct tu_str rest = text;

	for (;;) {
		size_t bar = dialect->single_bar ? tu_str_find(rest, '|')
						 : tu_str_search(rest, TU_STR("||"));
		enum tu_status status = parse_alternative(&p, tu_str_first(rest, bar));
		if (status != TU_OK)
			return status;
		if (bar == rest.len)
			return TU_OK;
		rest = tu_str_from(rest, bar);
		if (!tu_str_skip(&rest, TU_STR("||")))
			rest = tu_str_from(rest, 1);
	}
}

enum tu_status tu_native_npm(struct tu_str text, struct tu_intervals *out, struct tu_error *err)
{
	return parse(&npm, text, out, err);
}

enum tu_status tu_native_composer(
	struct tu_str text, struct tu_intervals *out, struct tu_error *err)
{
	return parse(&composer, text, out, err);
}

enum tu_status tu_native_conan(struct tu_str text, struct tu_intervals *out, struct tu_error *err)
{
	return parse(&conan, text, out, err);
}

enum tu_status tu_native_cargo(struct tu_str text, struct tu_intervals *out, struct tu_error *err)
{
	return parse(&cargo, text, out, err);
}

/* The text before "-" or "+", without "v": "1.2.3"; the pre-release is `*out_pre`. */
static struct tu_str release_of(struct tu_str version, bool *out_pre)
{
	version = tu_str_trim(version);
	while (version.len > 0 && !tu_char_is_digit(version.ptr[0]))
		version = tu_str_from(version, 1);
	size_t len = 0;
	while (len < version.len && (tu_char_is_digit(version.ptr[len]) || version.ptr[len] == '.'))
		len++;
	*out_pre = len < version.len && version.ptr[len] != '+';
	return tu_str_first(version, len);
}

static bool same_release_with_pre(const struct tu_bound *bound, struct tu_str release)
{
	bool pre = false;

	return bound->text.len > 0 && tu_str_eq(release_of(bound->text, &pre), release) && pre;
}

bool tu_npm_admits(const struct tu_interval *interval, struct tu_str version)
{
	bool pre = false;
	struct tu_str release = release_of(version, &pre);

	return !pre || same_release_with_pre(&interval->lo, release) ||
		same_release_with_pre(&interval->hi, release);
}
