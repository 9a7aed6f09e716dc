/*
 * The rubric for applying CVSS v3 to medical devices: questions whose answers give the base
 * metrics.
 *
 * Source: MITRE, "Rubric for Applying CVSS to Medical Devices", which FDA qualified as a medical
 * device development tool (MDDT) in October 2020; the ids and the flow are MITRE's, the words are
 * ours. What we could not confirm against MITRE's text is said in docs/internals/score.md.
 *
 * A question that is not answered is scored like one answered "unknown": as the worst that its
 * answers allow. Pure functions over static tables; thread-safe; nothing is allocated but what a
 * caller's buffer needs.
 */
#ifndef TUTELA_RUBRIC_H
#define TUTELA_RUBRIC_H

#include <stdint.h>

#include <tutela/buf.h>
#include <tutela/score.h>

enum { TU_RUBRIC_COUNT = 31 };

enum tu_rubric_answer {
	TU_RUBRIC_UNANSWERED = 0,
	TU_RUBRIC_UNKNOWN,
	TU_RUBRIC_YES,
	TU_RUBRIC_NO,
	TU_RUBRIC_ANSWERS
};

struct tu_rubric_question {
	const char *id; /* "XAVN" */
	const char *metric; /* the CVSS metric that it serves: "AV" */
	const char *asks;
	const char *explains;
	bool first; /* asked whatever was answered before; others follow from an answer */
	/* What an answer leads to: the id of the next question or the metric's value. Not used for
	 * TU_RUBRIC_UNANSWERED. */
	const char *then[TU_RUBRIC_ANSWERS];
};

/* Answers by question, in the order of tu_rubric_question_at(). Zeroed: nothing is answered. */
struct tu_rubric {
	uint8_t answers[TU_RUBRIC_COUNT]; /* enum tu_rubric_answer */
};

/* NULL after the last. Static storage. */
TU_API const struct tu_rubric_question *tu_rubric_question_at(size_t index);

/* Whether the answers so far lead to this question. */
TU_API bool tu_rubric_asks(const struct tu_rubric *rubric, size_t index);

/* The first question that is asked and not answered; TU_RUBRIC_COUNT when there is none. */
TU_API size_t tu_rubric_next(const struct tu_rubric *rubric);

/* The CVSS vector, of TU_CVSS_3_0 or TU_CVSS_3_1, that the answers give. TU_E_USAGE for another
 * version. */
TU_API TU_NODISCARD enum tu_status tu_rubric_score(const struct tu_rubric *rubric,
	enum tu_cvss_version version, struct tu_cvss *out_cvss, struct tu_error *err);

/* Append the extended vector: "XAVN:Y/XAVT:U/…" of what is asked and answered; Y, N, U. */
TU_API void tu_rubric_write(const struct tu_rubric *rubric, struct tu_buf *out);

/* Read an extended vector, or a file of answers: "ID:ANSWER" (or "ID=ANSWER", "ID ANSWER") between
 * slashes or line ends; the answer is yes, no, unknown or its first letter in any case; "#" begins
 * a comment that ends with the line. Errors: TU_E_SYNTAX with the byte (no such question, no such
 * answer, answered twice). `out_rubric` is written on success only. */
TU_API TU_NODISCARD enum tu_status tu_rubric_parse(
	struct tu_str text, struct tu_rubric *out_rubric, struct tu_error *err);

#endif
