/*
 * Checkpoints of a store's ledger: made by the signing process, kept as rows, and carried out.
 *
 * Errors are those of store/store.h and sign/signer.h. Any thread.
 */
#ifndef TU_AUDIT_CHECKPOINTS_H
#define TU_AUDIT_CHECKPOINTS_H

#include "audit/trail.h"
#include "sign/signer.h"

/*
 * Sign the head of the ledger and keep the checkpoint. A head that has one gets no second one: it
 * is given out again. `act` says who asks the signing process; nothing is recorded, for a record
 * would move the head. TU_E_NOTFOUND: there is no record yet, or no instance id.
 */
TU_NODISCARD enum tu_status tu_audit_checkpoint(struct tu_store *store, struct tu_signer *signer,
	const struct tu_audit_act *act, struct tu_checkpoint *out_checkpoint, struct tu_error *err);

/* Append all checkpoints, as a file has them, mark those as exported that were not, and record
 * that. `*out_count`: how many were written. The caller gives the file out only after TU_OK. */
TU_NODISCARD enum tu_status tu_audit_checkpoints_export(struct tu_store *store,
	const struct tu_audit_act *act, struct tu_buf *out, size_t *out_count,
	struct tu_error *err);

/* When a checkpoint was last exported; 0: never. */
TU_NODISCARD enum tu_status tu_audit_checkpoints_exported(
	struct tu_store *store, int64_t *out_at, struct tu_error *err);

#endif
