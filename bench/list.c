/*
 * Times the list of findings on the stress set: 10,000 releases of 300 families, 1,000,000
 * references, 75,000 components, 60,000 vulnerabilities, 10 million findings, a quarter of them
 * with a decision. Made in memory from a seed, skewed as portfolios are.
 *
 *   bench-list [REPEATS]
 *
 * Prints "name<TAB>value" lines: sizes; milliseconds of building and of updates; of each list and
 * order, over all filters, both directions, first page and three deep pages of 100: p50 and p99 of
 * processor time, the highest minimum of one question, and what elapsed; and the counts of all
 * filters at once.
 */
#define _DEFAULT_SOURCE 1 /* clock_gettime */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "list/order.h"

enum {
	FAMILIES = 300,
	RELEASES = 10000,
	PER_RELEASE = 100,
	OWN = 225, /* components of a family alone */
	SHARED = 9000, /* components that families share */
	POOL = 265,
	COMPONENTS = FAMILIES * OWN + SHARED,
	VULNS = 60000,
	FACTS_MAX = 1500,
	SAMPLES_MAX = 400000
};
#define SECOND ((int64_t)1000000)
#define YEAR ((int64_t)31536000 * SECOND)
#define NOW (56 * YEAR)

static uint64_t state = 0x9e3779b97f4a7c15u;

static uint64_t roll(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1du;
}

static uint32_t below(uint32_t n)
{
	return (uint32_t)((roll() >> 32) * n >> 32);
}

static double part(void)
{
	return (double)(roll() >> 11) / 9007199254740992.0;
}

