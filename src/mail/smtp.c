#include "mail/smtp.h"

#include <stdio.h>
#include <string.h>

#include "feed/curl.h"
#include "mail/mime_write.h"

enum { CONNECT_S = 10, ALL_S = 30, URL_MAX = 320, WORD_MAX = 1024 };

static const char *const names[TU_SMTP_SECURITIES] = {
	[TU_SMTP_STARTTLS] = "starttls",
	[TU_SMTP_TLS] = "tls",
	[TU_SMTP_PLAIN] = "plain",
};

const char *tu_smtp_security_name(enum tu_smtp_security security)
{
	return names[security];
}

bool tu_smtp_security_by_name(struct tu_str name, enum tu_smtp_security *out_security)
{
	for (unsigned i = 0; i < TU_SMTP_SECURITIES; i++)
		if (tu_str_eq(name, tu_str_c(names[i]))) {
			*out_security = (enum tu_smtp_security)i;
			return true;
		}
	return false;
}

bool tu_smtp_host_is_fine(struct tu_str host)
{
	for (size_t i = 0; i < host.len; i++)
		if (!tu_char_is_alnum(host.ptr[i]) && !strchr(".-:", host.ptr[i]))
			return false;
	return host.len > 0 && host.len <= 253;
}

/* The parts of a session, with NUL where libcurl wants it. */
struct session {
	char url[URL_MAX], from[TU_MAIL_ADDRESS_MAX + 3], to[TU_MAIL_ADDRESS_MAX + 3];
	char user[WORD_MAX], password[WORD_MAX];
	struct tu_str rest; /* of the mail, that is not sent yet */
};

static bool copy(struct tu_str text, char out[WORD_MAX])
{
	if (text.len >= WORD_MAX || tu_str_find(text, '\0') < text.len)
		return false;
	(void)snprintf(out, WORD_MAX, "%.*s", TU_STR_FMT(text));
	return true;
}

static enum tu_status prepare(const struct tu_smtp *server, const struct tu_smtp_mail *mail,
	struct session *s, struct tu_error *err)
{
	bool v6 = tu_str_find(server->host, ':') < server->host.len;
	enum tu_status status;

	if (!tu_smtp_host_is_fine(server->host) || !server->port || server->port > 65535)
		return tu_fail(err, TU_E_USAGE, 0, "the mail server has no host or port");
	if (server->user.len && server->security == TU_SMTP_PLAIN)
		return tu_fail(err, TU_E_USAGE, 0, "a mail server gets a password over TLS only");
	if (!copy(server->user, s->user) || !copy(server->password, s->password))
		return tu_fail(err, TU_E_USAGE, 0, "user or password of the mail server are none");
	status = tu_mail_address_check(mail->from, err);
	if (!status)
		status = tu_mail_address_check(mail->to, err);
	if (status)
		return status;
	(void)snprintf(s->url, sizeof(s->url), "%s://%s%.*s%s:%u/tutela",
		server->security == TU_SMTP_TLS ? "smtps" : "smtp", v6 ? "[" : "",
		TU_STR_FMT(server->host), v6 ? "]" : "", server->port);
	(void)snprintf(s->from, sizeof(s->from), "<%.*s>", TU_STR_FMT(mail->from));
	(void)snprintf(s->to, sizeof(s->to), "<%.*s>", TU_STR_FMT(mail->to));
	s->rest = mail->bytes;
	return TU_OK;
}

static size_t give(char *to, size_t one, size_t count, void *self)
{
	struct session *s = self;
	size_t len = s->rest.len < one * count ? s->rest.len : one * count;

	if (len)
		memcpy(to, s->rest.ptr, len);
	s->rest = tu_str_from(s->rest, len);
	return len;
}

static void set_up(
	const struct tu_curl *lib, CURL *curl, const struct tu_smtp *server, struct session *s)
{
	unsigned all = server->seconds_max ? server->seconds_max : ALL_S;

	lib->curl_easy_setopt(curl, CURLOPT_URL, s->url);
	lib->curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	lib->curl_easy_setopt(curl, CURLOPT_PROXY, "");
	lib->curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	lib->curl_easy_setopt(
		curl, CURLOPT_CONNECTTIMEOUT, (long)(all < CONNECT_S ? all : CONNECT_S));
	lib->curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)all);
	lib->curl_easy_setopt(curl, CURLOPT_USE_SSL,
		server->security == TU_SMTP_PLAIN ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL);
	lib->curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	lib->curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	lib->curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (server->ca_file)
		lib->curl_easy_setopt(curl, CURLOPT_CAINFO, server->ca_file);
	if (s->user[0]) {
		lib->curl_easy_setopt(curl, CURLOPT_USERNAME, s->user);
		lib->curl_easy_setopt(curl, CURLOPT_PASSWORD, s->password);
	}
	lib->curl_easy_setopt(curl, CURLOPT_MAIL_FROM, s->from);
	lib->curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	lib->curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
	lib->curl_easy_setopt(curl, CURLOPT_READDATA, s);
}

static enum tu_status perform(const struct tu_curl *lib, CURL *curl, const struct tu_smtp *server,
	struct session *s, struct tu_error *err)
{
	struct curl_slist *to = lib->curl_slist_append(NULL, s->to);
	char why[CURL_ERROR_SIZE] = "";
	CURLcode code = CURLE_OUT_OF_MEMORY;
	long answer = 0;

	if (to) {
		set_up(lib, curl, server, s);
		lib->curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
		lib->curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
		code = lib->curl_easy_perform(curl);
		lib->curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer);
	}
	lib->curl_slist_free_all(to);
	if (code == CURLE_OK)
		return TU_OK;
	if (code == CURLE_OUT_OF_MEMORY)
		return tu_no_memory(err);
	return tu_fail(err, TU_E_IO, 0, "mail server %.*s:%u: %s (its last answer: %ld)",
		TU_STR_FMT(server->host), server->port,
		why[0] ? why : lib->curl_easy_strerror(code), answer);
}

enum tu_status tu_smtp_send(
	const struct tu_smtp *server, const struct tu_smtp_mail *mail, struct tu_error *err)
{
	const struct tu_curl *lib;
	struct session s = {0};
	CURL *curl;
	enum tu_status status = prepare(server, mail, &s, err);

	if (status)
		return status;
	lib = tu_curl();
	if (!lib)
		return tu_fail(err, TU_E_UNSUPPORTED, 0, TU_CURL_SONAME " is not installed");
	curl = lib->curl_easy_init();
	status = curl ? perform(lib, curl, server, &s, err) : tu_no_memory(err);
	if (curl)
		lib->curl_easy_cleanup(curl);
	return status;
}
