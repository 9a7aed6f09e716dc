#include "base/glob.h"

static bool is_same(char a, char b, bool fold)
{
	return a == b || (fold && tu_char_lower(a) == tu_char_lower(b));
}

bool tu_glob(struct tu_str pattern, struct tu_str text, bool fold)
{
	size_t p = 0, t = 0, star = SIZE_MAX, resume = 0;

	while (t < text.len) {
		if (p < pattern.len && pattern.ptr[p] == '*') {
			star = p++;
			resume = t;
		} else if (p < pattern.len && is_same(pattern.ptr[p], text.ptr[t], fold)) {
			p++;
			t++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			t = ++resume;
		} else {
			return false;
		}
	}
	while (p < pattern.len && pattern.ptr[p] == '*')
		p++;
	return p == pattern.len;
}
