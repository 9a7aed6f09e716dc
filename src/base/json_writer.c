#include "base/json_writer.h"

#include <math.h>

#include "base/utf8.h"

struct tu_json_writer tu_json_writer(struct tu_buf *buf, bool indented)
{
	return (struct tu_json_writer){.buf = buf, .indented = indented, .first = true};
}

/* What is written before a value: nothing after a key, else a comma and a new line; and room for
 * `more` bytes after that. False: the buffer has failed. */
static bool separate(struct tu_json_writer *writer, size_t more)
{
	size_t line = writer->indented && writer->depth > 0 ? 1 + 2 * writer->depth : 0;
	struct tu_buf *buf = writer->buf;

	if (writer->after_key) {
		writer->after_key = false;
		return tu_buf_reserve(buf, more);
	}
	if (!tu_buf_reserve(buf, 1 + line + more))
		return false;
	if (!writer->first)
		buf->ptr[buf->len++] = ',';
	if (line) {
		buf->ptr[buf->len++] = '\n';
		memset(buf->ptr + buf->len, ' ', line - 1);
		buf->len += line - 1;
	}
	writer->first = false;
	return true;
}

/* Append what `separate()` or tu_buf_reserve() made room for. */
static void put(struct tu_buf *buf, const char *bytes, size_t len)
{
	memcpy(buf->ptr + buf->len, bytes, len);
	buf->len += len;
}

static void new_line(struct tu_json_writer *writer)
{
	if (!writer->indented || !tu_buf_reserve(writer->buf, 1 + 2 * writer->depth))
		return;
	writer->buf->ptr[writer->buf->len++] = '\n';
	memset(writer->buf->ptr + writer->buf->len, ' ', 2 * writer->depth);
	writer->buf->len += 2 * writer->depth;
}

static void open_container(struct tu_json_writer *writer, char bracket)
{
	if (separate(writer, 1))
		put(writer->buf, &bracket, 1);
	writer->depth++;
	writer->first = true;
}

static void close_container(struct tu_json_writer *writer, char bracket)
{
	writer->depth--;
	if (!writer->first)
		new_line(writer);
	tu_buf_byte(writer->buf, bracket);
	writer->first = false;
}

void tu_json_open_object(struct tu_json_writer *writer)
{
	open_container(writer, '{');
}

void tu_json_close_object(struct tu_json_writer *writer)
{
	close_container(writer, '}');
}

void tu_json_open_array(struct tu_json_writer *writer)
{
	open_container(writer, '[');
}

