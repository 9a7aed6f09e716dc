/* Life cycle, assumptions, credentials, components, and what a reviewer would miss. */
#include "report/threat_page_parts.h"

/* ---- life cycle ---- */

static const struct {
	const char *title;
	const char *phases[4]; /* of states, NULL: no more */
	enum tu_zone_role roles[2]; /* of zones; UNKNOWN: none */
	const char *function; /* of elements; NULL */
} stages[] = {
	{"Supply chain", {"supply chain", "supply"}, {TU_ZONE_UNKNOWN}, NULL},
	{"Manufacture", {"production", "manufacture", "manufacturing"},
		{TU_ZONE_PRODUCTION, TU_ZONE_UNKNOWN}, "production"},
	{"Deployment", {"deployment", "installation", "storage"}, {TU_ZONE_UNKNOWN}, NULL},
	{"Clinical use", {"clinical use", "use"}, {TU_ZONE_CARE, TU_ZONE_USER}, "therapy"},
	{"Service", {"service", "maintenance"}, {TU_ZONE_UNKNOWN}, "service"},
	{"Update", {"update"}, {TU_ZONE_MANUFACTURER, TU_ZONE_UNKNOWN}, "update"},
	{"Decommissioning", {"decommissioning", "retirement", "disposal"}, {TU_ZONE_UNKNOWN},
		"decommissioning"},
};

static bool has_word(const struct tu_texts *texts, const char *word)
{
	for (size_t i = 0; word && i < texts->count; i++)
		if (tu_str_ieq(texts->at[i], tu_str_c(word)))
			return true;
	return false;
}

static size_t add_states(struct tu_design_page *page, size_t stage)
{
	const struct tu_model *model = page->in->model;
	size_t count = 0;

	for (size_t i = 0; i < model->states_count; i++)
		for (size_t j = 0; j < TU_COUNT(stages[stage].phases) && stages[stage].phases[j];
			j++)
			if (tu_str_ieq(model->states[i].phase, tu_str_c(stages[stage].phases[j]))) {
				tu_page__raw(&page->page, count++ ? ", " : "");
				tu_page__text(&page->page,
					model->states[i].name.len ? model->states[i].name
								  : model->states[i].id);
			}
	return count;
}

static bool belongs(const struct tu_model *model, const struct tu_model_element *at, size_t stage)
{
	if (has_word(&at->functions, stages[stage].function))
		return true;
	for (size_t i = 0; at->zone != TU_MODEL_NOWHERE && i < TU_COUNT(stages[stage].roles); i++)
		if (stages[stage].roles[i] && model->zones[at->zone].role == stages[stage].roles[i])
			return true;
	return false;
}

static size_t add_stage_elements(struct tu_design_page *page, size_t stage)
{
	const struct tu_model *model = page->in->model;
	size_t count = 0;

	for (size_t i = 0; i < model->elements_count; i++)
		if (belongs(model, &model->elements[i], stage)) {
			tu_page__raw(&page->page, count++ ? ", " : "");
			tu_page__text(&page->page, model->elements[i].id);
		}
	return count;
}

enum tu_status tu_design__life_cycle(struct tu_design_page *page)
{
	static const char *const heads[] = {"Stage", "States", "Elements", "Covered", NULL};
	struct tu_page *out = &page->page;

	if (page->in->model->lacks & TU_FORM_NO_STATES)
		tu_design__note(page, "The form that this model was read from has no states.");
	tu_page__table(out, NULL, TU_STR("Stages of the life cycle in the model"), heads);
	for (size_t i = 0; i < TU_COUNT(stages); i++) {
		size_t count;

		tu_page__raw(out, "<tr>");
		tu_page__row_head(out, tu_str_c(stages[i].title));
		tu_page__raw(out, "<td>");
		count = add_states(page, i);
		tu_page__raw(out, "</td><td>");
		count += add_stage_elements(page, i);
		tu_page__raw(out, "</td><td>");
		tu_page__mark(out, count ? "good" : "open",
			count ? "in the model" : "not in the model, and no reason is given");
		tu_page__raw(out, "</td></tr>\n");
	}
	tu_page__table_end(out);
	return TU_OK;
}

