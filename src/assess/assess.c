/* Findings meet decisions: which one applies, which is carried, which re-opens. */
#include "assess/assess.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/search.h"
#include "base/vec.h"

/* A decision may be about several vulnerabilities of the knowledge base, by its aliases. */
struct about {
	uint32_t vulnerability;
	uint32_t decision;
};

struct assessing {
	struct tu_arena *arena;
	const struct tu_assess_input *input;
	const struct tu_device *device;
	struct tu_str release;
	const struct tu_decision **decisions; /* those that nothing supersedes */
	TU_VEC(struct about) about; /* by vulnerability, then in the order of the decisions */
	bool *met; /* of each: some finding is its own */
	size_t decision_count;
	struct tu_assess_counts counts;
	struct tu_error *err;
};

/* ---- which decisions concern a finding ---- */

static bool means_components(const struct tu_assess_input *input,
	const struct tu_distinct *distinct, const struct tu_selector *selector)
{
	for (size_t i = 0; i < distinct->component_count; i++)
		if (!tu_selector_matches_alone(selector, input->inventory, distinct->components[i]))
			return false;
	return true;
}

static bool means_vulnerability(const struct tu_assess_input *input,
	const struct tu_assess_finding *finding, const struct tu_decision *decision)
{
	uint32_t wanted = finding->finding->vulnerability;

	if (tu_decision_is_about(decision, finding->facts.id) ||
		tu_kb_find(input->kb, decision->vulnerability) == wanted)
		return true;
	for (size_t i = 0; i < decision->aliases.count; i++)
		if (tu_kb_find(input->kb, decision->aliases.at[i]) == wanted)
			return true;
	return false;
}

bool tu_assess_concerns(const struct tu_assess_input *input,
	const struct tu_assess_finding *finding, const struct tu_decision *decision)
{
	return means_vulnerability(input, finding, decision) &&
		means_components(input, finding->distinct, &decision->component);
}

static int compare_about(const void *one, const void *other)
{
	const struct about *a = one, *b = other;

	if (a->vulnerability != b->vulnerability)
		return a->vulnerability < b->vulnerability ? -1 : 1;
	return a->decision < b->decision ? -1 : a->decision > b->decision;
}

/* A decision's ids as indexes of the knowledge base, looked up once. */
static bool resolve(struct assessing *a, uint32_t number)
{
	const struct tu_decision *decision = a->decisions[number];

	for (size_t i = 0; i <= decision->aliases.count; i++) {
		struct tu_str id = i ? decision->aliases.at[i - 1] : decision->vulnerability;
		struct about about = {tu_kb_find(a->input->kb, id), number};

		if (about.vulnerability != TU_KB_NONE &&
			!TU_VEC_PUSH_IN(a->arena, &a->about, about))
			return false;
	}
	return true;
}

/* The first that is about this vulnerability or one after it. */
static int order_about_vulnerability(const void *item, const void *wanted)
{
	const struct about *about = item;
	uint32_t vulnerability = *(const uint32_t *)wanted;

	return (about->vulnerability > vulnerability) - (about->vulnerability < vulnerability);
}

static size_t first_about(const struct assessing *a, uint32_t vulnerability)
{
	return tu_lower_bound(a->about.at, a->about.count, sizeof(*a->about.at), &vulnerability,
		order_about_vulnerability);
}

static int compare_texts(const void *one, const void *other)
{
	return tu_str_cmp(*(const struct tu_str *)one, *(const struct tu_str *)other);
}

/* The ids that some other decision supersedes, sorted. */
static struct tu_str *superseded_ids(const struct assessing *a, size_t *out_count)
{
	const struct tu_assess_input *input = a->input;
	struct tu_str *ids = tu_arena_array(a->arena, input->decision_count, sizeof(*ids));

	*out_count = 0;
	for (size_t i = 0; ids && i < input->decision_count; i++) {
		const struct tu_decision *d = input->decisions[i];

		if (d->supersedes.len && !tu_str_eq(d->supersedes, d->id))
			ids[(*out_count)++] = d->supersedes;
	}
	if (*out_count)
		qsort(ids, *out_count, sizeof(*ids), compare_texts);
	return ids;
}

static enum tu_status prepare(struct assessing *a)
{
	const struct tu_assess_input *input = a->input;
	size_t count = input->decision_count, superseded;
	struct tu_str *ids = superseded_ids(a, &superseded);

