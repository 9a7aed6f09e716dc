/*
 * The record of the concept phase, DEVICE_DIR/concept.yaml: answers, discussions, sign-offs, packs.
 * docs/formats/concept.md describes the file.
 *
 * Nothing is overwritten: a later answer to the same question replaces an earlier one, which stays
 * in the file.
 *
 * Ownership: all in the arena of the reading. Threads: immutable once read.
 */
#ifndef TU_CONCEPT_RECORD_H
#define TU_CONCEPT_RECORD_H

#include "concept/catalogue.h"

enum tu_stakeholder {
	TU_STAKEHOLDER_CLINICIAN,
	TU_STAKEHOLDER_PATIENT,
	TU_STAKEHOLDER_HOSPITAL_IT,
	TU_STAKEHOLDER_SERVICE,
	TU_STAKEHOLDER_PRODUCTION,
	TU_STAKEHOLDER_SUPPLIER,
	TU_STAKEHOLDER_REGULATORY,
	TU_STAKEHOLDER_COUNT_
};

struct tu_concept_answer {
	struct tu_str id; /* of the question */
	uint32_t question; /* TU_MODEL_NOWHERE: of a recorded pack that is not read now */
	enum tu_reply reply;
	struct tu_str by, note;
	int64_t at;
	struct tu_place place;
};

struct tu_concept_concern {
	enum tu_stakeholder stakeholder;
	struct tu_str concern, answer, owner;
	int64_t raised, due; /* due 0: not stated */
	struct tu_place place;
};

struct tu_concept_sign_off {
	enum tu_stakeholder stakeholder;
	struct tu_str by, note;
	int64_t at;
	struct tu_place place;
};

/* A pack of questions that were asked; the questions themselves stay where they are. */
struct tu_concept_pack_record {
	struct tu_str id, title, file, digest, licence;
	uint32_t questions;
	struct tu_place place;
};

struct tu_concept_record {
	enum tu_device_class device_class;
	const struct tu_concept_answer *answers; /* as in the file */
	size_t answer_count;
	const struct tu_concept_concern *concerns;
	size_t concern_count;
	const struct tu_concept_sign_off *sign_offs; /* at most one for each stakeholder */
	size_t sign_off_count;
	const struct tu_concept_pack_record *packs;
	size_t pack_count;
};

struct tu_concept_source {
	struct tu_concept_text text;
	const struct tu_concept_catalogue *catalogue;
	int64_t now; /* nothing was answered, raised or signed after it */
};

/*
 * Read concept.yaml. TU_E_SYNTAX with place: an unknown key, question, answer or stakeholder; a
 * second sign-off of a stakeholder, or one without a discussion; an answer older than the one that
 * it replaces; a date after `now`. TU_E_UNSUPPORTED: another schema. TU_E_LIMIT; TU_E_NOMEM.
 */
TU_NODISCARD enum tu_status tu_concept_record_read(struct tu_arena *arena,
	const struct tu_concept_source *source, struct tu_concept_record *out_record,
	struct tu_error *err);

/* Is the concern settled: answered, or with an owner and a date? */
bool tu_concept_concern_settled(const struct tu_concept_concern *concern);

/* Append what a new file begins with. */
void tu_concept_record_begin(enum tu_device_class device_class, struct tu_buf *out);
/* Append one item of the file's list, "- key: value" lines without indentation, for
 * tu_lines_add(). */
void tu_concept_answer_write(const struct tu_concept_answer *answer, struct tu_buf *out);
void tu_concept_concern_write(const struct tu_concept_concern *concern, struct tu_buf *out);
void tu_concept_sign_off_write(const struct tu_concept_sign_off *sign_off, struct tu_buf *out);
void tu_concept_pack_record_write(const struct tu_concept_pack_record *pack, struct tu_buf *out);

#endif
