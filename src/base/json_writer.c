#include "base/json_writer.h"

#include <math.h>

#include "base/bytes16.h"
#include "base/utf8.h"

struct tu_json_writer tu_json_writer(struct tu_buf *buf, bool indented)
{
	return (struct tu_json_writer){.buf = buf, .indented = indented, .first = true};
}

/* As tu_buf_reserve(), which is called where there is no room yet. */
static bool reserve(struct tu_buf *buf, size_t more)
{
	return (!buf->failed && buf->cap - buf->len >= more) || tu_buf_reserve(buf, more);
}

/* A comma and a new line, with the spaces of up to fourteen levels. */
enum { BREAK_MAX = 32 };
static const char line_break[1 + BREAK_MAX] = ",\n                               ";

/* A comma or none, and a line's begin of `line` bytes or none, with room for `more` bytes after it.
 * Apart from what most values need. False: the buffer has failed. */
__attribute__((noinline)) static bool break_line(
	struct tu_buf *buf, bool comma, size_t line, size_t more)
{
	char *to;

	if (!reserve(buf, comma + line + more))
		return false;
	to = buf->ptr + buf->len;
	buf->len += comma + line;
	if (comma)
		*to++ = ',';
	if (line) {
		*to = '\n';
		memset(to + 1, ' ', line - 1);
	}
	return true;
}

/* The same. What most levels need is copied in a piece of fixed size, which is two instructions,
 * where there is room for all of it. */
static inline bool begin_line(struct tu_buf *buf, bool comma, size_t line, size_t more)
{
	if (buf->failed || line >= BREAK_MAX || buf->cap - buf->len < BREAK_MAX + more)
		return break_line(buf, comma, line, more);
	memcpy(buf->ptr + buf->len, line_break + !comma, BREAK_MAX);
	buf->len += comma + line;
	return true;
}

/* What is written before a value: nothing after a key, else a comma and a new line; and room for
 * `more` bytes after that. False: the buffer has failed. */
static inline bool separate(struct tu_json_writer *writer, size_t more)
{
	bool comma = !writer->first;

	if (writer->after_key) {
		writer->after_key = false;
		return reserve(writer->buf, more);
	}
	writer->first = false;
	return begin_line(writer->buf, comma, writer->line, more);
}

/* Bytes of a new line at the present depth. */
static size_t line_of(const struct tu_json_writer *writer)
{
	return writer->indented ? 1 + 2 * writer->depth : 0;
}

/* Append what `separate()` or tu_buf_reserve() made room for. */
static void put(struct tu_buf *buf, const char *bytes, size_t len)
{
	memcpy(buf->ptr + buf->len, bytes, len);
	buf->len += len;
}

static void open_container(struct tu_json_writer *writer, char bracket)
{
	if (separate(writer, 1))
		put(writer->buf, &bracket, 1);
	writer->depth++;
	writer->line = line_of(writer);
	writer->first = true;
}

