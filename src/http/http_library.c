#include "http/http_library.h"

TU_LIBRARY(library, struct tu_mhd, TU_MHD_FUNCTIONS, TU_MHD_SONAME);

TU_LIBRARY_NOTE(
	"http", "the server of the service", "recommended", TU_LIBRARY_QUOTED(TU_MHD_SONAME));

const struct tu_mhd *tu_mhd(void)
{
	return tu_library(&library);
}
