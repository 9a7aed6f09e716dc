/* What a piece of evidence says, for programs: the affected versions as VERS, and the fix. */
#include "base/alloc.h"
#include "kb/kb.h"
#include "match/upgrade.h"
#include "version/interval.h"

/* ---- bounds ---- */

/* "5.15.*" stands for a number above all others; VERS has no such sign, so the number is written.
 */
static bool rewrite(struct tu_intervals *set, struct tu_bound *bound)
{
	struct tu_str top = TU_STR(".4294967295");
	struct tu_str stem = bound->text;
	char *text;

	if (!tu_str_ends(stem, TU_STR("*")) && !tu_str_ends(stem, TU_STR(".x")))
		return true;
	stem = tu_str_first(stem, stem.len - 1);
	if (tu_str_ends(stem, TU_STR(".")))
		stem = tu_str_first(stem, stem.len - 1);
	text = tu_arena_text(set->arena, stem.len + top.len);
	if (!text)
		return false;
	if (stem.len)
		memcpy(text, stem.ptr, stem.len);
	memcpy(text + stem.len, top.ptr, top.len);
	bound->text = tu_str_of(text, stem.len + top.len);
	return true;
}

static bool is_placed(const struct tu_bound *bound)
{
	return bound->text.len == 0 || bound->key.len > 0;
}

static struct tu_bound turned(struct tu_bound bound)
{
	bound.inclusive = !bound.inclusive;
	return bound;
}

/* ---- the set ---- */

static bool add_span(struct tu_intervals *set, struct tu_interval interval)
{
	return rewrite(set, &interval.lo) && rewrite(set, &interval.hi) &&
		tu_intervals_add(set, interval.lo, interval.hi);
}

/* Take the interval out of the set. */
static bool cut_span(struct tu_intervals *set, struct tu_interval interval)
{
	struct tu_interval around[2];
	size_t count = 0;

	if (!rewrite(set, &interval.lo) || !rewrite(set, &interval.hi))
		return false;
	if (interval.lo.text.len)
		around[count++] = (struct tu_interval){.hi = turned(interval.lo)};
	if (interval.hi.text.len)
		around[count++] = (struct tu_interval){.lo = turned(interval.hi)};
	return tu_intervals_clip(set, around, count);
}

static bool can_cut(const struct tu_kb *kb, const struct kb_body *body)
{
	for (uint32_t i = body->first_span; i < body[1].first_span; i++) {
		struct tu_interval interval = kb_interval(kb, kb_span_at(kb, i));

		if (!is_placed(&interval.lo) || !is_placed(&interval.hi))
			return false;
	}
	return true;
}

/* Everything but what is said of other ranges. */
static bool add_default(
	const struct tu_kb *kb, const struct kb_body *body, struct tu_intervals *set)
{
	if (!tu_intervals_add(set, (struct tu_bound){0}, (struct tu_bound){0}))
		return false;
	for (uint32_t i = body->first_span; i < body[1].first_span; i++) {
		const struct kb_span *span = kb_span_at(kb, i);

		if (span->coverage != TU_COVERAGE_AFFECTED && !cut_span(set, kb_interval(kb, span)))
			return false;
	}
	return true;
}

/* False: it cannot be said, or no memory. */
static bool add_entry(const struct tu_kb *kb, const struct kb_body *body, struct tu_intervals *set)
{
	if (body->otherwise == TU_COVERAGE_AFFECTED &&
		(!can_cut(kb, body) || !add_default(kb, body, set)))
		return false;
	for (uint32_t i = body->first_span; i < body[1].first_span; i++) {
		const struct kb_span *span = kb_span_at(kb, i);

		if (span->coverage == TU_COVERAGE_AFFECTED && !add_span(set, kb_interval(kb, span)))
			return false;
	}
	return true;
}

/* The range that decided, where one did and is of affected versions; else NULL. */
static const struct kb_span *deciding_span(
	const struct tu_kb *kb, const struct tu_evidence *evidence)
{
	const struct kb_body *body = kb_body(kb, &kb->entries[evidence->entry]);
	const struct kb_span *span;

	if (evidence->span == TU_KB_NONE || evidence->verdict == TU_MATCH_NOT_AFFECTED)
		return NULL;
	span = kb_span_at(kb, body->first_span + evidence->span);
	return span->coverage == TU_COVERAGE_AFFECTED ? span : NULL;
}

