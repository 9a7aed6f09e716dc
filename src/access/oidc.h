/*
 * Single sign-on by OpenID Connect: the code flow with PKCE (OpenID Connect Core 1.0, 3.1;
 * RFC 7636; RFC 9700).
 *
 * tu_oidc_start() gives the address to which the browser goes, and a token for a cookie of its own;
 * when the browser comes back, tu_oidc_finish() takes the flow (once, within ten minutes, from the
 * same browser), gets the ID token from the provider and checks it:
 *
 *   signature   RS256, PS256 or ES256 by a key that the provider publishes (access/jose.h)
 *   iss         the configured issuer, letter for letter; also that of the redirect (RFC 9207)
 *   aud, azp    our client id, and nobody else's
 *   exp, nbf    with a minute of slack
 *   iat         at most ten minutes ago
 *   nonce       that of the flow
 *   at_hash     where it is given
 *   auth_time   when somebody signs again: at most five minutes ago
 *
 * A subject is a person: one that an administrator linked, or one that is made at the first sign-in
 * where a group of theirs has a role in the configuration. Nobody is found by mail address or name:
 * at some providers everybody writes those.
 *
 * Errors are those of store/store.h and access/fetch.h, and TU_E_CONSTRAINT with one of these:
 *
 *   "oidc-flow"     the way back is not of a flow that began here, or took too long  (HTTP 400)
 *   "oidc-refused"  the provider says no                                             (HTTP 403)
 *   "oidc-token"    a check failed; the message names it                             (HTTP 502)
 *   "oidc-person"   nobody here is this subject                                      (HTTP 403)
 *   "oidc-account"  signing again: it is another account than the session's          (HTTP 403)
 *   "auth-time"     signing again: too long ago, or the provider does not say when   (HTTP 403)
 */
#ifndef TU_ACCESS_OIDC_H
#define TU_ACCESS_OIDC_H

#include "access/session.h"

enum { TU_OIDC_BROWSER_DIGITS = 64 };
#define TU_OIDC_FLOW_US (INT64_C(600) * 1000000)

struct tu_oidc_role {
	struct tu_str group;
	enum tu_person_role role;
};

/* Of the configuration; texts end in no NUL. */
struct tu_oidc_config {
	struct tu_str issuer; /* "https://sso.example.org/realms/a", as the provider writes it */
	struct tu_str client_id;
	struct tu_str client_secret; /* empty: a public client */
	struct tu_str redirect_uri; /* public_url and the path of the way back */
	struct tu_str scopes; /* "openid profile email" */
	struct tu_str groups_claim; /* "groups"; empty: nobody is made at a sign-in */
	const struct tu_oidc_role *roles; /* the first that fits */
	size_t role_count;
	const char *ca_file; /* certificates to trust; NULL: the system's */
};

/* What is known of the provider: fetched when it is needed, kept for an hour. */
struct tu_oidc;

/* The configuration stays the caller's, and lives as long. TU_E_USAGE: a value is not as it should
 * be. Nothing is fetched. */
TU_NODISCARD enum tu_status tu_oidc_new(
	const struct tu_oidc_config *config, struct tu_oidc **out_oidc, struct tu_error *err);
void tu_oidc_free(struct tu_oidc *oidc);

/* The client's secret, sealed in the store. Reading appends nothing where there is none. */
TU_NODISCARD enum tu_status tu_oidc_secret_put(const struct tu_access_base *base,
	struct tu_str secret, const struct tu_audit_act *act, struct tu_error *err);
TU_NODISCARD enum tu_status tu_oidc_secret_get(
	const struct tu_access_base *base, struct tu_buf *out, struct tu_error *err);

/* Ask the provider, and append what is to be said, a line each, as text for people: what is wrong,
 * and whether persons of it can sign. `out_works`: signing in can work. TU_OK also when not. */
TU_NODISCARD enum tu_status tu_oidc_check(
	struct tu_oidc *oidc, struct tu_buf *out, bool *out_works, struct tu_error *err);

struct tu_oidc_start {
	const struct tu_access *again; /* to sign again in this session; NULL: to sign in */
	int64_t at;
};

struct tu_oidc_started {
	struct tu_buf url; /* of the caller, initialised */
	char browser[TU_OIDC_BROWSER_DIGITS + 1];
};

/* Append the address for the browser; the token is for a cookie of ten minutes. TU_E_CONSTRAINT
 * "access": to sign again needs a session that began here. TU_E_BUSY: others wait for the provider
 * already; so does tu_oidc_finish(), which has not used up the way back then. */
TU_NODISCARD enum tu_status tu_oidc_start(struct tu_oidc *oidc, const struct tu_access_base *base,
	const struct tu_oidc_start *start, struct tu_oidc_started *out_started,
	struct tu_error *err);

/* What the browser brings back. */
struct tu_oidc_back {
	struct tu_str code, state, iss, error; /* of the query, decoded; empty: not there */
	struct tu_str browser; /* of the cookie */
	const struct tu_access *who; /* who asks now: to sign again it is the session's */
	struct tu_access_from from;
};

struct tu_oidc_done {
	struct tu_session_made session; /* signed in; wipe it */
	struct tu_proof proof; /* signed again */
	bool created; /* the person is new */
};

TU_NODISCARD enum tu_status tu_oidc_finish(struct tu_oidc *oidc, const struct tu_access_base *base,
	const struct tu_oidc_back *back, struct tu_oidc_done *out_done, struct tu_error *err);

struct tu_oidc_link {
	struct tu_str person; /* public id or login */
	struct tu_str issuer, subject;
};

/* Say which account at the provider a person has; recorded without it. TU_E_CONSTRAINT: it is
 * somebody's already. */
TU_NODISCARD enum tu_status tu_oidc_link(struct tu_store *store, const struct tu_oidc_link *link,
	const struct tu_audit_act *act, struct tu_error *err);
/* The opposite: of all accounts of the person, or of those of the issuer and the subject where
 * they are not empty. All sessions of the person end. TU_E_NOTFOUND: they have none. */
TU_NODISCARD enum tu_status tu_oidc_unlink(struct tu_store *store, const struct tu_oidc_link *link,
	const struct tu_audit_act *act, struct tu_error *err);

#endif
