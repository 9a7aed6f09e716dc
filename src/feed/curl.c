#include "feed/curl.h"

TU_LIBRARY(library, struct tu_curl, TU_CURL_FUNCTIONS, TU_CURL_SONAME);

TU_LIBRARY_NOTE("download", "downloads of vulnerability feeds", "recommended",
	TU_LIBRARY_QUOTED(TU_CURL_SONAME));

const struct tu_curl *tu_curl(void)
{
	return tu_library(&library);
}
