#define _GNU_SOURCE /* mkdtemp, symlink, usleep */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "app/output.h"
#include "pack.h"

static char folder[64];

static int set_up(void **state)
{
	(void)state;
	pack_folder(folder);
	pack_file("out", TU_STR("old"));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	pack_remove(folder);
	return 0;
}

static struct tu_str contents(const char *path)
{
	static char text[4096];
	FILE *file = fopen(path, "rb");
	size_t len;

	assert_non_null(file);
	len = fread(text, 1, sizeof(text), file);
	assert_int_equal(fclose(file), 0);
	return tu_str_of(text, len);
}

/* The folder holds these and nothing else: no temporary file is left. */
static void expect_files(const char *names)
{
	char command[256];

	(void)snprintf(command, sizeof(command), "test \"$(ls -A | tr '\\n' ' ')\" = '%s '", names);
	assert_int_equal(system(command), 0);
}

static enum tu_status put(const char *path, const char *text, struct tu_error *err)
{
	struct tu_output output;
	enum tu_status status = tu_output_open(&output, path, err);

	if (status)
		return status;
	tu_buf_c(&output.sink.buf, text);
	return tu_output_close(&output, err);
}

/* More than fits into `RLIMIT_FSIZE` below. */
static enum tu_status put_much(const char *path, struct tu_error *err)
{
	struct tu_output output;
	enum tu_status status = tu_output_open(&output, path, err);

	if (status)
		return status;
	for (int i = 0; i < 100000; i++) {
		tu_buf_c(&output.sink.buf, "a line of output\n");
		tu_sink_spill(&output.sink);
		assert_true(output.sink.buf.len < 256 * 1024);
	}
	return tu_output_close(&output, err);
}

static void a_file_is_replaced_as_a_whole(void **state)
{
	struct tu_output output;
	struct tu_error err = {0};
	struct stat info;
	(void)state;

	assert_int_equal(chmod("out", 0640), 0);
	assert_int_equal(tu_output_open(&output, "out", &err), TU_OK);
	tu_buf_c(&output.sink.buf, "new");
	assert_true(tu_str_eq(contents("out"), TU_STR("old")));
	assert_int_equal(tu_output_close(&output, &err), TU_OK);
	tu_output_abandon(&output);
	assert_true(tu_str_eq(contents("out"), TU_STR("new")));
	assert_int_equal(stat("out", &info), 0);
	assert_int_equal(info.st_mode & 0777, 0640);
	assert_int_equal(put("fresh", "", &err), TU_OK);
	expect_files("fresh out");
}

static void its_owner_keeps_it(void **state)
{
	struct tu_error err = {0};
	struct stat info;
	(void)state;

	if (geteuid() != 0) {
		print_message("# skipping: only root gives files to other owners\n");
		skip();
	}
	assert_int_equal(chmod("out", 0600), 0);
	assert_int_equal(chown("out", 1234, 1235), 0);
	assert_int_equal(put("out", "new", &err), TU_OK);
	assert_int_equal(stat("out", &info), 0);
	assert_int_equal(info.st_uid, 1234);
	assert_int_equal(info.st_gid, 1235);
	assert_int_equal(info.st_mode & 0777, 0600);
}

static ino_t inode_of(const char *path)
{
	struct stat info;

	assert_int_equal(lstat(path, &info), 0);
	return info.st_ino;
}

static void a_link_is_written_through(void **state)
{
	static const char *const texts[] = {"longer than it was", "new", ""};
	struct tu_error err = {0};
	ino_t inode = inode_of("out");
	struct stat info;
	(void)state;

	assert_int_equal(symlink("out", "link"), 0);
	assert_int_equal(symlink("link", "second"), 0);
	for (size_t i = 0; i < TU_COUNT(texts); i++) {
		assert_int_equal(put("second", texts[i], &err), TU_OK);
		assert_true(tu_str_eq(contents("out"), tu_str_c(texts[i])));
	}
	assert_int_equal(lstat("link", &info), 0);
	assert_true(S_ISLNK(info.st_mode));
	assert_int_equal(inode_of("out"), inode);
	assert_int_equal(symlink("later", "dangling"), 0);
	assert_int_equal(put("dangling", "new", &err), TU_OK);
	assert_true(tu_str_eq(contents("later"), TU_STR("new")));
	expect_files("dangling later link out second");
}

static void through_a_link_nothing_written_changes_nothing(void **state)
{
	struct tu_output output;
	(void)state;

	assert_int_equal(symlink("out", "link"), 0);
	assert_int_equal(tu_output_open(&output, "link", NULL), TU_OK);
	tu_buf_c(&output.sink.buf, "new");
	tu_output_abandon(&output);
	assert_true(tu_str_eq(contents("out"), TU_STR("old")));
}

