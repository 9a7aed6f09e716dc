/* A password that somebody else has set, and what is known of who set it: audit/reset.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/store/access_scene.h"

#include "access/sso.h"
#include "audit/reset.h"

static const struct tu_audit_act by_root = {SCENE_AT, TU_STR_INIT("root"), TU_STR_INIT("")};

static struct tu_resets resets_of(int64_t at)
{
	struct tu_resets resets;
	struct tu_tx *tx;
	struct tu_person person;

	assert_ok(tu_store_begin(store, TU_TX_READ, &tx, error));
	assert_ok(tu_person_find(tx, TU_STR("ann"), arena, &person, error));
	assert_ok(tu_resets_find(tx, person.id, at, &resets, error));
	tu_tx_rollback(tx);
	return resets;
}

/* With it nothing is done but to choose another one, within a day. */
static void a_password_of_somebody_else_is_for_once(void **state)
{
	static const char once[] = "only for the first time";
	struct tu_signin signin;
	struct tu_signin_done done;
	struct tu_proved proved;
	struct tu_access who;

	(void)state;
	open_with_ann();
	assert_int_equal(resets_of(now).count, 0); /* of the set-up: their own */
	assert_ok(tu_person_set_password(store, TU_STR("ann"), tu_str_c(once), &by_root, error));
	now = SCENE_AT + TU_ONCE_US - 1;
	assert_string_equal(sign_in("ann", once, "", &done), "");
	assert_true(done.session.once);
	who = who_of(&done.session);
	assert_true(who.once);
	assert_int_equal(who.classes, TU_CLASS_BIT(TU_CLASS_PUBLIC) | TU_CLASS_BIT(TU_CLASS_SELF));
	signin = with("ann", once, "");
	assert_ok(tu_prove_login(&base, &signin, &proved, error));
	assert_true(proved.proof.once);
	signin.new_password = signin.password;
	assert_int_equal(tu_signin_change(&base, &who, &signin, &done, NULL), TU_E_USAGE);
	/* a day later it is over, and a wrong one says no more than before */
	now = SCENE_AT + TU_ONCE_US;
	assert_string_equal(sign_in("ann", once, "", &done), "password-expired");
	assert_string_equal(sign_in("ann", "not the password", "", &done), "authentication");
	now--;
	signin = with("ann", once, "");
	signin.new_password = TU_STR(PASSWORD);
	assert_ok(tu_signin_change(&base, &who, &signin, &done, error));
	assert_false(done.session.once);
	now = SCENE_AT + 30 * TU_ONCE_US;
	assert_string_equal(sign_in("ann", PASSWORD, "", &done), "");
	assert_false(who_of(&done.session).once);
	close_all();
}

/* For seven days it is known what others did; a clock that was set back hides nothing. */
static void what_others_did_is_shown_for_a_week(void **state)
{
	const struct tu_oidc_link link = {
		TU_STR("ann"), TU_STR("https://sso.example.org"), TU_STR("7")};
	struct tu_audit_act own = by_root;
	struct tu_resets resets;

	(void)state;
	open_with_ann();
	assert_ok(tu_person_set_password(
		store, TU_STR("ann"), TU_STR("another horse battery"), &by_root, error));
	assert_ok(tu_oidc_link(store, &link, &by_root, error));
	own.actor = tu_str_c(ann);
	assert_ok(tu_person_set_password(store, TU_STR("ann"), TU_STR(PASSWORD), &own, error));
	resets = resets_of(now);
	assert_int_equal(resets.count, 2);
	assert_int_equal(resets.at[0].kind, TU_RESET_ACCOUNT);
	assert_int_equal(resets.at[1].kind, TU_RESET_PASSWORD);
	assert_string_equal(resets.at[1].by, "root");
	assert_int_equal(resets_of(now - HOUR).count, 2);
	assert_int_equal(resets_of(now + TU_RESET_SHOWN_US - 1).count, 2);
	assert_int_equal(resets_of(now + TU_RESET_SHOWN_US).count, 0);
	close_all();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_password_of_somebody_else_is_for_once),
		cmocka_unit_test(what_others_did_is_shown_for_a_week),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
