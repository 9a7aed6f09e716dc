/*
 * Open Threat Model 0.2.0, JSON: elements are components, zones trust zones, controls mitigations,
 * and what OTM has no member for is in "attributes" under our own names.
 *
 * OTM wants a zone for each component and a risk in percent: an element without a zone is put into
 * one called "no-zone" with the attribute "unstated", and a percentage is made from the worst
 * hazard; neither is read back.
 */
#include "threat/words.h"
#include "threat/write/write.h"

enum { PERCENT_OF_LEVEL = 20 };

static void open_member(struct tu_model_writing *w, const char *key)
{
	tu_json_key(&w->json, key);
	tu_json_open_object(&w->json);
}

static void open_list(struct tu_model_writing *w, const char *key)
{
	tu_json_key(&w->json, key);
	tu_json_open_array(&w->json);
}

static void add_project(struct tu_model_writing *w)
{
	const struct tu_model *m = w->model;

	open_member(w, "project");
	tu_json_member_str(&w->json, "name", m->title.len ? m->title : TU_STR("Model"));
	tu_json_member_str(&w->json, "id", m->id.len ? m->id : TU_STR("model"));
	tu_json_member_opt(&w->json, "description", m->intended_use);
	tu_json_member_opt(&w->json, "owner", m->manufacturer);
	open_member(w, "attributes");
	tu_json_member_opt(&w->json, "version", m->version);
	tu_json_member_opt(&w->json, "essentialPerformance", m->essential_performance);
	tu_json_member_opt(&w->json, "deployment", m->deployment);
	tu_model_writing_list_states(w);
	tu_model_writing_list_hazards(w);
	tu_model_writing_list_components(w);
	tu_model_writing_list_credentials(w);
	tu_model_writing_list_assumptions(w);
	tu_model_writing_list_entries(w);
	tu_model_writing_list_views(w);
	tu_json_close_object(&w->json);
	tu_json_close_object(&w->json);
	tu_model_writing_lose(w, "title, which becomes \"Model\"", m->title.len ? 0 : 1);
}

/* ---- assets ---- */

static int64_t percent(const struct tu_model *model, const struct tu_asset *asset, uint32_t loss)
{
	int worst = 0;

	for (size_t i = 0; i < asset->hazard_count; i++) {
		int level = (int)model->hazards[asset->hazards[i].hazard].severity -
			TU_HARM_NEGLIGIBLE + 1;

		if ((asset->hazards[i].loss & loss) && level > worst)
			worst = level;
	}
	return (int64_t)worst * PERCENT_OF_LEVEL;
}

static void add_assets(struct tu_model_writing *w)
{
	static const int64_t confidentiality[] = {0, 0, 40, 80};

	size_t reasons = 0;

	open_list(w, "assets");
	for (size_t i = 0; i < w->model->assets_count; i++) {
		const struct tu_asset *at = &w->model->assets[i];

		reasons += at->rationale.len || at->essential;
		tu_json_open_object(&w->json);
		tu_json_member_str(&w->json, "name", at->title.len ? at->title : at->id);
		tu_json_member_str(&w->json, "id", at->id);
		open_member(w, "risk");
		tu_json_member_int(&w->json, "confidentiality", confidentiality[at->privacy]);
		tu_json_member_int(&w->json, "integrity", percent(w->model, at, TU_LOSS_INTEGRITY));
		tu_json_member_int(
			&w->json, "availability", percent(w->model, at, TU_LOSS_AVAILABILITY));
		tu_json_close_object(&w->json);
		open_member(w, "attributes");
		tu_json_member_str(&w->json, "function", tu_str_c(tu_function_name(at->function)));
		if (at->privacy != TU_PRIVACY_UNKNOWN)
			tu_json_member_str(
				&w->json, "privacy", tu_str_c(tu_privacy_name(at->privacy)));
		tu_model_writing_links(w, at);
		tu_json_close_object(&w->json);
		tu_json_close_object(&w->json);
	}
	tu_json_close_array(&w->json);
	tu_model_writing_lose(w, "assets' rationales and whether they are essential", reasons);
}

/* ---- zones and components ---- */

