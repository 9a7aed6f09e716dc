#include "base/xml_writer.h"

#include "base/utf8.h"

struct tu_xml_writer tu_xml_writer(struct tu_buf *buf)
{
	tu_buf_c(buf, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
	return (struct tu_xml_writer){.buf = buf};
}

static void new_line(struct tu_xml_writer *writer)
{
	tu_buf_byte(writer->buf, '\n');
	for (size_t i = 0; i < writer->depth; i++)
		tu_buf_c(writer->buf, "  ");
}

static void end_tag(struct tu_xml_writer *writer)
{
	if (writer->in_tag)
		tu_buf_byte(writer->buf, '>');
	writer->in_tag = false;
}

/* White space other than the space would become one in attributes, and "\r" in texts. */
static const char *escape_of(char c, bool in_attribute)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return in_attribute ? "&quot;" : NULL;
	case '\t':
		return in_attribute ? "&#9;" : NULL;
	case '\n':
		return in_attribute ? "&#10;" : NULL;
	case '\r':
		return "&#13;";
	default:
		return NULL;
	}
}

/* Bytes of the character at the start; 0 when XML cannot hold it: what is no UTF-8, control
 * characters, U+FFFE and U+FFFF. */
static size_t char_len(struct tu_str text)
{
	unsigned char c = (unsigned char)text.ptr[0];
	bool space = c == '\t' || c == '\n' || c == '\r';

	if ((c < 0x20 && !space) || tu_str_starts(text, TU_STR("\xef\xbf\xbe")) ||
		tu_str_starts(text, TU_STR("\xef\xbf\xbf")))
		return 0;
	return tu_utf8_len(text);
}

static void put_escaped(struct tu_xml_writer *writer, struct tu_str text, bool in_attribute)
{
	while (text.len) {
		const char *escape = escape_of(text.ptr[0], in_attribute);
		size_t len = char_len(text);

		if (escape) {
			tu_buf_c(writer->buf, escape);
		} else if (len) {
			tu_buf_add(writer->buf, text.ptr, len);
		} else {
			tu_buf_c(writer->buf, "\xef\xbf\xbd");
			writer->replaced++;
		}
		text = tu_str_from(text, len ? len : 1);
	}
}

void tu_xml_open(struct tu_xml_writer *writer, const char *name)
{
	end_tag(writer);
	new_line(writer);
	tu_buf_byte(writer->buf, '<');
	tu_buf_c(writer->buf, name);
	writer->depth++;
	writer->in_tag = true;
	writer->after_text = false;
}

void tu_xml_close(struct tu_xml_writer *writer, const char *name)
{
	writer->depth--;
	if (writer->in_tag) {
		tu_buf_c(writer->buf, "/>");
	} else {
		if (!writer->after_text)
			new_line(writer);
		tu_buf_c(writer->buf, "</");
		tu_buf_c(writer->buf, name);
		tu_buf_byte(writer->buf, '>');
	}
	writer->in_tag = false;
	writer->after_text = false;
}

void tu_xml_add_attr(struct tu_xml_writer *writer, const char *name, struct tu_str value)
{
	tu_buf_byte(writer->buf, ' ');
	tu_buf_c(writer->buf, name);
	tu_buf_c(writer->buf, "=\"");
	put_escaped(writer, value, true);
	tu_buf_byte(writer->buf, '"');
}

void tu_xml_add_text(struct tu_xml_writer *writer, struct tu_str text)
{
	if (!text.len)
		return;
	end_tag(writer);
	put_escaped(writer, text, false);
	writer->after_text = true;
}

void tu_xml_element(struct tu_xml_writer *writer, const char *name, struct tu_str text)
{
	tu_xml_open(writer, name);
	tu_xml_add_text(writer, text);
	tu_xml_close(writer, name);
}
