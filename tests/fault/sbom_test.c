/* Reading an SBOM while the n-th allocation fails, for every n: TU_E_NOMEM and nothing leaks. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/sbom.h>

#include "base/fault.h"
#include "base/input.h"

enum { TEXT_MAX = 4 << 20 };

static void add_cyclonedx(struct tu_buf *out, int components)
{
	tu_buf_c(out,
		"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"serialNumber\":"
		"\"urn:uuid:1\",\"odd\":1,\"metadata\":{\"tools\":[{\"name\":\"t\"}],"
		"\"component\":{\"name\":\"p\",\"bom-ref\":\"p\"}},\"components\":[");
	for (int i = 0; i < components; i++)
		tu_buf_printf(out,
			"%s{\"name\":\"c%d\",\"bom-ref\":\"r%d\",\"cpe\":\"cpe:/"
			"a:a:c%d\",\"odd%d\":1,"
			"\"licenses\":[{\"expression\":\"MIT\"}],\"hashes\":[{\"alg\":\"MD5\","
			"\"content\":\"0123456789abcdef0123456789abcdef\"}],\"properties\":[{"
			"\"name\":"
			"\"CVE_STATUS[CVE-1]\",\"value\":\"patched\"}]}",
			i ? "," : "", i, i / 2, i, i);
	tu_buf_c(out,
		"],\"services\":[{\"bom-ref\":\"s\"}],\"dependencies\":[{\"ref\":\"p\","
		"\"dependsOn\":[\"r0\",\"gone\"]}],\"vulnerabilities\":[{\"id\":\"CVE-1\","
		"\"affects\":[{\"ref\":\"r0\"}]}]}");
}

static void add_spdx(struct tu_buf *out, int packages)
{
	tu_buf_c(out,
		"{\"spdxVersion\":\"SPDX-2.3\",\"odd\":1,\"documentNamespace\":\"d\","
		"\"creationInfo\":{\"creators\":[\"Tool: t\"]},\"packages\":[");
	for (int i = 0; i < packages; i++)
		tu_buf_printf(out,
			"%s{\"name\":\"c%d\",\"SPDXID\":\"SPDXRef-%d\",\"odd%d\":1,"
			"\"licenseDeclared\":"
			"\"MIT\",\"sourceInfo\":\"CVEs fixed: CVE-1 CVE-2\",\"externalRefs\":"
			"[{\"referenceType\":\"purl\",\"referenceLocator\":\"pkg:npm/c%d\"},"
			"{\"referenceType\":\"cpe22Type\",\"referenceLocator\":\"cpe:/a:a:c%d\"}]}",
			i ? "," : "", i, i, i, i, i);
	tu_buf_c(out,
		"],\"files\":[{\"SPDXID\":\"SPDXRef-f\"}],\"relationships\":["
		"{\"spdxElementId\":\"SPDXRef-DOCUMENT\",\"relationshipType\":\"DESCRIBES\","
		"\"relatedSpdxElement\":\"SPDXRef-0\"},{\"spdxElementId\":\"SPDXRef-0\","
		"\"relationshipType\":\"LIKES\",\"relatedSpdxElement\":\"SPDXRef-f\"}]}");
}

/* One reading with the `nth` allocation failing. */
static enum tu_status read_failing(struct tu_str text, size_t nth, size_t *out_allocations)
{
	const struct tu_inventory *inventory = NULL;
	struct tu_error err = {0};
	struct tu_arena *arena;
	enum tu_status status = TU_E_NOMEM;

	tu_fault_set(nth);
	arena = tu_arena_new(0);
	if (arena)
		status = tu_sbom_read(arena, text, false, NULL, &inventory, &err);
	*out_allocations = tu_fault_count();
	tu_fault_set(0);
	assert_int_equal(status == TU_OK, inventory != NULL);
	if (arena && status)
		assert_int_equal(err.status, TU_E_NOMEM);
	tu_arena_free(arena);
	return status;
}

/* Every allocation of a small document; of a large one, whose end is as its start, a sample. */
static void fail_each(struct tu_str text, size_t least, size_t step)
{
	size_t count;
	size_t ignored;

	assert_int_equal(read_failing(text, 0, &count), TU_OK);
	assert_true(count >= least);
	for (size_t nth = 1; nth <= count; nth += nth < 64 ? 1 : step)
		assert_int_equal(read_failing(text, nth, &ignored), TU_E_NOMEM);
	assert_int_equal(read_failing(text, count + 1, &ignored), TU_OK);
}

static void fail_document(void (*add)(struct tu_buf *out, int count), int count, size_t step)
{
	struct tu_buf text;

	tu_buf_init(&text, TEXT_MAX);
	add(&text, count);
	assert_false(text.failed);
	fail_each(tu_buf_str(&text), 20, step);
	tu_buf_done(&text);
}

static void cyclonedx_survives(void **state)
{
	(void)state;
	fail_document(add_cyclonedx, 3, 1);
	fail_document(add_cyclonedx, 300, 1);
}

static void spdx_survives(void **state)
{
	(void)state;
	fail_document(add_spdx, 3, 1);
	fail_document(add_spdx, 300, 1);
}

static void reading_in_slices_survives(void **state)
{
	(void)state;
	fail_document(add_cyclonedx, 4000, 501);
	fail_document(add_spdx, 4000, 501);
}

static enum tu_status unpack_failing(struct tu_str packed, size_t nth, size_t *out_allocations)
{
	struct tu_error err = {0};
	struct tu_buf out;
	enum tu_status status;

	tu_buf_init(&out, TEXT_MAX);
	tu_fault_set(nth);
	status = tu_input_unpack(packed, &out, &err);
	*out_allocations = tu_fault_count();
	tu_fault_set(0);
	tu_buf_done(&out);
	return status;
}

/* "hello\n", packed. */
static void unpacking_survives(void **state)
{
	static const struct tu_str packed[] = {
		TU_STR_INIT(
			"\x1f\x8b\x08\0\0\0\0\0\0\x03\xcb\x48\xcd\xc9\xc9\xe7\x02\0\x20\x30\x3a\x36"
			"\x06\0\0\0"),
		TU_STR_INIT("\x28\xb5\x2f\xfd\0\x58\x31\0\0hello\n"),
		TU_STR_INIT("hello\n"),
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(packed); i++) {
		size_t count;
		size_t ignored;

		assert_int_equal(unpack_failing(packed[i], 0, &count), TU_OK);
		assert_true(count > 0);
		for (size_t nth = 1; nth <= count; nth++) {
			enum tu_status status = unpack_failing(packed[i], nth, &ignored);

			/* A guess at the size may fail without harm. */
			assert_true(status == TU_E_NOMEM || status == TU_OK);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cyclonedx_survives),
		cmocka_unit_test(spdx_survives),
		cmocka_unit_test(reading_in_slices_survives),
		cmocka_unit_test(unpacking_survives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
