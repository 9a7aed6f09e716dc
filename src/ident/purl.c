#include <tutela/purl.h>

#include "base/bytes16.h"
#include "base/hex.h"
#include "base/utf8.h"
#include "ident/purl_normalise.h"
#include "ident/purl_types.h"

/* ---- reading ---- */

struct reading {
	struct tu_arena *arena;
	struct tu_str text;
	char *next; /* decoded text goes here; it is never longer than the text */
	bool plain; /* ASCII without "%": the text is what it says, as it is */
	struct tu_purl purl;
	struct tu_purl_at at;
	struct tu_error *err;
};

static size_t offset_in(struct tu_str text, const char *place)
{
	return (size_t)(place - text.ptr);
}

/* Where in the encoded text the decoded byte number `index` is. */
static size_t encoded_index(struct tu_str raw, size_t index)
{
	size_t at = 0;

	for (; index > 0; index--)
		at += raw.ptr[at] == '%' ? 3 : 1;
	return at;
}

/* Decode one part. In a path an encoded slash would be a separator after decoding, which
 * the specification forbids in a segment. */
static enum tu_status decode(
	struct reading *r, struct tu_str raw, const char *part, bool is_path, struct tu_str *out)
{
	char *start = r->next;
	size_t plain, bad;

	*out = raw;
	if (r->plain || raw.len == 0)
		return TU_OK;
	plain = tu_str_find(raw, '%');
	if (plain)
		memcpy(r->next, raw.ptr, plain);
	r->next += plain;
	for (size_t i = plain; i < raw.len; i++) {
		int byte = (unsigned char)raw.ptr[i];

		if (byte == '%') {
			byte = tu_percent_value(tu_str_from(raw, i));
			if (byte <= 0 || (is_path && byte == '/'))
				return tu_fail(r->err, TU_E_SYNTAX, offset_in(r->text, raw.ptr + i),
					byte < 0       ? "%s: \"%%\" without two hexadecimal digits"
						: byte ? "%s: an encoded slash in a segment"
						       : "%s: an encoded NUL byte",
					part);
			i += 2;
		}
		*r->next++ = (char)byte;
	}
	*out = tu_str_of(start, (size_t)(r->next - start));
	bad = tu_utf8_invalid_at(*out);
	if (bad < out->len)
		return tu_fail(r->err, TU_E_SYNTAX,
			offset_in(r->text, raw.ptr + encoded_index(raw, bad)), "%s: not UTF-8",
			part);
	return TU_OK;
}

/* Take what comes after `index`, which is that of a separator or the end, out of `*s`. */
static struct tu_str cut(struct tu_str *s, size_t index)
{
	struct tu_str behind = tu_str_from(*s, index + 1);

	*s = tu_str_first(*s, index);
	return behind;
}

/* The '@' before the version is the last one, unless it starts a segment that is not the last:
 * many tools write the scope of an npm package as it is ("pkg:npm/@babel/core"). */
static size_t version_mark(struct tu_str path)
{
	size_t mark = tu_str_rfind(path, '@');
	bool starts_segment = mark < path.len && (mark == 0 || path.ptr[mark - 1] == '/');

	if (starts_segment && tu_str_find(tu_str_from(path, mark), '/') < path.len - mark)
		return path.len;
	return mark;
}

static enum tu_status cut_path(
	struct tu_str text, struct tu_str path, struct tu_purl_pieces *out, struct tu_error *err)
{
	size_t slash;
	size_t mark = version_mark(path);
	bool has_version = mark < path.len;

	out->version = cut(&path, mark);
	while (!has_version && path.len > 0 && path.ptr[path.len - 1] == '/')
		path.len--;
	slash = tu_str_rfind(path, '/');
	out->name = slash < path.len ? tu_str_from(path, slash + 1) : path;
	out->namespace_ = slash < path.len ? tu_str_first(path, slash) : tu_str_first(path, 0);
	if (out->name.len == 0)
		return tu_fail(
			err, TU_E_SYNTAX, offset_in(text, path.ptr + path.len), "name: missing");
	return TU_OK;
}

/* Cut at the first '?', as a URL is cut: tools write URLs with a query of their own, not encoded,
 * into qualifiers, and none writes '?' into a name. */
enum tu_status tu_purl__cut(struct tu_str text, struct tu_purl_pieces *out, struct tu_error *err)
{
	struct tu_str rest = text;
	size_t slash;
	size_t bad;