/* ---- assumptions, credentials, components ---- */

static void add_assumptions(struct tu_design_page *page)
{
	static const char *const heads[] = {"Assumption", "Owner", "Review by", NULL};
	struct tu_page *out = &page->page;

	tu_page__table(out, NULL, TU_STR("Assumptions"), heads);
	for (size_t i = 0; i < page->in->model->assumptions_count; i++) {
		const struct tu_model_assumption *at = &page->in->model->assumptions[i];

		tu_page__raw(out, "<tr><th scope=\"row\">");
		tu_page__text(out, at->id);
		tu_page__title(out, at->text);
		tu_page__raw(out, "</th>");
		tu_design__stated(page, at->owner);
		tu_page__raw(out, "<td>");
		tu_html_date(out->out, at->review_by, "not stated");
		if (at->review_by && at->review_by < page->in->at) {
			tu_page__raw(out, " ");
			tu_page__mark(out, "bad", "overdue");
		}
		tu_page__raw(out, "</td></tr>\n");
	}
	tu_page__table_end(out);
}

static void add_credentials(struct tu_design_page *page)
{
	static const char *const heads[] = {"Credential", "Scope", "Made", "Stored", "Verified",
		"Issued", "Rotated", "Revoked", NULL};
	struct tu_page *out = &page->page;

	if (!page->in->model->credentials_count)
		return;
	tu_page__table(out, NULL, TU_STR("Credentials"), heads);
	for (size_t i = 0; i < page->in->model->credentials_count; i++) {
		const struct tu_model_credential *at = &page->in->model->credentials[i];

		tu_page__raw(out, "<tr><th scope=\"row\">");
		tu_page__text(out, at->id);
		tu_page__title(out, at->title);
		tu_page__raw(out, "</th>");
		tu_design__stated(page, at->scope);
		tu_design__stated(page, at->made);
		tu_design__stated(page, at->stored);
		tu_design__stated(page, at->verified);
		tu_design__stated(page, at->issued);
		tu_design__stated(page, at->rotated);
		tu_design__stated(page, at->revoked);
		tu_page__raw(out, "</tr>\n");
	}
	tu_page__table_end(out);
}

static void add_components(struct tu_design_page *page)
{
	static const char *const heads[] = {
		"Component", "Supplier", "Support", "End of support", "In elements", NULL};
	const struct tu_model *model = page->in->model;
	struct tu_page *out = &page->page;

	if (!model->components_count)
		return;
	tu_page__table(out, NULL, TU_STR("Components"), heads);
	for (size_t i = 0; i < model->components_count; i++) {
		const struct tu_model_component *at = &model->components[i];

		tu_page__raw(out, "<tr><th scope=\"row\">");
		tu_page__text(out, at->purl.len ? at->purl : at->id);
		tu_page__raw(out, "</th>");
		tu_design__stated(page, at->supplier);
		tu_design__stated(page, at->support);
		tu_page__raw(out, "<td>");
		tu_html_date(out->out, at->end_of_support, "");
		if (!at->end_of_support)
			tu_page__text(out, at->end_note.len ? at->end_note : TU_STR("not stated"));
		tu_page__raw(out, "</td><td>");
		for (size_t j = 0; j < at->elements.count; j++) {
			tu_page__raw(out, j ? ", " : "");
			tu_page__text(out, model->elements[at->elements.at[j]].id);
		}
		tu_page__raw(out, "</td></tr>\n");
	}
	tu_page__table_end(out);
}

enum tu_status tu_design__assumptions(struct tu_design_page *page)
{
	if (page->in->model->assumptions_count)
		add_assumptions(page);
	else
		tu_design__note(page, "The model states no assumption.");
	add_credentials(page);
	add_components(page);
	return TU_OK;
}

/* ---- controls ---- */

static void add_covered(struct tu_design_page *page, const struct tu_spots *spots)
{
	tu_page__raw(&page->page, "<td>");
	for (size_t i = 0; i < spots->count; i++) {
		tu_page__raw(&page->page, i ? ", " : "");
		tu_page__text(&page->page, tu_design__id(page, spots->at[i]));
	}
	if (!spots->count)
		tu_page__mark(&page->page, "open", "not stated");
	tu_page__raw(&page->page, "</td>");
}

