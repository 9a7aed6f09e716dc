#define _GNU_SOURCE /* MSG_CMSG_CLOEXEC */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <sys/stat.h>

#include "base/descriptor.h"

struct scene {
	int ends[2]; /* of a socket */
	int file;
};

static int set_up(void **state)
{
	static struct scene scene;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, scene.ends), 0);
	scene.file = open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_true(scene.file >= 0);
	*state = &scene;
	return 0;
}

static int tear_down(void **state)
{
	const struct scene *scene = *state;

	(void)close(scene->ends[0]);
	(void)close(scene->ends[1]);
	return close(scene->file);
}

static void send_file(const struct scene *scene)
{
	char byte = 'x';
	struct iovec piece = {&byte, 1};
	struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
	union tu_descriptor_room room;

	tu_descriptor_attach(&message, &room, scene->file);
	assert_int_equal(sendmsg(scene->ends[0], &message, MSG_NOSIGNAL), 1);
}

static void receive(const struct scene *scene, int *into)
{
	char byte = 0;
	struct iovec piece = {&byte, 1};
	struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
	union tu_descriptor_room room;

	tu_descriptor_expect(&message, &room);
	assert_int_equal(recvmsg(scene->ends[1], &message, MSG_CMSG_CLOEXEC), 1);
	assert_int_equal(byte, 'x');
	tu_descriptor_take(&message, into);
}

/* The number that the next open file gets. */
static int next_number(void)
{
	int made = open("/dev/null", O_RDONLY | O_CLOEXEC);

	assert_true(made >= 0);
	assert_int_equal(close(made), 0);
	return made;
}

static void the_file_that_was_sent_comes(void **state)
{
	const struct scene *scene = *state;
	struct stat sent, came;
	int got = -1;

	send_file(scene);
	receive(scene, &got);
	assert_true(got >= 0 && got != scene->file);
	assert_int_equal(fstat(scene->file, &sent), 0);
	assert_int_equal(fstat(got, &came), 0);
	assert_true(sent.st_dev == came.st_dev && sent.st_ino == came.st_ino);
	assert_int_equal(close(got), 0);
}

static void what_nobody_takes_is_closed(void **state)
{
	const struct scene *scene = *state;
	int before = next_number(), have = scene->file;

	send_file(scene);
	receive(scene, NULL);
	send_file(scene);
	receive(scene, &have);
	assert_int_equal(have, scene->file);
	assert_int_equal(next_number(), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_file_that_was_sent_comes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_nobody_takes_is_closed, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
