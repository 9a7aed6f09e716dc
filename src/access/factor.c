#include "access/factor.h"

#include <stdio.h>

#include "access/limits.h"
#include "access/record.h"
#include "access/totp.h"
#include "audit/reset.h"
#include "audit/signature.h"
#include "base/ed25519.h"
#include "base/sha256.h"

enum { FIND_MEMORY = 64 * 1024 };

/* What the store has of a person's factor. */
struct factor {
	bool started, confirmed;
	int64_t step;
	char public[TU_RANDOM_ID + 1];
};

static enum tu_status read_factor(
	struct tu_tx *tx, int64_t person, struct factor *out, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_row(tx, TU_SQL_TOTP_GET, TU_BIND(tu_int(person)), &rows, err);

	*out = (struct factor){0};
	if (status)
		return status == TU_E_NOTFOUND ? TU_OK : status;
	out->started = true;
	out->confirmed = !tu_rows_is_null(rows, 0);
	out->step = tu_rows_int(rows, 1);
	(void)snprintf(out->public, sizeof(out->public), "%.*s", TU_STR_FMT(tu_rows_text(rows, 2)));
	return tu_rows_close(rows, err);
}

static struct tu_str secret_name(const char *public, char out[TU_RANDOM_ID + 8])
{
	return tu_str_of(out, (size_t)snprintf(out, TU_RANDOM_ID + 8, "totp/%s", public));
}

static struct tu_audit_act act_of(const char *public, int64_t at)
{
	return (struct tu_audit_act){at, tu_str_c(public), TU_STR("")};
}

static enum tu_status note(
	struct tu_tx *tx, const char *public, const char *action, int64_t at, struct tu_error *err)
{
	const struct tu_audit_act act = act_of(public, at);

	return tu_access__note(tx, &act,
		&(const struct tu_access_note){action, tu_str_c(public), NULL, {"", 0}}, err);
}

static bool is_fresh(const struct tu_proof *proof, int64_t at)
{
	return proof->person != 0 && at >= proof->at &&
		at - proof->at <= tu_access_limit_us(TU_LIMIT_PROOF);
}

static enum tu_status ask_proof(struct tu_error *err)
{
	return tu_access__refuse(
		err, "proof", "prove who you are again: enter your password and code");
}

/* ---- recovery codes ---- */

/* Its letters, without marks and in capitals; false: it is none. */
static bool read_recovery(struct tu_str code, char out[TU_RECOVERY_LETTERS])
{
	size_t count = 0;

	for (size_t i = 0; i < code.len; i++) {
		char c = code.ptr[i];

		if (c == '-' || tu_char_is_space(c))
			continue;
		c = tu_char_is_lower(c) ? (char)(c - 'a' + 'A') : c;
		if (count == TU_RECOVERY_LETTERS ||
			!(tu_char_is_upper(c) || (c >= '2' && c <= '7')))
			return false;
		out[count++] = c;
	}
	return count == TU_RECOVERY_LETTERS;
}

static enum tu_status hash_recovery(
	const char letters[TU_RECOVERY_LETTERS], uint8_t out[TU_SHA256_BYTES], struct tu_error *err)
{
	char text[64];
	int len = snprintf(
		text, sizeof(text), "tutela recovery 1\n%.*s", TU_RECOVERY_LETTERS, letters);
	enum tu_status status = tu_sha256(tu_str_of(text, (size_t)len), out);

	tu_wipe(text, sizeof(text));
	return status ? tu_no_memory(err) : TU_OK;
}

/* Random letters; the last bits of the bytes are not used. */
static enum tu_status make_recovery(char letters[TU_RECOVERY_LETTERS], struct tu_error *err)
{
	uint8_t bytes[16];
	struct tu_buf text;
	enum tu_status status = tu_random_bytes(bytes, sizeof(bytes), err);

	tu_buf_init(&text, 64);
	tu_base32_write(bytes, sizeof(bytes), &text);
	if (!status && (text.failed || text.len < TU_RECOVERY_LETTERS))
		status = tu_no_memory(err);
	if (!status)
		memcpy(letters, text.ptr, TU_RECOVERY_LETTERS);
	if (text.ptr)
		tu_wipe(text.ptr, text.cap);
	tu_buf_done(&text);
	return status;
}

