/*
 * Parts of the page, and what they have in common.
 */
#ifndef TU_REPORT_PAGE_PARTS_H
#define TU_REPORT_PAGE_PARTS_H

#include "report/html.h"
#include "report/page.h"
#include "report/svg.h"

/* Which case speaks of a vulnerability of the knowledge base. */
struct tu_page_case {
	uint32_t vulnerability;
	size_t index; /* of in->cases */
};

/* What became of a decision in this release. */
struct tu_page_use {
	const struct tu_decision *decision;
	size_t index; /* of in->decisions; its anchor is "d<index>" */
	size_t findings; /* that it is about here */
	const struct tu_assessment *first; /* the first that is re-opened, else the first; NULL */
	const struct tu_loose_decision *loose; /* NULL: it met a finding, or is not for here */
	bool superseded;
};

struct tu_page {
	const struct tu_page_input *in;
	struct tu_sink *sink;
	struct tu_buf *out;
	const struct tu_page_case *cases; /* by vulnerability */
	size_t case_count;
	struct tu_page_use *uses; /* by address of the decision */
	size_t use_count;
};

/* Markup only: a literal. */
static inline void tu_page__raw(struct tu_page *page, const char *markup)
{
	tu_buf_c(page->out, markup);
}

static inline void tu_page__text(struct tu_page *page, struct tu_str text)
{
	tu_html_text(page->out, text);
}

static inline void tu_page__word(struct tu_page *page, const char *word)
{
	tu_html_word(page->out, word);
}

static inline void tu_page__spill(struct tu_page *page)
{
	tu_sink_spill(page->sink);
}

/* ---- furniture ---- */

void tu_page__section(struct tu_page *page, const char *id, const char *title);
void tu_page__section_end(struct tu_page *page);

/* A table, in a box that scrolls where the screen is too narrow. Heads end with NULL; one that
 * starts with "#" is of numbers. `id` NULL: none. */
void tu_page__table(
	struct tu_page *page, const char *id, struct tu_str caption, const char *const *heads);
void tu_page__table_end(struct tu_page *page);

void tu_page__cell(struct tu_page *page, struct tu_str text); /* <td> */
void tu_page__cell_count(struct tu_page *page, size_t count); /* <td class=n> */
void tu_page__cell_date(struct tu_page *page, int64_t seconds, const char *otherwise);
void tu_page__cell_word(struct tu_page *page, const char *word); /* a <td> of one line */
void tu_page__row_head(struct tu_page *page, struct tu_str text); /* <th scope=row> */
/* The same for the id of a vulnerability, which stays on one line unless it is long; the id alone.
 */
void tu_page__row_id(struct tu_page *page, struct tu_str id);
void tu_page__id(struct tu_page *page, struct tu_str id);

/* <dt>…</dt><dd>; the caller writes and closes it with </dd>. */
void tu_page__term(struct tu_page *page, const char *term);
/* A whole pair; nothing when the text is empty. */
void tu_page__fact(struct tu_page *page, const char *term, struct tu_str text);

/* A list of texts, joined by ", ". */
void tu_page__list(struct tu_page *page, const struct tu_texts *texts);

/* <span class="mark …">word</span>: a state, in words and by colour. */
void tu_page__mark(struct tu_page *page, const char *style, const char *word);
void tu_page__risk(struct tu_page *page, enum tu_risk risk);

/* "name version" of a component. */
void tu_page__component(struct tu_page *page, const struct tu_component *component);
const struct tu_component *tu_page__component_of(
	const struct tu_page *page, const struct tu_assessment *assessment);

/* What is known of a decision or of a vulnerability; NULL. */
const struct tu_page_use *tu_page__use(
	const struct tu_page *page, const struct tu_decision *decision);
const struct tu_page_case *tu_page__case(const struct tu_page *page, uint32_t vulnerability);
/* <a href="#d3">id</a> */
void tu_page__decision_link(struct tu_page *page, const struct tu_decision *decision);

/* ---- charts, each with its table ---- */

struct tu_bar {
	const char *label;
	size_t first, second; /* two parts of the bar */
};

struct tu_bars {
	const char *id;
	const char *title;
	const char *head; /* what a row is */
	const char *first, *second; /* what the parts are, with a "#" as heads of a table */
	const struct tu_bar *at;
	size_t count;
};

void tu_page__bars(struct tu_page *page, const struct tu_bars *bars);
void tu_page__matrix(struct tu_page *page);

/* ---- sections ---- */

void tu_page__posture(struct tu_page *page);
void tu_page__risk_section(struct tu_page *page);
enum tu_status tu_page__findings(struct tu_page *page);
void tu_page__decisions(struct tu_page *page);
enum tu_status tu_page__clocks(struct tu_page *page);
enum tu_status tu_page__metrics(struct tu_page *page);
enum tu_status tu_page__sbom(struct tu_page *page);

extern const char *const tu_page__style[]; /* ends with NULL */

#endif
