/* The findings, by cell of the matrix: uncontrolled ones, other open ones, closed ones. */
#include "report/page_parts.h"

enum {
	OPEN_UNTIL = 200, /* uncontrolled findings that are shown unfolded */
	NAME_MAX_BYTES = 1 << 16,
	HARMS = TU_HARM_COUNT_,
	CELLS = (TU_BANDS_MAX + 1) * HARMS
};

enum part { PART_UNCONTROLLED, PART_OPEN, PART_CLOSED, PARTS };

/* Findings put into buckets: by part and, of what is open, by cell, the worst first. */
struct buckets {
	const struct tu_assessment **at;
	size_t start[PARTS * CELLS + 1];
};

static enum part part_of(const struct tu_assessment *a)
{
	if (tu_assess_is_closed(a))
		return PART_CLOSED;
	return a->risk == TU_RISK_UNCONTROLLED ? PART_UNCONTROLLED : PART_OPEN;
}

static size_t bucket_of(const struct tu_assessment *a)
{
	size_t band = a->band < TU_BANDS_MAX ? a->band : TU_BANDS_MAX;
	size_t cell = (TU_BANDS_MAX - band) * HARMS + (HARMS - 1 - (size_t)a->harm);

	return part_of(a) * CELLS + (part_of(a) == PART_CLOSED ? 0 : cell);
}

/* A counting sort: it keeps the order that the findings have within a bucket. */
static bool sort(const struct tu_page *page, struct buckets *b)
{
	size_t next[PARTS * CELLS];
	size_t count = page->in->result->count;

	b->at = tu_arena_array(page->in->arena, count, sizeof(*b->at));
	if (!b->at)
		return false;
	memset(b->start, 0, sizeof(b->start));
	for (size_t i = 0; i < count; i++)
		b->start[bucket_of(page->in->sorted[i]) + 1]++;
	for (size_t i = 0; i < PARTS * CELLS; i++) {
		b->start[i + 1] += b->start[i];
		next[i] = b->start[i];
	}
	for (size_t i = 0; i < count; i++)
		b->at[next[bucket_of(page->in->sorted[i])]++] = page->in->sorted[i];
	return true;
}

/* ---- cells of a row ---- */

static void add_id(struct tu_page *page, const struct tu_assessment *a)
{
	tu_page__raw(page, "<tr><th scope=\"row\">");
	tu_page__id(page, a->of->facts.id);
	tu_page__raw(page, "<small>");
	if (a->of->tenths == TU_SCORE_UNSTATED)
		tu_page__raw(page, "not scored");
	else
		tu_buf_printf(page->out, "CVSS %u.%u", a->of->tenths / 10u, a->of->tenths % 10u);
	if (a->of->facts.has_kev) {
		tu_page__raw(page, ", exploited (KEV ");
		tu_page__text(page, a->of->facts.kev.date_added);
		tu_page__raw(page, ")");
	}
	tu_page__raw(page, "</small></th>");
}

static void add_component(struct tu_page *page, const struct tu_assessment *a)
{
	tu_page__raw(page, "<td>");
	tu_page__component(page, tu_page__component_of(page, a));
	if (a->of->distinct->component_count > 1) {
		tu_page__raw(page, "<small>");
		tu_html_count(page->out, a->of->distinct->component_count);
		tu_page__raw(page, " times</small>");
	}
	if (a->of->finding->verdict == TU_MATCH_UNDECIDED) {
		tu_page__raw(page, "<small>affected? ");
		tu_page__word(page, tu_reason_sentence(a->of->finding->reason));
		tu_page__raw(page, "</small>");
	}
	if (a->of->finding->fixed.len) {
		tu_page__raw(page, "<small>fixed in ");
		tu_page__text(page, a->of->finding->fixed);
		tu_page__raw(page, "</small>");
	}
	tu_page__raw(page, "</td>");
}

/* "supplier says …": beside the decision, never in its place. */
static void add_word(struct tu_page *page, const struct tu_assessment *a)
{
	if (!a->of->supplier)
		return;
	tu_page__raw(page, "<small>");
	tu_page__text(page, a->of->finding->statement);
	tu_page__raw(page, "</small>");
}

