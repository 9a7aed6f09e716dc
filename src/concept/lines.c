#include "concept/lines.h"

/* Byte at which a line begins, from 1; the length of the text after the last one. */
static size_t line_at(struct tu_str text, uint32_t line)
{
	size_t at = 0;

	while (line > 1 && at < text.len) {
		at += tu_str_find(tu_str_from(text, at), '\n') + 1;
		line--;
	}
	return at < text.len ? at : text.len;
}

static size_t indentation(struct tu_str line)
{
	size_t n = 0;

	while (n < line.len && line.ptr[n] == ' ')
		n++;
	return n;
}

static struct tu_str line_of(struct tu_str text, size_t at)
{
	struct tu_str rest = tu_str_from(text, at);

	return tu_str_first(rest, tu_str_find(rest, '\n'));
}

/* Is the line empty, or a comment that is not deeper than the list's hyphens? */
static bool is_between(struct tu_str line, size_t hyphen)
{
	size_t depth = indentation(line);
	struct tu_str rest = tu_str_from(line, depth);

	return !tu_str_trim(rest).len || (rest.ptr[0] == '#' && depth <= hyphen);
}

/* Where the section of a key ends: before what is between it and the next key. */
static size_t end_of(struct tu_str text, const struct tu_yaml *node, size_t hyphen)
{
	size_t first = line_at(text, node->key_line);
	size_t end = node->next ? line_at(text, node->next->key_line) : text.len;

	while (end > first) {
		size_t start = end - 1; /* of the last line before `end` */

		while (start > first && text.ptr[start - 1] != '\n')
			start--;
		if (!is_between(line_of(text, start), hyphen))
			break;
		end = start;
	}
	return end;
}

static bool same(const struct tu_yaml *a, const struct tu_yaml *b);

/* The first `a->count` of b's children are a's. */
static bool begins_with(const struct tu_yaml *a, const struct tu_yaml *b)
{
	const struct tu_yaml *y = b->first;

	for (const struct tu_yaml *x = a->first; x; x = x->next, y = y->next)
		if (!y || !tu_str_eq(x->key, y->key) || !same(x, y))
			return false;
	return true;
}

static bool same(const struct tu_yaml *a, const struct tu_yaml *b)
{
	return a->kind == b->kind && a->count == b->count && a->plain == b->plain &&
		tu_str_eq(a->text, b->text) && begins_with(a, b);
}

/* Does `b` say what `a` says, and `count` more of the list `key`? */
static bool adds(const struct tu_yaml *a, const struct tu_yaml *b, struct tu_str key, size_t count)
{
	const struct tu_yaml *list = tu_yaml_get(b, key);

	for (const struct tu_yaml *x = a->first; x; x = x->next) {
		const struct tu_yaml *y = tu_yaml_get(b, x->key);

		if (!y)
			return false;
		if (!key.len || !tu_str_eq(x->key, key) ? !same(x, y)
							: !tu_yaml_is_null(x) && !begins_with(x, y))
			return false;
	}
	if (!key.len)
		return b->count == a->count + count;
	a = tu_yaml_get(a, key);
	return list && list->kind == TU_YAML_LIST && list->count == (a ? a->count : 0) + count;
}

static void add_items(struct tu_str items, size_t indent, struct tu_buf *out)
{
	struct tu_str line;

	while (items.len) {
		(void)tu_str_split(&items, '\n', &line);
		tu_buf_printf(out, "%*s", line.len ? (int)indent : 0, "");
		tu_buf_str_add(out, line);
		tu_buf_byte(out, '\n');
	}
}

static void add_text(struct tu_str text, struct tu_buf *out)
{
	tu_buf_str_add(out, text);
	if (text.len && text.ptr[text.len - 1] != '\n')
		tu_buf_byte(out, '\n');
}

static enum tu_status refuse(
	const struct tu_lines *lines, const struct tu_yaml *node, struct tu_error *err)
{
	return tu_yaml_fail(err, TU_E_UNSUPPORTED, lines->file, node,
		"lines can only be added where each item of a list begins on a line of its own "
		"with a hyphen; nothing was written");
}

/* Where the new lines come, and how far to the right. */
struct gap {
	size_t at, indent;
	bool list_is_new;
};

static enum tu_status find_gap(const struct tu_lines *lines, const struct tu_yaml *root,
	struct tu_str key, struct gap *out_gap, struct tu_error *err)
{
	const struct tu_yaml *node = key.len ? tu_yaml_get(root, key) : NULL;
	size_t hyphen = 2;