void tu_json_close_array(struct tu_json_writer *writer)
{
	close_container(writer, ']');
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* Some of eight bytes are not plain. Where one is not, those above it in the word may be called so
 * wrongly; never the other way round. */
static bool has_special(uint64_t word)
{
	const uint64_t ones = ~(uint64_t)0 / 255, high = ones << 7;
	uint64_t quote = word ^ ones * '"', slash = word ^ ones * '\\', del = word ^ ones * 0x7f;
	uint64_t below = (word - ones * 0x20) & ~word;

	return ((word | below | ((quote - ones) & ~quote) | ((slash - ones) & ~slash) |
			((del - ones) & ~del)) &
		       high) != 0;
}

/* Bytes at the start of `text` that need no escape. */
static size_t plain_run(struct tu_str text)
{
	size_t n = 0;
	uint64_t word;

	for (; text.len - n >= sizeof(word); n += sizeof(word)) {
		memcpy(&word, text.ptr + n, sizeof(word));
		if (has_special(word))
			break;
	}
	while (n < text.len && is_plain((unsigned char)text.ptr[n]))
		n++;
	return n;
}

static void quote_special(struct tu_str *text, struct tu_buf *out)
{
	static const char from[] = "\"\\\b\f\n\r\t";
	static const char to[] = "\"\\bfnrt";
	unsigned char c = (unsigned char)text->ptr[0];
	const char *at = c ? strchr(from, text->ptr[0]) : NULL;
	size_t len = tu_utf8_len(*text);

	if (at) {
		tu_buf_byte(out, '\\');
		tu_buf_byte(out, to[at - from]);
	} else if (c < 0x20 || c == 0x7f) {
		tu_buf_printf(out, "\\u%04x", c);
	} else if (len == 2 && c == 0xc2 && (unsigned char)text->ptr[1] < 0xa0) {
		/* the second set of control characters, which terminals obey */
		tu_buf_printf(out, "\\u%04x", (unsigned char)text->ptr[1]);
	} else if (len == 0) {
		tu_buf_c(out, "\xef\xbf\xbd");
	} else {
		tu_buf_add(out, text->ptr, len);
	}
	*text = tu_str_from(*text, len ? len : 1);
}

/* With room for the text and its quotes, which is all that most texts need. */
static void quote(struct tu_str text, struct tu_buf *out)
{
	size_t run = plain_run(text);

	out->ptr[out->len++] = '"';
	if (run)
		put(out, text.ptr, run);
	if (run == text.len) {
		out->ptr[out->len++] = '"';
		return;
	}
	for (text = tu_str_from(text, run); text.len; text = tu_str_from(text, run)) {
		quote_special(&text, out);
		run = plain_run(text);
		tu_buf_add(out, text.ptr, run);
	}
	tu_buf_byte(out, '"');
}

void tu_json_quote(struct tu_str text, struct tu_buf *out)
{
	if (tu_buf_reserve(out, text.len + 2))
		quote(text, out);
}

void tu_json_key_str(struct tu_json_writer *writer, struct tu_str key)
{
	if (separate(writer, key.len + 4)) {
		quote(key, writer->buf);
		tu_buf_add(writer->buf, ": ", writer->indented ? 2 : 1);
	}
	writer->after_key = true;
}

void tu_json_key(struct tu_json_writer *writer, const char *key)
{
	tu_json_key_str(writer, tu_str_c(key));
}

void tu_json_add_str(struct tu_json_writer *writer, struct tu_str text)
{
	if (separate(writer, text.len + 2))
		quote(text, writer->buf);
}

size_t tu_json_open_text(struct tu_json_writer *writer)
{
	size_t start;

	if (!separate(writer, 1))
		return 0;
	start = writer->buf->len;
	writer->buf->ptr[writer->buf->len++] = '"';
	return start;
}

void tu_json_close_text(struct tu_json_writer *writer, size_t start)
{
	struct tu_buf *buf = writer->buf;
	struct tu_buf raw;
	struct tu_str text;

	if (buf->failed)
		return;
	text = tu_str_from(tu_buf_str(buf), start + 1);
	if (plain_run(text) == text.len) {
		tu_buf_byte(buf, '"');
		return;
	}
	tu_buf_init(&raw, buf->ceiling);
	tu_buf_str_add(&raw, text);
	buf->failed |= raw.failed;
	buf->len = start;
	tu_json_quote(tu_buf_str(&raw), buf);
	tu_buf_done(&raw);
}

/* A word of the syntax. */
static void add_word(struct tu_json_writer *writer, struct tu_str word)
{
	if (separate(writer, word.len))
		put(writer->buf, word.ptr, word.len);
}

/* The end of a string that begins at `at`: after its closing quote. */
static size_t string_end(struct tu_str json, size_t at)
{
	for (at++; at < json.len && json.ptr[at] != '"'; at++)
		at += json.ptr[at] == '\\';
	return at < json.len ? at + 1 : json.len;
}

static size_t scalar_end(struct tu_str json, size_t at)
{
	if (json.ptr[at] == '"')
		return string_end(json, at);
	while (at < json.len && !memchr(",:]}", json.ptr[at], 4))
		at++;
	return at;
}

void tu_json_add_raw(struct tu_json_writer *writer, struct tu_str json)
{
	size_t at = 0;

	while (at < json.len) {
		size_t end = at + 1;

		switch (json.ptr[at]) {
		case '{':
		case '[':
			open_container(writer, json.ptr[at]);
			break;
		case '}':
		case ']':
			close_container(writer, json.ptr[at]);
			break;
		case ',':
			break;
		case ':':
			tu_buf_c(writer->buf, writer->indented ? ": " : ":");
			writer->after_key = true;
			break;
		default:
			end = scalar_end(json, at);
			add_word(writer, tu_str_of(json.ptr + at, end - at));
			break;
		}
		at = end;
	}
}

void tu_json_add_bool(struct tu_json_writer *writer, bool value)
{
	add_word(writer, value ? TU_STR("true") : TU_STR("false"));
}

void tu_json_add_null(struct tu_json_writer *writer)
{
	add_word(writer, TU_STR("null"));
}

enum { DIGITS_MAX = 20 }; /* of 64 bits */

/* The digits of `value`, at least `width` of them, at the end of `room`; where they begin. */
static const char *digits_of(uint64_t value, size_t width, char room[DIGITS_MAX])
{
	char *at = room + DIGITS_MAX;

	for (; value || at > room + DIGITS_MAX - width; value /= 10)
		*--at = (char)('0' + value % 10);
	return at;
}

static void put_digits(struct tu_buf *buf, uint64_t value, size_t width)
{
	char room[DIGITS_MAX];
	const char *digits = digits_of(value, width, room);

	tu_buf_add(buf, digits, (size_t)(room + DIGITS_MAX - digits));
}

void tu_json_add_int(struct tu_json_writer *writer, int64_t value)
{
	if (!separate(writer, DIGITS_MAX))
		return;
	if (value < 0)
		tu_buf_byte(writer->buf, '-');
	put_digits(writer->buf, value < 0 ? -(uint64_t)value : (uint64_t)value, 1);
}

void tu_json_add_number(struct tu_json_writer *writer, double value)
{
	uint64_t millionths, fraction;
	size_t decimals = 6;

	if (!isfinite(value)) {
		tu_json_add_null(writer);
		return;
	}
	if (!separate(writer, DIGITS_MAX))
		return;
	if (fabs(value) >= 1e12) { /* no decimals worth their name left */
		tu_buf_printf(writer->buf, "%.0f", value);
		return;
	}
	/* whole numbers only: printf() would ask the locale for the decimal point */
	millionths = (uint64_t)(fabs(value) * 1e6 + 0.5);
	if (value < 0 && millionths)
		tu_buf_byte(writer->buf, '-');
	put_digits(writer->buf, millionths / 1000000, 1);
	fraction = millionths % 1000000;
	if (fraction == 0)
		return;
	for (; fraction % 10 == 0; fraction /= 10)
		decimals--;
	tu_buf_byte(writer->buf, '.');
	put_digits(writer->buf, fraction, decimals);
}

void tu_json_member_str(struct tu_json_writer *writer, const char *key, struct tu_str text)
{
	tu_json_key(writer, key);
	tu_json_add_str(writer, text);
}

void tu_json_member_opt(struct tu_json_writer *writer, const char *key, struct tu_str text)
{
	if (text.len)
		tu_json_member_str(writer, key, text);
}

void tu_json_member_int(struct tu_json_writer *writer, const char *key, int64_t value)
{
	tu_json_key(writer, key);
	tu_json_add_int(writer, value);
}

void tu_json_member_bool(struct tu_json_writer *writer, const char *key, bool value)
{
	tu_json_key(writer, key);
	tu_json_add_bool(writer, value);
}