	a->decisions = tu_arena_array(a->arena, count, sizeof(*a->decisions));
	a->met = tu_arena_array(a->arena, count, sizeof(*a->met));
	if (!ids || !a->decisions || !a->met)
		return tu_no_memory(a->err);
	for (size_t i = 0; i < count; i++) {
		if (superseded &&
			bsearch(&input->decisions[i]->id, ids, superseded, sizeof(*ids),
				compare_texts))
			continue;
		a->decisions[a->decision_count] = input->decisions[i];
		if (!resolve(a, (uint32_t)a->decision_count++))
			return tu_no_memory(a->err);
	}
	if (a->about.count)
		qsort(a->about.at, a->about.count, sizeof(*a->about.at), compare_about);
	return TU_OK;
}

/* ---- which one applies ---- */

/* The newest release that a decision names and that is not newer than the one assessed: 0 is the
 * assessed one itself, then backwards. SIZE_MAX: none, it does not reach here. */
static size_t distance_of(const struct assessing *a, const struct tu_decision *decision)
{
	size_t here = a->input->release;

	for (size_t back = 0; back <= here; back++)
		if (tu_decision_names_release(decision, a->device->releases[here - back].version))
			return back && !decision->validity.carry ? SIZE_MAX : back;
	return SIZE_MAX;
}

struct choice {
	const struct tu_decision *decision;
	size_t distance;
	const struct tu_decision *noted; /* under investigation: when it was learned of */
};

static enum tu_status conflict(const struct assessing *a, const struct tu_assess_finding *finding,
	const struct tu_decision *one, const struct tu_decision *other)
{
	const struct tu_component *component = tu_assess__component(a->input, finding);

	return tu_fail(a->err, TU_E_SYNTAX, 0,
		"%.*s and %.*s decide %.*s in %.*s differently; let one supersede the other",
		TU_STR_FMT(one->file), TU_STR_FMT(other->file), TU_STR_FMT(finding->facts.id),
		TU_STR_FMT(component->name));
}

static enum tu_status consider(const struct assessing *a, const struct tu_assess_finding *finding,
	const struct tu_decision *decision, struct choice *choice)
{
	size_t distance = distance_of(a, decision);

	if (distance == SIZE_MAX)
		return TU_OK;
	if (decision->status == TU_CLAIM_UNDER_INVESTIGATION) {
		if (!choice->noted ||
			tu_decision_learned(decision) < tu_decision_learned(choice->noted))
			choice->noted = decision;
		return TU_OK;
	}
	if (choice->decision && distance == choice->distance) {
		if (!tu_decision_agrees(decision, choice->decision))
			return conflict(a, finding, choice->decision, decision);
		if (decision->decided_at <= choice->decision->decided_at)
			return TU_OK;
	}
	if (!choice->decision || distance <= choice->distance) {
		choice->decision = decision;
		choice->distance = distance;
	}
	return TU_OK;
}

static enum tu_status choose(
	struct assessing *a, const struct tu_assess_finding *finding, struct choice *out_choice)
{
	uint32_t vulnerability = finding->finding->vulnerability, last = UINT32_MAX;
	enum tu_status status = TU_OK;

	*out_choice = (struct choice){0};
	for (size_t i = first_about(a, vulnerability); i < a->about.count && !status; i++) {
		uint32_t number = a->about.at[i].decision;
		const struct tu_decision *decision = a->decisions[number];

		if (a->about.at[i].vulnerability != vulnerability)
			break;
		if (number == last || /* by another of its ids */
			!means_components(a->input, finding->distinct, &decision->component))
			continue;
		last = number;
		a->met[number] = true;
		status = consider(a, finding, decision, out_choice);
	}
	return status;
}

/* ---- ages ---- */

/* Nobody recorded when it was learned of: the first day on which it could have been. */
static int64_t could_be_known(const struct assessing *a, const struct tu_assess_finding *finding)
{
	int64_t first = 0;
	int64_t released = a->device->releases[a->input->release].released;

	for (uint32_t n = 0; n < finding->facts.advisories; n++) {
		int64_t published = tu_kb_advisory(a->input->kb,
			tu_kb_record(a->input->kb, finding->finding->vulnerability, n))
					    .published;

		if (published && (!first || published < first))
			first = published;
	}
	return released > first ? released : first;
}

