/* The mailbox for reports: what came is taken, once each. */
#include <stdio.h>

#include "base/json_writer.h"
#include "datadir/secret.h"
#include "mail/imap.h"
#include "mail/mime_read.h"
#include "portfolio/document.h"
#include "portfolio/mailbox.h"
#include "service/inside.h"
#include "service/run.h"

enum {
	MEMORY = 160 << 20, /* of a mail, what is read of it, and its packed attachments */
	SECRET_MAX = 4096,
	WORDS_MAX = 4 * TU_INBOX_TEXT_MAX,
	SECONDS = 60
};

struct taking {
	struct tu_service__run *run;
	struct tu_mailbox_settings settings;
	struct tu_mailbox_place last;
	struct tu_imap_session *session;
	struct tu_arena *arena; /* of one mail */
	struct tu_buf mail, words, secret;
	struct tu_inbox_file files[TU_INBOX_FILES];
	/* of one mail */
	struct tu_mailbox_message message;
	struct tu_inbox_report report;
	bool own, taken;
	int64_t count; /* that were taken */
};

/* ---- what a mail says, as a report ---- */

static void add_file(struct taking *t, struct tu_str name, struct tu_str bytes)
{
	t->files[t->report.file_count++] = (struct tu_inbox_file){name, bytes};
}

/* As it came: for what is encrypted, or was not understood. */
static void add_whole(struct taking *t)
{
	struct tu_str mail = tu_buf_str(&t->mail);

	if (mail.len > TU_INBOX_FILE_MAX)
		tu_buf_c(
			&t->words, "\n(It is too large to be kept whole: it is in the mailbox.)\n");
	else
		add_file(t, TU_STR("mail.eml"), mail);
}

static void add_files(struct taking *t, const struct tu_mime *mime)
{
	for (size_t i = 0; i < mime->file_count; i++) {
		const struct tu_mime_file *file = &mime->files[i];

		if (t->report.file_count == TU_INBOX_FILES || file->bytes.len > TU_INBOX_FILE_MAX)
			tu_buf_c(&t->words,
				"\n(An attachment is too large, or one too many: it "
				"is in the mailbox.)\n");
		else if (file->bytes.len)
			add_file(t, file->name, file->bytes);
	}
}

static void add_remarks(struct taking *t, const struct tu_mime *mime)
{
	if (mime->encrypted)
		tu_buf_c(&t->words, "\n(The mail is encrypted. It is attached as it came.)\n");
	if (mime->damaged)
		tu_buf_c(&t->words, "\n(A part of the mail is damaged.)\n");
	if (mime->unknown_charset)
		tu_buf_c(&t->words, "\n(A text in an unknown charset is attached.)\n");
	if (mime->automatic)
		tu_buf_c(&t->words, "\n(A program sent it: it must not be answered.)\n");
}

static enum tu_status make_report(struct taking *t, struct tu_error *err)
{
	struct tu_mime mime;
	struct tu_error why = {0};
	struct tu_str text = {0};
	enum tu_status status = tu_mime_read(t->arena, tu_buf_str(&t->mail), &mime, &why);

	if (status == TU_E_NOMEM)
		return tu_no_memory(err);
	if (status != TU_OK) {
		t->report.title = TU_STR("A mail that cannot be read");
		tu_buf_printf(&t->words, "%s\n", why.message);
		add_whole(t);
		return TU_OK;
	}
	status = tu_inbox_text(t->arena, mime.text, TU_INBOX_TEXT_MAX, &text, err);
	t->own = mime.from.len && tu_str_ieq(mime.from, t->settings.user);
	t->report.title = mime.subject;
	t->report.reporter = mime.from;
	tu_buf_str_add(&t->words, text);
	add_remarks(t, &mime);
	if (mime.encrypted)
		add_whole(t);
	else
		add_files(t, &mime);
	return status;
}

/* ---- one message ---- */

static enum tu_status keep(struct tu_work *w, void *self, struct tu_error *err)
{
	struct taking *t = self;

	return tu_mailbox_take(w, &t->message, t->own ? NULL : &t->report, &t->taken, err);
}

static enum tu_status fetch(struct taking *t, struct tu_error *err)
{
	struct tu_error why = {0};
	char number[64];
	enum tu_status status = tu_imap_fetch(t->session, t->message.place.uid, &t->mail, &why);

	if (status == TU_E_LIMIT) {
		(void)snprintf(number, sizeof(number), "too large %lld %lld",
			(long long)t->message.place.uidvalidity, (long long)t->message.place.uid);
		t->report.title = TU_STR("A mail that is too large");
		tu_buf_printf(&t->words, "It is in the mailbox, with the UID %lld.\n",
			(long long)t->message.place.uid);
		return tu_sha256(tu_str_c(number), t->message.digest);
	}
	if (status == TU_OK)
		status = tu_sha256(tu_buf_str(&t->mail), t->message.digest);
	else if (err)
		*err = why;
	return status ? status : make_report(t, err);
}

