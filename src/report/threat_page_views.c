/* The architecture views: each a picture and a table twin with the fields of FDA's Appendix 2. */
#include "report/diagram.h"
#include "report/threat_page_parts.h"

static const struct {
	enum tu_view_kind kind;
	const char *title;
	const char *empty;
} kinds[] = {
	{TU_VIEW_GLOBAL, "Global system view",
		"The model has no view of this kind; the picture shows the whole of it."},
	{TU_VIEW_MULTI_PATIENT, "Multi-patient harm view",
		"The model has no view of this kind and gives no reason for it."},
	{TU_VIEW_UPDATEABILITY, "Updateability and patchability view",
		"The model has no view of this kind and gives no reason for it."},
	{TU_VIEW_USE_CASE, "Security use case views",
		"The model has no view of this kind and gives no reason for it."},
	{TU_VIEW_OTHER, "Further views", ""},
};

/* ---- the table twin ---- */

static void add_words(struct tu_page *out, uint32_t bits)
{
	static const char *const words[] = {"command", "configuration", "update", "information",
		"alarm", "log", "identity", "therapy"};
	bool any = false;

	tu_page__raw(out, "<td>");
	for (size_t i = 0; i < TU_COUNT(words); i++)
		if (bits >> i & 1) {
			tu_page__raw(out, any ? ", " : "");
			tu_page__word(out, words[i]);
			any = true;
		}
	if (!any)
		tu_page__mark(out, "open", "not stated");
	tu_page__raw(out, "</td>");
}

static void add_assets(struct tu_design_page *page, const struct tu_indexes *assets)
{
	tu_page__raw(&page->page, "<td>");
	for (size_t i = 0; i < assets->count; i++) {
		tu_page__raw(&page->page, i ? ", " : "");
		tu_page__text(&page->page, page->in->model->assets[assets->at[i]].id);
	}
	tu_page__raw(&page->page, "</td>");
}

static void add_facts(struct tu_page *out, const struct tu_model_facts *facts)
{
	tu_page__raw(out, "<td>");
	for (size_t i = 0; i < facts->count; i++) {
		tu_page__raw(out, i ? "; " : "");
		tu_page__text(out, facts->at[i].name);
		tu_page__raw(out, ": ");
		tu_page__text(out, facts->at[i].value);
	}
	tu_page__raw(out, "</td>");
}

static void add_elements(struct tu_design_page *page, const struct tu_diagram_scope *scope)
{
	static const char *const heads[] = {"Element", "Kind", "Zone", "#In the field",
		"#Patients at a time", "Functions", "Assets", "Stated", NULL};
	static const char *const words[] = {
		"", "actor", "external", "process", "store", "hardware"};
	const struct tu_model *model = page->in->model;
	struct tu_page *out = &page->page;

	tu_page__table(out, NULL, TU_STR("Elements of this view"), heads);
	for (uint32_t i = 0; i < model->elements_count; i++) {
		const struct tu_model_element *at = &model->elements[i];

		if (!scope->elements[i])
			continue;
		tu_page__raw(out, "<tr>");
		tu_design__place(page, (struct tu_spot){false, i});
		tu_design__stated(page, tu_str_c(words[at->kind]));
		tu_design__stated(page,
			at->zone == TU_MODEL_NOWHERE ? (struct tu_str){0}
						     : model->zones[at->zone].name);
		tu_design__number(page, at->count);
		tu_design__number(page, at->patients);
		tu_page__raw(out, "<td>");
		tu_page__list(out, &at->functions);
		tu_page__raw(out, "</td>");
		add_assets(page, &at->assets);
		add_facts(out, &at->facts);
		tu_page__raw(out, "</tr>\n");
	}
	tu_page__table_end(out);
}

