/*
 * The .config of a kernel's build: its options, its architecture and the version it states.
 */
#ifndef TU_MATCH_KERNEL_CONFIG_H
#define TU_MATCH_KERNEL_CONFIG_H

#include <stdint.h>

#include <tutela/error.h>
#include <tutela/str.h>

#include "base/intern.h"

/* "6.1.40" is {6, 1}. Zero: unknown. */
struct kernel_version {
	uint32_t major, minor;
};

struct kernel_config {
	struct tu_intern *options; /* that are set, without "CONFIG_" */
	struct tu_intern *unset; /* of which it says that they are not */
	struct kernel_version version; /* of the generated header line */
};

/* An architecture: the name of its folder below arch/ and the option that only it sets. */
struct kernel_architecture {
	struct tu_str folder;
	struct tu_str option;
};

/* TU_E_SYNTAX: not the .config of a build folder. End with tu_match__kernel_config_done(). */
TU_NODISCARD enum tu_status tu_match__kernel_config_read(
	struct kernel_config *config, struct tu_str text, struct tu_error *err);
void tu_match__kernel_config_done(struct kernel_config *config);

bool tu_match__kernel_is_set(const struct kernel_config *config, struct tu_str option);
/* Is none of several set? Alternatives are separated by '|'. An option that is not mentioned is not
 * set in a whole configuration, which mentions hundreds; of a part of one that does not follow. */
bool tu_match__kernel_are_unset(const struct kernel_config *config, struct tu_str options);

/* Is the option an architecture's, and does the configuration set any of those? */
bool tu_match__kernel_is_architecture(struct tu_str option);
bool tu_match__kernel_states_architecture(const struct kernel_config *config);
/* The n-th architecture, or NULL after the last. */
const struct kernel_architecture *tu_match__kernel_architecture(size_t n);
/* False when the architecture, as package URLs name it ("amd64", "aarch64"), is known and the
 * configuration is of another one. */
bool tu_match__kernel_suits(const struct kernel_config *config, struct tu_str architecture);

/* Zero when the text does not begin with two numbers. */
struct kernel_version tu_match__kernel_version(struct tu_str text);
int tu_match__kernel_version_cmp(struct kernel_version a, struct kernel_version b);

#endif
