/*
 * The outbox: what leaves the program (mail, webhooks, events). A message is put down in the
 * transaction whose outcome it announces, so it exists if and only if that was committed. It is
 * delivered at least once: a process that dies between the receiver's answer and ours delivers it
 * again, with the same id, by which a receiver can know it.
 *
 * A message that fails is tried again with growing pauses (tu_job_pause), then quarantined.
 * Times and threads as in job/job.h.
 */
#ifndef TU_JOB_OUTBOX_H
#define TU_JOB_OUTBOX_H

#include "job/job.h"

struct tu_message {
	int64_t id;
	struct tu_str public_id; /* goes with it, for the receiver to recognise a second time */
	struct tu_str kind; /* "mail", "webhook" */
	struct tu_str target;
	struct tu_str payload;
	int64_t attempts;
	int64_t attempts_max;
};

/* Put a message down; `id` and `public_id` are given by it. */
TU_NODISCARD enum tu_status tu_outbox_add(
	struct tu_tx *tx, const struct tu_message *message, int64_t at, struct tu_error *err);

/* Deliver one message, or fail. Called outside of any transaction. */
typedef enum tu_status tu_outbox_send(
	void *self, const struct tu_message *message, struct tu_error *err);

/* How messages leave. */
struct tu_outbox_sender {
	tu_outbox_send *send;
	void *self;
};

enum tu_outbox_outcome { TU_OUTBOX_NOTHING, TU_OUTBOX_DELIVERED, TU_OUTBOX_FAILED };

/* Take the message that is due for longest, send it, note the outcome. TU_OUTBOX_FAILED: it is
 * tried again later or in quarantine, and `err` says why. The status is that of the store. */
TU_NODISCARD enum tu_status tu_outbox_deliver(struct tu_store *store,
	const struct tu_job_lease *lease, const struct tu_outbox_sender *sender,
	enum tu_outbox_outcome *out_outcome, struct tu_error *err);

#endif
