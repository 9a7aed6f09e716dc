/*
 * Tables of names in either form: which products a component's name stands for afterwards, and what
 * is said of lines that are not understood. tests/tables/kb/aliases.tsv.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/fault.h"
#include "error_text.h"
#include "kb/aliases.h"
#include "kb/kb.h"
#include "table.h"

/* A text with the bytes that a reader may look at after it, and no others. */
static struct tu_str padded(struct tu_buf *buf, struct tu_str text)
{
	static const char padding[64] = {0};

	tu_buf_init(buf, 1 << 20);
	tu_buf_str_add(buf, text);
	tu_buf_str_add(buf, tu_str_of(padding, sizeof(padding)));
	return tu_str_first(tu_buf_str(buf), text.len);
}

static void add_names(const struct tu_kb *kb, struct tu_buf *out)
{
	for (uint32_t i = 0; i < tu_kb__rows(kb, KB_NAMES); i++) {
		const struct kb_name *row = &kb->names[i];

		tu_buf_printf(out, "%s%.*s=%.*s:%.*s %.*s", i ? " & " : "",
			TU_STR_FMT(kb_str(kb, row->name)), TU_STR_FMT(kb_str(kb, row->vendor)),
			TU_STR_FMT(kb_str(kb, row->product)),
			TU_STR_FMT(tu_scheme_name((enum tu_scheme)row->scheme)));
	}
}

/* The names of a knowledge base that is built from nothing else. */
static void print_names(struct tu_kb_builder *builder, struct tu_buf *out)
{
	struct tu_kb_build_counts counts;
	struct tu_buf bytes;
	struct tu_kb *kb;

	tu_buf_init(&bytes, 1 << 20);
	assert_int_equal(tu_kb_builder_finish(builder, &bytes, &counts, NULL), TU_OK);
	assert_int_equal(tu_kb_open_memory(bytes.ptr, bytes.len, &kb, NULL), TU_OK);
	add_names(kb, out);
	tu_kb_close(kb);
	tu_buf_done(&bytes);
}

static enum tu_status read_into(struct tu_kb_builder *builder, struct tu_str text,
	struct tu_kb_aliases_summary *summary, struct tu_error *err)
{
	struct tu_buf buf;
	enum tu_status status =
		tu_kb_aliases_read(builder, TU_STR("names"), padded(&buf, text), summary, err);

	tu_buf_done(&buf);
	return status;
}

/* What the table says of a row, as one text: is it a table of names, how many pairs and lines that
 * are not understood, the names, what is said of the first such line. */
static void describe(struct tu_str text, struct tu_buf *out)
{
	struct tu_kb_builder *builder = tu_kb_builder_new();
	struct tu_kb_aliases_summary summary = {0};
	struct tu_buf buf;

	assert_non_null(builder);
	tu_buf_c(out, tu_kb_is_aliases(padded(&buf, text)) ? "yes" : "no");
	tu_buf_done(&buf);
	assert_int_equal(read_into(builder, text, &summary, NULL), TU_OK);
	tu_buf_printf(out, "\t%zu\t%zu\t", summary.rows, summary.problems);
	print_names(builder, out);
	tu_buf_printf(out, "\t%s", summary.problems ? error_text(&summary.first) : "");
	assert_int_equal(summary.first.status, summary.problems ? TU_E_SYNTAX : TU_OK);
	tu_kb_builder_free(builder);
}

static bool check_row(const struct table *table)
{
	struct tu_buf got, want;
	bool same;

	tu_buf_init(&got, 1 << 16);
	tu_buf_init(&want, 1 << 16);
	describe(table->fields[1], &got);
	for (size_t i = 2; i < 7; i++)
		tu_buf_printf(&want, "%s%.*s", i > 2 ? "\t" : "", TU_STR_FMT(table->fields[i]));
	same = tu_str_eq(tu_buf_str(&got), tu_buf_str(&want));
	if (!same)
		print_error("line %zu, %.*s\n\texpected %.*s\n\tgot      %.*s\n", table->line,
			TU_STR_FMT(table->fields[0]), TU_STR_FMT(tu_buf_str(&want)),
			TU_STR_FMT(tu_buf_str(&got)));
	tu_buf_done(&want);
	tu_buf_done(&got);
	return same;
}

static void reads_every_row_of_the_table(void **state)
{
	struct table table;
	size_t wrong = 0, rows = 0;

	(void)state;
	table_open(&table, "kb/aliases.tsv");
	for (; table_next(&table); rows++)
		wrong += !check_row(&table);
	table_close(&table);
	assert_int_equal(wrong, 0);
	assert_true(rows > 40);
}

/* Every failing allocation is reported as what it is. */
static void survives_the_failure_of_any_allocation(void **state)
{
	static const char *const texts[] = {"zlib\tzlib\tzlib\ngz\tgnu\tgzip\tgeneric\n",
		"{\"path\":\"a/cpes.yml\",\"cpes\":[\"cpe:2.3:a:v:p:*:*:*:*:*:*:*:*\"]}\n"
		"{\"path\":\"a/purls.yml\",\"purls\":[\"pkg:deb/debian/p\",\"pkg:npm/p\"]}\n"};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(texts); i++) {
		enum tu_status status = TU_E_NOMEM;
		size_t nth = 0;

		while (status == TU_E_NOMEM && nth++ < 1000) {
			struct tu_kb_builder *builder = tu_kb_builder_new();
			struct tu_kb_aliases_summary summary = {0};
			struct tu_error err = {0};
			struct tu_buf buf;
			struct tu_str text = padded(&buf, tu_str_c(texts[i]));

			tu_fault_set(nth);
			status = tu_kb_aliases_read(builder, TU_STR("names"), text, &summary, &err);
			tu_fault_set(0);
			assert_int_equal(err.status, status);
			assert_int_equal(summary.problems, 0);
			assert_true(status != TU_OK || summary.rows == 2);
			tu_buf_done(&buf);
			tu_kb_builder_free(builder);
		}
		assert_int_equal(status, TU_OK);
		assert_true(nth > 3);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_row_of_the_table),
		cmocka_unit_test(survives_the_failure_of_any_allocation),
	};

	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
