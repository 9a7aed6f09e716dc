/*
 * A workbook (XLSX) from rows of a table, made by libxlsxwriter, which is loaded when
 * it is first asked for. Texts are written as texts: no cell becomes a formula.
 */
#ifndef TU_API_SHEET_H
#define TU_API_SHEET_H

#include "api/columns.h"

struct tu_api_sheet;

/* TU_E_UNSUPPORTED: libxlsxwriter is not installed. */
TU_NODISCARD enum tu_status tu_api_sheet_new(const struct tu_api_table *table,
	tu_api_columns columns, struct tu_api_sheet **out_sheet, struct tu_error *err);
TU_NODISCARD enum tu_status tu_api_sheet_rows(
	struct tu_api_sheet *sheet, const struct tu_api_rows *rows, struct tu_error *err);
/* After all rows: a second sheet, a line for each of "name=value, name=value". */
TU_NODISCARD enum tu_status tu_api_sheet_facts(
	struct tu_api_sheet *sheet, const char *name, struct tu_str facts, struct tu_error *err);
/* Append the file to `out` and free the sheet (NULL is fine). With a status other than TU_OK only
 * free it; that status is returned. */
TU_NODISCARD enum tu_status tu_api_sheet_end(struct tu_api_sheet *sheet, enum tu_status status,
	struct tu_buf *out, struct tu_error *err);

#endif
