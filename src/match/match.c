#include <tutela/match.h>
#include <tutela/sbom_blank.h>

#include <stdlib.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "match/distro.h"
#include "match/engine.h"
#include "match/kernel_word.h"
#include "match/lifecycle.h"
#include "match/reason.h"
#include "match/upgrade.h"
#include "match/weigh.h"

#define SCRATCH_MAX ((size_t)1 << 30)

struct run {
	struct tu_arena *arena;
	const struct tu_inventory *inventory;
	const struct tu_match_options *options;
	struct engine engine;
	struct inventory_distro distro;
	struct lifecycles lifecycles;
	TU_VEC(struct tu_finding) findings;
	TU_VEC(struct tu_distinct) distinct;
	uint32_t *distinct_of; /* component -> distinct */
	bool *spoken_of; /* component -> something is stated about it alone */
	struct tu_match_counts counts;
	struct tu_str copied_from; /* the last text of the scratch arena that was copied … */
	struct tu_str copied_to; /* … and its copy */
	struct kernel_word kernel;
	struct kb_versions versions;
};

/* ---- distinct components ---- */

static void add_part(struct tu_buf *key, struct tu_str part)
{
	tu_buf_str_add(key, part);
	tu_buf_byte(key, '\0');
}

/* What a statement names by its reference is kept apart from what is alike. */
static void mark_spoken_of(struct run *r)
{
	for (uint32_t i = 0; i < r->inventory->component_count; i++)
		r->spoken_of[i] = r->inventory->components[i].resolved_count > 0;
	for (size_t i = 0; i < r->inventory->claim_count; i++) {
		const struct tu_vex_claim *claim = &r->inventory->claims[i];

		for (size_t k = 0; k < claim->product_count; k++)
			for (size_t n = 0; n < claim->products[k].component_count; n++)
				r->spoken_of[claim->products[k].components[n]] = true;
	}
	for (size_t i = 0; i < r->options->apart_count; i++)
		r->spoken_of[r->options->apart[i]] = true;
}

static void compose_key(const struct run *r, uint32_t index, struct tu_buf *key)
{
	const struct tu_component *c = &r->inventory->components[index];

	add_part(key, c->purl);
	add_part(key, c->group);
	add_part(key, c->name);
	add_part(key, c->version);
	tu_buf_byte(key, (char)c->kind);
	for (size_t i = 0; i < c->cpe_count; i++)
		add_part(key, c->cpes[i]);
	if (r->spoken_of[index])
		tu_buf_add(key, &index, sizeof(index));
}

static bool matches_option(const struct run *r, const struct tu_component *c)
{
	struct tu_str wanted = tu_str_c(r->options->only_component);
	size_t at = tu_str_rfind(wanted, '@');

	if (!wanted.ptr)
		return true;
	if (tu_str_eq(wanted, c->name) || tu_str_eq(wanted, c->purl) || tu_str_eq(wanted, c->ref))
		return true;
	if (at < wanted.len && tu_str_eq(tu_str_first(wanted, at), c->name) &&
		tu_str_eq(tu_str_from(wanted, at + 1), c->version))
		return true;
	/* A purl without version or qualifiers names all versions. */
	return tu_str_starts(wanted, TU_STR("pkg:")) && c->purl.len > wanted.len &&
		tu_str_starts(c->purl, wanted) && strchr("@?#", c->purl.ptr[wanted.len]);
}

/* Some components whose keys follow each other, looked up together: in a large portfolio
 * each look-up alone is a wait for memory. */
enum { BATCH = 16 };

struct batch {
	struct tu_buf keys;
	size_t count;
	uint32_t component[BATCH];
	size_t end[BATCH]; /* of the key */
};

static struct tu_str batch_key(const struct batch *batch, size_t i)
{
	size_t start = i ? batch->end[i - 1] : 0;

	return tu_str_of(batch->keys.ptr + start, batch->end[i] - start);
}

static bool add_distinct(struct run *r, uint32_t component, uint32_t id)
{
	const struct tu_component *c = &r->inventory->components[component];

	r->distinct_of[component] = id;
	if (id == r->distinct.count &&
		!TU_VEC_PUSH(&r->distinct,
			(struct tu_distinct){.first = component,
				.identified = tu_component_is_identified(c),
				.excluded = true}))
		return false;
	r->distinct.at[id].component_count++;
	r->distinct.at[id].excluded &= c->scope == TU_SCOPE_EXCLUDED;
	r->counts.components++;
	return true;
}

