/*
 * The verdict on a ledger, for programs.
 */
#ifndef TU_SHOW_LEDGER_H
#define TU_SHOW_LEDGER_H

#include "ledger/verify.h"

/* Append as a JSON object (docs/formats/ledger.md). */
void tu_ledger_show_json(const struct tu_ledger_verdict *verdict, struct tu_buf *out);

#endif
