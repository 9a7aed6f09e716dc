/* setup.token; and who decides, proven: for the calls that sign. */
#include "access/factor.h"
#include "access/setup.h"
#include "access/signin.h"
#include "base/ed25519.h"
#include "base/json_writer.h"
#include "service/call_proof.h"
#include "service/calls.h"

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

static const struct tu_call calls_access[] = {
	{"setup.token", false, run_token},
};

const struct tu_call_table tu_access_calls = {calls_access, TU_COUNT(calls_access)};
