/*
 * Cells of a row that are JSON, such as lists: each is written into one text and copied into the
 * call's arena.
 *
 *     struct tu_api_json_cell cell;
 *     tu_api_json_cell_init(&cell, call->arena, most);
 *     tu_api_json_cell_begin(&cell);
 *     …                                      write one value to cell.json
 *     row.hazards = tu_api_json_cell_end(&cell);
 *     …                                      and so on, for each cell and row
 *     status = tu_api_json_cell_done(&cell, err);
 *
 * A cell that did not fit is empty, and tu_api_json_cell_done() says so. One thread at a time.
 */
#ifndef TU_API_JSON_CELL_H
#define TU_API_JSON_CELL_H

#include "base/json_writer.h"

#include <tutela/arena.h>
#include <tutela/device.h>
#include <tutela/error.h>

struct tu_api_json_cell {
	struct tu_json_writer json; /* of buf */
	struct tu_buf buf;
	struct tu_arena *arena; /* the caller's */
	bool failed;
};

/* `most`: bytes of one cell. */
void tu_api_json_cell_init(struct tu_api_json_cell *cell, struct tu_arena *arena, size_t most);
void tu_api_json_cell_begin(struct tu_api_json_cell *cell);
/* What was written since the beginning, in the arena. */
struct tu_str tu_api_json_cell_end(struct tu_api_json_cell *cell);
/* A cell that is a list of texts. */
struct tu_str tu_api_json_cell_texts(struct tu_api_json_cell *cell, const struct tu_texts *texts);
/* TU_E_NOMEM: a cell was larger than `most`, or did not fit into the arena. */
TU_NODISCARD enum tu_status tu_api_json_cell_done(
	struct tu_api_json_cell *cell, struct tu_error *err);

#endif
