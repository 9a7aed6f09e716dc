#include "app/findings.h"

#include <stdlib.h>

#include "kb/kb.h"
#include "kb/shown_score.h"

/* Bytes at the start that two ids have in common, without the digits of a number at their end. */
static size_t common_start(struct tu_str a, struct tu_str b)
{
	size_t len = 0;

	while (len < a.len && len < b.len && a.ptr[len] == b.ptr[len])
		len++;
	while (len > 0 && tu_char_is_digit(a.ptr[len - 1]))
		len--;
	return len;
}

int tu_report_compare_ids(struct tu_str a, struct tu_str b)
{
	size_t common = common_start(a, b);

	a = tu_str_from(a, common);
	b = tu_str_from(b, common);
	while (a.len && b.len) {
		struct tu_str left = tu_str_digits(&a);
		struct tu_str right = tu_str_digits(&b);
		int order;

		if (left.len && right.len) {
			order = tu_str_cmp_digits(left, right);
			if (order)
				return order;
			continue;
		}
		if (left.len || right.len)
			return left.len ? -1 : 1;
		if (a.ptr[0] != b.ptr[0])
			return (unsigned char)a.ptr[0] - (unsigned char)b.ptr[0];
		a = tu_str_from(a, 1);
		b = tu_str_from(b, 1);
	}
	return (a.len > 0) - (b.len > 0);
}

/* ---- which score is shown ---- */

void tu_report_choose_score(const struct tu_kb *kb, struct tu_report_vulnerability *vulnerability)
{
	struct tu_shown_score shown = tu_kb__shown_score(kb, vulnerability->index);

	vulnerability->has_score = shown.is_stated;
	vulnerability->score = shown.score;
	vulnerability->scored_by = shown.record;
	vulnerability->tenths = shown.tenths;
	vulnerability->severity = shown.severity;
}

/* ---- order ---- */

/* Negative when a matters more. */
static int compare_weight(const struct tu_report_row *a, const struct tu_report_row *b)
{
	const struct tu_report_vulnerability *x = a->vulnerability;
	const struct tu_report_vulnerability *y = b->vulnerability;
	int x_tenths = x->tenths == TU_SCORE_UNSTATED ? -1 : x->tenths;
	int y_tenths = y->tenths == TU_SCORE_UNSTATED ? -1 : y->tenths;

	if (a->finding->verdict != b->finding->verdict)
		return a->finding->verdict == TU_MATCH_AFFECTED ? -1 : 1;
	if (x->facts.has_kev != y->facts.has_kev)
		return x->facts.has_kev ? -1 : 1;
	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	if (x->facts.epss_score > y->facts.epss_score || x->facts.epss_score < y->facts.epss_score)
		return x->facts.epss_score > y->facts.epss_score ? -1 : 1;
	return y_tenths - x_tenths;
}

int tu_report_compare_rows(const struct tu_report_row *a, const struct tu_report_row *b)
{
	int order = compare_weight(a, b);

	if (order)
		return order;
	return tu_report_compare_ids(b->vulnerability->facts.id, a->vulnerability->facts.id);
}

static int compare_rows(const void *left, const void *right)
{
	return tu_report_compare_rows(left, right);
}

/* By the first row, which is the weightiest; document order among equals. */
static int compare_groups(const void *left, const void *right)
{
	const struct tu_report_group *a = left;
	const struct tu_report_group *b = right;
	int order = compare_weight(a->rows, b->rows);

	if (order)
		return order;
	return a->distinct->first < b->distinct->first ? -1 : 1;
}

/* ---- building ---- */

static int compare_numbers(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left;
	uint32_t b = *(const uint32_t *)right;

	return (a > b) - (a < b);
}

/* Sort and leave each number once; how many remain. */
static size_t sort_unique(uint32_t *numbers, size_t count)
{
	size_t kept = 0;

	if (count)
		qsort(numbers, count, sizeof(*numbers), compare_numbers);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || numbers[i] != numbers[kept - 1])
			numbers[kept++] = numbers[i];
	return kept;
}

static bool collect_vulnerabilities(struct tu_arena *arena, struct tu_report *report)
{
	const struct tu_match_result *result = report->result;
	uint32_t *numbers = tu_arena_array(arena, result->finding_count, sizeof(*numbers));
	struct tu_report_vulnerability *list;
	size_t count;

	if (!numbers)
		return false;
	for (size_t i = 0; i < result->finding_count; i++)
		numbers[i] = result->findings[i].vulnerability;
	count = sort_unique(numbers, result->finding_count);
	list = tu_arena_array(arena, count, sizeof(*list));
	if (!list)
		return false;
	for (size_t i = 0; i < count; i++) {
		list[i].index = numbers[i];
		list[i].facts = tu_kb_vulnerability(report->kb, numbers[i]);
		tu_report_choose_score(report->kb, &list[i]);
	}
	report->vulnerabilities = list;
	report->vulnerability_count = count;
	return true;
}

