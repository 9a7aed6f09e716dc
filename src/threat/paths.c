/* Attack paths: entry points, targets, the way to each, and the controls that hold it. */
#include "threat/paths.h"

#include "base/vec.h"
#include "threat/paths_search.h"

enum {
	CONTROLS_MAX = 60, /* tried as lost */
	HOPS_MAX = 400000, /* of all paths together; a longer answer leaves paths out */
	PLACES_MAX = 15000 /* elements and flows that are judged again for them */
};

struct maker {
	struct tu_arena *arena;
	const struct tu_attack_input *input;
	const struct tu_model *model;
	struct tu_model_graph graph;
	struct tu_attack_search searches[TU_ATTACK_BLOCKED + 1];
	uint32_t *next, *of_flow, *of_element; /* threats: of the same place, the first of each */
	size_t hops;
	TU_VEC(struct tu_attack_entry) entries;
	TU_VEC(struct tu_attack) attacks;
};

static const char *const state_names[] = {[TU_ATTACK_OPEN] = "open",
	[TU_ATTACK_ACCEPTED] = "accepted",
	[TU_ATTACK_UNDECIDED] = "undecided",
	[TU_ATTACK_BLOCKED] = "no open path",
	[TU_ATTACK_UNREACHABLE] = "unreachable"};

const char *tu_attack_state_name(enum tu_attack_state state)
{
	return state < TU_ATTACK_STATES ? state_names[state] : "";
}

/* ---- entry points ---- */

/* The role of the innermost zone that has one. */
static enum tu_zone_role role_of(const struct tu_model *model, uint32_t zone)
{
	size_t left = model->zones_count;

	for (; zone != TU_MODEL_NOWHERE && left; zone = model->zones[zone].parent, left--)
		if (model->zones[zone].role != TU_ZONE_UNKNOWN)
			return model->zones[zone].role;
	return TU_ZONE_UNKNOWN;
}

/* Where an attacker may stand if the model does not say: where nobody knows the zone, too. */
static bool is_assumed(const struct tu_model_element *element, enum tu_zone_role role)
{
	bool outside = element->kind == TU_ELEMENT_ACTOR || element->kind == TU_ELEMENT_EXTERNAL;

	return role == TU_ZONE_PUBLIC || role == TU_ZONE_USER || role == TU_ZONE_HOSPITAL ||
		role == TU_ZONE_CARE || role == TU_ZONE_UNKNOWN ||
		(outside && role != TU_ZONE_DEVICE);
}

/* A threat that is open at an element is a way to begin where nobody has said what the ways are. */
static bool has_open_threat(const struct maker *m, uint32_t element)
{
	return m->searches[0].ground->elements[element] == TU_ATTACK_OPEN;
}

static bool find_entries(struct maker *m)
{
	for (size_t i = 0; i < m->model->entries_count; i++)
		if (!TU_VEC_PUSH_IN(m->arena, &m->entries,
			    (struct tu_attack_entry){m->model->entries[i].spot, (uint32_t)i}))
			return false;
	for (size_t i = 0; !m->model->entries_count && i < m->model->elements_count; i++) {
		const struct tu_model_element *element = &m->model->elements[i];
		struct tu_attack_entry entry = {{false, (uint32_t)i}, TU_MODEL_NOWHERE};

		if (element->disabled ||
			(!is_assumed(element, role_of(m->model, element->zone)) &&
				!has_open_threat(m, (uint32_t)i)))
			continue;
		if (!TU_VEC_PUSH_IN(m->arena, &m->entries, entry))
			return false;
	}
	return true;
}

/* ---- targets ---- */

static bool is_target(const struct tu_model_element *element)
{
	static const struct tu_str functions[] = {{"therapy", 7}, {"measurement", 11}, {"alarm", 5},
		{"display", 7}, {"dosing-configuration", 20}};

	for (size_t i = 0; i < element->functions.count; i++)
		for (size_t k = 0; k < TU_COUNT(functions); k++)
			if (tu_word_matches(functions[k], element->functions.at[i]))
				return !element->disabled;
	return false;
}

