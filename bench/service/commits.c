/*
 * Commits with a record of the ledger, as fast as they go. Prints "commits_s", "p50_us" and
 * "p99_us".
 *
 * usage: bench-commits PLACE THREADS SECONDS [plain]    plain: without a record, for comparison
 *
 * A transaction is what service-side work looks like: two rows and one record.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "store/migrate.h"

enum { THREADS_MAX = 64, SAMPLES_MAX = 1 << 20 };

struct worker {
	struct tu_store *store;
	int number;
	bool plain;
	int64_t until;
	uint32_t *samples; /* microseconds */
	size_t count;
	size_t failed;
};

static int64_t now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static enum tu_status commit_one(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const struct worker *w = self;
	const struct tu_change change = {"release", w->number};
	const struct tu_ledger_entry entry = {.at = 1,
		.actor = TU_STR("bench"),
		.action = TU_STR("bench.commit"),
		.subject = TU_STR("nothing"),
		.body = TU_STR(
			"{\"before\":{\"status\":\"under investigation\"},\"after\":{\"status\":"
			"\"not_affected\",\"justification\":\"code not in execute path\"},"
			"\"reason\":\"The program never calls it; see the review of the build.\"}"),
		.changes = &change,
		.change_count = 1};
	enum tu_status status = TU_OK;
	char name[32], value[32];

	(void)snprintf(value, sizeof(value), "%zu", w->count); /* what is the same is not written */
	for (int i = 0; !status && i < 2; i++) {
		(void)snprintf(
			name, sizeof(name), "bench-%d-%zu", w->number, w->count % 512 + (size_t)i);
		status = tu_tx_exec(tx, TU_SQL_SETTING_PUT,
			TU_BIND(tu_text(tu_str_c(name)), tu_text(tu_str_c(value))), NULL, err);
	}
	return status || w->plain ? status : tu_tx_record(tx, &entry, err);
}

static void *commit_many(void *self)
{
	struct worker *w = self;
	struct tu_error err;

	for (int64_t before = now(); before < w->until && w->count < SAMPLES_MAX;) {
		int64_t after;

		w->failed += tu_store_run(w->store, TU_TX_WRITE, commit_one, w, &err) != TU_OK;
		after = now();
		w->samples[w->count++] = (uint32_t)(after - before);
		before = after;
	}
	return NULL;
}

static int compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static int measure(struct tu_store *store, int threads, int seconds, bool plain)
{
	static struct worker workers[THREADS_MAX];
	static pthread_t ids[THREADS_MAX];
	uint32_t *all = malloc((size_t)threads * SAMPLES_MAX * sizeof(*all));
	size_t count = 0, failed = 0;

	for (int i = 0; all && i < threads; i++) {
		workers[i] = (struct worker){.store = store,
			.number = i,
			.plain = plain,
			.until = now() + (int64_t)seconds * 1000000,
			.samples = all + (size_t)i * SAMPLES_MAX};
		if (pthread_create(&ids[i], NULL, commit_many, &workers[i]))
			return 1;
	}
	for (int i = 0; all && i < threads; i++) {
		(void)pthread_join(ids[i], NULL);
		failed += workers[i].failed;
		memmove(all + count, workers[i].samples, workers[i].count * sizeof(*all));
		count += workers[i].count;
	}
	if (!count || failed)
		return 1;
	qsort(all, count, sizeof(*all), compare);
	printf("commits_s=%zu p50_us=%u p99_us=%u\n", count / (size_t)seconds, all[count / 2],
		all[count * 99 / 100]);
	free(all);
	return 0;
}

/* Up to four digits; 0 for anything else. */
static int number(const char *text)
{
	int value = 0;

	for (size_t i = 0; text && text[i]; i++) {
		if (text[i] < '0' || text[i] > '9' || i == 4)
			return 0;
		value = value * 10 + (text[i] - '0');
	}
	return value;
}

int main(int argc, char **argv)
{
	int threads = argc > 2 ? number(argv[2]) : 0, seconds = argc > 3 ? number(argv[3]) : 0;
	struct tu_store_options options = {.place = argv[1], .connections = (unsigned)threads};
	struct tu_migration_state state;
	struct tu_store *store;
	struct tu_error err;
	int code;

	if (threads < 1 || threads > THREADS_MAX || seconds < 1)
		return 2;
	if (tu_store_migrate(&options, 1, &state, &err) || tu_store_open(&options, &store, &err)) {
		fprintf(stderr, "%s\n", err.message);
		return 1;
	}
	code = measure(store, threads, seconds, argc > 4 && strcmp(argv[4], "plain") == 0);
	tu_store_close(store);
	return code;
}
