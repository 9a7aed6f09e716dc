#include <threads.h>

#include <tutela/str.h>

#include "store/sqlite_library.h"

#define ROW(name) TU_LIBRARY_ROW(struct tu_sqlite, name)

static const struct tu_library_function functions[] = {TU_SQLITE_FUNCTIONS(ROW)};
static const char *const sonames[] = {TU_SQLITE_SONAME};
static const struct tu_library library = {
	sonames, TU_COUNT(sonames), functions, TU_COUNT(functions)};

TU_LIBRARY_NOTE("sqlite", "the service's database in its data folder", "recommended",
	TU_LIBRARY_QUOTED(TU_SQLITE_SONAME));

static struct tu_sqlite sqlite;
static bool loaded;
static once_flag once = ONCE_FLAG_INIT;

static void load(void)
{
	loaded = tu_library_load(&library, &sqlite);
}

const struct tu_sqlite *tu_sqlite(void)
{
	call_once(&once, load);
	return loaded ? &sqlite : NULL;
}
