/* Who somebody is, by login and password. */
#include <string.h>

#include "audit/person.h"
#include "audit/record.h"

enum { FIND_MEMORY = 64 * 1024 };

struct asking {
	struct tu_str login;
	struct tu_audit_act act;
	int64_t id; /* 0: nobody */
	char public[TU_RANDOM_ID + 1];
	char hash[TU_PASSWORD_HASH_MAX];
	int64_t once_until;
};

/* A person who is not active, or has no password, is as good as nobody. */
static enum tu_status look(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct asking *a = self;
	struct tu_arena *arena = tu_arena_new(FIND_MEMORY);
	struct tu_person person;
	enum tu_status status =
		arena ? tu_person_find(tx, a->login, arena, &person, err) : tu_no_memory(err);

	a->id = 0;
	if (status == TU_E_NOTFOUND) {
		status = TU_OK;
	} else if (!status && tu_str_eq(person.login, a->login) && person.active) {
		a->id = person.id;
		a->once_until = person.once_until;
		memcpy(a->public, person.public.ptr,
			person.public.len < TU_RANDOM_ID ? person.public.len : TU_RANDOM_ID);
		if (person.password.len < sizeof(a->hash) && person.password.len)
			memcpy(a->hash, person.password.ptr, person.password.len);
	}
	tu_arena_free(arena);
	return status;
}

static enum tu_status record_failure(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct asking *a = self;
	struct tu_audit_body body;

	tu_audit__open(&body);
	return tu_audit__record(tx, &a->act,
		(const char *const[]){
			"authentication.fail", "person", a->id ? a->public : "unknown"},
		&body, err);
}

enum tu_status tu_person_authenticate(struct tu_store *store, const struct tu_login *login,
	struct tu_proof *out_proof, struct tu_error *err)
{
	struct asking a = {.login = login->login};
	bool fits = false;
	enum tu_status status = tu_store_run(store, TU_TX_READ, look, &a, err);

	*out_proof = (struct tu_proof){0};
	if (!status) /* for nobody, too: it takes as long */
		status = tu_password_verify(a.hash, login->password, &fits, err);
	if (status)
		return status;
	if (fits && a.id) {
		if (a.once_until && login->at >= a.once_until)
			return tu_fail_at(err, TU_E_CONSTRAINT,
				&(struct tu_error_place){.pointer = "password-expired"},
				"this one-time password has expired: ask an administrator for "
				"another");
		*out_proof = (struct tu_proof){
			.person = a.id, .at = login->at, .once = a.once_until != 0};
		return TU_OK;
	}
	/* of nobody, too: the time of a write would say that there is somebody */
	a.act = (struct tu_audit_act){
		.at = login->at, .actor = a.id ? tu_random_id_str(a.public) : TU_STR("unknown")};
	status = tu_store_run(store, TU_TX_WRITE, record_failure, &a, err);
	return status ? status
		      : tu_fail_at(err, TU_E_CONSTRAINT,
				&(struct tu_error_place){.pointer = "authentication"},
				"login and password do not belong together");
}
