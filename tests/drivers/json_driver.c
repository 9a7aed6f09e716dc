/*
 * Reads JSON documents for tests/conformance/json_text.py: one a line on standard input, in
 * hexadecimal.
 *
 * Answers a line each: "syntax", "limit", or "ok" and the document written anew, members in their
 * order and duplicates kept.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/json_writer.h"

enum { DOCUMENT_MAX = 1 << 20 };

static void write_value(struct tu_json value, struct tu_buf *out);

/* Enough digits that the reader gets the same double. */
static void write_number(struct tu_json value, struct tu_buf *out)
{
	uint64_t whole;
	int64_t integer;
	double number = 0;

	switch (tu_json__tag(value.doc, value.at)) {
	case 'd':
		(void)tu_json_number(value, &number);
		tu_buf_printf(out, "%.17e", number);
		return;
	case 'l':
		memcpy(&integer, &value.doc->tape[value.at + 1], sizeof(integer));
		tu_buf_printf(out, "%lld", (long long)integer);
		return;
	default:
		(void)tu_json_u64(value, UINT64_MAX, &whole);
		tu_buf_printf(out, "%llu", (unsigned long long)whole);
	}
}

static void write_members(struct tu_json value, struct tu_buf *out)
{
	struct tu_json_iter iter = tu_json_iter(value);
	bool object = tu_json_is_object(value);
	bool first = true;
	struct tu_str key = {"", 0};
	struct tu_json child;

	tu_buf_byte(out, object ? '{' : '[');
	while (object ? tu_json_next_member(&iter, &key, &child)
		      : tu_json_next_item(&iter, &child)) {
		if (!first)
			tu_buf_byte(out, ',');
		first = false;
		if (object) {
			tu_json_quote(key, out);
			tu_buf_byte(out, ':');
		}
		write_value(child, out);
	}
	tu_buf_byte(out, object ? '}' : ']');
}

static void write_value(struct tu_json value, struct tu_buf *out)
{
	switch (tu_json_type(value)) {
	case TU_JSON_ABSENT:
	case TU_JSON_NULL:
		tu_buf_c(out, "null");
		return;
	case TU_JSON_BOOL:
		tu_buf_c(out, tu_json_true(value) ? "true" : "false");
		return;
	case TU_JSON_NUMBER:
		write_number(value, out);
		return;
	case TU_JSON_STRING:
		tu_json_quote(tu_json_str(value), out);
		return;
	case TU_JSON_ARRAY:
	case TU_JSON_OBJECT:
		write_members(value, out);
		return;
	}
}

static void answer(struct tu_json_parser *parser, struct tu_str text, struct tu_buf *out)
{
	struct tu_json root;
	enum tu_status status = tu_json_parse(parser, text, NULL, &root, NULL);

	tu_buf_clear(out);
	tu_buf_c(out, status == TU_OK ? "ok " : status == TU_E_LIMIT ? "limit" : "syntax");
	if (status == TU_OK)
		write_value(root, out);
	tu_buf_byte(out, '\n');
}

static int hex(char c)
{
	return tu_char_is_digit(c) ? c - '0' : tu_char_lower(c) - 'a' + 10;
}

/* The bytes that a line stands for, in its own place. */
static struct tu_str decode(char *line)
{
	size_t len = strcspn(line, "\n") / 2;

	for (size_t i = 0; i < len; i++)
		line[i] = (char)(hex(line[2 * i]) << 4 | hex(line[2 * i + 1]));
	return tu_str_of(line, len);
}

int main(void)
{
	static char line[2 * DOCUMENT_MAX + 2];
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_buf out;

	if (!parser)
		return 4;
	tu_buf_init(&out, 64 * (size_t)DOCUMENT_MAX);
	while (fgets(line, sizeof(line), stdin)) {
		answer(parser, decode(line), &out);
		if (out.failed || fwrite(out.ptr, 1, out.len, stdout) != out.len)
			return 4;
	}
	tu_buf_done(&out);
	tu_json_parser_free(parser);
	return fflush(stdout) == 0 ? 0 : 3;
}
