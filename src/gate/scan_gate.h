/*
 * The policy of --fail-on: which findings make a scan fail.
 *
 *   policy    = rule *("," rule)            violated when one rule is
 *   rule      = term *("+" term)            violated by a finding for which all terms hold
 *   term      = any | kev | fixable | undecided | unscored
 *             | LEVEL | severity>=LEVEL     LEVEL: none low medium high critical
 *             | cvss>=NUMBER                0 to 10, the base score
 *             | epss>=NUMBER                0 to 1
 *             | unknown | unidentified      about components; stand alone in their rule
 *             | stale | failed-source       about sources of knowledge; stand alone, too
 *
 * A rule speaks of affected findings, or with "undecided" of undecided ones. Blanks around names
 * and signs are allowed. The policy judges every finding, also those that --min-severity and --only
 * leave out of the output. A knowledge base of which nothing says how fresh it is counts as stale.
 */
#ifndef TU_CLI_POLICY_H
#define TU_CLI_POLICY_H

#include <tutela/error.h>
#include <tutela/str.h>

#include "app/findings.h"

enum { TU_POLICY_RULES_MAX = 32, TU_POLICY_TERMS_MAX = 8 };

struct tu_policy_term {
	const struct tu_policy_kind *kind;
	uint32_t value; /* a severity, or a number in millionths */
};

struct tu_policy_rule {
	struct tu_str text; /* as written, borrowed */
	struct tu_policy_term terms[TU_POLICY_TERMS_MAX];
	size_t term_count;
	bool about_components;
	bool about_sources;
	bool about_undecided;
};

struct tu_policy {
	struct tu_policy_rule rules[TU_POLICY_RULES_MAX];
	size_t rule_count;
};

/* A rule that is violated, by how many, and the example that matters most. */
struct tu_policy_violation {
	const struct tu_policy_rule *rule;
	size_t count;
	const struct tu_report_row *row; /* NULL where the rule is about something else */
	const struct tu_distinct *distinct; /* NULL where the rule is about sources */
	const struct tu_sidecar_source *source; /* NULL also where nothing says how fresh */
};

/* Parse an expression, which must outlive the policy. TU_E_USAGE with the byte in err->offset and
 * in the message; TU_E_LIMIT. */
TU_NODISCARD enum tu_status tu_policy_parse(
	struct tu_str text, struct tu_policy *out_policy, struct tu_error *err);

/* How many rules are violated, in the order of the expression. */
size_t tu_policy_judge(const struct tu_policy *policy, const struct tu_report *report,
	struct tu_policy_violation out_violations[TU_POLICY_RULES_MAX]);

#endif
