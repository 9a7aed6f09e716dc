#include "match/upgrade.h"

#include "match/judge.h"
#include "match/reason.h"
#include "version/key.h"

/* ---- the entries that have a say ---- */

/* A record has a say when it is as strong as the deciding one and about this component. */
static bool has_a_say(const struct tu_finding *finding, const struct tu_evidence *evidence)
{
	return tu_match__class(evidence->by) == tu_match__class(finding->evidence[0].by) &&
		tu_match__reason_kinds[evidence->reason].votes;
}

/* Entries of one record about one package or product are neighbours. */
static bool are_neighbours(
	const struct tu_evidence *a, const struct tu_evidence *b, uint32_t products)
{
	return a->advisory == b->advisory && a->owner == b->owner &&
		(a->entry < products) == (b->entry < products);
}

static struct kb_slice neighbours(const struct tu_kb *kb, const struct tu_evidence *evidence)
{
	struct kb_slice all = tu_kb__owner_entries(kb, evidence->entry, evidence->owner);
	struct kb_slice slice = {evidence->entry, evidence->entry + 1};
	const struct kb_entry *row = &kb->entries[evidence->entry];

	while (slice.first > all.first && row[-1].advisory == row->advisory &&
		row[-1].vulnerability == row->vulnerability) {
		row--;
		slice.first--;
	}
	row = &kb->entries[evidence->entry];
	while (slice.end < all.end && row[1].advisory == row->advisory &&
		row[1].vulnerability == row->vulnerability) {
		row++;
		slice.end++;
	}
	return slice;
}

/* Is the character at `at` a separator, not a part of a value? */
static bool separates(struct tu_str name, size_t at)
{
	size_t before = at;

	while (before > 0 && name.ptr[before - 1] == '\\')
		before--;
	return name.ptr[at] == ':' && (at - before) % 2 == 0;
}

/* A CPE name from the attribute after the update on: the last six, which are shorter than what is
 * before them. */
static struct tu_str after_update(struct tu_str name)
{
	size_t left = 6;
	size_t i = name.len;

	if (name.len == 0)
		return TU_STR("*:*:*:*:*:*");
	while (i > 0 && left > 0)
		left -= separates(name, --i);
	return tu_str_from(name, left ? 0 : i + 1);
}

/* What an entry that met the component is about: a distribution, or a CPE name. */
struct subject {
	uint32_t detail;
	struct tu_str rest; /* of the CPE name, after the update; NULL: not looked at yet */
	uint32_t other; /* the detail that it was last compared with, 0: none; */
	bool same; /* do they differ in the update alone? */
};

static struct subject subject_of(const struct tu_kb *kb, uint32_t entry)
{
	return (struct subject){.detail = kb_body(kb, &kb->entries[entry])->detail};
}

/* The update belongs to the version, and another version is asked about. Entries that follow each
 * other mostly have the same name. */
static bool differ_in_update(const struct tu_kb *kb, struct subject *subject, uint32_t detail)
{
	if (subject->other == detail)
		return subject->same;
	if (!subject->rest.ptr)
		subject->rest = after_update(kb_str(kb, subject->detail));
	subject->other = detail;
	subject->same = tu_str_eq(after_update(kb_str(kb, detail)), subject->rest);
	return subject->same;
}

/* Is entry `at` about the subject: the same distribution, edition and platform? */
static bool speaks(const struct tu_kb *kb, uint32_t at, struct subject *subject)
{
	const struct kb_entry *row = &kb->entries[at];
	const struct kb_body *body = kb_body(kb, row);
	bool product = at >= kb->package_entries;

	if ((row->body & KB_WITHDRAWN) ||
		(product && (!(body->flags & KB_VULNERABLE) || (body->flags & KB_NEGATE))))
		return false;
	return body->detail == 0 || body->detail == subject->detail ||
		(product && differ_in_update(kb, subject, body->detail));
}

/* Was the run of entries that evidence `index` is in asked for an earlier piece? */
static bool was_asked(const struct tu_kb *kb, const struct tu_finding *finding, size_t index)
{
	for (size_t i = 0; i < index; i++) {
		struct subject subject;

		if (!has_a_say(finding, &finding->evidence[i]) ||
			!are_neighbours(&finding->evidence[i], &finding->evidence[index],
				kb->package_entries))
			continue;
		subject = subject_of(kb, finding->evidence[i].entry);
		if (speaks(kb, finding->evidence[index].entry, &subject))
			return true;
	}
	return false;
}

/* True when `ask` says so of any entry that has a say in the finding. */
static bool any_entry(const struct tu_kb *kb, const struct tu_finding *finding,
	bool (*ask)(void *context, uint32_t entry), void *context)
{
	for (size_t i = 0; i < finding->evidence_count; i++) {
		struct kb_slice slice;
		struct subject subject;

		if (!has_a_say(finding, &finding->evidence[i]) || was_asked(kb, finding, i))
			continue;
		slice = neighbours(kb, &finding->evidence[i]);
		subject = subject_of(kb, finding->evidence[i].entry);
		for (uint32_t at = slice.first; at < slice.end; at++)
			if (speaks(kb, at, &subject) && ask(context, at))
				return true;
	}
	return false;
}

/* ---- which versions are fixes ---- */

struct fixes {
	const struct tu_kb *kb;
	bool (*visit)(void *context, uint32_t version, enum tu_scheme scheme);
	void *context;
};

