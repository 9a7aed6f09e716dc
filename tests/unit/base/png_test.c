/* PNG of black and white: read back by its chunks. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/png.h"

static uint32_t number_at(const struct tu_buf *out, size_t at)
{
	uint32_t number = 0;

	for (size_t i = 0; i < 4; i++)
		number = number << 8 | (uint8_t)out->ptr[at + i];
	return number;
}

static void an_image_has_its_chunks(void **state)
{
	static const uint8_t rows[] = {0xff, 0x80, 0x00, 0x00, 0xff, 0x80};
	const struct tu_png image = {9, 3, rows};
	struct tu_buf out;

	(void)state;
	tu_buf_init(&out, 4096);
	tu_png_write(&image, &out);
	assert_false(out.failed);
	assert_memory_equal(out.ptr, "\x89PNG\r\n\x1a\n", 8);
	assert_int_equal(number_at(&out, 8), 13);
	assert_memory_equal(out.ptr + 12, "IHDR", 4);
	assert_int_equal(number_at(&out, 16), 9);
	assert_int_equal(number_at(&out, 20), 3);
	assert_memory_equal(out.ptr + 24, "\1\0\0\0\0", 5);
	assert_memory_equal(out.ptr + 37, "IDAT", 4);
	assert_memory_equal(out.ptr + out.len - 12, "\0\0\0\0IEND\xae\x42\x60\x82", 12);
	tu_buf_done(&out);
}

static void what_is_too_large_fails(void **state)
{
	static const uint8_t rows[512];
	const struct tu_png image = {64, 64, rows};
	struct tu_buf out;

	(void)state;
	tu_buf_init(&out, 20);
	tu_png_write(&image, &out);
	assert_true(out.failed);
	tu_buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_image_has_its_chunks),
		cmocka_unit_test(what_is_too_large_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
