#define _XOPEN_SOURCE 700
#include "feed/work.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/input.h"
#include "feed/openpgp.h"

enum { NAME_CEILING = 8192, LIST_MAX = 256 * 1024 * 1024, SNIFFED = 512 };

static bool path_of(const struct work *work, const char *below, struct tu_str name,
	const char *ending, struct tu_buf *out)
{
	tu_buf_init(out, NAME_CEILING);
	tu_buf_printf(out, "%s/%s%.*s%s", work->folder.ptr, below, TU_STR_FMT(name), ending);
	tu_buf_byte(out, '\0');
	return !out->failed;
}

/* ---- rules about URLs ---- */

enum tu_status work_check_url(const struct work *work, struct tu_str url, struct tu_error *err)
{
	struct tu_url own, other;
	enum tu_status status = tu_url_parse(work->source->url, &own, err);

	if (status == TU_OK)
		status = tu_url_parse(url, &other, err);
	if (status != TU_OK || tu_url_same_host(&own, &other))
		return status;
	if (tu_url_is_private(other.host) && !tu_url_is_private(own.host))
		return tu_fail(err, TU_E_UNSUPPORTED, 0,
			"%.*s: points to this machine or a private network; not followed",
			TU_STR_FMT(tu_str_first(url, 160)));
	if (!tu_url_is_listed(work->source->hosts, other.host))
		return tu_fail(err, TU_E_UNSUPPORTED, 0,
			"%.*s: points to another host than %.*s; not followed (\"hosts\" allows "
			"it)",
			TU_STR_FMT(tu_str_first(url, 140)), TU_STR_FMT(own.host));
	return TU_OK;
}

/* Is this host the user's own word, so that any address is fine? */
static bool is_own_host(const struct work *work, const struct tu_url *url)
{
	const struct tu_feed_source *source = work->source;
	struct tu_url own;

	if (work->request->config->mirror.len)
		return true;
	return source->own && tu_url_parse(source->url, &own, NULL) == TU_OK &&
		(tu_url_same_host(&own, url) || tu_url_is_listed(source->hosts, url->host));
}

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
	status = tu_store_digest(path, algorithm, digest, &len, err);
	if (status != TU_OK)
		return status;
	tu_buf_init(&text, 256);
	for (size_t i = 0; i < len; i++)
		tu_buf_printf(&text, "%02x", digest[i]);
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
	uint8_t digest[TU_STORE_DIGEST_MAX];
	uint8_t wanted[16];
	size_t len;
	enum tu_status status;

	if (stated.len == 0)
		return TU_OK;
	status = tu_store_digest(path, "MD5", digest, &len, err);
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
	uint64_t records;
	uint64_t documents;
	enum tu_status status;
	struct tu_error first; /* what was wrong */
};

static enum tu_status count_advisory(
	void *context, const struct tu_advisory *advisory, struct tu_error *err)
{
	struct reading *r = context;
	(void)advisory;

	r->records++;
	return work_stopped(r->work) ? tu_fail(err, TU_E_IO, 0, "stopped") : TU_OK;
}

static void pass_problem(void *context, struct tu_str where, struct tu_str what)
{
	(void)context, (void)where, (void)what;
}

