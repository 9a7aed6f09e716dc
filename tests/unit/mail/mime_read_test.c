#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <tutela/buf.h>

#include "mail/mime_read.h"

static struct tu_mime read_mail(struct tu_arena *arena, struct tu_str mail)
{
	struct tu_mime out;
	struct tu_error err = {0};

	assert_int_equal(tu_mime_read(arena, mail, &out, &err), TU_OK);
	return out;
}

static void is(struct tu_str text, const char *wanted)
{
	assert_int_equal(text.len, strlen(wanted));
	assert_memory_equal(text.ptr ? text.ptr : "", wanted, text.len);
}

static void reads_text_and_files(void **state)
{
	struct tu_arena *arena = tu_arena_new(1 << 20);
	struct tu_mime mail = read_mail(arena,
		TU_STR("From: \"Eve, <x>\" <eve@example.org>\r\nSubject: "
		       "=?utf-8?q?B=C3=BCg_in?=\r\n"
		       " =?ISO-8859-1?B?IHDobXA=?= <b>\r\nMessage-ID: <1@example.org>\r\n"
		       "Content-Type: multipart/mixed; boundary=\"=_a b\"\r\n\r\nprologue\r\n"
		       "--=_a b\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
		       "Content-Transfer-Encoding: quoted-printable\r\n\r\nIt=20says "
		       "=E9=\r\n=80\r\n"
		       "--=_a b\r\nContent-Type: text/html\r\n\r\n<p>It</p>\r\n"
		       "--=_a b\r\nContent-Type: application/octet-stream; name=\"old\"\r\n"
		       "Content-Disposition: attachment; filename*=utf-8''p%C3%A9.bin\r\n"
		       "Content-Transfer-Encoding: BASE64\r\n\r\nAAEC\r\nAw==\r\n--=_a "
		       "b--\r\nend"));

	(void)state;
	is(mail.from, "eve@example.org");
	is(mail.subject, "B\xc3\xbcg in p\xc3\xa8mp <b>");
	is(mail.message_id, "<1@example.org>");
	is(mail.text, "It says \xc3\xa9\xe2\x82\xac");
	assert_int_equal(mail.file_count, 2);
	is(mail.files[0].bytes, "<p>It</p>");
	is(mail.files[1].name, "p\xc3\xa9.bin");
	assert_int_equal(mail.files[1].bytes.len, 4);
	assert_memory_equal(mail.files[1].bytes.ptr, "\0\1\2\3", 4);
	assert_false(mail.automatic || mail.encrypted || mail.damaged || mail.unknown_charset);
	tu_arena_free(arena);
}

#define FROM "From: a@b.example\r\n"

static void marks_what_is_not_plain(void **state)
{
	static const struct {
		const char *mail;
		bool automatic, encrypted, damaged, unknown;
		size_t files;
	} cases[] = {
		{FROM "\r\nhello", false, false, false, false, 0},
		{FROM "Auto-Submitted: auto-replied\r\n\r\nx", true, false, false, false, 0},
		{FROM "Auto-Submitted: No\r\n\r\nx", false, false, false, false, 0},
		{FROM "Precedence: bulk\r\n\r\nx", true, false, false, false, 0},
		{FROM "List-Id: <x>\r\n\r\nx", true, false, false, false, 0},
		{FROM "Return-Path: <>\r\n\r\nx", true, false, false, false, 0},
		{"From: MAILER-DAEMON@b.example\r\n\r\nx", true, false, false, false, 0},
		{"Subject: nobody\r\n\r\nx", true, false, false, false, 0},
		{FROM "Content-Type: multipart/encrypted; boundary=a\r\n\r\n"
		      "--a\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n"
		      "--a\r\nContent-Type: application/octet-stream\r\n\r\nx\r\n--a--",
			false, true, false, false, 2},
		{FROM "\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nx", false, true, false, false, 0},
		{FROM "Content-Type: text/plain; charset=iso-2022-jp\r\n\r\nx", false, false, false,
			true, 1},
		{FROM "Content-Transfer-Encoding: base64\r\n\r\n****", false, false, true, false,
			0},
		{FROM "Content-Transfer-Encoding: quoted-printable\r\n\r\na=zz", false, false, true,
			false, 0},
		{FROM "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\r\nhello", false,
			false, true, false, 0},
		{FROM "Content-Type: multipart/mixed\r\n\r\nno boundary", false, false, false,
			false, 1},
		{FROM "Content-Type: message/rfc822\r\n\r\nFrom: c@d\r\n\r\nx", false, false, false,
			false, 1},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct tu_arena *arena = tu_arena_new(1 << 20);
		struct tu_mime mail = read_mail(arena, tu_str_c(cases[i].mail));

		assert_int_equal(mail.automatic, cases[i].automatic);
		assert_int_equal(mail.encrypted, cases[i].encrypted);
		assert_int_equal(mail.damaged, cases[i].damaged);
		assert_int_equal(mail.unknown_charset, cases[i].unknown);
		assert_int_equal(mail.file_count, cases[i].files);
		tu_arena_free(arena);
	}
}

