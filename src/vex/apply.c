/* Putting statements to findings. */
#include <stdlib.h>

#include "base/alloc.h"
#include "csaf/csaf.h"
#include "vex/identity.h"

enum { PAIRS_MAX = 50 * 1000 * 1000 };

/* A finding by what it is about, for looking up. */
struct key {
	uint32_t vulnerability;
	uint32_t distinct;
	uint32_t finding;
};

/* A statement that would apply to a finding, or that may stand against those that would. */
struct candidate {
	uint32_t finding;
	uint32_t result;
	bool against; /* nobody knows whether it is about the finding: it clears nothing */
};

struct application {
	struct tu_arena *arena;
	const struct tu_vex_input *input;
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

static void push_candidate(struct application *a, uint32_t finding, bool against)
{
	const uint32_t result = (uint32_t)a->results.count - 1;

	if (a->candidates.count >= PAIRS_MAX)
		a->status = TU_E_LIMIT;
	else if (!TU_VEC_PUSH(&a->candidates, (struct candidate){finding, result, against}))
		out_of(a);
}

static void add_candidate(struct application *a, uint32_t finding)
{
	a->results.at[a->results.count - 1].findings++;
	push_candidate(a, finding, false);
}

/* The finding of the vulnerability in a distinct component; UINT32_MAX: there is none. */
static uint32_t finding_of(const struct application *a, uint32_t vulnerability, uint32_t distinct)
{
	size_t at = lower_bound(a, vulnerability, distinct);

	if (at == a->match->finding_count || a->keys[at].vulnerability != vulnerability ||
		a->keys[at].distinct != distinct)
		return UINT32_MAX;
	return a->keys[at].finding;
}

/* ---- what cannot be read ---- */

/* Says something else than that a finding is closed. */
static bool stands_against(const struct tu_vex_claim *claim)
{
	return claim->garbled || claim->status == TU_CLAIM_AFFECTED ||
		claim->status == TU_CLAIM_UNDER_INVESTIGATION;
}

static void oppose_all(struct application *a, uint32_t vulnerability)
{
	size_t at = lower_bound(a, vulnerability, 0);

	for (; at < a->match->finding_count && a->keys[at].vulnerability == vulnerability; at++)
		push_candidate(a, a->keys[at].finding, true);
}

static void oppose(
	struct application *a, uint32_t vulnerability, const uint32_t *components, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint32_t distinct = a->distinct_of[components[i]];
		uint32_t finding = distinct == UINT32_MAX ? UINT32_MAX
							  : finding_of(a, vulnerability, distinct);

		if (finding != UINT32_MAX)
			push_candidate(a, finding, true);
	}
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
		uint32_t finding = finding_of(a, vulnerability, distinct);
		bool all = a->matched[distinct] == a->match->distinct[distinct].component_count;
		a->matched[distinct] = 0;
		if (finding == UINT32_MAX)
			continue;
		if (all) {
			add_candidate(a, finding);
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
	if (a->identity.whole)
		return true;
	for (size_t i = 0; i < a->identity.found.count; i++)
		if (a->identity.found.at[i] == a->identity.inventory->subject)
			return true;
	return false;
}

static uint32_t vulnerability_of(const struct application *a, const struct tu_vex_claim *claim)
{
	uint32_t index = tu_kb_find(a->input->kb, claim->vulnerability);

	for (size_t i = 0; index == TU_KB_NONE && i < claim->alias_count; i++)
		index = tu_kb_find(a->input->kb, claim->aliases[i]);
	return index;
}

/* The components that `found` holds, or everything when the subject is among them. */
static enum tu_vex_outcome meet(struct application *a, const struct tu_vex_claim *claim)
{
	uint32_t vulnerability = vulnerability_of(a, claim);

	if (claim->garbled && vulnerability != TU_KB_NONE) {
		if (found_subject(a))
			oppose_all(a, vulnerability);
		else
			oppose(a, vulnerability, a->identity.found.at, a->identity.found.count);
	}
	if (claim->status == TU_CLAIM_UNSTATED)
		return TU_VEX_NO_STATUS;
	if (vulnerability == TU_KB_NONE)
		return TU_VEX_UNKNOWN_VULNERABILITY;
	return found_subject(a) ? meet_all(a, vulnerability) : meet_components(a, vulnerability);
}

/* What a statement that does not apply may be about, if it says that something is affected. */
static void doubt(
	struct application *a, const struct tu_vex_claim *claim, enum tu_vex_outcome outcome)
{
	const struct tu_identity *id = &a->identity;
	uint32_t vulnerability = stands_against(claim) ? vulnerability_of(a, claim) : TU_KB_NONE;