static bool look_up(struct run *r, struct tu_intern *keys, struct batch *batch)
{
	uint32_t foreseen[BATCH];
	uint32_t id;

	if (batch->keys.failed)
		return false;
	for (size_t i = 0; i < batch->count; i++)
		foreseen[i] = tu_intern_foresee(keys, batch_key(batch, i));
	for (size_t i = 0; i < batch->count; i++)
		tu_intern_fetch(keys, foreseen[i]);
	for (size_t i = 0; i < batch->count; i++) {
		if (!tu_intern_add(keys, batch_key(batch, i), &id) ||
			!add_distinct(r, batch->component[i], id))
			return false;
	}
	batch->count = 0;
	tu_buf_clear(&batch->keys);
	return true;
}

static bool find_distinct(
	struct run *r, struct tu_intern *keys, struct batch *batch, uint32_t component)
{
	r->distinct_of[component] = KB_NONE;
	if (!matches_option(r, &r->inventory->components[component]))
		return true;
	compose_key(r, component, &batch->keys);
	batch->component[batch->count] = component;
	batch->end[batch->count++] = batch->keys.len;
	return batch->count < BATCH || look_up(r, keys, batch);
}

/* Lists of components, one a distinct component, out of one array. */
static bool list_components(struct run *r)
{
	uint32_t *lists = tu_arena_array(r->arena, r->counts.components, sizeof(*lists));
	uint32_t **next = tu_arena_array(r->arena, r->distinct.count, sizeof(*next));

	if (!lists || !next)
		return false;
	for (size_t i = 0; i < r->distinct.count; i++) {
		r->distinct.at[i].components = next[i] = lists;
		lists += r->distinct.at[i].component_count;
	}
	for (uint32_t i = 0; i < r->inventory->component_count; i++) {
		if (r->distinct_of[i] != KB_NONE)
			*next[r->distinct_of[i]]++ = i;
	}
	return true;
}

static bool find_all_distinct(struct run *r)
{
	struct tu_intern *keys = tu_intern_new((size_t)4 << 30);
	struct batch batch = {0};
	bool ok = keys != NULL;

	tu_buf_init(&batch.keys, (size_t)1 << 30);
	for (uint32_t i = 0; ok && i < r->inventory->component_count; i++)
		ok = find_distinct(r, keys, &batch, i);
	ok = ok && look_up(r, keys, &batch);
	tu_buf_done(&batch.keys);
	tu_intern_free(keys);
	r->counts.distinct = r->distinct.count;
	return ok && list_components(r);
}

/* ---- from evidence to a finding ---- */

/* Texts that were composed for this component live in the scratch arena: copy them, each once for
 * a run of evidence that shares it. */
static bool keep_text(struct run *r, struct tu_str *text)
{
	if (text->ptr != r->copied_from.ptr || text->len != r->copied_from.len) {
		r->copied_from = *text;
		if (!tu_arena_dup(r->arena, *text, &r->copied_to))
			return false;
	}
	*text = r->copied_to;
	return true;
}

static bool keep_texts(struct run *r, struct tu_evidence *evidence, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!keep_text(r, &evidence[i].identifier))
			return false;
	}
	for (size_t i = 0; i < count; i++) {
		if (!keep_text(r, &evidence[i].version))
			return false;
	}
	return true;
}

static bool keep_evidence(
	struct run *r, struct tu_evidence *group, size_t count, struct tu_finding *finding)
{
	struct tu_evidence *kept = tu_arena_array(r->arena, count, sizeof(*kept));
	size_t at = 0;

	if (!kept)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (group[i].decisive)
			kept[at++] = group[i];
	}
	for (size_t i = 0; i < count; i++) {
		if (!group[i].decisive)
			kept[at++] = group[i];
	}
	finding->evidence = kept;
	finding->evidence_count = count;
	return keep_texts(r, kept, count);
}

static void count_finding(struct run *r, const struct tu_finding *finding)
{
	switch (finding->verdict) {
	case TU_MATCH_AFFECTED:
		r->counts.affected++;
		break;
	case TU_MATCH_UNDECIDED:
		r->counts.undecided++;
		break;
	case TU_MATCH_NOT_AFFECTED:
		r->counts.not_affected++;
		break;
	}
}

