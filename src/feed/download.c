#define _GNU_SOURCE
#include "feed/download.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "feed/curl.h"
#include "feed/url.h"

enum {
	REDIRECTS_MAX = 5,
	CONNECT_S = 30,
	SLOW_BYTES = 100, /* a second; below this a transfer has stalled */
	PATIENCE_S = 900, /* a server that asks for a longer pause is left alone */
	HEADER_MAX = 8192,
	MESSAGE_SHOWN = 200
};

struct tu_downloader {
	const struct tu_curl *lib;
	CURL *curl;
	struct tu_download_policy policy;
	struct tu_download_hooks hooks;
	uint64_t seed;
};

/* One request and its answer. */
struct transfer {
	struct tu_downloader *downloader;
	const struct tu_download_request *request;
	struct tu_buf url; /* of this step, NUL-terminated */
	struct tu_buf part; /* path with ".part" */
	struct tu_buf mark; /* path with ".mark": the validator of the part */
	struct tu_buf validator; /* ETag or Last-Modified of the part; for If-Range */
	struct tu_buf etag, last_modified, location, retry_after, md5, type, range, message;
	int fd;
	int write_error;
	uint64_t had; /* bytes of the part before this request */
	uint64_t written; /* in the part now */
	uint64_t received;
	bool too_large;
	bool refused_address;
	bool any_address; /* no check of addresses: the host is the user's own choice, or a proxy's
			   */
	bool begun; /* the body has begun */
	char why[CURL_ERROR_SIZE];
};

/* ---- pauses ---- */

static void rest(struct tu_downloader *d, uint64_t ms)
{
	if (d->hooks.pause && ms)
		d->hooks.pause(d->hooks.context, ms);
}

static bool is_stopped(const struct tu_downloader *d)
{
	return d->hooks.stopped && d->hooks.stopped(d->hooks.context);
}

/* ---- callbacks of the library ---- */

static void keep_header(struct tu_buf *out, struct tu_str value)
{
	tu_buf_clear(out);
	tu_buf_str_add(out, tu_str_trim(value));
}

static size_t take_header(char *bytes, size_t size, size_t count, void *context)
{
	struct transfer *t = context;
	struct tu_str line = tu_str_of(bytes, size * count);
	const struct {
		struct tu_str name;
		struct tu_buf *value;
	} wanted[] = {
		{TU_STR("etag:"), &t->etag},
		{TU_STR("last-modified:"), &t->last_modified},
		{TU_STR("location:"), &t->location},
		{TU_STR("retry-after:"), &t->retry_after},
		{TU_STR("content-type:"), &t->type},
		{TU_STR("content-range:"), &t->range},
		{TU_STR("message:"), &t->message},
	};

	for (size_t i = 0; i < TU_COUNT(wanted); i++)
		if (tu_str_istarts(line, wanted[i].name))
			keep_header(wanted[i].value, tu_str_from(line, wanted[i].name.len));
	if (tu_str_istarts(line, TU_STR("x-goog-hash:"))) {
		size_t at = tu_str_search(line, TU_STR("md5="));

		if (at < line.len)
			keep_header(&t->md5, tu_str_first(tu_str_from(line, at + 4), 24));
	}
	return size * count;
}

static long answer_of(const struct transfer *t)
{
	const struct tu_downloader *d = t->downloader;
	long status = 0;

	(void)d->lib->curl_easy_getinfo(d->curl, CURLINFO_RESPONSE_CODE, &status);
	return status;
}

