/* The engine: see engine.h. */
#include "threat/engine.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "threat/memory.h"

enum { KEY_MAX_BYTES = TU_TOLD_MAX };

/* Candidates of a block: the largest fits into a large page. */
enum {
	BLOCK_MIN = 32,
	BLOCK_MAX =
		(TU_LARGE_PAGE - sizeof(struct tu_candidate_block)) / sizeof(struct tu_candidate)
};

/* ---- controls ---- */

/* What the controls at the place do about it. */
struct settling {
	enum tu_threat_outcome outcome;
	const struct tu_model_control *vague; /* in place, and does not say what it provides */
};

static void take_control(const struct tu_model_control *control, struct settling *settling)
{
	if (!tu_control_counts(control))
		return;
	if (tu_control_proven(control))
		settling->outcome = TU_THREAT_MITIGATED;
	else if (settling->outcome == TU_THREAT_OPEN)
		settling->outcome = TU_THREAT_UNPROVEN;
}

/* The controls that are said to settle it, and the outcome that they give. */
static struct settling settle(struct tu_engine *engine, struct tu_candidate *candidate)
{
	const struct tu_indexes there =
		tu_model_graph_controls(&engine->graph, candidate->threat.spot);
	struct settling settling = {TU_THREAT_OPEN, NULL};
	TU_VEC(uint32_t) claimed = {0};

	for (size_t i = 0; i < there.count; i++) {
		const struct tu_model_control *control =
			&engine->graph.model->controls[there.at[i]];

		if (!control->provides.count && tu_control_counts(control))
			settling.vague = control;
		if (!tu_control_provides(control, candidate->rule->settled_by))
			continue;
		if (!TU_VEC_PUSH_IN(engine->arena, &claimed, there.at[i]))
			engine->failed = true;
		take_control(control, &settling);
	}
	candidate->threat.controls = (struct tu_indexes){claimed.at, claimed.count};
	return settling;
}

/* ---- one rule at one place ---- */

static bool keep_reasons(
	struct tu_engine *engine, struct tu_candidate *candidate, const struct tu_facts_seen *seen)
{
	struct tu_threat_reason *reasons =
		tu_arena_array(engine->arena, seen->reason_count, sizeof(*reasons));

	if (!reasons || seen->failed)
		return false;
	for (size_t i = 0; i < seen->reason_count; i++)
		reasons[i] = seen->reasons[i];
	candidate->threat.reasons = (struct tu_threat_reasons){reasons, seen->reason_count};
	if (seen->missing_count) {
		struct tu_missing *missing =
			tu_arena_array(engine->arena, seen->missing_count, sizeof(*missing));

		for (size_t i = 0; missing && i < seen->missing_count; i++)
			missing[i] = seen->missing[i];
		candidate->missing = missing;
		candidate->missing_count = missing ? (uint32_t)seen->missing_count : 0;
		return missing != NULL;
	}
	return true;
}

/* A question about a control: the statement claims one, or one does not say what it provides. */
static void ask_about(struct tu_engine *engine, struct tu_spot spot, struct tu_facts_seen *seen,
	const char *what, struct tu_str of)
{
	struct tu_buf text;
	struct tu_missing *missing = &seen->missing[0];

	tu_buf_init(&text, KEY_MAX_BYTES);
	tu_buf_c(&text, what);
	tu_buf_str_add(&text, of);
	missing->spot = spot;
	engine->failed |=
		text.failed || !tu_arena_dup(engine->arena, tu_buf_str(&text), &missing->subject);
	seen->missing_count = 1;
	tu_buf_done(&text);
}

static enum tu_answer ask_or_yes(
	const struct tu_condition *condition, const struct tu_subject *subject)
{
	return condition ? tu_condition_ask(condition, subject) : TU_ANSWER_YES;
}

static void find_weak(struct tu_engine *engine, const struct tu_subject *subject,
	struct tu_candidate *candidate, struct tu_facts_seen *seen)
{
	struct settling settling;

