/*
 * Operations on signals: what signal.c has for signal_work.c.
 */
#ifndef TU_API_SIGNALS_H
#define TU_API_SIGNALS_H

#include "api/call.h"
#include "portfolio/signal.h"

/* The signal that the path names, in the scope. TU_E_NOTFOUND in the words of one that does not
 * exist. */
TU_NODISCARD enum tu_status tu_api_signal_find(struct tu_work *w, const struct tu_api_call *call,
	struct tu_signal_row *out, struct tu_error *err);
/* The device that the body names, in the scope; none is fine for who sees everything. */
TU_NODISCARD enum tu_status tu_api_signal_device(
	struct tu_work *w, const struct tu_api_call *call, int64_t *out_id, struct tu_error *err);
/* The signal as it is now, with its ETag. */
TU_NODISCARD enum tu_status tu_api_signal_answer(
	struct tu_api_call *call, struct tu_str id, struct tu_error *err);

#endif
