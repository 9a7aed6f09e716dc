/*
 * What a notice says, in the forms of the channels. docs/connect/notifications.md has the forms.
 *
 * Names come from devices and records: in HTML they are escaped; in Slack and Teams they are in
 * elements that know no markup. Nothing that is written loads anything. However many notices there
 * are, a message is bounded and says how many more there are; where some are not shown to its
 * reader, it does not say how many.
 *
 * Pure. A buffer that failed is full, or there is no memory.
 */
#ifndef TU_NOTIFY_RENDER_H
#define TU_NOTIFY_RENDER_H

#include "notify/notify.h"

struct tu_rendering {
	const struct tu_notices *notices;
	struct tu_str rule; /* its name; empty: there is none */
	struct tu_str words; /* in place of notices: a test, what happened to one's access */
	struct tu_str link; /* where to look; empty: not known */
	struct tu_str unsubscribe; /* a URL; empty: none */
	struct tu_str id; /* of the message */
	int64_t at; /* us */
};

void tu_render_subject(const struct tu_rendering *r, struct tu_buf *out);
void tu_render_text(const struct tu_rendering *r, struct tu_buf *out);
void tu_render_html(const struct tu_rendering *r, struct tu_buf *out);
void tu_render_webhook(const struct tu_rendering *r, struct tu_buf *out);
void tu_render_slack(const struct tu_rendering *r, struct tu_buf *out);
/* An Adaptive Card, as a workflow of Teams takes it. */
void tu_render_teams(const struct tu_rendering *r, struct tu_buf *out);
/* "v1,<base64>": HMAC-SHA256 of "<id>.<timestamp>.<body>" with each secret ("whsec_<base64>"),
 * apart by spaces (Standard Webhooks). TU_E_USAGE: a secret is none. */
struct tu_signing {
	struct tu_str id, body;
	int64_t timestamp; /* seconds */
	struct tu_str secrets[2]; /* the second may be empty */
};
TU_NODISCARD enum tu_status tu_webhook_sign(
	const struct tu_signing *signing, struct tu_buf *out, struct tu_error *err);

#endif