	if (vulnerability == TU_KB_NONE)
		return;
	if (outcome == TU_VEX_NO_PRODUCT || outcome == TU_VEX_UNREADABLE ||
		(id->lost && outcome <= TU_VEX_OTHER_DOCUMENT))
		oppose_all(a, vulnerability);
	else
		oppose(a, vulnerability, id->doubtful.at, id->doubtful.count);
}

static enum tu_vex_outcome meet_product(struct application *a, const struct tu_vex_claim *claim,
	const struct tu_vex_product *product)
{
	enum tu_vex_outcome outcome = tu_identity_find(&a->identity, product);

	doubt(a, claim, outcome);
	return outcome == TU_VEX_APPLIES ? meet(a, claim) : outcome;
}

static bool is_unreadable(enum tu_vex_outcome outcome)
{
	return outcome == TU_VEX_NO_PRODUCT || outcome == TU_VEX_UNREADABLE ||
		outcome == TU_VEX_UNREADABLE_VERSIONS;
}

/* The part is here, its whole is not: a part of another product, or of nobody knows what. */
static void doubt_whole(
	struct application *a, const struct tu_vex_claim *claim, enum tu_vex_outcome whole)
{
	uint32_t vulnerability = stands_against(claim) ? vulnerability_of(a, claim) : TU_KB_NONE;

