#include "app/zone_file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "app/zone_rule.h"
#include "base/big_endian.h"
#include "base/input.h"

enum { FILE_MAX = 256 << 10, NAME_MAX_ = 64, PATH_MAX_ = 128, CHANGES_MAX = 4096, TYPES_MAX = 256 };

static const char *const folders[] = {
	"/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo"};

/* What a file says: changes of the offset, and the rule for the time after the last one. */
struct zone_table {
	size_t count;
	const int64_t *at; /* instants of changes, rising */
	const int32_t *offset; /* from each on */
	int32_t first; /* before the first change */
	struct tu_zone_rule rule;
};

static int32_t offset_at(const void *context, int64_t at)
{
	const struct zone_table *t = context;
	size_t lo = 0, hi = t->count;

	while (lo < hi) {
		size_t middle = lo + (hi - lo) / 2;

		if (t->at[middle] <= at)
			lo = middle + 1;
		else
			hi = middle;
	}
	if (lo == t->count && t->rule.known)
		return tu_zone_rule_offset(&t->rule, at);
	return lo ? t->offset[lo - 1] : t->first;
}

/* ---- bytes ---- */

struct header {
	uint32_t version;
	uint32_t isutcnt, isstdcnt, leapcnt, timecnt, typecnt, charcnt;
};

static bool take(struct tu_str *rest, size_t len, struct tu_str *out)
{
	if (rest->len < len)
		return false;
	*out = tu_str_first(*rest, len);
	*rest = tu_str_from(*rest, len);
	return true;
}

static bool take_header(struct tu_str *rest, struct header *out)
{
	struct tu_str bytes;
	uint32_t *fields[] = {&out->isutcnt, &out->isstdcnt, &out->leapcnt, &out->timecnt,
		&out->typecnt, &out->charcnt};

	if (!take(rest, 44, &bytes) || !tu_str_starts(bytes, TU_STR("TZif")))
		return false;
	out->version = (unsigned char)bytes.ptr[4];
	for (size_t i = 0; i < TU_COUNT(fields); i++)
		*fields[i] = (uint32_t)tu_big_endian_get(bytes.ptr + 20 + 4 * i, 4);
	return out->timecnt <= CHANGES_MAX && out->typecnt && out->typecnt <= TYPES_MAX &&
		out->charcnt <= FILE_MAX && out->isutcnt <= TYPES_MAX &&
		out->isstdcnt <= TYPES_MAX && out->leapcnt <= CHANGES_MAX;
}

static bool skip_block(struct tu_str *rest, const struct header *h, size_t width)
{
	struct tu_str ignored;

	return take(rest,
		h->timecnt * (width + 1) + h->typecnt * 6 + h->charcnt + h->leapcnt * (width + 4) +
			h->isstdcnt + h->isutcnt,
		&ignored);
}

static bool read_types(struct tu_str bytes, const struct header *h, int32_t *out_offsets)
{
	for (size_t i = 0; i < h->typecnt; i++) {
		out_offsets[i] = (int32_t)(uint32_t)tu_big_endian_get(bytes.ptr + 6 * i, 4);
		if (out_offsets[i] < -26 * 3600 || out_offsets[i] > 26 * 3600)
			return false;
	}
	return true;
}

/* The second block: instants of eight bytes, the type of each, the types. */
static bool read_block(
	struct tu_arena *arena, struct tu_str rest, const struct header *h, struct zone_table *t)
{
	int64_t *at = tu_arena_array(arena, h->timecnt + 1, sizeof(*at));
	int32_t *offset = tu_arena_array(arena, h->timecnt + 1, sizeof(*offset));
	int32_t types[TYPES_MAX];
	struct tu_str times, kinds, type_bytes;

	t->at = at;
	t->offset = offset;
	if (!at || !offset || !take(&rest, h->timecnt * 8, &times) ||
		!take(&rest, h->timecnt, &kinds) || !take(&rest, h->typecnt * 6, &type_bytes) ||
		!read_types(type_bytes, h, types))
		return false;
	for (size_t i = 0; i < h->timecnt; i++) {
		unsigned char kind = (unsigned char)kinds.ptr[i];

		at[i] = (int64_t)tu_big_endian_get(times.ptr + 8 * i, 8);
		if (kind >= h->typecnt || (i && at[i] <= at[i - 1]))
			return false;
		offset[i] = types[kind];
	}
	t->first = types[0];
	t->count = h->timecnt;
	return true;
}

