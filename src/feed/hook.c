#include "feed/hook.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "feed/curl.h"

enum { CONNECT_S = 10, ALL_S = 20, LINE = 1024, HOST_MAX = 256 };

/* ---- addresses ---- */

struct range {
	uint8_t bytes[4];
	unsigned bits;
	unsigned nets;
};

static const struct range v4[] = {
	{{0}, 8, TU_HOOK_NOWHERE}, {{10}, 8, TU_HOOK_PRIVATE}, {{100, 64}, 10, TU_HOOK_PRIVATE},
	{{127}, 8, TU_HOOK_LOOPBACK}, {{169, 254}, 16, TU_HOOK_LINK_LOCAL},
	{{172, 16}, 12, TU_HOOK_PRIVATE}, {{192, 0, 0}, 24, TU_HOOK_NOWHERE},
	{{192, 168}, 16, TU_HOOK_PRIVATE}, {{198, 18}, 15, TU_HOOK_PRIVATE},
	{{224}, 3, TU_HOOK_NOWHERE}, /* multicast, reserved, broadcast */
};

/* Bits of IPv6 that decide are in the first two bytes. */
static const struct range v6[] = {
	{{0xfc}, 7, TU_HOOK_PRIVATE},
	{{0xfe, 0x80}, 10, TU_HOOK_LINK_LOCAL},
	{{0xfe, 0xc0}, 10, TU_HOOK_PRIVATE},
	{{0xff}, 8, TU_HOOK_NOWHERE},
};

static unsigned in_ranges(const struct range *ranges, size_t count, const uint8_t *bytes)
{
	for (size_t i = 0; i < count; i++) {
		bool same = true;

		for (unsigned bit = 0; same && bit < ranges[i].bits; bit++)
			same = !((bytes[bit / 8] ^ ranges[i].bytes[bit / 8]) & (0x80 >> bit % 8));
		if (same)
			return ranges[i].nets;
	}
	return 0;
}

unsigned tu_hook_net_of(const uint8_t *bytes, size_t len)
{
	static const uint8_t zero[16], mapped[12] = {[10] = 0xff, [11] = 0xff},
				       nat64[12] = {0, 0x64, 0xff, 0x9b};

	if (len == 4)
		return in_ranges(v4, TU_COUNT(v4), bytes);
	if (len != 16)
		return TU_HOOK_NOWHERE;
	if (memcmp(bytes, mapped, 12) == 0 || memcmp(bytes, nat64, 12) == 0)
		return tu_hook_net_of(bytes + 12, 4);
	if (memcmp(bytes, zero, 12) == 0) {
		if (memcmp(bytes + 12, zero, 3) == 0)
			return bytes[15] == 1 ? TU_HOOK_LOOPBACK : TU_HOOK_NOWHERE;
		return tu_hook_net_of(bytes + 12, 4) | TU_HOOK_NOWHERE;
	}
	if (bytes[0] == 0x20 && bytes[1] == 0x02)
		return tu_hook_net_of(bytes + 2, 4);
	return in_ranges(v6, TU_COUNT(v6), bytes);
}

static enum tu_status refuse(struct tu_error *err, unsigned nets)
{
	const char *what = nets & TU_HOOK_NOWHERE ? "is nowhere to send to"
		: nets & TU_HOOK_LOOPBACK	  ? "is this machine (loopback)"
		: nets & TU_HOOK_LINK_LOCAL	  ? "is link-local"
		: nets & TU_HOOK_PRIVATE	  ? "is on a private network"
						  : "is public and has no TLS";

	return tu_fail(err, TU_E_CONSTRAINT, 0,
		"the address of the webhook %s, which is not allowed", what);
}

/* ---- what it is sent to ---- */