static enum tu_status add_recovery(
	struct tu_tx *tx, int64_t person, char out[TU_RECOVERY_CODE + 1], struct tu_error *err)
{
	char letters[TU_RECOVERY_LETTERS];
	uint8_t hash[TU_SHA256_BYTES];
	enum tu_status status = make_recovery(letters, err);

	if (!status)
		status = hash_recovery(letters, hash, err);
	if (status)
		return status;
	for (size_t i = 0, at = 0; i < TU_RECOVERY_LETTERS; i++) {
		if (i && i % 5 == 0)
			out[at++] = '-';
		out[at++] = letters[i];
		out[at] = '\0';
	}
	return tu_tx_exec(tx, TU_SQL_RECOVERY_CODE_ADD,
		TU_BIND(tu_blob(tu_str_of((const char *)hash, sizeof(hash))), tu_int(person)), NULL,
		err);
}

static enum tu_status renew_codes(
	struct tu_tx *tx, int64_t person, tu_recovery_codes out, struct tu_error *err)
{
	enum tu_status status = tu_tx_exec(
		tx, TU_SQL_RECOVERY_CODE_FORGET_PERSON, TU_BIND(tu_int(person)), NULL, err);

	for (size_t i = 0; !status && i < TU_RECOVERY_CODES; i++)
		status = add_recovery(tx, person, out[i], err);
	return status;
}

/* ---- using ---- */

struct using
{
	const struct tu_access_base *base;
	const struct tu_factor_try *attempt;
	enum tu_factor_state state;
};

static enum tu_status match(struct using *u, struct tu_tx *tx, const struct factor *factor,
	int64_t *out_step, struct tu_error *err)
{
	char name[TU_RANDOM_ID + 8];
	struct tu_buf secret;
	enum tu_status status;

	*out_step = 0;
	tu_buf_init(&secret, 256);
	status = tu_secret_get(tx, u->base->key, secret_name(factor->public, name), &secret, err);
	if (!status)
		status = tu_totp_match(tu_buf_str(&secret),
			&(const struct tu_totp_try){u->attempt->code, u->attempt->at, factor->step},
			out_step, err);
	if (secret.ptr)
		tu_wipe(secret.ptr, secret.cap);
	tu_buf_done(&secret);
	return status;
}

static enum tu_status use_recovery(struct using *u, struct tu_tx *tx, const char *public,
	const char letters[TU_RECOVERY_LETTERS], struct tu_error *err)
{
	uint8_t hash[TU_SHA256_BYTES];
	int64_t changed = 0;
	enum tu_status status = hash_recovery(letters, hash, err);

	if (!status)
		status = tu_tx_exec(tx, TU_SQL_RECOVERY_CODE_USE,
			TU_BIND(tu_blob(tu_str_of((const char *)hash, sizeof(hash))),
				tu_int(u->attempt->person)),
			&changed, err);
	if (status || !changed)
		return status;
	u->state = TU_FACTOR_RIGHT;
	return note(tx, public, "factor.recover", u->attempt->at, err);
}

static enum tu_status use_step(
	struct using *u, struct tu_tx *tx, const struct factor *factor, struct tu_error *err)
{
	int64_t step, changed = 0;
	enum tu_status status = match(u, tx, factor, &step, err);

	if (!status && step)
		status = tu_tx_exec(tx, TU_SQL_TOTP_USE,
			TU_BIND(tu_int(u->attempt->person), tu_int(step)), &changed, err);
	if (!status && changed)
		u->state = TU_FACTOR_RIGHT;
	return status;
}

static enum tu_status use(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct using *u = self;
	char letters[TU_RECOVERY_LETTERS];
	struct factor factor;
	enum tu_status status = read_factor(tx, u->attempt->person, &factor, err);

	u->state = TU_FACTOR_NONE;
	if (status || !factor.confirmed)
		return status;
	u->state = u->attempt->code.len ? TU_FACTOR_WRONG : TU_FACTOR_MISSING;
	if (!u->attempt->code.len)
		return TU_OK;
	return read_recovery(u->attempt->code, letters)
		? use_recovery(u, tx, factor.public, letters, err)
		: use_step(u, tx, &factor, err);
}

enum tu_status tu_factor_use(const struct tu_access_base *base, const struct tu_factor_try *attempt,
	enum tu_factor_state *out_state, struct tu_error *err)
{
	struct using u = {base, attempt, TU_FACTOR_WRONG};
	enum tu_status status = tu_store_run(base->store, TU_TX_WRITE, use, &u, err);

