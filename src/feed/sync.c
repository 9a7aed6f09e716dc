#define _XOPEN_SOURCE 700
#include "feed/curl.h"
#include "feed/sync.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "base/input.h"
#include "base/time.h"
#include "feed/openpgp.h"
#include "feed/work.h"

enum {
	THREADS_MAX = 6,
	NAME_CEILING = 8192,
	TOLD_BYTES = 20 * 1000000,
	KEYRING_MAX = 4 * 1024 * 1024
};

/* Memory for what one source's sync remembers: names, URLs, validators. */
#define WORK_MEMORY_MAX ((size_t)1 << 30)

/* A source in this run, and what came of it. */
struct job {
	struct run *run;
	const struct tu_feed_source *source;
	struct work work;
	bool asked;
	bool ready; /* the state was read, or is new */
	struct tu_error failure;
	enum tu_status status;
};

struct run {
	const struct tu_sync_request *request;
	struct tu_arena *arena; /* of the caller */
	struct job *jobs;
	size_t count;
	size_t next; /* job that no thread has taken yet */
	pthread_mutex_t lock; /* over `next` and the hook `tell` */
};

/* ---- the lock ---- */

enum tu_status tu_sync_lock(const char *folder, int *out_fd, struct tu_error *err)
{
	struct tu_buf path;
	enum tu_status status;

	*out_fd = -1;
	tu_buf_init(&path, NAME_CEILING);
	tu_buf_printf(&path, "%s/lock", folder);
	tu_buf_byte(&path, '\0');
	status = path.failed ? tu_fail(err, TU_E_IO, 0, "%s: too long a name", folder)
			     : tu_file_make_folders(path.ptr, err);
	if (status == TU_OK) {
		*out_fd = open(path.ptr, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (*out_fd < 0)
			status = tu_fail(err, TU_E_IO, 0, "%s: cannot be written: %s", path.ptr,
				strerror(errno));
		else if (flock(*out_fd, LOCK_EX | LOCK_NB) != 0)
			status = tu_fail(
				err, TU_E_IO, 0, "%s: another sync or import is at work", path.ptr);
	}
	if (status != TU_OK && *out_fd >= 0) {
		(void)close(*out_fd);
		*out_fd = -1;
	}
	tu_buf_done(&path);
	return status;
}

void tu_sync_unlock(int fd)
{
	if (fd >= 0)
		(void)close(fd);
}

/* ---- one source ---- */

static void tell(struct work *work, struct tu_str what)
{
	struct job *job = (struct job *)(void *)((char *)work - offsetof(struct job, work));
	const struct tu_sync_hooks *hooks = &work->request->hooks;

	if (!hooks->tell)
		return;
	(void)pthread_mutex_lock(&job->run->lock);
	hooks->tell(hooks->context, work->source->name, what);
	(void)pthread_mutex_unlock(&job->run->lock);
}

static enum tu_status read_state(struct work *work, struct tu_error *err)
{
	struct tu_buf path, text;
	struct tu_error own = {0};
	enum tu_status status;

	tu_buf_init(&path, NAME_CEILING);
	tu_buf_init(&text, TU_FEED_STATE_BYTES_MAX);
	tu_buf_printf(&path, "%s/state.json", work->folder.ptr);
	tu_buf_byte(&path, '\0');
	status = path.failed ? TU_E_NOMEM : tu_input_read(path.ptr, &text, &own);
	if (status == TU_OK)
		status = tu_feed_state_read(tu_buf_str(&text), &work->state, &own);
	tu_buf_done(&path);
	tu_buf_done(&text);
	if (status == TU_OK || status == TU_E_NOTFOUND)
		return TU_OK;
	if (status == TU_E_NOMEM)
		return tu_no_memory(err);
	/* a state that is damaged is no state: everything is fetched again */
	(void)tu_error_flatten(&own);
	work_tell(work, "its state is not readable and is begun again: %s", own.message);
	tu_feed_state_done(&work->state);
	return tu_feed_state_init(work->arena, &work->state) ? TU_OK : tu_no_memory(err);
}

/* ---- the pinned key ---- */

static enum tu_status read_key(struct work *work, struct tu_error *err)
{
	struct tu_str path = work_text(work, "%.*s%c", TU_STR_FMT(work->source->openpgp_key), '\0');
	uint8_t digest[TU_SHA256_BYTES];
	struct tu_buf text, hex;
	enum tu_status status;

