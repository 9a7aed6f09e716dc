#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "kb/bundle.h"

enum { MAX = 1 << 20 };

static const char old_text[] = "TUTELAKB the first of two texts, long enough to be alike: "
			       "0123456789 0123456789 0123456789 0123456789";
static const char new_text[] = "TUTELAKB the second of two texts, long enough to be alike: "
			       "0123456789 0123456789 0123456789 0123456789!";

static struct tu_signing_key key;

static struct tu_verifying_key half(const struct tu_signing_key *of)
{
	struct tu_verifying_key half;

	memcpy(half.public_key, of->public_key, sizeof(half.public_key));
	return half;
}

static void write(struct tu_buf *out, struct tu_str base)
{
	const struct kb_bundle_parts parts = {.kb = tu_str_c(new_text),
		.sidecar = TU_STR("{}"),
		.base = base,
		.newest = 5,
		.built = 6};

	tu_buf_init(out, MAX);
	assert_int_equal(tu_kb__bundle_write(&parts, &key, out, NULL), TU_OK);
}

static void comes_back_as_it_was(void **state)
{
	const struct tu_verifying_key trusted = half(&key);
	const struct tu_str bases[] = {tu_str_c(""), tu_str_c(old_text)};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(bases); i++) {
		struct tu_buf text, kb;
		struct kb_bundle bundle;

		write(&text, bases[i]);
		tu_buf_init(&kb, MAX);
		assert_int_equal(
			tu_kb__bundle_open(tu_buf_str(&text), &trusted, &bundle, NULL), TU_OK);
		assert_int_equal(bundle.is_delta, i == 1);
		assert_int_equal(bundle.newest, 5);
		assert_int_equal(bundle.built, 6);
		assert_true(tu_str_eq(bundle.sidecar, TU_STR("{}")));
		assert_int_equal(tu_kb__bundle_unpack(&bundle, bases[i], &kb, NULL), TU_OK);
		assert_true(tu_str_eq(tu_buf_str(&kb), tu_str_c(new_text)));
		if (i == 1) {
			assert_int_equal(tu_kb__bundle_unpack(&bundle, TU_STR(""), &kb, NULL),
				TU_E_NOTFOUND);
			assert_int_equal(
				tu_kb__bundle_unpack(&bundle, tu_str_c(new_text), &kb, NULL),
				TU_E_NOTFOUND);
		}
		tu_buf_done(&text);
		tu_buf_done(&kb);
	}
}

static void every_changed_bit_is_seen(void **state)
{
	const struct tu_verifying_key trusted = half(&key);
	struct kb_bundle bundle;
	struct tu_buf text;
	(void)state;

	write(&text, tu_str_c(old_text));
	for (size_t i = 0; i < text.len; i++) {
		for (int bit = 0; bit < 8; bit++) {
			text.ptr[i] = (char)(text.ptr[i] ^ (1 << bit));
			assert_int_not_equal(
				tu_kb__bundle_open(tu_buf_str(&text), &trusted, &bundle, NULL),
				TU_OK);
			text.ptr[i] = (char)(text.ptr[i] ^ (1 << bit));
		}
		assert_int_not_equal(tu_kb__bundle_open(tu_str_first(tu_buf_str(&text), i),
					     &trusted, &bundle, NULL),
			TU_OK);
	}
	assert_int_equal(tu_kb__bundle_open(tu_buf_str(&text), &trusted, &bundle, NULL), TU_OK);
	tu_buf_done(&text);
}

static void another_key_is_told(void **state)
{
	struct tu_signing_key other;
	struct tu_verifying_key trusted;
	struct kb_bundle bundle;
	struct tu_error err = {0};
	struct tu_buf text;
	(void)state;

	assert_int_equal(tu_key_make(&other, NULL), TU_OK);
	trusted = half(&other);
	write(&text, TU_STR(""));
	assert_int_equal(
		tu_kb__bundle_open(tu_buf_str(&text), &trusted, &bundle, &err), TU_E_CORRUPT);
	assert_true(
		tu_str_search(tu_str_c(err.message), TU_STR("another key")) < strlen(err.message));
	tu_buf_done(&text);
}

static void keys_are_lines(void **state)
{
	struct tu_signing_key again;
	struct tu_verifying_key trusted = half(&key), read;
	struct tu_buf text;
	(void)state;

	tu_buf_init(&text, MAX);
	tu_buf_c(&text, "# the key of a test\n\n");
	tu_key_write_signing(&key, &text);
	assert_int_equal(tu_key_read_signing(tu_buf_str(&text), &again, NULL), TU_OK);
	assert_memory_equal(again.seed, key.seed, sizeof(key.seed));
	assert_memory_equal(again.public_key, key.public_key, sizeof(key.public_key));
	assert_int_equal(tu_key_read_verifying(tu_buf_str(&text), &read, NULL), TU_E_SYNTAX);
	tu_buf_clear(&text);
	tu_key_write_verifying(&trusted, &text);
	assert_int_equal(tu_key_read_verifying(tu_buf_str(&text), &read, NULL), TU_OK);
	assert_memory_equal(read.public_key, trusted.public_key, sizeof(read.public_key));
	text.ptr[text.len - 4] = '!';
	assert_int_equal(tu_key_read_verifying(tu_buf_str(&text), &read, NULL), TU_E_SYNTAX);
	assert_int_equal(tu_key_read_verifying(TU_STR(""), &read, NULL), TU_E_SYNTAX);
	tu_buf_done(&text);
}

/* RFC 8032, 7.1, test 1: so that others can verify what we sign. */
static void signs_as_the_standard_says(void **state)
{
	static const uint8_t seed[32] = {0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84,
		0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19,
		0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60};
	static const uint8_t first[] = {0xd7, 0x5a, 0x98, 0x01},
			     signature_first[] = {0xe5, 0x56, 0x43, 0x00};
	uint8_t public_key[TU_ED25519_KEY], signature[TU_ED25519_SIGNATURE];
	(void)state;

	assert_int_equal(tu_ed25519_public(seed, public_key, NULL), TU_OK);
	assert_memory_equal(public_key, first, sizeof(first));
	assert_int_equal(tu_ed25519_sign(seed, TU_STR(""), signature, NULL), TU_OK);
	assert_memory_equal(signature, signature_first, sizeof(signature_first));
	assert_true(tu_ed25519_holds(public_key, TU_STR(""), signature));
	assert_false(tu_ed25519_holds(public_key, TU_STR("x"), signature));
}

static int set_up(void **state)
{
	(void)state;
	return tu_key_make(&key, NULL) == TU_OK ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_back_as_it_was),
		cmocka_unit_test(every_changed_bit_is_seen),
		cmocka_unit_test(another_key_is_told),
		cmocka_unit_test(keys_are_lines),
		cmocka_unit_test(signs_as_the_standard_says),
	};

	return cmocka_run_group_tests_name("bundle", tests, set_up, NULL);
}
