#define _GNU_SOURCE /* mkdtemp, symlink, mkfifo */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <sys/resource.h>

#include "base/input.h"
#include "base/json.h"
#include "error_text.h"
#include "pack.h"

enum { MIB = 1024 * 1024 };

/* Everything that a walk told, a line each: "name=text" or "name!status". */
struct log {
	struct tu_buf text;
	size_t stop_at; /* this visit ends the walk; 0: none */
	size_t visits;
};

static enum tu_status note_visit(
	void *context, struct tu_str name, struct tu_str text, struct tu_error *err)
{
	struct log *log = context;

	for (size_t i = 0; i < TU_JSON_PADDING; i++)
		assert_int_equal(text.ptr[text.len + i], 0);
	tu_buf_printf(
		&log->text, "%.*s=%.*s\n", TU_STR_FMT(name), TU_STR_FMT(tu_str_first(text, 20)));
	if (++log->visits == log->stop_at)
		return tu_fail(err, TU_E_UNSUPPORTED, 0, "enough");
	return TU_OK;
}

static void note_problem(void *context, struct tu_str name, const struct tu_error *problem)
{
	struct log *log = context;

	assert_true(problem->status != TU_OK && error_text(problem)[0] != '\0');
	tu_buf_printf(&log->text, "%.*s!%s\n", TU_STR_FMT(name), tu_status_name(problem->status));
}

static enum tu_status walk(
	const char *path, struct tu_input_limits limits, struct log *log, struct tu_error *err)
{
	struct tu_input_walk how = {note_visit, note_problem, log, limits};

	tu_buf_init(&log->text, MIB);
	log->visits = 0;
	return tu_input_each(path, &how, err);
}

static void expect_walk(const char *path, struct tu_input_limits limits, const char *expected)
{
	struct log log = {0};
	struct tu_error err = {0};

	assert_int_equal(walk(path, limits, &log, &err), TU_OK);
	tu_buf_byte(&log.text, '\0');
	assert_string_equal(log.text.ptr, expected);
	tu_buf_done(&log.text);
}

#define NO_LIMITS ((struct tu_input_limits){0})

static enum tu_status unpack(
	struct tu_str packed, size_t ceiling, const char *expected, struct tu_error *err)
{
	struct tu_buf out;
	enum tu_status status;

	tu_buf_init(&out, ceiling);
	status = tu_input_unpack(packed, &out, err);
	if (!status) {
		assert_true(tu_str_eq(tu_buf_str(&out), tu_str_c(expected)));
		for (size_t i = 0; i < TU_JSON_PADDING; i++)
			assert_int_equal(out.ptr[out.len + i], 0);
	}
	tu_buf_done(&out);
	return status;
}

/* ---- unpacking ---- */

static void unpacks_members_and_frames(void **state)
{
	static const char skippable[] = "\x53\x2a\x4d\x18\x04\x00\x00\x00xxxx";
	struct tu_buf packed;
	struct tu_error err;
	(void)state;

	tu_buf_init(&packed, MIB);
	pack_gzip(TU_STR("one "), &packed);
	pack_gzip(TU_STR(""), &packed);
	pack_gzip(TU_STR("two"), &packed);
	assert_int_equal(unpack(tu_buf_str(&packed), MIB, "one two", &err), TU_OK);
	tu_buf_add(&packed, "\0\0\0\0\0", 5);
	assert_int_equal(unpack(tu_buf_str(&packed), MIB, "one two", &err), TU_OK);
	tu_buf_c(&packed, "x");
	assert_int_equal(unpack(tu_buf_str(&packed), MIB, "", &err), TU_E_SYNTAX);
	assert_int_equal(err.offset, packed.len - 6);

	tu_buf_clear(&packed);
	tu_buf_add(&packed, skippable, sizeof(skippable) - 1);
	pack_zstd(TU_STR("one "), &packed);
	pack_zstd(TU_STR(""), &packed);
	tu_buf_add(&packed, skippable, sizeof(skippable) - 1);
	pack_zstd(TU_STR("two"), &packed);
	assert_int_equal(unpack(tu_buf_str(&packed), MIB, "one two", &err), TU_OK);
	tu_buf_c(&packed, "x");
	assert_int_equal(unpack(tu_buf_str(&packed), MIB, "", &err), TU_E_SYNTAX);

	assert_int_equal(unpack(TU_STR("plain"), MIB, "plain", &err), TU_OK);
	assert_int_equal(unpack(TU_STR(""), MIB, "", &err), TU_OK);
	tu_buf_done(&packed);
}

