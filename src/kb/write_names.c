#include "kb/writer.h"

/* ---- names ---- */

static int compare_names(const struct writer *w, const struct kb_name *x, const struct kb_name *y)
{
	int order = tu_str_cmp(b_str(w->b, x->name), b_str(w->b, y->name));

	if (!order)
		order = tu_str_cmp(b_str(w->b, x->vendor), b_str(w->b, y->vendor));
	if (!order)
		order = tu_str_cmp(b_str(w->b, x->product), b_str(w->b, y->product));
	return order;
}

static size_t name_parts(const struct writer *w, uint32_t row, struct tu_str out_parts[3])
{
	if (row > 0 && w->b->names.at[row - 1].name == w->b->names.at[row].name)
		return 0;
	out_parts[0] = b_str(w->b, w->b->names.at[row].name);
	return 1;
}

/* Sort by name, vendor, product and drop what is there twice. */
static bool sort_names(struct writer *w)
{
	size_t count = w->b->names.count;
	struct b_sortable *items = tu_arena_array(w->passing, count, sizeof(*items));
	struct kb_name *sorted = tu_arena_array(w->passing, count, sizeof(*sorted));
	size_t kept = 0;

	if (!items || !sorted)
		return false;
	for (uint32_t i = 0; i < count; i++) {
		const struct kb_name *name = &w->b->names.at[i];
		struct tu_buf *text = &w->b->text;
		struct tu_str key;

		tu_buf_clear(text);
		tu_buf_str_add(text, b_str(w->b, name->name));
		tu_buf_byte(text, '\0');
		tu_buf_str_add(text, b_str(w->b, name->vendor));
		tu_buf_byte(text, '\0');
		tu_buf_str_add(text, b_str(w->b, name->product));
		if (text->failed || !tu_arena_dup(w->passing, tu_buf_str(text), &key))
			return false;
		items[i] = (struct b_sortable){key, 0, i};
	}
	if (!tu_kb__sort(items, count))
		return false;
	for (size_t i = 0; i < count; i++) {
		sorted[kept] = w->b->names.at[items[i].index];
		if (kept == 0 || compare_names(w, &sorted[kept - 1], &sorted[kept]) != 0)
			kept++;
	}
	if (kept)
		memcpy(w->b->names.at, sorted, kept * sizeof(*sorted));
	w->b->names.count = kept;
	return true;
}

bool tu_kb__write_names(struct writer *w)
{
	if (!sort_names(w))
		return false;
	tu_kb__begin(w, KB_NAMES, sizeof(struct kb_name));
	for (size_t i = 0; i < w->b->names.count; i++) {
		struct kb_name row = w->b->names.at[i];

		row.name = tu_kb__put_string(w, row.name);
		row.vendor = tu_kb__put_string(w, row.vendor);
		row.product = tu_kb__put_string(w, row.product);
		tu_kb__put(w, &row, sizeof(row));
	}
	tu_kb__end(w, KB_NAMES);
	return tu_kb__write_slots(w, KB_NAME_ALIAS_SLOTS, (uint32_t)w->b->names.count, name_parts);
}

/* ---- sources ---- */

/* Sources whose database is worth naming: hundreds of CNAs are one source. */
static uint32_t source_database(const struct kb_advisory *row)
{
	return row->source == TU_SOURCE_OSV || row->source == TU_SOURCE_KEV ||
			row->source == TU_SOURCE_CVE_ADP || row->source == TU_SOURCE_NVD
		? row->database
		: 0;
}

static uint32_t newest_of(const struct tu_kb_builder *b, const struct kb_advisory *row)
{
	uint32_t newest = row->published > row->modified ? row->published : row->modified;
	uint32_t withdrawn = b->extras.at[row->extra].withdrawn;

	return newest > withdrawn ? newest : withdrawn;
}

struct sources {
	TU_VEC(struct kb_source) rows;
};

static bool count_source(
	struct sources *sources, uint32_t source, uint32_t database, uint32_t newest)
{
	for (size_t i = 0; i < sources->rows.count; i++) {
		struct kb_source *row = &sources->rows.at[i];

		if (row->source != source || row->database != database)
			continue;
		row->records++;
		row->newest = row->newest > newest ? row->newest : newest;
		return true;
	}
	return TU_VEC_PUSH(&sources->rows, (struct kb_source){source, database, 1, newest});
}

static bool gather_sources(struct writer *w, struct sources *sources)
{
	for (uint32_t i = 0; i < w->m.live; i++) {
		const struct kb_advisory *row = &w->b->advisories.at[w->m.order[i]].row;

		if (!count_source(sources, row->source, source_database(row), newest_of(w->b, row)))
			return false;
	}
	for (size_t i = 0; i < w->b->epss.count; i++) {
		if (!count_source(sources, TU_SOURCE_EPSS, 0, w->b->epss.at[i].date))
			return false;
	}
	return true;
}

bool tu_kb__write_sources(struct writer *w)
{
	struct sources sources = {0};
	bool ok = gather_sources(w, &sources);
	struct b_sortable *items =
		ok ? tu_arena_array(w->passing, sources.rows.count, sizeof(*items)) : NULL;

	for (uint32_t i = 0; items && i < sources.rows.count; i++)
		items[i] = (struct b_sortable){
			b_str(w->b, sources.rows.at[i].database), sources.rows.at[i].source, i};
	ok = items && tu_kb__sort(items, sources.rows.count);
	if (ok) {
		tu_kb__begin(w, KB_SOURCES, sizeof(struct kb_source));
		for (size_t i = 0; i < sources.rows.count; i++) {
			struct kb_source row = sources.rows.at[items[i].index];

			row.database = tu_kb__put_string(w, row.database);
			if (row.newest > w->header.newest)
				w->header.newest = row.newest;
			tu_kb__put(w, &row, sizeof(row));
		}
		tu_kb__end(w, KB_SOURCES);
	}
	TU_VEC_DONE(&sources.rows);
	return ok;
}