	tu_condition_explain(candidate->rule->weak, subject, TU_ANSWER_YES, seen);
	settling = settle(engine, candidate);
	candidate->threat.outcome = settling.outcome;
	if (settling.outcome != TU_THREAT_OPEN)
		return;
	if (settling.vague) {
		candidate->threat.outcome = TU_THREAT_UNKNOWN;
		ask_about(engine, subject->spot, seen, "properties of ", settling.vague->id);
	} else if (candidate->rule->claim) {
		candidate->threat.outcome = TU_THREAT_UNKNOWN;
		ask_about(engine, subject->spot, seen, "control of ",
			seen->reason_count ? seen->reasons[0].subject : candidate->rule->id);
	}
}

static bool add_block(struct tu_engine *engine)
{
	size_t cap = engine->blocks ? 4 * engine->blocks->cap : BLOCK_MIN;
	struct tu_candidate_block *block;

	cap = cap < BLOCK_MAX ? cap : BLOCK_MAX;
	block = tu_realloc(NULL, 1, sizeof(*block) + cap * sizeof(block->at[0]));
	if (!block)
		return false;
	*block = (struct tu_candidate_block){.older = engine->blocks, .cap = cap};
	engine->blocks = block;
	return true;
}

static bool keep(struct tu_engine *engine, const struct tu_candidate *candidate)
{
	struct tu_candidate *kept;

	if ((!engine->blocks || engine->blocks->count == engine->blocks->cap) && !add_block(engine))
		return false;
	kept = &engine->blocks->at[engine->blocks->count++];
	*kept = *candidate;
	return TU_VEC_PUSH(&engine->found, kept);
}

static void free_blocks(struct tu_engine *engine)
{
	while (engine->blocks) {
		struct tu_candidate_block *older = engine->blocks->older;

		tu_free(engine->blocks);
		engine->blocks = older;
	}
}

static void push(struct tu_engine *engine, struct tu_candidate *candidate)
{
	candidate->threat.derived = candidate->threat.outcome;
	candidate->threat.disposition = TU_MODEL_NOWHERE;
	if (!tu_threat_key(engine, candidate) || !keep(engine, candidate))
		engine->failed = true;
}

/* A place of which nothing is stated is not "not applicable": the rule says nothing of it. */
static bool has_reason(const struct tu_facts_seen *seen)
{
	for (size_t i = 0; i < seen->reason_count; i++)
		if (seen->reasons[i].value.len)
			return true;
	return false;
}

/* What the rule says of the place, which `where` and `weak` have answered; false where it says
 * nothing. */
static bool judge(struct tu_engine *engine, const struct tu_subject *subject,
	struct tu_candidate *candidate, enum tu_answer where, enum tu_answer weak)
{
	const struct tu_threat_rule *rule = candidate->rule;
	struct tu_facts_seen seen;

	seen.arena = engine->arena;
	seen.reason_count = seen.missing_count = 0;
	seen.failed = false;
	candidate->threat.outcome = TU_THREAT_NOT_APPLICABLE;
	if (weak == TU_ANSWER_NO && rule->weak) {
		tu_condition_explain(rule->weak, subject, TU_ANSWER_NO, &seen);
		if (!has_reason(&seen))
			return false;
	} else if (where == TU_ANSWER_YES && weak == TU_ANSWER_YES) {
		find_weak(engine, subject, candidate, &seen);
	} else if (weak != TU_ANSWER_NO) {
		/* what is weak is asked about wherever it may matter */
		if (weak != TU_ANSWER_YES && ask_or_yes(rule->ask, subject) == TU_ANSWER_NO)
			return false;
		candidate->threat.outcome = TU_THREAT_UNKNOWN;
		tu_condition_explain(where == TU_ANSWER_UNKNOWN ? rule->where : rule->weak, subject,
			TU_ANSWER_UNKNOWN, &seen);
	}
	engine->failed |= !keep_reasons(engine, candidate, &seen);
	return true;
}

struct rule_at {
	const struct tu_threat_rule *rule;
	uint32_t order, pack;
};

static void try_rule(
	struct tu_engine *engine, const struct rule_at *at, const struct tu_subject *subject)
{
	const struct tu_threat_rule *rule = at->rule;
	enum tu_answer where, weak = TU_ANSWER_NO;
	struct tu_candidate candidate;

