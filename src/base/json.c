#include "base/json.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/fault.h"
#include "base/hash.h"
#include "base/json_scan.h"
#include "base/json_shim.h"
#include "base/utf8.h"
#include "base/utf16.h"

enum { DEFAULT_DEPTH = 512 };

#define DEFAULT_BYTES ((size_t)1 << 30)
#define BYTES_MAX ((size_t)UINT32_MAX - TU_JSON_PADDING)
#define DEFAULT_NODES ((size_t)1 << 31)

struct tu_json_parser {
	struct tu_shim *shim;
	struct tu_json_doc doc;
	struct tu_buf copy; /* of texts without padding */
};

struct tu_json_parser *tu_json_parser_new(void)
{
	struct tu_json_parser *parser = tu_alloc(1, sizeof(*parser));

	if (!parser)
		return NULL;
	tu_buf_init(&parser->copy, BYTES_MAX + TU_JSON_PADDING);
	parser->shim = tu_fault_hit() ? tu_alloc_refuse() : tu_shim_new();
	if (!parser->shim) {
		tu_free(parser);
		return NULL;
	}
	return parser;
}

void tu_json_parser_free(struct tu_json_parser *parser)
{
	if (!parser)
		return;
	tu_shim_free(parser->shim);
	tu_buf_done(&parser->copy);
	tu_free(parser);
}

size_t tu_json_parser_capacity(const struct tu_json_parser *parser)
{
	return tu_shim_capacity(parser->shim);
}

void tu_line_column(struct tu_str text, size_t offset, size_t *out_line, size_t *out_column)
{
	struct tu_str before = tu_str_first(text, offset);
	size_t line = 1;
	size_t start = 0;

	for (size_t i = 0; i < before.len; i++) {
		if (before.ptr[i] == '\n') {
			line++;
			start = i + 1;
		}
	}
	*out_line = line;
	*out_column = before.len - start + 1;
}

static enum tu_status fail_at_offset(struct tu_error *err, enum tu_status status,
	const struct tu_json_doc *doc, size_t offset, const char *message)
{
	struct tu_error_place place = {.offset = doc->mark + offset};

	tu_line_column(doc->text, offset, &place.line, &place.column);
	return tu_fail_at(err, status, &place, "%s", message);
}

/* simdjson's errors have no position: walk the text once more to find it. */
static enum tu_status explain(const struct tu_json_doc *doc, enum tu_shim_result result,
	size_t depth, const char *message, struct tu_error *err)
{
	struct tu_json_fault fault = {0, TU_E_SYNTAX, message};

	if (result == TU_SHIM_NOMEM)
		return tu_no_memory(err);
	(void)tu_json_scan_fault(doc->text, depth, &fault);
	return fail_at_offset(err, fault.status, doc, fault.offset, fault.message);
}

static enum tu_status parse_padded(
	struct tu_json_parser *parser, struct tu_str padded, size_t depth, struct tu_error *err)
{
	const char *message = "";
	enum tu_shim_result result = TU_SHIM_NOMEM;

	if (!tu_fault_hit())
		result = tu_shim_parse(parser->shim, padded.ptr, padded.len, depth,
			&parser->doc.tape, &parser->doc.strings, &message);
	if (result == TU_SHIM_OK)
		return TU_OK;
	return explain(&parser->doc, result, depth, message, err);
}

static enum tu_status parse_copy(
	struct tu_json_parser *parser, struct tu_str text, size_t depth, struct tu_error *err)
{
	static const char zeros[TU_JSON_PADDING];

	tu_buf_clear(&parser->copy);
	tu_buf_str_add(&parser->copy, text);
	tu_buf_add(&parser->copy, zeros, sizeof(zeros));
	if (parser->copy.failed)
		return tu_no_memory(err);
	return parse_padded(parser, tu_str_of(parser->copy.ptr, text.len), depth, err);
}

/* Tape index of the closing root element, after which the root's payload points. */
static size_t tape_len(const struct tu_json_doc *doc)
{
	return (size_t)tu_json__payload(doc, 0) - 1;
}

