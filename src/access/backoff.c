#include "access/backoff.h"

#include "access/limits.h"
#include "base/hmac.h"

#define SECOND INT64_C(1000000)
#define KEPT (INT64_C(30) * 24 * 3600 * SECOND)

static const struct {
	struct tu_str label; /* of the digest */
	/* of an address; those of an account are in access/limits.h */
	uint32_t free; /* failures without a wait */
	uint32_t most; /* seconds */
} rules[TU_BACKOFF_KINDS] = {
	[TU_BACKOFF_ACCOUNT] = {TU_STR_INIT("tutela sign-in 1\nlogin\n"), 0, 0},
	[TU_BACKOFF_ADDRESS] = {TU_STR_INIT("tutela sign-in 1\naddress\n"), 20, 900},
};

uint32_t tu_backoff_seconds(enum tu_backoff_kind kind, int64_t failures)
{
	bool account = kind == TU_BACKOFF_ACCOUNT;
	int64_t more =
		failures - (account ? tu_access_limit(TU_LIMIT_SIGNIN_FREE) : rules[kind].free);
	uint32_t most =
		account ? (uint32_t)tu_access_limit(TU_LIMIT_SIGNIN_WAIT) : rules[kind].most;

	if (account && failures >= tu_access_limit(TU_LIMIT_SIGNIN_STOP))
		return UINT32_MAX;
	if (more < 0)
		return 0;
	return more >= 20 || UINT32_C(1) << more > most ? most : UINT32_C(1) << more;
}

struct counting {
	const struct tu_backoff_try *attempt;
	uint8_t names[TU_BACKOFF_KINDS][TU_HMAC_MAX];
	bool counted[TU_BACKOFF_KINDS];
	uint32_t wait_s;
};

static struct tu_value name_of(const struct counting *c, unsigned kind)
{
	return tu_blob(tu_str_of((const char *)c->names[kind], TU_HMAC_MAX));
}

static enum tu_status digest(const struct tu_access_base *base, enum tu_backoff_kind kind,
	struct tu_str text, uint8_t out[TU_HMAC_MAX], struct tu_error *err)
{
	struct tu_buf label;
	enum tu_status status;

	tu_buf_init(&label, 4096);
	tu_buf_str_add(&label, rules[kind].label);
	tu_buf_str_add(&label, tu_str_first(text, 1000));
	status = label.failed
		? tu_no_memory(err)
		: tu_hmac(TU_HMAC_SHA256,
			  tu_str_of((const char *)base->key->bytes, sizeof(base->key->bytes)),
			  tu_buf_str(&label), out, err);
	tu_buf_done(&label);
	return status;
}

static enum tu_status name_both(
	const struct tu_access_base *base, struct counting *c, struct tu_error *err)
{
	const struct tu_str texts[TU_BACKOFF_KINDS] = {
		[TU_BACKOFF_ACCOUNT] = c->attempt->login,
		[TU_BACKOFF_ADDRESS] = c->attempt->address,
	};
	enum tu_status status = TU_OK;

	for (unsigned kind = 0; !status && kind < TU_BACKOFF_KINDS; kind++) {
		c->counted[kind] = texts[kind].len > 0;
		status = digest(base, (enum tu_backoff_kind)kind, texts[kind], c->names[kind], err);
	}
	return status;
}

/* Seconds that are left. A clock that was set back is no failure of the person: the wait begins
 * again from the earlier time, and is no longer for that. */
static uint32_t left(uint32_t wait_s, int64_t last, int64_t at)
{
	int64_t passed = at - last;

	if (wait_s == 0 || wait_s == UINT32_MAX || passed < 0)
		return wait_s;
	passed /= SECOND;
	return passed >= wait_s ? 0 : wait_s - (uint32_t)passed;
}