	/* not weak, and no stated fact says so: the rule says nothing of the place */
	if (rule->weak && rule->weak->if_none == TU_ANSWER_NO &&
		tu_condition_lacks_facts(rule->weak, subject))
		return;
	where = ask_or_yes(rule->where, subject);
	if (where == TU_ANSWER_NO)
		return;
	if (rule->weak)
		weak = tu_condition_ask(rule->weak, subject);
	candidate = (struct tu_candidate){.rule = rule,
		.order = at->order,
		.pack = at->pack,
		.credential = subject->credential,
		.threat = {.rule = rule->id,
			.by = rule,
			.title = rule->title,
			.spot = subject->spot,
			.stride = rule->stride,
			.category = rule->category,
			.reach = TU_MODEL_UNSTATED}};
	if (subject->component)
		candidate.part = subject->component->id;
	if (subject->credential)
		candidate.part = subject->credential->id;
	if (judge(engine, subject, &candidate, where, weak))
		push(engine, &candidate);
}

/* ---- places ---- */

static bool element_counts(const struct tu_model *model, uint32_t element)
{
	return !model->elements[element].out_of_scope && !model->elements[element].disabled;
}

/* A flow between two that others run is theirs. */
static bool flow_counts(const struct tu_model *model, const struct tu_model_flow *flow)
{
	if (flow->disabled || model->elements[flow->from].disabled ||
		model->elements[flow->to].disabled)
		return false;
	return !model->elements[flow->from].out_of_scope || !model->elements[flow->to].out_of_scope;
}

static void try_spots(struct tu_engine *engine, const struct rule_at *at)
{
	const struct tu_model *model = engine->graph.model;
	struct tu_subject subject = {.graph = &engine->graph};

	for (uint32_t i = 0; (at->rule->on & TU_RULE_ON_ELEMENT) && i < model->elements_count;
		i++) {
		subject.spot = (struct tu_spot){false, i};
		if (element_counts(model, i))
			try_rule(engine, at, &subject);
	}
	for (uint32_t i = 0; (at->rule->on & TU_RULE_ON_FLOW) && i < model->flows_count; i++) {
		subject.spot = (struct tu_spot){true, i};
		if (flow_counts(model, &model->flows[i]))
			try_rule(engine, at, &subject);
	}
}

static void try_components(struct tu_engine *engine, const struct rule_at *at)
{
	const struct tu_model *model = engine->graph.model;

	for (size_t i = 0; i < model->components_count; i++) {
		const struct tu_model_component *component = &model->components[i];

		for (size_t e = 0; e < component->elements.count; e++)
			if (element_counts(model, component->elements.at[e]))
				try_rule(engine, at,
					&(struct tu_subject){&engine->graph,
						{false, component->elements.at[e]}, component,
						NULL});
	}
}

/* A credential's place is where it is kept, else what accepts it. */
static void try_credentials(struct tu_engine *engine, const struct rule_at *at)
{
	const struct tu_model *model = engine->graph.model;

	for (size_t i = 0; i < model->credentials_count; i++) {
		const struct tu_model_credential *credential = &model->credentials[i];
		struct tu_indexes places = {&credential->store, 1};

		if (credential->store == TU_MODEL_NOWHERE)
			places = credential->accepted_by;
		for (size_t e = 0; e < places.count; e++)
			if (element_counts(model, places.at[e]))
				try_rule(engine, at,
					&(struct tu_subject){&engine->graph, {false, places.at[e]},
						NULL, credential});
	}
}

static void try_all(struct tu_engine *engine)
{
	uint32_t order = 0;

	for (uint32_t p = 0; p < engine->input->pack_count; p++) {
		const struct tu_threat_pack *pack = engine->input->packs[p];

		for (size_t i = 0; i < pack->rule_count; i++) {
			struct rule_at at = {&pack->rules[i], order++, p};

			try_spots(engine, &at);
			if (at.rule->on & TU_RULE_ON_COMPONENT)
				try_components(engine, &at);
			if (at.rule->on & TU_RULE_ON_CREDENTIAL)
				try_credentials(engine, &at);
		}
	}
}

