#include "kb/writer.h"

#include "base/alloc.h"
#include "base/sha256.h"

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

static bool write_strings(struct writer *w)
{
	tu_kb__begin(w, KB_STRINGS, 1);
	tu_kb__put(w, "", 1); /* offset 0: the empty string */
	for (size_t i = 0; i < w->strings.count; i++)
		write_string(w, b_str(w->b, w->strings.at[i]));
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

/* ---- vulnerabilities ---- */

/* Whose title names a vulnerability, the best first. */
static const uint8_t title_preference[] = {
	TU_SOURCE_CVE, TU_SOURCE_OSV, TU_SOURCE_NVD, TU_SOURCE_CVE_ADP, TU_SOURCE_KEV};

static size_t title_rank(const struct b_advisory *a)
{
	size_t rank = 0;

	while (rank < TU_COUNT(title_preference) && title_preference[rank] != a->row.source)
		rank++;
	return a->of_distro ? rank + TU_COUNT(title_preference) : rank;
}

static bool judges(const struct b_advisory *a)
{
	return a->row.source != TU_SOURCE_KEV && a->row.source != TU_SOURCE_CVE_ADP;
}

/* What the records of one vulnerability add up to. */
struct tally {
	struct kb_vulnerability row;
	size_t title_rank;
	size_t judging, dead;
	bool rejected_by_cve;
	bool in_catalogue; /* its KEV dates are those of a catalogue */
	uint32_t epss_date;
};

/* Of several files the newest counts; of the same day, or without a date, the higher score. */
static bool is_newer_epss(const struct tally *t, const struct b_epss *epss)
{
	if (!(t->row.flags & KB_HAS_EPSS) || epss->date != t->epss_date)
		return !(t->row.flags & KB_HAS_EPSS) || epss->date > t->epss_date;
	return epss->score > t->row.epss_score;
}

/* A catalogue counts before what others repeat of it. Of several catalogues the first (CISA's) that
 * states a date decides; an entry without a due date takes none away. */
static void tally_kev(struct tally *t, const struct b_advisory *a, const struct kb_kev *kev)
{
	bool catalogue = a->row.source == TU_SOURCE_KEV;

	if (catalogue && !t->in_catalogue)
		t->row.kev = (struct kb_kev){0};
	t->row.flags |= a->row.flags & (KB_HAS_KEV | KB_RANSOMWARE);
	if (t->in_catalogue && !catalogue)
		return;
	t->in_catalogue = catalogue;
	if (!t->row.kev.date_added)
		t->row.kev.date_added = kev->date_added;
	if (!t->row.kev.due_date)
		t->row.kev.due_date = kev->due_date;
}

static void tally_record(const struct tu_kb_builder *b, struct tally *t, const struct b_advisory *a)
{
	if (a->row.title && title_rank(a) < t->title_rank) {
		t->title_rank = title_rank(a);
		t->row.title = a->row.title;
		t->row.title_source = a->row.source;
	}
	if (judges(a)) {
		t->judging++;
		t->dead += kb_is_dead(a);
	}
	if (a->row.source == TU_SOURCE_CVE && a->row.state == TU_ADVISORY_REJECTED)
		t->rejected_by_cve = true;
	if (a->row.state == TU_ADVISORY_DISPUTED)
		t->row.flags |= KB_DISPUTED;
	if (a->row.flags & KB_HAS_KEV)
		tally_kev(t, a, &b->extras.at[a->row.extra].kev);
}

static uint16_t rejected_flag(const struct tally *t)
{
	return t->rejected_by_cve || (t->judging && t->judging == t->dead) ? KB_REJECTED : 0;
}

static void add_epss_to(struct writer *w, struct tally *tallies)
{
	for (size_t i = 0; i < w->b->epss.count; i++) {
		const struct b_epss *epss = &w->b->epss.at[i];
		uint32_t vulnerability = w->m.vulnerability_of[epss->id];
		struct kb_vulnerability *row;

		if (vulnerability == KB_NONE) {
			w->b->counts.epss_unused++;
			continue;
		}
		row = &tallies[vulnerability].row;
		if (!is_newer_epss(&tallies[vulnerability], epss))
			continue;
		tallies[vulnerability].epss_date = epss->date;
		row->flags |= KB_HAS_EPSS;
		row->epss_score = epss->score;
		row->epss_percentile = epss->percentile;
	}
}

static uint32_t ecosystems_of(const struct writer *w, uint32_t advisory)
{
	uint32_t bits = 0;

	for (uint32_t i = w->b->advisories.at[advisory].first_entry;
		i < kb_entries_end(w, advisory); i++) {
		const struct b_entry *entry = &w->b->entries.at[i];

		if (entry->package)
			bits |= tu_kb__ecosystem_bit(
				b_str(w->b, w->b->package_owners.at[entry->owner].parts[0]));
	}
	return bits;
}

static bool write_vulnerabilities(struct writer *w)
{
	uint32_t count = w->m.vulnerabilities;
	struct tally *tallies = tu_arena_array(w->passing, count, sizeof(*tallies));
	uint32_t *next = tu_arena_array(w->passing, count + 1, sizeof(*next));
	uint32_t *records = tu_arena_array(w->passing, w->m.link_count, sizeof(*records));

	w->rejected = tu_arena_array(w->arena, count, sizeof(*w->rejected));
	if (!tallies || !next || !records || !w->rejected)
		return false;
	for (uint32_t i = 0; i < count; i++)
		tallies[i].title_rank = SIZE_MAX;
	for (uint32_t i = 0; i < w->m.link_count; i++) {
		const struct b_link *link = &w->m.links[i];

		tally_record(
			w->b, &tallies[link->vulnerability], &w->b->advisories.at[link->advisory]);
		tallies[link->vulnerability].row.ecosystems |= ecosystems_of(w, link->advisory);
		next[link->vulnerability + 1]++;
	}
	add_epss_to(w, tallies);
	for (uint32_t i = 0; i < count; i++)
		next[i + 1] += next[i];
	tu_kb__begin(w, KB_VULNERABILITIES, sizeof(struct kb_vulnerability));
	for (uint32_t i = 0; i < count; i++) {
		struct kb_vulnerability row = tallies[i].row;

		row.flags |= rejected_flag(&tallies[i]);
		w->rejected[i] = (row.flags & KB_REJECTED) != 0;
		w->b->counts.rejected += w->rejected[i];
		row.id = tu_kb__put_string(w, w->m.primary[i]);
		row.title = tu_kb__put_string(w, row.title);
		row.kev.date_added = tu_kb__put_string(w, row.kev.date_added);
		row.kev.due_date = tu_kb__put_string(w, row.kev.due_date);
		row.first_record = next[i];
		tu_kb__put(w, &row, sizeof(row));
	}
	tu_kb__put(w, &(struct kb_vulnerability){.first_record = w->m.link_count},
		sizeof(struct kb_vulnerability));
	tu_kb__end(w, KB_VULNERABILITIES);
	for (uint32_t i = 0; i < w->m.link_count; i++)
		records[next[w->m.links[i].vulnerability]++] =
			w->m.position[w->m.links[i].advisory];
	tu_kb__begin(w, KB_RECORDS, sizeof(uint32_t));
	tu_kb__put_rows(w, records, w->m.link_count, sizeof(*records));
	tu_kb__end(w, KB_RECORDS);
	return true;
}

/* ---- advisories and their lists ---- */

/* Rows of an advisory in one of the builder's lists. */
#define LIST_FIRST(w, i, field) ((w)->b->advisories.at[(w)->m.order[i]].row.field)
#define LIST_END(w, i, field, list) \
	((w)->m.order[i] + 1 < (w)->b->advisories.count \
			? (w)->b->advisories.at[(w)->m.order[i] + 1].row.field \
			: (uint32_t)(w)->b->list.count)
#define LIST_COUNT(w, i, field, list) (LIST_END(w, i, field, list) - LIST_FIRST(w, i, field))

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
		at.first_alias += LIST_COUNT(w, i, first_alias, aliases);
		at.first_related += LIST_COUNT(w, i, first_related, related);
		at.first_cwe += LIST_COUNT(w, i, first_cwe, cwes);
		at.first_score += LIST_COUNT(w, i, first_score, scores);
		at.first_reference += LIST_COUNT(w, i, first_reference, references);
	}
	tu_kb__put(w, &at, sizeof(at));
	tu_kb__end(w, KB_ADVISORIES);
	return true;
}

