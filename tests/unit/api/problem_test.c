/* What went wrong, as problem+json. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "api/problem.h"

static const struct {
	enum tu_status status;
	unsigned http;
	const char *name;
} rows[] = {
	{TU_E_NOMEM, 503, "busy"},
	{TU_E_SYNTAX, 422, "invalid"},
	{TU_E_LIMIT, 413, "too-large"},
	{TU_E_UNSUPPORTED, 422, "invalid"},
	{TU_E_NOTFOUND, 404, "not-found"},
	{TU_E_IO, 500, "internal"},
	{TU_E_CORRUPT, 500, "internal"},
	{TU_E_USAGE, 422, "invalid"},
	{TU_E_CANCELLED, 503, "busy"},
	{TU_E_BUSY, 503, "busy"},
	{TU_E_CONFLICT, 409, "conflict"},
	{TU_E_CONSTRAINT, 409, "conflict"},
};

static unsigned write(
	const struct tu_api_problem *problem, const struct tu_error *err, struct tu_buf *buf)
{
	unsigned status;

	tu_buf_init(buf, 10000);
	status = tu_api_problem_write(problem, err, TU_STR("r1"), buf);
	tu_buf_byte(buf, '\0');
	return status;
}

static void statuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		enum tu_api_problem_type type = tu_api_problem_of(rows[i].status);

		assert_int_equal(tu_api_problem_status(type), rows[i].http);
		assert_string_equal(tu_api_problem_name(type), rows[i].name);
	}
}

static void with_place(void **state)
{
	const struct tu_api_problem problem = {0};
	struct tu_error err = {.status = TU_E_SYNTAX,
		.offset = 12,
		.line = 2,
		.column = 3,
		.pointer = "/a",
		.message = "no \"b\""};
	struct tu_buf buf;

	(void)state;
	assert_int_equal(write(&problem, &err, &buf), 422);
	assert_string_equal(buf.ptr,
		"{\"type\":\"urn:tutela:problem:invalid\",\"title\":\"What was sent is not as it "
		"should be\",\"status\":422,\"detail\":\"no \\\"b\\\"\",\"pointer\":\"/a\","
		"\"offset\":12,\"line\":2,\"column\":3,\"request\":\"r1\"}");
	tu_buf_done(&buf);
}

/* What goes wrong inside may name paths: the log has it, the client gets the id. */
static void inside(void **state)
{
	const struct tu_api_problem problem = {0};
	struct tu_error err = {.status = TU_E_IO, .message = "/var/lib/tutela/tutela.db: full"};
	struct tu_buf buf;

	(void)state;
	assert_int_equal(write(&problem, &err, &buf), 500);
	assert_null(strstr(buf.ptr, "/var"));
	assert_non_null(strstr(buf.ptr, "\"request\":\"r1\""));
	tu_buf_done(&buf);
}

static void faults(void **state)
{
	struct tu_api_problem problem = {.type = TU_PROBLEM_INVALID, .count = 2, .more = true};
	struct tu_buf buf;

	(void)state;
	problem.faults[0] = (struct tu_api_fault){
		.type = "required", .pointer = TU_STR("/a"), .detail = TU_STR("it is missing")};
	problem.faults[1] = (struct tu_api_fault){
		.type = "range", .parameter = "limit", .detail = TU_STR("1 to 1000 is expected")};
	assert_int_equal(write(&problem, NULL, &buf), 422);
	assert_non_null(strstr(buf.ptr,
		"\"errors\":[{\"type\":\"required\",\"pointer\":\"/a\",\"detail\":\"it is "
		"missing\"},{\"type\":\"range\",\"parameter\":\"limit\",\"detail\":\"1 to 1000 is "
		"expected\"}],\"more\":true}"));
	tu_buf_done(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(statuses),
		cmocka_unit_test(with_place),
		cmocka_unit_test(inside),
		cmocka_unit_test(faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
