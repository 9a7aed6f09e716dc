/* A knowledge base that is written piece by piece is the one that is written whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include <tutela/kb.h>

#include "base/fault.h"
#include "kb/target.h"

enum { KB_MAX = 64 * 1024 * 1024, RECORDS = 15000, PIECE = 2 << 20 };

/* A file that fails on request: the n-th call of a kind, from 1; 0: none. */
struct file {
	struct tu_buf bytes;
	size_t pieces, reads, rewrites;
	size_t fail_piece, fail_read, fail_rewrite;
	bool uneven; /* a piece that is not the last is no multiple of PIECE */
};

static enum tu_status append(void *context, struct tu_str piece, struct tu_error *err)
{
	struct file *f = context;

	if (++f->pieces == f->fail_piece)
		return tu_fail(err, TU_E_IO, 0, "the disk is full");
	f->uneven |= f->bytes.len % PIECE != 0 || piece.len > PIECE;
	tu_buf_str_add(&f->bytes, piece);
	return f->bytes.failed ? tu_no_memory(err) : TU_OK;
}

static enum tu_status read_back(
	void *context, size_t at, void *bytes, size_t len, struct tu_error *err)
{
	struct file *f = context;

	if (++f->reads == f->fail_read || at + len > f->bytes.len)
		return tu_fail(err, TU_E_IO, 0, "cannot be read");
	memcpy(bytes, f->bytes.ptr + at, len);
	return TU_OK;
}

static enum tu_status rewrite(void *context, struct tu_str first, struct tu_error *err)
{
	struct file *f = context;

	if (++f->rewrites == f->fail_rewrite || first.len > f->bytes.len)
		return tu_fail(err, TU_E_IO, 0, "cannot be written again");
	memcpy(f->bytes.ptr, first.ptr, first.len);
	return TU_OK;
}

/* Every section has rows: packages, products in a configuration of two nodes, lists, names. */
static enum tu_status add_record(struct tu_kb_builder *b, uint32_t number)
{
	char id[32], alias[32], url[64], name[32];
	struct tu_str aliases[] = {tu_str_of(alias,
		(size_t)snprintf(alias, sizeof(alias), "GHSA-%04u-aaaa-bbbb", (unsigned)number))};
	const struct tu_str cwe = TU_STR("CWE-79");
	const struct tu_reference reference = {
		tu_str_of(url,
			(size_t)snprintf(url, sizeof(url), "https://example.org/a/long/address/%u",
				(unsigned)number)),
		TU_STR("patch")};
	const struct tu_score score = {
		TU_CVSS_3_1, 98, TU_STR("CVSS:3.1/AV:N"), TU_STR("HIGH"), TU_STR("nvd@nist.gov")};
	const struct tu_affected_package package = {.type = TU_STR("npm"),
		.name = tu_str_of(name,
			(size_t)snprintf(
				name, sizeof(name), "package-%u", (unsigned)number % 700))};
	struct tu_affected_product products[2] = {{.vulnerable = true}, {.node = 1}};
	const struct tu_advisory advisory = {.source = TU_SOURCE_NVD,
		.id = tu_str_of(
			id, (size_t)snprintf(id, sizeof(id), "CVE-2020-%05u", (unsigned)number)),
		.modified = 1000 + number,
		.title = aliases[0],
		.aliases = aliases,
		.alias_count = 1,
		.related = aliases,
		.related_count = 1,
		.cwes = &cwe,
		.cwe_count = 1,
		.scores = &score,
		.score_count = 1,
		.references = &reference,
		.reference_count = 1,
		.packages = &package,
		.package_count = 1,
		.products = products,
		.product_count = 2,
		.ssvc.exploitation = number % 3 ? TU_STR("poc") : TU_STR(""),
		.epss_score = -1.0f,
		.epss_percentile = -1.0f};

	for (size_t i = 0; i < 2; i++) {
		for (size_t k = 0; k < TU_CPE_ATTRS; k++)
			products[i].cpe.attr[k] = TU_STR("*");
		products[i].cpe.attr[TU_CPE_PART] = TU_STR("a");
		products[i].cpe.attr[TU_CPE_VENDOR] = TU_STR("vendor");
		products[i].cpe.attr[TU_CPE_PRODUCT] = package.name;
		products[i].cpe.attr[TU_CPE_VERSION] = tu_str_from(advisory.id, 4);
	}
	return tu_kb_builder_add(b, &advisory, NULL);
}

