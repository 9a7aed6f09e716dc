#include <dlfcn.h>
#include <string.h>

#include "base/library.h"

bool tu_library_load(const struct tu_library *library, void *into)
{
	void *handle = NULL;

	for (size_t i = 0; !handle && i < library->soname_count; i++)
		handle = dlopen(library->sonames[i], RTLD_NOW | RTLD_LOCAL);
	for (size_t i = 0; handle && i < library->function_count; i++) {
		void *function = dlsym(handle, library->functions[i].name);

		if (!function)
			return false;
		/* ISO C has no conversion from what dlsym() returns. */
		memcpy((char *)into + library->functions[i].at, &function, sizeof(function));
	}
	return handle != NULL;
}
