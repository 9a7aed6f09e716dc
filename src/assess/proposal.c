/*
 * The proposal: exploitability by a walk over facts, harm over links, the matrix, a response.
 *
 * Exploitability is a level from 1 to 5, never a probability. It begins where an attacker must
 * stand, each hurdle that CVSS states takes a step off; what is known of exploitation raises it;
 * what the device's own exposure and its controls make of it comes last and bounds it. Every step
 * is kept.
 */
#include <stdarg.h>
#include <stdio.h>

#include "assess/assess.h"
#include "base/vec.h"

enum {
	LEVEL_MIN = 1,
	LEVEL_MAX = TU_EXPLOIT_LEVELS,
	TEXT_MAX = 400,
	FACTS_MAX = 64,
	SHORT_RANGE_CM = 300
};

struct proposing {
	struct tu_arena *arena;
	const struct tu_assess_input *input;
	const struct tu_device *device;
	const struct tu_assess_finding *finding;
	struct tu_cvss cvss;
	bool has_cvss;
	uint32_t level;
	bool exploited; /* not only could be: is */
	uint32_t lowers_harm;
	struct tu_fact facts[FACTS_MAX];
	size_t fact_count;
	bool failed;
};

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

static uint32_t bounded(int64_t level)
{
	return level < LEVEL_MIN ? LEVEL_MIN : level > LEVEL_MAX ? LEVEL_MAX : (uint32_t)level;
}

/* Keep a step; the level is set before. */
static void keep(struct proposing *p, const char *name, struct tu_str text)
{
	if (p->fact_count < FACTS_MAX)
		p->facts[p->fact_count++] = (struct tu_fact){name, text, p->level};
}

static void add_fact(struct proposing *p, const char *name, const char *words)
{
	keep(p, name, tu_str_c(words));
}

/* ---- what CVSS states ---- */

/* Where the attacker stands gives the level; each hurdle takes a step. Versions of CVSS name their
 * metrics alike; a metric that a version lacks is not stated and is no hurdle. */
struct cvss_step {
	const char *metric;
	const char *value;
	int level; /* of a vector's place; 0: a hurdle */
	const char *words;
};

static const struct cvss_step cvss_steps[] = {
	{"AV", "N", 5, "attack over the network"},
	{"AV", "A", 4, "attack from the adjacent network"},
	{"AV", "L", 3, "attack from inside the system"},
	{"AV", "P", 2, "attack with the device in hand"},
	{"AC", "H", 0, "attack complexity is high"},
	{"AT", "P", 0, "attack needs conditions to be present"},
	{"PR", "L", 0, "attacker needs privileges"},
	{"PR", "H", 0, "attacker needs high privileges"},
	{"Au", "S", 0, "attacker must authenticate"},
	{"Au", "M", 0, "attacker must authenticate more than once"},
	{"UI", "R", 0, "another person must act"},
	{"UI", "A", 0, "another person must act against warnings"},
};

/* The device's own (modified) metric stands over the vulnerability's. */
static struct tu_str metric_of(const struct proposing *p, const char *metric)
{
	char modified[8];
	struct tu_str value;

	(void)snprintf(modified, sizeof(modified), "M%s", metric);
	value = tu_cvss_get(&p->cvss, tu_str_c(modified));
	if (value.len && !tu_str_eq(value, TU_STR("X")))
		return value;
	return tu_cvss_get(&p->cvss, tu_str_c(metric));
}

static void weigh_cvss(struct proposing *p)
{
	struct tu_error err = {0};

	p->level = LEVEL_MAX;
	p->has_cvss = p->finding->score.vector.len &&
		tu_cvss_parse(p->finding->score.vector, &p->cvss, &err) == TU_OK;
	if (!p->has_cvss) {
		add_fact(p, "no-vector", "no CVSS vector is known: taken as the worst");
		return;
	}
	for (size_t i = 0; i < TU_COUNT(cvss_steps); i++) {
		const struct cvss_step *step = &cvss_steps[i];

		if (!tu_str_eq(metric_of(p, step->metric), tu_str_c(step->value)))
			continue;
		p->level = step->level ? (uint32_t)step->level : bounded((int64_t)p->level - 1);
		add_fact(p, step->level ? "attack-vector" : "hurdle", step->words);
	}
}

/* ---- what is known of exploitation ---- */

