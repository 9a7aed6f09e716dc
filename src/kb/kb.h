/*
 * An open knowledge base from within: typed rows over the map, for the matcher and the verifier.
 *
 * After tu_kb_verify() has held once for a file, no accessor needs to check bounds; without it an
 * accessor given a damaged file may read outside the map. Callers see to that (src/cli does).
 */
#ifndef TU_KB_KB_H
#define TU_KB_KB_H

#include <stddef.h>

#include <tutela/kb.h>

#include "kb/format.h"

struct tu_kb {
	const unsigned char *bytes;
	size_t len;
	bool mapped; /* munmap() when closed */
	const struct kb_header *header;
	const unsigned char *strings;
	const struct kb_vulnerability *vulnerabilities;
	const uint32_t *places;
	const uint32_t *records;
	const struct kb_advisory *advisories;
	const uint32_t *aliases;
	const uint32_t *related;
	const uint32_t *cwes;
	const struct kb_extra *extras;
	const struct kb_score *scores;
	const struct kb_reference *references;
	const struct kb_id *ids;
	const struct kb_package *packages;
	const uint32_t *package_slots;
	const struct kb_product *products;
	const uint32_t *product_slots;
	const uint32_t *name_slots;
	const struct kb_entry *entries;
	const struct kb_body *bodies;
	const uint32_t *span_refs;
	const struct kb_span *spans;
	const uint32_t *configurations;
	const uint32_t *leaves;
	const struct kb_name *names;
	const uint32_t *name_alias_slots;
	const struct kb_source *sources;
	const struct kb_lifecycle *lifecycles;
	uint32_t package_entries; /* entries before this index belong to packages */
};

/* Rows that a section has, without the closing one of "first_x" sections. */
uint32_t tu_kb__rows(const struct tu_kb *kb, enum kb_section section);

/* The string at an offset. */
static inline struct tu_str kb_str(const struct tu_kb *kb, uint32_t offset)
{
	const unsigned char *at = kb->strings + offset;
	size_t len = 0;
	unsigned shift = 0;

	while (*at & 0x80) {
		len |= (size_t)(*at++ & 0x7f) << shift;
		shift += 7;
	}
	len |= (size_t)*at++ << shift;
	return (struct tu_str){(const char *)at, len};
}

/* The other way round: the offset of a text, as kb_str() gave it. False: it is from elsewhere. */
static inline bool kb_offset(const struct tu_kb *kb, struct tu_str text, uint32_t *out_offset)
{
	uintptr_t at = (uintptr_t)text.ptr - (uintptr_t)kb->strings;
	size_t prefix = 1; /* of bytes that say how long it is */

	if ((uintptr_t)text.ptr < (uintptr_t)kb->strings ||
		(uintptr_t)text.ptr >= (uintptr_t)kb->bytes + kb->len)
		return false;
	for (size_t len = text.len; len >= 0x80; len >>= 7)
		prefix++;
	*out_offset = (uint32_t)(at - prefix);
	return at >= prefix;
}

/* The row of a vulnerability, by its number; its records end where the next row's begin. */
static inline const struct kb_vulnerability *kb_vulnerability(
	const struct tu_kb *kb, uint32_t number)
{
	return &kb->vulnerabilities[kb->places[number]];
}

/* What is said of an entry's package or product; its ranges end where the next body's begin. */
static inline const struct kb_body *kb_body(const struct tu_kb *kb, const struct kb_entry *entry)
{
	return &kb->bodies[entry->body & ~KB_WITHDRAWN];
}

/* The n-th of all references to spans: a body's first_span and on. */
static inline const struct kb_span *kb_span_at(const struct tu_kb *kb, uint32_t reference)
{
	return &kb->spans[kb->span_refs[reference]];
}

struct kb_slice {
	uint32_t first;
	uint32_t end;
};

/* Row of the package, or KB_NONE. */
uint32_t tu_kb__find_package(
	const struct tu_kb *kb, struct tu_str type, struct tu_str namespace_, struct tu_str name);
/* Entries of a package row. */
struct kb_slice tu_kb__package_entries(const struct tu_kb *kb, uint32_t package);
/* Row of the product, or KB_NONE. */
uint32_t tu_kb__find_product(const struct tu_kb *kb, struct tu_str vendor, struct tu_str product);
/* Rows of products with this product name, whatever the vendor. */
struct kb_slice tu_kb__find_product_name(const struct tu_kb *kb, struct tu_str product);
/* Entries of a product row. */
struct kb_slice tu_kb__product_entries(const struct tu_kb *kb, uint32_t product);
/* Rows of names that say which products a component is. */
struct kb_slice tu_kb__find_name(const struct tu_kb *kb, struct tu_str name);
/* Which package or product row an entry belongs to: a search. */
uint32_t tu_kb__entry_owner(const struct tu_kb *kb, uint32_t entry);
/* All entries of the row that `entry` belongs to. */
struct kb_slice tu_kb__owner_entries(const struct tu_kb *kb, uint32_t entry, uint32_t owner);
/* tu_kb_advisory() without title, SSVC and KEV, which are kept elsewhere in the file: for lists of
 * thousands. */
struct tu_kb_advisory tu_kb__advisory_head(const struct tu_kb *kb, uint32_t advisory);
/* tu_kb_entry() where the owner is known. */
struct tu_kb_entry tu_kb__entry_of(const struct tu_kb *kb, uint32_t entry, uint32_t owner);

/* An interval as tutela/range.h has it, borrowed from the map. */
static inline struct tu_interval kb_interval(const struct tu_kb *kb, const struct kb_span *span)
{
	return (struct tu_interval){.lo = {kb_str(kb, span->lo_text), kb_str(kb, span->lo_key),
					    (span->flags & KB_LO_INCLUSIVE) != 0},
		.hi = {kb_str(kb, span->hi_text), kb_str(kb, span->hi_key),
			(span->flags & KB_HI_INCLUSIVE) != 0}};
}

#endif