static void decodes_words(void **state)
{
	static const char *const cases[][2] = {
		{"plain", "plain"},
		{"=?utf-8?Q?a_b?=  =?utf-8?Q?c?=", "a bc"},
		{"=?utf-8?Q?a?= b =?utf-8?Q?c?=", "a b c"},
		{"=?utf-8*en?B?YQ==?=", "a"},
		{"=?x-none?Q?a?=", "=?x-none?Q?a?="},
		{"=?utf-8?Q?a", "=?utf-8?Q?a"},
		{"=?=?=?", "=?=?=?"},
		{"=?utf-8?Z?a?=", ""},
		{"=?utf-8?Q?=FF?=", "\xef\xbf\xbd"},
		{"\xff", "\xef\xbf\xbd"},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct tu_arena *arena = tu_arena_new(1 << 20);
		char mail[200];

		(void)snprintf(mail, sizeof(mail), FROM "Subject: %s\r\n\r\nx", cases[i][0]);
		is(read_mail(arena, tu_str_c(mail)).subject, cases[i][1]);
		tu_arena_free(arena);
	}
}

/* ---- limits ---- */

static enum tu_status read_buf(struct tu_buf *buf)
{
	struct tu_arena *arena = tu_arena_new(64 << 20);
	struct tu_mime out;
	struct tu_error err = {0};
	enum tu_status status;

	assert_false(buf->failed);
	status = tu_mime_read(arena, tu_buf_str(buf), &out, &err);
	assert_true(status == TU_OK || err.message[0]);
	tu_arena_free(arena);
	tu_buf_done(buf);
	return status;
}

static void has_limits(void **state)
{
	struct tu_buf buf;
	(void)state;

	/* 10,000 parts */
	tu_buf_init(&buf, 64 << 20);
	tu_buf_c(&buf, FROM "Content-Type: multipart/mixed; boundary=a\r\n\r\n");
	for (unsigned i = 0; i < 10000; i++)
		tu_buf_c(&buf, "--a\r\n\r\nx\r\n");
	assert_int_equal(read_buf(&buf), TU_E_LIMIT);
	/* a header of 10 MB, in one line and in many */
	for (unsigned folded = 0; folded < 2; folded++) {
		tu_buf_init(&buf, 64 << 20);
		tu_buf_c(&buf, FROM "Subject: ");
		for (unsigned i = 0; i < 1000000; i++)
			tu_buf_c(&buf, folded ? "0123456\r\n " : "0123456789");
		tu_buf_c(&buf, "\r\n\r\nx");
		assert_int_equal(read_buf(&buf), TU_E_LIMIT);
	}
	/* nested 1,000 deep */
	tu_buf_init(&buf, 64 << 20);
	tu_buf_c(&buf, FROM);
	for (unsigned i = 0; i < 1000; i++)
		tu_buf_printf(
			&buf, "Content-Type: multipart/mixed; boundary=b%u\r\n\r\n--b%u\r\n", i, i);
	assert_int_equal(read_buf(&buf), TU_E_LIMIT);
	/* larger than a mail may be */
	tu_buf_init(&buf, 64 << 20);
	tu_buf_c(&buf, FROM "\r\n");
	while (buf.len <= TU_MIME_BYTES_MAX)
		tu_buf_c(&buf, "0123456789012345678901234567890123456789\r\n");
	assert_int_equal(read_buf(&buf), TU_E_LIMIT);
	/* no header at all */
	tu_buf_init(&buf, 100);
	tu_buf_c(&buf, "hello");
	assert_int_equal(read_buf(&buf), TU_E_SYNTAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_text_and_files),
		cmocka_unit_test(marks_what_is_not_plain),
		cmocka_unit_test(decodes_words),
		cmocka_unit_test(has_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