/* A text of exactly the ceiling is fine, one more byte is not, for ceilings small and large. */
static void the_ceiling_is_exact(void **state)
{
	static const size_t sizes[] = {
		1, 10, 63, 255, 256, 257, 65536, 262143, 262144, 262145, MIB};
	char *text = calloc(MIB + 1, 1);
	(void)state;

	assert_non_null(text);
	memset(text, 'x', MIB);
	for (size_t i = 0; i < TU_COUNT(sizes); i++) {
		struct tu_str s = tu_str_of(text, sizes[i]);
		struct tu_buf packed[3];
		struct tu_buf out;

		for (int form = 0; form < 3; form++) {
			tu_buf_init(&packed[form], 4 * MIB);
			if (form == 0)
				tu_buf_str_add(&packed[form], s);
			else if (form == 1)
				pack_gzip(s, &packed[form]);
			else
				pack_zstd(s, &packed[form]);
			for (size_t room = 0; room < 2; room++) {
				struct tu_error err = {0};
				enum tu_status status;

				tu_buf_init(&out, s.len - 1 + room);
				status = tu_input_unpack(tu_buf_str(&packed[form]), &out, &err);
				assert_int_equal(status, room ? TU_OK : TU_E_LIMIT);
				assert_int_equal(err.offset, room ? 0 : s.len - 1);
				tu_buf_done(&out);
			}
			tu_buf_done(&packed[form]);
		}
		pack_file("exact", s);
		for (size_t room = 0; room < 2; room++) {
			struct tu_error err = {0};

			tu_buf_init(&out, s.len - 1 + room);
			assert_int_equal(
				tu_input_read("exact", &out, &err), room ? TU_OK : TU_E_LIMIT);
			assert_true(tu_str_starts(tu_str_c(error_text(&err)),
				room ? TU_STR("") : TU_STR("exact: more")));
			tu_buf_done(&out);
		}
	}
	free(text);
}

static void truncation_and_damage_are_told_everywhere(void **state)
{
	struct tu_str text = TU_STR("{\"a\": [1,2,3,4,5,6,7,8,9,10], \"b\": \"some more text\"}");
	struct tu_buf packed;
	struct tu_error err;
	(void)state;

	tu_buf_init(&packed, MIB);
	for (int form = 0; form < 2; form++) {
		tu_buf_clear(&packed);
		if (form == 0)
			pack_gzip(text, &packed);
		else
			pack_zstd(text, &packed);
		for (size_t len = 4; len < packed.len; len++)
			assert_int_equal(
				unpack(tu_str_first(tu_buf_str(&packed), len), MIB, "", &err),
				TU_E_SYNTAX);
	}
	/* gzip has a checksum: a flipped bit in the data cannot pass */
	tu_buf_clear(&packed);
	pack_gzip(text, &packed);
	for (size_t at = 10; at < packed.len; at++) {
		packed.ptr[at] ^= 1;
		assert_int_equal(unpack(tu_buf_str(&packed), MIB, "", &err), TU_E_SYNTAX);
		packed.ptr[at] ^= 1;
	}
	tu_buf_done(&packed);
}

static size_t peak_kib(void)
{
	struct rusage usage;

	(void)getrusage(RUSAGE_SELF, &usage);
	return (size_t)usage.ru_maxrss;
}

