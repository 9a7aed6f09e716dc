/*
 * The members of CVSS objects that say in words what the vector says in letters.
 */
#ifndef TU_VEX_CSAF_CVSS_H
#define TU_VEX_CSAF_CVSS_H

#include <stddef.h>
#include <stdint.h>

/* Versions as bits. */
enum { TU_CSAF_CVSS_2 = 1, TU_CSAF_CVSS_3 = 2, TU_CSAF_CVSS_4 = 4 };

struct tu_csaf_cvss_word {
	uint8_t versions;
	const char *member;
	const char *metric;
	const char *words; /* "WORD=letters …" */
};

extern const struct tu_csaf_cvss_word tu_csaf_cvss_words[];
extern const size_t tu_csaf_cvss_word_count;

#endif
