/*
 * Is what came whole? What its source states of it (size, digest, signature, number of entries),
 * its form, and what is already stored: a copy that is older, or without a large share of the
 * records, is not believed. docs/internals/feed.md, "What is checked".
 */
#define _XOPEN_SOURCE 700
#include "feed/work.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/hex.h"
#include "base/input.h"
#include "base/time.h"
#include "feed/openpgp.h"

enum { SNIFFED = 512, SERVERS_DIFFER_S = 3600 };

/* ---- what came ---- */

/* What a server says to people instead of what was asked for. */
static enum tu_status refuse_html(const char *path, struct tu_error *err)
{
	char bytes[SNIFFED];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, bytes, sizeof(bytes));
	struct tu_str text;

	if (fd >= 0)
		(void)close(fd);
	if (got < 0)
		return tu_fail(err, TU_E_IO, 0, "cannot be read back");
	if (got == 0)
		return tu_fail(err, TU_E_SYNTAX, 0, "the server sent nothing");
	text = tu_str_trim(tu_str_of(bytes, (size_t)got));
	(void)tu_str_skip(&text, TU_STR("\xef\xbb\xbf"));
	if (tu_str_istarts(text, TU_STR("<!doctype")) || tu_str_istarts(text, TU_STR("<html")) ||
		tu_str_istarts(text, TU_STR("<head")) || tu_str_istarts(text, TU_STR("<body")))
		return tu_fail(
			err, TU_E_SYNTAX, 0, "the server sent a web page (HTML) in place of data");
	return TU_OK;
}

static enum tu_status check_hex(
	const char *path, const char *algorithm, struct tu_str stated, struct tu_error *err)
{
	uint8_t digest[64];
	size_t len;
	struct tu_buf text;
	enum tu_status status;

	if (stated.len == 0)
		return TU_OK;
	status = tu_file_digest(path, algorithm, digest, &len, err);
	if (status != TU_OK)
		return status;
	tu_buf_init(&text, 256);
	tu_hex_write(digest, len, &text);
	if (text.failed)
		status = tu_no_memory(err);
	else if (!tu_str_ieq(tu_buf_str(&text), stated))
		status = tu_fail(err, TU_E_CORRUPT, 0,
			"its %s is not the one that the source states", algorithm);
	tu_buf_done(&text);
	return status;
}

static enum tu_status check_md5(const char *path, struct tu_str stated, struct tu_error *err)
{
	uint8_t digest[TU_FILE_DIGEST_MAX];
	uint8_t wanted[16];
	size_t len;
	enum tu_status status;

	if (stated.len == 0)
		return TU_OK;
	status = tu_file_digest(path, "MD5", digest, &len, err);
	if (status == TU_OK &&
		(!tu_base64_read(stated, wanted, sizeof(wanted)) ||
			memcmp(wanted, digest, sizeof(wanted)) != 0))
		status = tu_fail(
			err, TU_E_CORRUPT, 0, "its MD5 is not the one that the store states");
	return status;
}

/* Reading a document to see that it is one. */
struct reading {
	struct work *work;
	struct tu_feed_summary summary;
	const struct want *want;
	struct found found;
	enum tu_status status;
	struct tu_error first; /* what was wrong */
};

static enum tu_status count_advisory(
	void *context, const struct tu_advisory *advisory, struct tu_error *err)
{
	struct reading *r = context;

	r->found.records++;
	if (r->want->each && !r->want->each(r->want->self, advisory))
		return tu_no_memory(err);
	return work_stopped(r->work) ? tu_fail(err, TU_E_IO, 0, "stopped") : TU_OK;
}

static void pass_problem(void *context, struct tu_str where, struct tu_str what)
{
	(void)context, (void)where, (void)what;
}

/* A document has as many entries as it says. */
static enum tu_status check_statement(struct reading *r, struct tu_error *err)
{
	const struct tu_feed_summary *s = &r->summary;

