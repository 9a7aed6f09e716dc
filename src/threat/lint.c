/* What reviewers miss in a design model: docs/formats/model.md lists the rules. */
#include <stdarg.h>
#include <stdio.h>

#include "base/buf_over.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "device/form.h"
#include "device/stated.h"
#include "threat/words.h"

enum { MESSAGE_MAX = 400, ID_SHOWN = 200, MODEL_LINTS_MAX = 10000 };

struct model_linting {
	struct tu_arena *arena;
	const struct tu_model *model;
	const char *rule;
	enum tu_lint_level level;
	TU_VEC(struct tu_lint) found;
	bool failed;
};

static void tell(struct model_linting *l, struct tu_place place, const char *fmt, ...)
	TU_PRINTF(3, 4);

static void tell(struct model_linting *l, struct tu_place place, const char *fmt, ...)
{
	struct tu_lint lint = {
		.level = l->level, .rule = l->rule, .file = l->model->file, .place = place};
	char message[MESSAGE_MAX + 4]; /* and the character that it is cut in */
	va_list args;
	int len;

	if (l->failed || l->found.count >= MODEL_LINTS_MAX)
		return;
	va_start(args, fmt);
	len = vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	len = len < 0 ? 0 : len >= (int)sizeof(message) ? (int)sizeof(message) - 1 : len;
	l->failed =
		!tu_arena_dup(l->arena, tu_utf8_first(tu_str_of(message, (size_t)len), MESSAGE_MAX),
			&lint.message) ||
		!TU_VEC_PUSH_IN(l->arena, &l->found, lint);
}

/* So much of an id that there is room for what is wrong after it. */
static struct tu_str shown(struct tu_str id)
{
	return tu_utf8_first(id, ID_SHOWN);
}

static const struct tu_place whole = {1, 1};

/* ---- views ---- */

static bool has_view(const struct tu_model *model, enum tu_view_kind kind)
{
	for (size_t i = 0; i < model->views_count; i++) {
		const struct tu_model_view *view = &model->views[i];

		if (view->kind == kind &&
			(view->everything || view->spots.count || view->reason.len))
			return true;
	}
	return false;
}

static bool reaches_several(const struct tu_model *model)
{
	for (size_t i = 0; i < model->flows_count; i++)
		if (model->flows[i].fan_out > 1 && model->flows[i].fan_out != TU_MODEL_UNSTATED)
			return true;
	for (size_t i = 0; i < model->elements_count; i++)
		if (model->elements[i].patients > 1 &&
			model->elements[i].patients != TU_MODEL_UNSTATED)
			return true;
	return false;
}

static void look_views(struct model_linting *l)
{
	if (!has_view(l->model, TU_VIEW_GLOBAL))
		tell(l, whole, "global: no view of the whole system and no reason for it");
	if (reaches_several(l->model) && !has_view(l->model, TU_VIEW_MULTI_PATIENT))
		tell(l, whole,
			"multi-patient: one element reaches several patients, and there is no "
			"view of multi-patient harm and no reason for it");
	if (!has_view(l->model, TU_VIEW_UPDATEABILITY))
		tell(l, whole,
			"updateability: no view of updateability and patchability and no reason "
			"for it");
	if (!has_view(l->model, TU_VIEW_USE_CASE))
		tell(l, whole, "use-case: no view of a security use case and no reason for it");
}

/* ---- boundaries ---- */

static void look_boundaries(struct model_linting *l)
{
	const struct tu_model *model = l->model;

	for (uint32_t i = 0; i < model->flows_count; i++) {
		const struct tu_model_flow *flow = &model->flows[i];
		bool open = flow->medium == TU_MEDIUM_RADIO || flow->medium == TU_MEDIUM_INTERNET;

		if (open && !flow->disabled && tu_model_crosses(model, i) == TU_STATED_NO)
			tell(l, flow->place,
				"%.*s: goes over the %s and stays in the zone \"%.*s\": no trust "
				"boundary is drawn",
				TU_STR_FMT(shown(flow->id)),
				flow->medium == TU_MEDIUM_RADIO ? "air" : "internet",
				TU_STR_FMT(tu_utf8_first(
					model->zones[model->elements[flow->from].zone].id, 60)));
	}
}

/* ---- controls ---- */

static void look_evidence(struct model_linting *l)
{
	for (size_t i = 0; i < l->model->controls_count; i++) {
		const struct tu_model_control *control = &l->model->controls[i];

		if (!tu_names_evidence(control->evidence) && control->state != TU_CONTROL_PLANNED)
			tell(l, control->place, "%.*s: the control is claimed without evidence",
				TU_STR_FMT(shown(control->id)));
		if (control->evidence_gone)
			tell(l, control->place, "%.*s: the evidence \"%.*s\" is not in the folder",
				TU_STR_FMT(shown(control->id)),
				TU_STR_FMT(tu_utf8_first(control->evidence, 120)));
	}
}

static void look_trace(struct model_linting *l)
{
	for (size_t i = 0; i < l->model->controls_count; i++) {
		const struct tu_model_control *control = &l->model->controls[i];

		if (!control->requirement.len)
			tell(l, control->place,
				"%.*s: the control has no requirement: the trace from threat to "
				"test is broken",
				TU_STR_FMT(shown(control->id)));
	}
}

/* ---- attributes ---- */

