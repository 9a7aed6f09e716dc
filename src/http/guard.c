#include "base/hex.h"
#include "base/utf8.h"
#include "http/guard.h"

const struct tu_guard_row tu_guard_rows[TU_GUARD_REASONS] = {
#define TU_GUARD_REASON(id, status, counter, text) [TU_GUARD_##id] = {status, counter, text},
#include "http/guard_reasons.inc"
#undef TU_GUARD_REASON
};

/* ---- characters ---- */

enum { TOKEN = 1, PATH = 2, QUERY = 4, HOST = 8 };

/* RFC 9110, 5.6.2; RFC 3986, 3.3 and 3.4, and what browsers leave as it is in a query. */
static bool is(char c, int kind)
{
	static const char *const others[] = {
		[TOKEN] = "!#$%&'*+-.^_`|~",
		[PATH] = "-._~!$&'()*+,;=:@",
		[QUERY] = "-._~!$&'()*+,;=:@/?[]{}|^`\\",
		[HOST] = "-._",
	};

	return tu_char_is_alnum(c) || (c && strchr(others[kind], c));
}

static bool all(struct tu_str s, int kind)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is(s.ptr[i], kind))
			return false;
	return s.len > 0;
}

/* Field values (RFC 9110, 5.5): visible characters, space, tab; others only as UTF-8. */
static bool is_value(struct tu_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (((unsigned char)s.ptr[i] < ' ' && s.ptr[i] != '\t') || s.ptr[i] == 0x7f)
			return false;
	return tu_utf8_invalid_at(s) == s.len;
}

/* ---- what a library that is strict says ---- */

enum tu_guard_reason tu_guard_method(struct tu_guard_head *head, struct tu_str method)
{
	head->method = method;
	return all(method, TOKEN) ? TU_GUARD_OK : TU_GUARD_METHOD;
}

enum tu_guard_reason tu_guard_take(
	struct tu_guard_head *head, struct tu_str name, struct tu_str value)
{
	if (!all(name, TOKEN))
		return TU_GUARD_HEADER_NAME;
	if (!is_value(value))
		return TU_GUARD_HEADER_VALUE;
	if (head->header_count == TU_GUARD_HEADERS)
		return TU_GUARD_HEADERS_MANY;
	head->headers[head->header_count++] = (struct tu_http_header){name, tu_str_trim(value)};
	return TU_GUARD_OK;
}

/* ---- the buffer ---- */

/* Take the bytes before the next NUL, and that NUL. */
static bool take(struct tu_str *rest, struct tu_str *out)
{
	size_t end = tu_str_find(*rest, '\0');

	if (end == rest->len)
		return false;
	*out = tu_str_first(*rest, end);
	*rest = tu_str_from(*rest, end + 1);
	return true;
}

static bool skip_nul(struct tu_str *rest)
{
	if (rest->len == 0 || rest->ptr[0])
		return false;
	*rest = tu_str_from(*rest, 1);
	return true;
}

static enum tu_guard_reason read_line(struct tu_str rest, struct tu_str target,
	struct tu_guard_head *head, struct tu_str *out_rest)
{
	struct tu_str method;

	if (!take(&rest, &method) || tu_guard_method(head, method) != TU_GUARD_OK)
		return TU_GUARD_METHOD;
	if (rest.len < target.len)
		return TU_GUARD_LINE_END;
	head->target = target;
	rest = tu_str_from(rest, target.len);
	if (!skip_nul(&rest) || !take(&rest, &head->version) || !skip_nul(&rest))
		return TU_GUARD_LINE_END;
	*out_rest = rest;
	return TU_GUARD_OK;
}

/* "Name" NUL " value" NUL NUL */
static enum tu_guard_reason read_header(struct tu_str *rest, struct tu_guard_head *head)
{
	struct tu_str name, value;