	*out_state = status ? TU_FACTOR_WRONG : u.state;
	return status;
}

/* ---- enrolling ---- */

struct enrolling {
	const struct tu_access_base *base;
	const struct tu_factor_enrolment *enrolment;
	struct tu_buf *out;
	uint8_t secret[TU_TOTP_SECRET];
	size_t before;
};

static enum tu_status find_login(struct tu_tx *tx, const char *public, struct tu_arena *arena,
	struct tu_str *out_login, struct tu_error *err)
{
	struct tu_person person = {0};
	enum tu_status status = tu_person_find(tx, tu_str_c(public), arena, &person, err);

	*out_login = person.login;
	if (!status && !person.active)
		status = tu_access__refuse(err, "active", "this person may not act any more");
	return status;
}

static enum tu_status keep_secret(
	struct enrolling *e, struct tu_tx *tx, const char *public, struct tu_error *err)
{
	const struct tu_str secret = tu_str_of((const char *)e->secret, sizeof(e->secret));
	struct tu_arena *arena = tu_arena_new(FIND_MEMORY);
	char name[TU_RANDOM_ID + 8];
	struct tu_str login;
	enum tu_status status =
		arena ? find_login(tx, public, arena, &login, err) : tu_no_memory(err);

	if (!status)
		status = tu_secret_put(tx, e->base->key,
			&(const struct tu_secret){
				secret_name(public, name), secret, e->enrolment->at},
			err);
	if (!status)
		tu_totp_uri_write(
			&(const struct tu_totp_uri){e->enrolment->issuer, login, secret}, e->out);
	if (!status && e->out->failed)
		status = tu_no_memory(err);
	tu_arena_free(arena);
	return status;
}

static enum tu_status start(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct enrolling *e = self;
	int64_t person = e->enrolment->proof.person;
	struct factor factor = {0};
	int64_t changed = 0;
	enum tu_status status =
		tu_tx_exec(tx, TU_SQL_TOTP_START, TU_BIND(tu_int(person)), &changed, err);

	e->out->len = e->before;
	if (!status)
		status = read_factor(tx, person, &factor, err);
	if (!status && (!changed || factor.confirmed))
		status = tu_fail(err, TU_E_CONFLICT, 0,
			"there is a second factor already: remove it before another is added");
	if (!status)
		status = keep_secret(e, tx, factor.public, err);
	return status ? status : note(tx, factor.public, "factor.start", e->enrolment->at, err);
}

enum tu_status tu_factor_start(const struct tu_access_base *base,
	const struct tu_factor_enrolment *enrolment, struct tu_buf *out_uri, struct tu_error *err)
{
	struct enrolling e = {
		.base = base, .enrolment = enrolment, .out = out_uri, .before = out_uri->len};
	enum tu_status status = is_fresh(&enrolment->proof, enrolment->at) ? TU_OK : ask_proof(err);

	if (!status)
		status = tu_random_bytes(e.secret, sizeof(e.secret), err);
	if (!status)
		status = tu_store_run(base->store, TU_TX_WRITE, start, &e, err);
	tu_wipe(e.secret, sizeof(e.secret));
	if (status)
		out_uri->len = e.before;
	return status;
}

struct confirming {
	struct using u;
	char (*codes)[TU_RECOVERY_CODE + 1];
};

static enum tu_status confirm(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct confirming *c = self;
	const struct tu_factor_try *first = c->u.attempt;
	struct factor factor;
	int64_t step = 0;
	enum tu_status status = read_factor(tx, first->person, &factor, err);

	if (!status && (!factor.started || factor.confirmed))
		status = tu_fail(err, TU_E_NOTFOUND, 0, "no second factor was started");
	if (!status)
		status = match(&c->u, tx, &factor, &step, err);
	if (!status && !step)
		status = tu_access__refuse(err, "code",
			"this is not the code of now: look at the clock of the device, and give "
			"the next one");
	if (!status)
		status = tu_tx_exec(tx, TU_SQL_TOTP_CONFIRM,
			TU_BIND(tu_int(first->person), tu_int(first->at), tu_int(step)), NULL, err);
	if (!status)
		status = renew_codes(tx, first->person, c->codes, err);
	return status ? status : note(tx, factor.public, "factor.add", first->at, err);
}

