/*
 * One call of an operation: what was asked, who asks, and the answer in the making.
 *
 * dispatch.c does everything that is alike for all operations before it calls one: it has found the
 * route, knows who asks and that they may (class), has decoded path and query, and has checked the
 * body against the document's schema. So an operation in src/api/<resource>.c is short: ask
 * portfolio, list or service; write the answer; return the status. It has no SQL and no rule of the
 * domain, and does not look at headers.
 *
 *	enum tu_status tu_api_get_device(struct tu_api_call *call, struct tu_error *err)
 *
 * TU_OK: the answer is what was written. Any other status becomes problem+json by one table
 * (problem.h); what was written is thrown away. What is not in call->who.scope is TU_E_NOTFOUND
 *with the words of something that does not exist: tu_api_unknown().
 *
 * All texts live in call->arena or in the request. A call belongs to one thread.
 */
#ifndef TU_API_CALL_H
#define TU_API_CALL_H

#include "api/operations.h"
#include "api/problem.h"
#include "base/json.h"
#include "portfolio/page.h"

struct tu_api_events;
struct tu_http_request;
struct tu_http_stream;
struct tu_list_snapshot;
struct tu_service;
struct tu_service_kb;
struct tu_sso;

enum {
	TU_API_NAME_MAX = 200, /* bytes of a value in a path */
	TU_API_HEADERS = 4 /* of an answer, beside those that have a member of their own */
};

enum tu_api_export { TU_API_AS_JSON, TU_API_AS_CSV, TU_API_AS_XLSX };

struct tu_api_call {
	const struct tu_api_doors *doors;
	struct tu_service *service;
	struct tu_api_events *events;
	struct tu_sso *sso; /* access/sso.h */
	const struct tu_api_door *door;
	const struct tu_api_route *route;
	struct tu_http_request *http;
	struct tu_arena *arena;
	int64_t now; /* us since 1970, UTC: one time for the whole call */

	struct tu_access who;
	struct tu_act act; /* for tu_work_run(): at, actor, reason (query or body "reason") */

	struct tu_str path[TU_API_PATH_VALUES]; /* decoded, in the order of the path */
	struct tu_str query[TU_API_QUERY_VALUES]; /* decoded, in the order of route->query; ptr
						     NULL: not given */
	struct tu_json body; /* checked; absent where there is none */
	struct tu_str bytes; /* the body as it came, where the operation takes a file */
	void *mapped; /* of bytes that are in a file; NULL: none */
	size_t mapped_len;
	int64_t if_match; /* version of the row that the client read; 0: "*" or not asked for */

	enum tu_api_export export; /* as what the rows are wanted: tu_api_answer_page() sees to it
				    */

	bool wrote; /* a transaction of tu_api_write() was committed */
	struct tu_list_snapshot *list; /* held; NULL until tu_api_list() */
	struct tu_service_kb *kb; /* held; NULL until tu_api_kb() */
	struct tu_api_gaps {
		struct tu_str json; /* empty: the answer has none */
		struct tu_str words; /* the same in a line: "releases=2, late_sources=0, …" */
		bool none; /* there is nothing that it cannot know */
		bool in_body; /* the answer has them as a member; else as a header */
		char digits[16]; /* another where the gaps are others; with NUL */
	} gaps; /* gaps.h */

	struct tu_api_answer {
		unsigned status; /* 0: 200, or 204 when nothing was written */
		const char *type; /* NULL: application/json */
		struct tu_buf body;
		struct tu_json_writer json; /* of body */
		char etag[72]; /* without quotes; "": none */
		char file_name[128]; /* "": none; else Content-Disposition: attachment */
		struct tu_str location, link; /* in the arena; empty: none */
		struct tu_str cookies[2]; /* values of Set-Cookie, likewise */
		struct tu_str fixed; /* bytes that live longer than the server, in place of body */
		struct tu_http_stream *stream; /* NULL: none; else in place of a body */
		unsigned retry_after; /* seconds; 0: not stated */
		struct tu_api_header {
			const char *name;
			struct tu_str value; /* in the arena */
		} headers[TU_API_HEADERS];
	} answer;
	struct tu_api_problem problem; /* more than a tu_error can say */
};

/* ---- what was asked ---- */

