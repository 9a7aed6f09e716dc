#include <arpa/inet.h>
#include <string.h>

#include "http/forwarded.h"

static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

/* ---- addresses ---- */

static bool is_port(struct tu_str s)
{
	return s.len > 0 && s.len <= 5 && tu_str_digits(&s).len > 0 && s.len == 0;
}

/* Without the brackets and the port. */
static bool bare(struct tu_str text, struct tu_str *out_host)
{
	size_t colon = tu_str_find(text, ':'), close = tu_str_find(text, ']');

	*out_host = text;
	if (text.len > 0 && text.ptr[0] == '[') {
		struct tu_str after = tu_str_from(text, close + 1);

		*out_host = tu_str_from(tu_str_first(text, close), 1);
		return close < text.len &&
			(after.len == 0 || (after.ptr[0] == ':' && is_port(tu_str_from(after, 1))));
	}
	if (colon < text.len && colon == tu_str_rfind(text, ':')) {
		*out_host = tu_str_first(text, colon);
		return is_port(tu_str_from(text, colon + 1));
	}
	return true;
}

bool tu_http_address_read(struct tu_str text, struct tu_http_address *out_address)
{
	char host[TU_HTTP_ADDRESS_TEXT];
	struct tu_http_address address = {0};
	struct tu_str name;

	if (tu_str_eq(text, TU_STR("unix"))) {
		address.local = true;
	} else {
		if (!bare(text, &name) || name.len == 0 || name.len >= sizeof(host) ||
			memchr(name.ptr, '\0', name.len))
			return false;
		memcpy(host, name.ptr, name.len);
		host[name.len] = '\0';
		memcpy(address.bytes, mapped, sizeof(mapped));
		if (inet_pton(AF_INET, host, address.bytes + sizeof(mapped)) != 1 &&
			inet_pton(AF_INET6, host, address.bytes) != 1)
			return false;
	}
	*out_address = address;
	return true;
}

size_t tu_http_address_write(
	const struct tu_http_address *address, char out_text[TU_HTTP_ADDRESS_TEXT])
{
	bool v4 = memcmp(address->bytes, mapped, sizeof(mapped)) == 0;
	const uint8_t *bytes = address->bytes + (v4 ? sizeof(mapped) : 0);

	if (address->local)
		memcpy(out_text, "unix", sizeof("unix"));
	else if (!inet_ntop(v4 ? AF_INET : AF_INET6, bytes, out_text, TU_HTTP_ADDRESS_TEXT))
		out_text[0] = '\0';
	return strlen(out_text);
}

bool tu_http_range_read(struct tu_str text, struct tu_http_range *out_range)
{
	size_t slash = tu_str_find(text, '/');
	struct tu_str host = tu_str_first(text, slash), length = tu_str_from(text, slash + 1);
	uint64_t bits = 128;
	unsigned shift;

	if (!tu_http_address_read(host, &out_range->address))
		return false;
	shift = tu_str_find(host, ':') == host.len ? 96 : 0;
	if (slash < text.len &&
		(out_range->address.local || !tu_str_to_u64(length, 128 - shift, &bits)))
		return false;
	out_range->bits = slash < text.len ? (unsigned)bits + shift : 128;
	return true;
}

static bool in_range(const struct tu_http_address *address, const struct tu_http_range *range)
{
	unsigned whole = range->bits / 8, rest = range->bits % 8;
	unsigned mask = (0xff00u >> rest) & 0xff;

	if (address->local || range->address.local)
		return address->local && range->address.local;
	if (memcmp(address->bytes, range->address.bytes, whole) != 0)
		return false;
	return rest == 0 || ((address->bytes[whole] ^ range->address.bytes[whole]) & mask) == 0;
}

bool tu_http_address_in(const struct tu_http_address *address, const struct tu_http_ranges *ranges)
{
	for (size_t i = 0; i < ranges->count; i++)
		if (in_range(address, &ranges->ranges[i]))
			return true;
	return false;
}

struct tu_str tu_http_address_key(const struct tu_http_address *address)
{
	bool v4 = memcmp(address->bytes, mapped, sizeof(mapped)) == 0;

	return tu_str_of((const char *)address->bytes, v4 ? 16 : 8);
}

/* ---- headers ---- */

/* What one of the two headers says. */
struct said {
	bool there, https, has_scheme;
	struct tu_http_address peer;
};

/* Reads one element: an address, and the scheme where the element has it. */
typedef bool read_element(
	struct tu_str element, struct tu_http_address *out_peer, struct tu_str *out_scheme);

