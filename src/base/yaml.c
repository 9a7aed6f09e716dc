#include "base/yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <yaml.h>

#include "base/json_writer.h"
#include "base/utf8.h"

enum {
	DEFAULT_BYTES = 16 << 20,
	DEFAULT_DEPTH = 32,
	DEFAULT_NODES = 500000,
	DEPTH_MAX = 256,
	PATH_MAX_BYTES = 120
};

struct reading {
	struct tu_arena *arena;
	struct tu_str file;
	struct tu_str text;
	struct tu_yaml_limits limits;
	yaml_parser_t parser;
	struct tu_yaml *root;
	struct tu_yaml *open[DEPTH_MAX]; /* the containers around the next node */
	struct tu_yaml *last[DEPTH_MAX]; /* and the newest child of each */
	size_t depth;
	size_t nodes;
	bool has_key;
	struct tu_str key;
	yaml_mark_t key_mark;
	size_t documents;
	bool done;
	struct tu_error *err;
};

static enum tu_status fail_at(
	const struct reading *r, yaml_mark_t mark, enum tu_status status, const char *words)
{
	return tu_fail(r->err, status, mark.index, "%.*s:%zu:%zu: %s", TU_STR_FMT(r->file),
		mark.line + 1, mark.column + 1, words);
}

static enum tu_status no_memory(const struct reading *r)
{
	return tu_fail(r->err, TU_E_NOMEM, 0, "%.*s: out of memory", TU_STR_FMT(r->file));
}

/* libyaml says "cannot start any token" of the commonest slip of all. The index that it gives
 * counts characters, so the tab is looked for in the line. */
static bool stands_at_tab(struct tu_str text, yaml_mark_t mark)
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

static enum tu_status fail_parse(const struct reading *r)
{
	const yaml_parser_t *parser = &r->parser;
	char words[160];

	if (parser->error == YAML_MEMORY_ERROR)
		return no_memory(r);
	if (parser->error == YAML_READER_ERROR)
		return tu_fail(r->err, TU_E_SYNTAX, parser->problem_offset, "%.*s: byte %zu: %s",
			TU_STR_FMT(r->file), parser->problem_offset + 1,
			parser->problem ? parser->problem : "not UTF-8");
	if (stands_at_tab(r->text, parser->problem_mark))
		return fail_at(r, parser->problem_mark, TU_E_SYNTAX,
			"a tab: YAML is indented with blanks");
	(void)snprintf(words, sizeof(words), "not well-formed YAML: %s%s%s",
		parser->context ? parser->context : "", parser->context ? ": " : "",
		parser->problem ? parser->problem : "unknown");
	return fail_at(r, parser->problem_mark, TU_E_SYNTAX, words);
}

static bool in_map(const struct reading *r)
{
	return r->depth && r->open[r->depth - 1]->kind == TU_YAML_MAP;
}

/* Hang a node into the container that is open. */
static enum tu_status add_node(
	struct reading *r, struct tu_yaml node, yaml_mark_t mark, struct tu_yaml **out_node)
{
	struct tu_yaml *added;
	struct tu_yaml *parent = r->depth ? r->open[r->depth - 1] : NULL;

	if (++r->nodes > r->limits.nodes)
		return fail_at(r, mark, TU_E_LIMIT, "more keys and values than the limit");
	added = tu_arena_alloc(r->arena, sizeof(*added));
	if (!added)
		return no_memory(r);
	*added = node;
	added->line = (uint32_t)mark.line + 1;
	added->column = (uint32_t)mark.column + 1;
	added->parent = parent;
	*out_node = added;
	if (!parent) {
		r->root = added;
		return TU_OK;
	}
	if (r->has_key) {
		added->key = r->key;
		added->key_line = (uint32_t)r->key_mark.line + 1;
		added->key_column = (uint32_t)r->key_mark.column + 1;
		r->has_key = false;
	}
	added->index = parent->count++;
	if (r->last[r->depth - 1])
		r->last[r->depth - 1]->next = added;
	else
		parent->first = added;
	r->last[r->depth - 1] = added;
	return TU_OK;
}

static enum tu_status take_key(struct reading *r, const yaml_event_t *event, struct tu_str key)
{
	const struct tu_yaml *map = r->open[r->depth - 1];
	const struct tu_yaml *other = tu_yaml_get(map, key);
	char words[160];

	if (map->count >= TU_YAML_KEYS_MAX)
		return fail_at(r, event->start_mark, TU_E_LIMIT, "a map with more than 1024 keys");
	if (other) {
		(void)snprintf(words, sizeof(words),
			"\"%.*s\" stands twice; the first is in line %u",
			TU_STR_FMT(tu_str_first(key, 60)), other->key_line);
		return fail_at(r, event->start_mark, TU_E_SYNTAX, words);
	}
	r->has_key = true;
	r->key_mark = event->start_mark;
	return tu_arena_dup(r->arena, key, &r->key) ? TU_OK : no_memory(r);
}

