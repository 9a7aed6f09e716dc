/*
 * One cell of a row, as CSV and XLSX write it.
 */
#ifndef TU_API_CELL_H
#define TU_API_CELL_H

#include "api/columns.h"

struct tu_api_cell {
	enum {
		TU_CELL_NULL,
		TU_CELL_TEXT,
		TU_CELL_NUMBER, /* its text is its digits */
		TU_CELL_BOOL,
		TU_CELL_JSON
	} kind;
	struct tu_str text; /* in the row, static or in `room` */
	double number;
	bool yes;
	char room[TU_API_TIME_TEXT];
};

void tu_api_cell_of(
	const struct tu_api_column *column, const void *row, struct tu_api_cell *out_cell);

#endif
