#include "api/xlsx_library.h"

TU_LIBRARY(library, struct tu_xlsx, TU_XLSX_FUNCTIONS, "libxlsxwriter.so.4", "libxlsxwriter.so.5",
	"libxlsxwriter.so.6", "libxlsxwriter.so.7", "libxlsxwriter.so.8");

#define NAME(number) TU_LIBRARY_QUOTED("libxlsxwriter.so." number)
TU_LIBRARY_NOTE("xlsx", "lists of the service as workbooks", "suggested",
	NAME("4") "," NAME("5") "," NAME("6") "," NAME("7") "," NAME("8"));

const struct tu_xlsx *tu_xlsx(void)
{
	return tu_library(&library);
}
