/* Where documents go: pieces, failures that stick, and a sink that keeps everything. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/sink.h>

enum { LIMIT = 1 << 20, LINES = 20000 };

struct target {
	struct tu_buf got;
	size_t pieces;
	size_t fail_at; /* the piece that fails, from 1; 0: none */
};

static enum tu_status take(void *context, struct tu_str piece, struct tu_error *err)
{
	struct target *target = context;

	if (++target->pieces == target->fail_at)
		return tu_fail(err, TU_E_IO, 0, "the disk is full");
	tu_buf_str_add(&target->got, piece);
	return TU_OK;
}

/* Returns the most that the buffer contained at a time. */
static size_t write_lines(struct tu_sink *sink)
{
	size_t most = 0;

	for (int i = 0; i < LINES; i++) {
		tu_buf_printf(&sink->buf, "line %d\n", i);
		most = sink->buf.len > most ? sink->buf.len : most;
		tu_sink_spill(sink);
	}
	return most;
}

static void pieces_are_the_whole(void **state)
{
	struct target target = {0};
	struct tu_sink sink, whole;
	struct tu_error err = {0};
	(void)state;

	tu_buf_init(&target.got, LIMIT);
	tu_sink_init(&sink, LIMIT, take, &target);
	tu_sink_init_memory(&whole, LIMIT);
	assert_true(write_lines(&sink) < 70 * 1024);
	(void)write_lines(&whole);
	assert_int_equal(tu_sink_flush(&sink, &err), TU_OK);
	assert_int_equal(tu_sink_flush(&whole, &err), TU_OK);
	assert_true(target.pieces > 2);
	assert_int_equal(sink.buf.len, 0);
	assert_true(tu_str_eq(tu_buf_str(&target.got), tu_buf_str(&whole.buf)));
	tu_sink_done(&sink);
	tu_sink_done(&whole);
	tu_buf_done(&target.got);
}

static void pieces_of_a_size_have_it(void **state)
{
	enum { PIECE = 10000 };
	struct target target = {0};
	struct tu_sink sink, whole;
	struct tu_error err = {0};
	(void)state;

	tu_buf_init(&target.got, LIMIT);
	tu_sink_init(&sink, LIMIT, take, &target);
	tu_sink_init_memory(&whole, LIMIT);
	sink.piece = PIECE;
	assert_true(write_lines(&sink) < PIECE + 100);
	assert_int_equal(target.got.len % PIECE, 0);
	assert_int_equal(target.pieces, target.got.len / PIECE);
	assert_int_equal(sink.written, target.got.len);
	(void)write_lines(&whole);
	assert_int_equal(tu_sink_flush(&sink, &err), TU_OK);
	assert_true(tu_str_eq(tu_buf_str(&target.got), tu_buf_str(&whole.buf)));
	tu_sink_done(&sink);
	tu_sink_done(&whole);
	tu_buf_done(&target.got);
}

static void the_first_failure_stays(void **state)
{
	struct target target = {.fail_at = 2};
	struct tu_sink sink;
	struct tu_error err = {0};
	(void)state;

	tu_buf_init(&target.got, LIMIT);
	tu_sink_init(&sink, LIMIT, take, &target);
	(void)write_lines(&sink);
	assert_int_equal(target.pieces, 2);
	assert_int_equal(tu_sink_check(&sink, NULL), TU_E_IO);
	assert_int_equal(tu_sink_flush(&sink, &err), TU_E_IO);
	assert_string_equal(err.message, "the disk is full");
	assert_int_equal(target.pieces, 2);
	tu_sink_done(&sink);
	tu_buf_done(&target.got);
}

static void a_limit_is_a_failure(void **state)
{
	struct tu_sink sink;
	struct tu_error err = {0};
	(void)state;

	tu_sink_init_memory(&sink, 100);
	(void)write_lines(&sink);
	assert_int_equal(tu_sink_flush(&sink, &err), TU_E_NOMEM);
	tu_sink_done(&sink);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_the_whole),
		cmocka_unit_test(pieces_of_a_size_have_it),
		cmocka_unit_test(the_first_failure_stays),
		cmocka_unit_test(a_limit_is_a_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
