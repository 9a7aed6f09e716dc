#include "ident/lenient.h"

#include "base/hex.h"
#include "base/utf8.h"
#include "ident/purl_normalise.h"
#include "ident/purl_types.h"

/* ---- white space ---- */

/* Length of a character that prints nothing: white space, U+00A0, U+200B, U+FEFF. */
static size_t blank_at_start(struct tu_str s)
{
	static const struct tu_str blanks[] = {
		TU_STR_INIT("\xc2\xa0"), TU_STR_INIT("\xe2\x80\x8b"), TU_STR_INIT("\xef\xbb\xbf")};

	if (s.len && (unsigned char)s.ptr[0] <= ' ')
		return 1;
	if (s.len == 0 || (unsigned char)s.ptr[0] < 0x80)
		return 0;
	for (size_t i = 0; i < TU_COUNT(blanks); i++) {
		if (tu_str_starts(s, blanks[i]))
			return blanks[i].len;
	}
	return 0;
}

static size_t blank_at_end(struct tu_str s)
{
	for (size_t len = 1; len <= 3 && len <= s.len; len++) {
		if (blank_at_start(tu_str_from(s, s.len - len)) == len)
			return len;
	}
	return 0;
}

struct tu_str tu_identifier_trim(struct tu_str text)
{
	size_t blank;

	while ((blank = blank_at_start(text)) > 0)
		text = tu_str_from(text, blank);
	while ((blank = blank_at_end(text)) > 0)
		text = tu_str_first(text, text.len - blank);
	return text;
}

/* ---- a text that can be cut ---- */

/* Without control characters, and without spaces before the name. */
static bool drop_blanks(struct tu_arena *arena, struct tu_str *text)
{
	char *copy = tu_arena_text(arena, text->len);
	bool in_name = false;
	size_t len = 0;

	if (!copy)
		return false;
	for (size_t i = 0; i < text->len; i++) {
		unsigned char c = (unsigned char)text->ptr[i];

		in_name = in_name || c == '/';
		if (c >= ' ' && c != 0x7f && (c != ' ' || in_name))
			copy[len++] = (char)c;
	}
	*text = tu_str_of(copy, len);
	return true;
}

/* What "%" and two digits mean; other "%" and an encoded NUL are taken as they are written. */
static bool decode(struct tu_arena *arena, struct tu_str raw, struct tu_str *out)
{
	char *copy = tu_arena_text(arena, raw.len);
	size_t len = 0;

	if (!copy)
		return false;
	for (size_t i = 0; i < raw.len; i++) {
		int value = raw.ptr[i] == '%' ? tu_percent_value(tu_str_from(raw, i)) : -1;

		copy[len++] = value > 0 ? (char)value : raw.ptr[i];
		i += value > 0 ? 2 : 0;
	}
	*out = tu_str_of(copy, len);
	if (tu_utf8_invalid_at(*out) < out->len)
		*out = raw;
	*out = tu_identifier_trim(*out);
	return true;
}

static bool names_type(struct tu_arena *arena, struct tu_str text)
{
	size_t slash = tu_str_find(text, '/');
	struct tu_purl purl = {.type = tu_str_first(text, slash), .name = TU_STR("x")};

	return slash > 0 && slash < text.len && slash < 32 &&
		tu_purl__settle(arena, &purl, NULL, NULL) == TU_OK &&
		tu_purl_type_find(purl.type)->name.len > 0;
}

/* A purl that was encoded as a whole; one whose scheme is missing, of a type that is registered. */
static bool restore_scheme(struct tu_arena *arena, struct tu_str *text)
{
	struct tu_buf whole;
	bool ok;

	if (tu_str_istarts(*text, TU_STR("pkg%3a")))
		return decode(arena, *text, text);
	if (tu_str_istarts(*text, TU_STR("pkg:")) || !names_type(arena, *text))
		return true;
	tu_buf_init(&whole, TU_PURL_MAX + 4);
	tu_buf_c(&whole, "pkg:");
	tu_buf_str_add(&whole, *text);
	ok = !whole.failed && tu_arena_dup(arena, tu_buf_str(&whole), text);
	tu_buf_done(&whole);
	return ok;
}

/* ---- parts ---- */

