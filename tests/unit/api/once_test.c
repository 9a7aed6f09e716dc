/* What becomes of an Idempotency-Key. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/attr.h>

#include "api/inside.h"

static const struct {
	enum tu_status status;
	bool wrote;
	enum tu_api_once_fate fate;
} rows[] = {
	{TU_OK, false, TU_API_ONCE_KEEP},
	{TU_OK, true, TU_API_ONCE_KEEP},
	{TU_E_USAGE, false, TU_API_ONCE_FORGET},
	{TU_E_CONFLICT, false, TU_API_ONCE_FORGET},
	{TU_E_BUSY, false, TU_API_ONCE_FORGET},
	/* the device is there, and its answer could not be made */
	{TU_E_BUSY, true, TU_API_ONCE_LEAVE},
	{TU_E_LIMIT, true, TU_API_ONCE_LEAVE},
	/* a commit whose answer was lost */
	{TU_E_IO, false, TU_API_ONCE_LEAVE},
};

static void never_twice(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++)
		if (tu_api__once_fate(rows[i].status, rows[i].wrote) != rows[i].fate)
			fail_msg("row %zu", i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(never_twice)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