static enum tu_status store(struct taking *t, struct tu_error *err)
{
	struct tu_service *service = t->run->service;
	struct tu_packed_documents packed = {0};
	struct tu_str texts[TU_INBOX_FILES];
	struct tu_act act = {.at = tu_service_now(service), .actor = TU_STR("system:mailbox")};
	const struct tu_packing packing = {service->store, &act, texts, t->report.file_count};
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < t->report.file_count; i++)
		texts[i] = t->files[i].bytes;
	if (t->report.file_count)
		status = tu_documents_pack(&packing, t->arena, &packed, err);
	act.packed = &packed;
	t->report.text = tu_buf_str(&t->words);
	if (status == TU_OK && t->words.failed)
		status = tu_no_memory(err);
	return status ? status : tu_work_run(service->store, &act, keep, t, err);
}

static enum tu_status take_one(struct taking *t, int64_t uid, struct tu_error *err)
{
	enum tu_status status;

	t->arena = tu_arena_new(MEMORY);
	if (!t->arena)
		return tu_no_memory(err);
	tu_buf_clear(&t->words);
	t->own = t->taken = false;
	t->message.place.uid = uid;
	t->report = (struct tu_inbox_report){
		.source = TU_STR("mail"), .kind = TU_STR("other"), .files = t->files};
	status = fetch(t, err);
	if (status == TU_OK)
		status = store(t, err);
	t->count += status == TU_OK && t->taken && !t->own;
	tu_arena_free(t->arena);
	/* somebody removed it meanwhile */
	return status == TU_E_NOTFOUND ? TU_OK : status;
}

/* ---- the job ---- */

static enum tu_status read_place(struct tu_work *w, void *self, struct tu_error *err)
{
	struct taking *t = self;
	struct tu_mailbox_settings *s = &t->settings;
	struct tu_arena *arena = t->run->arena;
	enum tu_status status = tu_mailbox_settings_read(w, s, err);

	if (status == TU_OK)
		status = tu_mailbox_last(w, &t->last, err);
	if (status != TU_OK || !s->on)
		return status;
	return tu_arena_dup(arena, s->host, &s->host) && tu_arena_dup(arena, s->user, &s->user) &&
			tu_arena_dup(arena, s->security, &s->security) &&
			tu_arena_dup(arena, s->folder, &s->folder) &&
			tu_arena_dup(arena, s->ca, &s->ca)
		? TU_OK
		: tu_no_memory(err);
}

struct opening {
	const struct tu_secret_key *key;
	struct tu_buf *secret;
};

static enum tu_status read_secret(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct opening *o = self;

	tu_buf_clear(o->secret);
	return tu_secret_get(tx, o->key, TU_STR(TU_MAILBOX_SECRET), o->secret, err);
}

static enum tu_status open_mailbox(struct taking *t, struct tu_error *err)
{
	struct tu_service *service = t->run->service;
	struct tu_secret_key key = {0};
	struct opening opening = {&key, &t->secret};
	struct tu_imap server = {.host = t->settings.host,
		.port = t->settings.port,
		.user = t->settings.user,
		.folder = t->settings.folder,
		.ca = t->settings.ca,
		.seconds_max = SECONDS};
	enum tu_status status = tu_datadir_secret_key(service->dir, &key, err);

	if (status == TU_OK)
		status = tu_store_run(service->store, TU_TX_READ, read_secret, &opening, err);
	tu_secret_key_wipe(&key);
	server.password = tu_buf_str(&t->secret);
	if (status == TU_OK && !tu_smtp_security_by_name(t->settings.security, &server.security))
		status = tu_fail(err, TU_E_USAGE, 0, "the mailbox has no TLS");
	return status ? status : tu_imap_open(&server, &t->session, err);
}

static enum tu_status take_all(struct taking *t, struct tu_error *err)
{
	struct tu_imap_list list = {0};
	enum tu_status status =
		tu_imap_list(t->session, t->last.uidvalidity, t->last.uid, &list, err);

	t->message.place.uidvalidity = list.uidvalidity;
	for (size_t i = 0; i < list.count && status == TU_OK; i++) {
		status = tu_service__run_check(t->run, err);
		if (status == TU_OK)
			status = take_one(t, list.uids[i], err);
	}
	/* too many in an hour: they stay in the mailbox until the next turn */
	if (status != TU_E_BUSY)
		return status;
	tu_service__say(t->run->service, TU_SERVICE_WARNING,
		"mailbox: too many mails came in the last hour: the others wait there");
	return TU_OK;
}

enum tu_status tu_service__mailbox(struct tu_service__run *run, struct tu_error *err)
{
	struct taking t = {.run = run};
	const struct tu_act act = {.at = tu_service_now(run->service)};
	struct tu_json_writer json = tu_json_writer(&run->result, false);
	enum tu_status status = tu_work_read(run->service->store, &act, read_place, &t, err);

	tu_buf_init(&t.mail, TU_MIME_BYTES_MAX);
	tu_buf_init(&t.words, WORDS_MAX);
	tu_buf_init(&t.secret, SECRET_MAX);
	if (status == TU_OK && t.settings.on) {
		status = open_mailbox(&t, err);
		if (status == TU_OK)
			status = take_all(&t, err);
	}
	tu_imap_close(t.session);
	tu_buf_done(&t.mail);
	tu_buf_done(&t.words);
	tu_buf_done(&t.secret);
	if (status != TU_OK)
		return status;
	tu_json_open_object(&json);
	tu_json_member_int(&json, "taken", t.count);
	tu_json_close_object(&json);
	return TU_OK;
}