static bool conclude(struct run *r, uint32_t distinct, struct tu_evidence *group, size_t count)
{
	struct tu_evidence *decider;
	struct tu_finding finding;
	struct tu_str not_built = {"", 0};
	bool open;

	tu_match__weigh_names(group, count);
	decider = tu_match__deciding(group, count);
	open = decider->verdict != TU_MATCH_NOT_AFFECTED;
	finding = (struct tu_finding){.distinct = distinct,
		.vulnerability = group->vulnerability,
		.verdict = decider->verdict,
		.reason = decider->reason};

	if (open && !tu_match__kernel_word(&r->kernel, group, count, &not_built))
		return false;
	decider->decisive = true;
	if (open && not_built.len) {
		finding.verdict = TU_MATCH_NOT_AFFECTED;
		finding.reason = TU_WHY_NOT_BUILT;
		finding.statement = not_built;
	}
	if ((!open || tu_match__reason_kinds[finding.reason].quiet) && !r->options->keep_all)
		return true;
	count_finding(r, &finding);
	if (!keep_evidence(r, group, count, &finding))
		return false;
	finding.fixed = tu_match__fix(&r->versions, &finding);
	return TU_VEC_PUSH(&r->findings, finding);
}

static bool conclude_all(struct run *r, uint32_t distinct)
{
	struct tu_evidence *all = r->engine.evidence.at;
	size_t count = r->engine.evidence.count;

	if (count > 1)
		qsort(all, count, sizeof(*all), tu_match__compare_evidence);
	for (size_t first = 0; first < count;) {
		size_t end = first + 1;

		while (end < count && all[end].vulnerability == all[first].vulnerability)
			end++;
		if (!conclude(r, distinct, all + first, end - first))
			return false;
		first = end;
	}
	return true;
}

/* ---- the run ---- */

static bool examine(struct run *r, uint32_t distinct)
{
	struct tu_distinct *d = &r->distinct.at[distinct];
	struct identity id;
	bool ok;

	tu_arena_reset(r->engine.scratch);
	r->copied_from = (struct tu_str){NULL, 0};
	if (!tu_match__identify(
		    r->engine.scratch, &r->inventory->components[d->first], &r->distro, &id))
		return false;
	d->first_finding = r->findings.count;
	r->kernel.stated.architecture =
		id.has_purl ? tu_purl_qualifier(&id.purl, TU_STR("arch")) : (struct tu_str){"", 0};
	ok = tu_match__examine(&r->engine, &id) && conclude_all(r, distinct) &&
		tu_match__lifecycle_of_distro(&r->lifecycles, r->engine.kb, id.distro, distinct) &&
		tu_match__lifecycle_of_component(&r->lifecycles, r->engine.kb, &id, distinct);
	d->known = r->engine.known;
	d->platform = r->engine.platform_asked;
	d->finding_count = r->findings.count - d->first_finding;
	r->counts.unknown += d->identified && !d->known;
	ok = ok && tu_match__note_uncovered(&r->engine, r->arena, id.distro);
	r->counts.unidentified += !d->identified;
	return ok;
}

static bool mark_wanted(struct run *r)
{
	const struct tu_match_options *options = r->options;
	uint8_t *bits;

	if (!options->only_vulnerabilities)
		return true;
	bits = tu_arena_array(
		r->arena, (size_t)tu_kb__rows(r->engine.kb, KB_VULNERABILITIES) / 8 + 1, 1);
	for (size_t i = 0; bits && i < options->only_count; i++)
		bits[options->only_vulnerabilities[i] / 8] |=
			(uint8_t)(1u << (options->only_vulnerabilities[i] % 8));
	r->engine.wanted = bits;
	return bits != NULL;
}

static bool run_all(struct run *r)
{
	size_t components = r->inventory->component_count;

	r->distinct_of = tu_arena_array(r->arena, components, sizeof(*r->distinct_of));
	r->spoken_of = tu_arena_array(r->arena, components, sizeof(*r->spoken_of));
	r->engine.scratch = tu_arena_new(SCRATCH_MAX);
	if (!mark_wanted(r))
		return false;
	r->engine.platforms =
		tu_arena_array(r->arena, PLATFORMS_KEPT, sizeof(*r->engine.platforms));
	r->engine.names = tu_arena_array(r->arena, NAMES_KEPT, sizeof(*r->engine.names));
	r->engine.judged = tu_arena_array(r->arena, JUDGED_KEPT, sizeof(*r->engine.judged));
	if (!r->distinct_of || !r->spoken_of || !r->engine.scratch || !r->engine.platforms ||
		!r->engine.names || !r->engine.judged ||
		!tu_match__versions_init(&r->versions, r->engine.kb))
		return false;
	mark_spoken_of(r);
	if (!find_all_distinct(r))
		return false;
	if (!r->options->only_component) {
		r->engine.distinct = r->distinct.at;
		r->engine.distinct_count = r->distinct.count;
	}
	for (uint32_t i = 0; i < r->distinct.count; i++) {
		if (!examine(r, i))
			return false;
	}
	r->counts.candidates = r->engine.candidates;
	return true;
}

