/*
 * Parts of the page, and what they have in common.
 */
#ifndef TU_REPORT_PAGE_PARTS_H
#define TU_REPORT_PAGE_PARTS_H

#include "report/html.h"
#include "report/page.h"
#include "report/svg.h"

/* The case that is about a vulnerability of the knowledge base. */
struct tu_page_case {
	uint32_t vulnerability;
	size_t index; /* of in->cases */
};

/* What became of a decision in this release. */
struct tu_page_use {
	const struct tu_decision *decision;
	size_t index; /* of in->decisions; its anchor is "d<index>" */
	size_t findings; /* of this release that it covers */
	const struct tu_assessment *first; /* the first that is re-opened, else the first; NULL */
	/* Not NULL: it is for this release and no finding matches it. */
	const struct tu_loose_decision *loose;
	bool superseded;
};

/* A deadline and the case it belongs to. */
struct tu_page_deadline {
	const struct tu_deadline_case *of;
	const struct tu_deadline *deadline;
};

enum tu_page_part { TU_PAGE_UNCONTROLLED, TU_PAGE_OPEN, TU_PAGE_CLOSED, TU_PAGE_PARTS };

/* Open findings have a bucket for each cell of the matrix, closed ones have one for all. */
enum { TU_PAGE_CELLS = (TU_BANDS_MAX + 1) * TU_HARM_COUNT_ };

/* The findings by part and cell, the worst cell first. */
struct tu_page_buckets {
	const struct tu_assessment **at;
	size_t start[TU_PAGE_PARTS * TU_PAGE_CELLS + 1];
};

struct tu_page {
	const struct tu_page_input *in;
	struct tu_sink *sink;
	struct tu_buf *out;
	const struct tu_page_case *cases; /* by vulnerability */
	size_t case_count;
	struct tu_page_use *uses; /* by address of the decision */
	size_t use_count;
	const struct tu_page_deadline *deadlines; /* most urgent first; those without date last */
	size_t deadline_count;
	struct tu_page_buckets buckets;
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

/* A document up to the text of its title; then the style sheet, up to the inside of its header. */
void tu_page__document(struct tu_page *page);
void tu_page__document_style(struct tu_page *page);

void tu_page__section(struct tu_page *page, const char *id, const char *title);
void tu_page__section_end(struct tu_page *page);

/* A table, in a box that scrolls where the screen is too narrow. Heads end with NULL; a head that
 * starts with "#" is of a column of numbers. `id` NULL: none. */
void tu_page__table(
	struct tu_page *page, const char *id, struct tu_str caption, const char *const *heads);
void tu_page__table_end(struct tu_page *page);

void tu_page__cell(struct tu_page *page, struct tu_str text); /* <td> */
void tu_page__cell_count(struct tu_page *page, size_t count); /* <td class=n> */
void tu_page__cell_date(struct tu_page *page, int64_t seconds, const char *otherwise);
void tu_page__cell_word(struct tu_page *page, const char *word); /* a <td> of one line */
void tu_page__row_head(struct tu_page *page, struct tu_str text); /* <th scope=row> */

/* <dt>…</dt><dd>; the caller writes and closes it with </dd>. */
void tu_page__term(struct tu_page *page, const char *term);
/* A whole pair; nothing when the text is empty. */
void tu_page__fact(struct tu_page *page, const char *term, struct tu_str text);

/* A list of texts, joined by ", ". */
void tu_page__list(struct tu_page *page, const struct tu_texts *texts);

/* <span class="mark …">word</span>: a state, in words and by colour. */
void tu_page__mark(struct tu_page *page, const char *style, const char *word);
void tu_page__risk(struct tu_page *page, enum tu_risk risk);

/* What people read for a state: "not assessed" where the formats say "undecided". */
const char *tu_page__state_word(enum tu_assess_state state);
/* Is it open, and does it wait for a person: not assessed, or re-opened? */
bool tu_page__waits(const struct tu_assessment *assessment);

/* The id of a vulnerability, with a link to its public record where the kind of id has one; on one
 * line unless it is long. The same as <th scope=row>. */
void tu_page__id(struct tu_page *page, struct tu_str id);
void tu_page__row_id(struct tu_page *page, struct tu_str id);
/* <small>title</small>, shortened; nothing where the knowledge base has none. */
void tu_page__title(struct tu_page *page, struct tu_str title);
void tu_page__title_of(struct tu_page *page, struct tu_str id);

/* "name version" of a component; the same from the selector of a decision. */
void tu_page__component(struct tu_page *page, const struct tu_component *component);
void tu_page__selector(struct tu_page *page, const struct tu_selector *selector);
const struct tu_component *tu_page__component_of(
	const struct tu_page *page, const struct tu_assessment *assessment);

/* "5 hours", "3 days". */
void tu_page__span(struct tu_page *page, int64_t seconds);

/* ---- what sections look up ---- */

/* Fill the indexes of a page. False: no memory. */
bool tu_page__index(struct tu_page *page);
bool tu_page__index_findings(struct tu_page *page);
bool tu_page__index_deadlines(struct tu_page *page);

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

/* ---- sections: what stands between a heading and the next ---- */

enum tu_status tu_page__today(struct tu_page *page);
enum tu_status tu_page__posture(struct tu_page *page);
enum tu_status tu_page__matrix_section(struct tu_page *page);
enum tu_status tu_page__uncontrolled(struct tu_page *page);
enum tu_status tu_page__open(struct tu_page *page);
enum tu_status tu_page__closed(struct tu_page *page);
enum tu_status tu_page__decisions(struct tu_page *page);
enum tu_status tu_page__deadlines(struct tu_page *page);
enum tu_status tu_page__metrics(struct tu_page *page);
enum tu_status tu_page__sbom(struct tu_page *page);
enum tu_status tu_page__knowledge(struct tu_page *page);
enum tu_status tu_page__about(struct tu_page *page);

void tu_page__header(struct tu_page *page);
void tu_page__footer(struct tu_page *page);

extern const char *const tu_page__style[]; /* ends with NULL */

/* The catalogues that say today that it is exploited: "(CISA, ENISA)". */
void tu_page__catalogues(struct tu_page *page, const struct tu_assessment *a);

#endif
