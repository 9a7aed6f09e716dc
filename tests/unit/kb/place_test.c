/* Where rows stand in the file, what verifying asks of that, and files of another format. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include <tutela/kb.h>

#include "base/sha256.h"
#include "error_text.h"
#include "kb/kb.h"

enum { KB_MAX = 4 * 1024 * 1024, PRODUCTS_MAX = 3 };

/* A record and the products that it names, as part:product. */
struct given {
	enum tu_source source;
	const char *id;
	const char *products[PRODUCTS_MAX];
};

/* Two products by turns; a distribution that contains one is named first. */
static const struct given records[] = {
	{TU_SOURCE_NVD, "CVE-2021-0001", {"a:openssl"}},
	{TU_SOURCE_NVD, "CVE-2021-0002", {"a:busybox"}},
	{TU_SOURCE_NVD, "CVE-2021-0003", {"o:debian_linux", "a:openssl"}},
	{TU_SOURCE_NVD, "CVE-2021-0004", {"a:busybox", "a:openssl"}},
	{TU_SOURCE_CVE, "CVE-2021-0005", {"a:busybox"}},
	{TU_SOURCE_NVD, "CVE-2021-0005", {"a:openssl"}},
	{TU_SOURCE_NVD, "CVE-2021-0006", {"o:debian_linux"}},
	{TU_SOURCE_NVD, "CVE-2021-0007", {NULL}},
};

static enum tu_status add_record(struct tu_kb_builder *b, const struct given *given)
{
	struct tu_affected_product products[PRODUCTS_MAX] = {{.vulnerable = true}};
	char title[64];
	struct tu_advisory advisory = {.source = given->source,
		.id = tu_str_c(given->id),
		.modified = 1000,
		.title = tu_str_of(title,
			(size_t)snprintf(title, sizeof(title), "the title of %s", given->id)),
		.products = products,
		.epss_score = -1.0f,
		.epss_percentile = -1.0f};

	for (size_t i = 0; i < PRODUCTS_MAX && given->products[i]; i++) {
		struct tu_affected_product *p = &products[advisory.product_count++];

		p->vulnerable = true;
		for (size_t k = 0; k < TU_CPE_ATTRS; k++)
			p->cpe.attr[k] = TU_STR("*");
		p->cpe.attr[TU_CPE_PART] = tu_str_first(tu_str_c(given->products[i]), 1);
		p->cpe.attr[TU_CPE_VENDOR] = TU_STR("vendor");
		p->cpe.attr[TU_CPE_PRODUCT] = tu_str_c(given->products[i] + 2);
		p->cpe.attr[TU_CPE_VERSION] = TU_STR("1.0");
	}
	return tu_kb_builder_add(b, &advisory, NULL);
}

static void build(struct tu_buf *bytes, bool backwards)
{
	struct tu_kb_builder *b = tu_kb_builder_new();
	struct tu_kb_build_counts counts;
	const size_t count = TU_COUNT(records);

	assert_non_null(b);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(add_record(b, &records[backwards ? count - 1 - i : i]), TU_OK);
	tu_buf_init(bytes, KB_MAX);
	assert_int_equal(tu_kb_builder_finish(b, bytes, &counts, NULL), TU_OK);
	tu_kb_builder_free(b);
}

static struct tu_kb *open_bytes(const struct tu_buf *bytes)
{
	struct tu_kb *kb = NULL;

	assert_int_equal(tu_kb_open_memory(bytes->ptr, bytes->len, &kb, NULL), TU_OK);
	return kb;
}

static void numbers_are_in_the_order_of_ids(void **state)
{
	struct tu_buf bytes;
	struct tu_kb *kb;
	char id[32];
	(void)state;

	build(&bytes, false);
	kb = open_bytes(&bytes);
	for (uint32_t i = 0; i < 7; i++) {
		(void)snprintf(id, sizeof(id), "CVE-2021-%04u", (unsigned)i + 1);
		assert_true(tu_str_eq(tu_kb_vulnerability(kb, i).id, tu_str_c(id)));
		assert_int_equal(tu_kb_find(kb, tu_str_c(id)), i);
	}
	tu_kb_close(kb);
	tu_buf_done(&bytes);
}