	if (!take(rest, &name))
		return TU_GUARD_LINE_END;
	if (!all(name, TOKEN))
		return TU_GUARD_HEADER_NAME;
	if (!take(rest, &value) || !skip_nul(rest))
		return TU_GUARD_LINE_END;
	return tu_guard_take(head, name, value);
}

enum tu_guard_reason tu_guard_read(
	struct tu_str buffer, struct tu_str target, struct tu_guard_head *out_head)
{
	struct tu_str rest = {0};
	enum tu_guard_reason reason = read_line(buffer, target, out_head, &rest);

	out_head->header_count = 0;
	while (reason == TU_GUARD_OK && rest.len > 2)
		reason = read_header(&rest, out_head);
	if (reason == TU_GUARD_OK && !(skip_nul(&rest) && skip_nul(&rest) && rest.len == 0))
		reason = TU_GUARD_LINE_END;
	return reason;
}

/* ---- headers ---- */

static size_t count(const struct tu_guard_head *head, struct tu_str name, struct tu_str *out_value)
{
	size_t n = 0;

	for (size_t i = 0; i < head->header_count; i++)
		if (tu_str_ieq(head->headers[i].name, name)) {
			*out_value = head->headers[i].value;
			n++;
		}
	return n;
}

/* Headers that say one thing: where there are two, each reader takes another one. */
static const struct tu_str once[] = {
	TU_STR_INIT("Authorization"),
	TU_STR_INIT("Content-Encoding"),
	TU_STR_INIT("Content-Type"),
	TU_STR_INIT("Cookie"),
	TU_STR_INIT("Expect"),
	TU_STR_INIT("Idempotency-Key"),
	TU_STR_INIT("If-Match"),
	TU_STR_INIT("If-None-Match"),
	TU_STR_INIT("Last-Event-ID"),
	TU_STR_INIT("Origin"),
	TU_STR_INIT("Referer"),
	TU_STR_INIT("Transfer-Encoding"),
	TU_STR_INIT("X-Api-Key"),
	TU_STR_INIT("X-CSRF-Token"),
};

static enum tu_guard_reason check_headers(const struct tu_guard_head *head)
{
	struct tu_str value = {0};

	for (size_t i = 0; i < TU_COUNT(once); i++)
		if (count(head, once[i], &value) > 1)
			return TU_GUARD_HEADER_TWICE;
	if (count(head, TU_STR("Expect"), &value) && !tu_str_ieq(value, TU_STR("100-continue")))
		return TU_GUARD_EXPECT;
	return TU_GUARD_OK;
}

/* ---- method, version, body ---- */

static const struct {
	struct tu_str name;
	bool has_body;
} methods[] = {
	{TU_STR_INIT("GET"), false},
	{TU_STR_INIT("HEAD"), false},
	{TU_STR_INIT("OPTIONS"), false},
	{TU_STR_INIT("POST"), true},
	{TU_STR_INIT("PUT"), true},
	{TU_STR_INIT("PATCH"), true},
	{TU_STR_INIT("DELETE"), true},
};

/* Another method has no body, and is the handler's to refuse, who knows which a resource has. */
static enum tu_guard_reason check_method(const struct tu_guard_head *head, bool *out_has_body)
{
	for (size_t i = 0; i < TU_COUNT(methods); i++)
		if (tu_str_eq(head->method, methods[i].name)) {
			*out_has_body = methods[i].has_body;
			return TU_GUARD_OK;
		}
	return tu_str_eq(head->method, TU_STR("CONNECT")) ? TU_GUARD_METHOD : TU_GUARD_OK;
}

