/* Signing in, sessions, who asks, the first administrator (src/access). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/store/access_scene.h"

#include "access/setup.h"
#include "access/sso.h"
#include "access/still.h"
#include "audit/signature.h"
#include "audit/team.h"
#include "portfolio/document.h"
#include "store/fault.h"

/* ---- signing in ---- */

static void a_session_is_who_signed_in(void **state)
{
	struct tu_signin_done done;
	struct tu_access_request request;
	struct tu_access who;

	(void)state;
	open_with_ann();
	assert_string_equal(sign_in("ann", PASSWORD, "", &done), "");
	assert_int_equal(strlen(done.session.token), TU_SESSION_DIGITS);
	request = request_of(&done.session);
	assert_string_equal(ask(&request, &who), "");
	assert_string_equal(who.actor, ann);
	assert_int_equal(who.role, TU_PERSON_APPROVER);
	assert_int_equal(who.strength, TU_STRENGTH_PASSWORD);
	assert_int_equal(who.proven_at, now);
	assert_true(tu_access_may(&who, TU_CLASS_APPROVE));
	assert_false(tu_access_may(&who, TU_CLASS_ADMIN));
	/* what changes something needs the token that no other origin has */
	request.unsafe = true;
	assert_string_equal(ask(&request, &who), "csrf");
	request.csrf = tu_str_c(done.session.token);
	assert_string_equal(ask(&request, &who), "csrf");
	request.csrf = tu_str_c(done.session.csrf);
	assert_string_equal(ask(&request, &who), "");
	/* nothing that opens a session is in the ledger, nor anything of the person */
	assert_int_equal(in_ledger("session.begin"), 1);
	assert_int_equal(in_ledger(done.session.token), 0);
	assert_int_equal(in_ledger(done.session.csrf), 0);
	assert_int_equal(in_ledger("192.0.2.7"), 0);
	assert_int_equal(in_ledger("a browser"), 0);
	close_all();
}

static void a_session_ends(void **state)
{
	struct tu_signin_done done;
	struct tu_access_request request;
	struct tu_access who;

	(void)state;
	open_with_ann();
	assert_string_equal(sign_in("ann", PASSWORD, "", &done), "");
	request = request_of(&done.session);
	/* on another host it is none; letters' case is no difference */
	request.host = TU_STR("evil.example.org");
	assert_string_equal(ask(&request, &who), "access");
	request.host = TU_STR("PUMPS.example.org");
	assert_string_equal(ask(&request, &who), "");
	/* one hour without use; used in time it goes on */
	request.at = now + HOUR;
	assert_string_equal(ask(&request, &who), "access");
	for (int i = 1; i <= 12; i++) {
		request.at = now + i * (HOUR - MINUTE);
		assert_string_equal(ask(&request, &who), "");
	}
	/* twelve hours in all */
	request.at = now + 12 * HOUR - 1;
	assert_string_equal(ask(&request, &who), "");
	request.at++;
	assert_string_equal(ask(&request, &who), "access");
	/* a clock that is set back a little, and a lot */
	request.at -= 4 * MINUTE + 1;
	assert_string_equal(ask(&request, &who), "");
	request.at = now;
	assert_string_equal(ask(&request, &who), "access");
	close_all();
}

/* Who reads needs no disk that can be written to. */
static void a_use_that_cannot_be_noted(void **state)
{
	struct tu_signin_done done;
	struct tu_access_request request;
	struct tu_access who;
	bool answered = false;

	(void)state;
	open_with_ann();
	assert_string_equal(sign_in("ann", PASSWORD, "", &done), "");
	request = request_of(&done.session);
	request.at = now + 2 * MINUTE;
	for (size_t nth = 1; !answered; nth++) {
		struct tu_error err = {0};

		tu_store_fault_set(nth);
		answered = tu_access_ask(store, &request, arena, &who, &err) == TU_OK;
		tu_store_fault_set(0);
	}
	assert_int_equal(who.by, TU_ACCESS_SESSION);
	request.at = now + HOUR;
	assert_string_equal(ask(&request, &who), "access");
	close_all();
}

