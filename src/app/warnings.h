/*
 * Warnings: what a use case has to say beside its answer. Nothing that is warned about changes the
 * status of the use case.
 */
#ifndef TU_APP_WARNINGS_H
#define TU_APP_WARNINGS_H

#include <stdbool.h>

#include <tutela/arena.h>
#include <tutela/error.h>
#include <tutela/str.h>

/* The names are stable; a caller may select by them. */
enum tu_warning_kind {
	TU_WARN_EMPTY_SBOM, /* nothing to match: that is not "no vulnerabilities" */
	TU_WARN_SBOM_NOTES, /* parts of the SBOM were not understood */
	TU_WARN_FRESHNESS, /* a source is stale, or nothing says how fresh it is */
	TU_WARN_SIDE_FILE, /* a side file of the release is not assessed */
	TU_WARN_STATEMENT, /* statements of others do not apply */
	TU_WARN_NO_SBOM, /* the release has none */
	TU_WARN_EXPIRED, /* decisions have ended */
	TU_WARN_IDENTITY, /* the SBOM does not know its subject by what statements call it */
	TU_WARN_UNNAMED, /* nothing names the component that a decision is about */
	TU_WARN_PLACEHOLDER, /* what the template left, or a domain for examples */
	TU_WARN_DECISION, /* one cannot be stated, and why */
	TU_WARN_KERNEL, /* the evidence of a kernel's build is of another kernel */
	TU_WARNING_KINDS
};

struct tu_warning {
	enum tu_warning_kind kind;
	struct tu_str text; /* one line of plain text; quotes input as it is */
};

/* Starts as {.arena = arena}. */
struct tu_warnings {
	struct tu_arena *arena; /* of the list and the texts */
	struct tu_warning *at;
	size_t count;
	size_t cap;
	bool failed; /* one could not be kept: out of memory */
};

/* "empty-sbom", … */
const char *tu_warning_kind_name(enum tu_warning_kind kind);

/* Append a warning, cut at TU_ERROR_MESSAGE_MAX bytes. Out of memory sets `failed`. */
void tu_warn(struct tu_warnings *warnings, enum tu_warning_kind kind, const char *fmt, ...)
	TU_PRINTF(3, 4);

#endif
