#include "report/page_parts.h"

#include <stdlib.h>

#include "base/sha256.h"

/* Ids up to this length stay on one line. */
enum { ID_UNBROKEN_MAX = 20 };

/* ---- furniture ---- */

void tu_page__section(struct tu_page *page, const char *id, const char *title)
{
	tu_page__raw(page, "\n<section id=\"");
	tu_page__word(page, id);
	tu_page__raw(page, "\" aria-labelledby=\"");
	tu_page__word(page, id);
	tu_page__raw(page, "-head\"><h2 id=\"");
	tu_page__word(page, id);
	tu_page__raw(page, "-head\">");
	tu_page__word(page, title);
	tu_page__raw(page, "</h2>\n");
}

void tu_page__section_end(struct tu_page *page)
{
	tu_page__raw(page, "</section>\n");
	tu_page__spill(page);
}

static void add_head(struct tu_page *page, const char *head)
{
	bool numbers = *head == '#';

	tu_page__raw(page, numbers ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">");
	tu_page__word(page, head + numbers);
	tu_page__raw(page, "</th>");
}

void tu_page__table(
	struct tu_page *page, const char *id, struct tu_str caption, const char *const *heads)
{
	tu_page__raw(page, "<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"");
	tu_page__text(page, caption);
	tu_page__raw(page, "\"><table");
	if (id) {
		tu_page__raw(page, " id=\"");
		tu_page__word(page, id);
		tu_page__raw(page, "\"");
	}
	tu_page__raw(page, "><caption>");
	tu_page__text(page, caption);
	tu_page__raw(page, "</caption><thead><tr>");
	while (*heads)
		add_head(page, *heads++);
	tu_page__raw(page, "</tr></thead><tbody>\n");
}

void tu_page__table_end(struct tu_page *page)
{
	tu_page__raw(page, "</tbody></table></div>\n");
}

void tu_page__cell(struct tu_page *page, struct tu_str text)
{
	tu_html_element(page->out, "td", text);
}

void tu_page__cell_count(struct tu_page *page, size_t count)
{
	tu_page__raw(page, "<td class=\"n\">");
	tu_html_count(page->out, count);
	tu_page__raw(page, "</td>");
}

void tu_page__cell_date(struct tu_page *page, int64_t seconds, const char *otherwise)
{
	tu_page__raw(page, "<td class=\"d\">");
	tu_html_date(page->out, seconds, otherwise);
	tu_page__raw(page, "</td>");
}

void tu_page__row_head(struct tu_page *page, struct tu_str text)
{
	tu_html_element(page->out, "th scope=\"row\"", text);
}

void tu_page__id(struct tu_page *page, struct tu_str id)
{
	tu_html_element(page->out, id.len <= ID_UNBROKEN_MAX ? "span class=\"k\"" : "span", id);
}

void tu_page__row_id(struct tu_page *page, struct tu_str id)
{
	tu_page__raw(page, "<th scope=\"row\">");
	tu_page__id(page, id);
	tu_page__raw(page, "</th>");
}

void tu_page__cell_word(struct tu_page *page, const char *word)
{
	tu_html_element(page->out, "td class=\"k\"", tu_str_c(word));
}

void tu_page__term(struct tu_page *page, const char *term)
{
	tu_html_element(page->out, "dt", tu_str_c(term));
	tu_page__raw(page, "<dd>");
}

void tu_page__fact(struct tu_page *page, const char *term, struct tu_str text)
{
	if (!text.len)
		return;
	tu_page__term(page, term);
	tu_page__text(page, text);
	tu_page__raw(page, "</dd>");
}

void tu_page__list(struct tu_page *page, const struct tu_texts *texts)
{
	for (size_t i = 0; i < texts->count; i++) {
		tu_page__raw(page, i ? ", " : "");
		tu_page__text(page, texts->at[i]);
	}
}

void tu_page__mark(struct tu_page *page, const char *style, const char *word)
{
	tu_page__raw(page, "<span class=\"mark ");
	tu_page__word(page, style);
	tu_page__raw(page, "\">");
	tu_page__word(page, word);
	tu_page__raw(page, "</span>");
}

void tu_page__risk(struct tu_page *page, enum tu_risk risk)
{
	static const char *const styles[] = {[TU_RISK_UNDECIDED] = "open",
		[TU_RISK_CONTROLLED] = "good",
		[TU_RISK_UNCONTROLLED] = "bad"};

	tu_page__mark(page, styles[risk], tu_risk_name(risk));
}

void tu_page__component(struct tu_page *page, const struct tu_component *component)
{
	tu_page__text(page, component->name);
	tu_page__raw(page, component->version.len ? " " : "");
	tu_page__text(page, component->version);
}

const struct tu_component *tu_page__component_of(
	const struct tu_page *page, const struct tu_assessment *assessment)
{
	return &page->in->inventory->components[assessment->of->distinct->first];
}

/* ---- what is looked up ---- */

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

/* ---- the head ---- */

static const struct {
	const char *id;
	const char *title;
} contents[] = {
	{"posture", "Posture"},
	{"risk", "Risk"},
	{"uncontrolled", "Uncontrolled"},
	{"open", "Other open findings"},
	{"closed", "Closed"},
	{"decisions", "Decisions"},
	{"clocks", "Clocks"},
	{"metrics", "Measures"},
	{"sbom", "SBOM and statements"},
	{"knowledge", "Sources"},
};

static void add_nav(struct tu_page *page)
{
	tu_page__raw(page, "<nav aria-label=\"Contents\"><ul>");
	for (size_t i = 0; i < TU_COUNT(contents); i++) {
		tu_page__raw(page, "<li><a href=\"#");
		tu_page__word(page, contents[i].id);
		tu_page__raw(page, "\">");
		tu_page__word(page, contents[i].title);
		tu_page__raw(page, "</a></li>");
	}
	tu_page__raw(page, "</ul></nav>\n");
}

static void add_variants(struct tu_page *page)
{
	const struct tu_device *device = page->in->device;

	for (size_t i = 0; i < device->variant_count; i++) {
		const struct tu_variant *variant = &device->variants[i];

		tu_page__raw(page, i ? "<br>" : "");
		tu_page__text(page, variant->udi_di.len ? variant->udi_di : TU_STR("not stated"));
		tu_page__raw(page, " (");
		tu_page__text(page, variant->name);
		if (variant->markets.count)
			tu_page__raw(page, "; ");
		tu_page__list(page, &variant->markets);
		tu_page__raw(page, ")");
	}
	if (!device->variant_count)
		tu_page__raw(page, "not stated");
}

static void add_releases(struct tu_page *page)
{
	const struct tu_device *device = page->in->device;

	for (size_t i = device->release_count; i-- > 0;) {
		const struct tu_release *release = &device->releases[i];
		bool here = release == page->in->release;

		tu_page__raw(page, here ? "<b>" : "");
		tu_page__text(page, release->version);
		tu_page__raw(page, here ? "</b> (of " : " (of ");
		tu_html_date(page->out, release->released, "a day not stated");
		tu_page__raw(page, here ? "; this report)" : ")");
		tu_page__raw(page, i ? "<br>" : "");
	}
}

static void add_support(struct tu_page *page)
{
	const struct tu_device *device = page->in->device;
	int64_t end = page->in->release->support_end ? page->in->release->support_end
						     : device->support_end;
	const char *name = tu_lifecycle_name(device->lifecycle);

	tu_page__word(page, *name ? name : "not stated");
	tu_page__raw(page, "; support from ");
	tu_html_date(page->out, device->support_start, "a day not stated");
	if (device->limited_support) {
		tu_page__raw(page, ", limited from ");
		tu_html_date(page->out, device->limited_support, "");
	}
	tu_page__raw(page, " to ");
	tu_html_date(page->out, end, "a day not stated");
	if (end && end < page->in->at)
		tu_page__raw(page, " <span class=\"mark bad\">ended</span>");
}

static void add_knowledge(struct tu_page *page)
{
	struct tu_kb_info info;

	tu_kb_info(page->in->kb, &info);
	if (page->in->kb_path.len)
		tu_page__text(page, page->in->kb_path);
	else
		tu_page__raw(page, "the built-in starter, a small selection");
	tu_page__raw(page, "; newest record of ");
	tu_html_date(page->out, info.newest, "no date stated");
	if (info.newest && info.newest <= page->in->at) {
		tu_page__raw(page, ", ");
		tu_html_days(page->out, page->in->at - info.newest);
		tu_page__raw(page, " before this report");
	}
	if (info.newest > page->in->at)
		tu_page__raw(page, ", after the time of this report");
	tu_page__raw(page, " (<a href=\"#knowledge\">sources</a>)");
}

static void add_policy(struct tu_page *page)
{
	const struct tu_policy_text *policy = &page->in->device->policy.document;

	if (!policy->version.len && !policy->approved_by.len) {
		tu_page__raw(page, "no version and no approval are stated");
		return;
	}
	tu_page__raw(page, "version ");
	tu_page__text(page, policy->version.len ? policy->version : TU_STR("not stated"));
	if (!policy->approved_by.len) {
		tu_page__raw(page, ", <span class=\"mark bad\">not approved</span>");
		return;
	}
	tu_page__raw(page, ", approved by ");
	tu_page__text(page, policy->approved_by);
	tu_page__raw(page, " on ");
	tu_html_date(page->out, policy->approved_at, "a day not stated");
}

static void add_facts(struct tu_page *page)
{
	const struct tu_device *device = page->in->device;
	static const struct {
		const char *term;
		void (*add)(struct tu_page *page);
	} parts[] = {
		{"UDI-DI", add_variants},
		{"Releases", add_releases},
		{"Lifecycle", add_support},
		{"Knowledge base", add_knowledge},
		{"Risk policy", add_policy},
	};

	tu_page__raw(page, "<dl class=\"facts\">");
	tu_page__fact(page, "Manufacturer", device->manufacturer.name);
	for (size_t i = 0; i < TU_COUNT(parts); i++) {
		tu_page__term(page, parts[i].term);
		parts[i].add(page);
		tu_page__raw(page, "</dd>");
	}
	tu_page__term(page, "Report of");
	tu_html_time(page->out, page->in->at, "");
	tu_page__raw(page, ", by ");
	tu_page__text(page, page->in->tool);
	tu_page__raw(page, "</dd>");
	tu_page__fact(page, "Intended use", device->intended_use);
	tu_page__fact(page, "Safety and essential performance", device->safety);
	tu_page__raw(page, "</dl>\n");
}

static void add_header(struct tu_page *page)
{
	tu_page__raw(page,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<meta name=\"color-scheme\" content=\"light dark\">\n"
		"<meta name=\"referrer\" content=\"no-referrer\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" "
		"content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>");
	tu_page__text(page, page->in->device->family);
	tu_page__raw(page, " ");
	tu_page__text(page, page->in->release->version);
	tu_page__raw(page, ": vulnerability assessment, ");
	tu_html_date(page->out, page->in->at, "");
	tu_page__raw(page, "</title>\n<style>");
	for (size_t i = 0; tu_page__style[i]; i++)
		tu_page__raw(page, tu_page__style[i]);
	tu_page__raw(page,
		"</style>\n</head>\n<body>\n"
		"<a class=\"skip\" href=\"#main\">Skip to the report</a>\n<header>\n"
		"<p class=\"kind\">Vulnerability assessment</p>\n<h1>");
	tu_page__text(page, page->in->device->family);
	tu_page__raw(page, " <span class=\"release\">release ");
	tu_page__text(page, page->in->release->version);
	tu_page__raw(page, "</span></h1>\n");
	add_facts(page);
	tu_page__raw(page, "</header>\n");
}

static void add_footer(struct tu_page *page)
{
	tu_page__raw(page,
		"\n<footer><p>Every number is derived from the device folder, its decisions, the "
		"SBOM and the knowledge base named above, as of ");
	tu_html_time(page->out, page->in->at, "");
	tu_page__raw(page, "; the same input gives the same page. Written by ");
	tu_page__text(page, page->in->tool);
	tu_page__raw(page, ".</p></footer>\n</body>\n</html>\n");
}

enum tu_status tu_page_write(
	const struct tu_page_input *input, struct tu_sink *sink, struct tu_error *err)
{
	struct tu_page page = {.in = input, .sink = sink, .out = &sink->buf};
	enum tu_status status = TU_OK;

	if (!index_cases(&page) || !index_decisions(&page))
		return tu_no_memory(err);
	add_header(&page);
	add_nav(&page);
	tu_page__raw(&page, "<main id=\"main\">\n");
	tu_page__posture(&page);
	tu_page__risk_section(&page);
	status = tu_page__findings(&page);
	if (status == TU_OK)
		tu_page__decisions(&page);
	if (status == TU_OK)
		status = tu_page__clocks(&page);
	if (status == TU_OK)
		status = tu_page__metrics(&page);
	if (status == TU_OK)
		status = tu_page__sbom(&page);
	tu_page__raw(&page, "</main>\n");
	add_footer(&page);
	return status != TU_OK ? tu_no_memory(err) : tu_sink_check(sink, err);
}
