/* The whole text of an error, for assertions; valid until the next call. */
#ifndef TU_TESTS_ERROR_TEXT_H
#define TU_TESTS_ERROR_TEXT_H

#include <tutela/error.h>

static inline const char *error_text(const struct tu_error *err)
{
	static char text[TU_ERROR_TEXT_MAX];

	return tu_error_text(err, text, sizeof(text));
}

#endif
