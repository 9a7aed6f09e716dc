#define _XOPEN_SOURCE 700
#include "app/sync.h"

#include <time.h>
#include <unistd.h>

#include "app/kb_file.h"
#include "app/kb_put.h"
#include "base/sha256.h"

enum { PIECE_MS = 200, DIGEST_TEXT_MAX = 128 };

struct sync {
	const struct tu_app_context *context;
	const struct tu_kb_sync_request *request;
	struct tu_kb_sync_answer *answer;
};

/* ---- fetching ---- */

static void tell(void *self, struct tu_str source, struct tu_str what)
{
	const struct tu_kb_sync_request *request = ((const struct sync *)self)->request;

	if (request->tell)
		request->tell(request->self, source, what);
}

static uint64_t elapsed(void *self)
{
	const struct tu_kb_sync_request *request = ((const struct sync *)self)->request;

	return request->elapsed(request->self);
}

static bool is_stopped(void *self)
{
	return tu_app_is_cancelled(((const struct sync *)self)->context);
}

/* In small pieces, so that an interrupt is heard. */
static void rest(void *self, uint64_t ms)
{
	while (ms && !is_stopped(self)) {
		uint64_t piece = ms < PIECE_MS ? ms : PIECE_MS;
		const struct timespec pause = {
			(time_t)(piece / 1000), (long)(piece % 1000) * 1000000};

		(void)nanosleep(&pause, NULL);
		ms -= piece;
	}
}

static enum tu_status fetch(struct sync *s, struct tu_error *err)
{
	const struct tu_kb_sync_request *r = s->request;
	const struct tu_sync_request request = {.config = r->config,
		.folder = s->context->feeds,
		.only = r->only,
		.only_count = r->only_count,
		.offline = r->offline,
		.now = s->context->now,
		.seed = r->seed,
		.proxy = r->proxy,
		.no_proxy = r->no_proxy,
		.hooks = {.tell = tell,
			.pause = rest,
			.stopped = is_stopped,
			.elapsed = r->elapsed ? elapsed : NULL,
			.context = s}};

	return tu_sync_run(s->answer->arena, &request, &s->answer->fetched, err);
}

/* ---- is a new one needed? ---- */

/* Was the knowledge base built from just these sources, and from what they have now? */
static bool is_up_to_date(const struct tu_sync_result *fetched, const struct tu_sidecar *old)
{
	size_t now = 0, then = 0, both = 0;

	for (size_t k = 0; k < old->source_count; k++)
		then += old->sources[k].records > 0;
	for (size_t i = 0; i < fetched->source_count; i++) {
		const struct tu_sync_source *source = &fetched->sources[i];

		if (!source->files)
			continue;
		now++;
		if (source->last_change > old->built)
			return false;
		for (size_t k = 0; k < old->source_count; k++)
			both += old->sources[k].records > 0 &&
				tu_str_eq(old->sources[k].name, source->account.name);
	}
	return now == then && now == both;
}

/* When the present one was built, if it is still right; 0: a new one must be built. */
static int64_t still_right(const struct sync *s)
{
	const char *path = s->request->output;
	struct tu_kb_file file;
	int64_t built = 0;

	if (s->answer->fetched.changed || access(path, F_OK) != 0 ||
		tu_kb_file_open(s->context, path, TU_KB_VERIFY_ONCE, &file, NULL) != TU_OK)
		return 0;
	if (file.sidecar && is_up_to_date(&s->answer->fetched, file.sidecar))
		built = file.sidecar->built;
	tu_kb_file_close(&file);
	return built;
}

/* ---- the account ---- */

static enum tu_status describe(const struct sync *s, const struct tu_kb *kb, int64_t built,
	struct tu_buf *out, struct tu_error *err)
{
	const struct tu_sync_result *fetched = &s->answer->fetched;
	struct tu_sidecar_source *sources =
		tu_arena_array(s->answer->arena, fetched->source_count, sizeof(*sources));
	struct tu_sidecar sidecar = {
		.built = built, .sources = sources, .source_count = fetched->source_count};
	struct tu_kb_info info;
	struct tu_buf digest;

	if (!sources)
		return tu_no_memory(err);
	for (size_t i = 0; i < fetched->source_count; i++)
		sources[i] = fetched->sources[i].account;
	tu_kb_info(kb, &info);
	tu_buf_init(&digest, DIGEST_TEXT_MAX);
	tu_sha256_write(info.sha256, &digest);
	sidecar.kb_sha256 = tu_buf_str(&digest);
	tu_sidecar_write(&sidecar, out);
	tu_buf_done(&digest);
	return out->failed ? tu_no_memory(err) : TU_OK;
}

/* The knowledge base stays; what was tried since then is news all the same. */
static enum tu_status renew_account(const struct sync *s, int64_t built, struct tu_error *err)
{
	struct tu_kb *kb = NULL;
	struct tu_buf account;
	enum tu_status status = tu_kb_open(s->request->output, &kb, err);