	tu_buf_init(&text, KEYRING_MAX);
	tu_buf_init(&hex, 128);
	status = path.len ? tu_input_read(path.ptr, &text, err) : tu_no_memory(err);
	if (status == TU_OK) {
		status =
			tu_openpgp_read(tu_buf_str(&text), TU_OPENPGP_KEY, &work->pin.keyring, err);
		if (status != TU_OK)
			(void)tu_error_prefix(err, "openpgp_key %s", path.ptr);
	}
	if (status == TU_OK)
		status = tu_sha256(tu_buf_str(&work->pin.keyring), digest);
	if (status == TU_OK) {
		tu_sha256_write(digest, &hex);
		if (hex.failed || !tu_arena_dup(work->arena, tu_buf_str(&hex), &work->pin.signer))
			status = tu_no_memory(err);
	}
	tu_buf_done(&text);
	tu_buf_done(&hex);
	return status;
}

/* A key that cannot be used makes the source fail when it is asked, not the whole run. */
static void open_pin(struct work *work)
{
	struct tu_error *problem = &work->pin.problem;

	tu_buf_init(&work->pin.keyring, KEYRING_MAX);
	if (work->source->openpgp_key.len == 0 || read_key(work, problem) != TU_OK)
		return;
	work->pin.gpgv = tu_openpgp_gpgv();
	if (!work->pin.gpgv)
		(void)tu_fail(problem, TU_E_NOTFOUND, 0,
			"a key is pinned, but gpgv, which verifies signatures, is not installed "
			"(Debian's package gpgv): no document is taken");
}

/* Was a document stored without the word of the key that is pinned now? While that key cannot be
 * read, the word of any key that was pinned counts. */
static bool is_unvouched(const struct work *work, const struct tu_feed_file *file)
{
	if (work->source->openpgp_key.len == 0 || !tu_str_starts(file->name, TU_STR("files/")))
		return false;
	return file->signer.len == 0 ||
		(work->pin.signer.len && !tu_str_eq(file->signer, work->pin.signer));
}

/* ---- what is stored ---- */

/* Documents that somebody deleted or changed, or that the pinned key has not vouched for: a source
 * that has no such mark has not been fetched. */
static void forget_missing(struct work *work)
{
	struct tu_feed_state *state = &work->state;
	bool lost = false;

	for (size_t i = 0; i < state->files.count; i++) {
		struct tu_feed_file *file = &state->files.at[i];

		if (work_is_stored(work, file) && !is_unvouched(work, file))
			continue;
		lost |= tu_str_starts(file->name, TU_STR("files/"));
		work_drop(work, file);
	}
	if (!lost)
		return;
	work_tell(work,
		"stored documents are missing, or not signed by the pinned key: they are "
		"fetched again");
	state->last_success = 0;
	state->cursor = state->begun = TU_STR("");
	state->next = 0;
}

static enum tu_status open_work(struct job *job, struct tu_error *err)
{
	struct work *work = &job->work;
	const struct tu_sync_request *request = job->run->request;

