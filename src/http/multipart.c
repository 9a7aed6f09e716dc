#include "http/multipart.h"

#include <string.h>

/* ---- parameters of a header: token "=" (token | quoted-string) ---- */

static bool is_token(char c)
{
	return c > ' ' && c < 0x7f && !strchr("()<>@,;:\\\"/[]?=", c);
}

/* Take `; name=value` off the front; false: there is none, or it cannot be read. */
static bool take_parameter(struct tu_str *rest, struct tu_str *out_name, struct tu_str *out_value)
{
	struct tu_str s = tu_str_trim(*rest);
	size_t len = 0;

	if (!tu_str_skip(&s, TU_STR(";")))
		return false;
	s = tu_str_trim(s);
	while (len < s.len && is_token(s.ptr[len]))
		len++;
	*out_name = tu_str_first(s, len);
	s = tu_str_from(s, len);
	if (!len || !tu_str_skip(&s, TU_STR("=")))
		return false;
	len = 0;
	if (!tu_str_skip(&s, TU_STR("\""))) {
		while (len < s.len && is_token(s.ptr[len]))
			len++;
		*out_value = tu_str_first(s, len);
		*rest = tu_str_from(s, len);
		return len > 0;
	}
	while (len < s.len && s.ptr[len] != '"')
		len += s.ptr[len] == '\\' ? 2 : 1;
	if (len >= s.len)
		return false;
	*out_value = tu_str_first(s, len);
	*rest = tu_str_from(s, len + 1);
	return true;
}

/* A parameter by its name: the first one. */
static struct tu_str parameter_of(struct tu_str header, const char *wanted)
{
	struct tu_str rest = tu_str_from(header, tu_str_find(header, ';')), name, value;

	while (take_parameter(&rest, &name, &value))
		if (tu_str_ieq(name, tu_str_c(wanted)))
			return value;
	return (struct tu_str){0};
}

static struct tu_str word_of(struct tu_str header)
{
	return tu_str_trim(tu_str_first(header, tu_str_find(header, ';')));
}

/* ---- the body ---- */

bool tu_multipart_is(struct tu_str content_type)
{
	return tu_str_ieq(word_of(content_type), TU_STR("multipart/form-data"));
}

static enum tu_status wrong(
	const struct tu_multipart *multipart, struct tu_error *err, const char *what)
{
	return tu_fail(err, TU_E_SYNTAX, multipart->at, "multipart/form-data: %s (byte %zu)", what,
		multipart->at);
}

static struct tu_str delimiter_of(const struct tu_multipart *multipart)
{
	return tu_str_of(multipart->delimiter, multipart->delimiter_len);
}

enum tu_status tu_multipart_begin(struct tu_multipart *multipart, struct tu_str content_type,
	struct tu_str body, struct tu_error *err)
{
	struct tu_str boundary = parameter_of(content_type, "boundary"), first;
	size_t at;

	*multipart = (struct tu_multipart){0};
	if (!boundary.len || boundary.len > TU_MULTIPART_BOUNDARY ||
		tu_str_find(boundary, '\\') < boundary.len)
		return wrong(multipart, err, "the Content-Type has no boundary that can be used");
	memcpy(multipart->delimiter, "\r\n--", 4);
	memcpy(multipart->delimiter + 4, boundary.ptr, boundary.len);
	multipart->delimiter_len = 4 + boundary.len;
	/* the first one may be at the very beginning */
	first = tu_str_from(delimiter_of(multipart), 2);
	at = tu_str_starts(body, first) ? 0 : tu_str_search(body, delimiter_of(multipart)) + 2;
	if (at >= body.len)
		return wrong(multipart, err, "the boundary of the Content-Type is not in the body");
	multipart->at = at + first.len;
	multipart->rest = tu_str_from(body, multipart->at);
	return TU_OK;
}

/* ---- a part ---- */

static enum tu_status take_header(const struct tu_multipart *multipart, struct tu_str line,
	struct tu_multipart_part *part, struct tu_error *err)
{
	size_t colon = tu_str_find(line, ':');
	struct tu_str name = tu_str_first(line, colon);
	struct tu_str value = tu_str_trim(tu_str_from(line, colon < line.len ? colon + 1 : colon));

