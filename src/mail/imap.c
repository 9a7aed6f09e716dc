#include "mail/imap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed/curl.h"

enum {
	CONNECT_S = 10,
	ALL_S = 60,
	SLOW_S = 20,
	URL_MAX = 600,
	WORD_MAX = 1024,
	FOLDER_MAX = 200,
	LISTED_MAX = 1 << 20
};

struct tu_imap_session {
	const struct tu_curl *lib;
	CURL *curl;
	char url[URL_MAX], user[WORD_MAX], password[WORD_MAX];
	struct tu_buf ca;
	int64_t uidvalidity; /* 0: not said */
	struct tu_buf *to; /* of what is read now */
	bool too_large;
};

/* ---- what the server says ---- */

static int64_t number_after(struct tu_str line, struct tu_str word)
{
	struct tu_str rest = tu_str_from(line, tu_str_isearch(line, word) + word.len), digits;
	uint64_t value = 0;

	digits = tu_str_digits(&rest);
	return digits.len && tu_str_to_u64(digits, UINT32_MAX, &value) ? (int64_t)value : 0;
}

static size_t hear(char *from, size_t one, size_t count, void *self)
{
	struct tu_imap_session *s = self;
	struct tu_str line = tu_str_of(from, one * count);
	int64_t value = number_after(line, TU_STR("[UIDVALIDITY "));

	if (value && tu_str_starts(line, TU_STR("* OK ")))
		s->uidvalidity = value;
	return line.len;
}

static size_t take(char *from, size_t one, size_t count, void *self)
{
	struct tu_imap_session *s = self;
	size_t len = one * count;

	tu_buf_add(s->to, from, len);
	s->too_large = s->to->failed;
	return s->too_large ? 0 : len;
}

/* ---- the session ---- */

static bool copy(struct tu_str text, char out[WORD_MAX])
{
	if (!text.len || text.len >= WORD_MAX || tu_str_find(text, '\0') < text.len)
		return false;
	(void)snprintf(out, WORD_MAX, "%.*s", TU_STR_FMT(text));
	return true;
}

static bool folder_is_fine(struct tu_str folder)
{
	for (size_t i = 0; i < folder.len; i++)
		if (!tu_char_is_alnum(folder.ptr[i]) && !strchr("._-/", folder.ptr[i]))
			return false;
	return folder.len <= FOLDER_MAX && !tu_str_starts(folder, TU_STR("/"));
}

static enum tu_status check(
	const struct tu_imap *server, struct tu_imap_session *s, struct tu_error *err)
{
	bool v6 = tu_str_find(server->host, ':') < server->host.len;
	struct tu_str folder = server->folder.len ? server->folder : TU_STR("INBOX");

	if (!tu_smtp_host_is_fine(server->host) || !server->port || server->port > 65535)
		return tu_fail(err, TU_E_USAGE, 0, "the mailbox has no host or port");
	if (server->security == TU_SMTP_PLAIN)
		return tu_fail(err, TU_E_USAGE, 0, "a mailbox gets a password over TLS only");
	if (!folder_is_fine(folder))
		return tu_fail(err, TU_E_USAGE, 0, "the folder of the mailbox is none");
	if (!copy(server->user, s->user) || !copy(server->password, s->password))
		return tu_fail(err, TU_E_USAGE, 0, "the mailbox has no user or password");
	(void)snprintf(s->url, sizeof(s->url), "%s://%s%.*s%s:%u/%.*s",
		server->security == TU_SMTP_TLS ? "imaps" : "imap", v6 ? "[" : "",
		TU_STR_FMT(server->host), v6 ? "]" : "", server->port, TU_STR_FMT(folder));
	return TU_OK;
}

