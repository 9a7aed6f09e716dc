/*
 * Laws of CVSS vectors on seeded random ones. TUTELA_SEED asks for another seed. Prints TAP.
 *
 *   - what is written reads back equal, and is its own canonical form;
 *   - the order in which metrics stand does not matter;
 *   - a base metric made one step more severe never lowers the base score;
 *   - "not defined" says what silence says;
 *   - scores are 0 to 10, and a threat (temporal) score is never above its base score.
 */
#include <stdio.h>
#include <stdlib.h>

#include "score/cvss.h"

enum { ROUNDS = 20000, ROOM = 512 };

static uint64_t state;

static uint32_t draw(uint32_t below)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(state >> 33) % below;
}

static uint32_t words_of(const struct tu_cvss_metric *metric)
{
	uint32_t count = 0;

	while (count < TU_CVSS_WORDS_MAX && metric->words[count].len)
		count++;
	return count;
}

/* Optional metrics are stated one time in three. */
static struct tu_cvss random_vector(const struct tu_cvss_metrics *table)
{
	struct tu_cvss cvss = {.version = table->version};

	for (size_t i = 0; i < table->count; i++)
		if (i < table->base_count || draw(3) == 0)
			cvss.values[i] = (uint8_t)(1 + draw(words_of(&table->metrics[i])));
	return cvss;
}

static bool scores_equal(const struct tu_cvss *a, const struct tu_cvss *b)
{
	struct tu_cvss_scores scores_a, scores_b;

	tu_cvss_score(a, &scores_a);
	tu_cvss_score(b, &scores_b);
	return memcmp(&scores_a, &scores_b, sizeof(scores_a)) == 0;
}

/* Write with the metrics that are stated, in an order that begins at `from`. */
static void write_from(const struct tu_cvss *cvss, size_t from, struct tu_buf *out)
{
	const struct tu_cvss_metrics *table = &tu_cvss_tables[cvss->version];
	const char *slash = "";

	tu_buf_str_add(out, table->prefix);
	for (size_t n = 0; n < table->count; n++) {
		const struct tu_cvss_metric *metric = &table->metrics[(n + from) % table->count];
		uint8_t value = cvss->values[(n + from) % table->count];
		if (!value)
			continue;
		tu_buf_printf(out, "%s%s%s", slash, metric->key, metric->words[value - 1].text);
		slash = "/";
	}
}

static const char *law_of_order(const struct tu_cvss *cvss, struct tu_buf *out)
{
	struct tu_cvss read;

	tu_buf_clear(out);
	write_from(cvss, draw((uint32_t)tu_cvss_tables[cvss->version].count), out);
	if (tu_cvss_parse(tu_buf_str(out), &read, NULL) != TU_OK)
		return "another order is refused";
	return memcmp(&read, cvss, sizeof(read)) == 0 ? NULL : "the order changes the values";
}

static const char *law_of_writing(const struct tu_cvss *cvss, struct tu_buf *out)
{
	char first[ROOM];
	struct tu_cvss read;
	size_t len;

	tu_buf_clear(out);
	tu_cvss_write(cvss, out);
	len = out->len;
	memcpy(first, out->ptr, len);
	if (tu_cvss_parse(tu_buf_str(out), &read, NULL) != TU_OK)
		return "what is written is refused";
	if (!scores_equal(cvss, &read))
		return "what is written scores otherwise";
	tu_buf_clear(out);
	tu_cvss_write(&read, out);
	return tu_str_eq(tu_buf_str(out), tu_str_of(first, len)) ? NULL
								 : "the canonical form changes";
}

/* The places of a base metric's values go from the most severe down; but the scope's goes up. */
static const char *law_of_severity(const struct tu_cvss *cvss, struct tu_buf *out)
{
	const struct tu_cvss_metrics *table = &tu_cvss_tables[cvss->version];
	size_t metric = draw((uint32_t)table->base_count);
	struct tu_cvss worse = *cvss;
	struct tu_cvss_scores scores, more;
	bool scope = table->version != TU_CVSS_4_0 && table->version != TU_CVSS_2 && metric == V3_S;

	(void)out;
	if (scope)
		worse.values[metric] = 2;
	else if (worse.values[metric] > 1)
		worse.values[metric]--;
	tu_cvss_score(cvss, &scores);
	tu_cvss_score(&worse, &more);
	return more.base >= scores.base ? NULL : "a metric made more severe lowers the base score";
}

static const char *law_of_silence(const struct tu_cvss *cvss, struct tu_buf *out)
{
	const struct tu_cvss_metrics *table = &tu_cvss_tables[cvss->version];
	struct tu_cvss other = *cvss;

	(void)out;
	for (size_t i = table->base_count; i < table->count; i++)
		if (other.values[i] <= 1)
			other.values[i] = other.values[i] ? 0 : 1;
	return scores_equal(cvss, &other) ? NULL : "\"not defined\" is not silence";
}

static const char *law_of_bounds(const struct tu_cvss *cvss, struct tu_buf *out)
{
	struct tu_cvss_scores scores;

	(void)out;
	tu_cvss_score(cvss, &scores);
	if (scores.base > 100 || scores.overall > 100)
		return "a score above ten";
	if (scores.threat != TU_SCORE_UNSTATED && scores.threat > scores.base)
		return "the threat raises the score";
	return NULL;
}

static const struct {
	const char *name;
	const char *(*law)(const struct tu_cvss *cvss, struct tu_buf *out);
} laws[] = {
	{"parse and write", law_of_writing},
	{"order of metrics", law_of_order},
	{"severity", law_of_severity},
	{"silence", law_of_silence},
	{"bounds", law_of_bounds},
};

/* NULL, or the law that some vector breaks; the vector is then in `out`. */
static const char *try_law(size_t law, const struct tu_cvss_metrics *table, struct tu_buf *out)
{
	for (int i = 0; i < ROUNDS; i++) {
		struct tu_cvss cvss = random_vector(table);
		const char *broken = laws[law].law(&cvss, out);
		if (!broken)
			continue;
		tu_buf_clear(out);
		write_from(&cvss, 0, out);
		return broken;
	}
	return NULL;
}

int main(void)
{
	const char *seed = getenv("TUTELA_SEED");
	struct tu_buf out;
	int number = 0;
	int failed = 0;

	state = seed ? strtoull(seed, NULL, 10) : 1;
	tu_buf_init(&out, ROOM);
	printf("# seed %llu\n", (unsigned long long)state);
	for (size_t law = 0; law < TU_COUNT(laws); law++)
		for (size_t v = TU_CVSS_2; v < TU_COUNT(tu_cvss_tables); v++) {
			const char *broken = try_law(law, &tu_cvss_tables[v], &out);
			printf("%s %d - %s, CVSS %s\n", broken ? "not ok" : "ok", ++number,
				laws[law].name, tu_cvss_tables[v].name.ptr);
			if (broken)
				printf("# %s: %.*s\n", broken, TU_STR_FMT(tu_buf_str(&out)));
			failed += broken != NULL;
		}
	printf("1..%d\n", number);
	tu_buf_done(&out);
	return failed != 0;
}