static void what_the_program_keeps_is_replaced_through_a_link(void **state)
{
	struct tu_output output;
	ino_t inode = inode_of("out");
	struct stat info;
	(void)state;

	assert_int_equal(symlink("out", "link"), 0);
	assert_int_equal(tu_output_replace(&output, "link", NULL), TU_OK);
	tu_buf_c(&output.sink.buf, "new");
	assert_int_equal(tu_output_close(&output, NULL), TU_OK);
	assert_int_equal(lstat("link", &info), 0);
	assert_true(S_ISLNK(info.st_mode));
	assert_true(tu_str_eq(contents("out"), TU_STR("new")));
	assert_int_not_equal(inode_of("out"), inode);
	expect_files("link out");
}

static void a_descriptor_goes_on_where_it_stands(void **state)
{
	static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
	struct tu_error err = {0};
	char name[64];
	int fd = open("out", O_WRONLY | O_TRUNC | O_CLOEXEC);
	(void)state;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "before ", 7), 7);
	for (size_t i = 0; i < TU_COUNT(folders); i++) {
		(void)snprintf(name, sizeof(name), "%s%d", folders[i], fd);
		assert_int_equal(put(name, "new ", &err), TU_OK);
	}
	assert_int_equal(symlink(name, "link"), 0);
	assert_int_equal(put("link", "linked ", &err), TU_OK);
	assert_int_equal(write(fd, "after", 5), 5);
	assert_int_equal(close(fd), 0);
	assert_true(tu_str_eq(contents("out"), TU_STR("before new new linked after")));
	assert_int_equal(put("link", "new", &err), TU_E_IO);
	assert_int_equal(put("", "new", &err), TU_E_IO);
	assert_string_equal(err.message, "the name of the output file is empty");
}

/* By the lock of a running process, in whatever container it is. */
static void what_killed_runs_left_is_removed(void **state)
{
	int fd;
	(void)state;

	pack_file(".out.tutela-1-0", TU_STR("left"));
	pack_file(".out.tutela-99999999-3", TU_STR("left"));
	pack_file(".other.tutela-99999999-0", TU_STR("of another output"));
	pack_file(".out.tutela-2-0", TU_STR("being written"));
	fd = open(".out.tutela-2-0", O_WRONLY | O_CLOEXEC);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(put("out", "new", NULL), TU_OK);
	expect_files(".other.tutela-99999999-0 .out.tutela-2-0 out");
	assert_int_equal(close(fd), 0);
}

static void abandoning_changes_nothing(void **state)
{
	struct tu_output output;
	struct tu_error err = {0};
	(void)state;

	assert_int_equal(tu_output_open(&output, "out", &err), TU_OK);
	tu_buf_c(&output.sink.buf, "new");
	tu_output_abandon(&output);
	tu_output_abandon(&output);
	assert_true(tu_str_eq(contents("out"), TU_STR("old")));
	expect_files("out");
}

static void names_of_every_length(void **state)
{
	char name[256];
	struct tu_error err = {0};
	struct tu_buf path;
	(void)state;

	/* the longest name that a folder takes, with a character across the cut */
	memset(name, 'n', 255);
	name[255] = '\0';
	memcpy(name + 63, "\xc3\xa9", 2);
	assert_int_equal(put(name, "new", &err), TU_OK);
	assert_true(tu_str_eq(contents(name), TU_STR("new")));
	tu_buf_init(&path, 1 << 20);
	for (int i = 0; i < 20000; i++)
		tu_buf_c(&path, "x/");
	tu_buf_byte(&path, '\0');
	assert_int_equal(put(path.ptr, "new", &err), TU_E_IO);
	assert_int_equal(err.status, TU_E_IO);
	tu_buf_done(&path);
}

static void what_cannot_be_written_is_named(void **state)
{
	struct tu_error err = {0};
	(void)state;

	assert_int_equal(put(".", "new", &err), TU_E_IO);
	assert_int_equal(put("none/out", "new", &err), TU_E_IO);
	assert_true(tu_str_starts(tu_str_c(err.message), TU_STR("none/out: cannot write: ")));
	assert_int_equal(put("/dev/full", "new", &err), TU_E_IO);
	assert_true(tu_str_starts(tu_str_c(err.message), TU_STR("/dev/full: cannot write: ")));
	assert_int_equal(put("/dev/null", "new", &err), TU_OK);
	assert_int_equal(access("/dev/null", W_OK), 0);
	assert_int_equal(put_much("/dev/full", &err), TU_E_IO);
	expect_files("out");
}

/* A limit on the size of files stands for the full disk. */
static void a_full_disk_leaves_the_old_file(void **state)
{
	struct tu_error err = {0};
	struct rlimit before;
	struct rlimit small;
	(void)state;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = 100 * 1024;
	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_int_equal(put_much("out", &err), TU_E_IO);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	(void)signal(SIGXFSZ, SIG_DFL);
	assert_true(tu_str_search(tu_str_c(err.message), TU_STR("out: cannot write: ")) <
		strlen(err.message));
	assert_true(tu_str_eq(contents("out"), TU_STR("old")));
	expect_files("out");
}

