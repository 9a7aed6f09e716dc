/*
 * Composer versions (https://getcomposer.org/doc/articles/versions.md): what
 * Composer\Semver\VersionParser makes of them, in the order of PHP's version_compare().
 *
 * Up to four numbers are completed to four, dates are not. A first number of more than five digits
 * that is no date is a number to us, where Composer has no answer. Branch names have no key:
 * Composer's Comparator puts each of them before every version but in no order among themselves,
 * and its constraints match none.
 */
#include "version/key.h"

enum { DEV = 0x01, ALPHA, BETA, CANDIDATE, END, NUMBER, PATCH };

/* A longer word comes before its prefix. */
static const struct {
	struct tu_str word;
	unsigned char token; /* 0: says nothing */
} stabilities[] = {
	{TU_STR_INIT("stable"), 0},
	{TU_STR_INIT("alpha"), ALPHA},
	{TU_STR_INIT("a"), ALPHA},
	{TU_STR_INIT("beta"), BETA},
	{TU_STR_INIT("b"), BETA},
	{TU_STR_INIT("rc"), CANDIDATE},
	{TU_STR_INIT("patch"), PATCH},
	{TU_STR_INIT("pl"), PATCH},
	{TU_STR_INIT("p"), PATCH},
};

static const struct tu_str flags[] = {TU_STR_INIT("@stable"), TU_STR_INIT("@rc"),
	TU_STR_INIT("@beta"), TU_STR_INIT("@alpha"), TU_STR_INIT("@dev")};

enum { PARTS = 4, YEAR_DIGITS = 5 /* a first number of more digits is a date */ };

static void put_number(struct tu_buf *out, struct tu_str digits)
{
	tu_buf_byte(out, NUMBER);
	tu_key_number(out, digits);
}

static bool has_blank(struct tu_str s)
{
	return tu_str_find(s, ' ') < s.len;
}

/* Without " as ALIAS" and "@stability". */
static struct tu_str without_remarks(struct tu_str s)
{
	size_t as = tu_str_search(s, TU_STR(" as "));
	struct tu_str alias = tu_str_trim(tu_str_from(s, as + 4));

	if (as < s.len && alias.len > 0 && !has_blank(alias))
		s = tu_str_trim(tu_str_first(s, as));
	size_t at = tu_str_rfind(s, '@');
	for (size_t i = 0; i < TU_COUNT(flags); i++)
		if (tu_str_ieq(tu_str_from(s, at), flags[i]))
			return tu_str_first(s, at);
	return s;
}

/* The name of a branch: after "dev-", or one that everybody knows. */
static bool is_branch(struct tu_str version, struct tu_str *out_name)
{
	*out_name = without_remarks(tu_str_trim(version));
	if (tu_str_istarts(*out_name, TU_STR("dev-"))) {
		*out_name = tu_str_from(*out_name, 4);
		return true;
	}
	return tu_str_eq(*out_name, TU_STR("master")) || tu_str_eq(*out_name, TU_STR("trunk")) ||
		tu_str_eq(*out_name, TU_STR("default"));
}

/* Numbers with one of ".", "-" and ":" between them, stepped over. */
static struct tu_str take_numbers(struct tu_str *s)
{
	struct tu_str start = *s;

	while (tu_str_digits(s).len > 0) {
		if (s->len < 2 || tu_str_find(TU_STR(".-:"), s->ptr[0]) == 3 ||
			!tu_char_is_digit(s->ptr[1]))
			break;
		*s = tu_str_from(*s, 1);
	}
	return tu_str_first(start, start.len - s->len);
}

/* After a year: two digits up to six times, then up to three digits twice. */
static bool is_date_rest(struct tu_str s, unsigned pairs, unsigned tails)
{
	if (s.len == 0)
		return pairs > 0;
	if (!tu_char_is_digit(s.ptr[0]))
		s = tu_str_from(s, 1);
	struct tu_str behind = s;
	size_t digits = tu_str_digits(&behind).len;
	if (tails == 0 && pairs < 6 && digits >= 2 && is_date_rest(tu_str_from(s, 2), pairs + 1, 0))
		return true;
	for (size_t i = 1; pairs > 0 && tails < 2 && i <= digits && i <= 3; i++)
		if (is_date_rest(tu_str_from(s, i), pairs, tails + 1))
			return true;
	return false;
}

static bool is_date(struct tu_str numbers)
{
	struct tu_str rest = numbers;

	return tu_str_digits(&rest).len >= 4 && is_date_rest(tu_str_from(numbers, 4), 0, 0);
}

static bool is_classical(struct tu_str numbers)
{
	unsigned count = 1;

	for (size_t i = 0; i < numbers.len; i++) {
		if (!tu_char_is_digit(numbers.ptr[i]) && numbers.ptr[i] != '.')
			return false;
		count += numbers.ptr[i] == '.';
	}
	return count <= PARTS && (tu_str_find(numbers, '.') <= YEAR_DIGITS || !is_date(numbers));
}

