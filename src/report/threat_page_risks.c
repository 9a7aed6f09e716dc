/* The threats themselves: counts, method, risk assessment, trace, questions, what was considered.
 */
#include <string.h>
#include <tutela/threat_rule.h>

#include "report/threat_page_parts.h"

/* Threats that say only that a letter of STRIDE was looked at are no rows of an assessment. */
static bool is_row(const struct tu_threat *threat)
{
	return threat->outcome != TU_THREAT_NOT_APPLICABLE && threat->outcome != TU_THREAT_UNKNOWN;
}

static const char *letter_name(char letter)
{
	static const struct {
		char letter;
		const char *name;
	} letters[] = {{'S', "Spoofing"}, {'T', "Tampering"}, {'R', "Repudiation"},
		{'I', "Information disclosure"}, {'D', "Denial of service"},
		{'E', "Elevation of privilege"}};

	for (size_t i = 0; i < TU_COUNT(letters); i++)
		if (letters[i].letter == letter)
			return letters[i].name;
	return "";
}

/* ---- summary ---- */

static void add_tile(
	struct tu_page *out, const char *style, size_t count, const char *one, const char *many)
{
	tu_page__raw(out, "<li class=\"");
	tu_page__word(out, count ? style : "");
	tu_page__raw(out, "\"><b>");
	tu_html_count(out->out, count);
	tu_page__raw(out, "</b>");
	tu_page__word(out, count == 1 ? one : many);
	tu_page__raw(out, "</li>");
}

static size_t count_of(const struct tu_design_page *page, enum tu_threat_outcome outcome)
{
	size_t count = 0;

	for (size_t i = 0; i < page->in->threats.count; i++)
		count += page->in->threats.at[i].outcome == outcome;
	return count;
}

enum tu_status tu_design__summary(struct tu_design_page *page)
{
	struct tu_page *out = &page->page;

	tu_page__raw(out, "<ul class=\"tiles\">");
	add_tile(out, "bad", count_of(page, TU_THREAT_OPEN), "open threat", "open threats");
	add_tile(out, "bad", count_of(page, TU_THREAT_UNPROVEN), "mitigated without evidence",
		"mitigated without evidence");
	add_tile(out, "open", page->in->threats.question_count, "open question", "open questions");
	add_tile(out, "", count_of(page, TU_THREAT_MITIGATED), "mitigated", "mitigated");
	add_tile(out, "", count_of(page, TU_THREAT_ACCEPTED), "accepted", "accepted");
	add_tile(out, "", count_of(page, TU_THREAT_TRANSFERRED), "transferred to the user",
		"transferred to the user");
	tu_page__raw(out, "</ul>\n<p>");
	tu_html_counted(out->out, page->in->model->elements_count, "element", "elements");
	tu_page__raw(out, ", ");
	tu_html_counted(out->out, page->in->model->flows_count, "flow", "flows");
	tu_page__raw(out, ", ");
	tu_html_counted(out->out, page->in->model->zones_count, "zone", "zones");
	tu_page__raw(out, ", ");
	tu_html_counted(out->out, page->in->model->controls_count, "control", "controls");
	tu_page__raw(out, ".</p>\n");
	if (page->in->threats.question_count)
		tu_design__note(page,
			"What the model does not state is a question and is in no count of "
			"threats.");
	return TU_OK;
}

/* ---- method ---- */

enum tu_status tu_design__method(struct tu_design_page *page)
{
	static const char *const heads[] = {"Pack", "Version", "#Rules", "SHA-256", NULL};
	struct tu_page *out = &page->page;

	tu_page__raw(out,
		"<p>STRIDE per element and per interaction, by versioned rules. A rule fires on "
		"stated facts only. A control settles only the property that it provides at the "
		"place, and only when it is in place; without test evidence it counts as open. The "
		"severity is that of the worst hazard (ISO 14971) which an asset of the place has "
		"on the loss that the category means; exploitability is a scale of its own, judged "
		"before and after mitigation by the maker's matrix, and never multiplied with "
		"harm. The reach is the number of patients that one successful attack can affect "
		"at one time. Control categories are the eight of FDA's premarket guidance, "
		"Appendix 1.</p>\n");
	tu_page__table(out, NULL, TU_STR("Packs of rules"), heads);
	for (size_t i = 0; i < page->in->pack_count; i++) {
		const struct tu_threat_pack *pack = page->in->packs[i];

		tu_page__raw(out, "<tr>");
		tu_page__row_head(out, pack->id);
		tu_page__cell(out, pack->version);
		tu_page__cell_count(out, pack->rule_count);
		tu_html_element(out->out, "td class=\"hash\"", pack->digest);
		tu_page__raw(out, "</tr>\n");
	}
	tu_page__table_end(out);
	return TU_OK;
}

/* ---- risk assessment ---- */

