/*
 * What the resources of persons share (me, users, teams, keys): what access/ is asked with, and
 * what its refusals are in a problem.
 */
#ifndef TU_API_PEOPLE_H
#define TU_API_PEOPLE_H

#include "access/signin.h"
#include "api/call.h"

/* The store and the key of the data folder. */
struct tu_api_access {
	struct tu_access_base base;
	struct tu_secret_key key;
};
TU_NODISCARD enum tu_status tu_api_access_open(
	const struct tu_api_call *call, struct tu_api_access *out_access, struct tu_error *err);
void tu_api_access_close(struct tu_api_access *access); /* wipes the key */

/* Where the request comes from. */
struct tu_access_from tu_api_from(const struct tu_api_call *call);
/* Who does it, when and why, as audit/ wants it. */
struct tu_audit_act tu_api_audit_act(const struct tu_api_call *call);

/* What others did to the person's credentials in the last week, as the member "credential_resets".
 */
TU_NODISCARD enum tu_status tu_api_member_resets(struct tu_api_call *call,
	struct tu_json_writer *json, int64_t person, struct tu_error *err);

/* The problem of what access/ or audit/ refused; gives the status back. `wait_s`: seconds before
 * another attempt, where there is a wait. */
enum tu_status tu_api_refused(
	struct tu_api_call *call, enum tu_status status, uint32_t wait_s, struct tu_error *err);
/* A member of the body is not as it should be: where the error does not say which, it is this. */
enum tu_status tu_api_wrong_member(
	enum tu_status status, const char *pointer, struct tu_error *err);

/* The cookie of a session; NULL takes it away. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_api_set_session(
	struct tu_api_call *call, const char *token, struct tu_error *err);
/* Sign in from this request, or the problem of why not. Wipe what it makes. */
TU_NODISCARD enum tu_status tu_api_begin_session(struct tu_api_call *call, struct tu_signin *signin,
	struct tu_session_made *out_session, struct tu_error *err);
/* End the session of this request. */
TU_NODISCARD enum tu_status tu_api_end_session(struct tu_api_call *call, struct tu_error *err);
/* Answer with a session that has just begun; wipes it. */
TU_NODISCARD enum tu_status tu_api_answer_session(
	struct tu_api_call *call, struct tu_session_made *made, struct tu_error *err);

/* Where the provider of single sign-on sends a browser back to. */
TU_NODISCARD enum tu_status tu_api_redirect_uri(
	struct tu_api_call *call, struct tu_str *out_uri, struct tu_error *err);

/* Members that are times. */
void tu_api_member_time(struct tu_json_writer *json, const char *key, int64_t us);

/* A page of the sessions of somebody, by public id. */
TU_NODISCARD enum tu_status tu_api_answer_sessions(
	struct tu_api_call *call, struct tu_str person, struct tu_error *err);

/* A page of keys: of one person by login, or (empty) of all. */
TU_NODISCARD enum tu_status tu_api_answer_keys(
	struct tu_api_call *call, struct tu_str login, struct tu_error *err);
/* Make a key and answer with its secret. "days" and "label" are in the body. */
TU_NODISCARD enum tu_status tu_api_make_key(
	struct tu_api_call *call, struct tu_key_new *key, const char *path, struct tu_error *err);
/* The rights that the body names: TU_RIGHT_BIT(); 0: none are named. */
uint32_t tu_api_body_rights(const struct tu_api_call *call);

/* The account of a person, by public id; "no such user" where there is none. */
struct tu_account;
TU_NODISCARD enum tu_status tu_api_account(struct tu_api_call *call, struct tu_str public,
	struct tu_account *out_account, struct tu_error *err);

#endif