static void close_container(struct tu_json_writer *writer, char bracket)
{
	writer->depth--;
	writer->line = line_of(writer);
	if (begin_line(writer->buf, false, writer->first ? 0 : writer->line, 1))
		put(writer->buf, &bracket, 1);
	if (writer->depth == 0)
		writer->line = 0;
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
static inline bool has_special(uint64_t word)
{
	const uint64_t ones = ~(uint64_t)0 / 255, high = ones << 7;
	uint64_t quote = word ^ ones * '"', slash = word ^ ones * '\\', del = word ^ ones * 0x7f;
	uint64_t below = (word - ones * 0x20) & ~word;

	return ((word | below | ((quote - ones) & ~quote) | ((slash - ones) & ~slash) |
			((del - ones) & ~del)) &
		       high) != 0;
}

/* Copy eight bytes; is one of them not plain? */
static inline bool move_word(char *to, const char *from)
{
	uint64_t word;

	memcpy(&word, from, sizeof(word));
	memcpy(to, &word, sizeof(word));
	return has_special(word);
}

/* Copy sixteen bytes, and mark in `special` those that are not plain. */
static inline void move_bytes(char *to, const char *from, struct tu_bytes16 *special)
{
	struct tu_bytes16 bytes = tu_bytes16_at(from);

	memcpy(to, &bytes, sizeof(bytes));
	special->v |= (__typeof__(special->v))((bytes.v - 0x20 > 0x7e - 0x20) | (bytes.v == '"') |
		(bytes.v == '\\'));
}

/* Copy four to seven bytes. */
static bool move_halves(char *to, const char *from, size_t len)
{
	uint32_t first, last;

	memcpy(&first, from, sizeof(first));
	memcpy(&last, from + len - sizeof(last), sizeof(last));
	memcpy(to, &first, sizeof(first));
	memcpy(to + len - sizeof(last), &last, sizeof(last));
	return !has_special((uint64_t)first << 32 | last);
}

static bool copy_short(char *to, const char *from, size_t len)
{
	bool plain = true;

	if (len >= 8) {
		plain = !move_word(to, from);
		return !move_word(to + len - 8, from + len - 8) && plain;
	}
	if (len >= 4)
		return move_halves(to, from, len);
	for (size_t i = 0; i < len; i++) {
		to[i] = from[i];
		plain &= is_plain((unsigned char)from[i]);
	}
	return plain;
}

/* Copy the text in pieces of fixed size, the last of which may overlap the one before. False: a
 * byte needs an escape, and the copy is of no use. */
static bool copy_plain(char *to, struct tu_str text)
{
	enum { PIECE = sizeof(struct tu_bytes16) };
	struct tu_bytes16 special = {0};

	if (text.len < PIECE)
		return copy_short(to, text.ptr, text.len);
	for (size_t at = 0; at + PIECE < text.len; at += PIECE)
		move_bytes(to + at, text.ptr + at, &special);
	move_bytes(to + text.len - PIECE, text.ptr + text.len - PIECE, &special);
	return !tu_bytes16_any(special);
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

/* Apart from what most texts need. */
__attribute__((noinline)) static void quote_escaping(struct tu_str text, struct tu_buf *out)
{
	tu_buf_byte(out, '"');
	while (text.len) {
		size_t run = plain_run(text);

		tu_buf_add(out, text.ptr, run);
		text = tu_str_from(text, run);
		if (text.len)
			quote_special(&text, out);
	}
	tu_buf_byte(out, '"');
}

/* With room for the text and its quotes, which is all that most texts need. */
static inline void quote(struct tu_str text, struct tu_buf *out)
{
	char *to = out->ptr + out->len;

	if (!copy_plain(to + 1, text)) {
		quote_escaping(text, out);
		return;
	}
	to[0] = '"';
	to[1 + text.len] = '"';
	out->len += text.len + 2;
}

void tu_json_quote(struct tu_str text, struct tu_buf *out)
{
	if (reserve(out, text.len + 2))
		quote(text, out);
}

char *tu_json__key_room(struct tu_json_writer *writer, size_t len, size_t more)
{
	struct tu_buf *buf = writer->buf;
	char *to;

	if (!separate(writer, len + sizeof("\"\": ") - 1 + more))
		return NULL;
	writer->after_key = true;
	to = buf->ptr + buf->len;
	to[0] = '"';
	memcpy(to + 1 + len, "\": ", 3);
	buf->len += len + (writer->indented ? 4 : 3);
	return to + 1;
}

void tu_json__put_str(struct tu_json_writer *writer, struct tu_str text)
{
	writer->after_key = false;
	quote(text, writer->buf);
}

void tu_json_key_str(struct tu_json_writer *writer, struct tu_str key)
{
	if (separate(writer, key.len + 4)) {
		struct tu_buf *buf = writer->buf;

		quote(key, buf);
		if (reserve(buf, 2)) {
			buf->ptr[buf->len] = ':';
			buf->ptr[buf->len + 1] = ' ';
			buf->len += writer->indented ? 2 : 1;
		}
	}
	writer->after_key = true;
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

enum {
	DIGITS_MAX = 20, /* of 64 bits */
	NUMBER_MAX = 1 + DIGITS_MAX + sizeof(".000000") - 1, /* and a sign */
};

/* The digits of `value`, at least `width` of them, at the end of `room`; where they begin. */
static const char *digits_of(uint64_t value, size_t width, char room[DIGITS_MAX])
{
	char *at = room + DIGITS_MAX;

	for (; value || at > room + DIGITS_MAX - width; value /= 10)
		*--at = (char)('0' + value % 10);
	return at;
}

/* There is room for them. */
static void put_digits(struct tu_buf *buf, uint64_t value, size_t width)
{
	char room[DIGITS_MAX];
	const char *digits = digits_of(value, width, room);

	put(buf, digits, (size_t)(room + DIGITS_MAX - digits));
}

void tu_json_add_int(struct tu_json_writer *writer, int64_t value)
{
	if (!separate(writer, NUMBER_MAX))
		return;
	if (value < 0)
		put(writer->buf, "-", 1);
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
	if (!separate(writer, NUMBER_MAX))
		return;
	if (fabs(value) >= 1e12) { /* no decimals worth their name left */
		tu_buf_printf(writer->buf, "%.0f", value);
		return;
	}
	/* whole numbers only: printf() would ask the locale for the decimal point */
	millionths = (uint64_t)(fabs(value) * 1e6 + 0.5);
	if (value < 0 && millionths)
		put(writer->buf, "-", 1);
	put_digits(writer->buf, millionths / 1000000, 1);
	fraction = millionths % 1000000;
	if (fraction == 0)
		return;
	for (; fraction % 10 == 0; fraction /= 10)
		decimals--;
	put(writer->buf, ".", 1);
	put_digits(writer->buf, fraction, decimals);
}