/* ---- one open threat for each place, letter and category ---- */

static int order_of_spots(struct tu_spot a, struct tu_spot b)
{
	if (a.is_flow != b.is_flow)
		return a.is_flow ? 1 : -1;
	return (a.index > b.index) - (a.index < b.index);
}

/* What is sorted: as much of the order as fits into numbers, the key where these are equal. */
struct ranked {
	uint64_t first, second, third;
	struct tu_candidate *candidate;
};

static int by_rank(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;

	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	if (a->second != b->second)
		return a->second < b->second ? -1 : 1;
	if (a->third != b->third)
		return a->third < b->third ? -1 : 1;
	return tu_str_cmp(a->candidate->threat.key, b->candidate->threat.key);
}

typedef struct ranked rank_of(const struct tu_engine *engine, struct tu_candidate *candidate);

static bool sort_found(struct tu_engine *engine, rank_of *rank)
{
	size_t count = engine->found.count;
	struct ranked *list = tu_alloc(count ? count : 1, sizeof(*list));

	for (size_t i = 0; list && i < count; i++)
		list[i] = rank(engine, engine->found.at[i]);
	if (list && count > 1)
		qsort(list, count, sizeof(*list), by_rank);
	for (size_t i = 0; list && i < count; i++)
		engine->found.at[i] = list[i].candidate;
	tu_free(list);
	return list != NULL;
}

/* Elements before flows; at a place by letter, category and the order of the rules. */
static struct ranked rank_by_place(const struct tu_engine *engine, struct tu_candidate *candidate)
{
	const struct tu_threat *threat = &candidate->threat;

	(void)engine;
	return (struct ranked){(uint64_t)threat->spot.is_flow << 32 | threat->spot.index,
		(uint64_t)(unsigned char)threat->stride << 56 | (uint64_t)threat->category << 32 |
			candidate->order,
		0, candidate};
}

/* The reasons of the open threat that others are named at; it grows by doubling. */
struct named {
	struct tu_candidate *first; /* NULL: none yet */
	TU_VEC(struct tu_threat_reason) reasons;
};

static bool name_other(
	struct tu_engine *engine, struct named *named, const struct tu_candidate *other)
{
	const struct tu_threat_reason also = {TU_STR("also"), other->rule->id};
	struct tu_threat_reasons *reasons = &named->first->threat.reasons;

	for (size_t i = named->reasons.count; i < reasons->count; i++)
		if (!TU_VEC_PUSH_IN(engine->arena, &named->reasons, reasons->at[i]))
			return false;
	if (!TU_VEC_PUSH_IN(engine->arena, &named->reasons, also))
		return false;
	*reasons = (struct tu_threat_reasons){named->reasons.at, named->reasons.count};
	return true;
}

static bool same_group(const struct tu_candidate *a, const struct tu_candidate *b)
{
	return !order_of_spots(a->threat.spot, b->threat.spot) &&
		a->threat.stride == b->threat.stride && a->threat.category == b->threat.category;
}

/* False where it is at another place. */
static bool is_found(
	const struct tu_candidate *other, const struct tu_candidate *look, bool *out_same)
{
	*out_same = other->threat.stride == look->threat.stride &&
		other->threat.outcome != TU_THREAT_NOT_APPLICABLE;
	return !order_of_spots(other->threat.spot, look->threat.spot);
}

/* Was the letter found by a rule that is more than a look? */
static bool letter_is_found(const struct tu_engine *engine, size_t at)
{
	const struct tu_candidate *look = engine->found.at[at];
	bool same = false;

	for (size_t i = at; i-- > 0 && is_found(engine->found.at[i], look, &same);)
		if (same)
			return true;
	for (size_t i = at + 1; i < engine->found.count; i++)
		if (!is_found(engine->found.at[i], look, &same))
			break;
		else if (same)
			return true;
	return false;
}