/* A server that does not know If-Range, or whose file has changed, sends the whole again. */
static bool begin_body(struct transfer *t, long status)
{
	struct tu_str range = tu_buf_str(&t->range);
	uint64_t from;

	t->begun = true;
	if (status == 206)
		return tu_str_skip(&range, TU_STR("bytes ")) &&
			tu_str_to_u64(tu_str_digits(&range), INT64_MAX, &from) && from == t->had;
	t->had = t->written = 0;
	return ftruncate(t->fd, 0) == 0 && lseek(t->fd, 0, SEEK_SET) == 0;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
	struct transfer *t = context;
	size_t len = size * count;
	long status = answer_of(t);
	size_t at = 0;

	t->received += len;
	/* the body of an error or a redirect is of no interest, and may not become long */
	if (status != 200 && status != 206)
		return t->received > HEADER_MAX * 16 ? 0 : len;
	if (!t->begun && !begin_body(t, status)) {
		t->write_error = EIO;
		return 0;
	}
	if (len > t->request->bytes_max - t->written) {
		t->too_large = true;
		return 0;
	}
	while (at < len) {
		ssize_t wrote = write(t->fd, bytes + at, len - at);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0) {
			t->write_error = wrote < 0 ? errno : EIO;
			return 0;
		}
		at += (size_t)wrote;
	}
	t->written += len;
	return len;
}

static int take_progress(
	void *context, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up)
{
	struct transfer *t = context;
	const struct tu_download_hooks *hooks = &t->downloader->hooks;
	(void)up_total, (void)up;

	if (hooks->progress)
		hooks->progress(hooks->context, t->had + (uint64_t)now,
			total > 0 ? t->had + (uint64_t)total : 0);
	return is_stopped(t->downloader) ? 1 : 0;
}

/* The last word on where a name leads: no record of a name server opens the way inside. */
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct transfer *t = context;
	const uint8_t *bytes = NULL;
	size_t len = 0;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
	(void)purpose;

	if (address->family == AF_INET) {
		memcpy(&four, &address->addr, sizeof(four));
		bytes = (const uint8_t *)&four.sin_addr;
		len = 4;
	} else if (address->family == AF_INET6 && address->addrlen >= sizeof(six)) {
		memcpy(&six, (const void *)&address->addr, sizeof(six));
		bytes = six.sin6_addr.s6_addr;
		len = 16;
	}
	if (!t->any_address && (!bytes || tu_address_is_private(bytes, len))) {
		t->refused_address = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* ---- one request ---- */

static bool add_line(
	const struct transfer *t, struct curl_slist **list, const char *name, struct tu_str value)
{
	struct tu_buf line;
	struct curl_slist *longer = NULL;

	if (value.len == 0)
		return true;
	tu_buf_init(&line, HEADER_MAX);
	tu_buf_printf(&line, "%s%.*s", name, TU_STR_FMT(value));
	tu_buf_byte(&line, '\0');
	if (!line.failed)
		longer = t->downloader->lib->curl_slist_append(*list, line.ptr);
	tu_buf_done(&line);
	if (longer)
		*list = longer;
	return longer != NULL;
}

static bool add_lines(const struct transfer *t, bool own_host, struct curl_slist **list)
{
	const struct tu_download_request *q = t->request;
	bool resumed = t->had > 0;
	char range[48];

	(void)snprintf(range, sizeof(range), "bytes=%llu-", (unsigned long long)t->had);
	/* a key is for the host that the user knows, not for where that host points to */
	return add_line(t, list, "Accept: ", q->accept.len ? q->accept : TU_STR("*/*")) &&
		(!own_host || add_line(t, list, "", q->header)) &&
		(resumed || add_line(t, list, "If-None-Match: ", q->etag)) &&
		(resumed || add_line(t, list, "If-Modified-Since: ", q->last_modified)) &&
		(!resumed || add_line(t, list, "If-Range: ", tu_buf_str(&t->validator))) &&
		(!resumed || add_line(t, list, "Range: ", tu_str_c(range)));
}

static void set_options(struct transfer *t, struct curl_slist *lines)
{
	const struct tu_download_policy *policy = &t->downloader->policy;
	const struct tu_curl *lib = t->downloader->lib;
	CURL *curl = t->downloader->curl;

	lib->curl_easy_reset(curl);
	lib->curl_easy_setopt(curl, CURLOPT_URL, t->url.ptr);
	lib->curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
	lib->curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	lib->curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	lib->curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	lib->curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (policy->ca_file)
		lib->curl_easy_setopt(curl, CURLOPT_CAINFO, policy->ca_file);
	/* empty: what the environment says does not count */
	lib->curl_easy_setopt(curl, CURLOPT_PROXY, policy->proxy ? policy->proxy : "");
	lib->curl_easy_setopt(curl, CURLOPT_NOPROXY, policy->no_proxy ? policy->no_proxy : "");
	lib->curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	lib->curl_easy_setopt(curl, CURLOPT_USERAGENT, "tutela");
	lib->curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
	lib->curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)policy->seconds_max);
	lib->curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES);
	lib->curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)policy->stall_s);
	lib->curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, t->why);
	lib->curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
	lib->curl_easy_setopt(curl, CURLOPT_HEADERDATA, t);
	lib->curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	lib->curl_easy_setopt(curl, CURLOPT_WRITEDATA, t);
	lib->curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	lib->curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, take_progress);
	lib->curl_easy_setopt(curl, CURLOPT_XFERINFODATA, t);
	lib->curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	lib->curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, t);
	lib->curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines);
	if (t->request->compress)
		lib->curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip");
}

