/*
 * Times a re-match after a delta.
 *
 *   bench-delta OLD-KB NEW-KB SBOM
 *
 * Prints "name<TAB>value" lines: seconds of comparing the knowledge bases, of a full match, of the
 * re-match of what changed (the best of five each), changes, keys touched, findings.
 */
#define _DEFAULT_SOURCE 1 /* clock_gettime */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <tutela/kb.h>
#include <tutela/match.h>

#include "base/input.h"

enum { REPEATS = 5 };

#define MEMORY_MAX ((size_t)16 << 30)

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static _Noreturn void die(const struct tu_error *err)
{
	(void)fprintf(stderr, "bench-delta: %s\n", err->message);
	exit(1);
}

static const struct tu_inventory *read_sbom(const char *path, struct tu_arena *arena)
{
	const struct tu_sbom_limits limits = {.components = 20000000};
	const struct tu_inventory *inventory;
	struct tu_error err = {0};
	struct tu_buf text;

	tu_buf_init(&text, (size_t)4 << 30);
	if (tu_input_read(path, &text, &err) ||
		tu_sbom_read(arena, tu_buf_str(&text), true, &limits, &inventory, &err))
		die(&err);
	tu_buf_done(&text);
	return inventory;
}

static double match(const struct tu_kb *kb, const struct tu_inventory *inventory,
	const struct tu_match_options *options, struct tu_match_counts *out_counts)
{
	double best = 1e9;

	for (int i = 0; i < REPEATS; i++) {
		struct tu_arena *arena = tu_arena_new(MEMORY_MAX);
		const struct tu_match_result *result;
		struct tu_error err = {0};
		double start = now();

		if (!arena || tu_match(arena, kb, inventory, options, &result, &err))
			die(&err);
		start = now() - start;
		best = start < best ? start : best;
		*out_counts = result->counts;
		tu_arena_free(arena);
	}
	return best;
}

static uint32_t *touched(struct tu_arena *arena, const struct tu_kb_diff *diff, size_t *out_count)
{
	uint32_t *only = tu_arena_array(arena, diff->change_count + 1, sizeof(*only));

	*out_count = 0;
	for (size_t i = 0; only && i < diff->change_count; i++)
		if (diff->changes[i].differences & TU_KB_APPLIES &&
			diff->changes[i].new_index != TU_KB_NONE)
			only[(*out_count)++] = diff->changes[i].new_index;
	return only;
}

int main(int argc, char **argv)
{
	struct tu_arena *arena = tu_arena_new(MEMORY_MAX);
	struct tu_match_options options = {0};
	struct tu_match_counts all, some;
	const struct tu_inventory *inventory;
	const struct tu_kb_diff *diff;
	struct tu_kb *old_kb, *new_kb;
	struct tu_error err = {0};
	double compared, full, partial;

	if (argc != 4 || !arena) {
		(void)fprintf(stderr, "usage: bench-delta OLD-KB NEW-KB SBOM\n");
		return 2;
	}
	if (tu_kb_open(argv[1], &old_kb, &err) || tu_kb_open(argv[2], &new_kb, &err))
		die(&err);
	inventory = read_sbom(argv[3], arena);
	compared = now();
	if (tu_kb_compare(arena, old_kb, new_kb, &diff, &err))
		die(&err);
	compared = now() - compared;
	options.only_vulnerabilities = touched(arena, diff, &options.only_count);
	full = match(new_kb, inventory, NULL, &all);
	partial = match(new_kb, inventory, &options, &some);
	printf("compare_s\t%.6f\nfull_s\t%.6f\nrematch_s\t%.6f\n", compared, full, partial);
	printf("changes\t%zu\nkeys\t%zu\ncomponents\t%zu\ndistinct\t%zu\n", diff->change_count,
		diff->key_count, all.components, all.distinct);
	printf("findings\t%zu\nrematched\t%zu\n", all.affected + all.undecided,
		some.affected + some.undecided);
	tu_kb_close(old_kb);
	tu_kb_close(new_kb);
	tu_arena_free(arena);
	return 0;
}
