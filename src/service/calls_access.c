/* setup.token, what access/ does for accounts; and who decides, proven: for the calls that sign. */
#include "access/backoff.h"
#include "access/factor.h"
#include "access/setup.h"
#include "access/signin.h"
#include "access/sso.h"
#include "base/ed25519.h"
#include "base/json_writer.h"
#include "service/call_proof.h"
#include "service/calls.h"

enum { PERSON_MEMORY = 256 * 1024 };

/* ---- proof ---- */

/* A database that is named without a folder has no key here, by which codes could be verified and
 * failures counted. Whoever can open it so could also write into it. */
static enum tu_status prove_without_folder(struct tu_store *store, const struct tu_signin *signin,
	struct tu_proof *out, struct tu_error *err)
{
	const struct tu_login login = {signin->login, signin->password, signin->from.at};
	struct tu_factor_status factor = {0};
	enum tu_status status = tu_person_authenticate(store, &login, out, err);

	if (!status)
		status = tu_factor_status(store, out->person, &factor, err);
	if (!status && factor.enrolled)
		status = tu_fail_at(err, TU_E_CONSTRAINT,
			&(struct tu_error_place){.pointer = "authentication"},
			"a second factor is asked for, which only the service's data folder can "
			"verify: name that instead of the database");
	if (status)
		*out = (struct tu_proof){0};
	return status;
}

/* What a person can do about it. */
static enum tu_status say_wait(
	const struct tu_proved *proved, enum tu_status status, struct tu_error *err)
{
	if (!proved->wait_s)
		return status;
	if (proved->wait_s == UINT32_MAX)
		return tu_error_prefix(err, "until an administrator unlocks the account");
	return tu_error_prefix(err, "%u s from now", (unsigned)proved->wait_s);
}

enum tu_status tu_call_prove(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_proof *out_proof, struct tu_error *err)
{
	const struct tu_signin signin = {.login = TU_JSON_STR(in->arguments, "by"),
		.password = TU_JSON_STR(in->arguments, "password"),
		.code = TU_JSON_STR(in->arguments, "code"),
		.from = {.at = tu_datadir_now(dir)}};
	struct tu_secret_key key = {0};
	struct tu_access_base base = {.key = &key};
	struct tu_proved proved = {0};
	char path[4096];
	enum tu_status status = tu_datadir_store(dir, &base.store, err);

	*out_proof = (struct tu_proof){0};
	if (status)
		return status;
	if (!tu_datadir_path(dir, "keys", path, sizeof(path)))
		return prove_without_folder(base.store, &signin, out_proof, err);
	status = tu_datadir_secret_key(dir, &key, err);
	if (!status)
		status = tu_prove_login(&base, &signin, &proved, err);
	tu_secret_key_wipe(&key);
	*out_proof = proved.proof;
	return status ? say_wait(&proved, status, err) : TU_OK;
}

/* ---- setup.token ---- */

static enum tu_status run_token(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	const struct tu_audit_act act = {.at = tu_datadir_now(dir),
		.actor = TU_STR("program:admin"),
		.reason = TU_JSON_STR(in->arguments, "reason")};
	struct tu_json_writer json = tu_json_writer(out_answer, false);
	char token[TU_SETUP_DIGITS + 1];
	struct tu_store *store;
	enum tu_status status = tu_datadir_store(dir, &store, err);

	if (!status)
		status = tu_setup_make(store, &act, token, err);
	if (status)
		return status;
	tu_json_open_object(&json);
	tu_json_member_str(&json, "token", tu_str_c(token));
	tu_json_close_object(&json);
	tu_wipe(token, sizeof(token));
	return TU_OK;
}

/* ---- user.unlock, user.reset-factor, user.link, user.unlink, sso.secret ---- */

/* One of them, with the store and the folder's key. */
struct doing {
	struct tu_access_base base;
	struct tu_audit_act act;
	struct tu_json arguments;
	struct tu_person person; /* its texts are in the arena */
	struct tu_arena *arena;
};
typedef enum tu_status doing_work(const struct doing *d, struct tu_error *err);

static enum tu_status find_user(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct doing *d = self;

	return tu_person_find(tx, TU_JSON_STR(d->arguments, "user"), d->arena, &d->person, err);
}