/* 256 MiB of zeros in some hundred KiB, or less: stops at a ceiling of 1 MiB, and soon. */
static void bombs_stop_at_the_ceiling_in_little_memory(void **state)
{
	size_t size = 256 * (size_t)MIB;
	char *zeros = calloc(size, 1);
	struct tu_buf gzip;
	struct tu_buf zstd;
	struct tu_buf zip;
	struct tu_error err;
	struct pack_entry entries[] = {
		{"bomb", {0}, NULL, 0}, {"after", TU_STR_INIT("[1]"), NULL, 0}};
	size_t before;
	(void)state;

	assert_non_null(zeros);
	tu_buf_init(&gzip, 600 * (size_t)MIB);
	tu_buf_init(&zstd, 600 * (size_t)MIB);
	tu_buf_init(&zip, 16 * MIB);
	pack_gzip(tu_str_of(zeros, size), &gzip);
	pack_zstd(tu_str_of(zeros, size), &zstd);
	free(zeros);
	before = peak_kib();
	assert_int_equal(unpack(tu_buf_str(&gzip), MIB, "", &err), TU_E_LIMIT);
	assert_int_equal(err.offset, MIB);
	assert_int_equal(unpack(tu_buf_str(&zstd), MIB, "", &err), TU_E_LIMIT);
	entries[0].text = tu_buf_str(&zstd);
	pack_archive(true, entries, TU_COUNT(entries), &zip);
	pack_file("bomb.zip", tu_buf_str(&zip));
	expect_walk("bomb.zip", (struct tu_input_limits){.bytes = MIB},
		"bomb.zip: bomb!limit exceeded\nbomb.zip: after=[1]\n");
	assert_in_range(peak_kib() - before, 0, 16 * 1024);
	tu_buf_done(&gzip);
	tu_buf_done(&zstd);
	tu_buf_done(&zip);
}

/* Each member alone is within the ceiling; together they are more than an honest archive holds. */
static void an_archive_of_bombs_is_given_up(void **state)
{
	enum { COUNT = 40 };
	struct pack_entry entries[COUNT];
	size_t size = 4 * (size_t)MIB;
	char *zeros = calloc(size, 1);
	struct tu_buf zstd;
	struct tu_buf tar;
	struct log log = {0};
	struct tu_error err = {0};
	(void)state;

	assert_non_null(zeros);
	tu_buf_init(&zstd, 16 * MIB);
	tu_buf_init(&tar, 16 * MIB);
	pack_zstd(tu_str_of(zeros, size), &zstd);
	for (size_t i = 0; i < COUNT; i++)
		entries[i] = (struct pack_entry){"bomb", tu_buf_str(&zstd), NULL, 0};
	pack_archive(false, entries, COUNT, &tar);
	pack_file("bombs.tar", tu_buf_str(&tar));
	assert_int_equal(
		walk("bombs.tar", (struct tu_input_limits){.bytes = 8 * MIB}, &log, &err), TU_OK);
	assert_true(log.visits * size <= tar.len * 1032 + 8 * MIB);
	assert_in_range(log.visits, 1, COUNT - 1);
	assert_true(tu_str_ends(tu_buf_str(&log.text), TU_STR("bombs.tar: bomb!limit exceeded\n")));
	tu_buf_done(&log.text);
	tu_buf_done(&zstd);
	tu_buf_done(&tar);
	free(zeros);
}

static void a_window_beyond_reason_is_a_limit(void **state)
{
	/* RFC 8878, 3.1.1.1.2: window descriptor 0xf8 is 2^41 bytes */
	struct tu_error err;
	(void)state;

	assert_int_equal(
		unpack(TU_STR("\x28\xb5\x2f\xfd\x00\xf8\x01\x00\x00"), MIB, "", &err), TU_E_LIMIT);
}

/* ---- archives ---- */

static const struct pack_entry odd_entries[] = {
	{"b.json", TU_STR_INIT("[1]"), NULL, 0},
	{"../../escape.json", TU_STR_INIT("[2]"), NULL, 0},
	{"/etc/tutela-absolute", TU_STR_INIT("[3]"), NULL, 0},
	{"dir/", TU_STR_INIT(""), NULL, AE_IFDIR},
	{"link", TU_STR_INIT(""), "/etc/passwd", AE_IFLNK},
	{"empty.json", TU_STR_INIT(""), NULL, 0},
	{"r\xc3\xa9sum\xc3\xa9.json", TU_STR_INIT("[4]"), NULL, 0},
	{"a.json", TU_STR_INIT("[5]"), NULL, 0},
};