/* A person who is treated is no part of the system: who is harmed is said by the reach. */
static bool is_wanted(const struct maker *m, uint32_t element)
{
	const struct tu_model_element *e = &m->model->elements[element];

	if (m->input->to != TU_MODEL_NOWHERE)
		return m->input->to == element;
	return e->kind != TU_ELEMENT_ACTOR && is_target(e);
}

/* ---- the way to a target ---- */

static enum tu_attack_state state_of(const struct tu_attack_search *searches, uint32_t target)
{
	for (size_t s = TU_ATTACK_OPEN; s <= TU_ATTACK_BLOCKED; s++)
		if (searches[s].nodes[tu_attack_arrived(&searches[s], target)].seen)
			return (enum tu_attack_state)s;
	return TU_ATTACK_UNREACHABLE;
}

/* The threats of each place as lists, in their order. */
static bool list_threats(struct maker *m)
{
	const struct tu_threats *found = m->input->found;

	m->next = tu_arena_array(m->arena, found->count, sizeof(*m->next));
	m->of_flow = tu_arena_array(m->arena, m->model->flows_count, sizeof(*m->of_flow));
	m->of_element = tu_arena_array(m->arena, m->model->elements_count, sizeof(*m->of_element));
	if (!m->next || !m->of_flow || !m->of_element)
		return false;
	for (size_t i = 0; i < m->model->flows_count; i++)
		m->of_flow[i] = TU_MODEL_NOWHERE;
	for (size_t i = 0; i < m->model->elements_count; i++)
		m->of_element[i] = TU_MODEL_NOWHERE;
	for (size_t i = found->count; i--;) {
		struct tu_spot spot = found->at[i].spot;
		uint32_t *first = spot.is_flow ? m->of_flow : m->of_element;

		m->next[i] = first[spot.index];
		first[spot.index] = (uint32_t)i;
	}
	return true;
}

static bool add_threats(struct maker *m, struct tu_attack_hop *hop, enum tu_attack_state state)
{
	const uint32_t firsts[] = {
		m->of_flow[hop->flow], m->of_element[m->model->flows[hop->flow].to]};
	TU_VEC(uint32_t) threats = {0};

	for (size_t f = 0; f < TU_COUNT(firsts); f++)
		for (uint32_t i = firsts[f]; i != TU_MODEL_NOWHERE; i = m->next[i]) {
			enum tu_attack_state of = tu_attack_state_of(&m->input->found->at[i]);

			if (of <= state && of < TU_ATTACK_BLOCKED &&
				!TU_VEC_PUSH_IN(m->arena, &threats, i))
				return false;
		}
	hop->threats = (struct tu_indexes){threats.at, threats.count};
	return true;
}

static bool add_controls(struct maker *m, struct tu_attack_hop *hop)
{
	TU_VEC(uint32_t) controls = {0};

	for (size_t i = 0; i < m->model->controls_count; i++) {
		const struct tu_model_control *control = &m->model->controls[i];
		struct tu_spot flow = {true, hop->flow},
			       target = {false, m->model->flows[hop->flow].to};

		if (tu_control_counts(control) &&
			(tu_control_covers(control, flow) || tu_control_covers(control, target)) &&
			!TU_VEC_PUSH_IN(m->arena, &controls, (uint32_t)i))
			return false;
	}
	hop->controls = (struct tu_indexes){controls.at, controls.count};
	return true;
}

static bool add_hops(struct maker *m, const struct tu_attack_search *search, uint32_t node,
	struct tu_attack *attack)
{
	struct tu_attack_hop *hops;
	size_t count = 0, at;

	for (uint32_t n = node; n != TU_MODEL_NOWHERE; n = search->nodes[n].by)
		count += search->nodes[n].flow != TU_MODEL_NOWHERE;
	m->hops += count;
	attack->left_out = m->hops > HOPS_MAX;
	if (attack->left_out)
		count = 0;
	at = count;
	hops = tu_arena_array(m->arena, count, sizeof(*hops));
	if (!hops)
		return false;
	for (uint32_t n = node; n != TU_MODEL_NOWHERE; n = search->nodes[n].by) {
		attack->entry = search->nodes[n].entry;
		if (search->nodes[n].flow == TU_MODEL_NOWHERE || attack->left_out)
			continue;
		at--;
		hops[at].flow = search->nodes[n].flow;
		hops[at].crosses = tu_model_crosses(m->model, hops[at].flow);
		if (!add_threats(m, &hops[at], search->state) || !add_controls(m, &hops[at]))
			return false;
	}
	attack->hops = hops;
	attack->hop_count = count;
	return true;
}

