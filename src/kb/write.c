#include "kb/writer.h"

#include "base/alloc.h"
#include "base/sha256.h"
#include "base/write_ahead.h"

static size_t position(const struct writer *w)
{
	return w->sink->written + w->sink->buf.len;
}

void tu_kb__begin(struct writer *w, enum kb_section section, uint32_t row_bytes)
{
	static const char zeros[KB_ALIGN];

	tu_kb__put(w, zeros, (KB_ALIGN - position(w) % KB_ALIGN) % KB_ALIGN);
	w->header.section[section] =
		(struct kb_section_entry){.offset = position(w), .row_bytes = row_bytes};
}

void tu_kb__end(struct writer *w, enum kb_section section)
{
	struct kb_section_entry *entry = &w->header.section[section];

	entry->bytes = position(w) - entry->offset;
	entry->rows = (uint32_t)(entry->bytes / entry->row_bytes);
}

void tu_kb__put_rows(struct writer *w, const void *rows, size_t count, size_t row_bytes)
{
	const char *bytes = rows;
	size_t left = count * row_bytes;

	while (left) {
		size_t piece = left < KB_ROWS ? left : KB_ROWS;

		tu_kb__put(w, bytes, piece);
		bytes += piece;
		left -= piece;
	}
}

static size_t prefix_len(size_t len)
{
	size_t bytes = 1;

	while (len >>= 7)
		bytes++;
	return bytes;
}

uint32_t tu_kb__put_string(struct writer *w, uint32_t id)
{
	uint32_t *offset = &w->offsets[id >> B_KIND_SHIFT][id & B_INDEX];
	size_t len;

	if (id == 0 || *offset)
		return *offset;
	len = b_str(w->b, id).len;
	w->failed |= w->strings_len > UINT32_MAX || !TU_VEC_PUSH(&w->strings, id);
	*offset = (uint32_t)w->strings_len;
	w->strings_len += prefix_len(len) + len;
	return *offset;
}

static void write_string(struct writer *w, struct tu_str s)
{
	size_t len;

	for (len = s.len; len >= 0x80; len >>= 7)
		tu_buf_byte(&w->sink->buf, (char)(0x80 | (len & 0x7f)));
	tu_buf_byte(&w->sink->buf, (char)len);
	tu_kb__put(w, s.ptr, s.len);
}

/* Texts are in memory in the order in which the feeds first named them: those of the next steps are
 * looked up and asked for before they are copied. */
static bool write_strings(struct writer *w)
{
	enum { STEPS = 16 };
	struct tu_str ahead[STEPS] = {{0}};
	const size_t count = w->strings.count;

	tu_kb__begin(w, KB_STRINGS, 1);
	tu_kb__put(w, "", 1); /* offset 0: the empty string */
	for (size_t i = 0; i < count + STEPS; i++) {
		if (i >= STEPS)
			write_string(w, ahead[i % STEPS]);
		if (i >= count)
			continue;
		ahead[i % STEPS] = b_str(w->b, w->strings.at[i]);
		__builtin_prefetch(ahead[i % STEPS].ptr);
	}
	tu_kb__end(w, KB_STRINGS);
	return true;
}

void tu_kb__put_u32(struct writer *w, uint32_t value)
{
	tu_kb__put(w, &value, sizeof(value));
}

bool tu_kb__write_slots(struct writer *w, enum kb_section section, uint32_t rows,
	size_t (*parts)(const struct writer *w, uint32_t row, struct tu_str out_parts[3]))
{
	uint32_t size = 16;
	uint32_t *slots;

	while (size < rows * 2)
		size *= 2;
	slots = tu_arena_array(w->passing, size, sizeof(*slots));
	if (!slots)
		return false;
	for (uint32_t row = 0; row < rows; row++) {
		struct tu_str key[3];
		size_t count = parts(w, row, key);
		uint32_t slot;

		if (count == 0)
			continue;
		slot = (uint32_t)(section == KB_PACKAGE_SLOTS ? tu_kb__hash_package(key)
							      : tu_kb__hash_parts(key, count)) &
			(size - 1);
		while (slots[slot])
			slot = (slot + 1) & (size - 1);
		slots[slot] = row + 1;
	}
	tu_kb__begin(w, section, sizeof(uint32_t));
	tu_kb__put_rows(w, slots, size, sizeof(*slots));
	tu_kb__end(w, section);
	return true;
}

