/*
 * libxlsxwriter, loaded when a workbook is asked for.
 */
#ifndef TU_API_XLSX_LIBRARY_H
#define TU_API_XLSX_LIBRARY_H

#include <xlsxwriter.h>

#include "base/library.h"

#define TU_XLSX_FUNCTIONS(X) \
	X(workbook_add_worksheet) \
	X(workbook_close) \
	X(workbook_new_opt) \
	X(workbook_set_properties) \
	X(worksheet_write_boolean) \
	X(worksheet_write_number) \
	X(worksheet_write_string)

struct tu_xlsx {
	TU_XLSX_FUNCTIONS(TU_LIBRARY_MEMBER)
};

/* NULL: libxlsxwriter is not installed. Any thread. */
const struct tu_xlsx *tu_xlsx(void);

#endif
