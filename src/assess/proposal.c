/*
 * The proposal: harm and privacy over the links of the device, the matrix, a response.
 */
#include "assess/proposing.h"

#include <stdarg.h>
#include <stdio.h>

enum { TEXT_MAX = 400 };

bool tu_assess__text(struct tu_arena *arena, struct tu_str *out, const char *fmt, ...)
{
	char text[TEXT_MAX];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	len = len < 0 ? 0 : len >= TEXT_MAX ? TEXT_MAX - 1 : len;
	return tu_arena_dup(arena, tu_str_of(text, (size_t)len), out);
}

/* ---- harm and privacy ---- */

/* What systems beyond the component lose may be anything. */
static bool harms_others(const struct tu_proposing *p)
{
	return p->has_cvss && p->cvss.version == TU_CVSS_4_0 &&
		(!tu_str_eq(tu_proposing_metric(p, "SI"), TU_STR("N")) ||
			!tu_str_eq(tu_proposing_metric(p, "SA"), TU_STR("N")));
}

uint32_t tu_proposing_losses(const struct tu_proposing *p)
{
	static const struct {
		const char *three, *four;
		uint32_t loss;
	} impacts[] = {{"C", "VC", TU_LOSS_CONFIDENTIALITY}, {"I", "VI", TU_LOSS_INTEGRITY},
		{"A", "VA", TU_LOSS_AVAILABILITY}};
	uint32_t losses = 0;

	for (size_t i = 0; i < TU_COUNT(impacts) && p->has_cvss; i++) {
		bool four = p->cvss.version == TU_CVSS_4_0;
		struct tu_str value =
			tu_proposing_metric(p, four ? impacts[i].four : impacts[i].three);

		if (!tu_str_eq(value, TU_STR("N")))
			losses |= impacts[i].loss;
	}
	return losses && !harms_others(p) ? losses : TU_LOSS_ANY;
}

/* What the links say of one finding. */
struct linked {
	uint32_t losses;
	bool unlinked; /* some component serves no asset that is known */
	enum tu_harm harm;
	const struct tu_asset *asset; /* by which the worst harm comes */
	const struct tu_hazard *hazard;
	enum tu_privacy privacy;
	const struct tu_asset *private_asset;
	bool no_asset; /* some rule says that it serves none */
};

static void follow_asset(
	const struct tu_device *device, const struct tu_asset *asset, struct linked *out)
{
	enum tu_privacy privacy = asset->privacy == TU_PRIVACY_UNKNOWN
		? tu_device_worst_privacy(device)
		: asset->privacy;

	if (privacy > out->privacy) {
		out->privacy = privacy;
		out->private_asset = asset;
	}
	if (asset->hazard_count == 0 && !asset->harmless)
		out->unlinked = true;
	else if (out->harm == TU_HARM_UNKNOWN)
		out->harm = TU_HARM_NONE;
	for (size_t i = 0; i < asset->hazard_count; i++) {
		const struct tu_hazard *hazard = &device->hazards[asset->hazards[i].hazard];

		if (!(asset->hazards[i].loss & out->losses) || hazard->severity <= out->harm)
			continue;
		out->harm = hazard->severity;
		out->asset = asset;
		out->hazard = hazard;
	}
}

/* All rules that mean a component count: what serves two assets can harm by either. */
static void follow_component(const struct tu_proposing *p, uint32_t component, struct linked *out)
{
	bool linked = false;

	for (size_t i = 0; i < p->device->component_count; i++) {
		const struct tu_component_rule *rule = &p->device->components[i];
		bool alone =
			tu_selector_matches_alone(&rule->selector, p->input->inventory, component);

		if (!tu_selector_matches(&rule->selector, p->input->inventory, component))
			continue;
		linked |= rule->asset_count > 0 || (alone && rule->no_asset);
		if (alone && rule->no_asset) {
			out->no_asset = true;
			out->harm = out->harm ? out->harm : TU_HARM_NONE;
			out->privacy = out->privacy ? out->privacy : TU_PRIVACY_NONE;
		}
		for (size_t k = 0; k < rule->asset_count; k++)
			follow_asset(p->device, &p->device->assets[rule->assets[k]], out);
	}
	out->unlinked |= !linked;
}

static struct linked follow(const struct tu_proposing *p)
{
	struct linked linked = {.losses = tu_proposing_losses(p)};

	for (size_t i = 0; i < p->finding->distinct->component_count; i++)
		follow_component(p, p->finding->distinct->components[i], &linked);
	return linked;
}

static enum tu_harm lowered(enum tu_harm harm, uint32_t steps)
{
	while (steps-- && harm > TU_HARM_NEGLIGIBLE)
		harm--;
	return harm;
}

