/*
 * NVD's API 2.0: at first all pages by startIndex, which an interrupted load resumes; then windows
 * of modification dates of at most 120 days, from where the last success ended. The instants are
 * NVD's own ("timestamp"), so that a clock of ours that is off loses nothing.
 *
 * A load is believed when it is whole: each page has the records that it says, the total is not
 * implausibly smaller than before, and where it shrinks between two pages, which moves all later
 * records up, the load steps back by as many. Only then does the cursor move.
 */
#include "base/time.h"
#include "feed/work.h"

enum {
	PAGE = 2000,
	PAGE_MIN = 250, /* half of it is not asked for */
	WINDOW_S = 119 * 86400, /* NVD allows 120 days */
	OVERLAP_S = 3600, /* records that were being published when we asked */
	PAGES_MAX = 5000,
	STEPS_BACK_MAX = 20,
	WINDOWS_MAX = 12 /* more than four years late: begin again */
};

struct page {
	struct tu_str query; /* after startIndex; empty: everything */
	uint64_t index;
	uint64_t total; /* out */
	uint64_t count; /* out */
	int64_t stamp; /* out: NVD's clock */
};

/* Pages one after the other: of everything, or of one window. */
struct load {
	struct work *work;
	uint64_t *size; /* records that a page is asked for; NVD may want fewer */
	uint64_t first; /* records in all, as the first page of this run said */
	unsigned steps_back;
};

/* ---- a page ---- */

/* Has it the records that it says? The last page may be shorter than what was asked for. */
static enum tu_status check_page(struct tu_json root, struct page *page, struct tu_error *err)
{
	struct tu_json list = tu_json_get(root, TU_STR("vulnerabilities"));
	struct tu_json size = tu_json_get(root, TU_STR("resultsPerPage"));
	uint64_t left = page->index < page->total ? page->total - page->index : 0;
	uint64_t stated;

	page->count = tu_json_count(list);
	if (page->count == 0 && left)
		return tu_fail(err, TU_E_CORRUPT, 0, "an empty page at %llu of %llu",
			(unsigned long long)page->index, (unsigned long long)page->total);
	if (page->count > left)
		return tu_fail(err, TU_E_CORRUPT, 0, "%llu records at %llu of %llu",
			(unsigned long long)page->count, (unsigned long long)page->index,
			(unsigned long long)page->total);
	if (tu_json_u64(size, UINT32_MAX, &stated) && page->count < (stated < left ? stated : left))
		return tu_fail(err, TU_E_CORRUPT, 0,
			"a page that says it has %llu records, and has %llu",
			(unsigned long long)stated, (unsigned long long)page->count);
	return TU_OK;
}

/* What a page says of itself, read from the list copy. */
static enum tu_status read_page(struct work *work, struct page *page, struct tu_error *err)
{
	struct tu_json root;
	uint64_t index;
	enum tu_status status = work_parse_list(work, TU_STR("page.json"), &root, err);

	if (status != TU_OK)
		return status;
	if (!tu_json_u64(tu_json_get(root, TU_STR("totalResults")), UINT32_MAX, &page->total) ||
		!tu_json_u64(tu_json_get(root, TU_STR("startIndex")), UINT32_MAX, &index) ||
		!tu_json_is_array(tu_json_get(root, TU_STR("vulnerabilities"))))
		return tu_fail(err, TU_E_SYNTAX, 0,
			"a page without totalResults, startIndex or vulnerabilities");
	if (index != page->index)
		return tu_fail(err, TU_E_CORRUPT, 0, "asked for index %llu, got %llu",
			(unsigned long long)page->index, (unsigned long long)index);
	page->stamp = 0;
	(void)tu_time_parse(TU_JSON_STR(root, "timestamp"), &page->stamp);
	return check_page(root, page, err);
}

/* "resultsPerPage parameter cannot exceed 1000.": NVD's words when it wants smaller pages. A
 * refusal that has lost its words on the way may mean the same. */
static bool take_smaller_pages(const struct load *load, enum tu_status status)
{
	struct tu_str message = load->work->message;
	struct tu_str rest = tu_str_from(message, tu_str_search(message, TU_STR("resultsPerPage")));
	uint64_t size;

	if (rest.len == 0 && (message.len || status != TU_E_NOTFOUND))
		return false;
	while (rest.len && !tu_char_is_digit(rest.ptr[0]))
		rest = tu_str_from(rest, 1);
	if (!tu_str_to_u64(tu_str_digits(&rest), UINT32_MAX, &size) || size == 0 ||
		size >= *load->size) {
		size = *load->size / 2;
		if (size < PAGE_MIN)
			return false;
	}
	*load->size = size;
	work_tell(load->work, "pages of %llu records", (unsigned long long)size);
	return true;
}

