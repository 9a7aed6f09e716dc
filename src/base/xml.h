/*
 * XML reading: elements as they open and close, over expat.
 *
 * Names come with their namespace; prefixes do not matter. An entity declaration is refused, and so
 * is a reference to an entity that is not one of XML's own five: nothing is ever expanded or
 * fetched. Limits bound what a document can cost; the memory used does not grow with its length.
 *
 * One parse belongs to one thread.
 */
#ifndef TU_BASE_XML_H
#define TU_BASE_XML_H

#include <stdbool.h>
#include <stddef.h>

#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

/* Limits; zero means the default in brackets. */
struct tu_xml_limits {
	size_t bytes; /* [1 GiB] */
	size_t depth; /* [256] */
	size_t elements; /* [2^26] */
	size_t attributes; /* of one element [1,024] */
	size_t text; /* bytes of one text, name or attribute value [64 MiB] */
};

struct tu_xml_name {
	struct tu_str space; /* namespace URI, empty: none */
	struct tu_str local;
};

struct tu_xml;

/*
 * Called as the document is read. All views are valid during the call only. A status other than
 * TU_OK ends the parse and is its result; handlers report with tu_xml_fail().
 *
 * The text of close() is what comes after the last tag, open or close, before this one: the whole
 * text of an element without children, with CDATA and without comments.
 */
struct tu_xml_handler {
	enum tu_status (*open)(void *context, struct tu_xml *xml, struct tu_xml_name name);
	enum tu_status (*close)(
		void *context, struct tu_xml *xml, struct tu_xml_name name, struct tu_str text);
	void *context;
};

/* Read a whole document. Errors: TU_E_SYNTAX, TU_E_LIMIT, TU_E_NOMEM, or what a handler returned;
 * the message names line, column and the path of elements. `limits` may be NULL. */
TU_NODISCARD enum tu_status tu_xml_read(struct tu_str text, const struct tu_xml_limits *limits,
	const struct tu_xml_handler *handler, struct tu_error *err);

/* Append the namespace and the local name of the document element, without reading further. Errors
 * as tu_xml_read(). */
TU_NODISCARD enum tu_status tu_xml_root(
	struct tu_str text, struct tu_buf *space, struct tu_buf *local, struct tu_error *err);

/* In open(): the attribute with this namespace (empty: none) and local name, or the view with
 * ptr NULL. */
struct tu_str tu_xml_attr(const struct tu_xml *xml, const char *space, const char *local);
/* In open(): the attributes in turn; false after the last one. */
bool tu_xml_attr_at(const struct tu_xml *xml, size_t index, struct tu_xml_name *out_name,
	struct tu_str *out_value);
/* In a handler: where the parse is. */
size_t tu_xml_line(const struct tu_xml *xml);
/* "/bom/components/component", the element of the handler included. */
struct tu_str tu_xml_path(const struct tu_xml *xml);
/* In a handler: report an error with its line, column and path ("/bom/components"). */
enum tu_status tu_xml_fail(struct tu_xml *xml, enum tu_status status, const char *fmt, ...)
	TU_PRINTF(3, 4);

#endif
