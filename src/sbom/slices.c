#include "sbom/slices.h"

#include <tutela/arena.h>

#include "base/alloc.h"
#include "base/bytes16.h"

/* A slice and what is parsed of it stay in a core's own cache. */
enum { SLICE = 64 * 1024, WORTH = 128 * 1024 };

bool tu_sbom__worth_slicing(size_t len)
{
	return len >= WORTH;
}

/* The lists that may be cut: those that the readers walk with tu_sbom__list(). */
static const struct tu_str lists[] = {
	TU_STR_INIT("components"),
	TU_STR_INIT("dependencies"),
	TU_STR_INIT("vulnerabilities"),
	TU_STR_INIT("packages"),
	TU_STR_INIT("files"),
	TU_STR_INIT("relationships"),
};

struct scan {
	const char *at;
	const char *end;
};

static void skip_space(struct scan *scan)
{
	while (scan->at < scan->end && tu_char_is_space(*scan->at))
		scan->at++;
}

static bool take(struct scan *scan, char c)
{
	skip_space(scan);
	if (scan->at == scan->end || *scan->at != c)
		return false;
	scan->at++;
	return true;
}

enum { PIECE = sizeof(struct tu_bytes16) };

/* The first quote or backslash from `at` on, or the end. */
static const char *find_quote(const char *at, const char *end)
{
	for (; end - at >= PIECE; at += PIECE) {
		struct tu_bytes16 c = tu_bytes16_at(at);
		size_t first;

		c.v = (__typeof__(c.v))((c.v == '"') | (c.v == '\\'));
		first = tu_bytes16_first(c);
		if (first < PIECE)
			return at + first;
	}
	while (at < end && *at != '"' && *at != '\\')
		at++;
	return at;
}

/* From after the opening quote to after the closing one. */
static bool skip_string(struct scan *scan)
{
	const char *at = find_quote(scan->at, scan->end);

	while (at < scan->end && *at == '\\')
		at = scan->end - at > 2 ? find_quote(at + 2, scan->end) : scan->end;
	if (at == scan->end)
		return false;
	scan->at = at + 1;
	return true;
}

/* What a byte means between the ends of a container: how the depth changes, or that a string
 * begins. */
enum { STRING = 2 };
static const signed char meanings[256] = {
	['"'] = STRING, ['{'] = 1, ['['] = 1, ['}'] = -1, [']'] = -1};

/* A walk over what is in a container. */
struct walk {
	const char *at;
	size_t depth; /* 0: the container has ended, before `at` */
	bool in_string;
};

/* Byte by byte, up to `stop`; an escaped byte that follows it is taken, too. */
static void walk_bytes(struct walk *walk, const char *stop)
{
	while (walk->at < stop && walk->depth > 0) {
		unsigned char c = (unsigned char)*walk->at++;

		if (walk->in_string && c == '\\')
			walk->at++;
		else if (meanings[c] == STRING)
			walk->in_string = !walk->in_string;
		else if (!walk->in_string)
			walk->depth += (size_t)meanings[c];
	}
}

/* What 64 bytes are, a bit a byte. */
enum { BLOCK = 64 };
struct block {
	uint64_t quotes;
	uint64_t slashes;
	uint64_t opening;
	uint64_t closing;
};

/* Brackets differ from braces in one bit. */
static struct block block_at(const char *at)
{
	struct block block = {0};

	for (size_t i = 0; i < BLOCK; i += PIECE) {
		struct tu_bytes16 c = tu_bytes16_at(at + i);
		struct tu_bytes16 quotes = {(__typeof__(c.v))(c.v == '"')};
		struct tu_bytes16 slashes = {(__typeof__(c.v))(c.v == '\\')};
		struct tu_bytes16 opening = {(__typeof__(c.v))((c.v | 0x20) == '{')};
		struct tu_bytes16 closing = {(__typeof__(c.v))((c.v | 0x20) == '}')};

		block.quotes |= tu_bytes16_bits(quotes) << i;
		block.slashes |= tu_bytes16_bits(slashes) << i;
		block.opening |= tu_bytes16_bits(opening) << i;
		block.closing |= tu_bytes16_bits(closing) << i;
	}
	return block;
}

/* The bytes of strings, each from its opening quote to before its closing one: those with an odd
 * number of quotes up to them. */
static uint64_t strings_of(uint64_t quotes, bool in_string)
{
	for (unsigned int i = 1; i < BLOCK; i *= 2)
		quotes ^= quotes << i;
	return in_string ? ~quotes : quotes;
}

/* The bytes after backslashes that are not escaped themselves. False: the last byte is such a
 * backslash. */
