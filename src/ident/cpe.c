#include <tutela/cpe.h>

#include "base/hex.h"
#include "base/utf8.h"
#include "ident/cpe_split.h"

/* The attributes in the order of the formatted string, with their names in a WFN. */
static const struct tu_str attr_names[TU_CPE_ATTRS] = {
	[TU_CPE_PART] = TU_STR_INIT("part"),
	[TU_CPE_VENDOR] = TU_STR_INIT("vendor"),
	[TU_CPE_PRODUCT] = TU_STR_INIT("product"),
	[TU_CPE_VERSION] = TU_STR_INIT("version"),
	[TU_CPE_UPDATE] = TU_STR_INIT("update"),
	[TU_CPE_EDITION] = TU_STR_INIT("edition"),
	[TU_CPE_LANGUAGE] = TU_STR_INIT("language"),
	[TU_CPE_SW_EDITION] = TU_STR_INIT("sw_edition"),
	[TU_CPE_TARGET_SW] = TU_STR_INIT("target_sw"),
	[TU_CPE_TARGET_HW] = TU_STR_INIT("target_hw"),
	[TU_CPE_OTHER] = TU_STR_INIT("other"),
};

/* What a 2.2 URI packs into its edition, in its order (NISTIR 7695, 6.1.2.1). */
static const enum tu_cpe_attr packed[] = {
	TU_CPE_EDITION, TU_CPE_SW_EDITION, TU_CPE_TARGET_SW, TU_CPE_TARGET_HW, TU_CPE_OTHER};

static const struct tu_str any = TU_STR_INIT("*");
static const struct tu_str na = TU_STR_INIT("-");

/* ---- characters ---- */

/* Needs no backslash in a formatted string (NISTIR 7695, 6.2.2.1). */
static bool is_bare(char c)
{
	return tu_char_is_alnum(c) || c == '_' || c == '.' || c == '-';
}

static bool is_punctuation(char c)
{
	return c > ' ' && c < 0x7f && !tu_char_is_alnum(c);
}

static bool is_beyond_ascii(char c)
{
	return (unsigned char)c >= 0x80;
}

/* ---- values ---- */

/* Wildcards stand at the ends of a value only: one "*" or any number of "?" (NISTIR 7695, 5.3.2).
 * What has been read of the value so far: */
enum place { START, STAR_FIRST, MARKS_FIRST, BODY, STAR_LAST, MARKS_LAST, NOWHERE };

enum kind { LITERAL, STAR, MARK };

static const uint8_t next_place[][3] = {
	[START] = {[LITERAL] = BODY, [STAR] = STAR_FIRST, [MARK] = MARKS_FIRST},
	[STAR_FIRST] = {[LITERAL] = BODY, [STAR] = NOWHERE, [MARK] = NOWHERE},
	[MARKS_FIRST] = {[LITERAL] = BODY, [STAR] = NOWHERE, [MARK] = MARKS_FIRST},
	[BODY] = {[LITERAL] = BODY, [STAR] = STAR_LAST, [MARK] = MARKS_LAST},
	[STAR_LAST] = {[LITERAL] = NOWHERE, [STAR] = NOWHERE, [MARK] = NOWHERE},
	[MARKS_LAST] = {[LITERAL] = NOWHERE, [STAR] = NOWHERE, [MARK] = MARKS_LAST},
};

struct reading {
	struct tu_str text;
	char *next; /* values go here: at most two bytes for each byte of text */
	struct tu_cpe cpe;
	struct tu_error *err;
};

/* Read the character at `s.ptr`: its length in the form of the name (0: not one, `*out_problem`
 * says why), what it is and which. */
typedef size_t take_one(
	struct tu_str s, enum kind *out_kind, char *out_char, const char **out_problem);

static enum tu_status fail_at(const struct reading *r, const char *place, const char *message)
{
	return tu_fail(r->err, TU_E_SYNTAX, (size_t)(place - r->text.ptr), "cpe: %s", message);
}

static void put(struct reading *r, enum kind kind, char c)
{
	if (kind == LITERAL && !is_bare(c) && !is_beyond_ascii(c))
		*r->next++ = '\\';
	*r->next++ = tu_char_lower(c);
}

