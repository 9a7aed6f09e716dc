/*
 * Signals: reports that may be a vulnerability, before anybody knows.
 *
 *   received -> acknowledged -> confirmed (belongs to a case) or rejected (for a reason)
 *
 * A signal is kept as it came, as a document. Its reporter is a row of `personal`, so that it can
 * be erased.
 */
#ifndef TU_PORTFOLIO_SIGNAL_H
#define TU_PORTFOLIO_SIGNAL_H

#include "portfolio/case.h"

enum tu_signal_state {
	TU_SIGNAL_RECEIVED,
	TU_SIGNAL_ACKNOWLEDGED,
	TU_SIGNAL_CONFIRMED,
	TU_SIGNAL_REJECTED
};

struct tu_signal_row {
	int64_t id;
	struct tu_str public_id; /* in the work's arena */
	enum tu_signal_state state;
	int64_t version;
};

struct tu_signal {
	struct tu_str source; /* "mail", "form", "researcher", … */
	struct tu_str title;
	struct tu_str text; /* as received; empty: none */
	int64_t reporter_id; /* of `personal`; 0: not stated */
};

TU_NODISCARD enum tu_status tu_signal_receive(struct tu_work *w, const struct tu_signal *signal,
	struct tu_signal_row *out_row, struct tu_error *err);
/* TU_E_NOTFOUND. */
TU_NODISCARD enum tu_status tu_signal_find(struct tu_work *w, struct tu_str public_id,
	struct tu_signal_row *out_row, struct tu_error *err);
/* Move it on. `of` (may be NULL): the case it is confirmed for. TU_E_USAGE for a way that is none,
 * a confirmation without a case, a rejection without a reason; TU_E_CONFLICT when row->version is
 * not the present one. `row` is as it is then. */
TU_NODISCARD enum tu_status tu_signal_move(struct tu_work *w, struct tu_signal_row *row,
	enum tu_signal_state to, const struct tu_case_row *of, struct tu_error *err);

#endif
