/*
 * Records for the safety side: what the design phase found and the risk file has to answer. A
 * threat shows a hazard that device.yaml does not have, or a security control makes one (a lock-out
 * in an emergency). Each is about one threat by its key, or one control by its id, has an owner,
 * and is closed with what came of it. None is deleted while its device is there.
 *
 * Errors of the store, and TU_E_NOTFOUND (no such record or device of the scope).
 */
#ifndef TU_PORTFOLIO_SAFETY_RECORD_H
#define TU_PORTFOLIO_SAFETY_RECORD_H

#include "list/query.h"
#include "portfolio/work.h"

enum tu_safety_kind { TU_SAFETY_THREAT, TU_SAFETY_CONTROL, TU_SAFETY_KINDS };
const char *tu_safety_kind_name(enum tu_safety_kind kind);

struct tu_safety_record {
	int64_t id, owner_id; /* 0: nobody */
	struct tu_str public_id, subject, text, owner; /* owner: login */
	struct tu_str outcome; /* what came of it; empty: not closed */
	enum tu_safety_kind kind;
	bool closed;
	int64_t opened; /* us */
	int64_t version;
};
struct tu_safety_records {
	const struct tu_safety_record *at; /* in the order in which they were opened */
	size_t count;
};

struct tu_safety_asked {
	const struct tu_list_scope *scope;
	struct tu_str device; /* its name */
};

/* All of a device, in the work's arena. */
TU_NODISCARD enum tu_status tu_safety_list(struct tu_work *w, const struct tu_safety_asked *asked,
	struct tu_safety_records *out, struct tu_error *err);

/* Open one. TU_E_CONSTRAINT: there is one about it; TU_E_USAGE at "/owner": nobody of this login or
 * id sees the device. */
struct tu_safety_open {
	struct tu_safety_asked asked;
	enum tu_safety_kind kind;
	struct tu_str subject, text, owner; /* owner empty: nobody */
};
TU_NODISCARD enum tu_status tu_safety_open(struct tu_work *w, const struct tu_safety_open *open,
	struct tu_str *out_public_id, struct tu_error *err);

/* Change one that was read. TU_E_CONFLICT: it is another version; TU_E_USAGE: closed without an
 * outcome, or as above. */
struct tu_safety_change {
	struct tu_safety_asked asked;
	struct tu_str record; /* public id */
	int64_t based_on; /* 0: any version */
	struct tu_str text, outcome; /* ptr NULL: stays */
	struct tu_str owner; /* login or id; empty: nobody; ptr NULL: stays */
	enum tu_safety_move { TU_SAFETY_STAYS, TU_SAFETY_CLOSE, TU_SAFETY_REOPEN } move;
};
TU_NODISCARD enum tu_status tu_safety_change(
	struct tu_work *w, const struct tu_safety_change *change, struct tu_error *err);

#endif