static bool hand_over(struct run *r, const struct tu_match_result **out_result)
{
	struct tu_match_result *result = tu_arena_alloc(r->arena, sizeof(*result));
	struct tu_distinct *distinct =
		tu_arena_array(r->arena, r->distinct.count, sizeof(*distinct));
	struct tu_finding *findings =
		tu_arena_array(r->arena, r->findings.count, sizeof(*findings));

	struct tu_supported_release *releases =
		tu_arena_array(r->arena, r->lifecycles.releases.count, sizeof(*releases));
	struct tu_str *uncovered =
		tu_arena_array(r->arena, r->engine.uncovered.count, sizeof(*uncovered));

	if (!result || !distinct || !findings || !releases || !uncovered)
		return false;
	if (r->engine.uncovered.count)
		memcpy(uncovered, r->engine.uncovered.at,
			r->engine.uncovered.count * sizeof(*uncovered));
	if (r->lifecycles.releases.count)
		memcpy(releases, r->lifecycles.releases.at,
			r->lifecycles.releases.count * sizeof(*releases));
	if (r->distinct.count)
		memcpy(distinct, r->distinct.at, r->distinct.count * sizeof(*distinct));
	if (r->findings.count)
		memcpy(findings, r->findings.at, r->findings.count * sizeof(*findings));
	*result = (struct tu_match_result){.distinct = distinct,
		.distinct_count = r->distinct.count,
		.findings = findings,
		.finding_count = r->findings.count,
		.releases = releases,
		.release_count = r->lifecycles.releases.count,
		.uncovered = uncovered,
		.uncovered_count = r->engine.uncovered.count,
		.counts = r->counts,
		.distro = r->distro.text,
		.kernel_note = tu_str_c(r->kernel.note ? r->kernel.note : "")};
	*out_result = result;
	return true;
}

static void done(struct run *r)
{
	TU_VEC_DONE(&r->lifecycles.releases);
	TU_VEC_DONE(&r->findings);
	TU_VEC_DONE(&r->engine.uncovered);
	TU_VEC_DONE(&r->distinct);
	TU_VEC_DONE(&r->engine.evidence);
	TU_VEC_DONE(&r->engine.visited);
	tu_match__versions_done(&r->versions);
	tu_intern_free(r->engine.present);
	tu_arena_free(r->engine.scratch);
}

enum tu_status tu_match(struct tu_arena *arena, const struct tu_kb *kb,
	const struct tu_inventory *inventory, const struct tu_match_options *options,
	const struct tu_match_result **out_result, struct tu_error *err)
{
	static const struct tu_match_options defaults;
	struct run r = {.arena = arena,
		.inventory = inventory,
		.options = options ? options : &defaults,
		.engine = {.kb = kb, .inventory = inventory, .only_vulnerability = KB_NONE}};
	const struct tu_match_result *result = NULL;
	size_t refused = tu_alloc_refused();
	enum tu_status status = TU_OK;

	r.engine.keep_all = r.options->keep_all;
	r.kernel = (struct kernel_word){.arena = arena, .kb = kb, .build = r.options->kernel};
	if (r.options->only_id) {
		r.engine.only_vulnerability = tu_kb_find(kb, tu_str_c(r.options->only_id));
		if (r.engine.only_vulnerability == TU_KB_NONE)
			return tu_fail(err, TU_E_NOTFOUND, 0,
				"the knowledge base has no vulnerability %s", r.options->only_id);
	}
	if (!tu_match__inventory_distro(arena, inventory, &r.distro) ||
		!tu_match__lifecycle_of_distro(&r.lifecycles, kb, r.distro.text, TU_KB_NONE) ||
		!run_all(&r) || !hand_over(&r, &result))
		status = tu_no_memory(err);
	else if (r.options->only_component && r.distinct.count == 0)
		status = tu_fail(err, TU_E_NOTFOUND, 0, "the SBOM has no component %s",
			r.options->only_component);
	done(&r);
	status = tu_alloc_settle(refused, status, err);
	if (status == TU_OK)
		*out_result = result;
	return status;
}
