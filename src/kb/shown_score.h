/*
 * The score that is shown for a vulnerability, among all that its records state
 * (score/choose.h has the rule).
 */
#ifndef TU_KB_SHOWN_SCORE_H
#define TU_KB_SHOWN_SCORE_H

#include <tutela/kb.h>
#include <tutela/score.h>

struct tu_shown_score {
	bool is_stated; /* some record states a score, a vector or a severity */
	struct tu_score score; /* the statement that was chosen */
	uint32_t record; /* that states it */
	uint8_t tenths; /* base score * 10, or TU_SCORE_UNSTATED */
	enum tu_severity severity;
};

/* `vulnerability` is an index of the knowledge base. */
struct tu_shown_score tu_kb__shown_score(const struct tu_kb *kb, uint32_t vulnerability);

#endif
