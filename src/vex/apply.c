/* Putting statements to findings. */
#include <stdlib.h>

#include "csaf/csaf.h"
#include "vex/identity.h"

enum { PAIRS_MAX = 50 * 1000 * 1000 };

/* A finding by what it is about, for looking up. */
struct key {
	uint32_t vulnerability;
	uint32_t distinct;
	uint32_t finding;
};

/* A statement that would apply to a finding. */
struct candidate {
	uint32_t finding;
	uint32_t result;
};

struct application {
	struct tu_arena *arena;
	const struct tu_vex_document *const *documents;
	const struct tu_kb *kb;
	const struct tu_match_result *match;
	struct tu_identity identity;
	struct key *keys; /* sorted */
	uint32_t *distinct_of; /* by component */
	uint32_t *matched; /* by distinct: components of it that the product at hand is */
	TU_VEC(uint32_t) touched; /* distinct ones with `matched` set */
	TU_VEC(struct tu_vex_result) results;
	TU_VEC(struct candidate) candidates;
	enum tu_status status;
};

static void out_of(struct application *a)
{
	if (a->status == TU_OK)
		a->status = TU_E_NOMEM;
}

static int compare_keys(const void *left, const void *right)
{
	const struct key *a = left, *b = right;

	if (a->vulnerability != b->vulnerability)
		return a->vulnerability < b->vulnerability ? -1 : 1;
	return (a->distinct > b->distinct) - (a->distinct < b->distinct);
}

static bool index_findings(struct application *a)
{
	const struct tu_match_result *match = a->match;
	size_t components = a->identity.inventory->component_count;

	a->keys = tu_arena_array(a->arena, match->finding_count, sizeof(*a->keys));
	a->distinct_of = tu_arena_array(a->arena, components, sizeof(uint32_t));
	a->matched = tu_arena_array(a->arena, match->distinct_count, sizeof(uint32_t));
	if (!a->keys || !a->distinct_of || !a->matched)
		return false;
	for (size_t i = 0; i < match->finding_count; i++)
		a->keys[i] = (struct key){
			match->findings[i].vulnerability, match->findings[i].distinct, (uint32_t)i};
	if (match->finding_count)
		qsort(a->keys, match->finding_count, sizeof(*a->keys), compare_keys);
	memset(a->distinct_of, 0xff, components * sizeof(uint32_t));
	for (size_t i = 0; i < match->distinct_count; i++)
		for (size_t k = 0; k < match->distinct[i].component_count; k++)
			a->distinct_of[match->distinct[i].components[k]] = (uint32_t)i;
	return true;
}

