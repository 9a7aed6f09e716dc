/*
 * Which score is shown for a vulnerability of which several are stated.
 *
 * A number before a bare word, a word before a vector that cannot be scored;
 * CVSS 3.1, 3.0, 4.0, 2.0 in this order, so that findings stay comparable; NVD's own, the CNA's,
 * those of ADP containers, OSV's, then others.
 */
#ifndef TU_SCORE_CHOOSE_H
#define TU_SCORE_CHOOSE_H

#include <tutela/score.h>

/* Who states a score. */
enum tu_score_origin {
	TU_SCORE_OF_NVD,
	TU_SCORE_OF_NVD_REPEATED, /* NVD repeats what a CNA scored beside its own score */
	TU_SCORE_OF_CNA,
	TU_SCORE_OF_ADP,
	TU_SCORE_OF_OSV,
	TU_SCORE_OF_OTHERS
};

/* Smaller is shown; of equal ones the first. 0 … TU_SCORE_RANKS - 1. */
enum { TU_SCORE_RANKS = 4096 };
int tu_score__rank(enum tu_score_origin origin, const struct tu_score *score);

#endif
