#include <tutela/str.h>

#include "base/seccomp.h"

#define ROW(name) TU_LIBRARY_ROW(struct tu_seccomp, name)

static const struct tu_library_function functions[] = {TU_SECCOMP_FUNCTIONS(ROW)};
static const char *const sonames[] = {TU_SECCOMP_SONAME};
static const struct tu_library library = {
	sonames, TU_COUNT(sonames), functions, TU_COUNT(functions)};

TU_LIBRARY_NOTE("seccomp", "confines the signing process and the readers of uploads", "recommended",
	TU_LIBRARY_QUOTED(TU_SECCOMP_SONAME));

const struct tu_seccomp *tu_seccomp(void)
{
	static struct tu_seccomp seccomp;
	static bool asked, loaded;

	if (!asked)
		loaded = tu_library_load(&library, &seccomp);
	asked = true;
	return loaded ? &seccomp : NULL;
}