static enum tu_status read_value(
	struct reading *r, struct tu_str raw, take_one *take, struct tu_str *out)
{
	const char *begin = raw.ptr;
	char *start = r->next;
	unsigned place = START;

	while (raw.len > 0) {
		enum kind kind = LITERAL;
		char c = 0;
		const char *problem = NULL;
		size_t len = take(raw, &kind, &c, &problem);

		if (len == 0)
			return fail_at(r, raw.ptr, problem);
		place = next_place[place][kind];
		if (place == NOWHERE)
			return fail_at(r, raw.ptr,
				kind == LITERAL ? "a wildcard within a value"
						: "a wildcard where none may be");
		put(r, kind, c);
		raw = tu_str_from(raw, len);
	}
	if (place == START || place == STAR_FIRST)
		return fail_at(r, begin,
			place == START ? "an empty value" : "a value of nothing but \"*\"");
	/* A hyphen alone would read as NA. */
	if (r->next - start == 1 && *start == '-') {
		*start = '\\';
		*r->next++ = '-';
	}
	*out = tu_str_of(start, (size_t)(r->next - start));
	return TU_OK;
}

static enum tu_status check_part(const struct reading *r, const char *place)
{
	struct tu_str part = r->cpe.attr[TU_CPE_PART];

	if (part.len == 1 && strchr("aoh*-", part.ptr[0]))
		return TU_OK;
	return fail_at(r, place, "the part is not a, o or h");
}

static void fill_any(struct tu_cpe *cpe)
{
	for (size_t i = 0; i < TU_CPE_ATTRS; i++)
		cpe->attr[i] = any;
}

/* ---- formatted string (NISTIR 7695, 6.2) ---- */

/* As the standard's own unbinding does, punctuation that should have a backslash and has none is
 * taken as if it had. Text beyond ASCII is not in the standard; vendors' names have it, so what
 * tu_cpe_attr_from_plain() makes of them can be read back. */
static size_t take_formatted(
	struct tu_str s, enum kind *out_kind, char *out_char, const char **out_problem)
{
	size_t len = s.ptr[0] == '\\' ? 2 : 1;

	*out_char = s.ptr[s.len < len ? 0 : len - 1];
	if (s.len < len || (len == 2 && !is_punctuation(*out_char))) {
		*out_problem = "a backslash before no punctuation";
		return 0;
	}
	if (len == 1 && (*out_char == '*' || *out_char == '?'))
		*out_kind = *out_char == '*' ? STAR : MARK;
	if (len == 1 && !is_bare(*out_char) && !is_punctuation(*out_char) &&
		!is_beyond_ascii(*out_char)) {
		*out_problem = "a space or a control character";
		return 0;
	}
	return len;
}

/* Index of the ':' that ends the value at the start of `s`, or s.len. */
static size_t value_end(struct tu_str s)
{
	size_t i = 0;

	while (i < s.len && s.ptr[i] != ':')
		i += s.ptr[i] == '\\' ? 2 : 1;
	return i < s.len ? i : s.len;
}

static enum tu_status read_formatted(struct reading *r, struct tu_str rest)
{
	const char *part = rest.ptr;

	for (size_t i = 0; i < TU_CPE_ATTRS; i++) {
		size_t end = value_end(rest);
		struct tu_str raw = tu_str_first(rest, end);
		enum tu_status status = TU_OK;

		if (end == rest.len && i + 1 < TU_CPE_ATTRS)
			return fail_at(r, rest.ptr + end, "fewer than 11 attributes");
		if (tu_str_eq(raw, any) || tu_str_eq(raw, na))
			r->cpe.attr[i] = raw.ptr[0] == '*' ? any : na;
		else
			status = read_value(r, raw, take_formatted, &r->cpe.attr[i]);
		if (status)
			return status;
		if (end < rest.len && i + 1 == TU_CPE_ATTRS)
			return fail_at(r, rest.ptr + end, "more than 11 attributes");
		rest = tu_str_from(rest, end + 1);
	}
	return check_part(r, part);
}

