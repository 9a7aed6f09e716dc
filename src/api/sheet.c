#define _GNU_SOURCE
#include "api/sheet.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "api/cell.h"
#include "api/xlsx_library.h"

/* A spreadsheet takes no longer text in a cell. */
enum { CELL_MAX = 32767, PATH_BYTES = 40, FIRST_DAY = 315532800 /* 1980-01-01, as in ZIP */ };

struct tu_api_sheet {
	const struct tu_xlsx *xlsx;
	const struct tu_api_table *table;
	tu_api_columns columns;
	int fd; /* a file in memory, which the library opens by a path */
	lxw_workbook *book;
	lxw_worksheet *sheet;
	lxw_row_t row;
	char text[CELL_MAX + 1];
};

/* The library's own options, with room for what newer ones have. */
union options {
	lxw_workbook_options options;
	char room[256];
};
union properties {
	lxw_doc_properties properties;
	char room[256];
};

static enum tu_status cannot(struct tu_error *err)
{
	return tu_fail(err, TU_E_IO, 0, "the workbook cannot be written: %s", strerror(errno));
}

/* Texts are cut where a character ends. */
static void put_text(struct tu_api_sheet *s, lxw_col_t column, struct tu_str text)
{
	size_t len = text.len < CELL_MAX ? text.len : CELL_MAX;

	while (len < text.len && len && ((unsigned char)text.ptr[len] & 0xc0) == 0x80)
		len--;
	memcpy(s->text, text.ptr, len);
	s->text[len] = '\0';
	(void)s->xlsx->worksheet_write_string(s->sheet, s->row, column, s->text, NULL);
}

static void put_cell(struct tu_api_sheet *s, lxw_col_t column, const struct tu_api_cell *cell)
{
	switch (cell->kind) {
	case TU_CELL_NULL:
		break;
	case TU_CELL_TEXT:
	case TU_CELL_JSON:
		if (cell->text.len)
			put_text(s, column, cell->text);
		break;
	case TU_CELL_BOOL:
		(void)s->xlsx->worksheet_write_boolean(s->sheet, s->row, column, cell->yes, NULL);
		break;
	case TU_CELL_NUMBER:
		(void)s->xlsx->worksheet_write_number(s->sheet, s->row, column, cell->number, NULL);
		break;
	}
}

static void put_head(struct tu_api_sheet *s)
{
	lxw_col_t column = 0;

	for (size_t i = 0; i < s->table->count; i++)
		if (s->columns >> i & 1)
			put_text(s, column++, tu_str_c(s->table->columns[i].name));
	s->row++;
}

static bool open_book(struct tu_api_sheet *s)
{
	union options options = {.room = {0}};
	/* no time of day: the same rows are the same bytes, and have the same ETag */
	union properties properties = {.room = {0}};
	char path[PATH_BYTES];

	s->fd = memfd_create("workbook", MFD_CLOEXEC);
	if (s->fd < 0)
		return false;
	properties.properties.created = FIRST_DAY;
	options.options.constant_memory = LXW_TRUE; /* rows are written as they come */
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", s->fd);
	s->book = s->xlsx->workbook_new_opt(path, &options.options);
	s->sheet = s->book ? s->xlsx->workbook_add_worksheet(s->book, NULL) : NULL;
	return s->sheet &&
		s->xlsx->workbook_set_properties(s->book, &properties.properties) == LXW_NO_ERROR;
}

enum tu_status tu_api_sheet_new(const struct tu_api_table *table, tu_api_columns columns,
	struct tu_api_sheet **out_sheet, struct tu_error *err)
{
	const struct tu_xlsx *xlsx = tu_xlsx();
	struct tu_api_sheet *s;

	*out_sheet = NULL;
	if (!xlsx)
		return tu_fail(err, TU_E_UNSUPPORTED, 0,
			"libxlsxwriter is not installed where the service runs: ask for CSV");
	s = calloc(1, sizeof(*s));
	if (!s)
		return tu_no_memory(err);
	s->xlsx = xlsx;
	s->table = table;
	s->columns = columns;
	*out_sheet = s;
	if (!open_book(s))
		return cannot(err);
	put_head(s);
	return TU_OK;
}

enum tu_status tu_api_sheet_rows(
	struct tu_api_sheet *sheet, const struct tu_api_rows *rows, struct tu_error *err)
{
	const char *row = rows->at;
	struct tu_api_cell cell;

	(void)err;
	for (size_t i = 0; i < rows->count; i++, row += sheet->table->row_size, sheet->row++) {
		lxw_col_t column = 0;

		for (size_t c = 0; c < sheet->table->count; c++) {
			if (!(sheet->columns >> c & 1))
				continue;
			tu_api_cell_of(&sheet->table->columns[c], row, &cell);
			put_cell(sheet, column++, &cell);
		}
	}
	return TU_OK;
}

enum tu_status tu_api_sheet_facts(
	struct tu_api_sheet *sheet, const char *name, struct tu_str facts, struct tu_error *err)
{
	struct tu_str fact, word;

	sheet->sheet = sheet->xlsx->workbook_add_worksheet(sheet->book, name);
	if (!sheet->sheet)
		return cannot(err);
	sheet->row = 0;
	while (tu_str_split(&facts, ',', &fact)) {
		fact = tu_str_trim(fact);
		if (!tu_str_split(&fact, '=', &word))
			continue;
		put_text(sheet, 0, word);
		put_text(sheet, 1, fact);
		sheet->row++;
	}
	return TU_OK;
}

static enum tu_status read_back(int fd, struct tu_buf *out, struct tu_error *err)
{
	char block[16384];
	ssize_t got;

	if (lseek(fd, 0, SEEK_SET) != 0)
		return cannot(err);
	while ((got = read(fd, block, sizeof(block))) > 0)
		tu_buf_add(out, block, (size_t)got);
	return got < 0 ? cannot(err) : TU_OK;
}

enum tu_status tu_api_sheet_end(
	struct tu_api_sheet *sheet, enum tu_status status, struct tu_buf *out, struct tu_error *err)
{
	if (!sheet)
		return status;
	if (sheet->book && sheet->xlsx->workbook_close(sheet->book) != LXW_NO_ERROR && !status)
		status = tu_fail(err, TU_E_IO, 0, "the workbook cannot be written");
	if (status == TU_OK)
		status = read_back(sheet->fd, out, err);
	if (sheet->fd >= 0)
		(void)close(sheet->fd);
	free(sheet);
	return status;
}