/* Of the flows in their order; a count or a fan-out that nobody stated makes it unknown. */
static uint64_t patients_of(const struct tu_model *model, const struct tu_attack *attack)
{
	uint64_t width = 1, patients = model->elements[attack->target].patients;

	for (size_t i = 0; i < attack->hop_count; i++) {
		const struct tu_model_flow *flow = &model->flows[attack->hops[i].flow];

		if (flow->fan_out == TU_MODEL_UNSTATED &&
			model->elements[flow->to].count == TU_MODEL_UNSTATED)
			return TU_MODEL_UNSTATED;
		width = tu_attack_width(model, width, flow);
	}
	if (patients == TU_MODEL_UNSTATED)
		return TU_MODEL_UNSTATED;
	if (patients && width > (TU_MODEL_UNSTATED - 1) / patients)
		return TU_MODEL_UNSTATED - 1;
	patients *= width;
	return patients ? patients : 1;
}

static bool add_attack(struct maker *m, uint32_t target)
{
	struct tu_attack attack = {.target = target,
		.state = state_of(m->searches, target),
		.entry = TU_MODEL_NOWHERE,
		.patients = TU_MODEL_UNSTATED};
	const struct tu_attack_search *search;
	uint32_t node;

	if (attack.state == TU_ATTACK_UNREACHABLE)
		return TU_VEC_PUSH_IN(m->arena, &m->attacks, attack);
	search = &m->searches[attack.state];
	node = tu_attack_arrived(search, target);
	if (!add_hops(m, search, node, &attack))
		return false;
	if (!attack.left_out)
		attack.patients = patients_of(m->model, &attack);
	attack.at_least = search->cut;
	if (m->input->to == target && attack.state < TU_ATTACK_BLOCKED &&
		tu_attack_cut(m->arena, search, &attack) != TU_OK)
		return false;
	return TU_VEC_PUSH_IN(m->arena, &m->attacks, attack);
}

/* ---- controls whose loss opens a path ---- */

/* What is open without one control: it is planned, which settles nothing. */
static enum tu_status search_without(struct maker *m, struct tu_arena *arena, uint32_t control,
	struct tu_attack_search *out_search, struct tu_error *err)
{
	struct tu_model *model = tu_arena_alloc(arena, sizeof(*model));
	struct tu_model_control *controls =
		tu_arena_array(arena, m->model->controls_count, sizeof(*controls));
	struct tu_attack_ground *ground = tu_arena_alloc(arena, sizeof(*ground));
	struct tu_model_graph *graph = tu_arena_alloc(arena, sizeof(*graph));
	struct tu_threat_input input = *m->input->threats;
	struct tu_threats found;
	enum tu_status status;

	if (!model || !controls || !ground || !graph)
		return TU_E_NOMEM;
	for (size_t i = 0; i < m->model->controls_count; i++)
		controls[i] = m->model->controls[i];
	controls[control].state = TU_CONTROL_PLANNED;
	*model = *m->model;
	model->controls = controls;
	input.model = model;
	status = tu_threat_find(arena, &input, &found, err);
	if (status == TU_OK)
		status = tu_model_graph_make(arena, model, input.at, graph);
	if (status == TU_OK)
		status = tu_attack_ground_make(arena, graph, &found, ground);
	if (status != TU_OK)
		return status;
	ground->entries = m->entries.at;
	ground->entry_count = m->entries.count;
	ground->reach_only = true;
	return tu_attack_search(arena, ground, TU_ATTACK_OPEN, out_search);
}

static bool add_holder(struct maker *m, struct tu_attack *attack, uint32_t control)
{
	uint32_t *held = tu_arena_array(m->arena, attack->held_by.count + 1, sizeof(*held));

	if (!held)
		return false;
	for (size_t i = 0; i < attack->held_by.count; i++)
		held[i] = attack->held_by.at[i];
	held[attack->held_by.count] = control;
	attack->held_by = (struct tu_indexes){held, attack->held_by.count + 1};
	return true;
}

