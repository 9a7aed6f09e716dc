/*
 * Is all well with a data folder? Each check is one row of the answer: what was found, and what to
 * do when it is not fine. A folder whose database cannot be opened has an answer, too.
 */
#ifndef TU_DATADIR_DOCTOR_H
#define TU_DATADIR_DOCTOR_H

#include <tutela/buf.h>

#include "datadir/datadir.h"

enum tu_doctor_state { TU_DOCTOR_FINE, TU_DOCTOR_WARNING, TU_DOCTOR_ERROR };
/* "fine", "warning", "error" */
const char *tu_doctor_state_name(enum tu_doctor_state state);

enum { TU_DOCTOR_ROWS = 40, TU_DOCTOR_TEXT = 400 };

struct tu_doctor_row {
	const char *check; /* "permissions" */
	enum tu_doctor_state state;
	char found[TU_DOCTOR_TEXT];
	const char *advice; /* what to do; "" when it is fine */
};

struct tu_doctor {
	struct tu_datadir *dir;
	int64_t now; /* us */
	struct tu_tx *tx; /* NULL: the database cannot be read */
	bool has_database; /* it could be read, and is of this program */
	struct tu_doctor_row rows[TU_DOCTOR_ROWS];
	size_t count;
};

/* Run all checks. TU_E_NOMEM alone ends it; whatever else goes wrong is a row. */
TU_NODISCARD enum tu_status tu_doctor_run(
	struct tu_datadir *dir, struct tu_doctor *out_doctor, struct tu_error *err);

/* Append it as the answer of the call "doctor". */
void tu_doctor_write(const struct tu_doctor *doctor, struct tu_buf *out);

/* ---- for checks ---- */

struct tu_doctor_verdict {
	enum tu_doctor_state state;
	const char *advice; /* counts when it is not fine */
};

static inline struct tu_doctor_verdict tu_doctor_says(
	enum tu_doctor_state state, const char *advice)
{
	return (struct tu_doctor_verdict){state, advice};
}

void tu_doctor_add(struct tu_doctor *doctor, const char *check, struct tu_doctor_verdict verdict,
	const char *fmt, ...) TU_PRINTF(4, 5);

/* Of the folder, doctor_folder.c; of the database, doctor_database.c. */
void tu_doctor__permissions(struct tu_doctor *doctor);
void tu_doctor__disk(struct tu_doctor *doctor);
void tu_doctor__integrity(struct tu_doctor *doctor);
void tu_doctor__ledger(struct tu_doctor *doctor);
void tu_doctor__checkpoints(struct tu_doctor *doctor);
void tu_doctor__clock(struct tu_doctor *doctor);
void tu_doctor__intelligence(struct tu_doctor *doctor);
void tu_doctor__dangling(struct tu_doctor *doctor);
void tu_doctor__quarantine(struct tu_doctor *doctor);
void tu_doctor__reports(struct tu_doctor *doctor);
void tu_doctor__secrets(struct tu_doctor *doctor);
void tu_doctor__backups(struct tu_doctor *doctor);

#endif
