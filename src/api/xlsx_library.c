#include "api/xlsx_library.h"

TU_LIBRARY(library, struct tu_xlsx, TU_XLSX_FUNCTIONS, "libxlsxwriter.so.4", "libxlsxwriter.so.5",
	"libxlsxwriter.so.6", "libxlsxwriter.so.7", "libxlsxwriter.so.8");

TU_LIBRARY_NOTE("xlsx", "lists of the service as workbooks", "suggested",
	TU_LIBRARY_QUOTED("libxlsxwriter.so.4"));

const struct tu_xlsx *tu_xlsx(void)
{
	return tu_library(&library);
}