/* What one row says; it is held from here to the end of the transaction. */
static enum tu_status hold(struct counting *c, struct tu_tx *tx, enum tu_backoff_kind kind,
	int64_t *out_failures, struct tu_error *err)
{
	struct tu_rows *rows;
	uint32_t wait_s;
	int64_t last;
	enum tu_status status = tu_tx_row(tx, TU_SQL_SIGNIN_FAILURE_HOLD,
		TU_BIND(name_of(c, kind), tu_int(c->attempt->at)), &rows, err);

	if (status)
		return status;
	*out_failures = tu_rows_int(rows, 0);
	last = tu_rows_int(rows, 1);
	wait_s = left(tu_backoff_seconds(kind, *out_failures), last, c->attempt->at);
	if (wait_s > c->wait_s)
		c->wait_s = wait_s;
	status = tu_rows_close(rows, err);
	if (!status && last > c->attempt->at)
		status = tu_tx_exec(tx, TU_SQL_SIGNIN_FAILURE_SET,
			TU_BIND(name_of(c, kind), tu_int(*out_failures), tu_int(c->attempt->at)),
			NULL, err);
	return status;
}

static enum tu_status count(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct counting *c = self;
	int64_t failures[TU_BACKOFF_KINDS] = {0};
	enum tu_status status = tu_tx_exec(
		tx, TU_SQL_SIGNIN_FAILURE_SWEEP, TU_BIND(tu_int(c->attempt->at - KEPT)), NULL, err);

	c->wait_s = 0;
	for (unsigned kind = 0; !status && kind < TU_BACKOFF_KINDS; kind++)
		if (c->counted[kind])
			status = hold(c, tx, (enum tu_backoff_kind)kind, &failures[kind], err);
	for (unsigned kind = 0; !status && !c->wait_s && kind < TU_BACKOFF_KINDS; kind++)
		if (c->counted[kind])
			status = tu_tx_exec(tx, TU_SQL_SIGNIN_FAILURE_SET,
				TU_BIND(name_of(c, kind), tu_int(failures[kind] + 1),
					tu_int(c->attempt->at)),
				NULL, err);
	return status;
}

enum tu_status tu_backoff_try(const struct tu_access_base *base,
	const struct tu_backoff_try *attempt, uint32_t *out_wait_s, struct tu_error *err)
{
	struct counting c = {.attempt = attempt};
	enum tu_status status = name_both(base, &c, err);

	if (!status)
		status = tu_store_run(base->store, TU_TX_WRITE, count, &c, err);
	*out_wait_s = c.wait_s;
	return status;
}

static enum tu_status undo_kinds(
	struct counting *c, struct tu_tx *tx, unsigned first, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	for (unsigned kind = first; !status && kind < TU_BACKOFF_KINDS; kind++)
		if (c->counted[kind])
			status = tu_tx_exec(tx, TU_SQL_SIGNIN_FAILURE_UNDO,
				TU_BIND(name_of(c, kind)), NULL, err);
	return status;
}

static enum tu_status undo(struct tu_tx *tx, void *self, struct tu_error *err)
{
	return undo_kinds(self, tx, 0, err);
}

static enum tu_status forget(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct counting *c = self;
	enum tu_status status = tu_tx_exec(tx, TU_SQL_SIGNIN_FAILURE_FORGET,
		TU_BIND(name_of(c, TU_BACKOFF_ACCOUNT)), NULL, err);

	return status ? status : undo_kinds(c, tx, TU_BACKOFF_ADDRESS, err);
}

static enum tu_status run(const struct tu_access_base *base, const struct tu_backoff_try *attempt,
	tu_tx_work *work, struct tu_error *err)
{
	struct counting c = {.attempt = attempt};
	enum tu_status status = name_both(base, &c, err);

	return status ? status : tu_store_run(base->store, TU_TX_WRITE, work, &c, err);
}

enum tu_status tu_backoff_success(const struct tu_access_base *base,
	const struct tu_backoff_try *attempt, struct tu_error *err)
{
	return run(base, attempt, forget, err);
}

enum tu_status tu_backoff_undo(const struct tu_access_base *base,
	const struct tu_backoff_try *attempt, struct tu_error *err)
{
	return run(base, attempt, undo, err);
}

enum tu_status tu_backoff_unlock(
	const struct tu_access_base *base, struct tu_str login, struct tu_error *err)
{
	return run(base, &(const struct tu_backoff_try){.login = login}, forget, err);
}
