/*
 * OSV's store: for each ecosystem "modified_id.csv" says what changed when, newest first. A few
 * changes are fetched record by record; many, or the first time, the ecosystem's all.zip.
 *
 * The archive can be hours or days older than its index (google/osv.dev, issues 1981 and 2708):
 * what the index lists and the archive does not have, or has older, is fetched singly as well. The
 * cursor of an archive is the newest date in the index up to which everything is here; empty: not
 * known.
 */
#include "base/intern.h"
#include "base/time.h"
#include "feed/work.h"

enum {
	SINGLE_MAX = 300, /* more changes than these: the archive is the cheaper way */
	KEPT_MAX = 2000, /* single records beside an archive before it is fetched again */
	MISSING_MAX = 50000, /* records of the index that an archive may be without */
	FAILURES_MAX = 20, /* of an ecosystem, before the rest is left for the next run */
	SAVED_EACH = 100,
	ID_MAX = 128
};

/* An ecosystem. */
struct ecosystem {
	struct work *work;
	struct tu_str item;
	struct tu_str name; /* as a folder */
	struct tu_str list; /* its stored index */
	struct tu_str archive; /* "files/NAME.zip" */
	struct tu_intern *ids; /* of the records in the archive; NULL: it has not been read */
	TU_VEC(int64_t) modified; /* the same indexes */
};

/* What the index says. */
struct index {
	struct tu_str csv;
	struct tu_str since; /* what is newer is looked for; without "Z" */
	struct tu_str newest;
	uint64_t entries;
	uint64_t newer; /* entries after `since` */
};

/* Without "Z" such texts are in the order of time, with fractions of a second and without. */
static struct tu_str plain(struct tu_str when)
{
	return tu_str_ends(when, TU_STR("Z")) ? tu_str_first(when, when.len - 1) : when;
}

/* A line "2024-08-15T00:05:00Z,ID" or "…,Ecosystem/ID"; false for anything else. */
static bool read_line(struct tu_str line, struct tu_str *out_when, struct tu_str *out_id)
{
	size_t comma = tu_str_find(line, ',');

	*out_when = plain(tu_str_trim(tu_str_first(line, comma)));
	*out_id = tu_str_trim(tu_str_from(line, comma + 1));
	if (tu_str_find(*out_id, '/') < out_id->len)
		*out_id = tu_str_from(*out_id, tu_str_rfind(*out_id, '/') + 1);
	return out_when->len >= 10 && tu_char_is_digit(out_when->ptr[0]) && out_id->len > 0 &&
		out_id->len <= ID_MAX && tu_feed_file_name_ok(*out_id);
}

static void read_index(struct index *index)
{
	struct tu_str rest = index->csv;
	struct tu_str line, when, id;

	while (tu_str_split(&rest, '\n', &line)) {
		if (!read_line(line, &when, &id))
			continue;
		index->entries++;
		index->newer += tu_str_cmp(when, index->since) > 0;
		if (tu_str_cmp(when, index->newest) > 0)
			index->newest = when;
	}
}

static enum tu_status fetch_list(struct work *work, const struct ecosystem *e, struct tu_error *err)
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

/* ---- what is here ---- */

static bool take_record(void *self, const struct tu_advisory *advisory)
{
	struct ecosystem *e = self;
	uint32_t id;

	if (!tu_intern_add(e->ids, advisory->id, &id))
		return false;
	if (id == e->modified.count)
		return TU_VEC_PUSH(&e->modified, advisory->modified);
	if (advisory->modified > e->modified.at[id])
		e->modified.at[id] = advisory->modified;
	return true;
}

static bool is_in_archive(const struct ecosystem *e, struct tu_str id, struct tu_str when)
{
	uint32_t number = e->ids ? tu_intern_find(e->ids, id) : TU_INTERN_NONE;
	int64_t wanted = 0;

	(void)tu_time_parse(when, &wanted);
	return number != TU_INTERN_NONE && e->modified.at[number] >= wanted;
}

static struct tu_str single_name(const struct ecosystem *e, struct tu_str id)
{
	return work_text(e->work, "%.*s/%.*s.json", TU_STR_FMT(e->name), TU_STR_FMT(id));
}

