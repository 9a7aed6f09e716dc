/*
 * Times the parts of a scan from within, for bench/run.
 *
 *   bench-match KB SBOM [REPEATS]
 *
 * Prints "name<TAB>value" lines: microseconds of opening the knowledge base, seconds of reading
 * and of matching (the best of REPEATS), components, distinct ones, findings, candidates, bytes of
 * peak memory.
 */
#define _DEFAULT_SOURCE 1 /* getrusage, clock_gettime */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include <tutela/kb.h>
#include <tutela/match.h>

#include "base/input.h"

#define MEMORY_MAX ((size_t)16 << 30)

/* Processor time: budgets are per core, and a neighbour's work is none of ours. */
static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void die(const struct tu_error *err)
{
	(void)fprintf(stderr, "bench-match: %s\n", err->message);
	exit(1);
}

static double open_kb(const char *path, struct tu_kb **out_kb)
{
	struct tu_error err = {0};
	double start = now();

	if (tu_kb_open(path, out_kb, &err))
		die(&err);
	return now() - start;
}

static double read_sbom(
	const char *path, struct tu_arena *arena, const struct tu_inventory **out_inventory)
{
	const struct tu_sbom_limits limits = {.components = 20000000};
	struct tu_error err = {0};
	struct tu_buf text;
	double start;

	tu_buf_init(&text, (size_t)4 << 30);
	if (tu_input_read(path, &text, &err))
		die(&err);
	start = now();
	if (tu_sbom_read(arena, tu_buf_str(&text), true, &limits, out_inventory, &err))
		die(&err);
	start = now() - start;
	tu_buf_done(&text);
	return start;
}

static double match(const struct tu_kb *kb, const struct tu_inventory *inventory,
	struct tu_match_counts *out_counts)
{
	struct tu_arena *arena = tu_arena_new(MEMORY_MAX);
	const struct tu_match_result *result;
	struct tu_error err = {0};
	double start = now();

	if (!arena || tu_match(arena, kb, inventory, NULL, &result, &err))
		die(&err);
	start = now() - start;
	*out_counts = result->counts;
	tu_arena_free(arena);
	return start;
}

int main(int argc, char **argv)
{
	struct tu_arena *arena = tu_arena_new(MEMORY_MAX);
	const struct tu_inventory *inventory;
	struct tu_match_counts counts = {0};
	struct rusage usage;
	struct tu_kb *kb;
	double opened, read, best = 1e9;
	int repeats = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 1;

	if (argc < 3 || !arena) {
		(void)fprintf(stderr, "usage: bench-match KB SBOM [REPEATS]\n");
		return 2;
	}
	opened = open_kb(argv[1], &kb);
	tu_kb_close(kb);
	opened = open_kb(argv[1], &kb);
	read = read_sbom(argv[2], arena, &inventory);
	for (int i = 0; i < repeats; i++) {
		double took = match(kb, inventory, &counts);

		best = took < best ? took : best;
	}
	(void)getrusage(RUSAGE_SELF, &usage);
	printf("open_us\t%.1f\nread_s\t%.6f\nmatch_s\t%.6f\ncomponents\t%zu\ndistinct\t%zu\n",
		opened * 1e6, read, best, counts.components, counts.distinct);
	printf("affected\t%zu\nundecided\t%zu\ncandidates\t%zu\npeak_bytes\t%ld\n", counts.affected,
		counts.undecided, counts.candidates, usage.ru_maxrss * 1024);
	tu_kb_close(kb);
	tu_arena_free(arena);
	return 0;
}
