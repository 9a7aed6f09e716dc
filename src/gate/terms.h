/*
 * The table of words that a gate may use. A new word is one row in terms.c.
 */
#ifndef TU_GATE_TERMS_H
#define TU_GATE_TERMS_H

#include "gate/gate.h"

enum tu_gate_form {
	TU_GATE_PLAIN,
	TU_GATE_MAYBE_DAYS, /* alone, or with a number of days */
	TU_GATE_DAYS,
	TU_GATE_SEVERITY,
	TU_GATE_SCORE,
	TU_GATE_FRACTION,
	TU_GATE_HARM,
	TU_GATE_LEVEL,
	TU_GATE_CATALOGUE, /* alone, or with the name of a catalogue */
	TU_GATE_PATIENTS, /* of patients */
	TU_GATE_PRIVACY,
	TU_GATE_STRIDE, /* a letter */
	TU_GATE_CATEGORY, /* 1 to 8 */
	TU_GATE_FORMS
};

/* How the value of a form is written. */
struct tu_gate_value_form {
	const char *sign; /* ">", ">=" or ":" */
	const char *shown; /* "DAYS" */
	const char *wanted; /* "a number of days such as 7d" */
	bool (*parse)(struct tu_str text, uint32_t *out_value);
};

struct tu_gate_word {
	const char *name;
	enum tu_gate_subject about;
	enum tu_gate_form form;
	bool (*holds)(const struct tu_gate_item *item, uint32_t value);
	/* What "!" asks; NULL: whether `holds` is false. */
	bool (*negated)(const struct tu_gate_item *item, uint32_t value);
	bool verdict; /* in a scan: the rule does not speak of affected findings only */
	enum tu_gate_need need;
	const char *advice; /* what to write instead, or NULL */
};

extern const struct tu_gate_value_form tu_gate_value_forms[TU_GATE_FORMS];

/* The row of a word, best one for the door first; NULL when no door knows it. The row may be about
 * something that the door has not: see tu_gate_elsewhere(). */
const struct tu_gate_word *tu_gate_word_find(enum tu_gate_door door, struct tu_str name);
/* NULL when the door has what the word is about, else where to use it. Static storage. */
const char *tu_gate_elsewhere(enum tu_gate_door door, const struct tu_gate_word *word);
/* "none" to "critical" as a severity. */
bool tu_gate_severity(struct tu_str text, uint32_t *out_value);
/* Append all words of a door: "any, kev, severity>=LEVEL, …". */
void tu_gate_list_words(enum tu_gate_door door, struct tu_buf *out);

#endif
