/*
 * What is known of kernels in general, from tools/derive-kernel-table.
 */
#ifndef TU_MATCH_KERNEL_OPTIONS_H
#define TU_MATCH_KERNEL_OPTIONS_H

#include "match/kernel_config.h"

/* A directory of which nothing is compiled unless one of the options is set. */
struct kernel_option {
	struct tu_str directory; /* "net/bluetooth/" */
	struct tu_str options; /* without "CONFIG_", alternatives separated by '|' */
	struct kernel_version since, until; /* versions in which that was found, inclusive */
	bool headers; /* its headers are not included from elsewhere either */
};

const struct kernel_option *tu_match__kernel_options(size_t *out_count);

/* Sources that a source of another folder includes: they may be compiled without an object of their
 * own, where nothing else of their folder is. */
const struct tu_str *tu_match__kernel_included(size_t *out_count);

#endif
