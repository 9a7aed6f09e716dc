/*
 * A knowledge base and the account of its sources take their places together, or not at all.
 */
#ifndef TU_APP_KB_PUT_H
#define TU_APP_KB_PUT_H

#include "app/output.h"

/* Put a new knowledge base in place at `path`, where `kb` was opened, and beside it the text of its
 * account; an empty text: it has none, and an old one is removed. When anything fails, both old
 * files are as they were. Ends the output. TU_E_IO, TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_kb_put(
	const char *path, struct tu_output *kb, struct tu_str account, struct tu_error *err);

/* Write the account alone: the knowledge base stays. */
TU_NODISCARD enum tu_status tu_kb_put_account(
	const char *path, struct tu_str account, struct tu_error *err);

#endif
