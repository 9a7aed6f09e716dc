#include "base/yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf_over.h"
#include "base/json.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "base/yaml_events.h"

enum { DEFAULT_BYTES = 16 << 20, DEFAULT_DEPTH = 32, DEFAULT_NODES = 500000, DEPTH_MAX = 256 };

struct anchor {
	struct tu_str name;
	struct tu_yaml *node;
};

struct reading {
	struct tu_arena *arena;
	struct tu_yaml_limits limits;
	struct tu_yaml *root;
	struct tu_yaml *open[DEPTH_MAX]; /* the containers around the next node */
	struct tu_yaml *last[DEPTH_MAX]; /* and the newest child of each */
	size_t depth;
	size_t nodes;
	bool has_key;
	struct tu_str key;
	size_t key_line;
	size_t key_column;
	size_t documents;
	TU_VEC(struct anchor) anchors; /* in the arena */
	struct tu_error *err;
};

static bool name_node(struct reading *r, struct tu_str anchor, struct tu_yaml *node)
{
	struct anchor named = {.node = node};

	return tu_arena_dup(r->arena, anchor, &named.name) &&
		TU_VEC_PUSH_IN(r->arena, &r->anchors, named);
}

/* Hang a node into the container that is open. */
static enum tu_status add_node(struct reading *r, struct tu_yaml node,
	const struct tu_yaml_event *event, struct tu_yaml **out_node)
{
	struct tu_yaml *added;
	struct tu_yaml *parent = r->depth ? r->open[r->depth - 1] : NULL;

	if (++r->nodes > r->limits.nodes)
		return tu_yaml_fail_at_event(
			r->err, TU_E_LIMIT, event, "more keys and values than the limit");
	added = tu_arena_alloc(r->arena, sizeof(*added));
	if (!added)
		return tu_no_memory(r->err);
	*added = node;
	added->line = (uint32_t)event->line;
	added->column = (uint32_t)event->column;
	added->parent = parent;
	*out_node = added;
	if (event->anchor.len && !name_node(r, event->anchor, added))
		return tu_no_memory(r->err);
	if (!parent) {
		r->root = added;
		return TU_OK;
	}
	if (r->has_key) {
		added->key = r->key;
		added->key_line = (uint32_t)r->key_line;
		added->key_column = (uint32_t)r->key_column;
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

static enum tu_status take_key(struct reading *r, const struct tu_yaml_event *event)
{
	const struct tu_yaml *map = r->open[r->depth - 1];
	const struct tu_yaml *other;

	if (map->count >= TU_YAML_KEYS_MAX)
		return tu_yaml_fail_at_event(
			r->err, TU_E_LIMIT, event, "a map with more than 1024 keys");
	other = tu_yaml_get(map, event->text);
	if (other)
		return tu_yaml_fail_at_event(r->err, TU_E_SYNTAX, event,
			"duplicate key \"%.*s\"; it is first in line %u",
			TU_STR_FMT(tu_str_first(event->text, 60)), other->key_line);
	r->has_key = true;
	r->key_line = event->line;
	r->key_column = event->column;
	return tu_arena_dup(r->arena, event->text, &r->key) ? TU_OK : tu_no_memory(r->err);
}

static enum tu_status take_text(struct reading *r, const struct tu_yaml_event *event)
{
	struct tu_yaml node = {.kind = TU_YAML_SCALAR, .plain = event->plain};
	struct tu_yaml *added;

	if (!tu_arena_dup(r->arena, event->text, &node.text))
		return tu_no_memory(r->err);
	return add_node(r, node, event, &added);
}

static enum tu_status open_container(
	struct reading *r, const struct tu_yaml_event *event, enum tu_yaml_kind kind)
{
	const struct tu_yaml node = {.kind = kind};
	struct tu_yaml *added;
	enum tu_status status = add_node(r, node, event, &added);

	if (status != TU_OK)
		return status;
	r->open[r->depth] = added;
	r->last[r->depth++] = NULL;
	return TU_OK;
}

/* ---- anchors and aliases ---- */

static const char too_many[] = "aliases make more keys and values than the limit";

/* A copy of `from` as the last child of `parent`, whose last child so far is `last`; its own key,
 * place and index stay the caller's to change. TU_E_LIMIT without a message. */
static enum tu_status copy_node(struct reading *r, const struct tu_yaml *from,
	struct tu_yaml *parent, struct tu_yaml *last, struct tu_yaml **out_copy)
{
	struct tu_yaml *copy, *child = NULL;
	enum tu_status status = TU_OK;

	if (++r->nodes > r->limits.nodes)
		return tu_fail(
			r->err, TU_E_LIMIT, 0, "aliases make more keys and values than the limit");
	copy = tu_arena_alloc(r->arena, sizeof(*copy));
	if (!copy)
		return tu_no_memory(r->err);
	*copy = *from;
	copy->parent = parent;
	copy->first = copy->next = NULL;
	copy->index = last ? last->index + 1 : 0;
	if (last)
		last->next = copy;
	else
		parent->first = copy;
	for (const struct tu_yaml *at = from->first; at && !status; at = at->next)
		status = copy_node(r, at, copy, child, &child);
	*out_copy = copy;
	return status;
}

static bool is_open(const struct reading *r, const struct tu_yaml *node)
{
	for (size_t i = 0; i < r->depth; i++)
		if (r->open[i] == node)
			return true;
	return false;
}

/* The newest node with this name: a name may be given again. */
static const struct tu_yaml *find_anchor(const struct reading *r, struct tu_str name)
{
	for (size_t i = r->anchors.count; i-- > 0;)
		if (tu_str_eq(r->anchors.at[i].name, name))
			return r->anchors.at[i].node;
	return NULL;
}

static enum tu_status take_alias(struct reading *r, const struct tu_yaml_event *event)
{
	const struct tu_yaml *from = find_anchor(r, event->text);
	struct tu_yaml *added, *child = NULL;
	enum tu_status status;

	if (!from || is_open(r, from))
		return tu_yaml_fail_at_event(r->err, TU_E_SYNTAX, event,
			from ? "an alias to what it is in" : "an alias to no anchor before it");
	status = add_node(
		r, (struct tu_yaml){.kind = from->kind, .plain = from->plain}, event, &added);
	if (status != TU_OK)
		return status;
	added->text = from->text;
	added->count = from->count;
	for (const struct tu_yaml *at = from->first; at && !status; at = at->next)
		status = copy_node(r, at, added, child, &child);
	return status == TU_E_LIMIT ? tu_yaml_fail_at_event(r->err, status, event, "%s", too_many)
				    : status;
}

/* Nodes are handed out as pointers to const once they are complete; while a map is open its
 * children are ours. */
static struct tu_yaml *ours(const struct tu_yaml *node)
{
	return (struct tu_yaml *)(uintptr_t)node;
}

/* Unhang a child; the last one that stays. */
static struct tu_yaml *take_out(struct tu_yaml *map, const struct tu_yaml *child)
{
	struct tu_yaml *last = NULL, *next;

	for (struct tu_yaml *at = ours(map->first); at; at = next) {
		next = ours(at->next);
		if (at == child)
			continue;
		at->index = last ? last->index + 1 : 0;
		if (last)
			last->next = at;
		else
			map->first = at;
		last = at;
	}
	if (last)
		last->next = NULL;
	else
		map->first = NULL;
	return last;
}

/* Take out "<<" and add what it has and the map has not. */
static enum tu_status merge_members(struct reading *r, struct tu_yaml *map)
{
	const struct tu_yaml *merged = r->limits.aliases ? tu_yaml_get(map, TU_STR("<<")) : NULL;
	const struct tu_error_place place = {.line = map->line, .column = map->column};
	struct tu_yaml *last;
	enum tu_status status = TU_OK;

	if (!merged || merged->kind != TU_YAML_MAP)
		return TU_OK;
	last = take_out(map, merged);
	for (const struct tu_yaml *at = merged->first; at && !status; at = at->next)
		if (!tu_yaml_get(map, at->key))
			status = copy_node(r, at, map, last, &last);
	map->count = last ? last->index + 1 : 0;
	return status == TU_E_LIMIT ? tu_fail_at(r->err, status, &place, "%s", too_many) : status;
}

static enum tu_status close_container(struct reading *r)
{
	struct tu_yaml *closed = r->open[--r->depth];

	return closed->kind == TU_YAML_MAP ? merge_members(r, closed) : TU_OK;
}

static enum tu_status take_event(void *context, const struct tu_yaml_event *event, bool *done)
{
	struct reading *r = context;

	(void)done;
	if (event->has_properties && !(r->limits.aliases && event->anchor.len))
		return tu_yaml_fail_at_event(r->err, TU_E_SYNTAX, event,
			"an anchor (&) or a tag (!) is not supported: write the value out");
	switch (event->kind) {
	case TU_YAML_DOCUMENT:
		if (++r->documents > 1)
			return tu_yaml_fail_at_event(r->err, TU_E_SYNTAX, event,
				"a second document: a file contains one");
		return TU_OK;
	case TU_YAML_KEY:
		return take_key(r, event);
	case TU_YAML_TEXT:
		return take_text(r, event);
	case TU_YAML_ALIAS:
		return take_alias(r, event);
	case TU_YAML_OPEN_MAP:
		return open_container(r, event, TU_YAML_MAP);
	case TU_YAML_OPEN_LIST:
		return open_container(r, event, TU_YAML_LIST);
	case TU_YAML_CLOSE_MAP:
	case TU_YAML_CLOSE_LIST:
		return close_container(r);
	}
	return TU_OK;
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
static const struct tu_yaml *root_of(const struct reading *r)
{
	static const struct tu_yaml nothing = {.kind = TU_YAML_MAP, .line = 1, .column = 1};

	return r->root && !tu_yaml_is_null(r->root) ? r->root : &nothing;
}

enum tu_status tu_yaml_parse(struct tu_arena *arena, struct tu_str file, struct tu_str text,
	const struct tu_yaml_limits *limits, const struct tu_yaml **out_root, struct tu_error *err)
{
	struct reading r = {.arena = arena, .err = err};
	struct tu_yaml_visitor visitor = {.visit = take_event, .context = &r};
	enum tu_status status;

	set_limits(&r, limits);
	visitor.depth = r.limits.depth;
	visitor.aliases = r.limits.aliases;
	if (text.len > r.limits.bytes)
		status = tu_fail(
			err, TU_E_LIMIT, r.limits.bytes, "larger than %zu bytes", r.limits.bytes);
	else
		status = tu_yaml_each(text, &visitor, err);
	if (status)
		return tu_error_in_file(err, "%.*s", TU_STR_FMT(file)), status;
	*out_root = root_of(&r);
	return TU_OK;
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

void tu_yaml_pointer(const struct tu_yaml *node, struct tu_buf *out)
{
	if (!node->parent)
		return;
	tu_yaml_pointer(node->parent, out);
	tu_buf_byte(out, '/');
	if (node->parent->kind == TU_YAML_LIST)
		tu_buf_printf(out, "%zu", node->index);
	else
		tu_json_pointer_add_key(node->key, out);
}

static void scalar_to_json(const struct tu_yaml *node, struct tu_buf *out)
{
	bool value;

	if (tu_yaml_is_null(node))
		tu_buf_c(out, "null");
	else if (tu_yaml_bool(node, &value))
		tu_buf_c(out, value ? "true" : "false");
	else
		tu_json_quote(node->text, out);
}

void tu_yaml_to_json(const struct tu_yaml *node, struct tu_buf *out)
{
	bool map = node->kind == TU_YAML_MAP;

	if (node->kind == TU_YAML_SCALAR) {
		scalar_to_json(node, out);
		return;
	}
	tu_buf_byte(out, map ? '{' : '[');
	for (const struct tu_yaml *child = node->first; child; child = child->next) {
		if (child != node->first)
			tu_buf_byte(out, ',');
		if (map) {
			tu_json_quote(child->key, out);
			tu_buf_byte(out, ':');
		}
		tu_yaml_to_json(child, out);
	}
	tu_buf_byte(out, map ? '}' : ']');
}

const char *tu_yaml_kind_name(enum tu_yaml_kind kind)
{
	static const char *const names[] = {"a text", "a list", "a map"};

	return names[kind];
}

enum tu_status tu_yaml_fail(struct tu_error *err, enum tu_status status, struct tu_str file,
	const struct tu_yaml *node, const char *fmt, ...)
{
	struct tu_error_place place = {.line = node->line, .column = node->column};
	char message[TU_ERROR_MESSAGE_MAX], text[TU_ERROR_POINTER_MAX];
	struct tu_buf pointer = tu_buf_over(text, sizeof(text));
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	tu_yaml_pointer(node, &pointer);
	tu_buf_byte(&pointer, '\0');
	place.pointer = pointer.failed ? "" : text;
	(void)tu_fail_at(err, status, &place, "%s", message);
	(void)tu_error_in_file(err, "%.*s", TU_STR_FMT(file));
	return status;
}

/* ---- writing ---- */

static bool is_one_of(char c, struct tu_str signs)
{
	return tu_str_find(signs, c) < signs.len;
}

/* "1.10" is a version for us; another reader would make the number 1.1 of it. */
static bool looks_like_number(struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!tu_char_is_digit(text.ptr[i]) && !is_one_of(text.ptr[i], TU_STR("._+-:eExX")))
			return false;
	return true;
}

/* Letters, digits and a few signs that mean nothing to YAML after a letter or a digit; a colon only
 * where no space makes it an indicator. */
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

		if (!tu_char_is_alnum(c) && !is_one_of(c, TU_STR(" ._/@+-()=")) && !colon)
			return false;
	}
	for (size_t i = 0; i < TU_COUNT(words); i++)
		if (tu_str_ieq(text, tu_str_c(words[i])))
			return false;
	return !looks_like_number(text);
}

/* A block keeps every byte but what YAML considers unprintable; its first line sets the
 * indentation, so it must not begin with a space, and "|-" says that no line end follows. */
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
