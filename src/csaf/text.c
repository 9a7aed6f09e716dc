/* Texts of CSAF: dates, versions and the patterns of its schema, by hand rather than by regular
 * expressions: no backtracking, no locale. */
#include "base/time.h"
#include "csaf/csaf.h"

/* ---- dates ---- */

static bool is_hex(char c)
{
	return tu_char_is_digit(c) || (tu_char_lower(c) >= 'a' && tu_char_lower(c) <= 'f');
}

/* Digits where the picture has "0", anything else as it stands. */
static bool fits(struct tu_str text, const char *picture)
{
	size_t len = strlen(picture);

	if (text.len < len)
		return false;
	for (size_t i = 0; i < len; i++)
		if (picture[i] == '0' ? !tu_char_is_digit(text.ptr[i]) : text.ptr[i] != picture[i])
			return false;
	return true;
}

static uint32_t fraction(struct tu_str *rest)
{
	struct tu_str digits;
	uint32_t nanos = 0;

	if (!tu_str_skip(rest, TU_STR(".")))
		return 0;
	digits = tu_str_digits(rest);
	if (!digits.len)
		return UINT32_MAX;
	for (size_t i = 0; i < 9; i++)
		nanos = nanos * 10 + (i < digits.len ? (uint32_t)(digits.ptr[i] - '0') : 0);
	return nanos;
}

static bool zone_fits(struct tu_str zone)
{
	if (tu_str_eq(zone, TU_STR("Z")))
		return true;
	if (zone.len != 6 || (zone.ptr[0] != '+' && zone.ptr[0] != '-'))
		return false;
	return fits(tu_str_from(zone, 1), "00:00");
}

/* tu_time_parse() knows the calendar; it is more lenient in form, so the form is tested here. */
struct tu_csaf_instant tu_csaf_instant(struct tu_str text)
{
	struct tu_csaf_instant instant = {0};
	struct tu_str rest = tu_str_from(text, 19);
	char plain[40];
	size_t len = 19;

	if (!fits(text, "0000-00-00T00:00:00"))
		return instant;
	instant.nanos = fraction(&rest);
	if (instant.nanos == UINT32_MAX || !zone_fits(rest) || rest.len > 6)
		return (struct tu_csaf_instant){0};
	memcpy(plain, text.ptr, len);
	instant.leap = plain[17] == '6' && plain[18] == '0';
	if (instant.leap)
		memcpy(plain + 17, "59", 2);
	memcpy(plain + len, rest.ptr, rest.len);
	instant.known = tu_time_parse(tu_str_of(plain, len + rest.len), &instant.seconds);
	instant.seconds += instant.leap;
	return instant;
}

int tu_csaf_instant_compare(struct tu_csaf_instant a, struct tu_csaf_instant b)
{
	if (a.seconds != b.seconds)
		return a.seconds < b.seconds ? -1 : 1;
	return (a.nanos > b.nanos) - (a.nanos < b.nanos);
}

/* ---- versions ---- */

static bool take_number(struct tu_str *rest, struct tu_str *out)
{
	*out = tu_str_digits(rest);
	return out->len == 1 || (out->len > 1 && out->ptr[0] != '0');
}

static bool all_digits(struct tu_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!tu_char_is_digit(s.ptr[i]))
			return false;
	return s.len > 0;
}

/* Identifiers joined by dots; `strict`: no leading zeros in numbers. */
static bool identifiers_fit(struct tu_str text, bool strict)
{
	struct tu_str part;

	while (tu_str_split(&text, '.', &part)) {
		if (!part.len || (strict && all_digits(part) && part.len > 1 && part.ptr[0] == '0'))
			return false;
		for (size_t i = 0; i < part.len; i++)
			if (!tu_char_is_alnum(part.ptr[i]) && part.ptr[i] != '-')
				return false;
	}
	return true;
}

bool tu_csaf_version_parse(struct tu_str text, struct tu_csaf_version *out)
{
	struct tu_str rest = text;
	size_t plus;

	*out = (struct tu_csaf_version){0};
	if (!take_number(&rest, &out->major))
		return false;
	out->integer = rest.len == 0;
	if (out->integer)
		return true;
	if (!tu_str_skip(&rest, TU_STR(".")) || !take_number(&rest, &out->minor) ||
		!tu_str_skip(&rest, TU_STR(".")) || !take_number(&rest, &out->patch))
		return false;
	plus = tu_str_find(rest, '+');
	if (plus < rest.len) {
		out->build = tu_str_from(rest, plus + 1);
		if (!identifiers_fit(out->build, false) || !out->build.len)
			return false;
	}
	rest = tu_str_first(rest, plus);
	if (!rest.len)
		return true;
	if (!tu_str_skip(&rest, TU_STR("-")) || !rest.len)
		return false;
	out->pre = rest;
	return identifiers_fit(rest, true);
}

