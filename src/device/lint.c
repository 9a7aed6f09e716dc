/* What is readable in a device folder and yet not right: a table of rules, one function each.
 * Rules on decisions: lint_decisions.c. */
#include "device/lint.h"

#include <stdarg.h>
#include <stdio.h>

#include <tutela/market.h>

#include "base/alloc.h"
#include "base/utf8.h"
#include "device/stated.h"
#include "ident/udi.h"

enum { LINTS_MAX = 10000 };

void tu_lint__tell(
	struct linting *l, struct tu_str file, struct tu_place place, const char *fmt, ...)
{
	struct tu_lint lint = {
		.level = l->rule->level, .rule = l->rule->name, .file = file, .place = place};
	char message[TU_LINT_MESSAGE_MAX + 4]; /* and the character that it is cut in */
	va_list args;
	int len;

	if (l->failed || l->found.count >= LINTS_MAX)
		return;
	va_start(args, fmt);
	len = vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	len = len < 0 ? 0 : len >= (int)sizeof(message) ? (int)sizeof(message) - 1 : len;
	l->failed = !tu_arena_dup(l->arena,
			    tu_utf8_first(tu_str_of(message, (size_t)len), TU_LINT_MESSAGE_MAX - 1),
			    &lint.message) ||
		!TU_VEC_PUSH_IN(l->arena, &l->found, lint);
}

static void tell_device(struct linting *l, struct tu_place place, const char *words)
{
	tu_lint__tell(l, l->device->file, place, "%s", words);
}

static const struct tu_place top = {1, 1};

/* ---- the device itself ---- */

static void look_identity(struct linting *l)
{
	if (!l->device->manufacturer.name.len)
		tell_device(l, top, "no manufacturer is named");
	if (!l->device->intended_use.len)
		tell_device(l, top, "no intended use is stated");
	if (l->device->medical && !l->device->safety.len)
		tell_device(l, top,
			"safety and essential performance are not defined (FDA postmarket "
			"guidance, "
			"2016, VI)");
}

static void look_udi(struct linting *l)
{
	for (size_t i = 0; i < l->device->variant_count; i++)
		if (l->device->medical && !l->device->variants[i].udi_di.len)
			tu_lint__tell(l, l->device->file, top, "variant \"%.*s\" has no UDI-DI",
				TU_STR_FMT(l->device->variants[i].name));
}

static void tell_udi(struct linting *l, struct tu_str di, const struct tu_udi *udi)
{
	const char *agency = tu_udi_agency_name(udi->agency);

	if (udi->fault == TU_UDI_CHARACTER)
		tu_lint__tell(l, l->device->file, top,
			"UDI-DI %.*s (%s): the check %s is %c, expected %c", TU_STR_FMT(di), agency,
			udi->agency == TU_UDI_GS1 ? "digit" : "character", udi->found,
			udi->expected == ' ' ? '_' : udi->expected);
	else
		tu_lint__tell(l, l->device->file, top, "UDI-DI %.*s (%s): %s", TU_STR_FMT(di),
			agency, udi->why);
}

static void look_udi_faults(struct linting *l)
{
	for (size_t i = 0; i < l->device->variant_count; i++) {
		struct tu_str di = l->device->variants[i].udi_di;
		struct tu_udi udi = tu_udi_judge(di);

		if (di.len && udi.fault != TU_UDI_SOUND)
			tell_udi(l, di, &udi);
	}
}

static void look_udi_agency(struct linting *l)
{
	for (size_t i = 0; i < l->device->variant_count; i++) {
		struct tu_str di = l->device->variants[i].udi_di;

		if (di.len && tu_udi_judge(di).agency == TU_UDI_UNKNOWN)
			tu_lint__tell(l, l->device->file, top,
				"UDI-DI \"%.*s\" has the form of none of GS1, HIBCC and ICCBBA: "
				"its "
				"check character is not tested",
				TU_STR_FMT(di));
	}
}

static void look_support(struct linting *l)
{
	if (l->device->support_end && l->device->support_end <= l->input->at)
		tell_device(l, top, "the device's support has ended");
	for (size_t i = 0; i < l->device->release_count; i++) {
		const struct tu_release *release = &l->device->releases[i];

		if (release->support_end && release->support_end <= l->input->at)
			tu_lint__tell(l, l->device->file, release->place,
				"support of release %.*s has ended", TU_STR_FMT(release->version));
	}
}

