/*
 * How long reading and scoring a CVSS vector takes, in nanoseconds, for each version.
 *
 * usage: bench-cvss [SECONDS]
 *        bench-cvss --list
 *
 * Vectors are drawn with a fixed seed from the tables of metrics: base vectors, and full ones with
 * metrics of every group. Each line: version, kind, vectors, ns a vector, millions a second. The
 * checksum keeps the compiler honest. --list prints the vectors themselves with their scores, for
 * another library to read.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "score/cvss.h"

enum { VECTORS = 4096, TEXT_MAX = 320 };

struct vectors {
	struct tu_str at[VECTORS];
	char texts[VECTORS][TEXT_MAX];
};

static uint32_t draw(uint32_t *state, uint32_t below)
{
	*state = *state * UINT32_C(1664525) + UINT32_C(1013904223);
	return (*state >> 8) % below;
}

static uint32_t words_of(const struct tu_cvss_metric *metric)
{
	uint32_t count = 0;

	while (count < TU_CVSS_WORDS_MAX && metric->words[count].len)
		count++;
	return count;
}

static void fill(struct vectors *vectors, const struct tu_cvss_metrics *table, bool full)
{
	uint32_t state = 1;
	struct tu_buf out;

	tu_buf_init(&out, TEXT_MAX);
	for (size_t n = 0; n < VECTORS; n++) {
		struct tu_cvss cvss = {.version = table->version};
		for (size_t i = 0; i < (full ? table->count : table->base_count); i++)
			cvss.values[i] = (uint8_t)(1 + draw(&state, words_of(&table->metrics[i])));
		tu_buf_clear(&out);
		tu_cvss_write(&cvss, &out);
		memcpy(vectors->texts[n], out.ptr, out.len);
		vectors->at[n] = tu_str_of(vectors->texts[n], out.len);
	}
	tu_buf_done(&out);
}

/* Processor time: what else the machine does is not ours. */
static double now(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

static uint8_t score_of(struct tu_str vector)
{
	struct tu_cvss cvss;
	struct tu_cvss_scores scores;

	if (tu_cvss_parse(vector, &cvss, NULL) != TU_OK)
		abort();
	tu_cvss_score(&cvss, &scores);
	return scores.overall;
}

static unsigned long once(const struct vectors *vectors)
{
	unsigned long sum = 0;

	for (size_t n = 0; n < VECTORS; n++)
		sum += score_of(vectors->at[n]);
	return sum;
}

static void measure(
	struct vectors *vectors, const struct tu_cvss_metrics *table, bool full, double seconds)
{
	unsigned long sum = 0;
	unsigned long count = 0;
	double begin;
	double spent;

	fill(vectors, table, full);
	sum += once(vectors);
	begin = now();
	do {
		sum += once(vectors);
		count += VECTORS;
		spent = now() - begin;
	} while (spent < seconds);
	printf("%.*s\t%s\t%lu\t%.1f ns\t%.1f M/s\t%lu\n", TU_STR_FMT(table->name),
		full ? "full" : "base", count, spent * 1e9 / (double)count,
		(double)count / spent * 1e-6, sum);
}

static void list(
	struct vectors *vectors, const struct tu_cvss_metrics *table, bool full, double seconds)
{
	(void)seconds;
	fill(vectors, table, full);
	for (size_t n = 0; n < VECTORS; n++) {
		uint8_t score = score_of(vectors->at[n]);

		printf("%.*s\t%s\t%.*s\t%u.%u\n", TU_STR_FMT(table->name), full ? "full" : "base",
			TU_STR_FMT(vectors->at[n]), score / 10, score % 10);
	}
}

int main(int argc, char **argv)
{
	static struct vectors vectors;
	bool listing = argc > 1 && strcmp(argv[1], "--list") == 0;
	double seconds = argc > 1 && !listing ? strtod(argv[1], NULL) : 0.5;

	for (size_t v = TU_CVSS_2; v < TU_COUNT(tu_cvss_tables); v++)
		for (int full = 0; full < 2; full++)
			(listing ? list : measure)(&vectors, &tu_cvss_tables[v], full, seconds);
	return 0;
}
