#include "base/library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

enum { NOT_ASKED, LOADED, MISSING }; /* zero is what a static one begins with */

/* One for all: a library is loaded once, and few are. */
static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER;

static bool load(const struct tu_library *library)
{
	void *handle = NULL;

	for (size_t i = 0; !handle && i < library->soname_count; i++)
		handle = dlopen(library->sonames[i], RTLD_NOW | RTLD_LOCAL);
	for (size_t i = 0; handle && i < library->name_count; i++) {
		void *function = dlsym(handle, library->names[i]);

		if (!function)
			return false;
		/* ISO C has no conversion from what dlsym() returns. */
		memcpy((char *)library->functions + i * sizeof(function), &function,
			sizeof(function));
	}
	return handle != NULL;
}

const void *tu_library(struct tu_library *library)
{
	if (atomic_load(&library->state) == NOT_ASKED) {
		(void)pthread_mutex_lock(&loading);
		if (atomic_load(&library->state) == NOT_ASKED)
			atomic_store(&library->state, load(library) ? LOADED : MISSING);
		(void)pthread_mutex_unlock(&loading);
	}
	return atomic_load(&library->state) == LOADED ? library->functions : NULL;
}

bool tu_library_was_missing(struct tu_library *library)
{
	return atomic_load(&library->state) == MISSING;
}
