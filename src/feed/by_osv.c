/*
 * OSV's store: for each ecosystem "modified_id.csv" says what changed when, newest first. A few
 * changes are fetched record by record; many, or the first time, the ecosystem's all.zip.
 */
#include "feed/work.h"

enum {
	SINGLE_MAX = 300, /* more changes than these: the archive is the cheaper way */
	KEPT_MAX = 2000, /* single records beside an archive before it is fetched again */
	ID_MAX = 128
};

/* An ecosystem. */
struct ecosystem {
	struct tu_str item;
	struct tu_str name; /* as a folder */
	struct tu_str list; /* its stored index */
	struct tu_feed_file *archive; /* NULL: not yet stored */
};

/* A line "2024-08-15T00:05:00Z,ID" or "…,Ecosystem/ID"; false for anything else. */
static bool read_line(struct tu_str line, struct tu_str *out_when, struct tu_str *out_id)
{
	size_t comma = tu_str_find(line, ',');

	*out_when = tu_str_trim(tu_str_first(line, comma));
	*out_id = tu_str_trim(tu_str_from(line, comma + 1));
	if (tu_str_find(*out_id, '/') < out_id->len)
		*out_id = tu_str_from(*out_id, tu_str_rfind(*out_id, '/') + 1);
	return out_when->len >= 10 && tu_char_is_digit(out_when->ptr[0]) && out_id->len > 0 &&
		out_id->len <= ID_MAX && tu_feed_file_name_ok(*out_id);
}

static struct tu_str newest_of(struct tu_str csv, struct tu_str since, size_t *out_newer)
{
	struct tu_str newest = since;
	struct tu_str line, when, id;

	*out_newer = 0;
	while (tu_str_split(&csv, '\n', &line)) {
		if (!read_line(line, &when, &id))
			continue;
		*out_newer += tu_str_cmp(when, since) > 0;
		if (tu_str_cmp(when, newest) > 0)
			newest = when;
	}
	return newest;
}

static enum tu_status fetch_list(struct work *work, struct ecosystem *e, struct tu_error *err)
{
	struct want want = {.name = e->list, .list = true, .conditional = true, .compress = true};
	enum outcome outcome;

	want.url = work_text(work, "%.*s/modified_id.csv",
		TU_STR_FMT(work_item_url(work, work->source->url, e->item)));
	return work_fetch(work, &want, &outcome, err);
}

static size_t count_singles(const struct work *work, const struct ecosystem *e)
{
	struct tu_str prefix = work_text(work, "files/%.*s/", TU_STR_FMT(e->name));
	size_t count = 0;

	for (size_t i = 0; i < work->state.files.count; i++)
		count += !work->state.files.at[i].gone &&
			tu_str_starts(work->state.files.at[i].name, prefix);
	return count;
}

static void drop_singles(struct work *work, const struct ecosystem *e)
{
	struct tu_str prefix = work_text(work, "files/%.*s/", TU_STR_FMT(e->name));

	for (size_t i = 0; prefix.len && i < work->state.files.count; i++)
		if (!work->state.files.at[i].gone &&
			tu_str_starts(work->state.files.at[i].name, prefix))
			work_drop(work, &work->state.files.at[i]);
}

/* The cursor is what the index said before the archive was fetched: the archive contains at least
 * that. */
static enum tu_status fetch_archive(
	struct work *work, struct ecosystem *e, struct tu_str newest, struct tu_error *err)
{
	struct want want = {.name = work_text(work, "%.*s.zip", TU_STR_FMT(e->name)),
		.conditional = true,
		.cursor = newest,
		.records_stated = UINT64_MAX};
	enum outcome outcome;
	enum tu_status status;

	want.url = work_text(
		work, "%.*s/all.zip", TU_STR_FMT(work_item_url(work, work->source->url, e->item)));
	work_tell(work, "%.*s: all records", TU_STR_FMT(e->item));
	status = work_fetch(work, &want, &outcome, err);
	if (status == TU_OK && outcome == WANT_STORED)
		drop_singles(work, e);
	return status;
}

static enum tu_status fetch_single(
	struct work *work, const struct ecosystem *e, struct tu_str id, struct tu_error *err)
{
	struct want want = {
		.name = work_text(work, "%.*s/%.*s.json", TU_STR_FMT(e->name), TU_STR_FMT(id)),
		.records_stated = UINT64_MAX};
	struct tu_buf encoded;
	enum outcome outcome;

