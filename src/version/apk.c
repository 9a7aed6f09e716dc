/*
 * Alpine's versions (apk-package(5), "Package version") and Gentoo's (Package Manager
 * Specification, "Version comparison"): numbers, a letter, suffixes, a revision.
 *
 * In both a number after the first that starts with zero is compared as a fraction.
 */
#include "version/key.h"

/* Suffix words; those before the end of a version announce a release, the others follow it. */
struct suffix {
	struct tu_str word;
	unsigned char token;
};

/* What may stand at one place of an Alpine version, in order. */
enum {
	APK_ALPHA = 0x01,
	APK_BETA,
	APK_PRE,
	APK_RC,
	APK_END,
	APK_REVISION,
	APK_HASH,
	APK_SUFFIX_NUMBER,
	APK_CVS,
	APK_SVN,
	APK_GIT,
	APK_HG,
	APK_P,
	APK_LETTER,
	APK_FRACTION,
	APK_NUMBER,
};

static const struct suffix apk_suffixes[] = {
	{TU_STR_INIT("alpha"), APK_ALPHA},
	{TU_STR_INIT("beta"), APK_BETA},
	{TU_STR_INIT("pre"), APK_PRE},
	{TU_STR_INIT("rc"), APK_RC},
	{TU_STR_INIT("cvs"), APK_CVS},
	{TU_STR_INIT("svn"), APK_SVN},
	{TU_STR_INIT("git"), APK_GIT},
	{TU_STR_INIT("hg"), APK_HG},
	{TU_STR_INIT("p"), APK_P},
};

enum { GENTOO_ALPHA = 0x01, GENTOO_BETA, GENTOO_PRE, GENTOO_RC, GENTOO_SUFFIX_END, GENTOO_P };
enum { GENTOO_NUMBERS_END = 0x01, GENTOO_FRACTION, GENTOO_NUMBER };

static const struct suffix gentoo_suffixes[] = {
	{TU_STR_INIT("alpha"), GENTOO_ALPHA},
	{TU_STR_INIT("beta"), GENTOO_BETA},
	{TU_STR_INIT("pre"), GENTOO_PRE},
	{TU_STR_INIT("rc"), GENTOO_RC},
	{TU_STR_INIT("p"), GENTOO_P},
};

/* Step over "_word"; 0 when it is none of the table. */
static unsigned char take_suffix(
	struct tu_str *s, const struct suffix *suffixes, size_t suffix_count)
{
	struct tu_str rest = tu_str_from(*s, 1);
	struct tu_str word = tu_key_letters(&rest);

	for (size_t i = 0; i < suffix_count; i++) {
		if (tu_str_eq(suffixes[i].word, word)) {
			*s = rest;
			return suffixes[i].token;
		}
	}
	return 0;
}

static bool is_hex(struct tu_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!tu_char_is_digit(s.ptr[i]) && (s.ptr[i] < 'a' || s.ptr[i] > 'f'))
			return false;
	return s.len > 0;
}

static bool put_apk_dotted(struct tu_buf *out, struct tu_str *s)
{
	while (tu_key_skip(s, '.')) {
		struct tu_str digits = tu_str_digits(s);
		if (digits.len == 0)
			return false;
		if (digits.ptr[0] == '0') {
			tu_buf_byte(out, APK_FRACTION);
			tu_key_text(out, digits);
		} else {
			tu_buf_byte(out, APK_NUMBER);
			tu_key_number(out, digits);
		}
	}
	return true;
}

/* Numbers and a letter. apk-tools 2 read a number after the letter too, and Alpine's advisories
 * have such versions: sudo 1.9.5p2-r0, opensmtpd 6.6.2p1-r0. */
static bool put_apk_numbers(struct tu_buf *out, struct tu_str *s)
{
	struct tu_str digits = tu_str_digits(s);

	if (digits.len == 0)
		return false;
	tu_key_number(out, digits);
	if (!put_apk_dotted(out, s))
		return false;
	while (s->len > 0 && tu_char_is_lower(s->ptr[0])) {
		tu_buf_byte(out, APK_LETTER);
		tu_buf_byte(out, s->ptr[0]);
		*s = tu_str_from(*s, 1);
		digits = tu_str_digits(s);
		if (digits.len == 0)
			break;
		tu_buf_byte(out, APK_NUMBER);
		tu_key_number(out, digits);
		if (!put_apk_dotted(out, s))
			return false;
	}
	return true;
}

static bool put_apk_suffixes(struct tu_buf *out, struct tu_str *s)
{
	while (s->len > 0 && s->ptr[0] == '_') {
		unsigned char token = take_suffix(s, apk_suffixes, TU_COUNT(apk_suffixes));
		if (token == 0)
			return false;
		tu_buf_byte(out, (char)token);
		struct tu_str digits = tu_str_digits(s);
		if (digits.len > 0) {
			tu_buf_byte(out, APK_SUFFIX_NUMBER);
			tu_key_number(out, digits);
		}
	}
	return true;
}

bool tu_version__apk(struct tu_str version, struct tu_buf *out)
{
	if (!put_apk_numbers(out, &version) || !put_apk_suffixes(out, &version))
		return false;
	if (tu_key_skip(&version, '~')) {
		struct tu_str hash = tu_str_first(version, tu_str_find(version, '-'));
		if (!is_hex(hash))
			return false;
		tu_buf_byte(out, APK_HASH);
		tu_key_text(out, hash);
		version = tu_str_from(version, hash.len);
	}
	if (tu_str_skip(&version, TU_STR("-r"))) {
		tu_buf_byte(out, APK_REVISION);
		tu_key_number(out, tu_str_digits(&version));
	}
	tu_buf_byte(out, APK_END);
	return version.len == 0;
}

static void put_gentoo_number(struct tu_buf *out, struct tu_str digits)
{
	if (digits.ptr[0] != '0') {
		tu_buf_byte(out, GENTOO_NUMBER);
		tu_key_number(out, digits);
		return;
	}
	while (digits.len > 0 && digits.ptr[digits.len - 1] == '0')
		digits.len--;
	tu_buf_byte(out, GENTOO_FRACTION);
	tu_key_text(out, digits);
}

bool tu_version__gentoo(struct tu_str version, struct tu_buf *out)
{
	struct tu_str digits = tu_str_digits(&version);

	if (digits.len == 0)
		return false;
	tu_key_number(out, digits);
	while (tu_key_skip(&version, '.')) {
		digits = tu_str_digits(&version);
		if (digits.len == 0)
			return false;
		put_gentoo_number(out, digits);
	}
	tu_buf_byte(out, GENTOO_NUMBERS_END);
	bool letter = version.len > 0 && tu_char_is_lower(version.ptr[0]);
	tu_buf_byte(out, letter ? version.ptr[0] : '\0');
	version = tu_str_from(version, letter ? 1 : 0);
	while (version.len > 0 && version.ptr[0] == '_') {
		unsigned char token =
			take_suffix(&version, gentoo_suffixes, TU_COUNT(gentoo_suffixes));
		if (token == 0)
			return false;
		tu_buf_byte(out, (char)token);
		tu_key_number(out, tu_str_digits(&version));
	}
	tu_buf_byte(out, GENTOO_SUFFIX_END);
	struct tu_str revision = TU_STR("");
	if (tu_str_skip(&version, TU_STR("-r"))) {
		revision = tu_str_digits(&version);
		if (revision.len == 0)
			return false;
	}
	tu_key_number(out, revision);
	return version.len == 0;
}
