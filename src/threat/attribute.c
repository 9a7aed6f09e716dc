/* Attributes of places: what a model states of them. */
#include <string.h>

#include "base/glob.h"
#include "device/form.h"
#include "device/stated.h"
#include "threat/condition.h"
#include "threat/weight.h"
#include "threat/words.h"

enum { FOLDED_MAX = 200 };

static char fold(char c)
{
	return c == '_' || c == ' ' ? '-' : tu_char_lower(c);
}

bool tu_word_fold(struct tu_arena *arena, struct tu_str word, struct tu_str *out)
{
	char *text = tu_arena_text(arena, word.len ? word.len : 1);

	for (size_t i = 0; text && i < word.len; i++)
		text[i] = fold(word.ptr[i]);
	*out = tu_str_of(text, word.len);
	return text != NULL;
}

bool tu_word_matches(struct tu_str pattern, struct tu_str text)
{
	char folded[FOLDED_MAX];
	struct tu_str seen = tu_str_first(tu_str_trim(text), FOLDED_MAX);

	if (seen.len > 1 && seen.ptr[seen.len - 1] == '.')
		seen.len--;

	if (!pattern.len || !seen.len)
		return pattern.len == seen.len;
	if (pattern.ptr[0] != '*' && pattern.ptr[0] != fold(seen.ptr[0]))
		return false;
	if (tu_str_find(pattern, '*') == pattern.len && pattern.len != seen.len)
		return false;
	for (size_t i = 0; i < seen.len; i++)
		folded[i] = fold(seen.ptr[i]);
	return tu_glob(pattern, tu_str_of(folded, seen.len), false);
}

/* ---- controls ---- */

bool tu_control_counts(const struct tu_model_control *control)
{
	return control->state != TU_CONTROL_PLANNED;
}

bool tu_control_proven(const struct tu_model_control *control)
{
	return tu_names_evidence(control->evidence) && !control->evidence_gone;
}

bool tu_control_covers(const struct tu_model_control *control, struct tu_spot spot)
{
	for (size_t i = 0; i < control->covers.count; i++)
		if (control->covers.at[i].is_flow == spot.is_flow &&
			control->covers.at[i].index == spot.index)
			return true;
	return false;
}

bool tu_control_provides(const struct tu_model_control *control, struct tu_texts patterns)
{
	for (size_t i = 0; i < control->provides.count; i++)
		for (size_t j = 0; j < patterns.count; j++)
			if (tu_word_matches(patterns.at[j], control->provides.at[i]))
				return true;
	return false;
}

/* ---- names ---- */

static const struct tu_word names[] = {
	{"protocol", TU_ATTRIBUTE_PROTOCOL},
	{"version", TU_ATTRIBUTE_VERSION},
	{"channel", TU_ATTRIBUTE_CHANNEL},
	{"medium", TU_ATTRIBUTE_MEDIUM},
	{"carries", TU_ATTRIBUTE_CARRIES},
	{"authentication", TU_ATTRIBUTE_AUTHENTICATION},
	{"integrity", TU_ATTRIBUTE_INTEGRITY},
	{"encryption", TU_ATTRIBUTE_ENCRYPTION},
	{"freshness", TU_ATTRIBUTE_FRESHNESS},
	{"fan_out", TU_ATTRIBUTE_FAN_OUT},
	{"crosses", TU_ATTRIBUTE_CROSSES},
	{"kind", TU_ATTRIBUTE_KIND},
	{"functions", TU_ATTRIBUTE_FUNCTIONS},
	{"count", TU_ATTRIBUTE_COUNT_OF},
	{"patients", TU_ATTRIBUTE_PATIENTS},
	{"zone.role", TU_ATTRIBUTE_ZONE_ROLE},
	{"zone.trust", TU_ATTRIBUTE_ZONE_TRUST},
	{"in_scope", TU_ATTRIBUTE_IN_SCOPE},
	{"assets.function", TU_ATTRIBUTE_ASSETS_FUNCTION},
	{"assets.privacy", TU_ATTRIBUTE_ASSETS_PRIVACY},
	{"harm", TU_ATTRIBUTE_HARM},
	{"many", TU_ATTRIBUTE_MANY},
	{"provided", TU_ATTRIBUTE_PROVIDED},
	{"states", TU_ATTRIBUTE_STATES},
	{"id", TU_ATTRIBUTE_ID},
	{"name", TU_ATTRIBUTE_NAME},
	{"support", TU_ATTRIBUTE_SUPPORT},
	{"end_of_support", TU_ATTRIBUTE_END_OF_SUPPORT},
	{"purl", TU_ATTRIBUTE_PURL},
	{"scope", TU_ATTRIBUTE_SCOPE},
};