	if (!tu_str_istarts(rest, TU_STR("pkg:")))
		return tu_fail(err, TU_E_SYNTAX, 0, "scheme: not \"pkg:\"");
	out->subpath = cut(&rest, tu_str_rfind(rest, '#'));
	out->qualifiers = cut(&rest, tu_str_find(rest, '?'));
	if (rest.len < 4)
		return tu_fail(err, TU_E_SYNTAX, 0, "scheme: not \"pkg:\"");
	rest = tu_str_from(rest, 4);
	while (rest.len > 0 && rest.ptr[0] == '/')
		rest = tu_str_from(rest, 1);
	slash = tu_str_find(rest, '/');
	out->type = tu_str_first(rest, slash);
	bad = tu_purl_type_invalid_at(out->type);
	if (bad < out->type.len || out->type.len == 0)
		return tu_fail(err, TU_E_SYNTAX, offset_in(text, rest.ptr + bad),
			out->type.len
				? "type: letters, digits, \".\" and \"-\" only, a letter first"
				: "type: missing");
	if (slash == rest.len)
		return tu_fail(
			err, TU_E_SYNTAX, offset_in(text, rest.ptr + rest.len), "name: missing");
	return cut_path(text, tu_str_from(rest, slash + 1), out, err);
}

static enum tu_status read_qualifiers(struct reading *r, struct tu_str raw)
{
	struct tu_purl_qualifier *sorted;
	struct tu_str pair;
	size_t pairs = 1;
	enum tu_status status = TU_OK;

	if (raw.len == 0)
		return TU_OK;
	for (size_t i = 0; i < raw.len; i++)
		pairs += raw.ptr[i] == '&';
	sorted = tu_purl__qualifier_room(r->arena, pairs);
	if (!sorted)
		return tu_no_memory(r->err);
	r->purl.qualifiers = sorted;
	while (!status && tu_str_split(&raw, '&', &pair)) {
		size_t equals = tu_str_find(pair, '=');
		struct tu_purl_qualifier one = {.key = tu_str_first(pair, equals)};

		if (pair.len == 0)
			continue;
		if (equals == pair.len)
			return tu_fail(r->err, TU_E_SYNTAX, offset_in(r->text, pair.ptr),
				"qualifiers: a key without \"=\"");
		status = decode(r, tu_str_from(pair, equals + 1), "qualifiers", false, &one.value);
		if (!status)
			status = tu_purl__add_qualifier(r->arena, sorted, &r->purl.qualifier_count,
				one, offset_in(r->text, pair.ptr), r->err);
	}
	return status;
}

static void note_places(struct reading *r, const struct tu_purl_pieces *from)
{
	size_t end = r->text.len;

	r->at = (struct tu_purl_at){
		.type = offset_in(r->text, from->type.ptr),
		.namespace_ = offset_in(r->text, from->namespace_.ptr),
		.name = offset_in(r->text, from->name.ptr),
		.version = from->version.len ? offset_in(r->text, from->version.ptr) : end,
		.qualifiers = from->qualifiers.len ? offset_in(r->text, from->qualifiers.ptr) : end,
		.subpath = from->subpath.len ? offset_in(r->text, from->subpath.ptr) : end,
	};
}

static enum tu_status read_pieces(struct reading *r, const struct tu_purl_pieces *from)
{
	const struct {
		struct tu_str raw;
		const char *part;
		bool is_path;
		struct tu_str *out;
	} parts[] = {
		{from->type, "type", false, &r->purl.type},
		{from->namespace_, "namespace", true, &r->purl.namespace_},
		{from->name, "name", false, &r->purl.name},
		{from->version, "version", false, &r->purl.version},
		{from->subpath, "subpath", true, &r->purl.subpath},
	};

	for (size_t i = 0; i < TU_COUNT(parts); i++) {
		enum tu_status status =
			decode(r, parts[i].raw, parts[i].part, parts[i].is_path, parts[i].out);

		if (status)
			return status;
	}
	return read_qualifiers(r, from->qualifiers);
}

/* What a look at sixteen bytes says. */
struct look {
	struct tu_bytes16 control;
	struct tu_bytes16 special; /* a "%", or beyond ASCII */
};

static void look_at(const char *bytes, struct look *look)
{
	struct tu_bytes16 c = tu_bytes16_at(bytes);

	look->control.v |= (__typeof__(c.v))((c.v < ' ') | (c.v == 0x7f));
	look->special.v |= (__typeof__(c.v))((c.v == '%') | (c.v > 0x7f));
}

