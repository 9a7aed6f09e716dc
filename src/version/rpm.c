/*
 * RPM versions (rpm-version(7)) and Arch Linux's (vercmp(8)), which grew from them.
 *
 * Segments of digits or letters; what is between them only separates. Key: epoch, version,
 * release, each as segments with a class byte.
 */
#include "version/key.h"

/* rpm: "~" sorts before the end, "^" just after it. */
enum { RPM_TILDE = 0x01, RPM_END, RPM_CARET, RPM_LETTERS, RPM_NUMBER };
enum { NO_RELEASE = 0x01, RELEASE };

/* alpm: letters sort before the end; a longer run of separators after a shorter one. */
enum { ALPM_LETTERS = 0x01, ALPM_END, ALPM_NUMBER, ALPM_SEPARATED };

/* "epoch:"; one that is missing or empty is zero. What comes before a colon and is no number is
 * part of the version: both programs read it so. */
static struct tu_str take_epoch(struct tu_str *version)
{
	struct tu_str rest = *version;
	struct tu_str epoch = tu_str_digits(&rest);

	if (!tu_key_skip(&rest, ':'))
		return TU_STR("");
	*version = rest;
	return epoch;
}

static void put_rpm(struct tu_buf *out, struct tu_str s)
{
	while (s.len > 0) {
		char c = s.ptr[0];
		if (tu_char_is_digit(c)) {
			tu_buf_byte(out, RPM_NUMBER);
			tu_key_number(out, tu_str_digits(&s));
		} else if (tu_char_is_alpha(c)) {
			tu_buf_byte(out, RPM_LETTERS);
			tu_key_text(out, tu_key_letters(&s));
		} else {
			if (c == '~' || c == '^')
				tu_buf_byte(out, c == '~' ? RPM_TILDE : RPM_CARET);
			s = tu_str_from(s, 1);
		}
	}
	tu_buf_byte(out, RPM_END);
}

static bool has_space(struct tu_str s)
{
	return tu_str_find(s, ' ') < s.len;
}

/* A version without release sorts before the same one with any, an empty one too. */
bool tu_version__rpm(struct tu_str version, struct tu_buf *out)
{
	if (has_space(version))
		return false;
	tu_key_number(out, take_epoch(&version));
	size_t hyphen = tu_str_rfind(version, '-');
	put_rpm(out, tu_str_first(version, hyphen));
	tu_buf_byte(out, hyphen < version.len ? RELEASE : NO_RELEASE);
	put_rpm(out, tu_str_from(version, hyphen + 1));
	return true;
}

static size_t take_separators(struct tu_str *s)
{
	size_t len = 0;

	while (len < s->len && !tu_char_is_alnum(s->ptr[len]))
		len++;
	*s = tu_str_from(*s, len);
	return len;
}

static void put_separators(struct tu_buf *out, size_t count)
{
	if (count == 0)
		return;
	tu_buf_byte(out, ALPM_SEPARATED);
	tu_buf_byte(out, (char)(count >> 8));
	tu_buf_byte(out, (char)(count & 0xff));
}

static void put_alpm(struct tu_buf *out, struct tu_str s)
{
	take_separators(&s);
	while (s.len > 0) {
		if (tu_char_is_digit(s.ptr[0])) {
			tu_buf_byte(out, ALPM_NUMBER);
			tu_key_number(out, tu_str_digits(&s));
		} else {
			tu_buf_byte(out, ALPM_LETTERS);
			tu_key_text(out, tu_key_letters(&s));
		}
		put_separators(out, take_separators(&s));
	}
	tu_buf_byte(out, ALPM_END);
}

bool tu_version__alpm(struct tu_str version, struct tu_buf *out)
{
	if (has_space(version))
		return false;
	tu_key_number(out, take_epoch(&version));
	size_t hyphen = tu_str_rfind(version, '-');
	put_alpm(out, tu_str_first(version, hyphen));
	tu_buf_byte(out, hyphen < version.len ? RELEASE : NO_RELEASE);
	put_alpm(out, tu_str_from(version, hyphen + 1));
	return true;
}

static bool has_release(struct tu_str version)
{
	return tu_str_rfind(version, '-') < version.len;
}

/* vercmp(8): a release counts only where both versions have one, so 1.5-1 = 1.5 = 1.5-2. */
bool tu_version__alpm_relate(struct tu_str *a, struct tu_str *b, enum tu_order *out_order)
{
	(void)out_order;
	if (has_release(*a) == has_release(*b))
		return false;
	*a = tu_str_first(*a, tu_str_rfind(*a, '-'));
	*b = tu_str_first(*b, tu_str_rfind(*b, '-'));
	return false;
}
