#include "access/signin.h"

#include <string.h>

#include "access/backoff.h"
#include "access/factor.h"
#include "access/record.h"
#include "audit/signature.h"
#include "base/ed25519.h"

enum { FIND_MEMORY = 64 * 1024 };

static const char wrong[] = "login, password or code are wrong";

/* One attempt, for whichever purpose. */
struct attempt {
	const struct tu_access_base *base;
	const struct tu_signin *with;
	struct tu_str login;
	struct tu_proof proof;
	bool two_factors;
	uint32_t wait_s;
};

static struct tu_backoff_try try_of(const struct attempt *a)
{
	return (struct tu_backoff_try){a->login, a->with->from.address, a->with->from.at};
}

/* ---- who it is ---- */

struct finding {
	struct tu_str who; /* login or public id */
	struct tu_arena *arena;
	struct tu_person person;
};

static enum tu_status find_person(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct finding *f = self;

	return tu_person_find(tx, f->who, f->arena, &f->person, err);
}

struct failing {
	const struct attempt *a;
	struct tu_str public;
};

static enum tu_status record_code(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const struct failing *f = self;
	const struct tu_audit_act act = {f->a->with->from.at, f->public, TU_STR("")};

	return tu_access__note(tx, &act,
		&(const struct tu_access_note){
			"authentication.fail", f->public, "factor", TU_STR("code")},
		err);
}

static enum tu_status fail_code(const struct attempt *a, struct tu_error *err)
{
	struct finding found = {.who = a->login, .arena = tu_arena_new(FIND_MEMORY)};
	struct failing f = {.a = a};
	enum tu_status status = found.arena
		? tu_store_run(a->base->store, TU_TX_READ, find_person, &found, err)
		: tu_no_memory(err);

	f.public = found.person.public;
	if (!status)
		status = tu_store_run(a->base->store, TU_TX_WRITE, record_code, &f, err);
	tu_arena_free(found.arena);
	return status ? status : tu_access__refuse(err, "authentication", wrong);
}

static enum tu_status use_factor(struct attempt *a, struct tu_error *err)
{
	const struct tu_factor_try code = {a->proof.person, a->with->code, a->with->from.at};
	const struct tu_backoff_try counted = try_of(a);
	enum tu_factor_state state;
	enum tu_status status = tu_factor_use(a->base, &code, &state, err);

	if (status)
		return status;
	a->two_factors = state == TU_FACTOR_RIGHT;
	if (state == TU_FACTOR_WRONG)
		return fail_code(a, err);
	if (state != TU_FACTOR_MISSING)
		return TU_OK;
	status = tu_backoff_undo(a->base, &counted, err);
	return status ? status
		      : tu_access__refuse(err, "code",
				"give the code of your authenticator, or a recovery code");
}

static enum tu_status authenticate(struct attempt *a, struct tu_error *err)
{
	const struct tu_backoff_try counted = try_of(a);
	const struct tu_login login = {a->login, a->with->password, a->with->from.at};
	struct tu_error own = {0};
	enum tu_status status;

	err = err ? err : &own;
	status = tu_backoff_try(a->base, &counted, &a->wait_s, err);
	if (status)
		return status;
	if (a->wait_s)
		return tu_fail_at(err, TU_E_BUSY,
			&(struct tu_error_place){.pointer = "signin-wait"},
			"too many attempts have failed: wait before the next one");
	status = tu_person_authenticate(a->base->store, &login, &a->proof, err);
	if (status == TU_E_CONSTRAINT && strcmp(err->pointer, "password-expired") != 0)
		return tu_access__refuse(err, "authentication", wrong);
	if (!status)
		status = use_factor(a, err);
	if (!status)
		status = tu_backoff_success(a->base, &counted, err);
	if (status)
		a->proof = (struct tu_proof){0};
	return status;
}

/* ---- a session ---- */

struct beginning {
	struct tu_session_new new;
	struct tu_session_made *made;
	const struct attempt *a;
};