static void look_sboms(struct linting *l)
{
	if (l->device->release_count == 0)
		tell_device(l, top, "no release is listed: nothing can be assessed");
	for (size_t i = 0; i < l->device->release_count; i++) {
		const struct tu_release *release = &l->device->releases[i];

		if (!release->sbom.len)
			tu_lint__tell(l, l->device->file, release->place,
				"release %.*s has no SBOM", TU_STR_FMT(release->version));
	}
}

static void look_market(struct linting *l, struct tu_str word, bool unknown)
{
	struct tu_market market;
	bool found = tu_market_find(word, &market);

	if (unknown && !found)
		tu_lint__tell(l, l->device->file, top,
			"market \"%.*s\" is not understood: name a country by its code, such as "
			"DE, "
			"GB or US, or EU",
			TU_STR_FMT(word));
	if (!unknown && found && !*market.rules)
		tu_lint__tell(l, l->device->file, top,
			"no rules are known for market %.*s (%s): its deadlines are not watched",
			TU_STR_FMT(word), market.name);
}

static size_t look_market_list(struct linting *l, const struct tu_texts *markets, bool unknown)
{
	for (size_t i = 0; i < markets->count; i++)
		look_market(l, markets->at[i], unknown);
	return markets->count;
}

static size_t look_each_market(struct linting *l, bool unknown)
{
	size_t count = look_market_list(l, &l->device->markets, unknown);

	for (size_t i = 0; i < l->device->variant_count; i++)
		count += look_market_list(l, &l->device->variants[i].markets, unknown);
	return count;
}

static void look_unknown_markets(struct linting *l)
{
	(void)look_each_market(l, true);
}

static void look_unwatched_markets(struct linting *l)
{
	if (!look_each_market(l, false))
		tell_device(l, top, "no market is stated: no deadline of any law is watched");
}

static bool variant_exists(const struct tu_device *device, struct tu_str name)
{
	for (size_t i = 0; i < device->variant_count; i++)
		if (tu_str_eq(device->variants[i].name, name))
			return true;
	return false;
}

static void look_release_variants(struct linting *l)
{
	for (size_t i = 0; i < l->device->release_count; i++) {
		const struct tu_release *release = &l->device->releases[i];

		for (size_t k = 0; k < release->variants.count; k++)
			if (!variant_exists(l->device, release->variants.at[k]))
				tu_lint__tell(l, l->device->file, release->place,
					"release %.*s names a variant \"%.*s\" that does not exist",
					TU_STR_FMT(release->version),
					TU_STR_FMT(release->variants.at[k]));
	}
}

/* ---- assets and hazards ---- */

static void look_assets(struct linting *l)
{
	for (size_t i = 0; i < l->device->asset_count; i++) {
		const struct tu_asset *asset = &l->device->assets[i];

		if (asset->hazard_count == 0 && !asset->harmless)
			tu_lint__tell(l, l->device->file, asset->place,
				"asset \"%.*s\" leads to no hazard; if the analysis found none, "
				"say \"hazards: none\" and why",
				TU_STR_FMT(asset->id));
	}
}

static void look_harmless(struct linting *l)
{
	for (size_t i = 0; i < l->device->asset_count; i++)
		if (l->device->assets[i].harmless && !l->device->assets[i].rationale.len)
			tu_lint__tell(l, l->device->file, l->device->assets[i].place,
				"asset \"%.*s\" is said to harm nobody, without a rationale",
				TU_STR_FMT(l->device->assets[i].id));
}

static bool asset_leads_to(const struct tu_asset *asset, size_t hazard)
{
	for (size_t i = 0; i < asset->hazard_count; i++)
		if (asset->hazards[i].hazard == hazard)
			return true;
	return false;
}

static bool asset_is_served(const struct tu_device *device, size_t asset)
{
	for (size_t i = 0; i < device->component_count; i++)
		for (size_t k = 0; k < device->components[i].asset_count; k++)
			if (device->components[i].assets[k] == asset)
				return true;
	return false;
}

static bool hazard_is_reached(const struct tu_device *device, size_t hazard)
{
	for (size_t i = 0; i < device->asset_count; i++)
		if (asset_leads_to(&device->assets[i], hazard))
			return true;
	return false;
}

static void look_hazards(struct linting *l)
{
	if (l->device->hazard_count == 0 && l->device->medical)
		tell_device(l, top, "no hazard is stated: every harm is taken to be catastrophic");
	for (size_t i = 0; i < l->device->hazard_count; i++)
		if (!hazard_is_reached(l->device, i))
			tu_lint__tell(l, l->device->file, l->device->hazards[i].place,
				"nothing leads to hazard \"%.*s\"",
				TU_STR_FMT(l->device->hazards[i].id));
}