bool tu_cpe__split(struct tu_str name, struct tu_cpe *out_cpe)
{
	size_t count = 0, from = 0;

	if (!tu_str_skip(&name, TU_STR("cpe:2.3:")))
		return false;
	for (size_t i = 0; i <= name.len; i++) {
		if (i < name.len && name.ptr[i] != ':') {
			i += name.ptr[i] == '\\';
			continue;
		}
		if (i == from || count == TU_CPE_ATTRS)
			return false;
		out_cpe->attr[count++] = tu_str_of(name.ptr + from, i - from);
		from = i + 1;
	}
	return count == TU_CPE_ATTRS;
}

/* ---- 2.2 URI (NISTIR 7695, 6.1) ---- */

static size_t take_encoded(
	struct tu_str s, enum kind *out_kind, char *out_char, const char **out_problem)
{
	int value = tu_percent_value(s);

	*out_problem = "\"%\" without the code of a punctuation character";
	if (value < 0)
		return 0;
	*out_char = (char)value;
	if (*out_char == 1 || *out_char == 2) {
		*out_kind = *out_char == 1 ? MARK : STAR;
		*out_char = *out_char == 1 ? '?' : '*';
		return 3;
	}
	return is_punctuation(*out_char) ? 3 : 0;
}

/* Besides the unreserved characters of RFC 3986, old names have some of its sub-delimiters as they
 * are ("c++"). */
static size_t take_uri(
	struct tu_str s, enum kind *out_kind, char *out_char, const char **out_problem)
{
	char c = s.ptr[0];

	if (c == '%')
		return take_encoded(s, out_kind, out_char, out_problem);
	*out_char = c;
	*out_problem = "a character that must be written as %XX";
	return is_bare(c) || (c && strchr("~!$&'()+,;=@", c)) ? 1 : 0;
}

static enum tu_status read_component(struct reading *r, struct tu_str raw, struct tu_str *out)
{
	if (raw.len > 0 && !tu_str_eq(raw, na))
		return read_value(r, raw, take_uri, out);
	*out = raw.len ? na : any;
	return TU_OK;
}

static enum tu_status unpack_edition(struct reading *r, struct tu_str raw)
{
	struct tu_str rest = tu_str_from(raw, 1);
	struct tu_str one;
	size_t count = 0;

	while (tu_str_split(&rest, '~', &one)) {
		enum tu_status status;

		if (count == TU_COUNT(packed))
			return fail_at(r, one.ptr, "more than five packed attributes");
		status = read_component(r, one, &r->cpe.attr[packed[count++]]);
		if (status)
			return status;
	}
	if (count < TU_COUNT(packed))
		return fail_at(r, raw.ptr + raw.len, "fewer than five packed attributes");
	return TU_OK;
}

static enum tu_status read_uri(struct reading *r, struct tu_str rest)
{
	const char *part = rest.ptr;
	struct tu_str one;
	size_t i = TU_CPE_PART;

	fill_any(&r->cpe);
	while (tu_str_split(&rest, ':', &one)) {
		enum tu_status status;

		if (i > TU_CPE_LANGUAGE)
			return fail_at(r, one.ptr, "more than seven components");
		if (i == TU_CPE_EDITION && one.len > 0 && one.ptr[0] == '~')
			status = unpack_edition(r, one);
		else
			status = read_component(r, one, &r->cpe.attr[i]);
		if (status)
			return status;
		i++;
	}
	return check_part(r, part);
}

/* ---- well-formed name (NISTIR 7695, 5) ---- */

static size_t take_quoted(
	struct tu_str s, enum kind *out_kind, char *out_char, const char **out_problem)
{
	if (s.ptr[0] == '\\' || s.ptr[0] == '*' || s.ptr[0] == '?')
		return take_formatted(s, out_kind, out_char, out_problem);
	*out_char = s.ptr[0];
	*out_problem = "punctuation in a WFN needs a backslash";
	return tu_char_is_alnum(s.ptr[0]) || s.ptr[0] == '_' ? 1 : 0;
}

static struct tu_str skip_blanks(struct tu_str s)
{
	while (s.len > 0 && s.ptr[0] == ' ')
		s = tu_str_from(s, 1);
	return s;
}

