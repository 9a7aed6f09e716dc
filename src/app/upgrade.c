#include "app/upgrade.h"

#include <stdlib.h>

#include "base/vec.h"
#include "match/upgrade.h"

enum {
	/* versions tried for one component; of other branches the highest ones */
	TRIED_MAX = 512
};

/* ---- branches ---- */

/* Which leading numbers make a branch. */
enum branch {
	BRANCH_TWO, /* 3.0 of 3.0.2, 5.15 of 5.15.32; of a version of two numbers the first */
	BRANCH_COMPATIBLE, /* semantic versioning: 4 of 4.17.15, 0.3 of 0.3.1 */
	BRANCH_ALL /* a distribution's package: records name the fix of the same release */
};

static enum branch branch_kind(enum tu_scheme scheme)
{
	static const enum branch kinds[TU_SCHEME_COUNT_] = {
		[TU_SCHEME_SEMVER] = BRANCH_COMPATIBLE,
		[TU_SCHEME_NPM] = BRANCH_COMPATIBLE,
		[TU_SCHEME_CARGO] = BRANCH_COMPATIBLE,
		[TU_SCHEME_GOLANG] = BRANCH_COMPATIBLE,
		[TU_SCHEME_HEX] = BRANCH_COMPATIBLE,
		[TU_SCHEME_PUB] = BRANCH_COMPATIBLE,
		[TU_SCHEME_SWIFT] = BRANCH_COMPATIBLE,
		[TU_SCHEME_NUGET] = BRANCH_COMPATIBLE,
		[TU_SCHEME_COMPOSER] = BRANCH_COMPATIBLE,
		[TU_SCHEME_DEB] = BRANCH_ALL,
		[TU_SCHEME_RPM] = BRANCH_ALL,
		[TU_SCHEME_APK] = BRANCH_ALL,
		[TU_SCHEME_ALPM] = BRANCH_ALL,
		[TU_SCHEME_GENTOO] = BRANCH_ALL,
	};

	return kinds[scheme];
}

/* The next number, after whatever precedes it; empty when there is none. */
static struct tu_str next_number(struct tu_str *rest)
{
	struct tu_str digits = {"", 0};

	while (rest->len && !(digits = tu_str_digits(rest)).len)
		*rest = tu_str_from(*rest, 1);
	return digits;
}

static bool is_zero(struct tu_str digits)
{
	return tu_str_cmp_digits(digits, TU_STR("0")) == 0;
}

/* Numbers before the first letter, hyphen or plus: "1.1.1n" has three. */
static size_t count_numbers(struct tu_str version)
{
	size_t count = 0;

	if (version.len && tu_char_lower(version.ptr[0]) == 'v')
		version = tu_str_from(version, 1);
	while (tu_str_digits(&version).len) {
		count++;
		if (!version.len || version.ptr[0] != '.')
			break;
		version = tu_str_from(version, 1);
	}
	return count;
}

bool tu_upgrade_same_branch(enum tu_scheme scheme, struct tu_str a, struct tu_str b)
{
	enum branch kind = branch_kind(scheme);
	size_t wanted = kind == BRANCH_TWO && count_numbers(a) > 2 ? 2 : 1;

	if (kind == BRANCH_ALL)
		return true;
	for (size_t i = 0; i < wanted; i++) {
		struct tu_str x = next_number(&a);
		struct tu_str y = next_number(&b);

		if (!x.len || !y.len || tu_str_cmp_digits(x, y))
			return false;
		wanted += i == 0 && kind == BRANCH_COMPATIBLE && is_zero(x);
	}
	return true;
}

/* ---- the versions to try ---- */

struct candidate {
	struct version_keys version;
	struct tu_str key; /* in the scheme of the upgrade */
	bool same_branch;
};

struct trial {
	struct tu_arena *arena; /* of the answer */
	struct tu_arena *scratch; /* of one component */
	const struct tu_report *report;
	struct tu_upgrade *upgrade;
	TU_VEC(struct tu_str) named; /* as records write them, many times over */
	TU_VEC(struct candidate) candidates; /* rising, each once */
	bool *closed; /* by row: some candidate closes it */
};

