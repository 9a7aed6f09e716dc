/* Second factors: authenticators and recovery codes (access/factor.h, access/signin.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/store/access_scene.h"

/* ---- the second factor ---- */

/* The code of now, from the secret of a URI. */
static void code_of(struct tu_str uri, int64_t at, char out[9])
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	struct tu_str text = tu_str_from(uri, tu_str_search(uri, TU_STR("secret=")) + 7);
	uint8_t secret[TU_TOTP_SECRET];
	uint32_t held = 0;
	unsigned bits = 0;
	size_t len = 0;

	for (size_t i = 0; len < sizeof(secret); i++) {
		held = held << 5 | (uint32_t)(strchr(letters, text.ptr[i]) - letters);
		bits += 5;
		if (bits >= 8) {
			bits -= 8;
			secret[len++] = (uint8_t)(held >> bits);
			held &= (1u << bits) - 1;
		}
	}
	assert_ok(tu_totp_code(tu_str_of((const char *)secret, sizeof(secret)), tu_totp_step(at),
		TU_TOTP_DIGITS, out, error));
}

/* Ann has an authenticator; its URI is in `uri`. */
static struct tu_signin_done enrol(struct tu_buf *uri, tu_recovery_codes codes)
{
	struct tu_factor_enrolment enrolment = {.issuer = TU_STR("Tutela"), .at = now};
	struct tu_signin again = with("", PASSWORD, "");
	struct tu_signin_done done;
	struct tu_proved proved;
	struct tu_access who;
	char code[9];

	assert_string_equal(sign_in("ann", PASSWORD, "", &done), "");
	who = who_of(&done.session);
	assert_int_equal(tu_factor_start(&base, &enrolment, uri, NULL), TU_E_CONSTRAINT);
	assert_ok(tu_prove(&base, &who, &again, &proved, error));
	enrolment.proof = proved.proof;
	assert_ok(tu_factor_start(&base, &enrolment, uri, error));
	code_of(tu_buf_str(uri), now, code);
	assert_ok(tu_factor_confirm(&base,
		&(const struct tu_factor_try){who.person, tu_str_c(code), now}, codes, error));
	assert_int_equal(tu_factor_start(&base, &enrolment, uri, NULL), TU_E_CONFLICT);
	return done;
}

static void a_code_is_asked_for_and_counts_once(void **state)
{
	tu_recovery_codes codes;
	struct tu_signin_done done;
	struct tu_access who;
	struct tu_buf uri;
	char code[9];

	(void)state;
	open_with_ann();
	tu_buf_init(&uri, 1000);
	(void)enrol(&uri, codes);
	assert_true(tu_str_starts(tu_buf_str(&uri), TU_STR("otpauth://totp/Tutela:ann?secret=")));
	assert_string_equal(sign_in("ann", PASSWORD, "", &done), "code");
	/* the password must fit first: a code says nothing without it */
	assert_string_equal(sign_in("ann", "wrong", "", &done), "authentication");
	/* that of the enrolment is used; the next one counts once */
	code_of(tu_buf_str(&uri), now, code);
	assert_string_equal(sign_in("ann", PASSWORD, code, &done), "authentication");
	now += 30 * SECOND;
	code_of(tu_buf_str(&uri), now, code);
	assert_string_equal(sign_in("ann", PASSWORD, code, &done), "");
	who = who_of(&done.session);
	assert_int_equal(who.strength, TU_STRENGTH_TWO_FACTORS);
	assert_string_equal(sign_in("ann", PASSWORD, code, &done), "authentication");
	/* also when the clock is set back to where it was */
	now -= 30 * SECOND;
	assert_string_equal(sign_in("ann", PASSWORD, code, &done), "authentication");
	now += 60 * SECOND;
	code_of(tu_buf_str(&uri), now, code);
	assert_string_equal(sign_in("ann", PASSWORD, code, &done), "");
	assert_int_equal(in_ledger("factor.add"), 1);
	assert_int_equal(in_ledger(code), 0);
	tu_buf_done(&uri);
	close_all();
}

static void recovery_codes_count_once(void **state)
{
	tu_recovery_codes codes, new_codes;
	struct tu_factor_status left;
	struct tu_signin_done done;
	struct tu_proof proof;
	struct tu_access who;
	struct tu_buf uri;

	(void)state;
	open_with_ann();
	tu_buf_init(&uri, 1000);
	(void)enrol(&uri, codes);
	assert_int_equal(strlen(codes[0]), TU_RECOVERY_CODE);
	assert_string_equal(sign_in("ann", PASSWORD, codes[3], &done), "");
	assert_string_equal(sign_in("ann", PASSWORD, codes[3], &done), "authentication");
	for (char *c = codes[4]; *c; c++)
		*c = *c == '-' ? ' ' : tu_char_is_upper(*c) ? (char)(*c - 'A' + 'a') : *c;
	assert_string_equal(sign_in("ann", PASSWORD, codes[4], &done), "");
	who = who_of(&done.session);
	assert_ok(tu_factor_status(store, who.person, &left, error));
	assert_true(left.enrolled);
	assert_int_equal(left.recovery_codes, TU_RECOVERY_CODES - 2);
	/* new ones end the old ones; a proof that is too old does not do */
	proof = (struct tu_proof){who.person, now - TU_PROOF_US - 1};
	assert_int_equal(tu_factor_renew(&base, &proof, now, new_codes, NULL), TU_E_CONSTRAINT);
	proof.at++;
	assert_ok(tu_factor_renew(&base, &proof, now, new_codes, error));
	assert_string_equal(sign_in("ann", PASSWORD, codes[5], &done), "authentication");
	assert_string_equal(sign_in("ann", PASSWORD, new_codes[0], &done), "");
	assert_int_equal(in_ledger("factor.recover"), 3);
	tu_buf_done(&uri);
	close_all();
}

