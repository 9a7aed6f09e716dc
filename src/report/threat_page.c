/* The page of a threat model: its sections, in their order. */
#include "report/threat_page_parts.h"

static const struct {
	const char *id;
	const char *title;
	enum tu_status (*write)(struct tu_design_page *page);
} sections[] = {
	{"summary", "Summary", tu_design__summary},
	{"method", "Methodology", tu_design__method},
	{"views", "Security architecture views", tu_design__views},
	{"life-cycle", "Life cycle", tu_design__life_cycle},
	{"risks", "Risk assessment", tu_design__risks},
	{"trace", "Trace from threat to test", tu_design__trace},
	{"controls", "Controls", tu_design__controls},
	{"decisions", "Decisions", tu_design__decisions},
	{"questions", "Open questions", tu_design__questions},
	{"considered", "What was considered", tu_design__considered},
	{"assumptions", "Assumptions, credentials and components", tu_design__assumptions},
	{"lints", "What a reviewer would ask for", tu_design__lints},
};

struct tu_str tu_design__name(const struct tu_design_page *page, struct tu_spot spot)
{
	const struct tu_model *model = page->in->model;

	return spot.is_flow ? model->flows[spot.index].name : model->elements[spot.index].name;
}

struct tu_str tu_design__id(const struct tu_design_page *page, struct tu_spot spot)
{
	const struct tu_model *model = page->in->model;

	return spot.is_flow ? model->flows[spot.index].id : model->elements[spot.index].id;
}

void tu_design__place(struct tu_design_page *page, struct tu_spot spot)
{
	tu_page__raw(&page->page, "<td>");
	tu_page__text(&page->page, tu_design__id(page, spot));
	tu_page__title(&page->page, tu_design__name(page, spot));
	tu_page__raw(&page->page, "</td>");
}

void tu_design__stated(struct tu_design_page *page, struct tu_str text)
{
	tu_page__raw(&page->page, "<td>");
	if (text.len)
		tu_page__text(&page->page, text);
	else
		tu_page__mark(&page->page, "open", "not stated");
	tu_page__raw(&page->page, "</td>");
}

void tu_design__number(struct tu_design_page *page, uint64_t number)
{
	if (number == TU_MODEL_UNSTATED) {
		tu_design__stated(page, (struct tu_str){0});
		return;
	}
	tu_page__raw(&page->page, "<td class=\"n\">");
	tu_html_count(page->page.out, (size_t)number);
	tu_page__raw(&page->page, "</td>");
}

void tu_design__note(struct tu_design_page *page, const char *text)
{
	tu_page__raw(&page->page, "<p class=\"note\">");
	tu_page__word(&page->page, text);
	tu_page__raw(&page->page, "</p>\n");
}

void tu_design__outcome(struct tu_design_page *page, enum tu_threat_outcome outcome)
{
	static const char *const styles[TU_THREAT_OUTCOMES] = {
		[TU_THREAT_UNKNOWN] = "open",
		[TU_THREAT_OPEN] = "bad",
		[TU_THREAT_UNPROVEN] = "bad",
		[TU_THREAT_MITIGATED] = "good",
		[TU_THREAT_ACCEPTED] = "open",
		[TU_THREAT_TRANSFERRED] = "open",
		[TU_THREAT_NOT_APPLICABLE] = "none",
	};

	tu_page__mark(&page->page, styles[outcome], tu_threat_outcome_name(outcome));
}

const char *tu_design__severity(const struct tu_threat *threat)
{
	static const char *const privacy[] = {
		[TU_PRIVACY_UNKNOWN] = "none to the body; privacy not stated",
		[TU_PRIVACY_NONE] = "none",
		[TU_PRIVACY_LIMITED] = "none to the body; privacy limited",
		[TU_PRIVACY_SERIOUS] = "none to the body; privacy serious"};

	if (!threat->graded)
		return "none of its own";
	if (threat->severity == TU_HARM_UNKNOWN)
		return "not stated";
	if (threat->severity == TU_HARM_NONE && threat->stride == 'I')
		return privacy[threat->privacy];
	return tu_harm_name(threat->severity);
}

static void add_head(struct tu_design_page *page)
{
	struct tu_page *out = &page->page;

	tu_page__document(out);
	tu_page__text(out, page->in->model->title);
	tu_page__raw(out, ": threat model, ");
	tu_html_date(out->out, page->in->at, "");
	tu_page__document_style(out);
	tu_page__raw(out, "<p class=\"kind\">Threat model</p>\n<h1>");
	tu_page__text(out, page->in->model->title);
	if (page->in->model->version.len) {
		tu_page__raw(out, " <span class=\"release\">release ");
		tu_page__text(out, page->in->model->version);
		tu_page__raw(out, "</span>");
	}
	tu_page__raw(out, "</h1>\n<dl class=\"facts\">");
	tu_page__fact(out, "Manufacturer", page->in->model->manufacturer);
	tu_page__fact(out, "Intended use", page->in->model->intended_use);
	tu_page__fact(out, "Essential performance", page->in->model->essential_performance);
	tu_page__fact(out, "Deployment", page->in->model->deployment);
	tu_page__term(out, "Report");
	tu_html_time(out->out, page->in->at, "");
	tu_page__raw(out, ", ");
	tu_page__text(out, page->in->tool);
	tu_page__raw(out, "</dd></dl>\n</header>\n");
}

static void add_nav(struct tu_page *out)
{
	tu_page__raw(out, "<nav aria-label=\"Contents\"><ul>");
	for (size_t i = 0; i < TU_COUNT(sections); i++) {
		tu_page__raw(out, "<li><a href=\"#");
		tu_page__word(out, sections[i].id);
		tu_page__raw(out, "\">");
		tu_page__word(out, sections[i].title);
		tu_page__raw(out, "</a></li>");
	}
	tu_page__raw(out, "</ul></nav>\n<main id=\"main\">\n");
}

enum tu_status tu_threat_page_write(
	const struct tu_threat_page_input *input, struct tu_sink *sink, struct tu_error *err)
{
	struct tu_design_page page = {
		.page = {.sink = sink, .out = &sink->buf}, .in = input, .err = err};
	enum tu_status status = TU_OK;

	add_head(&page);
	add_nav(&page.page);
	for (size_t i = 0; i < TU_COUNT(sections) && status == TU_OK; i++) {
		tu_page__section(&page.page, sections[i].id, sections[i].title);
		status = sections[i].write(&page);
		tu_page__section_end(&page.page);
	}
	tu_page__raw(&page.page,
		"</main>\n<footer><p>Every line comes from the model, the rules that are named, "
		"and "
		"the decisions of the device folder. What the model does not state is a question, "
		"never a threat, and never safe.</p></footer>\n</body>\n</html>\n");
	return status != TU_OK ? status : tu_sink_check(sink, err);
}