/* The person may have been removed while the password was verified. */
static enum tu_status begin(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct beginning *b = self;
	struct tu_arena *arena = tu_arena_new(FIND_MEMORY);
	struct tu_person person = {0};
	enum tu_status status =
		arena ? tu_person_find(tx, b->a->login, arena, &person, err) : tu_no_memory(err);

	if (!status && (!person.active || person.id != b->a->proof.person))
		status = tu_access__refuse(err, "authentication", wrong);
	b->new.person_public = person.public;
	if (!status)
		status = tu_session_begin(tx, &b->new, b->made, err);
	tu_arena_free(arena);
	return status;
}

static enum tu_status begin_session(
	const struct attempt *a, struct tu_session_made *made, struct tu_error *err)
{
	struct beginning b = {.made = made, .a = a};

	b.new = (struct tu_session_new){.person = a->proof.person,
		.strength = a->two_factors ? TU_STRENGTH_TWO_FACTORS : TU_STRENGTH_PASSWORD,
		.proven = a->proof.at,
		.once = a->proof.once,
		.from = &a->with->from};
	return tu_store_run(a->base->store, TU_TX_WRITE, begin, &b, err);
}

enum tu_status tu_signin(const struct tu_access_base *base, const struct tu_signin *signin,
	struct tu_signin_done *out_done, struct tu_error *err)
{
	struct attempt a = {.base = base, .with = signin, .login = signin->login};
	enum tu_status status;

	*out_done = (struct tu_signin_done){0};
	status = authenticate(&a, err);
	out_done->wait_s = a.wait_s;
	return status ? status : begin_session(&a, &out_done->session, err);
}

/* ---- again ---- */

static enum tu_status check_session(const struct tu_access *who, struct tu_error *err)
{
	if (who->by != TU_ACCESS_SESSION)
		return tu_access__refuse(err, "access", "only a person with a session signs");
	if (who->strength == TU_STRENGTH_PROVIDER)
		return tu_access__refuse(err, "provider",
			"this session began with single sign-on: sign in there again to sign");
	return TU_OK;
}

struct proving {
	const struct tu_access *who;
	int64_t at;
};

static enum tu_status keep_proof(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const struct proving *p = self;

	return tu_tx_exec(tx, TU_SQL_SESSION_PROVE,
		TU_BIND(tu_int(p->who->session), tu_int(p->at), tu_int(p->who->person)), NULL, err);
}

/* `found` has the person; its arena is the caller's. */
static enum tu_status prove(
	struct attempt *a, const struct tu_access *who, struct finding *found, struct tu_error *err)
{
	struct proving p = {who, a->with->from.at};
	enum tu_status status = check_session(who, err);

	if (!status && !found->arena)
		status = tu_no_memory(err);
	if (!status)
		status = tu_store_run(a->base->store, TU_TX_READ, find_person, found, err);
	a->login = found->person.login;
	if (!status)
		status = authenticate(a, err);
	if (!status && a->proof.person != who->person)
		status = tu_access__refuse(err, "authentication", wrong);
	if (!status)
		status = tu_store_run(a->base->store, TU_TX_WRITE, keep_proof, &p, err);
	if (status)
		a->proof = (struct tu_proof){0};
	return status;
}

enum tu_status tu_prove(const struct tu_access_base *base, const struct tu_access *who,
	const struct tu_signin *again, struct tu_proved *out_proved, struct tu_error *err)
{
	struct attempt a = {.base = base, .with = again};
	struct finding found = {
		.who = tu_str_c(who->person_public), .arena = tu_arena_new(FIND_MEMORY)};
	enum tu_status status = prove(&a, who, &found, err);

	*out_proved = (struct tu_proved){a.proof, a.wait_s};
	tu_arena_free(found.arena);
	return status;
}

enum tu_status tu_prove_login(const struct tu_access_base *base, const struct tu_signin *signin,
	struct tu_proved *out_proved, struct tu_error *err)
{
	struct attempt a = {.base = base, .with = signin, .login = signin->login};
	enum tu_status status = authenticate(&a, err);

	*out_proved = (struct tu_proved){a.proof, a.wait_s};
	return status;
}

