#define _DEFAULT_SOURCE /* madvise */
#include "kb/kb.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/sha256.h"
#include "ident/package.h"

#ifndef O_CLOEXEC
#define O_CLOEXEC 02000000
#endif

/* Where each section's pointer lies in struct tu_kb, its row size, and whether it has a closing row
 * and is a hash table (a power of two of rows). */
static const struct section_kind {
	const char *name;
	size_t slot;
	uint32_t row_bytes;
	bool closing_row;
	bool table;
} kinds[KB_SECTION_COUNT] = {
#define KIND(field, row, closing, is_table) \
	{ \
#field, offsetof(struct tu_kb, field), row, closing, is_table \
	}
	[KB_STRINGS] = KIND(strings, 1, false, false),
	[KB_VULNERABILITIES] = KIND(vulnerabilities, sizeof(struct kb_vulnerability), true, false),
	[KB_PLACES] = KIND(places, 4, false, false),
	[KB_RECORDS] = KIND(records, 4, false, false),
	[KB_ADVISORIES] = KIND(advisories, sizeof(struct kb_advisory), true, false),
	[KB_ALIASES] = KIND(aliases, 4, false, false),
	[KB_RELATED] = KIND(related, 4, false, false),
	[KB_CWES] = KIND(cwes, 4, false, false),
	[KB_EXTRAS] = KIND(extras, sizeof(struct kb_extra), false, false),
	[KB_SCORES] = KIND(scores, sizeof(struct kb_score), false, false),
	[KB_REFERENCES] = KIND(references, sizeof(struct kb_reference), false, false),
	[KB_IDS] = KIND(ids, sizeof(struct kb_id), false, false),
	[KB_PACKAGES] = KIND(packages, sizeof(struct kb_package), true, false),
	[KB_PACKAGE_SLOTS] = KIND(package_slots, 4, false, true),
	[KB_PRODUCTS] = KIND(products, sizeof(struct kb_product), true, false),
	[KB_PRODUCT_SLOTS] = KIND(product_slots, 4, false, true),
	[KB_NAME_SLOTS] = KIND(name_slots, 4, false, true),
	[KB_ENTRIES] = KIND(entries, sizeof(struct kb_entry), false, false),
	[KB_BODIES] = KIND(bodies, sizeof(struct kb_body), true, false),
	[KB_SPAN_REFS] = KIND(span_refs, sizeof(uint32_t), false, false),
	[KB_SPANS] = KIND(spans, sizeof(struct kb_span), false, false),
	[KB_CONFIGURATIONS] = KIND(configurations, 4, true, false),
	[KB_LEAVES] = KIND(leaves, 4, false, false),
	[KB_NAMES] = KIND(names, sizeof(struct kb_name), false, false),
	[KB_NAME_ALIAS_SLOTS] = KIND(name_alias_slots, 4, false, true),
	[KB_SOURCES] = KIND(sources, sizeof(struct kb_source), false, false),
	[KB_LIFECYCLES] = KIND(lifecycles, sizeof(struct kb_lifecycle), false, false),
#undef KIND
};

uint32_t tu_kb__rows(const struct tu_kb *kb, enum kb_section section)
{
	return kb->header->section[section].rows - (kinds[section].closing_row ? 1 : 0);
}

/* ---- opening ---- */

static enum tu_status check_header(const struct tu_kb *kb, struct tu_error *err)
{
	const struct kb_header *header = kb->header;

	if (kb->len < sizeof(header->magic) || memcmp(header->magic, KB_MAGIC, 8) != 0)
		return tu_fail(err, TU_E_UNSUPPORTED, 0, "not a knowledge base of Tutela");
	if (kb->len < 16)
		return tu_fail(err, TU_E_CORRUPT, kb->len, "cut short in its header");
	if (header->format != KB_FORMAT)
		return tu_fail(err, TU_E_UNSUPPORTED, 8,
			"knowledge base format %u; this program reads format %d: build it again",
			(unsigned)header->format, KB_FORMAT);
	if (kb->len < sizeof(*header) || header->sections != KB_SECTION_COUNT)
		return tu_fail(err, TU_E_CORRUPT, 12, "damaged header");
	if (header->file_bytes != kb->len)
		return tu_fail(err, TU_E_CORRUPT, 16, "%zu bytes long, its header says %llu",
			kb->len, (unsigned long long)header->file_bytes);
	return TU_OK;
}

