/*
 * The questions of the concept phase and what their answers seed: data/concept, and packs of others
 * (pack.h). docs/formats/concept.md describes the files.
 *
 * Ownership: all in the arena of the reading. Threads: immutable once read.
 */
#ifndef TU_CONCEPT_CATALOGUE_H
#define TU_CONCEPT_CATALOGUE_H

#include <tutela/model_parts.h>

#include "device/form.h"

enum tu_device_class {
	TU_CLASS_UNSTATED, /* every question is asked */
	TU_CLASS_IMPLANT,
	TU_CLASS_WEARABLE,
	TU_CLASS_BEDSIDE,
	TU_CLASS_IMAGING,
	TU_CLASS_CLOUD,
	TU_CLASS_SOFTWARE,
	TU_CLASS_COUNT_
};

enum tu_reply { TU_REPLY_NONE, TU_REPLY_YES, TU_REPLY_NO, TU_REPLY_UNKNOWN, TU_REPLY_COUNT_ };

/* What answers seed. */
enum tu_part_kind {
	TU_PART_ZONE,
	TU_PART_ELEMENT,
	TU_PART_FLOW,
	TU_PART_INTERFACE,
	TU_PART_ASSET,
	TU_PART_HAZARD,
	TU_PART_COUNT_
};

struct tu_concept_part {
	struct tu_str id;
	struct tu_str name; /* or title; of a hazard, what the safety engineer is asked */
	struct tu_str word; /* role, kind, medium, kind, function; empty: not known */
	struct tu_texts words; /* functions, what is carried, losses */
	uint32_t from; /* an element's zone, a flow's element, a hazard's asset */
	uint32_t to; /* a flow's element; an element's zone outside a hospital's network */
};

struct tu_concept_parts {
	const struct tu_concept_part *at;
	size_t count;
};

/* An attribute of an element that an answer states: "updater.device_verifies=yes". */
struct tu_concept_fact {
	uint32_t element;
	struct tu_str name, value;
};

struct tu_concept_seed {
	struct tu_indexes parts[TU_PART_COUNT_];
	const struct tu_concept_fact *facts;
	size_t fact_count;
	struct tu_texts threats; /* rules to consider, by id */
	struct tu_texts mds2; /* sections of ANSI/NEMA HN 1-2019 that the answer is about */
};

/* "wifi=yes". */
struct tu_concept_condition {
	uint32_t question;
	enum tu_reply reply;
};

struct tu_concept_conditions {
	const struct tu_concept_condition *at;
	size_t count;
};

struct tu_concept_question {
	struct tu_str id; /* of a pack: "emb3d/PID-11" */
	struct tu_str subject; /* "interface", … */
	struct tu_str text, why;
	uint32_t classes; /* bits 1 << enum tu_device_class; 0: all */
	struct tu_concept_conditions pointless; /* about questions before this one */
	struct tu_concept_seed yes, no;
};

/* A question to a hospital's IT. */
struct tu_concept_inquiry {
	struct tu_str id, text;
	struct tu_concept_conditions when; /* one of them; none: always */
	struct tu_concept_conditions unless; /* none of them was answered */
};

struct tu_concept_catalogue {
	struct tu_concept_parts parts[TU_PART_COUNT_];
	const struct tu_concept_question *questions; /* in the order of asking */
	size_t question_count;
	size_t own_count; /* of the program; those of a pack follow */
	uint32_t hospital_network; /* the question whether it is in one, or TU_MODEL_NOWHERE */
	const struct tu_concept_inquiry *inquiries;
	size_t inquiry_count;
	struct tu_str pack; /* id of the pack that is in it; empty: none */
};

/* A file of data, and its name for messages. */
struct tu_concept_text {
	struct tu_str file, text;
};

/* The texts in the program. */
struct tu_concept_texts {
	struct tu_concept_text parts, questions, hospital;
};
struct tu_concept_texts tu_concept_built_in(void);

/* Read the questions. TU_E_SYNTAX with place: an id twice, a reference to nothing, a condition
 * about a later question. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_concept_catalogue_read(struct tu_arena *arena,
	const struct tu_concept_texts *texts, struct tu_concept_catalogue *out_catalogue,
	struct tu_error *err);

/* Index by id; TU_MODEL_NOWHERE. */
uint32_t tu_concept_question_by_id(const struct tu_concept_catalogue *catalogue, struct tu_str id);
uint32_t tu_concept_part_by_id(const struct tu_concept_parts *parts, struct tu_str id);

extern const struct tu_words tu_words_class, tu_words_reply, tu_words_stakeholder;

/* ---- for catalogue.c and record.c ---- */

/* A list of maps, each read by `fields`; where they have ids, no two are equal. */
struct tu_concept_rows {
	const char *what; /* "question" */
	size_t size;
	const struct tu_fields *fields;
	size_t id; /* offset of a struct tu_str; SIZE_MAX: none */
	size_t place; /* offset of a struct tu_place; SIZE_MAX: none */
};
TU_NODISCARD enum tu_status tu_concept__rows(struct tu_form *form, const struct tu_yaml *node,
	const struct tu_concept_rows *rows, void **out_items, size_t *out_count);

/* The file's root, once its schema is what it should be. */
TU_NODISCARD enum tu_status tu_concept__root(struct tu_form *form,
	const struct tu_concept_text *text, struct tu_str schema, const struct tu_yaml **out_root);

/* Read the parts into form->context, a struct tu_concept_catalogue. */
TU_NODISCARD enum tu_status tu_concept__parts(
	struct tu_form *form, const struct tu_concept_text *text);

#endif