static void sessions_are_listed_and_revoked(void **state)
{
	struct tu_signin_done first, second;
	struct tu_session_of of = {.person = TU_STR("ann")};
	struct tu_access_request request;
	struct tu_access who;
	struct tu_buf out;
	char other[TU_RANDOM_ID + 1];

	(void)state;
	open_with_ann();
	add_person("bob", TU_PERSON_VIEWER, other);
	assert_string_equal(sign_in("ann", PASSWORD, "", &first), "");
	assert_string_equal(sign_in("ann", PASSWORD, "", &second), "");
	of.keep = first.session.id;
	tu_buf_init(&out, 10000);
	assert_ok(tu_session_list(store, &of, now, &out, error));
	assert_true(tu_str_search(tu_buf_str(&out), tu_str_c(first.session.public)) < out.len);
	assert_true(tu_str_search(tu_buf_str(&out), TU_STR("\"this\":true")) <
		tu_str_search(tu_buf_str(&out), tu_str_c(second.session.public)));
	tu_buf_done(&out);
	/* of somebody else: there is none */
	of.session = tu_str_c(second.session.public);
	of.person = TU_STR("bob");
	assert_int_equal(tu_session_end(store, &of, &scene_act, NULL), TU_E_NOTFOUND);
	of.person = TU_STR("ann");
	assert_ok(tu_session_end(store, &of, &scene_act, error));
	request = request_of(&second.session);
	assert_string_equal(ask(&request, &who), "access");
	assert_string_equal(sign_in("ann", PASSWORD, "", &second), "");
	/* all others */
	of.session = TU_STR("");
	assert_ok(tu_session_end(store, &of, &scene_act, error));
	request = request_of(&second.session);
	assert_string_equal(ask(&request, &who), "access");
	request = request_of(&first.session);
	assert_string_equal(ask(&request, &who), "");
	assert_int_equal(in_ledger("session.end"), 2);
	/* another password ends them; so does removal */
	assert_ok(tu_person_set_password(
		store, TU_STR("ann"), TU_STR("another horse battery"), &scene_act, error));
	assert_string_equal(ask(&request, &who), "access");
	assert_string_equal(sign_in("ann", "another horse battery", "", &first), "");
	assert_ok(tu_person_remove(store, TU_STR("ann"), &scene_act, error));
	request = request_of(&first.session);
	assert_string_equal(ask(&request, &who), "access");
	close_all();
}

/* By login, as a program of this machine does; and the proof of a session. */
static void a_proof_is_of_who_gave_it(void **state)
{
	struct tu_signin signin;
	struct tu_signin_done done;
	struct tu_proved proved;
	struct tu_access who;
	struct tu_proof proof;
	struct tu_error err;

	(void)state;
	open_with_ann();
	assert_string_equal(sign_in("ann", PASSWORD, "", &done), "");
	who = who_of(&done.session);
	assert_ok(tu_prove_fresh(&who, now + TU_PROOF_US, &proof, error));
	assert_int_equal(proof.person, who.person);
	assert_int_equal(proof.at, now);
	assert_string_equal(
		tried(tu_prove_fresh(&who, now + TU_PROOF_US + 1, &proof, &err), &err), "proof");
	assert_int_equal(proof.person, 0);
	assert_string_equal(tried(tu_prove_fresh(&who, now - 1, &proof, &err), &err), "proof");
	who = (struct tu_access){.by = TU_ACCESS_KEY, .person = who.person, .proven_at = now};
	assert_string_equal(tried(tu_prove_fresh(&who, now, &proof, &err), &err), "access");
	signin = with("ann", PASSWORD, "");
	signin.from.address = TU_STR("");
	assert_ok(tu_prove_login(&base, &signin, &proved, error));
	assert_int_equal(proved.proof.at, now);
	signin.password = TU_STR("wrong");
	for (int i = 0; i < 5; i++)
		assert_string_equal(tried(tu_prove_login(&base, &signin, &proved, &err), &err),
			"authentication");
	assert_int_equal(proved.proof.person, 0);
	assert_string_equal(
		tried(tu_prove_login(&base, &signin, &proved, &err), &err), "signin-wait");
	assert_int_equal(proved.wait_s, 1);
	close_all();
}

