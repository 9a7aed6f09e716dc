/*
 * The ledger of a store: which database it is, whether it is what was written, and as a file.
 *
 * Errors are those of store/store.h. Time is us since 1970, UTC. Any thread.
 */
#ifndef TU_AUDIT_TRAIL_H
#define TU_AUDIT_TRAIL_H

#include <tutela/sink.h>

#include "ledger/export.h"
#include "store/store.h"

/* Who does something, when and why: for the record. */
struct tu_audit_act {
	int64_t at;
	struct tu_str actor; /* public id of a person or a key, or a part of the program */
	struct tu_str reason; /* may be empty */
	/* over the network: a person who is removed or erased leaves another who administrates;
	 * from the machine itself everything can be set up again */
	bool leaves_one;
	/* the person is there and chooses the password that `actor` sets: it is their own, and no
	 * one-time password */
	bool own_password;
};

/* Give the database its instance id, 32 random hexadecimal digits, and record it
 * (TU_LEDGER_BEGIN). One that has an id keeps it, and nothing is recorded. */
TU_NODISCARD enum tu_status tu_audit_begin(
	struct tu_store *store, const struct tu_audit_act *act, struct tu_error *err);
/* The instance id. TU_E_NOTFOUND: it has none yet. */
TU_NODISCARD enum tu_status tu_audit_instance(
	struct tu_tx *tx, char out_id[TU_INSTANCE_DIGITS + 1], struct tu_error *err);

/* Number and hash of the last record. TU_E_CORRUPT: the row is not there. */
TU_NODISCARD enum tu_status tu_audit_head(
	struct tu_tx *tx, struct tu_ledger_head *out_head, struct tu_error *err);

/* Verify all records, as one state of the database has them. A fault is no error: it is the
 * verdict. */
TU_NODISCARD enum tu_status tu_audit_verify(struct tu_store *store,
	const struct tu_ledger_trust *trust, struct tu_ledger_verdict *out_verdict,
	struct tu_error *err);

/* The same within a transaction. */
TU_NODISCARD enum tu_status tu_audit_verify_in(struct tu_tx *tx,
	const struct tu_ledger_trust *trust, struct tu_ledger_verdict *out_verdict,
	struct tu_error *err);

/* Write all records of one state of the database as a file; what is wrong
 * with them is written as it is. TU_E_NOTFOUND: the database has no instance id yet. Failures of
 * the sink are the sink's. */
TU_NODISCARD enum tu_status tu_audit_export(
	struct tu_store *store, struct tu_sink *out, int64_t *out_records, struct tu_error *err);

#endif