/* Only the range that decided, where there is one. */
static bool add_evidence(
	const struct tu_kb *kb, const struct tu_evidence *evidence, struct tu_intervals *set)
{
	const struct kb_span *span = deciding_span(kb, evidence);

	return span ? add_span(set, kb_interval(kb, span))
		    : add_entry(kb, kb_body(kb, &kb->entries[evidence->entry]), set);
}

/* ---- as text ---- */

/* Instead of what `out` has from `start` on; returns what was written. NULL: it cannot be said, or
 * no memory. */
static const struct tu_range *write_set(struct tu_intervals *set, struct tu_buf *out, size_t start)
{
	const struct tu_range *range = tu_intervals_range(set);

	out->len = start;
	if (!range)
		return NULL;
	tu_range_write(range, out);
	return out->failed ? NULL : range;
}

/* Give an end of an interval the key of its text, which need not be the one that is stored. False:
 * its text is not the knowledge base's, has no key, or no memory. */
static bool key_end(struct kb_versions *versions, enum tu_scheme scheme, struct tu_bound *bound)
{
	struct version_keys *named;
	uint32_t text;

	if (bound->text.len == 0)
		return true;
	if (!kb_offset(versions->kb, bound->text, &text))
		return false;
	named = tu_match__named_version(versions, text);
	if (!named)
		return false;
	bound->key = tu_match__version_key(versions->arena, named, scheme);
	return bound->key.len > 0;
}

/* Neither end of the gap between two intervals is open, and something lies in it. */
static bool are_apart(const struct tu_interval *before, const struct tu_interval *next)
{
	return before->hi.text.len && next->lo.text.len &&
		tu_str_cmp(before->hi.key, next->lo.key) < 0;
}

/* What parsing the text and testing it would answer, where its intervals are in order and apart:
 * from the table of keys. False: it must be asked. */
static bool answer_by_keys(struct kb_versions *versions, const struct tu_range *range,
	const struct tu_evidence *evidence, enum tu_verdict *out_answer)
{
	struct version_keys *installed = tu_match__installed_version(versions, evidence->version);
	struct tu_interval before, one = {0};
	struct tu_str key;

	if (!installed || range->count == 0)
		return false;
	key = tu_match__version_key(versions->own, installed, range->scheme);
	*out_answer = TU_OUTSIDE;
	for (size_t i = 0; i < range->count; i++) {
		before = one;
		one = range->intervals[i];
		if (!key_end(versions, range->scheme, &one.lo) ||
			!key_end(versions, range->scheme, &one.hi) || tu_interval_is_empty(&one) ||
			(i > 0 && !are_apart(&before, &one)))
			return false;
		if (tu_interval_test(&one, evidence->version, key) == TU_INSIDE)
			*out_answer = TU_INSIDE;
	}
	return key.len > 0;
}

/* The text, as who reads it will be answered. */
static enum tu_verdict answer(struct kb_versions *versions, const struct tu_range *written,
	struct tu_str vers, const struct tu_evidence *evidence)
{
	const struct tu_range *range;
	enum tu_verdict inside;

	if (answer_by_keys(versions, written, evidence, &inside))
		return inside;
	if (tu_range_parse(versions->scratch, vers, &range, NULL))
		return TU_UNDECIDED;
	return tu_range_test(range, evidence->version);
}

/* What is written must not contradict the verdict: an affected version is in it (an update of a
 * version that is in it is written beside it), one that is not affected is not. */
static void write_agreeing(struct kb_versions *versions, struct tu_intervals *set,
	const struct tu_evidence *evidence, struct tu_buf *out)
{
	size_t start = out->len;
	struct tu_str version = evidence->version;
	struct tu_bound point;
	bool affected = evidence->verdict == TU_MATCH_AFFECTED;
	enum tu_verdict inside;
	const struct tu_range *written = write_set(set, out, start);

	if (!written || evidence->verdict == TU_MATCH_UNDECIDED || !version.len)
		return;
	inside = answer(versions, written, tu_str_from(tu_buf_str(out), start), evidence);
	if (affected && inside != TU_INSIDE) {
		if (!tu_bound_make(set->arena, set->scheme, version, true, &point) ||
			!tu_intervals_add(set, point, point))
			return;
		written = write_set(set, out, start);
		if (!written)
			return;
		inside = answer(versions, written, tu_str_from(tu_buf_str(out), start), evidence);
	}
	if ((inside == TU_INSIDE) != affected)
		out->len = start;
}

static struct tu_intervals set_of(const struct tu_kb *kb, struct tu_arena *arena, uint32_t entry)
{
	return (struct tu_intervals){
		.arena = arena, .scheme = (enum tu_scheme)kb_body(kb, &kb->entries[entry])->scheme};
}

