#include <threads.h>

#include <tutela/str.h>

#include "store/postgres_library.h"

#define ROW(name) TU_LIBRARY_ROW(struct tu_postgres, name)

static const struct tu_library_function functions[] = {TU_POSTGRES_FUNCTIONS(ROW)};
static const char *const sonames[] = {TU_POSTGRES_SONAME};
static const struct tu_library library = {
	sonames, TU_COUNT(sonames), functions, TU_COUNT(functions)};

TU_LIBRARY_NOTE("postgres", "the service's database on a server", "suggested",
	TU_LIBRARY_QUOTED(TU_POSTGRES_SONAME));

static struct tu_postgres postgres;
static bool loaded;
static once_flag once = ONCE_FLAG_INIT;

static void load(void)
{
	loaded = tu_library_load(&library, &postgres);
}

const struct tu_postgres *tu_postgres(void)
{
	call_once(&once, load);
	return loaded ? &postgres : NULL;
}