static bool split_url(struct tu_str url, bool *out_tls, struct tu_str *out_host)
{
	struct tu_str rest = url;

	*out_tls = tu_str_istarts(url, TU_STR("https://"));
	if (!*out_tls && !tu_str_istarts(url, TU_STR("http://")))
		return false;
	rest = tu_str_from(rest, *out_tls ? 8 : 7);
	for (size_t i = 0; i < url.len; i++)
		if (url.ptr[i] <= ' ' || url.ptr[i] >= 0x7f || strchr("#\\\"<>", url.ptr[i]))
			return false;
	rest = tu_str_first(rest, tu_str_find(rest, '/'));
	rest = tu_str_first(rest, tu_str_find(rest, '?'));
	if (tu_str_find(rest, '@') < rest.len)
		return false;
	if (rest.len && rest.ptr[0] == '[') {
		size_t end = tu_str_find(rest, ']');

		*out_host = tu_str_first(tu_str_from(rest, 1), end ? end - 1 : 0);
		return end < rest.len && out_host->len > 0;
	}
	*out_host = tu_str_first(rest, tu_str_rfind(rest, ':'));
	return out_host->len > 0 && out_host->len < HOST_MAX;
}

enum tu_status tu_hook_check(struct tu_str url, unsigned allowed, struct tu_error *err)
{
	char host[HOST_MAX];
	uint8_t bytes[16];
	struct tu_str name;
	unsigned nets;
	bool tls;

	if (url.len > TU_HOOK_URL_MAX || !split_url(url, &tls, &name) || name.len >= HOST_MAX)
		return tu_fail(err, TU_E_USAGE, 0,
			"a webhook is \"https://host/path\", without user, password or fragment");
	(void)snprintf(host, sizeof(host), "%.*s", TU_STR_FMT(name));
	if (tu_str_ieq(name, TU_STR("localhost")))
		nets = TU_HOOK_LOOPBACK;
	else if (inet_pton(AF_INET, host, bytes) == 1)
		nets = tu_hook_net_of(bytes, 4);
	else if (inet_pton(AF_INET6, host, bytes) == 1)
		nets = tu_hook_net_of(bytes, 16);
	else
		nets = 0; /* a name is judged when the connection is made */
	if (nets & ~allowed || (!tls && !allowed)) {
		enum tu_status status = refuse(err, nets);

		return status ? TU_E_USAGE : status;
	}
	return TU_OK;
}

/* ---- sending ---- */

struct sending {
	struct tu_hook *hook;
	bool tls;
	bool refused;
	unsigned nets; /* of what was refused */
	size_t said;
};

