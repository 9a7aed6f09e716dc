#include "list/inside.h"

void tu_list__item_drop(void *item)
{
	struct tu_list__item *counted = item;

	if (counted && atomic_fetch_sub(&counted->refs, 1) == 1)
		tu_free(counted);
}

static void drop_page(struct tu_list__shelf_page *page)
{
	if (!page || atomic_fetch_sub(&page->refs, 1) != 1)
		return;
	for (size_t i = 0; i < TU_LIST__PAGE; i++)
		tu_list__item_drop(page->items[i]);
	tu_free(page);
}

bool tu_list__shelf_next(
	const struct tu_list__shelf *old, size_t count, struct tu_list__shelf *out_shelf)
{
	size_t pages = count / TU_LIST__PAGE + 1;

	*out_shelf = (struct tu_list__shelf){0};
	out_shelf->pages = tu_alloc(pages, sizeof(struct tu_list__shelf_page *));
	if (!out_shelf->pages)
		return false;
	out_shelf->page_count = pages;
	for (size_t i = 0; i < old->page_count; i++) {
		out_shelf->pages[i] = old->pages[i];
		if (old->pages[i])
			atomic_fetch_add(&old->pages[i]->refs, 1);
	}
	return true;
}

void tu_list__shelf_drop(struct tu_list__shelf *shelf)
{
	for (size_t i = 0; i < shelf->page_count; i++)
		drop_page(shelf->pages[i]);
	tu_free(shelf->pages);
	*shelf = (struct tu_list__shelf){0};
}

/* The page of its own that a shelf may write to. */
static struct tu_list__shelf_page *own_page(struct tu_list__shelf *shelf, size_t at)
{
	struct tu_list__shelf_page *old = shelf->pages[at], *page;

	if (old && atomic_load(&old->refs) == 1)
		return old;
	page = tu_alloc(1, sizeof(*page));
	if (!page)
		return NULL;
	atomic_init(&page->refs, 1);
	for (size_t i = 0; old && i < TU_LIST__PAGE; i++) {
		struct tu_list__item *item = old->items[i];

		if (item)
			atomic_fetch_add(&item->refs, 1);
		page->items[i] = item;
	}
	shelf->pages[at] = page;
	drop_page(old);
	return page;
}

bool tu_list__shelf_put(struct tu_list__shelf *shelf, size_t at, void *item)
{
	struct tu_list__shelf_page *page = own_page(shelf, at / TU_LIST__PAGE);

	if (!page) {
		tu_list__item_drop(item);
		return false;
	}
	tu_list__item_drop(page->items[at % TU_LIST__PAGE]);
	page->items[at % TU_LIST__PAGE] = item;
	return true;
}