enum tu_attribute tu_attribute_by_name(struct tu_str name)
{
	for (size_t i = 0; i < TU_COUNT(names); i++)
		if (tu_str_eq(tu_str_c(names[i].name), name))
			return (enum tu_attribute)names[i].value;
	return TU_ATTRIBUTE_FACT;
}

const char *tu_attribute_name(size_t index)
{
	return index < TU_COUNT(names) ? names[index].name : NULL;
}

const struct tu_words *tu_attribute_words(enum tu_attribute attribute, bool *out_bits)
{
	*out_bits = attribute == TU_ATTRIBUTE_CARRIES || attribute == TU_ATTRIBUTE_HARM;
	switch ((int)attribute) {
	case TU_ATTRIBUTE_CARRIES:
		return &tu_words_carries;
	case TU_ATTRIBUTE_HARM:
		return &tu_words_loss;
	case TU_ATTRIBUTE_MEDIUM:
		return &tu_words_medium;
	case TU_ATTRIBUTE_KIND:
		return &tu_words_element_kind;
	case TU_ATTRIBUTE_ZONE_ROLE:
		return &tu_words_zone_role;
	case TU_ATTRIBUTE_ASSETS_FUNCTION:
		return &tu_words_function;
	case TU_ATTRIBUTE_ASSETS_PRIVACY:
		return &tu_words_privacy;
	default:
		return NULL;
	}
}

/* ---- statements ---- */

static void say_text(struct tu_statement *out, struct tu_str text)
{
	/* few texts have a space at an end */
	if (text.len && (tu_char_is_space(text.ptr[0]) || tu_char_is_space(text.ptr[text.len - 1])))
		text = tu_str_trim(text);
	out->own[0] = text;
	out->texts = out->own;
	out->text_count = 1;
	out->silent = out->own[0].len == 0;
}

static void say_texts(struct tu_statement *out, struct tu_texts texts)
{
	out->texts = texts.at;
	out->text_count = texts.count;
}

static void say_word(struct tu_statement *out, int value)
{
	out->is_mask = true;
	out->mask = 1U << (uint32_t)value;
	out->silent = value == 0;
}

static void say_number(struct tu_statement *out, uint64_t number, uint64_t unstated)
{
	out->is_number = true;
	out->number = number;
	out->silent = number == unstated;
}

static void say_stated(struct tu_statement *out, enum tu_stated stated)
{
	say_text(out, stated == TU_STATED_YES ? TU_STR("yes") : TU_STR("no"));
	out->silent = stated == TU_STATED_NOTHING;
}

static struct tu_indexes assets_of(const struct tu_subject *of)
{
	const struct tu_model *model = of->graph->model;

	return of->spot.is_flow ? model->flows[of->spot.index].assets
				: model->elements[of->spot.index].assets;
}

static void add_asset(
	struct tu_statement *out, enum tu_attribute attribute, const struct tu_asset *asset)
{
	if (attribute == TU_ATTRIBUTE_ASSETS_FUNCTION)
		out->mask |= 1U << (uint32_t)asset->function;
	else if (attribute == TU_ATTRIBUTE_ASSETS_PRIVACY && asset->privacy)
		out->mask |= 1U << (uint32_t)asset->privacy;
	else if (attribute == TU_ATTRIBUTE_ASSETS_PRIVACY)
		out->unsure = UINT32_MAX;
	else if (!asset->hazard_count && !asset->harmless)
		out->unsure = UINT32_MAX;
}

static void say_assets(
	struct tu_statement *out, enum tu_attribute attribute, const struct tu_subject *of)
{
	const struct tu_model *model = of->graph->model;
	struct tu_indexes assets = assets_of(of);