static bool lacks_zone(const struct tu_model *model)
{
	for (size_t i = 0; i < model->elements_count; i++)
		if (model->elements[i].zone == TU_MODEL_NOWHERE)
			return true;
	return false;
}

/* The zone for what is in none: an id that no zone has. */
static struct tu_str no_zone(const struct tu_model *model)
{
	static const char *const ids[] = {"no-zone", "no-zone-stated", "zone-not-stated"};

	for (size_t i = 0; i < TU_COUNT(ids); i++) {
		bool taken = false;

		for (size_t j = 0; j < model->zones_count && !taken; j++)
			taken = tu_str_eq(model->zones[j].id, tu_str_c(ids[i]));
		if (!taken)
			return tu_str_c(ids[i]);
	}
	return TU_STR("tutela:no-zone");
}

static void add_zone(struct tu_model_writing *w, const struct tu_model_zone *at, bool stated)
{
	tu_json_open_object(&w->json);
	tu_json_member_str(&w->json, "id", at->id);
	tu_json_member_str(&w->json, "name", at->name.len ? at->name : at->id);
	tu_json_member_opt(&w->json, "description", at->description);
	open_member(w, "risk");
	tu_json_member_int(&w->json, "trustRating", (int64_t)at->trust * 10);
	tu_json_close_object(&w->json);
	if (at->parent != TU_MODEL_NOWHERE) {
		open_member(w, "parent");
		tu_json_member_str(&w->json, "trustZone", w->model->zones[at->parent].id);
		tu_json_close_object(&w->json);
	}
	open_member(w, "attributes");
	tu_json_member_opt(&w->json, "boundary", at->boundary);
	tu_model_writing_word(w, "role", &tu_words_zone_role, (int)at->role);
	if (!stated)
		tu_json_member_bool(&w->json, "unstated", true);
	tu_json_close_object(&w->json);
	tu_json_close_object(&w->json);
}

static void add_zones(struct tu_model_writing *w)
{
	size_t unrated = 0;

	open_list(w, "trustZones");
	for (size_t i = 0; i < w->model->zones_count; i++) {
		add_zone(w, &w->model->zones[i], true);
		unrated += !w->model->zones[i].trust;
	}
	if (lacks_zone(w->model))
		add_zone(w,
			&(struct tu_model_zone){.id = no_zone(w->model),
				.name = TU_STR("No zone is stated"),
				.parent = TU_MODEL_NOWHERE},
			false);
	tu_json_close_array(&w->json);
	tu_model_writing_lose(w, "zones without a trust, which becomes the least", unrated);
}

/* Attributes of ours: a fact of such a name would be a second one. */
static const char *const of_elements[] = {"count", "patients", "inScope", "enabled"};
static const char *const of_flows[] = {"protocol", "version", "channel", "medium", "authentication",
	"integrity", "encryption", "freshness", "fan_out", "enabled"};

static bool is_taken(struct tu_str name, bool flow)
{
	const char *const *names = flow ? of_flows : of_elements;
	size_t count = flow ? TU_COUNT(of_flows) : TU_COUNT(of_elements);

	for (size_t i = 0; i < count; i++)
		if (tu_str_eq(name, tu_str_c(names[i])))
			return true;
	return false;
}

static void add_facts(struct tu_model_writing *w, const struct tu_model_facts *facts, bool flow)
{
	for (size_t i = 0; i < facts->count; i++)
		if (!is_taken(facts->at[i].name, flow)) {
			tu_json_key_str(&w->json, facts->at[i].name);
			tu_json_add_str(&w->json, facts->at[i].value);
		}
}

static size_t count_taken(const struct tu_model_facts *facts, bool flow)
{
	size_t count = 0;

	for (size_t i = 0; i < facts->count; i++)
		count += is_taken(facts->at[i].name, flow);
	return count;
}