/* Pieces of sixteen bytes, the last of which may overlap the one before. */
static struct look look_at_all(struct tu_str text)
{
	enum { PIECE = sizeof(struct tu_bytes16) };
	char padded[PIECE];
	struct look look = {0};

	if (text.len < PIECE) {
		memset(padded, '-', sizeof(padded));
		if (text.len)
			memcpy(padded, text.ptr, text.len);
		look_at(padded, &look);
		return look;
	}
	for (size_t at = 0; at + PIECE < text.len; at += PIECE)
		look_at(text.ptr + at, &look);
	look_at(text.ptr + text.len - PIECE, &look);
	return look;
}

static enum tu_status check_text(struct tu_str text, bool *out_plain, struct tu_error *err)
{
	struct look look;

	if (text.len > TU_PURL_MAX)
		return tu_fail(err, TU_E_LIMIT, TU_PURL_MAX, "purl: longer than %d bytes",
			(int)TU_PURL_MAX);
	look = look_at_all(text);
	*out_plain = !tu_bytes16_any(look.special);
	for (size_t i = 0; tu_bytes16_any(look.control) && i < text.len; i++) {
		if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7f)
			return tu_fail(err, TU_E_SYNTAX, i, "purl: a control character");
	}
	return TU_OK;
}

enum tu_status tu_purl_parse(
	struct tu_arena *arena, struct tu_str text, struct tu_purl *out_purl, struct tu_error *err)
{
	struct reading r = {.arena = arena, .err = err};
	struct tu_purl_pieces pieces;
	enum tu_status status = check_text(text, &r.plain, err);

	if (status)
		return status;
	/* what is plain is cut out of one copy */
	if (r.plain && !tu_arena_dup(arena, text, &text))
		return tu_no_memory(err);
	r.text = text;
	status = tu_purl__cut(text, &pieces, err);
	if (status)
		return status;
	r.next = r.plain ? NULL : tu_arena_text(arena, text.len);
	if (!r.next && !r.plain)
		return tu_no_memory(err);
	note_places(&r, &pieces);
	status = read_pieces(&r, &pieces);
	if (!status)
		status = tu_purl__settle(arena, &r.purl, &r.at, err);
	if (!status)
		*out_purl = r.purl;
	return status;
}

/* ---- writing ---- */

static bool is_plain(char c, bool slash)
{
	return tu_char_is_alnum(c) || c == '.' || c == '-' || c == '_' || c == '~' || c == ':' ||
		(slash && c == '/');
}

static void encode(struct tu_buf *out, struct tu_str s, bool slash)
{
	static const char digits[] = "0123456789ABCDEF";

	while (s.len) {
		unsigned char byte;
		size_t run = 0;

		while (run < s.len && is_plain(s.ptr[run], slash))
			run++;
		tu_buf_add(out, s.ptr, run);
		s = tu_str_from(s, run);
		if (s.len == 0)
			break;
		byte = (unsigned char)s.ptr[0];
		tu_buf_byte(out, '%');
		tu_buf_byte(out, digits[byte >> 4]);
		tu_buf_byte(out, digits[byte & 15]);
		s = tu_str_from(s, 1);
	}
}

static void encode_after(struct tu_buf *out, char mark, struct tu_str s, bool slash)
{
	if (s.len == 0)
		return;
	tu_buf_byte(out, mark);
	encode(out, s, slash);
}

void tu_purl_write(const struct tu_purl *purl, struct tu_buf *out)
{
	bool path = tu_str_find(purl->name, '/') < purl->name.len &&
		(tu_purl_type_find(purl->type)->rules & TU_PURL_NAME_PATH);

	tu_buf_c(out, "pkg:");
	tu_buf_str_add(out, purl->type);
	encode_after(out, '/', purl->namespace_, true);
	encode_after(out, '/', purl->name, path);
	encode_after(out, '@', purl->version, false);
	for (size_t i = 0; i < purl->qualifier_count; i++) {
		tu_buf_byte(out, i ? '&' : '?');
		tu_buf_str_add(out, purl->qualifiers[i].key);
		tu_buf_byte(out, '=');
		encode(out, purl->qualifiers[i].value, false);
	}
	encode_after(out, '#', purl->subpath, true);
}
