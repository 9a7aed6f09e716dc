/*
 * Pages for people without an account: a form to report a vulnerability, and what became of it.
 * HTML without script; its style is in the page, and the policy names its digest.
 *
 * Everything of others goes through tu_html_text(). Pure; any thread.
 */
#ifndef TU_REPORT_FORM_H
#define TU_REPORT_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

enum { TU_FORM_POLICY_MAX = 300, TU_FORM_PAGE_MAX = 8 << 20 };

/* The name of the field that people do not see, and programs fill in. */
#define TU_FORM_TRAP "website"

/* Content-Security-Policy: nothing but the style of the page and forms to this site. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_form_policy(
	char out_policy[TU_FORM_POLICY_MAX], struct tu_error *err);

struct tu_form_input {
	struct tu_str words; /* of the maker; empty: none */
	struct tu_str contact; /* a mail address; empty: none */
	bool has_key; /* there is an OpenPGP key at /report/key */
	unsigned acknowledge_days;
	unsigned files_max;
	unsigned file_mib;
	size_t text_max;
};
void tu_form_write_report(const struct tu_form_input *input, struct tu_buf *out);

/* It was received; `receipt` is shown this once. */
void tu_form_write_thanks(struct tu_str receipt, int64_t acknowledge_by, struct tu_buf *out);

/* Ask for the receipt. `wrong`: none has it that was given. */
void tu_form_write_ask(bool wrong, struct tu_buf *out);

struct tu_form_message {
	bool ours;
	int64_t at; /* seconds */
	struct tu_str text;
};
struct tu_form_state {
	struct tu_str receipt;
	const char *state; /* a sentence */
	int64_t received, acknowledge_by; /* seconds */
	int64_t acknowledged; /* 0: not yet */
	const struct tu_form_message *messages;
	size_t message_count;
	bool added; /* a message was just added */
};
void tu_form_write_state(const struct tu_form_state *state, struct tu_buf *out);

/* A page that says why not. */
void tu_form_write_refusal(const char *title, struct tu_str detail, struct tu_buf *out);

#endif