/* Words that the value, key or end at `at` takes, its contents apart. */
static size_t tape_words(const struct tu_json_doc *doc, size_t at)
{
	char tag = tu_json__tag(doc, at);

	return tag == 'l' || tag == 'u' || tag == 'd' ? 2 : 1;
}

/* The end of a container: neither a value nor a key. */
static bool is_end(const struct tu_json_doc *doc, size_t at)
{
	char tag = tu_json__tag(doc, at);

	return tag == '}' || tag == ']';
}

/* A set of keys of one object, open addressing; for objects too large for a pairwise look. */
struct key_set {
	size_t *slots; /* tape indexes, 0: free */
	size_t mask;
};

/* Two equal keys of one object, as tape indexes; second 0: there are none. */
struct duplicate {
	size_t first;
	size_t second;
};

/* Put a key in, or give the equal one that is there. The seed keeps a stranger from choosing keys
 * that all collide. */
static size_t key_set_add(struct key_set *set, const struct tu_json_doc *doc, size_t at)
{
	struct tu_str key = tu_json__string(doc, at);
	size_t slot = (size_t)tu_hash_seeded(key, (uint64_t)(uintptr_t)set->slots) & set->mask;

	while (set->slots[slot]) {
		if (tu_str_eq(tu_json__string(doc, set->slots[slot]), key))
			return set->slots[slot];
		slot = (slot + 1) & set->mask;
	}
	set->slots[slot] = at;
	return 0;
}

/* False: out of memory. */
static bool duplicate_in_large(struct tu_json object, size_t count, struct duplicate *out)
{
	struct key_set set = {.mask = 1};
	struct tu_json_iter iter = tu_json_iter(object);
	struct tu_str key;
	struct tu_json value;

	while (set.mask < count * 2)
		set.mask *= 2;
	set.slots = tu_alloc(set.mask, sizeof(*set.slots));
	if (!set.slots)
		return false;
	set.mask--;
	while (!out->second && tu_json_next_member(&iter, &key, &value)) {
		out->first = key_set_add(&set, object.doc, value.at - 1);
		out->second = out->first ? value.at - 1 : 0;
	}
	tu_free(set.slots);
	return true;
}

/* Each key against those before it. False: more than SMALL keys. */
enum { SMALL = 16 };
static bool duplicate_in_small(struct tu_json object, struct duplicate *out)
{
	struct tu_json_iter iter = tu_json_iter(object);
	struct tu_str keys[SMALL + 1];
	size_t places[SMALL + 1];
	struct tu_json value;

	for (size_t count = 0; tu_json_next_member(&iter, &keys[count], &value); count++) {
		if (count == SMALL)
			return false;
		places[count] = value.at - 1;
		for (size_t i = 0; i < count; i++) {
			if (!tu_str_eq(keys[i], keys[count]))
				continue;
			*out = (struct duplicate){places[i], places[count]};
			return true;
		}
	}
	return true;
}

static bool find_duplicate(const struct tu_json_doc *doc, struct duplicate *out)
{
	size_t end = tape_len(doc);

	*out = (struct duplicate){0, 0};
	for (size_t at = 1; at < end && !out->second; at += tape_words(doc, at)) {
		struct tu_json object = {doc, at};

		/* keys and texts are most of a tape, and never its end */
		while (tu_json__tag(doc, object.at) == '"')
			object.at++;
		at = object.at;
		if (tu_json__tag(doc, at) == '{' && !duplicate_in_small(object, out) &&
			!duplicate_in_large(object, tu_json_count(object), out))
			return false;
	}
	return true;
}

static enum tu_status check_unique(const struct tu_json_doc *doc, struct tu_error *err)
{
	struct duplicate twice;
	struct tu_json key = {doc, 0};
	size_t line;
	size_t column;

	if (!find_duplicate(doc, &twice))
		return tu_no_memory(err);
	if (!twice.second)
		return TU_OK;
	(void)tu_json_position((struct tu_json){doc, twice.first}, &line, &column);
	key.at = twice.second;
	return tu_json_fail(err, TU_E_SYNTAX, key,
		"the key \"%.*s\" occurs twice in one object, first in line %zu, column %zu",
		TU_STR_FMT(tu_utf8_first(tu_json_str(key), 64)), line, column);
}

