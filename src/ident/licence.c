#include "ident/licence.h"

#include <string.h>

#include "ident/registry.h"

enum { NESTED_MAX = 64, WORD_MAX = 128 };

/* ---- the list ---- */

static bool find(const char *kind, struct tu_str id, struct tu_licence_entry *out_entry)
{
	char key[WORD_MAX];
	size_t len = strlen(kind);
	struct tu_str rest;

	if (id.len > sizeof(key) - len)
		return false;
	memcpy(key, kind, len);
	for (size_t i = 0; i < id.len; i++)
		key[len++] = tu_char_lower(id.ptr[i]);
	if (!tu_registry_find(TU_REGISTRY_SPDX, tu_str_of(key, len), &rest))
		return false;
	if (!tu_str_split(&rest, '\t', &out_entry->id))
		return false;
	out_entry->instead = rest;
	return true;
}

bool tu_licence_find(struct tu_str id, struct tu_licence_entry *out_entry)
{
	return find("licence/", id, out_entry);
}

bool tu_licence_find_exception(struct tu_str id, struct tu_licence_entry *out_entry)
{
	return find("exception/", id, out_entry);
}

static bool is_idstring(struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (!tu_char_is_alnum(text.ptr[i]) && text.ptr[i] != '-' && text.ptr[i] != '.')
			return false;
	}
	return text.len > 0;
}

bool tu_licence_is_reference(struct tu_str id)
{
	struct tu_str document;

	if (tu_str_skip(&id, TU_STR("DocumentRef-")) &&
		(!tu_str_split(&id, ':', &document) || !is_idstring(document)))
		return false;
	return tu_str_skip(&id, TU_STR("LicenseRef-")) && is_idstring(id);
}

/* ---- expressions ---- */

/* Reading an expression, and writing it where `out` is there. */
struct expression {
	struct tu_str rest;
	struct tu_licence_writing *writing;
	struct tu_buf *out;
	bool lower; /* an operator is in lower case */
	bool unlisted; /* a word is neither on the list nor a reference */
};

static void put(struct expression *e, struct tu_str text)
{
	if (e->out)
		tu_buf_str_add(e->out, text);
}

static void skip_blanks(struct expression *e)
{
	while (e->rest.len && tu_char_is_space(e->rest.ptr[0]))
		e->rest = tu_str_from(e->rest, 1);
}

static struct tu_str take_word(struct expression *e)
{
	struct tu_str text;
	size_t len = 0;

	skip_blanks(e);
	text = e->rest;
	while (len < text.len &&
		(tu_char_is_alnum(text.ptr[len]) || memchr("-.+:", text.ptr[len], 4)))
		len++;
	e->rest = tu_str_from(text, len);
	return tu_str_first(text, len);
}

/* An operator, stepped over; it is written in upper case. */
static bool take_operator(struct expression *e, struct tu_str upper, struct tu_str lower)
{
	struct expression ahead = *e;
	struct tu_str word = take_word(&ahead);
	bool is_lower = tu_str_eq(word, lower);

	if (!is_lower && !tu_str_eq(word, upper))
		return false;
	e->rest = ahead.rest;
	e->lower = e->lower || is_lower;
	put(e, TU_STR(" "));
	put(e, upper);
	put(e, TU_STR(" "));
	return true;
}

static bool is_operator(struct tu_str word)
{
	static const struct tu_str operators[] = {
		TU_STR_INIT("AND"), TU_STR_INIT("OR"), TU_STR_INIT("WITH")};

	for (size_t i = 0; i < TU_COUNT(operators); i++) {
		if (tu_str_ieq(operators[i], word))
			return true;
	}
	return false;
}

/* A word that the list does not have. */
static bool write_other(struct expression *e, struct tu_str word)
{
	e->unlisted = e->unlisted || !tu_licence_is_reference(word);
	if (!e->out)
		return true;
	if (e->writing && e->writing->operand)
		return e->writing->operand(e->writing->context, word, e->out);
	put(e, word);
	return true;
}

static void write_listed(struct expression *e, const struct tu_licence_entry *entry)
{
	if (!entry->instead.len) {
		put(e, entry->id);
		return;
	}
	put(e, entry->instead);
	if (e->out && e->writing)
		e->writing->replaced = true;
}

/* An id, "id+" (that version or a later one), a reference. */
static bool simple(struct expression *e)
{
	struct tu_str word = take_word(e);
	struct tu_licence_entry entry;

	if (!word.len || is_operator(word))
		return false;
	if (tu_licence_find(word, &entry)) {
		write_listed(e, &entry);
		return true;
	}
	if (tu_str_ends(word, TU_STR("+")) &&
		tu_licence_find(tu_str_first(word, word.len - 1), &entry)) {
		put(e, entry.id);
		put(e, TU_STR("+"));
		return true;
	}
	return write_other(e, word);
}

/* Where a term began: what its exception does not fit is one operand as a whole. */
struct start {
	struct tu_str rest;
	size_t written;
};

static bool exception(struct expression *e, struct start start)
{
	struct tu_str word = take_word(e);
	struct tu_licence_entry entry;

	if (!word.len || is_operator(word))
		return false;
	if (tu_licence_find_exception(word, &entry)) {
		put(e, entry.id);
		return true;
	}
	if (e->out && !e->out->failed)
		e->out->len = start.written;
	return write_other(e, tu_str_first(start.rest, start.rest.len - e->rest.len));
}

static bool compound(struct expression *e, int depth);

static bool in_parentheses(struct expression *e, int depth)
{
	put(e, TU_STR("("));
	if (!compound(e, depth + 1))
		return false;
	skip_blanks(e);
	put(e, TU_STR(")"));
	return tu_str_skip(&e->rest, TU_STR(")"));
}

static bool term(struct expression *e, int depth)
{
	struct start start;

	skip_blanks(e);
	start = (struct start){e->rest, e->out ? e->out->len : 0};
	if (depth > NESTED_MAX)
		return false;
	if (tu_str_skip(&e->rest, TU_STR("(")))
		return in_parentheses(e, depth);
	if (!simple(e))
		return false;
	return !take_operator(e, TU_STR("WITH"), TU_STR("with")) || exception(e, start);
}

static bool compound(struct expression *e, int depth)
{
	do {
		if (!term(e, depth))
			return false;
	} while (take_operator(e, TU_STR("AND"), TU_STR("and")) ||
		take_operator(e, TU_STR("OR"), TU_STR("or")));
	return true;
}

static bool read_whole(struct expression *e)
{
	if (!compound(e, 0))
		return false;
	skip_blanks(e);
	return e->rest.len == 0 && !(e->lower && e->unlisted);
}

bool tu_licence_is_expression(struct tu_str text)
{
	struct expression e = {.rest = text};

	return read_whole(&e);
}

bool tu_licence_write(struct tu_str text, struct tu_licence_writing *writing, struct tu_buf *out)
{
	struct expression e = {.rest = text, .writing = writing, .out = out};
	size_t before = out->len;

	if (tu_licence_is_expression(text) && read_whole(&e))
		return true;
	out->len = out->failed ? out->len : before;
	return false;
}