	out->is_mask = true;
	out->silent = !tu_spot_assets_stated(model, of->spot);
	for (size_t i = 0; i < assets.count; i++) {
		const struct tu_asset *asset = &model->assets[assets.at[i]];

		add_asset(out, attribute, asset);
		for (size_t h = 0; attribute == TU_ATTRIBUTE_HARM && h < asset->hazard_count; h++)
			if (model->hazards[asset->hazards[h].hazard].severity != TU_HARM_NONE)
				out->mask |= asset->hazards[h].loss;
	}
	/* a form whose assets have no hazards at all cannot say that there is none */
	if (attribute == TU_ATTRIBUTE_HARM && (model->lacks & TU_FORM_NO_HAZARDS) && !out->mask)
		out->unsure = UINT32_MAX;
}

/* More than one patient in one attack, as far as the place itself says. */
static enum tu_stated many_of(const struct tu_subject *of)
{
	const struct tu_model *model = of->graph->model;
	uint64_t number = of->spot.is_flow ? model->flows[of->spot.index].fan_out
					   : model->elements[of->spot.index].patients;

	if (number == TU_MODEL_UNSTATED)
		return TU_STATED_NOTHING;
	return number > 1 ? TU_STATED_YES : TU_STATED_NO;
}

static void read_flow(enum tu_attribute attribute, const struct tu_subject *of,
	const struct tu_model_flow *flow, struct tu_statement *out)
{
	switch ((int)attribute) {
	case TU_ATTRIBUTE_ID:
		say_text(out, flow->id);
		break;
	case TU_ATTRIBUTE_NAME:
		say_text(out, flow->name);
		break;
	case TU_ATTRIBUTE_PROTOCOL:
		say_text(out, flow->protocol);
		break;
	case TU_ATTRIBUTE_VERSION:
		say_text(out, flow->version);
		break;
	case TU_ATTRIBUTE_CHANNEL:
		say_text(out, flow->channel);
		break;
	case TU_ATTRIBUTE_MEDIUM:
		say_word(out, (int)flow->medium);
		break;
	case TU_ATTRIBUTE_CARRIES:
		out->is_mask = true;
		out->mask = flow->carries;
		out->silent = flow->carries == 0;
		break;
	case TU_ATTRIBUTE_AUTHENTICATION:
	case TU_ATTRIBUTE_INTEGRITY:
	case TU_ATTRIBUTE_ENCRYPTION:
	case TU_ATTRIBUTE_FRESHNESS:
		say_text(out, flow->properties[attribute - TU_ATTRIBUTE_AUTHENTICATION]);
		break;
	case TU_ATTRIBUTE_FAN_OUT:
		say_number(out, flow->fan_out, TU_MODEL_UNSTATED);
		break;
	case TU_ATTRIBUTE_CROSSES:
		say_stated(out, tu_model_crosses(of->graph->model, of->spot.index));
		break;
	default:
		out->foreign = true;
	}
}

static const struct tu_model_zone *zone_with_role(
	const struct tu_model *model, const struct tu_model_element *element)
{
	uint32_t zone = element->zone;

	for (size_t i = 0; i < model->zones_count && zone != TU_MODEL_NOWHERE; i++) {
		if (model->zones[zone].role)
			return &model->zones[zone];
		zone = model->zones[zone].parent;
	}
	return NULL;
}

static void read_element(enum tu_attribute attribute, const struct tu_subject *of,
	const struct tu_model_element *element, struct tu_statement *out)
{
	const struct tu_model *model = of->graph->model;
	const struct tu_model_zone *zone;

	switch ((int)attribute) {
	case TU_ATTRIBUTE_ID:
		say_text(out, element->id);
		break;
	case TU_ATTRIBUTE_NAME:
		say_text(out, element->name);
		break;
	case TU_ATTRIBUTE_KIND:
		say_word(out, (int)element->kind);
		break;
	case TU_ATTRIBUTE_FUNCTIONS:
		say_texts(out, element->functions);
		out->silent = !element->functions_stated;
		break;
	case TU_ATTRIBUTE_COUNT_OF:
		say_number(out, element->count, TU_MODEL_UNSTATED);
		break;
	case TU_ATTRIBUTE_PATIENTS:
		say_number(out, element->patients, TU_MODEL_UNSTATED);
		break;
	case TU_ATTRIBUTE_ZONE_ROLE:
		zone = zone_with_role(model, element);
		say_word(out, zone ? (int)zone->role : 0);
		break;
	case TU_ATTRIBUTE_ZONE_TRUST:
		say_number(out,
			element->zone == TU_MODEL_NOWHERE ? 0 : model->zones[element->zone].trust,
			0);
		break;
	case TU_ATTRIBUTE_IN_SCOPE:
		say_stated(out, element->out_of_scope ? TU_STATED_NO : TU_STATED_YES);
		break;
	default:
		out->foreign = true;
	}
}