static enum tu_status do_work(struct tu_datadir *dir, const struct tu_call_in *in, doing_work *work,
	bool of_user, struct tu_error *err)
{
	struct tu_secret_key key = {0};
	struct doing d = {.base = {.key = &key},
		.act = {.at = tu_datadir_now(dir),
			.actor = TU_STR("program:admin"),
			.reason = TU_JSON_STR(in->arguments, "reason")},
		.arguments = in->arguments,
		.arena = tu_arena_new(PERSON_MEMORY)};
	enum tu_status status =
		d.arena ? tu_datadir_store(dir, &d.base.store, err) : tu_no_memory(err);

	if (!status)
		status = tu_datadir_secret_key(dir, &key, err);
	if (!status && of_user)
		status = tu_store_run(d.base.store, TU_TX_READ, find_user, &d, err);
	if (!status)
		status = work(&d, err);
	tu_secret_key_wipe(&key);
	tu_arena_free(d.arena);
	return status;
}

static enum tu_status unlock(const struct doing *d, struct tu_error *err)
{
	return tu_backoff_unlock(&d->base, d->person.login, err);
}

static enum tu_status reset_factor(const struct doing *d, struct tu_error *err)
{
	struct tu_factor_status factor;
	enum tu_status status = tu_factor_status(d->base.store, d->person.id, &factor, err);

	if (!status && !factor.enrolled)
		status = tu_fail(err, TU_E_NOTFOUND, 0, "\"%.*s\" has no second factor",
			TU_STR_FMT(d->person.login));
	return status ? status : tu_factor_reset(&d->base, d->person.public, &d->act, err);
}

static enum tu_status link_account(const struct doing *d, struct tu_error *err)
{
	struct tu_oidc_link link = {.person = d->person.public,
		.issuer = TU_JSON_STR(d->arguments, "issuer"),
		.subject = TU_JSON_STR(d->arguments, "subject")};
	struct tu_sso_setting setting = {0};
	enum tu_status status =
		link.issuer.len ? TU_OK : tu_sso_read(d->base.store, d->arena, &setting, err);

	if (!link.issuer.len)
		link.issuer = setting.issuer;
	if (!status && !link.issuer.len)
		status = tu_fail(err, TU_E_USAGE, 0,
			"no single sign-on is configured: say whose account it is (issuer)");
	if (!status)
		status = tu_oidc_link(d->base.store, &link, &d->act, err);
	if (status == TU_E_CONSTRAINT)
		return tu_fail(err, status, 0,
			"the person may not act any more, or the account is somebody's already");
	return status;
}

static enum tu_status unlink_account(const struct doing *d, struct tu_error *err)
{
	const struct tu_oidc_link link = {.person = d->person.public,
		.issuer = TU_JSON_STR(d->arguments, "issuer"),
		.subject = TU_JSON_STR(d->arguments, "subject")};

	return tu_oidc_unlink(d->base.store, &link, &d->act, err);
}

static enum tu_status put_secret(const struct doing *d, struct tu_error *err)
{
	const struct tu_sso_change change = {NULL, TU_JSON_STR(d->arguments, "secret")};

	if (!change.secret.len)
		return tu_fail(err, TU_E_USAGE, 0, "the client's secret is empty");
	return tu_sso_write(&d->base, &change, &d->act, err);
}

static const struct {
	const char *name;
	doing_work *work;
	bool of_user;
} doings[] = {
	{"user.unlock", unlock, true},
	{"user.reset-factor", reset_factor, true},
	{"user.link", link_account, true},
	{"user.unlink", unlink_account, true},
	{"sso.secret", put_secret, false},
};

static enum tu_status run_doing(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	enum tu_status status = TU_E_USAGE;

	for (size_t i = 0; i < TU_COUNT(doings); i++)
		if (tu_str_eq(in->name, tu_str_c(doings[i].name)))
			status = do_work(dir, in, doings[i].work, doings[i].of_user, err);
	tu_buf_c(out_answer, "{}");
	return status;
}

static const struct tu_call calls_access[] = {
	{"setup.token", false, run_token},
	{"user.unlock", false, run_doing},
	{"user.reset-factor", false, run_doing},
	{"user.link", false, run_doing},
	{"user.unlink", false, run_doing},
	{"sso.secret", false, run_doing},
};

const struct tu_call_table tu_access_calls = {calls_access, TU_COUNT(calls_access)};
