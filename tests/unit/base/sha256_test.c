#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/sha256.h"

/* FIPS 180-4 examples (NIST, "SHA256.pdf") and the empty text. */
static void agrees_with_the_standard(void **state)
{
	static const struct {
		const char *text, *digest;
	} cases[] = {{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		{"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
			"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"}};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		uint8_t digest[TU_SHA256_BYTES];
		struct tu_buf out;

		assert_int_equal(tu_sha256(tu_str_c(cases[i].text), digest), TU_OK);
		tu_buf_init(&out, 100);
		tu_sha256_write(digest, &out);
		assert_true(tu_str_eq(tu_buf_str(&out), tu_str_c(cases[i].digest)));
		tu_buf_done(&out);
	}
}

/* Into a place of the caller that has as many bytes as digits. */
static void no_byte_after_the_digits(void **state)
{
	char place[2 * TU_SHA256_BYTES + 1];
	struct tu_buf out = {
		.ptr = place, .cap = 2 * TU_SHA256_BYTES, .ceiling = 2 * TU_SHA256_BYTES};
	uint8_t digest[TU_SHA256_BYTES] = {1};

	(void)state;
	place[2 * TU_SHA256_BYTES] = 'x';
	tu_sha256_write(digest, &out);
	assert_false(out.failed);
	assert_int_equal(out.len, 2 * TU_SHA256_BYTES);
	assert_int_equal(place[2 * TU_SHA256_BYTES], 'x');
}

static void pieces_have_the_digest_of_the_whole(void **state)
{
	char text[300];
	uint8_t whole[TU_SHA256_BYTES];
	(void)state;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)(i * 7);
	assert_int_equal(tu_sha256(tu_str_of(text, sizeof(text)), whole), TU_OK);
	for (size_t cut = 0; cut <= sizeof(text); cut++) {
		struct tu_str all = tu_str_of(text, sizeof(text));
		uint8_t digest[TU_SHA256_BYTES];
		struct tu_sha256 hash;

		assert_int_equal(tu_sha256_begin(&hash), TU_OK);
		assert_int_equal(tu_sha256_add(&hash, tu_str_first(all, cut)), TU_OK);
		assert_int_equal(tu_sha256_add(&hash, tu_str_from(all, cut)), TU_OK);
		assert_int_equal(tu_sha256_end(&hash, digest), TU_OK);
		assert_memory_equal(digest, whole, sizeof(digest));
	}
}

static void a_mark_is_the_start_of_the_digest(void **state)
{
	static const char digest[] =
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"; /* of "abc" */
	static const size_t digits[] = {0, 1, 2, 11, 12, 64, 65};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(digits); i++) {
		struct tu_buf out;

		tu_buf_init(&out, 100);
		tu_buf_c(&out, "x-");
		tu_sha256_mark(TU_STR("abc"), digits[i], &out);
		assert_true(tu_str_eq(tu_str_from(tu_buf_str(&out), 2),
			tu_str_first(tu_str_c(digest), digits[i])));
		tu_buf_done(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(no_byte_after_the_digits),
		cmocka_unit_test(agrees_with_the_standard),
		cmocka_unit_test(pieces_have_the_digest_of_the_whole),
		cmocka_unit_test(a_mark_is_the_start_of_the_digest)};

	return cmocka_run_group_tests_name("sha256", tests, NULL, NULL);
}