static bool maturity_is(const struct proposing *p, const char *const *values)
{
	struct tu_str e = p->has_cvss ? tu_cvss_get(&p->cvss, TU_STR("E")) : (struct tu_str){0};

	for (; *values; values++)
		if (tu_str_eq(e, tu_str_c(*values)))
			return true;
	return false;
}

static bool is_kev(const struct proposing *p)
{
	return p->finding->facts.has_kev;
}

/* Any record's SSVC point; the strongest word stands first in the rule table. */
static bool ssvc_is(const struct proposing *p, struct tu_str point, const char *word)
{
	const struct tu_kb *kb = p->input->kb;
	uint32_t vulnerability = p->finding->finding->vulnerability;

	for (uint32_t n = 0; n < p->finding->facts.advisories; n++) {
		struct tu_ssvc ssvc = tu_kb_advisory(kb, tu_kb_record(kb, vulnerability, n)).ssvc;
		struct tu_str value = tu_str_eq(point, TU_STR("exploitation")) ? ssvc.exploitation
									       : ssvc.automatable;

		if (tu_str_ieq(value, tu_str_c(word)))
			return true;
	}
	return false;
}

static bool is_active(const struct proposing *p)
{
	return ssvc_is(p, TU_STR("exploitation"), "active");
}

static bool is_mature(const struct proposing *p)
{
	static const char *const values[] = {"H", "A", NULL};

	return maturity_is(p, values);
}

static bool is_functional(const struct proposing *p)
{
	static const char *const values[] = {"F", NULL};

	return maturity_is(p, values);
}

static bool is_likely(const struct proposing *p)
{
	double score = (double)p->finding->facts.epss_score;

	return score >= 0 && (uint32_t)(score * 1000000 + 0.5) >= p->device->policy.epss_high;
}

static bool is_automatable(const struct proposing *p)
{
	return ssvc_is(p, TU_STR("automatable"), "yes");
}

static bool has_exploit_reference(const struct proposing *p)
{
	const struct tu_kb *kb = p->input->kb;

	for (uint32_t n = 0; n < p->finding->facts.advisories; n++) {
		uint32_t advisory = tu_kb_record(kb, p->finding->finding->vulnerability, n);
		uint32_t count = tu_kb_advisory(kb, advisory).references;

		for (uint32_t i = 0; i < count; i++) {
			struct tu_str tags = tu_kb_reference(kb, advisory, i).tags;

			if (tu_str_isearch(tags, TU_STR("exploit")) < tags.len)
				return true;
		}
	}
	return false;
}

static bool is_proven(const struct proposing *p)
{
	static const char *const values[] = {"P", "POC", NULL};

	return maturity_is(p, values) || ssvc_is(p, TU_STR("exploitation"), "poc") ||
		has_exploit_reference(p);
}

static bool is_unproven(const struct proposing *p)
{
	static const char *const values[] = {"U", NULL};

	return maturity_is(p, values);
}

/* `least`: the level is at least this; `step`: that many up or down. A rule with `alone` is asked
 * only while no rule before it has held: weaker words for the same knowledge. */
static const struct threat_rule {
	const char *name;
	bool (*holds)(const struct proposing *p);
	uint32_t least;
	int step;
	bool alone;
	const char *words;
} threat_rules[] = {
	{"kev", is_kev, 5, 0, false, "known to be exploited (KEV)"},
	{"ssvc-active", is_active, 5, 0, false, "exploitation is active (SSVC)"},
	{"exploit-maturity", is_mature, 5, 0, true, "exploits are mature (CVSS E)"},
	{"exploit-maturity", is_functional, 4, 0, true, "a functional exploit exists (CVSS E)"},
	{"epss", is_likely, 4, 0, false, "EPSS is at or above the policy's threshold"},
	{"proof-of-concept", is_proven, 0, 1, true, "a proof of concept is public"},
	{"automatable", is_automatable, 4, 0, true, "attacks can be automated (SSVC)"},
	{"exploit-maturity", is_unproven, 0, -1, true, "no exploit is known (CVSS E:U)"},
};

static void weigh_threats(struct proposing *p)
{
	bool any = false;

	for (size_t i = 0; i < TU_COUNT(threat_rules); i++) {
		const struct threat_rule *rule = &threat_rules[i];

		if ((rule->alone && any) || !rule->holds(p))
			continue;
		any = true;
		p->exploited |= rule->least == LEVEL_MAX;
		if (p->level < rule->least)
			p->level = rule->least;
		p->level = bounded((int64_t)p->level + rule->step);
		add_fact(p, rule->name, rule->words);
	}
	if (!any)
		add_fact(p, "no-threat-fact",
			"nothing is known of exploitation; that lowers nothing");
}

