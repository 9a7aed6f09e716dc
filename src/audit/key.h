/*
 * Keys of programs: a secret that stands for a person, or for a machine.
 *
 * A secret is shown once, when it is made:
 *
 *   tut_  64 hexadecimal digits (32 random bytes)  one check digit (Luhn, modulo 16)
 *
 * The prefix lets scanners of repositories find it; by the check digit a mistyped one is known
 * from one that nobody has. Only its SHA-256 is kept: 256 random bits need no slow hash.
 *
 * The key of a person sees what the person sees and ends with the person; that of a machine sees
 * the devices of one team, or everything where it says so. Records have the key's public id. The
 * label of a person's key is a text about the person, so it is not in the ledger and is erased
 * with them; that of a machine's key is in it. When a key was used last is not kept.
 *
 * Errors are those of store/store.h. Any thread.
 */
#ifndef TU_AUDIT_KEY_H
#define TU_AUDIT_KEY_H

#include "audit/person.h"

enum {
	TU_KEY_DIGITS = 64,
	TU_KEY_SECRET = 4 + TU_KEY_DIGITS + 1, /* characters */
	TU_KEY_LABEL_MAX = 100
};

/* What may be done with a key; whoever is asked looks at it. */
enum tu_right {
	TU_RIGHT_READ, /* lists, documents */
	TU_RIGHT_PUSH, /* SBOMs and proposals of decisions */
	TU_RIGHTS
};
#define TU_RIGHT_BIT(right) (1u << (right))

const char *tu_right_name(enum tu_right right);
bool tu_right_by_name(struct tu_str name, enum tu_right *out_right);

/* What a program may do that works like somebody of this role: TU_RIGHT_BIT(). A key signs nothing
 * and looks after no accounts, so an approver's is an analyst's. A customer's is always the key of
 * that person: a machine has no role that would narrow it. */
uint32_t tu_key_rights_of(enum tu_person_role role);

struct tu_key_new {
	struct tu_str label; /* one line of UTF-8, 1 to TU_KEY_LABEL_MAX bytes */
	uint32_t rights; /* of TU_RIGHT_BIT(), at least one */
	/* one of the three */
	struct tu_str person; /* public id or login, who is active */
	struct tu_str team; /* of a machine: public id or name */
	bool everything; /* of a machine: it sees all devices */
	int64_t expires; /* us, later than the act; 0: it does not */
};

struct tu_key_made {
	char public[TU_RANDOM_ID + 1]; /* by which it is listed, recorded and revoked */
	char secret[TU_KEY_SECRET + 1]; /* show it, then forget it */
};

/* Make a key. TU_E_USAGE: a value is not as it should be; TU_E_NOTFOUND: no such person or team. */
TU_NODISCARD enum tu_status tu_key_add(struct tu_store *store, const struct tu_key_new *key,
	const struct tu_audit_act *act, struct tu_key_made *out_key, struct tu_error *err);

/* Revoke by public id. One that is revoked stays as it is, and nothing is recorded.
 * TU_E_NOTFOUND. */
TU_NODISCARD enum tu_status tu_key_revoke(struct tu_store *store, struct tu_str public,
	const struct tu_audit_act *act, struct tu_error *err);

/* Append all keys, the oldest first, as a JSON array without white space: "id", "label", "scope"
 * ("read push everything"), "user" (login) or "team" (name), "created", "expires", "revoked". */
TU_NODISCARD enum tu_status tu_key_list(
	struct tu_store *store, struct tu_buf *out, struct tu_error *err);

/* Who asks with a key. */
struct tu_key {
	int64_t id;
	char public[TU_RANDOM_ID + 1]; /* the actor of what is done with it */
	int64_t person; /* 0: a machine */
	char person_public[TU_RANDOM_ID + 1]; /* empty: a machine */
	int64_t team; /* of a machine; 0: none */
	bool everything; /* of a machine */
	uint32_t rights;
};

/*
 * The key of a secret at a time. TU_E_CONSTRAINT with a pointer that says why not:
 *
 *   key-form     it is no secret of a key, or is mistyped; the database was not asked
 *   key          there is no such key
 *   key-person   its person may not act any more
 *   key-revoked  it was revoked
 *   key-expired  its time is over
 *
 * The reasons after "key" reach only who has the whole secret. It is found by the index of its hash
 * and compared in the same time for all that differ; a timing says something of hashes, from which
 * nobody gets to a secret. Nothing is written.
 */
TU_NODISCARD enum tu_status tu_key_authenticate(struct tu_store *store, struct tu_str secret,
	int64_t at, struct tu_key *out_key, struct tu_error *err);

#endif
