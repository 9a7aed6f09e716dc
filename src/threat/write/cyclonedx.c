/*
 * CycloneDX 1.6 (ECMA-424), "declarations": what the maker claims of the
 * device's security, and what shows it. Writing only; the whole model is referred to as its
 * "threat-model".
 *
 *   control in place, at each place it covers   a claim; its target is the place
 *   evidence of a control, where it is there    evidence; the claims of the control refer to it
 *   requirement, FDA category of a control      requirements of two standards
 *   requirement and claims that have evidence   a row of the one attestation, by the maker itself
 *
 * A planned control is no claim, and a claim without evidence is attested by nobody. No conformance
 * and no confidence is written: a model states neither. An element is a component (software, data,
 * a device), a service (an external system) or an organization (an actor); a flow is a service.
 */
#include "threat/write/cyclonedx.h"

#include "base/percent.h"
#include "threat/condition.h"

#include <tutela/threat.h>

enum { CATEGORIES = 8 };

void tu_declaring_open_list(struct tu_declaring *d, const char *key)
{
	tu_json_key(d->json, key);
	tu_json_open_array(d->json);
}

static void open_member(struct tu_declaring *d, const char *key)
{
	tu_json_key(d->json, key);
	tu_json_open_object(d->json);
}

/* "claim:sets@key": ids are escaped, so that two never make one. `second` may be empty. */
static void add_ref(
	struct tu_declaring *d, const char *kind, struct tu_str id, struct tu_str second)
{
	const struct tu_str plain = TU_STR("-._~");
	size_t start = tu_json_open_text(d->json);

	tu_buf_printf(d->json->buf, "%s:", kind);
	tu_percent_add(id, plain, d->json->buf);
	if (second.len) {
		tu_buf_byte(d->json->buf, '@');
		tu_percent_add(second, plain, d->json->buf);
	}
	tu_json_close_text(d->json, start);
}

void tu_declaring_ref(struct tu_declaring *d, const char *key, const char *kind, struct tu_str id)
{
	tu_json_key(d->json, key);
	add_ref(d, kind, id, (struct tu_str){"", 0});
}

static struct tu_str spot_id(const struct tu_model *model, struct tu_spot spot)
{
	return spot.is_flow ? model->flows[spot.index].id : model->elements[spot.index].id;
}

static const char *spot_kind(struct tu_spot spot)
{
	return spot.is_flow ? "flow" : "element";
}

static struct tu_str device_name(const struct tu_model *model)
{
	return model->title.len ? model->title : TU_STR("Device");
}

/* ---- which controls, which claims ---- */

bool tu_declaring_is_claimed(const struct tu_model_control *control)
{
	return tu_control_counts(control) && control->covers.count;
}

static bool is_attested(const struct tu_model_control *control)
{
	return tu_declaring_is_claimed(control) && tu_control_proven(control);
}

/* A place that a control names twice is claimed once. */
static bool is_first(const struct tu_spots *covers, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (covers->at[i].is_flow == covers->at[at].is_flow &&
			covers->at[i].index == covers->at[at].index)
			return false;
	return true;
}

static void choose_targets(struct tu_declaring *d)
{
	for (size_t i = 0; i < d->model->controls_count; i++) {
		const struct tu_model_control *at = &d->model->controls[i];

		for (size_t j = 0; j < at->covers.count && tu_declaring_is_claimed(at); j++)
			(at->covers.at[j].is_flow ? d->flows
						  : d->elements)[at->covers.at[j].index] = true;
	}
}

/* ---- the device ---- */

/* The file of the model, as it may lie beside the document. */
static void add_model_reference(struct tu_declaring *d)
{
	struct tu_str file = d->model->file;
	size_t slash = tu_str_rfind(file, '/'), start;

	if (slash < file.len)
		file = tu_str_from(file, slash + 1);
	if (!file.len || tu_str_eq(file, TU_STR("-")))
		file = TU_STR("model.yaml");
	tu_declaring_open_list(d, "externalReferences");
	tu_json_open_object(d->json);
	tu_json_member_str(d->json, "type", TU_STR("threat-model"));
	tu_json_key(d->json, "url");
	start = tu_json_open_text(d->json);
	tu_percent_add(file, TU_STR("-._~"), d->json->buf);
	tu_json_close_text(d->json, start);
	tu_json_member_str(d->json, "comment",
		TU_STR("The design model from which threats are derived: elements, flows, zones, "
		       "assets, controls and views"));
	tu_json_close_object(d->json);
	tu_json_close_array(d->json);
}