static void failures_wait(void **state)
{
	struct tu_signin_done done;

	(void)state;
	open_with_ann();
	/* five, of which the login may be unknown: the answers are the same */
	for (int i = 0; i < 5; i++) {
		assert_string_equal(sign_in("ann", "wrong", "", &done), "authentication");
		assert_string_equal(sign_in("nobody", PASSWORD, "", &done), "authentication");
	}
	assert_string_equal(sign_in("ann", PASSWORD, "", &done), "signin-wait");
	assert_int_equal(done.wait_s, 1);
	assert_string_equal(sign_in("nobody", PASSWORD, "", &done), "signin-wait");
	assert_int_equal(done.wait_s, 1);
	now += SECOND;
	assert_string_equal(sign_in("ann", "wrong", "", &done), "authentication");
	assert_string_equal(sign_in("ann", PASSWORD, "", &done), "signin-wait");
	assert_int_equal(done.wait_s, 2);
	/* the clock is set back by a year: nobody waits for that */
	now -= 365 * 24 * HOUR;
	assert_string_equal(sign_in("ann", PASSWORD, "", &done), "signin-wait");
	assert_int_equal(done.wait_s, 2);
	now += 2 * SECOND;
	assert_string_equal(sign_in("ann", PASSWORD, "", &done), "");
	/* and nothing is left of it */
	for (int i = 0; i < 4; i++)
		assert_string_equal(sign_in("ann", "wrong", "", &done), "authentication");
	assert_string_equal(sign_in("ann", PASSWORD, "", &done), "");
	assert_int_equal(in_ledger("authentication.fail"), 15);
	assert_int_equal(in_ledger("nobody"), 0);
	close_all();
}

/* Without passwords, which cost a tenth of a second each. */
static void an_address_waits_and_a_hundred_is_the_end(void **state)
{
	struct tu_backoff_try attempt = {TU_STR("ann"), TU_STR("2001:db8::1"), SCENE_AT};
	char login[20];
	uint32_t wait_s;

	(void)state;
	open_with_ann();
	for (int i = 0; i < 20; i++) {
		(void)snprintf(login, sizeof(login), "login%d", i);
		attempt.login = tu_str_c(login);
		assert_ok(tu_backoff_try(&base, &attempt, &wait_s, error));
		assert_int_equal(wait_s, 0);
	}
	attempt.login = TU_STR("ann");
	assert_ok(tu_backoff_try(&base, &attempt, &wait_s, error));
	assert_int_equal(wait_s, 1);
	/* an own account that succeeds clears one, no more */
	attempt.at += SECOND;
	assert_ok(tu_backoff_try(&base, &attempt, &wait_s, error));
	assert_int_equal(wait_s, 0);
	assert_ok(tu_backoff_success(&base, &attempt, error));
	assert_ok(tu_backoff_try(&base, &attempt, &wait_s, error));
	assert_int_equal(wait_s, 1);
	attempt.address = TU_STR("");
	for (int i = 0; i < 100; i++) {
		attempt.at += HOUR;
		assert_ok(tu_backoff_try(&base, &attempt, &wait_s, error));
		assert_int_equal(wait_s, 0);
	}
	attempt.at += 24 * HOUR;
	assert_ok(tu_backoff_try(&base, &attempt, &wait_s, error));
	assert_true(wait_s == UINT32_MAX);
	assert_ok(tu_backoff_unlock(&base, TU_STR("ann"), error));
	assert_ok(tu_backoff_try(&base, &attempt, &wait_s, error));
	assert_int_equal(wait_s, 0);
	close_all();
}

/* ---- keys ---- */

