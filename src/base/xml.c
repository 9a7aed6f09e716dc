#include "base/xml.h"

#include <expat.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/vec.h"
#include "base/utf16.h"

/* Cannot stand in a name, nor in a namespace (expat refuses it there). */
#define SEPARATOR '\n'
/* A token that a chunk cuts is looked at again with the next one. */
enum { CHUNK = 4 * 1024 * 1024 };

#define DEFAULT_BYTES ((size_t)1 << 30)
#define DEFAULT_TEXT ((size_t)64 << 20)
enum { DEFAULT_DEPTH = 256, DEFAULT_ELEMENTS = 1 << 26, DEFAULT_ATTRIBUTES = 1024 };

struct tu_xml {
	XML_Parser parser;
	const struct tu_xml_handler *handler;
	struct tu_xml_limits limits;
	struct tu_error *err;
	enum tu_status status;
	size_t elements;
	size_t depth;
	const XML_Char **attributes; /* of the element being opened */
	struct tu_buf text;
	struct tu_buf path;
	size_t last_token;
};

/* ---- memory, through the core's own calls ---- */

static void *xml_malloc(size_t size)
{
	return tu_alloc(1, size);
}

static void *xml_realloc(void *old, size_t size)
{
	return tu_realloc(old, 1, size);
}

/* ---- errors ---- */

/* Releases of expat that have numbers of 64 bits deprecate the names without. */
#ifdef TU_WITH_EXPAT_64
#define current_line XML_GetCurrentLineNumber64
#define current_column XML_GetCurrentColumnNumber64
#define current_byte XML_GetCurrentByteIndex64
#else
#define current_line XML_GetCurrentLineNumber
#define current_column XML_GetCurrentColumnNumber
#define current_byte XML_GetCurrentByteIndex
#endif

size_t tu_xml_line(const struct tu_xml *xml)
{
	return (size_t)current_line(xml->parser);
}

struct tu_str tu_xml_path(const struct tu_xml *xml)
{
	return tu_buf_str(&xml->path);
}

static enum tu_status stop(struct tu_xml *xml, enum tu_status status)
{
	if (!xml->status)
		xml->status = status;
	(void)XML_StopParser(xml->parser, XML_FALSE);
	return status;
}

/* Of an endless path the end, NUL-terminated. */
static void copy_path_end(const struct tu_xml *xml, char *out, size_t size)
{
	struct tu_str path = tu_xml_path(xml);

	if (path.len >= size)
		path = tu_str_from(path, path.len - (size - 1));
	(void)snprintf(out, size, "%.*s", TU_STR_FMT(path));
}

enum tu_status tu_xml_fail(struct tu_xml *xml, enum tu_status status, const char *fmt, ...)
{
	char message[TU_ERROR_MESSAGE_MAX];
	char path[121];
	const struct tu_error_place place = {
		.offset = (size_t)current_byte(xml->parser),
		.line = tu_xml_line(xml),
		.column = (size_t)current_column(xml->parser) + 1,
		.pointer = path,
	};
	va_list args;

	copy_path_end(xml, path, sizeof(path));
	va_start(args, fmt);
	(void)vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	(void)tu_fail_at(xml->err, status, &place, "%s", message);
	return stop(xml, status);
}

static enum tu_status fail_memory(struct tu_xml *xml)
{
	(void)tu_no_memory(xml->err);
	return stop(xml, TU_E_NOMEM);
}

/* ---- names and attributes ---- */

static struct tu_xml_name split_name(const char *name)
{
	struct tu_str whole = tu_str_c(name);
	size_t at = tu_str_find(whole, SEPARATOR);

	if (at == whole.len)
		return (struct tu_xml_name){{"", 0}, whole};
	return (struct tu_xml_name){tu_str_first(whole, at), tu_str_from(whole, at + 1)};
}

bool tu_xml_attr_at(const struct tu_xml *xml, size_t index, struct tu_xml_name *out_name,
	struct tu_str *out_value)
{
	const XML_Char **pair = xml->attributes;

	for (size_t i = 0; pair && pair[0] && i < index; i++)
		pair += 2;
	if (!pair || !pair[0])
		return false;
	*out_name = split_name(pair[0]);
	*out_value = tu_str_c(pair[1]);
	return true;
}

struct tu_str tu_xml_attr(const struct tu_xml *xml, const char *space, const char *local)
{
	for (const XML_Char **pair = xml->attributes; pair && pair[0]; pair += 2) {
		struct tu_xml_name name = split_name(pair[0]);

		if (tu_str_eq(name.local, tu_str_c(local)) &&
			tu_str_eq(name.space, tu_str_c(space)))
			return tu_str_c(pair[1]);
	}
	return (struct tu_str){NULL, 0};
}

