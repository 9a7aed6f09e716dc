/* Unpacking in steps: what comes, and where it fails, is the same for steps of any size. */
#define _GNU_SOURCE /* mkdtemp */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>

#include "base/unpack.h"
#include "pack.h"

enum { LIMIT = 16 << 20, WHOLE = 1 << 30, PART = 700 * 1000 };

enum form { GZIP, ZSTD, FORMS };

/* Two members or frames of bytes that do not pack, so that there are several windows of them; zstd
 * has one to be skipped between them, gzip has zeros at the end. */
static void make(enum form form, struct tu_buf *out_text, struct tu_buf *out_packed)
{
	static const char skipped[] = "\x5a\x2a\x4d\x18\x03\x00\x00\x00\x01\x02\x03";
	static const char zeros[1000];
	uint32_t state = 7;

	tu_buf_init(out_text, LIMIT);
	tu_buf_init(out_packed, LIMIT);
	for (size_t i = 0; i < 2 * (size_t)PART; i++) {
		state = state * 1664525 + 1013904223;
		tu_buf_byte(out_text, (char)(state >> 24));
	}
	for (size_t i = 0; i < 2; i++) {
		struct tu_str part = tu_str_of(out_text->ptr + i * PART, PART);

		if (form == GZIP)
			pack_gzip(part, out_packed);
		else
			pack_zstd(part, out_packed);
		if (form == ZSTD && i == 0)
			tu_buf_add(out_packed, skipped, sizeof(skipped) - 1);
	}
	if (form == GZIP)
		tu_buf_add(out_packed, zeros, sizeof(zeros));
	assert_true(!out_text->failed && !out_packed->failed);
}

struct way {
	bool file;
	size_t step;
};

static const struct way ways[] = {{false, WHOLE}, {false, 1000}, {false, 300 * 1000}, {true, WHOLE},
	{true, 1000}, {true, 300 * 1000}};

static enum tu_status unpack(
	const struct way *way, struct tu_str packed, struct tu_buf *out, struct tu_error *err)
{
	struct tu_unpack *unpack = NULL;
	enum tu_status status;
	bool ended = false;
	int fd = -1;

	if (way->file) {
		pack_file("packed", packed);
		fd = open("packed", O_RDONLY);
		status = tu_unpack_file(fd, SIZE_MAX, &unpack, err);
	} else {
		status = tu_unpack_text(packed, &unpack, err);
	}
	while (!status && !ended) {
		size_t before = out->len;

		status = tu_unpack_some(unpack, out, before + way->step, &ended, err);
		assert_true(out->len - before <= way->step);
		assert_true(status || ended || out->len - before == way->step);
	}
	tu_unpack_free(unpack);
	if (fd >= 0)
		(void)close(fd);
	return status;
}

static void gives_the_same_in_steps_of_any_size(void **state)
{
	(void)state;
	for (enum form form = GZIP; form < FORMS; form++) {
		struct tu_buf text, packed;

		make(form, &text, &packed);
		for (size_t i = 0; i < TU_COUNT(ways); i++) {
			struct tu_error err = {0};
			struct tu_buf out;

			tu_buf_init(&out, LIMIT);
			assert_int_equal(unpack(&ways[i], tu_buf_str(&packed), &out, &err), TU_OK);
			assert_int_equal(out.len, text.len);
			assert_memory_equal(out.ptr, text.ptr, text.len);
			tu_buf_done(&out);
		}
		tu_buf_done(&text);
		tu_buf_done(&packed);
	}
}

/* What is wrong, and for gzip also where. */
static void fails_in_the_same_way_at_the_same_place(void **state)
{
	static const struct {
		enum form form;
		size_t cut; /* bytes of the end that are not there */
		size_t changed; /* a byte so far from the end */
		const char *added, *message;
	} cases[] = {
		{GZIP, 1000 + 4, 0, "", "gzip data ends too early"},
		{GZIP, 600 * 1000, 0, "", "gzip data ends too early"},
		{GZIP, 0, 1000 + 7, "", "damaged gzip data: incorrect data check"},
		{GZIP, 1000, 0, "x", "something else follows the gzip data"},
		{GZIP, 1000, 0, "more than one byte", "something else follows the gzip data"},
		{GZIP, 0, 0, "\x1f\x8b", "something else follows the gzip data"},
		{ZSTD, 1, 0, "", "zstd data ends too early"},
		{ZSTD, 600 * 1000, 0, "", "zstd data ends too early"},
		{ZSTD, 0, 0, "no frame", "damaged zstd data: "},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct tu_buf text, packed;
		size_t offset = 0;

		make(cases[i].form, &text, &packed);
		packed.len -= cases[i].cut;
		if (cases[i].changed)
			packed.ptr[packed.len - cases[i].changed] ^= 1;
		tu_buf_c(&packed, cases[i].added);
		for (size_t k = 0; k < TU_COUNT(ways); k++) {
			struct tu_error err = {0};
			struct tu_buf out;

			tu_buf_init(&out, LIMIT);
			assert_int_equal(
				unpack(&ways[k], tu_buf_str(&packed), &out, &err), TU_E_SYNTAX);
			assert_memory_equal(
				err.message, cases[i].message, strlen(cases[i].message));
			if (k && cases[i].form == GZIP)
				assert_int_equal(err.offset, offset);
			offset = err.offset;
			tu_buf_done(&out);
		}
		tu_buf_done(&text);
		tu_buf_done(&packed);
	}
}

static void keeps_the_limits(void **state)
{
	(void)state;
	for (enum form form = GZIP; form < FORMS; form++) {
		struct tu_buf text, packed;

		make(form, &text, &packed);
		for (size_t i = 0; i < TU_COUNT(ways); i++) {
			struct tu_error err = {0};
			struct tu_buf out;

			tu_buf_init(&out, 2 * (size_t)PART - 1);
			assert_int_equal(
				unpack(&ways[i], tu_buf_str(&packed), &out, &err), TU_E_LIMIT);
			assert_string_equal(err.message, "more than the limit of 1399999 bytes");
			tu_buf_done(&out);
		}
		tu_buf_done(&text);
		tu_buf_done(&packed);
	}
}

/* A file that is longer than it may be, though it unpacks to little. */
static void reads_no_more_than_it_may(void **state)
{
	struct tu_buf text, packed, out;
	struct tu_unpack *unpack;
	struct tu_error err = {0};
	bool ended;
	int fd;
	(void)state;

	make(GZIP, &text, &packed);
	pack_file("packed", tu_buf_str(&packed));
	fd = open("packed", O_RDONLY);
	tu_buf_init(&out, LIMIT);
	assert_int_equal(tu_unpack_file(fd, 1000 * 1000, &unpack, &err), TU_OK);
	assert_int_equal(tu_unpack_some(unpack, &out, WHOLE, &ended, &err), TU_E_LIMIT);
	assert_string_equal(err.message, "more than the limit of 1000000 bytes");
	tu_unpack_free(unpack);
	(void)close(fd);
	tu_buf_done(&out);
	tu_buf_done(&text);
	tu_buf_done(&packed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_the_same_in_steps_of_any_size),
		cmocka_unit_test(fails_in_the_same_way_at_the_same_place),
		cmocka_unit_test(keeps_the_limits),
		cmocka_unit_test(reads_no_more_than_it_may),
	};

	return cmocka_run_group_tests_name("unpack", tests, pack_set_up, pack_tear_down);
}