static bool find_escaped(uint64_t slashes, uint64_t *out_escaped)
{
	*out_escaped = 0;
	while (slashes) {
		uint64_t slash = slashes & -slashes;

		*out_escaped |= slash << 1;
		slashes &= ~(slash | slash << 1);
		if (slash >> (BLOCK - 1))
			return false;
	}
	return true;
}

/* A whole block. False: its last byte escapes what follows it; nothing was done. */
static bool walk_block(struct walk *walk, const struct block *block)
{
	uint64_t escaped, strings, ends;

	if (!find_escaped(block->slashes, &escaped))
		return false;
	strings = strings_of(block->quotes & ~escaped, walk->in_string);
	ends = (block->opening | block->closing) & ~strings;
	for (; ends; ends &= ends - 1) {
		walk->depth += block->opening & ends & -ends ? 1 : SIZE_MAX;
		if (walk->depth == 0) {
			walk->at += __builtin_ctzll(ends) + 1;
			return true;
		}
	}
	walk->at += BLOCK;
	walk->in_string = strings >> (BLOCK - 1);
	return true;
}

/* From the container's opening bracket to after its closing one. */
static bool skip_container(struct scan *scan)
{
	struct walk walk = {.at = scan->at + 1, .depth = 1};

	while (walk.depth > 0 && scan->end - walk.at >= BLOCK) {
		struct block block = block_at(walk.at);

		if (!walk_block(&walk, &block))
			walk_bytes(&walk, walk.at + BLOCK);
	}
	if (walk.depth > 0)
		walk_bytes(&walk, scan->end);
	if (walk.depth > 0 || walk.at > scan->end)
		return false;
	scan->at = walk.at;
	return true;
}

static bool ends_scalar(char c)
{
	return c == ',' || c == ']' || c == '}' || tu_char_is_space(c);
}

static bool skip_value(struct scan *scan)
{
	const char *start;

	skip_space(scan);
	start = scan->at;
	if (start == scan->end)
		return false;
	if (*start == '{' || *start == '[')
		return skip_container(scan);
	if (*start == '"') {
		scan->at++;
		return skip_string(scan);
	}
	while (scan->at < scan->end && !ends_scalar(*scan->at))
		scan->at++;
	return scan->at > start;
}

static enum tu_status push_slice(struct tu_sbom_slices *slices, struct tu_sbom_cut *cut,
	const char *start, const char *end, size_t first)
{
	const struct tu_sbom_slice slice = {
		(size_t)(start - slices->text.ptr), (size_t)(end - start), first};

	cut->count++;
	return TU_VEC_PUSH(&slices->slices, slice) ? TU_OK : TU_E_NOMEM;
}

/* From after '[' to after ']'. Every item is in exactly one slice, and no slice is empty, so
 * that the list is well-formed when all of its slices are. */
static enum tu_status cut_list(
	struct tu_sbom_slices *slices, struct scan *scan, struct tu_sbom_cut *cut)
{
	const char *start = scan->at;
	size_t first = 0;

	for (;;) {
		bool last;

		if (!skip_value(scan))
			return TU_E_SYNTAX;
		cut->items++;
		skip_space(scan);
		last = take(scan, ']');
		if (!last && !take(scan, ','))
			return TU_E_SYNTAX;
		if (!last && scan->at - start < SLICE)
			continue;
		if (push_slice(slices, cut, start, scan->at - 1, first))
			return TU_E_NOMEM;
		if (last)
			return TU_OK;
		start = scan->at;
		first = cut->items;
	}
}

static const struct tu_str *list_named(struct tu_str key)
{
	for (size_t i = 0; i < TU_COUNT(lists); i++) {
		if (tu_str_eq(lists[i], key))
			return &lists[i];
	}
	return NULL;
}

/* A list that is large enough is cut, in the same pass that finds its end. TU_E_SYNTAX: it is none,
 * or not well-formed; nothing is kept of it. */
static enum tu_status cut_large(
	struct tu_sbom_slices *slices, struct scan *scan, struct tu_sbom_cut *cut, bool *out_large)
{
	struct scan list = *scan;
	enum tu_status status = TU_E_SYNTAX;

	if (take(&list, '['))
		status = cut_list(slices, &list, cut);
	*out_large = status == TU_OK && list.at - scan->at >= SLICE;
	if (!*out_large) {
		slices->slices.count = cut->first;
		*cut = (struct tu_sbom_cut){.first = cut->first};
	}
	if (status == TU_OK)
		*scan = list;
	return status;
}

