#include "mail/mime_decode.h"

#include <string.h>

#include "base/utf8.h"

static bool keep(struct tu_arena *arena, struct tu_buf *buf, struct tu_str *out)
{
	bool kept = !buf->failed && tu_arena_dup(arena, tu_buf_str(buf), out);

	tu_buf_done(buf);
	return kept;
}

/* ---- parameters of a header ---- */

/* Up to the next ";" that is in no quotes. */
static struct tu_str take_item(struct tu_str *rest)
{
	bool quoted = false;
	size_t i = 0;
	struct tu_str item;

	for (; i < rest->len && (quoted || rest->ptr[i] != ';'); i++) {
		if (rest->ptr[i] == '\\' && quoted && i + 1 < rest->len)
			i++;
		else if (rest->ptr[i] == '"')
			quoted = !quoted;
	}
	item = tu_str_first(*rest, i);
	*rest = tu_str_from(*rest, i < rest->len ? i + 1 : i);
	return item;
}

struct tu_str tu_mime__parameter(struct tu_str header, struct tu_str name)
{
	(void)take_item(&header);
	while (header.len) {
		struct tu_str item = take_item(&header);
		size_t at = tu_str_find(item, '=');
		struct tu_str value = tu_str_trim(tu_str_from(item, at + (at < item.len)));

		if (at == item.len || !tu_str_ieq(tu_str_trim(tu_str_first(item, at)), name))
			continue;
		if (value.len >= 2 && value.ptr[0] == '"' && value.ptr[value.len - 1] == '"')
			return tu_str_of(value.ptr + 1, value.len - 2);
		return value;
	}
	return (struct tu_str){0};
}

/* ---- transfer encodings ---- */

