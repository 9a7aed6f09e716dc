#include "kb/kb.h"

#include <pthread.h>

#include "base/sha256.h"

/*
 * The checksum finds accidents; the walk over all tables finds malice or a fault of ours: every
 * reference must lie inside its table, so that no accessor needs to check.
 */
static enum tu_status damaged(struct tu_error *err, const char *table, size_t row, const char *what)
{
	return tu_fail(
		err, TU_E_CORRUPT, 0, "damaged knowledge base: %s, row %zu: %s", table, row, what);
}

static bool string_ok(const struct tu_kb *kb, uint32_t offset)
{
	size_t size = (size_t)kb->header->section[KB_STRINGS].bytes;
	size_t at = offset;
	size_t len = 0;

	for (unsigned shift = 0; shift < 35; shift += 7) {
		if (at >= size)
			return false;
		len |= (size_t)(kb->strings[at] & 0x7f) << shift;
		if (!(kb->strings[at++] & 0x80))
			return len <= size - at;
	}
	return false;
}

/* Fields of a row that are strings, and the CSR fields with the section that they point into. */
struct row_kind {
	enum kb_section section;
	const char *name;
	bool closing_row;
	uint8_t string_count;
	uint8_t strings[8]; /* offsets of uint32_t fields */
	uint8_t list_count;
	struct {
		uint8_t offset;
		uint8_t section;
	} lists[5];
	uint8_t index_count;
	struct {
		uint8_t offset;
		uint8_t section;
	} indexes[3];
};

#define AT(type, field) ((uint8_t)offsetof(struct type, field))

static const struct row_kind row_kinds[] = {
	{KB_VULNERABILITIES, "vulnerabilities", true, 4,
		{AT(kb_vulnerability, id), AT(kb_vulnerability, title),
			AT(kb_vulnerability, kev.date_added), AT(kb_vulnerability, kev.due_date)},
		1, {{AT(kb_vulnerability, first_record), KB_RECORDS}}, 0, {{0}}},
	{KB_PLACES, "places", false, 0, {0}, 0, {{0}}, 1, {{0, KB_VULNERABILITIES}}},
	{KB_RECORDS, "records", false, 0, {0}, 0, {{0}}, 1, {{0, KB_ADVISORIES}}},
	{KB_ADVISORIES, "advisories", true, 3,
		{AT(kb_advisory, id), AT(kb_advisory, database), AT(kb_advisory, title)}, 5,
		{{AT(kb_advisory, first_alias), KB_ALIASES},
			{AT(kb_advisory, first_related), KB_RELATED},
			{AT(kb_advisory, first_cwe), KB_CWES},
			{AT(kb_advisory, first_score), KB_SCORES},
			{AT(kb_advisory, first_reference), KB_REFERENCES}},
		1, {{AT(kb_advisory, extra), KB_EXTRAS}}},
	{KB_EXTRAS, "extras", false, 5,
		{AT(kb_extra, ssvc_exploitation), AT(kb_extra, ssvc_automatable),
			AT(kb_extra, ssvc_technical_impact), AT(kb_extra, kev.date_added),
			AT(kb_extra, kev.due_date)},
		0, {{0}}, 0, {{0}}},
	{KB_ALIASES, "aliases", false, 1, {0}, 0, {{0}}, 0, {{0}}},
	{KB_RELATED, "related ids", false, 1, {0}, 0, {{0}}, 0, {{0}}},
	{KB_CWES, "weaknesses", false, 1, {0}, 0, {{0}}, 0, {{0}}},
	{KB_SCORES, "scores", false, 3,
		{AT(kb_score, vector), AT(kb_score, severity), AT(kb_score, scorer)}, 0, {{0}}, 0,
		{{0}}},
	{KB_REFERENCES, "references", false, 2, {AT(kb_reference, url), AT(kb_reference, tags)}, 0,
		{{0}}, 0, {{0}}},
	{KB_IDS, "ids", false, 1, {AT(kb_id, id)}, 0, {{0}}, 1,
		{{AT(kb_id, vulnerability), KB_VULNERABILITIES}}},
	{KB_PACKAGES, "packages", true, 3,
		{AT(kb_package, type), AT(kb_package, namespace_), AT(kb_package, name)}, 1,
		{{AT(kb_package, first_entry), KB_ENTRIES}}, 0, {{0}}},
	{KB_PRODUCTS, "products", true, 2, {AT(kb_product, vendor), AT(kb_product, product)}, 1,
		{{AT(kb_product, first_entry), KB_ENTRIES}}, 0, {{0}}},
	{KB_ENTRIES, "entries", false, 0, {0}, 0, {{0}}, 2,
		{{AT(kb_entry, vulnerability), KB_VULNERABILITIES},
			{AT(kb_entry, advisory), KB_ADVISORIES}}},
	{KB_BODIES, "bodies", true, 3,
		{AT(kb_body, fixed), AT(kb_body, detail), AT(kb_body, module)}, 1,
		{{AT(kb_body, first_span), KB_SPAN_REFS}}, 0, {{0}}},
	{KB_SPAN_REFS, "range references", false, 0, {0}, 0, {{0}}, 1, {{0, KB_SPANS}}},
	{KB_SPANS, "version ranges", false, 4,
		{AT(kb_span, lo_text), AT(kb_span, lo_key), AT(kb_span, hi_text),
			AT(kb_span, hi_key)},
		0, {{0}}, 0, {{0}}},
	{KB_CONFIGURATIONS, "configurations", true, 0, {0}, 1, {{0, KB_LEAVES}}, 0, {{0}}},
	{KB_LEAVES, "leaves", false, 0, {0}, 0, {{0}}, 1, {{0, KB_ENTRIES}}},
	{KB_NAMES, "names", false, 3,
		{AT(kb_name, name), AT(kb_name, vendor), AT(kb_name, product)}, 0, {{0}}, 0, {{0}}},
	{KB_SOURCES, "sources", false, 1, {AT(kb_source, database)}, 0, {{0}}, 0, {{0}}},
	{KB_LIFECYCLES, "lifecycles", false, 7,
		{AT(kb_lifecycle, product), AT(kb_lifecycle, cycle), AT(kb_lifecycle, cpe),
			AT(kb_lifecycle, released), AT(kb_lifecycle, support),
			AT(kb_lifecycle, eol), AT(kb_lifecycle, extended)},
		0, {{0}}, 0, {{0}}},
};