/* ---- kept ---- */

/* What the answer follows from, but for its text; the range that decided is shared by many
 * bodies. */
static struct kept_vers question_of(const struct tu_kb *kb, const struct tu_evidence *evidence)
{
	const struct kb_body *body = kb_body(kb, &kb->entries[evidence->entry]);
	const struct kb_span *span = deciding_span(kb, evidence);

	return (struct kept_vers){.used = true,
		.by_span = span != NULL,
		.verdict = (uint8_t)evidence->verdict,
		.scheme = body->scheme,
		.row = (uint32_t)(span ? span - kb->spans : body - kb->bodies)};
}

/* Where the answer is kept. NULL: no memory. */
static struct kept_vers *place_of(struct kb_versions *versions, const struct kept_vers *question)
{
	uint32_t mixed = (question->row * 2 + question->by_span) * UINT32_C(0x9e3779b9);

	if (!versions->kept)
		versions->kept = tu_alloc(VERS_KEPT, sizeof(*versions->kept));
	return versions->kept ? &versions->kept[(mixed >> 16) % VERS_KEPT] : NULL;
}

static bool answers(
	const struct kept_vers *kept, const struct kept_vers *question, struct tu_str version)
{
	return kept->used && kept->by_span == question->by_span &&
		kept->verdict == question->verdict && kept->scheme == question->scheme &&
		kept->row == question->row &&
		tu_str_eq(tu_str_of(kept->text, kept->version_len), version);
}

static void keep(struct kept_vers *kept, const struct kept_vers *question, struct tu_str version,
	struct tu_str vers)
{
	if (version.len > sizeof(kept->text) || vers.len > sizeof(kept->text) - version.len)
		return;
	*kept = *question;
	kept->version_len = (uint8_t)version.len;
	kept->vers_len = (uint8_t)vers.len;
	if (version.len)
		memcpy(kept->text, version.ptr, version.len);
	if (vers.len)
		memcpy(kept->text + version.len, vers.ptr, vers.len);
}

static void compose(
	struct kb_versions *versions, const struct tu_evidence *evidence, struct tu_buf *out)
{
	struct tu_intervals set = set_of(versions->kb, versions->scratch, evidence->entry);

	tu_arena_reset(versions->scratch);
	if (add_evidence(versions->kb, evidence, &set) && set.list.count > 0)
		write_agreeing(versions, &set, evidence, out);
}

void tu_match__vers(
	struct kb_versions *versions, const struct tu_evidence *evidence, struct tu_buf *out)
{
	struct kept_vers question = question_of(versions->kb, evidence);
	struct kept_vers *kept = place_of(versions, &question);
	size_t start = out->len;

	if (kept && answers(kept, &question, evidence->version)) {
		tu_buf_add(out, kept->text + kept->version_len, kept->vers_len);
		return;
	}
	compose(versions, evidence, out);
	if (kept && !out->failed)
		keep(kept, &question, evidence->version, tu_str_from(tu_buf_str(out), start));
}

struct tu_str tu_match__evidence_fix(
	struct kb_versions *versions, const struct tu_evidence *evidence)
{
	const struct tu_finding finding = {.evidence = evidence, .evidence_count = 1};

	return tu_match__fix(versions, &finding);
}

/* ---- of one piece alone ---- */

void tu_evidence_vers(
	const struct tu_kb *kb, const struct tu_evidence *evidence, struct tu_buf *out)
{
	size_t refused = tu_alloc_refused();
	struct kb_versions versions;

	if (tu_match__versions_init(&versions, kb))
		tu_match__vers(&versions, evidence, out);
	tu_match__versions_done(&versions);
	out->failed = out->failed || tu_alloc_refused() != refused;
}

void tu_kb_entry_vers(const struct tu_kb *kb, uint32_t entry, struct tu_buf *out)
{
	size_t refused = tu_alloc_refused();
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_intervals set = set_of(kb, arena, entry);

	if (arena && add_entry(kb, kb_body(kb, &kb->entries[entry]), &set) && set.list.count > 0)
		(void)write_set(&set, out, out->len);
	tu_arena_free(arena);
	out->failed = out->failed || tu_alloc_refused() != refused;
}

struct tu_str tu_evidence_fix(const struct tu_kb *kb, const struct tu_evidence *evidence)
{
	struct kb_versions versions;
	struct tu_str fix = {"", 0};

	if (tu_match__versions_init(&versions, kb))
		fix = tu_match__evidence_fix(&versions, evidence);
	tu_match__versions_done(&versions);
	return fix;
}
