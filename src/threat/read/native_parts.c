/* The sections of model.yaml and of the neutral form, each a table of fields. */
#include "threat/read/native.h"
#include "threat/words.h"

#define FIELD(type, member) offsetof(struct type, member)
#define TEXT(type, member) \
	{ \
#member, TU_FIELD_TEXT, FIELD(type, member) \
	}
#define ID(type) \
	{ \
		"id", TU_FIELD_TEXT, FIELD(type, id), .needed = true \
	}
#define BY(key, reader) \
	{ \
		key, TU_FIELD_OTHER, .read = reader \
	}

/* A reader of one member by a function that takes its address. */
#define READER(name, type, call) \
	static enum tu_status name(struct tu_form *form, const struct tu_yaml *node, void *target) \
	{ \
		struct type *it = target; \
		return call; \
	}
#define MEMBER(name, type, member, read) READER(name, type, read(form, node, &it->member))

static enum tu_status read_negated(struct tu_form *form, const struct tu_yaml *node, bool *out)
{
	bool yes;

	if (!tu_yaml_bool(node, &yes))
		return tu_yaml_fail(
			form->err, TU_E_SYNTAX, form->file, node, "expected true or false");
	*out = !yes;
	return TU_OK;
}

static enum tu_status read_assets(
	struct tu_form *form, const struct tu_yaml *node, struct tu_indexes *out, bool *out_stated)
{
	*out_stated = !tu_yaml_is_null(node);
	return tu_reading_references(form, node, TU_NAMED_ASSET, out);
}

static enum tu_status read_functions(
	struct tu_form *form, const struct tu_yaml *node, struct tu_model_element *out)
{
	out->functions_stated = !tu_yaml_is_null(node);
	return tu_form_texts(form, node, &out->functions);
}

static enum tu_status read_states(
	struct tu_form *form, const struct tu_yaml *node, struct tu_indexes *out)
{
	return tu_reading_references(form, node, TU_NAMED_STATE, out);
}

static enum tu_status read_zone(
	struct tu_form *form, const struct tu_yaml *node, uint32_t *out_zone)
{
	return tu_reading_reference(form, node, TU_NAMED_ZONE, out_zone);
}

static enum tu_status read_whole(
	struct tu_form *form, const struct tu_yaml *node, uint64_t *out_number)
{
	return tu_reading_number(form, node, 0, out_number);
}

static enum tu_status read_counted(
	struct tu_form *form, const struct tu_yaml *node, uint64_t *out_number)
{
	return tu_reading_number(form, node, 1, out_number);
}

/* ---- zones and states ---- */

MEMBER(zone_parent, tu_model_zone, parent, read_zone)

static enum tu_status zone_trust(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_model_zone *zone = target;
	enum tu_status status = tu_form_number(form, node, 10, &zone->trust);

	if (status == TU_OK && !zone->trust)
		status = tu_yaml_fail(
			form->err, TU_E_SYNTAX, form->file, node, "expected a trust from 1 to 10");
	return status;
}

static const struct tu_field zone_fields[] = {
	ID(tu_model_zone),
	TEXT(tu_model_zone, name),
	TEXT(tu_model_zone, description),
	BY("parent", zone_parent),
	{"role", TU_FIELD_WORD, FIELD(tu_model_zone, role), .words = &tu_words_zone_role},
	BY("trust", zone_trust),
	TEXT(tu_model_zone, boundary),
};
static const struct tu_fields zone_form = {zone_fields, TU_COUNT(zone_fields)};

static void begin_zone(void *zone)
{
	((struct tu_model_zone *)zone)->parent = TU_MODEL_NOWHERE;
}

static const struct tu_field state_fields[] = {
	ID(tu_model_state),
	TEXT(tu_model_state, name),
	TEXT(tu_model_state, phase),
	TEXT(tu_model_state, description),
};
static const struct tu_fields state_form = {state_fields, TU_COUNT(state_fields)};

/* ---- elements ---- */

