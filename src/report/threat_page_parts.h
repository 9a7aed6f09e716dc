/*
 * Parts of the page of a threat model, and what they have in common.
 */
#ifndef TU_REPORT_THREAT_PAGE_PARTS_H
#define TU_REPORT_THREAT_PAGE_PARTS_H

#include "report/page_parts.h"
#include "report/threat_page.h"

struct tu_design_page {
	struct tu_page page; /* furniture alone: it has no assessment */
	const struct tu_threat_page_input *in;
	struct tu_error *err;
};

/* The id and name of an element or flow; its id alone. */
struct tu_str tu_design__name(const struct tu_design_page *page, struct tu_spot spot);
struct tu_str tu_design__id(const struct tu_design_page *page, struct tu_spot spot);
/* <td>id <small>name</small></td> */
void tu_design__place(struct tu_design_page *page, struct tu_spot spot);
/* A cell with a text; "not stated" as a mark where it is empty. */
void tu_design__stated(struct tu_design_page *page, struct tu_str text);
/* A cell with "10,800" or "not stated". */
void tu_design__number(struct tu_design_page *page, uint64_t number);
/* <p class="note">text</p>: why a section is empty. */
void tu_design__note(struct tu_design_page *page, const char *text);
/* The state of a threat as a mark. */
void tu_design__outcome(struct tu_design_page *page, enum tu_threat_outcome outcome);
/* The severity of a threat in words; of one without harm to the body, what it does to privacy. */
const char *tu_design__severity(const struct tu_threat *threat);

/* ---- sections ---- */

enum tu_status tu_design__summary(struct tu_design_page *page);
enum tu_status tu_design__method(struct tu_design_page *page);
enum tu_status tu_design__views(struct tu_design_page *page);
enum tu_status tu_design__life_cycle(struct tu_design_page *page);
enum tu_status tu_design__risks(struct tu_design_page *page);
enum tu_status tu_design__trace(struct tu_design_page *page);
enum tu_status tu_design__decisions(struct tu_design_page *page);
enum tu_status tu_design__controls(struct tu_design_page *page);
enum tu_status tu_design__questions(struct tu_design_page *page);
enum tu_status tu_design__considered(struct tu_design_page *page);
enum tu_status tu_design__assumptions(struct tu_design_page *page);
enum tu_status tu_design__lints(struct tu_design_page *page);

#endif