/* RFC 9112, 6: how long the body is must be beyond doubt. */
static enum tu_guard_reason check_body(
	const struct tu_guard_head *head, bool has_body, struct tu_guard_found *found)
{
	struct tu_str length = {0}, encoding = {0}, digits;
	size_t lengths = count(head, TU_STR("Content-Length"), &length);
	bool chunked = count(head, TU_STR("Transfer-Encoding"), &encoding) > 0;

	found->body = chunked ? TU_GUARD_CHUNKED : lengths ? TU_GUARD_LENGTH : TU_GUARD_NO_BODY;
	if (lengths && chunked)
		return TU_GUARD_LENGTH_AND_CHUNKED;
	if (chunked && !tu_str_eq(head->version, TU_STR("HTTP/1.1")))
		return TU_GUARD_ENCODING_VERSION;
	if (chunked && !tu_str_ieq(encoding, TU_STR("chunked")))
		return TU_GUARD_ENCODING;
	digits = length;
	if (lengths > 1 ||
		(lengths &&
			(tu_str_digits(&digits).len != length.len ||
				!tu_str_to_u64(length, INT64_MAX, &found->length))))
		return TU_GUARD_LENGTH_BAD;
	if (!has_body && (chunked || found->length > 0))
		return TU_GUARD_BODY_UNEXPECTED;
	return TU_GUARD_OK;
}

/* ---- host ---- */

/* A name, an IPv4 address or an IPv6 address in brackets, and a port (RFC 3986, 3.2). */
static bool is_host(struct tu_str host, struct tu_str *out_name)
{
	size_t close = tu_str_find(host, ']');
	bool bracket = host.len > 0 && host.ptr[0] == '[';
	size_t end = bracket ? close + 1 : tu_str_find(host, ':');
	struct tu_str port, name;

	if (bracket && close == host.len)
		return false;
	name = tu_str_first(host, end);
	port = tu_str_from(host, name.len);
	if (port.len > 0 && (port.ptr[0] != ':' || port.len < 2 || port.len > 6))
		return false;
	for (size_t i = 1; i < port.len; i++)
		if (!tu_char_is_digit(port.ptr[i]))
			return false;
	*out_name = name;
	if (!bracket)
		return all(name, HOST) && name.ptr[0] != '.';
	for (size_t i = 1; i + 1 < name.len; i++)
		if (tu_hex_value(name.ptr[i]) < 0 && name.ptr[i] != ':' && name.ptr[i] != '.')
			return false;
	return name.len > 4;
}

static bool is_served(struct tu_str host, struct tu_str name, const struct tu_guard_hosts *hosts)
{
	static const struct tu_str loopback[] = {
		TU_STR_INIT("localhost"), TU_STR_INIT("127.0.0.1"), TU_STR_INIT("[::1]")};
	const struct tu_str *all_hosts = hosts->count ? hosts->hosts : loopback;
	size_t n = hosts->count ? hosts->count : TU_COUNT(loopback);

	for (size_t i = 0; i < n; i++)
		if (tu_str_ieq(all_hosts[i], name) || tu_str_ieq(all_hosts[i], host))
			return true;
	return false;
}

static enum tu_guard_reason check_host(const struct tu_guard_head *head,
	const struct tu_guard_hosts *hosts, struct tu_guard_found *found)
{
	struct tu_str name = {0};

	if (count(head, TU_STR("Host"), &found->host) != 1)
		return TU_GUARD_HOST_COUNT;
	if (!is_host(found->host, &name))
		return TU_GUARD_HOST_BAD;
	return is_served(found->host, name, hosts) ? TU_GUARD_OK : TU_GUARD_HOST_OTHER;
}

/* ---- target ---- */

/* The byte that is encoded may stand in a path: no control character, and nothing that is a
 * delimiter or an escape in another reader's eyes. */
static bool may_be_encoded(int value)
{
	return value >= ' ' && value != 0x7f && value != '/' && value != '\\' && value != '%';
}

/* One segment, decoded into `out`, which has room for it. */
static enum tu_guard_reason check_segment(struct tu_str segment, char *out)
{
	struct tu_str plain;