static void add_state(struct tu_page *page, const struct tu_assessment *a)
{
	tu_page__raw(page, a->state == TU_ASSESS_REOPENED ? "<td class=\"w\">" : "<td>");
	tu_page__word(page, tu_assess_state_name(a->state));
	tu_page__raw(page, "<small>");
	if (a->since)
		tu_html_days(page->out, page->in->at - a->since);
	else
		tu_page__raw(page, "age not known");
	if (a->state == TU_ASSESS_REOPENED) {
		tu_page__raw(page, ": ");
		tu_page__text(page, a->reopen_why);
	}
	tu_page__raw(page, "</small>");
	if (a->decision) {
		tu_page__raw(page, "<small>");
		tu_page__decision_link(page, a->decision);
		tu_page__raw(page, "</small>");
	}
	add_word(page, a);
	tu_page__raw(page, "</td>");
}

static void add_exploitability(struct tu_page *page, const struct tu_assessment *a)
{
	const struct tu_proposal *p = &a->proposal;

	tu_page__raw(page, "<td><b>");
	tu_page__text(page, page->in->device->policy.bands[p->band].name);
	tu_page__raw(page, "</b>");
	for (size_t i = 0; i < p->fact_count; i++) {
		tu_page__raw(page, i ? "; " : ": ");
		tu_page__text(page, p->facts[i].text);
		tu_buf_printf(page->out, " [%u]", p->facts[i].level);
	}
	tu_page__raw(page, "</td>");
}

static void add_harm(struct tu_page *page, const struct tu_assessment *a)
{
	const struct tu_proposal *p = &a->proposal;

	tu_page__raw(page, "<td><b>");
	tu_page__word(page, tu_harm_name(p->harm));
	tu_page__raw(page, p->harm_assumed ? " (assumed)</b>: " : "</b>: ");
	tu_page__text(page, p->harm_why);
	if (p->privacy != TU_PRIVACY_NONE) {
		tu_page__raw(page, "<small>privacy ");
		tu_page__word(page, tu_privacy_name(p->privacy));
		tu_page__raw(page, ": ");
		tu_page__text(page, p->privacy_why);
		tu_page__raw(page, "</small>");
	}
	tu_page__raw(page, "</td>");
}

static bool runs(const struct tu_deadlines *clocks, const struct tu_deadline_rule *rule)
{
	for (size_t i = 0; clocks && i < clocks->count; i++)
		if (clocks->at[i].rule == rule ||
			tu_str_eq(tu_str_c(clocks->at[i].rule->id), tu_str_c(rule->id)))
			return true;
	return false;
}

static void add_running(struct tu_page *page, const struct tu_deadlines *clocks)
{
	for (size_t i = 0; clocks && i < clocks->count; i++) {
		tu_page__raw(page, "<small>");
		tu_page__word(page, clocks->at[i].rule->id);
		tu_page__raw(page, " ");
		tu_page__word(page, tu_deadline_state_name(clocks->at[i].state));
		tu_page__raw(page, "</small>");
	}
}

/* What the finding starts by what counts for it now and no decision has set going. */
static void add_to_start(
	struct tu_page *page, const struct tu_assessment *a, const struct tu_deadlines *clocks)
{
	size_t count = 0;

	for (size_t i = 0; i < page->in->rule_count; i++) {
		if (!tu_assess_starts(page->in->rules[i], a) || runs(clocks, page->in->rules[i]))
			continue;
		tu_page__raw(page, count++ ? ", " : "<small>starts ");
		tu_page__word(page, page->in->rules[i]->id);
	}
	tu_page__raw(page, count ? "</small>" : "");
}

static void add_response(struct tu_page *page, const struct tu_assessment *a)
{
	const struct tu_page_case *c = tu_page__case(page, a->of->finding->vulnerability);
	const struct tu_deadlines *clocks = c ? &page->in->clocks[c->index] : NULL;

	tu_page__raw(page, "<td>");
	tu_page__word(page, a->proposal.response);
	add_running(page, clocks);
	add_to_start(page, a, clocks);
	if (page->in->device->pma && a->risk == TU_RISK_CONTROLLED)
		tu_page__raw(page, "<small>PMA periodic report</small>");
	tu_page__raw(page, "</td>");
}

static void add_finding(struct tu_page *page, const struct tu_assessment *a)
{
	add_id(page, a);
	add_component(page, a);
	add_state(page, a);
	add_exploitability(page, a);
	add_harm(page, a);
	add_response(page, a);
	tu_page__raw(page, "</tr>\n");
	tu_page__spill(page);
}

/* ---- groups ---- */

