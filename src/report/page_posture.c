/* The state of the release: what is decided and what is not, what is not known, the matrix. */
#include "report/page_parts.h"

#include <tutela/sbom_blank.h>

enum { STATES = TU_ASSESS_STATES };

/* ---- by state ---- */

struct state_row {
	size_t count, uncontrolled, controlled, closed, ageless;
	int64_t oldest; /* since when; 0: none */
};

static void add_to_row(struct state_row *row, const struct tu_assessment *a)
{
	row->count++;
	if (tu_assess_is_closed(a))
		row->closed++;
	else if (a->risk == TU_RISK_UNCONTROLLED)
		row->uncontrolled++;
	else
		row->controlled++;
	if (!a->since)
		row->ageless++;
	else if (!row->oldest || a->since < row->oldest)
		row->oldest = a->since;
}

static void add_state_row(struct tu_page *page, const char *head, const struct state_row *row)
{
	tu_page__raw(page, "<tr>");
	tu_page__row_head(page, tu_str_c(head));
	tu_page__cell_count(page, row->count);
	tu_page__cell_count(page, row->uncontrolled);
	tu_page__cell_count(page, row->controlled);
	tu_page__cell_count(page, row->closed);
	tu_page__raw(page, "<td class=\"n\">");
	if (row->oldest)
		tu_html_days(page->out, page->in->at - row->oldest);
	else
		tu_page__raw(page, row->count ? "unknown" : "–");
	tu_page__raw(page, "</td>");
	tu_page__cell_count(page, row->ageless);
	tu_page__raw(page, "</tr>\n");
}

static void add_states(struct tu_page *page)
{
	static const enum tu_assess_state order[] = {TU_ASSESS_REOPENED, TU_ASSESS_UNDECIDED,
		TU_ASSESS_DECIDED, TU_ASSESS_CARRIED, TU_ASSESS_SUPPLIER};
	static const char *const heads[] = {"State", "#Findings", "#Open, uncontrolled",
		"#Open, controlled", "#Closed", "#Oldest", "#Age unknown", NULL};
	const struct tu_assess_result *result = page->in->result;
	struct state_row rows[STATES] = {0}, all = {0};

	for (size_t i = 0; i < result->count; i++) {
		add_to_row(&rows[result->assessments[i].state], &result->assessments[i]);
		add_to_row(&all, &result->assessments[i]);
	}
	tu_page__table(page, "states", TU_STR("Findings by decision"), heads);
	for (size_t i = 0; i < TU_COUNT(order); i++)
		if (rows[order[i]].count || order[i] != TU_ASSESS_SUPPLIER)
			add_state_row(page, tu_page__state_word(order[i]), &rows[order[i]]);
	add_state_row(page, "all", &all);
	tu_page__table_end(page);
}

static void add_overdue(struct tu_page *page)
{
	const struct tu_assess_result *result = page->in->result;
	uint32_t days = page->in->device->policy.undecided_days;
	size_t late = 0;

	for (size_t i = 0; i < result->count; i++) {
		const struct tu_assessment *a = &result->assessments[i];

		late += tu_page__waits(a) &&
			(!a->since || page->in->at - a->since > (int64_t)days * 86400);
	}
	if (!days)
		return;
	tu_page__raw(page, "<p>The policy asks for a decision within ");
	tu_html_counted(page->out, days, "day", "days");
	tu_page__raw(page, ": <b>");
	tu_html_counted(page->out, late, "finding has", "findings have");
	tu_page__raw(page, "</b> waited longer, or for an unknown time.</p>\n");
}

/* ---- what is not known ---- */

static bool has_no_data(const struct tu_distinct *distinct)
{
	return !distinct->known;
}

static bool has_no_identity(const struct tu_distinct *distinct)
{
	return !distinct->identified;
}

static void list_components(struct tu_page *page, const char *what,
	bool (*is_listed)(const struct tu_distinct *distinct))
{
	const struct tu_match_result *match = page->in->match;
	size_t listed = 0;

	tu_page__raw(page, "<details><summary>Components ");
	tu_page__word(page, what);
	tu_page__raw(page, "</summary><p class=\"dense\">");
	for (size_t i = 0; i < match->distinct_count; i++) {
		if (!is_listed(&match->distinct[i]))
			continue;
		tu_page__raw(page, listed++ ? " · " : "");
		tu_page__component(
			page, &page->in->inventory->components[match->distinct[i].first]);
		tu_page__spill(page);
	}
	tu_page__raw(page, "</p></details>");
}

static size_t undecided_matches(const struct tu_page *page)
{
	const struct tu_assess_result *result = page->in->result;
	size_t count = 0;

	for (size_t i = 0; i < result->count; i++)
		count += result->assessments[i].of->finding->verdict == TU_MATCH_UNDECIDED;
	return count;
}

static void add_unknown_counts(struct tu_page *page)
{
	const struct tu_match_counts *counts = &page->in->match->counts;
	size_t doubtful = undecided_matches(page);

	tu_page__raw(page, "<ul><li><b>");
	tu_html_count(page->out, counts->unknown);
	tu_page__raw(page, "</b> of ");
	tu_html_counted(
		page->out, counts->distinct, "distinct component is", "distinct components are");
	tu_page__raw(page,
		" missing from the knowledge base: nothing is known about their "
		"vulnerabilities, which is not the same as none.</li><li><b>");
	tu_html_count(page->out, counts->unidentified);
	tu_page__raw(page,
		"</b> of them cannot be looked up: no package URL, CPE, or name with a "
		"version.</li><li>Of <b>");
	tu_html_counted(page->out, doubtful, "finding", "findings");
	tu_page__raw(page,
		"</b> the data do not say whether the component is affected (undecided); they "
		"are treated as if it were.</li></ul>");
}

