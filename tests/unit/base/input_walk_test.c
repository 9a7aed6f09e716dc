/* Large files of lines are handed on in pieces; nothing of them is lost and nothing comes twice. */
#define _GNU_SOURCE /* mkdtemp, mkfifo */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/input.h"
#include "base/json.h"
#include "error_text.h"
#include "pack.h"

enum { MIB = 1024 * 1024, LIMIT = 64 * MIB };

struct seen {
	struct tu_buf text; /* of all pieces, or of the whole */
	size_t whole, pieces, first, last;
	size_t longest;
	size_t stop_at; /* this piece ends the walk; 0: none */
	bool problem;
};

static enum tu_status take_whole(
	void *context, struct tu_str name, struct tu_str text, struct tu_error *err)
{
	struct seen *seen = context;

	(void)name;
	(void)err;
	seen->whole++;
	tu_buf_str_add(&seen->text, text);
	return TU_OK;
}

static enum tu_status take_piece(
	void *context, const struct tu_input_piece *piece, struct tu_error *err)
{
	struct seen *seen = context;

	assert_true(tu_str_eq(piece->name, TU_STR("large")));
	assert_int_equal(piece->first, seen->pieces == 0);
	assert_int_equal(seen->last, 0);
	assert_true(piece->last || piece->text.ptr[piece->text.len - 1] == '\n');
	seen->first += piece->first;
	seen->last += piece->last;
	seen->longest = piece->text.len > seen->longest ? piece->text.len : seen->longest;
	tu_buf_str_add(&seen->text, piece->text);
	if (++seen->pieces == seen->stop_at)
		return tu_fail(err, TU_E_CANCELLED, 0, "stopped");
	return TU_OK;
}

static void take_problem(void *context, struct tu_str name, const struct tu_error *problem)
{
	(void)name;
	(void)problem;
	((struct seen *)context)->problem = true;
}

static bool begins_with_a_brace(struct tu_str beginning)
{
	return tu_str_starts(beginning, TU_STR("{"));
}

static enum tu_status walk(struct seen *seen, size_t total, struct tu_error *err)
{
	const struct tu_input_walk how = {.visit = take_whole,
		.piece = take_piece,
		.in_lines = begins_with_a_brace,
		.problem = take_problem,
		.context = seen,
		.limits.total = total};

	tu_buf_init(&seen->text, LIMIT);
	return tu_input_each("large", &how, err);
}

/* `line` bytes a line, the last one shorter by `cut`. */
static void make_file(struct tu_buf *out, size_t bytes, size_t line, size_t cut)
{
	tu_buf_init(out, LIMIT);
	assert_true(tu_buf_reserve(out, bytes + line));
	for (size_t at = 0; at < bytes; at += line) {
		memset(out->ptr + at, 'a' + (int)(at / line % 26), line);
		out->ptr[at] = '{';
		out->ptr[at + line - 1] = '\n';
		out->len += line;
	}
	out->len -= cut;
	pack_file("large", tu_buf_str(out));
}

enum form { PLAIN, GZIP, ZSTD, FORMS };

/* The same, packed; `damage` is the place of a byte that is changed, from the end. */
static void pack_large(enum form form, struct tu_str text, size_t damage)
{
	struct tu_buf packed;

	tu_buf_init(&packed, LIMIT);
	if (form == GZIP)
		pack_gzip(text, &packed);
	else if (form == ZSTD)
		pack_zstd(text, &packed);
	else
		tu_buf_str_add(&packed, text);
	if (damage)
		packed.ptr[packed.len - damage] = (char)~packed.ptr[packed.len - damage];
	pack_file("large", tu_buf_str(&packed));
	tu_buf_done(&packed);
}

