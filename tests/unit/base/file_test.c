/* Files are kept as a whole or not at all: what a user finds after a bad name or a full disk. */
#define _GNU_SOURCE /* mkdtemp */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <sys/resource.h>

#include "base/fault.h"
#include "base/file.h"
#include "error_text.h"
#include "pack.h"

static char folder[64];
static char long_name[9000];
/* More than is read at once; no compressor makes it shorter. */
static char noise[600000];

static int set_up(void **state)
{
	uint32_t seed = 1;
	(void)state;

	for (size_t i = 0; i < sizeof(noise); i++) {
		seed = seed * 1664525U + 1013904223U;
		noise[i] = (char)(seed >> 24);
	}
	noise[0] = 'n';
	memset(long_name, 'x', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 3] = '/';
	return signal(SIGXFSZ, SIG_IGN) == SIG_ERR;
}

static int begin(void **state)
{
	(void)state;
	pack_folder(folder);
	pack_file("plain", TU_STR("as it was"));
	return mkdir("dir", 0700) || mkdir("dir/full", 0700) || mkdir("blocked.new", 0700);
}

static int finish(void **state)
{
	(void)state;
	pack_remove(folder);
	return 0;
}

/* A disk with room for `bytes`; RLIM_INFINITY: as it was. */
static void room(rlim_t bytes)
{
	struct rlimit both;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &both), 0);
	both.rlim_cur = bytes < both.rlim_max ? bytes : both.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &both), 0);
}

static bool exists(const char *path)
{
	return access(path, F_OK) == 0;
}

/* The first bytes of a file are these, and its size. */
static void assert_file(const char *path, struct tu_str text)
{
	char *bytes = malloc(sizeof(noise) + 1);
	FILE *file = fopen(path, "rb");

	assert_non_null(bytes);
	assert_non_null(file);
	assert_int_equal(fread(bytes, 1, sizeof(noise) + 1, file), text.len);
	assert_memory_equal(bytes, text.ptr, text.len);
	(void)fclose(file);
	free(bytes);
}

static void assert_said(enum tu_status status, const struct tu_error *err, const char *said)
{
	if (status != (said ? TU_E_IO : TU_OK) || (said && !strstr(error_text(err), said)))
		fail_msg("%s, not: %s", error_text(err), said ? said : "fine");
}

static void makes_folders(void **state)
{
	const struct {
		const char *path, *said;
	} rows[] = {{"", NULL}, {"file", NULL}, {"a/b/file", NULL}, {"a/b/other", NULL},
		{"/tmp/file", NULL}, {"plain/b/file", "plain/b: cannot make the folder"},
		{"no\001/x/file", NULL},
		{long_name, "x...: too long a name, expected fewer than 8192 bytes"}};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_error err = {0};

		assert_said(tu_file_make_folders(rows[i].path, &err), &err, rows[i].said);
	}
	assert_true(exists("a/b"));
	assert_false(exists("a/b/file"));
}

static void writes_whole_files(void **state)
{
	const struct {
		const char *path;
		rlim_t room;
		const char *said;
	} rows[] = {{"new", RLIM_INFINITY, NULL}, {"plain", 100, "plain: cannot write"},
		{"absent/new", RLIM_INFINITY, "absent/new: cannot write"},
		{"blocked", RLIM_INFINITY, "blocked: cannot write"},
		{"dir", RLIM_INFINITY, "dir: cannot put the new file in place"},
		{long_name, RLIM_INFINITY,
			"x...: too long a name, expected fewer than 8192 bytes"}};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_error err = {0};
		enum tu_status status;

		room(rows[i].room);
		status = tu_file_write(rows[i].path, tu_str_of(noise, sizeof(noise)), &err);
		room(RLIM_INFINITY);
		assert_said(status, &err, rows[i].said);
	}
	assert_file("new", tu_str_of(noise, sizeof(noise)));
	assert_file("plain", TU_STR("as it was"));
	assert_false(exists("plain.new") || exists("new.new") || exists("dir.new"));
}

static void secrets_are_private(void **state)
{
	const struct {
		const char *path;
		mode_t mode;
		bool fine;
	} rows[] = {{"plain", 0600, true}, {"plain", 0400, true}, {"plain", 0640, false},
		{"plain", 0602, false}, {"dir", 0755, true}, {"absent", 0, true}};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_error err = {0};
		enum tu_status status;

		assert_int_equal(rows[i].mode ? chmod(rows[i].path, rows[i].mode) : 0, 0);
		status = tu_file_check_private(rows[i].path, "a signing key", &err);
		assert_said(status, &err, rows[i].fine ? NULL : "chmod 600 it");
	}
}

