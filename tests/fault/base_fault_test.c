#define _GNU_SOURCE /* mkdtemp */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/fault.h"
#include "base/input.h"
#include "base/intern.h"
#include "base/json.h"
#include "base/vec.h"
#include "app/output.h"
#include "pack.h"
#include "error_text.h"

/*
 * Each job is done with the first allocation failing, then the second, …, until none fails any
 * more. A job gives TU_OK or TU_E_NOMEM, and nothing is left behind: the sanitizer builds look for
 * leaks.
 */
static void torture(enum tu_status (*job)(struct tu_error *err))
{
	size_t failures = 0;

	for (size_t nth = 1;; nth++) {
		struct tu_error err = {0};
		enum tu_status status;
		size_t asked;

		tu_fault_set(nth);
		status = job(&err);
		asked = tu_fault_count();
		tu_fault_set(0);
		if (asked < nth) {
			assert_int_equal(status, TU_OK);
			break;
		}
		if (status != TU_E_NOMEM)
			fail_msg("allocation %zu failed: %s (%s)", nth, tu_status_name(status),
				error_text(&err));
		assert_int_equal(err.status, TU_E_NOMEM);
		assert_true(err.message[0] != '\0');
		failures++;
	}
	assert_true(failures > 0);
}

/* ---- JSON ---- */

static enum tu_status parse_with(bool padded, struct tu_error *err)
{
	static char text[4096];
	struct tu_json_limits limits = {.unique_keys = true, .padded = padded};
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_json root;
	enum tu_status status;
	size_t len = 0;

	if (!parser)
		return tu_fail(err, TU_E_NOMEM, 0, "no parser");
	for (int i = 0; i < 100; i++)
		len += (size_t)snprintf(
			text + len, sizeof(text) - len, "%s\"key-%d\": [%d]", i ? ", " : "{", i, i);
	text[len++] = '}';
	status = tu_json_parse(parser, tu_str_of(text, len), &limits, &root, err);
	if (!status)
		assert_int_equal(tu_json_count(root), 100);
	/* what went wrong does not linger */
	tu_fault_set(0);
	assert_int_equal(tu_json_parse(parser, tu_str_of("[1]", 3), NULL, &root, NULL), TU_OK);
	assert_int_equal(tu_json_count(root), 1);
	tu_json_parser_free(parser);
	return status;
}

static void torture_json(bool padded)
{
	bool fine = false;

	for (size_t nth = 1; !fine; nth++) {
		struct tu_error err = {0};
		enum tu_status status;

		tu_fault_set(nth);
		status = parse_with(padded, &err);
		tu_fault_set(0);
		fine = status == TU_OK;
		assert_true(fine || (status == TU_E_NOMEM && err.status == TU_E_NOMEM));
		assert_true(!fine || nth > 3);
	}
}

static void json_says_so_and_the_parser_stays_usable(void **state)
{
	(void)state;
	torture_json(false);
	torture_json(true);
}

static void errors_in_json_are_told_without_memory_too(void **state)
{
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_json root;
	struct tu_error err = {0};
	(void)state;

	assert_int_equal(tu_json_parse(parser, TU_STR("{\"a\":1}"), NULL, &root, NULL), TU_OK);
	tu_fault_set(1);
	(void)tu_json_fail(&err, TU_E_SYNTAX, tu_json_get(root, TU_STR("a")), "wrong");
	tu_fault_set(0);
	/* the pointer needs memory; line, column and message do not */
	assert_true(tu_str_starts(tu_str_c(error_text(&err)), TU_STR("line 1, column 6, ")));
	assert_true(tu_str_ends(tu_str_c(error_text(&err)), TU_STR(": wrong")));
	tu_json_parser_free(parser);
}

/* ---- containers ---- */

static enum tu_status fill_intern(struct tu_error *err)
{
	struct tu_intern *intern = tu_intern_new(0);
	bool fine = intern != NULL;
	char text[32];