/* Packed to no less than its size, and more than a window of packed bytes. */
static void make_noise(struct tu_buf *out, size_t bytes)
{
	uint32_t state = 1;

	tu_buf_init(out, LIMIT);
	for (size_t i = 0; i < bytes; i++) {
		state = state * 1664525 + 1013904223;
		tu_buf_byte(out,
			i % 1000 == 0		  ? '{'
				: i % 1000 == 999 ? '\n'
						  : (char)(' ' + (state >> 24) % 64));
	}
}

static void nothing_is_lost_and_nothing_comes_twice(void **state)
{
	static const struct {
		size_t bytes, line, cut;
		size_t most; /* bytes of a piece */
		bool pieces;
	} cases[] = {
		{17 * MIB, 1000, 0, 4 * MIB + 1000, true},
		{17 * MIB, 1000, 1, 4 * MIB + 1000, true}, /* no end of line at the end */
		{24 * MIB, 4096, 0, 4 * MIB + 4096, true}, /* ends with a piece */
		{24 * MIB, 10 * MIB, 5, 20 * MIB, true}, /* lines that are longer than a piece */
		{20 * MIB, 20 * MIB, 0, 20 * MIB, true}, /* one line */
		{2 * MIB, 1000, 0, 0, false},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct seen seen = {0};
		struct tu_buf file;
		struct tu_error err = {0};

		make_file(&file, cases[i].bytes, cases[i].line, cases[i].cut);
		assert_int_equal(walk(&seen, 0, &err), TU_OK);
		assert_int_equal(seen.whole, cases[i].pieces ? 0 : 1);
		assert_int_equal(seen.first, cases[i].pieces);
		assert_int_equal(seen.last, cases[i].pieces);
		assert_true(seen.longest <= cases[i].most);
		assert_int_equal(seen.text.len, file.len);
		assert_memory_equal(seen.text.ptr, file.ptr, file.len);
		assert_false(seen.problem);
		tu_buf_done(&seen.text);
		tu_buf_done(&file);
	}
}

static void packed_lines_come_in_pieces_too(void **state)
{
	(void)state;
	for (enum form form = GZIP; form < FORMS; form++) {
		struct seen seen = {0};
		struct tu_error err = {0};
		struct tu_buf text;

		make_noise(&text, 9 * MIB + 500);
		pack_large(form, tu_buf_str(&text), 0);
		assert_int_equal(walk(&seen, 0, &err), TU_OK);
		assert_int_equal(seen.whole, 0);
		assert_int_equal(seen.pieces, 3);
		assert_int_equal(seen.last, 1);
		assert_true(seen.longest <= 4 * MIB + 1000);
		assert_int_equal(seen.text.len, text.len);
		assert_memory_equal(seen.text.ptr, text.ptr, text.len);
		assert_false(seen.problem);
		tu_buf_done(&seen.text);
		tu_buf_done(&text);
	}
}

/* Little, another form, or an archive in it: as it was read ever. */
static void other_packed_files_are_read_whole(void **state)
{
	static const struct {
		size_t bytes;
		char first;
	} cases[] = {{2 * MIB, '{'}, {9 * MIB, '['}};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		for (enum form form = GZIP; form < FORMS; form++) {
			struct seen seen = {0};
			struct tu_error err = {0};
			struct tu_buf text;

			make_noise(&text, cases[i].bytes);
			text.ptr[0] = cases[i].first;
			pack_large(form, tu_buf_str(&text), 0);
			assert_int_equal(walk(&seen, 0, &err), TU_OK);
			assert_int_equal(seen.whole, 1);
			assert_int_equal(seen.pieces, 0);
			assert_int_equal(seen.text.len, text.len);
			assert_memory_equal(seen.text.ptr, text.ptr, text.len);
			tu_buf_done(&seen.text);
			tu_buf_done(&text);
		}
	}
}