	tu_buf_init(&encoded, ID_MAX * 4);
	tu_url_encode(id, &encoded);
	want.url = work_text(work, "%.*s/%.*s.json",
		TU_STR_FMT(work_item_url(work, work->source->url, e->item)),
		TU_STR_FMT(tu_buf_str(&encoded)));
	tu_buf_done(&encoded);
	return work_fetch(work, &want, &outcome, err);
}

/* Each changed record; the cursor moves only when all are here. */
static enum tu_status fetch_singles(struct work *work, struct ecosystem *e, struct tu_str csv,
	struct tu_str since, struct tu_error *err)
{
	struct tu_str line, when, id;
	uint64_t failures = work->failures;
	enum tu_status status = TU_OK;

	while (tu_str_split(&csv, '\n', &line) && !work_stopped(work)) {
		struct tu_error own = {0};

		if (!read_line(line, &when, &id) || tu_str_cmp(when, since) <= 0)
			continue;
		status = fetch_single(work, e, id, &own);
		if (status == TU_E_NOMEM)
			return tu_no_memory(err);
		if (status != TU_OK)
			work_note_failure(work, &own);
	}
	if (work->failures > failures || work_stopped(work))
		return tu_fail(err, TU_E_IO, 0, "%.*s: not all changed records could be had",
			TU_STR_FMT(e->item));
	return TU_OK;
}

static enum tu_status update(struct work *work, struct ecosystem *e, struct tu_error *err)
{
	enum tu_status status = fetch_list(work, e, err);
	struct tu_str since, newest, name, csv;
	size_t newer;

	if (status == TU_OK)
		status = work_read_list(work, e->list, err);
	if (status != TU_OK)
		return status;
	name = work_text(work, "files/%.*s.zip", TU_STR_FMT(e->name));
	e->archive = tu_feed_state_find(&work->state, name);
	since = e->archive ? e->archive->cursor : TU_STR("");
	csv = tu_buf_str(&work->document);
	newest = newest_of(csv, since, &newer);
	if (newer == 0 && e->archive)
		return TU_OK;
	if (newer == 0)
		return tu_fail(
			err, TU_E_SYNTAX, 0, "%.*s: an index without entries", TU_STR_FMT(e->item));
	if (!tu_arena_dup(work->arena, newest, &newest))
		return tu_no_memory(err);
	if (!e->archive || newer > SINGLE_MAX || count_singles(work, e) + newer > KEPT_MAX)
		return fetch_archive(work, e, newest, err);
	status = fetch_singles(work, e, csv, since, err);
	e->archive = tu_feed_state_find(&work->state, name); /* the list of files has grown */
	if (status == TU_OK && e->archive)
		e->archive->cursor = newest;
	return status;
}

/* An ecosystem that the configuration no longer names. */
static void drop_others(struct work *work)
{
	for (size_t i = 0; i < work->state.files.count; i++) {
		struct tu_str rest = work->source->items;
		struct tu_str item;
		struct tu_str name = work->state.files.at[i].name;
		bool named = work->state.files.at[i].gone;

		name = tu_str_from(name, tu_str_find(name, '/') + 1);
		while (!named && tu_str_split(&rest, ',', &item)) {
			item = work_item_name(work, tu_str_trim(item));
			named = tu_str_starts(name, item) && name.len > item.len &&
				strchr("/.", name.ptr[item.len]);
		}
		if (!named)
			work_drop(work, &work->state.files.at[i]);
	}
}

enum tu_status by_osv(struct work *work, struct tu_error *err)
{
	struct tu_str items = work->source->items;
	struct tu_str item;

	while (tu_str_split(&items, ',', &item) && !work_stopped(work)) {
		struct tu_error own = {0};
		struct ecosystem e = {.item = tu_str_trim(item)};

		if (e.item.len == 0)
			continue;
		e.name = work_item_name(work, e.item);
		e.list = work_text(work, "%.*s.csv", TU_STR_FMT(e.name));
		if (update(work, &e, &own) != TU_OK)
			work_note_failure(work, &own);
		if (work_save(work, &own) != TU_OK)
			work_note_failure(work, &own);
	}
	drop_others(work);
	return work_verdict(work, err);
}
