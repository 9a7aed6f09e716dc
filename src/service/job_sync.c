/* The feeds: fetched, built into a knowledge base, and that named. */
#define _XOPEN_SOURCE 700
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "app/sync.h"
#include "base/json_writer.h"
#include "service/inside.h"
#include "service/run.h"

static bool is_cancelled(void *self)
{
	return tu_service__run_check(self, NULL) != TU_OK;
}

static uint64_t elapsed(void *self)
{
	struct timespec now;

	(void)self;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void tell(void *self, struct tu_str source, struct tu_str what)
{
	struct tu_service__run *run = self;

	tu_service__say(run->service, TU_SERVICE_INFO, "sync: %.*s: %.*s", TU_STR_FMT(source),
		TU_STR_FMT(tu_str_first(what, 200)));
}

struct places {
	char feeds[TU_SERVICE_PATH], output[TU_SERVICE_PATH];
};

/* Nothing of the answer outlives what it borrows. */
static enum tu_status judge(struct tu_service__run *run, enum tu_status status,
	struct tu_kb_sync_answer *answer, struct tu_error *err)
{
	enum tu_status saved = answer->fetched.source_count
		? tu_service__account_save(run->service, &answer->fetched, NULL)
		: TU_OK;

	if (!status && answer->problem.status) {
		*err = answer->problem;
		status = err->status;
	}
	if (!status && answer->fetched.failed)
		tu_service__say(run->service, TU_SERVICE_WARNING,
			"sync: some sources failed; the knowledge base is built from what is "
			"there");
	if (saved)
		tu_service__say(run->service, TU_SERVICE_WARNING,
			"sync: how the sources went could not be kept");
	tu_kb_sync_done(answer);
	return status;
}

struct done {
	bool replaced;
	int64_t asked, failed; /* sources */
	struct tu_kb_carried carried; /* what catalogues took back */
};

static enum tu_status fetch_and_build(struct tu_service__run *run, const struct places *places,
	struct done *done, struct tu_error *err)
{
	const struct tu_service_options *options = &run->service->options;
	const struct tu_app_hook hook = {.is_cancelled = is_cancelled, .self = run};
	const struct tu_app_context context = {.now = tu_service_now(run->service) / 1000000,
		.feeds = places->feeds,
		.product_names = options->product_names,
		.hook = &hook};
	struct tu_kb_sync_answer answer = {0};
	struct tu_feed_config config;
	const struct tu_kb_sync_request request = {.config = &config,
		.output = places->output,
		.seed = (uint64_t)tu_service_now(run->service) ^ (uint64_t)getpid() << 32,
		.proxy = options->proxy,
		.no_proxy = options->no_proxy,
		.tell = tell,
		.elapsed = elapsed,
		.self = run};
	enum tu_status status = tu_service__feeds(run->service, run->arena, &config, err);

	if (status)
		return status;
	status = tu_app_sync(&context, &request, &answer, err);
	done->replaced = answer.replaced;
	done->carried = answer.carried;
	for (size_t i = 0; i < answer.fetched.source_count; i++) {
		done->asked += answer.fetched.sources[i].asked;
		done->failed += answer.fetched.sources[i].asked &&
			answer.fetched.sources[i].account.last_error.len > 0;
	}
	return judge(run, status, &answer, err);
}

static void add_warning(void *json, const char *sentence)
{
	tu_json_add_str(json, tu_str_c(sentence));
}

enum tu_status tu_service__sync(struct tu_service__run *run, struct tu_error *err)
{
	const struct tu_act act = tu_service__act(run->service, "system:sync");
	struct tu_json_writer json = tu_json_writer(&run->result, false);
	struct tu_datadir *dir = run->service->dir;
	struct tu_service_put queued = {0};
	struct places places;
	struct done done = {0};
	struct tu_service_file from = {places.output, TU_SERVICE_TAKE_NOT_OLDER};
	enum tu_status status;

	if (!tu_datadir_path(dir, "cache/feeds", places.feeds, sizeof(places.feeds)) ||
		!tu_datadir_path(dir, "cache/sync.kb", places.output, sizeof(places.output)))
		return tu_fail(err, TU_E_LIMIT, 0, "too long a name of the data folder");
	status = fetch_and_build(run, &places, &done, err);
	if (!status)
		status = tu_service_knowledge_put(dir, &from, &act, &queued, err);
	tu_json_open_object(&json);
	tu_json_member_bool(&json, "replaced", done.replaced);
	tu_json_member_int(&json, "sources", done.asked);
	tu_json_member_int(&json, "failed", done.failed);
	tu_json_key(&json, "warnings");
	tu_json_open_array(&json);
	tu_build_losses(&done.carried, add_warning, &json);
	tu_json_close_array(&json);
	tu_json_member_opt(&json, "rematch", tu_str_c(queued.job));
	tu_json_close_object(&json);
	return status;
}
