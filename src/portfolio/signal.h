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
#include "portfolio/page.h"

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
	int64_t device_id; /* 0: none is known */
};

const char *tu_signal_state_name(enum tu_signal_state state); /* "received", … */

struct tu_signal {
	struct tu_str source; /* "mail", "form", "researcher", … */
	struct tu_str title;
	struct tu_str text; /* as received; empty: none */
	int64_t reporter_id; /* of `personal`; 0: not stated */
	int64_t device_id; /* the one that it is about; 0: not known */
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

/* ---- as people look at them ---- */

/* One about a device is seen with that device; one about none by who sees everything. Texts are in
 * the work's arena. */
struct tu_signal_seen {
	int64_t id, document_id;
	struct tu_str public_id, source, title, state;
	struct tu_str device; /* empty: none is known */
	struct tu_str case_public, vuln; /* empty: it is not confirmed */
	struct tu_str reporter; /* empty: not stated, or erased */
	struct tu_str reason; /* of the last move */
	int64_t received, acknowledged; /* us; acknowledged 0: not yet */
	int64_t bytes; /* of the text as received */
	int64_t documents; /* that came with it */
	int64_t version;
};
struct tu_signals_seen {
	TU_VEC(struct tu_signal_seen) list; /* the newest first */
};
/* A page of them (portfolio/page.h): by when they were received; the filter is state. What is about
 * no device is seen by who sees everything. */
TU_NODISCARD enum tu_status tu_signal_page(struct tu_work *w, const struct tu_page_ask *ask,
	struct tu_signals_seen *out, struct tu_page_total *out_total, struct tu_error *err);
/* The one with this id, as the list has it: `out` has it alone, or nothing. */
TU_NODISCARD enum tu_status tu_signal_look(struct tu_work *w, const struct tu_list_scope *scope,
	int64_t id, struct tu_signals_seen *out, struct tu_error *err);
/* By public id, in a scope. TU_E_NOTFOUND. */
TU_NODISCARD enum tu_status tu_signal_find_in(struct tu_work *w, struct tu_str public_id,
	const struct tu_list_scope *scope, struct tu_signal_row *out_row, struct tu_error *err);

struct tu_signal_document {
	struct tu_str public_id, name;
	int64_t document_id, bytes, at; /* us */
	uint8_t digest[TU_SHA256_BYTES];
};
struct tu_signal_documents {
	TU_VEC(struct tu_signal_document) list;
};
TU_NODISCARD enum tu_status tu_signal_documents(struct tu_work *w, const struct tu_signal_row *row,
	struct tu_signal_documents *out, struct tu_error *err);
/* Keep something that came with it; recorded. */
TU_NODISCARD enum tu_status tu_signal_attach(struct tu_work *w, const struct tu_signal_row *row,
	struct tu_str name, struct tu_str bytes, struct tu_error *err);

#endif
