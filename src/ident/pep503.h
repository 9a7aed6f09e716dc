/*
 * Names of Python packages (https://peps.python.org/pep-0503/#normalized-names): lower case, any
 * run of '-', '_' and '.' one '-'.
 */
#ifndef TU_IDENT_PEP503_H
#define TU_IDENT_PEP503_H

#include <stdbool.h>

#include <tutela/arena.h>
#include <tutela/str.h>

/* False: no memory. */
static inline bool tu_pep503(struct tu_arena *arena, struct tu_str name, struct tu_str *out_name)
{
	char *text = tu_arena_text(arena, name.len);
	bool joint = false;
	size_t len = 0;

	if (!text)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		bool now = name.ptr[i] == '-' || name.ptr[i] == '_' || name.ptr[i] == '.';

		if (!now)
			text[len++] = tu_char_lower(name.ptr[i]);
		else if (!joint)
			text[len++] = '-';
		joint = now;
	}
	*out_name = tu_str_of(text, len);
	return true;
}

#endif
