/* Bodies of forms: what is read, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/multipart.h"

#define TYPE "multipart/form-data; boundary=XX"
#define PART(name, content) \
	"--XX\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" content "\r\n"

/* "name=content|…" of all parts, or the status of the first error. */
static enum tu_status read_all(const char *type, struct tu_str body, char *out, size_t size)
{
	struct tu_multipart m;
	struct tu_multipart_part part;
	struct tu_error err = {0};
	bool more = true;
	enum tu_status status = tu_multipart_begin(&m, tu_str_c(type), body, &err);

	out[0] = '\0';
	while (status == TU_OK) {
		size_t len = strlen(out);

		status = tu_multipart_next(&m, &part, &more, &err);
		if (status != TU_OK || !more)
			break;
		assert_true(part.content.ptr >= body.ptr &&
			part.content.ptr + part.content.len <= body.ptr + body.len);
		(void)snprintf(out + len, size - len, "%.*s%s=%.*s|", TU_STR_FMT(part.name),
			part.file_name.ptr ? "@" : "", TU_STR_FMT(part.content));
	}
	if (status != TU_OK)
		assert_true(err.message[0] != '\0');
	return status;
}

static const struct {
	const char *type, *body;
	enum tu_status status;
	const char *parts;
} rows[] = {
	{TYPE, PART("a", "1") PART("b", "x\r\ny") "--XX--\r\n", TU_OK, "a=1|b=x\r\ny|"},
	{TYPE, PART("a", "") "--XX--", TU_OK, "a=|"},
	{TYPE, "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\n--XX--", TU_OK, "a=|"},
	{TYPE, "preamble\r\n" PART("a", "--XY") "--XX--epilogue", TU_OK, "a=--XY|"},
	{TYPE, "--XX--", TU_OK, ""},
	{"Multipart/Form-Data; charset=utf-8; BOUNDARY=\"XX\"", PART("a", "1") "--XX--", TU_OK,
		"a=1|"},
	{TYPE,
		"--XX  \r\ncontent-disposition:form-data;name=bom;filename=\"a;b.json\"\r\n"
		"Content-Type: application/gzip\r\nContent-Length: 999999999\r\n\r\n1\r\n--XX--",
		TU_OK, "bom@=1|"},
	{TYPE,
		"--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n"
		"Content-Transfer-Encoding: binary\r\n\r\n1\r\n--XX--",
		TU_OK, "a=1|"},
	/* what is wrong */
	{"multipart/form-data", PART("a", "1") "--XX--", TU_E_SYNTAX, ""},
	{"multipart/form-data; boundary=", PART("a", "1") "--XX--", TU_E_SYNTAX, ""},
	{"multipart/form-data; boundary=\"X\\X\"", PART("a", "1") "--XX--", TU_E_SYNTAX, ""},
	{"multipart/form-data; boundary="
	 "1234567890123456789012345678901234567890123456789012345678901234567890X",
		"", TU_E_SYNTAX, ""},
	{TYPE, "", TU_E_SYNTAX, ""},
	{TYPE, "--XY\r\n", TU_E_SYNTAX, ""},
	{TYPE, "--XX", TU_E_SYNTAX, ""},
	{TYPE, "--XXY\r\n", TU_E_SYNTAX, ""},
	{TYPE, PART("a", "1"), TU_E_SYNTAX, ""},
	{TYPE, PART("a", "1") PART("b", "2"), TU_E_SYNTAX, "a=1|"},
	{TYPE, "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n", TU_E_SYNTAX, ""},
	{TYPE, "--XX\r\nContent-Disposition: form-data; name=\"a", TU_E_SYNTAX, ""},
	{TYPE, "--XX\r\n\r\n1\r\n--XX--", TU_E_SYNTAX, ""},
	{TYPE, "--XX\r\nno colon\r\n\r\n1\r\n--XX--", TU_E_SYNTAX, ""},
	{TYPE, "--XX\r\nContent-Disposition: form-data\r\n\r\n1\r\n--XX--", TU_E_SYNTAX, ""},
	{TYPE, "--XX\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n1\r\n--XX--",
		TU_E_SYNTAX, ""},
	{TYPE,
		"--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n"
		"Content-Disposition: form-data; name=\"b\"\r\n\r\n1\r\n--XX--",
		TU_E_SYNTAX, ""},
	{TYPE,
		"--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n"
		"Content-Transfer-Encoding: base64\r\n\r\nMQ==\r\n--XX--",
		TU_E_UNSUPPORTED, ""},
};

static void a_form_is_read_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char parts[400];

		assert_int_equal(
			read_all(rows[i].type, tu_str_c(rows[i].body), parts, sizeof(parts)),
			rows[i].status);
		assert_string_equal(parts, rows[i].parts);
	}
}

/* Cut anywhere it is an error, never something else. */
static void what_is_cut_off_is_an_error(void **state)
{
	static const char body[] = PART("a", "1") PART("b", "2") "--XX--";
	char parts[400];

	(void)state;
	for (size_t len = 0; len < sizeof(body) - 1; len++) {
		char *copy = malloc(len + 1); /* to the byte, for the sanitizer */

		assert_non_null(copy);
		memcpy(copy, body, len);
		assert_int_equal(
			read_all(TYPE, tu_str_of(copy, len), parts, sizeof(parts)), TU_E_SYNTAX);
		free(copy);
	}
}

static void there_are_limits(void **state)
{
	enum { SIZE = 1 << 17 };
	char *body = malloc(SIZE), *parts = malloc(SIZE);
	size_t len = 0;

	(void)state;
	assert_true(body && parts);
	for (int i = 0; i < 1000; i++)
		len += (size_t)snprintf(body + len, SIZE - len, "%s", PART("a", "1"));
	(void)snprintf(body + len, SIZE - len, "--XX--");
	assert_int_equal(read_all(TYPE, tu_str_c(body), parts, SIZE), TU_E_LIMIT);
	len = (size_t)snprintf(body, SIZE, "--XX\r\nX: ");
	memset(body + len, 'x', SIZE - len);
	assert_int_equal(read_all(TYPE, tu_str_of(body, SIZE), parts, SIZE), TU_E_LIMIT);
	free(body);
	free(parts);
}

static void other_types_are_none(void **state)
{
	(void)state;
	assert_true(tu_multipart_is(TU_STR("multipart/form-data; boundary=x")));
	assert_false(tu_multipart_is(TU_STR("multipart/mixed; boundary=x")));
	assert_false(tu_multipart_is(TU_STR("application/json")));
	assert_false(tu_multipart_is((struct tu_str){0}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_form_is_read_or_refused),
		cmocka_unit_test(what_is_cut_off_is_an_error),
		cmocka_unit_test(there_are_limits),
		cmocka_unit_test(other_types_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
