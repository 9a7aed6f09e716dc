/*
 * The state of a concept phase: what is answered, what is open, who has signed, what to consider.
 *
 * A question is asked unless the device's class or an earlier answer makes it pointless; one that
 * is not asked counts as "no" for the questions after it. An answer in the file always counts:
 * where earlier answers contradict it, that is shown. Unknown is an answer that stays open, and
 * considers the threats of both others.
 */
#ifndef TU_CONCEPT_STATE_H
#define TU_CONCEPT_STATE_H

#include "concept/record.h"

enum { TU_INQUIRIES_MAX = 10 };

struct tu_concept_standing {
	enum tu_reply reply; /* NONE: not answered */
	bool asked;
	bool contradicted; /* "yes" or "unknown", and yet pointless */
	uint32_t because; /* the question whose answer makes it pointless, or NOWHERE */
	const struct tu_concept_answer *answer; /* in force; NULL: none */
};

struct tu_concept_hearing {
	size_t concerns;
	size_t open; /* neither answered nor with an owner and a date */
	const struct tu_concept_sign_off *sign_off; /* NULL: none */
	bool outdated; /* a concern was raised after the sign-off */
};

/* A rule or a section of MDS2, and the questions that lead to it. */
struct tu_concept_topic {
	struct tu_str id;
	struct tu_indexes questions;
};

struct tu_concept_topics {
	const struct tu_concept_topic *at; /* by id, rising */
	size_t count;
};

struct tu_concept_state {
	const struct tu_concept_catalogue *catalogue;
	const struct tu_concept_record *record;
	const struct tu_concept_standing *standings; /* by question */
	size_t replies[TU_REPLY_COUNT_]; /* of those asked or answered; NONE: open */
	size_t not_asked, contradicted;
	size_t elsewhere; /* answers to a recorded pack that is not read now */
	struct tu_concept_hearing hearings[TU_STAKEHOLDER_COUNT_];
	size_t stakeholders_open; /* no discussion, an open concern, no sign-off or an outdated one
				   */
	struct tu_indexes parts[TU_PART_COUNT_]; /* what answers seed, in the order of the data */
	struct tu_concept_topics threats, mds2;
	uint32_t inquiries[TU_INQUIRIES_MAX]; /* to a hospital's IT */
	size_t inquiry_count;
};

/* TU_E_NOMEM. Borrows catalogue and record. */
TU_NODISCARD enum tu_status tu_concept_state_make(struct tu_arena *arena,
	const struct tu_concept_catalogue *catalogue, const struct tu_concept_record *record,
	struct tu_concept_state *out_state, struct tu_error *err);

/* Where an element is: outside a hospital's network when the product is in none. */
uint32_t tu_concept_zone_of(
	const struct tu_concept_state *state, const struct tu_concept_part *element);

/* Is nothing open: no question without an answer or unknown, no contradiction, no stakeholder? */
bool tu_concept_is_settled(const struct tu_concept_state *state);
bool tu_concept_hearing_open(const struct tu_concept_hearing *hearing);

#endif
