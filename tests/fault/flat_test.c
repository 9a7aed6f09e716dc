/* Packing and unpacking an inventory while the n-th allocation fails, for every n: TU_E_NOMEM, and
 * nothing leaks. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <tutela/sbom.h>

#include "base/input.h"
#include "sbom/flat/flat.h"
#include "support/faults.h"

enum { BYTES_MAX = 1 << 20, LEAST = 5 };

struct job {
	const struct tu_inventory *inventory;
	struct tu_str packed;
};

static enum tu_status pack(void *context, size_t nth, size_t *out_asked)
{
	const struct job *job = context;
	enum tu_status status;
	struct tu_buf out;

	tu_buf_init(&out, BYTES_MAX);
	tu_fault_set(nth);
	status = tu_inventory_pack(job->inventory, &out, NULL);
	*out_asked = tu_fault_count();
	tu_fault_set(0);
	if (!status)
		assert_true(tu_str_eq(tu_buf_str(&out), job->packed));
	tu_buf_done(&out);
	return status;
}

static enum tu_status unpack(void *context, size_t nth, size_t *out_asked)
{
	const struct tu_inventory *inventory = NULL;
	struct tu_arena *arena = tu_arena_new(0);
	const struct job *job = context;
	enum tu_status status;

	assert_non_null(arena);
	tu_fault_set(nth);
	status = tu_inventory_unpack(arena, job->packed, NULL, &inventory, NULL);
	*out_asked = tu_fault_count();
	tu_fault_set(0);
	assert_int_equal(status == TU_OK, inventory != NULL);
	tu_arena_free(arena);
	return status;
}

static void test_faults(void **state)
{
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_buf text, packed;
	struct job job;

	(void)state;
	assert_non_null(arena);
	tu_buf_init(&text, BYTES_MAX);
	tu_buf_init(&packed, BYTES_MAX);
	assert_int_equal(tu_input_read(getenv("TU_PUMP"), &text, NULL), TU_OK);
	assert_int_equal(
		tu_sbom_read(arena, tu_buf_str(&text), true, NULL, &job.inventory, NULL), TU_OK);
	assert_int_equal(tu_inventory_pack(job.inventory, &packed, NULL), TU_OK);
	job.packed = tu_buf_str(&packed);
	fail_each(pack, &job, TU_OK, LEAST);
	fail_each(unpack, &job, TU_OK, LEAST);
	tu_buf_done(&text);
	tu_buf_done(&packed);
	tu_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_faults)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
