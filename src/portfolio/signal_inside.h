/*
 * What signal.c and signal_work.c have in common.
 */
#ifndef TU_PORTFOLIO_SIGNAL_INSIDE_H
#define TU_PORTFOLIO_SIGNAL_INSIDE_H

#include "portfolio/signal.h"

static inline struct tu_value tu_signal__some(int64_t value)
{
	return value ? tu_int(value) : tu_null();
}

/* TU_E_USAGE: it is none of them. */
TU_NODISCARD enum tu_status tu_signal__check_word(
	struct tu_str word, const char *const *words, size_t count, struct tu_error *err);
TU_NODISCARD enum tu_status tu_signal__check_kind(struct tu_str kind, struct tu_error *err);
/* TU_E_USAGE: of the future, or before 1990. */
TU_NODISCARD enum tu_status tu_signal__check_learned(
	const struct tu_work *w, int64_t learned, struct tu_error *err);
/* us. Days 0: as the header says. */
int64_t tu_signal__acknowledge_by(int64_t learned, unsigned days);

/* A line of its log, by whoever acts; not in the ledger. */
TU_NODISCARD enum tu_status tu_signal__note(struct tu_work *w, const struct tu_signal_row *row,
	const char *kind, struct tu_str text, struct tu_error *err);
/* The case that it is confirmed for was learned of when it was, or earlier. */
TU_NODISCARD enum tu_status tu_signal__keep_learned(
	struct tu_work *w, const struct tu_signal_row *row, struct tu_error *err);

#endif
