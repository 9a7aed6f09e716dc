/*
 * Conditions of rules: yes, no or unknown, and the facts that say so.
 *
 * A condition is a tree. An attribute that the model does not state is unknown; so is a word that
 * the pack does not know for an attribute that has a vocabulary: neither weak nor strong.
 */
#ifndef TU_THREAT_CONDITION_H
#define TU_THREAT_CONDITION_H

#include <tutela/threat.h>
#include <tutela/threat_rule.h>

#include "base/vec.h"
#include "base/yaml.h"
#include "threat/value.h"

/* The least of several is their "all", the most of several their "any". */
enum tu_answer { TU_ANSWER_NO, TU_ANSWER_UNKNOWN, TU_ANSWER_YES };

enum tu_condition_kind {
	TU_CONDITION_ALL,
	TU_CONDITION_ANY,
	TU_CONDITION_NONE,
	TU_CONDITION_SCOPE, /* the children are about something else: an end of the flow, … */
	TU_CONDITION_MEMBER
};

enum tu_around {
	TU_AROUND_SOURCE,
	TU_AROUND_TARGET,
	TU_AROUND_INBOUND, /* one of the flows that lead to the element */
	TU_AROUND_OUTBOUND,
	TU_AROUND_NAMED /* the elements that a fact names by their ids */
};

enum tu_attribute {
	TU_ATTRIBUTE_FACT,
	TU_ATTRIBUTE_PROTOCOL,
	TU_ATTRIBUTE_VERSION,
	TU_ATTRIBUTE_CHANNEL,
	TU_ATTRIBUTE_MEDIUM,
	TU_ATTRIBUTE_CARRIES,
	TU_ATTRIBUTE_AUTHENTICATION,
	TU_ATTRIBUTE_INTEGRITY,
	TU_ATTRIBUTE_ENCRYPTION,
	TU_ATTRIBUTE_FRESHNESS,
	TU_ATTRIBUTE_FAN_OUT,
	TU_ATTRIBUTE_CROSSES,
	TU_ATTRIBUTE_KIND,
	TU_ATTRIBUTE_FUNCTIONS,
	TU_ATTRIBUTE_COUNT_OF,
	TU_ATTRIBUTE_PATIENTS,
	TU_ATTRIBUTE_ZONE_ROLE,
	TU_ATTRIBUTE_ZONE_TRUST,
	TU_ATTRIBUTE_IN_SCOPE,
	TU_ATTRIBUTE_ASSETS_FUNCTION,
	TU_ATTRIBUTE_ASSETS_PRIVACY,
	TU_ATTRIBUTE_HARM,
	TU_ATTRIBUTE_MANY,
	TU_ATTRIBUTE_PROVIDED,
	TU_ATTRIBUTE_STATES,
	TU_ATTRIBUTE_ID,
	TU_ATTRIBUTE_NAME,
	TU_ATTRIBUTE_SUPPORT,
	TU_ATTRIBUTE_END_OF_SUPPORT,
	TU_ATTRIBUTE_PURL,
	TU_ATTRIBUTE_SCOPE
};

/* What a pack knows of an attribute: words that are sound, and what its rules find weak. */
struct tu_known {
	struct tu_str name;
	struct tu_value_list sound;
	const struct tu_texts *remarks; /* of the pack */
	const struct tu_condition **weak; /* members of "weak" about it */
	size_t weak_count;
};

struct tu_condition {
	enum tu_condition_kind kind;
	enum tu_around scope;
	enum tu_attribute attribute;
	struct tu_str name; /* of the attribute or the scope */
	struct tu_place place;
	bool quiet; /* "name?": what is not stated is a no */
	bool if_silent, if_stated; /* "silent", "stated" are among the values */
	bool only_silence; /* nothing else is */
	bool measures; /* some value is a number or a date */
	/* Where it depends on facts alone: their bits (tu_fact_bit()), and the answer where a place
	 * states none of them. */
	bool of_facts;
	uint64_t facts;
	enum tu_answer if_none;
	uint32_t mask; /* of values, where the attribute has few that have numbers */
	struct tu_value_list values;
	const struct tu_known *known; /* NULL: every word is known */
	struct tu_condition *first, *next; /* children */
};

/* What was once answered, and the names of the elements: memory of a graph (memory.c). */
struct tu_memory;

/* The graph around a place, made once for a model. */
struct tu_model_graph {
	const struct tu_model *model;
	int64_t at;
	struct tu_memory *memory;
	const struct tu_indexes *in, *out; /* flows of each element; disabled ones left out */
	const struct tu_indexes *controls; /* of each element, then of each flow */
	const uint64_t *facts; /* of each element, then of each flow: tu_fact_bit() of each name */
};

/* One of 64 bits for a name: where it is not set there is no fact of the name. */
uint64_t tu_fact_bit(struct tu_str name);
/* False: the place has none of the facts whose bits they are. */
bool tu_model_graph_may_state(
	const struct tu_model_graph *graph, struct tu_spot spot, uint64_t facts);

