/*
 * Writing CSAF: what its two files share.
 */
#ifndef TU_VEX_ISSUE_CSAF_H
#define TU_VEX_ISSUE_CSAF_H

#include "vex/issue.h"

struct tu_issue_csaf {
	struct tu_issue_writer *w;
	struct tu_json_writer *json;
	const struct tu_issue_entry **order; /* entries by vulnerability */
	const struct tu_issue_entry **deciding; /* by product, for the current vulnerability */
};

/* Append the id by which the document refers to a product, a JSON string. */
void tu_issue_csaf_product_id(struct tu_issue_csaf *c, size_t index);
/* Append a note object. */
void tu_issue_csaf_note(
	struct tu_issue_csaf *c, const char *category, struct tu_str text, const char *title);
/* Append the member "vulnerabilities". */
void tu_issue_csaf_vulnerabilities(struct tu_issue_csaf *c);

#endif
