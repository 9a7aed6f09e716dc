/*
 * Times the assessment of a device folder from within, for bench/run.
 *
 *   bench-assess FOLDER KB [REPEATS]
 *
 * Prints "name<TAB>value" lines: findings, decisions, findings by state, seconds of tu_assess()
 * (the best of REPEATS).
 */
#define _DEFAULT_SOURCE 1 /* clock_gettime */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "app/assess.h"

#define MEMORY_MAX ((size_t)4 << 30)

/* 2026-07-01: what is made by bench/make-device.py has not expired by then. */
enum { AT = 1782864000 };

/* Processor time: budgets are per core, and a neighbour's work is none of ours. */
static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static _Noreturn void die(const struct tu_error *err)
{
	(void)fprintf(stderr, "bench-assess: %s\n", err->message);
	exit(1);
}

static double assess(const struct tu_assess_input *input)
{
	struct tu_arena *arena = tu_arena_new(MEMORY_MAX);
	const struct tu_assess_result *result;
	struct tu_error err = {0};
	double start = now();

	if (!arena || tu_assess(arena, input, &result, &err))
		die(&err);
	start = now() - start;
	tu_arena_free(arena);
	return start;
}

static void print(const struct tu_assess_answer *assessing, double seconds)
{
	const struct tu_assess_counts *counts = &assessing->result->counts;

	printf("assess_s\t%.6f\nfindings\t%zu\ndecisions\t%zu\n", seconds, assessing->result->count,
		assessing->input.decision_count);
	printf("undecided\t%zu\ndecided\t%zu\ncarried\t%zu\nreopened\t%zu\n",
		counts->state[TU_ASSESS_UNDECIDED], counts->state[TU_ASSESS_DECIDED],
		counts->state[TU_ASSESS_CARRIED], counts->state[TU_ASSESS_REOPENED]);
}

int main(int argc, char **argv)
{
	const struct tu_app_context context = {.now = AT};
	struct tu_assess_request request = {.at = AT};
	struct tu_assess_answer assessing;
	struct tu_error err = {0};
	double best = 1e9;
	int repeats = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 1;

	if (argc < 3) {
		(void)fprintf(stderr, "usage: bench-assess FOLDER KB [REPEATS]\n");
		return 2;
	}
	request.folder = argv[1];
	request.kb = argv[2];
	if (tu_app_assess(&context, &request, &assessing, &err))
		die(&err);
	for (int i = 0; i < repeats; i++) {
		double took = assess(&assessing.input);

		best = took < best ? took : best;
	}
	print(&assessing, best);
	tu_assess_done(&assessing);
	return 0;
}
