/* Who unpacks an SBOM. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "portfolio/upload.h"

/* Bytes that are packed, or plain; what follows the mark is none that could be unpacked. */
#define GZIP_MARK "\x1f\x8b that no gzip is"
#define ZSTD_MARK "\x28\xb5\x2f\xfd that no zstd is"
#define PLAIN "{\"bomFormat\": \"CycloneDX\"}"

static enum tu_status take(void *self, struct tu_arena *arena, struct tu_str bytes,
	const struct tu_inventory **out_inventory, struct tu_error *err)
{
	(void)arena;
	(void)out_inventory;
	*(struct tu_str *)self = bytes;
	return tu_fail(err, TU_E_SYNTAX, 0, "as the reader says");
}

/* Where uploads are read in a confined process, they are unpacked there, too. */
static void reader_gets_bytes_as_received(void **state)
{
	const struct tu_str bytes[] = {TU_STR(GZIP_MARK), TU_STR(ZSTD_MARK), TU_STR(PLAIN)};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(bytes); i++) {
		struct tu_str got = {0};
		const struct tu_sbom_reader reader = {take, &got};
		const struct tu_inventory *inventory = NULL;
		struct tu_error err = {0};

		assert_int_equal(
			tu_sbom_open(&reader, NULL, bytes[i], &inventory, &err), TU_E_SYNTAX);
		assert_string_equal(err.message, "as the reader says");
		assert_true(tu_str_eq(got, bytes[i]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reader_gets_bytes_as_received),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
