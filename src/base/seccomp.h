/*
 * libseccomp, loaded when a process confines itself. Load it before the filter is in force, and
 * before there are threads.
 */
#ifndef TU_BASE_SECCOMP_H
#define TU_BASE_SECCOMP_H

#include <seccomp.h>

#include "base/library.h"

#define TU_SECCOMP_SONAME "libseccomp.so.2"

#define TU_SECCOMP_FUNCTIONS(X) \
	X(seccomp_attr_set) \
	X(seccomp_init) \
	X(seccomp_load) \
	X(seccomp_release) \
	X(seccomp_rule_add) \
	X(seccomp_rule_add_array) \
	X(seccomp_syscall_resolve_name)

struct tu_seccomp {
	TU_SECCOMP_FUNCTIONS(TU_LIBRARY_MEMBER)
};

/* NULL: it is not installed. */
const struct tu_seccomp *tu_seccomp(void);

#endif
