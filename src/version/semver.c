/*
 * Semantic versions (semver.org, 2.0.0) and their relatives.
 *
 * Key: the numbers, then PRE and the pre-release identifiers or RELEASE. Two or one numbers are
 * completed with zeros; "v1.2.3" and "=1.2.3" are read as people write them.
 */
#include "version/key.h"

enum { PRE = 0x01, RELEASE = 0x02 };
enum { ID_END = 0x01, ID_NUMBER = 0x02, ID_TEXT = 0x03 };

struct rules {
	unsigned parts; /* at most this many numbers */
	bool fold_case; /* of pre-release identifiers */
	bool order_builds; /* metadata after "+" counts */
	bool split_loose; /* "1.21rc2" has the identifiers rc and 2 */
	struct tu_str largest; /* number that is allowed; empty: any */
};

static void put_identifier(const struct rules *rules, struct tu_buf *out, struct tu_str id)
{
	if (tu_key_all_digits(id)) {
		tu_buf_byte(out, ID_NUMBER);
		tu_key_number(out, id);
	} else {
		tu_buf_byte(out, ID_TEXT);
		if (rules->fold_case)
			tu_key_text_folded(out, id);
		else
			tu_key_text(out, id);
	}
}

static bool is_identifier(struct tu_str id)
{
	for (size_t i = 0; i < id.len; i++)
		if (!tu_char_is_alnum(id.ptr[i]) && id.ptr[i] != '-')
			return false;
	return id.len > 0;
}

static bool put_identifiers(const struct rules *rules, struct tu_buf *out, struct tu_str text)
{
	struct tu_str id;

	if (text.len == 0)
		return false;
	while (tu_str_split(&text, '.', &id)) {
		if (!is_identifier(id))
			return false;
		put_identifier(rules, out, id);
	}
	tu_buf_byte(out, ID_END);
	return true;
}

/* "rc2" without a hyphen before it. */
static bool put_loose(const struct rules *rules, struct tu_buf *out, struct tu_str text)
{
	struct tu_str rest = text;
	struct tu_str word = tu_key_letters(&rest);

	if (!rules->split_loose || word.len == 0 || !tu_key_all_digits(rest))
		return put_identifiers(rules, out, text);
	put_identifier(rules, out, word);
	put_identifier(rules, out, rest);
	tu_buf_byte(out, ID_END);
	return true;
}

/* The numbers; `*s` is left after them. */
static bool put_numbers(const struct rules *rules, struct tu_buf *out, struct tu_str *s)
{
	unsigned count = 0;

	for (;;) {
		struct tu_str digits = tu_str_digits(s);
		if (digits.len == 0 || count == rules->parts)
			return false;
		if (rules->largest.len > 0 && tu_str_cmp_digits(digits, rules->largest) > 0)
			return false;
		tu_key_number(out, digits);
		count++;
		if (!tu_key_skip(s, '.'))
			break;
	}
	for (; count < rules->parts; count++)
		tu_key_number(out, TU_STR(""));
	return true;
}

static bool encode(const struct rules *rules, struct tu_str version, struct tu_buf *out)
{
	while (version.len > 0 &&
		(version.ptr[0] == '=' || version.ptr[0] == ' ' ||
			tu_char_lower(version.ptr[0]) == 'v'))
		version = tu_str_from(version, 1);
	if (!put_numbers(rules, out, &version))
		return false;

	size_t plus = tu_str_find(version, '+');
	struct tu_str pre = tu_str_first(version, plus);
	struct tu_str build = tu_str_from(version, plus);
	tu_buf_byte(out, pre.len > 0 ? PRE : RELEASE);
	if (pre.len > 0) {
		bool fine = tu_key_skip(&pre, '-') ? put_identifiers(rules, out, pre)
						   : put_loose(rules, out, pre);
		if (!fine)
			return false;
	}
	if (!rules->order_builds)
		return true;
	if (tu_key_skip(&build, '+'))
		return put_identifiers(rules, out, build);
	tu_buf_byte(out, ID_END);
	return true;
}

bool tu_version__semver(struct tu_str version, struct tu_buf *out)
{
	static const struct rules rules = {.parts = 3};

	return encode(&rules, version, out);
}

/* node-semver refuses numbers above JavaScript's largest safe integer. */
bool tu_version__npm(struct tu_str version, struct tu_buf *out)
{
	static const struct rules rules = {.parts = 3, .largest = TU_STR_INIT("9007199254740991")};

	return encode(&rules, version, out);
}

/* Modules ("v1.2.3", pseudo-versions are pre-releases, "+incompatible" does not count:
 * https://go.dev/ref/mod#versions) and the toolchain's own ("go1.21rc2"). */
bool tu_version__golang(struct tu_str version, struct tu_buf *out)
{
	static const struct rules rules = {.parts = 3, .split_loose = true};

	tu_str_skip(&version, TU_STR("go"));
	return encode(&rules, version, out);
}

/* Dart orders build metadata too: 1.0.0 < 1.0.0+1 (pub_semver's documentation). */
bool tu_version__pub(struct tu_str version, struct tu_buf *out)
{
	static const struct rules rules = {.parts = 3, .order_builds = true};

	return encode(&rules, version, out);
}

/* Four numbers and no case (https://learn.microsoft.com/nuget/concepts/package-versioning). */
bool tu_version__nuget(struct tu_str version, struct tu_buf *out)
{
	static const struct rules rules = {.parts = 4, .fold_case = true};

	return encode(&rules, version, out);
}