/* ---- expat's calls ---- */

static enum tu_status check_attributes(struct tu_xml *xml, const XML_Char **attributes)
{
	size_t count = 0;

	for (; attributes[2 * count]; count++) {
		if (count >= xml->limits.attributes)
			return tu_xml_fail(xml, TU_E_LIMIT, "more than the limit of %zu attributes",
				xml->limits.attributes);
		if (strlen(attributes[2 * count + 1]) > xml->limits.text)
			return tu_xml_fail(xml, TU_E_LIMIT,
				"an attribute longer than the limit of %zu bytes",
				xml->limits.text);
	}
	return TU_OK;
}

static void enter(struct tu_xml *xml, struct tu_xml_name name)
{
	tu_buf_byte(&xml->path, '/');
	tu_buf_str_add(&xml->path, name.local);
	xml->depth++;
	xml->elements++;
	if (xml->path.failed)
		(void)fail_memory(xml);
	else if (xml->depth > xml->limits.depth)
		(void)tu_xml_fail(
			xml, TU_E_LIMIT, "nested deeper than the limit of %zu", xml->limits.depth);
	else if (xml->elements > xml->limits.elements)
		(void)tu_xml_fail(xml, TU_E_LIMIT, "more than the limit of %zu elements",
			xml->limits.elements);
}

static void on_open(void *context, const XML_Char *qualified, const XML_Char **attributes)
{
	struct tu_xml *xml = context;
	struct tu_xml_name name = split_name(qualified);
	enum tu_status status;

	if (xml->status)
		return;
	tu_buf_clear(&xml->text);
	enter(xml, name);
	if (xml->status || check_attributes(xml, attributes))
		return;
	xml->attributes = attributes;
	status = xml->handler->open(xml->handler->context, xml, name);
	xml->attributes = NULL;
	if (status)
		(void)stop(xml, status);
}

static void on_close(void *context, const XML_Char *qualified)
{
	struct tu_xml *xml = context;
	struct tu_xml_name name = split_name(qualified);
	enum tu_status status;

	if (xml->status)
		return;
	status = xml->handler->close(xml->handler->context, xml, name, tu_buf_str(&xml->text));
	tu_buf_clear(&xml->text);
	xml->path.len -= name.local.len + 1;
	xml->depth--;
	if (status)
		(void)stop(xml, status);
}

static void on_text(void *context, const XML_Char *text, int len)
{
	struct tu_xml *xml = context;

	if (xml->status)
		return;
	if (xml->text.len + (size_t)len > xml->limits.text) {
		(void)tu_xml_fail(xml, TU_E_LIMIT, "a text longer than the limit of %zu bytes",
			xml->limits.text);
		return;
	}
	tu_buf_add(&xml->text, text, (size_t)len);
	if (xml->text.failed)
		(void)fail_memory(xml);
}

static void on_entity(void *context, const XML_Char *name, int is_parameter, const XML_Char *value,
	int value_len, const XML_Char *base, const XML_Char *system, const XML_Char *public_,
	const XML_Char *notation)
{
	struct tu_xml *xml = context;

	(void)is_parameter;
	(void)value;
	(void)value_len;
	(void)base;
	(void)public_;
	(void)notation;
	if (!xml->status)
		(void)tu_xml_fail(xml, TU_E_SYNTAX, "declares the %sentity \"%.60s\": refused",
			system ? "external " : "", name);
}

static void on_skipped(void *context, const XML_Char *name, int is_parameter)
{
	struct tu_xml *xml = context;

	if (!xml->status && !is_parameter)
		(void)tu_xml_fail(xml, TU_E_SYNTAX, "refers to the unknown entity \"%.60s\"", name);
}

/* ---- reading ---- */

static size_t or_default(size_t limit, size_t value)
{
	return limit ? limit : value;
}

static struct tu_xml_limits with_defaults(const struct tu_xml_limits *limits)
{
	static const struct tu_xml_limits none;
	const struct tu_xml_limits *given = limits ? limits : &none;

	return (struct tu_xml_limits){.bytes = or_default(given->bytes, DEFAULT_BYTES),
		.depth = or_default(given->depth, DEFAULT_DEPTH),
		.elements = or_default(given->elements, DEFAULT_ELEMENTS),
		.attributes = or_default(given->attributes, DEFAULT_ATTRIBUTES),
		.text = or_default(given->text, DEFAULT_TEXT)};
}

