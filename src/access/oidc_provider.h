/* Inside of access/oidc.h: what is known of a provider, and the checks of its tokens. */
#ifndef TU_ACCESS_OIDC_PROVIDER_H
#define TU_ACCESS_OIDC_PROVIDER_H

#include <stdatomic.h>
#include <threads.h>

#include "access/oidc.h"
#include "base/json.h"

enum { TU_OIDC_ENDPOINT_MAX = 2048, TU_OIDC_AT_ONCE = 4 };

struct tu_oidc {
	const struct tu_oidc_config *config;
	atomic_uint inside; /* that may wait for the provider */
	mtx_t lock; /* over all that follows */
	bool known; /* the document of discovery was read */
	char authorization[TU_OIDC_ENDPOINT_MAX];
	char token[TU_OIDC_ENDPOINT_MAX];
	char jwks[TU_OIDC_ENDPOINT_MAX];
	bool posts_secret; /* else it goes by HTTP Basic */
	bool sends_iss; /* RFC 9207 */
	bool knows_pkce, knows_algorithm, says_auth_time, says_claims;
	int64_t read_at; /* us; of the document */
	struct tu_buf keys; /* the JWK set; empty: not read */
	int64_t keys_at;
};

/*
 * Whoever may wait for the provider enters before; at most TU_OIDC_AT_ONCE do at a time, for a
 * provider that hangs must not take all threads of the service. TU_E_BUSY: do not, and do not
 * leave.
 */
TU_NODISCARD enum tu_status tu_oidc__enter(struct tu_oidc *oidc, struct tu_error *err);
void tu_oidc__leave(struct tu_oidc *oidc);

/* Read the document, unless it is known and younger than an hour. The lock is held. */
TU_NODISCARD enum tu_status tu_oidc__discover(
	struct tu_oidc *oidc, int64_t at, struct tu_error *err);

/* Verify a token with the provider's keys, read again once when none fits and they are older than a
 * minute; append its payload. */
TU_NODISCARD enum tu_status tu_oidc__verify(struct tu_oidc *oidc, struct tu_str token, int64_t at,
	struct tu_buf *out, struct tu_error *err);

/* ---- pure ---- */

struct tu_oidc_expected {
	struct tu_str issuer, client_id, nonce;
	struct tu_str access_token; /* for at_hash; may be empty */
	int64_t at; /* us */
	bool signing; /* auth_time is needed, and young */
};

/* What a payload says of a person; texts live in its document. */
struct tu_oidc_claims {
	struct tu_str subject;
	struct tu_str login, name, mail; /* empty: not said, or not to be trusted */
	int64_t auth_time; /* us; 0: not said */
};

/* All checks but the signature. TU_E_CONSTRAINT "oidc-token" or "auth-time". */
TU_NODISCARD enum tu_status tu_oidc__judge(struct tu_json payload,
	const struct tu_oidc_expected *expected, struct tu_oidc_claims *out_claims,
	struct tu_error *err);

/* ---- persons ---- */

struct tu_oidc_asked {
	const struct tu_oidc_claims *claims;
	struct tu_json payload; /* for the groups */
	int64_t at;
};

struct tu_oidc_who {
	int64_t id;
	char public[TU_RANDOM_ID + 1];
	bool created;
};

/* The person of a subject, made where the configuration has a role for a group. TU_E_CONSTRAINT
 * "oidc-person". */
TU_NODISCARD enum tu_status tu_oidc__person(const struct tu_oidc_config *config,
	struct tu_store *store, const struct tu_oidc_asked *asked, struct tu_oidc_who *out_who,
	struct tu_error *err);

#endif
