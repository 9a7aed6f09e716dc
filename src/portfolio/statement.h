/*
 * Statements: what the maker says to others about vulnerabilities of a device, in each format that
 * was asked for, kept byte for byte with all that was said before.
 *
 *   draft -> approved -> published -> withdrawn
 *               |  ^         ^
 *               v  |         |
 *            scheduled ------+          while an embargo runs
 *
 * A statement is a series of revisions. Each is written from the decisions that are approved; it is
 * approved by a person who has just proven who they are, by two where the policy asks for that,
 * never by its author. A revision can be approved and published only while the decisions say the
 * same: it is written again and compared, byte for byte. What is published stays so until a later
 * revision is, or it is withdrawn for a reason. CSAF documents must pass the tests of the standard
 * before they are approved, and again when they are published: then their date of release becomes
 * that moment (csaf/redate.h). Nothing else differs from what was signed, and both are kept. Ids
 * are the same over all revisions and no other statement's; versions rise, also after a withdrawal.
 *
 * An embargo is the statement's: until it is over nothing of it is published. Who publishes then
 * schedules; when the time has come tu_statement_release_due() publishes exactly what was approved,
 * unless the decisions say something else by then (titles and scores of the knowledge base may be
 * others). TLP:AMBER and RED are for the customers who are named; who they are is signed, too.
 *
 * Errors besides those of store/store.h:
 *
 *   TU_E_NOTFOUND    no such statement, device or release
 *   TU_E_USAGE       it is not in the state for it; decisions cannot be stated; a CSAF document is
 *                    not valid; no reason to withdraw
 *   TU_E_CONFLICT    it is not the version or not the content that was shown; the decisions say
 *                    something else by now
 *   TU_E_CONSTRAINT  a rule of audit/signature.h, which `pointer` names
 */
#ifndef TU_PORTFOLIO_STATEMENT_H
#define TU_PORTFOLIO_STATEMENT_H

#include <tutela/issue.h>

#include "audit/person.h"
#include "audit/signature.h"
#include "portfolio/page.h"
#include "portfolio/settle.h"

/* What writing had to say: decisions that cannot be named, placeholders, … In the work's arena. */
struct tu_statement_warnings {
	TU_VEC(struct tu_str) list;
};

/* What signs CSAF documents: the signing process, which is of a layer above. TU_E_UNSUPPORTED,
 * TU_E_NOTFOUND: there is nothing to sign with. */
enum { TU_SEAL_FINGERPRINT = 40, TU_SEAL_TEXT_MAX = 6144 };
struct tu_seal_ask {
	struct tu_str name; /* of the document's file */
	struct tu_str document;
	uint8_t sha256[TU_SHA256_BYTES];
	struct tu_str who; /* for whom */
	int64_t at; /* us */
};
/* What came of it; a buffer of TU_SEAL_TEXT_MAX. */
struct tu_seal {
	struct tu_buf text; /* armored */
	char fingerprint[TU_SEAL_FINGERPRINT + 1];
};
struct tu_statement_seal {
	enum tu_status (*sign)(void *self, const struct tu_seal_ask *ask, struct tu_seal *out,
		struct tu_error *err);
	void *self;
};

/* Who writes: the knowledge base for titles and vectors, who reads SBOMs, what signs. */
struct tu_statement_writer {
	const struct tu_kb *kb;
	const struct tu_sbom_reader *reader;
	const struct tu_statement_seal *seal; /* NULL: nothing is signed */
	/* what came of it */
	struct tu_statement_warnings warnings;
	uint32_t approvals; /* what the policy asks for */
};

struct tu_statement_customer {
	int64_t id; /* of the person */
	struct tu_str public_id, login;
};
struct tu_statement_customers {
	TU_VEC(struct tu_statement_customer) list; /* by public id */
};

