/*
 * JSON reading: simdjson's tape, walked in plain C.
 *
 * A parser is reused from document to document; a document and every view into it live until the
 * next parse or until the parser is freed. Values are cursors, passed by value. Asking a value for
 * what it is not never fails: it gives the absent value, the empty view or zero; readers that care
 * ask tu_json_type() first and report with tu_json_fail(), which names line, column and pointer.
 *
 * A parser belongs to one thread at a time; a parsed document may be read from several.
 */
#ifndef TU_BASE_JSON_H
#define TU_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

enum tu_json_type {
	TU_JSON_ABSENT,
	TU_JSON_NULL,
	TU_JSON_BOOL,
	TU_JSON_NUMBER,
	TU_JSON_STRING,
	TU_JSON_ARRAY,
	TU_JSON_OBJECT
};

/* Bytes that must be readable after a text that is parsed in place. */
enum { TU_JSON_PADDING = 64 };

/* Limits; zero means the default in brackets. */
struct tu_json_limits {
	size_t bytes; /* [1 GiB]; never more than 4 GiB - 1 */
	size_t depth; /* [512]; never more than 4096; an empty container takes no level */
	size_t nodes; /* values and keys [2^31] */
	bool unique_keys; /* an object with the same key twice is TU_E_SYNTAX at the second one;
			     the message says where the first is */
	bool padded; /* TU_JSON_PADDING bytes after the text are readable: no copy */
};

struct tu_json_doc {
	const uint64_t *tape;
	const uint8_t *strings;
	struct tu_str text; /* what was parsed, borrowed: only used to locate errors */
	size_t mark; /* bytes of the byte order mark that stood before `text` */
};

/* A value of a document; doc NULL is the absent value. */
struct tu_json {
	const struct tu_json_doc *doc;
	size_t at; /* index into the tape */
};

struct tu_json_iter {
	const struct tu_json_doc *doc;
	size_t at;
	size_t end;
};

struct tu_json_parser;

/* NULL when out of memory. */
TU_NODISCARD struct tu_json_parser *tu_json_parser_new(void);
void tu_json_parser_free(struct tu_json_parser *parser);

/* Parse one document (a leading UTF-8 byte order mark is skipped and takes no column). `limits` may
 * be NULL. On success `*out_root` is the root value. Errors name line and column; err->offset is
 * the byte. `text` must live as long as the document.
 *
 * TU_E_SYNTAX: not JSON by RFC 8259, or an escaped half of a surrogate pair. TU_E_LIMIT: a limit,
 * or a number that neither an integer nor a double of 64 bits can hold. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_json_parse(struct tu_json_parser *parser, struct tu_str text,
	const struct tu_json_limits *limits, struct tu_json *out_root, struct tu_error *err);

/* Bytes of memory the parser keeps. */
size_t tu_json_parser_capacity(const struct tu_json_parser *parser);

static inline char tu_json__tag(const struct tu_json_doc *doc, size_t at)
{
	return (char)(doc->tape[at] >> 56);
}

static inline uint64_t tu_json__payload(const struct tu_json_doc *doc, size_t at)
{
	return doc->tape[at] & (((uint64_t)1 << 56) - 1);
}

/* Tape index of what follows the value at `at`. */
static inline size_t tu_json__after(const struct tu_json_doc *doc, size_t at)
{
	switch (tu_json__tag(doc, at)) {
	case '{':
	case '[':
		return (size_t)(tu_json__payload(doc, at) & 0xffffffff);
	case 'l':
	case 'u':
	case 'd':
		return at + 2;
	default:
		return at + 1;
	}
}

static inline struct tu_str tu_json__string(const struct tu_json_doc *doc, size_t at)
{
	const uint8_t *bytes = doc->strings + tu_json__payload(doc, at);
	uint32_t len;

	memcpy(&len, bytes, sizeof(len));
	return (struct tu_str){(const char *)bytes + sizeof(len), len};
}