static int base64_digit(char c)
{
	if (tu_char_is_upper(c))
		return c - 'A';
	if (tu_char_is_lower(c))
		return c - 'a' + 26;
	if (tu_char_is_digit(c))
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* White space is skipped and what follows "=" does not count (RFC 2045, 6.8). */
static void add_base64(struct tu_buf *out, struct tu_str text, bool *damaged)
{
	uint32_t bits = 0;
	unsigned count = 0;

	for (size_t i = 0; i < text.len && text.ptr[i] != '='; i++) {
		int digit = base64_digit(text.ptr[i]);

		if (digit < 0) {
			*damaged = *damaged || !tu_char_is_space(text.ptr[i]);
			continue;
		}
		bits = bits << 6 | (uint32_t)digit;
		count += 6;
		if (count >= 8) {
			count -= 8;
			tu_buf_byte(out, (char)(unsigned char)(bits >> count & 255));
		}
	}
}

static int hex_digit(char c)
{
	if (tu_char_is_digit(c))
		return c - '0';
	c = tu_char_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool add_hex(struct tu_buf *out, struct tu_str text, size_t at)
{
	int high = at + 1 < text.len ? hex_digit(text.ptr[at + 1]) : -1;
	int low = at + 2 < text.len ? hex_digit(text.ptr[at + 2]) : -1;

	if (high < 0 || low < 0)
		return false;
	tu_buf_byte(out, (char)(unsigned char)(high << 4 | low));
	return true;
}

/* A soft end of a line, "=" and white space; 0: it is none. */
static size_t soft_end(struct tu_str text, size_t at)
{
	size_t end = at + 1;

	while (end < text.len && (text.ptr[end] == ' ' || text.ptr[end] == '\t'))
		end++;
	if (end < text.len && text.ptr[end] == '\r')
		end++;
	return end == text.len || text.ptr[end] == '\n' ? end - at + (end < text.len) : 0;
}

static void add_quoted(struct tu_buf *out, struct tu_str text, bool *damaged)
{
	for (size_t i = 0; i < text.len;) {
		size_t soft = text.ptr[i] == '=' ? soft_end(text, i) : 0;

		if (soft) {
			i += soft;
		} else if (text.ptr[i] == '=' && add_hex(out, text, i)) {
			i += 3;
		} else {
			*damaged = *damaged || text.ptr[i] == '=';
			tu_buf_byte(out, text.ptr[i++]);
		}
	}
}

bool tu_mime__decode(struct tu_arena *arena, struct tu_str encoding, struct tu_str body,
	struct tu_str *out_bytes, bool *out_damaged)
{
	struct tu_buf out;

	*out_bytes = body;
	tu_buf_init(&out, body.len + 1);
	if (tu_str_ieq(encoding, TU_STR("base64")))
		add_base64(&out, body, out_damaged);
	else if (tu_str_ieq(encoding, TU_STR("quoted-printable")))
		add_quoted(&out, body, out_damaged);
	else
		return true;
	return keep(arena, &out, out_bytes);
}

/* ---- charsets ---- */

/* 0x80 to 0x9f of windows-1252 (WHATWG, Encoding). */
static const uint16_t windows[32] = {0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
	0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019,
	0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd,
	0x017e, 0x0178};

static void add_point(struct tu_buf *out, unsigned point)
{
	if (point < 0x80) {
		tu_buf_byte(out, (char)point);
		return;
	}
	if (point < 0x800) {
		tu_buf_byte(out, (char)(unsigned char)(0xc0 | point >> 6));
	} else {
		tu_buf_byte(out, (char)(unsigned char)(0xe0 | point >> 12));
		tu_buf_byte(out, (char)(unsigned char)(0x80 | (point >> 6 & 63)));
	}
	tu_buf_byte(out, (char)(unsigned char)(0x80 | (point & 63)));
}

static void add_utf8(struct tu_buf *out, struct tu_str bytes)
{
	while (bytes.len) {
		size_t fine = tu_utf8_invalid_at(bytes);

		tu_buf_str_add(out, tu_str_first(bytes, fine));
		if (fine < bytes.len)
			tu_buf_c(out, "\xef\xbf\xbd");
		bytes = tu_str_from(bytes, fine + 1);
	}
}

static void add_latin(struct tu_buf *out, struct tu_str bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		unsigned byte = (unsigned char)bytes.ptr[i];

		add_point(out, byte >= 0x80 && byte < 0xa0 ? windows[byte - 0x80] : byte);
	}
}

typedef void add_charset(struct tu_buf *out, struct tu_str bytes);
static const struct {
	const char *name;
	add_charset *add;
} charsets[] = {
	{"utf-8", add_utf8},
	{"utf8", add_utf8},
	{"us-ascii", add_utf8},
	{"", add_utf8}, /* RFC 6532: what is not stated is UTF-8 by now */
	{"iso-8859-1", add_latin}, /* read as windows-1252, as all do */
	{"latin1", add_latin},
	{"windows-1252", add_latin},
	{"cp1252", add_latin},
};

bool tu_mime__utf8(
	struct tu_arena *arena, struct tu_str charset, struct tu_str bytes, struct tu_str *out_text)
{
	struct tu_buf out;

	for (size_t i = 0; i < TU_COUNT(charsets); i++) {
		if (!tu_str_ieq(charset, tu_str_c(charsets[i].name)))
			continue;
		tu_buf_init(&out, 3 * bytes.len + 3);
		charsets[i].add(&out, bytes);
		return keep(arena, &out, out_text);
	}
	return false;
}

/* ---- encoded words ---- */

/* "=?charset?Q?text?=" at the start: its length, and it is added; 0: it is none. */
static size_t add_word(struct tu_arena *arena, struct tu_str text, struct tu_buf *out)
{
	struct tu_str rest = tu_str_from(text, 2), charset, kind, coded, plain = {0};
	struct tu_buf bytes;
	bool damaged = false, fine;
	size_t end;

	if (!tu_str_split(&rest, '?', &charset) || !tu_str_split(&rest, '?', &kind) || !rest.ptr)
		return 0;
	end = tu_str_search(rest, TU_STR("?="));
	if (end == rest.len || kind.len != 1)
		return 0;
	coded = tu_str_first(rest, end);
	charset = tu_str_first(charset, tu_str_find(charset, '*')); /* a language (RFC 2231) */
	tu_buf_init(&bytes, coded.len + 1);
	if (tu_char_lower(kind.ptr[0]) == 'b')
		add_base64(&bytes, coded, &damaged);
	else if (tu_char_lower(kind.ptr[0]) == 'q')
		add_quoted(&bytes, coded, &damaged);
	for (size_t i = 0; tu_char_lower(kind.ptr[0]) == 'q' && i < bytes.len; i++)
		if (bytes.ptr[i] == '_')
			bytes.ptr[i] = ' ';
	fine = !bytes.failed && tu_mime__utf8(arena, charset, tu_buf_str(&bytes), &plain);
	tu_buf_done(&bytes);
	if (fine)
		tu_buf_str_add(out, plain);
	return fine ? (size_t)(rest.ptr - text.ptr) + end + 2 : 0;
}

struct tu_str tu_mime__words(struct tu_arena *arena, struct tu_str value)
{
	struct tu_buf out;
	struct tu_str text = {0}, start = TU_STR("=?");
	bool after = false; /* a word: white space to the next one does not count */

	tu_buf_init(&out, 3 * value.len + 3);
	while (value.len) {
		size_t at = tu_str_search(value, start), len = 0;
		struct tu_str before = tu_str_first(value, at);

		if (at < value.len) {
			size_t was = out.len;

			if (!after || tu_str_trim(before).len)
				add_utf8(&out, before);
			len = add_word(arena, tu_str_from(value, at), &out);
			if (!len) {
				out.len = was;
				add_utf8(&out, tu_str_first(value, at + 2));
			}
		} else {
			add_utf8(&out, before);
		}
		after = len > 0;
		value = tu_str_from(value, at == value.len ? at : at + (len ? len : 2));
	}
	return keep(arena, &out, &text) ? text : (struct tu_str){0};
}

/* "utf-8''a%20b" (RFC 2231, 4). */
static struct tu_str extended(struct tu_arena *arena, struct tu_str value)
{
	struct tu_str charset = {0}, language, text = {0};
	struct tu_buf bytes;

	if (!tu_str_split(&value, '\'', &charset) || !tu_str_split(&value, '\'', &language) ||
		!value.ptr)
		return text;
	tu_buf_init(&bytes, value.len + 1);
	for (size_t i = 0; i < value.len;) {
		if (value.ptr[i] == '%' && add_hex(&bytes, value, i))
			i += 3;
		else
			tu_buf_byte(&bytes, value.ptr[i++]);
	}
	if (bytes.failed || !tu_mime__utf8(arena, charset, tu_buf_str(&bytes), &text))
		text = (struct tu_str){0};
	tu_buf_done(&bytes);
	return text;
}

struct tu_str tu_mime__name(struct tu_arena *arena, struct tu_str disposition, struct tu_str type)
{
	struct tu_str name = tu_mime__parameter(disposition, TU_STR("filename"));
	struct tu_str more = tu_mime__parameter(disposition, TU_STR("filename*"));

	if (!name.len && more.len)
		return extended(arena, more);
	if (!name.len)
		name = tu_mime__parameter(type, TU_STR("name"));
	return tu_mime__words(arena, name);
}