static enum tu_status check_section(
	const struct tu_kb *kb, enum kb_section section, struct tu_error *err)
{
	const struct kb_section_entry *entry = &kb->header->section[section];
	const struct section_kind *kind = &kinds[section];
	bool bounds = entry->offset % KB_ALIGN == 0 && entry->offset <= kb->len &&
		entry->bytes <= kb->len - entry->offset;
	bool rows = entry->row_bytes == kind->row_bytes &&
		entry->bytes == (uint64_t)entry->rows * entry->row_bytes;
	bool filled = entry->rows > 0 || !(kind->closing_row || kind->table);
	bool power = !kind->table || (entry->rows & (entry->rows - 1)) == 0;

	if (bounds && rows && filled && power)
		return TU_OK;
	return tu_fail(
		err, TU_E_CORRUPT, (size_t)entry->offset, "damaged section \"%s\"", kind->name);
}

static enum tu_status attach(struct tu_kb *kb, struct tu_error *err)
{
	enum tu_status status;

	kb->header = (const struct kb_header *)(const void *)kb->bytes;
	status = check_header(kb, err);
	for (size_t i = 0; !status && i < KB_SECTION_COUNT; i++) {
		const void *start;

		status = check_section(kb, (enum kb_section)i, err);
		if (status)
			break;
		start = kb->bytes + kb->header->section[i].offset;
		memcpy((char *)kb + kinds[i].slot, &start, sizeof(start));
	}
	if (status)
		return status;
	if (kb->header->section[KB_STRINGS].bytes == 0)
		return tu_fail(err, TU_E_CORRUPT, 0, "no strings");
	kb->package_entries = kb->packages[tu_kb__rows(kb, KB_PACKAGES)].first_entry;
	return TU_OK;
}

enum tu_status tu_kb_open_memory(
	const void *bytes, size_t len, struct tu_kb **out_kb, struct tu_error *err)
{
	struct tu_kb *kb = tu_alloc(1, sizeof(*kb));
	enum tu_status status;

	if (!kb)
		return tu_no_memory(err);
	kb->bytes = bytes;
	kb->len = len;
	status = attach(kb, err);
	if (status)
		tu_free(kb);
	else
		*out_kb = kb;
	return status;
}

