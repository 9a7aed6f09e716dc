/*
 * Is a text one of a list, or does it begin or end with one?
 */
#ifndef TU_BASE_ANY_H
#define TU_BASE_ANY_H

#include <tutela/str.h>

static inline bool tu_str_is_any(struct tu_str s, const struct tu_str *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (tu_str_eq(s, list[i]))
			return true;
	}
	return false;
}

static inline bool tu_str_starts_any(struct tu_str s, const struct tu_str *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (tu_str_starts(s, list[i]))
			return true;
	}
	return false;
}

static inline bool tu_str_ends_any(struct tu_str s, const struct tu_str *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (tu_str_ends(s, list[i]))
			return true;
	}
	return false;
}

#endif