static enum tu_status take_scalar(struct reading *r, const yaml_event_t *event)
{
	struct tu_yaml node = {.kind = TU_YAML_SCALAR,
		.plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE};
	struct tu_str text =
		tu_str_of((const char *)event->data.scalar.value, event->data.scalar.length);
	struct tu_yaml *added;

	if (event->data.scalar.anchor || event->data.scalar.tag)
		return fail_at(r, event->start_mark, TU_E_SYNTAX,
			"an anchor (&) or a tag (!): write the value out");
	if (in_map(r) && !r->has_key)
		return take_key(r, event, text);
	if (!tu_arena_dup(r->arena, text, &node.text))
		return no_memory(r);
	return add_node(r, node, event->start_mark, &added);
}

static enum tu_status open_container(
	struct reading *r, const yaml_event_t *event, enum tu_yaml_kind kind, bool marked)
{
	const struct tu_yaml node = {.kind = kind};
	struct tu_yaml *added;
	enum tu_status status;

	if (marked)
		return fail_at(r, event->start_mark, TU_E_SYNTAX,
			"an anchor (&) or a tag (!): write the value out");
	if (in_map(r) && !r->has_key)
		return fail_at(r, event->start_mark, TU_E_SYNTAX, "a key that is no text");
	if (r->depth >= r->limits.depth)
		return fail_at(r, event->start_mark, TU_E_LIMIT, "nested deeper than the limit");
	status = add_node(r, node, event->start_mark, &added);
	if (status != TU_OK)
		return status;
	r->open[r->depth] = added;
	r->last[r->depth++] = NULL;
	return TU_OK;
}

static enum tu_status take_event(struct reading *r, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (++r->documents > 1)
			return fail_at(r, event->start_mark, TU_E_SYNTAX,
				"a second document: one file holds one");
		return TU_OK;
	case YAML_ALIAS_EVENT:
		return fail_at(
			r, event->start_mark, TU_E_SYNTAX, "an alias (*): write the value out");
	case YAML_SCALAR_EVENT:
		return take_scalar(r, event);
	case YAML_MAPPING_START_EVENT:
		return open_container(r, event, TU_YAML_MAP,
			event->data.mapping_start.anchor || event->data.mapping_start.tag);
	case YAML_SEQUENCE_START_EVENT:
		return open_container(r, event, TU_YAML_LIST,
			event->data.sequence_start.anchor || event->data.sequence_start.tag);
	case YAML_MAPPING_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
		r->depth--;
		return TU_OK;
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

static void set_limits(struct reading *r, const struct tu_yaml_limits *limits)
{
	if (limits)
		r->limits = *limits;
	if (!r->limits.bytes)
		r->limits.bytes = DEFAULT_BYTES;
	if (!r->limits.depth)
		r->limits.depth = DEFAULT_DEPTH;
	if (r->limits.depth > DEPTH_MAX)
		r->limits.depth = DEPTH_MAX;
	if (!r->limits.nodes)
		r->limits.nodes = DEFAULT_NODES;
}

/* An empty document is an empty map: everything in it has its default. */
static enum tu_status finish(struct reading *r, const struct tu_yaml **out_root)
{
	static const struct tu_yaml nothing = {.kind = TU_YAML_MAP, .line = 1, .column = 1};

	*out_root = r->root && !tu_yaml_is_null(r->root) ? r->root : &nothing;
	return TU_OK;
}

enum tu_status tu_yaml_parse(struct tu_arena *arena, struct tu_str file, struct tu_str text,
	const struct tu_yaml_limits *limits, const struct tu_yaml **out_root, struct tu_error *err)
{
	struct reading r = {.arena = arena, .file = file, .text = text, .err = err};
	enum tu_status status;

	set_limits(&r, limits);
	if (text.len > r.limits.bytes)
		return tu_fail(err, TU_E_LIMIT, r.limits.bytes, "%.*s: larger than %zu bytes",
			TU_STR_FMT(file), r.limits.bytes);
	if (!yaml_parser_initialize(&r.parser))
		return no_memory(&r);
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
		&r.parser, (const unsigned char *)(text.len ? text.ptr : ""), text.len);
	status = take_events(&r);
	yaml_parser_delete(&r.parser);
	return status ? status : finish(&r, out_root);
}

