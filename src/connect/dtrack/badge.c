/*
 * Badges: the state of a project as a small picture for a page. Drawn here: two boxes a count. What
 * is not known is part of it: a project without a BOM, and components without data, are never
 * green.
 */
#include <stdio.h>

#include <tutela/score.h>

#include "connect/dtrack/operations.h"
#include "connect/dtrack/result.h"
#include "portfolio/violation.h"

enum { PART_MAX = 8, CELL = 7, GAP = 10, HEIGHT = 20, TEXT_BYTES = 48 };

struct part {
	char text[TEXT_BYTES];
	const char *colour;
};

struct badge {
	struct part parts[PART_MAX];
	size_t count;
};

static const char *const grey = "#555", *const blue = "#4c1", *const red = "#9d0c12",
			 *const amber = "#b45f06", *const violet = "#6b4f9e";

static void add(struct badge *b, const char *colour, const char *word, int64_t count)
{
	struct part *part = &b->parts[b->count];

	if (b->count >= PART_MAX)
		return;
	b->count++;
	part->colour = colour;
	if (count < 0)
		(void)snprintf(part->text, sizeof(part->text), "%s", word);
	else
		(void)snprintf(part->text, sizeof(part->text), "%lld %s", (long long)count, word);
}

static int width(const struct part *part)
{
	int letters = 0;

	while (part->text[letters])
		letters++;
	return letters * CELL + GAP;
}

/* Our own words and numbers only: nothing is to be escaped. */
static void draw(const struct badge *b, struct tu_buf *out)
{
	int total = 0, x = 0;

	for (size_t i = 0; i < b->count; i++)
		total += width(&b->parts[i]);
	tu_buf_printf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" role=\"img\">"
		"<title>",
		total, HEIGHT);
	for (size_t i = 0; i < b->count; i++)
		tu_buf_printf(out, "%s%s", i > 1 ? ", " : i ? ": " : "", b->parts[i].text);
	tu_buf_c(out, "</title>");
	for (size_t i = 0; i < b->count; i++) {
		const int w = width(&b->parts[i]);

		tu_buf_printf(out,
			"<rect x=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/><text x=\"%d\" "
			"y=\"14\" fill=\"#fff\" text-anchor=\"middle\" "
			"font-family=\"monospace\" font-size=\"11\">%s</text>",
			x, w, HEIGHT, b->parts[i].colour, x + w / 2, b->parts[i].text);
		x += w;
	}
	tu_buf_c(out, "</svg>\n");
}

static void add_unknown(struct badge *b, const struct tu_dtrack_project *project)
{
	if (!project->has_sbom)
		add(b, violet, "no BOM", -1);
	else if (!project->data.components)
		add(b, violet, "no components", -1);
	else if (project->data.without_data)
		add(b, violet, "without data", project->data.without_data);
}

static void count_vulns(struct badge *b, const struct tu_dtrack_findings *findings)
{
	static const struct {
		enum tu_severity severity;
		const char *word;
		bool worst;
	} rows[] = {{TU_SEVERITY_CRITICAL, "critical", true}, {TU_SEVERITY_HIGH, "high", true},
		{TU_SEVERITY_MEDIUM, "medium", false}, {TU_SEVERITY_LOW, "low", false},
		{TU_SEVERITY_UNKNOWN, "unassigned", false}};
	int64_t counts[TU_SEVERITY_COUNT_] = {0};

	for (size_t i = 0; i < findings->count; i++) {
		const uint8_t severity = findings->at[i].vulnerability.severity;

		if (!findings->at[i].closed)
			counts[severity < TU_SEVERITY_COUNT_ ? severity : 0]++;
	}
	counts[TU_SEVERITY_UNKNOWN] += counts[TU_SEVERITY_NONE];
	for (size_t i = 0; i < TU_COUNT(rows); i++)
		if (counts[rows[i].severity])
			add(b, rows[i].worst ? red : amber, rows[i].word, counts[rows[i].severity]);
}

static void count_violations(struct badge *b, const struct tu_dtrack_project *project,
	const struct tu_dtrack_findings *findings, int64_t at)
{
	int64_t counts[TU_VIOLATIONS] = {0};

	for (size_t i = 0; i < findings->count; i++) {
		uint32_t broken = tu_violations_of(project->undecided_days, &findings->at[i], at);

		for (int rule = 0; rule < TU_VIOLATIONS; rule++)
			counts[rule] += broken >> rule & 1;
	}
	for (int rule = 0; rule < TU_VIOLATIONS; rule++)
		if (counts[rule])
			add(b, red, tu_violation_name((enum tu_violation)rule), counts[rule]);
}

static enum tu_status answer(struct tu_api_call *call, const struct tu_dtrack_project *project,
	bool violations, struct tu_error *err)
{
	struct badge b = {0};
	struct tu_dtrack_findings findings;
	struct tu_buf text;
	enum tu_status status =
		tu_dtrack__findings(call, project, &tu_dtrack__worst_first, &findings, err);

	if (status != TU_OK)
		return status;
	add(&b, grey, violations ? "policy violations" : "vulnerabilities", -1);
	if (violations)
		count_violations(&b, project, &findings, call->now);
	else
		count_vulns(&b, &findings);
	add_unknown(&b, project);
	if (b.count == 1)
		add(&b, blue, "none known", -1);
	tu_buf_init(&text, 8192);
	draw(&b, &text);
	tu_api_answer_header(call, "Cache-Control", TU_STR("no-cache"));
	tu_api_answer_buf(call, "image/svg+xml", &text, TU_STR(""));
	tu_buf_done(&text);
	return TU_OK;
}

static enum tu_status by_uuid(struct tu_api_call *call, bool violations, struct tu_error *err)
{
	struct tu_dtrack_project project;
	enum tu_status status = tu_dtrack__project(call, call->path[0], &project, err);

	return status ? status : answer(call, &project, violations, err);
}

static enum tu_status by_name(struct tu_api_call *call, bool violations, struct tu_error *err)
{
	struct tu_dtrack_project project;
	enum tu_status status =
		tu_dtrack__project_named(call, call->path[0], call->path[1], &project, err);

	return status ? status : answer(call, &project, violations, err);
}

enum tu_status tu_dtrack_get_vulns_badge(struct tu_api_call *call, struct tu_error *err)
{
	return by_uuid(call, false, err);
}

enum tu_status tu_dtrack_get_vulns_badge_by_name(struct tu_api_call *call, struct tu_error *err)
{
	return by_name(call, false, err);
}

enum tu_status tu_dtrack_get_violations_badge(struct tu_api_call *call, struct tu_error *err)
{
	return by_uuid(call, true, err);
}

enum tu_status tu_dtrack_get_violations_badge_by_name(
	struct tu_api_call *call, struct tu_error *err)
{
	return by_name(call, true, err);
}