/* ---- advisories and their lists ---- */

/* In which order extras are written: as sorted advisories first name them. */
static void write_extras(struct writer *w, uint32_t *rank)
{
	uint32_t count = 1; /* the first says nothing and stays the first */

	tu_kb__begin(w, KB_EXTRAS, sizeof(struct kb_extra));
	tu_kb__put(w, &w->b->extras.at[0], sizeof(struct kb_extra));
	for (uint32_t i = 0; i < w->m.live; i++) {
		uint32_t extra = w->b->advisories.at[w->m.order[i]].row.extra;
		struct kb_extra row = w->b->extras.at[extra];

		if (extra == 0 || rank[extra])
			continue;
		rank[extra] = count++;
		row.ssvc_exploitation = tu_kb__put_string(w, row.ssvc_exploitation);
		row.ssvc_automatable = tu_kb__put_string(w, row.ssvc_automatable);
		row.ssvc_technical_impact = tu_kb__put_string(w, row.ssvc_technical_impact);
		row.kev.date_added = tu_kb__put_string(w, row.kev.date_added);
		row.kev.due_date = tu_kb__put_string(w, row.kev.due_date);
		tu_kb__put(w, &row, sizeof(row));
	}
	tu_kb__end(w, KB_EXTRAS);
}

static bool write_advisory_rows(struct writer *w)
{
	uint32_t *rank = tu_arena_array(w->passing, w->b->extras.count, sizeof(*rank));
	struct kb_advisory at = {0};

	if (!rank)
		return false;
	write_extras(w, rank);
	tu_kb__begin(w, KB_ADVISORIES, sizeof(struct kb_advisory));
	for (uint32_t i = 0; i < w->m.live; i++) {
		struct kb_advisory row = w->b->advisories.at[w->m.order[i]].row;

		(void)kb_ahead(w, i);
		row.id = tu_kb__put_string(w, row.id);
		row.database = tu_kb__put_string(w, row.database);
		row.title = tu_kb__put_string(w, row.title);
		row.extra = rank[row.extra];
		row.first_alias = at.first_alias;
		row.first_related = at.first_related;
		row.first_cwe = at.first_cwe;
		row.first_score = at.first_score;
		row.first_reference = at.first_reference;
		tu_kb__put(w, &row, sizeof(row));
		at.first_alias += KB_LIST_COUNT(w, i, first_alias, aliases);
		at.first_related += KB_LIST_COUNT(w, i, first_related, related);
		at.first_cwe += KB_LIST_COUNT(w, i, first_cwe, cwes);
		at.first_score += KB_LIST_COUNT(w, i, first_score, scores);
		at.first_reference += KB_LIST_COUNT(w, i, first_reference, references);
	}
	tu_kb__put(w, &at, sizeof(at));
	tu_kb__end(w, KB_ADVISORIES);
	return true;
}

#define WRITE_STRINGS(w, section, field, list) \
	do { \
		tu_kb__begin((w), (section), sizeof(uint32_t)); \
		for (uint32_t i = 0; i < (w)->m.live; i++) { \
			for (uint32_t k = KB_LIST_FIRST(w, i, field); \
				k < KB_LIST_END(w, i, field, list); k++) \
				tu_kb__put_u32((w), tu_kb__put_string((w), (w)->b->list.at[k])); \
		} \
		tu_kb__end((w), (section)); \
		TU_VEC_DONE(&(w)->b->list); \
	} while (0)

static void write_scores(struct writer *w)
{
	tu_kb__begin(w, KB_SCORES, sizeof(struct kb_score));
	for (uint32_t i = 0; i < w->m.live; i++) {
		const struct kb_advisory *ahead = kb_ahead(w, i);

		if (ahead)
			KB_LIST_AHEAD(w, scores, ahead->first_score);
		for (uint32_t k = KB_LIST_FIRST(w, i, first_score);
			k < KB_LIST_END(w, i, first_score, scores); k++) {
			struct kb_score row = w->b->scores.at[k];

			row.vector = tu_kb__put_string(w, row.vector);
			row.severity = tu_kb__put_string(w, row.severity);
			row.scorer = tu_kb__put_string(w, row.scorer);
			tu_kb__put(w, &row, sizeof(row));
		}
	}
	tu_kb__end(w, KB_SCORES);
	TU_VEC_DONE(&w->b->scores);
}

