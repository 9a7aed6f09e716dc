#include "base/yaml_events.h"

#include <stdarg.h>
#include <stdio.h>
#include <yaml.h>

#include "base/vec.h"
#include "base/utf16.h"

struct frame {
	bool map;
	bool at_key; /* the next scalar is a key */
};

struct reading {
	struct tu_str text;
	const struct tu_yaml_visitor *visitor;
	yaml_parser_t parser;
	TU_VEC(struct frame) frames;
	bool done;
	struct tu_error *err;
};

static struct tu_error_place place_of(yaml_mark_t mark)
{
	return (struct tu_error_place){.line = mark.line + 1, .column = mark.column + 1};
}

static enum tu_status fail_at(
	const struct reading *r, yaml_mark_t mark, enum tu_status status, const char *words)
{
	const struct tu_error_place place = place_of(mark);

	return tu_fail_at(r->err, status, &place, "%s", words);
}

/* libyaml says "cannot start any token" of the most common mistake. The index that it gives
 * counts characters, so the tab is looked for in the line. */
static bool is_at_tab(struct tu_str text, yaml_mark_t mark)
{
	struct tu_str line = {0};

	for (size_t i = 0; i <= mark.line; i++)
		if (!tu_str_split(&text, '\n', &line))
			return false;
	for (size_t i = 0; i < line.len; i++) {
		if (line.ptr[i] == '\t')
			return true;
		if (line.ptr[i] != ' ' && line.ptr[i] != '-')
			return false;
	}
	return false;
}

/* A byte that is not UTF-8: libyaml gives its offset and no line. */
static enum tu_status fail_encoding(const struct reading *r)
{
	const char *problem = r->parser.problem ? r->parser.problem : "not UTF-8";
	struct tu_str before = tu_str_first(r->text, r->parser.problem_offset);
	struct tu_error_place place = {.offset = r->parser.problem_offset, .line = 1, .column = 1};

	for (size_t i = 0; i < before.len; i++, place.column++)
		if (before.ptr[i] == '\n') {
			place.line++;
			place.column = 0;
		}
	return tu_fail_at(r->err, TU_E_SYNTAX, &place, "%s", problem);
}

static enum tu_status fail_parse(const struct reading *r)
{
	const yaml_parser_t *parser = &r->parser;
	const struct tu_error_place place = place_of(parser->problem_mark);

	if (parser->error == YAML_MEMORY_ERROR)
		return tu_no_memory(r->err);
	if (parser->error == YAML_READER_ERROR)
		return fail_encoding(r);
	if (is_at_tab(r->text, parser->problem_mark))
		return fail_at(r, parser->problem_mark, TU_E_SYNTAX,
			"a tab: YAML is indented with spaces");
	return tu_fail_at(r->err, TU_E_SYNTAX, &place, "not well-formed YAML: %s%s%s",
		parser->context ? parser->context : "", parser->context ? ": " : "",
		parser->problem ? parser->problem : "unknown");
}

static enum tu_status visit(
	struct reading *r, const yaml_event_t *raw, const struct tu_yaml_event *event)
{
	struct tu_yaml_event placed = *event;

	placed.line = raw->start_mark.line + 1;
	placed.column = raw->start_mark.column + 1;
	return r->visitor->visit(r->visitor->context, &placed, &r->done);
}

static struct frame *top(const struct reading *r)
{
	return r->frames.count ? &r->frames.at[r->frames.count - 1] : NULL;
}

static bool at_key(const struct reading *r)
{
	return r->frames.count && top(r)->at_key;
}

/* A key or value was read: in a map the other one is next. */
static void take_turn(const struct reading *r)
{
	struct frame *frame = top(r);

	if (frame && frame->map)
		frame->at_key = !frame->at_key;
}

static struct tu_str anchor_name(const yaml_char_t *anchor)
{
	return anchor ? tu_str_c((const char *)anchor) : (struct tu_str){0};
}

static enum tu_status take_alias(struct reading *r, const yaml_event_t *raw)
{
	const struct tu_yaml_event event = {
		.kind = TU_YAML_ALIAS, .text = anchor_name(raw->data.alias.anchor)};

	if (!r->visitor->aliases)
		return fail_at(r, raw->start_mark, TU_E_SYNTAX,
			"an alias (*) is not supported: write the value out");
	if (at_key(r))
		return fail_at(r, raw->start_mark, TU_E_SYNTAX, "map keys must be strings");
	take_turn(r);
	return visit(r, raw, &event);
}

