#include <threads.h>

#include <tutela/str.h>

#include "feed/curl.h"

#define ROW(name) TU_LIBRARY_ROW(struct tu_curl, name)

static const struct tu_library_function functions[] = {TU_CURL_FUNCTIONS(ROW)};
static const char *const sonames[] = {TU_CURL_SONAME};
static const struct tu_library library = {
	sonames, TU_COUNT(sonames), functions, TU_COUNT(functions)};

TU_LIBRARY_NOTE("download", "downloads of vulnerability feeds", "recommended",
	TU_LIBRARY_QUOTED(TU_CURL_SONAME));

static struct tu_curl curl;
static bool loaded;
static once_flag once = ONCE_FLAG_INIT;

static void load(void)
{
	loaded = tu_library_load(&library, &curl);
}

const struct tu_curl *tu_curl(void)
{
	call_once(&once, load);
	return loaded ? &curl : NULL;
}
