#define _DEFAULT_SOURCE
#include "feed/url.h"

#include <arpa/inet.h>

enum { HOST_MAX = 253, HTTPS_PORT = 443 };

static enum tu_status refuse(
	struct tu_str text, enum tu_status status, const char *why, struct tu_error *err)
{
	(void)tu_fail(err, status, 0, "%s", why);
	(void)tu_error_in_file(err, "%.*s", TU_STR_FMT(tu_str_first(text, 200)));
	return status;
}

static bool is_clean(struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c <= ' ' || c >= 0x7f || c == '"' || c == '<' || c == '>' || c == '\\')
			return false;
	}
	return true;
}

/* "host", "host:port", "[address]", "[address]:port". */
static bool parse_authority(struct tu_str text, struct tu_url *url)
{
	struct tu_str port = {NULL, 0};
	uint64_t number = HTTPS_PORT;

	if (tu_str_skip(&text, TU_STR("["))) {
		size_t end = tu_str_find(text, ']');

		if (end == text.len)
			return false;
		url->host = tu_str_first(text, end);
		port = tu_str_from(text, end + 1);
		if (port.len && port.ptr[0] != ':')
			return false;
	} else {
		size_t colon = tu_str_find(text, ':');

		url->host = tu_str_first(text, colon);
		port = tu_str_from(text, colon);
	}
	if (port.len && (!tu_str_to_u64(tu_str_from(port, 1), UINT16_MAX, &number) || number == 0))
		return false;
	url->port = (uint16_t)number;
	return url->host.len > 0 && url->host.len <= HOST_MAX;
}

enum tu_status tu_url_parse(struct tu_str text, struct tu_url *out_url, struct tu_error *err)
{
	struct tu_str rest = text;
	size_t end = 0;

	*out_url = (struct tu_url){.port = HTTPS_PORT};
	if (text.len > TU_URL_MAX)
		return refuse(text, TU_E_LIMIT, "the URL is too long", err);
	if (!is_clean(text))
		return refuse(text, TU_E_SYNTAX, "not a URL", err);
	if (tu_str_istarts(text, TU_STR("http://")))
		return refuse(
			text, TU_E_UNSUPPORTED, "not https: feeds are only taken over TLS", err);
	if (!tu_str_istarts(text, TU_STR("https://")))
		return refuse(text, TU_E_UNSUPPORTED, "not an https URL", err);
	rest = tu_str_from(rest, sizeof("https://") - 1);
	while (end < rest.len && rest.ptr[end] != '/' && rest.ptr[end] != '?' &&
		rest.ptr[end] != '#')
		end++;
	if (tu_str_find(tu_str_first(rest, end), '@') < end)
		return refuse(text, TU_E_SYNTAX, "a URL with a user name or password", err);
	if (!parse_authority(tu_str_first(rest, end), out_url))
		return refuse(text, TU_E_SYNTAX, "the URL has no valid host", err);
	out_url->origin = tu_str_first(text, text.len - rest.len + end);
	rest = tu_str_from(rest, end);
	out_url->path = tu_str_first(rest, tu_str_find(rest, '#'));
	return TU_OK;
}

bool tu_url_same_host(const struct tu_url *a, const struct tu_url *b)
{
	return a->port == b->port && tu_str_ieq(a->host, b->host);
}

/* ---- private addresses ---- */

/* Networks that no public feed is in: first bytes, how many bits count. */
static const struct network {
	uint8_t bytes[4];
	unsigned bits;
} private_v4[] =
	{
		{{0}, 8}, /* RFC 1122: this network */
		{{10}, 8}, /* RFC 1918 */
		{{100, 64}, 10}, /* RFC 6598 */
		{{127}, 8}, /* loopback */
		{{169, 254}, 16}, /* RFC 3927: link-local */
		{{172, 16}, 12}, /* RFC 1918 */
		{{192, 168}, 16}, /* RFC 1918 */
		{{198, 18}, 15}, /* RFC 2544: benchmarks */
		{{224}, 3}, /* multicast, reserved, broadcast */
},
  private_v6[] = {
	  {{0xfc}, 7}, /* RFC 4193: unique local */
	  {{0xfe, 0x80}, 10}, /* link-local */
	  {{0xff}, 8}, /* multicast */
};

static bool is_within(const uint8_t *address, const struct network *network)
{
	for (unsigned bit = 0; bit < network->bits; bit++) {
		unsigned mask = 0x80u >> (bit % 8);

		if ((address[bit / 8] ^ network->bytes[bit / 8]) & mask)
			return false;
	}
	return true;
}

static bool is_private_v4(const uint8_t *address)
{
	for (size_t i = 0; i < TU_COUNT(private_v4); i++)
		if (is_within(address, &private_v4[i]))
			return true;
	return false;
}

bool tu_address_is_private(const uint8_t *address, size_t len)
{
	static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	static const uint8_t translated[12] = {0, 0x64, 0xff, 0x9b}; /* RFC 6052 */
	static const uint8_t zero[12] = {0};

	if (len == 4)
		return is_private_v4(address);
	if (len != 16)
		return true;
	if (memcmp(address, mapped, 12) == 0 || memcmp(address, translated, 12) == 0)
		return is_private_v4(address + 12);
	if (memcmp(address, zero, 12) == 0)
		return true; /* unspecified, loopback, the deprecated compatible form */
	for (size_t i = 0; i < TU_COUNT(private_v6); i++)
		if (is_within(address, &private_v6[i]))
			return true;
	return false;
}