static void a_key_is_its_owner_less_what_keys_never_do(void **state)
{
	struct tu_key_new new = {.label = TU_STR("laptop"),
		.rights = TU_RIGHT_BIT(TU_RIGHT_READ) | TU_RIGHT_BIT(TU_RIGHT_PUSH),
		.person = TU_STR("bob")};
	char bob[TU_RANDOM_ID + 1];
	struct tu_key_made made;
	struct tu_access_request request = {.host = TU_STR("any"), .unsafe = true};
	struct tu_access who;

	(void)state;
	open_with_ann();
	add_person("bob", TU_PERSON_VIEWER, bob);
	assert_ok(tu_key_add(store, &new, &scene_act, &made, error));
	request.at = now;
	request.api_key = tu_str_c(made.secret);
	assert_string_equal(ask(&request, &who), "");
	assert_string_equal(who.actor, made.public);
	assert_string_equal(who.person_public, bob);
	assert_true(tu_access_may(&who, TU_CLASS_READ));
	assert_false(tu_access_may(&who, TU_CLASS_WRITE)); /* a viewer's */
	assert_false(tu_access_may(&who, TU_CLASS_SELF));
	assert_false(who.scope.everything);
	/* a machine's */
	new.person = TU_STR("");
	new.everything = true;
	assert_ok(tu_key_add(store, &new, &scene_act, &made, error));
	request.api_key = tu_str_c(made.secret);
	assert_string_equal(ask(&request, &who), "");
	assert_false(who.has_role);
	assert_true(who.scope.everything);
	assert_true(tu_access_may(&who, TU_CLASS_WRITE));
	assert_false(tu_access_may(&who, TU_CLASS_APPROVE));
	/* one that does not count says only that */
	assert_ok(tu_key_revoke(store, tu_str_c(made.public), &scene_act, error));
	assert_string_equal(ask(&request, &who), "access");
	request.api_key = TU_STR("tut_x");
	assert_string_equal(ask(&request, &who), "access");
	/* nothing came: nobody, who may nothing */
	request.api_key = TU_STR("");
	assert_string_equal(ask(&request, &who), "");
	assert_int_equal(who.by, TU_ACCESS_NOBODY);
	assert_int_equal(who.classes, 0);
	close_all();
}

/* ---- what is written is by what they see then ---- */

struct writing {
	struct tu_access who;
	struct tu_arena *arena;
	bool ran; /* what the request is about */
};

static enum tu_status ask_again(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct writing *w = self;

	return tu_access_again(tx, &w->who, now, w->arena, err);
}

static enum tu_status note_run(struct tu_work *w, void *self, struct tu_error *err)
{
	struct writing *writing = self;

	(void)w;
	(void)err;
	writing->ran = true;
	return TU_OK;
}

static enum tu_status run_write(struct writing *w)
{
	const struct tu_act act = {.at = now, .check = ask_again, .check_self = w};
	struct tu_error err = {0};
	enum tu_status status;

	w->ran = false;
	status = tu_work_run(store, &act, note_run, w, &err);
	if (status)
		assert_string_equal(err.pointer, "access");
	assert_int_equal(w->ran, !status);
	return status;
}

static enum tu_status add_device(struct tu_work *w, void *self, struct tu_error *err)
{
	struct tu_document document;
	enum tu_status status = tu_document_put(w, "device", TU_STR("x"), &document, err);

	(void)self;
	return status ? status
		      : tu_tx__script(w->tx,
				"INSERT INTO device (id, public, name, title, document_id, version,"
				" created) SELECT 900, 'd', 'pump', 'Pump', id, 1, 1 FROM document",
				err);
}

