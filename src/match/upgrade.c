#include "match/upgrade.h"

#include "match/judge.h"
#include "match/reason.h"

/* ---- the entries that have a say ---- */

/* A record has a say when it is as strong as the deciding one and about this component. */
static bool has_a_say(const struct tu_finding *finding, const struct tu_evidence *evidence)
{
	return tu_match__class(evidence->by) == tu_match__class(finding->evidence[0].by) &&
		tu_match__reason_kinds[evidence->reason].votes;
}

/* Entries of one record about one package or product are neighbours. */
static bool are_neighbours(const struct tu_kb *kb, uint32_t a, uint32_t b)
{
	return kb->entries[a].advisory == kb->entries[b].advisory &&
		kb->entries[a].vulnerability == kb->entries[b].vulnerability &&
		(a < kb->package_entries) == (b < kb->package_entries) &&
		tu_kb__entry_owner(kb, a) == tu_kb__entry_owner(kb, b);
}

static struct kb_slice neighbours(const struct tu_kb *kb, uint32_t entry)
{
	uint32_t count = tu_kb__rows(kb, KB_ENTRIES);
	struct kb_slice slice = {entry, entry + 1};

	while (slice.first > 0 && are_neighbours(kb, slice.first - 1, entry))
		slice.first--;
	while (slice.end < count && are_neighbours(kb, slice.end, entry))
		slice.end++;
	return slice;
}

/* A CPE name from the attribute after the update on. */
static struct tu_str after_update(struct tu_str name)
{
	size_t colons = 0;
	size_t i = 0;

	if (name.len == 0)
		return TU_STR("*:*:*:*:*:*");
	for (; i < name.len && colons < 7; i++) {
		if (name.ptr[i] == '\\')
			i++;
		else
			colons += name.ptr[i] == ':';
	}
	return tu_str_from(name, i < name.len ? i : name.len);
}

/* The update belongs to the version, and another version is asked about. */
static bool differ_in_update(const struct tu_kb *kb, uint32_t a, uint32_t b)
{
	return tu_str_eq(after_update(kb_str(kb, a)), after_update(kb_str(kb, b)));
}

/* Does entry `at` speak of the same as `entry`, which met the component: the same distribution,
 * edition and platform? */
static bool speaks(const struct tu_kb *kb, uint32_t at, uint32_t entry)
{
	const struct kb_entry *row = &kb->entries[at];
	const struct kb_body *body = kb_body(kb, row);
	bool product = at >= kb->package_entries;

	if ((row->body & KB_WITHDRAWN) ||
		(product && (!(body->flags & KB_VULNERABLE) || (body->flags & KB_NEGATE))))
		return false;
	return body->detail == 0 || body->detail == kb_body(kb, &kb->entries[entry])->detail ||
		(product &&
			differ_in_update(
				kb, body->detail, kb_body(kb, &kb->entries[entry])->detail));
}

/* Was the run of entries that evidence `index` is in asked for an earlier piece? */
static bool was_asked(const struct tu_kb *kb, const struct tu_finding *finding, size_t index)
{
	for (size_t i = 0; i < index; i++) {
		if (has_a_say(finding, &finding->evidence[i]) &&
			are_neighbours(
				kb, finding->evidence[i].entry, finding->evidence[index].entry) &&
			speaks(kb, finding->evidence[index].entry, finding->evidence[i].entry))
			return true;
	}
	return false;
}

/* True when `ask` says so of any entry that has a say in the finding. */
static bool any_entry(const struct tu_kb *kb, const struct tu_finding *finding,
	bool (*ask)(void *context, uint32_t entry), void *context)
{
	for (size_t i = 0; i < finding->evidence_count; i++) {
		uint32_t entry = finding->evidence[i].entry;
		struct kb_slice slice;

		if (!has_a_say(finding, &finding->evidence[i]) || was_asked(kb, finding, i))
			continue;
		slice = neighbours(kb, entry);
		for (uint32_t at = slice.first; at < slice.end; at++)
			if (speaks(kb, at, entry) && ask(context, at))
				return true;
	}
	return false;
}

/* ---- which versions are fixes ---- */