static bool read_plain(
	struct tu_str element, struct tu_http_address *out_peer, struct tu_str *out_scheme)
{
	(void)out_scheme;
	return tu_http_address_read(element, out_peer) && !out_peer->local;
}

static struct tu_str unquoted(struct tu_str s)
{
	return s.len > 1 && s.ptr[0] == '"' && s.ptr[s.len - 1] == '"'
		? tu_str_of(s.ptr + 1, s.len - 2)
		: s;
}

/* for=192.0.2.43;proto=https;by=203.0.113.43 */
static bool read_pairs(
	struct tu_str element, struct tu_http_address *out_peer, struct tu_str *out_scheme)
{
	struct tu_str pair;
	bool found = false;

	while (tu_str_split(&element, ';', &pair)) {
		size_t equals = tu_str_find(pair, '=');
		struct tu_str name = tu_str_trim(tu_str_first(pair, equals));
		struct tu_str value = unquoted(tu_str_trim(tu_str_from(pair, equals + 1)));

		if (tu_str_ieq(name, TU_STR("proto")))
			*out_scheme = value;
		if (!tu_str_ieq(name, TU_STR("for")))
			continue;
		if (found || !tu_http_address_read(value, out_peer) || out_peer->local)
			return false;
		found = true;
	}
	return found;
}

/* One header's elements from the right, as long as who wrote them is trusted; false: go no further.
 */
static bool walk(struct tu_str list, read_element *read, const struct tu_http_ranges *trusted,
	struct said *said)
{
	while (list.len > 0 && tu_http_address_in(&said->peer, trusted)) {
		size_t comma = tu_str_rfind(list, ',');
		struct tu_str element =
			tu_str_trim(comma == list.len ? list : tu_str_from(list, comma + 1));
		struct tu_http_address peer = {0};
		struct tu_str scheme = {0};

		if (!read(element, &peer, &scheme))
			return false;
		said->peer = peer;
		if (scheme.len > 0) {
			said->has_scheme = true;
			said->https = tu_str_ieq(scheme, TU_STR("https"));
		}
		list = comma == list.len ? (struct tu_str){0} : tu_str_first(list, comma);
	}
	return tu_http_address_in(&said->peer, trusted);
}

/* All headers of this name, the last one first: they are one list (RFC 9110, 5.3). */
static struct said ask(const struct tu_http_header *headers, size_t count, struct tu_str name,
	const struct tu_http_ranges *trusted, const struct tu_http_address *peer)
{
	bool pairs = tu_str_eq(name, TU_STR("Forwarded"));
	struct said said = {.peer = *peer};
	bool more = true;

	for (size_t i = count; i > 0 && more; i--)
		if (tu_str_ieq(headers[i - 1].name, name)) {
			said.there = true;
			more = walk(headers[i - 1].value, pairs ? read_pairs : read_plain, trusted,
				&said);
		}
	return said;
}

static void ask_scheme(const struct tu_http_header *headers, size_t count, struct said *said)
{
	for (size_t i = 0; i < count; i++)
		if (tu_str_ieq(headers[i].name, TU_STR("X-Forwarded-Proto"))) {
			struct tu_str value = headers[i].value;
			size_t comma = tu_str_rfind(value, ',');

			said->has_scheme = true;
			said->https = tu_str_ieq(
				tu_str_trim(
					comma == value.len ? value : tu_str_from(value, comma + 1)),
				TU_STR("https"));
		}
}

static bool same(const struct tu_http_address *a, const struct tu_http_address *b)
{
	return a->local == b->local && memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

void tu_http_forwarded(const struct tu_http_header *headers, size_t header_count,
	const struct tu_http_ranges *trusted, struct tu_http_address *inout_peer, bool *inout_https)
{
	struct said old, new;

	if (!tu_http_address_in(inout_peer, trusted))
		return;
	old = ask(headers, header_count, TU_STR("X-Forwarded-For"), trusted, inout_peer);
	ask_scheme(headers, header_count, &old);
	new = ask(headers, header_count, TU_STR("Forwarded"), trusted, inout_peer);
	if (old.there && new.there && !same(&old.peer, &new.peer))
		return;
	if (old.has_scheme && new.has_scheme && old.https != new.https)
		return;
	*inout_peer = new.there ? new.peer : old.peer;
	if (old.has_scheme || new.has_scheme)
		*inout_https = old.has_scheme ? old.https : new.https;
}
