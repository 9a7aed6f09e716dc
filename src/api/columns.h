/*
 * Rows of answers: one table of columns a resource drives JSON, CSV, XLSX, the choice of fields and
 * the comparison with the OpenAPI document.
 *
 * A resource has a flat struct for a row, made for its answer: texts are struct tu_str, numbers
 * int64_t, yes and no bool. Its columns say where each member is.
 *
 *	struct device_row { struct tu_str name, title; int64_t releases, created; };
 *	static const struct tu_api_column columns[] = {
 *		TU_API_COLUMN(struct device_row, name, TU_API_TEXT, 0),
 *		TU_API_COLUMN(struct device_row, created, TU_API_TIME, TU_API_OPT),
 *	};
 *	const struct tu_api_table tu_api_table_device = TU_API_TABLE("Device", columns);
 *
 * Threads: tables are constant; the functions are pure.
 */
#ifndef TU_API_COLUMNS_H
#define TU_API_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tutela/attr.h>
#include <tutela/error.h>
#include <tutela/str.h>

#include "base/json_writer.h"

enum tu_api_type {
	TU_API_TEXT, /* struct tu_str */
	TU_API_WORD, /* the same: one of a closed list, which the document names */
	TU_API_INT, /* int64_t */
	TU_API_TENTHS, /* int64_t: 98 is written 9.8 */
	TU_API_MILLIONTHS, /* int64_t: 970000 is written 0.97 */
	TU_API_BOOL, /* bool */
	TU_API_MAYBE, /* int64_t: 0 is no, 1 is yes, TU_API_NONE where it may be null */
	TU_API_TIME, /* int64_t, us since 1970: "2026-07-10T12:00:00Z" */
	TU_API_DATE, /* int64_t, seconds since 1970: "2026-07-10" */
	TU_API_JSON, /* struct tu_str: JSON without white space; a text in CSV and XLSX */
	TU_API_TYPES
};

enum tu_api_column_flag {
	TU_API_OPT = 1 << 0, /* may be null: an empty text, TU_API_NONE; a time or date of 0 */
	TU_API_EXTRA = 1 << 1, /* only where `fields` names it */
	TU_API_WORDS_OF_OTHERS = 1 << 2 /* free text that came from outside */
};

/* A number that is not stated. */
#define TU_API_NONE INT64_MIN

struct tu_api_column {
	const char *name;
	enum tu_api_type type;
	unsigned flags; /* of enum tu_api_column_flag */
	size_t at; /* offset in the row */
};

#define TU_API_COLUMN(row, member, type, flags) \
	{ \
#member, (type), (flags), offsetof(row, member) \
	}
/* The name in the answer is not that of the member. */
#define TU_API_COLUMN_AS(name, row, member, type, flags) \
	{ \
		(name), (type), (flags), offsetof(row, member) \
	}

enum { TU_API_COLUMNS = 64 };

struct tu_api_table {
	const char *schema; /* of components/schemas in the document: a row */
	const struct tu_api_column *columns;
	size_t count; /* at most TU_API_COLUMNS */
	size_t row_size;
};

#define TU_API_TABLE(schema, row, columns) \
	{ \
		(schema), (columns), sizeof(columns) / sizeof(*(columns)), sizeof(row) \
	}

/* Which columns: a bit for each. */
typedef uint64_t tu_api_columns;

/* What `fields=` asks for: names with commas; empty: all that are not EXTRA. TU_E_USAGE names what
 * is no column and those that are. */
TU_NODISCARD enum tu_status tu_api_columns_choose(const struct tu_api_table *table,
	struct tu_str fields, tu_api_columns *out_columns, struct tu_error *err);

/* Write a row as an object. */
void tu_api_row_json(const struct tu_api_table *table, tu_api_columns columns, const void *row,
	struct tu_json_writer *json);
/* Only the members, into an object that is open. */
void tu_api_row_members(const struct tu_api_table *table, tu_api_columns columns, const void *row,
	struct tu_json_writer *json);

/* RFC 4180 with a head line of names. A text that a spreadsheet would take for a formula gets a "'"
 * before it. */
void tu_api_csv_head(const struct tu_api_table *table, tu_api_columns columns, struct tu_buf *out);
void tu_api_csv_row(const struct tu_api_table *table, tu_api_columns columns, const void *row,
	struct tu_buf *out);

/* Rows of a table that follow each other. */
struct tu_api_rows {
	const void *at;
	size_t count;
};

/* A time or a date as text, with NUL. */
enum { TU_API_TIME_TEXT = 40 };
struct tu_str tu_api_time_text(int64_t us, char out[TU_API_TIME_TEXT]);
/* Members that are null where nothing is stated: a time of 0, an empty text. */
void tu_api_member_time_or_null(struct tu_json_writer *json, const char *key, int64_t us);
void tu_api_member_or_null(struct tu_json_writer *json, const char *key, struct tu_str text);
struct tu_str tu_api_date_text(int64_t seconds, char out[TU_API_TIME_TEXT]);

#endif