/* A value of the query by its name; empty when it was not given. Those that the document does not
 * have are refused before the operation is called. */
struct tu_str tu_api_query(const struct tu_api_call *call, const char *name);
bool tu_api_query_given(const struct tu_api_call *call, const char *name);
/* The same as a number or yes or no; `otherwise` when it was not given. It has been checked. */
int64_t tu_api_query_int(const struct tu_api_call *call, const char *name, int64_t otherwise);
bool tu_api_query_true(const struct tu_api_call *call, const char *name);
/* A text member of the body; empty when it is not there or null. */
struct tu_str tu_api_body_str(const struct tu_api_call *call, const char *name);
/* Times of bodies and queries, which the schema's format has checked: us since 1970. */
int64_t tu_api_time_of(struct tu_str text);

/* Does the client ask for this media type by name? "*" asks for nothing. */
bool tu_api_accepts(const struct tu_api_call *call, const char *type);
/* Who asks for an operation for which nobody need be signed in, into call->who: nobody, where it is
 * not sure. */
void tu_api_try_who(struct tu_api_call *call);
/* The same, but what came and does not count is 401, and who has no password of their own yet is
 * 403 (x-problems 401 and 403): whoever sends a key wants to see what it opens, and would take the
 * rest for all. */
TU_NODISCARD enum tu_status tu_api_ask_who(struct tu_api_call *call, struct tu_error *err);

/* The current list of findings, followed to the newest change; held until the call ends. */
TU_NODISCARD enum tu_status tu_api_list(struct tu_api_call *call, struct tu_error *err);
/* Whether the catalogues that a filter names are known (tu_list_filter_check_catalogues()); outside
 * of transactions. */
struct tu_list_filter;
TU_NODISCARD enum tu_status tu_api_filter_catalogues(
	struct tu_api_call *call, const struct tu_list_filter *filter, struct tu_error *err);
/* The current knowledge base, held until the call ends. TU_E_BUSY: there is none yet. */
TU_NODISCARD enum tu_status tu_api_kb(struct tu_api_call *call, struct tu_error *err);
struct tu_store *tu_api_store(const struct tu_api_call *call);

/* That the person of the session has proven who they are within the last minutes: to sign, or to
 * change their own access. Otherwise the problem is "needs-proof". */
TU_NODISCARD enum tu_status tu_api_proof(
	struct tu_api_call *call, struct tu_proof *out_proof, struct tu_error *err);

/* Run work in a transaction, as call->act. tu_api_read() for what only reads. */
TU_NODISCARD enum tu_status tu_api_write(
	struct tu_api_call *call, tu_work_call *work, void *self, struct tu_error *err);
TU_NODISCARD enum tu_status tu_api_read(
	struct tu_api_call *call, tu_work_call *work, void *self, struct tu_error *err);

/* ---- the answer ---- */

/* Into what the answer is written; opened on first use. */
struct tu_json_writer *tu_api_json(struct tu_api_call *call);
/* A row of the route's table as the whole answer, in the chosen `fields`. */
TU_NODISCARD enum tu_status tu_api_answer_row(
	struct tu_api_call *call, const void *row, struct tu_error *err);
/* 201 with Location: a format of a path ("/v1/devices/%.*s"). */
void tu_api_created(struct tu_api_call *call, const char *path, ...) TU_PRINTF(2, 3);
/* 202 with the job: {"job": id} and Location /v1/jobs/{id}. */
void tu_api_accepted(struct tu_api_call *call, struct tu_str job);
/* The ETag of a row that people edit: its version, as tu_api_if_match reads it. */
void tu_api_etag_version(struct tu_api_call *call, int64_t version);
/* The same of an answer that says more than the row, such as counts: version and a digest of what
 * was written, of which If-Match reads the version alone. Call it last. */
void tu_api_etag_answer(struct tu_api_call *call, int64_t version);
/* Any other ETag, without its quotes: at most 71 characters. */
void tu_api_etag_text(struct tu_api_call *call, struct tu_str etag);
/* A header that a protocol wants. One too many is a fault of the operation: it is left out. */
void tu_api_answer_header(struct tu_api_call *call, const char *name, struct tu_str value);
/* Bytes to save under a name; they are copied. */
void tu_api_answer_file(
	struct tu_api_call *call, const char *type, struct tu_str bytes, struct tu_str name);

