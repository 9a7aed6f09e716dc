/*
 * Gates: the expression of --fail-on, one grammar for every command (docs/formats/gate.md).
 *
 *   gate = rule *("," rule)               fails when one rule is met
 *   rule = term *(("&" | "+") term)       met by one thing for which all terms hold
 *   term = ["!"] word [sign value]        terms.c is the table of words
 *                                         "exploited:CATALOGUE" has a name for its value
 *
 * "!" binds tighter than "&", "&" tighter than ","; there are no parentheses.
 * A rule is about one kind of thing: findings, components, sources of knowledge, deadlines, or
 * threats, questions and lints of a design model, points of a concept phase. In a
 * scan a rule is about affected findings unless it names a verdict itself (undecided, affected).
 * Filters of the output do not concern a gate.
 *
 * Threads: pure functions of what is put in.
 */
#ifndef TU_GATE_GATE_H
#define TU_GATE_GATE_H

#include <tutela/assess.h>

#include "app/findings.h"
#include "app/threat.h"
#include "concept/state.h"

/* Who asks: what there is to judge depends on it. */
enum tu_gate_door {
	TU_GATE_SCAN,
	TU_GATE_ASSESS,
	TU_GATE_CLOCKS,
	TU_GATE_THREATS,
	TU_GATE_CONCEPT,
	TU_GATE_DOORS
};

enum tu_gate_subject {
	TU_GATE_FINDING,
	TU_GATE_ASSESSMENT, /* a finding with what has been decided about it */
	TU_GATE_COMPONENT,
	TU_GATE_SOURCE,
	TU_GATE_DEADLINE,
	TU_GATE_THREAT,
	TU_GATE_QUESTION, /* about a design model: what it does not state */
	TU_GATE_STALE_DECISION, /* about a threat that is no longer found */
	TU_GATE_MODEL_LINT,
	TU_GATE_POINT, /* of a concept phase: a question or a stakeholder */
	TU_GATE_SUBJECTS
};

enum { TU_GATE_RULES_MAX = 32, TU_GATE_TERMS_MAX = 8 };

struct tu_gate_word; /* a row of the table */

struct tu_gate_term {
	const struct tu_gate_word *word;
	bool negated;
	uint32_t value; /* days, a severity, a harm, a level, or a number in millionths */
	struct tu_str name; /* of a catalogue, borrowed; empty: any */
};

struct tu_gate_rule {
	struct tu_str text; /* as written, borrowed */
	struct tu_gate_term terms[TU_GATE_TERMS_MAX];
	size_t term_count;
	enum tu_gate_subject about;
	bool names_verdict;
};

struct tu_gate {
	enum tu_gate_door door;
	struct tu_gate_rule rules[TU_GATE_RULES_MAX];
	size_t rule_count;
};

/* Parse an expression, which must outlive the gate. TU_E_USAGE with the byte in err->offset (from
 * 0) and in the message (from 1); TU_E_LIMIT. */
TU_NODISCARD enum tu_status tu_gate_parse(
	enum tu_gate_door door, struct tu_str text, struct tu_gate *out_gate, struct tu_error *err);

/* Whether the rules use a word whose meaning is being replaced: what to write instead, or NULL. */
const char *tu_gate_advice(const struct tu_gate *gate);

enum tu_gate_point_kind {
	TU_GATE_POINT_NONE,
	TU_GATE_POINT_QUESTION,
	TU_GATE_POINT_STAKEHOLDER,
	TU_GATE_POINT_PACK
};

/* One thing to judge; what does not belong to its kind is NULL or zero. */
struct tu_gate_item {
	int64_t at;
	const struct tu_finding *finding;
	const struct tu_kb_vulnerability *facts;
	const struct tu_kb
		*kb; /* that the finding, or the deadline's case, is judged by; or NULL */
	struct tu_str name; /* the term's, while it is judged */
	const struct tu_distinct *distinct;
	enum tu_severity severity;
	uint8_t tenths;
	const struct tu_report_row *row; /* of a scan */
	const struct tu_assessment *assessment;
	const struct tu_sidecar_source *source; /* NULL where nothing says how fresh it is */
	enum tu_freshness freshness;
	const struct tu_deadline *deadline;
	const struct tu_deadline_case *deadline_case;
	const struct tu_threat *threat;
	const struct tu_threat_question *question;
	const struct tu_disposition *decision; /* about a threat */
	const struct tu_lint *lint;
	const struct tu_concept_state *concept;
	enum tu_gate_point_kind point_kind;
	size_t point; /* index of the question, stakeholder or recorded pack */
};

/* A finding with what has been decided about it, at a time; borrows. */
struct tu_gate_item tu_gate_item_of(
	const struct tu_kb *kb, const struct tu_assessment *assessment, int64_t at);

/* Does one thing meet a rule? It must be of the kind that the rule is about; a finding
 * also has its component. */
bool tu_gate_rule_holds(const struct tu_gate_rule *rule, const struct tu_gate_item *item);

/* What a command knows. */
struct tu_gate_input {
	const struct tu_report_origin *origin; /* of the knowledge base */
	const struct tu_kb *kb;
	int64_t at; /* the time that ages count to */
	const struct tu_report *report; /* scan, assess */
	const struct tu_assess_result *assessed; /* assess */
	const struct tu_deadline_case *cases; /* clocks */
	const struct tu_deadlines *deadlines; /* by case */
	size_t case_count;
	const struct tu_threat_answer *threats; /* threat check */
	const struct tu_concept_state *concept; /* concept */
};

/* A rule that is met, by how many, and the example to name. */
struct tu_gate_violation {
	const struct tu_gate_rule *rule;
	size_t count;
	struct tu_gate_item example;
};

struct tu_gate_verdict {
	struct tu_gate_violation violations[TU_GATE_RULES_MAX]; /* in the order of the rules */
	size_t count;
	bool unjudged; /* there was nothing to judge: that is a failure, too */
};

void tu_gate_judge(const struct tu_gate *gate, const struct tu_gate_input *input,
	struct tu_gate_verdict *out_verdict);

static inline bool tu_gate_fails(const struct tu_gate_verdict *verdict)
{
	return verdict->count > 0 || verdict->unjudged;
}

/* Append a sentence about a violation: "critical: 2 findings, such as CVE-2024-1 in zlib 1.2". */
void tu_gate_describe(const struct tu_gate_violation *violation, const struct tu_gate_input *input,
	struct tu_buf *out);

/* The data that some words need to be judged. */
enum tu_gate_need {
	TU_GATE_NEEDS_NOTHING,
	TU_GATE_NEEDS_KEV,
	TU_GATE_NEEDS_CATALOGUE, /* each that a term names */
	TU_GATE_NEEDS_EPSS,
	TU_GATE_NEEDS_FETCHES,
	TU_GATE_NEEDS
};

/* A sentence when a rule of the gate needs data that are not there, so that it passes for want of
 * knowledge: the user must see it. NULL: the data are there, or no rule needs them. Static storage.
 */
const char *tu_gate_blind_spot(
	const struct tu_gate *gate, const struct tu_gate_input *input, enum tu_gate_need need);

#endif
