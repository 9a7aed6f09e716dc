#include <tutela/error.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char ellipsis[] = "\xe2\x80\xa6"; /* U+2026 */

/* Cut an overlong message so that it ends in an ellipsis, on a character boundary. */
static void mark_cut(char *message)
{
	size_t end = TU_ERROR_MESSAGE_MAX - sizeof(ellipsis);

	while (end > 0 && ((unsigned char)message[end] & 0xc0) == 0x80)
		end--;
	memcpy(message + end, ellipsis, sizeof(ellipsis));
}

enum tu_status tu_fail(
	struct tu_error *err, enum tu_status status, size_t offset, const char *fmt, ...)
{
	va_list args;
	int wanted;

	if (!err)
		return status;
	err->status = status;
	err->offset = offset;
	va_start(args, fmt);
	wanted = vsnprintf(err->message, sizeof(err->message), fmt, args);
	va_end(args);
	if (wanted < 0)
		err->message[0] = '\0';
	else if ((size_t)wanted >= sizeof(err->message))
		mark_cut(err->message);
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
	(void)vsnprintf(context, sizeof(context), fmt, args);
	va_end(args);
	memcpy(inner, err->message, sizeof(inner));
	return tu_fail(err, err->status, err->offset, "%s: %s", context, inner);
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
	}
	return "unknown status";
}
