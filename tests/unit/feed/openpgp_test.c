#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "feed/openpgp.h"
#include "error_text.h"

#define KEY "-----BEGIN PGP PUBLIC KEY BLOCK-----\n"
#define KEY_END "-----END PGP PUBLIC KEY BLOCK-----\n"
#define SIG "-----BEGIN PGP SIGNATURE-----\n"
#define SIG_END "-----END PGP SIGNATURE-----\n"

/* packets: tag, length, two bytes */
#define SIG_PACKET "\xc2\x02\x04\x01" /* wgIEAQ== */
#define OLD_SIG_PACKET "\x88\x02\x04\x01"
#define KEY_PACKET "\xc6\x02\x04\x01" /* xgIEAQ== */

struct sample {
	struct tu_str text;
	enum tu_openpgp_kind kind;
	struct tu_str packets; /* empty: refused … */
	const char *words; /* … with these */
};

static const struct sample samples[] = {
	{TU_STR_INIT(SIG "\nwgIEAQ==\n" SIG_END), TU_OPENPGP_SIGNATURE, TU_STR_INIT(SIG_PACKET),
		NULL},
	{TU_STR_INIT("words\r\n" SIG "Version: x\r\n\r\nwgIE\r\nAQ==\r\n" SIG_END),
		TU_OPENPGP_SIGNATURE, TU_STR_INIT(SIG_PACKET), NULL},
	{TU_STR_INIT(SIG "\nwgIEAQ==\n=2qnH\n" SIG_END), TU_OPENPGP_SIGNATURE,
		TU_STR_INIT(SIG_PACKET), NULL},
	{TU_STR_INIT(KEY "\nxgIEAQ==\n" KEY_END KEY "\nxgIEAQ==\n" KEY_END), TU_OPENPGP_KEY,
		TU_STR_INIT(KEY_PACKET KEY_PACKET), NULL},
	{TU_STR_INIT(SIG_PACKET OLD_SIG_PACKET), TU_OPENPGP_SIGNATURE,
		TU_STR_INIT(SIG_PACKET OLD_SIG_PACKET), NULL},
	{TU_STR_INIT("\xc2\xff\0\0\0\x02\x04\x01"), TU_OPENPGP_SIGNATURE,
		TU_STR_INIT("\xc2\xff\0\0\0\x02\x04\x01"), NULL},
	{TU_STR_INIT("\x89\0\x02\x04\x01"), TU_OPENPGP_SIGNATURE, TU_STR_INIT("\x89\0\x02\x04\x01"),
		NULL},
	{TU_STR_INIT(KEY_PACKET SIG_PACKET), TU_OPENPGP_KEY, TU_STR_INIT(KEY_PACKET SIG_PACKET),
		NULL},
	{TU_STR_INIT(""), TU_OPENPGP_KEY, TU_STR_INIT(""), "no OpenPGP public key"},
	{TU_STR_INIT("garbage"), TU_OPENPGP_SIGNATURE, TU_STR_INIT(""), "no OpenPGP signature"},
	{TU_STR_INIT(SIG "\nwgIEAQ==\n"), TU_OPENPGP_SIGNATURE, TU_STR_INIT(""), "without an end"},
	{TU_STR_INIT(SIG "wgIEAQ==\n" SIG_END), TU_OPENPGP_SIGNATURE, TU_STR_INIT(""),
		"without an end"},
	{TU_STR_INIT(SIG "\n" SIG_END), TU_OPENPGP_SIGNATURE, TU_STR_INIT(""), "nothing in it"},
	{TU_STR_INIT(SIG "\nwgIEA!==\n" SIG_END), TU_OPENPGP_SIGNATURE, TU_STR_INIT(""),
		"invalid base64"},
	{TU_STR_INIT(SIG "\nwgIEAQ=\n" SIG_END), TU_OPENPGP_SIGNATURE, TU_STR_INIT(""),
		"invalid base64"},
	{TU_STR_INIT(SIG "\nwgIEAQ==\n=AAAA\n" SIG_END), TU_OPENPGP_SIGNATURE, TU_STR_INIT(""),
		"checksum"},
	{TU_STR_INIT(SIG "\nwgIEAQ==\n=A\n" SIG_END), TU_OPENPGP_SIGNATURE, TU_STR_INIT(""),
		"checksum"},
	{TU_STR_INIT(KEY "\nxgIEAQ==\n" KEY_END), TU_OPENPGP_SIGNATURE, TU_STR_INIT(""),
		"no OpenPGP signature"},
	/* a text of its own behind the signature (tag 11), as old programs wrote it */
	{TU_STR_INIT(SIG_PACKET "\xcb\x02hi"), TU_OPENPGP_SIGNATURE, TU_STR_INIT(""),
		"or more than that"},
	{TU_STR_INIT(SIG_PACKET KEY_PACKET), TU_OPENPGP_KEY, TU_STR_INIT(""),
		"no OpenPGP public key"},
	{TU_STR_INIT("\xc5\x02\x04\x01"), TU_OPENPGP_KEY, TU_STR_INIT(""),
		"no OpenPGP public key"}, /* secret */
	{TU_STR_INIT("\xc2"), TU_OPENPGP_SIGNATURE, TU_STR_INIT(""), "no OpenPGP"},
	{TU_STR_INIT("\xc2\x03\x04\x01"), TU_OPENPGP_SIGNATURE, TU_STR_INIT(""), "no OpenPGP"},
	{TU_STR_INIT("\xc2\xff\xff\xff\xff\xff\x01"), TU_OPENPGP_SIGNATURE, TU_STR_INIT(""),
		"no OpenPGP"},
	{TU_STR_INIT("\xc2\xe1\x04\x01"), TU_OPENPGP_SIGNATURE, TU_STR_INIT(""),
		"no OpenPGP"}, /* partial */
	{TU_STR_INIT("\x8b\x04\x01"), TU_OPENPGP_SIGNATURE, TU_STR_INIT(""),
		"no OpenPGP"}, /* no length */
	{TU_STR_INIT("\xc2\xc0"), TU_OPENPGP_SIGNATURE, TU_STR_INIT(""), "no OpenPGP"},
};