static void what_is_of_one_product_stands_together(void **state)
{
	/* busybox, debian_linux, openssl, then what names no product */
	static const uint32_t expected[] = {1, 3, 5, 0, 2, 4, 6};
	const char *last_title = NULL;
	uint32_t last_record = 0;
	struct tu_buf bytes;
	struct tu_kb *kb;
	(void)state;

	build(&bytes, false);
	kb = open_bytes(&bytes);
	assert_int_equal(tu_kb_verify(kb, NULL), TU_OK);
	for (uint32_t i = 0; i < TU_COUNT(expected); i++) {
		struct tu_kb_vulnerability v = tu_kb_vulnerability(kb, expected[i]);
		uint32_t record = tu_kb_record(kb, expected[i], v.advisories - 1);

		assert_int_equal(kb->places[expected[i]], i);
		assert_true(i == 0 || (v.title.ptr > last_title && record > last_record));
		last_title = v.title.ptr;
		last_record = record;
	}
	tu_kb_close(kb);
	tu_buf_done(&bytes);
}

static void any_order_of_input_gives_the_same_bytes(void **state)
{
	struct tu_buf forth, back;
	(void)state;

	build(&forth, false);
	build(&back, true);
	assert_int_equal(forth.len, back.len);
	assert_memory_equal(forth.ptr, back.ptr, forth.len);
	tu_buf_done(&forth);
	tu_buf_done(&back);
}

/* Make the checksum hold again. */
static void sign(struct tu_buf *bytes)
{
	const size_t at = offsetof(struct kb_header, sha256);
	uint8_t digest[TU_SHA256_BYTES];

	assert_int_equal(
		tu_sha256(tu_str_from(tu_buf_str(bytes), at + sizeof(digest)), digest), TU_OK);
	memcpy(bytes->ptr + at, digest, sizeof(digest));
}

static void places_that_are_not_an_order_are_refused(void **state)
{
	static const struct {
		uint32_t number, place;
		const char *why;
	} cases[] = {
		{0, 4, "damaged knowledge base: places, row 1: not in the order of ids"},
		{1, 3, "damaged knowledge base: places, row 1: not in the order of ids"},
		{2, 7, "damaged knowledge base: places, row 2: an index lies outside its table"},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct tu_error err = {0};
		struct tu_buf bytes;
		struct tu_kb *kb;
		size_t at;

		build(&bytes, false);
		kb = open_bytes(&bytes);
		at = (size_t)kb->header->section[KB_PLACES].offset;
		memcpy(bytes.ptr + at + cases[i].number * sizeof(uint32_t), &cases[i].place,
			sizeof(uint32_t));
		sign(&bytes);
		assert_int_equal(tu_kb_verify(kb, &err), TU_E_CORRUPT);
		assert_string_equal(error_text(&err), cases[i].why);
		tu_kb_close(kb);
		tu_buf_done(&bytes);
	}
}

static void another_format_is_named(void **state)
{
	const uint32_t older = KB_FORMAT - 1;
	struct tu_error err = {0};
	struct tu_buf bytes;
	struct tu_kb *kb = NULL;
	(void)state;

	build(&bytes, false);
	memcpy(bytes.ptr + offsetof(struct kb_header, format), &older, sizeof(older));
	assert_int_equal(tu_kb_open_memory(bytes.ptr, bytes.len, &kb, &err), TU_E_UNSUPPORTED);
	assert_string_equal(err.message,
		"knowledge base format 4; this program reads format 5: build it again");
	tu_buf_done(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_in_the_order_of_ids),
		cmocka_unit_test(what_is_of_one_product_stands_together),
		cmocka_unit_test(any_order_of_input_gives_the_same_bytes),
		cmocka_unit_test(places_that_are_not_an_order_are_refused),
		cmocka_unit_test(another_format_is_named),
	};

	return cmocka_run_group_tests_name("places in a knowledge base", tests, NULL, NULL);
}
