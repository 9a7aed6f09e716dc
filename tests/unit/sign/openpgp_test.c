/* The OpenPGP key of the signing process: it signs CSAF documents that are named, and no others. */
#define _XOPEN_SOURCE 700 /* mkdtemp() */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sign/openpgp.h"
#include "sign/signer.h"

#define MADE INT64_C(1700000000000000)
#define DOCUMENT "{\"document\": {}}"

static char folder[64];

static const char *file(const char *name)
{
	static char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static int make_folder(void **state)
{
	(void)state;
	(void)snprintf(folder, sizeof(folder), "/tmp/tutela-openpgp-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	static const char *const names[] = {"checkpoint.key", "checkpoint.pub", "statement.key",
		"statement.pub", "release.key", "release.pub", "csaf.key", "csaf.pub", "sign.log"};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(names); i++)
		(void)unlink(file(names[i]));
	return rmdir(folder);
}

struct signing {
	struct tu_signer *signer;
	char fingerprint[TU_SIGN_FINGERPRINT + 1];
	struct tu_buf public, signature;
};

static struct signing start(int64_t at)
{
	const struct tu_signer_options options = {
		.folder = folder, .make_keys = true, .at = at, .user_id = "Larkspur (test)"};
	struct signing s = {0};
	struct tu_error err = {0};

	if (tu_signer_start(&options, &s.signer, &err))
		fail_msg("%s", err.message);
	tu_buf_init(&s.public, TU_OPENPGP_TEXT_MAX);
	tu_buf_init(&s.signature, TU_OPENPGP_TEXT_MAX);
	return s;
}

static void stop(struct signing *s)
{
	tu_signer_stop(s->signer);
	tu_buf_done(&s->public);
	tu_buf_done(&s->signature);
}

/* Sign `document` under the name of `named`. */
static enum tu_status sign(struct signing *s, struct tu_str named, struct tu_str document,
	int64_t at, struct tu_error *err)
{
	struct tu_sign_content content = {
		.subject = TU_STR("a.json"), .at = at, .key_id = tu_str_c(s->fingerprint)};
	struct tu_buf payload;
	struct tu_sign_request request = {TU_SIGN_CSAF, {0}, TU_STR("ann"), at};
	enum tu_status status;

	assert_int_equal(tu_sha256(named, content.sha256), TU_OK);
	tu_buf_init(&payload, TU_SIGN_PAYLOAD_MAX);
	tu_sign_content_text(TU_SIGN_CSAF, &content, &payload);
	request.payload = tu_buf_str(&payload);
	tu_buf_clear(&s->signature);
	status = tu_signer_sign_document(s->signer, &request, document, &s->signature, err);
	tu_buf_done(&payload);
	return status;
}

static void get_key(struct signing *s)
{
	tu_buf_clear(&s->public);
	assert_int_equal(tu_signer_openpgp_key(s->signer, s->fingerprint, &s->public, NULL), TU_OK);
}

static bool begins(const struct tu_buf *text, const char *how)
{
	return tu_str_starts(tu_buf_str(text), tu_str_c(how));
}

static void signs_documents_that_are_named(void **state)
{
	struct signing s = start(MADE);
	struct tu_error err = {0};
	char first[TU_SIGN_FINGERPRINT + 1];
	struct stat info;

	(void)state;
	get_key(&s);
	assert_true(begins(&s.public, "-----BEGIN PGP PUBLIC KEY BLOCK-----"));
	assert_int_equal(sign(&s, TU_STR(DOCUMENT), TU_STR(DOCUMENT), MADE, &err), TU_OK);
	assert_true(begins(&s.signature, "-----BEGIN PGP SIGNATURE-----"));
	assert_int_equal(sign(&s, TU_STR(DOCUMENT), TU_STR("{}"), MADE, &err), TU_E_CONSTRAINT);
	assert_string_equal(err.message, "the document is not the one that the request names");
	assert_int_equal(s.signature.len, 0);
	assert_int_equal(sign(&s, TU_STR(""), TU_STR(""), MADE, &err), TU_E_LIMIT);
	memcpy(first, s.fingerprint, sizeof(first));
	s.fingerprint[0] = s.fingerprint[0] == '0' ? '1' : '0';
	assert_int_equal(sign(&s, TU_STR(DOCUMENT), TU_STR(DOCUMENT), MADE, &err), TU_E_SYNTAX);
	stop(&s);
	assert_int_equal(stat(file("csaf.key"), &info), 0);
	assert_int_equal(info.st_mode & 07777, 0600);
	/* it stays */
	s = start(MADE + 5);
	get_key(&s);
	assert_string_equal(s.fingerprint, first);
	stop(&s);
	/* and another takes its place when it is moved away */
	assert_int_equal(unlink(file("csaf.key")), 0);
	assert_int_equal(unlink(file("csaf.pub")), 0);
	s = start(MADE + 5);
	get_key(&s);
	assert_string_not_equal(s.fingerprint, first);
	stop(&s);
}

