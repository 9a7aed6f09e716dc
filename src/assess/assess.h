/*
 * Parts of the assessment.
 */
#ifndef TU_ASSESS_ASSESS_H
#define TU_ASSESS_ASSESS_H

#include <tutela/assess.h>

struct tu_assess_change {
	enum tu_reopen reopen;
	struct tu_str why;
	int64_t since; /* when the premise changed; 0: not known */
};

/* The first premise of a decision that no longer applies to a finding; reopen NONE when all do. */
TU_NODISCARD enum tu_status tu_assess__changed(struct tu_arena *arena,
	const struct tu_assess_input *input, const struct tu_assess_finding *finding,
	const struct tu_decision *decision, struct tu_assess_change *out_change,
	struct tu_error *err);

/* A text in the arena; false when out of memory. Cut at 400 bytes. */
TU_NODISCARD bool tu_assess__text(struct tu_arena *arena, struct tu_str *out, const char *fmt, ...)
	TU_PRINTF(3, 4);

/* EPSS in millionths (it states five decimals, rounding undoes the error of the binary number);
 * UINT32_MAX: not stated. */
static inline uint32_t tu_assess__epss(const struct tu_assess_finding *finding)
{
	double score = (double)finding->facts.epss_score;

	return score < 0 ? UINT32_MAX : (uint32_t)(score * 1000000 + 0.5);
}

/* The first component of a finding. */
static inline const struct tu_component *tu_assess__component(
	const struct tu_assess_input *input, const struct tu_assess_finding *finding)
{
	return &input->inventory->components[finding->distinct->first];
}

#endif