static bool propose_harm(
	const struct tu_proposing *p, const struct linked *linked, struct tu_proposal *out)
{
	enum tu_harm worst = tu_device_worst_harm(p->device);

	out->harm = linked->harm;
	if (linked->unlinked && linked->harm < worst) {
		out->harm = worst;
		out->harm_assumed = true;
		out->harm_why = TU_STR("unknown: no link leads from this component to a hazard; "
				       "taken as the worst that the device allows");
		return true;
	}
	if (!linked->hazard) {
		out->harm_why = linked->no_asset
			? TU_STR("the device states that it serves no asset")
			: TU_STR("nothing that this vulnerability can take away leads to a hazard");
		return true;
	}
	out->harm = lowered(linked->harm, p->lowers_harm);
	return tu_assess__text(p->arena, &out->harm_why,
		"asset %.*s can lead to hazard %.*s (%s)%s", TU_STR_FMT(linked->asset->id),
		TU_STR_FMT(linked->hazard->id), tu_harm_name(linked->hazard->severity),
		out->harm != linked->harm ? ", lowered by a control" : "");
}

static bool propose_privacy(
	const struct tu_proposing *p, const struct linked *linked, struct tu_proposal *out)
{
	if (!(linked->losses & TU_LOSS_CONFIDENTIALITY)) {
		out->privacy = TU_PRIVACY_NONE;
		out->privacy_why = TU_STR("nothing is disclosed (CVSS)");
		return true;
	}
	if (linked->unlinked) {
		out->privacy = tu_device_worst_privacy(p->device);
		out->privacy_why = TU_STR("unknown: taken as the worst of the device");
		return true;
	}
	out->privacy = linked->privacy;
	if (!linked->private_asset) {
		out->privacy_why = TU_STR("the device states that it serves no asset");
		return true;
	}
	return tu_assess__text(
		p->arena, &out->privacy_why, "asset %.*s", TU_STR_FMT(linked->private_asset->id));
}

/* ---- risk and response ---- */

static bool propose_risk(const struct tu_proposing *p, struct tu_proposal *out)
{
	const struct tu_band *band = &p->device->policy.bands[out->band];
	enum tu_risk risk = tu_device_risk(p->device, out->band, out->harm);

	if (out->harm == TU_HARM_NONE) {
		out->risk = TU_RISK_CONTROLLED;
		out->risk_why = TU_STR("no harm to the patient");
		return true;
	}
	out->risk = risk == TU_RISK_CONTROLLED ? risk : TU_RISK_UNCONTROLLED;
	return tu_assess__text(p->arena, &out->risk_why, "%.*s and %s%s", TU_STR_FMT(band->name),
		tu_harm_name(out->harm),
		risk == TU_RISK_UNDECIDED ? ": a hole in the matrix, taken as uncontrolled" : "");
}

/* SSVC's words for a supplier; 524B's two cycles: what is uncontrolled leaves the regular one. */
static const char *response_to(const struct tu_proposing *p, const struct tu_proposal *proposal)
{
	if (proposal->risk == TU_RISK_UNCONTROLLED)
		return p->exploited ? "immediate" : "out-of-cycle";
	return proposal->level == TU_LEVEL_MIN || proposal->harm == TU_HARM_NONE ? "defer"
										 : "scheduled";
}

static bool copy_facts(const struct tu_proposing *p, struct tu_proposal *out)
{
	struct tu_fact *facts = tu_arena_array(p->arena, p->fact_count, sizeof(*facts));

	if (!facts)
		return false;
	memcpy(facts, p->facts, p->fact_count * sizeof(*facts));
	out->facts = facts;
	out->fact_count = p->fact_count;
	return true;
}

enum tu_status tu_assess_propose(struct tu_arena *arena, const struct tu_assess_input *input,
	const struct tu_assess_finding *finding, struct tu_proposal *out_proposal,
	struct tu_error *err)
{
	struct tu_proposing p = {
		.arena = arena, .input = input, .device = input->device, .finding = finding};
	struct linked linked;
	bool fine;

	*out_proposal = (struct tu_proposal){0};
	tu_proposing_weigh(&p);
	out_proposal->level = p.level;
	out_proposal->band = tu_device_band_of_level(p.device, p.level);
	linked = follow(&p);
	fine = !p.failed && copy_facts(&p, out_proposal) &&
		propose_harm(&p, &linked, out_proposal) &&
		propose_privacy(&p, &linked, out_proposal) && propose_risk(&p, out_proposal);
	out_proposal->response = response_to(&p, out_proposal);
	return fine ? TU_OK : tu_no_memory(err);
}
