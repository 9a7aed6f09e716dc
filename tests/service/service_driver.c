/*
 * A service on a data folder that takes commands as lines on standard input and answers each with
 * one line. For tests/service/service.py.
 *
 *   service_driver init DATA [PLACE]      make the folder
 *   service_driver build OUT INPUT...     build a knowledge base
 *   service_driver run DATA [SECONDS]     run; SECONDS: what the clock is ahead
 *
 *   device FILE            put a device
 *   ingest VERSION FILE    an SBOM of the device's release, read by the service's reader
 *   list                   how many findings there are, up to which change
 *   case VULNERABILITY     open its case
 *   job KIND KEY SECONDS   queue a job, to be run in that time
 *   message TEXT           put a message down
 *   zygote                 the process that starts readers
 *   clock SECONDS          what the clock is ahead from now on
 *   stop
 */
#define _XOPEN_SOURCE 700
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/build.h"
#include "base/input.h"
#include "portfolio/case.h"
#include "portfolio/ingest.h"
#include "sandbox/wire.h"
#include "service/inside.h"

enum { LINE = 4096 };

static _Atomic int64_t ahead; /* us */

static int64_t now(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_REALTIME, &time);
	return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000 + ahead;
}

static const struct tu_datadir_host host = {
	.now = now, .program = "service_driver", .version = "0.0.1", .wait = 10};

static int failed(const struct tu_error *err)
{
	char text[TU_ERROR_TEXT_MAX];

	printf("error %s: %s\n", tu_status_name(err->status),
		tu_error_text(err, text, sizeof(text)));
	(void)fflush(stdout);
	return 1;
}

/* ---- without a service ---- */

static int init(char **words, int count)
{
	char instance[TU_INSTANCE + 1];
	struct tu_error err = {0};

	if (tu_datadir_init(&host, words[0], count > 1 ? words[1] : NULL, instance, &err))
		return failed(&err);
	printf("%s\n", instance);
	return 0;
}

static int build(char **words, int count)
{
	const struct tu_app_context context = {.now = now() / 1000000};
	const struct tu_build_request request = {.output = words[0],
		.inputs = (const char *const *)(words + 1),
		.input_count = (size_t)count - 1,
		.jobs = 1};
	struct tu_build_answer answer = {0};
	struct tu_error err = {0};
	enum tu_status status = tu_app_build(&context, &request, &answer, &err);

	if (!status)
		status = tu_output_close(&answer.output, &err);
	tu_build_done(&answer);
	return status ? failed(&err) : 0;
}

/* ---- what it does in a transaction ---- */

struct doing {
	struct tu_service *service;
	const char *words[4];
	struct tu_buf text;
	struct tu_service_kb *kb;
	struct tu_arena *arena;
	const struct tu_inventory *inventory;
	size_t count;
};

static enum tu_status put_device(struct tu_work *w, void *self, struct tu_error *err)
{
	struct doing *d = self;
	const struct tu_device_put put = {
		.text = tu_buf_str(&d->text), .file = TU_STR("device.yaml")};
	struct tu_device_row row;

	return tu_device_put(w, &put, &row, NULL, err);
}

static enum tu_status ingest(struct tu_work *w, void *self, struct tu_error *err)
{
	struct doing *d = self;
	struct tu_device_row device;
	struct tu_settling settling;
	struct tu_release_row release;
	struct tu_prepared prepared;
	struct tu_ingest ingest = {&settling, &release, tu_buf_str(&d->text), &prepared, {0}};
	enum tu_status status = tu_device_find(w, TU_STR("larkspur-ip-200"), &device, err);

	if (!status)
		status = tu_settling_begin(w, &device, d->kb->kb, &settling, err);
	if (!status)
		status = tu_release_find(w, &device, tu_str_c(d->words[1]), &release, err);
	if (!status)
		status = tu_prepare(d->arena, d->kb->kb, d->inventory, &prepared, err);
	if (!status)
		status = tu_release_ingest(w, &ingest, err);
	d->count = ingest.settled.findings;
	return status;
}

static enum tu_status open_case(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct doing *d = self;
	const struct tu_case_opening opening = {
		.vuln = tu_str_c(d->words[1]), .learned_at = w->act->at};
	struct tu_case_row row;

	return tu_case_open(w, &opening, &row, err);
}

static enum tu_status add_job(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct doing *d = self;
	const struct tu_job_spec spec = {.kind = tu_str_c(d->words[1]),
		.key = tu_str_c(d->words[2]),
		.payload = TU_STR("{}"),
		.run_at = w->act->at + strtol(d->words[3], NULL, 10) * 1000000};
	struct tu_job_queued queued;
	enum tu_status status = tu_job_add(w->tx, &spec, w->arena, &queued, err);

	if (!status)
		printf("%.*s ", TU_STR_FMT(queued.public_id));
	return status;
}

static enum tu_status add_message(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct doing *d = self;
	const struct tu_message message = {.kind = TU_STR("test"),
		.target = TU_STR("here"),
		.payload = tu_str_c(d->words[1]),
		.attempts_max = 5};

	return tu_outbox_add(w->tx, &message, w->act->at, err);
}

/* ---- commands ---- */

static enum tu_status run(struct doing *d, tu_work_call *call, struct tu_error *err)
{
	const struct tu_act act = {.at = now(), .actor = TU_STR("engineer")};

	return tu_work_run(tu_service_store(d->service), &act, call, d, err);
}

static enum tu_status do_device(struct doing *d, struct tu_error *err)
{
	enum tu_status status = tu_input_read(d->words[1], &d->text, err);

	return status ? status : run(d, put_device, err);
}

static enum tu_status do_ingest(struct doing *d, struct tu_error *err)
{
	const struct tu_sbom_reader *reader = tu_service_reader(d->service);
	enum tu_status status = tu_input_read(d->words[2], &d->text, err);

