#include "access/setup.h"

#include "access/record.h"
#include "base/ed25519.h"
#include "base/sha256.h"

struct work {
	const struct tu_audit_act *act;
	uint8_t hash[TU_SHA256_BYTES];
	int64_t expires;
	bool due;
};

static struct tu_value hash_of(const struct work *w)
{
	return tu_blob(tu_str_of((const char *)w->hash, sizeof(w->hash)));
}

static enum tu_status ask_due(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct work *w = self;
	int64_t count = 0;
	enum tu_status status = tu_tx_int(tx, TU_SQL_ADMINISTRATOR_COUNT, TU_NO_BIND, &count, err);

	w->due = !status && count == 0;
	return status;
}

enum tu_status tu_setup_due(struct tu_store *store, bool *out_due, struct tu_error *err)
{
	struct work w = {0};
	enum tu_status status = tu_store_run(store, TU_TX_READ, ask_due, &w, err);

	*out_due = w.due;
	return status;
}

/* ---- making ---- */

static enum tu_status put(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct work *w = self;
	enum tu_status status = ask_due(tx, w, err);

	if (!status && !w->due)
		status = tu_fail(err, TU_E_CONFLICT, 0,
			"there is an administrator already, who adds others");
	if (!status)
		status = tu_tx_exec(tx, TU_SQL_SETUP_TOKEN_PUT,
			TU_BIND(hash_of(w), tu_int(w->expires)), NULL, err);
	return status ? status
		      : tu_access__note(tx, w->act,
				&(const struct tu_access_note){
					"setup.token", TU_STR("setup"), NULL, {"", 0}},
				err);
}

enum tu_status tu_setup_make(struct tu_store *store, const struct tu_audit_act *act,
	char out_token[TU_SETUP_DIGITS + 1], struct tu_error *err)
{
	struct work w = {.act = act, .expires = act->at + TU_SETUP_LIFE_US};
	uint8_t bytes[TU_SETUP_DIGITS / 2];
	struct tu_buf digits;
	enum tu_status status = tu_random_bytes(bytes, sizeof(bytes), err);

	memset(out_token, 0, TU_SETUP_DIGITS + 1);
	tu_buf_init(&digits, TU_SETUP_DIGITS);
	tu_sha256_write(bytes, &digits);
	if (!status && (digits.failed || tu_sha256(tu_buf_str(&digits), w.hash)))
		status = tu_no_memory(err);
	if (!status)
		status = tu_store_run(store, TU_TX_WRITE, put, &w, err);
	if (!status)
		memcpy(out_token, digits.ptr, TU_SETUP_DIGITS);
	tu_wipe(bytes, sizeof(bytes));
	if (digits.ptr)
		tu_wipe(digits.ptr, digits.cap);
	tu_buf_done(&digits);
	return status;
}

/* ---- using ---- */

static enum tu_status refuse(struct tu_error *err)
{
	return tu_access__refuse(err, "setup",
		"this set-up link does not count (any more): make a new one with `tutela admin "
		"token`");
}

/* Who takes it has it alone. */
static enum tu_status take(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct work *w = self;
	enum tu_status status = ask_due(tx, w, err);

	if (!status && !w->due)
		return refuse(err);
	if (!status)
		status = tu_tx_int(
			tx, TU_SQL_SETUP_TOKEN_TAKE, TU_BIND(hash_of(w)), &w->expires, err);
	return status == TU_E_NOTFOUND ? refuse(err) : status;
}

static enum tu_status put_back(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct work *w = self;

	return tu_tx_exec(
		tx, TU_SQL_SETUP_TOKEN_PUT, TU_BIND(hash_of(w), tu_int(w->expires)), NULL, err);
}

enum tu_status tu_setup_use(struct tu_store *store, const struct tu_setup *setup,
	char out_public[TU_RANDOM_ID + 1], struct tu_error *err)
{
	const struct tu_audit_act act = {
		setup->at, TU_STR("setup"), TU_STR("set-up link"), .own_password = true};
	struct tu_person_new person = *setup->person;
	struct work w = {.act = &act};
	enum tu_status status;

	person.role = TU_PERSON_ADMINISTRATOR;
	if (!person.password.len)
		return tu_fail(err, TU_E_USAGE, 0, "the first administrator needs a password");
	if (tu_sha256(setup->token, w.hash))
		return tu_no_memory(err);
	status = tu_store_run(store, TU_TX_WRITE, take, &w, err);
	if (!status && (setup->at >= w.expires || setup->at < w.expires - TU_SETUP_LIFE_US))
		return refuse(err);
	if (status)
		return status;
	status = tu_person_add(store, &person, &act, out_public, err);
	if (status && tu_store_run(store, TU_TX_WRITE, put_back, &w, NULL))
		return tu_error_prefix(err, "the set-up link is used up");
	return status;
}