/* <th scope=row id=t-KEY>RULE<small>title</small></th> */
static void add_threat_head(
	struct tu_design_page *page, const struct tu_threat *threat, bool anchor)
{
	struct tu_page *out = &page->page;

	tu_page__raw(out, anchor ? "<th scope=\"row\" id=\"t-" : "<th scope=\"row\"><a href=\"#t-");
	tu_page__text(out, threat->key);
	tu_page__raw(out, "\">");
	tu_page__text(out, threat->rule);
	tu_page__raw(out, anchor ? "" : "</a>");
	tu_page__title(out, threat->title);
	tu_page__raw(out, "</th>");
}

static void add_reach(struct tu_design_page *page, const struct tu_threat *threat)
{
	struct tu_page *out = &page->page;

	if (threat->reach == TU_MODEL_UNSTATED) {
		tu_design__number(page, threat->reach);
		return;
	}
	tu_page__raw(out, "<td class=\"n\">");
	tu_page__raw(out, threat->reach_is_bound ? "at most " : "");
	tu_html_count(out->out, (size_t)threat->reach);
	tu_page__raw(out, "</td>");
}

static void add_exploit(struct tu_page *out, uint32_t level, enum tu_risk risk)
{
	tu_page__raw(out, "<td>");
	if (level)
		tu_buf_printf(out->out, "%u of 5 ", level);
	else
		tu_page__word(out, "not known ");
	tu_page__risk(out, risk);
	tu_page__raw(out, "</td>");
}

static void add_reasons(struct tu_page *out, const struct tu_threat_reasons *reasons)
{
	tu_page__raw(out, "<td>");
	for (size_t i = 0; i < reasons->count; i++) {
		tu_page__raw(out, i ? "; " : "");
		tu_page__text(out, reasons->at[i].subject);
		tu_page__raw(out, ": ");
		tu_page__text(out,
			reasons->at[i].value.len ? reasons->at[i].value : TU_STR("not stated"));
	}
	tu_page__raw(out, "</td>");
}

static void add_risk(struct tu_design_page *page, const struct tu_threat *threat)
{
	struct tu_page *out = &page->page;

	tu_page__raw(out, "<tr>");
	add_threat_head(page, threat, true);
	tu_design__place(page, threat->spot);
	tu_page__cell_word(out, letter_name(threat->stride));
	tu_page__cell(out, tu_str_c(tu_fda_category_name(threat->category)));
	tu_page__cell(out, tu_str_c(tu_design__severity(threat)));
	add_reach(page, threat);
	add_exploit(out, threat->exploit_before, threat->risk_before);
	add_exploit(out, threat->exploit_after, threat->risk_after);
	tu_page__raw(out, "<td>");
	tu_design__outcome(page, threat->outcome);
	if (threat->reopened.len) {
		tu_page__raw(out, "<small class=\"reopened\">");
		tu_page__text(out, threat->reopened);
		tu_page__raw(out, "</small>");
	}
	tu_page__raw(out, "</td>");
	add_reasons(out, &threat->reasons);
	tu_page__raw(out, "</tr>\n");
}

enum tu_status tu_design__risks(struct tu_design_page *page)
{
	static const char *const heads[] = {"Threat", "Place", "STRIDE", "Control category",
		"Severity of harm", "#Patients", "Before mitigation", "After mitigation", "State",
		"Facts that fired it", NULL};
	size_t rows = 0;

	for (size_t i = 0; i < page->in->threats.count; i++)
		rows += is_row(&page->in->threats.at[i]);
	if (!rows) {
		tu_design__note(page, "No rule fired. The questions below may change that.");
		return TU_OK;
	}
	tu_page__table(&page->page, NULL, TU_STR("Threats, the worst first"), heads);
	for (size_t i = 0; i < page->in->threats.count; i++)
		if (is_row(&page->in->threats.at[i]))
			add_risk(page, &page->in->threats.at[i]);
	tu_page__table_end(&page->page);
	return TU_OK;
}

/* ---- trace ---- */

static void add_trace(struct tu_design_page *page, const struct tu_threat *threat, size_t at)
{
	const struct tu_model_control *control = at < threat->controls.count
		? &page->in->model->controls[threat->controls.at[at]]
		: NULL;
	struct tu_page *out = &page->page;

	tu_page__raw(out, "<tr>");
	add_threat_head(page, threat, false);
	tu_page__cell(out, tu_design__id(page, threat->spot));
	if (control) {
		tu_page__raw(out, "<td>");
		tu_page__text(out, control->id);
		tu_page__title(out, control->title);
		tu_page__raw(out, "</td>");
		tu_design__stated(page, control->requirement);
		tu_design__stated(page, control->evidence);
	} else {
		tu_page__raw(out, "<td colspan=\"3\">no control; the rule asks for: ");
		tu_page__text(out, threat->by ? threat->by->control : (struct tu_str){0});
		tu_page__raw(out, "</td>");
	}
	tu_page__raw(out, "<td>");
	tu_design__outcome(page, threat->outcome);
	tu_page__raw(out, " ");
	tu_page__risk(out, threat->risk_after);
	tu_page__raw(out, "</td></tr>\n");
}

