/*
 * Debian versions (Debian Policy, 5.6.12).
 *
 * Key: the epoch, then upstream version and revision, each as alternating non-digits and numbers.
 * A non-digit part maps every character so that "~" sorts before its end, letters after it and all
 * else after the letters. A part that is empty is written as its first pair, so that an absent
 * revision is the revision 0.
 */
#include "version/key.h"

enum { TILDE = 0x01, PART_END = 0x02, LETTER = 0x04, OTHER = 0x80 };

static void put_nondigit(struct tu_buf *out, char c)
{
	if (c == '~')
		tu_buf_byte(out, TILDE);
	else if (tu_char_is_alpha(c))
		tu_buf_byte(out, (char)(LETTER + (c - 'A')));
	else
		tu_buf_byte(out, (char)(OTHER + c));
}

static void put_part(struct tu_buf *out, struct tu_str part)
{
	do {
		while (part.len > 0 && !tu_char_is_digit(part.ptr[0])) {
			put_nondigit(out, part.ptr[0]);
			part = tu_str_from(part, 1);
		}
		tu_buf_byte(out, PART_END);
		tu_key_number(out, tu_str_digits(&part));
	} while (part.len > 0);
	tu_buf_byte(out, PART_END);
	tu_key_number(out, TU_STR(""));
}

static bool is_allowed(char c)
{
	return tu_char_is_alnum(c) || c == '.' || c == '+' || c == '-' || c == '~' || c == ':' ||
		c == '_';
}

bool tu_version__deb(struct tu_str version, struct tu_buf *out)
{
	struct tu_str epoch = TU_STR("");

	for (size_t i = 0; i < version.len; i++)
		if (!is_allowed(version.ptr[i]))
			return false;
	size_t colon = tu_str_find(version, ':');
	if (colon < version.len) {
		epoch = tu_str_first(version, colon);
		version = tu_str_from(version, colon + 1);
		if (!tu_key_all_digits(epoch) || version.len == 0)
			return false;
	}
	size_t hyphen = tu_str_rfind(version, '-');
	tu_key_number(out, epoch);
	put_part(out, tu_str_first(version, hyphen));
	put_part(out, tu_str_from(version, hyphen + 1));
	return true;
}
