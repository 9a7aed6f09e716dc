/* Small archives: what is written comes back, and what else an archive may have is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/tar.h"

static void files_come_back(void **state)
{
	char name[300], content[1025];
	struct tu_tar_place place = {0};
	struct tu_tar_file file;
	struct tu_buf out;
	bool more;

	(void)state;
	memset(content, 'c', sizeof(content));
	tu_buf_init(&out, 1 << 20);
	for (size_t size = 0; size <= sizeof(content); size += 205) {
		(void)snprintf(name, sizeof(name), "%0*d/%zu", (int)(size % 120) + 1, 0, size);
		assert_int_equal(
			tu_tar_add(&out, tu_str_c(name), tu_str_of(content, size), NULL), TU_OK);
	}
	tu_tar_end(&out);
	assert_true(tu_tar_is(tu_buf_str(&out)) && out.len % TU_TAR_BLOCK == 0);
	place.archive = tu_buf_str(&out);
	for (size_t size = 0; size <= sizeof(content); size += 205) {
		(void)snprintf(name, sizeof(name), "%0*d/%zu", (int)(size % 120) + 1, 0, size);
		assert_int_equal(tu_tar_next(&place, &file, &more, NULL), TU_OK);
		assert_true(more && tu_str_eq(file.name, tu_str_c(name)));
		assert_true(tu_str_eq(file.content, tu_str_of(content, size)));
	}
	assert_int_equal(tu_tar_next(&place, &file, &more, NULL), TU_OK);
	assert_false(more);
	tu_buf_done(&out);
}

/* A path is cut between two of its parts: a hundred bytes at the end, 155 before. */
static void long_names_are_kept_or_refused(void **state)
{
	static const struct {
		int before, after;
		enum tu_status status;
	} rows[] = {{100, 0, TU_OK}, {101, 0, TU_E_LIMIT}, {155, 100, TU_OK},
		{156, 100, TU_E_LIMIT}, {155, 101, TU_E_LIMIT}, {1, 100, TU_OK}, {90, 90, TU_OK}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct tu_tar_place place = {0};
		struct tu_tar_file file;
		struct tu_buf out;
		char name[300];
		bool more;

		(void)snprintf(name, sizeof(name), "%0*d%s%0*d", rows[i].before, 0,
			rows[i].after ? "/" : "", rows[i].after, 0);
		if (!rows[i].after)
			name[rows[i].before] = '\0';
		tu_buf_init(&out, 1 << 20);
		assert_int_equal(
			tu_tar_add(&out, tu_str_c(name), TU_STR("x"), NULL), rows[i].status);
		place.archive = tu_buf_str(&out);
		if (rows[i].status == TU_OK) {
			assert_int_equal(tu_tar_next(&place, &file, &more, NULL), TU_OK);
			assert_true(more && tu_str_eq(file.name, tu_str_c(name)));
		}
		tu_buf_done(&out);
	}
}

/* Each byte of a header that is another one is noticed, or leaves a file inside of the archive. */
static void damage_is_noticed(void **state)
{
	struct tu_buf out;
	size_t refused = 0;

	(void)state;
	tu_buf_init(&out, 1 << 20);
	assert_int_equal(tu_tar_add(&out, TU_STR("a/b"), TU_STR("text"), NULL), TU_OK);
	for (size_t i = 0; i < TU_TAR_BLOCK; i++) {
		struct tu_tar_place place = {.archive = tu_buf_str(&out)};
		struct tu_tar_file file;
		struct tu_error err = {0};
		char old = out.ptr[i];
		bool more;

		out.ptr[i] = (char)(old + 1);
		if (tu_tar_next(&place, &file, &more, &err) != TU_OK)
			refused++;
		else if (more)
			assert_true(file.content.ptr + file.content.len <= out.ptr + out.len);
		out.ptr[i] = old;
	}
	assert_true(refused > TU_TAR_BLOCK - 20);
	tu_buf_done(&out);
}

static void an_archive_ends_where_it_ends(void **state)
{
	struct tu_buf out;

	(void)state;
	tu_buf_init(&out, 1 << 20);
	assert_int_equal(tu_tar_add(&out, TU_STR("a"), TU_STR("text"), NULL), TU_OK);
	for (size_t len = 0; len < out.len; len++) {
		struct tu_tar_place place = {.archive = tu_str_of(out.ptr, len)};
		struct tu_tar_file file;
		bool more;
		enum tu_status status = tu_tar_next(&place, &file, &more, NULL);

		if (len == 0)
			assert_true(status == TU_OK && !more);
		else if (len < TU_TAR_BLOCK + 4)
			assert_int_equal(status, TU_E_SYNTAX);
	}
	tu_buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_come_back),
		cmocka_unit_test(long_names_are_kept_or_refused),
		cmocka_unit_test(damage_is_noticed),
		cmocka_unit_test(an_archive_ends_where_it_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
