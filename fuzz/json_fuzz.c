/*
 * JSON, read with all ceilings on: every value is walked and placed, and what is refused has a
 * place. The program dies where a promise of base/json.h does not hold.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/json_scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DEPTH = 64, NODES = 20000, PLACED_MAX = 50 };

static void insist(bool holds)
{
	if (!holds)
		abort();
}

/* The place of a value is where its first byte stands. */
static void check_place(struct tu_json value, struct tu_str text)
{
	static const char *const firsts[] = {"", "n", "tf", "-0123456789", "\"", "[", "{"};
	struct tu_buf pointer;
	size_t line;
	size_t column;
	size_t at = tu_json_position(value, &line, &column);

	insist(at < text.len && line > 0 && column > 0);
	insist(strchr(firsts[tu_json_type(value)], text.ptr[at]) && text.ptr[at]);
	tu_buf_init(&pointer, 1 << 20);
	tu_json_pointer(value, &pointer);
	insist(!pointer.failed && (pointer.len == 0 || pointer.ptr[0] == '/'));
	tu_buf_done(&pointer);
}

/* Children of a container at any depth; DEPTH bounds the recursion. */
static size_t walk(struct tu_json value, struct tu_str text, size_t *places_left)
{
	struct tu_json_iter iter = tu_json_iter(value);
	bool object = tu_json_is_object(value);
	struct tu_str key = {"", 0};
	struct tu_json child;
	size_t children = 0;
	size_t nodes = 1;
	double number;

	if (*places_left > 0) {
		(*places_left)--;
		check_place(value, text);
	}
	insist(tu_json_number(value, &number) == (tu_json_type(value) == TU_JSON_NUMBER));
	while (object ? tu_json_next_member(&iter, &key, &child)
		      : tu_json_next_item(&iter, &child)) {
		children++;
		nodes += object + walk(child, text, places_left);
		if (object && children == 1)
			insist(tu_json_get(value, key).at == child.at);
	}
	insist(tu_json_count(value) == children);
	return nodes;
}

static void check_refused(struct tu_str text, enum tu_status status, const struct tu_error *err)
{
	insist(status == TU_E_SYNTAX || status == TU_E_LIMIT);
	insist(err->status == status && err->offset <= text.len);
	insist(err->line > 0 && err->message[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tu_str text = tu_str_of((const char *)data, size);
	struct tu_json_limits limits = {.depth = DEPTH, .nodes = NODES, .unique_keys = true};
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_error err = {0};
	struct tu_json root;
	size_t places_left = PLACED_MAX;
	enum tu_status status;

	if (!parser)
		return 0;
	status = tu_json_parse(parser, text, &limits, &root, &err);
	if (status)
		check_refused(text, status, &err);
	else
		insist(walk(root, text, &places_left) <= NODES);
	/* without the ceilings that need the whole document, the scan has the same opinion */
	limits = (struct tu_json_limits){.depth = DEPTH};
	status = tu_json_parse(parser, text, &limits, &root, &err);
	if (size > 0) {
		struct tu_json_fault fault;

		(void)tu_str_skip(&text, TU_STR("\xef\xbb\xbf"));
		insist(tu_json_scan_fault(text, DEPTH, &fault) == (status != TU_OK));
	}
	tu_json_parser_free(parser);
	return 0;
}
