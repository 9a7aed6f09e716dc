/*
 * Drafts of forms: what a person has typed and not sent yet, kept on the server so that nothing is
 * lost; one for a person and a subject. It also shows who else has the form open.
 *
 *   finding:<its id>    deciding on a finding (portfolio/look.h)
 *   decision:<public>   signing or rejecting a proposal
 *   device:<name>       editing a device, or its design
 *   concept:<name>      answering its concept phase
 *
 * Drafts are nobody's business but their person's, are not recorded, and never decide anything.
 * What is not in the scope has no form: TU_E_NOTFOUND.
 */
#ifndef TU_PORTFOLIO_DRAFT_H
#define TU_PORTFOLIO_DRAFT_H

#include "list/query.h"
#include "portfolio/work.h"

enum { TU_DRAFT_CONTENT_MAX = 256 * 1024 };
/* Somebody has a form open whose page was heard of so long ago at most. */
#define TU_DRAFT_OPEN_US (INT64_C(2) * 60 * 1000000)

/* Whose form, about what. */
struct tu_draft_form {
	int64_t person;
	struct tu_str subject;
	const struct tu_list_scope *scope;
};

struct tu_draft_other {
	struct tu_str name; /* as printed, else login */
	int64_t seen; /* us */
	bool typed; /* there is something in it */
};

/* Texts are in the work's arena. */
struct tu_draft {
	struct tu_str subject, content; /* content empty: nothing was typed */
	int64_t version; /* 0: there is none */
	int64_t changed; /* us; 0: never */
	const struct tu_draft_other *others; /* who else has it open, by name */
	size_t other_count;
};

/* TU_E_NOTFOUND: no such subject. */
TU_NODISCARD enum tu_status tu_draft_read(struct tu_work *w, const struct tu_draft_form *form,
	struct tu_draft *out, struct tu_error *err);
/* The person has the form open. */
TU_NODISCARD enum tu_status tu_draft_open(
	struct tu_work *w, const struct tu_draft_form *form, struct tu_error *err);
/* Keep what was typed over what had this version. TU_E_CONFLICT: another window of the same person
 * was first; TU_E_LIMIT. */
TU_NODISCARD enum tu_status tu_draft_keep(struct tu_work *w, const struct tu_draft_form *form,
	struct tu_str content, int64_t version, struct tu_error *err);
/* Sent or thrown away: it is gone. Nothing happens where there is none. */
TU_NODISCARD enum tu_status tu_draft_drop(
	struct tu_work *w, const struct tu_draft_form *form, struct tu_error *err);

/* All of a person that have something in them, the newest first; without others. */
struct tu_drafts {
	const struct tu_draft *at;
	size_t count;
};
TU_NODISCARD enum tu_status tu_draft_list(
	struct tu_work *w, int64_t person, struct tu_drafts *out, struct tu_error *err);

#endif
