#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/fault.h"
#include "kb/kb.h"

static const struct tu_support_cycle some[] = {
	{.product = TU_STR_INIT("openssl"), .cycle = TU_STR_INIT("3"), .ended = true},
	{.product = TU_STR_INIT("openssl"),
		.cycle = TU_STR_INIT("3.0"),
		.eol = TU_STR_INIT("2026-09-07")},
	{.product = TU_STR_INIT("debian"),
		.cycle = TU_STR_INIT("12"),
		.eol = TU_STR_INIT("2025-01-01")},
	/* the same release once more: the later statement holds */
	{.product = TU_STR_INIT("debian"),
		.cycle = TU_STR_INIT("12"),
		.cpe = TU_STR_INIT("cpe:2.3:o:debian:debian_linux"),
		.released = TU_STR_INIT("2023-06-10"),
		.support = TU_STR_INIT("2026-06-10"),
		.eol = TU_STR_INIT("2026-06-10"),
		.extended = TU_STR_INIT("2028-06-30")},
};

static enum tu_status build(struct tu_buf *bytes, struct tu_error *err)
{
	struct tu_kb_builder *builder = tu_kb_builder_new();
	struct tu_kb_build_counts counts;
	enum tu_status status = TU_E_NOMEM;

	tu_buf_init(bytes, 1 << 20);
	if (!builder)
		return status;
	status = TU_OK;
	for (size_t i = 0; !status && i < TU_COUNT(some); i++)
		status = tu_kb_builder_lifecycle(builder, &some[i], err);
	if (!status)
		status = tu_kb_builder_finish(builder, bytes, &counts, err);
	tu_kb_builder_free(builder);
	return status;
}

static struct tu_kb *open_kb(struct tu_buf *bytes)
{
	struct tu_error err = {0};
	struct tu_kb *kb = NULL;

	if (build(bytes, &err) || tu_kb_open_memory(bytes->ptr, bytes->len, &kb, &err) ||
		tu_kb_verify(kb, &err))
		fail_msg("%s", err.message);
	return kb;
}

static void expect(
	const struct tu_kb *kb, const char *product, const char *version, const char *cycle)
{
	uint32_t found = tu_kb_find_lifecycle(kb, tu_str_c(product), tu_str_c(version));
	struct tu_str got = found == TU_KB_NONE ? TU_STR("") : tu_kb_lifecycle(kb, found).cycle;

	if (!tu_str_eq(got, tu_str_c(cycle)))
		fail_msg("%s %s is of release \"%.*s\", not \"%s\"", product, version,
			TU_STR_FMT(got), cycle);
}

static void a_version_belongs_to_the_narrowest_release(void **state)
{
	struct tu_buf bytes;
	struct tu_kb *kb = open_kb(&bytes);

	(void)state;
	expect(kb, "openssl", "3.0.13", "3.0");
	expect(kb, "openssl", "3.0", "3.0");
	expect(kb, "openssl", "3.1.2", "3");
	expect(kb, "openssl", "30.1", "");
	expect(kb, "openssl", "1.1.1", "");
	expect(kb, "debian", "12.5", "12");
	expect(kb, "debia", "12", "");
	expect(kb, "zlib", "1", "");
	tu_kb_close(kb);
	tu_buf_done(&bytes);
}

static void the_later_statement_holds(void **state)
{
	struct tu_buf bytes;
	struct tu_kb *kb = open_kb(&bytes);
	struct tu_kb_info info;
	struct tu_support_cycle debian;

	(void)state;
	tu_kb_info(kb, &info);
	assert_int_equal(info.lifecycles, 3);
	debian = tu_kb_lifecycle(kb, tu_kb_find_lifecycle(kb, TU_STR("debian"), TU_STR("12")));
	assert_true(tu_str_eq(debian.eol, TU_STR("2026-06-10")));
	assert_true(tu_str_eq(debian.released, TU_STR("2023-06-10")));
	assert_true(tu_str_eq(debian.support, TU_STR("2026-06-10")));
	assert_true(tu_str_eq(debian.extended, TU_STR("2028-06-30")));
	assert_true(tu_str_eq(debian.cpe, TU_STR("cpe:2.3:o:debian:debian_linux")));
	assert_false(debian.ended);
	tu_kb_close(kb);
	tu_buf_done(&bytes);
}

static void nameless_releases_are_refused(void **state)
{
	struct tu_kb_builder *builder = tu_kb_builder_new();
	struct tu_support_cycle nameless = {.product = TU_STR("debian")};

	(void)state;
	assert_non_null(builder);
	assert_int_equal(tu_kb_builder_lifecycle(builder, &nameless, NULL), TU_E_USAGE);
	tu_kb_builder_free(builder);
}

static void any_allocation_may_fail(void **state)
{
	enum tu_status status = TU_E_NOMEM;

	(void)state;
	for (size_t nth = 1; status && nth < 10000; nth++) {
		struct tu_error err = {0};
		struct tu_buf bytes;

		tu_fault_set(nth);
		status = build(&bytes, &err);
		tu_fault_set(0);
		tu_buf_done(&bytes);
		assert_true(status == TU_OK || status == TU_E_NOMEM || status == TU_E_LIMIT);
	}
	assert_int_equal(status, TU_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_version_belongs_to_the_narrowest_release),
		cmocka_unit_test(the_later_statement_holds),
		cmocka_unit_test(nameless_releases_are_refused),
		cmocka_unit_test(any_allocation_may_fail),
	};

	return cmocka_run_group_tests_name("lifecycles", tests, NULL, NULL);
}