	if (s->released > r->found.released)
		r->found.released = s->released;
	if (s->stated == TU_FEED_NOT_STATED || s->stated == s->entries)
		return TU_OK;
	return tu_fail(err, TU_E_CORRUPT, 0, "it says that it has %zu entries, and has %zu",
		s->stated, s->entries);
}

static enum tu_status check_document(
	void *context, struct tu_str name, struct tu_str text, struct tu_error *err)
{
	struct reading *r = context;
	const struct tu_advisory_sink sink = {count_advisory, pass_problem, r};
	struct tu_str wanted = r->work->source->form;
	struct tu_error own = {0};
	uint64_t before = r->found.records;
	enum tu_status status;

	status = tu_advisory_read(r->work->reader, name, text, &sink, &r->summary, &own);
	if (status == TU_E_NOMEM || status == TU_E_IO) {
		*err = own;
		return status;
	}
	if (status == TU_OK)
		status = check_statement(r, &own);
	if (status == TU_OK && wanted.len && r->found.records > before &&
		!tu_str_eq(wanted, tu_str_c(tu_feed_form_name(r->summary.form))))
		status = tu_fail(&own, TU_E_UNSUPPORTED, 0, "its form is %s, not %.*s",
			tu_feed_form_name(r->summary.form), TU_STR_FMT(wanted));
	else if (status == TU_E_UNSUPPORTED)
		return TU_OK; /* an archive also has other things; no record at all is judged
				 below */
	if (status != TU_OK && r->status == TU_OK) {
		r->status = status;
		r->first = own;
	}
	return TU_OK;
}

static void take_broken(void *context, struct tu_str name, const struct tu_error *problem)
{
	struct reading *r = context;
	(void)name;

	if (r->status == TU_OK) {
		r->status = problem->status;
		r->first = *problem;
	}
}

enum tu_status work_check_records(struct work *work, const struct want *want, const char *path,
	struct found *out_found, struct tu_error *err)
{
	struct reading r = {.work = work, .want = want};
	const struct tu_input_walk walk = {
		.visit = check_document, .problem = take_broken, .context = &r};
	enum tu_status status = tu_input_each(path, &walk, err);

	*out_found = r.found;
	if (status != TU_OK)
		return status;
	if (r.status != TU_OK)
		return tu_fail(err, r.status, 0, "%s", r.first.message);
	if (r.found.records == 0 && !want->may_be_empty)
		return tu_fail(err, TU_E_SYNTAX, 0, "no record of the form %.*s is in it",
			TU_STR_FMT(work->source->form.len ? work->source->form
							  : TU_STR("of an advisory")));
	return TU_OK;
}

/* Asked for every document, so that no way to one leads past it. */
static enum tu_status check_signature(
	struct work *work, const struct want *want, const char *path, struct tu_error *err)
{
	struct tu_buf folder;
	enum tu_status status;

	if (want->list || work->source->openpgp_key.len == 0)
		return TU_OK;
	if (want->signature.len == 0 || work->pin.keyring.len == 0)
		return tu_fail(err, TU_E_CORRUPT, 0, "it has no OpenPGP signature");
	status = work_path(work, "incoming", TU_STR(""), &folder)
		? tu_openpgp_verify(work->pin.gpgv, folder.ptr, tu_buf_str(&work->pin.keyring),
			  want->signature, path, err)
		: tu_no_memory(err);
	tu_buf_done(&folder);
	return status;
}

/* ---- beside what is stored ---- */

bool work_is_loss(uint64_t before, uint64_t now, uint32_t percent)
{
	return now < before && (double)(before - now) * 100.0 > (double)before * percent;
}