static void add_unknown(struct tu_page *page)
{
	const struct tu_match_counts *counts = &page->in->match->counts;
	enum tu_blank blank = tu_sbom_blank(page->in->inventory);

	tu_page__raw(page, "<div class=\"note\"><h3>What is not known</h3>");
	if (blank != TU_BLANK_NOT) {
		tu_page__raw(page, "<p><b>The SBOM ");
		tu_page__text(page, tu_str_c(tu_blank_sentence(blank)));
		tu_page__raw(page, "</b></p>");
	}
	add_unknown_counts(page);
	if (page->in->unassessed.count) {
		tu_page__raw(page, "<p>Side files that were not read: ");
		tu_page__list(page, &page->in->unassessed);
		tu_page__raw(page, ".</p>");
	}
	if (counts->unknown)
		list_components(page, "without data", has_no_data);
	if (counts->unidentified)
		list_components(page, "that cannot be looked up", has_no_identity);
	tu_page__raw(page, "</div>\n");
}

enum tu_status tu_page__posture(struct tu_page *page)
{
	add_states(page);
	add_overdue(page);
	add_unknown(page);
	return TU_OK;
}

/* ---- the matrix, severities and ages ---- */

static void add_to_bar(struct tu_bar *bar, const struct tu_assessment *a)
{
	if (a->risk == TU_RISK_UNCONTROLLED)
		bar->first++;
	else
		bar->second++;
}

static void add_severities(struct tu_page *page)
{
	static const struct {
		const char *label;
		enum tu_severity severity;
	} rows[] = {{"critical", TU_SEVERITY_CRITICAL}, {"high", TU_SEVERITY_HIGH},
		{"medium", TU_SEVERITY_MEDIUM}, {"low", TU_SEVERITY_LOW},
		{"none", TU_SEVERITY_NONE}, {"not scored", TU_SEVERITY_UNKNOWN}};
	const struct tu_assess_result *result = page->in->result;
	struct tu_bar bars[TU_COUNT(rows)];

	for (size_t r = 0; r < TU_COUNT(rows); r++) {
		bars[r] = (struct tu_bar){.label = rows[r].label};
		for (size_t i = 0; i < result->count; i++)
			if (result->assessments[i].of->severity == rows[r].severity &&
				!tu_assess_is_closed(&result->assessments[i]))
				add_to_bar(&bars[r], &result->assessments[i]);
	}
	tu_page__bars(page,
		&(struct tu_bars){"severity", "Open findings by published severity (CVSS)",
			"Severity", "#uncontrolled", "#controlled", bars, TU_COUNT(bars)});
}

static void add_ages(struct tu_page *page)
{
	static const struct {
		const char *label;
		int64_t below; /* days; 0: no limit */
	} rows[] = {{"up to 7 days", 8}, {"8–30 days", 31}, {"31–60 days", 61}, {"61–90 days", 91},
		{"91–365 days", 366}, {"longer", 0}};
	const struct tu_assess_result *result = page->in->result;
	struct tu_bar bars[TU_COUNT(rows) + 1] = {[TU_COUNT(rows)] = {.label = "unknown"}};

	for (size_t r = 0; r < TU_COUNT(rows); r++)
		bars[r].label = rows[r].label;
	for (size_t i = 0; i < result->count; i++) {
		const struct tu_assessment *a = &result->assessments[i];
		int64_t days = (page->in->at - a->since) / 86400;
		size_t r = 0;

		if (!tu_page__waits(a))
			continue;
		while (rows[r].below && days >= rows[r].below)
			r++;
		add_to_bar(&bars[a->since ? r : TU_COUNT(rows)], a);
	}
	tu_page__bars(page,
		&(struct tu_bars){"ages", "Findings waiting for a decision, by age", "Age",
			"#uncontrolled", "#controlled", bars, TU_COUNT(bars)});
}

/* Open findings in no cell of the matrix. */
static size_t outside_matrix(const struct tu_page *page)
{
	const struct tu_assess_counts *counts = &page->in->result->counts;
	size_t inside = 0;

	for (size_t b = 0; b < TU_BANDS_MAX; b++)
		for (size_t s = 0; s < TU_HARM_LEVELS; s++)
			inside += counts->matrix[b][s];
	return counts->uncontrolled + counts->controlled - inside;
}

enum tu_status tu_page__matrix_section(struct tu_page *page)
{
	size_t outside = outside_matrix(page);

	if (page->in->device->policy.acceptance.len) {
		tu_page__raw(page, "<p>");
		tu_page__text(page, page->in->device->policy.acceptance);
		tu_page__raw(page, "</p>\n");
	}
	tu_page__raw(page, "<div class=\"charts\">");
	tu_page__matrix(page);
	add_severities(page);
	add_ages(page);
	tu_page__raw(page, "</div>\n");
	if (outside) {
		tu_page__raw(page, "<p>");
		tu_html_counted(page->out, outside, "open finding is", "open findings are");
		tu_page__raw(page,
			" in no cell: no asset of the component leads to a hazard, or the "
			"decision names a band that the policy does not have.</p>\n");
	}
	return TU_OK;
}