/* What a condition is asked about. */
struct tu_subject {
	const struct tu_model_graph *graph;
	struct tu_spot spot;
	const struct tu_model_component *component; /* or NULL */
	const struct tu_model_credential *credential; /* or NULL */
};

TU_NODISCARD enum tu_status tu_model_graph_make(struct tu_arena *arena,
	const struct tu_model *model, int64_t at, struct tu_model_graph *out_graph);

/* The controls that are said to cover the place, each once, in the model's order. */
struct tu_indexes tu_model_graph_controls(const struct tu_model_graph *graph, struct tu_spot spot);

enum tu_answer tu_condition_ask(const struct tu_condition *condition, const struct tu_subject *of);
/* Is it about facts alone, none of which the place states? Most facts are not stated at most
 * places; the answer is the condition's `if_none`, and there is nothing to explain. */
bool tu_condition_lacks_facts(const struct tu_condition *condition, const struct tu_subject *of);

/* What is not stated, and where. */
struct tu_missing {
	struct tu_spot spot;
	struct tu_str subject;
};

/* Gathers why a condition has its answer; at most TU_FACTS_MAX of each. */
enum { TU_FACTS_MAX = 16 };

struct tu_facts_seen {
	struct tu_arena *arena;
	struct tu_threat_reason reasons[TU_FACTS_MAX];
	size_t reason_count;
	struct tu_missing missing[TU_FACTS_MAX];
	size_t missing_count;
	bool failed;
};

/* The facts that give `answer`, which is the condition's. */
void tu_condition_explain(const struct tu_condition *condition, const struct tu_subject *of,
	enum tu_answer answer, struct tu_facts_seen *seen);

/* ---- attributes (attribute.c) ---- */

enum { TU_TOLD_MAX = 16 << 20 }; /* bytes of a text about a place: ids and values of any length */

/* What a model states of one attribute at one place. */
struct tu_statement {
	bool silent; /* nothing */
	bool foreign; /* things of this kind do not have it */
	bool is_mask, is_number;
	uint32_t mask, unsure; /* bits that are met; that nobody knows */
	uint64_t number;
	int64_t date; /* 0: none */
	const struct tu_str *texts;
	size_t text_count;
	bool is_cut; /* there are more texts than `own` takes */
	struct tu_str own[8]; /* storage of texts */
};

void tu_attribute_read(enum tu_attribute attribute, struct tu_str name, const struct tu_subject *of,
	struct tu_statement *out);
/* The attribute of this name; FACT for every other. */
enum tu_attribute tu_attribute_by_name(struct tu_str name);
/* The names, one after the other; NULL at the end. */
const char *tu_attribute_name(size_t index);
/* The words of an attribute whose values are bits; NULL for others. `*out_bits`: the words' values
 * are bits themselves, not numbers of bits. */
const struct tu_words *tu_attribute_words(enum tu_attribute attribute, bool *out_bits);
/* Is there a control in place at the spot that provides what the pattern means? */
bool tu_control_counts(const struct tu_model_control *control);
/* Does it name evidence, and is a file that it names there? */
bool tu_control_proven(const struct tu_model_control *control);
bool tu_control_covers(const struct tu_model_control *control, struct tu_spot spot);
bool tu_control_provides(const struct tu_model_control *control, struct tu_texts patterns);

/* Equal but for case, "-", "_" and space; a star in the folded pattern is any run. */
bool tu_word_matches(struct tu_str pattern, struct tu_str text);
/* Folded, in the arena: lower case, "-" for "_" and space. False: out of memory. */
bool tu_word_fold(struct tu_arena *arena, struct tu_str word, struct tu_str *out);

/* ---- reading (condition_read.c) ---- */

struct tu_form;

/* Lists of words that a pack defines, and what it knows of attributes. */
struct tu_named_list {
	struct tu_str name;
	struct tu_value_list list;
};

struct tu_pack_words {
	const struct tu_named_list *lists;
	struct tu_known *known;
	size_t list_count, known_count;
	struct tu_texts remarks; /* words that may follow a sound one */
	TU_VEC(const struct tu_condition *) weak; /* members of "weak" that have a vocabulary */
	bool in_weak; /* what is being read is a "weak" */
};

TU_NODISCARD enum tu_status tu_condition_read(struct tu_form *form, const struct tu_yaml *node,
	struct tu_pack_words *words, const struct tu_condition **out_condition);
/* Refuse a name of an attribute that nothing knows and that is near to one of the attributes, or to
 * a fact that the program's rules know; a name under the pack's own vocabulary is meant. */
TU_NODISCARD enum tu_status tu_pack_check_names(
	struct tu_form *form, const struct tu_threat_pack *pack, const struct tu_pack_words *words);
/* Read a pack without that. */
TU_NODISCARD enum tu_status tu_pack_read_unchecked(struct tu_form *form, struct tu_str text,
	const struct tu_threat_pack **out_pack, const struct tu_pack_words **out_words);
/* A list of words, each a value; "$name" is the list of that name. */
TU_NODISCARD enum tu_status tu_value_list_read(struct tu_form *form, const struct tu_yaml *node,
	const struct tu_pack_words *words, struct tu_value_list *out_list);

#endif
