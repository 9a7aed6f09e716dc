/*
 * The knowledge base that a call works with: the one that the store names as its current one.
 */
#ifndef TU_SERVICE_CALL_KB_H
#define TU_SERVICE_CALL_KB_H

#include <tutela/kb.h>

#include "app/kb_file.h"
#include "datadir/calls.h"
#include "portfolio/work.h"
#include "service/service.h"

struct tu_call_kb {
	const struct tu_kb *kb;
	struct tu_kb_file named; /* where it is what the user named */
	struct tu_kb *fetched; /* where it came out of the store */
	struct tu_service_kb *held; /* where a service has it */
};

/*
 * Map it. A store that names none yet gets the one that a scan would take (the call's argument
 * "kb", $TUTELA_KB, …), which is then the current one. Where "kb" names another than the current
 * one, TU_E_USAGE. A service has it mapped; without one, what is fetched from the store is kept in
 * the context's folder by its digest.
 * Whatever the status, end with tu_call_kb_close().
 */
TU_NODISCARD enum tu_status tu_call_kb_open(struct tu_datadir *dir, const struct tu_call_in *in,
	const struct tu_act *act, struct tu_call_kb *out_kb, struct tu_error *err);
void tu_call_kb_close(struct tu_call_kb *kb);

#endif
