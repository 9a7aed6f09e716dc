/*
 * Python versions (PEP 440, "Summary of permitted suffixes and relative ordering").
 *
 * Key: epoch, release without trailing zeros, then one token each for pre-release, post-release,
 * development release and local version; an absent one has the class that PEP 440 gives it.
 */
#include "version/key.h"
#include "version/pep440.h"

enum { RELEASE_END = 0x01, RELEASE_NUMBER = 0x02 };
enum { PRE_DEV_ONLY = 0x01, PRE_ALPHA = 0x02, PRE_BETA = 0x03, PRE_RC = 0x04, PRE_NONE = 0x05 };
enum { POST_NONE = 0x01, POST_NUMBER = 0x02 };
enum { DEV_NUMBER = 0x01, DEV_NONE = 0x02 };
enum { LOCAL_END = 0x01, LOCAL_TEXT = 0x02, LOCAL_NUMBER = 0x03 };

static const struct {
	struct tu_str word;
	unsigned char pre;
} pre_words[] = {
	/* A longer spelling comes before its prefix. */
	{TU_STR_INIT("alpha"), PRE_ALPHA},
	{TU_STR_INIT("a"), PRE_ALPHA},
	{TU_STR_INIT("beta"), PRE_BETA},
	{TU_STR_INIT("b"), PRE_BETA},
	{TU_STR_INIT("preview"), PRE_RC},
	{TU_STR_INIT("pre"), PRE_RC},
	{TU_STR_INIT("rc"), PRE_RC},
	{TU_STR_INIT("c"), PRE_RC},
};

static bool is_separator(char c)
{
	return c == '.' || c == '-' || c == '_';
}

/* Step over [separator] word [separator] digits; false leaves `*s` as it is. */
static bool take_word(struct tu_str *s, struct tu_str word, struct tu_str *out_number)
{
	struct tu_str rest = *s;

	if (rest.len > 0 && is_separator(rest.ptr[0]))
		rest = tu_str_from(rest, 1);
	if (!tu_str_istarts(rest, word))
		return false;
	rest = tu_str_from(rest, word.len);
	if (rest.len > 1 && is_separator(rest.ptr[0]) && tu_char_is_digit(rest.ptr[1]))
		rest = tu_str_from(rest, 1);
	*out_number = tu_str_digits(&rest);
	*s = rest;
	return true;
}

static void take_pre(struct tu_str *s, struct tu_pep440 *v)
{
	for (size_t i = 0; i < TU_COUNT(pre_words); i++) {
		if (take_word(s, pre_words[i].word, &v->pre_number)) {
			v->pre = pre_words[i].pre;
			return;
		}
	}
}

/* ".post1", "-r2", "rev3" and the bare "-1". */
static void take_post(struct tu_str *s, struct tu_pep440 *v)
{
	if (take_word(s, TU_STR("post"), &v->post_number) ||
		take_word(s, TU_STR("rev"), &v->post_number) ||
		take_word(s, TU_STR("r"), &v->post_number)) {
		v->post = true;
		return;
	}
	if (s->len > 1 && s->ptr[0] == '-' && tu_char_is_digit(s->ptr[1])) {
		*s = tu_str_from(*s, 1);
		v->post_number = tu_str_digits(s);
		v->post = true;
	}
}

static bool take_release(struct tu_str *s, struct tu_pep440 *v)
{
	struct tu_str start = *s;

	if (tu_str_digits(s).len == 0)
		return false;
	if (s->len > 0 && s->ptr[0] == '!') {
		v->epoch = tu_str_first(start, (size_t)(s->ptr - start.ptr));
		*s = tu_str_from(*s, 1);
		start = *s;
		if (tu_str_digits(s).len == 0)
			return false;
	}
	while (s->len > 1 && s->ptr[0] == '.' && tu_char_is_digit(s->ptr[1])) {
		*s = tu_str_from(*s, 1);
		tu_str_digits(s);
	}
	v->release = tu_str_first(start, (size_t)(s->ptr - start.ptr));
	return true;
}

static bool take_local(struct tu_str *s, struct tu_pep440 *v)
{
	bool after_separator = true;

	if (!tu_key_skip(s, '+'))
		return true;
	v->has_local = true;
	v->local = *s;
	for (size_t i = 0; i < s->len; i++) {
		bool separator = is_separator(s->ptr[i]);
		if ((separator && after_separator) || (!separator && !tu_char_is_alnum(s->ptr[i])))
			return false;
		after_separator = separator;
	}
	*s = tu_str_from(*s, s->len);
	return !after_separator;
}

bool tu_pep440_parse(struct tu_str version, struct tu_pep440 *out)
{
	*out = (struct tu_pep440){0};
	if (version.len > 0 && tu_char_lower(version.ptr[0]) == 'v')
		version = tu_str_from(version, 1);
	if (!take_release(&version, out))
		return false;
	take_pre(&version, out);
	take_post(&version, out);
	out->dev = take_word(&version, TU_STR("dev"), &out->dev_number);
	return take_local(&version, out) && version.len == 0;
}

static void put_release(struct tu_buf *out, struct tu_str release)
{
	size_t end = out->len;
	struct tu_str part;

	while (tu_str_split(&release, '.', &part)) {
		tu_buf_byte(out, RELEASE_NUMBER);
		tu_key_number(out, part);
		if (tu_key_significant(part).len > 0)
			end = out->len;
	}
	if (!out->failed)
		out->len = end;
	tu_buf_byte(out, RELEASE_END);
}

static void put_local(struct tu_buf *out, struct tu_str local)
{
	while (local.len > 0) {
		size_t len = 0;
		while (len < local.len && !is_separator(local.ptr[len]))
			len++;
		struct tu_str part = tu_str_first(local, len);
		local = tu_str_from(local, len + 1);
		if (tu_key_all_digits(part)) {
			tu_buf_byte(out, LOCAL_NUMBER);
			tu_key_number(out, part);
		} else {
			tu_buf_byte(out, LOCAL_TEXT);
			tu_key_text_folded(out, part);
		}
	}
}

void tu_pep440_key(const struct tu_pep440 *v, enum tu_pep440_depth depth, struct tu_buf *out)
{
	tu_key_number(out, v->epoch);
	put_release(out, v->release);
	if (v->pre != 0) {
		tu_buf_byte(out, (char)v->pre);
		tu_key_number(out, v->pre_number);
	} else {
		tu_buf_byte(out, v->dev && !v->post ? PRE_DEV_ONLY : PRE_NONE);
	}
	if (depth == TU_PEP440_TO_PRE)
		return;
	tu_buf_byte(out, v->post ? POST_NUMBER : POST_NONE);
	if (v->post)
		tu_key_number(out, v->post_number);
	tu_buf_byte(out, v->dev ? DEV_NUMBER : DEV_NONE);
	if (v->dev)
		tu_key_number(out, v->dev_number);
	if (depth == TU_PEP440_TO_DEV)
		return;
	if (v->has_local)
		put_local(out, v->local);
	tu_buf_byte(out, LOCAL_END);
}

bool tu_version__pep440(struct tu_str version, struct tu_buf *out)
{
	struct tu_pep440 v;

	if (!tu_pep440_parse(version, &v))
		return false;
	tu_pep440_key(&v, TU_PEP440_WHOLE, out);
	return true;
}