static bool is_here(const struct ecosystem *e, struct tu_str id, struct tu_str when)
{
	const struct tu_feed_file *single = tu_feed_state_find(
		&e->work->state, work_text(e->work, "files/%.*s", TU_STR_FMT(single_name(e, id))));

	return (single && single->cursor.len && tu_str_cmp(single->cursor, when) >= 0) ||
		is_in_archive(e, id, when);
}

/* Single records that the new archive has, as new as they are. */
static void drop_singles(const struct ecosystem *e)
{
	struct work *work = e->work;
	struct tu_str prefix = work_text(work, "files/%.*s/", TU_STR_FMT(e->name));

	for (size_t i = 0; prefix.len && i < work->state.files.count; i++) {
		struct tu_feed_file *file = &work->state.files.at[i];
		struct tu_str id = file->name;

		if (file->gone || !tu_str_skip(&id, prefix) || !tu_str_ends(id, TU_STR(".json")))
			continue;
		if (is_in_archive(e, tu_str_first(id, id.len - 5), file->cursor))
			work_drop(work, file);
	}
}

/* ---- fetching ---- */

/* The archive, new or as it is here, and which records it has. */
static enum tu_status fetch_archive(struct ecosystem *e, struct index *index, struct tu_error *err)
{
	enum { IDS_MAX = 256 << 20 };
	struct work *work = e->work;
	struct want want = {.name = work_text(work, "%.*s.zip", TU_STR_FMT(e->name)),
		.conditional = true,
		.each = take_record,
		.self = e};
	enum outcome outcome;
	enum tu_status status;

	want.url = work_text(
		work, "%.*s/all.zip", TU_STR_FMT(work_item_url(work, work->source->url, e->item)));
	work_tell(work, "%.*s: all records", TU_STR_FMT(e->item));
	e->ids = tu_intern_new(IDS_MAX);
	if (!e->ids)
		return tu_no_memory(err);
	status = work_fetch(work, &want, &outcome, err);
	if (status == TU_OK && outcome == WANT_UNCHANGED)
		return work_reread(work, &want, err);
	if (status == TU_OK) {
		drop_singles(e);
		index->since = TU_STR(""); /* an archive may be older than the one before */
	}
	return status;
}

