#include "access/access.h"

#include "access/credential.h"
#include "access/record.h"
#include "access/session.h"
#include "base/hmac.h"
#include "portfolio/scope.h"

#define USE_EVERY INT64_C(60000000) /* us */

struct asking {
	const struct tu_access_request *request;
	struct tu_credential with;
	struct tu_arena *arena;
	struct tu_access *who;
	int64_t used;
};

static enum tu_status nobody(struct tu_error *err)
{
	return tu_access__refuse(err, "access", "this key does not count");
}

/* ---- keys ---- */

static enum tu_status find_role(struct asking *a, struct tu_tx *tx, struct tu_error *err)
{
	struct tu_person person;
	enum tu_status status =
		tu_person_find(tx, tu_str_c(a->who->key.person_public), a->arena, &person, err);

	if (status)
		return status;
	a->who->has_role = true;
	a->who->role = person.role;
	a->who->classes &= tu_access_role_classes(person.role);
	return TU_OK;
}

static enum tu_status look_key(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct asking *a = self;
	struct tu_access *who = a->who;
	enum tu_status status = TU_OK;

	who->classes = tu_access_key_classes(who->key.rights);
	if (who->key.person)
		status = find_role(a, tx, err);
	if (!status)
		status = tu_scope_of_key(tx, &who->key, a->arena, &who->scope, err);
	/* removed in between */
	return status == TU_E_CONSTRAINT || status == TU_E_NOTFOUND ? nobody(err) : status;
}

static enum tu_status ask_key(struct asking *a, struct tu_store *store, struct tu_error *err)
{
	struct tu_access *who = a->who;
	enum tu_status status =
		tu_key_authenticate(store, a->with.text, a->request->at, &who->key, err);

	if (status == TU_E_CONSTRAINT)
		return nobody(err);
	if (!status)
		status = tu_store_run(store, TU_TX_READ, look_key, a, err);
	if (status)
		return status;
	who->by = TU_ACCESS_KEY;
	who->person = who->key.person;
	memcpy(who->actor, who->key.public, sizeof(who->actor));
	memcpy(who->person_public, who->key.person_public, sizeof(who->person_public));
	return TU_OK;
}

/* ---- sessions ---- */

static void fill(struct asking *a, const struct tu_session *session)
{
	struct tu_access *who = a->who;
	int64_t idle = session->used + tu_access_limit_us(TU_LIMIT_SESSION_IDLE);

	who->by = TU_ACCESS_SESSION;
	who->person = session->person;
	memcpy(who->actor, session->person_public, sizeof(who->actor));
	memcpy(who->person_public, session->person_public, sizeof(who->person_public));
	who->has_role = true;
	who->role = session->role;
	who->classes = tu_access_role_classes(session->role);
	who->once = session->once;
	if (session->once)
		who->classes &= TU_CLASS_BIT(TU_CLASS_PUBLIC) | TU_CLASS_BIT(TU_CLASS_SELF);
	who->session = session->id;
	memcpy(who->session_public, session->public, sizeof(who->session_public));
	memcpy(who->csrf, session->csrf, sizeof(who->csrf));
	who->strength = session->strength;
	who->proven_at = session->proven;
	who->expires = idle < session->expires ? idle : session->expires;
	a->used = session->used;
}

static enum tu_status look_session(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct asking *a = self;
	const struct tu_access_from from = {.host = a->request->host, .at = a->request->at};
	struct tu_session session;
	enum tu_status status = tu_session_find(tx, a->with.text, &from, &session, err);

	/* a page of another origin can make a browser send a cookie, and no header */
	if (!status && a->request->unsafe && a->with.kind != TU_CREDENTIAL_BEARER &&
		!tu_same_secret(a->request->csrf, tu_str_c(session.csrf)))
		status = tu_access__refuse(err, "csrf",
			"a request that changes something needs the session's token in the header "
			"X-CSRF-Token");
	if (!status)
		status = tu_scope_of_person(
			tx, tu_str_c(session.person_public), a->arena, &a->who->scope, err);
	if (!status)
		fill(a, &session);
	return status;
}

static enum tu_status note_use(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct asking *a = self;

	return tu_tx_exec(tx, TU_SQL_SESSION_USE,
		TU_BIND(tu_int(a->who->session), tu_int(a->request->at)), NULL, err);
}

static enum tu_status ask_session(struct asking *a, struct tu_store *store, struct tu_error *err)
{
	enum tu_status status = tu_store_run(store, TU_TX_READ, look_session, a, err);

	/* where nothing can be written (a full disk) people still read; the session ends sooner */
	if (!status && a->request->at - a->used >= USE_EVERY)
		(void)!tu_store_run(store, TU_TX_WRITE, note_use, a, NULL);
	return status;
}

enum tu_status tu_access_ask(struct tu_store *store, const struct tu_access_request *request,
	struct tu_arena *arena, struct tu_access *out_who, struct tu_error *err)
{
	struct asking a = {request, tu_credential_read(request), arena, out_who, 0};
	enum tu_status status = TU_OK;

	*out_who = (struct tu_access){0};
	switch (a.with.kind) {
	case TU_CREDENTIAL_NONE:
		break;
	case TU_CREDENTIAL_SESSION:
	case TU_CREDENTIAL_BEARER:
		status = ask_session(&a, store, err);
		break;
	case TU_CREDENTIAL_KEY:
		status = ask_key(&a, store, err);
		break;
	case TU_CREDENTIAL_BAD:
		status = tu_access__refuse(
			err, "access", "what came to say who asks is neither a session nor a key");
		break;
	}
	if (status)
		*out_who = (struct tu_access){0};
	return status;
}
