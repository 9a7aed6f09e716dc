/*
 * --fail-on of a command: read the expression, and say what came of it.
 */
#ifndef TU_CLI_GATE_CONCLUDE_H
#define TU_CLI_GATE_CONCLUDE_H

#include "gate/gate.h"

/* Parse the argument of an option such as "fail-on"; NULL is a gate without rules. False: it is
 * wrong, the complaint has been printed. The advice of the gate is printed, too. */
bool tu_gate_take(const char *command, enum tu_gate_door door, const char *option,
	const char *expression, struct tu_gate *out_gate);

/* Say on standard error why a gate fails and what it could not judge; the exit code. Without rules
 * nothing is said. */
int tu_gate_conclude(const char *command, const struct tu_gate *gate,
	const struct tu_gate_input *input, const struct tu_gate_verdict *verdict);

#endif