/* A value of the root: cut when it is a list that is large enough, else for the shell. */
static enum tu_status cut_value(struct tu_sbom_slices *slices, struct scan *scan, struct tu_str key,
	const char **shell_from)
{
	const struct tu_str *member = list_named(key);
	struct tu_sbom_cut cut = {.first = slices->slices.count};
	struct scan value = *scan;
	enum tu_status status = TU_E_SYNTAX;
	bool large = false;

	if (member)
		status = cut_large(slices, scan, &cut, &large);
	if (status == TU_E_SYNTAX && skip_value(scan))
		status = member && scan->at - value.at >= SLICE && take(&value, '[') ? TU_E_SYNTAX
										     : TU_OK;
	if (status || !large)
		return status;
	(void)take(&value, '[');
	cut.member = *member;
	tu_buf_add(&slices->shell, *shell_from, (size_t)(value.at - *shell_from));
	*shell_from = scan->at - 1; /* the list's ']' */
	return TU_VEC_PUSH(&slices->cuts, cut) ? TU_OK : TU_E_NOMEM;
}

static enum tu_status cut_root(struct tu_sbom_slices *slices)
{
	const char *shell_from = slices->text.ptr;
	struct scan scan = {shell_from, shell_from + slices->text.len};
	enum tu_status status = TU_OK;

	if (!take(&scan, '{'))
		return TU_E_SYNTAX;
	do {
		struct tu_str key;

		if (!take(&scan, '"'))
			return TU_E_SYNTAX;
		key.ptr = scan.at;
		if (!skip_string(&scan))
			return TU_E_SYNTAX;
		key.len = (size_t)(scan.at - 1 - key.ptr);
		if (!take(&scan, ':'))
			return TU_E_SYNTAX;
		status = cut_value(slices, &scan, key, &shell_from);
	} while (!status && take(&scan, ','));
	/* What follows is the parser's to judge. */
	tu_buf_add(&slices->shell, shell_from, (size_t)(scan.end - shell_from));
	return status;
}

enum tu_status tu_sbom__slice(struct tu_sbom_slices *slices, struct tu_str text, size_t depth)
{
	enum tu_status status;

	*slices = (struct tu_sbom_slices){.text = text, .depth = depth};
	tu_buf_init(&slices->shell, text.len + 1);
	tu_buf_init(&slices->buf, text.len + 2 + TU_JSON_PADDING);
	status = cut_root(slices);
	if (status)
		return status;
	slices->parser = tu_json_parser_new();
	return slices->parser && !slices->shell.failed ? TU_OK : TU_E_NOMEM;
}

void tu_sbom__slices_done(struct tu_sbom_slices *slices)
{
	tu_json_parser_free(slices->parser);
	tu_buf_done(&slices->shell);
	tu_buf_done(&slices->buf);
	TU_VEC_DONE(&slices->slices);
	TU_VEC_DONE(&slices->cuts);
}

const struct tu_sbom_cut *tu_sbom__cut_of(const struct tu_sbom_slices *slices, struct tu_str member)
{
	for (size_t i = 0; slices && i < slices->cuts.count; i++) {
		if (tu_str_eq(slices->cuts.at[i].member, member))
			return &slices->cuts.at[i];
	}
	return NULL;
}

bool tu_sbom__cut_mentions(
	const struct tu_sbom_slices *slices, const struct tu_sbom_cut *cut, struct tu_str word)
{
	for (size_t i = 0; i < cut->count; i++) {
		const struct tu_sbom_slice *slice = &slices->slices.at[cut->first + i];
		struct tu_str text = tu_str_of(slices->text.ptr + slice->offset, slice->len);

		if (tu_str_search(text, word) < text.len)
			return true;
	}
	return false;
}

enum tu_status tu_sbom__parse_slice(struct tu_sbom_slices *slices,
	const struct tu_sbom_slice *slice, struct tu_json *out_list, struct tu_error *err)
{
	static const char padding[TU_JSON_PADDING];
	/* The slice's brackets stand for two levels of the document: the root and the list. */
	const struct tu_json_limits limits = {
		.bytes = slices->text.len + 2,
		.depth = slices->depth - 1,
		.unique_keys = true,
		.padded = true,
	};
	struct tu_buf *buf = &slices->buf;

	tu_buf_clear(buf);
	tu_buf_byte(buf, '[');
	tu_buf_add(buf, slices->text.ptr + slice->offset, slice->len);
	tu_buf_byte(buf, ']');
	tu_buf_add(buf, padding, sizeof(padding));
	if (buf->failed)
		return tu_no_memory(err);
	return tu_json_parse(slices->parser, tu_str_of(buf->ptr, buf->len - sizeof(padding)),
		&limits, out_list, err);
}
