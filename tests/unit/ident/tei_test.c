/* Transparency Exchange Identifiers: what is one, and which device it names. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "ident/tei.h"
#include "ident/udi.h"

#define UUID "01234567-89ab-cdef-0123-456789abcdef"

static void identifiers_are_read(void **state)
{
	static const struct {
		const char *text, *id, *error; /* error NULL: it is one */
		enum tu_tei_type type;
	} rows[] = {
		{"urn:tei:uuid:acme.example:" UUID, UUID, NULL, TU_TEI_UUID},
		{"urn:tei:udi:acme.example:09506000134352", "09506000134352", NULL, TU_TEI_UDI},
		{"urn:tei:udi:acme.example:(01)09506000134352(21)a:b", "(01)09506000134352(21)a:b",
			NULL, TU_TEI_UDI},
		{"urn:tei:udi:acme.example:+A123BJC5D6E71G", "+A123BJC5D6E71G", NULL, TU_TEI_UDI},
		{"urn:tei:gtin:127.0.0.1:9506000134352", "9506000134352", NULL, TU_TEI_GTIN},
		{"urn:tei:purl:a:pkg:generic/pump@1", "pkg:generic/pump@1", NULL, TU_TEI_PURL},
		{"", NULL, "urn:tei:TYPE", TU_TEI_UUID},
		{"urn:tei", NULL, "urn:tei:TYPE", TU_TEI_UUID},
		{"urn:tei:", NULL, "type", TU_TEI_UUID},
		{"URN:TEI:uuid:acme.example:" UUID, NULL, "urn:tei:TYPE", TU_TEI_UUID},
		{"urn:tei:isbn:acme.example:1", NULL, "type", TU_TEI_UUID},
		{"urn:tei:uuid", NULL, "domain", TU_TEI_UUID},
		{"urn:tei:uuid::" UUID, NULL, "domain", TU_TEI_UUID},
		{"urn:tei:uuid:-a.example:" UUID, NULL, "domain", TU_TEI_UUID},
		{"urn:tei:uuid:a..example:" UUID, NULL, "domain", TU_TEI_UUID},
		{"urn:tei:uuid:a.example.:" UUID, NULL, "domain", TU_TEI_UUID},
		{"urn:tei:uuid:a/b:" UUID, NULL, "domain", TU_TEI_UUID},
		{"urn:tei:uuid:acme.example", NULL, "nothing follows", TU_TEI_UUID},
		{"urn:tei:uuid:acme.example:", NULL, "nothing follows", TU_TEI_UUID},
		{"urn:tei:uuid:acme.example:0123456789abcdef0123456789abcdef", NULL, "UUID",
			TU_TEI_UUID},
		{"urn:tei:uuid:acme.example:" UUID "0", NULL, "UUID", TU_TEI_UUID},
		{"urn:tei:udi:acme.example:09506000134353", NULL, "is 3, and should be 2",
			TU_TEI_UDI},
		{"urn:tei:gtin:acme.example:09506000134353", NULL, "should be 2", TU_TEI_GTIN},
		{"urn:tei:gtin:acme.example:(01)09506000134352", NULL, "digits alone", TU_TEI_GTIN},
		{"urn:tei:eanupc:acme.example:09506000134352", NULL, "8, 12 or 13", TU_TEI_EANUPC},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_error err = {0};
		struct tu_tei tei;
		enum tu_status status = tu_tei_read(tu_str_c(rows[i].text), &tei, &err);

		if (rows[i].error) {
			assert_int_equal(status, TU_E_USAGE);
			assert_non_null(strstr(err.message, rows[i].error));
			continue;
		}
		assert_int_equal(status, TU_OK);
		assert_int_equal(tei.type, rows[i].type);
		assert_true(tu_str_eq(tei.id, tu_str_c(rows[i].id)));
	}
}

static void an_address_has_a_domain(void **state)
{
	static const char *const rows[][2] = {{"https://example.com", "example.com"},
		{"https://example.com:8443/pumps?x", "example.com"}, {"https://[::1]/", ""},
		{"example.com", ""}, {"", ""}, {"https://a b/", ""}, {"https:///x", ""}};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++)
		assert_true(
			tu_str_eq(tu_tei_domain_of(tu_str_c(rows[i][0])), tu_str_c(rows[i][1])));
}

static void what_is_too_long_is_none(void **state)
{
	static char text[1 << 20];
	struct tu_error err = {0};
	struct tu_tei tei;

	(void)state;
	memset(text, '1', sizeof(text));
	memcpy(text, "urn:tei:purl:a:", 15);
	assert_int_equal(tu_tei_read(tu_str_of(text, sizeof(text)), &tei, &err), TU_E_USAGE);
	assert_non_null(strstr(err.message, "too long"));
}

static void a_uuid_is_a_public_id_with_dashes(void **state)
{
	char id[TU_UUID_DIGITS + 1], room[TU_UUID_TEXT];
	struct tu_buf out = {.ptr = room, .cap = sizeof(room), .ceiling = sizeof(room)};

	(void)state;
	assert_true(tu_uuid_read(TU_STR("01234567-89AB-CDEF-0123-456789abcdef"), id));
	assert_string_equal(id, "0123456789abcdef0123456789abcdef");
	tu_uuid_write(tu_str_c(id), &out);
	assert_true(tu_str_eq(tu_buf_str(&out), TU_STR(UUID)));
	assert_false(tu_uuid_read(TU_STR("0123456-789ab-cdef-0123-456789abcdef"), id));
	assert_false(tu_uuid_read(TU_STR("g1234567-89ab-cdef-0123-456789abcdef"), id));
	assert_string_equal(id, "");
}

static void the_same_device_by_other_ways_to_write_it(void **state)
{
	static const struct {
		const char *a, *b;
		bool same;
	} rows[] = {
		{"09506000134352", "9506000134352", true},
		{"09506000134352", "(01)09506000134352(17)141120(21)S-1", true},
		{"+A123BJC5D6E71G", "A123BJC5D6E71", true},
		{"09506000134352", "00614141123452", false},
		{"09506000134353", "09506000134353", false}, /* its check digit is wrong */
		{"", "", true}, /* another agency's: as it is written */
		{"09506000134352", "", false},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++)
		assert_int_equal(
			tu_udi_same(tu_str_c(rows[i].a), tu_str_c(rows[i].b)), rows[i].same);
	assert_true(tu_str_eq(
		tu_udi_software(TU_STR("(01)09506000134352(8012)4.3.1(21)9")), TU_STR("4.3.1")));
	assert_int_equal(tu_udi_software(TU_STR("(01)09506000134352")).len, 0);
}

static void a_urn_has_no_spaces(void **state)
{
	static const char *const rows[] = {"urn:tei:purl:a:pkg:generic/pump@1 ",
		" urn:tei:purl:a:pkg:generic/pump@1", "urn:tei:hash:a:SHA256:ab\n",
		"urn:tei:asin:a:B0\t1"};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_error err = {0};
		struct tu_tei tei;

		assert_int_equal(tu_tei_read(tu_str_c(rows[i]), &tei, &err), TU_E_USAGE);
		assert_non_null(strstr(err.message, "no spaces"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(identifiers_are_read),
		cmocka_unit_test(a_urn_has_no_spaces),
		cmocka_unit_test(an_address_has_a_domain),
		cmocka_unit_test(what_is_too_long_is_none),
		cmocka_unit_test(a_uuid_is_a_public_id_with_dashes),
		cmocka_unit_test(the_same_device_by_other_ways_to_write_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
