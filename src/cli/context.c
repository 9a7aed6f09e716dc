#include "cli/context.h"

#include <limits.h>

#include <tutela/str.h>

#include "base/time.h"
#include "cli/command.h"
#include "cli/environment.h"
#include "cli/starter.h"
#include "device/form.h"

enum { NAME_LIMIT = 4 * PATH_MAX };

/* Without memory it is as if there were no such path. */
static const char *user_path(
	struct tu_buf *buf, const char *xdg, const char *fallback, const char *rest)
{
	tu_buf_init(buf, NAME_LIMIT);
	return tu_user_path(xdg, fallback, rest, buf) ? buf->ptr : NULL;
}

const struct tu_app_context *tu_context(void)
{
	static struct tu_app_context context;
	static struct tu_buf kb, feeds, stamps, knowledge;
	static bool is_read;

	if (is_read)
		return &context;
	is_read = true;
	context.now = tu_clock_now();
	context.kb_environment = tu_user_variable("TUTELA_KB");
	context.kb_default = user_path(&kb, "XDG_DATA_HOME", ".local/share", "tutela/tutela.kb");
	context.feeds = user_path(&feeds, "XDG_CACHE_HOME", ".cache", "tutela/feeds");
	context.stamps = user_path(&stamps, "XDG_CACHE_HOME", ".cache", "tutela/verified/");
	context.knowledge = user_path(&knowledge, "XDG_CACHE_HOME", ".cache", "tutela/knowledge/");
	context.starter = tu_str_of((const char *)tu_starter_kb_start,
		(size_t)(tu_starter_kb_end - tu_starter_kb_start));
	context.product_names = tu_str_of((const char *)tu_products_tsv_start,
		(size_t)(tu_products_tsv_end - tu_products_tsv_start));
	return &context;
}

bool tu_context_time(
	const char *command, const char *option, const char *text, int64_t *out_seconds)
{
	struct tu_str s = tu_str_c(text);

	*out_seconds = tu_context()->now;
	if (!text)
		return true;
	if (tu_time_parse(s, out_seconds) && !tu_time_is_leap(s) &&
		(tu_str_trim(s).len == 10 || tu_time_is_zoned(s)))
		return true;
	tu_command_misused(command,
		"--%s is a date, or a time with its zone such as 2026-01-31T12:00:00Z, not \"%s\"",
		option, text);
	return false;
}