static enum tu_status lose(struct maker *m, uint32_t control, struct tu_error *err)
{
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_attack_search search = {0};
	enum tu_status status =
		arena ? search_without(m, arena, control, &search, err) : TU_E_NOMEM;

	for (size_t i = 0; status == TU_OK && i < m->attacks.count; i++) {
		struct tu_attack *attack = &m->attacks.at[i];

		if (attack->state != TU_ATTACK_OPEN &&
			search.nodes[tu_attack_arrived(&search, attack->target)].seen &&
			!add_holder(m, attack, control))
			status = TU_E_NOMEM;
	}
	tu_arena_free(arena);
	return status;
}

static enum tu_status lose_each(struct maker *m, struct tu_attacks *out, struct tu_error *err)
{
	size_t places = m->model->elements_count + m->model->flows_count + 1;
	enum tu_status status = TU_OK;

	for (size_t i = 0; status == TU_OK && i < m->model->controls_count; i++) {
		if (!tu_control_counts(&m->model->controls[i]))
			continue;
		if (out->controls_tried == CONTROLS_MAX ||
			(out->controls_tried + 1) * places > PLACES_MAX) {
			out->controls_left++;
			continue;
		}
		out->controls_tried++;
		status = lose(m, (uint32_t)i, err);
	}
	return status;
}

/* ---- all ---- */

static enum tu_status search_all(struct maker *m, const struct tu_attack_ground *ground)
{
	enum tu_status status = TU_OK;

	for (size_t s = TU_ATTACK_OPEN; status == TU_OK && s <= TU_ATTACK_BLOCKED; s++)
		status = tu_attack_search(
			m->arena, ground, (enum tu_attack_state)s, &m->searches[s]);
	return status;
}

/* Open threats of the three letters at places to which no entry point leads. */
static size_t count_off_path(const struct maker *m)
{
	const struct tu_threats *found = m->input->found;
	const struct tu_attack_search *search = &m->searches[TU_ATTACK_OPEN];
	size_t count = 0;

	for (size_t i = 0; i < found->count; i++) {
		struct tu_spot spot = found->at[i].spot;

		if (tu_attack_state_of(&found->at[i]) == TU_ATTACK_OPEN)
			count += spot.is_flow
				? !search->used[spot.index]
				: !search->nodes[tu_attack_arrived(search, spot.index)].seen;
	}
	return count;
}

static enum tu_status make(struct maker *m, struct tu_attacks *out, struct tu_error *err)
{
	struct tu_attack_ground ground;
	enum tu_status status =
		tu_model_graph_make(m->arena, m->model, m->input->threats->at, &m->graph);

	if (status == TU_OK)
		status = tu_attack_ground_make(m->arena, &m->graph, m->input->found, &ground);
	if (status != TU_OK)
		return status;
	m->searches[0].ground = &ground;
	if (!find_entries(m) || !list_threats(m))
		return TU_E_NOMEM;
	ground.entries = m->entries.at;
	ground.entry_count = m->entries.count;
	status = search_all(m, &ground);
	for (size_t i = 0; status == TU_OK && i < m->model->elements_count; i++)
		if (is_wanted(m, (uint32_t)i) && !add_attack(m, (uint32_t)i))
			status = TU_E_NOMEM;
	out->off_path = status == TU_OK ? count_off_path(m) : 0;
	return status ? status : lose_each(m, out, err);
}

enum tu_status tu_attack_paths(struct tu_arena *arena, const struct tu_attack_input *input,
	struct tu_attacks *out_attacks, struct tu_error *err)
{
	struct maker m = {.arena = arena, .input = input, .model = input->threats->model};
	struct tu_attacks attacks = {.assumed = !m.model->entries_count};
	enum tu_status status = make(&m, &attacks, err);

	if (status == TU_E_NOMEM)
		return tu_no_memory(err);
	if (status != TU_OK)
		return status;
	attacks.at = m.attacks.at;
	attacks.count = m.attacks.count;
	attacks.entries = m.entries.at;
	attacks.entry_count = m.entries.count;
	*out_attacks = attacks;
	return TU_OK;
}
