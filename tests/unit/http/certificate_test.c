/* When certificates end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base64.h"
#include "base/time.h"
#include "http/certificate.h"

#define BEGIN "-----BEGIN CERTIFICATE-----\n"
#define END "\n-----END CERTIFICATE-----\n"

/* SEQUENCE { SEQUENCE { [0] version, serial, signature, issuer, SEQUENCE { from, to } } } */
#define HEAD(len, inner, validity) \
	"\x30" len "\x30" inner "\xa0\x03\x02\x01\x02" \
	"\x02\x01\x07" \
	"\x30\x00" \
	"\x30\x00" \
	"\x30" validity
#define FROM \
	"\x17\x0d" \
	"200101000000Z"

static const struct {
	const char *name;
	struct tu_str der;
	const char *end; /* NULL: refused */
} rows[] = {
#define ROW(name, text, end) \
	{ \
		name, {text, sizeof(text) - 1}, end \
	}
	ROW("UTCTime",
		HEAD("\x2e", "\x2c", "\x1e") FROM "\x17\x0d"
						  "261201123456Z",
		"2026-12-01T12:34:56Z"),
	ROW("of the last century",
		HEAD("\x2e", "\x2c", "\x1e") FROM "\x17\x0d"
						  "991231235959Z",
		"1999-12-31T23:59:59Z"),
	ROW("GeneralizedTime",
		HEAD("\x30", "\x2e", "\x20") FROM "\x18\x0f"
						  "20601201123456Z",
		"2060-12-01T12:34:56Z"),
	ROW("long form of a length",
		HEAD("\x81\x2e", "\x2c", "\x1e") FROM "\x17\x0d"
						      "261201123456Z",
		"2026-12-01T12:34:56Z"),
	ROW("no time",
		HEAD("\x2e", "\x2c", "\x1e") FROM "\x16\x0d"
						  "261201123456Z",
		NULL),
	ROW("no date",
		HEAD("\x2e", "\x2c", "\x1e") FROM "\x17\x0d"
						  "261301123456Z",
		NULL),
	ROW("a time too short",
		HEAD("\x2e", "\x2c", "\x1e") FROM "\x17\x0c"
						  "261201123456Z",
		NULL),
	ROW("cut off", HEAD("\x2e", "\x2c", "\x1e") FROM, NULL),
	ROW("a length beyond the end", "\x30\x84\xff\xff\xff\xff\x30", NULL),
	ROW("one byte", "\x30", NULL),
};

static void write_pem(struct tu_buf *pem, struct tu_str der)
{
	tu_buf_c(pem, BEGIN);
	tu_base64_write((const uint8_t *)der.ptr, der.len, pem);
	tu_buf_c(pem, END);
}

static void test_reads_when_it_ends(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_buf pem;
		int64_t end = 1, wanted = 0;
		bool read;

		tu_buf_init(&pem, 4096);
		write_pem(&pem, rows[i].der);
		read = tu_http_certificate_end(tu_buf_str(&pem), &end);
		if (rows[i].end)
			assert_true(tu_time_parse(tu_str_c(rows[i].end), &wanted));
		if (read != (rows[i].end != NULL) || end != wanted)
			fail_msg("%s: %d, %lld", rows[i].name, read, (long long)end);
		tu_buf_done(&pem);
	}
}

/* One that ended makes a chain useless, wherever it is in it. */
static void test_takes_the_earliest_of_a_chain(void **state)
{
	static const size_t chain[] = {2, 0, 2};
	struct tu_buf pem;
	int64_t end = 0, wanted = 0;

	(void)state;
	tu_buf_init(&pem, 4096);
	for (size_t i = 0; i < TU_COUNT(chain); i++)
		write_pem(&pem, rows[chain[i]].der);
	assert_true(tu_http_certificate_end(tu_buf_str(&pem), &end));
	assert_true(tu_time_parse(tu_str_c(rows[0].end), &wanted));
	assert_int_equal(end, wanted);
	tu_buf_done(&pem);
}

static void test_refuses_what_is_no_pem(void **state)
{
	static const char *const texts[] = {"", "nothing", BEGIN, BEGIN END, BEGIN "AAA" END,
		BEGIN "!!!!" END, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"};
	int64_t end = 1;

	(void)state;
	for (size_t i = 0; i < TU_COUNT(texts); i++) {
		assert_false(tu_http_certificate_end(tu_str_c(texts[i]), &end));
		assert_int_equal(end, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_when_it_ends),
		cmocka_unit_test(test_takes_the_earliest_of_a_chain),
		cmocka_unit_test(test_refuses_what_is_no_pem),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
