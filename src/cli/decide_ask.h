/*
 * Questions of `tutela decide` on a terminal.
 */
#ifndef TU_CLI_DECIDE_ASK_H
#define TU_CLI_DECIDE_ASK_H

#include "app/decide.h"

/* Ask for what no option states. TU_E_USAGE when the input ends before. */
TU_NODISCARD enum tu_status tu_decide_ask(struct tu_deciding *deciding, struct tu_error *err);

#endif
