/*
 * The n-th allocation of a reader fails, for n from 1 until none does: every one must be told as
 * TU_E_NOMEM (or, where there is no status, as the third answer), and nothing may crash or leak.
 */
#include <stdio.h>

#include <tutela/cpe.h>
#include <tutela/purl.h>
#include <tutela/range.h>

#include "base/fault.h"

enum { MOST = 10000 /* allocations of one job, by far */ };

/* What a job comes to. NOMEM is right only while a fault is armed, DONE only without one. */
enum outcome { DONE, NOMEM, WRONG };

static enum outcome outcome_of(enum tu_status status)
{
	return status == TU_OK ? DONE : status == TU_E_NOMEM ? NOMEM : WRONG;
}

static enum outcome job_key(struct tu_arena *arena)
{
	struct tu_buf key;

	(void)arena;
	tu_buf_init(&key, 1024 * 1024);
	enum outcome outcome =
		outcome_of(tu_version_key(TU_SCHEME_DEB, TU_STR("1:2.3~rc1-4"), &key, NULL));
	tu_buf_done(&key);
	return outcome;
}

static enum outcome job_compare(struct tu_arena *arena)
{
	enum tu_order order =
		tu_version_compare(TU_SCHEME_NPM, TU_STR("1.2.3"), TU_STR("1.2.4-rc.1"));

	(void)arena;
	return order == TU_LESS ? DONE : order == TU_UNORDERED ? NOMEM : WRONG;
}

static enum outcome job_vers(struct tu_arena *arena)
{
	const struct tu_range *range;

	return outcome_of(tu_range_parse(
		arena, TU_STR("vers:pypi/1.0|>=2.0|!=2.5|<3.0|>=4.0rc1|<=5"), &range, NULL));
}

static enum outcome job_canonical(struct tu_arena *arena)
{
	struct tu_buf out;

	tu_buf_init(&out, 1024);
	enum outcome outcome =
		outcome_of(tu_range_canonical(arena, TU_STR("vers:npm/<2|>=1|!=1.5"), &out, NULL));
	tu_buf_done(&out);
	return outcome;
}

static const struct {
	enum tu_scheme scheme;
	struct tu_str text;
} natives[] = {
	{TU_SCHEME_NPM, TU_STR_INIT("^1.2 || ~2.x || 3.0.0 - 4.1 || >=5 <6")},
	{TU_SCHEME_PYPI, TU_STR_INIT("~=1.4.2, !=1.4.5, ==1.*, >1.0, <2")},
	{TU_SCHEME_MAVEN, TU_STR_INIT("[1.0,2.0),(3,4],[5]")},
	{TU_SCHEME_GEM, TU_STR_INIT("~> 1.2.3, != 1.2.5")},
	{TU_SCHEME_COMPOSER, TU_STR_INIT("^1.2 || ~2.3.4 | 3.*")},
	{TU_SCHEME_CONAN, TU_STR_INIT(">=1.0 <2.0 || ~3.1")},
	{TU_SCHEME_NGINX, TU_STR_INIT("1.5.0+, 1.4.1+, 0.8.1-0.9.2, 7.9.9")},
};

static size_t native; /* which row job_native() takes */

static enum outcome job_native(struct tu_arena *arena)
{
	const struct tu_range *range;

	return outcome_of(tu_range_parse_native(
		arena, natives[native].scheme, natives[native].text, &range, NULL));
}

static enum outcome job_events(struct tu_arena *arena)
{
	static const struct tu_event events[] = {{TU_EVENT_INTRODUCED, TU_STR_INIT("0")},
		{TU_EVENT_FIXED, TU_STR_INIT("1.2")}, {TU_EVENT_INTRODUCED, TU_STR_INIT("2.0")},
		{TU_EVENT_LAST_AFFECTED, TU_STR_INIT("2.5")}};
	const struct tu_range *range;

	return outcome_of(tu_range_from_events(
		arena, TU_SCHEME_SEMVER, events, TU_COUNT(events), &range, NULL));
}

static enum outcome job_purl(struct tu_arena *arena)
{
	struct tu_purl purl;

	return outcome_of(tu_purl_parse(arena,
		TU_STR("pkg:golang/GitHub.com/a/b%20c@v1.0?arch=x&os=y&checksum=sha1:a#x/../y"),
		&purl, NULL));
}

static enum outcome job_cpe(struct tu_arena *arena)
{
	struct tu_cpe cpe;

	return outcome_of(tu_cpe_parse(
		arena, TU_STR("cpe:/a:hp:insight%2b:8.1::~~online~win2003~x64~"), &cpe, NULL));
}

static const struct {
	const char *name;
	enum outcome (*run)(struct tu_arena *arena);
} jobs[] = {
	{"version key", job_key},
	{"version order", job_compare},
	{"vers range", job_vers},
	{"canonical vers", job_canonical},
	{"native ranges", job_native},
	{"events", job_events},
	{"package URL", job_purl},
	{"CPE name", job_cpe},
};

/* Fails each allocation in turn. An arena that is out of memory is part of the job. */
static const char *fail_each(enum outcome (*run)(struct tu_arena *arena))
{
	for (size_t nth = 1; nth < MOST; nth++) {
		tu_fault_set(nth);
		struct tu_arena *arena = tu_arena_new(0);
		enum outcome outcome = arena ? run(arena) : NOMEM;
		bool hit = tu_fault_count() >= nth;
		tu_fault_set(0);
		tu_arena_free(arena);
		if (outcome == WRONG)
			return "an answer that is neither right nor \"no memory\"";
		if (hit && outcome == DONE)
			return "an allocation failed and nobody noticed";
		if (!hit)
			return outcome == DONE ? NULL : "no memory, but nothing failed";
	}
	return "there is no end of allocations";
}

int main(void)
{
	unsigned count = 0, failed = 0;

	for (size_t i = 0; i < TU_COUNT(jobs); i++) {
		size_t rows = jobs[i].run == job_native ? TU_COUNT(natives) : 1;
		for (native = 0; native < rows; native++) {
			const char *broken = fail_each(jobs[i].run);
			failed += broken != NULL;
			printf("%s %u - %s%s%.*s\n", broken ? "not ok" : "ok", ++count,
				jobs[i].name, rows > 1 ? " of " : "",
				TU_STR_FMT(rows > 1 ? tu_scheme_name(natives[native].scheme)
						    : TU_STR("")));
			if (broken)
				printf("# %s\n", broken);
		}
	}
	printf("1..%u\n", count);
	return failed > 0;
}
