/* The targets of claims in a CycloneDX document, and what such a document cannot hold. */
#include "threat/write/cyclonedx.h"

#include "threat/condition.h"
#include "threat/words.h"

static void add_property(struct tu_declaring *d, const char *name, struct tu_str value)
{
	size_t start;

	if (!value.len)
		return;
	tu_json_open_object(d->json);
	tu_json_key(d->json, "name");
	start = tu_json_open_text(d->json);
	tu_buf_printf(d->json->buf, "tutela:model:%s", name);
	tu_json_close_text(d->json, start);
	tu_json_member_str(d->json, "value", value);
	tu_json_close_object(d->json);
}

enum target { TARGET_COMPONENT, TARGET_SERVICE, TARGET_ORGANIZATION };

static const struct {
	enum target as;
	const char *type; /* of a component */
} targets[] = {
	[TU_ELEMENT_UNKNOWN] = {TARGET_COMPONENT, "application"},
	[TU_ELEMENT_ACTOR] = {TARGET_ORGANIZATION, NULL},
	[TU_ELEMENT_EXTERNAL] = {TARGET_SERVICE, NULL},
	[TU_ELEMENT_PROCESS] = {TARGET_COMPONENT, "application"},
	[TU_ELEMENT_STORE] = {TARGET_COMPONENT, "data"},
	[TU_ELEMENT_HARDWARE] = {TARGET_COMPONENT, "device"},
};

static void add_zone(struct tu_declaring *d, const struct tu_model_element *at)
{
	if (at->zone != TU_MODEL_NOWHERE)
		add_property(d, "zone", d->model->zones[at->zone].id);
}

static void add_element(struct tu_declaring *d, const struct tu_model_element *at)
{
	tu_json_open_object(d->json);
	if (targets[at->kind].type)
		tu_json_member_str(d->json, "type", tu_str_c(targets[at->kind].type));
	tu_declaring_ref(d, "bom-ref", "element", at->id);
	tu_json_member_str(d->json, "name", at->name.len ? at->name : at->id);
	if (targets[at->kind].as != TARGET_ORGANIZATION) {
		tu_json_member_opt(d->json, "description", at->description);
		tu_declaring_open_list(d, "properties");
		add_property(d, "element", at->id);
		if (at->kind)
			add_property(d, "kind",
				tu_str_c(tu_words_name(&tu_words_element_kind, (int)at->kind)));
		add_zone(d, at);
		tu_json_close_array(d->json);
	}
	tu_json_close_object(d->json);
}

static void add_elements(struct tu_declaring *d, enum target as)
{
	for (size_t i = 0; i < d->model->elements_count; i++)
		if (d->elements[i] && targets[d->model->elements[i].kind].as == as)
			add_element(d, &d->model->elements[i]);
}

static void add_flow(struct tu_declaring *d, uint32_t index)
{
	const struct tu_model_flow *at = &d->model->flows[index];
	enum tu_stated crosses = tu_model_crosses(d->model, index);

	tu_json_open_object(d->json);
	tu_declaring_ref(d, "bom-ref", "flow", at->id);
	tu_json_member_str(d->json, "name", at->name.len ? at->name : at->id);
	tu_json_member_opt(d->json, "description", at->description);
	if (crosses)
		tu_json_member_bool(d->json, "x-trust-boundary", crosses == TU_STATED_YES);
	tu_declaring_open_list(d, "properties");
	add_property(d, "flow", at->id);
	add_property(d, "from", d->model->elements[at->from].id);
	add_property(d, "to", d->model->elements[at->to].id);
	add_property(d, "protocol", at->protocol);
	for (int i = 0; i < TU_PROPERTY_COUNT_; i++)
		add_property(d, tu_words_name(&tu_words_flow_property, i), at->properties[i]);
	tu_json_close_array(d->json);
	tu_json_close_object(d->json);
}

void tu_declaring_components(struct tu_declaring *d)
{
	add_elements(d, TARGET_COMPONENT);
}

void tu_declaring_organizations(struct tu_declaring *d)
{
	add_elements(d, TARGET_ORGANIZATION);
}

void tu_declaring_services(struct tu_declaring *d)
{
	add_elements(d, TARGET_SERVICE);
	for (uint32_t i = 0; i < d->model->flows_count; i++)
		if (d->flows[i])
			add_flow(d, i);
}

/* ---- losses ---- */

static void name_controls(struct tu_declaring *d)
{
	size_t planned = 0, nowhere = 0, unproven = 0, gone = 0, compensating = 0;

	for (size_t i = 0; i < d->model->controls_count; i++) {
		const struct tu_model_control *at = &d->model->controls[i];

		planned += !tu_control_counts(at);
		nowhere += tu_control_counts(at) && !at->covers.count;
		unproven += tu_declaring_is_claimed(at) && !tu_control_proven(at);
		gone += tu_declaring_is_claimed(at) && at->evidence_gone;
		compensating += tu_declaring_is_claimed(at) && at->state == TU_CONTROL_COMPENSATING;
	}
	tu_model_writing_lose(d->w, "planned controls", planned);
	tu_model_writing_lose(d->w, "controls that cover no element and no flow", nowhere);
	tu_model_writing_lose(d->w,
		"attestations of controls without evidence, which are claims alone", unproven);
	tu_model_writing_lose(d->w, "evidence whose file is not there", gone);
	tu_model_writing_lose(
		d->w, "compensating controls, which are claims like the others", compensating);
}

static void name_places(struct tu_declaring *d)
{
	const struct tu_model *m = d->model;
	size_t elements = 0, flows = 0, kinds = 0;

	for (size_t i = 0; i < m->elements_count; i++) {
		elements += !d->elements[i];
		kinds += d->elements[i] && !m->elements[i].kind;
	}
	for (size_t i = 0; i < m->flows_count; i++)
		flows += !d->flows[i];
	tu_model_writing_lose(d->w, "elements that no control in place covers", elements);
	tu_model_writing_lose(d->w, "flows that no control in place covers", flows);
	tu_model_writing_lose(d->w, "elements of no stated kind, which become applications", kinds);
	tu_model_writing_lose(d->w,
		"elements' counts, patients, functions, assets, facts and states, and whether they "
		"are enabled and in scope",
		m->elements_count - elements);
	tu_model_writing_lose(d->w,
		"flows' versions, channels, media, assets, facts, fan-outs and states, what they "
		"carry and whether they are enabled",
		m->flows_count - flows);
}

void tu_declaring_losses(struct tu_declaring *d)
{
	const struct tu_model *m = d->model;

	name_controls(d);
	name_places(d);
	tu_model_writing_lose(d->w, "essential performance", m->essential_performance.len ? 1 : 0);
	tu_model_writing_lose(d->w, "deployment", m->deployment.len ? 1 : 0);
	tu_model_writing_lose(d->w, "hazards", m->hazards_count);
	tu_model_writing_lose(d->w, "assets", m->assets_count);
	tu_model_writing_lose(d->w, "states", m->states_count);
	tu_model_writing_lose(d->w, "zones, of which only the ids are left", m->zones_count);
	tu_model_writing_lose(d->w, "components, which an SBOM lists", m->components_count);
	tu_model_writing_lose(d->w, "credentials", m->credentials_count);
	tu_model_writing_lose(d->w, "assumptions", m->assumptions_count);
	tu_model_writing_lose(d->w, "entry points", m->entries_count);
	tu_model_writing_lose(d->w, "views", m->views_count);
}