static void look_attributes(struct model_linting *l)
{
	for (size_t i = 0; i < l->model->flows_count; i++) {
		const struct tu_model_flow *flow = &l->model->flows[i];
		char text[MESSAGE_MAX];
		struct tu_buf list = tu_buf_over(text, sizeof(text));

		if (flow->disabled)
			continue;
		for (int p = 0; p < TU_PROPERTY_COUNT_; p++)
			if (!flow->properties[p].len)
				tu_buf_printf(&list, "%s%s", list.len ? ", " : "",
					tu_words_name(&tu_words_flow_property, p));
		if (!flow->carries)
			tu_buf_printf(&list, "%scarries", list.len ? ", " : "");
		if (!flow->medium)
			tu_buf_printf(&list, "%smedium", list.len ? ", " : "");
		if (list.len)
			tell(l, flow->place, "%.*s: not stated: %.*s", TU_STR_FMT(shown(flow->id)),
				TU_STR_FMT(tu_buf_str(&list)));
	}
}

/* ---- life cycle, support, hazards, the maker's side ---- */

static bool has_phase(const struct tu_model *model, const char *const *words)
{
	for (size_t i = 0; i < model->states_count; i++)
		for (size_t w = 0; words[w]; w++)
			if (tu_str_isearch(model->states[i].phase, tu_str_c(words[w])) <
				model->states[i].phase.len)
				return true;
	return false;
}

static void look_life_cycle(struct model_linting *l)
{
	static const char *const words[][4] = {{"production", "manufactur", NULL},
		{"clinical", "use", "operation", NULL},
		{"decommission", "retire", "disposal", NULL}};
	char text[MESSAGE_MAX];
	struct tu_buf list = tu_buf_over(text, sizeof(text));

	for (size_t i = 0; i < TU_COUNT(words); i++)
		if (!has_phase(l->model, words[i]))
			tu_buf_printf(&list, "%s%s", list.len ? ", " : "",
				i == 0		 ? "production"
					: i == 1 ? "clinical use"
						 : "decommissioning");
	if (list.len)
		tell(l, whole, "%.*s: these phases of the life cycle have no state in the model",
			TU_STR_FMT(tu_buf_str(&list)));
}

static void look_support(struct model_linting *l)
{
	for (size_t i = 0; i < l->model->components_count; i++) {
		const struct tu_model_component *component = &l->model->components[i];

		if (!component->support.len && !component->end_of_support &&
			!component->end_note.len)
			tell(l, component->place,
				"%.*s: neither the level nor the end of its support is stated",
				TU_STR_FMT(shown(component->id)));
	}
}

static bool is_essential(const struct tu_asset *asset)
{
	return asset->essential || asset->function == TU_FUNCTION_THERAPY ||
		asset->function == TU_FUNCTION_MEASUREMENT ||
		asset->function == TU_FUNCTION_ALARM ||
		asset->function == TU_FUNCTION_DOSING_CONFIGURATION;
}

static void look_hazards(struct model_linting *l)
{
	for (size_t i = 0; i < l->model->assets_count; i++) {
		const struct tu_asset *asset = &l->model->assets[i];

		if (is_essential(asset) && !asset->hazard_count && !asset->harmless &&
			!asset->rationale.len)
			tell(l, asset->place,
				"%.*s: an essential asset without a hazard and without a reason",
				TU_STR_FMT(shown(asset->id)));
	}
}

static bool is_production(const struct tu_model_element *element)
{
	for (size_t i = 0; i < element->functions.count; i++)
		if (tu_str_ieq(element->functions.at[i], TU_STR("production")))
			return true;
	return false;
}

/* Elements in a zone of the maker; where no role is stated, what is for production. */
static bool shows_maker(const struct tu_model *model)
{
	for (size_t i = 0; i < model->elements_count; i++) {
		const struct tu_model_element *element = &model->elements[i];
		uint32_t zone = element->zone;
		enum tu_zone_role role = TU_ZONE_UNKNOWN;

		for (size_t up = 0; up < model->zones_count && zone != TU_MODEL_NOWHERE && !role;
			up++) {
			role = model->zones[zone].role;
			zone = model->zones[zone].parent;
		}
		if (role == TU_ZONE_MANUFACTURER || role == TU_ZONE_PRODUCTION ||
			(role == TU_ZONE_UNKNOWN && is_production(element)))
			return true;
	}
	return false;
}

static void look_end_to_end(struct model_linting *l)
{
	if (!shows_maker(l->model))
		tell(l, whole,
			"manufacturer: update infrastructure and production of the manufacturer "
			"are left out");
}

/* ---- the table ---- */

/* A rule about what the form cannot say (`lacks`) is not shown. */
static const struct {
	const char *name;
	uint32_t lacks;
	void (*look)(struct model_linting *l);
} rules[] = {
	{"view-missing", TU_FORM_NO_VIEWS, look_views},
	{"boundary-missing", 0, look_boundaries},
	{"evidence-missing", TU_FORM_NO_EVIDENCE, look_evidence},
	{"trace-broken", TU_FORM_NO_EVIDENCE, look_trace},
	{"attribute-unknown", TU_FORM_NO_SILENCE, look_attributes},
	{"life-cycle-missing", TU_FORM_NO_STATES, look_life_cycle},
	{"support-missing", TU_FORM_NO_COMPONENTS, look_support},
	{"hazard-missing", TU_FORM_NO_HAZARDS, look_hazards},
	{"end-to-end-missing", 0, look_end_to_end},
};

enum tu_status tu_model_lint(struct tu_arena *arena, const struct tu_model *model, int64_t at,
	struct tu_lints *out_lints, struct tu_error *err)
{
	struct model_linting l = {.arena = arena, .model = model, .level = TU_LINT_WARNING};

	(void)at; /* none of the ten asks for the time: an end of support that is over is a threat
		   */
	for (size_t i = 0; i < TU_COUNT(rules); i++) {
		l.rule = rules[i].name;
		if (!(model->lacks & rules[i].lacks))
			rules[i].look(&l);
	}
	if (l.failed)
		return tu_no_memory(err);
	*out_lints = (struct tu_lints){l.found.at, l.found.count};
	return TU_OK;
}
