#include "api/columns.h"

#include <stdio.h>
#include <string.h>

#include "api/cell.h"
#include "base/time.h"

enum { SECOND = 1000000, DAY = 86400 };

static const void *place(const struct tu_api_column *column, const void *row)
{
	return (const char *)row + column->at;
}

static struct tu_str text_of(const struct tu_api_column *column, const void *row)
{
	struct tu_str text;

	memcpy(&text, place(column, row), sizeof(text));
	return text;
}

static int64_t int_of(const struct tu_api_column *column, const void *row)
{
	int64_t value;

	memcpy(&value, place(column, row), sizeof(value));
	return value;
}

static bool bool_of(const struct tu_api_column *column, const void *row)
{
	return *(const bool *)place(column, row);
}

/* ---- times ---- */

/* Days since 1970, and seconds of the day; of what is before 1970, too. */
static int64_t days_of(int64_t seconds, int64_t *out_rest)
{
	int64_t days = seconds / DAY - (seconds % DAY < 0);

	*out_rest = seconds - days * DAY;
	return days;
}

/* Lists are full of numbers and times: printf() was two fifths of a page of findings. */
enum { DIGITS_MAX = 20 };

/* Write a number with at least so many digits; where it ends. */
static char *put(char *at, int64_t value, unsigned least)
{
	uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
	char digits[DIGITS_MAX];
	unsigned count = 0;

	if (value < 0)
		*at++ = '-';
	for (; count < DIGITS_MAX && (rest || count < least); rest /= 10)
		digits[count++] = (char)('0' + rest % 10);
	while (count)
		*at++ = digits[--count];
	return at;
}

static char *put_next(char *at, char between, int64_t value)
{
	*at++ = between;
	return put(at, value, 2);
}

static char *put_date(char *at, int64_t days)
{
	int64_t year, month, day;

	tu_time_civil(days, &year, &month, &day);
	return put_next(put_next(put(at, year, 4), '-', month), '-', day);
}

static struct tu_str written(const char *end, const char *out)
{
	return tu_str_of(out, (size_t)(end - out));
}

struct tu_str tu_api_time_text(int64_t us, char out[TU_API_TIME_TEXT])
{
	int64_t rest, days = days_of(us / SECOND - (us % SECOND < 0), &rest);
	char *at = put_next(put_date(out, days), 'T', rest / 3600);

	at = put_next(put_next(at, ':', rest / 60 % 60), ':', rest % 60);
	*at++ = 'Z';
	*at = '\0';
	return written(at, out);
}

void tu_api_member_or_null(struct tu_json_writer *json, const char *key, struct tu_str text)
{
	tu_json_key(json, key);
	if (text.len)
		tu_json_add_str(json, text);
	else
		tu_json_add_null(json);
}

void tu_api_member_time_or_null(struct tu_json_writer *json, const char *key, int64_t us)
{
	char text[TU_API_TIME_TEXT];

	tu_api_member_or_null(json, key, us ? tu_api_time_text(us, text) : TU_STR(""));
}

struct tu_str tu_api_date_text(int64_t seconds, char out[TU_API_TIME_TEXT])
{
	int64_t rest;
	char *at = put_date(out, days_of(seconds, &rest));

	*at = '\0';
	return written(at, out);
}

/* ---- cells ---- */

/* A whole number with a point so many digits from its end, without zeros at the end. */
static struct tu_str fraction(int64_t value, unsigned digits, char out[static TU_API_TIME_TEXT])
{
	int64_t one = 1, rest, whole;
	char *at = out;

	for (unsigned i = 0; i < digits; i++)
		one *= 10;
	whole = value / one;
	rest = value % one;
	if (value < 0 && whole == 0)
		*at++ = '-';
	at = put(at, whole, 1);
	if (rest) {
		*at++ = '.';
		at = put(at, rest < 0 ? -rest : rest, digits);
		while (at[-1] == '0')
			at--;
	}
	return written(at, out);
}

/* What the number 1 of a column is kept as. */
static int64_t one_of(enum tu_api_type type)
{
	return type == TU_API_TENTHS ? 10 : type == TU_API_MILLIONTHS ? 1000000 : 1;
}

static bool is_null(const struct tu_api_column *column, const void *row)
{
	if (!(column->flags & TU_API_OPT))
		return false;
	switch (column->type) {
	case TU_API_TEXT:
	case TU_API_WORD:
	case TU_API_JSON:
		return text_of(column, row).len == 0;
	case TU_API_TIME:
	case TU_API_DATE:
		return int_of(column, row) == 0;
	case TU_API_INT:
	case TU_API_TENTHS:
	case TU_API_MILLIONTHS:
	case TU_API_MAYBE:
		return int_of(column, row) == TU_API_NONE;
	case TU_API_BOOL:
	case TU_API_TYPES:
		break;
	}
	return false;
}

