/*
 * Assets of a GitHub release: the archive of everything, made once a day, and the archive of what
 * changed since. `items` of the source names the two: the end of the first one's name, a part of
 * the second one's. The release states size and SHA-256 of each.
 */
#include "base/time.h"
#include "feed/work.h"

struct asset {
	struct tu_str name;
	struct tu_str url;
	struct tu_str sha256;
	uint64_t bytes;
	int64_t released; /* of its release; 0: not stated */
};

static bool read_asset(const struct work *work, struct tu_json value, struct asset *out)
{
	struct tu_str digest = TU_JSON_STR(value, "digest");

	*out = (struct asset){0};
	if (!tu_str_skip(&digest, TU_STR("sha256:")))
		digest = TU_STR("");
	(void)tu_json_u64(tu_json_get(value, TU_STR("size")), INT64_MAX, &out->bytes);
	return tu_arena_dup(work->arena, TU_JSON_STR(value, "name"), &out->name) &&
		tu_arena_dup(work->arena, TU_JSON_STR(value, "browser_download_url"), &out->url) &&
		tu_arena_dup(work->arena, digest, &out->sha256);
}

/* The asset whose name ends with `ending`, or has `part` in it. */
static bool find_asset(const struct work *work, struct tu_json root, struct tu_str ending,
	struct tu_str part, struct asset *out)
{
	struct tu_json_iter iter = tu_json_iter(tu_json_get(root, TU_STR("assets")));
	struct tu_json value;

	while (tu_json_next_item(&iter, &value)) {
		struct tu_str name = TU_JSON_STR(value, "name");

		if ((ending.len && tu_str_ends(name, ending)) ||
			(part.len && tu_str_search(name, part) < name.len))
			return read_asset(work, value, out);
	}
	return false;
}

/* The archive of all or, `is_change`, of what changed since. */
static enum tu_status fetch_asset(
	struct work *work, const struct asset *asset, bool is_change, struct tu_error *err)
{
	struct tu_str name = is_change ? TU_STR("changed.zip") : TU_STR("all.zip");
	struct tu_feed_file *old =
		tu_feed_state_find(&work->state, work_text(work, "files/%.*s", TU_STR_FMT(name)));
	enum outcome outcome;
	enum tu_status status;
	const struct want want = {.url = asset->url,
		.name = name,
		.unwrap = true,
		.sha256 = asset->sha256,
		.bytes = asset->bytes,
		.cursor = asset->name,
		.released = asset->released,
		.may_be_empty = is_change,
		.varies = is_change};

	if (old) {
		status = work_check_age(asset->released, old->released, err);
		if (status != TU_OK)
			return status;
	}
	if (old && tu_str_eq(old->cursor, asset->name)) {
		old->released = asset->released;
		return TU_OK;
	}
	work_tell(work, "%.*s, %llu MB", TU_STR_FMT(asset->name),
		(unsigned long long)asset->bytes / 1000000);
	return work_fetch(work, &want, &outcome, err);
}

enum tu_status by_release(struct work *work, struct tu_error *err)
{
	struct tu_str change = work->source->items;
	struct tu_str whole;
	struct asset all = {0}, changed = {0};
	struct tu_json root;
	int64_t released = 0;
	enum tu_status status =
		work_fetch_index(work, work->source->url, TU_STR("release.json"), &root, err);

	if (status != TU_OK)
		return status;
	(void)tu_str_split(&change, ',', &whole);
	if (!find_asset(work, root, tu_str_trim(whole), TU_STR(""), &all))
		return tu_fail(err, TU_E_SYNTAX, 0, "the release has no asset \"…%.*s\"",
			TU_STR_FMT(whole));
	(void)find_asset(work, root, TU_STR(""), tu_str_trim(change), &changed);
	(void)tu_time_parse(TU_JSON_STR(root, "published_at"), &released);
	all.released = changed.released = released;
	status = fetch_asset(work, &all, false, err);
	if (status == TU_OK && changed.name.len)
		status = fetch_asset(work, &changed, true, err);
	return status;
}
