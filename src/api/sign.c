#include "api/sign.h"

#include "api/people.h"
#include "service/service.h"

/* ---- who signs ---- */

static enum tu_status prove_by_password(
	struct tu_api_call *call, struct tu_proved *out, struct tu_error *err)
{
	const struct tu_signin again = {.password = tu_api_body_str(call, "password"),
		.code = tu_api_body_str(call, "code"),
		.from = tu_api_from(call)};
	struct tu_secret_key key;
	const struct tu_access_base base = {tu_api_store(call), &key};
	enum tu_status status = tu_datadir_secret_key(tu_service_datadir(call->service), &key, err);

	if (status == TU_OK)
		status = tu_prove(&base, &call->who, &again, out, err);
	tu_secret_key_wipe(&key);
	return status;
}

enum tu_status tu_api_prove_to_sign(
	struct tu_api_call *call, struct tu_proof *out_proof, struct tu_error *err)
{
	const struct tu_access *who = &call->who;
	struct tu_proved proved = {0};
	struct tu_error own = {0};
	enum tu_status status;

	err = err ? err : &own;
	*out_proof = (struct tu_proof){0};
	if (tu_api_body_str(call, "password").len) {
		status = tu_api_refused(
			call, prove_by_password(call, &proved, err), proved.wait_s, err);
		*out_proof = proved.proof;
		return status;
	}
	if (who->by == TU_ACCESS_SESSION && who->proven_at && who->proven_at <= call->now &&
		call->now - who->proven_at <= tu_access_limit_us(TU_LIMIT_PROOF)) {
		*out_proof = (struct tu_proof){who->person, who->proven_at};
		return TU_OK;
	}
	call->problem.type = TU_PROBLEM_NEEDS_PROOF;
	return tu_fail(err, TU_E_CONSTRAINT, 0,
		"prove again who you are, by the password: it is too long ago");
}

/* ---- the knowledge base ---- */

enum tu_status tu_api_kb_newest(struct tu_api_call *call, struct tu_error *err)
{
	enum tu_status status;

	tu_service_kb_drop(call->kb);
	call->kb = NULL;
	status = tu_service_kb_current(call->service, &call->kb, err);
	if (status == TU_E_NOTFOUND)
		return tu_fail(err, TU_E_BUSY, 0, "there is no knowledge base in use yet");
	return status;
}

/* ---- who was first ---- */

static void copy_text(struct tu_api_call *call, struct tu_str text, struct tu_str *out)
{
	if (!tu_arena_dup(call->arena, text, out))
		*out = (struct tu_str){0};
}

void tu_api_name_obstacle(struct tu_api_call *call, struct tu_str pointer, struct tu_str detail,
	struct tu_str public_id)
{
	struct tu_api_fault *fault;

	if (call->problem.count == TU_API_ERRORS_MAX) {
		call->problem.more = true;
		return;
	}
	fault = &call->problem.faults[call->problem.count++];
	*fault = (struct tu_api_fault){.type = "decided"};
	copy_text(call, pointer, &fault->pointer);
	copy_text(call, detail, &fault->detail);
	copy_text(call, public_id, &fault->expected);
}
