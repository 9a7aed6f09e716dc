/* What each threat weighs: severity, reach, exploitability, risk by the device's matrix. */
#include "threat/engine.h"
#include "threat/memory.h"

/* ---- reach ---- */

static bool same_as_of_spot(const struct tu_reach_start *start)
{
	return start->instances == 1;
}

/* Forward from a place, once for each place. */
static const struct tu_reach *reach_from(
	struct tu_engine *engine, const struct tu_reach_start *start)
{
	const struct tu_model *model = engine->graph.model;
	bool flow = start->spot.is_flow;
	const struct tu_reach ***list = &engine->reaches[flow];
	size_t count = flow ? model->flows_count : model->elements_count;
	struct tu_reach *reach;

	if (!*list)
		*list = tu_arena_array(engine->arena, count, sizeof(**list));
	if (!*list)
		return NULL;
	if (same_as_of_spot(start) && (*list)[start->spot.index])
		return (*list)[start->spot.index];
	reach = tu_arena_alloc(engine->arena, sizeof(*reach));
	if (!reach || tu_reach_find(engine->search, start, reach) != TU_OK)
		return NULL;
	if (same_as_of_spot(start))
		(*list)[start->spot.index] = reach;
	return reach;
}

static void take_wider(struct tu_threat *threat, const struct tu_reach *reach)
{
	if (threat->reach == TU_MODEL_UNSTATED || reach->patients == TU_MODEL_UNSTATED)
		threat->reach = TU_MODEL_UNSTATED;
	else if (reach->patients > threat->reach) {
		threat->reach = reach->patients;
		threat->path = reach->path;
	}
	threat->reach_is_bound |= reach->is_bound;
}

static bool reach_instances(
	struct tu_engine *engine, struct tu_candidate *candidate, uint32_t element)
{
	const struct tu_model *model = engine->graph.model;
	uint64_t count = model->elements[element].count;
	struct tu_reach_start start = {.spot = {false, element},
		.instances = count ? count : 1,
		.assets = tu_spot_assets(model, candidate->threat.spot)};
	const struct tu_reach *reach;

	if (count == TU_MODEL_UNSTATED) {
		candidate->threat.reach = TU_MODEL_UNSTATED;
		return true;
	}
	if (start.instances == 1)
		start.assets = tu_spot_assets(model, start.spot);
	reach = reach_from(engine, &start);
	if (reach)
		take_wider(&candidate->threat, reach);
	return reach != NULL;
}

static const struct tu_model_facts *facts_at(const struct tu_model *model, struct tu_spot spot)
{
	return spot.is_flow ? &model->flows[spot.index].facts : &model->elements[spot.index].facts;
}

/* What the fact "accepted_by" names, by id or name. One that names nothing leaves the reach
 * unknown: it is somebody. */
static bool reach_accepting(
	struct tu_engine *engine, struct tu_candidate *candidate, struct tu_str said)
{
	struct tu_named_elements named;
	struct tu_value_text text;
	bool made = true;

	tu_value_read(said, &text);
	tu_memory_names(engine->graph.memory, &text, &named);
	for (size_t i = 0; made && i < named.count; i++)
		made = reach_instances(engine, candidate, named.at[i].element);
	if (!named.count)
		candidate->threat.reach = TU_MODEL_UNSTATED;
	return made;
}

/* The elements that accept a key: of the credential, or of the fact "accepted_by"; else the place,
 * or what a flow leads to. */
static bool reach_credential(struct tu_engine *engine, struct tu_candidate *candidate)
{
	const struct tu_model *model = engine->graph.model;
	struct tu_spot spot = candidate->threat.spot;
	struct tu_str said = tu_model_fact_get(facts_at(model, spot), TU_STR("accepted_by"));
	bool made = true;

	if (candidate->credential && candidate->credential->accepted_by.count) {
		for (size_t i = 0; made && i < candidate->credential->accepted_by.count; i++)
			made = reach_instances(
				engine, candidate, candidate->credential->accepted_by.at[i]);
		return made;
	}
	if (said.len)
		return reach_accepting(engine, candidate, said);
	return reach_instances(
		engine, candidate, spot.is_flow ? model->flows[spot.index].to : spot.index);
}

/* Is the model asked who accepts the credential, and says it? */
static bool is_by_credential(const struct tu_engine *engine, const struct tu_candidate *candidate)
{
	const struct tu_model_facts *facts = facts_at(engine->graph.model, candidate->threat.spot);

	return candidate->rule->reach == TU_REACH_CREDENTIAL ||
		(candidate->rule->reach == TU_REACH_ACCEPTED &&
			tu_model_fact_get(facts, TU_STR("accepted_by")).len);
}