/* The first key that is not before (vulnerability, distinct). */
static size_t lower_bound(const struct application *a, uint32_t vulnerability, uint32_t distinct)
{
	const struct key wanted = {vulnerability, distinct, 0};
	size_t low = 0, high = a->match->finding_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare_keys(&a->keys[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void add_candidate(struct application *a, uint32_t finding)
{
	struct tu_vex_result *result = &a->results.at[a->results.count - 1];

	result->findings++;
	if (a->candidates.count >= PAIRS_MAX)
		a->status = TU_E_LIMIT;
	else if (!TU_VEC_PUSH(&a->candidates,
			 (struct candidate){finding, (uint32_t)a->results.count - 1}))
		out_of(a);
}

/* Findings of the vulnerability in the components found. */
static enum tu_vex_outcome meet_components(struct application *a, uint32_t vulnerability)
{
	enum tu_vex_outcome outcome = TU_VEX_NO_FINDING;
	const struct tu_identity *id = &a->identity;

	a->touched.count = 0;
	for (size_t i = 0; i < id->found.count; i++) {
		uint32_t distinct = a->distinct_of[id->found.at[i]];
		if (distinct != UINT32_MAX && a->matched[distinct]++ == 0 &&
			!TU_VEC_PUSH(&a->touched, distinct))
			out_of(a);
	}
	for (size_t i = 0; i < a->touched.count; i++) {
		uint32_t distinct = a->touched.at[i];
		size_t at = lower_bound(a, vulnerability, distinct);
		bool all = a->matched[distinct] == a->match->distinct[distinct].component_count;
		a->matched[distinct] = 0;
		if (at == a->match->finding_count || a->keys[at].vulnerability != vulnerability ||
			a->keys[at].distinct != distinct)
			continue;
		if (all) {
			add_candidate(a, a->keys[at].finding);
			outcome = TU_VEX_APPLIES;
		} else if (outcome == TU_VEX_NO_FINDING) {
			outcome = TU_VEX_PARTIAL;
		}
	}
	return outcome;
}

/* All findings of the vulnerability: the statement is about what the SBOM describes. */
static enum tu_vex_outcome meet_all(struct application *a, uint32_t vulnerability)
{
	size_t at = lower_bound(a, vulnerability, 0);
	enum tu_vex_outcome outcome = TU_VEX_NO_FINDING;

	for (; at < a->match->finding_count && a->keys[at].vulnerability == vulnerability; at++) {
		add_candidate(a, a->keys[at].finding);
		outcome = TU_VEX_APPLIES;
	}
	return outcome;
}

static bool found_subject(const struct application *a)
{
	for (size_t i = 0; i < a->identity.found.count; i++)
		if (a->identity.found.at[i] == a->identity.inventory->subject)
			return true;
	return false;
}

static uint32_t vulnerability_of(const struct application *a, const struct tu_vex_claim *claim)
{
	uint32_t index = tu_kb_find(a->kb, claim->vulnerability);

	for (size_t i = 0; index == TU_KB_NONE && i < claim->alias_count; i++)
		index = tu_kb_find(a->kb, claim->aliases[i]);
	return index;
}

/* The components that `found` holds, or everything when the subject is among them. */
static enum tu_vex_outcome meet(struct application *a, const struct tu_vex_claim *claim)
{
	uint32_t vulnerability = vulnerability_of(a, claim);

	if (claim->status == TU_CLAIM_UNSTATED)
		return TU_VEX_NO_STATUS;
	if (vulnerability == TU_KB_NONE)
		return TU_VEX_UNKNOWN_VULNERABILITY;
	return found_subject(a) ? meet_all(a, vulnerability) : meet_components(a, vulnerability);
}

/* A part counts where the whole is the SBOM's subject, or any component that is not its part. */
static enum tu_vex_outcome meet_parts(struct application *a, const struct tu_vex_claim *claim,
	const struct tu_vex_product *product)
{
	enum tu_vex_outcome whole = tu_identity_find(&a->identity, product), best, outcome;

	best = TU_VEX_NO_PRODUCT;
	for (size_t i = 0; i < product->part_count; i++) {
		outcome = tu_identity_find(&a->identity, &product->parts[i]);
		if (outcome == TU_VEX_APPLIES)
			outcome = whole == TU_VEX_APPLIES ? meet(a, claim) : TU_VEX_OTHER_WHOLE;
		if (outcome >= best) {
			best = outcome;
			a->results.at[a->results.count - 1].component = a->identity.nearest;
		}
	}
	return best;
}

static void put(struct application *a, uint32_t document, uint32_t index,
	const struct tu_vex_claim *claim, uint32_t number)
{
	const struct tu_vex_product *product =
		number == UINT32_MAX ? NULL : &claim->products[number];
	struct tu_vex_result result = {
		document, index, number, TU_VEX_NO_PRODUCT, TU_NO_COMPONENT, 0};
	enum tu_vex_outcome outcome = TU_VEX_NO_PRODUCT;

	if (!TU_VEC_PUSH(&a->results, result)) {
		out_of(a);
		return;
	}
	if (product && product->part_count) {
		outcome = meet_parts(a, claim, product);
	} else if (product) {
		outcome = tu_identity_find(&a->identity, product);
		a->results.at[a->results.count - 1].component = a->identity.nearest;
		if (outcome == TU_VEX_APPLIES)
			outcome = meet(a, claim);
	}
	a->results.at[a->results.count - 1].outcome = outcome;
	if (a->identity.status)
		out_of(a);
}

static void put_document(struct application *a, uint32_t index)
{
	const struct tu_vex_document *document = a->documents[index];

	for (size_t i = 0; i < document->claim_count && !a->status; i++) {
		const struct tu_vex_claim *claim = &document->claims[i];
		if (!claim->product_count)
			put(a, index, (uint32_t)i, claim, UINT32_MAX);
		for (size_t k = 0; k < claim->product_count && !a->status; k++)
			put(a, index, (uint32_t)i, claim, (uint32_t)k);
	}
}

/* ---- several statements on one finding ---- */

static const struct tu_vex_claim *claim_of(
	const struct application *a, const struct candidate *candidate)
{
	const struct tu_vex_result *result = &a->results.at[candidate->result];

	return &a->documents[result->document]->claims[result->claim];
}

static int compare_candidates(const void *left, const void *right)
{
	const struct candidate *a = left, *b = right;

	if (a->finding != b->finding)
		return a->finding < b->finding ? -1 : 1;
	return (a->result > b->result) - (a->result < b->result);
}

/* Whether `a` is later than `b`, as one author's word; without a zone nobody knows. */
static bool is_later(const struct tu_vex_claim *a, const struct tu_vex_claim *b)
{
	struct tu_csaf_instant at_a = tu_csaf_instant(a->timestamp);
	struct tu_csaf_instant at_b = tu_csaf_instant(b->timestamp);

	return at_a.known && at_b.known && tu_str_eq(a->author, b->author) &&
		tu_csaf_instant_compare(at_a, at_b) > 0;
}

/* The candidate that counts among `count` of one finding; NULL when they contradict each other. */
static const struct candidate *choose(
	const struct application *a, const struct candidate *group, size_t count)
{
	const struct candidate *best = group;

	for (size_t i = 1; i < count; i++)
		if (is_later(claim_of(a, &group[i]), claim_of(a, best)))
			best = &group[i];
	for (size_t i = 0; i < count; i++) {
		const struct tu_vex_claim *other = claim_of(a, &group[i]);
		if (other->status != claim_of(a, best)->status &&
			!is_later(claim_of(a, best), other))
			return NULL;
	}
	return best;
}

static void withdraw(
	struct application *a, const struct candidate *candidate, enum tu_vex_outcome outcome)
{
	struct tu_vex_result *result = &a->results.at[candidate->result];

	if (--result->findings == 0 || outcome == TU_VEX_AMBIGUOUS)
		result->outcome = outcome;
}

/* Statements that agree all apply; the later one is shown. */
static void settle(struct application *a, const struct candidate *group, size_t count,
	const struct candidate *best)
{
	for (size_t i = 0; i < count; i++)
		if (!best)
			withdraw(a, &group[i], TU_VEX_AMBIGUOUS);
		else if (claim_of(a, &group[i])->status != claim_of(a, best)->status)
			withdraw(a, &group[i], TU_VEX_SUPERSEDED);
}

static bool link_all(struct application *a, struct tu_vex_application *out)
{
	struct tu_vex_link *links = tu_arena_array(a->arena, a->candidates.count, sizeof(*links));
	size_t end;

	if (!links)
		return false;
	if (a->candidates.count)
		qsort(a->candidates.at, a->candidates.count, sizeof(*a->candidates.at),
			compare_candidates);
	for (size_t start = 0; start < a->candidates.count; start = end) {
		const struct candidate *group = &a->candidates.at[start], *best;
		for (end = start + 1; end < a->candidates.count &&
			a->candidates.at[end].finding == group->finding;)
			end++;
		best = choose(a, group, end - start);
		settle(a, group, end - start, best);
		if (best)
			links[out->link_count++] = (struct tu_vex_link){best->finding,
				a->results.at[best->result].document,
				a->results.at[best->result].claim};
	}
	out->links = links;
	return true;
}

static bool finish(struct application *a, struct tu_vex_application *out)
{
	struct tu_vex_result *results;

	if (!link_all(a, out))
		return false;
	results = tu_arena_array(a->arena, a->results.count, sizeof(*results));
	if (!results)
		return false;
	if (a->results.count)
		memcpy(results, a->results.at, a->results.count * sizeof(*results));
	for (size_t i = 0; i < a->results.count; i++)
		out->counts[results[i].outcome]++;
	out->results = results;
	out->result_count = a->results.count;
	return true;
}

static void run(struct application *a, size_t count, struct tu_vex_application *out)
{
	if (!index_findings(a))
		out_of(a);
	for (size_t i = 0; i < count && !a->status; i++)
		put_document(a, (uint32_t)i);
	if (!a->status && !finish(a, out))
		out_of(a);
}

enum tu_status tu_vex_apply(struct tu_arena *arena, const struct tu_vex_document *const *documents,
	size_t count, const struct tu_kb *kb, const struct tu_inventory *inventory,
	const struct tu_match_result *match, const struct tu_vex_application **out_application,
	struct tu_error *err)
{
	struct application a = {.arena = arena, .documents = documents, .kb = kb, .match = match};
	struct tu_vex_application *out = tu_arena_alloc(arena, sizeof(*out));

	a.status = out ? tu_identity_init(&a.identity, arena, inventory) : TU_E_NOMEM;
	if (a.status == TU_OK)
		run(&a, count, out);
	tu_identity_done(&a.identity);
	TU_VEC_DONE(&a.touched);
	TU_VEC_DONE(&a.results);
	TU_VEC_DONE(&a.candidates);
	if (a.status == TU_E_LIMIT)
		return tu_fail(
			err, TU_E_LIMIT, 0, "more than %d statements on findings", PAIRS_MAX);
	if (a.status)
		return tu_no_memory(err);
	*out_application = out;
	return TU_OK;
}
