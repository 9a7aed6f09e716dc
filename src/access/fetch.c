#include "access/fetch.h"

#include "base/ed25519.h"
#include "feed/curl.h"

enum { CONNECT_S = 5, CREDENTIALS_MAX = 4096 };

/* Plain http on this machine: the host, then a port or a path. */
static bool is_local(struct tu_str url)
{
	static const struct tu_str hosts[] = {TU_STR_INIT("http://127.0.0.1"),
		TU_STR_INIT("http://[::1]"), TU_STR_INIT("http://localhost")};

	for (size_t i = 0; i < TU_COUNT(hosts); i++) {
		struct tu_str rest = url;

		if (!tu_str_skip(&rest, hosts[i]))
			continue;
		if (!rest.len || rest.ptr[0] == '/')
			return true;
		if (tu_str_skip(&rest, TU_STR(":"))) {
			(void)tu_str_digits(&rest);
			return !rest.len || rest.ptr[0] == '/';
		}
	}
	return false;
}

bool tu_fetch_may(struct tu_str url)
{
	static const struct tu_str https = TU_STR_INIT("https://");
	struct tu_str host = tu_str_from(url, https.len);

	if (!url.len || url.len > TU_FETCH_URL_MAX)
		return false;
	for (size_t i = 0; i < url.len; i++)
		if (url.ptr[i] <= ' ' || url.ptr[i] >= 0x7f || url.ptr[i] == '#')
			return false;
	host = tu_str_first(host, tu_str_find(host, '/'));
	return is_local(url) ||
		(tu_str_starts(url, https) && host.len && tu_str_find(host, '@') == host.len);
}

struct exchange {
	struct tu_buf *out;
	bool too_long;
};

static size_t take(char *bytes, size_t size, size_t count, void *context)
{
	struct exchange *x = context;
	size_t len = size * count;

	if (x->out->failed || len > TU_FETCH_MAX - x->out->len) {
		x->too_long = true;
		return 0;
	}
	tu_buf_add(x->out, bytes, len);
	return x->out->failed ? 0 : len;
}

/* What curl needs ends in NUL. */
struct texts {
	struct tu_buf url, form, credentials;
};

static bool write_texts(const struct tu_fetch *fetch, struct texts *t)
{
	tu_buf_init(&t->url, TU_FETCH_URL_MAX + 1);
	tu_buf_init(&t->form, 4 * TU_FETCH_URL_MAX);
	tu_buf_init(&t->credentials, CREDENTIALS_MAX);
	tu_buf_str_add(&t->url, fetch->url);
	tu_buf_byte(&t->url, '\0');
	tu_buf_str_add(&t->form, fetch->form);
	tu_buf_byte(&t->form, '\0');
	tu_buf_printf(
		&t->credentials, "%.*s:%.*s", TU_STR_FMT(fetch->user), TU_STR_FMT(fetch->password));
	tu_buf_byte(&t->credentials, '\0');
	return !t->url.failed && !t->form.failed && !t->credentials.failed;
}

static void forget(struct texts *t)
{
	struct tu_buf *all[] = {&t->url, &t->form, &t->credentials};

	for (size_t i = 0; i < TU_COUNT(all); i++) {
		if (all[i]->ptr)
			tu_wipe(all[i]->ptr, all[i]->cap);
		tu_buf_done(all[i]);
	}
}

static void set_options(const struct tu_curl *lib, CURL *curl, const struct tu_fetch *fetch,
	const struct texts *t, struct exchange *x)
{
	bool local = is_local(fetch->url);

	lib->curl_easy_setopt(curl, CURLOPT_URL, t->url.ptr);
	lib->curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, local ? "http" : "https");
	lib->curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	lib->curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	lib->curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	lib->curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (fetch->ca_file)
		lib->curl_easy_setopt(curl, CURLOPT_CAINFO, fetch->ca_file);
	lib->curl_easy_setopt(curl, CURLOPT_PROXY, "");
	lib->curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	lib->curl_easy_setopt(curl, CURLOPT_USERAGENT, "tutela");
	lib->curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
	lib->curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)TU_FETCH_SECONDS);
	lib->curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	lib->curl_easy_setopt(curl, CURLOPT_WRITEDATA, x);
	if (fetch->form.len)
		lib->curl_easy_setopt(curl, CURLOPT_POSTFIELDS, t->form.ptr);
	if (fetch->user.len) {
		lib->curl_easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
		lib->curl_easy_setopt(curl, CURLOPT_USERPWD, t->credentials.ptr);
	}
}

static enum tu_status perform(const struct tu_curl *lib, CURL *curl, const struct tu_fetch *fetch,
	const struct exchange *x, struct tu_error *err)
{
	CURLcode code = lib->curl_easy_perform(curl);
	long status = 0;

	if (x->too_long)
		return tu_fail(err, TU_E_LIMIT, 0, "%.*s: the answer is longer than %d bytes",
			TU_STR_FMT(fetch->url), TU_FETCH_MAX);
	if (code != CURLE_OK)
		return tu_fail(err, TU_E_IO, 0, "%.*s: %s", TU_STR_FMT(fetch->url),
			lib->curl_easy_strerror(code));
	(void)lib->curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	if (status != 200)
		return tu_fail(err, TU_E_IO, 0, "%.*s: answered %ld, expected 200",
			TU_STR_FMT(fetch->url), status);
	return TU_OK;
}

enum tu_status tu_fetch(const struct tu_fetch *fetch, struct tu_buf *out, struct tu_error *err)
{
	const struct tu_curl *lib = tu_curl();
	struct exchange x = {out, false};
	struct texts texts;
	enum tu_status status = TU_OK;
	CURL *curl;

	if (!lib)
		return tu_fail(err, TU_E_UNSUPPORTED, 0,
			"libcurl is not installed: install the package libcurl4");
	if (!tu_fetch_may(fetch->url))
		return tu_fail(err, TU_E_UNSUPPORTED, 0, "%.*s: expected a URL of https",
			TU_STR_FMT(tu_str_first(fetch->url, 200)));
	curl = lib->curl_easy_init();
	if (!write_texts(fetch, &texts) || !curl)
		status = tu_no_memory(err);
	if (!status) {
		set_options(lib, curl, fetch, &texts, &x);
		status = perform(lib, curl, fetch, &x, err);
	}
	if (curl)
		lib->curl_easy_cleanup(curl);
	forget(&texts);
	return status;
}
