/*
 * Kernels by the name of their recipe, and versions that are none.
 */
#ifndef TU_MATCH_KERNEL_NAME_H
#define TU_MATCH_KERNEL_NAME_H

#include <stdbool.h>

#include <tutela/str.h>

/* Is a component of this name (lower case) and version a vendor's kernel? "linux-altera 6.6.20" is,
 * "linux-firmware 20240312" and "linux-libc-headers 6.6" are not. */
bool tu_match__is_vendor_kernel(struct tu_str name, struct tu_str version);

/* Does the text say that there is no release number? "0+git", "AUTOINC", "v0.0.0". Such a version
 * is before no other one. */
bool tu_match__is_no_version(struct tu_str version);

#endif
