#include "assess/chain.h"

#include "assess/proposing.h"
#include "base/vec.h"

struct chaining {
	const struct tu_proposing *p;
	uint32_t losses;
	TU_VEC(struct tu_chain_link) links;
};

static bool add(struct chaining *c, struct tu_chain_link link)
{
	return TU_VEC_PUSH_IN(c->p->arena, &c->links, link);
}

static bool add_asset(struct chaining *c, uint32_t component, const struct tu_asset *asset)
{
	struct tu_chain_link link = {.component = component,
		.asset = asset,
		.harm = asset->harmless ? TU_HARM_NONE : TU_HARM_UNKNOWN,
		.counts = true};

	if (!asset->hazard_count)
		return add(c, link);
	for (size_t i = 0; i < asset->hazard_count; i++) {
		link.hazard = &c->p->device->hazards[asset->hazards[i].hazard];
		link.loss = asset->hazards[i].loss;
		link.harm = link.hazard->severity;
		link.counts = link.loss & c->losses;
		if (!add(c, link))
			return false;
	}
	return true;
}

/* A component that no rule means, or that some rule says serves no asset, is shown as that. */
static bool add_component(struct chaining *c, uint32_t component)
{
	const struct tu_device *device = c->p->device;
	struct tu_chain_link none = {.component = component, .counts = true};
	bool linked = false, fine = true;

	for (size_t i = 0; i < device->component_count && fine; i++) {
		const struct tu_component_rule *rule = &device->components[i];

		if (!tu_selector_matches(&rule->selector, c->p->input->inventory, component))
			continue;
		if (rule->no_asset &&
			tu_selector_matches_alone(
				&rule->selector, c->p->input->inventory, component)) {
			none.harm = TU_HARM_NONE;
			linked = true;
			fine = add(c, none);
		}
		linked |= rule->asset_count > 0;
		for (size_t k = 0; k < rule->asset_count && fine; k++)
			fine = add_asset(c, component, &device->assets[rule->assets[k]]);
	}
	none.harm = TU_HARM_UNKNOWN;
	return fine && (linked || add(c, none));
}

/* Unknown is the worst that the device allows, and then it decides. */
static void find_deciding(struct chaining *c, const struct tu_proposal *proposal)
{
	struct tu_chain_link *worst = NULL;

	for (size_t i = 0; i < c->links.count; i++) {
		struct tu_chain_link *link = &c->links.at[i];

		if (!link->counts || (link->harm == TU_HARM_UNKNOWN) != proposal->harm_assumed)
			continue;
		if (!worst || link->harm > worst->harm)
			worst = link;
	}
	if (worst)
		worst->decides = true;
}

enum tu_status tu_assess__chain(struct tu_arena *arena, const struct tu_assess_input *input,
	const struct tu_assessment *assessment, struct tu_chain *out, struct tu_error *err)
{
	const struct tu_assess_finding *finding = assessment->of;
	struct tu_proposing p = {
		.arena = arena, .input = input, .device = input->device, .finding = finding};
	struct chaining c = {.p = &p};
	bool fine = true;

	tu_proposing_weigh(&p);
	c.losses = tu_proposing_losses(&p);
	for (size_t i = 0; i < finding->distinct->component_count && fine; i++)
		fine = add_component(&c, finding->distinct->components[i]);
	find_deciding(&c, &assessment->proposal);
	*out = (struct tu_chain){c.links.at, c.links.count, c.losses};
	return fine && !p.failed ? TU_OK : tu_no_memory(err);
}
