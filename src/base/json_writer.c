#include "base/json_writer.h"

#include <math.h>

#include "base/utf8.h"

struct tu_json_writer tu_json_writer(struct tu_buf *buf, bool indented)
{
	return (struct tu_json_writer){.buf = buf, .indented = indented, .first = true};
}

static void new_line(struct tu_json_writer *writer)
{
	if (!writer->indented)
		return;
	tu_buf_byte(writer->buf, '\n');
	for (size_t i = 0; i < writer->depth; i++)
		tu_buf_c(writer->buf, "  ");
}

/* What is between the last thing and the next value or key. */
static void separate(struct tu_json_writer *writer)
{
	if (writer->after_key) {
		writer->after_key = false;
		return;
	}
	if (!writer->first)
		tu_buf_byte(writer->buf, ',');
	if (writer->depth > 0)
		new_line(writer);
	writer->first = false;
}

static void open_container(struct tu_json_writer *writer, char bracket)
{
	separate(writer);
	tu_buf_byte(writer->buf, bracket);
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

/* Bytes at the start of `text` that need no escape. */
static size_t plain_run(struct tu_str text)
{
	size_t n = 0;

	while (n < text.len) {
		unsigned char c = (unsigned char)text.ptr[n];

		if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\')
			break;
		n++;
	}
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
	} else if (len == 0) {
		tu_buf_c(out, "\xef\xbf\xbd");
	} else {
		tu_buf_add(out, text->ptr, len);
	}
	*text = tu_str_from(*text, len ? len : 1);
}

void tu_json_quote(struct tu_str text, struct tu_buf *out)
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

void tu_json_key_str(struct tu_json_writer *writer, struct tu_str key)
{
	separate(writer);
	tu_json_quote(key, writer->buf);
	tu_buf_c(writer->buf, writer->indented ? ": " : ":");
	writer->after_key = true;
}

void tu_json_key(struct tu_json_writer *writer, const char *key)
{
	tu_json_key_str(writer, tu_str_c(key));
}

void tu_json_add_str(struct tu_json_writer *writer, struct tu_str text)
{
	separate(writer);
	tu_json_quote(text, writer->buf);
}

void tu_json_add_bool(struct tu_json_writer *writer, bool value)
{
	separate(writer);
	tu_buf_c(writer->buf, value ? "true" : "false");
}

void tu_json_add_null(struct tu_json_writer *writer)
{
	separate(writer);
	tu_buf_c(writer->buf, "null");
}

void tu_json_add_int(struct tu_json_writer *writer, int64_t value)
{
	separate(writer);
	tu_buf_printf(writer->buf, "%lld", (long long)value);
}

void tu_json_add_number(struct tu_json_writer *writer, double value)
{
	long long millionths;
	int fraction;
	int decimals = 6;

	if (!isfinite(value)) {
		tu_json_add_null(writer);
		return;
	}
	separate(writer);
	if (fabs(value) >= 1e12) { /* no decimals worth their name left */
		tu_buf_printf(writer->buf, "%.0f", value);
		return;
	}
	/* whole numbers only: printf() would ask the locale for the decimal point */
	millionths = (long long)(fabs(value) * 1e6 + 0.5);
	tu_buf_printf(
		writer->buf, "%s%lld", value < 0 && millionths ? "-" : "", millionths / 1000000);
	fraction = (int)(millionths % 1000000);
	if (fraction == 0)
		return;
	for (; fraction % 10 == 0; fraction /= 10)
		decimals--;
	tu_buf_printf(writer->buf, ".%0*d", decimals, fraction);
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
