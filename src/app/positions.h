/*
 * DEVICE_DIR/positions.json: where the elements of a design model stand in its views
 * (docs/formats/model.md). A drawing without it is laid out by the program.
 *
 *	{"schema": "tutela-positions/1", "views": {"global": {"com": {"x": 40, "y": 120}}}}
 */
#ifndef TU_APP_POSITIONS_H
#define TU_APP_POSITIONS_H

#include "base/json.h"

/* Append the file of {VIEW: {ELEMENT: {x, y}}}. TU_E_USAGE with a pointer into `views`: a place
 * that is no two numbers, or another member; TU_E_LIMIT: too many; TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_positions_write(
	struct tu_json views, struct tu_buf *out, struct tu_error *err);

/* The views of a file's text, which lives as long as the parser's document; the absent value for an
 * empty text. TU_E_SYNTAX, TU_E_UNSUPPORTED and as above. */
TU_NODISCARD enum tu_status tu_positions_read(struct tu_json_parser *parser, struct tu_str text,
	struct tu_json *out_views, struct tu_error *err);

#endif