static void add_metadata(struct tu_declaring *d)
{
	const struct tu_model *m = d->model;

	open_member(d, "metadata");
	tu_declaring_open_list(d, "lifecycles");
	tu_json_open_object(d->json);
	tu_json_member_str(d->json, "phase", TU_STR("design"));
	tu_json_close_object(d->json);
	tu_json_close_array(d->json);
	open_member(d, "component");
	tu_json_member_str(d->json, "type", TU_STR("device"));
	tu_json_member_str(d->json, "bom-ref", TU_STR("device"));
	if (m->manufacturer.len) {
		open_member(d, "manufacturer");
		tu_json_member_str(d->json, "name", m->manufacturer);
		tu_json_close_object(d->json);
	}
	tu_json_member_str(d->json, "name", device_name(m));
	tu_json_member_opt(d->json, "version", m->release.len ? m->release : m->version);
	tu_json_member_opt(d->json, "description", m->intended_use);
	add_model_reference(d);
	tu_json_close_object(d->json);
	tu_json_close_object(d->json);
}

/* ---- claims and their evidence ---- */

static void add_assessors(struct tu_declaring *d)
{
	tu_json_open_object(d->json);
	tu_json_member_str(d->json, "bom-ref", TU_STR("assessor"));
	tu_json_member_bool(d->json, "thirdParty", false);
	if (d->model->manufacturer.len) {
		open_member(d, "organization");
		tu_json_member_str(d->json, "name", d->model->manufacturer);
		tu_json_close_object(d->json);
	}
	tu_json_close_object(d->json);
}

/* "Key per lamp (authentication, integrity)" */
static void add_predicate(struct tu_declaring *d, const struct tu_model_control *control)
{
	struct tu_str title = control->title.len ? control->title : control->id;
	size_t start;

	tu_json_key(d->json, "predicate");
	start = tu_json_open_text(d->json);
	tu_buf_str_add(d->json->buf, title);
	for (size_t i = 0; i < control->provides.count; i++)
		tu_buf_printf(d->json->buf, "%s%.*s", i ? ", " : " (provides ",
			TU_STR_FMT(control->provides.at[i]));
	tu_buf_c(d->json->buf, control->provides.count ? ")" : "");
	tu_json_close_text(d->json, start);
}

static void add_unproven(struct tu_declaring *d, struct tu_str evidence)
{
	size_t start;

	tu_json_key(d->json, "reasoning");
	start = tu_json_open_text(d->json);
	tu_buf_printf(d->json->buf, "What is stated is no evidence: %.*s", TU_STR_FMT(evidence));
	tu_json_close_text(d->json, start);
}

static void add_reasoning(struct tu_declaring *d, const struct tu_model_control *control)
{
	if (!control->evidence.len)
		tu_json_member_str(d->json, "reasoning", TU_STR("No evidence is stated."));
	else if (control->evidence_gone)
		tu_json_member_str(d->json, "reasoning",
			TU_STR("The file that the evidence names is not there."));
	else if (!tu_control_proven(control))
		add_unproven(d, control->evidence);
}

static void add_claim(struct tu_declaring *d, const struct tu_model_control *control, size_t place)
{
	struct tu_spot spot = control->covers.at[place];
	struct tu_str id = spot_id(d->model, spot);

	tu_json_open_object(d->json);
	tu_json_key(d->json, "bom-ref");
	add_ref(d, "claim", control->id, id);
	tu_declaring_ref(d, "target", spot_kind(spot), id);
	add_predicate(d, control);
	add_reasoning(d, control);
	if (tu_control_proven(control)) {
		tu_declaring_open_list(d, "evidence");
		add_ref(d, "evidence", control->id, (struct tu_str){"", 0});
		tu_json_close_array(d->json);
	}
	tu_json_close_object(d->json);
}

