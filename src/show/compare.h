/*
 * The formats of a comparison of two knowledge bases (scan --since).
 */
#ifndef TU_SHOW_COMPARE_H
#define TU_SHOW_COMPARE_H

#include <stdbool.h>

#include <tutela/sink.h>

#include "app/compare.h"

void tu_compare_table(const struct tu_compare_answer *answer, bool colour, struct tu_sink *output);
void tu_compare_json(const struct tu_compare_answer *answer, struct tu_sink *output);

#endif