static enum tu_status fetch_single(
	const struct ecosystem *e, struct tu_str id, struct tu_str when, struct tu_error *err)
{
	struct work *work = e->work;
	struct want want = {.name = single_name(e, id), .cursor = when, .varies = true};
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

/* Is this line about a record that is looked for and not here? */
static bool is_missing(const struct ecosystem *e, const struct index *index, struct tu_str line,
	struct tu_str *out_when, struct tu_str *out_id)
{
	return read_line(line, out_when, out_id) && tu_str_cmp(*out_when, index->since) > 0 &&
		!is_here(e, *out_id, *out_when);
}

static enum tu_status count_missing(
	const struct ecosystem *e, const struct index *index, struct tu_error *err)
{
	struct tu_str rest = index->csv;
	struct tu_str line, when, id;
	size_t missing = 0;

	while (tu_str_split(&rest, '\n', &line))
		missing += is_missing(e, index, line, &when, &id);
	if (missing && e->ids)
		work_tell(e->work, "%.*s: %zu records of its index are not in the archive",
			TU_STR_FMT(e->item), missing);
	if (missing <= MISSING_MAX)
		return TU_OK;
	return tu_fail(err, TU_E_CORRUPT, 0,
		"%.*s: %zu records of its index are not in the archive", TU_STR_FMT(e->item),
		missing);
}

/* Each missing record. Those that came are remembered singly; the cursor moves only when all are
 * here. */
static enum tu_status fetch_missing(
	const struct ecosystem *e, const struct index *index, struct tu_error *err)
{
	struct work *work = e->work;
	struct tu_str rest = index->csv;
	struct tu_str line, when, id;
	uint64_t failures = 0, fetched = 0;

	while (tu_str_split(&rest, '\n', &line) && !work_stopped(work) && failures < FAILURES_MAX) {
		struct tu_error own = {0};

		if (!is_missing(e, index, line, &when, &id))
			continue;
		if (fetch_single(e, id, when, &own) != TU_OK) {
			if (own.status == TU_E_NOMEM)
				return tu_no_memory(err);
			work_note_failure(work, &own);
			failures++;
		} else if (++fetched % SAVED_EACH == 0 && work_save(work, err) != TU_OK) {
			return err->status;
		}
	}
	if (failures == 0 && !work_stopped(work))
		return TU_OK;
	return tu_fail(
		err, TU_E_IO, 0, "%.*s: not all changed records could be had", TU_STR_FMT(e->item));
}

/* ---- an ecosystem ---- */

/* An index that lost a part, or is older than what it led to before, is not believed. */
static enum tu_status check_index(const struct ecosystem *e, const struct index *index,
	const struct tu_feed_file *list, struct tu_error *err)
{
	struct work *work = e->work;
	int64_t newest = 0, since = 0;
	enum tu_status status;

	if (index->entries == 0)
		return tu_fail(
			err, TU_E_SYNTAX, 0, "%.*s: an index without entries", TU_STR_FMT(e->item));
	(void)tu_time_parse(index->newest, &newest);
	(void)tu_time_parse(index->since, &since);
	status = work_check_loss(work, list->listed, index->entries, "entries of the index", err);
	if (status == TU_OK)
		status = work_check_age(newest, since, err);
	return status == TU_OK ? TU_OK : tu_error_prefix(err, "%.*s", TU_STR_FMT(e->item));
}

static enum tu_status open_index(
	const struct ecosystem *e, struct index *index, struct tu_error *err)
{
	struct work *work = e->work;
	const struct tu_feed_file *archive, *list;
	enum tu_status status = fetch_list(work, e, err);

	if (status == TU_OK)
		status = work_read_list(work, e->list, err);
	if (status != TU_OK)
		return status;
	archive = tu_feed_state_find(&work->state, e->archive);
	list = tu_feed_state_find(&work->state, work_text(work, "lists/%.*s", TU_STR_FMT(e->list)));
	if (!list)
		return tu_no_memory(err);
	*index = (struct index){.csv = tu_buf_str(&work->document)};
	/* a version of the program that did not look into the archive counted no entries */
	if (archive && list->listed)
		index->since = plain(archive->cursor);
	read_index(index);
	if (!tu_arena_dup(work->arena, index->newest, &index->newest))
		return tu_no_memory(err);
	return check_index(e, index, list, err);
}

static void keep_cursor(const struct ecosystem *e, const struct index *index)
{
	struct tu_feed_state *state = &e->work->state;
	struct tu_feed_file *archive = tu_feed_state_find(state, e->archive);
	struct tu_feed_file *list =
		tu_feed_state_find(state, work_text(e->work, "lists/%.*s", TU_STR_FMT(e->list)));

	if (archive)
		archive->cursor = index->newest;
	if (list)
		list->listed = index->entries;
}

static enum tu_status update(struct ecosystem *e, struct tu_error *err)
{
	struct work *work = e->work;
	struct index index;
	enum tu_status status = open_index(e, &index, err);

	/* without a cursor it is not known what the archive has: it is looked through */
	if (status == TU_OK &&
		(index.since.len == 0 || index.newer > SINGLE_MAX ||
			count_singles(work, e) + index.newer > KEPT_MAX))
		status = fetch_archive(e, &index, err);
	if (status == TU_OK)
		status = count_missing(e, &index, err);
	if (status == TU_OK)
		status = fetch_missing(e, &index, err);
	if (status == TU_OK)
		keep_cursor(e, &index);
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
		struct ecosystem e = {.work = work, .item = tu_str_trim(item)};

		if (e.item.len == 0)
			continue;
		e.name = work_item_name(work, e.item);
		e.list = work_text(work, "%.*s.csv", TU_STR_FMT(e.name));
		e.archive = work_text(work, "files/%.*s.zip", TU_STR_FMT(e.name));
		if (update(&e, &own) != TU_OK)
			work_note_failure(work, &own);
		tu_intern_free(e.ids);
		TU_VEC_DONE(&e.modified);
		if (work_save(work, &own) != TU_OK)
			work_note_failure(work, &own);
	}
	if (work->failures == 0)
		drop_others(work);
	return work_verdict(work, err);
}
