/*
 * Checking an SBOM against what a regulator asks of one.
 *
 * A profile is a table of rules; each asks for one element of the document or of every component.
 * The tables are data (src/sbom/quality/profiles.c), with the clause that each rule comes from.
 *
 * Ownership: a result lives in the arena; profiles are static.
 * Threads:   one arena, one thread.
 */
#ifndef TUTELA_SBOM_CHECK_H
#define TUTELA_SBOM_CHECK_H

#include <stdbool.h>

#include <tutela/arena.h>
#include <tutela/attr.h>
#include <tutela/error.h>
#include <tutela/sbom.h>
#include <tutela/str.h>

TU_BEGIN_C

enum { TU_CHECK_RULES_MAX = 32 };

enum tu_check_answer {
	TU_CHECK_UNDECIDED, /* documents of this format may say it, and the reader does not keep it
			     */
	TU_CHECK_MISSING,
	TU_CHECK_PRESENT
};

struct tu_check_facts;

struct tu_check_rule {
	struct tu_str element; /* a stable word for programs: "supplier" */
	struct tu_str title; /* for people */
	bool document; /* asked once of the document; else of every component */
	bool required; /* else recommended */
	struct tu_str clause; /* of the profile's source */
	/* `component` is NULL for the document. */
	enum tu_check_answer (*answer)(
		struct tu_check_facts *facts, const struct tu_component *component);
};

struct tu_check_profile {
	struct tu_str name; /* "ntia" */
	struct tu_str title;
	const struct tu_check_rule *rules;
	size_t rule_count; /* at most TU_CHECK_RULES_MAX */
};

struct tu_check_tally {
	size_t asked; /* 1 for the document, else components */
	size_t present;
	size_t missing;
	size_t undecided;
};

/* Why an element does not count, or what its value means: "support ended on 2001-01-01: …". */
struct tu_check_remark {
	uint32_t component;
	uint32_t rule;
	struct tu_str words;
};

struct tu_check_request {
	const struct tu_check_profile *profile;
	const struct tu_inventory *inventory; /* read with all its parts, not for matching alone */
	int64_t at; /* the present, seconds since 1970: has support ended? */
};

struct tu_check_result {
	const struct tu_check_profile *profile;
	struct tu_check_tally tallies[TU_CHECK_RULES_MAX]; /* in the order of the rules */
	/* By component: bit n is set when rule n finds nothing. */
	const uint32_t *missing;
	const uint32_t *undecided;
	const struct tu_check_remark *remarks; /* by component, then in the order of the rules */
	size_t remark_count;
	size_t judged; /* components */
	size_t files; /* components that are files beside others, and are not judged */
	unsigned score; /* 0 to 100; docs/formats/check.md */
	bool passed; /* nothing that is required is missing or undecided, and there is something */
};

TU_API extern const struct tu_check_profile tu_check_profiles[];
TU_API extern const size_t tu_check_profile_count;

/* NULL when there is none of this name. */
TU_API const struct tu_check_profile *tu_check_profile_by_name(struct tu_str name);

/* TU_E_NOMEM. */
TU_API TU_NODISCARD enum tu_status tu_sbom_check(struct tu_arena *arena,
	const struct tu_check_request *request, const struct tu_check_result **out_result,
	struct tu_error *err);

TU_END_C

#endif
