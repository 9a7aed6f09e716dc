/*
 * CISA's Binding Operational Directive 26-04 (10 June 2026): how soon a vulnerability must be
 * remediated in a system of a federal civilian agency, by four facts.
 *
 * The table is CERT/CC's SSVC table cisa:DT_BOD2604:1.0.0 (score/ssvc_tables.c), which gives the
 * directive's own. It replaced the due dates of BOD 22-01. A fact that is not known is taken at
 * each of its values, and the earliest of the deadlines that could apply is the answer: the facts
 * on which it rests so are named. Pure; thread-safe; nothing is allocated.
 */
#ifndef TUTELA_BOD2604_H
#define TUTELA_BOD2604_H

#include <stdint.h>

#include <tutela/attr.h>
#include <tutela/buf.h>

TU_BEGIN_C

#define TU_BOD_ISSUED INT64_C(1781049600) /* 2026-06-10 */

/* From the latest to the earliest, as the outcomes of the table. */
enum tu_bod_band {
	TU_BOD_UPGRADE, /* with the next upgrade of the system */
	TU_BOD_60,
	TU_BOD_14,
	TU_BOD_3,
	TU_BOD_3_FORENSIC /* 3 days, and triage for a compromise */
};

enum tu_bod_fact { TU_BOD_IN_KEV, TU_BOD_EXPOSED, TU_BOD_AUTOMATABLE, TU_BOD_TOTAL, TU_BOD_FACTS };
enum tu_bod_value { TU_BOD_UNDECIDED, TU_BOD_NO, TU_BOD_YES };

struct tu_bod_facts {
	enum tu_bod_value of[TU_BOD_FACTS];
};

struct tu_bod_answer {
	bool asked; /* false: nobody asked; zeroed memory decides nothing */
	enum tu_bod_band band;
	uint8_t undecided; /* a bit for each fact that is not known */
	bool rests; /* another value of one of these would give more time */
};

TU_API struct tu_bod_answer tu_bod_decide(const struct tu_bod_facts *facts);
/* Days to remediate; 0: with the next upgrade. */
TU_API uint32_t tu_bod_days(enum tu_bod_band band);
/* "14 days", "3 days and forensic triage", …: static storage. */
TU_API const char *tu_bod_band_name(enum tu_bod_band band);
/* "in CISA's KEV", "exposed to the internet", …: static storage. */
TU_API const char *tu_bod_fact_name(enum tu_bod_fact fact);
/* Append the names of the facts that are not known, ", " between them. */
TU_API void tu_bod_undecided(const struct tu_bod_answer *answer, struct tu_buf *out);

TU_END_C

#endif
