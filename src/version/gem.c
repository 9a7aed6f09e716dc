/*
 * RubyGems versions (Gem::Version's documentation).
 *
 * Segments of digits or letters; letters sort before numbers, and the shorter version is completed
 * with zeros. So a zero sorts before or after the end of a version by what follows the run of
 * zeros that it is part of, and its class says which. Zeros before the first letters and at the
 * end do not count. A hyphen is read as ".pre.".
 */
#include "version/key.h"

enum { WORD = 0x01, ZERO_BEFORE_WORD, END, ZERO_BEFORE_NUMBER, NUMBER };

static bool is_separator(char c)
{
	return c == '.' || c == '-';
}

/* Digits first, no empty segment, nothing but digits, letters and separators. */
static bool is_valid(struct tu_str s)
{
	if (!tu_char_is_digit(s.ptr[0]) || is_separator(s.ptr[s.len - 1]))
		return false;
	for (size_t i = 0; i < s.len; i++) {
		bool separator = is_separator(s.ptr[i]);
		if (!separator && !tu_char_is_alnum(s.ptr[i]))
			return false;
		if (separator && is_separator(s.ptr[i + 1]))
			return false;
	}
	return true;
}

/* The class of a zero segment with `rest` after it. */
static unsigned char class_of_zero(struct tu_str rest)
{
	while (rest.len > 0) {
		if (rest.ptr[0] == '-' || tu_char_is_alpha(rest.ptr[0]))
			return ZERO_BEFORE_WORD;
		if (tu_key_significant(tu_str_digits(&rest)).len > 0)
			return ZERO_BEFORE_NUMBER;
		tu_key_skip(&rest, '.');
	}
	return END;
}

static void put_number(struct tu_buf *out, struct tu_str *s, bool in_release)
{
	struct tu_str digits = tu_str_digits(s);

	if (tu_key_significant(digits).len > 0) {
		tu_buf_byte(out, NUMBER);
		tu_key_number(out, digits);
		return;
	}
	unsigned char token = class_of_zero(*s);
	if (token != END && !(in_release && token == ZERO_BEFORE_WORD))
		tu_buf_byte(out, (char)token);
}

static void put_word(struct tu_buf *out, struct tu_str word)
{
	tu_buf_byte(out, WORD);
	tu_key_text(out, word);
}

bool tu_version__gem(struct tu_str version, struct tu_buf *out)
{
	bool in_release = true;

	if (!is_valid(version))
		return false;
	while (version.len > 0) {
		if (tu_char_is_digit(version.ptr[0])) {
			put_number(out, &version, in_release);
		} else {
			put_word(out, tu_key_letters(&version));
			in_release = false;
		}
		if (tu_key_skip(&version, '-')) {
			put_word(out, TU_STR("pre"));
			in_release = false;
		} else {
			tu_key_skip(&version, '.');
		}
	}
	tu_buf_byte(out, END);
	return true;
}
