/*
 * What comes from outside: reports of people without an account, by the form or by mail.
 *
 * Everything in one is hostile. Texts are made harmless before they are kept where people look
 * (tu_inbox_line(), tu_inbox_text(), tu_inbox_name()): UTF-8, without NUL, without what is not seen
 * or turns the direction of writing. Attachments are kept byte for byte and never looked into. Who
 * it came from is a row of `personal` alone.
 */
#ifndef TU_PORTFOLIO_INBOX_H
#define TU_PORTFOLIO_INBOX_H

#include "portfolio/signal.h"

enum {
	TU_INBOX_LINE_MAX = 300, /* bytes of a field of one line */
	TU_INBOX_TEXT_MAX = 200000, /* of a text */
	TU_INBOX_FILES = 5, /* attachments of one report */
	TU_INBOX_FILE_MAX = 10 << 20, /* bytes of one */
	TU_INBOX_NAME_MAX = 120, /* of its name */
	TU_INBOX_PER_HOUR = 60, /* reports by one way, where no setting says it */
	TU_INBOX_PER_HOUR_MOST = 10000,
	TU_INBOX_KEY_MAX = 64 << 10, /* of the OpenPGP key */
	TU_INBOX_DAYS_MOST = 90,
	TU_INBOX_MESSAGES = 50 /* of one reporter after the report */
};

/* ---- settings ---- */

struct tu_inbox_settings {
	int64_t version;
	bool form_off; /* the form is not wanted */
	unsigned acknowledge_days; /* [7] */
	unsigned per_hour; /* [60] */
	struct tu_str contact; /* a mail address that the form names; empty: none, and no form */
	struct tu_str key; /* an OpenPGP key, as text; empty: none */
	struct tu_str words; /* of the maker, above the form; empty: none */
};

/* Is there a form? What strangers may send to is open only where somebody is named who reads it. */
static inline bool tu_inbox_form_open(const struct tu_inbox_settings *settings)
{
	return !settings->form_off && settings->contact.len > 0;
}

/* Those that count now; texts in the work's arena. */
TU_NODISCARD enum tu_status tu_inbox_settings_read(
	struct tu_work *w, struct tu_inbox_settings *out, struct tu_error *err);
/* Recorded. TU_E_USAGE with the member; TU_E_CONFLICT when version is not 0 and not the present
 * one. */
TU_NODISCARD enum tu_status tu_inbox_settings_write(
	struct tu_work *w, const struct tu_inbox_settings *to, struct tu_error *err);

/* ---- words of others ---- */

/* One line: what is no character, not seen or deceives becomes U+FFFD, white space one space; cut
 * at `max` bytes. In the arena; TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_inbox_line(struct tu_arena *arena, struct tu_str text, size_t max,
	struct tu_str *out_line, struct tu_error *err);
/* The same of a text, in which line feeds and tabs stay. */
TU_NODISCARD enum tu_status tu_inbox_text(struct tu_arena *arena, struct tu_str text, size_t max,
	struct tu_str *out_text, struct tu_error *err);
/* A name to save a file under, in any system: the last part of its path, without what a shell, a
 * page or a file system reads as more than a name; never empty and never hidden. */
TU_NODISCARD enum tu_status tu_inbox_name(
	struct tu_arena *arena, struct tu_str name, struct tu_str *out_name, struct tu_error *err);

/* ---- reports ---- */

struct tu_inbox_file {
	struct tu_str name, bytes;
};

struct tu_inbox_report {
	struct tu_str source; /* "form", "mail" */
	struct tu_str kind;
	struct tu_str title; /* any text; a line of it is kept */
	struct tu_str text;
	struct tu_str reporter, credit; /* empty: not stated */
	int64_t embargo; /* us; 0: none */
	const struct tu_inbox_file *files;
	size_t file_count;
	struct tu_str receipt;
};

/* Keep it as a signal that was learned of now. TU_E_BUSY: more than `per_hour` came by this way in
 * the last hour. TU_E_LIMIT: too many attachments, or one is too large. */
TU_NODISCARD enum tu_status tu_inbox_take(struct tu_work *w, const struct tu_inbox_report *report,
	struct tu_signal_row *out_row, struct tu_error *err);
/* A message of the reporter. TU_E_BUSY: there were TU_INBOX_MESSAGES already. */
TU_NODISCARD enum tu_status tu_inbox_message(struct tu_work *w, const struct tu_signal_row *row,
	struct tu_str text, struct tu_error *err);

#endif
