#include "mail/mime_read.h"

#include <tutela/buf.h>

#include "mail/mime_decode.h"

struct reading {
	struct tu_arena *arena;
	struct tu_mime *out;
	struct tu_buf text;
	unsigned parts, depth;
};

/* ---- header blocks ---- */

struct headers {
	struct tu_str block;
};

/* A line with its end; false at the end of all. */
static bool take_line(struct tu_str *rest, struct tu_str *out_line)
{
	size_t at = tu_str_find(*rest, '\n');

	if (!rest->len)
		return false;
	*out_line = tu_str_first(*rest, at + (at < rest->len));
	*rest = tu_str_from(*rest, out_line->len);
	return true;
}

static bool is_empty_line(struct tu_str line)
{
	return tu_str_eq(line, TU_STR("\n")) || tu_str_eq(line, TU_STR("\r\n"));
}

/* The block up to its empty line; the body is what remains. */
static enum tu_status take_headers(struct tu_str *rest, struct headers *out, struct tu_error *err)
{
	struct tu_str start = *rest, line;
	size_t len = 0;

	while (take_line(rest, &line) && !is_empty_line(line)) {
		len += line.len;
		if (len > TU_MIME_HEADER_MAX)
			return tu_fail(err, TU_E_LIMIT, 0, "a header is longer than %d KiB",
				TU_MIME_HEADER_MAX >> 10);
	}
	out->block = tu_str_first(start, len);
	return TU_OK;
}

static bool is_folded(struct tu_str line)
{
	return line.len && (line.ptr[0] == ' ' || line.ptr[0] == '\t');
}

/* The first header of this name, its lines joined. Empty: none, or no memory. */
static struct tu_str header(struct tu_arena *arena, const struct headers *headers, const char *name)
{
	struct tu_str rest = headers->block, line = {0}, value = {0};
	struct tu_buf joined;
	bool found = false;

	tu_buf_init(&joined, TU_MIME_HEADER_MAX);
	while (take_line(&rest, &line)) {
		size_t colon = tu_str_find(line, ':');

		if (found && !is_folded(line))
			break;
		if (!found && !tu_str_ieq(tu_str_trim(tu_str_first(line, colon)), tu_str_c(name)))
			continue;
		if (found)
			tu_buf_byte(&joined, ' ');
		tu_buf_str_add(&joined,
			tu_str_trim(found ? line : tu_str_from(line, colon + (colon < line.len))));
		found = true;
	}
	if (joined.failed || !tu_arena_dup(arena, tu_buf_str(&joined), &value))
		value = (struct tu_str){0};
	tu_buf_done(&joined);
	return value;
}

/* "eve@example.org" of `"Eve" <eve@example.org> (at home)`. */
static struct tu_str address_of(struct tu_str value)
{
	size_t open = tu_str_rfind(value, '<');
	struct tu_str inner = tu_str_from(value, open + (open < value.len));

	inner = open < value.len ? tu_str_first(inner, tu_str_find(inner, '>')) : value;
	inner = tu_str_trim(tu_str_first(inner, tu_str_find(inner, ',')));
	return tu_str_find(inner, '@') < inner.len && tu_str_find(inner, ' ') == inner.len
		? inner
		: (struct tu_str){0};
}

/* ---- what it is about ---- */

static bool is_automatic(struct tu_arena *arena, const struct headers *headers)
{
	static const char *const lists[] = {"List-Id", "List-Unsubscribe", "X-Loop",
		"X-Auto-Response-Suppress", "X-Autoreply", "X-Autorespond", "Feedback-ID"};
	struct tu_str submitted = header(arena, headers, "Auto-Submitted");
	struct tu_str precedence = header(arena, headers, "Precedence");
	struct tu_str path = header(arena, headers, "Return-Path");

	for (size_t i = 0; i < TU_COUNT(lists); i++)
		if (header(arena, headers, lists[i]).len)
			return true;
	return (submitted.len && !tu_str_istarts(submitted, TU_STR("no"))) ||
		tu_str_ieq(precedence, TU_STR("bulk")) || tu_str_ieq(precedence, TU_STR("junk")) ||
		tu_str_ieq(precedence, TU_STR("list")) || tu_str_eq(path, TU_STR("<>"));
}

static bool is_from_program(struct tu_str from)
{
	static const char *const names[] = {"mailer-daemon@", "postmaster@", "noreply@",
		"no-reply@", "donotreply@", "do-not-reply@", "bounce"};

	for (size_t i = 0; i < TU_COUNT(names); i++)
		if (tu_str_istarts(from, tu_str_c(names[i])))
			return true;
	return false;
}

static void read_top(struct reading *r, const struct headers *headers)
{
	struct tu_mime *out = r->out;

	out->subject = tu_mime__words(r->arena, header(r->arena, headers, "Subject"));
	out->message_id = header(r->arena, headers, "Message-ID");
	out->from = address_of(header(r->arena, headers, "From"));
	out->reply_to = address_of(header(r->arena, headers, "Reply-To"));
	out->automatic =
		is_automatic(r->arena, headers) || !out->from.len || is_from_program(out->from);
}

/* ---- parts ---- */

static enum tu_status add_file(
	struct reading *r, const struct tu_mime_file *file, struct tu_error *err)
{
	if (r->out->file_count == TU_MIME_FILES_MAX)
		return tu_fail(err, TU_E_LIMIT, 0, "the mail has more than %d attachments",
			TU_MIME_FILES_MAX);
	r->out->files[r->out->file_count++] = *file;
	return TU_OK;
}

