/* Supplement, check and comparison while the n-th allocation fails, for every n. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/sbom_check.h>
#include <tutela/sbom_diff.h>
#include <tutela/supplement.h>

#include "base/fault.h"

static const struct tu_str document = TU_STR_INIT(
	"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":["
	"{\"name\":\"a\",\"bom-ref\":\"r\",\"version\":\"1\",\"purl\":\"pkg:npm/a@1\","
	"\"licenses\":[{\"expression\":\"MIT\"}]},"
	"{\"name\":\"b\",\"version\":\"1\",\"cpe\":\"cpe:2.3:a:v:b:1:*:*:*:*:*:*:*\"}]}");
static const struct tu_str side = TU_STR_INIT(
	"tutela-supplement: 1\ndocument: {author: x}\ncomponents:\n"
	"- select: {purl: pkg:npm/a}\n  version: 2\n  support: abandoned\n"
	"- select: {cpe: \"cpe:/a:v:b\"}\n  version: 2\n  licence: ISC\n  supplier: s\n");

/* The three in a row; the first that fails ends it. */
static enum tu_status work(struct tu_arena *arena, const struct tu_inventory *before)
{
	const struct tu_inventory *after = before;
	const struct tu_check_result *result;
	const struct tu_sbom_diff *diff;
	struct tu_error err;
	enum tu_status status = tu_supplement_apply(arena, side, &after, 1, &err);

	if (status)
		assert_ptr_equal(after, before);
	if (!status)
		status = tu_sbom_check(arena,
			&(struct tu_check_request){&tu_check_profiles[1], after, 0}, &result, &err);
	if (!status)
		status = tu_sbom_diff(arena, before, after, &diff, &err);
	if (!status)
		assert_int_equal(diff->changed, 2);
	return status;
}

static void every_allocation_may_fail(void **state)
{
	enum tu_status status = TU_E_NOMEM;
	size_t nth = 0;

	(void)state;
	while (status == TU_E_NOMEM && nth++ < 100000) {
		struct tu_arena *arena = tu_arena_new(0);
		const struct tu_inventory *before = NULL;

		assert_non_null(arena);
		assert_int_equal(tu_sbom_read(arena, document, false, NULL, &before, NULL), TU_OK);
		tu_fault_set(nth);
		status = work(arena, before);
		tu_fault_set(0);
		tu_arena_free(arena);
	}
	assert_int_equal(status, TU_OK);
	assert_true(nth > 10); /* some did fail */
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_may_fail)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