static void forget_answer(struct transfer *t)
{
	struct tu_buf *all[] = {&t->etag, &t->last_modified, &t->location, &t->retry_after, &t->md5,
		&t->type, &t->range, &t->message};

	for (size_t i = 0; i < TU_COUNT(all); i++)
		tu_buf_clear(all[i]);
	t->begun = t->too_large = t->refused_address = false;
	t->write_error = 0;
	t->why[0] = '\0';
}

/* What is there of an earlier try, when its validator is known. */
static void look_for_part(struct transfer *t)
{
	struct stat state;
	char text[HEADER_MAX];
	ssize_t got = 0;
	int fd = open(t->mark.ptr, O_RDONLY | O_CLOEXEC);

	t->had = t->written = 0;
	tu_buf_clear(&t->validator);
	if (fd >= 0) {
		got = read(fd, text, sizeof(text));
		(void)close(fd);
	}
	if (got > 0 && !t->request->compress && fstat(t->fd, &state) == 0 && state.st_size > 0 &&
		(uint64_t)state.st_size < t->request->bytes_max &&
		lseek(t->fd, 0, SEEK_END) == state.st_size) {
		tu_buf_add(&t->validator, text, (size_t)got);
		t->had = t->written = (uint64_t)state.st_size;
	} else {
		(void)!ftruncate(t->fd, 0);
		(void)lseek(t->fd, 0, SEEK_SET);
	}
}

/* So that the next try knows what the part is a part of. Weak validators do not serve (RFC 9110,
 * 13.1.5). */
