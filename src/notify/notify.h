/*
 * Notices: who is notified of what, and how.
 *
 * A channel leads somewhere: to people by mail, to a webhook, to Slack, to Teams. It belongs to a
 * team, a person or nobody, and is about their devices, or all. A rule says what goes to a channel
 * and when. docs/connect/notifications.md describes both for those who use them.
 *
 *   ledger ──tu_notify_follow()──► items of rules ──tu_notify_leave()──► outbox
 * ──tu_notify_send()──►
 *
 * Follow reads the records after the one up to which it came before, and moves that place in the
 * same transaction as it adds what rules make of them: a record is taken once, whoever dies on
 * the way, and by however many nodes. An item has a name and is there once. Leave puts what is due
 * into one message for each who gets it. What a message says is read when it is sent: what its
 * reader may not see at that time is not in it, and one without anything in it is not sent.
 *
 * Notices about a person's own access (kinds "access.…") follow no rule and go to the person, where
 * mail is set.
 *
 * Errors are those of store/store.h. Any thread; times are us since 1970, UTC.
 */
#ifndef TU_NOTIFY_NOTIFY_H
#define TU_NOTIFY_NOTIFY_H

#include <tutela/zone.h>

#include "datadir/secret.h"
#include "job/outbox.h"
#include "mail/smtp.h"
#include "portfolio/deadline_cache.h"

enum { TU_NOTIFY_NAME_MAX = 100, TU_NOTIFY_ITEMS = 500, TU_NOTIFY_LINES = 200 };

/* What everything here works with; borrowed. */
struct tu_notify {
	struct tu_store *store;
	const struct tu_secret_key *key;
	const struct tu_zone_names *zones;
	const char *public_url; /* "https://tutela.example"; NULL: not known, then without links */
	const char *ca_file; /* NULL: the system's */
	unsigned nets; /* that webhooks may go to (feed/hook.h) */
};

/* ---- channels ---- */

enum tu_channel_kind {
	TU_CHANNEL_MAIL,
	TU_CHANNEL_WEBHOOK,
	TU_CHANNEL_SLACK,
	TU_CHANNEL_TEAMS,
	TU_CHANNEL_KINDS
};
const char *tu_channel_kind_name(enum tu_channel_kind kind);
bool tu_channel_kind_by_name(struct tu_str name, enum tu_channel_kind *out_kind);

struct tu_channel {
	int64_t id;
	struct tu_str public_id, name;
	enum tu_channel_kind kind;
	struct tu_str host; /* of the address; empty: mail */
	int64_t person_id, team_id; /* 0: none; both 0: all devices */
	struct tu_str person, login, team; /* public id and login; name */
	bool on;
	int64_t version, created;
};
struct tu_channels {
	const struct tu_channel *at;
	size_t count;
};

/* The oldest first; texts are in the arena. */
TU_NODISCARD enum tu_status tu_channel_list(
	struct tu_tx *tx, struct tu_arena *arena, struct tu_channels *out, struct tu_error *err);

struct tu_channel_writing {
	struct tu_channel channel; /* name, kind, person or team, on; public_id and version of one
				      that is changed */
	struct tu_str url; /* ptr NULL: as it is */
	struct tu_str secret; /* out, of a new webhook: shown once */
};
/* TU_E_USAGE with a pointer: a value is not as it should be; TU_E_NOTFOUND. */
TU_NODISCARD enum tu_status tu_channel_add(struct tu_work *w, const struct tu_notify *n,
	struct tu_channel_writing *writing, struct tu_error *err);
/* Name, state and address. TU_E_CONFLICT: another version. */
TU_NODISCARD enum tu_status tu_channel_change(struct tu_work *w, const struct tu_notify *n,
	struct tu_channel_writing *writing, struct tu_error *err);
/* With its rules. `version` 0: any. */
TU_NODISCARD enum tu_status tu_channel_remove(
	struct tu_work *w, struct tu_str public_id, int64_t version, struct tu_error *err);
/* A new secret of a webhook; the one before signs beside it until the next one. */
TU_NODISCARD enum tu_status tu_channel_rotate(struct tu_work *w, const struct tu_notify *n,
	struct tu_str public_id, struct tu_str *out_secret, struct tu_error *err);
/* Put a test message into the outbox: for a mail channel to this person. `*out_sent`, in w->arena,
 * names it for tu_channel_test_look(); it may be NULL. */
TU_NODISCARD enum tu_status tu_channel_test(struct tu_work *w, struct tu_str public_id,
	int64_t person, struct tu_str *out_sent, struct tu_error *err);
/* How a message went, in w->arena. TU_E_NOTFOUND. */
struct tu_notice_sent {
	struct tu_str state; /* "waiting", "sent", "nothing", "quarantined" */
	struct tu_str error; /* of the last attempt; empty: none */
	int64_t attempts;
};
TU_NODISCARD enum tu_status tu_channel_test_look(
	struct tu_work *w, struct tu_str sent, struct tu_notice_sent *out, struct tu_error *err);

/* ---- rules ---- */

enum tu_delivery { TU_DELIVERY_NOW, TU_DELIVERY_DAY, TU_DELIVERY_WEEK, TU_DELIVERIES };
const char *tu_delivery_name(enum tu_delivery delivery);
bool tu_delivery_by_name(struct tu_str name, enum tu_delivery *out_delivery);

