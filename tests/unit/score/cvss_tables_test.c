/* tests/tables/cvss: scores and errors, one case a line. The folder tests/tables is in TU_TABLES.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include <tutela/buf.h>
#include <tutela/score.h>

enum { COLUMNS = 6, LINE = 1024 };

struct row {
	const char *columns[COLUMNS];
};

/* Call `check` for each line of a table; returns how many there were. */
static size_t each(const char *name, size_t columns, void (*check)(const struct row *row))
{
	const char *folder = getenv("TU_TABLES");
	char line[LINE];
	char path[LINE];
	size_t count = 0;

	if (!folder)
		fail_msg("TU_TABLES is not set");
	snprintf(path, sizeof(path), "%s/cvss/%s.tsv", folder, name);
	FILE *file = fopen(path, "r");
	if (!file)
		fail_msg("%s cannot be read", path);
	while (fgets(line, sizeof(line), file)) {
		struct row row = {{NULL}};
		char *at = line;
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#')
			continue;
		for (size_t i = 0; i < columns; i++) {
			row.columns[i] = at;
			at += strcspn(at, "\t");
			if (*at)
				*at++ = '\0';
			else if (i + 1 < columns)
				fail_msg("%s: %s: %zu columns", path, line, i + 1);
		}
		check(&row);
		count++;
	}
	fclose(file);
	return count;
}

static void assert_score(const struct row *row, size_t column, uint8_t tenths)
{
	char text[8] = "-";

	if (tenths != TU_SCORE_UNSTATED)
		snprintf(text, sizeof(text), "%d.%d", tenths / 10, tenths % 10);
	if (strcmp(text, row->columns[column]) != 0)
		fail_msg("%s: column %zu: %s, not %s (%s)", row->columns[0], column, text,
			row->columns[column], row->columns[5]);
}

/* The canonical form scores alike and is its own canonical form. */
static void assert_writes_the_same(const struct tu_cvss *cvss, const struct tu_cvss_scores *scores)
{
	struct tu_buf once, again;
	struct tu_cvss reread;
	struct tu_cvss_scores rescored;

	tu_buf_init(&once, LINE);
	tu_buf_init(&again, LINE);
	tu_cvss_write(cvss, &once);
	assert_int_equal(tu_cvss_parse(tu_buf_str(&once), &reread, NULL), TU_OK);
	tu_cvss_score(&reread, &rescored);
	assert_memory_equal(&rescored, scores, sizeof(*scores));
	tu_cvss_write(&reread, &again);
	assert_true(tu_str_eq(tu_buf_str(&once), tu_buf_str(&again)));
	tu_buf_done(&once);
	tu_buf_done(&again);
}

static void check_scores(const struct row *row)
{
	struct tu_cvss cvss;
	struct tu_cvss_scores scores;
	struct tu_error err = {0};
	uint8_t base;

	if (tu_cvss_parse(tu_str_c(row->columns[0]), &cvss, &err) != TU_OK)
		fail_msg("%s: %s", row->columns[0], err.message);
	tu_cvss_score(&cvss, &scores);
	assert_score(row, 1, scores.base);
	assert_score(row, 2, scores.threat);
	assert_score(row, 3, scores.environmental);
	assert_string_equal(
		tu_severity_name(tu_severity_of(cvss.version, scores.overall)), row->columns[4]);
	assert_int_equal(tu_cvss_base(tu_str_c(row->columns[0]), &base, NULL), TU_OK);
	assert_int_equal(base, scores.base);
	assert_writes_the_same(&cvss, &scores);
}

static void scores(void **state)
{
	static const char *const tables[] = {"2.0", "3.0", "3.1", "4.0"};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(tables); i++)
		assert_true(each(tables[i], COLUMNS, check_scores) >= 8);
}

static void check_error(const struct row *row)
{
	struct tu_cvss cvss = {.version = TU_CVSS_NONE};
	struct tu_error err = {0};

	if (tu_cvss_parse(tu_str_c(row->columns[0]), &cvss, &err) != TU_E_SYNTAX)
		fail_msg("\"%s\" is taken, or refused for another reason", row->columns[0]);
	if (err.offset != strtoul(row->columns[1], NULL, 10))
		fail_msg("\"%s\": byte %zu, not %s", row->columns[0], err.offset, row->columns[1]);
	assert_string_equal(err.message, row->columns[2]);
	assert_int_equal(cvss.version, TU_CVSS_NONE);
}

static void errors(void **state)
{
	(void)state;
	assert_true(each("errors", 3, check_error) >= 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scores),
		cmocka_unit_test(errors),
	};

	return cmocka_run_group_tests_name("cvss_tables", tests, NULL, NULL);
}