MEMBER(element_zone, tu_model_element, zone, read_zone)
MEMBER(element_count, tu_model_element, count, read_counted)
MEMBER(element_patients, tu_model_element, patients, read_whole)
READER(element_functions, tu_model_element, read_functions(form, node, it))
READER(element_assets, tu_model_element, read_assets(form, node, &it->assets, &it->assets_stated))
MEMBER(element_facts, tu_model_element, facts, tu_reading_facts)
MEMBER(element_in_scope, tu_model_element, out_of_scope, read_negated)
MEMBER(element_enabled, tu_model_element, disabled, read_negated)
MEMBER(element_states, tu_model_element, states, read_states)

static const struct tu_field element_fields[] = {
	ID(tu_model_element),
	{"kind", TU_FIELD_WORD, FIELD(tu_model_element, kind), .words = &tu_words_element_kind},
	TEXT(tu_model_element, name),
	TEXT(tu_model_element, description),
	BY("zone", element_zone),
	BY("count", element_count),
	BY("patients", element_patients),
	BY("functions", element_functions),
	BY("assets", element_assets),
	BY("facts", element_facts),
	BY("in_scope", element_in_scope),
	BY("enabled", element_enabled),
	BY("states", element_states),
};
static const struct tu_fields element_form = {element_fields, TU_COUNT(element_fields)};

static void begin_element(void *element)
{
	struct tu_model_element *it = element;

	it->zone = TU_MODEL_NOWHERE;
	it->count = it->patients = TU_MODEL_UNSTATED;
}

/* ---- flows ---- */

MEMBER(flow_from, tu_model_flow, from, tu_reading_element)
MEMBER(flow_to, tu_model_flow, to, tu_reading_element)
READER(flow_assets, tu_model_flow, read_assets(form, node, &it->assets, &it->assets_stated))
MEMBER(flow_fan_out, tu_model_flow, fan_out, read_counted)
MEMBER(flow_facts, tu_model_flow, facts, tu_reading_facts)
MEMBER(flow_fact, tu_model_flow, facts, tu_reading_fact)
MEMBER(flow_states, tu_model_flow, states, read_states)
MEMBER(flow_enabled, tu_model_flow, disabled, read_negated)
READER(flow_carries, tu_model_flow, tu_reading_bits(form, node, &tu_words_carries, &it->carries))

#define PROPERTY(key, index) \
	{ \
		key, TU_FIELD_TEXT, \
			FIELD(tu_model_flow, properties) + index * sizeof(struct tu_str) \
	}

static const struct tu_field flow_fields[] = {
	ID(tu_model_flow),
	{"from", TU_FIELD_OTHER, .needed = true, .read = flow_from},
	{"to", TU_FIELD_OTHER, .needed = true, .read = flow_to},
	TEXT(tu_model_flow, name),
	TEXT(tu_model_flow, description),
	TEXT(tu_model_flow, protocol),
	TEXT(tu_model_flow, version),
	TEXT(tu_model_flow, channel),
	{"medium", TU_FIELD_WORD, FIELD(tu_model_flow, medium), .words = &tu_words_medium},
	BY("carries", flow_carries),
	BY("assets", flow_assets),
	PROPERTY("authentication", TU_PROPERTY_AUTHENTICATION),
	PROPERTY("integrity", TU_PROPERTY_INTEGRITY),
	PROPERTY("encryption", TU_PROPERTY_ENCRYPTION),
	PROPERTY("freshness", TU_PROPERTY_FRESHNESS),
	BY("fan_out", flow_fan_out),
	BY("facts", flow_facts),
	BY("access_control", flow_fact), /* from here: FDA's Appendix 2 */
	BY("roles", flow_fact),
	BY("hand_offs", flow_fact),
	BY("session", flow_fact),
	BY("abnormal", flow_fact),
	BY("defaults", flow_fact),
	BY("unused", flow_fact),
	BY("states", flow_states),
	BY("enabled", flow_enabled),
};
static const struct tu_fields flow_form = {flow_fields, TU_COUNT(flow_fields)};