static void set_up(struct tu_imap_session *s, const struct tu_imap *server)
{
	const struct tu_curl *lib = s->lib;
	long all = server->seconds_max ? (long)server->seconds_max : ALL_S;
	struct curl_blob ca = {s->ca.ptr, s->ca.len, CURL_BLOB_COPY};

	lib->curl_easy_setopt(s->curl, CURLOPT_PROTOCOLS_STR, "imap,imaps");
	lib->curl_easy_setopt(s->curl, CURLOPT_PROXY, "");
	lib->curl_easy_setopt(s->curl, CURLOPT_NOSIGNAL, 1L);
	lib->curl_easy_setopt(s->curl, CURLOPT_CONNECTTIMEOUT, all < CONNECT_S ? all : CONNECT_S);
	lib->curl_easy_setopt(s->curl, CURLOPT_TIMEOUT, all);
	lib->curl_easy_setopt(s->curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
	lib->curl_easy_setopt(s->curl, CURLOPT_LOW_SPEED_TIME, (long)SLOW_S);
	lib->curl_easy_setopt(s->curl, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
	lib->curl_easy_setopt(s->curl, CURLOPT_USERNAME, s->user);
	lib->curl_easy_setopt(s->curl, CURLOPT_PASSWORD, s->password);
	lib->curl_easy_setopt(s->curl, CURLOPT_HEADERFUNCTION, hear);
	lib->curl_easy_setopt(s->curl, CURLOPT_HEADERDATA, s);
	lib->curl_easy_setopt(s->curl, CURLOPT_WRITEFUNCTION, take);
	lib->curl_easy_setopt(s->curl, CURLOPT_WRITEDATA, s);
	if (s->ca.len)
		lib->curl_easy_setopt(s->curl, CURLOPT_CAINFO_BLOB, &ca);
}

enum tu_status tu_imap_open(
	const struct tu_imap *server, struct tu_imap_session **out_session, struct tu_error *err)
{
	struct tu_imap_session *s = calloc(1, sizeof(*s));
	enum tu_status status = s ? check(server, s, err) : tu_no_memory(err);

	*out_session = NULL;
	if (status == TU_OK && !(s->lib = tu_curl()))
		status = tu_fail(err, TU_E_UNSUPPORTED, 0, "%s is not installed", TU_CURL_SONAME);
	if (status == TU_OK && !(s->curl = s->lib->curl_easy_init()))
		status = tu_no_memory(err);
	if (status != TU_OK) {
		tu_imap_close(s);
		return status;
	}
	tu_buf_init(&s->ca, server->ca.len + 1);
	tu_buf_str_add(&s->ca, server->ca);
	set_up(s, server);
	*out_session = s;
	return TU_OK;
}

void tu_imap_close(struct tu_imap_session *session)
{
	if (!session)
		return;
	if (session->curl)
		session->lib->curl_easy_cleanup(session->curl);
	tu_buf_done(&session->ca);
	memset(session->password, 0, sizeof(session->password));
	free(session);
}

static enum tu_status perform(struct tu_imap_session *s, const char *url, const char *command,
	struct tu_buf *to, struct tu_error *err)
{
	CURLcode code;

	tu_buf_clear(to);
	s->to = to;
	s->too_large = false;
	s->lib->curl_easy_setopt(s->curl, CURLOPT_URL, url);
	s->lib->curl_easy_setopt(s->curl, CURLOPT_CUSTOMREQUEST, command);
	code = s->lib->curl_easy_perform(s->curl);
	if (s->too_large)
		return tu_fail(err, TU_E_LIMIT, 0, "the mailbox: it is larger than it may be");
	if (code == CURLE_REMOTE_FILE_NOT_FOUND)
		return tu_fail(err, TU_E_NOTFOUND, 0, "the mailbox: there is no such message");
	if (code != CURLE_OK)
		return tu_fail(
			err, TU_E_IO, 0, "the mailbox: %s", s->lib->curl_easy_strerror(code));
	return TU_OK;
}

/* ---- listing ---- */

/* Kept in order; of more than there is room for, the lowest. */
static void put_uid(struct tu_imap_list *list, int64_t uid)
{
	size_t at = list->count;

	while (at > 0 && list->uids[at - 1] > uid)
		at--;
	if (at == TU_IMAP_LIST_MAX || (at > 0 && list->uids[at - 1] == uid))
		return;
	if (list->count < TU_IMAP_LIST_MAX)
		list->count++;
	memmove(list->uids + at + 1, list->uids + at,
		(list->count - at - 1) * sizeof(list->uids[0]));
	list->uids[at] = uid;
}

static void take_uids(struct tu_str text, int64_t after, struct tu_imap_list *list)
{
	struct tu_str line, word;

	while (tu_str_split(&text, '\n', &line)) {
		line = tu_str_trim(line);
		if (!tu_str_skip(&line, TU_STR("* SEARCH")))
			continue;
		while (tu_str_split(&line, ' ', &word)) {
			uint64_t uid = 0;

			if (word.len && tu_str_to_u64(word, UINT32_MAX, &uid) &&
				(int64_t)uid > after)
				put_uid(list, (int64_t)uid);
		}
	}
}

/* "UID n:*" always has the last message, also one below n. */
static enum tu_status search(
	struct tu_imap_session *s, int64_t after, struct tu_imap_list *list, struct tu_error *err)
{
	char command[80];
	struct tu_buf text;
	enum tu_status status;

	(void)snprintf(command, sizeof(command), "UID SEARCH UID %lld:*", (long long)after + 1);
	tu_buf_init(&text, LISTED_MAX);
	status = perform(s, s->url, command, &text, err);
	if (status == TU_OK)
		take_uids(tu_buf_str(&text), after, list);
	tu_buf_done(&text);
	return status;
}

enum tu_status tu_imap_list(struct tu_imap_session *session, int64_t uidvalidity, int64_t after,
	struct tu_imap_list *out_list, struct tu_error *err)
{
	enum tu_status status = search(session, after, out_list, err);

	out_list->uidvalidity = session->uidvalidity;
	if (status == TU_OK && !session->uidvalidity)
		return tu_fail(err, TU_E_IO, 0, "the mailbox: it has no UIDVALIDITY");
	if (status != TU_OK || session->uidvalidity == uidvalidity || !after)
		return status;
	out_list->count = 0;
	return search(session, 0, out_list, err);
}

enum tu_status tu_imap_fetch(
	struct tu_imap_session *session, int64_t uid, struct tu_buf *out, struct tu_error *err)
{
	char url[URL_MAX + 40];

	if (uid < 1 || uid > UINT32_MAX)
		return tu_fail(err, TU_E_USAGE, 0, "no number of a message");
	(void)snprintf(url, sizeof(url), "%s/;UID=%lld", session->url, (long long)uid);
	return perform(session, url, NULL, out, err);
}
