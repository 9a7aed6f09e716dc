/*
 * A rule of threats, as packs state it (docs/formats/threat-rules.md): what reports show of it.
 *
 * Ownership: a rule lives in the arena that its pack was read into. Threads: immutable.
 */
#ifndef TUTELA_THREAT_RULE_H
#define TUTELA_THREAT_RULE_H

#include <tutela/model.h>

TU_BEGIN_C

/* What a rule is about: bits. */
enum {
	TU_RULE_ON_FLOW = 1,
	TU_RULE_ON_ELEMENT = 2,
	TU_RULE_ON_COMPONENT = 4,
	TU_RULE_ON_CREDENTIAL = 8
};

/* How many patients one attack can affect: docs/internals/threat.md. */
enum tu_rule_reach {
	TU_REACH_FORWARD, /* along the flows that carry an asset of the place */
	TU_REACH_ONE, /* each piece has to be touched */
	TU_REACH_CREDENTIAL, /* all instances of what accepts the key, then forward */
	TU_REACH_ACCEPTED /* the same where the model says what accepts it, else forward */
};

struct tu_condition; /* src/threat/condition.h */

/* What is asked where an attribute is not stated. */
struct tu_rule_question {
	struct tu_str subject;
	struct tu_str text;
};

struct tu_threat_rule {
	struct tu_str id, title, control, source;
	uint32_t on; /* TU_RULE_ON_… */
	const struct tu_condition *where; /* NULL: everywhere */
	const struct tu_condition *weak;
	const struct tu_condition *ask; /* where silence is worth a question; NULL: everywhere */
	struct tu_texts settled_by; /* properties; "*" is any run of characters */
	char stride;
	uint32_t category;
	enum tu_rule_reach reach;
	bool claim; /* what makes it weak only claims a control: a question where there is none */
	bool considered; /* never open: says that a letter of STRIDE was looked at */
	uint32_t exploit; /* exploitability before controls, 1 to 5; 0: by the way in */
	const struct tu_rule_question *questions;
	size_t question_count;
	struct tu_texts cwe, capec, emb3d, attack;
	struct tu_place place;
};

TU_END_C

#endif