static void archives_are_read_and_never_extracted(void **state)
{
	static const char *const names[] = {"odd.tar", "odd.zip"};
	static const char lines[] = "%s: b.json=[1]\n%s: ../../escape.json=[2]\n"
				    "%s: /etc/tutela-absolute=[3]\n%s: empty.json=\n"
				    "%s: r\xc3\xa9sum\xc3\xa9.json=[4]\n%s: a.json=[5]\n";
	(void)state;

	for (int zip = 0; zip < 2; zip++) {
		const char *n = names[zip];
		struct tu_buf packed;
		char expected[1024];

		tu_buf_init(&packed, 16 * MIB);
		pack_archive(zip, odd_entries, TU_COUNT(odd_entries), &packed);
		pack_file(n, tu_buf_str(&packed));
		(void)snprintf(expected, sizeof(expected), lines, n, n, n, n, n, n);
		expect_walk(n, NO_LIMITS, expected);
		tu_buf_done(&packed);
	}
	assert_int_equal(access("../../escape.json", F_OK), -1);
	assert_int_equal(access("/etc/tutela-absolute", F_OK), -1);
	assert_int_equal(access("b.json", F_OK), -1);
}

static void hard_links_in_a_tar_are_left_out(void **state)
{
	const struct pack_entry entries[] = {
		{"a", TU_STR_INIT("[1]"), NULL, 0}, {"b", TU_STR_INIT(""), "a", AE_IFREG}};
	struct tu_buf packed;
	(void)state;

	tu_buf_init(&packed, 16 * MIB);
	pack_archive(false, entries, TU_COUNT(entries), &packed);
	pack_file("hard.tar", tu_buf_str(&packed));
	expect_walk("hard.tar", NO_LIMITS, "hard.tar: a=[1]\n");
	tu_buf_done(&packed);
}

static void packed_archives_and_packed_members(void **state)
{
	struct tu_buf inner;
	struct tu_buf tar;
	struct tu_buf outer;
	(void)state;

	tu_buf_init(&inner, MIB);
	tu_buf_init(&tar, 16 * MIB);
	tu_buf_init(&outer, 16 * MIB);
	pack_zstd(TU_STR("[7]"), &inner);
	const struct pack_entry entries[] = {
		{"x.json.zst", tu_buf_str(&inner), NULL, 0}, {"y", TU_STR_INIT("[8]"), NULL, 0}};

	pack_archive(false, entries, TU_COUNT(entries), &tar);
	pack_gzip(tu_buf_str(&tar), &outer);
	pack_file("any.name", tu_buf_str(&outer));
	expect_walk("any.name", NO_LIMITS, "any.name: x.json.zst=[7]\nany.name: y=[8]\n");

	/* an archive in an archive is told, not handed on as a document */
	const struct pack_entry nested[] = {
		{"in.tar.gz", tu_buf_str(&outer), NULL, 0}, {"y", TU_STR_INIT("[9]"), NULL, 0}};

	tu_buf_clear(&tar);
	pack_archive(true, nested, TU_COUNT(nested), &tar);
	pack_file("nested.zip", tu_buf_str(&tar));
	expect_walk(
		"nested.zip", NO_LIMITS, "nested.zip: in.tar.gz!unsupported\nnested.zip: y=[9]\n");
	tu_buf_done(&inner);
	tu_buf_done(&tar);
	tu_buf_done(&outer);
}

