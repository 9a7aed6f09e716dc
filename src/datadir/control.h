/*
 * The owner's side of the control socket: threads that answer calls while the process does
 * something else. Only processes of the owner's user are answered.
 */
#ifndef TU_DATADIR_CONTROL_H
#define TU_DATADIR_CONTROL_H

#include "datadir/calls.h"

struct tu_control;

/* Answer `calls` on `dir`, which are borrowed; the database is opened. */
TU_NODISCARD enum tu_status tu_control_start(struct tu_datadir *dir, const struct tu_calls *calls,
	struct tu_control **out_control, struct tu_error *err);
/* Wait for calls that run; take no more. NULL is fine. */
void tu_control_stop(struct tu_control *control);

#endif