static void look_unserved(struct linting *l)
{
	for (size_t i = 0; i < l->device->asset_count; i++)
		if (!asset_is_served(l->device, i))
			tu_lint__tell(l, l->device->file, l->device->assets[i].place,
				"no component serves asset \"%.*s\"",
				TU_STR_FMT(l->device->assets[i].id));
}

/* ---- components ---- */

static void look_rules(struct linting *l)
{
	for (size_t i = 0; i < l->device->component_count; i++) {
		const struct tu_component_rule *rule = &l->device->components[i];

		if (rule->asset_count == 0 && !rule->no_asset)
			tell_device(l, rule->place,
				"these components serve no asset: their harm is unknown; if they "
				"serve none, say \"assets: none\" and why");
		else if ((rule->no_asset || rule->unreachable) && !rule->rationale.len)
			tell_device(l, rule->place,
				"\"assets: none\" and \"exposure: none\" need a rationale");
	}
}

static const struct tu_inventory *inventory_of(const struct linting *l, size_t release)
{
	return l->input->inventories ? l->input->inventories[release] : NULL;
}

static bool has_rule(const struct linting *l, const struct tu_inventory *inventory, uint32_t c)
{
	for (size_t i = 0; i < l->device->component_count; i++)
		if (tu_selector_matches(&l->device->components[i].selector, inventory, c))
			return true;
	return false;
}

/* One line a release: a device of thousands of packages would else say nothing but this. */
static void look_components(struct linting *l)
{
	for (size_t r = 0; r < l->device->release_count; r++) {
		const struct tu_inventory *inventory = inventory_of(l, r);
		const struct tu_component *example = NULL;
		size_t count = 0;

		for (uint32_t c = 0; inventory && c < inventory->component_count; c++) {
			if (c == inventory->subject || has_rule(l, inventory, c))
				continue;
			example = count++ ? example : &inventory->components[c];
		}
		if (example)
			tu_lint__tell(l, l->device->file, l->device->releases[r].place,
				"release %.*s: %zu components are linked to no asset, such as "
				"%.*s: their harm is taken as the worst",
				TU_STR_FMT(l->device->releases[r].version), count,
				TU_STR_FMT(example->name));
	}
}

static bool rule_is_used(const struct linting *l, const struct tu_selector *selector)
{
	for (size_t r = 0; r < l->device->release_count; r++) {
		const struct tu_inventory *inventory = inventory_of(l, r);

		for (uint32_t c = 0; inventory && c < inventory->component_count; c++)
			if (tu_selector_matches(selector, inventory, c))
				return true;
	}
	return false;
}

static bool has_inventories(const struct linting *l)
{
	for (size_t r = 0; r < l->device->release_count; r++)
		if (inventory_of(l, r))
			return true;
	return false;
}

static void look_unused(struct linting *l)
{
	for (size_t i = 0; i < l->device->component_count && has_inventories(l); i++)
		if (!rule_is_used(l, &l->device->components[i].selector))
			tell_device(l, l->device->components[i].place,
				"no release has a component like this");
}

/* ---- interfaces and controls ---- */

static bool is_controlled(const struct tu_device *device, size_t interface)
{
	for (size_t i = 0; i < device->control_count; i++)
		for (size_t k = 0; k < device->controls[i].interface_count; k++)
			if (device->controls[i].interfaces[k] == interface &&
				device->controls[i].state != TU_CONTROL_PLANNED)
				return true;
	return false;
}

static void look_interfaces(struct linting *l)
{
	for (size_t i = 0; i < l->device->interface_count; i++)
		if (!l->device->interfaces[i].disabled && !is_controlled(l->device, i))
			tu_lint__tell(l, l->device->file, l->device->interfaces[i].place,
				"no control in place guards interface \"%.*s\"",
				TU_STR_FMT(l->device->interfaces[i].id));
}

static void look_reaches(struct linting *l)
{
	for (size_t i = 0; i < l->device->interface_count; i++)
		if (!l->device->interfaces[i].disabled && !l->device->interfaces[i].reach_count)
			tu_lint__tell(l, l->device->file, l->device->interfaces[i].place,
				"interface \"%.*s\" reaches nothing: which components receive what "
				"comes in?",
				TU_STR_FMT(l->device->interfaces[i].id));
}

static void look_evidence(struct linting *l)
{
	for (size_t i = 0; i < l->device->control_count; i++) {
		const struct tu_control *control = &l->device->controls[i];

		if (!tu_names_evidence(control->evidence) && control->state != TU_CONTROL_PLANNED)
			tu_lint__tell(l, l->device->file, control->place,
				"control \"%.*s\" has no evidence and therefore lowers nothing",
				TU_STR_FMT(control->id));
	}
}