static void truncated_archives_give_what_they_have_and_a_problem(void **state)
{
	struct tu_buf packed;
	struct log log = {0};
	(void)state;

	tu_buf_init(&packed, 16 * MIB);
	for (int zip = 0; zip < 2; zip++) {
		tu_buf_clear(&packed);
		pack_archive(zip, odd_entries, TU_COUNT(odd_entries), &packed);
		for (size_t len = 300; len < packed.len; len += zip ? 13 : 257) {
			struct tu_error err = {0};

			pack_file("cut", tu_str_first(tu_buf_str(&packed), len));
			assert_int_equal(walk("cut", NO_LIMITS, &log, &err), TU_OK);
			tu_buf_done(&log.text);
		}
	}
	tu_buf_clear(&packed);
	pack_archive(false, odd_entries, TU_COUNT(odd_entries), &packed);
	pack_file("cut", tu_str_first(tu_buf_str(&packed), 1024 + 700));
	expect_walk("cut", NO_LIMITS,
		"cut: b.json=[1]\ncut: ../../escape.json!syntax error\ncut!syntax error\n");
	tu_buf_done(&packed);
}

/* ---- folders ---- */

static void folders_are_walked_in_byte_order_without_dot_files(void **state)
{
	(void)state;
	assert_int_equal(mkdir("f", 0755), 0);
	assert_int_equal(mkdir("f/b", 0755), 0);
	assert_int_equal(mkdir("f/.git", 0755), 0);
	pack_file("f/.hidden", TU_STR("no"));
	pack_file("f/.git/config", TU_STR("no"));
	pack_file("f/b/x", TU_STR("[3]"));
	pack_file("f/a10", TU_STR("[2]"));
	pack_file("f/a", TU_STR("[0]"));
	pack_file("f/B", TU_STR("[4]"));
	pack_file("f/\xc3\xa9", TU_STR("[5]"));
	pack_file("f/c", TU_STR("[6]"));
	pack_file("f/-", TU_STR("[1]"));
	expect_walk("f", NO_LIMITS,
		"f/-=[1]\nf/B=[4]\nf/a=[0]\nf/a10=[2]\nf/b/x=[3]\nf/c=[6]\nf/\xc3\xa9=[5]\n");
}

static void special_files_and_what_cannot_be_read(void **state)
{
	(void)state;
	assert_int_equal(mkdir("s", 0755), 0);
	assert_int_equal(mkfifo("s/fifo", 0644), 0);
	assert_int_equal(symlink("nowhere", "s/broken"), 0);
	assert_int_equal(symlink("/proc/self/mem", "s/mem"), 0);
	pack_file("s/z", TU_STR("[1]"));
	alarm(20); /* a fifo that is opened would wait for ever */
	expect_walk("s", NO_LIMITS, "s/broken!not found\ns/mem!unsupported\ns/z=[1]\n");
	alarm(0);
}

/* What is found is asked; what a person names, such as a pipe from another command, is read. */
static void a_pipe_is_no_file_of_a_folder(void **state)
{
	struct tu_error err = {0};
	char text[TU_ERROR_TEXT_MAX];
	(void)state;

	assert_int_equal(mkfifo("pipe", 0644), 0);
	assert_int_equal(symlink("pipe", "to-pipe"), 0);
	pack_file("plain", TU_STR("[1]"));
	assert_int_equal(tu_input_check_file("to-pipe", &err), TU_E_UNSUPPORTED);
	assert_non_null(strstr(tu_error_text(&err, text, sizeof(text)), "to-pipe"));
	assert_int_equal(tu_input_check_file("/dev/zero", NULL), TU_E_UNSUPPORTED);
	assert_int_equal(tu_input_check_file("plain", NULL), TU_OK);
	assert_int_equal(tu_input_check_file(".", NULL), TU_OK);
	assert_int_equal(tu_input_check_file("nowhere", NULL), TU_OK);
}

static void deep_folders_end_at_the_ceiling(void **state)
{
	(void)state;
	assert_int_equal(mkdir("d", 0755), 0);
	assert_int_equal(mkdir("d/e", 0755), 0);
	assert_int_equal(mkdir("d/e/f", 0755), 0);
	pack_file("d/e/f/x", TU_STR("[1]"));
	expect_walk("d", (struct tu_input_limits){.depth = 3}, "d/e/f/x=[1]\n");
	expect_walk("d", (struct tu_input_limits){.depth = 2}, "d/e/f!limit exceeded\n");
}

