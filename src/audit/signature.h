/*
 * Signatures of persons (21 CFR Part 11): the printed name, the time with its zone, what the
 * signature means (11.50), bound to the SHA-256 of what was shown (11.70), by somebody who has just
 * proven again who they are (11.200), whose id is theirs alone (11.100).
 *
 * Who may sign what is a table of rules (signature_rules.c). Whether two persons have to is the
 * policy of whoever asks: tu_signature_count().
 *
 * Errors are those of store/store.h. Any thread.
 */
#ifndef TU_AUDIT_SIGNATURE_H
#define TU_AUDIT_SIGNATURE_H

#include "audit/person.h"
#include "audit/reset.h"
#include "sign/purpose.h"

enum tu_meaning {
	TU_MEANING_AUTHORSHIP,
	TU_MEANING_REVIEW,
	TU_MEANING_APPROVAL,
	TU_MEANING_RESPONSIBILITY,
	TU_MEANINGS
};

const char *tu_meaning_name(enum tu_meaning meaning);
bool tu_meaning_by_name(struct tu_str name, enum tu_meaning *out_meaning);

/* How long a proof counts. */
#define TU_PROOF_US (INT64_C(5) * 60 * 1000000)

/* ---- the rules ---- */

struct tu_signature_facts {
	enum tu_person_role role;
	enum tu_meaning meaning;
	bool active; /* the person may act */
	bool named; /* a printed name is known */
	bool proven; /* the proof is of this person */
	bool once; /* and by a one-time password, which somebody else knows */
	int64_t proof_age; /* us; negative: it is of the future */
	bool own_work; /* it is the person's own */
	bool signed_before; /* the same person, content and meaning */
	bool zone; /* the zone is one */
};

/* TU_E_CONSTRAINT: err->pointer is the rule's name, the message says it. Pure. */
TU_NODISCARD enum tu_status tu_signature_judge(
	const struct tu_signature_facts *facts, struct tu_error *err);

/* ---- signing ---- */

struct tu_signature_request {
	struct tu_str person; /* who signs: public id or login */
	struct tu_proof proof; /* of tu_person_authenticate() */
	enum tu_meaning meaning;
	struct tu_str subject; /* "assessment:<public id>" */
	uint8_t content[TU_SHA256_BYTES]; /* of what was shown */
	struct tu_str author; /* public id or login of the person whose work it is, or public id
				 of their key; empty: no person's */
	int64_t at; /* us since 1970, UTC */
	struct tu_str zone; /* of the signer: "Z", "+01:00" */
};

/* A signature; fixed storage, to be recorded and shown. */
struct tu_signature {
	char public[TU_RANDOM_ID + 1];
	char person[TU_RANDOM_ID + 1]; /* public id */
	char printed_name[TU_PERSONAL_VALUE_MAX + 1];
	char subject[TU_SIGN_SUBJECT_MAX + 1];
	char zone[8];
	enum tu_meaning meaning;
	uint8_t content[TU_SHA256_BYTES];
	int64_t id;
	int64_t at;
	struct tu_resets resets; /* of the week before: somebody else could have signed */
};

/* Add the row, among the statements of a transaction. TU_E_CONSTRAINT: a rule; TU_E_NOTFOUND: no
 * such person; TU_E_LIMIT: the subject is too long. tu_signature_record() is due in the same
 * transaction. */
TU_NODISCARD enum tu_status tu_signature_add(struct tu_tx *tx,
	const struct tu_signature_request *request, struct tu_signature *out_signature,
	struct tu_error *err);
/* Its record, when the statements are done. */
TU_NODISCARD enum tu_status tu_signature_record(struct tu_tx *tx,
	const struct tu_signature *signature, struct tu_str reason, struct tu_error *err);
/* The members of that record, for who writes it another way: action "signature.add", subject
 * "signature:<public id>". */
void tu_signature_write_record(const struct tu_signature *signature, struct tu_json_writer *json);
/* Both, in a transaction of their own. */
TU_NODISCARD enum tu_status tu_signature_sign(struct tu_store *store,
	const struct tu_signature_request *request, struct tu_str reason,
	struct tu_signature *out_signature, struct tu_error *err);

/* May who has this role sign with this meaning? */
bool tu_signature_may(enum tu_person_role role, enum tu_meaning meaning);

/* How many persons other than the author (as above) have signed
 * exactly this content with this meaning. A policy that asks for two persons compares with 2. */
TU_NODISCARD enum tu_status tu_signature_count(struct tu_tx *tx,
	const struct tu_signature_request *of, int64_t *out_persons, struct tu_error *err);

/* Append the signature for people: "<printed name>, <time with zone>: approval". */
void tu_signature_write(const struct tu_signature *signature, struct tu_buf *out);

#endif