	*out_gap = (struct gap){lines->text.len, key.len ? hyphen : 0, key.len != 0};
	if (!node)
		return TU_OK;
	if (node->first) {
		struct tu_str line = line_of(lines->text, line_at(lines->text, node->first->line));

		hyphen = indentation(line);
		if (node->kind != TU_YAML_LIST || hyphen >= line.len || line.ptr[hyphen] != '-')
			return refuse(lines, node, err);
	} else if (!tu_yaml_is_null(node)) {
		return refuse(lines, node, err);
	}
	*out_gap = (struct gap){end_of(lines->text, node, hyphen), hyphen, false};
	return TU_OK;
}

enum tu_status tu_lines_add(const struct tu_lines *lines, const struct tu_lines_new *added,
	struct tu_buf *out, struct tu_error *err)
{
	const struct tu_yaml *before, *after;
	size_t start = out->len;
	struct tu_error inner = {0};
	struct gap gap;
	enum tu_status status =
		tu_yaml_parse(lines->arena, lines->file, lines->text, NULL, &before, err);

	if (status == TU_OK)
		status = find_gap(lines, before, added->key, &gap, err);
	if (status != TU_OK)
		return status;
	add_text(tu_str_first(lines->text, gap.at), out);
	if (gap.list_is_new)
		tu_buf_printf(out, "%.*s:\n", TU_STR_FMT(added->key));
	add_items(added->items, gap.indent, out);
	tu_buf_str_add(out, tu_str_from(lines->text, gap.at));
	if (out->failed)
		return tu_no_memory(err);
	status = tu_yaml_parse(lines->arena, lines->file, tu_str_from(tu_buf_str(out), start), NULL,
		&after, &inner);
	if (status == TU_E_NOMEM)
		return tu_no_memory(err);
	return status == TU_OK && adds(before, after, added->key, added->count)
		? TU_OK
		: refuse(lines, before, err);
}

/* ---- a list as it is to be ---- */

/* Is every item on lines of its own, with the hyphen as deep as the first one's? */
static bool is_block(const struct tu_lines *lines, const struct tu_yaml *node, size_t *out_hyphen)
{
	uint32_t last = node->key_line;

	for (const struct tu_yaml *item = node->first; item; item = item->next) {
		struct tu_str line = line_of(lines->text, line_at(lines->text, item->line));
		size_t hyphen = indentation(line);

		if (item->line <= last || hyphen >= line.len || line.ptr[hyphen] != '-' ||
			(item != node->first && hyphen != *out_hyphen))
			return false;
		*out_hyphen = hyphen;
		last = item->line;
	}
	return node->kind == TU_YAML_LIST && node->first;
}

static const struct tu_yaml *item_of(const struct tu_yaml *node, size_t index)
{
	const struct tu_yaml *item = node->first;

	while (item && item->index != index)
		item = item->next;
	return item;
}

static void add_kept(
	const struct tu_lines *lines, const struct tu_yaml *item, size_t end, struct tu_buf *out)
{
	size_t from = line_at(lines->text, item->line);
	size_t to = item->next ? line_at(lines->text, item->next->line) : end;

	add_text(tu_str_first(tu_str_from(lines->text, from), to - from), out);
}

/* What is kept says what it said, and nothing else but the list is another. */
static bool is_set(
	const struct tu_yaml *a, const struct tu_yaml *b, const struct tu_lines_list *list)
{
	const struct tu_yaml *from = tu_yaml_get(a, list->key), *to = tu_yaml_get(b, list->key);

	for (const struct tu_yaml *x = a->first; x; x = x->next) {
		const struct tu_yaml *y = tu_yaml_get(b, x->key);

		if (!y || (!tu_str_eq(x->key, list->key) && !same(x, y)))
			return false;
	}
	if (b->count != a->count || !from || !to)
		return false;
	if (!list->count)
		return tu_yaml_is_null(to);
	for (size_t i = 0; i < list->count; i++) {
		const struct tu_yaml *item = item_of(to, i);

		if (!item ||
			(!list->items[i].text.len &&
				!same(item_of(from, list->items[i].kept), item)))
			return false;
	}
	return to->kind == TU_YAML_LIST && to->count == list->count;
}

/* Read back what was made of `before`. */
static enum tu_status read_back(const struct tu_lines *lines, const struct tu_yaml *before,
	struct tu_str made, const struct tu_yaml **out_after, struct tu_error *err)
{
	struct tu_error inner = {0};
	enum tu_status status =
		tu_yaml_parse(lines->arena, lines->file, made, NULL, out_after, &inner);

	if (status == TU_E_NOMEM)
		return tu_no_memory(err);
	return status ? refuse(lines, before, err) : TU_OK;
}

