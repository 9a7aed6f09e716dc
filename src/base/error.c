#include <tutela/error.h>

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/crypto.h"

static const char ellipsis[] = "\xe2\x80\xa6"; /* U+2026 */

/* Cut an overlong text of `size` bytes so that it ends in an ellipsis, on a character boundary. */
static void mark_cut(char *text, size_t size)
{
	size_t end = size - sizeof(ellipsis);

	while (end > 0 && ((unsigned char)text[end] & 0xc0) == 0x80)
		end--;
	memcpy(text + end, ellipsis, sizeof(ellipsis));
}

static void print_args(char *out, size_t size, const char *fmt, va_list args) TU_PRINTF(3, 0);

static void print_args(char *out, size_t size, const char *fmt, va_list args)
{
	int wanted = vsnprintf(out, size, fmt, args);

	if (wanted < 0)
		out[0] = '\0';
	else if ((size_t)wanted >= size)
		mark_cut(out, size);
}

static void print(char *out, size_t size, const char *fmt, ...) TU_PRINTF(3, 4);

static void print(char *out, size_t size, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	print_args(out, size, fmt, args);
	va_end(args);
}

static void set_place(struct tu_error *err, const struct tu_error_place *place)
{
	err->offset = place->offset;
	err->line = place->line;
	err->column = place->column;
	print(err->pointer, sizeof(err->pointer), "%s", place->pointer ? place->pointer : "");
	err->file[0] = '\0';
}

/* Who hashes takes every failure for missing memory: where the library is not installed, that is
 * said. */
enum tu_status tu_fail(
	struct tu_error *err, enum tu_status status, size_t offset, const char *fmt, ...)
{
	va_list args;

	if (!err)
		return status;
	if (status == TU_E_NOMEM && tu_crypto_was_missing())
		return tu_crypto_missing(err);
	err->status = status;
	set_place(err, &(struct tu_error_place){.offset = offset});
	va_start(args, fmt);
	print_args(err->message, sizeof(err->message), fmt, args);
	va_end(args);
	return status;
}

enum tu_status tu_fail_at(struct tu_error *err, enum tu_status status,
	const struct tu_error_place *place, const char *fmt, ...)
{
	va_list args;

	if (!err)
		return status;
	err->status = status;
	set_place(err, place);
	va_start(args, fmt);
	print_args(err->message, sizeof(err->message), fmt, args);
	va_end(args);
	return status;
}

enum tu_status tu_no_memory(struct tu_error *err)
{
	return tu_fail(err, TU_E_NOMEM, 0, "out of memory");
}

enum tu_status tu_error_prefix(struct tu_error *err, const char *fmt, ...)
{
	char context[TU_ERROR_MESSAGE_MAX];
	char inner[TU_ERROR_MESSAGE_MAX];
	va_list args;

	if (!err)
		return TU_E_USAGE;
	va_start(args, fmt);
	print_args(context, sizeof(context), fmt, args);
	va_end(args);
	memcpy(inner, err->message, sizeof(inner));
	print(err->message, sizeof(err->message), "%s: %s", context, inner);
	return err->status;
}

enum tu_status tu_error_in_file(struct tu_error *err, const char *fmt, ...)
{
	char outer[TU_ERROR_FILE_MAX];
	char inner[TU_ERROR_FILE_MAX];
	va_list args;

	if (!err)
		return TU_E_USAGE;
	va_start(args, fmt);
	print_args(outer, sizeof(outer), fmt, args);
	va_end(args);
	memcpy(inner, err->file, sizeof(inner));
	print(err->file, sizeof(err->file), "%s%s%s", outer, inner[0] ? ": " : "", inner);
	return err->status;
}

const char *tu_error_text(const struct tu_error *err, char *out, size_t size)
{
	char line[32] = "";
	char column[32] = "";
	bool has_file = err->file[0] != '\0';
	bool has_line = err->line != 0;
	const char *after = "";

	if (has_line)
		print(line, sizeof(line), has_file ? ":%zu" : "line %zu", err->line);
	if (has_line && err->column)
		print(column, sizeof(column), has_file ? ":%zu" : ", column %zu", err->column);
	if (has_file || has_line)
		after = err->pointer[0] && !has_file ? ", " : ": ";
	print(out, size, "%s%s%s%s%s%s%s", err->file, line, column, after, err->pointer,
		err->pointer[0] ? ": " : "", err->message);
	return out;
}

enum tu_status tu_error_flatten(struct tu_error *err)
{
	char text[TU_ERROR_TEXT_MAX];

	return err ? tu_fail(err, err->status, err->offset, "%s",
			     tu_error_text(err, text, sizeof(text)))
		   : TU_E_USAGE;
}

const char *tu_status_name(enum tu_status status)
{
	switch (status) {
	case TU_OK:
		return "ok";
	case TU_E_NOMEM:
		return "out of memory";
	case TU_E_SYNTAX:
		return "syntax error";
	case TU_E_LIMIT:
		return "limit exceeded";
	case TU_E_UNSUPPORTED:
		return "unsupported";
	case TU_E_NOTFOUND:
		return "not found";
	case TU_E_IO:
		return "input/output error";
	case TU_E_CORRUPT:
		return "corrupt file";
	case TU_E_USAGE:
		return "wrong use";
	case TU_E_CANCELLED:
		return "cancelled";
	case TU_E_BUSY:
		return "busy";
	case TU_E_CONFLICT:
		return "conflict";
	case TU_E_CONSTRAINT:
		return "constraint";
	}
	return "unknown status";
}