static void begin_flow(void *flow)
{
	struct tu_model_flow *it = flow;

	it->from = it->to = TU_MODEL_NOWHERE;
	it->fan_out = TU_MODEL_UNSTATED;
}

static enum tu_status finish_flow(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_model_flow *flow = target;

	(void)form;
	(void)node;
	for (size_t i = 0; i < TU_PROPERTY_COUNT_; i++)
		tu_reading_stated(&flow->properties[i]);
	tu_reading_stated(&flow->protocol);
	return TU_OK;
}

/* ---- controls, components, credentials ---- */

MEMBER(control_covers, tu_model_control, covers, tu_reading_spots)

static enum tu_status control_category(
	struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_model_control *control = target;
	int value = 0;

	if (node->kind == TU_YAML_SCALAR && tu_model_says_nothing(node->text))
		return TU_OK;
	if (node->kind != TU_YAML_SCALAR || !tu_words_find(&tu_words_category, node->text, &value))
		return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
			"expected a category of controls, 1 to 8 or its name");
	control->category = (uint32_t)value;
	return TU_OK;
}

static const struct tu_field control_fields[] = {
	ID(tu_model_control),
	BY("category", control_category),
	TEXT(tu_model_control, title),
	BY("covers", control_covers),
	{"provides", TU_FIELD_TEXTS, FIELD(tu_model_control, provides)},
	TEXT(tu_model_control, requirement),
	TEXT(tu_model_control, evidence),
	{"state", TU_FIELD_WORD, FIELD(tu_model_control, state), .words = &tu_words_control},
};
static const struct tu_fields control_form = {control_fields, TU_COUNT(control_fields)};

/* A place that is named twice is covered once. */
static void drop_repeated(struct tu_spots *spots)
{
	struct tu_spot *at = (struct tu_spot *)(uintptr_t)spots->at;
	size_t kept = 0;

	for (size_t i = 0; i < spots->count; i++) {
		size_t j = 0;

		while (j < kept && (at[j].is_flow != at[i].is_flow || at[j].index != at[i].index))
			j++;
		if (j == kept)
			at[kept++] = at[i];
	}
	spots->count = kept;
}

static enum tu_status finish_control(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_model_control *control = target;

	(void)form;
	(void)node;
	drop_repeated(&control->covers);
	tu_reading_stated(&control->requirement);
	tu_reading_stated(&control->evidence);
	return TU_OK;
}

MEMBER(component_match, tu_model_component, selector, tu_form_selector)
MEMBER(component_elements, tu_model_component, elements, tu_reading_elements)

static const struct tu_field component_fields[] = {
	ID(tu_model_component),
	TEXT(tu_model_component, purl),
	BY("match", component_match),
	TEXT(tu_model_component, supplier),
	TEXT(tu_model_component, support),
	{"end_of_support", TU_FIELD_DATE, FIELD(tu_model_component, end_of_support)},
	{"end_of_support_note", TU_FIELD_TEXT, FIELD(tu_model_component, end_note)},
	BY("elements", component_elements),
};
static const struct tu_fields component_form = {component_fields, TU_COUNT(component_fields)};

static enum tu_status finish_component(
	struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_model_component *component = target;

	(void)form;
	(void)node;
	tu_reading_stated(&component->support);
	return TU_OK;
}

MEMBER(credential_store, tu_model_credential, store, tu_reading_element)
MEMBER(credential_accepted_by, tu_model_credential, accepted_by, tu_reading_elements)
MEMBER(credential_facts, tu_model_credential, facts, tu_reading_facts)
READER(credential_scope, tu_model_credential,
	tu_reading_word_text(form, node, &tu_words_scope, &it->scope))