static void write_list(const struct tu_lines *lines, const struct tu_yaml *node, size_t hyphen,
	const struct tu_lines_list *list, struct tu_buf *out)
{
	size_t end = end_of(lines->text, node, hyphen);

	add_text(tu_str_first(lines->text, line_at(lines->text, node->first->line)), out);
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].text.len)
			add_items(list->items[i].text, hyphen, out);
		else if (item_of(node, list->items[i].kept))
			add_kept(lines, item_of(node, list->items[i].kept), end, out);
	tu_buf_str_add(out, tu_str_from(lines->text, end));
}

/* There is no item yet. */
static enum tu_status add_all(const struct tu_lines *lines, const struct tu_lines_list *list,
	struct tu_buf *out, struct tu_error *err)
{
	struct tu_buf items;
	enum tu_status status;

	tu_buf_init(&items, 32 << 20);
	for (size_t i = 0; i < list->count; i++)
		tu_buf_str_add(&items, list->items[i].text);
	status = items.failed
		? tu_no_memory(err)
		: tu_lines_add(lines,
			  &(struct tu_lines_new){list->key, tu_buf_str(&items), list->count}, out,
			  err);
	tu_buf_done(&items);
	return status;
}

enum tu_status tu_lines_set(const struct tu_lines *lines, const struct tu_lines_list *list,
	struct tu_buf *out, struct tu_error *err)
{
	const struct tu_yaml *before, *after, *node;
	size_t start = out->len, hyphen = 0;
	enum tu_status status =
		tu_yaml_parse(lines->arena, lines->file, lines->text, NULL, &before, err);

	if (status != TU_OK)
		return status;
	node = tu_yaml_get(before, list->key);
	if (!list->count && (!node || tu_yaml_is_null(node))) {
		tu_buf_str_add(out, lines->text);
		return out->failed ? tu_no_memory(err) : TU_OK;
	}
	if (!node || !node->first)
		return add_all(lines, list, out, err);
	if (!is_block(lines, node, &hyphen))
		return refuse(lines, node, err);
	write_list(lines, node, hyphen, list, out);
	if (out->failed)
		return tu_no_memory(err);
	status = read_back(lines, before, tu_str_from(tu_buf_str(out), start), &after, err);
	return status || is_set(before, after, list) ? status : refuse(lines, node, err);
}

/* ---- a word ---- */

static bool is_word_set(
	const struct tu_yaml *a, const struct tu_yaml *b, struct tu_str key, struct tu_str word)
{
	const struct tu_yaml *now = tu_yaml_get(b, key);

	for (const struct tu_yaml *x = a->first; x; x = x->next) {
		const struct tu_yaml *y = tu_yaml_get(b, x->key);

		if (!y || (!tu_str_eq(x->key, key) && !same(x, y)))
			return false;
	}
	return b->count == a->count && now && tu_str_eq(now->text, word);
}

/* The line of the key, with the word in place of what is between the colon and a comment. */
static void write_word(const struct tu_lines *lines, const struct tu_yaml *node, struct tu_str word,
	struct tu_buf *out)
{
	size_t at = line_at(lines->text, node->key_line);
	struct tu_str line = line_of(lines->text, at);
	size_t comment = tu_str_find(line, '#');

	while (comment < line.len && comment && line.ptr[comment - 1] == ' ')
		comment--;
	tu_buf_str_add(out, tu_str_first(lines->text, at));
	tu_buf_str_add(out, tu_str_first(line, tu_str_find(line, ':')));
	tu_buf_printf(out, ": %.*s%.*s", TU_STR_FMT(word),
		TU_STR_FMT(tu_str_from(line, comment < line.len ? comment : line.len)));
	tu_buf_str_add(out, tu_str_from(lines->text, at + line.len));
}

enum tu_status tu_lines_set_word(const struct tu_lines *lines, struct tu_str key,
	struct tu_str word, struct tu_buf *out, struct tu_error *err)
{
	const struct tu_yaml *before, *after, *node;
	size_t start = out->len;
	struct tu_buf line;
	enum tu_status status =
		tu_yaml_parse(lines->arena, lines->file, lines->text, NULL, &before, err);

	if (status != TU_OK)
		return status;
	node = tu_yaml_get(before, key);
	if (!node) {
		tu_buf_init(&line, 4096);
		tu_buf_printf(&line, "%.*s: %.*s\n", TU_STR_FMT(key), TU_STR_FMT(word));
		status = line.failed
			? tu_no_memory(err)
			: tu_lines_add(lines, &(struct tu_lines_new){{"", 0}, tu_buf_str(&line), 1},
				  out, err);
		tu_buf_done(&line);
		return status;
	}
	write_word(lines, node, word, out);
	if (out->failed)
		return tu_no_memory(err);
	status = read_back(lines, before, tu_str_from(tu_buf_str(out), start), &after, err);
	return status || is_word_set(before, after, key, word) ? status : refuse(lines, node, err);
}
