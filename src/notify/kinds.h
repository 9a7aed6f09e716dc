/*
 * What people can be notified of: a table. The document of the API has the same names.
 */
#ifndef TU_NOTIFY_KINDS_H
#define TU_NOTIFY_KINDS_H

#include <stdbool.h>
#include <stddef.h>

#include <tutela/str.h>

#include "store/statements.h"

/* What a record of the ledger is about, and so how it becomes events. */
enum tu_notice_about {
	TU_NOTICE_DECISION, /* "decision:DEVICE/NAME" */
	TU_NOTICE_CASE, /* "case:VULNERABILITY": an event for each device of the case */
	TU_NOTICE_SIGNAL, /* "signal:ID" */
	TU_NOTICE_STATEMENT, /* "statement:ID" */
	TU_NOTICE_RELEASE, /* "release:ID" */
	TU_NOTICE_FINDINGS, /* what it brought */
	TU_NOTICE_TIME, /* no record: time makes it */
	TU_NOTICE_PERSON, /* "person:ID": goes to the person, whatever the rules are */
	TU_NOTICE_KEY /* "key:ID": to its person */
};

struct tu_notice_kind {
	const char *name; /* "finding.new" */
	const char *words; /* "New finding" */
	bool urgent; /* may pass quiet hours, whatever its severity */
};
extern const struct tu_notice_kind tu_notice_kinds[];
extern const size_t tu_notice_kind_count;
/* NULL: there is none. */
const struct tu_notice_kind *tu_notice_kind_find(struct tu_str name);

/* Which records make which kind. */
struct tu_notice_source {
	const char *action;
	const char *kind; /* of tu_notice_kinds, or "access.…" */
	enum tu_notice_about about;
	enum tu_sql sql; /* rows of events, or the person */
	bool by_others; /* only when somebody else did it */
};
/* NULL: nobody is notified of such a record. */
const struct tu_notice_source *tu_notice_source_find(struct tu_str action);

/* What a person is notified of about their own access, as a sentence; NULL: it is none of those. */
const char *tu_notice_access_words(struct tu_str kind);

#endif