/* What it is about. */
struct tu_statement_about {
	const struct tu_device_row *device;
	struct tu_str release; /* empty: every release that decisions name */
	struct tu_str vulns; /* names with commas between them; empty: all */
	struct tu_str tlp; /* "WHITE", … */
	struct tu_str summary; /* of this revision; may be empty */
	uint32_t formats; /* 1 << enum tu_issue_format; at least one */
	struct tu_statement_customers customers; /* of AMBER and RED */
	int64_t embargo; /* us; 0: none */
	int64_t serial; /* what tu_statement_draft() finds out: 2, 3, ... is in the documents' ids
			 */
};

/* Texts are in the work's arena. */
struct tu_statement_seen {
	int64_t id, device_id, revision_id, previous_id;
	struct tu_str public_id, device, release, vulns, tlp, author, summary;
	struct tu_str state; /* of the newest revision */
	int64_t revision; /* the newest */
	int64_t published; /* the revision that is; 0: none */
	int64_t version;
	int64_t created, revised; /* us */
	int64_t serial, embargo; /* us; 0: none */
	uint8_t digest[TU_SHA256_BYTES]; /* of the newest revision: what is signed */
	uint8_t basis[TU_SHA256_BYTES]; /* the same without what the knowledge base says */
};
struct tu_statements_seen {
	TU_VEC(struct tu_statement_seen) list; /* the newest first */
};
/* A page of them (portfolio/page.h): by when they were first drafted; filters device and state. */
TU_NODISCARD enum tu_status tu_statement_page(struct tu_work *w, const struct tu_page_ask *ask,
	struct tu_statements_seen *out, struct tu_page_total *out_total, struct tu_error *err);
TU_NODISCARD enum tu_status tu_statement_find(struct tu_work *w, struct tu_str public_id,
	const struct tu_list_scope *scope, struct tu_statement_seen *out, struct tu_error *err);

struct tu_statement_revision {
	int64_t id, n;
	struct tu_str state, author, summary, reason;
	int64_t created, approved, published, withdrawn; /* us; 0: not */
	uint8_t digest[TU_SHA256_BYTES];
};
struct tu_statement_revisions {
	TU_VEC(struct tu_statement_revision) list;
};
TU_NODISCARD enum tu_status tu_statement_revisions(struct tu_work *w, int64_t statement_id,
	struct tu_statement_revisions *out, struct tu_error *err);

/* For whom it is. */
TU_NODISCARD enum tu_status tu_statement_customers(struct tu_work *w, int64_t revision_id,
	struct tu_statement_customers *out, struct tu_error *err);
/* Add a person by login: TU_E_USAGE with pointer "/customers" unless it is an active customer. */
TU_NODISCARD enum tu_status tu_statement_customer_add(struct tu_work *w, struct tu_str login,
	struct tu_statement_customers *to, struct tu_error *err);

struct tu_statement_document {
	enum tu_issue_format format;
	int64_t document_id, bytes;
	uint8_t digest[TU_SHA256_BYTES];
	uint8_t approved[TU_SHA256_BYTES]; /* of what was signed: with other dates of release */
};
struct tu_statement_documents {
	TU_VEC(struct tu_statement_document) list;
};
TU_NODISCARD enum tu_status tu_statement_documents(struct tu_work *w, int64_t revision_id,
	struct tu_statement_documents *out, struct tu_error *err);

/* Who has signed the approval of the newest revision. */
struct tu_statement_signed {
	struct tu_str name, zone; /* as printed */
	int64_t at; /* us */
};
struct tu_statement_approvals {
	TU_VEC(struct tu_statement_signed) list;
};
TU_NODISCARD enum tu_status tu_statement_approvals(struct tu_work *w,
	const struct tu_statement_seen *row, struct tu_statement_approvals *out,
	struct tu_error *err);

/* ---- what people do ---- */

/* A statement with its first revision, or another revision of one (`row`; version as it was read),
 * for the customers of the one before unless others are given. An embargo that is over, or
 * customers of what is not AMBER or RED: TU_E_USAGE with a pointer. A revision that is scheduled is
 * replaced by another draft; the embargo stays. */
TU_NODISCARD enum tu_status tu_statement_draft(struct tu_work *w,
	struct tu_statement_writer *writer, const struct tu_statement_about *about,
	struct tu_str *out_public, struct tu_error *err);