/* The checksum is at the end: what was handed on has no last piece, and a problem follows. */
static void damage_at_the_end_is_a_problem(void **state)
{
	struct seen seen = {0};
	struct tu_error err = {0};
	struct tu_buf text;
	(void)state;

	make_noise(&text, 9 * MIB);
	pack_large(GZIP, tu_buf_str(&text), 6);
	assert_int_equal(walk(&seen, 0, &err), TU_OK);
	assert_true(seen.pieces > 0);
	assert_int_equal(seen.last, 0);
	assert_int_equal(seen.whole, 0);
	assert_true(seen.problem);
	tu_buf_done(&seen.text);
	tu_buf_done(&text);
}

static void packed_lines_have_the_same_limits(void **state)
{
	struct tu_buf text;
	(void)state;

	make_noise(&text, 17 * MIB);
	for (enum form form = PLAIN; form < FORMS; form++) {
		struct seen seen = {0};
		struct tu_error err = {0};

		pack_large(form, tu_buf_str(&text), 0);
		assert_int_equal(walk(&seen, 10 * MIB, &err), TU_E_LIMIT);
		assert_non_null(strstr(err.message, "more than the limit of 10 MiB"));
		assert_int_equal(seen.last, 0);
		tu_buf_done(&seen.text);
	}
	tu_buf_done(&text);
}

static void another_form_is_read_whole(void **state)
{
	struct seen seen = {0};
	struct tu_buf file;
	struct tu_error err = {0};
	(void)state;

	make_file(&file, 17 * MIB, 1000, 0);
	file.ptr[0] = '[';
	pack_file("large", tu_buf_str(&file));
	assert_int_equal(walk(&seen, 0, &err), TU_OK);
	assert_int_equal(seen.whole, 1);
	assert_int_equal(seen.pieces, 0);
	assert_memory_equal(seen.text.ptr, file.ptr, file.len);
	tu_buf_done(&seen.text);
	tu_buf_done(&file);
}

static void limits_and_the_visitor_end_it(void **state)
{
	struct seen stopped = {.stop_at = 2};
	struct seen over = {0};
	struct tu_buf file;
	struct tu_error err = {0};
	(void)state;

	make_file(&file, 30 * MIB, 1000, 0);
	assert_int_equal(walk(&stopped, 0, &err), TU_E_CANCELLED);
	assert_int_equal(stopped.pieces, 2);
	assert_int_equal(walk(&over, 10 * MIB, &err), TU_E_LIMIT);
	assert_int_equal(over.pieces, 2);
	assert_int_equal(over.last, 0);
	tu_buf_done(&stopped.text);
	tu_buf_done(&over.text);
	tu_buf_done(&file);
}

/* Its writer would not survive a second reader. */
static void a_pipe_is_opened_once(void **state)
{
	static const char text[] = "{\n{\n";
	struct seen seen = {0};
	struct tu_error err = {0};
	int told;
	pid_t child;
	(void)state;

	assert_int_equal(mkfifo("large", 0600), 0);
	child = fork();
	if (child == 0) {
		int fd = open("large", O_WRONLY);

		for (int i = 0; i < 1000; i++) {
			if (write(fd, text, 4) != 4)
				_exit(1);
		}
		_exit(0);
	}
	alarm(20); /* a pipe that nobody opens would keep its writer */
	assert_int_equal(walk(&seen, 0, &err), TU_OK);
	assert_int_equal(waitpid(child, &told, 0), child);
	alarm(0);
	assert_int_equal(told, 0);
	assert_int_equal(seen.whole, 1);
	assert_int_equal(seen.text.len, 4000);
	tu_buf_done(&seen.text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, pack_set_up, pack_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_is_lost_and_nothing_comes_twice),
		TEST(packed_lines_come_in_pieces_too),
		TEST(other_packed_files_are_read_whole),
		TEST(damage_at_the_end_is_a_problem),
		TEST(packed_lines_have_the_same_limits),
		TEST(another_form_is_read_whole),
		TEST(limits_and_the_visitor_end_it),
		TEST(a_pipe_is_opened_once),
	};

	return cmocka_run_group_tests_name("input walk", tests, NULL, NULL);
}