enum tu_status tu_prove_provider(
	const struct tu_access *who, int64_t at, struct tu_proof *out_proof, struct tu_error *err)
{
	*out_proof = (struct tu_proof){0};
	if (who->by != TU_ACCESS_SESSION || who->strength != TU_STRENGTH_PROVIDER)
		return tu_access__refuse(
			err, "access", "this is no session that began with single sign-on");
	return tu_prove_fresh(who, at, out_proof, err);
}

enum tu_status tu_prove_fresh(
	const struct tu_access *who, int64_t at, struct tu_proof *out_proof, struct tu_error *err)
{
	int64_t age = at - who->proven_at;

	*out_proof = (struct tu_proof){0};
	if (who->by != TU_ACCESS_SESSION)
		return tu_access__refuse(err, "access", "only a person with a session signs");
	if (!who->proven_at || age < 0 || age > tu_access_limit_us(TU_LIMIT_PROOF))
		return tu_access__refuse(err, "proof",
			who->strength == TU_STRENGTH_PROVIDER
				? "sign in again at your provider before you sign"
				: "prove again who you are, by password and code");
	*out_proof = (struct tu_proof){.person = who->person, .at = who->proven_at};
	return TU_OK;
}

/* A one-time password does not become one's own: somebody else knows it. */
static enum tu_status check_new(const struct attempt *a, struct tu_error *err)
{
	if (!a->proof.once || !tu_str_eq(a->with->password, a->with->new_password))
		return TU_OK;
	return tu_fail(err, TU_E_USAGE, 0,
		"somebody else knows this password: choose another one of your own");
}

enum tu_status tu_signin_change(const struct tu_access_base *base, const struct tu_access *who,
	const struct tu_signin *again, struct tu_signin_done *out_done, struct tu_error *err)
{
	const struct tu_audit_act act = {again->from.at, tu_str_c(who->actor), TU_STR("")};
	struct attempt a = {.base = base, .with = again};
	struct finding found = {
		.who = tu_str_c(who->person_public), .arena = tu_arena_new(FIND_MEMORY)};
	enum tu_status status;

	*out_done = (struct tu_signin_done){0};
	status = again->new_password.len ? prove(&a, who, &found, err)
					 : tu_fail(err, TU_E_USAGE, 0, "the new password is empty");
	out_done->wait_s = a.wait_s;
	if (!status)
		status = check_new(&a, err);
	if (!status)
		status = tu_person_set_password(
			base->store, tu_str_c(who->person_public), again->new_password, &act, err);
	a.proof.once = false;
	if (!status)
		status = begin_session(&a, &out_done->session, err);
	tu_arena_free(found.arena);
	return status;
}

static enum tu_status remove_factor(struct tu_tx *tx, void *self, struct tu_error *err)
{
	static const enum tu_sql steps[] = {
		TU_SQL_TOTP_FORGET_PERSON, TU_SQL_TOTP_REMOVE, TU_SQL_RECOVERY_CODE_FORGET_PERSON};
	const struct proving *p = self;
	const struct tu_str public = tu_str_c(p->who->person_public);
	const struct tu_audit_act act = {p->at, public, TU_STR("")};
	enum tu_status status = TU_OK;

	for (size_t i = 0; !status && i < TU_COUNT(steps); i++)
		status = tu_tx_exec(tx, steps[i], TU_BIND(tu_int(p->who->person)), NULL, err);
	return status
		? status
		: tu_access__note(tx, &act,
			  &(const struct tu_access_note){"factor.remove", public, NULL, {"", 0}},
			  err);
}

enum tu_status tu_signin_remove_factor(const struct tu_access_base *base,
	const struct tu_access *who, const struct tu_signin *again, struct tu_proved *out_proved,
	struct tu_error *err)
{
	struct proving p = {who, again->from.at};
	enum tu_status status = tu_prove(base, who, again, out_proved, err);

	if (!status &&
		tu_password_check(again->password, &(const struct tu_password_about){0}, err))
		return tu_error_prefix(err, "first choose a password that needs no second factor");
	return status ? status : tu_store_run(base->store, TU_TX_WRITE, remove_factor, &p, err);
}