static enum tu_status fetch_page(const struct load *load, struct page *page, struct tu_error *err)
{
	struct work *work = load->work;
	struct want want = {.name = TU_STR("page.json"), .list = true, .compress = true};
	struct tu_error first = {0};
	enum outcome outcome;
	enum tu_status status;

	do {
		want.url = work_text(work, "%.*s?resultsPerPage=%llu&startIndex=%llu%.*s",
			TU_STR_FMT(work->source->url), (unsigned long long)*load->size,
			(unsigned long long)page->index, TU_STR_FMT(page->query));
		work->message = TU_STR("");
		status = work_fetch(work, &want, &outcome, err);
		if (status != TU_OK && first.status == TU_OK)
			first = *err;
	} while (status != TU_OK && take_smaller_pages(load, status));
	if (status != TU_OK)
		*err = first;
	return status == TU_OK ? read_page(work, page, err) : status;
}

/* ---- is the whole plausible? ---- */

static enum tu_status check_total(struct load *load, const struct page *page, struct tu_error *err)
{
	uint64_t allowed;

	if (load->first == 0)
		load->first = page->total;
	allowed = load->first + load->first / 10 + PAGE;
	if (page->total > allowed)
		return tu_fail(err, TU_E_LIMIT, 0,
			"%llu records in all, at first %llu: it grows faster than it is read",
			(unsigned long long)page->total, (unsigned long long)load->first);
	return work_check_loss(load->work, load->first, page->total, "records in all", err);
}

static enum tu_status count_step_back(struct load *load, struct tu_error *err)
{
	work_tell(load->work, "records went away while they were read: some are asked for again");
	if (++load->steps_back <= STEPS_BACK_MAX)
		return TU_OK;
	return tu_fail(
		err, TU_E_CORRUPT, 0, "the number of records in all shrinks again and again");
}

/* A whole load is complete: what else is there is of an earlier one. */
static void drop_earlier(struct work *work)
{
	for (size_t i = 0; i < work->state.files.count; i++) {
		struct tu_feed_file *file = &work->state.files.at[i];

		if (!file->gone && tu_str_starts(file->name, TU_STR("files/")) &&
			!tu_str_eq(file->cursor, work->state.begun))
			work_drop(work, file);
	}
}

static struct tu_str instant(const struct work *work, int64_t seconds)
{
	struct tu_str text = {"", 0};
	struct tu_buf buf;

	tu_buf_init(&buf, 64);
	tu_time_write(seconds, &buf);
	if (buf.failed || !tu_arena_dup(work->arena, tu_buf_str(&buf), &text))
		text = TU_STR("");
	tu_buf_done(&buf);
	return text;
}

/* ---- everything ---- */

static void begin_anew(struct tu_feed_state *state)
{
	state->begun = TU_STR("");
	state->next = state->expected = 0;
}

static enum tu_status check_whole(struct load *load, const struct page *page, struct tu_error *err)
{
	struct work *work = load->work;
	enum tu_status status;

	if (page->total == 0)
		return tu_fail(err, TU_E_CORRUPT, 0,
			"it says that it has no records at all: that cannot be");
	status = check_total(load, page, err);
	if (status == TU_OK)
		status = work_check_loss(
			work, work->state.total, page->total, "records in all", err);
	return status;
}

/* Take a page, or step back: `state->next` says where the next one begins. */
static enum tu_status take_page(struct load *load, const struct page *page, struct tu_error *err)
{
	struct work *work = load->work;
	struct tu_feed_state *state = &work->state;
	uint64_t lost = state->expected > page->total ? state->expected - page->total : 0;
	enum tu_status status;

	state->expected = page->total;
	if (state->begun.len == 0)
		state->begun =
			instant(work, (page->stamp ? page->stamp : work->request->now) - OVERLAP_S);
	if (lost) {
		state->next = page->index > lost ? page->index - lost : 0;
		return count_step_back(load, err);
	}
	status = work_adopt(work, TU_STR("page.json"),
		work_text(work, "all-%07llu.json", (unsigned long long)page->index), state->begun,
		err);
	if (status == TU_OK)
		state->next = page->index + page->count;
	work_tell(work, "%llu of %llu records", (unsigned long long)state->next,
		(unsigned long long)page->total);
	return status;
}

static enum tu_status finish_whole(struct work *work, struct tu_error *err)
{
	struct tu_feed_state *state = &work->state;

	drop_earlier(work);
	state->total = state->expected;
	state->cursor = state->begun;
	begin_anew(state);
	return work_save(work, err);
}

static enum tu_status load_all(struct work *work, uint64_t *size, struct tu_error *err)
{
	struct load load = {.work = work, .size = size};
	struct tu_feed_state *state = &work->state;
	enum tu_status status = TU_OK;