static void add_claims(struct tu_declaring *d)
{
	for (size_t i = 0; i < d->model->controls_count; i++) {
		const struct tu_model_control *at = &d->model->controls[i];

		for (size_t j = 0; j < at->covers.count && tu_declaring_is_claimed(at); j++)
			if (is_first(&at->covers, j))
				add_claim(d, at, j);
	}
}

/* An address, of characters that an address has. */
static bool is_address(struct tu_str text)
{
	struct tu_str plain = TU_STR("-._~:/?#@!$&'()*+,;=%");
	bool fine =
		tu_str_starts(text, TU_STR("https://")) || tu_str_starts(text, TU_STR("http://"));

	for (size_t i = 0; i < text.len && fine; i++)
		fine = tu_char_is_alnum(text.ptr[i]) || memchr(plain.ptr, text.ptr[i], plain.len);
	return fine && tu_str_find(text, '%') == text.len;
}

static void add_evidence(struct tu_declaring *d)
{
	for (size_t i = 0; i < d->model->controls_count; i++) {
		const struct tu_model_control *at = &d->model->controls[i];

		if (!is_attested(at))
			continue;
		tu_json_open_object(d->json);
		tu_declaring_ref(d, "bom-ref", "evidence", at->id);
		tu_json_member_str(d->json, "description", at->evidence);
		if (is_address(at->evidence)) {
			tu_declaring_open_list(d, "data");
			tu_json_open_object(d->json);
			tu_json_member_str(d->json, "name", TU_STR("Evidence"));
			open_member(d, "contents");
			tu_json_member_str(d->json, "url", at->evidence);
			tu_json_close_object(d->json);
			tu_json_close_object(d->json);
			tu_json_close_array(d->json);
		}
		tu_json_close_object(d->json);
	}
}

/* ---- requirements, and the attestation by them ---- */

/* The first control of the model with this requirement stands for it. */
static bool stands_for(const struct tu_model *model, size_t control)
{
	struct tu_str requirement = model->controls[control].requirement;

	for (size_t i = 0; i < control; i++)
		if (tu_declaring_is_claimed(&model->controls[i]) &&
			tu_str_eq(model->controls[i].requirement, requirement))
			return false;
	return requirement.len && tu_declaring_is_claimed(&model->controls[control]);
}

static bool has_category(const struct tu_model *model, uint32_t category)
{
	for (size_t i = 0; i < model->controls_count; i++)
		if (tu_declaring_is_claimed(&model->controls[i]) &&
			model->controls[i].category == category)
			return true;
	return false;
}

static struct tu_str category_name(uint32_t category)
{
	return tu_str_c(tu_fda_category_name(category));
}

static void add_requirement(
	struct tu_declaring *d, const char *kind, struct tu_str identifier, struct tu_str title)
{
	tu_json_open_object(d->json);
	tu_declaring_ref(d, "bom-ref", kind, identifier);
	tu_json_member_str(d->json, "identifier", identifier);
	tu_json_member_opt(d->json, "title", title);
	tu_json_close_object(d->json);
}

static void add_own_standard(struct tu_declaring *d)
{
	const struct tu_model *m = d->model;
	size_t start;

	tu_json_open_object(d->json);
	tu_json_member_str(d->json, "bom-ref", TU_STR("requirements"));
	tu_json_key(d->json, "name");
	start = tu_json_open_text(d->json);
	tu_buf_printf(d->json->buf, "Security requirements of %.*s", TU_STR_FMT(device_name(m)));
	tu_json_close_text(d->json, start);
	tu_json_member_opt(d->json, "owner", m->manufacturer);
	tu_declaring_open_list(d, "requirements");
	for (size_t i = 0; i < m->controls_count; i++)
		if (stands_for(m, i))
			add_requirement(
				d, "requirement", m->controls[i].requirement, m->controls[i].title);
	tu_json_close_array(d->json);
	tu_json_close_object(d->json);
}

static void add_standards(struct tu_declaring *d)
{
	add_own_standard(d);
	tu_json_open_object(d->json);
	tu_json_member_str(d->json, "bom-ref", TU_STR("categories"));
	tu_json_member_str(d->json, "name",
		TU_STR("Cybersecurity in Medical Devices: Quality Management System Considerations "
		       "and Content of Premarket Submissions, Appendix 1"));
	tu_json_member_str(d->json, "owner", TU_STR("U.S. Food and Drug Administration"));
	tu_declaring_open_list(d, "requirements");
	for (uint32_t i = 1; i <= CATEGORIES; i++)
		if (has_category(d->model, i))
			add_requirement(d, "category", category_name(i), (struct tu_str){"", 0});
	tu_json_close_array(d->json);
	tu_json_close_object(d->json);
}

