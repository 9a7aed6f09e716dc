#include "store/sqlite_library.h"

TU_LIBRARY(library, struct tu_sqlite, TU_SQLITE_FUNCTIONS, TU_SQLITE_SONAME);

TU_LIBRARY_NOTE("sqlite", "the service's database in its data folder", "recommended",
	TU_LIBRARY_QUOTED(TU_SQLITE_SONAME));

const struct tu_sqlite *tu_sqlite(void)
{
	return tu_library(&library);
}