	for (size_t i = 0; i < segment.len; i++)
		if (segment.ptr[i] == '%') {
			if (!may_be_encoded(tu_percent_value(tu_str_from(segment, i))))
				return TU_GUARD_TARGET_ESCAPE;
			i += 2;
		} else if (!is(segment.ptr[i], PATH)) {
			return TU_GUARD_TARGET_CHARACTER;
		}
	plain = tu_percent_decode(segment, out);
	if (tu_str_eq(plain, TU_STR(".")) || tu_str_eq(plain, TU_STR("..")))
		return TU_GUARD_TARGET_SEGMENT;
	return tu_utf8_invalid_at(plain) == plain.len ? TU_GUARD_OK : TU_GUARD_TARGET_UTF8;
}

/* Segments must not be empty, but for the last one. */
static enum tu_guard_reason check_path(struct tu_str path)
{
	char plain[TU_GUARD_TARGET];
	struct tu_str rest = tu_str_from(path, 1), segment;
	enum tu_guard_reason reason = TU_GUARD_OK;

	if (path.len == 0 || path.ptr[0] != '/')
		return TU_GUARD_TARGET_FORM;
	while (reason == TU_GUARD_OK && tu_str_split(&rest, '/', &segment)) {
		if (segment.len == 0 && rest.ptr)
			return TU_GUARD_TARGET_SEGMENT;
		reason = check_segment(segment, plain);
	}
	return reason;
}

static enum tu_guard_reason check_query(struct tu_str query)
{
	for (size_t i = 0; i < query.len; i++)
		if (query.ptr[i] == '%') {
			if (tu_percent_value(tu_str_from(query, i)) <= 0)
				return TU_GUARD_TARGET_ESCAPE;
			i += 2;
		} else if (!is(query.ptr[i], QUERY)) {
			return TU_GUARD_TARGET_CHARACTER;
		}
	return TU_GUARD_OK;
}

/* "http://host/path" (RFC 9112, 3.2.2) must name the host that Host names. */
static enum tu_guard_reason skip_authority(struct tu_str *target, struct tu_str host)
{
	if (!tu_str_skip(target, TU_STR("http://")) && !tu_str_skip(target, TU_STR("https://")))
		return TU_GUARD_TARGET_FORM;
	if (!tu_str_ieq(tu_str_first(*target, tu_str_find(*target, '/')), host))
		return TU_GUARD_TARGET_OTHER;
	*target = tu_str_from(*target, host.len);
	return TU_GUARD_OK;
}

static enum tu_guard_reason check_target(struct tu_str target, struct tu_guard_found *found)
{
	enum tu_guard_reason reason = TU_GUARD_OK;
	size_t mark;

	if (target.len > TU_GUARD_TARGET)
		return TU_GUARD_TARGET_LONG;
	if (target.len == 0 || target.ptr[0] != '/')
		reason = skip_authority(&target, found->host);
	if (reason != TU_GUARD_OK)
		return reason;
	mark = tu_str_find(target, '?');
	found->path = tu_str_first(target, mark);
	found->query = tu_str_from(target, mark + 1);
	reason = check_path(found->path);
	return reason == TU_GUARD_OK ? check_query(found->query) : reason;
}

enum tu_guard_reason tu_guard_check(const struct tu_guard_head *head,
	const struct tu_guard_hosts *hosts, struct tu_guard_found *out_found)
{
	bool has_body = false;
	enum tu_guard_reason reason;

	*out_found = (struct tu_guard_found){0};
	if (!tu_str_eq(head->version, TU_STR("HTTP/1.1")) &&
		!tu_str_eq(head->version, TU_STR("HTTP/1.0")))
		return TU_GUARD_VERSION;
	reason = check_headers(head);
	if (reason == TU_GUARD_OK)
		reason = check_host(head, hosts, out_found);
	if (reason == TU_GUARD_OK)
		reason = check_method(head, &has_body);
	if (reason == TU_GUARD_OK)
		reason = check_body(head, has_body, out_found);
	if (reason == TU_GUARD_OK)
		reason = check_target(head->target, out_found);
	return reason;
}