const struct tu_yaml *tu_yaml_get(const struct tu_yaml *map, struct tu_str key)
{
	if (!map || map->kind != TU_YAML_MAP)
		return NULL;
	for (const struct tu_yaml *node = map->first; node; node = node->next)
		if (tu_str_eq(node->key, key))
			return node;
	return NULL;
}

static bool plain_is(const struct tu_yaml *node, const char *word)
{
	return node->kind == TU_YAML_SCALAR && node->plain &&
		tu_str_ieq(node->text, tu_str_c(word));
}

bool tu_yaml_is_null(const struct tu_yaml *node)
{
	return plain_is(node, "") || plain_is(node, "~") || plain_is(node, "null");
}

bool tu_yaml_bool(const struct tu_yaml *node, bool *out_value)
{
	bool yes = plain_is(node, "true");

	if (!yes && !plain_is(node, "false"))
		return false;
	*out_value = yes;
	return true;
}

void tu_yaml_path(const struct tu_yaml *node, struct tu_buf *out)
{
	if (!node->parent)
		return;
	tu_yaml_path(node->parent, out);
	if (node->parent->kind == TU_YAML_LIST) {
		tu_buf_printf(out, "[%zu]", node->index);
		return;
	}
	if (node->parent->parent)
		tu_buf_byte(out, '.');
	tu_buf_str_add(out, tu_str_first(node->key, 60));
}

const char *tu_yaml_kind_name(enum tu_yaml_kind kind)
{
	static const char *const names[] = {"a text", "a list", "a map"};

	return names[kind];
}

enum tu_status tu_yaml_fail(struct tu_error *err, enum tu_status status, struct tu_str file,
	const struct tu_yaml *node, const char *fmt, ...)
{
	char message[TU_ERROR_MESSAGE_MAX];
	struct tu_buf path;
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	tu_buf_init(&path, PATH_MAX_BYTES);
	tu_yaml_path(node, &path);
	(void)tu_fail(err, status, 0, "%.*s:%u:%u: %.*s%s%s", TU_STR_FMT(file), node->line,
		node->column, TU_STR_FMT(tu_buf_str(&path)), path.len ? ": " : "", message);
	tu_buf_done(&path);
	return status;
}

/* ---- writing ---- */

/* "1.10" is a version for us; another reader would make the number 1.1 of it. */
static bool looks_like_number(struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!tu_char_is_digit(text.ptr[i]) && !memchr("._+-:eExX", text.ptr[i], 9))
			return false;
	return true;
}

/* Letters, digits and a few signs that mean nothing to YAML wherever they stand behind a letter or
 * a digit; a colon or a hash only where no blank makes it an indicator. */
static bool is_safe_plain(struct tu_str text)
{
	static const char *const words[] = {
		"null", "true", "false", "yes", "no", "on", "off", "y", "n"};

	if (text.len == 0 || text.len > 200 || !tu_char_is_alnum(text.ptr[0]) ||
		text.ptr[text.len - 1] == ' ' || text.ptr[text.len - 1] == ':')
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool colon = c == ':' && text.ptr[i + 1] != ' ';

		if (!tu_char_is_alnum(c) && !memchr(" ._/@+-()=", c, 10) && !colon)
			return false;
	}
	for (size_t i = 0; i < TU_COUNT(words); i++)
		if (tu_str_ieq(text, tu_str_c(words[i])))
			return false;
	return !looks_like_number(text);
}

/* A block keeps every byte but what YAML holds to be unprintable; its first line sets the
 * indentation, so it must not begin with a blank, and "|-" says that no line end follows. */
static bool is_block(struct tu_str text)
{
	if (tu_str_find(text, '\n') == text.len || text.ptr[0] == ' ' || text.ptr[0] == '\n' ||
		text.ptr[text.len - 1] == '\n' || tu_utf8_invalid_at(text) != text.len)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (((unsigned char)text.ptr[i] < 0x20 && text.ptr[i] != '\n') ||
			(unsigned char)text.ptr[i] >= 0x7f)
			return false;
	return true;
}

static void write_block(struct tu_str text, size_t indent, struct tu_buf *out)
{
	struct tu_str line;

	tu_buf_c(out, "|-");
	while (tu_str_split(&text, '\n', &line)) {
		tu_buf_byte(out, '\n');
		if (line.len)
			tu_buf_printf(out, "%*s", (int)indent, "");
		tu_buf_str_add(out, line);
	}
}

void tu_yaml_write_scalar(struct tu_str text, size_t indent, struct tu_buf *out)
{
	if (is_safe_plain(text))
		tu_buf_str_add(out, text);
	else if (is_block(text))
		write_block(text, indent, out);
	else
		tu_json_quote(text, out);
}