#define WRITE_STRINGS(w, section, field, list) \
	do { \
		tu_kb__begin((w), (section), sizeof(uint32_t)); \
		for (uint32_t i = 0; i < (w)->m.live; i++) { \
			for (uint32_t k = LIST_FIRST(w, i, field); \
				k < LIST_END(w, i, field, list); k++) \
				tu_kb__put_u32((w), tu_kb__put_string((w), (w)->b->list.at[k])); \
		} \
		tu_kb__end((w), (section)); \
		TU_VEC_DONE(&(w)->b->list); \
	} while (0)

static void write_scores(struct writer *w)
{
	tu_kb__begin(w, KB_SCORES, sizeof(struct kb_score));
	for (uint32_t i = 0; i < w->m.live; i++) {
		for (uint32_t k = LIST_FIRST(w, i, first_score);
			k < LIST_END(w, i, first_score, scores); k++) {
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
		for (uint32_t k = LIST_FIRST(w, i, first_reference);
			k < LIST_END(w, i, first_reference, references); k++) {
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
	static bool (*const groups[])(struct writer * w) = {write_vulnerabilities,
		write_advisory_rows, write_lists, write_ids, tu_kb__write_entries,
		tu_kb__write_names, tu_kb__write_sources, tu_kb__write_lifecycles, write_strings};

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

static enum tu_status write_file(struct writer *w, struct tu_error *err)
{
	enum tu_status status;

	tu_kb__seal(w->b);
	tu_alloc_trim();
	status = tu_kb__merge(w->b, w->arena, &w->m, err);
	if (status)
		return status;
	tu_kb__put(w, &w->header, sizeof(w->header));
	if (!init_offsets(w) || !write_sections(w))
		return fail_writing(w, err);
	status = tu_sink_flush(w->sink, err);
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