static enum tu_status read_name(struct reading *r, struct tu_str *rest, size_t *out_attr)
{
	size_t equals = tu_str_find(*rest, '=');
	struct tu_str name = tu_str_trim(tu_str_first(*rest, equals));

	for (size_t i = 0; i < TU_CPE_ATTRS; i++) {
		if (!tu_str_ieq(name, attr_names[i]))
			continue;
		if (r->cpe.attr[i].len > 0)
			return fail_at(r, rest->ptr, "an attribute that is there twice");
		*out_attr = i;
		*rest = skip_blanks(tu_str_from(*rest, equals + 1));
		return TU_OK;
	}
	return fail_at(r, rest->ptr, "not the name of an attribute");
}

static enum tu_status read_string(struct reading *r, struct tu_str *rest, struct tu_str *out)
{
	struct tu_str inner = tu_str_from(*rest, 1);
	size_t end = 0;

	while (end < inner.len && inner.ptr[end] != '"')
		end += inner.ptr[end] == '\\' ? 2 : 1;
	if (end >= inner.len)
		return fail_at(r, rest->ptr, "a quote that does not end");
	*rest = tu_str_from(inner, end + 1);
	return read_value(r, tu_str_first(inner, end), take_quoted, out);
}

static enum tu_status read_assignment(struct reading *r, struct tu_str *rest)
{
	size_t attr = 0;
	enum tu_status status = read_name(r, rest, &attr);
	const char *place = rest->ptr;

	if (status)
		return status;
	if (tu_str_skip(rest, TU_STR("ANY")))
		r->cpe.attr[attr] = any;
	else if (tu_str_skip(rest, TU_STR("NA")))
		r->cpe.attr[attr] = na;
	else if (rest->len > 0 && rest->ptr[0] == '"')
		status = read_string(r, rest, &r->cpe.attr[attr]);
	else
		return fail_at(r, place, "neither ANY, NA nor a quoted value");
	*rest = skip_blanks(*rest);
	return status || attr != TU_CPE_PART ? status : check_part(r, place);
}

static enum tu_status read_wfn(struct reading *r, struct tu_str rest)
{
	bool more;

	rest = skip_blanks(rest);
	more = rest.len > 0 && rest.ptr[0] != ']';
	while (more) {
		enum tu_status status = read_assignment(r, &rest);

		if (status)
			return status;
		more = tu_str_skip(&rest, TU_STR(","));
		rest = skip_blanks(rest);
	}
	if (!tu_str_eq(rest, TU_STR("]")))
		return fail_at(r, rest.ptr, "\",\" or \"]\" expected");
	for (size_t i = 0; i < TU_CPE_ATTRS; i++) {
		if (r->cpe.attr[i].len == 0)
			r->cpe.attr[i] = any;
	}
	return TU_OK;
}

/* ---- any form ---- */

static const struct {
	struct tu_str prefix;
	enum tu_status (*read)(struct reading *, struct tu_str rest);
} forms[] = {
	{TU_STR_INIT("cpe:2.3:"), read_formatted},
	{TU_STR_INIT("cpe:/"), read_uri},
	{TU_STR_INIT("wfn:["), read_wfn},
};

static enum tu_status check_text(struct tu_str text, struct tu_error *err)
{
	size_t bad = tu_utf8_invalid_at(text);

	if (text.len > TU_CPE_MAX)
		return tu_fail(
			err, TU_E_LIMIT, TU_CPE_MAX, "cpe: longer than %d bytes", (int)TU_CPE_MAX);
	if (bad < text.len)
		return tu_fail(err, TU_E_SYNTAX, bad, "cpe: not UTF-8");
	bad = tu_str_find(text, '\0');
	if (bad < text.len)
		return tu_fail(err, TU_E_SYNTAX, bad, "cpe: a NUL byte");
	return TU_OK;
}

enum tu_status tu_cpe_parse(
	struct tu_arena *arena, struct tu_str text, struct tu_cpe *out_cpe, struct tu_error *err)
{
	struct reading r = {.text = text, .err = err};
	enum tu_status status = check_text(text, err);