/* Who left a team, lost a role or was signed out between the request and its transaction. */
static void a_write_is_by_what_they_see_then(void **state)
{
	struct tu_team_change device = {.team = TU_STR("pumps"), .device = TU_STR("pump")};
	struct tu_team_change person = {.team = TU_STR("pumps"), .person = TU_STR("ann")};
	const struct tu_person_role_change role = {.who = TU_STR("ann"), .role = TU_PERSON_ANALYST};
	struct writing w = {.arena = tu_arena_new(1 << 20)};
	char public[TU_RANDOM_ID + 1];
	struct tu_signin_done done;
	struct tu_access_request request;

	(void)state;
	open_with_ann();
	assert_ok(tu_work_run(store, &(struct tu_act){.at = now}, add_device, NULL, error));
	assert_ok(tu_team_add(store, TU_STR("pumps"), &scene_act, public, error));
	assert_ok(tu_team_change(store, &device, &scene_act, error));
	assert_ok(tu_team_change(store, &person, &scene_act, error));
	assert_string_equal(sign_in("ann", PASSWORD, "", &done), "");
	request = request_of(&done.session);
	assert_string_equal(ask(&request, &w.who), "");
	assert_int_equal(w.who.scope.device_count, 1);
	assert_int_equal(run_write(&w), TU_OK);
	assert_int_equal(w.who.scope.device_count, 1);
	person.leaves = true;
	assert_ok(tu_team_change(store, &person, &scene_act, error));
	assert_int_equal(w.who.scope.device_count, 1); /* as the request began */
	assert_int_equal(run_write(&w), TU_OK);
	assert_int_equal(w.who.scope.device_count, 0);
	assert_ok(tu_person_set_role(store, &role, &scene_act, error));
	assert_int_equal(run_write(&w), TU_E_CONSTRAINT);
	tu_arena_free(w.arena);
	close_all();
}

/* ---- the first administrator ---- */

static void the_first_administrator_comes_once(void **state)
{
	struct tu_person_new person = {.login = TU_STR("root"),
		.name = TU_STR("Root Example"),
		.role = TU_PERSON_VIEWER,
		.password = TU_STR("short")};
	char token[TU_SETUP_DIGITS + 1], old[TU_SETUP_DIGITS + 1] = "", public[TU_RANDOM_ID + 1];
	struct tu_setup setup = {tu_str_c(old), &person, SCENE_AT};
	struct tu_signin_done done;
	struct tu_error err;
	bool due;

	(void)state;
	open_with_ann();
	assert_ok(tu_setup_due(store, &due, error));
	assert_true(due);
	assert_ok(tu_setup_make(store, &scene_act, old, error));
	assert_ok(tu_setup_make(store, &scene_act, token, error));
	setup.token = tu_str_c(old);
	assert_int_equal(tu_setup_use(store, &setup, public, &err), TU_E_CONSTRAINT);
	assert_string_equal(err.pointer, "setup");
	/* a bad password does not use it up */
	setup.token = tu_str_c(token);
	assert_int_equal(tu_setup_use(store, &setup, public, &err), TU_E_USAGE);
	person.password = TU_STR(PASSWORD);
	assert_ok(tu_setup_use(store, &setup, public, error));
	assert_string_equal(sign_in("root", PASSWORD, "", &done), "");
	assert_int_equal(who_of(&done.session).role, TU_PERSON_ADMINISTRATOR);
	person.login = TU_STR("root2");
	assert_int_equal(tu_setup_use(store, &setup, public, &err), TU_E_CONSTRAINT);
	assert_int_equal(tu_setup_make(store, &scene_act, token, &err), TU_E_CONFLICT);
	assert_ok(tu_setup_due(store, &due, error));
	assert_false(due);
	assert_int_equal(in_ledger(old), 0);
	close_all();
}

static void a_setup_link_expires(void **state)
{
	const struct tu_person_new person = {.login = TU_STR("root"),
		.name = TU_STR("Root Example"),
		.password = TU_STR(PASSWORD)};
	char token[TU_SETUP_DIGITS + 1], public[TU_RANDOM_ID + 1];
	struct tu_setup setup = {.person = &person, .at = SCENE_AT + TU_SETUP_LIFE_US};

	(void)state;
	open_with_ann();
	assert_ok(tu_setup_make(store, &scene_act, token, error));
	setup.token = tu_str_c(token);
	assert_int_equal(tu_setup_use(store, &setup, public, NULL), TU_E_CONSTRAINT);
	assert_ok(tu_setup_make(store, &scene_act, token, error));
	setup.at--;
	assert_ok(tu_setup_use(store, &setup, public, error));
	close_all();
}