static enum tu_status check_nodes(const struct tu_json_doc *doc, size_t nodes, struct tu_error *err)
{
	size_t end = tape_len(doc);
	size_t count = 0;

	if (end <= nodes) /* each takes a word at least */
		return TU_OK;
	for (size_t at = 1; at < end; at += tape_words(doc, at)) {
		struct tu_json value = {doc, at};

		if (is_end(doc, at) || count++ < nodes)
			continue;
		return tu_json_fail(err, TU_E_LIMIT, value,
			"more than the limit of %zu values and keys", nodes);
	}
	return TU_OK;
}

static enum tu_status check_size(
	struct tu_str text, const struct tu_json_limits *limits, struct tu_error *err)
{
	size_t bytes = limits->bytes ? limits->bytes : DEFAULT_BYTES;

	if (bytes > BYTES_MAX)
		bytes = BYTES_MAX;
	if (text.len > bytes)
		return tu_fail(err, TU_E_LIMIT, bytes,
			"%zu bytes of JSON, more than the limit of %zu", text.len, bytes);
	if (tu_str_trim(text).len == 0)
		return tu_fail_at(err, TU_E_SYNTAX,
			&(struct tu_error_place){.line = 1, .column = 1},
			"empty: expected a JSON document");
	return TU_OK;
}

enum tu_status tu_json_parse(struct tu_json_parser *parser, struct tu_str text,
	const struct tu_json_limits *limits, struct tu_json *out_root, struct tu_error *err)
{
	static const struct tu_json_limits defaults;
	const struct tu_json_limits *use = limits ? limits : &defaults;
	size_t depth = use->depth ? use->depth : DEFAULT_DEPTH;
	size_t nodes = use->nodes ? use->nodes : DEFAULT_NODES;
	enum tu_status status = tu_text_check_marks(text, err);

	if (status)
		return status;
	if (depth > TU_JSON_DEPTH_MAX)
		depth = TU_JSON_DEPTH_MAX;
	parser->doc =
		(struct tu_json_doc){.mark = tu_str_skip(&text, TU_STR("\xef\xbb\xbf")) ? 3 : 0};
	parser->doc.text = text;
	status = check_size(text, use, err);
	if (status)
		return status;
	status = use->padded ? parse_padded(parser, text, depth, err)
			     : parse_copy(parser, text, depth, err);
	if (status)
		return status;
	status = check_nodes(&parser->doc, nodes, err);
	if (status)
		return status;
	*out_root = (struct tu_json){&parser->doc, 1};
	return use->unique_keys ? check_unique(&parser->doc, err) : TU_OK;
}

enum tu_json_type tu_json_type(struct tu_json value)
{
	if (!value.doc)
		return TU_JSON_ABSENT;
	switch (tu_json__tag(value.doc, value.at)) {
	case '{':
		return TU_JSON_OBJECT;
	case '[':
		return TU_JSON_ARRAY;
	case '"':
		return TU_JSON_STRING;
	case 't':
	case 'f':
		return TU_JSON_BOOL;
	case 'n':
		return TU_JSON_NULL;
	default:
		return TU_JSON_NUMBER;
	}
}

const char *tu_json_type_name(enum tu_json_type type)
{
	static const char *const names[] = {
		"nothing", "null", "a boolean", "a number", "a string", "an array", "an object"};

	return names[type];
}

bool tu_json_number(struct tu_json value, double *out_number)
{
	uint64_t bits;
	int64_t integer;

	if (tu_json_type(value) != TU_JSON_NUMBER)
		return false;
	bits = value.doc->tape[value.at + 1];
	switch (tu_json__tag(value.doc, value.at)) {
	case 'd':
		memcpy(out_number, &bits, sizeof(bits));
		return true;
	case 'l':
		memcpy(&integer, &bits, sizeof(bits));
		*out_number = (double)integer;
		return true;
	default:
		*out_number = (double)bits;
		return true;
	}
}

bool tu_json_u64(struct tu_json value, uint64_t max, uint64_t *out_number)
{
	uint64_t bits;
	char tag;

	if (tu_json_type(value) != TU_JSON_NUMBER)
		return false;
	tag = tu_json__tag(value.doc, value.at);
	bits = value.doc->tape[value.at + 1];
	if (tag == 'd' || (tag == 'l' && bits >> 63) || bits > max)
		return false;
	*out_number = bits;
	return true;
}