/* inet_aton() reads what resolvers also read: "127.1", "0x7f.1", "2130706433". */
static bool is_private_literal(struct tu_str host, bool *out_literal)
{
	char text[HOST_MAX + 1];
	struct in_addr four;
	struct in6_addr six;
	size_t zone = tu_str_find(host, '%');

	*out_literal = true;
	memcpy(text, host.ptr, host.len);
	text[host.len] = '\0';
	if (inet_aton(text, &four) != 0)
		return is_private_v4((const uint8_t *)&four);
	text[zone] = '\0';
	if (inet_pton(AF_INET6, text, &six) == 1)
		return tu_address_is_private(six.s6_addr, sizeof(six.s6_addr));
	*out_literal = false;
	return false;
}

bool tu_url_is_private(struct tu_str host)
{
	static const struct tu_str endings[] = {TU_STR_INIT(".localhost"), TU_STR_INIT(".local"),
		TU_STR_INIT(".internal"), TU_STR_INIT(".home.arpa")};
	bool literal;

	if (host.len && host.ptr[host.len - 1] == '.')
		host.len--;
	if (host.len == 0 || host.len > HOST_MAX || is_private_literal(host, &literal))
		return true;
	if (literal)
		return false;
	if (tu_str_find(host, '.') == host.len)
		return true; /* "localhost", a name of the local network */
	for (size_t i = 0; i < TU_COUNT(endings); i++)
		if (host.len > endings[i].len &&
			tu_str_ieq(tu_str_from(host, host.len - endings[i].len), endings[i]))
			return true;
	return false;
}

bool tu_url_is_listed(struct tu_str hosts, struct tu_str host)
{
	struct tu_str part;

	while (tu_str_split(&hosts, ',', &part))
		if (tu_str_ieq(tu_str_trim(part), host))
			return true;
	return false;
}

bool tu_url_is_excepted(struct tu_str list, struct tu_str host)
{
	struct tu_str part, word;

	if (tu_str_eq(tu_str_trim(list), TU_STR("*")))
		return true;
	while (tu_str_split(&list, ',', &part)) {
		while (tu_str_split(&part, ' ', &word)) {
			size_t before;

			word = tu_str_trim(word);
			(void)tu_str_skip(&word, TU_STR("."));
			if (word.len == 0 || word.len > host.len)
				continue;
			before = host.len - word.len;
			if (tu_str_ieq(tu_str_from(host, before), word) &&
				(before == 0 || host.ptr[before - 1] == '.'))
				return true;
		}
	}
	return false;
}

/* ---- joining ---- */

/* Append the path with "." and ".." taken out; nothing above `floor` of the buffer is removed. */
static void add_path(struct tu_str path, struct tu_buf *out)
{
	size_t question = tu_str_find(path, '?');
	struct tu_str rest = tu_str_first(path, question);
	struct tu_str part;
	size_t floor = out->len;
	bool folder = false;

	(void)tu_str_skip(&rest, TU_STR("/"));
	while (tu_str_split(&rest, '/', &part)) {
		folder = tu_str_eq(part, TU_STR(".")) || tu_str_eq(part, TU_STR(".."));
		if (tu_str_eq(part, TU_STR("..")) && !out->failed) {
			while (out->len > floor && out->ptr[--out->len] != '/')
				;
		} else if (!folder) {
			tu_buf_byte(out, '/');
			tu_buf_str_add(out, part);
		}
	}
	if (folder || out->len == floor)
		tu_buf_byte(out, '/');
	tu_buf_str_add(out, tu_str_from(path, question));
}

void tu_url_join(struct tu_str base, struct tu_str reference, struct tu_buf *out)
{
	struct tu_url url;
	struct tu_buf merged;

	if (tu_str_search(tu_str_first(reference, 16), TU_STR("://")) <
			tu_str_first(reference, 16).len ||
		tu_url_parse(base, &url, NULL) != TU_OK) {
		tu_buf_str_add(out, reference);
		return;
	}
	if (tu_str_starts(reference, TU_STR("//"))) {
		tu_buf_c(out, "https:");
		tu_buf_str_add(out, reference);
		return;
	}
	tu_buf_str_add(out, url.origin);
	if (tu_str_starts(reference, TU_STR("/"))) {
		add_path(reference, out);
		return;
	}
	tu_buf_init(&merged, (size_t)2 * TU_URL_MAX);
	url.path = tu_str_first(url.path, tu_str_find(url.path, '?'));
	if (reference.len && reference.ptr[0] != '?')
		url.path = tu_str_first(url.path, tu_str_rfind(url.path, '/'));
	tu_buf_str_add(&merged, url.path);
	if (reference.len && reference.ptr[0] != '?')
		tu_buf_byte(&merged, '/');
	tu_buf_str_add(&merged, reference);
	add_path(tu_buf_str(&merged), out);
	out->failed |= merged.failed;
	tu_buf_done(&merged);
}

void tu_url_mirror(struct tu_str mirror, const struct tu_url *url, struct tu_buf *out)
{
	while (mirror.len && mirror.ptr[mirror.len - 1] == '/')
		mirror.len--;
	tu_buf_str_add(out, mirror);
	tu_buf_byte(out, '/');
	tu_buf_str_add(out, url->host);
	tu_buf_str_add(out, url->path);
}

void tu_url_encode(struct tu_str text, struct tu_buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (tu_char_is_alnum(c) || strchr("-._~", c))
			tu_buf_byte(out, c);
		else
			tu_buf_printf(out, "%%%02X", (unsigned)(unsigned char)c);
	}
}