static bool find_reach(struct tu_engine *engine, struct tu_candidate *candidate)
{
	struct tu_reach_start start = {.spot = candidate->threat.spot, .instances = 1};
	const struct tu_reach *reach;

	candidate->threat.reach = 1;
	if (candidate->rule->reach == TU_REACH_ONE)
		return true;
	if (is_by_credential(engine, candidate))
		return reach_credential(engine, candidate);
	start.assets = tu_spot_assets(engine->graph.model, start.spot);
	reach = reach_from(engine, &start);
	if (reach) {
		take_wider(&candidate->threat, reach);
		candidate->threat.path = reach->path;
	}
	return reach != NULL;
}

/* ---- exploitability ---- */

/* By the way in: the farther the attacker may stand, the easier. */
static uint32_t exploit_of_medium(enum tu_medium medium)
{
	static const uint32_t levels[] = {[TU_MEDIUM_UNKNOWN] = 5,
		[TU_MEDIUM_INTERNAL] = 1,
		[TU_MEDIUM_LOCAL] = 2,
		[TU_MEDIUM_OPTICAL] = 2,
		[TU_MEDIUM_RADIO] = 4,
		[TU_MEDIUM_REMOVABLE] = 3,
		[TU_MEDIUM_IP] = 4,
		[TU_MEDIUM_INTERNET] = 5};

	return levels[medium];
}

static uint32_t exploit_before(const struct tu_engine *engine, const struct tu_candidate *candidate)
{
	const struct tu_model *model = engine->graph.model;
	struct tu_spot spot = candidate->threat.spot;
	uint32_t most = 2;

	if (candidate->rule->exploit)
		return candidate->rule->exploit;
	if (spot.is_flow)
		return exploit_of_medium(model->flows[spot.index].medium);
	for (size_t i = 0; i < engine->graph.in[spot.index].count; i++) {
		uint32_t flow = engine->graph.in[spot.index].at[i];
		uint32_t level = exploit_of_medium(model->flows[flow].medium);

		most = level > most ? level : most;
	}
	return most;
}

/* Each control in place takes two steps with evidence and one without. */
static uint32_t exploit_after(const struct tu_engine *engine, const struct tu_threat *threat)
{
	const struct tu_model *model = engine->graph.model;
	uint32_t level = threat->exploit_before;

	for (size_t i = 0; i < threat->controls.count; i++) {
		const struct tu_model_control *control = &model->controls[threat->controls.at[i]];
		uint32_t steps = tu_control_proven(control) ? 2 : 1;

		if (tu_control_counts(control))
			level = level > steps ? level - steps : 1;
	}
	return level;
}

static enum tu_risk risk_of(const struct tu_device *device, uint32_t level, enum tu_harm harm)
{
	if (!device || !level)
		return TU_RISK_UNDECIDED;
	return tu_device_risk(device, tu_device_band_of_level(device, level), harm);
}

static bool weigh(struct tu_engine *engine, struct tu_candidate *candidate)
{
	const struct tu_model *model = engine->graph.model;
	struct tu_threat *threat = &candidate->threat;
	uint32_t loss = tu_stride_loss(threat->stride);

	threat->graded = loss != 0;
	if (loss)
		threat->severity = tu_spot_harm(model, threat->spot, loss);
	threat->privacy = loss == TU_LOSS_CONFIDENTIALITY ? tu_spot_privacy(model, threat->spot)
							  : TU_PRIVACY_NONE;
	if (threat->outcome == TU_THREAT_NOT_APPLICABLE)
		return true;
	threat->exploit_before = exploit_before(engine, candidate);
	threat->exploit_after = exploit_after(engine, threat);
	if (loss) {
		threat->risk_before =
			risk_of(engine->input->device, threat->exploit_before, threat->severity);
		threat->risk_after =
			risk_of(engine->input->device, threat->exploit_after, threat->severity);
	}
	return threat->outcome == TU_THREAT_UNKNOWN || find_reach(engine, candidate);
}

enum tu_status tu_threat_weigh(struct tu_engine *engine)
{
	for (size_t i = 0; i < engine->found.count; i++)
		if (!weigh(engine, engine->found.at[i]))
			return TU_E_NOMEM;
	return TU_OK;
}
