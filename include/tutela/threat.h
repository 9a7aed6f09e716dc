/*
 * Threats of a design model: rules are data, their outcome at each place is one of seven.
 *
 * A rule has two conditions. `where` says which places it is about; `weak` says what makes the
 * place weak. Conditions have three values: an attribute that the model does not state makes a
 * condition unknown, and an unknown condition is a question, never a threat. A control settles a
 * weak place only by a property that it provides there.
 *
 * Ownership: everything lives in the arena of the call and borrows model and packs. Threads: pure
 * functions. Sources: FDA, premarket guidance on cybersecurity, Appendix 1 (control categories);
 * STRIDE by Microsoft; docs/internals/threat.md has the wording of severity and reach.
 */
#ifndef TUTELA_THREAT_H
#define TUTELA_THREAT_H

#include <tutela/model.h>

TU_BEGIN_C

/* The worst is the lowest, except that zero is what is not understood. */
enum tu_threat_outcome {
	TU_THREAT_UNKNOWN, /* a question: what is asked is not stated */
	TU_THREAT_OPEN,
	TU_THREAT_UNPROVEN, /* mitigated without evidence: counts as open for the gate */
	TU_THREAT_MITIGATED, /* a control provides the property there, with evidence */
	TU_THREAT_ACCEPTED, /* residual, by whom, until when */
	TU_THREAT_TRANSFERRED, /* to the user, with the place in the labelling */
	TU_THREAT_NOT_APPLICABLE,
	TU_THREAT_OUTCOMES
};

struct tu_threat_rule;

struct tu_threat_pack {
	struct tu_str file, id, version, title, licence;
	struct tu_str digest; /* SHA-256 of the text, hexadecimal */
	const struct tu_threat_rule *rules;
	size_t rule_count;
};

/* Read a pack of rules (docs/formats/threat-rules.md). TU_E_SYNTAX with file, line, column and
 * pointer; TU_E_LIMIT; TU_E_NOMEM. */
TU_API TU_NODISCARD enum tu_status tu_threat_pack_read(struct tu_arena *arena, struct tu_str file,
	struct tu_str text, const struct tu_threat_pack **out_pack, struct tu_error *err);
/* The pack that is in the program: the same on every machine, read again into the arena. */
TU_API TU_NODISCARD enum tu_status tu_threat_pack_builtin(
	struct tu_arena *arena, const struct tu_threat_pack **out_pack, struct tu_error *err);

/* A stated fact that made a condition true, or one that is missing. */
struct tu_threat_reason {
	struct tu_str subject; /* "authentication", "source.zone.role" */
	struct tu_str value; /* as stated; empty: not stated */
};

struct tu_threat_reasons {
	const struct tu_threat_reason *at;
	size_t count;
};

struct tu_threat {
	struct tu_str key; /* RULE@ELEMENT@FLOW; an element's ends in the second "@" */
	struct tu_str rule; /* id */
	const struct tu_threat_rule *by; /* the rule: tutela/threat_rule.h */
	struct tu_str title; /* of the threat at this place */
	struct tu_spot spot;
	enum tu_threat_outcome outcome;
	enum tu_threat_outcome derived; /* before a disposition changed it */
	char stride; /* 'S', 'T', 'R', 'I', 'D', 'E' */
	bool graded; /* false: repudiation has no severity of its own */
	bool reach_is_bound; /* an upper bound: the search for the widest path was cut */
	uint32_t category; /* 1 to 8 */
	enum tu_harm severity; /* NONE: no hazard on that loss; UNKNOWN: not stated */
	enum tu_privacy privacy; /* of the assets, for a loss of confidentiality */
	uint64_t reach; /* patients, at least 1; TU_MODEL_UNSTATED, as for a question */
	struct tu_indexes path; /* flows of the widest path, in order */
	uint32_t exploit_before, exploit_after; /* 1 to 5; 0: not known */
	enum tu_risk risk_before, risk_after; /* by the device's matrix; UNDECIDED without */
	struct tu_indexes controls; /* that settle it, or are claimed to */
	struct tu_threat_reasons reasons;
	uint32_t disposition; /* index, or TU_MODEL_NOWHERE */
	struct tu_str reopened; /* why a disposition no longer applies; empty */
};

/* What is asked, once for each place and subject. */
struct tu_threat_question {
	struct tu_spot spot;
	struct tu_str subject; /* the attribute */
	struct tu_str text;
	struct tu_texts rules; /* that wait for the answer */
	const struct tu_threat *first; /* of the first of them: what it would be */
};

/* A person's decision about a threat: DEVICE_DIR/threats.yaml. */
struct tu_disposition {
	struct tu_str key;
	enum tu_threat_outcome outcome; /* ACCEPTED, TRANSFERRED or NOT_APPLICABLE */
	struct tu_str by, reason, labelling;
	int64_t at, until; /* seconds; until 0: not stated, which an acceptance must */
	enum tu_harm severity; /* at that time: a worse one re-opens */
	struct tu_str pack; /* ID@VERSION */
	struct tu_texts facts; /* "subject=value" at that time: another one re-opens */
	bool stale; /* its threat no longer fires: kept */
	bool proposed; /* nobody who may approve has: it applies to nothing */
	struct tu_place place;
};

struct tu_dispositions {
	const struct tu_disposition *at;
	size_t count;
};

/* Read threats.yaml (docs/formats/threat-rules.md). TU_E_SYNTAX with file, line, column and
 * pointer; TU_E_UNSUPPORTED; TU_E_LIMIT; TU_E_NOMEM. */
TU_API TU_NODISCARD enum tu_status tu_dispositions_read(struct tu_arena *arena, struct tu_str file,
	struct tu_str text, struct tu_dispositions *out_dispositions, struct tu_error *err);

struct tu_threat_input {
	const struct tu_model *model;
	const struct tu_device *device; /* for its matrix; NULL: none */
	const struct tu_threat_pack *const *packs;
	size_t pack_count;
	struct tu_dispositions dispositions;
	int64_t at; /* now, seconds */
};

struct tu_threats {
	const struct tu_threat *at; /* worst first: outcome, severity, reach, key */
	size_t count;
	const struct tu_threat_question *questions;
	size_t question_count;
	struct tu_dispositions stale;
};

/* At most one threat that is open for one place, letter and category: where several rules fire the
 * first in the order of the packs is it, and its reasons name the others. TU_E_NOMEM. */
TU_API TU_NODISCARD enum tu_status tu_threat_find(struct tu_arena *arena,
	const struct tu_threat_input *input, struct tu_threats *out_threats, struct tu_error *err);

/* Warnings after those in `lints`: names of facts, functions and words of `provides` that no rule
 * of the packs knows and that are near to one that rules know ("unknown-word"). Such a word would
 * take findings away without a sign. TU_E_NOMEM. */
TU_API TU_NODISCARD enum tu_status tu_threat_lint_words(struct tu_arena *arena,
	const struct tu_threat_input *input, struct tu_lints *lints, struct tu_error *err);

/* Words of formats; static storage, "" out of range. */
TU_API const char *tu_threat_outcome_name(enum tu_threat_outcome outcome);
TU_API const char *tu_fda_category_name(uint32_t category);

TU_END_C

#endif
