/*
 * Operations as rows, and the schemas of what they are asked with. A door is a protocol of the
 * service: /v1, which is our own, and what others speak already (src/connect). Each has a
 * folder under api/ that says what it offers; all rows are made from there by tools/gen-routes when
 * the program is built; docs/internals/api.md.
 */
#ifndef TU_API_ROUTE_H
#define TU_API_ROUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tutela/error.h>
#include <tutela/str.h>

#include "access/access.h"
#include "api/columns.h"

struct tu_api_call;
struct tu_api_row_schema;
struct tu_buf;

enum tu_api_method {
	TU_API_GET,
	TU_API_POST,
	TU_API_PUT,
	TU_API_PATCH,
	TU_API_DELETE,
	TU_API_METHODS
};

/* A format of texts that is checked beyond their length. */
enum tu_api_format {
	TU_API_FORMAT_ANY,
	TU_API_FORMAT_DATE, /* 2026-07-10 */
	TU_API_FORMAT_TIME, /* 2026-07-10T12:00:00Z, RFC 3339 */
	TU_API_FORMAT_ID, /* a public id: 32 hexadecimal digits in lower case */
	TU_API_FORMAT_DIGEST, /* SHA-256: 64 of them */
	TU_API_FORMATS
};

#define TU_API_TYPE_BIT(type) (1u << (type))

/* What a value must be. Bounds are inclusive: of a number, of the characters of a text, of the
 * items of an array. */
struct tu_api_schema {
	uint8_t types; /* of TU_API_TYPE_BIT(enum tu_json_type) */
	bool integer; /* a number must be whole */
	bool open; /* an object may have members that are not in the table */
	uint8_t format; /* enum tu_api_format */
	int64_t least, most;
	const char *const *words; /* NULL: any text; else ended by NULL */
	const struct tu_api_member *members; /* of an object, ended by one without a name */
	const struct tu_api_schema *items; /* of an array */
};

struct tu_api_member {
	const char *name;
	bool required;
	const struct tu_api_schema *schema;
};

/* A parameter of the query. */
struct tu_api_parameter {
	const char *name;
	bool required;
	const struct tu_api_schema *schema;
};

enum {
	TU_API_PATH_VALUES = 4, /* of one path, at most */
	TU_API_QUERY_VALUES = 16 /* of one operation, at most */
};

/* How often: dispatch.c has the figures of each class. */
enum tu_api_rate {
	TU_API_RATE_READ,
	TU_API_RATE_WRITE,
	TU_API_RATE_HEAVY,
	TU_API_RATE_SIGN_IN,
	TU_API_RATE_REPORT, /* of people without an account */
	TU_API_RATE_NONE
};

enum tu_api_flag {
	TU_API_OPEN = 1 << 0, /* nobody need be signed in */
	TU_API_PERSON = 1 << 1, /* a key may not, only a person */
	TU_API_IDEMPOTENT = 1 << 2, /* takes an Idempotency-Key */
	TU_API_IF_MATCH = 1 << 3, /* needs If-Match: it changes what somebody read before */
	TU_API_ETAG = 1 << 4, /* its answer has an ETag, and If-None-Match gives 304 */
	TU_API_CSV = 1 << 5,
	TU_API_XLSX = 1 << 6,
	TU_API_BODY_FILE = 1 << 7, /* the body is bytes as they are, not JSON to be checked */
	TU_API_BODY_NEEDED = 1 << 8,
	TU_API_QUICK = 1 << 9, /* never waits: http/ runs it on its loop */
	TU_API_LOCAL = 1 << 10, /* from this machine nobody need be signed in */
	TU_API_ANY_QUERY = 1 << 11, /* parameters that it does not know are no mistake */
	TU_API_GAPS = 1 << 12, /* its answer says what it cannot know (gaps.h) */
	TU_API_ONCE = 1 << 13 /* also by a session of a one-time password */
};

typedef enum tu_status tu_api_run(struct tu_api_call *call, struct tu_error *err);

struct tu_api_route {
	const char *operation; /* "listDevices" */
	enum tu_api_method method;
	const char *path; /* "/v1/devices/{device}" */
	tu_api_run *run;
	enum tu_access_class class; /* who may; unless OPEN */
	unsigned flags; /* of enum tu_api_flag */
	size_t body_max; /* bytes; 0: no body */
	enum tu_api_rate rate;
	const char *ledger; /* the action that it records; NULL: none */
	const struct tu_api_schema *body; /* NULL: none */
	const struct tu_api_parameter *query; /* ended by one without a name; NULL: none */
	const struct tu_api_table *table; /* of its rows; NULL: none */
};

/* How a door says no, where its clients do not read our problem+json: write the body and give its
 * media type. */
struct tu_api_refusal {
	unsigned status;
	const char *title;
	const char *detail; /* what is for anybody; "": no more than the title */
};
typedef const char *tu_api_refuse(const struct tu_api_refusal *refusal, struct tu_buf *out);

/* What others have who speak the protocol of a door, and it has not. */
struct tu_api_absent {
	const char *path; /* a template */
	uint32_t methods; /* a set of 1 << enum tu_api_method */
	const char *why; /* for who asks */
};

struct tu_api_door {
	const char *name; /* "api", "dtrack": of its functions and of its document */
	const char *const *prefixes; /* "/v1/": what its paths begin with; ended by NULL */
	const struct tu_api_route *routes; /* in the order of path, then method */
	size_t route_count;
	const struct tu_api_row_schema *rows; /* api/rows.h */
	const struct tu_api_absent *absent; /* ended by one without a path */
	const char *document; /* OpenAPI, as JSON */
	const size_t *document_len;
	tu_api_refuse *refuse; /* NULL: problem+json */
	unsigned invalid; /* the status in place of 422; 0: that */
};

struct tu_api_doors {
	const struct tu_api_door *const *rows;
	size_t count;
};

/* What a method and a path lead to. */
struct tu_api_match {
	const struct tu_api_door *door; /* by how the path begins; NULL: none */
	const struct tu_api_route *route; /* NULL: none, or not by this method */
	uint32_t methods; /* of the path, a set of 1 << enum tu_api_method; 0: there is no such path
			   */
	const char *absent; /* the door has not what is asked for, and why; NULL: it may have it */
	struct tu_str values[TU_API_PATH_VALUES]; /* as they are in the path, not decoded */
};

/* The method of a request; false: none that the API has. HEAD is GET; OPTIONS is no method of it.
 */
bool tu_api_method_of(struct tu_str name, enum tu_api_method *out_method);
const char *tu_api_method_name(enum tu_api_method method);
struct tu_api_match tu_api_find(
	const struct tu_api_doors *doors, enum tu_api_method method, struct tu_str path);
/* By operationId; NULL: none. */
const struct tu_api_route *tu_api_route_of(const struct tu_api_door *door, struct tu_str operation);

#endif
