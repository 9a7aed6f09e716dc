/*
 * Statements, inside src/portfolio: what the files of them share.
 */
#ifndef TU_PORTFOLIO_STATEMENT_INSIDE_H
#define TU_PORTFOLIO_STATEMENT_INSIDE_H

#include "base/sha512.h"
#include "portfolio/statement.h"

/* ---- of statement.c ---- */

/* What a revision is about, of a row; `device` is filled. */
TU_NODISCARD enum tu_status tu_statement__about(struct tu_work *w,
	const struct tu_statement_seen *row, struct tu_device_row *device,
	struct tu_statement_about *out, struct tu_error *err);
/* SHA-256 over "format digest" of each document, a line each, in the order of the formats, then
 * "customer id" for each customer. `plain`: of the texts that have nothing of the knowledge base.
 */
TU_NODISCARD enum tu_status tu_statement__digest(const struct tu_statement_writing *of, bool plain,
	uint8_t out_digest[TU_SHA256_BYTES], struct tu_error *err);
/* The documents of a revision into `texts`; its formats too, where `formats` is not NULL. */
TU_NODISCARD enum tu_status tu_statement__read(struct tu_work *w, int64_t revision_id,
	struct tu_str texts[TU_ISSUE_FORMATS], uint32_t *formats, struct tu_error *err);
/* What a revision replaces (0: nothing) into of->previous, and into of->withheld which versions of
 * it its customers were not all sent. of->about is filled. */
TU_NODISCARD enum tu_status tu_statement__replaces(struct tu_work *w,
	struct tu_statement_writing *of, int64_t previous_id, struct tu_error *err);
/* False: no memory. */
bool tu_statement__record(struct tu_work *w, const struct tu_statement_seen *row,
	const char *action, const char *after);
struct tu_str tu_statement__subject(
	const struct tu_statement_seen *row, char out[TU_SIGN_SUBJECT_MAX]);

/* ---- of statement_embargo.c ---- */

/* TU_E_USAGE, with the date and the way on: the documents name a vulnerability whose case came of a
 * signal, or of one that a signal repeats, with an embargo that is not over when they leave (us).
 */
TU_NODISCARD enum tu_status tu_statement__embargoed(struct tu_work *w,
	const struct tu_statement_writing *of, int64_t leaves, struct tu_error *err);

/* ---- of statement_release.c ---- */

struct tu_statement_naming {
	enum tu_issue_format format;
	bool wanted; /* the statement has this format */
	struct tu_str name;
	int64_t taken; /* by this statement; 0: it is free */
};
/* Find about->serial so that its CSAF documents get names that no other statement has. */
TU_NODISCARD enum tu_status tu_statement__name(
	struct tu_work *w, struct tu_statement_about *about, struct tu_error *err);
/* Keep the names for it. TU_E_CONSTRAINT: another one took them meanwhile. */
TU_NODISCARD enum tu_status tu_statement__name_keep(struct tu_work *w,
	const struct tu_statement_about *about, int64_t statement_id, struct tu_error *err);
/* The CSAF documents of the newest revision as they are published now: with this moment as their
 * date, checked, signed, and under the names by which they are fetched. */
TU_NODISCARD enum tu_status tu_statement__release(struct tu_work *w,
	const struct tu_statement_writer *writer, const struct tu_statement_seen *row,
	struct tu_error *err);

/* ---- of statement_write.c ---- */

TU_NODISCARD enum tu_status tu_statement__document_id(struct tu_work *w,
	const struct tu_statement_about *about, enum tu_issue_format format, struct tu_str *out,
	struct tu_error *err);

#endif
