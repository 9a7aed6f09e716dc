#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "mail/mime_write.h"
#include "mail/smtp.h"

static void addresses_are_checked(void **state)
{
	static const struct {
		const char *text;
		enum tu_status status;
	} cases[] = {
		{"ada@example.org", TU_OK},
		{"a.b+c@mail.example.org", TU_OK},
		{"ada@localhost", TU_OK},
		{"", TU_E_USAGE},
		{"ada", TU_E_USAGE},
		{"@example.org", TU_E_USAGE},
		{"ada@", TU_E_USAGE},
		{"a@b@c", TU_E_USAGE},
		{"ada@example.org\r\nBcc: eve@example.org", TU_E_USAGE},
		{"ada@example.org\nX: y", TU_E_USAGE},
		{"ada@example.org>, <eve@example.org", TU_E_USAGE},
		{"ada@example.org,eve@example.org", TU_E_USAGE},
		{"ada @example.org", TU_E_USAGE},
		{"-f@example.org", TU_E_USAGE},
		{"ad\xc3\xa4@example.org", TU_E_USAGE},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(
			tu_mail_address_check(tu_str_c(cases[i].text), NULL), cases[i].status);
}

static void write_header(struct tu_str value, char out[4096])
{
	struct tu_buf buf;

	tu_buf_init(&buf, 4095);
	tu_mail_write_header(&buf, "Subject", value);
	assert_false(buf.failed);
	memcpy(out, buf.ptr, buf.len);
	out[buf.len] = '\0';
	tu_buf_done(&buf);
}

static void headers_are_folded_and_encoded(void **state)
{
	static const struct {
		const char *value, *expected;
	} cases[] = {
		{"2 findings", "Subject: 2 findings\r\n"},
		{"a\r\nBcc: eve@example.org", "Subject: a  Bcc: eve@example.org\r\n"},
		{"a\rb\nc\x7f", "Subject: a b c \r\n"},
		{"gr\xc3\xbc\xc3\x9f", "Subject: =?UTF-8?B?Z3LDvMOf?=\r\n"},
		{"\xff", "Subject: =?UTF-8?B?77+9?=\r\n"},
		{"=?x", "Subject: =?UTF-8?B?PT94?=\r\n"},
	};
	char text[4096];
	struct tu_str rest, line;
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		write_header(tu_str_c(cases[i].value), text);
		assert_string_equal(text, cases[i].expected);
	}
	write_header(TU_STR("words of a subject that is much longer than what a line of a header "
			    "may have \xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc and more of "
			    "it, and more of it again"),
		text);
	rest = tu_str_c(text);
	while (tu_str_split(&rest, '\n', &line) && line.len) {
		assert_true(line.len <= 77);
		assert_true(line.ptr == text || line.ptr[0] == ' ');
	}
	write_header(TU_STR("a subject of many short words, so many of them that it takes several "
			    "lines of the header to have them all"),
		text);
	assert_non_null(strstr(text, "\r\n "));
}

static void a_mail_has_text_and_html(void **state)
{
	struct tu_mail mail = {.from = TU_STR("tutela@example.org"),
		.from_name = TU_STR("Tutela\r\nBcc: x@example.org"),
		.to = TU_STR("ada@example.org"),
		.subject = TU_STR("s"),
		.date = 1796006924, /* 2026-11-30T02:48:44Z */
		.message_id = TU_STR("1@example.org>\r\nX: y"),
		.headers = {{"X-One", TU_STR("a\r\nX-Two: b")}},
		.text = TU_STR("a = b \n.\n\xc3\xa4\n"),
		.html = TU_STR("<p>x</p>")};
	struct tu_buf out;
	(void)state;

	tu_buf_init(&out, 1 << 16);
	assert_int_equal(tu_mail_write(&mail, &out, NULL), TU_OK);
	tu_buf_byte(&out, '\0');
	assert_non_null(strstr(out.ptr, "Date: Mon, 30 Nov 2026 02:48:44 +0000\r\n"));
	assert_non_null(strstr(out.ptr, "Message-ID: <1@example.orgX:y>\r\n"));
	assert_non_null(strstr(out.ptr, "X-One: a  X-Two: b\r\n"));
	assert_non_null(strstr(out.ptr, "a =3D b=20\r\n.\r\n=C3=A4\r\n"));
	assert_null(strstr(out.ptr, "\r\nBcc:"));
	assert_null(strstr(out.ptr, "\nX-Two:"));
	tu_buf_clear(&out);
	mail.to = TU_STR("ada@example.org\r\nBcc: x@example.org");
	assert_int_equal(tu_mail_write(&mail, &out, NULL), TU_E_USAGE);
	tu_buf_done(&out);
}

static void a_server_is_checked_before_it_is_asked(void **state)
{
	const struct tu_smtp_mail mail = {
		TU_STR("a@example.org"), TU_STR("b@example.org"), TU_STR("x\r\n")};
	const struct tu_smtp_mail injected = {
		TU_STR("a@example.org"), TU_STR("b@example.org\r\nDATA"), TU_STR("x\r\n")};
	struct tu_smtp server = {.host = TU_STR("127.0.0.1"), .port = 1};
	(void)state;

	assert_int_equal(tu_smtp_send(&server, &injected, NULL), TU_E_USAGE);
	server.host = TU_STR("a/b");
	assert_int_equal(tu_smtp_send(&server, &mail, NULL), TU_E_USAGE);
	server.host = TU_STR("a\r\nb");
	assert_int_equal(tu_smtp_send(&server, &mail, NULL), TU_E_USAGE);
	server.host = TU_STR("127.0.0.1");
	server.security = TU_SMTP_PLAIN;
	server.user = TU_STR("u");
	assert_int_equal(tu_smtp_send(&server, &mail, NULL), TU_E_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_checked),
		cmocka_unit_test(headers_are_folded_and_encoded),
		cmocka_unit_test(a_mail_has_text_and_html),
		cmocka_unit_test(a_server_is_checked_before_it_is_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