static void add_text(struct reading *r, struct tu_str text)
{
	if (r->text.len)
		tu_buf_c(&r->text, "\n");
	tu_buf_str_add(&r->text, text);
	if (tu_str_search(text, TU_STR("-----BEGIN PGP MESSAGE-----")) < text.len)
		r->out->encrypted = true;
}

static enum tu_status read_leaf(
	struct reading *r, const struct headers *headers, struct tu_str body, struct tu_error *err)
{
	struct tu_str type = header(r->arena, headers, "Content-Type");
	struct tu_str place = header(r->arena, headers, "Content-Disposition");
	struct tu_str charset = tu_mime__parameter(type, TU_STR("charset"));
	struct tu_mime_file file = {.type = type};
	struct tu_str text;
	bool is_text;

	file.name = tu_mime__name(r->arena, place, type);
	if (!tu_mime__decode(r->arena, header(r->arena, headers, "Content-Transfer-Encoding"), body,
		    &file.bytes, &r->out->damaged))
		return tu_no_memory(err);
	is_text = !type.len || tu_str_istarts(type, TU_STR("text/plain"));
	if (!is_text || tu_str_istarts(place, TU_STR("attachment")))
		return add_file(r, &file, err);
	if (!tu_mime__utf8(r->arena, charset, file.bytes, &text)) {
		r->out->unknown_charset = true;
		return add_file(r, &file, err);
	}
	add_text(r, text);
	return r->text.failed ? tu_fail(err, TU_E_LIMIT, 0, "the texts of the mail are too long")
			      : TU_OK;
}

static enum tu_status read_part(struct reading *r, struct tu_str part, struct tu_error *err);

/* Is it a line "--boundary" (1), "--boundary--" (2), or any other (0)? */
static int delimits(struct tu_str line, struct tu_str boundary)
{
	if (!tu_str_skip(&line, TU_STR("--")) || !tu_str_skip(&line, boundary))
		return 0;
	if (tu_str_skip(&line, TU_STR("--")))
		return 2;
	return tu_str_trim(line).len == 0;
}

/* Without the line end that belongs to the delimiter (RFC 2046, 5.1.1). */
static struct tu_str without_end(struct tu_str part)
{
	if (tu_str_ends(part, TU_STR("\n")))
		part.len--;
	if (tu_str_ends(part, TU_STR("\r")))
		part.len--;
	return part;
}

static enum tu_status read_parts(
	struct reading *r, struct tu_str boundary, struct tu_str body, struct tu_error *err)
{
	struct tu_str line;
	const char *start = NULL;
	enum tu_status status = TU_OK;
	int is = 0;

	while (status == TU_OK && is != 2 && take_line(&body, &line)) {
		is = delimits(line, boundary);
		if (!is)
			continue;
		if (start)
			status = read_part(
				r, without_end(tu_str_of(start, (size_t)(line.ptr - start))), err);
		start = line.ptr + line.len;
	}
	/* cut off: what there is of the last one counts */
	if (status == TU_OK && is != 2 && start) {
		r->out->damaged = true;
		status = read_part(r, tu_str_of(start, (size_t)(body.ptr - start)), err);
	}
	return status;
}

static enum tu_status enter(struct reading *r, struct tu_error *err)
{
	if (r->depth >= TU_MIME_DEPTH_MAX)
		return tu_fail(err, TU_E_LIMIT, 0, "parts of the mail are nested deeper than %d",
			TU_MIME_DEPTH_MAX);
	if (r->parts++ >= TU_MIME_PARTS_MAX)
		return tu_fail(
			err, TU_E_LIMIT, 0, "the mail has more than %d parts", TU_MIME_PARTS_MAX);
	r->depth++;
	return TU_OK;
}

static bool is_encrypted(struct tu_str type)
{
	return tu_str_istarts(type, TU_STR("multipart/encrypted")) ||
		tu_str_istarts(type, TU_STR("application/pkcs7-mime")) ||
		tu_str_istarts(type, TU_STR("application/x-pkcs7-mime"));
}

static enum tu_status read_part(struct reading *r, struct tu_str part, struct tu_error *err)
{
	struct headers headers;
	struct tu_str type, boundary;
	enum tu_status status = enter(r, err);

	if (status == TU_OK)
		status = take_headers(&part, &headers, err);
	if (status != TU_OK)
		return status;
	if (r->depth == 1)
		read_top(r, &headers);
	type = header(r->arena, &headers, "Content-Type");
	boundary = tu_mime__parameter(type, TU_STR("boundary"));
	r->out->encrypted = r->out->encrypted || is_encrypted(type);
	if (tu_str_istarts(type, TU_STR("multipart/")) && boundary.len)
		status = read_parts(r, boundary, part, err);
	else
		status = read_leaf(r, &headers, part, err);
	r->depth--;
	return status;
}

enum tu_status tu_mime_read(
	struct tu_arena *arena, struct tu_str mail, struct tu_mime *out, struct tu_error *err)
{
	struct reading r = {.arena = arena, .out = out};
	enum tu_status status;

	*out = (struct tu_mime){0};
	if (mail.len > TU_MIME_BYTES_MAX)
		return tu_fail(err, TU_E_LIMIT, 0, "the mail is larger than %d MiB",
			TU_MIME_BYTES_MAX >> 20);
	if (tu_str_find(mail, ':') == mail.len)
		return tu_fail(err, TU_E_SYNTAX, 0, "it has no header");
	tu_buf_init(&r.text, TU_MIME_BYTES_MAX);
	status = read_part(&r, mail, err);
	if (status == TU_OK && !tu_arena_dup(arena, tu_buf_str(&r.text), &out->text))
		status = tu_no_memory(err);
	tu_buf_done(&r.text);
	return status;
}
