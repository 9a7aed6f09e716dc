/* The findings, by cell of the matrix: uncontrolled, other open, closed. */
#include "report/page_parts.h"

enum {
	OPEN_UNTIL = 200, /* uncontrolled findings that are shown unfolded */
	NAME_MAX_BYTES = 1 << 16
};

static enum tu_page_part part_of(const struct tu_assessment *a)
{
	if (tu_assess_is_closed(a))
		return TU_PAGE_CLOSED;
	return a->risk == TU_RISK_UNCONTROLLED ? TU_PAGE_UNCONTROLLED : TU_PAGE_OPEN;
}

static size_t bucket_of(const struct tu_assessment *a)
{
	size_t band = a->band < TU_BANDS_MAX ? a->band : TU_BANDS_MAX;
	size_t cell =
		(TU_BANDS_MAX - band) * TU_HARM_COUNT_ + (TU_HARM_COUNT_ - 1 - (size_t)a->harm);

	return part_of(a) * TU_PAGE_CELLS + (part_of(a) == TU_PAGE_CLOSED ? 0 : cell);
}

/* A counting sort: it keeps the order that the findings have within a bucket. */
bool tu_page__index_findings(struct tu_page *page)
{
	size_t next[TU_PAGE_PARTS * TU_PAGE_CELLS];
	struct tu_page_buckets *b = &page->buckets;
	size_t count = page->in->result->count;

	b->at = tu_arena_array(page->in->arena, count, sizeof(*b->at));
	if (!b->at)
		return false;
	memset(b->start, 0, sizeof(b->start));
	for (size_t i = 0; i < count; i++)
		b->start[bucket_of(page->in->sorted[i]) + 1]++;
	for (size_t i = 0; i < TU_PAGE_PARTS * TU_PAGE_CELLS; i++) {
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
	tu_page__title(page, a->of->facts.title);
	tu_page__raw(page, "<small>");
	if (a->of->tenths == TU_SCORE_UNSTATED)
		tu_page__raw(page, "not scored");
	else
		tu_buf_printf(page->out, "CVSS %u.%u", a->of->tenths / 10u, a->of->tenths % 10u);
	if (a->of->facts.has_kev) {
		tu_page__raw(page, " ");
		tu_page__mark(page, "bad", "known exploited");
		tu_page__raw(page, " ");
		tu_page__catalogues(page, a);
	}
	tu_page__raw(page, "</small></th>");
}

static void add_excluded(struct tu_page *page, const struct tu_assessment *a)
{
	if (a->of->distinct->excluded)
		tu_page__raw(page, "<small>excluded: not in the product, as the SBOM says</small>");
}

static void add_component(struct tu_page *page, const struct tu_assessment *a)
{
	tu_page__raw(page, "<td>");
	tu_page__component(page, tu_page__component_of(page, a));
	add_excluded(page, a);
	if (a->of->distinct->component_count > 1) {
		tu_page__raw(page, "<small>");
		tu_html_count(page->out, a->of->distinct->component_count);
		tu_page__raw(page, " copies</small>");
	}
	if (a->of->finding->verdict == TU_MATCH_UNDECIDED) {
		tu_page__raw(page, "<small>undecided: ");
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

/* "supplier says …": next to the decision, never instead of it. */
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
	tu_page__word(page, tu_page__state_word(a->state));
	tu_page__raw(page, "<small>");
	if (a->since)
		tu_html_days(page->out, page->in->at - a->since);
	else
		tu_page__raw(page, "age unknown");
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

/* What a fact did to the level; nothing when it left it. */
static void add_step(struct tu_page *page, uint32_t before, uint32_t after)
{
	if (!before)
		tu_buf_printf(page->out, " (level %u of 5)", after);
	else if (before != after)
		tu_buf_printf(
			page->out, " (%s to %u)", after > before ? "raises" : "lowers", after);
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
		add_step(page, i ? p->facts[i - 1].level : 0, p->facts[i].level);
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

static bool runs(const struct tu_deadlines *deadlines, const struct tu_deadline_rule *rule)
{
	for (size_t i = 0; deadlines && i < deadlines->count; i++)
		if (deadlines->at[i].rule == rule ||
			tu_str_eq(tu_str_c(deadlines->at[i].rule->id), tu_str_c(rule->id)))
			return true;
	return false;
}

static void add_running(struct tu_page *page, const struct tu_deadlines *deadlines)
{
	for (size_t i = 0; deadlines && i < deadlines->count; i++) {
		tu_page__raw(page, "<small>");
		tu_page__word(page, deadlines->at[i].rule->id);
		tu_page__raw(page, " ");
		tu_page__word(page, tu_deadline_state_name(deadlines->at[i].state));
		tu_page__raw(page, "</small>");
	}
}

/* Deadlines that the finding starts by what counts for it now, and that do not run yet. */
static void add_to_start(
	struct tu_page *page, const struct tu_assessment *a, const struct tu_deadlines *deadlines)
{
	size_t count = 0;

	for (size_t i = 0; i < page->in->rule_count; i++) {
		if (!tu_assess_starts(page->in->rules[i], a) || runs(deadlines, page->in->rules[i]))
			continue;
		tu_page__raw(page, count++ ? ", " : "<small>starts ");
		tu_page__word(page, page->in->rules[i]->id);
	}
	tu_page__raw(page, count ? "</small>" : "");
}

static void add_response(struct tu_page *page, const struct tu_assessment *a)
{
	const struct tu_page_case *c = tu_page__case(page, a->of->finding->vulnerability);
	const struct tu_deadlines *deadlines = c ? &page->in->clocks[c->index] : NULL;

	tu_page__raw(page, "<td>");
	tu_page__word(page, a->proposal.response);
	add_running(page, deadlines);
	add_to_start(page, a, deadlines);
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
		"Exploitability (proposed)", "Harm to the patient (proposed)",
		"Response, deadlines", NULL};
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

static size_t part_count(const struct tu_page *page, enum tu_page_part part)
{
	const size_t *start = page->buckets.start;

	return start[(part + 1) * TU_PAGE_CELLS] - start[part * TU_PAGE_CELLS];
}

static void add_groups(struct tu_page *page, enum tu_page_part part, bool unfolded)
{
	const struct tu_page_buckets *b = &page->buckets;

	if (!part_count(page, part))
		tu_page__raw(page, "<p>None.</p>\n");
	for (size_t i = part * TU_PAGE_CELLS; i < (part + 1) * TU_PAGE_CELLS; i++)
		if (b->start[i + 1] > b->start[i])
			add_group(
				page, b->at + b->start[i], b->start[i + 1] - b->start[i], unfolded);
}

enum tu_status tu_page__uncontrolled(struct tu_page *page)
{
	tu_page__raw(page,
		"<p>By cell of the matrix, the worst first. Exploitability and harm are proposals "
		"until a decision is named. Levels of exploitability go from 1 to 5. A deadline "
		"runs "
		"from the time at which a decision records that the vulnerability became known; "
		"until then the row names the deadlines that it would start.</p>\n");
	add_groups(
		page, TU_PAGE_UNCONTROLLED, part_count(page, TU_PAGE_UNCONTROLLED) <= OPEN_UNTIL);
	return TU_OK;
}

enum tu_status tu_page__open(struct tu_page *page)
{
	add_groups(page, TU_PAGE_OPEN, false);
	return TU_OK;
}

/* ---- closed findings ---- */

static void add_closed_row(struct tu_page *page, const struct tu_assessment *a)
{
	tu_page__raw(page, "<tr>");
	tu_page__raw(page, "<th scope=\"row\">");
	tu_page__id(page, a->of->facts.id);
	tu_page__title(page, a->of->facts.title);
	tu_page__raw(page, "</th><td>");
	tu_page__component(page, tu_page__component_of(page, a));
	add_excluded(page, a);
	tu_page__raw(page, "</td>");
	tu_page__cell_word(page, tu_claim_status_name(a->status));
	tu_page__cell_word(page, tu_page__state_word(a->state));
	tu_page__raw(page, "<td>");
	if (a->decision)
		tu_page__decision_link(page, a->decision);
	add_word(page, a);
	tu_page__raw(page, "</td></tr>\n");
	tu_page__spill(page);
}

enum tu_status tu_page__closed(struct tu_page *page)
{
	static const char *const heads[] = {
		"Vulnerability", "Component", "Status", "State", "Decision", NULL};
	const struct tu_page_buckets *b = &page->buckets;

	if (!part_count(page, TU_PAGE_CLOSED)) {
		tu_page__raw(page,
			"<p>None: no finding of this release is decided as not affected or "
			"fixed.</p>\n");
		return TU_OK;
	}
	tu_page__table(page, NULL, TU_STR("Findings that are closed"), heads);
	for (size_t i = b->start[TU_PAGE_CLOSED * TU_PAGE_CELLS]; i < page->in->result->count; i++)
		add_closed_row(page, b->at[i]);
	tu_page__table_end(page);
	return TU_OK;
}