struct tu_rule {
	int64_t id, channel_id;
	struct tu_str public_id, name, channel; /* the channel's public id */
	struct tu_str events; /* kinds with spaces between them; empty: all */
	struct tu_str device; /* empty: all that the channel is about */
	int64_t severity, harm; /* at least; what has none, or it is not known, passes */
	int64_t within; /* hours before a deadline */
	enum tu_delivery delivery;
	int64_t minute; /* of the day, of a digest */
	int64_t weekday; /* 0: Sunday; of a digest of a week */
	struct tu_str zone; /* "Europe/Berlin"; empty: UTC */
	int64_t quiet_from, quiet_to; /* minutes of the day; the same: none */
	bool urgent; /* urgent ones pass quiet hours */
	int64_t gap; /* seconds from one message to the next */
	bool on;
	int64_t left_at, dropped, version, created;
};
struct tu_rules {
	const struct tu_rule *at;
	size_t count;
};
TU_NODISCARD enum tu_status tu_rule_list(
	struct tu_tx *tx, struct tu_arena *arena, struct tu_rules *out, struct tu_error *err);
/* TU_E_USAGE with a pointer, also for a zone that does not exist. `*out_public_id` is in w->arena.
 */
TU_NODISCARD enum tu_status tu_rule_add(struct tu_work *w, const struct tu_notify *n,
	const struct tu_rule *rule, struct tu_str *out_public_id, struct tu_error *err);
TU_NODISCARD enum tu_status tu_rule_change(struct tu_work *w, const struct tu_notify *n,
	const struct tu_rule *rule, struct tu_error *err);
TU_NODISCARD enum tu_status tu_rule_remove(
	struct tu_work *w, struct tu_str public_id, int64_t version, struct tu_error *err);

/* ---- events ---- */

struct tu_notice {
	struct tu_str kind;
	int64_t device_id; /* 0: of no device; only who sees all sees it */
	struct tu_str device, subject; /* name; vulnerability, version, public id or rule */
	int64_t severity, harm;
	int64_t due; /* us; 0: no deadline */
	int64_t at;
};
struct tu_notices {
	const struct tu_notice *at;
	size_t count;
	int64_t dropped; /* that were too many to be kept */
	bool hidden; /* some are not shown, for who reads them may not see them */
};
/* Does a rule take it? Device, kind, severity, harm; not whether the channel is about it. */
bool tu_rule_takes(const struct tu_rule *rule, const struct tu_notice *notice);
/* When it may leave: now, at the end of quiet hours, or with the next digest. */
int64_t tu_rule_when(
	const struct tu_rule *rule, const struct tu_zone *zone, int64_t now, bool urgent);

/* ---- the way ---- */

/* Is there anything to do? Reads only. */
TU_NODISCARD enum tu_status tu_notify_due(
	const struct tu_notify *n, int64_t now, bool *out_due, struct tu_error *err);
/* Take the records that are new, at most some hundred; `*out_more`: there are others. */
TU_NODISCARD enum tu_status tu_notify_follow(
	const struct tu_notify *n, int64_t now, bool *out_more, struct tu_error *err);
/* Deadlines that are near or were missed, of all devices. */
TU_NODISCARD enum tu_status tu_notify_deadlines(const struct tu_notify *n,
	const struct tu_deadline_asking *asking, int64_t now, struct tu_error *err);
/* Jobs and messages in quarantine, and sources that are late: of no device. */
struct tu_notify_source {
	struct tu_str name;
	int64_t last_success; /* seconds; 0: never */
};
struct tu_notify_troubles {
	const struct tu_notify_source *late;
	size_t late_count;
};
TU_NODISCARD enum tu_status tu_notify_troubles(const struct tu_notify *n,
	const struct tu_notify_troubles *troubles, int64_t now, struct tu_error *err);
/* Put what is due into the outbox. */
TU_NODISCARD enum tu_status tu_notify_leave(
	const struct tu_notify *n, int64_t now, struct tu_error *err);
/* Send a message of the outbox whose kind is "notice". */
TU_NODISCARD enum tu_status tu_notify_send(const struct tu_notify *n,
	const struct tu_message *message, int64_t now, struct tu_error *err);
/* What would leave next for a rule, in the arena. TU_E_NOTFOUND. */
TU_NODISCARD enum tu_status tu_rule_preview(struct tu_tx *tx, struct tu_str public_id,
	struct tu_arena *arena, struct tu_notices *out, struct tu_error *err);

/* ---- mail ---- */

struct tu_mail_setting {
	bool on;
	int64_t version;
	struct tu_str host, user, from, from_name;
	int64_t port;
	enum tu_smtp_security security;
	bool has_password;
};
TU_NODISCARD enum tu_status tu_mail_setting_read(struct tu_tx *tx, struct tu_arena *arena,
	struct tu_mail_setting *out, struct tu_error *err);
/* `password` with ptr NULL: as it is. TU_E_USAGE, TU_E_CONFLICT. */
TU_NODISCARD enum tu_status tu_mail_setting_write(struct tu_work *w, const struct tu_notify *n,
	const struct tu_mail_setting *to, struct tu_str password, struct tu_error *err);

/* ---- what was sent ---- */

struct tu_sent {
	int64_t id;
	struct tu_str public_id, kind, channel, rule, login, state, error;
	int64_t attempts, at, done;
};
struct tu_sents {
	const struct tu_sent *at;
	size_t count;
};
/* The newest first, at most `limit`. */
TU_NODISCARD enum tu_status tu_sent_list(struct tu_tx *tx, struct tu_arena *arena, int64_t limit,
	struct tu_sents *out, struct tu_error *err);
/* No more of the rule of the mail with this token, to whom it went. TU_E_NOTFOUND. Done twice it
 * changes nothing. */
TU_NODISCARD enum tu_status tu_notify_unsubscribe(
	struct tu_work *w, struct tu_str token, struct tu_error *err);

#endif
