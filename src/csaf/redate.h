/*
 * Another date of release for a CSAF document that is otherwise finished: what is approved is
 * written before it is published, and its date of release is when it is published.
 *
 * Only dates that are `from` change: current_release_date, the newest revision's, the generator's,
 * and initial_release_date when there is one revision. All else stays byte for byte.
 */
#ifndef TU_CSAF_REDATE_H
#define TU_CSAF_REDATE_H

#include <stdint.h>

#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

struct tu_csaf_redate {
	int64_t from, to; /* seconds since 1970, UTC */
};

/* Append the document with its new dates. TU_E_SYNTAX: it is no CSAF document. */
TU_NODISCARD enum tu_status tu_csaf_redate(struct tu_str text, const struct tu_csaf_redate *dates,
	struct tu_buf *out, struct tu_error *err);

#endif