static void leave_mark(const struct transfer *t)
{
	struct tu_str mark = tu_buf_str(&t->etag);
	int fd;

	if (t->request->compress || !t->begun)
		return;
	if (mark.len == 0 || tu_str_starts(mark, TU_STR("W/")))
		mark = tu_buf_str(&t->last_modified);
	(void)unlink(t->mark.ptr);
	if (mark.len == 0)
		return;
	fd = open(t->mark.ptr, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	if (write(fd, mark.ptr, mark.len) != (ssize_t)mark.len)
		(void)unlink(t->mark.ptr);
	(void)close(fd);
}

static CURLcode perform(struct transfer *t, bool own_host)
{
	const struct tu_curl *lib = t->downloader->lib;
	struct curl_slist *lines = NULL;
	CURLcode code = CURLE_OUT_OF_MEMORY;

	forget_answer(t);
	look_for_part(t);
	if (add_lines(t, own_host, &lines)) {
		set_options(t, lines);
		code = lib->curl_easy_perform(t->downloader->curl);
		leave_mark(t);
	}
	lib->curl_slist_free_all(lines);
	return code;
}

/* ---- where a redirect may lead ---- */

static enum tu_status follow(
	struct transfer *t, const struct tu_url *first, struct tu_url *url, struct tu_error *err)
{
	struct tu_buf next;
	enum tu_status status;

	tu_buf_init(&next, (size_t)4 * TU_URL_MAX);
	tu_url_join(tu_str_c(t->url.ptr), tu_buf_str(&t->location), &next);
	if (t->location.len == 0) {
		status = tu_fail(err, TU_E_IO, 0, "a redirect without a destination");
	} else if (tu_url_parse(tu_buf_str(&next), url, err) != TU_OK) {
		(void)tu_error_flatten(err);
		status = tu_error_prefix(err, "a redirect that is not followed");
	} else if (!tu_url_same_host(first, url) &&
		(!tu_url_is_listed(t->request->hosts, url->host) || tu_url_is_private(url->host))) {
		status = tu_fail(err, TU_E_UNSUPPORTED, 0,
			"a redirect to another host is not followed: %.*s",
			TU_STR_FMT(tu_buf_str(&next)));
	} else {
		tu_buf_clear(&t->url);
		tu_buf_str_add(&t->url, tu_buf_str(&next));
		tu_buf_byte(&t->url, '\0');
		status = t->url.failed ? tu_no_memory(err)
				       : tu_url_parse(tu_str_c(t->url.ptr), url, err);
	}
	tu_buf_done(&next);
	return status;
}

static bool is_redirect(long status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* Then the connection is made to the proxy, which the user chose. */
static bool is_by_proxy(const struct tu_download_policy *policy, struct tu_str host)
{
	return policy->proxy && policy->proxy[0] &&
		!tu_url_is_excepted(tu_str_c(policy->no_proxy ? policy->no_proxy : ""), host);
}

/* One try: the URL and its redirects. `*out_code` is the library's word on the last step. */
static enum tu_status try_once(struct transfer *t, CURLcode *out_code, struct tu_error *err)
{
	struct tu_url first, url;
	enum tu_status status = tu_url_parse(t->request->url, &first, err);

	if (status != TU_OK)
		return status;
	url = first;
	tu_buf_clear(&t->url);
	tu_buf_str_add(&t->url, t->request->url);
	tu_buf_byte(&t->url, '\0');
	for (int step = 0; status == TU_OK; step++) {
		bool own = tu_url_same_host(&first, &url);

		t->any_address = (own && t->request->private_host) ||
			is_by_proxy(&t->downloader->policy, url.host);
		*out_code = perform(t, own);
		if (*out_code != CURLE_OK || !is_redirect(answer_of(t)))
			return TU_OK;
		if (step == REDIRECTS_MAX)
			return tu_fail(err, TU_E_UNSUPPORTED, 0, "more than %d redirects, a loop",
				REDIRECTS_MAX);
		status = follow(t, &first, &url, err);
	}
	return status;
}

/* ---- what an answer means ---- */

static bool is_worth_a_retry(const struct transfer *t, CURLcode code, long status)
{
	switch ((int)code) {
	case CURLE_OK:
		break;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_CONNECT:
	case CURLE_PARTIAL_FILE:
	case CURLE_OPERATION_TIMEDOUT:
	case CURLE_GOT_NOTHING:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
	case CURLE_SSL_CONNECT_ERROR:
		return !t->refused_address;
	default:
		return false;
	}
	return status == 408 || status == 425 || status == 429 ||
		(status >= 500 && status != 501) || (status == 403 && t->request->patient_403);
}

static enum tu_status explain_transport(
	const struct transfer *t, CURLcode code, struct tu_error *err)
{
	const struct tu_curl *lib = t->downloader->lib;

	if (t->too_large)
		return tu_fail(err, TU_E_LIMIT, 0, "more than the %llu bytes that are allowed",
			(unsigned long long)t->request->bytes_max);
	if (t->write_error)
		return tu_fail(err, TU_E_IO, 0, "cannot be written to %s: %s", t->part.ptr,
			strerror(t->write_error));
	if (t->refused_address)
		return tu_fail(err, TU_E_UNSUPPORTED, 0,
			"the name leads to this machine or a private network");
	if (is_stopped(t->downloader))
		return tu_fail(err, TU_E_IO, 0, "stopped");
	if (code == CURLE_OUT_OF_MEMORY)
		return tu_no_memory(err);
	if (code == CURLE_PEER_FAILED_VERIFICATION)
		return tu_fail(err, TU_E_IO, 0,
			"the server's certificate does not hold: %s (is the clock right?)",
			t->why[0] ? t->why : lib->curl_easy_strerror(code));
	return tu_fail(err, code == CURLE_OPERATION_TIMEDOUT ? TU_E_LIMIT : TU_E_IO, 0, "%s",
		t->why[0] ? t->why : lib->curl_easy_strerror(code));
}

static enum tu_status explain_status(const struct transfer *t, long status, struct tu_error *err)
{
	static const struct {
		long status;
		const char *words;
	} known[] = {{401, "a key is needed"}, {403, "forbidden, or asked too often"},
		{404, "not found"}, {410, "gone"}, {429, "asked too often"},
		{500, "the server failed"}, {502, "bad gateway"}, {503, "not available now"},
		{504, "gateway timed out"}};
	struct tu_str message = tu_str_first(tu_buf_str(&t->message), MESSAGE_SHOWN);
	const char *words = "";

	for (size_t i = 0; i < TU_COUNT(known); i++)
		if (known[i].status == status)
			words = known[i].words;
	return tu_fail(err, status == 404 || status == 410 ? TU_E_NOTFOUND : TU_E_IO, 0,
		"HTTP %ld%s%s%s%.*s%s%.*s%s", status, words[0] ? ", " : "", words,
		t->retry_after.len ? ", retry after " : "",
		TU_STR_FMT(tu_str_first(tu_buf_str(&t->retry_after), 40)),
		message.len ? ": \"" : "", TU_STR_FMT(message), message.len ? "\"" : "");
}

/* The pause that the server asks for, or ours; false when it asks for too much. */
static bool rest_before_retry(struct transfer *t, uint32_t tries)
{
	struct tu_downloader *d = t->downloader;
	uint64_t pause = tu_backoff(d->policy.retry_ms, tries, &d->seed);
	uint64_t asked;

	if (tu_retry_after(tu_buf_str(&t->retry_after), d->policy.now, &asked)) {
		if (asked > PATIENCE_S)
			return false;
		if (asked * 1000 > pause)
			pause = asked * 1000;
	}
	rest(d, pause);
	return !is_stopped(d);
}

static enum tu_status try_all(
	struct transfer *t, struct tu_download_answer *answer, struct tu_error *err)
{
	for (uint32_t tries = 0;; tries++) {
		CURLcode code = CURLE_OK;
		enum tu_status status = try_once(t, &code, err);
		long http = answer_of(t);

		answer->tries = tries + 1;
		if (status != TU_OK)
			return status;
		answer->status = http;
		if (code == CURLE_WRITE_ERROR && http >= 300)
			code = CURLE_OK; /* the long body of an error, cut by us */
		if (code == CURLE_OK && (http == 200 || http == 206 || http == 304))
			return TU_OK;
		if (code == CURLE_OK && http == 416 && t->had &&
			tries < t->downloader->policy.retries) {
			/* the part is longer than the whole: begin again */
			(void)unlink(t->mark.ptr);
			continue;
		}
		if (tries >= t->downloader->policy.retries || !is_worth_a_retry(t, code, http) ||
			!rest_before_retry(t, tries))
			return code == CURLE_OK ? explain_status(t, http, err)
						: explain_transport(t, code, err);
	}
}

/* ---- the whole ---- */

static enum tu_status finish(struct transfer *t, struct tu_arena *arena,
	struct tu_download_answer *a, struct tu_error *err)
{
	a->not_modified = a->status == 304;
	a->received = t->received;
	if (!tu_arena_dup(arena, tu_buf_str(&t->etag), &a->etag) ||
		!tu_arena_dup(arena, tu_buf_str(&t->last_modified), &a->last_modified) ||
		!tu_arena_dup(arena, tu_buf_str(&t->md5), &a->md5) ||
		!tu_arena_dup(arena, tu_str_c(t->url.ptr), &a->url))
		return tu_no_memory(err);
	if (a->not_modified)
		return TU_OK;
	a->bytes = t->written;
	if (rename(t->part.ptr, t->request->path) != 0)
		return tu_fail(err, TU_E_IO, 0, "cannot be written to %s: %s", t->request->path,
			strerror(errno));
	(void)unlink(t->mark.ptr);
	return TU_OK;
}

static bool name_files(struct transfer *t)
{
	tu_buf_printf(&t->part, "%s.part", t->request->path);
	tu_buf_byte(&t->part, '\0');
	tu_buf_printf(&t->mark, "%s.mark", t->request->path);
	tu_buf_byte(&t->mark, '\0');
	return !t->part.failed && !t->mark.failed;
}

static void transfer_done(struct transfer *t)
{
	struct tu_buf *all[] = {&t->url, &t->part, &t->mark, &t->validator, &t->etag,
		&t->last_modified, &t->location, &t->retry_after, &t->md5, &t->type, &t->range,
		&t->message};
	struct stat state;

	if (t->fd >= 0) {
		/* an empty part is of no use to anybody */
		if (fstat(t->fd, &state) == 0 && state.st_size == 0 && state.st_nlink > 0)
			(void)unlink(t->part.ptr);
		(void)close(t->fd);
	}
	for (size_t i = 0; i < TU_COUNT(all); i++)
		tu_buf_done(all[i]);
}

static void transfer_init(struct transfer *t)
{
	struct tu_buf *all[] = {&t->url, &t->part, &t->mark, &t->validator, &t->etag,
		&t->last_modified, &t->location, &t->retry_after, &t->md5, &t->type, &t->range,
		&t->message};

	for (size_t i = 0; i < TU_COUNT(all); i++)
		tu_buf_init(all[i], HEADER_MAX * 2);
	t->fd = -1;
}

enum tu_status tu_download(struct tu_downloader *downloader, struct tu_arena *arena,
	const struct tu_download_request *request, struct tu_download_answer *out_answer,
	struct tu_error *err)
{
	struct transfer t = {.downloader = downloader, .request = request};
	struct tu_error own = {0};
	enum tu_status status;

	err = err ? err : &own;
	*out_answer = (struct tu_download_answer){0};
	transfer_init(&t);
	if (!name_files(&t))
		status = tu_no_memory(err);
	else if ((t.fd = open(t.part.ptr, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) < 0)
		status = tu_fail(err, TU_E_IO, 0, "cannot be written to %s: %s", t.part.ptr,
			strerror(errno));
	else
		status = try_all(&t, out_answer, err);
	if (status == TU_OK)
		status = finish(&t, arena, out_answer, err);
	out_answer->received = t.received;
	if (!tu_arena_dup(arena, tu_buf_str(&t.message), &out_answer->message))
		status = tu_no_memory(err);
	/* an endless or a damaged body is not to be resumed */
	if (t.too_large && t.part.len) {
		(void)unlink(t.part.ptr);
		(void)unlink(t.mark.ptr);
	}
	transfer_done(&t);
	if (status != TU_OK && !err->file[0])
		return tu_error_in_file(err, "%.*s", TU_STR_FMT(tu_str_first(request->url, 160)));
	return status;
}

struct tu_downloader *tu_downloader_new(
	const struct tu_download_policy *policy, const struct tu_download_hooks *hooks)
{
	const struct tu_curl *lib = tu_curl();
	struct tu_downloader *d = lib ? tu_alloc(1, sizeof(*d)) : NULL;

	if (!d)
		return NULL;
	d->lib = lib;
	d->policy = *policy;
	d->hooks = hooks ? *hooks : (struct tu_download_hooks){0};
	d->seed = policy->seed;
	d->curl = lib->curl_easy_init();
	if (!d->curl) {
		tu_free(d);
		return NULL;
	}
	return d;
}

void tu_downloader_free(struct tu_downloader *downloader)
{
	if (!downloader)
		return;
	downloader->lib->curl_easy_cleanup(downloader->curl);
	tu_free(downloader);
}