	tu_buf_init(&account, TU_SIDECAR_BYTES_MAX);
	if (status == TU_OK)
		status = describe(s, kb, built, &account, err);
	if (status == TU_OK)
		status = tu_kb_put_account(s->request->output, tu_buf_str(&account), err);
	tu_kb_close(kb);
	tu_buf_done(&account);
	return status;
}

/* ---- the swap ---- */

static enum tu_status build(
	const struct sync *s, struct tu_build_answer *built, struct tu_error *err)
{
	const struct tu_sync_result *fetched = &s->answer->fetched;
	const char **inputs =
		tu_arena_array(s->answer->arena, fetched->source_count, sizeof(*inputs));
	struct tu_build_request request = {.output = s->request->output,
		.inputs = inputs,
		.keep_going = true,
		.hooks = s->request->build};

	*built = (struct tu_build_answer){.output = {.fd = -1}};
	if (!inputs)
		return tu_no_memory(err);
	for (size_t i = 0; i < fetched->source_count; i++)
		if (fetched->sources[i].files)
			inputs[request.input_count++] = fetched->sources[i].files;
	if (request.input_count == 0)
		return tu_fail(err, TU_E_NOTFOUND, 0, "no source has given anything yet");
	return tu_app_build(s->context, &request, built, err);
}

/* What is damaged does not take the place of what is whole. */
static enum tu_status describe_new(const struct sync *s, const struct tu_output *output,
	struct tu_buf *out, struct tu_error *err)
{
	struct tu_kb *kb = NULL;
	enum tu_status status = tu_kb_open(tu_output_file(output), &kb, err);

	if (status == TU_OK)
		status = tu_kb_verify(kb, err);
	if (status == TU_OK)
		status = describe(s, kb, s->context->now, out, err);
	tu_kb_close(kb);
	return status;
}

static enum tu_status replace(const struct sync *s, struct tu_error *err)
{
	struct tu_build_answer built;
	struct tu_buf account;
	enum tu_status status = build(s, &built, err);

	s->answer->carried = built.carried;
	tu_buf_init(&account, TU_SIDECAR_BYTES_MAX);
	if (status == TU_OK)
		status = describe_new(s, &built.output, &account, err);
	if (status == TU_OK && tu_app_is_cancelled(s->context))
		status = tu_fail(err, TU_E_CANCELLED, 0, "stopped");
	if (status == TU_OK)
		status = tu_kb_put(s->request->output, &built.output, tu_buf_str(&account), err);
	tu_buf_done(&account);
	tu_build_done(&built);
	return status;
}

static enum tu_status stopped(struct tu_error *err)
{
	return tu_fail(err, TU_E_CANCELLED, 0, "stopped; what came so far is kept");
}

/* An old knowledge base keeps its old account where no new one can be built: what was fetched is
 * not in it. */
static enum tu_status swap(struct sync *s, struct tu_error *err)
{
	struct tu_kb_sync_answer *a = s->answer;
	int64_t built;
	enum tu_status status;

	if (tu_app_is_cancelled(s->context))
		return stopped(err);
	built = still_right(s);
	status = built ? renew_account(s, built, &a->problem) : replace(s, &a->problem);
	a->replaced = status == TU_OK && !built;
	a->exists = access(s->request->output, F_OK) == 0;
	return status == TU_E_CANCELLED ? stopped(err) : TU_OK;
}

/* ---- the use case ---- */

/* Better before all that is fetched than after. */
static enum tu_status check_place(const char *path, struct tu_error *err)
{
	struct tu_output probe;
	enum tu_status status;

	tu_kb_file_make_folders(path);
	status = tu_output_replace(&probe, path, err);
	if (status == TU_OK)
		tu_output_abandon(&probe);
	return status;
}

enum tu_status tu_app_sync(const struct tu_app_context *context,
	const struct tu_kb_sync_request *request, struct tu_kb_sync_answer *answer,
	struct tu_error *err)
{
	struct sync s = {.context = context, .request = request, .answer = answer};
	int lock = -1;
	enum tu_status status;

	*answer = (struct tu_kb_sync_answer){.arena = tu_arena_new(0), .now = context->now};
	if (!answer->arena)
		return tu_no_memory(err);
	if (!context->feeds)
		return tu_fail(err, TU_E_IO, 0, "no folder for downloads is known");
	status = check_place(request->output, err);
	if (status == TU_OK)
		status = tu_sync_lock(context->feeds, &lock, err);
	if (status == TU_OK)
		status = fetch(&s, err);
	if (status == TU_OK)
		status = swap(&s, err);
	tu_sync_unlock(lock);
	return status;
}

void tu_kb_sync_done(struct tu_kb_sync_answer *answer)
{
	tu_arena_free(answer->arena);
	*answer = (struct tu_kb_sync_answer){0};
}