static const struct tu_report_vulnerability *find_vulnerability(
	const struct tu_report *report, uint32_t index)
{
	size_t lo = 0;
	size_t hi = report->vulnerability_count;

	while (hi - lo > 1) {
		size_t middle = lo + (hi - lo) / 2;

		if (report->vulnerabilities[middle].index <= index)
			lo = middle;
		else
			hi = middle;
	}
	return &report->vulnerabilities[lo];
}

static struct tu_report_row row_of(const struct tu_report *report, const struct tu_finding *finding)
{
	const struct tu_distinct *distinct = &report->result->distinct[finding->distinct];

	return (struct tu_report_row){
		.finding = finding,
		.vulnerability = find_vulnerability(report, finding->vulnerability),
		.distinct = distinct,
		.component = &report->inventory->components[distinct->first],
	};
}

static bool passes(const struct tu_report_filter *filter, const struct tu_report_row *row)
{
	enum tu_severity severity = row->vulnerability->severity;

	if (filter->only_kev && !row->vulnerability->facts.has_kev)
		return false;
	return severity == TU_SEVERITY_UNKNOWN || severity >= filter->min_severity;
}

static void count_row(struct tu_report_counts *counts, const struct tu_report_row *row)
{
	if (row->finding->verdict != TU_MATCH_NOT_AFFECTED)
		counts->excluded += row->distinct->excluded;
	switch (row->finding->verdict) {
	case TU_MATCH_UNDECIDED:
		counts->undecided++;
		return;
	case TU_MATCH_NOT_AFFECTED:
		counts->not_built += row->finding->reason == TU_WHY_NOT_BUILT;
		counts->not_affected += row->finding->reason != TU_WHY_NOT_BUILT;
		counts->by_files += row->finding->reason == TU_WHY_VEX && !row->finding->own_word;
		return;
	case TU_MATCH_AFFECTED:
		break;
	}
	counts->affected++;
	counts->severity[row->vulnerability->severity]++;
	counts->kev += row->vulnerability->facts.has_kev;
	counts->fixable += row->finding->fixed.len > 0;
}

/* Every finding becomes a row: in `rows`, or in `not_affected`. */
static bool make_rows(struct tu_arena *arena, struct tu_report *report)
{
	size_t count = report->result->finding_count;
	struct tu_report_row *rows = tu_arena_array(arena, count, sizeof(*rows));
	struct tu_report_row *not_affected = tu_arena_array(arena, count, sizeof(*not_affected));

	if (!rows || !not_affected)
		return false;
	for (size_t i = 0; i < count; i++) {
		struct tu_report_row row = row_of(report, &report->result->findings[i]);

		count_row(&report->counts, &row);
		if (row.finding->verdict == TU_MATCH_NOT_AFFECTED)
			not_affected[report->not_affected_count++] = row;
		else
			rows[report->row_count++] = row;
	}
	report->rows = rows;
	report->not_affected = not_affected;
	return true;
}

/* The run of rows that begins at `first` and is about one distinct component becomes a group of
 * those that pass, copied to `shown`. */
static size_t make_group(struct tu_report *report, size_t first, struct tu_report_row *shown,
	struct tu_report_group *group)
{
	const struct tu_report_row *rows = report->rows;
	size_t at = first;

	*group = (struct tu_report_group){.distinct = rows[first].distinct,
		.component = rows[first].component,
		.rows = shown};
	for (; at < report->row_count && rows[at].distinct == group->distinct; at++) {
		if (!passes(&report->filter, &rows[at])) {
			report->counts.hidden++;
			continue;
		}
		shown[group->affected + group->undecided] = rows[at];
		if (rows[at].finding->verdict == TU_MATCH_AFFECTED)
			group->affected++;
		else
			group->undecided++;
	}
	if (at > first)
		qsort(shown, group->affected + group->undecided, sizeof(*shown), compare_rows);
	return at;
}

static bool make_groups(struct tu_arena *arena, struct tu_report *report)
{
	struct tu_report_row *shown = tu_arena_array(arena, report->row_count, sizeof(*shown));
	struct tu_report_group *groups =
		tu_arena_array(arena, report->result->distinct_count, sizeof(*groups));

	if (!shown || !groups)
		return false;
	for (size_t at = 0; at < report->row_count;) {
		struct tu_report_group *group = &groups[report->group_count];

		at = make_group(report, at, shown, group);
		shown += group->affected + group->undecided;
		report->group_count += group->affected + group->undecided > 0;
	}
	if (report->group_count)
		qsort(groups, report->group_count, sizeof(*groups), compare_groups);
	report->groups = groups;
	return true;
}