static void write_references(struct writer *w)
{
	tu_kb__begin(w, KB_REFERENCES, sizeof(struct kb_reference));
	for (uint32_t i = 0; i < w->m.live; i++) {
		const struct kb_advisory *ahead = kb_ahead(w, i);

		if (ahead)
			KB_LIST_AHEAD(w, references, ahead->first_reference);
		for (uint32_t k = KB_LIST_FIRST(w, i, first_reference);
			k < KB_LIST_END(w, i, first_reference, references); k++) {
			struct kb_reference row = w->b->references.at[k];

			row.url = tu_kb__put_string(w, row.url);
			row.tags = tu_kb__put_string(w, row.tags);
			tu_kb__put(w, &row, sizeof(row));
		}
	}
	tu_kb__end(w, KB_REFERENCES);
	TU_VEC_DONE(&w->b->references);
}

static bool write_ids(struct writer *w)
{
	struct b_sortable *items = tu_arena_array(w->passing, w->m.id_count, sizeof(*items));
	uint32_t count = 0;

	if (!items)
		return false;
	for (uint32_t id = 1; id < w->m.id_count; id++) {
		if (w->m.vulnerability_of[id] != KB_NONE)
			items[count++] = (struct b_sortable){b_str(w->b, id), 0, id};
	}
	if (!tu_kb__sort_ids(items, count))
		return false;
	tu_kb__begin(w, KB_IDS, sizeof(struct kb_id));
	for (uint32_t i = 0; i < count; i++) {
		struct kb_id row = {tu_kb__put_string(w, items[i].index),
			w->m.vulnerability_of[items[i].index]};

		tu_kb__put(w, &row, sizeof(row));
	}
	tu_kb__end(w, KB_IDS);
	return true;
}

/* ---- the whole file ---- */

/* What was needed for the sections so far is given back. */
static bool next_sections(struct writer *w)
{
	tu_arena_free(w->passing);
	tu_alloc_trim();
	w->passing = tu_arena_new(SIZE_MAX / 2);
	return w->passing != NULL;
}

static bool write_lists(struct writer *w)
{
	WRITE_STRINGS(w, KB_ALIASES, first_alias, aliases);
	WRITE_STRINGS(w, KB_RELATED, first_related, related);
	WRITE_STRINGS(w, KB_CWES, first_cwe, cwes);
	write_scores(w);
	write_references(w);
	return true;
}

static bool write_sections(struct writer *w)
{
	static bool (*const groups[])(struct writer * w) = {tu_kb__sort_owners, tu_kb__place,
		tu_kb__write_vulnerabilities, write_advisory_rows, write_lists, write_ids,
		tu_kb__write_entries, tu_kb__write_names, tu_kb__write_sources,
		tu_kb__write_lifecycles, write_strings};

	for (size_t i = 0; i < TU_COUNT(groups); i++) {
		if (!next_sections(w) || !groups[i](w) || w->sink->buf.failed)
			return false;
	}
	return !w->failed;
}

/* The bytes of the file after the header, read back from where they went. */
static enum tu_status hash_rest(struct writer *w, struct tu_sha256 *hash, struct tu_error *err)
{
	const struct tu_kb_target *target = w->target;
	char piece[KB_ROWS];

	if (!target->sink->write)
		return tu_sha256_add(
			hash, tu_str_from(tu_buf_str(&target->sink->buf), sizeof(w->header)));
	for (size_t at = sizeof(w->header); at < target->sink->written; at += sizeof(piece)) {
		size_t left = target->sink->written - at;
		size_t len = left < sizeof(piece) ? left : sizeof(piece);
		enum tu_status status = target->read_back(target->context, at, piece, len, err);

		if (status)
			return status;
		if (tu_sha256_add(hash, tu_str_of(piece, len)))
			return tu_no_memory(err);
	}
	return TU_OK;
}

static enum tu_status rewrite_header(struct writer *w, struct tu_error *err)
{
	const struct tu_kb_target *target = w->target;

	if (target->sink->write)
		return target->rewrite(target->context,
			tu_str_of((const char *)&w->header, sizeof(w->header)), err);
	memcpy(target->sink->buf.ptr, &w->header, sizeof(w->header));
	return TU_OK;
}

