/* Whole files: one, or one an item; each asked for conditionally. */
#include "feed/work.h"

static struct tu_str last_part(struct tu_str url)
{
	url = tu_str_first(url, tu_str_find(url, '?'));
	return tu_str_from(url, tu_str_rfind(url, '/') + 1);
}

static enum tu_status fetch_one(
	struct work *work, struct tu_str url, struct tu_str name, struct tu_error *err)
{
	const struct want want = {
		.url = url, .name = name.len ? name : TU_STR("document"), .conditional = true};
	enum outcome outcome;

	return url.len ? work_fetch(work, &want, &outcome, err) : tu_no_memory(err);
}

/* An item that the configuration no longer names is no longer knowledge. */
static void drop_unseen(struct work *work)
{
	for (size_t i = 0; i < work->state.files.count; i++)
		if (!work->state.files.at[i].seen && !work->state.files.at[i].gone)
			work_drop(work, &work->state.files.at[i]);
}

enum tu_status by_files(struct work *work, struct tu_error *err)
{
	struct tu_str items = work->source->items;
	struct tu_str url = work->source->url;
	struct tu_str item;
	enum tu_status status;

	if (items.len == 0) {
		status = fetch_one(work, url, work_item_name(work, last_part(url)), err);
		if (status == TU_OK)
			drop_unseen(work);
		return status;
	}
	while (tu_str_split(&items, ',', &item) && !work_stopped(work)) {
		struct tu_error own = {0};

		item = tu_str_trim(item);
		if (item.len &&
			fetch_one(work, work_item_url(work, url, item), work_item_name(work, item),
				&own) != TU_OK)
			work_note_failure(work, &own);
	}
	if (work->failures == 0)
		drop_unseen(work);
	return work_verdict(work, err);
}