	if (status)
		return status;
	for (size_t i = 0; i < TU_COUNT(forms); i++) {
		if (!tu_str_istarts(text, forms[i].prefix))
			continue;
		r.next = tu_arena_text(arena, text.len * 2);
		if (!r.next)
			return tu_no_memory(err);
		status = forms[i].read(&r, tu_str_from(text, forms[i].prefix.len));
		if (!status)
			*out_cpe = r.cpe;
		return status;
	}
	return tu_fail(err, TU_E_SYNTAX, 0,
		"cpe: starts with none of \"cpe:2.3:\", \"cpe:/\" and \"wfn:[\"");
}

void tu_cpe_write(const struct tu_cpe *cpe, struct tu_buf *out)
{
	tu_buf_c(out, "cpe:2.3");
	for (size_t i = 0; i < TU_CPE_ATTRS; i++) {
		tu_buf_byte(out, ':');
		tu_buf_str_add(out, cpe->attr[i].len ? cpe->attr[i] : any);
	}
}

/* ---- writing a URI ---- */

static void put_encoded(char c, struct tu_buf *out)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char byte = (unsigned char)c;

	tu_buf_byte(out, '%');
	tu_buf_byte(out, digits[byte >> 4]);
	tu_buf_byte(out, digits[byte & 15]);
}

static bool is_any(struct tu_str attr)
{
	return attr.len == 0 || tu_str_eq(attr, any);
}

/* NISTIR 7695, 6.1.2.3: wildcards are %01 and %02, other punctuation has its own code. */
static void put_component(struct tu_str attr, struct tu_buf *out)
{
	if (is_any(attr))
		return;
	if (tu_str_eq(attr, TU_STR("\\-"))) {
		put_encoded('-', out);
		return;
	}
	for (size_t i = 0; i < attr.len; i++) {
		char c = attr.ptr[i];

		if (c == '\\' && i + 1 < attr.len)
			put_encoded(attr.ptr[++i], out);
		else if (c == '?' || c == '*')
			put_encoded(c == '?' ? 1 : 2, out);
		else if (is_bare(c))
			tu_buf_byte(out, c);
		else
			put_encoded(c, out);
	}
}

static void put_edition(const struct tu_cpe *cpe, struct tu_buf *out)
{
	bool pack = false;

	for (size_t i = 1; i < TU_COUNT(packed); i++)
		pack = pack || !is_any(cpe->attr[packed[i]]);
	for (size_t i = 0; i < (pack ? TU_COUNT(packed) : 1); i++) {
		if (pack)
			tu_buf_byte(out, '~');
		put_component(cpe->attr[packed[i]], out);
	}
}

void tu_cpe_write_uri(const struct tu_cpe *cpe, struct tu_buf *out)
{
	size_t start = out->len;

	tu_buf_c(out, "cpe:/");
	for (size_t i = TU_CPE_PART; i <= TU_CPE_LANGUAGE; i++) {
		if (i > TU_CPE_PART)
			tu_buf_byte(out, ':');
		if (i == TU_CPE_EDITION)
			put_edition(cpe, out);
		else
			put_component(cpe->attr[i], out);
	}
	while (!out->failed && out->len > start && out->ptr[out->len - 1] == ':')
		out->len--;
}

/* ---- plain text ---- */

void tu_cpe_attr_plain(struct tu_str attr, struct tu_buf *out)
{
	for (size_t i = 0; i < attr.len; i++) {
		if (attr.ptr[i] == '\\' && i + 1 < attr.len)
			i++;
		tu_buf_byte(out, attr.ptr[i]);
	}
}

void tu_cpe_attr_from_plain(struct tu_str text, struct tu_buf *out)
{
	text = tu_str_trim(text);
	if (text.len == 0)
		tu_buf_str_add(out, any);
	if (tu_str_eq(text, na))
		tu_buf_byte(out, '\\');
	for (size_t i = 0; i < text.len; i++) {
		char c = tu_char_lower(text.ptr[i]);

		if (!is_bare(c) && !is_punctuation(c) && !is_beyond_ascii(c))
			c = '_';
		if (is_punctuation(c) && !is_bare(c))
			tu_buf_byte(out, '\\');
		tu_buf_byte(out, c);
	}
}