/* ---- the device: which interface leads to the component ---- */

static bool any_selector(const struct proposing *p, const struct tu_selector *selectors,
	size_t count, uint32_t component)
{
	for (size_t i = 0; i < count; i++)
		if (tu_selector_matches(&selectors[i], p->input->inventory, component))
			return true;
	return false;
}

static bool any_component(
	const struct proposing *p, const struct tu_selector *selectors, size_t count)
{
	for (size_t i = 0; i < p->finding->distinct->component_count; i++)
		if (any_selector(p, selectors, count, p->finding->distinct->components[i]))
			return true;
	return false;
}

static bool leads_here(const struct proposing *p, const struct tu_interface *interface)
{
	return !interface->disabled && any_component(p, interface->reaches, interface->reach_count);
}

/* The level that remains when this is the way. */
static uint32_t ceiling_of(const struct tu_interface *interface)
{
	static const uint32_t ceilings[TU_INTERFACE_COUNT_] = {
		[TU_INTERFACE_NETWORK] = 5,
		[TU_INTERFACE_WIRELESS] = 4,
		[TU_INTERFACE_USB] = 3,
		[TU_INTERFACE_SERVICE] = 2,
		[TU_INTERFACE_DEBUG] = 2,
	};
	bool near_only = interface->kind == TU_INTERFACE_WIRELESS && interface->range_cm &&
		interface->range_cm <= SHORT_RANGE_CM;

	return near_only ? 3 : ceilings[interface->kind];
}

/* Every one of the finding's components is said to be out of reach. */
static bool is_unreachable(const struct proposing *p)
{
	for (size_t i = 0; i < p->finding->distinct->component_count; i++) {
		uint32_t component = p->finding->distinct->components[i];
		bool said = false;

		for (size_t k = 0; k < p->device->component_count && !said; k++)
			said = p->device->components[k].unreachable &&
				tu_selector_matches(&p->device->components[k].selector,
					p->input->inventory, component);
		if (!said)
			return false;
	}
	return true;
}

static const struct tu_interface *widest_way(const struct proposing *p)
{
	const struct tu_interface *widest = NULL;

	for (size_t i = 0; i < p->device->interface_count; i++) {
		const struct tu_interface *interface = &p->device->interfaces[i];

		if (leads_here(p, interface) &&
			(!widest || ceiling_of(interface) > ceiling_of(widest)))
			widest = interface;
	}
	return widest;
}

static void weigh_exposure(struct proposing *p)
{
	const struct tu_interface *way = widest_way(p);
	struct tu_str text;

	if (!way && is_unreachable(p)) {
		p->level = LEVEL_MIN;
		add_fact(p, "exposure", "the device states that no interface leads to it");
		return;
	}
	if (!way) {
		add_fact(p, "exposure-unknown",
			"no interface is said to lead to it: taken as reachable");
		return;
	}
	if (p->level > ceiling_of(way))
		p->level = ceiling_of(way);
	if (!tu_assess__text(p->arena, &text, "reached by interface %.*s (%s)", TU_STR_FMT(way->id),
		    tu_interface_kind_name(way->kind)))
		p->failed = true;
	else
		keep(p, "exposure", text);
}

/* ---- controls ---- */

static bool guards_interface(const struct tu_control *control, size_t interface)
{
	for (size_t i = 0; i < control->interface_count; i++)
		if (control->interfaces[i] == interface)
			return true;
	return false;
}

/* A guard counts when there is a way and no way is without it. */
static bool guards_all_ways(const struct proposing *p, const struct tu_control *control)
{
	size_t ways = 0;

	for (size_t i = 0; i < p->device->interface_count; i++) {
		if (!leads_here(p, &p->device->interfaces[i]))
			continue;
		if (!guards_interface(control, i))
			return false;
		ways++;
	}
	return ways > 0;
}

static bool all_components(
	const struct proposing *p, const struct tu_selector *selectors, size_t count)
{
	for (size_t i = 0; i < p->finding->distinct->component_count; i++)
		if (!any_selector(p, selectors, count, p->finding->distinct->components[i]))
			return false;
	return count > 0;
}

