#define _DEFAULT_SOURCE /* explicit_bzero, st_mtim, clock_gettime */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/input.h"
#include "base/time.h"
#include "http/certificate.h"
#include "http/internal.h"

enum { PEM_MAX = 1 << 20 };
enum { DAY = 86400, WARN_DAYS = 14 };

static bool later(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec != b->tv_sec || a->tv_nsec != b->tv_nsec;
}

static void forget(char *pem)
{
	if (pem)
		explicit_bzero(pem, strlen(pem));
	tu_free(pem);
}

static enum tu_status read_pem(const char *path, char **out_text, struct tu_error *err)
{
	struct tu_buf buf;
	enum tu_status status;

	tu_buf_init(&buf, PEM_MAX);
	status = tu_input_read(path, &buf, err);
	if (status == TU_OK) {
		*out_text = tu_alloc(buf.len + 1, 1);
		if (*out_text)
			memcpy(*out_text, buf.ptr, buf.len);
		else
			status = tu_no_memory(err);
	}
	if (buf.ptr)
		explicit_bzero(buf.ptr, buf.len);
	tu_buf_done(&buf);
	return status;
}

static enum tu_status time_of(const char *path, struct timespec *out, struct tu_error *err)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return tu_fail(err, TU_E_IO, 0, "%s: %s", path, strerror(errno));
	*out = st.st_mtim;
	return TU_OK;
}

/* Both, or nothing of the two: what cannot be read is tried again at the next look. */
static enum tu_status read_both(
	struct tu_http_tls *tls, const struct tu_http_tls *times, struct tu_error *err)
{
	char *certificate = NULL, *key = NULL;
	enum tu_status status = read_pem(tls->certificate_path, &certificate, err);

	if (status == TU_OK)
		status = read_pem(tls->key_path, &key, err);
	if (status != TU_OK) {
		forget(certificate);
		return status;
	}
	forget(tls->certificate);
	forget(tls->key);
	tls->certificate = certificate;
	tls->key = key;
	tls->certificate_time = times->certificate_time;
	tls->key_time = times->key_time;
	return TU_OK;
}

enum tu_status tu_http__tls_read(struct tu_http_tls *tls, bool *out_changed, struct tu_error *err)
{
	struct tu_http_tls now = {0};
	enum tu_status status;

	*out_changed = false;
	if (!tls->key_path)
		return TU_OK;
	status = time_of(tls->certificate_path, &now.certificate_time, err);
	if (status == TU_OK)
		status = time_of(tls->key_path, &now.key_time, err);
	if (status != TU_OK)
		return status;
	if (tls->key && !later(&now.certificate_time, &tls->certificate_time) &&
		!later(&now.key_time, &tls->key_time))
		return TU_OK;
	status = read_both(tls, &now, err);
	*out_changed = status == TU_OK;
	if (status == TU_OK) {
		tls->warned = 0;
		if (!tu_http_certificate_end(tu_str_c(tls->certificate), &tls->end))
			tls->end = 0;
	}
	return status;
}

void tu_http__tls_done(struct tu_http_tls *tls)
{
	forget(tls->certificate);
	forget(tls->key);
	tu_free(tls->certificate_path);
	tu_free(tls->key_path);
}

static void say(struct tu_http *server, const struct tu_error *err)
{
	if (server->trouble)
		server->trouble(server->self, tu_str_c(err->message));
}

void tu_http__tls_warn(struct tu_http *server)
{
	struct tu_http_tls *tls = &server->tls;
	struct timespec t;
	int64_t now, left;
	struct tu_error err = {0};
	struct tu_buf when;

	atomic_store_explicit(&server->counters[TU_HTTP_CERTIFICATE_END],
		(unsigned long long)tls->end, memory_order_relaxed);
	clock_gettime(CLOCK_REALTIME, &t);
	now = t.tv_sec;
	left = tls->end - now;
	if (tls->end == 0 || left > (int64_t)WARN_DAYS * DAY ||
		(tls->warned && now - tls->warned < DAY))
		return;
	tls->warned = now;
	tu_buf_init(&when, 64);
	tu_time_write(tls->end, &when);
	if (left > 0)
		(void)tu_fail(&err, TU_E_IO, 0, "%s: the certificate ends at %.*s, in %lld %s",
			tls->certificate_path, TU_STR_FMT(tu_buf_str(&when)),
			(long long)(left >= 2 * DAY ? left / DAY : left / 3600),
			left >= 2 * DAY ? "days" : "hours");
	else
		(void)tu_fail(&err, TU_E_IO, 0,
			"%s: the certificate ended at %.*s: clients refuse it",
			tls->certificate_path, TU_STR_FMT(tu_buf_str(&when)));
	tu_buf_done(&when);
	say(server, &err);
}

static void restart(struct tu_http *server, struct tu_http_listener *listener)
{
	struct MHD_Daemon *old = listener->daemon;
	struct tu_error err = {0};

	/* The new one first: with a certificate that it does not take, the old one goes on. */
	if (tu_http__serve(server, listener, &err) != TU_OK) {
		listener->daemon = old;
		say(server, &err);
		return;
	}
	server->mhd->MHD_quiesce_daemon(old);
	listener->draining = old;
}

static bool has_ended(struct tu_http *server, struct MHD_Daemon *daemon)
{
	const union MHD_DaemonInfo *info =
		server->mhd->MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);

	return info && info->num_connections == 0;
}

void tu_http__tls_follow(struct tu_http *server)
{
	struct tu_error err = {0};
	bool changed = false, drained = true;

	for (size_t i = 0; i < server->listener_count; i++) {
		struct tu_http_listener *listener = &server->listeners[i];

		if (listener->draining && has_ended(server, listener->draining)) {
			server->mhd->MHD_stop_daemon(listener->draining);
			listener->draining = NULL;
		}
		drained = drained && !listener->draining;
	}
	/* Two at a time: a change while the one before still drains waits. */
	if (!drained)
		return;
	if (tu_http__tls_read(&server->tls, &changed, &err) != TU_OK) {
		say(server, &err);
		return;
	}
	for (size_t i = 0; changed && i < server->listener_count; i++)
		restart(server, &server->listeners[i]);
	tu_http__tls_warn(server);
}