struct tu_statement_changes {
	struct tu_str summary;
	const struct tu_statement_customers *customers; /* NULL: as before */
};
TU_NODISCARD enum tu_status tu_statement_revise(struct tu_work *w,
	struct tu_statement_writer *writer, const struct tu_statement_seen *row,
	const struct tu_statement_changes *changes, struct tu_error *err);

/* What a statement would say now, in one of about->formats: nothing is kept. In the work's arena.
 * TU_E_USAGE: there is nothing to state. */
TU_NODISCARD enum tu_status tu_statement_preview(struct tu_work *w,
	struct tu_statement_writer *writer, const struct tu_statement_about *about,
	struct tu_str *out_text, struct tu_error *err);

struct tu_statement_approval {
	uint8_t digest[TU_SHA256_BYTES]; /* what was shown */
	struct tu_proof proof;
	struct tu_str zone;
	/* what came of it */
	uint32_t approvals, needed;
	bool approved;
};
TU_NODISCARD enum tu_status tu_statement_approve(struct tu_work *w,
	struct tu_statement_writer *writer, const struct tu_statement_seen *row,
	struct tu_statement_approval *approval, struct tu_error *err);
/* Publish, or schedule while the embargo runs: then `*out_due` is its end (us), else 0. Whoever
 * calls it sees to it that tu_statement_release_due() is called then. TU_E_USAGE, with the date: it
 * would be said before the embargo of a signal is over that a case came of, or of a duplicate. */
TU_NODISCARD enum tu_status tu_statement_publish(struct tu_work *w,
	struct tu_statement_writer *writer, const struct tu_statement_seen *row, int64_t *out_due,
	struct tu_error *err);
/* Do the decisions still say what the newest revision says? What cannot be written any more does
 * not. That the knowledge base has changed is no difference. */
TU_NODISCARD enum tu_status tu_statement_holds(struct tu_work *w,
	struct tu_statement_writer *writer, const struct tu_statement_seen *row, bool *out_holds,
	struct tu_error *err);
/* Move the embargo, or lift it (0). `*out_due`: when what is scheduled is due now; 0: nothing is.
 * TU_E_USAGE: no reason; a time that is over, with pointer "/until". */
TU_NODISCARD enum tu_status tu_statement_embargo(struct tu_work *w,
	const struct tu_statement_seen *row, int64_t until, int64_t *out_due, struct tu_error *err);
/* Publish what is scheduled, if its embargo is over. Where the decisions say something else by now,
 * or a document is not valid any more, or a signal's embargo runs, it is approved again, and `why`
 * says so (in the work's arena). Nothing to do (another revision, another time, withdrawn): both
 * stay false and empty. */
struct tu_statement_due {
	bool published;
	struct tu_str why;
};
TU_NODISCARD enum tu_status tu_statement_release_due(struct tu_work *w,
	struct tu_statement_writer *writer, const struct tu_statement_seen *row,
	struct tu_statement_due *out, struct tu_error *err);
/* What is published; the act's reason says why. */
TU_NODISCARD enum tu_status tu_statement_withdraw(
	struct tu_work *w, const struct tu_statement_seen *row, struct tu_error *err);

/* ---- of statement_write.c ---- */

struct tu_statement_writing {
	struct tu_statement_writer *writer;
	const struct tu_statement_about *about;
	int64_t created; /* seconds: the time that the documents have */
	struct tu_str previous[TU_ISSUE_FORMATS]; /* what is replaced, or empty */
	/* versions that a customer was not sent for whom this one is: their words are left out */
	TU_VEC(struct tu_str) withheld;
	/* what came of it, in the work's arena */
	struct tu_str texts[TU_ISSUE_FORMATS];
	struct tu_str plain[TU_ISSUE_FORMATS]; /* without titles and scores of the knowledge base */
};
TU_NODISCARD enum tu_status tu_statement__write(
	struct tu_work *w, struct tu_statement_writing *writing, struct tu_error *err);
/* TU_E_USAGE names the first test that fails. */
TU_NODISCARD enum tu_status tu_statement__check(
	struct tu_work *w, enum tu_issue_format format, struct tu_str text, struct tu_error *err);

#endif