enum tu_status tu_design__trace(struct tu_design_page *page)
{
	static const char *const heads[] = {"Threat", "Place", "Control", "Requirement",
		"Test evidence", "Residual risk", NULL};

	tu_page__table(&page->page, NULL,
		TU_STR("From threat to control, requirement, test evidence and residual risk"),
		heads);
	for (size_t i = 0; i < page->in->threats.count; i++) {
		const struct tu_threat *threat = &page->in->threats.at[i];

		for (size_t j = 0; is_row(threat) && (j == 0 || j < threat->controls.count); j++)
			add_trace(page, threat, j);
	}
	tu_page__table_end(&page->page);
	return TU_OK;
}

/* ---- questions ---- */

enum tu_status tu_design__questions(struct tu_design_page *page)
{
	static const char *const heads[] = {
		"Place", "What is not stated", "Question", "Rules that wait", NULL};
	struct tu_page *out = &page->page;

	if (!page->in->threats.question_count) {
		tu_design__note(page, "The model answers everything that the rules ask.");
		return TU_OK;
	}
	tu_page__table(out, NULL, TU_STR("One question for each place and subject"), heads);
	for (size_t i = 0; i < page->in->threats.question_count; i++) {
		const struct tu_threat_question *question = &page->in->threats.questions[i];

		tu_page__raw(out, "<tr>");
		tu_design__place(page, question->spot);
		tu_page__cell(out, question->subject);
		tu_page__cell(out, question->text);
		tu_page__raw(out, "<td>");
		tu_page__list(out, &question->rules);
		tu_page__raw(out, "</td></tr>\n");
	}
	tu_page__table_end(out);
	return TU_OK;
}

/* ---- what was considered ---- */

static const char letters[] = "STRIDE";

enum { LETTERS = sizeof(letters) - 1 };

/* Of one place: how many threats of each letter have each outcome. */
struct considered {
	uint32_t counts[LETTERS][TU_THREAT_OUTCOMES];
};

static size_t place_of(const struct tu_model *model, struct tu_spot spot)
{
	return spot.is_flow ? model->elements_count + spot.index : spot.index;
}

static struct considered *count_considered(const struct tu_design_page *page, size_t places)
{
	struct considered *all = tu_arena_array(page->in->arena, places, sizeof(*all));

	for (size_t i = 0; all && i < page->in->threats.count; i++) {
		const struct tu_threat *threat = &page->in->threats.at[i];
		const char *letter = threat->stride ? strchr(letters, threat->stride) : NULL;

		if (letter)
			all[place_of(page->in->model, threat->spot)]
				.counts[letter - letters][threat->outcome]++;
	}
	return all;
}

/* "2 open, 1 mitigated", or "considered" where rules looked and nothing fired. */
static void add_letter(struct tu_page *out, const uint32_t counts[TU_THREAT_OUTCOMES])
{
	bool any = false;

	tu_page__raw(out, "<td>");
	for (size_t i = 0; i < TU_THREAT_NOT_APPLICABLE; i++)
		if (counts[i]) {
			tu_buf_printf(out->out, "%s%u ", any ? ", " : "", counts[i]);
			tu_page__word(out, tu_threat_outcome_name((enum tu_threat_outcome)i));
			any = true;
		}
	if (!any)
		tu_page__word(out, counts[TU_THREAT_NOT_APPLICABLE] ? "considered" : "no rule");
	tu_page__raw(out, "</td>");
}

enum tu_status tu_design__considered(struct tu_design_page *page)
{
	static const char *const heads[] = {"Place", "Spoofing", "Tampering", "Repudiation",
		"Information disclosure", "Denial of service", "Elevation of privilege", NULL};
	const struct tu_model *model = page->in->model;
	size_t places = model->elements_count + model->flows_count;
	const struct considered *all = count_considered(page, places);
	struct tu_page *out = &page->page;

	if (!all)
		return tu_no_memory(page->err);
	tu_page__raw(out,
		"<p>\"Considered\": rules of this category looked at the place and the facts that "
		"the model states make none of them apply. \"No rule\": no rule of this category "
		"is about such a place.</p>\n");
	tu_page__table(out, NULL, TU_STR("Each place and category of STRIDE"), heads);
	for (size_t i = 0; i < places; i++) {
		bool is_flow = i >= model->elements_count;
		struct tu_spot spot = {
			is_flow, (uint32_t)(is_flow ? i - model->elements_count : i)};

		tu_page__raw(out, "<tr>");
		tu_design__place(page, spot);
		for (size_t j = 0; j < LETTERS; j++)
			add_letter(out, all[i].counts[j]);
		tu_page__raw(out, "</tr>\n");
		tu_page__spill(out);
	}
	tu_page__table_end(out);
	return TU_OK;
}