static void weigh_control(struct proposing *p, const struct tu_control *control)
{
	struct tu_str text;
	bool counts = control->state != TU_CONTROL_PLANNED && control->evidence.len;

	if (!all_components(p, control->components, control->component_count) &&
		!guards_all_ways(p, control))
		return;
	if (!tu_assess__text(p->arena, &text, "control %.*s%s", TU_STR_FMT(control->id),
		    counts ? ""
			    : control->state == TU_CONTROL_PLANNED
			    ? ": only planned, lowers nothing"
			    : ": without evidence, lowers nothing")) {
		p->failed = true;
		return;
	}
	if (counts) {
		p->level = bounded((int64_t)p->level - (int64_t)control->lowers_exploitability);
		p->lowers_harm += control->lowers_harm;
	}
	keep(p, counts ? "control" : "control-not-counted", text);
}

/* ---- harm and privacy ---- */

/* What systems behind the component lose may be anything. */
static bool harms_others(const struct proposing *p)
{
	return p->has_cvss && p->cvss.version == TU_CVSS_4_0 &&
		(!tu_str_eq(metric_of(p, "SI"), TU_STR("N")) ||
			!tu_str_eq(metric_of(p, "SA"), TU_STR("N")));
}

/* Which losses a vulnerability can cause, by CVSS; all of them where it does not say. */
static uint32_t losses_of(const struct proposing *p)
{
	static const struct {
		const char *three, *four;
		uint32_t loss;
	} impacts[] = {{"C", "VC", TU_LOSS_CONFIDENTIALITY}, {"I", "VI", TU_LOSS_INTEGRITY},
		{"A", "VA", TU_LOSS_AVAILABILITY}};
	uint32_t losses = 0;

	for (size_t i = 0; i < TU_COUNT(impacts) && p->has_cvss; i++) {
		bool four = p->cvss.version == TU_CVSS_4_0;
		struct tu_str value = metric_of(p, four ? impacts[i].four : impacts[i].three);

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
static void follow_component(const struct proposing *p, uint32_t component, struct linked *out)
{
	bool linked = false;

	for (size_t i = 0; i < p->device->component_count; i++) {
		const struct tu_component_rule *rule = &p->device->components[i];

		if (!tu_selector_matches(&rule->selector, p->input->inventory, component))
			continue;
		linked |= rule->asset_count > 0 || rule->no_asset;
		if (rule->no_asset) {
			out->no_asset = true;
			out->harm = out->harm ? out->harm : TU_HARM_NONE;
			out->privacy = out->privacy ? out->privacy : TU_PRIVACY_NONE;
		}
		for (size_t k = 0; k < rule->asset_count; k++)
			follow_asset(p->device, &p->device->assets[rule->assets[k]], out);
	}
	out->unlinked |= !linked;
}

static struct linked follow(const struct proposing *p)
{
	struct linked linked = {.losses = losses_of(p)};

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
	const struct proposing *p, const struct linked *linked, struct tu_proposal *out)
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
	const struct proposing *p, const struct linked *linked, struct tu_proposal *out)
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

static bool propose_risk(const struct proposing *p, struct tu_proposal *out)
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
static const char *response_to(const struct proposing *p, const struct tu_proposal *proposal)
{
	if (proposal->risk == TU_RISK_UNCONTROLLED)
		return p->exploited ? "immediate" : "out-of-cycle";
	return proposal->level == LEVEL_MIN || proposal->harm == TU_HARM_NONE ? "defer"
									      : "scheduled";
}

static bool copy_facts(const struct proposing *p, struct tu_proposal *out)
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
	struct proposing p = {
		.arena = arena, .input = input, .device = input->device, .finding = finding};
	struct linked linked;
	bool fine;

	*out_proposal = (struct tu_proposal){0};
	weigh_cvss(&p);
	weigh_threats(&p);
	weigh_exposure(&p);
	for (size_t i = 0; i < p.device->control_count; i++)
		weigh_control(&p, &p.device->controls[i]);
	out_proposal->level = p.level;
	out_proposal->band = tu_device_band_of_level(p.device, p.level);
	linked = follow(&p);
	fine = !p.failed && copy_facts(&p, out_proposal) &&
		propose_harm(&p, &linked, out_proposal) &&
		propose_privacy(&p, &linked, out_proposal) && propose_risk(&p, out_proposal);
	out_proposal->response = response_to(&p, out_proposal);
	return fine ? TU_OK : tu_fail(err, TU_E_NOMEM, 0, "out of memory");
}