enum tu_status tu_report_build(
	struct tu_arena *arena, struct tu_report *report, struct tu_error *err)
{
	report->counts = (struct tu_report_counts){0};
	report->row_count = report->group_count = report->not_affected_count = 0;
	if (!collect_vulnerabilities(arena, report) || !make_rows(arena, report) ||
		!make_groups(arena, report))
		return tu_fail(err, TU_E_NOMEM, 0, "out of memory while making the report");
	return TU_OK;
}

/* ---- lists over all records ---- */

/* One of the lists that each record of a vulnerability has. */
struct list {
	uint32_t (*count)(const struct kb_advisory *row);
	struct tu_str (*item)(const struct tu_kb *kb, uint32_t record, uint32_t n);
};

static uint32_t alias_count(const struct kb_advisory *row)
{
	return row[1].first_alias - row->first_alias + 1;
}

/* A record's own id is an alias of the vulnerability too. */
static struct tu_str alias_item(const struct tu_kb *kb, uint32_t record, uint32_t n)
{
	return n == 0 ? kb_str(kb, kb->advisories[record].id) : tu_kb_alias(kb, record, n - 1);
}

static uint32_t cwe_count(const struct kb_advisory *row)
{
	return row[1].first_cwe - row->first_cwe;
}

static uint32_t reference_count(const struct kb_advisory *row)
{
	return row[1].first_reference - row->first_reference;
}

static struct tu_str reference_item(const struct tu_kb *kb, uint32_t record, uint32_t n)
{
	return kb_str(kb, kb->references[kb->advisories[record].first_reference + n].url);
}

static const struct list alias_list = {alias_count, alias_item};
static const struct list cwe_list = {cwe_count, tu_kb_cwe};
static const struct list reference_list = {reference_count, reference_item};

/* A text is in the knowledge base once, so the same text has the same address. */
static bool is_among(const struct tu_str *at, size_t count, struct tu_str text)
{
	for (size_t i = 0; i < count; i++)
		if (at[i].ptr == text.ptr)
			return true;
	return false;
}

static size_t count_items(const struct tu_kb *kb,
	const struct tu_report_vulnerability *vulnerability, const struct list *list)
{
	size_t count = 0;

	for (uint32_t r = 0; r < vulnerability->facts.advisories; r++)
		count += list->count(&kb->advisories[tu_kb_record(kb, vulnerability->index, r)]);
	return count;
}

/* Each text once, without `except`. */
static bool gather(struct tu_arena *arena, const struct tu_kb *kb,
	const struct tu_report_vulnerability *vulnerability, const struct list *list,
	struct tu_str except, struct tu_report_texts *out)
{
	struct tu_str *at =
		tu_arena_array(arena, count_items(kb, vulnerability, list), sizeof(*at));
	size_t count = 0;

	if (!at)
		return false;
	for (uint32_t r = 0; r < vulnerability->facts.advisories; r++) {
		uint32_t record = tu_kb_record(kb, vulnerability->index, r);
		uint32_t items = list->count(&kb->advisories[record]);

		for (uint32_t n = 0; n < items; n++) {
			struct tu_str text = list->item(kb, record, n);

			if (text.len && !tu_str_eq(text, except) && !is_among(at, count, text))
				at[count++] = text;
		}
	}
	*out = (struct tu_report_texts){at, count};
	return true;
}

bool tu_report_aliases(struct tu_arena *arena, const struct tu_kb *kb,
	const struct tu_report_vulnerability *vulnerability, struct tu_report_texts *out)
{
	return gather(arena, kb, vulnerability, &alias_list, vulnerability->facts.id, out);
}

bool tu_report_cwes(struct tu_arena *arena, const struct tu_kb *kb,
	const struct tu_report_vulnerability *vulnerability, struct tu_report_texts *out)
{
	return gather(arena, kb, vulnerability, &cwe_list, TU_STR(""), out);
}

bool tu_report_references(struct tu_arena *arena, const struct tu_kb *kb,
	const struct tu_report_vulnerability *vulnerability, struct tu_report_texts *out)
{
	return gather(arena, kb, vulnerability, &reference_list, TU_STR(""), out);
}

/* ---- the knowledge base ---- */

struct tu_report_origin tu_kb_file_origin(const struct tu_kb_file *file, int64_t now)
{
	return (struct tu_report_origin){
		.starter = file->starter,
		.path = tu_str_c(file->starter ? "" : file->path.ptr),
		.sidecar = file->sidecar,
		.sidecar_problem = tu_str_c(file->sidecar_problem.message),
		.now = now,
	};
}
