/*
 * CSAF documents (https://docs.oasis-open.org/csaf/csaf/, 2.0 and 2.1): is one valid?
 *
 * Ownership: a report lives in the arena it was made in and borrows nothing else.
 * Threads:   pure functions of their arguments; thread-safe.
 */
#ifndef TUTELA_CSAF_H
#define TUTELA_CSAF_H

#include <stdbool.h>
#include <stddef.h>

#include <tutela/arena.h>
#include <tutela/attr.h>
#include <tutela/error.h>
#include <tutela/str.h>

TU_BEGIN_C

/* How serious a failed test is: the schema and mandatory tests make a document invalid. */
enum tu_csaf_class {
	TU_CSAF_SCHEMA,
	TU_CSAF_MANDATORY,
	TU_CSAF_OPTIONAL,
	TU_CSAF_INFORMATIVE,
	TU_CSAF_CLASSES
};

struct tu_csaf_problem {
	struct tu_str test; /* "6.1.14", or "schema" */
	struct tu_str title; /* of the test */
	enum tu_csaf_class class_;
	struct tu_str pointer; /* JSON pointer of the place */
	struct tu_str message;
};

struct tu_csaf_report {
	struct tu_str version; /* "2.0", "2.1" */
	struct tu_str id; /* of the document, from its tracking */
	struct tu_str category;
	bool valid; /* no problem with the schema or a mandatory test */
	const struct tu_csaf_problem *problems; /* by test, in the order of the document */
	size_t problem_count;
	size_t counts[TU_CSAF_CLASSES]; /* all of them, also those left out */
	size_t left_out; /* beyond the limit of one test: never silent */
	size_t tests_run;
	const struct tu_str *not_run; /* ids of the tests that need a network or a dictionary */
	size_t not_run_count;
};

/* Validate a CSAF 2.0 or 2.1 document. `padded`: 64 bytes after `text` are readable. Which classes
 * are run is a bit for each class in `classes` (0: all). A document that is not valid is a report,
 * not an error. Errors: TU_E_SYNTAX (not JSON, a key twice) with line and column; TU_E_UNSUPPORTED
 * when it is no CSAF of these versions; TU_E_LIMIT; TU_E_NOMEM. */
TU_API TU_NODISCARD enum tu_status tu_csaf_validate(struct tu_arena *arena, struct tu_str text,
	bool padded, unsigned classes, const struct tu_csaf_report **out_report,
	struct tu_error *err);

/* A test of the standard. */
struct tu_csaf_test_info {
	const char *id;
	const char *title;
	enum tu_csaf_class class_;
	bool in_20, in_21;
	bool runs; /* false: it needs a network or a dictionary */
};
/* The n-th test; false after the last. */
TU_API bool tu_csaf_test_info(size_t n, struct tu_csaf_test_info *out_info);

/* "schema", "mandatory", "optional", "informative". Static storage. */
TU_API const char *tu_csaf_class_name(enum tu_csaf_class class_);

TU_END_C

#endif
