#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/buf.h>

#include "base/fault.h"

static void never_grows_beyond_its_ceiling(void **state)
{
	(void)state;
	for (size_t ceiling = 0; ceiling < 700; ceiling += 7) {
		struct tu_buf buf;

		tu_buf_init(&buf, ceiling);
		for (size_t i = 0; i < 1000; i++)
			tu_buf_byte(&buf, 'x');
		assert_true(buf.failed);
		assert_int_equal(buf.len, ceiling);
		assert_true(buf.cap <= ceiling);
		tu_buf_done(&buf);
	}
}

static void printf_fills_it_to_the_last_byte(void **state)
{
	struct tu_buf buf;
	(void)state;

	tu_buf_init(&buf, 10);
	tu_buf_printf(&buf, "%s", "0123456789");
	assert_false(buf.failed);
	assert_true(tu_str_eq(tu_buf_str(&buf), TU_STR("0123456789")));
	tu_buf_printf(&buf, "%s", "");
	assert_false(buf.failed);
	tu_buf_printf(&buf, "%d", 1);
	assert_true(buf.failed);
	assert_int_equal(buf.len, 10);
	tu_buf_done(&buf);
}

/* A buffer of its size alone: what is after it is somebody else's. */
static void printf_writes_nothing_behind_the_room(void **state)
{
	char room[] = "....!";
	struct tu_buf buf = {.ptr = room, .cap = 4, .ceiling = 4};

	(void)state;
	tu_buf_printf(&buf, "%d", 12);
	tu_buf_printf(&buf, "%s", "34");
	assert_false(buf.failed);
	assert_string_equal(room, "1234!");
	tu_buf_printf(&buf, "%d", 5);
	assert_true(buf.failed);
	assert_string_equal(room, "1234!");
	buf = (struct tu_buf){.ptr = room, .cap = 4, .ceiling = 4};
	tu_fault_set(1);
	tu_buf_printf(&buf, "%s", "5678");
	tu_fault_set(0);
	assert_true(buf.failed);
	assert_string_equal(room, "1234!");
}

static void failure_sticks_until_cleared(void **state)
{
	struct tu_buf buf;
	(void)state;

	tu_buf_init(&buf, 4);
	tu_buf_c(&buf, "12345");
	assert_true(buf.failed);
	tu_buf_c(&buf, "1");
	assert_int_equal(buf.len, 0);
	assert_false(tu_buf_reserve(&buf, 0));
	tu_buf_clear(&buf);
	tu_buf_c(&buf, "1234");
	assert_false(buf.failed);
	assert_false(tu_buf_reserve(&buf, SIZE_MAX));
	tu_buf_done(&buf);
	assert_int_equal(buf.ceiling, 4);
}

static void keeps_what_it_had_when_memory_runs_out(void **state)
{
	struct tu_buf buf;
	(void)state;

	tu_buf_init(&buf, SIZE_MAX);
	tu_buf_c(&buf, "kept");
	tu_fault_set(1);
	assert_false(tu_buf_reserve(&buf, 5000));
	tu_fault_set(0);
	assert_true(buf.failed);
	assert_true(tu_str_eq(tu_buf_str(&buf), TU_STR("kept")));
	tu_buf_done(&buf);
}

static void adding_nothing_needs_no_bytes(void **state)
{
	struct tu_buf buf;
	(void)state;

	tu_buf_init(&buf, 0);
	tu_buf_add(&buf, NULL, 0);
	tu_buf_str_add(&buf, (struct tu_str){NULL, 0});
	assert_false(buf.failed);
	assert_null(buf.ptr);
	tu_buf_done(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(never_grows_beyond_its_ceiling),
		cmocka_unit_test(printf_fills_it_to_the_last_byte),
		cmocka_unit_test(printf_writes_nothing_behind_the_room),
		cmocka_unit_test(failure_sticks_until_cleared),
		cmocka_unit_test(keeps_what_it_had_when_memory_runs_out),
		cmocka_unit_test(adding_nothing_needs_no_bytes),
	};

	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