static void merge(struct tu_engine *engine)
{
	struct tu_candidate **list = engine->found.at;
	size_t kept = 0;
	struct named open = {0};

	for (size_t i = 0; i < engine->found.count; i++) {
		if (list[i]->rule->considered && letter_is_found(engine, i))
			continue;
		if (open.first && list[i]->threat.outcome == TU_THREAT_OPEN &&
			same_group(open.first, list[i])) {
			engine->failed |= !name_other(engine, &open, list[i]);
			continue;
		}
		list[kept] = list[i];
		if (list[kept]->threat.outcome == TU_THREAT_OPEN)
			open = (struct named){.first = list[kept]};
		kept++;
	}
	engine->found.count = kept;
}

/* ---- the answer ---- */

static uint32_t rank_of_harm(const struct tu_threat *threat)
{
	if (!threat->graded)
		return 0;
	return threat->severity == TU_HARM_UNKNOWN ? TU_HARM_COUNT_ : (uint32_t)threat->severity;
}

/* Open first, questions after what is open or unproven. */
static uint32_t rank_of_outcome(const struct tu_threat *threat)
{
	static const uint32_t ranks[TU_THREAT_OUTCOMES] = {[TU_THREAT_OPEN] = 0,
		[TU_THREAT_UNPROVEN] = 1,
		[TU_THREAT_UNKNOWN] = 2,
		[TU_THREAT_ACCEPTED] = 3,
		[TU_THREAT_TRANSFERRED] = 4,
		[TU_THREAT_MITIGATED] = 5,
		[TU_THREAT_NOT_APPLICABLE] = 6};

	return ranks[threat->outcome];
}

static struct ranked rank_worst_first(
	const struct tu_engine *engine, struct tu_candidate *candidate)
{
	const struct tu_threat *threat = &candidate->threat;

	return (struct ranked){
		(uint64_t)rank_of_outcome(threat) << 32 | (UINT32_MAX - rank_of_harm(threat)),
		UINT64_MAX - threat->reach, tu_key_rank(engine, candidate), candidate};
}

static enum tu_status write_threats(struct tu_engine *engine, struct tu_threats *out)
{
	size_t count = engine->found.count;
	struct tu_threat *threats = tu_arena_array(engine->arena, count, sizeof(*threats));

	if (!threats || !tu_key_ranks_make(engine, &engine->ranks) ||
		!sort_found(engine, rank_worst_first))
		return TU_E_NOMEM;
	for (size_t i = 0; i < count; i++) {
		threats[i] = engine->found.at[i]->threat;
		engine->found.at[i]->index = (uint32_t)i;
	}
	/* a question's first threat is one of the answer's */
	for (size_t i = 0; i < engine->first.count; i++)
		engine->questions[i].first = &threats[engine->first.at[i]->index];
	out->at = threats;
	out->count = count;
	return TU_OK;
}

static enum tu_status find(struct tu_engine *engine, struct tu_threats *out)
{
	enum tu_status status = tu_model_graph_make(
		engine->arena, engine->input->model, engine->input->at, &engine->graph);

	engine->search = status ? NULL : tu_reach_search_new(engine->arena, &engine->graph);
	if (!engine->search)
		return TU_E_NOMEM;
	try_all(engine);
	engine->failed |= tu_memory_failed(engine->graph.memory);
	engine->failed |= !sort_found(engine, rank_by_place);
	status = engine->failed ? TU_E_NOMEM : tu_threat_weigh(engine);
	if (status == TU_OK)
		status = tu_threat_dispose(engine, &out->stale);
	if (status != TU_OK)
		return status;
	merge(engine);
	status = engine->failed ? TU_E_NOMEM : tu_threat_ask(engine, out);
	return status ? status : write_threats(engine, out);
}

enum tu_status tu_threat_find(struct tu_arena *arena, const struct tu_threat_input *input,
	struct tu_threats *out_threats, struct tu_error *err)
{
	struct tu_engine engine = {.arena = arena, .input = input};
	struct tu_threats threats = {0};
	enum tu_status status = find(&engine, &threats);

	TU_VEC_DONE(&engine.found);
	TU_VEC_DONE(&engine.first);
	free_blocks(&engine);
	if (status != TU_OK)
		return tu_no_memory(err);
	*out_threats = threats;
	return TU_OK;
}
