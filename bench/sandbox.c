/*
 * Times an upload read in this process and in a confined one, for bench/run.
 *
 *   bench-sandbox SBOM [ROUNDS]
 *
 * Prints "name<TAB>value" lines: milliseconds of the wall clock, the least and the median of
 * ROUNDS, of tu_sbom_read() here ("here"), of an upload through a spare child ("child"), and of
 * packing and unpacking ("pack", "unpack"); bytes of the upload and of the packed form. Rounds of
 * each kind alternate.
 */
#define _DEFAULT_SOURCE 1 /* clock_gettime */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/input.h"
#include "sandbox/sandbox.h"
#include "sbom/flat/flat.h"

enum { ROUNDS_MAX = 10000, ROUNDS = 100 };
#define MEMORY_MAX ((size_t)4 << 30)

enum way { HERE, CHILD, PACK, UNPACK, WAYS };

static const char *const names[] = {"here", "child", "pack", "unpack"};
static double times[WAYS][ROUNDS_MAX];

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static _Noreturn void die(const struct tu_error *err)
{
	(void)fprintf(stderr, "bench-sandbox: %s\n", err->message);
	exit(1);
}

static void round_here(
	struct tu_arena *arena, const struct tu_buf *text, struct tu_buf *packed, size_t round)
{
	const struct tu_inventory *inventory = NULL;
	struct tu_error err = {0};
	double start = now();

	if (tu_sbom_read(arena, tu_buf_str(text), true, NULL, &inventory, &err))
		die(&err);
	times[HERE][round] = now() - start;
	tu_buf_clear(packed);
	start = now();
	if (tu_inventory_pack(inventory, packed, &err))
		die(&err);
	times[PACK][round] = now() - start;
	start = now();
	if (tu_inventory_unpack(arena, tu_buf_str(packed), NULL, &inventory, &err))
		die(&err);
	times[UNPACK][round] = now() - start;
	tu_arena_reset(arena);
}

static void round_child(
	struct tu_arena *arena, struct tu_sandbox *sandbox, struct tu_str upload, size_t round)
{
	const struct tu_sandbox_upload all = {.bytes = upload};
	const struct tu_inventory *inventory = NULL;
	struct tu_error err = {0};
	double start = now();

	if (tu_sandbox_read_sbom(sandbox, &all, arena, &inventory, &err))
		die(&err);
	times[CHILD][round] = now() - start;
	tu_arena_reset(arena);
}

static int less(const void *a, const void *b)
{
	double first = *(const double *)a, second = *(const double *)b;

	return (first > second) - (first < second);
}

static void report(size_t rounds)
{
	for (int way = 0; way < WAYS; way++) {
		qsort(times[way], rounds, sizeof(times[way][0]), less);
		printf("%s_ms\t%.3f\n%s_p50_ms\t%.3f\n", names[way], times[way][0], names[way],
			times[way][rounds / 2]);
	}
}

int main(int argc, char **argv)
{
	size_t rounds = argc > 2 ? strtoul(argv[2], NULL, 10) : ROUNDS;
	struct tu_sandbox *sandbox = NULL;
	struct tu_error err = {0};
	struct tu_buf text, packed;
	struct tu_arena *arena;

	if (argc < 2 || rounds < 1 || rounds > ROUNDS_MAX) {
		(void)fprintf(stderr, "usage: bench-sandbox SBOM [ROUNDS]\n");
		return 2;
	}
	if (tu_sandbox_start(NULL, &sandbox, &err))
		die(&err);
	arena = tu_arena_new(MEMORY_MAX);
	tu_buf_init(&text, MEMORY_MAX);
	tu_buf_init(&packed, MEMORY_MAX);
	if (!arena || tu_input_read(argv[1], &text, &err))
		die(&err);
	for (size_t i = 0; i < rounds; i++) {
		round_here(arena, &text, &packed, i);
		round_child(arena, sandbox, tu_buf_str(&text), i);
	}
	report(rounds);
	printf("bytes\t%zu\npacked_bytes\t%zu\n", text.len, packed.len);
	tu_sandbox_stop(sandbox);
	tu_arena_free(arena);
	tu_buf_done(&text);
	tu_buf_done(&packed);
	return 0;
}