/* What controls cover a place, as threats with their mitigations. */
static void add_uses(struct tu_model_writing *w, struct tu_spot spot)
{
	bool open = false;

	for (size_t i = 0; i < w->model->controls_count; i++) {
		const struct tu_model_control *control = &w->model->controls[i];
		size_t start;

		for (size_t j = 0; j < control->covers.count; j++) {
			if (control->covers.at[j].is_flow != spot.is_flow ||
				control->covers.at[j].index != spot.index)
				continue;
			if (!open)
				open_list(w, "threats");
			open = true;
			tu_json_open_object(&w->json);
			tu_json_key(&w->json, "threat");
			start = tu_json_open_text(&w->json);
			tu_buf_printf(w->json.buf, "threat-%.*s", TU_STR_FMT(control->id));
			tu_json_close_text(&w->json, start);
			tu_json_member_str(&w->json, "state", TU_STR("mitigated"));
			open_list(w, "mitigations");
			tu_json_open_object(&w->json);
			tu_json_member_str(&w->json, "mitigation", control->id);
			tu_json_member_str(&w->json, "state",
				control->state == TU_CONTROL_PLANNED ? TU_STR("recommended")
								     : TU_STR("implemented"));
			tu_json_close_object(&w->json);
			tu_json_close_array(&w->json);
			tu_json_close_object(&w->json);
			break;
		}
	}
	if (open)
		tu_json_close_array(&w->json);
}

static void add_component(struct tu_model_writing *w, uint32_t index, struct tu_str none)
{
	static const char *const types[] = {
		"process", "actor", "external-system", "process", "data-store", "hardware"};
	const struct tu_model_element *at = &w->model->elements[index];

	tu_json_open_object(&w->json);
	tu_json_member_str(&w->json, "id", at->id);
	tu_json_member_str(&w->json, "name", at->name.len ? at->name : at->id);
	tu_json_member_str(&w->json, "type", tu_str_c(types[at->kind]));
	tu_json_member_opt(&w->json, "description", at->description);
	open_member(w, "parent");
	tu_json_member_str(&w->json, "trustZone",
		at->zone == TU_MODEL_NOWHERE ? none : w->model->zones[at->zone].id);
	tu_json_close_object(&w->json);
	if (at->assets_stated) {
		open_member(w, "assets");
		tu_model_writing_assets(w, at->kind == TU_ELEMENT_STORE ? "stored" : "processed",
			&at->assets, at->assets_stated);
		open_list(w, at->kind == TU_ELEMENT_STORE ? "processed" : "stored");
		tu_json_close_array(&w->json);
		tu_json_close_object(&w->json);
	}
	tu_model_writing_texts(w, "tags", &at->functions, at->functions_stated);
	open_member(w, "attributes");
	tu_model_writing_number(w, "count", at->count);
	tu_model_writing_number(w, "patients", at->patients);
	tu_json_member_bool(&w->json, "inScope", !at->out_of_scope);
	if (at->disabled)
		tu_json_member_bool(&w->json, "enabled", false);
	add_facts(w, &at->facts, false);
	tu_json_close_object(&w->json);
	add_uses(w, (struct tu_spot){false, index});
	tu_json_close_object(&w->json);
}

static void add_components(struct tu_model_writing *w)
{
	const struct tu_str none = no_zone(w->model);
	size_t states = 0, unknown = 0, taken = 0;

	open_list(w, "components");
	for (uint32_t i = 0; i < w->model->elements_count; i++) {
		add_component(w, i, none);
		states += w->model->elements[i].states.count;
		unknown += !w->model->elements[i].kind;
		taken += count_taken(&w->model->elements[i].facts, false);
	}
	tu_json_close_array(&w->json);
	tu_model_writing_lose(w, "facts of elements with the name of an attribute", taken);
	tu_model_writing_lose(w, "states of elements", states);
	tu_model_writing_lose(w, "elements of no stated kind, which become processes", unknown);
}

/* ---- flows and mitigations ---- */

