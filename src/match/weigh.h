/*
 * From all evidence about one vulnerability to the piece that decides.
 */
#ifndef TU_MATCH_WEIGH_H
#define TU_MATCH_WEIGH_H

#include <tutela/match.h>

/* By vulnerability; within one: votes first, the strongest class, the gravest verdict. */
int tu_match__compare_evidence(const void *left, const void *right);

/* A group is all evidence about one vulnerability, sorted. Within one record the product that the
 * SBOM states by its CPE counts, not others that share its name; where the record judges several
 * products of one name differently, the name alone leaves it undecided. Sorts again. */
void tu_match__weigh_names(struct tu_evidence *group, size_t count);

/* The evidence of a sorted group that decides. */
struct tu_evidence *tu_match__deciding(struct tu_evidence *group, size_t count);

#endif
