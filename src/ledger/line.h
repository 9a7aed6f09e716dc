/*
 * One JSON object a line, in one canonical form: compact, members in the order of a table,
 * hexadecimal digits in lower case. A line that says the same in another form is refused, so that
 * not one bit of a file can change unnoticed.
 */
#ifndef TU_LEDGER_LINE_H
#define TU_LEDGER_LINE_H

#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

#include "base/json.h"

enum tu_line_kind {
	TU_LINE_FIXED, /* a text that is always `fixed` */
	TU_LINE_TEXT, /* struct tu_str */
	TU_LINE_INT, /* int64_t */
	TU_LINE_HEX, /* uint8_t[size], as twice as many digits */
	TU_LINE_ID /* char[size + 1]: `size` hexadecimal digits and NUL */
};

struct tu_line_field {
	const char *name;
	enum tu_line_kind kind;
	size_t at; /* offset of the value in the record */
	size_t size;
	const char *fixed;
};

/* The kinds of records: their members in order. */
struct tu_line_form {
	const char *what; /* "a record of a ledger" */
	const struct tu_line_field *fields;
	size_t count;
	size_t bytes_max; /* of a line */
};

/* Append the line with its "\n". */
void tu_ledger__line_write(const struct tu_line_form *form, const void *record, struct tu_buf *out);

/*
 * Read a line, without its "\n", into `record`; texts live until the parser's next line. `again` is
 * for the comparison: an initialised buffer with room for a line. TU_E_SYNTAX with column and
 * pointer, TU_E_LIMIT, TU_E_NOMEM; the caller knows the line.
 */
struct tu_line_reader {
	struct tu_json_parser *parser;
	struct tu_buf *again;
};

TU_NODISCARD enum tu_status tu_ledger__line_read(const struct tu_line_reader *reader,
	const struct tu_line_form *form, struct tu_str line, void *record, struct tu_error *err);

#endif
