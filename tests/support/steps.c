/*
 * Counts what the program does, for tests/growth: in a build with -Dsteps=true the compiler calls
 * __sanitizer_cov_trace_pc() at the start of every basic block of our code. The count is the same
 * on every machine, however busy, up to the places of entries in hash tables. What libraries do
 * (the C library, expat, simdjson) is not counted.
 *
 * At its end the program writes the count, as a line of digits, to the file that the variable
 * TUTELA_STEPS names.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

void __sanitizer_cov_trace_pc(void);

static uint64_t steps;

/* Threads may lose steps of each other: what is counted reads feeds with --jobs=1. */
__attribute__((no_sanitize_coverage, visibility("default"))) void __sanitizer_cov_trace_pc(void)
{
	__atomic_store_n(&steps, __atomic_load_n(&steps, __ATOMIC_RELAXED) + 1, __ATOMIC_RELAXED);
}

__attribute__((destructor)) static void write_steps(void)
{
	const char *path = getenv("TUTELA_STEPS");
	FILE *file = path ? fopen(path, "w") : NULL;

	if (!file)
		return;
	fprintf(file, "%" PRIu64 "\n", steps);
	fclose(file);
}
