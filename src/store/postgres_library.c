#include "store/postgres_library.h"

TU_LIBRARY(library, struct tu_postgres, TU_POSTGRES_FUNCTIONS, TU_POSTGRES_SONAME);

TU_LIBRARY_NOTE("postgres", "the service's database on a server", "suggested",
	TU_LIBRARY_QUOTED(TU_POSTGRES_SONAME));

const struct tu_postgres *tu_postgres(void)
{
	return tu_library(&library);
}