	d->arena = tu_arena_new((size_t)2 << 30);
	if (!status)
		status = reader->read(
			reader->self, d->arena, tu_buf_str(&d->text), &d->inventory, err);
	/* another knowledge base may become the current one in between */
	for (int i = 0; !status && i < 20; i++) {
		status = tu_service_kb_current(d->service, &d->kb, err);
		if (status)
			break;
		status = run(d, ingest, err);
		tu_service_kb_drop(d->kb);
		if (status != TU_E_CONFLICT)
			break;
		status = TU_OK;
	}
	tu_arena_free(d->arena);
	if (!status)
		printf("%zu ", d->count);
	return status;
}

static enum tu_status do_list(struct doing *d, struct tu_error *err)
{
	struct tu_list_snapshot *snapshot;
	struct tu_list_size size;
	enum tu_status status = tu_service_list(d->service, &snapshot, err);

	if (status)
		return status;
	size = tu_list_size(snapshot);
	printf("%llu %lld ", (unsigned long long)size.findings,
		(long long)tu_list_change(snapshot));
	tu_list_drop(snapshot);
	return TU_OK;
}

static enum tu_status do_case(struct doing *d, struct tu_error *err)
{
	return run(d, open_case, err);
}

static enum tu_status do_job(struct doing *d, struct tu_error *err)
{
	enum tu_status status = run(d, add_job, err);

	tu_service_wake(d->service);
	return status;
}

static enum tu_status do_message(struct doing *d, struct tu_error *err)
{
	enum tu_status status = run(d, add_message, err);

	tu_service_wake(d->service);
	return status;
}

static enum tu_status do_zygote(struct doing *d, struct tu_error *err)
{
	(void)err;
	printf("%ld ", (long)tu_sandbox__zygote_of(d->service->sandbox));
	return TU_OK;
}

static enum tu_status do_clock(struct doing *d, struct tu_error *err)
{
	(void)err;
	ahead = strtol(d->words[1], NULL, 10) * 1000000;
	return TU_OK;
}

static const struct {
	const char *name;
	enum tu_status (*run)(struct doing *d, struct tu_error *err);
	size_t words;
} commands[] = {
	{"device", do_device, 2},
	{"ingest", do_ingest, 3},
	{"list", do_list, 1},
	{"case", do_case, 2},
	{"job", do_job, 4},
	{"message", do_message, 2},
	{"zygote", do_zygote, 1},
	{"clock", do_clock, 2},
};

static void obey(struct tu_service *service, char *line)
{
	struct doing d = {.service = service};
	struct tu_error err = {.status = TU_E_USAGE};
	size_t count = 0;

	/* words end where they did, with NUL */
	for (char *at = line; *at && count < TU_COUNT(d.words);) {
		size_t len = strcspn(at, " \n");

		d.words[count++] = at;
		at += len + (at[len] != '\0');
		at[-1] = '\0';
	}
	tu_buf_init(&d.text, (size_t)1 << 30);
	for (size_t i = 0; i < TU_COUNT(commands); i++) {
		if (count != commands[i].words || strcmp(commands[i].name, d.words[0]) != 0)
			continue;
		err = (struct tu_error){0};
		err.status = commands[i].run(&d, &err);
	}
	tu_buf_done(&d.text);
	if (err.status)
		(void)failed(&err);
	else
		puts("ok");
	(void)fflush(stdout);
}

/* ---- the service ---- */

static void say(void *self, enum tu_service_level level, const char *line)
{
	static const char *const words[] = {"info", "warning", "error"};

	(void)self;
	fprintf(stderr, "%s: %s\n", words[level], line);
}

/* Messages go into a file beside the data folder, a line each. */
static enum tu_status send_to_file(
	void *self, const struct tu_message *message, struct tu_error *err)
{
	FILE *file = fopen(self, "a");

	if (!file)
		return tu_fail(err, TU_E_IO, 0, "cannot write");
	fprintf(file, "%.*s %.*s\n", TU_STR_FMT(message->public_id), TU_STR_FMT(message->payload));
	return fclose(file) ? tu_fail(err, TU_E_IO, 0, "cannot write") : TU_OK;
}

static int serve(char **words, int count)
{
	char sent[LINE], line[LINE];
	const struct tu_service_sender sender = {"test", {send_to_file, sent}};
	const struct tu_service_options options = {
		.host = &host, .data = words[0], .log = say, .senders = &sender, .sender_count = 1};
	struct tu_service *service;
	struct tu_error err = {0};

	(void)snprintf(sent, sizeof(sent), "%s.sent", words[0]);
	ahead = count > 1 ? strtol(words[1], NULL, 10) * 1000000 : 0;
	if (tu_service_start(&options, &service, &err))
		return failed(&err);
	printf("ready %ld\n", (long)getpid());
	(void)fflush(stdout);
	while (fgets(line, sizeof(line), stdin) && strcmp(line, "stop\n") != 0) {
		if (strcmp(line, "wait\n") == 0) {
			printf("%s\n", tu_service_wait_stop(service, 20) ? "ok" : "no");
			(void)fflush(stdout);
		} else {
			obey(service, line);
		}
	}
	tu_service_stop(service);
	puts("stopped");
	return 0;
}

int main(int argc, char **argv)
{
	if (argc >= 3 && strcmp(argv[1], "init") == 0)
		return init(argv + 2, argc - 2);
	if (argc >= 4 && strcmp(argv[1], "build") == 0)
		return build(argv + 2, argc - 2);
	if (argc >= 3 && strcmp(argv[1], "run") == 0)
		return serve(argv + 2, argc - 2);
	fputs("usage: service_driver init|build|run ...\n", stderr);
	return 2;
}