/* ---- one finding ---- */

/* The band that counts: of the decision in force, where it names one. */
static size_t band_of(const struct assessing *a, const struct tu_assessment *assessment)
{
	if (assessment->decision && assessment->state != TU_ASSESS_REOPENED &&
		assessment->decision->exploitability.len)
		return tu_device_band(a->device, assessment->decision->exploitability);
	return assessment->proposal.band;
}

static void count(struct assessing *a, const struct tu_assessment *assessment)
{
	size_t band = assessment->band;

	a->counts.state[assessment->state]++;
	if (tu_assess_is_closed(assessment)) {
		a->counts.closed++;
		return;
	}
	if (assessment->risk == TU_RISK_UNCONTROLLED)
		a->counts.uncontrolled++;
	else
		a->counts.controlled++;
	if (band < a->device->policy.band_count && assessment->harm >= TU_HARM_NEGLIGIBLE)
		a->counts.matrix[band][assessment->harm - TU_HARM_NEGLIGIBLE]++;
}

static void use_proposal(struct tu_assessment *out)
{
	out->status = TU_CLAIM_UNDER_INVESTIGATION;
	out->risk = out->proposal.risk;
	out->harm = out->proposal.harm;
}

static void use_decision(struct tu_assessment *out)
{
	const struct tu_decision *decision = out->decision;

	out->status = decision->status;
	out->risk = decision->status == TU_CLAIM_AFFECTED ? decision->risk : TU_RISK_CONTROLLED;
	out->harm = decision->harm ? decision->harm : out->proposal.harm;
	out->since = decision->decided_at;
}

static void leave_undecided(const struct assessing *a, const struct tu_assess_finding *finding,
	const struct tu_decision *noted, struct tu_assessment *out)
{
	out->state = TU_ASSESS_UNDECIDED;
	out->decision = noted;
	out->since = noted ? tu_decision_learned(noted) : could_be_known(a, finding);
	use_proposal(out);
}

/* A trusted supplier's word closes a finding of which the maker has said nothing at all; whatever
 * else it says is reported, but decides nothing. */
static bool closes(const struct tu_supplier_word *word, const struct choice *choice)
{
	return word && word->trusted && !choice->noted && tu_claim_clears(word->status);
}

static void use_word(const struct tu_supplier_word *word, struct tu_assessment *out)
{
	out->state = TU_ASSESS_SUPPLIER;
	out->status = word->status;
	out->risk = TU_RISK_CONTROLLED;
	out->harm = out->proposal.harm;
	out->since = word->said_at;
}

static enum tu_status apply(struct assessing *a, const struct tu_assess_finding *finding,
	const struct choice *choice, struct tu_assessment *out)
{
	struct tu_assess_change change;
	enum tu_status status =
		tu_assess__changed(a->arena, a->input, finding, choice->decision, &change, a->err);

	out->decision = choice->decision;
	out->reopen = change.reopen;
	out->reopen_why = change.why;
	if (change.reopen) {
		out->state = TU_ASSESS_REOPENED;
		use_proposal(out);
		out->since = change.since > choice->decision->decided_at
			? change.since
			: choice->decision->decided_at;
		return status;
	}
	out->state = choice->distance ? TU_ASSESS_CARRIED : TU_ASSESS_DECIDED;
	use_decision(out);
	return status;
}

static enum tu_status assess_one(
	struct assessing *a, const struct tu_assess_finding *finding, struct tu_assessment *out)
{
	struct choice choice;
	enum tu_status status;

	out->of = finding;
	status = tu_assess_propose(a->arena, a->input, finding, &out->proposal, a->err);
	if (status == TU_OK)
		status = choose(a, finding, &choice);
	if (status != TU_OK)
		return status;
	if (choice.decision)
		status = apply(a, finding, &choice, out);
	else if (closes(finding->supplier, &choice))
		use_word(finding->supplier, out);
	else
		leave_undecided(a, finding, choice.noted, out);
	out->band = band_of(a, out);
	count(a, out);
	return status;
}

/* ---- decisions without a finding ---- */

static bool component_exists(const struct assessing *a, const struct tu_decision *decision)
{
	for (uint32_t c = 0; c < a->input->inventory->component_count; c++)
		if (tu_selector_matches(&decision->component, a->input->inventory, c))
			return true;
	return false;
}