static bool visit_stops(const struct fixes *fixes, uint32_t version, const struct kb_body *body)
{
	return version && !fixes->visit(fixes->context, version, (enum tu_scheme)body->scheme);
}

static bool visit_entry(void *context, uint32_t entry)
{
	const struct fixes *fixes = context;
	const struct kb_body *body = kb_body(fixes->kb, &fixes->kb->entries[entry]);

	for (uint32_t i = body->first_span; i < body[1].first_span; i++) {
		const struct kb_span *span = kb_span_at(fixes->kb, i);

		if (span->coverage == TU_COVERAGE_AFFECTED && !(span->flags & KB_HI_INCLUSIVE) &&
			visit_stops(fixes, span->hi_text, body))
			return true;
		if (span->coverage == TU_COVERAGE_UNAFFECTED && (span->flags & KB_LO_INCLUSIVE) &&
			visit_stops(fixes, span->lo_text, body))
			return true;
	}
	return visit_stops(fixes, body->fixed, body);
}

bool tu_match__each_fix(const struct tu_kb *kb, const struct tu_finding *finding,
	bool (*visit)(void *context, uint32_t version, enum tu_scheme scheme), void *context)
{
	struct fixes fixes = {.kb = kb, .visit = visit, .context = context};

	return !any_entry(kb, finding, visit_entry, &fixes);
}

/* ---- whether a version is affected ---- */

struct trial {
	struct judge judge;
	struct version_keys *version;
};

static enum tu_match_verdict verdict_of(const struct trial *trial, uint32_t entry)
{
	const struct tu_kb *kb = trial->judge.kb;
	struct outcome outcome =
		tu_match__judge(&trial->judge, kb_body(kb, &kb->entries[entry]), trial->version);

	return tu_match__reason_kinds[outcome.reason].verdict;
}

static bool is_not_cleared(void *context, uint32_t entry)
{
	return verdict_of(context, entry) != TU_MATCH_NOT_AFFECTED;
}

static bool is_affected(void *context, uint32_t entry)
{
	return verdict_of(context, entry) == TU_MATCH_AFFECTED;
}

bool tu_match__remains(const struct tu_kb *kb, struct tu_arena *arena,
	const struct tu_finding *finding, struct version_keys *version)
{
	struct trial trial = {.judge = {kb, arena}, .version = version};

	return finding->evidence_count == 0 || any_entry(kb, finding, is_not_cleared, &trial);
}

/* ---- the fix that is shown ---- */

struct search {
	struct kb_versions *versions;
	const struct tu_finding *finding;
	struct version_keys *installed;
	struct version_keys *best; /* NULL: none so far */
};

static bool is_less(struct search *search, struct version_keys *a, struct version_keys *b,
	enum tu_scheme scheme)
{
	struct tu_arena *arena = search->versions->arena;
	struct tu_str key_a, key_b;

	if (!tu_version__keys_decide(scheme))
		return tu_version_compare(scheme, a->text, b->text) == TU_LESS;
	key_a = tu_match__version_key(arena, a, scheme);
	key_b = tu_match__version_key(arena, b, scheme);
	return key_a.len && key_b.len && tu_str_cmp(key_a, key_b) < 0;
}

/* Above what is installed, and below the best that is known. */
static bool is_better(struct search *search, struct version_keys *version, enum tu_scheme scheme)
{
	struct kb_versions *versions = search->versions;
	struct tu_str installed = tu_match__version_key(versions->own, search->installed, scheme);
	struct tu_str key = tu_match__version_key(versions->arena, version, scheme);

	return installed.len && key.len && tu_str_cmp(key, installed) > 0 &&
		(!search->best || is_less(search, version, search->best, scheme));
}

static bool try_fix(void *context, uint32_t text, enum tu_scheme scheme)
{
	struct search *search = context;
	struct kb_versions *versions = search->versions;
	struct trial trial = {.judge = {versions->kb, versions->arena},
		.version = tu_match__named_version(versions, text)};

	if (!trial.version)
		return false;
	if (is_better(search, trial.version, scheme) &&
		!any_entry(versions->kb, search->finding, is_affected, &trial))
		search->best = trial.version;
	return true;
}

struct tu_str tu_match__fix(struct kb_versions *versions, const struct tu_finding *finding)
{
	const struct tu_evidence *decider = finding->evidence;
	const struct tu_kb *kb = versions->kb;
	struct search search = {.versions = versions, .finding = finding};

	/* The fix of another release or stream fixes nothing here. */
	if (decider->verdict == TU_MATCH_NOT_AFFECTED ||
		decider->reason == TU_WHY_RELEASE_NO_DATA ||
		decider->reason == TU_WHY_NOT_COVERED || decider->reason == TU_WHY_ORIGIN_CLEARS ||
		decider->reason == TU_WHY_OTHER_STREAM)
		return (struct tu_str){"", 0};
	/* Nothing is installed that it could be below. */
	if (decider->version.len == 0)
		return kb_str(kb, kb_body(kb, &kb->entries[decider->entry])->fixed);
	search.installed = tu_match__installed_version(versions, decider->version);
	if (!search.installed || !tu_match__each_fix(kb, finding, try_fix, &search) || !search.best)
		return (struct tu_str){"", 0};
	return search.best->text;
}