	for (int i = 0; fine && i < 3000; i++) {
		struct tu_str s =
			tu_str_of(text, (size_t)snprintf(text, sizeof(text), "name-%d", i));
		uint32_t id = 77;

		fine = tu_intern_add(intern, s, &id);
		if (fine) {
			assert_int_equal(id, i);
			continue;
		}
		/* as before: not known, and the next try works */
		assert_int_equal(id, 77);
		assert_int_equal(tu_intern_count(intern), i);
		assert_true(tu_intern_find(intern, s) == TU_INTERN_NONE);
		assert_true(tu_intern_add(intern, s, &id));
		assert_int_equal(id, i);
	}
	tu_intern_free(intern);
	return fine ? TU_OK : tu_fail(err, TU_E_NOMEM, 0, "no memory");
}

static enum tu_status fill_vectors(struct tu_error *err)
{
	TU_VEC(size_t) heap = {0};
	TU_VEC(size_t) inside = {0};
	struct tu_arena *arena = tu_arena_new(0);
	bool fine = arena != NULL;
	size_t i = 0;

	for (; fine && i < 300; i++)
		fine = TU_VEC_PUSH(&heap, i) && TU_VEC_PUSH_IN(arena, &inside, i);
	for (size_t k = 0; k < heap.count; k++)
		assert_int_equal(heap.at[k], k);
	for (size_t k = 0; k < inside.count; k++)
		assert_int_equal(inside.at[k], k);
	assert_true(fine || heap.count + 1 >= i);
	TU_VEC_DONE(&heap);
	tu_arena_free(arena);
	return fine ? TU_OK : tu_fail(err, TU_E_NOMEM, 0, "no memory");
}

static enum tu_status fill_buffer(struct tu_error *err)
{
	struct tu_buf buf;
	bool fine;

	tu_buf_init(&buf, 1 << 20);
	for (int i = 0; i < 1000; i++)
		tu_buf_printf(&buf, "%03d", i);
	for (size_t i = 0; i < buf.len; i++)
		assert_true(tu_char_is_digit(buf.ptr[i]));
	fine = !buf.failed;
	assert_true(!fine || buf.len == 3000);
	tu_buf_done(&buf);
	return fine ? TU_OK : tu_fail(err, TU_E_NOMEM, 0, "no memory");
}

static void containers_stay_as_they_were(void **state)
{
	(void)state;
	torture(fill_intern);
	torture(fill_vectors);
	torture(fill_buffer);
}

/* ---- input ---- */

static const char *input_path;

static enum tu_status count_visit(
	void *context, struct tu_str name, struct tu_str text, struct tu_error *err)
{
	(void)name;
	(void)err;
	*(size_t *)context += text.len;
	return TU_OK;
}

static void no_other_problem(void *context, struct tu_str name, const struct tu_error *problem)
{
	(void)context;
	if (problem->status != TU_E_NOMEM)
		fail_msg("%.*s: %s", TU_STR_FMT(name), error_text(problem));
}

static enum tu_status walk_input(struct tu_error *err)
{
	size_t bytes = 0;
	struct tu_input_walk walk = {count_visit, no_other_problem, &bytes, {0}};
	enum tu_status status = tu_input_each(input_path, &walk, err);

	assert_true(status || bytes >= 600000);
	return status;
}

static enum tu_status read_input(struct tu_error *err)
{
	struct tu_buf out;
	enum tu_status status;

	/* a ceiling near the size: no memory must not look like a limit */
	tu_buf_init(&out, 300000);
	status = tu_input_read(input_path, &out, err);
	assert_true(status || out.len == 300000);
	tu_buf_done(&out);
	return status;
}