struct fixes {
	const struct tu_kb *kb;
	bool (*visit)(void *context, struct tu_str version, enum tu_scheme scheme);
	void *context;
};

static bool visit_stops(const struct fixes *fixes, uint32_t text, const struct kb_body *body)
{
	struct tu_str version = kb_str(fixes->kb, text);

	return version.len > 0 &&
		!fixes->visit(fixes->context, version, (enum tu_scheme)body->scheme);
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
	bool (*visit)(void *context, struct tu_str version, enum tu_scheme scheme), void *context)
{
	struct fixes fixes = {.kb = kb, .visit = visit, .context = context};

	return !any_entry(kb, finding, visit_entry, &fixes);
}

/* ---- whether a version is affected ---- */

struct trial {
	struct engine engine; /* only what judges a version: knowledge base and scratch */
	struct version_keys *version;
};

static bool entry_affects(void *context, uint32_t entry)
{
	struct trial *trial = context;
	const struct tu_kb *kb = trial->engine.kb;
	enum tu_reason reason =
		tu_match__judge(&trial->engine, kb_body(kb, &kb->entries[entry]), trial->version)
			.reason;

	return tu_match__reason_kinds[reason].verdict != TU_MATCH_NOT_AFFECTED;
}

bool tu_match__remains(const struct tu_kb *kb, struct tu_arena *arena,
	const struct tu_finding *finding, struct version_keys *version)
{
	struct trial trial = {.engine = {.kb = kb, .scratch = arena}, .version = version};

	return finding->evidence_count == 0 || any_entry(kb, finding, entry_affects, &trial);
}

/* ---- the fix that is shown ---- */

struct search {
	struct trial trial;
	const struct tu_finding *finding;
	struct version_keys installed;
	struct tu_str best;
	struct version_keys tried; /* the candidate at hand */
};

static bool still_affected(void *context, uint32_t entry)
{
	struct search *search = context;
	const struct tu_kb *kb = search->trial.engine.kb;
	struct outcome outcome = tu_match__judge(
		&search->trial.engine, kb_body(kb, &kb->entries[entry]), &search->tried);

	return tu_match__reason_kinds[outcome.reason].verdict == TU_MATCH_AFFECTED;
}

/* Above what is installed, and below the best that is known. */
static bool is_better(struct search *search, struct tu_str version, enum tu_scheme scheme)
{
	struct tu_arena *scratch = search->trial.engine.scratch;
	struct tu_str installed = tu_match__version_key(scratch, &search->installed, scheme);
	struct tu_str key = tu_match__version_key(scratch, &search->tried, scheme);

	return installed.len && key.len && tu_str_cmp(key, installed) > 0 &&
		(search->best.len == 0 ||
			tu_version_compare(scheme, version, search->best) == TU_LESS);
}

static bool try_fix(void *context, struct tu_str version, enum tu_scheme scheme)
{
	struct search *search = context;

	search->tried = (struct version_keys){.text = version};
	if (is_better(search, version, scheme) &&
		!any_entry(search->trial.engine.kb, search->finding, still_affected, search))
		search->best = version;
	return true;
}

struct tu_str tu_match__fix(
	const struct tu_kb *kb, struct tu_arena *scratch, const struct tu_finding *finding)
{
	const struct tu_evidence *decider = finding->evidence;
	struct search search = {.trial = {.engine = {.kb = kb, .scratch = scratch}},
		.finding = finding,
		.installed = {.text = decider->version},
		.best = {"", 0}};

	/* The fix of another release or stream fixes nothing here. */
	if (decider->verdict == TU_MATCH_NOT_AFFECTED ||
		decider->reason == TU_WHY_RELEASE_NO_DATA ||
		decider->reason == TU_WHY_NOT_COVERED || decider->reason == TU_WHY_OTHER_STREAM)
		return search.best;
	/* Nothing is installed that it could be below. */
	if (decider->version.len == 0)
		return kb_str(kb, kb_body(kb, &kb->entries[decider->entry])->fixed);
	if (!tu_match__each_fix(kb, finding, try_fix, &search))
		return (struct tu_str){"", 0};
	return search.best;
}
