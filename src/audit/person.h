/*
 * Persons who have an account: added, found, authenticated, erased.
 *
 * A person is never deleted: the public id stays in records, and the printed name in what was
 * signed (21 CFR 11.50, 11.100: an id is not given to anybody else). What else is personal can be
 * erased.
 *
 * Errors are those of store/store.h. Any thread.
 */
#ifndef TU_AUDIT_PERSON_H
#define TU_AUDIT_PERSON_H

#include "audit/personal.h"
#include "base/random.h"
#include "sign/password.h"

/* What a person is there for. What each may sign is a table of signature_rules.c, who sees all
 * devices one of portfolio/scope.c. */
enum tu_person_role {
	TU_PERSON_VIEWER, /* reads */
	TU_PERSON_ANALYST, /* writes and reviews decisions */
	TU_PERSON_APPROVER, /* and approves those of others */
	TU_PERSON_ADMINISTRATOR, /* looks after accounts, teams and keys; signs nothing */
	TU_PERSON_AUDITOR, /* reads everything, also the ledger */
	TU_PERSON_CUSTOMER, /* reads what is meant for them */
	TU_PERSON_ROLES
};

const char *tu_person_role_name(enum tu_person_role role);
bool tu_person_role_by_name(struct tu_str name, enum tu_person_role *out_role);

struct tu_person_new {
	struct tu_str login; /* lower-case letters, digits, "." "_" "-" "@", at most 100 */
	struct tu_str name; /* as it is printed on what the person signs */
	struct tu_str mail; /* may be empty */
	enum tu_person_role role;
	struct tu_str password; /* by tu_password_check(); empty: none */
};

/* A password that somebody else has set is a one-time password: with it a person may only choose
 * one of their own, within a day. */
#define TU_ONCE_US (INT64_C(24) * 3600 * 1000000)

/* Add a person; their id is written to `out_public`. The password is a one-time password, unless
 * act->own_password. TU_E_CONSTRAINT with pointer "person": the
 * login is taken. TU_E_USAGE: a value is not as it should be. */
TU_NODISCARD enum tu_status tu_person_add(struct tu_store *store,
	const struct tu_person_new *person, const struct tu_audit_act *act,
	char out_public[TU_RANDOM_ID + 1], struct tu_error *err);

struct tu_person {
	int64_t id;
	struct tu_str public; /* what records have */
	struct tu_str login;
	struct tu_str name;
	struct tu_str mail;
	struct tu_str password; /* the hash; empty: none */
	enum tu_person_role role;
	bool active;
	bool erased;
	int64_t version;
	int64_t once_until; /* us: the password is a one-time password; 0: it is their own */
};

/* By public id or login; texts are in the arena. TU_E_NOTFOUND. */
TU_NODISCARD enum tu_status tu_person_find(struct tu_tx *tx, struct tu_str public_or_login,
	struct tu_arena *arena, struct tu_person *out_person, struct tu_error *err);

/* Append all persons, also those who are not active, as a JSON array without white space: "id",
 * "login", "name", "mail", "role", "state", "password" (whether there is one). */
TU_NODISCARD enum tu_status tu_person_list(
	struct tu_store *store, struct tu_buf *out, struct tu_error *err);

/* Set or take away (empty) a password; recorded without it. Their sessions end. It is a one-time
 * password, unless the actor is the person, or act->own_password; and where the actor is somebody
 * else, audit/reset.h keeps it. TU_E_USAGE also when it may not be chosen (sign/password.h). */
TU_NODISCARD enum tu_status tu_person_set_password(struct tu_store *store, struct tu_str who,
	struct tu_str password, const struct tu_audit_act *act, struct tu_error *err);

struct tu_person_role_change {
	struct tu_str who; /* public id or login */
	enum tu_person_role role;
	int64_t version; /* that the person read who changes it; 0: whatever it is */
};
/* Give another role; it counts from the next request on. The same role: nothing is recorded.
 * TU_E_CONFLICT: the account changed meanwhile; TU_E_USAGE: the person is not active;
 * TU_E_CONSTRAINT with pointer "last-administrator": nobody else administrates. */
TU_NODISCARD enum tu_status tu_person_set_role(struct tu_store *store,
	const struct tu_person_role_change *change, const struct tu_audit_act *act,
	struct tu_error *err);

/* Of person_role.c, in a transaction that writes: TU_E_CONSTRAINT with pointer "last-administrator"
 * where nobody but this person administrates. Until the transaction ends nobody else changes those
 * who do. */
TU_NODISCARD enum tu_status tu_person__check_last(
	struct tu_tx *tx, const struct tu_person *person, struct tu_error *err);

/* Let a person act no longer; the rest stays. One who is not active is left as they are. */
TU_NODISCARD enum tu_status tu_person_remove(struct tu_store *store, struct tu_str who,
	const struct tu_audit_act *act, struct tu_error *err);

/*
 * Who somebody proved to be, when: needed to sign (21 CFR 11.200: login and password). Made by
 * tu_person_authenticate() and, in the service, by access/prove.h only.
 */
struct tu_proof {
	int64_t person; /* 0: nobody */
	int64_t at;
	bool once; /* by a one-time password: nothing can be signed with it */
};

struct tu_login {
	struct tu_str login;
	struct tu_str password;
	int64_t at; /* us since 1970, UTC */
};

/* Verify login and password. TU_E_CONSTRAINT with pointer "password-expired": they fit, and it is a
 * one-time password that counts no more; with pointer "authentication": they do not fit, or the
 * person is not active; which of them is not said, and takes as long. A failure is recorded, by
 * the public id where there is a person. */
TU_NODISCARD enum tu_status tu_person_authenticate(struct tu_store *store,
	const struct tu_login *login, struct tu_proof *out_proof, struct tu_error *err);

/* What an erasure did. */
struct tu_erasure {
	bool already; /* it had been done: nothing changed */
	size_t values; /* that were erased */
};

/*
 * Erase the personal data of a person (public id, login or mail address), or of somebody without an
 * account (any value that is kept of them, such as the address of a reporter). Their keys stop
 * working, they leave their teams; a record has the digests. Names on signatures stay. Done twice
 * it changes nothing. TU_E_NOTFOUND: nobody of that id, login or address, or no longer.
 */
TU_NODISCARD enum tu_status tu_person_erase(struct tu_store *store, struct tu_str who,
	const struct tu_audit_act *act, struct tu_erasure *out_erasure, struct tu_error *err);

/* Append all that is kept of a person as JSON: the right of access. */
TU_NODISCARD enum tu_status tu_person_write(
	struct tu_store *store, struct tu_str who, struct tu_buf *out, struct tu_error *err);

#endif
