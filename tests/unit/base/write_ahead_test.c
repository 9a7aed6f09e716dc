/* Writing in a thread of its own: the same bytes, and the first failure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/write_ahead.h"

enum { LIMIT = 1 << 20, BLOCK = 4096, PIECES = 200 };

struct target {
	struct tu_buf got;
	size_t calls;
	size_t largest;
	size_t fail_at; /* the call that fails, from 1; 0: none */
};

static enum tu_status take(void *context, struct tu_str piece, struct tu_error *err)
{
	struct target *target = context;

	target->calls++;
	target->largest = piece.len > target->largest ? piece.len : target->largest;
	if (target->calls == target->fail_at)
		return tu_fail(err, TU_E_IO, 0, "the disk is full");
	tu_buf_str_add(&target->got, piece);
	return TU_OK;
}

/* Pieces of 0 bytes up to some blocks; stops at the first failure. */
static enum tu_status add_pieces(
	struct tu_write_ahead *ahead, struct tu_buf *all, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < PIECES && !status; i++) {
		size_t start = all->len;

		for (size_t k = 0; k < i * 53 % (3 * BLOCK); k++)
			tu_buf_byte(all, (char)(i + k));
		status = tu_write_ahead_add(ahead, tu_str_from(tu_buf_str(all), start), err);
	}
	return status;
}

static void writes_the_same_bytes(void **state)
{
	struct target target = {0};
	struct tu_buf all;
	struct tu_error err = {0};
	struct tu_write_ahead *ahead = tu_write_ahead_new(take, &target, BLOCK);
	(void)state;

	assert_non_null(ahead);
	tu_buf_init(&target.got, 4 * LIMIT);
	tu_buf_init(&all, 4 * LIMIT);
	assert_int_equal(add_pieces(ahead, &all, &err), TU_OK);
	assert_int_equal(tu_write_ahead_end(ahead, &err), TU_OK);
	assert_true(all.len > 100 * BLOCK);
	assert_true(tu_str_eq(tu_buf_str(&target.got), tu_buf_str(&all)));
	assert_true(target.largest <= BLOCK);
	tu_buf_done(&all);
	tu_buf_done(&target.got);
}

/* The failure is reported, and nothing more is written. */
static void reports_the_first_failure(void **state)
{
	static const size_t calls[] = {1, 2, 7};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(calls); i++) {
		struct target target = {.fail_at = calls[i]};
		struct tu_buf all;
		struct tu_error err = {0};
		struct tu_write_ahead *ahead = tu_write_ahead_new(take, &target, BLOCK);

		assert_non_null(ahead);
		tu_buf_init(&target.got, LIMIT);
		tu_buf_init(&all, 4 * LIMIT);
		assert_int_equal(add_pieces(ahead, &all, &err), TU_E_IO);
		assert_int_equal(tu_write_ahead_end(ahead, &err), TU_E_IO);
		assert_string_equal(err.message, "the disk is full");
		assert_int_equal(target.calls, calls[i]);
		tu_buf_done(&all);
		tu_buf_done(&target.got);
	}
}

static void reports_the_failure_of_the_last_piece(void **state)
{
	struct target target = {.fail_at = 1};
	struct tu_error err = {0};
	struct tu_write_ahead *ahead = tu_write_ahead_new(take, &target, BLOCK);
	(void)state;

	assert_non_null(ahead);
	assert_int_equal(tu_write_ahead_add(ahead, TU_STR("end"), &err), TU_OK);
	assert_int_equal(tu_write_ahead_end(ahead, &err), TU_E_IO);
	assert_string_equal(err.message, "the disk is full");
}

static void ends_without_a_byte(void **state)
{
	struct target target = {0};
	struct tu_write_ahead *ahead = tu_write_ahead_new(take, &target, BLOCK);
	(void)state;

	assert_non_null(ahead);
	assert_int_equal(tu_write_ahead_end(ahead, NULL), TU_OK);
	assert_int_equal(tu_write_ahead_end(NULL, NULL), TU_OK);
	assert_int_equal(target.calls, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_the_same_bytes),
		cmocka_unit_test(reports_the_first_failure),
		cmocka_unit_test(reports_the_failure_of_the_last_piece),
		cmocka_unit_test(ends_without_a_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
