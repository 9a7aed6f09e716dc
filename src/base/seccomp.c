#include "base/seccomp.h"

TU_LIBRARY(library, struct tu_seccomp, TU_SECCOMP_FUNCTIONS, TU_SECCOMP_SONAME);

TU_LIBRARY_NOTE("seccomp", "confines the signing process and the readers of uploads", "recommended",
	TU_LIBRARY_QUOTED(TU_SECCOMP_SONAME));

const struct tu_seccomp *tu_seccomp(void)
{
	return tu_library(&library);
}