static uint32_t field(const unsigned char *row, uint8_t offset)
{
	uint32_t value;

	memcpy(&value, row + offset, sizeof(value));
	return value;
}

static enum tu_status check_row(const struct tu_kb *kb, const struct row_kind *kind, size_t index,
	const unsigned char *row, size_t row_bytes, struct tu_error *err)
{
	bool closing = kind->closing_row && index == tu_kb__rows(kb, kind->section);

	for (uint8_t i = 0; i < kind->string_count; i++) {
		if (!string_ok(kb, field(row, kind->strings[i])))
			return damaged(err, kind->name, index, "a string lies outside its table");
	}
	for (uint8_t i = 0; i < kind->list_count; i++) {
		uint32_t first = field(row, kind->lists[i].offset);
		uint32_t next = closing ? first : field(row + row_bytes, kind->lists[i].offset);

		if (first > next || next > tu_kb__rows(kb, (enum kb_section)kind->lists[i].section))
			return damaged(err, kind->name, index, "a list lies outside its table");
	}
	for (uint8_t i = 0; !closing && i < kind->index_count; i++) {
		if (field(row, kind->indexes[i].offset) >=
			tu_kb__rows(kb, (enum kb_section)kind->indexes[i].section))
			return damaged(err, kind->name, index, "an index lies outside its table");
	}
	return TU_OK;
}

static enum tu_status check_rows(
	const struct tu_kb *kb, const struct row_kind *kind, struct tu_error *err)
{
	const struct kb_section_entry *section = &kb->header->section[kind->section];
	const unsigned char *row = kb->bytes + section->offset;
	enum tu_status status = TU_OK;

	for (size_t i = 0; !status && i < section->rows; i++, row += section->row_bytes)
		status = check_row(kb, kind, i, row, section->row_bytes, err);
	return status;
}

/* Hash tables: indexes in range and a free slot, so that every probe ends. */
static enum tu_status check_slots(const struct tu_kb *kb, enum kb_section slots,
	enum kb_section rows, const char *name, struct tu_error *err)
{
	const struct kb_section_entry *section = &kb->header->section[slots];
	const unsigned char *at = kb->bytes + section->offset;
	bool free_slot = false;

	for (uint32_t i = 0; i < section->rows; i++, at += sizeof(uint32_t)) {
		uint32_t value = field(at, 0);

		free_slot |= value == 0;
		if (value > tu_kb__rows(kb, rows))
			return damaged(err, name, i, "an index lies outside its table");
	}
	return free_slot ? TU_OK : damaged(err, name, 0, "a hash table without a free slot");
}

/* Numbers are in the order of ids, each of a row of its own: two numbers of one row would have one
 * id. */
static enum tu_status check_places(const struct tu_kb *kb, struct tu_error *err)
{
	uint32_t count = tu_kb__rows(kb, KB_VULNERABILITIES);
	struct tu_str last = TU_STR("");