/* The first of a key is kept; values that differ leave it open which is meant. */
static void drop_contradictions(
	struct tu_purl *purl, struct tu_purl_qualifier *at, const struct tu_purl_qualifier *again)
{
	for (size_t i = 0; i < purl->qualifier_count; i++) {
		if (tu_str_ieq(at[i].key, again->key) && !tu_str_eq(at[i].value, again->value))
			at[i].value = (struct tu_str){"", 0};
	}
}

static void drop_empty(struct tu_purl *purl, struct tu_purl_qualifier *at)
{
	size_t kept = 0;

	for (size_t i = 0; i < purl->qualifier_count; i++) {
		if (at[i].value.len)
			at[kept++] = at[i];
	}
	purl->qualifier_count = kept;
}

static bool read_qualifiers(struct tu_arena *arena, struct tu_str raw, struct tu_purl *purl)
{
	struct tu_purl_qualifier *sorted = tu_purl__qualifier_room(arena, TU_PURL_QUALIFIERS_MAX);
	struct tu_str pair;

	if (!sorted)
		return false;
	while (raw.len && tu_str_split(&raw, '&', &pair)) {
		size_t equals = tu_str_find(pair, '=');
		struct tu_purl_qualifier one = {.key = tu_str_trim(tu_str_first(pair, equals))};
		enum tu_status status;

		if (equals == pair.len || one.key.len == 0)
			continue;
		if (!decode(arena, tu_str_from(pair, equals + 1), &one.value))
			return false;
		status =
			tu_purl__add_qualifier(arena, sorted, &purl->qualifier_count, one, 0, NULL);
		if (status == TU_E_NOMEM)
			return false;
		if (status == TU_E_SYNTAX)
			drop_contradictions(purl, sorted, &one);
	}
	drop_empty(purl, sorted);
	purl->qualifiers = sorted;
	return true;
}

/* A namespace where the type has none is the place that the package came from; CocoaPods' parts of
 * a pod follow its name. */
static void drop_namespace(struct tu_purl *purl)
{
	const struct tu_purl_type *type = tu_purl_type_find(purl->type);

	if (type->namespace_ != TU_PURL_PROHIBITED || purl->namespace_.len == 0)
		return;
	if (type->rules & TU_PURL_NAME_POD)
		purl->name = tu_str_first(purl->namespace_, tu_str_find(purl->namespace_, '/'));
	purl->namespace_ = (struct tu_str){"", 0};
}

static bool read_parts(
	struct tu_arena *arena, const struct tu_purl_pieces *from, struct tu_purl *purl)
{
	*purl = (struct tu_purl){.type = from->type};
	return decode(arena, from->namespace_, &purl->namespace_) &&
		decode(arena, from->name, &purl->name) &&
		decode(arena, from->version, &purl->version) &&
		decode(arena, from->subpath, &purl->subpath) &&
		read_qualifiers(arena, from->qualifiers, purl);
}

static enum tu_status salvage(
	struct tu_arena *arena, struct tu_str text, struct tu_purl *out, struct tu_error *fault)
{
	struct tu_purl_pieces pieces;
	struct tu_purl purl;

	if (text.len > TU_PURL_MAX || tu_utf8_invalid_at(text) < text.len)
		return fault->status;
	if (!drop_blanks(arena, &text) || !restore_scheme(arena, &text))
		return tu_no_memory(fault);
	if (tu_purl__cut(text, &pieces, NULL))
		return fault->status;
	if (!read_parts(arena, &pieces, &purl) ||
		tu_purl__settle(arena, &purl, NULL, NULL) == TU_E_NOMEM)
		return tu_no_memory(fault);
	drop_namespace(&purl);
	if (purl.name.len == 0)
		return fault->status;
	*out = purl;
	return TU_OK;
}

enum tu_status tu_purl_read(struct tu_arena *arena, struct tu_str text, struct tu_purl *out_purl,
	struct tu_error *fault)
{
	enum tu_status status;

	text = tu_identifier_trim(text);
	status = tu_purl_parse(arena, text, out_purl, fault);
	if (status == TU_OK)
		fault->status = TU_OK;
	return status == TU_OK || status == TU_E_NOMEM ? status
						       : salvage(arena, text, out_purl, fault);
}
