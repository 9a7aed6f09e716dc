/*
 * Tables of cases for tests: tests/tables/, tab-separated, one case a line; "#" begins a remark, an
 * empty line is none. In a field "\n", "\t", "\\" and "\xNN" stand for bytes. TU_TABLES names the
 * folder; the build sets it.
 */
#ifndef TU_TESTS_TABLE_H
#define TU_TESTS_TABLE_H

#include <stdlib.h>

#include "base/input.h"

enum { TABLE_FIELDS_MAX = 9 };

struct table {
	struct tu_buf text;
	struct tu_buf bytes; /* of the unescaped fields of the present line */
	struct tu_str rest;
	size_t line;
	size_t count; /* fields of the present line */
	struct tu_str fields[TABLE_FIELDS_MAX];
};

static inline void table_open(struct table *table, const char *name)
{
	struct tu_error err = {0};
	struct tu_buf path;
	const char *folder = getenv("TU_TABLES");

	*table = (struct table){0};
	tu_buf_init(&path, 4096);
	tu_buf_printf(&path, "%s/%s", folder ? folder : "tests/tables", name);
	tu_buf_byte(&path, '\0');
	tu_buf_init(&table->text, 16 * 1024 * 1024);
	tu_buf_init(&table->bytes, 16 * 1024 * 1024);
	if (tu_input_read(path.ptr, &table->text, &err)) {
		print_error("%s\n", err.message);
		fail();
	}
	table->rest = tu_buf_str(&table->text);
	tu_buf_done(&path);
}

static inline void table_close(struct table *table)
{
	tu_buf_done(&table->text);
	tu_buf_done(&table->bytes);
}

static inline unsigned table__hex(char c)
{
	return (unsigned)(tu_char_is_digit(c) ? c - '0' : tu_char_lower(c) - 'a' + 10) & 15;
}

static inline void table__unescape(struct tu_str field, struct tu_buf *out)
{
	for (size_t i = 0; i < field.len; i++) {
		char next = i + 1 < field.len ? field.ptr[i + 1] : '\0';

		if (field.ptr[i] != '\\' || !next) {
			tu_buf_byte(out, field.ptr[i]);
		} else if (next == 'x' && i + 3 < field.len) {
			tu_buf_byte(out,
				(char)(table__hex(field.ptr[i + 2]) << 4 |
					table__hex(field.ptr[i + 3])));
			i += 3;
		} else {
			tu_buf_byte(out, next == 'n' ? '\n' : next == 't' ? '\t' : next);
			i++;
		}
	}
}

/* Step to the next case; missing fields are empty. */
static inline bool table_next(struct table *table)
{
	struct tu_str line;
	struct tu_str field;
	size_t ends[TABLE_FIELDS_MAX];
	size_t start = 0;

	do {
		if (table->rest.len == 0 || !tu_str_split(&table->rest, '\n', &line))
			return false;
		table->line++;
	} while (line.len == 0 || line.ptr[0] == '#');
	tu_buf_clear(&table->bytes);
	tu_buf_byte(&table->bytes, ' '); /* so that the buffer is there */
	start = 1;
	for (table->count = 0; table->count < TABLE_FIELDS_MAX && tu_str_split(&line, '\t', &field);
		table->count++) {
		table__unescape(field, &table->bytes);
		ends[table->count] = table->bytes.len;
	}
	for (size_t i = 0; i < TABLE_FIELDS_MAX; i++) {
		size_t end = i < table->count ? ends[i] : start;

		table->fields[i] = tu_str_of(table->bytes.ptr + start, end - start);
		start = end;
	}
	return true;
}

static inline size_t table_number(const struct table *table, size_t field)
{
	uint64_t value;

	if (!tu_str_to_u64(table->fields[field], UINT32_MAX, &value))
		fail_msg("line %zu: field %zu is no number", table->line, field + 1);
	return (size_t)value;
}

#endif
