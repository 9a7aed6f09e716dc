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

bool work_path(const struct work *work, const char *below, struct tu_str name, struct tu_buf *out)
{
	tu_buf_init(out, NAME_CEILING);
	tu_buf_printf(out, "%s/%s%.*s", work->folder.ptr, below, TU_STR_FMT(name));
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

/* ---- storing ---- */

/* A file as it now lies there. */
struct kept {
	uint64_t bytes;
	uint8_t sha256[TU_SHA256_BYTES];
};

static enum tu_status remember(struct work *work, const struct want *want,
	const struct tu_download_answer *answer, const struct found *found, const struct kept *kept,
	struct tu_error *err)
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
	tu_sha256_write(kept->sha256, &hex);
	file->etag = answer->etag;
	file->last_modified = answer->last_modified;
	file->records = found->records;
	file->released = want->released ? want->released : found->released;
	file->signer = want->list ? TU_STR("") : work->pin.signer;
	file->bytes = kept->bytes;
	file->seen = true;
	ok = !hex.failed && tu_arena_dup(work->arena, tu_buf_str(&hex), &file->sha256) &&
		tu_arena_dup(work->arena, want->cursor, &file->cursor);
	tu_buf_done(&hex);
	return ok ? TU_OK : tu_no_memory(err);
}

static enum tu_status store(struct work *work, const struct want *want, const char *path,
	const struct tu_download_answer *answer, const struct found *found, struct tu_error *err)
{
	struct tu_buf to;
	struct kept kept;
	enum tu_status status;

	if (!work_path(work, want->list ? "lists/" : "files/", want->name, &to))
		status = tu_no_memory(err);
	else
		status = tu_file_make_folders(to.ptr, err);
	if (status == TU_OK)
		status = tu_file_copy(path, to.ptr, &kept.bytes, kept.sha256, err);
	if (status == TU_OK)
		status = remember(work, want, answer, found, &kept, err);
	work->changed |= status == TU_OK && !want->list;
	tu_buf_done(&to);
	return status;
}

bool work_is_stored(const struct work *work, const struct tu_feed_file *file)
{
	struct tu_buf path;
	struct stat found;
	bool there = work_path(work, "", file->name, &path) && stat(path.ptr, &found) == 0 &&
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

/* May one more request be made? A source that always has one more page ends here. */
static enum tu_status check_time(struct work *work, struct tu_error *err)
{
	const struct tu_sync_hooks *hooks = &work->request->hooks;
	uint32_t limit = work->request->config->source_s;
	uint64_t now;

	if (work_stopped(work))
		return tu_fail(err, TU_E_IO, 0, "stopped");
	if (!hooks->elapsed)
		return TU_OK;
	now = hooks->elapsed(hooks->context);
	if (work->requests == 1)
		work->begun_ms = now;
	if (now - work->begun_ms < (uint64_t)limit * 1000)
		return TU_OK;
	return tu_fail(err, TU_E_LIMIT, 0,
		"not all is there after %u s, the limit of one source (source_time_limit); the "
		"next run goes on",
		limit);
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
		status = check_time(work, err);
		if (status == TU_OK)
			status = tu_download(work->downloader, work->arena, &request, answer, err);
	}
	tu_buf_done(&mirrored);
	return status;
}

enum tu_status work_fetch(
	struct work *work, const struct want *want, enum outcome *out_outcome, struct tu_error *err)
{
	struct tu_download_answer answer = {0};
	struct tu_feed_file *old = stored(work, want);
	struct found found;
	struct tu_buf path;
	enum tu_status status;

	*out_outcome = WANT_FAILED;
	if (!work_path(work, "incoming/", work_item_name(work, want->name), &path)) {
		tu_buf_done(&path);
		return tu_no_memory(err);
	}
	status = tu_file_make_folders(path.ptr, err);
	if (status == TU_OK)
		status = download(work, want, old, path.ptr, &answer, err);
	work->received += answer.received;
	work->message = answer.message;
	if (status == TU_OK && answer.not_modified) {
		*out_outcome = WANT_UNCHANGED;
		if (old)
			old->seen = true;
		tu_buf_done(&path);
		return TU_OK;
	}
	if (status == TU_OK) {
		const struct arrival came = {want, path.ptr, &answer};

		status = work_check(work, &came, &found, err);
		if (status == TU_OK)
			status = store(work, want, path.ptr, &answer, &found, err);
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
	status = work_path(work, "lists/", name, &path)
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
	struct tu_str cursor, struct tu_error *err)
{
	const struct want want = {.name = name, .cursor = cursor};
	const struct tu_download_answer answer = {0};
	struct found found;
	struct tu_buf path;
	enum tu_status status;

	if (!work_path(work, "lists/", list, &path))
		status = tu_no_memory(err);
	else
		status = work_check_records(work, &want, path.ptr, &found, err);
	if (status == TU_OK)
		status = store(work, &want, path.ptr, &answer, &found, err);
	tu_buf_done(&path);
	return status;
}

enum tu_status work_reread(struct work *work, const struct want *want, struct tu_error *err)
{
	struct found found;
	struct tu_buf path;
	enum tu_status status = work_path(work, "files/", want->name, &path)
		? work_check_records(work, want, path.ptr, &found, err)
		: tu_no_memory(err);

	tu_buf_done(&path);
	return status;
}

void work_drop(struct work *work, struct tu_feed_file *file)
{
	struct tu_buf path;

	if (work_path(work, "", file->name, &path))
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
	if (!work_path(work, "state.json", TU_STR(""), &path) || text.failed)
		status = tu_no_memory(err);
	else
		status = tu_file_make_folders(path.ptr, err);
	if (status == TU_OK)
		status = tu_file_write(path.ptr, tu_buf_str(&text), err);
	tu_buf_done(&path);
	tu_buf_done(&text);
	return status;
}
