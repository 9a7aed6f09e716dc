/*
 * The table of the kernel's options against its sum in tests/tables/match/kernel_areas.tsv: a row
 * that is lost, is of other versions or of another directory clears vulnerabilities wrongly
 * or no longer.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/sha256.h"
#include "match/kernel_build.h"
#include "match/kernel_options.h"
#include "table.h"

/* The kernels from whose source the table was derived, and so the only edges a row can have. */
static const struct kernel_version derived[] = {{5, 10}, {6, 1}, {6, 12}, {7, 2}};

enum { VERSIONS = TU_COUNT(derived) };

static const struct kernel_option *rows;
static size_t row_count;

static struct tu_str area_of(struct tu_str directory)
{
	size_t first = tu_str_find(directory, '/');
	size_t second = first + 1 + tu_str_find(tu_str_from(directory, first + 1), '/');

	return tu_str_first(directory, second < directory.len ? second : first);
}

/* Rows of the area at `*index`, which steps over them. */
static void sum_up(size_t *index, size_t counts[VERSIONS], struct tu_buf *digest)
{
	struct tu_str area = area_of(rows[*index].directory);
	uint8_t bytes[TU_SHA256_BYTES];
	struct tu_buf text;

	tu_buf_init(&text, 1 << 20);
	for (; *index < row_count; ++*index) {
		const struct kernel_option *row = &rows[*index];

		if (!tu_str_eq(area_of(row->directory), area))
			break;
		tu_buf_printf(&text, "%.*s %.*s %u.%u %u.%u %s\n", TU_STR_FMT(row->directory),
			TU_STR_FMT(row->options), row->since.major, row->since.minor,
			row->until.major, row->until.minor, row->headers ? "HEADERS" : "SOURCES");
		for (size_t v = 0; v < VERSIONS; v++)
			counts[v] += tu_match__kernel_version_cmp(row->since, derived[v]) <= 0 &&
				tu_match__kernel_version_cmp(derived[v], row->until) <= 0;
	}
	assert_int_equal(tu_sha256(tu_buf_str(&text), bytes), TU_OK);
	tu_sha256_write(bytes, digest);
	tu_buf_done(&text);
}

static void the_rows_are_those_that_were_derived(void **state)
{
	struct table table;
	size_t index = 0;
	(void)state;

	table_open(&table, "match/kernel_areas.tsv");
	while (table_next(&table)) {
		struct tu_str area = table.fields[0];
		size_t counts[VERSIONS] = {0};
		struct tu_buf digest;

		if (index == row_count)
			fail_msg("line %zu: no row of %.*s", table.line, TU_STR_FMT(area));
		if (!tu_str_eq(area_of(rows[index].directory), area))
			fail_msg("line %zu: the next row is of %.*s", table.line,
				TU_STR_FMT(rows[index].directory));
		tu_buf_init(&digest, 1024);
		sum_up(&index, counts, &digest);
		for (size_t v = 0; v < VERSIONS; v++)
			if (counts[v] != table_number(&table, 1 + v))
				fail_msg("%.*s: %zu rows of %u.%u", TU_STR_FMT(area), counts[v],
					derived[v].major, derived[v].minor);
		if (!tu_str_eq(tu_str_first(tu_buf_str(&digest), 16), table.fields[1 + VERSIONS]))
			fail_msg("%.*s: other rows", TU_STR_FMT(area));
		tu_buf_done(&digest);
	}
	assert_int_equal(index, row_count);
	table_close(&table);
}

static void expect_left_out(const struct kernel_option *row, struct kernel_version version)
{
	char config[512], file[512], text[32];
	struct kernel_stated kernel = {.version = TU_STR("")};
	struct tu_kernel_build *build = NULL;
	struct tu_error err = {0};
	struct tu_buf why;

	/* The architecture is of no row that is asked for, or "not set" means nothing. */
	(void)snprintf(config, sizeof(config),
		"CONFIG_CC_IS_GCC=y\nCONFIG_%s=y\n# CONFIG_%.*s "
		"is not set\n",
		tu_str_eq(row->options, TU_STR("X86")) ? "ARM" : "X86", TU_STR_FMT(row->options));
	(void)snprintf(file, sizeof(file), "%.*sx.c", TU_STR_FMT(row->directory));
	(void)snprintf(text, sizeof(text), "%u.%u.1", version.major, version.minor);
	kernel.version = tu_str_c(text);
	assert_int_equal(tu_kernel_build_new(&build, &err), TU_OK);
	assert_non_null(build);
	assert_int_equal(tu_kernel_build_add(build, TU_KERNEL_CONFIG, TU_STR(".config"),
				 tu_str_c(config), &err),
		TU_OK);
	assert_int_equal(tu_kernel_build_end(build, &err), TU_OK);
	tu_buf_init(&why, 4096);
	if (!tu_match__kernel_leaves_out(build, &kernel, tu_str_c(file), &why))
		fail_msg("%s of %s without CONFIG_%.*s", file, text, TU_STR_FMT(row->options));
	if (tu_str_search(tu_buf_str(&why), row->options) == why.len)
		fail_msg("%s: %.*s", file, TU_STR_FMT(tu_buf_str(&why)));
	tu_buf_done(&why);
	tu_kernel_build_free(build);
}

/* Without its option, the sources of a row's directory are left out from its first version to its
 * last. */
static void every_row_leaves_its_directory_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < row_count; i++) {
		const struct kernel_option *row = &rows[i];

		if (tu_str_find(row->options, '|') < row->options.len)
			continue;
		expect_left_out(row, row->since);
		expect_left_out(row, row->until);
	}
}

static int set_up(void **state)
{
	(void)state;
	rows = tu_match__kernel_options(&row_count);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_rows_are_those_that_were_derived),
		cmocka_unit_test(every_row_leaves_its_directory_out),
	};

	return cmocka_run_group_tests_name("kernel options", tests, set_up, NULL);
}
