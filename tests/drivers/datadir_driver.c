/*
 * Owns a data folder and answers on its control socket, as a service does, until its input ends.
 *
 * usage: datadir_driver DATA [KB]      (KB: the knowledge base of a store that names none)
 *
 * Prints "ready". A line "record TEXT" appends a record with that text: "ack NUMBER" when it is on
 * the disk, else "refused" and why.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "app/context.h"
#include "base/json_writer.h"
#include "datadir/control.h"
#include "service/calls.h"
#include "store/store.h"

static int64_t now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int fail(const struct tu_error *err)
{
	fprintf(stderr, "datadir_driver: %s\n", err->message);
	return 1;
}

static enum tu_status append(struct tu_tx *tx, void *self, struct tu_error *err)
{
	return tu_tx_record(tx, self, err);
}

static enum tu_status head(struct tu_tx *tx, void *self, struct tu_error *err)
{
	return tu_tx_int(tx, TU_SQL_LEDGER_HEAD, TU_NO_BIND, self, err);
}

static void record(struct tu_store *store, const char *text)
{
	struct tu_error err = {0};
	struct tu_buf body;
	struct tu_json_writer json;
	struct tu_ledger_entry entry = {.at = now(),
		.actor = TU_STR("person:1"),
		.action = TU_STR("test.note"),
		.subject = TU_STR("note")};
	int64_t number = 0;
	enum tu_status status;

	tu_buf_init(&body, 1 << 20);
	json = tu_json_writer(&body, false);
	tu_json_open_object(&json);
	tu_json_member_str(&json, "after", tu_str_c(text));
	tu_json_close_object(&json);
	entry.body = tu_buf_str(&body);
	status = tu_store_run(store, TU_TX_WRITE, append, &entry, &err);
	if (!status)
		status = tu_store_run(store, TU_TX_READ, head, &number, &err);
	if (status)
		printf("refused %s\n", err.message);
	else
		printf("ack %lld\n", (long long)number);
	(void)fflush(stdout);
	tu_buf_done(&body);
}

static void answer_lines(struct tu_store *store)
{
	static char line[1 << 19];

	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, "record ", 7) == 0)
			record(store, line + 7);
	}
}

int main(int argc, char **argv)
{
	static char knowledge[4096];
	struct tu_app_context context = {.knowledge = knowledge};
	const struct tu_datadir_host host = {
		.now = now, .program = "datadir_driver", .version = "1", .context = &context};
	struct tu_error err = {0};
	struct tu_control *control;
	struct tu_datadir *dir;
	struct tu_store *store;

	(void)signal(SIGXFSZ, SIG_IGN); /* a full disk is an error, not the end */
	if (argc < 2)
		return 2;
	(void)snprintf(knowledge, sizeof(knowledge), "%s-knowledge/", argv[1]);
	context.kb_environment = argc > 2 ? argv[2] : NULL;
	context.now = now() / 1000000;
	if (tu_datadir_open(&host, argv[1], &dir, &err))
		return fail(&err);
	if (tu_control_start(dir, &tu_service_calls, &control, &err) ||
		tu_datadir_store(dir, &store, &err)) {
		tu_datadir_close(dir);
		return fail(&err);
	}
	printf("ready\n");
	(void)fflush(stdout);
	answer_lines(store);
	tu_control_stop(control);
	tu_datadir_close(dir);
	return 0;
}
