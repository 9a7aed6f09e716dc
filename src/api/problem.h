/*
 * What went wrong, as application/problem+json (RFC 9457): one table from tu_status.
 *
 *	{"type": "urn:tutela:problem:invalid", "title": "…", "status": 422, "detail": "…",
 *	 "request": "…", "errors": [{"pointer": "/name", "type": "required", …}]}
 *
 * `type` and the type of each error are stable, so that a page can translate them; title and detail
 * are English. What a status of 500 is about is in the log only, under the id of the request.
 */
#ifndef TU_API_PROBLEM_H
#define TU_API_PROBLEM_H

#include <stdbool.h>
#include <stdint.h>

#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

enum tu_api_problem_type {
	TU_PROBLEM_NONE, /* by the tu_status */
	TU_PROBLEM_BAD_REQUEST,
	TU_PROBLEM_UNAUTHENTICATED,
	TU_PROBLEM_CREDENTIALS, /* login, password or code are wrong */
	TU_PROBLEM_NEEDS_CODE, /* of the authenticator */
	TU_PROBLEM_CSRF,
	TU_PROBLEM_FORBIDDEN,
	TU_PROBLEM_PASSWORD_EXPIRED, /* a one-time password */
	TU_PROBLEM_NEEDS_PASSWORD, /* one of their own */
	TU_PROBLEM_NEEDS_PERSON,
	TU_PROBLEM_NEEDS_PROOF, /* sign in again to sign */
	TU_PROBLEM_NEEDS_PROVIDER, /* the same, at the provider of single sign-on */
	TU_PROBLEM_SSO_FLOW, /* the way back from the provider is of no flow that began here */
	TU_PROBLEM_SSO_REFUSED, /* the provider says no */
	TU_PROBLEM_SSO_TOKEN, /* a check of its token failed */
	TU_PROBLEM_SSO_PERSON, /* nobody here is this subject */
	TU_PROBLEM_SSO_ACCOUNT, /* signing again: another account */
	TU_PROBLEM_SSO_TIME, /* signing again: too long ago, or not said when */
	TU_PROBLEM_SSO_PROVIDER, /* it does not answer as it should */
	TU_PROBLEM_SET_UP, /* the link of the set-up does not count */
	TU_PROBLEM_NOT_FOUND,
	TU_PROBLEM_METHOD,
	TU_PROBLEM_NOT_OFFERED,
	TU_PROBLEM_NOT_ACCEPTABLE,
	TU_PROBLEM_CONFLICT,
	TU_PROBLEM_LOCKED, /* what is released changes by a correction with a reason only */
	TU_PROBLEM_IN_PROGRESS, /* the same Idempotency-Key is being answered */
	TU_PROBLEM_STALE, /* If-Match is not the present version */
	TU_PROBLEM_TOO_LARGE,
	TU_PROBLEM_MEDIA_TYPE,
	TU_PROBLEM_INVALID,
	TU_PROBLEM_KEY_REUSED, /* another body under the same Idempotency-Key */
	TU_PROBLEM_IF_MATCH, /* it is missing */
	TU_PROBLEM_TOO_MANY,
	TU_PROBLEM_INTERNAL,
	TU_PROBLEM_BUSY,
	TU_PROBLEM_TYPES
};

enum { TU_API_ERRORS_MAX = 20 };

/* One thing that is wrong with a body or a parameter. Texts live in the arena or are static. */
struct tu_api_fault {
	const char *type; /* "required", "type", "enum", …: validate.h */
	struct tu_str pointer; /* into the body */
	const char *parameter; /* of the query or path, in place of the pointer; or NULL */
	struct tu_str detail;
	struct tu_str expected; /* words, a bound; may be empty */
};

struct tu_api_problem {
	bool open; /* the detail of a 5xx, too, is for anybody */
	enum tu_api_problem_type type;
	struct tu_api_fault faults[TU_API_ERRORS_MAX];
	unsigned count; /* of faults that are listed */
	bool more; /* there are others */
};

/* The type of a status, where nothing more is known. */
enum tu_api_problem_type tu_api_problem_of(enum tu_status status);
unsigned tu_api_problem_status(enum tu_api_problem_type type);
const char *tu_api_problem_name(enum tu_api_problem_type type); /* "not-found" */

const char *tu_api_problem_title(enum tu_api_problem_type type);
/* The type of what failed so, and what of it is for anybody: "" for a fault of the service. */
enum tu_api_problem_type tu_api_problem_type_of(
	const struct tu_api_problem *problem, const struct tu_error *err);
const char *tu_api_problem_detail(const struct tu_api_problem *problem, const struct tu_error *err);

/* Write the document and give its HTTP status. `err` may be NULL. */
unsigned tu_api_problem_write(const struct tu_api_problem *problem, const struct tu_error *err,
	struct tu_str request_id, struct tu_buf *out);

#endif
