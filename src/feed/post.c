#include "feed/post.h"

#include <stdio.h>
#include <string.h>

#include "feed/curl.h"

enum { CONNECT_S = 30, LINE = 512 };

bool tu_post_is_safe(const char *url)
{
	static const char *const hosts[] = {"127.0.0.1", "localhost", "[::1]"};
	struct tu_str text = tu_str_c(url);

	if (tu_str_istarts(text, TU_STR("https://")))
		return true;
	if (!tu_str_istarts(text, TU_STR("http://")))
		return false;
	text = tu_str_from(text, 7);
	for (size_t i = 0; i < TU_COUNT(hosts); i++) {
		struct tu_str rest = text;

		if (tu_str_skip(&rest, tu_str_c(hosts[i])) &&
			(!rest.len || rest.ptr[0] == ':' || rest.ptr[0] == '/'))
			return tu_str_find(text, '@') == text.len;
	}
	return false;
}

static size_t take_body(char *bytes, size_t one, size_t count, void *context)
{
	struct tu_post *post = context;

	(void)one;
	tu_buf_str_add(&post->answer, tu_str_of(bytes, count));
	return post->answer.failed ? 0 : count;
}

static size_t take_header(char *bytes, size_t one, size_t count, void *context)
{
	struct tu_post *post = context;
	struct tu_str line = tu_str_of(bytes, count), name;

	(void)one;
	name = tu_str_first(line, tu_str_find(line, ':'));
	if (name.len < line.len && tu_str_ieq(name, TU_STR("content-type"))) {
		line = tu_str_from(line, name.len + 1);
		line = tu_str_trim(tu_str_first(line, tu_str_find(line, ';')));
		(void)snprintf(
			post->answer_type, sizeof(post->answer_type), "%.*s", TU_STR_FMT(line));
	}
	return count;
}

static void set_body(const struct tu_curl *lib, CURL *curl, const struct tu_post *post)
{
	lib->curl_easy_setopt(curl, CURLOPT_POST, 1L);
	lib->curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)post->body.len);
	lib->curl_easy_setopt(curl, CURLOPT_POSTFIELDS, post->body.ptr ? post->body.ptr : "");
}

static void set_up(const struct tu_curl *lib, CURL *curl, struct tu_post *post)
{
	lib->curl_easy_setopt(curl, CURLOPT_URL, post->url);
	lib->curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR,
		tu_str_istarts(tu_str_c(post->url), TU_STR("https:")) ? "https" : "http");
	lib->curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	lib->curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	lib->curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	lib->curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (post->ca_file)
		lib->curl_easy_setopt(curl, CURLOPT_CAINFO, post->ca_file);
	lib->curl_easy_setopt(curl, CURLOPT_PROXY, post->proxy ? post->proxy : "");
	lib->curl_easy_setopt(curl, CURLOPT_NOPROXY, post->no_proxy ? post->no_proxy : "");
	lib->curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	lib->curl_easy_setopt(curl, CURLOPT_USERAGENT, "tutela");
	lib->curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
	lib->curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)post->seconds_max);
	if (post->get)
		lib->curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
	else
		set_body(lib, curl, post);
	lib->curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	lib->curl_easy_setopt(curl, CURLOPT_WRITEDATA, post);
	lib->curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
	lib->curl_easy_setopt(curl, CURLOPT_HEADERDATA, post);
}

static bool add_line(
	const struct tu_curl *lib, struct curl_slist **lines, const char *name, const char *value)
{
	char text[LINE];
	int len = snprintf(text, sizeof(text), "%s: %s", name, value);
	struct curl_slist *more =
		len > 0 && len < LINE ? lib->curl_slist_append(*lines, text) : NULL;

	if (more)
		*lines = more;
	return more != NULL;
}

static bool add_bearer(const struct tu_curl *lib, struct curl_slist **lines, const char *key)
{
	char text[LINE];
	int len = snprintf(text, sizeof(text), "Bearer %s", key);

	return len > 0 && len < LINE && add_line(lib, lines, "Authorization", text);
}

static enum tu_status perform(
	const struct tu_curl *lib, CURL *curl, struct tu_post *post, struct tu_error *err)
{
	char why[CURL_ERROR_SIZE] = "";
	CURLcode code;

	lib->curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
	code = lib->curl_easy_perform(curl);
	if (post->answer.failed)
		return tu_fail(err, TU_E_LIMIT, 0, "%s: the answer is too large", post->url);
	if (code != CURLE_OK)
		return tu_fail(err, TU_E_IO, 0, "%s: %s", post->url,
			why[0] ? why : lib->curl_easy_strerror(code));
	lib->curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &post->status);
	return TU_OK;
}

static enum tu_status send_with(
	const struct tu_curl *lib, struct tu_post *post, struct tu_error *err)
{
	CURL *curl = lib->curl_easy_init();
	struct curl_slist *lines = NULL;
	enum tu_status status = TU_OK;

	/* an answer of 100 is not waited for */
	if (!curl || !add_line(lib, &lines, post->get ? "Accept" : "Content-Type", post->type) ||
		!add_line(lib, &lines, "Expect", "") ||
		(post->api_key && !add_line(lib, &lines, "X-Api-Key", post->api_key)) ||
		(post->key && !add_bearer(lib, &lines, post->key)))
		status = tu_no_memory(err);
	if (status == TU_OK) {
		set_up(lib, curl, post);
		lib->curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines);
		status = perform(lib, curl, post, err);
	}
	lib->curl_slist_free_all(lines);
	if (curl)
		lib->curl_easy_cleanup(curl);
	return status;
}

enum tu_status tu_post_send(struct tu_post *post, struct tu_error *err)
{
	const struct tu_curl *lib;

	if (!tu_post_is_safe(post->url))
		return tu_fail(err, TU_E_USAGE, 0,
			"%s: a key is sent to \"https://\" alone, or to this machine", post->url);
	lib = tu_curl();
	if (!lib)
		return tu_fail(err, TU_E_UNSUPPORTED, 0, TU_CURL_SONAME " is not installed");
	return send_with(lib, post, err);
}