static curl_socket_t open_socket(void *self, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct sending *s = self;
	struct sockaddr_in one;
	struct sockaddr_in6 six;
	unsigned nets = TU_HOOK_NOWHERE;

	(void)purpose;
	if (address->family == AF_INET) {
		memcpy(&one, &address->addr, sizeof(one));
		nets = tu_hook_net_of((const uint8_t *)&one.sin_addr, 4);
	} else if (address->family == AF_INET6) {
		memcpy(&six, (const void *)&address->addr,
			address->addrlen < sizeof(six) ? address->addrlen : sizeof(six));
		nets = tu_hook_net_of((const uint8_t *)&six.sin6_addr, 16);
	}
	if (nets & ~s->hook->allowed || (!nets && !s->tls)) {
		s->refused = true;
		s->nets = nets;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* The beginning is kept, for people; the rest is dropped. */
static size_t take_body(char *bytes, size_t one, size_t count, void *self)
{
	struct sending *s = self;

	for (size_t i = 0; i < one * count && s->said + 1 < TU_HOOK_SAYS; i++)
		s->hook->says[s->said++] = bytes[i] >= ' ' && bytes[i] < 0x7f ? bytes[i] : ' ';
	s->hook->says[s->said] = '\0';
	return s->said + 1 < TU_HOOK_SAYS ? one * count : 0;
}

static bool add_headers(
	const struct tu_curl *lib, const struct tu_hook *hook, struct curl_slist **lines)
{
	struct curl_slist *more = lib->curl_slist_append(NULL, "Content-Type: application/json");
	char text[LINE];

	*lines = more;
	if (more)
		more = lib->curl_slist_append(*lines, "Expect:");
	for (size_t i = 0; more && i < TU_HOOK_HEADERS && hook->headers[i].name; i++) {
		const struct tu_str value = hook->headers[i].value;
		int len = snprintf(
			text, sizeof(text), "%s: %.*s", hook->headers[i].name, TU_STR_FMT(value));

		if (len <= 0 || len >= LINE || tu_str_find(value, '\n') < value.len ||
			tu_str_find(value, '\r') < value.len)
			return false;
		more = lib->curl_slist_append(*lines, text);
	}
	return more != NULL;
}

static void set_up(const struct tu_curl *lib, CURL *curl, struct sending *s, const char *url)
{
	const struct tu_hook *hook = s->hook;

	lib->curl_easy_setopt(curl, CURLOPT_URL, url);
	lib->curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, s->tls ? "https" : "http");
	lib->curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	lib->curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	lib->curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	lib->curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	lib->curl_easy_setopt(curl, CURLOPT_PROXY, "");
	lib->curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	lib->curl_easy_setopt(curl, CURLOPT_USERAGENT, "tutela");
	lib->curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
	lib->curl_easy_setopt(
		curl, CURLOPT_TIMEOUT, hook->seconds_max ? (long)hook->seconds_max : (long)ALL_S);
	lib->curl_easy_setopt(curl, CURLOPT_POST, 1L);
	lib->curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)hook->body.len);
	lib->curl_easy_setopt(curl, CURLOPT_POSTFIELDS, hook->body.len ? hook->body.ptr : "");
	lib->curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	lib->curl_easy_setopt(curl, CURLOPT_WRITEDATA, s);
	lib->curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	lib->curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, s);
}

/* The address is no secret, its path may be: nothing here says it. */
static enum tu_status perform(
	const struct tu_curl *lib, CURL *curl, struct sending *s, struct tu_error *err)
{
	CURLcode code = lib->curl_easy_perform(curl);
	struct tu_hook *hook = s->hook;

	lib->curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &hook->status);
	if (s->refused && code != CURLE_OK)
		return refuse(err, s->nets);
	if (code != CURLE_OK && !(code == CURLE_WRITE_ERROR && hook->status))
		return tu_fail(err, TU_E_IO, 0, "webhook: %s", lib->curl_easy_strerror(code));
	if (hook->status >= 200 && hook->status < 300)
		return TU_OK;
	return tu_fail(err, TU_E_IO, 0, "webhook: it answers %ld%s%s", hook->status,
		hook->status >= 300 && hook->status < 400 ? " (redirects are not followed) " : " ",
		hook->says);
}

enum tu_status tu_hook_send(struct tu_hook *hook, struct tu_error *err)
{
	struct sending s = {.hook = hook};
	char url[TU_HOOK_URL_MAX + 1];
	const struct tu_curl *lib;
	struct curl_slist *lines = NULL;
	struct tu_str host;
	CURL *curl;
	enum tu_status status = tu_hook_check(hook->url, hook->allowed, err);

	if (status)
		return status;
	(void)split_url(hook->url, &s.tls, &host);
	(void)snprintf(url, sizeof(url), "%.*s", TU_STR_FMT(hook->url));
	lib = tu_curl();
	if (!lib)
		return tu_fail(err, TU_E_UNSUPPORTED, 0, TU_CURL_SONAME " is not installed");
	curl = lib->curl_easy_init();
	if (curl && add_headers(lib, hook, &lines)) {
		set_up(lib, curl, &s, url);
		lib->curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines);
		status = perform(lib, curl, &s, err);
	} else {
		status = tu_no_memory(err);
	}
	lib->curl_slist_free_all(lines);
	if (curl)
		lib->curl_easy_cleanup(curl);
	return status;
}