static void proving_again_needs_the_code_too(void **state)
{
	tu_recovery_codes codes;
	struct tu_signin_done done;
	struct tu_signin again = with("", PASSWORD, "");
	struct tu_proved proved;
	struct tu_access who;
	struct tu_error err;
	struct tu_buf uri;
	char code[9];

	(void)state;
	open_with_ann();
	tu_buf_init(&uri, 1000);
	done = enrol(&uri, codes);
	who = who_of(&done.session);
	assert_int_equal(tu_prove(&base, &who, &again, &proved, &err), TU_E_CONSTRAINT);
	assert_string_equal(err.pointer, "code");
	assert_int_equal(proved.proof.person, 0);
	now += MINUTE;
	code_of(tu_buf_str(&uri), now, code);
	again = with("", PASSWORD, code);
	assert_ok(tu_prove(&base, &who, &again, &proved, error));
	assert_int_equal(proved.proof.person, who.person);
	assert_int_equal(proved.proof.at, now);
	assert_int_equal(who_of(&done.session).proven_at, now);
	/* a session with a password has no proof of a provider; no session, none at all */
	assert_int_equal(tu_prove_provider(&who, now, &proved.proof, &err), TU_E_CONSTRAINT);
	who = (struct tu_access){0};
	assert_int_equal(tu_prove(&base, &who, &again, &proved, &err), TU_E_CONSTRAINT);
	assert_string_equal(err.pointer, "access");
	tu_buf_done(&uri);
	close_all();
}

static void a_short_password_needs_its_factor(void **state)
{
	tu_recovery_codes codes;
	struct tu_signin_done done;
	struct tu_signin again;
	struct tu_proved proved;
	struct tu_access who;
	struct tu_access_request request;
	struct tu_buf uri;

	(void)state;
	open_with_ann();
	tu_buf_init(&uri, 1000);
	assert_int_equal(
		tu_person_set_password(store, TU_STR("ann"), TU_STR("9 letter."), &scene_act, NULL),
		TU_E_USAGE);
	done = enrol(&uri, codes);
	request = request_of(&done.session);
	who = who_of(&done.session);
	again = with("", PASSWORD, codes[0]);
	again.new_password = TU_STR("9 letter.");
	assert_ok(tu_signin_change(&base, &who, &again, &done, error));
	/* the old session is over, the new one is */
	request = request_of(&done.session);
	who = who_of(&done.session);
	again = with("", "9 letter.", codes[1]);
	assert_int_equal(tu_signin_remove_factor(&base, &who, &again, &proved, NULL), TU_E_USAGE);
	again = with("", "9 letter.", codes[2]);
	again.new_password = TU_STR(PASSWORD);
	assert_ok(tu_signin_change(&base, &who, &again, &done, error));
	assert_string_equal(ask(&request, &who), "access");
	who = who_of(&done.session);
	again = with("", PASSWORD, codes[3]);
	assert_ok(tu_signin_remove_factor(&base, &who, &again, &proved, error));
	assert_string_equal(sign_in("ann", PASSWORD, "", &done), "");
	tu_buf_done(&uri);
	close_all();
}

static void whoever_lost_all_begins_again(void **state)
{
	tu_recovery_codes codes;
	struct tu_signin_done done;
	struct tu_buf uri, out;
	struct tu_erasure erasure;

	(void)state;
	open_with_ann();
	tu_buf_init(&uri, 1000);
	(void)enrol(&uri, codes);
	assert_ok(tu_factor_reset(&base, TU_STR("ann"), &scene_act, error));
	assert_string_equal(sign_in("ann", PASSWORD, codes[0], &done), "authentication");
	assert_ok(
		tu_person_set_password(store, TU_STR("ann"), TU_STR(PASSWORD), &scene_act, error));
	uri.len = 0;
	(void)enrol(&uri, codes);
	/* an erasure leaves nothing */
	tu_buf_init(&out, 10000);
	assert_ok(tu_person_erase(store, TU_STR("ann"), &scene_act, &erasure, error));
	assert_ok(tu_session_list(
		store, &(const struct tu_session_of){.person = tu_str_c(ann)}, now, &out, error));
	assert_true(tu_str_eq(tu_buf_str(&out), TU_STR("[]")));
	scene_sql(store, "DELETE FROM secret WHERE 1 / (SELECT 1 - count(*) FROM secret) = 1");
	tu_buf_done(&out);
	tu_buf_done(&uri);
	close_all();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_code_is_asked_for_and_counts_once),
		cmocka_unit_test(recovery_codes_count_once),
		cmocka_unit_test(proving_again_needs_the_code_too),
		cmocka_unit_test(a_short_password_needs_its_factor),
		cmocka_unit_test(whoever_lost_all_begins_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
