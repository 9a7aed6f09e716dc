/*
 * Single sign-on as it is configured: one provider, kept as a setting with its client's secret
 * sealed beside it, and what a process knows of it at the moment.
 *
 * The version begins with 1, when nothing was configured yet, and rises with each change. Errors
 * are those of store/store.h. Any thread.
 */
#ifndef TU_ACCESS_SSO_H
#define TU_ACCESS_SSO_H

#include "access/oidc.h"

enum { TU_SSO_ROLES = 50 };

struct tu_sso_setting {
	int64_t version;
	bool on; /* else the texts are empty */
	struct tu_str issuer, client_id;
	struct tu_str scopes;
	struct tu_str groups_claim; /* empty: nobody is made at a sign-in */
	const struct tu_oidc_role *roles;
	size_t role_count;
};

/* Texts and roles are in the arena. TU_E_CORRUPT: the row is none that was written. */
TU_NODISCARD enum tu_status tu_sso_read(struct tu_store *store, struct tu_arena *arena,
	struct tu_sso_setting *out_setting, struct tu_error *err);

struct tu_sso_change {
	const struct tu_sso_setting
		*to; /* its version is what was read before; 0: whatever it is. NULL: all but the
			secret stays; processes take the new one from now on */
	struct tu_str secret; /* of the client; ptr NULL: as it is */
};
/* Recorded, without the secret. TU_E_CONFLICT: it was changed meanwhile; TU_E_USAGE: a value is not
 * as it should be. */
TU_NODISCARD enum tu_status tu_sso_write(const struct tu_access_base *base,
	const struct tu_sso_change *change, const struct tu_audit_act *act, struct tu_error *err);

/* ---- in a process ---- */

struct tu_sso;
struct tu_sso_held;

TU_NODISCARD enum tu_status tu_sso_new(struct tu_sso **out_sso, struct tu_error *err);
void tu_sso_free(struct tu_sso *sso); /* when nothing is held any more; NULL is fine */

/* The provider as it is configured now, with `redirect_uri` as the way back: known documents are
 * kept as long as neither changes. Drop it. TU_E_NOTFOUND: none is configured. */
TU_NODISCARD enum tu_status tu_sso_hold(struct tu_sso *sso, const struct tu_access_base *base,
	struct tu_str redirect_uri, struct tu_sso_held **out_held, struct tu_error *err);
struct tu_oidc *tu_sso_oidc(const struct tu_sso_held *held);
void tu_sso_drop(struct tu_sso *sso, struct tu_sso_held *held); /* NULL is fine */

#endif