/* The same of a buffer that is taken over, whatever its size. */
void tu_api_answer_buf(
	struct tu_api_call *call, const char *type, struct tu_buf *buf, struct tu_str name);

/* Bytes that are part of the program. */
void tu_api_answer_static(struct tu_api_call *call, const char *type, struct tu_str bytes);

/* The releases of a device are to be settled: queue the job for it in this transaction. */
enum tu_status tu_api_device_due(
	const struct tu_api_call *call, struct tu_work *w, int64_t device, struct tu_error *err);

/* "no such device" for what does not exist or is not in the scope: the words are the same. */
enum tu_status tu_api_unknown(struct tu_error *err, const char *what);

/*
 * A page of a list. The operation gives a function that fetches rows from a place on; the rest is
 * here: limit, cursor, fields, JSON with {items, next, total}, Link, and CSV and XLSX, which have
 * all rows up to TU_API_EXPORT_MAX.
 */
enum { TU_API_PAGE_DEFAULT = 50, TU_API_PAGE_MAX = 1000, TU_API_EXPORT_MAX = 100000 };

/* More members of a page beside items, next and total, written into the object that is open. */
typedef void tu_api_more(struct tu_api_call *call, void *self, struct tu_json_writer *json);

struct tu_api_page {
	uint32_t limit;
	struct tu_str cursor; /* empty: the first page */
	/* what the function sets */
	tu_api_more *more; /* NULL: none; it is called with `self` */
	void *self;
	struct tu_api_rows rows; /* of the route's table, in the arena */
	struct tu_str next; /* empty: this is the last page */
	uint64_t total;
	bool exact;
};
typedef enum tu_status tu_api_fetch(
	struct tu_api_call *call, void *self, struct tu_api_page *page, struct tu_error *err);
TU_NODISCARD enum tu_status tu_api_answer_page(
	struct tu_api_call *call, tu_api_fetch *fetch, void *self, struct tu_error *err);

/* A fetch over rows that are all in memory (small lists: teams, keys, releases of a device): cuts
 * the page. The cursor is the place in the rows. */
TU_NODISCARD enum tu_status tu_api_page_of(struct tu_api_call *call, struct tu_api_page *page,
	const struct tu_api_rows *all, struct tu_error *err);

/* Such a list that work in a transaction reads as a whole, given a struct tu_api_reading: a page of
 * it; or its row of an id, with the ETag of its version ("id" and "version" are columns of the
 * table), or tu_api_unknown(). */
struct tu_api_reading {
	struct tu_api_call *call;
	struct tu_api_rows rows; /* what the work sets: of the route's table, in the call's arena */
};
TU_NODISCARD enum tu_status tu_api_answer_whole(
	struct tu_api_call *call, tu_work_call *read, struct tu_error *err);
TU_NODISCARD enum tu_status tu_api_answer_one(struct tu_api_call *call, tu_work_call *read,
	struct tu_str id, const char *what, struct tu_error *err);

/* The same for rows in rising order of a number and a text, which the cursor names: rows that come
 * and go before the place move nothing. */
struct tu_api_place {
	int64_t number;
	struct tu_str text; /* in the arena, or the row's */
};
typedef struct tu_api_place tu_api_place_of(const void *row);
TU_NODISCARD enum tu_status tu_api_page_from(struct tu_api_call *call, struct tu_api_page *page,
	const struct tu_api_rows *all, tu_api_place_of *place_of, struct tu_error *err);
/* The same for rows that the database pages (portfolio/page.h): what to ask for, which is one row
 * more than the page has; and the page of what came, with the place of its last row. */
TU_NODISCARD enum tu_status tu_api_page_ask(struct tu_api_call *call,
	const struct tu_api_page *page, struct tu_page_ask *out, struct tu_error *err);
TU_NODISCARD enum tu_status tu_api_page_put(struct tu_api_call *call, struct tu_api_page *page,
	const struct tu_api_rows *came, tu_api_place_of *place_of, struct tu_error *err);
void tu_api_page_total(struct tu_api_page *page, const struct tu_page_total *total);
/* The order in which such rows stand. */
int tu_api_place_compare(const struct tu_api_place *a, const struct tu_api_place *b);

#endif