enum tu_status work_check_loss(const struct work *work, uint64_t before, uint64_t now,
	const char *what, struct tu_error *err)
{
	if (!work_is_loss(before, now, work->source->loss_max))
		return TU_OK;
	return tu_fail(err, TU_E_CORRUPT, 0,
		"%llu %s, where %llu were before: more than the %u %% that may go at once "
		"(max_loss of [%.*s]); what is stored stays",
		(unsigned long long)now, what, (unsigned long long)before, work->source->loss_max,
		TU_STR_FMT(work->source->name));
}

enum tu_status work_check_age(int64_t now, int64_t before, struct tu_error *err)
{
	struct tu_buf a, b;

	if (now == 0 || now >= before)
		return TU_OK;
	tu_buf_init(&a, 64);
	tu_buf_init(&b, 64);
	tu_time_write(now, &a);
	tu_time_write(before, &b);
	(void)tu_fail(err, TU_E_CORRUPT, 0,
		"an older one (%.*s) than what is stored (%.*s), which stays",
		TU_STR_FMT(tu_buf_str(&a)), TU_STR_FMT(tu_buf_str(&b)));
	tu_buf_done(&a);
	tu_buf_done(&b);
	return TU_E_CORRUPT;
}

/* Of documents that have no date the server's: copies on several servers may differ a little. */
static enum tu_status check_last_modified(const struct tu_feed_file *old,
	const struct tu_download_answer *answer, struct tu_error *err)
{
	int64_t now, before;

	if (!tu_http_date(answer->last_modified, &now) ||
		!tu_http_date(old->last_modified, &before))
		return TU_OK;
	return work_check_age(now + SERVERS_DIFFER_S, before, err);
}

/* When its maker issued what is stored; a version of the program before this one did not keep it.
 */
static int64_t released_before(struct work *work, const struct tu_feed_file *old)
{
	const struct want plain = {.may_be_empty = true};
	struct found stored = {.released = old->released};
	struct tu_buf path;

	if (stored.released)
		return stored.released;
	if (!work_path(work, "", old->name, &path) ||
		work_check_records(work, &plain, path.ptr, &stored, NULL) != TU_OK)
		stored.released = 0;
	tu_buf_done(&path);
	return stored.released;
}

static enum tu_status check_beside(struct work *work, const struct want *want,
	const struct tu_download_answer *answer, const struct found *found, struct tu_error *err)
{
	const struct tu_feed_file *old = tu_feed_state_find(
		&work->state, work_text(work, "files/%.*s", TU_STR_FMT(want->name)));
	enum tu_status status;

	if (!old || want->varies)
		return TU_OK;
	status = work_check_loss(work, old->records, found->records, "records", err);
	if (status != TU_OK)
		return status;
	return found->released ? work_check_age(found->released, released_before(work, old), err)
			       : check_last_modified(old, answer, err);
}

enum tu_status work_check(struct work *work, const struct arrival *came, struct found *out_found,
	struct tu_error *err)
{
	const struct want *want = came->want;
	const struct tu_download_answer *answer = came->answer;
	const char *path = came->path;
	enum tu_status status = TU_OK;

	*out_found = (struct found){0};
	if (want->bytes && want->bytes != answer->bytes)
		return tu_fail(err, TU_E_CORRUPT, 0, "%llu bytes, the source states %llu",
			(unsigned long long)answer->bytes, (unsigned long long)want->bytes);
	status = check_hex(path, "SHA256", want->sha256, err);
	if (status == TU_OK)
		status = check_hex(path, "SHA512", want->sha512, err);
	if (status == TU_OK && !want->compress)
		status = check_md5(path, answer->md5, err);
	if (status == TU_OK)
		status = refuse_html(path, err);
	if (status == TU_OK)
		status = check_signature(work, want, path, err);
	if (status == TU_OK && want->unwrap)
		status = tu_file_unwrap(path, work->source->bytes_max, err);
	if (status == TU_OK && !want->list)
		status = work_check_records(work, want, path, out_found, err);
	if (status == TU_OK && !want->list)
		status = check_beside(work, want, answer, out_found, err);
	return status;
}
