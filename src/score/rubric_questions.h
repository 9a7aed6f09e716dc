/* The questions of the medical-device rubric. */
#ifndef TU_SCORE_RUBRIC_QUESTIONS_H
#define TU_SCORE_RUBRIC_QUESTIONS_H

#include <tutela/rubric.h>

extern const struct tu_rubric_question tu_rubric_questions[TU_RUBRIC_COUNT];

#endif