/* "Exploitability high, harm serious": the cell that all findings of a bucket share. */
static void name_cell(struct tu_page *page, const struct tu_assessment *a, struct tu_buf *out)
{
	const struct tu_risk_policy *policy = &page->in->device->policy;

	tu_buf_c(out, "Exploitability ");
	if (a->band < policy->band_count)
		tu_buf_str_add(out, policy->bands[a->band].name);
	else
		tu_buf_c(out, "unknown");
	tu_buf_printf(out, ", harm %s", tu_harm_name(a->harm));
}

static void add_group(
	struct tu_page *page, const struct tu_assessment *const *at, size_t count, bool unfolded)
{
	static const char *const heads[] = {"Vulnerability", "Component", "State",
		"Exploitability (proposed)", "Harm to the patient (proposed)", "Response, clocks",
		NULL};
	struct tu_buf name;

	tu_buf_init(&name, NAME_MAX_BYTES);
	name_cell(page, at[0], &name);
	tu_page__raw(page, unfolded ? "<details open><summary><h3>" : "<details><summary><h3>");
	tu_page__text(page, tu_buf_str(&name));
	tu_page__raw(page, "</h3> ");
	tu_html_counted(page->out, count, "finding", "findings");
	tu_page__raw(page, "</summary><div class=\"findings\">");
	tu_page__table(page, NULL, tu_buf_str(&name), heads);
	page->out->failed |= name.failed;
	tu_buf_done(&name);
	for (size_t i = 0; i < count; i++)
		add_finding(page, at[i]);
	tu_page__table_end(page);
	tu_page__raw(page, "</div></details>\n");
}

static size_t part_count(const struct buckets *b, enum part part)
{
	return b->start[(part + 1) * CELLS] - b->start[part * CELLS];
}

static void add_groups(struct tu_page *page, const struct buckets *b, enum part part, bool unfolded)
{
	if (!part_count(b, part))
		tu_page__raw(page, "<p>None.</p>\n");
	for (size_t i = part * CELLS; i < (part + 1) * CELLS; i++)
		if (b->start[i + 1] > b->start[i])
			add_group(
				page, b->at + b->start[i], b->start[i + 1] - b->start[i], unfolded);
}

/* ---- closed ones ---- */

static void add_closed_row(struct tu_page *page, const struct tu_assessment *a)
{
	tu_page__raw(page, "<tr>");
	tu_page__row_id(page, a->of->facts.id);
	tu_page__raw(page, "<td>");
	tu_page__component(page, tu_page__component_of(page, a));
	tu_page__raw(page, "</td>");
	tu_page__cell_word(page, tu_decision_status_name(a->status));
	tu_page__cell_word(page, tu_assess_state_name(a->state));
	tu_page__raw(page, "<td>");
	if (a->decision)
		tu_page__decision_link(page, a->decision);
	add_word(page, a);
	tu_page__raw(page, "</td></tr>\n");
	tu_page__spill(page);
}

static void add_closed(struct tu_page *page, const struct buckets *b)
{
	static const char *const heads[] = {
		"Vulnerability", "Component", "Status", "State", "Decision", NULL};

	tu_page__section(page, "closed", "Closed findings");
	if (!part_count(b, PART_CLOSED)) {
		tu_page__raw(page,
			"<p>None: no finding of this release is decided to be not "
			"affected or fixed.</p>\n");
	} else {
		tu_page__table(page, NULL, TU_STR("Findings that are closed"), heads);
		for (size_t i = b->start[PART_CLOSED * CELLS]; i < page->in->result->count; i++)
			add_closed_row(page, b->at[i]);
		tu_page__table_end(page);
	}
	tu_page__section_end(page);
}

enum tu_status tu_page__findings(struct tu_page *page)
{
	struct buckets b;

	if (!sort(page, &b))
		return TU_E_NOMEM;
	tu_page__section(page, "uncontrolled", "Uncontrolled findings");
	tu_page__raw(page,
		"<p>By cell of the matrix, the worst first. Proposals, unless a decision is named; "
		"the "
		"number behind a fact is the level of exploitability (1 to 5) after it. A clock "
		"runs from when a decision records that the vulnerability was learned of; before "
		"that, the clocks are named that it starts.</p>\n");
	add_groups(page, &b, PART_UNCONTROLLED, part_count(&b, PART_UNCONTROLLED) <= OPEN_UNTIL);
	tu_page__section_end(page);
	tu_page__section(page, "open", "Other open findings");
	add_groups(page, &b, PART_OPEN, false);
	tu_page__section_end(page);
	add_closed(page, &b);
	return TU_OK;
}