/* ---- single sign-on ---- */

static enum tu_status configure(
	const char *issuer, const char *secret, int64_t version, struct tu_error *err)
{
	static const struct tu_oidc_role roles[] = {{TU_STR_INIT("staff"), TU_PERSON_ANALYST}};
	const struct tu_sso_setting to = {.version = version,
		.on = issuer != NULL,
		.issuer = tu_str_c(issuer),
		.client_id = TU_STR("tutela"),
		.scopes = TU_STR("openid"),
		.groups_claim = TU_STR("groups"),
		.roles = roles,
		.role_count = TU_COUNT(roles)};
	const struct tu_sso_change change = {&to, tu_str_c(secret)};

	return tu_sso_write(&base, &change, &scene_act, err);
}

static struct tu_sso_held *hold(struct tu_sso *sso, const char *back)
{
	struct tu_sso_held *held;

	assert_ok(tu_sso_hold(sso, &base, tu_str_c(back), &held, error));
	return held;
}

static void a_provider_is_as_it_is_configured(void **state)
{
	struct tu_sso_setting setting;
	struct tu_sso_held *first, *second, *third;
	struct tu_sso *sso;

	(void)state;
	open_with_ann();
	assert_ok(tu_sso_new(&sso, error));
	assert_int_equal(
		tu_sso_hold(sso, &base, TU_STR("https://a/b"), &first, NULL), TU_E_NOTFOUND);
	assert_int_equal(configure("http://sso.example.org", NULL, 1, NULL), TU_E_USAGE);
	assert_ok(configure("https://sso.example.org", "hidden", 1, error));
	assert_int_equal(configure("https://other.example.org", NULL, 1, NULL), TU_E_CONFLICT);
	assert_ok(tu_sso_read(store, arena, &setting, error));
	assert_int_equal(setting.version, 2);
	assert_true(setting.on);
	assert_int_equal(setting.role_count, 1);
	assert_int_equal(setting.roles[0].role, TU_PERSON_ANALYST);
	/* what is known of a provider is shared, and goes when it is configured again */
	first = hold(sso, "https://a/b");
	second = hold(sso, "https://a/b");
	assert_ptr_equal(first, second);
	tu_sso_drop(sso, second);
	assert_ok(configure("https://sso.example.org", NULL, 0, error));
	third = hold(sso, "https://a/b");
	assert_ptr_not_equal(first, third);
	assert_non_null(tu_sso_oidc(first));
	tu_sso_drop(sso, first);
	tu_sso_drop(sso, third);
	second = hold(sso, "https://c/b");
	assert_non_null(tu_sso_oidc(second));
	tu_sso_drop(sso, second);
	assert_ok(configure(NULL, NULL, 3, error));
	assert_int_equal(
		tu_sso_hold(sso, &base, TU_STR("https://a/b"), &first, NULL), TU_E_NOTFOUND);
	assert_int_equal(in_ledger("oidc.configure"), 3);
	assert_int_equal(in_ledger("hidden"), 0);
	tu_sso_free(sso);
	close_all();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_is_who_signed_in),
		cmocka_unit_test(a_session_ends),
		cmocka_unit_test(a_use_that_cannot_be_noted),
		cmocka_unit_test(sessions_are_listed_and_revoked),
		cmocka_unit_test(a_proof_is_of_who_gave_it),
		cmocka_unit_test(failures_wait),
		cmocka_unit_test(an_address_waits_and_a_hundred_is_the_end),
		cmocka_unit_test(a_key_is_its_owner_less_what_keys_never_do),
		cmocka_unit_test(a_write_is_by_what_they_see_then),
		cmocka_unit_test(the_first_administrator_comes_once),
		cmocka_unit_test(a_setup_link_expires),
		cmocka_unit_test(a_provider_is_as_it_is_configured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
