/*
 * One download at a time: over TLS, bounded, patient, resumable; what came is known to be whole.
 *
 * Redirects are followed by ourselves, so that every step is judged: https only, at most five, none
 * twice, and no step to this machine or a private network unless the configured URL itself is
 * there. The address that a name leads to is judged again when the connection is made.
 *
 * Threads: a downloader belongs to one thread; each thread has its own. Nothing here asks the clock
 * for anything that decides: the time comes in, pauses go out through a hook.
 */
#ifndef TU_FEED_DOWNLOAD_H
#define TU_FEED_DOWNLOAD_H

#include <stdbool.h>
#include <stdint.h>

#include <tutela/arena.h>
#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

struct tu_downloader;

/* What the caller lends; all hooks may be NULL. */
struct tu_download_hooks {
	void (*pause)(void *context, uint64_t ms); /* sleep */
	void (*progress)(void *context, uint64_t bytes, uint64_t total); /* total 0: not reported */
	bool (*stopped)(void *context); /* give up now? */
	void *context;
};

struct tu_download_policy {
	uint32_t retries;
	uint32_t retry_ms;
	uint32_t stall_s;
	uint32_t seconds_max;
	int64_t now; /* for dates in Retry-After */
	uint64_t seed; /* of the jitter */
	const char *ca_file; /* NULL: the system's */
	const char *proxy; /* URL; NULL: none, whatever the environment says */
	const char *no_proxy; /* comma-separated hosts that it is not for; NULL: none */
};

struct tu_download_request {
	struct tu_str url;
	const char *path; /* the file that is written: what a broken earlier try left is resumed */
	struct tu_str etag; /* of the copy that the caller has; empty: none */
	struct tu_str last_modified;
	struct tu_str header; /* one more line, such as "apiKey: …"; only for the URL's own host */
	struct tu_str accept; /* media type; empty: any */
	struct tu_str hosts; /* comma-separated: redirects to these other hosts are fine, too */
	uint64_t bytes_max; /* after content encoding */
	bool private_host; /* the user configured this host: any address is fine */
	bool compress; /* ask for gzip; such a transfer is not resumed */
	bool patient_403; /* NVD says 403 when it is asked too often */
};

struct tu_download_answer {
	long status; /* of the last answer; 0: there was none */
	bool not_modified;
	struct tu_str etag, last_modified; /* in the arena */
	struct tu_str md5; /* base64, where Google's store states it ("x-goog-hash") */
	struct tu_str url; /* after redirects */
	struct tu_str message; /* of a refusal: the server's own words (the header "message"), in
				  the arena; empty: none. Set also when the download fails */
	uint64_t bytes; /* of the file */
	uint64_t received; /* over the network */
	uint32_t tries;
};

/* NULL when out of memory, when libcurl is not installed or its TLS library cannot be set up. */
TU_NODISCARD struct tu_downloader *tu_downloader_new(
	const struct tu_download_policy *policy, const struct tu_download_hooks *hooks);
void tu_downloader_free(struct tu_downloader *downloader);

/* Fetch into request->path. TU_OK also for "not modified", when the file is not touched. Errors
 * name the URL and the reason: TU_E_IO (network, TLS, refusal by the server), TU_E_NOTFOUND (404,
 * 410), TU_E_LIMIT (too large, too slow, too long), TU_E_UNSUPPORTED (a redirect that is not
 * followed), TU_E_NOMEM. After a failure what can be resumed is left at the path with ".part". */
TU_NODISCARD enum tu_status tu_download(struct tu_downloader *downloader, struct tu_arena *arena,
	const struct tu_download_request *request, struct tu_download_answer *out_answer,
	struct tu_error *err);

/* The pause before try number `tries` + 1, in milliseconds: doubled each time up to a minute, of
 * which a random half is taken off. `*seed` moves on. */
uint64_t tu_backoff(uint32_t first_ms, uint32_t tries, uint64_t *seed);

/* A date of HTTP (RFC 9110, 5.6.7). False: none. */
bool tu_http_date(struct tu_str value, int64_t *out_seconds);

/* Retry-After: seconds or an HTTP date (RFC 9110, 10.2.3). False: neither. */
bool tu_retry_after(struct tu_str value, int64_t now, uint64_t *out_seconds);

#endif