static void killed_in_between_leaves_the_old_file(void **state)
{
	int told;
	pid_t child = fork();
	(void)state;

	if (child == 0) {
		struct tu_output output;
		struct tu_error err;

		if (tu_output_open(&output, "out", &err))
			_exit(1);
		for (int i = 0; i < 20000; i++) {
			tu_buf_c(&output.sink.buf, "a line of output\n");
			tu_sink_spill(&output.sink);
		}
		(void)kill(getpid(), SIGKILL);
	}
	assert_int_equal(waitpid(child, &told, 0), child);
	assert_true(WIFSIGNALED(told));
	assert_true(tu_str_eq(contents("out"), TU_STR("old")));
	/* where the file system has no files without names, the next run removes it */
	assert_int_equal(put("out", "new", NULL), TU_OK);
	expect_files("out");
}

static void a_non_blocking_pipe_is_waited_for(void **state)
{
	int ends[2];
	int keep = dup(STDOUT_FILENO);
	struct tu_error err = {0};
	enum tu_status status;
	size_t total = 0;
	char chunk[4096];
	ssize_t got;
	int told;
	pid_t child;
	(void)state;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		(void)close(ends[1]);
		(void)usleep(50000);
		while ((got = read(ends[0], chunk, sizeof(chunk))) > 0)
			total += (size_t)got;
		_exit(total == 1700000 ? 0 : 1);
	}
	(void)close(ends[0]);
	(void)fcntl(ends[1], F_SETFL, O_NONBLOCK);
	(void)fflush(stdout);
	(void)dup2(ends[1], STDOUT_FILENO);
	status = put_much("-", &err);
	(void)dup2(keep, STDOUT_FILENO);
	(void)close(keep);
	(void)close(ends[1]);
	assert_int_equal(status, TU_OK);
	assert_int_equal(waitpid(child, &told, 0), child);
	assert_int_equal(told, 0);
}

/* A header that says what follows it is written last. */
static void the_beginning_of_a_new_file_is_written_again(void **state)
{
	struct tu_output output;
	struct tu_error err = {0};
	char back[9] = "";
	(void)state;

	assert_int_equal(tu_output_open(&output, "out", &err), TU_OK);
	assert_true(tu_output_is_rewritable(&output));
	tu_buf_c(&output.sink.buf, "head and");
	assert_int_equal(tu_sink_flush(&output.sink, &err), TU_OK);
	tu_buf_c(&output.sink.buf, " body");
	assert_int_equal(tu_output_read_back(&output, 5, back, 3, &err), TU_OK);
	assert_string_equal(back, "and");
	assert_int_equal(tu_output_rewrite(&output, TU_STR("HEAD"), &err), TU_OK);
	assert_int_equal(output.sink.written, 8);
	assert_true(tu_str_eq(contents("out"), TU_STR("old")));
	/* no further than what was written out */
	assert_int_equal(tu_output_read_back(&output, 5, back, 4, &err), TU_E_IO);
	assert_string_equal(err.message, "out: cannot read back: the file has ended");
	assert_int_equal(tu_output_close(&output, &err), TU_OK);
	assert_true(tu_str_eq(contents("out"), TU_STR("HEAD and body")));
	expect_files("out");
}

static void what_is_written_in_place_has_no_second_beginning(void **state)
{
	struct tu_output output;
	struct tu_error err = {0};
	(void)state;

	assert_int_equal(symlink("out", "link"), 0);
	assert_int_equal(tu_output_open(&output, "link", &err), TU_OK);
	assert_false(tu_output_is_rewritable(&output));
	tu_output_abandon(&output);
	assert_int_equal(tu_output_replace(&output, "link", &err), TU_OK);
	assert_true(tu_output_is_rewritable(&output));
	tu_output_abandon(&output);
	assert_int_equal(tu_output_open(&output, "-", &err), TU_OK);
	assert_false(tu_output_is_rewritable(&output));
	tu_output_abandon(&output);
	assert_int_equal(unlink("link"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_file_is_replaced_as_a_whole),
		TEST(its_owner_keeps_it),
		TEST(a_link_is_written_through),
		TEST(through_a_link_nothing_written_changes_nothing),
		TEST(what_the_program_keeps_is_replaced_through_a_link),
		TEST(a_descriptor_goes_on_where_it_stands),
		TEST(what_killed_runs_left_is_removed),
		TEST(abandoning_changes_nothing),
		TEST(names_of_every_length),
		TEST(what_cannot_be_written_is_named),
		TEST(a_full_disk_leaves_the_old_file),
		TEST(killed_in_between_leaves_the_old_file),
		TEST(a_non_blocking_pipe_is_waited_for),
		TEST(the_beginning_of_a_new_file_is_written_again),
		TEST(what_is_written_in_place_has_no_second_beginning),
	};

	return cmocka_run_group_tests_name("output", tests, NULL, NULL);
}