/* A row; `requirement` is empty where the category counts. Nothing without a proven claim. */
static void add_row(struct tu_declaring *d, struct tu_str requirement, uint32_t category)
{
	bool open = false;

	for (size_t i = 0; i < d->model->controls_count; i++) {
		const struct tu_model_control *at = &d->model->controls[i];

		if (!is_attested(at) ||
			(requirement.len ? !tu_str_eq(at->requirement, requirement)
					 : at->category != category))
			continue;
		if (!open) {
			tu_json_open_object(d->json);
			tu_declaring_ref(d, "requirement",
				requirement.len ? "requirement" : "category",
				requirement.len ? requirement : category_name(category));
			tu_declaring_open_list(d, "claims");
		}
		open = true;
		for (size_t j = 0; j < at->covers.count; j++)
			if (is_first(&at->covers, j))
				add_ref(d, "claim", at->id, spot_id(d->model, at->covers.at[j]));
	}
	if (open) {
		tu_json_close_array(d->json);
		tu_json_close_object(d->json);
	}
}

static bool attests(const struct tu_model *model)
{
	for (size_t i = 0; i < model->controls_count; i++)
		if (is_attested(&model->controls[i]))
			return true;
	return false;
}

static void add_attestations(struct tu_declaring *d)
{
	if (!attests(d->model))
		return;
	tu_json_open_object(d->json);
	tu_json_member_str(d->json, "summary",
		TU_STR("Controls in place that have evidence, by the requirements they meet. "
		       "Neither "
		       "conformance nor confidence is stated."));
	tu_json_member_str(d->json, "assessor", TU_STR("assessor"));
	tu_declaring_open_list(d, "map");
	for (size_t i = 0; i < d->model->controls_count; i++)
		if (stands_for(d->model, i))
			add_row(d, d->model->controls[i].requirement, 0);
	for (uint32_t i = 1; i <= CATEGORIES; i++)
		add_row(d, (struct tu_str){"", 0}, i);
	tu_json_close_array(d->json);
	tu_json_close_object(d->json);
}

/* ---- the document ---- */

void tu_declaring_list(struct tu_declaring *d, const char *key, tu_declaring_parts *write)
{
	tu_declaring_open_list(d, key);
	write(d);
	tu_json_close_array(d->json);
}

static void add_declarations(struct tu_declaring *d)
{
	open_member(d, "declarations");
	tu_declaring_list(d, "assessors", add_assessors);
	tu_declaring_list(d, "attestations", add_attestations);
	tu_declaring_list(d, "claims", add_claims);
	tu_declaring_list(d, "evidence", add_evidence);
	open_member(d, "targets");
	tu_declaring_list(d, "organizations", tu_declaring_organizations);
	tu_declaring_list(d, "components", tu_declaring_components);
	tu_declaring_list(d, "services", tu_declaring_services);
	tu_json_close_object(d->json);
	tu_json_close_object(d->json);
	open_member(d, "definitions");
	tu_declaring_list(d, "standards", add_standards);
	tu_json_close_object(d->json);
}

void tu_model_write_cyclonedx(struct tu_model_writing *w)
{
	struct tu_declaring d = {.w = w,
		.json = &w->json,
		.model = w->model,
		.elements = tu_arena_array(w->arena, w->model->elements_count, sizeof(bool)),
		.flows = tu_arena_array(w->arena, w->model->flows_count, sizeof(bool))};

	if (!d.elements || !d.flows) {
		w->failed = true;
		return;
	}
	choose_targets(&d);
	tu_json_open_object(d.json);
	tu_json_member_str(d.json, "bomFormat", TU_STR("CycloneDX"));
	tu_json_member_str(d.json, "specVersion", TU_STR("1.6"));
	tu_json_member_int(d.json, "version", 1);
	add_metadata(&d);
	add_declarations(&d);
	tu_json_close_object(d.json);
	tu_buf_byte(d.json->buf, '\n');
	tu_declaring_losses(&d);
}