static int compare_identifier(struct tu_str a, struct tu_str b)
{
	bool number_a = all_digits(a), number_b = all_digits(b);

	if (number_a && number_b)
		return tu_str_cmp_digits(a, b);
	if (number_a != number_b)
		return number_a ? -1 : 1;
	return tu_str_cmp(a, b);
}

/* SemVer 2.0.0, 11: a version without pre-release part is the greater one. */
static int compare_pre(struct tu_str a, struct tu_str b)
{
	struct tu_str part_a, part_b;

	if (!a.len || !b.len)
		return (a.len == 0) - (b.len == 0);
	for (;;) {
		bool more_a = tu_str_split(&a, '.', &part_a);
		bool more_b = tu_str_split(&b, '.', &part_b);
		int order;
		if (!more_a || !more_b)
			return (int)more_a - (int)more_b;
		order = compare_identifier(part_a, part_b);
		if (order)
			return order;
	}
}

int tu_csaf_version_compare(struct tu_str a, struct tu_str b, bool pre)
{
	struct tu_csaf_version left, right;
	int order;

	if (!tu_csaf_version_parse(a, &left) || !tu_csaf_version_parse(b, &right))
		return tu_str_cmp(a, b);
	order = tu_str_cmp_digits(left.major, right.major);
	if (!order)
		order = tu_str_cmp_digits(left.minor, right.minor);
	if (!order)
		order = tu_str_cmp_digits(left.patch, right.patch);
	if (!order && pre)
		order = compare_pre(left.pre, right.pre);
	return order;
}

/* ---- patterns ---- */

static bool any(struct tu_str s)
{
	return s.len > 0;
}

/* RFC 3986, as far as form goes: a scheme, and nothing that must be escaped. */
static bool uri(struct tu_str s)
{
	size_t colon = tu_str_find(s, ':');

	if (colon == 0 || colon == s.len || !tu_char_is_alpha(s.ptr[0]))
		return false;
	for (size_t i = 1; i < colon; i++)
		if (!tu_char_is_alnum(s.ptr[i]) && !strchr("+-.", s.ptr[i]))
			return false;
	for (size_t i = colon; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		if (c <= ' ' || c >= 0x7f || strchr("<>\"{}|\\^`", c))
			return false;
		if (c == '%' && (i + 2 >= s.len || !is_hex(s.ptr[i + 1]) || !is_hex(s.ptr[i + 2])))
			return false;
	}
	return true;
}

static bool date(struct tu_str s)
{
	return tu_csaf_instant(s).known;
}

static bool version(struct tu_str s)
{
	struct tu_csaf_version parsed;

	return tu_csaf_version_parse(s, &parsed);
}

static bool blank_at(struct tu_str s, size_t at)
{
	return tu_char_is_space(s.ptr[at]);
}

static bool trimmed(struct tu_str s)
{
	return s.len && !blank_at(s, 0) && !blank_at(s, s.len - 1);
}

static bool category(struct tu_str s)
{
	return trimmed(s) && !strchr("-_.", s.ptr[0]) && !strchr("-_.", s.ptr[s.len - 1]);
}

static bool cve(struct tu_str s)
{
	return fits(s, "CVE-0000-0000") && all_digits(tu_str_from(s, 9));
}

static bool cwe(struct tu_str s)
{
	return tu_str_skip(&s, TU_STR("CWE-")) && all_digits(s) && s.ptr[0] != '0' && s.len <= 6;
}

/* Major without leading zero, minor, and perhaps a third number. */
static bool cwe_version(struct tu_str s)
{
	struct tu_str major, minor;

	if (!take_number(&s, &major) || major.ptr[0] == '0' || !tu_str_skip(&s, TU_STR(".")) ||
		!take_number(&s, &minor))
		return false;
	return !s.len || (tu_str_skip(&s, TU_STR(".")) && all_digits(s));
}