/* "\nCET-1CEST,M3.5.0,M10.5.0/3\n"; between the two may be nothing. */
static bool read_footer(struct tu_str rest, struct tu_zone_rule *out_rule)
{
	size_t end;

	if (!tu_str_skip(&rest, TU_STR("\n")))
		return false;
	end = tu_str_find(rest, '\n');
	if (end == rest.len)
		return false;
	return end == 0 || tu_zone_rule_parse(tu_str_first(rest, end), out_rule);
}

enum tu_status tu_zone_read(
	struct tu_arena *arena, struct tu_str bytes, struct tu_zone *out_zone, struct tu_error *err)
{
	struct zone_table *t = tu_arena_alloc(arena, sizeof(*t));
	struct tu_str rest = bytes, block;
	struct header h;

	if (!t)
		return tu_no_memory(err);
	if (!take_header(&rest, &h) || h.version < '2' || !skip_block(&rest, &h, 4) ||
		!take_header(&rest, &h) || h.leapcnt)
		return tu_fail(err, TU_E_SYNTAX, 0,
			"not a TZif file of version 2 or later without leap seconds");
	block = rest;
	if (!skip_block(&rest, &h, 8) || !read_footer(rest, &t->rule))
		return tu_fail(err, TU_E_SYNTAX, 0, "the TZif file is cut short or garbled");
	if (!read_block(arena, block, &h, t))
		return t->at && t->offset ? tu_fail(err, TU_E_SYNTAX, 0, "the TZif file is garbled")
					  : tu_no_memory(err);
	*out_zone = (struct tu_zone){.offset_at = offset_at, .context = t};
	return TU_OK;
}

/* ---- files ---- */

/* Letters, digits, "_", "+", "-" and "/" between parts: nothing that leads out of the folder. */
static bool is_name(struct tu_str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (!tu_char_is_alnum(c) && c != '_' && c != '+' && c != '-' &&
			(c != '/' || i == 0 || i + 1 == name.len))
			return false;
	}
	return name.len > 0 && name.len <= NAME_MAX_;
}

static bool is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static enum tu_status read_zone_file(
	const char *path, struct tu_arena *arena, struct tu_zone *out_zone, struct tu_error *err)
{
	struct tu_buf bytes;
	enum tu_status status;

	tu_buf_init(&bytes, FILE_MAX);
	status = tu_input_read(path, &bytes, err);
	if (status == TU_OK)
		status = tu_zone_read(arena, tu_buf_str(&bytes), out_zone, err);
	tu_buf_done(&bytes);
	return status;
}

static enum tu_status find_zone(void *context, struct tu_arena *arena, struct tu_str name,
	struct tu_zone *out_zone, struct tu_error *err)
{
	(void)context;
	for (size_t i = 0; i < TU_COUNT(folders) && is_name(name); i++) {
		char path[PATH_MAX_];
		struct tu_buf text;
		bool fits;
		enum tu_status status;

		tu_buf_init(&text, sizeof(path));
		tu_buf_printf(&text, "%s/%.*s", folders[i], TU_STR_FMT(name));
		tu_buf_byte(&text, '\0');
		fits = !text.failed && text.len <= sizeof(path);
		if (fits)
			memcpy(path, text.ptr, text.len);
		tu_buf_done(&text);
		if (!fits || !is_file(path))
			continue;
		status = read_zone_file(path, arena, out_zone, err);
		if (status == TU_OK && !tu_arena_dup(arena, name, &out_zone->name))
			status = tu_no_memory(err);
		return status;
	}
	return tu_fail(err, TU_E_NOTFOUND, 0, "no zone of this name is in /usr/share/zoneinfo");
}

const struct tu_zone_names tu_zone_files = {find_zone, NULL};
