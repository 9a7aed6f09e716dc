/*
 * libcurl, loaded when the first download is prepared (base/library.h): only `kb sync` needs it,
 * and it brings some thirty libraries with it.
 */
#ifndef TU_FEED_CURL_H
#define TU_FEED_CURL_H

/* The checks of arguments are macros, which know no pointers to functions. */
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include "base/library.h"

#define TU_CURL_FUNCTIONS(X) \
	X(curl_easy_cleanup) \
	X(curl_easy_getinfo) \
	X(curl_easy_init) \
	X(curl_easy_perform) \
	X(curl_easy_reset) \
	X(curl_easy_setopt) \
	X(curl_easy_strerror) \
	X(curl_getdate) \
	X(curl_global_cleanup) \
	X(curl_global_init) \
	X(curl_slist_append) \
	X(curl_slist_free_all)

struct tu_curl {
	TU_CURL_FUNCTIONS(TU_LIBRARY_MEMBER)
};

/* For what the message about a missing library says. */
#define TU_CURL_SONAME "libcurl.so.4"

/* NULL: it is not installed. Any thread. */
const struct tu_curl *tu_curl(void);

#endif