static double milliseconds(clockid_t of)
{
	struct timespec t;

	(void)clock_gettime(of, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double now(void)
{
	return milliseconds(CLOCK_MONOTONIC);
}

/* A page waits for nothing: on a core of its own it takes what it takes of the processor. */
static double used(void)
{
	return milliseconds(CLOCK_THREAD_CPUTIME_ID);
}

static void must(enum tu_status status, const struct tu_error *err)
{
	if (!status)
		return;
	(void)fprintf(stderr, "bench-list: %s\n", err->message);
	exit(1);
}

/* ---- the stress set ---- */

/* From a list of shares in percent. */
static uint8_t by_share(const uint8_t *shares)
{
	uint32_t at = below(100);
	uint8_t i = 0;

	while (at >= shares[i])
		at -= shares[i++];
	return i;
}

static void put_vuln(struct tu_list_draft *draft, uint32_t i, struct tu_error *err)
{
	static const uint8_t severities[] = {5, 1, 9, 40, 33, 12};
	struct tu_list_vulnerability row = {.id = i + 1, .kev = below(1000) < 6};
	char name[32];
	double skew = part();

	row.name = tu_str_of(
		name, (size_t)snprintf(name, sizeof(name), "CVE-20%02u-%u", 10 + i % 16, 100 + i));
	row.severity = by_share(severities);
	row.score = (uint8_t)(row.severity * 20);
	row.epss = (uint32_t)(skew * skew * skew * skew * skew * skew * TU_LIST_EPSS_ONE);
	row.modified = NOW - below(1000) * 3600 * SECOND;
	must(tu_list_put_vulnerability(draft, &row, err), err);
	if (below(100) == 0) {
		struct tu_list_deadline due = {row.id, below(2) ? 0 : 1 + below(FAMILIES),
			NOW + (int64_t)below(90) * 86400 * SECOND};

		must(tu_list_put_deadline(draft, &due, err), err);
	}
}

static void put_component(struct tu_list_draft *draft, uint32_t i, struct tu_error *err)
{
	struct tu_list_component row = {.id = i + 1, .version = TU_STR("1.2.3-4+deb12u1")};
	char name[40], purl[80];

	row.name = tu_str_of(name,
		(size_t)snprintf(name, sizeof(name), "%s%u",
			i % 100 == 7 ? "openssl-" : "library-name-", i));
	row.package = row.name;
	row.purl = tu_str_of(purl,
		(size_t)snprintf(purl, sizeof(purl), "pkg:deb/debian/%s@1.2.3-4?arch=arm64", name));
	must(tu_list_put_component(draft, &row, err), err);
}

/* Few components have very many vulnerabilities. */
static void put_facts(struct tu_list_draft *draft, uint32_t component, struct tu_error *err)
{
	double skew = part();
	uint32_t count, at = below(VULNS);

	for (int i = 0; i < 7; i++)
		skew *= skew;
	count = (uint32_t)(skew * FACTS_MAX) + below(3);
	must(tu_list_replace_component(draft, component + 1, err), err);
	for (uint32_t i = 0; i < count; i++) {
		struct tu_list_fact row = {.component_id = component + 1,
			.vulnerability_id = 1 + (at + i * 7) % VULNS,
			.verdict = below(10) ? 1 : 0,
			.fixable = below(3) > 0,
			.first_seen = NOW - (int64_t)below(3 * 365) * 86400 * SECOND};

		must(tu_list_put_fact(draft, &row, err), err);
	}
}

/* A family has a pool of components, of which its next release has some others. */
static uint32_t component_of(uint32_t release, uint32_t i)
{
	uint32_t family = release / 34, turn = release % 34;
	uint32_t at = (i + turn * 5) % POOL;
	uint64_t mix = (uint64_t)family * 0x9e3779b97f4a7c15u + at * 0xd1342543de82ef95u;

	if (at < OWN)
		return family * OWN + at;
	mix ^= mix >> 29;
	mix *= 0xbf58476d1ce4e5b9u;
	mix ^= mix >> 32;
	/* some of the shared ones are everywhere */
	return FAMILIES * OWN +
		(uint32_t)((mix & 0xffff) * (mix >> 16 & 0xffff) % 0xffffffff * SHARED >> 32);
}

static void put_contents(struct tu_list_draft *draft, uint32_t release, struct tu_error *err)
{
	static const uint8_t harms[] = {30, 5, 15, 20, 18, 9, 3};

	for (uint32_t i = 0; i < PER_RELEASE; i++) {
		struct tu_list_reference row = {.release_id = release + 1,
			.component_id = component_of(release, i) + 1,
			.harm = by_share(harms),
			.added = NOW - (int64_t)(34 - release % 34) * 30 * 86400 * SECOND};

		must(tu_list_put_reference(draft, &row, err), err);
	}
}

static void put_release(struct tu_list_draft *draft, uint32_t release, struct tu_error *err)
{
	struct tu_list_release row = {.id = release + 1,
		.device_id = 1 + release / 34,
		.state = (uint8_t)below(3),
		.released = NOW};
	char version[16];

	row.version = tu_str_of(version,
		(size_t)snprintf(
			version, sizeof(version), "%u.%u", 1 + release % 34 / 10, release % 10));
	must(tu_list_put_release(draft, &row, err), err);
}

/* Of so many in a thousand there is a decision; the facts are those of the first snapshot. */
static void put_decisions(struct tu_list_draft *draft, const struct tu_list_snapshot *facts,
	uint32_t release, struct tu_error *err)
{
	static const uint8_t states[] = {0, 4, 4, 30, 62};

	for (uint32_t i = 0; i < PER_RELEASE; i++) {
		uint32_t component = component_of(release, i);
		const struct tu_list__block *block = tu_list__block_at(facts, component);

		for (uint32_t j = 0; block && j < block->fact_count; j++) {
			struct tu_list_decision row = {.component_id = component + 1,
				.release_id = release + 1,
				.vulnerability_id = tu_list__vuln_at(
					facts, tu_list__fact_vuln(&tu_list__facts(block)[j]))
							    ->id};

			if (below(1000) >= 260)
				continue;
			row.state = (enum tu_list_state)by_share(states);
			row.status = (uint8_t)(1 + below(4));
			row.closed = row.status == 2 || row.status == 4;
			row.risk = (uint8_t)below(3);
			row.harm = (uint8_t)below(TU_LIST_HARMS);
			must(tu_list_put_decision(draft, &row, err), err);
		}
	}
}

static void put_things(struct tu_list_draft *draft, struct tu_error *err)
{
	for (uint32_t i = 0; i < FAMILIES; i++) {
		char name[32];
		struct tu_list_device device = {i + 1,
			tu_str_of(name, (size_t)snprintf(name, sizeof(name), "infusion-%u", i))};

		must(tu_list_put_device(draft, &device, err), err);
	}
	for (uint32_t i = 0; i < VULNS; i++)
		put_vuln(draft, i, err);
	for (uint32_t i = 0; i < COMPONENTS; i++)
		put_component(draft, i, err);
	for (uint32_t i = 0; i < COMPONENTS; i++)
		put_facts(draft, i, err);
	for (uint32_t i = 0; i < RELEASES; i++)
		put_release(draft, i, err);
}

static struct tu_list_snapshot *build(double *out_finish)
{
	struct tu_list_snapshot *facts, *snapshot;
	struct tu_list_draft *draft;
	struct tu_error err = {0};
	uint64_t seed = state;

	must(tu_list_draft_new(NULL, &draft, &err), &err);
	put_things(draft, &err);
	must(tu_list_finish(draft, 1, &facts, &err), &err);
	tu_list_draft_free(draft);
	state = seed;
	must(tu_list_draft_new(NULL, &draft, &err), &err);
	put_things(draft, &err);
	for (uint32_t i = 0; i < RELEASES; i++) {
		put_contents(draft, i, &err);
		put_decisions(draft, facts, i, &err);
	}
	tu_list_drop(facts);
	*out_finish = now();
	must(tu_list_finish(draft, 2, &snapshot, &err), &err);
	*out_finish = now() - *out_finish;
	tu_list_draft_free(draft);
	return snapshot;
}

/* ---- questions ---- */

static const int64_t one_device[] = {17};

static const struct {
	const char *name;
	struct tu_list_filter filter;
	bool narrow; /* for a person who sees one device */
} questions[] = {
	{"none", {0}},
	{"one device in scope", {0}, true},
	{"release", {.release_id = 4321}},
	{"device", {.device_ids = one_device, .device_count = 1}},
	{"not assessed", {.states = TU_LIST_BIT(TU_LIST_NOT_ASSESSED)}},
	{"proposed", {.states = TU_LIST_BIT(TU_LIST_PROPOSED)}},
	{"re-opened", {.states = TU_LIST_BIT(TU_LIST_REOPENED)}},
	{"severity>=high", {.severity_from = 4}},
	{"severity>=high & not assessed",
		{.severity_from = 4, .states = TU_LIST_BIT(TU_LIST_NOT_ASSESSED)}},
	{"kev", {.kev = TU_LIST_YES}},
	{"kev & proposed", {.kev = TU_LIST_YES, .states = TU_LIST_BIT(TU_LIST_PROPOSED)}},
	{"harm>=critical", {.harm_from = 5}},
	{"harm>=catastrophic & proposed",
		{.harm_from = 6, .states = TU_LIST_BIT(TU_LIST_PROPOSED)}},
	{"uncontrolled", {.risks = TU_LIST_BIT(2), .closed = TU_LIST_NO}},
	{"component openssl*", {.component = TU_STR_INIT("openssl")}},
	{"critical & proposed & openssl*",
		{.severity_from = 5,
			.component = TU_STR_INIT("openssl"),
			.states = TU_LIST_BIT(TU_LIST_PROPOSED)}},
	{"component that is not there", {.component = TU_STR_INIT("zzz")}},
	{"fixable & epss>=0.5", {.fixable = TU_LIST_YES, .epss_from = 500000}},
	{"seen in the last 30 days", {.seen_since = NOW - (int64_t)30 * 86400 * SECOND}},
	{"deadline in 14 days", {.deadline_before = NOW + (int64_t)14 * 86400 * SECOND}},
	{"undecided verdict", {.verdicts = TU_LIST_BIT(0)}},
	{"text ssl-77", {.text = TU_STR_INIT("ssl-77")}},
};
enum { QUESTIONS = sizeof(questions) / sizeof(*questions) };

static const char *const sort_names[TU_LIST_SORTS] = {
	"severity", "harm", "kev", "epss", "first_seen", "state", "deadline", "name"};
static const char *const kind_names[TU_LIST_KINDS] = {"findings", "vulnerabilities"};
static const struct tu_list_scope all = {.everything = true};
static const struct tu_list_scope narrow = {.device_ids = one_device, .device_count = 1};

static double samples[SAMPLES_MAX], elapsed[SAMPLES_MAX];

static int by_number(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* A cursor after a finding that is somewhere. */
static struct tu_str some_cursor(struct tu_arena *arena, const struct tu_list_snapshot *snapshot,
	const struct tu_list_query *query)
{
	struct tu_list__plan plan;
	struct tu_list__order order;
	struct tu_list__last last;
	struct tu_list__traits traits = {.due = 0, .state = (uint8_t)below(2) * 4};
	struct tu_list__walk walk;
	struct tu_str cursor;
	const struct tu_list__ref *ref;
	struct tu_error err = {0};

	must(tu_list__plan_make(snapshot, &all, query->filter, 1, &plan), &err);
	order = tu_list__order_of(&plan, query);
	walk = (struct tu_list__walk){.plan = &plan};
	do
		last.component = below(COMPONENTS);
	while (!(walk.block = tu_list__block_at(snapshot, last.component)) ||
		!walk.block->fact_count || !walk.block->ref_count);
	ref = tu_list__refs(walk.block) + below(walk.block->ref_count);
	last.release = tu_list__ref_release(ref);
	last.vuln = tu_list__fact_vuln(tu_list__facts(walk.block) + below(walk.block->fact_count));
	traits.harm = tu_list__ref_harm(ref);
	traits.seen = ref->added;
	last.key = tu_list__order_by_vuln(query->sort) ? tu_list__vuln_key(&order, last.vuln)
						       : tu_list__finding_key(&order, &traits);
	must(tu_list__cursor_write(arena, &order, query, &last, &cursor), &err);
	tu_list__plan_done(&plan);
	return cursor;
}

struct slowest {
	double least;
	char what[160];
};

/* One question, first page and deep pages; adds to the samples; the least time of its worst page.
 */
static double time_one(struct tu_arena *arena, const struct tu_list_snapshot *snapshot,
	struct tu_list_query query, size_t *count, int repeats)
{
	double worst = 0;

	for (int page = 0; page < 4; page++) {
		double least = 1e9;

		query.cursor = page ? some_cursor(arena, snapshot, &query) : TU_STR("");
		for (int i = 0; i < repeats; i++) {
			struct tu_list_page answer;
			struct tu_error err = {0};
			double began = now(), start = used(), took;

			must(tu_list_page(arena, snapshot, &query, &answer, &err), &err);
			took = used() - start;
			least = took < least ? took : least;
			if (*count == SAMPLES_MAX)
				continue;
			elapsed[*count] = now() - began;
			samples[(*count)++] = took;
		}
		worst = least > worst ? least : worst;
	}
	tu_arena_reset(arena);
	return worst;
}

static void time_order(struct tu_arena *arena, const struct tu_list_snapshot *snapshot,
	enum tu_list_kind kind, enum tu_list_sort sort, int repeats)
{
	struct slowest slowest = {0};
	size_t count = 0;

	for (size_t i = 0; i < QUESTIONS; i++)
		for (int descending = 0; descending < 2; descending++) {
			struct tu_list_query query = {.kind = kind,
				.filter = &questions[i].filter,
				.scope = questions[i].narrow ? &narrow : &all,
				.sort = sort,
				.descending = descending,
				.page_size = 100};
			double least = time_one(arena, snapshot, query, &count, repeats);

			if (least <= slowest.least)
				continue;
			slowest.least = least;
			(void)snprintf(slowest.what, sizeof(slowest.what), "%s%s",
				questions[i].name, descending ? ", descending" : "");
		}
	qsort(samples, count, sizeof(*samples), by_number);
	qsort(elapsed, count, sizeof(*elapsed), by_number);
	printf("%s by %s\tp50 %.2f\tp99 %.2f\thighest minimum %.2f (%s)\telapsed p50 %.2f p99 "
	       "%.2f\n",
		kind_names[kind], sort_names[sort], samples[count / 2], samples[count * 99 / 100],
		slowest.least, slowest.what, elapsed[count / 2], elapsed[count * 99 / 100]);
	(void)fflush(stdout);
}

static void time_counts(const struct tu_list_snapshot *snapshot, enum tu_list_kind kind)
{
	struct tu_list_filter filters[QUESTIONS];
	const struct tu_list_filters all_of_them = {kind, &all, filters, QUESTIONS};
	uint64_t counts[QUESTIONS];
	double least = 1e9, most = 0;
	struct tu_error err = {0};

	for (size_t i = 0; i < QUESTIONS; i++)
		filters[i] = questions[i].filter;
	for (int i = 0; i < 5; i++) {
		double start = used();

		must(tu_list_count(snapshot, &all_of_them, counts, &err), &err);
		start = used() - start;
		least = start < least ? start : least;
		most = start > most ? start : most;
	}
	printf("counts of %d filters, %s\tminimum %.1f ms\thighest %.1f ms\n", QUESTIONS,
		kind_names[kind], least, most);
	for (size_t i = 0; kind == TU_LIST_FINDINGS && i < QUESTIONS; i++)
		printf("count of %s\t%llu\n", questions[i].name, (unsigned long long)counts[i]);
}

/* ---- updates ---- */

static void time_update(struct tu_list *list, const char *what, uint32_t releases, uint32_t vulns,
	uint32_t components)
{
	double least = 1e9, most = 0;
	struct tu_error err = {0};

	for (int i = 0; i < 7; i++) {
		struct tu_list_snapshot *from = tu_list_current(list), *next;
		struct tu_list_draft *draft;
		double start = used();

		must(tu_list_draft_new(from, &draft, &err), &err);
		for (uint32_t j = 0; j < vulns; j++)
			put_vuln(draft, below(VULNS), &err);
		for (uint32_t j = 0; j < components; j++)
			put_facts(draft, below(COMPONENTS), &err);
		for (uint32_t j = 0; j < releases; j++) {
			uint32_t release = below(RELEASES);

			put_contents(draft, release, &err);
			put_decisions(draft, from, release, &err);
		}
		must(tu_list_finish(draft, tu_list_change(from) + 1, &next, &err), &err);
		tu_list_draft_free(draft);
		tu_list_publish(list, next);
		tu_list_drop(from);
		start = used() - start;
		least = start < least ? start : least;
		most = start > most ? start : most;
	}
	printf("update: %s\tminimum %.1f ms\thighest %.1f ms\n", what, least, most);
}

int main(int argc, char **argv)
{
	uint64_t repeats = 5;
	struct tu_arena *arena = tu_arena_new((size_t)1 << 30);
	struct tu_list *list;
	struct tu_list_snapshot *snapshot;
	struct tu_list_size size;
	struct tu_error err = {0};
	double start = now(), finish;

	if (!arena || (argc > 1 && !tu_str_to_u64(tu_str_c(argv[1]), 1000, &repeats)) || !repeats)
		return 2;
	snapshot = build(&finish);
	printf("build\t%.0f ms, of which finishing %.0f ms\n", now() - start, finish);
	size = tu_list_size(snapshot);
	printf("releases %zu, components %zu, vulnerabilities %zu, references %llu, facts %llu, "
	       "decisions %llu, findings %llu\n",
		size.releases, size.components, size.vulnerabilities,
		(unsigned long long)size.references, (unsigned long long)size.facts,
		(unsigned long long)size.decisions, (unsigned long long)size.findings);
	(void)malloc_trim(0);
	printf("memory\t%.1f MB in parts, %.1f MB of the heap\n", (double)size.bytes / 1e6,
		(double)(mallinfo2().uordblks + mallinfo2().hblkhd) / 1e6);
	for (int kind = 0; kind < TU_LIST_KINDS; kind++)
		time_counts(snapshot, (enum tu_list_kind)kind);
	for (int kind = 0; kind < TU_LIST_KINDS; kind++)
		for (int sort = 0; sort < TU_LIST_SORTS; sort++)
			time_order(arena, snapshot, (enum tu_list_kind)kind,
				(enum tu_list_sort)sort, (int)repeats);
	must(tu_list_new(&list, &err), &err);
	tu_list_publish(list, snapshot);
	time_update(list, "a release", 1, 0, 0);
	time_update(list, "500 vulnerabilities", 0, 500, 0);
	time_update(list, "500 vulnerabilities, facts of 100 components", 0, 500, 100);
	tu_list_free(list);
	tu_arena_free(arena);
	return 0;
}
