#include "cli/environment.h"

#include <stdlib.h>
#include <time.h>

#include <tutela/str.h>

#include "base/time.h"

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

int64_t tu_clock_now(void)
{
	return (int64_t)time(NULL);
}

int64_t tu_clock_now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t tu_clock_created(void)
{
	uint64_t seconds;

	if (tu_str_to_u64(tu_str_c(getenv("SOURCE_DATE_EPOCH")), TU_TIME_MAX, &seconds))
		return (int64_t)seconds;
	return tu_clock_now();
}

static const char *first_set(const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (tu_user_variable(names[i]))
			return tu_user_variable(names[i]);
	return NULL;
}

const char *tu_user_proxy(void)
{
	static const char *const names[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};

	return first_set(names, TU_COUNT(names));
}

const char *tu_user_no_proxy(void)
{
	static const char *const names[] = {"no_proxy", "NO_PROXY"};

	return first_set(names, TU_COUNT(names));
}
