/* From rows that are offered to what who asks may know: items, and versions of the collection. */
#include "portfolio/offer.h"

#include <stdlib.h>

typedef TU_VEC(struct tu_offer_item) item_list;
typedef TU_VEC(struct tu_offer_version) version_list;

static bool is_bare(const struct tu_offer_item *item)
{
	return tu_str_eq(item->type, TU_STR("release"));
}

/* ---- items ---- */

/* The release is there from the first time that something of its own was offered. */
static int64_t beginning(const struct tu_offer_rows *rows, enum tu_publication_level level)
{
	int64_t first = INT64_MAX;

	for (size_t i = 0; i < rows->list.count; i++) {
		const struct tu_offer_row *row = &rows->list.at[i];

		if (row->own && row->level <= level && row->item.since < first)
			first = row->item.since;
	}
	return first;
}

static bool is_there(const struct tu_offer_rows *rows, enum tu_publication_level level)
{
	for (size_t i = 0; i < rows->list.count; i++) {
		const struct tu_offer_row *row = &rows->list.at[i];

		if (row->own && row->level <= level && !row->item.until)
			return true;
	}
	return false;
}

/* The same content at another level that is still theirs: nothing changed for who asks. */
static bool goes_on(const struct tu_offer_item *last, const struct tu_offer_item *next)
{
	return tu_str_eq(last->artifact, next->artifact) && last->until == next->since &&
		last->revision == next->revision && tu_str_eq(last->type, next->type);
}

static bool take_items(struct tu_arena *arena, const struct tu_offer_rows *rows,
	enum tu_publication_level level, item_list *items)
{
	int64_t first = beginning(rows, level);

	for (size_t i = 0; i < rows->list.count; i++) {
		const struct tu_offer_row *row = &rows->list.at[i];
		struct tu_offer_item item = row->item;

		if (row->level > level || (item.until && item.until <= first))
			continue;
		if (item.since < first)
			item.since = first;
		if (items->count && goes_on(&items->at[items->count - 1], &item))
			items->at[items->count - 1].until = item.until;
		else if (!TU_VEC_PUSH_IN(arena, items, item))
			return false;
	}
	return true;
}

/* What became of each: from the last revision of an artifact to the first. */
static void follow(item_list *items)
{
	for (size_t i = items->count; i-- > 0;) {
		struct tu_offer_item *item = &items->at[i];
		const struct tu_offer_item *next = i + 1 < items->count ? item + 1 : NULL;

		item->replaced = next && item->until && item->until == next->since &&
			tu_str_eq(item->artifact, next->artifact);
		item->gone = item->until && (!item->replaced || next->gone);
	}
}

/* ---- versions ---- */

static bool add_versions(struct tu_arena *arena, const item_list *items, version_list *versions)
{
	for (size_t i = 0; i < items->count; i++) {
		const struct tu_offer_item *item = &items->at[i];
		bool replaces = i > 0 && item[-1].replaced;

		if (!TU_VEC_PUSH_IN(arena, versions,
			    (struct tu_offer_version){item->since,
				    replaces ? TU_OFFER_UPDATED : TU_OFFER_ADDED, item}))
			return false;
		if (item->until && !item->replaced &&
			!TU_VEC_PUSH_IN(arena, versions,
				(struct tu_offer_version){item->until, TU_OFFER_REMOVED, item}))
			return false;
	}
	return true;
}

static int compare(const void *a, const void *b)
{
	const struct tu_offer_version *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->item < y->item ? -1 : x->item > y->item;
}

/* That the release is there is no artifact: it counts where it was the first thing. What changed
 * at one time is one version. */
static void drop_some(version_list *versions)
{
	size_t kept = 0;

	for (size_t i = 0; i < versions->count; i++)
		if (kept == 0 ||
			(!is_bare(versions->at[i].item) &&
				versions->at[i].at != versions->at[kept - 1].at))
			versions->at[kept++] = versions->at[i];
	versions->count = kept;
	if (kept)
		versions->at[0].reason = TU_OFFER_INITIAL;
}

bool tu_offer__build(struct tu_arena *arena, const struct tu_offer_rows *rows,
	enum tu_publication_level level, struct tu_offer_release *release)
{
	item_list items = {0};
	version_list versions = {0};

	if (!is_there(rows, level))
		return true;
	if (!take_items(arena, rows, level, &items))
		return false;
	follow(&items);
	if (!add_versions(arena, &items, &versions))
		return false;
	qsort(versions.at, versions.count, sizeof(*versions.at), compare);
	drop_some(&versions);
	release->items = items.at;
	release->item_count = items.count;
	release->versions = versions.at;
	release->version_count = versions.count;
	return true;
}

/* ---- asking ---- */

bool tu_offer_has(const struct tu_offer_version *version, const struct tu_offer_item *item)
{
	return !is_bare(item) && !item->gone && item->since <= version->at &&
		(!item->until || item->until > version->at);
}

static bool is_better(const struct tu_offer_item *item, const struct tu_offer_item *best,
	struct tu_str artifact, int64_t revision)
{
	return tu_str_eq(item->artifact, artifact) && !item->gone && !is_bare(item) &&
		(!revision || item->revision == revision) && (!best || item->since > best->since);
}

static void find_in(const struct tu_offer_release *release, struct tu_str artifact,
	int64_t revision, const struct tu_offer_item **best)
{
	for (size_t i = 0; i < release->item_count; i++)
		if (is_better(&release->items[i], *best, artifact, revision))
			*best = &release->items[i];
}

struct tu_offer_found tu_offer_find(
	const struct tu_offers *offers, struct tu_str artifact, int64_t revision)
{
	struct tu_offer_found found = {0};

	for (size_t d = 0; d < offers->count; d++) {
		const struct tu_offer_device *device = &offers->at[d];

		for (size_t r = 0; r < device->release_count; r++) {
			const struct tu_offer_item *best = found.item;

			find_in(&device->releases[r], artifact, revision, &best);
			if (best != found.item)
				found = (struct tu_offer_found){device, &device->releases[r], best};
		}
	}
	return found;
}
