/*
 * Sessions of persons: 256 random bits in a cookie, of which the store has the SHA-256.
 *
 * A session ends an hour after its last use or 12 hours after its beginning, or as access/limits.h
 * says (NIST SP 800-63B-4, 2.2.3), when it is revoked, when the person's password changes or the
 * person may act no more, and when the clock was set back by more than five minutes. It counts for
 * the host only for which it began. Its row is deleted when it is over; the ledger has its
 * beginning and end.
 *
 * The CSRF token is the SHA-256 of a label and the session's token: the page gets it from the API
 * and gives it back in a header, which no page of another origin can.
 *
 * Errors are those of store/store.h. Any thread. Times are us since 1970, UTC.
 */
#ifndef TU_ACCESS_SESSION_H
#define TU_ACCESS_SESSION_H

#include "access/access.h"
#include "access/base.h"
#include "access/limits.h"

#define TU_SESSION_BACK_US (INT64_C(300) * 1000000)

struct tu_session_new {
	int64_t person;
	struct tu_str person_public;
	enum tu_access_strength strength;
	struct tu_str issuer, subject; /* with a provider; else empty */
	int64_t proven; /* when they proved who they are; 0: it is not known */
	bool once; /* by a one-time password */
	const struct tu_access_from *from;
};

struct tu_session_made {
	char token[TU_SESSION_DIGITS + 1]; /* for the cookie; wipe it */
	char csrf[TU_CSRF_DIGITS + 1];
	char public[TU_RANDOM_ID + 1];
	int64_t id;
	int64_t person;
	int64_t expires;
	bool once; /* as of struct tu_access */
};

/* Begin a session and record it; last in the transaction. Sessions that are over are deleted. */
TU_NODISCARD enum tu_status tu_session_begin(struct tu_tx *tx, const struct tu_session_new *session,
	struct tu_session_made *out_session, struct tu_error *err);

/* Append the value of Set-Cookie; an empty token takes the cookie away. */
void tu_session_cookie_write(struct tu_str token, bool https, struct tu_buf *out);

/* Who a session's token stands for; tu_access_ask() asks this. TU_E_CONSTRAINT with pointer
 * "access". */
struct tu_session {
	int64_t id;
	int64_t person;
	int64_t used, proven, expires;
	char public[TU_RANDOM_ID + 1];
	char person_public[TU_RANDOM_ID + 1];
	char csrf[TU_CSRF_DIGITS + 1];
	enum tu_access_strength strength;
	enum tu_person_role role;
	bool once; /* with a one-time password */
};
TU_NODISCARD enum tu_status tu_session_find(struct tu_tx *tx, struct tu_str token,
	const struct tu_access_from *from, struct tu_session *out_session, struct tu_error *err);

struct tu_session_of {
	struct tu_str person; /* public id or login */
	struct tu_str session; /* public id; empty: all of the person */
	int64_t keep; /* of all: the id of one that stays; 0: none */
};

/* End them; recorded. TU_E_NOTFOUND: the person has no such session. */
TU_NODISCARD enum tu_status tu_session_end(struct tu_store *store, const struct tu_session_of *of,
	const struct tu_audit_act *act, struct tu_error *err);

/* Append a person's sessions as a JSON array without white space: "id", "agent", "strength",
 * "created", "used", "expires" (us), "this" (is it `keep`). */
TU_NODISCARD enum tu_status tu_session_list(struct tu_store *store, const struct tu_session_of *of,
	int64_t at, struct tu_buf *out, struct tu_error *err);

/* The same as rows; texts are in the arena. TU_E_NOTFOUND: nobody has that id or login. */
struct tu_session_row {
	struct tu_str public, agent, strength;
	int64_t created, used, expires; /* us since 1970, UTC */
	bool current; /* it is `own` */
};
struct tu_session_rows {
	struct tu_session_row *at;
	size_t count;
};
struct tu_session_whose {
	struct tu_str person; /* public id or login */
	int64_t own; /* id of the session that asks; 0: none */
	int64_t at;
};
TU_NODISCARD enum tu_status tu_session_rows(struct tu_tx *tx, const struct tu_session_whose *whose,
	struct tu_arena *arena, struct tu_session_rows *out_rows, struct tu_error *err);

#endif
