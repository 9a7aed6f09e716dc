/* What a section looks up: the case of a vulnerability, the use of a decision. */
#include "report/page_parts.h"

#include <stdlib.h>

static int compare_cases(const void *a, const void *b)
{
	const struct tu_page_case *x = a, *y = b;

	return (x->vulnerability > y->vulnerability) - (x->vulnerability < y->vulnerability);
}

const struct tu_page_case *tu_page__case(const struct tu_page *page, uint32_t vulnerability)
{
	struct tu_page_case wanted = {.vulnerability = vulnerability};

	return page->case_count ? bsearch(&wanted, page->cases, page->case_count,
					  sizeof(*page->cases), compare_cases)
				: NULL;
}

static bool index_cases(struct tu_page *page)
{
	const struct tu_page_input *in = page->in;
	struct tu_page_case *cases = tu_arena_array(in->arena, in->case_count, sizeof(*cases));

	if (!cases)
		return false;
	for (size_t i = 0; i < in->case_count; i++) {
		uint32_t index = tu_kb_find(in->kb, in->cases[i].vulnerability);

		if (index != TU_KB_NONE)
			cases[page->case_count++] = (struct tu_page_case){index, i};
	}
	if (page->case_count)
		qsort(cases, page->case_count, sizeof(*cases), compare_cases);
	page->cases = cases;
	return true;
}

static int compare_uses(const void *a, const void *b)
{
	uintptr_t x = (uintptr_t)((const struct tu_page_use *)a)->decision;
	uintptr_t y = (uintptr_t)((const struct tu_page_use *)b)->decision;

	return (x > y) - (x < y);
}

static struct tu_page_use *find_use(const struct tu_page *page, const struct tu_decision *decision)
{
	struct tu_page_use wanted = {.decision = decision};

	return page->use_count
		? bsearch(&wanted, page->uses, page->use_count, sizeof(*page->uses), compare_uses)
		: NULL;
}

const struct tu_page_use *tu_page__use(
	const struct tu_page *page, const struct tu_decision *decision)
{
	return find_use(page, decision);
}

static int compare_texts(const void *a, const void *b)
{
	return tu_str_cmp(*(const struct tu_str *)a, *(const struct tu_str *)b);
}

static bool mark_superseded(struct tu_page *page)
{
	struct tu_str *ids = tu_arena_array(page->in->arena, page->use_count, sizeof(*ids));
	size_t count = 0;

	if (!ids)
		return false;
	for (size_t i = 0; i < page->use_count; i++)
		if (page->uses[i].decision->supersedes.len)
			ids[count++] = page->uses[i].decision->supersedes;
	if (count)
		qsort(ids, count, sizeof(*ids), compare_texts);
	for (size_t i = 0; i < page->use_count && count; i++)
		page->uses[i].superseded = bsearch(&page->uses[i].decision->id, ids, count,
						   sizeof(*ids), compare_texts) != NULL;
	return true;
}

static void note_uses(struct tu_page *page)
{
	const struct tu_assess_result *result = page->in->result;

	for (size_t i = 0; i < result->count; i++) {
		const struct tu_assessment *a = &result->assessments[i];
		struct tu_page_use *use = a->decision ? find_use(page, a->decision) : NULL;

		if (!use)
			continue;
		use->findings++;
		if (!use->first || (a->reopen && !use->first->reopen))
			use->first = a;
	}
	for (size_t i = 0; i < result->loose_count; i++) {
		struct tu_page_use *use = find_use(page, result->loose[i].decision);

		if (use)
			use->loose = &result->loose[i];
	}
}

static bool index_decisions(struct tu_page *page)
{
	const struct tu_page_input *in = page->in;

	page->uses = tu_arena_array(in->arena, in->decision_count, sizeof(*page->uses));
	if (!page->uses)
		return false;
	for (size_t i = 0; i < in->decision_count; i++)
		page->uses[i] = (struct tu_page_use){.decision = in->decisions[i], .index = i};
	page->use_count = in->decision_count;
	if (page->use_count)
		qsort(page->uses, page->use_count, sizeof(*page->uses), compare_uses);
	note_uses(page);
	return mark_superseded(page);
}

bool tu_page__index(struct tu_page *page)
{
	return index_cases(page) && index_decisions(page) && tu_page__index_findings(page) &&
		tu_page__index_deadlines(page);
}

void tu_page__decision_link(struct tu_page *page, const struct tu_decision *decision)
{
	const struct tu_page_use *use = tu_page__use(page, decision);

	if (!use) {
		tu_page__text(page, decision->id);
		return;
	}
	tu_buf_printf(page->out, "<a href=\"#d%zu\">", use->index);
	tu_page__text(page, decision->id);
	tu_page__raw(page, "</a>");
}
