/*
 * What the files of lints have in common: one run, one row a rule.
 */
#ifndef TU_DEVICE_LINT_H
#define TU_DEVICE_LINT_H

#include <tutela/decision.h>
#include <tutela/device.h>

#include "base/vec.h"

enum { TU_LINT_MESSAGE_MAX = 400 };

struct linting {
	struct tu_arena *arena;
	const struct tu_lint_input *input;
	const struct tu_device *device;
	const struct tu_lint_rule *rule;
	TU_VEC(struct tu_lint) found;
	bool failed;
};

struct tu_lint_rule {
	const char *name;
	enum tu_lint_level level;
	void (*look)(struct linting *l);
};

/* The rules on what statements are published under. */
extern const struct tu_lint_rule tu_lint__identity_rules[];
extern const size_t tu_lint__identity_rule_count;
/* The rules on decisions. */
extern const struct tu_lint_rule tu_lint__decision_rules[];
extern const size_t tu_lint__decision_rule_count;

/* Add a lint of the current rule; the message is cut at TU_LINT_MESSAGE_MAX. */
void tu_lint__tell(struct linting *l, struct tu_str file, struct tu_place place, const char *fmt,
	...) TU_PRINTF(4, 5);

#endif