	if (colon == line.len)
		return wrong(multipart, err, "a header of a part has no colon");
	if (tu_str_ieq(name, TU_STR("Content-Type")))
		part->type = value;
	if (tu_str_ieq(name, TU_STR("Content-Transfer-Encoding")) &&
		!tu_str_ieq(value, TU_STR("binary")) && !tu_str_ieq(value, TU_STR("8bit")) &&
		!tu_str_ieq(value, TU_STR("7bit")))
		return tu_fail(err, TU_E_UNSUPPORTED, multipart->at,
			"multipart/form-data: a part is encoded as %.*s: send its bytes as they "
			"are",
			TU_STR_FMT(tu_str_first(value, 40)));
	if (!tu_str_ieq(name, TU_STR("Content-Disposition")))
		return TU_OK;
	if (!tu_str_ieq(word_of(value), TU_STR("form-data")) || part->name.ptr)
		return wrong(
			multipart, err, "a part has no one \"Content-Disposition: form-data\"");
	part->name = parameter_of(value, "name");
	part->file_name = parameter_of(value, "filename");
	return TU_OK;
}

/* Headers up to the empty line. */
static enum tu_status take_headers(
	struct tu_multipart *multipart, struct tu_multipart_part *part, struct tu_error *err)
{
	struct tu_str rest = multipart->rest;
	struct tu_str window = tu_str_first(
		rest, rest.len < TU_MULTIPART_HEADERS ? rest.len : TU_MULTIPART_HEADERS);
	enum tu_status status = TU_OK;

	while (status == TU_OK && !tu_str_starts(window, TU_STR("\r\n"))) {
		size_t end = tu_str_search(window, TU_STR("\r\n"));

		if (end == window.len)
			return rest.len > TU_MULTIPART_HEADERS
				? tu_fail(err, TU_E_LIMIT, multipart->at,
					  "multipart/form-data: the headers of a part are longer "
					  "than %d bytes",
					  TU_MULTIPART_HEADERS)
				: wrong(multipart, err, "it ends in the headers of a part");
		status = take_header(multipart, tu_str_first(window, end), part, err);
		window = tu_str_from(window, end + 2);
	}
	if (status == TU_OK && !part->name.len)
		return wrong(multipart, err, "a part has no name");
	part->content = tu_str_from(rest, (size_t)(window.ptr - rest.ptr) + 2);
	return status;
}

enum tu_status tu_multipart_next(struct tu_multipart *multipart, struct tu_multipart_part *out_part,
	bool *out_more, struct tu_error *err)
{
	struct tu_str before = multipart->rest;
	enum tu_status status;
	size_t end;

	*out_part = (struct tu_multipart_part){0};
	*out_more = !tu_str_starts(multipart->rest, TU_STR("--"));
	if (!*out_more)
		return TU_OK;
	while (multipart->rest.len &&
		(multipart->rest.ptr[0] == ' ' || multipart->rest.ptr[0] == '\t'))
		multipart->rest = tu_str_from(multipart->rest, 1);
	if (!tu_str_skip(&multipart->rest, TU_STR("\r\n")))
		return wrong(multipart, err, "there is something else after a boundary");
	if (multipart->parts++ == TU_MULTIPART_PARTS)
		return tu_fail(err, TU_E_LIMIT, multipart->at,
			"multipart/form-data: more than %d parts", TU_MULTIPART_PARTS);
	status = take_headers(multipart, out_part, err);
	if (status != TU_OK)
		return status;
	/* an empty part has its boundary right after the empty line */
	out_part->content.ptr -= 2;
	out_part->content.len += 2;
	end = tu_str_search(out_part->content, delimiter_of(multipart));
	if (end == out_part->content.len)
		return wrong(multipart, err, "the last boundary is missing: it was cut off");
	multipart->rest = tu_str_from(out_part->content, end + multipart->delimiter_len);
	multipart->at += (size_t)(multipart->rest.ptr - before.ptr);
	out_part->content = end < 2 ? (struct tu_str){out_part->content.ptr + 2, 0}
				    : tu_str_from(tu_str_first(out_part->content, end), 2);
	return TU_OK;
}
