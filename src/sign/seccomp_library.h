/*
 * libseccomp, loaded when a process confines itself.
 */
#ifndef TU_SIGN_SECCOMP_LIBRARY_H
#define TU_SIGN_SECCOMP_LIBRARY_H

#include <seccomp.h>

#include "base/library.h"

#define TU_SECCOMP_SONAME "libseccomp.so.2"

#define TU_SECCOMP_FUNCTIONS(X) \
	X(seccomp_init) \
	X(seccomp_load) \
	X(seccomp_release) \
	X(seccomp_rule_add)

struct tu_seccomp {
	TU_SECCOMP_FUNCTIONS(TU_LIBRARY_MEMBER)
};

/* NULL: it is not installed. Before threads. */
const struct tu_seccomp *tu_sign__seccomp(void);

#endif