static void armour_is_unpacked_and_judged(void **state)
{
	(void)state;

	for (size_t i = 0; i < TU_COUNT(samples); i++) {
		const struct sample *s = &samples[i];
		struct tu_error err = {0};
		struct tu_buf out;
		enum tu_status status;

		tu_buf_init(&out, 4096);
		status = tu_openpgp_read(s->text, s->kind, &out, &err);
		if ((status == TU_OK) != (s->words == NULL) ||
			(!s->words && !tu_str_eq(tu_buf_str(&out), s->packets)) ||
			(s->words && !strstr(error_text(&err), s->words)))
			fail_msg("sample %zu: %d, %s", i, status, error_text(&err));
		tu_buf_done(&out);
	}
}

static void a_ceiling_holds(void **state)
{
	struct tu_error err = {0};
	struct tu_buf out;
	(void)state;

	tu_buf_init(&out, 3);
	assert_int_equal(
		tu_openpgp_read(samples[0].text, TU_OPENPGP_SIGNATURE, &out, &err), TU_E_LIMIT);
	assert_int_equal(
		tu_openpgp_read(samples[4].text, TU_OPENPGP_SIGNATURE, &out, &err), TU_E_LIMIT);
	tu_buf_done(&out);
}

static void without_gpgv_nothing_is_verified(void **state)
{
	const struct tu_str packet = TU_STR(SIG_PACKET);
	struct tu_error err = {0};
	(void)state;

	assert_int_equal(tu_openpgp_verify(NULL, "/nowhere", packet, packet, "/dev/null", &err),
		TU_E_NOTFOUND);
	assert_non_null(strstr(error_text(&err), "gpgv"));
	assert_int_equal(
		tu_openpgp_verify("/nowhere/gpgv", "/tmp", packet, packet, "/dev/null", &err),
		TU_E_IO);
	/* a program that is content with everything has not said that a signature is good */
	assert_int_equal(tu_openpgp_verify("/bin/true", "/tmp", packet, packet, "/dev/null", &err),
		TU_E_CORRUPT);
	assert_int_equal(tu_openpgp_verify("/bin/false", "/tmp", packet, packet, "/dev/null", &err),
		TU_E_CORRUPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(armour_is_unpacked_and_judged),
		cmocka_unit_test(a_ceiling_holds),
		cmocka_unit_test(without_gpgv_nothing_is_verified),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