static void add_flow(struct tu_model_writing *w, uint32_t index)
{
	const struct tu_model_flow *at = &w->model->flows[index];

	tu_json_open_object(&w->json);
	tu_json_member_str(&w->json, "id", at->id);
	tu_json_member_str(&w->json, "name", at->name.len ? at->name : at->id);
	tu_json_member_opt(&w->json, "description", at->description);
	tu_json_member_bool(&w->json, "bidirectional", false);
	tu_json_member_str(&w->json, "source", w->model->elements[at->from].id);
	tu_json_member_str(&w->json, "destination", w->model->elements[at->to].id);
	tu_model_writing_assets(w, "assets", &at->assets, at->assets_stated);
	tu_model_writing_bits(w, "tags", &tu_words_carries, at->carries);
	open_member(w, "attributes");
	tu_json_member_opt(&w->json, "protocol", at->protocol);
	tu_json_member_opt(&w->json, "version", at->version);
	tu_json_member_opt(&w->json, "channel", at->channel);
	tu_model_writing_word(w, "medium", &tu_words_medium, (int)at->medium);
	for (int i = 0; i < TU_PROPERTY_COUNT_; i++)
		tu_json_member_opt(
			&w->json, tu_words_name(&tu_words_flow_property, i), at->properties[i]);
	tu_model_writing_number(w, "fan_out", at->fan_out);
	if (at->disabled)
		tu_json_member_bool(&w->json, "enabled", false);
	add_facts(w, &at->facts, true);
	tu_json_close_object(&w->json);
	add_uses(w, (struct tu_spot){true, index});
	tu_json_close_object(&w->json);
}

static void add_flows(struct tu_model_writing *w)
{
	size_t states = 0, taken = 0;

	open_list(w, "dataflows");
	for (uint32_t i = 0; i < w->model->flows_count; i++) {
		add_flow(w, i);
		states += w->model->flows[i].states.count;
		taken += count_taken(&w->model->flows[i].facts, true);
	}
	tu_json_close_array(&w->json);
	tu_model_writing_lose(w, "facts of flows with the name of an attribute", taken);
	tu_model_writing_lose(w, "states of flows", states);
}

static void add_threats(struct tu_model_writing *w)
{
	open_list(w, "threats");
	for (size_t i = 0; i < w->model->controls_count; i++) {
		size_t start;

		tu_json_open_object(&w->json);
		tu_json_key(&w->json, "id");
		start = tu_json_open_text(&w->json);
		tu_buf_printf(w->json.buf, "threat-%.*s", TU_STR_FMT(w->model->controls[i].id));
		tu_json_close_text(&w->json, start);
		tu_json_key(&w->json, "name");
		start = tu_json_open_text(&w->json);
		tu_buf_printf(w->json.buf, "What is countered by: %.*s",
			TU_STR_FMT(w->model->controls[i].title));
		tu_json_close_text(&w->json, start);
		open_member(w, "risk");
		tu_json_member_int(&w->json, "likelihood", 50);
		tu_json_member_int(&w->json, "impact", 50);
		tu_json_close_object(&w->json);
		tu_json_close_object(&w->json);
	}
	tu_json_close_array(&w->json);
}

static void add_mitigations(struct tu_model_writing *w)
{
	open_list(w, "mitigations");
	for (size_t i = 0; i < w->model->controls_count; i++) {
		const struct tu_model_control *at = &w->model->controls[i];

		tu_json_open_object(&w->json);
		tu_json_member_str(&w->json, "id", at->id);
		tu_json_member_str(&w->json, "name", at->title.len ? at->title : at->id);
		tu_json_member_int(&w->json, "riskReduction", 80);
		open_member(w, "attributes");
		if (at->category)
			tu_json_member_str(&w->json, "fdaCategory",
				tu_str_c(tu_words_name(&tu_words_category, (int)at->category)));
		tu_json_member_opt(&w->json, "requirement", at->requirement);
		tu_json_member_opt(&w->json, "evidence", tu_model_writing_evidence(at));
		if (at->state == TU_CONTROL_PLANNED) /* else its uses say it */
			tu_model_writing_spots(w, "covers", &at->covers);
		tu_model_writing_texts(w, "provides", &at->provides, false);
		tu_json_member_str(&w->json, "state",
			tu_str_c(tu_words_name(&tu_words_control, (int)at->state)));
		tu_json_close_object(&w->json);
		tu_json_close_object(&w->json);
	}
	tu_json_close_array(&w->json);
	tu_model_writing_lose_evidence(w);
}

void tu_model_write_otm(struct tu_model_writing *w)
{
	tu_json_open_object(&w->json);
	tu_json_member_str(&w->json, "otmVersion", TU_STR("0.2.0"));
	add_project(w);
	add_assets(w);
	add_zones(w);
	add_components(w);
	add_flows(w);
	add_threats(w);
	add_mitigations(w);
	tu_json_close_object(&w->json);
	tu_buf_byte(w->json.buf, '\n');
}