void tu_api_cell_of(const struct tu_api_column *column, const void *row, struct tu_api_cell *out)
{
	out->kind = TU_CELL_NULL;
	if (is_null(column, row))
		return;
	out->kind = TU_CELL_TEXT;
	switch (column->type) {
	case TU_API_TEXT:
	case TU_API_WORD:
		out->text = text_of(column, row);
		break;
	case TU_API_JSON:
		out->kind = TU_CELL_JSON;
		out->text = text_of(column, row);
		break;
	case TU_API_TIME:
		out->text = tu_api_time_text(int_of(column, row), out->room);
		break;
	case TU_API_DATE:
		out->text = tu_api_date_text(int_of(column, row), out->room);
		break;
	case TU_API_INT:
	case TU_API_TENTHS:
	case TU_API_MILLIONTHS:
		out->kind = TU_CELL_NUMBER;
		out->number = (double)int_of(column, row) / (double)one_of(column->type);
		out->text = fraction(int_of(column, row),
			column->type == TU_API_INT		? 0
				: column->type == TU_API_TENTHS ? 1
								: 6,
			out->room);
		break;
	case TU_API_BOOL:
		out->kind = TU_CELL_BOOL;
		out->yes = bool_of(column, row);
		break;
	case TU_API_MAYBE:
		out->kind = TU_CELL_BOOL;
		out->yes = int_of(column, row) != 0;
		break;
	case TU_API_TYPES:
		break;
	}
}

/* ---- which ---- */

static size_t find(const struct tu_api_table *table, struct tu_str name)
{
	size_t i = 0;

	while (i < table->count && !tu_str_eq(name, tu_str_c(table->columns[i].name)))
		i++;
	return i;
}

static enum tu_status no_column(
	const struct tu_api_table *table, struct tu_str name, struct tu_error *err)
{
	char known[400];
	size_t len = 0;

	known[0] = '\0';
	for (size_t i = 0; i < table->count && len < sizeof(known) - 1; i++) {
		int more = snprintf(known + len, sizeof(known) - len, "%s%s", i ? ", " : "",
			table->columns[i].name);

		len += more > 0 ? (size_t)more : 0;
	}
	return tu_fail(err, TU_E_USAGE, 0, "fields: there is no \"%.*s\"; there are: %s",
		TU_STR_FMT(tu_str_first(name, 60)), known);
}

enum tu_status tu_api_columns_choose(const struct tu_api_table *table, struct tu_str fields,
	tu_api_columns *out_columns, struct tu_error *err)
{
	bool all = fields.len == 0;
	struct tu_str name;

	*out_columns = 0;
	for (size_t i = 0; all && i < table->count; i++)
		if (!(table->columns[i].flags & TU_API_EXTRA))
			*out_columns |= (tu_api_columns)1 << i;
	while (!all && tu_str_split(&fields, ',', &name)) {
		size_t at = find(table, name);

		if (at == table->count)
			return no_column(table, name, err);
		*out_columns |= (tu_api_columns)1 << at;
	}
	return TU_OK;
}

static bool wanted(tu_api_columns columns, size_t at)
{
	return columns >> at & 1;
}

/* ---- JSON ---- */

static void write_json(
	const struct tu_api_column *column, const void *row, struct tu_json_writer *json)
{
	struct tu_api_cell cell;

	tu_json_key_str(json, tu_str_c(column->name));
	tu_api_cell_of(column, row, &cell);
	switch (cell.kind) {
	case TU_CELL_NULL:
		tu_json_add_null(json);
		break;
	case TU_CELL_TEXT:
		tu_json_add_str(json, cell.text);
		break;
	case TU_CELL_BOOL:
		tu_json_add_bool(json, cell.yes);
		break;
	case TU_CELL_NUMBER:
	case TU_CELL_JSON:
		tu_json_add_raw(json, cell.text);
		break;
	}
}

void tu_api_row_members(const struct tu_api_table *table, tu_api_columns columns, const void *row,
	struct tu_json_writer *json)
{
	for (size_t i = 0; i < table->count; i++)
		if (wanted(columns, i))
			write_json(&table->columns[i], row, json);
}

void tu_api_row_json(const struct tu_api_table *table, tu_api_columns columns, const void *row,
	struct tu_json_writer *json)
{
	tu_json_open_object(json);
	tu_api_row_members(table, columns, row, json);
	tu_json_close_object(json);
}

/* ---- CSV ---- */

/* Spreadsheets take a text that begins so for a formula (OWASP, "CSV Injection"). */
static bool is_formula(struct tu_str text)
{
	return text.len && strchr("=+-@\t\r\n", text.ptr[0]) != NULL && text.ptr[0] != '\0';
}

static void write_csv_text(struct tu_str text, struct tu_buf *out)
{
	tu_buf_byte(out, '"');
	if (is_formula(text))
		tu_buf_byte(out, '\'');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"')
			tu_buf_byte(out, '"');
		tu_buf_byte(out, text.ptr[i]);
	}
	tu_buf_byte(out, '"');
}

void tu_api_csv_head(const struct tu_api_table *table, tu_api_columns columns, struct tu_buf *out)
{
	bool first = true;

	for (size_t i = 0; i < table->count; i++) {
		if (!wanted(columns, i))
			continue;
		if (!first)
			tu_buf_byte(out, ',');
		tu_buf_c(out, table->columns[i].name);
		first = false;
	}
	tu_buf_c(out, "\r\n");
}

void tu_api_csv_row(const struct tu_api_table *table, tu_api_columns columns, const void *row,
	struct tu_buf *out)
{
	bool first = true;

	for (size_t i = 0; i < table->count; i++) {
		struct tu_api_cell cell;

		if (!wanted(columns, i))
			continue;
		if (!first)
			tu_buf_byte(out, ',');
		first = false;
		tu_api_cell_of(&table->columns[i], row, &cell);
		if (cell.kind == TU_CELL_BOOL)
			tu_buf_c(out, cell.yes ? "true" : "false");
		else if (cell.kind == TU_CELL_NUMBER)
			tu_buf_str_add(out, cell.text);
		else if (cell.kind != TU_CELL_NULL)
			write_csv_text(cell.text, out);
	}
	tu_buf_c(out, "\r\n");
}
