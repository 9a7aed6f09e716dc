/*
 * The index of findings over a filled store: loading it, asking it, following a change.
 *
 * usage: bench-lists PLACE [REPEATS]
 *
 * Prints "name<TAB>value" lines: load_ms, rss_mib, findings; p50_ms, p99_ms and worst_ms over both
 * lists, every order, both directions, the filters below, first and a deep page; count_ms for exact
 * counts of all filters; follow_ms from the commit of 500 changed vulnerabilities to their being
 * visible.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "list/query.h"
#include "portfolio/list_load.h"
#include "store/engine.h"

enum { SAMPLES_MAX = 1 << 16, DEEP = 3, CHANGED = 500 };

static const struct tu_list_filter filters[] = {
	{0},
	{.kev = TU_LIST_YES},
	{.severity_from = 4},
	{.severity_from = 5},
	{.states = TU_LIST_BIT(TU_LIST_NOT_ASSESSED)},
	{.states = TU_LIST_BIT(TU_LIST_REOPENED)},
	{.states = TU_LIST_BIT(TU_LIST_PROPOSED)},
	{.harm_from = 5},
	{.harm_from = 5, .states = TU_LIST_BIT(TU_LIST_NOT_ASSESSED)},
	{.kev = TU_LIST_YES, .states = TU_LIST_BIT(TU_LIST_NOT_ASSESSED)},
	{.component = {"openssl", 7}},
	{.component = {"openssl", 7}, .severity_from = 4},
	{.component = {"nothing-is-named-so", 19}},
	{.vulnerability = {"CVE-2021-", 9}},
	{.vulnerability_id = 42},
	{.release_id = 77},
	{.epss_from = 900000},
	{.cvss_from = 90},
	{.fixable = TU_LIST_YES, .closed = TU_LIST_NO},
	{.verdicts = TU_LIST_BIT(0), .text = {"package-1", 9}},
};
enum { FILTERS = sizeof(filters) / sizeof(*filters) };

static const struct tu_list_scope everything = {.everything = true};

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* The number in a line of /proc/self/status. */
static long number_in(const char *line)
{
	long number = 0;

	for (; *line; line++)
		if (*line >= '0' && *line <= '9')
			number = number * 10 + (*line - '0');
	return number;
}

/* What the process has beyond mapped files. */
static long resident_mib(void)
{
	FILE *file = fopen("/proc/self/status", "r");
	char line[256];
	long kib = 0;

	while (file && !kib && fgets(line, sizeof(line), file))
		if (strncmp(line, "RssAnon:", 8) == 0)
			kib = number_in(line);
	if (file)
		(void)fclose(file);
	return kib / 1024;
}

struct samples {
	double at[SAMPLES_MAX];
	size_t count;
};

/* First page, then deeper ones by their cursors. */
static enum tu_status ask(const struct tu_list_snapshot *snapshot, struct tu_list_query *query,
	struct samples *samples, struct tu_error *err)
{
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_list_page page = {0};
	enum tu_status status = TU_OK;

	query->cursor = (struct tu_str){0};
	for (int i = 0; !status && i < DEEP; i++) {
		double before = now();

		status = tu_list_page(arena, snapshot, query, &page, err);
		if (samples->count < SAMPLES_MAX)
			samples->at[samples->count++] = now() - before;
		if (!page.next.len)
			break;
		query->cursor = page.next;
	}
	tu_arena_free(arena);
	return status;
}

static enum tu_status ask_all(
	const struct tu_list_snapshot *snapshot, struct samples *samples, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	for (unsigned i = 0; !status && i < TU_LIST_KINDS * TU_LIST_SORTS * 2 * FILTERS; i++) {
		struct tu_list_query query = {
			.kind = (enum tu_list_kind)(i / FILTERS / TU_LIST_SORTS / 2),
			.filter = &filters[i % FILTERS],
			.scope = &everything,
			.sort = (enum tu_list_sort)(i / FILTERS % TU_LIST_SORTS),
			.descending = i / FILTERS / TU_LIST_SORTS % 2 != 0,
			.page_size = 100};

		status = ask(snapshot, &query, samples, err);
	}
	return status;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static enum tu_status change_scores(struct tu_tx *tx, void *self, struct tu_error *err)
{
	static struct tu_change changes[CHANGED];
	const struct tu_ledger_entry entry = {.at = 1,
		.actor = TU_STR("bench"),
		.action = TU_STR("bench.change"),
		.subject = TU_STR("nothing"),
		.body = TU_STR("{}"),
		.changes = changes,
		.change_count = CHANGED};
	enum tu_status status = tu_tx__script(
		tx, "UPDATE vuln SET severity = severity % 5 + 1, score = 77 WHERE id <= 500", err);

	(void)self;
	for (int i = 0; i < CHANGED; i++)
		changes[i] = (struct tu_change){"vulnerability", i + 1};
	return status ? status : tu_tx_record(tx, &entry, err);
}

static enum tu_status follow(struct tu_store *store, struct tu_list *list, struct tu_error *err)
{
	int64_t change;
	double before = now();
	enum tu_status status = tu_store_run(store, TU_TX_WRITE, change_scores, NULL, err);

	printf("change_ms\t%.1f\n", now() - before);
	before = now();
	if (!status)
		status = tu_list_follow(store, list, &change, err);
	printf("follow_ms\t%.1f\n", now() - before);
	return status;
}

static enum tu_status measure(
	struct tu_store *store, struct tu_list *list, int repeats, struct tu_error *err)
{
	static struct samples samples;
	static uint64_t counts[FILTERS];
	static const struct tu_list_filters all = {TU_LIST_FINDINGS, &everything, filters, FILTERS};
	struct tu_list_snapshot *snapshot;
	double before = now();
	enum tu_status status = tu_list_load(store, list, err);

	printf("load_ms\t%.0f\nrss_mib\t%ld\n", now() - before, resident_mib());
	if (status)
		return status;
	snapshot = tu_list_current(list);
	printf("findings\t%llu\n", (unsigned long long)tu_list_size(snapshot).findings);
	for (int i = 0; !status && i < repeats; i++)
		status = ask_all(snapshot, &samples, err);
	qsort(samples.at, samples.count, sizeof(*samples.at), compare);
	printf("pages\t%zu\np50_ms\t%.2f\np99_ms\t%.2f\nworst_ms\t%.2f\n", samples.count,
		samples.at[samples.count / 2], samples.at[samples.count * 99 / 100],
		samples.at[samples.count - 1]);
	before = now();
	if (!status)
		status = tu_list_count(snapshot, &all, counts, err);
	printf("count_ms\t%.0f\n", now() - before);
	tu_list_drop(snapshot);
	return status ? status : follow(store, list, err);
}

int main(int argc, char **argv)
{
	struct tu_store_options options = {.place = argv[1]};
	struct tu_store *store = NULL;
	struct tu_list *list = NULL;
	struct tu_error err;
	enum tu_status status;

	if (argc < 2)
		return 2;
	status = tu_store_open(&options, &store, &err);
	if (!status)
		status = tu_list_new(&list, &err);
	if (!status)
		status = measure(store, list, argc > 2 ? argv[2][0] - '0' : 1, &err);
	if (status)
		fprintf(stderr, "%s\n", err.message);
	tu_list_free(list);
	tu_store_close(store);
	return status != TU_OK;
}