static const struct tu_field credential_fields[] = {
	ID(tu_model_credential),
	TEXT(tu_model_credential, title),
	BY("scope", credential_scope),
	TEXT(tu_model_credential, made),
	TEXT(tu_model_credential, stored),
	BY("store", credential_store),
	BY("accepted_by", credential_accepted_by),
	TEXT(tu_model_credential, verified),
	TEXT(tu_model_credential, issued),
	TEXT(tu_model_credential, rotated),
	TEXT(tu_model_credential, revoked),
	BY("facts", credential_facts),
};
static const struct tu_fields credential_form = {credential_fields, TU_COUNT(credential_fields)};

static void begin_credential(void *credential)
{
	((struct tu_model_credential *)credential)->store = TU_MODEL_NOWHERE;
}

static enum tu_status finish_credential(
	struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_model_credential *it = target;
	struct tu_str *const texts[] = {
		&it->made, &it->stored, &it->verified, &it->issued, &it->rotated, &it->revoked};

	(void)form;
	(void)node;
	for (size_t i = 0; i < TU_COUNT(texts); i++)
		tu_reading_stated(texts[i]);
	return TU_OK;
}

/* ---- assumptions, entries, views ---- */

MEMBER(assumption_about, tu_model_assumption, about, tu_reading_spots)

static const struct tu_field assumption_fields[] = {
	ID(tu_model_assumption),
	TEXT(tu_model_assumption, text),
	TEXT(tu_model_assumption, owner),
	{"review_by", TU_FIELD_DATE, FIELD(tu_model_assumption, review_by)},
	BY("about", assumption_about),
};
static const struct tu_fields assumption_form = {assumption_fields, TU_COUNT(assumption_fields)};

READER(entry_position, tu_model_entry,
	tu_reading_word_text(form, node, &tu_words_position, &it->position))

static enum tu_status entry_at(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_model_entry *entry = target;
	struct tu_yaml list = {.kind = TU_YAML_LIST, .first = node, .count = 1};
	struct tu_yaml one = *node;
	struct tu_spots spots = {0};
	enum tu_status status;

	one.next = NULL;
	one.index = 0;
	list.first = &one;
	status = tu_reading_spots(form, &list, &spots);
	if (status == TU_OK)
		entry->spot = spots.at[0];
	return status;
}

static const struct tu_field entry_fields[] = {
	ID(tu_model_entry),
	TEXT(tu_model_entry, title),
	BY("position", entry_position),
	{"at", TU_FIELD_OTHER, .needed = true, .read = entry_at},
};
static const struct tu_fields entry_form = {entry_fields, TU_COUNT(entry_fields)};

static enum tu_status skip(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	(void)form;
	(void)node;
	(void)target;
	return TU_OK;
}

static const struct tu_field view_fields[] = {
	ID(tu_model_view),
	{"kind", TU_FIELD_WORD, FIELD(tu_model_view, kind), .words = &tu_words_view_kind},
	TEXT(tu_model_view, title),
	BY("elements", skip), /* by finish_view, which needs both */
	BY("flows", skip),
	TEXT(tu_model_view, reason),
};
static const struct tu_fields view_form = {view_fields, TU_COUNT(view_fields)};

static bool is_star(const struct tu_yaml *node)
{
	if (node && node->kind == TU_YAML_LIST && node->count == 1)
		node = node->first;
	return node && node->kind == TU_YAML_SCALAR && tu_str_eq(node->text, TU_STR("*"));
}

/* The spots that one list of a view names; "*" is every element or every flow. */
static enum tu_status view_list(
	struct tu_form *form, const struct tu_yaml *node, bool flows, struct tu_spots *out)
{
	const struct tu_model *model = tu_reading_of(form)->model;
	size_t all = flows ? model->flows_count : model->elements_count;
	struct tu_spot *spots;
	enum tu_status status;