	if (state->next == 0 || state->expected == 0)
		begin_anew(state);
	for (int pages = 0; status == TU_OK && pages < PAGES_MAX; pages++) {
		struct page page = {.index = state->next};

		status = fetch_page(&load, &page, err);
		if (status != TU_OK)
			return status; /* resumed here by the next run */
		status = check_whole(&load, &page, err);
		if (status == TU_OK)
			status = take_page(&load, &page, err);
		if (status == TU_OK && state->next >= page.total)
			return finish_whole(work, err);
		if (status == TU_OK)
			status = work_save(work, err);
	}
	begin_anew(state);
	return status == TU_OK ? tu_fail(err, TU_E_LIMIT, 0, "more than %d pages", PAGES_MAX)
			       : status;
}

/* ---- windows of changes ---- */

/* "&lastModStartDate=…&lastModEndDate=…", with the offset that the API wants spelled out. */
static struct tu_str window_query(const struct work *work, int64_t from, int64_t to)
{
	struct tu_str a = instant(work, from);
	struct tu_str b = instant(work, to);

	if (a.len < 2 || b.len < 2)
		return TU_STR("");
	return work_text(work,
		"&lastModStartDate=%.*s.000%%2B00:00&lastModEndDate=%.*s.000%%2B00:00",
		TU_STR_FMT(tu_str_first(a, a.len - 1)), TU_STR_FMT(tu_str_first(b, b.len - 1)));
}

/* A record that is changed while we read leaves the window: all after it move up. */
static enum tu_status take_window_page(struct load *load, struct page *page, uint64_t *expected,
	int64_t from, struct tu_error *err)
{
	struct work *work = load->work;
	enum tu_status status = check_total(load, page, err);

	if (status != TU_OK)
		return status;
	if (page->total < *expected) {
		*expected = page->total;
		page->index = page->count = 0;
		return count_step_back(load, err);
	}
	*expected = page->total;
	if (page->count == 0)
		return TU_OK;
	return work_adopt(work, TU_STR("page.json"),
		work_text(work, "changed-%lld-%06llu.json", (long long)from,
			(unsigned long long)page->index),
		TU_STR(""), err);
}

static enum tu_status load_window(
	struct load *load, int64_t from, int64_t to, int64_t *out_stamp, struct tu_error *err)
{
	struct work *work = load->work;
	uint64_t next = 0, expected = 0;

	for (int pages = 0; pages < PAGES_MAX; pages++) {
		struct page page = {.index = next, .query = window_query(work, from, to)};
		enum tu_status status =
			page.query.len ? fetch_page(load, &page, err) : tu_no_memory(err);

		if (status == TU_OK && pages == 0)
			*out_stamp = page.stamp;
		if (status == TU_OK)
			status = take_window_page(load, &page, &expected, from, err);
		if (status != TU_OK)
			return status;
		next = page.index + page.count;
		if (page.total)
			work_tell(work, "%llu of %llu changed records", (unsigned long long)next,
				(unsigned long long)page.total);
		if (next >= page.total)
			return TU_OK;
	}
	return tu_fail(err, TU_E_LIMIT, 0, "more than %d pages", PAGES_MAX);
}

static enum tu_status load_changes(
	struct work *work, uint64_t *size, int64_t from, struct tu_error *err)
{
	int64_t now = work->request->now;
	enum tu_status status = TU_OK;

	while (status == TU_OK && from < now) {
		int64_t to = now - from > WINDOW_S ? from + WINDOW_S : now;
		struct load load = {.work = work, .size = size};
		int64_t stamp = 0;

		status = load_window(&load, from, to, &stamp, err);
		if (status != TU_OK)
			return status;
		/* a clock of ours that runs ahead must not skip what NVD publishes meanwhile */
		if (to == now && stamp && stamp < to)
			to = stamp;
		work->state.cursor = instant(work, to == now || to == stamp ? to - OVERLAP_S : to);
		status = work_save(work, err);
		if (to < from + WINDOW_S)
			break;
		from = to;
	}
	return status;
}

enum tu_status by_nvd(struct work *work, struct tu_error *err)
{
	int64_t covered = 0;
	int64_t now = work->request->now;
	uint64_t size = PAGE;

	if (work->state.cursor.len && !tu_time_parse(work->state.cursor, &covered))
		covered = 0;
	if (covered > now + 86400)
		return tu_fail(err, TU_E_IO, 0,
			"what is stored reaches to %.*s, after the present time: is the clock "
			"right?",
			TU_STR_FMT(work->state.cursor));
	if (covered == 0 || now - covered > (int64_t)WINDOW_S * WINDOWS_MAX)
		return load_all(work, &size, err);
	return load_changes(work, &size, covered, err);
}
