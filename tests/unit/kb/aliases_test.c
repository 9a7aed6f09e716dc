/*
 * Tables of names in either form: which products a component's name stands for afterwards, and what
 * is said of lines that are not understood. tests/tables/kb/aliases.tsv.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "error_text.h"
#include "kb/aliases.h"
#include "kb/kb.h"
#include "support/faults.h"
#include "support/rows.h"

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

static void check_row(const struct table *table, void *context)
{
	struct tu_buf got;
	struct tu_str rest, field;

	(void)context;
	tu_buf_init(&got, 1 << 16);
	describe(table->fields[1], &got);
	rest = tu_buf_str(&got);
	for (size_t i = 2; tu_str_split(&rest, '\t', &field); i++)
		(void)row_has(table, i, field);
	tu_buf_done(&got);
}

static void reads_every_row_of_the_table(void **state)
{
	(void)state;
	each_row("kb/aliases.tsv", 40, check_row, NULL);
}

static enum tu_status read_failing(void *context, size_t nth, size_t *out_asked)
{
	struct tu_kb_builder *builder = tu_kb_builder_new();
	struct tu_kb_aliases_summary summary = {0};
	struct tu_error err = {0};
	enum tu_status status;
	struct tu_buf buf;
	struct tu_str text = padded(&buf, tu_str_c(context));

	tu_fault_set(nth);
	status = tu_kb_aliases_read(builder, TU_STR("names"), text, &summary, &err);
	*out_asked = tu_fault_count();
	tu_fault_set(0);
	assert_int_equal(err.status, status);
	assert_int_equal(summary.problems, 0);
	assert_true(status != TU_OK || summary.rows == 2);
	tu_buf_done(&buf);
	tu_kb_builder_free(builder);
	return status;
}

static void a_failing_allocation_is_no_bad_name(void **state)
{
	static char table[] = "zlib\tzlib\tzlib\ngz\tgnu\tgzip\tgeneric\n";
	static char pages[] =
		"{\"path\":\"a/cpes.yml\",\"cpes\":[\"cpe:2.3:a:v:p:*:*:*:*:*:*:*:*\"]}\n"
		"{\"path\":\"a/purls.yml\",\"purls\":[\"pkg:pypi/A_b.C\",\"pkg:npm/s/p\"]}\n";

	(void)state;
	fail_each(read_failing, table, TU_OK, 3);
	fail_each(read_failing, pages, TU_OK, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_row_of_the_table),
		cmocka_unit_test(a_failing_allocation_is_no_bad_name),
		cmocka_unit_test(no_row_is_wrong),
	};

	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