	if (vulnerability != TU_KB_NONE && is_unreadable(whole))
		oppose(a, vulnerability, a->identity.found.at, a->identity.found.count);
}

/* A part counts where the whole is the SBOM's subject, or any component that is not its part. */
static enum tu_vex_outcome meet_parts(struct application *a, const struct tu_vex_claim *claim,
	const struct tu_vex_product *product)
{
	enum tu_vex_outcome whole = tu_identity_find(&a->identity, product), best, outcome;
	struct tu_vex_result *result = &a->results.at[a->results.count - 1];
	const bool any_whole = a->identity.all_versions;

	best = TU_VEX_NO_PRODUCT;
	for (size_t i = 0; i < product->part_count; i++) {
		outcome = tu_identity_find(&a->identity, &product->parts[i]);
		doubt(a, claim, outcome);
		if (outcome == TU_VEX_APPLIES && whole != TU_VEX_APPLIES) {
			doubt_whole(a, claim, whole);
			outcome = TU_VEX_OTHER_WHOLE;
		} else if (outcome == TU_VEX_APPLIES) {
			outcome = meet(a, claim);
		}
		if (outcome >= best) {
			best = outcome;
			result->component = a->identity.nearest;
			result->all_versions = any_whole && a->identity.all_versions;
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
		document, index, number, TU_VEX_NO_PRODUCT, TU_NO_COMPONENT, 0, false};
	enum tu_vex_outcome outcome = TU_VEX_NO_PRODUCT;

	if (!TU_VEC_PUSH(&a->results, result)) {
		out_of(a);
		return;
	}
	if (!product) {
		doubt(a, claim, outcome);
	} else if (product->part_count) {
		outcome = meet_parts(a, claim, product);
	} else {
		outcome = meet_product(a, claim, product);
		a->results.at[a->results.count - 1].component = a->identity.nearest;
		a->results.at[a->results.count - 1].all_versions = a->identity.all_versions;
	}
	a->results.at[a->results.count - 1].outcome = outcome;
	if (a->identity.status)
		out_of(a);
}

static void put_document(struct application *a, uint32_t index)
{
	const struct tu_vex_document *document = a->input->documents[index];

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

	return &a->input->documents[result->document]->claims[result->claim];
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

static bool is_trusted(const struct application *a, const struct candidate *candidate)
{
	const struct tu_vex_result *result = &a->results.at[candidate->result];

	return tu_vex_trusts(
		&a->input->trust, a->input->documents[result->document], claim_of(a, candidate));
}

/* Both close what is found, or both say the same. */
static bool agree(const struct tu_vex_claim *a, const struct tu_vex_claim *b)
{
	return a->status == b->status || (tu_claim_clears(a->status) && tu_claim_clears(b->status));
}

/* The candidate that counts among `count` of one finding and of equal trust; NULL when they
 * contradict each other, or when nobody knows what one of them says. */
static const struct candidate *choose(
	const struct application *a, const struct candidate *group, size_t count)
{
	const struct candidate *best = group;

	for (size_t i = 1; i < count; i++)
		if (is_later(claim_of(a, &group[i]), claim_of(a, best)))
			best = &group[i];
	for (size_t i = 0; i < count; i++) {
		const struct tu_vex_claim *other = claim_of(a, &group[i]);
		if ((group[i].against || !agree(other, claim_of(a, best))) &&
			!is_later(claim_of(a, best), other))
			return NULL;
	}
	return best->against ? NULL : best;
}

static void withdraw(
	struct application *a, const struct candidate *candidate, enum tu_vex_outcome outcome)
{
	struct tu_vex_result *result = &a->results.at[candidate->result];

	if (candidate->against)
		return;
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
		else if (!agree(claim_of(a, &group[i]), claim_of(a, best)))
			withdraw(a, &group[i], TU_VEX_SUPERSEDED);
}

/* Where any are trusted, these alone: they are moved to the front and *count is theirs. */
static void only_trusted(struct application *a, struct candidate *group, size_t *count)
{
	size_t trusted = 0;

	for (size_t i = 0; i < *count; i++) {
		struct candidate at = group[i];

		if (!is_trusted(a, &at))
			continue;
		memmove(&group[trusted + 1], &group[trusted], (i - trusted) * sizeof(*group));
		group[trusted++] = at;
	}
	for (size_t i = trusted; trusted && i < *count; i++)
		withdraw(a, &group[i], TU_VEX_OUTRANKED);
	*count = trusted ? trusted : *count;
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
		struct candidate *group = &a->candidates.at[start];
		const struct candidate *best;
		size_t count;
		for (end = start + 1; end < a->candidates.count &&
			a->candidates.at[end].finding == group->finding;)
			end++;
		count = end - start;
		only_trusted(a, group, &count);
		best = choose(a, group, count);
		settle(a, group, count, best);
		if (best)
			links[out->link_count++] = (struct tu_vex_link){best->finding,
				a->results.at[best->result].document,
				a->results.at[best->result].claim,
				a->results.at[best->result].all_versions};
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

static void run(struct application *a, struct tu_vex_application *out)
{
	if (!index_findings(a))
		out_of(a);
	for (size_t i = 0; i < a->input->count && !a->status; i++)
		put_document(a, (uint32_t)i);
	if (!a->status && !finish(a, out))
		out_of(a);
}

enum tu_status tu_vex_apply(struct tu_arena *arena, const struct tu_vex_input *input,
	const struct tu_vex_application **out_application, struct tu_error *err)
{
	struct application a = {.arena = arena, .input = input, .match = input->match};
	size_t refused = tu_alloc_refused();
	struct tu_vex_application *out = tu_arena_alloc(arena, sizeof(*out));

	a.status = out ? tu_identity_init(&a.identity, arena, input->inventory) : TU_E_NOMEM;
	if (a.status == TU_OK)
		run(&a, out);
	tu_identity_done(&a.identity);
	TU_VEC_DONE(&a.touched);
	TU_VEC_DONE(&a.results);
	TU_VEC_DONE(&a.candidates);
	if (a.status == TU_E_LIMIT)
		return tu_fail(
			err, TU_E_LIMIT, 0, "more than %d statements on findings", PAIRS_MAX);
	if (a.status || tu_alloc_refused() != refused)
		return tu_no_memory(err);
	*out_application = out;
	return TU_OK;
}

/* ---- before the match ---- */

struct apart {
	struct tu_arena *arena;
	TU_VEC(uint32_t) list;
};

static bool keep_apart(
	struct apart *apart, struct tu_identity *id, const struct tu_vex_product *product)
{
	if (!product->ref.len && !product->hash_count)
		return true;
	(void)tu_identity_find(id, product);
	for (size_t i = 0; i < id->found.count; i++)
		if (!TU_VEC_PUSH_IN(apart->arena, &apart->list, id->found.at[i]))
			return false;
	return true;
}

static bool keep_apart_all(
	struct apart *apart, struct tu_identity *id, const struct tu_vex_document *document)
{
	for (size_t i = 0; i < document->claim_count; i++)
		for (size_t k = 0; k < document->claims[i].product_count; k++) {
			const struct tu_vex_product *product = &document->claims[i].products[k];

			if (!keep_apart(apart, id, product))
				return false;
			for (size_t n = 0; n < product->part_count; n++)
				if (!keep_apart(apart, id, &product->parts[n]))
					return false;
		}
	return true;
}

enum tu_status tu_vex_apart(struct tu_arena *arena, const struct tu_vex_document *const *documents,
	size_t count, const struct tu_inventory *inventory, const uint32_t **out_components,
	size_t *out_count)
{
	struct apart apart = {.arena = arena};
	struct tu_identity id;
	bool fine = tu_identity_init(&id, arena, inventory) == TU_OK;

	for (size_t i = 0; i < count && fine; i++)
		fine = keep_apart_all(&apart, &id, documents[i]);
	fine = fine && id.status == TU_OK;
	tu_identity_done(&id);
	*out_components = apart.list.at;
	*out_count = apart.list.count;
	return fine ? TU_OK : TU_E_NOMEM;
}