static bool hash(struct tu_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_hex(s.ptr[i]))
			return false;
	return s.len >= 32;
}

static bool hash_lower(struct tu_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (tu_char_is_upper(s.ptr[i]))
			return false;
	return hash(s);
}

static bool algorithm(struct tu_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!tu_char_is_lower(s.ptr[i]) && !tu_char_is_digit(s.ptr[i]) &&
			(s.ptr[i] != '-' || i == 0))
			return false;
	return s.len > 0;
}

static bool purl_form(struct tu_str s, const char *first, bool upper)
{
	size_t slash;

	if (!tu_str_skip(&s, TU_STR("pkg:")))
		return false;
	slash = tu_str_find(s, '/');
	if (slash == 0 || slash + 1 >= s.len)
		return false;
	for (size_t i = 0; i < slash; i++) {
		char c = s.ptr[i];
		bool letter = upper ? tu_char_is_alpha(c) : tu_char_is_lower(c);
		bool other =
			strchr(first, c) || (i > 0 && (tu_char_is_digit(c) || strchr(".-", c)));
		if (!letter && !other)
			return false;
	}
	return true;
}

static bool purl(struct tu_str s)
{
	return purl_form(s, ".-+", true) && uri(s);
}

static bool purl_lower(struct tu_str s)
{
	return purl_form(s, "", false) && uri(s);
}

static bool is_punctuation(char c)
{
	return c > ' ' && c < 0x7f && !tu_char_is_alnum(c) && c != '-' && c != '.' && c != '_';
}

/* One attribute of a CPE 2.3 formatted string. */
static bool cpe_value(struct tu_str s)
{
	size_t at = 0, end = s.len;

	if (s.len == 1 && strchr("*-", s.ptr[0]))
		return true;
	if (at < end && s.ptr[at] == '*')
		at++;
	while (at < end && s.ptr[at] == '?')
		at++;
	if (at == end || strchr("*?", s.ptr[at]))
		return false;
	while (at < end && !strchr("*?", s.ptr[at])) {
		bool escape = s.ptr[at] == '\\';
		if (escape ? at + 1 == end || !is_punctuation(s.ptr[at + 1])
			   : !tu_char_is_alnum(s.ptr[at]) && !strchr("-._", s.ptr[at]))
			return false;
		at += escape ? 2 : 1;
	}
	if (at < end && s.ptr[at] == '*')
		return at + 1 == end;
	while (at < end && s.ptr[at] == '?')
		at++;
	return at == end;
}

static bool cpe_language(struct tu_str s)
{
	struct tu_str region;
	size_t hyphen = tu_str_find(s, '-');

	if (s.len == 1 && strchr("*-", s.ptr[0]))
		return true;
	for (size_t i = 0; i < hyphen; i++)
		if (!tu_char_is_alpha(s.ptr[i]))
			return false;
	region = tu_str_from(s, hyphen + 1);
	if (hyphen < 2 || hyphen > 3)
		return false;
	if (hyphen == s.len)
		return true;
	return all_digits(region) ? region.len == 3
				  : region.len == 2 && tu_char_is_alpha(region.ptr[0]) &&
			tu_char_is_alpha(region.ptr[1]);
}

/* The next attribute, up to a colon that is not escaped. */
static struct tu_str cpe_next(struct tu_str *rest)
{
	struct tu_str whole = *rest;
	size_t at = 0;

	while (at < whole.len && whole.ptr[at] != ':')
		at += whole.ptr[at] == '\\' ? 2 : 1;
	*rest = tu_str_from(whole, at + 1);
	return tu_str_first(whole, at);
}

static bool cpe_23(struct tu_str rest)
{
	bool complete = true;

	for (int i = 0; i < 11; i++) {
		size_t left = rest.len;
		struct tu_str value = cpe_next(&rest);
		if (i == 0		 ? value.len != 1 || !strchr("aho*-", value.ptr[0])
				: i == 6 ? !cpe_language(value)
					 : !cpe_value(value))
			return false;
		complete = value.len == left; /* a colon in it may be an escaped one */
	}
	return complete && !rest.len;
}

static bool cpe_22(struct tu_str rest)
{
	size_t colons = 0;
	bool part = rest.len && strchr("AHOaho", rest.ptr[0]);

	rest = tu_str_from(rest, part);
	if (rest.len && rest.ptr[0] != ':')
		return false;
	for (size_t i = 0; i < rest.len; i++) {
		if (!tu_char_is_alnum(rest.ptr[i]) && !strchr(":._-~%", rest.ptr[i]))
			return false;
		colons += rest.ptr[i] == ':';
	}
	return colons <= 6;
}