static bool take_fix(void *context, uint32_t version, enum tu_scheme scheme)
{
	struct trial *t = context;

	(void)scheme;
	return TU_VEC_PUSH_IN(t->scratch, &t->named, kb_str(t->report->kb, version));
}

static int compare_texts(const void *left, const void *right)
{
	return tu_str_cmp(*(const struct tu_str *)left, *(const struct tu_str *)right);
}

static int compare_candidates(const void *left, const void *right)
{
	const struct candidate *a = left;
	const struct candidate *b = right;
	int order = tu_str_cmp(a->key, b->key);

	return order ? order : tu_str_cmp(a->version.text, b->version.text);
}

static bool take_candidate(struct trial *t, struct tu_str version)
{
	struct tu_upgrade *u = t->upgrade;
	struct candidate new = {.version = {.text = version}};
	enum tu_order order = tu_version_compare(u->scheme, version, u->installed);

	new.key = tu_match__version_key(t->scratch, &new.version, u->scheme);
	if (order == TU_UNORDERED || !new.key.len) {
		u->unordered++;
		return true;
	}
	new.same_branch = tu_upgrade_same_branch(u->scheme, u->installed, version);
	return order != TU_GREATER || TU_VEC_PUSH_IN(t->scratch, &t->candidates, new);
}

/* Leave each version once, and of too many those of other branches that are lowest. */
static void thin_out(struct trial *t)
{
	size_t kept = 0;
	size_t surplus;

	for (size_t i = 0; i < t->candidates.count; i++) {
		if (kept == 0 ||
			!tu_str_eq(t->candidates.at[i].key, t->candidates.at[kept - 1].key))
			t->candidates.at[kept++] = t->candidates.at[i];
	}
	surplus = kept > TRIED_MAX ? kept - TRIED_MAX : 0;
	t->candidates.count = 0;
	for (size_t i = 0; i < kept; i++) {
		if (surplus && !t->candidates.at[i].same_branch)
			surplus--;
		else
			t->candidates.at[t->candidates.count++] = t->candidates.at[i];
	}
}

static bool gather(struct trial *t)
{
	const struct tu_report_group *group = t->upgrade->group;

	for (size_t i = 0; i < group->affected; i++)
		if (!tu_match__each_fix(t->report->kb, group->rows[i].finding, take_fix, t))
			return false;
	if (t->named.count)
		qsort(t->named.at, t->named.count, sizeof(*t->named.at), compare_texts);
	for (size_t i = 0; i < t->named.count; i++) {
		if (i && tu_str_eq(t->named.at[i], t->named.at[i - 1]))
			continue;
		if (!take_candidate(t, t->named.at[i]))
			return false;
	}
	if (t->candidates.count)
		qsort(t->candidates.at, t->candidates.count, sizeof(*t->candidates.at),
			compare_candidates);
	thin_out(t);
	return true;
}

/* ---- what they close ---- */

static struct tu_upgrade_step try_version(struct trial *t, struct candidate *candidate)
{
	const struct tu_report_group *group = t->upgrade->group;
	struct tu_upgrade_step step = {
		.version = candidate->version.text, .same_branch = candidate->same_branch};

	for (size_t i = 0; i < group->affected; i++) {
		const struct tu_report_vulnerability *v = group->rows[i].vulnerability;

		if (tu_match__remains(
			    t->report->kb, t->scratch, group->rows[i].finding, &candidate->version))
			continue;
		t->closed[i] = true;
		step.closes++;
		step.kev += v->facts.has_kev;
		if (v->severity > step.worst)
			step.worst = v->severity;
	}
	return step;
}

/* The steps of the same branch, or of the others: each closes more than all before it. Returns the
 * last of them, or NULL. */
static const struct tu_upgrade_step *add_steps(
	struct trial *t, struct tu_upgrade_step *steps, bool same_branch)
{
	struct tu_upgrade *u = t->upgrade;
	const struct tu_upgrade_step *last = NULL;