	*work = (struct work){.request = request,
		.source = job->source,
		.arena = tu_arena_new(WORK_MEMORY_MAX),
		.tell = tell};
	tu_buf_init(&work->folder, NAME_CEILING);
	tu_buf_printf(&work->folder, "%s/%.*s", request->folder, TU_STR_FMT(job->source->name));
	tu_buf_byte(&work->folder, '\0');
	if (!work->arena || work->folder.failed || !tu_feed_state_init(work->arena, &work->state))
		return tu_no_memory(err);
	if (read_state(work, err) != TU_OK)
		return err->status;
	open_pin(work);
	forget_missing(work);
	return TU_OK;
}

static void close_work(struct work *work)
{
	tu_feed_state_done(&work->state);
	tu_downloader_free(work->downloader);
	tu_advisory_reader_free(work->reader);
	tu_json_parser_free(work->json);
	tu_buf_done(&work->folder);
	tu_buf_done(&work->document);
	tu_buf_done(&work->pin.keyring);
	tu_arena_free(work->arena);
	*work = (struct work){0};
}

/* A long download says now and then how far it is. */
static void tell_bytes(void *context, uint64_t bytes, uint64_t total)
{
	struct work *work = context;

	if (bytes < work->told)
		work->told = 0;
	if (bytes < work->told + TOLD_BYTES)
		return;
	work->told = bytes;
	if (total)
		work_tell(work, "%llu of %llu MB", (unsigned long long)bytes / 1000000,
			(unsigned long long)total / 1000000);
	else
		work_tell(work, "%llu MB", (unsigned long long)bytes / 1000000);
}

static void pause_work(void *context, uint64_t ms)
{
	const struct tu_sync_hooks *hooks = &((struct work *)context)->request->hooks;

	if (hooks->pause)
		hooks->pause(hooks->context, ms);
}

static bool is_work_stopped(void *context)
{
	return work_stopped(context);
}

static enum tu_status open_tools(struct work *work, struct tu_error *err)
{
	const struct tu_sync_request *request = work->request;
	const struct tu_feed_config *config = request->config;
	struct tu_str ca_file = work_text(work, "%.*s%c", TU_STR_FMT(config->ca_file), '\0');
	const struct tu_download_policy policy = {.retries = config->retries,
		.retry_ms = config->retry_ms,
		.stall_s = config->stall_s,
		.seconds_max = config->seconds_max,
		.now = request->now,
		.seed = tu_hash_seeded(work->source->name, request->seed),
		.ca_file = config->ca_file.len ? ca_file.ptr : NULL,
		.proxy = request->proxy,
		.no_proxy = request->no_proxy};
	const struct tu_download_hooks hooks = {.pause = pause_work,
		.progress = tell_bytes,
		.stopped = is_work_stopped,
		.context = work};

	work->downloader = tu_downloader_new(&policy, &hooks);
	work->reader = tu_advisory_reader_new();
	work->json = tu_json_parser_new();
	if (!work->downloader || !work->reader || !work->json)
		return tu_no_memory(err);
	return TU_OK;
}

static enum tu_status fetch(struct work *work, struct tu_error *err)
{
	static enum tu_status (*const methods[TU_FEED_METHODS_])(
		struct work *, struct tu_error *) = {
		[TU_FEED_BY_FILES] = by_files,
		[TU_FEED_BY_NVD] = by_nvd,
		[TU_FEED_BY_OSV] = by_osv,
		[TU_FEED_BY_RELEASE] = by_release,
		[TU_FEED_BY_CSAF] = by_csaf,
	};
	enum tu_status status = open_tools(work, err);