/* Each number, and `filler` up to four of them. */
static void put_numbers(
	struct tu_buf *out, struct tu_str numbers, unsigned parts, const char *filler)
{
	unsigned count = 0;

	for (; numbers.len > 0; count++) {
		put_number(out, tu_str_digits(&numbers));
		numbers = tu_str_from(numbers, 1);
	}
	for (; count < parts; count++)
		put_number(out, tu_str_c(filler));
}

/* A stability word and the numbers after it, "-beta2.1"; false for the word that says nothing. */
static bool put_stability(struct tu_buf *out, struct tu_str *s)
{
	for (size_t i = 0; i < TU_COUNT(stabilities); i++) {
		if (!tu_str_istarts(*s, stabilities[i].word))
			continue;
		*s = tu_str_from(*s, stabilities[i].word.len);
		struct tu_buf none = {.failed = true};
		struct tu_buf *to = stabilities[i].token != 0 ? out : &none;
		tu_buf_byte(to, (char)stabilities[i].token);
		for (;;) {
			struct tu_str rest = *s;
			if (rest.len > 1 && (rest.ptr[0] == '.' || rest.ptr[0] == '-'))
				rest = tu_str_from(rest, 1);
			struct tu_str digits = tu_str_digits(&rest);
			if (digits.len == 0)
				return stabilities[i].token != 0;
			put_number(to, digits);
			*s = rest;
		}
	}
	return true;
}

/* What may follow the numbers: a stability, "dev", both or nothing. */
static bool put_modifiers(struct tu_buf *out, struct tu_str s)
{
	if (s.len > 0 && tu_str_find(TU_STR("._-"), s.ptr[0]) < 3)
		s = tu_str_from(s, 1);
	bool counts = put_stability(out, &s);
	if (s.len > 0 && (s.ptr[0] == '.' || s.ptr[0] == '-'))
		s = tu_str_from(s, 1);
	bool dev = tu_str_ieq(s, TU_STR("dev"));
	if (dev && counts)
		tu_buf_byte(out, DEV);
	tu_buf_byte(out, END);
	return dev || s.len == 0;
}

static bool is_wildcard(struct tu_str s)
{
	return s.len > 1 && s.ptr[0] == '.' && (tu_char_lower(s.ptr[1]) == 'x' || s.ptr[1] == '*');
}

/* A branch with numbers, "1.2.x-dev", comes after all its releases. */
static bool put_numbered_branch(struct tu_buf *out, struct tu_str s)
{
	struct tu_str rest = s;
	unsigned count = 1;

	if (tu_str_digits(&rest).len == 0)
		return false;
	while (rest.len > 1 && rest.ptr[0] == '.' && tu_char_is_digit(rest.ptr[1])) {
		rest = tu_str_from(rest, 1);
		tu_str_digits(&rest);
		count++;
	}
	struct tu_str numbers = tu_str_first(s, s.len - rest.len);
	for (; is_wildcard(rest); count++)
		rest = tu_str_from(rest, 2);
	if (rest.len > 0 && (rest.ptr[0] == '.' || rest.ptr[0] == '-'))
		rest = tu_str_from(rest, 1);
	if (count > PARTS || !tu_str_ieq(rest, TU_STR("dev")))
		return false;
	put_numbers(out, numbers, PARTS, "9999999");
	tu_buf_byte(out, DEV);
	tu_buf_byte(out, END);
	return true;
}

bool tu_version__composer(struct tu_str version, struct tu_buf *out)
{
	struct tu_str branch;
	size_t before = out->len;

	if (is_branch(version, &branch))
		return false;
	version = without_remarks(version);
	size_t plus = tu_str_find(version, '+');
	if (plus + 1 < version.len && !has_blank(version))
		version = tu_str_first(version, plus);
	tu_key_skip_v(&version);
	struct tu_str rest = version;
	struct tu_str numbers = take_numbers(&rest);
	bool classical = is_classical(numbers);
	if (numbers.len > 0 && (classical || is_date(numbers))) {
		put_numbers(out, numbers, classical ? PARTS : 0, "");
		if (put_modifiers(out, rest))
			return true;
		if (!out->failed)
			out->len = before;
	}
	return put_numbered_branch(out, version);
}

bool tu_version__composer_relate(struct tu_str *a, struct tu_str *b, enum tu_order *out_order)
{
	struct tu_str name_a, name_b;
	bool branch_a = is_branch(*a, &name_a), branch_b = is_branch(*b, &name_b);
	struct tu_buf none = {.failed = true};

	if (!branch_a && !branch_b)
		return false;
	*out_order = TU_UNORDERED;
	if (branch_a && branch_b)
		*out_order = tu_str_eq(name_a, name_b) ? TU_EQUAL : TU_UNORDERED;
	else if (tu_version__composer(branch_a ? *b : *a, &none))
		*out_order = branch_a ? TU_LESS : TU_GREATER;
	return true;
}