/* A signature that is older than its key is accepted by nobody, so there is none. */
static void signs_nothing_before_the_key_was_made(void **state)
{
	struct signing s = start(MADE);
	struct tu_error err = {0};

	(void)state;
	get_key(&s);
	assert_int_equal(sign(&s, TU_STR(DOCUMENT), TU_STR(DOCUMENT), MADE - 1000000, &err),
		TU_E_CONSTRAINT);
	assert_non_null(strstr(err.message, "set the clock"));
	assert_int_equal(s.signature.len, 0);
	assert_int_equal(sign(&s, TU_STR(DOCUMENT), TU_STR(DOCUMENT), MADE, &err), TU_OK);
	stop(&s);
}

/* Each key does what it is for. */
static void keys_are_not_taken_for_each_other(void **state)
{
	struct signing s = start(MADE);
	uint8_t signature[TU_ED25519_SIGNATURE];
	struct tu_verifying_key key;
	struct tu_error err = {0};

	(void)state;
	assert_int_equal(tu_signer_key(s.signer, TU_SIGN_CSAF, &key, &err), TU_E_USAGE);
	assert_int_equal(tu_signer_sign(s.signer,
				 &(const struct tu_sign_request){
					 TU_SIGN_CSAF, TU_STR("tutela csaf 1\n"), TU_STR("x"), 1},
				 signature, &err),
		TU_E_USAGE);
	assert_int_equal(tu_signer_sign_document(s.signer,
				 &(const struct tu_sign_request){
					 TU_SIGN_STATEMENT, TU_STR("x"), TU_STR("x"), 1},
				 TU_STR(DOCUMENT), &s.signature, &err),
		TU_E_USAGE);
	stop(&s);
}

static void without_a_key_nothing_is_signed(void **state)
{
	struct signing s = start(0); /* makes none */
	struct tu_error err = {0};

	(void)state;
	assert_int_equal(
		tu_signer_openpgp_key(s.signer, s.fingerprint, &s.public, &err), TU_E_NOTFOUND);
	assert_string_equal(
		err.message, "there is no key for a CSAF document: csaf.key is missing");
	stop(&s);
}

static void what_is_no_key_is_refused(void **state)
{
	const struct tu_signer_options options = {.folder = folder};
	struct tu_signer *signer;
	struct tu_error err = {0};
	FILE *out = fopen(file("csaf.key"), "w");

	(void)state;
	assert_non_null(out);
	(void)fputs("no key\n", out);
	(void)fclose(out);
	assert_int_equal(chmod(file("csaf.key"), 0640), 0);
	assert_int_equal(tu_signer_start(&options, &signer, &err), TU_E_IO);
	assert_int_equal(chmod(file("csaf.key"), 0600), 0);
	assert_int_equal(tu_signer_start(&options, &signer, &err), TU_E_SYNTAX);
	assert_non_null(strstr(err.message, "csaf.key: this is no secret key of OpenPGP"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			signs_documents_that_are_named, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(
			signs_nothing_before_the_key_was_made, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(
			keys_are_not_taken_for_each_other, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(
			without_a_key_nothing_is_signed, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(
			what_is_no_key_is_refused, make_folder, remove_folder),
	};

	if (!tu_openpgp_there()) {
		print_message("SKIP: librnp is not installed\n");
		return 0;
	}
	return cmocka_run_group_tests_name("openpgp", tests, NULL, NULL);
}