static void make_inputs(struct tu_str text)
{
	const struct pack_entry entries[] = {{"a", text, NULL, 0}, {"b", text, NULL, 0}};
	struct tu_buf packed;
	struct tu_buf outer;

	tu_buf_init(&packed, 16 << 20);
	tu_buf_init(&outer, 16 << 20);
	pack_file("plain", text);
	pack_gzip(text, &packed);
	pack_file("gzip", tu_buf_str(&packed));
	tu_buf_clear(&packed);
	pack_zstd(text, &packed);
	pack_file("zstd", tu_buf_str(&packed));
	const struct pack_entry inner[] = {
		{"a.zst", tu_buf_str(&packed), NULL, 0}, {"b.zst", tu_buf_str(&packed), NULL, 0}};

	pack_archive(true, entries, 2, &outer);
	pack_file("zip", tu_buf_str(&outer));
	tu_buf_clear(&outer);
	pack_archive(false, inner, 2, &outer);
	pack_file("tar", tu_buf_str(&outer));
	tu_buf_clear(&packed);
	pack_gzip(tu_buf_str(&outer), &packed);
	pack_file("targz", tu_buf_str(&packed));
	assert_int_equal(mkdir("folder", 0755), 0);
	assert_int_equal(mkdir("folder/sub", 0755), 0);
	pack_file("folder/x", text);
	pack_file("folder/sub/y", text);
	assert_int_equal(symlink("sub", "folder/link"), 0);
	tu_buf_done(&packed);
	tu_buf_done(&outer);
}

static void every_form_of_input_says_so(void **state)
{
	static const char *const single[] = {"plain", "gzip", "zstd"};
	static const char *const several[] = {"zip", "tar", "targz", "folder"};
	char *text = calloc(300000, 1);
	char folder[64];
	(void)state;

	assert_non_null(text);
	for (size_t i = 0; i < 300000; i++)
		text[i] = (char)('a' + i * i % 26);
	pack_folder(folder);
	make_inputs(tu_str_of(text, 300000));
	for (size_t i = 0; i < TU_COUNT(single); i++) {
		input_path = single[i];
		torture(read_input);
	}
	for (size_t i = 0; i < TU_COUNT(several); i++) {
		input_path = several[i];
		torture(walk_input);
	}
	pack_remove(folder);
	free(text);
}

/* ---- output ---- */

static enum tu_status write_output(struct tu_error *err)
{
	struct tu_output output;
	enum tu_status status = tu_output_open(&output, "out", err);

	if (status)
		return status;
	for (int i = 0; i < 3000; i++) {
		tu_buf_printf(&output.sink.buf, "new line %d of the output\n", i);
		tu_sink_spill(&output.sink);
	}
	return tu_output_close(&output, err);
}

static bool starts_with(const char *path, const char *text)
{
	char got[16] = "";
	FILE *file = fopen(path, "rb");

	assert_non_null(file);
	assert_true(fread(got, 1, strlen(text), file) > 0);
	(void)fclose(file);
	return strcmp(got, text) == 0;
}

static void an_output_without_memory_leaves_the_old_file(void **state)
{
	char folder[64];
	enum tu_status status = TU_E_NOMEM;
	(void)state;

	pack_folder(folder);
	pack_file("out", TU_STR("old contents"));
	for (size_t nth = 1; status; nth++) {
		struct tu_error err = {0};

		tu_fault_set(nth);
		status = write_output(&err);
		tu_fault_set(0);
		assert_true(status == TU_OK || status == TU_E_NOMEM);
		assert_int_equal(err.status, status);
		assert_true(starts_with("out", status ? "old contents" : "new line 0 "));
		/* and nothing beside it */
		assert_int_equal(system("test \"$(ls -A)\" = out"), 0);
	}
	pack_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_says_so_and_the_parser_stays_usable),
		cmocka_unit_test(errors_in_json_are_told_without_memory_too),
		cmocka_unit_test(containers_stay_as_they_were),
		cmocka_unit_test(every_form_of_input_says_so),
		cmocka_unit_test(an_output_without_memory_leaves_the_old_file),
	};

	return cmocka_run_group_tests_name("base without memory", tests, NULL, NULL);
}
