/*
 * Writing version keys: the encoders of the schemes and what they share.
 *
 * A key is a sequence of tokens. Every token starts with a class byte and the classes of a scheme
 * are numbered in the scheme's order at one place; the end of a list has a class of its own
 * wherever something may sort before it. Numbers carry their length first, so that memcmp orders
 * them by value without their ever becoming machine integers; texts end in a zero byte, which no
 * version contains (tu_version_key() refuses control characters).
 */
#ifndef TU_VERSION_KEY_H
#define TU_VERSION_KEY_H

#include <tutela/buf.h>
#include <tutela/str.h>
#include <tutela/version.h>

/* Append the key of a version that is trimmed, not empty and free of control characters. False:
 * the scheme cannot order it; what was appended is taken back by the caller. */
typedef bool tu_version_encoder(struct tu_str version, struct tu_buf *out);

tu_version_encoder tu_version__semver, tu_version__npm, tu_version__golang, tu_version__pub,
	tu_version__nuget;
tu_version_encoder tu_version__pep440, tu_version__maven, tu_version__deb, tu_version__rpm,
	tu_version__alpm;
tu_version_encoder tu_version__apk, tu_version__gentoo, tu_version__gem, tu_version__composer,
	tu_version__conan;
tu_version_encoder tu_version__cran, tu_version__dotted, tu_version__openssl, tu_version__kernel;
tu_version_encoder tu_version__generic, tu_version__datetime, tu_version__lexicographic;

/* What a scheme says of two trimmed versions that keys cannot say. True: `*out_order` is the
 * answer. False: keys decide, of the versions as they are now. */
typedef bool tu_version_relation(struct tu_str *a, struct tu_str *b, enum tu_order *out_order);

tu_version_relation tu_version__composer_relate, tu_version__alpm_relate, tu_version__maven_relate;

/* Is tu_version_compare() of two versions that have keys the order of these? */
bool tu_version__keys_decide(enum tu_scheme scheme);

/* The digit run without leading zeros; zero is empty. */
static inline struct tu_str tu_key_significant(struct tu_str digits)
{
	while (digits.len > 0 && digits.ptr[0] == '0')
		digits = tu_str_from(digits, 1);
	return digits;
}

/* A number: its length in one byte (255 and two more from 255 digits on), then its digits. An
 * empty run is zero. */
static inline void tu_key_number(struct tu_buf *out, struct tu_str digits)
{
	struct tu_str value = tu_key_significant(digits);

	if (value.len < 0xff) {
		tu_buf_byte(out, (char)value.len);
	} else {
		tu_buf_byte(out, (char)0xff);
		tu_buf_byte(out, (char)(value.len >> 8));
		tu_buf_byte(out, (char)(value.len & 0xff));
	}
	tu_buf_str_add(out, value);
}

/* A text and the zero byte that ends it. */
static inline void tu_key_text(struct tu_buf *out, struct tu_str text)
{
	tu_buf_str_add(out, text);
	tu_buf_byte(out, '\0');
}

/* The same in lower case. */
static inline void tu_key_text_folded(struct tu_buf *out, struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++)
		tu_buf_byte(out, tu_char_lower(text.ptr[i]));
	tu_buf_byte(out, '\0');
}

/* The leading run of ASCII letters, stepped over. */
static inline struct tu_str tu_key_letters(struct tu_str *s)
{
	size_t len = 0;

	while (len < s->len && tu_char_is_alpha(s->ptr[len]))
		len++;
	struct tu_str run = tu_str_first(*s, len);
	*s = tu_str_from(*s, len);
	return run;
}

static inline bool tu_key_all_digits(struct tu_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!tu_char_is_digit(s.ptr[i]))
			return false;
	return s.len > 0;
}

/* Step over `c`. */
static inline bool tu_key_skip(struct tu_str *s, char c)
{
	if (s->len == 0 || s->ptr[0] != c)
		return false;
	*s = tu_str_from(*s, 1);
	return true;
}

/* Step over a "v" or "V" before a digit. */
static inline void tu_key_skip_v(struct tu_str *s)
{
	if (s->len > 1 && tu_char_lower(s->ptr[0]) == 'v' && tu_char_is_digit(s->ptr[1]))
		*s = tu_str_from(*s, 1);
}

#endif
