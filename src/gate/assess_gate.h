/*
 * The policy of `assess --fail-on`: the grammar of cli/policy.h with other terms, and negation.
 *
 *   policy = rule *("," rule)           violated when one rule is
 *   rule   = term *(("&" | "+") term)   violated by a finding for which all terms hold
 *   term   = ["!"] condition
 *   condition = any | undecided | decided | carried | reopened | uncontrolled | controlled | closed
 *             | affected | kev | fixable | harm-unknown | expired
 *             | undecided>DAYS | age>DAYS      "7d" or "7"; an age that is not known is over any
 *             | harm>=LEVEL                    negligible … catastrophic
 *             | cvss>=NUMBER | level>=NUMBER   0 to 10; exploitability 1 to 5
 *
 * "decided" holds also for what is carried; "undecided" also for what was re-opened: nothing
 * decides it now.
 */
#ifndef TU_CLI_ASSESS_POLICY_H
#define TU_CLI_ASSESS_POLICY_H

#include <tutela/assess.h>

enum { TU_ASSESS_RULES_MAX = 32, TU_ASSESS_TERMS_MAX = 8 };

struct tu_assess_term {
	const struct tu_assess_condition *condition;
	bool negated;
	uint32_t value;
};

struct tu_assess_rule {
	struct tu_str text; /* as written, borrowed */
	struct tu_assess_term terms[TU_ASSESS_TERMS_MAX];
	size_t term_count;
};

struct tu_assess_policy {
	struct tu_assess_rule rules[TU_ASSESS_RULES_MAX];
	size_t rule_count;
};

/* TU_E_USAGE with the byte in the message; TU_E_LIMIT. `text` outlives the policy. */
TU_NODISCARD enum tu_status tu_assess_policy_parse(
	struct tu_str text, struct tu_assess_policy *out_policy, struct tu_error *err);

/* Do all terms of the rule hold for this assessment? */
bool tu_assess_rule_holds(
	const struct tu_assess_rule *rule, const struct tu_assessment *assessment, int64_t at);

/* How many assessments violate a rule; `*out_first` is the first of them. */
size_t tu_assess_rule_judge(const struct tu_assess_rule *rule,
	const struct tu_assess_result *result, int64_t at, const struct tu_assessment **out_first);

#endif
