#define _GNU_SOURCE /* mkdtemp */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "app/output.h"
#include "cli/command.h"
#include "cli/confine.h"
#include "pack.h"

/* In place of the program's. */
const struct tu_command *const tu_commands[1];
const size_t tu_command_count = 0;

struct request {
	const char *output;
	const char *kb;
	const char *rootfs;
};

static const struct tu_option options[] = {
	TU_OPTION_OUTPUT(struct request, output),
	TU_OPTION_KB(struct request, kb),
	TU_OPTION_ROOTFS(struct request, rootfs),
};

static const struct tu_command confined = {.name = "scan", TU_OPTIONS(options)};
static const struct tu_command unconfined = {
	.name = "kb sync", TU_OPTIONS(options), .unconfined = true};

static char folder[64];
static char stamps[96];
static struct tu_app_context context = {.stamps = stamps};

static int set_up(void **state)
{
	(void)state;
	pack_folder(folder);
	pack_file("sbom", TU_STR("old"));
	assert_int_equal(mkdir("out", 0700), 0);
	assert_int_equal(mkdir("elsewhere", 0700), 0);
	assert_int_equal(symlink("../elsewhere/target", "out/link"), 0);
	(void)snprintf(stamps, sizeof(stamps), "%s/cache/verified/", folder);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	pack_remove(folder);
	return 0;
}

/* Run in a process of its own what is to be confined: 0 all was as expected, 77 no Landlock. */
static void in_a_child(int (*check)(void))
{
	pid_t child = fork();
	int told;

	if (child == 0)
		_exit(check());
	assert_int_equal(waitpid(child, &told, 0), child);
	assert_true(WIFEXITED(told));
	if (WEXITSTATUS(told) == 77)
		skip();
	assert_int_equal(WEXITSTATUS(told), 0);
}

/* The numbers of failed expectations are the exit code. */
#define EXPECT(number, fine) \
	do { \
		if (!(fine)) \
			return number; \
	} while (0)

static bool is_refused(int result)
{
	return result < 0 && (errno == EACCES || errno == EXDEV);
}

static bool can_write(const char *path)
{
	struct tu_output output;

	if (tu_output_open(&output, path, NULL) != TU_OK)
		return false;
	tu_buf_c(&output.sink.buf, "new\n"); /* a line: one is written among those of TAP */
	return tu_output_close(&output, NULL) == TU_OK;
}

static int connect_somewhere(void)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_port = htons(9), .sin_addr = {htonl(INADDR_LOOPBACK)}};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int result = connect(fd, (const struct sockaddr *)&address, sizeof(address));
	int number = errno;

	(void)close(fd);
	errno = number;
	return result;
}

static int only_the_output_can_be_written(void)
{
	const struct request request = {.output = "out/report", .kb = "any.kb"};
	char text[4];

	if (!tu_confine(&confined, &request, &context))
		return 77;
	EXPECT(1, is_refused(open("sbom", O_WRONLY)));
	EXPECT(2, is_refused(open("new", O_WRONLY | O_CREAT, 0600)));
	EXPECT(3, is_refused(unlink("sbom")));
	EXPECT(4, is_refused(rename("sbom", "elsewhere/sbom")));
	EXPECT(5, is_refused(mkdir("folder", 0700)));
	EXPECT(6, is_refused(symlink("sbom", "another")));
	EXPECT(7, !can_write("elsewhere/report"));
	EXPECT(8, open("sbom", O_RDONLY) >= 0 && read(open("sbom", O_RDONLY), text, 4) == 3);
	EXPECT(9, can_write("out/report"));
	EXPECT(10, can_write("out/report"));
	EXPECT(11, access("cache/verified", F_OK) == 0);
	EXPECT(12, open("cache/verified/stamp", O_WRONLY | O_CREAT, 0600) >= 0);
	/* refused at all, or by the other side: since version 4 of Landlock the former */
	EXPECT(13, connect_somewhere() < 0);
	return 0;
}

static int a_link_and_a_device_can_be_written(void)
{
	const struct request request = {.output = "out/link"};

	if (!tu_confine(&confined, &request, &context))
		return 77;
	EXPECT(1, can_write("out/link"));
	EXPECT(2, access("elsewhere/target", F_OK) == 0);
	EXPECT(3, is_refused(open("sbom", O_WRONLY)));
	return 0;
}

static int without_outputs_nothing_can_be_written(void)
{
	const struct request request = {.output = "-"};

	/* what the test itself prints is not for this child's output */
	EXPECT(5, dup2(open("output", O_WRONLY | O_CREAT, 0600), STDOUT_FILENO) == STDOUT_FILENO);
	if (!tu_confine(&confined, &request, &context))
		return 77;
	EXPECT(1, !can_write("out/report"));
	EXPECT(2, is_refused(open("/dev/null", O_WRONLY)));
	EXPECT(3, can_write("-"));
	/* with the knowledge base that is built in there is nothing to remember */
	EXPECT(4, access("cache", F_OK) != 0);
	return 0;
}

static int some_commands_are_left_alone(void)
{
	const struct request request = {0};

	EXPECT(1, !tu_confine(&unconfined, &request, &context));
	EXPECT(2, can_write("new"));
	return 0;
}

#define CHILD(check) \
	static void test_##check(void **state) \
	{ \
		(void)state; \
		in_a_child(check); \
	}

CHILD(only_the_output_can_be_written)
CHILD(a_link_and_a_device_can_be_written)
CHILD(without_outputs_nothing_can_be_written)
CHILD(some_commands_are_left_alone)

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(only_the_output_can_be_written),
		TEST(a_link_and_a_device_can_be_written),
		TEST(without_outputs_nothing_can_be_written),
		TEST(some_commands_are_left_alone),
	};

	return cmocka_run_group_tests_name("confine", tests, NULL, NULL);
}
