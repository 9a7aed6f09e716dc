/*
 * NVD's API 2.0: at first all pages by startIndex, which an interrupted load resumes; then windows
 * of modification dates of at most 120 days, from where the last success ended. The instants are
 * NVD's own ("timestamp"), so that a clock of ours that is off loses nothing.
 */
#include "base/time.h"
#include "feed/work.h"

enum {
	PAGE = 2000,
	WINDOW_S = 119 * 86400, /* NVD allows 120 days */
	OVERLAP_S = 3600, /* records that were being published when we asked */
	PAGES_MAX = 5000,
	WINDOWS_MAX = 12 /* more than four years late: begin again */
};

struct page {
	struct tu_str query; /* after startIndex; empty: everything */
	struct tu_str name; /* of the file */
	uint64_t index;
	uint64_t total; /* out */
	uint64_t count; /* out */
	int64_t stamp; /* out: NVD's clock */
};

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
	page->count = tu_json_count(tu_json_get(root, TU_STR("vulnerabilities")));
	if (page->count == 0 && page->index < page->total)
		return tu_fail(err, TU_E_CORRUPT, 0, "an empty page at %llu of %llu",
			(unsigned long long)page->index, (unsigned long long)page->total);
	page->stamp = 0;
	(void)tu_time_parse(TU_JSON_STR(root, "timestamp"), &page->stamp);
	return TU_OK;
}

static enum tu_status fetch_page(struct work *work, struct page *page, struct tu_error *err)
{
	const struct want want = {
		.url = work_text(work, "%.*s?resultsPerPage=%d&startIndex=%llu%.*s",
			TU_STR_FMT(work->source->url), PAGE, (unsigned long long)page->index,
			TU_STR_FMT(page->query)),
		.name = TU_STR("page.json"),
		.list = true,
		.compress = true,
		.records_stated = UINT64_MAX};
	enum outcome outcome;
	enum tu_status status = work_fetch(work, &want, &outcome, err);

	if (status == TU_OK)
		status = read_page(work, page, err);
	if (status == TU_OK && page->count)
		status = work_adopt(work, TU_STR("page.json"), page->name, page->count, err);
	return status;
}

/* A whole load is complete: what else is there is of an earlier one. */
static void drop_earlier(struct work *work, uint64_t total)
{
	for (size_t i = 0; i < work->state.files.count; i++) {
		struct tu_feed_file *file = &work->state.files.at[i];
		struct tu_str rest = file->name;
		uint64_t index = UINT64_MAX;

		if (file->gone || !tu_str_skip(&rest, TU_STR("files/")))
			continue;
		if (tu_str_skip(&rest, TU_STR("all-")))
			(void)tu_str_to_u64(tu_str_digits(&rest), UINT32_MAX, &index);
		if (index >= total)
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

static enum tu_status load_all(struct work *work, struct tu_error *err)
{
	struct tu_feed_state *state = &work->state;
	enum tu_status status = TU_OK;

	if (state->next == 0)
		state->begun = TU_STR("");
	for (int pages = 0; status == TU_OK && pages < PAGES_MAX; pages++) {
		struct page page = {.index = state->next,
			.name = work_text(
				work, "all-%07llu.json", (unsigned long long)state->next)};

		status = fetch_page(work, &page, err);
		if (status != TU_OK)
			break;
		if (state->begun.len == 0)
			state->begun = instant(
				work, (page.stamp ? page.stamp : work->request->now) - OVERLAP_S);
		state->next += page.count;
		work_tell(work, "%llu of %llu records", (unsigned long long)state->next,
			(unsigned long long)page.total);
		if (state->next >= page.total) {
			drop_earlier(work, page.total);
			state->cursor = state->begun;
			state->begun = TU_STR("");
			state->next = 0;
			return work_save(work, err);
		}
		status = work_save(work, err);
	}
	return status == TU_OK ? tu_fail(err, TU_E_LIMIT, 0, "more than %d pages", PAGES_MAX)
			       : status;
}

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

static enum tu_status load_window(
	struct work *work, int64_t from, int64_t to, int64_t *out_stamp, struct tu_error *err)
{
	uint64_t next = 0;

	for (int pages = 0; pages < PAGES_MAX; pages++) {
		struct page page = {.index = next,
			.query = window_query(work, from, to),
			.name = work_text(work, "changed-%lld-%06llu.json", (long long)from,
				(unsigned long long)next)};
		enum tu_status status = page.query.len && page.name.len
			? fetch_page(work, &page, err)
			: tu_no_memory(err);

		if (status != TU_OK)
			return status;
		if (pages == 0)
			*out_stamp = page.stamp;
		next += page.count;
		if (page.total)
			work_tell(work, "%llu of %llu changed records", (unsigned long long)next,
				(unsigned long long)page.total);
		if (next >= page.total)
			return TU_OK;
	}
	return tu_fail(err, TU_E_LIMIT, 0, "more than %d pages", PAGES_MAX);
}

static enum tu_status load_changes(struct work *work, int64_t from, struct tu_error *err)
{
	int64_t now = work->request->now;
	enum tu_status status = TU_OK;

	while (status == TU_OK && from < now) {
		int64_t to = now - from > WINDOW_S ? from + WINDOW_S : now;
		int64_t stamp = 0;

		status = load_window(work, from, to, &stamp, err);
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

	if (work->state.cursor.len && !tu_time_parse(work->state.cursor, &covered))
		covered = 0;
	if (covered > now + 86400)
		return tu_fail(err, TU_E_IO, 0,
			"what is stored reaches to %.*s, after the present time: is the clock "
			"right?",
			TU_STR_FMT(work->state.cursor));
	if (covered == 0 || now - covered > (int64_t)WINDOW_S * WINDOWS_MAX)
		return load_all(work, err);
	return load_changes(work, covered, err);
}
