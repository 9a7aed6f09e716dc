/*
 * One transaction on the portfolio: who does it, when and why, and what it records.
 *
 * Business functions run their statements and put their records into the work; when all of them
 * are done the records are appended to the ledger, last (store/store.h). Nothing here reads a clock
 * or makes a random number: both come with the act.
 *
 * A work belongs to one transaction and one thread; what functions give out lives in its arena.
 */
#ifndef TU_PORTFOLIO_WORK_H
#define TU_PORTFOLIO_WORK_H

#include <stdint.h>

#include <tutela/arena.h>
#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

#include "base/json_writer.h"
#include "base/random.h"
#include "base/sha256.h"
#include "base/vec.h"
#include "store/store.h"

/* Gives a new public id (base/random.h); tests give their own. */
typedef enum tu_status tu_new_id(char out_id[TU_RANDOM_ID + 1], struct tu_error *err);

struct tu_packed_documents;

/* May whoever acts still do so, and on what? Asked in the transaction, each time it is run. */
typedef enum tu_status tu_act_check(struct tu_tx *tx, void *self, struct tu_error *err);

struct tu_act {
	int64_t at; /* us since 1970, UTC */
	struct tu_str actor; /* public id of a person or a key, or a part of the program */
	struct tu_str reason; /* may be empty where no reason is asked for */
	tu_new_id *new_id; /* NULL: tu_random_id */
	const struct tu_packed_documents *packed; /* of tu_documents_pack(); NULL: none */
	tu_act_check *check; /* the first thing in tu_work_run(), not in reading; NULL: none */
	void *check_self;
};

/* Whether a text that a person gave can be an actor: neither empty nor longer than 200 bytes, UTF-8
 * without what is not seen, and not one of the program's own parts ("system:…"). TU_E_USAGE. */
TU_NODISCARD enum tu_status tu_actor_check(struct tu_str actor, struct tu_error *err);

struct tu_work {
	struct tu_tx *tx;
	const struct tu_act *act;
	struct tu_arena *arena;
	TU_VEC(struct tu_ledger_entry) records; /* in the arena */
	/* cases of which something was written (tu_case__touch()): each gets the transaction's
	 * number before the records are appended */
	TU_VEC(int64_t) touched;
};

/* Run `work` in a transaction of its own and append what it recorded. It is run again from nothing
 * as of tu_store_run(), with an arena of its own each time. */
typedef enum tu_status tu_work_call(struct tu_work *w, void *self, struct tu_error *err);
TU_NODISCARD enum tu_status tu_work_run(struct tu_store *store, const struct tu_act *act,
	tu_work_call *work, void *self, struct tu_error *err);
/* The same for one that only reads. */
TU_NODISCARD enum tu_status tu_work_read(struct tu_store *store, const struct tu_act *act,
	tu_work_call *work, void *self, struct tu_error *err);

/* Seconds, as libtutela has them. */
static inline int64_t tu_work_seconds(const struct tu_work *w)
{
	return w->act->at / 1000000;
}

/* A new public id in the work's arena. */
TU_NODISCARD enum tu_status tu_work_new_id(
	struct tu_work *w, struct tu_str *out_id, struct tu_error *err);
/* Copy a text of a row into the work's arena. */
TU_NODISCARD enum tu_status tu_work_dup(
	struct tu_work *w, struct tu_str text, struct tu_str *out_copy, struct tu_error *err);
/* A statement whose rows do not matter, of one row of parameters. */
TU_NODISCARD enum tu_status tu_work_exec(
	struct tu_work *w, enum tu_sql sql, struct tu_params params, struct tu_error *err);
/* The same for the update of a row that a person read before: TU_E_CONFLICT unless it changes one
 * row. `what` is for the message. */
TU_NODISCARD enum tu_status tu_work_update(struct tu_work *w, enum tu_sql sql,
	struct tu_params params, const char *what, struct tu_error *err);

/* Parameters of many rows of one statement, gathered in the work's arena. */
struct tu_batch {
	struct tu_work *w;
	TU_VEC(struct tu_value) values;
	size_t columns;
	bool failed; /* no memory */
};

void tu_batch_add(struct tu_batch *batch, struct tu_params row);
/* Run the statement for every row; nothing where there is none. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_batch_run(
	const struct tu_batch *batch, enum tu_sql sql, struct tu_error *err);

/*
 * The body of a record in the making: begin, write the members "before" and "after" into `json`,
 * then add it, which writes the act's reason.
 */
struct tu_record {
	struct tu_buf body, subject;
	struct tu_json_writer json;
	const char *action; /* "release.ingest" */
	struct tu_change change; /* kind NULL: none */
};

/* `subject` is a format: "device:%.*s". */
void tu_record_begin(struct tu_record *record, const char *action, const char *subject, ...)
	TU_PRINTF(3, 4);
/* Put it among the work's records; always ends it. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_record_add(
	struct tu_record *record, struct tu_work *w, struct tu_error *err);
/* The same with several changes instead of record->change; they are copied. */
TU_NODISCARD enum tu_status tu_record_add_changes(struct tu_record *record, struct tu_work *w,
	const struct tu_change *changes, size_t count, struct tu_error *err);
/* End without recording; harmless after it was added. */
void tu_record_done(struct tu_record *record);
/* A member that is a digest in hexadecimal digits; null for NULL. */
void tu_record_digest(struct tu_json_writer *json, const char *key, const uint8_t *digest);

#endif
