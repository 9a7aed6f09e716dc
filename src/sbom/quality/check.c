/* Judging an inventory by a profile: each rule over each component, one pass. */
#include "sbom/quality/check.h"

#include <stdarg.h>
#include <stdio.h>

enum { REMARK_MAX = 400, MOMENT_MAX = 1 << 20 };
enum { WEIGHT_REQUIRED = 3, WEIGHT_RECOMMENDED = 1 };

const struct tu_check_profile *tu_check_profile_by_name(struct tu_str name)
{
	for (size_t i = 0; i < tu_check_profile_count; i++)
		if (tu_str_eq(tu_check_profiles[i].name, name))
			return &tu_check_profiles[i];
	return NULL;
}

static void link_end(const struct tu_inventory *inventory, bool *linked, uint32_t index)
{
	if (index < inventory->component_count)
		linked[index] = true;
}

static const bool *find_linked(struct tu_arena *arena, const struct tu_inventory *inventory)
{
	bool *linked = tu_arena_array(arena, inventory->component_count, sizeof(*linked));

	if (!linked)
		return NULL;
	for (uint32_t i = 0; i < inventory->component_count; i++) {
		uint32_t parent = inventory->components[i].parent;

		if (parent == TU_NO_COMPONENT)
			continue;
		link_end(inventory, linked, parent);
		linked[i] = true;
	}
	for (size_t i = 0; i < inventory->relationship_count; i++) {
		link_end(inventory, linked, inventory->relationships[i].from);
		link_end(inventory, linked, inventory->relationships[i].to);
	}
	return linked;
}

static void count(struct tu_check_tally *tally, enum tu_check_answer answer)
{
	tally->asked++;
	tally->present += answer == TU_CHECK_PRESENT;
	tally->missing += answer == TU_CHECK_MISSING;
	tally->undecided += answer == TU_CHECK_UNDECIDED;
}

void tu_check__remark(
	struct tu_check_facts *facts, const struct tu_component *component, const char *fmt, ...)
{
	struct tu_check_remark remark = {.rule = facts->rule,
		.component = (uint32_t)(component - facts->inventory->components)};
	char text[REMARK_MAX];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	len = len < 0 ? 0 : len >= REMARK_MAX ? REMARK_MAX - 1 : len;
	if (!tu_arena_dup(facts->arena, tu_str_of(text, (size_t)len), &remark.words) ||
		!TU_VEC_PUSH_IN(facts->arena, &facts->remarks, remark))
		facts->starved = true;
}

static void ask_document(struct tu_check_result *result, struct tu_check_facts *facts)
{
	for (size_t i = 0; i < result->profile->rule_count; i++) {
		const struct tu_check_rule *rule = &result->profile->rules[i];

		facts->rule = (uint32_t)i;
		if (rule->document)
			count(&result->tallies[i], rule->answer(facts, NULL));
	}
}

static void ask_component(struct tu_check_result *result, struct tu_check_facts *facts,
	const struct tu_component *component, uint32_t *missing, uint32_t *undecided)
{
	for (size_t i = 0; i < result->profile->rule_count; i++) {
		const struct tu_check_rule *rule = &result->profile->rules[i];
		enum tu_check_answer answer;

		if (rule->document)
			continue;
		facts->rule = (uint32_t)i;
		answer = rule->answer(facts, component);
		count(&result->tallies[i], answer);
		if (answer == TU_CHECK_MISSING)
			*missing |= (uint32_t)1 << i;
		if (answer == TU_CHECK_UNDECIDED)
			*undecided |= (uint32_t)1 << i;
	}
}

/* A document of nothing but files is about these; beside packages they are their contents. */
static bool only_files(const struct tu_inventory *inventory)
{
	for (size_t i = 0; i < inventory->component_count; i++)
		if (inventory->components[i].kind != TU_KIND_FILE)
			return false;
	return true;
}

/* The mean share of what is present, by weight; 100 only when nothing is absent. */
static void sum_up(struct tu_check_result *result)
{
	double reached = 0;
	double all = 0;

	result->passed = result->judged > 0;
	for (size_t i = 0; i < result->profile->rule_count; i++) {
		const struct tu_check_tally *tally = &result->tallies[i];
		bool required = result->profile->rules[i].required;
		double weight = required ? WEIGHT_REQUIRED : WEIGHT_RECOMMENDED;

		all += weight;
		if (tally->asked)
			reached += weight * (double)tally->present / (double)tally->asked;
		if (required && (tally->asked == 0 || tally->present < tally->asked))
			result->passed = false;
	}
	result->score = (unsigned)(100 * reached / all + 1e-9);
}

static void ask_components(struct tu_check_result *result, struct tu_check_facts *facts,
	uint32_t *missing, uint32_t *undecided)
{
	const struct tu_inventory *inventory = facts->inventory;
	bool files = only_files(inventory);

	for (size_t i = 0; i < inventory->component_count && !facts->starved; i++) {
		const struct tu_component *component = &inventory->components[i];

		if (component->kind == TU_KIND_FILE && !files) {
			result->files++;
			continue;
		}
		result->judged++;
		ask_component(result, facts, component, &missing[i], &undecided[i]);
	}
}

static enum tu_status judge(
	struct tu_check_result *result, struct tu_check_facts *facts, struct tu_error *err)
{
	size_t components = facts->inventory->component_count;
	uint32_t *missing = tu_arena_array(facts->arena, components, sizeof(*missing));
	uint32_t *undecided = tu_arena_array(facts->arena, components, sizeof(*undecided));
	enum tu_status status = tu_check__know(facts, err);

	if (status)
		return status;
	if (!missing || !undecided || !facts->linked || !facts->moment)
		return tu_no_memory(err);
	ask_document(result, facts);
	ask_components(result, facts, missing, undecided);
	if (facts->starved)
		return tu_no_memory(err);
	sum_up(result);
	result->missing = missing;
	result->undecided = undecided;
	result->remarks = facts->remarks.at;
	result->remark_count = facts->remarks.count;
	return TU_OK;
}

enum tu_status tu_sbom_check(struct tu_arena *arena, const struct tu_check_request *request,
	const struct tu_check_result **out_result, struct tu_error *err)
{
	struct tu_check_result *result = tu_arena_alloc(arena, sizeof(*result));
	struct tu_check_facts facts = {.inventory = request->inventory,
		.at = request->at,
		.linked = find_linked(arena, request->inventory),
		.arena = arena,
		.moment = tu_arena_new(MOMENT_MAX)};
	enum tu_status status;

	if (result)
		result->profile = request->profile;
	status = result ? judge(result, &facts, err) : tu_no_memory(err);
	tu_arena_free(facts.moment);
	if (!status)
		*out_result = result;
	return status;
}
