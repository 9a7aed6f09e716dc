/*
 * Where the public record of a vulnerability is, by the prefix of its id: one table for statements
 * and pages.
 */
#ifndef TU_VEX_RECORD_H
#define TU_VEX_RECORD_H

#include <stdbool.h>

#include <tutela/buf.h>
#include <tutela/str.h>

struct tu_record_kind {
	const char *prefix; /* of the id */
	/* Whose record: CycloneDX's source.name. Dependency-Track ignores a vulnerability whose
	 * source has none of its own names (NVD, GITHUB, OSV, SNYK, OSSINDEX, …). */
	const char *source;
	const char *system; /* CSAF: ids[].system_name */
	const char *page; /* which the id completes, or NULL */
};

/* The row of an id; NULL when no prefix is known. */
const struct tu_record_kind *tu_record_kind(struct tu_str id);
/* Append the address of the record; nothing when there is none or the id would need an escape. */
void tu_record_page(struct tu_str id, struct tu_buf *out);

/* The name of "CWE-79" where it is a weakness, not a category or view (static storage); false
 * otherwise. */
bool tu_record_weakness(struct tu_str cwe, struct tu_str *out_name);

#endif