	if (status == TU_OK && work->pin.problem.status != TU_OK) {
		*err = work->pin.problem;
		status = err->status;
	}
	if (status == TU_OK)
		status = methods[work->source->method](work, err);
	if (status == TU_OK && work_stopped(work))
		status = tu_fail(err, TU_E_IO, 0, "stopped");
	return status;
}

/* All that was wanted is stored: what an earlier run was fetching when it was killed is of no use.
 */
static void clear_incoming(const struct work *work)
{
	struct tu_buf path;
	struct dirent *entry;
	DIR *dir = work_path(work, "incoming", TU_STR(""), &path) ? opendir(path.ptr) : NULL;

	while (dir && (entry = readdir(dir)))
		(void)unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		(void)closedir(dir);
	tu_buf_done(&path);
}

static void do_job(struct job *job)
{
	struct work *work = &job->work;
	struct tu_error late = {0};

	work_tell(work, "asking");
	job->status = fetch(work, &job->failure);
	(void)tu_error_flatten(&job->failure);
	work->state.last_attempt = work->request->now;
	if (job->status == TU_OK) {
		clear_incoming(work);
		work->state.last_success = work->request->now;
		work->state.last_error = TU_STR("");
	} else if (!tu_arena_dup(
			   work->arena, tu_str_c(job->failure.message), &work->state.last_error) ||
		work->state.last_error.len == 0) {
		work->state.last_error = TU_STR("failed");
	}
	if (work_save(work, &late) != TU_OK && job->status == TU_OK) {
		job->status = late.status;
		job->failure = late;
		work->state.last_error = TU_STR("its state cannot be stored");
	}
	work_tell(work, "%s%s", job->status == TU_OK ? "done" : "failed: ",
		job->status == TU_OK ? "" : job->failure.message);
}

static void *do_jobs(void *context)
{
	struct run *run = context;

	for (;;) {
		struct job *job = NULL;

		(void)pthread_mutex_lock(&run->lock);
		while (run->next < run->count && !job) {
			struct job *candidate = &run->jobs[run->next++];

			job = candidate->asked && candidate->ready ? candidate : NULL;
		}
		(void)pthread_mutex_unlock(&run->lock);
		if (!job)
			return NULL;
		do_job(job);
	}
}

static void do_all(struct run *run)
{
	pthread_t threads[THREADS_MAX];
	size_t started = 0;

	for (; started < THREADS_MAX && started < run->count; started++)
		if (pthread_create(&threads[started], NULL, do_jobs, run) != 0)
			break;
	if (started == 0)
		(void)do_jobs(run);
	for (size_t i = 0; i < started; i++)
		(void)pthread_join(threads[i], NULL);
}

/* ---- which sources ---- */

static bool is_named(const struct tu_sync_request *request, struct tu_str name)
{
	for (size_t i = 0; i < request->only_count; i++)
		if (tu_str_eq(request->only[i], name))
			return true;
	return false;
}

static enum tu_status check_names(const struct tu_sync_request *request, struct tu_error *err)
{
	for (size_t i = 0; i < request->only_count; i++)
		if (!tu_feed_config_find(request->config, request->only[i]))
			return tu_fail(err, TU_E_USAGE, 0,
				"no source \"%.*s\" (kb sync --list names them)",
				TU_STR_FMT(request->only[i]));
	return TU_OK;
}

/* The clock decides what is fresh, and whether a certificate is valid: a wrong one is no small
 * thing.
 */
static enum tu_status check_clock(const struct tu_sync_request *request, struct tu_error *err)
{
	struct tu_buf text;
	enum tu_status status;

	if (request->now >= TU_CLOCK_EARLIEST && request->now <= TU_TIME_MAX)
		return TU_OK;
	tu_buf_init(&text, 64);
	tu_time_write(request->now < 0 || request->now > TU_TIME_MAX ? 0 : request->now, &text);
	tu_buf_byte(&text, '\0');
	status = tu_fail(err, TU_E_IO, 0,
		"the clock says %s, which cannot be right: no certificate and no age could be "
		"judged; set the clock",
		text.failed ? "1970" : text.ptr);
	tu_buf_done(&text);
	return status;
}

static enum tu_status open_jobs(struct run *run, struct tu_error *err)
{
	const struct tu_sync_request *request = run->request;
	const struct tu_feed_config *config = request->config;