enum tu_status tu_design__controls(struct tu_design_page *page)
{
	static const char *const heads[] = {"Control", "Category", "Covers", "Provides",
		"Requirement", "Test evidence", "State", NULL};
	static const char *const states[] = {"in place", "compensating", "planned"};
	const struct tu_model *model = page->in->model;
	struct tu_page *out = &page->page;

	if (!model->controls_count) {
		tu_design__note(page, "The model states no control.");
		return TU_OK;
	}
	tu_page__table(out, NULL, TU_STR("All controls of the model"), heads);
	for (size_t i = 0; i < model->controls_count; i++) {
		const struct tu_model_control *at = &model->controls[i];

		tu_page__raw(out, "<tr><th scope=\"row\">");
		tu_page__text(out, at->id);
		tu_page__title(out, at->title);
		tu_page__raw(out, "</th>");
		tu_design__stated(page, tu_str_c(tu_fda_category_name(at->category)));
		add_covered(page, &at->covers);
		tu_page__raw(out, "<td>");
		tu_page__list(out, &at->provides);
		tu_page__raw(out, "</td>");
		tu_design__stated(page, at->requirement);
		tu_design__stated(page, at->evidence);
		tu_page__cell(out, tu_str_c(states[at->state]));
		tu_page__raw(out, "</tr>\n");
	}
	tu_page__table_end(out);
	return TU_OK;
}

/* ---- decisions of people ---- */

static void add_decision(struct tu_design_page *page, const struct tu_disposition *at)
{
	struct tu_page *out = &page->page;

	tu_page__raw(out, "<tr>");
	tu_page__row_head(out, at->key);
	tu_page__raw(out, "<td>");
	tu_design__outcome(page, at->outcome);
	if (at->stale) {
		tu_page__raw(out, " ");
		tu_page__mark(out, "open", "stale: the threat no longer fires");
	}
	tu_page__raw(out, "</td>");
	tu_design__stated(page, at->by);
	tu_page__cell_date(out, at->at, "not stated");
	tu_page__cell_date(out, at->until, "no end stated");
	tu_page__cell(out, at->reason);
	tu_page__cell(out, at->labelling);
	tu_page__raw(out, "</tr>\n");
}

enum tu_status tu_design__decisions(struct tu_design_page *page)
{
	static const char *const heads[] = {"Threat", "Decision", "By", "On", "Until", "Reason",
		"Place in the labelling", NULL};
	const struct tu_dispositions *live = &page->in->dispositions;
	const struct tu_dispositions *stale = &page->in->threats.stale;

	if (!live->count && !stale->count) {
		tu_design__note(page, "Nobody has accepted, transferred or ruled out a threat.");
		return TU_OK;
	}
	tu_page__table(&page->page, NULL, TU_STR("Decisions about threats, by their keys"), heads);
	for (size_t i = 0; i < live->count; i++) {
		bool listed = false;

		for (size_t j = 0; j < stale->count; j++)
			listed = listed || tu_str_eq(stale->at[j].key, live->at[i].key);
		if (!listed)
			add_decision(page, &live->at[i]);
	}
	for (size_t i = 0; i < stale->count; i++)
		add_decision(page, &stale->at[i]);
	tu_page__table_end(&page->page);
	return TU_OK;
}

/* ---- lints ---- */

enum tu_status tu_design__lints(struct tu_design_page *page)
{
	static const char *const heads[] = {"Rule", "What", NULL};
	struct tu_page *out = &page->page;

	if (!page->in->lints.count) {
		tu_design__note(page, "None of the ten rules about reviewers' deficiencies fired.");
		return TU_OK;
	}
	tu_page__table(out, NULL, TU_STR("Deficiencies that reviewers report"), heads);
	for (size_t i = 0; i < page->in->lints.count; i++) {
		tu_page__raw(out, "<tr>");
		tu_page__row_head(out, tu_str_c(page->in->lints.at[i].rule));
		tu_page__cell(out, page->in->lints.at[i].message);
		tu_page__raw(out, "</tr>\n");
	}
	tu_page__table_end(out);
	return TU_OK;
}