	if (tu_kb__rows(kb, KB_PLACES) != count)
		return damaged(err, "places", 0, "not one for each vulnerability");
	for (uint32_t i = 0; i < count; i++) {
		struct tu_str id = kb_str(kb, kb_vulnerability(kb, i)->id);
		int order = i ? tu_kb__id_cmp(last, id) : -1;

		if (order > 0 || (order == 0 && tu_str_cmp(last, id) >= 0))
			return damaged(err, "places", i, "not in the order of ids");
		last = id;
	}
	return TU_OK;
}

static enum tu_status check_entries(const struct tu_kb *kb, struct tu_error *err)
{
	uint32_t entries = tu_kb__rows(kb, KB_ENTRIES);
	uint32_t products = kb->products[tu_kb__rows(kb, KB_PRODUCTS)].first_entry;
	uint32_t configurations = tu_kb__rows(kb, KB_CONFIGURATIONS);

	if (kb->package_entries > entries || products != entries - kb->package_entries)
		return damaged(err, "entries", 0, "packages and products do not add up");
	for (uint32_t i = 0; i < entries; i++) {
		const struct kb_entry *row = &kb->entries[i];

		if (row->configuration != KB_NONE && row->configuration >= configurations)
			return damaged(err, "entries", i, "a configuration that does not exist");
		if ((row->body & ~KB_WITHDRAWN) >= tu_kb__rows(kb, KB_BODIES))
			return damaged(err, "entries", i, "an index lies outside its table");
	}
	return TU_OK;
}

static enum tu_status check_bodies(const struct tu_kb *kb, struct tu_error *err)
{
	for (uint32_t i = 0; i < tu_kb__rows(kb, KB_BODIES); i++) {
		const struct kb_body *row = &kb->bodies[i];

		if (row->scheme >= TU_SCHEME_COUNT_ || row->otherwise > TU_COVERAGE_UNAFFECTED)
			return damaged(err, "bodies", i, "an unknown scheme or coverage");
	}
	return TU_OK;
}

/* ---- the checksum ---- */

struct checksum {
	const struct tu_kb *kb;
	enum tu_status status;
	uint8_t digest[TU_SHA256_BYTES];
	pthread_t thread;
	bool beside;
};

static void *compute(void *context)
{
	struct checksum *sum = context;
	size_t covered = offsetof(struct kb_header, sha256) + TU_SHA256_BYTES;

	sum->status =
		tu_sha256(tu_str_of((const char *)sum->kb->bytes + covered, sum->kb->len - covered),
			sum->digest);
	return NULL;
}

/* Of a large file in a thread of its own, beside the walk over its tables. */
static void begin_checksum(struct checksum *sum)
{
	enum { LARGE = 16 << 20 };

	sum->beside =
		sum->kb->len >= LARGE && pthread_create(&sum->thread, NULL, compute, sum) == 0;
	if (!sum->beside)
		(void)compute(sum);
}

static enum tu_status end_checksum(struct checksum *sum, struct tu_error *err)
{
	if (sum->beside)
		(void)pthread_join(sum->thread, NULL);
	if (sum->status)
		return tu_fail(err, sum->status, 0, "out of memory while hashing");
	if (memcmp(sum->digest, sum->kb->header->sha256, sizeof(sum->digest)) != 0)
		return tu_fail(err, TU_E_CORRUPT, 0,
			"damaged knowledge base: its contents do not have the SHA-256 of its "
			"header");
	return TU_OK;
}

/* ---- the tables ---- */

static enum tu_status check_tables(const struct tu_kb *kb, struct tu_error *err)
{
	static const struct {
		enum kb_section slots, rows;
		const char *name;
	} tables[] = {
		{KB_PACKAGE_SLOTS, KB_PACKAGES, "package index"},
		{KB_PRODUCT_SLOTS, KB_PRODUCTS, "product index"},
		{KB_NAME_SLOTS, KB_PRODUCTS, "product name index"},
		{KB_NAME_ALIAS_SLOTS, KB_NAMES, "name index"},
	};
	enum tu_status status = TU_OK;

	for (size_t i = 0; !status && i < TU_COUNT(row_kinds); i++)
		status = check_rows(kb, &row_kinds[i], err);
	for (size_t i = 0; !status && i < TU_COUNT(tables); i++)
		status = check_slots(kb, tables[i].slots, tables[i].rows, tables[i].name, err);
	if (!status)
		status = check_places(kb, err);
	if (!status)
		status = check_entries(kb, err);
	return status ? status : check_bodies(kb, err);
}

/* What the checksum says comes first: damaged tables say anything. */
enum tu_status tu_kb_verify(const struct tu_kb *kb, struct tu_error *err)
{
	struct checksum sum = {.kb = kb};
	struct tu_error in_tables = {0};
	enum tu_status status, tables;

	begin_checksum(&sum);
	tables = check_tables(kb, &in_tables);
	status = end_checksum(&sum, err);
	if (!status && tables && err)
		*err = in_tables;
	return status ? status : tables;
}
