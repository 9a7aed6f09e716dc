/*
 * Deadlines that have started, kept whatever becomes of device.yaml: as rows of the case of their
 * vulnerability, which is opened where there is none.
 */
#ifndef TU_PORTFOLIO_CASE_KEEP_H
#define TU_PORTFOLIO_CASE_KEEP_H

#include "portfolio/case.h"

struct tu_case_keeping {
	const struct tu_device_row *device; /* as the store has it */
	const struct tu_kb *kb; /* NULL: exploitation is what decisions know of it */
	struct tu_str vuln; /* that alone; empty: all of the device */
	struct tu_str reason; /* of the records of cases that are opened */
	struct tu_str *out_unread; /* why nothing was kept: what is stored of the device cannot be
				      read; empty: it was. NULL: that is an error */
};

/* Store every deadline of the device that has started by its approved decisions. Where the case of
 * the vulnerability has no part for the device, it gets one if the vulnerability was uncontrolled
 * or a deadline is still open: learned of when the decisions say so, about this device alone
 * (portfolio/case.h) until somebody opens it for more. What was met without one is kept without
 * one, where all of the device is asked for. */
TU_NODISCARD enum tu_status tu_case_keep(
	struct tu_work *w, const struct tu_case_keeping *keeping, struct tu_error *err);

/* The same for what starts by a knowledge base alone, of all devices: by an exploitation that it
 * lists and the decisions do not know of, or not since when. Before another one takes its place,
 * and when it has. `*out_unread`: how many devices could not be read, of which nothing is kept. */
TU_NODISCARD enum tu_status tu_case_keep_exploited(
	struct tu_work *w, const struct tu_kb *kb, size_t *out_unread, struct tu_error *err);

#endif