static void add_flow(struct tu_design_page *page, uint32_t index)
{
	static const char *const media[] = {
		"", "internal", "local", "optical", "radio", "removable", "ip", "internet"};
	static const char *const crossing[] = {"", "no", "yes"};
	const struct tu_model_flow *flow = &page->in->model->flows[index];
	struct tu_page *out = &page->page;

	tu_page__raw(out, "<tr>");
	tu_design__place(page, (struct tu_spot){true, index});
	tu_page__cell(out, page->in->model->elements[flow->from].id);
	tu_page__cell(out, page->in->model->elements[flow->to].id);
	tu_design__stated(page, flow->protocol);
	tu_design__stated(page, flow->channel);
	tu_design__stated(page, tu_str_c(media[flow->medium]));
	add_words(out, flow->carries);
	add_assets(page, &flow->assets);
	for (size_t i = 0; i < TU_PROPERTY_COUNT_; i++)
		tu_design__stated(page, flow->properties[i]);
	tu_design__number(page, flow->fan_out);
	tu_design__stated(page, tu_str_c(crossing[tu_model_crosses(page->in->model, index)]));
	add_facts(out, &flow->facts);
	tu_page__raw(out, "</tr>\n");
}

static void add_flows(struct tu_design_page *page, const struct tu_diagram_scope *scope)
{
	static const char *const heads[] = {"Flow", "From", "To", "Protocol", "Port or channel",
		"Medium", "Carries", "Assets", "Authentication", "Integrity", "Encryption",
		"Freshness", "#Fan-out", "Crosses a boundary", "Stated", NULL};

	tu_page__table(&page->page, NULL, TU_STR("Flows of this view"), heads);
	for (uint32_t i = 0; i < page->in->model->flows_count; i++)
		if (scope->flows[i])
			add_flow(page, i);
	tu_page__table_end(&page->page);
}

/* ---- a view ---- */

static enum tu_status add_view(struct tu_design_page *page, const struct tu_model_view *view)
{
	const struct tu_diagram_input input = {
		.model = page->in->model, .view = view, .threats = &page->in->threats};
	struct tu_diagram_scope scope;
	struct tu_page *out = &page->page;
	enum tu_status status =
		tu_diagram_scope(page->in->arena, page->in->model, view, &scope, page->err);

	if (status != TU_OK)
		return status;
	if (view) {
		tu_page__raw(out, "<h4 id=\"view-");
		tu_page__text(out, view->id);
		tu_page__raw(out, "\">");
		tu_page__text(out, view->title.len ? view->title : view->id);
		tu_page__raw(out, "</h4>\n");
	}
	if (view && view->reason.len) {
		tu_page__raw(out, "<p>");
		tu_page__text(out, view->reason);
		tu_page__raw(out, "</p>\n");
	}
	if (!scope.element_count)
		return TU_OK;
	tu_page__raw(out, "<figure class=\"diagram\">");
	status = tu_diagram_write(page->in->arena, &input, out->out, page->err);
	tu_page__raw(out, "</figure>\n<details><summary>The same as tables</summary>\n");
	add_elements(page, &scope);
	add_flows(page, &scope);
	tu_page__raw(out, "</details>\n");
	tu_page__spill(out);
	return status;
}

enum tu_status tu_design__views(struct tu_design_page *page)
{
	const struct tu_model *model = page->in->model;
	enum tu_status status = TU_OK;

	for (size_t k = 0; k < TU_COUNT(kinds) && !status; k++) {
		size_t count = 0;

		for (size_t i = 0; i < model->views_count; i++)
			count += model->views[i].kind == kinds[k].kind;
		if (!count && !*kinds[k].empty)
			continue;
		tu_html_element(page->page.out, "h3", tu_str_c(kinds[k].title));
		if (!count)
			tu_design__note(page, kinds[k].empty);
		if (!count && kinds[k].kind == TU_VIEW_GLOBAL)
			status = add_view(page, NULL);
		for (size_t i = 0; i < model->views_count && !status; i++)
			if (model->views[i].kind == kinds[k].kind)
				status = add_view(page, &model->views[i]);
	}
	return status;
}