static enum tu_status map_file(
	int fd, const void **out_bytes, size_t *out_len, struct tu_error *err)
{
	struct stat info;
	void *bytes;

	if (fstat(fd, &info) != 0)
		return tu_fail(err, TU_E_IO, 0, "%s", strerror(errno));
	if (!S_ISREG(info.st_mode))
		return tu_fail(err, TU_E_UNSUPPORTED, 0, "not a regular file");
	if (info.st_size < 16)
		return tu_fail(err, TU_E_UNSUPPORTED, 0, "not a knowledge base of Tutela");
	*out_len = (size_t)info.st_size;
	bytes = mmap(NULL, *out_len, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		return tu_fail(err, TU_E_IO, 0, "mapping: %s", strerror(errno));
#ifdef MADV_HUGEPAGE
	/* a wish: what is not in memory yet is read in large pages where the file system has them
	 */
	(void)madvise(bytes, *out_len, MADV_HUGEPAGE);
#endif
	*out_bytes = bytes;
	return TU_OK;
}

enum tu_status tu_kb_open(const char *path, struct tu_kb **out_kb, struct tu_error *err)
{
	struct tu_error inner = {0};
	const void *bytes = NULL;
	size_t len = 0;
	enum tu_status status;
	/* a pipe without a writer is no reason to wait */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return tu_fail(err, errno == ENOENT ? TU_E_NOTFOUND : TU_E_IO, 0, "%s: %s", path,
			strerror(errno));
	status = map_file(fd, &bytes, &len, &inner);
	(void)close(fd);
	if (!status) {
		status = tu_kb_open_memory(bytes, len, out_kb, &inner);
		if (status)
			(void)munmap((void *)(uintptr_t)bytes, len);
		else
			(*out_kb)->mapped = true;
	}
	if (status && err) {
		*err = inner;
		(void)tu_error_in_file(err, "%s", path);
	}
	return status;
}

void tu_kb_close(struct tu_kb *kb)
{
	if (!kb)
		return;
	if (kb->mapped)
		(void)munmap((void *)(uintptr_t)kb->bytes, kb->len);
	tu_free(kb);
}

/* ---- looking up ---- */

static uint32_t slot_mask(const struct tu_kb *kb, enum kb_section section)
{
	return kb->header->section[section].rows - 1;
}

uint32_t tu_kb__find_package(
	const struct tu_kb *kb, struct tu_str type, struct tu_str namespace_, struct tu_str name)
{
	const struct tu_str parts[] = {type, namespace_, name};
	uint32_t mask = slot_mask(kb, KB_PACKAGE_SLOTS);
	uint32_t slot = (uint32_t)tu_kb__hash_package(parts) & mask;

	for (; kb->package_slots[slot]; slot = (slot + 1) & mask) {
		const struct kb_package *row = &kb->packages[kb->package_slots[slot] - 1];

		if (tu_package_same(type, kb_str(kb, row->name), name) &&
			tu_str_eq(kb_str(kb, row->type), type) &&
			tu_package_same(type, kb_str(kb, row->namespace_), namespace_))
			return kb->package_slots[slot] - 1;
	}
	return KB_NONE;
}

struct kb_slice tu_kb__package_entries(const struct tu_kb *kb, uint32_t package)
{
	const struct kb_package *row = &kb->packages[package];

	return (struct kb_slice){row->first_entry, row[1].first_entry};
}

uint32_t tu_kb__find_product(const struct tu_kb *kb, struct tu_str vendor, struct tu_str product)
{
	const struct tu_str parts[] = {vendor, product};
	uint32_t mask = slot_mask(kb, KB_PRODUCT_SLOTS);
	uint32_t slot = (uint32_t)tu_kb__hash_parts(parts, 2) & mask;

	for (; kb->product_slots[slot]; slot = (slot + 1) & mask) {
		const struct kb_product *row = &kb->products[kb->product_slots[slot] - 1];

		if (tu_str_eq(kb_str(kb, row->product), product) &&
			tu_str_eq(kb_str(kb, row->vendor), vendor))
			return kb->product_slots[slot] - 1;
	}
	return KB_NONE;
}

struct kb_slice tu_kb__find_product_name(const struct tu_kb *kb, struct tu_str product)
{
	uint32_t mask = slot_mask(kb, KB_NAME_SLOTS);
	uint32_t slot = (uint32_t)tu_kb__hash_parts(&product, 1) & mask;
	uint32_t rows = tu_kb__rows(kb, KB_PRODUCTS);

	for (; kb->name_slots[slot]; slot = (slot + 1) & mask) {
		uint32_t first = kb->name_slots[slot] - 1;
		uint32_t end = first + 1;

		if (!tu_str_eq(kb_str(kb, kb->products[first].product), product))
			continue;
		while (end < rows && kb->products[end].product == kb->products[first].product)
			end++;
		return (struct kb_slice){first, end};
	}
	return (struct kb_slice){0, 0};
}

struct kb_slice tu_kb__product_entries(const struct tu_kb *kb, uint32_t product)
{
	const struct kb_product *row = &kb->products[product];

	return (struct kb_slice){
		kb->package_entries + row->first_entry, kb->package_entries + row[1].first_entry};
}

struct kb_slice tu_kb__find_name(const struct tu_kb *kb, struct tu_str name)
{
	uint32_t mask = slot_mask(kb, KB_NAME_ALIAS_SLOTS);
	uint32_t slot = (uint32_t)tu_kb__hash_parts(&name, 1) & mask;
	uint32_t rows = tu_kb__rows(kb, KB_NAMES);

	for (; kb->name_alias_slots[slot]; slot = (slot + 1) & mask) {
		uint32_t first = kb->name_alias_slots[slot] - 1;
		uint32_t end = first + 1;

		if (!tu_str_eq(kb_str(kb, kb->names[first].name), name))
			continue;
		while (end < rows && kb->names[end].name == kb->names[first].name)
			end++;
		return (struct kb_slice){first, end};
	}
	return (struct kb_slice){0, 0};
}

uint32_t tu_kb__entry_owner(const struct tu_kb *kb, uint32_t entry)
{
	bool package = entry < kb->package_entries;
	uint32_t at = package ? entry : entry - kb->package_entries;
	uint32_t lo = 0;
	uint32_t hi = tu_kb__rows(kb, package ? KB_PACKAGES : KB_PRODUCTS);

	while (hi - lo > 1) {
		uint32_t middle = lo + (hi - lo) / 2;
		uint32_t first = package ? kb->packages[middle].first_entry
					 : kb->products[middle].first_entry;

		if (first <= at)
			lo = middle;
		else
			hi = middle;
	}
	return lo;
}

struct kb_slice tu_kb__owner_entries(const struct tu_kb *kb, uint32_t entry, uint32_t owner)
{
	return entry < kb->package_entries ? tu_kb__package_entries(kb, owner)
					   : tu_kb__product_entries(kb, owner);
}

/* ---- the public views ---- */

void tu_kb_info(const struct tu_kb *kb, struct tu_kb_info *out_info)
{
	*out_info = (struct tu_kb_info){.bytes = kb->len,
		.format = kb->header->format,
		.vulnerabilities = tu_kb__rows(kb, KB_VULNERABILITIES),
		.advisories = tu_kb__rows(kb, KB_ADVISORIES),
		.packages = tu_kb__rows(kb, KB_PACKAGES),
		.products = tu_kb__rows(kb, KB_PRODUCTS),
		.entries = tu_kb__rows(kb, KB_ENTRIES),
		.aliases = tu_kb__rows(kb, KB_NAMES),
		.sources = tu_kb__rows(kb, KB_SOURCES),
		.lifecycles = tu_kb__rows(kb, KB_LIFECYCLES),
		.newest = kb->header->newest};
	memcpy(out_info->sha256, kb->header->sha256, sizeof(out_info->sha256));
}

struct tu_kb_source tu_kb_source(const struct tu_kb *kb, uint32_t index)
{
	const struct kb_source *row = &kb->sources[index];

	return (struct tu_kb_source){.source = (enum tu_source)row->source,
		.database = kb_str(kb, row->database),
		.records = row->records,
		.newest = row->newest};
}

bool tu_kb_oldest_source(const struct tu_kb *kb, struct tu_kb_source *out_source)
{
	enum { IMPORTANT = 100 }; /* one record in so many */
	uint32_t records = tu_kb__rows(kb, KB_ADVISORIES);
	bool found = false;

	for (uint32_t i = 0; i < tu_kb__rows(kb, KB_SOURCES); i++) {
		struct tu_kb_source source = tu_kb_source(kb, i);
		bool says_which = source.source != TU_SOURCE_KEV &&
			source.source != TU_SOURCE_EPSS && source.source != TU_SOURCE_CVE_ADP;

		if (!says_which || !source.newest ||
			(uint64_t)source.records * IMPORTANT < records ||
			(found && source.newest >= out_source->newest))
			continue;
		*out_source = source;
		found = true;
	}
	return found;
}

static struct tu_kev kev_view(const struct tu_kb *kb, struct kb_kev kev, uint16_t flags)
{
	return (struct tu_kev){.date_added = kb_str(kb, kev.date_added),
		.due_date = kb_str(kb, kev.due_date),
		.ransomware = (flags & KB_RANSOMWARE) != 0};
}

struct tu_kb_vulnerability tu_kb_vulnerability(const struct tu_kb *kb, uint32_t index)
{
	const struct kb_vulnerability *row = kb_vulnerability(kb, index);
	bool has_epss = (row->flags & KB_HAS_EPSS) != 0;

	return (struct tu_kb_vulnerability){.id = kb_str(kb, row->id),
		.title = kb_str(kb, row->title),
		.title_source = (enum tu_source)row->title_source,
		.rejected = (row->flags & KB_REJECTED) != 0,
		.disputed = (row->flags & KB_DISPUTED) != 0,
		.has_kev = (row->flags & KB_HAS_KEV) != 0,
		.was_kev = (row->flags & (KB_HAS_KEV | KB_HAD_KEV)) == KB_HAD_KEV,
		.kev = kev_view(kb, row->kev, row->flags),
		.epss_score = has_epss ? row->epss_score : -1.0f,
		.epss_percentile = has_epss ? row->epss_percentile : -1.0f,
		.advisories = row[1].first_record - row->first_record};
}

uint32_t tu_kb_find(const struct tu_kb *kb, struct tu_str id)
{
	uint32_t lo = 0;
	uint32_t hi = tu_kb__rows(kb, KB_IDS);

	while (lo < hi) {
		uint32_t middle = lo + (hi - lo) / 2;
		int order = tu_kb__id_cmp(kb_str(kb, kb->ids[middle].id), id);

		if (order == 0)
			return kb->ids[middle].vulnerability;
		if (order < 0)
			lo = middle + 1;
		else
			hi = middle;
	}
	return TU_KB_NONE;
}

uint32_t tu_kb_record(const struct tu_kb *kb, uint32_t vulnerability, uint32_t n)
{
	return kb->records[kb_vulnerability(kb, vulnerability)->first_record + n];
}

struct tu_kb_advisory tu_kb__advisory_head(const struct tu_kb *kb, uint32_t advisory)
{
	const struct kb_advisory *row = &kb->advisories[advisory];

	return (struct tu_kb_advisory){.source = (enum tu_source)row->source,
		.id = kb_str(kb, row->id),
		.database = kb_str(kb, row->database),
		.state = (enum tu_advisory_state)row->state,
		.published = row->published,
		.modified = row->modified,
		.withdrawn = kb->extras[row->extra].withdrawn,
		.aliases = row[1].first_alias - row->first_alias,
		.related = row[1].first_related - row->first_related,
		.cwes = row[1].first_cwe - row->first_cwe,
		.scores = row[1].first_score - row->first_score,
		.references = row[1].first_reference - row->first_reference};
}

struct tu_kb_advisory tu_kb_advisory(const struct tu_kb *kb, uint32_t advisory)
{
	const struct kb_advisory *row = &kb->advisories[advisory];
	const struct kb_extra *extra = &kb->extras[row->extra];
	struct tu_kb_advisory view = tu_kb__advisory_head(kb, advisory);

	view.title = kb_str(kb, row->title);
	view.ssvc = (struct tu_ssvc){kb_str(kb, extra->ssvc_exploitation),
		kb_str(kb, extra->ssvc_automatable), kb_str(kb, extra->ssvc_technical_impact)};
	view.has_kev = (row->flags & KB_HAS_KEV) != 0;
	view.kev = kev_view(kb, extra->kev, row->flags);
	return view;
}

struct tu_str tu_kb_alias(const struct tu_kb *kb, uint32_t advisory, uint32_t n)
{
	return kb_str(kb, kb->aliases[kb->advisories[advisory].first_alias + n]);
}

struct tu_str tu_kb_related(const struct tu_kb *kb, uint32_t advisory, uint32_t n)
{
	return kb_str(kb, kb->related[kb->advisories[advisory].first_related + n]);
}

struct tu_str tu_kb_cwe(const struct tu_kb *kb, uint32_t advisory, uint32_t n)
{
	return kb_str(kb, kb->cwes[kb->advisories[advisory].first_cwe + n]);
}

struct tu_score tu_kb_score(const struct tu_kb *kb, uint32_t advisory, uint32_t n)
{
	const struct kb_score *row = &kb->scores[kb->advisories[advisory].first_score + n];

	return (struct tu_score){.version = (enum tu_cvss_version)row->version,
		.base_tenths = row->base_tenths,
		.vector = kb_str(kb, row->vector),
		.severity = kb_str(kb, row->severity),
		.scorer = kb_str(kb, row->scorer)};
}

struct tu_reference tu_kb_reference(const struct tu_kb *kb, uint32_t advisory, uint32_t n)
{
	const struct kb_reference *row =
		&kb->references[kb->advisories[advisory].first_reference + n];

	return (struct tu_reference){kb_str(kb, row->url), kb_str(kb, row->tags)};
}

struct tu_kb_entry tu_kb_entry(const struct tu_kb *kb, uint32_t entry)
{
	return tu_kb__entry_of(kb, entry, tu_kb__entry_owner(kb, entry));
}

struct tu_kb_entry tu_kb__entry_of(const struct tu_kb *kb, uint32_t entry, uint32_t owner)
{
	const struct kb_entry *row = &kb->entries[entry];
	const struct kb_body *body = kb_body(kb, row);
	struct tu_kb_entry view = {.is_package = entry < kb->package_entries,
		.vulnerability = row->vulnerability,
		.advisory = row->advisory,
		.part = body->part,
		.vulnerable = (body->flags & KB_VULNERABLE) != 0,
		.from_text = (body->flags & KB_FROM_TEXT) != 0,
		.configuration = row->configuration,
		.node = body->node,
		.scheme = (enum tu_scheme)body->scheme,
		.otherwise = (enum tu_coverage)body->otherwise,
		.fixed = kb_str(kb, body->fixed),
		.spans = body[1].first_span - body->first_span};

	if (view.is_package) {
		view.type = kb_str(kb, kb->packages[owner].type);
		view.namespace_ = kb_str(kb, kb->packages[owner].namespace_);
		view.name = kb_str(kb, kb->packages[owner].name);
		view.distro = kb_str(kb, body->detail);
		view.module = kb_str(kb, body->module);
	} else {
		view.vendor = kb_str(kb, kb->products[owner].vendor);
		view.product = kb_str(kb, kb->products[owner].product);
		view.cpe = kb_str(kb, body->detail);
		view.files = kb_str(kb, body->module);
	}
	return view;
}

struct tu_span tu_kb_span(const struct tu_kb *kb, uint32_t entry, uint32_t n)
{
	const struct kb_span *row =
		kb_span_at(kb, kb_body(kb, &kb->entries[entry])->first_span + n);

	return (struct tu_span){(enum tu_coverage)row->coverage, kb_interval(kb, row)};
}
