/*
 * Who is asking, and what they may do: the answer of access/ to every request.
 *
 * A request comes with a session's cookie (a person), or with a key (a program: of a person or of
 * a machine), or with neither. tu_access_ask() finds out who that is; whoever answers the request
 * looks at `classes` and `scope`, and writes `actor` into records.
 *
 *   class      what is in it                                         (access/roles.c has the table)
 *   PUBLIC     what is published, and the customer's own documents
 *   READ       devices, releases, findings, cases, deadlines, evidence, intelligence
 *   WRITE      SBOMs, the safety model, cases, drafts, proposals of decisions
 *   APPROVE    signing: decisions, statements, approvals
 *   PUBLISH    publishing and withdrawing statements
 *   SETUP      devices, variants, policies, matrices, saved views of all
 *   AUDIT      the ledger, checkpoints, signatures
 *   ADMIN      persons, teams, keys of others, sources, jobs, settings
 *   SELF       one's own password, second factor, sessions and keys
 *
 * A key has the classes of its rights (audit/key.h) and, when it is a person's, of the person's
 * role: what both allow. It never has APPROVE, PUBLISH, ADMIN or SELF. What is not in the scope
 * does not exist for whoever asks. Signing needs also a proof that is fresh: access/signin.h.
 *
 * Errors are those of store/store.h, and TU_E_CONSTRAINT with one of these pointers:
 *
 *   "access"   nobody may be taken for anybody by what came with the request      (HTTP 401)
 *   "csrf"     a cookie, an unsafe method, and not the session's CSRF token       (HTTP 403)
 *
 * Any thread. Times are us since 1970, UTC.
 */
#ifndef TU_ACCESS_ACCESS_H
#define TU_ACCESS_ACCESS_H

#include <tutela/arena.h>

#include "audit/key.h"
#include "audit/person.h"
#include "list/query.h"

enum tu_access_class {
	TU_CLASS_PUBLIC,
	TU_CLASS_READ,
	TU_CLASS_WRITE,
	TU_CLASS_APPROVE,
	TU_CLASS_PUBLISH,
	TU_CLASS_SETUP,
	TU_CLASS_AUDIT,
	TU_CLASS_ADMIN,
	TU_CLASS_SELF,
	TU_CLASSES
};
#define TU_CLASS_BIT(class) (1u << (class))

const char *tu_access_class_name(enum tu_access_class class);
/* A set of TU_CLASS_BIT(): what a role may do; what a key of these rights may do. */
uint32_t tu_access_role_classes(enum tu_person_role role);
uint32_t tu_access_key_classes(uint32_t rights);

enum tu_access_by {
	TU_ACCESS_NOBODY, /* nothing came with the request */
	TU_ACCESS_SESSION,
	TU_ACCESS_KEY
};

/* How strongly a person proved who they are when the session began or was renewed. */
enum tu_access_strength {
	TU_STRENGTH_NONE, /* a key, or nobody */
	TU_STRENGTH_PASSWORD,
	TU_STRENGTH_TWO_FACTORS, /* password and TOTP or recovery code */
	TU_STRENGTH_PROVIDER /* by single sign-on */
};

enum { TU_CSRF_DIGITS = 64, TU_SESSION_DIGITS = 64 };

/* Fixed storage but for the scope's ids, which are in the arena of the request. Zeroed: nobody, who
 * may do and see nothing. */
struct tu_access {
	enum tu_access_by by;
	char actor[TU_RANDOM_ID + 1]; /* public id for records: the key's, or the person's */
	uint32_t classes; /* TU_CLASS_BIT() */
	struct tu_list_scope scope;

	int64_t person; /* 0: nobody, or a machine */
	char person_public[TU_RANDOM_ID + 1]; /* empty: as above */
	bool has_role; /* false: nobody, or a machine */
	enum tu_person_role role;

	struct tu_key key; /* by key; else zeroed */

	/* by session; else zeroed */
	int64_t session;
	char session_public[TU_RANDOM_ID + 1];
	char csrf[TU_CSRF_DIGITS + 1]; /* give it to the page; it comes back in X-CSRF-Token */
	enum tu_access_strength strength;
	bool once; /* began with a one-time password: they choose their own, and do nothing else */
	int64_t proven_at; /* when they last proved who they are */
	int64_t expires; /* when the session ends if it is used */
};

static inline bool tu_access_may(const struct tu_access *who, enum tu_access_class class)
{
	return who->classes & TU_CLASS_BIT(class);
}

/* What came with a request: values of headers, empty where there is none. */
struct tu_access_request {
	struct tu_str cookie; /* Cookie */
	struct tu_str authorization; /* Authorization: "Bearer tut_…", or a session's token */
	struct tu_str api_key; /* X-Api-Key: "tut_…", as clients of Dependency-Track send it */
	struct tu_str csrf; /* X-CSRF-Token */
	struct tu_str host; /* Host, which http/ has judged; a session is bound to it */
	bool https; /* as the client sees it: the cookie's name is "__Host-tutela", else "tutela"
		     */
	bool unsafe; /* the method is not GET, HEAD or OPTIONS */
	int64_t at;
};

/*
 * Who asks? Without cookie and key: nobody, and TU_OK. A header goes before a cookie, and then no
 * CSRF token is needed. A session that is over, was revoked or is another host's, and a key that
 * does not count, are TU_E_CONSTRAINT "access"; the message says no more than that. Times of use
 * are written at most once a minute, if they can be. On failure `out_who` is nobody.
 */
TU_NODISCARD enum tu_status tu_access_ask(struct tu_store *store,
	const struct tu_access_request *request, struct tu_arena *arena, struct tu_access *out_who,
	struct tu_error *err);

#endif