/* NULL: no memory. */
static struct tu_kb_builder *gather(uint32_t records)
{
	struct tu_kb_builder *b = tu_kb_builder_new();
	enum tu_status status = b ? TU_OK : TU_E_NOMEM;

	for (uint32_t i = 0; !status && i < records; i++)
		status = add_record(b, records - i);
	if (!status)
		status = tu_kb_builder_alias(
			b, TU_STR("zlib"), TU_STR("zlib"), TU_STR("zlib"), TU_SCHEME_GENERIC, NULL);
	if (!status)
		status = tu_kb_builder_lifecycle(b,
			&(struct tu_support_cycle){
				.product = TU_STR("debian"), .cycle = TU_STR("12")},
			NULL);
	if (status) {
		tu_kb_builder_free(b);
		return NULL;
	}
	return b;
}

static enum tu_status write_to(struct file *f, uint32_t records, struct tu_error *err)
{
	struct tu_kb_builder *b = gather(records);
	struct tu_kb_build_counts counts;
	struct tu_sink sink;
	const struct tu_kb_target target = {&sink, read_back, rewrite, f};
	enum tu_status status = b ? TU_OK : TU_E_NOMEM;

	tu_buf_init(&f->bytes, KB_MAX);
	tu_sink_init(&sink, KB_MAX, append, f);
	if (!status)
		status = tu_kb__write(b, &target, &counts, err);
	if (!status)
		assert_int_equal(counts.vulnerabilities, records);
	tu_sink_done(&sink);
	tu_kb_builder_free(b);
	return status;
}

static void pieces_are_the_whole(void **state)
{
	struct tu_kb_builder *b = gather(RECORDS);
	struct tu_kb_build_counts counts;
	struct file f = {0};
	struct tu_buf whole;
	struct tu_error err = {0};
	struct tu_kb *kb;
	(void)state;

	assert_non_null(b);
	tu_buf_init(&whole, KB_MAX);
	assert_int_equal(tu_kb_builder_finish(b, &whole, &counts, &err), TU_OK);
	assert_int_equal(counts.entries, 3 * RECORDS);
	assert_int_equal(write_to(&f, RECORDS, &err), TU_OK);
	assert_true(f.pieces >= 3);
	assert_false(f.uneven);
	assert_int_equal(f.rewrites, 1);
	assert_int_equal(f.bytes.len, whole.len);
	assert_memory_equal(f.bytes.ptr, whole.ptr, whole.len);
	assert_int_equal(tu_kb_open_memory(f.bytes.ptr, f.bytes.len, &kb, &err), TU_OK);
	assert_int_equal(tu_kb_verify(kb, &err), TU_OK);
	tu_kb_close(kb);
	tu_buf_done(&f.bytes);
	tu_buf_done(&whole);
	tu_kb_builder_free(b);
}

static void what_the_file_fails_with_is_the_answer(void **state)
{
	static const struct {
		struct file file;
		const char *why;
	} cases[] = {
		{{.fail_piece = 1}, "the disk is full"},
		{{.fail_piece = 3}, "the disk is full"},
		{{.fail_read = 1}, "cannot be read"},
		{{.fail_read = 3}, "cannot be read"},
		{{.fail_rewrite = 1}, "cannot be written again"},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct file f = cases[i].file;
		struct tu_error err = {0};

		assert_int_equal(write_to(&f, RECORDS, &err), TU_E_IO);
		assert_string_equal(err.message, cases[i].why);
		assert_true(f.rewrites <= 1);
		tu_buf_done(&f.bytes);
	}
}

static void any_allocation_may_fail(void **state)
{
	enum tu_status status = TU_E_NOMEM;
	size_t nth;
	(void)state;

	for (nth = 1; status && nth < 10000; nth++) {
		struct file f = {0};
		struct tu_error err = {0};

		tu_fault_set(nth);
		status = write_to(&f, 3, &err);
		tu_fault_set(0);
		tu_buf_done(&f.bytes);
		assert_true(status == TU_OK || status == TU_E_NOMEM);
	}
	assert_int_equal(status, TU_OK);
	assert_true(nth > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_the_whole),
		cmocka_unit_test(what_the_file_fails_with_is_the_answer),
		cmocka_unit_test(any_allocation_may_fail),
	};

	return cmocka_run_group_tests_name("writing a knowledge base", tests, NULL, NULL);
}