static enum tu_status gather_loose(struct assessing *a, struct tu_assess_result *result)
{
	TU_VEC(struct tu_loose_decision) loose = {0};

	for (size_t i = 0; i < a->decision_count; i++) {
		struct tu_loose_decision l = {.decision = a->decisions[i]};
		bool here = tu_decision_names_release(l.decision, a->release);

		if (a->met[i] || !here)
			continue;
		l.why = TU_STR("no finding: the knowledge base or the SBOM no longer says that it "
			       "is affected, or the decision names only some of its components");
		if (!component_exists(a, l.decision)) {
			l.reopen = TU_REOPEN_COMPONENT_GONE;
			l.why = TU_STR("no component of this release is meant by it");
		}
		if (!TU_VEC_PUSH_IN(a->arena, &loose, l))
			return tu_no_memory(a->err);
	}
	result->loose = loose.at;
	result->loose_count = loose.count;
	return TU_OK;
}

enum tu_status tu_assess(struct tu_arena *arena, const struct tu_assess_input *input,
	const struct tu_assess_result **out_result, struct tu_error *err)
{
	struct assessing a = {.arena = arena, .input = input, .device = input->device, .err = err};
	size_t refused = tu_alloc_refused();
	struct tu_assess_result *result = tu_arena_alloc(arena, sizeof(*result));
	struct tu_assessment *list = tu_arena_array(arena, input->finding_count, sizeof(*list));
	enum tu_status status;

	if (!result || !list)
		return tu_no_memory(a.err);
	a.release = input->device->releases[input->release].version;
	status = prepare(&a);
	for (size_t i = 0; i < input->finding_count && !status; i++)
		status = assess_one(&a, &input->findings[i], &list[i]);
	if (status == TU_OK)
		status = gather_loose(&a, result);
	status = tu_alloc_settle(refused, status, err);
	if (status != TU_OK)
		return status;
	result->assessments = list;
	result->count = input->finding_count;
	result->counts = a.counts;
	*out_result = result;
	return TU_OK;
}

bool tu_assess_is_closed(const struct tu_assessment *assessment)
{
	return tu_claim_clears(assessment->status);
}

bool tu_assess_is_assessed(const struct tu_assessment *assessment)
{
	return assessment->state != TU_ASSESS_UNDECIDED && assessment->state != TU_ASSESS_REOPENED;
}

bool tu_assess_starts(const struct tu_deadline_rule *rule, const struct tu_assessment *assessment)
{
	struct tu_str start = tu_str_c(rule->start);

	return !tu_assess_is_closed(assessment) &&
		(tu_str_eq(start, TU_STR("learned")) ||
			tu_str_eq(start, TU_STR("exploitation-known"))) &&
		/* which catalogue lists it is looked at when it is decided: it may be this one */
		tu_deadline_concerns(
			rule, assessment->risk, assessment->of->facts.has_kev || rule->catalogue);
}

const char *tu_assess_state_name(enum tu_assess_state state)
{
	static const char *const names[TU_ASSESS_STATES] = {
		"undecided", "decided", "carried", "re-opened", "supplier"};

	return names[state];
}

const char *tu_assess_state_label(enum tu_assess_state state)
{
	return state == TU_ASSESS_UNDECIDED ? "not assessed" : tu_assess_state_name(state);
}

const char *tu_reopen_name(enum tu_reopen reopen)
{
	static const char *const names[TU_REOPEN_COUNT_] = {
		[TU_REOPEN_NONE] = "",
		[TU_REOPEN_EXPIRED] = "expired",
		[TU_REOPEN_COMPONENT_CHANGED] = "component-changed",
		[TU_REOPEN_COMPONENT_GONE] = "component-gone",
		[TU_REOPEN_CONFIGURATION] = "configuration-changed",
		[TU_REOPEN_ADVISORY_REVISED] = "advisory-revised",
		[TU_REOPEN_KEV_ADDED] = "kev-added",
		[TU_REOPEN_SCORE_RAISED] = "score-raised",
		[TU_REOPEN_EPSS_RAISED] = "epss-raised",
		[TU_REOPEN_CONTROL_MISSING] = "control-missing",
		[TU_REOPEN_MATRIX] = "matrix-changed",
	};

	return names[reopen];
}