static enum tu_status take_scalar(struct reading *r, const yaml_event_t *raw)
{
	const struct tu_yaml_event event = {
		.kind = at_key(r) ? TU_YAML_KEY : TU_YAML_TEXT,
		.text = tu_str_of((const char *)raw->data.scalar.value, raw->data.scalar.length),
		.plain = raw->data.scalar.style == YAML_PLAIN_SCALAR_STYLE,
		.has_properties = raw->data.scalar.anchor || raw->data.scalar.tag,
		.anchor = anchor_name(raw->data.scalar.anchor),
	};

	take_turn(r);
	return visit(r, raw, &event);
}

static enum tu_status open_container(
	struct reading *r, const yaml_event_t *raw, const yaml_char_t *anchor, bool has_tag)
{
	bool map = raw->type == YAML_MAPPING_START_EVENT;
	const struct frame frame = {.map = map, .at_key = map};
	const struct tu_yaml_event event = {
		.kind = map ? TU_YAML_OPEN_MAP : TU_YAML_OPEN_LIST,
		.has_properties = anchor || has_tag,
		.anchor = anchor_name(anchor),
	};

	if (at_key(r))
		return fail_at(r, raw->start_mark, TU_E_SYNTAX, "map keys must be strings");
	if (r->frames.count >= r->visitor->depth)
		return fail_at(r, raw->start_mark, TU_E_LIMIT, "nested deeper than the limit");
	take_turn(r);
	if (!TU_VEC_PUSH(&r->frames, frame))
		return tu_no_memory(r->err);
	return visit(r, raw, &event);
}

static enum tu_status close_container(struct reading *r, const yaml_event_t *raw)
{
	bool map = r->frames.at[--r->frames.count].map;
	const struct tu_yaml_event event = {.kind = map ? TU_YAML_CLOSE_MAP : TU_YAML_CLOSE_LIST};

	return visit(r, raw, &event);
}

static enum tu_status take_event(struct reading *r, const yaml_event_t *raw)
{
	static const struct tu_yaml_event document = {.kind = TU_YAML_DOCUMENT};

	switch (raw->type) {
	case YAML_DOCUMENT_START_EVENT:
		return visit(r, raw, &document);
	case YAML_ALIAS_EVENT:
		return take_alias(r, raw);
	case YAML_SCALAR_EVENT:
		return take_scalar(r, raw);
	case YAML_MAPPING_START_EVENT:
		return open_container(
			r, raw, raw->data.mapping_start.anchor, raw->data.mapping_start.tag);
	case YAML_SEQUENCE_START_EVENT:
		return open_container(
			r, raw, raw->data.sequence_start.anchor, raw->data.sequence_start.tag);
	case YAML_MAPPING_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
		return close_container(r, raw);
	case YAML_STREAM_END_EVENT:
		r->done = true;
		return TU_OK;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
	default:
		return TU_OK;
	}
}

static enum tu_status take_events(struct reading *r)
{
	enum tu_status status = TU_OK;

	while (status == TU_OK && !r->done) {
		yaml_event_t event;

		if (!yaml_parser_parse(&r->parser, &event))
			return fail_parse(r);
		status = take_event(r, &event);
		yaml_event_delete(&event);
	}
	return status;
}

enum tu_status tu_yaml_each(
	struct tu_str text, const struct tu_yaml_visitor *visitor, struct tu_error *err)
{
	struct reading r = {.text = text, .visitor = visitor, .err = err};
	enum tu_status status;

	if (tu_text_check_marks(text, err))
		return TU_E_SYNTAX;
	(void)tu_str_skip(&r.text, TU_STR("\xef\xbb\xbf"));
	if (!yaml_parser_initialize(&r.parser))
		return tu_no_memory(err);
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
		&r.parser, (const unsigned char *)(r.text.len ? r.text.ptr : ""), r.text.len);
	status = take_events(&r);
	yaml_parser_delete(&r.parser);
	TU_VEC_DONE(&r.frames);
	return status;
}

enum tu_status tu_yaml_fail_at_event(struct tu_error *err, enum tu_status status,
	const struct tu_yaml_event *event, const char *fmt, ...)
{
	const struct tu_error_place place = {.line = event->line, .column = event->column};
	char message[TU_ERROR_MESSAGE_MAX];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	return tu_fail_at(err, status, &place, "%s", message);
}
