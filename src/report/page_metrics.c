/* The three measures of FDA's premarket guidance, by the year in which vulnerabilities became
 * known. What is unknown is stated, never left out. */
#include "report/page_parts.h"
#include "report/metrics.h"

#include <stdlib.h>

static void add_window(struct tu_page *page, const struct tu_metric_window *w)
{
	tu_page__raw(page, "<tr><th scope=\"row\">");
	if (w->year > 0)
		tu_buf_printf(page->out, "%lld", (long long)w->year);
	else
		tu_page__raw(page, w->year ? "not recorded" : "all");
	tu_page__raw(page, "</th>");
}

/* ---- 1: defect density ---- */

static void add_percent(struct tu_page *page, size_t part, size_t whole)
{
	tu_page__raw(page, "<td class=\"n\">");
	if (whole)
		tu_buf_printf(page->out, "%zu.%zu %%", part * 1000 / whole / 10,
			part * 1000 / whole % 10);
	else
		tu_page__raw(page, "–");
	tu_page__raw(page, "</td>");
}

static void add_density(struct tu_page *page, const struct tu_metric_window *windows, size_t count)
{
	static const char *const heads[] = {"Became known in", "#Recorded", "#Not affected",
		"#Identified in the device", "#Patched", "#Not patched", "#Patched, share", NULL};

	tu_page__table(page, "metric-density",
		TU_STR("1. Identified vulnerabilities that are updated or patched (defect "
		       "density)"),
		heads);
	for (size_t i = 0; i < count; i++) {
		const struct tu_metric_window *w = &windows[i];

		add_window(page, w);
		tu_page__cell_count(page, w->recorded);
		tu_page__cell_count(page, w->not_affected);
		tu_page__cell_count(page, w->patched + w->open);
		tu_page__cell_count(page, w->patched);
		tu_page__cell_count(page, w->open);
		add_percent(page, w->patched, w->patched + w->open);
		tu_page__raw(page, "</tr>\n");
	}
	tu_page__table_end(page);
}

/* Vulnerabilities of this release's findings that no decision records. */
static int compare_indexes(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static bool count_unrecorded(struct tu_page *page, size_t *out_count)
{
	const struct tu_assess_result *result = page->in->result;
	uint32_t *list = tu_arena_array(page->in->arena, result->count, sizeof(*list));

	*out_count = 0;
	if (!list)
		return false;
	for (size_t i = 0; i < result->count; i++)
		list[i] = result->assessments[i].of->finding->vulnerability;
	if (result->count)
		qsort(list, result->count, sizeof(*list), compare_indexes);
	for (size_t i = 0; i < result->count; i++)
		*out_count += (!i || list[i] != list[i - 1]) && !tu_page__case(page, list[i]);
	return true;
}

static void add_unrecorded(struct tu_page *page, size_t count)
{
	tu_page__raw(page, "<p class=\"note\"><b>Not in these numbers:</b> ");
	tu_html_counted(page->out, count, "vulnerability", "vulnerabilities");
	tu_page__raw(page,
		" of this release that no decision records. Until a decision says when each "
		"became known and what was done, the patched share covers recorded "
		"vulnerabilities only.</p>\n");
}

/* ---- 2: identification to fix ---- */

static void add_days_cell(
	struct tu_page *page, const struct tu_metric_spans *spans, int64_t seconds)
{
	int64_t tenths = seconds / 8640;

	tu_page__raw(page, "<td class=\"n\">");
	if (spans->count)
		tu_buf_printf(
			page->out, "%lld.%lld", (long long)(tenths / 10), (long long)(tenths % 10));
	else
		tu_page__raw(page, "–");
	tu_page__raw(page, "</td>");
}

static void add_to_fix(struct tu_page *page, const struct tu_metric_window *windows, size_t count)
{
	static const char *const heads[] = {"Became known in", "#Measured", "#Mean, days",
		"#Median, days", "#90th percentile, days", "#Fixed before it was known",
		"#Patched, date not recorded", "#Still open", NULL};

	tu_page__table(page, "metric-fix",
		TU_STR("2. From identification to the first fix that is available"), heads);
	for (size_t i = 0; i < count; i++) {
		const struct tu_metric_window *w = &windows[i];

		add_window(page, w);
		tu_page__cell_count(page, w->to_fix.count);
		add_days_cell(page, &w->to_fix, tu_metric_mean(&w->to_fix));
		add_days_cell(page, &w->to_fix, tu_metric_median(&w->to_fix));
		add_days_cell(page, &w->to_fix, tu_metric_percentile(&w->to_fix, 90));
		tu_page__cell_count(page, w->fixed_before);
		tu_page__cell_count(page, w->fix_undated);
		tu_page__cell_count(page, w->open);
		tu_page__raw(page, "</tr>\n");
	}
	tu_page__table_end(page);
}

/* ---- 3: fix to fielded ---- */

static void add_fielded(struct tu_page *page, const struct tu_metric_window *windows, size_t count)
{
	static const char *const heads[] = {"Became known in", "#Fixes available",
		"#The first, available for", "Units that have it", "Mean, days", NULL};

	tu_page__table(page, "metric-fielded",
		TU_STR("3. From an available fix to its installation in fielded devices"), heads);
	for (size_t i = 0; i < count; i++) {
		const struct tu_metric_window *w = &windows[i];

		add_window(page, w);
		tu_page__cell_count(page, w->fix_out);
		tu_page__raw(page, "<td class=\"n\">");
		if (w->fix_out)
			tu_html_days(page->out, page->in->at - w->oldest_fix);
		else
			tu_page__raw(page, "–");
		tu_page__raw(page, "</td><td>not known</td><td>not known</td></tr>\n");
	}
	tu_page__table_end(page);
}

enum tu_status tu_page__metrics(struct tu_page *page)
{
	const struct tu_metric_window *windows;
	size_t count, unrecorded;
	struct tu_error err;

	if (!count_unrecorded(page, &unrecorded) ||
		tu_metrics_take(page->in->arena, page->in->cases, page->in->case_count,
			page->in->at, &windows, &count, &err) != TU_OK)
		return TU_E_NOMEM;
	tu_page__raw(page,
		"<p>The three measures that FDA's premarket cybersecurity guidance names, over all "
		"releases, from recorded events only: when a vulnerability became known, and when "
		"a fix was available (<i>fix-available</i>, otherwise <i>fix-distributed</i>)."
		"</p>\n");
	add_density(page, windows, count);
	add_unrecorded(page, unrecorded);
	add_to_fix(page, windows, count);
	add_fielded(page, windows, count);
	tu_page__raw(page,
		"<p class=\"note\"><b>Not known:</b> which units have installed a fix. No "
		"unit reports to this device folder; a distributed fix is not proof that any unit "
		"runs it.</p>\n");
	return TU_OK;
}
