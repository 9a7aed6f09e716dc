/* The guard over buffers as libmicrohttpd leaves them; tests/http/guard.py has the table of
 * requests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http/guard.h"

/* A buffer: a request whose line ends and colons have become NUL. */
#define BUFFER(text) tu_str_of(text, sizeof(text) - 1)
#define HOST "Host\0 localhost\0\0"
#define END "\0\0"

static const struct {
	struct tu_str buffer;
	const char *target;
	enum tu_guard_reason reason;
} rows[] = {
#define ROW(text, target, reason) \
	{ \
		{text, sizeof(text) - 1}, target, TU_GUARD_##reason \
	}
	ROW("GET\0/info\0HTTP/1.1\0\0" HOST END, "/info", OK),
	ROW("GET\0/info\0HTTP/1.1\0\0" HOST "X\0\0\0" END, "/info", OK),
	/* libmicrohttpd has changed the target in its place. */
	ROW("GET\0/i\0a\0b\0HTTP/1.1\0\0" HOST END, "/i?a=b", OK),
	ROW("GET\0/i\0a\0bHTTP/1.1\0\0" HOST END, "/i?a=b", LINE_END),
	ROW("GET\0/i\0a=b\0HTTP/1.1\0\0" HOST END, "/i?a=b", OK),
	/* a bare LF is one NUL */
	ROW("GET\0/info\0HTTP/1.1\0" HOST END, "/info", LINE_END),
	ROW("GET\0/info\0HTTP/1.1\0\0Host\0 localhost\0" END, "/info", LINE_END),
	ROW("GET\0/info\0HTTP/1.1\0\0" HOST "\0", "/info", LINE_END),
	ROW("GET\0/info\0HTTP/1.1\0\0" HOST, "/info", LINE_END),
	ROW("GET\0/info\0HTTP/1.1\0\0" HOST END "\0", "/info", HEADER_NAME),
	ROW("GET\0/info\0HTTP/1.1\0\0" HOST END "x", "/info", HEADER_NAME),
	/* a folded line */
	ROW("GET\0/info\0HTTP/1.1\0\0" HOST "X\0 a\0\0 b\0\0" END, "/info", HEADER_NAME),
	ROW("GET\0/info\0HTTP/1.1\0\0" HOST "X \0 a\0\0" END, "/info", HEADER_NAME),
	ROW("GET\0/info\0HTTP/1.1\0\0" HOST "\0 a\0\0" END, "/info", HEADER_NAME),
	ROW("GET\0/info\0HTTP/1.1\0\0" HOST "X\0 a\rb\0\0" END, "/info", HEADER_VALUE),
	ROW("GET\0/in", "/info", LINE_END),
	ROW("GET", "/info", METHOD),
	ROW("", "", METHOD),
};

static void test_reads_buffers_strictly(void **state)
{
	struct tu_guard_hosts hosts = {0};
	struct tu_guard_head head;
	struct tu_guard_found found;

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		enum tu_guard_reason reason =
			tu_guard_read(rows[i].buffer, tu_str_c(rows[i].target), &head);

		if (reason == TU_GUARD_OK)
			reason = tu_guard_check(&head, &hosts, &found);
		if (reason != rows[i].reason)
			fail_msg("row %zu: %s", i, tu_guard_rows[reason].text);
	}
}

/* What a strict library says of a request: the same rules. */
static void test_takes_headers_strictly(void **state)
{
	static const struct {
		struct tu_str name, value;
		enum tu_guard_reason reason;
	} takes[] = {
		{TU_STR_INIT("Host"), TU_STR_INIT("localhost"), TU_GUARD_OK},
		{TU_STR_INIT("X"), TU_STR_INIT(""), TU_GUARD_OK},
		{TU_STR_INIT("X Y"), TU_STR_INIT("a"), TU_GUARD_HEADER_NAME},
		{TU_STR_INIT("X(Y)"), TU_STR_INIT("a"), TU_GUARD_HEADER_NAME},
		{TU_STR_INIT(""), TU_STR_INIT("a"), TU_GUARD_HEADER_NAME},
		{TU_STR_INIT("X"), TU_STR_INIT("a\rb"), TU_GUARD_HEADER_VALUE},
		{TU_STR_INIT("X"), TU_STR_INIT("a\nb"), TU_GUARD_HEADER_VALUE},
		{TU_STR_INIT("X"), TU_STR_INIT("\xff"), TU_GUARD_HEADER_VALUE},
	};
	struct tu_guard_head head = {0};

	(void)state;
	assert_int_equal(tu_guard_method(&head, TU_STR("GE T")), TU_GUARD_METHOD);
	assert_int_equal(tu_guard_method(&head, TU_STR("GET")), TU_GUARD_OK);
	for (size_t i = 0; i < TU_COUNT(takes); i++)
		assert_int_equal(
			tu_guard_take(&head, takes[i].name, takes[i].value), takes[i].reason);
	assert_int_equal(head.header_count, 2);
	while (head.header_count < TU_GUARD_HEADERS)
		assert_int_equal(tu_guard_take(&head, TU_STR("X"), TU_STR("a")), TU_GUARD_OK);
	assert_int_equal(tu_guard_take(&head, TU_STR("X"), TU_STR("a")), TU_GUARD_HEADERS_MANY);
}

static void test_says_what_it_found(void **state)
{
	struct tu_str host = TU_STR("tutela.example");
	struct tu_guard_hosts hosts = {&host, 1};
	struct tu_str buffer =
		BUFFER("POST\0/v1/x?a=1?b\0HTTP/1.1\0\0Host\0 TUTELA.example:8443\0\0"
		       "Content-Length\0 12\0\0" END);
	struct tu_guard_head head;
	struct tu_guard_found found;

	(void)state;
	assert_int_equal(tu_guard_read(buffer, TU_STR("/v1/x?a=1?b"), &head), TU_GUARD_OK);
	assert_int_equal(head.header_count, 2);
	assert_int_equal(tu_guard_check(&head, &hosts, &found), TU_GUARD_OK);
	assert_true(tu_str_eq(found.path, TU_STR("/v1/x")));
	assert_true(tu_str_eq(found.query, TU_STR("a=1?b")));
	assert_true(tu_str_eq(found.host, TU_STR("TUTELA.example:8443")));
	assert_int_equal(found.body, TU_GUARD_LENGTH);
	assert_int_equal(found.length, 12);
}

/* A reason goes into answers and logs: it has a status and a counter, and nothing that must be
 * escaped. */
static void test_every_reason_has_its_row(void **state)
{
	(void)state;
	for (unsigned i = 1; i < TU_GUARD_REASONS; i++) {
		assert_in_range(tu_guard_rows[i].status, 400, 505);
		assert_true(tu_guard_rows[i].text[0] && !strpbrk(tu_guard_rows[i].text, "\"\\<&"));
		assert_in_range(
			tu_guard_rows[i].counter, TU_HTTP_GUARD_FRAMING, TU_HTTP_GUARD_METHOD);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_buffers_strictly),
		cmocka_unit_test(test_takes_headers_strictly),
		cmocka_unit_test(test_says_what_it_found),
		cmocka_unit_test(test_every_reason_has_its_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