static enum tu_status check_document(
	void *context, struct tu_str name, struct tu_str text, struct tu_error *err)
{
	struct reading *r = context;
	const struct tu_advisory_sink sink = {count_advisory, pass_problem, r};
	struct tu_str wanted = r->work->source->form;
	struct tu_error own = {0};
	uint64_t before = r->records;
	enum tu_status status;

	r->documents++;
	status = tu_advisory_read(r->work->reader, name, text, &sink, &r->summary, &own);
	if (status == TU_E_NOMEM || status == TU_E_IO) {
		*err = own;
		return status;
	}
	if (status == TU_OK && wanted.len && r->records > before &&
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

static enum tu_status check_records(struct work *work, const struct want *want, const char *path,
	uint64_t *out_records, struct tu_error *err)
{
	struct reading r = {.work = work};
	const struct tu_input_walk walk = {
		.visit = check_document, .problem = take_broken, .context = &r};
	enum tu_status status = tu_input_each(path, &walk, err);

	*out_records = r.records;
	if (status != TU_OK)
		return status;
	if (r.status != TU_OK)
		return tu_fail(err, r.status, 0, "%s", r.first.message);
	if (r.records == 0 && want->records_stated != 0)
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
	status = path_of(work, "incoming", TU_STR(""), "", &folder)
		? tu_openpgp_verify(work->pin.gpgv, folder.ptr, tu_buf_str(&work->pin.keyring),
			  want->signature, path, err)
		: tu_no_memory(err);
	tu_buf_done(&folder);
	return status;
}

static enum tu_status check(struct work *work, const struct want *want, const char *path,
	const struct tu_download_answer *answer, uint64_t *out_records, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	*out_records = 0;
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
		status = tu_store_unwrap(path, work->source->bytes_max, err);
	if (status == TU_OK && !want->list)
		status = check_records(work, want, path, out_records, err);
	return status;
}

/* ---- storing ---- */

static enum tu_status remember(struct work *work, const struct want *want,
	const struct tu_download_answer *answer, uint64_t records, uint64_t bytes,
	const uint8_t *sha256, struct tu_error *err)
{
	struct tu_str name =
		work_text(work, "%s%.*s", want->list ? "lists/" : "files/", TU_STR_FMT(want->name));
	struct tu_feed_file *file =
		tu_feed_file_name_ok(name) ? tu_feed_state_file(&work->state, name) : NULL;
	struct tu_buf hex;
	bool ok;

	if (!file)
		return tu_fail(err, TU_E_LIMIT, 0, "too many files, or no name for one: %.*s",
			TU_STR_FMT(want->name));
	tu_buf_init(&hex, 128);
	tu_sha256_write(sha256, &hex);
	file->etag = answer->etag;
	file->last_modified = answer->last_modified;
	file->records = records;
	file->signer = want->list ? TU_STR("") : work->pin.signer;
	file->bytes = bytes;
	file->seen = true;
	ok = !hex.failed && tu_arena_dup(work->arena, tu_buf_str(&hex), &file->sha256) &&
		tu_arena_dup(work->arena, want->cursor, &file->cursor);
	tu_buf_done(&hex);
	return ok ? TU_OK : tu_no_memory(err);
}

static enum tu_status store(struct work *work, const struct want *want, const char *path,
	const struct tu_download_answer *answer, uint64_t records, struct tu_error *err)
{
	struct tu_buf to;
	uint8_t sha256[TU_SHA256_BYTES];
	uint64_t bytes;
	enum tu_status status;

	if (!path_of(work, want->list ? "lists/" : "files/", want->name, "", &to))
		status = tu_no_memory(err);
	else
		status = tu_store_make_folders(to.ptr, err);
	if (status == TU_OK)
		status = tu_store_copy(path, to.ptr, &bytes, sha256, err);
	if (status == TU_OK)
		status = remember(work, want, answer, records, bytes, sha256, err);
	work->changed |= status == TU_OK && !want->list;
	tu_buf_done(&to);
	return status;
}

bool work_is_stored(const struct work *work, const struct tu_feed_file *file)
{
	struct tu_buf path;
	struct stat found;
	bool there = path_of(work, "", file->name, "", &path) && stat(path.ptr, &found) == 0 &&
		(uint64_t)found.st_size == file->bytes;

	tu_buf_done(&path);
	return there;
}

static struct tu_feed_file *stored(struct work *work, const struct want *want)
{
	return tu_feed_state_find(&work->state,
		work_text(
			work, "%s%.*s", want->list ? "lists/" : "files/", TU_STR_FMT(want->name)));
}

static enum tu_status download(struct work *work, const struct want *want, struct tu_feed_file *old,
	const char *path, struct tu_download_answer *answer, struct tu_error *err)
{
	const struct tu_feed_source *source = work->source;
	struct tu_str mirror = work->request->config->mirror;
	struct tu_str url_text = want->url;
	struct tu_url url;
	struct tu_buf mirrored;
	enum tu_status status = work_check_url(work, want->url, err);

	if (status != TU_OK)
		return status;
	tu_buf_init(&mirrored, (size_t)2 * TU_URL_MAX);
	status = tu_url_parse(want->url, &url, err);
	if (status == TU_OK && mirror.len) {
		tu_url_mirror(mirror, &url, &mirrored);
		url_text = tu_buf_str(&mirrored);
		status = mirrored.failed ? tu_fail(err, TU_E_LIMIT, 0, "too long a URL") : TU_OK;
	}
	if (status == TU_OK) {
		const struct tu_download_request request = {.url = url_text,
			.path = path,
			.etag = old && want->conditional ? old->etag : TU_STR(""),
			.last_modified = old && want->conditional ? old->last_modified : TU_STR(""),
			.header = source->key.len
				? work_text(work, "apiKey: %.*s", TU_STR_FMT(source->key))
				: TU_STR(""),
			.accept = want->list ? TU_STR("") : TU_STR("*/*"),
			.hosts = source->hosts,
			.bytes_max = source->bytes_max,
			.private_host = is_own_host(work, &url),
			.compress = want->compress,
			.patient_403 = source->method == TU_FEED_BY_NVD};

		if (work->requests++ && work->request->hooks.pause)
			work->request->hooks.pause(work->request->hooks.context,
				source->key.len && source->keyed_delay_ms ? source->keyed_delay_ms
									  : source->delay_ms);
		status = work_stopped(work)
			? tu_fail(err, TU_E_IO, 0, "stopped")
			: tu_download(work->downloader, work->arena, &request, answer, err);
	}
	tu_buf_done(&mirrored);
	return status;
}

enum tu_status work_fetch(
	struct work *work, const struct want *want, enum outcome *out_outcome, struct tu_error *err)
{
	struct tu_download_answer answer = {0};
	struct tu_feed_file *old = stored(work, want);
	uint64_t records;
	struct tu_buf path;
	enum tu_status status;

	*out_outcome = WANT_FAILED;
	if (!path_of(work, "incoming/", work_item_name(work, want->name), "", &path)) {
		tu_buf_done(&path);
		return tu_no_memory(err);
	}
	status = tu_store_make_folders(path.ptr, err);
	if (status == TU_OK)
		status = download(work, want, old, path.ptr, &answer, err);
	work->received += answer.received;
	if (status == TU_OK && answer.not_modified) {
		*out_outcome = WANT_UNCHANGED;
		if (old)
			old->seen = true;
		tu_buf_done(&path);
		return TU_OK;
	}
	if (status == TU_OK) {
		status = check(work, want, path.ptr, &answer, &records, err);
		if (status == TU_OK)
			status = store(work, want, path.ptr, &answer, records, err);
		(void)unlink(path.ptr);
		if (status != TU_OK)
			(void)tu_error_in_file(
				err, "%.*s", TU_STR_FMT(tu_str_first(want->url, 140)));
	}
	tu_buf_done(&path);
	if (status == TU_OK)
		*out_outcome = WANT_STORED;
	return status;
}

/* ---- what is stored ---- */

enum tu_status work_read_list(struct work *work, struct tu_str name, struct tu_error *err)
{
	struct tu_buf path;
	enum tu_status status;

	tu_buf_done(&work->document);
	tu_buf_init(&work->document, LIST_MAX);
	status = path_of(work, "lists/", name, "", &path)
		? tu_input_read(path.ptr, &work->document, err)
		: tu_no_memory(err);
	tu_buf_done(&path);
	return status;
}

enum tu_status work_parse_list(
	struct work *work, struct tu_str name, struct tu_json *out_root, struct tu_error *err)
{
	const struct tu_json_limits limits = {.depth = 64, .padded = true};
	enum tu_status status = work_read_list(work, name, err);

	if (status == TU_OK)
		status = tu_json_parse(
			work->json, tu_buf_str(&work->document), &limits, out_root, err);
	if (status == TU_OK && !tu_json_is_object(*out_root))
		status = tu_fail(err, TU_E_SYNTAX, 0, "not a JSON object");
	if (status != TU_OK) {
		/* so that the next sync asks for it again */
		struct tu_feed_file *file = tu_feed_state_find(
			&work->state, work_text(work, "lists/%.*s", TU_STR_FMT(name)));

		if (file)
			work_drop(work, file);
		return tu_error_in_file(err, "%.*s", TU_STR_FMT(name));
	}
	return status;
}

enum tu_status work_fetch_index(struct work *work, struct tu_str url, struct tu_str name,
	struct tu_json *out_root, struct tu_error *err)
{
	const struct want want = {
		.url = url, .name = name, .list = true, .conditional = true, .compress = true};
	enum outcome outcome;
	enum tu_status status = work_fetch(work, &want, &outcome, err);

	return status == TU_OK ? work_parse_list(work, name, out_root, err) : status;
}

enum tu_status work_adopt(struct work *work, struct tu_str list, struct tu_str name,
	uint64_t records, struct tu_error *err)
{
	const struct want want = {.name = name, .records_stated = records};
	const struct tu_download_answer answer = {0};
	uint64_t understood;
	struct tu_buf path;
	enum tu_status status;

	if (!path_of(work, "lists/", list, "", &path))
		status = tu_no_memory(err);
	else
		status = check_records(work, &want, path.ptr, &understood, err);
	if (status == TU_OK)
		status = store(work, &want, path.ptr, &answer, understood, err);
	tu_buf_done(&path);
	return status;
}

void work_drop(struct work *work, struct tu_feed_file *file)
{
	struct tu_buf path;

	if (path_of(work, "", file->name, "", &path))
		(void)unlink(path.ptr);
	tu_buf_done(&path);
	work->changed |= tu_str_starts(file->name, TU_STR("files/"));
	file->gone = true;
}

enum tu_status work_save(struct work *work, struct tu_error *err)
{
	struct tu_buf text, path;
	enum tu_status status;

	if (work->changed)
		work->state.last_change = work->request->now;
	tu_buf_init(&text, TU_FEED_STATE_BYTES_MAX);
	tu_feed_state_write(&work->state, &text);
	if (!path_of(work, "state.json", TU_STR(""), "", &path) || text.failed)
		status = tu_no_memory(err);
	else
		status = tu_store_make_folders(path.ptr, err);
	if (status == TU_OK)
		status = tu_store_write(path.ptr, tu_buf_str(&text), err);
	tu_buf_done(&path);
	tu_buf_done(&text);
	return status;
}
