/* Records of this folder: what happened to the access of a person, by public id. */
#ifndef TU_ACCESS_RECORD_H
#define TU_ACCESS_RECORD_H

#include "audit/trail.h"

struct tu_access_note {
	const char *action; /* "session.begin" */
	struct tu_str person; /* public id */
	const char *name; /* a member of "after"; NULL: none */
	struct tu_str value; /* nothing personal */
};

/* Append the record; it comes last in the transaction. */
TU_NODISCARD enum tu_status tu_access__note(struct tu_tx *tx, const struct tu_audit_act *act,
	const struct tu_access_note *note, struct tu_error *err);

/* TU_E_CONSTRAINT with a pointer. */
enum tu_status tu_access__refuse(struct tu_error *err, const char *pointer, const char *why);

#endif