static void too_many_documents_end_the_walk(void **state)
{
	struct log log = {0};
	struct tu_error err = {0};
	(void)state;

	assert_int_equal(mkdir("n", 0755), 0);
	pack_file("n/1", TU_STR("[1]"));
	pack_file("n/2", TU_STR("[2]"));
	pack_file("n/3", TU_STR("[3]"));
	assert_int_equal(walk("n", (struct tu_input_limits){.entries = 2}, &log, &err), TU_E_LIMIT);
	assert_int_equal(log.visits, 2);
	tu_buf_done(&log.text);
	log.stop_at = 2;
	assert_int_equal(walk("n", NO_LIMITS, &log, &err), TU_E_UNSUPPORTED);
	assert_string_equal(error_text(&err), "enough");
	assert_int_equal(log.visits, 2);
	tu_buf_done(&log.text);
}

/* ---- single files ---- */

static void what_is_named_and_cannot_be_read_is_told_by_name(void **state)
{
	struct tu_buf out;
	struct tu_error err = {0};
	struct log log = {0};
	(void)state;

	tu_buf_init(&out, MIB);
	assert_int_equal(tu_input_read("none", &out, &err), TU_E_NOTFOUND);
	assert_true(tu_str_starts(tu_str_c(error_text(&err)), TU_STR("none: ")));
	assert_int_equal(tu_input_read("/", &out, &err), TU_E_IO);
	assert_true(tu_str_starts(tu_str_c(error_text(&err)), TU_STR("/: ")));
	assert_int_equal(walk("none", NO_LIMITS, &log, &err), TU_E_NOTFOUND);
	tu_buf_done(&log.text);
	assert_int_equal(walk("none", NO_LIMITS, &log, NULL), TU_E_NOTFOUND);
	tu_buf_done(&log.text);
	assert_int_equal(tu_input_read("/proc/self/mem", &out, &err), TU_E_IO);
	/* a file whose size is told as zero is read all the same */
	assert_int_equal(tu_input_read("/proc/self/status", &out, &err), TU_OK);
	assert_true(tu_str_search(tu_buf_str(&out), TU_STR("Name:")) < out.len);
	tu_buf_done(&out);
}

static void a_dash_is_standard_input(void **state)
{
	struct tu_buf packed;
	int keep = dup(STDIN_FILENO);
	int ends[2];
	(void)state;

	tu_buf_init(&packed, MIB);
	pack_gzip(TU_STR("[from a pipe]"), &packed);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], packed.ptr, packed.len), packed.len);
	assert_int_equal(close(ends[1]), 0);
	assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	expect_walk("-", NO_LIMITS, "-=[from a pipe]\n");
	assert_int_equal(dup2(keep, STDIN_FILENO), STDIN_FILENO);
	(void)close(keep);
	(void)close(ends[0]);
	tu_buf_done(&packed);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, pack_set_up, pack_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(unpacks_members_and_frames),
		TEST(the_ceiling_is_exact),
		TEST(truncation_and_damage_are_told_everywhere),
		TEST(bombs_stop_at_the_ceiling_in_little_memory),
		TEST(an_archive_of_bombs_is_given_up),
		TEST(a_window_beyond_reason_is_a_limit),
		TEST(archives_are_read_and_never_extracted),
		TEST(hard_links_in_a_tar_are_left_out),
		TEST(packed_archives_and_packed_members),
		TEST(truncated_archives_give_what_they_have_and_a_problem),
		TEST(folders_are_walked_in_byte_order_without_dot_files),
		TEST(special_files_and_what_cannot_be_read),
		TEST(a_pipe_is_no_file_of_a_folder),
		TEST(deep_folders_end_at_the_ceiling),
		TEST(too_many_documents_end_the_walk),
		TEST(what_is_named_and_cannot_be_read_is_told_by_name),
		TEST(a_dash_is_standard_input),
	};

	return cmocka_run_group_tests_name("input", tests, NULL, NULL);
}
