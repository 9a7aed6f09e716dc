/* What all feeds say: names and addresses of files, progress, failures. */
#include "feed/work.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/sha256.h"

enum { NAME_CEILING = 8192, READABLE_MAX = 120, MARK_DIGITS = 16 };

/* ---- words ---- */

struct tu_str work_text(const struct work *work, const char *fmt, ...)
{
	char text[NAME_CEILING];
	struct tu_str copy = {"", 0};
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (len < 0 || (size_t)len >= sizeof(text) ||
		!tu_arena_dup(work->arena, tu_str_of(text, (size_t)len), &copy))
		return TU_STR("");
	return copy;
}

void work_tell(struct work *work, const char *fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	work->tell(work, tu_str_c(text));
}

bool work_stopped(const struct work *work)
{
	const struct tu_sync_hooks *hooks = &work->request->hooks;

	return hooks->stopped && hooks->stopped(hooks->context);
}

struct tu_str work_item_url(const struct work *work, struct tu_str template, struct tu_str item)
{
	size_t at = tu_str_search(template, TU_STR("{}"));
	struct tu_str result = {"", 0};
	struct tu_str rest = item;
	struct tu_str part;
	struct tu_buf url;
	bool more = false;

	tu_buf_init(&url, TU_URL_MAX);
	tu_buf_str_add(&url, tu_str_first(template, at));
	while (at < template.len && tu_str_split(&rest, '/', &part)) {
		if (more)
			tu_buf_byte(&url, '/');
		tu_url_encode(part, &url);
		more = true;
	}
	tu_buf_str_add(&url, tu_str_from(template, at + 2));
	if (url.failed || !tu_arena_dup(work->arena, tu_buf_str(&url), &result))
		result = TU_STR("");
	tu_buf_done(&url);
	return result;
}

struct tu_str work_old_name(const struct work *work, struct tu_str item)
{
	struct tu_str name;

	if (!tu_arena_dup(work->arena, item, &name))
		return TU_STR("");
	for (size_t i = 0; i < name.len; i++) {
		char *c = (char *)(uintptr_t)&name.ptr[i];

		if (!tu_char_is_alnum(*c) && !(i > 0 && strchr("-_.:+", *c)))
			*c = '_';
	}
	return name;
}

/* `readable`, "~" and 64 bits of the SHA-256 of `whole`. */
static struct tu_str marked(const struct work *work, struct tu_str readable, struct tu_str whole)
{
	uint8_t digest[TU_SHA256_BYTES];
	struct tu_buf hex;
	struct tu_str name = {"", 0};

	if (tu_sha256(whole, digest) != TU_OK)
		return name;
	tu_buf_init(&hex, 128);
	tu_sha256_write(digest, &hex);
	if (!hex.failed)
		name = work_text(work, "%.*s~%.*s", TU_STR_FMT(readable),
			TU_STR_FMT(tu_str_first(tu_buf_str(&hex), MARK_DIGITS)));
	tu_buf_done(&hex);
	return name;
}

struct tu_str work_item_name(const struct work *work, struct tu_str item)
{
	struct tu_str name = work_old_name(work, item);

	if (tu_str_eq(name, item) && name.len <= READABLE_MAX)
		return name;
	return marked(work, tu_str_first(name, READABLE_MAX), item);
}

struct tu_str work_url_name(const struct work *work, struct tu_str url)
{
	struct tu_url parts;
	struct tu_str path;

	if (tu_url_parse(url, &parts, NULL) != TU_OK)
		return TU_STR("");
	path = tu_str_from(parts.path, 1);
	if (path.len > READABLE_MAX)
		path = tu_str_from(path, path.len - READABLE_MAX);
	return marked(work, work_old_name(work, path), url);
}

/* ---- failures ---- */

void work_note_failure(struct work *work, const struct tu_error *err)
{
	struct tu_error flat = *err;

	(void)tu_error_flatten(&flat);
	if (work->failures++ == 0)
		work->first_failure = flat;
	work_tell(work, "%s", flat.message);
}

enum tu_status work_verdict(const struct work *work, struct tu_error *err)
{
	if (work->failures == 0)
		return TU_OK;
	if (work->failures == 1)
		return tu_fail(
			err, work->first_failure.status, 0, "%s", work->first_failure.message);
	return tu_fail(err, work->first_failure.status, 0, "%llu documents failed, the first: %s",
		(unsigned long long)work->failures, work->first_failure.message);
}
