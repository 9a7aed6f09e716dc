#define _GNU_SOURCE /* fork, pipe */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/lines.h"

/* command.c looks commands up; here there are none. */
const struct tu_command *const tu_commands[1];
const size_t tu_command_count = 0;

/* Answers the length of the line. */
static bool measure(void *context, struct tu_str line, struct tu_buf *out)
{
	(void)context;
	tu_buf_printf(out, "%zu", line.len);
	return !tu_str_eq(line, TU_STR("no memory"));
}

/* A child that answers lines; its ends of two pipes. */
struct child {
	pid_t id;
	int in, out;
};

static struct child begin(void)
{
	struct child child;
	int in[2];
	int out[2];

	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(out), 0);
	(void)fflush(stdout);
	child.id = fork();
	if (child.id == 0) {
		(void)dup2(in[0], STDIN_FILENO);
		(void)dup2(out[1], STDOUT_FILENO);
		if (!freopen("/dev/null", "w", stderr))
			_exit(99);
		(void)close(in[0]), (void)close(in[1]), (void)close(out[0]), (void)close(out[1]);
		int code = tu_lines_each(measure, NULL);
		(void)fflush(stdout);
		_exit(code);
	}
	(void)close(in[0]);
	(void)close(out[1]);
	child.in = in[1];
	child.out = out[0];
	return child;
}

static void tell(const struct child *child, const char *text)
{
	assert_int_equal(write(child->in, text, strlen(text)), strlen(text));
}

static void expect(const struct child *child, const char *text)
{
	char got[256];
	size_t len = 0;

	while (len < strlen(text)) {
		ssize_t some = read(child->out, got + len, strlen(text) - len);

		assert_true(some > 0);
		len += (size_t)some;
	}
	assert_memory_equal(got, text, len);
}

static void end(struct child *child, int code)
{
	int told;
	char more;

	(void)close(child->in);
	assert_int_equal(read(child->out, &more, 1), 0);
	(void)close(child->out);
	assert_int_equal(waitpid(child->id, &told, 0), child->id);
	assert_true(WIFEXITED(told));
	assert_int_equal(WEXITSTATUS(told), code);
}

static void answers_every_line_in_order(void **state)
{
	struct child child = begin();
	(void)state;

	tell(&child, "\nab\r\n\r\nno newline at the end");
	(void)close(child.in);
	child.in = -1;
	expect(&child, "0\n2\n0\n21\n");
	end(&child, TU_EXIT_OK);
	child = begin();
	end(&child, TU_EXIT_OK);
}

static void who_waits_for_an_answer_gets_it(void **state)
{
	struct child child = begin();
	(void)state;

	alarm(20);
	tell(&child, "abc\n");
	expect(&child, "3\n");
	tell(&child, "ab");
	tell(&child, "cde\nx\n");
	expect(&child, "5\n1\n");
	alarm(0);
	end(&child, TU_EXIT_OK);
}

static void a_line_without_end_is_an_error_and_no_more(void **state)
{
	struct child child = begin();
	size_t size = 1024 * 1024;
	char *text = malloc(size + 1);
	(void)state;

	assert_non_null(text);
	memset(text, 'x', size);
	text[size] = '\0';
	for (int i = 0; i < 17; i++)
		tell(&child, text);
	tell(&child, "\nab\n");
	expect(&child, "error: the line is longer than 16 MiB\n2\n");
	for (int i = 0; i < 16; i++)
		tell(&child, text);
	tell(&child, "\n");
	expect(&child, "16777216\n");
	free(text);
	end(&child, TU_EXIT_OK);
}

static void running_out_of_memory_ends_the_batch(void **state)
{
	struct child child = begin();
	(void)state;

	tell(&child, "a\nno memory\nb\n");
	expect(&child, "1\n");
	end(&child, TU_EXIT_INTERNAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_every_line_in_order),
		cmocka_unit_test(who_waits_for_an_answer_gets_it),
		cmocka_unit_test(a_line_without_end_is_an_error_and_no_more),
		cmocka_unit_test(running_out_of_memory_ends_the_batch),
	};

	return cmocka_run_group_tests_name("lines", tests, NULL, NULL);
}