	run->jobs = tu_alloc(config->source_count ? config->source_count : 1, sizeof(*run->jobs));
	if (!run->jobs)
		return tu_no_memory(err);
	for (size_t i = 0; i < config->source_count; i++) {
		struct job *job = &run->jobs[run->count];
		const struct tu_feed_source *source = &config->sources[i];
		bool wanted =
			request->only_count ? is_named(request, source->name) : source->chosen;

		*job = (struct job){
			.run = run, .source = source, .asked = wanted && !request->offline};
		if (source->refused && !wanted)
			continue;
		run->count++;
		job->status = open_work(job, &job->failure);
		job->ready = job->status == TU_OK;
		if (job->status == TU_E_NOMEM)
			return tu_no_memory(err);
		/* neither asked nor known: not a part of this run */
		if (!wanted && job->work.state.last_success == 0 &&
			job->work.state.files.count == 0) {
			close_work(&job->work);
			run->count--;
		}
	}
	return TU_OK;
}

/* ---- the result ---- */

static bool has_documents(const struct work *work)
{
	for (size_t i = 0; i < work->state.files.count; i++)
		if (!work->state.files.at[i].gone &&
			tu_str_starts(work->state.files.at[i].name, TU_STR("files/")))
			return true;
	return false;
}

static bool report(struct run *run, const struct job *job, struct tu_sync_source *out)
{
	const struct tu_feed_state *state = &job->work.state;
	struct tu_str folder = work_text(&job->work, "%s/files%c", job->work.folder.ptr, '\0');
	struct tu_str copy = {"", 0};

	*out = (struct tu_sync_source){.account = {.last_success = state->last_success,
					       .last_attempt = state->last_attempt,
					       .max_age = job->source->max_age,
					       .records = tu_feed_state_records(state),
					       .bytes = tu_feed_state_bytes(state)},
		.asked = job->asked,
		.changed = job->work.changed,
		.last_change = state->last_change,
		.received = job->work.received};
	if (!tu_arena_dup(run->arena, job->source->name, &out->account.name) ||
		!tu_arena_dup(run->arena, job->source->gives, &out->account.gives) ||
		!tu_arena_dup(run->arena, state->last_error, &out->account.last_error) ||
		!tu_arena_dup(run->arena, folder, &copy) || folder.len == 0)
		return false;
	out->files = has_documents(&job->work) ? copy.ptr : NULL;
	return true;
}

static enum tu_status report_all(struct run *run, struct tu_sync_result *out, struct tu_error *err)
{
	out->sources = tu_arena_array(run->arena, run->count, sizeof(*out->sources));
	if (!out->sources)
		return tu_no_memory(err);
	for (size_t i = 0; i < run->count; i++) {
		if (!report(run, &run->jobs[i], &out->sources[i]))
			return tu_no_memory(err);
		out->changed |= run->jobs[i].work.changed;
		out->failed |= run->jobs[i].status != TU_OK;
	}
	out->source_count = run->count;
	return TU_OK;
}

static enum tu_status run_locked(
	struct run *run, struct tu_sync_result *out_result, struct tu_error *err)
{
	enum tu_status status = open_jobs(run, err);

	if (status == TU_OK) {
		if (!run->request->offline)
			do_all(run);
		status = report_all(run, out_result, err);
	}
	for (size_t i = 0; i < run->count; i++)
		close_work(&run->jobs[i].work);
	tu_free(run->jobs);
	return status;
}

enum tu_status tu_sync_run(struct tu_arena *arena, const struct tu_sync_request *request,
	struct tu_sync_result *out_result, struct tu_error *err)
{
	struct run run = {.request = request, .arena = arena};
	const struct tu_curl *curl = tu_curl();
	enum tu_status status = check_names(request, err);

	*out_result = (struct tu_sync_result){0};
	if (status == TU_OK)
		status = check_clock(request, err);
	if (status != TU_OK)
		return status;
	if (!curl)
		return tu_fail(err, TU_E_UNSUPPORTED, 0,
			"libcurl (%s), which fetches the feeds, is not installed", TU_CURL_SONAME);
	if (curl->curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
		pthread_mutex_init(&run.lock, NULL) != 0)
		return tu_no_memory(err);
	status = run_locked(&run, out_result, err);
	(void)pthread_mutex_destroy(&run.lock);
	curl->curl_global_cleanup();
	return status;
}