static bool cpe(struct tu_str s)
{
	if (tu_str_skip(&s, TU_STR("cpe:2.3:")))
		return cpe_23(s);
	if (!s.len || s.ptr[0] != 'c' || !tu_str_istarts(s, TU_STR("cpe:/")))
		return false;
	return cpe_22(tu_str_from(s, 5));
}

/* Version 4 of RFC 9562, or the nil or the max UUID; lower case. */
static bool uuid(struct tu_str s)
{
	if (tu_str_eq(s, TU_STR("00000000-0000-0000-0000-000000000000")) ||
		tu_str_eq(s, TU_STR("ffffffff-ffff-ffff-ffff-ffffffffffff")))
		return true;
	if (s.len != 36 || s.ptr[14] != '4')
		return false;
	for (size_t i = 0; i < s.len; i++) {
		bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
		if (hyphen ? s.ptr[i] != '-' : !is_hex(s.ptr[i]) || tu_char_is_upper(s.ptr[i]))
			return false;
	}
	return true;
}

static bool fraction_of_one(struct tu_str s)
{
	bool one = tu_str_skip(&s, TU_STR("1."));

	if (!one && !tu_str_skip(&s, TU_STR("0.")))
		return false;
	for (size_t i = 0; one && i < s.len; i++)
		if (s.ptr[i] != '0')
			return false;
	return all_digits(s);
}

static bool language(struct tu_str s)
{
	return tu_csaf_lang_check(s, NULL) != TU_CSAF_LANG_MALFORMED;
}

static const struct {
	bool (*holds)(struct tu_str s);
	const char *name;
} rules[TU_CSAF_RULES] = {
	[TU_CSAF_TEXT] = {any, "at least one character"},
	[TU_CSAF_URI] = {uri, "a URI"},
	[TU_CSAF_DATE] = {date, "a date and time with a zone, as in 2024-01-31T10:00:00Z"},
	[TU_CSAF_LANG] = {language, "a language tag, as in en-US"},
	[TU_CSAF_VERSION] = {version, "an integer or a semantic version"},
	[TU_CSAF_TRIMMED] = {trimmed, "no white space at either end"},
	[TU_CSAF_CATEGORY] = {category, "no white space, \"-\", \"_\" or \".\" at either end"},
	[TU_CSAF_CVE] = {cve, "a CVE id, as in CVE-2024-12345"},
	[TU_CSAF_CWE] = {cwe, "a CWE id, as in CWE-79"},
	[TU_CSAF_CWE_VERSION] = {cwe_version, "a version of CWE, as in 4.13"},
	[TU_CSAF_HASH] = {hash, "at least 32 hexadecimal digits"},
	[TU_CSAF_HASH_LOWER] = {hash_lower, "at least 32 hexadecimal digits in lower case"},
	[TU_CSAF_ALGORITHM] = {algorithm, "lower-case letters, digits and \"-\""},
	[TU_CSAF_PURL] = {purl, "a package URL"},
	[TU_CSAF_PURL_LOWER] = {purl_lower, "a package URL with its type in lower case"},
	[TU_CSAF_CPE] = {cpe, "a CPE name, 2.3 or 2.2"},
	[TU_CSAF_UUID] = {uuid, "a UUID of version 4, or the nil or max UUID, in lower case"},
	[TU_CSAF_FRACTION] = {fraction_of_one, "a decimal text from 0.0 to 1.0"},
};

bool tu_csaf_rule_holds(enum tu_csaf_rule rule, struct tu_str text)
{
	return rules[rule].holds(text);
}

const char *tu_csaf_rule_name(enum tu_csaf_rule rule)
{
	return rules[rule].name;
}

void tu_csaf_file_name(struct tu_str id, struct tu_buf *out)
{
	bool gap = false;

	for (size_t i = 0; i < id.len; i++) {
		char c = tu_char_lower(id.ptr[i]);
		bool fine = tu_char_is_lower(c) || tu_char_is_digit(c) || c == '+' || c == '-';
		if (fine)
			tu_buf_byte(out, c);
		else if (!gap)
			tu_buf_byte(out, '_');
		gap = !fine;
	}
	tu_buf_c(out, ".json");
}