static void hashes_files(void **state)
{
	const struct {
		const char *path, *algorithm, *said;
		size_t len;
	} rows[] = {{"plain", "SHA256", NULL, 32}, {"plain", "SHA512", NULL, 64},
		{"plain", "MD5", NULL, 16}, {"plain", "none", "plain: cannot be read", 0},
		{"absent", "SHA256", "absent: cannot be read", 0},
		{"dir", "SHA256", "dir: cannot be read", 0}};
	uint8_t digest[TU_FILE_DIGEST_MAX];
	(void)state;

	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_error err = {0};
		size_t len;

		assert_said(tu_file_digest(rows[i].path, rows[i].algorithm, digest, &len, &err),
			&err, rows[i].said);
		assert_int_equal(len, rows[i].len);
	}
}

/* ---- copies ---- */

static void copies_compress_once(void **state)
{
	const struct {
		struct tu_str text;
		bool kept;
	} rows[] = {{TU_STR(""), false}, {TU_STR("\x1f"), false}, {TU_STR("text"), false},
		{tu_str_of(noise, sizeof(noise)), false}, {TU_STR("\x1f\x8b\x08 gzip"), true},
		{TU_STR("\x28\xb5\x2f\xfd zstd"), true}, {TU_STR("PK\x03\x04 zip"), true}};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_error err = {0};
		uint8_t sha256[TU_SHA256_BYTES], seen[TU_FILE_DIGEST_MAX];
		uint64_t bytes;
		size_t len;
		struct stat info;

		pack_file("from", rows[i].text);
		assert_said(tu_file_copy("from", "to", &bytes, sha256, &err), &err, NULL);
		assert_int_equal(stat("to", &info), 0);
		assert_int_equal((uint64_t)info.st_size, bytes);
		assert_int_equal(tu_file_digest("to", "SHA256", seen, &len, &err), TU_OK);
		assert_memory_equal(seen, sha256, sizeof(sha256));
		if (rows[i].kept)
			assert_file("to", rows[i].text);
		else
			assert_true(bytes != rows[i].text.len);
	}
}

static void copies_whole_or_not(void **state)
{
	const struct {
		const char *from, *to;
		rlim_t room;
		const char *said;
	} rows[] = {{"noise", "plain", 1000, "noise: cannot copy"},
		{"packed", "plain", 1000, "packed: cannot copy"},
		{"plain", "kept", 4, "plain: cannot copy"},
		{"absent", "plain", RLIM_INFINITY, "absent: cannot read"},
		{"dir", "plain", RLIM_INFINITY, "dir: cannot copy"},
		{"noise", "absent/to", RLIM_INFINITY, "absent/to: cannot write"},
		{"noise", "dir", RLIM_INFINITY, "dir: cannot put the new file in place"}};
	(void)state;

	pack_file("noise", tu_str_of(noise, sizeof(noise)));
	memcpy(noise, "\x1f\x8b", 2);
	pack_file("packed", tu_str_of(noise, sizeof(noise)));
	noise[0] = 'n';
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_error err = {0};
		uint8_t sha256[TU_SHA256_BYTES];
		uint64_t bytes;
		enum tu_status status;

		room(rows[i].room);
		status = tu_file_copy(rows[i].from, rows[i].to, &bytes, sha256, &err);
		room(RLIM_INFINITY);
		assert_said(status, &err, rows[i].said);
	}
	assert_file("plain", TU_STR("as it was"));
	assert_false(exists("plain.new") || exists("kept") || exists("dir.new"));
}

/* ---- an archive in an archive ---- */

static void put_zip(const char *path, const struct pack_entry *entries, size_t count)
{
	struct tu_buf zip;

	tu_buf_init(&zip, 1 << 24);
	pack_archive(true, entries, count, &zip);
	pack_file(path, tu_buf_str(&zip));
	tu_buf_done(&zip);
}