enum tu_json_type tu_json_type(struct tu_json value);
/* "string", "object", …: for messages. */
const char *tu_json_type_name(enum tu_json_type type);

static inline bool tu_json_is_object(struct tu_json value)
{
	return value.doc && tu_json__tag(value.doc, value.at) == '{';
}

static inline bool tu_json_is_array(struct tu_json value)
{
	return value.doc && tu_json__tag(value.doc, value.at) == '[';
}

static inline bool tu_json_is_string(struct tu_json value)
{
	return value.doc && tu_json__tag(value.doc, value.at) == '"';
}

/* The text of a string (it may contain NUL); the empty view for anything else. */
static inline struct tu_str tu_json_str(struct tu_json value)
{
	return tu_json_is_string(value) ? tu_json__string(value.doc, value.at)
					: (struct tu_str){"", 0};
}

/* True only for the literal true. */
static inline bool tu_json_true(struct tu_json value)
{
	return value.doc && tu_json__tag(value.doc, value.at) == 't';
}

/* A number as double; false for anything else. */
bool tu_json_number(struct tu_json value, double *out_number);
/* A non-negative integer up to `max`; false for anything else. */
bool tu_json_u64(struct tu_json value, uint64_t max, uint64_t *out_number);

/* Iterate over an object's members or an array's items; over anything else: nothing. */
static inline struct tu_json_iter tu_json_iter(struct tu_json value)
{
	if (!tu_json_is_object(value) && !tu_json_is_array(value))
		return (struct tu_json_iter){0};
	return (struct tu_json_iter){
		value.doc, value.at + 1, tu_json__after(value.doc, value.at) - 1};
}

static inline bool tu_json_next_item(struct tu_json_iter *iter, struct tu_json *out_value)
{
	if (iter->at >= iter->end)
		return false;
	*out_value = (struct tu_json){iter->doc, iter->at};
	iter->at = tu_json__after(iter->doc, iter->at);
	return true;
}

static inline bool tu_json_next_member(
	struct tu_json_iter *iter, struct tu_str *out_key, struct tu_json *out_value)
{
	if (iter->at >= iter->end)
		return false;
	*out_key = tu_json__string(iter->doc, iter->at);
	*out_value = (struct tu_json){iter->doc, iter->at + 1};
	iter->at = tu_json__after(iter->doc, iter->at + 1);
	return true;
}

/* The member with this key, the first if there are two; the absent value when there is none or
 * `object` is not an object. */
struct tu_json tu_json_get(struct tu_json object, struct tu_str key);
/* tu_json_get() and tu_json_str() at once; `key` is a literal. */
#define TU_JSON_STR(object, key) tu_json_str(tu_json_get((object), TU_STR(key)))
/* Members or items; counted by walking. */
size_t tu_json_count(struct tu_json value);

/* Append the RFC 6901 pointer of a value ("/components/3/name"); "" is the root. */
void tu_json_pointer(struct tu_json value, struct tu_buf *out);
/* The same as seen from `root`, a value that contains it. */
void tu_json_pointer_within(struct tu_json root, struct tu_json value, struct tu_buf *out);
/* Byte offset of a value in what was parsed, and its line and column (from 1; column in bytes). */
size_t tu_json_position(struct tu_json value, size_t *out_line, size_t *out_column);
/* Line and column of a byte offset in a text. */
void tu_line_column(struct tu_str text, size_t offset, size_t *out_line, size_t *out_column);

/* Append a key as a JSON pointer spells it: "~" as "~0", "/" as "~1". */
void tu_json_pointer_add_key(struct tu_str key, struct tu_buf *out);

/* Report an error at a value: with its line, column and JSON pointer. */
enum tu_status tu_json_fail(struct tu_error *err, enum tu_status status, struct tu_json value,
	const char *fmt, ...) TU_PRINTF(4, 5);

#endif
