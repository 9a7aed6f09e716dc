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

#include <tutela/deadline.h>

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
	int64_t learned; /* us */
	int64_t embargo; /* us; 0: none */
	int64_t duplicate_id; /* 0: of none */
};

const char *tu_signal_state_name(enum tu_signal_state state); /* "received", … */

enum {
	TU_SIGNAL_ACKNOWLEDGE_DAYS = 7, /* where no setting says it: ISO/IEC 29147, 6.4 */
	TU_SIGNAL_ENTRY_MAX = 100000 /* bytes of a note or a message */
};

struct tu_signal {
	struct tu_str source; /* by which way it came: "mail", "form", … */
	struct tu_str kind; /* who says it: "researcher", "complaint", "service", "supplier",
			       "customer", "authority", "internal"; else "other". Empty: "other" */
	struct tu_str title;
	struct tu_str text; /* as received; empty: none */
	int64_t reporter_id, credit_id; /* of `personal`; 0: not stated */
	int64_t device_id; /* the one that it is about; 0: not known */
	int64_t learned; /* us; 0: now. What starts deadlines */
	int64_t embargo; /* us; 0: none */
	unsigned acknowledge_days; /* calendar days from `learned`; 0: as above */
	struct tu_str receipt; /* what its reporter shows to see its state; empty: none. The
				  store has its SHA-256 */
};

/* TU_E_USAGE: `learned` is of the future or before 1990, `kind` is no word for it. */
TU_NODISCARD enum tu_status tu_signal_receive(struct tu_work *w, const struct tu_signal *signal,
	struct tu_signal_row *out_row, struct tu_error *err);
/* TU_E_NOTFOUND. */
TU_NODISCARD enum tu_status tu_signal_find(struct tu_work *w, struct tu_str public_id,
	struct tu_signal_row *out_row, struct tu_error *err);
/* By what tu_signal_receive() was given. TU_E_NOTFOUND. */
TU_NODISCARD enum tu_status tu_signal_find_receipt(struct tu_work *w, struct tu_str receipt,
	struct tu_signal_row *out_row, struct tu_error *err);
/* How many came by a way since a time (us). */
TU_NODISCARD enum tu_status tu_signal_count_since(struct tu_work *w, struct tu_str source,
	int64_t since, int64_t *out_count, struct tu_error *err);
/* Move it on. `of` (may be NULL): the case it is confirmed for; its parts, or that of the signal's
 * device, were then learned of when the signal was, if that is earlier. TU_E_USAGE for a way that
 * is none, a confirmation without a case, a rejection without a reason; TU_E_CONFLICT when
 * row->version is not the present one. `row` is as it is then. */
TU_NODISCARD enum tu_status tu_signal_move(struct tu_work *w, struct tu_signal_row *row,
	enum tu_signal_state to, const struct tu_case_row *of, struct tu_error *err);

/* What is known of it after somebody has looked; each member takes the place of what was there. */
struct tu_signal_triage {
	struct tu_str kind; /* as above */
	struct tu_str severity; /* "none", "low", "medium", "high", "critical"; empty: not known */
	int64_t embargo; /* us; 0: none */
	int64_t device_id;
	int64_t learned; /* us; never later than it was: a deadline does not move away */
	unsigned acknowledge_days; /* as above */
	int64_t duplicate_id; /* of the signal that was there before; 0: none */
};
/* Would something of it be published earlier? An embargo is moved nearer or lifted that keeps back
 * what is said of its case, or of that of the signal that was there before
 * (tu_statement_publish()). It is for who may publish: whoever calls tu_signal_triage() sees to
 * that. */
bool tu_signal_frees(
	const struct tu_signal_row *row, const struct tu_signal_triage *triage, int64_t now);
/* TU_E_USAGE: a word is none, `learned` is later, something is freed without a reason, it would be
 * a duplicate of itself in the end; TU_E_CONFLICT as above. */
TU_NODISCARD enum tu_status tu_signal_triage(struct tu_work *w, struct tu_signal_row *row,
	const struct tu_signal_triage *triage, struct tu_error *err);

/* ---- what happened to it: added, never changed ---- */

struct tu_signal_entry {
	struct tu_str public_id;
	struct tu_str
		kind; /* "received", "moved", "triaged", "note", "reply", "message", "document" */
	struct tu_str text;
	struct tu_str author; /* empty: the reporter */
	int64_t at; /* us */
};
struct tu_signal_entries {
	TU_VEC(struct tu_signal_entry) list; /* the oldest first */
};
TU_NODISCARD enum tu_status tu_signal_entries(struct tu_work *w, const struct tu_signal_row *row,
	struct tu_signal_entries *out, struct tu_error *err);
/* Say something: "note" among ourselves, "reply" to the reporter, "message" of the reporter, whom
 * the act's actor is then not. TU_E_USAGE: it is empty, or no text; TU_E_LIMIT. */
TU_NODISCARD enum tu_status tu_signal_say(struct tu_work *w, const struct tu_signal_row *row,
	const char *kind, struct tu_str text, struct tu_error *err);

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
	struct tu_str kind, severity; /* severity empty: not known */
	struct tu_str credit; /* whom to thank; empty: nobody, or erased */
	struct tu_str duplicate_of; /* public id; empty: of none */
	int64_t learned, acknowledge_by, embargo; /* us; embargo 0: none */
};
/* TU_DEADLINE_RUNNING, TU_DEADLINE_MET or TU_DEADLINE_MISSED, also where it was done later. */
enum tu_deadline_state tu_signal_acknowledgement(const struct tu_signal_seen *seen, int64_t now);
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

/* The deadline of each signal: to be acknowledged. In the work's arena. */
struct tu_signal_deadline {
	struct tu_str public_id;
	int64_t device_id; /* 0: it is about none */
	struct tu_str vuln, case_public; /* empty: it is not confirmed */
	struct tu_deadline deadline;
};
struct tu_signal_deadlines {
	TU_VEC(struct tu_signal_deadline) list; /* the oldest first */
};
TU_NODISCARD enum tu_status tu_signal_deadlines(
	struct tu_work *w, struct tu_signal_deadlines *out, struct tu_error *err);
/* How many nobody has acknowledged: in time yet, and too late. */
TU_NODISCARD enum tu_status tu_signal_unacknowledged(struct tu_tx *tx, int64_t now,
	int64_t *out_running, int64_t *out_missed, struct tu_error *err);

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