/* ---- the policy ---- */

static void look_matrix(struct linting *l)
{
	const struct tu_risk_policy *policy = &l->device->policy;

	for (size_t b = 0; b < policy->band_count; b++)
		for (size_t s = 0; s < TU_HARM_LEVELS; s++)
			if (policy->matrix[b][s] == TU_RISK_UNDECIDED)
				tu_lint__tell(l, l->device->file, policy->matrix_place,
					"the matrix is not total: no answer for %.*s and %s",
					TU_STR_FMT(policy->bands[b].name),
					tu_harm_name(TU_HARM_NEGLIGIBLE + (enum tu_harm)s));
}

/* More of either axis can never make a risk controlled. */
static void look_monotonic(struct linting *l)
{
	const struct tu_risk_policy *policy = &l->device->policy;

	for (size_t b = 0; b < policy->band_count; b++)
		for (size_t s = 0; s < TU_HARM_LEVELS; s++) {
			bool up = b && policy->matrix[b - 1][s] == TU_RISK_UNCONTROLLED;
			bool left = s && policy->matrix[b][s - 1] == TU_RISK_UNCONTROLLED;

			if (policy->matrix[b][s] == TU_RISK_CONTROLLED && (up || left))
				tu_lint__tell(l, l->device->file, policy->matrix_place,
					"the matrix falls: %.*s and %s is controlled though less "
					"is not",
					TU_STR_FMT(policy->bands[b].name),
					tu_harm_name(TU_HARM_NEGLIGIBLE + (enum tu_harm)s));
		}
}

static void look_approval(struct linting *l)
{
	if (!l->device->policy.matrix_place.line)
		tell_device(l, top, "no matrix is stated: the built-in one is nobody's decision");
	if (!l->device->policy.document.approved_by.len || !l->device->policy.document.approved_at)
		tell_device(l, top, "the risk policy is not approved by anyone");
}

static const struct tu_lint_rule rules[] = {
	{"identity-incomplete", TU_LINT_WARNING, look_identity},
	{"variant-without-udi", TU_LINT_WARNING, look_udi},
	{"udi-wrong", TU_LINT_ERROR, look_udi_faults},
	{"udi-form-unknown", TU_LINT_WARNING, look_udi_agency},
	{"support-expired", TU_LINT_WARNING, look_support},
	{"release-without-sbom", TU_LINT_WARNING, look_sboms},
	{"release-variant-unknown", TU_LINT_ERROR, look_release_variants},
	{"market-unknown", TU_LINT_ERROR, look_unknown_markets},
	{"market-without-rules", TU_LINT_WARNING, look_unwatched_markets},
	{"asset-without-hazard", TU_LINT_WARNING, look_assets},
	{"harmless-without-rationale", TU_LINT_WARNING, look_harmless},
	{"hazard-unreached", TU_LINT_WARNING, look_hazards},
	{"asset-without-component", TU_LINT_NOTE, look_unserved},
	{"component-rule-without-asset", TU_LINT_WARNING, look_rules},
	{"component-without-asset", TU_LINT_WARNING, look_components},
	{"component-rule-unused", TU_LINT_NOTE, look_unused},
	{"interface-uncontrolled", TU_LINT_WARNING, look_interfaces},
	{"interface-reaches-nothing", TU_LINT_WARNING, look_reaches},
	{"control-without-evidence", TU_LINT_WARNING, look_evidence},
	{"matrix-not-total", TU_LINT_ERROR, look_matrix},
	{"matrix-not-monotonic", TU_LINT_WARNING, look_monotonic},
	{"policy-not-approved", TU_LINT_NOTE, look_approval},
};

static void look(struct linting *l, const struct tu_lint_rule *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		l->rule = &list[i];
		list[i].look(l);
	}
}

enum tu_status tu_device_lint(struct tu_arena *arena, const struct tu_lint_input *input,
	struct tu_lints *out_lints, struct tu_error *err)
{
	struct linting l = {.arena = arena, .input = input, .device = input->device};
	size_t refused = tu_alloc_refused();

	look(&l, rules, TU_COUNT(rules));
	look(&l, tu_lint__identity_rules, tu_lint__identity_rule_count);
	look(&l, tu_lint__decision_rules, tu_lint__decision_rule_count);
	*out_lints = (struct tu_lints){l.found.at, l.found.count};
	return tu_alloc_settle(refused, l.failed ? tu_no_memory(err) : TU_OK, err);
}

const char *tu_lint_level_name(enum tu_lint_level level)
{
	static const char *const names[] = {"note", "warning", "error"};

	return names[level];
}
