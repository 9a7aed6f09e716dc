/*
 * XML writing, indented, into a bounded buffer.
 *
 * The writer sees to escapes and indentation; the caller opens and closes in pairs, and adds
 * attributes before anything else of the element. Characters that XML 1.0 cannot hold (clause 2.2),
 * and bytes that are not UTF-8, are written as U+FFFD. Failure is the buffer's: look at
 * `buf->failed` once, at the end.
 */
#ifndef TU_BASE_XML_WRITER_H
#define TU_BASE_XML_WRITER_H

#include <stdbool.h>
#include <stddef.h>

#include <tutela/buf.h>
#include <tutela/str.h>

struct tu_xml_writer {
	struct tu_buf *buf;
	size_t depth;
	bool in_tag; /* the start tag is not closed yet: attributes may come */
	bool after_text; /* the end tag follows, on the same line */
	size_t replaced; /* characters that were written as U+FFFD */
};

/* Begins with the XML declaration. */
struct tu_xml_writer tu_xml_writer(struct tu_buf *buf);

void tu_xml_open(struct tu_xml_writer *writer, const char *name);
void tu_xml_close(struct tu_xml_writer *writer, const char *name);
void tu_xml_add_attr(struct tu_xml_writer *writer, const char *name, struct tu_str value);
void tu_xml_add_text(struct tu_xml_writer *writer, struct tu_str text);
/* An element that contains a text. */
void tu_xml_element(struct tu_xml_writer *writer, const char *name, struct tu_str text);

#endif
