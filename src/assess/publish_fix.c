/* Whether the match of a release shows the fix that a decision says it has. */
#include "assess/publish_fix.h"

#include <tutela/match.h>

#include "assess/assess.h"

/* One look at one SBOM. */
struct look {
	struct tu_arena *arena;
	const struct tu_decision *decision;
	const struct tu_inventory *inventory;
	const struct tu_match_result *match;
};

static bool is_meant(const struct look *look, uint32_t component)
{
	struct tu_str name = look->inventory->components[component].name;
	const struct tu_decision *decision = look->decision;

	return tu_selector_matches(&decision->component, look->inventory, component) ||
		(name.len &&
			(tu_str_eq(name, decision->premises.component) ||
				tu_str_eq(name, decision->component.name)));
}

/* The first component of a distinct one that is meant, or TU_KB_NONE. */
static uint32_t meant_of(const struct look *look, const struct tu_distinct *distinct)
{
	for (size_t i = 0; i < distinct->component_count; i++)
		if (is_meant(look, distinct->components[i]))
			return distinct->components[i];
	return TU_KB_NONE;
}

static bool is_open(const struct tu_finding *finding)
{
	return finding->verdict != TU_MATCH_NOT_AFFECTED;
}

/* The open finding of a distinct component, or NULL. */
static const struct tu_finding *open_of(const struct look *look, const struct tu_distinct *distinct)
{
	for (size_t i = 0; i < distinct->finding_count; i++)
		if (is_open(&look->match->findings[distinct->first_finding + i]))
			return &look->match->findings[distinct->first_finding + i];
	return NULL;
}

static bool tell_open(const struct look *look, const struct tu_finding *finding, uint32_t component,
	struct tu_str *out_why)
{
	const struct tu_component *it = &look->inventory->components[component];

	return tu_assess__text(look->arena, out_why, "the match of its SBOM finds %.*s%s%.*s %s",
		TU_STR_FMT(it->name), it->version.len ? " " : "", TU_STR_FMT(it->version),
		tu_match_verdict_name(finding->verdict));
}

static bool tell_no_data(const struct look *look, uint32_t component, struct tu_str *out_why)
{
	const struct tu_component *it = &look->inventory->components[component];

	return tu_assess__text(look->arena, out_why,
		"the knowledge base has no data on %.*s%s%.*s in its SBOM", TU_STR_FMT(it->name),
		it->version.len ? " " : "", TU_STR_FMT(it->version));
}

/* Of what is meant; `*out_any`: there is some. */
static bool look_at_meant(const struct look *look, bool *out_any, struct tu_str *out_why)
{
	bool fine = true;

	*out_any = false;
	for (size_t i = 0; i < look->match->distinct_count && fine && !out_why->len; i++) {
		const struct tu_distinct *distinct = &look->match->distinct[i];
		const struct tu_finding *finding = open_of(look, distinct);
		uint32_t component = meant_of(look, distinct);

		if (component == TU_KB_NONE)
			continue;
		*out_any = true;
		if (finding)
			fine = tell_open(look, finding, component, out_why);
		else if (!distinct->known && component != look->inventory->subject)
			fine = tell_no_data(look, component, out_why);
	}
	return fine;
}

static bool look_at_all(const struct look *look, struct tu_str *out_why)
{
	for (size_t i = 0; i < look->match->finding_count; i++) {
		const struct tu_finding *finding = &look->match->findings[i];

		if (is_open(finding))
			return tell_open(look, finding,
				look->match->distinct[finding->distinct].first, out_why);
	}
	return true;
}

static bool is_unchanged(const struct look *look)
{
	struct tu_str was = look->decision->premises.version;

	for (uint32_t i = 0; was.len && i < look->inventory->component_count; i++)
		if (tu_str_eq(look->inventory->components[i].version, was) &&
			tu_selector_matches(&look->decision->component, look->inventory, i))
			return true;
	return false;
}

/* By its own id, else by the first alias that is known. */
static uint32_t find(const struct tu_kb *kb, const struct tu_decision *decision)
{
	uint32_t index = tu_kb_find(kb, decision->vulnerability);

	for (size_t i = 0; i < decision->aliases.count && index == TU_KB_NONE; i++)
		index = tu_kb_find(kb, decision->aliases.at[i]);
	return index;
}

enum tu_status tu_publish__fix_unshown(struct tu_arena *arena, const struct tu_kb *kb,
	const struct tu_decision *decision, const struct tu_inventory *inventory,
	struct tu_str *out_why)
{
	struct look look = {arena, decision, inventory, NULL};
	uint32_t index = kb ? find(kb, decision) : TU_KB_NONE;
	const struct tu_match_options options = {.only_vulnerabilities = &index, .only_count = 1};
	enum tu_status status;
	bool any;

	*out_why = TU_STR("");
	if (!inventory)
		*out_why = TU_STR("it has no SBOM");
	else if (is_unchanged(&look))
		*out_why = TU_STR("its SBOM still has the version that is affected");
	else if (index == TU_KB_NONE)
		*out_why = TU_STR("no record of the vulnerability is at hand to match its SBOM");
	if (out_why->len)
		return TU_OK;
	status = tu_match(arena, kb, inventory, &options, &look.match, NULL);
	if (status != TU_OK)
		return status;
	if (!look_at_meant(&look, &any, out_why) || (!any && !look_at_all(&look, out_why)))
		return TU_E_NOMEM;
	return TU_OK;
}
