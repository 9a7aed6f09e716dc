/*
 * The deadlines that a case would have if what nobody has decided in it were uncontrolled.
 *
 * While a release is undecided, no deadline of it runs: that is not the same as having none. What
 * is computed here is what the engine of src/deadline says of a decision that calls the risk
 * uncontrolled and has learned of it when the case did, with the events that people recorded. Only
 * those that would have started are there, also those that run already by another decision.
 */
#ifndef TU_PORTFOLIO_CASE_WOULD_H
#define TU_PORTFOLIO_CASE_WOULD_H

#include "portfolio/deadlines.h"

/* One part of a case. */
struct tu_would_part {
	struct tu_str vuln, device;
	int64_t learned_at; /* us */
	bool kev; /* the store says that it is exploited; the knowledge base may say since when */
};

/* Devices that were read, so that many cases read each once. Begin with {.w = …, .kb = …}. */
struct tu_would {
	struct tu_work *w;
	const struct tu_kb *kb; /* NULL: none */
	struct {
		TU_VEC(const struct tu_deadline_device *) list;
	} devices; /* only row, model, unread, of.more */
	/* of what tu_would_of() gives and needs; NULL: the work's. Devices are the work's always.
	 */
	struct tu_arena *arena;
};

/* In the order of the rules; in the work's arena. TU_E_NOTFOUND: no such device. */
struct tu_would_deadlines {
	TU_VEC(struct tu_deadline_seen) list;
	int64_t until; /* s: before then it is the same, whatever the clock is (0: for ever) */
	int64_t soonest; /* us; the soonest due that is neither met nor waived; 0: none */
	struct {
		TU_VEC(const struct tu_deadline_device *) list;
	} unread; /* parts of which it cannot be said: what the store has of the device cannot be
		     read (tu_deadline_device_or_gap()) */
};
TU_NODISCARD enum tu_status tu_would_of(struct tu_would *would, const struct tu_would_part *part,
	struct tu_would_deadlines *out, struct tu_error *err);

/* Of every part of a case that has an undecided release, together, the most urgent first. */
TU_NODISCARD enum tu_status tu_would_of_case(struct tu_would *would, const struct tu_case_row *row,
	bool kev, struct tu_would_deadlines *out, struct tu_error *err);

#endif
