/*
 * The mailbox for reports: how it is reached, and which of its messages were taken. Reading it is
 * mail/imap.h; the password is a sealed secret by the name TU_MAILBOX_SECRET.
 *
 * A message is taken once, by UIDVALIDITY and UID (RFC 3501, 2.3.1.1) and, where a server begins
 * to count again, by the digest of its bytes.
 */
#ifndef TU_PORTFOLIO_MAILBOX_H
#define TU_PORTFOLIO_MAILBOX_H

#include "portfolio/inbox.h"

#define TU_MAILBOX_SECRET "reports/mailbox"

struct tu_mailbox_settings {
	int64_t version;
	bool on;
	struct tu_str host;
	unsigned port;
	struct tu_str security; /* "tls" or "starttls" */
	struct tu_str user;
	struct tu_str folder; /* empty: INBOX */
	struct tu_str ca; /* certificates as PEM; empty: the system's */
};

/* Those that count now; texts in the work's arena. */
TU_NODISCARD enum tu_status tu_mailbox_settings_read(
	struct tu_work *w, struct tu_mailbox_settings *out, struct tu_error *err);
/* Recorded. The mailbox is read from its beginning then. TU_E_USAGE with the member; TU_E_CONFLICT
 * when version is not 0 and not the present one. */
TU_NODISCARD enum tu_status tu_mailbox_settings_write(
	struct tu_work *w, const struct tu_mailbox_settings *to, struct tu_error *err);

struct tu_mailbox_place {
	int64_t uidvalidity, uid; /* 0: none was taken */
};
/* The message that was taken last. */
TU_NODISCARD enum tu_status tu_mailbox_last(
	struct tu_work *w, struct tu_mailbox_place *out, struct tu_error *err);
struct tu_mailbox_message {
	struct tu_mailbox_place place;
	uint8_t digest[TU_SHA256_BYTES]; /* of its bytes */
};
/* Take a message: as a report, or (NULL) as one of which nothing is kept. `*out_taken` false: it
 * was taken before, also under another number. Errors of tu_inbox_take(); nothing is taken then. */
TU_NODISCARD enum tu_status tu_mailbox_take(struct tu_work *w,
	const struct tu_mailbox_message *message, const struct tu_inbox_report *report,
	bool *out_taken, struct tu_error *err);

#endif