static void unwraps_one_archive(void **state)
{
	const struct tu_str inner = TU_STR("\x28\xb5\x2f\xfd inner");
	const struct tu_str large = tu_str_of(noise, sizeof(noise));
	const struct pack_entry one[] = {{"in.zst", inner, NULL, 0}, {"b", inner, NULL, 0}};
	const struct pack_entry text[] = {{"in.txt", TU_STR("text"), NULL, 0}};
	const struct pack_entry empty[] = {{"empty", TU_STR(""), NULL, 0}};
	const struct pack_entry folders[] = {{"d/", TU_STR(""), NULL, AE_IFDIR}};
	const struct pack_entry big[] = {{"big.gz", large, NULL, 0}};
	const struct {
		const struct pack_entry *entries;
		size_t count;
		uint64_t bytes_max;
		rlim_t room;
		struct tu_str becomes; /* empty: as it was */
		enum tu_status status;
	} rows[] = {{one, 1, 1 << 20, RLIM_INFINITY, inner, TU_OK},
		{one, 2, 1 << 20, RLIM_INFINITY, TU_STR(""), TU_OK},
		{text, 1, 1 << 20, RLIM_INFINITY, TU_STR(""), TU_OK},
		{empty, 1, 1 << 20, RLIM_INFINITY, TU_STR(""), TU_OK},
		{folders, 1, 1 << 20, RLIM_INFINITY, TU_STR(""), TU_OK},
		{big, 1, 1 << 20, RLIM_INFINITY, large, TU_OK},
		{big, 1, 300000, RLIM_INFINITY, TU_STR(""), TU_E_LIMIT},
		{one, 1, 1, RLIM_INFINITY, TU_STR(""), TU_E_LIMIT},
		{big, 1, 1 << 20, 100, TU_STR(""), TU_E_IO}};
	(void)state;

	memcpy(noise, "\x1f\x8b", 2);
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_error err = {0};
		uint8_t before[TU_FILE_DIGEST_MAX], after[TU_FILE_DIGEST_MAX];
		enum tu_status status;
		size_t len;

		put_zip("a.zip", rows[i].entries, rows[i].count);
		assert_int_equal(tu_file_digest("a.zip", "SHA256", before, &len, &err), TU_OK);
		room(rows[i].room);
		status = tu_file_unwrap("a.zip", rows[i].bytes_max, &err);
		room(RLIM_INFINITY);
		if (status != rows[i].status)
			fail_msg("row %zu: %s", i, error_text(&err));
		assert_int_equal(tu_file_digest("a.zip", "SHA256", after, &len, &err), TU_OK);
		if (rows[i].becomes.len)
			assert_file("a.zip", rows[i].becomes);
		else
			assert_memory_equal(before, after, len);
		assert_false(exists("a.zip.new"));
	}
	noise[0] = 'n';
}

static void unwraps_nothing_else(void **state)
{
	const struct pack_entry one[] = {{"in.gz", TU_STR("\x1f\x8b inner"), NULL, 0}};
	struct tu_error err = {0};
	(void)state;

	assert_int_equal(tu_file_unwrap("plain", 1 << 20, &err), TU_OK);
	assert_file("plain", TU_STR("as it was"));
	/* who reads it next says why it cannot be read */
	assert_int_equal(tu_file_unwrap("absent", 1 << 20, &err), TU_OK);
	assert_false(exists("absent") || exists("absent.new"));
	put_zip("blocked", one, 1);
	err = (struct tu_error){0};
	assert_said(tu_file_unwrap("blocked", 1 << 20, &err), &err, "blocked: cannot write");
}

/* ---- no memory ---- */

static enum tu_status run(size_t job, struct tu_error *err)
{
	uint8_t digest[TU_FILE_DIGEST_MAX];
	uint64_t bytes;
	size_t len;

	switch (job) {
	case 0:
		return tu_file_make_folders("m/n/file", err);
	case 1:
		return tu_file_write("plain", TU_STR("new"), err);
	case 2:
		return tu_file_copy("noise", "plain", &bytes, digest, err);
	case 3:
		return tu_file_digest("noise", "SHA256", digest, &len, err);
	default:
		return tu_file_unwrap("a.zip", 1 << 20, err);
	}
}

static void no_memory_changes_nothing(void **state)
{
	const struct pack_entry one[] = {{"in.gz", TU_STR("\x1f\x8b inner"), NULL, 0}};
	(void)state;

	pack_file("noise", tu_str_of(noise, sizeof(noise)));
	put_zip("a.zip", one, 1);
	for (size_t job = 0; job < 5; job++) {
		struct tu_error err;
		enum tu_status status = TU_E_NOMEM;

		for (size_t nth = 1; status != TU_OK; nth++) {
			err = (struct tu_error){0};
			tu_fault_set(nth);
			status = run(job, &err);
			assert_int_equal(status == TU_OK, tu_fault_count() < nth);
			tu_fault_set(0);
			assert_false(exists("plain.new") || exists("a.zip.new"));
			if (status == TU_OK)
				break;
			if (job < 3)
				assert_int_equal(status, TU_E_NOMEM);
			assert_true(err.message[0] != '\0');
			assert_file("plain", TU_STR("as it was"));
		}
		pack_file("plain", TU_STR("as it was"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(makes_folders, begin, finish),
		cmocka_unit_test_setup_teardown(writes_whole_files, begin, finish),
		cmocka_unit_test_setup_teardown(secrets_are_private, begin, finish),
		cmocka_unit_test_setup_teardown(hashes_files, begin, finish),
		cmocka_unit_test_setup_teardown(copies_compress_once, begin, finish),
		cmocka_unit_test_setup_teardown(copies_whole_or_not, begin, finish),
		cmocka_unit_test_setup_teardown(unwraps_one_archive, begin, finish),
		cmocka_unit_test_setup_teardown(unwraps_nothing_else, begin, finish),
		cmocka_unit_test_setup_teardown(no_memory_changes_nothing, begin, finish),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