static bool begin(struct tu_xml *xml)
{
	static const XML_Memory_Handling_Suite memory = {xml_malloc, xml_realloc, tu_free};
	const XML_Char separator[] = {SEPARATOR, 0};

	xml->parser = XML_ParserCreate_MM(NULL, &memory, separator);
	if (!xml->parser)
		return false;
	XML_SetUserData(xml->parser, xml);
	XML_SetElementHandler(xml->parser, on_open, on_close);
	XML_SetCharacterDataHandler(xml->parser, on_text);
	XML_SetEntityDeclHandler(xml->parser, on_entity);
	XML_SetSkippedEntityHandler(xml->parser, on_skipped);
	(void)XML_SetParamEntityParsing(xml->parser, XML_PARAM_ENTITY_PARSING_NEVER);
	/* Path and text are bounded by depth and limits.text; these only stop what cannot be. */
	tu_buf_init(&xml->path, xml->limits.depth * xml->limits.text);
	tu_buf_init(&xml->text, xml->limits.text + 1);
	return true;
}

static enum tu_status fail_parse(struct tu_xml *xml)
{
	enum XML_Error code = XML_GetErrorCode(xml->parser);

	if (xml->status)
		return xml->status;
	if (code == XML_ERROR_NO_MEMORY)
		return fail_memory(xml);
	return tu_xml_fail(xml, TU_E_SYNTAX, "XML: %s", XML_ErrorString(code));
}

/* A single tag or comment that goes on over many chunks costs the square of its length. */
static enum tu_status check_progress(struct tu_xml *xml, size_t fed)
{
	size_t token = (size_t)current_byte(xml->parser);

	if (token > xml->last_token)
		xml->last_token = token;
	if (fed - xml->last_token <= xml->limits.text + CHUNK)
		return TU_OK;
	return tu_xml_fail(
		xml, TU_E_LIMIT, "a tag longer than the limit of %zu bytes", xml->limits.text);
}

static enum tu_status feed(struct tu_xml *xml, struct tu_str text)
{
	size_t fed = 0;

	do {
		size_t some = text.len - fed < CHUNK ? text.len - fed : CHUNK;
		bool last = fed + some == text.len;

		if (XML_Parse(xml->parser, text.len ? text.ptr + fed : "", (int)some, last) !=
			XML_STATUS_OK)
			return fail_parse(xml);
		fed += some;
		if (!last && check_progress(xml, fed))
			return xml->status;
	} while (fed < text.len);
	return xml->status;
}

enum tu_status tu_xml_read(struct tu_str text, const struct tu_xml_limits *limits,
	const struct tu_xml_handler *handler, struct tu_error *err)
{
	struct tu_xml xml = {.handler = handler, .limits = with_defaults(limits), .err = err};
	enum tu_status status;

	if (text.len > xml.limits.bytes)
		return tu_fail(err, TU_E_LIMIT, 0, "%zu bytes of XML, more than the limit of %zu",
			text.len, xml.limits.bytes);
	if (tu_text_check_marks(text, err))
		return TU_E_SYNTAX;
	if (!begin(&xml))
		return tu_no_memory(err);
	status = feed(&xml, text);
	XML_ParserFree(xml.parser);
	tu_buf_done(&xml.path);
	tu_buf_done(&xml.text);
	return status;
}

/* ---- the document element alone ---- */

struct root {
	struct tu_buf *space;
	struct tu_buf *local;
	bool found;
};

static enum tu_status root_open(void *context, struct tu_xml *xml, struct tu_xml_name name)
{
	struct root *root = context;

	(void)xml;
	tu_buf_str_add(root->space, name.space);
	tu_buf_str_add(root->local, name.local);
	root->found = true;
	return TU_E_USAGE; /* ends the parse */
}

static enum tu_status root_close(
	void *context, struct tu_xml *xml, struct tu_xml_name name, struct tu_str text)
{
	(void)context;
	(void)xml;
	(void)name;
	(void)text;
	return TU_OK;
}

enum tu_status tu_xml_root(
	struct tu_str text, struct tu_buf *space, struct tu_buf *local, struct tu_error *err)
{
	enum { LOOK = 1 << 20 };
	struct root root = {.space = space, .local = local};
	const struct tu_xml_handler handler = {root_open, root_close, &root};
	enum tu_status status = tu_xml_read(tu_str_first(text, LOOK), NULL, &handler, err);

	if (!root.found)
		return status;
	if (space->failed || local->failed)
		return tu_no_memory(err);
	return TU_OK;
}
