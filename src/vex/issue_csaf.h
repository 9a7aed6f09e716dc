/*
 * Writing CSAF: what its files share.
 *
 * A status is of a *subject*: a component as a part of a product (CSAF 2.0, 3.2.3.4: a relationship
 * default_component_of), or a product as a whole. What is decided on one component is never said of
 * the whole product.
 */
#ifndef TU_VEX_ISSUE_CSAF_H
#define TU_VEX_ISSUE_CSAF_H

#include "base/intern.h"
#include "base/vec.h"
#include "vex/issue.h"

struct tu_issue_subject {
	const struct tu_issue_part *part; /* NULL: the product as a whole */
	uint32_t product;
	uint32_t seen_by; /* the entry that listed it last, by index; UINT32_MAX: none */
	const struct tu_issue_entry *decides; /* for the current vulnerability */
};

struct tu_issue_csaf {
	struct tu_issue_writer *w;
	struct tu_json_writer *json;
	const struct tu_issue_entry **order; /* entries by vulnerability */
	struct tu_intern *ids; /* product ids of the subjects, by number */
	TU_VEC(struct tu_issue_subject) subjects; /* by number */
	TU_VEC(uint32_t) numbers; /* of the subjects of each entry, one entry after the other */
	size_t *starts; /* in `numbers`, by entry; one more at the end */
};

/* The subjects of all entries. False: out of memory. The second is safe at any time. */
TU_NODISCARD bool tu_issue_csaf_subjects(struct tu_issue_csaf *c);
void tu_issue_csaf_done(struct tu_issue_csaf *c);

/* Append the member "product_tree": what the subjects are made of, and nothing else (6.2.1). */
void tu_issue_csaf_tree(struct tu_issue_csaf *c);
/* Append a note object. */
void tu_issue_csaf_note(
	struct tu_issue_csaf *c, const char *category, struct tu_str text, const char *title);
/* Append the member "vulnerabilities". */
void tu_issue_csaf_vulnerabilities(struct tu_issue_csaf *c);

#endif
