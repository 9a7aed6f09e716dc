/*
 * The report of a judged design: as a page for people, and its trace matrix as rows: one for each
 * threat and control that is claimed for it, from the threat to requirement, test evidence and
 * residual risk. What is not applicable and what is a question is a row, too: nothing that was
 * considered is left out.
 */
#ifndef TU_API_THREAT_TRACE_H
#define TU_API_THREAT_TRACE_H

#include "app/threat.h"

/* Append the page: HTML in UTF-8, whole. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_threat_trace_page(
	const struct tu_threat_answer *answer, struct tu_sink *out, struct tu_error *err);
/* Append the rows as CSV (RFC 4180), or as a workbook (XLSX). TU_E_NOMEM; TU_E_UNSUPPORTED where
 * libxlsxwriter is not installed. */
TU_NODISCARD enum tu_status tu_threat_trace_csv(
	const struct tu_threat_answer *answer, struct tu_sink *out, struct tu_error *err);
TU_NODISCARD enum tu_status tu_threat_trace_xlsx(
	const struct tu_threat_answer *answer, struct tu_sink *out, struct tu_error *err);

#endif