enum tu_status tu_factor_confirm(const struct tu_access_base *base,
	const struct tu_factor_try *first, tu_recovery_codes out_codes, struct tu_error *err)
{
	struct confirming c = {{base, first, TU_FACTOR_NONE}, out_codes};
	enum tu_status status = tu_store_run(base->store, TU_TX_WRITE, confirm, &c, err);

	if (status)
		tu_wipe(out_codes, sizeof(tu_recovery_codes));
	return status;
}

static enum tu_status renew(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct confirming *c = self;
	const struct tu_factor_try *of = c->u.attempt;
	struct factor factor;
	enum tu_status status = read_factor(tx, of->person, &factor, err);

	if (!status && !factor.confirmed)
		status = tu_fail(err, TU_E_NOTFOUND, 0, "there is no second factor");
	if (!status)
		status = renew_codes(tx, of->person, c->codes, err);
	return status ? status : note(tx, factor.public, "factor.renew", of->at, err);
}

enum tu_status tu_factor_renew(const struct tu_access_base *base, const struct tu_proof *proof,
	int64_t at, tu_recovery_codes out_codes, struct tu_error *err)
{
	const struct tu_factor_try of = {.person = proof->person, .at = at};
	struct confirming c = {{base, &of, TU_FACTOR_NONE}, out_codes};
	enum tu_status status = is_fresh(proof, at) ? TU_OK : ask_proof(err);

	if (!status)
		status = tu_store_run(base->store, TU_TX_WRITE, renew, &c, err);
	if (status)
		tu_wipe(out_codes, sizeof(tu_recovery_codes));
	return status;
}

/* ---- taking away, asking ---- */

struct resetting {
	struct tu_str who;
	const struct tu_audit_act *act;
};

static enum tu_status forget_all(struct tu_tx *tx, int64_t person, struct tu_error *err)
{
	static const enum tu_sql steps[] = {TU_SQL_TOTP_FORGET_PERSON, TU_SQL_TOTP_REMOVE,
		TU_SQL_RECOVERY_CODE_FORGET_PERSON, TU_SQL_SESSIONS_FORGET_PERSON};
	enum tu_status status = tu_tx_exec(tx, TU_SQL_PERSON_PASSWORD,
		TU_BIND(tu_int(person), tu_null(), tu_null()), NULL, err);

	for (size_t i = 0; !status && i < TU_COUNT(steps); i++)
		status = tu_tx_exec(tx, steps[i], TU_BIND(tu_int(person)), NULL, err);
	return status;
}

static enum tu_status reset(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const struct resetting *r = self;
	struct tu_arena *arena = tu_arena_new(FIND_MEMORY);
	struct tu_person person = {0};
	struct factor factor = {0};
	enum tu_status status =
		arena ? tu_person_find(tx, r->who, arena, &person, err) : tu_no_memory(err);

	tu_arena_free(arena);
	if (!status)
		status = read_factor(tx, person.id, &factor, err);
	if (status || !factor.started)
		return status;
	status = forget_all(tx, person.id, err);
	if (!status)
		status = tu_reset_keep(tx,
			&(const struct tu_reset_of){
				person.id, tu_str_c(factor.public), TU_RESET_FACTOR},
			r->act, err);
	if (status)
		return status;
	return tu_access__note(tx, r->act,
		&(const struct tu_access_note){
			"factor.remove", tu_str_c(factor.public), NULL, {"", 0}},
		err);
}

enum tu_status tu_factor_reset(const struct tu_access_base *base, struct tu_str who,
	const struct tu_audit_act *act, struct tu_error *err)
{
	struct resetting r = {who, act};

	return tu_store_run(base->store, TU_TX_WRITE, reset, &r, err);
}

struct counting {
	int64_t person;
	struct tu_factor_status *out;
};

static enum tu_status count(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const struct counting *c = self;
	struct factor factor;
	enum tu_status status = read_factor(tx, c->person, &factor, err);

	*c->out = (struct tu_factor_status){.enrolled = factor.confirmed};
	if (status || !factor.confirmed)
		return status;
	return tu_tx_int(tx, TU_SQL_RECOVERY_CODE_COUNT, TU_BIND(tu_int(c->person)),
		&c->out->recovery_codes, err);
}

enum tu_status tu_factor_status(struct tu_store *store, int64_t person,
	struct tu_factor_status *out_status, struct tu_error *err)
{
	struct counting c = {person, out_status};

	return tu_store_run(store, TU_TX_READ, count, &c, err);
}
