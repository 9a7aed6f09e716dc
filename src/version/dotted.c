/* Numbers between dots, and the two that add a little to them: OpenSSL and Linux. */
#include "version/key.h"

enum { END = 0x01, NUMBER };

static bool put_list(struct tu_buf *out, struct tu_str s, bool hyphens)
{
	for (;;) {
		struct tu_str digits = tu_str_digits(&s);
		if (digits.len == 0)
			return false;
		tu_buf_byte(out, NUMBER);
		tu_key_number(out, digits);
		if (s.len == 0)
			break;
		if (s.ptr[0] != '.' && !(hyphens && s.ptr[0] == '-'))
			return false;
		s = tu_str_from(s, 1);
	}
	tu_buf_byte(out, END);
	return true;
}

/* Haskell's Package Versioning Policy and VERS' intdot: 1.0 < 1.0.0. */
bool tu_version__dotted(struct tu_str version, struct tu_buf *out)
{
	return put_list(out, version, false);
}

/* R's package_version(): dots and hyphens alike. */
bool tu_version__cran(struct tu_str version, struct tu_buf *out)
{
	return put_list(out, version, true);
}

static const struct {
	struct tu_str word;
	unsigned char token;
} announcements[] = {
	{TU_STR_INIT("dev"), 0x01},
	{TU_STR_INIT("alpha"), 0x02},
	{TU_STR_INIT("beta"), 0x03},
	{TU_STR_INIT("pre"), 0x04},
	{TU_STR_INIT("rc"), 0x05},
};

enum { OPENSSL_RELEASE = 0x10 };

/* "-beta1", nothing, or a build's name such as "-fips", which does not count. */
static bool put_openssl_suffix(struct tu_buf *out, struct tu_str s)
{
	if (s.len == 0 || tu_str_ieq(s, TU_STR("-fips")) || s.ptr[0] == '+') {
		tu_buf_byte(out, OPENSSL_RELEASE);
		return true;
	}
	if (!tu_key_skip(&s, '-'))
		return false;
	struct tu_str word = tu_key_letters(&s);
	for (size_t i = 0; i < TU_COUNT(announcements); i++) {
		if (tu_str_ieq(announcements[i].word, word)) {
			tu_buf_byte(out, (char)announcements[i].token);
			tu_key_number(out, tu_str_digits(&s));
			return s.len == 0;
		}
	}
	return false;
}

/* Three numbers and, before version 3, letters that count the fixes: z is followed by za
 * (https://www.openssl.org/policies/releasestrat.html). */
bool tu_version__openssl(struct tu_str version, struct tu_buf *out)
{
	tu_key_skip_v(&version);
	for (unsigned i = 0; i < 3; i++) {
		struct tu_str digits = tu_str_digits(&version);
		if (digits.len == 0)
			return false;
		tu_key_number(out, digits);
		if (i < 2 && !tu_key_skip(&version, '.')) {
			for (; i < 2; i++)
				tu_key_number(out, TU_STR(""));
		}
	}
	tu_key_text_folded(out, tu_key_letters(&version));
	return put_openssl_suffix(out, version);
}

enum { KERNEL_CANDIDATE = 0x01, KERNEL_END, KERNEL_NUMBER };

/* A local version ("-yocto-standard", "+git…") does not count. A hyphen and digits is a
 * distribution's build, whose fixes the number before it does not show: no order. */
static bool is_local_version(struct tu_str s)
{
	if (s.len == 0)
		return true;
	if (s.ptr[0] == '-' || s.ptr[0] == '.')
		return s.len > 1 && tu_char_is_alpha(s.ptr[1]);
	return s.ptr[0] == '+' || s.ptr[0] == '_' || s.ptr[0] == '~';
}

/* Linux: 5.10 is 5.10.0, 5.10-rc3 comes before it. */
bool tu_version__kernel(struct tu_str version, struct tu_buf *out)
{
	size_t kept = out->len;

	tu_key_skip_v(&version);
	for (;;) {
		struct tu_str digits = tu_str_digits(&version);
		if (digits.len == 0)
			return false;
		tu_buf_byte(out, KERNEL_NUMBER);
		tu_key_number(out, digits);
		if (tu_key_significant(digits).len > 0)
			kept = out->len;
		if (version.len < 2 || version.ptr[0] != '.' || !tu_char_is_digit(version.ptr[1]))
			break;
		version = tu_str_from(version, 1);
	}
	if (!out->failed)
		out->len = kept;
	if (tu_str_istarts(version, TU_STR("-rc"))) {
		version = tu_str_from(version, 3);
		tu_buf_byte(out, KERNEL_CANDIDATE);
		tu_key_number(out, tu_str_digits(&version));
	} else {
		tu_buf_byte(out, KERNEL_END);
	}
	return is_local_version(version);
}