	for (size_t i = 0; i < t->candidates.count; i++) {
		struct candidate *candidate = &t->candidates.at[i];
		struct tu_upgrade_step step;

		if (candidate->same_branch != same_branch)
			continue;
		step = try_version(t, candidate);
		if (step.closes <= (u->step_count ? steps[u->step_count - 1].closes : 0))
			continue;
		last = &steps[u->step_count];
		steps[u->step_count++] = step;
	}
	return last;
}

/* The piece of evidence that decided the weightiest finding says what was compared, and how. */
static void start(const struct tu_report *report, struct tu_upgrade *u)
{
	const struct tu_finding *finding = u->group->rows[0].finding;
	const struct tu_component *c = u->group->component;
	struct tu_kb_entry entry;

	u->installed = c->version;
	if (finding->evidence_count == 0)
		return;
	entry = tu_kb_entry(report->kb, finding->evidence[0].entry);
	u->scheme = entry.scheme;
	if (finding->evidence[0].version.len)
		u->installed = finding->evidence[0].version;
}

static bool fill(struct trial *t)
{
	struct tu_upgrade *u = t->upgrade;
	struct version_keys installed = {.text = u->installed};
	struct tu_upgrade_step *steps;

	u->ordered = tu_match__version_key(t->scratch, &installed, u->scheme).len > 0;
	u->no_fix = u->group->affected;
	if (!u->ordered)
		return true;
	t->closed = tu_arena_array(t->scratch, u->group->affected, sizeof(*t->closed));
	if (!t->closed || !gather(t))
		return false;
	steps = tu_arena_array(t->arena, t->candidates.count, sizeof(*steps));
	if (!steps)
		return false;
	u->steps = steps;
	u->to = add_steps(t, steps, true);
	u->beyond = add_steps(t, steps, false);
	if (!u->to) {
		u->to = u->beyond;
		u->beyond = NULL;
	}
	for (size_t i = 0; i < u->group->affected; i++)
		u->no_fix -= t->closed[i];
	return true;
}

/* ---- all of them ---- */

/* Equal ones keep the order of the report. */
static int compare_upgrades(const void *left, const void *right)
{
	const struct tu_upgrade *a = left;
	const struct tu_upgrade *b = right;
	const struct tu_upgrade_step none = {.worst = TU_SEVERITY_UNKNOWN};
	const struct tu_upgrade_step *x = a->to ? a->to : &none;
	const struct tu_upgrade_step *y = b->to ? b->to : &none;

	if (!a->to != !b->to)
		return a->to ? -1 : 1;
	if ((x->kev > 0) != (y->kev > 0))
		return x->kev ? -1 : 1;
	if (x->worst != y->worst)
		return x->worst > y->worst ? -1 : 1;
	if (x->closes != y->closes)
		return x->closes > y->closes ? -1 : 1;
	return a->group < b->group ? -1 : 1;
}

static bool build_one(struct tu_arena *arena, struct tu_arena *scratch,
	const struct tu_report *report, struct tu_upgrade *upgrade)
{
	struct trial trial = {
		.arena = arena, .scratch = scratch, .report = report, .upgrade = upgrade};

	tu_arena_reset(scratch);
	start(report, upgrade);
	return fill(&trial);
}

enum tu_status tu_upgrades_build(struct tu_arena *arena, const struct tu_report *report,
	struct tu_upgrades *out_upgrades, struct tu_error *err)
{
	struct tu_upgrade *at = tu_arena_array(arena, report->group_count, sizeof(*at));
	struct tu_arena *scratch = tu_arena_new(0);
	size_t count = 0;
	bool ok = at && scratch;

	for (size_t g = 0; ok && g < report->group_count; g++) {
		if (report->groups[g].affected == 0)
			continue;
		at[count].group = &report->groups[g];
		ok = build_one(arena, scratch, report, &at[count++]);
	}
	tu_arena_free(scratch);
	if (!ok)
		return tu_no_memory(err);
	if (count)
		qsort(at, count, sizeof(*at), compare_upgrades);
	*out_upgrades = (struct tu_upgrades){at, count};
	return TU_OK;
}