static enum tu_status seal(struct writer *w, struct tu_error *err)
{
	const size_t covered = offsetof(struct kb_header, sha256) + TU_SHA256_BYTES;
	const struct tu_str header = tu_str_of((const char *)&w->header, sizeof(w->header));
	struct tu_sha256 hash;
	enum tu_status status;

	memcpy(w->header.magic, KB_MAGIC, sizeof(w->header.magic));
	w->header.format = KB_FORMAT;
	w->header.sections = KB_SECTION_COUNT;
	w->header.file_bytes = position(w);
	if (tu_sha256_begin(&hash) || tu_sha256_add(&hash, tu_str_from(header, covered)))
		return tu_no_memory(err);
	status = hash_rest(w, &hash, err);
	if (!status && tu_sha256_end(&hash, w->header.sha256))
		status = tu_no_memory(err);
	return status ? status : rewrite_header(w, err);
}

static bool init_offsets(struct writer *w)
{
	for (size_t i = 0; i < B_KINDS; i++) {
		w->offsets[i] = tu_arena_array(
			w->arena, tu_intern_count(w->b->strings[i]), sizeof(*w->offsets[i]));
		if (!w->offsets[i])
			return false;
	}
	return true;
}

static enum tu_status fail_writing(const struct writer *w, struct tu_error *err)
{
	if (w->sink->err.status)
		return tu_sink_check(w->sink, err);
	return tu_fail(err, w->sink->buf.failed ? TU_E_LIMIT : TU_E_NOMEM, 0,
		"out of memory or over the limit of %zu bytes while writing the knowledge base",
		w->sink->buf.ceiling);
}

static enum tu_status write_all(struct writer *w, struct tu_error *err)
{
	tu_kb__put(w, &w->header, sizeof(w->header));
	if (!init_offsets(w) || !write_sections(w))
		return fail_writing(w, err);
	return tu_sink_flush(w->sink, err);
}

/* The kernel takes the pieces in a thread of its own while the next are made. */
static enum tu_status write_ahead(struct writer *w, struct tu_error *err)
{
	struct tu_sink *sink = w->sink;
	struct tu_sink own = *sink;
	struct tu_write_ahead *ahead = NULL;
	enum tu_status status, written;

	if (sink->write)
		ahead = tu_write_ahead_new(own.write, own.context, KB_PIECE);
	if (ahead) {
		sink->write = tu_write_ahead_add;
		sink->context = ahead;
	}
	status = write_all(w, err);
	sink->write = own.write;
	sink->context = own.context;
	written = tu_write_ahead_end(ahead, status ? NULL : err);
	return status ? status : written;
}

static enum tu_status write_file(struct writer *w, struct tu_error *err)
{
	enum tu_status status;

	tu_kb__seal(w->b);
	tu_alloc_trim();
	status = tu_kb__merge(w->b, w->arena, &w->m, err);
	if (!status)
		status = write_ahead(w, err);
	return status ? status : seal(w, err);
}

enum tu_status tu_kb__write(struct tu_kb_builder *builder, const struct tu_kb_target *target,
	struct tu_kb_build_counts *out_counts, struct tu_error *err)
{
	struct writer w = {.b = builder, .target = target, .sink = target->sink, .strings_len = 1};
	size_t refused = tu_alloc_refused();
	enum tu_status status;

	target->sink->piece = KB_PIECE;
	w.arena = tu_arena_new(SIZE_MAX / 2);
	status = w.arena ? write_file(&w, err) : tu_no_memory(err);
	status = tu_alloc_settle(refused, status, err);
	builder->counts.advisories = w.m.live;
	builder->counts.vulnerabilities = w.m.vulnerabilities;
	*out_counts = builder->counts;
	TU_VEC_DONE(&w.strings);
	tu_arena_free(w.passing);
	tu_arena_free(w.arena);
	return status;
}

enum tu_status tu_kb_builder_finish(struct tu_kb_builder *builder, struct tu_buf *out,
	struct tu_kb_build_counts *out_counts, struct tu_error *err)
{
	struct tu_sink sink = {.buf = *out};
	enum tu_status status;

	tu_buf_clear(&sink.buf);
	status = tu_kb__write(builder, &(struct tu_kb_target){.sink = &sink}, out_counts, err);
	*out = sink.buf;
	return status;
}