struct tu_json tu_json_get(struct tu_json object, struct tu_str key)
{
	struct tu_json_iter iter;
	struct tu_str name;
	struct tu_json value;

	if (!tu_json_is_object(object))
		return (struct tu_json){0};
	iter = tu_json_iter(object);
	while (tu_json_next_member(&iter, &name, &value)) {
		if (tu_str_eq(name, key))
			return value;
	}
	return (struct tu_json){0};
}

size_t tu_json_count(struct tu_json value)
{
	struct tu_json_iter iter = tu_json_iter(value);
	bool object = tu_json_is_object(value);
	size_t count = 0;

	while (iter.at < iter.end) {
		iter.at = tu_json__after(iter.doc, iter.at + (object ? 1 : 0));
		count++;
	}
	return count;
}

void tu_json_pointer_add_key(struct tu_str key, struct tu_buf *out)
{
	for (size_t i = 0; i < key.len; i++) {
		if (key.ptr[i] == '~')
			tu_buf_c(out, "~0");
		else if (key.ptr[i] == '/')
			tu_buf_c(out, "~1");
		else
			tu_buf_byte(out, key.ptr[i]);
	}
}

/* Step into the child of `*container` that contains tape index `at`. */
static bool descend(struct tu_json *container, size_t at, struct tu_buf *out)
{
	struct tu_json_iter iter = tu_json_iter(*container);
	bool object = tu_json_is_object(*container);
	size_t index = 0;
	struct tu_str key = {"", 0};
	struct tu_json child;

	while (object ? tu_json_next_member(&iter, &key, &child)
		      : tu_json_next_item(&iter, &child)) {
		if (iter.at > at) {
			tu_buf_byte(out, '/');
			if (object)
				tu_json_pointer_add_key(key, out);
			else
				tu_buf_printf(out, "%zu", index);
			*container = child;
			return true;
		}
		index++;
	}
	return false;
}

void tu_json_pointer_within(struct tu_json root, struct tu_json value, struct tu_buf *out)
{
	if (!value.doc || value.doc != root.doc)
		return;
	while (root.at < value.at && descend(&root, value.at, out))
		continue;
}

void tu_json_pointer(struct tu_json value, struct tu_buf *out)
{
	tu_json_pointer_within((struct tu_json){value.doc, 1}, value, out);
}

size_t tu_json_position(struct tu_json value, size_t *out_line, size_t *out_column)
{
	size_t ordinal = 0;
	size_t offset;

	for (size_t at = 1; at < value.at; at += tape_words(value.doc, at))
		ordinal += !is_end(value.doc, at);
	offset = tu_json_scan_offset(value.doc->text, ordinal);
	tu_line_column(value.doc->text, offset, out_line, out_column);
	return value.doc->mark + offset;
}

/* The pointer of a value, NUL-terminated; "" when memory is out. */
static const char *pointer_of(struct tu_json value, struct tu_buf *out)
{
	enum { SHOWN = 120 };

	tu_json_pointer(value, out);
	if (out->failed || out->len > SHOWN) {
		out->len = tu_utf8_first(tu_buf_str(out), SHOWN).len;
		out->failed = false;
		tu_buf_c(out, "\xe2\x80\xa6");
	}
	tu_buf_byte(out, '\0');
	return out->failed ? "" : out->ptr;
}

enum tu_status tu_json_fail(
	struct tu_error *err, enum tu_status status, struct tu_json value, const char *fmt, ...)
{
	char message[TU_ERROR_MESSAGE_MAX];
	struct tu_error_place place = {0};
	struct tu_buf pointer;
	va_list args;

	if (!err)
		return status;
	va_start(args, fmt);
	(void)vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	if (!value.doc)
		return tu_fail(err, status, 0, "%s", message);
	place.offset = tu_json_position(value, &place.line, &place.column);
	tu_buf_init(&pointer, 4096);
	place.pointer = pointer_of(value, &pointer);
	(void)tu_fail_at(err, status, &place, "%s", message);
	tu_buf_done(&pointer);
	return status;
}
