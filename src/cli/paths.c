#include "cli/paths.h"

#include <stdlib.h>

const char *tu_user_variable(const char *name)
{
	const char *value = getenv(name);

	return value && value[0] ? value : NULL;
}

bool tu_user_path(const char *xdg, const char *fallback, const char *rest, struct tu_buf *out)
{
	const char *base = tu_user_variable(xdg);
	const char *home = tu_user_variable("HOME");

	tu_buf_clear(out);
	/* the XDG specification has relative paths ignored */
	if (base && base[0] == '/')
		tu_buf_printf(out, "%s/%s", base, rest);
	else if (home)
		tu_buf_printf(out, "%s/%s/%s", home, fallback, rest);
	else
		return false;
	tu_buf_byte(out, '\0');
	return !out->failed;
}
