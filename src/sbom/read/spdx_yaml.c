/*
 * SPDX 2.2 and 2.3 YAML: the JSON form's members in YAML, event for event (see rewrite.h).
 *
 * Aliases are refused: an SPDX document needs none, and a few lines of them stand for gigabytes.
 * libyaml allocates by itself; it says so when it cannot.
 */
#include "sbom/read/rewrite.h"

#include <stdio.h>
#include <yaml.h>

#include "base/alloc.h"

enum { DEFAULT_DEPTH = 256 };

struct frame {
	bool mapping;
	bool at_key; /* the next scalar is a key */
};

struct reading {
	struct tu_sbom_rewrite *r;
	yaml_parser_t parser;
	TU_VEC(struct frame) frames;
	size_t documents;
	bool done;
};

static enum tu_status fail_at(
	const struct reading *y, yaml_mark_t mark, enum tu_status status, const char *words)
{
	return tu_fail(y->r->err, status, mark.index, "line %zu, column %zu: %s", mark.line + 1,
		mark.column + 1, words);
}

static enum tu_status fail_parse(const struct reading *y)
{
	char words[200];

	if (y->parser.error == YAML_MEMORY_ERROR)
		return tu_sbom__rewrite_nomem(y->r);
	(void)snprintf(words, sizeof(words), "YAML: %s",
		y->parser.problem ? y->parser.problem : "not well-formed");
	return fail_at(y, y->parser.problem_mark, TU_E_SYNTAX, words);
}

/* A value or key begins: on its line, and a mapping's turn goes to the other one. */
static void take_turn(struct reading *y, const yaml_event_t *event)
{
	struct frame *frame = y->frames.count ? &y->frames.at[y->frames.count - 1] : NULL;

	tu_sbom__rewrite_line(y->r, event->start_mark.line + 1);
	if (frame && frame->mapping)
		frame->at_key = !frame->at_key;
}

static bool at_key(const struct reading *y)
{
	return y->frames.count && y->frames.at[y->frames.count - 1].at_key;
}

static enum tu_status open_container(struct reading *y, const yaml_event_t *event, bool mapping)
{
	size_t depth = y->r->limits->depth ? y->r->limits->depth : DEFAULT_DEPTH;
	const struct frame frame = {.mapping = mapping, .at_key = mapping};

	if (at_key(y))
		return fail_at(y, event->start_mark, TU_E_SYNTAX, "a key that is no text");
	if (y->frames.count >= depth)
		return fail_at(y, event->start_mark, TU_E_LIMIT, "nested deeper than the limit");
	take_turn(y, event);
	if (mapping)
		tu_json_open_object(&y->r->to);
	else
		tu_json_open_array(&y->r->to);
	return TU_VEC_PUSH(&y->frames, frame) ? TU_OK : tu_sbom__rewrite_nomem(y->r);
}

static void close_container(struct reading *y)
{
	if (y->frames.at[--y->frames.count].mapping)
		tu_json_close_object(&y->r->to);
	else
		tu_json_close_array(&y->r->to);
}

/* Only what JSON has a word for is not a text: "1.10" is a version and no number. */
static void write_plain(struct tu_json_writer *to, struct tu_str value)
{
	if (value.len == 0 || tu_str_eq(value, TU_STR("~")) || tu_str_ieq(value, TU_STR("null")))
		tu_json_add_null(to);
	else if (tu_str_ieq(value, TU_STR("true")) || tu_str_ieq(value, TU_STR("false")))
		tu_json_add_bool(to, tu_str_ieq(value, TU_STR("true")));
	else
		tu_json_add_str(to, value);
}

static enum tu_status read_scalar(struct reading *y, const yaml_event_t *event)
{
	struct tu_str value =
		tu_str_of((const char *)event->data.scalar.value, event->data.scalar.length);
	bool key = at_key(y);

	take_turn(y, event);
	if (key)
		tu_json_key_str(&y->r->to, value);
	else if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
		write_plain(&y->r->to, value);
	else
		tu_json_add_str(&y->r->to, value);
	return TU_OK;
}

static enum tu_status begin_document(struct reading *y, const yaml_event_t *event)
{
	if (++y->documents == 1)
		return TU_OK;
	y->done = true;
	return tu_sbom__rewrite_note(y->r, event->start_mark.line + 1, TU_STR(""),
		"not read: further documents of the file", TU_STR(""));
}

static enum tu_status read_event(struct reading *y, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		return begin_document(y, event);
	case YAML_ALIAS_EVENT:
		return fail_at(y, event->start_mark, TU_E_SYNTAX, "an alias (*): refused");
	case YAML_SCALAR_EVENT:
		return read_scalar(y, event);
	case YAML_MAPPING_START_EVENT:
		return open_container(y, event, true);
	case YAML_SEQUENCE_START_EVENT:
		return open_container(y, event, false);
	case YAML_MAPPING_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
		close_container(y);
		return TU_OK;
	case YAML_STREAM_END_EVENT:
		y->done = true;
		return TU_OK;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
	default:
		return TU_OK;
	}
}

static enum tu_status read_events(struct reading *y)
{
	enum tu_status status = TU_OK;

	while (!status && !y->done) {
		yaml_event_t event;

		if (!yaml_parser_parse(&y->parser, &event))
			return fail_parse(y);
		status = read_event(y, &event);
		yaml_event_delete(&event);
		if (!status)
			status = tu_sbom__rewrite_check(y->r, &y->r->json);
	}
	return status;
}

enum tu_status tu_sbom__rewrite_spdx_yaml(struct tu_sbom_rewrite *r, struct tu_str text)
{
	struct reading y = {.r = r};
	enum tu_status status;

	r->format = TU_SBOM_SPDX_YAML;
	if (!yaml_parser_initialize(&y.parser))
		return tu_sbom__rewrite_nomem(r);
	yaml_parser_set_encoding(&y.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&y.parser, (const unsigned char *)text.ptr, text.len);
	status = read_events(&y);
	yaml_parser_delete(&y.parser);
	TU_VEC_DONE(&y.frames);
	return status;
}