	if (!node || tu_yaml_is_null(node))
		return TU_OK;
	if (is_star(node)) {
		spots = tu_arena_array(form->arena, all, sizeof(*spots));
		for (size_t i = 0; spots && i < all; i++)
			spots[i] = (struct tu_spot){flows, (uint32_t)i};
		*out = (struct tu_spots){spots, all};
		return spots ? TU_OK : tu_form_no_memory(form);
	}
	status = tu_reading_spots(form, node, out);
	for (const struct tu_yaml *item = node->first; item && !status; item = item->next)
		if (out->at[item->index].is_flow != flows)
			status = tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, item,
				"\"%.*s\" is %s", TU_STR_FMT(tu_str_first(item->text, 60)),
				flows ? "an element, not a flow" : "a flow, not an element");
	return status;
}

static enum tu_status view_part(
	struct tu_form *form, const struct tu_yaml *node, bool flows, struct tu_spots *out)
{
	enum tu_status status = view_list(form, node, flows, out);

	if (status == TU_E_SYNTAX && form->forgive) {
		*out = (struct tu_spots){0};
		return form->forgive(form, node, TU_MISTAKE_VALUE);
	}
	return status;
}

static enum tu_status finish_view(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	const struct tu_yaml *elements = tu_yaml_get(node, TU_STR("elements"));
	const struct tu_yaml *flows = tu_yaml_get(node, TU_STR("flows"));
	const struct tu_model *model = tu_reading_of(form)->model;
	struct tu_model_view *view = target;
	struct tu_spots first = {0}, second = {0};
	struct tu_spot *spots;
	enum tu_status status = view_part(form, elements, false, &first);

	if (status == TU_OK)
		status = view_part(form, flows, true, &second);
	if (status != TU_OK)
		return status;
	spots = tu_arena_array(form->arena, first.count + second.count, sizeof(*spots));
	if (!spots)
		return tu_form_no_memory(form);
	for (size_t i = 0; i < first.count; i++)
		spots[i] = first.at[i];
	for (size_t i = 0; i < second.count; i++)
		spots[first.count + i] = second.at[i];
	view->spots = (struct tu_spots){spots, first.count + second.count};
	view->everything = (is_star(elements) && is_star(flows)) ||
		(view->spots.count &&
			view->spots.count == model->elements_count + model->flows_count);
	return TU_OK;
}

/* ---- all of them ---- */

#define SECTION(key, what, named, type, list) \
	key, what, named, false, sizeof(struct type), FIELD(tu_model, list), \
		FIELD(tu_model, list##_count), FIELD(type, id), FIELD(type, place)

static const struct tu_section sections[] = {
	{SECTION("zones", "zone", TU_NAMED_ZONE, tu_model_zone, zones), &zone_form, begin_zone,
		NULL},
	{SECTION("states", "state", TU_NAMED_STATE, tu_model_state, states), &state_form, NULL,
		NULL},
	{SECTION("elements", "element", TU_NAMED_SPOT, tu_model_element, elements), &element_form,
		begin_element, NULL},
	{"flows", "flow", TU_NAMED_SPOT, true, sizeof(struct tu_model_flow), FIELD(tu_model, flows),
		FIELD(tu_model, flows_count), FIELD(tu_model_flow, id), FIELD(tu_model_flow, place),
		&flow_form, begin_flow, finish_flow},
	{SECTION("controls", "control", TU_NAMED_CONTROL, tu_model_control, controls),
		&control_form, NULL, finish_control},
	{SECTION("components", "component", TU_NAMED_COMPONENT, tu_model_component, components),
		&component_form, NULL, finish_component},
	{SECTION("credentials", "credential", TU_NAMED_CREDENTIAL, tu_model_credential,
		 credentials),
		&credential_form, begin_credential, finish_credential},
	{SECTION("assumptions", "assumption", TU_NAMED_ASSUMPTION, tu_model_assumption,
		 assumptions),
		&assumption_form, NULL, NULL},
	{SECTION("entries", "entry", TU_NAMED_ENTRY, tu_model_entry, entries), &entry_form, NULL,
		NULL},
	{SECTION("views", "view", TU_NAMED_VIEW, tu_model_view, views), &view_form, NULL,
		finish_view},
};
const struct tu_sections tu_native_sections = {sections, TU_COUNT(sections)};