static void read_component(enum tu_attribute attribute, const struct tu_model_component *component,
	struct tu_statement *out)
{
	out->foreign = !component;
	if (!component)
		return;
	if (attribute == TU_ATTRIBUTE_SUPPORT)
		say_text(out, component->support);
	else if (attribute == TU_ATTRIBUTE_PURL)
		say_text(out, component->purl);
	else {
		out->date = component->end_of_support;
		out->silent = !component->end_of_support;
	}
}

static void read_provided(const struct tu_subject *of, struct tu_statement *out)
{
	const struct tu_model *model = of->graph->model;

	/* asked with patterns: tu_condition_ask() looks at the controls itself */
	out->silent = model->controls_count == 0;
}

static void read_fact(struct tu_str name, const struct tu_subject *of, struct tu_statement *out)
{
	const struct tu_model *model = of->graph->model;
	struct tu_str value = {0};

	if (of->credential)
		value = tu_model_fact_get(&of->credential->facts, name);
	if (!value.len)
		value = tu_model_fact_get(of->spot.is_flow ? &model->flows[of->spot.index].facts
							   : &model->elements[of->spot.index].facts,
			name);
	say_text(out, value);
}

/* The states in which it exists: as a fact, else the phases of the model's states. */
static void read_states(const struct tu_subject *of, struct tu_statement *out)
{
	const struct tu_model *model = of->graph->model;
	struct tu_indexes states = of->spot.is_flow ? model->flows[of->spot.index].states
						    : model->elements[of->spot.index].states;

	read_fact(TU_STR("states"), of, out);
	if (!out->silent || !states.count)
		return;
	out->silent = false;
	out->text_count = 0;
	for (size_t i = 0; i < states.count && i < TU_COUNT(out->own); i++)
		out->own[out->text_count++] = model->states[states.at[i]].phase;
	out->is_cut = states.count > out->text_count;
}

static bool is_of_assets(enum tu_attribute attribute)
{
	return attribute == TU_ATTRIBUTE_ASSETS_FUNCTION ||
		attribute == TU_ATTRIBUTE_ASSETS_PRIVACY || attribute == TU_ATTRIBUTE_HARM;
}

void tu_attribute_read(enum tu_attribute attribute, struct tu_str name, const struct tu_subject *of,
	struct tu_statement *out)
{
	const struct tu_model *model = of->graph->model;

	out->silent = out->foreign = out->is_mask = out->is_number = out->is_cut = false;
	out->mask = out->unsure = 0;
	out->number = 0;
	out->date = 0;
	out->texts = NULL;
	out->text_count = 0; /* `own` is written where it is used: this is asked a million times */
	if (attribute == TU_ATTRIBUTE_FACT || (attribute == TU_ATTRIBUTE_SCOPE && !of->credential))
		read_fact(name, of, out);
	else if (attribute == TU_ATTRIBUTE_STATES)
		read_states(of, out);
	else if (is_of_assets(attribute))
		say_assets(out, attribute, of);
	else if (attribute == TU_ATTRIBUTE_MANY)
		say_stated(out, many_of(of));
	else if (attribute == TU_ATTRIBUTE_PROVIDED)
		read_provided(of, out);
	else if (attribute == TU_ATTRIBUTE_SCOPE)
		say_text(out, of->credential->scope);
	else if (attribute >= TU_ATTRIBUTE_SUPPORT)
		read_component(attribute, of->component, out);
	else if (of->spot.is_flow)
		read_flow(attribute, of, &model->flows[of->spot.index], out);
	else
		read_element(attribute, of, &model->elements[of->spot.index], out);
}
